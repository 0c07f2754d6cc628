/* Restricted Damerau-Levenshtein distance over bytes, costs doubled so that letter case can count half. Two cheap looks come first: how
 * many letters there are, and which. */
#include "dsl/suggest.h"

#include <ctype.h>
#include <string.h>

#define WHOLE 2u
#define HALF 1u

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t difference(size_t a, size_t b)
{
    return a > b ? a - b : b - a;
}

static size_t replace_cost(char a, char b)
{
    if (a == b)
        return 0;
    return tolower((unsigned char)a) == tolower((unsigned char)b) ? HALF : WHOLE;
}

/* --- how near ------------------------------------------------------------------------------------ */

/* Three rows are enough: a swap looks two rows back. Past `most` it needs not be exact: once two rows are beyond it, all are. */
static size_t distance_between(const char *a, size_t a_length, const char *b, size_t b_length,
                               size_t most)
{
    size_t rows[3][DUET_SUGGEST_LENGTH_MAX + 1];
    size_t nearest_above = 0;

    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j * WHOLE;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        size_t nearest = row[0] = i * WHOLE;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = above[j - 1] + replace_cost(a[i - 1], b[j - 1]);
            row[j] = least(row[j], least(above[j], row[j - 1]) + WHOLE);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], rows[(i - 2) % 3][j - 2] + WHOLE);
            nearest = least(nearest, row[j]);
        }
        if (nearest > most && nearest_above > most)
            return nearest;
        nearest_above = nearest;
    }
    return rows[a_length % 3][b_length];
}

static unsigned letter_of(char c)
{
    return (unsigned)tolower((unsigned char)c) % DUET_SUGGEST_LETTERS;
}

/* At least so many letters of the candidate aren't those of the word; each is one change. */
static size_t letters_changed(const struct duet_suggest *suggest, const char *candidate,
                              size_t length)
{
    unsigned char left[DUET_SUGGEST_LETTERS];
    size_t other = 0;
    memcpy(left, suggest->letters, sizeof left);
    for (size_t i = 0; i < length; i++) {
        unsigned letter = letter_of(candidate[i]);
        if (left[letter] > 0)
            left[letter]--;
        else
            other++;
    }
    return other;
}

/* --- one candidate after another ---------------------------------------------------------------------- */

struct duet_suggest duet_suggest_start(const char *written)
{
    struct duet_suggest suggest = { .written = written };
    suggest.length = strnlen(written, DUET_SUGGEST_LENGTH_MAX + 1);
    for (size_t i = 0; i < suggest.length; i++)
        suggest.letters[letter_of(written[i])]++;
    return suggest;
}

void duet_suggest_offer(struct duet_suggest *suggest, const char *candidate)
{
    size_t length = suggest->length;
    size_t other = strnlen(candidate, DUET_SUGGEST_LENGTH_MAX + 1);
    if (length == 0 || length > DUET_SUGGEST_LENGTH_MAX || other > DUET_SUGGEST_LENGTH_MAX)
        return;

    size_t changes = length < 6 ? 1 : length / 3;
    if (difference(length, other) > changes || letters_changed(suggest, candidate, other) > changes)
        return;
    size_t allowed = changes * WHOLE;
    size_t distance = distance_between(suggest->written, length, candidate, other, allowed);
    /* A word of which every letter changed is another word. */
    if (distance > allowed || distance >= length * WHOLE)
        return;
    if (suggest->best && strcmp(suggest->best, candidate) == 0)
        return;
    suggest->is_only = suggest->best == NULL;
    if (suggest->best == NULL || distance < suggest->distance) {
        suggest->best = candidate;
        suggest->distance = distance;
    }
}

void duet_suggest_certain(struct duet_suggest *suggest, const char *candidate)
{
    suggest->best = candidate;
    suggest->distance = 0;
    suggest->is_only = true;
    suggest->length = 0;
}

const char *duet_suggest_best(const struct duet_suggest *suggest)
{
    return suggest->best;
}

struct duet_suggest duet_suggest_all(const char *written, const char *const *candidates,
                                     size_t count)
{
    struct duet_suggest suggest = duet_suggest_start(written);
    for (size_t i = 0; i < count; i++)
        duet_suggest_offer(&suggest, candidates[i]);
    return suggest;
}

const char *duet_suggest_among(const char *written, const char *const *candidates, size_t count)
{
    struct duet_suggest suggest = duet_suggest_all(written, candidates, count);
    return duet_suggest_best(&suggest);
}
