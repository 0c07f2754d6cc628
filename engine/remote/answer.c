#include "engine/remote/answer.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/record/expr.h"
#include "engine/record/times.h"

/* --- conditions ----------------------------------------------------------------------------------------------- */

struct judged {
    const struct duet_endpoint *endpoint;
    const struct duet_answer_view *view;
    const struct duet_value *values;
    struct duet_arena *arena;
};

static struct duet_value header_value(const struct judged *judged, uint32_t path)
{
    const struct duet_tables *tables = judged->endpoint->tables;
    const struct duet_t_path *row = duet_path_row(tables, path);
    struct duet_value value = { 0 };
    if (!row || row->steps_count == 0 || !judged->view->http)
        return value;
    value.text = duet_net_header(judged->view->http,
                                 duet_str(tables, duet_step_row(tables, row->steps)->name));
    value.kind = value.text ? DUET_VALUE_TEXT : DUET_VALUE_MISSING;
    return value;
}

static struct duet_value json_value(const struct judged *judged, uint32_t path, const json_t *json)
{
    const json_t *found = json ? duet_path_find(judged->endpoint->tables, path, json) : NULL;
    struct duet_value missing = { 0 };
    return found ? duet_value_of_json(found, judged->arena) : missing;
}

static struct duet_value read_leaf(void *data, const struct duet_t_expr *leaf)
{
    const struct judged *judged = data;
    struct duet_value value = { 0 };
    if (leaf->op == DUET_EXPR_FIELD) {
        const struct duet_endpoint *endpoint = judged->endpoint;
        if (judged->values && leaf->side == endpoint->side)
            value =
                judged->values[duet_field_number(endpoint->tables, endpoint->side, leaf->field)];
        return value;
    }
    switch ((enum duet_root)leaf->root) {
    case DUET_ROOT_STATUS:
        value.kind = DUET_VALUE_INTEGER;
        value.number = judged->view->http ? judged->view->http->status : 0;
        break;
    case DUET_ROOT_BODY:
        return json_value(judged, leaf->path, judged->view->body);
    case DUET_ROOT_ROW:
    case DUET_ROOT_RECORD:
        return json_value(judged, leaf->path, judged->view->row);
    case DUET_ROOT_HEADER:
        return header_value(judged, leaf->path);
    case DUET_ROOTS:
        break;
    }
    return value;
}

bool duet_answer_holds(const struct duet_endpoint *endpoint, uint32_t condition,
                       const struct duet_answer_view *view, const struct duet_value *values,
                       struct duet_arena *arena)
{
    struct judged judged = { endpoint, view, values, arena };
    const struct duet_leaves leaves = { .read = read_leaf, .data = &judged };
    return condition == DUET_NONE || duet_expr_holds(endpoint->tables, condition, &leaves);
}

/* --- outcomes --------------------------------------------------------------------------------------------------- */

static enum duet_remote_outcome outcome_of(enum duet_answer answer)
{
    switch (answer) {
    case DUET_ANSWER_OK:
        return DUET_REMOTE_OK;
    case DUET_ANSWER_STALE:
        return DUET_REMOTE_STALE;
    case DUET_ANSWER_GONE:
        return DUET_REMOTE_GONE;
    case DUET_ANSWER_THROTTLED:
        return DUET_REMOTE_THROTTLED;
    case DUET_ANSWER_REFUSED:
        return DUET_REMOTE_REFUSED;
    case DUET_ANSWER_TRANSIENT:
        return DUET_REMOTE_TRANSIENT;
    case DUET_ANSWER_DENIED:
        return DUET_REMOTE_DENIED;
    case DUET_ANSWERS:
        break;
    }
    return DUET_REMOTE_REFUSED;
}

/* Nothing in the tables matched. `has_ok`: they say when an answer is OK, and this one isn't. */
static enum duet_remote_outcome outcome_of_status(int status, bool has_ok, bool changes)
{
    if (status >= 200 && status < 300)
        return has_ok ? DUET_REMOTE_REFUSED : DUET_REMOTE_OK;
    switch (status) {
    case 401:
    case 403:
    case 407:
        return DUET_REMOTE_DENIED;
    case 404:
    case 410:
        return DUET_REMOTE_GONE;
    case 409:
    case 412:
        return DUET_REMOTE_STALE;
    case 429:
        return DUET_REMOTE_THROTTLED;
    case 408: /* these say that the request wasn't begun */
    case 425:
    case 501:
    case 503:
        return DUET_REMOTE_TRANSIENT;
    }
    if (status >= 500 || status < 200)
        return changes ? DUET_REMOTE_UNKNOWN : DUET_REMOTE_TRANSIENT;
    return DUET_REMOTE_REFUSED;
}

