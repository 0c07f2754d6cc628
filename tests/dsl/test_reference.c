/* grammar/README.md: each example that is marked `duet` parses as it stands, without a finding. README.md: each whole file in it is
 * checked without one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/arena.h"
#include "dsl/compile.h"
#include "dsl/diag.h"
#include "dsl/intern.h"
#include "dsl/parse.h"

#define REFERENCE DUET_SOURCE_DIR "/grammar/README.md"
#define FENCE "```duet\n"
#define FRONT_PAGE DUET_SOURCE_DIR "/README.md"
#define INDENT "    "

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

/* The indented lines from `at` on without their indent, for the caller to free(). */
static char *indented_block(const char *at, const char **end_out)
{
    char *text = calloc(strlen(at) + 1, 1);
    assert_non_null(text);
    size_t used = 0;
    while (*at == '\n' || strncmp(at, INDENT, strlen(INDENT)) == 0) {
        at += *at == '\n' ? 0 : strlen(INDENT);
        size_t length = strcspn(at, "\n");
        memcpy(text + used, at, length);
        used += length;
        text[used++] = '\n';
        at += length + (at[length] == '\n');
    }
    *end_out = at;
    return text;
}

/* A mapping stands in mappings/, a fleet beside that folder. */
static void check_file(const char *text)
{
    struct duet_compilation *compilation = NULL;
    const char *path = strstr(text, "import \"systems/") ? DUET_SOURCE_DIR "/mappings/example.duet"
                                                         : DUET_SOURCE_DIR "/example.duet";
    assert_int_equal(duet_compile_text(path, text, strlen(text), &compilation), DUET_OK);
    duet_diags_render_text(duet_compilation_diags(compilation),
                           duet_compilation_sources(compilation), DUET_DIAG_PLAIN, stderr);
    assert_int_equal(duet_diags_count(duet_compilation_diags(compilation)), 0);
    duet_compilation_free(compilation);
}

static void every_file_on_the_front_page_is_sound(void **state)
{
    (void)state;
    struct duet_sources *sources = duet_sources_new();
    uint32_t file = 0;
    unsigned count = 0;
    assert_int_equal(duet_sources_read(sources, FRONT_PAGE, &file), DUET_OK);
    const char *at = duet_source_text(sources, file);
    while ((at = strstr(at, "\n" INDENT "edition ")) != NULL) {
        char *text = indented_block(at + 1, &at);
        check_file(text);
        free(text);
        count++;
    }
    assert_int_equal(count, 3);
    duet_sources_free(sources);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_of_the_reference_parses),
        cmocka_unit_test(every_file_on_the_front_page_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
