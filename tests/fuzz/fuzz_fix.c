/* Fuzz target: `check --fix` of any text. It never has more findings than before, what compiled compiles, and when it is fixed once more
 * nothing is left to be done. */
#define _DEFAULT_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dsl/compile.h"
#include "dsl/diag.h"
#include "engine/cli/fixer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_all(const char *path, const char *text, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file || (size && fwrite(text, 1, size, file) != size) || fclose(file) != 0)
        abort();
}

static struct duet_fixer *fixed(const char *path)
{
    struct duet_fixer *fixer = duet_fixer_new();
    if (!duet_fixer_add(fixer, path)) {
        duet_fixer_free(fixer);
        return NULL;
    }
    duet_fixer_run(fixer);
    return fixer;
}

static size_t findings_of(const char *path)
{
    struct duet_compilation *compilation = NULL;
    size_t count = SIZE_MAX;
    if (duet_compile_file(path, &compilation) == DUET_OK)
        count = duet_diags_errors(duet_compilation_diags(compilation)) +
                duet_diags_warnings(duet_compilation_diags(compilation));
    duet_compilation_free(compilation);
    return count;
}

static void expect_no_worse(const char *path, const struct duet_fixer *fixer)
{
    struct duet_fixed_file file = duet_fixer_file(fixer, 0);
    if (file.errors + file.warnings > findings_of(path))
        abort();
    if (!duet_fixed_file_changed(&file))
        return;
    write_all(path, file.after, file.after_length);
    struct duet_fixer *again = fixed(path);
    if (!again || duet_fixer_done(again) > 0)
        abort();
    duet_fixer_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char path[64];
    if (path[0] == '\0')
        snprintf(path, sizeof path, "/tmp/duet-fuzz-fix-%ld.duet", (long)getpid());
    write_all(path, (const char *)data, size);
    struct duet_fixer *fixer = fixed(path);
    if (fixer && duet_fixer_files(fixer) == 1)
        expect_no_worse(path, fixer);
    duet_fixer_free(fixer);
    if (unlink(path) != 0)
        abort();
    return 0;
}
