/* What is written: SVG is well-formed, alone and the same every time; names that mean harm are text in it, and in DOT. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/graph/dot.h"
#include "engine/graph/svg.h"
#include "engine/graph/text.h"
#include "tests/support/graph_case.h"

typedef void write_graph(const struct duet_tables *tables, struct duet_arena *arena, FILE *out);

static void write_svg(const struct duet_tables *tables, struct duet_arena *arena, FILE *out)
{
    struct duet_picture picture = duet_picture_of(tables, arena);
    duet_graph_write_svg(&picture, out);
}

static char *written(write_graph *write, const struct duet_compilation *compilation)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    struct duet_arena *arena = duet_arena_new();
    assert_non_null(out);
    write(duet_compilation_tables(compilation, 0), arena, out);
    assert_int_equal(fclose(out), 0);
    duet_arena_free(arena);
    return text;
}

static struct duet_compilation *big(void)
{
    char *text = graph_case_big();
    struct duet_compilation *compilation = graph_case_compile(text);
    free(text);
    return compilation;
}

static struct duet_compilation *shipped(void)
{
    struct duet_compilation *compilation = NULL;
    assert_int_equal(duet_compile_file("mappings/sentinel-smartsoar.duet", &compilation), DUET_OK);
    return compilation;
}

/* --- a strict reader of the XML that we write: elements, attributes in double quotes, text, five entities ------- */

#define DEEPEST 16

struct xml {
    const char *at;
    char open[DEEPEST][16];
    unsigned depth;
    unsigned elements;
};

static void expect(struct xml *xml, char c)
{
    if (*xml->at != c)
        fail_msg("expected '%c' at: %.60s", c, xml->at);
    xml->at++;
}

/* Up to `end`: no markup, and every & begins an entity. */
static void read_text(struct xml *xml, char end)
{
    static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&quot;" };
    while (*xml->at && *xml->at != end) {
        bool is_entity = false;
        for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
            is_entity |= strncmp(xml->at, entities[i], strlen(entities[i])) == 0;
        unsigned char c = (unsigned char)*xml->at;
        if (c == '<' || (c == '&' && !is_entity) || (c < ' ' && c != '\n') ||
            strncmp(xml->at, "]]>", 3) == 0)
            fail_msg("not text: %.60s", xml->at);
        xml->at++;
    }
}

static void read_name(struct xml *xml, char *name, size_t size)
{
    size_t length = 0;
    while (isalnum((unsigned char)*xml->at) || *xml->at == '-') {
        assert_true(length + 1 < size);
        name[length++] = *xml->at++;
    }
    name[length] = '\0';
    assert_true(length > 0);
}

static void read_attributes(struct xml *xml)
{
    char names[16][24];
    unsigned count = 0;
    while (*xml->at == ' ') {
        xml->at++;
        assert_true(count < 16);
        read_name(xml, names[count], sizeof names[count]);
        for (unsigned i = 0; i < count; i++)
            assert_string_not_equal(names[i], names[count]);
        assert_int_not_equal(strncmp(names[count], "on", 2), 0);
        assert_string_not_equal(names[count], "href");
        count++;
        expect(xml, '=');
        expect(xml, '"');
        read_text(xml, '"');
        expect(xml, '"');
    }
}

static void read_element(struct xml *xml)
{
    static const char *const known[] = { "svg",  "title", "desc", "style", "rect",
                                         "text", "path",  "g",    "circle" };
    assert_true(xml->depth < DEEPEST);
    char *name = xml->open[xml->depth];
    read_name(xml, name, sizeof xml->open[0]);
    bool is_known = false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        is_known |= strcmp(known[i], name) == 0;
    assert_true(is_known);
    read_attributes(xml);
    xml->elements++;
    if (*xml->at == '/')
        xml->at++;
    else
        xml->depth++;
    expect(xml, '>');
}

static unsigned read_xml(const char *text)
{
    struct xml xml = { .at = text };
    expect(&xml, '<');
    read_element(&xml);
    while (xml.depth > 0) {
        char name[16];
        read_text(&xml, '<');
        expect(&xml, '<');
        if (*xml.at != '/') {
            read_element(&xml);
            continue;
        }
        xml.at++;
        read_name(&xml, name, sizeof name);
        assert_string_equal(name, xml.open[--xml.depth]);
        expect(&xml, '>');
    }
    assert_string_equal(xml.at, "\n");
    return xml.elements;
}

/* --- SVG --------------------------------------------------------------------------------------------------- */

