/* What a word, a text, a number or a stray byte comes to. */
#include "dsl/scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/ast_fleet.h"
#include "dsl/intern.h"
#include "grammar/duet.tab.h"

#define EXIT_WORLD_FAILED 3
#define SHOWN_MAX 40 /* bytes of the source repeated in a message */
#define FRACTION_MAX 40
#define DURATION_MAX (366LL * 24 * 60 * 60 * 1000)

_Noreturn void duet_scan_out_of_memory(void)
{
    fputs("duet: out of memory\n", stderr);
    exit(EXIT_WORLD_FAILED);
}

void duet_token_list_add(struct duet_token_list *list, struct duet_token token)
{
    if (list->count == list->room) {
        size_t room = list->room == 0 ? 1024 : list->room * 2;
        struct duet_token *tokens = realloc(list->tokens, room * sizeof *tokens);
        if (tokens == NULL)
            duet_scan_out_of_memory();
        list->tokens = tokens;
        list->room = room;
    }
    list->tokens[list->count++] = token;
}

void duet_token_list_finish(struct duet_token_list *list)
{
    free(list->tokens);
    *list = (struct duet_token_list){ 0 };
}

/* --- places and findings --------------------------------------------------------------------------- */

static struct duet_span here(const struct duet_scan *scan)
{
    return duet_parse_span(scan->state, scan->start, scan->end);
}

/* The list for a finding about the token at hand. */
static struct duet_diags *diags_of(struct duet_scan *scan)
{
    scan->told = true;
    return scan->state->context->diags;
}

void duet_scan_advance(struct duet_scan *scan, int length)
{
    scan->start = scan->end;
    scan->end += (uint32_t)length;
}

void duet_scan_line(struct duet_scan *scan)
{
    scan->line++;
    scan->line_start = scan->end;
    scan->line_has_token = false;
}

/* Whether one more word, sign or comment is one too many, reported once. */
static bool is_full(struct duet_scan *scan)
{
    if (scan->state->list.count + scan->state->file->comments.count < DUET_SCAN_TOKENS_MAX)
        return false;
    if (!scan->is_full)
        duet_diag_add(diags_of(scan), DUET_DIAG_FILE_LIMIT, here(scan),
                      "the file has more than %u words, signs and comments", DUET_SCAN_TOKENS_MAX);
    scan->is_full = true;
    return true;
}

void duet_scan_comment(struct duet_scan *scan)
{
    if (is_full(scan))
        return;
    struct duet_ast_comment *comment =
        duet_arena_alloc(scan->state->context->arena, sizeof *comment);
    comment->at = here(scan);
    scan->state->file->comments =
        duet_ast_comment_list_append(scan->state->file->comments, comment);
}

bool duet_scan_take(struct duet_scan *scan, int kind)
{
    struct duet_token_list *list = &scan->state->list;
    if (is_full(scan))
        return false;
    struct duet_token token = scan->token;
    token.kind = kind;
    token.start = scan->start;
    token.end = scan->end;
    token.line = scan->line;
    token.told = scan->told;
    scan->told = false;
    token.first_on_line = !scan->line_has_token;
    if (token.first_on_line)
        scan->indent = scan->start - scan->line_start;
    token.indent = scan->indent;
    scan->line_has_token = true;
    scan->token.value.text = NULL;
    duet_token_list_add(list, token);
    return true;
}

/* --- words and texts --------------------------------------------------------------------------------- */

int duet_scan_word(struct duet_scan *scan, int kind, const char *text, int length)
{
    scan->token.value.text = duet_intern_text(scan->state->context->names, text, (size_t)length);
    return kind;
}

/* Reads the inside of one quoted text. */
struct unescape {
    struct duet_scan *scan;
    const char *text; /* what wasn't read yet */
    const char *end;
    uint32_t offset; /* of text in the source */
    char *out;
    size_t length;
};

static void put_byte(struct unescape *reader, unsigned value)
{
    reader->out[reader->length++] = (char)(unsigned char)value;
}

