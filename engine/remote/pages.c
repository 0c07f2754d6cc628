#include "engine/remote/pages.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/remote/url.h"

void duet_pages_start(struct duet_pages *pages, const struct duet_endpoint *endpoint,
                      const struct duet_t_op *op, struct duet_arena *arena)
{
    *pages = (struct duet_pages){ .endpoint = endpoint,
                                  .op = op,
                                  .row = duet_page_row(endpoint->tables, op->page),
                                  .arena = arena,
                                  .until = -1 };
    if (pages->row)
        pages->number = pages->row->from;
}

/* --- asking --------------------------------------------------------------------------------------------------------- */

static bool counts(const struct duet_t_page *row)
{
    return row->kind == DUET_PAGE_INDEX || row->kind == DUET_PAGE_OFFSET;
}

/* "page=2&per_page=100", or NULL. */
static const char *in_query(const struct duet_pages *pages)
{
    const struct duet_tables *tables = pages->endpoint->tables;
    const struct duet_t_page *row = pages->row;
    const char *size_name = duet_opt_str(tables, row->size_name);
    const char *text = NULL;
    if (counts(row))
        text = duet_arena_format(pages->arena, "%s=%" PRId64,
                                 duet_url_query_text(duet_str(tables, row->name), pages->arena),
                                 pages->number);
    else if (pages->cursor)
        text = duet_arena_format(pages->arena, "%s=%s",
                                 duet_url_query_text(duet_str(tables, row->name), pages->arena),
                                 duet_url_query_text(pages->cursor, pages->arena));
    if (size_name)
        text = duet_arena_format(pages->arena, "%s%s%s=%u", text ? text : "", text ? "&" : "",
                                 duet_url_query_text(size_name, pages->arena), row->size);
    return text;
}

static void put_in_body(const struct duet_pages *pages, json_t *body)
{
    const struct duet_tables *tables = pages->endpoint->tables;
    const struct duet_t_page *row = pages->row;
    const char *size_name = duet_opt_str(tables, row->size_name);
    if (counts(row))
        json_object_set_new(body, duet_str(tables, row->name), json_integer(pages->number));
    else if (pages->cursor)
        json_object_set_new(body, duet_str(tables, row->name), json_string(pages->cursor));
    if (size_name)
        json_object_set_new(body, size_name, json_integer(row->size));
}

bool duet_pages_prepare(struct duet_pages *pages, struct duet_render *render,
                        struct duet_call_request *request_out)
{
    const struct duet_t_page *row = pages->row;
    const char *extra = NULL;
    bool is_counted = row && (counts(row) || row->kind == DUET_PAGE_CURSOR);
    render->page = pages->cursor;
    render->page_number = pages->number;
    if (is_counted && row->where == DUET_PAGE_IN_QUERY)
        extra = in_query(pages);
    json_t *body = pages->op->body != DUET_NONE ? duet_render_json(render, pages->op->body) : NULL;
    if (is_counted && row->where == DUET_PAGE_IN_BODY) {
        body = body ? body : json_object();
        put_in_body(pages, body);
    }
    render->body = body;
    bool prepared =
        *render->error.text == '\0' && duet_call_prepare(render, extra, NULL, 0, request_out);
    render->body = NULL;
    json_decref(body);
    if (prepared && pages->url)
        request_out->url = pages->url;
    return prepared;
}

/* --- going on -------------------------------------------------------------------------------------------------------- */

static uint64_t hash_of(const char *text)
{
    const struct duet_remote_row row = { text, strlen(text) };
    return duet_row_hash(&row);
}

/* False when it was followed before: the list goes round in a circle. */
static bool visit(struct duet_pages *pages, const char *where)
{
    uint64_t hash = hash_of(where);
    for (uint32_t i = 0; i < pages->visited_count; i++) {
        if (pages->visited[i] == hash)
            return false;
    }
    if (pages->visited_count == pages->visited_size) {
        uint32_t size = pages->visited_size > 0 ? 2 * pages->visited_size : 16;
        uint64_t *visited = duet_arena_alloc_array(pages->arena, size, sizeof *visited);
        if (pages->visited_count > 0)
            memcpy(visited, pages->visited, pages->visited_count * sizeof *visited);
        pages->visited = visited;
        pages->visited_size = size;
    }
    pages->visited[pages->visited_count++] = hash;
    return true;
}

