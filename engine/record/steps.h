/* An ordered write: which of a system's WRITE operations carries which field. What runs and what is proved share the fields out here. */
#pragma once

#include "engine/record/record.h"

#define DUET_MAX_WRITE_STEPS 32U

/* The side's WRITE operations, in their order; how many. `ops_out` has room for DUET_MAX_WRITE_STEPS; what a side has beyond them isn't
 * there. */
size_t duet_write_ops(const struct duet_tables *tables, enum duet_side side,
                      const struct duet_t_op **ops_out);

/* What is written over a record: all of its values, before and after, and the fields that are written. */
struct duet_ordered_write {
    const struct duet_rules *rules;
    enum duet_side side;
    const struct duet_value *before, *after;
    uint64_t mask;
};

/* Each field goes with the first operation that carries it and whose condition holds: `steps_out[i]` the fields of `ops[i]`. The fields
 * that none carries are left. */
uint64_t duet_write_share_out(const struct duet_ordered_write *write,
                              const struct duet_t_op *const *ops, size_t count,
                              uint64_t *steps_out);
