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
    if (exchange->reply->applied) {
        judge->writes++;
        judging_engine_wrote(judge);
        return;
    }
    exchange->mark = judge->read_count++;
    struct judge_read *read = &judge->reads[exchange->mark % JUDGE_READS];
    read->edits = judge->edit_count;
    for (unsigned p = 0; p < SCHEDULE_PAIRS; p++)
        read->views[p] = judge->seen[p][exchange->system];
}

/* What a read shows of a record is all of it. */
static void answered(void *data, const struct wire_exchange *exchange)
{
    struct judge *judge = data;
    const char *body = exchange->reply->body;
    if (exchange->reply->applied || exchange->reply->status != 200 || !body)
        return;
    for (unsigned p = 0; p < SCHEDULE_PAIRS; p++) {
        const struct pair *pair = &judge->pairs[p];
        const char *key = exchange->system == SIEM ? pair->name : pair->number;
        if (*key && strstr(body, key))
            judging_was_read(judge, p, exchange->system,
                             &judge->reads[exchange->mark % JUDGE_READS]);
    }
}

void judging_watch(struct judge *judge)
{
    judge->world->wire.watcher = (struct wire_watcher){ sent, dealt, answered, judge };
}
