/* One test of a mapping, once: two records in agreement, people who edit them, and what is expected of it. */
#pragma once

#include "engine/prove/cast.h"
#include "engine/prove/judge.h"

/* Runs the test's steps in their order; what isn't as expected goes into `failures`. The steps behind one at which the engine doesn't
 * come to rest are left out. `watcher` is told of every plan. Everything lives in the arena. */
void duet_story_run(const struct duet_ast_test *test, const struct duet_cast *cast,
                    const struct duet_binding *bindings, struct duet_play_watcher watcher,
                    struct duet_diags *failures, struct duet_arena *arena);
