/* A mapping of the test's own: the shipped one, in a file of the laboratory's folder that a test may change. */
#pragma once

#include "tests/support/http_case.h"

/* The fleet runs a copy of the shipped mapping from now on. */
void http_own_mapping(struct http_case *test);
/* The first place in it that says `from` says `to`; fails where none does. */
void http_change_mapping(struct http_case *test, const char *from, const char *to);

/* Where it lies, and the one that it was made from; to be freed, as is the changed text. */
char *http_own_path(const struct http_case *test);
char *http_shipped_path(void);
char *http_replaced(const char *text, const char *from, const char *to);
