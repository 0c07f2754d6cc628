/* Myers' greedy search for the shortest way from one list of lines to the other; what it costs is bounded: past EDITS_MAX the rest
 * counts as replaced. */
#include "engine/cli/diff.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"

#define EDITS_MAX 2000
#define CONTEXT 3

struct line {
    const char *text;
    size_t length; /* with its line end */
};

struct lines {
    struct line *line;
    size_t count;
};

/* A line of the answer: kept of both, or of one only. */
struct edit {
    char sign; /* ' ', '-', '+' */
    struct line line;
};

struct difference {
    struct duet_arena *arena;
    struct lines a;
    struct lines b;
    struct edit *edits;
    size_t count;
};

static struct lines split(struct duet_arena *arena, const struct duet_diff_text *text)
{
    size_t count = 1;
    for (size_t i = 0; i < text->length; i++)
        count += text->text[i] == '\n';
    struct lines lines = { duet_arena_alloc_array(arena, count, sizeof *lines.line), 0 };
    for (size_t at = 0; at < text->length;) {
        const char *end = memchr(text->text + at, '\n', text->length - at);
        size_t length = end ? (size_t)(end - text->text) + 1 - at : text->length - at;
        lines.line[lines.count++] = (struct line){ text->text + at, length };
        at += length;
    }
    return lines;
}

static bool same(const struct difference *difference, long a, long b)
{
    const struct line *left = &difference->a.line[a];
    const struct line *right = &difference->b.line[b];
    return left->length == right->length && memcmp(left->text, right->text, left->length) == 0;
}

static void add(struct difference *difference, char sign, struct line line)
{
    difference->edits[difference->count++] = (struct edit){ sign, line };
}

/* --- the search ------------------------------------------------------------------------------------------ */

/* Where each diagonal had got to before each step: row `step` has 2 * step + 1 places. */
struct trail {
    long *reached[EDITS_MAX + 1];
    long steps; /* of the shortest way; -1: none that is short enough */
};

/* From the furthest places of the step before: to where diagonal `k` gets with one more edit, and whether that
 * edit takes a line of the second list. */
static long furthest(const long *before, long step, long k, bool *down_out)
{
    *down_out = false;
    if (step == 0)
        return 0;
    long down = k < step - 1 ? before[k + step] : -1;
    long right = k > 1 - step ? before[k + step - 2] + 1 : -1;
    *down_out = down >= right;
    return *down_out ? down : right;
}

static void search(const struct difference *difference, struct trail *trail)
{
    long n = (long)difference->a.count;
    long m = (long)difference->b.count;
    trail->steps = -1;
    for (long step = 0; step <= EDITS_MAX && step <= n + m; step++) {
        long *reached =
            duet_arena_alloc_array(difference->arena, (size_t)(2 * step + 1), sizeof *reached);
        trail->reached[step] = reached;
        for (long k = -step; k <= step; k += 2) {
            bool down = false;
            long x = furthest(step > 0 ? trail->reached[step - 1] : NULL, step, k, &down);
            while (x < n && x - k >= 0 && x - k < m && same(difference, x, x - k))
                x++;
            reached[k + step] = x;
            if (x == n && x - k == m) {
                trail->steps = step;
                return;
            }
        }
    }
}

/* The way found, from its end to its beginning. */
static void trace(struct difference *difference, const struct trail *trail)
{
    long x = (long)difference->a.count;
    long y = (long)difference->b.count;
    for (long step = trail->steps; step > 0; step--) {
        bool down = false;
        long start = furthest(trail->reached[step - 1], step, x - y, &down);
        while (x > start) {
            add(difference, ' ', difference->a.line[--x]);
            y--;
        }
        if (down)
            add(difference, '+', difference->b.line[--y]);
        else
            add(difference, '-', difference->a.line[--x]);
    }
    while (x > 0)
        add(difference, ' ', difference->a.line[--x]);
}

static void replace_all(struct difference *difference)
{
    for (size_t i = difference->b.count; i > 0; i--)
        add(difference, '+', difference->b.line[i - 1]);
    for (size_t i = difference->a.count; i > 0; i--)
        add(difference, '-', difference->a.line[i - 1]);
}

static void reverse(struct difference *difference)
{
    for (size_t i = 0; i < difference->count / 2; i++) {
        struct edit edit = difference->edits[i];
        difference->edits[i] = difference->edits[difference->count - 1 - i];
        difference->edits[difference->count - 1 - i] = edit;
    }
}

/* --- writing --------------------------------------------------------------------------------------------- */

static void write_edit(const struct edit *edit, FILE *out)
{
    fputc(edit->sign, out);
    fwrite(edit->line.text, 1, edit->line.length, out);
    if (edit->line.text[edit->line.length - 1] != '\n')
        fputs("\n\\ No newline at end of file\n", out);
}

/* Behind the last edit of the hunk whose first change is at `first`. */
static size_t hunk_end(const struct difference *difference, size_t first)
{
    size_t end = first;
    for (size_t i = first; i < difference->count && i <= end + 2UL * CONTEXT + 1; i++) {
        if (difference->edits[i].sign != ' ')
            end = i;
    }
    end += 1 + CONTEXT;
    return end < difference->count ? end : difference->count;
}

/* A range begins at 1; an empty one is said by the line before it. */
static void write_hunk(const struct difference *difference, size_t start, size_t end,
                       const size_t before[2], FILE *out)
{
    size_t lines[2] = { 0, 0 };
    for (size_t i = start; i < end; i++) {
        lines[0] += difference->edits[i].sign != '+';
        lines[1] += difference->edits[i].sign != '-';
    }
    fprintf(out, "@@ -%zu,%zu +%zu,%zu @@\n", before[0] + (lines[0] > 0), lines[0],
            before[1] + (lines[1] > 0), lines[1]);
    for (size_t i = start; i < end; i++)
        write_edit(&difference->edits[i], out);
}

static void write_hunks(const struct difference *difference, FILE *out)
{
    size_t done = 0;
    size_t before[2] = { 0, 0 };
    for (size_t i = 0; i < difference->count; i++) {
        if (difference->edits[i].sign == ' ')
            continue;
        size_t start = i - done < CONTEXT ? done : i - CONTEXT;
        size_t end = hunk_end(difference, i);
        before[0] += start - done;
        before[1] += start - done;
        write_hunk(difference, start, end, before, out);
        for (size_t j = start; j < end; j++) {
            before[0] += difference->edits[j].sign != '+';
            before[1] += difference->edits[j].sign != '-';
        }
        done = end;
        i = end - 1;
    }
}

void duet_diff_write(const struct duet_diff_text *before, const struct duet_diff_text *after,
                     FILE *out)
{
    if (before->length == after->length && memcmp(before->text, after->text, after->length) == 0)
        return;
    struct duet_arena *arena = duet_arena_new();
    struct difference difference = { .arena = arena,
                                     .a = split(arena, before),
                                     .b = split(arena, after) };
    difference.edits = duet_arena_alloc_array(arena, difference.a.count + difference.b.count,
                                              sizeof *difference.edits);
    struct trail *trail = duet_arena_alloc(arena, sizeof *trail);
    search(&difference, trail);
    if (trail->steps < 0)
        replace_all(&difference);
    else
        trace(&difference, trail);
    reverse(&difference);
    fprintf(out, "--- %s\n+++ %s\n", before->name, after->name);
    write_hunks(&difference, out);
    duet_arena_free(arena);
}
