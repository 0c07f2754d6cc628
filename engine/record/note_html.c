/* What a reader sees of a note's HTML: one pass over the bytes, no tree.
 *
 *     text  -- '<' letter or '/' --> tag, up to its '>', quotes heeded  --> blocks and <br> become line ends
 *           -- "<!--" ------------> comment, dropped
 *           -- <script>, <style> -> all up to its end tag, dropped
 *           -- '&' --------------> entity, or itself
 *
 * A '<' that begins nothing of this kind, or no tag that ends, is itself. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/record/note_text.h"

#define NAME_MAX_BYTES 12U   /* of a tag that means something to us */
#define ENTITY_MAX_BYTES 12U /* "&thetasym;" and "&#x10ffff;" have fewer */

struct reading {
    const char *at;
    char *text; /* never longer than the HTML: see put_entity() */
    size_t length;
    bool has_tags;           /* else line ends are the writer's own */
    bool is_blank_due;       /* white space that was seen and not yet written */
    bool is_line_due;        /* a block begins or ended */
    bool is_tag_endless;     /* a tag that doesn't end was met: no later '<' is looked at */
    bool is_comment_endless; /* the same of declarations, */
    bool is_content_endless; /* and of <script> and its like */
    unsigned preformatted;
};

/* --- writing ------------------------------------------------------------------------------------------- */

static void put(struct reading *reading, const char *bytes, size_t count)
{
    bool is_at_start = reading->length == 0 || reading->text[reading->length - 1] == '\n';
    if (reading->is_line_due && !is_at_start)
        reading->text[reading->length++] = '\n';
    else if (reading->is_blank_due && !is_at_start && !reading->is_line_due)
        reading->text[reading->length++] = ' ';
    reading->is_line_due = false;
    reading->is_blank_due = false;
    memcpy(reading->text + reading->length, bytes, count);
    reading->length += count;
}