/* True when a class of the list holds. */
static bool find_class(const struct duet_endpoint *endpoint, uint32_t first, uint32_t count,
                       const struct duet_answer_view *view, struct duet_arena *arena, bool *has_ok,
                       enum duet_remote_outcome *outcome_out)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct duet_t_class *row = duet_class_row(endpoint->tables, first + i);
        *has_ok = *has_ok || row->answer == DUET_ANSWER_OK;
        if (duet_answer_holds(endpoint, row->when, view, NULL, arena)) {
            *outcome_out = outcome_of((enum duet_answer)row->answer);
            return true;
        }
    }
    return false;
}

/* "All went well", and then something that no JSON API says: a proxy's page, half an answer. What became of the request is open. */
static bool is_garbage(const struct duet_answer_view *view)
{
    int status = view->http->status;
    return status >= 200 && status < 300 && !view->body && view->http->body_length > 0;
}

enum duet_remote_outcome duet_answer_outcome(const struct duet_endpoint *endpoint,
                                             const struct duet_t_op *op,
                                             const struct duet_answer_view *view, bool changes,
                                             struct duet_arena *arena)
{
    enum duet_remote_outcome outcome = DUET_REMOTE_REFUSED;
    bool has_ok = false;
    if (find_class(endpoint, op->classes, op->classes_count, view, arena, &has_ok, &outcome) ||
        find_class(endpoint, endpoint->row->classes, endpoint->row->classes_count, view, arena,
                   &has_ok, &outcome))
        return outcome;
    if (is_garbage(view))
        return changes ? DUET_REMOTE_UNKNOWN : DUET_REMOTE_TRANSIENT;
    return outcome_of_status(view->http->status, has_ok, changes);
}

/* --- words ------------------------------------------------------------------------------------------------------ */

const char *duet_text_for_people(const struct duet_endpoint *endpoint, const char *text,
                                 struct duet_arena *arena)
{
    text = duet_secrets_strike(endpoint->secrets, text, arena);
    size_t length = strlen(text);
    if (length > DUET_TEXT_MAX) {
        length = DUET_TEXT_MAX;
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
            length--; /* not in the middle of a character */
    }
    char *line = duet_arena_copy_text(arena, text, length);
    for (char *c = line; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
    }
    return line;
}

/* NULL unless words stand there. */
static const char *words_at(const json_t *json, const char *const *path)
{
    for (; json && *path; path++)
        json = json_is_array(json) ? json_array_get(json, 0) : json_object_get(json, *path);
    if (json_is_array(json))
        json = json_array_get(json, 0);
    const char *text = json_string_value(json);
    return text && *text ? text : NULL;
}

static const char *words_of_tables(const struct duet_tables *tables, uint32_t first, uint32_t count,
                                   const json_t *json)
{
    for (uint32_t i = 0; json && i < count; i++) {
        const json_t *found = duet_path_find(tables, first + i, json);
        const char *text =
            json_string_value(json_is_array(found) ? json_array_get(found, 0) : found);
        if (text && *text)
            return text;
    }
    return NULL;
}

/* Where most systems put it. */
static const char *usual_words(const json_t *body)
{
    static const char *const places[][3] = {
        { "error", "message", NULL }, { "error_description", NULL },
        { "error", "code", NULL },    { "error", NULL },
        { "message", NULL },          { "errorMessages", NULL },
        { "detail", NULL },           { "title", NULL },
    };
    if (json_is_array(body))
        return json_string_value(json_array_get(body, 0));
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const char *text = words_at(body, places[i]);
        if (text)
            return text;
    }
    return NULL;
}

