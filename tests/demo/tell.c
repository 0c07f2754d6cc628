#include "tests/demo/tell.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const CODES[] = { [TELL_PLAIN] = "",
                                     [TELL_TITLE] = "\033[1m",
                                     [TELL_GOOD] = "\033[32m",
                                     [TELL_BAD] = "\033[31m",
                                     [TELL_FAINT] = "\033[2m" };

static bool is_coloured(void)
{
    const char *refused = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && (!refused || !*refused);
}

void tell(enum tell_tone tone, const char *format, ...)
{
    bool coloured = tone != TELL_PLAIN && is_coloured();
    va_list list;
    if (coloured)
        fputs(CODES[tone], stdout);
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    if (coloured)
        fputs("\033[0m", stdout);
    fflush(stdout);
}