/* <br>, and line ends that count. */
static void put_line_end(struct reading *reading)
{
    put(reading, "", 0);
    reading->text[reading->length++] = '\n';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static void put_space(struct reading *reading, char c)
{
    bool is_line_end = c == '\n' || (c == '\r' && reading->at[1] != '\n');
    if (reading->has_tags && reading->preformatted == 0)
        reading->is_blank_due = true;
    else if (is_line_end)
        put_line_end(reading);
    else if (c != '\r')
        put(reading, &c, 1);
}

/* --- entities ------------------------------------------------------------------------------------------ */

static const struct entity {
    const char *name;
    const char *text; /* not longer than "&name;" */
} entities[] = {
    { "amp", "&" },         { "lt", "<" },          { "gt", ">" },          { "quot", "\"" },
    { "apos", "'" },        { "nbsp", " " },        { "shy", "" },          { "ensp", " " },
    { "emsp", " " },        { "thinsp", " " },      { "copy", "\u00a9" },   { "reg", "\u00ae" },
    { "trade", "\u2122" },  { "deg", "\u00b0" },    { "plusmn", "\u00b1" }, { "middot", "\u00b7" },
    { "bull", "\u2022" },   { "hellip", "\u2026" }, { "ndash", "\u2013" },  { "mdash", "\u2014" },
    { "lsquo", "\u2018" },  { "rsquo", "\u2019" },  { "ldquo", "\u201c" },  { "rdquo", "\u201d" },
    { "laquo", "\u00ab" },  { "raquo", "\u00bb" },  { "euro", "\u20ac" },   { "pound", "\u00a3" },
    { "sect", "\u00a7" },   { "para", "\u00b6" },   { "times", "\u00d7" },  { "larr", "\u2190" },
    { "rarr", "\u2192" },   { "auml", "\u00e4" },   { "ouml", "\u00f6" },   { "uuml", "\u00fc" },
    { "Auml", "\u00c4" },   { "Ouml", "\u00d6" },   { "Uuml", "\u00dc" },   { "szlig", "\u00df" },
    { "agrave", "\u00e0" }, { "aacute", "\u00e1" }, { "acirc", "\u00e2" },  { "ccedil", "\u00e7" },
    { "egrave", "\u00e8" }, { "eacute", "\u00e9" }, { "ecirc", "\u00ea" },  { "ntilde", "\u00f1" },
    { "oacute", "\u00f3" }, { "ocirc", "\u00f4" },  { "aring", "\u00e5" },  { "oslash", "\u00f8" },
};

/* Writes a code point; what is none, and control characters, as U+FFFD. */
static size_t encode(unsigned long code, char bytes[4])
{
    if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ||
        (code < 0x20 && code != '\t' && code != '\n' && code != '\r'))
        code = 0xfffd;
    if (code < 0x80) {
        bytes[0] = (char)code;
        return 1;
    }
    size_t count = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char first[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    for (size_t i = count; i-- > 1; code >>= 6)
        bytes[i] = (char)(0x80U | (code & 0x3fU));
    bytes[0] = (char)(first[count] | code);
    return count;
}

/* "#123" or "#x7b"; the bytes written, 0: no number. */
static size_t numeric(const char *name, size_t length, char bytes[4])
{
    bool is_hexadecimal = length > 1 && (name[1] == 'x' || name[1] == 'X');
    const char *digits = name + (is_hexadecimal ? 2 : 1);
    size_t count = length - (size_t)(digits - name);
    if (count == 0 ||
        strspn(digits, is_hexadecimal ? "0123456789abcdefABCDEF" : "0123456789") < count)
        return 0;
    return encode(strtoul(digits, NULL, is_hexadecimal ? 16 : 10), bytes);
}

/* "&#0;" has four bytes and U+FFFD three: nothing written is longer than what is read. */
static void put_entity(struct reading *reading)
{
    const char *name = reading->at + 1;
    size_t length = strcspn(name, "; &<\n");
    char bytes[4];
    if (length > 0 && length <= ENTITY_MAX_BYTES && name[length] == ';') {
        size_t count = name[0] == '#' ? numeric(name, length, bytes) : 0;
        if (count == 1 && is_space(bytes[0])) {
            put_space(reading, bytes[0] == '\r' ? '\n' : bytes[0]);
            reading->at = name + length + 1;
            return;
        }
        const char *text = count > 0 ? bytes : NULL;
        for (size_t i = 0; !text && i < sizeof entities / sizeof *entities; i++) {
            if (strncmp(entities[i].name, name, length) == 0 && entities[i].name[length] == '\0') {
                text = entities[i].text;
                count = strlen(text);
            }
        }
        if (text) {
            put(reading, text, count);
            reading->at = name + length + 1;
            return;
        }
    }
    put(reading, "&", 1);
    reading->at++;
}

/* --- tags ------------------------------------------------------------------------------------------------ */

struct tag {
    char name[NAME_MAX_BYTES + 1]; /* "" when it is longer: none of those that matter */
    bool is_end;
    const char *behind; /* its '>' */
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++) {
        if (strcasecmp(name, *names) == 0)
            return true;
    }
    return false;
}

/* Behind the '>' that ends the tag; NULL: there is none. */
static const char *tag_end(const char *at)
{
    char quote = '\0';
    for (; *at; at++) {
        if (quote && *at == quote)
            quote = '\0';
        else if (!quote && (*at == '"' || *at == '\'') && at[-1] == '=')
            quote = *at;
        else if (!quote && *at == '>')
            return at + 1;
    }
    return NULL;
}

static bool read_tag(const char *at, struct tag *tag)
{
    const char *name = at + 1;
    *tag = (struct tag){ .is_end = *name == '/' };
    name += tag->is_end;
    if (!is_letter(*name))
        return false;
    size_t length = strcspn(name, " \t\r\n\f/>");
    if (length <= NAME_MAX_BYTES)
        memcpy(tag->name, name, length);
    tag->behind = tag_end(name);
    return tag->behind != NULL;
}

