/* One arena holds tree, names, findings and models; tables are blocks of their own, one a mapping and one
 * a distinct overlay. Systems are checked first, so that what a mapping finds in them again isn't new. */
#include "dsl/compile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/check.h"
#include "dsl/intern.h"
#include "dsl/lower.h"
#include "dsl/names.h"
#include "dsl/overlay.h"
#include "dsl/parse.h"

struct built {
    unsigned char *bytes; /* malloc; NULL: has errors */
    size_t size;
    struct duet_tables tables;
};

struct compiled_mapping {
    const struct duet_ast_mapping *ast;
    const struct duet_m_mapping *model;
    struct built built;
    struct duet_word_index
        *overlays; /* numbers of those laid over it, by their keys; NULL: none yet */
    bool own;
};

struct compiled_overlay {
    struct built built;
};

struct duet_compilation {
    struct duet_arena *arena;
    struct duet_intern *names;
    struct duet_sources *sources;
    struct duet_diags *diags;
    struct duet_ast_program *program;
    struct compiled_mapping *mappings;
    size_t mapping_count;
    struct compiled_overlay *overlays; /* NULL: none */
    uint32_t overlay_count;
    struct duet_fleet_config *fleet;
};

/* --- tables ----------------------------------------------------------------------------------- */

/* A limit of the format that no check knows of is still a finding, never a table that can't be opened. */
static void build(struct duet_checker *check, const struct duet_m_mapping *model,
                  struct built *built)
{
    struct duet_error error = { "" };
    built->bytes = duet_lower(check, model, &built->size);
    if (duet_tables_open(built->bytes, built->size, &built->tables, &error) == DUET_OK)
        return;
    duet_checker_report(check, DUET_DIAG_TOO_MANY, model->ast->name.at,
                        "mapping '%s' is beyond what rule tables can hold: %s",
                        model->ast->name.text, error.text);
    free(built->bytes);
    built->bytes = NULL;
}

static const struct duet_tables *tables_of(const struct built *built)
{
    return built->bytes ? &built->tables : NULL;
}

/* --- what may be missing ---------------------------------------------------------------------- */

/* Whether an import couldn't be read, and all that it defines with it. */
static bool is_incomplete(const struct duet_ast_program *program)
{
    for (const struct duet_ast_file *file = program->files.first; file; file = file->next) {
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
            if (item->kind == DUET_AST_ITEM_IMPORT && !item->import.file)
                return true;
        }
    }
    return false;
}

/* --- passes over all items -------------------------------------------------------------------- */

static size_t count_items(const struct duet_ast_program *program, enum duet_ast_item_kind kind)
{
    size_t count = 0;
    for (const struct duet_ast_file *file = program->files.first; file; file = file->next) {
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next)
            count += item->kind == kind;
    }
    return count;
}

static void check_systems(struct duet_checker *check)
{
    for (const struct duet_ast_file *file = check->program->files.first; file; file = file->next) {
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
            if (item->kind == DUET_AST_ITEM_SYSTEM)
                duet_checker_system(check, item->system);
        }
    }
}

static bool systems_are_sound(struct duet_checker *check, const struct duet_m_mapping *model)
{
    struct duet_checker quiet = duet_checker_quietly(check);
    for (int side = 0; side < 2; side++) {
        if (!model->records[side])
            return false;
        const struct duet_ast_system *system = model->records[side]->system;
        if (!duet_checker_affords_text(check, system->at.end - system->at.start, model->ast->name))
            return false;
        duet_checker_system(&quiet, system);
    }
    return quiet.errors == 0;
}

static void compile_mapping(struct duet_compilation *compilation, const struct duet_checker *parent,
                            bool sound, const struct duet_ast_mapping *ast,
                            struct compiled_mapping *out)
{
    struct duet_checker check = *parent;
    check.errors = 0;
    check.home = ast->at;
    check.context = duet_arena_format(compilation->arena, "in mapping %s", ast->name.text);
    out->ast = ast;
    out->model = duet_checker_mapping(&check, ast);
    if (sound && check.errors == 0 && systems_are_sound(&check, out->model))
        build(&check, out->model, &out->built);
}

static void compile_mappings(struct duet_compilation *compilation, const struct duet_checker *check,
                             bool sound)
{
    compilation->mappings = duet_arena_alloc_array(
        compilation->arena, count_items(check->program, DUET_AST_ITEM_MAPPING) + 1,
        sizeof *compilation->mappings);
    for (const struct duet_ast_file *file = check->program->files.first; file; file = file->next) {
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
            if (item->kind != DUET_AST_ITEM_MAPPING)
                continue;
            if (compilation->mapping_count == DUET_MAX_MAPPINGS) {
                duet_diag_add(check->diags, DUET_DIAG_TOO_MANY, item->mapping->name.at,
                              "there are at most %u mappings, '%s' is one more", DUET_MAX_MAPPINGS,
                              item->mapping->name.text);
                return;
            }
            struct compiled_mapping *out = &compilation->mappings[compilation->mapping_count++];
            out->own = file == check->program->root;
            compile_mapping(compilation, check, sound, item->mapping, out);
        }
    }
}

