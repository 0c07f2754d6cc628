/* A name may be any keyword, so words are judged by what stands around them. */
#include "dsl/tokens_layout.h"

#include "dsl/arena.h"
#include "grammar/duet.tab.h"

#define OPEN_MAX (DUET_PARSE_NESTING_MAX + 2)

static int kind_at(const struct duet_layout_tokens *all, size_t index)
{
    return index < all->count ? all->token[index].kind : DUET_TOKEN_END;
}

static bool is_open(int kind)
{
    return kind == '{' || kind == '[' || kind == '(';
}

static bool is_close(int kind)
{
    return kind == '}' || kind == ']' || kind == ')';
}

static bool is_arrow(int kind)
{
    return kind == DUET_TOKEN_BOTH || kind == DUET_TOKEN_LEFT || kind == DUET_TOKEN_RIGHT;
}

/* Words and quoted texts. */
static bool is_name(int kind)
{
    return kind == DUET_TOKEN_WORD || kind == DUET_TOKEN_QUOTED || kind >= DUET_TOKEN_AND;
}

struct duet_layout_tokens duet_layout_tokens_of(struct duet_arena *arena,
                                                const struct duet_token_list *list)
{
    bool *has_statement = duet_arena_alloc_array(arena, list->count, sizeof *has_statement);
    size_t open[OPEN_MAX];
    size_t depth = 0;
    for (size_t i = 0; i < list->count; i++) {
        int kind = list->tokens[i].kind;
        if (is_open(kind) && depth < OPEN_MAX)
            open[depth++] = i;
        else if (is_close(kind) && depth > 0)
            depth--;
        else if (kind == ';' && depth > 0)
            has_statement[open[depth - 1]] = true;
    }
    return (struct duet_layout_tokens){ list->tokens, list->count, has_statement };
}

/* --- brackets ------------------------------------------------------------------------------------------ */

/* Behind the path that begins there; the same index when none does. */
static size_t path_end(const struct duet_layout_tokens *all, size_t index)
{
    if (!is_name(kind_at(all, index)))
        return index;
    size_t end = index + 1;
    for (;;) {
        int next = kind_at(all, end + 1);
        bool names = kind_at(all, end) == '.' && is_name(next);
        bool each = kind_at(all, end) == '[' && next == ']';
        if (!names && !each)
            return end;
        end += 2;
    }
}

/* A template begins with a member whose value is JSON; in a block, what stands behind `name :` is a type or
 * ends with a ';'. */
static bool begins_member(const struct duet_layout_tokens *all, size_t index)
{
    if (!is_name(kind_at(all, index)) || kind_at(all, index + 1) != ':')
        return false;
    int value = kind_at(all, index + 2);
    size_t end = path_end(all, index + 2);
    if (end == index + 2)
        return is_open(value) || value == DUET_TOKEN_NUMERAL || value == DUET_TOKEN_FRACTION;
    return kind_at(all, end) == ',' || kind_at(all, end) == '}';
}

static bool is_table(const struct duet_layout_tokens *all, size_t open, size_t statement)
{
    bool settings = kind_at(all, statement) == DUET_TOKEN_SETTINGS && open == statement + 1;
    bool rows =
        kind_at(all, statement + 1) == ':' && kind_at(all, statement + 2) == DUET_TOKEN_ENUM;
    return settings || rows;
}

enum duet_bracket duet_layout_bracket(const struct duet_layout_tokens *all, size_t open,
                                      size_t statement, enum duet_bracket outer)
{
    int kind = kind_at(all, open);
    if (kind == '(')
        return DUET_BRACKET_ROUND;
    if (kind == '[')
        return DUET_BRACKET_ARRAY;
    if (outer == DUET_BRACKET_OBJECT || outer == DUET_BRACKET_ARRAY)
        return DUET_BRACKET_OBJECT;
    if (!all->has_statement[open] && begins_member(all, open + 1))
        return DUET_BRACKET_OBJECT;
    return is_table(all, open, statement) ? DUET_BRACKET_TABLE : DUET_BRACKET_BLOCK;
}

/* --- spaces ---------------------------------------------------------------------------------------------- */

static bool is_template(enum duet_bracket inside)
{
    return inside == DUET_BRACKET_OBJECT || inside == DUET_BRACKET_ARRAY;
}

/* `items [];`: the brackets are no step of a path. */
static bool is_bare_items(const struct duet_layout_tokens *all, size_t index)
{
    int before = index >= 2 ? kind_at(all, index - 2) : DUET_TOKEN_END;
    bool begins = before == ';' || before == '{' || before == '}';
    return begins && kind_at(all, index - 1) == DUET_TOKEN_ITEMS && kind_at(all, index) == '[' &&
           kind_at(all, index + 2) == ';';
}

