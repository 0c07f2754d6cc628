/* A file's tokens as they are written, and what the grammar would take at a place: for those who help with writing.
 *
 * Nothing here reports anything; broken text is fine. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct duet_arena;
struct duet_parse_context;

enum duet_lexeme_kind {
    DUET_LEXEME_WORD,   /* a name or keyword: text */
    DUET_LEXEME_QUOTED, /* text: without quotes, escapes read */
    DUET_LEXEME_NUMBER, /* a number or duration */
    DUET_LEXEME_SIGN,   /* text: as written */
    DUET_LEXEME_COMMENT,
};

struct duet_lexeme {
    enum duet_lexeme_kind kind;
    uint32_t start, end;
    const char *text; /* NULL for numbers and comments */
    bool is_open;     /* a quoted text without its end */
};

struct duet_lexemes {
    const struct duet_lexeme *list;
    size_t count;
};

/* All of a file of the context's sources, comments among them, in order; in the context's arena. */
struct duet_lexemes duet_tokens_seen(const struct duet_parse_context *context, uint32_t file);

struct duet_keywords {
    const char *const *words; /* keywords; signs aren't among them */
    size_t count;
    bool name_fits;
};

/* What may stand at an offset of a file, behind the tokens that end before it; in the context's arena. */
struct duet_keywords duet_tokens_fitting(const struct duet_parse_context *context, uint32_t file,
                                         uint32_t offset);

/* Whether a text is a keyword that is a name in quotes only, or no word at all. */
bool duet_tokens_needs_quotes(const char *name);
