/* Compact JSON Web Tokens with HS256, base64 and ids made from hashes. */
#pragma once

#include <stddef.h>

#include <jansson.h>

enum { SIM_UUID_SIZE = 37 };

/* A signed token; the caller frees it. */
char *sim_jwt_sign(const json_t *claims, const char *secret);

/* The claims of a token whose algorithm is HS256 and whose signature is right, else NULL. */
json_t *sim_jwt_verify(const char *token, const char *secret);

/* Standard alphabet with '=' padding; the caller frees. Decoding NULL: not base64. */
char *sim_base64(const char *bytes, size_t length);
char *sim_base64_decode(const char *text);

/* A GUID made from a text: the same text gives the same GUID. */
void sim_uuid(const char *seed, char out[SIM_UUID_SIZE]);
