/*
 * The arena: alignment, ceilings, products that overflow, and an allocator that fails.
 */
#include "unit/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "policy/arena.h"

static void memory_is_zeroed_and_aligned(void **state)
{
	struct ucm_arena arena;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	for (size_t size = 0; size < 300; size++) {
		unsigned char *memory = ucm_arena_alloc(&arena, size);

		assert_non_null(memory);
		assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(memory[i], 0);
		memset(memory, 0xff, size);
	}
	assert_false(arena.failed);
	ucm_arena_free(&arena);
}

static void a_piece_may_be_larger_than_a_chunk(void **state)
{
	struct ucm_arena arena;
	char *large;
	char *small;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	small = ucm_arena_string(&arena, "small");
	large = ucm_arena_alloc(&arena, 1000000);
	assert_non_null(large);
	large[999999] = 'x';
	assert_string_equal(small, "small");
	assert_true(arena.used >= 1000000);
	ucm_arena_free(&arena);
	assert_null(arena.chunks);
	assert_int_equal(arena.used, 0);
}

static void a_ceiling_holds_and_sticks(void **state)
{
	struct ucm_arena arena;

	(void)state;
	ucm_arena_init(&arena, NULL, 100);
	assert_null(ucm_arena_alloc(&arena, 101));
	assert_true(arena.failed);
	assert_int_equal(arena.used, 0);
	ucm_arena_free(&arena);
	assert_false(arena.failed);
	assert_int_equal(arena.ceiling, 100);
	assert_non_null(ucm_arena_alloc(&arena, 64));
	assert_null(ucm_arena_alloc(&arena, 64));
	ucm_arena_free(&arena);
}

static void sizes_that_overflow_are_refused(void **state)
{
	static const struct {
		const char *sentence;
		size_t count, size;
	} rows[] = {
	    {"the product wraps to 0", SIZE_MAX / 2 + 1, 2},
	    {"the product wraps to a small number", SIZE_MAX / 8 + 2, 8},
	    {"the product fits, with its rounding it does not", 1, SIZE_MAX},
	    {"the chunk's head does not fit", 1, SIZE_MAX - 40},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ucm_arena arena;

		ucm_arena_init(&arena, NULL, 0);
		if (ucm_arena_array(&arena, rows[i].count, rows[i].size) != NULL || !arena.failed)
			fail_msg("%s", rows[i].sentence);
		ucm_arena_free(&arena);
	}
}

static void copies_end_with_a_nul(void **state)
{
	struct ucm_arena arena;
	const char *copy;

	(void)state;
	ucm_arena_init(&arena, NULL, 0);
	copy = ucm_arena_copy(&arena, "abcdef", 3);
	assert_string_equal(copy, "abc");
	assert_string_equal(ucm_arena_copy(&arena, "x", 0), "");
	assert_string_equal(ucm_arena_string(&arena, ""), "");
	assert_string_equal(ucm_arena_format(&arena, "%s:%u", "host", 25U), "host:25");
	ucm_arena_free(&arena);
}

/* Grants a number of allocations, and counts what is not given back. */
struct fake {
	int grants;
	int open;
};

static void *fake_resize(void *arg, void *old, size_t size)
{
	struct fake *fake = arg;

	if (size == 0) {
		fake->open -= old != NULL;
		free(old);
		return NULL;
	}
	if (fake->grants-- <= 0)
		return NULL;
	fake->open += old == NULL;
	return realloc(old, size);
}

static void a_failing_allocator_is_survived(void **state)
{
	(void)state;
	for (int grants = 0; grants < 4; grants++) {
		struct fake fake = {.grants = grants};
		struct ucm_allocator allocator = {fake_resize, &fake};
		struct ucm_arena arena;
		int got = 0;

		ucm_arena_init(&arena, &allocator, 0);
		for (int i = 0; i < 6; i++)
			got += ucm_arena_alloc(&arena, 70000) != NULL;
		assert_int_equal(got, grants);
		assert_int_equal(arena.failed, 1);
		assert_int_equal(fake.open, grants);
		ucm_arena_free(&arena);
		assert_int_equal(fake.open, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(memory_is_zeroed_and_aligned),
	    cmocka_unit_test(a_piece_may_be_larger_than_a_chunk),
	    cmocka_unit_test(a_ceiling_holds_and_sticks),
	    cmocka_unit_test(sizes_that_overflow_are_refused),
	    cmocka_unit_test(copies_end_with_a_nul),
	    cmocka_unit_test(a_failing_allocator_is_survived),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
