#include "engine/form/form.h"

#include "engine/form/making.h"

/* --- how long a text may be ---------------------------------------------------------------------------------- */

static uint32_t lower(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t max_of(const struct duet_t_field *row)
{
    return row->type == DUET_TYPE_TEXT && row->max ? row->max : DUET_NONE;
}

/* The longest text that the pair's target takes of this one: what is cut on the way may be longer. */
static uint32_t sent_max(const struct duet_form_making *making, const struct duet_t_pair *pair)
{
    uint32_t max =
        max_of(duet_field_row(making->tables, duet_pair_field(pair, duet_other(making->side))));
    for (uint32_t t = pair->transforms_count; making->side == DUET_LEFT && t-- > 0;) {
        const struct duet_t_transform *transform =
            duet_transform_row(making->tables, pair->transforms + t);
        if (max == DUET_NONE)
            break;
        if (transform->kind == DUET_TRANSFORM_TRUNCATE && transform->number <= max)
            max = DUET_NONE;
        else if (transform->kind == DUET_TRANSFORM_PREFIX)
            max -= lower(max, duet_text_units(duet_str(making->tables, transform->text)));
    }
    return max;
}

static void limit_texts(struct duet_form_making *making)
{
    const struct duet_t_mapping *mapping = duet_mapping(making->tables);
    for (uint32_t f = 0; f < making->field_count; f++)
        making->fields[f].max = max_of(duet_field_row(making->tables, making->fields[f].field));
    for (uint32_t p = 0; p < mapping->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(making->tables, mapping->pairs + p);
        uint32_t field = duet_pair_field(pair, making->side);
        uint32_t at = making->at[duet_form_number(making, making->side, field)];
        if (at != DUET_NONE && duet_form_sends(making, pair) &&
            duet_field_row(making->tables, field)->type == DUET_TYPE_TEXT)
            making->fields[at].max = lower(making->fields[at].max, sent_max(making, pair));
    }
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static void take_rules(const struct duet_form_making *making, struct duet_form *form)
{
    struct duet_form_rule *rules =
        duet_arena_alloc_array(making->arena, making->table_count + 1U, sizeof *rules);
    for (uint32_t t = 0; t < making->table_count; t++) {
        const struct duet_form_table *table = &making->tables_of_rules[t];
        const struct duet_form_node *tree =
            table->field_count > 1 ? duet_form_tree(making, table) : NULL;
        if (tree)
            rules[form->rule_count++] = (struct duet_form_rule){ tree, table->place };
    }
    form->rules = rules;
}

struct duet_form *duet_form_of(const struct duet_rules *rules, enum duet_side side,
                               struct duet_arena *arena)
{
    struct duet_form *form = duet_arena_alloc(arena, sizeof *form);
    struct duet_form_making making = {
        .rules = rules,
        .tables = rules->tables,
        .side = side,
        .arena = arena,
        .scratch = duet_arena_new(),
    };
    form->tables = rules->tables;
    form->side = side;
    duet_form_take_fields(&making);
    if (!making.shown)
        making.refused =
            duet_arena_format(arena, "no mapped field of '%s' is in a form or depends on another",
                              duet_str(rules->tables, duet_side_row(rules->tables, side)->name));
    if (!making.refused)
        duet_form_try_rules(&making);
    if (!making.refused)
        limit_texts(&making);
    duet_arena_free(making.scratch);
    form->refused = making.refused;
    if (form->refused)
        return form;
    form->fields = making.fields;
    form->field_count = making.field_count;
    form->remarks = making.remarks;
    form->remark_count = making.remark_count;
    take_rules(&making, form);
    return form;
}

const char *duet_form_choice(const struct duet_form *form, const struct duet_form_field *field,
                             uint32_t choice)
{
    const struct duet_t_field *row = duet_field_row(form->tables, field->field);
    if (choice == 0)
        return "none";
    if (row->type == DUET_TYPE_BOOLEAN)
        return choice == 1 ? "false" : "true";
    if (row->type != DUET_TYPE_ENUM)
        return "any";
    const struct duet_t_enum *values = duet_enum_row(form->tables, row->values);
    return duet_str(form->tables, duet_value_row(form->tables, values->values + choice - 1U)->name);
}
