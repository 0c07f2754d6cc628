#include "tests/support/any_mapping.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct writing {
    struct chance *chance;
    FILE *out;
    const char *units[8];
    unsigned unit_count;
};

static bool is(struct writing *writing, unsigned times)
{
    return chance_is(writing->chance, times);
}

static const char *one_of(struct writing *writing, const char *const *list, unsigned count)
{
    return list[chance_draw(writing->chance, count)];
}

#define ONE_OF(writing, ...)                                                                       \
    one_of(writing, (const char *const[]){ __VA_ARGS__ },                                          \
           sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

/* --- systems ------------------------------------------------------------------------------------------------- */

static void write_fields(struct writing *writing)
{
    fprintf(writing->out, "  status : enum (New, Active, Closed) at st required;\n");
    fprintf(writing->out, "  level : ordered enum (Low, High, Top) at lv%s;\n",
            is(writing, 2) ? " required" : "");
    fprintf(writing->out, "  kind : enum (Good, Bad) at kd%s;\n",
            ONE_OF(writing, "", "", " required when closed", " required"));
    fprintf(writing->out, "  why : enum%s at wy%s", is(writing, 2) ? " by kind" : " (X, Y)",
            is(writing, 3) ? " required when closed" : "");
}

static void write_system(struct writing *writing, const char *name)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = writing->out;
    writing->out = open_memstream(&text, &length);
    assert_non_null(writing->out);
    write_fields(writing);
    fclose(writing->out);
    writing->out = out;
    fprintf(out, "system %s { settings { u : url; }\nrecord r {\n", name);
    fprintf(out, "  key : text at k; modified : time at m; ref : text at ref;\n%s", text);
    fprintf(out, "%s\n", strstr(text, "by kind") ? " { Good : X; Bad : X, Y; }" : ";");
    fprintf(out, "  word : text%s at wd;\n", is(writing, 4) ? " max 2" : "");
    fprintf(out, "  copy : text at cp;\n  closed when status == Closed;\n}\n");
    fprintf(out, "http { base \"{u}\"; changed r GET \"/\" { items rows; }\n"
                 "write r PUT \"/{key}\" { body whole; } } }\n");
    free(text);
}

/* --- rules ---------------------------------------------------------------------------------------------------- */

static const char *policy(struct writing *writing, bool is_ordered)
{
    return is_ordered ? ONE_OF(writing, "a", "b", "highest", "lowest", "newest else a", "hold")
                      : ONE_OF(writing, "a", "b", "newest else b", "hold");
}

/* An arm for each value of three, most of them straight. */
static void write_arms(struct writing *writing, const char *const names[3], const char *way)
{
    bool is_straight = !is(writing, 3);
    fprintf(writing->out, " {");
    for (unsigned i = 0; i < 3; i++) {
        const char *to = is_straight ? names[i] : names[chance_draw(writing->chance, 3)];
        fprintf(writing->out, " %s %s %s%s;", names[i],
                is_straight || strcmp(way, "<->") != 0 ? way : ONE_OF(writing, "<->", "->"), to,
                !is_straight && is(writing, 6) ? " lossy \"so be it\"" : "");
        if (!is_straight && is(writing, 2))
            fprintf(writing->out, " %s <- %s;", names[i], names[chance_draw(writing->chance, 3)]);
    }
    fprintf(writing->out, " }");
}

static const char *way(struct writing *writing)
{
    return is(writing, 4) ? ONE_OF(writing, "->", "<-") : "<->";
}

static void begin_rule(struct writing *writing, const char *name, const char *left,
                       const char *right, const char *arrow)
{
    fprintf(writing->out, "field %s a.%s %s b.%s", name, left, arrow, right);
    writing->units[writing->unit_count++] = name;
}

/* Of three values, mapped to their like on the other side or by arms. */
static void write_values(struct writing *writing, const char *name, const char *const values[3],
                         bool is_ordered)
{
    const char *arrow = way(writing);
    begin_rule(writing, name, name, name, arrow);
    if (strcmp(arrow, "<->") == 0)
        fprintf(writing->out, " conflict %s", policy(writing, is_ordered));
    if (is(writing, 2))
        write_arms(writing, values, arrow);
    else
        fprintf(writing->out, ";");
    fprintf(writing->out, "\n");
}

static void write_verdict(struct writing *writing)
{
    const char *arrow = way(writing);
    bool is_both = strcmp(arrow, "<->") == 0;
    if (is(writing, 2)) {
        fprintf(writing->out, "group verdict");
        if (is_both)
            fprintf(writing->out, " conflict %s", policy(writing, false));
        fprintf(writing->out,
                " {\n  field kind a.kind %s b.kind;\n  field why a.why %s b.why;\n}\n", arrow,
                arrow);
        writing->units[writing->unit_count++] = "verdict";
        return;
    }
    begin_rule(writing, "kind", "kind", "kind", arrow);
    fprintf(writing->out, is_both ? " conflict %s;\n" : ";\n", policy(writing, false));
}

