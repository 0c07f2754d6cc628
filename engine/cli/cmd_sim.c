/* `duet sim SYSTEM ...`: becomes the program duet-sim, which stands beside this one or on PATH. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/cli/commands.h"

#define MOST_PATH 4096

/* The path of duet-sim in the folder of the running program. False when that can't be told. */
static bool beside_us(char path[MOST_PATH])
{
    static const char name[] = "duet-sim";
    ssize_t length = readlink("/proc/self/exe", path, MOST_PATH - 1);
    if (length <= 0)
        return false;
    path[length] = '\0';
    char *folder_end = strrchr(path, '/');
    if (!folder_end || (size_t)(folder_end + 1 - path) + sizeof name > MOST_PATH)
        return false;
    memcpy(folder_end + 1, name, sizeof name);
    return access(path, X_OK) == 0;
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    static const char name[] = "duet-sim";
    size_t count = duet_operand_count(arguments);
    char path[MOST_PATH];
    char **argv = calloc(count + 2, sizeof *argv);
    if (!argv)
        return duet_complain(arguments, DUET_EXIT_WORLD, "out of memory");
    argv[0] = strdup(name);
    for (size_t i = 0; i < count; i++)
        argv[i + 1] = strdup(duet_operand(arguments, i));
    fflush(NULL);
    if (beside_us(path))
        execv(path, argv);
    else
        execvp(name, argv);
    int reason = errno;
    for (size_t i = 0; i <= count; i++)
        free(argv[i]);
    free(argv);
    return duet_complain(arguments, DUET_EXIT_WORLD,
                         "can't run '%s' (beside this program or on PATH): %s", name,
                         strerror(reason));
}

const struct duet_command duet_cmd_sim = {
    .name = "sim",
    .usage = "SYSTEM [ARGUMENTS]",
    .summary = "a simulated system on a port, for trying a mapping",
    .help = "Runs duet-sim, found beside this program or on PATH, with the arguments as given. "
            "'duet sim --help'\n"
            "lists the systems and their switches.",
    .most = SIZE_MAX,
    .takes_all = true,
    .run = run,
};
