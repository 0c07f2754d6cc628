#include "tests/mutants/judges.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dsl/arena.h"

#define JUDGES_MAX 64
#define WORDS_MAX 16
#define MEMORY_MAX ((rlim_t)2 << 30)
#define PROCESSOR_SECONDS 60
#define FILE_MAX ((rlim_t)64 << 20)

#define FAILED_TEST "[  FAILED  ] "

/* A loop without an end takes many more steps than the judge does; a longer way round doesn't. */
static uint64_t step_limit(const struct judge *judge)
{
    return judge->seen.steps * 2 + 200000;
}

static _Noreturn void give_up(const char *what, const char *name)
{
    fprintf(stderr, "mutate: %s: %s\n", name, what);
    exit(3);
}

/* --- the list ----------------------------------------------------------------------------------------------- */

static enum trial_outcome outcome_of(const char *word, const char *path)
{
    if (strcmp(word, "check") == 0)
        return TRIAL_BY_CHECK;
    if (strcmp(word, "proof") == 0)
        return TRIAL_BY_PROOF;
    if (strcmp(word, "test") == 0)
        return TRIAL_BY_TEST;
    if (strcmp(word, "case") == 0)
        return TRIAL_BY_CASE;
    if (strcmp(word, "unit") == 0)
        return TRIAL_BY_UNIT;
    give_up("a line begins with none of: check proof test case unit", path);
}

/* The line is cut into words. */
static struct judge judge_of(char *line, const char *path, const char *build,
                             struct duet_arena *arena)
{
    struct judge judge = { .arguments = duet_arena_alloc_array(arena, WORDS_MAX + 1,
                                                               sizeof *judge.arguments) };
    char *rest = NULL;
    judge.outcome = outcome_of(strtok_r(line, " \n", &rest), path);
    const char *program = strtok_r(NULL, " \n", &rest);
    if (!program)
        give_up("a line names no program", path);
    judge.name = duet_arena_copy_text(arena, program, strlen(program));
    bool is_test = strncmp(program, "test-", strlen("test-")) == 0;
    judge.arguments[0] =
        duet_arena_format(arena, "%s/%s%s", build, is_test ? "tests/" : "", program);
    size_t count = 1;
    for (const char *word = strtok_r(NULL, " \n", &rest); word && count < WORDS_MAX;
         word = strtok_r(NULL, " \n", &rest))
        judge.arguments[count++] = duet_arena_copy_text(arena, word, strlen(word));
    return judge;
}

struct judges judges_read(const char *path, const char *build, struct duet_arena *arena)
{
    struct judges judges = { .list =
                                 duet_arena_alloc_array(arena, JUDGES_MAX, sizeof *judges.list) };
    FILE *file = fopen(path, "r");
    if (!file)
        give_up(strerror(errno), path);
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, file) >= 0 && judges.count < JUDGES_MAX) {
        if (line[0] != '#' && line[0] != '\n')
            judges.list[judges.count++] = judge_of(line, path, build, arena);
    }
    free(line);
    fclose(file);
    return judges;
}

/* --- one run ------------------------------------------------------------------------------------------------ */

static void limit(int what, rlim_t most)
{
    const struct rlimit limit = { .rlim_cur = most, .rlim_max = most };
    (void)setrlimit(what, &limit);
}

/* In a new process, whose environment is set: never returns. */
static _Noreturn void become(const struct judge *judge, FILE *said)
{
    limit(RLIMIT_AS, MEMORY_MAX);
    limit(RLIMIT_CPU, PROCESSOR_SECONDS);
    limit(RLIMIT_FSIZE, FILE_MAX);
    limit(RLIMIT_CORE, 0);
    if (dup2(fileno(said), STDOUT_FILENO) >= 0 && dup2(fileno(said), STDERR_FILENO) >= 0)
        execv(judge->arguments[0], judge->arguments);
    _exit(127);
}

/* What a program says, from the start. */
static char *text_of(FILE *said, const char *name)
{
    long length = fseek(said, 0, SEEK_END) == 0 ? ftell(said) : -1;
    char *text = calloc(length < 0 ? 1 : (size_t)length + 1, 1);
    if (!text)
        give_up("out of memory", name);
    rewind(said);
    if (length > 0 && fread(text, 1, (size_t)length, said) != (size_t)length)
        text[0] = '\0';
    return text;
}

/* What it says, which the caller frees; how it ends, as wait() has it. */
static char *run(const struct judge *judge, const char *variable, const char *value,
                 int *status_out)
{
    FILE *said = tmpfile();
    fflush(NULL);
    pid_t child = said ? fork() : -1;
    if (child < 0)
        give_up(strerror(errno), judge->name);
    if (child == 0) {
        char steps[32];
        snprintf(steps, sizeof steps, "%llu", (unsigned long long)step_limit(judge));
        if (setenv(variable, value, 1) == 0 &&
            (judge->seen.steps == 0 || setenv(BRANCH_STEPS, steps, 1) == 0))
            become(judge, said);
        _exit(127);
    }
    if (waitpid(child, status_out, 0) < 0)
        give_up(strerror(errno), judge->name);
    char *text = text_of(said, judge->name);
    fclose(said);
    return text;
}

static bool is_clean(int status)
{
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void judge_learn(struct judge *judge, const char *build, struct duet_arena *arena)
{
    const char *path = duet_arena_format(arena, "%s/branches/reached", build);
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, sizeof judge->seen) != 0)
        give_up(strerror(errno), path);
    int status = 0;
    char *said = run(judge, BRANCH_REACHED, path, &status);
    bool is_read = pread(file, &judge->seen, sizeof judge->seen, 0) == sizeof judge->seen;
    close(file);
    if (!is_clean(status) || !is_read || judge->seen.steps == 0)
        give_up("fails without a mistake", judge->name);
    if (judge->outcome != TRIAL_BY_CASE && judge->outcome != TRIAL_BY_UNIT)
        judge->answer = duet_arena_copy_text(arena, said, strlen(said));
    free(said);
}

static void say_how(const char *said, int status, char *how, size_t size)
{
    const char *failed = strstr(said, FAILED_TEST);
    if (WIFSIGNALED(status))
        snprintf(how, size, "%s", strsignal(WTERMSIG(status)));
    else if (WIFEXITED(status) && WEXITSTATUS(status) == BRANCH_ENDLESS)
        snprintf(how, size, "a loop without an end");
    else if (failed)
        snprintf(how, size, "%.*s", (int)strcspn(failed + strlen(FAILED_TEST), "\n"),
                 failed + strlen(FAILED_TEST));
    else
        snprintf(how, size, "another answer");
}

bool judge_finds(const struct judge *judge, uint32_t branch, char *how, size_t size)
{
    char number[16];
    snprintf(number, sizeof number, "%u", branch);
    int status = 0;
    char *said = run(judge, BRANCH_TURNED, number, &status);
    bool finds = !is_clean(status) || (judge->answer && strcmp(said, judge->answer) != 0);
    if (finds)
        say_how(said, status, how, size);
    free(said);
    return finds;
}
