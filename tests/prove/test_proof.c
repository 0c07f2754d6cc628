/* What the prover says of the shipped mapping, and of mappings that are the shipped one with a mistake in it. The comment is left out:
 * it multiplies the states by 27 and `duet check` goes through them all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "dsl/diag.h"
#include "engine/prove/findings.h"
#include "engine/prove/proved.h"
#include "tests/support/proved.h"

#define MAPPING "mappings/sentinel-smartsoar.duet"
#define COMMENT "field comment        siem.comment        <-> soar.form.comment;"

static char *read_mapping(void)
{
    FILE *file = fopen(MAPPING, "rb");
    assert_non_null(file);
    char *text = calloc(1, 1U << 16);
    assert_non_null(text);
    assert_true(fread(text, 1, (1U << 16) - 1, file) < (1U << 16) - 1);
    fclose(file);
    return text;
}

static char *replaced(char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    char *other = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&other, &length);
    if (!at || !out) {
        fail_msg("the mapping doesn't say: %s", from);
        return NULL;
    }
    fprintf(out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    fclose(out);
    free(text);
    return other;
}

/* The shipped mapping without its tests and the comment, `from` replaced by `to`. */
static struct proved prove_with(const char *from, const char *to)
{
    char *text = replaced(read_mapping(), COMMENT, "");
    char *tests = strstr(text, "\n# --- tests");
    assert_non_null(tests);
    tests[1] = '\0';
    if (from)
        text = replaced(text, from, to);
    struct proved proved = prove_text(MAPPING, text);
    free(text);
    return proved;
}

static void the_shipped_mapping_is_sound(void **state)
{
    (void)state;
    struct proved proved = prove_with(NULL, NULL);
    expect_sound(&proved);
    finish_proof(&proved);
}

/* Status and verdict are judged together; an owner reads the status, and nobody reads the owner. */
static void parts_are_what_reads_each_other(void **state)
{
    (void)state;
    struct proved proved = prove_with(NULL, NULL);
    assert_int_equal(proved.proof->count, 5);
    const struct duet_proof_part *verdict = part_of(&proved, "status, verdict");
    /* Sentinel, open: 2 statuses with no verdict, one of 4 classes alone, or one of 4 with a reason (FalsePositive has two; Undetermined
     * has none); closed: the 5 that are complete; and merged, which is a closed one. */
    assert_int_equal(verdict->records[DUET_LEFT], 2 * 9 + 5 + 5);
    assert_int_equal(verdict->records[DUET_RIGHT], 4 * 9);
    assert_int_equal(verdict->bases, (1 + 4) * (1 + 9));
    /* By persons: none, two that are known, one that isn't. */
    const struct duet_proof_part *severity = part_of(&proved, "severity");
    assert_int_equal(severity->records[DUET_LEFT], 4);
    assert_int_equal(severity->records[DUET_RIGHT], 5);
    assert_int_equal(severity->bases, 1 + 5);
    assert_int_equal(severity->triples, 4 * 5 * 6);
    part_of(&proved, "owner");
    finish_proof(&proved);
}

/* What isn't mapped and what the sides' rules read is gone through, too: Sentinel is closed with a verdict that nobody maps. Merged or not
 * makes two of each, since such a verdict tells records apart. */
static void rules_of_a_side_read_what_is_not_mapped(void **state)
{
    (void)state;
    static const char text[] =
        "edition 2026;\nimport \"systems/sentinel.duet\";\nimport \"systems/smartsoar.duet\";\n"
        "mapping mine between sentinel.incident as siem and smartsoar.incident as soar {\n"
        "  link siem.key <-> soar.sentinel_id; first contact siem;\n"
        "  field status siem.status <-> soar.status conflict newest else soar {\n"
        "    New <-> Open; Active <-> \"In Progress\"; Active <- \"On Hold\"; Closed <-> Closed; "
        "}\n"
        "  on soar move send status; on soar close send status; on soar reopen send status;\n"
        "  on siem change send status; }\n";
    struct proved proved = prove_text(MAPPING, text);
    const struct duet_proof_part *status = part_of(&proved, "status");
    assert_int_equal(status->records[DUET_LEFT], 2 * (9 + 9 + 5));
    assert_int_equal(status->records[DUET_RIGHT], 4);
    assert_int_equal(status->bases, 1 + 4);
    expect_sound(&proved);
    finish_proof(&proved);
}

struct mistake {
    const char *from, *to;
    const char *part;
    enum duet_law law;
    const char *unit;
    const char *before, *edit, *outcome; /* pieces */
};

