#include "tests/mutants/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/incident.h"
#include "tests/lab/programs.h"
#include "tests/lab/text.h"
#include "tests/mutants/in_vain.h"

enum { ROUNDS = 6, SETTLING = 2, POST_SECONDS = 20, ALL_WRITES = 1000 };

#define SHIPPED "/mappings/sentinel-smartsoar.duet"

/* One field of the mapping by its names: in stories, and where it is edited and seen. */
struct field {
    const char *siem, *siem_set, *siem_seen;
    const char *soar, *soar_set, *soar_seen;
};

static const struct field FIELDS[] = {
    { "title", "title", "properties.title", "title", "Title", "Title" },
    { "status", "status", "properties.status", "status", "Status", "Status" },
    { "severity", "severity", "properties.severity", "severity", "Severity", "Severity" },
    { "owner", "owner", "properties.owner.objectId", "owner", "Owner", "Owner" },
    { "classification", "classification", "properties.classification", "form.classification",
      "form.Classification", "Sentinel Sync - Classification" },
    { "reason", "classificationReason", "properties.classificationReason", "form.reason",
      "form.Reason", "Sentinel Sync - Reason" },
    { "comment", "classificationComment", "properties.classificationComment", "form.comment",
      "form.Comment", "Sentinel Sync - Comment" },
};
enum { FIELD_COUNT = sizeof(FIELDS) / sizeof(FIELDS[0]) };

struct same {
    const char *story, *siem, *soar;
};

static const struct same PERSONS[] = {
    { "p0", "aaaaaaaa-0000-4000-8000-00000000000a", "Ann Lee" },
    { "p1", "bbbbbbbb-0000-4000-8000-00000000000b", "Bob Ray" },
    { "", "", "System" },
};

static const struct same STATUSES[] = {
    { "", "New", "Open" },
    { "", "Active", "In Progress" },
    { "", "Active", "On Hold" },
    { "", "Closed", "Closed" },
};

static const struct same REASONS[] = {
    { "", "InaccurateData", "Noise" },
};

/* --- a person's eye ------------------------------------------------------------------------------------------- */

static bool is_pair(const struct same *pairs, size_t count, const char *siem, const char *soar)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(pairs[i].siem, siem) == 0 && strcmp(pairs[i].soar, soar) == 0)
            return true;
    return false;
}

static bool same(const struct field *field, const char *siem, const char *soar)
{
    if (strcmp(field->siem, "status") == 0)
        return is_pair(STATUSES, sizeof(STATUSES) / sizeof(STATUSES[0]), siem, soar);
    if (strcmp(field->siem, "owner") == 0)
        return is_pair(PERSONS, sizeof(PERSONS) / sizeof(PERSONS[0]), siem, soar);
    if (strcmp(field->siem, "reason") == 0 &&
        is_pair(REASONS, sizeof(REASONS) / sizeof(REASONS[0]), siem, soar))
        return true;
    if (strcmp(field->siem, "severity") == 0 && strcmp(siem, "High") == 0 &&
        strcmp(soar, "Critical") == 0)
        return true;
    return strcmp(siem, soar) == 0;
}

static const char *seen(struct lab *lab, const struct lab_incident *incident,
                        const struct field *field, bool in_siem)
{
    return in_siem ? lab_siem_text(lab, incident, field->siem_seen)
                   : lab_soar_text(lab, incident, field->soar_seen);
}

static const json_t *told(const json_t *story, const char *when, const struct field *field,
                          bool in_siem)
{
    const json_t *side = json_object_get(json_object_get(story, when), in_siem ? "siem" : "soar");
    return json_object_get(side, in_siem ? field->siem : field->soar);
}

