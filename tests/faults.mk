# Faults: memory and system calls that fail, each once.
if ENABLE_XML
# Its server is wolfSSL too, which a client's small build cannot be.
if !WOLFSSL_STATIC
check_PROGRAMS += tests/faults/allocations.tap
tests_faults_allocations_tap_SOURCES = tests/faults/allocations.c \
	tests/faults/scarcity.c tests/faults/scarcity.h tests/faults/server.c tests/faults/server.h \
	tests/unit/tls_server.c tests/unit/tls_server.h
tests_faults_allocations_tap_CPPFLAGS = $(unit_cppflags) $(WOLFSSL_CFLAGS) $(LIBXML2_CFLAGS) \
	-DUCM_BUILDING_LIBRARY
tests_faults_allocations_tap_LDADD = libsrc/libcore.la xml/libreader.la xml/libsnapshot.la \
	policy/libpolicy.la $(WOLFSSL_LIBS) $(LIBXML2_LIBS) $(unit_libs)
TESTS += tests/faults/allocations.tap
endif

# System calls, in the programs themselves.
if ENABLE_SHARED
check_LTLIBRARIES += tests/faults/preload.la
tests_faults_preload_la_SOURCES = tests/faults/preload.c
tests_faults_preload_la_CPPFLAGS = $(AM_CPPFLAGS) -U_FORTIFY_SOURCE
tests_faults_preload_la_CFLAGS = $(AM_CFLAGS) -U_FORTIFY_SOURCE -Wno-reserved-identifier
tests_faults_preload_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -rpath /nowhere
if SANITIZED
tests_faults_preload_la_CPPFLAGS += -DUCM_SANITIZED
endif
faults_tests = tests/faults/test_faults.py
TESTS += $(faults_tests)
endif
EXTRA_DIST += tests/faults/test_faults.py
endif
