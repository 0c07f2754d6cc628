/* The durable memory of the engine: what was read, what is linked, what is about to be written and what came of it, why.
 *
 * Nothing here knows SQL, rule tables or what a record means: records are bytes, states are JSON texts that the caller writes
 * and reads. Times are ticks (100 ns since 1970) that callers pass in. No secret is ever stored: callers hand in none.
 *
 * Durability. What a call outside a transaction has answered DUET_OK for, and what duet_journal_commit() has answered DUET_OK
 * for, survives kill and power loss. Readers in other processes may look at any time; writers wait for each other, up to
 * DUET_JOURNAL_BUSY_MS, then DUET_BUSY.
 *
 * Owners and fencing. All rows belong to an owner: a tenant, or a hub that tenants share. Who runs an owner claims it and gets an
 * epoch higher than all before; every write carries it and takes effect only while it is the highest, else DUET_CONFLICT. What
 * anybody may leave behind without a claim says so: signals and hints.
 *
 * Failing. DUET_CONFLICT: a higher epoch exists, or the call would contradict what is stored (each function says when). DUET_NOT_FOUND:
 * no such row. DUET_BUSY: another process held the store too long. DUET_FAILED: disk full, damaged, unreadable, out of memory.
 * duet_journal_message() says it in words. The store is then as before the call.
 *
 * Repeating. A crash may make a caller do things twice; each write may be repeated with the same arguments and then changes nothing
 * more, except ledger rows, signals and claims: write ledger rows in the transaction of what they tell about.
 *
 * Reading. Results live in the caller's arena. Lists come in pages: pass the last row's position as `after`, 0 at first; a page shorter
 * than `limit` is the last one. Not safe for use by several threads. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsl/arena.h"
#include "dsl/status.h"
#include "dsl/tables.h" /* enum duet_side, nothing else */

#define DUET_JOURNAL_SCHEMA 1
#define DUET_JOURNAL_BUSY_MS 5000

struct duet_journal; /* opaque: fields live in store.h */

/* --- the file ---------------------------------------------------------------------------------------- */

/* Opens the store at `path`, made with mode 0600 where there is none; ":memory:" for one that lives as long as the handle. Refused with
 * DUET_INVALID and a reason: another program's file, a newer schema, a damaged file. The caller closes it; NULL may be closed. */
enum duet_status duet_journal_open(const char *path, struct duet_journal **journal_out,
                                   struct duet_error *error);

/* The same for looking only: never makes a file (DUET_NOT_FOUND) nor changes it, except that signals and hints may be left. */
enum duet_status duet_journal_open_existing(const char *path, struct duet_journal **journal_out,
                                            struct duet_error *error);

/* A copy of the store in memory, to try something out: nothing that is done to it reaches the file, and whoever runs on the file isn't
 * fenced. DUET_NOT_FOUND: there is none. */
enum duet_status duet_journal_open_copy(const char *path, struct duet_journal **journal_out,
                                        struct duet_error *error);

void duet_journal_close(struct duet_journal *journal);

/* What the last failing call failed of; "" before the first. Valid until the next failing call. */
const char *duet_journal_message(const struct duet_journal *journal);

/* Reads the whole file. DUET_INVALID: damaged, the message says where. */
enum duet_status duet_journal_verify(struct duet_journal *journal);

/* --- transactions ------------------------------------------------------------------------------------- */

/* Several calls in one commit. A write that fails inside (any status but DUET_OK) spoils the transaction: later writes answer the
 * same, and commit rolls back and answers it, so that a caller may look at commit's answer alone. Reads don't spoil. After commit,
 * whatever it answered, no transaction is open. Transactions don't nest. rollback without a transaction does nothing. */
enum duet_status duet_journal_begin(struct duet_journal *journal);
enum duet_status duet_journal_commit(struct duet_journal *journal);
void duet_journal_rollback(struct duet_journal *journal);

/* --- owners ------------------------------------------------------------------------------------------- */

enum duet_owner_kind { DUET_OWNER_TENANT, DUET_OWNER_HUB };

/* Whose rows, and by which claim. For reading alone, and for signals and hints, the epoch may be 0. */
struct duet_owner {
    enum duet_owner_kind kind;
    const char *name; /* borrowed */
    int64_t epoch;
};

