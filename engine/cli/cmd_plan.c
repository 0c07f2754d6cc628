/* `duet plan FILE --left A --right B`: what the planner would do with two records, and why. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/cli/commands.h"
#include "engine/cli/load.h"
#include "engine/cli/records.h"
#include "engine/plan/plan.h"
#include "engine/record/write.h"

static const struct duet_option options[] = {
    { "left", 0, "RECORD", "the left side's record, a JSON file" },
    { "right", 0, "RECORD", "the right side's record, a JSON file" },
    { "base", 0, "PAIR",
      "both as they last agreed: a JSON file [left, right]; without it: first contact" },
    { "event", 0, "NAME", "a signal that waits; may be given several times" },
    { "table", 0, "NAME=CSV", "a table of persons; may be given several times" },
    { "mapping", 0, "NAME", "which mapping, where a file has several" },
    { "format", 0, "text|json", "how the changeset is shown" },
    DUET_OPTION_COLOR,
    { NULL, 0, NULL, NULL },
};

struct planning_run {
    const struct duet_arguments *arguments;
    const struct duet_rules *rules;
    struct duet_arena *arena;
    struct duet_record record[2];
    char *text[2];
};

static const char *const decision_names[DUET_DECISIONS] = {
    [DUET_NOTHING] = "nothing", [DUET_ABSORBED] = "agreed", [DUET_MOVES] = "sent",
    [DUET_PENDING] = "pending", [DUET_HELD] = "held",       [DUET_SHOWN] = "shown",
    [DUET_FROZEN] = "frozen",   [DUET_EMPTIED] = "cleared",
};

static bool read_side(struct planning_run *run, enum duet_side side, const char *path)
{
    struct duet_error error = { "" };
    size_t length = 0;
    run->text[side] = duet_read_whole(path, &length);
    if (!run->text[side]) {
        (void)duet_complain(run->arguments, DUET_EXIT_WORLD, "can't read '%s': %s", path,
                            strerror(errno));
        return false;
    }
    if (duet_record_read(run->rules, side, run->text[side], length, run->arena, &run->record[side],
                         &error) == DUET_OK)
        return true;
    (void)duet_complain(run->arguments, DUET_EXIT_WORLD, "'%s': %s", path, error.text);
    return false;
}

/* The state of a link whose sides last agreed on what the two records show, as far as they do agree. */
static bool read_base(struct planning_run *run, const char *path, struct duet_state **state_out)
{
    struct duet_state *fresh = duet_state_new(run->rules, run->arena);
    *state_out = fresh;
    if (!path)
        return true;
    json_error_t fault;
    json_t *pair = json_load_file(path, 0, &fault);
    struct duet_record record[2];
    struct duet_error error = { "" };
    for (size_t side = 0; side < 2; side++) {
        const json_t *json = json_array_get(pair, side);
        if (!json || duet_record_from_json(run->rules, (enum duet_side)side, json, NULL, 0,
                                           run->arena, &record[side], &error) != DUET_OK) {
            (void)duet_complain(run->arguments, DUET_EXIT_WORLD,
                                "'%s': expected [left record, right record]: %s", path,
                                pair ? error.text : fault.text);
            json_decref(pair);
            return false;
        }
    }
    json_decref(pair);
    struct duet_plan_input input = { .rules = run->rules,
                                     .record = { &record[0], &record[1] },
                                     .state = fresh };
    struct duet_changeset *agreed = duet_plan(&input, run->arena);
    struct duet_result nothing[2] = { { .taken = DUET_NOT_WRITTEN },
                                      { .taken = DUET_NOT_WRITTEN } };
    *state_out = duet_plan_record(run->rules, agreed, nothing, run->arena);
    return true;
}

/* False, and told: no trigger of the mapping waits for that signal. */
static bool signals_of(const struct planning_run *run, uint64_t *signals_out)
{
    const struct duet_t_mapping *mapping = duet_mapping(run->rules->tables);
    uint64_t signals = 0;
    const char *name = NULL;
    for (size_t i = 0; (name = duet_option_at(run->arguments, "event", i)) != NULL; i++) {
        bool is_known = false;
        for (uint32_t t = 0; t < mapping->triggers_count && t < 64; t++) {
            const struct duet_t_trigger *trigger =
                duet_trigger_row(run->rules->tables, mapping->triggers + t);
            const char *signal = duet_opt_str(run->rules->tables, trigger->signal);
            if (trigger->event == DUET_EVENT_SIGNAL && signal && strcmp(signal, name) == 0) {
                signals |= duet_bit(t);
                is_known = true;
            }
        }
        if (!is_known) {
            (void)duet_complain(run->arguments, DUET_EXIT_USAGE,
                                "no trigger of the mapping waits for a signal '%s'", name);
            return false;
        }
    }
    *signals_out = signals;
    return true;
}

/* --- the link ------------------------------------------------------------------------------------------- */

/* A side's link field, as a table row's number. */
static uint32_t link_field(const struct planning_run *run, enum duet_side side)
{
    const struct duet_t_mapping *mapping = duet_mapping(run->rules->tables);
    return side == DUET_LEFT ? mapping->link_left : mapping->link_right;
}

