#include "tests/mutants/mutations.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"

#define MUTATIONS_MAX 4096
#define SIDES 2

/* Where mistakes are being made. */
struct maker {
    struct duet_arena *arena;
    const struct mutant_file *files;
    size_t file_count;
    const char *sides[SIDES]; /* what the mapping calls its records */
    struct mutations all;
};

/* --- one mistake -------------------------------------------------------------------------------------------- */

static uint32_t line_of(const struct mutant_file *file, uint32_t offset)
{
    uint32_t line = 1;
    for (uint32_t i = 0; i < offset; i++)
        line += file->text[i] == '\n';
    return line;
}

static const char *name_of(const struct maker *maker, const struct mutant_statement *at,
                           const char *change)
{
    const char *within = "";
    if (at->within) {
        size_t first = at->within->first;
        size_t last = first + 1 < at->within->end ? first + 1 : first;
        within = duet_arena_format(maker->arena,
                                   "in %s: ", mutant_slice(at->file, first, last, maker->arena));
    }
    return duet_arena_format(maker->arena, "%s: %s%s: %s", at->file->name, within,
                             mutant_slice(at->file, at->first, at->end - 1, maker->arena), change);
}

static struct mutation *add(struct maker *maker, const struct mutant_statement *at,
                            const char *kind, const char *change)
{
    const char *name = name_of(maker, at, change);
    bool is_room = maker->all.count < MUTATIONS_MAX;
    for (size_t i = 0; i < maker->all.count; i++)
        is_room = is_room && strcmp(maker->all.list[i].name, name) != 0;
    struct mutation *mutation = is_room ? &maker->all.list[maker->all.count++]
                                        : duet_arena_alloc(maker->arena, sizeof *mutation);
    *mutation = (struct mutation){ .file = at->file,
                                   .line = line_of(at->file, at->file->tokens[at->first].start),
                                   .kind = kind,
                                   .name = name };
    return mutation;
}

static void edit(struct mutation *mutation, size_t first, size_t last, const char *text)
{
    mutation->edits[mutation->edit_count++] =
        (struct mutation_edit){ mutation->file->tokens[first].start,
                                mutation->file->tokens[last].end, text };
}

static void replace(struct maker *maker, const struct mutant_statement *at, const char *kind,
                    size_t first, size_t last, const char *text)
{
    const char *before = mutant_slice(at->file, first, last, maker->arena);
    const char *change = text[0]
                             ? duet_arena_format(maker->arena, "`%s` becomes `%s`", before, text)
                             : duet_arena_format(maker->arena, "without `%s`", before);
    edit(add(maker, at, kind, change), first, last, text);
}

/* Texts of two ranges change places. */
static void swap(struct maker *maker, const struct mutant_statement *at, size_t first_a,
                 size_t last_a, size_t first_b, size_t last_b)
{
    const char *a = mutant_slice(at->file, first_a, last_a, maker->arena);
    const char *b = mutant_slice(at->file, first_b, last_b, maker->arena);
    if (strcmp(a, b) == 0)
        return;
    struct mutation *mutation =
        add(maker, at, "swap",
            duet_arena_format(maker->arena, "`%s` and the next `%s` change places", a, b));
    edit(mutation, first_a, last_a, b);
    edit(mutation, first_b, last_b, a);
}

/* --- tokens ------------------------------------------------------------------------------------------------- */

static bool is_one_of(const struct mutant_file *file, size_t index, const char *const *words)
{
    for (; *words; words++) {
        if (mutant_token_is(file, index, *words))
            return true;
    }
    return false;
}

/* First token in a heading that is the word; its end when there is none. */
static size_t find(const struct mutant_statement *at, const char *word)
{
    size_t i = at->first;
    while (i < at->end && !mutant_token_is(at->file, i, word))
        i++;
    return i;
}

static bool is_arrow(const struct mutant_file *file, size_t index)
{
    static const char *const arrows[] = { "<->", "->", "<-", NULL };
    return is_one_of(file, index, arrows);
}

static size_t find_arrow(const struct mutant_statement *at)
{
    size_t i = at->first;
    while (i < at->end && !is_arrow(at->file, i))
        i++;
    return i;
}

