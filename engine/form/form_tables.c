#include <string.h>

#include "engine/form/making.h"
#include "engine/graph/words.h"

/* One field that a rule reads, on the rule's side, and the axis whose choice decides it. */
struct reading {
    uint32_t number;
    uint32_t axis;
    struct duet_value *values; /* by the axis' choice */
};

/* A field of the form, or one that nobody can fill in here: then any of its values will do. */
struct axis {
    uint32_t field; /* index in the form's fields; DUET_NONE: not in the form */
    uint32_t count;
};

struct trial {
    struct duet_form_making *making;
    enum duet_side side;
    const struct duet_t_rule *rule;
    struct reading readings[DUET_MAX_FIELDS];
    uint32_t reading_count;
    struct axis axes[DUET_MAX_FIELDS];
    uint32_t axis_count;
    uint32_t form_axes; /* they come first, ascending */
};

/* --- values --------------------------------------------------------------------------------------------- */

/* What stands for "anything" is as good as any other: rules that look closer aren't tried. */
static struct duet_value value_of(const struct duet_tables *tables, const struct duet_t_field *row,
                                  uint32_t choice)
{
    if (choice == 0)
        return (struct duet_value){ 0 };
    if (row->type == DUET_TYPE_BOOLEAN)
        return (struct duet_value){ .kind = DUET_VALUE_BOOLEAN, .number = choice - 1U };
    if (row->type != DUET_TYPE_ENUM)
        return (struct duet_value){ .kind = DUET_VALUE_TEXT, .text = "a" };
    const struct duet_t_enum *values = duet_enum_row(tables, row->values);
    return (struct duet_value){
        .kind = DUET_VALUE_ENUM,
        .number = choice - 1U,
        .text = duet_str(tables, duet_value_row(tables, values->values + choice - 1U)->name),
    };
}

/* What the choice is on the other side; false: nothing that could be sent. */
static bool sent(const struct duet_form_making *making, const struct duet_t_pair *pair,
                 uint32_t choice, struct duet_value *value_out)
{
    const struct duet_t_field *row =
        duet_field_row(making->tables, duet_pair_field(pair, making->side));
    *value_out = value_of(making->tables, row, choice);
    if (choice && !duet_form_is_listed(row))
        return true;
    struct duet_value value = *value_out;
    return duet_pair_convert(making->rules, pair, making->side, &value, making->arena, value_out) ==
           DUET_CONVERTED;
}

/* What has no counterpart would be held: it isn't offered. */
static void withdraw_unsendable(struct duet_form_making *making)
{
    const struct duet_t_mapping *mapping = duet_mapping(making->tables);
    for (uint32_t p = 0; p < mapping->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(making->tables, mapping->pairs + p);
        uint32_t at =
            making->at[duet_form_number(making, making->side, duet_pair_field(pair, making->side))];
        struct duet_value value;
        if (at == DUET_NONE || !duet_form_sends(making, pair))
            continue;
        for (uint32_t c = 0; c < making->fields[at].choice_count; c++) {
            if (!sent(making, pair, c, &value))
                making->fields[at].offered[c] = false;
        }
    }
}

/* --- one rule: what it reads ---------------------------------------------------------------------------------- */

static struct axis axis_of(const struct trial *trial, uint32_t number,
                           const struct duet_t_pair *pair)
{
    const struct duet_form_making *making = trial->making;
    uint32_t at = DUET_NONE;
    if (trial->side == making->side)
        at = making->at[number];
    else if (pair)
        at =
            making->at[duet_form_number(making, making->side, duet_pair_field(pair, making->side))];
    if (at != DUET_NONE)
        return (struct axis){ at, making->fields[at].choice_count };
    return (struct axis){
        DUET_NONE, duet_form_choices(making->tables, duet_form_row(making, trial->side, number))
    };
}

