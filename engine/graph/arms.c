#include "engine/graph/arms.h"

#include <stdlib.h>

/* A value, left ones first; `cluster` leads to one that stands for all that are connected. */
struct node {
    uint32_t cluster;
    uint32_t order; /* of the cluster, at the value that stands for it */
    uint64_t sum;   /* of the left values' numbers that a right one is connected to */
    uint32_t arms;
};

struct cluster {
    uint32_t sizes[2];
    uint32_t used[2];
    uint32_t top; /* slots */
    bool is_aligned;
};

struct placing {
    uint32_t value; /* number in its enum */
    uint32_t cluster;
    uint64_t weight; /* where within the cluster */
};

static uint32_t find(struct node *nodes, uint32_t at)
{
    while (nodes[at].cluster != at) {
        nodes[at].cluster = nodes[nodes[at].cluster].cluster;
        at = nodes[at].cluster;
    }
    return at;
}

static void connect(const struct duet_tables *tables, const struct duet_t_map *map,
                    struct node *nodes, uint32_t left_count)
{
    for (uint32_t i = 0; i < map->arms_count; i++) {
        const struct duet_t_arm *arm = duet_arm_row(tables, map->arms + i);
        struct node *right = &nodes[left_count + arm->right];
        right->sum += arm->left;
        right->arms++;
        nodes[find(nodes, left_count + arm->right)].cluster = find(nodes, arm->left);
    }
}

/* Numbers the clusters in the order of their first value; returns how many there are. */
static uint32_t number_clusters(struct node *nodes, uint32_t count)
{
    uint32_t clusters = 0;
    for (uint32_t i = 0; i < count; i++)
        nodes[i].order = DUET_NONE;
    for (uint32_t i = 0; i < count; i++) {
        struct node *head = &nodes[find(nodes, i)];
        if (head->order == DUET_NONE)
            head->order = clusters++;
    }
    return clusters;
}

static int by_place(const void *a, const void *b)
{
    const struct placing *first = a;
    const struct placing *second = b;
    if (first->cluster != second->cluster)
        return first->cluster < second->cluster ? -1 : 1;
    if (first->weight != second->weight)
        return first->weight < second->weight ? -1 : 1;
    return first->value < second->value ? -1 : first->value > second->value;
}

static struct placing *order_side(struct node *nodes, uint32_t first, uint32_t count,
                                  struct duet_arena *arena)
{
    struct placing *order = duet_arena_alloc_array(arena, count, sizeof *order);
    for (uint32_t i = 0; i < count; i++) {
        const struct node *node = &nodes[first + i];
        order[i] = (struct placing){
            .value = i,
            .cluster = nodes[find(nodes, first + i)].order,
            .weight = first == 0 || node->arms == 0 ? 0 : (node->sum << 16) / node->arms,
        };
    }
    if (first > 0 && count > 0)
        qsort(order, count, sizeof *order, by_place);
    return order;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* From the top of its cluster, in the middle of what is higher on the other side. */
static uint32_t *place_side(const struct placing *order, uint32_t count, struct cluster *clusters,
                            int side, struct duet_arena *arena)
{
    uint32_t *places = duet_arena_alloc_array(arena, count, sizeof *places);
    for (uint32_t i = 0; i < count; i++) {
        struct cluster *cluster = &clusters[order[i].cluster];
        uint32_t height = larger(cluster->sizes[DUET_LEFT], cluster->sizes[DUET_RIGHT]);
        places[order[i].value] =
            2 * cluster->top + (height - cluster->sizes[side]) + 2 * cluster->used[side]++;
    }
    return places;
}

/* A value alone against several stands at the first that goes both ways, so that this line is straight. */
static void align_singles(const struct duet_tables *tables, const struct duet_t_map *map,
                          struct node *nodes, struct cluster *clusters,
                          struct duet_graph_slots *slots)
{
    for (uint32_t i = 0; i < map->arms_count; i++) {
        const struct duet_t_arm *arm = duet_arm_row(tables, map->arms + i);
        struct cluster *cluster = &clusters[nodes[find(nodes, arm->left)].order];
        if (arm->direction != DUET_BOTH_WAYS || cluster->is_aligned)
            continue;
        cluster->is_aligned = true;
        if (cluster->sizes[DUET_LEFT] == 1)
            slots->places[DUET_LEFT][arm->left] = slots->places[DUET_RIGHT][arm->right];
        else if (cluster->sizes[DUET_RIGHT] == 1)
            slots->places[DUET_RIGHT][arm->right] = slots->places[DUET_LEFT][arm->left];
    }
}

struct duet_graph_slots duet_graph_slots(const struct duet_tables *tables,
                                         const struct duet_t_map *map, struct duet_arena *arena)
{
    struct duet_graph_slots slots = { .counts = {
                                          duet_enum_row(tables, map->left)->values_count,
                                          duet_enum_row(tables, map->right)->values_count } };
    uint32_t firsts[2] = { 0, slots.counts[DUET_LEFT] };
    uint32_t count = slots.counts[DUET_LEFT] + slots.counts[DUET_RIGHT];
    struct node *nodes = duet_arena_alloc_array(arena, count, sizeof *nodes);
    for (uint32_t i = 0; i < count; i++)
        nodes[i].cluster = i;
    connect(tables, map, nodes, slots.counts[DUET_LEFT]);
    uint32_t cluster_count = number_clusters(nodes, count);
    struct cluster *clusters = duet_arena_alloc_array(arena, cluster_count, sizeof *clusters);
    struct placing *orders[2];
    for (int side = 0; side < 2; side++) {
        orders[side] = order_side(nodes, firsts[side], slots.counts[side], arena);
        for (uint32_t i = 0; i < slots.counts[side]; i++)
            clusters[orders[side][i].cluster].sizes[side]++;
    }
    for (uint32_t i = 0; i < cluster_count; i++) {
        clusters[i].top = slots.slots;
        slots.slots += larger(clusters[i].sizes[DUET_LEFT], clusters[i].sizes[DUET_RIGHT]);
    }
    for (int side = 0; side < 2; side++)
        slots.places[side] = place_side(orders[side], slots.counts[side], clusters, side, arena);
    align_singles(tables, map, nodes, clusters, &slots);
    slots.right_arms =
        duet_arena_alloc_array(arena, slots.counts[DUET_RIGHT], sizeof *slots.right_arms);
    for (uint32_t i = 0; i < slots.counts[DUET_RIGHT]; i++)
        slots.right_arms[i] = nodes[slots.counts[DUET_LEFT] + i].arms;
    return slots;
}
