/* What is defined and never used. What only a library has, records and fields for mappings to come, isn't meant. */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/ast.h"
#include "dsl/check.h"
#include "dsl/index.h"
#include "dsl/names.h"
#include "dsl/propose.h"
#include "dsl/word_index.h"

__attribute__((format(printf, 5, 6))) static struct duet_diag *
unused(struct duet_checker *check, enum duet_fix_kind kind, struct duet_span at,
       struct duet_span all, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *message = duet_arena_format_list(check->arena, format, arguments);
    va_end(arguments);
    struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_UNUSED, at, "%s", message);
    duet_propose_removal(diag, kind, check->sources, all);
    return diag;
}

/* --- hubs ------------------------------------------------------------------------------------- */

/* The hubs that tenants share. */
static struct duet_word_index *shared_hubs(const struct duet_checker *check)
{
    struct duet_word_index *shared = duet_word_index_new(check->arena);
    for (const struct duet_ast_file *file = check->program->files.first; file; file = file->next) {
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
            if (item->kind != DUET_AST_ITEM_TENANT)
                continue;
            for (const struct duet_ast_tenant_side *side = item->tenant->sides.first; side;
                 side = side->next)
                (void)duet_word_index_add(shared, side->shared.text, 0);
        }
    }
    return shared;
}

/* A hub's name that isn't known may be the misspelt one of a hub that seems unused. */
static bool shares_unknown(const struct duet_ast_program *program, const struct duet_ast_item *item)
{
    if (item->kind != DUET_AST_ITEM_TENANT)
        return false;
    for (const struct duet_ast_tenant_side *side = item->tenant->sides.first; side;
         side = side->next) {
        if (side->shared.text && !duet_names_hub(program, side->shared.text))
            return true;
    }
    return false;
}

static void check_hubs(struct duet_checker *check)
{
    for (const struct duet_ast_file *file = check->program->files.first; file; file = file->next) {
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
            if (shares_unknown(check->program, item))
                return;
        }
    }
    size_t hubs = 0;
    const struct duet_word_index *shared = shared_hubs(check);
    for (const struct duet_ast_file *file = check->program->files.first; file; file = file->next) {
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
            hubs += item->kind == DUET_AST_ITEM_HUB;
            if (hubs > DUET_MAX_HUBS)
                return; /* said already */
            if (item->kind == DUET_AST_ITEM_HUB &&
                duet_word_index_find(shared, item->hub->name.text) == DUET_NONE)
                unused(check, DUET_FIX_MAYBE, item->hub->name.at, item->hub->at,
                       "no tenant shares hub '%s'", item->hub->name.text);
        }
    }
}

/* --- names ------------------------------------------------------------------------------------ */

/* A definition that somebody should name. */
struct candidate {
    const struct duet_symbol *symbol;
    bool used;
};

struct candidates {
    struct candidate *list;
    size_t count;
};

static bool stands_in(struct duet_span at, struct duet_span all)
{
    return at.file == all.file && at.start >= all.start && at.end <= all.end;
}

/* A file with a mapping, hub or tenant is no library: what it defines is for them. */
static bool is_library(const struct duet_checker *check, uint32_t number)
{
    const struct duet_ast_file *file = check->program->files.first;
    while (file && file->file != number)
        file = file->next;
    for (const struct duet_ast_item *item = file ? file->items.first : NULL; item;
         item = item->next) {
        if (item->kind == DUET_AST_ITEM_MAPPING || item->kind == DUET_AST_ITEM_HUB ||
            item->kind == DUET_AST_ITEM_TENANT)
            return false;
    }
    return true;
}

static bool has_meaning(const char *predicate)
{
    return duet_names_same(predicate, "closed") || duet_names_same(predicate, "merged");
}

