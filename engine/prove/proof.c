#include "engine/prove/proof.h"

#include <pthread.h>
#include <string.h>

#include "engine/prove/counterexample.h"
#include "engine/prove/proved.h"
#include "engine/prove/proving.h"
#include "engine/prove/step.h"

/* --- one triple --------------------------------------------------------------------------------------------- */

static const struct duet_step *run(struct duet_proving *proving, struct duet_asked asked,
                                   uint32_t *next_out)
{
    (void)duet_proving_affords(proving, duet_space_step_work(proving->space));
    const struct duet_step *taken =
        duet_space_step(proving->space, asked.triple, asked.variant,
                        duet_space_still(proving->space), proving->scratch);
    *next_out = duet_proving_judge(proving, asked, taken);
    duet_proving_echo(proving, asked, taken);
    return taken;
}

static bool is_written(const struct duet_step *taken)
{
    return taken->results[DUET_LEFT].taken == DUET_TAKEN ||
           taken->results[DUET_RIGHT].taken == DUET_TAKEN;
}

static void keep_start(struct duet_proving *proving, const struct duet_start *start)
{
    if (proving->start_count == proving->start_room) {
        size_t room = proving->start_room ? 2 * proving->start_room : 1024;
        struct duet_start *starts = duet_arena_alloc_array(proving->arena, room, sizeof *starts);
        if (proving->start_count)
            memcpy(starts, proving->starts, proving->start_count * sizeof *starts);
        proving->starts = starts;
        proving->start_room = room;
    }
    proving->starts[proving->start_count++] = *start;
}

static bool is_any_conflict(const struct duet_proving *proving,
                            const struct duet_changeset *changes)
{
    for (uint32_t i = 0; i < proving->core_count; i++) {
        const struct duet_move *move = &changes->moves[proving->core[i]];
        if (move->conflict)
            return true;
    }
    return false;
}

/* A signal fetches what differs, and clears. */
static bool is_asked(const struct duet_proving *proving, uint64_t signals,
                     const struct duet_changeset *changes)
{
    for (uint32_t t = 0; t < proving->mapping->triggers_count; t++) {
        const struct duet_t_trigger *trigger =
            duet_trigger_row(proving->tables, proving->mapping->triggers + t);
        if (t < 64 && (signals & duet_bit(t)) && trigger->verb == DUET_CLEAR)
            return true;
    }
    for (uint32_t i = 0; i < proving->core_count; i++) {
        enum duet_decision decision = changes->moves[proving->core[i]].decision;
        if (decision != DUET_NOTHING && decision != DUET_ABSORBED)
            return true;
    }
    return false;
}

static void run_variants(struct duet_proving *proving, struct duet_triple triple,
                         const struct duet_step *undated)
{
    bool are_dated = is_any_conflict(proving, undated->changes);
    proving->undated = undated->changes;
    for (uint32_t v = 1; v < proving->space->variant_count; v++) {
        const struct duet_asked asked = { .triple = triple, .variant = v };
        uint32_t next = DUET_NONE;
        const struct duet_variant *variant = &proving->space->variants[v];
        if (variant->dated != DUET_UNDATED ? !are_dated
                                           : !is_asked(proving, variant->signals, undated->changes))
            continue;
        const struct duet_step *taken = run(proving, asked, &next);
        if (next != DUET_NONE && is_written(taken))
            keep_start(proving,
                       &(struct duet_start){ .triple = duet_space_number(proving->space, triple),
                                             .variant = v,
                                             .next = next });
    }
    proving->undated = NULL;
}

