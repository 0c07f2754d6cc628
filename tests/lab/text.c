#include "tests/lab/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_and_exit(const char *message)
{
    fprintf(stderr, "%s\n", message);
    exit(EXIT_FAILURE);
}

void (*lab_on_failure)(const char *message) = print_and_exit;

static void *checked(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

char *lab_copy(const char *text)
{
    return checked(strdup(text));
}

static char *format_list(const char *format, va_list list)
{
    va_list again;
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, list);
    size_t size = (size_t)(length < 0 ? 0 : length) + 1;
    char *text = checked(malloc(size));
    vsnprintf(text, size, format, again);
    va_end(again);
    return text;
}

char *lab_format(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = format_list(format, list);
    va_end(list);
    return text;
}

void lab_fail(const char *format, ...)
{
    static char message[8192];
    va_list list;
    va_start(list, format);
    vsnprintf(message, sizeof(message), format, list);
    va_end(list);
    lab_on_failure(message);
    abort();
}

char *lab_read_file(const char *path)
{
    size_t length = 0;
    size_t size = 4096;
    char *text = checked(malloc(size));
    FILE *file = fopen(path, "rb");
    while (file) {
        size_t got = fread(text + length, 1, size - length - 1, file);
        if (got == 0)
            break;
        length += got;
        if (size - length < 2)
            text = checked(realloc(text, size *= 2));
    }
    if (file)
        fclose(file);
    text[length] = '\0';
    return text;
}

void lab_write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        lab_fail("can't write '%s'", path);
}
