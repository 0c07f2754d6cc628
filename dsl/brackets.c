/* One pass when all pair. Otherwise a second one that decides, with the indentation, which bracket is
 * missing or too many, notes what to insert and leave out, and does so. */
#include "dsl/brackets.h"

#include <stdlib.h>

#include "dsl/arena.h"
#include "dsl/parse_state.h"
#include "dsl/propose.h"
#include "dsl/scan.h"

#define LEFT_OUT (-1)

struct opener {
    size_t index;
    int kind;
    uint32_t indent; /* of the statement it belongs to */
};

/* A bracket to be put in before a token. */
struct insertion {
    size_t before;
    int kind;
};

struct repairer {
    struct duet_parse_state *state;
    struct opener stack[DUET_PARSE_NESTING_MAX];
    size_t depth;
    struct insertion *insertions;
    size_t insertion_count;
    size_t insertion_room;
    bool may_miss;  /* there are at least as many '{' as '}' */
    bool may_extra; /* there are at least as many '}' as '{' */
};

static bool is_opener(int kind)
{
    return kind == '{' || kind == '(' || kind == '[';
}

static bool is_closer(int kind)
{
    return kind == '}' || kind == ')' || kind == ']';
}

static int closer_of(int opener)
{
    return opener == '{' ? '}' : opener == '(' ? ')' : ']';
}

static struct duet_span span_of(const struct duet_parse_state *state, size_t index)
{
    const struct duet_token *token = &state->list.tokens[index];
    return duet_parse_span(state, token->start, token->end);
}

static void report_depth(struct duet_parse_state *state, size_t index)
{
    duet_diag_add(state->context->diags, DUET_DIAG_NESTING, span_of(state, index),
                  "brackets are nested deeper than %d", DUET_PARSE_NESTING_MAX);
}

enum pairing { PAIRED, UNPAIRED, TOO_DEEP };

static enum pairing pair_all(struct duet_parse_state *state)
{
    size_t stack[DUET_PARSE_NESTING_MAX];
    size_t depth = 0;
    struct duet_token *tokens = state->list.tokens;

    for (size_t i = 0; i < state->list.count; i++) {
        if (is_opener(tokens[i].kind)) {
            if (depth == DUET_PARSE_NESTING_MAX) {
                report_depth(state, i);
                return TOO_DEEP;
            }
            stack[depth++] = i;
        } else if (is_closer(tokens[i].kind)) {
            if (depth == 0 || closer_of(tokens[stack[depth - 1]].kind) != tokens[i].kind)
                return UNPAIRED;
            depth--;
            tokens[i].match = (uint32_t)stack[depth];
            tokens[stack[depth]].match = (uint32_t)i;
        }
    }
    return depth == 0 ? PAIRED : UNPAIRED;
}

/* --- what to insert --------------------------------------------------------------------------------- */

static void insert(struct repairer *repairer, size_t before, int kind)
{
    if (repairer->insertion_count == repairer->insertion_room) {
        size_t room = repairer->insertion_room == 0 ? 16 : repairer->insertion_room * 2;
        struct insertion *larger = realloc(repairer->insertions, room * sizeof *larger);
        if (larger == NULL)
            duet_scan_out_of_memory();
        repairer->insertions = larger;
        repairer->insertion_room = room;
    }
    repairer->insertions[repairer->insertion_count++] = (struct insertion){ before, kind };
}

static void add_repair(struct duet_parse_state *state, uint32_t start, uint32_t end)
{
    struct duet_repair *repair = duet_arena_alloc(state->context->arena, sizeof *repair);
    repair->start = start;
    repair->end = end;
    repair->next = state->repairs;
    state->repairs = repair;
}

/* Before which token an unclosed opener's closer belongs: where a line stands as far left as the
 * opener's own, at the latest where the trouble was seen. */
static size_t place_of_closer(const struct repairer *repairer, const struct opener *opener,
                              size_t seen)
{
    const struct duet_token *tokens = repairer->state->list.tokens;
    const struct duet_token *inside = &tokens[opener->index + 1];
    bool flush = inside->line > tokens[opener->index].line && inside->indent <= opener->indent;

    if (opener->kind != '{' || flush)
        return seen;
    for (size_t i = opener->index + 1; i < seen; i++) {
        if (tokens[i].first_on_line && tokens[i].indent <= opener->indent)
            return i;
    }
    return seen;
}

static void report_missing(struct repairer *repairer, const struct opener *opener, size_t place)
{
    struct duet_parse_state *state = repairer->state;
    struct duet_diag *diag =
        duet_diag_add(state->context->diags, DUET_DIAG_BRACE_MISSING, span_of(state, opener->index),
                      "'%c' is never closed", opener->kind);
    bool at_end = state->list.tokens[place].kind == 0;
    duet_diag_note(diag, span_of(state, place), "expected '%c' before %s", closer_of(opener->kind),
                   at_end ? "the end of the file" : "this");
    struct duet_span before = span_of(state, place);
    before.end = before.start;
    duet_diag_fix(diag, DUET_FIX_MAYBE, before, "%c ", closer_of(opener->kind));
}

