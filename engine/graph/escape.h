/* Clean text (text.h) within XML, and within the HTML-like labels and strings of DOT. */
#pragma once

#include <stdio.h>

/* For text between tags and for attributes in double quotes. */
void duet_graph_escape(const char *text, FILE *out);

/* A DOT string, with its quotes. */
void duet_graph_quote(const char *text, FILE *out);