/* Makes the caller the owner: writes the new epoch to owner->epoch. Whoever held it before writes nothing more. */
enum duet_status duet_journal_claim(struct duet_journal *journal, struct duet_owner *owner);

/* Small texts that an owner keeps by name (what the tables were when links were last planned, say). NULL forgets. */
enum duet_status duet_journal_remember(struct duet_journal *journal, const struct duet_owner *owner,
                                       const char *name, const char *text);
enum duet_status duet_journal_recall(struct duet_journal *journal, const struct duet_owner *owner,
                                     const char *name, struct duet_arena *arena,
                                     const char **text_out);

/* Where records come from: a tenant's side by its name in the mapping, or a hub ("" as side). */
struct duet_source {
    const struct duet_owner *owner; /* borrowed */
    const char *side;               /* borrowed */
};

/* --- inbox: one row a record, which is also its last snapshot ------------------------------------------ */

enum duet_row_state {
    DUET_ROW_FRESH,       /* nobody has looked at this content yet */
    DUET_ROW_TAKEN,       /* planned with; kept as the last snapshot */
    DUET_ROW_QUARANTINED, /* poison, with its reason; until the content changes or somebody releases it */
};

struct duet_row {
    const char *key;
    const char *raw; /* the record's bytes as the system gave them */
    size_t length;
    const char *version; /* NULL: none */
    uint64_t hash; /* of what counts in the content: rows equal in version and hash are the same */
    int64_t read_began; /* when the request was sent that this row answered */
};

struct duet_inbox_row {
    struct duet_row row;
    enum duet_row_state state;
    const char *reason; /* quarantined: why; else NULL */
    int64_t arrived;    /* position in order of arrival within the source */
    int64_t revision;   /* grows with each content of this row; says what was looked at */
};

struct duet_received {
    size_t fresh;   /* rows that are now to be looked at */
    size_t same;    /* dropped: known content */
    size_t doubted; /* dropped: see below */
};

/* Rows of one page, in one commit. Known content (version and hash) is dropped. Other content replaces what was there and is fresh; a
 * row that was fresh already keeps its place, one in quarantine is released. Content that differs, but from a read that began before the
 * stored one's: which is newer can't be told, so the stored row stays and a hint asks to read the key again: nothing is missed. A
 * row that is awaited (below) becomes fresh by a read begun late enough, although its content is known. `received_out` may be NULL. */
enum duet_status duet_journal_receive(struct duet_journal *journal,
                                      const struct duet_source *source, const struct duet_row *rows,
                                      size_t count, struct duet_received *received_out);

/* What an answer to our own write showed, or a read made for planning: stored as taken, without being planned again; over a row that is
 * fresh the content is replaced and it stays fresh. Content from an earlier read than the stored one's changes nothing. */
enum duet_status duet_journal_keep(struct duet_journal *journal, const struct duet_source *source,
                                   const struct duet_row *row);

/* The next read of this record that begins after `after` is to be looked at even when it shows known content, because a write
 * is to be confirmed by it. A later `after` replaces an earlier one. The row needn't exist yet. */
enum duet_status duet_journal_await(struct duet_journal *journal, const struct duet_source *source,
                                    const char *key, int64_t after);

/* Fresh rows in order of arrival; `after` is a row's `arrived`. */
enum duet_status duet_journal_fresh(struct duet_journal *journal, const struct duet_source *source,
                                    int64_t after, size_t limit, struct duet_arena *arena,
                                    struct duet_inbox_row **rows_out, size_t *count_out);

/* The latest time of all that a read is compared with, 0 when there is none: when rows were read that were ever stored, from when on a
 * newer read is awaited, when intents and creations were stored and decided, when parts of notes that are under way were. Which content is
 * newer, and whether it is newer than a write, is judged by these, so a caller's times must never run backwards, also when the machine's
 * clock does and the engine starts again: begin above this. */
enum duet_status duet_journal_latest(struct duet_journal *journal, int64_t *latest_out);

