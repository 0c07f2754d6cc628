/* Overlays: what a part's proof may be taken from, and what must be proved anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "dsl/arena.h"
#include "dsl/compile.h"
#include "engine/prove/proof.h"
#include "engine/prove/proved.h"

#define SIDES "side a { u = \"https://a.example\"; } side b { u = \"https://b.example\"; }"
#define SYSTEM                                                                                     \
    "system %s { settings { u : url; }\n"                                                          \
    "record r { key : text at k; modified : time at m; ref : text at ref;\n"                       \
    "  status : enum (Open, Closed) at st required; level : enum (Low, High) at lv required;\n"    \
    "  tier : enum (One, Two) at tr; closed when status == Closed; }\n"                            \
    "http { base \"{u}\"; changed r GET \"/\" { items rows; } write r PUT \"/{key}\" { body "      \
    "whole; } create r POST \"/\" { body { ref: r.ref } returns key k; } } }\n"

/* Status stands beside level, which waits for it; tier stands apart. */
#define MAPPING                                                                                    \
    "mapping m between sa.r as a and sb.r as b { link a.key <-> b.ref; first contact a;\n"         \
    "create b from a when a.status == Open;\n"                                                     \
    "field status a.status <-> b.status conflict a;\n"                                             \
    "field level a.level <-> b.level conflict a;\n"                                                \
    "field tier a.tier <-> b.tier conflict a;\n"                                                   \
    "on a change send all;\n"                                                                      \
    "on b change send level when b.status == Closed;\n"                                            \
    "on b change send status, tier;\n"                                                             \
    "}\n"

struct fleet {
    struct duet_compilation *compilation;
    struct duet_arena *arena;
    struct duet_proved *proved;
};

static struct fleet fleet_with(const char *overrides)
{
    char text[4096];
    struct fleet fleet = { .arena = duet_arena_new() };
    int length = snprintf(text, sizeof text,
                          "edition 2026;\n" SYSTEM SYSTEM MAPPING "tenant plain runs m { " SIDES
                          " }\ntenant other runs m { " SIDES " %s }\n",
                          "sa", "sb", overrides);
    assert_in_range(length, 1, sizeof text - 1);
    assert_int_equal(duet_compile_text("fleet.duet", text, (size_t)length, &fleet.compilation),
                     DUET_OK);
    assert_non_null(duet_compilation_fleet(fleet.compilation));
    fleet.proved = duet_proved_new(fleet.arena);
    return fleet;
}

static const struct duet_proof *prove_tenant(struct fleet *fleet, size_t tenant)
{
    return duet_prove(duet_compilation_fleet(fleet->compilation)->tenants[tenant].tables,
                      fleet->proved, fleet->arena);
}

static void finish(struct fleet *fleet)
{
    duet_arena_free(fleet->arena);
    duet_compilation_free(fleet->compilation);
}

static const struct duet_proof_part *part(const struct duet_proof *proof, const char *name)
{
    for (size_t i = 0; i < proof->count; i++) {
        if (strcmp(proof->parts[i].name, name) == 0)
            return &proof->parts[i];
    }
    fail_msg("no part is '%s'", name);
    return NULL;
}

/* Which parts of the overlay are proved anew, once the mapping has been: "status level tier" is all of them. */
static void expect_proved(const char *overrides, const char *expected)
{
    static const char *const names[] = { "status", "level", "tier" };
    struct fleet fleet = fleet_with(overrides);
    const char *anew = "";
    (void)prove_tenant(&fleet, 0);
    const struct duet_proof *proof = prove_tenant(&fleet, 1);
    assert_int_equal(proof->count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_not_equal(part(proof, names[i])->triples, 0);
        if (part(proof, names[i])->run)
            anew = duet_arena_format(fleet.arena, "%s%s%s", anew, *anew ? " " : "", names[i]);
    }
    assert_string_equal(anew, expected);
    finish(&fleet);
}

static void only_what_an_override_changes_is_proved_anew(void **state)
{
    (void)state;
    expect_proved("override tier conflict b;", "tier");
    expect_proved("override level conflict b;", "level");
}

static void what_reads_an_overridden_field_is_proved_anew(void **state)
{
    (void)state;
    expect_proved("override status conflict b;", "status level");
}

static void an_overridden_trigger_concerns_what_it_sends(void **state)
{
    (void)state;
    expect_proved("override on b change send level;", "level");
    expect_proved("override on b change send level when b.status == Open;", "level");
}

static void a_creation_is_no_part(void **state)
{
    (void)state;
    expect_proved("override create b from a when a.level == High;", "");
}

static void first_contact_concerns_all(void **state)
{
    (void)state;
    expect_proved("override first contact b;", "status level tier");
}

/* A wrong overlay is found, with its story, and so is the next with the same mistake. */
static void what_breaks_is_told_each_time(void **state)
{
    (void)state;
    struct fleet fleet = fleet_with("override tier { One -> Two; }");
    for (size_t i = 0; i < DUET_LAWS; i++)
        assert_null(part(prove_tenant(&fleet, 0), "tier")->broken[i]);
    for (int again = 0; again < 2; again++) {
        const struct duet_proof_part *tier = part(prove_tenant(&fleet, 1), "tier");
        assert_non_null(tier->broken[DUET_LAW_ROUND_TRIP]);
        assert_int_not_equal(tier->run, 0);
    }
    finish(&fleet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_an_override_changes_is_proved_anew),
        cmocka_unit_test(what_reads_an_overridden_field_is_proved_anew),
        cmocka_unit_test(an_overridden_trigger_concerns_what_it_sends),
        cmocka_unit_test(a_creation_is_no_part),
        cmocka_unit_test(first_contact_concerns_all),
        cmocka_unit_test(what_breaks_is_told_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
