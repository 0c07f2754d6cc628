/* Tests of engine/record/note_text.h: what a reader sees of HTML, what goes over, how it is split and marked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/record/note_text.h"

#define MARK "0123456789abcdef0123456789abcdef"

static int set_up(void **data)
{
    *data = duet_arena_new();
    return 0;
}

static int tear_down(void **data)
{
    duet_arena_free(*data);
    return 0;
}

#define expect_text(html, text) assert_string_equal(duet_note_from_html(html, *data), text)

/* --- from HTML ------------------------------------------------------------------------------------------------ */

static void tags_are_gone_and_blocks_are_lines(void **data)
{
    expect_text("<p>one</p><p>two <b>bold</b></p>", "one\ntwo bold");
    expect_text("one<br>two<BR/>three<br />", "one\ntwo\nthree");
    expect_text("a<br><br>b", "a\n\nb");
    expect_text("<div>a</div>\n  <div>b</div>", "a\nb");
    expect_text("<ul><li>x</li><li>y</li></ul>", "- x\n- y");
    expect_text("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3");
    expect_text("<a title=\"1 > 0\" href='x'>link</a>", "link");
}

static void white_space_is_one_blank_where_there_are_tags(void **data)
{
    expect_text("<p>  a \n\t b  </p>", "a b");
    expect_text("<pre>a\n  b</pre>c", "a\n  b\nc");
    expect_text("  no tag\n  at all ", "no tag\n  at all");
    expect_text("one\r\ntwo", "one\ntwo");
}

static void entities_are_decoded_once(void **data)
{
    expect_text("&lt;b&gt; &amp;amp; &quot;&#39;&apos;", "<b> &amp; \"''");
    expect_text("&#228;&#xE4;&auml;&#x1F600;", "\u00e4\u00e4\u00e4\U0001F600");
    expect_text("R&D & x &unknown; &; &#; &#x; &#12a;", "R&D & x &unknown; &; &#; &#x; &#12a;");
    expect_text("&#0;&#xD800;&#x110000;&#1;", "\uFFFD\uFFFD\uFFFD\uFFFD");
    expect_text("a&nbsp;b", "a b");
}

static void what_is_no_text_is_dropped(void **data)
{
    expect_text("a<!-- hidden <b> -->b<!---->c<!-->d", "abcd");
    expect_text("<script>alert('<p>')</script>x<STYLE>p{}</style >y", "xy");
    expect_text("<!DOCTYPE html><html><head><title>t</title></head><body>z</body></html>", "z");
}

static void what_is_no_tag_stays(void **data)
{
    expect_text("1 < 2 and 3 > 2", "1 < 2 and 3 > 2");
    expect_text("a <3 b", "a <3 b");
    expect_text("x <unclosed y", "x <unclosed y");
    expect_text("<script>never closed", "never closed");
    expect_text("<!-- never closed", "<!-- never closed");
    expect_text("", "");
    expect_text("<", "<");
    expect_text("&", "&");
}

/* Each of these is read again from every place by a careless reader; under the sanitizers that takes minutes. */
static void hostile_html_ends_soon(void **data)
{
    static const char *const repeated[] = { "<a ", "</a ", "<script>", "<!--", "&",  "<",
                                            "<p>", "</",   "<a b='",   "<!x",  "&#", "</script" };
    for (size_t i = 0; i < sizeof repeated / sizeof *repeated; i++) {
        size_t one = strlen(repeated[i]), count = 300000;
        char *html = malloc(one * count + 1);
        for (size_t at = 0; at < count; at++)
            memcpy(html + at * one, repeated[i], one);
        html[one * count] = '\0';
        assert_true(strlen(duet_note_from_html(html, *data)) <= one * count);
        free(html);
    }
}

/* --- to HTML ---------------------------------------------------------------------------------------------------- */

static void text_is_escaped(void **data)
{
    assert_string_equal(duet_note_to_html("<img src=x onerror='a(\"1\")'> & co", *data),
                        "&lt;img src=x onerror='a(\"1\")'&gt; &amp; co");
    assert_string_equal(duet_note_to_html("a\nb\r\nc\rd", *data), "a<br>b<br>c<br>d");
}

