/* Who names what, on every shipped file: each use stands where the name does, on the side that the text says, and no other place has the
 * name of a definition unless it is known why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/arena.h"
#include "dsl/diag.h"
#include "dsl/index.h"
#include "dsl/intern.h"
#include "dsl/parse.h"
#include "dsl/tokens_seen.h"

#define FOLDER DUET_SOURCE_DIR "/mappings/"

/* A program with its index. */
struct indexed {
    struct duet_parse_context context;
    struct duet_ast_program *program;
    struct duet_index *index;
};

static struct indexed indexed_new(const char *path, const char *text)
{
    struct duet_arena *arena = duet_arena_new();
    struct indexed in = { .context = { arena, duet_intern_new(arena), duet_sources_new(),
                                       duet_diags_new(arena) } };
    enum duet_status status =
        text ? duet_parse_text(&in.context, path, text, strlen(text), &in.program)
             : duet_parse_file(&in.context, path, &in.program);
    assert_int_equal(status, DUET_OK);
    if (!in.program) /* the analyzer doesn't know that the assertion ends the test */
        abort();
    in.index = duet_index_new(arena, in.program);
    return in;
}

static void indexed_finish(struct indexed *in)
{
    duet_sources_free(in->context.sources);
    duet_arena_free(in->context.arena);
}

static const char *const shipped[] = { FOLDER "sentinel-smartsoar.duet",
                                       FOLDER "sentinel-smartsoar-stories.duet" };
#define SHIPPED (sizeof shipped / sizeof shipped[0])

/* --- each use stands where the name does ----------------------------------------------------------------- */

static const char *text_of(const struct indexed *in, struct duet_span at)
{
    const char *text = duet_source_text(in->context.sources, at.file) + at.start;
    size_t length = at.end - at.start;
    if (*text == '"' && length >= 2) {
        text++;
        length -= 2;
    }
    return duet_arena_copy_text(in->context.arena, text, length);
}

static void each_use_stands_where_the_name_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < SHIPPED; i++) {
        struct indexed in = indexed_new(shipped[i], NULL);
        size_t count = 0;
        const struct duet_use *uses = duet_index_uses(in.index, &count);
        assert_true(count > 500);
        for (size_t u = 0; u < count; u++) {
            assert_string_equal(text_of(&in, uses[u].at), uses[u].symbol->name);
            assert_ptr_equal(duet_index_at(in.index, uses[u].at.file, uses[u].at.start), &uses[u]);
        }
        indexed_finish(&in);
    }
}

/* --- fields are those of the side that the text says ----------------------------------------------------- */

static bool is(const struct duet_lexeme *lexeme, const char *text)
{
    return lexeme->text && strcmp(lexeme->text, text) == 0;
}

/* The side that a field's name is written with: the word before the dot, or the one before the block it stands in. */
static const char *side_at(const struct duet_lexeme *list, size_t index)
{
    if (index >= 2 && is(&list[index - 1], ".") && is(&list[index - 2], "form"))
        index -= 2;
    if (index >= 2 && is(&list[index - 1], "."))
        return list[index - 2].text;
    for (size_t i = index, depth = 0; i > 0; i--) {
        if (is(&list[i], "}"))
            depth++;
        else if (is(&list[i], "{") && depth-- == 0)
            return list[i - 1].text;
    }
    return "";
}

static const struct duet_symbol *record_of(const struct duet_symbol *symbol)
{
    while (symbol && symbol->kind != DUET_SYMBOL_RECORD)
        symbol = symbol->parent;
    return symbol;
}

static void fields_are_those_of_the_side_that_the_text_says(void **state)
{
    (void)state;
    size_t checked = 0;
    for (size_t i = 0; i < SHIPPED; i++) {
        struct indexed in = indexed_new(shipped[i], NULL);
        uint32_t file = in.program->root->file;
        struct duet_lexemes all = duet_tokens_seen(&in.context, file);
        size_t count = 0;
        for (size_t t = 0; t < all.count; t++) {
            if (all.list[t].kind != DUET_LEXEME_COMMENT)
                ((struct duet_lexeme *)(uintptr_t)all.list)[count++] = all.list[t];
        }
        for (size_t t = 0; t < count; t++) {
            const struct duet_use *use = duet_index_at(in.index, file, all.list[t].start);
            if (!use || use->at.start != all.list[t].start ||
                use->symbol->kind != DUET_SYMBOL_FIELD)
                continue;
            const char *system = record_of(use->symbol)->parent->name;
            const char *side = side_at(all.list, t);
            assert_string_equal(side, strcmp(system, "sentinel") == 0 ? "siem" : "soar");
            checked++;
        }
        indexed_finish(&in);
    }
    assert_true(checked > 300);
}

