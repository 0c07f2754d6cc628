#include "tests/sim/switches.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/text.h"

enum { NUMBER_MAX = 2000000000 };

struct sim_switches {
    const struct sim_switch_row *rows;
    size_t count;
    long *values; /* the number, or the choice's place */
};

static long choice_place(const char *choices, const char *word)
{
    long place = 0;
    for (const char *at = choices; *at; place++) {
        size_t length = strcspn(at, "|");
        if (strlen(word) == length && strncmp(at, word, length) == 0)
            return place;
        at += length;
        if (*at == '|')
            at++;
    }
    return -1;
}

static bool read_number(const char *text, long *value_out)
{
    char *end = NULL;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < 0 || value > NUMBER_MAX)
        return false;
    *value_out = value;
    return true;
}

static bool read_value(const struct sim_switch_row *row, const char *text, long *value_out)
{
    if (!row->choices)
        return read_number(text, value_out);
    *value_out = choice_place(row->choices, text);
    return *value_out >= 0;
}

struct sim_switches *sim_switches_new(const struct sim_switch_row *rows, size_t count)
{
    struct sim_switches *switches = sim_alloc(sizeof(*switches));
    switches->rows = rows;
    switches->count = count;
    switches->values = sim_alloc(count * sizeof(*switches->values));
    for (size_t i = 0; i < count; i++) {
        bool known = read_value(&rows[i], rows[i].initial, &switches->values[i]);
        assert(known);
        (void)known;
    }
    return switches;
}

void sim_switches_free(struct sim_switches *switches)
{
    if (!switches)
        return;
    free(switches->values);
    free(switches);
}

static const char *row_name(const void *list, size_t at)
{
    const struct sim_switches *switches = list;
    return at < switches->count ? switches->rows[at].name : NULL;
}

static char *unknown_switch(const struct sim_switches *switches, const char *name)
{
    const char *near = sim_nearest(name, row_name, switches);
    if (near)
        return sim_format("unknown switch '%s': did you mean '%s'?", name, near);
    return sim_format("unknown switch '%s'; --help lists them all", name);
}

bool sim_switches_set(struct sim_switches *switches, const char *name, const char *value,
                      char **problem_out)
{
    for (size_t i = 0; i < switches->count; i++) {
        const struct sim_switch_row *row = &switches->rows[i];
        if (!sim_same(row->name, name))
            continue;
        long read = 0;
        if (!read_value(row, value, &read)) {
            *problem_out = sim_format("switch '%s' can't be '%s': expected %s", name, value,
                                      row->choices ? row->choices : "a whole number");
            return false;
        }
        switches->values[i] = read;
        return true;
    }
    *problem_out = unknown_switch(switches, name);
    return false;
}

bool sim_switches_set_json(struct sim_switches *switches, const char *name, const json_t *value,
                           char **problem_out)
{
    char number[32];
    if (json_is_boolean(value))
        return sim_switches_set(switches, name, json_is_true(value) ? "on" : "off", problem_out);
    if (json_is_string(value))
        return sim_switches_set(switches, name, json_string_value(value), problem_out);
    if (json_is_integer(value)) {
        snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return sim_switches_set(switches, name, number, problem_out);
    }
    *problem_out = sim_format("switch '%s' must be a text, a whole number, true or false", name);
    return false;
}

bool sim_switch_is(const struct sim_switches *switches, size_t id, const char *choice)
{
    assert(id < switches->count && switches->rows[id].choices);
    long place = choice_place(switches->rows[id].choices, choice);
    assert(place >= 0);
    return switches->values[id] == place;
}

long sim_switch_number(const struct sim_switches *switches, size_t id)
{
    assert(id < switches->count && !switches->rows[id].choices);
    return switches->values[id];
}

void sim_switch_count_down(struct sim_switches *switches, size_t id)
{
    if (sim_switch_number(switches, id) > 0)
        switches->values[id]--;
}

static char *chosen_word(const char *choices, long place)
{
    for (; place > 0; place--)
        choices = strchr(choices, '|') + 1;
    return sim_copy_part(choices, strcspn(choices, "|"));
}

json_t *sim_switches_json(const struct sim_switches *switches)
{
    json_t *all = json_object();
    for (size_t i = 0; i < switches->count; i++) {
        const struct sim_switch_row *row = &switches->rows[i];
        if (!row->choices) {
            json_object_set_new(all, row->name, json_integer(switches->values[i]));
            continue;
        }
        char *word = chosen_word(row->choices, switches->values[i]);
        json_object_set_new(all, row->name, json_string(word));
        free(word);
    }
    return all;
}

void sim_switches_print_help(const struct sim_switch_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("  %s=%s (%s)\n      %s\n", rows[i].name, rows[i].choices ? rows[i].choices : "N",
               rows[i].initial, rows[i].help);
}
