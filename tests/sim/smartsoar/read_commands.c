/* Commands that read: lists, one incident, searches. */
#include <stdlib.h>

#include "tests/sim/instant.h"
#include "tests/sim/smartsoar/call.h"
#include "tests/sim/smartsoar/rows.h"
#include "tests/sim/text.h"

enum { PAGE_MAX = 1000, PAGE_DEFAULT = 100, TOP_DEFAULT = 100 };

/* Which incidents, and which page of them. */
struct wish {
    const json_t *filter;
    int64_t start;
    int64_t end;
    bool by_modified; /* the window is on Date Modified */
    bool raw_data;
    size_t page;
    size_t size; /* 0: not given */
};

static bool read_window(const struct smartsoar_call *call, struct wish *wish)
{
    const char *start = smartsoar_need_text(call, "Start Time");
    const char *end = start ? smartsoar_need_text(call, "End Time") : NULL;
    if (!end)
        return false;
    if (sim_instant_parse(start, &wish->start) && sim_instant_parse(end, &wish->end))
        return true;
    smartsoar_fail(call, sim_copy("'Start Time' and 'End Time' must be like 2026-01-02 03:04:05."));
    return false;
}

static bool read_count(const struct smartsoar_call *call, const char *name, const char *other,
                       size_t most, size_t *count_out)
{
    const json_t *value = json_object_get(call->params, name);
    if (!value)
        value = json_object_get(call->params, other);
    *count_out = 0;
    if (!value || json_is_null(value))
        return true;
    json_int_t number = json_integer_value(value);
    if (json_is_integer(value) && number >= 0 && (size_t)number <= most) {
        *count_out = (size_t)number;
        return true;
    }
    smartsoar_fail(call, sim_format("'%s' is not valid.", name));
    return false;
}

static bool is_wanted(const struct smartsoar_call *call, const struct wish *wish,
                      const struct smartsoar_incident *incident)
{
    int64_t time = wish->by_modified ? incident->modified : incident->created;
    return sim_same(smartsoar_text(incident, "Site"), call->site) && time >= wish->start &&
           time <= wish->end && smartsoar_filter_matches(call->state, wish->filter, incident);
}

static const struct smartsoar_incident **
select_incidents(const struct smartsoar_call *call, const struct wish *wish, size_t *count_out)
{
    const struct sim_state *state = call->state;
    const struct smartsoar_incident **list =
        sim_alloc((state->incident_count + 1) * sizeof(struct smartsoar_incident *));
    bool newest = smartsoar_is(state, SMARTSOAR_ROW_ORDER, "newest");
    size_t count = 0;
    for (size_t i = 0; i < state->incident_count; i++) {
        size_t at = newest ? state->incident_count - 1 - i : i;
        if (is_wanted(call, wish, state->incidents[at]))
            list[count++] = state->incidents[at];
    }
    *count_out = count;
    return list;
}

static void answer_page(const struct smartsoar_call *call, const struct wish *wish)
{
    size_t count = 0;
    size_t size = wish->size > 0 ? wish->size : PAGE_DEFAULT;
    const struct smartsoar_incident **list = select_incidents(call, wish, &count);
    json_t *rows = json_array();
    for (size_t i = wish->page * size; i < count && i < (wish->page + 1) * size; i++)
        json_array_append_new(rows, smartsoar_row(call->state, list[i],
                                                  json_object_get(call->params, "Static Fields"),
                                                  json_object_get(call->params, "Dynamic Fields"),
                                                  wish->raw_data));
    json_t *output = json_object();
    if (wish->size > 0)
        json_object_set_new(output, "TotalPages",
                            json_integer((json_int_t)((count + size - 1) / size)));
    free(list);
    smartsoar_succeed(
        call, json_pack("{s:o, s:{s:o}}", "outputData", output, "rawData", "incidents", rows));
}

static void get_incidents(const struct smartsoar_call *call, struct wish *wish)
{
    wish->filter = json_object_get(call->params, "Filter");
    char *problem = smartsoar_filter_check(wish->filter);
    if (problem) {
        smartsoar_fail(call, problem);
        return;
    }
    if (read_window(call, wish) &&
        read_count(call, "Page Index", "PageIndex", 1000000, &wish->page) &&
        read_count(call, "Page Size", "PageSize", PAGE_MAX, &wish->size))
        answer_page(call, wish);
}

void smartsoar_get_incidents(const struct smartsoar_call *call)
{
    struct wish wish = { 0 };
    get_incidents(call, &wish);
}

/* The sibling without documentation: its window is on Date Modified, raw data comes along. */
void smartsoar_get_incidents_new(const struct smartsoar_call *call)
{
    struct wish wish = { .by_modified = true, .raw_data = true };
    get_incidents(call, &wish);
}

