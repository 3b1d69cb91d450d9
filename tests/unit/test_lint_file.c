/* Reading whole files: of every kind, up to the limit, and what is told of those that are not. */
#include "config.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/lint_file.h"

#define MANY 200000 /* more than one reading takes */

struct fixture {
	struct ucm_arena arena;
	struct ucm_error error;
	char name[64];
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	assert_non_null(fixture);
	ucm_arena_init(&fixture->arena, NULL, 0);
	const char *folder = getenv("TMPDIR");
	snprintf(fixture->name, sizeof fixture->name, "%s/ucm-file.XXXXXX",
	    folder && strlen(folder) < 40 ? folder : "/tmp");
	int fd = mkstemp(fixture->name);
	assert_true(fd >= 0);
	close(fd);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	unlink(fixture->name);
	ucm_arena_free(&fixture->arena);
	free(fixture);
	return 0;
}

static void write_bytes(FILE *out, size_t count, int byte)
{
	assert_non_null(out);
	for (size_t i = 0; i < count; i++)
		fputc(byte, out);
	assert_int_equal(fclose(out), 0);
}

/* Reads what the fixture's file holds. */
static long read_file(struct fixture *fixture, const char *name, size_t limit, char **text)
{
	ucm_error_clear(&fixture->error);
	return ucm_file_read(&fixture->arena, name, limit, UCM_CLASS_INPUT, text, &fixture->error);
}

static void keeps_the_limit(void **state)
{
	struct fixture *fixture = *state;
	char *text;

	write_bytes(fopen(fixture->name, "w"), MANY, 'a');
	assert_int_equal(read_file(fixture, fixture->name, MANY, &text), MANY);
	assert_int_equal(strlen(text), MANY);
	assert_int_equal(read_file(fixture, fixture->name, MANY - 1, &text), -1);
	assert_int_equal(fixture->error.class, UCM_CLASS_INPUT);
	assert_non_null(strstr(fixture->error.text, "is larger than 199999 bytes"));
	write_bytes(fopen(fixture->name, "w"), 0, 'a');
	assert_int_equal(read_file(fixture, fixture->name, 0, &text), 0);
	assert_string_equal(text, "");
}

/* Files of the kernel's have no size: reading goes by what comes, not by what was promised. */
static void reads_more_than_promised(void **state)
{
	struct fixture *fixture = *state;
	char *text;

	assert_true(read_file(fixture, "/proc/self/status", MANY, &text) > 100);
	assert_non_null(strstr(text, "\nPid:"));
}

static void reads_pipes(void **state)
{
	struct fixture *fixture = *state;
	char *text, name[32];
	FILE *pipe = popen("head -c 200000 /dev/zero | tr '\\0' b", "r");

	assert_non_null(pipe);
	snprintf(name, sizeof name, "/dev/fd/%d", fileno(pipe));
	assert_int_equal(read_file(fixture, name, 1UL << 30, &text), MANY);
	assert_int_equal(strspn(text, "b"), MANY);
	assert_true(fixture->arena.used < 10 * (size_t)MANY);
	pclose(pipe);
}

static void tells_what_is_missing(void **state)
{
	struct fixture *fixture = *state;
	char *text;

	assert_int_equal(read_file(fixture, "/nonexistent/file", 10, &text), UCM_FILE_MISSING);
	assert_non_null(strstr(fixture->error.text, "cannot read /nonexistent/file: "));
	assert_int_equal(read_file(fixture, "/", 10, &text), -1);
	assert_int_equal(fixture->error.class, UCM_CLASS_INPUT);
}

static void refuses_nul_in_text(void **state)
{
	struct fixture *fixture = *state;
	char *text;

	write_bytes(fopen(fixture->name, "w"), 3, '\0');
	assert_int_equal(read_file(fixture, fixture->name, 10, &text), 3);
	assert_int_equal(ucm_file_read_text(&fixture->arena, fixture->name, 10, UCM_CLASS_POLICY,
			     &text, &fixture->error),
	    -1);
	assert_non_null(strstr(fixture->error.text, "holds a NUL byte"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(keeps_the_limit, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(reads_more_than_promised, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(reads_pipes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(tells_what_is_missing, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(refuses_nul_in_text, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
