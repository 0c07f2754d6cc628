/* A file in its one layout. */
#include <string.h>

#include "dsl/arena.h"
#include "dsl/intern.h"
#include "dsl/layout.h"
#include "engine/lsp/inside.h"

/* One edit of what differs, so that cursors elsewhere stay where they are. The layout changes ASCII alone, so no character is cut. */
static json_t *edits_between(const struct duet_lines *lines, const char *after, size_t length)
{
    size_t least = lines->length < length ? lines->length : length;
    size_t start = 0;
    size_t behind = 0;
    while (start < least && lines->text[start] == after[start])
        start++;
    if (start == lines->length && start == length)
        return json_array();
    while (behind < least - start &&
           lines->text[lines->length - 1 - behind] == after[length - 1 - behind])
        behind++;
    return json_pack("[{s:o, s:o}]", "range",
                     duet_lines_range(lines, start, lines->length - behind), "newText",
                     json_stringn(after + start, length - behind - start));
}

json_t *duet_lsp_formatting(struct duet_lsp *lsp, const json_t *params,
                            struct duet_lsp_failure *failure)
{
    struct duet_spot spot;
    if (!duet_lsp_spot(lsp, params, DUET_SPOT_DOCUMENT, &spot, failure))
        return NULL;
    struct duet_arena *arena = duet_arena_new();
    const struct duet_parse_context context = { arena, duet_intern_new(arena), spot.view->sources,
                                                duet_diags_new(arena) };
    size_t length = 0;
    const char *after = duet_layout_file(&context, spot.file, &length);
    json_t *edits =
        after ? edits_between(spot.lines, after, length)
              : duet_lsp_fail(failure, DUET_LSP_REQUEST_FAILED,
                              "a file that doesn't parse isn't laid out: mend its errors first");
    duet_arena_free(arena);
    return edits;
}
