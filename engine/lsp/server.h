/* The language server: messages of an editor in, answers and findings out. Speaks LSP 3.17; opens no connection and knows no clock.
 *
 *     new -- initialize --> running -- shutdown --> shut down -- exit --> over
 *
 * One message is worked on at a time, in order; what stands in the queue can be cancelled. Findings are told when the queue is empty, so
 * that typing never waits for them. */
#pragma once

#include <stdbool.h>

#include <jansson.h>

struct duet_lsp;

/* Sends a message to the editor; borrowed for the call. */
typedef void (*duet_lsp_send)(void *context, const json_t *message);

/* `version`: of duet, told to the editor. The caller owns it; duet_lsp_free() accepts NULL. */
struct duet_lsp *duet_lsp_new(const char *version, duet_lsp_send send, void *context);
void duet_lsp_free(struct duet_lsp *lsp);

/* Queues a message, whatever it is; takes over the reference. */
void duet_lsp_receive(struct duet_lsp *lsp, json_t *message);
/* Bytes came in that are no message. */
void duet_lsp_receive_broken(struct duet_lsp *lsp, const char *why);

/* Does one piece of work; false: there is none until the next message. */
bool duet_lsp_work(struct duet_lsp *lsp);

/* Whether `exit` came; *in_order_out: after a `shutdown`. */
bool duet_lsp_is_over(const struct duet_lsp *lsp, bool *in_order_out);