/* The innermost opener lacks its closer. */
static void close_missing(struct repairer *repairer, size_t seen)
{
    const struct opener *opener = &repairer->stack[--repairer->depth];
    const struct duet_token *tokens = repairer->state->list.tokens;
    size_t place = place_of_closer(repairer, opener, seen);

    report_missing(repairer, opener, place);
    insert(repairer, place, closer_of(opener->kind));
    bool one_line = tokens[place - 1].line == tokens[opener->index].line;
    if (opener->kind == '{' && !one_line)
        add_repair(repairer->state, tokens[place - 1].end, tokens[place].start);
    else
        add_repair(repairer->state, tokens[opener->index].start, tokens[place].start);
}

static void leave_out(struct repairer *repairer, size_t index)
{
    struct duet_token *token = &repairer->state->list.tokens[index];
    const char *opener = token->kind == '}' ? "{" : token->kind == ')' ? "(" : "[";

    struct duet_diag *diag = duet_diag_add(repairer->state->context->diags, DUET_DIAG_BRACE_EXTRA,
                                           span_of(repairer->state, index),
                                           "'%c' has no opening '%s'", token->kind, opener);
    duet_propose_removal(diag, DUET_FIX_MAYBE, repairer->state->context->sources,
                         span_of(repairer->state, index));
    token->kind = LEFT_OUT;
}

/* --- one closer ---------------------------------------------------------------------------------------- */

/* Depth at which the closest opener of this kind stands on the stack, 0: none. */
static size_t closest(const struct repairer *repairer, int opener)
{
    for (size_t depth = repairer->depth; depth > 0; depth--) {
        if (repairer->stack[depth - 1].kind == opener)
            return depth;
    }
    return 0;
}

static void take_round_or_square(struct repairer *repairer, size_t index)
{
    struct duet_token *token = &repairer->state->list.tokens[index];
    int opener = token->kind == ')' ? '(' : '[';
    size_t depth = closest(repairer, opener);
    const struct opener *top = repairer->depth == 0 ? NULL : &repairer->stack[repairer->depth - 1];

    if (depth == 0 && (top == NULL || top->kind == '{')) {
        leave_out(repairer, index);
        return;
    }
    if (depth == 0) {
        struct duet_diag *diag = duet_diag_add(
            repairer->state->context->diags, DUET_DIAG_BRACE_MISMATCH,
            span_of(repairer->state, index), "'%c' is closed by '%c'", top->kind, token->kind);
        duet_diag_note(diag, span_of(repairer->state, top->index), "opened here");
        duet_diag_fix(diag, DUET_FIX_MAYBE, span_of(repairer->state, index), "%c",
                      closer_of(top->kind));
        token->kind = closer_of(top->kind);
        repairer->depth--;
        return;
    }
    while (repairer->depth > depth)
        close_missing(repairer, index);
    repairer->depth--;
}

/* Before which token the '{' of this '}' was left out: a statement as far left as the brace goes over into deeper lines
 * without one. 0: there is none such. */
static size_t place_of_opener(const struct repairer *repairer, size_t index)
{
    const struct duet_token *tokens = repairer->state->list.tokens;
    uint32_t indent = tokens[index].indent;
    if (!tokens[index].first_on_line)
        return 0;
    for (size_t i = index - 1; i > 0; i--) {
        int before = tokens[i - 1].kind;
        if (!tokens[i].first_on_line)
            continue;
        if (tokens[i].indent <= indent)
            return 0;
        if (tokens[i - 1].indent == indent && before != ';' && before != ',' && before != '}' &&
            !is_opener(before))
            return i;
    }
    return 0;
}

static void take_without_opener(struct repairer *repairer, size_t index)
{
    struct duet_parse_state *state = repairer->state;
    size_t place = index > 0 ? place_of_opener(repairer, index) : 0;
    if (place == 0) {
        leave_out(repairer, index);
        return;
    }
    const struct duet_token *token = &state->list.tokens[place];
    struct duet_diag *diag = duet_diag_add(state->context->diags, DUET_DIAG_BRACE_EXTRA,
                                           span_of(state, index), "'}' has no opening '{'");
    duet_diag_note(diag, span_of(state, place - 1), "expected '{' behind this");
    duet_diag_fix(diag, DUET_FIX_MAYBE, duet_parse_span(state, token[-1].end, token[-1].end), " {");
    insert(repairer, place, '{');
    add_repair(state, token[-1].end, token->start);
}

/* Depth of the innermost '{' whose statement stands as far left as this closer, 0: none. */
static size_t same_indent(const struct repairer *repairer, uint32_t indent)
{
    for (size_t depth = repairer->depth; depth > 0; depth--) {
        const struct opener *opener = &repairer->stack[depth - 1];
        if (opener->kind == '{' && opener->indent == indent)
            return depth;
    }
    return 0;
}

