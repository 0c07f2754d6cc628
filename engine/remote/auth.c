#include "engine/remote/auth.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

const struct duet_t_auth *duet_auth_of(const struct duet_endpoint *endpoint,
                                       const struct duet_t_op *op)
{
    const struct duet_t_auth *own = duet_auth_row(endpoint->tables, op->auth);
    return own ? own : duet_auth_row(endpoint->tables, endpoint->row->auth);
}

const char *duet_base64(const void *bytes, size_t length, bool for_url, struct duet_arena *arena)
{
    char *text = duet_arena_alloc(arena, (length + 2) / 3 * 4 + 1);
    EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);
    if (!for_url)
        return text;
    for (char *c = text; *c; c++)
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
    text[strcspn(text, "=")] = '\0';
    return text;
}

/* NULL when there is no such entry, or after a fault. */
static const char *entry(struct duet_render *render, const struct duet_t_auth *auth,
                         const char *name)
{
    const struct duet_tables *tables = render->endpoint->tables;
    for (uint32_t i = 0; i < auth->params_count; i++) {
        const struct duet_t_auth_param *param = duet_auth_param_row(tables, auth->params + i);
        if (strcmp(duet_str(tables, param->name), name) == 0)
            return duet_render_line(render, param->value, param->value_count);
    }
    return NULL;
}

/* RFC 7519, signed with HS256. */
static const char *signed_token(struct duet_render *render, const struct duet_t_auth *auth,
                                const char *secret)
{
    static const char head[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned mac_length = 0;
    json_t *claims =
        auth->claims != DUET_NONE ? duet_render_json(render, auth->claims) : json_object();
    char *text = claims ? json_dumps(claims, JSON_COMPACT) : NULL;
    const char *token = NULL;
    if (text) {
        token = duet_arena_format(render->arena, "%s.%s",
                                  duet_base64(head, sizeof head - 1, true, render->arena),
                                  duet_base64(text, strlen(text), true, render->arena));
        HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)token, strlen(token),
             mac, &mac_length);
        token = duet_arena_format(render->arena, "%s.%s", token,
                                  duet_base64(mac, mac_length, true, render->arena));
    }
    free(text);
    json_decref(claims);
    return token;
}

static bool lacks(struct duet_render *render)
{
    if (!*render->error.text)
        duet_fail(&render->error, DUET_INVALID, "the credentials lack an entry");
    return false;
}

static bool basic_header(struct duet_render *render, const struct duet_t_auth *auth,
                         struct duet_net_header *header_out)
{
    const char *user = entry(render, auth, "user");
    const char *password = entry(render, auth, "password");
    if (!user || !password)
        return lacks(render);
    const char *both = duet_arena_format(render->arena, "%s:%s", user, password);
    *header_out = (struct duet_net_header){
        "Authorization", duet_arena_format(render->arena, "Basic %s",
                                           duet_base64(both, strlen(both), false, render->arena))
    };
    return true;
}

static bool jwt_header(struct duet_render *render, const struct duet_t_auth *auth,
                       struct duet_net_header *header_out)
{
    const char *name = entry(render, auth, "header");
    const char *secret = entry(render, auth, "secret");
    const char *prefix = entry(render, auth, "prefix");
    const char *token = secret ? signed_token(render, auth, secret) : NULL;
    if (!token)
        return lacks(render);
    bool has_prefix = prefix && *prefix;
    bool has_blank = has_prefix && prefix[strlen(prefix) - 1] == ' ';
    *header_out = (struct duet_net_header){
        name ? name : "Authorization",
        has_prefix ? duet_arena_format(render->arena, "%s%s%s", prefix, has_blank ? "" : " ", token)
                   : token,
    };
    return true;
}

bool duet_auth_header(struct duet_render *render, const struct duet_t_auth *auth,
                      struct duet_net_header *header_out)
{
    const char *value = NULL;
    switch ((enum duet_auth_kind)auth->kind) {
    case DUET_AUTH_HEADER:
        *header_out =
            (struct duet_net_header){ entry(render, auth, "name"), entry(render, auth, "value") };
        return (header_out->name && *header_out->name && header_out->value) || lacks(render);
    case DUET_AUTH_BEARER:
        value = entry(render, auth, "token");
        if (!value)
            return lacks(render);
        *header_out =
            (struct duet_net_header){ "Authorization",
                                      duet_arena_format(render->arena, "Bearer %s", value) };
        return true;
    case DUET_AUTH_BASIC:
        return basic_header(render, auth, header_out);
    case DUET_AUTH_JWT:
        return jwt_header(render, auth, header_out);
    case DUET_AUTH_OAUTH2:
    case DUET_AUTHS:
        break;
    }
    return lacks(render);
}
