/* Texts made to cost, one kind a row of kinds.def. */
#pragma once

#include <stddef.h>
#include <stdio.h>

struct hostile_part {
    const char *text;
    size_t length;
};

struct hostile_kind {
    const char *name;
    struct hostile_part head, fill;
    unsigned fill_count;
    struct hostile_part middle, piece, close, tail;
    const char *finding; /* stands in what `check` says; NULL: whatever it says */
};

size_t hostile_kind_count(void);
const struct hostile_kind *hostile_kind_at(size_t index);

/* About that many bytes of the kind. */
void hostile_kind_write(const struct hostile_kind *kind, size_t size, FILE *out);
