/* `test-hostile COMMAND`: every kind of hostile text through a command of duet, as a process of its own with bounds on memory and
 * processor time. What it says is counted by its bytes. The clock of the processor is there against hangs; it measures nothing.
 *
 * DUET_HOSTILE_BYTES says how large the texts are, DUET_HOSTILE_ONLY which kinds, DUET_HOSTILE_SHOW prints what each took. */
#define _DEFAULT_SOURCE /* wait4 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/hostile/imports.h"
#include "tests/hostile/kinds.h"

#define MOST_MEMORY ((long)1 << 30) /* bytes that stand in memory */
#define MOST_SECONDS 120U        /* of a processor: ten times and more of what the slowest takes */
#define MOST_SAID (1L << 20)     /* bytes: some lines a proof, a hundred findings */
#define REACHES_LIMITS 10000000U /* a smaller text may be within all limits */
#define SANITIZED_TIMES 4        /* a sanitizer's shadow and quarantine */

struct subject {
    const char *command;
    const char *const *words;
    unsigned
        smaller; /* its texts, where all tests run: fmt parses them twice, fix again and again */
};

static const char *const check_words[] = { "check", NULL };
static const char *const fmt_words[] = { "fmt", "--check", NULL };
static const char *const fix_words[] = { "check", "--fix", "--dry-run", NULL };
static const struct subject subjects[] = {
    { "check", check_words, 1 },
    { "proof", check_words, 1 },
    { "fmt", fmt_words, 10 },
    { "fix", fix_words, 40 },
};
static const struct subject *subject;

static size_t text_bytes(void)
{
    const char *said = getenv("DUET_HOSTILE_BYTES");
    if (said)
        return (size_t)strtoull(said, NULL, 10);
    return DUET_HOSTILE_BYTES / subject->smaller;
}

static _Noreturn void become_duet(const char *path, const char *said)
{
    char *words[8] = { getenv("DUET_BIN") };
    size_t count = 1;
    for (const char *const *word = subject->words; *word; word++)
        words[count++] = strdup(*word);
    words[count] = strdup(path);
    const rlim_t most = MOST_SECONDS * (DUET_SANITIZED ? 10 : 1);
    struct rlimit seconds = { most, most };
    int out = open(said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (!words[0] || out < 0 || setrlimit(RLIMIT_CPU, &seconds) != 0 || dup2(out, 1) < 0 ||
        dup2(out, 2) < 0)
        _exit(127);
    execv(words[0], words);
    _exit(127);
}

static long size_of(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    fclose(file);
    return size;
}

static bool says(const char *path, const char *words)
{
    static char text[MOST_SAID + 1];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    text[fread(text, 1, MOST_SAID, file)] = '\0';
    fclose(file);
    return strstr(text, words) != NULL;
}

static void show(const char *name, const struct rusage *used)
{
    if (getenv("DUET_HOSTILE_SHOW"))
        printf("%6.2f s %5ld MiB  %s\n",
               (double)(used->ru_utime.tv_sec + used->ru_stime.tv_sec) +
                   (double)(used->ru_utime.tv_usec + used->ru_stime.tv_usec) / 1e6,
               used->ru_maxrss / 1024, name);
}

/* Fails the test unless duet ends by itself, with findings or without, within the bounds. */
static void run(const char *name, const char *path, const char *finding)
{
    struct rusage used;
    int status = 0;
    const char *said = "said";
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        become_duet(path, said);
    assert_int_equal(wait4(child, &status, 0, &used), child);
    show(name, &used);
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
        fail_msg("%s: it ended with status 0x%x", name, (unsigned)status);
    long most = MOST_MEMORY * (DUET_SANITIZED ? SANITIZED_TIMES : 1);
    if (used.ru_maxrss > most / 1024)
        fail_msg("%s: it took %ld KiB, at most %ld are fine", name, used.ru_maxrss, most / 1024);
    long most_said = MOST_SAID;
    if (subject->words == fix_words)
        most_said += 4 * size_of(path); /* the difference, of a text that is one line */
    if (size_of(said) > most_said)
        fail_msg("%s: it said %ld bytes, at most %ld are fine", name, size_of(said), most_said);
    bool is_whole = text_bytes() >= REACHES_LIMITS && subject->words == check_words;
    if (finding && is_whole && !says(said, finding))
        fail_msg("%s: '%s' isn't among the findings", name, finding);
}

static void text_is_bounded(void **state)
{
    const struct hostile_kind *kind = *state;
    const char *path = "hostile.duet";
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    hostile_kind_write(kind, text_bytes(), out);
    assert_int_equal(fclose(out), 0);
    run(kind->name, path, kind->finding);
    assert_int_equal(unlink(path), 0);
}

static void imports_are_bounded(void **state)
{
    const struct hostile_imports *kind = *state;
    hostile_imports_write(kind, text_bytes());
    run(kind->name, "0.duet", kind->finding);
    hostile_imports_remove(kind);
}

/* Proofs of large spaces cost what they cost, however small the text is: they run beside the others, of large texts only. */
static bool is_wanted(const char *name)
{
    const char *only = getenv("DUET_HOSTILE_ONLY");
    bool is_of_proof = strstr(name, "large space") != NULL;
    bool is_of_subject = is_of_proof
                             ? strcmp(subject->command, "proof") == 0 && text_bytes() >= (1U << 20)
                             : strcmp(subject->command, "proof") != 0;
    return is_of_subject && (!only || strstr(name, only));
}

static int run_all(void)
{
    size_t texts = hostile_kind_count();
    size_t imports = hostile_imports_count();
    size_t count = 0;
    struct CMUnitTest *tests = calloc(texts + imports, sizeof *tests);
    if (!tests)
        return 3;
    for (size_t i = 0; i < texts; i++) {
        const struct hostile_kind *kind = hostile_kind_at(i);
        if (is_wanted(kind->name))
            tests[count++] = (struct CMUnitTest){ .name = kind->name,
                                                  .test_func = text_is_bounded,
                                                  .initial_state = (void *)(uintptr_t)kind };
    }
    for (size_t i = 0; i < imports; i++) {
        const struct hostile_imports *kind = hostile_imports_at(i);
        if (is_wanted(kind->name))
            tests[count++] = (struct CMUnitTest){ .name = kind->name,
                                                  .test_func = imports_are_bounded,
                                                  .initial_state = (void *)(uintptr_t)kind };
    }
    int failed = _cmocka_run_group_tests(subject->command, tests, count, NULL, NULL);
    free(tests);
    return failed;
}

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        if (argc == 2 && strcmp(argv[1], subjects[i].command) == 0)
            subject = &subjects[i];
    }
    const char *root = getenv("TMPDIR");
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/duet-hostile-XXXXXX", root ? root : "/tmp");
    if (!subject || !mkdtemp(folder) || chdir(folder) != 0) {
        fprintf(stderr, "usage: test-hostile check|proof|fmt|fix\n");
        return 2;
    }
    int failed = run_all();
    (void)unlink("said");
    if (chdir("/") != 0 || rmdir(folder) != 0)
        fprintf(stderr, "%s stays\n", folder);
    return failed;
}