/* Where the axis stands among the trial's; those of the form in their order, the others behind. */
static void add_axis(struct trial *trial, struct axis axis)
{
    uint32_t at = axis.field == DUET_NONE ? trial->axis_count : 0;
    while (at < trial->axis_count && trial->axes[at].field < axis.field)
        at++;
    if (axis.field != DUET_NONE && at < trial->axis_count && trial->axes[at].field == axis.field)
        return;
    memmove(&trial->axes[at + 1], &trial->axes[at], (trial->axis_count - at) * sizeof axis);
    trial->axes[at] = axis;
    trial->axis_count++;
    trial->form_axes += axis.field != DUET_NONE;
}

static uint32_t axis_at(const struct trial *trial, uint32_t field)
{
    uint32_t at = 0;
    while (trial->axes[at].field != field)
        at++;
    return at;
}

static void add_reading(struct trial *trial, uint32_t number, uint32_t axis,
                        const struct duet_t_pair *pair)
{
    struct duet_form_making *making = trial->making;
    uint32_t count = trial->axes[axis].count;
    struct reading *reading = &trial->readings[trial->reading_count++];
    *reading = (struct reading){ number, axis, NULL };
    reading->values = duet_arena_alloc_array(making->arena, count, sizeof *reading->values);
    for (uint32_t c = 0; c < count; c++) {
        if (pair)
            (void)sent(making, pair, c, &reading->values[c]); /* if not, it isn't offered */
        else
            reading->values[c] =
                value_of(making->tables, duet_form_row(making, trial->side, number), c);
    }
}

static void read_fields(struct trial *trial)
{
    const struct duet_form_making *making = trial->making;
    uint64_t reads = duet_mask(trial->rule->reads_lo, trial->rule->reads_hi);
    uint32_t count = duet_side_row(making->tables, trial->side)->fields_count;
    for (uint32_t f = 0; f < count; f++) {
        if (reads & duet_bit(f))
            add_axis(trial,
                     axis_of(trial, f,
                             trial->side == making->side ? NULL : duet_form_sender(making, f)));
    }
    uint32_t hidden = trial->form_axes;
    for (uint32_t f = 0; f < count; f++) {
        if (!(reads & duet_bit(f)))
            continue;
        const struct duet_t_pair *pair =
            trial->side == making->side ? NULL : duet_form_sender(making, f);
        struct axis axis = axis_of(trial, f, pair);
        bool is_hidden = axis.field == DUET_NONE;
        add_reading(trial, f, is_hidden ? hidden++ : axis_at(trial, axis.field),
                    is_hidden ? NULL : pair);
    }
}

/* --- one rule: every combination ---------------------------------------------------------------------------- */

static bool takes(const struct trial *trial, const uint32_t *choices)
{
    struct duet_value values[DUET_MAX_FIELDS] = { 0 };
    for (uint32_t i = 0; i < trial->reading_count; i++) {
        const struct reading *reading = &trial->readings[i];
        values[reading->number] = reading->values[choices[reading->axis]];
    }
    duet_arena_clear(trial->making->scratch);
    return !duet_rule_refuses(trial->making->rules, trial->side, trial->rule, values, values,
                              trial->making->scratch);
}

/* Goes to the next combination, the last axis first; false at the end. */
static bool next(const struct trial *trial, uint32_t *choices)
{
    for (uint32_t a = trial->axis_count; a-- > 0;) {
        if (++choices[a] < trial->axes[a].count)
            return true;
        choices[a] = 0;
    }
    return false;
}

static uint32_t place_of(const struct trial *trial, const uint32_t *choices)
{
    uint32_t at = 0;
    for (uint32_t a = 0; a < trial->form_axes; a++)
        at = at * trial->axes[a].count + choices[a];
    return at;
}

/* How many combinations there are; 0: too many. */
static uint32_t combinations(const struct trial *trial)
{
    uint64_t count = 1;
    for (uint32_t a = 0; a < trial->axis_count; a++) {
        count *= trial->axes[a].count;
        if (count > DUET_FORM_MAX_COMBINATIONS)
            return 0;
    }
    return (uint32_t)count;
}