static void svg_is_well_formed(void **state)
{
    (void)state;
    struct duet_compilation *compilations[] = { shipped(), big() };
    for (size_t i = 0; i < 2; i++) {
        char *svg = written(write_svg, compilations[i]);
        assert_true(read_xml(svg) > 200);
        free(svg);
        duet_compilation_free(compilations[i]);
    }
}

static void svg_stands_alone_and_says_what_it_is(void **state)
{
    (void)state;
    struct duet_compilation *compilation = shipped();
    char *svg = written(write_svg, compilation);
    assert_int_equal(strncmp(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 40), 0);
    assert_null(strstr(svg + 40, "http"));
    assert_null(strstr(svg, "url("));
    assert_null(strstr(svg, "@import"));
    assert_non_null(strstr(svg, "@media (prefers-color-scheme:dark)"));
    assert_non_null(
        strstr(svg, "<title id=\"duet-graph-title\">sentinel_smartsoar</title>\n<desc "));
    assert_non_null(strstr(svg, "and soar (D3 Smart SOAR command API): 8 pairs of fields, 8 "
                                "triggers, notes.</desc>"));
    assert_non_null(strstr(svg, "<title>severity: siem.severity &lt;-&gt; soar.severity, "
                                "conflict: highest wins</title>"));
    free(svg);
    duet_compilation_free(compilation);
}

static void the_same_mapping_gives_the_same_bytes(void **state)
{
    (void)state;
    write_graph *const writers[] = { write_svg, duet_graph_write_dot };
    for (size_t i = 0; i < 2; i++) {
        struct duet_compilation *once = big();
        struct duet_compilation *again = big();
        char *first = written(writers[i], once);
        char *second = written(writers[i], again);
        assert_string_equal(first, second);
        free(first);
        free(second);
        duet_compilation_free(once);
        duet_compilation_free(again);
    }
}

static void hostile_names_are_text_in_svg(void **state)
{
    (void)state;
    struct duet_compilation *compilation = big();
    char *svg = written(write_svg, compilation);
    assert_null(strstr(svg, "<script"));
    assert_null(strstr(svg, "<b>"));
    assert_non_null(strstr(svg, ">A &lt;script&gt;alert(1)&lt;/script&gt; &amp; "
                                "&quot;quotes&quot;<"));
    assert_non_null(strstr(svg, ">&lt;b&gt;&amp;amp; &quot;x&quot; ]]&gt;<"));
    free(svg);
    duet_compilation_free(compilation);
}

/* Tips are triangles whose point is at the line's end: as many as ends that edits arrive at. */
static unsigned count_of(const char *text, const char *part)
{
    unsigned count = 0;
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        count++;
    return count;
}

static void arrows_have_heads_where_edits_arrive(void **state)
{
    (void)state;
    struct duet_compilation *compilation = shipped();
    char *svg = written(write_svg, compilation);
    /* pairs: 6 both ways, 2 one way; notes both ways; arms: 15 both ways, 2 to the left; the legend: 4 */
    assert_int_equal(count_of(svg, "<path class=\"tip\""), 6 * 2 + 2 + 2 + 15 * 2 + 2 + 4);
    assert_int_equal(count_of(svg, "<g class=\"arm dashed\">"), 2 + 1);
    assert_int_equal(count_of(svg, "<g class=\"pair\">"), 8 + 1);
    free(svg);
    duet_compilation_free(compilation);
}

/* --- DOT --------------------------------------------------------------------------------------------------- */

static void dot_has_an_edge_for_each_pair_and_arm(void **state)
{
    (void)state;
    struct duet_compilation *compilation = shipped();
    char *dot = written(duet_graph_write_dot, compilation);
    assert_int_equal(strncmp(dot, "digraph \"sentinel_smartsoar\" {\n", 31), 0);
    assert_int_equal(count_of(dot, ":t:e -> f"), 8 + 1); /* the link too */
    assert_int_equal(count_of(dot, "dir=both, penwidth=1.75"), 6 + 1);
    assert_int_equal(count_of(dot, "dir=forward, penwidth=1.75"), 2);
    assert_int_equal(count_of(dot, "style=solid, color"), 15);
    assert_int_equal(count_of(dot, "dir=back, style=dashed"), 2);
    assert_int_equal(count_of(dot, "<b>signal &quot;resync&quot;</b> fetch all"), 1);
    free(dot);
    duet_compilation_free(compilation);
}

