#include "engine/cli/fixer.h"

#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/compile.h"
#include "dsl/diag.h"

#define PATH_BYTES_MAX 4096
#define COMPILES_MAX 300u                             /* of one file */
#define COMPILED_BYTES_MAX ((size_t)64 * 1024 * 1024) /* of one file, all compiles together */

struct text {
    char *bytes;
    size_t length;
};

struct named_file {
    const char *path; /* as the sources know it */
    struct text before;
    struct text now;
    size_t errors;
    size_t warnings;
    unsigned compiles;
    struct named_file *next;
};

struct line {
    const char *text;
    struct line *next;
};

struct duet_fixer {
    struct duet_arena *arena;
    struct named_file *first, *last;
    struct line *done, *last_done;
};

/* A fix that may be applied, and the line that tells of it. */
struct candidate {
    const struct duet_diag_fix *fix;
    const char *told;
};

/* --- files ------------------------------------------------------------------------------------------------ */

struct duet_fixer *duet_fixer_new(void)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_fixer *fixer = duet_arena_alloc(arena, sizeof *fixer);
    fixer->arena = arena;
    return fixer;
}

void duet_fixer_free(struct duet_fixer *fixer)
{
    if (fixer)
        duet_arena_free(fixer->arena);
}

static bool is_named(const struct duet_fixer *fixer, const char *path)
{
    const struct named_file *file = fixer->first;
    while (file && strcmp(file->path, path) != 0)
        file = file->next;
    return file != NULL;
}

bool duet_fixer_add(struct duet_fixer *fixer, const char *path)
{
    char plain[PATH_BYTES_MAX];
    uint32_t number = 0;
    if (duet_source_resolve("", path, plain, sizeof plain) && plain[0] != '\0')
        path = plain;
    if (is_named(fixer, path))
        return true;
    struct duet_sources *sources = duet_sources_new();
    bool is_read = duet_sources_read(sources, path, &number) == DUET_OK;
    if (is_read) {
        struct named_file *file = duet_arena_alloc(fixer->arena, sizeof *file);
        file->path = duet_arena_copy_text(fixer->arena, path, strlen(path));
        file->before.length = duet_source_length(sources, number);
        file->before.bytes = duet_arena_copy_text(fixer->arena, duet_source_text(sources, number),
                                                  file->before.length);
        file->now = file->before;
        if (fixer->last)
            fixer->last->next = file;
        else
            fixer->first = file;
        fixer->last = file;
    }
    duet_sources_free(sources);
    return is_read;
}

/* --- what could be done ------------------------------------------------------------------------------------- */

/* The file checked as all of them stand now. */
static struct duet_compilation *compile(const struct duet_fixer *fixer, struct named_file *root)
{
    struct duet_sources *sources = duet_sources_new();
    struct duet_compilation *compilation = NULL;
    uint32_t number = 0;
    bool is_there = true;
    for (const struct named_file *file = fixer->first; file; file = file->next)
        is_there = duet_sources_add_text(sources, file->path, file->now.bytes, file->now.length,
                                         &number) == DUET_OK &&
                   is_there;
    root->compiles++;
    if (duet_compile_over(sources, root->path, &compilation) == DUET_OK && is_there)
        return compilation;
    duet_compilation_free(compilation);
    return NULL;
}

static size_t findings_in(const struct duet_compilation *compilation)
{
    const struct duet_diags *diags = duet_compilation_diags(compilation);
    return duet_diags_errors(diags) + duet_diags_warnings(diags);
}

static bool is_in(const struct duet_sources *sources, const struct duet_diag_fix *fix,
                  const struct named_file *root)
{
    return strcmp(duet_source_path(sources, fix->at.file), root->path) == 0;
}

static const char *told(const struct duet_fixer *fixer, const struct duet_sources *sources,
                        const struct duet_diag *diag, const struct duet_diag_fix *fix)
{
    struct duet_position position = duet_source_position(sources, fix->at.file, fix->at.start);
    return duet_arena_format(fixer->arena, "%s:%u:%u: %s [D%03d]",
                             duet_source_path(sources, fix->at.file), position.line,
                             position.column, duet_diag_fix_title(fixer->arena, sources, fix),
                             (int)duet_diag_code_of(diag));
}

static int by_place(const void *left, const void *right)
{
    const struct duet_span a = ((const struct candidate *)left)->fix->at;
    const struct duet_span b = ((const struct candidate *)right)->fix->at;
    int by = (a.start > b.start) - (a.start < b.start);
    return by != 0 ? by : (a.end > b.end) - (a.end < b.end);
}

/* The safe fixes of the root's own text, by place; room for DUET_DIAG_MAX. */
static size_t candidates_of(const struct duet_fixer *fixer,
                            const struct duet_compilation *compilation,
                            const struct named_file *root, struct candidate *list)
{
    struct duet_diags *diags = duet_compilation_diags(compilation);
    const struct duet_sources *sources = duet_compilation_sources(compilation);
    size_t count = 0;
    for (size_t i = 0; i < duet_diags_count(diags); i++) {
        const struct duet_diag *diag = duet_diags_at(diags, i);
        const struct duet_diag_fix *fix = duet_diag_fixes(diag);
        while (fix && fix->kind != DUET_FIX_SAFE)
            fix = fix->next;
        if (fix && is_in(sources, fix, root))
            list[count++] = (struct candidate){ fix, told(fixer, sources, diag, fix) };
    }
    qsort(list, count, sizeof *list, by_place);
    return count;
}

