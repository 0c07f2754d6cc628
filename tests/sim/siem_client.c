#include "tests/sim/siem_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/text.h"

json_t *siem_ask_token(struct client *client, const char *id, const char *secret, const char *scope)
{
    char *body = sim_format("client_id=%s&client_secret=%s&grant_type=client_credentials&scope=%s",
                            id, secret, scope);
    json_t *answer = client_send_text(client, "POST", "/contoso/oauth2/v2.0/token", body);
    free(body);
    return answer;
}

void siem_log_in(struct client *client, const char *id, const char *secret)
{
    client_set_header(client, NULL);
    json_t *answer =
        siem_ask_token(client, id, secret, "https%3A%2F%2Fmanagement.azure.com%2F.default");
    assert_int_equal(client->status, 200);
    client_set_header(
        client, sim_format("Authorization: Bearer %s", client_text_at(answer, "access_token")));
    json_decref(answer);
}

int siem_start(void **state)
{
    static const char *const ARGUMENTS[] = { "sentinel",
                                             "--client",
                                             "contoso:app-1:s%:cret:sub-1/soc/acme",
                                             "--client",
                                             "contoso:app-2:other:sub-1/soc/beta",
                                             "--client",
                                             "contoso:app-2:other:sub-1/soc/acme",
                                             "--user",
                                             "oid-1:ann@contoso.com:Ann Lee",
                                             "--clock",
                                             "2026-01-02T03:04:05.5Z",
                                             NULL };
    struct client *client = sim_alloc(sizeof(*client));
    client_start(client, ARGUMENTS);
    siem_log_in(client, "app-1", "s%25%3Acret");
    *state = client;
    return 0;
}

int siem_stop(void **state)
{
    client_stop(*state);
    free(*state);
    return 0;
}

json_t *siem_open_incident(void)
{
    return json_pack("{s:{s:s, s:s, s:s}}", "properties", "title", "t", "severity", "High",
                     "status", "Active");
}

json_t *siem_closed_incident(const char *classification, const char *reason)
{
    return json_pack("{s:{s:s, s:s, s:s, s:s*, s:s*}}", "properties", "title", "t", "severity",
                     "High", "status", "Closed", "classification", classification,
                     "classificationReason", reason);
}

long siem_put(struct client *client, const char *name, json_t *body)
{
    char *path = sim_format(INCIDENTS "/%s" VERSION, name);
    long status = client_do(client, "PUT", path, body);
    free(path);
    return status;
}

json_t *siem_get(struct client *client, const char *name)
{
    char *path = sim_format(INCIDENTS "/%s" VERSION, name);
    json_t *answer = client_send(client, "GET", path, NULL);
    free(path);
    return answer;
}

json_t *siem_list(struct client *client, const char *more)
{
    char *path = sim_format(INCIDENTS VERSION "%s", more);
    json_t *answer = client_send(client, "GET", path, NULL);
    free(path);
    return answer;
}

size_t siem_list_size(struct client *client, const char *more)
{
    json_t *answer = siem_list(client, more);
    size_t size = json_array_size(client_at(answer, "value"));
    json_decref(answer);
    return size;
}

void siem_advance(struct client *client, double seconds)
{
    assert_int_equal(
        client_do(client, "POST", "/_sim/clock", json_pack("{s:f}", "advance", seconds)), 200);
}

json_t *siem_edit(struct client *client, const char *name, json_t *set)
{
    return client_send(client, "POST", "/_sim/edit",
                       json_pack("{s:s, s:s, s:o}", "workspace", "acme", "name", name, "set", set));
}

void siem_says(struct client *client, const char *part)
{
    if (!strstr(client->text, part))
        fail_msg("'%s' isn't in: %s", part, client->text);
}

long siem_comment(struct client *client, const char *id, const char *message)
{
    char *path = sim_format(INCIDENTS "/i1/comments/%s" VERSION, id);
    long status =
        client_do(client, "PUT", path, json_pack("{s:{s:s}}", "properties", "message", message));
    free(path);
    return status;
}
