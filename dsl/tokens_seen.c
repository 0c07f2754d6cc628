#include "dsl/tokens_seen.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/brackets.h"
#include "dsl/diag.h"
#include "dsl/intern.h"
#include "dsl/parse_state.h"
#include "dsl/scan.h"
#include "dsl/tokens.h"
#include "dsl/tokens_meant.h"
#include "grammar/duet.tab.h"

/* A state whose findings nobody sees. */
static struct duet_parse_state quiet_state(const struct duet_parse_context *context,
                                           struct duet_parse_context *quiet, uint32_t file)
{
    *quiet = *context;
    quiet->diags = duet_diags_new(context->arena);
    struct duet_parse_state state = { .context = quiet };
    state.file = duet_arena_alloc(context->arena, sizeof *state.file);
    state.file->file = file;
    state.file->path = duet_source_path(context->sources, file);
    return state;
}

/* --- as written ------------------------------------------------------------------------------------------ */

static struct duet_lexeme lexeme_of(const struct duet_parse_state *state,
                                    const struct duet_token *token)
{
    const char *source = duet_source_text(state->context->sources, state->file->file);
    struct duet_lexeme lexeme = { .kind = DUET_LEXEME_SIGN,
                                  .start = token->start,
                                  .end = token->end };
    unsigned char first = (unsigned char)source[token->start];
    if (token->kind == DUET_TOKEN_QUOTED)
        lexeme.kind = DUET_LEXEME_QUOTED;
    else if (duet_tokens_is_number(token->kind) || token->kind == DUET_TOKEN_FRACTION)
        lexeme.kind = DUET_LEXEME_NUMBER;
    else if (isalpha(first) || first == '_' || first >= 0x80)
        lexeme.kind = DUET_LEXEME_WORD;
    if (lexeme.kind == DUET_LEXEME_QUOTED) {
        lexeme.text = token->value.text;
        lexeme.is_open = token->end - token->start < 2 || source[token->end - 1] != '"';
    }
    if (lexeme.kind == DUET_LEXEME_WORD || lexeme.kind == DUET_LEXEME_SIGN)
        lexeme.text = duet_intern_text(state->context->names, source + token->start,
                                       token->end - token->start);
    return lexeme;
}

static int by_start(const void *a, const void *b)
{
    const struct duet_lexeme *left = a;
    const struct duet_lexeme *right = b;
    return left->start < right->start ? -1 : left->start > right->start;
}

struct duet_lexemes duet_tokens_seen(const struct duet_parse_context *context, uint32_t file)
{
    struct duet_parse_context quiet;
    struct duet_parse_state state = quiet_state(context, &quiet, file);
    duet_scan_file(&state);
    size_t most = state.list.count + state.file->comments.count;
    struct duet_lexeme *list = duet_arena_alloc_array(context->arena, most + 1, sizeof *list);
    size_t count = 0;
    for (size_t i = 0; i < state.list.count; i++) {
        if (state.list.tokens[i].kind != DUET_TOKEN_END)
            list[count++] = lexeme_of(&state, &state.list.tokens[i]);
    }
    for (const struct duet_ast_comment *comment = state.file->comments.first; comment;
         comment = comment->next)
        list[count++] = (struct duet_lexeme){ .kind = DUET_LEXEME_COMMENT,
                                              .start = comment->at.start,
                                              .end = comment->at.end };
    duet_token_list_finish(&state.list);
    if (count > 0)
        qsort(list, count, sizeof *list, by_start);
    return (struct duet_lexemes){ list, count };
}

/* --- what fits ------------------------------------------------------------------------------------------- */

/* What stands behind the offset is gone: a token that fits nowhere, then the end of the file, which closes the brackets that are open. */
static void cut(struct duet_token_list *list, uint32_t offset)
{
    size_t kept = 0;
    while (kept + 1 < list->count && list->tokens[kept].end < offset)
        kept++;
    struct duet_token end = list->tokens[list->count - 1];
    end.start = end.end = offset;
    end.inserted = false;
    duet_token_list_add(list, end);
    list->tokens[kept] = end;
    list->tokens[kept].kind = DUET_TOKEN_DUET_YYUNDEF;
    list->tokens[kept + 1] = end;
    list->count = kept + 2;
    for (size_t i = 0; i < list->count; i++) {
        if (list->tokens[i].match > kept)
            list->tokens[i].match = (uint32_t)kept;
    }
}

struct duet_keywords duet_tokens_fitting(const struct duet_parse_context *context, uint32_t file,
                                         uint32_t offset)
{
    struct duet_parse_context quiet;
    struct duet_parse_state state = quiet_state(context, &quiet, file);
    struct duet_keywords fitting = { 0 };
    duet_scan_file(&state);
    if (state.list.count > 0 && duet_brackets_pair(&state)) {
        cut(&state.list, offset);
        state.fitting = &fitting;
        duet_parse_tokens(&state);
    }
    duet_token_list_finish(&state.list);
    return fitting;
}

bool duet_tokens_needs_quotes(const char *name)
{
    if (!isalpha((unsigned char)*name) && *name != '_')
        return true;
    for (const char *c = name; *c; c++) {
        if (!isalnum((unsigned char)*c) && *c != '_')
            return true;
    }
    return duet_tokens_is_reserved(name);
}
