/* Restricted Damerau-Levenshtein distance over bytes, costs doubled so that letter case can count half. */
#include "dsl/suggest.h"

#include <ctype.h>
#include <string.h>

#define WHOLE 2u
#define HALF 1u

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t replace_cost(char a, char b)
{
    if (a == b)
        return 0;
    return tolower((unsigned char)a) == tolower((unsigned char)b) ? HALF : WHOLE;
}

/* Three rows are enough: a swap looks two rows back. */
static size_t distance_between(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][DUET_SUGGEST_LENGTH_MAX + 1];

    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j * WHOLE;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        row[0] = i * WHOLE;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = above[j - 1] + replace_cost(a[i - 1], b[j - 1]);
            row[j] = least(row[j], least(above[j], row[j - 1]) + WHOLE);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], rows[(i - 2) % 3][j - 2] + WHOLE);
        }
    }
    return rows[a_length % 3][b_length];
}

struct duet_suggest duet_suggest_start(const char *written)
{
    return (struct duet_suggest){ .written = written, .best = NULL, .distance = 0 };
}

void duet_suggest_offer(struct duet_suggest *suggest, const char *candidate)
{
    size_t length = strnlen(suggest->written, DUET_SUGGEST_LENGTH_MAX + 1);
    size_t other = strnlen(candidate, DUET_SUGGEST_LENGTH_MAX + 1);
    if (length == 0 || length > DUET_SUGGEST_LENGTH_MAX || other > DUET_SUGGEST_LENGTH_MAX)
        return;

    size_t allowed = (length < 6 ? 1 : length / 3) * WHOLE;
    size_t distance = distance_between(suggest->written, length, candidate, other);
    /* A word of which every letter changed is another word. */
    if (distance > allowed || distance >= length * WHOLE)
        return;
    if (suggest->best == NULL || distance < suggest->distance) {
        suggest->best = candidate;
        suggest->distance = distance;
    }
}

const char *duet_suggest_best(const struct duet_suggest *suggest)
{
    return suggest->best;
}

const char *duet_suggest_among(const char *written, const char *const *candidates, size_t count)
{
    struct duet_suggest suggest = duet_suggest_start(written);
    for (size_t i = 0; i < count; i++)
        duet_suggest_offer(&suggest, candidates[i]);
    return duet_suggest_best(&suggest);
}
