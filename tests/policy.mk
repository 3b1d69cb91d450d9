# Tests of policy.

check_PROGRAMS += tests/unit/test_text.tap
tests_unit_test_text_tap_SOURCES = tests/unit/test_text.c tests/unit/cmocka_all.h
tests_unit_test_text_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_text_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_text.tap

check_PROGRAMS += tests/unit/test_base64.tap
tests_unit_test_base64_tap_SOURCES = tests/unit/test_base64.c tests/unit/cmocka_all.h
tests_unit_test_base64_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_base64_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_base64.tap

check_PROGRAMS += tests/unit/test_address.tap
tests_unit_test_address_tap_SOURCES = tests/unit/test_address.c tests/unit/cmocka_all.h
tests_unit_test_address_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_address_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_address.tap

check_PROGRAMS += tests/unit/test_host.tap
tests_unit_test_host_tap_SOURCES = tests/unit/test_host.c tests/unit/cmocka_all.h
tests_unit_test_host_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_host_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_host.tap

check_PROGRAMS += tests/unit/test_cert.tap
tests_unit_test_cert_tap_SOURCES = tests/unit/test_cert.c tests/unit/cmocka_all.h tests/unit/certs.h tests/unit/certs.c \
	tests/unit/failing.h
tests_unit_test_cert_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_cert_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_cert.tap

check_PROGRAMS += tests/unit/test_bundle.tap
tests_unit_test_bundle_tap_SOURCES = tests/unit/test_bundle.c tests/unit/cmocka_all.h tests/unit/certs.h tests/unit/certs.c
tests_unit_test_bundle_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_bundle_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_bundle.tap

check_PROGRAMS += tests/unit/test_constraints.tap
tests_unit_test_constraints_tap_SOURCES = tests/unit/test_constraints.c tests/unit/cmocka_all.h
tests_unit_test_constraints_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_constraints_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_constraints.tap

check_PROGRAMS += tests/unit/test_covers.tap
tests_unit_test_covers_tap_SOURCES = tests/unit/test_covers.c tests/unit/cmocka_all.h
tests_unit_test_covers_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_covers_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_covers.tap

check_PROGRAMS += tests/unit/test_der.tap
tests_unit_test_der_tap_SOURCES = tests/unit/test_der.c tests/unit/cmocka_all.h
tests_unit_test_der_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_der_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_der.tap

EXTRA_DIST += \
	tests/unit/certs/any_eku.pem \
	tests/unit/certs/bmp.pem \
	tests/unit/certs/ca.pem \
	tests/unit/certs/ca_no_sign.pem \
	tests/unit/certs/client_only.pem \
	tests/unit/certs/cn_only.pem \
	tests/unit/certs/dsa.pem \
	tests/unit/certs/email_san.pem \
	tests/unit/certs/explicit.pem \
	tests/unit/certs/leaf.pem \
	tests/unit/certs/md5.pem \
	tests/unit/certs/multi.pem \
	tests/unit/certs/p224.pem \
	tests/unit/certs/pss.pem \
	tests/unit/certs/pss_sha1.pem \
	tests/unit/certs/t61.pem \
	tests/unit/certs/trusted.pem \
	tests/unit/certs/universal.pem \
	tests/unit/certs/utf8.pem \
	tests/unit/certs/weak_rsa.pem

check_PROGRAMS += tests/unit/test_audit.tap
tests_unit_test_audit_tap_SOURCES = tests/unit/test_audit.c tests/unit/cmocka_all.h \
	tests/unit/build_system.h tests/unit/defects.h tests/unit/plants.h \
	tests/unit/test_certs.h
tests_unit_test_audit_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_audit_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_audit.tap

check_PROGRAMS += tests/unit/test_decide.tap
tests_unit_test_decide_tap_SOURCES = tests/unit/test_decide.c tests/unit/cmocka_all.h \
	tests/unit/build_system.h tests/unit/test_certs.h
tests_unit_test_decide_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_decide_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_decide.tap

check_PROGRAMS += tests/unit/test_arena.tap
tests_unit_test_arena_tap_SOURCES = tests/unit/test_arena.c tests/unit/cmocka_all.h
tests_unit_test_arena_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_arena_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_arena.tap

check_PROGRAMS += tests/unit/test_error.tap
tests_unit_test_error_tap_SOURCES = tests/unit/test_error.c tests/unit/cmocka_all.h
tests_unit_test_error_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_error_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_error.tap

check_PROGRAMS += tests/unit/test_keys.tap
tests_unit_test_keys_tap_SOURCES = tests/unit/test_keys.c tests/unit/cmocka_all.h
tests_unit_test_keys_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_keys_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_keys.tap

check_PROGRAMS += tests/unit/test_agents.tap
tests_unit_test_agents_tap_SOURCES = tests/unit/test_agents.c tests/unit/cmocka_all.h
tests_unit_test_agents_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_agents_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_agents.tap

check_PROGRAMS += tests/unit/test_rules.tap
tests_unit_test_rules_tap_SOURCES = tests/unit/test_rules.c tests/unit/cmocka_all.h
tests_unit_test_rules_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_rules_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_rules.tap

check_PROGRAMS += tests/unit/test_findings.tap
tests_unit_test_findings_tap_SOURCES = tests/unit/test_findings.c tests/unit/cmocka_all.h
tests_unit_test_findings_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_findings_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_findings.tap

check_PROGRAMS += tests/unit/test_model.tap
tests_unit_test_model_tap_SOURCES = tests/unit/test_model.c tests/unit/cmocka_all.h \
	tests/unit/build_system.h tests/unit/test_certs.h
tests_unit_test_model_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_model_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_model.tap

check_PROGRAMS += tests/unit/test_settings.tap
tests_unit_test_settings_tap_SOURCES = tests/unit/test_settings.c tests/unit/cmocka_all.h \
	tests/unit/build_system.h tests/unit/test_certs.h
tests_unit_test_settings_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_settings_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_settings.tap
