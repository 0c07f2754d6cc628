/* What the prover says of small mappings unlike the shipped one: those that are right, and those that aren't. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/support/proved.h"

#define ALL "on a change send all; on b change send all;"
#define STATUS "status : enum (New, Active, Closed) at st required; "
#define CLOSED "closed when status == Closed;"
#define STATUS_RULE "field status a.status <-> b.status conflict a;\n"

static void expect_broken(const struct proved *proved, const char *part, enum duet_law law,
                          const char *before, const char *edit, const char *outcome)
{
    const struct duet_counterexample *broken = part_of(proved, part)->broken[law];
    if (!broken) {
        fail_msg("%s: nobody sees that it isn't %s", part, duet_law_name(law));
        return;
    }
    assert_string_equal(broken->before, before);
    assert_string_equal(broken->edit, edit);
    assert_string_equal(broken->outcome, outcome);
}

/* --- fields that several rules map ---------------------------------------------------------------------------- */

static void a_value_that_goes_to_two_fields(void **state)
{
    (void)state;
    expect_sound_rules("x : text at x;", "x : text at x; y : text at y;",
                       "field x a.x <-> b.x conflict b;\nfield y a.x -> b.y;\n" ALL);
    expect_sound_rules(STATUS CLOSED, STATUS "st2 : enum (New, Active, Closed) at st2;" CLOSED,
                       STATUS_RULE "field st2 a.status -> b.st2;\n" ALL);
    expect_sound_rules("x : integer at x;", "x : text at x; y : number at y;",
                       "field x a.x -> b.x;\nfield y a.x -> b.y;\n" ALL);
}

/* What one system shows to a fraction of a second agrees with what the other shows of it. */
static void a_time_that_one_side_shows_finer(void **state)
{
    (void)state;
    static const char *const rules[] = { "field x a.x -> b.x;\n" ALL, "field x a.x <- b.x;\n" ALL,
                                         "field x a.x <-> b.x conflict b;\n" ALL };
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        expect_sound_rules("x : time at x;", "x : time seconds at x;", rules[i]);
        expect_sound_rules("x : time milliseconds at x;", "x : time at x;", rules[i]);
        expect_sound_rules("x : time \"yyyy-MM-dd HH:mm\" at x;",
                           "x : time \"yyyy-MM-dd HH:mm:ss\" at x;", rules[i]);
    }
}

static void a_value_that_comes_back_as_another_field(void **state)
{
    (void)state;
    expect_sound_rules("x : text at x; z : text at z;", "y : text at y;",
                       "field y a.x -> b.y;\nfield z a.z <- b.y;\n" ALL);
    struct proved proved = prove_rules(
        "x : text at x; z : text at z;", "x : text at x; y : text at y;",
        "field x a.x <-> b.x conflict b;\nfield y a.x -> b.y;\nfield z a.z <- b.y;\n" ALL);
    for (uint32_t law = 0; law < DUET_LAWS; law++)
        assert_null(part_of(&proved, "y")->broken[law]);
    expect_broken(&proved, "z", DUET_LAW_QUIET, "both sides empty", "b x = \"a\"",
                  "writes a x = \"a\"; then writes b y = \"a\"; then writes a z = \"a\"");
    finish_proof(&proved);
}

#define TITLES "title : text max 20 at t;", "title : text max 3 at t;"

/* The cut that one rule wrote is an edit to the other: what was longer would be gone. */
static void a_way_there_and_a_way_back_by_two_rules(void **state)
{
    (void)state;
    struct proved proved = prove_rules(
        TITLES,
        "field there a.title -> b.title | truncate 3;\nfield back a.title <- b.title;\n" ALL);
    expect_broken(&proved, "there, back", DUET_LAW_ROUND_TRIP, "both sides empty",
                  "a title = \"xxxy\"", "writes b title = \"xxx\"; then writes a title = \"xxx\"");
    assert_string_equal(part_of(&proved, "there, back")->broken[DUET_LAW_ROUND_TRIP]->unit,
                        "there");
    finish_proof(&proved);
    expect_sound_rules(TITLES,
                       "field there a.title -> b.title | truncate 3 lossy \"short there\";\n"
                       "field back a.title <- b.title;\n" ALL);
    expect_sound_rules("x : text at x;", "x : text at x;",
                       "field there a.x -> b.x;\nfield back a.x <- b.x;\n" ALL);
}