/* Leaves those that don't touch one before them. */
static size_t keep_apart(struct candidate *list, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || list[i].fix->at.start > list[kept - 1].fix->at.end)
            list[kept++] = list[i];
    }
    return kept;
}

/* --- trying -------------------------------------------------------------------------------------------------- */

static struct text applied(struct duet_arena *arena, const struct text *old,
                           const struct candidate *list, size_t count)
{
    size_t length = old->length;
    for (size_t i = 0; i < count; i++)
        length += strlen(list[i].fix->text) - (list[i].fix->at.end - list[i].fix->at.start);
    struct text text = { duet_arena_alloc(arena, length + 1), length };
    char *out = text.bytes;
    size_t from = 0;
    for (size_t i = 0; i < count; i++) {
        const struct duet_diag_fix *fix = list[i].fix;
        memcpy(out, old->bytes + from, fix->at.start - from);
        out += fix->at.start - from;
        memcpy(out, fix->text, strlen(fix->text));
        out += strlen(fix->text);
        from = fix->at.end;
    }
    memcpy(out, old->bytes + from, old->length - from);
    return text;
}

static void tell(struct duet_fixer *fixer, const char *text)
{
    struct line *line = duet_arena_alloc(fixer->arena, sizeof *line);
    line->text = text;
    if (fixer->last_done)
        fixer->last_done->next = line;
    else
        fixer->done = line;
    fixer->last_done = line;
}

/* Whether these fixes together leave no more findings than there were; then they stay. */
static bool try(struct duet_fixer *fixer, struct named_file *root, const struct candidate *list,
                size_t count, size_t findings)
{
    struct text old = root->now;
    root->now = applied(fixer->arena, &old, list, count);
    struct duet_compilation *compilation = compile(fixer, root);
    bool helps = compilation && findings_in(compilation) <= findings;
    duet_compilation_free(compilation);
    if (!helps)
        root->now = old;
    for (size_t i = 0; helps && i < count; i++)
        tell(fixer, list[i].told);
    return helps;
}

static bool may_go_on(const struct named_file *root)
{
    return root->compiles < COMPILES_MAX &&
           root->compiles * (root->before.length + 1) < COMPILED_BYTES_MAX;
}

/* All at once where they stand apart; else, or when that doesn't help, the first one that does. */
static bool fix_once(struct duet_fixer *fixer, struct named_file *root)
{
    struct candidate list[DUET_DIAG_MAX];
    struct duet_compilation *compilation = compile(fixer, root);
    if (!compilation)
        return false;
    size_t findings = findings_in(compilation);
    size_t count = keep_apart(list, candidates_of(fixer, compilation, root, list));
    bool done = count > 0 && try(fixer, root, list, count, findings);
    for (size_t i = 0; !done && count > 1 && i < count && may_go_on(root); i++)
        done = try(fixer, root, &list[i], 1, findings);
    duet_compilation_free(compilation);
    return done;
}

static void count_what_is_left(struct duet_fixer *fixer, struct named_file *root)
{
    struct duet_compilation *compilation = compile(fixer, root);
    if (!compilation)
        return;
    root->errors = duet_diags_errors(duet_compilation_diags(compilation));
    root->warnings = duet_diags_warnings(duet_compilation_diags(compilation));
    duet_compilation_free(compilation);
}

void duet_fixer_run(struct duet_fixer *fixer)
{
    for (struct named_file *file = fixer->first; file; file = file->next) {
        while (may_go_on(file) && fix_once(fixer, file))
            continue;
    }
    for (struct named_file *file = fixer->first; file; file = file->next)
        count_what_is_left(fixer, file);
}

/* --- what came of it ------------------------------------------------------------------------------------------ */

size_t duet_fixer_files(const struct duet_fixer *fixer)
{
    size_t count = 0;
    for (const struct named_file *file = fixer->first; file; file = file->next)
        count++;
    return count;
}

struct duet_fixed_file duet_fixer_file(const struct duet_fixer *fixer, size_t index)
{
    const struct named_file *file = fixer->first;
    for (; index > 0; index--)
        file = file->next;
    return (struct duet_fixed_file){ .path = file->path,
                                     .before = file->before.bytes,
                                     .before_length = file->before.length,
                                     .after = file->now.bytes,
                                     .after_length = file->now.length,
                                     .errors = file->errors,
                                     .warnings = file->warnings };
}

bool duet_fixed_file_changed(const struct duet_fixed_file *file)
{
    return file->before_length != file->after_length ||
           memcmp(file->before, file->after, file->after_length) != 0;
}

size_t duet_fixer_done(const struct duet_fixer *fixer)
{
    size_t count = 0;
    for (const struct line *line = fixer->done; line; line = line->next)
        count++;
    return count;
}

const char *duet_fixer_done_text(const struct duet_fixer *fixer, size_t index)
{
    const struct line *line = fixer->done;
    for (; index > 0; index--)
        line = line->next;
    return line->text;
}
