/* Findings as text for people: head, place, the line with carets, what belongs to it. */
#include <stdint.h>
#include <string.h>

#include "dsl/diag.h"

#define EXCERPT_COLUMNS 120u /* a longer line is shown around the place only */
#define BEFORE_PLACE 40u

struct painter {
    const struct duet_sources *sources;
    FILE *out;
    bool colored;
};

static const char *paint(const struct painter *painter, const char *sequence)
{
    return painter->colored ? sequence : "";
}

static const char *const RESET = "\033[0m";
static const char *const BOLD = "\033[1m";
static const char *const BLUE = "\033[1;34m";

static const char *severity_color(enum duet_severity severity)
{
    switch (severity) {
    case DUET_SEVERITY_ERROR:
        return "\033[1;31m";
    case DUET_SEVERITY_WARNING:
        return "\033[1;33m";
    case DUET_SEVERITY_NOTE:
        return "\033[1;36m";
    }
    return "";
}

/* Length of the UTF-8 character at text, 0 when its bytes are none. */
static size_t character_length(const char *text, size_t left)
{
    unsigned char first = (unsigned char)text[0];
    size_t length = first < 0x80   ? 1
                    : first < 0xc2 ? 0
                    : first < 0xe0 ? 2
                    : first < 0xf0 ? 3
                    : first < 0xf5 ? 4
                                   : 0;
    if (length > left)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if (((unsigned char)text[i] & 0xc0u) != 0x80u)
            return 0;
    }
    return length;
}

static bool is_control(const char *text, size_t length)
{
    unsigned char first = (unsigned char)text[0];
    /* U+0080 to U+009F are control characters too: c2 80 to c2 9f. */
    return (length == 1 && (first < 0x20 || first == 0x7f)) ||
           (length == 2 && first == 0xc2 && (unsigned char)text[1] < 0xa0);
}

/* One character as it may be shown: a terminal must not be steered by what stands in a file. */
static size_t put_character(const struct painter *painter, const char *text, size_t left)
{
    size_t length = character_length(text, left);
    if (text[0] == '\t')
        fputc('\t', painter->out);
    else if (length == 0 || is_control(text, length))
        fputc('?', painter->out);
    else
        fwrite(text, 1, length, painter->out);
    return length == 0 ? 1 : length;
}

static void put_safe(const struct painter *painter, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        size_t shown;
        if (text[0] == '\n') {
            fputc('\n', painter->out);
            shown = 1;
        } else {
            shown = put_character(painter, text, left);
        }
        text += shown;
        left -= shown;
    }
}

static void put_gutter(const struct painter *painter, uint32_t line)
{
    fputs(paint(painter, BLUE), painter->out);
    if (line == 0)
        fprintf(painter->out, "      |");
    else
        fprintf(painter->out, "%5u |", line);
    fputs(paint(painter, RESET), painter->out);
}

/* The part of a long line that is shown. */
struct window {
    size_t start;
    size_t end;
};

static struct window window_around(struct duet_line line, size_t place)
{
    struct window window = { 0, line.length };
    if (line.length <= EXCERPT_COLUMNS)
        return window;
    window.start = place > BEFORE_PLACE ? place - BEFORE_PLACE : 0;
    while (window.start > 0 && ((unsigned char)line.text[window.start] & 0xc0u) == 0x80u)
        window.start--;
    if (window.end - window.start > EXCERPT_COLUMNS)
        window.end = window.start + EXCERPT_COLUMNS;
    while (window.end < line.length && ((unsigned char)line.text[window.end] & 0xc0u) == 0x80u)
        window.end++;
    return window;
}

static void put_line(const struct painter *painter, struct duet_line line, struct window window,
                     uint32_t number)
{
    put_gutter(painter, number);
    if (line.length > 0)
        fputs(window.start > 0 ? " ..." : " ", painter->out);
    for (size_t i = window.start; i < window.end;)
        i += put_character(painter, line.text + i, window.end - i);
    if (window.end < line.length)
        fputs("...", painter->out);
    fputc('\n', painter->out);
}

/* Carets under the place: as many as it has characters on this line, at least one. */
static void put_carets(const struct painter *painter, struct duet_line line, struct window window,
                       struct duet_span at, const char *label, const char *color)
{
    size_t from = at.start - line.start;
    size_t to = at.end > at.start ? at.end - line.start : from + 1;
    if (from > window.end)
        from = window.end;
    if (to > window.end)
        to = window.end;