static void expect_mistake(const struct mistake *mistake)
{
    struct proved proved = prove_with(mistake->from, mistake->to);
    const struct duet_counterexample *broken =
        part_of(&proved, mistake->part)->broken[mistake->law];
    if (!broken) {
        fail_msg("nobody sees: %s", mistake->to);
        return;
    }
    assert_string_equal(broken->unit, mistake->unit);
    if (!strstr(broken->before, mistake->before) || !strstr(broken->edit, mistake->edit) ||
        !strstr(broken->outcome, mistake->outcome))
        fail_msg("another story: %s; %s; %s", broken->before, broken->edit, broken->outcome);
    finish_proof(&proved);
}

static void a_reopening_that_nothing_sends(void **state)
{
    (void)state;
    expect_mistake(&(struct mistake){ "on soar reopen          send status;", "", "status, verdict",
                                      DUET_LAW_MOVES, "status", "soar status = Closed",
                                      "soar status = Open", "status stays pending" });
}

/* Corrected after both are closed: no event holds. */
static void a_verdict_that_only_a_move_sends(void **state)
{
    (void)state;
    expect_mistake(&(struct mistake){
        "on soar close           send status, verdict;\n  on soar reopen          send status;\n"
        "  on soar reopen          clear verdict;\n  on soar change          send severity, "
        "notes;\n"
        "  on soar change          send owner when soar.status != Open;   # an owner counts once "
        "work has begun\n  on soar move            send status;",
        "on soar close send status; on soar reopen send status; on soar reopen clear verdict;\n"
        "  on soar change send severity, notes, owner; on soar move send status, verdict;",
        "status, verdict", DUET_LAW_MOVES, "verdict", "soar status = Closed",
        "form.classification = ", "verdict stays pending" });
}

static void a_status_that_sentinel_sends_only_closed(void **state)
{
    (void)state;
    expect_mistake(&(struct mistake){ "on siem change          send all;",
                                      "on siem close send status, verdict; on siem change send "
                                      "severity, owner, title, number, notes;",
                                      "status, verdict", DUET_LAW_MOVES, "status",
                                      "siem status = New", "siem status = Active",
                                      "status stays pending" });
}

/* Once the case is closed no edit of the case makes an owner count: a closed one doesn't go back to Open while Sentinel is open. */
static void an_owner_that_counts_too_early(void **state)
{
    (void)state;
    expect_mistake(&(struct mistake){
        "send owner when soar.status != Open", "send owner when soar.status == Open", "owner",
        DUET_LAW_MOVES, "owner", "", "owner = p0", "owner stays pending" });
}

static void findings_tell_the_story(void **state)
{
    (void)state;
    struct proved proved = prove_with("on soar reopen          send status;", "");
    struct duet_diags *diags = duet_compilation_diags(proved.compilation);
    duet_proof_report(proved.proof, "sentinel_smartsoar",
                      duet_compilation_sources(proved.compilation), diags);
    assert_int_equal(duet_diags_errors(diags), 2);
    const struct duet_diag *cleared = duet_diags_at(diags, 1);
    assert_int_equal(duet_diag_code_of(cleared), DUET_DIAG_LAW_CORRECT);
    assert_string_equal(duet_diag_message(cleared),
                        "'verdict' agrees, and duet goes on with what it was before");
    const struct duet_diag *diag = duet_diags_at(diags, 0);
    assert_int_equal(duet_diag_code_of(diag), DUET_DIAG_LAW_MOVES);
    assert_string_equal(duet_diag_message(diag), "an edit of 'status' is never sent");
    const struct duet_diag_note *fact = duet_diag_facts(diag);
    assert_string_equal(fact->key, "before");
    assert_string_equal(fact->next->key, "edit");
    assert_string_equal(fact->next->text, "soar status = Open");
    assert_string_equal(fact->next->next->key, "outcome");
    struct duet_position at =
        duet_source_position(duet_compilation_sources(proved.compilation),
                             duet_diag_place(diag).file, duet_diag_place(diag).start);
    assert_int_equal(at.column, 3);
    finish_proof(&proved);
}

/* --- what is too large ------------------------------------------------------------------------------------------ */

static char *enum_of(unsigned count)
{
    char *text = calloc(1, 16U * count + 1);
    assert_non_null(text);
    size_t length = 0;
    for (unsigned i = 0; i < count; i++)
        length += (size_t)sprintf(text + length, "%sV%u", i ? ", " : "", i);
    return text;
}

