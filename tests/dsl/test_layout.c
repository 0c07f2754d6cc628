/* The layout of mapping files, case by case: each was thought out by hand, and is laid out to itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/layout.h"

struct layout_case {
    const char *about;
    const char *written;
    const char *laid_out;
};

static const struct layout_case cases[] = {
    { "an empty file", "", "" },
    { "blanks and line ends only", " \t\r\n\n \n", "" },
    { "a file of comments only; blanks at line ends go", "\n\n # a \t\r\n\n\n\n  #b",
      "# a\n\n#b\n" },
    { "a mark of the byte order",
      "\xef\xbb\xbf"
      "edition 2026;",
      "edition 2026;\n" },
    { "signs and spaces", "edition   2026  ;import \"a.duet\";\nsystem s{}",
      "edition 2026;\nimport \"a.duet\";\nsystem s { }\n" },
    { "empty lines: one between, none at the ends of a block",
      "edition 2026;\n\n\n\nsystem s {\n\n\nrecord r { }\n\n\n\nrecord q { }\n\n}\n\n\n",
      "edition 2026;\n\nsystem s {\n  record r { }\n\n  record q { }\n}\n" },
    { "a block stays on its line; one with a line end gets a line for each statement",
      "system s {\nrecord r{key:text at id;title:text at a;}\n"
      "record q { key:text at id;\ntitle:text at a; } }",
      "system s {\n  record r { key : text at id; title : text at a; }\n"
      "  record q {\n    key : text at id;\n    title : text at a;\n  }\n}\n" },
    { "paths, lists, brackets",
      "system s {\nrecord r {\na:list of text at \"A B\" . b [ ] . c;\n"
      "b:enum(A=\"1\",B)at x empty(null,\"\");\nclosed when not(a present)and b in(A,B);\n}\n}",
      "system s {\n  record r {\n    a : list of text at \"A B\".b[].c;\n"
      "    b : enum (A = \"1\", B) at x empty (null, \"\");\n"
      "    closed when not (a present) and b in (A, B);\n  }\n}\n" },
    { "settings and rows have columns, fields don't",
      "system s {\nsettings {\na:url;\nlonger : text = \"x\";\n\nb : text;\n}\nrecord r {\n"
      "kind : text at k;\nlonger : enum by kind at r {\nA:B,C;\nLong:none;\n}\n}\n}",
      "system s {\n  settings {\n    a      : url;\n    longer : text = \"x\";\n\n    b : text;\n  "
      "}\n"
      "  record r {\n    kind : text at k;\n    longer : enum by kind at r {\n"
      "      A    : B, C;\n      Long : none;\n    }\n  }\n}\n" },
    { "a field's later lines stand below its type",
      "system s {\nrecord r {\nkind : text\nat k\n required;\n} }",
      "system s {\n  record r {\n    kind : text\n           at k\n           required;\n  "
      "}\n}\n" },
    { "no line begins with a sign of the line before",
      "system s\n{\nrecord r\n{\nkind\n:\ntext at\nk\n.\nl\n;\n}\n}",
      "system s {\n  record r {\n    kind : text at\n           k.l;\n  }\n}\n" },
    { "field rules, arms and arrows",
      "mapping m between a.r as l and b.r as r {\nfield n l.n->r.n;\n"
      "field title l.title <-> r.t conflict l {\nHigh<->High;\n\"Very High\"<-High;\n3 -> 4;\n}\n"
      "field x l.x <- r.x;\n\nfield alone l.a <- r.b;\n}",
      "mapping m between a.r as l and b.r as r {\n  field n     l.n     ->  r.n;\n"
      "  field title l.title <-> r.t conflict l {\n    High        <-> High;\n"
      "    \"Very High\" <-  High;\n    3           ->  4;\n  }\n"
      "  field x     l.x     <-  r.x;\n\n  field alone l.a <- r.b;\n}\n" },
    { "triggers; a comment between two ends the columns",
      "mapping m between a.r as l and b.r as r {\non r close send all;\n"
      "on r signal \"x\" fetch all;\n# the left\non l change send all;\non long move clear g;\n}",
      "mapping m between a.r as l and b.r as r {\n  on r close      send all;\n"
      "  on r signal \"x\" fetch all;\n  # the left\n  on l    change send all;\n"
      "  on long move   clear g;\n}\n" },
    { "links and notes have no columns",
      "mapping m between a.r as l and b.r as r {\nlink l.key<->r.l;\nnotes l.c->r.notes;\n}",
      "mapping m between a.r as l and b.r as r {\n  link l.key <-> r.l;\n  notes l.c -> "
      "r.notes;\n}\n" },
    { "templates: breaks as written, one after the bracket brings one before its partner",
      "system s {\nhttp {\nadd note POST \"/n\" {\nbody {a:note.text,b:[1,-2.5],\nc:{},d:[[{x:y,\n"
      "z:[]}]],e:[1,2,\n3] }\n}\nquery{a:since}\n}\n}",
      "system s {\n  http {\n    add note POST \"/n\" {\n      body {\n"
      "        a: note.text, b: [1, -2.5],\n        c: {}, d: [[{\n          x: y,\n"
      "          z: []\n        }]], e: [\n          1, 2,\n          3\n        ]\n      }\n    "
      "}\n"
      "    query { a: since }\n  }\n}\n" },
    { "items [] is no step of a path; a field called items is one",
      "system s {\nhttp {\nlist notes GET \"/n\" { items[]; }\nlist notes GET \"/m\" { items items "
      "[ ]; }\n}\n}",
      "system s {\n  http {\n    list notes GET \"/n\" { items []; }\n"
      "    list notes GET \"/m\" { items items[]; }\n  }\n}\n" },
    { "lookup and then",
      "system s {\nhttp {\nwrite r in order {\nlookup step GET \"/a\" { items rows; match a == 1; "
      "}\n"
      "   then POST \"/b\" carries x;\n}\n}\n}",
      "system s {\n  http {\n    write r in order {\n"
      "      lookup step GET \"/a\" { items rows; match a == 1; }\n"
      "      then POST \"/b\" carries x;\n    }\n  }\n}\n" },
    { "two edits at once",
      "test \"t\" {\nwhen l { a = 1; }and r { b = none; }\nwhen l { a = 2; }\nand r { b = 3; }\n"
      "when l {\na = 2; }\nand r { note \"x\"; }\n}",
      "test \"t\" {\n  when l { a = 1; } and r { b = none; }\n  when l { a = 2; }\n"
      "   and r { b = 3; }\n  when l {\n    a = 2;\n  } and r { note \"x\"; }\n}\n" },
    { "an edit and then another",
      "test \"t\" {\nwhen l { a = 1; }then r { b = none; }\nwhen l { a = 2; }\nthen r { b = 3; }\n"
      "then\nl { a = 3; }\n}",
      "test \"t\" {\n  when l { a = 1; } then r { b = none; }\n  when l { a = 2; }\n"
      "   then r { b = 3; }\n   then l { a = 3; }\n}\n" },
    { "keywords as names",
      "system query {\nrecord body {\nsettings : text at items[].then;\nlookup : notes at a {\n"
      "id : text at id;\n}\n\nthen : text at of;\n}\n}\ntest table envelope {\n"
      "body { l.a = 1; }\nlookup { l.a = 1; }\n\nthen { l.on = 2; }\n}",
      "system query {\n  record body {\n    settings : text at items[].then;\n"
      "    lookup : notes at a {\n      id : text at id;\n    }\n\n    then : text at of;\n  }\n}\n"
      "test table envelope {\n  body { l.a = 1; }\n  lookup { l.a = 1; }\n\n  then { l.on = 2; "
      "}\n}\n" },
    { "comments behind neighbouring lines stand in one column; rows of a table are neighbours",
      "system s {\nsettings {\na : url; # one\nlonger : text;\nc : text; #two\n}\nrecord r {\n"
      "key : text at id; # three\ntitle : text at title; # four\nowner : text at the_owner;\n"
      "x : text at x; # five\n}\n}",
      "system s {\n  settings {\n    a      : url;    # one\n    longer : text;\n"
      "    c      : text;   #two\n  }\n  record r {\n    key : text at id;        # three\n"
      "    title : text at title;   # four\n    owner : text at the_owner;\n"
      "    x : text at x;   # five\n  }\n}\n" },
    { "comments move to where a line may end",
      "system # a\ns # b\n{ # c\n# d\nrecord r { } # e\n# f\n}\n# g\n",
      "system s {   # a\n  # b\n  # c\n  # d\n  record r { }   # e\n  # f\n}\n# g\n" },
    { "comments at the ends of blocks",
      "system s { # a\n\n\n# b\n\n}\nsystem t {\n# c\n}\nsystem u { record r { # d\n} }",
      "system s {   # a\n  # b\n}\nsystem t {\n  # c\n}\nsystem u {\n  record r {   # d\n  "
      "}\n}\n" },
    { "comments in a template",
      "system s {\nhttp {\nenvelope { a: b # one\n, c # two\n: d # three\n}\n}\n}",
      "system s {\n  http {\n    envelope {\n      a: b,   # one\n      c: d    # two\n      # "
      "three\n"
      "    }\n  }\n}\n" },
    { "a comment in an empty template and in an empty block",
      "system s { http { envelope { a: { # one\n} } } record r { # two\n} }",
      "system s {\n  http {\n    envelope {\n      a: {   # one\n      }\n    }\n  }\n"
      "  record r {   # two\n  }\n}\n" },
    { "breaks and comments within columns",
      "mapping m between a.r as l and b.r as r {\non r\nclose\nsend # c\nall;\n"
      "field\nn # d\nl\n.n\n->\nr.n\n| trim;\n}",
      "mapping m between a.r as l and b.r as r {\n  on r close send   # c\n      all;\n"
      "  field n l.n -> r.n   # d\n      | trim;\n}\n" },
    { "a second edit isn't parted from its side",
      "test \"t\" {\nwhen l { a = 1; } and # c\nr { b = 2; }\n}",
      "test \"t\" {\n  when l { a = 1; } and r { b = 2; }   # c\n}\n" },
    { "line ends of another system", "system s {\r\n  record r { }   # a\r\n}\r\n",
      "system s {\n  record r { }   # a\n}\n" },
    { "letters beyond ASCII are as wide as they are",
      "system s {\nsettings {\n\"\xc3\xa4\xc3\xb6\" : url;\nabcde : url;\n}\n}",
      "system s {\n  settings {\n    \"\xc3\xa4\xc3\xb6\"  : url;\n    abcde : url;\n  }\n}\n" },
};

static void each_case_is_laid_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *once = layout_of(cases[i].written, strlen(cases[i].written));
        if (!once || strcmp(once, cases[i].laid_out) != 0)
            fail_msg("%s:\n%s--- expected:\n%s", cases[i].about, once ? once : "(findings)\n",
                     cases[i].laid_out);
        assert_layout_holds(cases[i].about, cases[i].written, strlen(cases[i].written));
        free(once);
    }
}

/* `  given l { a = "xx…"; }` of a given width, and what comes of it. */
static void assert_width(size_t width, const char *expected_format)
{
    char text[256];
    char filler[160];
    char written[512];
    char expected[512];
    memset(filler, 'x', sizeof filler);
    snprintf(text, sizeof text, "%.*s", (int)(width - strlen("  given l { a = \"\"; }")), filler);
    snprintf(written, sizeof written, "test \"t\" {\n  given l { a = \"%s\"; }\n}\n", text);
    snprintf(expected, sizeof expected, expected_format, text);
    char *once = layout_of(written, strlen(written));
    assert_string_equal(once, expected);
    free(once);
    assert_layout_holds("width", written, strlen(written));
}