/* The last content of a record, whatever its state. DUET_NOT_FOUND: never seen. */
enum duet_status duet_journal_snapshot(struct duet_journal *journal,
                                       const struct duet_source *source, const char *key,
                                       struct duet_arena *arena, struct duet_inbox_row *row_out);

/* Planned with. Content that came in since `revision` stays fresh, and the answer is DUET_OK all the same. DUET_NOT_FOUND: no row. */
enum duet_status duet_journal_take(struct duet_journal *journal, const struct duet_source *source,
                                   const char *key, int64_t revision);

/* Nobody can work with this content. As with take, newer content isn't meant by it. */
enum duet_status duet_journal_quarantine(struct duet_journal *journal,
                                         const struct duet_source *source, const char *key,
                                         int64_t revision, const char *reason);

/* In order of arrival. */
enum duet_status duet_journal_quarantined(struct duet_journal *journal,
                                          const struct duet_source *source, int64_t after,
                                          size_t limit, struct duet_arena *arena,
                                          struct duet_inbox_row **rows_out, size_t *count_out);

/* Fresh again, keeping its place: one quarantined row, or all of the source's (key NULL). */
enum duet_status duet_journal_release(struct duet_journal *journal,
                                      const struct duet_source *source, const char *key);

/* Fresh again, whatever it was: for planning anew after the mapping or the table of persons changed. key NULL: all rows. */
enum duet_status duet_journal_refresh(struct duet_journal *journal,
                                      const struct duet_source *source, const char *key);

/* The same for all rows whose record is in no link: they may get one now. */
enum duet_status duet_journal_refresh_unlinked(struct duet_journal *journal,
                                               const struct duet_source *source);

/* How far the source was read. `cursor` is opaque, NULL before the first. */
struct duet_cursor {
    const char *cursor;
    int64_t polled; /* when the last poll that ended well began; 0: never */
    int64_t swept;  /* when the last full reconcile that ended well began; 0: never */
};

enum duet_status duet_journal_cursor(struct duet_journal *journal, const struct duet_source *source,
                                     struct duet_arena *arena, struct duet_cursor *cursor_out);

/* Only after the rows it passes were received: same transaction or later. */
enum duet_status duet_journal_set_cursor(struct duet_journal *journal,
                                         const struct duet_source *source,
                                         const struct duet_cursor *cursor);

/* --- links ---------------------------------------------------------------------------------------------- */

struct duet_link_end {
    struct duet_source source;
    const char *key;
};

struct duet_journal_link {
    int64_t id;         /* never used again */
    const char *tenant; /* by name */
    const char *mapping;
    const char *keys[2]; /* by enum duet_side */
    const char *state;   /* JSON text: bases, refusals, unconfirmed; "" at first */
    const char
        *shown;   /* JSON text: what the last plan shows: holds, pendings, conflicts; "" at first */
    bool gone[2]; /* that side's record is no longer there */
    int64_t created;     /* when */
    int64_t buried;      /* a tombstone since; 0: alive */
    const char *epitaph; /* why it was buried; NULL while alive */
    enum duet_side
        found; /* duet_journal_links_of_record: the side on which the record stands; else DUET_LEFT */
};

/* Links the two records. Linked so already: the same id. DUET_CONFLICT: either is linked otherwise in this mapping (a tombstone counts),
 * by this tenant or, for a record of a hub, by another one; the message says with what. */
enum duet_status duet_journal_link(struct duet_journal *journal, const struct duet_owner *tenant,
                                   const char *mapping, const struct duet_link_end *left,
                                   const struct duet_link_end *right, int64_t created,
                                   int64_t *link_out);

/* By one key; tombstones are found too, look at `buried`. DUET_NOT_FOUND. */
enum duet_status duet_journal_link_by_key(struct duet_journal *journal,
                                          const struct duet_owner *tenant, const char *mapping,
                                          enum duet_side side, const char *key,
                                          struct duet_arena *arena,
                                          struct duet_journal_link *link_out);
enum duet_status duet_journal_link_by_id(struct duet_journal *journal,
                                         const struct duet_owner *tenant, int64_t id,
                                         struct duet_arena *arena,
                                         struct duet_journal_link *link_out);

