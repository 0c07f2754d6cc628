/* Whose the notes are that stand on a side. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/fleet/notes_plan.h"
#include "engine/record/note_text.h"

bool duet_notes_go(const struct duet_notes_input *input, enum duet_side origin)
{
    const struct duet_tables *tables = input->options->rules->tables;
    const struct duet_t_note_pair *pair = duet_note_pair_row(tables, duet_mapping(tables)->notes);
    if (!pair || !input->sides[origin].format || !input->sides[duet_other(origin)].can_add)
        return false;
    return pair->direction == DUET_BOTH_WAYS ||
           pair->direction == (origin == DUET_LEFT ? DUET_TO_RIGHT : DUET_TO_LEFT);
}

enum duet_note_form duet_notes_form(const struct duet_notes_side *side)
{
    return side->format && side->format->html ? DUET_NOTE_HTML : DUET_NOTE_PLAIN;
}

const char *duet_notes_reading(const struct duet_notes_input *input,
                               const struct duet_journal_note *row, struct duet_arena *arena)
{
    const char *text = duet_note_plain(
        row->text ? row->text : "", duet_notes_form(&input->sides[duet_other(row->origin)]), arena);
    return duet_note_unmarked(text, DUET_SIGNATURE_DIGITS, arena);
}

/* --- identities ------------------------------------------------------------------------------------------------ */

struct placed {
    const struct duet_note *note;
    size_t place; /* in the order in which the system seems to have taken them */
};

static int by_age(const void *a, const void *b)
{
    const struct placed *one = a, *other = b;
    if (one->note->written != other->note->written)
        return one->note->written < other->note->written ? -1 : 1;
    return one->place < other->place ? -1 : 1;
}

/* A list may begin with the newest: an ordinal must be the same after a note was added. */
static struct placed *place(const struct duet_note_list *list, struct duet_arena *arena)
{
    struct placed *placed = duet_arena_alloc_array(arena, list->count + 1, sizeof *placed);
    bool is_newest_first =
        list->count > 1 && list->notes[0].written > list->notes[list->count - 1].written;
    for (size_t i = 0; i < list->count; i++)
        placed[i] = (struct placed){ .note = &list->notes[i],
                                     .place = is_newest_first ? list->count - i : i };
    qsort(placed, list->count, sizeof *placed, by_age);
    return placed;
}

static bool is_alike(const struct duet_note *a, const struct duet_note *b)
{
    return a->written == b->written && !a->id && !b->id &&
           strcmp(a->author ? a->author : "", b->author ? b->author : "") == 0;
}

