#include "engine/fleet/notes_plan.h"

#include <string.h>

#include "engine/record/note_text.h"
#include "engine/record/times.h"

#define EDITION " (edit " /* behind the identity of a note: the same note as it was edited later */
#define DUET_NOTES_NOTICE "duet:more" /* the note that says that there are more */
#define EDITED "Edited: "

struct planning {
    const struct duet_notes_input *input;
    const struct duet_notes_options *options;
    const struct duet_tables *tables;
    const struct duet_t_note_pair *pair;
    struct duet_arena *arena;
    struct duet_notes_plan *plan;
    size_t put_room, send_room, shown_room;
    bool is_stopped[2];   /* [target] what follows waits, so that order is kept */
    size_t held[2];       /* [target] parts that the limit holds */
    const char *refused;  /* the origin note of which a part was turned down: its rest waits too */
    size_t unreleased[2]; /* [origin] notes that no trigger releases */
    int64_t room[2];      /* [target] notes that it takes yet */
    int64_t old[2];       /* [origin] notes older than the link that weren't met yet */
    bool has_notice[2];   /* [target] somebody reads there already that there is more */
};

/* --- lists that grow ------------------------------------------------------------------------------------------- */

static void *grown(struct planning *planning, void *list, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return list;
    *room = *room ? 2 * *room : 8;
    void *copy = duet_arena_alloc_array(planning->arena, *room, size);
    if (count > 0)
        memcpy(copy, list, count * size);
    return copy;
}

static struct duet_notes_put *put(struct planning *planning, const struct duet_journal_note *note)
{
    struct duet_notes_plan *plan = planning->plan;
    plan->puts =
        grown(planning, plan->puts, plan->put_count, &planning->put_room, sizeof *plan->puts);
    plan->puts[plan->put_count] = (struct duet_notes_put){ .note = *note };
    return &plan->puts[plan->put_count++];
}

static void put_told(struct planning *planning, const struct duet_journal_note *note,
                     enum duet_ledger_kind kind, const char *cause)
{
    struct duet_notes_put *told = put(planning, note);
    told->is_told = true;
    told->kind = kind;
    told->cause = cause;
}

static void show(struct planning *planning, const char *what, enum duet_side target,
                 const char *sentence)
{
    struct duet_notes_plan *plan = planning->plan;
    plan->shown =
        grown(planning, plan->shown, plan->shown_count, &planning->shown_room, sizeof *plan->shown);
    plan->shown[plan->shown_count++] =
        (struct duet_notes_shown){ .what = what, .side = target, .sentence = sentence };
}

static const char *side_name(const struct planning *planning, enum duet_side side)
{
    return duet_str(planning->tables, duet_side_row(planning->tables, side)->name);
}

/* "the note 'Call me back...' of soar" */
static const char *called(const struct planning *planning, const struct duet_journal_note *row)
{
    const char *text = duet_notes_reading(planning->input, row, planning->arena);
    return duet_arena_format(planning->arena, "the note \"%s\" of %s",
                             duet_note_start(text, 40, planning->arena),
                             side_name(planning, row->origin));
}

/* --- names of what is sent -------------------------------------------------------------------------------------------- */

/* A row for a part, with the id or the mark that tells it apart for ever. */
static struct duet_journal_note new_row(const struct planning *planning, enum duet_side origin,
                                        const char *origin_note, int part)
{
    const struct duet_notes_options *options = planning->options;
    struct duet_journal_note row = { .link = options->link,
                                     .origin = origin,
                                     .origin_note = origin_note,
                                     .part = part,
                                     .state = DUET_NOTE_INTENDED };
    const char *number = duet_arena_format(planning->arena, "%d", part);
    const char *const named[] = { "note",
                                  options->tenant->name,
                                  side_name(planning, origin),
                                  options->keys[origin],
                                  origin_note,
                                  number };
    const char *const marked[] = { "note",
                                   options->tenant->name,
                                   options->mapping,
                                   options->keys[DUET_LEFT],
                                   options->keys[DUET_RIGHT],
                                   side_name(planning, origin),
                                   origin_note,
                                   number };
    if (planning->input->sides[duet_other(origin)].is_repeatable)
        row.target_note = duet_derived_uuid(named, 6, planning->arena);
    else
        row.mark = duet_derived_mark(options->key, marked, 8, planning->arena);
    return row;
}

