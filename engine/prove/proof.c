#include "engine/prove/proof.h"

#include <string.h>

#include "engine/prove/counterexample.h"
#include "engine/prove/proving.h"
#include "engine/prove/step.h"

/* --- one triple --------------------------------------------------------------------------------------------- */

static void go_through(struct duet_proving *proving, struct duet_triple triple)
{
    const struct duet_step *taken =
        duet_space_step(proving->space, triple, duet_space_still(proving->space), proving->scratch);
    uint32_t number = duet_space_number(proving->space, triple);
    uint32_t next = duet_proving_judge(proving, triple, taken);
    proving->next[number] = next == DUET_NONE ? number : next;
    proving->wrote[number] = next != DUET_NONE && (taken->results[DUET_LEFT].taken == DUET_TAKEN ||
                                                   taken->results[DUET_RIGHT].taken == DUET_TAKEN);
    proving->waits[number] = duet_proving_held_sides(proving, taken->changes);
    for (uint32_t i = 0; i < proving->core_count; i++)
        proving->did[(size_t)number * proving->core_count + i] =
            (unsigned char)duet_proving_did(&taken->changes->moves[proving->core[i]]);
    proving->run++;
    duet_arena_clear(proving->scratch);
}

/* --- laws of many --------------------------------------------------------------------------------------------- */

static void judge_quiet(struct duet_proving *proving)
{
    for (uint32_t t = 0; t < proving->space->triple_count; t++) {
        uint32_t second = proving->next[t];
        if (proving->wrote[t] && proving->wrote[second] && proving->wrote[proving->next[second]])
            duet_proving_breaks(proving, DUET_LAW_QUIET, t, proving->core[0]);
    }
}

static void go_through_pair(struct duet_proving *proving, struct duet_triple triple)
{
    if (!duet_space_is_first(proving->space, triple, DUET_PARTS_BOTH))
        return;
    for (triple.base = 0; triple.base < proving->space->base_count; triple.base++) {
        if (duet_space_is_first(proving->space, triple, DUET_PARTS_ALL))
            go_through(proving, triple);
    }
}

static void judge_all(struct duet_proving *proving)
{
    const struct duet_space_side *sides = proving->space->side;
    for (uint32_t l = 0; l < sides[DUET_LEFT].record_count; l++) {
        for (uint32_t r = 0; r < sides[DUET_RIGHT].record_count; r++)
            go_through_pair(proving, (struct duet_triple){ { l, r }, 0 });
    }
    judge_quiet(proving);
    for (uint32_t i = 0; i < proving->core_count; i++) {
        duet_proving_moves(proving, i, DUET_LEFT);
        duet_proving_moves(proving, i, DUET_RIGHT);
    }
}

/* --- components ------------------------------------------------------------------------------------------------ */

static void name_part(const struct duet_proving *proving, struct duet_proof_part *part,
                      struct duet_arena *arena)
{
    part->name = "";
    for (uint32_t i = 0; i < proving->core_count; i++) {
        const struct duet_t_unit *row =
            duet_unit_row(proving->tables, proving->mapping->units + proving->core[i]);
        part->name = duet_arena_format(arena, "%s%s%s", part->name, i ? ", " : "",
                                       duet_str(proving->tables, row->name));
        if (i)
            continue;
        part->file = duet_str(proving->tables, row->file);
        part->line = row->line;
    }
}

static void keep_broken(const struct duet_proving *proving, struct duet_proof_part *part,
                        struct duet_arena *arena)
{
    for (uint32_t law = 0; law < DUET_LAWS; law++) {
        const struct duet_broken *broken = &proving->broken[law];
        if (broken->is)
            part->broken[law] = duet_counterexample_tell(
                proving->space, duet_space_triple(proving->space, broken->triple), broken->unit,
                arena);
    }
}

static void prove_component(const struct duet_rules *rules, const struct duet_component *component,
                            struct duet_proof_part *part, struct duet_arena *arena)
{
    struct duet_arena *own = duet_arena_new();
    struct duet_proving proving = { .space = duet_space_new(rules, component, own),
                                    .tables = rules->tables,
                                    .mapping = duet_mapping(rules->tables),
                                    .scratch = duet_arena_new() };
    for (uint32_t u = 0; u < proving.mapping->units_count; u++) {
        if (component->core & duet_bit(u))
            proving.core[proving.core_count++] = u;
    }
    name_part(&proving, part, arena);
    if (proving.space->refused) {
        part->refused = duet_arena_format(arena, "%s", proving.space->refused);
    } else {
        uint32_t count = proving.space->triple_count;
        proving.next = duet_arena_alloc_array(own, count + 1U, sizeof *proving.next);
        proving.wrote = duet_arena_alloc_array(own, count + 1U, sizeof *proving.wrote);
        proving.waits = duet_arena_alloc_array(own, count + 1U, sizeof *proving.waits);
        proving.did = duet_arena_alloc_array(own, (size_t)count * proving.core_count + 1U,
                                             sizeof *proving.did);
        judge_all(&proving);
        keep_broken(&proving, part, arena);
        part->triples = count;
        part->run = proving.run;
        part->bases = proving.space->base_count;
        part->records[DUET_LEFT] = proving.space->side[DUET_LEFT].record_count;
        part->records[DUET_RIGHT] = proving.space->side[DUET_RIGHT].record_count;
    }
    duet_arena_free(proving.scratch);
    duet_arena_free(own);
}

struct duet_proof *duet_prove(const struct duet_tables *tables, struct duet_arena *arena)
{
    struct duet_proof *proof = duet_arena_alloc(arena, sizeof *proof);
    struct duet_persons *persons = duet_domain_persons(tables);
    struct duet_rules rules = duet_domain_rules(tables, persons, arena);
    struct duet_component *components = duet_components(&rules, arena, &proof->count);
    proof->parts = duet_arena_alloc_array(arena, proof->count + 1U, sizeof *proof->parts);
    for (size_t i = 0; i < proof->count; i++) {
        prove_component(&rules, &components[i], &proof->parts[i], arena);
        proof->triples += proof->parts[i].triples;
        proof->run += proof->parts[i].run;
    }
    duet_persons_free(persons);
    return proof;
}
