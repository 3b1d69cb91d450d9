/*
 * Tests of tools/secret.c: where a password is found, and where it is not taken from.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/secret.h"

#define ROOM 256

struct place { /* a folder of its own for a test */
	char folder[64];
	char path[128];
};

static int make_place(void **state)
{
	struct place *place = calloc(1, sizeof *place);
	const char *base = getenv("TMPDIR");

	if (place == NULL)
		return -1;
	snprintf(place->folder, sizeof place->folder, "%.40s/ucmail.XXXXXX",
	    base != NULL ? base : "/tmp");
	*state = place;
	return mkdtemp(place->folder) == NULL ? -1 : 0;
}

static int remove_place(void **state)
{
	struct place *place = *state;

	if (place->path[0] != '\0')
		unlink(place->path);
	rmdir(place->folder);
	free(place);
	return 0;
}

/* Writes the one file of the place. */
static const char *put(
    struct place *place, const char *name, const char *content, size_t length, mode_t mode)
{
	int fd;

	snprintf(place->path, sizeof place->path, "%s/%s", place->folder, name);
	fd = open(place->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, length), (ssize_t)length);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
	return place->path;
}

static long ask(struct ucm_secrets *secrets, const char *login, char *answer, size_t room)
{
	struct ucm_conv_message message = {
	    .size = sizeof message, .style = UCM_CONV_PASSWORD, .login = login};

	return ucm_secret_answer(&message, answer, room, secrets);
}

static void a_file_is_judged_by_its_mode_and_content(void **state)
{
	static const struct {
		const char *what, *content;
		size_t length;
		mode_t mode;
		long expected;
	} rows[] = {
	    {"a line", "secret\n", 7, 0600, 6},
	    {"no line end", "secret", 6, 0600, 6},
	    {"read-only", "secret\n", 7, 0400, 6},
	    {"a line end of another system", "secret\r\n", 8, 0600, 6},
	    {"only the last line end is dropped", "secret\n\n", 8, 0600, 7},
	    {"blanks are part of it", " secret ", 8, 0600, 8},
	    {"empty", "", 0, 0600, -1},
	    {"an empty line", "\n", 1, 0600, -1},
	    {"open to the group", "secret\n", 7, 0640, -1},
	    {"open to others", "secret\n", 7, 0604, -1},
	    {"writable by others", "secret\n", 7, 0602, -1},
	};
	struct place *place = *state;
	char answer[ROOM];
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct ucm_secrets secrets = {.fd = -1};
		long length;

		secrets.file = put(place, "file", rows[i].content, rows[i].length, rows[i].mode);
		length = ask(&secrets, "L", answer, sizeof answer);
		if (length != rows[i].expected)
			fail_msg("%s: %ld, not %ld", rows[i].what, length, rows[i].expected);
		if (length > 0)
			assert_memory_equal(answer, rows[i].content, (size_t)length);
		else
			assert_string_not_equal(secrets.reason, "");
		assert_null(strstr(secrets.reason, "secret"));
	}
}

static void a_missing_file_is_told(void **state)
{
	struct ucm_secrets secrets = {.fd = -1, .file = "/nonexistent/file"};
	char answer[ROOM];

	(void)state;
	assert_int_equal(ask(&secrets, "L", answer, sizeof answer), -1);
	assert_non_null(strstr(secrets.reason, "/nonexistent/file"));
}

static void a_folder_is_no_password(void **state)
{
	struct place *place = *state;
	struct ucm_secrets secrets = {.fd = -1, .file = place->folder};
	char answer[ROOM];

	assert_int_equal(ask(&secrets, "L", answer, sizeof answer), -1);
	assert_string_not_equal(secrets.reason, "");
}

static void what_does_not_fit_is_refused(void **state)
{
	struct place *place = *state;
	char content[ROOM];
	struct ucm_secrets secrets = {.fd = -1};
	char answer[ROOM];

	memset(content, 'x', sizeof content);
	secrets.file = put(place, "file", content, sizeof content, 0600);
	assert_int_equal(ask(&secrets, "L", answer, sizeof answer), -1);
	assert_non_null(strstr(secrets.reason, "longer"));
}

static void a_login_finds_its_file(void **state)
{
	struct place *place = *state;
	struct ucm_secrets secrets = {.fd = -1, .logins = place->folder};
	char answer[ROOM];

	put(place, "LOGIN.MAIL", "secret\n", 7, 0600);
	assert_int_equal(ask(&secrets, "LOGIN.MAIL", answer, sizeof answer), 6);
	assert_int_equal(ask(&secrets, "LOGIN.OTHER", answer, sizeof answer), -1);
	assert_non_null(strstr(secrets.reason, "LOGIN.OTHER"));
	chmod(place->path, 0644);
	assert_int_equal(ask(&secrets, "LOGIN.MAIL", answer, sizeof answer), -1);
	assert_non_null(strstr(secrets.reason, "chmod"));
}

