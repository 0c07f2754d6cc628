/* What a fleet file says, resolved and checked: hubs, tenants, where their settings and tables come from.
 *
 * Plain data, owned by the compilation it came from (dsl/compile.h). Values of settings are not read
 * here: ENV and FILE say where the engine finds them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "dsl/tables.h"
#include "dsl/word_index.h"

enum duet_setting_kind {
    DUET_SETTING_IS_TEXT,   /* text is the value */
    DUET_SETTING_IS_NUMBER, /* text is a whole number; a duration in milliseconds */
    DUET_SETTING_IS_ENV,    /* text names an environment variable */
    DUET_SETTING_IS_FILE,   /* text is a path, resolved against the file that says so */
};

struct duet_fleet_setting {
    const char *name;
    enum duet_setting_kind kind;
    const char *text;
};

struct duet_fleet_settings {
    const struct duet_fleet_setting *list;
    size_t count;
};

struct duet_fleet_hub {
    const char *name;
    const char *system;
    struct duet_fleet_settings settings;
    uint32_t every_ms; /* 0: unsaid */
    const char *file;
    uint32_t line;
};

struct duet_fleet_side {
    uint32_t hub; /* index of a hub, or DUET_NONE: the tenant's own instance */
    struct duet_fleet_settings settings; /* beside a hub: what the tenant says differently */
};

struct duet_fleet_table {
    const char *name;
    const char *path; /* resolved against the file that says so */
};

struct duet_fleet_tenant {
    const char *name;
    size_t mapping; /* index in the compilation */
    const struct duet_tables
        *tables; /* its overlay applied; NULL: has errors. Equal overlays share them */
    struct duet_fleet_side sides[2];
    const struct duet_fleet_table *person_tables;
    size_t person_table_count;
    uint32_t every_ms; /* 0: unsaid */
    const char *file;
    uint32_t line;
};

struct duet_fleet_config {
    const struct duet_fleet_hub *hubs;
    size_t hub_count;
    struct duet_word_index *hubs_by_name;
    const struct duet_fleet_tenant *tenants;
    size_t tenant_count;
    struct duet_fleet_settings settings; /* of `fleet { }` */
    uint32_t every_ms;                   /* of `fleet { }`; 0: unsaid */
};

/* The value of a setting by name, NULL when it isn't said. */
const struct duet_fleet_setting *duet_fleet_setting(const struct duet_fleet_settings *settings,
                                                    const char *name);
