#include "engine/cli/records.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/cli/load.h"
#include "engine/cli/persons_files.h"

#define MAX_STREAM (4UL << 30)

/* --- reading ---------------------------------------------------------------------------------------- */

static char *read_stream(FILE *in, size_t *length_out)
{
    size_t capacity = 1U << 16;
    char *bytes = malloc(capacity);
    size_t length = 0;
    while (bytes) {
        length += fread(bytes + length, 1, capacity - length - 1, in);
        if (length < capacity - 1 || capacity > MAX_STREAM)
            break;
        char *bigger = realloc(bytes, 2 * capacity);
        if (!bigger)
            free(bytes);
        bytes = bigger;
        capacity *= 2;
    }
    if (bytes)
        bytes[length] = '\0';
    *length_out = length;
    return bytes;
}

char *duet_read_whole(const char *path, size_t *length_out)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *bytes = read_stream(file, length_out);
    int reason = ferror(file) ? errno : 0;
    fclose(file);
    if (reason) {
        free(bytes);
        errno = reason;
        return NULL;
    }
    return bytes;
}

/* --- records ------------------------------------------------------------------------------------------ */

static void take_json(const json_t *record, duet_record_taker take, void *data)
{
    char *text = json_dumps(record, JSON_COMPACT | JSON_ENCODE_ANY);
    if (text)
        take(data, text, strlen(text));
    free(text);
}

const json_t *duet_list_in_answer(const struct duet_tables *tables, enum duet_side side,
                                  const json_t *json)
{
    const struct duet_t_side *row = duet_side_row(tables, side);
    for (uint32_t i = 0; i < row->ops_count; i++) {
        const struct duet_t_op *op = duet_op_row(tables, row->ops + i);
        const json_t *items = op->kind == DUET_OP_CHANGED && op->items != DUET_NONE
                                  ? duet_path_find(tables, op->items, json)
                                  : NULL;
        if (json_is_array(items))
            return items;
    }
    return NULL;
}

static void take_document(const json_t *json, const struct duet_tables *tables, enum duet_side side,
                          duet_record_taker take, void *data)
{
    const json_t *list = json_is_array(json) ? json : duet_list_in_answer(tables, side, json);
    if (!list)
        take_json(json, take, data);
    for (size_t i = 0; i < json_array_size(list); i++)
        take_json(json_array_get(list, i), take, data);
}

static void take_lines(const char *bytes, size_t length, duet_record_taker take, void *data)
{
    const char *at = bytes;
    const char *end = bytes + length;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t size = stop ? (size_t)(stop - at) : (size_t)(end - at);
        size_t shown = size;
        while (shown && (at[shown - 1] == '\r' || at[shown - 1] == ' '))
            shown--;
        if (shown)
            take(data, at, shown);
        at += size + 1;
    }
}

enum duet_status duet_records_each(FILE *in, const struct duet_tables *tables, enum duet_side side,
                                   duet_record_taker take, void *data, struct duet_error *error)
{
    size_t length = 0;
    char *bytes = read_stream(in, &length);
    if (!bytes || ferror(in)) {
        free(bytes);
        return duet_fail(error, DUET_FAILED, "can't read the records: %s", strerror(errno));
    }
    json_error_t fault;
    json_t *json = json_loadb(bytes, length, 0, &fault);
    if (json)
        take_document(json, tables, side, take, data);
    else
        take_lines(bytes, length, take, data);
    json_decref(json);
    free(bytes);
    return DUET_OK;
}

/* --- a mapping and persons ----------------------------------------------------------------------------- */

enum duet_exit duet_with_rules(const struct duet_arguments *arguments, duet_rules_user use)
{
    enum duet_exit status = DUET_EXIT_FINE;
    const char *path = duet_operand(arguments, 0);
    const char *name = duet_option_text(arguments, "mapping", NULL);
    size_t index = 0;
    struct duet_person_tables persons = { 0 };
    struct duet_compilation *compilation = duet_load(arguments, path, &status);
    if (!compilation)
        return status;
    const struct duet_tables *tables =
        duet_load_mapping(arguments, compilation, path, name, &index);
    if (!tables) {
        status = DUET_EXIT_USAGE;
    } else if (duet_person_tables_given(arguments, tables, &persons, &status)) {
        struct duet_rules rules = { .tables = tables,
                                    .person_tables = persons.tables,
                                    .person_table_count = persons.count };
        status = use(arguments, &rules);
        duet_person_tables_finish(&persons);
    }
    duet_compilation_free(compilation);
    return status;
}

bool duet_side_named(const struct duet_arguments *arguments, const struct duet_tables *tables,
                     const char *name, enum duet_side *side_out)
{
    const char *left = duet_str(tables, duet_side_row(tables, DUET_LEFT)->name);
    const char *right = duet_str(tables, duet_side_row(tables, DUET_RIGHT)->name);
    *side_out = strcmp(name, right) == 0 ? DUET_RIGHT : DUET_LEFT;
    if (strcmp(name, left) == 0 || strcmp(name, right) == 0)
        return true;
    (void)duet_complain(arguments, DUET_EXIT_USAGE, "no side '%s': the mapping has '%s' and '%s'",
                        name, left, right);
    return false;
}
