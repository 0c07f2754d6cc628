#include <string.h>

#include "engine/form/making.h"

struct growing {
    const struct duet_form_making *making;
    const struct duet_form_table *table;
};

static bool is_same(const struct growing *growing, const struct duet_form_node *a,
                    const struct duet_form_node *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->field != b->field || a->is_last != b->is_last ||
        a->case_count != b->case_count)
        return false;
    uint32_t count = growing->making->fields[a->field].choice_count;
    for (uint32_t c = 0; c < a->case_count; c++) {
        if (memcmp(a->cases[c].has, b->cases[c].has, count * sizeof(bool)) != 0 ||
            !is_same(growing, a->cases[c].then, b->cases[c].then))
            return false;
    }
    return true;
}

static const struct duet_form_node *last_of(const struct growing *growing, const bool *takes)
{
    uint32_t field = growing->table->fields[growing->table->field_count - 1U];
    const struct duet_form_field *row = &growing->making->fields[field];
    struct duet_arena *arena = growing->making->arena;
    struct duet_form_case *only = duet_arena_alloc(arena, sizeof *only);
    bool takes_all = true;
    only->has = duet_arena_alloc_array(arena, row->choice_count, sizeof *only->has);
    for (uint32_t c = 0; c < row->choice_count; c++) {
        only->has[c] = row->offered[c] && takes[c];
        takes_all = takes_all && only->has[c] == row->offered[c];
    }
    if (takes_all)
        return NULL;
    struct duet_form_node *node = duet_arena_alloc(arena, sizeof *node);
    *node = (struct duet_form_node){ field, true, only, 1 };
    return node;
}

/* The case that leads to `then`, a new one if there is none. */
static struct duet_form_case *case_of(const struct growing *growing, struct duet_form_node *node,
                                      const struct duet_form_node *then)
{
    for (uint32_t c = 0; c < node->case_count; c++) {
        if (is_same(growing, node->cases[c].then, then))
            return &node->cases[c];
    }
    struct duet_form_case *made = &node->cases[node->case_count++];
    made->then = then;
    made->has = duet_arena_alloc_array(growing->making->arena,
                                       growing->making->fields[node->field].choice_count,
                                       sizeof *made->has);
    return made;
}

/* `at`: how many combinations of the fields before this level come first. A level whose choices all lead to the same is left out. */
static const struct duet_form_node *grown(const struct growing *growing, uint32_t level,
                                          uint32_t at)
{
    const struct duet_form_table *table = growing->table;
    const struct duet_form_field *row = &growing->making->fields[table->fields[level]];
    if (level + 1U == table->field_count)
        return last_of(growing, &table->takes[at * row->choice_count]);
    struct duet_arena *arena = growing->making->arena;
    struct duet_form_node *node = duet_arena_alloc(arena, sizeof *node);
    node->field = table->fields[level];
    node->cases = duet_arena_alloc_array(arena, row->choice_count, sizeof *node->cases);
    for (uint32_t c = 0; c < row->choice_count; c++) {
        if (row->offered[c])
            case_of(growing, node, grown(growing, level + 1U, at * row->choice_count + c))->has[c] =
                true;
    }
    return node->case_count == 1 ? node->cases[0].then : node->case_count ? node : NULL;
}

const struct duet_form_node *duet_form_tree(const struct duet_form_making *making,
                                            const struct duet_form_table *table)
{
    struct growing growing = { making, table };
    return grown(&growing, 0, 0);
}
