#include "tests/hostile/imports.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct hostile_imports kinds[] = {
    { "a chain of imports", 3000, 1, false, "D0" },
    { "a circle of imports", 40, 1, false, "D0" },
    { "files that import many others", 300, 299, false, "D0" },
    { "one file that imports thousands", 8000, 0, true, NULL },
    { "more files than are read", 9000, 0, true, "D0" },
};

size_t hostile_imports_count(void)
{
    return sizeof kinds / sizeof kinds[0];
}

const struct hostile_imports *hostile_imports_at(size_t index)
{
    return &kinds[index];
}

static FILE *begin(unsigned number, const char *mode)
{
    char path[32];
    snprintf(path, sizeof path, "%u.duet", number);
    FILE *file = fopen(path, mode);
    if (!file)
        abort();
    return file;
}

static void write_one(const struct hostile_imports *kind, unsigned number)
{
    FILE *file = begin(number, "wb");
    fputs("edition 2026;\n", file);
    for (unsigned i = 1; i <= kind->each; i++)
        fprintf(file, "import \"%u.duet\";\n", (number + i) % kind->files);
    fclose(file);
}

void hostile_imports_write(const struct hostile_imports *kind, size_t size)
{
    for (unsigned i = 0; i < kind->files; i++)
        write_one(kind, i);
    if (!kind->again || kind->files < 2)
        return;
    FILE *first = begin(0, "ab");
    size_t written = 0;
    for (size_t i = 0; written < size; i++) {
        int length = fprintf(first, "import \"%zu.duet\";\n", 1 + i % (kind->files - 1));
        written += length > 0 ? (size_t)length : size;
    }
    fclose(first);
}

void hostile_imports_remove(const struct hostile_imports *kind)
{
    for (unsigned i = 0; i < kind->files; i++) {
        char path[32];
        snprintf(path, sizeof path, "%u.duet", i);
        if (unlink(path) != 0)
            perror(path);
    }
}