static void hostile_names_are_text_in_dot(void **state)
{
    (void)state;
    struct duet_compilation *compilation = big();
    char *dot = written(duet_graph_write_dot, compilation);
    assert_non_null(strstr(dot, "label=\"l: A <script>alert(1)</script> &amp; \\\"quotes\\\"\";"));
    assert_non_null(strstr(dot, "align=\"left\">&lt;b&gt;&amp;amp; &quot;x&quot; ]]&gt;</td>"));
    assert_non_null(strstr(dot, "tooltip=\"V27 <-> <b>&amp;amp; \\\"x\\\" ]]>\""));
    free(dot);
    duet_compilation_free(compilation);
}

/* --- text -------------------------------------------------------------------------------------------------- */

static void text_is_made_safe(void **state)
{
    (void)state;
    static const char right_to_left[] = { '\xe2', '\x80', '\xae', '\0' };
    static const char *const texts[][2] = {
        { "plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
          "plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80" },
        { "a\tb\nc", "a b c" },
        { "a\x01z\x7f", "a\xef\xbf\xbdz\xef\xbf\xbd" },             /* control characters */
        { "\xff\xc3", "\xef\xbf\xbd\xef\xbf\xbd" },                 /* no UTF-8, cut off */
        { "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd" },                 /* a long way to write / */
        { "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" }, /* half of a pair */
        { "\xef\xbf\xbe", "\xef\xbf\xbd" },                         /* XML has no U+FFFE */
        { right_to_left, "\xef\xbf\xbd" },
        { "", "" },
    };
    struct duet_arena *arena = duet_arena_new();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_string_equal(duet_graph_clean(arena, texts[i][0]), texts[i][1]);
    duet_arena_free(arena);
}

static void text_is_cut_between_characters(void **state)
{
    (void)state;
    struct duet_arena *arena = duet_arena_new();
    assert_string_equal(duet_graph_cut(arena, "abcd", 4), "abcd");
    assert_string_equal(duet_graph_cut(arena, "abcde", 4), "abc\xe2\x80\xa6");
    assert_string_equal(duet_graph_cut(arena, "ab cd", 4), "ab\xe2\x80\xa6");
    assert_string_equal(duet_graph_cut(arena, "abcde", 1), "\xe2\x80\xa6");
    /* A name keeps its end, a sentence its beginning. */
    assert_string_equal(duet_graph_cut(arena, "custom_field_01", 12), "custom_\xe2\x80\xa6"
                                                                      "d_01");
    assert_string_equal(duet_graph_cut(arena, "soar.status == Open", 12),
                        "soar.status\xe2\x80\xa6");
    assert_string_equal(duet_graph_cut(arena,
                                       "\xe5\x80\xa4\xe5\x80\xa4\xe5\x80\xa4\xe5\x80\xa4"
                                       "abcdefghi",
                                       12),
                        "\xe5\x80\xa4\xe5\x80\xa4\xe5\x80\xa4\xe2\x80\xa6"
                        "fghi");
    assert_int_equal(duet_graph_columns("\xe5\x80\xa4"
                                        "a"),
                     3); /* a wide one */
    assert_string_equal(duet_graph_cut(arena, "\xe5\x80\xa4\xe5\x80\xa4\xe5\x80\xa4", 4),
                        "\xe5\x80\xa4\xe2\x80\xa6");
    duet_arena_free(arena);
}

static void text_is_folded_at_spaces_where_there_are_any(void **state)
{
    (void)state;
    struct duet_arena *arena = duet_arena_new();
    const char *text = "one two  abcdefghij ";
    assert_string_equal(duet_graph_fold(arena, &text, 7), "one two");
    assert_string_equal(duet_graph_fold(arena, &text, 7), "abcdefg");
    assert_string_equal(duet_graph_fold(arena, &text, 7), "hij ");
    assert_null(duet_graph_fold(arena, &text, 7));
    duet_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(svg_is_well_formed),
        cmocka_unit_test(svg_stands_alone_and_says_what_it_is),
        cmocka_unit_test(the_same_mapping_gives_the_same_bytes),
        cmocka_unit_test(hostile_names_are_text_in_svg),
        cmocka_unit_test(arrows_have_heads_where_edits_arrive),
        cmocka_unit_test(dot_has_an_edge_for_each_pair_and_arm),
        cmocka_unit_test(hostile_names_are_text_in_dot),
        cmocka_unit_test(text_is_made_safe),
        cmocka_unit_test(text_is_cut_between_characters),
        cmocka_unit_test(text_is_folded_at_spaces_where_there_are_any),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