/* A value of the story as it is edited and seen on that side. */
static const char *word_of(const struct field *field, const json_t *value, bool in_siem)
{
    const char *text = json_string_value(value);
    if (strcmp(field->siem, "owner") != 0)
        return text ? text : "";
    for (size_t i = 0; i < sizeof(PERSONS) / sizeof(PERSONS[0]); i++)
        if (strcmp(PERSONS[i].story, text ? text : "") == 0)
            return in_siem ? PERSONS[i].siem : PERSONS[i].soar;
    return "Cyd Fox";
}

/* What isn't told hasn't changed since the records were made. */
static bool is_told(const json_t *story, const char *when, const struct field *field)
{
    return told(story, when, field, true) || told(story, when, field, false);
}

bool replay_is_fair(const json_t *story)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const struct field *field = &FIELDS[i];
        if (is_told(story, "before", field) &&
            !same(field, word_of(field, told(story, "before", field, true), true),
                  word_of(field, told(story, "before", field, false), false)))
            return false;
    }
    return json_array_size(json_object_get(story, "new")) == 0;
}

/* --- deeds ---------------------------------------------------------------------------------------------------- */

static json_t *set_of(const json_t *story, const char *when, bool in_siem)
{
    json_t *set = json_object();
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const struct field *field = &FIELDS[i];
        const json_t *value = told(story, when, field, in_siem);
        if (!value)
            continue;
        const char *word = word_of(field, value, in_siem);
        json_t *put = *word ? json_string(word) : json_null();
        if (in_siem && *word && strcmp(field->siem, "owner") == 0)
            put = json_pack("{s:o}", "objectId", put);
        json_object_set_new(set, in_siem ? field->siem_set : field->soar_set, put);
    }
    return set;
}

static void edit_siem(struct lab *lab, const struct lab_incident *incident, json_t *set)
{
    if (json_object_size(set) > 0)
        lab_do(&lab->siem, "POST", "/_sim/edit",
               json_pack("{s:s, s:s, s:O, s:b}", "workspace", lab_workspace(0), "name",
                         incident->name, "set", set, "force", 1));
    json_decref(set);
}

static void edit_soar(struct lab *lab, const struct lab_incident *incident, json_t *set)
{
    if (json_object_size(set) > 0)
        lab_do(&lab->soar, "POST", "/_sim/edit",
               json_pack("{s:s, s:s, s:O, s:b}", "number", incident->number, "author", "Cyd Fox",
                         "set", set, "force", 1));
    json_decref(set);
}

static void edit_side(struct lab *lab, const struct lab_incident *incident, const json_t *story,
                      const char *when, bool in_siem)
{
    json_t *set = set_of(story, when, in_siem);
    if (in_siem)
        edit_siem(lab, incident, set);
    else
        edit_soar(lab, incident, set);
}

static void edit_both(struct lab *lab, const struct lab_incident *incident, const json_t *story,
                      const char *when)
{
    edit_side(lab, incident, story, when, true);
    edit_side(lab, incident, story, when, false);
}

static long writes(struct lab *lab)
{
    return lab_writes(&lab->siem) + lab_writes(&lab->soar);
}

static bool stands(struct lab *lab, const struct lab_incident *incident, const json_t *story,
                   const char *when, bool in_siem)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const json_t *value = told(story, when, &FIELDS[i], in_siem);
        if (value && strcmp(word_of(&FIELDS[i], value, in_siem),
                            seen(lab, incident, &FIELDS[i], in_siem)) != 0)
            return false;
    }
    return true;
}

static bool agrees(struct lab *lab, const struct lab_incident *incident, const json_t *story,
                   const char *mark)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        char siem[256];
        snprintf(siem, sizeof(siem), "%s%s",
                 mark && strcmp(FIELDS[i].siem, "comment") == 0 ? mark : "",
                 seen(lab, incident, &FIELDS[i], true));
        if ((is_told(story, "before", &FIELDS[i]) || is_told(story, "edit", &FIELDS[i])) &&
            !same(&FIELDS[i], siem, seen(lab, incident, &FIELDS[i], false)))
            return false;
    }
    return true;
}

