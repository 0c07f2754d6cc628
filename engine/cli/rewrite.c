#define _XOPEN_SOURCE 700 /* realpath */
#include "engine/cli/rewrite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* With the permissions of the file that it takes the place of. */
static bool write_fresh(const char *fresh, const struct stat *old, const char *text, size_t length)
{
    FILE *file = fopen(fresh, "wbx");
    if (!file)
        return false;
    bool written =
        fwrite(text, 1, length, file) == length && fchmod(fileno(file), old->st_mode & 07777U) == 0;
    return fclose(file) == 0 && written;
}

bool duet_rewrite(const char *path, const char *text, size_t length)
{
    static const char ending[] = ".duet-new";
    struct stat old;
    char *target = realpath(path, NULL);
    size_t size = target ? strlen(target) + sizeof ending : 0;
    char *fresh = target ? malloc(size) : NULL;
    bool written = false;
    if (fresh && stat(target, &old) == 0) {
        snprintf(fresh, size, "%s%s", target, ending);
        written = write_fresh(fresh, &old, text, length) && rename(fresh, target) == 0;
    }
    int reason = errno;
    if (fresh && !written && reason != EEXIST)
        remove(fresh);
    free(fresh);
    free(target);
    errno = reason;
    return written;
}