static struct proved prove_enum(unsigned count)
{
    char *values = enum_of(count);
    char *text = calloc(1, 4096 + 3 * 16U * count);
    assert_non_null(text);
    int length =
        sprintf(text,
                "edition 2026;\nsystem s { settings { u : url; } record r { key : text at k; "
                "modified : time at m;\n"
                "  v : enum (%s) at v; w : text at w; }\n"
                "http { base \"{u}\"; changed r GET \"/\" { items rows; } write r PUT \"/{key}\" { "
                "body whole; } } }\n"
                "mapping m between s.r as a and s.r as b { link a.key <-> b.w; first contact a;\n"
                "  field v a.v <-> b.v conflict a {",
                values);
    for (unsigned i = 0; i < count; i++)
        length += sprintf(text + length, " V%u <-> V%u;", i, i);
    sprintf(text + length, " } on a change send all; on b change send all; }\n");
    struct proved proved = prove_text(MAPPING, text);
    free(text);
    free(values);
    return proved;
}

static void what_is_too_large_is_refused_by_name(void **state)
{
    (void)state;
    struct proved proved = prove_enum(63); /* and none */
    expect_sound(&proved);
    assert_int_equal(part_of(&proved, "v")->triples, 64 * 64 * 65);
    finish_proof(&proved);
    proved = prove_enum(64);
    assert_string_equal(part_of(&proved, "v")->refused, "v");
    assert_int_equal(part_of(&proved, "v")->triples, 0);
    struct duet_diags *diags = duet_compilation_diags(proved.compilation);
    duet_proof_report(proved.proof, "m", duet_compilation_sources(proved.compilation), diags);
    assert_int_equal(duet_diags_warnings(diags), 1);
    assert_int_equal(duet_diag_code_of(duet_diags_at(diags, 0)), DUET_DIAG_PROOF_TOO_LARGE);
    finish_proof(&proved);
}

/* Once that much was spent already; what this proof adds. */
static const struct duet_proof *prove_after(uint64_t spent, const struct duet_tables *tables,
                                            uint64_t *cost_out, struct duet_arena *arena)
{
    struct duet_proved *proved = duet_proved_new(arena);
    *duet_proved_work(proved) = spent;
    const struct duet_proof *proof = duet_prove(tables, proved, arena);
    *cost_out = *duet_proved_work(proved) - spent;
    return proof;
}

/* The work is counted, so that it is the same each time; what it doesn't suffice for isn't called proved. */
static void what_work_does_not_suffice_for_is_not_proved(void **state)
{
    (void)state;
    struct proved proved = prove_enum(5);
    const struct duet_tables *tables = duet_compilation_tables(proved.compilation, 0);
    uint64_t needed = 0;
    const struct duet_proof *proof = prove_after(0, tables, &needed, proved.arena);
    assert_false(proof->parts[0].is_unaffordable);
    assert_true(needed >= proved.proof->run);

    uint64_t cost = 0; /* two hands go halves */
    proof = prove_after(DUET_PROOF_MAX_WORK - 2 * needed, tables, &cost, proved.arena);
    assert_false(proof->parts[0].is_unaffordable);
    assert_int_equal(cost, needed);

    proof = prove_after(DUET_PROOF_MAX_WORK - needed / 2, tables, &cost, proved.arena);
    assert_true(proof->parts[0].is_unaffordable);
    assert_true(proof->parts[0].run < proved.proof->run);
    assert_true(cost < needed + needed / 2);
    struct duet_diags *diags = duet_compilation_diags(proved.compilation);
    duet_proof_report(proof, "m", duet_compilation_sources(proved.compilation), diags);
    assert_int_equal(duet_diag_code_of(duet_diags_at(diags, 0)), DUET_DIAG_PROOF_TOO_LARGE);
    finish_proof(&proved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_mapping_is_sound),
        cmocka_unit_test(parts_are_what_reads_each_other),
        cmocka_unit_test(rules_of_a_side_read_what_is_not_mapped),
        cmocka_unit_test(a_reopening_that_nothing_sends),
        cmocka_unit_test(a_verdict_that_only_a_move_sends),
        cmocka_unit_test(a_status_that_sentinel_sends_only_closed),
        cmocka_unit_test(an_owner_that_counts_too_early),
        cmocka_unit_test(findings_tell_the_story),
        cmocka_unit_test(what_is_too_large_is_refused_by_name),
        cmocka_unit_test(what_work_does_not_suffice_for_is_not_proved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
