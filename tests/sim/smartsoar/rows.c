#include "tests/sim/smartsoar/rows.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/instant.h"
#include "tests/sim/text.h"

/* The static fields; the last five aren't columns unless asked for. */
static const char *const COLUMNS[] = { "IR Number",
                                       "IR Type",
                                       "Title",
                                       "Status",
                                       "Severity",
                                       "Stage",
                                       "Priority",
                                       "Disposition",
                                       "Tags",
                                       "Owner",
                                       "Creator",
                                       "Timezone",
                                       "Date Created",
                                       "Date Modified",
                                       "Playbook",
                                       "Description",
                                       "Conclusion",
                                       "Investigation Team",
                                       "Linked Incidents",
                                       "Notes",
                                       "Date Closed",
                                       "Closed by",
                                       "Custom Field" };
enum { COLUMN_COUNT = sizeof(COLUMNS) / sizeof(COLUMNS[0]), DEFAULT_COUNT = COLUMN_COUNT - 4 };

void smartsoar_show_time(const struct sim_state *state, int64_t ticks, char *out)
{
    int64_t ahead = smartsoar_number(state, SMARTSOAR_SITE_OFFSET) * 60 * SIM_TICKS_PER_SECOND;
    sim_instant_format(ticks + ahead, SIM_INSTANT_PLAIN, out);
}

static json_t *time_json(const struct sim_state *state, int64_t ticks)
{
    char text[SIM_INSTANT_SIZE];
    if (ticks == 0)
        return json_string("");
    smartsoar_show_time(state, ticks, text);
    return json_string(text);
}

static json_t *notes_json(const struct sim_state *state, const struct smartsoar_incident *incident)
{
    json_t *notes = json_deep_copy(incident->notes);
    for (size_t i = 0; i < json_array_size(notes); i++) {
        json_t *note = json_array_get(notes, i);
        int64_t written = json_integer_value(json_object_get(note, "Date Created"));
        json_object_set_new(note, "Date Created", time_json(state, written));
    }
    return notes;
}

static json_t *column(const struct sim_state *state, const struct smartsoar_incident *incident,
                      const char *name)
{
    if (sim_same(name, "IR Number"))
        return json_string(incident->number);
    if (sim_same(name, "Date Created"))
        return time_json(state, incident->created);
    if (sim_same(name, "Date Modified"))
        return time_json(state, incident->modified);
    if (sim_same(name, "Date Closed"))
        return time_json(state, incident->closed);
    if (sim_same(name, "Custom Field"))
        return json_deep_copy(incident->custom);
    if (sim_same(name, "Notes"))
        return notes_json(state, incident);
    if (sim_same(name, "Linked Incidents"))
        return json_array();
    return json_string(smartsoar_text(incident, name));
}

static bool lists(const json_t *names, const char *name)
{
    for (size_t i = 0; i < json_array_size(names); i++)
        if (sim_same(json_string_value(json_array_get(names, i)), name))
            return true;
    return false;
}

static void add_columns(const struct sim_state *state, const struct smartsoar_incident *incident,
                        const json_t *wanted, json_t *row)
{
    bool all = smartsoar_is(state, SMARTSOAR_STATIC_DEFAULT, "all");
    bool notes = smartsoar_is(state, SMARTSOAR_NOTES, "listed");
    bool none_wanted = json_array_size(wanted) == 0;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        bool is_notes = sim_same(COLUMNS[i], "Notes");
        bool by_default = none_wanted && i < DEFAULT_COUNT && !is_notes;
        if (is_notes && !notes)
            continue;
        if (all || by_default || lists(wanted, COLUMNS[i]))
            json_object_set_new(row, COLUMNS[i], column(state, incident, COLUMNS[i]));
    }
}

static void add_form(const struct smartsoar_incident *incident, json_t *wanted, json_t *row)
{
    for (void *at = json_object_iter(incident->form); at;
         at = json_object_iter_next(incident->form, at)) {
        const char *section = json_object_iter_key(at);
        json_t *values = json_object_iter_value(at);
        for (void *field = json_object_iter(values); field;
             field = json_object_iter_next(values, field)) {
            const char *name = json_object_iter_key(field);
            if (wanted && !lists(json_object_get(wanted, section), name))
                continue;
            char *key = sim_format("%s - %s", section, name);
            json_object_set(row, key, json_object_iter_value(field));
            free(key);
        }
    }
}

