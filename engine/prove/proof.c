#include "engine/prove/proof.h"

#include <string.h>

#include "engine/plan/unit.h"
#include "engine/prove/counterexample.h"
#include "engine/prove/proving.h"
#include "engine/prove/step.h"

const char *duet_law_name(enum duet_law law)
{
    static const char *const names[DUET_LAWS] = {
        [DUET_LAW_LEGAL] = "legal",
        [DUET_LAW_CORRECT] = "correct",
        [DUET_LAW_NO_LOST] = "no lost edit",
        [DUET_LAW_QUIET] = "quiet",
        [DUET_LAW_MOVES] = "every edit moves",
    };
    return names[law];
}

/* --- shortest ----------------------------------------------------------------------------------------------- */

static uint32_t weight_of(const struct duet_proving *proving, struct duet_triple triple)
{
    const struct duet_space *space = proving->space;
    const struct duet_state *state = space->states[triple.base];
    uint32_t weight = 0;
    for (uint32_t p = 0; p < proving->mapping->pairs_count; p++) {
        const struct duet_t_pair *pair =
            duet_pair_row(proving->tables, proving->mapping->pairs + p);
        for (uint32_t s = 0; s < 2; s++) {
            enum duet_side side = (enum duet_side)s;
            const struct duet_value *value =
                &space->side[s]
                     .records[triple.record[s]]
                     .values[duet_field_number(proving->tables, side, duet_pair_field(pair, side))];
            weight += duet_value_equal(value, &state->base.side[s][p]) ? 0 : 1;
        }
    }
    for (uint32_t i = 0; i < space->unit_count; i++)
        weight += duet_space_unit_base(&space->units[i], triple.base) ? 0 : 20;
    return weight;
}

void duet_proving_breaks(struct duet_proving *proving, enum duet_law law, uint32_t triple,
                         uint32_t unit)
{
    struct duet_broken *broken = &proving->broken[law];
    uint32_t weight = weight_of(proving, duet_space_triple(proving->space, triple));
    if (broken->is && broken->weight <= weight)
        return;
    *broken = (struct duet_broken){ .is = true, .triple = triple, .unit = unit, .weight = weight };
}

/* --- one triple --------------------------------------------------------------------------------------------- */

struct step {
    const struct duet_step *taken;
    const struct duet_changeset *changes;
    struct duet_triple triple;
    uint32_t number;
};

/* Where the writes lead. What isn't in the space, or shows another value, breaks the law that what is written agrees with what it was made
 * from: DUET_NONE, the engine holds it then. */
static uint32_t next_of(struct duet_proving *proving, const struct step *step)
{
    const struct duet_step *taken = step->taken;
    if (taken->is_refused)
        duet_proving_breaks(proving, DUET_LAW_LEGAL, step->number, proving->core[0]);
    else if (!taken->is_as_sent)
        duet_proving_breaks(proving, DUET_LAW_CORRECT, step->number, proving->core[0]);
    return taken->is_inside && (taken->is_as_sent || taken->is_refused)
               ? duet_space_first(proving->space, taken->next)
               : DUET_NONE;
}

/* --- laws of one triple --------------------------------------------------------------------------------------- */

static bool is_changed(const struct duet_proving *proving, const struct step *step, uint32_t unit,
                       enum duet_side side)
{
    return !duet_unit_equal(proving->tables, unit, side,
                            &proving->space->states[step->triple.base]->base, &step->changes->now);
}

static void judge_lost(struct duet_proving *proving, const struct step *step, uint32_t unit)
{
    const struct duet_state *state = proving->space->states[step->triple.base];
    if (!(state->known & duet_bit(unit)) || (step->changes->cleared & duet_bit(unit)) ||
        !duet_unit_agrees(proving->space->rules, unit, &state->base, proving->scratch))
        return;
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        if ((step->changes->sent[side] & duet_bit(unit)) && is_changed(proving, step, unit, side) &&
            !is_changed(proving, step, unit, duet_other(side)))
            duet_proving_breaks(proving, DUET_LAW_NO_LOST, step->number, unit);
    }
}

static void judge_said(struct duet_proving *proving, const struct step *step, uint32_t unit)
{
    enum duet_decision decision = step->changes->moves[unit].decision;
    bool is_silent = decision == DUET_NOTHING || decision == DUET_ABSORBED;
    if (is_silent && duet_unit_known(proving->tables, unit, DUET_LEFT, &step->changes->now) &&
        duet_unit_known(proving->tables, unit, DUET_RIGHT, &step->changes->now) &&
        !duet_unit_agrees(proving->space->rules, unit, &step->changes->now, proving->scratch))
        duet_proving_breaks(proving, DUET_LAW_CORRECT, step->number, unit);
}

static enum duet_did did_of(const struct duet_move *move)
{
    switch (move->decision) {
    case DUET_MOVES:
    case DUET_EMPTIED:
        return DUET_DID_MOVE;
    case DUET_PENDING:
        return move->from == DUET_LEFT ? DUET_DID_PEND_LEFT : DUET_DID_PEND_RIGHT;
    case DUET_HELD:
        return DUET_DID_HOLD;
    case DUET_NOTHING:
    case DUET_ABSORBED:
    case DUET_SHOWN:
    case DUET_FROZEN:
    case DUET_DECISIONS:
        break;
    }
    return DUET_DID_NOTHING;
}

/* [bit by side] Of the core, something of that side is held, and a person there is told what is missing. */
static unsigned char held_sides(const struct duet_proving *proving,
                                const struct duet_changeset *changes)
{
    unsigned char sides = 0;
    for (uint32_t i = 0; i < proving->core_count; i++) {
        const struct duet_move *move = &changes->moves[proving->core[i]];
        if (move->decision == DUET_HELD && !move->clear)
            sides |= (unsigned char)duet_bit(move->from);
    }
    return sides;
}

static void go_through(struct duet_proving *proving, struct duet_triple triple)
{
    const struct duet_step *taken =
        duet_space_step(proving->space, triple, duet_space_still(proving->space), proving->scratch);
    const struct step step = { .taken = taken,
                               .changes = taken->changes,
                               .triple = triple,
                               .number = duet_space_number(proving->space, triple) };
    uint32_t next = next_of(proving, &step);
    proving->next[step.number] = next == DUET_NONE ? step.number : next;
    proving->wrote[step.number] =
        next != DUET_NONE && (taken->results[DUET_LEFT].taken == DUET_TAKEN ||
                              taken->results[DUET_RIGHT].taken == DUET_TAKEN);
    proving->waits[step.number] = held_sides(proving, step.changes);
    for (uint32_t i = 0; i < proving->core_count; i++) {
        uint32_t unit = proving->core[i];
        judge_lost(proving, &step, unit);
        judge_said(proving, &step, unit);
        proving->did[(size_t)step.number * proving->core_count + i] =
            (unsigned char)did_of(&step.changes->moves[unit]);
    }
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
