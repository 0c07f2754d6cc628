#include "tests/mutants/edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lab/programs.h"
#include "tests/lab/text.h"

static const char *const FILES[] = { "sentinel-smartsoar.duet", "sentinel-smartsoar-stories.duet",
                                     "systems/sentinel.duet", "systems/smartsoar.duet" };
enum { FILE_COUNT = sizeof(FILES) / sizeof(FILES[0]) };

static void copy_file(const char *folder, const char *name)
{
    char *from = lab_format("%s/mappings/%s", lab_source_folder(), name);
    char *to = lab_format("%s/%s", folder, name);
    char *text = lab_read_file(from);
    if (!*text)
        lab_fail("can't read '%s'", from);
    lab_write_file(to, text);
    free(text);
    free(to);
    free(from);
}

static void make_edit(const char *folder, const struct mutant_edit *edit)
{
    char *path = lab_format("%s/%s", folder, edit->file);
    char *text = lab_read_file(path);
    const char *at = strstr(text, edit->from);
    if (!at || strstr(at + 1, edit->from))
        lab_fail("'%s' doesn't say once: %s", edit->file, edit->from);
    char *changed =
        lab_format("%.*s%s%s", (int)(at - text), text, edit->to, at + strlen(edit->from));
    lab_write_file(path, changed);
    free(changed);
    free(text);
    free(path);
}

char *mutant_copy(const struct mutant_edit *edits)
{
    const char *parent = getenv("TMPDIR");
    char *folder = lab_format("%s/duet-mutant-XXXXXX", parent ? parent : "/tmp");
    if (!mkdtemp(folder))
        lab_fail("can't make '%s'", folder);
    char *systems = lab_format("%s/systems", folder);
    if (mkdir(systems, 0700) != 0)
        lab_fail("can't make '%s'", systems);
    free(systems);
    for (size_t i = 0; i < FILE_COUNT; i++)
        copy_file(folder, FILES[i]);
    for (size_t i = 0; edits[i].file; i++)
        make_edit(folder, &edits[i]);
    return folder;
}

void mutant_remove(char *folder)
{
    if (!folder)
        return;
    for (size_t i = 0; i < FILE_COUNT; i++) {
        char *path = lab_format("%s/%s", folder, FILES[i]);
        unlink(path);
        free(path);
    }
    char *systems = lab_format("%s/systems", folder);
    rmdir(systems);
    rmdir(folder);
    free(systems);
    free(folder);
}
