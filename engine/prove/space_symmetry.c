#include "engine/prove/space_making.h"
#include "engine/record/steps.h"

/* A unit's values, all its fields' together, are atoms where the unit's relation is one to one: to the planner they are the same or not,
 * they agree or not, and they go over whole. Two atoms are of one kind when both sides' own rules allow them beside the same values of
 * all other fields; atoms of a kind may change places everywhere, and no rule can tell. What conditions or orders name isn't an atom, nor
 * is what is empty: a `clear` makes it. */

struct finding {
    struct duet_making *making;
    struct duet_space_unit *unit;
    const struct duet_t_unit *row;
    uint64_t fixed[2]; /* fields that are named, by number */
};

/* --- what stays where it is ----------------------------------------------------------------------------------- */

/* The loader bounds the depth. */
static void fix_named(struct finding *finding, uint32_t index)
{
    const struct duet_tables *tables = finding->making->tables;
    const struct duet_t_expr *expr = duet_expr_row(tables, index);
    if (!expr)
        return;
    fix_named(finding, expr->left);
    fix_named(finding, expr->right);
    if (expr->op == DUET_EXPR_FIELD)
        finding->fixed[expr->side] |=
            duet_bit(duet_field_number(tables, (enum duet_side)expr->side, expr->field));
}

static void fix_by_side(struct finding *finding, enum duet_side side)
{
    const struct duet_making *making = finding->making;
    const struct duet_t_side *row = duet_side_row(making->tables, side);
    finding->fixed[side] |= making->named[side] | making->small[side];
    fix_named(finding, row->closed);
    fix_named(finding, row->merged);
    for (uint32_t r = row->rules; r < row->rules + row->rules_count; r++) {
        const struct duet_t_rule *rule = duet_rule_row(making->tables, r);
        if (rule->kind == DUET_RULE_MOVES)
            finding->fixed[side] |= duet_bit(duet_field_number(making->tables, side, rule->field));
    }
}

/* Fields that another unit maps as well. */
static uint64_t shared_fields(const struct finding *finding, enum duet_side side)
{
    return duet_making_fields(finding->making, ~duet_bit(finding->unit->unit), side);
}

/* Requests of an ordered write that part the unit show values that are neither the one atom nor the other. */
static bool is_parted(const struct finding *finding, enum duet_side side, uint64_t own)
{
    const struct duet_t_op *ops[DUET_MAX_WRITE_STEPS];
    size_t count = duet_write_ops(finding->making->tables, side, ops);
    for (size_t i = 0; i < count; i++) {
        uint64_t carried = own & duet_mask(ops[i]->carries_lo, ops[i]->carries_hi);
        if (carried && carried != own)
            return true;
    }
    return false;
}

static bool is_fixed(const struct finding *finding)
{
    if (finding->row->policy == DUET_POLICY_HIGHEST || finding->row->policy == DUET_POLICY_LOWEST)
        return true;
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        uint64_t own = duet_making_fields(finding->making, duet_bit(finding->unit->unit), side);
        if ((own & (finding->fixed[s] | shared_fields(finding, side))) ||
            is_parted(finding, side, own))
            return true;
    }
    return false;
}

/* --- one to one ------------------------------------------------------------------------------------------------- */

static const struct duet_domain *domain_of(const struct finding *finding, uint32_t pair,
                                           enum duet_side side)
{
    return &finding->making->space->domains[side][duet_making_number(finding->making, pair, side)];
}

/* What a value of a pair is on the other side; DUET_NONE: nothing there. */
static uint32_t counterpart(const struct finding *finding, uint32_t pair, enum duet_side from,
                            uint32_t value)
{
    const struct duet_t_pair *row = duet_pair_row(finding->making->tables, pair);
    struct duet_value made;
    if (duet_pair_convert(finding->making->space->rules, row, from,
                          &domain_of(finding, pair, from)->values[value], finding->making->scratch,
                          &made) != DUET_CONVERTED)
        return DUET_NONE;
    return duet_domain_find(domain_of(finding, pair, duet_other(from)), &made);
}

/* A known value agrees with its counterpart alone, and is that one's. */
static bool is_one_to_one(const struct finding *finding, uint32_t pair, uint32_t left)
{
    const struct duet_t_pair *row = duet_pair_row(finding->making->tables, pair);
    const struct duet_domain *own = domain_of(finding, pair, DUET_LEFT);
    const struct duet_domain *other = domain_of(finding, pair, DUET_RIGHT);
    struct duet_value reading = duet_pair_reading(row, DUET_LEFT, &own->values[left]);
    if (!duet_value_equal(&reading, &own->values[left]))
        return false;
    if (!duet_value_known(&own->values[left]))
        return true;
    uint32_t right = counterpart(finding, pair, DUET_LEFT, left);
    if (right == DUET_NONE || counterpart(finding, pair, DUET_RIGHT, right) != left)
        return false;
    for (uint32_t r = 0; r < other->count; r++) {
        struct duet_value shown = duet_pair_reading(row, DUET_RIGHT, &other->values[r]);
        if (!duet_value_equal(&shown, &other->values[r]) ||
            duet_pair_agree(finding->making->space->rules, row, &own->values[left],
                            &other->values[r], finding->making->scratch) != (r == right))
            return false;
    }
    return true;
}

