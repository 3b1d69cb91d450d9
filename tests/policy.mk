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
