/* The values of two enums side by side: which stands where, so that the lines between them cross as little as they can.
 *
 * Values that arms connect stand together, centred on each other, and one against several beside the first that goes both ways; such clusters follow the left enum's order, then the right one's.
 * Within a cluster the right values follow the left ones that they are connected to. */
#pragma once

#include "dsl/arena.h"
#include "dsl/tables.h"

/* Places in half slots from the top, by the value's number in its enum: values of one side are at least two apart. */
struct duet_graph_slots {
    uint32_t *places[2]; /* by side */
    uint32_t counts[2];
    uint32_t *right_arms; /* how many arms a right value has */
    uint32_t slots;       /* whole ones, from the first to behind the last */
};

struct duet_graph_slots duet_graph_slots(const struct duet_tables *tables,
                                         const struct duet_t_map *map, struct duet_arena *arena);
