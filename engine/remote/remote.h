/* One side of a tenant, or one hub: carries out what the system's tables describe, over HTTP, by callbacks on the loop.
 *
 * An endpoint is one instance of a system: a base URL, credentials, settings. Nothing here decides what to write; everything here
 * knows how to ask. Requests wait for their quota, carry their credentials, are tried again where that is safe, and end
 * with an outcome. All calls return at once; each calls its `done` exactly once, later, from the loop - never from within the
 * call - unless the endpoint is freed first: then never. What a callback is given lives until the callback returns.
 *
 * Texts for people hold no secret of the endpoint. Callers must not have two writes of one record under way at a time. */
#pragma once

#include "engine/record/record.h"
#include "engine/world/clock.h"
#include "engine/world/log.h"
#include "engine/world/loop.h"
#include "engine/world/net.h"
#include "engine/world/random.h"

#define DUET_REMOTE_DEADLINE_MS 30000     /* one exchange, from the first byte to the last */
#define DUET_REMOTE_MAX_BYTES (64U << 20) /* one answer, unpacked */
#define DUET_REMOTE_MAX_PAGES 10000U      /* of one list */
#define DUET_REMOTE_MAX_PASSES 6U         /* over a list that keeps changing under us */
#define DUET_REMOTE_MAX_TRIES 4U          /* of a request that reads */

struct duet_endpoint;
struct duet_quotas; /* quotas.h: shared by all endpoints of a fleet */

/* --- making one ------------------------------------------------------------------------------------------ */

/* A setting as the fleet file, the environment or a secret's file gave it. */
struct duet_setting_value {
    const char *name;
    const char *text;
};

struct duet_endpoint_options {
    const struct duet_rules *rules; /* borrowed: its tables describe the system */
    enum duet_side side;            /* which of the two */
    const char *name;               /* of the tenant or hub: for logs */
    const struct duet_setting_value
        *settings; /* copied; those that the system lists with a fallback may be missing */
    size_t setting_count;
    struct duet_clock *clock; /* these are borrowed and outlive the endpoint */
    struct duet_random *random;
    struct duet_loop *loop;
    struct duet_net *net;
    struct duet_log *log;       /* secrets are registered here */
    struct duet_quotas *quotas; /* from duet_quotas_new() */
    int64_t
        patience_ms; /* a request that waits longer for its quota or a pause ends as THROTTLED; 0: it waits */
};

/* DUET_INVALID, with the setting or URL that is at fault named (never a secret's value): a setting is missing, has control characters,
 * a base that is no http(s) URL, has user info, a query or `..`; plain http elsewhere than to this machine is allowed only
 * because the settings say http. The caller frees the endpoint, never from within one of its callbacks; NULL is fine. Freeing ends
 * what is under way, silently. */
enum duet_status duet_endpoint_new(const struct duet_endpoint_options *options,
                                   struct duet_endpoint **endpoint_out, struct duet_error *error);
void duet_endpoint_free(struct duet_endpoint *endpoint);

/* Takes over what `from` was given to sign its requests with, so that nothing is fetched twice, when both have the same base and settings.
 * Their tables must describe the system in the same way. `from` stays usable. */
void duet_endpoint_adopt(struct duet_endpoint *endpoint, struct duet_endpoint *from);

/* Does the system describe such an operation? Without LIST_NOTES notes stand in the record, or nowhere. */
bool duet_remote_has(const struct duet_endpoint *endpoint, enum duet_op_kind kind);

/* How many requests of a kind would go within so many milliseconds, as far as quotas and pauses are known; UINT32_MAX: no limit known.
 * `wait_ms_out` (may be NULL) says how long until the first. A caller that hands in no more than this keeps what waits open to
 * merging and planning again. */
uint32_t duet_remote_room(struct duet_endpoint *endpoint, enum duet_op_kind kind, int64_t within_ms,
                          int64_t *wait_ms_out);

/* A request of this kind was sent before this program started and counts in the server's windows still. Oldest first. */
void duet_remote_spend(struct duet_endpoint *endpoint, enum duet_op_kind kind, int64_t age_ms);

/* How many records one request of a write may carry: 1 when the system has no batches. */
uint32_t duet_remote_batch(const struct duet_endpoint *endpoint);

/* Requests sent so far, by kind (token requests under DUET_OP_ANY): for the metrics and the tests. */
uint64_t duet_remote_sent(const struct duet_endpoint *endpoint, enum duet_op_kind kind);

/* --- outcomes -------------------------------------------------------------------------------------------- */

enum duet_remote_outcome {
    DUET_REMOTE_OK,
    DUET_REMOTE_STALE,     /* another version is there: read and plan again */
    DUET_REMOTE_GONE,      /* no such record */
    DUET_REMOTE_THROTTLED, /* not done; the kind is paused, `retry_ms` from now it may be asked again */
    DUET_REMOTE_REFUSED,   /* understood and turned down: the same again changes nothing */
    DUET_REMOTE_TRANSIENT, /* not done, as far as the answer or the lack of a connection says */
    DUET_REMOTE_DENIED,    /* credentials */
    DUET_REMOTE_UNKNOWN,   /* sent, and no usable answer: done or not done, only reading tells */
    DUET_REMOTE_OUTCOMES
};

/* "stale", "refused", ...: for logs and the ledger. */
const char *duet_remote_outcome_name(enum duet_remote_outcome outcome);

