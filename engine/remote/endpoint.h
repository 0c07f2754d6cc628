/* The inside of an endpoint: for engine/remote alone. */
#pragma once

#include "engine/remote/quotas.h"
#include "engine/remote/remote.h"

struct duet_call;
struct duet_token;

/* What somebody asked of an endpoint: owned by the endpoint until it is done. First member of each kind of job. */
struct duet_job {
    struct duet_endpoint *endpoint;
    struct duet_job *before, *after;
    struct duet_arena *arena; /* freed with the job */
    struct duet_timer *deferred;
    void (*finish)(struct duet_job *job); /* frees what the arena doesn't hold; NULL: nothing */
};

struct duet_endpoint {
    const struct duet_rules *rules;
    const struct duet_tables *tables;
    enum duet_side side;
    const struct duet_t_side *row;
    struct duet_clock *clock;
    struct duet_random *random;
    struct duet_loop *loop;
    struct duet_net *net;
    struct duet_log *log;
    struct duet_secrets *secrets; /* its own: what its texts must not show */
    char *name;
    char **settings; /* in the order of the side's SETTING rows */
    int64_t patience_ms;
    char *base; /* without a slash at its end */
    struct duet_line *lines[DUET_OP_KINDS];
    struct duet_token *tokens; /* auth.c */
    struct duet_call *calls;   /* call.c */
    struct duet_job *jobs;
    uint64_t sent[DUET_OP_KINDS];
};

/* A setting's text; NULL when there is no such setting. */
const char *duet_endpoint_setting(const struct duet_endpoint *endpoint, const char *name);

/* The first operation of a kind; NULL: none. */
const struct duet_t_op *duet_endpoint_op(const struct duet_endpoint *endpoint,
                                         enum duet_op_kind kind);

/* The same operation in the tables of another tenant of this system: there it has other rows. */
const struct duet_t_op *duet_own_op(const struct duet_endpoint *endpoint,
                                    const struct duet_t_op *op, const struct duet_rules *rules,
                                    enum duet_side side);

/* Zeroed, `size` bytes that begin with a struct duet_job. */
void *duet_job_new(struct duet_endpoint *endpoint, size_t size,
                   void (*finish)(struct duet_job *job));
void duet_job_free(struct duet_job *job);

/* Calls in the next turn; at most one at a time. `job` is handed over. */
void duet_job_defer(struct duet_job *job, duet_loop_call call);

/* A result with nothing in it but an outcome and a text. */
struct duet_remote_result duet_result_of(enum duet_remote_outcome outcome, const char *text);
