#include "engine/prove/space_making.h"
#include "engine/prove/step.h"

#include <stdlib.h>
#include <string.h>

/* What units beside the core do doesn't depend on it, so they are planned by themselves: of each state they have, what the core reads of
 * it, before and after, and where it leads. States in which that is the same, and that lead to states in which it is the same, are one to
 * the core: the first stands for the others. */

#define MOST_STATES (UINT32_C(1) << 14)
#define MOST_ROUNDS 16U

/* A side's records, or the bases, by all that they say but the core's own values. */
struct parting {
    uint32_t *of;    /* by record or base: its part's number */
    uint32_t *parts; /* by number: what the part counts in digits, or in a base number */
    uint32_t *one;   /* by number: the first record or base with it */
    uint32_t count;
};

enum { BASE = 2, PARTINGS = 3 };

struct besides {
    struct duet_making *making;
    struct parting partings[PARTINGS]; /* left, right, base */
    uint32_t count;                    /* of states: one number of each parting */
    uint32_t width;                    /* of a line */
    uint32_t *lines;                   /* by state and variant: what the core can tell */
    uint32_t *leads;                   /* by state and variant: the next, DUET_NONE */
    const uint32_t **told[2];          /* by dimension: what the core's conditions tell apart */
    uint32_t *classes;                 /* by state: the first state that is the same to the core */
};

/* --- parts -------------------------------------------------------------------------------------------------------- */

static uint32_t record_part(const struct duet_making *making, enum duet_side side, uint32_t record)
{
    const struct duet_space_side *own = &making->space->side[side];
    uint64_t core = duet_making_fields(making, making->space->component.core, side);
    uint32_t part = 0;
    for (uint32_t d = 0; d < own->dim_count; d++) {
        const struct duet_space_dim *dim = &own->dims[d];
        if (!(core & duet_bit(dim->field)))
            part += own->digits[record] / dim->stride % dim->domain.count * dim->stride;
    }
    return part;
}

static uint32_t base_part(const struct duet_making *making, uint32_t base)
{
    const struct duet_space *space = making->space;
    uint32_t part = 0;
    for (uint32_t i = 0; i < space->unit_count; i++) {
        const struct duet_space_unit *unit = &space->units[i];
        if (space->component.beside & duet_bit(unit->unit))
            part += duet_space_unit_base(unit, base) * unit->stride;
    }
    return part;
}

static void note_parts(struct besides *besides, uint32_t which)
{
    struct duet_making *making = besides->making;
    struct parting *parting = &besides->partings[which];
    uint32_t count =
        which == BASE ? making->space->base_count : making->space->side[which].record_count;
    parting->of = duet_arena_alloc_array(making->arena, count + 1U, sizeof *parting->of);
    parting->parts = duet_arena_alloc_array(making->arena, count + 1U, sizeof *parting->parts);
    parting->one = duet_arena_alloc_array(making->arena, count + 1U, sizeof *parting->one);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t part =
            which == BASE ? base_part(making, i) : record_part(making, (enum duet_side)which, i);
        uint32_t number = 0;
        while (number < parting->count && parting->parts[number] != part)
            number++;
        if (number == parting->count) {
            parting->parts[number] = part;
            parting->one[number] = i;
            parting->count++;
        }
        parting->of[i] = number;
    }
}

/* Does each record stay one of the space with any other part in the place of its own? */
static bool is_apart(const struct besides *besides, enum duet_side side)
{
    const struct duet_space_side *own = &besides->making->space->side[side];
    const struct parting *parting = &besides->partings[side];
    for (uint32_t r = 0; r < own->record_count; r++) {
        uint32_t rest = own->digits[r] - parting->parts[parting->of[r]];
        for (uint32_t part = 0; part < parting->count; part++) {
            if (own->at[rest + parting->parts[part]] == DUET_NONE)
                return false;
        }
    }
    return true;
}

static bool shares_fields(const struct duet_making *making)
{
    const struct duet_component *component = &making->space->component;
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        if (duet_making_fields(making, component->core, side) &
            duet_making_fields(making, component->beside, side))
            return true;
    }
    return false;
}

static uint32_t state_number(const struct besides *besides, const uint32_t numbers[PARTINGS])
{
    return (numbers[DUET_LEFT] * besides->partings[DUET_RIGHT].count + numbers[DUET_RIGHT]) *
               besides->partings[BASE].count +
           numbers[BASE];
}

