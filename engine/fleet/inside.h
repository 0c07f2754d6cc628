/* The inside of a fleet: for engine/fleet alone. */
#pragma once

#include "engine/fleet/fleet.h"
#include "engine/plan/plan.h"
#include "engine/remote/quotas.h"
#include "engine/world/hash.h"

struct duet_tenant;
struct duet_push;
struct duet_push_batch;

/* --- feeds: where records are read from ---------------------------------------------------------------- */

struct duet_feed_waiter {
    void (*done)(void *data, bool is_good);
    void *data;
    struct duet_feed_waiter *next;
};

/* A hub, or a tenant's own instance of a side. */
struct duet_feed {
    struct duet_fleet *fleet;
    struct duet_owner *owner; /* borrowed: the hub's or the tenant's */
    struct duet_source source;
    struct duet_endpoint *endpoint; /* NULL: can't be used */
    const struct duet_rules
        *rules; /* by which its rows are told apart; of the hub's first tenant */
    enum duet_side side;
    const char *secret; /* of its webhooks; NULL: it takes none */

    struct duet_feed_waiter *waiters; /* not NULL: a poll is under way */
    struct duet_arena *arena;         /* of the poll */
    int64_t began;                    /* stamp of the last poll's begin */
    int64_t cursor;                   /* DUET_SINCE_EVER at first */
    int64_t highest;                  /* modified time seen in this poll */
    struct duet_hint *hints;          /* to be followed by this poll */
    size_t hint_count, hint_at;
    int64_t hint_began;
    uint64_t *shown; /* hashes of the keys that this poll has shown */
    size_t shown_count, shown_room;

    struct duet_push *pushes, *last_push; /* to be written, push.c */
    struct duet_push_batch *batches;      /* under way */
    struct duet_timer *flush;
    size_t births;  /* records being made there; */
    size_t patient; /* those of them that wait in `pushes` */
};

struct duet_fleet_hub_state {
    struct duet_owner owner;
    struct duet_fleet_hub_state *before; /* while it is set up by a reload: as it was; NULL: new */
    struct duet_feed feed;
    struct duet_arena *arena; /* settings and texts */
};

/* --- tenants ---------------------------------------------------------------------------------------------- */

/* A link to be looked at in this round, or a record without one. */
struct duet_task {
    enum duet_task_kind { DUET_TASK_LINK, DUET_TASK_BIRTH } kind;
    int64_t link;
    bool is_resync;      /* LINK: nothing is new but the rules */
    enum duet_side side; /* BIRTH: the origin */
    const char *key;
    struct duet_task *next;
    struct duet_task *next_alike;
};

#define DUET_TASK_BUCKETS 256U
#define DUET_TASKS_AT_ONCE 256U /* of one tenant */

/* What is to be planned anew because the mapping or its persons changed. */
struct duet_resync {
    enum duet_resync_links {
        DUET_RESYNC_NONE,    /* nothing that counts */
        DUET_RESYNC_TOUCHED, /* links whose values the changed rules touch */
        DUET_RESYNC_ALL,     /* every link, every record */
    } links;
    uint64_t units;     /* changed ones */
    size_t rules;       /* how many changed, those that are gone too */
    bool is_known;      /* the journal remembers these rules */
    bool is_tried;      /* a round has tried it: refusals by the old rules are forgotten once */
    size_t links_moved; /* links of this round for which something came of it */
};

struct duet_tenant {
    struct duet_fleet *fleet;
    struct duet_tenant *before; /* while it is set up by a reload: as it was; NULL: new */
    const struct duet_fleet_tenant *config;
    struct duet_owner owner;
    struct duet_rules rules;
    struct duet_arena *arena; /* settings, names: as long as the tenant */
    const char *mapping;
    struct duet_feed own[2];   /* used where the side is the tenant's own */
    struct duet_feed *feed[2]; /* own or a hub's */
    uint64_t *person_sums;     /* of its tables of persons, in their order */
    struct duet_resync
        resync;         /* what differs from the rules that its links were last planned with */
    const char *broken; /* why it can't run; NULL: it can */
    int64_t every_ms;
    int64_t due;     /* of the monotonic clock */
    bool is_awake;   /* due at once */
    bool is_busy;    /* in a round */
    bool has_failed; /* in this round */
    bool is_routed;  /* this round came as far as to its tasks */