static struct duet_form_table table_of(const struct trial *trial)
{
    struct duet_form_making *making = trial->making;
    struct duet_form_table table = { .field_count = trial->form_axes, .size = 1 };
    for (uint32_t a = 0; a < trial->form_axes; a++) {
        table.fields[a] = trial->axes[a].field;
        table.size *= trial->axes[a].count;
    }
    table.place =
        duet_arena_format(making->arena, "%s:%u", duet_str(making->tables, trial->rule->file),
                          (unsigned)trial->rule->line);
    table.takes = duet_arena_alloc_array(making->arena, table.size, sizeof *table.takes);
    uint32_t choices[DUET_MAX_FIELDS] = { 0 };
    do {
        uint32_t at = place_of(trial, choices);
        table.takes[at] = table.takes[at] || takes(trial, choices);
    } while (next(trial, choices));
    return table;
}

/* --- all rules -------------------------------------------------------------------------------------------------- */

static bool reads_the_same(const struct duet_form_table *a, const struct duet_form_table *b)
{
    return a->field_count == b->field_count &&
           memcmp(a->fields, b->fields, a->field_count * sizeof *a->fields) == 0;
}

/* Tables of the same fields become one. */
static void add_table(struct duet_form_making *making, const struct duet_form_table *table)
{
    for (uint32_t t = 0; t < making->table_count; t++) {
        struct duet_form_table *known = &making->tables_of_rules[t];
        if (!reads_the_same(known, table))
            continue;
        for (uint32_t i = 0; i < table->size; i++)
            known->takes[i] = known->takes[i] && table->takes[i];
        if (!strstr(known->place, table->place))
            known->place = duet_arena_format(making->arena, "%s, %s", known->place, table->place);
        return;
    }
    making->tables_of_rules[making->table_count++] = *table;
}

static void remark(struct duet_form_making *making, const struct duet_t_rule *rule)
{
    struct duet_graph_words words = { making->tables, making->arena };
    making->remarks[making->remark_count++] = duet_arena_format(
        making->arena, "%s is required %s (%s:%u)", duet_graph_field(&words, rule->field),
        duet_graph_condition(&words, rule->when), duet_graph_string(&words, rule->file),
        (unsigned)rule->line);
}

static void try_rule(struct duet_form_making *making, enum duet_side side,
                     const struct duet_t_rule *rule)
{
    if (!rule || !duet_form_is_judged(making, side, rule))
        return;
    if (!duet_form_is_decided(making, rule)) {
        remark(making, rule);
        return;
    }
    struct trial trial = { .making = making, .side = side, .rule = rule };
    read_fields(&trial);
    if (!combinations(&trial)) {
        making->refused = duet_arena_format(
            making->arena, "%s has a rule with more than %u combinations (%s:%u)",
            duet_str(making->tables, duet_field_row(making->tables, rule->field)->name),
            DUET_FORM_MAX_COMBINATIONS, duet_str(making->tables, rule->file), (unsigned)rule->line);
        return;
    }
    struct duet_form_table table = table_of(&trial);
    add_table(making, &table);
}

/* What one field alone decides is a matter of what it offers. */
static void withdraw_refused(struct duet_form_making *making)
{
    for (uint32_t t = 0; t < making->table_count; t++) {
        const struct duet_form_table *table = &making->tables_of_rules[t];
        struct duet_form_field *field = &making->fields[table->fields[0]];
        for (uint32_t c = 0; table->field_count == 1 && c < table->size; c++)
            field->offered[c] = field->offered[c] && table->takes[c];
    }
}

void duet_form_try_rules(struct duet_form_making *making)
{
    uint32_t most = duet_side_row(making->tables, DUET_LEFT)->rules_count +
                    duet_side_row(making->tables, DUET_RIGHT)->rules_count + 1U;
    making->tables_of_rules =
        duet_arena_alloc_array(making->arena, most, sizeof *making->tables_of_rules);
    making->remarks = duet_arena_alloc_array(making->arena, most, sizeof *making->remarks);
    withdraw_unsendable(making);
    for (uint32_t s = 0; s < 2; s++) {
        const struct duet_t_side *row = duet_side_row(making->tables, s);
        for (uint32_t r = 0; r < row->rules_count && !making->refused; r++)
            try_rule(making, (enum duet_side)s, duet_rule_row(making->tables, row->rules + r));
    }
    withdraw_refused(making);
}
