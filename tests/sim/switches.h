/* Named settings of a simulator: one table row each, set from the command line or at run time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

/* `choices` is "a|b|c", or NULL for a whole number of 0 or more. */
struct sim_switch_row {
    const char *name;
    const char *choices;
    const char *initial;
    const char *help;
};

struct sim_switches;

/* The rows are borrowed and must outlive the switches. The caller owns the result. */
struct sim_switches *sim_switches_new(const struct sim_switch_row *rows, size_t count);
void sim_switches_free(struct sim_switches *switches);

/* False with `problem_out` (caller frees) when the name or the value isn't known. */
bool sim_switches_set(struct sim_switches *switches, const char *name, const char *value,
                      char **problem_out);
/* The same from JSON: a text, a whole number, or true and false for on and off. */
bool sim_switches_set_json(struct sim_switches *switches, const char *name, const json_t *value,
                           char **problem_out);

/* `id` is the row's place in the table; `choice` must be one of the row's choices. */
bool sim_switch_is(const struct sim_switches *switches, size_t id, const char *choice);
long sim_switch_number(const struct sim_switches *switches, size_t id);
void sim_switch_count_down(struct sim_switches *switches, size_t id);

json_t *sim_switches_json(const struct sim_switches *switches);
void sim_switches_print_help(const struct sim_switch_row *rows, size_t count);
