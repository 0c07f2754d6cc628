#include "tests/torture/judging.h"

#include <string.h>

/* A schedule's work; a loop that never ends passes it soon. */
#define MOST_REQUESTS 4000U

static bool may_change(const struct wire_exchange *exchange)
{
    return strcmp(exchange->method, "PUT") == 0 || strcmp(exchange->method, "DELETE") == 0 ||
           strstr(exchange->url, "/SetIncident") || strstr(exchange->url, "/CreateAnIncident") ||
           strstr(exchange->url, "/CloseIncident") || strstr(exchange->url, "/UpdateDynamic");
}

static void sent(void *data, const struct wire_exchange *exchange)
{
    struct judge *judge = data;
    judge->requests++;
    if (judge->requests == MOST_REQUESTS)
        judge_says(judge, 12, "more than %u requests", MOST_REQUESTS);
    if (exchange->system < 0)
        judge_says(judge, 10, "a request to %s", exchange->url);
    for (unsigned t = 0; t < WORLD_TENANTS; t++) {
        bool is_own = strcmp(exchange->owner, world_tenant(t)) == 0;
        if (exchange->system == SIEM && !is_own && strstr(exchange->url, world_workspace(t)))
            judge_says(judge, 9, "%s asks for %s", exchange->owner, exchange->url);
    }
    if (may_change(exchange) && !world_is_intended(judge->world))
        judge_says(judge, 7, "%s %s is sent, and no intent is in the store", exchange->method,
                   exchange->url);
}

static void dealt(void *data, struct wire_exchange *exchange)
{
    struct judge *judge = data;
    exchange->mark = judge->edit_count;
    if (!exchange->reply->applied)
        return;
    judge->writes++;
    judging_engine_wrote(judge);
}

/* What a read shows of a record is all of it. */
static void answered(void *data, const struct wire_exchange *exchange)
{
    struct judge *judge = data;
    const char *body = exchange->reply->body;
    if (exchange->reply->applied || exchange->reply->status != 200 || !body)
        return;
    for (size_t i = 0; i < judge->edit_count && i < exchange->mark; i++) {
        struct edit *edit = &judge->edits[i];
        const struct pair *pair = &judge->pairs[edit->pair];
        if (edit->side == exchange->system && !edit->is_replaced && !edit->is_written_over &&
            strstr(body, edit->side == SIEM ? pair->name : pair->number))
            edit->is_seen = true;
    }
}

void judging_watch(struct judge *judge)
{
    judge->world->wire.watcher = (struct wire_watcher){ sent, dealt, answered, judge };
}
