#include "tests/support/sample_parts.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

uint32_t sample_str(struct sample *s, const char *text)
{
    return duet_build_str(s->builder, text);
}

uint32_t sample_count(const struct sample *s, enum duet_section section)
{
    return duet_build_count(s->builder, section);
}

uint32_t sample_add(struct sample *s, enum duet_section section, const void *row)
{
    return duet_build_row(s->builder, section, row);
}

uint32_t sample_path(struct sample *s, const char *text)
{
    uint32_t first = sample_count(s, DUET_SECTION_STEP);
    char *copy = strdup(text);
    char *rest = NULL;
    for (char *word = strtok_r(copy, ".", &rest); word; word = strtok_r(NULL, ".", &rest)) {
        char *each = strstr(word, "[]");
        if (each)
            *each = '\0';
        sample_add(s, DUET_SECTION_STEP,
                   &(struct duet_t_step){ .name = sample_str(s, word), .each = each != NULL });
    }
    free(copy);
    struct duet_t_path row = { .steps = first,
                               .steps_count = sample_count(s, DUET_SECTION_STEP) - first };
    return sample_add(s, DUET_SECTION_PATH, &row);
}

uint32_t sample_enumeration(struct sample *s, const char *name, const char *values, bool ordered)
{
    uint32_t first = sample_count(s, DUET_SECTION_VALUE);
    char *copy = strdup(values);
    char *rest = NULL;
    for (char *word = strtok_r(copy, "|", &rest); word; word = strtok_r(NULL, "|", &rest)) {
        char *wire = strchr(word, '=');
        if (wire)
            *wire++ = '\0';
        struct duet_t_value value = { .name = sample_str(s, word),
                                      .wire = sample_str(s, wire),
                                      .wire_number = wire != NULL };
        sample_add(s, DUET_SECTION_VALUE, &value);
    }
    free(copy);
    struct duet_t_enum row = { .name = sample_str(s, name),
                               .values = first,
                               .values_count = sample_count(s, DUET_SECTION_VALUE) - first,
                               .ordered = ordered };
    return sample_add(s, DUET_SECTION_ENUM, &row);
}

uint32_t sample_words(struct sample *s, uint32_t number, ...)
{
    uint32_t first = sample_count(s, DUET_SECTION_WORD);
    va_list args;
    va_start(args, number);
    for (uint32_t i = 0; i < number; i++)
        sample_add(s, DUET_SECTION_WORD, &(struct duet_t_word){ .bits = va_arg(args, uint32_t) });
    va_end(args);
    return first;
}

uint64_t sample_number_of(uint32_t of)
{
    return duet_bit(of >= SAMPLE_RIGHT_KEY ? of - SAMPLE_RIGHT_KEY : of);
}

/* --- conditions ---------------------------------------------------------------------------------------- */

uint32_t sample_expr(struct sample *s, struct duet_t_expr row)
{
    return sample_add(s, DUET_SECTION_EXPR, &row);
}

uint32_t sample_leaf(struct sample *s, enum duet_op op, uint32_t side)
{
    return sample_expr(s, (struct duet_t_expr){ .op = op,
                                                .side = side,
                                                .left = NONE,
                                                .right = NONE,
                                                .field = NONE,
                                                .path = NONE,
                                                .text = NONE });
}

uint32_t sample_field_leaf(struct sample *s, uint32_t field)
{
    return sample_expr(s, (struct duet_t_expr){ .op = DUET_EXPR_FIELD,
                                                .side = field >= SAMPLE_RIGHT_KEY,
                                                .left = NONE,
                                                .right = NONE,
                                                .field = field,
                                                .path = NONE,
                                                .text = NONE });
}

uint32_t sample_value_leaf(struct sample *s, uint32_t number, const char *name)
{
    return sample_expr(s, (struct duet_t_expr){ .op = DUET_EXPR_VALUE,
                                                .left = NONE,
                                                .right = NONE,
                                                .field = NONE,
                                                .path = NONE,
                                                .text = sample_str(s, name),
                                                .number_lo = number });
}