#define LEVELS                                                                                     \
    "level : enum (Low, High, Top) at lv required;", "level : enum (Low, High) at lv required;"
#define BACK "field back a.level <- b.level { Low <- Low; High <- High; }\n" ALL

static void a_value_that_another_rule_takes_back(void **state)
{
    (void)state;
    struct proved proved = prove_rules(
        LEVELS, "field there a.level -> b.level { Low -> Low; High -> High; Top -> High; }\n" BACK);
    expect_broken(&proved, "there, back", DUET_LAW_ROUND_TRIP, "a level = Low; b level = Low",
                  "a level = Top", "writes b level = High; then writes a level = High");
    finish_proof(&proved);
    expect_sound_rules(LEVELS, "field there a.level -> b.level { Low -> Low; High -> High; "
                               "Top -> High lossy \"no Top there\"; }\n" BACK);
}

/* A status that only goes the other way stays what it is, and with it the clear: found by a life with a mapping at random. */
static void a_clear_by_a_status_that_never_moves(void **state)
{
    (void)state;
    static const char fields[] = STATUS "level : enum (Low, High) at lv;" CLOSED;
    struct proved proved =
        prove_rules(fields, fields,
                    "field status a.status -> b.status;\n"
                    "field level a.level <-> b.level conflict b;\n" ALL "on b close clear level;");
    expect_broken(&proved, "level", DUET_LAW_CORRECT,
                  "a status = New, level = Low; b status = New, level = Low",
                  "a level = -; b status = Closed, level = -", "nothing is written");
    assert_true(part_of(&proved, "level")->broken[DUET_LAW_CORRECT]->is_forgotten);
    finish_proof(&proved);
    expect_sound_rules(fields, fields,
                       STATUS_RULE "field level a.level <-> b.level conflict b;\n" ALL
                                   "on b close clear level;");
}

/* --- ordered writes --------------------------------------------------------------------------------------------- */

#define SYSTEM                                                                                     \
    "system s { settings { u : url; }\n"                                                           \
    "record r { key : text at k; modified : time at m; ref : text at ref; " STATUS                 \
    "v : enum (P, Q) at v required when closed; " CLOSED "}\n"                                     \
    "http { base \"{u}\"; changed r GET \"/\" { items rows; }\n"                                   \
    "write r in order { %s } } }\n"

static struct proved prove_order(const char *requests)
{
    char text[4096];
    snprintf(text, sizeof text,
             "edition 2026;\n" SYSTEM "mapping m between s.r as a and s.r as b { link a.key <-> "
             "b.ref; first contact a;\n" STATUS_RULE "field v a.v <-> b.v conflict a;\n" ALL "}\n",
             requests);
    return prove_text("order.duet", text);
}

static void each_request_of_an_ordered_write_is_judged(void **state)
{
    (void)state;
    struct proved proved = prove_order("POST \"/verdict\" carries v { body { v: r.v } }"
                                       "POST \"/status\" carries status { body { s: r.status } }");
    const struct duet_counterexample *broken =
        part_of(&proved, "status, v")->broken[DUET_LAW_LEGAL];
    assert_non_null(broken); /* reopened and emptied at once: empty while closed */
    assert_non_null(strstr(broken->outcome, ", refused: "));
    finish_proof(&proved);

    proved = prove_order("POST \"/open\" carries status when not closed { body { s: r.status } }"
                         "POST \"/verdict\" carries v { body { v: r.v } }"
                         "POST \"/close\" carries status { body { s: r.status } }");
    expect_sound(&proved);
    finish_proof(&proved);

    proved = prove_order("POST \"/status\" carries status { body { s: r.status } }"
                         "POST \"/verdict\" carries v { body { v: r.v } }");
    broken = part_of(&proved, "status, v")->broken[DUET_LAW_LEGAL];
    assert_non_null(broken);
    assert_string_equal(broken->before, "a status = New; b status = New");
    assert_string_equal(broken->edit, "b status = Closed, v = P");
    assert_string_equal(
        broken->outcome,
        "writes a status = Closed, v = P, refused: a needs a v: it is closed or about to be");
    finish_proof(&proved);
}

