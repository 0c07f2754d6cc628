/* The pattern of a time: does it say all that a time needs, so that what is written can be read again? */
#include <string.h>

#include "dsl/arena.h"
#include "dsl/check.h"

static const struct part {
    const char letter;
    size_t least, most; /* letters in a row */
    const char *spelt;
    const char *name; /* of one that must stand in each pattern; NULL: it may be left out */
} parts[] = {
    { 'y', 4, 4, "yyyy", "year" }, { 'M', 1, 2, "MM", "month" }, { 'd', 1, 2, "dd", "day" },
    { 'H', 1, 2, "HH", NULL },     { 'h', 1, 2, "hh", NULL },    { 'm', 1, 2, "mm", NULL },
    { 's', 1, 2, "ss", NULL },     { 'f', 1, 7, "fff", NULL },   { 't', 1, 2, "tt", NULL },
};

#define PART_COUNT (sizeof parts / sizeof parts[0])

/* What stands for a part of a time elsewhere and for itself here. */
static const char foreign[] = "%YDSaXx";

struct pattern {
    struct duet_checker *check;
    const struct duet_ast_type *type;
    size_t seen[PART_COUNT]; /* runs of the part's letter */
};

static bool refuse(const struct pattern *pattern, const char *message)
{
    duet_diag_help(
        duet_checker_report(pattern->check, DUET_DIAG_BAD_TYPE, pattern->type->at, "%s", message),
        "a pattern is made of yyyy, MM, dd, HH (or hh with tt), mm, ss and fff, such as "
        "\"yyyy-MM-dd HH:mm:ss\"");
    return false;
}

static bool has(const struct pattern *pattern, char letter)
{
    for (size_t i = 0; i < PART_COUNT; i++) {
        if (parts[i].letter == letter)
            return pattern->seen[i] > 0;
    }
    return false;
}

static bool take_run(struct pattern *pattern, const char *run, size_t length)
{
    struct duet_arena *arena = pattern->check->arena;
    if (strchr(foreign, *run))
        return refuse(pattern, duet_arena_format(arena, "'%.*s' is no part of a time's pattern",
                                                 (int)length, run));
    for (size_t i = 0; i < PART_COUNT; i++) {
        if (parts[i].letter != *run)
            continue;
        if (length < parts[i].least || length > parts[i].most)
            return refuse(pattern, duet_arena_format(arena,
                                                     "'%.*s' is no part of a time's pattern: "
                                                     "expected '%s'",
                                                     (int)length, run, parts[i].spelt));
        if (pattern->seen[i]++)
            return refuse(pattern, duet_arena_format(arena, "'%.*s' stands twice in the pattern",
                                                     (int)length, run));
    }
    return true;
}

static bool take_runs(struct pattern *pattern)
{
    const char *text = pattern->type->time_format;
    while (*text) {
        size_t length = 1;
        while (text[length] == *text)
            length++;
        if (!take_run(pattern, text, length))
            return false;
        text += length;
    }
    return true;
}

static void check_whole(const struct pattern *pattern)
{
    for (size_t i = 0; i < PART_COUNT; i++) {
        if (!parts[i].name || pattern->seen[i])
            continue;
        refuse(pattern, duet_arena_format(pattern->check->arena,
                                          "the pattern has no %s: expected '%s' in it",
                                          parts[i].name, parts[i].spelt));
        return;
    }
    if (has(pattern, 'h') && !has(pattern, 't'))
        refuse(pattern, "'hh' can't tell the morning from the afternoon: write 'HH', or add 'tt'");
    else if (has(pattern, 't') && (!has(pattern, 'h') || has(pattern, 'H')))
        refuse(pattern, "'tt' goes with 'hh'");
}

void duet_checker_time(struct duet_checker *check, const struct duet_ast_type *type)
{
    struct pattern pattern = { .check = check, .type = type };
    if (type->kind == DUET_AST_TYPE_TIME && type->time_format && take_runs(&pattern))
        check_whole(&pattern);
}
