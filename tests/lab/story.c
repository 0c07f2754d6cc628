#include "tests/lab/story.h"

#include <string.h>

#define ANN "aaaaaaaa-0000-4000-8000-00000000000a"
#define BOB "bbbbbbbb-0000-4000-8000-00000000000b"

static const struct lab_incident *one(const struct story *story, int which)
{
    return &story->incidents[which];
}

static bool both(struct story *story, int which, const char *expected)
{
    return strcmp(lab_both(&story->lab, one(story, which)), expected) == 0;
}

static bool siem_has(struct story *story, int which, const char *path, const char *expected)
{
    return strcmp(lab_siem_text(&story->lab, one(story, which), path), expected) == 0;
}

static bool soar_has(struct story *story, int which, const char *column, const char *expected)
{
    return strcmp(lab_soar_text(&story->lab, one(story, which), column), expected) == 0;
}

static void set_siem(struct story *story, int which, const char *name, const char *value)
{
    lab_edit_siem(&story->lab, one(story, which), json_pack("{s:s}", name, value));
}

static void set_soar(struct story *story, int which, const char *name, const char *value)
{
    lab_edit_soar(&story->lab, one(story, which), json_pack("{s:s}", name, value));
}

/* --- creation ------------------------------------------------------------------------------------- */

static void detect(struct story *story)
{
    story->incidents[STORY_FIRST] = lab_new_incident(
        &story->lab, 0, json_pack("{s:s, s:s}", "title", "Impossible travel", "severity", "High"));
    story->incidents[STORY_SECOND] = lab_new_incident(
        &story->lab, 0, json_pack("{s:s, s:s}", "title", "Odd mail rule", "severity", "Medium"));
    story->incidents[STORY_BETA] = lab_new_incident(
        &story->lab, 1, json_pack("{s:s, s:s}", "title", "Mass download", "severity", "Low"));
}

static bool all_created(struct story *story)
{
    for (int i = 0; i < STORY_INCIDENTS; i++)
        if (!lab_find_number(&story->lab, &story->incidents[i]) ||
            !both(story, i, "New - ~ Open -"))
            return false;
    return soar_has(story, STORY_FIRST, "Title", "Impossible travel") &&
           soar_has(story, STORY_SECOND, "Severity", "Medium") &&
           soar_has(story, STORY_BETA, "Severity", "Low") &&
           json_array_size(lab_at(lab_do(&story->lab.soar, "GET", "/_sim/records", NULL),
                                  "incidents")) == STORY_INCIDENTS;
}

/* --- status, severity, owner ------------------------------------------------------------------------ */

static void siem_starts(struct story *story)
{
    set_siem(story, STORY_FIRST, "status", "Active");
}

static bool in_progress(struct story *story)
{
    return both(story, STORY_FIRST, "Active - ~ In Progress -");
}

static void soar_assigns_ann(struct story *story)
{
    set_soar(story, STORY_FIRST, "Owner", "Ann Lee");
}

static bool ann_owns_both(struct story *story)
{
    return siem_has(story, STORY_FIRST, "properties.owner.objectId", ANN) &&
           soar_has(story, STORY_FIRST, "Owner", "Ann Lee");
}

static void siem_lowers(struct story *story)
{
    set_siem(story, STORY_FIRST, "severity", "Low");
}

static bool low_on_both(struct story *story)
{
    return siem_has(story, STORY_FIRST, "properties.severity", "Low") &&
           soar_has(story, STORY_FIRST, "Severity", "Low");
}

static void soar_raises(struct story *story)
{
    set_soar(story, STORY_FIRST, "Severity", "Critical");
}

static bool critical_is_high(struct story *story)
{
    return siem_has(story, STORY_FIRST, "properties.severity", "High") &&
           soar_has(story, STORY_FIRST, "Severity", "Critical");
}

static void soar_starts(struct story *story)
{
    set_soar(story, STORY_SECOND, "Status", "In Progress");
}

static bool second_is_active(struct story *story)
{
    return both(story, STORY_SECOND, "Active - ~ In Progress -");
}

static void soar_pauses(struct story *story)
{
    set_soar(story, STORY_SECOND, "Status", "On Hold");
}

