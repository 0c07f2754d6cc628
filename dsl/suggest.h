/* "did you mean": the nearest of some names, when one is near enough to be meant. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define DUET_SUGGEST_LENGTH_MAX 64 /* longer words are never suggested, nor for */
#define DUET_SUGGEST_LETTERS 64u

struct duet_suggest {
    const char *written;
    size_t length;
    unsigned char letters[DUET_SUGGEST_LETTERS]; /* how often the word has each */
    const char *best;                            /* NULL: nothing near */
    size_t distance;
    bool is_only; /* no other is near */
};

/* Start with a word, offer candidates one by one, take what came out. A candidate is near when at most
 * a third of the word's letters (at least 1) were changed, left out, added or swapped with their
 * neighbour; upper and lower case count half. The first of equals wins. Nothing is copied. What isn't near costs a
 * look over its letters. */
struct duet_suggest duet_suggest_start(const char *written);
void duet_suggest_offer(struct duet_suggest *suggest, const char *candidate);
/* What was certainly meant, however far it is: later offers change nothing. */
void duet_suggest_certain(struct duet_suggest *suggest, const char *candidate);
const char *duet_suggest_best(const struct duet_suggest *suggest);

/* All at once; the second: the best, NULL: nothing near. */
struct duet_suggest duet_suggest_all(const char *written, const char *const *candidates,
                                     size_t count);
const char *duet_suggest_among(const char *written, const char *const *candidates, size_t count);
