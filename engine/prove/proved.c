#include "engine/prove/proved.h"

#include <string.h>

#include "dsl/arena.h"
#include "dsl/tables_text.h"

#define MOST_UNITS 64U

struct duet_part_key {
    uint64_t core, beside, read[2], asked[2];
    uint64_t frame;
    const char *mapping;
    uint64_t units[MOST_UNITS];
};

struct kept {
    const struct kept *before;
    const struct duet_part_key *key;
    struct duet_proof_part part;
};

struct duet_proved {
    struct duet_arena *arena;
    const struct kept *last;
    uint64_t work;
};

struct duet_proved *duet_proved_new(struct duet_arena *arena)
{
    struct duet_proved *proved = duet_arena_alloc(arena, sizeof *proved);
    proved->arena = arena;
    return proved;
}

uint64_t *duet_proved_work(struct duet_proved *proved)
{
    return &proved->work;
}

const struct duet_part_key *duet_part_key(const struct duet_tables *tables,
                                          const struct duet_component *component,
                                          struct duet_arena *arena)
{
    struct duet_part_key *key = duet_arena_alloc(arena, sizeof *key);
    key->core = component->core;
    key->beside = component->beside;
    for (uint32_t side = 0; side < 2; side++) {
        key->read[side] = component->read[side];
        key->asked[side] = component->asked[side];
    }
    key->frame = duet_tables_frame_sum(tables);
    key->mapping = duet_str(tables, duet_mapping(tables)->name);
    for (uint32_t unit = 0; unit < duet_mapping(tables)->units_count; unit++) {
        if ((component->core | component->beside) & duet_bit(unit))
            key->units[unit] = duet_tables_unit_sum(tables, unit);
    }
    return key;
}

static bool is_same(const struct duet_part_key *a, const struct duet_part_key *b)
{
    bool is = a->core == b->core && a->beside == b->beside && a->frame == b->frame &&
              strcmp(a->mapping, b->mapping) == 0;
    for (uint32_t side = 0; side < 2; side++)
        is = is && a->read[side] == b->read[side] && a->asked[side] == b->asked[side];
    for (uint32_t unit = 0; is && unit < MOST_UNITS; unit++)
        is = a->units[unit] == b->units[unit];
    return is;
}

const struct duet_proof_part *duet_proved_find(const struct duet_proved *proved,
                                               const struct duet_part_key *key)
{
    for (const struct kept *kept = proved->last; kept; kept = kept->before) {
        if (is_same(kept->key, key))
            return &kept->part;
    }
    return NULL;
}

static bool is_whole(const struct duet_proof_part *part)
{
    bool is = !part->refused && !part->is_unaffordable;
    for (uint32_t law = 0; law < DUET_LAWS; law++)
        is = is && !part->broken[law];
    return is;
}

void duet_proved_keep(struct duet_proved *proved, const struct duet_part_key *key,
                      const struct duet_proof_part *part)
{
    if (!is_whole(part))
        return;
    struct kept *kept = duet_arena_alloc(proved->arena, sizeof *kept);
    *kept = (struct kept){ .before = proved->last, .key = key, .part = *part };
    proved->last = kept;
}