static void state_parts(const struct besides *besides, uint32_t state, uint32_t numbers[PARTINGS])
{
    numbers[BASE] = state % besides->partings[BASE].count;
    state /= besides->partings[BASE].count;
    numbers[DUET_RIGHT] = state % besides->partings[DUET_RIGHT].count;
    numbers[DUET_LEFT] = state / besides->partings[DUET_RIGHT].count;
}

/* --- what the core can tell -------------------------------------------------------------------------------------- */

/* What the core's conditions see of a value. */
static uint32_t tell_value(const struct besides *besides, enum duet_side side, uint32_t d,
                           const struct duet_value *value)
{
    uint32_t digit = duet_domain_find(&besides->making->space->side[side].dims[d].domain, value);
    return digit == DUET_NONE ? DUET_NONE : besides->told[side][d][digit];
}

/* Fields that it reads: as they are, and with the plan's writes on them. */
static uint32_t *tell_fields(const struct besides *besides, const struct duet_changeset *changes,
                             const struct duet_value *const read[2], uint32_t *line)
{
    const struct duet_space *space = besides->making->space;
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        for (uint32_t d = 0; d < space->side[s].dim_count; d++) {
            const struct duet_space_dim *dim = &space->side[s].dims[d];
            if (!(space->component.asked[s] & duet_bit(dim->field)))
                continue;
            *line++ = tell_value(besides, side, d, &read[s][dim->field]);
            *line++ = tell_value(besides, side, d, &changes->after[s][dim->field]);
        }
    }
    return line;
}

/* The base of what it reads. */
static uint32_t *tell_base(const struct besides *besides, const struct duet_changeset *changes,
                           uint32_t *line)
{
    const struct duet_making *making = besides->making;
    for (uint32_t p = 0; p < making->mapping->pairs_count; p++) {
        for (uint32_t s = 0; s < 2; s++) {
            enum duet_side side = (enum duet_side)s;
            uint32_t number = duet_making_number(making, making->mapping->pairs + p, side);
            const struct duet_domain *domain = &making->space->domains[s][number];
            bool is_read = making->space->component.asks_base &&
                           (making->space->component.read[s] & duet_bit(number));
            *line++ =
                is_read && domain->count ? duet_domain_find(domain, &changes->base.side[s][p]) : 0;
        }
    }
    return line;
}

static void tell(struct besides *besides, uint32_t state, uint32_t variant,
                 struct duet_arena *arena)
{
    const struct duet_space *space = besides->making->space;
    uint32_t numbers[PARTINGS];
    state_parts(besides, state, numbers);
    struct duet_triple triple = { .base = besides->partings[BASE].one[numbers[BASE]] };
    const struct duet_value *values[2];
    for (uint32_t s = 0; s < 2; s++) {
        triple.record[s] = besides->partings[s].one[numbers[s]];
        values[s] = space->side[s].records[triple.record[s]].values;
    }
    const struct duet_step *step =
        duet_space_step(space, triple, variant, ~space->component.beside, arena);
    size_t number = (size_t)state * space->variant_count + variant;
    uint32_t *line = besides->lines + number * besides->width;
    line = tell_fields(besides, step->changes, values, line);
    line = tell_base(besides, step->changes, line);
    uint64_t known =
        space->component.asks_base ? step->changes->known & space->component.beside : 0;
    *line++ = (uint32_t)known;
    *line++ = (uint32_t)(known >> 32);
    for (uint32_t s = 0; s < 2; s++)
        *line++ = (uint32_t)step->results[s].taken;
    *line = step->is_as_sent;
    for (uint32_t which = 0; which < PARTINGS; which++) {
        uint32_t next = which == BASE ? step->next.base : step->next.record[which];
        if (next == DUET_NONE) {
            besides->leads[number] = DUET_NONE;
            return;
        }
        numbers[which] = besides->partings[which].of[next];
    }
    besides->leads[number] = state_number(besides, numbers);
}

/* --- classes ----------------------------------------------------------------------------------------------------------- */

struct line {
    const uint32_t *told;
    uint32_t *next; /* by variant: the class of the state that it leads to */
    size_t told_bytes, next_bytes;
    uint32_t state;
};

static int compare_what(const struct line *a, const struct line *b)
{
    int order = memcmp(a->told, b->told, a->told_bytes);
    return order ? order : memcmp(a->next, b->next, a->next_bytes);
}

static int compare_lines(const void *a, const void *b)
{
    const struct line *first = a;
    const struct line *second = b;
    int order = compare_what(first, second);
    return order ? order : (first->state > second->state) - (first->state < second->state);
}