static void write_there_and_back(struct writing *writing)
{
    begin_rule(writing, "there", "word", "word", "->");
    fprintf(writing->out, "%s;\n",
            ONE_OF(writing, "", " | truncate 2", " | upper", " | truncate 2 lossy \"short\""));
    begin_rule(writing, "back", ONE_OF(writing, "word", "copy"), "word", "<-");
    fprintf(writing->out, "%s;\n", ONE_OF(writing, "", " | truncate 3", " | upper", " | trim"));
}

static void write_words(struct writing *writing)
{
    if (is(writing, 2)) {
        write_there_and_back(writing);
        return;
    }
    const char *arrow = way(writing);
    bool is_both = strcmp(arrow, "<->") == 0;
    begin_rule(writing, "word", "word", "word", arrow);
    if (!is_both && is(writing, 2))
        fprintf(writing->out, " | truncate 2%s", is(writing, 3) ? " lossy \"short\"" : "");
    if (is_both)
        fprintf(writing->out, " conflict %s", policy(writing, false));
    fprintf(writing->out, ";\n");
    if (!is(writing, 3))
        return;
    begin_rule(writing, "copy", ONE_OF(writing, "word", "copy"), ONE_OF(writing, "word", "copy"),
               ONE_OF(writing, "->", "<-"));
    fprintf(writing->out, ";\n");
}

/* --- triggers -------------------------------------------------------------------------------------------------- */

static const char *some_units(struct writing *writing)
{
    return is(writing, 2) ? "all"
                          : writing->units[chance_draw(writing->chance, writing->unit_count)];
}

static void write_trigger(struct writing *writing, const char *side)
{
    const char *event = ONE_OF(writing, "change", "change", "close", "reopen", "move");
    const char *verb = ONE_OF(writing, "send", "send", "send", "clear", "fetch");
    if (is(writing, 8)) {
        fprintf(writing->out, "on %s signal \"go\" %s %s;\n", side,
                ONE_OF(writing, "send", "fetch"), some_units(writing));
        return;
    }
    fprintf(writing->out, "on %s %s %s %s", side, event, verb,
            strcmp(verb, "clear") == 0
                ? writing->units[chance_draw(writing->chance, writing->unit_count)]
                : some_units(writing));
    if (is(writing, 4))
        fprintf(
            writing->out, " when %s.%s", side,
            ONE_OF(writing, "status != New", "status == Closed", "level >= High", "kind == Good"));
    fprintf(writing->out, ";\n");
}

static void write_triggers(struct writing *writing)
{
    static const char *const sides[2] = { "a", "b" };
    for (unsigned s = 0; s < 2; s++) {
        bool is_open = !is(writing, 3);
        if (is_open)
            fprintf(writing->out, "on %s change send all;\n", sides[s]);
        for (unsigned more = chance_draw(writing->chance, is_open ? 2 : 4); more; more--)
            write_trigger(writing, sides[s]);
    }
}

/* --- all of it ------------------------------------------------------------------------------------------------- */

char *any_mapping(struct chance *chance)
{
    char *text = NULL;
    size_t length = 0;
    struct writing writing = { .chance = chance, .out = open_memstream(&text, &length) };
    assert_non_null(writing.out);
    fprintf(writing.out, "edition 2026;\n");
    write_system(&writing, "sa");
    write_system(&writing, "sb");
    fprintf(writing.out,
            "mapping m between sa.r as a and sb.r as b {\nlink a.key <-> b.ref;\n"
            "first contact %s;\n",
            ONE_OF(&writing, "a", "b"));
    if (!is(&writing, 4))
        write_values(&writing, "status", (const char *const[3]){ "New", "Active", "Closed" },
                     false);
    if (is(&writing, 2))
        write_values(&writing, "level", (const char *const[3]){ "Low", "High", "Top" }, true);
    if (!is(&writing, 3))
        write_verdict(&writing);
    if (is(&writing, 2) || writing.unit_count == 0)
        write_words(&writing);
    write_triggers(&writing);
    fprintf(writing.out, "}\n");
    fclose(writing.out);
    return text;
}

const char *any_value(struct chance *chance, const char *field)
{
    static const struct {
        const char *field;
        const char *values[4];
    } all[] = {
        { "status", { "New", "Active", "Closed", "Active" } },
        { "level", { "Low", "High", "Top", NULL } },
        { "kind", { "Good", "Bad", NULL, "Good" } },
        { "why", { "X", "Y", NULL, NULL } },
        { "word", { "x", "longer", NULL, "lo" } },
        { "copy", { "x", "longer", NULL, "lo" } },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i].field, field) == 0)
            return all[i].values[chance_draw(chance, 4)];
    }
    return NULL;
}