/* All links of a record of this source, of any tenant and mapping: how a hub's rows are routed. Zero is no failure. */
enum duet_status duet_journal_links_of_record(struct duet_journal *journal,
                                              const struct duet_source *source, const char *key,
                                              struct duet_arena *arena,
                                              struct duet_journal_link **links_out,
                                              size_t *count_out);

/* A tenant's links, tombstones too; `after` is a link's id. mapping NULL: of all mappings. */
enum duet_status duet_journal_links(struct duet_journal *journal, const struct duet_owner *tenant,
                                    const char *mapping, int64_t after, size_t limit,
                                    struct duet_arena *arena, struct duet_journal_link **links_out,
                                    size_t *count_out);

/* Only links whose `shown` isn't "". */
enum duet_status duet_journal_links_shown(struct duet_journal *journal,
                                          const struct duet_owner *tenant, int64_t after,
                                          size_t limit, struct duet_arena *arena,
                                          struct duet_journal_link **links_out, size_t *count_out);

/* NULL leaves one as it is. */
enum duet_status duet_journal_link_set(struct duet_journal *journal,
                                       const struct duet_owner *tenant, int64_t link,
                                       const char *state, const char *shown);
enum duet_status duet_journal_link_gone(struct duet_journal *journal,
                                        const struct duet_owner *tenant, int64_t link,
                                        enum duet_side side, bool gone);

/* A tombstone keeps its keys from being linked or created again. Buried already: stays as it is. */
enum duet_status duet_journal_bury(struct duet_journal *journal, const struct duet_owner *tenant,
                                   int64_t link, int64_t when, const char *epitaph);

/* Deletes a link with its notes, whether buried or not: the keys are free again. Ledger and intents stay. No such link: DUET_OK. */
enum duet_status duet_journal_unlink(struct duet_journal *journal, const struct duet_owner *tenant,
                                     int64_t link);

/* --- creations in flight ----------------------------------------------------------------------------------- */

enum duet_creation_state {
    DUET_CREATION_WANTED,  /* nothing was sent yet */
    DUET_CREATION_SENT,    /* the reply isn't known: look for the claim before sending again */
    DUET_CREATION_CREATED, /* target_key is known, what create can't carry may be missing */
};

struct duet_creation {
    int64_t id; /* set by the journal */
    const char *mapping;
    enum duet_side origin;
    const char *origin_key;
    const char *claim;      /* what is written into the created record */
    const char *operation;  /* operation id of the creating request */
    const char *target_key; /* NULL until known */
    enum duet_creation_state state;
    int64_t
        when; /* of the last change of state; WANTED again after a failed try: since the first */
};

/* One for each (tenant, mapping, origin, origin key): put again, it replaces the earlier one and keeps its id. */
enum duet_status duet_journal_create(struct duet_journal *journal, const struct duet_owner *tenant,
                                     const struct duet_creation *creation);
enum duet_status duet_journal_creation(struct duet_journal *journal,
                                       const struct duet_owner *tenant, const char *mapping,
                                       enum duet_side origin, const char *origin_key,
                                       struct duet_arena *arena,
                                       struct duet_creation *creation_out);
enum duet_status duet_journal_creations(struct duet_journal *journal,
                                        const struct duet_owner *tenant, int64_t after,
                                        size_t limit, struct duet_arena *arena,
                                        struct duet_creation **creations_out, size_t *count_out);

/* It is linked, or no longer wanted. None there: DUET_OK. */
enum duet_status duet_journal_creation_end(struct duet_journal *journal,
                                           const struct duet_owner *tenant, const char *mapping,
                                           enum duet_side origin, const char *origin_key);

/* --- intents --------------------------------------------------------------------------------------------------- */

enum duet_outcome {
    DUET_OUTCOME_OPEN,    /* not known yet */
    DUET_OUTCOME_UNKNOWN, /* no answer, and looking hasn't told yet; still listed as open */
    DUET_OUTCOME_OK,
    DUET_OUTCOME_REFUSED,
    DUET_OUTCOME_STALE,
    DUET_OUTCOME_GONE,
    DUET_OUTCOME_SETTLED, /* no answer came; a later read told what had become of it */
};

const char *duet_outcome_name(enum duet_outcome outcome);