/* Whether it stands in a path: behind or before a dot. */
static bool is_in_path(const struct mutant_file *file, size_t index)
{
    return mutant_token_is(file, index + 1, ".") ||
           (index > 0 && mutant_token_is(file, index - 1, "."));
}

static bool begins(const struct mutant_statement *at, const char *word)
{
    return at && mutant_token_is(at->file, at->first, word);
}

static bool same_token(const struct mutant_file *a, size_t i, const struct mutant_file *b, size_t j)
{
    const struct duet_lexeme *left = &a->tokens[i];
    const struct duet_lexeme *right = &b->tokens[j];
    return left->end - left->start == right->end - right->start &&
           memcmp(a->text + left->start, b->text + right->start, left->end - left->start) == 0;
}

/* --- values ------------------------------------------------------------------------------------------------- */

/* The neighbour of the value at `index` in the list `enum (...)` that opens at `open`; NULL: not in it. */
static const char *neighbour_in(const struct maker *maker, const struct mutant_file *list,
                                size_t open, const struct mutant_file *file, size_t index)
{
    for (size_t i = open + 1; i < list->count && !mutant_token_is(list, i, ")"); i++) {
        if (!same_token(list, i, file, index))
            continue;
        size_t beside = mutant_token_is(list, i + 1, ",") ? i + 2 : i - 2;
        return beside > open ? mutant_slice(list, beside, beside, maker->arena) : NULL;
    }
    return NULL;
}

/* The first list that has the value decides; a file's own lists come first. */
static const char *neighbour(const struct maker *maker, const struct mutant_file *file,
                             size_t index)
{
    for (size_t f = 0; f <= maker->file_count; f++) {
        const struct mutant_file *list = f == 0 ? file : &maker->files[f - 1];
        for (size_t i = 0; i + 1 < list->count; i++) {
            if (!mutant_token_is(list, i, "enum") || !mutant_token_is(list, i + 1, "("))
                continue;
            const char *found = neighbour_in(maker, list, i + 1, file, index);
            if (found)
                return found;
        }
    }
    return NULL;
}

static void mistake_value(struct maker *maker, const struct mutant_statement *at, size_t index)
{
    const char *other = neighbour(maker, at->file, index);
    if (other)
        replace(maker, at, "value", index, index, other);
}

/* A list of `last - first + 1` tokens, names and commas in turn: each missing, each as its successor. */
static void mistake_list(struct maker *maker, const struct mutant_statement *at, size_t first,
                         size_t last, bool has_order)
{
    for (size_t i = first; i <= last && first < last; i += 2) {
        if (i < last)
            replace(maker, at, "names", i, i + 1, "");
        else
            replace(maker, at, "names", i - 1, i, "");
        if (has_order && i + 2 <= last)
            swap(maker, at, i, i, i + 2, i + 2);
    }
}

static void mistake_enum(struct maker *maker, const struct mutant_statement *at)
{
    size_t open = find(at, "enum") + 1;
    if (open >= at->end || !mutant_token_is(at->file, open, "("))
        return;
    size_t close = open;
    while (close < at->end && !mutant_token_is(at->file, close, ")"))
        close++;
    mistake_list(maker, at, open + 1, close - 1, true);
}

/* A row `VALUE : VALUE, VALUE;` of an `enum by`. */
static void mistake_row(struct maker *maker, const struct mutant_statement *at)
{
    if (!at->within || find(at->within, "by") >= at->within->end || at->end - at->first < 3)
        return;
    mistake_list(maker, at, at->first + 2, at->end - 1, false);
    const struct mutant_statement *next = at->next;
    if (!next)
        return;
    swap(maker, at, at->first, at->first, next->first, next->first);
    swap(maker, at, at->end - 1, at->end - 1, next->first + 2, next->first + 2);
}

static void mistake_arm(struct maker *maker, const struct mutant_statement *at)
{
    size_t arrow = find_arrow(at);
    if (!begins(at->within, "field") || arrow >= at->end)
        return;
    mistake_value(maker, at, at->first);
    mistake_value(maker, at, arrow + 1);
    if (!at->next)
        return;
    size_t other = find_arrow(at->next);
    swap(maker, at, at->first, arrow - 1, at->next->first, other - 1);
    swap(maker, at, arrow + 1, at->end - 1, other + 1, at->next->end - 1);
}

/* --- conditions --------------------------------------------------------------------------------------------- */

