/* The folders of a workspace: files on disk that nobody opened count, too. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/lsp_stage.h"
#include "tests/support/lsp_texts.h"

/* A folder with a blank and an umlaut in its name, and the two texts in it. */
struct workspace {
    char top[64];
    char folder[96];
    char uri[128]; /* of the folder */
    char systems[160], mapping[160];
};

static const char *file_in(const struct workspace *workspace, const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", workspace->folder, name);
    return path;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static int make(void **state)
{
    struct workspace *workspace = calloc(1, sizeof *workspace);
    const char *place = getenv("TMPDIR");
    assert_non_null(workspace);
    snprintf(workspace->top, sizeof workspace->top, "%.30s/duet-lsp-XXXXXX",
             place ? place : "/tmp");
    assert_non_null(mkdtemp(workspace->top));
    snprintf(workspace->folder, sizeof workspace->folder, "%s/a \xc3\xa4", workspace->top);
    snprintf(workspace->uri, sizeof workspace->uri, "file://%s/a%%20%%C3%%A4", workspace->top);
    snprintf(workspace->systems, sizeof workspace->systems, "%s/systems.duet", workspace->uri);
    snprintf(workspace->mapping, sizeof workspace->mapping, "%s/mapping.duet", workspace->uri);
    assert_int_equal(mkdir(workspace->folder, 0700), 0);
    write_file(file_in(workspace, "systems.duet"), LSP_SYSTEMS);
    write_file(file_in(workspace, "mapping.duet"), LSP_MAPPING);
    *state = workspace;
    return 0;
}

static int clean(void **state)
{
    struct workspace *workspace = *state;
    (void)remove(file_in(workspace, "systems.duet"));
    (void)remove(file_in(workspace, "mapping.duet"));
    (void)rmdir(workspace->folder);
    (void)rmdir(workspace->top);
    free(workspace);
    return 0;
}

static json_t *folders_of(const struct workspace *workspace)
{
    return json_pack("[{s:s, s:s}]", "uri", workspace->uri, "name", "w");
}

static size_t references(struct lsp_stage *stage, const struct workspace *workspace)
{
    json_t *place = lsp_at(workspace->systems, LSP_SYSTEMS, "status : enum", 0, 1);
    json_object_set_new(place, "context", json_pack("{s:b}", "includeDeclaration", 0));
    json_t *found = lsp_ask(stage, "textDocument/references", place);
    size_t count = json_array_size(found);
    json_decref(found);
    return count;
}

static void files_that_nobody_opened_have_references_and_are_renamed_in(void **state)
{
    const struct workspace *workspace = *state;
    struct lsp_stage stage = lsp_stage_new(folders_of(workspace), NULL);
    lsp_open(&stage, workspace->systems, LSP_SYSTEMS);
    json_t *place = lsp_at(workspace->systems, LSP_SYSTEMS, "status : enum", 0, 1);
    json_object_set_new(place, "newName", json_string("stage"));
    json_t *edit = lsp_ask(&stage, "textDocument/rename", place);
    const json_t *there = json_object_get(lsp_part(edit, "changes"), workspace->mapping);
    assert_int_equal(json_array_size(there), 1);
    assert_int_equal(json_integer_value(lsp_part(there, "0.range.start.line")), 9);
    json_decref(edit);
    assert_int_equal(references(&stage, workspace), 3);
    lsp_stage_finish(&stage);
}

static void a_folder_comes_and_goes(void **state)
{
    const struct workspace *workspace = *state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, workspace->systems, LSP_SYSTEMS);
    assert_int_equal(references(&stage, workspace), 2);
    lsp_tell(&stage, "workspace/didChangeWorkspaceFolders",
             json_pack("{s:{s:o, s:[]}}", "event", "added", folders_of(workspace), "removed"));
    assert_int_equal(references(&stage, workspace), 3);
    lsp_tell(&stage, "workspace/didChangeWorkspaceFolders",
             json_pack("{s:{s:[], s:o}}", "event", "added", "removed", folders_of(workspace)));
    assert_int_equal(references(&stage, workspace), 2);
    lsp_stage_finish(&stage);
}

static void an_editor_without_folders_says_its_root(void **state)
{
    const struct workspace *workspace = *state;
    struct lsp_stage stage = lsp_stage_bare();
    json_decref(lsp_ask(&stage, "initialize",
                        json_pack("{s:s, s:n, s:{}}", "rootUri", workspace->uri, "workspaceFolders",
                                  "capabilities")));
    lsp_open(&stage, workspace->systems, LSP_SYSTEMS);
    assert_int_equal(references(&stage, workspace), 3);
    lsp_stage_finish(&stage);
}

static void a_file_that_changes_on_disk_is_read_again(void **state)
{
    const struct workspace *workspace = *state;
    struct lsp_stage stage = lsp_stage_new(
        folders_of(workspace),
        json_pack("{s:{s:{s:b}}}", "workspace", "didChangeWatchedFiles", "dynamicRegistration", 1));
    const json_t *wish = lsp_part(stage.sent, "0");
    assert_string_equal(json_string_value(lsp_part(wish, "method")), "client/registerCapability");
    assert_string_equal(json_string_value(lsp_part(wish, "params.registrations.0.method")),
                        "workspace/didChangeWatchedFiles");
    lsp_open(&stage, workspace->mapping, LSP_MAPPING);
    assert_int_equal(json_array_size(lsp_findings(&stage, workspace->mapping)), 0);
    write_file(file_in(workspace, "systems.duet"), "edition 2026;\n");
    lsp_tell(&stage, "workspace/didChangeWatchedFiles", json_pack("{s:[]}", "changes"));
    assert_true(json_array_size(lsp_findings(&stage, workspace->mapping)) > 0);
    lsp_stage_finish(&stage);
}

static void a_symbol_of_a_file_is_found_once_and_only_so_many(void **state)
{
    const struct workspace *workspace = *state;
    struct lsp_stage stage = lsp_stage_new(folders_of(workspace), NULL);
    json_t *found = lsp_ask(&stage, "workspace/symbol", json_pack("{s:s}", "query", "desk_key"));
    assert_int_equal(json_array_size(found), 1);
    json_decref(found);
    FILE *file = fopen(file_in(workspace, "mapping.duet"), "w");
    assert_non_null(file);
    fputs("edition 2026;\n", file);
    for (int i = 0; i < 600; i++)
        fprintf(file, "system many%d { }\n", i);
    fclose(file);
    lsp_tell(&stage, "workspace/didChangeWatchedFiles", json_pack("{s:[]}", "changes"));
    found = lsp_ask(&stage, "workspace/symbol", json_pack("{s:s}", "query", "many"));
    assert_int_equal(json_array_size(found), 500);
    json_decref(found);
    lsp_stage_finish(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_that_nobody_opened_have_references_and_are_renamed_in,
                                        make, clean),
        cmocka_unit_test_setup_teardown(a_folder_comes_and_goes, make, clean),
        cmocka_unit_test_setup_teardown(an_editor_without_folders_says_its_root, make, clean),
        cmocka_unit_test_setup_teardown(a_file_that_changes_on_disk_is_read_again, make, clean),
        cmocka_unit_test_setup_teardown(a_symbol_of_a_file_is_found_once_and_only_so_many, make,
                                        clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
