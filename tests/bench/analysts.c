#include "tests/bench/analysts.h"

#include <stdio.h>
#include <string.h>

/* `row` is zeroed. */
static int read_row(char *line, struct bench_analyst *row)
{
    line[strcspn(line, "\n")] = '\0';
    char *after_id = strchr(line, ',');
    char *login = strrchr(line, ',');
    if (!after_id || (size_t)(after_id - line) >= sizeof row->id ||
        strlen(login + 1) >= sizeof row->login)
        return -1;
    memcpy(row->id, line, (size_t)(after_id - line));
    memcpy(row->login, login + 1, strlen(login + 1));
    return 0;
}

int bench_analysts_load(const char *path, struct bench_analysts *analysts_out)
{
    char line[512];
    FILE *file = fopen(path, "r");
    if (!file)
        return -1;
    int status = fgets(line, sizeof line, file) ? 0 : -1; /* the heading */
    *analysts_out = (struct bench_analysts){ 0 };
    while (status == 0 && fgets(line, sizeof line, file)) {
        if (analysts_out->count == BENCH_MOST_ANALYSTS)
            status = -1;
        else
            status = read_row(line, &analysts_out->rows[analysts_out->count++]);
    }
    fclose(file);
    return status;
}

const char *bench_analysts_login(const struct bench_analysts *analysts, const char *id)
{
    for (size_t i = 0; i < analysts->count; i++)
        if (strcmp(analysts->rows[i].id, id) == 0)
            return analysts->rows[i].login;
    return NULL;
}
