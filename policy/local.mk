# Pure: model, tables, rules, decision.
noinst_LTLIBRARIES += policy/libpolicy.la
policy_libpolicy_la_SOURCES = policy/limits.h
policy_libpolicy_la_SOURCES += policy/text.h policy/text.c policy/civil.c
policy_libpolicy_la_SOURCES += policy/base64.h policy/base64.c
policy_libpolicy_la_SOURCES += policy/address.h policy/address.c
policy_libpolicy_la_SOURCES += policy/host.h policy/host.c
policy_libpolicy_la_CPPFLAGS = $(AM_CPPFLAGS) $(WOLFSSL_CFLAGS)
policy_libpolicy_la_LIBADD = $(WOLFSSL_LIBS)