/* Form fields that were asked for and are empty stand in the row as "". */
static void add_empty_form(json_t *wanted, json_t *row)
{
    for (void *at = json_object_iter(wanted); at; at = json_object_iter_next(wanted, at)) {
        const json_t *names = json_object_iter_value(at);
        for (size_t i = 0; i < json_array_size(names); i++) {
            const char *name = json_string_value(json_array_get(names, i));
            char *key = sim_format("%s - %s", json_object_iter_key(at), name ? name : "");
            if (!json_object_get(row, key))
                json_object_set_new(row, key, json_string(""));
            free(key);
        }
    }
}

json_t *smartsoar_row(const struct sim_state *state, const struct smartsoar_incident *incident,
                      const json_t *static_fields, json_t *dynamic_fields, bool raw_data)
{
    json_t *row = json_object();
    add_columns(state, incident, static_fields, row);
    if (json_object_size(dynamic_fields) > 0) {
        add_form(incident, dynamic_fields, row);
        add_empty_form(dynamic_fields, row);
    } else if (smartsoar_is(state, SMARTSOAR_DYNAMIC_DEFAULT, "on")) {
        add_form(incident, NULL, row);
    }
    if (incident->raw && (raw_data || lists(static_fields, "Incident Raw Data")))
        json_object_set(row, "IncidentRawData", incident->raw);
    if (smartsoar_is(state, SMARTSOAR_EXTRA_MEMBERS, "on"))
        json_object_set_new(row, "Future Column", json_pack("{s:[i]}", "list", 1));
    return row;
}

json_t *smartsoar_whole_row(const struct sim_state *state,
                            const struct smartsoar_incident *incident)
{
    json_t *row = json_object();
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        json_object_set_new(row, COLUMNS[i], column(state, incident, COLUMNS[i]));
    json_object_set_new(row, "Site", json_string(smartsoar_text(incident, "Site")));
    json_object_set_new(row, "Pending Required Tasks", json_integer(incident->pending_tasks));
    add_form(incident, NULL, row);
    if (incident->raw)
        json_object_set(row, "IncidentRawData", incident->raw);
    return row;
}

/* --- filters ------------------------------------------------------------------------------------ */

static const char *const OPERATORS[] = { "<",  ">",    "=",        "<=",           ">=",
                                         "!=", "LIKE", "IS EMPTY", "IS NOT EMPTY", NULL };

static bool is_time_column(const char *field)
{
    return sim_same(field, "Date Created") || sim_same(field, "Date Modified") ||
           sim_same(field, "Date Closed");
}

static bool column_is_known(const char *field)
{
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (sim_same(COLUMNS[i], field) && !sim_same(field, "Notes"))
            return true;
    return sim_starts_with(field, "Custom");
}

static char *check_condition(const json_t *condition)
{
    const char *field = sim_member_text(condition, "field");
    const char *relation = sim_member_text(condition, "operator");
    const char *value = sim_member_text(condition, "value");
    bool known = false;
    for (size_t i = 0; OPERATORS[i] && relation; i++)
        known = known || sim_same_name(OPERATORS[i], relation);
    int64_t ticks = 0;
    if (!field || (!json_object_get(condition, "section") && !column_is_known(field)))
        return sim_format("The filter field '%s' is not valid.", field ? field : "");
    if (!known)
        return sim_format("The filter operator '%s' is not valid.", relation ? relation : "");
    if (is_time_column(field) && value && !sim_instant_parse(value, &ticks))
        return sim_format("The filter value '%s' is not a time.", value);
    return NULL;
}

static char *check_group(const json_t *group)
{
    for (size_t i = 0; i < json_array_size(group); i++) {
        char *problem = check_condition(json_array_get(group, i));
        if (problem)
            return problem;
    }
    return NULL;
}

static bool is_flat(const json_t *filter)
{
    return json_is_object(json_array_get(filter, 0));
}

