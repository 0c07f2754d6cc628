/* Where a list goes on: the next page's URL, number, offset or cursor, from what the present page says. */
#pragma once

#include "engine/remote/call.h"

enum duet_page_end { DUET_PAGE_MORE, DUET_PAGE_LAST, DUET_PAGE_ASTRAY };

/* Zeroed, then duet_pages_start(); texts are in the arena that was handed in. */
struct duet_pages {
    const struct duet_endpoint *endpoint;
    const struct duet_t_op *op;
    const struct duet_t_page *row; /* NULL: one page is all */
    struct duet_arena *arena;
    int64_t number;     /* INDEX: the page's; OFFSET: its first row's */
    const char *cursor; /* NULL on the first page */
    const char *url;    /* LINK, HEADER_LINK: instead of the operation's; NULL on the first page */
    uint32_t count;     /* pages seen in this pass */
    int64_t until;      /* INDEX: pages; OFFSET: rows; -1: not said */
    uint64_t *visited;  /* hashes of links and cursors that were followed */
    uint32_t visited_count, visited_size;
};

void duet_pages_start(struct duet_pages *pages, const struct duet_endpoint *endpoint,
                      const struct duet_t_op *op, struct duet_arena *arena);

/* Makes the request for the present page. False with render->error set. */
bool duet_pages_prepare(struct duet_pages *pages, struct duet_render *render,
                        struct duet_call_request *request_out);

/* Goes on to what follows the page that was answered. ASTRAY: `fault_out` says why the list can't be followed. */
enum duet_page_end duet_pages_next(struct duet_pages *pages, const struct duet_call_answer *answer,
                                   const char **fault_out);

/* Can rows move between pages while they are read, so that one pass proves nothing? Known after the last page. */
bool duet_pages_shift(const struct duet_pages *pages);
