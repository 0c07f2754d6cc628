/* How many notes stand where, as far as the journal knows: what to list, and what fits yet. */
#include <string.h>

#include "engine/fleet/notes_plan.h"

static bool is_extra(const char *origin_note)
{
    return strcmp(origin_note, DUET_NOTES_NOTICE) == 0 ||
           strstr(origin_note, DUET_NOTES_EDITION) != NULL;
}

struct standing {
    int64_t sure, perhaps;
};

/* What the journal knows to stand on a side, as a read of then would have shown it. */
static struct standing known_on(const struct duet_notes_input *input, enum duet_side side,
                                int64_t then)
{
    struct standing standing = { 0, 0 };
    for (size_t i = 0; i < input->row_count; i++) {
        const struct duet_journal_note *row = &input->rows[i];
        bool is_theirs = row->origin == side && row->part == 0 && !is_extra(row->origin_note);
        bool is_ours = row->origin != side && row->state != DUET_NOTE_INTENDED &&
                       row->state != DUET_NOTE_FOREIGN;
        bool is_sure = row->when < then && (is_theirs || row->state == DUET_NOTE_CONFIRMED);
        if (is_theirs || is_ours)
            *(is_sure ? &standing.sure : &standing.perhaps) += 1;
    }
    return standing;
}

/* --- listing ---------------------------------------------------------------------------------------------------------- */

static bool is_anything_lost(const struct duet_notes_input *input, enum duet_side target)
{
    for (size_t i = 0; i < input->row_count; i++) {
        const struct duet_journal_note *row = &input->rows[i];
        if (row->origin != target && row->state == DUET_NOTE_SENT && !row->target_note)
            return true;
    }
    return false;
}

bool duet_notes_wants_list(const struct duet_notes_input *input, enum duet_side side)
{
    const struct duet_notes_side *own = &input->sides[side];
    if (!own->can_list)
        return false;
    if (!own->is_repeatable && is_anything_lost(input, side))
        return true;
    if (!input->options->released[side] || !duet_notes_go(input, side))
        return false;
    if (own->count < 0)
        return own->read_at > own->listed_at;
    struct standing standing = known_on(input, side, own->read_at);
    int64_t least = standing.sure + own->surplus;
    return own->count < least || own->count > least + standing.perhaps;
}

/* --- what fits, and what was there -------------------------------------------------------------------------------- */

bool duet_notes_has_notice(const struct duet_notes_input *input, enum duet_side target)
{
    for (size_t i = 0; i < input->row_count; i++) {
        if (input->rows[i].origin != target &&
            strcmp(input->rows[i].origin_note, DUET_NOTES_NOTICE) == 0)
            return true;
    }
    return false;
}

int64_t duet_notes_room(const struct duet_notes_input *input, enum duet_side target,
                        const bool *found)
{
    const struct duet_notes_side *side = &input->sides[target];
    if (!side->format || side->format->max_count == 0)
        return INT64_MAX;
    int64_t then = side->list.known ? side->list_at : side->read_at;
    int64_t standing = side->list.known ? (int64_t)side->list.count : side->count;
    if (standing < 0)
        standing = known_on(input, target, INT64_MAX).sure + side->surplus;
    for (size_t i = 0; i < input->row_count; i++) {
        const struct duet_journal_note *row = &input->rows[i];
        bool was_sent = row->state == DUET_NOTE_SENT || row->state == DUET_NOTE_UNCERTAIN ||
                        row->state == DUET_NOTE_CONFIRMED;
        standing += row->origin != target && was_sent && row->when >= then && !found[i] &&
                    (side->list.known || side->count >= 0);
    }
    return (int64_t)side->format->max_count - standing;
}

int64_t duet_notes_surplus(const struct duet_notes_input *input, const struct duet_notes_plan *plan,
                           enum duet_side side)
{
    int64_t known = 0;
    for (size_t i = 0; i < input->row_count; i++) {
        const struct duet_journal_note *row = &input->rows[i];
        known += row->origin == side ? row->part == 0 && !is_extra(row->origin_note)
                                     : row->state == DUET_NOTE_CONFIRMED;
    }
    for (size_t i = 0; i < plan->put_count; i++) {
        const struct duet_notes_put *made = &plan->puts[i];
        known += made->note.origin == side
                     ? made->note.part == 0 && !is_extra(made->note.origin_note)
                     : made->note.state == DUET_NOTE_CONFIRMED && made->is_told;
    }
    return (int64_t)input->sides[side].list.count - known;
}
