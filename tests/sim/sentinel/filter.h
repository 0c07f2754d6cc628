/* The subset of OData that `$filter` and `$orderby` understand.
 *
 *   filter     = and-part *( "or" and-part )
 *   and-part   = not-part *( "and" not-part )
 *   not-part   = "not" not-part | "(" filter ")" | comparison | function
 *   comparison = path ( "eq" | "ne" | "gt" | "ge" | "lt" | "le" ) literal
 *   function   = ( "contains" | "startswith" | "endswith" ) "(" path "," text ")"
 *   literal    = 'text' | time | number | true | false | null
 *
 * Source: contract section 4.1. Parsing is apart from matching, so that a bad filter is refused
 * even when there is nothing to match. */
#pragma once

#include <stdbool.h>

#include <jansson.h>

enum { SENTINEL_FILTER_DEPTH_MAX = 32 };

struct sentinel_filter;

/* NULL with a message (caller frees) when the text isn't a filter. The caller owns the filter. */
struct sentinel_filter *sentinel_filter_parse(const char *text, char **problem_out);
void sentinel_filter_free(struct sentinel_filter *filter);

/* `record` is an incident or comment as the API shows it. `undetermined_bug`: the known fault that
 * classification eq 'Undetermined' is never true. */
bool sentinel_filter_matches(const struct sentinel_filter *filter, const json_t *record,
                             bool undetermined_bug);

/* The value at "properties/owner/email"; NULL when it is absent or null. Borrowed. */
json_t *sentinel_path_value(const json_t *record, const char *path);
/* Whether a path is one that records have. */
bool sentinel_path_is_known(const char *path);
/* Order of two values: times as times, numbers as numbers, texts by code point; absent first. */
int sentinel_value_compare(const json_t *a, const json_t *b);
