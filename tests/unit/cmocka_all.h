/*
 * CMocka with the headers that it wants before it.
 */
#ifndef UCM_TESTS_CMOCKA_ALL_H
#define UCM_TESTS_CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* CMocka 2 tells signed from unsigned, and takes a short name for itself. */
#ifdef assert_uint_in_range
#undef assert_in_range
#define assert_in_range(value, least, most) assert_uint_in_range(value, least, most)
#endif
#undef stop

#endif
