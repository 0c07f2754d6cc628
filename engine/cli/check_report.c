/* Findings for machines that read them in their own words: SARIF 2.1.0, GitHub annotations. */
#include "engine/cli/check_report.h"

#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dsl/diag.h"
#include "dsl/explain.h"
#include "engine/cli/clean.h"
#include "engine/world/hash.h"

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static bool is_given(const json_t *object, const char *key)
{
    return *text_of(object, key) != '\0';
}

/* As a reader that stands in the working directory would write it. */
static const char *relative(const char *path)
{
    char folder[PATH_MAX];
    size_t length = getcwd(folder, sizeof folder) ? strlen(folder) : 0;
    if (length > 0 && strncmp(path, folder, length) == 0 && path[length] == '/')
        return path + length + 1;
    return strncmp(path, "./", 2) == 0 ? path + 2 : path;
}

/* A JSON text of what was written through `out`; closes it. */
static json_t *closed_text(FILE *out, char **text, const size_t *length)
{
    fclose(out);
    json_t *value = json_stringn(*text, *length);
    free(*text);
    return value;
}

/* --- SARIF ------------------------------------------------------------------------------------------------ */

/* A path as a URI reference: what isn't unreserved is written as %XX. */
static json_t *uri_of(const char *path)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return NULL;
    const char *shown = relative(path);
    if (*shown == '/')
        fputs("file://", out);
    for (; *shown; shown++) {
        if (strchr(plain, *shown))
            fputc(*shown, out);
        else
            fprintf(out, "%%%02X", (unsigned)(unsigned char)*shown);
    }
    return closed_text(out, &text, &length);
}

static json_t *region_of(const json_t *place)
{
    json_t *region = json_pack("{s:O?, s:O?}", "startLine", json_object_get(place, "line"),
                               "startColumn", json_object_get(place, "column"));
    const json_t *end = json_object_get(place, "end");
    if (end) {
        json_object_set(region, "endLine", json_object_get(end, "line"));
        json_object_set(region, "endColumn", json_object_get(end, "column"));
    }
    return region;
}

static json_t *artifact_of(const json_t *place)
{
    return json_pack("{s:o}", "uri", uri_of(text_of(place, "file")));
}

/* NULL when the finding or note stands in no file. */
static json_t *location_of(const json_t *place)
{
    if (!is_given(place, "file"))
        return NULL;
    return json_pack("{s:{s:o, s:o}}", "physicalLocation", "artifactLocation", artifact_of(place),
                     "region", region_of(place));
}

static uint64_t identity_of(const json_t *finding)
{
    const char *const parts[] = { text_of(finding, "code"), relative(text_of(finding, "file")),
                                  text_of(finding, "message"), text_of(finding, "context") };
    uint64_t identity = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        identity = identity * UINT64_C(31) + duet_hash_bytes(parts[i], strlen(parts[i]));
    return identity;
}

/* Of what is said and in which file, not of the line: it stays when lines are added above. The same
 * finding again in one file is told apart by how many came before. */
static json_t *fingerprint_of(const json_t *findings, size_t index)
{
    uint64_t identity = identity_of(json_array_get(findings, index));
    unsigned before = 0;
    for (size_t i = 0; i < index; i++)
        before += identity_of(json_array_get(findings, i)) == identity;
    char text[40];
    snprintf(text, sizeof text, "%016" PRIx64 ":%u", identity, before + 1);
    return json_string(text);
}

static json_t *message_of(const json_t *finding)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return NULL;
    fputs(text_of(finding, "message"), out);
    size_t i = 0;
    const json_t *fact = NULL;
    json_array_foreach(json_object_get(finding, "facts"), i, fact)
    {
        fprintf(out, "\n%s %s", text_of(fact, "key"), text_of(fact, "message"));
    }
    if (is_given(finding, "help"))
        fprintf(out, "\nhelp: %s", text_of(finding, "help"));
    return closed_text(out, &text, &length);
}

/* The places of its notes, each with its words. */
static json_t *related_of(const json_t *finding)
{
    json_t *all = json_array();
    size_t i = 0;
    const json_t *note = NULL;
    json_array_foreach(json_object_get(finding, "notes"), i, note)
    {
        json_t *location = location_of(note);
        if (!location)
            continue;
        json_object_set_new(location, "id", json_integer((json_int_t)i + 1));
        json_object_set_new(location, "message",
                            json_pack("{s:s}", "text", text_of(note, "message")));
        json_array_append_new(all, location);
    }
    return all;
}

static json_t *fix_of(const json_t *fix)
{
    json_t *replacement = json_pack("{s:o, s:{s:s}}", "deletedRegion", region_of(fix),
                                    "insertedContent", "text", text_of(fix, "text"));
    return json_pack("{s:{s:s}, s:[{s:o, s:[o]}]}", "description", "text", text_of(fix, "title"),
                     "artifactChanges", "artifactLocation", artifact_of(fix), "replacements",
                     replacement);
}

static json_t *fixes_of(const json_t *finding)
{
    json_t *all = json_array();
    size_t i = 0;
    const json_t *fix = NULL;
    json_array_foreach(json_object_get(finding, "fixes"), i, fix)
    {
        json_array_append_new(all, fix_of(fix));
    }
    return all;
}

/* The part is left out when it is empty; takes the array. */
static void set_filled(json_t *result, const char *key, json_t *array)
{
    if (json_array_size(array) > 0)
        json_object_set(result, key, array);
    json_decref(array);
}

