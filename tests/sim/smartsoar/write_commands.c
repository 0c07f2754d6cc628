/* Commands that write: creation, fields, close, owner, notes, form, signals. */
#include <regex.h>
#include <stdlib.h>

#include "tests/sim/instant.h"
#include "tests/sim/smartsoar/call.h"
#include "tests/sim/smartsoar/rows.h"
#include "tests/sim/text.h"

static void begin(const struct smartsoar_call *call, struct smartsoar_change *change,
                  struct smartsoar_incident *incident)
{
    smartsoar_change_begin(change, call->state, incident, SMARTSOAR_BY_API, call->user);
}

/* Saves unless there already is a problem; ends the change either way. */
static char *end(const struct smartsoar_call *call, struct smartsoar_change *change, char *problem)
{
    if (!problem)
        problem = smartsoar_change_save(change);
    call->reply->applied = call->reply->applied || !problem;
    smartsoar_change_finish(change);
    return problem;
}

static char *us_time(const struct smartsoar_call *call, enum sim_instant_style style)
{
    char text[SIM_INSTANT_SIZE];
    sim_instant_format(sim_clock_now(call->state->context.clock), style, text);
    return sim_copy(text);
}

/* --- rows of bulk commands ------------------------------------------------------------------------ */

struct rows {
    json_t *list;
    json_t *errors;
};

/* `row` is stolen and gets "Result"; a problem is freed. */
static void add_row(struct rows *rows, json_t *row, const char *number, char *problem)
{
    if (problem) {
        json_object_set_new(row, "Result", json_sprintf("Failed: %s", problem));
        json_array_append_new(rows->errors,
                              json_pack("{s:s, s:s}", "Incident Number", number ? number : "",
                                        "Error message", problem));
    } else {
        json_object_set_new(row, "Result", json_string("Successful"));
    }
    json_array_append_new(rows->list, row);
    free(problem);
}

static struct rows rows_new(void)
{
    return (struct rows){ .list = json_array(), .errors = json_array() };
}

/* --- creation ------------------------------------------------------------------------------------- */

void smartsoar_create(const struct smartsoar_call *call)
{
    static const char *const OPTIONAL[] = { "Title",    "Description", "Severity",
                                            "Playbook", "Owner",       "DueDate" };
    const char *type = smartsoar_need_text(call, "IncidentType");
    if (!type)
        return;
    const char *owner = sim_member_text(call->params, "Owner");
    if (owner && !smartsoar_full_name(call->state, owner)) {
        smartsoar_fail(call, sim_format("The owner '%s' does not exist.", owner));
        return;
    }
    struct smartsoar_incident *incident = smartsoar_incident_add(call->state, NULL, call->site);
    struct smartsoar_change change;
    begin(call, &change, incident);
    change.creating = true;
    json_object_set_new(change.fields, "IR Type", json_string(type));
    const char *creator = smartsoar_full_name(call->state, call->user);
    json_object_set_new(change.fields, "Creator", json_string(creator ? creator : call->user));
    char *problem = NULL;
    for (size_t i = 0; i < sizeof(OPTIONAL) / sizeof(OPTIONAL[0]) && !problem; i++) {
        const json_t *value = json_object_get(call->params, OPTIONAL[i]);
        if (value)
            problem = smartsoar_change_field(&change, OPTIONAL[i], value);
    }
    incident->raw = json_incref(json_object_get(call->params, "RawData"));
    problem = end(call, &change, problem);
    if (problem) {
        smartsoar_incident_remove(call->state, incident->number);
        smartsoar_fail(call, problem);
        return;
    }
    smartsoar_return(call, json_pack("{s:s}", "IncidentNumber", incident->number));
}

/* --- fields --------------------------------------------------------------------------------------- */

static bool closes(const struct smartsoar_change *change)
{
    return sim_same(sim_member_text(change->fields, "Status"), "Closed") &&
           !sim_same(smartsoar_text(change->incident, "Status"), "Closed");
}

static char *set_all(const struct smartsoar_call *call, const char *number, json_t *input)
{
    struct smartsoar_incident *incident = number ? smartsoar_call_incident(call, number) : NULL;
    if (!incident)
        return smartsoar_no_incident();
    if (!json_is_object(input))
        return sim_copy("'Input' must be an object.");
    struct smartsoar_change change;
    char *problem = NULL;
    begin(call, &change, incident);
    for (void *at = json_object_iter(input); at && !problem; at = json_object_iter_next(input, at))
        problem =
            smartsoar_change_field(&change, json_object_iter_key(at), json_object_iter_value(at));
    if (!problem && closes(&change) && smartsoar_is(call->state, SMARTSOAR_STATUS_CLOSE, "checked"))
        problem = smartsoar_change_check_close(&change, false, false);
    return end(call, &change, problem);
}

