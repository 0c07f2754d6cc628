/* The proofs of a file: its own mappings, and what its tenants run: imported mappings, and each distinct overlay once. */
#pragma once

#include "dsl/compile.h"
#include "dsl/diag.h"

/* Nothing is proved while there are errors. What breaks a law is added to the findings; what was proved comes back as text, for the caller
 * to free(). NULL: no memory. */
char *duet_file_proof(const struct duet_compilation *compilation, struct duet_diags *diags);
