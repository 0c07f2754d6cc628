#include "tests/sim/soar_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/text.h"

int soar_start(void **state)
{
    static const char *const ARGUMENTS[] = { "smartsoar",
                                             "--key",
                                             "K:1:svc:SOC",
                                             "--key",
                                             "K2:svc:Other",
                                             "--jwt",
                                             "jwt-secret:svc:SOC",
                                             "--user",
                                             "ann:Ann Lee",
                                             "--user",
                                             "svc:Sync Service",
                                             "--clock",
                                             "2026-01-02T03:04:05.9Z",
                                             "--set",
                                             "rate_limit=0",
                                             NULL };
    struct client *client = sim_alloc(sizeof(*client));
    client_start(client, ARGUMENTS);
    client_set_header(client, sim_copy("d3key: K:1"));
    *state = client;
    return 0;
}

int soar_stop(void **state)
{
    client_stop(*state);
    free(*state);
    return 0;
}

json_t *soar_call(struct client *client, const char *command, json_t *params)
{
    char *path = sim_format("/MainApp/VSOC/api/Command/%s", command);
    json_t *answer = client_send(
        client, "POST", path,
        json_pack("{s:s, s:s, s:o}", "Username", "svc", "Site", "SOC", "CommandParams", params));
    free(path);
    return answer;
}

void soar_fails(struct client *client, const char *command, json_t *params, const char *part)
{
    json_t *answer = soar_call(client, command, params);
    const char *error = client_text_at(answer, "error");
    assert_int_equal(client->status, 200);
    if (!error || !strstr(error, part))
        fail_msg("'%s' isn't in: %s", part, client->text);
    json_decref(answer);
}

char *soar_create(struct client *client)
{
    json_t *answer =
        soar_call(client, "CreateAnIncident",
                  json_pack("{s:s, s:s, s:s, s:s}", "IncidentType", "Sentinel", "Title", "t",
                            "Severity", "high", "Description", "claim-1"));
    char *number = sim_copy(client_text_at(answer, "returnData.Data.IncidentNumber"));
    json_decref(answer);
    return number;
}

json_t *soar_window(void)
{
    return json_pack("{s:s, s:s, s:i}", "Start Time", "2000-01-01 00:00:00", "End Time",
                     "2099-01-01 00:00:00", "Output Format", 2);
}

json_t *soar_filtered(const char *field, const char *relation, const char *value)
{
    json_t *params = soar_window();
    json_object_set_new(
        params, "Filter",
        json_pack("[[{s:s, s:s, s:s}]]", "field", field, "operator", relation, "value", value));
    return params;
}

size_t soar_found(struct client *client, json_t *params)
{
    json_t *answer = soar_call(client, "GetIncidents", params);
    size_t size = json_array_size(client_at(answer, "rawData.incidents"));
    json_decref(answer);
    return size;
}

json_t *soar_row(struct client *client, const char *number)
{
    json_t *answer = soar_call(client, "GetIncidents", soar_filtered("IR Number", "=", number));
    json_t *first = json_incref(client_at(answer, "rawData.incidents.0"));
    json_decref(answer);
    return first;
}

json_t *soar_set_fields(struct client *client, const char *number, json_t *input)
{
    return soar_call(
        client, "SetIncidentFieldsInBulk",
        json_pack("{s:[{s:s, s:o}]}", "Input", "IncidentNumber", number, "Input", input));
}

json_t *soar_set_form(struct client *client, const char *number, json_t *values)
{
    return soar_call(client, "UpdateDynamicFieldsByNumberInBulk",
                     json_pack("{s:[{s:s, s:s, s:{}, s:o}]}", "Input", "IncidentNumber", number,
                               "SectionName", "Sentinel Sync", "Condition", "FieldValue", values));
}

json_t *soar_close_it(struct client *client, const char *number, const char *bypass)
{
    return soar_call(client, "CloseIncidentInBulk",
                     json_pack("{s:[s], s:s, s:s}", "Incident Numbers", number,
                               "Bypass Required Pending Tasks", bypass, "Conclusion", "done"));
}

bool soar_row_succeeded(const json_t *answer)
{
    const char *result = client_text_at(answer, "contextData.0.Result");
    assert_non_null(result);
    return strncmp(result, "Succe", 5) == 0;
}

void soar_edit(struct client *client, const char *number, json_t *set, long status)
{
    assert_int_equal(client_do(client, "POST", "/_sim/edit",
                               json_pack("{s:s, s:o}", "number", number, "set", set)),
                     status);
}
