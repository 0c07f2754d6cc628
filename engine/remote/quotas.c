#include "engine/remote/quotas.h"

#include <stdlib.h>
#include <string.h>

#include "engine/world/memory.h"

struct bucket {
    char *name;
    uint32_t count;
    int64_t per;
    uint32_t going;
    unsigned uses;
    int64_t paused_until;
    int64_t *answered; /* a ring: when the last ones were answered, oldest first */
    uint32_t first, answered_count, size;
    struct bucket *next;
};

struct duet_line {
    struct duet_quotas *quotas;
    struct {
        struct bucket *bucket;
        bool is_of_kind;
    } limits[DUET_LINE_MAX_BUCKETS];
    uint32_t limit_count;
    uint32_t going, waiting;
    unsigned strikes;
    int64_t paused_until;
    struct duet_place *first, *last;
    struct duet_line *before, *after; /* among the lines in which somebody waits */
    bool is_listed;
};

struct duet_quotas {
    struct duet_loop *loop;
    struct bucket *buckets;
    struct duet_line *first, *last; /* in which somebody waits, who is next in front */
    struct duet_timer *turn;
    int64_t turn_at;
};

static int64_t now_of(const struct duet_quotas *quotas)
{
    return duet_clock_monotonic(duet_loop_clock(quotas->loop));
}

struct duet_quotas *duet_quotas_new(struct duet_loop *loop)
{
    struct duet_quotas *quotas = duet_new(sizeof *quotas);
    quotas->loop = loop;
    return quotas;
}

static void bucket_free(struct bucket *bucket)
{
    free(bucket->name);
    free(bucket->answered);
    free(bucket);
}

void duet_quotas_free(struct duet_quotas *quotas)
{
    if (!quotas)
        return;
    duet_loop_cancel(quotas->loop, quotas->turn);
    while (quotas->buckets) {
        struct bucket *next = quotas->buckets->next;
        bucket_free(quotas->buckets);
        quotas->buckets = next;
    }
    free(quotas);
}

/* --- buckets ---------------------------------------------------------------------------------------------- */

static void forget_old(struct bucket *bucket, int64_t now)
{
    while (bucket->answered_count > 0 && bucket->answered[bucket->first] + bucket->per < now) {
        bucket->first = (bucket->first + 1) % bucket->size;
        bucket->answered_count--;
    }
}

static uint32_t bucket_room(struct bucket *bucket, int64_t now)
{
    forget_old(bucket, now);
    uint32_t used = bucket->going + bucket->answered_count;
    return bucket->paused_until > now || used >= bucket->count ? 0 : bucket->count - used;
}

/* The moment from which there is room; INT64_MAX: when some answer comes. */
static int64_t bucket_opens(struct bucket *bucket, int64_t now)
{
    if (bucket_room(bucket, now) > 0)
        return now;
    int64_t at = bucket->paused_until > now ? bucket->paused_until : now;
    if (bucket->going + bucket->answered_count < bucket->count)
        return at;
    if (bucket->answered_count == 0)
        return INT64_MAX;
    int64_t oldest = bucket->answered[bucket->first] + bucket->per + 1;
    return oldest > at ? oldest : at;
}

static void bucket_count(struct bucket *bucket, int64_t now)
{
    forget_old(bucket, now);
    if (bucket->answered_count == bucket->size) {
        uint32_t size = bucket->size > 0 ? 2 * bucket->size : 16;
        int64_t *answered = duet_new_array(size, sizeof *answered);
        for (uint32_t i = 0; i < bucket->answered_count; i++)
            answered[i] = bucket->answered[(bucket->first + i) % bucket->size];
        free(bucket->answered);
        bucket->answered = answered;
        bucket->first = 0;
        bucket->size = size;
    }
    bucket->answered[(bucket->first + bucket->answered_count++) % bucket->size] = now;
}

/* --- lines ------------------------------------------------------------------------------------------------- */

struct duet_line *duet_line_new(struct duet_quotas *quotas)
{
    struct duet_line *line = duet_new(sizeof *line);
    line->quotas = quotas;
    return line;
}

