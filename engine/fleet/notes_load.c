#include "engine/fleet/notes_load.h"

#include <inttypes.h>
#include <stdlib.h>

#define PAGE 200 /* rows of the journal at once */

const char *duet_notes_memory_name(const struct duet_notes_options *options, enum duet_side side,
                                   struct duet_arena *arena)
{
    return duet_arena_format(arena, "notes %" PRId64 " %d", options->link, (int)side);
}

const char *duet_notes_memory(const struct duet_notes_side *own, struct duet_arena *arena)
{
    return duet_arena_format(arena, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64, own->listed_at,
                             own->surplus, own->old, own->since);
}

/* "LISTED_AT SURPLUS OLD SINCE". */
static enum duet_status recall(const struct duet_notes_options *options, enum duet_side side,
                               struct duet_arena *arena, struct duet_notes_side *own)
{
    enum duet_status status =
        duet_journal_recall(options->journal, options->tenant,
                            duet_notes_memory_name(options, side, arena), arena, &own->remembered);
    if (status == DUET_NOT_FOUND)
        own->remembered = NULL;
    else if (status != DUET_OK)
        return status;
    int64_t *const numbers[] = { &own->listed_at, &own->surplus, &own->old, &own->since };
    const char *at = own->remembered;
    for (size_t i = 0; at && i < sizeof numbers / sizeof *numbers; i++) {
        char *behind = NULL;
        *numbers[i] = strtoll(at, &behind, 10);
        at = behind;
    }
    return DUET_OK;
}

/* Did duet make this side's record? Then nothing in it is older than the link. */
static enum duet_status was_made(const struct duet_notes_options *options, enum duet_side side,
                                 struct duet_arena *arena, bool *was_made_out)
{
    static const enum duet_ledger_kind kinds[] = { DUET_LEDGER_CREATED, DUET_LEDGER_RECOVERED };
    *was_made_out = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct duet_ledger_query wanted = { .link = options->link, .kind = &kinds[i] };
        struct duet_ledger_row *rows = NULL;
        size_t count = 0;
        enum duet_status status = duet_journal_ledger(options->journal, options->tenant, &wanted, 1,
                                                      arena, &rows, &count);
        if (status != DUET_OK)
            return status;
        *was_made_out = *was_made_out || (count > 0 && rows[0].side == side);
    }
    return DUET_OK;
}

/* Looked at for the first time: what is older than the link? All that a read from before it showed; else the record's time says it, or
 * the link's, the earlier: the two clocks may differ, and a note too many is better than one lost. */
static enum duet_status meet(const struct duet_notes_options *options, enum duet_side side,
                             struct duet_arena *arena, struct duet_notes_side *own)
{
    bool is_made = false;
    int64_t modified = options->records[side]->modified;
    enum duet_status status = was_made(options, side, arena, &is_made);
    own->old = -1;
    own->since =
        modified != 0 && modified < options->link_created ? modified : options->link_created;
    if (is_made)
        own->old = 0;
    else if (own->read_at <= options->link_created && own->list.known)
        own->old = (int64_t)own->list.count;
    else if (own->read_at <= options->link_created)
        own->old = own->count;
    return status;
}

static int64_t count_in(const struct duet_notes_options *options, enum duet_side side,
                        const struct duet_t_notes *format)
{
    if (format->count == DUET_NONE)
        return -1;
    const struct duet_value *value =
        &options->records[side]
             ->values[duet_field_number(options->rules->tables, side, format->count)];
    return value->kind == DUET_VALUE_INTEGER && value->number >= 0 ? value->number : -1;
}

static enum duet_status look_at(const struct duet_notes_options *options, enum duet_side side,
                                struct duet_arena *arena, struct duet_notes_side *own)
{
    const struct duet_tables *tables = options->rules->tables;
    const struct duet_endpoint *endpoint = options->endpoints[side];
    *own = (struct duet_notes_side){
        .format = duet_notes_row(tables, duet_side_row(tables, side)->notes),
        .can_list = duet_remote_has(endpoint, DUET_OP_LIST_NOTES),
        .can_add = duet_remote_has(endpoint, DUET_OP_ADD_NOTE),
        .is_repeatable = duet_remote_note_is_repeatable(endpoint),
        .list_at = options->read_at[side],
        .read_at = options->read_at[side],
        .count = -1,
    };
    if (!own->format)
        return DUET_OK;
    own->count = count_in(options, side, own->format);
    if (!own->can_list)
        own->list = duet_notes_in_record(options->rules, side, options->records[side], arena);
    if (own->list.count > DUET_NOTES_MOST)
        own->list = (struct duet_note_list){ 0 };
    enum duet_status status = recall(options, side, arena, own);
    if (status == DUET_OK && !own->remembered)
        status = meet(options, side, arena, own);
    return status;
}