/* Equals stand next to each other as far as their time goes. */
static size_t ordinal(const struct placed *placed, size_t at)
{
    size_t count = 0;
    for (size_t i = at; i-- > 0 && placed[i].note->written == placed[at].note->written;)
        count += is_alike(placed[i].note, placed[at].note);
    return count;
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

struct matching {
    const struct duet_notes_input *input;
    enum duet_side side;
    struct duet_arena *arena;
    struct duet_notes_seen *seen;
    size_t count;
    bool *taken;        /* one a row: bound to a note that was seen */
    bool marks_survive; /* some note carries a mark of ours */
};

/* Does the row tell of a part that went to this side? */
static bool went_here(const struct matching *match, size_t row)
{
    return match->input->rows[row].origin != match->side;
}

static void bind(struct matching *match, size_t note, size_t row)
{
    match->seen[note].row = row;
    match->seen[note].is_ours = true;
    match->taken[row] = true;
}

/* Ids that we chose are UUIDs, which a system may answer in capitals. */
static bool is_named(const struct matching *match, const struct duet_journal_note *row,
                     const char *identity)
{
    if (!row->target_note)
        return false;
    return match->input->sides[match->side].is_repeatable
               ? strcasecmp(row->target_note, identity) == 0
               : strcmp(row->target_note, identity) == 0;
}

static void match_names(struct matching *match, size_t note)
{
    struct duet_notes_seen *seen = &match->seen[note];
    for (size_t i = 0; i < match->input->row_count && seen->row == SIZE_MAX; i++) {
        const struct duet_journal_note *row = &match->input->rows[i];
        if (went_here(match, i) && is_named(match, row, seen->identity))
            bind(match, note, i);
        else if (!went_here(match, i) && strcmp(row->origin_note, seen->identity) == 0)
            seen->row = i;
    }
}

static size_t row_with_mark(const struct matching *match, const char *mark)
{
    for (size_t i = 0; i < match->input->row_count; i++) {
        const struct duet_journal_note *row = &match->input->rows[i];
        if (went_here(match, i) && row->mark && strcmp(row->mark, mark) == 0)
            return i;
    }
    return SIZE_MAX;
}

static bool reads_like(const struct matching *match, size_t note, size_t row)
{
    const char *text =
        duet_note_plain(match->seen[note].note->text,
                        duet_notes_form(&match->input->sides[match->side]), match->arena);
    text = duet_note_unmarked(text, DUET_SIGNATURE_DIGITS, match->arena);
    return duet_note_same(text,
                          duet_notes_reading(match->input, &match->input->rows[row], match->arena));
}

/* First those that still read as they were sent: between our note and one that quotes it, it is ours. */
static void match_marks(struct matching *match, size_t note, bool is_exact)
{
    const char *at = match->seen[note].note->text;
    const char *mark = duet_note_next_mark(&at, DUET_SIGNATURE_DIGITS, match->arena);
    for (; mark; mark = duet_note_next_mark(&at, DUET_SIGNATURE_DIGITS, match->arena)) {
        size_t row = row_with_mark(match, mark);
        if (row == SIZE_MAX)
            continue;
        match->marks_survive = true;
        if (match->seen[note].row == SIZE_MAX && !match->taken[row] &&
            (!is_exact || reads_like(match, note, row)))
            bind(match, note, row);
    }
}

/* For systems that throw marks away: each part that was sent and not found stands for one note of the same reading. */
static void match_readings(struct matching *match, size_t note)
{
    for (size_t i = 0; i < match->input->row_count && match->seen[note].row == SIZE_MAX; i++) {
        const struct duet_journal_note *row = &match->input->rows[i];
        bool was_sent = row->state == DUET_NOTE_SENT || row->state == DUET_NOTE_CONFIRMED ||
                        row->state == DUET_NOTE_UNCERTAIN;
        if (went_here(match, i) && !match->taken[i] && was_sent && !row->target_note &&
            reads_like(match, note, i))
            bind(match, note, i);
    }
}

struct duet_notes_seen *duet_notes_see(const struct duet_notes_input *input, enum duet_side side,
                                       struct duet_arena *arena)
{
    const struct duet_note_list *list = &input->sides[side].list;
    struct placed *placed = place(list, arena);
    struct matching match = {
        .input = input,
        .side = side,
        .arena = arena,
        .seen = duet_arena_alloc_array(arena, list->count + 1, sizeof *match.seen),
        .count = list->count,
        .taken = duet_arena_alloc_array(arena, input->row_count + 1, sizeof *match.taken),
    };
    for (size_t i = 0; i < match.count; i++) {
        const struct duet_note *note = placed[i].note;
        match.seen[i] = (struct duet_notes_seen){ .note = note, .row = SIZE_MAX };
        match.seen[i].identity = note->id ? note->id
                                          : duet_arena_format(arena, "%s|%" PRId64 "|%zu",
                                                              note->author ? note->author : "",
                                                              note->written, ordinal(placed, i));
        match_names(&match, i);
    }
    for (size_t i = 0; i < match.count; i++)
        match_marks(&match, i, true);
    for (size_t i = 0; i < match.count; i++)
        match_marks(&match, i, false);
    for (size_t i = 0; i < match.count && !match.marks_survive; i++)
        match_readings(&match, i);
    return match.seen;
}
