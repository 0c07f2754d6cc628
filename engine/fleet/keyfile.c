#include "engine/fleet/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIGITS (2U * DUET_KEY_BYTES)

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool read_digits(const char *text, size_t length, struct duet_key *key_out)
{
    if (length != DIGITS)
        return false;
    for (size_t i = 0; i < DUET_KEY_BYTES; i++) {
        int high = digit(text[2 * i]);
        int low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        key_out->bytes[i] = (unsigned char)(16 * high + low);
    }
    return true;
}

static enum duet_status read_file(const char *path, struct duet_key *key_out,
                                  struct duet_error *error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT)
        return DUET_NOT_FOUND;
    if (file < 0)
        return duet_fail(error, DUET_FAILED, "can't open '%s': %s", path, strerror(errno));
    char text[DIGITS + 2];
    ssize_t length = read(file, text, sizeof text);
    close(file);
    if (length == (ssize_t)DIGITS + 1 && text[DIGITS] == '\n')
        length--;
    if (length < 0 || !read_digits(text, (size_t)length, key_out))
        return duet_fail(error, DUET_INVALID, "'%s' holds no key: expected %u hexadecimal digits",
                         path, DIGITS);
    return DUET_OK;
}

static void write_digits(const struct duet_key *key, char text[DIGITS + 1])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < DUET_KEY_BYTES; i++) {
        text[2 * i] = digits[key->bytes[i] >> 4];
        text[2 * i + 1] = digits[key->bytes[i] & 15U];
    }
    text[DIGITS] = '\n';
}

/* Whole or not at all: under another name first. */
static enum duet_status make_file(const char *path, const struct duet_key *key,
                                  struct duet_error *error)
{
    struct duet_arena *arena = duet_arena_new();
    char *draft = duet_arena_format(arena, "%s.new", path);
    char text[DIGITS + 1];
    write_digits(key, text);
    (void)unlink(draft);
    int file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good =
        file >= 0 && write(file, text, sizeof text) == (ssize_t)sizeof text && fsync(file) == 0;
    int reason = errno;
    if (file >= 0)
        good = close(file) == 0 && good;
    if (good && rename(draft, path) != 0) {
        reason = errno;
        good = false;
    }
    duet_arena_free(arena);
    return good ? DUET_OK
                : duet_fail(error, DUET_FAILED, "can't make '%s': %s", path, strerror(reason));
}

static enum duet_status find(const char *path, struct duet_key *key_out, struct duet_error *error)
{
    const char *given = getenv(DUET_KEY_VARIABLE);
    if (!given)
        return read_file(path, key_out, error);
    if (read_digits(given, strlen(given), key_out))
        return DUET_OK;
    return duet_fail(error, DUET_INVALID,
                     DUET_KEY_VARIABLE " holds no key: expected %u hexadecimal digits", DIGITS);
}

enum duet_status duet_key_load(const char *path, struct duet_random *random,
                               struct duet_key *key_out, struct duet_error *error)
{
    enum duet_status status = find(path, key_out, error);
    if (status != DUET_NOT_FOUND)
        return status;
    random->fill(random, key_out->bytes, sizeof key_out->bytes);
    return make_file(path, key_out, error);
}

enum duet_status duet_key_borrow(const char *path, struct duet_random *random,
                                 struct duet_key *key_out, struct duet_error *error)
{
    enum duet_status status = find(path, key_out, error);
    if (status != DUET_NOT_FOUND)
        return status;
    random->fill(random, key_out->bytes, sizeof key_out->bytes);
    return DUET_OK;
}