/* Behind the end tag of an element whose content is no text; NULL: there is none. */
static const char *skip_content(const char *at, const char *name)
{
    size_t length = strlen(name);
    for (at = strstr(at, "</"); at; at = strstr(at + 2, "</")) {
        if (strncasecmp(at + 2, name, length) == 0 && !is_letter(at[2 + length])) {
            const char *end = strchr(at, '>');
            return end ? end + 1 : at + strlen(at);
        }
    }
    return NULL;
}

static void mean_tag(struct reading *reading, const struct tag *tag)
{
    static const char *const hidden[] = { "script", "style", "head", "title", "template", NULL };
    static const char *const blocks[] = { "p",          "div",     "li",      "ul",     "ol",
                                          "tr",         "table",   "h1",      "h2",     "h3",
                                          "h4",         "h5",      "h6",      "hr",     "dl",
                                          "blockquote", "section", "article", "header", "footer",
                                          "dt",         "dd",      NULL };
    static const char *const cells[] = { "td", "th", NULL };
    reading->at = tag->behind;
    if (!tag->is_end && is_one_of(tag->name, hidden)) {
        const char *behind =
            reading->is_content_endless ? NULL : skip_content(tag->behind, tag->name);
        reading->is_content_endless = behind == NULL;
        reading->at = behind ? behind : tag->behind;
    } else if (strcasecmp(tag->name, "br") == 0) {
        put_line_end(reading);
    } else if (strcasecmp(tag->name, "pre") == 0) {
        reading->is_line_due = true;
        if (!tag->is_end)
            reading->preformatted++;
        else if (reading->preformatted > 0)
            reading->preformatted--;
    } else if (is_one_of(tag->name, blocks)) {
        reading->is_line_due = true;
        if (!tag->is_end && strcasecmp(tag->name, "li") == 0)
            put(reading, "- ", 2);
    } else if (is_one_of(tag->name, cells)) {
        reading->is_blank_due = true;
    }
}

/* "<!-- ... -->", "<!DOCTYPE ...>", "<? ... >". */
static bool skip_declaration(struct reading *reading)
{
    bool is_comment = strncmp(reading->at, "<!--", 4) == 0;
    if (reading->is_comment_endless || (reading->at[1] != '!' && reading->at[1] != '?'))
        return false;
    const char *end = is_comment ? strstr(reading->at + 2, "-->") : strchr(reading->at, '>');
    reading->is_comment_endless = end == NULL;
    if (end)
        reading->at = end + (is_comment ? 3 : 1);
    return end != NULL;
}

static void read_angle(struct reading *reading)
{
    struct tag tag;
    if (skip_declaration(reading))
        return;
    bool may_be = !reading->is_tag_endless && is_letter(reading->at[reading->at[1] == '/' ? 2 : 1]);
    if (may_be && read_tag(reading->at, &tag)) {
        mean_tag(reading, &tag);
        return;
    }
    reading->is_tag_endless = reading->is_tag_endless || may_be;
    put(reading, "<", 1);
    reading->at++;
}

static bool has_tag(const char *html)
{
    for (const char *at = strchr(html, '<'); at; at = strchr(at + 1, '<')) {
        if (at[1] == '/' || is_letter(at[1]))
            return strchr(at, '>') != NULL;
    }
    return false;
}

const char *duet_note_from_html(const char *html, struct duet_arena *arena)
{
    size_t room = 2 * strlen(html) + 2; /* each byte gives at most itself and what was due before */
    struct reading reading = { .at = html,
                               .text = duet_arena_alloc(arena, room),
                               .has_tags = has_tag(html) };
    while (*reading.at) {
        if (*reading.at == '<') {
            read_angle(&reading);
        } else if (*reading.at == '&') {
            put_entity(&reading);
        } else if (is_space(*reading.at)) {
            put_space(&reading, *reading.at);
            reading.at++;
        } else {
            put(&reading, reading.at, 1);
            reading.at++;
        }
    }
    char *text = reading.text;
    while (reading.length > 0 && is_space(text[reading.length - 1]))
        reading.length--;
    text[reading.length] = '\0';
    return text + strspn(text, " \t\r\n\f\v");
}
