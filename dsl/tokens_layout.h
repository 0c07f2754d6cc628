/* What the layout asks of a file's tokens, which are known to parse: what a bracket is, where a space stands,
 * which columns a statement has, where a line may be broken. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsl/parse_state.h"

/* What a pair of brackets holds. */
enum duet_bracket {
    DUET_BRACKET_BLOCK, /* statements; the file itself, too */
    DUET_BRACKET_TABLE, /* statements `name : value;` in columns: settings, rows of an enum */
    DUET_BRACKET_OBJECT,
    DUET_BRACKET_ARRAY,
    DUET_BRACKET_ROUND
};

struct duet_layout_tokens {
    const struct duet_token *token; /* the end of the file last */
    size_t count;
    const bool *has_statement; /* of each `{`: whether a ';' stands directly in it */
};

/* Finds out once what would otherwise be looked for again at each bracket. */
struct duet_layout_tokens duet_layout_tokens_of(struct duet_arena *arena,
                                                const struct duet_token_list *list);

/* `open` is a `{`, `[` or `(` in brackets of the kind `outer`, in the statement that begins at `statement`. */
enum duet_bracket duet_layout_bracket(const struct duet_layout_tokens *all, size_t open,
                                      size_t statement, enum duet_bracket outer);

/* Whether a space stands before the token when it stays on the line of the one before it. */
bool duet_layout_space(const struct duet_layout_tokens *all, size_t index,
                       enum duet_bracket inside);

/* Whether a line may begin with the token, within a statement. */
bool duet_layout_may_begin(const struct duet_layout_tokens *all, size_t index,
                           enum duet_bracket inside);

/* What it is that the token stands behind, if that is a `}`: a statement that has ended, an edit that this `and` joins
 * another to, or a lookup that goes on with this `then`. Behind another token: DUET_BEHIND_STATEMENT. */
enum duet_behind { DUET_BEHIND_STATEMENT, DUET_BEHIND_EDIT, DUET_BEHIND_LOOKUP };
enum duet_behind duet_layout_behind(const struct duet_layout_tokens *all, size_t index,
                                    size_t statement);

/* The columns of a statement: equal shapes in a row are aligned. */
enum duet_shape {
    DUET_SHAPE_NONE,
    DUET_SHAPE_ENTRY,  /* name | : value */
    DUET_SHAPE_ARM,    /* value | <-> | value */
    DUET_SHAPE_FIELD,  /* field name | path | <-> | path */
    DUET_SHAPE_TRIGGER /* on side | event | action */
};

struct duet_columns {
    enum duet_shape shape;
    size_t cells;
    size_t end[3]; /* token behind each column */
};

struct duet_columns duet_layout_columns(const struct duet_layout_tokens *all, size_t statement,
                                        enum duet_bracket inside);
