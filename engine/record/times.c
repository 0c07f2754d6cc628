#include "engine/record/times.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_SECONDS INT64_C(86400)

struct civil {
    int64_t year;
    int month, day, hour, minute, second;
    int64_t fraction; /* ticks below a second */
    bool afternoon, twelve_hours;
};

static bool leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int64_t year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return month == 2 && leap(year) ? 29 : days[month - 1];
}

/* Days before the first of January of a year, counted from 1970; years 1 to 9999. */
static int64_t days_before_year(int64_t year)
{
    int64_t past = year - 1;
    return past * 365 + past / 4 - past / 100 + past / 400 - INT64_C(719162);
}

static bool civil_to_ticks(const struct civil *civil, int64_t *ticks_out)
{
    int hour = civil->hour;
    if (civil->twelve_hours) {
        if (hour < 1 || hour > 12)
            return false;
        hour = hour % 12 + (civil->afternoon ? 12 : 0);
    }
    if (civil->year < 1 || civil->year > 9999 || civil->month < 1 || civil->month > 12 ||
        civil->day < 1 || civil->day > days_in_month(civil->year, civil->month) || hour > 23 ||
        civil->minute > 59 || civil->second > 60)
        return false;
    int64_t days = days_before_year(civil->year) + civil->day - 1;
    for (int month = 1; month < civil->month; month++)
        days += days_in_month(civil->year, month);
    int64_t seconds = days * DAY_SECONDS + hour * 3600 + civil->minute * 60 + civil->second;
    *ticks_out = seconds * DUET_TICKS_PER_SECOND + civil->fraction;
    return true;
}

static bool ticks_to_civil(int64_t ticks, struct civil *civil)
{
    int64_t seconds = ticks / DUET_TICKS_PER_SECOND;
    civil->fraction = ticks % DUET_TICKS_PER_SECOND;
    if (civil->fraction < 0) {
        civil->fraction += DUET_TICKS_PER_SECOND;
        seconds--;
    }
    int64_t days = seconds / DAY_SECONDS;
    int64_t rest = seconds % DAY_SECONDS;
    if (rest < 0) {
        rest += DAY_SECONDS;
        days--;
    }
    int64_t year = 1970 + days / 366;
    while (year < 9999 && days_before_year(year + 1) <= days)
        year++;
    while (year > 1 && days_before_year(year) > days)
        year--;
    if (days < days_before_year(1) || days >= days_before_year(9999) + 365)
        return false;
    civil->year = year;
    int64_t day = days - days_before_year(year);
    civil->month = 1;
    while (day >= days_in_month(year, civil->month)) {
        day -= days_in_month(year, civil->month);
        civil->month++;
    }
    civil->day = (int)day + 1;
    civil->hour = (int)(rest / 3600);
    civil->minute = (int)(rest % 3600 / 60);
    civil->second = (int)(rest % 60);
    return true;
}

/* Reads at least `least` and at most `most` digits. */
static bool take_number(const char **at, int least, int most, int *number_out)
{
    int number = 0;
    int digits = 0;
    while (digits < most && **at >= '0' && **at <= '9') {
        number = number * 10 + (**at - '0');
        (*at)++;
        digits++;
    }
    *number_out = number;
    return digits >= least;
}

static bool take_character(const char **at, char wanted)
{
    if (**at != wanted)
        return false;
    (*at)++;
    return true;
}

/* Up to 9 digits behind the point, the eighth and ninth dropped. */
static bool take_fraction(const char **at, int64_t *ticks_out)
{
    int64_t ticks = 0;
    int64_t unit = DUET_TICKS_PER_SECOND / 10;
    int digits = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++, digits++) {
        ticks += (**at - '0') * unit;
        unit /= 10;
    }
    *ticks_out = ticks;
    return digits >= 1 && digits <= 9;
}

