#include "tests/support/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/arena.h"
#include "dsl/intern.h"
#include "dsl/layout.h"
#include "dsl/parse_state.h"
#include "dsl/scan.h"
#include "dsl/source.h"

/* Everything that a text is read with. */
struct reading {
    struct duet_parse_context context;
    uint32_t file;
    struct duet_parse_state state;
};

static void reading_start(struct reading *reading, const char *text, size_t length)
{
    struct duet_arena *arena = duet_arena_new();
    *reading = (struct reading){ .context = { arena, duet_intern_new(arena), duet_sources_new(),
                                              duet_diags_new(arena) } };
    reading->state.context = &reading->context;
    assert_int_equal(duet_sources_add_text(reading->context.sources, "layout.duet", text, length,
                                           &reading->file),
                     DUET_OK);
}

static void reading_finish(struct reading *reading)
{
    duet_token_list_finish(&reading->state.list);
    duet_sources_free(reading->context.sources);
    duet_arena_free(reading->context.arena);
}

char *layout_of(const char *text, size_t length)
{
    struct reading reading;
    size_t size = 0;
    reading_start(&reading, text, length);
    const char *laid_out = duet_layout_file(&reading.context, reading.file, &size);
    char *copy = laid_out ? strdup(laid_out) : NULL;
    if (laid_out)
        assert_int_equal(strlen(laid_out), size);
    else
        assert_true(duet_diags_errors(reading.context.diags) > 0);
    reading_finish(&reading);
    return copy;
}

/* Tokens as they are written, one a line, then comments without the blanks at their end. */
static char *essence(const char *text, size_t length)
{
    struct reading reading;
    char *out = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&out, &size);
    assert_non_null(file);
    reading_start(&reading, text, length);
    duet_parse_alone(&reading.state, reading.file);
    for (size_t i = 0; i < reading.state.list.count; i++) {
        const struct duet_token *token = &reading.state.list.tokens[i];
        fprintf(file, "%d %.*s\n", token->kind, (int)(token->end - token->start),
                text + token->start);
    }
    for (const struct duet_ast_comment *comment = reading.state.file->comments.first;
         comment != NULL; comment = comment->next) {
        uint32_t end = comment->at.end;
        while (strchr(" \t\r\f\v", text[end - 1]))
            end--;
        fprintf(file, "%.*s\n", (int)(end - comment->at.start), text + comment->at.start);
    }
    fclose(file);
    reading_finish(&reading);
    return out;
}

void assert_layout_holds(const char *about, const char *text, size_t length)
{
    char *once = layout_of(text, length);
    if (!once) {
        fail_msg("%s doesn't parse:\n%.*s", about, (int)length, text);
        return;
    }
    char *twice = layout_of(once, strlen(once));
    if (!twice || strcmp(once, twice) != 0)
        fail_msg("%s isn't laid out to itself:\n%.*s--- once:\n%s--- twice:\n%s", about,
                 (int)length, text, once, twice ? twice : "(findings)\n");
    char *before = essence(text, length);
    char *after = essence(once, strlen(once));
    if (strcmp(before, after) != 0)
        fail_msg("%s loses tokens or comments:\n%.*s--- laid out:\n%s", about, (int)length, text,
                 once);
    assert_null(strstr(once, " \n"));
    assert_null(strstr(once, "\n\n\n"));
    free(once);
    free(twice);
    free(before);
    free(after);
}
