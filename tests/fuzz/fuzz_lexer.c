/* Fuzz target: any bytes as tokens. Each token lies behind the one before, within the text; the end comes last, once. */
#include <stdint.h>
#include <stdlib.h>

#include "dsl/arena.h"
#include "dsl/ast.h"
#include "dsl/diag.h"
#include "dsl/intern.h"
#include "dsl/parse.h"
#include "dsl/parse_state.h"
#include "dsl/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(const struct duet_token_list *list, size_t size)
{
    uint32_t end = 0;
    if (list->count == 0 || list->tokens[list->count - 1].kind != 0)
        abort();
    for (size_t i = 0; i < list->count; i++) {
        const struct duet_token *token = &list->tokens[i];
        if (token->start < end || token->end < token->start || token->end > size ||
            (token->kind == 0) != (i + 1 == list->count))
            abort();
        end = token->end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_sources *sources = duet_sources_new();
    const struct duet_parse_context context = { arena, duet_intern_new(arena), sources,
                                                duet_diags_new(arena) };
    struct duet_parse_state state = { .context = &context };
    uint32_t number = 0;
    if (duet_sources_add_text(sources, "fuzz.duet", size ? (const char *)data : "", size,
                              &number) == DUET_OK) {
        state.file = duet_arena_alloc(arena, sizeof *state.file);
        state.file->file = number;
        state.file->path = "fuzz.duet";
        duet_scan_file(&state);
        look_at(&state.list, size);
        duet_token_list_finish(&state.list);
    }
    duet_arena_free(arena);
    duet_sources_free(sources);
    return 0;
}