static bool take_offset(const char **at, int64_t *seconds_out)
{
    *seconds_out = 0;
    if (**at == 'Z' || **at == 'z') {
        (*at)++;
        return true;
    }
    int sign = **at == '+' ? 1 : -1;
    if (**at != '+' && **at != '-')
        return false;
    (*at)++;
    int hours = 0;
    int minutes = 0;
    if (!take_number(at, 2, 2, &hours))
        return false;
    if (**at == ':')
        (*at)++;
    if (!take_number(at, 2, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *seconds_out = (int64_t)sign * (hours * 3600 + minutes * 60);
    return true;
}

static bool parse_rfc3339(const char *text, int64_t *ticks_out)
{
    struct civil civil = { 0 };
    const char *at = text;
    int year = 0;
    int64_t offset = 0;
    if (!take_number(&at, 4, 4, &year) || !take_character(&at, '-') ||
        !take_number(&at, 2, 2, &civil.month) || !take_character(&at, '-') ||
        !take_number(&at, 2, 2, &civil.day))
        return false;
    civil.year = year;
    if (*at != 'T' && *at != 't' && *at != ' ')
        return false;
    at++;
    if (!take_number(&at, 2, 2, &civil.hour) || !take_character(&at, ':') ||
        !take_number(&at, 2, 2, &civil.minute) || !take_character(&at, ':') ||
        !take_number(&at, 2, 2, &civil.second))
        return false;
    if (*at == '.') {
        at++;
        if (!take_fraction(&at, &civil.fraction))
            return false;
    }
    if (!take_offset(&at, &offset) || *at || !civil_to_ticks(&civil, ticks_out))
        return false;
    *ticks_out -= offset * DUET_TICKS_PER_SECOND;
    return true;
}

static int run_length(const char *format)
{
    int length = 1;
    while (format[length] == format[0])
        length++;
    return length;
}

static bool parse_half_day(const char **at, struct civil *civil)
{
    civil->twelve_hours = true;
    civil->afternoon = **at == 'P' || **at == 'p';
    if (!civil->afternoon && **at != 'A' && **at != 'a')
        return false;
    (*at)++;
    if (**at != 'M' && **at != 'm')
        return false;
    (*at)++;
    return true;
}

/* One run of the same letter of a format against the text. */
static bool parse_run(char letter, int length, const char **at, struct civil *civil)
{
    int number = 0;
    int least = length == 1 ? 1 : length;
    switch (letter) {
    case 'y':
        if (!take_number(at, 4, 4, &number))
            return false;
        civil->year = number;
        return true;
    case 'M':
        return take_number(at, least, 2, &civil->month);
    case 'd':
        return take_number(at, least, 2, &civil->day);
    case 'H':
        return take_number(at, least, 2, &civil->hour);
    case 'h':
        civil->twelve_hours = true;
        return take_number(at, least, 2, &civil->hour);
    case 'm':
        return take_number(at, least, 2, &civil->minute);
    case 's':
        return take_number(at, least, 2, &civil->second);
    case 'f':
        return take_fraction(at, &civil->fraction);
    case 't':
        return parse_half_day(at, civil);
    }
    for (; length > 0; length--) {
        if (!take_character(at, letter))
            return false;
    }
    return true;
}

static bool parse_format(const char *format, const char *text, int64_t *ticks_out)
{
    struct civil civil = { .year = 1970, .month = 1, .day = 1 };
    const char *at = text;
    for (const char *f = format; *f;) {
        int length = run_length(f);
        if (!parse_run(*f, length, &at, &civil))
            return false;
        f += length;
    }
    return !*at && civil_to_ticks(&civil, ticks_out);
}

static bool parse_count(const char *text, int64_t ticks_per_unit, int64_t *ticks_out)
{
    char *end = NULL;
    long long count = strtoll(text, &end, 10);
    int64_t limit = INT64_MAX / ticks_per_unit;
    if (end == text || *end || count > limit || count < -limit)
        return false;
    *ticks_out = count * ticks_per_unit;
    return true;
}

bool duet_time_parse(enum duet_time_unit unit, const char *format, const char *text,
                     int64_t *ticks_out)
{
    switch (unit) {
    case DUET_TIME_RFC3339:
        return parse_rfc3339(text, ticks_out);
    case DUET_TIME_FORMAT:
        return format && parse_format(format, text, ticks_out);
    case DUET_TIME_SECONDS:
        return parse_count(text, DUET_TICKS_PER_SECOND, ticks_out);
    case DUET_TIME_MILLISECONDS:
        return parse_count(text, DUET_TICKS_PER_SECOND / 1000, ticks_out);
    case DUET_TIME_UNITS:
        break;
    }
    return false;
}

static bool print_rfc3339(const struct civil *civil, char text[DUET_TIME_TEXT_MAX])
{
    int used = snprintf(text, DUET_TIME_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d", (int)civil->year,
                        civil->month, civil->day, civil->hour, civil->minute, civil->second);
    if (civil->fraction) {
        used +=
            snprintf(text + used, DUET_TIME_TEXT_MAX - (size_t)used, ".%07d", (int)civil->fraction);
        while (text[used - 1] == '0')
            used--;
    }
    text[used] = 'Z';
    text[used + 1] = '\0';
    return true;
}

static int print_fraction(const struct civil *civil, int length, char *text, size_t size)
{
    int64_t shown = civil->fraction;
    for (int digit = length; digit < 7; digit++)
        shown /= 10;
    return snprintf(text, size, "%0*d", length > 7 ? 7 : length, (int)shown);
}

static int print_run(const struct civil *civil, char letter, int length, char *text, size_t size)
{
    int width = length == 1 ? 1 : 2;
    int half_hour = civil->hour % 12 == 0 ? 12 : civil->hour % 12;
    switch (letter) {
    case 'y':
        return snprintf(text, size, "%04d", (int)civil->year);
    case 'M':
        return snprintf(text, size, "%0*d", width, civil->month);
    case 'd':
        return snprintf(text, size, "%0*d", width, civil->day);
    case 'H':
        return snprintf(text, size, "%0*d", width, civil->hour);
    case 'h':
        return snprintf(text, size, "%0*d", width, half_hour);
    case 'm':
        return snprintf(text, size, "%0*d", width, civil->minute);
    case 's':
        return snprintf(text, size, "%0*d", width, civil->second);
    case 'f':
        return print_fraction(civil, length, text, size);
    case 't':
        return snprintf(text, size, "%s", civil->hour < 12 ? "AM" : "PM");
    }
    if ((size_t)length >= size)
        return length;
    memset(text, letter, (size_t)length);
    return length;
}

static bool print_format(const struct civil *civil, const char *format,
                         char text[DUET_TIME_TEXT_MAX])
{
    size_t used = 0;
    for (const char *f = format; *f;) {
        int length = run_length(f);
        int printed = print_run(civil, *f, length, text + used, DUET_TIME_TEXT_MAX - used);
        if (printed < 0 || used + (size_t)printed >= DUET_TIME_TEXT_MAX)
            return false;
        used += (size_t)printed;
        f += length;
    }
    text[used] = '\0';
    return true;
}

bool duet_time_print(enum duet_time_unit unit, const char *format, int64_t ticks,
                     char text[DUET_TIME_TEXT_MAX])
{
    struct civil civil = { 0 };
    switch (unit) {
    case DUET_TIME_RFC3339:
        return ticks_to_civil(ticks, &civil) && print_rfc3339(&civil, text);
    case DUET_TIME_FORMAT:
        return format && ticks_to_civil(ticks, &civil) && print_format(&civil, format, text);
    case DUET_TIME_SECONDS:
        return snprintf(text, DUET_TIME_TEXT_MAX, "%lld",
                        (long long)(ticks / DUET_TICKS_PER_SECOND)) > 0;
    case DUET_TIME_MILLISECONDS:
        return snprintf(text, DUET_TIME_TEXT_MAX, "%lld",
                        (long long)(ticks / (DUET_TICKS_PER_SECOND / 1000))) > 0;
    case DUET_TIME_UNITS:
        break;
    }
    return false;
}

int64_t duet_time_shown(enum duet_time_unit unit, const char *format, int64_t ticks)
{
    char text[DUET_TIME_TEXT_MAX];
    int64_t shown = ticks;
    if (duet_time_print(unit, format, ticks, text))
        (void)duet_time_parse(unit, format, text, &shown);
    return shown;
}