static void go_through(struct duet_proving *proving, struct duet_triple triple)
{
    uint32_t next = DUET_NONE;
    uint32_t number = duet_space_number(proving->space, triple);
    const struct duet_step *taken = run(proving, (struct duet_asked){ .triple = triple }, &next);
    proving->next[number] = next == DUET_NONE ? number : next;
    proving->wrote[number] = next != DUET_NONE && is_written(taken);
    proving->waits[number] = duet_proving_held_sides(proving, taken->changes);
    for (uint32_t i = 0; i < proving->core_count; i++)
        proving->did[(size_t)number * proving->core_count + i] =
            (unsigned char)duet_proving_did(&taken->changes->moves[proving->core[i]]);
    proving->run++;
    run_variants(proving, triple, taken);
    if (is_written(taken))
        duet_proving_sent(proving, (struct duet_asked){ .triple = triple }, taken);
    duet_arena_clear(proving->scratch);
}

/* --- laws of many --------------------------------------------------------------------------------------------- */

static void judge_start(struct duet_proving *proving, uint32_t triple, uint32_t variant,
                        uint32_t second)
{
    if (proving->wrote[second] && proving->wrote[proving->next[second]])
        duet_proving_breaks(
            proving, DUET_LAW_QUIET,
            (struct duet_asked){ .triple = duet_space_triple(proving->space, triple),
                                 .variant = variant },
            proving->core[0]);
}

static void judge_quiet(struct duet_proving *proving)
{
    for (uint32_t t = 0; t < proving->space->triple_count; t++) {
        if (proving->wrote[t])
            judge_start(proving, t, 0, proving->next[t]);
    }
    for (size_t i = 0; i < proving->start_count; i++)
        judge_start(proving, proving->starts[i].triple, proving->starts[i].variant,
                    proving->starts[i].next);
}

static void go_through_pair(struct duet_proving *proving, struct duet_triple triple)
{
    if (!duet_space_is_first(proving->space, triple, DUET_PARTS_BOTH))
        return;
    for (triple.base = 0;
         triple.base < proving->space->base_count && duet_proving_affords(proving, 1);
         triple.base++) {
        if (duet_space_is_first(proving->space, triple, DUET_PARTS_ALL))
            go_through(proving, triple);
    }
}

/* --- two hands ------------------------------------------------------------------------------------------------ */

#define HANDS 2U
#define WORTH_IT UINT32_C(20000) /* triples */

/* Every second record of the left side. What a hand finds is its own; what it notes of a triple stands at that triple. */
struct hand {
    struct duet_proving proving;
    uint32_t first;
};

static void *go_through_hand(void *data)
{
    struct hand *hand = data;
    const struct duet_space_side *sides = hand->proving.space->side;
    for (uint32_t l = hand->first; l < sides[DUET_LEFT].record_count; l += HANDS) {
        for (uint32_t r = 0; r < sides[DUET_RIGHT].record_count; r++)
            go_through_pair(&hand->proving, (struct duet_triple){ { l, r }, 0 });
    }
    return NULL;
}

/* Of two equally short stories the one with the lower number, whoever found it. */
static bool is_shorter(const struct duet_broken *a, const struct duet_broken *b)
{
    if (!a->is || !b->is)
        return a->is;
    return a->weight != b->weight ? a->weight < b->weight : a->triple < b->triple;
}

static void take_over(struct duet_proving *proving, struct hand *hand)
{
    for (uint32_t law = 0; law < DUET_LAWS; law++) {
        if (is_shorter(&hand->proving.broken[law], &proving->broken[law]))
            proving->broken[law] = hand->proving.broken[law];
    }
    for (size_t i = 0; i < hand->proving.start_count; i++)
        keep_start(proving, &hand->proving.starts[i]);
    proving->run += hand->proving.run;
    proving->work += hand->proving.work;
    if (!duet_proving_affords(&hand->proving, 0))
        proving->work = proving->work_most + 1U; /* one hand's half isn't the other's */
}