void smartsoar_set_field(const struct smartsoar_call *call)
{
    const char *number = smartsoar_need_text(call, "Incident Number");
    const char *name = number ? smartsoar_need_text(call, "Field Name") : NULL;
    json_t *value = name ? smartsoar_need(call, "Field Value") : NULL;
    if (!value)
        return;
    json_t *input = json_object();
    json_object_set(input, name, value);
    char *problem = set_all(call, number, input);
    json_decref(input);
    if (problem)
        smartsoar_fail(call, problem);
    else
        smartsoar_succeed(call, NULL);
}

void smartsoar_set_fields(const struct smartsoar_call *call)
{
    const char *number = smartsoar_need_text(call, "Incident Number");
    json_t *input = number ? smartsoar_need(call, "Input") : NULL;
    if (!input)
        return;
    char *problem = set_all(call, number, input);
    if (problem)
        smartsoar_fail(call, problem);
    else
        smartsoar_succeed(call, json_pack("{s:O}", "contextData", input));
}

void smartsoar_set_fields_in_bulk(const struct smartsoar_call *call)
{
    json_t *list = smartsoar_need(call, "Input");
    if (!list)
        return;
    struct rows rows = rows_new();
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        const char *number = sim_member_text(item, "IncidentNumber");
        json_t *input = json_object_get(item, "Input");
        json_t *row = json_is_object(input) ? json_deep_copy(input) : json_object();
        json_object_set_new(row, "Incident Number", json_string(number ? number : ""));
        add_row(&rows, row, number, set_all(call, number, input));
    }
    smartsoar_return_rows(call, rows.list, rows.errors);
}

/* --- commands over a list of numbers ---------------------------------------------------------------- */

static bool is_yes(const json_t *value)
{
    return json_is_true(value) || sim_same_name(json_string_value(value), "yes") ||
           sim_same_name(json_string_value(value), "true");
}

static void append_conclusion(const struct smartsoar_call *call, struct smartsoar_change *change)
{
    const char *more = sim_member_text(call->params, "Conclusion");
    const char *before = sim_member_text(change->fields, "Conclusion");
    if (!more)
        return;
    json_object_set_new(change->fields, "Conclusion",
                        before && *before ? json_sprintf("%s\n%s", before, more)
                                          : json_string(more));
}

static char *close_one(const struct smartsoar_call *call, struct smartsoar_incident *incident)
{
    struct smartsoar_change change;
    if (sim_same(smartsoar_text(incident, "Status"), "Closed"))
        return NULL;
    begin(call, &change, incident);
    char *problem = smartsoar_change_check_close(
        &change, is_yes(json_object_get(call->params, "Bypass Required Pending Tasks")),
        is_yes(json_object_get(call->params, "Bypass All Required Fields")));
    json_object_set_new(change.fields, "Status", json_string("Closed"));
    append_conclusion(call, &change);
    return end(call, &change, problem);
}

void smartsoar_close_in_bulk(const struct smartsoar_call *call)
{
    const json_t *numbers = smartsoar_need(call, "Incident Numbers");
    if (!numbers || !smartsoar_need(call, "Bypass Required Pending Tasks"))
        return;
    struct rows rows = rows_new();
    for (size_t i = 0; i < json_array_size(numbers); i++) {
        const char *number = json_string_value(json_array_get(numbers, i));
        struct smartsoar_incident *incident = smartsoar_call_incident(call, number);
        char *problem = incident ? close_one(call, incident) : smartsoar_no_incident();
        char *now = us_time(call, SIM_INSTANT_US_ZONE);
        json_t *row = json_pack("{s:s, s:s, s:s, s:s}", "Incident Number", number ? number : "",
                                "Status", incident ? smartsoar_text(incident, "Status") : "",
                                "Close Date", problem ? "" : now, "Closed By", call->user);
        free(now);
        add_row(&rows, row, number, problem);
    }
    smartsoar_return_rows(call, rows.list, rows.errors);
}

/* Sets one field of every incident named; `value` may be NULL. */
static void set_in_bulk(const struct smartsoar_call *call, const char *field, const char *shown,
                        json_t *value)
{
    const json_t *numbers = smartsoar_need(call, "Incident Numbers");
    if (!numbers)
        return;
    struct rows rows = rows_new();
    json_t *input = json_object();
    json_object_set(input, field, value ? value : json_null());
    for (size_t i = 0; i < json_array_size(numbers); i++) {
        const char *number = json_string_value(json_array_get(numbers, i));
        char *problem = set_all(call, number, input);
        const struct smartsoar_incident *incident = smartsoar_incident_find(call->state, number);
        add_row(&rows,
                json_pack("{s:s, s:s}", "Incident Number", number ? number : "", shown,
                          incident ? smartsoar_text(incident, field) : ""),
                number, problem);
    }
    json_decref(input);
    smartsoar_return_rows(call, rows.list, rows.errors);
}

