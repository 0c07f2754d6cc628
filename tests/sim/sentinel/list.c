#include "tests/sim/sentinel/list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/jwt.h"
#include "tests/sim/sentinel/errors.h"
#include "tests/sim/sentinel/filter.h"
#include "tests/sim/text.h"

/* What a list request asks for; the skip token is this as JSON in base64. */
struct wish {
    char *filter;
    char *order; /* a path */
    bool descending;
    long top;
    json_t *after; /* [value of `order`, name] of the last record seen, or NULL */
    long skip;
};

struct sortable {
    json_t *record;
    json_t *value;
    const char *name;
    bool descending;
};

static void wish_finish(struct wish *wish)
{
    free(wish->filter);
    free(wish->order);
    json_decref(wish->after);
}

static char *read_top(const struct sim_state *state, const char *text, struct wish *wish)
{
    char *end = NULL;
    errno = 0;
    wish->top = strtol(text, &end, 10);
    if (errno == 0 && *text && *end == '\0' && wish->top >= 1 &&
        wish->top <= sentinel_number(state, SENTINEL_PAGE_MAX))
        return NULL;
    return sim_format("The value of '$top' must be between 1 and %ld, it is '%s'.",
                      sentinel_number(state, SENTINEL_PAGE_MAX), text);
}

static char *read_order(const char *text, struct wish *wish)
{
    size_t length = strcspn(text, " ");
    const char *direction = text + length + strspn(text + length, " ");
    free(wish->order);
    wish->order = sim_copy_part(text, length);
    wish->descending = sim_same(direction, "desc");
    bool known = *direction == '\0' || wish->descending || sim_same(direction, "asc");
    if (known && sentinel_path_is_known(wish->order))
        return NULL;
    return sim_format("Invalid orderby clause '%s': expected a property and asc or desc.", text);
}

static char *read_parameters(const struct sim_state *state, const struct sim_request *request,
                             struct wish *wish)
{
    const char *filter = sim_request_query(request, "$filter");
    const char *order = sim_request_query(request, "$orderby");
    const char *top = sim_request_query(request, "$top");
    char *problem = NULL;
    wish->top = sentinel_number(state, SENTINEL_PAGE_DEFAULT);
    wish->order = sim_copy("properties/createdTimeUtc");
    wish->descending = true;
    if (filter)
        wish->filter = sim_copy(filter);
    if (top)
        problem = read_top(state, top, wish);
    if (order && !problem)
        problem = read_order(order, wish);
    return problem;
}

static char *read_token(const struct sim_state *state, const char *token, struct wish *wish)
{
    char *text = sim_base64_decode(token);
    json_t *stored = text ? json_loads(text, 0, NULL) : NULL;
    const char *filter = sim_member_text(stored, "filter");
    const char *order = sim_member_text(stored, "order");
    free(text);
    if (!order || sentinel_is(state, SENTINEL_NEXT_LINK, "expired")) {
        json_decref(stored);
        return sim_copy("The skip token isn't valid or has expired.");
    }
    wish->filter = filter ? sim_copy(filter) : NULL;
    wish->order = sim_copy(order);
    wish->descending = json_is_true(json_object_get(stored, "descending"));
    wish->top = (long)json_integer_value(json_object_get(stored, "top"));
    wish->skip = (long)json_integer_value(json_object_get(stored, "skip"));
    wish->after = json_incref(json_object_get(stored, "after"));
    json_decref(stored);
    return NULL;
}

static int compare(const void *left, const void *right)
{
    const struct sortable *a = left;
    const struct sortable *b = right;
    int order = sentinel_value_compare(a->value, b->value);
    if (order == 0)
        order = strcmp(a->name, b->name);
    return a->descending ? -order : order;
}

static struct sortable sortable_of(const struct wish *wish, json_t *record)
{
    return (struct sortable){ .record = record,
                              .value = sentinel_path_value(record, wish->order),
                              .name = sim_member_text(record, "name"),
                              .descending = wish->descending };
}

/* Those records that the filter lets through, in order; `count_out` of them. */
static struct sortable *select_records(const struct wish *wish,
                                       const struct sentinel_filter *filter, bool bug,
                                       json_t *records, size_t *count_out)
{
    struct sortable *list = sim_alloc((json_array_size(records) + 1) * sizeof(*list));
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(records); i++) {
        json_t *record = json_array_get(records, i);
        if (!filter || sentinel_filter_matches(filter, record, bug))
            list[count++] = sortable_of(wish, record);
    }
    qsort(list, count, sizeof(*list), compare);
    *count_out = count;
    return list;
}

