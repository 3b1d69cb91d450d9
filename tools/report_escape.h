/*
 * Writing text that came from outside into a format, so that it stays text.
 */
#ifndef UCM_TOOLS_REPORT_ESCAPE_H
#define UCM_TOOLS_REPORT_ESCAPE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct ucm_arena;

/*
 * The one place where secrets end: a copy of text (NULL stays NULL) that is valid UTF-8 and in
 * which every obfuscated password of the product ("--10" and what follows it) reads UCM_REDACTED.
 * Without column the text is a value or a name: one that begins so goes as a whole. With it the
 * text is a window cut out of a source line: what stands at its beginning and looks like the rest
 * of such a password goes too, and *column, a character of the text from 1, is moved along.
 */
#define UCM_REDACTED "[REDACTED]"
const char *ucm_mask(struct ucm_arena *arena, const char *text, unsigned *column);

/* For terminals: control characters, and those that change the direction of writing, as \xNN or
 * \u{NNNN}. A tab is a blank. */
void ucm_put_plain(FILE *out, const char *text);

/* For XML 1.0 text and attributes: markup escaped, characters that XML forbids dropped, line ends
 * and tabs as references. */
void ucm_put_xml(FILE *out, const char *text);

/* For HTML text and attributes: markup escaped, control characters shown as with ucm_put_plain().
 */
void ucm_put_html(FILE *out, const char *text);

/* One CSV field (RFC 4180), quoted where needed; what a spreadsheet would run gets a ' before it.
 * Control characters but line ends and tabs are shown as with ucm_put_plain(). */
void ucm_put_csv(FILE *out, const char *text);

/* Data, or with property also a property's value, of a GitHub workflow command. What a terminal
 * might obey and the syntax does not escape is shown as with ucm_put_plain(). */
void ucm_put_github(FILE *out, const char *text, int property);

/* A label's value of the Prometheus text format, between its quotes. */
void ucm_put_label(FILE *out, const char *text);

/* A relative URI reference or file URI of a path (RFC 3986), percent-encoded; "./" at the
 * beginning is dropped. Owned by the arena; NULL without memory. */
char *ucm_path_uri(struct ucm_arena *arena, const char *path);

/* Columns that the character at text takes on a terminal (0, 1 or 2), *size bytes long (1-4). */
unsigned ucm_character_width(const char *text, size_t *size);

#endif