bool duet_layout_space(const struct duet_layout_tokens *all, size_t index, enum duet_bracket inside)
{
    int before = index > 0 ? kind_at(all, index - 1) : DUET_TOKEN_END;
    int kind = kind_at(all, index);
    if (kind == ';' || kind == ',' || kind == ')' || kind == ']' || kind == '.')
        return false;
    if (before == '(' || before == '[' || before == '.')
        return false;
    if (kind == '[')
        return !is_name(before) || is_bare_items(all, index);
    bool hugs = kind == ':' || (kind == '}' && before == '{');
    return !(hugs && is_template(inside));
}

bool duet_layout_may_begin(const struct duet_layout_tokens *all, size_t index,
                           enum duet_bracket inside)
{
    int before = kind_at(all, index - 1);
    int kind = kind_at(all, index);
    if (kind == '{' || kind == ':' || kind == '=' || is_arrow(kind))
        return false;
    if (before == ':' || before == '=' || is_arrow(before))
        return false;
    bool is_edit =
        before == DUET_TOKEN_AND || (before == DUET_TOKEN_THEN && kind_at(all, index + 1) == '{');
    if (is_edit && kind_at(all, index - 2) == '}') /* the side of a second edit */
        return false;
    return duet_layout_space(all, index, inside);
}

enum duet_behind duet_layout_behind(const struct duet_layout_tokens *all, size_t index,
                                    size_t statement)
{
    int kind = kind_at(all, index);
    int second = kind_at(all, statement + 1);
    bool looks_up = kind_at(all, statement) == DUET_TOKEN_LOOKUP && second != ':' && second != '{';
    if (kind_at(all, index - 1) != '}')
        return DUET_BEHIND_STATEMENT;
    bool is_edited = kind_at(all, statement) == DUET_TOKEN_WHEN;
    if (kind == DUET_TOKEN_AND || (kind == DUET_TOKEN_THEN && is_edited))
        return DUET_BEHIND_EDIT;
    return kind == DUET_TOKEN_THEN && looks_up ? DUET_BEHIND_LOOKUP : DUET_BEHIND_STATEMENT;
}

/* --- columns --------------------------------------------------------------------------------------------- */

static const struct duet_columns no_columns = { .shape = DUET_SHAPE_NONE };

static struct duet_columns trigger(const struct duet_layout_tokens *all, size_t statement)
{
    int event = kind_at(all, statement + 2);
    size_t action = statement + (event == DUET_TOKEN_SIGNAL ? 4 : 3);
    bool is_event = event == DUET_TOKEN_CLOSE || event == DUET_TOKEN_REOPEN ||
                    event == DUET_TOKEN_MOVE || event == DUET_TOKEN_CHANGE ||
                    event == DUET_TOKEN_SIGNAL;
    int does = kind_at(all, action);
    bool is_action =
        does == DUET_TOKEN_SEND || does == DUET_TOKEN_FETCH || does == DUET_TOKEN_CLEAR;
    if (kind_at(all, statement) != DUET_TOKEN_ON || !is_name(kind_at(all, statement + 1)) ||
        !is_event || !is_action)
        return no_columns;
    return (struct duet_columns){ DUET_SHAPE_TRIGGER, 2, { statement + 2, action } };
}

static struct duet_columns field(const struct duet_layout_tokens *all, size_t statement)
{
    size_t arrow = path_end(all, statement + 2);
    if (kind_at(all, statement) != DUET_TOKEN_FIELD || !is_name(kind_at(all, statement + 1)) ||
        arrow == statement + 2 || !is_arrow(kind_at(all, arrow)))
        return no_columns;
    return (struct duet_columns){ DUET_SHAPE_FIELD, 3, { statement + 2, arrow, arrow + 1 } };
}

static struct duet_columns arm(const struct duet_layout_tokens *all, size_t statement)
{
    size_t arrow = path_end(all, statement);
    if (arrow == statement)
        arrow++;
    if (!is_arrow(kind_at(all, arrow)))
        return no_columns;
    return (struct duet_columns){ DUET_SHAPE_ARM, 2, { arrow, arrow + 1 } };
}

struct duet_columns duet_layout_columns(const struct duet_layout_tokens *all, size_t statement,
                                        enum duet_bracket inside)
{
    if (kind_at(all, statement + 1) == ':')
        return inside == DUET_BRACKET_TABLE
                   ? (struct duet_columns){ DUET_SHAPE_ENTRY, 1, { statement + 1 } }
                   : no_columns;
    struct duet_columns columns = arm(all, statement);
    if (columns.shape == DUET_SHAPE_NONE)
        columns = field(all, statement);
    return columns.shape == DUET_SHAPE_NONE ? trigger(all, statement) : columns;
}