static void take_brace(struct repairer *repairer, size_t index)
{
    const struct duet_token *token = &repairer->state->list.tokens[index];
    size_t depth = closest(repairer, '{');

    if (depth == 0) {
        take_without_opener(repairer, index);
        return;
    }
    while (repairer->depth > depth)
        close_missing(repairer, index);
    uint32_t expected = repairer->stack[depth - 1].indent;
    uint32_t line_indent = repairer->state->list.tokens[repairer->stack[depth - 1].index].indent;
    if (token->first_on_line && token->indent < expected && repairer->may_miss) {
        size_t meant = same_indent(repairer, token->indent);
        while (meant > 0 && repairer->depth > meant)
            close_missing(repairer, index);
    } else if (token->first_on_line && token->indent > expected && token->indent != line_indent &&
               repairer->may_extra) {
        take_without_opener(repairer, index);
        return;
    }
    repairer->depth--;
}

static void count_braces(struct repairer *repairer)
{
    size_t open = 0;
    size_t closed = 0;
    for (size_t i = 0; i < repairer->state->list.count; i++) {
        open += repairer->state->list.tokens[i].kind == '{';
        closed += repairer->state->list.tokens[i].kind == '}';
    }
    repairer->may_miss = open >= closed;
    repairer->may_extra = closed >= open;
}

/* Decides over all brackets; false when too deep, or when there are too many findings to go on. */
static bool decide(struct repairer *repairer)
{
    struct duet_token_list *list = &repairer->state->list;
    uint32_t indent = 0;
    bool statement_begins = true;

    for (size_t i = 0; i < list->count; i++) {
        int kind = list->tokens[i].kind;
        if (duet_diags_full(repairer->state->context->diags))
            return false;
        if (statement_begins)
            indent = list->tokens[i].indent;
        statement_begins = kind == ';' || kind == '{' || kind == '}';

        if (is_opener(kind)) {
            if (repairer->depth == DUET_PARSE_NESTING_MAX) {
                report_depth(repairer->state, i);
                return false;
            }
            repairer->stack[repairer->depth++] = (struct opener){ i, kind, indent };
        } else if (kind == '}') {
            take_brace(repairer, i);
        } else if (is_closer(kind)) {
            take_round_or_square(repairer, i);
        }
        /* No statement ends within round or square brackets. */
        while (kind == ';' && repairer->depth > 0 &&
               repairer->stack[repairer->depth - 1].kind != '{')
            close_missing(repairer, i);
    }
    while (repairer->depth > 0)
        close_missing(repairer, list->count - 1);
    return true;
}

static int by_place(const void *left, const void *right)
{
    const struct insertion *a = left;
    const struct insertion *b = right;
    return (a->before > b->before) - (a->before < b->before);
}

/* Few are expected, and equal places must keep their order: insertion sort. */
static void sort_insertions(struct repairer *repairer)
{
    struct insertion *all = repairer->insertions;
    for (size_t i = 1; i < repairer->insertion_count; i++) {
        struct insertion moved = all[i];
        size_t at = i;
        for (; at > 0 && by_place(&all[at - 1], &moved) > 0; at--)
            all[at] = all[at - 1];
        all[at] = moved;
    }
}

static struct duet_token inserted_token(int kind, const struct duet_token *before)
{
    struct duet_token token = *before;
    token.kind = kind;
    token.end = token.start;
    token.inserted = true;
    token.value.text = NULL; /* a number's value would be taken for a word's text */
    token.first_on_line = false;
    return token;
}

static void apply(struct repairer *repairer)
{
    struct duet_token_list old = repairer->state->list;
    struct duet_token_list list = { 0 };
    size_t next = 0;

    sort_insertions(repairer);
    for (size_t i = 0; i < old.count; i++) {
        for (; next < repairer->insertion_count && repairer->insertions[next].before == i; next++)
            duet_token_list_add(&list,
                                inserted_token(repairer->insertions[next].kind, &old.tokens[i]));
        if (old.tokens[i].kind != LEFT_OUT)
            duet_token_list_add(&list, old.tokens[i]);
    }
    repairer->state->list = list;
    duet_token_list_finish(&old);
}

bool duet_brackets_pair(struct duet_parse_state *state)
{
    enum pairing pairing = pair_all(state);
    if (pairing != UNPAIRED)
        return pairing == PAIRED;

    struct repairer repairer = { .state = state };
    count_braces(&repairer);
    bool decided = decide(&repairer);
    if (decided)
        apply(&repairer);
    free(repairer.insertions);
    return decided && pair_all(state) == PAIRED;
}

bool duet_brackets_repaired(const struct duet_parse_state *state, uint32_t offset)
{
    for (const struct duet_repair *repair = state->repairs; repair != NULL; repair = repair->next) {
        if (offset >= repair->start && offset <= repair->end)
            return true;
    }
    return false;
}