/* At most 4 bytes; an escape that makes them is at least 6 long, so they always fit. */
static void put_character(struct unescape *reader, uint32_t value)
{
    if (value < 0x80) {
        put_byte(reader, value);
    } else if (value < 0x800) {
        put_byte(reader, 0xc0 | (value >> 6));
        put_byte(reader, 0x80 | (value & 0x3f));
    } else if (value < 0x10000) {
        put_byte(reader, 0xe0 | (value >> 12));
        put_byte(reader, 0x80 | ((value >> 6) & 0x3f));
        put_byte(reader, 0x80 | (value & 0x3f));
    } else {
        put_byte(reader, 0xf0 | (value >> 18));
        put_byte(reader, 0x80 | ((value >> 12) & 0x3f));
        put_byte(reader, 0x80 | ((value >> 6) & 0x3f));
        put_byte(reader, 0x80 | (value & 0x3f));
    }
}

static void report_escape(const struct unescape *reader, size_t length, const char *expected)
{
    struct duet_span at =
        duet_parse_span(reader->scan->state, reader->offset, reader->offset + (uint32_t)length);
    struct duet_diag *diag =
        duet_diag_add(diags_of(reader->scan), DUET_DIAG_TEXT_ESCAPE, at,
                      "'%.*s' is not an escape: expected %s", (int)length, reader->text, expected);
    duet_diag_help(diag, "write '\\\\' for a backslash itself");
}

static void advance(struct unescape *reader, size_t length)
{
    reader->text += length;
    reader->offset += (uint32_t)length;
}

/* Four hexadecimal digits at text + 2; -1 when there are none. */
static long unit_at(const struct unescape *reader, const char *text)
{
    long value = 0;
    if (reader->end - text < 6 || text[0] != '\\' || text[1] != 'u')
        return -1;
    for (int i = 2; i < 6; i++) {
        const char *digits = "0123456789abcdef0123456789ABCDEF";
        const char *found = text[i] == '\0' ? NULL : strchr(digits, text[i]);
        if (found == NULL)
            return -1;
        value = value * 16 + (found - digits) % 16;
    }
    return value;
}

static void read_unicode(struct unescape *reader)
{
    long first = unit_at(reader, reader->text);
    if (first < 0) {
        size_t left = (size_t)(reader->end - reader->text);
        report_escape(reader, left < 6 ? left : 6, "'\\u' and four hexadecimal digits");
        advance(reader, 2);
        return;
    }
    bool high = first >= 0xd800 && first < 0xdc00;
    long second = high ? unit_at(reader, reader->text + 6) : -1;
    if (high && second >= 0xdc00 && second < 0xe000) {
        put_character(reader, 0x10000u + (((uint32_t)first - 0xd800u) << 10) +
                                  ((uint32_t)second - 0xdc00u));
        advance(reader, 12);
        return;
    }
    if (first == 0 || (first >= 0xd800 && first < 0xe000))
        report_escape(reader, 6, first == 0 ? "any character but NUL" : "a pair of surrogates");
    else
        put_character(reader, (uint32_t)first);
    advance(reader, 6);
}

static void read_escape(struct unescape *reader)
{
    static const char from[] = "\"\\/ntrbf";
    static const char to[] = "\"\\/\n\t\r\b\f";

    const char *found = reader->text[1] == '\0' ? NULL : strchr(from, reader->text[1]);
    if (reader->text[1] == 'u') {
        read_unicode(reader);
        return;
    }
    if (found != NULL) {
        put_byte(reader, (unsigned char)to[found - from]);
    } else {
        size_t length = 2;
        while (reader->text + length < reader->end &&
               ((unsigned char)reader->text[length] & 0xc0u) == 0x80u)
            length++;
        report_escape(reader, length, "one of \\\" \\\\ \\/ \\n \\t \\r \\b \\f \\uXXXX");
    }
    advance(reader, 2);
}

/* The inside of a quoted text, from start to end. */
static const char *unescaped(struct duet_scan *scan, const char *text, size_t length)
{
    struct duet_intern *names = scan->state->context->names;
    bool nul = memchr(text, '\0', length) != NULL;
    if (memchr(text, '\\', length) == NULL && !nul)
        return duet_intern_text(names, text, length);

    if (nul)
        duet_diag_add(diags_of(scan), DUET_DIAG_BAD_CHARACTER, here(scan),
                      "a quoted text holds a NUL byte");
    char *out = malloc(length + 1);
    if (out == NULL)
        duet_scan_out_of_memory();
    struct unescape reader = { scan, text, text + length, scan->start + 1, out, 0 };
    while (reader.text < reader.end) {
        if (reader.text[0] == '\\' && reader.end - reader.text >= 2) {
            read_escape(&reader);
        } else {
            if (reader.text[0] != '\0')
                put_byte(&reader, (unsigned char)reader.text[0]);
            advance(&reader, 1);
        }
    }
    const char *interned = duet_intern_text(names, out, reader.length);
    free(out);
    return interned;
}

