#include "tests/support/proved.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "dsl/arena.h"

#define RECORD                                                                                     \
    "system %s { settings { u : url; }\n"                                                          \
    "record r { key : text at k; modified : time at m; ref : text at ref;\n%s\n}\n"                \
    "http { base \"{u}\"; changed r GET \"/\" { items rows; } write r PUT \"/{key}\" { body "      \
    "whole; } } }\n"

struct proved prove_text(const char *path, const char *text)
{
    struct proved proved = { .arena = duet_arena_new() };
    assert_int_equal(duet_compile_text(path, text, strlen(text), &proved.compilation), DUET_OK);
    const struct duet_tables *tables = duet_compilation_tables(proved.compilation, 0);
    assert_non_null(tables);
    proved.proof = duet_prove(tables, NULL, proved.arena);
    return proved;
}

struct proved prove_rules(const char *left_fields, const char *right_fields, const char *rules)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    fprintf(out, "edition 2026;\n" RECORD RECORD, "sa", left_fields, "sb", right_fields);
    fprintf(out,
            "mapping m between sa.r as a and sb.r as b { link a.key <-> b.ref; first contact a;\n"
            "%s\n}\n",
            rules);
    fclose(out);
    struct proved proved = prove_text("rules.duet", text);
    free(text);
    return proved;
}

void finish_proof(struct proved *proved)
{
    duet_arena_free(proved->arena);
    duet_compilation_free(proved->compilation);
}

const struct duet_proof_part *part_of(const struct proved *proved, const char *name)
{
    for (size_t i = 0; i < proved->proof->count; i++) {
        if (strcmp(proved->proof->parts[i].name, name) == 0)
            return &proved->proof->parts[i];
    }
    fail_msg("no part is '%s'", name);
    return NULL;
}

void expect_sound(const struct proved *proved)
{
    for (size_t i = 0; i < proved->proof->count; i++) {
        const struct duet_proof_part *part = &proved->proof->parts[i];
        assert_null(part->refused);
        assert_int_not_equal(part->triples, 0);
        for (uint32_t law = 0; law < DUET_LAWS; law++) {
            if (part->broken[law])
                fail_msg("%s isn't %s: %s; %s; %s", part->name, duet_law_name((enum duet_law)law),
                         part->broken[law]->before, part->broken[law]->edit,
                         part->broken[law]->outcome);
        }
    }
}

void expect_sound_rules(const char *left_fields, const char *right_fields, const char *rules)
{
    struct proved proved = prove_rules(left_fields, right_fields, rules);
    expect_sound(&proved);
    finish_proof(&proved);
}
