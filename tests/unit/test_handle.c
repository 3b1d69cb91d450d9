/*
 * Tests of libsrc/handle.c, status.c and version.c: memory, beginning and end.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "libsrc/handle.h"

/* A caller's memory that counts, that can refuse, and that looks at what comes back. */
struct memory {
	size_t blocks;
	size_t calls;
	size_t refuse_from; /* refuses this allocation and all behind it; 0: none */
	size_t unwiped; /* blocks that came back with something in them */
};

struct block {
	_Alignas(max_align_t) size_t size;
};

static void *counted_resize(void *arg, void *old, size_t size)
{
	struct memory *memory = arg;
	struct block *block = old == NULL ? NULL : (struct block *)old - 1;
	size_t i;

	if (size == 0) {
		for (i = 0; block != NULL && i < block->size; i++)
			if (((const unsigned char *)old)[i] != 0) {
				memory->unwiped++;
				break;
			}
		memory->blocks -= block != NULL;
		free(block);
		return NULL;
	}
	assert_null(old); /* the library moves blocks itself */
	if (memory->refuse_from != 0 && ++memory->calls >= memory->refuse_from)
		return NULL;
	block = malloc(sizeof *block + size);
	assert_non_null(block);
	block->size = size;
	memset(block + 1, 0xa5, size);
	memory->blocks++;
	return block + 1;
}

static int64_t fixed_clock(void *arg)
{
	return *(const int64_t *)arg;
}

/* The options of a caller that was compiled with a later version. */
struct newer_options {
	struct ucm_options known;
	void *unknown[2];
};

