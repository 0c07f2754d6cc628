/* Texts for the laboratory: made by format, read from files. Out of memory ends the program. */
#pragma once

#include <stddef.h>

char *lab_copy(const char *text);
/* To be freed by the caller. */
__attribute__((format(printf, 1, 2))) char *lab_format(const char *format, ...);
/* The whole file as text, "" when it isn't there; to be freed. */
char *lab_read_file(const char *path);
void lab_write_file(const char *path, const char *text);

/* Something that must hold doesn't: told to `lab_on_failure`, which must not return. */
__attribute__((format(printf, 1, 2), noreturn)) void lab_fail(const char *format, ...);
/* Prints and exits with 1 unless a test sets it. */
extern void (*lab_on_failure)(const char *message);
