/* The inside of a write: which request carries which field, and what is sent. For write.c and write_plan.c alone. */
#pragma once

#include "engine/record/steps.h"
#include "engine/remote/call.h"

/* One record on its way. In the job's arena. */
struct duet_write_item {
    size_t index; /* as handed in */
    const struct duet_rules *rules;
    enum duet_side side;
    const char *key, *version;
    struct duet_record before;
    const struct duet_value *values;
    uint64_t mask;
    uint64_t steps[DUET_MAX_WRITE_STEPS]; /* the fields that each WRITE operation carries */
    uint64_t written;
    bool is_over; /* told */
};

/* A deep copy; `index` and the steps are the caller's. */
void duet_write_copy(const struct duet_endpoint *endpoint, const struct duet_remote_write *write,
                     struct duet_write_item *item, struct duet_arena *arena);

/* What references stand for in the item's part of a request. */
struct duet_render duet_write_render(const struct duet_endpoint *endpoint,
                                     const struct duet_t_op *op, const struct duet_write_item *item,
                                     uint64_t mask, struct duet_arena *arena);

/* The request for one record. False with render->error set. */
bool duet_write_prepare(struct duet_render *render, const struct duet_write_item *item,
                        uint64_t mask, struct duet_call_request *request_out);

/* Compares what was read after a write with what should stand there. NULL: all the same; else words for people. */
const char *duet_write_verify(const struct duet_endpoint *endpoint,
                              const struct duet_write_item *item, const char *raw, size_t length,
                              struct duet_arena *arena);
