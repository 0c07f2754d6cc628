/* The engine that runs a fleet: polls, routes, plans, writes and records, tenant by tenant, on one loop.
 *
 * A tick makes each tenant that is due run one round:
 *
 *     poll its sides -> rows durable -> cursor moves        a hub is polled once for all tenants that are due
 *     route each fresh row: to its link, to a link by claim, to a creation, or nowhere
 *     for each link: settle, plan; the intent durable; write `first`, then the other side; outcome, state and ledger in one commit
 *     notes; then the row is taken
 *
 * What can't be done now (no quota left, a server down) leaves its rows fresh, and the next round plans them anew from what is there then.
 * Tenants wait for nobody but their own two sides: a server that hangs, a record that can't be read or a secret that is
 * missing holds up its tenant alone. A store that fails, or an owner that was claimed by somebody else, ends the fleet.
 *
 * Everything of the world is handed in; with simulated parts a run repeats exactly. Design, section 4. */
#pragma once

#include "dsl/fleet_config.h"
#include "engine/fleet/ids.h"
#include "engine/journal/journal.h"
#include "engine/remote/remote.h"

#define DUET_FLEET_EVERY_MS 30000U      /* between polls, where nothing else is said */
#define DUET_FLEET_PATIENCE_MS 10000    /* what waits longer for a quota is planned anew */
#define DUET_FLEET_STALE_TRIES 3U       /* of one link in one round; later rounds try once */
#define DUET_FLEET_KEEP_INTENTS_DAYS 30 /* decided ones */

struct duet_fleet;

struct duet_fleet_options {
    const struct duet_fleet_config *config; /* these are borrowed and outlive the fleet */
    struct duet_journal *journal;
    struct duet_key *key; /* signs claims and marks */
    struct duet_clock *clock;
    struct duet_random *random;
    struct duet_loop *loop;
    struct duet_net *net;
    struct duet_log *log;
    bool once; /* one round of each tenant, then it is over */
    bool
        dry_run; /* shows what would be written and writes nothing: not to be used on a store that others read */
    void (*over)(
        void *
            data); /* nothing is under way any more, after the one round or a drain; NULL: nobody wants to know */
    void (*reloaded)(
        void *
            data); /* it runs by the config of duet_fleet_reload() now, and uses the one before no more; NULL likewise */
    void *data;
};

/* Claims every tenant and hub in the store. A tenant that can't be set up (a missing variable, a table of persons that is refused) is
 * logged with its reason and stands still; the others run. DUET_INVALID: two owners of one name; else as the journal. */
enum duet_status duet_fleet_new(const struct duet_fleet_options *options,
                                struct duet_fleet **fleet_out, struct duet_error *error);
/* Ends what is under way, silently: nothing is lost by it. NULL is fine. */
void duet_fleet_free(struct duet_fleet *fleet);

/* The first round begins in the next turn of the loop. */
void duet_fleet_start(struct duet_fleet *fleet);

/* Begins nothing new, ends what is under way, then calls `over`. */
void duet_fleet_drain(struct duet_fleet *fleet);

/* Goes over to another config in place: begins nothing new, ends what is under way, then runs by `config`, which outlives the fleet or
 * the next call of `reloaded`. Called again before that, the later config counts.
 *
 * What is the same stays: claims, tokens, quotas, when a tenant is due next. A tenant whose rules changed runs a round at once, in which
 * links are planned anew that the change touches. A table of persons that is refused is logged, and the tenant's table of before stays,
 * where its mapping can work with it. Tenants that aren't in `config` any more stop; their rows stay in the journal. Hooks are to be
 * asked for again. A config by which a tenant that runs couldn't run is refused as a whole: that is logged, `reloaded` isn't called, and
 * what ran before goes on. While draining nothing is done. */
void duet_fleet_reload(struct duet_fleet *fleet, const struct duet_fleet_config *config);

/* Something was left in the journal for this owner: its tenants run a round now. */
void duet_fleet_wake(struct duet_fleet *fleet, enum duet_owner_kind kind, const char *owner);

struct duet_fleet_counts {
    uint64_t rounds;      /* of tenants, ended well */
    uint64_t failed;      /* rounds that ended with a failure */
    uint64_t writes;      /* records written, accepted */
    uint64_t created;     /* records made */
    uint64_t notes;       /* parts of notes sent */
    uint64_t would_write; /* dry run: what would have been done */
    uint64_t would_create;
    uint64_t would_note;   /* parts */
    size_t tenants;        /* that can run */
    size_t broken;         /* that can't be set up */
    bool is_store_failing; /* why it is over before its time */
};
void duet_fleet_counts(const struct duet_fleet *fleet, struct duet_fleet_counts *counts_out);

/* Where a system may post to: /hooks/`owner`/`side`. */
struct duet_hook {
    enum duet_owner_kind kind;
    const char *owner; /* the hub's or tenant's name */
    const char
        *side; /* the side's name in the mapping; for a hub any name that a mapping gives it */
    const struct duet_tables *tables; /* borrowed; a side without a `webhook` block is refused */
    enum duet_side at;                /* which side of the tables */
    const char *secret;               /* what the header must carry; "" or NULL: none are taken */
};

/* One for each hub and for each own side of a tenant whose system describes webhooks and whose secret is set: the next after `*index`,
 * starting with 0; false: no more. Texts live as long as the fleet. */
bool duet_fleet_next_hook(const struct duet_fleet *fleet, size_t *index,
                          struct duet_hook *hook_out);
