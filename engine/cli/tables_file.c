#include "engine/cli/tables_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/cli/load.h"

static const char *const magics[] = {
    "DUET", "TEUD"
}; /* ours, and that of a machine of another byte order */

/* The whole file, allocated; NULL with errno set. What is larger than any table is cut, and refused later for its size. */
static unsigned char *read_file(const char *path, size_t *size_out)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    size_t capacity = 1U << 16;
    unsigned char *bytes = malloc(capacity);
    *size_out = 0;
    while (bytes) {
        *size_out += fread(bytes + *size_out, 1, capacity - *size_out, file);
        if (*size_out < capacity || capacity > DUET_TABLES_MAX_BYTES)
            break;
        unsigned char *bigger = realloc(bytes, 2 * capacity);
        if (!bigger)
            free(bytes);
        bytes = bigger;
        capacity *= 2;
    }
    int reason = ferror(file) ? errno : 0;
    fclose(file);
    if (bytes && reason) {
        free(bytes);
        bytes = NULL;
    }
    errno = reason ? reason : errno;
    return bytes;
}

static bool are_tables(const unsigned char *bytes, size_t size)
{
    return size >= 4 && (memcmp(bytes, magics[0], 4) == 0 || memcmp(bytes, magics[1], 4) == 0);
}

static enum duet_exit use_bytes(const struct duet_arguments *arguments, const char *path,
                                const unsigned char *bytes, size_t size, duet_tables_use *use,
                                void *context)
{
    struct duet_tables tables;
    struct duet_error error = { "" };
    if (duet_tables_open(bytes, size, &tables, &error) != DUET_OK)
        return duet_complain(arguments, DUET_EXIT_WORLD, "'%s': %s", path, error.text);
    return use(arguments, &tables, context);
}

static enum duet_exit use_mapping(const struct duet_arguments *arguments, const char *path,
                                  duet_tables_use *use, void *context)
{
    enum duet_exit status = DUET_EXIT_FINE;
    struct duet_compilation *compilation = duet_load(arguments, path, &status);
    if (!compilation)
        return status;
    size_t index = 0;
    const char *name = duet_option_text(arguments, "mapping", NULL);
    const struct duet_tables *tables =
        duet_load_mapping(arguments, compilation, path, name, &index);
    status = tables ? use(arguments, tables, context) : DUET_EXIT_USAGE;
    duet_compilation_free(compilation);
    return status;
}

enum duet_exit duet_tables_file_use(const struct duet_arguments *arguments, duet_tables_use *use,
                                    void *context)
{
    const char *path = duet_operand(arguments, 0);
    size_t size = 0;
    unsigned char *bytes = read_file(path, &size);
    if (!bytes)
        return duet_complain(arguments, DUET_EXIT_WORLD, "can't read '%s': %s", path,
                             strerror(errno));
    enum duet_exit status = are_tables(bytes, size)
                                ? use_bytes(arguments, path, bytes, size, use, context)
                                : use_mapping(arguments, path, use, context);
    free(bytes);
    return status;
}