static bool is_unit_one_to_one(const struct finding *finding)
{
    const struct duet_t_unit *row = finding->row;
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        for (uint32_t v = 0; v < domain_of(finding, p, DUET_LEFT)->count; v++) {
            if (!is_one_to_one(finding, p, v))
                return false;
        }
    }
    return true;
}

/* --- atoms -------------------------------------------------------------------------------------------------------- */

static uint32_t stride_of(const struct duet_making *making, enum duet_side side, uint32_t field)
{
    const struct duet_space_side *own = &making->space->side[side];
    uint32_t dim = 0;
    while (own->dims[dim].field != field)
        dim++;
    return own->dims[dim].stride;
}

struct counting {
    uint32_t digits[2]; /* in a record of each side */
    uint32_t codes[2];  /* in a base */
    bool is_known, is_empty;
};

/* The unit's left values with this number and their counterparts: by what they count in records and bases. */
static struct counting count_values(const struct finding *finding, uint32_t number)
{
    const struct duet_making *making = finding->making;
    const struct duet_t_unit *row = finding->row;
    struct counting counting = { .is_known = true, .is_empty = true };
    uint32_t stride = 1;
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        const struct duet_domain *left = domain_of(finding, p, DUET_LEFT);
        const struct duet_domain *right = domain_of(finding, p, DUET_RIGHT);
        uint32_t value = number % left->count;
        number /= left->count;
        counting.is_known = counting.is_known && duet_value_known(&left->values[value]);
        counting.is_empty = counting.is_empty && duet_value_missing(&left->values[value]);
        if (!counting.is_known)
            return counting;
        const uint32_t values[2] = { value, counterpart(finding, p, DUET_LEFT, value) };
        for (uint32_t s = 0; s < 2; s++) {
            enum duet_side side = (enum duet_side)s;
            counting.digits[s] +=
                values[s] * stride_of(making, side, duet_making_number(making, p, side));
            counting.codes[s] += values[s] * stride;
            stride *= s == DUET_LEFT ? left->count : right->count;
        }
    }
    return counting;
}

static uint32_t tuple_count(const struct finding *finding)
{
    const struct duet_t_unit *row = finding->row;
    uint32_t count = 1;
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++)
        count *= domain_of(finding, p, DUET_LEFT)->count;
    return count;
}

/* The values of the unit's fields in these digits. */
static uint32_t own_digits(const struct finding *finding, enum duet_side side, uint32_t digits)
{
    const struct duet_space_side *space = &finding->making->space->side[side];
    uint64_t fields = duet_making_fields(finding->making, duet_bit(finding->unit->unit), side);
    uint32_t own = 0;
    for (uint32_t d = 0; d < space->dim_count; d++) {
        const struct duet_space_dim *dim = &space->dims[d];
        if (fields & duet_bit(dim->field))
            own += digits / dim->stride % dim->domain.count * dim->stride;
    }
    return own;
}

/* Does the side allow one atom where it allows the other, and refuse both by the same rules? */
static bool is_allowed_alike(const struct finding *finding, enum duet_side side, uint32_t a,
                             uint32_t b)
{
    const struct duet_space_side *space = &finding->making->space->side[side];
    for (uint32_t rest = 0; rest < space->at_count; rest++) {
        if (own_digits(finding, side, rest) != 0)
            continue;
        uint32_t with_a = space->at[rest + a];
        uint32_t with_b = space->at[rest + b];
        if ((with_a == DUET_NONE) != (with_b == DUET_NONE) ||
            space->refused_by[rest + a] != space->refused_by[rest + b])
            return false;
        if (with_a != DUET_NONE && space->digits[with_a] - a != space->digits[with_b] - b)
            return false;
    }
    return true;
}

static bool is_same_kind(const struct finding *finding, const struct duet_space_atom *a,
                         const struct duet_space_atom *b)
{
    return is_allowed_alike(finding, DUET_LEFT, a->digits[DUET_LEFT], b->digits[DUET_LEFT]) &&
           is_allowed_alike(finding, DUET_RIGHT, a->digits[DUET_RIGHT], b->digits[DUET_RIGHT]);
}

