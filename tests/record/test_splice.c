#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>
#include <cmocka.h>

#include "engine/record/splice.h"

struct splicing {
    const char *before;
    const char *path[3];
    const char *value; /* NULL: removed */
    const char *after; /* NULL: refused */
};

static const struct splicing cases[] = {
    { "{\"a\": 1.50, \"b\" : \"x\"}", { "b" }, "\"y\"", "{\"a\": 1.50, \"b\" : \"y\"}" },
    { "{\"p\":{\"s\":\"New\",\"n\":12345678901234567890}}",
      { "p", "s" },
      "\"Closed\"",
      "{\"p\":{\"s\":\"Closed\",\"n\":12345678901234567890}}" },
    { "{}", { "p", "q", "r" }, "1", "{\"p\":{\"q\":{\"r\":1}}}" },
    { "{\"p\":null}", { "p", "q" }, "1", "{\"p\":{\"q\":1}}" },
    { "{\"a\":1,\"b\":2,\"c\":3}", { "b" }, NULL, "{\"a\":1,\"c\":3}" },
    { "{\"a\":1,\"b\":2}", { "b" }, NULL, "{\"a\":1}" },
    { "{\"b\":[{\"b\":1},\"}\"]}", { "b" }, NULL, "{}" },
    { "{\"a\":\"\\\"b\\\":1\",\"b\":2}", { "b" }, "3", "{\"a\":\"\\\"b\\\":1\",\"b\":3}" },
    { "{\"\\u0062\":2}", { "b" }, "3", "{\"\\u0062\":3}" },
    { "{\"a\":1}", { "missing" }, NULL, "{\"a\":1}" },
    { "{\"p\":\"text\"}", { "p", "q" }, "1", NULL },
    { "[1]", { "p" }, "1", NULL },
};

static void each_splice_keeps_every_other_byte(void **data)
{
    (void)data;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct duet_arena *arena = duet_arena_new();
        struct duet_text text = { .bytes = cases[i].before, .length = strlen(cases[i].before) };
        size_t count = 0;
        while (count < 3 && cases[i].path[count])
            count++;
        bool done = duet_splice(text, cases[i].path, count, cases[i].value, arena, &text);
        const char *after = cases[i].after;
        assert_int_equal(done, after != NULL);
        if (after) {
            assert_int_equal(text.length, strlen(after));
            assert_memory_equal(text.bytes, after, text.length);
        }
        duet_arena_free(arena);
    }
}

static void a_cut_text_is_refused_or_bounded(void **data)
{
    (void)data;
    static const char whole[] = "{\"p\":{\"s\":\"a\\\"b\",\"l\":[1,{\"x\":\"]\"}]},\"q\":true}";
    const char *const path[] = { "p", "s" };
    for (size_t length = 0; length < sizeof whole - 1; length++) {
        struct duet_arena *arena = duet_arena_new();
        char *exact = test_malloc(length + 1); /* so that a read past the cut is seen */
        memcpy(exact, whole, length);
        struct duet_text text = { .bytes = exact, .length = length };
        (void)duet_splice(text, path, 2, "1", arena, &text);
        test_free(exact);
        duet_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_splice_keeps_every_other_byte),
        cmocka_unit_test(a_cut_text_is_refused_or_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
