#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/record/times.h"

#define SECOND DUET_TICKS_PER_SECOND

static int64_t parsed(enum duet_time_unit unit, const char *format, const char *text)
{
    int64_t ticks = 0;
    assert_true(duet_time_parse(unit, format, text, &ticks));
    return ticks;
}

static void fractions_of_zero_to_nine_digits_are_read(void **data)
{
    (void)data;
    int64_t base = parsed(DUET_TIME_RFC3339, NULL, "1970-01-02T00:00:00Z");
    assert_int_equal(base, 86400 * SECOND);
    assert_int_equal(parsed(DUET_TIME_RFC3339, NULL, "1970-01-02T00:00:00.5Z"), base + SECOND / 2);
    assert_int_equal(parsed(DUET_TIME_RFC3339, NULL, "1970-01-02T00:00:00.0000001Z"), base + 1);
    assert_int_equal(parsed(DUET_TIME_RFC3339, NULL, "1970-01-02T00:00:00.000000199Z"), base + 1);
    assert_int_equal(parsed(DUET_TIME_RFC3339, NULL, "1970-01-02T01:30:00+01:30"), base);
}

static void leap_days_count(void **data)
{
    (void)data;
    assert_int_equal(parsed(DUET_TIME_RFC3339, NULL, "2000-03-01T00:00:00Z") -
                         parsed(DUET_TIME_RFC3339, NULL, "2000-02-28T00:00:00Z"),
                     2 * 86400 * SECOND);
    assert_int_equal(parsed(DUET_TIME_RFC3339, NULL, "1900-03-01T00:00:00Z") -
                         parsed(DUET_TIME_RFC3339, NULL, "1900-02-28T00:00:00Z"),
                     86400 * SECOND);
}

static void formats_are_read_and_written(void **data)
{
    (void)data;
    char text[DUET_TIME_TEXT_MAX];
    int64_t ticks = parsed(DUET_TIME_FORMAT, "yyyy-MM-dd HH:mm:ss", "2026-01-02 23:04:05");
    assert_int_equal(parsed(DUET_TIME_FORMAT, "M/d/yyyy h:mm:ss tt", "1/2/2026 11:04:05 PM"),
                     ticks);
    assert_true(duet_time_print(DUET_TIME_FORMAT, "M/d/yyyy h:mm:ss tt", ticks, text));
    assert_string_equal(text, "1/2/2026 11:04:05 PM");
    assert_true(duet_time_print(DUET_TIME_RFC3339, NULL, ticks + 5000000, text));
    assert_string_equal(text, "2026-01-02T23:04:05.5Z");
    assert_int_equal(parsed(DUET_TIME_MILLISECONDS, NULL, "1500"), SECOND + SECOND / 2);
}

static void what_is_no_time_is_refused(void **data)
{
    (void)data;
    static const char *const texts[] = { "",
                                         "2026-02-29T00:00:00Z",
                                         "2026-13-01T00:00:00Z",
                                         "2026-01-01T24:00:00Z",
                                         "2026-01-01T00:00:00",
                                         "2026-01-01T00:00:00.Z",
                                         "2026-01-01T00:00:00Zx" };
    int64_t ticks = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(duet_time_parse(DUET_TIME_RFC3339, NULL, texts[i], &ticks));
}

/* 2026-01-01T10:20:30.1234567Z, and one second before 1970. */
static void what_is_finer_than_the_form_is_cut(void **state)
{
    (void)state;
    static const int64_t ticks = INT64_C(17672628301234567);
    assert_int_equal(duet_time_shown(DUET_TIME_RFC3339, NULL, ticks), ticks);
    assert_int_equal(duet_time_shown(DUET_TIME_MILLISECONDS, NULL, ticks),
                     INT64_C(17672628301230000));
    assert_int_equal(duet_time_shown(DUET_TIME_SECONDS, NULL, ticks), INT64_C(17672628300000000));
    assert_int_equal(duet_time_shown(DUET_TIME_FORMAT, "yyyy-MM-dd HH:mm:ss", ticks),
                     INT64_C(17672628300000000));
    assert_int_equal(duet_time_shown(DUET_TIME_FORMAT, "yyyy-MM-dd HH:mm", ticks),
                     INT64_C(17672628000000000));
    assert_int_equal(duet_time_shown(DUET_TIME_SECONDS, NULL, -DUET_TICKS_PER_SECOND),
                     -DUET_TICKS_PER_SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fractions_of_zero_to_nine_digits_are_read),
        cmocka_unit_test(leap_days_count),
        cmocka_unit_test(formats_are_read_and_written),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(what_is_finer_than_the_form_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