/* --- tests ------------------------------------------------------------------------------------ */

static struct compiled_mapping *mapping_named(const struct duet_compilation *compilation,
                                              const char *name)
{
    for (size_t i = 0; i < compilation->mapping_count; i++) {
        if (duet_names_same(compilation->mappings[i].ast->name.text, name))
            return &compilation->mappings[i];
    }
    return NULL;
}

/* The mapping that a test is of when it names none: the only one of its file, or of the program. */
static const struct compiled_mapping *only_mapping(const struct duet_compilation *compilation,
                                                   const struct duet_ast_test *test)
{
    const struct compiled_mapping *found = NULL;
    size_t here = 0;
    for (size_t i = 0; i < compilation->mapping_count; i++) {
        if (compilation->mappings[i].ast->at.file == test->at.file) {
            found = &compilation->mappings[i];
            here++;
        }
    }
    if (here == 1)
        return found;
    return here == 0 && compilation->mapping_count == 1 ? &compilation->mappings[0] : NULL;
}

static const struct compiled_mapping *tested_mapping(const struct duet_compilation *compilation,
                                                     const struct duet_ast_test *test)
{
    return test->mapping.text ? mapping_named(compilation, test->mapping.text)
                              : only_mapping(compilation, test);
}

static void report_unsaid(struct duet_checker *check, const struct duet_compilation *compilation,
                          const struct duet_ast_test *test)
{
    if (duet_checker_program_lacks(check, "mapping"))
        return;
    duet_diag_help(duet_checker_report(check, DUET_DIAG_BAD_TEST, test->name.at,
                                       "this test doesn't say which mapping it is of, and there "
                                       "are %zu",
                                       compilation->mapping_count),
                   "write `test \"...\" of MAPPING {`");
}

static void check_test(struct duet_checker *check, const struct duet_compilation *compilation,
                       const struct duet_ast_test *test, const struct duet_word_index *rows)
{
    if (test->mapping.text && !duet_names_need_mapping(check, test->mapping))
        return;
    const struct compiled_mapping *mapping = tested_mapping(compilation, test);
    if (mapping)
        duet_checker_test(check, mapping->model, test, rows);
    else
        report_unsaid(check, compilation, test);
}

static void check_test_table(struct duet_checker *check, const struct duet_compilation *compilation,
                             const struct duet_ast_test_table *table)
{
    const struct duet_m_mapping **models =
        duet_arena_alloc_array(check->arena, compilation->mapping_count + 1, sizeof(void *));
    for (size_t i = 0; i < compilation->mapping_count; i++)
        models[i] = compilation->mappings[i].model;
    duet_checker_test_table(check, models, compilation->mapping_count, table);
}

static void check_tests(struct duet_checker *check, const struct duet_compilation *compilation)
{
    const struct duet_word_index *rows = duet_checker_test_rows(check);
    for (const struct duet_ast_file *file = check->program->files.first; file; file = file->next) {
        duet_checker_tests_once(check, file);
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
            if (item->kind == DUET_AST_ITEM_TEST)
                check_test(check, compilation, item->test, rows);
            if (item->kind == DUET_AST_ITEM_TEST_TABLE)
                check_test_table(check, compilation, item->test_table);
        }
    }
}

/* --- tenants ---------------------------------------------------------------------------------- */

/* The overlay with the overrides of this tenant; NULL: there are too many, reported. */
static struct compiled_overlay *overlay_of(struct duet_compilation *compilation,
                                           struct duet_checker *check,
                                           struct compiled_mapping *base,
                                           const struct duet_ast_tenant *tenant, bool *is_new_out)
{
    if (!compilation->overlays)
        compilation->overlays = duet_arena_alloc_array(compilation->arena, DUET_MAX_OVERLAYS,
                                                       sizeof *compilation->overlays);
    if (!base->overlays)
        base->overlays = duet_word_index_new(compilation->arena);
    const char *key = duet_overlay_key(check, tenant);
    uint32_t number = duet_word_index_find(base->overlays, key);
    *is_new_out = number == DUET_NONE;
    if (!*is_new_out)
        return &compilation->overlays[number];
    if (compilation->overlay_count == DUET_MAX_OVERLAYS) {
        duet_diag_help(duet_checker_report(check, DUET_DIAG_TOO_MANY, tenant->name.at,
                                           "there are at most %u different sets of overrides, "
                                           "that of '%s' is one more",
                                           DUET_MAX_OVERLAYS, tenant->name.text),
                       "tenants that override the same share one");
        return NULL;
    }
    number = compilation->overlay_count++;
    (void)duet_word_index_add(base->overlays, key, number);
    return &compilation->overlays[number];
}

