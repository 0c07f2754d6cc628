#include "tests/sim/smartsoar/hooks.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <curl/curl.h>

#include "tests/sim/text.h"

enum { TIMEOUT_SECONDS = 10, SENT_MAX = 10000 };

struct post {
    struct post *next;
    char *trigger;
    char *body;
    json_t *number;
    long delay_ms;
    bool held;
};

struct smartsoar_hooks {
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t changed;
    struct post *first;
    struct post *last;
    size_t waiting; /* the one being sent too */
    json_t *sent;
    bool stopping;
    char *url; /* these two never change */
    char *key;
};

static void post_free(struct post *post)
{
    free(post->trigger);
    free(post->body);
    json_decref(post->number);
    free(post);
}

static size_t ignore_answer(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    (void)context;
    return size * count;
}

static struct curl_slist *headers_of(const struct smartsoar_hooks *hooks, const struct post *post)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    char *trigger = sim_format("X-D3-Trigger: %s", post->trigger);
    headers = curl_slist_append(headers, trigger);
    free(trigger);
    if (hooks->key) {
        char *key = sim_format("X-Api-Key: %s", hooks->key);
        headers = curl_slist_append(headers, key);
        free(key);
    }
    return headers;
}

static long send_post(const struct smartsoar_hooks *hooks, const struct post *post, CURL *curl)
{
    long status = 0;
    struct curl_slist *headers = headers_of(hooks, post);
    curl_easy_setopt(curl, CURLOPT_URL, hooks->url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TIMEOUT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post->body);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore_answer);
    if (curl_easy_perform(curl) == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    return status;
}

/* The next post that isn't held; NULL when stopping. Called and left with the lock taken. */
static struct post *next_post(struct smartsoar_hooks *hooks)
{
    while (!hooks->stopping) {
        struct post *before = NULL;
        for (struct post *post = hooks->first; post; before = post, post = post->next) {
            if (post->held)
                continue;
            if (before)
                before->next = post->next;
            else
                hooks->first = post->next;
            if (hooks->last == post)
                hooks->last = before;
            return post;
        }
        pthread_cond_wait(&hooks->changed, &hooks->lock);
    }
    return NULL;
}

static void *send_all(void *context)
{
    struct smartsoar_hooks *hooks = context;
    CURL *curl = curl_easy_init();
    pthread_mutex_lock(&hooks->lock);
    for (struct post *post = next_post(hooks); post; post = next_post(hooks)) {
        pthread_mutex_unlock(&hooks->lock);
        if (post->delay_ms > 0)
            poll(NULL, 0, (int)post->delay_ms);
        long status = curl ? send_post(hooks, post, curl) : 0;
        pthread_mutex_lock(&hooks->lock);
        if (json_array_size(hooks->sent) >= SENT_MAX)
            json_array_remove(hooks->sent, 0);
        json_array_append_new(hooks->sent, json_pack("{s:s, s:O, s:I}", "trigger", post->trigger,
                                                     "incidentNumber", post->number, "status",
                                                     (json_int_t)status));
        hooks->waiting--;
        post_free(post);
    }
    pthread_mutex_unlock(&hooks->lock);
    curl_easy_cleanup(curl);
    return NULL;
}

struct smartsoar_hooks *smartsoar_hooks_new(const char *url, const char *key)
{
    struct smartsoar_hooks *hooks = sim_alloc(sizeof(*hooks));
    curl_global_init(CURL_GLOBAL_DEFAULT);
    pthread_mutex_init(&hooks->lock, NULL);
    pthread_cond_init(&hooks->changed, NULL);
    hooks->url = sim_copy(url);
    hooks->key = key ? sim_copy(key) : NULL;
    hooks->sent = json_array();
    if (pthread_create(&hooks->thread, NULL, send_all, hooks) != 0)
        abort();
    return hooks;
}

void smartsoar_hooks_free(struct smartsoar_hooks *hooks)
{
    if (!hooks)
        return;
    pthread_mutex_lock(&hooks->lock);
    hooks->stopping = true;
    pthread_cond_signal(&hooks->changed);
    pthread_mutex_unlock(&hooks->lock);
    pthread_join(hooks->thread, NULL);
    while (hooks->first) {
        struct post *post = hooks->first;
        hooks->first = post->next;
        post_free(post);
    }
    pthread_mutex_destroy(&hooks->lock);
    pthread_cond_destroy(&hooks->changed);
    json_decref(hooks->sent);
    free(hooks->url);
    free(hooks->key);
    free(hooks);
    curl_global_cleanup();
}

void smartsoar_hooks_post(struct smartsoar_hooks *hooks, const char *trigger, json_t *body,
                          long delay_ms, bool held)
{
    struct post *post = sim_alloc(sizeof(*post));
    post->trigger = sim_copy(trigger);
    post->body = json_dumps(body, JSON_COMPACT);
    post->number = json_deep_copy(json_object_get(body, "incidentNumber"));
    post->delay_ms = delay_ms;
    post->held = held;
    json_decref(body);
    pthread_mutex_lock(&hooks->lock);
    if (hooks->last)
        hooks->last->next = post;
    else
        hooks->first = post;
    hooks->last = post;
    hooks->waiting++;
    pthread_cond_signal(&hooks->changed);
    pthread_mutex_unlock(&hooks->lock);
}

void smartsoar_hooks_release(struct smartsoar_hooks *hooks)
{
    pthread_mutex_lock(&hooks->lock);
    for (struct post *post = hooks->first; post; post = post->next)
        post->held = false;
    pthread_cond_signal(&hooks->changed);
    pthread_mutex_unlock(&hooks->lock);
}

json_t *smartsoar_hooks_json(struct smartsoar_hooks *hooks)
{
    pthread_mutex_lock(&hooks->lock);
    json_t *answer = json_pack("{s:I, s:o}", "waiting", (json_int_t)hooks->waiting, "sent",
                               json_deep_copy(hooks->sent));
    pthread_mutex_unlock(&hooks->lock);
    return answer;
}
