/* The parser over any bytes: no undefined behaviour, every finding can be shown, the tree is whole. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "dsl/arena.h"
#include "dsl/diag.h"
#include "dsl/intern.h"
#include "dsl/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Both renderers; what they write is thrown away. */
static void show(struct duet_diags *diags, const struct duet_sources *sources)
{
    char *out = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&out, &length);
    if (memory == NULL)
        abort();
    duet_diags_render_text(diags, sources, DUET_DIAG_COLORED, memory);
    duet_diags_render_json(diags, sources, memory);
    fclose(memory);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_sources *sources = duet_sources_new();
    struct duet_diags *diags = duet_diags_new(arena);
    struct duet_parse_context context = { arena, duet_intern_new(arena), sources, diags };
    struct duet_ast_program *program = NULL;
    const char *text = size == 0 ? "" : (const char *)data;

    enum duet_status status = duet_parse_text(&context, "fuzz.duet", text, size, &program);
    if (status == DUET_OK && program->root == NULL)
        abort();
    /* What is missing from the tree was told. */
    if (status == DUET_OK && program->root->damages.count > 0 && duet_diags_count(diags) == 0)
        abort();
    show(diags, sources);
    duet_arena_free(arena);
    duet_sources_free(sources);
    return 0;
}
