/* What a proof found, as findings at the rules' places. */
#pragma once

#include "dsl/diag.h"
#include "engine/prove/proof.h"

/* One finding for each law that a part breaks, and one for each part that is too large. `mapping`: its name. Texts are copied. */
void duet_proof_report(const struct duet_proof *proof, const char *mapping,
                       const struct duet_sources *sources, struct duet_diags *diags);