/* --- nothing is left out --------------------------------------------------------------------------------- */

static bool has_name(const struct duet_symbol *first, const char *name)
{
    for (const struct duet_symbol *symbol = first; symbol; symbol = symbol->next) {
        if (symbol->kind == DUET_SYMBOL_FILE || symbol->kind == DUET_SYMBOL_TEST)
            continue;
        if (strcmp(symbol->name, name) == 0 || has_name(symbol->children, name))
            return true;
    }
    return false;
}

/* `before name` where the name is no definition's: places in records and bodies, words of the language, texts. */
static bool is_explained(const struct duet_lexeme *list, size_t index, size_t count)
{
    static const char *const before[] = {
        "at",   "as",     "from",   "key",   "items",  "by",      "result", "=", "add",
        "list", "of",     "on",     "when",  "clear",  "send",    "[",      ",", "expect",
        "no",   "whole",  "under",  "query", "header", "until",   "(",      "{", ";",
        "}",    "verify", "failed", "read",  "name",   "present", NULL,
    };
    if (list[index].kind == DUET_LEXEME_QUOTED)
        return true; /* a text, or a place's name: those that are names are uses */
    if (index + 1 < count && is(&list[index + 1], ":"))
        return true; /* a key of JSON */
    static const char *const words[] = { "text", "url", "notes", "key", "version", NULL };
    for (size_t i = 0; index > 0 && is(&list[index - 1], ":") && words[i]; i++) {
        if (is(&list[index], words[i]))
            return true; /* a type, or what a request is about */
    }
    if (index > 0 && (is(&list[index - 1], ".") || is(&list[index - 1], "]")))
        return true; /* a step of a place: the fields among them are checked by their side above */
    for (size_t i = 0; index > 0 && before[i]; i++) {
        if (is(&list[index - 1], before[i]))
            return true;
    }
    return false;
}

static void no_name_is_left_out(void **state)
{
    (void)state;
    struct indexed in = indexed_new(shipped[0], NULL);
    for (const struct duet_ast_file *file = in.program->files.first; file; file = file->next) {
        struct duet_lexemes all = duet_tokens_seen(&in.context, file->file);
        for (size_t t = 0; t < all.count; t++) {
            const struct duet_use *use = duet_index_at(in.index, file->file, all.list[t].start);
            bool is_name = all.list[t].kind == DUET_LEXEME_WORD &&
                           has_name(duet_index_symbols(in.index), all.list[t].text);
            if (!is_name || (use && use->at.start == all.list[t].start) ||
                is_explained(all.list, t, all.count))
                continue;
            struct duet_position at =
                duet_source_position(in.context.sources, file->file, all.list[t].start);
            fail_msg("%s:%u:%u: '%s' is a definition's name and no use", file->path, at.line,
                     at.column, all.list[t].text);
        }
    }
    indexed_finish(&in);
}

/* --- small programs, thought out ------------------------------------------------------------------------- */