#define OPEN_OR_NOT "st : enum (Open, Shut) at st required; x : text at x; "

/* A request that is made only while something holds leaves its fields where they are otherwise. */
static void what_no_request_carries_is_refused(void **state)
{
    (void)state;
    static const char text[] =
        "edition 2026;\n"
        "system s { settings { u : url; }\n"
        "record r { key : text at k; modified : time at m; ref : text at ref; " OPEN_OR_NOT "}\n"
        "http { base \"{u}\"; changed r GET \"/\" { items rows; }\n"
        "write r in order { POST \"/st\" carries st { body { s: r.st } }\n"
        "POST \"/x\" carries x%s { body { x: r.x } } } } }\n"
        "mapping m between s.r as a and s.r as b { link a.key <-> b.ref; first contact a;\n"
        "field st a.st <-> b.st conflict a;\nfield x a.x <-> b.x conflict a;\n" ALL "}\n";
    char whole[sizeof text + 40];
    snprintf(whole, sizeof whole, text, " when st == Open");
    struct proved proved = prove_text("order.duet", whole);
    expect_broken(&proved, "x", DUET_LAW_LEGAL, "a st = Open; b st = Open",
                  "b st = Shut, x = \"a\"",
                  "writes a st = Shut, x = \"a\", refused: no request of the system carries 'x'");
    finish_proof(&proved);
    snprintf(whole, sizeof whole, text, " otherwise");
    proved = prove_text("order.duet", whole);
    expect_sound(&proved);
    finish_proof(&proved);
}

/* Every choice is legal where it stands whole; only while one of the two has been written it isn't. */
static void a_group_that_is_written_in_two_requests(void **state)
{
    (void)state;
    static const char text[] =
        "edition 2026;\n"
        "system s { settings { u : url; }\n"
        "record r { key : text at k; modified : time at m; ref : text at ref; " STATUS
        "v : enum (P, Q) at v; w : enum by v at w { P : P1, P2; Q : Q1; } " CLOSED "}\n"
        "http { base \"{u}\"; changed r GET \"/\" { items rows; }\n"
        "write r in order { POST \"/w\" carries w { body { w: r.w } }"
        "POST \"/\" carries status, v { body { f: fields } } } } }\n"
        "mapping m between s.r as a and s.r as b { link a.key <-> b.ref; first contact "
        "a;\n" STATUS_RULE "group g conflict b { field v a.v <-> b.v; field w a.w <-> b.w; }\n" ALL
        "}\n";
    struct proved proved = prove_text("order.duet", text);
    assert_non_null(part_of(&proved, "g")->broken[DUET_LAW_LEGAL]);
    finish_proof(&proved);
}

/* --- values ----------------------------------------------------------------------------------------------------- */

static void a_prefix_that_people_leave_out(void **state)
{
    (void)state;
    struct proved proved = prove_rules("x : text at x;", "x : text at x;",
                                       "field x a.x <-> b.x | prefix \"X-\" conflict a;\n" ALL);
    expect_broken(&proved, "x", DUET_LAW_CORRECT, "both sides empty", "b x = \"a\"",
                  "writes a x = \"a\"; then writes b x = \"X-a\"");
    assert_null(part_of(&proved, "x")->broken[DUET_LAW_QUIET]); /* held once it was written */
    finish_proof(&proved);
}

static void a_text_that_comes_back_as_another(void **state)
{
    (void)state;
    static const char prefixed[] = "field x a.x <-> b.x | prefix \"X-\" conflict a;\n" ALL;
    struct proved proved = prove_rules("x : text at x;", "x : text at x;", prefixed);
    expect_broken(&proved, "x", DUET_LAW_ROUND_TRIP, "both sides empty", "b x = \"a\"",
                  "writes a x = \"a\"; then writes b x = \"X-a\"; it comes back as b x = \"X-a\"");
    finish_proof(&proved);
    proved = prove_rules("x : text at x;", "x : text at x;",
                         "field x a.x <-> b.x | prefix \"X-\" conflict a lossy \"why\";\n" ALL);
    assert_null(part_of(&proved, "x")->broken[DUET_LAW_ROUND_TRIP]);
    finish_proof(&proved);
}