char *smartsoar_filter_check(const json_t *filter)
{
    if (filter && !json_is_array(filter) && !json_is_null(filter))
        return sim_copy("'Filter' must be an array.");
    if (is_flat(filter))
        return check_group(filter);
    for (size_t i = 0; i < json_array_size(filter); i++) {
        char *problem = check_group(json_array_get(filter, i));
        if (problem)
            return problem;
    }
    return NULL;
}

/* SQL's LIKE with `%` only, without regard to ASCII case. */
static bool is_like(const char *text, const char *pattern)
{
    for (; *pattern && *pattern != '%'; text++, pattern++)
        if (tolower((unsigned char)*text) != tolower((unsigned char)*pattern))
            return false;
    if (!*pattern)
        return !*text;
    while (*pattern == '%')
        pattern++;
    if (!*pattern)
        return true;
    for (; *text; text++)
        if (is_like(text, pattern))
            return true;
    return false;
}

static int compare_text(const char *a, const char *b)
{
    for (; *a && tolower((unsigned char)*a) == tolower((unsigned char)*b); a++, b++) {}
    return tolower((unsigned char)*a) - tolower((unsigned char)*b);
}

static bool holds(const char *relation, int order)
{
    if (sim_same(relation, "="))
        return order == 0;
    if (sim_same(relation, "!="))
        return order != 0;
    if (sim_same(relation, "<"))
        return order < 0;
    if (sim_same(relation, "<="))
        return order <= 0;
    if (sim_same(relation, ">"))
        return order > 0;
    return order >= 0;
}

static bool time_matches(const struct smartsoar_incident *incident, const char *field,
                         const char *relation, const char *value)
{
    int64_t wanted = 0;
    int64_t own = incident->created;
    if (sim_same(field, "Date Modified"))
        own = incident->modified;
    else if (sim_same(field, "Date Closed"))
        own = incident->closed;
    if (sim_same_name(relation, "IS EMPTY"))
        return own == 0;
    if (sim_same_name(relation, "IS NOT EMPTY"))
        return own != 0;
    if (!value || own == 0 || !sim_instant_parse(value, &wanted))
        return false;
    return holds(relation, (own > wanted) - (own < wanted));
}

static char *field_text(const struct sim_state *state, const struct smartsoar_incident *incident,
                        const char *section, const char *field)
{
    json_t *value = NULL;
    if (section)
        value = json_incref(json_object_get(json_object_get(incident->form, section), field));
    else if (sim_starts_with(field, "Custom") && !sim_same(field, "Custom Field"))
        value = json_incref(json_object_get(incident->custom, field));
    else
        value = column(state, incident, field);
    char *text = json_is_string(value) ? sim_copy(json_string_value(value))
                                       : (value ? json_dumps(value, JSON_ENCODE_ANY) : NULL);
    json_decref(value);
    return text ? text : sim_copy("");
}

static bool condition_matches(const struct sim_state *state, const json_t *condition,
                              const struct smartsoar_incident *incident)
{
    const char *field = sim_member_text(condition, "field");
    const char *relation = sim_member_text(condition, "operator");
    const char *section = sim_member_text(condition, "section");
    const char *value = sim_member_text(condition, "value");
    if (!section && is_time_column(field))
        return time_matches(incident, field, relation, value);
    char *own = field_text(state, incident, section, field);
    bool matches = false;
    if (sim_same_name(relation, "IS EMPTY"))
        matches = !*own;
    else if (sim_same_name(relation, "IS NOT EMPTY"))
        matches = *own != '\0';
    else if (sim_same_name(relation, "LIKE"))
        matches = is_like(own, value ? value : "");
    else
        matches = holds(relation, compare_text(own, value ? value : ""));
    free(own);
    return matches;
}

static bool group_matches(const struct sim_state *state, const json_t *group,
                          const struct smartsoar_incident *incident)
{
    for (size_t i = 0; i < json_array_size(group); i++)
        if (!condition_matches(state, json_array_get(group, i), incident))
            return false;
    return true;
}

bool smartsoar_filter_matches(const struct sim_state *state, const json_t *filter,
                              const struct smartsoar_incident *incident)
{
    if (json_array_size(filter) == 0)
        return true;
    if (is_flat(filter))
        return group_matches(state, filter, incident);
    for (size_t i = 0; i < json_array_size(filter); i++)
        if (group_matches(state, json_array_get(filter, i), incident))
            return true;
    return false;
}