int duet_scan_text(struct duet_scan *scan, int kind, const char *text, int length)
{
    scan->token.value.text = unescaped(scan, text + 1, (size_t)length - 2);
    return kind;
}

/* Most often the closing quote was forgotten before the ';' or '{' that ends the line: that isn't part of
 * the text, so that one mistake is one finding. */
int duet_scan_open_length(struct duet_scan *scan, const char *text, int length)
{
    int kept = length;
    while (kept > 1 && (text[kept - 1] == ' ' || text[kept - 1] == '\t' || text[kept - 1] == ';' ||
                        text[kept - 1] == '{'))
        kept--;
    scan->end -= (uint32_t)(length - kept);
    return kept;
}

int duet_scan_open_text(struct duet_scan *scan, int kind, const char *text, int length)
{
    struct duet_diag *diag = duet_diag_add(diags_of(scan), DUET_DIAG_TEXT_UNTERMINATED,
                                           duet_parse_span(scan->state, scan->start, scan->end),
                                           "a quoted text doesn't end on its line: expected '\"'");
    duet_diag_help(diag, "a line end within a text is written '\\n'");
    duet_diag_fix(diag, DUET_FIX_MAYBE, duet_parse_span(scan->state, scan->end, scan->end), "\"");
    scan->token.value.text = unescaped(scan, text + 1, (size_t)length - 1);
    return kind;
}

/* --- numbers ----------------------------------------------------------------------------------------- */

static struct duet_diag *report_number(struct duet_scan *scan, const char *text,
                                       const char *expected)
{
    return duet_diag_add(diags_of(scan), DUET_DIAG_BAD_NUMBER, here(scan), "'%.*s%s' %s", SHOWN_MAX,
                         text, strlen(text) > SHOWN_MAX ? "..." : "", expected);
}

int duet_scan_number(struct duet_scan *scan, int kind, const char *text)
{
    errno = 0;
    scan->token.value.number = strtoll(text, NULL, 10);
    if (errno == ERANGE) {
        (void)report_number(scan, text, "is too big: expected at most 9223372036854775807");
        scan->token.value.number = 0;
    }
    return kind;
}

int duet_scan_fraction(struct duet_scan *scan, int kind, const char *text, int length)
{
    if (length > FRACTION_MAX) {
        (void)report_number(scan, text, "has too many digits: expected at most 38");
        text = "0.0";
        length = 3;
    }
    return duet_scan_word(scan, kind, text, length);
}

static const struct {
    const char *unit;
    int64_t milliseconds;
} units[] = {
    { "ms", 1 },
    { "s", 1000 },
    { "min", 60 * 1000 },
    { "h", 60 * 60 * 1000 },
    { "d", 24 * 60 * 60 * 1000 },
};

int duet_scan_duration(struct duet_scan *scan, int kind, const char *text)
{
    char *unit = NULL;
    int64_t factor = 0;

    errno = 0;
    int64_t amount = strtoll(text, &unit, 10);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(unit, units[i].unit) == 0)
            factor = units[i].milliseconds;
    }
    if (errno == ERANGE || factor == 0 || amount > DURATION_MAX / factor) {
        (void)report_number(scan, text, "is too long: expected at most 366d");
        amount = 0;
    }
    scan->token.value.number = amount * factor;
    return kind;
}

/* A unit by another name; NULL: none. */
static const char *unit_meant(const char *name, size_t length)
{
    static const struct {
        const char *name;
        const char *unit;
    } names[] = {
        { "m", "min" },  { "mins", "min" }, { "minute", "min" }, { "minutes", "min" },
        { "sec", "s" },  { "secs", "s" },   { "second", "s" },   { "seconds", "s" },
        { "hr", "h" },   { "hour", "h" },   { "hours", "h" },    { "day", "d" },
        { "days", "d" }, { "msec", "ms" },
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i].name) == length && memcmp(names[i].name, name, length) == 0)
            return names[i].unit;
    }
    return NULL;
}