const char *duet_notes_refusal_name(const struct duet_journal_note *row, struct duet_arena *arena)
{
    const char *const parts[] = { "refused note", duet_arena_format(arena, "%" PRId64, row->link),
                                  duet_arena_format(arena, "%d", (int)row->origin),
                                  row->origin_note, duet_arena_format(arena, "%d", row->part) };
    return duet_derived_uuid(parts, 5, arena);
}

/* Parts that were turned down are INTENDED still; what was answered stands with their intent. */
static enum duet_status load_refusals(const struct duet_notes_options *options,
                                      struct duet_arena *arena, struct duet_notes_input *input)
{
    input->refusals = duet_arena_alloc_array(arena, input->row_count + 1, sizeof *input->refusals);
    for (size_t i = 0; i < input->row_count; i++) {
        struct duet_intent intent;
        if (input->rows[i].state != DUET_NOTE_INTENDED)
            continue;
        enum duet_status status =
            duet_journal_intent(options->journal, options->tenant,
                                duet_notes_refusal_name(&input->rows[i], arena), arena, &intent);
        if (status == DUET_OK && intent.outcome == DUET_OUTCOME_REFUSED)
            input->refusals[i] = intent.text ? intent.text : "";
        else if (status != DUET_OK && status != DUET_NOT_FOUND)
            return status;
    }
    return DUET_OK;
}

static enum duet_status load_rows(const struct duet_notes_options *options,
                                  struct duet_arena *arena, struct duet_notes_input *input)
{
    struct duet_journal_note *rows = NULL;
    size_t count = 0, page = PAGE;
    while (page == PAGE) {
        struct duet_journal_note *more = NULL;
        enum duet_status status =
            duet_journal_notes(options->journal, options->tenant, options->link,
                               count > 0 ? rows[count - 1].id : 0, PAGE, arena, &more, &page);
        if (status != DUET_OK)
            return status;
        struct duet_journal_note *all =
            duet_arena_alloc_array(arena, count + page + 1, sizeof *all);
        for (size_t i = 0; i < count + page; i++)
            all[i] = i < count ? rows[i] : more[i - count];
        rows = all;
        count += page;
    }
    input->rows = rows;
    input->row_count = count;
    return load_refusals(options, arena, input);
}

enum duet_status duet_notes_load(const struct duet_notes_options *options, struct duet_arena *arena,
                                 struct duet_notes_input *input)
{
    *input = (struct duet_notes_input){ .options = options };
    for (uint32_t side = 0; side < 2; side++) {
        enum duet_status status =
            look_at(options, (enum duet_side)side, arena, &input->sides[side]);
        if (status != DUET_OK)
            return status;
    }
    return load_rows(options, arena, input);
}

enum duet_status duet_notes_meet(const struct duet_notes_options *options, enum duet_side side,
                                 struct duet_arena *arena)
{
    struct duet_notes_side own;
    if (!duet_notes_are_mapped(options))
        return DUET_OK;
    enum duet_status status = look_at(options, side, arena, &own);
    if (status != DUET_OK || own.remembered)
        return status;
    return duet_journal_remember(options->journal, options->tenant,
                                 duet_notes_memory_name(options, side, arena),
                                 duet_notes_memory(&own, arena));
}

bool duet_notes_are_mapped(const struct duet_notes_options *options)
{
    return duet_mapping(options->rules->tables)->notes != DUET_NONE;
}

bool duet_notes_due(const struct duet_notes_options *options)
{
    if (!duet_notes_are_mapped(options))
        return false;
    struct duet_arena *arena = duet_arena_new();
    struct duet_notes_input input;
    bool is_due = true;
    if (duet_notes_load(options, arena, &input) == DUET_OK &&
        !duet_notes_wants_list(&input, DUET_LEFT) && !duet_notes_wants_list(&input, DUET_RIGHT)) {
        const struct duet_notes_plan *plan = duet_notes_plan(&input, arena);
        is_due = plan->put_count > 0 || plan->send_count > 0 || plan->shown_count > 0;
        for (uint32_t side = 0; side < 2; side++)
            is_due = is_due ||
                     (!input.sides[side].remembered && duet_notes_go(&input, (enum duet_side)side));
    }
    duet_arena_free(arena);
    return is_due;
}
