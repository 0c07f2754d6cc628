#include "tests/demo/steps.h"

#include <string.h>

#define ANN "aaaaaaaa-0000-4000-8000-00000000000a"
#define BOB "bbbbbbbb-0000-4000-8000-00000000000b"

static const struct lab_incident *one(const struct demo *demo, int which)
{
    return &demo->incidents[which];
}

static bool both(struct demo *demo, int which, const char *expected)
{
    return strcmp(lab_both(&demo->lab, one(demo, which)), expected) == 0;
}

static bool siem_has(struct demo *demo, int which, const char *path, const char *expected)
{
    return strcmp(lab_siem_text(&demo->lab, one(demo, which), path), expected) == 0;
}

static bool soar_has(struct demo *demo, int which, const char *column, const char *expected)
{
    return strcmp(lab_soar_text(&demo->lab, one(demo, which), column), expected) == 0;
}

static void set_siem(struct demo *demo, int which, const char *name, const char *value)
{
    lab_edit_siem(&demo->lab, one(demo, which), json_pack("{s:s}", name, value));
}

static void set_soar(struct demo *demo, int which, const char *name, const char *value)
{
    lab_edit_soar(&demo->lab, one(demo, which), json_pack("{s:s}", name, value));
}

/* --- creation ------------------------------------------------------------------------------------- */

static void detect(struct demo *demo)
{
    demo->incidents[DEMO_FIRST] = lab_new_incident(
        &demo->lab, 0, json_pack("{s:s, s:s}", "title", "Impossible travel", "severity", "High"));
    demo->incidents[DEMO_SECOND] = lab_new_incident(
        &demo->lab, 0, json_pack("{s:s, s:s}", "title", "Odd mail rule", "severity", "Medium"));
    demo->incidents[DEMO_BETA] = lab_new_incident(
        &demo->lab, 1, json_pack("{s:s, s:s}", "title", "Mass download", "severity", "Low"));
}

static bool all_created(struct demo *demo)
{
    for (int i = 0; i < DEMO_INCIDENTS; i++)
        if (!lab_find_number(&demo->lab, &demo->incidents[i]) || !both(demo, i, "New - ~ Open -"))
            return false;
    return soar_has(demo, DEMO_FIRST, "Title", "Impossible travel") &&
           soar_has(demo, DEMO_SECOND, "Severity", "Medium") &&
           soar_has(demo, DEMO_BETA, "Severity", "Low") &&
           lab_count(&demo->lab.soar, "CreateAnIncident") == DEMO_INCIDENTS;
}

/* --- status, severity, owner ------------------------------------------------------------------------ */

static void siem_starts(struct demo *demo)
{
    set_siem(demo, DEMO_FIRST, "status", "Active");
}

static bool in_progress(struct demo *demo)
{
    return both(demo, DEMO_FIRST, "Active - ~ In Progress -");
}

static void soar_assigns_ann(struct demo *demo)
{
    set_soar(demo, DEMO_FIRST, "Owner", "Ann Lee");
}

static bool ann_owns_both(struct demo *demo)
{
    return siem_has(demo, DEMO_FIRST, "properties.owner.objectId", ANN) &&
           soar_has(demo, DEMO_FIRST, "Owner", "Ann Lee");
}

static void siem_lowers(struct demo *demo)
{
    set_siem(demo, DEMO_FIRST, "severity", "Low");
}

static bool low_on_both(struct demo *demo)
{
    return siem_has(demo, DEMO_FIRST, "properties.severity", "Low") &&
           soar_has(demo, DEMO_FIRST, "Severity", "Low");
}

static void soar_raises(struct demo *demo)
{
    set_soar(demo, DEMO_FIRST, "Severity", "Critical");
}

static bool critical_is_high(struct demo *demo)
{
    return siem_has(demo, DEMO_FIRST, "properties.severity", "High") &&
           soar_has(demo, DEMO_FIRST, "Severity", "Critical");
}

static void soar_starts(struct demo *demo)
{
    set_soar(demo, DEMO_SECOND, "Status", "In Progress");
}

static bool second_is_active(struct demo *demo)
{
    return both(demo, DEMO_SECOND, "Active - ~ In Progress -");
}

static void soar_pauses(struct demo *demo)
{
    set_soar(demo, DEMO_SECOND, "Status", "On Hold");
}

