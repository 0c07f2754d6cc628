#include "tests/mutants/seeds.h"

#define MAPPING "sentinel-smartsoar.duet"
#define SENTINEL "systems/sentinel.duet"
#define SMARTSOAR "systems/smartsoar.duet"

#define IN_MAPPING(from_text, to_text)                                                             \
    {                                                                                              \
        .file = MAPPING, .from = (from_text), .to = (to_text)                                      \
    }

#define IN_FORM(from_text, to_text)                                                                \
    {                                                                                              \
        .file = SMARTSOAR, .from = (from_text), .to = (to_text)                                    \
    }

#define IN_SIEM(from_text, to_text)                                                                \
    {                                                                                              \
        .file = SENTINEL, .from = (from_text), .to = (to_text)                                     \
    }

#define TRUE_ROW "        TruePositive   : "
#define BENIGN_ROW "        BenignPositive : "
#define REASON_ROWS                                                                                \
    TRUE_ROW "SuspiciousActivity;\n" BENIGN_ROW                                                    \
             "SuspiciousButExpected;\n        FalsePositive  : IncorrectAlertLogic, "              \
             "InaccurateData;\n        Undetermined   : none;\n"
#define FORM_REQUEST_OF(fields)                                                                    \
    "      POST \"/UpdateDynamicFieldsByNumberInBulk\" carries " fields                            \
    " {\n        batch 100 of { "                                                                  \
    "IncidentNumber: key, SectionName: section, Condition: {}, FieldValue: fields }\n        "     \
    "body { Input: batch }\n        result contextData by incidentNumber ok when Result starts "   \
    "with \"Succe\";\n      }\n"
#define FORM_REQUEST FORM_REQUEST_OF("form")
#define PUT_OF(fields)                                                                             \
    " PUT \"/incidents/{key}\"" fields                                                             \
    " {\n      body whole (etag, properties);\n      stale when "                                  \
    "status == 409 or body.error.code == \"Conflict\";\n    }\n"
#define ONE_PUT "    write incident" PUT_OF("")
#define TWO_PUTS(first, second)                                                                    \
    "    write incident in order {" PUT_OF(" carries " first) PUT_OF(" carries " second) "    }\n"
#define SET_REQUEST                                                                                \
    "        batch 100 of { IncidentNumber: key, Input: fields }\n        body { Input: batch "    \
    "}\n        result contextData by \"Incident Number\" ok when Result starts with "             \
    "\"Succe\";\n      }\n"

/* The form has a reason that Sentinel doesn't know. */
#define OWN_REASON_IN_FORM                                                                         \
    IN_FORM("IncorrectAlertLogic, InaccurateData;", "IncorrectAlertLogic, InaccurateData, Noise;")
#define OWN_REASON(arm)                                                                            \
    IN_MAPPING("<-> soar.form.reason;",                                                            \
               "<-> soar.form.reason { SuspiciousActivity <-> SuspiciousActivity; "                \
               "SuspiciousButExpected <-> SuspiciousButExpected; IncorrectAlertLogic <-> "         \
               "IncorrectAlertLogic; InaccurateData <-> InaccurateData; " arm " }")

#define TITLE "->  soar.title | truncate 100;"
#define SENDS_SEVERITY "send severity, notes;"
#define SENDS_BACK "send severity, notes, back;"
#define SEVERITY_HEAD "siem.severity <-> soar.severity conflict highest {"
#define SEVERITY_ARMS                                                                              \
    "    High          <-> High;\n    High          <-  Critical;\n    Medium        <-> "         \
    "Medium;\n    Low           <-> Low;\n    Informational <-> Informational;\n  }\n"
#define SEVERITY_BACK                                                                              \
    "  field back siem.severity <- soar.severity { High <- Critical; High <- High; Medium <- "     \
    "Medium; Low <- Low; Informational <- Informational; }\n"

/* The comment by itself, with a mark. */
#define MARKED_ALONE                                                                               \
    IN_MAPPING("    field comment        siem.comment        <-> soar.form.comment;\n  }",         \
               "  }\n  field comment siem.comment <-> soar.form.comment | prefix \"> \" "          \
               "conflict soar;")

