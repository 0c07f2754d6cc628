/* What would be written by each version, field by field, and by which rule. */
#include <string.h>

#include "engine/replay/altering.h"

bool duet_altered_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

void duet_altered_add(struct duet_alterations *list, const struct duet_altered *altered,
                      struct duet_arena *arena)
{
    const size_t room = 8;
    if (list->count % room == 0) {
        struct duet_altered *more =
            duet_arena_alloc_array(arena, list->count + room, sizeof *list->list);
        for (size_t i = 0; i < list->count; i++)
            more[i] = list->list[i];
        list->list = more;
    }
    list->list[list->count++] = *altered;
}

const char *duet_altered_field(const struct duet_tables *tables, uint32_t field,
                               struct duet_arena *arena)
{
    const struct duet_t_side *side = duet_side_row(tables, duet_field_side(tables, field));
    return duet_arena_format(arena, "%s.%s", duet_str(tables, side->name),
                             duet_str(tables, duet_field_row(tables, field)->name));
}

/* --- rules ----------------------------------------------------------------------------------------------- */

static bool is_value(const struct duet_value *value, uint32_t number)
{
    return value->kind == DUET_VALUE_ENUM && value->number == (int64_t)number;
}

struct duet_replay_place duet_altered_rule(const struct duet_tables *tables,
                                           const struct duet_t_pair *pair, enum duet_side target,
                                           const struct duet_value *from,
                                           const struct duet_value *to)
{
    const struct duet_t_map *map = duet_map_row(tables, pair->map);
    struct duet_replay_place rule = { duet_str(tables, pair->file), pair->line };
    for (uint32_t i = 0; map && i < map->arms_count; i++) {
        const struct duet_t_arm *arm = duet_arm_row(tables, map->arms + i);
        bool is_to_right = target == DUET_RIGHT;
        if (!is_value(from, is_to_right ? arm->left : arm->right) ||
            !is_value(to, is_to_right ? arm->right : arm->left))
            continue;
        rule = (struct duet_replay_place){ duet_str(tables, arm->file), arm->line };
        if (arm->direction != (is_to_right ? DUET_TO_LEFT : DUET_TO_RIGHT))
            break; /* else it says only that both agree; another one may say that it is written */
    }
    return rule;
}

/* --- pairs that belong together ---------------------------------------------------------------------------- */

static uint32_t pair_count(const struct duet_view *view)
{
    return view->rules ? duet_mapping(view->rules->tables)->pairs_count : 0;
}

static const struct duet_t_pair *pair_at(const struct duet_view *view, uint32_t number)
{
    const struct duet_tables *tables = view->rules->tables;
    return duet_pair_row(tables, duet_mapping(tables)->pairs + number);
}

static bool is_same_field(const struct duet_view *a, uint32_t a_field, const struct duet_view *b,
                          uint32_t b_field)
{
    return strcmp(duet_str(a->rules->tables, duet_field_row(a->rules->tables, a_field)->name),
                  duet_str(b->rules->tables, duet_field_row(b->rules->tables, b_field)->name)) == 0;
}

/* The pair of `view` that joins the same two fields as `pair` of `other`. */
static const struct duet_t_pair *find_pair(const struct duet_view *view,
                                           const struct duet_view *other,
                                           const struct duet_t_pair *pair)
{
    for (uint32_t i = 0; i < pair_count(view); i++) {
        const struct duet_t_pair *found = pair_at(view, i);
        if (is_same_field(view, found->left, other, pair->left) &&
            is_same_field(view, found->right, other, pair->right))
            return found;
    }
    return NULL;
}

