/* Two small systems whose notes a test plays with: people write, the server answers, loses or refuses, the engine dies. The left one,
 * desk, lets the client choose a note's id, lists notes and counts them; what the right one, board, does is the test's. */
#pragma once

#include "engine/fleet/notes_sync.h"
#include "tests/support/remote_stage.h"

/* What follows `notes : ` of the board, its requests for notes, and the mapping's statement behind the two paths. */
#define NOTES_STAGE(board_notes, board_calls, attributes)                                          \
    "edition 2026;\n"                                                                              \
    "system desk {\n"                                                                              \
    "  settings { site : url; }\n"                                                                 \
    "  record ticket { key : text at id; title : text at title; state : enum (Open, Closed) at "   \
    "state; modified : time at changed;\n"                                                         \
    "    closed when state == Closed;\n"                                                           \
    "    notes : notes at notes max 6 { id : text at id; text : text at text max 200; author : "   \
    "text at author; written : time at at; }\n"                                                    \
    "    note_count : integer at count read only; }\n"                                             \
    "  http { base \"{site}\";\n"                                                                  \
    "    changed ticket GET \"/t\" { items rows; }\n"                                              \
    "    write ticket PUT \"/t/{key}\" { body changed; }\n"                                        \
    "    list notes GET \"/t/{key}/notes\" { items rows; }\n"                                      \
    "    add note PUT \"/t/{key}/notes/{note.uuid}\" { body { text: note.text } } }\n"             \
    "}\n"                                                                                          \
    "system board {\n"                                                                             \
    "  settings { site : url; }\n"                                                                 \
    "  record thing { key : text at id; title : text at title; state : enum (Open, Closed) at "    \
    "state; modified : time at changed;\n"                                                         \
    "    closed when state == Closed;\n"                                                           \
    "    notes : " board_notes " }\n"                                                              \
    "  http { base \"{site}\";\n"                                                                  \
    "    changed thing GET \"/t\" { items rows; }\n"                                               \
    "    write thing PUT \"/t/{key}\" { body changed; }\n" board_calls " }\n"                      \
    "}\n"                                                                                          \
    "mapping both between desk.ticket as left and board.thing as right {\n"                        \
    "  link left.key <-> right.key;\n"                                                             \
    "  first contact left;\n"                                                                      \
    "  field title left.title <-> right.title conflict left;\n"                                    \
    "  field state left.state <-> right.state conflict left;\n"                                    \
    "  notes left.notes " attributes ";\n"                                                         \
    "  on left change send all;\n"                                                                 \
    "  on right change send all;\n"                                                                \
    "}\n"

#define BOARD_ITEM "author : text at author; written : time \"yyyy-MM-dd HH:mm:ss\" at at; }"
/* Notes stand in the record, as HTML, without ids. */
#define BOARD_HTML "notes at notes { text : html at text max 200; " BOARD_ITEM
/* The same as text. */
#define BOARD_TEXT "notes at notes { text : text at text max 200; " BOARD_ITEM
#define BOARD_LIST "list notes GET \"/t/{key}/notes\" { items rows; }\n"
#define BOARD_ADD "add note POST \"/t/{key}/notes\" { body { text: note.text, html: note.html } }\n"

/* Whole mappings: notes go both ways. */
#define BOTH "<-> right.notes"
#define HTML_BOARD NOTES_STAGE(BOARD_HTML, BOARD_ADD, BOTH)
#define TEXT_BOARD NOTES_STAGE(BOARD_TEXT, BOARD_ADD, BOTH)
#define LISTED_BOARD NOTES_STAGE(BOARD_TEXT, BOARD_LIST BOARD_ADD, BOTH)
/* All three. */
#define NOTES_BOARDS 3U
extern const char *const notes_boards[NOTES_BOARDS];

enum notes_fault {
    NOTES_FINE,
    NOTES_LOST_BEFORE, /* never arrives, no answer */
    NOTES_LOST_AFTER,  /* taken, no answer */
    NOTES_LOST_LATE,   /* no answer, and taken only at notes_land() */
    NOTES_REFUSED,
    NOTES_THROTTLED,
    NOTES_GONE
};

#define NOTES_STAGE_MOST 64

struct notes_server {
    struct notes_stored {
        char *id, *text, *author;
        int64_t written; /* seconds */
    } notes[NOTES_STAGE_MOST];
    size_t count;
    size_t adds, lists;        /* requests since notes_reset() */
    enum notes_fault next_add; /* what becomes of the next one */
    enum notes_fault next_list;
    char *late;     /* on its way */
    bool is_hidden; /* the record doesn't show its notes */
    bool is_newest_first;
    bool strips_marks;
    bool shouts; /* answers ids in capitals */
};

struct notes_stage {
    struct stage stage;
    struct duet_journal *journal;
    struct duet_owner owner;
    struct duet_key key;
    struct duet_endpoint *endpoints[2];
    struct notes_server servers[2];
    int64_t second; /* the systems' clock */
    int64_t stamps; /* the engine's */
    int64_t started, link, link_created;
    bool released[2];
    struct duet_record records[2];
    int64_t read_at[2];
    struct duet_notes_job *job;
    bool is_done;
    struct duet_notes_outcome outcome;
    char shown[1024]; /* "what/side: sentence\n" each, of the last outcome */
};

/* The text is the mapping's, from NOTES_STAGE(). */
void notes_open(struct notes_stage *stage, const char *text);
void notes_close(struct notes_stage *stage);

/* A person writes; the systems' clock goes on by a second. Returns the note. */
struct notes_stored *notes_write(struct notes_stage *stage, enum duet_side side, const char *text);

/* Reads both records as a poll does. */
void notes_read(struct notes_stage *stage);

/* One call when it is due, until it is done; false: not due. */
bool notes_sync(struct notes_stage *stage);
/* Reads and syncs until nothing is due and nothing is left; fails after ten rounds. */
void notes_settle(struct notes_stage *stage);

/* The same by hand: a call, some turns of the loop, its end (before it is done all that is under way dies with it, and the engine starts
 * anew). false: not due, or over. */
bool notes_start(struct notes_stage *stage);
bool notes_turn(struct notes_stage *stage);
void notes_end(struct notes_stage *stage);

/* Reads, and a call that dies after so many turns. */
void notes_crash(struct notes_stage *stage, size_t turns);

/* What was late arrives. */
void notes_land(struct notes_stage *stage, enum duet_side side);

/* How many notes there contain the text. */
size_t notes_with(const struct notes_stage *stage, enum duet_side side, const char *text);
void notes_reset(struct notes_stage *stage);

/* A stage whose link was looked at once, and its end. */
struct notes_stage *notes_stage_new(const char *text);
void notes_stage_free(struct notes_stage *stage);

/* One note a side contains the text; so many notes stand on each side. */
void notes_expect_once(const struct notes_stage *stage, const char *text);
void notes_expect_total(const struct notes_stage *stage, size_t count);
