#include "tests/mutants/statements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/diag.h"
#include "dsl/intern.h"
#include "dsl/parse.h"
#include "dsl/source.h"

bool mutant_token_is(const struct mutant_file *file, size_t index, const char *text)
{
    if (index >= file->count || file->tokens[index].kind == DUET_LEXEME_QUOTED)
        return false;
    return file->tokens[index].text && strcmp(file->tokens[index].text, text) == 0;
}

char *mutant_slice(const struct mutant_file *file, size_t first, size_t last,
                   struct duet_arena *arena)
{
    char *text = duet_arena_copy_text(arena, "", 0);
    for (size_t i = first; i <= last; i++) {
        const struct duet_lexeme *token = &file->tokens[i];
        bool is_apart = i > first && file->tokens[i - 1].end < token->start;
        text = duet_arena_format(arena, "%s%s%.*s", text, is_apart ? " " : "",
                                 (int)(token->end - token->start), file->text + token->start);
    }
    return text;
}

/* --- a file ------------------------------------------------------------------------------------------------- */

/* Only words at the outermost level begin a test. */
static size_t tests_from(const struct mutant_file *file)
{
    size_t depth = 0;
    for (size_t i = 0; i < file->count; i++) {
        if (depth == 0 && mutant_token_is(file, i, "test"))
            return file->tokens[i].start;
        if (mutant_token_is(file, i, "{"))
            depth++;
        else if (mutant_token_is(file, i, "}") && depth > 0)
            depth--;
    }
    return file->length;
}

bool mutant_file_read(const char *folder, const char *name, struct duet_arena *arena,
                      struct mutant_file *file_out)
{
    struct duet_sources *sources = duet_sources_new();
    uint32_t number = 0;
    const char *path = duet_arena_format(arena, "%s/%s", folder, name);
    bool is_read = duet_sources_read(sources, path, &number) == DUET_OK;
    if (is_read) {
        struct duet_intern *names = duet_intern_new(arena);
        const struct duet_parse_context context = {
            .arena = arena, .names = names, .sources = sources, .diags = duet_diags_new(arena)
        };
        size_t length = duet_source_length(sources, number);
        const struct duet_lexemes seen = duet_tokens_seen(&context, number);
        struct duet_lexeme *tokens = duet_arena_alloc_array(arena, seen.count + 1, sizeof *tokens);
        size_t count = 0;
        for (size_t i = 0; i < seen.count; i++) {
            if (seen.list[i].kind != DUET_LEXEME_COMMENT)
                tokens[count++] = seen.list[i];
        }
        *file_out = (struct mutant_file){
            .name = name,
            .text = duet_arena_copy_text(arena, duet_source_text(sources, number), length),
            .length = length,
            .tokens = tokens,
            .count = count,
        };
        file_out->tests_from = tests_from(file_out);
    }
    duet_sources_free(sources);
    return is_read;
}

/* --- statements --------------------------------------------------------------------------------------------- */

/* The bracket that closes the one at `open`. */
static size_t closing(const struct mutant_file *file, size_t open)
{
    size_t depth = 0;
    for (size_t i = open; i < file->count; i++) {
        if (mutant_token_is(file, i, "{"))
            depth++;
        else if (mutant_token_is(file, i, "}") && --depth == 0)
            return i;
    }
    return file->count - 1;
}

static void collect(struct mutant_statements *all, const struct mutant_file *file, size_t open,
                    const struct mutant_statement *within, struct duet_arena *arena)
{
    size_t close = closing(file, open);
    struct mutant_statement *before = NULL;
    for (size_t i = open + 1; i < close;) {
        struct mutant_statement *statement = duet_arena_alloc(arena, sizeof *statement);
        size_t end = i;
        while (end < close && !mutant_token_is(file, end, ";") && !mutant_token_is(file, end, "{"))
            end++;
        bool is_block = mutant_token_is(file, end, "{");
        *statement = (struct mutant_statement){ .file = file,
                                                .first = i,
                                                .end = end,
                                                .last = is_block ? closing(file, end) : end,
                                                .within = within };
        if (before)
            before->next = statement;
        before = statement;
        all->list[all->count++] = statement;
        if (is_block)
            collect(all, file, end, statement, arena);
        i = statement->last + 1;
    }
}

struct mutant_statements mutant_statements_of(const struct mutant_file *file,
                                              struct duet_arena *arena)
{
    struct mutant_statements all = { .list = duet_arena_alloc_array(arena, file->count + 1,
                                                                    sizeof(*all.list)) };
    size_t depth = 0;
    for (size_t i = 0; i + 1 < file->count; i++) {
        bool is_mapping = depth == 0 && mutant_token_is(file, i, "mapping");
        bool is_record = depth == 1 && mutant_token_is(file, i, "record");
        if (is_mapping || is_record) {
            while (i + 1 < file->count && !mutant_token_is(file, i, "{"))
                i++;
            collect(&all, file, i, NULL, arena);
            i = closing(file, i);
        } else if (mutant_token_is(file, i, "{")) {
            depth++;
        } else if (mutant_token_is(file, i, "}") && depth > 0) {
            depth--;
        }
    }
    return all;
}
