#include "tests/sim/instant.h"

#include <stdio.h>
#include <string.h>

struct civil {
    int64_t year;
    int month, day, hour, minute, second;
    int weekday; /* 0 = Sunday */
    int fraction;
};

static const char *const MONTHS[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char *const WEEKDAYS[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };

/* Days since 1970-01-01 of a Gregorian date; years start in March so that leap days come last. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2 ? 1 : 0;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static int64_t floor_divide(int64_t value, int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

static struct civil civil_from_ticks(int64_t ticks)
{
    int64_t seconds = floor_divide(ticks, SIM_TICKS_PER_SECOND);
    int64_t days = floor_divide(seconds, 86400);
    int64_t left = seconds - days * 86400;
    int64_t shifted = days + 719468;
    int64_t era = floor_divide(shifted, 146097);
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t part = (5 * day_of_year + 2) / 153;
    int month = (int)(part < 10 ? part + 3 : part - 9);
    return (struct civil){
        .year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
        .month = month,
        .day = (int)(day_of_year - (153 * part + 2) / 5 + 1),
        .hour = (int)(left / 3600),
        .minute = (int)(left / 60 % 60),
        .second = (int)(left % 60),
        .weekday = (int)(days - floor_divide(days + 4, 7) * 7 + 4),
        .fraction = (int)(ticks - seconds * SIM_TICKS_PER_SECOND),
    };
}

static bool read_number(const char **at, int digits, int *value_out)
{
    int value = 0;
    for (int i = 0; i < digits; i++) {
        char c = (*at)[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *at += digits;
    *value_out = value;
    return true;
}

static bool read_char(const char **at, char expected)
{
    if (**at != expected)
        return false;
    (*at)++;
    return true;
}

static bool read_fraction(const char **at, int *ticks_out)
{
    int ticks = 0;
    int digits = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++, digits++)
        if (digits < 7)
            ticks = ticks * 10 + (**at - '0');
    if (digits < 1 || digits > 9)
        return false;
    for (; digits < 7; digits++)
        ticks *= 10;
    *ticks_out = ticks;
    return true;
}

static bool read_offset(const char **at, int *minutes_out)
{
    char sign = **at;
    int hours = 0;
    int minutes = 0;
    *minutes_out = 0;
    if (sign == '\0')
        return true;
    if (read_char(at, 'Z') || read_char(at, 'z'))
        return true;
    if (sign != '+' && sign != '-')
        return false;
    (*at)++;
    if (!read_number(at, 2, &hours) || !read_char(at, ':') || !read_number(at, 2, &minutes))
        return false;
    *minutes_out = (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

static bool is_date(const struct civil *c)
{
    static const int LENGTHS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (c->month < 1 || c->month > 12 || c->hour > 23 || c->minute > 59 || c->second > 59)
        return false;
    bool leap = c->year % 4 == 0 && (c->year % 100 != 0 || c->year % 400 == 0);
    int length = LENGTHS[c->month - 1] + (c->month == 2 && leap ? 1 : 0);
    return c->day >= 1 && c->day <= length;
}

bool sim_instant_parse(const char *text, int64_t *ticks_out)
{
    struct civil c = { 0 };
    int year = 0;
    int offset = 0;
    const char *at = text;
    if (!read_number(&at, 4, &year) || !read_char(&at, '-') || !read_number(&at, 2, &c.month) ||
        !read_char(&at, '-') || !read_number(&at, 2, &c.day))
        return false;
    if (!read_char(&at, 'T') && !read_char(&at, 't') && !read_char(&at, ' '))
        return false;
    if (!read_number(&at, 2, &c.hour) || !read_char(&at, ':') || !read_number(&at, 2, &c.minute) ||
        !read_char(&at, ':') || !read_number(&at, 2, &c.second))
        return false;
    if (read_char(&at, '.') && !read_fraction(&at, &c.fraction))
        return false;
    if (!read_offset(&at, &offset) || *at != '\0')
        return false;
    c.year = year;
    if (!is_date(&c))
        return false;
    int64_t seconds = days_from_civil(year, c.month, c.day) * 86400 + c.hour * 3600 +
                      c.minute * 60 + c.second - (int64_t)offset * 60;
    *ticks_out = seconds * SIM_TICKS_PER_SECOND + c.fraction;
    return true;
}

int64_t sim_instant_truncate(int64_t ticks, int digits)
{
    int64_t unit = 1;
    for (int i = digits; i < 7; i++)
        unit *= 10;
    return floor_divide(ticks, unit) * unit;
}

void sim_instant_rfc3339(int64_t ticks, int digits, char out[SIM_INSTANT_SIZE])
{
    struct civil c = civil_from_ticks(sim_instant_truncate(ticks, digits));
    int used = snprintf(out, SIM_INSTANT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%07d", (int)c.year,
                        c.month, c.day, c.hour, c.minute, c.second, c.fraction);
    while (out[used - 1] == '0')
        used--;
    if (out[used - 1] == '.')
        used--;
    out[used] = 'Z';
    out[used + 1] = '\0';
}

void sim_instant_format(int64_t ticks, enum sim_instant_style style, char out[SIM_INSTANT_SIZE])
{
    struct civil c = civil_from_ticks(ticks);
    int hour12 = c.hour % 12 == 0 ? 12 : c.hour % 12;
    const char *half = c.hour < 12 ? "AM" : "PM";
    switch (style) {
    case SIM_INSTANT_PLAIN:
        snprintf(out, SIM_INSTANT_SIZE, "%04d-%02d-%02d %02d:%02d:%02d", (int)c.year, c.month,
                 c.day, c.hour, c.minute, c.second);
        break;
    case SIM_INSTANT_US:
        snprintf(out, SIM_INSTANT_SIZE, "%d/%d/%04d %d:%02d:%02d %s", c.month, c.day, (int)c.year,
                 hour12, c.minute, c.second, half);
        break;
    case SIM_INSTANT_US_ZONE:
        snprintf(out, SIM_INSTANT_SIZE, "%02d/%02d/%04d %02d:%02d %s UTC", c.month, c.day,
                 (int)c.year, hour12, c.minute, half);
        break;
    case SIM_INSTANT_HTTP:
        snprintf(out, SIM_INSTANT_SIZE, "%s, %02d %s %04d %02d:%02d:%02d GMT", WEEKDAYS[c.weekday],
                 c.day, MONTHS[c.month - 1], (int)c.year, c.hour, c.minute, c.second);
        break;
    case SIM_INSTANT_DAY:
        snprintf(out, SIM_INSTANT_SIZE, "%04d%02d%02d", (int)c.year, c.month, c.day);
        break;
    }
}