static void compile_overlay(struct duet_compilation *compilation, const struct duet_checker *parent,
                            const struct compiled_mapping *base,
                            const struct duet_ast_tenant *tenant, struct compiled_overlay *overlay)
{
    struct duet_checker check = *parent;
    check.errors = 0;
    check.errors_only = true;
    check.context =
        duet_arena_format(compilation->arena, "in overlay of tenant %s", tenant->name.text);
    const struct duet_ast_mapping *merged = duet_overlay_apply(&check, base->ast, tenant);
    if (!base->built.bytes)
        return; /* what is wrong without the overlay was said */
    const struct duet_m_mapping *model = duet_checker_mapping(&check, merged);
    if (check.errors == 0)
        build(&check, model, &overlay->built);
}

static const struct duet_tables *overlay_tables(struct duet_compilation *compilation,
                                                struct duet_checker *check,
                                                struct compiled_mapping *base,
                                                const struct duet_ast_tenant *tenant)
{
    bool is_new = false;
    struct compiled_overlay *overlay = overlay_of(compilation, check, base, tenant, &is_new);
    if (overlay && is_new)
        compile_overlay(compilation, check, base, tenant, overlay);
    return overlay ? tables_of(&overlay->built) : NULL;
}

static void compile_tenant(struct duet_compilation *compilation, struct duet_checker *check,
                           const struct duet_ast_tenant *tenant, struct duet_fleet_tenant *out)
{
    out->name = tenant->name.text;
    if (!duet_names_need_mapping(check, tenant->mapping))
        return;
    struct compiled_mapping *mapping = mapping_named(compilation, tenant->mapping.text);
    if (!mapping)
        return; /* one of too many, reported */
    duet_checker_tenant(check, tenant, mapping->model, compilation->fleet, out);
    out->mapping = (size_t)(mapping - compilation->mappings);
    out->tables = tenant->overrides.first ? overlay_tables(compilation, check, mapping, tenant)
                                          : tables_of(&mapping->built);
}

static void compile_hubs(struct duet_compilation *compilation, struct duet_checker *check)
{
    struct duet_fleet_hub *hubs = duet_arena_alloc_array(
        compilation->arena, count_items(check->program, DUET_AST_ITEM_HUB) + 1, sizeof *hubs);
    compilation->fleet->hubs = hubs;
    compilation->fleet->hubs_by_name = duet_word_index_new(compilation->arena);
    for (const struct duet_ast_file *file = check->program->files.first; file; file = file->next) {
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
            if (item->kind == DUET_AST_ITEM_HUB && compilation->fleet->hub_count == DUET_MAX_HUBS) {
                duet_checker_report(check, DUET_DIAG_TOO_MANY, item->hub->name.at,
                                    "there are at most %u hubs, '%s' is one more", DUET_MAX_HUBS,
                                    item->hub->name.text);
                return;
            }
            if (item->kind == DUET_AST_ITEM_HUB) {
                uint32_t number = (uint32_t)compilation->fleet->hub_count++;
                (void)duet_word_index_add(compilation->fleet->hubs_by_name, item->hub->name.text,
                                          number);
                duet_checker_hub(check, item->hub, &hubs[number]);
            }
            if (item->kind == DUET_AST_ITEM_FLEET)
                duet_checker_fleet(check, item->fleet, compilation->fleet);
        }
    }
}

static void compile_fleet(struct duet_compilation *compilation, struct duet_checker *check)
{
    size_t count = count_items(check->program, DUET_AST_ITEM_TENANT);
    struct duet_fleet_tenant *tenants =
        duet_arena_alloc_array(compilation->arena, count + 1, sizeof *tenants);
    compilation->fleet = duet_arena_alloc(compilation->arena, sizeof *compilation->fleet);
    compilation->fleet->tenants = tenants;
    compile_hubs(compilation, check);
    for (const struct duet_ast_file *file = check->program->files.first; file; file = file->next) {
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
            if (item->kind == DUET_AST_ITEM_TENANT)
                compile_tenant(compilation, check, item->tenant,
                               &tenants[compilation->fleet->tenant_count++]);
        }
    }
    duet_checker_unused(check);
    if (count == 0)
        compilation->fleet = NULL;
}

/* --- all of it -------------------------------------------------------------------------------- */