    struct duet_arena *round; /* what the round knows */
    struct duet_feed_waiter waiter[2];
    unsigned polls;                               /* not yet ended */
    struct duet_task *tasks, *last_task;          /* not yet begun */
    struct duet_task *buckets[DUET_TASK_BUCKETS]; /* all of the round, to find doubles */
    size_t going;                                 /* errands under way */
    struct duet_errand *errands;                  /* these */
};

struct duet_fleet {
    struct duet_fleet_options options;
    struct duet_quotas *quotas;
    struct duet_fleet_hub_state *hubs;
    size_t hub_count;
    struct duet_tenant *tenants;
    size_t tenant_count;
    struct duet_timer *tick;
    struct duet_timer *ending;
    struct duet_timer *changing;
    const struct duet_fleet_config *next; /* to go over to; NULL: none */
    int64_t last_stamp;
    int64_t started; /* a stamp from before anything was sent */
    size_t busy;     /* tenants in a round */
    bool is_started;
    bool is_draining;
    bool is_over;
    struct duet_fleet_counts counts;
};

/* Times of reading and writing: of the wall clock, and never the same or earlier than one before, also when the clock steps back and
 * over starts. */
int64_t duet_fleet_stamp(struct duet_fleet *fleet);

/* The store failed or somebody else owns a tenant now: logs why and ends the fleet. Returns true when `status` isn't DUET_OK. */
bool duet_fleet_store_failed(struct duet_fleet *fleet, enum duet_status status, const char *what);

/* --- setup.c ---------------------------------------------------------------------------------------------------- */

/* Hubs and tenants of a fleet, at another time. */
struct duet_fleet_parts {
    struct duet_fleet_hub_state *hubs;
    size_t hub_count;
    struct duet_tenant *tenants;
    size_t tenant_count;
};

/* Makes the fleet's hubs and tenants from its config, with what goes on from `before` (NULL: the start). Until duet_fleet_settle() tenants
 * may share tables of persons with `before`, which is whole and can be gone back to. */
enum duet_status duet_fleet_setup(struct duet_fleet *fleet, const struct duet_fleet_parts *before,
                                  struct duet_error *error);
/* After a setup with `before`: what is shared becomes the new parts' (`is_new`), or stays that of `before`. */
void duet_fleet_settle(struct duet_fleet *fleet, bool is_new);
void duet_fleet_parts_free(const struct duet_fleet_parts *parts);

/* reload.c: the round of the last busy tenant is over. */
void duet_fleet_change_when_idle(struct duet_fleet *fleet);
/* fleet.c: plans the next tick. */
void duet_fleet_set_tick(struct duet_fleet *fleet);

/* --- feed.c ---------------------------------------------------------------------------------------------------- */

/* Polls, or joins a poll that is under way. The waiter's `done` is called later, once. */
void duet_feed_poll(struct duet_feed *feed, struct duet_feed_waiter *waiter);

/* A row as the journal takes it: key and version are read by the feed's rules. Into the arena. A record that can't be read gets the
 * key that can be made out, or one made of its bytes. `modified_out` may be NULL. */
struct duet_row duet_feed_row(const struct duet_feed *feed, const char *bytes, size_t length,
                              int64_t read_began, struct duet_arena *arena, int64_t *modified_out);

/* Frees what a poll holds; for duet_fleet_free(). */
void duet_feed_close(struct duet_feed *feed);

/* --- push.c ------------------------------------------------------------------------------------------------------ */

