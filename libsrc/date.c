/*
 * Dates of messages, without the locale.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "libsrc/date.h"
#include "policy/text.h"

#define MINUTE 60
#define DAY 86400
#define EPOCH_WEEKDAY 4 /* 1 January 1970 was a Thursday */

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
static const char weekdays[] = "SunMonTueWedThuFriSat";

static int two_digits(const char *text)
{
	return (text[0] - '0') * 10 + (text[1] - '0');
}

void ucm_date_format(int64_t seconds, int offset_minutes, char out[UCM_DATE_SIZE])
{
	int64_t local = seconds + (int64_t)offset_minutes * MINUTE;
	int64_t days = local / DAY - (local % DAY < 0);
	int weekday = (int)(((days + EPOCH_WEEKDAY) % 7 + 7) % 7);
	unsigned zone = (unsigned)(offset_minutes < 0 ? -offset_minutes : offset_minutes);
	char civil[21]; /* "2026-11-24T18:00:00Z" */

	ucm_time_format(local, civil);
	(void)snprintf(out, UCM_DATE_SIZE, "%.3s, %d %.3s %.4s %.8s %c%02u%02u",
	    weekdays + (ptrdiff_t)weekday * 3, two_digits(civil + 8),
	    months + (ptrdiff_t)(two_digits(civil + 5) - 1) * 3, civil, civil + 11,
	    offset_minutes < 0 ? '-' : '+', zone / 60 % 100, zone % 60);
}

int ucm_date_local_offset(int64_t seconds)
{
	time_t when = (time_t)seconds;
	struct tm local;

	if (!localtime_r(&when, &local))
		return 0;
	return (int)(local.tm_gmtoff / MINUTE);
}

/* ---- Check -------------------------------------------------------------------------------- */

static const char *skip_spaces(const char *text)
{
	while (*text == ' ')
		text++;
	return text;
}

/* Reads `least` to `most` digits; the value is not over `limit`. */
static const char *number(const char *text, size_t least, size_t most, unsigned limit)
{
	unsigned value = 0;
	size_t count = 0;

	while (text && count < most && text[count] >= '0' && text[count] <= '9')
		value = value * 10 + (unsigned)(text[count++] - '0');
	return text && count >= least && value <= limit ? text + count : NULL;
}

static const char *word(const char *text, const char *table)
{
	for (size_t i = 0; text && table[i]; i += 3)
		if (ucm_lower(text[0]) == ucm_lower(table[i]) && text[0] &&
		    ucm_lower(text[1]) == ucm_lower(table[i + 1]) && text[1] &&
		    ucm_lower(text[2]) == ucm_lower(table[i + 2]))
			return text + 3;
	return NULL;
}

static const char *literal(const char *text, char c)
{
	return text && *text == c ? text + 1 : NULL;
}

/* At least one space. */
static const char *gap(const char *text)
{
	return text && *text == ' ' ? skip_spaces(text) : NULL;
}

int ucm_date_is_valid(const char *text)
{
	const char *next = word(text, weekdays);

	if (next)
		text = skip_spaces(literal(next, ',') ? next + 1 : "");
	next = gap(number(text, 1, 2, 31));
	next = gap(word(next, months));
	next = gap(number(next, 4, 4, 9999));
	next = literal(number(next, 2, 2, 23), ':');
	next = number(next, 2, 2, 59);
	if (next && *next == ':')
		next = number(next + 1, 2, 2, 60); /* 60: a leap second */
	next = gap(next);
	if (!next || (*next != '+' && *next != '-'))
		return 0;
	next = number(next + 1, 4, 4, 9959);
	return next && !*next;
}
