#include "tests/sim/smartsoar/change.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/instant.h"
#include "tests/sim/text.h"

enum { TITLE_MAX = 100 };

static const char *const STATUSES[] = { "Open", "In Progress", "On Hold", "Closed", NULL };
static const char *const SEVERITIES[] = {
    "Critical", "High", "Medium", "Low", "Informational", NULL
};
static const char *const CLASSIFICATIONS[] = { "Undetermined", "TruePositive", "BenignPositive",
                                               "FalsePositive", NULL };
static const char *const REASONS[] = { "SuspiciousActivity", "SuspiciousButExpected",
                                       "IncorrectAlertLogic", "InaccurateData", NULL };
static const char *const LEGAL[][2] = { { "TruePositive", "SuspiciousActivity" },
                                        { "BenignPositive", "SuspiciousButExpected" },
                                        { "FalsePositive", "IncorrectAlertLogic" },
                                        { "FalsePositive", "InaccurateData" } };

/* Names of writes that differ from those of rows. */
static const char *const ALIASES[][2] = { { "SeverityName", "Severity" },
                                          { "IncidentType", "IR Type" },
                                          { "SiteName", "Site" },
                                          { "IncidentCategory", "Category" } };
static const char *const PLAIN[] = { "Title",
                                     "Status",
                                     "Severity",
                                     "IR Type",
                                     "Site",
                                     "Owner",
                                     "Stage",
                                     "Priority",
                                     "Disposition",
                                     "Tags",
                                     "DueDate",
                                     "Description",
                                     "Conclusion",
                                     "Category",
                                     "DateEnded",
                                     "DateOccurred",
                                     "Timezone",
                                     "Playbook",
                                     "Investigation Team",
                                     NULL };

static const char *word_of(const char *const *words, const char *word)
{
    for (; *words; words++)
        if (sim_same_name(*words, word))
            return *words;
    return NULL;
}

void smartsoar_change_begin(struct smartsoar_change *change, struct sim_state *state,
                            struct smartsoar_incident *incident, enum smartsoar_writer writer,
                            const char *user)
{
    *change = (struct smartsoar_change){ .state = state,
                                         .incident = incident,
                                         .writer = writer,
                                         .user = user,
                                         .fields = json_deep_copy(incident->fields),
                                         .form = json_deep_copy(incident->form),
                                         .custom = json_deep_copy(incident->custom),
                                         .notes = json_deep_copy(incident->notes) };
}

void smartsoar_change_finish(struct smartsoar_change *change)
{
    json_decref(change->fields);
    json_decref(change->form);
    json_decref(change->custom);
    json_decref(change->notes);
    *change = (struct smartsoar_change){ 0 };
}

char *smartsoar_custom_name(const char *name)
{
    struct sim_text text = { 0 };
    if (!sim_starts_with(name, "Custom"))
        sim_text_add(&text, "Custom");
    for (; *name; name++)
        if (isalnum((unsigned char)*name))
            sim_text_add_part(&text, name, 1);
    return text.bytes ? text.bytes : sim_copy("Custom");
}

static json_t *as_text(const json_t *value)
{
    if (json_is_string(value))
        return json_string(json_string_value(value));
    if (!value || json_is_null(value))
        return json_string("");
    char *dump = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    json_t *text = json_string(dump ? dump : "");
    free(dump);
    return text;
}

/* The first 100 characters (code points) of a title. */
static json_t *cut_title(const char *title)
{
    size_t length = 0;
    int characters = 0;
    while (title[length]) {
        if (((unsigned char)title[length] & 0xC0U) != 0x80U && ++characters > TITLE_MAX)
            break;
        length++;
    }
    return json_stringn(title, length);
}

static void set_custom(struct smartsoar_change *change, const char *name, const json_t *value)
{
    char *custom = smartsoar_custom_name(name);
    if (json_is_null(value) || (json_is_string(value) && !*json_string_value(value)))
        json_object_del(change->custom, custom);
    else
        json_object_set_new(change->custom, custom, json_deep_copy(value));
    free(custom);
}

static char *set_word(struct smartsoar_change *change, const char *name, const char *const *words,
                      const char *word)
{
    const char *known = word_of(words, word);
    if (!known && !change->force)
        return sim_format("The value '%s' of field '%s' is not valid.", word, name);
    json_object_set_new(change->fields, name, json_string(known ? known : word));
    return NULL;
}

static char *set_owner(struct smartsoar_change *change, const char *owner)
{
    const char *full = smartsoar_full_name(change->state, owner);
    if (!full && !change->force)
        return sim_format("The owner '%s' does not exist.", owner);
    json_object_set_new(change->fields, "Owner", json_string(full ? full : owner));
    return NULL;
}

