/* What can be folded: brackets over more than one line, and runs of comment lines. From the tokens, so also in broken text. */
#include <string.h>

#include "dsl/parse.h"
#include "engine/lsp/inside.h"

static void add_fold(json_t *folds, size_t first, size_t last, const char *kind)
{
    if (last <= first)
        return;
    json_t *fold =
        json_pack("{s:I, s:I}", "startLine", (json_int_t)first, "endLine", (json_int_t)last);
    if (kind)
        json_object_set_new(fold, "kind", json_string(kind));
    json_array_append_new(folds, fold);
}

/* Brackets that stand alone in broken text are passed over. */
static void fold_brackets(const struct duet_spot *spot, struct duet_lexemes all, json_t *folds)
{
    size_t opened[DUET_PARSE_NESTING_MAX];
    size_t depth = 0;
    for (size_t i = 0; i < all.count; i++) {
        const struct duet_lexeme *lexeme = &all.list[i];
        char sign = lexeme->kind == DUET_LEXEME_SIGN ? lexeme->text[0] : ' ';
        size_t line = duet_lines_place(spot->lines, lexeme->start).line;
        if (strchr("{([", sign) && depth < DUET_PARSE_NESTING_MAX)
            opened[depth++] = line;
        else if (strchr("})]", sign) && depth > 0 && line > opened[--depth] + 1)
            add_fold(folds, opened[depth], line - 1, NULL); /* the closing line stays to be seen */
    }
}

static void fold_comments(const struct duet_spot *spot, struct duet_lexemes all, json_t *folds)
{
    size_t first = 0;
    size_t last = 0;
    bool is_open = false;
    for (size_t i = 0; i < all.count; i++) {
        if (all.list[i].kind != DUET_LEXEME_COMMENT)
            continue;
        size_t line = duet_lines_place(spot->lines, all.list[i].start).line;
        if (is_open && line != last + 1)
            add_fold(folds, first, last, "comment");
        if (!is_open || line != last + 1)
            first = line;
        last = line;
        is_open = true;
    }
    if (is_open)
        add_fold(folds, first, last, "comment");
}

json_t *duet_lsp_folding(struct duet_lsp *lsp, const json_t *params,
                         struct duet_lsp_failure *failure)
{
    struct duet_spot spot;
    if (!duet_lsp_spot(lsp, params, DUET_SPOT_DOCUMENT, &spot, failure))
        return NULL;
    json_t *folds = json_array();
    struct duet_lexemes all = duet_view_lexemes(spot.view);
    fold_brackets(&spot, all, folds);
    fold_comments(&spot, all, folds);
    return folds;
}
