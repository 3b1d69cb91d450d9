# Public API and engine.
include_HEADERS += libsrc/ucmail.h
noinst_LTLIBRARIES += libsrc/libcore.la
libsrc_libcore_la_SOURCES = libsrc/ucmail.h
libsrc_libcore_la_CPPFLAGS = $(AM_CPPFLAGS) $(WOLFSSL_CFLAGS) -DUCM_BUILDING_LIBRARY
libsrc_libcore_la_LIBADD = policy/libpolicy.la $(WOLFSSL_LIBS)

# The handle.
libsrc_libcore_la_SOURCES += libsrc/handle.h libsrc/handle.c libsrc/items.c libsrc/connect_to.c
libsrc_libcore_la_SOURCES += libsrc/system.h libsrc/system.c libsrc/xml_module.h
libsrc_libcore_la_SOURCES += libsrc/decide_policy.c libsrc/policy_view.c
libsrc_libcore_la_SOURCES += libsrc/version.c libsrc/status.c
libsrc_libcore_la_CPPFLAGS += -DPKGLIBDIR='"$(pkglibdir)"'
EXTRA_DIST += libsrc/ucmail-xml.map

if ENABLE_XML
libsrc_libcore_la_CPPFLAGS += $(LIBXML2_CFLAGS)
endif