static bool on_hold_is_active(struct story *story)
{
    return both(story, STORY_SECOND, "Active - ~ On Hold -");
}

static void siem_assigns_bob(struct story *story)
{
    lab_own_siem(&story->lab, one(story, STORY_SECOND), BOB);
}

static bool bob_owns_both(struct story *story)
{
    return siem_has(story, STORY_SECOND, "properties.owner.objectId", BOB) &&
           soar_has(story, STORY_SECOND, "Owner", "Bob Ray") &&
           both(story, STORY_SECOND, "Active - ~ On Hold -");
}

/* --- notes ------------------------------------------------------------------------------------------ */

#define SIEM_NOTE "The sign-ins came from \"two\" countries & 3 minutes apart"
#define SOAR_NOTE "Called the user: a VPN"

static void siem_notes(struct story *story)
{
    lab_note_siem(&story->lab, one(story, STORY_FIRST), SIEM_NOTE);
}

static bool note_in_soar(struct story *story)
{
    return lab_soar_notes(&story->lab, one(story, STORY_FIRST), "countries &amp; 3 minutes") == 1;
}

static void soar_notes(struct story *story)
{
    lab_note_soar(&story->lab, one(story, STORY_FIRST), "<p>" SOAR_NOTE "</p>");
}

static bool note_in_siem(struct story *story)
{
    return lab_siem_notes(&story->lab, one(story, STORY_FIRST), SOAR_NOTE) == 1 &&
           lab_siem_notes(&story->lab, one(story, STORY_FIRST), SIEM_NOTE) == 1 &&
           lab_soar_notes(&story->lab, one(story, STORY_FIRST), SOAR_NOTE) == 1;
}

/* --- verdicts --------------------------------------------------------------------------------------- */

static void soar_drafts(struct story *story)
{
    lab_judge_soar(&story->lab, one(story, STORY_FIRST), NULL, "FP.ID");
    set_soar(story, STORY_FIRST, "form.Comment", "The VPN's exit moved");
}

static bool draft_waits(struct story *story)
{
    return both(story, STORY_FIRST, "Active - ~ In Progress FP.ID");
}

static void soar_closes(struct story *story)
{
    set_soar(story, STORY_FIRST, "Status", "Closed");
}

static bool closed_as_false(struct story *story)
{
    return both(story, STORY_FIRST, "Closed FP.ID ~ Closed FP.ID") &&
           siem_has(story, STORY_FIRST, "properties.classificationComment", "The VPN's exit moved");
}

static void soar_corrects(struct story *story)
{
    lab_judge_soar(&story->lab, one(story, STORY_FIRST), NULL, "TP.SA");
}

static bool corrected(struct story *story)
{
    return both(story, STORY_FIRST, "Closed TP.SA ~ Closed TP.SA");
}

static void soar_reopens(struct story *story)
{
    set_soar(story, STORY_FIRST, "Status", "Open");
}

static bool reopened_and_cleared(struct story *story)
{
    return both(story, STORY_FIRST, "New - ~ Open -") &&
           siem_has(story, STORY_FIRST, "properties.classificationComment", "") &&
           soar_has(story, STORY_FIRST, "Sentinel Sync - Comment", "");
}

static void siem_closes(struct story *story)
{
    lab_edit_siem(&story->lab, one(story, STORY_FIRST),
                  json_pack("{s:s, s:s, s:s, s:s}", "status", "Closed", "classification",
                            "BenignPositive", "classificationReason", "SuspiciousButExpected",
                            "classificationComment", "A test of the red team"));
}

static bool closed_as_benign(struct story *story)
{
    return both(story, STORY_FIRST, "Closed BP.SBE ~ Closed BP.SBE") &&
           soar_has(story, STORY_FIRST, "Sentinel Sync - Comment", "A test of the red team");
}

static void siem_reopens(struct story *story)
{
    set_siem(story, STORY_FIRST, "status", "Active");
}

static bool reopened_by_siem(struct story *story)
{
    return both(story, STORY_FIRST, "Active BP.SBE ~ In Progress BP.SBE");
}

/* --- the other tenant ------------------------------------------------------------------------------- */

static void soar_assigns_too_early(struct story *story)
{
    set_soar(story, STORY_BETA, "Owner", "Bob Ray");
}