struct duet_remote_result {
    enum duet_remote_outcome outcome;
    int http_status;  /* of the answer that decided; 0: none came */
    const char *text; /* for people: what the system said, or what failed; "" when OK */
    const char *
        request_id; /* the server's own ids of the request, "name=value ..."; "" when it gave none */
    const char *record; /* the record's bytes when the answer holds the record, else NULL */
    size_t record_length;
    const char *key;  /* create: the new record's key; else NULL */
    uint64_t written; /* write: the fields (by number) whose request was answered OK */
    int64_t retry_ms; /* THROTTLED, TRANSIENT: ask no sooner; 0: no hint */
};

typedef void (*duet_remote_done)(void *data, const struct duet_remote_result *result);

/* --- reading --------------------------------------------------------------------------------------------- */

/* One row of a list: the bytes as they came. They may be anything that has the outline of a JSON value: what is wrong inside of
 * a row shows when it is read as a record, and is that record's own trouble. */
struct duet_remote_row {
    const char *bytes;
    size_t length;
};

/* A page's rows, in the list's order; `page` counts from 0 over all passes. False: stop (the store failed); `done` is then
 * called with TRANSIENT. Rows that a second pass shows again unchanged are left out. */
typedef bool (*duet_remote_page)(void *data, const struct duet_remote_row *rows, size_t count,
                                 uint32_t page);

#define DUET_SINCE_EVER INT64_MIN

/* What changed since a time (ticks; the overlap is taken off here), or ever. All pages are followed to the end. Only
 * after OK has everything been shown that the list held when the call was made; after anything else the cursor stays. */
void duet_remote_changed(struct duet_endpoint *endpoint, int64_t since, duet_remote_page on_page,
                         duet_remote_done done, void *data);

/* One record. OK comes with `record`; GONE: no such record. */
void duet_remote_read(struct duet_endpoint *endpoint, const char *key, duet_remote_done done,
                      void *data);

/* Rows, then `done`: on_rows is called once, after OK only, before it. */
typedef void (*duet_remote_rows)(void *data, const struct duet_remote_row *rows, size_t count);

void duet_remote_list_notes(struct duet_endpoint *endpoint, const char *key,
                            duet_remote_rows on_rows, duet_remote_done done, void *data);

/* --- creating -------------------------------------------------------------------------------------------- */

/* A record that isn't there yet. Everything is borrowed only during the call. */
struct duet_remote_record {
    const struct duet_rules *rules; /* of the tenant it belongs to; NULL: the endpoint's */
    enum duet_side side;            /* this system's side in those rules; ignored without rules */
    const struct duet_value *
        values; /* all of the side's, by number; MISSING is left out. NULL in find: only the claim is known */
    uint64_t mask;     /* what `fields` and a body of changes are made of */
    const char *claim; /* the signed text that finds it again */
    const char *key;   /* where the client chooses keys; else NULL */
};

/* Records that carry the claim. */
void duet_remote_find(struct duet_endpoint *endpoint, const struct duet_remote_record *record,
                      duet_remote_rows on_rows, duet_remote_done done, void *data);

/* OK comes with `key`, and `record` when the answer holds it. Never tried twice: UNKNOWN is for the caller to find. */
void duet_remote_create(struct duet_endpoint *endpoint, const struct duet_remote_record *record,
                        duet_remote_done done, void *data);

/* The fields (by number) that the creating request carries of this record; what else the record has is to be written afterwards. */
uint64_t duet_remote_created_fields(const struct duet_endpoint *endpoint,
                                    const struct duet_remote_record *record);

/* Must a record's bytes be known before it can be written (`body whole`)? */
bool duet_remote_writes_whole(const struct duet_endpoint *endpoint);

/* --- writing --------------------------------------------------------------------------------------------- */

/* One record's fields. Everything is copied during the call, the rules apart. */
struct duet_remote_write {
    const struct duet_rules
        *rules; /* of the tenant it belongs to; NULL: the endpoint's. Outlives the write. */
    enum duet_side side; /* this system's side in those rules; ignored without rules */
    const char *key;
    const char *version;              /* as seen; NULL: none */
    const struct duet_record *before; /* as seen; `raw` is needed where the whole record is sent */
    const struct duet_value *values;  /* all of the side's, as they shall be, by number */
    uint64_t mask;                    /* which of them change */
};

/* Called once for each write, `index` as handed in, in any order. */
typedef void (*duet_remote_written)(void *data, size_t index,
                                    const struct duet_remote_result *result);

/* Sends each step that a system describes in its order, records together as far as its batches go; a record whose step wasn't
 * answered OK takes no part in later steps: `written` says what was done of it. Never tried twice without an answer: after a
 * lost reply UNKNOWN. A batch that is refused whole is halved until the record at fault is found. */
void duet_remote_write(struct duet_endpoint *endpoint, const struct duet_remote_write *writes,
                       size_t count, duet_remote_written written, void *data);

/* --- notes ----------------------------------------------------------------------------------------------- */

struct duet_new_note {
    const char *uuid; /* derived, the same for every try */
    const char *text;
    const char *html;
};

/* UNKNOWN: where the client chooses the note's id the same call may simply be made again. */
void duet_remote_add_note(struct duet_endpoint *endpoint, const char *key,
                          const struct duet_new_note *note, duet_remote_done done, void *data);

/* True when a note that is sent twice stands once: its id is in the request's URL. */
bool duet_remote_note_is_repeatable(const struct duet_endpoint *endpoint);