const char *duet_answer_text(const struct duet_endpoint *endpoint, const struct duet_t_op *op,
                             const struct duet_answer_view *view, struct duet_arena *arena)
{
    const struct duet_tables *tables = endpoint->tables;
    int status = view->http->status;
    const char *text = words_of_tables(tables, op->failed_text, op->failed_text_count, view->body);
    if (!text)
        text = words_of_tables(tables, endpoint->row->failed_text, endpoint->row->failed_text_count,
                               view->body);
    if (!text)
        text = usual_words(view->body);
    if (text)
        return duet_text_for_people(endpoint, duet_arena_format(arena, "HTTP %d: %s", status, text),
                                    arena);
    if (status >= 300 && status < 400)
        return duet_arena_format(arena, "HTTP %d: redirects are not followed", status);
    return duet_arena_format(arena, "HTTP %d", status);
}

const char *duet_row_text(const struct duet_endpoint *endpoint, const struct duet_t_op *op,
                          const json_t *row, struct duet_arena *arena)
{
    const struct duet_tables *tables = endpoint->tables;
    const char *text = words_of_tables(tables, op->failed_text, op->failed_text_count, row);
    if (!text)
        text = words_of_tables(tables, endpoint->row->failed_text, endpoint->row->failed_text_count,
                               row);
    if (!text)
        text = usual_words(row);
    if (text)
        return duet_text_for_people(endpoint, text, arena);
    char *dump = json_dumps(row, JSON_COMPACT | JSON_ENCODE_ANY);
    text = duet_text_for_people(endpoint, dump ? dump : "", arena);
    free(dump);
    return text;
}

static bool ends_with(const char *name, const char *end)
{
    size_t length = strlen(name);
    return length >= strlen(end) && strcasecmp(name + length - strlen(end), end) == 0;
}

const char *duet_answer_request_id(const struct duet_endpoint *endpoint,
                                   const struct duet_net_answer *http, struct duet_arena *arena)
{
    const char *ids = "";
    for (size_t i = 0; i < http->header_count; i++) {
        const struct duet_net_header *header = &http->headers[i];
        if (!ends_with(header->name, "request-id") && !ends_with(header->name, "correlation-id") &&
            !ends_with(header->name, "trace-id"))
            continue;
        ids = duet_arena_format(arena, "%s%s%s=%s", ids, *ids ? " " : "", header->name,
                                header->value);
    }
    return *ids ? duet_text_for_people(endpoint, ids, arena) : ids;
}

/* --- Retry-After ------------------------------------------------------------------------------------------------ */

static int month_of(const char *name)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int i = 0; i < 12; i++) {
        if (strncasecmp(months + 3 * i, name, 3) == 0)
            return i + 1;
    }
    return 0;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT": the form that HTTP has written since 1999, every place fixed. */
static bool parse_http_date(const char *text, int64_t *ticks_out)
{
    static const char shape[] = "aaa, 00 aaa 0000 00:00:00 GMT";
    char iso[32];
    if (strlen(text) != sizeof shape - 1)
        return false;
    for (size_t i = 0; shape[i]; i++) {
        bool fits = shape[i] == '0'   ? isdigit((unsigned char)text[i])
                    : shape[i] == 'a' ? isalpha((unsigned char)text[i])
                                      : text[i] == shape[i];
        if (!fits)
            return false;
    }
    snprintf(iso, sizeof iso, "%.4s-%02d-%.2sT%.8sZ", text + 12, month_of(text + 8), text + 5,
             text + 17);
    return duet_time_parse(DUET_TIME_RFC3339, NULL, iso, ticks_out);
}

int64_t duet_answer_retry_ms(const struct duet_net_answer *http, int64_t now)
{
    const char *text = duet_net_header(http, "Retry-After");
    int64_t at = 0;
    if (!text || !*text)
        return -1;
    if (strspn(text, "0123456789") == strlen(text)) {
        int64_t seconds = strlen(text) > 9 ? DUET_RETRY_MAX_MS : strtoll(text, NULL, 10);
        return seconds >= DUET_RETRY_MAX_MS / 1000 ? DUET_RETRY_MAX_MS : seconds * 1000;
    }
    if (!parse_http_date(text, &at))
        return -1;
    const char *date = duet_net_header(http, "Date");
    int64_t server_now = now;
    if (date && !parse_http_date(date, &server_now))
        server_now = now;
    int64_t left = (at - server_now) / (DUET_TICKS_PER_SECOND / 1000);
    return left < 0 ? 0 : left > DUET_RETRY_MAX_MS ? DUET_RETRY_MAX_MS : left;
}
