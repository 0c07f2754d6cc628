/* Pairs the brackets of a file's tokens before it is parsed, and puts right what doesn't pair, so that
 * one missing or extra bracket is one finding and the rest of the file is still read.
 *
 * Which brace lacks its partner is told by the indentation, as a person would. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct duet_parse_state;

/* Sets `match` of every bracket, after inserting and leaving out tokens where needed. False: nested deeper
 * than DUET_PARSE_NESTING_MAX, reported; the file can't be parsed. */
bool duet_brackets_pair(struct duet_parse_state *state);

/* Whether the token at this offset lies where brackets were put right. */
bool duet_brackets_repaired(const struct duet_parse_state *state, uint32_t offset);
