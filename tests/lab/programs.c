#include "tests/lab/programs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "tests/lab/text.h"

enum { PATH_SIZE = 4096 };

const char *lab_program(const char *variable, const char *name)
{
    static char beside[PATH_SIZE];
    const char *said = getenv(variable);
    if (said)
        return said;
    ssize_t length = readlink("/proc/self/exe", beside, sizeof(beside) - 1);
    if (length < 0)
        lab_fail("can't tell where '%s' is: set %s", name, variable);
    beside[length] = '\0';
    char *slash = strrchr(beside, '/');
    if (!slash || (size_t)(slash + 1 - beside) + strlen(name) >= sizeof(beside))
        lab_fail("can't tell where '%s' is: set %s", name, variable);
    memcpy(slash + 1, name, strlen(name) + 1);
    return beside;
}

const char *lab_source_folder(void)
{
    const char *said = getenv("DUET_SOURCE_DIR");
    return said ? said : DUET_SOURCE_DIR;
}
