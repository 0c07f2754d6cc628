/* Findings as one JSON array, for programs. */
#include <stdlib.h>
#include <jansson.h>

#include "dsl/arena.h"
#include "dsl/diag.h"

/* A text as JSON takes it: what isn't UTF-8 (a broken file's own words) becomes question marks. */
static json_t *text_value(const char *text)
{
    json_t *value = json_string(text);
    if (value != NULL)
        return value;
    size_t length = 0;
    while (text[length] != '\0')
        length++;
    char *plain = malloc(length + 1);
    if (plain == NULL)
        return json_string("");
    for (size_t i = 0; i <= length; i++)
        plain[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
    value = json_string(plain);
    free(plain);
    return value;
}

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, key, text_value(text));
}

static void set_place(json_t *object, const struct duet_sources *sources, struct duet_span at)
{
    if (at.file == DUET_SOURCE_NONE)
        return;
    struct duet_position start = duet_source_position(sources, at.file, at.start);
    struct duet_position end = duet_source_position(sources, at.file, at.end);
    set_text(object, "file", duet_source_path(sources, at.file));
    json_object_set_new(object, "line", json_integer(start.line));
    json_object_set_new(object, "column", json_integer(start.column));
    json_t *end_value = json_object();
    json_object_set_new(end_value, "line", json_integer(end.line));
    json_object_set_new(end_value, "column", json_integer(end.column));
    json_object_set_new(object, "end", end_value);
}

static json_t *note_value(const struct duet_diag_note *note, const struct duet_sources *sources)
{
    json_t *object = json_object();
    set_place(object, sources, note->at);
    set_text(object, "key", note->key);
    set_text(object, "message", note->text);
    return object;
}

static void set_notes(json_t *object, const char *key, const struct duet_diag_note *first,
                      const struct duet_sources *sources)
{
    if (first == NULL)
        return;
    json_t *array = json_array();
    for (const struct duet_diag_note *note = first; note != NULL; note = note->next)
        json_array_append_new(array, note_value(note, sources));
    json_object_set_new(object, key, array);
}

static json_t *fix_value(const struct duet_diag_fix *fix, const struct duet_sources *sources,
                         struct duet_arena *arena)
{
    json_t *object = json_object();
    set_text(object, "title", duet_diag_fix_title(arena, sources, fix));
    json_object_set_new(object, "safe", json_boolean(fix->kind == DUET_FIX_SAFE));
    set_place(object, sources, fix->at);
    json_object_set_new(object, "start", json_integer(fix->at.start));
    json_object_set_new(object, "length", json_integer(fix->at.end - fix->at.start));
    set_text(object, "text", fix->text);
    return object;
}

static void set_fixes(json_t *object, const struct duet_diag_fix *first,
                      const struct duet_sources *sources)
{
    if (first == NULL)
        return;
    struct duet_arena *arena = duet_arena_new();
    json_t *array = json_array();
    for (const struct duet_diag_fix *fix = first; fix != NULL; fix = fix->next)
        json_array_append_new(array, fix_value(fix, sources, arena));
    json_object_set_new(object, "fixes", array);
    duet_arena_free(arena);
}

static void set_story(json_t *object, const char *story)
{
    json_t *value = story ? json_loads(story, 0, NULL) : NULL;
    if (value != NULL)
        json_object_set_new(object, "story", value);
}

static json_t *diag_value(const struct duet_diag *diag, const struct duet_sources *sources)
{
    char code[16];
    json_t *object = json_object();

    snprintf(code, sizeof code, "D%03d", (int)duet_diag_code_of(diag));
    set_place(object, sources, duet_diag_place(diag));
    set_text(object, "code", code);
    set_text(object, "severity", duet_severity_name(duet_diag_severity(diag)));
    set_text(object, "message", duet_diag_message(diag));
    set_text(object, "label", duet_diag_label_text(diag));
    set_notes(object, "notes", duet_diag_notes(diag), sources);
    set_notes(object, "facts", duet_diag_facts(diag), sources);
    set_story(object, duet_diag_story_text(diag));
    set_text(object, "help", duet_diag_help_text(diag));
    set_fixes(object, duet_diag_fixes(diag), sources);
    set_text(object, "context", duet_diag_context_text(diag));
    return object;
}

void duet_diags_render_json(struct duet_diags *diags, const struct duet_sources *sources, FILE *out)
{
    json_t *array = json_array();

    for (size_t i = 0; i < duet_diags_count(diags); i++)
        json_array_append_new(array, diag_value(duet_diags_at(diags, i), sources));
    json_dumpf(array, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    fputc('\n', out);
    json_decref(array);
}