void smartsoar_owner_in_bulk(const struct smartsoar_call *call)
{
    set_in_bulk(call, "Owner", "Incident Owner", json_object_get(call->params, "Owner"));
}

void smartsoar_site_in_bulk(const struct smartsoar_call *call)
{
    json_t *site = smartsoar_need(call, "Site");
    if (site)
        set_in_bulk(call, "Site", "Incident Site", site);
}

/* --- texts ------------------------------------------------------------------------------------------ */

static char *write_html(const struct smartsoar_call *call, struct smartsoar_incident *incident,
                        const char *field, const char *html)
{
    struct smartsoar_change change;
    char *problem = NULL;
    json_t *value = json_string(html);
    begin(call, &change, incident);
    if (sim_same_name(field, "note") || sim_same_name(field, "notes")) {
        change.only_note = true;
        smartsoar_change_note(&change, html);
    } else if (sim_same_name(field, "description") || sim_same_name(field, "conclusion")) {
        problem = smartsoar_change_field(&change, field, value);
    } else {
        problem = sim_format("The field name '%s' is not valid.", field);
    }
    json_decref(value);
    return end(call, &change, problem);
}

void smartsoar_set_html(const struct smartsoar_call *call)
{
    const char *number = smartsoar_need_text(call, "Incident Number");
    const char *field = number ? smartsoar_need_text(call, "Field Name") : NULL;
    const char *html = field ? smartsoar_need_text(call, "HTML Content") : NULL;
    if (!html)
        return;
    struct smartsoar_incident *incident = smartsoar_call_incident(call, number);
    char *problem = incident ? write_html(call, incident, field, html) : smartsoar_no_incident();
    if (problem) {
        smartsoar_fail(call, problem);
        return;
    }
    char *now = us_time(call, SIM_INSTANT_US);
    smartsoar_succeed(call, json_pack("{s:{s:s, s:s, s:s, s:s, s:s}}", "contextData",
                                      "IncidentNumber", number, "ModifiedDate", now, "Notes", html,
                                      "Result", "Successful", "ModifiedBy", call->user));
    free(now);
}

void smartsoar_add_tags(const struct smartsoar_call *call)
{
    const char *number = smartsoar_need_text(call, "Incident Number");
    const json_t *tags = number ? smartsoar_need(call, "Tags") : NULL;
    if (!tags)
        return;
    const struct smartsoar_incident *incident = smartsoar_call_incident(call, number);
    if (!incident) {
        smartsoar_fail(call, smartsoar_no_incident());
        return;
    }
    struct sim_text all = { 0 };
    sim_text_add(&all, smartsoar_text(incident, "Tags"));
    for (size_t i = 0; i < json_array_size(tags); i++) {
        const char *tag = json_string_value(json_array_get(tags, i));
        sim_text_add(&all, all.length > 0 ? "," : "");
        sim_text_add(&all, tag ? tag : "");
    }
    json_t *input = json_pack("{s:s}", "Tags", all.bytes);
    char *problem = set_all(call, number, input);
    json_decref(input);
    sim_text_finish(&all);
    if (problem)
        smartsoar_fail(call, problem);
    else
        smartsoar_succeed(call, NULL);
}

/* --- the form --------------------------------------------------------------------------------------- */

static char *write_form(const struct smartsoar_call *call, const char *number, const char *section,
                        json_t *values)
{
    struct smartsoar_incident *incident = number ? smartsoar_call_incident(call, number) : NULL;
    struct smartsoar_change change;
    char *problem = NULL;
    if (!incident)
        return smartsoar_no_incident();
    if (!section || !json_is_object(values))
        return sim_copy("The section name and the field values are required.");
    begin(call, &change, incident);
    for (void *at = json_object_iter(values); at && !problem;
         at = json_object_iter_next(values, at))
        problem = smartsoar_change_form(&change, section, json_object_iter_key(at),
                                        json_object_iter_value(at));
    return end(call, &change, problem);
}

