#include "tests/sim/smartsoar/call.h"

#include <stdlib.h>

#include "tests/sim/text.h"

static json_t *success_word(struct sim_state *state)
{
    static const char *const STYLES[] = { "successful", "succeed", "object" };
    const char *style = STYLES[state->answers++ % 3];
    for (size_t i = 0; i < 3; i++)
        if (smartsoar_is(state, SMARTSOAR_RETURNDATA, STYLES[i]))
            style = STYLES[i];
    if (sim_same(style, "succeed"))
        return json_string("Succeed");
    if (sim_same(style, "object"))
        return json_pack("{s:s, s:n}", "Status", "Successful", "Data");
    return json_string("Successful");
}

void smartsoar_succeed(const struct smartsoar_call *call, json_t *extra)
{
    json_t *answer = json_pack("{s:s}", "error", "");
    json_object_set_new(answer, "returnData", success_word(call->state));
    json_object_update(answer, extra);
    json_decref(extra);
    if (smartsoar_is(call->state, SMARTSOAR_EXTRA_MEMBERS, "on"))
        json_object_set_new(answer, "futureMember", json_integer(1));
    sim_reply_json(call->reply, 200, answer);
}

void smartsoar_return(const struct smartsoar_call *call, json_t *data)
{
    sim_reply_json(call->reply, 200,
                   json_pack("{s:s, s:{s:s, s:o}}", "error", "", "returnData", "Status",
                             "Successful", "Data", data));
}

void smartsoar_return_rows(const struct smartsoar_call *call, json_t *rows, json_t *errors)
{
    size_t failed = json_array_size(errors);
    if (failed == 0) {
        json_decref(errors);
        smartsoar_succeed(call, json_pack("{s:o}", "contextData", rows));
        return;
    }
    const char *status = failed < json_array_size(rows) ? "Partially Successful" : "Failed";
    sim_reply_json(call->reply, 200,
                   json_pack("{s:s, s:{s:s, s:n, s:o}, s:o}", "error", "", "returnData", "Status",
                             status, "Data", "ErrorData", errors, "contextData", rows));
}

static void answer_failure(const struct smartsoar_call *call, const char *message)
{
    sim_reply_json(call->reply, 200,
                   json_pack("{s:s, s:{s:s}}", "error", message, "returnData", "Status", "Failed"));
}

void smartsoar_fail(const struct smartsoar_call *call, char *stolen_message)
{
    answer_failure(call, stolen_message);
    free(stolen_message);
}

static void refuse_missing(const struct smartsoar_call *call, const char *name)
{
    char *message = sim_format("Missing required parameter '%s'.", name);
    if (smartsoar_is(call->state, SMARTSOAR_MISSING_PARAMETER, "400"))
        sim_reply_json(call->reply, 400, json_pack("{s:s}", "Error", message));
    else
        answer_failure(call, message);
    free(message);
}

const char *smartsoar_need_text(const struct smartsoar_call *call, const char *name)
{
    const char *text = sim_member_text(call->params, name);
    if (!text)
        refuse_missing(call, name);
    return text;
}

json_t *smartsoar_need(const struct smartsoar_call *call, const char *name)
{
    json_t *value = json_object_get(call->params, name);
    if (!value)
        refuse_missing(call, name);
    return value;
}

struct smartsoar_incident *smartsoar_call_incident(const struct smartsoar_call *call,
                                                   const char *number)
{
    struct smartsoar_incident *incident = smartsoar_incident_find(call->state, number);
    return incident && sim_same(smartsoar_text(incident, "Site"), call->site) ? incident : NULL;
}

char *smartsoar_no_incident(void)
{
    return sim_copy("The incident number does not exist.");
}
