#include "engine/cli/output.h"

#include <errno.h>
#include <string.h>

enum duet_exit duet_output(const struct duet_arguments *arguments, duet_output_writer *write,
                           const void *data)
{
    const char *path = duet_option_text(arguments, "output", NULL);
    if (!path) {
        write(duet_arguments_io(arguments)->out, data);
        return DUET_EXIT_FINE;
    }
    FILE *file = fopen(path, "wb");
    bool written = file;
    if (file) {
        write(file, data);
        written = !ferror(file);
        written = fclose(file) == 0 && written;
    }
    return written ? DUET_EXIT_FINE
                   : duet_complain(arguments, DUET_EXIT_WORLD, "can't write '%s': %s", path,
                                   strerror(errno));
}
