/* The kinds of tokens that the server tells apart, by the names that editors have for them. */
#pragma once

#include <jansson.h>

/* {"tokenTypes": [...], "tokenModifiers": [...]} */
json_t *duet_semantic_legend(void);
