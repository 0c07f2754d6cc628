/* Mappings at random, between two small systems: what an engineer may write, sensible or not. Many have findings. */
#pragma once

#include "tests/support/chance.h"

/* The text of a file with one mapping, for the caller to free(). */
char *any_mapping(struct chance *chance);

/* A value of a field of any_mapping()'s systems, as JSON text without quotes; NULL: none. `field` without its side. */
const char *any_value(struct chance *chance, const char *field);
