/* Fixes of findings, as things to choose. */
#include <string.h>

#include "dsl/arena.h"
#include "engine/lsp/edits.h"
#include "engine/lsp/inside.h"

static bool touches(const struct duet_spot *spot, const json_t *finding, const json_t *range)
{
    size_t start = 0;
    size_t end = 0;
    size_t from = 0;
    size_t to = 0;
    return duet_lines_read_range(spot->lines, json_object_get(finding, "range"), &start, &end) &&
           duet_lines_read_range(spot->lines, range, &from, &to) && start <= to && from <= end;
}

/* data: what findings.c kept of each fix. */
static void add_actions(const struct duet_lsp *lsp, const json_t *finding, json_t *actions)
{
    size_t index = 0;
    json_t *fix = NULL;
    json_array_foreach(json_object_get(finding, "data"), index, fix)
    {
        json_t *edits = json_pack("[{s:O, s:O}]", "range", json_object_get(fix, "range"), "newText",
                                  json_object_get(fix, "newText"));
        json_t *by_uri = json_pack("{s:o}", duet_lsp_member(fix, "uri"), edits);
        json_array_append_new(actions, json_pack("{s:O, s:s, s:[O], s:O, s:o}", "title",
                                                 json_object_get(fix, "title"), "kind", "quickfix",
                                                 "diagnostics", finding, "isPreferred",
                                                 json_object_get(fix, "safe"), "edit",
                                                 duet_workspace_edit(lsp, by_uri)));
    }
}

json_t *duet_lsp_code_actions(struct duet_lsp *lsp, const json_t *params,
                              struct duet_lsp_failure *failure)
{
    struct duet_spot spot;
    size_t index = 0;
    const json_t *finding = NULL;
    if (!duet_lsp_spot(lsp, params, DUET_SPOT_DOCUMENT, &spot, failure))
        return NULL;
    if (lsp->findings_are_old)
        duet_lsp_publish(lsp);
    json_t *actions = json_array();
    json_array_foreach(json_object_get(lsp->told, spot.document->uri), index, finding)
    {
        if (touches(&spot, finding, json_object_get(params, "range")))
            add_actions(lsp, finding, actions);
    }
    return actions;
}