static void escaped_text_reads_as_it_was(void **data)
{
    static const char *const texts[] = { "a & b", "<b>&amp;</b>", "one\ntwo\n\nthree", "\"'`",
                                         "\u00e4 \U0001F600 &#39;" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_text(duet_note_to_html(texts[i], *data), texts[i]);
}

/* --- splitting ---------------------------------------------------------------------------------------------------- */

static struct duet_note_parts split(void **data, const char *text, enum duet_note_form form,
                                    uint32_t limit)
{
    struct duet_note_parts parts;
    assert_true(duet_note_split(text, form, limit, *data, &parts));
    return parts;
}

static void a_short_note_is_one_part(void **data)
{
    struct duet_note_parts parts = split(data, "a & b", DUET_NOTE_HTML, 100);
    assert_int_equal(parts.count, 1);
    assert_string_equal(parts.texts[0], "a &amp; b");
    parts = split(data, "exactly sixteen!", DUET_NOTE_PLAIN, 16);
    assert_int_equal(parts.count, 1);
    parts = split(data, "any length", DUET_NOTE_PLAIN, 0);
    assert_int_equal(parts.count, 1);
}

static void parts_break_behind_white_space(void **data)
{
    struct duet_note_parts parts =
        split(data, "the first line and the second", DUET_NOTE_PLAIN, 16);
    assert_int_equal(parts.count, 2);
    assert_string_equal(parts.texts[0], "the first line ");
    assert_string_equal(parts.texts[1], "and the second");
    parts = split(data,
                  "a "
                  "bbbbbbbbbbbbbbbbbbbbbbbb",
                  DUET_NOTE_PLAIN, 16);
    assert_string_equal(parts.texts[0],
                        "a bbbbbbbbbbbbbb"); /* a part of two characters helps nobody */
}

static void an_entity_is_never_cut(void **data)
{
    struct duet_note_parts parts = split(data, "xxxxxxxxxxxxx&&&", DUET_NOTE_HTML, 16);
    assert_int_equal(parts.count, 2);
    assert_string_equal(parts.texts[0], "xxxxxxxxxxxxx"); /* 13 and 5 are more than 16 */
    assert_string_equal(parts.texts[1], "&amp;&amp;&amp;");
}

/* Outside of the basic plane a character counts two, and is one. */
static void a_surrogate_pair_is_never_cut(void **data)
{
    struct duet_note_parts parts =
        split(data, "xxxxxxxxxxxxxxx\U0001F600\U0001F601", DUET_NOTE_PLAIN, 16);
    assert_int_equal(parts.count, 2);
    assert_string_equal(parts.texts[0], "xxxxxxxxxxxxxxx");
    assert_string_equal(parts.texts[1], "\U0001F600\U0001F601");
    parts = split(data,
                  "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4"
                  "\u00e4\u00e4\u00e4",
                  DUET_NOTE_PLAIN, 16);
    assert_int_equal(parts.count, 1);
}

static void parts_together_are_the_whole(void **data)
{
    const char *text = "";
    for (int i = 0; i < 120; i++)
        text = duet_arena_format(*data, "%s%s", text,
                                 i % 7 == 0   ? "\u00e4\U0001F600 "
                                 : i % 5 == 0 ? "word\n"
                                              : "xyz&<");
    text = duet_arena_format(*data, "%send", text);
    for (uint32_t limit = 16; limit < 120; limit++) {
        struct duet_note_parts parts = split(data, text, DUET_NOTE_PLAIN, limit);
        const char *whole = "";
        for (size_t i = 0; i < parts.count; i++)
            whole = duet_arena_format(*data, "%s%s", whole, parts.texts[i]);
        assert_string_equal(whole, text);
    }
}

static void what_is_too_small_or_too_long_is_refused(void **data)
{
    struct duet_note_parts parts;
    assert_false(duet_note_split("text", DUET_NOTE_PLAIN, 15, *data, &parts));
    char *text = malloc(16 * 1000 + 1);
    memset(text, 'x', 16 * 1000);
    text[16 * 999] = '\0';
    assert_true(duet_note_split(text, DUET_NOTE_PLAIN, 16, *data, &parts));
    assert_int_equal(parts.count, 999);
    text[16 * 999] = 'x';
    text[16 * 999 + 1] = '\0';
    assert_false(duet_note_split(text, DUET_NOTE_PLAIN, 16, *data, &parts));
    free(text);
}

static void a_blank_note_has_no_parts(void **data)
{
    assert_int_equal(split(data, " \n ", DUET_NOTE_HTML, 100).count, 0);
    assert_int_equal(split(data, "", DUET_NOTE_PLAIN, 0).count, 0);
}

/* --- marks ---------------------------------------------------------------------------------------------------------- */

static const char *only_mark(void **data, const char *text)
{
    const char *at = text;
    const char *mark = duet_note_next_mark(&at, 32, *data);
    assert_null(duet_note_next_mark(&at, 32, *data));
    return mark;
}

static void a_mark_is_found_again(void **data)
{
    const char *html = duet_note_mark("a", DUET_NOTE_HTML, MARK, *data);
    assert_string_equal(html, "a<!-- duet:" MARK " -->");
    assert_int_equal(strlen(html) - 1, duet_note_mark_units(DUET_NOTE_HTML, 32));
    assert_string_equal(only_mark(data, html), MARK);
    expect_text(html, "a");
    const char *text = duet_note_mark("a", DUET_NOTE_PLAIN, MARK, *data);
    assert_string_equal(text, "a\n[duet:" MARK "]");
    assert_int_equal(strlen(text) - 1, duet_note_mark_units(DUET_NOTE_PLAIN, 32));
    assert_string_equal(only_mark(data, text), MARK);
}

static void a_mark_is_found_whatever_is_around_it(void **data)
{
    static const char *const reformatted[] = { "<p>a<!--duet:" MARK "--></p>",
                                               "a &lt;!-- duet:" MARK " --&gt;",
                                               "<p>\n a <!--\n  duet:" MARK "\n--> </p>",
                                               "a [ duet:" MARK " ] b", "a [duet:" MARK "]\r\n" };
    for (size_t i = 0; i < sizeof reformatted / sizeof *reformatted; i++)
        assert_string_equal(only_mark(data, reformatted[i]), MARK);
}

static void what_only_looks_like_a_mark_is_none(void **data)
{
    assert_null(only_mark(data, "duet:" MARK "0"));
    assert_null(only_mark(data, "duet:0123"));
    assert_null(only_mark(data, "duet: " MARK));
    assert_null(only_mark(data, "duet:"));
}

static void marks_are_taken_out_of_text(void **data)
{
    assert_string_equal(duet_note_unmarked("a\n[duet:" MARK "]", 32, *data), "a\n");
    assert_string_equal(duet_note_unmarked("[duet:" MARK "]x[duet:" MARK "]y", 32, *data), "xy");
    assert_string_equal(duet_note_unmarked("see duet:" MARK " [duet:1]", 32, *data),
                        "see duet:" MARK " [duet:1]");
}

static void texts_that_read_alike_are_the_same(void **data)
{
    (void)data;
    assert_true(duet_note_same("a  b\n", " a\nb"));
    assert_true(duet_note_same("", " \n"));
    assert_false(duet_note_same("a b", "ab"));
    assert_false(duet_note_same("a", "a b"));
    assert_false(duet_note_same("a b", "a"));
}

static void a_long_text_is_shown_by_its_start(void **data)
{
    assert_string_equal(duet_note_start("abc", 3, *data), "abc");
    assert_string_equal(duet_note_start("ab\u00e4\U0001F600cd", 4, *data), "ab\u00e4\U0001F600...");
}

#define test(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(tags_are_gone_and_blocks_are_lines),
        test(white_space_is_one_blank_where_there_are_tags),
        test(entities_are_decoded_once),
        test(what_is_no_text_is_dropped),
        test(what_is_no_tag_stays),
        test(hostile_html_ends_soon),
        test(text_is_escaped),
        test(escaped_text_reads_as_it_was),
        test(a_short_note_is_one_part),
        test(parts_break_behind_white_space),
        test(an_entity_is_never_cut),
        test(a_surrogate_pair_is_never_cut),
        test(parts_together_are_the_whole),
        test(what_is_too_small_or_too_long_is_refused),
        test(a_blank_note_has_no_parts),
        test(a_mark_is_found_again),
        test(a_mark_is_found_whatever_is_around_it),
        test(what_only_looks_like_a_mark_is_none),
        test(marks_are_taken_out_of_text),
        test(texts_that_read_alike_are_the_same),
        test(a_long_text_is_shown_by_its_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