/* One record to be written. */
struct duet_push {
    void *errand; /* for the two calls */
    struct duet_remote_write write;
    bool is_urgent; /* a closing: goes first where there is no room for all */
    bool is_sent;
    /* Within the transaction that makes the intents durable. */
    enum duet_status (*intend)(struct duet_push *push);
    /* result NULL: not sent, no room now. */
    void (*written)(struct duet_push *push, const struct duet_remote_result *result);
    struct duet_push *next;
};

/* Written with all others of this turn, in as few requests as the system allows. */
void duet_push_add(struct duet_feed *feed, struct duet_push *push);

/* The same for a record that was just made (one of feed->births): waits a little for others that are being made. */
void duet_push_add_born(struct duet_feed *feed, struct duet_push *push);
void duet_push_close(struct duet_feed *feed);

/* --- route.c ------------------------------------------------------------------------------------------------------ */

/* After a hub's poll: hands its fresh rows to the tenants that wait for it. False: the store failed. */
bool duet_route_hub(struct duet_feed *feed);

/* The tenant's own fresh rows, its signals and its creations in flight: to tasks. False: the store failed. */
bool duet_route_tenant(struct duet_tenant *tenant);

void duet_task_add(struct duet_tenant *tenant, const struct duet_task *task);

/* --- errand.c: one thing that a tenant has under way ----------------------------------------------------------- */

/* First member of each kind. */
struct duet_errand {
    struct duet_tenant *tenant;
    struct duet_arena *arena; /* freed with it */
    struct duet_errand *before, *after;
    bool has_failed; /* the world failed */
    void (*finish)(
        struct duet_errand *errand); /* frees what the arena doesn't hold; NULL: nothing */
};

/* Zeroed, `size` bytes that begin with a struct duet_errand. */
void *duet_errand_new(struct duet_tenant *tenant, size_t size,
                      void (*finish)(struct duet_errand *errand));
/* Frees it and tells the tenant. */
void duet_errand_end(struct duet_errand *errand);
/* duet_fleet_store_failed(), and if so the errand ends. */
bool duet_errand_is_lost(struct duet_errand *errand, enum duet_status status, const char *what);
/* Silently; for duet_fleet_free(). */
void duet_errand_drop_all(struct duet_tenant *tenant);

/* work.c, birth.c: each its own way. A resync ends without a trace where the changed rules touch nothing. */
enum duet_work_cause { DUET_WORK_FOR_NEWS, DUET_WORK_FOR_RESYNC };
void duet_work_start(struct duet_tenant *tenant, int64_t link, enum duet_work_cause cause);
void duet_birth_start(struct duet_tenant *tenant, enum duet_side origin, const char *key);

/* fleet.c: an errand has ended. */
void duet_tenant_one_done(struct duet_tenant *tenant, bool is_good);

/* A new id for an operation. Into the arena. */
const char *duet_operation_id(struct duet_fleet *fleet, struct duet_arena *arena);

/* --- resync.c: other rules than those that the links were last planned with ----------------------------------- */

/* Compares the tenant's rules with what the journal remembers, into tenant->resync; logs a difference. */
void duet_resync_compare(struct duet_tenant *tenant);
/* Makes tasks of what is to be planned anew. */
enum duet_status duet_resync_route(struct duet_tenant *tenant);
/* A round has ended well: from now on these rules are the ones to compare with. False: the store failed. */
bool duet_resync_remember(struct duet_tenant *tenant);

/* The side's name in the mapping; a hub's: in that of its first tenant. */
static inline const char *duet_feed_side(const struct duet_feed *feed)
{
    return duet_str(feed->rules->tables, duet_side_row(feed->rules->tables, feed->side)->name);
}

/* The side's name in the tenant's mapping. */
static inline const char *duet_tenant_side(const struct duet_tenant *tenant, enum duet_side side)
{
    return duet_str(tenant->rules.tables, duet_side_row(tenant->rules.tables, side)->name);
}