static const char small[] =
    "edition 2026;\n"
    "system a {\n"
    "  settings { site : url; hook : secret; }\n"
    "  record t {\n"
    "    key : text at id;\n"
    "    s : enum (New, \"In Work\", Done) at s required when r present;\n"
    "    r : enum by s at r { New : none; \"In Work\" : none; Done : Good, Bad; }\n"
    "    p : person (mail m) at p;\n"
    "    form \"F\" { s : enum (X, Y) at f; q : enum by s at q { X : Q; Y : Q; } }\n"
    "    moves s { New -> \"In Work\", Done; }\n"
    "    closed when s == Done;\n"
    "    odd when closed and s in (New, Done);\n"
    "  }\n"
    "  http {\n"
    "    base \"{site}/x/{site}\";\n"
    "    quota write t 5 per 1s by site;\n"
    "    write t in order {\n"
    "      lookup found GET \"/y\" { items rows; match to == t.s; }\n"
    "      then POST \"/{found.id}\" carries s, r when odd { body { id: found.id, s: t.s, h: site "
    "} }\n"
    "    }\n"
    "    webhook { key = t.id; secret = hook; }\n"
    "  }\n"
    "}\n"
    "system b { record u { key : text at id; o : text at o; s : enum (New, Done) at s; w : person "
    "(id i) at w; } }\n"
    "mapping m between a.t as l and b.u as r {\n"
    "  link l.key <-> r.o;\n"
    "  first contact l;\n"
    "  create r from l when l.s != Done and r.s == New;\n"
    "  field s l.s <-> r.s conflict newest else r default New { New <-> New; Done <-> Done; \"In "
    "Work\" -> New; }\n"
    "  group g conflict l { field p l.p <-> r.w via who; }\n"
    "  on l close send s, g;\n"
    "  on l signal \"go\" send p when l.closed;\n"
    "}\n"
    "test table who { ann { l.mail = \"a\"; r.id = \"1\"; } }\n"
    "test \"one\" of m {\n"
    "  given table who { bob { l.mail = \"b\"; } }\n"
    "  forall v in l.s when v != Done and v in (New, \"In Work\");\n"
    "  given l { s = v; p = ann; form.s = X; }\n"
    "  when l { p = bob; } and r { w = ann; s = Done; }\n"
    "  when l signal \"go\";\n"
    "  expect pending g, p;\n"
    "  expect writes r 1;\n"
    "}\n"
    "hub h runs b { }\n"
    "tenant k runs m {\n"
    "  side l { site = \"http://x\"; hook = env H; }\n"
    "  side r shared h;\n"
    "  table who from \"w.csv\";\n"
    "  override s { New -> Done; }\n"
    "  override on l close send s, g when l.s == Done;\n"
    "}\n";

/* Uses of what is called `a.t.s`, found from the outside in; the definition counts. */
static size_t uses_of(const struct indexed *in, const char *path, enum duet_symbol_kind kind)
{
    const struct duet_symbol *symbol = NULL;
    char step[64];
    while (*path) {
        size_t length = strcspn(path, "/");
        snprintf(step, sizeof step, "%.*s", (int)length, path);
        const struct duet_symbol *child = symbol ? symbol->children : duet_index_symbols(in->index);
        bool is_last = path[length] == '\0';
        while (child && (strcmp(child->name, step) != 0 || (is_last && child->kind != kind) ||
                         (!is_last && !child->children)))
            child = child->next;
        if (!child)
            fail_msg("there is no '%s'", step);
        symbol = child;
        path += length + (path[length] == '/');
    }
    size_t all = 0;
    size_t count = 0;
    const struct duet_use *uses = duet_index_uses(in->index, &all);
    for (size_t i = 0; i < all; i++)
        count += uses[i].symbol == symbol;
    return count;
}