void smartsoar_get_static_field(const struct smartsoar_call *call)
{
    static const char *const SAME[] = { "Title",       "Site",       "Severity",
                                        "Owner",       "Status",     "Disposition",
                                        "Description", "Conclusion", "Tags" };
    const char *number = smartsoar_need_text(call, "Incident Number");
    if (!number)
        return;
    const struct smartsoar_incident *incident = smartsoar_call_incident(call, number);
    if (!incident) {
        smartsoar_fail(call, smartsoar_no_incident());
        return;
    }
    json_t *row = smartsoar_whole_row(call->state, incident);
    json_t *data = json_object();
    for (size_t i = 0; i < sizeof(SAME) / sizeof(SAME[0]); i++)
        json_object_set(data, SAME[i], json_object_get(row, SAME[i]));
    json_object_set_new(data, "CaseNumber", json_string(number));
    json_object_set(data, "CreatorFullName", json_object_get(row, "Creator"));
    json_object_set(data, "AssigneeName", json_object_get(row, "Owner"));
    json_object_set(data, "TimeZone", json_object_get(row, "Timezone"));
    json_object_set(data, "IRTypeName", json_object_get(row, "IR Type"));
    json_object_set(data, "DateCreated", json_object_get(row, "Date Created"));
    json_object_set(data, "DateModified", json_object_get(row, "Date Modified"));
    json_object_set(data, "ChangedDate", json_object_get(row, "Date Modified"));
    json_object_set(data, "DateClosed", json_object_get(row, "Date Closed"));
    json_object_set(data, "ClosedBy", json_object_get(row, "Closed by"));
    json_object_set_new(data, "PlayBook Name", json_array());
    json_object_set(data, "CustomFields", json_object_get(row, "Custom Field"));
    if (smartsoar_is(call->state, SMARTSOAR_NOTES, "listed"))
        json_object_set(data, "Notes", json_object_get(row, "Notes"));
    json_decref(row);
    smartsoar_return(call, data);
}

static bool row_contains(const json_t *row, const char *text)
{
    char *dump = json_dumps(row, JSON_COMPACT);
    bool contains = dump && sim_contains(dump, text);
    free(dump);
    return contains;
}

static bool is_found(const struct smartsoar_call *call, const struct smartsoar_incident *incident)
{
    const char *status = sim_member_text(call->params, "Status");
    const char *type = sim_member_text(call->params, "Incident Type");
    const char *text = sim_member_text(call->params, "Wildcard Search");
    const char *start = sim_member_text(call->params, "Start Time UTC");
    const char *end = sim_member_text(call->params, "End Time UTC");
    int64_t ticks = 0;
    if (!sim_same(smartsoar_text(incident, "Site"), call->site))
        return false;
    if (status && !sim_same_name(status, smartsoar_text(incident, "Status")))
        return false;
    if (type && !sim_same_name(type, smartsoar_text(incident, "IR Type")))
        return false;
    if (start && sim_instant_parse(start, &ticks) && incident->created < ticks)
        return false;
    if (end && sim_instant_parse(end, &ticks) && incident->created > ticks)
        return false;
    if (!text)
        return true;
    json_t *row = smartsoar_whole_row(call->state, incident);
    bool contains = row_contains(row, text);
    json_decref(row);
    return contains;
}

void smartsoar_search_incident(const struct smartsoar_call *call)
{
    static const char *const CRITERIA[] = { "Site Name",    "Incident Type", "Start Time UTC",
                                            "End Time UTC", "Status",        "Wildcard Search" };
    bool any = false;
    for (size_t i = 0; i < sizeof(CRITERIA) / sizeof(CRITERIA[0]); i++)
        any = any || json_object_get(call->params, CRITERIA[i]);
    if (!any) {
        smartsoar_fail(call, sim_copy("At least one search criterion is required."));
        return;
    }
    json_int_t top = json_integer_value(json_object_get(call->params, "Top Number"));
    if (top <= 0)
        top = TOP_DEFAULT;
    json_t *numbers = json_array();
    for (size_t i = 0; i < call->state->incident_count; i++) {
        const struct smartsoar_incident *incident = call->state->incidents[i];
        if (json_array_size(numbers) < (size_t)top && is_found(call, incident))
            json_array_append_new(numbers, json_string(incident->number));
    }
    sim_reply_json(call->reply, 200, json_pack("{s:s, s:o}", "error", "", "returnData", numbers));
}

void smartsoar_get_events(const struct smartsoar_call *call)
{
    struct wish wish = { 0 };
    if (read_window(call, &wish))
        smartsoar_succeed(call, json_pack("{s:{}, s:{s:[]}}", "outputData", "rawData", "events"));
}