/* The severity as two rules, each one way: what goes over is `arms`, what comes back is the value itself. */
#define SEVERITY_TWICE(arms)                                                                       \
    {                                                                                              \
        IN_MAPPING(SEVERITY_HEAD, "siem.severity -> soar.severity {"),                             \
            IN_MAPPING(SEVERITY_ARMS, arms " }\n" SEVERITY_BACK),                                  \
            IN_MAPPING(SENDS_SEVERITY, "send notes, back;"),                                       \
    }

const struct seed SEEDS[] = {
    /* --- total: each value has a counterpart, each unit its rules ------------------------------------------- */
    { "an arm dropped", "total", "D079", SEED_REFUSED,
      .edits = { IN_MAPPING("    New    <-> Open;\n", "") } },
    { "an arm that goes one way only", "total", "D079", SEED_REFUSED,
      .edits = { IN_MAPPING("Closed <-> Closed;", "Closed ->  Closed;") } },
    { "a value with two counterparts", "total", "D080", SEED_REFUSED,
      .edits = { IN_MAPPING("Active <-  \"On Hold\";", "Active <-> \"On Hold\";") } },
    { "nobody wins at first contact", "total", "D071", SEED_REFUSED,
      .edits = { IN_MAPPING("  first contact siem;", "  ") } },

    /* --- legal: what the target takes ------------------------------------------------------------------------- */
    { "a title that isn't cut", "legal", "D078", SEED_REFUSED,
      .edits = { IN_MAPPING(" | truncate 100;", ";") } },
    { "a title cut too late", "legal", "D078", SEED_REFUSED,
      .edits = { IN_MAPPING("truncate 100;", "truncate 101;") } },
    { "the case is closed before its verdict is written", "legal", "D301", SEED_STAYS,
      .edits = { IN_FORM("write as Classification;",
                         "write as Classification required when closed;"),
                 IN_FORM(FORM_REQUEST, ""), IN_FORM(SET_REQUEST, SET_REQUEST FORM_REQUEST) },
      .soar_switch = "required_on_close" },
    { "Sentinel is closed before its verdict is written", "legal", "D301", SEED_HELD,
      .edits = { IN_SIEM(
          ONE_PUT, TWO_PUTS("status, severity, owner", "classification, reason, comment")) } },
    { "Sentinel's verdict is taken back while it is closed", "legal", "D301", SEED_HELD,
      .edits = { IN_SIEM(
          ONE_PUT, TWO_PUTS("classification, reason, comment", "status, severity, owner")) } },
    { "a reason is written before its class", "legal", "D301", SEED_HELD,
      .edits = { IN_FORM(FORM_REQUEST, FORM_REQUEST_OF("\"form.reason\", \"form.comment\"")
                                           FORM_REQUEST_OF("\"form.classification\"")) } },
    { "a class is written before its reason", "legal", "D301", SEED_HELD,
      .edits = { IN_FORM(FORM_REQUEST, FORM_REQUEST_OF("\"form.classification\"")
                                           FORM_REQUEST_OF("\"form.reason\", "
                                                           "\"form.comment\"")) } },

    /* --- form fits: what one side offers, the other takes ----------------------------------------------------- */
    { "a reason that the other system refuses", "form fits", "D310", SEED_HELD,
      .edits = { IN_FORM("Undetermined   : none", "Undetermined   : InaccurateData") },
      .is_of_its_form = true },
    { "two classes in each other's place", "form fits", "D310", SEED_HELD,
      .edits = { IN_MAPPING(
          "<-> soar.form.classification;",
          "<-> soar.form.classification { TruePositive <-> BenignPositive; BenignPositive "
          "<-> TruePositive; FalsePositive <-> FalsePositive; Undetermined <-> "
          "Undetermined; }") } },
    { "reasons that don't follow the class", "form fits", "D310", SEED_HELD,
      .edits = { IN_FORM(
          "reason : enum by classification at \"Sentinel Sync - Reason\" write as Reason "
          "{\n" REASON_ROWS "      }\n",
          "reason : enum (SuspiciousActivity, SuspiciousButExpected, IncorrectAlertLogic, "
          "InaccurateData) at \"Sentinel Sync - Reason\" write as Reason;\n") },
      .is_of_its_form = true },
    { "two rows of reasons in each other's place", "form fits", "D310", SEED_HELD,
      .edits = { IN_FORM(TRUE_ROW "SuspiciousActivity;\n" BENIGN_ROW "SuspiciousButExpected;",
                         TRUE_ROW "SuspiciousButExpected;\n" BENIGN_ROW "SuspiciousActivity;") } },
    { "a row with one reason more", "form fits", "D310", SEED_HELD,
      .edits = { IN_FORM(TRUE_ROW "SuspiciousActivity;",
                         TRUE_ROW "SuspiciousActivity, InaccurateData;") },
      .is_of_its_form = true },

    { "a reason of the form's own that becomes one of another class", "form fits", "D310",
      SEED_HELD, .edits = { OWN_REASON_IN_FORM, OWN_REASON("SuspiciousActivity <- Noise;") },
      .control = { OWN_REASON_IN_FORM, OWN_REASON("InaccurateData <- Noise;") } },

    /* --- round trip ------------------------------------------------------------------------------------------- */
    { "a cut title that goes both ways", "round trip", "D083", SEED_REFUSED,
      .edits = { IN_MAPPING("siem.title    ->  soar.title", "siem.title    <->  soar.title") } },
    { "a comment that loses its small letters", "round trip", "D083", SEED_REFUSED,
      .edits = { IN_MAPPING("<-> soar.form.comment;", "<-> soar.form.comment | upper;") } },
    { "a comment that loses its blanks", "round trip", "D083", SEED_REFUSED,
      .edits = { IN_MAPPING("<-> soar.form.comment;", "<-> soar.form.comment | trim;") } },

    { "Low goes over as Medium", "round trip", "D306", SEED_STAYS,
      .edits = { IN_MAPPING("Low           <-> Low;", "Low -> Medium; Low <- Low;") } },
    { "Informational goes over as Low", "round trip", "D306", SEED_STAYS,
      .edits = { IN_MAPPING("Informational <-> Informational;",
                            "Informational -> Low; Informational <- Informational;") } },
    { "New goes over as In Progress", "round trip", "D306", SEED_STAYS,
      .edits = { IN_MAPPING("New    <-> Open;", "New -> \"In Progress\"; New <- Open;") } },
    { "New goes over as On Hold", "round trip", "D306", SEED_STAYS,
      .edits = { IN_MAPPING("New    <-> Open;", "New -> \"On Hold\"; New <- Open;") } },

    /* --- no lost edit ------------------------------------------------------------------------------------------ */
    { "a group without a policy", "no lost edit", "D072", SEED_REFUSED,
      .edits = { IN_MAPPING("group verdict conflict soar {", "group verdict {") } },
    { "an owner without a policy", "no lost edit", "D072", SEED_REFUSED,
      .edits = { IN_MAPPING("unknown keep conflict soar;", "unknown keep;") } },
    { "highest, in an order that is turned round", "no lost edit", "D074", SEED_REFUSED,
      .edits = { IN_MAPPING("High          <-  Critical;", "Medium <- Critical;") } },

    { "a change that fetches the severity", "no lost edit", "D303", SEED_GONE,
      .edits = { IN_MAPPING(
          SENDS_SEVERITY, "send notes;\n  on soar change send severity when soar.severity > Low;\n"
                          "  on soar change fetch severity when soar.severity <= Low;") } },
    { "a move that fetches the status", "no lost edit", "D303", SEED_GONE,
      .edits = { IN_MAPPING("move            send status;", "move            fetch status;") } },
    { "a change that fetches what is urgent", "no lost edit", "D303", SEED_GONE,
      .edits = { IN_MAPPING(
          SENDS_SEVERITY, "send notes;\n  on soar change send severity when soar.severity < High;\n"
                          "  on soar change fetch severity when soar.severity >= High;") } },

    /* --- correct ------------------------------------------------------------------------------------------------ */
    { "a comment marked on its way", "correct", "D302", SEED_HELD,
      .edits = { IN_MAPPING("<-> soar.form.comment;",
                            "<-> soar.form.comment | prefix \"[SIEM] \";") },
      .mark = "[SIEM] " },
    { "a comment marked on its way, and said to be", "correct", "D302", SEED_HELD,
      .edits = { IN_MAPPING("<-> soar.form.comment;",
                            "<-> soar.form.comment | prefix \"S: \" lossy \"marked\";") },
      .mark = "S: " },
    { "a comment marked on its way, in no group", "correct", "D302", SEED_HELD,
      .edits = { MARKED_ALONE,
                 IN_MAPPING("send status, verdict;", "send status, verdict, comment;") },
      .mark = "> " },

    { "a comment marked on its way, sent by a signal", "correct", "D302", SEED_HELD,
      .edits = { MARKED_ALONE,
                 IN_MAPPING("signal \"resync\" fetch all;", "signal \"resync\" send comment;") },
      .mark = "> " },
    { "that both sides agree is forgotten", "correct", "D302", SEED_NEXT_GONE,
      .patch = "agreement_is_forgotten", .unit = "status", .status = "New" },

    /* --- hippocratic: what agrees isn't written. No mapping asks for it: README.md ------------------------------ */
    { "what agrees goes along with what is sent", "hippocratic", "D302", SEED_IN_VAIN,
      .patch = "what_agrees_goes_along", .unit = "status" },
    { "what agrees goes along with what a signal asks for", "hippocratic", "D302", SEED_IN_VAIN,
      .patch = "what_agrees_goes_along", .unit = "title" },
    { "members of a group go along with one that differs", "hippocratic", "D302", SEED_IN_VAIN,
      .patch = "members_go_along" },
    { "a write carries its whole group", "hippocratic", "D302", SEED_IN_VAIN,
      .patch = "groups_are_written_whole" },

    /* --- one outcome: the policy says who wins. No mapping has it otherwise: README.md ------------------------- */
    { "the earlier change wins", "one outcome", "D307", SEED_OTHER_WINS,
      .patch = "the_earlier_change_wins" },
    { "when a change came is forgotten", "one outcome", "D307", SEED_OTHER_WINS,
      .patch = "dates_are_forgotten" },
    { "dates decide where a side should", "one outcome", "D307", SEED_OTHER_WINS,
      .patch = "dates_decide_what_a_side_should", .winner = "soar" },
    { "the side wins that the policy doesn't name", "one outcome", "D307", SEED_OTHER_WINS,
      .patch = "the_other_side_wins", .winner = "soar" },
    { "the left side is asked first", "one outcome", "D307", SEED_OTHER_WINS,
      .patch = "the_left_side_is_asked_first", .winner = "soar" },

    /* --- quiet --------------------------------------------------------------------------------------------------- */
    { "a severity that comes back as another", "quiet", "D304", SEED_GONE,
      .edits =
          SEVERITY_TWICE("High -> High; Medium -> Medium; Low -> Low; Informational -> Low;") },
    { "a severity that climbs", "quiet", "D304", SEED_RUNS_ON,
      .edits = SEVERITY_TWICE(
          "High -> Critical; Medium -> High; Low -> Medium; Informational -> Low;") },
    { "a severity that goes round", "quiet", "D304", SEED_RUNS_ON,
      .edits = SEVERITY_TWICE(
          "High -> Low; Medium -> High; Low -> Medium; Informational -> Critical;") },
    { "a title that grows", "quiet", "D304", SEED_RUNS_ON,
      .edits = { IN_MAPPING(TITLE, "-> soar.title | prefix \"S: \" | truncate 100;\n"
                                   "  field back siem.title <- soar.title;"),
                 IN_MAPPING(SENDS_SEVERITY, SENDS_BACK) } },

    /* --- every edit moves ---------------------------------------------------------------------------------------- */
    { "reopening without a trigger", "every edit moves", "D305", SEED_STAYS,
      .edits = { IN_MAPPING("  on soar reopen          send status;\n", "") } },
    { "moving without a trigger", "every edit moves", "D305", SEED_STAYS,
      .edits = { IN_MAPPING("  on soar move            send status;\n", "") } },
    { "a move that is never sent", "every edit moves", "D305", SEED_STAYS,
      .edits = { IN_MAPPING("move            send status;",
                            "move send status when soar.status != Open;") } },
    { "Sentinel tells only when it closes", "every edit moves", "D305", SEED_STAYS,
      .edits = { IN_MAPPING("on siem change          send all;", "on siem close send all;") } },
    { "severities that are never sent", "every edit moves", "D305", SEED_STAYS,
      .edits = { IN_MAPPING("send severity, notes;",
                            "send severity, notes when soar.severity != Low;") } },
    { "a severity that nothing sends", "every edit moves", "D084", SEED_REFUSED,
      .edits = { IN_MAPPING("send severity, notes;", "send notes;") } },
};
const size_t SEED_COUNT = sizeof(SEEDS) / sizeof(SEEDS[0]);
