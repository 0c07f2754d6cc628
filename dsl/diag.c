/* The list of findings and the table of codes; the renderers are diag_text.c and diag_json.c. */
#include "dsl/diag.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/diag_list.h"

struct duet_diags {
    struct duet_arena *arena;
    struct duet_diag *kept[DUET_DIAG_MAX];
    size_t count;
    size_t errors;
    size_t warnings;
    bool full;
    bool sorted;
    struct duet_diag dropped; /* stands for each finding past the limit; has no arena */
};

struct code_row {
    enum duet_diag_code code;
    const char *name;
    enum duet_severity severity;
    const char *meaning;
};

static const struct code_row code_rows[] = {
#define DUET_DIAG(name, number, severity, meaning)                                                 \
    { DUET_DIAG_##name, #name, DUET_SEVERITY_##severity, meaning },
#include "dsl/diag_codes.def"
#undef DUET_DIAG
};

static const struct code_row *row_of(enum duet_diag_code code)
{
    for (size_t i = 0; i < sizeof code_rows / sizeof code_rows[0]; i++) {
        if (code_rows[i].code == code)
            return &code_rows[i];
    }
    return NULL;
}

const char *duet_diag_code_name(enum duet_diag_code code)
{
    const struct code_row *row = row_of(code);
    return row == NULL ? NULL : row->name;
}

const char *duet_diag_code_meaning(enum duet_diag_code code)
{
    const struct code_row *row = row_of(code);
    return row == NULL ? NULL : row->meaning;
}

const char *duet_severity_name(enum duet_severity severity)
{
    switch (severity) {
    case DUET_SEVERITY_ERROR:
        return "error";
    case DUET_SEVERITY_WARNING:
        return "warning";
    case DUET_SEVERITY_NOTE:
        return "note";
    }
    return "";
}

struct duet_diags *duet_diags_new(struct duet_arena *arena)
{
    struct duet_diags *diags = duet_arena_alloc(arena, sizeof *diags);
    diags->arena = arena;
    return diags;
}

static bool same(const struct duet_diag *a, const struct duet_diag *b)
{
    return a->code == b->code && a->at.file == b->at.file && a->at.start == b->at.start &&
           a->at.end == b->at.end && strcmp(a->message, b->message) == 0;
}

static bool is_known(const struct duet_diags *diags, const struct duet_diag *diag)
{
    for (size_t i = 0; i < diags->count; i++) {
        if (same(diags->kept[i], diag))
            return true;
    }
    return false;
}

static void keep(struct duet_diags *diags, struct duet_diag *diag)
{
    enum duet_severity severity = duet_diag_severity(diag);

    diags->errors += severity == DUET_SEVERITY_ERROR;
    diags->warnings += severity == DUET_SEVERITY_WARNING;
    diag->order = diags->count;
    diags->kept[diags->count++] = diag;
    diags->sorted = false;
}

static enum duet_severity severity_of(enum duet_diag_code code)
{
    const struct code_row *row = row_of(code);
    assert(row != NULL);
    return row->severity;
}

/* A hostile file can have millions of findings: those past the limit take no memory. */
static struct duet_diag *drop(struct duet_diags *diags, enum duet_diag_code code)
{
    diags->full = true;
    diags->errors += severity_of(code) == DUET_SEVERITY_ERROR;
    diags->warnings += severity_of(code) == DUET_SEVERITY_WARNING;
    diags->dropped = (struct duet_diag){ .code = code, .at = DUET_SPAN_NONE, .message = "" };
    return &diags->dropped;
}

/* A text that quotes the file stays short, however long what it quotes is. */
static const char *said(struct duet_arena *arena, const char *format, va_list arguments)
{
    char text[DUET_DIAG_TEXT_MAX + 4];
    int length = vsnprintf(text, DUET_DIAG_TEXT_MAX + 1, format, arguments);
    if (length < 0)
        return "";
    size_t end = (size_t)length;
    if (end > DUET_DIAG_TEXT_MAX) {
        end = DUET_DIAG_TEXT_MAX;
        while (end > 0 && ((unsigned char)text[end - 1] & 0xc0u) == 0x80u)
            end--;
        end -= end > 0 && (unsigned char)text[end - 1] >= 0xc0u; /* a character that was cut */
        memcpy(text + end, "...", sizeof "...");
        end += 3;
    }
    return duet_arena_copy_text(arena, text, end);
}

struct duet_diag *duet_diag_add(struct duet_diags *diags, enum duet_diag_code code,
                                struct duet_span at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct duet_diag *diag = duet_diag_add_list(diags, code, at, format, arguments);
    va_end(arguments);
    return diag;
}

struct duet_diag *duet_diag_add_list(struct duet_diags *diags, enum duet_diag_code code,
                                     struct duet_span at, const char *format, va_list arguments)
{
    if (diags->full)
        return drop(diags, code);
    struct duet_diag *diag = duet_arena_alloc(diags->arena, sizeof *diag);
    diag->code = code;
    diag->at = at;
    diag->arena = diags->arena;
    diag->message = said(diags->arena, format, arguments);
    if (is_known(diags, diag))
        return diag;
    if (diags->count == DUET_DIAG_MAX)
        return drop(diags, code);
    keep(diags, diag);
    return diag;
}

void duet_diag_label(struct duet_diag *diag, const char *format, ...)
{
    va_list arguments;
    if (diag->arena == NULL)
        return;
    va_start(arguments, format);
    diag->label = said(diag->arena, format, arguments);
    va_end(arguments);
}

void duet_diag_help(struct duet_diag *diag, const char *format, ...)
{
    va_list arguments;
    if (diag->arena == NULL)
        return;
    va_start(arguments, format);
    diag->help = said(diag->arena, format, arguments);
    va_end(arguments);
}

void duet_diag_story(struct duet_diag *diag, const char *json)
{
    if (diag->arena != NULL)
        diag->story = duet_arena_copy_text(diag->arena, json, strlen(json));
}

void duet_diag_context(struct duet_diag *diag, const char *format, ...)
{
    va_list arguments;
    if (diag->arena == NULL)
        return;
    va_start(arguments, format);
    diag->context = said(diag->arena, format, arguments);
    va_end(arguments);
}

void duet_diag_note(struct duet_diag *diag, struct duet_span at, const char *format, ...)
{
    va_list arguments;
    if (diag->arena == NULL)
        return;
    struct duet_diag_note *note = duet_arena_alloc(diag->arena, sizeof *note);

    note->at = at;
    va_start(arguments, format);
    note->text = said(diag->arena, format, arguments);
    va_end(arguments);
    if (diag->last_note == NULL)
        diag->notes = note;
    else
        diag->last_note->next = note;
    diag->last_note = note;
}

void duet_diag_fact(struct duet_diag *diag, const char *key, const char *format, ...)
{
    va_list arguments;
    if (diag->arena == NULL)
        return;
    struct duet_diag_note *fact = duet_arena_alloc(diag->arena, sizeof *fact);

    fact->at = DUET_SPAN_NONE;
    fact->key = duet_arena_copy_text(diag->arena, key, strlen(key));
    va_start(arguments, format);
    fact->text = duet_arena_format_list(diag->arena, format, arguments);
    va_end(arguments);
    if (diag->last_fact == NULL)
        diag->facts = fact;
    else
        diag->last_fact->next = fact;
    diag->last_fact = fact;
}

size_t duet_diags_errors(const struct duet_diags *diags)
{
    return diags->errors;
}

size_t duet_diags_warnings(const struct duet_diags *diags)
{
    return diags->warnings;
}

size_t duet_diags_count(const struct duet_diags *diags)
{
    return diags->count;
}

bool duet_diags_full(const struct duet_diags *diags)
{
    return diags->full;
}

static int ascending(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare(const void *left, const void *right)
{
    const struct duet_diag *a = *(const struct duet_diag *const *)left;
    const struct duet_diag *b = *(const struct duet_diag *const *)right;

    int by = ascending(a->at.file, b->at.file);
    if (by == 0)
        by = ascending(a->at.start, b->at.start);
    if (by == 0)
        by = ascending(a->code, b->code);
    return by != 0 ? by : ascending(a->order, b->order);
}

const struct duet_diag *duet_diags_at(struct duet_diags *diags, size_t index)
{
    assert(index < diags->count);
    if (!diags->sorted) {
        qsort(diags->kept, diags->count, sizeof diags->kept[0], compare);
        diags->sorted = true;
    }
    return diags->kept[index];
}

enum duet_diag_code duet_diag_code_of(const struct duet_diag *diag)
{
    return diag->code;
}

enum duet_severity duet_diag_severity(const struct duet_diag *diag)
{
    return severity_of(diag->code);
}

struct duet_span duet_diag_place(const struct duet_diag *diag)
{
    return diag->at;
}

const char *duet_diag_message(const struct duet_diag *diag)
{
    return diag->message;
}

const char *duet_diag_label_text(const struct duet_diag *diag)
{
    return diag->label;
}

const char *duet_diag_help_text(const struct duet_diag *diag)
{
    return diag->help;
}

const char *duet_diag_context_text(const struct duet_diag *diag)
{
    return diag->context;
}

const char *duet_diag_story_text(const struct duet_diag *diag)
{
    return diag->story;
}

const struct duet_diag_note *duet_diag_notes(const struct duet_diag *diag)
{
    return diag->notes;
}

const struct duet_diag_note *duet_diag_facts(const struct duet_diag *diag)
{
    return diag->facts;
}
