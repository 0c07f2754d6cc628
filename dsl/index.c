#include "dsl/index.h"

#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/index_inside.h"
#include "dsl/names.h"

/* --- making ---------------------------------------------------------------------------------------------- */

void duet_index_use(struct duet_index *index, const struct duet_symbol *symbol, struct duet_span at,
                    enum duet_use_kind kind)
{
    if (!symbol || at.file == DUET_SOURCE_NONE)
        return;
    if (index->count == index->room) {
        size_t room = index->room ? index->room * 2 : 256;
        struct duet_use *uses = duet_arena_alloc_array(index->arena, room, sizeof *uses);
        if (index->count > 0)
            memcpy(uses, index->uses, index->count * sizeof *uses);
        index->uses = uses;
        index->room = room;
    }
    index->uses[index->count++] = (struct duet_use){ .at = at, .kind = kind, .symbol = symbol };
}

struct duet_symbol *duet_index_define(struct duet_index *index, struct duet_symbol *parent,
                                      enum duet_symbol_kind kind, struct duet_ast_name name,
                                      struct duet_span all)
{
    struct duet_symbol *symbol = duet_arena_alloc(index->arena, sizeof *symbol);
    struct duet_symbol *above = parent ? parent : &index->root;
    *symbol = (struct duet_symbol){ .kind = kind,
                                    .name = name.text ? name.text : "",
                                    .at = name.at,
                                    .all = all,
                                    .parent = parent };
    if (above->last)
        above->last->next = symbol;
    else
        above->children = symbol;
    above->last = symbol;
    if (kind != DUET_SYMBOL_FILE)
        duet_index_use(index, symbol, name.at, DUET_USE_DEFINES);
    return symbol;
}

static int by_place(const void *a, const void *b)
{
    const struct duet_use *left = a;
    const struct duet_use *right = b;
    if (left->at.file != right->at.file)
        return left->at.file < right->at.file ? -1 : 1;
    if (left->at.start != right->at.start)
        return left->at.start < right->at.start ? -1 : 1;
    return (int)left->kind - (int)right->kind;
}

/* The same name found by two ways of looking at it (a call that two records share) is one use. */
static void settle(struct duet_index *index)
{
    size_t kept = 0;
    if (index->count > 0)
        qsort(index->uses, index->count, sizeof *index->uses, by_place);
    for (size_t i = 0; i < index->count; i++) {
        bool same = kept > 0 && index->uses[kept - 1].at.file == index->uses[i].at.file &&
                    index->uses[kept - 1].at.start == index->uses[i].at.start;
        if (!same)
            index->uses[kept++] = index->uses[i];
    }
    index->count = kept;
}

struct duet_index *duet_index_new(struct duet_arena *arena, const struct duet_ast_program *program)
{
    struct duet_index *index = duet_arena_alloc(arena, sizeof *index);
    index->arena = arena;
    index->program = program;
    duet_index_define_all(index);
    duet_index_use_systems(index);
    duet_index_use_mappings(index);
    duet_index_use_tests(index);
    duet_index_use_fleets(index);
    settle(index);
    return index;
}

/* --- asking ---------------------------------------------------------------------------------------------- */

const struct duet_use *duet_index_uses(const struct duet_index *index, size_t *count_out)
{
    *count_out = index->count;
    return index->uses;
}

const struct duet_use *duet_index_at(const struct duet_index *index, uint32_t file, uint32_t offset)
{
    size_t low = 0;
    size_t high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct duet_span *at = &index->uses[middle].at;
        if (at->file < file || (at->file == file && at->start <= offset))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    const struct duet_use *use = &index->uses[low - 1];
    return use->at.file == file && offset <= use->at.end ? use : NULL;
}

const struct duet_symbol *duet_index_symbols(const struct duet_index *index)
{
    return index->root.children;
}

static bool is_named(const struct duet_symbol *symbol, const char *name)
{
    if (symbol->in_form)
        return strncmp(name, "form.", 5) == 0 && strcmp(symbol->name, name + 5) == 0;
    return strcmp(symbol->name, name) == 0;
}

const struct duet_symbol *duet_index_find(const struct duet_index *index,
                                          const struct duet_symbol *parent,
                                          enum duet_symbol_kind kind, const char *name)
{
    const struct duet_symbol *symbol = parent ? parent->children : index->root.children;
    while (name && symbol && (symbol->kind != kind || !is_named(symbol, name)))
        symbol = symbol->next;
    return name ? symbol : NULL;
}

