/* One request from its head to the answer: which hook it is for, whether it may, its bounded body, and what comes of it.
 *
 * A request that is refused by its head is read to its end all the same, without keeping a byte, because a line cut while the other side
 * still sends loses the answer; up to DUET_REQUEST_MAX_IGNORED bytes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/server/server.h"

#define DUET_REQUEST_MAX_IGNORED (1U << 20)
#define DUET_DIGEST_BYTES 32U

/* A hook as requests are compared with it. */
struct duet_gate {
    const struct duet_hook *hook;            /* borrowed */
    char *path;                              /* "/hooks/acme/board" */
    const char *header;                      /* in which the key is expected; borrowed */
    bool is_open;                            /* has a key */
    unsigned char digest[DUET_DIGEST_BYTES]; /* of the key */
};

/* DUET_NOT_FOUND: its system takes no hooks. DUET_FAILED: no digest could be made. Finish it in any case; `= {0}` is safe to finish. */
enum duet_status duet_gate_init(struct duet_gate *gate, const struct duet_hook *hook,
                                struct duet_error *error);
void duet_gate_finish(struct duet_gate *gate);
/* One path, one owner, one key: either may stand for both. */
bool duet_gate_same(const struct duet_gate *a, const struct duet_gate *b);

struct duet_gates {
    const struct duet_gate *list;
    size_t count;
};

/* What came with the request's head. Borrowed. */
struct duet_request_head {
    const char *method;
    const char *path; /* percent signs resolved */
    uint64_t length;  /* that the body is said to have; 0 where nothing is said */
    const char *(*header)(const void *data, const char *name); /* NULL: there is none */
    const void *data;
};

struct duet_request;

/* The caller frees it; NULL is fine. */
struct duet_request *duet_request_new(const struct duet_gates *gates,
                                      const struct duet_request_head *head);
void duet_request_free(struct duet_request *request);

/* True: answer now, whoever sends waits for that or sends too much. */
bool duet_request_is_over(const struct duet_request *request);

/* More of the body. False: cut the line. */
bool duet_request_take(struct duet_request *request, const char *bytes, size_t length);

/* What is to be answered; texts live as long as the request. */
struct duet_reply {
    unsigned status;
    const char *body;             /* JSON */
    const char *header, *value;   /* one more header, NULL: none */
    const struct duet_hook *hook; /* whose it was; NULL: nobody's, or without the key */
    const char *why;              /* refused: for the log; NULL: accepted */
};

/* Carries it out when it may. Called once, when the body is whole or the request is over. */
struct duet_reply duet_request_finish(struct duet_request *request, struct duet_journal *journal,
                                      int64_t when);