static void compile_program(struct duet_compilation *compilation)
{
    struct duet_check_cost cost = { 0 };
    struct duet_checker check = {
        .arena = compilation->arena,
        .sources = compilation->sources,
        .program = compilation->program,
        .diags = compilation->diags,
        .home = DUET_SPAN_NONE,
        .incomplete = is_incomplete(compilation->program),
        .cost = &cost,
    };
    check.incomplete = check.incomplete || duet_checker_program_lacks(&check, "import");
    duet_names_check_twice(&check);
    for (const struct duet_ast_file *file = check.program->files.first; file; file = file->next)
        duet_checker_imports_once(&check, file);
    bool sound = duet_diags_errors(compilation->diags) == 0;
    check_systems(&check);
    compile_mappings(compilation, &check, sound);
    check_tests(&check, compilation);
    compile_fleet(compilation, &check);
}

static struct duet_compilation *compilation_new(struct duet_sources *sources)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_compilation *compilation = duet_arena_alloc(arena, sizeof *compilation);
    compilation->arena = arena;
    compilation->names = duet_intern_new(arena);
    compilation->sources = sources;
    compilation->diags = duet_diags_new(arena);
    return compilation;
}

static struct duet_parse_context context_of(const struct duet_compilation *compilation)
{
    return (struct duet_parse_context){ .arena = compilation->arena,
                                        .names = compilation->names,
                                        .sources = compilation->sources,
                                        .diags = compilation->diags };
}

enum duet_status duet_compile_file(const char *path, struct duet_compilation **out)
{
    return duet_compile_over(duet_sources_new(), path, out);
}

enum duet_status duet_compile_over(struct duet_sources *sources, const char *path,
                                   struct duet_compilation **out)
{
    struct duet_compilation *compilation = compilation_new(sources);
    struct duet_parse_context context = context_of(compilation);
    enum duet_status status = duet_parse_file(&context, path, &compilation->program);
    if (status == DUET_OK)
        compile_program(compilation);
    *out = compilation;
    return status;
}

enum duet_status duet_compile_text(const char *path, const char *text, size_t length,
                                   struct duet_compilation **out)
{
    struct duet_compilation *compilation = compilation_new(duet_sources_new());
    struct duet_parse_context context = context_of(compilation);
    enum duet_status status = duet_parse_text(&context, path, text, length, &compilation->program);
    if (status == DUET_OK)
        compile_program(compilation);
    *out = compilation;
    return status;
}

void duet_compilation_free(struct duet_compilation *compilation)
{
    if (!compilation)
        return;
    for (size_t i = 0; i < compilation->mapping_count; i++)
        free(compilation->mappings[i].built.bytes);
    for (uint32_t i = 0; i < compilation->overlay_count; i++)
        free(compilation->overlays[i].built.bytes);
    duet_sources_free(compilation->sources);
    duet_arena_free(compilation->arena);
}

/* --- what came out ---------------------------------------------------------------------------- */

struct duet_diags *duet_compilation_diags(const struct duet_compilation *compilation)
{
    return compilation->diags;
}

const struct duet_sources *duet_compilation_sources(const struct duet_compilation *compilation)
{
    return compilation->sources;
}

const struct duet_ast_program *duet_compilation_program(const struct duet_compilation *compilation)
{
    return compilation->program;
}

size_t duet_compilation_mappings(const struct duet_compilation *compilation)
{
    return compilation->mapping_count;
}

const char *duet_compilation_mapping_name(const struct duet_compilation *compilation, size_t index)
{
    assert(index < compilation->mapping_count);
    return compilation->mappings[index].ast->name.text;
}

bool duet_compilation_mapping_is_own(const struct duet_compilation *compilation, size_t index)
{
    assert(index < compilation->mapping_count);
    return compilation->mappings[index].own;
}

const struct duet_tables *duet_compilation_tables(const struct duet_compilation *compilation,
                                                  size_t index)
{
    assert(index < compilation->mapping_count);
    return tables_of(&compilation->mappings[index].built);
}

const unsigned char *duet_compilation_bytes(const struct duet_compilation *compilation,
                                            size_t index, size_t *size_out)
{
    assert(index < compilation->mapping_count);
    *size_out = compilation->mappings[index].built.size;
    return compilation->mappings[index].built.bytes;
}

bool duet_compilation_tested(const struct duet_compilation *compilation,
                             const struct duet_ast_test *test, size_t *index_out)
{
    const struct compiled_mapping *mapping = tested_mapping(compilation, test);
    if (mapping)
        *index_out = (size_t)(mapping - compilation->mappings);
    return mapping != NULL;
}

const struct duet_fleet_config *duet_compilation_fleet(const struct duet_compilation *compilation)
{
    return compilation->fleet;
}
