#include "tests/torture/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/torture/judging.h"

void judge_says(struct judge *judge, unsigned statement, const char *format, ...)
{
    if (!judge->violated) {
        int used =
            snprintf(judge->text, sizeof judge->text, "statement %u, at %lld ms: ", statement,
                     (long long)world_now(judge->world));
        va_list arguments;
        va_start(arguments, format);
        (void)vsnprintf(judge->text + used, sizeof judge->text - (size_t)used, format, arguments);
        va_end(arguments);
    }
    judge->violated |= 1U << statement;
}

/* --- what agrees ------------------------------------------------------------------------------------------------- */

static bool is_pair_of(const char *const (*pairs)[2], size_t count, const char *left,
                       const char *right)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(pairs[i][0], left) == 0 && strcmp(pairs[i][1], right) == 0)
            return true;
    }
    return false;
}

bool judging_agrees(enum unit unit, const char *left, const char *right)
{
    static const char UNKNOWN[] =
        "Cyd Fox"; /* in no table of persons: such an owner is kept as he is */
    static const char *const STATUSES[][2] = { { "New", "Open" },
                                               { "Active", "In Progress" },
                                               { "Active", "On Hold" },
                                               { "Closed", "Closed" } };
    static const char *const SEVERITIES[][2] = { { "High", "High" },
                                                 { "High", "Critical" },
                                                 { "Medium", "Medium" },
                                                 { "Low", "Low" },
                                                 { "Informational", "Informational" } };
    static const char *const OWNERS[][2] = { { "aaaaaaaa-0000-4000-8000-00000000000a", "Ann Lee" },
                                             { "bbbbbbbb-0000-4000-8000-00000000000b", "Bob Ray" },
                                             { "", "System" },
                                             { "", "" } };
    switch (unit) {
    case UNIT_STATUS:
        return is_pair_of(STATUSES, 4, left, right);
    case UNIT_SEVERITY:
        return is_pair_of(SEVERITIES, 5, left, right);
    case UNIT_OWNER:
        return is_pair_of(OWNERS, 4, left, right) || strcmp(right, UNKNOWN) == 0;
    case UNIT_VERDICT:
        return strcmp(left, right) == 0;
    case UNITS:
        break;
    }
    return false;
}

/* A verdict without its comment, which a person may change alone. */
bool judging_has_arrived(enum unit unit, const char *left, const char *right)
{
    size_t length = unit == UNIT_VERDICT ? (size_t)(strrchr(left, '/') - left + 1) : 0;
    return length ? strncmp(left, right, length) == 0 : judging_agrees(unit, left, right);
}

const char *judging_unit(enum unit unit)
{
    static const char *const NAMES[UNITS] = { "status", "severity", "owner", "verdict" };
    return NAMES[unit];
}

/* --- looking ------------------------------------------------------------------------------------------------------- */

static void look_at(const struct judge *judge, unsigned p, int side, struct view *out)
{
    const struct pair *pair = &judge->pairs[p];
    if (side == SIEM)
        siem_view(judge->world->systems[SIEM], world_workspace(pair->tenant), pair->name, out);
    else
        soar_view(judge->world->systems[SOAR], pair->number, out);
}

static struct edit *live(struct judge *judge, unsigned p, int side, enum unit unit)
{
    for (size_t i = judge->edit_count; i > 0; i--) {
        struct edit *edit = &judge->edits[i - 1];
        if (edit->pair == p && edit->side == side && edit->unit == unit)
            return edit->is_replaced || edit->is_written_over ? NULL : edit;
    }
    return NULL;
}

static void note_edit(struct judge *judge, unsigned p, int side, enum unit unit, const char *value)
{
    struct edit *before = live(judge, p, side, unit);
    if (before)
        before->is_replaced = true;
    if (judge->edit_count == JUDGE_EDITS_MAX)
        return;
    struct edit *edit = &judge->edits[judge->edit_count++];
    *edit = (struct edit){ .pair = p,
                           .side = side,
                           .unit = unit,
                           .number = judge->edit_count,
                           .at_ms = world_now(judge->world) };
    (void)snprintf(edit->value, sizeof edit->value, "%s", value);
}

/* What agrees now has arrived. */
static void note_arrivals(struct judge *judge, unsigned p)
{
    const struct view *left = &judge->seen[p][SIEM];
    const struct view *right = &judge->seen[p][SOAR];
    for (unsigned u = 0; left->is_there && right->is_there && u < UNITS; u++) {
        enum unit unit = (enum unit)u;
        if (!judging_has_arrived(unit, left->values[u], right->values[u]))
            continue;
        for (int side = 0; side < WIRE_SYSTEMS; side++) {
            struct edit *edit = live(judge, p, side, unit);
            if (edit)
                edit->is_arrived = true;
        }
    }
}

static void agree_on(struct judge *judge, unsigned p, enum unit unit, const char *left,
                     const char *right)
{
    const char *const both[WIRE_SYSTEMS] = { left, right };
    if (!judging_agrees(unit, left, right))
        return;
    for (int side = 0; side < WIRE_SYSTEMS; side++) {
        char *now = judge->agreed[0][p][side].values[unit];
        if (strcmp(now, both[side]) == 0)
            continue;
        (void)snprintf(judge->agreed[1][p][side].values[unit], VIEW_SIZE, "%s", now);
        (void)snprintf(now, VIEW_SIZE, "%s", both[side]);
    }
}

