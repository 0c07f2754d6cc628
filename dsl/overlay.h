/* A tenant's overrides laid over its mapping: named points are replaced, everything else stays. */
#pragma once

#include "dsl/check.h"

/* A copy of the mapping with the tenant's overrides; the original where there are none. An override of
 * what isn't there is reported. */
const struct duet_ast_mapping *duet_overlay_apply(struct duet_checker *check,
                                                  const struct duet_ast_mapping *mapping,
                                                  const struct duet_ast_tenant *tenant);

/* What the overrides say, white space and comments apart: equal keys, equal overlays. "" for none. */
const char *duet_overlay_key(const struct duet_checker *check,
                             const struct duet_ast_tenant *tenant);
