/* The page of a finding: why it matters, and an example that is wrong and one that is right. */
#include "dsl/explain.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char base[] =
#include "dsl/explain_base.def"
    ;

static const struct duet_page pages[] = {
#define DUET_PAGE(name, why, at, wrong, right) { DUET_DIAG_##name, why, at, wrong, right },
#include "dsl/explain_pages.def"
#undef DUET_PAGE
};

const struct duet_page *duet_page_at(size_t index)
{
    return index < sizeof pages / sizeof *pages ? &pages[index] : NULL;
}

const struct duet_page *duet_page_of(enum duet_diag_code code)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (pages[i].code == code)
            return &pages[i];
    return NULL;
}

static size_t line_ends(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += text[i] == '\n';
    return count;
}

char *duet_page_example(const struct duet_page *page, enum duet_example which, size_t *line_out,
                        size_t *lines_out)
{
    if (!page->at)
        return NULL;
    const char *place = strstr(base, page->at);
    assert(place);
    const char *right = page->right ? page->right : page->at;
    const char *piece = which == DUET_EXAMPLE_WRONG ? page->wrong : right;
    size_t before = (size_t)(place - base);
    size_t length = strlen(piece);
    const char *after = place + strlen(page->at);
    size_t size = before + length + strlen(after) + 1;
    char *text = malloc(size);
    if (!text)
        return NULL;
    snprintf(text, size, "%.*s%s%s", (int)before, base, piece, after);
    *line_out = line_ends(base, before) + 1;
    size_t ends = line_ends(piece, length);
    const char *last = length > 0 ? piece + length - 1 : after - 1;
    *lines_out = ends + (*last != '\n');
    return text;
}