    put_gutter(painter, 0);
    fputs(window.start > 0 ? "    " : " ", painter->out);
    for (size_t i = window.start; i < from;) {
        size_t length = character_length(line.text + i, from - i);
        fputc(line.text[i] == '\t' ? '\t' : ' ', painter->out);
        i += length == 0 ? 1 : length;
    }
    fputs(paint(painter, color), painter->out);
    size_t carets = 0;
    for (size_t i = from; i < to; carets++) {
        size_t length = character_length(line.text + i, to - i);
        fputc('^', painter->out);
        i += length == 0 ? 1 : length;
    }
    if (carets == 0)
        fputc('^', painter->out);
    if (label != NULL) {
        fputc(' ', painter->out);
        put_safe(painter, label);
    }
    fputs(paint(painter, RESET), painter->out);
    fputc('\n', painter->out);
}

static void put_place(const struct painter *painter, struct duet_span at, const char *label,
                      const char *color)
{
    if (at.file == DUET_SOURCE_NONE)
        return;
    struct duet_position position = duet_source_position(painter->sources, at.file, at.start);
    struct duet_line line = duet_source_line(painter->sources, at.file, position.line);
    size_t place = at.start < line.start ? 0 : at.start - line.start;
    struct window window = window_around(line, place > line.length ? line.length : place);

    fprintf(painter->out, "  %s-->%s ", paint(painter, BLUE), paint(painter, RESET));
    put_safe(painter, duet_source_path(painter->sources, at.file));
    fprintf(painter->out, ":%u:%u\n", position.line, position.column);
    put_line(painter, line, window, position.line);
    put_carets(painter, line, window, at, label, color);
}

static void put_facts(const struct painter *painter, const struct duet_diag_note *facts)
{
    size_t widest = 0;
    for (const struct duet_diag_note *fact = facts; fact != NULL; fact = fact->next) {
        if (strlen(fact->key) > widest)
            widest = strlen(fact->key);
    }
    for (const struct duet_diag_note *fact = facts; fact != NULL; fact = fact->next) {
        int padding = (int)(widest - strlen(fact->key)) + 1;
        fprintf(painter->out, "  %s:%*s", fact->key, padding, "");
        put_safe(painter, fact->text);
        fputc('\n', painter->out);
    }
}

static void put_diag(const struct painter *painter, const struct duet_diag *diag)
{
    enum duet_severity severity = duet_diag_severity(diag);
    const char *color = severity_color(severity);

    fprintf(painter->out, "%s%s[D%03d]%s: %s", paint(painter, color), duet_severity_name(severity),
            (int)duet_diag_code_of(diag), paint(painter, RESET), paint(painter, BOLD));
    put_safe(painter, duet_diag_message(diag));
    fprintf(painter->out, "%s\n", paint(painter, RESET));
    put_place(painter, duet_diag_place(diag), duet_diag_label_text(diag), color);

    for (const struct duet_diag_note *note = duet_diag_notes(diag); note; note = note->next) {
        fprintf(painter->out, "  %snote%s: ", paint(painter, BOLD), paint(painter, RESET));
        put_safe(painter, note->text);
        fputc('\n', painter->out);
        put_place(painter, note->at, NULL, BLUE);
    }
    put_facts(painter, duet_diag_facts(diag));
    if (duet_diag_help_text(diag) != NULL) {
        fprintf(painter->out, "  %shelp%s: ", paint(painter, BOLD), paint(painter, RESET));
        put_safe(painter, duet_diag_help_text(diag));
        fputc('\n', painter->out);
    }
    if (duet_diag_context_text(diag) != NULL) {
        fputs("  ", painter->out);
        put_safe(painter, duet_diag_context_text(diag));
        fputc('\n', painter->out);
    }
}

void duet_diags_render_text(struct duet_diags *diags, const struct duet_sources *sources,
                            enum duet_diag_color color, FILE *out)
{
    struct painter painter = { sources, out, color == DUET_DIAG_COLORED };

    for (size_t i = 0; i < duet_diags_count(diags); i++) {
        if (i > 0)
            fputc('\n', out);
        put_diag(&painter, duet_diags_at(diags, i));
    }
    if (duet_diags_full(diags))
        fprintf(out, "\ntoo many findings: only the first %u are shown\n", DUET_DIAG_MAX);
}