/* Low goes to Medium and Low comes from Low: sent back, Medium stays. Critical comes from nothing: the base keeps it. */
static void a_value_that_comes_back_as_another(void **state)
{
    (void)state;
    static const char left[] = "v : enum (Low, Medium) at v;";
    static const char right[] = "v : enum (Low, Medium, Critical) at v;";
    struct proved proved =
        prove_rules(left, right,
                    "field v a.v <-> b.v conflict a { Low -> Medium; Low <- Low; "
                    "Medium <-> Medium; Medium <- Critical; }\n" ALL);
    expect_broken(&proved, "v", DUET_LAW_ROUND_TRIP, "both sides empty", "a v = Low",
                  "writes b v = Medium; it comes back as a v = Medium");
    finish_proof(&proved);
    expect_sound_rules(left, right,
                       "field v a.v <-> b.v conflict a { Low -> Medium lossy \"b has no Low\"; "
                       "Low <- Low; Medium <-> Medium; Medium <- Critical; }\n" ALL);
    expect_sound_rules(left, right,
                       "field v a.v <-> b.v conflict a { Low <-> Low; Medium <-> Medium; "
                       "Medium <- Critical; }\n" ALL);
}

#define VERDICT STATUS "v : enum (P, Q) at v required when closed; "
#define FOLLOWS "w : enum by v at w required when closed { P : P1, P2; Q : Q1; } " CLOSED
#define FORM_GROUP                                                                                 \
    STATUS_RULE "group g conflict b { field v a.v <-> b.v; field w a.w <-> b.w; }\n"               \
                "on a change send all; on b close send status, g; on b move send status;"          \
                "on b reopen send status;"

/* Both are closed with Q and Q1; then somebody chooses what only P allows on the other side. */
static void a_form_that_offers_what_the_other_side_refuses(void **state)
{
    (void)state;
    struct proved proved =
        prove_rules(VERDICT FOLLOWS,
                    VERDICT "w : enum (P1, P2, Q1) at w required when closed; " CLOSED, FORM_GROUP);
    const struct duet_counterexample *broken = part_of(&proved, "status, g")->broken[DUET_LAW_FITS];
    assert_non_null(broken);
    assert_string_equal(broken->unit, "g");
    assert_non_null(strstr(broken->outcome, "g is held: a refuses w "));
    assert_null(strchr(broken->edit, ',')); /* one edit is enough */
    finish_proof(&proved);
    proved = prove_rules(VERDICT FOLLOWS, VERDICT FOLLOWS, FORM_GROUP);
    assert_null(part_of(&proved, "status, g")->broken[DUET_LAW_FITS]);
    finish_proof(&proved);
}

/* The state that stands for its images takes two edits; one of them takes one. */
static void the_shortest_of_all_images_is_told(void **state)
{
    (void)state;
    struct proved proved = prove_rules(
        STATUS "v : enum (P, Q, U) at v required when closed; "
               "w : enum by v at w required when closed { P : P1, P2; Q : Q1; U : none; } "
               "c : text at c; " CLOSED,
        STATUS "v : enum (P, Q, U) at v; w : enum (P1, P2, Q1) at w; c : text at c; " CLOSED,
        STATUS_RULE "group g conflict b { field v a.v <-> b.v; field w a.w <-> b.w; "
                    "field c a.c <-> b.c; }\n"
                    "on a change send all; on b close send status, g; on b move send status;"
                    "on b reopen send status; on b reopen clear g;");
    const struct duet_counterexample *broken = part_of(&proved, "status, g")->broken[DUET_LAW_FITS];
    assert_non_null(broken);
    assert_null(strchr(broken->edit, ','));
    finish_proof(&proved);
}

static void what_is_unknown_counts_as_another_value(void **state)
{
    (void)state;
    expect_sound_rules("e : enum (A, B, Other) at e;", "e : enum (A, B, Other) at e;",
                       "field e a.e <-> b.e unknown Other conflict a;\n" ALL);
}

