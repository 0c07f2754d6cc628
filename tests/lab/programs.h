/* Where the programs and the repository are. */
#pragma once

/* The path in the variable, else that of `name` beside this program. Lent. */
const char *lab_program(const char *variable, const char *name);
/* The repository's root: the variable DUET_SOURCE_DIR, else where this was built from. Lent. */
const char *lab_source_folder(void);
