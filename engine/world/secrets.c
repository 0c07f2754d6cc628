#include "engine/world/secrets.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "engine/world/memory.h"

#define FORMS 3 /* as it is, in a URL, in a JSON text */
#define STRUCK "***"

struct secret {
    char *forms[FORMS]; /* NULL where it equals the first */
    unsigned uses;
};

struct duet_secrets {
    struct secret *list;
    size_t count, size;
};

void duet_secret_free(char *text)
{
    if (!text)
        return;
    OPENSSL_cleanse(text, strlen(text));
    free(text);
}

static void secret_finish(struct secret *secret)
{
    for (size_t i = 0; i < FORMS; i++)
        duet_secret_free(secret->forms[i]);
}

struct duet_secrets *duet_secrets_new(void)
{
    return duet_new(sizeof(struct duet_secrets));
}

void duet_secrets_free(struct duet_secrets *secrets)
{
    if (!secrets)
        return;
    for (size_t i = 0; i < secrets->count; i++)
        secret_finish(&secrets->list[i]);
    free(secrets->list);
    free(secrets);
}

static bool is_unreserved(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c && strchr("-._~", c));
}

/* NULL when it looks the same. */
static char *form_in_url(const char *text)
{
    char *form = duet_new(3 * strlen(text) + 1);
    char *at = form;
    for (const char *c = text; *c; c++)
        at += is_unreserved((unsigned char)*c) ? sprintf(at, "%c", *c)
                                               : sprintf(at, "%%%02X", (unsigned)(unsigned char)*c);
    if (strcmp(form, text) != 0)
        return form;
    duet_secret_free(form);
    return NULL;
}

static char *form_in_json(const char *text)
{
    char *form = duet_new(2 * strlen(text) + 1);
    char *at = form;
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            *at++ = '\\';
        *at++ = *c;
    }
    if (strcmp(form, text) != 0)
        return form;
    duet_secret_free(form);
    return NULL;
}

static struct secret *find(const struct duet_secrets *secrets, const char *text)
{
    for (size_t i = 0; i < secrets->count; i++) {
        if (strcmp(secrets->list[i].forms[0], text) == 0)
            return &secrets->list[i];
    }
    return NULL;
}

void duet_secrets_add(struct duet_secrets *secrets, const char *text)
{
    if (!secrets || !text || strlen(text) < DUET_SECRET_MIN)
        return;
    struct secret *known = find(secrets, text);
    if (known) {
        known->uses++;
        return;
    }
    if (secrets->count == secrets->size) {
        secrets->size = secrets->size > 0 ? 2 * secrets->size : 8;
        secrets->list = duet_grow_array(secrets->list, secrets->size, sizeof(struct secret));
    }
    secrets->list[secrets->count++] = (struct secret){
        .forms = { duet_text_new(text), form_in_url(text), form_in_json(text) },
        .uses = 1,
    };
}

void duet_secrets_forget(struct duet_secrets *secrets, const char *text)
{
    struct secret *known = secrets && text ? find(secrets, text) : NULL;
    if (!known || --known->uses > 0)
        return;
    secret_finish(known);
    *known = secrets->list[--secrets->count];
}

/* The longest secret that begins here, so that one inside of another leaves no rest; 0: none. */
static size_t match(const struct duet_secrets *secrets, const char *text)
{
    size_t longest = 0;
    for (size_t i = 0; i < secrets->count; i++) {
        for (size_t j = 0; j < FORMS; j++) {
            const char *form = secrets->list[i].forms[j];
            size_t length = form ? strlen(form) : 0;
            if (length > longest && strncmp(text, form, length) == 0)
                longest = length;
        }
    }
    return longest;
}

static bool holds_any(const struct duet_secrets *secrets, const char *text)
{
    for (size_t i = 0; i < secrets->count; i++) {
        for (size_t j = 0; j < FORMS; j++) {
            if (secrets->list[i].forms[j] && strstr(text, secrets->list[i].forms[j]))
                return true;
        }
    }
    return false;
}

const char *duet_secrets_strike(const struct duet_secrets *secrets, const char *text,
                                struct duet_arena *arena)
{
    if (!secrets || !text || !holds_any(secrets, text))
        return text;
    /* A secret is no shorter than what replaces it. */
    char *struck = duet_arena_alloc(arena, strlen(text) + 1);
    char *at = struck;
    while (*text) {
        size_t length = match(secrets, text);
        if (length > 0) {
            memcpy(at, STRUCK, sizeof STRUCK - 1);
            at += sizeof STRUCK - 1;
            text += length;
        } else {
            *at++ = *text++;
        }
    }
    return struck;
}