struct duet_intent {
    int64_t id;            /* set by the journal */
    const char *operation; /* the caller's operation id; one intent each within a tenant */
    int64_t link;          /* 0: none yet (a creation) */
    enum duet_side side;   /* which is written */
    const char *key;       /* of the record written; NULL for a creation */
    uint64_t body_hash;
    const char *what;  /* JSON text: fields, values as sent, the source's values */
    const char *parts; /* JSON text: note parts, frozen; NULL: none */
    int64_t epoch;     /* by whose claim; set by the journal */
    int64_t when;
    enum duet_outcome outcome; /* DUET_OUTCOME_OPEN when it is put */
    const char *text;          /* what the answer said; NULL: nothing */
    int64_t decided;           /* when the outcome was stored; 0: open */
};

/* Before the write goes out. Put again with the same operation and body: DUET_OK; with another body: DUET_CONFLICT. */
enum duet_status duet_journal_intend(struct duet_journal *journal, const struct duet_owner *tenant,
                                     const struct duet_intent *intent);

/* What came of it. `text` may be NULL. The same again: DUET_OK. OPEN and UNKNOWN may be replaced, another outcome never: DUET_CONFLICT. */
enum duet_status duet_journal_outcome(struct duet_journal *journal, const struct duet_owner *tenant,
                                      const char *operation, enum duet_outcome outcome,
                                      const char *text, int64_t when);

enum duet_status duet_journal_intent(struct duet_journal *journal, const struct duet_owner *tenant,
                                     const char *operation, struct duet_arena *arena,
                                     struct duet_intent *intent_out);

/* Whose outcome is OPEN or UNKNOWN, oldest first: what a start has to find out. `after` is an intent's id. */
enum duet_status duet_journal_open_intents(struct duet_journal *journal,
                                           const struct duet_owner *tenant, int64_t after,
                                           size_t limit, struct duet_arena *arena,
                                           struct duet_intent **intents_out, size_t *count_out);

/* A later read told what became of this link's writes whose outcome is OPEN or UNKNOWN. */
enum duet_status duet_journal_settle_intents(struct duet_journal *journal,
                                             const struct duet_owner *tenant, int64_t link,
                                             int64_t when);

/* When requests to a side were sent or last answered, since a moment, oldest first: what counts in a server's quota after a restart. One
 * for each record written, or for each part of a note. */
enum duet_recent_kind { DUET_RECENT_WRITES, DUET_RECENT_NOTES };
enum duet_status duet_journal_recent(struct duet_journal *journal, const struct duet_owner *tenant,
                                     enum duet_side side, enum duet_recent_kind kind, int64_t since,
                                     struct duet_arena *arena, int64_t **times_out,
                                     size_t *count_out);

/* Deletes decided intents from before `before`. */
enum duet_status duet_journal_forget_intents(struct duet_journal *journal,
                                             const struct duet_owner *tenant, int64_t before);

/* --- notes -------------------------------------------------------------------------------------------------------- */

enum duet_note_state {
    DUET_NOTE_INTENDED,  /* frozen, not sent yet */
    DUET_NOTE_SENT,      /* the reply isn't known */
    DUET_NOTE_CONFIRMED, /* stands on the target */
    DUET_NOTE_UNCERTAIN, /* the reply was lost and the system can't tell: never sent again blindly */
    DUET_NOTE_FOREIGN,   /* seen and not to be sent: older than the link, or not ours to move */
};

/* One part of one note on its way from its origin to the other side. */
struct duet_journal_note {
    int64_t id; /* set by the journal */
    int64_t link;
    enum duet_side origin;
    const char *origin_note; /* its identity there: the id, or author, time and ordinal */
    int part;                /* from 0 */
    const char *target_note; /* the id on the other side; NULL: none or not known */
    const char *mark;        /* what is embedded; NULL: none */
    enum duet_note_state state;
    const char *text; /* the part as sent, frozen; NULL: not kept */
    int64_t when;     /* of the last change */
};

/* One for each (link, origin, origin_note, part): put again it replaces state and time, and target_note, mark and text where they are
 * not NULL; a frozen text is never replaced. CONFIRMED never becomes anything else: DUET_OK, and it stays. DUET_CONFLICT: the target
 * note belongs to another note of this link. */