static json_t *help_text(enum duet_diag_code code, const char *id)
{
    const struct duet_page *page = duet_page_of(code);
    return json_sprintf("%s\n\nExamples: duet explain %s", page ? page->why : "", id);
}

static void write_example(const struct duet_page *page, enum duet_example which, const char *title,
                          FILE *out)
{
    size_t line = 0;
    size_t lines = 0;
    char *text = duet_page_example(page, which, &line, &lines);
    const char *from = text;
    for (size_t i = 1; from && i < line; i++)
        from = strchr(from, '\n') ? strchr(from, '\n') + 1 : from;
    const char *end = from;
    for (size_t i = 0; end && i < lines; i++)
        end = strchr(end, '\n') ? strchr(end, '\n') + 1 : end + strlen(end);
    if (from && end > from)
        fprintf(out, "\n\n%s:\n\n```\n%.*s```", title, (int)(end - from), from);
    free(text);
}

/* The page, with what is wrong and what is right in its examples. */
static json_t *help_markdown(enum duet_diag_code code, const char *id)
{
    const struct duet_page *page = duet_page_of(code);
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return json_string("");
    fputs(page ? page->why : "", out);
    if (page) {
        write_example(page, DUET_EXAMPLE_WRONG, "Wrong", out);
        write_example(page, DUET_EXAMPLE_RIGHT, "Right", out);
    }
    fprintf(out, "\n\nMore: `duet explain %s`", id);
    return closed_text(out, &text, &length);
}

/* Index in `rules`, where a code is added when it comes first. */
static size_t rule_index(json_t *rules, const json_t *finding)
{
    const char *id = text_of(finding, "code");
    for (size_t i = 0; i < json_array_size(rules); i++)
        if (strcmp(text_of(json_array_get(rules, i), "id"), id) == 0)
            return i;
    enum duet_diag_code code = (enum duet_diag_code)strtoul(id + (*id == 'D'), NULL, 10);
    const char *name = duet_diag_code_name(code);
    const char *meaning = duet_diag_code_meaning(code);
    json_array_append_new(
        rules, json_pack("{s:s, s:s, s:{s:s}, s:{s:o, s:o}, s:{s:s}}", "id", id, "name",
                         name ? name : id, "shortDescription", "text", meaning ? meaning : id,
                         "help", "text", help_text(code, id), "markdown", help_markdown(code, id),
                         "defaultConfiguration", "level", text_of(finding, "severity")));
    return json_array_size(rules) - 1;
}

static json_t *result_of(const json_t *findings, size_t index, json_t *rules)
{
    const json_t *finding = json_array_get(findings, index);
    json_t *result =
        json_pack("{s:s, s:I, s:s, s:{s:o}, s:{s:o}}", "ruleId", text_of(finding, "code"),
                  "ruleIndex", (json_int_t)rule_index(rules, finding), "level",
                  text_of(finding, "severity"), "message", "text", message_of(finding),
                  "partialFingerprints", "duetFinding/v1", fingerprint_of(findings, index));
    json_t *location = location_of(finding);
    json_object_set_new(result, "locations", location ? json_pack("[o]", location) : json_array());
    set_filled(result, "relatedLocations", related_of(finding));
    set_filled(result, "fixes", fixes_of(finding));
    return result;
}

void duet_report_sarif(const json_t *findings, FILE *out)
{
    json_t *rules = json_array();
    json_t *results = json_array();
    for (size_t i = 0; i < json_array_size(findings); i++)
        json_array_append_new(results, result_of(findings, i, rules));
    json_t *log = json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:o}}, s:s, s:o}]}", "$schema",
                            "https://json.schemastore.org/sarif-2.1.0.json", "version", "2.1.0",
                            "runs", "tool", "driver", "name", "duet", "rules", rules, "columnKind",
                            "unicodeCodePoints", "results", results);
    json_dumpf(log, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(log);
}

/* --- GitHub ----------------------------------------------------------------------------------------------- */

/* A property may hold neither ':' nor ',' as they are; nothing may hold a line end, nor what steers a terminal. */
static void write_escaped(const char *text, bool is_property, FILE *out)
{
    while (*text) {
        size_t length = duet_clean_length(text);
        if (*text == '%' || *text == '\n' || *text == '\r' ||
            (is_property && (*text == ':' || *text == ',')))
            fprintf(out, "%%%02X", (unsigned)(unsigned char)*text);
        else if (length == 0)
            fputc('?', out);
        else
            fwrite(text, 1, length, out);
        text += length ? length : 1;
    }
}

static void write_annotation(const json_t *finding, FILE *out)
{
    const char *severity = text_of(finding, "severity");
    fprintf(out, "::%s ", strcmp(severity, "note") == 0 ? "notice" : severity);
    if (is_given(finding, "file")) {
        fputs("file=", out);
        write_escaped(relative(text_of(finding, "file")), true, out);
        fprintf(out, ",line=%" JSON_INTEGER_FORMAT ",col=%" JSON_INTEGER_FORMAT ",",
                json_integer_value(json_object_get(finding, "line")),
                json_integer_value(json_object_get(finding, "column")));
    }
    fprintf(out, "title=%s::", text_of(finding, "code"));
    json_t *message = message_of(finding);
    write_escaped(json_string_value(message) ? json_string_value(message) : "", false, out);
    json_decref(message);
    fputc('\n', out);
}

void duet_report_github(const json_t *findings, FILE *out)
{
    size_t i = 0;
    const json_t *finding = NULL;
    json_array_foreach(findings, i, finding)
    {
        write_annotation(finding, out);
    }
}