/* How many classes there are now. */
static uint32_t sort_into_classes(struct besides *besides, struct line *lines)
{
    uint32_t variants = besides->making->space->variant_count;
    uint32_t count = 0;
    for (uint32_t i = 0; i < besides->count; i++) {
        struct line *line = &lines[i];
        for (uint32_t v = 0; v < variants; v++) {
            uint32_t next = besides->leads[(size_t)line->state * variants + v];
            line->next[v] = next == DUET_NONE ? next : besides->classes[next];
        }
    }
    qsort(lines, besides->count, sizeof *lines, compare_lines);
    for (uint32_t i = 0; i < besides->count; i++) {
        bool is_new = i == 0 || compare_what(&lines[i - 1], &lines[i]) != 0;
        count += is_new;
        besides->classes[lines[i].state] =
            is_new ? lines[i].state : besides->classes[lines[i - 1].state];
    }
    return count;
}

static struct line *new_lines(struct besides *besides)
{
    uint32_t variants = besides->making->space->variant_count;
    struct duet_arena *arena = besides->making->arena;
    struct line *lines = duet_arena_alloc_array(arena, besides->count, sizeof *lines);
    size_t bytes = (size_t)variants * besides->width * sizeof *besides->lines;
    for (uint32_t s = 0; s < besides->count; s++)
        lines[s] = (struct line){
            .told = besides->lines + (size_t)s * variants * besides->width,
            .next = duet_arena_alloc_array(arena, variants, sizeof *lines[s].next),
            .told_bytes = bytes,
            .next_bytes = variants * sizeof *lines[s].next,
            .state = s,
        };
    return lines;
}

/* Coarse at first; a class is parted while its states lead to different ones. False: it takes too long. */
static bool part_classes(struct besides *besides)
{
    struct line *lines = new_lines(besides);
    uint32_t before = 0;
    for (uint32_t round = 0; round < MOST_ROUNDS; round++) {
        uint32_t now = sort_into_classes(besides, lines);
        if (now == before)
            return true;
        before = now;
    }
    return false;
}

static void look_at_values(struct besides *besides)
{
    const struct duet_making *making = besides->making;
    for (uint32_t s = 0; s < 2; s++) {
        const struct duet_space_side *own = &making->space->side[s];
        besides->told[s] =
            duet_arena_alloc_array(making->arena, own->dim_count + 1U, sizeof *besides->told[s]);
        for (uint32_t d = 0; d < own->dim_count; d++)
            besides->told[s][d] = duet_making_told(making, (enum duet_side)s, &own->dims[d]);
    }
}

static void keep(struct besides *besides)
{
    struct duet_space *space = besides->making->space;
    space->beside.count = besides->count;
    space->beside.classes = besides->classes;
    space->beside.leads = besides->leads;
    for (uint32_t which = 0; which < PARTINGS; which++) {
        space->beside.of[which] = besides->partings[which].of;
        space->beside.parts[which] = besides->partings[which].parts;
        space->beside.widths[which] = besides->partings[which].count;
    }
}

void duet_making_beside(struct duet_making *making)
{
    struct besides besides = { .making = making };
    if (!making->space->component.beside || shares_fields(making))
        return;
    for (uint32_t which = 0; which < PARTINGS; which++)
        note_parts(&besides, which);
    uint64_t count = (uint64_t)besides.partings[DUET_LEFT].count *
                     besides.partings[DUET_RIGHT].count * besides.partings[BASE].count;
    if (count > MOST_STATES || !is_apart(&besides, DUET_LEFT) || !is_apart(&besides, DUET_RIGHT))
        return;
    besides.count = (uint32_t)count;
    besides.width =
        2U * (making->space->side[DUET_LEFT].dim_count + making->space->side[DUET_RIGHT].dim_count +
              making->mapping->pairs_count) +
        5U;
    uint32_t variants = making->space->variant_count;
    size_t lines = (size_t)besides.count * variants;
    making->space->work += lines * duet_space_step_work(making->space);
    besides.lines =
        duet_arena_alloc_array(making->arena, lines * besides.width, sizeof *besides.lines);
    besides.leads = duet_arena_alloc_array(making->arena, lines, sizeof *besides.leads);
    besides.classes = duet_arena_alloc_array(making->arena, besides.count, sizeof *besides.classes);
    look_at_values(&besides);
    for (uint32_t line = 0; line < lines; line++) {
        duet_arena_clear(making->scratch);
        tell(&besides, line / variants, line % variants, making->scratch);
    }
    if (part_classes(&besides))
        keep(&besides);
}