static void mistake_operator(struct maker *maker, const struct mutant_statement *at, size_t i)
{
    static const struct {
        const char *sign, *other;
    } others[] = { { "==", "!=" }, { "!=", "==" }, { ">=", ">" },   { ">=", "<" },  { ">", ">=" },
                   { "<=", "<" },  { "<", "<=" },  { "and", "or" }, { "or", "and" } };
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
        if (mutant_token_is(at->file, i, others[k].sign))
            replace(maker, at, "when", i, i, others[k].other);
    }
}

/* `closed when CONDITION` can't go without it; `required when` has `required` to go with it. */
static void mistake_condition(struct maker *maker, const struct mutant_statement *at)
{
    size_t when = find(at, "when");
    if (when >= at->end)
        return;
    const char *condition = mutant_slice(at->file, when + 1, at->end - 1, maker->arena);
    replace(maker, at, "when", when + 1, at->end - 1,
            duet_arena_format(maker->arena, "not (%s)", condition));
    if (when > at->first + 1)
        replace(maker, at, "when", when, at->end - 1, "");
    for (size_t i = when + 1; i < at->end; i++) {
        mistake_operator(maker, at, i);
        if (i > when + 1 && !is_in_path(at->file, i) &&
            at->file->tokens[i].kind != DUET_LEXEME_SIGN)
            mistake_value(maker, at, i);
    }
}

/* --- the rest of a heading ---------------------------------------------------------------------------------- */

static void mistake_arrow(struct maker *maker, const struct mutant_statement *at)
{
    static const char *const arrows[] = { "<->", "->", "<-" };
    size_t i = find_arrow(at);
    for (size_t k = 0; k < 3 && i < at->end; k++) {
        if (!mutant_token_is(at->file, i, arrows[k]))
            replace(maker, at, "arrow", i, i, arrows[k]);
    }
}

static void mistake_trigger(struct maker *maker, const struct mutant_statement *at)
{
    static const char *const actions[] = { "send", "clear", "fetch", NULL };
    static const char *const events[] = { "close", "reopen", "change", "move", NULL };
    if (!begins(at, "on"))
        return;
    size_t action = at->first;
    while (action < at->end && !is_one_of(at->file, action, actions))
        action++;
    size_t when = find(at, "when");
    if (action + 1 < when)
        mistake_list(maker, at, action + 1, when - 1, false);
    for (size_t k = 0; actions[k]; k++) {
        if (!mutant_token_is(at->file, action, actions[k]))
            replace(maker, at, "event", action, action, actions[k]);
    }
    for (size_t k = 0; events[k] && is_one_of(at->file, at->first + 2, events); k++) {
        if (!mutant_token_is(at->file, at->first + 2, events[k]))
            replace(maker, at, "event", at->first + 2, at->first + 2, events[k]);
    }
}

/* A side by its name, wherever one is chosen. */
static void mistake_side(struct maker *maker, const struct mutant_statement *at)
{
    for (size_t i = at->first; i < at->end && maker->sides[1]; i++) {
        for (size_t side = 0; side < SIDES; side++) {
            if (mutant_token_is(at->file, i, maker->sides[side]) && !is_in_path(at->file, i))
                replace(maker, at, "side", i, i, maker->sides[1 - side]);
        }
    }
    if (begins(at, "create"))
        swap(maker, at, at->first + 1, at->first + 1, at->first + 3, at->first + 3);
}

static void mistake_policy(struct maker *maker, const struct mutant_statement *at)
{
    static const char *const names[] = { "highest", "lowest", NULL };
    size_t i = find(at, "conflict");
    if (i >= at->end)
        return;
    bool is_newest = mutant_token_is(at->file, i + 1, "newest");
    size_t last = is_newest ? i + 3 : i + 1;
    replace(maker, at, "attribute", i, last, "");
    for (size_t side = 0; side < SIDES && maker->sides[1]; side++) {
        if (!mutant_token_is(at->file, i + 1, maker->sides[side]))
            replace(maker, at, "side", i + 1, last, maker->sides[side]);
        if (!is_newest)
            replace(maker, at, "side", i + 1, last,
                    duet_arena_format(maker->arena, "newest else %s", maker->sides[side]));
    }
    for (size_t k = 0; names[k] && is_one_of(at->file, i + 1, names); k++) {
        if (!mutant_token_is(at->file, i + 1, names[k]))
            replace(maker, at, "side", i + 1, i + 1, names[k]);
    }
}

