#include "tests/support/http_mapping.h"

#include <stdlib.h>
#include <string.h>

#include "tests/lab/programs.h"

char *http_shipped_path(void)
{
    return lab_format("%s/mappings/sentinel-smartsoar.duet", lab_source_folder());
}

char *http_own_path(const struct http_case *test)
{
    return lab_format("%s/own.duet", test->lab.folder);
}

char *http_replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    if (!at)
        lab_fail("'%s' isn't in:\n%s", from, text);
    return lab_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

void http_change_mapping(struct http_case *test, const char *from, const char *to)
{
    char *path = http_own_path(test);
    char *text = lab_read_file(path);
    char *changed = http_replaced(text, from, to);
    lab_write_file(path, changed);
    free(changed);
    free(text);
    free(path);
}

void http_own_mapping(struct http_case *test)
{
    char *path = http_own_path(test);
    char *shipped = http_shipped_path();
    char *siem = lab_format("\"%s/mappings/systems/sentinel.duet\"", lab_source_folder());
    char *soar = lab_format("\"%s/mappings/systems/smartsoar.duet\"", lab_source_folder());
    char *text = lab_read_file(shipped);
    lab_write_file(path, text);
    http_change_mapping(test, "\"systems/sentinel.duet\"", siem);
    http_change_mapping(test, "\"systems/smartsoar.duet\"", soar);
    lab_change_fleet(&test->lab, shipped, path);
    free(text);
    free(soar);
    free(siem);
    free(shipped);
    free(path);
}
