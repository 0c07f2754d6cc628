/* Posts of triggers to a listener, sent by a thread of its own. */
#pragma once

#include <stdbool.h>

#include <jansson.h>

struct smartsoar_hooks;

/* Posts go to `url` with `key` (may be NULL) in X-Api-Key. Freeing stops the thread; posts that
 * wait are not sent. */
struct smartsoar_hooks *smartsoar_hooks_new(const char *url, const char *key);
void smartsoar_hooks_free(struct smartsoar_hooks *hooks);

/* `body` is stolen. A held post waits for smartsoar_hooks_release(). */
void smartsoar_hooks_post(struct smartsoar_hooks *hooks, const char *trigger, json_t *body,
                          long delay_ms, bool held);
void smartsoar_hooks_release(struct smartsoar_hooks *hooks);

/* {"waiting": n, "sent": [{"trigger","incidentNumber","status"}]}; status 0: nobody answered. */
json_t *smartsoar_hooks_json(struct smartsoar_hooks *hooks);
