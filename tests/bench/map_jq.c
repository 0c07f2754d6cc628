/* bench-map-jq PROGRAM ANALYSTS: the mapping as a jq program, run by libjq; a record a line in and out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <jq.h>

#include "tests/bench/analysts.h"

static char *read_file(const char *path)
{
    char *text = NULL;
    size_t capacity = 0;
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    ssize_t length = getdelim(&text, &capacity, '\0', file);
    fclose(file);
    if (length < 0) {
        free(text);
        return NULL;
    }
    return text;
}

static jv analysts_by_id(const struct bench_analysts *analysts)
{
    jv by_id = jv_object();
    for (size_t i = 0; i < analysts->count; i++)
        by_id = jv_object_set(by_id, jv_string(analysts->rows[i].id),
                              jv_string(analysts->rows[i].login));
    return by_id;
}

/* Compiled with $analysts bound; -1 after saying what is wrong (jq says what is wrong in the program). */
static int prepare(jq_state *jq, const char *program_path, const char *analysts_path)
{
    struct bench_analysts analysts = { 0 };
    char *program = read_file(program_path);
    if (!program || bench_analysts_load(analysts_path, &analysts) != 0) {
        fprintf(stderr, "can't read %s\n", program ? analysts_path : program_path);
        free(program);
        return -1;
    }
    jv arguments = jv_object_set(jv_object(), jv_string("analysts"), analysts_by_id(&analysts));
    int compiled = jq_compile_args(jq, program, arguments);
    free(program);
    return compiled ? 0 : -1;
}

static int map_line(jq_state *jq, const char *line, size_t length)
{
    jv record = jv_parse_sized(line, (int)length);
    if (!jv_is_valid(record)) {
        jv_free(record);
        return -1;
    }
    jq_start(jq, record, 0);
    jv result = jq_next(jq);
    if (!jv_is_valid(result)) {
        jv_free(result);
        return -1;
    }
    jv text = jv_dump_string(result, 0);
    fwrite(jv_string_value(text), 1, (size_t)jv_string_length_bytes(jv_copy(text)), stdout);
    putchar('\n');
    jv_free(text);
    return 0;
}

static int map_all(jq_state *jq)
{
    char *line = NULL;
    size_t capacity = 0;
    unsigned number = 0;
    int failed = 0;
    ssize_t length;
    while (!failed && (length = getline(&line, &capacity, stdin)) > 0) {
        number++;
        failed = map_line(jq, line, (size_t)length);
    }
    free(line);
    if (failed)
        fprintf(stderr, "line %u can't be mapped\n", number);
    return failed || fflush(stdout) != 0 ? 3 : 0;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: bench-map-jq PROGRAM ANALYSTS\n", stderr);
        return 2;
    }
    jq_state *jq = jq_init();
    if (!jq)
        return 3;
    int status = prepare(jq, argv[1], argv[2]) == 0 ? map_all(jq) : 3;
    jq_teardown(&jq);
    return status;
}
