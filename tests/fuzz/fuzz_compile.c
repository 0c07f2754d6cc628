/* Fuzz target: a mapping text through the whole compiler. Whatever it is, there are findings that can be shown; and what was
 * compiled without errors opens as rule tables and is safe to walk. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "dsl/compile.h"
#include "dsl/diag.h"
#include "tests/support/walk_tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static FILE *nowhere(void)
{
    static FILE *file;
    if (!file)
        file = fopen("/dev/null", "w");
    if (!file)
        abort();
    return file;
}

static void open_and_walk(const struct duet_compilation *compilation, size_t index)
{
    size_t size;
    struct duet_tables tables;
    struct duet_error error = { 0 };
    const unsigned char *bytes = duet_compilation_bytes(compilation, index, &size);
    if (!bytes)
        return;
    if (duet_tables_open(bytes, size, &tables, &error) != DUET_OK) {
        fprintf(stderr, "the compiler's own tables are refused: %s\n", error.text);
        abort();
    }
    walk_tables(&tables);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct duet_compilation *compilation = NULL;
    if (duet_compile_text("fuzz.duet", (const char *)data, size, &compilation) == DUET_OK) {
        for (size_t i = 0; i < duet_compilation_mappings(compilation); i++)
            open_and_walk(compilation, i);
    }
    duet_diags_render_text(duet_compilation_diags(compilation),
                           duet_compilation_sources(compilation), DUET_DIAG_PLAIN, nowhere());
    duet_diags_render_json(duet_compilation_diags(compilation),
                           duet_compilation_sources(compilation), nowhere());
    duet_compilation_free(compilation);
    return 0;
}
