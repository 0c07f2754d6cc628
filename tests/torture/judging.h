/* What the judge's parts share; nobody else includes it. */
#pragma once

#include "tests/torture/judge.h"

bool judging_agrees(enum unit unit, const char *left, const char *right);
/* Has one of these values gone over to the other side? */
bool judging_has_arrived(enum unit unit, const char *left, const char *right);
const char *judging_unit(enum unit unit);

/* An engine's request changed something, somewhere. */
void judging_engine_wrote(struct judge *judge);
void judging_find_numbers(struct judge *judge);
/* The engine was shown the pair's record on this side as it was then. */
void judging_was_read(struct judge *judge, unsigned p, int side, const struct judge_read *read);

/* judge_wire.c: what goes over the wire from now on. */
void judging_watch(struct judge *judge);
