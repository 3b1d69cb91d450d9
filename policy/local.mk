# Pure: model, tables, rules, decision.
noinst_LTLIBRARIES += policy/libpolicy.la
policy_libpolicy_la_SOURCES = policy/limits.h
policy_libpolicy_la_SOURCES += policy/text.h policy/text.c policy/civil.c
policy_libpolicy_la_SOURCES += policy/base64.h policy/base64.c
policy_libpolicy_la_SOURCES += policy/address.h policy/address.c
policy_libpolicy_la_SOURCES += policy/host.h policy/host.c
policy_libpolicy_la_SOURCES += policy/arena.h policy/arena.c policy/error.h policy/error.c
policy_libpolicy_la_SOURCES += policy/agents.h policy/agents.c policy/keys.h policy/keys.c
policy_libpolicy_la_SOURCES += policy/rules.h policy/rules.c policy/rules_table.c
policy_libpolicy_la_SOURCES += policy/findings.h policy/findings.c policy/message.c
policy_libpolicy_la_SOURCES += policy/model.h policy/model.c policy/finish.c
policy_libpolicy_la_SOURCES += policy/place.h policy/place.c policy/order.h policy/order.c
policy_libpolicy_la_SOURCES += policy/cert.h policy/cert.c policy/certfacts.h policy/certkey.c policy/certext.c
policy_libpolicy_la_SOURCES += policy/certname.h policy/certname.c policy/covers.c policy/bundle.c
policy_libpolicy_la_SOURCES += policy/der.h policy/der.c policy/pem.h policy/pem.c
policy_libpolicy_la_CPPFLAGS = $(AM_CPPFLAGS) $(WOLFSSL_CFLAGS)
policy_libpolicy_la_LIBADD = $(WOLFSSL_LIBS)
