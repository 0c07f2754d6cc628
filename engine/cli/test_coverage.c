#include "engine/cli/test_coverage.h"

#include <string.h>

/* --- adding up ------------------------------------------------------------------------------------------- */

static bool same_point(const struct duet_coverage_point *a, const struct duet_coverage_point *b)
{
    return a->kind == b->kind && a->line == b->line && strcmp(a->what, b->what) == 0 &&
           strcmp(a->file, b->file) == 0;
}

/* Whether both are of one mapping, read from one file. */
static bool same_mapping(const struct duet_covered_mapping *mapping, const char *name,
                         const struct duet_coverage_point *points, size_t count)
{
    if (mapping->count != count || strcmp(mapping->name, name) != 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!same_point(&mapping->points[i], &points[i]))
            return false;
    }
    return true;
}

/* The mapping's place in the list, made if it isn't there. */
static struct duet_covered_mapping *place_of(struct duet_covered *covered, const char *name,
                                             const struct duet_coverage_point *points, size_t count,
                                             struct duet_arena *arena)
{
    struct duet_covered_mapping **link = &covered->mappings;
    while (*link && !same_mapping(*link, name, points, count))
        link = &(*link)->next;
    struct duet_covered_mapping *found = *link;
    if (found)
        return found;
    struct duet_covered_mapping *made = duet_arena_alloc(arena, sizeof *made);
    made->name = name;
    made->count = count;
    made->points = duet_arena_alloc_array(arena, count + 1, sizeof *made->points);
    for (size_t i = 0; i < count; i++) {
        made->points[i] = points[i];
        made->points[i].happened = made->points[i].exercised = false;
    }
    *link = made;
    return made;
}

void duet_covered_add(struct duet_covered *covered, const struct duet_testing *testing,
                      struct duet_arena *arena)
{
    for (const struct duet_testing_mapping *tested = testing->mappings; tested;
         tested = tested->next) {
        size_t count = 0;
        const struct duet_coverage_point *points = duet_coverage_points(tested->coverage, &count);
        struct duet_covered_mapping *mapping =
            place_of(covered, tested->name, points, count, arena);
        for (size_t i = 0; i < count; i++) {
            struct duet_coverage_point *point = &mapping->points[i];
            mapping->exercised += points[i].exercised && !point->exercised;
            point->happened = point->happened || points[i].happened;
            point->exercised = point->exercised || points[i].exercised;
        }
    }
}

/* --- telling --------------------------------------------------------------------------------------------- */

struct count {
    size_t exercised;
    size_t all;
};

static struct count count_of(const struct duet_covered_mapping *mapping,
                             enum duet_coverage_kind kind)
{
    struct count count = { 0, 0 };
    for (size_t i = 0; i < mapping->count; i++) {
        count.all += mapping->points[i].kind == kind;
        count.exercised += mapping->points[i].kind == kind && mapping->points[i].exercised;
    }
    return count;
}

static void write_mapping(const struct duet_covered_mapping *mapping, const char *before, FILE *out)
{
    const char *join = ": ";
    fprintf(out, "%scoverage of %s", before, mapping->name);
    for (int kind = 0; kind < DUET_COVERAGE_KINDS; kind++) {
        struct count count = count_of(mapping, (enum duet_coverage_kind)kind);
        if (!count.all)
            continue;
        fprintf(out, "%s%s %zu of %zu", join,
                duet_coverage_kind_name((enum duet_coverage_kind)kind), count.exercised, count.all);
        join = ", ";
    }
    fputc('\n', out);
    for (size_t i = 0; i < mapping->count; i++) {
        const struct duet_coverage_point *point = &mapping->points[i];
        if (!point->exercised)
            fprintf(out, "%s  %s:%u: %s: %s\n", before, point->file, point->line,
                    point->happened ? "happens, and no test expects anything of it"
                                    : "not exercised",
                    point->what);
    }
}

void duet_covered_write(const struct duet_covered *covered, const char *before, FILE *out)
{
    for (const struct duet_covered_mapping *mapping = covered->mappings; mapping;
         mapping = mapping->next)
        write_mapping(mapping, before, out);
}

/* In tenths, cut: 100 only when nothing is left out. */
static size_t tenths_of(const struct duet_covered_mapping *mapping)
{
    return mapping->count ? mapping->exercised * 1000 / mapping->count : 1000;
}

bool duet_covered_reaches(const struct duet_covered_mapping *mapping, long percent)
{
    return mapping->exercised * 100 >= (size_t)percent * mapping->count;
}

void duet_covered_tell(const struct duet_covered_mapping *mapping, FILE *out)
{
    size_t tenths = tenths_of(mapping);
    const char *join = ": missing ";
    fprintf(out, "coverage of %s is %zu of %zu, %zu.%zu %%", mapping->name, mapping->exercised,
            mapping->count, tenths / 10, tenths % 10);
    for (int kind = 0; kind < DUET_COVERAGE_KINDS; kind++) {
        struct count count = count_of(mapping, (enum duet_coverage_kind)kind);
        if (count.exercised == count.all)
            continue;
        fprintf(out, "%s%s %zu of %zu", join,
                duet_coverage_kind_name((enum duet_coverage_kind)kind), count.all - count.exercised,
                count.all);
        join = ", ";
    }
}

/* --- JSON ------------------------------------------------------------------------------------------------ */

static json_t *points_json(const struct duet_covered_mapping *mapping)
{
    json_t *all = json_array();
    for (size_t i = 0; i < mapping->count; i++) {
        const struct duet_coverage_point *point = &mapping->points[i];
        (void)json_array_append_new(
            all, json_pack("{s:s, s:s, s:s, s:I, s:b, s:b}", "kind",
                           duet_coverage_kind_name(point->kind), "what", point->what, "file",
                           point->file, "line", (json_int_t)point->line, "happened",
                           (int)point->happened, "exercised", (int)point->exercised));
    }
    return all;
}

json_t *duet_covered_json(const struct duet_covered *covered)
{
    json_t *all = json_array();
    for (const struct duet_covered_mapping *mapping = covered->mappings; mapping;
         mapping = mapping->next) {
        (void)json_array_append_new(
            all,
            json_pack("{s:s, s:I, s:I, s:f, s:o}", "mapping", mapping->name, "exercised",
                      (json_int_t)mapping->exercised, "of", (json_int_t)mapping->count, "percent",
                      (double)tenths_of(mapping) / 10, "points", points_json(mapping)));
    }
    return all;
}
