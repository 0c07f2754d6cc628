/* What a person sees of a record in one of the simulated systems. Texts are the record's own: they last until it changes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tests/sim/server.h"

enum unit { UNIT_STATUS, UNIT_SEVERITY, UNIT_OWNER, UNIT_VERDICT, UNITS };

enum { VIEW_SIZE = 160 };

struct view {
    bool is_there;
    char values[UNITS]
               [VIEW_SIZE]; /* "" where nothing stands; a verdict is "CLASS/REASON/COMMENT" */
};

void siem_view(const struct sim_server *server, const char *workspace, const char *name,
               struct view *out);
void soar_view(const struct sim_server *server, const char *number, struct view *out);

/* How many notes of the record hold the text. */
size_t siem_notes(const struct sim_server *server, const char *workspace, const char *name,
                  const char *text);
size_t soar_notes(const struct sim_server *server, const char *number, const char *text);

/* The numbers of the SOAR's incidents that carry this name; how many. `number_out` gets the first. */
size_t soar_find(const struct sim_server *server, const char *name, char *number_out, size_t size);
size_t soar_count(const struct sim_server *server);
size_t siem_count(const struct sim_server *server);
