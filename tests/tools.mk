# Tests of tools.

# ucmail
check_PROGRAMS += tests/unit/test_secret.tap
tests_unit_test_secret_tap_SOURCES = tests/unit/test_secret.c tools/secret.c tools/secret.h
tests_unit_test_secret_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_secret_tap_LDADD = policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_secret.tap

check_PROGRAMS += tests/unit/test_json_read.tap
tests_unit_test_json_read_tap_SOURCES = tests/unit/test_json_read.c tools/json_read.c tools/json_read.h
tests_unit_test_json_read_tap_CPPFLAGS = $(unit_cppflags) $(JANSSON_CFLAGS)
tests_unit_test_json_read_tap_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc
tests_unit_test_json_read_tap_LDADD = $(JANSSON_LIBS) $(unit_libs)
TESTS += tests/unit/test_json_read.tap

# policy-lint. It is not built without the reader of exports.
lint_tests = tests/tools/lint_examples.py tests/tools/lint_exit.py tests/tools/lint_reports.py \
	tests/tools/lint_living.py tests/tools/lint_questions.py tests/tools/lint_manual.py \
	tests/tools/lint_probe.py tests/tools/lint_agents.py tests/tools/lint_junit.py \
	tests/tools/lint_shards.py tests/tools/lint_large.py tests/tools/lint_mutants.py \
	tests/tools/lint_init.py
EXTRA_DIST += $(lint_tests) tests/tools/rules_manual.py tests/tools/schema/sarif.json \
	tests/tools/schema/junit.xsd
if ENABLE_XML
TESTS += $(lint_tests)

check_PROGRAMS += tests/unit/test_report_escape.tap
tests_unit_test_report_escape_tap_SOURCES = tests/unit/test_report_escape.c \
	tests/unit/cmocka_all.h
tests_unit_test_report_escape_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_report_escape_tap_LDADD = tools/liblint.la policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_report_escape.tap

check_PROGRAMS += tests/unit/test_lint_file.tap
tests_unit_test_lint_file_tap_SOURCES = tests/unit/test_lint_file.c tests/unit/cmocka_all.h
tests_unit_test_lint_file_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_lint_file_tap_LDADD = tools/liblint.la policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_lint_file.tap

check_PROGRAMS += tests/unit/test_lint_select.tap
tests_unit_test_lint_select_tap_SOURCES = tests/unit/test_lint_select.c tests/unit/cmocka_all.h
tests_unit_test_lint_select_tap_CPPFLAGS = $(unit_cppflags)
tests_unit_test_lint_select_tap_LDADD = tools/liblint.la policy/libpolicy.la $(unit_libs)
TESTS += tests/unit/test_lint_select.tap
endif

# By request, since it loads a validator of 100 MB through npm.
EXTRA_DIST += tests/tools/check_sarif.py
check-sarif: tools/policy-lint
	$(AM_TESTS_ENVIRONMENT) $(PYTHON) -B $(top_srcdir)/tests/tools/check_sarif.py
clean-local::
	rm -rf sarif-validator

# ucmail
ucmail_tests = tests/tools/ucmail_cli.py tests/tools/ucmail_wire.py
EXTRA_DIST += $(ucmail_tests) tests/tools/ucmail_fixture.py
if ENABLE_XML
TESTS += $(ucmail_tests)
endif

# ucmail-sendmail
sendmail_tests = tests/tools/sendmail_habit.py
EXTRA_DIST += $(sendmail_tests)
if ENABLE_XML
TESTS += $(sendmail_tests)
endif
