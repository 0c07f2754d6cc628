/* Polling: one list of what changed, its rows durable page by page, then the records that hints name, then the cursor. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "engine/fleet/inside.h"
#include "engine/record/times.h"
#include "engine/world/memory.h"

#define MAX_HINTS 100U /* followed by one poll */

/* Clocks may differ by so much; a record from later has a wrong time, and must not take the cursor past all others. */
#define MOST_AHEAD (INT64_C(86400) * DUET_TICKS_PER_SECOND)

/* --- rows ------------------------------------------------------------------------------------------------- */

/* The key of a record that the rules refuse, as far as it can be made out. */
static const char *key_at_any_rate(const struct duet_feed *feed, const char *bytes, size_t length,
                                   struct duet_arena *arena)
{
    const struct duet_tables *tables = feed->rules->tables;
    const struct duet_t_field *field =
        duet_field_row(tables, duet_side_row(tables, feed->side)->key);
    json_t *json = json_loadb(bytes, length, JSON_ALLOW_NUL, NULL);
    const json_t *key = duet_path_find(tables, field->path, json);
    const char *text = json_string_value(key);
    if (text && *text)
        text = duet_arena_copy_text(arena, text, strlen(text));
    else if (json_is_integer(key))
        text = duet_arena_format(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(key));
    else
        text = duet_arena_format(arena, "unreadable-%016" PRIx64, duet_hash_bytes(bytes, length));
    json_decref(json);
    return text;
}

struct duet_row duet_feed_row(const struct duet_feed *feed, const char *bytes, size_t length,
                              int64_t read_began, struct duet_arena *arena, int64_t *modified_out)
{
    struct duet_record record;
    struct duet_error error = { "" };
    struct duet_row row = { .raw = bytes,
                            .length = length,
                            .hash = duet_hash_bytes(bytes, length),
                            .read_began = read_began };
    int64_t modified = 0;
    if (duet_record_read(feed->rules, feed->side, bytes, length, arena, &record, &error) ==
        DUET_OK) {
        row.key = record.key;
        row.version = record.version;
        modified = record.modified;
    }
    if (!row.key || !*row.key)
        row.key = key_at_any_rate(feed, bytes, length, arena);
    if (modified_out)
        *modified_out = modified;
    return row;
}

/* Remembers which records this poll has shown. */
static void remember(struct duet_feed *feed, const char *key)
{
    if (feed->shown_count == feed->shown_room) {
        size_t room = feed->shown_room ? 2 * feed->shown_room : 256;
        uint64_t *shown = duet_arena_alloc_array(feed->arena, room, sizeof *shown);
        for (size_t i = 0; i < feed->shown_count; i++)
            shown[i] = feed->shown[i];
        feed->shown = shown;
        feed->shown_room = room;
    }
    feed->shown[feed->shown_count++] = duet_hash_bytes(key, strlen(key));
}

static bool has_shown(const struct duet_feed *feed, const char *key)
{
    uint64_t hash = duet_hash_bytes(key, strlen(key));
    for (size_t i = 0; i < feed->shown_count; i++) {
        if (feed->shown[i] == hash)
            return true;
    }
    return false;
}

static bool on_page(void *data, const struct duet_remote_row *rows, size_t count, uint32_t page)
{
    struct duet_feed *feed = data;
    struct duet_arena *arena = duet_arena_new();
    struct duet_row *taken = duet_arena_alloc_array(arena, count + 1, sizeof *taken);
    struct duet_received received = { 0 };
    (void)page;
    for (size_t i = 0; i < count; i++) {
        int64_t modified = 0;
        taken[i] =
            duet_feed_row(feed, rows[i].bytes, rows[i].length, feed->began, arena, &modified);
        remember(feed, taken[i].key);
        if (modified > feed->highest && modified <= feed->began + MOST_AHEAD)
            feed->highest = modified;
    }
    enum duet_status status =
        duet_journal_receive(feed->fleet->options.journal, &feed->source, taken, count, &received);
    duet_arena_free(arena);
    return !duet_fleet_store_failed(feed->fleet, status, "rows can't be stored");
}

/* --- the end of a poll -------------------------------------------------------------------------------------- */

static void poll_over(struct duet_feed *feed, bool is_good)
{
    if (is_good && feed->owner->kind == DUET_OWNER_HUB)
        is_good = duet_route_hub(feed);
    struct duet_feed_waiter *waiters = feed->waiters;
    feed->waiters = NULL;
    duet_arena_free(feed->arena);
    feed->arena = NULL;
    while (waiters) {
        struct duet_feed_waiter *waiter = waiters;
        waiters = waiter->next;
        waiter->done(waiter->data, is_good);
    }
}

