/* Whether a mapping can work with a table of persons. */
#include <string.h>

#include "dsl/suggest.h"
#include "engine/record/persons.h"

/* --- by its name ---------------------------------------------------------------------------------------- */

/* The table of a pair; NULL: it goes by none. */
static const char *table_of(const struct duet_tables *tables, uint32_t pair)
{
    return duet_opt_str(tables, duet_pair_row(tables, duet_mapping(tables)->pairs + pair)->table);
}

/* Whether an earlier pair goes by the same one. */
static bool was_named(const struct duet_tables *tables, uint32_t pair)
{
    for (uint32_t i = 0; i < pair; i++) {
        const char *earlier = table_of(tables, i);
        if (earlier && strcmp(earlier, table_of(tables, pair)) == 0)
            return true;
    }
    return false;
}

static enum duet_status refuse_name(const struct duet_tables *tables, const char *table,
                                    struct duet_arena *arena, struct duet_error *error)
{
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    struct duet_suggest suggest = duet_suggest_start(table);
    const char *used = "";
    for (uint32_t i = 0; i < mapping->pairs_count; i++) {
        const char *name = table_of(tables, i);
        if (!name || was_named(tables, i))
            continue;
        duet_suggest_offer(&suggest, name);
        used = duet_arena_format(arena, "%s%s'%s'", used, *used ? ", " : "", name);
    }
    const char *best = duet_suggest_best(&suggest);
    return duet_fail(error, DUET_NOT_FOUND, "mapping '%s' uses no table '%s'; it uses %s%s%s%s",
                     duet_str(tables, mapping->name), table, *used ? used : "none",
                     best ? "; did you mean '" : "", best ? best : "", best ? "'?" : "");
}

/* --- by its columns -------------------------------------------------------------------------------------- */

/* "siem.login" */
static const char *column_name(const struct duet_tables *tables, const struct duet_t_field *field,
                               enum duet_side side, uint32_t key, struct duet_arena *arena)
{
    return duet_arena_format(arena, "%s.%s", duet_str(tables, duet_side_row(tables, side)->name),
                             duet_str(tables, duet_person_key_row(tables, field->keys + key)->key));
}

/* "; did you mean 'soar.login' for 'soar.logni'?", or nothing. A column of the other side isn't meant. */
static const char *meant_column(const struct duet_persons *persons, enum duet_side side,
                                const char *wanted, struct duet_arena *arena)
{
    struct duet_suggest suggest = duet_suggest_start(wanted);
    const char *header = NULL;
    for (uint32_t i = 0; (header = duet_persons_header(persons, i)) != NULL; i++) {
        if (!duet_persons_header_is(persons, i, duet_other(side)))
            duet_suggest_offer(&suggest, header);
    }
    const char *best = duet_suggest_best(&suggest);
    return best ? duet_arena_format(arena, "; did you mean '%s' for '%s'?", wanted, best) : "";
}

static enum duet_status check_side(const struct duet_persons *persons,
                                   const struct duet_tables *tables, uint32_t index,
                                   const char *name, struct duet_arena *arena,
                                   struct duet_error *error)
{
    const struct duet_t_field *field = duet_field_row(tables, index);
    enum duet_side side = duet_field_side(tables, index);
    const char *wanted = "";
    const char *meant = "";
    for (uint32_t k = 0; k < field->keys_count; k++) {
        const char *column = column_name(tables, field, side, k, arena);
        if (duet_persons_has(persons, side,
                             duet_str(tables, duet_person_key_row(tables, field->keys + k)->key)))
            return DUET_OK;
        const char *before = k == 0 ? "" : k + 1 < field->keys_count ? ", " : " or ";
        wanted = duet_arena_format(arena, "%s%s'%s'", wanted, before, column);
        if (!*meant)
            meant = meant_column(persons, side, column, arena);
    }
    return duet_fail(
        error, DUET_INVALID, "%s:1: no column that %s.%s is written by: %s; found %s%s", name,
        duet_str(tables, duet_side_row(tables, side)->name), duet_str(tables, field->name), wanted,
        duet_persons_headers(persons, arena), meant);
}

static enum duet_status check_pair(const struct duet_persons *persons,
                                   const struct duet_tables *tables, uint32_t number,
                                   const char *name, struct duet_arena *arena,
                                   struct duet_error *error)
{
    const struct duet_t_pair *pair = duet_pair_row(tables, duet_mapping(tables)->pairs + number);
    enum duet_status status = DUET_OK;
    if (pair->direction != DUET_TO_RIGHT)
        status = check_side(persons, tables, pair->left, name, arena, error);
    if (status == DUET_OK && pair->direction != DUET_TO_LEFT)
        status = check_side(persons, tables, pair->right, name, arena, error);
    return status;
}

enum duet_status duet_persons_serve(const struct duet_persons *persons,
                                    const struct duet_tables *tables, const char *table,
                                    const char *name, struct duet_error *error)
{
    struct duet_arena *arena = duet_arena_new();
    enum duet_status status = DUET_OK;
    bool is_used = false;
    for (uint32_t i = 0; status == DUET_OK && i < duet_mapping(tables)->pairs_count; i++) {
        const char *used = table_of(tables, i);
        if (!used || strcmp(used, table) != 0)
            continue;
        is_used = true;
        status = check_pair(persons, tables, i, name, arena, error);
    }
    if (!is_used)
        status = refuse_name(tables, table, arena, error);
    duet_arena_free(arena);
    return status;
}