/* Behind those of its kind, so that a kind's atoms stand side by side. */
static void add_atom(const struct finding *finding, const struct duet_space_atom *atom)
{
    struct duet_space_unit *unit = finding->unit;
    uint32_t at = 0;
    while (at < unit->atom_count && !is_same_kind(finding, &unit->atoms[at], atom)) {
        uint32_t kind = unit->atoms[at].kind;
        while (at < unit->atom_count && unit->atoms[at].kind == kind)
            at++;
    }
    uint32_t kind = at < unit->atom_count ? unit->atoms[at].kind : unit->kind_count++;
    while (at < unit->atom_count && unit->atoms[at].kind == kind)
        at++;
    for (uint32_t i = unit->atom_count++; i > at; i--)
        unit->atoms[i] = unit->atoms[i - 1];
    unit->atoms[at] = *atom;
    unit->atoms[at].kind = kind;
}

static void find_atoms(const struct finding *finding)
{
    struct duet_space_unit *unit = finding->unit;
    uint32_t count = tuple_count(finding);
    unit->atoms = duet_arena_alloc_array(finding->making->arena, count, sizeof *unit->atoms);
    for (uint32_t number = 0; number < count; number++) {
        struct counting counting = count_values(finding, number);
        if (!counting.is_known || counting.is_empty)
            continue;
        struct duet_space_atom atom = { .kind = 0 };
        for (uint32_t side = 0; side < 2; side++) {
            atom.digits[side] = counting.digits[side];
            atom.code[side] = counting.codes[side];
        }
        add_atom(finding, &atom);
    }
    for (uint32_t a = 0; a < unit->atom_count; a++)
        unit->atoms[a].first =
            a && unit->atoms[a].kind == unit->atoms[a - 1].kind ? unit->atoms[a - 1].first : a;
}

/* --- where they stand ------------------------------------------------------------------------------------------------- */

static void note_in_records(const struct finding *finding, enum duet_side side)
{
    struct duet_space_unit *unit = finding->unit;
    const struct duet_space_side *space = &finding->making->space->side[side];
    unit->in_record[side] = duet_arena_alloc_array(finding->making->arena, space->record_count + 1U,
                                                   sizeof *unit->in_record[side]);
    for (uint32_t r = 0; r < space->record_count; r++) {
        uint32_t own = own_digits(finding, side, space->digits[r]);
        unit->in_record[side][r] = DUET_NONE;
        for (uint32_t a = 0; a < unit->atom_count; a++) {
            if (unit->atoms[a].digits[side] == own)
                unit->in_record[side][r] = a;
        }
    }
}

/* A base's code is told apart into its two sides' by the strides. */
static uint32_t code_of_side(const struct finding *finding, enum duet_side side, uint32_t code)
{
    const struct duet_t_unit *row = finding->row;
    uint32_t stride = 1;
    uint32_t own = 0;
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        for (uint32_t s = 0; s < 2; s++) {
            uint32_t count = domain_of(finding, p, (enum duet_side)s)->count;
            own += s == side ? code / stride % count * stride : 0;
            stride *= count;
        }
    }
    return own;
}

static void note_in_bases(const struct finding *finding, enum duet_side side)
{
    struct duet_space_unit *unit = finding->unit;
    unit->in_base[side] = duet_arena_alloc_array(finding->making->arena, unit->base_count,
                                                 sizeof *unit->in_base[side]);
    for (uint32_t b = 0; b < unit->base_count; b++) {
        unit->in_base[side][b] = DUET_NONE;
        for (uint32_t a = 0; b && a < unit->atom_count; a++) {
            if (unit->atoms[a].code[side] == code_of_side(finding, side, unit->codes[b]))
                unit->in_base[side][b] = a;
        }
    }
}

void duet_making_symmetry(struct duet_making *making)
{
    struct duet_space *space = making->space;
    for (uint32_t u = 0; u < space->unit_count; u++) {
        struct finding finding = { .making = making,
                                   .unit = &space->units[u],
                                   .row = duet_making_unit(making, space->units[u].unit) };
        fix_by_side(&finding, DUET_LEFT);
        fix_by_side(&finding, DUET_RIGHT);
        if (is_fixed(&finding) || !is_unit_one_to_one(&finding))
            continue;
        find_atoms(&finding);
        for (uint32_t side = 0; side < 2; side++) {
            note_in_records(&finding, (enum duet_side)side);
            note_in_bases(&finding, (enum duet_side)side);
        }
    }
}

/* --- the first of all images ---------------------------------------------------------------------------------------------- */

/* Where an atom is, in the order in which atoms are given their new places. */
enum place { IN_LEFT, IN_RIGHT, IN_LEFT_BASE, IN_RIGHT_BASE, PLACES };