/* Settings, lookups and variables serve nobody outside of their system or test. */
static bool is_candidate(const struct duet_checker *check, const struct duet_symbol *symbol)
{
    switch (symbol->kind) {
    case DUET_SYMBOL_SETTING:
        return symbol->parent->of.system->http != NULL;
    case DUET_SYMBOL_LOOKUP:
    case DUET_SYMBOL_VARIABLE:
        return true;
    case DUET_SYMBOL_SYSTEM:
    case DUET_SYMBOL_RECORD:
        return !is_library(check, symbol->at.file);
    case DUET_SYMBOL_PREDICATE:
        return !has_meaning(symbol->name) && !is_library(check, symbol->at.file);
    case DUET_SYMBOL_FILE: /* check_imports() */
    case DUET_SYMBOL_HUB:  /* check_hubs() */
    case DUET_SYMBOL_FIELD:
    case DUET_SYMBOL_CHOICE:
    case DUET_SYMBOL_KEY:
    case DUET_SYMBOL_MAPPING:
    case DUET_SYMBOL_SIDE:
    case DUET_SYMBOL_GROUP: /* not released, when nothing names it */
    case DUET_SYMBOL_RULE:
    case DUET_SYMBOL_TABLE:
    case DUET_SYMBOL_SIGNAL:
    case DUET_SYMBOL_TEST:
    case DUET_SYMBOL_TESTTABLE: /* unknown, when no mapping goes via it */
    case DUET_SYMBOL_ROW:
    case DUET_SYMBOL_TENANT:
        break;
    }
    return false;
}

/* Whether a place counts as a use: a setting must be sent, not only given a value; a record is used from outside of its
 * system. */
static bool counts(const struct duet_symbol *symbol, struct duet_span at)
{
    switch (symbol->kind) {
    case DUET_SYMBOL_SETTING:
        return stands_in(at, symbol->parent->of.system->http->at);
    case DUET_SYMBOL_RECORD:
        return !stands_in(at, symbol->parent->all);
    case DUET_SYMBOL_SYSTEM:
    case DUET_SYMBOL_FILE:
    case DUET_SYMBOL_FIELD:
    case DUET_SYMBOL_PREDICATE:
    case DUET_SYMBOL_CHOICE:
    case DUET_SYMBOL_KEY:
    case DUET_SYMBOL_LOOKUP:
    case DUET_SYMBOL_MAPPING:
    case DUET_SYMBOL_SIDE:
    case DUET_SYMBOL_GROUP:
    case DUET_SYMBOL_RULE:
    case DUET_SYMBOL_TABLE:
    case DUET_SYMBOL_SIGNAL:
    case DUET_SYMBOL_TEST:
    case DUET_SYMBOL_TESTTABLE:
    case DUET_SYMBOL_VARIABLE:
    case DUET_SYMBOL_ROW:
    case DUET_SYMBOL_HUB:
    case DUET_SYMBOL_TENANT:
        break;
    }
    return true;
}

static int by_symbol(const void *a, const void *b)
{
    uintptr_t left = (uintptr_t)((const struct candidate *)a)->symbol;
    uintptr_t right = (uintptr_t)((const struct candidate *)b)->symbol;
    return left < right ? -1 : left > right;
}

static struct candidates collect(struct duet_checker *check, const struct duet_use *uses,
                                 size_t count)
{
    struct candidates found = {
        duet_arena_alloc_array(check->arena, count + 1, sizeof(struct candidate)), 0
    };
    for (size_t i = 0; i < count; i++) {
        if (uses[i].kind == DUET_USE_DEFINES && is_candidate(check, uses[i].symbol))
            found.list[found.count++] = (struct candidate){ .symbol = uses[i].symbol };
    }
    qsort(found.list, found.count, sizeof *found.list, by_symbol);
    return found;
}

static void mark(struct candidates candidates, const struct duet_use *uses, size_t count)
{
    for (size_t i = 0; i < count && candidates.count > 0; i++) {
        const struct candidate key = { .symbol = uses[i].symbol };
        struct candidate *found =
            bsearch(&key, candidates.list, candidates.count, sizeof *candidates.list, by_symbol);
        if (found && uses[i].kind != DUET_USE_DEFINES && counts(uses[i].symbol, uses[i].at))
            found->used = true;
    }
}

