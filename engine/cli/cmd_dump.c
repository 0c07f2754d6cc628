/* `duet dump FILE`: rule tables as text, of a mapping file or of what `duet compile` wrote. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/tables_text.h"
#include "engine/cli/commands.h"
#include "engine/cli/load.h"

static const struct duet_option options[] = {
    { "mapping", 0, "NAME", "which mapping, where a file has several" },
    DUET_OPTION_COLOR,
    { NULL, 0, NULL, NULL },
};

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

static enum duet_exit dump_bytes(const struct duet_arguments *arguments, const char *path,
                                 const unsigned char *bytes, size_t size)
{
    struct duet_tables tables;
    struct duet_error error = { "" };
    if (duet_tables_open(bytes, size, &tables, &error) != DUET_OK)
        return duet_complain(arguments, DUET_EXIT_WORLD, "'%s': %s", path, error.text);
    duet_tables_dump(&tables, duet_arguments_io(arguments)->out);
    return DUET_EXIT_FINE;
}

static enum duet_exit dump_mapping(const struct duet_arguments *arguments, const char *path)
{
    enum duet_exit status = DUET_EXIT_FINE;
    struct duet_compilation *compilation = duet_load(arguments, path, &status);
    if (!compilation)
        return status;
    size_t index = 0;
    const char *name = duet_option_text(arguments, "mapping", NULL);
    const struct duet_tables *tables =
        duet_load_mapping(arguments, compilation, path, name, &index);
    if (tables)
        duet_tables_dump(tables, duet_arguments_io(arguments)->out);
    duet_compilation_free(compilation);
    return tables ? DUET_EXIT_FINE : DUET_EXIT_USAGE;
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    const char *path = duet_operand(arguments, 0);
    size_t size = 0;
    unsigned char *bytes = read_file(path, &size);
    if (!bytes)
        return duet_complain(arguments, DUET_EXIT_WORLD, "can't read '%s': %s", path,
                             strerror(errno));
    enum duet_exit status = are_tables(bytes, size) ? dump_bytes(arguments, path, bytes, size)
                                                    : dump_mapping(arguments, path);
    free(bytes);
    return status;
}

const struct duet_command duet_cmd_dump = {
    .name = "dump",
    .usage = "FILE",
    .summary = "the rule tables of a mapping as text",
    .help = "Shows what is executed: every row of the rule tables, references by name. FILE is a "
            "mapping or what\n"
            "'duet compile' wrote; the latter is validated in full first.",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
};
