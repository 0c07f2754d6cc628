/* A mapping as a graph for Graphviz: sides as clusters, each field once with its values as ports, an edge a pair and an arm. */
#pragma once

#include <stdio.h>

#include "dsl/arena.h"
#include "dsl/tables.h"

/* The arena is for texts on the way. */
void duet_graph_write_dot(const struct duet_tables *tables, struct duet_arena *arena, FILE *out);
