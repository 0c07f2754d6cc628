#include "engine/lsp/inside.h"
json_t *duet_lsp_prepare_rename(struct duet_lsp *lsp, const json_t *params,
                                struct duet_lsp_failure *failure)
{
    (void)lsp;
    (void)params;
    (void)failure;
    return NULL;
}
json_t *duet_lsp_rename(struct duet_lsp *lsp, const json_t *params,
                        struct duet_lsp_failure *failure)
{
    (void)lsp;
    (void)params;
    (void)failure;
    return NULL;
}
json_t *duet_lsp_completion(struct duet_lsp *lsp, const json_t *params,
                            struct duet_lsp_failure *failure)
{
    (void)lsp;
    (void)params;
    (void)failure;
    return NULL;
}
json_t *duet_lsp_code_actions(struct duet_lsp *lsp, const json_t *params,
                              struct duet_lsp_failure *failure)
{
    (void)lsp;
    (void)params;
    (void)failure;
    return NULL;
}