/* A bucket outlives its lines for as long as it remembers: a reload doesn't open it. */
void duet_line_free(struct duet_line *line)
{
    if (!line)
        return;
    for (uint32_t i = 0; i < line->limit_count; i++)
        line->limits[i].bucket->uses--;
    free(line);
}

static void drop_unused(struct duet_quotas *quotas)
{
    int64_t now = now_of(quotas);
    for (struct bucket **at = &quotas->buckets; *at;) {
        struct bucket *bucket = *at;
        forget_old(bucket, now);
        if (bucket->uses > 0 || bucket->answered_count > 0 || bucket->paused_until > now) {
            at = &bucket->next;
            continue;
        }
        *at = bucket->next;
        bucket_free(bucket);
    }
}

void duet_line_limit(struct duet_line *line, const char *name, uint32_t count, uint32_t per_ms,
                     bool is_of_kind)
{
    struct duet_quotas *quotas = line->quotas;
    struct bucket *bucket = quotas->buckets;
    if (line->limit_count == DUET_LINE_MAX_BUCKETS)
        return;
    while (bucket && strcmp(bucket->name, name) != 0)
        bucket = bucket->next;
    if (!bucket) {
        drop_unused(quotas);
        bucket = duet_new(sizeof *bucket);
        *bucket = (struct bucket){
            .name = duet_text_new(name), .count = count, .per = per_ms, .next = quotas->buckets
        };
        quotas->buckets = bucket;
    }
    bucket->uses++;
    line->limits[line->limit_count].bucket = bucket;
    line->limits[line->limit_count++].is_of_kind = is_of_kind;
}

static void list_line(struct duet_line *line)
{
    struct duet_quotas *quotas = line->quotas;
    if (line->is_listed)
        return;
    line->is_listed = true;
    line->before = quotas->last;
    line->after = NULL;
    *(quotas->last ? &quotas->last->after : &quotas->first) = line;
    quotas->last = line;
}

static void unlist_line(struct duet_line *line)
{
    struct duet_quotas *quotas = line->quotas;
    if (!line->is_listed)
        return;
    line->is_listed = false;
    *(line->before ? &line->before->after : &quotas->first) = line->after;
    *(line->after ? &line->after->before : &quotas->last) = line->before;
}

static int64_t line_opens(const struct duet_line *line, int64_t now)
{
    int64_t at = line->paused_until > now ? line->paused_until : now;
    if (line->going >= DUET_LINE_MAX_GOING)
        return INT64_MAX;
    for (uint32_t i = 0; i < line->limit_count; i++) {
        int64_t opens = bucket_opens(line->limits[i].bucket, now);
        at = opens > at ? opens : at;
    }
    return at;
}

/* --- taking turns ---------------------------------------------------------------------------------------- */

static void serve(void *data);

static void serve_at(struct duet_quotas *quotas, int64_t at)
{
    if (quotas->turn && quotas->turn_at <= at)
        return;
    duet_loop_cancel(quotas->loop, quotas->turn);
    quotas->turn_at = at;
    quotas->turn = duet_loop_at(quotas->loop, at, serve, quotas);
}

static void take_out(struct duet_place *place)
{
    struct duet_line *line = place->line;
    *(place->before ? &place->before->after : &line->first) = place->after;
    *(place->after ? &place->after->before : &line->last) = place->before;
    line->waiting--;
    if (!line->first)
        unlist_line(line);
}

static void grant(struct duet_place *place)
{
    struct duet_line *line = place->line;
    take_out(place);
    place->state = DUET_PLACE_GOING;
    line->going++;
    for (uint32_t i = 0; i < line->limit_count; i++)
        line->limits[i].bucket->going++;
    if (line->is_listed) { /* to the end: it had its turn */
        unlist_line(line);
        list_line(line);
    }
    place->granted(place->data);
}

/* One grant a turn of this loop, from the front: what is granted may change every line. */
static bool grant_one(struct duet_quotas *quotas, int64_t now, int64_t *next_out)
{
    for (struct duet_line *line = quotas->first; line; line = line->after) {
        int64_t opens = line_opens(line, now);
        if (opens <= now) {
            grant(line->first);
            return true;
        }
        *next_out = opens < *next_out ? opens : *next_out;
    }
    return false;
}

