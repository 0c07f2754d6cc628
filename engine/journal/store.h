/* What the subjects of the journal share: the handle, how a write is fenced and committed, how rows become a list.
 *
 * Every write goes through enter and leave. Enter holds the right to write and looks for the claim (kind, name, epoch) in the
 * same transaction: nobody can claim between that look and the commit, so the epoch stands before each statement at one place
 * where it can't be forgotten. */
#pragma once

#include "engine/journal/db.h"
#include "engine/journal/journal.h"

struct duet_journal {
    struct duet_db *db;
    char *path;
    bool looking;             /* opened for looking only */
    bool open;                /* between begin and commit */
    enum duet_status spoiled; /* of the open transaction: what the first failing write answered */
    struct duet_error error;
};

/* Starts a write for an owner; its row's id in owner_out. DUET_OK obliges to leave, anything else is to be returned. */
enum duet_status duet_store_enter(struct duet_journal *journal, const struct duet_owner *owner,
                                  int64_t *owner_out);

/* The same for a write that is one statement: `query_out` is to be bound from ?2 on, ?1 is the owner's row. `sql` must be a literal, as
 * duet_db_query() says. */
enum duet_status duet_store_enter_with(struct duet_journal *journal, const struct duet_owner *owner,
                                       const char *sql, struct duet_query **query_out);

/* The same for what needs no claim; an owner that isn't known yet becomes known, unclaimed. */
enum duet_status duet_store_enter_unclaimed(struct duet_journal *journal,
                                            const struct duet_owner *owner, int64_t *owner_out);

/* The same for a source; its row is made where there is none. */
enum duet_status duet_store_enter_source(struct duet_journal *journal,
                                         const struct duet_source *source, int64_t *source_out);

/* Ends a write: commits, or leaves that to the caller's transaction; `status` other than DUET_OK undoes. Returns the outcome. */
enum duet_status duet_store_leave(struct duet_journal *journal, enum duet_status status);

/* Runs one statement that may hit no row. */
enum duet_status duet_store_run(struct duet_journal *journal, struct duet_query *query);

/* Runs one statement that may hit no row, and ends the write. */
enum duet_status duet_store_leave_with(struct duet_journal *journal, struct duet_query *query);

/* Runs one statement that has to hit a row: DUET_NOT_FOUND with the message "no such WHAT" when it hits none. */
enum duet_status duet_store_hit(struct duet_journal *journal, struct duet_query *query,
                                const char *what);

/* Binds kind and name, the next two parameters; OWNER_ID picks the row by ?1 and ?2. */
void duet_store_bind_owner(struct duet_query *query, const struct duet_owner *owner);
#define OWNER_ID "(SELECT id FROM owner WHERE kind = ?1 AND name = ?2)"

/* The same with the side, the next three parameters; SOURCE_ID picks the row by ?1 to ?3. */
void duet_store_bind_source(struct duet_query *query, const struct duet_source *source);
#define SOURCE_ID                                                                                  \
    "(SELECT source.id FROM owner JOIN source ON source.owner = owner.id"                          \
    " WHERE owner.kind = ?1 AND owner.name = ?2 AND source.side = ?3)"

/* Leaves a hint; inside enter and leave. */
enum duet_status duet_store_hint(struct duet_journal *journal, int64_t source, const char *key,
                                 int64_t when);

/* For reading: ids of rows, DUET_NOT_FOUND where there are none. */
enum duet_status duet_store_owner(struct duet_journal *journal, const struct duet_owner *owner,
                                  int64_t *owner_out);

/* The rows, made where there are none; inside enter and leave of any owner. */
enum duet_status duet_store_ensure_owner(struct duet_journal *journal,
                                         const struct duet_owner *owner, int64_t *owner_out);
enum duet_status duet_store_ensure_source(struct duet_journal *journal, int64_t owner,
                                          const char *side, int64_t *source_out);

/* A failure of the database, told in the journal's words; passes `status` on. */
enum duet_status duet_store_failed(struct duet_journal *journal, enum duet_status status);

/* One number of one row: DUET_NOT_FOUND without a row. */
enum duet_status duet_store_number(struct duet_journal *journal, struct duet_query *query,
                                   int64_t *number_out);

/* Makes a row of a list, or the one that was looked for, of the query's current row. */
typedef void (*duet_store_reader)(struct duet_query *query, struct duet_arena *arena,
                                  void *row_out);

/* All rows of a query, as an array in the arena; rows_out is the address of a pointer to rows. */
enum duet_status duet_store_list(struct duet_journal *journal, struct duet_query *query,
                                 duet_store_reader reader, size_t row_size,
                                 struct duet_arena *arena, void *rows_out, size_t *count_out);

/* The first row of a query. DUET_NOT_FOUND, with the message "no such WHAT". */
enum duet_status duet_store_first(struct duet_journal *journal, struct duet_query *query,
                                  duet_store_reader reader, const char *what,
                                  struct duet_arena *arena, void *row_out);

/* Binds where a page begins and how many rows it may have, the next two parameters. */
void duet_store_bind_page(struct duet_query *query, int64_t after, size_t limit);

/* Limits of a page as the database wants them. */
int64_t duet_store_limit(size_t limit);
