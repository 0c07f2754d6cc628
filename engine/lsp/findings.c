/* Findings: told for every open document and what it imports, whenever nothing else waits. */
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/compile.h"
#include "engine/lsp/inside.h"
#include "engine/prove/file_proof.h"

#define TAG_UNNECESSARY 1

/* One file being compiled, and what was found so far: an object of arrays by URI. */
struct finding_list {
    const struct duet_lsp *lsp;
    struct duet_arena *arena;
    const struct duet_sources *sources;
    struct duet_lines *lines; /* by number of the file */
    json_t *by_uri;
};

json_t *duet_lsp_code_text(enum duet_diag_code code)
{
    return json_sprintf("D%03u", (unsigned)code);
}

/* --- one finding ----------------------------------------------------------------------------------------- */

static int severity_number(enum duet_severity severity)
{
    switch (severity) {
    case DUET_SEVERITY_ERROR:
        return 1;
    case DUET_SEVERITY_WARNING:
        return 2;
    case DUET_SEVERITY_NOTE:
        break;
    }
    return 3;
}

static json_t *range_of(const struct finding_list *list, struct duet_span at)
{
    struct duet_lines *lines = &list->lines[at.file];
    if (lines->count == 0)
        *lines = duet_lines_of(list->arena, duet_source_text(list->sources, at.file),
                               duet_source_length(list->sources, at.file), list->lsp->encoding);
    return duet_lines_range(lines, at.start, at.end);
}

static const char *uri_of(const struct finding_list *list, uint32_t file)
{
    return duet_lsp_uri_of(list->lsp, list->arena, duet_source_path(list->sources, file));
}

/* The message, then what the label, the facts and the help say, a line each. */
static json_t *message_of(const struct finding_list *list, const struct duet_diag *diag)
{
    const char *text = duet_diag_message(diag);
    if (duet_diag_label_text(diag))
        text = duet_arena_format(list->arena, "%s (%s)", text, duet_diag_label_text(diag));
    for (const struct duet_diag_note *fact = duet_diag_facts(diag); fact; fact = fact->next)
        text = duet_arena_format(list->arena, "%s\n%s: %s", text, fact->key, fact->text);
    for (const struct duet_diag_note *note = duet_diag_notes(diag); note; note = note->next) {
        if (note->at.file == DUET_SOURCE_NONE)
            text = duet_arena_format(list->arena, "%s\n%s", text, note->text);
    }
    if (duet_diag_help_text(diag))
        text = duet_arena_format(list->arena, "%s\nhelp: %s", text, duet_diag_help_text(diag));
    if (duet_diag_context_text(diag))
        text = duet_arena_format(list->arena, "%s\n%s", text, duet_diag_context_text(diag));
    return duet_lsp_text(text);
}

static json_t *related_of(const struct finding_list *list, const struct duet_diag *diag)
{
    json_t *related = json_array();
    for (const struct duet_diag_note *note = duet_diag_notes(diag); note; note = note->next) {
        if (note->at.file == DUET_SOURCE_NONE)
            continue;
        json_t *place = json_pack("{s:o, s:o}", "uri", duet_lsp_text(uri_of(list, note->at.file)),
                                  "range", range_of(list, note->at));
        json_array_append_new(related, json_pack("{s:o, s:o}", "location", place, "message",
                                                 duet_lsp_text(note->text)));
    }
    return related;
}

/* What a fix would change: kept with the finding, for whoever asks for actions. */
static json_t *fixes_of(const struct finding_list *list, const struct duet_diag *diag)
{
    json_t *fixes = json_array();
    for (const struct duet_diag_fix *fix = duet_diag_fixes(diag); fix; fix = fix->next)
        json_array_append_new(
            fixes,
            json_pack("{s:o, s:o, s:o, s:o, s:b}", "title",
                      duet_lsp_text(duet_diag_fix_title(list->arena, list->sources, fix)), "uri",
                      duet_lsp_text(uri_of(list, fix->at.file)), "range", range_of(list, fix->at),
                      "newText", duet_lsp_text(fix->text), "safe", fix->kind == DUET_FIX_SAFE));
    return fixes;
}

static void set_array(json_t *object, const char *key, json_t *array)
{
    if (json_array_size(array) > 0)
        json_object_set(object, key, array);
    json_decref(array);
}

static json_t *finding_of(const struct finding_list *list, const struct duet_diag *diag)
{
    enum duet_diag_code code = duet_diag_code_of(diag);
    json_t *finding =
        json_pack("{s:o, s:i, s:o, s:s, s:o}", "range", range_of(list, duet_diag_place(diag)),
                  "severity", severity_number(duet_diag_severity(diag)), "code",
                  duet_lsp_code_text(code), "source", "duet", "message", message_of(list, diag));
    set_array(finding, "relatedInformation", related_of(list, diag));
    set_array(finding, "data", fixes_of(list, diag));
    if (list->lsp->pages)
        json_object_set_new(
            finding, "codeDescription",
            json_pack("{s:o}", "href", json_sprintf("%sD%03u", list->lsp->pages, (unsigned)code)));
    if (code == DUET_DIAG_UNUSED)
        json_object_set_new(finding, "tags", json_pack("[i]", TAG_UNNECESSARY));
    return finding;
}

/* --- all of a file --------------------------------------------------------------------------------------- */

static bool has(const json_t *array, const json_t *value)
{
    size_t index = 0;
    const json_t *item = NULL;
    json_array_foreach(array, index, item)
    {
        if (json_equal(item, value))
            return true;
    }
    return false;
}

