#include "dsl/tables_check.h"

#include <string.h>

#include "dsl/arena.h"

/* Real tables take a few thousand. */
#define MOST_STEPS (UINT64_C(1) << 24)

bool duet_check_that(struct duet_check *check, bool holds, enum duet_section section, uint32_t row,
                     const char *what)
{
    if (!holds)
        duet_fail(check->error, DUET_INVALID, "rule tables: %s %u: %s",
                  duet_section_format(section)->name, (unsigned)row, what);
    return holds;
}

bool duet_check_steps(struct duet_check *check, uint64_t count, enum duet_section section,
                      uint32_t row)
{
    bool enough = count <= check->steps_left;
    check->steps_left -= enough ? count : 0;
    return duet_check_that(check, enough, section, row, "rows are shared by too many others");
}

bool duet_check_is_own_field(const struct duet_check *check, enum duet_side side, uint32_t field)
{
    const struct duet_t_side *row = duet_side_row(check->tables, side);
    return field >= row->fields && field - row->fields < row->fields_count;
}

bool duet_check_may_be_own_field(const struct duet_check *check, enum duet_side side,
                                 uint32_t field)
{
    return field == DUET_NONE || duet_check_is_own_field(check, side, field);
}

enum duet_type duet_check_type(const struct duet_check *check, uint32_t field)
{
    return (enum duet_type)duet_field_row(check->tables, field)->type;
}

uint32_t duet_check_value_count(const struct duet_check *check, uint32_t field)
{
    const struct duet_t_enum *values =
        duet_enum_row(check->tables, duet_field_row(check->tables, field)->values);
    return values ? values->values_count : 0;
}

bool duet_check_mask_within(uint32_t lo, uint32_t hi, uint32_t count)
{
    return count >= DUET_MAX_FIELDS || duet_mask(lo, hi) >> count == 0;
}

bool duet_check_matrix(struct duet_check *check, uint32_t words, uint32_t word_count,
                       uint32_t lines, uint32_t columns)
{
    uint32_t per_line = columns / 32 + (columns % 32 != 0);
    if (word_count != (uint64_t)lines * per_line)
        return false;
    if (!duet_check_steps(check, word_count, DUET_SECTION_WORD, words))
        return false;
    for (uint32_t line = 0; columns % 32 != 0 && line < lines; line++) {
        const struct duet_t_word *last =
            duet_word_row(check->tables, words + (line + 1) * per_line - 1);
        if (last->bits >> columns % 32 != 0)
            return false;
    }
    return true;
}

const struct duet_t_setting *duet_check_setting(const struct duet_check *check, enum duet_side side,
                                                uint32_t name)
{
    const struct duet_t_side *row = duet_side_row(check->tables, side);
    for (uint32_t i = 0; i < row->settings_count; i++) {
        const struct duet_t_setting *setting = duet_setting_row(check->tables, row->settings + i);
        if (strcmp(duet_str(check->tables, setting->name), duet_str(check->tables, name)) == 0)
            return setting;
    }
    return NULL;
}

unsigned duet_check_uses_of_side(enum duet_side side)
{
    return side == DUET_LEFT ? DUET_USES_LEFT_FIELD | DUET_USES_LEFT_CLOSED |
                                   DUET_USES_LEFT_MERGED | DUET_USES_BASE
                             : DUET_USES_RIGHT_FIELD | DUET_USES_RIGHT_CLOSED |
                                   DUET_USES_RIGHT_MERGED | DUET_USES_BASE;
}

static bool check_count(struct duet_check *check, enum duet_section section, uint32_t least,
                        uint32_t most)
{
    uint32_t count = check->tables->sections[section].count;
    if (count < least || count > most)
        duet_fail(
            check->error, DUET_INVALID, "rule tables: section '%s' has %u rows, expected %u to %u",
            duet_section_format(section)->name, (unsigned)count, (unsigned)least, (unsigned)most);
    return count >= least && count <= most;
}

static bool check_counts(struct duet_check *check)
{
    uint32_t fields = 2 * DUET_MAX_FIELDS;
    return check_count(check, DUET_SECTION_SIDE, 2, 2) &&
           check_count(check, DUET_SECTION_MAPPING, 1, 1) &&
           check_count(check, DUET_SECTION_FIELD, 2, fields) &&
           check_count(check, DUET_SECTION_UNIT, 0, DUET_MAX_FIELDS) &&
           check_count(check, DUET_SECTION_PAIR, 0, fields) &&
           check_count(check, DUET_SECTION_MAP, 0, fields);
}

/* Each row of the section belongs to one side and no row to none. */
static bool is_split(const struct duet_tables *tables, enum duet_section section, uint32_t left,
                     uint32_t left_count, uint32_t right, uint32_t right_count)
{
    uint32_t count = tables->sections[section].count;
    return left_count + right_count == count &&
           ((left == 0 && right == left_count) || (right == 0 && left == right_count) ||
            (left_count == 0 && right == 0) || (right_count == 0 && left == 0));
}

static bool check_split(struct duet_check *check)
{
    const struct duet_tables *tables = check->tables;
    const struct duet_t_side *left = duet_side_row(tables, DUET_LEFT);
    const struct duet_t_side *right = duet_side_row(tables, DUET_RIGHT);
    const char *what = "rows must belong to one side each";
    return duet_check_that(check,
                           is_split(tables, DUET_SECTION_FIELD, left->fields, left->fields_count,
                                    right->fields, right->fields_count),
                           DUET_SECTION_FIELD, 0, what) &&
           duet_check_that(check,
                           is_split(tables, DUET_SECTION_RULE, left->rules, left->rules_count,
                                    right->rules, right->rules_count),
                           DUET_SECTION_RULE, 0, what) &&
           duet_check_that(check,
                           is_split(tables, DUET_SECTION_OP, left->ops, left->ops_count, right->ops,
                                    right->ops_count),
                           DUET_SECTION_OP, 0, what);
}

static bool check_all(struct duet_check *check)
{
    return check_counts(check) && check_split(check) && duet_check_plain_rows(check) &&
           duet_check_exprs(check) && duet_check_jsons(check) &&
           duet_check_record(check, DUET_LEFT) && duet_check_record(check, DUET_RIGHT) &&
           duet_check_http(check, DUET_LEFT) && duet_check_http(check, DUET_RIGHT) &&
           duet_check_mapping(check);
}

enum duet_status duet_tables_check(const struct duet_tables *tables, struct duet_error *error)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_check check = { .tables = tables, .error = error, .steps_left = MOST_STEPS };
    check.exprs = duet_arena_alloc_array(arena, tables->sections[DUET_SECTION_EXPR].count,
                                         sizeof *check.exprs);
    check.jsons = duet_arena_alloc_array(arena, tables->sections[DUET_SECTION_JSON].count,
                                         sizeof *check.jsons);
    bool sound = check_all(&check);
    duet_arena_free(arena);
    return sound ? DUET_OK : DUET_INVALID;
}