int duet_scan_bad_number(struct duet_scan *scan, int kind, const char *text, int length)
{
    struct duet_diag *diag = report_number(
        scan, text,
        "is no number and no duration: expected digits, or digits with ms, s, min, h or d");
    size_t digits = strspn(text, "0123456789");
    const char *unit = unit_meant(text + digits, (size_t)length - digits);
    if (unit) {
        duet_diag_help(diag, "write `%.*s%s`", (int)digits, text, unit);
        duet_diag_fix(diag, DUET_FIX_MAYBE, here(scan), "%.*s%s", (int)digits, text, unit);
    }
    scan->token.value.number = 1; /* what nothing else complains of */
    return kind;
}

/* --- what can't stand anywhere ------------------------------------------------------------------------- */

static bool is_blank_at(const struct duet_scan *scan, uint32_t offset)
{
    const char *text = duet_source_text(scan->state->context->sources, scan->state->file->file);
    return strchr(" \t\r\n", text[offset]) != NULL; /* the NUL at the end, too */
}

int duet_scan_foreign_sign(struct duet_scan *scan, int kind, const char *meant)
{
    const char *source = duet_source_text(scan->state->context->sources, scan->state->file->file);
    struct duet_diag *diag = duet_diag_add(diags_of(scan), DUET_DIAG_BAD_CHARACTER, here(scan),
                                           "expected '%s', found '%.*s'", meant,
                                           (int)(scan->end - scan->start), source + scan->start);
    bool before = scan->start > 0 && !is_blank_at(scan, scan->start - 1);
    duet_diag_help(diag, "write '%s'", meant);
    duet_diag_fix(diag, DUET_FIX_SAFE, here(scan), "%s%s%s", before ? " " : "", meant,
                  is_blank_at(scan, scan->end) ? "" : " ");
    scan->token.value.text = duet_intern_text(scan->state->context->names, meant, strlen(meant));
    return kind;
}

/* Whether a `when` stands before in the statement that is being read. */
static bool in_condition(const struct duet_token_list *list)
{
    for (size_t i = list->count; i > 0; i--) {
        int kind = list->tokens[i - 1].kind;
        if (kind == DUET_TOKEN_WHEN)
            return true;
        if (kind == ';' || kind == '{' || kind == '}')
            return false;
    }
    return false;
}

int duet_scan_foreign_arrow(struct duet_scan *scan, int kind, const char *meant)
{
    (void)duet_scan_foreign_sign(scan, kind, meant);
    scan->token.value.text = NULL;
    return kind;
}

int duet_scan_unequal(struct duet_scan *scan, int unequal, int both)
{
    if (in_condition(&scan->state->list))
        return duet_scan_foreign_arrow(scan, unequal, "!=");
    return duet_scan_foreign_arrow(scan, both, "<->");
}

int duet_scan_fat_arrow(struct duet_scan *scan, int at_least, int right)
{
    if (in_condition(&scan->state->list))
        return duet_scan_foreign_arrow(scan, at_least, ">=");
    return duet_scan_foreign_arrow(scan, right, "->");
}

/* `mark` bytes before the text and as many behind it. */
int duet_scan_foreign_quotes(struct duet_scan *scan, int kind, const char *text, int length,
                             int mark)
{
    int inside = length - 2 * mark;
    struct duet_diag *diag =
        duet_diag_add(diags_of(scan), DUET_DIAG_BAD_CHARACTER, here(scan),
                      "texts and names of several words stand in '\"', not in '%.*s'", mark, text);
    duet_diag_help(diag, "write \"%.*s\"", inside, text + mark);
    if (!memchr(text, '"', (size_t)length) && !memchr(text, '\\', (size_t)length))
        duet_diag_fix(diag, DUET_FIX_SAFE, here(scan), "\"%.*s\"", inside, text + mark);
    return duet_scan_word(scan, kind, text + mark, inside);
}

void duet_scan_foreign_comment(struct duet_scan *scan, const char *text)
{
    struct duet_span mark = duet_parse_span(scan->state, scan->start, scan->start + 2);
    struct duet_diag *diag = duet_diag_add(diags_of(scan), DUET_DIAG_BAD_CHARACTER, mark,
                                           "a comment begins with '#', not with '%.2s'", text);
    if (text[1] == '*')
        duet_diag_help(diag, "write '#' before each of its lines");
    else
        duet_diag_fix(diag, DUET_FIX_SAFE, mark, "#");
    duet_scan_comment(scan);
    scan->told = false; /* what stands behind it is as good as before */
}