static void a_block_on_one_line_stays_up_to_120_characters(void **state)
{
    (void)state;
    static const char same[] = "test \"t\" {\n  given l { a = \"%s\"; }\n}\n";
    static const char broken[] = "test \"t\" {\n  given l {\n    a = \"%s\";\n  }\n}\n";
    assert_width(120, same);
    assert_width(121, broken);
}

static void a_file_that_does_not_parse_has_no_layout(void **state)
{
    (void)state;
    static const char *const broken[] = { "system s {",
                                          "system s }",
                                          "system { }",
                                          "edition 1999;",
                                          "system s { record r { a : text at \"x; } }",
                                          "\xff" };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_null(layout_of(broken[i], strlen(broken[i])));
}

/* One name of a thousand letters doesn't push a thousand lines away. */
static void a_long_name_takes_no_part_in_columns(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    fputs("system s {\n  settings {\n    ", out);
    for (unsigned i = 0; i < 1000; i++)
        fputc('n', out);
    fputs(" : url;   # long\n", out);
    for (unsigned i = 0; i < 1000; i++)
        fprintf(out, "    n%03u : url;   # short\n", i);
    fputs("  }\n}\n", out);
    fclose(out);
    char *once = layout_of(text, length);
    assert_string_equal(once, text);
    free(once);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case_is_laid_out),
        cmocka_unit_test(a_block_on_one_line_stays_up_to_120_characters),
        cmocka_unit_test(a_file_that_does_not_parse_has_no_layout),
        cmocka_unit_test(a_long_name_takes_no_part_in_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
