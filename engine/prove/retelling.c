#include "engine/prove/retelling.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

struct retelling {
    const struct duet_tables *tables;
    const struct duet_t_mapping *mapping;
    uint64_t units; /* of the component */
    const struct duet_state *state;
    json_t *before, *edit;
};

static const struct duet_t_field *field_of(const struct retelling *retelling, enum duet_side side,
                                           uint32_t number)
{
    return duet_field_row(retelling->tables,
                          duet_side_row(retelling->tables, side)->fields + number);
}

/* The value on which both sides last agreed; missing where they never did. */
static struct duet_value agreed_value(const struct retelling *retelling, enum duet_side side,
                                      uint32_t number)
{
    for (uint32_t u = 0; u < retelling->mapping->units_count; u++) {
        const struct duet_t_unit *row =
            duet_unit_row(retelling->tables, retelling->mapping->units + u);
        bool is_known = retelling->units & retelling->state->known & duet_bit(u);
        for (uint32_t p = row->pairs; is_known && p < row->pairs + row->pairs_count; p++) {
            uint32_t index = duet_pair_field(duet_pair_row(retelling->tables, p), side);
            if (duet_field_number(retelling->tables, side, index) == number)
                return retelling->state->base.side[side][p - retelling->mapping->pairs];
        }
    }
    return (struct duet_value){ 0 };
}

static const char *side_name(const struct retelling *retelling, enum duet_side side)
{
    return duet_str(retelling->tables, duet_side_row(retelling->tables, side)->name);
}

static void retell_side(struct retelling *retelling, enum duet_side side,
                        const struct duet_record *record)
{
    const struct duet_t_side *row = duet_side_row(retelling->tables, side);
    json_t *before = json_object();
    json_t *edit = json_object();
    for (uint32_t f = 0; f < row->fields_count; f++) {
        const struct duet_t_field *field = field_of(retelling, side, f);
        const char *name = duet_str(retelling->tables, field->name);
        struct duet_value was = agreed_value(retelling, side, f);
        if (!duet_value_missing(&was))
            json_object_set_new(before, name, duet_value_plain(retelling->tables, field, &was));
        if (!duet_value_equal(&was, &record->values[f]))
            json_object_set_new(edit, name,
                                duet_value_plain(retelling->tables, field, &record->values[f]));
    }
    json_object_set_new(retelling->before, side_name(retelling, side), before);
    json_object_set_new(retelling->edit, side_name(retelling, side), edit);
}

/* What one unit's sides last agreed on. */
static json_t *agreed_unit(const struct retelling *retelling, const struct duet_t_unit *row)
{
    json_t *agreed = json_object();
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        json_t *values = json_object();
        for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
            const struct duet_t_field *field = duet_field_row(
                retelling->tables, duet_pair_field(duet_pair_row(retelling->tables, p), side));
            json_object_set_new(
                values, duet_str(retelling->tables, field->name),
                duet_value_plain(
                    retelling->tables, field,
                    &retelling->state->base.side[side][p - retelling->mapping->pairs]));
        }
        json_object_set_new(agreed, side_name(retelling, side), values);
    }
    return agreed;
}

static void retell_units(const struct retelling *retelling, json_t *agreed, json_t *fresh)
{
    for (uint32_t u = 0; u < retelling->mapping->units_count; u++) {
        const struct duet_t_unit *row =
            duet_unit_row(retelling->tables, retelling->mapping->units + u);
        const char *name = duet_str(retelling->tables, row->name);
        if (!(retelling->units & duet_bit(u)))
            continue;
        if (retelling->state->known & duet_bit(u))
            json_object_set_new(agreed, name, agreed_unit(retelling, row));
        else
            json_array_append_new(fresh, json_string(name));
    }
}

static void retell_variant(const struct retelling *retelling, const struct duet_variant *variant,
                           json_t *story)
{
    uint32_t number = 0;
    if (variant->dated != DUET_UNDATED) {
        enum duet_side later = variant->dated == DUET_LEFT_LATER ? DUET_LEFT : DUET_RIGHT;
        json_object_set_new(story, "later", json_string(side_name(retelling, later)));
    }
    if (!variant->signals)
        return;
    while (!(variant->signals & duet_bit(number)))
        number++;
    const struct duet_t_trigger *trigger =
        duet_trigger_row(retelling->tables, retelling->mapping->triggers + number);
    json_object_set_new(story, "signal",
                        json_pack("{s:s, s:s?}", "side",
                                  side_name(retelling, (enum duet_side)trigger->side), "name",
                                  duet_opt_str(retelling->tables, trigger->signal)));
}

const char *duet_retell(const struct duet_space *space, struct duet_triple triple, uint32_t variant,
                        struct duet_arena *arena)
{
    struct retelling retelling = { .tables = space->rules->tables,
                                   .mapping = duet_mapping(space->rules->tables),
                                   .units = space->component.core | space->component.beside,
                                   .state = space->states[triple.base],
                                   .before = json_object(),
                                   .edit = json_object() };
    json_t *agreed = json_object();
    json_t *fresh = json_array();
    for (uint32_t s = 0; s < 2; s++)
        retell_side(&retelling, (enum duet_side)s, &space->side[s].records[triple.record[s]]);
    retell_units(&retelling, agreed, fresh);
    json_t *story = json_pack("{s:o, s:o, s:o, s:o}", "before", retelling.before, "edit",
                              retelling.edit, "agreed", agreed, "new", fresh);
    retell_variant(&retelling, &space->variants[variant], story);
    char *text = json_dumps(story, JSON_COMPACT | JSON_PRESERVE_ORDER);
    const char *kept = text ? duet_arena_copy_text(arena, text, strlen(text)) : "{}";
    free(text);
    json_decref(story);
    return kept;
}
