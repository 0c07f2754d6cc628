/* What the tests of all files exercised of each mapping: a mapping that several files test is counted once, with all they do. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <jansson.h>

#include "dsl/arena.h"
#include "engine/prove/testing.h"

struct duet_covered_mapping {
    const char *name;
    struct duet_coverage_point *points; /* as duet_coverage_points() has them */
    size_t count;
    size_t exercised;
    struct duet_covered_mapping *next;
};

struct duet_covered {
    struct duet_covered_mapping *mappings; /* in the order of their first test */
};

/* Adds what one file's tests exercised. In the arena; the points' words are borrowed from `testing`. */
void duet_covered_add(struct duet_covered *covered, const struct duet_testing *testing,
                      struct duet_arena *arena);

/* A whole file of lines that each begin with `before`: a count for each kind, then each point that isn't exercised. */
void duet_covered_write(const struct duet_covered *covered, const char *before, FILE *out);

/* [{"mapping", "exercised", "of", "percent", "points": [{"kind", "what", "file", "line", "happened", "exercised"}]}]. New reference. */
json_t *duet_covered_json(const struct duet_covered *covered);

/* Whether at least `percent` of the mapping's points are exercised. */
bool duet_covered_reaches(const struct duet_covered_mapping *mapping, long percent);

/* "coverage of m is 60 of 62, 96.7 %: missing rules 1 of 14, arms 1 of 32", without a line end. */
void duet_covered_tell(const struct duet_covered_mapping *mapping, FILE *out);
