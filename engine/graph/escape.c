#include "engine/graph/escape.h"

void duet_graph_escape(const char *text, FILE *out)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc(*text, out);
            break;
        }
    }
}

/* A backslash would begin an escape of DOT's own, such as the node's name, and & an entity. */
void duet_graph_quote(const char *text, FILE *out)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        if (*text == '&')
            fputs("&amp;", out);
        else
            fputc(*text, out);
    }
    fputc('"', out);
}
