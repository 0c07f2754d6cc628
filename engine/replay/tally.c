#include "engine/replay/tally.h"

#include <string.h>

#include "dsl/arena.h"

struct duet_tally {
    struct duet_arena *arena;
    size_t examples;
    struct duet_tally_tenant *first, *last;
};

struct duet_tally *duet_tally_new(size_t examples)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_tally *tally = duet_arena_alloc(arena, sizeof *tally);
    tally->arena = arena;
    tally->examples = examples;
    return tally;
}

void duet_tally_free(struct duet_tally *tally)
{
    if (tally)
        duet_arena_free(tally->arena);
}

static const char *kept(struct duet_tally *tally, const char *text)
{
    return text ? duet_arena_copy_text(tally->arena, text, strlen(text)) : NULL;
}

void duet_tally_tenant(struct duet_tally *tally, const char *name)
{
    struct duet_tally_tenant *tenant = duet_arena_alloc(tally->arena, sizeof *tenant);
    tenant->name = kept(tally, name);
    if (tally->last)
        tally->last->next = tenant;
    else
        tally->first = tenant;
    tally->last = tenant;
}

/* --- rows ------------------------------------------------------------------------------------------------ */

static bool is_same_place(const struct duet_replay_place *a, const struct duet_replay_place *b)
{
    bool is_same_file = a->file && b->file ? strcmp(a->file, b->file) == 0 : a->file == b->file;
    return a->line == b->line && is_same_file;
}

static struct duet_tally_row *row_of(struct duet_tally *tally, const struct duet_altered *altered)
{
    struct duet_tally_tenant *tenant = tally->last;
    for (struct duet_tally_row *row = tenant->rows; row; row = row->next) {
        if (row->kind == altered->kind && strcmp(row->field, altered->field) == 0 &&
            is_same_place(&row->old, &altered->old) && is_same_place(&row->new, &altered->new))
            return row;
    }
    struct duet_tally_row *row = duet_arena_alloc(tally->arena, sizeof *row);
    *row = (struct duet_tally_row){
        .kind = altered->kind,
        .field = duet_arena_copy_text(tally->arena, altered->field, strlen(altered->field)),
        .old = { kept(tally, altered->old.file), altered->old.line },
        .new = { kept(tally, altered->new.file), altered->new.line },
    };
    if (tenant->last_row)
        tenant->last_row->next = row;
    else
        tenant->rows = row;
    tenant->last_row = row;
    return row;
}

static void add_example(struct duet_tally *tally, struct duet_tally_row *row,
                        const struct duet_altered *altered, const char *const keys[2])
{
    struct duet_tally_example *example = duet_arena_alloc(tally->arena, sizeof *example);
    *example = (struct duet_tally_example){ .keys = { kept(tally, keys[0]), kept(tally, keys[1]) },
                                            .stands = kept(tally, altered->stands),
                                            .was = kept(tally, altered->was),
                                            .becomes = kept(tally, altered->becomes) };
    if (row->last_example)
        row->last_example->next = example;
    else
        row->examples = example;
    row->last_example = example;
    row->example_count++;
}

void duet_tally_record(struct duet_tally *tally, const struct duet_alterations *alterations)
{
    struct duet_tally_tenant *tenant = tally->last;
    tenant->records++;
    tenant->under_way += alterations->is_under_way;
    tenant->altered += alterations->count > 0;
    for (size_t i = 0; i < alterations->count; i++) {
        struct duet_tally_row *row = row_of(tally, &alterations->list[i]);
        row->records++;
        if (row->example_count < tally->examples)
            add_example(tally, row, &alterations->list[i], alterations->keys);
    }
}

void duet_tally_bad(struct duet_tally *tally)
{
    tally->last->bad++;
}

void duet_tally_unread(struct duet_tally *tally)
{
    tally->last->unread++;
}

/* --- sums -------------------------------------------------------------------------------------------------- */

const struct duet_tally_tenant *duet_tally_tenants(const struct duet_tally *tally)
{
    return tally->first;
}

/* Does an earlier row of any tenant tell of the same field? */
static bool is_told_before(const struct duet_tally *tally, const struct duet_tally_row *row)
{
    for (const struct duet_tally_tenant *tenant = tally->first; tenant; tenant = tenant->next) {
        for (const struct duet_tally_row *other = tenant->rows; other; other = other->next) {
            if (other == row)
                return false;
            if (strcmp(other->field, row->field) == 0)
                return true;
        }
    }
    return false;
}

struct duet_tally_sum duet_tally_sum(const struct duet_tally *tally)
{
    struct duet_tally_sum sum = { 0 };
    for (const struct duet_tally_tenant *tenant = tally->first; tenant; tenant = tenant->next) {
        sum.tenants++;
        sum.tenants_altered += tenant->altered > 0;
        sum.records += tenant->records;
        sum.altered += tenant->altered;
        sum.bad += tenant->bad;
        sum.unread += tenant->unread;
        sum.under_way += tenant->under_way;
        for (const struct duet_tally_row *row = tenant->rows; row; row = row->next)
            sum.fields += !is_told_before(tally, row);
    }
    return sum;
}
