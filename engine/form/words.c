#include "engine/form/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/graph/text.h"
#include "engine/graph/words.h"

const char *duet_form_title(const struct duet_form *form, struct duet_arena *arena)
{
    struct duet_graph_words words = { form->tables, arena };
    for (uint32_t f = 0; f < form->field_count; f++) {
        const struct duet_t_field *row = duet_field_row(form->tables, form->fields[f].field);
        if (row->section != DUET_NONE)
            return duet_graph_string(&words, row->section);
    }
    const struct duet_t_side *side = duet_side_row(form->tables, form->side);
    return duet_arena_format(arena, "%s.%s", duet_graph_string(&words, side->name),
                             duet_graph_string(&words, side->record));
}

const char *duet_form_about(const struct duet_form *form, struct duet_arena *arena)
{
    struct duet_graph_words words = { form->tables, arena };
    const struct duet_t_side *side = duet_side_row(form->tables, form->side);
    const char *title = duet_graph_string(&words, side->title);
    return duet_arena_format(
        arena, "What may be chosen in %s%s%s, so that %s takes it too",
        duet_graph_string(&words, side->name), *title ? ", " : "", title,
        duet_graph_string(&words, duet_side_row(form->tables, duet_other(form->side))->name));
}

const char *duet_form_label(const struct duet_form_field *field, struct duet_arena *arena)
{
    static const char prefix[] = "form.";
    const char *name = field->name;
    if (strncmp(name, prefix, sizeof prefix - 1) == 0 && name[sizeof prefix - 1])
        name += sizeof prefix - 1;
    const char *text = duet_graph_clean(arena, name);
    char *label = duet_arena_copy_text(arena, text, strlen(text));
    for (char *c = label; *c; c++)
        *c = *c == '_' ? ' ' : *c;
    if (*label >= 'a' && *label <= 'z')
        *label = (char)(*label - 'a' + 'A');
    return label;
}

const char *duet_form_list(const struct duet_form *form, const struct duet_form_field *field,
                           const bool *has, struct duet_arena *arena)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    bool is_first = true;
    for (uint32_t i = 1; out && i <= field->choice_count; i++) {
        uint32_t choice = i % field->choice_count; /* "none" behind the others */
        if (!has[choice])
            continue;
        fprintf(out, "%s%s", is_first ? "" : ", ",
                duet_graph_clean(arena, duet_form_choice(form, field, choice)));
        is_first = false;
    }
    if (!out || fclose(out) != 0)
        return "";
    char *copy = duet_arena_copy_text(arena, text, size);
    free(text);
    return copy;
}

bool duet_form_asks_only(const struct duet_form_field *field, const bool *has)
{
    bool is_all = !has[0];
    for (uint32_t c = 1; c < field->choice_count; c++)
        is_all = is_all && has[c] == field->offered[c];
    return is_all;
}

/* --- ways -------------------------------------------------------------------------------------------------- */

struct walk {
    const struct duet_form *form;
    struct duet_arena *arena;
    duet_form_way *tell;
    void *data;
};

/* Depth: a rule's fields. */
static void follow(const struct walk *walk, const char *when, const struct duet_form_node *node)
{
    const struct duet_form_field *field = &walk->form->fields[node->field];
    if (node->is_last) {
        walk->tell(walk->data, when, field, node->cases[0].has);
        return;
    }
    for (uint32_t c = 0; c < node->case_count; c++) {
        if (node->cases[c].then)
            follow(walk,
                   duet_arena_format(
                       walk->arena, "%s%s%s: %s", when, *when ? "; " : "",
                       duet_form_label(field, walk->arena),
                       duet_form_list(walk->form, field, node->cases[c].has, walk->arena)),
                   node->cases[c].then);
    }
}

void duet_form_ways(const struct duet_form *form, struct duet_arena *arena, duet_form_way *tell,
                    void *data)
{
    struct walk walk = { form, arena, tell, data };
    for (uint32_t r = 0; r < form->rule_count; r++)
        follow(&walk, "", form->rules[r].tree);
}