/* Frozen: what is sent is this text, however often it is sent. */
static void freeze(const struct planning *planning, struct duet_journal_note *row, const char *part)
{
    enum duet_note_form form = duet_notes_form(&planning->input->sides[duet_other(row->origin)]);
    row->text = row->mark ? duet_note_mark(part, form, row->mark, planning->arena) : part;
}

static uint32_t room_for_text(const struct planning *planning, enum duet_side target)
{
    const struct duet_notes_side *side = &planning->input->sides[target];
    uint32_t limit = side->format->max_length;
    if (limit == 0 || side->is_repeatable)
        return limit;
    uint32_t mark = duet_note_mark_units(duet_notes_form(side), DUET_SIGNATURE_DIGITS);
    return limit > mark ? limit - mark : 1;
}

static void send(struct planning *planning, const struct duet_journal_note *row, size_t part_count)
{
    struct duet_notes_plan *plan = planning->plan;
    plan->sends =
        grown(planning, plan->sends, plan->send_count, &planning->send_room, sizeof *plan->sends);
    plan->sends[plan->send_count++] =
        (struct duet_notes_send){ .note = *row, .part_count = part_count };
}

/* --- rows that the journal has -------------------------------------------------------------------------------------- */

static size_t parts_of(const struct duet_notes_input *input, const struct duet_journal_note *row)
{
    size_t count = 0;
    for (size_t i = 0; i < input->row_count; i++)
        count += input->rows[i].origin == row->origin &&
                 strcmp(input->rows[i].origin_note, row->origin_note) == 0;
    return count;
}

/* The part was found where it went; once, should a list show it twice. */
static void confirm(struct planning *planning, const struct duet_notes_seen *seen, bool *found)
{
    struct duet_journal_note row = planning->input->rows[seen->row];
    bool is_known = row.state == DUET_NOTE_CONFIRMED;
    if (found[seen->row] || (is_known && row.target_note)) {
        found[seen->row] = true;
        return;
    }
    found[seen->row] = true;
    if (!row.target_note)
        row.target_note = seen->identity;
    row.state = DUET_NOTE_CONFIRMED;
    if (is_known)
        (void)put(planning, &row);
    else
        put_told(planning, &row, DUET_LEDGER_RECOVERED,
                 duet_arena_format(planning->arena, "%s was found in %s", called(planning, &row),
                                   side_name(planning, duet_other(row.origin))));
}

const char *duet_notes_uncertain(const struct duet_notes_input *input,
                                 const struct duet_journal_note *row, struct duet_arena *arena)
{
    const struct duet_tables *tables = input->options->rules->tables;
    const char *text = duet_notes_reading(input, row, arena);
    return duet_arena_format(
        arena,
        "the note \"%s\" of %s was sent, its reply was lost, and %s doesn't show its notes: "
        "look whether it stands there; it isn't sent again",
        duet_note_start(text, 40, arena),
        duet_str(tables, duet_side_row(tables, row->origin)->name),
        duet_str(tables, duet_side_row(tables, duet_other(row->origin))->name));
}

/* Sent, and not found: what now? */
static void settle_lost(struct planning *planning, const struct duet_journal_note *row)
{
    enum duet_side target = duet_other(row->origin);
    const struct duet_notes_side *side = &planning->input->sides[target];
    int64_t lost = row->when < planning->options->started ? planning->options->started : row->when;
    if (side->is_repeatable || (side->list.known && side->list_at > lost)) {
        if (!planning->is_stopped[target])
            send(planning, row, parts_of(planning->input, row));
    } else if (side->can_list || side->read_at <= lost) {
        planning->plan->waiting[target]++;
        planning->is_stopped[target] = true;
        show(planning, "waiting", target,
             duet_arena_format(planning->arena,
                               "the reply to %s was lost: the next read shows whether it stands",
                               called(planning, row)));
    } else {
        struct duet_journal_note uncertain = *row;
        uncertain.state = DUET_NOTE_UNCERTAIN;
        const char *sentence = duet_notes_uncertain(planning->input, row, planning->arena);
        put_told(planning, &uncertain, DUET_LEDGER_REMARK, sentence);
        show(planning, "note uncertain", target, sentence);
    }
}