static const struct duet_value *link_value(const struct planning_run *run, enum duet_side side)
{
    return &run->record[side]
                .values[duet_field_number(run->rules->tables, side, link_field(run, side))];
}

/* Whether the two records name each other by the mapping's `link`. */
static bool is_linked(const struct planning_run *run)
{
    const struct duet_value *left = link_value(run, DUET_LEFT);
    return !duet_value_missing(left) && duet_value_known(left) &&
           duet_value_equal(left, link_value(run, DUET_RIGHT));
}

/* "siem.key" */
static const char *link_name(const struct planning_run *run, enum duet_side side)
{
    const struct duet_tables *tables = run->rules->tables;
    return duet_arena_format(run->arena, "%s.%s",
                             duet_str(tables, duet_side_row(tables, side)->name),
                             duet_str(tables, duet_field_row(tables, link_field(run, side))->name));
}

static json_t *link_json(const struct planning_run *run)
{
    json_t *json = json_pack("{s:b}", "linked", (int)is_linked(run));
    for (uint32_t i = 0; i < 2; i++) {
        enum duet_side side = (enum duet_side)i;
        const struct duet_value *value = link_value(run, side);
        (void)json_object_set_new(json, link_name(run, side),
                                  value->text ? json_string(value->text) : json_null());
    }
    return json;
}

static void show_link(const struct planning_run *run)
{
    const char *shown[2];
    for (uint32_t i = 0; i < 2; i++) {
        enum duet_side side = (enum duet_side)i;
        const struct duet_t_field *field =
            duet_field_row(run->rules->tables, link_field(run, side));
        shown[i] = duet_value_show(run->rules->tables, field, link_value(run, side), run->arena);
    }
    if (!is_linked(run))
        fprintf(duet_arguments_io(run->arguments)->out,
                "not linked: %s is %s, %s is %s; what follows is as if they were\n",
                link_name(run, DUET_LEFT), shown[DUET_LEFT], link_name(run, DUET_RIGHT),
                shown[DUET_RIGHT]);
}

/* --- showing ------------------------------------------------------------------------------------------- */

/* The request's body where the system writes whole or changed records, else the fields by their write names. */
static json_t *body_of(const struct planning_run *run, const struct duet_changeset *changes,
                       enum duet_side side)
{
    const struct duet_tables *tables = run->rules->tables;
    const struct duet_t_side *row = duet_side_row(tables, side);
    for (uint32_t i = 0; i < row->ops_count; i++) {
        const struct duet_t_op *op = duet_op_row(tables, row->ops + i);
        if (op->kind != DUET_OP_WRITE || op->body_kind != DUET_BODY_WHOLE)
            continue;
        const struct duet_whole_write write = { .before = &run->record[side],
                                                .values = changes->after[side],
                                                .mask = changes->fields[side] };
        struct duet_text text;
        struct duet_error error = { "" };
        if (duet_write_whole(run->rules, side, &write, op, run->arena, &text, &error) == DUET_OK)
            return json_loadb(text.bytes, text.length, 0, NULL);
    }
    return duet_write_fields(run->rules, side, changes->after[side], changes->fields[side]);
}

static json_t *move_json(const struct planning_run *run, const struct duet_move *move)
{
    const struct duet_tables *tables = run->rules->tables;
    const struct duet_t_unit *unit =
        duet_unit_row(tables, duet_mapping(tables)->units + move->unit);
    const struct duet_t_trigger *trigger = duet_trigger_row(tables, move->trigger);
    json_t *json = json_pack("{s:s, s:s, s:s, s:i}", "field", duet_str(tables, unit->name),
                             "outcome", decision_names[move->decision], "file",
                             duet_str(tables, unit->file), "line", (int)unit->line);
    if (move->decision == DUET_MOVES || move->decision == DUET_PENDING ||
        move->decision == DUET_SHOWN)
        (void)json_object_set_new(
            json, "from", json_string(duet_str(tables, duet_side_row(tables, move->from)->name)));
    if (trigger)
        (void)json_object_set_new(json, "trigger",
                                  json_pack("{s:s, s:i}", "file", duet_str(tables, trigger->file),
                                            "line", (int)trigger->line));
    if (move->conflict)
        (void)json_object_set_new(json, "conflict", json_true());
    if (move->first_contact)
        (void)json_object_set_new(json, "first_contact", json_true());
    if (move->sentence)
        (void)json_object_set_new(json, "why", json_string(move->sentence));
    return json;
}

