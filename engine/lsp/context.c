#include "engine/lsp/context.h"

#include <string.h>

#include "dsl/arena.h"

static bool is_sign(const struct duet_lexeme *lexeme, char sign)
{
    return lexeme->kind == DUET_LEXEME_SIGN && lexeme->text[0] == sign && lexeme->text[1] == '\0';
}

static void open_block(struct duet_context *context, size_t index, char sign)
{
    size_t head = context->statement < index ? context->statement : index;
    if (context->depth < DUET_CONTEXT_BLOCKS_MAX) {
        context->blocks[context->depth].head = head;
        context->blocks[context->depth].sign = sign;
        context->depth++;
    }
    if (sign == '{')
        context->statement = index + 1;
}

/* A statement that goes on behind a bracket is the one that opened it; one that ends with its block is over. */
static void close_block(struct duet_context *context, size_t index, char open)
{
    if (context->depth == 0 || context->blocks[context->depth - 1].sign != open)
        return;
    context->depth--;
    context->statement = open == '{' ? index + 1 : context->blocks[context->depth].head;
}

static void take(struct duet_context *context, size_t index)
{
    const struct duet_lexeme *lexeme = &context->words[index];
    if (is_sign(lexeme, '{') || is_sign(lexeme, '(') || is_sign(lexeme, '['))
        open_block(context, index, lexeme->text[0]);
    else if (is_sign(lexeme, '}'))
        close_block(context, index, '{');
    else if (is_sign(lexeme, ')'))
        close_block(context, index, '(');
    else if (is_sign(lexeme, ']'))
        close_block(context, index, '[');
    else if (is_sign(lexeme, ';'))
        context->statement = index + 1;
}

/* The word, text or comment that the place is in or right behind. */
static void take_partial(struct duet_context *context, const struct duet_lexeme *lexeme,
                         uint32_t offset)
{
    bool is_word = lexeme->kind == DUET_LEXEME_WORD || lexeme->kind == DUET_LEXEME_NUMBER;
    if (lexeme->kind == DUET_LEXEME_COMMENT && lexeme->start < offset)
        context->in_comment = true;
    if ((is_word || lexeme->kind == DUET_LEXEME_QUOTED) && lexeme->start < offset) {
        context->in_quotes = lexeme->kind == DUET_LEXEME_QUOTED;
        context->start = lexeme->start;
        context->end = lexeme->end > offset ? lexeme->end : offset;
    }
}

/* A text that has no end yet goes on to the end of its line. */
static bool goes_on(const struct duet_lexeme *lexeme, const char *text, uint32_t offset)
{
    return lexeme->is_open && lexeme->end < offset &&
           !memchr(text + lexeme->end, '\n', offset - lexeme->end);
}

struct duet_context duet_context_at(struct duet_arena *arena, struct duet_lexemes all,
                                    const char *text, uint32_t offset)
{
    struct duet_lexeme *words = duet_arena_alloc_array(arena, all.count + 1, sizeof *words);
    struct duet_context context = { .words = words, .start = offset, .end = offset };
    for (size_t i = 0; i < all.count && all.list[i].start < offset; i++) {
        const struct duet_lexeme *lexeme = &all.list[i];
        bool is_partial = lexeme->end >= offset || goes_on(lexeme, text, offset);
        if (is_partial)
            take_partial(&context, lexeme, offset);
        if (lexeme->end <= context.start && lexeme->kind != DUET_LEXEME_COMMENT)
            words[context.count++] = *lexeme;
    }
    for (size_t i = 0; i < context.count; i++)
        take(&context, i);
    return context;
}

/* --- asking ---------------------------------------------------------------------------------------------- */

static const char *text_at(const struct duet_context *context, size_t index)
{
    const char *text = index < context->count ? context->words[index].text : NULL;
    return text ? text : "";
}

const char *duet_context_before(const struct duet_context *context, size_t n)
{
    return n < context->count ? text_at(context, context->count - 1 - n) : "";
}

size_t duet_context_length(const struct duet_context *context)
{
    return context->count > context->statement ? context->count - context->statement : 0;
}

const char *duet_context_word(const struct duet_context *context, size_t n)
{
    return text_at(context, context->statement + n);
}

const char *duet_context_head(const struct duet_context *context, size_t block, size_t n)
{
    for (size_t i = context->depth; i-- > 0;) {
        if (context->blocks[i].sign == '{' && block-- == 0)
            return text_at(context, context->blocks[i].head + n);
    }
    return "";
}

bool duet_context_has(const struct duet_context *context, const char *text)
{
    for (size_t i = context->statement; i < context->count; i++) {
        if (strcmp(text_at(context, i), text) == 0)
            return true;
    }
    return false;
}

const char *duet_context_within(const struct duet_context *context, const char *first, size_t n)
{
    for (size_t i = context->depth; i-- > 0;) {
        if (context->blocks[i].sign == '{' &&
            strcmp(text_at(context, context->blocks[i].head), first) == 0)
            return text_at(context, context->blocks[i].head + n);
    }
    return "";
}
