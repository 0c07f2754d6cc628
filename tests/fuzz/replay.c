/* Runs a fuzz target over every file of the folders given: the corpus as a test, without libFuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Written by the target; its name and type are libFuzzer's. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The corpus is ours: small files. Anything larger is a mistake. */
enum { MOST_BYTES = 1 << 20 };

static int run_file(const char *path, uint8_t *buffer)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return -1;
    }
    size_t size = fread(buffer, 1, MOST_BYTES, file);
    int whole = feof(file) && !ferror(file);
    fclose(file);
    if (!whole) {
        fprintf(stderr, "%s: can't be read whole within %d bytes\n", path, MOST_BYTES);
        return -1;
    }

    /* An exact copy, so that a read past the end is seen. */
    uint8_t *data = malloc(size ? size : 1);
    if (!data)
        return -1;
    memcpy(data, buffer, size);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 0;
}

/* The number of files run, or -1. */
static int run_folder(const char *folder, uint8_t *buffer)
{
    DIR *entries = opendir(folder);
    if (!entries) {
        perror(folder);
        return -1;
    }
    int count = 0;
    const struct dirent *entry;
    while (count >= 0 && (entry = readdir(entries))) {
        char path[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        count = run_file(path, buffer) == 0 ? count + 1 : -1;
    }
    closedir(entries);
    return count;
}

int main(int argc, char **argv)
{
    int total = 0;
    uint8_t *buffer = malloc(MOST_BYTES + 1);
    if (!buffer)
        return 3;
    for (int i = 1; i < argc && total >= 0; i++) {
        int count = run_folder(argv[i], buffer);
        total = count > 0 ? total + count : -1;
    }
    free(buffer);
    if (total <= 0) {
        fprintf(stderr, "no corpus was run\n");
        return 1;
    }
    printf("%d files\n", total);
    return 0;
}
