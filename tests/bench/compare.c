#include "tests/bench/compare.h"

#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <jansson.h>

struct reader {
    const char *path;
    FILE *file;
    char *line;
    size_t capacity;
};

/* The next line as JSON with sorted keys, NULL at the end; *broken_out says whether that was no JSON. */
static char *next_record(struct reader *reader, int *broken_out)
{
    *broken_out = 0;
    ssize_t length = getline(&reader->line, &reader->capacity, reader->file);
    if (length < 0)
        return NULL;

    json_t *record = json_loadb(reader->line, (size_t)length, 0, NULL);
    char *sorted = record ? json_dumps(record, JSON_SORT_KEYS | JSON_COMPACT) : NULL;
    json_decref(record);
    *broken_out = !sorted;
    return sorted;
}

static enum bench_comparison compare_line(struct reader *left, struct reader *right, unsigned line,
                                          FILE *why)
{
    int left_broken;
    int right_broken;
    char *left_record = next_record(left, &left_broken);
    char *right_record = next_record(right, &right_broken);
    enum bench_comparison result = BENCH_EQUAL;

    if (left_broken || right_broken) {
        fprintf(why, "%s:%u: not JSON\n", left_broken ? left->path : right->path, line);
        result = BENCH_UNREADABLE;
    } else if (!left_record || !right_record || strcmp(left_record, right_record) != 0) {
        fprintf(why, "line %u differs\n  %s: %s\n  %s: %s\n", line, left->path,
                left_record ? left_record : "(no line)", right->path,
                right_record ? right_record : "(no line)");
        result = BENCH_DIFFERENT;
    }
    free(left_record);
    free(right_record);
    return result;
}

static enum bench_comparison expect_end(const struct reader *reader, unsigned count, FILE *why)
{
    if (fgetc(reader->file) == EOF)
        return BENCH_EQUAL;
    fprintf(why, "%s: more than %u lines\n", reader->path, count);
    return BENCH_DIFFERENT;
}

static enum bench_comparison compare_files(struct reader *left, struct reader *right,
                                           unsigned count, FILE *why)
{
    enum bench_comparison result = BENCH_EQUAL;
    for (unsigned line = 1; line <= count && result == BENCH_EQUAL; line++)
        result = compare_line(left, right, line, why);
    if (result == BENCH_EQUAL)
        result = expect_end(left, count, why);
    if (result == BENCH_EQUAL)
        result = expect_end(right, count, why);
    return result;
}

enum bench_comparison bench_compare(const char *left_path, const char *right_path, unsigned count,
                                    FILE *why)
{
    struct reader left = { .path = left_path, .file = fopen(left_path, "r") };
    struct reader right = { .path = right_path, .file = fopen(right_path, "r") };
    enum bench_comparison result = BENCH_UNREADABLE;

    if (left.file && right.file)
        result = compare_files(&left, &right, count, why);
    else
        fprintf(why, "%s: can't be read\n", left.file ? right_path : left_path);

    if (left.file)
        fclose(left.file);
    if (right.file)
        fclose(right.file);
    free(left.line);
    free(right.line);
    return result;
}
