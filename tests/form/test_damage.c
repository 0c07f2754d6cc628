/* Tables that lie and are opened all the same give a form or a reason why not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/form/page.h"
#include "engine/form/schema.h"
#include "tests/support/damaged_tables.h"

static void write_forms(const struct duet_tables *tables, struct duet_arena *arena, void *out)
{
    struct duet_rules rules = { .tables = tables };
    for (unsigned side = 0; side < 2; side++) {
        struct duet_form *form = duet_form_of(&rules, (enum duet_side)side, arena);
        if (form->refused)
            continue;
        json_decref(duet_form_schema(form, arena));
        duet_form_write_page(form, arena, out);
    }
    assert_int_equal(ferror((FILE *)out), 0);
}

static void each_word_damaged_is_refused_or_a_form(void **state)
{
    (void)state;
    FILE *out = fopen("/dev/null", "w");
    assert_non_null(out);
    damaged_tables_each(write_forms, out);
    fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_word_damaged_is_refused_or_a_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