/* Attributes that can be left out, by the words they begin with and how many tokens they have. */
static void mistake_attributes(struct maker *maker, const struct mutant_statement *at)
{
    static const struct {
        const char *first, *second;
        size_t tokens;
    } attributes[] = { { "required", NULL, 1 }, { "read", "only", 2 },  { "ordered", "enum", 1 },
                       { "write", "as", 3 },    { "empty", NULL, 2 },   { "via", NULL, 2 },
                       { "unknown", NULL, 2 },  { "|", "truncate", 3 }, { "max", NULL, 2 } };
    for (size_t i = at->first + 1; i < at->end; i++) {
        for (size_t k = 0; k < sizeof attributes / sizeof *attributes; k++) {
            if (!mutant_token_is(at->file, i, attributes[k].first) || is_in_path(at->file, i) ||
                (attributes[k].second && !mutant_token_is(at->file, i + 1, attributes[k].second)))
                continue;
            bool has_when = mutant_token_is(at->file, i + 1, "when");
            size_t last = has_when ? at->end - 1 : i + attributes[k].tokens - 1;
            if (last < at->end)
                replace(maker, at, "attribute", i, last, "");
        }
    }
}

static void mistake_number(struct maker *maker, const struct mutant_statement *at)
{
    for (size_t i = at->first; i < at->end; i++) {
        if (at->file->tokens[i].kind != DUET_LEXEME_NUMBER)
            continue;
        long number = strtol(at->file->text + at->file->tokens[i].start, NULL, 10);
        replace(maker, at, "number", i, i, duet_arena_format(maker->arena, "%ld", number + 1));
        replace(maker, at, "number", i, i, duet_arena_format(maker->arena, "%ld", number - 1));
    }
}

static void mistake(struct maker *maker, const struct mutant_statement *at)
{
    edit(add(maker, at, "drop", "missing"), at->first, at->last, "");
    mistake_arrow(maker, at);
    mistake_arm(maker, at);
    mistake_row(maker, at);
    mistake_enum(maker, at);
    mistake_condition(maker, at);
    mistake_trigger(maker, at);
    mistake_side(maker, at);
    mistake_policy(maker, at);
    mistake_attributes(maker, at);
    mistake_number(maker, at);
}

/* --- all of them -------------------------------------------------------------------------------------------- */

/* `mapping NAME between A as SIDE and B as SIDE {`. */
static void name_sides(struct maker *maker, const struct mutant_file *file)
{
    size_t side = 0;
    maker->sides[0] = maker->sides[1] = NULL;
    for (size_t i = 0; i + 1 < file->count && side < SIDES; i++) {
        if (mutant_token_is(file, i, "{"))
            return;
        if (mutant_token_is(file, i, "as"))
            maker->sides[side++] = file->tokens[i + 1].text;
    }
}

struct mutations mutations_of(const struct mutant_file *files, size_t count,
                              struct duet_arena *arena)
{
    struct maker maker = { .arena = arena, .files = files, .file_count = count };
    maker.all.list = duet_arena_alloc_array(arena, MUTATIONS_MAX, sizeof *maker.all.list);
    for (size_t f = 0; f < count; f++) {
        name_sides(&maker, &files[f]);
        const struct mutant_statements statements = mutant_statements_of(&files[f], arena);
        for (size_t i = 0; i < statements.count; i++)
            mistake(&maker, statements.list[i]);
    }
    return maker.all;
}

char *mutation_text(const struct mutation *mutation, struct duet_arena *arena, size_t *length_out,
                    size_t *tests_from_out)
{
    const struct mutant_file *file = mutation->file;
    const char *text = "";
    uint32_t from = 0;
    for (size_t i = 0; i < mutation->edit_count; i++) {
        const struct mutation_edit *change = &mutation->edits[i];
        text = duet_arena_format(arena, "%s%.*s%s", text, (int)(change->start - from),
                                 file->text + from, change->text);
        from = change->end;
    }
    char *whole = duet_arena_format(arena, "%s%s", text, file->text + from);
    *length_out = strlen(whole);
    *tests_from_out = *length_out - (file->length - file->tests_from);
    return whole;
}
