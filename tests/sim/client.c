#include "tests/sim/client.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <curl/curl.h>

#include <cmocka.h>

#include "tests/sim/text.h"

enum { ARGUMENTS_MAX = 40 };

static void run_program(const char *const *arguments, int out)
{
    char *words[ARGUMENTS_MAX] = { sim_copy(DUET_SIM_BIN) };
    for (size_t i = 0; arguments[i]; i++)
        words[i + 1] = sim_copy(arguments[i]);
    dup2(out, STDOUT_FILENO);
    execv(words[0], words);
    _exit(127);
}

void client_start(struct client *client, const char *const *arguments)
{
    static const char GREETING[] = "listening on ";
    char line[256] = { 0 };
    int out[2];
    *client = (struct client){ 0 };
    assert_int_equal(pipe(out), 0);
    client->pid = fork();
    if (client->pid == 0) {
        close(out[0]);
        run_program(arguments, out[1]);
    }
    close(out[1]);
    FILE *file = fdopen(out[0], "r");
    assert_non_null(fgets(line, sizeof(line), file));
    fclose(file);
    assert_memory_equal(line, GREETING, strlen(GREETING));
    line[strcspn(line, "\n")] = '\0';
    client->base = sim_copy(line + strlen(GREETING));
}

void client_stop(struct client *client)
{
    int status = 0;
    kill(client->pid, SIGTERM);
    waitpid(client->pid, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    free(client->base);
    free(client->header);
    free(client->text);
}

int client_exit_status(const char *const *arguments)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDERR_FILENO);
        run_program(arguments, null);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    sim_text_add_part(context, data, size * count);
    return size * count;
}

static size_t take_header(char *data, size_t size, size_t count, void *context)
{
    struct client *client = context;
    size_t used = strlen(client->headers);
    size_t length = size * count;
    if (used + length < sizeof(client->headers)) {
        memcpy(client->headers + used, data, length);
        client->headers[used + length] = '\0';
    }
    return size * count;
}

json_t *client_send_text(struct client *client, const char *method, const char *path,
                         const char *body)
{
    struct sim_text answer = { 0 };
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    char *url = *path == '/' ? sim_format("%s%s", client->base, path) : sim_copy(path);
    CURL *curl = curl_easy_init();
    if (client->header)
        headers = curl_slist_append(headers, client->header);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    if (body)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, client);
    client->status = 0;
    client->headers[0] = '\0';
    if (curl_easy_perform(curl) == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &client->status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    free(url);
    free(client->text);
    sim_text_add(&answer, "");
    client->text = answer.bytes;
    return json_loads(client->text, JSON_DECODE_ANY, NULL);
}

json_t *client_send(struct client *client, const char *method, const char *path, json_t *body)
{
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_t *answer = client_send_text(client, method, path, text);
    json_decref(body);
    free(text);
    return answer;
}

long client_do(struct client *client, const char *method, const char *path, json_t *body)
{
    json_decref(client_send(client, method, path, body));
    return client->status;
}

void client_set_header(struct client *client, char *stolen_header)
{
    free(client->header);
    client->header = stolen_header;
}

void client_switch(struct client *client, const char *name, const char *value)
{
    char *end = NULL;
    long number = strtol(value, &end, 10);
    json_t *set = json_object();
    json_object_set_new(set, name, *end == '\0' ? json_integer(number) : json_string(value));
    long status = client_do(client, "POST", "/_sim/switches", set);
    if (status == 400)
        status = client_do(client, "POST", "/_sim/switches", json_pack("{s:s}", name, value));
    assert_int_equal(status, 200);
}

json_t *client_at(const json_t *json, const char *path)
{
    json_t *found = NULL;
    for (const char *at = path; *at;) {
        size_t length = strcspn(at, ".");
        char *part = sim_copy_part(at, length);
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

const char *client_text_at(const json_t *json, const char *path)
{
    return json_string_value(client_at(json, path));
}
