/* Writes of one turn, gathered: intents durable in one commit, then as few requests as the system allows. */
#include "engine/fleet/inside.h"

#define GATHER_MS 500

struct duet_push_batch {
    struct duet_feed *feed;
    struct duet_push **pushes;
    size_t left;
    struct duet_arena *arena; /* holds the batch too */
    struct duet_push_batch *before, *after;
};

static void batch_free(struct duet_push_batch *batch)
{
    if (batch->before)
        batch->before->after = batch->after;
    else
        batch->feed->batches = batch->after;
    if (batch->after)
        batch->after->before = batch->before;
    duet_arena_free(batch->arena);
}

static void written(void *data, size_t index, const struct duet_remote_result *result)
{
    struct duet_push_batch *batch = data;
    struct duet_push *push = batch->pushes[index];
    if (--batch->left == 0)
        batch_free(batch);
    push->written(push, result);
}

/* The writes that wait, closings first. Taken off the feed. */
static size_t take_pushes(struct duet_feed *feed, struct duet_arena *arena,
                          struct duet_push ***pushes_out)
{
    size_t count = 0, at = 0;
    for (const struct duet_push *push = feed->pushes; push; push = push->next)
        count++;
    struct duet_push **pushes =
        duet_arena_alloc_array(arena, count + 1, sizeof(struct duet_push *));
    for (int urgent = 1; urgent >= 0; urgent--) {
        for (struct duet_push *push = feed->pushes; push; push = push->next) {
            if (push->is_urgent == (urgent == 1))
                pushes[at++] = push;
        }
    }
    feed->pushes = NULL;
    feed->last_push = NULL;
    *pushes_out = pushes;
    return count;
}

/* How many records may go at once. */
static size_t room_for(struct duet_feed *feed, size_t count)
{
    if (feed->fleet->options.dry_run || feed->fleet->counts.is_store_failing)
        return 0;
    uint32_t requests =
        duet_remote_room(feed->endpoint, DUET_OP_WRITE, DUET_FLEET_PATIENCE_MS, NULL);
    uint64_t records = (uint64_t)requests * duet_remote_batch(feed->endpoint);
    return records < count ? (size_t)records : count;
}

static bool intend_all(struct duet_feed *feed, struct duet_push **pushes, size_t count)
{
    struct duet_journal *journal = feed->fleet->options.journal;
    enum duet_status status = duet_journal_begin(journal);
    for (size_t i = 0; i < count && status == DUET_OK; i++)
        status = pushes[i]->intend(pushes[i]);
    if (status == DUET_OK)
        status = duet_journal_commit(journal);
    else
        duet_journal_rollback(journal);
    return !duet_fleet_store_failed(feed->fleet, status, "an intent can't be stored");
}

static void send(struct duet_feed *feed, struct duet_push **pushes, size_t count,
                 struct duet_arena *arena)
{
    struct duet_remote_write *writes = duet_arena_alloc_array(arena, count, sizeof *writes);
    struct duet_push_batch *batch = duet_arena_alloc(arena, sizeof *batch);
    *batch = (struct duet_push_batch){
        .feed = feed, .pushes = pushes, .left = count, .arena = arena, .after = feed->batches
    };
    if (batch->after)
        batch->after->before = batch;
    feed->batches = batch;
    for (size_t i = 0; i < count; i++) {
        writes[i] = pushes[i]->write;
        pushes[i]->is_sent = true;
    }
    duet_remote_write(feed->endpoint, writes, count, written, batch);
}

static void flush(void *data)
{
    struct duet_feed *feed = data;
    struct duet_arena *arena = duet_arena_new();
    struct duet_push **pushes = NULL;
    feed->flush = NULL;
    feed->patient = 0;
    size_t count = take_pushes(feed, arena, &pushes);
    size_t room = room_for(feed, count);
    if (room > 0 && !intend_all(feed, pushes, room))
        room = 0;
    for (size_t i = room; i < count; i++)
        pushes[i]->written(pushes[i], NULL);
    if (room > 0)
        send(feed, pushes, room, arena);
    else
        duet_arena_free(arena);
}

static void enqueue(struct duet_feed *feed, struct duet_push *push)
{
    push->next = NULL;
    push->is_sent = false;
    if (feed->last_push)
        feed->last_push->next = push;
    else
        feed->pushes = push;
    feed->last_push = push;
}

static void flush_soon(struct duet_feed *feed)
{
    duet_loop_cancel(feed->fleet->options.loop, feed->flush);
    feed->flush = duet_loop_defer(feed->fleet->options.loop, flush, feed);
}

void duet_push_add(struct duet_feed *feed, struct duet_push *push)
{
    enqueue(feed, push);
    flush_soon(feed);
}

void duet_push_add_born(struct duet_feed *feed, struct duet_push *push)
{
    enqueue(feed, push);
    if (++feed->patient >= feed->births)
        flush_soon(feed);
    else if (!feed->flush)
        feed->flush = duet_loop_after(feed->fleet->options.loop, GATHER_MS, flush, feed);
}

void duet_push_close(struct duet_feed *feed)
{
    duet_loop_cancel(feed->fleet->options.loop, feed->flush);
    feed->flush = NULL;
    feed->pushes = feed->last_push = NULL;
    while (feed->batches)
        batch_free(feed->batches);
}
