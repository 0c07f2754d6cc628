/* Tables that lie and are opened all the same can be drawn: a file of tables may come from anywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/graph/dot.h"
#include "engine/graph/svg.h"
#include "tests/support/damaged_tables.h"

static void draw(const struct duet_tables *tables, struct duet_arena *arena, void *out)
{
    struct duet_picture picture = duet_picture_of(tables, arena);
    duet_graph_write_svg(&picture, out);
    duet_graph_write_dot(tables, arena, out);
    assert_int_equal(ferror((FILE *)out), 0);
}

static void each_word_damaged_is_refused_or_drawn(void **state)
{
    (void)state;
    FILE *out = fopen("/dev/null", "w");
    assert_non_null(out);
    damaged_tables_each(draw, out);
    fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_word_damaged_is_refused_or_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
