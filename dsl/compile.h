/* The front door of the compiler: from a file to findings, tree, rule tables and fleet. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "dsl/fleet_config.h"
#include "dsl/status.h"
#include "dsl/tables.h"

struct duet_ast_program;
struct duet_ast_test;
struct duet_compilation;
struct duet_diags;
struct duet_sources;

/* Parses a file and what it imports, checks all of it, and builds the tables of every mapping without
 * errors and of every distinct overlay of its tenants. *out is never NULL and owns everything that the
 * accessors give; free it with duet_compilation_free(). DUET_OK also when there are findings; otherwise
 * as duet_parse_file(), with a finding that says so. */
enum duet_status duet_compile_file(const char *path, struct duet_compilation **out);

/* The same for a text that stands in for the file at path. */
enum duet_status duet_compile_text(const char *path, const char *text, size_t length,
                                   struct duet_compilation **out);

/* The same where some texts are given already: each stands in for the file under its path, imported or not.
 * Takes over the sources. */
enum duet_status duet_compile_over(struct duet_sources *sources, const char *path,
                                   struct duet_compilation **out);

void duet_compilation_free(struct duet_compilation *compilation); /* NULL is fine */

struct duet_diags *duet_compilation_diags(const struct duet_compilation *compilation);
const struct duet_sources *duet_compilation_sources(const struct duet_compilation *compilation);
/* NULL when the first file couldn't be read. */
const struct duet_ast_program *duet_compilation_program(const struct duet_compilation *compilation);

/* Mappings, those of imported files first. */
size_t duet_compilation_mappings(const struct duet_compilation *compilation);
const char *duet_compilation_mapping_name(const struct duet_compilation *compilation, size_t index);
/* Whether it stands in the file that was asked for, not in one that it imports. */
bool duet_compilation_mapping_is_own(const struct duet_compilation *compilation, size_t index);
/* NULL when that mapping, or a system of it, has errors. */
const struct duet_tables *duet_compilation_tables(const struct duet_compilation *compilation,
                                                  size_t index);
/* The same as bytes, for a file; NULL likewise. */
const unsigned char *duet_compilation_bytes(const struct duet_compilation *compilation,
                                            size_t index, size_t *size_out);

/* The mapping that a test is of, by its index; false when none can be told (a finding says so). */
bool duet_compilation_tested(const struct duet_compilation *compilation,
                             const struct duet_ast_test *test, size_t *index_out);

/* NULL when no file has a tenant. */
const struct duet_fleet_config *duet_compilation_fleet(const struct duet_compilation *compilation);