static void move_cursor(struct duet_feed *feed)
{
    char text[32] = "";
    if (feed->highest > feed->cursor)
        feed->cursor = feed->highest;
    (void)snprintf(text, sizeof text, "%" PRId64, feed->cursor);
    const struct duet_cursor cursor = { .cursor = feed->cursor == DUET_SINCE_EVER ? NULL : text,
                                        .polled = feed->began };
    enum duet_status status =
        duet_journal_set_cursor(feed->fleet->options.journal, &feed->source, &cursor);
    poll_over(feed, !duet_fleet_store_failed(feed->fleet, status, "the cursor can't be stored"));
}

/* --- hints ---------------------------------------------------------------------------------------------------- */

static void follow_next(struct duet_feed *feed);

static bool followed(struct duet_feed *feed, int64_t hint)
{
    enum duet_status status =
        duet_journal_followed(feed->fleet->options.journal, &feed->source, hint);
    return !duet_fleet_store_failed(feed->fleet, status, "a hint can't be ended");
}

static void hint_read(void *data, const struct duet_remote_result *result)
{
    struct duet_feed *feed = data;
    bool is_over = result->outcome == DUET_REMOTE_OK || result->outcome == DUET_REMOTE_GONE ||
                   result->outcome == DUET_REMOTE_REFUSED;
    enum duet_status status = DUET_OK;
    if (result->outcome == DUET_REMOTE_OK && result->record) {
        struct duet_arena *arena = duet_arena_new();
        struct duet_row row = duet_feed_row(feed, result->record, result->record_length,
                                            feed->hint_began, arena, NULL);
        status = duet_journal_receive(feed->fleet->options.journal, &feed->source, &row, 1, NULL);
        duet_arena_free(arena);
    }
    if (duet_fleet_store_failed(feed->fleet, status, "a row can't be stored") ||
        (is_over && !followed(feed, feed->hints[feed->hint_at].id))) {
        poll_over(feed, false);
        return;
    }
    feed->hint_at++;
    follow_next(feed);
}

static void follow_next(struct duet_feed *feed)
{
    for (; feed->hint_at < feed->hint_count; feed->hint_at++) {
        const struct duet_hint *hint = &feed->hints[feed->hint_at];
        if (*hint->key && !has_shown(feed, hint->key) &&
            duet_remote_has(feed->endpoint, DUET_OP_READ)) {
            feed->hint_began = duet_fleet_stamp(feed->fleet);
            duet_remote_read(feed->endpoint, hint->key, hint_read, feed);
            return;
        }
        if (!followed(feed, hint->id)) {
            poll_over(feed, false);
            return;
        }
    }
    move_cursor(feed);
}

/* --- the beginning ----------------------------------------------------------------------------------------------- */

static void listed(void *data, const struct duet_remote_result *result)
{
    struct duet_feed *feed = data;
    if (result->outcome == DUET_REMOTE_OK) {
        follow_next(feed);
        return;
    }
    duet_log_line(
        feed->fleet->options.log, DUET_LOG_WARNING, "poll failed",
        DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = feed->owner->name },
                        { DUET_LOGGED_SIDE, .text = duet_feed_side(feed) },
                        { DUET_LOGGED_OUTCOME, .text = duet_remote_outcome_name(result->outcome) },
                        { DUET_LOGGED_WHY, .text = result->text },
                        { DUET_LOGGED_REQUEST, .text = result->request_id }));
    poll_over(feed, false);
}

static bool read_cursor(struct duet_feed *feed)
{
    struct duet_cursor cursor = { 0 };
    struct duet_journal *journal = feed->fleet->options.journal;
    enum duet_status status = duet_journal_cursor(journal, &feed->source, feed->arena, &cursor);
    if (status == DUET_OK)
        status = duet_journal_hints(journal, &feed->source, 0, MAX_HINTS, feed->arena, &feed->hints,
                                    &feed->hint_count);
    feed->hint_at = 0;
    feed->cursor = DUET_SINCE_EVER;
    if (status == DUET_OK && cursor.cursor)
        feed->cursor = strtoll(cursor.cursor, NULL, 10);
    return !duet_fleet_store_failed(feed->fleet, status, "the cursor can't be read");
}

void duet_feed_poll(struct duet_feed *feed, struct duet_feed_waiter *waiter)
{
    bool is_new = feed->waiters == NULL;
    waiter->next = feed->waiters;
    feed->waiters = waiter;
    if (!is_new)
        return;
    feed->arena = duet_arena_new();
    feed->began = duet_fleet_stamp(feed->fleet);
    feed->highest = DUET_SINCE_EVER;
    feed->shown = NULL;
    feed->shown_count = feed->shown_room = 0;
    if (read_cursor(feed))
        duet_remote_changed(feed->endpoint, feed->cursor, on_page, listed, feed);
    else
        poll_over(feed, false);
}

void duet_feed_close(struct duet_feed *feed)
{
    duet_endpoint_free(feed->endpoint);
    duet_push_close(feed);
    duet_arena_free(feed->arena);
    feed->endpoint = NULL;
    feed->arena = NULL;
}