/* --- the limit -------------------------------------------------------------------------------------------------------- */

static void send_notice(struct planning *planning, enum duet_side target)
{
    enum duet_side origin = duet_other(target);
    struct duet_journal_note row = new_row(planning, origin, DUET_NOTES_NOTICE, 0);
    const char *text = duet_arena_format(
        planning->arena, "There are more notes in %s, record %s: this one holds no more than %u.",
        duet_str(planning->tables, duet_side_row(planning->tables, origin)->title),
        planning->options->keys[origin], planning->input->sides[target].format->max_count);
    struct duet_note_parts parts;
    if (!duet_note_split(text, duet_notes_form(&planning->input->sides[target]),
                         room_for_text(planning, target), planning->arena, &parts) ||
        parts.count == 0)
        return;
    freeze(planning, &row, parts.texts[0]);
    (void)put(planning, &row);
    send(planning, &row, 1);
}

/* The last free note says that there is more. False: the part is held. */
static bool has_room(struct planning *planning, enum duet_side target, const char *origin_note)
{
    bool is_notice = strcmp(origin_note, DUET_NOTES_NOTICE) == 0;
    int64_t *room = &planning->room[target];
    int64_t kept = planning->has_notice[target] ? 0 : 1;
    if (*room == INT64_MAX)
        return true;
    if (*room > kept || (is_notice && *room > 0)) {
        --*room;
        return true;
    }
    if (*room == 1 && !planning->has_notice[target]) {
        planning->has_notice[target] = true;
        *room = 0;
        send_notice(planning, target);
    }
    planning->held[target] += !is_notice;
    return false;
}

/* --- what is to be sent ---------------------------------------------------------------------------------------------------- */

/* `refusal`: what the target answered to it before; NULL: nothing. */
static void queue(struct planning *planning, const struct duet_journal_note *row, size_t part_count,
                  const char *refusal)
{
    enum duet_side target = duet_other(row->origin);
    bool is_rest =
        planning->refused && row->part > 0 && strcmp(planning->refused, row->origin_note) == 0;
    if (refusal) {
        planning->refused = row->origin_note;
        show(planning, "note held", target,
             duet_arena_format(planning->arena, "%s refused %s: %s", side_name(planning, target),
                               called(planning, row), refusal));
    }
    if (refusal || is_rest || planning->is_stopped[target])
        return;
    if (has_room(planning, target, row->origin_note))
        send(planning, row, part_count);
}

static void consider_row(struct planning *planning, size_t i)
{
    const struct duet_journal_note *row = &planning->input->rows[i];
    switch (row->state) {
    case DUET_NOTE_INTENDED:
        queue(planning, row, parts_of(planning->input, row), planning->input->refusals[i]);
        break;
    case DUET_NOTE_SENT:
        settle_lost(planning, row);
        break;
    case DUET_NOTE_UNCERTAIN:
        show(planning, "note uncertain", duet_other(row->origin),
             duet_notes_uncertain(planning->input, row, planning->arena));
        break;
    case DUET_NOTE_CONFIRMED:
    case DUET_NOTE_FOREIGN:
        break;
    }
}

/* The oldest ones are, where their number is known; else their time says it. */
static bool is_older_than_link(struct planning *planning, enum duet_side origin,
                               const struct duet_note *note)
{
    const struct duet_notes_side *side = &planning->input->sides[origin];
    if (planning->pair->from_all)
        return false;
    if (side->old >= 0)
        return planning->old[origin] > 0 && planning->old[origin]--;
    int64_t least = side->since - (int64_t)duet_mapping(planning->tables)->skew_ms *
                                      (DUET_TICKS_PER_SECOND / 1000);
    if (note->written % DUET_TICKS_PER_SECOND == 0) /* the system may show no fractions */
        least -= least % DUET_TICKS_PER_SECOND;
    return note->written != 0 && note->written < least;
}

