/* From a file's bytes to its tokens: the lexer's actions. The rules stand in grammar/duet.l, which calls
 * these; each reports what is wrong with its token and gives a token that parsing can go on with. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsl/parse_state.h"

#define DUET_SCAN_TOKENS_MAX 2000000u

struct duet_scan {
    struct duet_parse_state *state;
    uint32_t start; /* of the token being read */
    uint32_t end;
    uint32_t line;
    uint32_t line_start;
    uint32_t indent;
    bool line_has_token;
    bool is_full;            /* and that was said */
    struct duet_token token; /* only its value is set by the actions */
    bool told;               /* a finding was made since the last token */
};

/* All tokens of the state's file into its list, the end of the file last. A file that isn't UTF-8 has
 * no tokens but that one. */
void duet_scan_file(struct duet_parse_state *state);

/* In grammar/duet.l: runs the rules over a text. */
void duet_scan_run(struct duet_scan *scan, const char *text, size_t length);

/* Called at each token and each gap. */
void duet_scan_advance(struct duet_scan *scan, int length);
void duet_scan_line(struct duet_scan *scan);
void duet_scan_comment(struct duet_scan *scan);
/* Keeps the token that was read; false: there are too many, stop. */
bool duet_scan_take(struct duet_scan *scan, int kind);

/* Each gives back the kind, but for duet_scan_open_length(). */
int duet_scan_word(struct duet_scan *scan, int kind, const char *text, int length);
/* A word with letters that only a quoted name may have. */
int duet_scan_foreign_word(struct duet_scan *scan, int kind, const char *text, int length);
int duet_scan_text(struct duet_scan *scan, int kind, const char *text, int length);
/* A text whose closing quote is missing: how much of its line is taken for it (the rest is read again),
 * and the text itself. */
int duet_scan_open_length(struct duet_scan *scan, const char *text, int length);
int duet_scan_open_text(struct duet_scan *scan, int kind, const char *text, int length);
int duet_scan_number(struct duet_scan *scan, int kind, const char *text);
int duet_scan_fraction(struct duet_scan *scan, int kind, const char *text, int length);
int duet_scan_duration(struct duet_scan *scan, int kind, const char *text);
int duet_scan_bad_number(struct duet_scan *scan, int kind, const char *text, int length);

/* A sign of other languages: reported with the word or sign that it means here, for which it is taken. */
int duet_scan_foreign_sign(struct duet_scan *scan, int kind, const char *meant);
int duet_scan_foreign_arrow(struct duet_scan *scan, int kind, const char *meant);
/* `=>`: `at_least` within a condition, `right` elsewhere. */
int duet_scan_fat_arrow(struct duet_scan *scan, int at_least, int right);
/* 'text', or a text in curly quotes: each of `mark` bytes. */
int duet_scan_foreign_quotes(struct duet_scan *scan, int kind, const char *text, int length,
                             int mark);
/* A comment of another language, and a blank that isn't one: reported and left out. */
void duet_scan_foreign_comment(struct duet_scan *scan, const char *text);
void duet_scan_odd_blank(struct duet_scan *scan);
/* `<>`: `unequal` within a condition, `both` elsewhere. */
int duet_scan_unequal(struct duet_scan *scan, int unequal, int both);

/* What can't stand anywhere: reported and left out. */
void duet_scan_stray(struct duet_scan *scan, const char *text);
void duet_scan_nul(struct duet_scan *scan, int length);

_Noreturn void duet_scan_out_of_memory(void);

/* A token at the end of the list; the list grows. */
void duet_token_list_add(struct duet_token_list *list, struct duet_token token);
void duet_token_list_finish(struct duet_token_list *list);
