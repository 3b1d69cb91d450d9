# Public API and engine.
include_HEADERS += libsrc/ucmail.h
noinst_LTLIBRARIES += libsrc/libcore.la
libsrc_libcore_la_SOURCES = libsrc/ucmail.h
libsrc_libcore_la_CPPFLAGS = $(AM_CPPFLAGS) $(WOLFSSL_CFLAGS) -DUCM_BUILDING_LIBRARY
libsrc_libcore_la_LIBADD = policy/libpolicy.la $(WOLFSSL_LIBS)
