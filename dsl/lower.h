/* From what a mapping means to its rule tables: no questions are asked here, everything was checked. */
#pragma once

#include <stddef.h>

#include "dsl/check.h"

/* The tables' bytes, owned by the caller (free()). Only for a mapping whose check added no errors. */
unsigned char *duet_lower(const struct duet_checker *check, const struct duet_m_mapping *mapping,
                          size_t *size_out);
