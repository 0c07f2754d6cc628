/* grammar/README.md: each example that is marked `duet` parses as it stands, without a finding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/arena.h"
#include "dsl/diag.h"
#include "dsl/intern.h"
#include "dsl/parse.h"

#define REFERENCE DUET_SOURCE_DIR "/grammar/README.md"
#define FENCE "```duet\n"

static void parse_example(const char *text, size_t length, unsigned number)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_sources *sources = duet_sources_new();
    struct duet_diags *diags = duet_diags_new(arena);
    struct duet_parse_context context = { arena, duet_intern_new(arena), sources, diags };
    struct duet_ast_program *program = NULL;
    uint32_t file = 0;
    char path[32];

    /* What section 2 imports. */
    assert_int_equal(duet_sources_add_text(sources, "systems/left.duet", "", 0, &file), DUET_OK);
    snprintf(path, sizeof path, "example-%u.duet", number);
    assert_int_equal(duet_parse_text(&context, path, text, length, &program), DUET_OK);
    duet_diags_render_text(diags, sources, DUET_DIAG_PLAIN, stderr);
    assert_int_equal(duet_diags_count(diags), 0);
    assert_true(program->root->items.count > 1);
    duet_arena_free(arena);
    duet_sources_free(sources);
}

static void every_example_of_the_reference_parses(void **state)
{
    (void)state;
    struct duet_sources *sources = duet_sources_new();
    uint32_t file = 0;
    unsigned number = 0;

    assert_int_equal(duet_sources_read(sources, REFERENCE, &file), DUET_OK);
    const char *at = duet_source_text(sources, file);
    while ((at = strstr(at, FENCE)) != NULL) {
        at += strlen(FENCE);
        const char *end = strstr(at, "```");
        assert_non_null(end);
        parse_example(at, (size_t)(end - at), ++number);
        at = end + 3;
    }
    assert_int_equal(number, 8);
    duet_sources_free(sources);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_of_the_reference_parses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