bool duet_both_pairs_next(const struct duet_view views[DUET_VIEWS], size_t *next,
                          struct duet_both_pairs *pairs_out)
{
    uint32_t in_new = pair_count(&views[DUET_VIEW_NEW]);
    uint32_t in_old = pair_count(&views[DUET_VIEW_OLD]);
    while (*next < (size_t)in_new + in_old) {
        uint32_t at = (uint32_t)(*next)++;
        size_t mine = at < in_new ? DUET_VIEW_NEW : DUET_VIEW_OLD;
        size_t other = at < in_new ? DUET_VIEW_OLD : DUET_VIEW_NEW;
        const struct duet_t_pair *pair = pair_at(&views[mine], at < in_new ? at : at - in_new);
        pairs_out->pair[mine] = pair;
        pairs_out->pair[other] = find_pair(&views[other], &views[mine], pair);
        if (at < in_new || !pairs_out->pair[other])
            return true;
    }
    return false;
}

/* --- writes -------------------------------------------------------------------------------------------------- */

/* What one version writes to the target's field of a pair. */
struct written {
    const char *text; /* NULL: nothing */
    struct duet_replay_place rule;
};

static uint32_t number_of(const struct duet_view *view, const struct duet_t_pair *pair,
                          enum duet_side side)
{
    return duet_field_number(view->rules->tables, side, duet_pair_field(pair, side));
}

static const char *shown(const struct duet_view *view, const struct duet_t_pair *pair,
                         enum duet_side side, const struct duet_value *values,
                         struct duet_arena *arena)
{
    const struct duet_tables *tables = view->rules->tables;
    return duet_value_show(tables, duet_field_row(tables, duet_pair_field(pair, side)),
                           &values[number_of(view, pair, side)], arena);
}

static struct written written_by(const struct duet_view *view, const struct duet_t_pair *pair,
                                 enum duet_side target, struct duet_arena *arena)
{
    struct written written = { 0 };
    if (!pair)
        return written;
    const struct duet_tables *tables = view->rules->tables;
    enum duet_side source = duet_other(target);
    uint32_t number = number_of(view, pair, target);
    const struct duet_changeset *changes = view->changes;
    const struct duet_value *from =
        &(changes->fields[source] ? changes->after[source]
                                  : view->record[source].values)[number_of(view, pair, source)];
    bool is_written = (changes->fields[target] & duet_bit(number)) != 0;
    written.rule = duet_altered_rule(tables, pair, target, from,
                                     is_written ? &changes->after[target][number]
                                                : &view->record[target].values[number]);
    if (is_written)
        written.text = shown(view, pair, target, changes->after[target], arena);
    return written;
}

static void add_write(const struct duet_view views[DUET_VIEWS], const struct duet_both_pairs *pairs,
                      enum duet_side target, struct duet_alterations *list,
                      struct duet_arena *arena)
{
    struct written written[DUET_VIEWS];
    for (size_t v = 0; v < DUET_VIEWS; v++)
        written[v] = written_by(&views[v], pairs->pair[v], target, arena);
    if (duet_altered_same(written[DUET_VIEW_OLD].text, written[DUET_VIEW_NEW].text))
        return;
    size_t v = pairs->pair[DUET_VIEW_NEW] ? DUET_VIEW_NEW : DUET_VIEW_OLD;
    const struct duet_t_pair *pair = pairs->pair[v];
    duet_altered_add(
        list,
        &(struct duet_altered){
            .kind = DUET_ALTERED_WRITE,
            .field =
                duet_altered_field(views[v].rules->tables, duet_pair_field(pair, target), arena),
            .old = written[DUET_VIEW_OLD].rule,
            .new = written[DUET_VIEW_NEW].rule,
            .stands = shown(&views[v], pair, target, views[v].record[target].values, arena),
            .was = written[DUET_VIEW_OLD].text,
            .becomes = written[DUET_VIEW_NEW].text },
        arena);
}

void duet_altered_writes(const struct duet_view views[DUET_VIEWS], struct duet_alterations *list,
                         struct duet_arena *arena)
{
    struct duet_both_pairs pairs;
    size_t next = 0;
    while (duet_both_pairs_next(views, &next, &pairs)) {
        add_write(views, &pairs, DUET_LEFT, list, arena);
        add_write(views, &pairs, DUET_RIGHT, list, arena);
    }
}