static void options_of_other_versions_are_taken_where_nothing_is_lost(void **state)
{
	static int mark;
	static const struct {
		const char *what;
		size_t size;
		void *unknown;
		int status;
		int has_log; /* the last pair that an older version may lack */
	} rows[] = {
	    {"this version", sizeof(struct ucm_options), NULL, UCM_OK, 1},
	    {"an older one, without log and dial", offsetof(struct ucm_options, log), NULL, UCM_OK,
		0},
	    {"the oldest, with a size only", sizeof(size_t), NULL, UCM_OK, 0},
	    {"a newer one that uses nothing new", sizeof(struct newer_options), NULL, UCM_OK, 1},
	    {"a newer one that sets what is unknown", sizeof(struct newer_options), &mark,
		UCM_E_USAGE, 0},
	    {"a size that was not set", 0, NULL, UCM_E_USAGE, 0},
	    {"half a size", sizeof(size_t) / 2, NULL, UCM_E_USAGE, 0},
	    {"half a pointer", sizeof(struct ucm_options) - 1, NULL, UCM_E_USAGE, 0},
	    {"a size that is garbage", SIZE_MAX / 16 * 16, NULL, UCM_E_USAGE, 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct newer_options options = {.known = {.size = rows[i].size, .log_arg = &mark},
		    .unknown = {NULL, rows[i].unknown}};
		struct ucm *handle = NULL;

		print_message("# %s\n", rows[i].what);
		assert_int_equal(ucm_start(&options.known, &handle), rows[i].status);
		if (rows[i].status != UCM_OK) {
			assert_null(handle);
			continue;
		}
		assert_int_equal(handle->options.size, sizeof(struct ucm_options));
		assert_ptr_equal(handle->options.log_arg, rows[i].has_log ? &mark : NULL);
		ucm_end(handle);
	}
	assert_int_equal(ucm_start(NULL, NULL), UCM_E_USAGE);
}

static void a_handle_without_options_starts_and_ends(void **state)
{
	struct ucm *handle = NULL;

	(void)state;
	assert_int_equal(ucm_start(NULL, &handle), UCM_OK);
	assert_string_equal(ucm_error(handle), "");
	assert_string_equal(ucm_error_rule(handle), "");
	assert_true(ucm_handle_now(handle) > 1600000000);
	ucm_end(handle);
	ucm_end(NULL);
}

static void nothing_is_asked_of_nothing(void **state)
{
	struct ucm_recipient recipient;

	(void)state;
	ucm_disconnect(NULL);
	assert_int_equal(ucm_descriptor(NULL), -1);
	assert_int_equal(ucm_timeout_ms(NULL), 0);
	assert_null(ucm_outcome_text(NULL, UCM_OUTCOME_STATUS));
	assert_int_equal(ucm_outcome_number(NULL, UCM_OUTCOME_EXIT), -1);
	assert_int_equal(ucm_outcome_recipient(NULL, 0, &recipient), UCM_E_USAGE);
}

static void everything_comes_back_wiped(void **state)
{
	struct memory memory = {0};
	struct ucm_options options = {
	    .size = sizeof options, .resize = counted_resize, .resize_arg = &memory};
	struct ucm *handle = NULL;

	(void)state;
	assert_int_equal(ucm_start(&options, &handle), UCM_OK);
	assert_int_equal(ucm_set_text(handle, UCM_LOGIN_USER, "someone"), UCM_OK);
	assert_int_equal(ucm_set_text(handle, UCM_LOGIN_USER, "someone else"), UCM_OK);
	assert_int_equal(ucm_add_input(handle, "a"), UCM_OK);
	assert_int_equal(ucm_add_input(handle, "b"), UCM_OK);
	assert_int_equal(ucm_add_connect_to(handle, "::localhost:"), UCM_OK);
	assert_true(memory.blocks > 5);
	ucm_end(handle);
	assert_int_equal(memory.blocks, 0);
	assert_int_equal(memory.unwiped, 0);
}

static void growing_and_shrinking_keep_the_content(void **state)
{
	struct ucm *handle = NULL;
	char *bytes;
	size_t before;

	(void)state;
	assert_int_equal(ucm_start(NULL, &handle), UCM_OK);
	before = handle->memory_used;
	bytes = ucm_handle_resize(handle, NULL, 4);
	assert_non_null(bytes);
	memcpy(bytes, "abc", 4);
	bytes = ucm_handle_resize(handle, bytes, 100000);
	assert_string_equal(bytes, "abc");
	bytes = ucm_handle_resize(handle, bytes, 2);
	assert_memory_equal(bytes, "ab", 2);
	assert_null(ucm_handle_resize(handle, bytes, 0));
	assert_int_equal(handle->memory_used, before);
	assert_null(ucm_handle_resize(handle, NULL, 0));
	assert_null(ucm_handle_resize(handle, NULL, SIZE_MAX));
	assert_null(ucm_handle_resize(handle, NULL, SIZE_MAX - 64));
	assert_int_equal(handle->memory_used, before);
	ucm_end(handle);
}

static void the_ceiling_holds(void **state)
{
	struct ucm *handle = NULL;
	char *bytes;
	int i, status = UCM_OK;

	(void)state;
	assert_int_equal(ucm_start(NULL, &handle), UCM_OK);
	assert_int_equal(
	    ucm_set_number(handle, UCM_MEMORY_LIMIT, (long)handle->memory_used + 4096), UCM_OK);
	bytes = ucm_handle_resize(handle, NULL, 2000);
	assert_non_null(bytes);
	memset(bytes, 'x', 2000);
	assert_null(ucm_handle_resize(handle, bytes, 5000));
	assert_int_equal(bytes[1999], 'x'); /* a refused growth leaves the block alone */
	ucm_handle_resize(handle, bytes, 0);
	for (i = 0; i < 1000 && status == UCM_OK; i++)
		status = ucm_add_input(handle, "an input with a name that takes some room");
	assert_int_equal(status, UCM_E_MEMORY);
	assert_string_not_equal(ucm_error(handle), "");
	assert_true(handle->memory_used <= (size_t)ucm_get_number(handle, UCM_MEMORY_LIMIT));
	assert_int_equal(ucm_set_number(handle, UCM_MEMORY_LIMIT, -1), UCM_OK);
	assert_int_equal(ucm_add_input(handle, "b"), UCM_OK);
	ucm_end(handle);
}

/* Makes a handle with something of everything. */
static int use_handle(const struct ucm_options *options)
{
	struct ucm *handle = NULL;
	int status = ucm_start(options, &handle);

	if (status != UCM_OK)
		return status;
	status = ucm_set_text(handle, UCM_AGENT, "windows");
	if (status == UCM_OK)
		status = ucm_set_text(handle, UCM_SERVER, "X");
	if (status == UCM_OK)
		status = ucm_add_input(handle, "a");
	if (status == UCM_OK)
		status = ucm_add_input(handle, "b");
	if (status == UCM_OK)
		status = ucm_add_connect_to(handle, "a:1:b:2");
	ucm_end(handle);
	return status;
}

static void every_allocation_may_fail(void **state)
{
	size_t nth;

	(void)state;
	for (nth = 1; nth < 100; nth++) {
		struct memory memory = {.refuse_from = nth};
		struct ucm_options options = {
		    .size = sizeof options, .resize = counted_resize, .resize_arg = &memory};
		int status = use_handle(&options);

		assert_int_equal(memory.blocks, 0);
		if (status == UCM_OK)
			break;
		assert_int_equal(status, UCM_E_MEMORY);
	}
	assert_in_range(nth, 5, 50);
}

static void the_clock_is_the_callers(void **state)
{
	int64_t now = 1735689600;
	struct ucm_options options = {
	    .size = sizeof options, .clock = fixed_clock, .clock_arg = &now};
	struct ucm *handle = NULL;

	(void)state;
	assert_int_equal(ucm_start(&options, &handle), UCM_OK);
	assert_int_equal(ucm_handle_now(handle), 1735689600);
	ucm_end(handle);
}

static void every_status_has_words(void **state)
{
	static const int known[] = {UCM_OK, UCM_WANT_READ, UCM_WANT_WRITE, UCM_WANT_TIMER,
	    UCM_E_USAGE, UCM_E_MESSAGE, UCM_E_INPUT, UCM_E_REJECTED, UCM_E_MEMORY, UCM_E_IO,
	    UCM_E_AGAIN, UCM_E_PROTOCOL, UCM_E_TRUST, UCM_E_POLICY};
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof known / sizeof known[0]; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(ucm_strerror(known[i]), ucm_strerror(known[j]));
	assert_string_equal(ucm_strerror(-1), "unknown status");
	assert_string_equal(ucm_strerror(1000000), "unknown status");
}

static void the_version_names_its_parts(void **state)
{
	(void)state;
	assert_non_null(strstr(ucm_version(), " wolfSSL/"));
	assert_non_null(strstr(ucm_version(), " xml="));
	assert_ptr_equal(ucm_version(), ucm_version());
}

static void no_input_is_told(void **state)
{
	struct ucm *handle = NULL;

	(void)state;
	assert_int_equal(ucm_start(NULL, &handle), UCM_OK);
	assert_int_equal(ucm_decide_policy(handle), UCM_E_USAGE);
	assert_non_null(strstr(ucm_error(handle), "no input"));
	assert_int_equal(ucm_compile(handle, -1), UCM_E_USAGE);
	ucm_end(handle);
}

static void a_module_that_is_not_there_is_told(void **state)
{
	struct ucm *handle = NULL;

	(void)state;
	assert_int_equal(ucm_start(NULL, &handle), UCM_OK);
	assert_int_equal(ucm_add_input(handle, "/nonexistent/input.xml"), UCM_OK);
	assert_int_equal(ucm_set_text(handle, UCM_MODULE_DIR, "/nonexistent/modules"), UCM_OK);
	assert_int_equal(ucm_decide_policy(handle), UCM_E_INPUT);
	assert_string_not_equal(ucm_error(handle), "");
	if (strstr(ucm_version(), "xml=module") != NULL)
		assert_non_null(strstr(ucm_error(handle), "/nonexistent/modules"));
	ucm_end(handle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(options_of_other_versions_are_taken_where_nothing_is_lost),
	    cmocka_unit_test(a_handle_without_options_starts_and_ends),
	    cmocka_unit_test(nothing_is_asked_of_nothing),
	    cmocka_unit_test(everything_comes_back_wiped),
	    cmocka_unit_test(growing_and_shrinking_keep_the_content),
	    cmocka_unit_test(the_ceiling_holds),
	    cmocka_unit_test(every_allocation_may_fail),
	    cmocka_unit_test(the_clock_is_the_callers),
	    cmocka_unit_test(every_status_has_words),
	    cmocka_unit_test(the_version_names_its_parts),
	    cmocka_unit_test(no_input_is_told),
	    cmocka_unit_test(a_module_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