static const char *row_name(const char *name)
{
    for (size_t i = 0; i < sizeof(ALIASES) / sizeof(ALIASES[0]); i++)
        if (sim_same(ALIASES[i][0], name))
            return ALIASES[i][1];
    return word_of(PLAIN, name);
}

char *smartsoar_change_field(struct smartsoar_change *change, const char *name, const json_t *value)
{
    const char *field = row_name(name);
    if (!field) {
        set_custom(change, name, value);
        return NULL;
    }
    json_t *text = as_text(value);
    const char *word = json_string_value(text);
    char *problem = NULL;
    if (sim_same(field, "Status"))
        problem = set_word(change, field, STATUSES, word);
    else if (sim_same(field, "Severity"))
        problem = set_word(change, field, SEVERITIES, word);
    else if (sim_same(field, "Owner"))
        problem = set_owner(change, word);
    else if (sim_same(field, "Title"))
        json_object_set_new(change->fields, field, cut_title(word));
    else
        json_object_set(change->fields, field, text);
    json_decref(text);
    return problem;
}

static char *check_option(const struct smartsoar_change *change, const char *name,
                          const char *value)
{
    if (change->force)
        return NULL;
    if (sim_same(name, "Classification") && !word_of(CLASSIFICATIONS, value))
        return sim_format("'%s' is not an option of '%s'.", value, name);
    if (sim_same(name, "Reason") && !word_of(REASONS, value))
        return sim_format("'%s' is not an option of '%s'.", value, name);
    return NULL;
}

char *smartsoar_change_form(struct smartsoar_change *change, const char *section, const char *name,
                            const json_t *value)
{
    static const char *const FIELDS[] = { "Classification", "Reason", "Comment", NULL };
    if (!sim_same(section, change->state->section))
        return sim_format("The section '%s' does not exist.", section);
    if (!word_of(FIELDS, name))
        return sim_format("The field '%s' does not exist in section '%s'.", name, section);
    if (!json_object_get(change->form, section))
        json_object_set_new(change->form, section, json_object());
    json_t *values = json_object_get(change->form, section);
    json_t *text = as_text(value);
    const char *word = json_string_value(text);
    char *problem = *word ? check_option(change, name, word) : NULL;
    if (!problem && *word)
        json_object_set(values, name, text);
    else if (!problem)
        json_object_del(values, name);
    json_decref(text);
    return problem;
}

static char *without_comments(const char *html)
{
    struct sim_text text = { 0 };
    sim_text_add(&text, "");
    for (const char *at = html; *at;) {
        const char *start = strstr(at, "<!--");
        const char *end = start ? strstr(start, "-->") : NULL;
        if (!end) {
            sim_text_add(&text, at);
            break;
        }
        sim_text_add_part(&text, at, (size_t)(start - at));
        at = end + 3;
    }
    return text.bytes;
}

void smartsoar_change_note(struct smartsoar_change *change, const char *html)
{
    bool strip = smartsoar_is(change->state, SMARTSOAR_NOTE_COMMENTS, "stripped");
    char *text = strip ? without_comments(html) : sim_copy(html);
    const char *known = smartsoar_full_name(change->state, change->user);
    if (smartsoar_is(change->state, SMARTSOAR_NOTE_WRITE, "replace") &&
        change->writer == SMARTSOAR_BY_API)
        json_array_clear(change->notes);
    json_array_append_new(change->notes, json_pack("{s:s, s:s, s:I}", "Text", text, "Author",
                                                   known ? known : change->user, "Date Created",
                                                   (json_int_t)smartsoar_stamp(change->state)));
    free(text);
}

static const char *form_value(const struct smartsoar_change *change, const char *name)
{
    return sim_member_text(json_object_get(change->form, change->state->section), name);
}

char *smartsoar_change_check_close(const struct smartsoar_change *change, bool bypass_tasks,
                                   bool bypass_fields)
{
    const struct sim_state *state = change->state;
    if (change->incident->pending_tasks > 0 && !bypass_tasks &&
        smartsoar_is(state, SMARTSOAR_CLOSE_RULE, "enforced"))
        return sim_format("The incident has %ld required pending task(s).",
                          change->incident->pending_tasks);
    if (smartsoar_is(state, SMARTSOAR_REQUIRED_ON_CLOSE, "on") && !bypass_fields &&
        !form_value(change, "Classification"))
        return sim_format("The field 'Classification' of section '%s' is required on close.",
                          state->section);
    return NULL;
}