static void show_json(const struct planning_run *run, const struct duet_changeset *changes)
{
    const struct duet_tables *tables = run->rules->tables;
    json_t *moves = json_array();
    for (uint32_t u = 0; u < duet_mapping(tables)->units_count; u++)
        (void)json_array_append_new(moves, move_json(run, &changes->moves[u]));
    json_t *writes = json_object();
    for (uint32_t side = 0; side < 2; side++) {
        if (changes->fields[side])
            (void)json_object_set_new(writes, duet_str(tables, duet_side_row(tables, side)->name),
                                      body_of(run, changes, (enum duet_side)side));
    }
    json_t *json =
        json_pack("{s:o, s:o, s:o}", "link", link_json(run), "fields", moves, "writes", writes);
    if (changes->quarantined)
        (void)json_object_set_new(json, "quarantined", json_string(changes->sentence));
    char *text = json_dumps(json, JSON_INDENT(2));
    if (text)
        fprintf(duet_arguments_io(run->arguments)->out, "%s\n", text);
    free(text);
    json_decref(json);
}

static void show_move(const struct planning_run *run, const struct duet_move *move)
{
    const struct duet_tables *tables = run->rules->tables;
    FILE *out = duet_arguments_io(run->arguments)->out;
    const struct duet_t_unit *unit =
        duet_unit_row(tables, duet_mapping(tables)->units + move->unit);
    const struct duet_t_trigger *trigger = duet_trigger_row(tables, move->trigger);
    fprintf(out, "%-16s %-8s", duet_str(tables, unit->name), decision_names[move->decision]);
    bool is_from = move->decision == DUET_MOVES || move->decision == DUET_PENDING ||
                   move->decision == DUET_SHOWN;
    if (is_from)
        fprintf(out, " from %s", duet_str(tables, duet_side_row(tables, move->from)->name));
    if (move->conflict)
        fputs(is_from ? ", both had changed" : " both had changed", out);
    if (move->first_contact)
        fputs(is_from || move->conflict ? ", first contact" : " first contact", out);
    fprintf(out, "  (%s:%u", duet_str(tables, unit->file), unit->line);
    if (trigger)
        fprintf(out, ", released by line %u", trigger->line);
    fputs(")\n", out);
    if (move->sentence)
        fprintf(out, "    %s\n", move->sentence);
}

static void show_text(const struct planning_run *run, const struct duet_changeset *changes)
{
    const struct duet_tables *tables = run->rules->tables;
    FILE *out = duet_arguments_io(run->arguments)->out;
    show_link(run);
    if (changes->quarantined)
        fprintf(out, "quarantined: %s\n", changes->sentence);
    for (uint32_t u = 0; u < duet_mapping(tables)->units_count; u++) {
        if (changes->moves[u].decision != DUET_NOTHING)
            show_move(run, &changes->moves[u]);
    }
    for (uint32_t side = 0; side < 2; side++) {
        const struct duet_t_side *row = duet_side_row(tables, side);
        for (uint32_t i = 0; i < row->fields_count; i++) {
            const struct duet_t_field *field = duet_field_row(tables, row->fields + i);
            if (changes->fields[side] & duet_bit(i))
                fprintf(out, "write %s.%s: %s -> %s\n", duet_str(tables, row->name),
                        duet_str(tables, field->name),
                        duet_value_show(tables, field, &run->record[side].values[i], run->arena),
                        duet_value_show(tables, field, &changes->after[side][i], run->arena));
        }
    }
    if (duet_changeset_quiet(changes))
        fputs("nothing to write\n", out);
}

static enum duet_exit plan_records(struct planning_run *run)
{
    const char *left = duet_option_text(run->arguments, "left", NULL);
    const char *right = duet_option_text(run->arguments, "right", NULL);
    struct duet_state *state = NULL;
    uint64_t signals = 0;
    if (!left || !right)
        return duet_complain(run->arguments, DUET_EXIT_USAGE,
                             "two records are needed: --left RECORD --right RECORD");
    if (!read_side(run, DUET_LEFT, left) || !read_side(run, DUET_RIGHT, right) ||
        !read_base(run, duet_option_text(run->arguments, "base", NULL), &state))
        return DUET_EXIT_WORLD;
    if (!signals_of(run, &signals))
        return DUET_EXIT_USAGE;
    struct duet_plan_input input = { .rules = run->rules,
                                     .record = { &run->record[0], &run->record[1] },
                                     .state = state,
                                     .signals = signals };
    struct duet_changeset *changes = duet_plan(&input, run->arena);
    if (strcmp(duet_option_text(run->arguments, "format", "text"), "json") == 0)
        show_json(run, changes);
    else
        show_text(run, changes);
    return DUET_EXIT_FINE;
}

static enum duet_exit plan_with_rules(const struct duet_arguments *arguments,
                                      const struct duet_rules *rules)
{
    struct planning_run run = { .arguments = arguments, .rules = rules, .arena = duet_arena_new() };
    enum duet_exit status = plan_records(&run);
    free(run.text[0]);
    free(run.text[1]);
    duet_arena_free(run.arena);
    return status;
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    return duet_with_rules(arguments, plan_with_rules);
}

const struct duet_command duet_cmd_plan = {
    .name = "plan",
    .usage = "FILE --left RECORD --right RECORD",
    .summary = "what would be written for two records, and why",
    .help = "Runs the planner on two records and shows for each field what happens, the rule's "
            "line, the\n"
            "statement that released it, and what would be written. Nothing is sent. Two records "
            "that the mapping's\n"
            "`link` doesn't join are told, and planned as if it did.",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
};