static void go_through_all(struct duet_proving *proving)
{
    struct hand hands[HANDS];
    pthread_t other;
    for (uint32_t h = 0; h < HANDS; h++) {
        hands[h] = (struct hand){ .proving = *proving, .first = h };
        hands[h].proving.work = 0;
        hands[h].proving.work_most = (proving->work_most - proving->work) / HANDS;
        hands[h].proving.arena = duet_arena_new();
        hands[h].proving.scratch = duet_arena_new();
        hands[h].proving.sent_seen =
            duet_arena_alloc(hands[h].proving.arena, duet_proving_sent_bytes(proving));
    }
    bool is_helped = proving->space->triple_count >= WORTH_IT &&
                     pthread_create(&other, NULL, go_through_hand, &hands[1]) == 0;
    (void)go_through_hand(&hands[0]);
    if (!is_helped)
        (void)go_through_hand(&hands[1]);
    else
        (void)pthread_join(other, NULL);
    for (uint32_t h = 0; h < HANDS; h++) {
        take_over(proving, &hands[h]);
        duet_arena_free(hands[h].proving.scratch);
        duet_arena_free(hands[h].proving.arena);
    }
}

/* --- the shortest story ------------------------------------------------------------------------------------------ */

static void judge_again(struct duet_proving *proving, struct duet_triple triple, unsigned laws)
{
    uint32_t next = DUET_NONE;
    const struct duet_step *taken = run(proving, (struct duet_asked){ .triple = triple }, &next);
    run_variants(proving, triple, taken);
    if (laws & duet_bit(DUET_LAW_QUIET))
        duet_proving_breaks(proving, DUET_LAW_QUIET, (struct duet_asked){ .triple = triple },
                            proving->core[0]);
    duet_arena_clear(proving->scratch);
}

static bool may_be_shorter(const struct duet_proving *proving, struct duet_triple triple,
                           unsigned laws)
{
    uint32_t weight = duet_proving_weight(proving, triple);
    for (uint32_t law = 0; law < DUET_LAWS; law++) {
        if ((laws & duet_bit(law)) && weight < proving->broken[law].weight)
            return true;
    }
    return false;
}

/* An image of a triple in which a law breaks may take fewer edits. */
static void look_for_shorter(struct duet_proving *proving)
{
    const struct duet_space *space = proving->space;
    bool is_any = false;
    for (uint32_t law = 0; law < DUET_LAWS; law++)
        is_any = is_any || proving->broken[law].is;
    for (uint32_t t = 0; is_any && t < space->triple_count && duet_proving_affords(proving, 1);
         t++) {
        struct duet_triple triple = duet_space_triple(space, t);
        uint32_t first = duet_space_first(space, triple);
        if (first != t && proving->broken_at[first] &&
            may_be_shorter(proving, triple, proving->broken_at[first]))
            judge_again(proving, triple, proving->broken_at[first]);
    }
}

static void judge_all(struct duet_proving *proving)
{
    for (uint32_t i = 0; i < proving->core_count; i++) {
        for (uint32_t side = 0; side < 2; side++)
            proving->alike[side][i] =
                duet_proving_alike(proving, (enum duet_side)side, proving->core[i], proving->arena);
    }
    duet_proving_round_trips(proving);
    proving->may_echo = duet_proving_may_echo(proving);
    go_through_all(proving);
    if (!duet_proving_affords(proving, 0))
        return;
    judge_quiet(proving);
    for (uint32_t i = 0; i < proving->core_count &&
                         duet_proving_affords(proving, 2U * (uint64_t)proving->space->triple_count);
         i++) {
        duet_proving_moves(proving, i, DUET_LEFT);
        duet_proving_moves(proving, i, DUET_RIGHT);
    }
    look_for_shorter(proving);
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
                proving->space, duet_space_triple(proving->space, broken->triple), broken->variant,
                broken->unit, (enum duet_law)law, arena);
    }
}

