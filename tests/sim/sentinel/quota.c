#include "tests/sim/sentinel/quota.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/sim/instant.h"
#include "tests/sim/sentinel/errors.h"
#include "tests/sim/text.h"

static struct sentinel_quota *quota_of(struct sim_state *state, char *stolen_key)
{
    for (size_t i = 0; i < state->quota_count; i++) {
        if (sim_same_name(state->quotas[i].key, stolen_key)) {
            free(stolen_key);
            return &state->quotas[i];
        }
    }
    state->quotas = sim_resize(state->quotas, (state->quota_count + 1) * sizeof(state->quotas[0]));
    state->quotas[state->quota_count] = (struct sentinel_quota){ .key = stolen_key };
    return &state->quotas[state->quota_count++];
}

static long limit_of(const struct sim_state *state, const char *kind)
{
    if (sim_same(kind, "write incident"))
        return sentinel_number(state, SENTINEL_PUT_INCIDENT_LIMIT);
    if (sim_same(kind, "add note"))
        return sentinel_number(state, SENTINEL_PUT_COMMENT_LIMIT);
    if (sim_same(kind, "list notes"))
        return sentinel_number(state, SENTINEL_GET_COMMENT_LIMIT);
    if (sim_same(kind, "list incidents") || sim_same(kind, "read incident"))
        return sentinel_number(state, SENTINEL_GET_INCIDENT_LIMIT);
    return 0;
}

static void add_retry_after(const struct sim_state *state, struct sim_reply *reply, long wait)
{
    char text[SIM_INSTANT_SIZE];
    if (sentinel_is(state, SENTINEL_RETRY_AFTER, "absent"))
        return;
    if (sentinel_is(state, SENTINEL_RETRY_AFTER, "date"))
        sim_instant_format(sim_clock_now(state->context.clock) + (wait + 1) * SIM_TICKS_PER_SECOND,
                           SIM_INSTANT_HTTP, text);
    else if (sentinel_is(state, SENTINEL_RETRY_AFTER, "huge"))
        snprintf(text, sizeof(text), "99999999999");
    else
        snprintf(text, sizeof(text), "%ld", wait);
    sim_reply_header(reply, "Retry-After", text);
}

static bool refuse(const struct sim_state *state, struct sim_reply *reply, long wait)
{
    sentinel_error(state, reply, 429, "TooManyRequests",
                   "Too many requests. Retry after %ld seconds.", wait);
    add_retry_after(state, reply, wait);
    return false;
}

/* The resource manager's token bucket: reads, writes and deletes apart. */
static bool take_from_bucket(struct sim_state *state, const struct sentinel_client *client,
                             const struct sentinel_workspace *workspace, const char *method,
                             struct sim_reply *reply)
{
    bool reads = sim_same(method, "GET");
    const char *verb = reads ? "reads" : (sim_same(method, "DELETE") ? "deletes" : "writes");
    long size = sentinel_number(state, reads ? SENTINEL_READ_BUCKET : SENTINEL_WRITE_BUCKET);
    long refill = sentinel_number(state, reads ? SENTINEL_READ_REFILL : SENTINEL_WRITE_REFILL);
    struct sentinel_quota *quota =
        quota_of(state, sim_format("%s %s %s/%s", verb, workspace->subscription, client->directory,
                                   client->id));
    bool taken =
        sim_bucket_take(&quota->bucket, sim_clock_elapsed(state->context.clock), size, refill);
    char *name = sim_format("x-ms-ratelimit-remaining-subscription-%s", verb);
    char *left = sim_format("%ld", size == 0 ? 11999 : sim_bucket_level(&quota->bucket));
    sim_reply_header(reply, name, left);
    free(name);
    free(left);
    return taken || refuse(state, reply, 1);
}

bool sentinel_quota_take(struct sim_state *state, const struct sentinel_client *client,
                         const struct sentinel_workspace *workspace, const char *kind,
                         const char *method, struct sim_reply *reply)
{
    if (!take_from_bucket(state, client, workspace, method, reply))
        return false;
    long wait = 0;
    int64_t span = sentinel_number(state, SENTINEL_THROTTLE_WINDOW) * SIM_TICKS_PER_SECOND;
    struct sentinel_quota *quota =
        quota_of(state, sim_format("%s %s", workspace->subscription, kind));
    if (sim_window_take(&quota->window, sim_clock_elapsed(state->context.clock), span,
                        limit_of(state, kind), &wait))
        return true;
    return refuse(state, reply, wait);
}