static void describe(struct lab *lab, const struct lab_incident *incident, struct replay *replay)
{
    size_t length = 0;
    for (size_t i = 0; i < FIELD_COUNT && length < sizeof(replay->both); i++) {
        char siem[128];
        snprintf(siem, sizeof(siem), "%s", seen(lab, incident, &FIELDS[i], true));
        length += (size_t)snprintf(replay->both + length, sizeof(replay->both) - length,
                                   "%s%s '%s' ~ '%s'", i ? ", " : "", FIELDS[i].siem, siem,
                                   seen(lab, incident, &FIELDS[i], false));
    }
}

/* A person edits what no rule maps: the engine reads the record again. */
static void touch(struct lab *lab, const struct lab_incident *incident, const char *text,
                  bool in_siem)
{
    if (in_siem)
        lab_edit_siem(lab, incident, json_pack("{s:s}", "description", text));
    else
        lab_edit_soar(lab, incident, json_pack("{s:s}", "Custom Field.CustomNote", text));
}

static void touch_both(struct lab *lab, const struct lab_incident *incident, unsigned round)
{
    char text[32];
    snprintf(text, sizeof(text), "round %u", round);
    touch(lab, incident, text, true);
    touch(lab, incident, text, false);
}

static void let_no_write_through(struct lab *lab)
{
    static const char *const COMMANDS[] = { "UpdateDynamicFieldsByNumberInBulk",
                                            "CloseIncidentInBulk", "SetIncidentFieldsInBulk" };
    lab_fault(&lab->siem, json_pack("{s:s, s:i, s:i, s:s}", "kind", "write incident", "nth", 1,
                                    "times", ALL_WRITES, "do", "503"));
    for (size_t i = 0; i < sizeof(COMMANDS) / sizeof(COMMANDS[0]); i++)
        lab_fault(&lab->soar, json_pack("{s:s, s:i, s:i, s:s}", "kind", COMMANDS[i], "nth", 1,
                                        "times", ALL_WRITES, "do", "503"));
}

/* The later side is read once more without its edit, after the other one's: so it is known which came first. */
static void edit_in_turn(struct lab *lab, const struct lab_incident *incident, const json_t *story)
{
    const char *later = json_string_value(json_object_get(story, "later"));
    bool siem_is_later = strcmp(later, "siem") == 0;
    let_no_write_through(lab);
    edit_side(lab, incident, story, "edit", !siem_is_later);
    lab_run_once(lab);
    touch(lab, incident, "between", siem_is_later);
    lab_run_once(lab);
    edit_side(lab, incident, story, "edit", siem_is_later);
    lab_fault(&lab->siem, NULL);
    lab_fault(&lab->soar, NULL);
}

static bool is_held(struct lab *lab)
{
    char *out = NULL;
    lab_duet(lab, &out, LAB_WORDS("held", "--store", lab->store, "--format", "json"));
    json_t *rows = json_loads(out, 0, NULL);
    bool held = false;
    for (size_t i = 0; i < json_array_size(rows); i++)
        held = held || strcmp(lab_text_at(json_array_get(rows, i), "what"), "held") == 0;
    json_decref(rows);
    free(out);
    return held;
}

/* --- the play ------------------------------------------------------------------------------------------------- */

static long waiting_posts(struct lab *lab)
{
    const json_t *hooks = lab_do(&lab->soar, "GET", "/_sim/hooks", NULL);
    return (long)json_integer_value(json_object_get(hooks, "waiting"));
}

static void count_round(struct lab *lab, const json_t *before, struct replay *replay)
{
    replay->rounds += writes(lab) > 0;
    replay->in_vain += in_vain_count(lab, before);
}

