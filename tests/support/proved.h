/* Mappings that are proved within a test. */
#pragma once

#include "dsl/compile.h"
#include "engine/prove/proof.h"

struct proved {
    struct duet_compilation *compilation;
    struct duet_arena *arena;
    struct duet_proof *proof;
};

/* The text of a file with one mapping without errors; `path` is where imports start from. */
struct proved prove_text(const char *path, const char *text);

/* The mapping m between two systems: sa, in it a, first, and sb, in it b. `fields` of their records, beside key, modified and ref. */
struct proved prove_rules(const char *left_fields, const char *right_fields, const char *rules);

void finish_proof(struct proved *proved);

const struct duet_proof_part *part_of(const struct proved *proved, const char *name);

/* Every law holds of every part, and no part is empty. */
void expect_sound(const struct proved *proved);

/* prove_rules(), expect_sound(), finish_proof(). */
void expect_sound_rules(const char *left_fields, const char *right_fields, const char *rules);
