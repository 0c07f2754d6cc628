#include "tests/mutants/report.h"

#include <stdio.h>
#include <string.h>
#include <jansson.h>

#include "tests/mutants/outcomes.h"

static const struct mistake *mistake(const struct report *report, size_t index)
{
    return &report->run->mistakes->list[index];
}

static const struct survivor *explanation(const struct report *report, size_t index)
{
    return survivors_find(report->survivors, mistake(report, index)->name);
}

static bool survives(const struct report *report, size_t index)
{
    enum trial_outcome outcome = report->run->trials[index].outcome;
    return outcome == TRIAL_SURVIVES || outcome == TRIAL_UNREACHED;
}

/* --- faults ------------------------------------------------------------------------------------------------- */

static bool wants_explaining(const struct report *report, size_t index)
{
    return survives(report, index) && !explanation(report, index);
}

static bool is_explained_in_vain(const struct report *report, size_t index)
{
    return !survives(report, index) && explanation(report, index);
}

static bool has_no_answer(const struct report *report, size_t index)
{
    return report->run->trials[index].outcome == TRIAL_NO_ANSWER;
}

static void tell_name(const struct report *report, size_t index)
{
    printf("%4zu  %u: %s\n", index + 1, mistake(report, index)->line, mistake(report, index)->name);
}

/* Names those of a kind, and gives their number. */
static size_t fault(const struct report *report, const char *title,
                    bool (*is_fault)(const struct report *report, size_t index))
{
    size_t faults = 0;
    for (size_t i = 0; i < report->run->mistakes->count; i++) {
        if (!run_chooses(report->run, i) || !is_fault(report, i))
            continue;
        faults++;
        if (report->is_json)
            continue;
        if (faults == 1)
            printf("\n%s:\n", title);
        tell_name(report, i);
        const struct trial *trial = &report->run->trials[i];
        if (trial->name[0])
            printf("        %s %s\n", outcome_name(trial->outcome), trial->name);
    }
    return faults;
}

/* Explanations of mistakes that aren't made any more. */
static size_t fault_unknown(const struct report *report)
{
    size_t faults = 0;
    for (size_t i = 0; i < report->run->mistakes->count; i++) {
        struct survivor *survivor = survivors_find(report->survivors, mistake(report, i)->name);
        if (survivor)
            survivor->is_used = true;
    }
    for (size_t i = 0; i < report->survivors->count; i++) {
        const struct survivor *survivor = &report->survivors->list[i];
        if (survivor->is_used)
            continue;
        faults++;
        fprintf(stderr, "%s:%zu: no such mistake: %s\n", report->explained, survivor->line,
                survivor->name);
    }
    return faults;
}

/* --- outcomes ----------------------------------------------------------------------------------------------- */

static void tell_shares(const struct report *report)
{
    size_t of[TRIAL_SURVIVES + 1] = { 0 }, counted = 0;
    for (size_t i = 0; i < report->run->mistakes->count; i++) {
        if (!run_chooses(report->run, i))
            continue;
        of[report->run->trials[i].outcome]++;
        counted += report->run->trials[i].outcome != TRIAL_NO_LANGUAGE;
    }
    printf("%zu mistakes", counted);
    const char *separator = ":";
    for (size_t outcome = TRIAL_BY_CHECK; outcome <= TRIAL_SURVIVES && counted > 0; outcome++) {
        if (of[outcome] == 0)
            continue;
        printf("%s %zu (%zu %%) %s", separator, of[outcome],
               (of[outcome] * 100 + counted / 2) / counted,
               outcome_name((enum trial_outcome)outcome));
        separator = ",";
    }
    if (of[TRIAL_NO_LANGUAGE] > 0)
        printf("; %zu more don't parse", of[TRIAL_NO_LANGUAGE]);
    putchar('\n');
}

static void tell_one(const struct report *report, size_t index)
{
    const struct trial *trial = &report->run->trials[index];
    const struct survivor *survivor = explanation(report, index);
    tell_name(report, index);
    printf("      %s%s%s\n", outcome_name(trial->outcome), trial->name[0] ? " " : "", trial->name);
    if (survivor)
        printf("      explained: %s\n", survivor->reason);
}

static json_t *json_of(const struct report *report, size_t index)
{
    const struct mistake *one = mistake(report, index);
    const struct survivor *survivor = explanation(report, index);
    json_t *row =
        json_pack("{s:I, s:s, s:i, s:s, s:s}", "number", (json_int_t)index + 1, "file", one->file,
                  "line", (int)one->line, "kind", one->kind, "name", one->name);
    if (report->run->trials) {
        const struct trial *trial = &report->run->trials[index];
        json_object_set_new(row, "outcome", json_string(outcome_name(trial->outcome)));
        if (trial->name[0])
            json_object_set_new(row, "by", json_string(trial->name));
    }
    if (survivor)
        json_object_set_new(row, "explained", json_string(survivor->reason));
    return row;
}

static void tell_json(const struct report *report)
{
    json_t *all = json_array();
    for (size_t i = 0; i < report->run->mistakes->count; i++) {
        if (run_chooses(report->run, i))
            json_array_append_new(all, json_of(report, i));
    }
    json_dumpf(all, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(all);
}

void report_list(const struct report *report)
{
    if (report->is_json) {
        tell_json(report);
        return;
    }
    for (size_t i = 0; i < report->run->mistakes->count; i++) {
        if (run_chooses(report->run, i))
            tell_name(report, i);
    }
}

size_t report_outcomes(const struct report *report)
{
    if (report->is_json)
        tell_json(report);
    else if (report->run->only)
        tell_one(report, report->run->only - 1);
    else
        tell_shares(report);
    size_t faults = fault(
        report, "nothing finds these; find them by a test, or explain them among the survivors",
        wants_explaining);
    faults += fault(report, "these are found, and the survivors explain why they can't be",
                    is_explained_in_vain);
    faults += fault(report, "no answer: the trial crashed or took too long", has_no_answer);
    return faults + fault_unknown(report);
}
