/* Checked allocation, growable text and the string helpers that several files need. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

/* Zeroed memory, freed with free(). Never NULL: when memory runs out the process ends, exit 3. */
void *sim_alloc(size_t size);
void *sim_resize(void *old, size_t size);
char *sim_copy(const char *text);
char *sim_copy_part(const char *text, size_t length);
char *sim_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The caller owns `bytes` (always ended by NUL once something was added); {0} is an empty text. */
struct sim_text {
    char *bytes;
    size_t length;
    size_t size;
};

void sim_text_add(struct sim_text *text, const char *more);
void sim_text_add_part(struct sim_text *text, const char *more, size_t length);
void sim_text_finish(struct sim_text *text);

bool sim_same(const char *a, const char *b);      /* NULL equals NULL only */
bool sim_same_name(const char *a, const char *b); /* ASCII letters compared without case */
bool sim_starts_with(const char *text, const char *prefix);
bool sim_contains(const char *text, const char *part);

/* Decodes %XX in place; a broken escape stays as it is. */
void sim_percent_decode(char *text);
/* The same after turning '+' into a blank, as in forms. */
void sim_form_decode(char *text);

/* "a=b&c=d" as a JSON object of texts, names and values decoded; a '+' in a value of the
 * member named `raw_plus` (may be NULL) stays a '+'. */
json_t *sim_form_parse(const char *text, const char *raw_plus);

/* Length in UTF-16 units of valid UTF-8. */
size_t sim_utf16_length(const char *text);

/* A member that is a text, else NULL; borrowed from the object. */
const char *sim_member_text(const json_t *object, const char *name);

/* The word of `list` nearest to `word`, or NULL when none is near; `next` walks the list. */
const char *sim_nearest(const char *word, const char *(*next)(const void *list, size_t at),
                        const void *list);
