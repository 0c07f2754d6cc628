#include "tests/mutants/branch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct branch_record unshared;
static struct branch_record *record = &unshared;
static uint32_t turned = UINT32_MAX;
static uint64_t steps_left = UINT64_MAX;

__attribute__((constructor)) static void read_environment(void)
{
    const char *number = getenv(BRANCH_TURNED);
    const char *steps = getenv(BRANCH_STEPS);
    const char *path = getenv(BRANCH_REACHED);
    if (number)
        turned = (uint32_t)strtoul(number, NULL, 10);
    if (steps)
        steps_left = strtoull(steps, NULL, 10);
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *shared = mmap(NULL, sizeof *record, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared != MAP_FAILED)
        record = shared;
    close(file);
}

static void step(uint32_t number)
{
    record->steps++;
    record->reached[number] = 1;
    if (steps_left-- == 0)
        _exit(BRANCH_ENDLESS);
}

bool duet_branch(uint32_t number, bool condition)
{
    step(number);
    return condition != (number == turned);
}

int64_t duet_arm(uint32_t number, int64_t value, int64_t arm, int64_t other)
{
    if (value != arm)
        return value;
    step(number);
    return number == turned ? other : value;
}
