# Tests of tools.

# ucmail
check_PROGRAMS += tests/unit/test_secret.tap
tests_unit_test_secret_tap_SOURCES = tests/unit/test_secret.c tools/secret.c tools/secret.h
tests_unit_test_secret_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_secret_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_secret.tap