void duet_scan_odd_blank(struct duet_scan *scan)
{
    struct duet_diag *diag = duet_diag_add(
        diags_of(scan), DUET_DIAG_BAD_CHARACTER, here(scan),
        "a blank of another kind stands here, such as a no-break space or one without width");
    duet_diag_help(diag, "write a plain blank");
    duet_diag_fix(diag, DUET_FIX_SAFE, here(scan), " ");
    scan->told = false;
}

void duet_scan_stray(struct duet_scan *scan, const char *text)
{
    duet_diag_add(diags_of(scan), DUET_DIAG_BAD_CHARACTER, here(scan), "'%s' can't stand here",
                  text);
}

int duet_scan_foreign_word(struct duet_scan *scan, int kind, const char *text, int length)
{
    int shown = length > SHOWN_MAX ? SHOWN_MAX : length;
    while (shown < length && ((unsigned char)text[shown] & 0xc0u) == 0x80u)
        shown++;
    struct duet_diag *diag = duet_diag_add(diags_of(scan), DUET_DIAG_BAD_CHARACTER, here(scan),
                                           "'%.*s' is a name only in quotes", shown, text);
    duet_diag_help(diag, "a bare name has letters from a to z, digits and '_'");
    return duet_scan_word(scan, kind, text, length);
}

void duet_scan_nul(struct duet_scan *scan, int length)
{
    duet_diag_add(diags_of(scan), DUET_DIAG_BAD_CHARACTER, here(scan),
                  length == 1 ? "a NUL byte can't stand here" : "NUL bytes can't stand here");
}

/* --- the whole file ------------------------------------------------------------------------------------ */

/* Length of the well-formed character at text, 0 when there is none. */
static size_t character_at(const unsigned char *text, size_t left)
{
    unsigned char first = text[0];
    if (first < 0x80)
        return 1;
    size_t length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length == 0 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0u) != 0x80u)
            return 0;
    }
    bool overlong = (first == 0xe0 && text[1] < 0xa0) || (first == 0xf0 && text[1] < 0x90);
    bool surrogate = first == 0xed && text[1] > 0x9f;
    bool beyond = first == 0xf4 && text[1] > 0x8f;
    return overlong || surrogate || beyond ? 0 : length;
}

/* The lexer reads a token anew at each NUL in it: more than these few would take it quadratic time, and are no text. */
#define NULS_MAX 16u

static bool is_text(struct duet_parse_state *state, const char *text, size_t length)
{
    const char *nul = memchr(text, '\0', length);
    for (size_t count = 0; nul; count++) {
        if (count == NULS_MAX) {
            uint32_t at = (uint32_t)(nul - text);
            duet_diag_add(state->context->diags, DUET_DIAG_BAD_CHARACTER,
                          duet_parse_span(state, at, at + 1),
                          "the file isn't text: it has more than %u NUL bytes", NULS_MAX);
            return false;
        }
        size_t behind = (size_t)(nul + 1 - text);
        nul = memchr(nul + 1, '\0', length - behind);
    }
    return true;
}

static bool is_utf8(struct duet_parse_state *state, const char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t step = character_at((const unsigned char *)text + i, length - i);
        if (step == 0) {
            struct duet_diag *diag = duet_diag_add(
                state->context->diags, DUET_DIAG_BAD_ENCODING,
                duet_parse_span(state, (uint32_t)i, (uint32_t)i + 1),
                "the file isn't UTF-8: byte 0x%02x can't stand here", (unsigned char)text[i]);
            duet_diag_help(diag, "save the file as UTF-8");
            return false;
        }
        i += step;
    }
    return true;
}

void duet_scan_file(struct duet_parse_state *state)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";

    const char *text = duet_source_text(state->context->sources, state->file->file);
    size_t length = duet_source_length(state->context->sources, state->file->file);
    struct duet_scan scan = { .state = state, .line = 1 };

    if (is_text(state, text, length) && is_utf8(state, text, length)) {
        if (length >= 3 && memcmp(text, byte_order_mark, 3) == 0)
            duet_scan_advance(&scan, 3);
        duet_scan_run(&scan, text + scan.end, length - scan.end);
    }
    scan.start = (uint32_t)length;
    scan.end = (uint32_t)length;
    scan.line_has_token = false;
    scan.line_start = scan.start;
    struct duet_token end = { .kind = 0, .start = scan.start, .end = scan.end, .line = scan.line };
    end.first_on_line = true;
    duet_token_list_add(&state->list, end);
}
