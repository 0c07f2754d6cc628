#include "engine/cli/persons_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/cli/records.h"
#include "engine/world/memory.h"

static void free_table(struct duet_person_table *table)
{
    duet_persons_free((struct duet_persons *)(uintptr_t)table->persons);
    free((char *)(uintptr_t)table->name);
}

void duet_person_tables_finish(struct duet_person_tables *persons)
{
    for (size_t i = 0; i < persons->count; i++)
        free_table(&persons->tables[i]);
    free(persons->tables);
    *persons = (struct duet_person_tables){ 0 };
}

static struct duet_persons *load_persons(const struct duet_arguments *arguments,
                                         const struct duet_tables *tables, const char *path,
                                         enum duet_exit *status_out)
{
    struct duet_error error = { "" };
    struct duet_persons *persons = NULL;
    size_t length = 0;
    char *csv = duet_read_whole(path, &length);
    if (!csv) {
        *status_out =
            duet_complain(arguments, DUET_EXIT_WORLD, "can't read '%s': %s", path, strerror(errno));
        return NULL;
    }
    if (duet_persons_parse(tables, path, csv, length, &persons, &error) != DUET_OK)
        *status_out = duet_complain(arguments, DUET_EXIT_FINDINGS, "%s", error.text);
    free(csv);
    return persons;
}

bool duet_person_tables_add(const struct duet_arguments *arguments,
                            const struct duet_tables *tables, const char *name, const char *path,
                            struct duet_person_tables *persons, enum duet_exit *status_out)
{
    struct duet_error error = { "" };
    struct duet_person_table table = { .persons =
                                           load_persons(arguments, tables, path, status_out) };
    if (!table.persons)
        return false;
    table.name = strdup(name);
    enum duet_status status = duet_persons_serve(table.persons, tables, name, path, &error);
    if (status == DUET_OK) {
        persons->tables =
            duet_grow_array(persons->tables, persons->count + 1, sizeof *persons->tables);
        persons->tables[persons->count++] = table;
        return true;
    }
    *status_out =
        duet_complain(arguments, status == DUET_NOT_FOUND ? DUET_EXIT_USAGE : DUET_EXIT_FINDINGS,
                      "%s", error.text);
    free_table(&table);
    return false;
}

/* Whether an earlier --table has the same name; told. */
static bool is_given_twice(const struct duet_arguments *arguments, size_t index)
{
    const char *given = duet_option_at(arguments, "table", index);
    size_t length = strcspn(given, "=");
    for (size_t i = 0; i < index; i++) {
        const char *earlier = duet_option_at(arguments, "table", i);
        if (strcspn(earlier, "=") == length && strncmp(earlier, given, length) == 0) {
            (void)duet_complain(arguments, DUET_EXIT_USAGE, "table '%.*s' is given twice",
                                (int)length, given);
            return true;
        }
    }
    return false;
}

static bool add_given(const struct duet_arguments *arguments, const struct duet_tables *tables,
                      const char *given, struct duet_person_tables *persons,
                      enum duet_exit *status_out)
{
    const char *equals = strchr(given, '=');
    if (!equals || equals == given || !equals[1]) {
        *status_out =
            duet_complain(arguments, DUET_EXIT_USAGE, "--table takes NAME=CSV, found '%s'", given);
        return false;
    }
    char *name = strndup(given, (size_t)(equals - given));
    bool is_good = duet_person_tables_add(arguments, tables, name, equals + 1, persons, status_out);
    free(name);
    return is_good;
}

bool duet_person_tables_given(const struct duet_arguments *arguments,
                              const struct duet_tables *tables,
                              struct duet_person_tables *persons_out, enum duet_exit *status_out)
{
    const char *given = NULL;
    *persons_out = (struct duet_person_tables){ 0 };
    for (size_t i = 0; (given = duet_option_at(arguments, "table", i)) != NULL; i++) {
        if (is_given_twice(arguments, i))
            *status_out = DUET_EXIT_USAGE;
        else if (add_given(arguments, tables, given, persons_out, status_out))
            continue;
        duet_person_tables_finish(persons_out);
        return false;
    }
    return true;
}