void smartsoar_form(const struct smartsoar_call *call)
{
    const char *number = smartsoar_need_text(call, "Incident Number");
    const char *section = number ? smartsoar_need_text(call, "Section Name") : NULL;
    json_t *conditions = section ? smartsoar_need(call, "Conditions") : NULL;
    json_t *values = conditions ? smartsoar_need(call, "Field Values") : NULL;
    if (!values)
        return;
    char *problem = write_form(call, number, section, values);
    if (problem) {
        smartsoar_fail(call, problem);
        return;
    }
    char *now = us_time(call, SIM_INSTANT_US);
    smartsoar_succeed(call, json_pack("{s:{s:s, s:s, s:s}, s:{s:s, s:s, s:O, s:O, s:s}}",
                                      "keyFields", "IncidentNumber", number, "ModifiedDate", now,
                                      "ModifiedBy", call->user, "contextData", "incidentNumber",
                                      number, "sectionName", section, "condition", conditions,
                                      "fieldAndValue", values, "Result", "Successful"));
    free(now);
}

void smartsoar_form_in_bulk(const struct smartsoar_call *call)
{
    const json_t *list = smartsoar_need(call, "Input");
    if (!list)
        return;
    struct rows rows = rows_new();
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        const char *number = sim_member_text(item, "IncidentNumber");
        const char *section = sim_member_text(item, "SectionName");
        json_t *values = json_object_get(item, "FieldValue");
        json_t *row = json_pack("{s:s, s:s, s:O?, s:O?}", "incidentNumber", number ? number : "",
                                "sectionName", section ? section : "", "condition",
                                json_object_get(item, "Condition"), "fieldAndValue", values);
        add_row(&rows, row, number, write_form(call, number, section, values));
    }
    smartsoar_return_rows(call, rows.list, rows.errors);
}

/* --- signals ---------------------------------------------------------------------------------------- */

static bool matches_regex(const char *text, const char *pattern)
{
    regex_t regex;
    if (!text || !pattern || regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    bool matches = regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return matches;
}

static bool is_in(const json_t *list, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_equal(json_array_get(list, i), value))
            return true;
    return false;
}

static bool time_holds(const json_t *condition, int64_t created)
{
    int64_t after = 0;
    int64_t before = 0;
    const char *gt = sim_member_text(json_object_get(condition, "$gt"), "$date");
    const char *lt = sim_member_text(json_object_get(condition, "$lt"), "$date");
    return (!gt || (sim_instant_parse(gt, &after) && created > after)) &&
           (!lt || (sim_instant_parse(lt, &before) && created < before));
}

static bool condition_holds(const json_t *condition, const json_t *value)
{
    const json_t *in = json_object_get(condition, "$in");
    const json_t *nin = json_object_get(condition, "$nin");
    const json_t *ne = json_object_get(condition, "$ne");
    const char *regex = sim_member_text(condition, "$regex");
    if (!json_is_object(condition))
        return json_equal(condition, value) != 0;
    return (!in || is_in(in, value)) && (!nin || !is_in(nin, value)) &&
           (!ne || !json_equal(ne, value)) &&
           (!regex || matches_regex(json_string_value(value), regex));
}

static json_t *search_value(const struct smartsoar_incident *incident, const char *key)
{
    if (sim_same(key, "Number"))
        return json_string(incident->number);
    if (sim_same(key, "Type"))
        return json_string(smartsoar_text(incident, "IR Type"));
    if (sim_starts_with(key, "Custom"))
        return json_incref(json_object_get(incident->custom, key));
    return json_incref(json_object_get(incident->fields, key));
}

static bool is_searched(const struct smartsoar_incident *incident, json_t *conditions)
{
    for (void *at = json_object_iter(conditions); at; at = json_object_iter_next(conditions, at)) {
        const json_t *condition = json_object_iter_value(at);
        bool holds = false;
        if (sim_same(json_object_iter_key(at), "CreatedUtcTime")) {
            holds = time_holds(condition, incident->created);
        } else {
            json_t *value = search_value(incident, json_object_iter_key(at));
            holds = condition_holds(condition, value);
            json_decref(value);
        }
        if (!holds)
            return false;
    }
    return true;
}

void smartsoar_external_action(const struct smartsoar_call *call)
{
    json_t *conditions = smartsoar_need(call, "Search Conditions");
    json_t *data = conditions ? smartsoar_need(call, "Trigger Data") : NULL;
    if (!data)
        return;
    for (size_t i = 0; i < call->state->incident_count; i++) {
        const struct smartsoar_incident *incident = call->state->incidents[i];
        if (!sim_same(smartsoar_text(incident, "Site"), call->site) ||
            !is_searched(incident, conditions))
            continue;
        smartsoar_fire(call->state, incident, "OnIncidentExternalAction", json_incref(data));
        call->reply->applied = true;
        smartsoar_return(call, json_pack("{s:s}", "IncidentNumber", incident->number));
        return;
    }
    smartsoar_fail(call, sim_copy("No incident matches the search conditions."));
}

void smartsoar_playbook_only(const struct smartsoar_call *call)
{
    smartsoar_fail(call, sim_copy("This command can only be run in a playbook."));
}