static void written_over(struct judge *judge, unsigned p, int side, enum unit unit,
                         const char *value)
{
    struct edit *edit = live(judge, p, side, unit);
    const char *other = judge->read[p][!side].values[unit];
    if (edit)
        edit->is_written_over = true;
    agree_on(judge, p, unit, side == SIEM ? value : other, side == SIEM ? other : value);
    (void)snprintf(judge->read[p][side].values[unit], VIEW_SIZE, "%s", value);
}

static void note_changes(struct judge *judge, unsigned p, int side, bool is_person)
{
    struct view now;
    struct view *before = &judge->seen[p][side];
    look_at(judge, p, side, &now);
    for (unsigned u = 0; before->is_there && now.is_there && u < UNITS; u++) {
        if (strcmp(before->values[u], now.values[u]) == 0)
            continue;
        if (is_person)
            note_edit(judge, p, side, (enum unit)u, now.values[u]);
        else
            written_over(judge, p, side, (enum unit)u, now.values[u]);
    }
    if (is_person && side == SOAR && strcmp(before->values[UNIT_STATUS], "Closed") == 0 &&
        strcmp(now.values[UNIT_STATUS], "Closed") != 0)
        judge->is_reopened[p] = true;
    *before = now;
}

/* The engine made the SOAR's incident: it starts as what was read of the other one. */
static void made(struct judge *judge, unsigned p)
{
    judge->linked_ms[p] = world_now(judge->world);
    look_at(judge, p, SOAR, &judge->seen[p][SOAR]);
    judge->read[p][SOAR] = judge->seen[p][SOAR];
    for (unsigned u = 0; u < UNITS; u++)
        agree_on(judge, p, (enum unit)u, judge->read[p][SIEM].values[u],
                 judge->seen[p][SOAR].values[u]);
}

void judging_find_numbers(struct judge *judge)
{
    for (unsigned p = 0; p < SCHEDULE_PAIRS; p++) {
        struct pair *pair = &judge->pairs[p];
        if (*pair->number)
            continue;
        (void)soar_find(judge->world->systems[SOAR], pair->name, pair->number, sizeof pair->number);
        if (*pair->number)
            made(judge, p);
    }
}

void judging_engine_wrote(struct judge *judge)
{
    judging_find_numbers(judge);
    for (unsigned p = 0; p < SCHEDULE_PAIRS; p++) {
        for (int side = 0; side < WIRE_SYSTEMS; side++)
            note_changes(judge, p, side, false);
        note_arrivals(judge, p);
    }
}

/* Is it what was read before, or what both had agreed on? Who goes back to that has taken his edit back. */
static bool is_no_news(const struct judge *judge, unsigned p, int side, enum unit unit,
                       const char *value)
{
    const struct view *before = &judge->read[p][side];
    return before->is_there && (strcmp(before->values[unit], value) == 0 ||
                                strcmp(judge->agreed[0][p][side].values[unit], value) == 0 ||
                                strcmp(judge->agreed[1][p][side].values[unit], value) == 0);
}

/* Does it say the same as what the other side had agreed on? Then there is nothing to carry over. */
static bool says_the_same(const struct judge *judge, unsigned p, int side, enum unit unit,
                          const char *value)
{
    const char *other = judge->agreed[0][p][!side].values[unit];
    return judging_agrees(unit, side == SIEM ? value : other, side == SIEM ? other : value);
}

static void note_read_arrivals(struct judge *judge, unsigned p, enum unit unit)
{
    const struct view *const both = judge->read[p];
    const char *left = both[SIEM].values[unit];
    const char *right = both[SOAR].values[unit];
    if (!both[SIEM].is_there || !both[SOAR].is_there || !judging_has_arrived(unit, left, right))
        return;
    agree_on(judge, p, unit, left, right);
    for (int side = 0; side < WIRE_SYSTEMS; side++) {
        struct edit *edit = live(judge, p, side, unit);
        if (edit && edit->is_seen)
            edit->is_arrived = true;
    }
}

static void unit_was_read(struct judge *judge, unsigned p, int side, enum unit unit,
                          const struct judge_read *read)
{
    const char *value = read->views[p].values[unit];
    struct edit *edit = live(judge, p, side, unit);
    if (edit && edit->number <= read->edits) {
        edit->is_replaced = !edit->is_seen && is_no_news(judge, p, side, unit, value);
        edit->is_arrived = edit->is_arrived || says_the_same(judge, p, side, unit, value);
        edit->is_seen = true;
    }
    (void)snprintf(judge->read[p][side].values[unit], VIEW_SIZE, "%s", value);
    note_read_arrivals(judge, p, unit);
}

void judging_was_read(struct judge *judge, unsigned p, int side, const struct judge_read *read)
{
    for (unsigned u = 0; u < UNITS; u++)
        unit_was_read(judge, p, side, (enum unit)u, read);
    judge->read[p][side].is_there = read->views[p].is_there;
}

void judge_deed(struct judge *judge, const struct event *event)
{
    unsigned p = event->pair;
    for (int side = 0; side < WIRE_SYSTEMS; side++)
        note_changes(judge, p, side, true);
    note_arrivals(judge, p);
    if (event->kind == EVENT_DELETE || event->kind == EVENT_MERGE)
        judge->is_gone[p] = true;
    if (event->kind == EVENT_SIGNAL)
        judge->is_signalled[p] = true;
}

void judge_open(struct judge *judge, struct world *world)
{
    *judge = (struct judge){ .world = world };
    people_begin(world, judge->pairs);
    for (unsigned p = 0; p < SCHEDULE_PAIRS; p++)
        look_at(judge, p, SIEM, &judge->seen[p][SIEM]);
    judging_watch(judge);
}
