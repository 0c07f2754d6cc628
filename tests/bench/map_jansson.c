/* bench-map-jansson ANALYSTS: the mapping written by hand on a jansson tree; a record a line in and out.
 * What a C programmer would write for this one mapping, with nothing general in it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <jansson.h>

#include "tests/bench/analysts.h"

enum { TITLE_MOST_UNITS = 100 };

/* The bytes of the first hundred UTF-16 units of valid UTF-8; a character of four bytes is two units. */
static size_t title_bytes(const char *title)
{
    size_t at = 0;
    int units = 0;
    for (; title[at]; at++) {
        unsigned char byte = (unsigned char)title[at];
        if ((byte & 0xc0) == 0x80)
            continue;
        units += byte >= 0xf0 ? 2 : 1;
        if (units > TITLE_MOST_UNITS)
            break;
    }
    return at;
}

static const char *soar_status(const char *status)
{
    if (strcmp(status, "New") == 0)
        return "Open";
    if (strcmp(status, "Active") == 0)
        return "In Progress";
    if (strcmp(status, "Closed") == 0)
        return "Closed";
    return NULL;
}

/* A copy under another name; nothing when it is missing or null. */
static void copy_text(json_t *to, const char *to_key, json_t *from, const char *from_key)
{
    json_t *value = json_object_get(from, from_key);
    if (json_is_string(value))
        json_object_set(to, to_key, value);
}

static json_t *link_fields(json_t *incident, json_t *properties)
{
    char number[32];
    json_t *custom = json_object();
    copy_text(custom, "CustomSentinelIncidentId", incident, "name");
    snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT,
             json_integer_value(json_object_get(properties, "incidentNumber")));
    json_object_set_new(custom, "CustomSentinelNumber", json_string(number));
    return custom;
}

static json_t *owner_login(json_t *owner, const struct bench_analysts *analysts)
{
    const char *id = json_string_value(json_object_get(owner, "objectId"));
    return json_string(id ? bench_analysts_login(analysts, id) : "System");
}

/* A new record, or NULL when a required member is missing. */
static json_t *map_incident(json_t *incident, const struct bench_analysts *analysts)
{
    json_t *properties = json_object_get(incident, "properties");
    const char *title = json_string_value(json_object_get(properties, "title"));
    const char *status = json_string_value(json_object_get(properties, "status"));
    if (!title || !status)
        return NULL;

    json_t *record = json_object();
    json_object_set_new(record, "Custom Field", link_fields(incident, properties));
    json_object_set_new(record, "Title", json_stringn(title, title_bytes(title)));
    copy_text(record, "Severity", properties, "severity");
    json_object_set_new(record, "Status", json_string(soar_status(status)));
    json_object_set_new(record, "Owner",
                        owner_login(json_object_get(properties, "owner"), analysts));
    copy_text(record, "Sentinel Sync - Classification", properties, "classification");
    copy_text(record, "Sentinel Sync - Reason", properties, "classificationReason");
    copy_text(record, "Sentinel Sync - Comment", properties, "classificationComment");
    return record;
}

static int write_record(const json_t *record)
{
    char text[8192];
    size_t length = json_dumpb(record, text, sizeof text, JSON_COMPACT);
    if (length == 0 || length > sizeof text)
        return -1;
    fwrite(text, 1, length, stdout);
    putchar('\n');
    return 0;
}

static int map_line(const char *line, size_t length, const struct bench_analysts *analysts)
{
    json_t *incident = json_loadb(line, length, 0, NULL);
    json_t *record = incident ? map_incident(incident, analysts) : NULL;
    int status = record ? write_record(record) : -1;
    json_decref(record);
    json_decref(incident);
    return status;
}

static int map_all(const struct bench_analysts *analysts)
{
    char *line = NULL;
    size_t capacity = 0;
    unsigned number = 0;
    int failed = 0;
    ssize_t length;
    while (!failed && (length = getline(&line, &capacity, stdin)) > 0) {
        number++;
        failed = map_line(line, (size_t)length, analysts);
    }
    free(line);
    if (failed)
        fprintf(stderr, "line %u can't be mapped\n", number);
    return failed || fflush(stdout) != 0 ? 3 : 0;
}

int main(int argc, char **argv)
{
    struct bench_analysts analysts = { 0 };
    if (argc != 2) {
        fputs("usage: bench-map-jansson ANALYSTS\n", stderr);
        return 2;
    }
    if (bench_analysts_load(argv[1], &analysts) != 0) {
        fprintf(stderr, "can't read %s\n", argv[1]);
        return 3;
    }
    return map_all(&analysts);
}