static void find_places(const struct duet_space_unit *unit, struct duet_triple triple,
                        unsigned parts, uint32_t atoms[PLACES])
{
    uint32_t base = duet_space_unit_base(unit, triple.base);
    for (uint32_t side = 0; side < 2; side++) {
        atoms[IN_LEFT + side] =
            parts & duet_bit(side) ? unit->in_record[side][triple.record[side]] : DUET_NONE;
        atoms[IN_LEFT_BASE + side] = parts & DUET_PART_BASE ? unit->in_base[side][base] : DUET_NONE;
    }
}

/* The n-th different atom of a kind goes to the kind's n-th place. */
static void rename_atoms(const struct duet_space_unit *unit, const uint32_t atoms[PLACES],
                         uint32_t renamed[PLACES])
{
    for (uint32_t i = 0; i < PLACES; i++) {
        renamed[i] = atoms[i];
        if (atoms[i] == DUET_NONE)
            continue;
        renamed[i] = unit->atoms[atoms[i]].first;
        for (uint32_t before = 0; before < i; before++) {
            if (atoms[before] == atoms[i]) {
                renamed[i] = renamed[before];
                break;
            }
            if (atoms[before] != DUET_NONE && renamed[before] >= renamed[i] &&
                unit->atoms[atoms[before]].kind == unit->atoms[atoms[i]].kind)
                renamed[i] = renamed[before] + 1;
        }
    }
}

static void move_record(const struct duet_space *space, const struct duet_space_unit *unit,
                        enum duet_side side, uint32_t from, uint32_t to, uint32_t *record)
{
    const struct duet_space_side *own = &space->side[side];
    if (from != to)
        *record = own->at[own->digits[*record] - unit->atoms[from].digits[side] +
                          unit->atoms[to].digits[side]];
}

static void move_base(const struct duet_space_unit *unit, const uint32_t from[PLACES],
                      const uint32_t to[PLACES], uint32_t *base)
{
    uint32_t own = duet_space_unit_base(unit, *base);
    uint32_t code = unit->codes[own];
    for (uint32_t side = 0; side < 2; side++) {
        uint32_t place = side == DUET_LEFT ? IN_LEFT_BASE : IN_RIGHT_BASE;
        if (from[place] != to[place])
            code += unit->atoms[to[place]].code[side] - unit->atoms[from[place]].code[side];
    }
    if (code != unit->codes[own])
        *base = *base - own * unit->stride + duet_space_base_at(unit, code) * unit->stride;
}

static uint32_t beside_state(const struct duet_space_beside *beside, struct duet_triple triple,
                             uint32_t own[3])
{
    own[0] = beside->of[0][triple.record[DUET_LEFT]];
    own[1] = beside->of[1][triple.record[DUET_RIGHT]];
    own[2] = beside->of[2][triple.base];
    return (own[0] * beside->widths[1] + own[1]) * beside->widths[2] + own[2];
}

bool duet_space_beside_rests(const struct duet_space *space, struct duet_triple triple)
{
    uint32_t own[3];
    if (!space->beside.count)
        return true;
    uint32_t state = beside_state(&space->beside, triple, own);
    return space->beside.leads[(size_t)state * space->variant_count] == state;
}

/* The first state beside the core that is the same to it. */
static void move_beside(const struct duet_space *space, struct duet_triple *triple)
{
    const struct duet_space_beside *beside = &space->beside;
    uint32_t own[3];
    uint32_t state = beside_state(beside, *triple, own);
    uint32_t first = beside->classes[state];
    if (first == state)
        return;
    uint32_t base = first % beside->widths[2];
    uint32_t both = first / beside->widths[2];
    const uint32_t other[2] = { both / beside->widths[1], both % beside->widths[1] };
    for (uint32_t s = 0; s < 2; s++) {
        const struct duet_space_side *side = &space->side[s];
        triple->record[s] = side->at[side->digits[triple->record[s]] - beside->parts[s][own[s]] +
                                     beside->parts[s][other[s]]];
    }
    triple->base = triple->base - beside->parts[2][own[2]] + beside->parts[2][base];
}

struct duet_triple duet_space_first_image(const struct duet_space *space, struct duet_triple triple,
                                          unsigned parts)
{
    if (space->beside.count && parts == DUET_PARTS_ALL)
        move_beside(space, &triple);
    for (uint32_t u = 0; u < space->unit_count; u++) {
        const struct duet_space_unit *unit = &space->units[u];
        if (!unit->atom_count)
            continue;
        uint32_t atoms[PLACES];
        uint32_t renamed[PLACES];
        find_places(unit, triple, parts, atoms);
        rename_atoms(unit, atoms, renamed);
        move_record(space, unit, DUET_LEFT, atoms[IN_LEFT], renamed[IN_LEFT],
                    &triple.record[DUET_LEFT]);
        move_record(space, unit, DUET_RIGHT, atoms[IN_RIGHT], renamed[IN_RIGHT],
                    &triple.record[DUET_RIGHT]);
        move_base(unit, atoms, renamed, &triple.base);
    }
    return triple;
}