static void every_kind_of_name_is_found_where_it_is_used(void **state)
{
    (void)state;
    struct indexed in = indexed_new("small.duet", small);
    assert_int_equal(duet_diags_errors(in.context.diags), 0);
    /* definition, base twice, quota, body, tenant */
    assert_int_equal(uses_of(&in, "a/site", DUET_SYMBOL_SETTING), 6);
    /* definition, webhook, tenant */
    assert_int_equal(uses_of(&in, "a/hook", DUET_SYMBOL_SETTING), 3);
    /* definition, quota, write, match, body, mapping */
    assert_int_equal(uses_of(&in, "a/t", DUET_SYMBOL_RECORD), 6);
    /* definition, by, moves, closed, odd, match, carries, body, create, rule, forall, given, override's when */
    assert_int_equal(uses_of(&in, "a/t/s", DUET_SYMBOL_FIELD), 13);
    /* definition, required when, carries */
    assert_int_equal(uses_of(&in, "a/t/r", DUET_SYMBOL_FIELD), 3);
    /* definition, row, moves, closed and odd, create, arm, forall, override's when */
    assert_int_equal(uses_of(&in, "a/t/s/Done", DUET_SYMBOL_CHOICE), 9);
    /* definition, row, moves, arm, forall */
    assert_int_equal(uses_of(&in, "a/t/s/In Work", DUET_SYMBOL_CHOICE), 5);
    /* definition, create, default is the left's here, both arms' right sides */
    assert_int_equal(uses_of(&in, "b/u/s/New", DUET_SYMBOL_CHOICE), 4);
    /* definition, once more in the other row */
    assert_int_equal(uses_of(&in, "a/t/q/Q", DUET_SYMBOL_CHOICE), 2);
    /* definition, odd, trigger */
    assert_int_equal(uses_of(&in, "a/t/closed", DUET_SYMBOL_PREDICATE), 3);
    assert_int_equal(uses_of(&in, "a/t/odd", DUET_SYMBOL_PREDICATE), 2);
    /* definition, URL, body */
    assert_int_equal(uses_of(&in, "a/found", DUET_SYMBOL_LOOKUP), 3);
    /* definition, test, tenant */
    assert_int_equal(uses_of(&in, "m", DUET_SYMBOL_MAPPING), 3);
    /* definition, trigger, override twice */
    assert_int_equal(uses_of(&in, "m/s", DUET_SYMBOL_RULE), 4);
    /* definition, trigger, pending, override */
    assert_int_equal(uses_of(&in, "m/g", DUET_SYMBOL_GROUP), 4);
    /* definition, trigger, pending */
    assert_int_equal(uses_of(&in, "m/g/p", DUET_SYMBOL_RULE), 3);
    /* via, test table, given table, tenant */
    assert_int_equal(uses_of(&in, "m/who", DUET_SYMBOL_TABLE), 4);
    /* trigger, test */
    assert_int_equal(uses_of(&in, "m/l/go", DUET_SYMBOL_SIGNAL), 2);
    /* definition, two tables' cells */
    assert_int_equal(uses_of(&in, "a/t/p/mail", DUET_SYMBOL_KEY), 3);
    /* definition, given, and the other side */
    assert_int_equal(uses_of(&in, "who/ann", DUET_SYMBOL_ROW), 3);
    /* definition, when */
    assert_int_equal(uses_of(&in, "one/bob", DUET_SYMBOL_ROW), 2);
    /* definition, its own condition twice, given */
    assert_int_equal(uses_of(&in, "one/v", DUET_SYMBOL_VARIABLE), 4);
    assert_int_equal(uses_of(&in, "h", DUET_SYMBOL_HUB), 2);
    indexed_finish(&in);
}

static void a_forms_field_is_another_than_the_records_of_that_name(void **state)
{
    (void)state;
    struct indexed in = indexed_new("small.duet", small);
    const struct duet_symbol *system = duet_index_find(in.index, NULL, DUET_SYMBOL_SYSTEM, "a");
    const struct duet_symbol *record = duet_index_find(in.index, system, DUET_SYMBOL_RECORD, "t");
    const struct duet_symbol *plain = duet_index_find(in.index, record, DUET_SYMBOL_FIELD, "s");
    const struct duet_symbol *form = duet_index_find(in.index, record, DUET_SYMBOL_FIELD, "form.s");
    const struct duet_symbol *follows =
        duet_index_find(in.index, record, DUET_SYMBOL_FIELD, "form.q");
    assert_non_null(plain);
    assert_non_null(form);
    assert_ptr_not_equal(plain, form);
    assert_ptr_equal(duet_index_parent_of(follows), form);
    indexed_finish(&in);
}

static void broken_text_has_the_names_that_are_left(void **state)
{
    (void)state;
    struct indexed in = indexed_new(
        "broken.duet", "system a { record t { key : text at id; s : = x; t : text at t; } "
                       "}\nmapping m between a.t as l and");
    const struct duet_symbol *system = duet_index_find(in.index, NULL, DUET_SYMBOL_SYSTEM, "a");
    assert_non_null(system);
    const struct duet_symbol *record = duet_index_find(in.index, system, DUET_SYMBOL_RECORD, "t");
    assert_non_null(duet_index_find(in.index, record, DUET_SYMBOL_FIELD, "t"));
    indexed_finish(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_use_stands_where_the_name_does),
        cmocka_unit_test(fields_are_those_of_the_side_that_the_text_says),
        cmocka_unit_test(no_name_is_left_out),
        cmocka_unit_test(every_kind_of_name_is_found_where_it_is_used),
        cmocka_unit_test(a_forms_field_is_another_than_the_records_of_that_name),
        cmocka_unit_test(broken_text_has_the_names_that_are_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
