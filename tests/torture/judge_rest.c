#include "tests/torture/judging.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#define MAPPING "sentinel_smartsoar"
enum { LEDGER_MAX = 400 };

/* What the store shows to people of one pair. */
struct shown {
    struct duet_arena *arena;
    struct duet_owner owner;
    bool is_linked;
    struct duet_journal_link link;
    json_t *list; /* of what is shown */
    struct duet_ledger_row *ledger;
    size_t ledger_count;
};

static void look_up(const struct judge *judge, const struct pair *pair, struct shown *out)
{
    struct duet_journal *journal = judge->world->journal;
    *out = (struct shown){ .arena = duet_arena_new(),
                           .owner = { DUET_OWNER_TENANT, world_tenant(pair->tenant), 0 } };
    out->is_linked = duet_journal_link_by_key(journal, &out->owner, MAPPING, DUET_LEFT, pair->name,
                                              out->arena, &out->link) == DUET_OK;
    const struct duet_ledger_query wanted = { .key = pair->name };
    (void)duet_journal_ledger(journal, &out->owner, &wanted, LEDGER_MAX, out->arena, &out->ledger,
                              &out->ledger_count);
    out->list = out->is_linked ? json_loads(out->link.shown, 0, NULL) : NULL;
}

static void forget(struct shown *shown)
{
    json_decref(shown->list);
    duet_arena_free(shown->arena);
}

static bool is_shown(const struct shown *shown, const char *name)
{
    size_t at = 0;
    const json_t *thing = NULL;
    json_array_foreach(shown->list, at, thing)
    {
        const char *own = json_string_value(json_object_get(thing, "name"));
        if (own && strcmp(own, name) == 0)
            return true;
    }
    return shown->is_linked && (shown->link.gone[0] || shown->link.gone[1] || shown->link.buried);
}

/* --- 1: edits ------------------------------------------------------------------------------------------------------- */

/* Its first part that says something, as the ledger would name it. */
static bool names_value(const char *text, const struct edit *edit)
{
    size_t length = strcspn(edit->value, "/");
    if (!text)
        return false;
    if (edit->unit == UNIT_OWNER || length == 0)
        return true;
    for (const char *at = text; *at; at++) {
        if (strncmp(at, edit->value, length) == 0)
            return true;
    }
    return false;
}

static bool is_kept(const struct shown *shown, const struct edit *edit)
{
    for (size_t i = 0; i < shown->ledger_count; i++) {
        const struct duet_ledger_row *row = &shown->ledger[i];
        bool is_conflict =
            row->kind == DUET_LEDGER_CONFLICT || row->kind == DUET_LEDGER_FIRST_CONTACT;
        if (is_conflict && row->field && strcmp(row->field, judging_unit(edit->unit)) == 0 &&
            names_value(row->lost, edit))
            return true;
    }
    return false;
}

static bool may_go(const struct judge *judge, const struct edit *edit)
{
    return judge->is_gone[edit->pair] || (edit->side == SOAR && judge->is_signalled[edit->pair]) ||
           (edit->unit == UNIT_VERDICT && judge->is_reopened[edit->pair]);
}

static void judge_edit(struct judge *judge, const struct shown *shown, const struct edit *edit)
{
    if (!edit->is_seen || edit->is_arrived || edit->is_replaced || may_go(judge, edit) ||
        !judge->linked_ms[edit->pair])
        return;
    if (edit->is_written_over ? is_kept(shown, edit) : is_shown(shown, judging_unit(edit->unit)))
        return;
    judge_says(judge, 1, "%s of %s, set to '%s' at %lld ms on side %d, %s",
               judging_unit(edit->unit), judge->pairs[edit->pair].name, edit->value,
               (long long)edit->at_ms, edit->side,
               edit->is_written_over ? "was written over, and no conflict keeps it"
                                     : "stands on one side alone, and nobody is told");
}

/* --- 4: agreement --------------------------------------------------------------------------------------------------- */

static void judge_agreement(struct judge *judge, const struct shown *shown, unsigned p)
{
    const struct view *left = &judge->seen[p][SIEM];
    const struct view *right = &judge->seen[p][SOAR];
    if (judge->is_gone[p] || !left->is_there || !right->is_there)
        return;
    for (unsigned u = 0; u < UNITS; u++) {
        enum unit unit = (enum unit)u;
        if (!judging_agrees(unit, left->values[u], right->values[u]) &&
            !is_shown(shown, judging_unit(unit)))
            judge_says(judge, 4, "%s of %s is '%s' and '%s', and nobody is told",
                       judging_unit(unit), judge->pairs[p].name, left->values[u], right->values[u]);
    }
}

/* --- 2: notes --------------------------------------------------------------------------------------------------------- */

static void judge_notes(struct judge *judge, const struct shown *shown, unsigned p)
{
    const struct pair *pair = &judge->pairs[p];
    for (unsigned n = 1; n <= pair->notes && !judge->is_gone[p]; n++) {
        char text[VIEW_SIZE];
        people_note_text(pair, n, text, sizeof text);
        size_t left = siem_notes(judge->world->systems[SIEM], world_workspace(pair->tenant),
                                 pair->name, text);
        size_t right = soar_notes(judge->world->systems[SOAR], pair->number, text);
        if (left > 1 || right > 1)
            judge_says(judge, 2, "'%s' stands %zu and %zu times", text, left, right);
        else if (judge->linked_ms[p] && (left != 1 || right != 1) && !is_shown(shown, "notes") &&
                 right == 1)
            judge_says(judge, 2, "'%s' stands %zu and %zu times, and nobody is told", text, left,
                       right);
    }
}

/* --- 11: secrets ------------------------------------------------------------------------------------------------------- */

static void judge_secrets(struct judge *judge)
{
    const char *canary = NULL;
    (void)fflush(judge->world->log_stream);
    for (size_t i = 0; (canary = world_canary(i)) != NULL; i++) {
        if (judge->world->log_text && strstr(judge->world->log_text, canary))
            judge_says(judge, 11, "a secret stands in the log");
    }
}

static const char *or_nothing(const char *text)
{
    return text ? text : "";
}

void judge_tell_ledger(const struct judge *judge, FILE *out)
{
    for (unsigned p = 0; p < SCHEDULE_PAIRS; p++) {
        struct shown shown;
        look_up(judge, &judge->pairs[p], &shown);
        fprintf(out, "pair %u: %s, %s\n", p, judge->pairs[p].name, judge->pairs[p].number);
        for (size_t i = shown.ledger_count; i > 0; i--) {
            const struct duet_ledger_row *row = &shown.ledger[i - 1];
            fprintf(out, "  %s %s: '%s' -> '%s', lost '%s' (%s)\n", duet_ledger_name(row->kind),
                    or_nothing(row->field), or_nothing(row->from), or_nothing(row->to),
                    or_nothing(row->lost), or_nothing(row->cause));
        }
        forget(&shown);
    }
}

void judge_rest(struct judge *judge)
{
    for (unsigned p = 0; p < SCHEDULE_PAIRS; p++) {
        struct shown shown;
        char number[48];
        look_up(judge, &judge->pairs[p], &shown);
        if (soar_find(judge->world->systems[SOAR], judge->pairs[p].name, number, sizeof number) > 1)
            judge_says(judge, 2, "%s was made twice", judge->pairs[p].name);
        for (size_t i = 0; i < judge->edit_count; i++) {
            if (judge->edits[i].pair == p)
                judge_edit(judge, &shown, &judge->edits[i]);
        }
        judge_agreement(judge, &shown, p);
        judge_notes(judge, &shown, p);
        forget(&shown);
    }
    judge_secrets(judge);
}