static bool owner_waits(struct story *story)
{
    return soar_has(story, STORY_BETA, "Owner", "Bob Ray") &&
           siem_has(story, STORY_BETA, "properties.owner.objectId", "");
}

static void soar_asks_for_all(struct story *story)
{
    lab_signal_soar(&story->lab, one(story, STORY_BETA), "resync");
}

static bool owner_taken_back(struct story *story)
{
    return soar_has(story, STORY_BETA, "Owner", "System") &&
           siem_has(story, STORY_BETA, "properties.owner.objectId", "");
}

static void beta_closes(struct story *story)
{
    lab_judge_siem(&story->lab, one(story, STORY_BETA), "Closed", "U");
}

static bool beta_closed_alone(struct story *story)
{
    return both(story, STORY_BETA, "Closed U ~ Closed U") &&
           both(story, STORY_FIRST, "Active BP.SBE ~ In Progress BP.SBE") &&
           both(story, STORY_SECOND, "Active - ~ On Hold -");
}

const struct story_step STORY_STEPS[] = {
    { "Sentinel  two incidents at acme, one at beta", "three incidents in the shared SOAR", detect,
      all_created, false, 0, STORY_ANY_NUMBER },
    { "Sentinel  acme/1: status Active", "SOAR: In Progress", siem_starts, in_progress, false, 0,
      1 },
    { "SOAR      acme/1: owner Ann Lee (incident change)", "Sentinel: Ann by her object id",
      soar_assigns_ann, ann_owns_both, false, 1, 0 },
    { "Sentinel  acme/1: severity Low", "SOAR: Low", siem_lowers, low_on_both, false, 0, 1 },
    { "SOAR      acme/1: severity Critical (incident change)", "Sentinel: High, its highest",
      soar_raises, critical_is_high, false, 1, 0 },
    { "Sentinel  acme/1: a comment", "SOAR: a note, escaped", siem_notes, note_in_soar, false, 0,
      1 },
    { "SOAR      acme/1: a note in HTML (incident change)", "Sentinel: a comment, as text",
      soar_notes, note_in_siem, false, 1, 0 },
    { "SOAR      acme/2: status In Progress (status change)", "Sentinel: Active", soar_starts,
      second_is_active, false, 1, 0 },
    { "SOAR      acme/2: status On Hold (status change)", "nothing: On Hold agrees with Active",
      soar_pauses, on_hold_is_active, false, 0, 0 },
    { "Sentinel  acme/2: owner Bob", "SOAR: Bob Ray, still On Hold", siem_assigns_bob,
      bob_owns_both, false, 0, 1 },
    { "SOAR      acme/1: drafts a verdict, FalsePositive with a comment",
      "nothing yet: the incident is open", soar_drafts, draft_waits, false, 0, 0 },
    { "SOAR      acme/1: closes (incident close)", "Sentinel: Closed, verdict, reason, comment",
      soar_closes, closed_as_false, false, 1, 0 },
    { "SOAR      acme/1: corrects the verdict to TruePositive", "Sentinel: TruePositive",
      soar_corrects, corrected, false, 1, 0 },
    { "SOAR      acme/1: reopens (incident reopen)",
      "Sentinel: New; the verdict is cleared on both", soar_reopens, reopened_and_cleared, false, 1,
      1 },
    { "Sentinel  acme/1: closes as BenignPositive with a comment",
      "SOAR: the form filled, then closed", siem_closes, closed_as_benign, false, 0, 2 },
    { "Sentinel  acme/1: reopens", "SOAR: In Progress", siem_reopens, reopened_by_siem, false, 0,
      1 },
    { "SOAR      beta/1: an owner before work has begun", "nothing: pending by the mapping's rule",
      soar_assigns_too_early, owner_waits, false, 0, 0 },
    { "SOAR      beta/1: asks for Sentinel's values (external action)",
      "SOAR: nobody owns it again", soar_asks_for_all, owner_taken_back, true, 0, 1 },
    { "Sentinel  beta/1: closes as Undetermined", "SOAR: closed; acme's incidents are untouched",
      beta_closes, beta_closed_alone, false, 0, 2 },
};
const size_t STORY_STEP_COUNT = sizeof(STORY_STEPS) / sizeof(STORY_STEPS[0]);