static bool on_hold_is_active(struct demo *demo)
{
    return both(demo, DEMO_SECOND, "Active - ~ On Hold -");
}

static void siem_assigns_bob(struct demo *demo)
{
    lab_own_siem(&demo->lab, one(demo, DEMO_SECOND), BOB);
}

static bool bob_owns_both(struct demo *demo)
{
    return siem_has(demo, DEMO_SECOND, "properties.owner.objectId", BOB) &&
           soar_has(demo, DEMO_SECOND, "Owner", "Bob Ray") &&
           both(demo, DEMO_SECOND, "Active - ~ On Hold -");
}

/* --- notes ------------------------------------------------------------------------------------------ */

#define SIEM_NOTE "The sign-ins came from \"two\" countries & 3 minutes apart"
#define SOAR_NOTE "Called the user: a VPN"

static void siem_notes(struct demo *demo)
{
    lab_note_siem(&demo->lab, one(demo, DEMO_FIRST), SIEM_NOTE);
}

static bool note_in_soar(struct demo *demo)
{
    return lab_soar_notes(&demo->lab, one(demo, DEMO_FIRST), "countries &amp; 3 minutes") == 1;
}

static void soar_notes(struct demo *demo)
{
    lab_note_soar(&demo->lab, one(demo, DEMO_FIRST), "<p>" SOAR_NOTE "</p>");
}

static bool note_in_siem(struct demo *demo)
{
    return lab_siem_notes(&demo->lab, one(demo, DEMO_FIRST), SOAR_NOTE) == 1 &&
           lab_siem_notes(&demo->lab, one(demo, DEMO_FIRST), SIEM_NOTE) == 1 &&
           lab_soar_notes(&demo->lab, one(demo, DEMO_FIRST), SOAR_NOTE) == 1;
}

/* --- verdicts --------------------------------------------------------------------------------------- */

static void soar_drafts(struct demo *demo)
{
    lab_judge_soar(&demo->lab, one(demo, DEMO_FIRST), NULL, "FP.ID");
    set_soar(demo, DEMO_FIRST, "form.Comment", "The VPN's exit moved");
}

static bool draft_waits(struct demo *demo)
{
    return both(demo, DEMO_FIRST, "Active - ~ In Progress FP.ID");
}

static void soar_closes(struct demo *demo)
{
    set_soar(demo, DEMO_FIRST, "Status", "Closed");
}

static bool closed_as_false(struct demo *demo)
{
    return both(demo, DEMO_FIRST, "Closed FP.ID ~ Closed FP.ID") &&
           siem_has(demo, DEMO_FIRST, "properties.classificationComment", "The VPN's exit moved");
}

static void soar_corrects(struct demo *demo)
{
    lab_judge_soar(&demo->lab, one(demo, DEMO_FIRST), NULL, "TP.SA");
}

static bool corrected(struct demo *demo)
{
    return both(demo, DEMO_FIRST, "Closed TP.SA ~ Closed TP.SA");
}

static void soar_reopens(struct demo *demo)
{
    set_soar(demo, DEMO_FIRST, "Status", "Open");
}

static bool reopened_and_cleared(struct demo *demo)
{
    return both(demo, DEMO_FIRST, "New - ~ Open -") &&
           siem_has(demo, DEMO_FIRST, "properties.classificationComment", "") &&
           soar_has(demo, DEMO_FIRST, "Sentinel Sync - Comment", "");
}

static void siem_closes(struct demo *demo)
{
    lab_edit_siem(&demo->lab, one(demo, DEMO_FIRST),
                  json_pack("{s:s, s:s, s:s, s:s}", "status", "Closed", "classification",
                            "BenignPositive", "classificationReason", "SuspiciousButExpected",
                            "classificationComment", "A test of the red team"));
}

static bool closed_as_benign(struct demo *demo)
{
    return both(demo, DEMO_FIRST, "Closed BP.SBE ~ Closed BP.SBE") &&
           soar_has(demo, DEMO_FIRST, "Sentinel Sync - Comment", "A test of the red team");
}

static void siem_reopens(struct demo *demo)
{
    set_siem(demo, DEMO_FIRST, "status", "Active");
}

static bool reopened_by_siem(struct demo *demo)
{
    return both(demo, DEMO_FIRST, "Active BP.SBE ~ In Progress BP.SBE");
}

/* --- the other tenant ------------------------------------------------------------------------------- */

