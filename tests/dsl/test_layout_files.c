/* The layout over every mapping file of the project, and over thousands that were made of them by breaking their layout. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/arena.h"
#include "dsl/intern.h"
#include "dsl/parse_state.h"
#include "dsl/scan.h"
#include "dsl/source.h"
#include "tests/support/layout.h"

#define REFERENCE DUET_SOURCE_DIR "/grammar/README.md"
#define FENCE "```duet\n"
#define TEXTS_MAX 256u
#define ROUNDS 200u
#define WORK 1500000u /* bytes broken of one file; a large one has fewer rounds */

struct text {
    char *name;
    char *text;
    size_t length;
};

struct texts {
    struct text text[TEXTS_MAX];
    size_t count;
};

static bool parses(const char *text, size_t length)
{
    char *laid_out = layout_of(text, length);
    free(laid_out);
    return laid_out != NULL;
}

/* What doesn't parse has no layout, and isn't of interest here. */
static void add_text(struct texts *texts, const char *name, const char *text, size_t length)
{
    if (!parses(text, length))
        return;
    assert_true(texts->count < TEXTS_MAX);
    char *copy = malloc(length + 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    copy[length] = '\0';
    texts->text[texts->count++] = (struct text){ strdup(name), copy, length };
}

static void add_file(struct texts *texts, const char *path)
{
    struct duet_sources *sources = duet_sources_new();
    uint32_t file = 0;
    assert_int_equal(duet_sources_read(sources, path, &file), DUET_OK);
    add_text(texts, path, duet_source_text(sources, file), duet_source_length(sources, file));
    duet_sources_free(sources);
}

static void add_folder(struct texts *texts, const char *folder)
{
    char path[8192];
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (const struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
        const char *ending = strrchr(entry->d_name, '.');
        if (!ending || strcmp(ending, ".duet") != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        add_file(texts, path);
    }
    closedir(directory);
}

static void add_reference(struct texts *texts)
{
    struct duet_sources *sources = duet_sources_new();
    uint32_t file = 0;
    assert_int_equal(duet_sources_read(sources, REFERENCE, &file), DUET_OK);
    const char *at = duet_source_text(sources, file);
    while ((at = strstr(at, FENCE)) != NULL) {
        at += strlen(FENCE);
        const char *end = strstr(at, "```");
        add_text(texts, "an example of grammar/README.md", at, (size_t)(end - at));
        at = end;
    }
    duet_sources_free(sources);
}

static struct texts all;

static int read_all(void **state)
{
    (void)state;
    static const char *const folders[] = {
        "/mappings",   "/mappings/systems",        "/tests/cases/check",
        "/tests/http", "/tests/fuzz/corpus/parse", "/tests/fuzz/corpus/compile"
    };
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[4096];
        snprintf(path, sizeof path, DUET_SOURCE_DIR "%s", folders[i]);
        add_folder(&all, path);
    }
    add_reference(&all);
    return 0;
}

static int forget_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < all.count; i++) {
        free(all.text[i].name);
        free(all.text[i].text);
    }
    return 0;
}

static void every_file_of_the_project_holds(void **state)
{
    (void)state;
    assert_true(all.count >= 18);
    for (size_t i = 0; i < all.count; i++)
        assert_layout_holds(all.text[i].name, all.text[i].text, all.text[i].length);
}

static void the_shipped_mappings_and_the_reference_are_laid_out(void **state)
{
    (void)state;
    size_t seen = 0;
    for (size_t i = 0; i < all.count; i++) {
        const struct text *text = &all.text[i];
        if (!strstr(text->name, "/mappings/") && !strstr(text->name, "README.md"))
            continue;
        char *once = layout_of(text->text, text->length);
        assert_string_equal(once, text->text);
        free(once);
        seen++;
    }
    assert_true(seen >= 12);
}

/* --- broken layouts -------------------------------------------------------------------------------------- */

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/* How a text is broken: of 100 gaps, how many get a line end, a comment, are closed. */
struct mess {
    uint32_t lines;
    uint32_t comments;
    uint32_t closed;
};

static bool stands_alone(int kind)
{
    return kind < 128 && strchr("{}()[];,", kind) && kind != 0;
}

static void write_gap(FILE *out, const struct mess *mess, uint32_t *seed, bool may_close)
{
    static const char *const comments[] = { "# c%u\n", "  # c%u  \n\n", "\n# c%u\r\n",
                                            "\n\n\n  # c%u\n\n", " # {c%u\n# \"c\n" };
    static const char *const lines[] = { "\n", "\n\n\n", " \r\n\t", "\n    " };
    static const char *const spaces[] = { " ", "  ", "\t", "     " };
    uint32_t dice = next_random(seed) % 100;
    if (dice < mess->comments)
        fprintf(out, comments[next_random(seed) % 5], next_random(seed) % 100);
    else if (dice < mess->comments + mess->lines)
        fputs(lines[next_random(seed) % 4], out);
    else if (!may_close || dice < 100 - mess->closed)
        fputs(spaces[next_random(seed) % 4], out);
}

/* The text's tokens with other gaps; every third keeps its gap, so that breaks as people write them are among them. */
static char *broken(const struct text *text, const struct mess *mess, uint32_t *seed)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_parse_context context = { arena, duet_intern_new(arena), duet_sources_new(),
                                          duet_diags_new(arena) };
    struct duet_parse_state reading = { .context = &context };
    uint32_t file = 0;
    char *written = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&written, &size);
    assert_non_null(out);
    duet_sources_add_text(context.sources, "x", text->text, text->length, &file);
    duet_parse_alone(&reading, file);
    int before = '{';
    uint32_t end = 0;
    for (size_t i = 0; i < reading.list.count; i++) {
        const struct duet_token *token = &reading.list.tokens[i];
        bool closes = stands_alone(token->kind) || stands_alone(before);
        if (next_random(seed) % 3 == 0)
            fprintf(out, "%.*s", (int)(token->start - end), text->text + end);
        else
            write_gap(out, mess, seed, closes);
        fprintf(out, "%.*s", (int)(token->end - token->start), text->text + token->start);
        before = token->kind;
        end = token->end;
    }
    fclose(out);
    duet_token_list_finish(&reading.list);
    duet_sources_free(context.sources);
    duet_arena_free(arena);
    return written;
}

static void broken_layouts_hold(void **state)
{
    (void)state;
    static const struct mess messes[] = { { 0, 0, 30 }, { 2, 1, 10 },   { 10, 0, 20 },
                                          { 0, 8, 20 }, { 20, 20, 20 }, { 45, 45, 5 } };
    uint32_t seed = 0x2545f491U;
    size_t made = 0;
    for (size_t i = 0; i < all.count; i++) {
        size_t rounds = all.text[i].length == 0 ? 1 : WORK / all.text[i].length;
        for (size_t round = 0; round < rounds && round < ROUNDS; round++) {
            char *text = broken(&all.text[i], &messes[round % 6], &seed);
            assert_layout_holds(all.text[i].name, text, strlen(text));
            free(text);
            made++;
        }
    }
    assert_true(made > 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_of_the_project_holds),
        cmocka_unit_test(the_shipped_mappings_and_the_reference_are_laid_out),
        cmocka_unit_test(broken_layouts_hold),
    };
    return cmocka_run_group_tests(tests, read_all, forget_all);
}
