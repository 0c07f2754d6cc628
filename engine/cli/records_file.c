#include "engine/cli/records_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    duet_placed_taker take;
    void *data;
    size_t number;
};

static void take_one(void *data, const char *text, size_t length)
{
    struct reading *reading = data;
    reading->take(reading->data, ++reading->number, false, text, length);
}

static size_t trimmed(const char *line, size_t length)
{
    while (length > 0 && strchr(" \t\r\n", line[length - 1]))
        length--;
    return length;
}

/* Is the first line a record by itself? Then all lines are. */
static bool is_lines(FILE *file, const struct duet_tables *tables, enum duet_side side)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length = getline(&line, &room, file);
    json_t *json = length > 0 ? json_loadb(line, (size_t)length, 0, NULL) : NULL;
    int next = json_is_object(json) ? getc(file) : EOF;
    bool is_one = json_is_object(json) && (next != EOF || !duet_list_in_answer(tables, side, json));
    json_decref(json);
    free(line);
    rewind(file);
    return is_one;
}

static void take_lines(FILE *file, struct reading *reading)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length = 0;
    while ((length = getline(&line, &room, file)) >= 0) {
        size_t shown = trimmed(line, (size_t)length);
        reading->number++;
        if (shown > 0)
            reading->take(reading->data, reading->number, true, line, shown);
    }
    free(line);
}

enum duet_status duet_records_of_file(const char *path, const struct duet_tables *tables,
                                      enum duet_side side, duet_placed_taker take, void *data,
                                      struct duet_error *error)
{
    struct reading reading = { .take = take, .data = data };
    FILE *file = fopen(path, "rb");
    if (!file)
        return duet_fail(error, DUET_FAILED, "can't read '%s': %s", path, strerror(errno));
    enum duet_status status = DUET_OK;
    if (is_lines(file, tables, side))
        take_lines(file, &reading);
    else
        status = duet_records_each(file, tables, side, take_one, &reading, error);
    if (status == DUET_OK && ferror(file))
        status = duet_fail(error, DUET_FAILED, "can't read '%s': %s", path, strerror(errno));
    fclose(file);
    return status;
}