/* A text, or a number as text; NULL when nothing (or an empty text) stands there. */
static const char *text_at(const struct duet_pages *pages, uint32_t path, const json_t *body)
{
    const json_t *json = body ? duet_path_find(pages->endpoint->tables, path, body) : NULL;
    if (json_is_integer(json))
        return duet_arena_format(pages->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
    const char *text = json_string_value(json);
    return text && *text ? duet_arena_format(pages->arena, "%s", text) : NULL;
}

/* RFC 8288: <url>; rel="next", among others. NULL: none. */
static const char *next_of_header(const struct duet_pages *pages, const char *header)
{
    while (header && *header) {
        const char *start = strchr(header, '<');
        const char *end = start ? strchr(start, '>') : NULL;
        if (!end)
            return NULL;
        const char *stop = strchr(end, '<');
        const char *parameters =
            duet_arena_copy_text(pages->arena, end, stop ? (size_t)(stop - end) : strlen(end));
        if (strstr(parameters, "rel=\"next\"") || strstr(parameters, "rel=next"))
            return duet_arena_copy_text(pages->arena, start + 1, (size_t)(end - start - 1));
        header = stop;
    }
    return NULL;
}

static enum duet_page_end astray(const char *fault, const char **fault_out)
{
    *fault_out = fault;
    return DUET_PAGE_ASTRAY;
}

static enum duet_page_end follow(struct duet_pages *pages, const char *link, const char **fault_out)
{
    if (!link)
        return DUET_PAGE_LAST;
    pages->url = duet_url_follow(pages->endpoint->base, link, pages->arena, fault_out);
    if (!pages->url)
        return DUET_PAGE_ASTRAY;
    return visit(pages, pages->url) ? DUET_PAGE_MORE
                                    : astray("the list's pages go round in a circle", fault_out);
}

static enum duet_page_end next_number(struct duet_pages *pages,
                                      const struct duet_call_answer *answer)
{
    const char *until = text_at(pages, pages->row->until, answer->body.json);
    size_t rows = answer->body.count;
    bool is_index = pages->row->kind == DUET_PAGE_INDEX;
    pages->until = until ? strtoll(until, NULL, 10) : -1;
    pages->number += is_index ? 1 : (int64_t)rows;
    if (rows == 0)
        return DUET_PAGE_LAST;
    if (pages->until >= 0)
        return pages->number - pages->row->from < pages->until ? DUET_PAGE_MORE : DUET_PAGE_LAST;
    return rows < pages->row->size ? DUET_PAGE_LAST : DUET_PAGE_MORE;
}

enum duet_page_end duet_pages_next(struct duet_pages *pages, const struct duet_call_answer *answer,
                                   const char **fault_out)
{
    const struct duet_tables *tables = pages->endpoint->tables;
    const struct duet_t_page *row = pages->row;
    pages->count++;
    if (!row)
        return DUET_PAGE_LAST;
    if (pages->count >= DUET_REMOTE_MAX_PAGES)
        return astray("the list has more pages than are read", fault_out);
    switch ((enum duet_page_kind)row->kind) {
    case DUET_PAGE_LINK:
        return follow(pages, text_at(pages, row->at, answer->body.json), fault_out);
    case DUET_PAGE_HEADER_LINK: {
        const char *name = duet_opt_str(tables, row->name);
        return follow(
            pages, next_of_header(pages, duet_net_header(answer->view->http, name ? name : "Link")),
            fault_out);
    }
    case DUET_PAGE_INDEX:
    case DUET_PAGE_OFFSET:
        return next_number(pages, answer);
    case DUET_PAGE_CURSOR:
        pages->cursor = text_at(pages, row->at, answer->body.json);
        if (!pages->cursor)
            return DUET_PAGE_LAST;
        return visit(pages, pages->cursor)
                   ? DUET_PAGE_MORE
                   : astray("the list's pages go round in a circle", fault_out);
    case DUET_PAGES:
        break;
    }
    return DUET_PAGE_LAST;
}

bool duet_pages_shift(const struct duet_pages *pages)
{
    return pages->row && counts(pages->row) && pages->count > 1;
}