static bool is_unused(struct candidates candidates, const struct duet_symbol *symbol)
{
    const struct candidate key = { .symbol = symbol };
    const struct candidate *found = NULL;
    if (candidates.count > 0)
        found =
            bsearch(&key, candidates.list, candidates.count, sizeof *candidates.list, by_symbol);
    return found && !found->used;
}

static void report(struct duet_checker *check, const struct duet_symbol *symbol)
{
    if (symbol->kind == DUET_SYMBOL_SETTING)
        unused(check, DUET_FIX_MAYBE, symbol->at, symbol->all,
               "setting '%s' is never sent: nothing in the http block of '%s' names it",
               symbol->name, symbol->parent->name);
    else if (symbol->kind == DUET_SYMBOL_LOOKUP)
        duet_diag_help(duet_checker_report(check, DUET_DIAG_UNUSED, symbol->at,
                                           "nothing of the row '%s' that is looked up is sent",
                                           symbol->name),
                       "send some of it, such as `%s.id`, or leave the lookup out", symbol->name);
    else if (symbol->kind == DUET_SYMBOL_VARIABLE)
        unused(check, DUET_FIX_SAFE, symbol->at, symbol->all,
               "'%s' stands nowhere else in this test, so that each run is the same", symbol->name);
    else if (symbol->kind == DUET_SYMBOL_PREDICATE)
        unused(check, DUET_FIX_MAYBE, symbol->at, symbol->all, "no condition asks for '%s'",
               symbol->name);
    else if (symbol->kind == DUET_SYMBOL_RECORD)
        unused(check, DUET_FIX_MAYBE, symbol->at, symbol->all, "no mapping takes record '%s'",
               symbol->name);
    else
        unused(check, DUET_FIX_MAYBE, symbol->at, symbol->all, "nothing uses system '%s'",
               symbol->name);
}

/* --- imports ---------------------------------------------------------------------------------- */

/* One file names something that another one defines. */
struct reference {
    uint32_t from;
    uint32_t to;
    bool by_itself; /* it imports that one itself */
};

struct references {
    struct reference *list;
    size_t count;
};

static uint64_t both_files(const struct reference *reference)
{
    return (uint64_t)reference->from << 32 | reference->to;
}

static int by_files(const void *a, const void *b)
{
    uint64_t left = both_files(a);
    uint64_t right = both_files(b);
    return left < right ? -1 : left > right;
}

static bool imports(const struct duet_ast_file *file, uint32_t to)
{
    for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
        if (item->kind == DUET_AST_ITEM_IMPORT && item->import.file &&
            item->import.file->file == to)
            return true;
    }
    return false;
}

/* The files of the program, by number; NULL: a text that isn't of it. */
struct files {
    const struct duet_ast_file **list;
    uint32_t count;
};

static struct files files_of(struct duet_checker *check)
{
    struct files files = { .count = duet_sources_count(check->sources) };
    files.list = duet_arena_alloc_array(check->arena, files.count + 1, sizeof(void *));
    for (const struct duet_ast_file *file = check->program->files.first; file; file = file->next)
        files.list[file->file] = file;
    return files;
}

static struct references references_between(struct duet_checker *check, struct files files,
                                            const struct duet_use *uses, size_t count)
{
    struct references found = {
        duet_arena_alloc_array(check->arena, count + 1, sizeof(struct reference)), 0
    };
    for (size_t i = 0; i < count; i++) {
        struct reference here = { uses[i].at.file, uses[i].symbol->at.file, false };
        if (here.from != here.to && uses[i].symbol->kind != DUET_SYMBOL_FILE)
            found.list[found.count++] = here;
    }
    qsort(found.list, found.count, sizeof *found.list, by_files);
    size_t kept = found.count > 0;
    for (size_t i = 1; i < found.count; i++) {
        if (by_files(&found.list[i - 1], &found.list[i]) != 0)
            found.list[kept++] = found.list[i];
    }
    found.count = kept;
    for (size_t i = 0; i < kept; i++)
        found.list[i].by_itself = imports(files.list[found.list[i].from], found.list[i].to);
    return found;
}

