/* Fuzz target: the prover. The bytes choose pieces of a mapping, so that most of what comes compiles: its proof ends within its work, twice
 * with the same words. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/compile.h"
#include "dsl/diag.h"
#include "engine/prove/file_proof.h"
#include "engine/prove/proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Choices of the bytes; 0 when there are no more. */
struct chooser {
    const uint8_t *at, *end;
};

static unsigned choose(struct chooser *chooser, unsigned count)
{
    return chooser->at < chooser->end ? *chooser->at++ % count : 0;
}

#define CHOOSE(chooser, list) (list)[choose(chooser, sizeof(list) / sizeof(list)[0])]

#define FIELDS 2U /* more are proved as well, and take much longer */

/* A field of both sides, and how its rule goes: pieces that go together. */
struct piece {
    const char *left, *right; /* types, in front of `at` */
    const char *rule;         /* behind the paths */
};

static const struct piece pieces[] = {
    { "enum (A, B, C)", "enum (A, B, C)", "conflict l;" },
    { "enum (A, B, C)", "enum (A, B, C)", "conflict hold { A <-> B; B <-> A; C <-> C; }" },
    { "enum (A, B, C)", "enum (A, B)", "conflict r { A <-> A; B <-> B; C -> A lossy \"few\"; }" },
    { "enum (A, B)", "enum (A, B, C)", "conflict newest else l { A <-> A; B <-> B; B <- C; }" },
    { "ordered enum (A, B, C)", "ordered enum (A, B, C)", "conflict highest;" },
    { "text", "text", "conflict l;" },
    { "integer", "integer", "conflict newest else r;" },
    { "boolean", "boolean", "conflict r;" },
    { "list of text", "list of text", "conflict hold;" },
};
static const char *const attributes[] = {
    "", "", "", " required", " required when f0 == A", " required when closed"
};
static const char *const closings[] = { "f0 == A", "f0 != B", "f0 in (A, B)",
                                        "f0 == B and f1 present" };
static const char *const moves[] = { "", "", "moves f0 { A -> B; B -> A; }",
                                     "moves f0 { B -> A; }" };
static const char *const whens[] = { "", "", " when l.f0 == A", " when r.f0 changed",
                                     " when l.f1 present and not r.f0 == B" };
static const char *const creations[] = { "", "", "create r from l;\n",
                                         "create r from l when l.f0 == A;\n" };
static const char *const extras[] = { "on l signal \"go\" fetch all;\n",
                                      "on r signal \"go\" send f1;\n", "" };

static void write_record(struct chooser *chooser, unsigned side, const struct piece *const *chosen,
                         FILE *out)
{
    fprintf(out,
            "system %s { record r { key : text at k; modified : time at m; "
            "ref : text at ref;\n",
            side ? "d" : "s");
    for (unsigned f = 0; f < FIELDS; f++)
        fprintf(out, "f%u : %s at f%u%s;\n", f, side ? chosen[f]->right : chosen[f]->left, f,
                f ? CHOOSE(chooser, attributes) : "");
    fprintf(out, "closed when %s;\n%s\n} }\n", CHOOSE(chooser, closings), CHOOSE(chooser, moves));
}

static void write_mapping(struct chooser *chooser, FILE *out)
{
    const struct piece *chosen[FIELDS];
    for (unsigned f = 0; f < FIELDS; f++)
        chosen[f] = f ? &CHOOSE(chooser, pieces) : &pieces[choose(chooser, 4)];
    fputs("edition 2026;\n", out);
    write_record(chooser, 0, chosen, out);
    write_record(chooser, 1, chosen, out);
    fputs("mapping m between s.r as l and d.r as r { link l.key <-> r.ref; first contact l;\n",
          out);
    for (unsigned f = 0; f < FIELDS; f++)
        fprintf(out, "field f%u l.f%u <-> r.f%u %s\n", f, f, f, chosen[f]->rule);
    fputs(CHOOSE(chooser, creations), out);
    for (unsigned side = 0; side < 2; side++) {
        const char *name = side ? "r" : "l";
        fprintf(out, "on %s change send all%s;\n", name, CHOOSE(chooser, whens));
        fprintf(out, "on %s move send all%s;\n", name, CHOOSE(chooser, whens));
        fprintf(out, "on %s close send all;\non %s reopen send all;\n", name, name);
    }
    fputs(CHOOSE(chooser, extras), out);
    fputs("}\n", out);
}

/* What the proof says and how many findings there are then, as text for free(). */
static char *proof_of(const char *text, size_t length)
{
    struct duet_compilation *compilation = NULL;
    char *told = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&told, &size);
    if (!out || duet_compile_text("fuzz.duet", text, length, &compilation) != DUET_OK)
        abort();
    struct duet_diags *diags = duet_compilation_diags(compilation);
    char *proof = duet_file_proof(compilation, diags);
    fputs(proof ? proof : "", out);
    free(proof);
    duet_diags_render_text(diags, duet_compilation_sources(compilation), DUET_DIAG_PLAIN, out);
    fclose(out);
    duet_compilation_free(compilation);
    return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct chooser chooser = { data, data + size };
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        abort();
    write_mapping(&chooser, out);
    fclose(out);
    char *once = proof_of(text, length);
    char *twice = proof_of(text, length);
    if (strcmp(once, twice) != 0)
        abort();
    if (getenv("DUET_FUZZ_SHOW"))
        printf("%s%s\n", text, once);
    free(once);
    free(twice);
    free(text);
    return 0;
}
