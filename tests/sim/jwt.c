#include "tests/sim/jwt.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "tests/sim/text.h"

enum { TOKEN_MAX = 16384, SIGNATURE_SIZE = 32 };

static char *encode(const unsigned char *bytes, size_t length)
{
    unsigned char *text = sim_alloc((length + 2) / 3 * 4 + 1);
    EVP_EncodeBlock(text, bytes, (int)length);
    return (char *)text;
}

char *sim_base64(const char *bytes, size_t length)
{
    return encode((const unsigned char *)bytes, length);
}

/* EVP_DecodeBlock counts padding as zero bytes, so the text ends earlier than its length says. */
static unsigned char *decode(const char *text, size_t length, size_t *length_out)
{
    if (length == 0 || length % 4 != 0 || length > INT_MAX)
        return NULL;
    unsigned char *bytes = sim_alloc(length / 4 * 3 + 1);
    int decoded = EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)length);
    if (decoded < 0) {
        free(bytes);
        return NULL;
    }
    size_t padding = (text[length - 1] == '=' ? 1U : 0U) + (text[length - 2] == '=' ? 1U : 0U);
    *length_out = (size_t)decoded - padding;
    bytes[*length_out] = '\0';
    return bytes;
}

char *sim_base64_decode(const char *text)
{
    size_t length = 0;
    return (char *)decode(text, strlen(text), &length);
}

static char *encode_url(const unsigned char *bytes, size_t length)
{
    char *text = encode(bytes, length);
    for (char *at = text; *at; at++) {
        if (*at == '+')
            *at = '-';
        else if (*at == '/')
            *at = '_';
        else if (*at == '=')
            *at = '\0';
    }
    return text;
}

static unsigned char *decode_url(const char *text, size_t length, size_t *length_out)
{
    char *padded = sim_alloc(length + 4);
    memcpy(padded, text, length);
    for (size_t i = 0; i < length; i++) {
        if (padded[i] == '-')
            padded[i] = '+';
        else if (padded[i] == '_')
            padded[i] = '/';
    }
    while (length % 4 != 0)
        padded[length++] = '=';
    unsigned char *bytes = decode(padded, length, length_out);
    free(padded);
    return bytes;
}

static void sign(const char *bytes, size_t length, const char *secret,
                 unsigned char out[SIGNATURE_SIZE])
{
    unsigned size = SIGNATURE_SIZE;
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)bytes, length, out,
         &size);
}

char *sim_jwt_sign(const json_t *claims, const char *secret)
{
    static const char HEADER[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    unsigned char signature[SIGNATURE_SIZE];
    char *payload = json_dumps(claims, JSON_COMPACT);
    char *first = encode_url((const unsigned char *)HEADER, strlen(HEADER));
    char *second = encode_url((const unsigned char *)payload, strlen(payload));
    char *head = sim_format("%s.%s", first, second);
    sign(head, strlen(head), secret, signature);
    char *third = encode_url(signature, SIGNATURE_SIZE);
    char *token = sim_format("%s.%s", head, third);
    free(payload);
    free(first);
    free(second);
    free(head);
    free(third);
    return token;
}

static json_t *decode_part(const char *text, size_t length)
{
    size_t size = 0;
    unsigned char *bytes = decode_url(text, length, &size);
    json_t *json =
        bytes ? json_loadb((const char *)bytes, size, JSON_REJECT_DUPLICATES, NULL) : NULL;
    free(bytes);
    return json;
}

static bool signature_is_right(const char *token, size_t head_length, const char *given,
                               const char *secret)
{
    unsigned char expected[SIGNATURE_SIZE];
    size_t size = 0;
    unsigned char *signature = decode_url(given, strlen(given), &size);
    sign(token, head_length, secret, expected);
    bool right = signature && size == SIGNATURE_SIZE &&
                 CRYPTO_memcmp(signature, expected, SIGNATURE_SIZE) == 0;
    free(signature);
    return right;
}

json_t *sim_jwt_verify(const char *token, const char *secret)
{
    const char *first = strchr(token, '.');
    const char *second = first ? strchr(first + 1, '.') : NULL;
    if (!second || strlen(token) > TOKEN_MAX || strchr(second + 1, '.'))
        return NULL;
    json_t *header = decode_part(token, (size_t)(first - token));
    bool known = sim_same(sim_member_text(header, "alg"), "HS256");
    json_decref(header);
    if (!known || !signature_is_right(token, (size_t)(second - token), second + 1, secret))
        return NULL;
    return decode_part(first + 1, (size_t)(second - first - 1));
}

void sim_uuid(const char *seed, char out[SIM_UUID_SIZE])
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)seed, strlen(seed), hash);
    hash[6] = (unsigned char)((hash[6] & 0x0FU) | 0x40U);
    hash[8] = (unsigned char)((hash[8] & 0x3FU) | 0x80U);
    char *at = out;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        snprintf(at, 3, "%02x", hash[i]);
        at += 2;
    }
}
