#include "tests/lab/system.h"

#include <stdlib.h>
#include <string.h>
#include <curl/curl.h>

#include "tests/lab/programs.h"
#include "tests/lab/text.h"

enum { ARGUMENTS_MAX = 48, TIMEOUT_SECONDS = 30 };

struct buffer {
    char *bytes;
    size_t length;
};

void lab_system_start(struct lab_system *system, const char *name, const char *const *arguments,
                      const char *folder)
{
    const char *words[ARGUMENTS_MAX] = { lab_program("DUET_SIM_BIN", "duet-sim"), name };
    for (size_t i = 0; arguments[i] && i + 3 < ARGUMENTS_MAX; i++)
        words[i + 2] = arguments[i];
    char *out = lab_format("%s/%s.out", folder, name);
    char *err = lab_format("%s/%s.err", folder, name);
    *system = (struct lab_system){ .name = name };
    lab_child_start(&system->child, words, NULL, out, err);
    system->base = lab_child_line(&system->child, out, "listening on ");
    free(out);
    free(err);
}

void lab_system_end(struct lab_system *system)
{
    lab_child_end(&system->child);
    json_decref(system->answer);
    free(system->base);
    *system = (struct lab_system){ 0 };
}

void lab_system_stop(struct lab_system *system)
{
    lab_child_stop(&system->child, 0);
    lab_system_end(system);
}

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    struct buffer *buffer = context;
    char *bytes = realloc(buffer->bytes, buffer->length + size * count + 1);
    if (!bytes)
        abort();
    buffer->bytes = bytes;
    memcpy(bytes + buffer->length, data, size * count);
    buffer->length += size * count;
    bytes[buffer->length] = '\0';
    return size * count;
}

json_t *lab_send(struct lab_system *system, const char *method, const char *path, json_t *body)
{
    struct buffer answer = { 0 };
    char *url = lab_format("%s%s", system->base, path);
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TIMEOUT_SECONDS);
    if (text)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, text);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    system->status = 0;
    system->trouble = (int)curl_easy_perform(curl);
    if (system->trouble == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &system->status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    json_decref(body);
    json_decref(system->answer);
    system->answer = answer.bytes ? json_loads(answer.bytes, JSON_DECODE_ANY, NULL) : NULL;
    free(answer.bytes);
    free(text);
    free(url);
    return system->answer;
}

json_t *lab_do(struct lab_system *system, const char *method, const char *path, json_t *body)
{
    json_t *answer = lab_send(system, method, path, body);
    if (system->status < 200 || system->status > 299) {
        char *text = answer ? json_dumps(answer, JSON_ENCODE_ANY)
                            : lab_copy(curl_easy_strerror((CURLcode)system->trouble));
        char *said = lab_read_file(system->child.err);
        if (!lab_child_runs(&system->child))
            lab_fail("%s has ended with %d; it said:\n%s", system->name, system->child.status,
                     said);
        lab_fail("%s %s%s answered %ld: %s\n%s", method, system->name, path, system->status, text,
                 said);
    }
    return answer;
}

void lab_switch(struct lab_system *system, const char *name, const char *value)
{
    lab_do(system, "POST", "/_sim/switches", json_pack("{s:s}", name, value));
}

void lab_switch_number(struct lab_system *system, const char *name, long value)
{
    lab_do(system, "POST", "/_sim/switches", json_pack("{s:I}", name, (json_int_t)value));
}

void lab_fault(struct lab_system *system, json_t *fault)
{
    lab_do(system, fault ? "POST" : "DELETE", "/_sim/faults", fault);
}

void lab_clock_advance(struct lab_system *system, double seconds)
{
    lab_do(system, "POST", "/_sim/clock", json_pack("{s:f}", "advance", seconds));
}

void lab_clock_set(struct lab_system *system, const char *time)
{
    lab_do(system, "POST", "/_sim/clock", json_pack("{s:s}", "set", time));
}

void lab_reset_counts(struct lab_system *system)
{
    lab_do(system, "POST", "/_sim/requests/reset", NULL);
}

long lab_count(struct lab_system *system, const char *kind)
{
    const json_t *all = lab_do(system, "GET", "/_sim/requests", NULL);
    return (long)json_integer_value(json_object_get(json_object_get(all, "counts"), kind));
}

long lab_count_status(struct lab_system *system, int status)
{
    char *name = lab_format("%d", status);
    const json_t *all = lab_do(system, "GET", "/_sim/requests", NULL);
    long count = (long)json_integer_value(json_object_get(json_object_get(all, "status"), name));
    free(name);
    return count;
}

json_t *lab_request(struct lab_system *system, const char *kind, size_t nth)
{
    size_t found = 0;
    const json_t *log = json_object_get(lab_do(system, "GET", "/_sim/requests", NULL), "log");
    for (size_t i = 0; i < json_array_size(log); i++) {
        json_t *entry = json_array_get(log, i);
        if (strcmp(lab_text_at(entry, "kind"), kind) == 0 && ++found == nth)
            return entry;
    }
    lab_fail("%s got %zu requests '%s', not %zu", system->name, found, kind, nth);
}

json_t *lab_at(const json_t *json, const char *path)
{
    json_t *found = NULL;
    for (const char *at = path; *at;) {
        size_t length = strcspn(at, ".");
        char *part = lab_format("%.*s", (int)length, at);
        found = json_is_array(json) ? json_array_get(json, (size_t)strtol(part, NULL, 10))
                                    : json_object_get(json, part);
        json = found;
        free(part);
        at += length;
        if (*at == '.')
            at++;
    }
    return found;
}

const char *lab_text_at(const json_t *json, const char *path)
{
    const char *text = json_string_value(lab_at(json, path));
    return text ? text : "";
}
