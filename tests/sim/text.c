#include "tests/sim/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NEAREST_MAX = 40 };

static void out_of_memory(void)
{
    fputs("duet-sim: out of memory\n", stderr);
    exit(3);
}

void *sim_alloc(size_t size)
{
    void *memory = calloc(1, size > 0 ? size : 1);
    if (!memory)
        out_of_memory();
    return memory;
}

void *sim_resize(void *old, size_t size)
{
    void *memory = realloc(old, size > 0 ? size : 1);
    if (!memory)
        out_of_memory();
    return memory;
}

char *sim_copy_part(const char *text, size_t length)
{
    char *copy = sim_alloc(length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *sim_copy(const char *text)
{
    return sim_copy_part(text, strlen(text));
}

char *sim_format(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    size_t size = length < 0 ? 1 : (size_t)length + 1;
    char *text = sim_alloc(size);
    va_start(arguments, format);
    vsnprintf(text, size, format, arguments);
    va_end(arguments);
    return text;
}

void sim_text_add_part(struct sim_text *text, const char *more, size_t length)
{
    if (text->length + length + 1 > text->size) {
        text->size = (text->length + length + 1) * 2;
        text->bytes = sim_resize(text->bytes, text->size);
    }
    memcpy(text->bytes + text->length, more, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void sim_text_add(struct sim_text *text, const char *more)
{
    sim_text_add_part(text, more, strlen(more));
}

void sim_text_finish(struct sim_text *text)
{
    free(text->bytes);
    *text = (struct sim_text){ 0 };
}

bool sim_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool sim_same_name(const char *a, const char *b)
{
    return a == b || (a && b && strcasecmp(a, b) == 0);
}

bool sim_starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool sim_contains(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

void sim_percent_decode(char *text)
{
    char *to = text;
    for (const char *at = text; *at; at++) {
        int high = at[0] == '%' ? hex_value(at[1]) : -1;
        int low = high >= 0 ? hex_value(at[2]) : -1;
        if (low >= 0 && (high | low) != 0) {
            *to++ = (char)(high * 16 + low);
            at += 2;
        } else {
            *to++ = *at;
        }
    }
    *to = '\0';
}

void sim_form_decode(char *text)
{
    for (char *at = text; *at; at++)
        if (*at == '+')
            *at = ' ';
    sim_percent_decode(text);
}

json_t *sim_form_parse(const char *text, const char *raw_plus)
{
    json_t *form = json_object();
    for (const char *at = text; at && *at;) {
        size_t length = strcspn(at, "&");
        const char *equals = memchr(at, '=', length);
        size_t name_length = equals ? (size_t)(equals - at) : length;
        char *name = sim_copy_part(at, name_length);
        char *value = equals ? sim_copy_part(equals + 1, length - name_length - 1) : sim_copy("");
        sim_form_decode(name);
        if (raw_plus && sim_same_name(name, raw_plus))
            sim_percent_decode(value);
        else
            sim_form_decode(value);
        json_object_set_new(form, name, json_string(value));
        free(name);
        free(value);
        at += length;
        if (*at == '&')
            at++;
    }
    return form;
}

size_t sim_utf16_length(const char *text)
{
    size_t units = 0;
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if ((*at & 0xC0U) == 0x80U)
            continue;
        units += *at >= 0xF0U ? 2 : 1;
    }
    return units;
}

const char *sim_member_text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* Edit distance over one row; words longer than NEAREST_MAX are never near. */
static size_t distance(const char *a, const char *b)
{
    size_t row[NEAREST_MAX + 1];
    size_t a_length = strlen(a);
    size_t b_length = strlen(b);
    if (a_length > NEAREST_MAX || b_length > NEAREST_MAX)
        return SIZE_MAX;
    for (size_t i = 0; i <= b_length; i++)
        row[i] = i;
    for (size_t i = 1; i <= a_length; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t above = row[j];
            size_t best = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
            if (above + 1 < best)
                best = above + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
            corner = above;
        }
    }
    return row[b_length];
}

const char *sim_nearest(const char *word, const char *(*next)(const void *list, size_t at),
                        const void *list)
{
    const char *best = NULL;
    size_t best_distance = strlen(word) / 3 + 2;
    for (size_t i = 0;; i++) {
        const char *candidate = next(list, i);
        if (!candidate)
            return best;
        size_t far = distance(word, candidate);
        if (far < best_distance) {
            best = candidate;
            best_distance = far;
        }
    }
}
