/* What the engine wrote though it stood there already, by the requests that reached the simulated systems. */
#pragma once

#include "tests/lab/incident.h"

/* Both records as they stand now, new: what a round is compared with. */
json_t *in_vain_before(struct lab *lab, const struct lab_incident *incident);

/* Of the requests since the last reset of the counts: values sent to the SOAR that its record had before, and requests to Sentinel, which
 * takes whole records, that changed nothing. Owners aren't looked at in the SOAR: they are written and shown by other names. */
unsigned in_vain_count(struct lab *lab, const json_t *before);