uint32_t sample_text_leaf(struct sample *s, const char *text)
{
    return sample_expr(s, (struct duet_t_expr){ .op = DUET_EXPR_TEXT,
                                                .left = NONE,
                                                .right = NONE,
                                                .field = NONE,
                                                .path = NONE,
                                                .text = sample_str(s, text) });
}

uint32_t sample_number_leaf(struct sample *s, int64_t number)
{
    return sample_expr(s, (struct duet_t_expr){ .op = DUET_EXPR_NUMBER,
                                                .left = NONE,
                                                .right = NONE,
                                                .field = NONE,
                                                .path = NONE,
                                                .text = NONE,
                                                .number_lo = (uint32_t)number,
                                                .number_hi = (uint32_t)((uint64_t)number >> 32) });
}

uint32_t sample_path_leaf(struct sample *s, enum duet_root root, const char *text)
{
    return sample_expr(s, (struct duet_t_expr){ .op = DUET_EXPR_PATH,
                                                .root = root,
                                                .left = NONE,
                                                .right = NONE,
                                                .field = NONE,
                                                .path = text ? sample_path(s, text) : NONE,
                                                .text = NONE });
}

uint32_t sample_join(struct sample *s, enum duet_op op, uint32_t left, uint32_t right)
{
    return sample_expr(
        s, (struct duet_t_expr){
               .op = op, .left = left, .right = right, .field = NONE, .path = NONE, .text = NONE });
}

uint32_t sample_is(struct sample *s, uint32_t field, uint32_t number, const char *name)
{
    uint32_t value = sample_value_leaf(s, number, name);
    return sample_join(s, DUET_EXPR_EQ, sample_field_leaf(s, field), value);
}

uint32_t sample_in(struct sample *s, uint32_t field, const char *first, const char *second)
{
    uint32_t list = sample_value_leaf(s, 0, first);
    sample_value_leaf(s, 1, second);
    return sample_expr(s, (struct duet_t_expr){ .op = DUET_EXPR_IN,
                                                .left = sample_field_leaf(s, field),
                                                .right = NONE,
                                                .list = list,
                                                .list_count = 2,
                                                .field = NONE,
                                                .path = NONE,
                                                .text = NONE });
}

/* --- templates ----------------------------------------------------------------------------------------- */

uint32_t sample_piece(struct sample *s, enum duet_ref ref, const char *text, uint32_t field)
{
    return sample_add(
        s, DUET_SECTION_PIECE,
        &(struct duet_t_piece){ .ref = ref, .text = sample_str(s, text), .field = field });
}

struct duet_t_json sample_json_of(enum duet_json_kind kind, uint32_t key)
{
    return (struct duet_t_json){ .kind = kind, .key = key };
}

uint32_t sample_value_json(struct sample *s, const char *key, enum duet_ref ref, uint32_t field)
{
    struct duet_t_json row = sample_json_of(DUET_JSON_VALUE, sample_str(s, key));
    row.pieces = sample_piece(s, ref, NULL, field);
    row.pieces_count = 1;
    return sample_add(s, DUET_SECTION_JSON, &row);
}

uint32_t sample_text_json(struct sample *s, const char *key, const char *text)
{
    struct duet_t_json row = sample_json_of(DUET_JSON_STRING, sample_str(s, key));
    row.pieces = sample_piece(s, DUET_REF_LITERAL, text, NONE);
    row.pieces_count = 1;
    return sample_add(s, DUET_SECTION_JSON, &row);
}

uint32_t sample_object(struct sample *s, const char *key, uint32_t first, uint32_t children)
{
    struct duet_t_json row = sample_json_of(DUET_JSON_OBJECT, sample_str(s, key));
    row.children = first;
    row.children_count = children;
    return sample_add(s, DUET_SECTION_JSON, &row);
}
