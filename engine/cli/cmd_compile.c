/* `duet compile FILE -o OUT`: a mapping as a file of rule tables. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/cli/commands.h"
#include "engine/cli/load.h"

static const struct duet_option options[] = {
    { "output", 'o', "OUT", "the file to write" },
    { "mapping", 0, "NAME", "which mapping, where a file has several" },
    DUET_OPTION_COLOR,
    { NULL, 0, NULL, NULL },
};

static bool write_bytes(const char *path, const unsigned char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return false;
    bool written = fwrite(bytes, 1, size, file) == size;
    return fclose(file) == 0 && written;
}

/* Whoever reads OUT meanwhile sees the old tables or the new ones, never a part. */
static enum duet_exit write_output(const struct duet_arguments *arguments, const char *path,
                                   const unsigned char *bytes, size_t size)
{
    size_t length = strlen(path) + sizeof ".new";
    char *fresh = malloc(length);
    if (!fresh)
        return duet_complain(arguments, DUET_EXIT_WORLD, "out of memory");
    snprintf(fresh, length, "%s.new", path);
    bool written = write_bytes(fresh, bytes, size) && rename(fresh, path) == 0;
    int reason = errno;
    if (!written)
        remove(fresh);
    free(fresh);
    return written ? DUET_EXIT_FINE
                   : duet_complain(arguments, DUET_EXIT_WORLD, "can't write '%s': %s", path,
                                   strerror(reason));
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    const char *path = duet_operand(arguments, 0);
    const char *output = duet_option_text(arguments, "output", NULL);
    if (!output)
        return duet_complain(arguments, DUET_EXIT_USAGE, "expected -o OUT");
    enum duet_exit status = DUET_EXIT_FINE;
    struct duet_compilation *compilation = duet_load(arguments, path, &status);
    if (!compilation)
        return status;
    size_t index = 0;
    size_t size = 0;
    status = DUET_EXIT_USAGE;
    if (duet_load_mapping(arguments, compilation, path,
                          duet_option_text(arguments, "mapping", NULL), &index)) {
        const unsigned char *bytes = duet_compilation_bytes(compilation, index, &size);
        status = write_output(arguments, output, bytes, size);
    }
    duet_compilation_free(compilation);
    return status;
}

const struct duet_command duet_cmd_compile = {
    .name = "compile",
    .usage = "FILE -o OUT",
    .summary = "a mapping as a file of rule tables",
    .help = "Checks the file and writes the rule tables of its mapping to OUT: the form that is "
            "executed, the same\n"
            "bytes for the same mapping. A file with errors writes nothing.",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
};