static size_t first_of_page(const struct wish *wish, const struct sortable *list, size_t count)
{
    if (!json_is_array(wish->after))
        return (size_t)wish->skip < count ? (size_t)wish->skip : count;
    json_t *value = json_array_get(wish->after, 0);
    struct sortable last = { .value = json_is_null(value) ? NULL : value,
                             .name = json_string_value(json_array_get(wish->after, 1)),
                             .descending = wish->descending };
    size_t at = 0;
    while (at < count && compare(&list[at], &last) <= 0)
        at++;
    return at;
}

/* Blanks are added until base64 needs padding, as real tokens have it. */
static char *make_token(const struct wish *wish, json_t *after, long skip)
{
    json_t *stored = json_object();
    if (wish->filter)
        json_object_set_new(stored, "filter", json_string(wish->filter));
    json_object_set_new(stored, "order", json_string(wish->order));
    json_object_set_new(stored, "descending", json_boolean(wish->descending));
    json_object_set_new(stored, "top", json_integer(wish->top));
    if (after)
        json_object_set_new(stored, "after", after);
    else
        json_object_set_new(stored, "skip", json_integer(skip));
    struct sim_text text = { 0 };
    char *plain = json_dumps(stored, JSON_COMPACT);
    sim_text_add(&text, plain);
    while (text.length % 3 == 0)
        sim_text_add(&text, " ");
    char *token = sim_base64(text.bytes, text.length);
    free(plain);
    sim_text_finish(&text);
    json_decref(stored);
    return token;
}

static char *next_link(const struct sim_state *state, const struct sim_request *request,
                       const char *token)
{
    bool foreign = sentinel_is(state, SENTINEL_NEXT_LINK, "foreign");
    const char *host = foreign ? "collector.example.net" : sim_request_header(request, "host");
    const char *version = sim_request_query(request, "api-version");
    return sim_format("%s://%s%s?api-version=%s&$skipToken=%s", foreign ? "https" : "http",
                      host ? host : "127.0.0.1", request->path, version ? version : "", token);
}

static void add_next_link(const struct sim_state *state, const struct sim_request *request,
                          const struct wish *wish, const struct sortable *last, long skip,
                          json_t *answer)
{
    const char *sent = sim_request_query(request, "$skipToken");
    char *token = NULL;
    if (sent && sentinel_is(state, SENTINEL_NEXT_LINK, "loop")) {
        token = sim_copy(sent);
    } else {
        json_t *after = NULL;
        if (sentinel_is(state, SENTINEL_PAGING, "keyset"))
            after = json_pack("[o, s]", last->value ? json_incref(last->value) : json_null(),
                              last->name);
        token = make_token(wish, after, skip);
    }
    char *link = next_link(state, request, token);
    json_object_set_new(answer, "nextLink", json_string(link));
    free(link);
    free(token);
}

static void answer_page(struct sim_state *state, const struct sim_request *request,
                        const struct wish *wish, const struct sentinel_filter *filter,
                        json_t *records, struct sim_reply *reply)
{
    size_t count = 0;
    bool bug = sentinel_is(state, SENTINEL_UNDETERMINED_FILTER_BUG, "on");
    struct sortable *list = select_records(wish, filter, bug, records, &count);
    size_t start = first_of_page(wish, list, count);
    size_t end = count - start > (size_t)wish->top ? start + (size_t)wish->top : count;
    json_t *value = json_array();
    for (size_t i = start; i < end; i++)
        json_array_append(value, list[i].record);
    json_t *answer = json_pack("{s:o}", "value", value);
    if (end < count && end > start)
        add_next_link(state, request, wish, &list[end - 1], (long)end, answer);
    free(list);
    sim_reply_json(reply, 200, answer);
}

void sentinel_list(struct sim_state *state, const struct sim_request *request,
                   struct sim_reply *reply, json_t *records)
{
    struct wish wish = { 0 };
    struct sentinel_filter *filter = NULL;
    const char *token = sim_request_query(request, "$skipToken");
    char *problem =
        token ? read_token(state, token, &wish) : read_parameters(state, request, &wish);
    if (!problem && wish.filter)
        filter = sentinel_filter_parse(wish.filter, &problem);
    if (problem)
        sentinel_bad_request(state, reply, problem);
    else
        answer_page(state, request, &wish, filter, records, reply);
    sentinel_filter_free(filter);
    wish_finish(&wish);
    json_decref(records);
}