static void put_foreign(struct planning *planning, enum duet_side origin, const char *origin_note,
                        const char *cause)
{
    const struct duet_journal_note row = { .link = planning->options->link,
                                           .origin = origin,
                                           .origin_note = origin_note,
                                           .state = DUET_NOTE_FOREIGN };
    if (cause)
        put_told(planning, &row, DUET_LEDGER_REMARK, cause);
    else
        (void)put(planning, &row);
}

/* Plain text under a new name: split, frozen, to be put and sent. */
static void intend(struct planning *planning, enum duet_side origin, const char *origin_note,
                   const char *text)
{
    enum duet_side target = duet_other(origin);
    struct duet_note_parts parts;
    bool is_fit = duet_note_split(text, duet_notes_form(&planning->input->sides[target]),
                                  room_for_text(planning, target), planning->arena, &parts);
    if (!is_fit || parts.count == 0) {
        put_foreign(planning, origin, origin_note,
                    is_fit ? "a note without text isn't sent"
                           : "a note is too long to be sent, even in parts");
        return;
    }
    size_t first = planning->plan->put_count;
    for (size_t i = 0; i < parts.count; i++) {
        struct duet_journal_note row = new_row(planning, origin, origin_note, (int)i);
        freeze(planning, &row, parts.texts[i]);
        (void)put(planning, &row);
    }
    for (size_t i = 0; i < parts.count; i++) {
        struct duet_journal_note row = planning->plan->puts[first + i].note;
        queue(planning, &row, parts.count, NULL);
    }
}

static const char *text_of(const struct planning *planning, enum duet_side origin,
                           const struct duet_note *note)
{
    const char *text = duet_note_plain(note->text, duet_notes_form(&planning->input->sides[origin]),
                                       planning->arena);
    return duet_note_unmarked(text, DUET_SIGNATURE_DIGITS, planning->arena);
}

static void consider_new(struct planning *planning, enum duet_side origin,
                         const struct duet_notes_seen *seen)
{
    if (is_older_than_link(planning, origin, seen->note))
        put_foreign(planning, origin, seen->identity, NULL);
    else if (!planning->options->released[origin])
        planning->unreleased[origin]++;
    else
        intend(planning, origin, seen->identity, text_of(planning, origin, seen->note));
}

/* --- notes that were edited -------------------------------------------------------------------------------------------------- */

static const char *edition_name(const struct planning *planning, const char *identity, unsigned n)
{
    return n == 0 ? identity
                  : duet_arena_format(planning->arena, "%s" DUET_NOTES_EDITION "%u)", identity, n);
}

static const struct duet_journal_note *part_of(const struct planning *planning,
                                               enum duet_side origin, const char *name, size_t part)
{
    for (size_t i = 0; i < planning->input->row_count; i++) {
        const struct duet_journal_note *row = &planning->input->rows[i];
        if (row->origin == origin && row->part == (int)part && strcmp(row->origin_note, name) == 0)
            return row;
    }
    return NULL;
}

/* Do the parts under this name read as the text would today? */
static bool reads_as(const struct planning *planning, enum duet_side origin, const char *name,
                     const struct duet_note_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        const struct duet_journal_note *row = part_of(planning, origin, name, i);
        if (!row)
            return false;
        struct duet_journal_note wanted = *row;
        wanted.text = parts->texts[i];
        if (!duet_note_same(duet_notes_reading(planning->input, row, planning->arena),
                            duet_notes_reading(planning->input, &wanted, planning->arena)))
            return false;
    }
    return part_of(planning, origin, name, parts->count) == NULL;
}

static void consider_edit(struct planning *planning, enum duet_side origin,
                          const struct duet_notes_seen *seen)
{
    enum duet_side target = duet_other(origin);
    unsigned last = 0;
    while (part_of(planning, origin, edition_name(planning, seen->identity, last + 1), 0))
        last++;
    const char *plain = text_of(planning, origin, seen->note);
    const char *edited = duet_arena_format(planning->arena, EDITED "%s", plain);
    struct duet_note_parts parts;
    bool is_fit = duet_note_split(last == 0 ? plain : edited,
                                  duet_notes_form(&planning->input->sides[target]),
                                  room_for_text(planning, target), planning->arena, &parts);
    if (is_fit && parts.count > 0 &&
        !reads_as(planning, origin, edition_name(planning, seen->identity, last), &parts))
        intend(planning, origin, edition_name(planning, seen->identity, last + 1), edited);
}