/* Two files may import the same third one. */
static void add_finding(json_t *by_uri, const char *uri, json_t *finding)
{
    json_t *array = json_object_get(by_uri, uri);
    if (!array) {
        array = json_array();
        json_object_set_new(by_uri, uri, array);
    }
    if (!has(array, finding))
        json_array_append(array, finding);
    json_decref(finding);
}

/* A finding without a place stands at the beginning of the file that was compiled. */
static void add_findings(struct finding_list *list, struct duet_diags *diags, const char *uri)
{
    for (size_t i = 0; i < duet_diags_count(diags); i++) {
        const struct duet_diag *diag = duet_diags_at(diags, i);
        struct duet_span at = duet_diag_place(diag);
        if (at.file != DUET_SOURCE_NONE)
            add_finding(list->by_uri, uri_of(list, at.file), finding_of(list, diag));
        else
            add_finding(list->by_uri, uri,
                        json_pack("{s:{s:{s:i, s:i}, s:{s:i, s:i}}, s:i, s:o, s:s, s:o}", "range",
                                  "start", "line", 0, "character", 0, "end", "line", 0, "character",
                                  0, "severity", severity_number(duet_diag_severity(diag)), "code",
                                  duet_lsp_code_text(duet_diag_code_of(diag)), "source", "duet",
                                  "message", message_of(list, diag)));
    }
}

static void collect(const struct duet_lsp *lsp, const struct duet_compilation *compilation,
                    struct duet_diags *diags, const char *uri, json_t *by_uri)
{
    struct finding_list list = { .lsp = lsp,
                                 .arena = duet_arena_new(),
                                 .sources = duet_compilation_sources(compilation),
                                 .by_uri = by_uri };
    list.lines = duet_arena_alloc_array(list.arena, duet_sources_count(list.sources) + 1,
                                        sizeof *list.lines);
    add_findings(&list, diags, uri);
    duet_arena_free(list.arena);
}

static void add_proved(json_t *by_uri, const json_t *proved)
{
    const char *uri = NULL;
    json_t *array = NULL;
    void *next = NULL;
    json_object_foreach_safe((json_t *)(uintptr_t)proved, next, uri, array)
    {
        size_t index = 0;
        json_t *finding = NULL;
        json_array_foreach(array, index, finding)
        {
            add_finding(by_uri, uri, json_incref(finding));
        }
    }
}

static void add_document(struct duet_lsp *lsp, const struct duet_document *document, json_t *by_uri)
{
    /* So that there is a last good view when the next text is broken. */
    (void)duet_lsp_view(lsp, document->path);
    struct duet_compilation *compilation = NULL;
    (void)duet_compile_over(duet_lsp_sources(lsp), document->path, &compilation);
    collect(lsp, compilation, duet_compilation_diags(compilation), document->uri, by_uri);
    duet_compilation_free(compilation);
    if (document->proved)
        add_proved(by_uri, document->proved);
}

/* --- telling --------------------------------------------------------------------------------------------- */

static void tell(struct duet_lsp *lsp, const char *uri, json_t *findings)
{
    const struct duet_document *document = duet_lsp_document(lsp, uri);
    json_t *params = json_pack("{s:s, s:o}", "uri", uri, "diagnostics", findings);
    if (document)
        json_object_set_new(params, "version", json_integer(document->version));
    duet_lsp_notify(lsp, "textDocument/publishDiagnostics", params);
}

/* Open documents always hear, and so do files that had findings; others when they have some. */
void duet_lsp_publish(struct duet_lsp *lsp)
{
    json_t *by_uri = json_object();
    const char *uri = NULL;
    json_t *value = NULL;
    for (const struct duet_document *document = lsp->documents; document; document = document->next)
        add_document(lsp, document, by_uri);
    for (const struct duet_document *document = lsp->documents; document;
         document = document->next) {
        if (!json_object_get(by_uri, document->uri))
            json_object_set_new(by_uri, document->uri, json_array());
    }
    json_object_foreach(lsp->told, uri, value)
    {
        if (!json_object_get(by_uri, uri))
            json_object_set_new(by_uri, uri, json_array());
    }
    json_object_clear(lsp->told);
    json_object_foreach(by_uri, uri, value)
    {
        if (json_array_size(value) > 0)
            json_object_set(lsp->told, uri, value);
        tell(lsp, uri, json_incref(value));
    }
    json_decref(by_uri);
    lsp->findings_are_old = false;
}

/* --- proofs ---------------------------------------------------------------------------------------------- */

static void prove(struct duet_lsp *lsp, struct duet_document *document)
{
    struct duet_compilation *compilation = NULL;
    (void)duet_compile_over(duet_lsp_sources(lsp), document->path, &compilation);
    struct duet_arena *arena = duet_arena_new();
    json_t *found = json_object();
    if (duet_diags_errors(duet_compilation_diags(compilation)) == 0) {
        struct duet_diags *diags = duet_diags_new(arena);
        free(duet_file_proof(compilation, diags));
        collect(lsp, compilation, diags, document->uri, found);
    }
    json_decref((json_t *)(uintptr_t)document->proved);
    document->proved = found;
    lsp->findings_are_old = json_object_size(found) > 0;
    duet_compilation_free(compilation);
    duet_arena_free(arena);
}

bool duet_lsp_prove_next(struct duet_lsp *lsp)
{
    struct duet_document *document = lsp->documents;
    while (document && !document->to_be_proved)
        document = document->next;
    if (!document)
        return false;
    document->to_be_proved = false;
    prove(lsp, document);
    return true;
}