static void a_credential_goes_first(void **state)
{
	struct place *place = *state;
	struct ucm_secrets secrets = {
	    .fd = -1, .credentials = place->folder, .logins = "/nonexistent"};
	char answer[ROOM];

	put(place, "L", "given", 5, 0440); /* the service manager's modes are its own */
	assert_int_equal(ask(&secrets, "L", answer, sizeof answer), 5);
	assert_memory_equal(answer, "given", 5);
	secrets.credentials = "/nonexistent";
	secrets.logins = place->folder;
	chmod(place->path, 0400);
	assert_int_equal(ask(&secrets, "L", answer, sizeof answer), 5);
}

static void a_service_without_its_credential_is_told_of_its_unit(void **state)
{
	struct place *place = *state;
	struct ucm_secrets secrets = {
	    .fd = -1, .credentials = place->folder, .logins = "/nonexistent"};
	char answer[ROOM];

	assert_int_equal(ask(&secrets, "LOGIN.MAIL", answer, sizeof answer), -1);
	assert_non_null(strstr(secrets.reason, "LOGIN.MAIL"));
	assert_non_null(strstr(secrets.reason, "LoadCredential="));
	assert_null(strstr(secrets.reason, "/nonexistent")); /* a service cannot read it */
	secrets.credentials = "";
	assert_int_equal(ask(&secrets, "LOGIN.MAIL", answer, sizeof answer), -1);
	assert_non_null(strstr(secrets.reason, "/nonexistent/LOGIN.MAIL"));
}

static void what_cannot_be_opened_says_why(void **state)
{
	struct place *place = *state;
	struct ucm_secrets secrets = {.fd = -1};
	char answer[ROOM], path[ROOM];

	snprintf(path, sizeof path, "%s/below", put(place, "file", "x", 1, 0600));
	secrets.file = path;
	assert_int_equal(ask(&secrets, "L", answer, sizeof answer), -1);
	assert_non_null(strstr(secrets.reason, path));
	assert_non_null(strstr(secrets.reason, strerror(ENOTDIR)));
}

static void a_name_never_becomes_another_path(void **state)
{
	static const char *const names[] = {
	    "../L", "/etc/passwd", "a/b", ".", "..", ".hidden", "", NULL};
	struct place *place = *state;
	struct ucm_secrets secrets = {
	    .fd = -1, .credentials = place->folder, .logins = place->folder};
	char answer[ROOM];
	size_t i;

	put(place, ".hidden", "secret", 6, 0600);
	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		assert_int_equal(ask(&secrets, names[i], answer, sizeof answer), -1);
		assert_non_null(strstr(secrets.reason, "no file name"));
	}
}

static void a_descriptor_is_read_once_and_kept(void **state)
{
	struct ucm_secrets secrets = {.file = NULL};
	char answer[ROOM];
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "secret\n", 7), 7);
	close(ends[1]);
	secrets.fd = ends[0];
	assert_int_equal(ask(&secrets, NULL, answer, sizeof answer), 6);
	assert_int_equal(ask(&secrets, "L", answer, sizeof answer), 6);
	assert_memory_equal(answer, "secret", 6);
	assert_int_equal(ask(&secrets, "L", answer, 5), -1);
	ucm_secrets_wipe(&secrets);
	assert_int_equal(secrets.kept[0], 0);
	assert_int_equal(secrets.fd, -1);
	close(ends[0]);
}

static void an_empty_descriptor_stays_refused(void **state)
{
	struct ucm_secrets secrets = {.file = NULL};
	char answer[ROOM];

	(void)state;
	secrets.fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(ask(&secrets, "L", answer, sizeof answer), -1);
	assert_int_equal(ask(&secrets, "L", answer, sizeof answer), -1);
	assert_string_not_equal(secrets.reason, "");
	close(secrets.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_file_is_judged_by_its_mode_and_content, make_place, remove_place),
	    cmocka_unit_test(a_missing_file_is_told),
	    cmocka_unit_test_setup_teardown(a_folder_is_no_password, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(what_does_not_fit_is_refused, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(a_login_finds_its_file, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(a_credential_goes_first, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(
		a_service_without_its_credential_is_told_of_its_unit, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(
		what_cannot_be_opened_says_why, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(
		a_name_never_becomes_another_path, make_place, remove_place),
	    cmocka_unit_test(a_descriptor_is_read_once_and_kept),
	    cmocka_unit_test(an_empty_descriptor_stays_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