/* The engine listens until the SOAR's post was taken; what it hasn't done by then, the next rounds do. */
static void tell_signal(struct lab *lab, const struct lab_incident *incident, const json_t *signal,
                        struct replay *replay)
{
    json_t *before = in_vain_before(lab, incident);
    double deadline = lab_seconds() + POST_SECONDS;
    lab_reset_all_counts(lab);
    lab_start_engine(lab);
    lab_switch(&lab->soar, "outbound", "on");
    lab_signal_soar(lab, incident, lab_text_at(signal, "name"));
    while (waiting_posts(lab) > 0 && lab_seconds() < deadline)
        lab_pause();
    lab_stop_engine(lab);
    lab_switch(&lab->soar, "outbound", "off");
    count_round(lab, before, replay);
    json_decref(before);
}

static void play_round(struct lab *lab, const struct lab_incident *incident, unsigned round,
                       struct replay *replay)
{
    touch_both(lab, incident, round);
    lab_reset_all_counts(lab);
    json_t *before = in_vain_before(lab, incident);
    lab_rounds(lab, 1);
    count_round(lab, before, replay);
    json_decref(before);
}

static void play(struct lab *lab, const struct lab_incident *incident,
                 const struct replay_order *order, struct replay *replay)
{
    const json_t *story = order->story;
    for (unsigned i = 0; i < SETTLING; i++)
        lab_rounds(lab, 1);
    replay->prepared = stands(lab, incident, story, "before", true) &&
                       stands(lab, incident, story, "before", false);
    if (json_object_get(story, "later"))
        edit_in_turn(lab, incident, story);
    else
        edit_both(lab, incident, story, "edit");
    if (json_object_get(story, "signal"))
        tell_signal(lab, incident, json_object_get(story, "signal"), replay);
    unsigned quiet = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        unsigned wrote = replay->rounds;
        play_round(lab, incident, i, replay);
        quiet = replay->rounds > wrote ? 0 : quiet + 1;
    }
    replay->at_rest = quiet >= 2;
    replay->is_held = is_held(lab);
    replay->agrees = agrees(lab, incident, story, order->mark);
    for (int side = 0; side < 2; side++)
        replay->is_edited[side] = stands(lab, incident, story, "edit", side);
    describe(lab, incident, replay);
}

/* One more edit, by itself: Sentinel's status. */
static bool keeps_status(struct lab *lab, const struct lab_incident *incident, const char *word)
{
    char siem[64];
    lab_edit_siem(lab, incident, json_pack("{s:s}", "status", word));
    lab_rounds(lab, SETTLING);
    snprintf(siem, sizeof(siem), "%s", lab_siem_text(lab, incident, "properties.status"));
    return strcmp(siem, word) == 0 && is_pair(STATUSES, sizeof(STATUSES) / sizeof(STATUSES[0]),
                                              siem, lab_soar_text(lab, incident, "Status"));
}

struct replay replay_story(const struct replay_order *order)
{
    struct replay replay = { 0 };
    struct lab lab;
    lab_open(&lab,
             &(struct lab_options){ .hooks = json_object_get(order->story, "signal") != NULL });
    lab.throttling_is_ok = true;
    lab_switch(&lab.soar, "outbound", "off");
    if (order->soar_switch)
        lab_switch(&lab.soar, order->soar_switch, "on");
    struct lab_incident incident = lab_new_incident(&lab, 0, NULL);
    lab_rounds(&lab, 1);
    if (!lab_find_number(&lab, &incident))
        lab_fail("no case was made; duet said:\n%s", lab.said);
    lab_rounds(&lab, 2);
    edit_both(&lab, &incident, order->story, "before");
    char *shipped = lab_format("%s%s", lab_source_folder(), SHIPPED);
    lab_change_fleet(&lab, shipped, order->mapping);
    replay.started = lab_run_once(&lab) == 0;
    if (replay.started)
        play(&lab, &incident, order, &replay);
    if (replay.started && order->status)
        replay.keeps_status = keeps_status(&lab, &incident, order->status);
    if (!replay.started)
        snprintf(replay.said, sizeof(replay.said), "%s", lab.said);
    free(shipped);
    lab_close(&lab);
    return replay;
}