/* Of a form that changes: an illegal pair that stands there already stops no note and no status. */
static char *check_dependency(const struct smartsoar_change *change)
{
    if (json_equal(change->form, change->incident->form))
        return NULL;
    const char *classification = form_value(change, "Classification");
    const char *reason = form_value(change, "Reason");
    if (change->force || !reason || smartsoar_is(change->state, SMARTSOAR_FORM_DEPENDENCY, "off"))
        return NULL;
    for (size_t i = 0; i < sizeof(LEGAL) / sizeof(LEGAL[0]); i++)
        if (sim_same(LEGAL[i][0], classification) && sim_same(LEGAL[i][1], reason))
            return NULL;
    return sim_format("'%s' is not an option of 'Reason' when 'Classification' is '%s'.", reason,
                      classification ? classification : "");
}

void smartsoar_fire(struct sim_state *state, const struct smartsoar_incident *incident,
                    const char *trigger, json_t *data)
{
    char now[SIM_INSTANT_SIZE];
    long lose = smartsoar_number(state, SMARTSOAR_OUTBOUND_LOSE);
    bool lost = lose > 0 && ++state->posts % lose == 0;
    if (!state->hooks || lost || smartsoar_is(state, SMARTSOAR_OUTBOUND, "off")) {
        json_decref(data);
        return;
    }
    sim_instant_rfc3339(sim_clock_now(state->context.clock), 0, now);
    for (long i = 0; i < smartsoar_number(state, SMARTSOAR_OUTBOUND_COPIES); i++)
        smartsoar_hooks_post(state->hooks, trigger,
                             json_pack("{s:s, s:s, s:s, s:O, s:s}", "trigger", trigger,
                                       "incidentNumber", incident->number, "site",
                                       smartsoar_text(incident, "Site"), "triggerData", data,
                                       "occurredUtc", now),
                             smartsoar_number(state, SMARTSOAR_OUTBOUND_DELAY),
                             smartsoar_is(state, SMARTSOAR_OUTBOUND, "held"));
    json_decref(data);
}

/* Close and reopen are not status changes too; any change of the overview is also a change. */
static void fire_triggers(const struct smartsoar_change *change, const char *before, bool anything)
{
    struct sim_state *state = change->state;
    const char *after = smartsoar_text(change->incident, "Status");
    if (change->creating)
        return;
    if (change->writer == SMARTSOAR_BY_API && smartsoar_is(state, SMARTSOAR_API_TRIGGERS, "off"))
        return;
    if (!sim_same(before, after)) {
        const char *trigger = "OnIncidentStatusChange";
        if (sim_same(after, "Closed"))
            trigger = "OnIncidentClose";
        else if (sim_same(before, "Closed"))
            trigger = "OnIncidentReopen";
        smartsoar_fire(state, change->incident, trigger, json_object());
    }
    if (anything)
        smartsoar_fire(state, change->incident, "OnIncidentChange", json_object());
}

static void note_close(struct smartsoar_change *change, const char *before)
{
    struct smartsoar_incident *incident = change->incident;
    bool closed = sim_same(smartsoar_text(incident, "Status"), "Closed");
    if (closed == sim_same(before, "Closed"))
        return;
    const char *known = smartsoar_full_name(change->state, change->user);
    incident->closed = closed ? incident->modified : 0;
    if (closed)
        json_object_set_new(incident->fields, "Closed by",
                            json_string(known ? known : change->user));
    else
        json_object_del(incident->fields, "Closed by");
    if (!closed && smartsoar_is(change->state, SMARTSOAR_REOPEN_DROPS_FORM, "on"))
        json_object_clear(incident->form);
}

static bool swap_in(json_t **stored, json_t **fresh)
{
    bool same = json_equal(*stored, *fresh) != 0;
    json_decref(*stored);
    *stored = *fresh;
    *fresh = NULL;
    return !same;
}

char *smartsoar_change_save(struct smartsoar_change *change)
{
    struct smartsoar_incident *incident = change->incident;
    char *problem = check_dependency(change);
    if (problem)
        return problem;
    char *before = sim_copy(smartsoar_text(incident, "Status"));
    bool anything = swap_in(&incident->fields, &change->fields);
    anything = swap_in(&incident->form, &change->form) || anything;
    anything = swap_in(&incident->custom, &change->custom) || anything;
    anything = swap_in(&incident->notes, &change->notes) || anything;
    if (!change->only_note || smartsoar_is(change->state, SMARTSOAR_NOTE_BUMPS_INCIDENT, "on"))
        incident->modified = smartsoar_stamp(change->state);
    note_close(change, before);
    fire_triggers(change, before, anything);
    free(before);
    return NULL;
}
