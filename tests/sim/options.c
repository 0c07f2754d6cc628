#include "tests/sim/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/instant.h"
#include "tests/sim/text.h"

static const struct sim_system *const SYSTEMS[] = { &sim_sentinel, &sim_smartsoar };
enum { SYSTEM_COUNT = sizeof(SYSTEMS) / sizeof(SYSTEMS[0]) };

static const struct sim_option_row COMMON[] = {
    { "--port", "PORT", "port on 127.0.0.1; 0 (the default) takes a free one" },
    { "--set", "SWITCH=VALUE", "sets a switch, listed below; may be given several times" },
    { "--clock", "TIME", "starts with a manual clock at TIME (2026-01-02T03:04:05Z)" },
    { "--help", NULL, "prints this" },
};
enum { COMMON_COUNT = sizeof(COMMON) / sizeof(COMMON[0]) };

static const char *system_name(const void *list, size_t at)
{
    (void)list;
    return at < SYSTEM_COUNT ? SYSTEMS[at]->name : NULL;
}

static const char *option_name(const void *list, size_t at)
{
    const struct sim_system *system = list;
    if (at < COMMON_COUNT)
        return COMMON[at].name;
    return at - COMMON_COUNT < system->option_count ? system->options[at - COMMON_COUNT].name
                                                    : NULL;
}

static void print_options(const struct sim_option_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("  %s%s%s\n      %s\n", rows[i].name, rows[i].argument ? " " : "",
               rows[i].argument ? rows[i].argument : "", rows[i].help);
}

static void print_help(const struct sim_system *system)
{
    printf("duet-sim %s: %s\n\nusage: duet-sim %s [OPTION]...\n\noptions:\n", system->name,
           system->summary, system->name);
    print_options(COMMON, COMMON_COUNT);
    print_options(system->options, system->option_count);
    printf("\nswitches (the initial value in brackets), also set at run time by POST "
           "/_sim/switches:\n");
    sim_switches_print_help(system->switches, system->switch_count);
}

static void print_summary(void)
{
    printf("usage: duet-sim SYSTEM [OPTION]...\n\nsystems:\n");
    for (size_t i = 0; i < SYSTEM_COUNT; i++)
        printf("  %-10s %s\n", SYSTEMS[i]->name, SYSTEMS[i]->summary);
    printf("\n'duet-sim SYSTEM --help' lists a system's options and switches\n");
}

static void complain(const char *what, const char *word, const char *near)
{
    if (near)
        fprintf(stderr, "duet-sim: unknown %s '%s': did you mean '%s'?\n", what, word, near);
    else
        fprintf(stderr, "duet-sim: unknown %s '%s'; see --help\n", what, word);
}

static bool read_port(const char *text, unsigned short *port_out)
{
    char *end = NULL;
    errno = 0;
    long port = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || port < 0 || port > 65535)
        return false;
    *port_out = (unsigned short)port;
    return true;
}

static bool set_switch(struct sim_server *server, const char *value, char **problem_out)
{
    const char *equals = strchr(value, '=');
    if (!equals) {
        *problem_out = sim_format("--set '%s': expected SWITCH=VALUE", value);
        return false;
    }
    char *name = sim_copy_part(value, (size_t)(equals - value));
    bool done = sim_switches_set(server->switches, name, equals + 1, problem_out);
    free(name);
    return done;
}

static bool apply(struct sim_server *server, const char *option, const char *value,
                  unsigned short *port_out, char **problem_out)
{
    int64_t ticks = 0;
    if (sim_same(option, "--port")) {
        if (read_port(value, port_out))
            return true;
        *problem_out = sim_format("--port '%s': expected 0 to 65535", value);
        return false;
    }
    if (sim_same(option, "--set"))
        return set_switch(server, value, problem_out);
    if (!sim_same(option, "--clock"))
        return server->system->configure(server->state, option, value, problem_out);
    if (!sim_instant_parse(value, &ticks)) {
        *problem_out = sim_format("--clock '%s': expected a time like 2026-01-02T03:04:05Z", value);
        return false;
    }
    sim_clock_set(server->clock, ticks);
    return true;
}

static bool option_is_known(const struct sim_system *system, const char *option)
{
    for (size_t i = 0;; i++) {
        const char *name = option_name(system, i);
        if (!name)
            return false;
        if (sim_same(name, option))
            return true;
    }
}

static bool read_one(struct sim_server *server, const char *option, const char *value,
                     unsigned short *port_out)
{
    char *problem = NULL;
    if (!option_is_known(server->system, option)) {
        complain("option", option, sim_nearest(option, option_name, server->system));
        return false;
    }
    if (!value) {
        fprintf(stderr, "duet-sim: %s needs a value\n", option);
        return false;
    }
    if (apply(server, option, value, port_out, &problem))
        return true;
    fprintf(stderr, "duet-sim: %s\n", problem);
    free(problem);
    return false;
}

static const struct sim_system *find_system(const char *name)
{
    for (size_t i = 0; i < SYSTEM_COUNT; i++)
        if (sim_same(SYSTEMS[i]->name, name))
            return SYSTEMS[i];
    return NULL;
}

static bool wants_help(int count, char **words)
{
    for (int i = 1; i < count; i++)
        if (sim_same(words[i], "--help"))
            return true;
    return false;
}

/* Options are "--name value" or "--name=value". */
static bool read_all(struct sim_server *server, int count, char **words, unsigned short *port_out)
{
    for (int i = 2; i < count; i++) {
        size_t length = strcspn(words[i], "=");
        bool joined = words[i][length] == '=';
        char *option = sim_copy_part(words[i], length);
        const char *value = joined ? words[i] + length + 1 : (i + 1 < count ? words[i + 1] : NULL);
        bool done = read_one(server, option, value, port_out);
        free(option);
        if (!done)
            return false;
        if (!joined)
            i++;
    }
    return true;
}

enum sim_options_outcome sim_options_read(int count, char **words, struct sim_server **server_out,
                                          unsigned short *port_out)
{
    *server_out = NULL;
    *port_out = 0;
    const struct sim_system *system = count > 1 ? find_system(words[1]) : NULL;
    if (wants_help(count, words)) {
        if (system)
            print_help(system);
        else
            print_summary();
        return SIM_OPTIONS_HELP;
    }
    if (!system) {
        if (count > 1)
            complain("system", words[1], sim_nearest(words[1], system_name, NULL));
        else
            fprintf(stderr, "duet-sim: which system? sentinel or smartsoar; see --help\n");
        return SIM_OPTIONS_WRONG;
    }
    struct sim_server *server = sim_server_new(system);
    if (!read_all(server, count, words, port_out)) {
        sim_server_free(server);
        return SIM_OPTIONS_WRONG;
    }
    *server_out = server;
    return SIM_OPTIONS_RUN;
}
