/*
 * Civil time in UTC: seconds to text and back, without the C library's time zone.
 */
#include "config.h"

#include <string.h>

#include "policy/text.h"

#define DAY 86400

/* Days since 1970-01-01 of a proleptic Gregorian date; the year begins in March, so that the leap
 * day is its last. */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
	int64_t shifted = month <= 2 ? year - 1 : year;
	int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
	int64_t year_of_era = shifted - era * 400;
	int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

int64_t ucm_time_from_civil(int year, int month, int day, int hour, int minute, int second)
{
	return days_from_civil(year, month, day) * DAY + hour * INT64_C(3600) +
	       minute * INT64_C(60) + second;
}

/* `count` decimal digits and the character behind them; returns what follows. */
static char *put(char *out, int64_t value, int count, char behind)
{
	for (int i = count; i-- > 0; value /= 10)
		out[i] = (char)('0' + value % 10);
	out[count] = behind;
	return out + count + 1;
}

void ucm_time_format(int64_t seconds, char out[21])
{
	const int64_t first = days_from_civil(0, 1, 1) * DAY;
	const int64_t last = days_from_civil(10000, 1, 1) * DAY - 1;
	int64_t days, rest, era, of_era, year, of_year, month;

	if (seconds < first)
		seconds = first;
	if (seconds > last)
		seconds = last;
	days = seconds / DAY - (seconds % DAY < 0);
	rest = seconds - days * DAY;
	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	of_era = days - era * 146097;
	year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * year + year / 4 - year / 100);
	month = (5 * of_year + 2) / 153;
	year += era * 400 + (month >= 10);
	out = put(out, year, 4, '-');
	out = put(out, month < 10 ? month + 3 : month - 9, 2, '-');
	out = put(out, of_year - (153 * month + 2) / 5 + 1, 2, 'T');
	out = put(out, rest / 3600, 2, ':');
	out = put(out, rest / 60 % 60, 2, ':');
	*put(out, rest % 60, 2, 'Z') = '\0';
}

/* Exactly `count` digits; -1 where there are others. */
static int digits(const char *text, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

static int days_of_month(int year, int month)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

int ucm_time_parse(const char *text, int64_t *ret)
{
	size_t length = strlen(text);
	int year, month, day, hour = 0, minute = 0, second = 0;

	if ((length != 10 && length != 20) || text[4] != '-' || text[7] != '-')
		return -1;
	year = digits(text, 4);
	month = digits(text + 5, 2);
	day = digits(text + 8, 2);
	if (length == 20) {
		if (text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z')
			return -1;
		hour = digits(text + 11, 2);
		minute = digits(text + 14, 2);
		second = digits(text + 17, 2);
	}
	if (year < 0 || month < 1 || month > 12 || day < 1 || day > days_of_month(year, month) ||
	    hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
		return -1;
	*ret = ucm_time_from_civil(year, month, day, hour, minute, second);
	return 0;
}