/* The texts that stand for all are a and b: here they aren't alike. */
static void a_text_that_closes(void **state)
{
    (void)state;
    struct proved proved =
        prove_rules("status : enum (New, Old) at st; x : text at x; closed when x == \"a\";",
                    "status : enum (New, Old) at st; x : text at x; closed when x == \"a\";",
                    STATUS_RULE "field x a.x <-> b.x conflict b;\n"
                                "on a change send all when not a.closed;\n"
                                "on b close send all; on b reopen send all; on b change send all;");
    assert_null(part_of(&proved, "status")->broken[DUET_LAW_MOVES]);
    expect_broken(&proved, "x", DUET_LAW_MOVES, "both sides empty", "a x = \"a\"",
                  "x stays pending, whatever else is edited in a");
    finish_proof(&proved);
}

/* --- what is pending ---------------------------------------------------------------------------------------------- */

#define GROUP "group g conflict b { field v a.v <-> b.v; }\n"
#define DRAFTS                                                                                     \
    "on a change send all; on b close send all; on b reopen send status; on b reopen clear g;\n"   \
    "on b move send status;"

/* The other side's status is gone, which is held and told: a verdict waits with it, and neither is an edit that is never sent. */
static void what_waits_for_a_status_that_is_missing(void **state)
{
    (void)state;
    expect_sound_rules(STATUS "v : enum (T, F) at v required when closed;" CLOSED,
                       "status : enum (New, Active, Closed) at st; v : enum (T, F) at v;" CLOSED,
                       "field status a.status <-> b.status conflict b;\n" GROUP DRAFTS);
    struct proved proved = prove_rules(
        STATUS "v : enum (T, F) at v;" CLOSED, STATUS "v : enum (T, F) at v;" CLOSED,
        STATUS_RULE GROUP "on a change send all; on b change send status; on b reopen send g;");
    expect_broken(&proved, "g", DUET_LAW_MOVES, "a status = New; b status = New", "b v = T",
                  "g stays pending, whatever else is edited in b");
    finish_proof(&proved);
}

/* What only a signal sends waits for it; where another trigger sends it too, that one must do. */
/* Both systems want a verdict when they close. A draft that is taken back in b waits for another one, and b says itself that it is
 * missing; a verdict that no closing sends waits for nothing. */
static void a_verdict_that_is_missing_at_closing(void **state)
{
    (void)state;
    static const char fields[] =
        STATUS "verdict : enum (Good, Bad) at v required when closed; " CLOSED;
    static const char rules[] =
        STATUS_RULE "field verdict a.verdict <-> b.verdict conflict b;\n"
                    "on a change send all; on b move send status; on b reopen send status;";
    char text[1024];
    snprintf(text, sizeof text, "%s on b close send status, verdict;", rules);
    expect_sound_rules(fields, fields, text);
    snprintf(text, sizeof text,
             "%s on b close send status; on b close send verdict when b.verdict != Bad;", rules);
    struct proved proved = prove_rules(fields, fields, text);
    const struct duet_counterexample *broken =
        part_of(&proved, "status, verdict")->broken[DUET_LAW_MOVES];
    assert_non_null(broken);
    assert_non_null(strstr(broken->edit, "b verdict = Bad"));
    finish_proof(&proved);
}

static void what_only_a_signal_sends(void **state)
{
    (void)state;
    expect_sound_rules(STATUS CLOSED, STATUS CLOSED,
                       STATUS_RULE "on a change send all; on b signal \"go\" send all;");
    expect_sound_rules(STATUS CLOSED, STATUS CLOSED,
                       STATUS_RULE "on a change send all; on a signal \"go\" fetch all;");
    struct proved proved = prove_rules(STATUS CLOSED, STATUS CLOSED,
                                       STATUS_RULE "on a change send all; on b close send status;\n"
                                                   "on b signal \"go\" send all;");
    expect_broken(&proved, "status", DUET_LAW_MOVES, "a status = New; b status = New",
                  "b status = Active", "status stays pending, whatever else is edited in b");
    finish_proof(&proved);
}

/* --- what conditions read ---------------------------------------------------------------------------------------- */

#define X_WHEN(condition)                                                                          \
    "field x a.x <-> b.x conflict b; on a change send x when " condition "; on b change send all;"