static void make_room(struct duet_proving *proving, struct duet_arena *arena)
{
    uint32_t count = proving->space->triple_count;
    proving->arena = arena;
    proving->next = duet_arena_alloc_array(arena, count + 1U, sizeof *proving->next);
    proving->wrote = duet_arena_alloc_array(arena, count + 1U, sizeof *proving->wrote);
    proving->waits = duet_arena_alloc_array(arena, count + 1U, sizeof *proving->waits);
    proving->did = duet_arena_alloc_array(arena, (size_t)count * proving->core_count + 1U,
                                          sizeof *proving->did);
    proving->broken_at = duet_arena_alloc_array(arena, count + 1U, sizeof *proving->broken_at);
    for (uint32_t side = 0; side < 2; side++)
        proving->one_way[side] = duet_arena_alloc_array(arena, proving->mapping->pairs_count + 1U,
                                                        sizeof *proving->one_way[side]);
}

static void tell_part(const struct duet_proving *proving, struct duet_proof_part *part,
                      struct duet_arena *arena)
{
    keep_broken(proving, part, arena);
    part->triples = proving->space->triple_count;
    part->run = proving->run;
    part->bases = proving->space->base_count;
    part->records[DUET_LEFT] = proving->space->side[DUET_LEFT].record_count;
    part->records[DUET_RIGHT] = proving->space->side[DUET_RIGHT].record_count;
}

static void judge_space(struct duet_proving *proving, const struct duet_rules *rules,
                        const struct duet_component *component, struct duet_proof_part *part,
                        struct duet_arena *arena)
{
    struct duet_arena *own = duet_arena_new();
    proving->scratch = duet_arena_new();
    proving->space = duet_space_new(rules, component, own);
    bool is_affordable = duet_proving_affords(proving, proving->space->work);
    if (proving->space->refused) {
        part->refused = duet_arena_format(arena, "%s", proving->space->refused);
    } else if (is_affordable) {
        make_room(proving, own);
        judge_all(proving);
        tell_part(proving, part, arena);
    }
    duet_arena_free(proving->scratch);
    duet_arena_free(own);
}

static void prove_component(const struct duet_rules *rules, const struct duet_component *component,
                            uint64_t *work, struct duet_proof_part *part, struct duet_arena *arena)
{
    struct duet_proving proving = { .tables = rules->tables,
                                    .mapping = duet_mapping(rules->tables),
                                    .work = *work,
                                    .work_most = DUET_PROOF_MAX_WORK };
    for (uint32_t u = 0; u < proving.mapping->units_count; u++) {
        if (component->core & duet_bit(u))
            proving.core[proving.core_count++] = u;
    }
    name_part(&proving, part, arena);
    if (duet_proving_affords(&proving, 0))
        judge_space(&proving, rules, component, part, arena);
    part->is_unaffordable = !part->refused && !duet_proving_affords(&proving, 0);
    *work = proving.work;
}

static void prove_once(const struct duet_rules *rules, const struct duet_component *component,
                       struct duet_proved *proved, struct duet_proof_part *part,
                       struct duet_arena *arena)
{
    const struct duet_part_key *key = duet_part_key(rules->tables, component, arena);
    const struct duet_proof_part *known = duet_proved_find(proved, key);
    if (known) {
        *part = *known;
        part->run = 0;
        return;
    }
    prove_component(rules, component, duet_proved_work(proved), part, arena);
    duet_proved_keep(proved, key, part);
}

struct duet_proof *duet_prove(const struct duet_tables *tables, struct duet_proved *proved,
                              struct duet_arena *arena)
{
    if (!proved)
        proved = duet_proved_new(arena);
    struct duet_proof *proof = duet_arena_alloc(arena, sizeof *proof);
    struct duet_persons *persons = duet_domain_persons(tables);
    struct duet_rules rules = duet_domain_rules(tables, persons, arena);
    struct duet_component *components = duet_components(&rules, arena, &proof->count);
    proof->parts = duet_arena_alloc_array(arena, proof->count + 1U, sizeof *proof->parts);
    for (size_t i = 0; i < proof->count; i++) {
        prove_once(&rules, &components[i], proved, &proof->parts[i], arena);
        proof->triples += proof->parts[i].triples;
        proof->run += proof->parts[i].run;
    }
    duet_persons_free(persons);
    return proof;
}
