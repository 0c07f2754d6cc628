/* Settings of a hub or tenant: from what the fleet file says to values. Environment and files are read here alone. */
#pragma once

#include "dsl/arena.h"
#include "dsl/fleet_config.h"
#include "dsl/status.h"
#include "engine/remote/remote.h"

#define DUET_SETTING_MAX_BYTES (1U << 20) /* of a file that holds one */

/* Values into the arena, wiped by nobody: the arena's owner must. DUET_INVALID names the setting and the variable or file that is missing,
 * empty, too long or has a NUL; never a value. One line break at a file's end is taken off. */
enum duet_status duet_settings_read(const struct duet_fleet_settings *settings,
                                    struct duet_arena *arena,
                                    struct duet_setting_value **values_out,
                                    struct duet_error *error);