/* --- the whole --------------------------------------------------------------------------------------------------------------- */

static bool is_repeated(const struct duet_notes_seen *seen, size_t at)
{
    for (size_t i = at; i-- > 0 && seen[i].note->written == seen[at].note->written;) {
        if (strcmp(seen[i].identity, seen[at].identity) == 0)
            return true;
    }
    return false;
}

static void consider_side(struct planning *planning, enum duet_side origin,
                          const struct duet_notes_seen *seen)
{
    size_t count = planning->input->sides[origin].list.count;
    for (size_t i = 0; i < count; i++) {
        bool is_new = seen[i].row == SIZE_MAX && !is_repeated(seen, i);
        if (is_new)
            consider_new(planning, origin, &seen[i]);
        else if (seen[i].row != SIZE_MAX && !seen[i].is_ours && planning->pair->append_edits &&
                 planning->options->released[origin] &&
                 planning->input->rows[seen[i].row].state != DUET_NOTE_FOREIGN)
            consider_edit(planning, origin, &seen[i]);
    }
}

static void show_what_waits(struct planning *planning, enum duet_side side)
{
    enum duet_side other = duet_other(side);
    if (planning->held[side] > 0)
        show(planning, "note held", side,
             duet_arena_format(
                 planning->arena, "%zu of the notes of %s wait: %s takes no more than %u a record",
                 planning->held[side], side_name(planning, other), side_name(planning, side),
                 planning->input->sides[side].format->max_count));
    if (planning->unreleased[other] > 0)
        show(planning, "pending", side,
             duet_arena_format(planning->arena,
                               "%zu of the notes of %s wait: no trigger releases them",
                               planning->unreleased[other], side_name(planning, other)));
}

struct duet_notes_plan *duet_notes_plan(const struct duet_notes_input *input,
                                        struct duet_arena *arena)
{
    const struct duet_tables *tables = input->options->rules->tables;
    struct planning planning = { .input = input,
                                 .options = input->options,
                                 .tables = tables,
                                 .pair = duet_note_pair_row(tables, duet_mapping(tables)->notes),
                                 .arena = arena,
                                 .plan = duet_arena_alloc(arena, sizeof *planning.plan) };
    if (!planning.pair)
        return planning.plan;
    bool *found = duet_arena_alloc_array(arena, input->row_count + 1, sizeof *found);
    struct duet_notes_seen *seen[2];
    for (uint32_t side = 0; side < 2; side++) {
        seen[side] = duet_notes_see(input, (enum duet_side)side, arena);
        for (size_t i = 0; i < input->sides[side].list.count; i++) {
            if (!seen[side][i].is_ours)
                continue;
            confirm(&planning, &seen[side][i], found);
        }
    }
    for (uint32_t side = 0; side < 2; side++) {
        planning.room[side] = duet_notes_room(input, (enum duet_side)side, found);
        planning.has_notice[side] = duet_notes_has_notice(input, (enum duet_side)side);
        planning.old[side] = input->sides[side].old;
    }
    for (size_t i = 0; i < input->row_count; i++) {
        planning.old[input->rows[i].origin] -= input->rows[i].state == DUET_NOTE_FOREIGN;
        if (!found[i] && duet_notes_go(input, input->rows[i].origin))
            consider_row(&planning, i);
    }
    for (uint32_t side = 0; side < 2; side++) {
        if (duet_notes_go(input, (enum duet_side)side))
            consider_side(&planning, (enum duet_side)side, seen[side]);
    }
    for (uint32_t side = 0; side < 2; side++) {
        show_what_waits(&planning, (enum duet_side)side);
        planning.plan->surplus[side] =
            duet_notes_surplus(input, planning.plan, (enum duet_side)side);
    }
    return planning.plan;
}
