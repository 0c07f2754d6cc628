/* What became of the mistakes, and what is wrong with that. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tests/mutants/run.h"
#include "tests/mutants/survivors.h"

struct report {
    const struct run *run;
    const struct survivors *survivors;
    const char *explained; /* the file with the survivors */
    bool is_json;
};

/* Names the mistakes that are chosen, and tries none. */
void report_list(const struct report *report);
/* After the trials; gives the number of faults: survivors that nothing explains, explanations of what doesn't survive. */
size_t report_outcomes(const struct report *report);