enum duet_status duet_journal_put_note(struct duet_journal *journal,
                                       const struct duet_owner *tenant,
                                       const struct duet_journal_note *note);

/* One origin note's parts, in order. Zero is no failure. */
enum duet_status duet_journal_note_parts(struct duet_journal *journal,
                                         const struct duet_owner *tenant, int64_t link,
                                         enum duet_side origin, const char *origin_note,
                                         struct duet_arena *arena,
                                         struct duet_journal_note **notes_out, size_t *count_out);

/* Whose note this is that stands on the side other than `origin`: by its id there, or by our mark in it. DUET_NOT_FOUND: not ours. */
enum duet_status duet_journal_note_by_target(struct duet_journal *journal,
                                             const struct duet_owner *tenant, int64_t link,
                                             enum duet_side origin, const char *target_note,
                                             struct duet_arena *arena,
                                             struct duet_journal_note *note_out);
enum duet_status duet_journal_note_by_mark(struct duet_journal *journal,
                                           const struct duet_owner *tenant, int64_t link,
                                           enum duet_side origin, const char *mark,
                                           struct duet_arena *arena,
                                           struct duet_journal_note *note_out);

/* All of a link's, oldest first; `after` is a note's id. */
enum duet_status duet_journal_notes(struct duet_journal *journal, const struct duet_owner *tenant,
                                    int64_t link, int64_t after, size_t limit,
                                    struct duet_arena *arena, struct duet_journal_note **notes_out,
                                    size_t *count_out);

/* How many parts from `origin` are in this state. */
enum duet_status duet_journal_count_notes(struct duet_journal *journal,
                                          const struct duet_owner *tenant, int64_t link,
                                          enum duet_side origin, enum duet_note_state state,
                                          size_t *count_out);

/* --- signals and hints: anybody may leave them, without a claim ----------------------------------------------------- */

struct duet_signal {
    int64_t id;       /* set by the journal */
    const char *side; /* the side's name in the mapping; "" for a hub */
    const char *key;  /* the record it is about */
    const char *name;
    const char *data; /* NULL: none */
    int64_t when;
};

/* Kept until it is acted on. Left twice it stands twice. */
enum duet_status duet_journal_signal(struct duet_journal *journal, const struct duet_owner *owner,
                                     const struct duet_signal *signal);

/* Oldest first; `after` is a signal's id. */
enum duet_status duet_journal_signals(struct duet_journal *journal, const struct duet_owner *owner,
                                      int64_t after, size_t limit, struct duet_arena *arena,
                                      struct duet_signal **signals_out, size_t *count_out);

/* Done, best in the transaction of what was done. Done already: DUET_OK. Needs the claim. */
enum duet_status duet_journal_acted(struct duet_journal *journal, const struct duet_owner *owner,
                                    int64_t signal);

struct duet_hint {
    int64_t id;      /* set by the journal */
    const char *key; /* "": something of the source changed, poll it */
    int64_t when;
};

/* Read this record soon. Left again it stands once, with a new id, so that a reader that is under way doesn't swallow it. */
enum duet_status duet_journal_hint(struct duet_journal *journal, const struct duet_source *source,
                                   const char *key, int64_t when);
enum duet_status duet_journal_hints(struct duet_journal *journal, const struct duet_source *source,
                                    int64_t after, size_t limit, struct duet_arena *arena,
                                    struct duet_hint **hints_out, size_t *count_out);

/* What it asked for was read, by a request sent after the hint was listed. Needs the claim. */
enum duet_status duet_journal_followed(struct duet_journal *journal,
                                       const struct duet_source *source, int64_t hint);

/* --- ledger: who changed what, and by which rule ---------------------------------------------------------------------- */

