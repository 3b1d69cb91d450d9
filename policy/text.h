/*
 * Small text helpers that do not depend on the locale.
 */
#ifndef UCM_POLICY_TEXT_H
#define UCM_POLICY_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct ucm_arena;

int ucm_lower(int c);                                        /* ASCII only */
int ucm_equal_nocase(const char *left, const char *right);  /* ASCII only */
int ucm_is_blank(const char *text);                          /* empty or white space only */
/* Points *start at the first character that is no white space, returns the length to the last. */
size_t ucm_trim(const char *text, const char **start);
char *ucm_trim_copy(struct ucm_arena *arena, const char *text);
/* Characters of a UTF-8 text; a stray byte counts as one. */
size_t ucm_utf8_length(const char *text);
/* Octets at the start of a text that are ASCII, NUL included. */
size_t ucm_ascii_run(const char *text, size_t length);
int ucm_is_ascii(const char *text);
/* Length (1-4) of the valid UTF-8 sequence at text, 0 where it is none or the end. */
size_t ucm_utf8_sequence(const char *text, size_t available);
/* The code point of a valid sequence of that length. */
uint32_t ucm_utf8_code(const char *text, size_t length);
/* Whether a character can steer a terminal, or show a reader something else than is there: control
 * characters, ends of lines, what turns the direction of writing, tags. */
int ucm_is_unsafe(uint32_t code);
/* Copies text from outside for people: each character that is unsafe, and each octet that is no
 * UTF-8, becomes '?', a tab a blank. Cut between characters, always terminated; out may be text.
 * Returns the length, less than room. */
size_t ucm_text_clean(const char *text, size_t size, char *out, size_t room);
/* Writes a code point up to U+10FFFF, returns its length (1-4). A surrogate becomes a sequence that
 * is not valid UTF-8. */
size_t ucm_utf8_put(uint32_t code, char out[4]);
/* The candidate nearest to text by edit distance (case ignored), NULL where none is near. */
const char *ucm_nearest(const char *text, const char *const *candidates, size_t count);
/* "2026-11-24T18:00:00Z" */
void ucm_time_format(int64_t seconds, char out[21]);
/* "2026-11-24" (its first second) or the full form. 0, or -1. */
int ucm_time_parse(const char *text, int64_t *ret);
/* Days and civil time in UTC, without the C library's time zone. */
int64_t ucm_time_from_civil(int year, int month, int day, int hour, int minute, int second);
void ucm_hex(const unsigned char *bytes, size_t size, char *out); /* lower case, 2*size+1 */
/* Of less than 4 GB; all 0 where it cannot be computed. */
void ucm_sha256(const void *bytes, size_t size, unsigned char out[32]);
/* The digest of all that `read` gives: it fills room with up to size octets and returns their
 * number, 0 at the end, less where it cannot. 0, or -1. */
int ucm_sha256_stream(
    long (*read)(void *arg, void *room, size_t size), void *arg, unsigned char out[32]);
/* memset that the compiler may not leave out. */
void ucm_wipe(void *memory, size_t size);

#endif
