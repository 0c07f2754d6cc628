/* What the numbers in rule tables are called: the spelling of the language where it has one. */
#pragma once

#include "dsl/tables.h"

/* The name of a CODE column's value, NULL for a value or column that has none. */
const char *duet_tables_code_name(enum duet_section section, const char *column, uint32_t code);

/* The spelling of an operation, such as "==" or "starts with". */
const char *duet_tables_op_name(enum duet_op op);

/* What stands for a reference in a template, such as "since" or "note.text"; NULL for those that have names of their own. */
const char *duet_tables_ref_name(enum duet_ref ref);

/* The flag with that bit, such as "required"; NULL for none. */
const char *duet_tables_flag_name(uint32_t flag);
