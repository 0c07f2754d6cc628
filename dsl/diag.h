/* Diagnostics: what is wrong with a mapping, where, with a code for life, and what to do about it.
 *
 * A list owns nothing but its place in an arena; texts are copied there. Rendering needs the sources
 * that the spans point into. Order when rendered: file, place, code; the same finding twice is one. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "dsl/source.h"

#define DUET_DIAG_MAX 100u       /* findings kept; the rest is counted, and one line says so */
#define DUET_DIAG_TEXT_MAX 4000u /* bytes of a message, note or help: "..." stands for the rest */

enum duet_severity { DUET_SEVERITY_ERROR, DUET_SEVERITY_WARNING, DUET_SEVERITY_NOTE };

enum duet_diag_code {
#define DUET_DIAG(name, number, severity, meaning) DUET_DIAG_##name = (number),
#include "dsl/diag_codes.def"
#undef DUET_DIAG
};

struct duet_arena;
struct duet_diags;
struct duet_diag; /* one finding; valid as long as its list's arena */

struct duet_diags *duet_diags_new(struct duet_arena *arena);

/* Adds a finding; its severity comes from diag_codes.def. Never NULL: past DUET_DIAG_MAX the finding
 * that comes back is not part of the list. */
struct duet_diag *duet_diag_add(struct duet_diags *diags, enum duet_diag_code code,
                                struct duet_span at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
struct duet_diag *duet_diag_add_list(struct duet_diags *diags, enum duet_diag_code code,
                                     struct duet_span at, const char *format, va_list arguments)
    __attribute__((format(printf, 4, 0)));

/* The words behind the carets. */
void duet_diag_label(struct duet_diag *diag, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A second place (or none, DUET_SPAN_NONE) that belongs to it, in the order added. */
void duet_diag_note(struct duet_diag *diag, struct duet_span at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A keyed line such as "before:", "edit:", "outcome:"; shown in the order added, aligned. */
void duet_diag_fact(struct duet_diag *diag, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What `before:` and `edit:` say, as JSON for programs that play it again; copied. */
void duet_diag_story(struct duet_diag *diag, const char *json);

/* What to write instead. */
void duet_diag_help(struct duet_diag *diag, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* How sure a fix is. */
enum duet_fix_kind {
    DUET_FIX_SAFE, /* what was meant, or without effect: `duet check --fix` applies it */
    DUET_FIX_MAYBE /* one way of several: for a person to choose, in an editor */
};

/* A change of the text that mends the finding: the bytes `at` become a text. An empty place takes the text in
 * before it, an empty text takes the place out. A finding has at most one safe fix. */
void duet_diag_fix(struct duet_diag *diag, enum duet_fix_kind kind, struct duet_span at,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Last line: where it was found, such as "in mapping x". */
void duet_diag_context(struct duet_diag *diag, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Counts, those beyond DUET_DIAG_MAX too. */
size_t duet_diags_errors(const struct duet_diags *diags);
size_t duet_diags_warnings(const struct duet_diags *diags);
/* Findings kept, and whether there were more. */
size_t duet_diags_count(const struct duet_diags *diags);
bool duet_diags_full(const struct duet_diags *diags);

/* Findings as data, sorted as rendered; index below duet_diags_count(). */
const struct duet_diag *duet_diags_at(struct duet_diags *diags, size_t index);
enum duet_diag_code duet_diag_code_of(const struct duet_diag *diag);
enum duet_severity duet_diag_severity(const struct duet_diag *diag);
struct duet_span duet_diag_place(const struct duet_diag *diag);
const char *duet_diag_message(const struct duet_diag *diag);
const char *duet_diag_label_text(const struct duet_diag *diag);   /* NULL: none */
const char *duet_diag_help_text(const struct duet_diag *diag);    /* NULL: none */
const char *duet_diag_context_text(const struct duet_diag *diag); /* NULL: none */
const char *duet_diag_story_text(const struct duet_diag *diag);   /* NULL: none */

struct duet_diag_note {
    struct duet_span at;
    const char *text;
    const char *key; /* a fact's key, NULL for a note */
    struct duet_diag_note *next;
};
/* Notes and facts, first of each list or NULL. */
const struct duet_diag_note *duet_diag_notes(const struct duet_diag *diag);
const struct duet_diag_note *duet_diag_facts(const struct duet_diag *diag);

struct duet_diag_fix {
    struct duet_span at; /* never DUET_SPAN_NONE; may stand in another file than the finding */
    const char *text;
    enum duet_fix_kind kind;
    struct duet_diag_fix *next;
};
/* Fixes in the order added, NULL: none. */
const struct duet_diag_fix *duet_diag_fixes(const struct duet_diag *diag);
/* What a fix does, in a few words for a menu: "write 'Closed' instead of 'Closd'", "add ';'", "remove 'x'". Long
 * texts are shortened. */
const char *duet_diag_fix_title(struct duet_arena *arena, const struct duet_sources *sources,
                                const struct duet_diag_fix *fix);

/* The table of codes. A code that isn't there: NULL name and meaning. */
const char *duet_diag_code_name(enum duet_diag_code code);
const char *duet_diag_code_meaning(enum duet_diag_code code);
const char *duet_severity_name(enum duet_severity severity);

enum duet_diag_color { DUET_DIAG_PLAIN, DUET_DIAG_COLORED };

/* Text for people, each finding as shown in grammar/README.md, an empty line between two. Control
 * characters of the sources are never written as they are. */
void duet_diags_render_text(struct duet_diags *diags, const struct duet_sources *sources,
                            enum duet_diag_color color, FILE *out);

/* One JSON array: file, line, column, end {line, column}, code, severity, message, label, notes,
 * facts, story, help, fixes [{title, safe, file, line, column, end, start, length, text}], context; start and
 * length count bytes of the file. Absent parts are left out. */
void duet_diags_render_json(struct duet_diags *diags, const struct duet_sources *sources,
                            FILE *out);
