/* The analysts' table as the references read it: the CSV that generate.c wrote. */
#pragma once

#include <stddef.h>

enum { BENCH_MOST_ANALYSTS = 64 };

struct bench_analysts {
    size_t count;
    struct bench_analyst {
        char id[64];    /* the first column: objectId */
        char login[64]; /* the last: the SOAR's login */
    } rows[BENCH_MOST_ANALYSTS];
};

/* 0, or -1 when the file can't be read, is too long or isn't as generate.c writes it. */
int bench_analysts_load(const char *path, struct bench_analysts *analysts_out);

/* The login for an id; NULL when the table has none. */
const char *bench_analysts_login(const struct bench_analysts *analysts, const char *id);
