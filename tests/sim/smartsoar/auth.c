#include "tests/sim/smartsoar/auth.h"

#include "tests/sim/instant.h"
#include "tests/sim/jwt.h"
#include "tests/sim/text.h"

static const struct smartsoar_access *by_key(const struct sim_state *state, const char *key)
{
    for (size_t i = 0; i < state->access_count; i++)
        if (!state->accesses[i].is_jwt && sim_same(state->accesses[i].secret, key))
            return &state->accesses[i];
    return NULL;
}

static bool is_expired(const struct sim_state *state, const json_t *claims)
{
    const json_t *end = json_object_get(claims, "exp");
    return json_is_integer(end) &&
           json_integer_value(end) * SIM_TICKS_PER_SECOND <= sim_clock_now(state->context.clock);
}

static const struct smartsoar_access *by_token(const struct sim_state *state, const char *token,
                                               json_t **claims_out)
{
    for (size_t i = 0; i < state->access_count; i++) {
        const struct smartsoar_access *access = &state->accesses[i];
        json_t *claims = access->is_jwt ? sim_jwt_verify(token, access->secret) : NULL;
        if (claims && !is_expired(state, claims) &&
            smartsoar_claims_agree(claims, access->user, access->site)) {
            *claims_out = claims;
            return access;
        }
        json_decref(claims);
    }
    return NULL;
}

const struct smartsoar_access *smartsoar_authenticate(const struct sim_state *state,
                                                      const struct sim_request *request,
                                                      json_t **claims_out)
{
    const char *key = sim_request_header(request, "d3key");
    const char *token = sim_request_header(request, "d3jwt");
    *claims_out = NULL;
    if (token)
        return by_token(state, token, claims_out);
    return key ? by_key(state, key) : NULL;
}

bool smartsoar_claims_agree(const json_t *claims, const char *user, const char *site)
{
    return sim_same(sim_member_text(claims, "Username"), user) &&
           sim_same(sim_member_text(claims, "Site"), site);
}
