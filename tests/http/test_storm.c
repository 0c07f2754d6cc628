/* Storms: people edit both sides of some incidents at random while requests fail at random and the engine is killed. When it is over, both
 * sides agree or what keeps them apart is shown; each note stands once on each side; nothing more is written. A seed gives the same storm. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_case.h"

enum { SEEDS = 8, SEEDS_MAX = 1000, ROUNDS = 14, INCIDENTS = 2, CALM_ROUNDS = 5, TEXT_SIZE = 32 };

struct storm {
    struct http_case base; /* first: what http_case_stop() frees */
    struct lab_incident incidents[INCIDENTS];
    uint64_t random;
    unsigned notes[INCIDENTS]; /* written by people, on either side */
};

/* xorshift64*: below `limit`. */
static unsigned pick(struct storm *storm, unsigned limit)
{
    storm->random ^= storm->random >> 12;
    storm->random ^= storm->random << 25;
    storm->random ^= storm->random >> 27;
    return (unsigned)((storm->random * UINT64_C(2685821657736338717)) >> 33) % limit;
}

#define PICK(storm, list) (list)[pick(storm, sizeof(list) / sizeof((list)[0]))]

/* --- people --------------------------------------------------------------------------------------------- */

static void note_text(struct storm *storm, int which, char *out)
{
    snprintf(out, TEXT_SIZE, "note %u of %d.", ++storm->notes[which], which);
}

static void edit_siem(struct storm *storm, int which)
{
    static const char *const SEVERITIES[] = { "High", "Medium", "Low", "Informational" };
    static const char *const OPEN[] = { "New", "Active" };
    static const char *const VERDICTS[] = { "TP.SA", "BP.SBE", "FP.IAL", "FP.ID", "U" };
    static const char *const OWNERS[] = { "aaaaaaaa-0000-4000-8000-00000000000a",
                                          "bbbbbbbb-0000-4000-8000-00000000000b", NULL };
    struct lab *lab = &storm->base.lab;
    const struct lab_incident *incident = &storm->incidents[which];
    char text[TEXT_SIZE];
    switch (pick(storm, 5)) {
    case 0:
        lab_edit_siem(lab, incident, json_pack("{s:s}", "severity", PICK(storm, SEVERITIES)));
        break;
    case 1:
        lab_judge_siem(lab, incident, PICK(storm, OPEN), NULL);
        break;
    case 2:
        lab_judge_siem(lab, incident, "Closed", PICK(storm, VERDICTS));
        break;
    case 3:
        lab_own_siem(lab, incident, PICK(storm, OWNERS));
        break;
    default:
        note_text(storm, which, text);
        lab_note_siem(lab, incident, text);
        break;
    }
}

static void edit_soar(struct storm *storm, int which)
{
    static const char *const SEVERITIES[] = { "Critical", "High", "Medium", "Low" };
    static const char *const STATUSES[] = { "Open", "In Progress", "On Hold", "Closed" };
    static const char *const VERDICTS[] = { "TP.SA", "BP.SBE", "FP.IAL", "FP.ID",
                                            "U",     "BP",     "TP.ID",  "-" };
    static const char *const OWNERS[] = { "Ann Lee", "Bob Ray", "System" };
    struct lab *lab = &storm->base.lab;
    const struct lab_incident *incident = &storm->incidents[which];
    char text[TEXT_SIZE];
    switch (pick(storm, 5)) {
    case 0:
        lab_edit_soar(lab, incident, json_pack("{s:s}", "Severity", PICK(storm, SEVERITIES)));
        break;
    case 1:
        lab_judge_soar(lab, incident, PICK(storm, STATUSES), NULL);
        break;
    case 2:
        lab_judge_soar(lab, incident, NULL, PICK(storm, VERDICTS));
        break;
    case 3:
        lab_edit_soar(lab, incident, json_pack("{s:s}", "Owner", PICK(storm, OWNERS)));
        break;
    default:
        note_text(storm, which, text);
        lab_note_soar(lab, incident, text);
        break;
    }
}

/* --- trouble --------------------------------------------------------------------------------------------- */

static void make_trouble(struct storm *storm)
{
    static const char *const SIEM_KINDS[] = { "write incident", "add note",      "list incidents",
                                              "list notes",     "read incident", "token" };
    static const char *const SOAR_KINDS[] = { "SetIncidentFieldsInBulk", "CloseIncidentInBulk",
                                              "UpdateDynamicFieldsByNumberInBulk",
                                              "SetIncidentFieldHTML", "GetIncidents" };
    static const char *const DEEDS[] = { "drop-before", "drop-after",   "cut",
                                         "500",         "503",          "garbage",
                                         "kill-before", "kill-applied", "kill-answered" };
    bool to_siem = pick(storm, 2) == 0;
    struct lab *lab = &storm->base.lab;
    lab_fault(to_siem ? &lab->siem : &lab->soar,
              json_pack("{s:s, s:i, s:s, s:i}", "kind",
                        to_siem ? PICK(storm, SIEM_KINDS) : PICK(storm, SOAR_KINDS), "nth",
                        (int)pick(storm, 2) + 1, "do", PICK(storm, DEEDS), "pid",
                        (int)lab->engine.pid));
}

static void play_round(struct storm *storm)
{
    struct lab *lab = &storm->base.lab;
    for (int which = 0; which < INCIDENTS; which++) {
        if (pick(storm, 3) > 0)
            edit_siem(storm, which);
        if (pick(storm, 3) > 0)
            edit_soar(storm, which);
    }
    lab_begin_once(lab);
    for (unsigned troubles = pick(storm, 4); troubles > 0; troubles--)
        make_trouble(storm);
    lab_finish_once(lab);
    lab_fault(&lab->siem, NULL);
    lab_fault(&lab->soar, NULL);
}