#define DUET_LEDGER_KINDS(X)                                                                       \
    X(LINKED, "linked")     /* found and linked */                                                 \
    X(CREATED, "created")   /* made by us */                                                       \
    X(SENT, "sent")         /* written, accepted */                                                \
    X(ABSORBED, "absorbed") /* agrees, or taken as it is: the base moved, nothing was written */   \
    X(CONFLICT, "conflict") /* both changed: the winner in `to`, the loser in `lost` */            \
    X(FIRST_CONTACT, "first contact") /* differed when they met */                                 \
    X(HELD, "held")                   /* waits for something missing */                            \
    X(REFUSED, "refused")             /* by the target */                                          \
    X(CLEARED, "cleared")             /* emptied on both sides */                                  \
    X(NOTE, "note")                   /* a note, or a part of it */                                \
    X(SIGNAL, "signal")               /* acted on */                                               \
    X(GONE, "gone")                   /* a record is no longer there, or is there again */         \
    X(QUARANTINED, "quarantined")     /* a record nobody can work with */                          \
    X(UNLINKED, "unlinked")           /* buried or deleted */                                      \
    X(RECOVERED, "recovered")         /* found out after a lost reply or a crash */                \
    X(REMARK, "remark")               /* anything else worth telling */

enum duet_ledger_kind {
#define DUET_LEDGER_ENUM(name, text) DUET_LEDGER_##name,
    DUET_LEDGER_KINDS(DUET_LEDGER_ENUM)
#undef DUET_LEDGER_ENUM
};

const char *duet_ledger_name(enum duet_ledger_kind kind);

/* All texts but `tenant` may be NULL; 0 where there is no link, line or value. */
struct duet_ledger_row {
    int64_t id;         /* set by the journal; grows with time */
    const char *tenant; /* set by the journal: the owner's name */
    int64_t when;
    enum duet_ledger_kind kind;
    int64_t link;
    const char *keys[2]; /* by enum duet_side */
    const char *field;   /* field or group by name */
    enum duet_side side; /* which was written, or which refused */
    const char *from;    /* the value that stood there */
    const char *to;      /* the value that was sent or taken */
    const char *lost;    /* the value that lost a conflict */
    const char *cause;   /* a sentence for people */
    const char *file;    /* of the rule */
    uint32_t line;
    const char *operation; /* operation id of the write */
};

/* Appends; never changed or deleted afterwards. Repeated it stands twice: write it together with what it tells about. */
enum duet_status duet_journal_log(struct duet_journal *journal, const struct duet_owner *owner,
                                  const struct duet_ledger_row *row);

/* What is asked for; NULL and 0 ask for all. */
struct duet_ledger_query {
    const char *key; /* on either side */
    int64_t link;
    const char *field;
    const enum duet_ledger_kind *kind;
    int64_t before; /* a row's id, for the next page: only older rows; 0: from the newest */
};

/* Newest first. */
enum duet_status duet_journal_ledger(struct duet_journal *journal, const struct duet_owner *owner,
                                     const struct duet_ledger_query *wanted, size_t limit,
                                     struct duet_arena *arena, struct duet_ledger_row **rows_out,
                                     size_t *count_out);

/* Why a WANTED creation can't be made: the ledger's newest HELD or REFUSED row of its origin since it is wanted. DUET_NOT_FOUND: nothing
 * was said against it. */
enum duet_status duet_journal_creation_reason(struct duet_journal *journal,
                                              const struct duet_owner *tenant,
                                              const struct duet_creation *creation,
                                              struct duet_arena *arena,
                                              struct duet_ledger_row *row_out);

/* --- overview ------------------------------------------------------------------------------------------------------- */

struct duet_owner_status {
    enum duet_owner_kind kind;
    const char *name;
    int64_t epoch;
    size_t links; /* alive */
    size_t tombstones;
    size_t shown; /* links alive with something to show */
    size_t fresh; /* rows of its own sources; a hub's are the hub's */
    size_t quarantined;
    size_t creations;
    size_t open_intents;
    size_t uncertain_notes;
    size_t signals;
};

struct duet_source_status {
    enum duet_owner_kind kind;
    const char *owner;
    const char *side;
    struct duet_cursor cursor;
    size_t rows;
    size_t fresh;
    size_t quarantined;
    size_t hints;
};

struct duet_journal_status {
    struct duet_owner_status *owners; /* tenants, then hubs, by name */
    size_t owner_count;
    struct duet_source_status *sources; /* in the order of owners */
    size_t source_count;
};

enum duet_status duet_journal_status(struct duet_journal *journal, struct duet_arena *arena,
                                     struct duet_journal_status *status_out);
