/* Incidents as rows of GetIncidents, and the filters over them. */
#pragma once

#include "tests/sim/smartsoar/state.h"

/* Everything an incident has, for the control API. */
json_t *smartsoar_whole_row(const struct sim_state *state,
                            const struct smartsoar_incident *incident);
/* The columns asked for; either may be NULL. */
json_t *smartsoar_row(const struct sim_state *state, const struct smartsoar_incident *incident,
                      const json_t *static_fields, json_t *dynamic_fields, bool raw_data);

/* NULL when the filter (array of arrays of objects, or one flat array) is understood, else a
 * message to free. Absent filters match all. */
char *smartsoar_filter_check(const json_t *filter);
bool smartsoar_filter_matches(const struct sim_state *state, const json_t *filter,
                              const struct smartsoar_incident *incident);
void smartsoar_show_time(const struct sim_state *state, int64_t ticks, char *out);
