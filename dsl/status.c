#include "dsl/status.h"

#include <stdarg.h>
#include <stdio.h>

enum duet_status duet_fail(struct duet_error *error, enum duet_status status, const char *format,
                           ...)
{
    if (!error)
        return status;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
    return status;
}
