/* A fleet file compiled anew while the engine runs by what it said before. */
#pragma once

#include "dsl/compile.h"
#include "engine/world/log.h"

/* NULL when it is refused: it can't be read, has errors, or no tenant; each reason is logged with its place, and what ran goes on. The
 * caller frees the compilation. */
struct duet_compilation *duet_recompile(const char *path, struct duet_log *log);