const struct duet_symbol *duet_index_record_of(const struct duet_index *index,
                                               const struct duet_symbol *side)
{
    const struct duet_symbol *system =
        side ? duet_index_find(index, NULL, DUET_SYMBOL_SYSTEM, side->of.side->system.text) : NULL;
    return system ? duet_index_find(index, system, DUET_SYMBOL_RECORD, side->of.side->record.text)
                  : NULL;
}

const struct duet_symbol *duet_index_field(const struct duet_symbol *record,
                                           const struct duet_ast_step *steps,
                                           const struct duet_ast_step **step_out)
{
    const struct duet_ast_step *inner = steps ? steps->next : NULL;
    bool in_form = inner && duet_names_same(steps->name.text, "form");
    const struct duet_ast_step *last = in_form ? inner : steps;
    if (step_out)
        *step_out = last;
    if (!record || !last || last->next)
        return NULL;
    for (const struct duet_symbol *field = record->children; field; field = field->next) {
        if (field->kind == DUET_SYMBOL_FIELD && field->in_form == in_form &&
            duet_names_same(field->name, last->name.text))
            return field;
    }
    return NULL;
}

static const struct duet_symbol *mapping_above(const struct duet_symbol *symbol)
{
    while (symbol && symbol->kind != DUET_SYMBOL_MAPPING)
        symbol = symbol->parent;
    return symbol;
}

const struct duet_symbol *duet_index_mapped(const struct duet_index *index,
                                            const struct duet_symbol *rule, int side)
{
    const struct duet_ast_path *path = side == 0 ? rule->of.rule->left : rule->of.rule->right;
    const struct duet_ast_step *first = path ? path->steps.first : NULL;
    const struct duet_symbol *alias =
        first ? duet_index_find(index, mapping_above(rule), DUET_SYMBOL_SIDE, first->name.text)
              : NULL;
    return alias ? duet_index_field(duet_index_record_of(index, alias), first->next, NULL) : NULL;
}

/* `like siem.reason`: the other side of a mapping in which the record is one. */
static const struct duet_symbol *liked(const struct duet_index *index,
                                       const struct duet_symbol *field)
{
    const struct duet_ast_step *steps = field->of.field->type->like->steps.first;
    const struct duet_symbol *found = duet_index_field(field->parent, steps, NULL);
    for (const struct duet_symbol *mapping = index->root.children; mapping && !found;
         mapping = mapping->next) {
        if (mapping->kind != DUET_SYMBOL_MAPPING)
            continue;
        const struct duet_symbol *side =
            duet_index_find(index, mapping, DUET_SYMBOL_SIDE, steps->name.text);
        found = duet_index_field(duet_index_record_of(index, side), steps->next, NULL);
    }
    return found;
}

const struct duet_symbol *duet_index_enum_of(const struct duet_index *index,
                                             const struct duet_symbol *field)
{
    /* Who is like whom may go in a circle: a few steps are enough for any that is right. */
    for (int i = 0; i < 4 && field && field->of.field->type && field->of.field->type->like; i++)
        field = liked(index, field);
    return field;
}

/* `by classification` within a form means the form's own first. */
const struct duet_symbol *duet_index_parent_of(const struct duet_symbol *field)
{
    const struct duet_ast_type *type = field->of.field->type;
    const struct duet_ast_step *steps = type && type->by ? type->by->steps.first : NULL;
    for (const struct duet_symbol *other = field->parent->children;
         steps && !steps->next && field->in_form && other; other = other->next) {
        if (other->kind == DUET_SYMBOL_FIELD && other->in_form &&
            duet_names_same(other->name, steps->name.text))
            return other;
    }
    return duet_index_field(field->parent, steps, NULL);
}

/* The only mapping of a file, or of the program when the file has none. */
static const struct duet_symbol *only_mapping(const struct duet_index *index, uint32_t file)
{
    const struct duet_symbol *here = NULL;
    const struct duet_symbol *any = NULL;
    size_t heres = 0;
    size_t all = 0;
    for (const struct duet_symbol *symbol = index->root.children; symbol; symbol = symbol->next) {
        if (symbol->kind != DUET_SYMBOL_MAPPING)
            continue;
        any = symbol;
        all++;
        if (symbol->all.file == file) {
            here = symbol;
            heres++;
        }
    }
    if (heres == 1)
        return here;
    return heres == 0 && all == 1 ? any : NULL;
}

const struct duet_symbol *duet_index_mapping_of(const struct duet_index *index,
                                                const struct duet_ast_test *test)
{
    return test->mapping.text
               ? duet_index_find(index, NULL, DUET_SYMBOL_MAPPING, test->mapping.text)
               : only_mapping(index, test->at.file);
}
