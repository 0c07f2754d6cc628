/* Fuzz target: the layout of any text. What is laid out stays as it is when it is laid out again, and means what it meant: as many errors,
 * and tables without a difference. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/compile.h"
#include "dsl/diag.h"
#include "dsl/intern.h"
#include "dsl/layout.h"
#include "dsl/parse.h"
#include "dsl/tables_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* For free(); NULL: it doesn't parse. */
static char *laid_out(const char *text, size_t size, size_t *size_out)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_sources *sources = duet_sources_new();
    const struct duet_parse_context context = { arena, duet_intern_new(arena), sources,
                                                duet_diags_new(arena) };
    uint32_t number = 0;
    char *copy = NULL;
    if (duet_sources_add_text(sources, "fuzz.duet", text, size, &number) == DUET_OK) {
        const char *after = duet_layout_file(&context, number, size_out);
        copy = after ? malloc(*size_out + 1) : NULL;
        if (copy)
            memcpy(copy, after, *size_out + 1);
    }
    duet_arena_free(arena);
    duet_sources_free(sources);
    return copy;
}

static void expect_same_tables(const struct duet_tables *before, const struct duet_tables *after)
{
    bool other = false;
    if (!before != !after)
        abort();
    if (before && (duet_tables_changed_units(before, after, &other) != 0 || other))
        abort();
}

static void expect_same_meaning(const char *before, size_t before_size, const char *after,
                                size_t after_size)
{
    struct duet_compilation *old = NULL;
    struct duet_compilation *new = NULL;
    if (duet_compile_text("fuzz.duet", before, before_size, &old) != DUET_OK ||
        duet_compile_text("fuzz.duet", after, after_size, &new) != DUET_OK ||
        duet_diags_errors(duet_compilation_diags(old)) !=
            duet_diags_errors(duet_compilation_diags(new)) ||
        duet_compilation_mappings(old) != duet_compilation_mappings(new))
        abort();
    for (size_t i = 0; i < duet_compilation_mappings(old); i++)
        expect_same_tables(duet_compilation_tables(old, i), duet_compilation_tables(new, i));
    duet_compilation_free(old);
    duet_compilation_free(new);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t once_size = 0;
    size_t twice_size = 0;
    const char *text = size ? (const char *)data : "";
    char *once = laid_out(text, size, &once_size);
    if (!once)
        return 0;
    char *twice = laid_out(once, once_size, &twice_size);
    if (!twice || twice_size != once_size || memcmp(once, twice, once_size) != 0)
        abort();
    expect_same_meaning(text, size, once, once_size);
    free(once);
    free(twice);
    return 0;
}