/* --- afterwards --------------------------------------------------------------------------------------------- */

static bool is_pair(const char *both, const char *const (*pairs)[2], size_t count)
{
    const char *middle = strstr(both, " ~ ");
    char left[TEXT_SIZE];
    char right[TEXT_SIZE];
    snprintf(left, sizeof(left), "%.*s", (int)strcspn(both, " "), both);
    snprintf(right, sizeof(right), "%.*s", (int)(strrchr(both, ' ') - middle - 3), middle + 3);
    for (size_t i = 0; i < count; i++)
        if (strcmp(pairs[i][0], left) == 0 && strcmp(pairs[i][1], right) == 0)
            return true;
    return false;
}

static bool same_verdicts(const char *both)
{
    const char *left = strchr(both, ' ') + 1;
    const char *right = strrchr(both, ' ') + 1;
    size_t length = strcspn(left, " ");
    return strlen(right) == length && strncmp(left, right, length) == 0;
}

/* Status and verdict, severity, owner: as the mapping says that they agree. */
static bool agrees(struct storm *storm, int which)
{
    static const char *const STATUSES[][2] = { { "New", "Open" },
                                               { "Active", "In Progress" },
                                               { "Active", "On Hold" },
                                               { "Closed", "Closed" } };
    struct lab *lab = &storm->base.lab;
    const struct lab_incident *incident = &storm->incidents[which];
    char *both = lab_copy(lab_both(lab, incident));
    bool same =
        is_pair(both, STATUSES, sizeof(STATUSES) / sizeof(STATUSES[0])) && same_verdicts(both);
    free(both);
    const char *soar = lab_soar_text(lab, incident, "Severity");
    const char *siem = lab_siem_text(lab, incident, "properties.severity");
    same = same && (strcmp(siem, soar) == 0 ||
                    (strcmp(siem, "High") == 0 && strcmp(soar, "Critical") == 0));
    siem = lab_siem_text(lab, incident, "properties.owner.assignedTo");
    soar = lab_soar_text(lab, incident, "Owner");
    return same && (*siem ? strncmp(siem, soar, strlen(soar)) == 0 : strcmp(soar, "System") == 0);
}

static bool is_shown(struct storm *storm, int which)
{
    struct lab *lab = &storm->base.lab;
    char *out = NULL;
    lab_duet(lab, &out, LAB_WORDS("held", "--store", lab->store));
    bool shown = strstr(out, storm->incidents[which].name) != NULL;
    free(out);
    return shown;
}

static void expect_calm(struct storm *storm, int which)
{
    struct lab *lab = &storm->base.lab;
    const struct lab_incident *incident = &storm->incidents[which];
    char text[TEXT_SIZE];
    for (unsigned i = 1; i <= storm->notes[which]; i++) {
        snprintf(text, sizeof(text), "note %u of %d.", i, which);
        if (lab_siem_notes(lab, incident, text) != 1 || lab_soar_notes(lab, incident, text) != 1)
            fail_msg("'%s' stands %u times in Sentinel and %u times in the SOAR", text,
                     lab_siem_notes(lab, incident, text), lab_soar_notes(lab, incident, text));
    }
    if (!agrees(storm, which) && !is_shown(storm, which))
        fail_msg("apart, and nobody is told: %s", lab_both(lab, incident));
}

static void a_storm_passes(void **data)
{
    uint64_t seed = *(const uint64_t *)*data;
    void *state = calloc(1, sizeof(struct storm));
    struct storm *storm = state;
    assert_non_null(storm);
    lab_on_failure = http_fail;
    storm->random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    lab_open(&storm->base.lab, NULL);
    for (int which = 0; which < INCIDENTS; which++)
        storm->incidents[which] = lab_new_incident(&storm->base.lab, 0, NULL);
    lab_rounds(&storm->base.lab, 2);
    for (int which = 0; which < INCIDENTS; which++)
        assert_true(lab_find_number(&storm->base.lab, &storm->incidents[which]));
    for (int round = 0; round < ROUNDS; round++)
        play_round(storm);
    lab_rounds(&storm->base.lab, CALM_ROUNDS);
    for (int which = 0; which < INCIDENTS; which++)
        expect_calm(storm, which);
    lab_quiet(&storm->base.lab, 3);
    http_case_stop(&state);
}

/* DUET_STORMS=N plays seeds 1 to N instead of 1 to 8, DUET_STORM=N seed N alone. */
int main(void)
{
    static uint64_t seeds[SEEDS_MAX];
    static struct CMUnitTest tests[SEEDS_MAX];
    static char names[SEEDS_MAX][TEXT_SIZE];
    const char *wanted = getenv("DUET_STORMS");
    size_t count = wanted ? strtoul(wanted, NULL, 10) : SEEDS;
    count = count > SEEDS_MAX ? SEEDS_MAX : count;
    const char *only = getenv("DUET_STORM");
    size_t first = only ? strtoul(only, NULL, 10) : 1;
    count = only ? 1 : count;
    for (size_t i = 0; i < count; i++) {
        seeds[i] = first + i;
        snprintf(names[i], TEXT_SIZE, "seed %zu", first + i);
        tests[i] = (struct CMUnitTest){ .name = names[i],
                                        .test_func = a_storm_passes,
                                        .initial_state = &seeds[i] };
    }
    return _cmocka_run_group_tests("storms", tests, count, NULL, NULL);
}