/* A file and all that it imports; the parser bounds the depth (DUET_PARSE_IMPORT_MAX). */
static void reach(const struct duet_ast_file *file, bool *reached)
{
    if (!file || reached[file->file])
        return;
    reached[file->file] = true;
    for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
        if (item->kind == DUET_AST_ITEM_IMPORT)
            reach(item->import.file, reached);
    }
}

static bool holds(const struct duet_ast_file *file, enum duet_ast_item_kind kind)
{
    const struct duet_ast_item *item = file->items.first;
    while (item && item->kind != kind)
        item = item->next;
    return item != NULL;
}

/* What does something without being named: what runs; a mapping, for tests that are of the only one. */
static bool acts(const struct duet_ast_program *program, const bool *reached)
{
    bool mapping = false;
    bool test = false;
    for (const struct duet_ast_file *file = program->files.first; file; file = file->next) {
        bool tests = holds(file, DUET_AST_ITEM_TEST) || holds(file, DUET_AST_ITEM_TEST_TABLE);
        if (!reached[file->file])
            test = test || tests;
        else if (tests || holds(file, DUET_AST_ITEM_TENANT) || holds(file, DUET_AST_ITEM_HUB) ||
                 holds(file, DUET_AST_ITEM_FLEET))
            return true;
        else
            mapping = mapping || holds(file, DUET_AST_ITEM_MAPPING);
    }
    return mapping && test;
}

/* By the importing file, or by one that has it only through that one. */
static bool is_named(struct references references, uint32_t importer, const bool *reached)
{
    for (size_t i = 0; i < references.count; i++) {
        const struct reference *reference = &references.list[i];
        if ((reference->from == importer || !reference->by_itself) && !reached[reference->from] &&
            reached[reference->to])
            return true;
    }
    return false;
}

/* A file of imports alone is there for them. */
static bool defines_something(const struct duet_ast_file *file)
{
    const struct duet_ast_item *item = file->items.first;
    while (item && (item->kind == DUET_AST_ITEM_IMPORT || item->kind == DUET_AST_ITEM_EDITION))
        item = item->next;
    return item != NULL;
}

/* `reached` has room for every file. */
static void check_imports(struct duet_checker *check, const struct duet_ast_file *file,
                          struct references references, bool *reached, uint32_t count)
{
    if (!defines_something(file))
        return;
    for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
        if (item->kind != DUET_AST_ITEM_IMPORT || !item->import.file)
            continue;
        memset(reached, 0, count * sizeof *reached);
        reach(item->import.file, reached);
        if (!is_named(references, file->file, reached) && !acts(check->program, reached))
            unused(check, DUET_FIX_SAFE, item->import.path.at, item->at,
                   "nothing that '%s' defines is used here", item->import.path.text);
    }
}

/* --- all of it -------------------------------------------------------------------------------- */

/* What is reported may be why something seems unused. */
static void check_names(struct duet_checker *check)
{
    size_t count = 0;
    const struct duet_index *index = duet_index_new(check->arena, check->program);
    const struct duet_use *uses = duet_index_uses(index, &count);
    struct candidates candidates = collect(check, uses, count);
    mark(candidates, uses, count);
    for (size_t i = 0; i < candidates.count; i++) {
        if (!candidates.list[i].used && !is_unused(candidates, candidates.list[i].symbol->parent))
            report(check, candidates.list[i].symbol);
    }
    struct files files = files_of(check);
    struct references references = references_between(check, files, uses, count);
    bool *reached = duet_arena_alloc_array(check->arena, files.count + 1, sizeof *reached);
    for (const struct duet_ast_file *file = check->program->files.first; file; file = file->next)
        check_imports(check, file, references, reached, files.count);
}

void duet_checker_unused(struct duet_checker *check)
{
    check_hubs(check);
    if (duet_diags_errors(check->diags) == 0)
        check_names(check);
}
