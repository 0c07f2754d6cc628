/* From a file's text to its tree: the only door to the generated lexer and parser.
 *
 * Resolves imports (relative to the file that names them, each file once) and nothing else: whether
 * a name exists and a type fits is dsl/check. Findings go to the diagnostics; what could be parsed
 * is in the tree even when there are findings, so that later passes can add theirs. No state is kept
 * between calls and none is global: two files can be parsed at once.
 *
 * Limits, each a finding: DUET_SOURCE_BYTES_MAX, DUET_SOURCE_FILES_MAX, DUET_PARSE_NESTING_MAX,
 * DUET_DIAG_MAX. */
#pragma once

#include <stddef.h>

#include "dsl/ast.h"
#include "dsl/status.h"

#define DUET_PARSE_NESTING_MAX 64 /* brackets within brackets, and `not` before `not` */
#define DUET_PARSE_IMPORT_MAX 64  /* imports within imports */

struct duet_arena;
struct duet_diags;
struct duet_intern;
struct duet_sources;

/* Where a parse puts what it makes; the caller owns all four, and they outlive the tree. */
struct duet_parse_context {
    struct duet_arena *arena;
    struct duet_intern *names;
    struct duet_sources *sources;
    struct duet_diags *diags;
};

/* Parses a file and all that it imports, imported files first. *program_out is never NULL on DUET_OK,
 * also when there are findings. Not DUET_OK only when the first file itself can't be read:
 * DUET_NOT_FOUND, DUET_FAILED, DUET_INVALID, with a finding that says so. */
enum duet_status duet_parse_file(const struct duet_parse_context *context, const char *path,
                                 struct duet_ast_program **program_out);

/* The same for a text from memory; its imports are resolved as if it stood at path. */
enum duet_status duet_parse_text(const struct duet_parse_context *context, const char *path,
                                 const char *text, size_t length,
                                 struct duet_ast_program **program_out);
