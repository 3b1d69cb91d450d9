/*
 * A secret in a server's words: the forms in which it is known again, and words that are none.
 */
#include "config.h"

#include "unit/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "libsrc/told.h"
#include "policy/limits.h"

#define SECRET "pass w\xC3\xB6rd"

static const struct {
	const char *sentence;
	const char *secret;
	const char *text;
	int told;
} rows[] = {
    {"as it is", SECRET, "535 5.7.8 no: " SECRET, 1},
    {"nothing else", SECRET, SECRET, 1},
    {"within a word", "hunter2", "535 xhunter2x", 1},
    {"the beginning of a long one", "correct horse battery", "535 correct ho...", 1},
    {"the end of a long one", "correct horse battery", "535 ...e battery", 1},
    {"the middle of a long one", "correct horse battery", "535 ...t horse batt...", 1},
    {"in base64", SECRET, "535 no: cGFzcyB3w7ZyZA==", 1},
    {"in base64 without padding", SECRET, "535 no: cGFzcyB3w7ZyZA", 1},
    {"in base64 behind a user's name", SECRET,
	"500 AUTH PLAIN AGF1dG9tYXRpb24AcGFzcyB3w7ZyZA==", 1},
    {"the same, one octet on", SECRET, "500 AUTH PLAIN AGF1dG9tYXRpb24xAHBhc3Mgd8O2cmQ=", 1},
    {"in base64, cut in the middle", SECRET, "500 what is AGF1dG9tYXRpb24AcGFzcyB3...", 1},
    {"in base64, cut in front", SECRET, "500 ...1dG9tYXRpb24AcGFzcyB3w7ZyZA==", 1},
    {"in base64, cut in front where no octet begins", SECRET,
	"500 ...G9tYXRpb24AcGFzcyB3w7ZyZA==", 1},
    {"in base64, cut everywhere", SECRET, "500 ...GFzcyB3w7Zy...", 1},
    {"in base64, wrapped", SECRET, "500 AGF1dG9tYXRpb24AcGFz cyB3w7ZyZA==", 1},
    {"in base64, after a word that is base64 too", SECRET, "500 AUTH/cGFzcyB3w7ZyZA==", 1},
    {"in quotes", SECRET, "500 \"cGFzcyB3w7ZyZA==\"", 1},
    {"in hexadecimal", SECRET, "535 70617373 2077c3b67264", 1},
    {"in hexadecimal of upper case, behind another digit", SECRET, "535 0x706173732077C3B67264", 1},
    {"as a URL has it", SECRET, "535 see https://mail.example.com/?p=pass%20w%C3%B6rd", 1},
    {"as quoted-printable has it", SECRET, "535 pass=20w=C3=B6rd", 1},
    {"as xtext has it", SECRET, "535 pass+20w+C3+B6rd", 1},
    {"a short one", "abc", "535 abc", 1},
    {"a short one in base64", "abc", "535 YWJj", 1},
    {"another text", SECRET, "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6", 0},
    {"a word in common", "authentic 77", "535 5.7.8 Error: authentication failed", 1},
    {"too little in common", "Error99", "535 5.7.8 Error: authentication failed", 0},
    {"another secret in base64", SECRET, "535 cGVuY2lsMTIz", 0},
    {"the user alone", SECRET, "535 AGF1dG9tYXRpb24A", 0},
    {"no secret", "", "535 5.7.8 no", 0},
    {"no text", SECRET, "", 0},
    {"an escape at the end", SECRET, "535 %2", 0},
    {"an escape that is none", SECRET, "535 pass%2gw%zz", 0},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const size_t length = strlen(rows[i].text);
		char *text = malloc(length + 1); /* its end is where a sanitizer sees it */

		assert_non_null(text);
		memcpy(text, rows[i].text, length);
		if (ucm_is_told(rows[i].secret, strlen(rows[i].secret), text, length) !=
		    rows[i].told)
			fail_msg("%s: %s", rows[i].sentence, rows[i].text);
		free(text);
	}
}

/* The longest secret, in the longest line; and a line that is longer than any. */
static void test_long(void **state)
{
	static char secret[UCM_SECRET_MAX], text[2 * UCM_AUTH_LINE_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(secret); i++)
		secret[i] = (char)('!' + (i * i + i / 90) % 90);
	memset(text, ' ', sizeof(text));
	assert_false(ucm_is_told(secret, sizeof(secret), text, sizeof(text)));
	memcpy(text + UCM_AUTH_LINE_MAX - 12, secret + 2001, 12);
	assert_true(ucm_is_told(secret, sizeof(secret), text, sizeof(text)));
	assert_true(ucm_is_told(secret, sizeof(secret), text, UCM_AUTH_LINE_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests_name("told", tests, NULL, NULL);
}