static void conditions_that_ask_for_two_things_at_once(void **state)
{
    (void)state;
    expect_sound_rules("x : text at x; l : list of text at l;", "x : text at x;",
                       X_WHEN("a.l contains \"go\" and a.l contains \"now\""));
    expect_sound_rules("x : text at x; s : text at s;", "x : text at x;",
                       X_WHEN("a.s starts with \"go\" and a.s contains \"x\""));
    expect_sound_rules("x : text at x; i : integer at i;", "x : text at x;",
                       X_WHEN("a.i > 5 and a.i <= 9"));
    expect_sound_rules("x : text at x; i : integer at i;", "x : text at x;",
                       X_WHEN("a.i >= 9223372036854775807"));
}

static void fields_that_are_compared_with_each_other(void **state)
{
    (void)state;
    expect_sound_rules("x : text at x; s : text at s;", "x : text at x;",
                       X_WHEN("a.s == a.x") " on a change send x when not a.x present;");
    expect_sound_rules("x : text at x; i : integer at i; j : integer at j;", "x : text at x;",
                       X_WHEN("a.i < a.j"));
}

/* --- what is too large ---------------------------------------------------------------------------------------------- */

/* Groups of so many texts: six are refused by their states, eleven by the records of a side, twenty by the combinations of values. */
static void groups_that_are_too_large(void **state)
{
    (void)state;
    static const struct {
        unsigned count;
        const char *because;
    } sizes[] = { { 6, "g" }, { 11, "f10" }, { 20, "f13" } };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char fields[1024] = "";
        char rules[2048] = "group g conflict a {";
        for (unsigned f = 0; f < sizes[i].count; f++) {
            (void)sprintf(fields + strlen(fields), "f%u : text at f%u; ", f, f);
            (void)sprintf(rules + strlen(rules), "field f%u a.f%u <-> b.f%u; ", f, f, f);
        }
        (void)sprintf(rules + strlen(rules), "} " ALL);
        struct proved proved = prove_rules(fields, fields, rules);
        assert_string_equal(part_of(&proved, "g")->refused, sizes[i].because);
        finish_proof(&proved);
    }
}

/* Fields that only `closed` reads: whatever they are, a record is closed or not. */
static void what_only_closed_reads(void **state)
{
    (void)state;
    char fields[4096] = STATUS;
    char closed[1024] = "closed when status == Closed";
    for (unsigned f = 0; f < 12; f++) {
        (void)sprintf(fields + strlen(fields), "f%u : text at f%u; ", f, f);
        (void)sprintf(closed + strlen(closed), " and f%u %s \"x\"", f, f < 11 ? "!=" : "==");
    }
    (void)sprintf(fields + strlen(fields), "%s;", closed);
    struct proved proved =
        prove_rules(fields, STATUS CLOSED, STATUS_RULE ALL " on a close send all;");
    assert_int_equal(part_of(&proved, "status")->records[DUET_LEFT], 4); /* Closed: it is, or not */
    finish_proof(&proved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_that_goes_to_two_fields),
        cmocka_unit_test(a_time_that_one_side_shows_finer),
        cmocka_unit_test(a_value_that_comes_back_as_another_field),
        cmocka_unit_test(a_way_there_and_a_way_back_by_two_rules),
        cmocka_unit_test(a_value_that_another_rule_takes_back),
        cmocka_unit_test(a_clear_by_a_status_that_never_moves),
        cmocka_unit_test(each_request_of_an_ordered_write_is_judged),
        cmocka_unit_test(what_no_request_carries_is_refused),
        cmocka_unit_test(a_group_that_is_written_in_two_requests),
        cmocka_unit_test(a_prefix_that_people_leave_out),
        cmocka_unit_test(a_text_that_comes_back_as_another),
        cmocka_unit_test(a_value_that_comes_back_as_another),
        cmocka_unit_test(the_shortest_of_all_images_is_told),
        cmocka_unit_test(a_form_that_offers_what_the_other_side_refuses),
        cmocka_unit_test(what_is_unknown_counts_as_another_value),
        cmocka_unit_test(a_text_that_closes),
        cmocka_unit_test(what_waits_for_a_status_that_is_missing),
        cmocka_unit_test(a_verdict_that_is_missing_at_closing),
        cmocka_unit_test(what_only_a_signal_sends),
        cmocka_unit_test(conditions_that_ask_for_two_things_at_once),
        cmocka_unit_test(fields_that_are_compared_with_each_other),
        cmocka_unit_test(groups_that_are_too_large),
        cmocka_unit_test(what_only_closed_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
