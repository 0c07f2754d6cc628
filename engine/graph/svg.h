/* A picture as SVG: one file of its own, without scripts, fonts or anything from elsewhere; light or dark as its reader prefers. The same
 * picture gives the same bytes. */
#pragma once

#include <stdio.h>

#include "engine/graph/picture.h"

void duet_graph_write_svg(const struct duet_picture *picture, FILE *out);