static void serve(void *data)
{
    struct duet_quotas *quotas = data;
    int64_t next;
    quotas->turn = NULL;
    do
        next = INT64_MAX;
    while (grant_one(quotas, now_of(quotas), &next));
    if (next < INT64_MAX)
        serve_at(quotas, next);
}

void duet_place_wait(struct duet_place *place, struct duet_line *line, duet_loop_call granted,
                     void *data)
{
    *place = (struct duet_place){ .state = DUET_PLACE_WAITING,
                                  .line = line,
                                  .before = line->last,
                                  .granted = granted,
                                  .data = data };
    *(line->last ? &line->last->after : &line->first) = place;
    line->last = place;
    line->waiting++;
    list_line(line);
    serve_at(line->quotas, now_of(line->quotas));
}

static void give_back(struct duet_place *place, bool counts)
{
    struct duet_line *line = place->line;
    int64_t now = now_of(line->quotas);
    line->going--;
    for (uint32_t i = 0; i < line->limit_count; i++) {
        line->limits[i].bucket->going--;
        if (counts)
            bucket_count(line->limits[i].bucket, now);
    }
    serve_at(line->quotas, now);
}

void duet_place_done(struct duet_place *place)
{
    if (place->state == DUET_PLACE_GOING)
        give_back(place, true);
    place->state = DUET_PLACE_OUT;
}

void duet_place_leave(struct duet_place *place)
{
    if (place->state == DUET_PLACE_WAITING)
        take_out(place);
    else if (place->state == DUET_PLACE_GOING)
        give_back(place, false);
    place->state = DUET_PLACE_OUT;
}

void duet_line_pause(struct duet_line *line, int64_t milliseconds)
{
    int64_t until = now_of(line->quotas) + milliseconds;
    line->paused_until = until > line->paused_until ? until : line->paused_until;
    for (uint32_t i = 0; i < line->limit_count; i++) {
        struct bucket *bucket = line->limits[i].bucket;
        if (line->limits[i].is_of_kind && until > bucket->paused_until)
            bucket->paused_until = until;
    }
}

unsigned duet_line_strike(struct duet_line *line)
{
    return ++line->strikes;
}

void duet_line_forgive(struct duet_line *line)
{
    line->strikes = 0;
}

/* How many a bucket lets go until a moment, if nobody else asks: what is free then, and again for each `per` that passes. */
static uint32_t bucket_room_until(const struct bucket *bucket, int64_t now, int64_t until)
{
    int64_t from = bucket->paused_until > now ? bucket->paused_until : now;
    uint32_t used = bucket->going;
    if (from > until)
        return 0;
    for (uint32_t i = 0; i < bucket->answered_count; i++) {
        int64_t at = bucket->answered[(bucket->first + i) % bucket->size];
        used += at + bucket->per >= until;
    }
    int64_t again = bucket->per > 0 ? (until - from) / bucket->per * bucket->count : 0;
    int64_t room = (int64_t)bucket->count - used + again;
    return room < 0 ? 0 : room < UINT32_MAX ? (uint32_t)room : UINT32_MAX - 1U;
}

uint32_t duet_line_room(const struct duet_line *line, int64_t within_ms, int64_t *wait_ms_out)
{
    int64_t now = now_of(line->quotas);
    int64_t opens = line_opens(line, now);
    uint32_t room = line->paused_until > now + within_ms ? 0 : UINT32_MAX;
    for (uint32_t i = 0; i < line->limit_count; i++) {
        uint32_t here = bucket_room_until(line->limits[i].bucket, now, now + within_ms);
        room = here < room ? here : room;
    }
    if (room < UINT32_MAX)
        room = room > line->waiting ? room - line->waiting : 0;
    if (wait_ms_out)
        *wait_ms_out = room > 0 && opens <= now             ? 0
                       : opens == INT64_MAX || opens <= now ? 1
                                                            : opens - now;
    return room;
}

void duet_line_spend(struct duet_line *line, int64_t age_ms)
{
    int64_t at = now_of(line->quotas) - (age_ms > 0 ? age_ms : 0);
    for (uint32_t i = 0; i < line->limit_count; i++)
        bucket_count(line->limits[i].bucket, at);
}