static void soar_assigns_too_early(struct demo *demo)
{
    set_soar(demo, DEMO_BETA, "Owner", "Bob Ray");
}

static bool owner_waits(struct demo *demo)
{
    return soar_has(demo, DEMO_BETA, "Owner", "Bob Ray") &&
           siem_has(demo, DEMO_BETA, "properties.owner.objectId", "");
}

static void soar_asks_for_all(struct demo *demo)
{
    lab_signal_soar(&demo->lab, one(demo, DEMO_BETA), "resync");
}

static bool owner_taken_back(struct demo *demo)
{
    return soar_has(demo, DEMO_BETA, "Owner", "System") &&
           siem_has(demo, DEMO_BETA, "properties.owner.objectId", "");
}

static void beta_closes(struct demo *demo)
{
    lab_judge_siem(&demo->lab, one(demo, DEMO_BETA), "Closed", "U");
}

static bool beta_closed_alone(struct demo *demo)
{
    return both(demo, DEMO_BETA, "Closed U ~ Closed U") &&
           both(demo, DEMO_FIRST, "Active BP.SBE ~ In Progress BP.SBE") &&
           both(demo, DEMO_SECOND, "Active - ~ On Hold -");
}

const struct demo_step DEMO_STEPS[] = {
    { "Sentinel  two incidents at acme, one at beta", "three incidents in the shared SOAR", detect,
      all_created, 0, DEMO_ANY_NUMBER },
    { "Sentinel  acme/1: status Active", "SOAR: In Progress", siem_starts, in_progress, 0, 1 },
    { "SOAR      acme/1: owner Ann Lee (incident change)", "Sentinel: Ann by her object id",
      soar_assigns_ann, ann_owns_both, 1, 0 },
    { "Sentinel  acme/1: severity Low", "SOAR: Low", siem_lowers, low_on_both, 0, 1 },
    { "SOAR      acme/1: severity Critical (incident change)", "Sentinel: High, its highest",
      soar_raises, critical_is_high, 1, 0 },
    { "Sentinel  acme/1: a comment", "SOAR: a note, escaped", siem_notes, note_in_soar, 0, 1 },
    { "SOAR      acme/1: a note in HTML (incident change)", "Sentinel: a comment, as text",
      soar_notes, note_in_siem, 1, 0 },
    { "SOAR      acme/2: status In Progress (status change)", "Sentinel: Active", soar_starts,
      second_is_active, 1, 0 },
    { "SOAR      acme/2: status On Hold (status change)", "nothing: On Hold agrees with Active",
      soar_pauses, on_hold_is_active, 0, 0 },
    { "Sentinel  acme/2: owner Bob", "SOAR: Bob Ray, still On Hold", siem_assigns_bob,
      bob_owns_both, 0, 1 },
    { "SOAR      acme/1: drafts a verdict, FalsePositive with a comment",
      "nothing yet: the incident is open", soar_drafts, draft_waits, 0, 0 },
    { "SOAR      acme/1: closes (incident close)", "Sentinel: Closed, verdict, reason, comment",
      soar_closes, closed_as_false, 1, 0 },
    { "SOAR      acme/1: corrects the verdict to TruePositive", "Sentinel: TruePositive",
      soar_corrects, corrected, 1, 0 },
    { "SOAR      acme/1: reopens (incident reopen)",
      "Sentinel: New; the verdict is cleared on both", soar_reopens, reopened_and_cleared, 1, 1 },
    { "Sentinel  acme/1: closes as BenignPositive with a comment",
      "SOAR: the form filled, then closed", siem_closes, closed_as_benign, 0, 2 },
    { "Sentinel  acme/1: reopens", "SOAR: In Progress", siem_reopens, reopened_by_siem, 0, 1 },
    { "SOAR      beta/1: an owner before work has begun", "nothing: pending by the mapping's rule",
      soar_assigns_too_early, owner_waits, 0, 0 },
    { "SOAR      beta/1: asks for Sentinel's values (external action)",
      "SOAR: nobody owns it again", soar_asks_for_all, owner_taken_back, 0, 1 },
    { "Sentinel  beta/1: closes as Undetermined", "SOAR: closed; acme's incidents are untouched",
      beta_closes, beta_closed_alone, 0, 2 },
};
const size_t DEMO_STEP_COUNT = sizeof(DEMO_STEPS) / sizeof(DEMO_STEPS[0]);
