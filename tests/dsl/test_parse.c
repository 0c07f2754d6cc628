/* dsl/parse: every construct gives the node that its documentation says, and imports are loaded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/arena.h"
#include "dsl/diag.h"
#include "dsl/intern.h"
#include "dsl/parse.h"

struct fixture {
    struct duet_arena *arena;
    struct duet_parse_context context;
    struct duet_ast_program *program;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){ .arena = duet_arena_new() };
    fixture.context.arena = fixture.arena;
    fixture.context.names = duet_intern_new(fixture.arena);
    fixture.context.sources = duet_sources_new();
    fixture.context.diags = duet_diags_new(fixture.arena);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    duet_sources_free(fixture->context.sources);
    duet_arena_free(fixture->arena);
    return 0;
}

static void give_file(struct fixture *fixture, const char *path, const char *text)
{
    uint32_t file = 0;
    assert_int_equal(
        duet_sources_add_text(fixture->context.sources, path, text, strlen(text), &file), DUET_OK);
}

static void parse(struct fixture *fixture, const char *text)
{
    assert_int_equal(
        duet_parse_text(&fixture->context, "main.duet", text, strlen(text), &fixture->program),
        DUET_OK);
}

/* Parses what must be without findings and gives its first statement. */
static struct duet_ast_item *first_of(struct fixture *fixture, const char *text)
{
    parse(fixture, text);
    if (duet_diags_count(fixture->context.diags) > 0)
        duet_diags_render_text(fixture->context.diags, fixture->context.sources, DUET_DIAG_PLAIN,
                               stderr);
    assert_int_equal(duet_diags_count(fixture->context.diags), 0);
    assert_non_null(fixture->program->root->items.first);
    return fixture->program->root->items.first;
}

static struct duet_ast_record *record_of(struct fixture *fixture, const char *text)
{
    struct duet_ast_item *item = first_of(fixture, text);
    assert_int_equal(item->kind, DUET_AST_ITEM_SYSTEM);
    assert_non_null(item->system->records.first);
    return item->system->records.first;
}

static struct duet_ast_http *http_of(struct fixture *fixture, const char *text)
{
    struct duet_ast_item *item = first_of(fixture, text);
    assert_int_equal(item->kind, DUET_AST_ITEM_SYSTEM);
    assert_non_null(item->system->http);
    return item->system->http;
}

static struct duet_ast_mapping *mapping_of(struct fixture *fixture, const char *body)
{
    const char *text =
        duet_arena_format(fixture->arena, "mapping m between x.r as a and y.r as b { %s }", body);
    struct duet_ast_item *item = first_of(fixture, text);
    assert_int_equal(item->kind, DUET_AST_ITEM_MAPPING);
    return item->mapping;
}

/* --- systems --- */

static void fields_keep_their_attributes(void **state)
{
    struct duet_ast_record *record = record_of(
        *state, "system s \"S\" { record r {\n"
                "  title : text at \"Custom Field\".Title[].x write as T max 100 read only;\n"
                "  owner : person (id objectId, login a.b) empty (\"System\", null) required;\n"
                "  level : integer as text default 3 lossy \"why\";\n"
                "  tags : list of text write whole;\n"
                "  due : time milliseconds required when closed and not merged;\n"
                "} }");
    struct duet_ast_field *title = record->fields.first;
    assert_int_equal(record->fields.count, 5);
    assert_string_equal(title->name.text, "title");
    assert_int_equal(title->type->kind, DUET_AST_TYPE_TEXT);
    assert_string_equal(title->place->text, "\"Custom Field\".Title[].x");
    assert_int_equal(title->place->steps.count, 4);
    assert_string_equal(title->write_as->text, "T");
    assert_int_equal(title->max.value, 100);
    assert_int_not_equal(title->read_only_at.file, DUET_SOURCE_NONE);
    assert_int_equal(title->required_at.file, DUET_SOURCE_NONE);

    struct duet_ast_field *owner = title->next;
    assert_int_equal(owner->type->persons.count, 2);
    assert_string_equal(owner->type->persons.last->path->text, "a.b");
    assert_int_equal(owner->empty->kind, DUET_AST_VALUE_LIST);
    assert_int_equal(owner->empty->values.last->kind, DUET_AST_VALUE_NULL);

    struct duet_ast_field *level = owner->next;
    assert_true(level->type->as_text);
    assert_int_equal(level->default_value->integer, 3);
    assert_string_equal(level->lossy.text, "why");
    assert_int_not_equal(level->next->write_whole_at.file, DUET_SOURCE_NONE);
    assert_int_equal(level->next->type->element->kind, DUET_AST_TYPE_TEXT);

    struct duet_ast_field *due = record->fields.last;
    assert_int_equal(due->type->time_form, DUET_AST_TIME_MILLISECONDS);
    assert_int_equal(due->required_when->kind, DUET_AST_CONDITION_ALL);
    assert_int_equal(due->required_when->children.last->kind, DUET_AST_CONDITION_NOT);
}

static void enums_forms_and_moves_are_read(void **state)
{
    struct duet_ast_record *record = record_of(
        *state, "system s { record r {\n"
                "  status : ordered enum (New = \"1\", \"In Progress\" = 2, Closed) at s;\n"
                "  form \"Sync\" {\n"
                "    reason : enum by status at r { New : none; Closed : A, \"B C\"; }\n"
                "    other : enum by status like reason at o;\n"
                "  }\n"
                "  moves status { New -> \"In Progress\", Closed; Closed -> New; }\n"
                "  closed when status in (Closed, \"In Progress\") or status not in (New);\n"
                "  notes : notes at n max 5 { text : html at t; }\n"
                "} }");
    struct duet_ast_type *status = record->fields.first->type;
    assert_true(status->ordered);
    assert_int_equal(status->choices.count, 3);
    assert_string_equal(status->choices.first->wire->text, "1");
    assert_null(status->choices.last->wire);

    struct duet_ast_field *reason = record->forms.first->fields.first;
    assert_string_equal(record->forms.first->section.text, "Sync");
    assert_int_equal(reason->type->kind, DUET_AST_TYPE_DEPENDENT);
    assert_string_equal(reason->type->by->text, "status");
    assert_int_equal(reason->type->rows.first->choices.count, 0);
    assert_int_equal(reason->type->rows.last->choices.count, 2);
    assert_string_equal(reason->next->type->like->text, "reason");

    assert_int_equal(record->moves.first->moves.count, 2);
    assert_int_equal(record->moves.first->moves.first->to.count, 2);
    assert_int_equal(record->predicates.first->condition->kind, DUET_AST_CONDITION_ANY);
    assert_int_equal(record->fields.last->type->kind, DUET_AST_TYPE_NOTES);
    assert_int_equal(record->fields.last->fields.count, 1);
}

static void http_has_auth_outcomes_and_quotas(void **state)
{
    struct duet_ast_http *http =
        http_of(*state, "system s { http {\n"
                        "  base \"{site}/api/{{x}}\";\n"
                        "  header Accept = \"application/json\";\n"
                        "  auth jwt { header = xjwt; secret = \"{key}\";\n"
                        "             claims { Username: user, Params: body.name } }\n"
                        "  stale when status == 409; gone when status == 404;\n"
                        "  ok when status == 200 and body.error == \"\";\n"
                        "  failed text from error, Error.message;\n"
                        "  overlap 2min;\n"
                        "  quota write incident 75 per 5min by subscription; quota 50 per 1s;\n"
                        "  webhook { key = number; signal = OnAction; }\n"
                        "} }");
    assert_int_equal(http->base->parts.count, 2);
    assert_string_equal(http->base->parts.first->path->text, "site");
    assert_string_equal(http->base->parts.last->literal, "/api/{x}");
    assert_int_equal(http->auth->kind, DUET_AST_AUTH_JWT);
    assert_int_equal(http->auth->entries.count, 2);
    assert_int_equal(http->auth->claims->children.count, 2);
    assert_int_equal(http->auth->claims->children.last->kind, DUET_AST_JSON_REFERENCE);
    assert_int_equal(http->outcomes.count, 3);
    assert_int_equal(http->outcomes.last->class_of, DUET_AST_OUTCOME_OK);
    assert_int_equal(http->failed_text.count, 2);
    assert_int_equal(http->overlap.milliseconds, 120000);
    assert_int_equal(http->quotas.first->verb, DUET_AST_VERB_WRITE);
    assert_int_equal(http->quotas.first->per.milliseconds, 300000);
    assert_int_equal(http->quotas.last->verb, DUET_AST_VERB_ANY);
    assert_int_equal(http->webhook->entries.count, 2);
}

static void operations_have_bodies_paging_and_lookups(void **state)
{
    struct duet_ast_http *http =
        http_of(*state, "system s { http {\n"
                        "  changed r GET \"/r\" { query { since: since } items []; page p from 1 "
                        "size n 50 until total in query; }\n"
                        "  read r GET \"/r/{key}\";\n"
                        "  list notes GET \"/n\" { items value; next header Link; }\n"
                        "  find r POST \"/f\" { cursor c from next in body; auth basic { user = "
                        "\"{u}\"; password = \"{p}\"; } }\n"
                        "  create r POST \"/c\" { body changed { fields: changed } returns key id; "
                        "verify by reading; }\n"
                        "  write r in order {\n"
                        "    lookup step GET \"/t\" { items list; match to.name == status; }\n"
                        "    then POST \"/t\" carries status when status changed { body { id: "
                        "step.id, n: [1, -2.5, true, null, \"{key}\"] } }\n"
                        "    PATCH \"/r/{key}\" carries title, owner otherwise { body changed "
                        "under fields; batch 10 of key;\n"
                        "      result rows by id ok when state starts with \"Succ\"; }\n"
                        "  }\n"
                        "} }");
    struct duet_ast_operation *changed = http->operations.first;
    assert_int_equal(http->operations.count, 6);
    struct duet_ast_paging *page = changed->calls.first->paging;
    assert_true(changed->calls.first->items->steps.first->each);
    assert_int_equal(page->kind, DUET_AST_PAGING_PAGE);
    assert_int_equal(page->from.value, 1);
    assert_string_equal(page->size_parameter.text, "n");
    assert_int_equal(page->carrier, DUET_AST_IN_QUERY);

    struct duet_ast_operation *list = changed->next->next;
    assert_int_equal(list->calls.first->paging->kind, DUET_AST_PAGING_HEADER);
    assert_int_equal(list->next->calls.first->auth->kind, DUET_AST_AUTH_BASIC);
    struct duet_ast_call *create = list->next->next->calls.first;
    assert_int_equal(create->body->kind, DUET_AST_BODY_CHANGED);
    assert_non_null(create->body->json);
    assert_string_equal(create->returns.first->path->text, "id");
    assert_int_not_equal(create->verify_at.file, DUET_SOURCE_NONE);

    struct duet_ast_operation *write = http->operations.last;
    assert_true(write->in_order);
    assert_int_equal(write->calls.count, 2);
    assert_string_equal(write->calls.first->lookup->name.text, "step");
    assert_non_null(write->calls.first->lookup->call->match);
    assert_int_equal(write->calls.first->when->kind, DUET_AST_CONDITION_CHANGED);
    struct duet_ast_json *array = write->calls.first->body->json->children.last;
    assert_int_equal(array->children.count, 5);
    assert_int_equal(array->children.first->next->kind, DUET_AST_JSON_DECIMAL);
    assert_int_equal(array->children.last->text->parts.count, 1);
    assert_int_equal(write->calls.last->carries.count, 2);
    assert_string_equal(write->calls.last->body->under->text, "fields");
    assert_int_equal(write->calls.last->batch->most.value, 10);
    assert_non_null(write->calls.last->result->ok_when);
}

/* --- mappings --- */

static void rules_have_policies_and_arms(void **state)
{
    struct duet_ast_mapping *mapping = mapping_of(
        *state, "link a.key <-> b.id; first contact hold; skew 5s; overlap 2min;"
                "create b from a when a.s != Closed and a.level >= Low;"
                "field s a.s <-> b.s conflict newest else b unknown keep {"
                "  New <-> Open; Active <- \"On Hold\" lossy \"no such state\"; none -> none; }"
                "field t a.t -> b.t | trim | truncate 100 \"x\" default \"none\";"
                "field o a.o <-> b.o via people unknown Other conflict a;"
                "group g conflict highest { field c a.c <-> b.form.c; }");
    assert_true(mapping->first_contact->hold);
    assert_int_equal(mapping->skew.milliseconds, 5000);
    assert_int_equal(mapping->creates.first->when->children.count, 2);
    struct duet_ast_rule *status = mapping->rules.first;
    assert_int_equal(status->attributes.conflict, DUET_AST_CONFLICT_NEWEST);
    assert_string_equal(status->attributes.conflict_side.text, "b");
    assert_int_equal(status->attributes.unknown, DUET_AST_UNKNOWN_KEEP);
    assert_int_equal(status->arms.count, 3);
    struct duet_ast_arm *hold = status->arms.first->next;
    assert_int_equal(hold->direction, DUET_AST_LEFT);
    assert_int_equal(hold->right->kind, DUET_AST_VALUE_TEXT);
    assert_string_equal(hold->lossy.text, "no such state");
    assert_int_equal(status->arms.last->left->kind, DUET_AST_VALUE_NONE);

    struct duet_ast_rule *title = status->next;
    assert_int_equal(title->direction, DUET_AST_RIGHT);
    assert_false(title->has_arms);
    assert_int_equal(title->attributes.transforms.count, 2);
    assert_int_equal(title->attributes.transforms.last->arguments.count, 2);
    struct duet_ast_rule *owner = title->next;
    assert_string_equal(owner->attributes.via.text, "people");
    assert_int_equal(owner->attributes.unknown, DUET_AST_UNKNOWN_VALUE);
    assert_int_equal(owner->attributes.conflict, DUET_AST_CONFLICT_SIDE);
    assert_int_equal(mapping->groups.first->attributes.conflict, DUET_AST_CONFLICT_HIGHEST);
    assert_string_equal(mapping->groups.first->rules.first->right->text, "b.form.c");
}

static void triggers_and_notes_are_read(void **state)
{
    struct duet_ast_mapping *mapping = mapping_of(
        *state, "notes a.comments <-> b.notes edits append from all;"
                "on a close send status, verdict; on b reopen clear verdict;"
                "on b signal \"resync\" fetch all; on a change send o when a.s was New;");
    assert_int_equal(mapping->notes.first->edits, DUET_AST_EDITS_APPEND);
    assert_int_equal(mapping->notes.first->since, DUET_AST_SINCE_ALL);
    struct duet_ast_trigger *trigger = mapping->triggers.first;
    assert_int_equal(trigger->event, DUET_AST_EVENT_CLOSE);
    assert_int_equal(trigger->targets.count, 2);
    assert_int_equal(trigger->next->action, DUET_AST_ACTION_CLEAR);
    assert_string_equal(trigger->next->next->signal.text, "resync");
    assert_true(trigger->next->next->all);
    assert_int_equal(mapping->triggers.last->when->kind, DUET_AST_CONDITION_WAS);
}

/* --- tests and fleets --- */

static void test_steps_are_read(void **state)
{
    struct duet_ast_item *item = first_of(
        *state, "test \"t\" of m {"
                "  given table people { ann { a.id = \"1\"; b.login = \"ann\"; } }"
                "  forall s in a.status when s != Closed;"
                "  given a { status = s; owner = ann; note \"old\"; }"
                "  when b { status = Closed; note \"done\"; } when b signal \"resync\";"
                "  expect a { status = none; } expect writes 2; expect writes a 1;"
                "  expect hold \"reason\"; expect hold; expect pending x, y; expect conflict z;"
                "  expect nothing; }");
    assert_int_equal(item->kind, DUET_AST_ITEM_TEST);
    assert_string_equal(item->test->mapping.text, "m");
    static const enum duet_ast_step_kind kinds[] = {
        DUET_AST_STEP_GIVEN_TABLE,    DUET_AST_STEP_FORALL,         DUET_AST_STEP_GIVEN,
        DUET_AST_STEP_WHEN,           DUET_AST_STEP_WHEN_SIGNAL,    DUET_AST_STEP_EXPECT,
        DUET_AST_STEP_EXPECT_WRITES,  DUET_AST_STEP_EXPECT_WRITES,  DUET_AST_STEP_EXPECT_HOLD,
        DUET_AST_STEP_EXPECT_HOLD,    DUET_AST_STEP_EXPECT_PENDING, DUET_AST_STEP_EXPECT_CONFLICT,
        DUET_AST_STEP_EXPECT_NOTHING,
    };
    const struct duet_ast_test_step *step = item->test->steps.first;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++, step = step->next) {
        assert_non_null(step);
        assert_int_equal(step->kind, kinds[i]);
    }
    assert_null(step);
    assert_int_equal(item->test->steps.first->table->rows.first->cells.count, 2);
}

static void edits_one_after_the_other_are_one_step(void **state)
{
    struct duet_ast_item *item = first_of(
        *state, "test \"t\" { when a { x = z; } then b { x = y; } and then { } then a { } }");
    const struct duet_ast_test_step *when = item->test->steps.first;
    assert_false(when->is_later);
    assert_true(when->with->is_later);
    assert_false(when->with->with->is_later);
    assert_string_equal(when->with->with->name.text, "then");
    assert_true(when->with->with->with->is_later);
    assert_null(when->next);
}

static void edits_of_one_moment_are_one_step(void **state)
{
    struct duet_ast_item *item = first_of(
        *state, "test \"t\" { given a { x = y; keeps omitted; keeps = omitted; }"
                "  when a { x = z; } and b { note \"n\"; } and keeps { } expect nothing; }");
    const struct duet_ast_test_step *given = item->test->steps.first;
    assert_true(given->keeps_omitted);
    assert_int_equal(given->assigns.count, 2);
    const struct duet_ast_test_step *when = given->next;
    assert_int_equal(when->kind, DUET_AST_STEP_WHEN);
    assert_string_equal(when->name.text, "a");
    assert_string_equal(when->with->name.text, "b");
    assert_int_equal(when->with->notes.count, 1);
    assert_string_equal(when->with->with->name.text, "keeps");
    assert_null(when->with->with->with);
    assert_int_equal(when->at.end, when->with->with->at.end);
    assert_int_equal(when->next->kind, DUET_AST_STEP_EXPECT_NOTHING);
}

static void the_absence_of_something_is_expected(void **state)
{
    struct duet_ast_item *item =
        first_of(*state, "test \"t\" { expect no hold; expect no pending; expect no conflict;"
                         "  expect no { no = no; } }");
    static const enum duet_ast_step_kind kinds[] = { DUET_AST_STEP_EXPECT_HOLD,
                                                     DUET_AST_STEP_EXPECT_PENDING,
                                                     DUET_AST_STEP_EXPECT_CONFLICT };
    const struct duet_ast_test_step *step = item->test->steps.first;
    for (size_t i = 0; i < 3; i++, step = step->next) {
        assert_int_equal(step->kind, kinds[i]);
        assert_true(step->no);
    }
    assert_int_equal(step->kind, DUET_AST_STEP_EXPECT);
    assert_string_equal(step->name.text, "no");
}

static void fleets_are_read(void **state)
{
    struct duet_ast_item *item =
        first_of(*state, "fleet { store = \"duet.db\"; }\n"
                         "hub soc runs y { url = \"u\"; key = env HUB_KEY; every 10s; }\n"
                         "tenant acme runs m { side a { secret = file \"s\"; } side b shared soc;"
                         "  table people from \"p.csv\"; every 30s;"
                         "  override severity conflict a { Low -> High lossy \"x\"; }"
                         "  override on a change send owner when a.s == New;"
                         "  override create b from a; override first contact a; }");
    assert_int_equal(item->kind, DUET_AST_ITEM_FLEET);
    struct duet_ast_hub *hub = item->next->hub;
    assert_int_equal(hub->every.milliseconds, 10000);
    assert_int_equal(hub->settings.last->value->kind, DUET_AST_VALUE_ENV);
    assert_string_equal(hub->settings.last->value->text, "HUB_KEY");
    struct duet_ast_tenant *tenant = item->next->next->tenant;
    assert_string_equal(tenant->sides.last->shared.text, "soc");
    assert_int_equal(tenant->sides.first->settings.first->value->kind, DUET_AST_VALUE_FILE);
    assert_string_equal(tenant->tables.first->file.text, "p.csv");
    assert_int_equal(tenant->overrides.count, 4);
    assert_int_equal(tenant->overrides.first->arms.count, 1);
    assert_int_equal(tenant->overrides.last->kind, DUET_AST_OVERRIDE_FIRST_CONTACT);
}

static void soft_keywords_are_names(void **state)
{
    struct duet_ast_record *record =
        record_of(*state, "system system { record record {\n"
                          "  at : text at at.field.when_.test[].GET write as write required;\n"
                          "  form : enum (enum, none, moves, order) at form;\n"
                          "  moves : text at url; closed when changed changed; } }");
    assert_int_equal(record->fields.count, 3);
    assert_string_equal(record->fields.first->name.text, "at");
    assert_int_equal(record->predicates.first->condition->kind, DUET_AST_CONDITION_CHANGED);
}

static void escapes_are_decoded(void **state)
{
    struct duet_ast_item *item =
        first_of(*state, "test \"a\\\"b\\\\c\\n\\u00e9\\ud83d\\ude00\" { expect nothing; }");
    assert_string_equal(item->test->name.text, "a\"b\\c\n\xc3\xa9\xf0\x9f\x98\x80");
}

/* --- imports --- */

static void imports_come_first_and_once(void **state)
{
    struct fixture *fixture = *state;
    give_file(fixture, "lib/a.duet", "import \"./b.duet\"; system a { }");
    give_file(fixture, "lib/b.duet", "system b { }");
    first_of(fixture, "import \"lib/a.duet\"; import \"lib/../lib/b.duet\";");
    assert_int_equal(fixture->program->files.count, 3);
    assert_string_equal(fixture->program->files.first->path, "lib/b.duet");
    assert_string_equal(fixture->program->root->path, "main.duet");
    assert_ptr_equal(fixture->program->root->items.last->import.file,
                     fixture->program->files.first);
}

static void an_import_circle_is_reported_with_its_links(void **state)
{
    struct fixture *fixture = *state;
    give_file(fixture, "a.duet", "import \"b.duet\";");
    give_file(fixture, "b.duet", "import \"a.duet\";");
    parse(fixture, "import \"a.duet\";");
    assert_int_equal(duet_diags_count(fixture->context.diags), 1);
    const struct duet_diag *diag = duet_diags_at(fixture->context.diags, 0);
    assert_int_equal(duet_diag_code_of(diag), DUET_DIAG_IMPORT_CYCLE);
    assert_string_equal(duet_diag_message(diag), "importing 'a.duet' here closes a circle");
    assert_string_equal(duet_diag_notes(diag)->text, "'b.duet' is imported here");
}

static void a_missing_import_is_reported_where_it_is_named(void **state)
{
    struct fixture *fixture = *state;
    parse(fixture, "import \"no/such.duet\"; system s { }");
    assert_int_equal(duet_diags_count(fixture->context.diags), 1);
    const struct duet_diag *diag = duet_diags_at(fixture->context.diags, 0);
    assert_int_equal(duet_diag_place(diag).start, 7);
    assert_string_equal(duet_diag_message(diag), "can't read 'no/such.duet': no such file");
    assert_int_equal(fixture->program->root->items.count, 2);
}

/* --- limits --- */

/* Repeated over 300 KB, none of these may take more than a small multiple of that, nor report without end. */
static void hostile_text_ends_within_limits(void **state)
{
    static const char *const shapes[] = {
        "{",
        "}",
        "( ; ",
        "x;",
        "\"",
        "\xc3\xa9 ",
        "system x { settings { a : b; ",
        "not ",
        "a or ",
        "[[{",
        "enum (",
        "system s { a }\n",
        "99999999999999999999 ",
        "\\",
        "import",
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        size_t step = strlen(shapes[i]);
        size_t length = 300000 / step * step;
        char *text = duet_arena_alloc(fixture->arena, length + 1);
        for (size_t at = 0; at < length; at += step)
            memcpy(text + at, shapes[i], step);
        char path[32];
        snprintf(path, sizeof path, "hostile-%zu.duet", i);
        size_t before = duet_arena_used(fixture->arena);
        fixture->context.diags = duet_diags_new(fixture->arena);
        assert_int_equal(duet_parse_text(&fixture->context, path, text, length, &fixture->program),
                         DUET_OK);
        assert_true(duet_diags_count(fixture->context.diags) > 0);
        assert_true(duet_diags_count(fixture->context.diags) <= DUET_DIAG_MAX);
        assert_true(duet_arena_used(fixture->arena) - before < 8u * 1024u * 1024u);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(fields_keep_their_attributes),
        TEST(enums_forms_and_moves_are_read),
        TEST(http_has_auth_outcomes_and_quotas),
        TEST(operations_have_bodies_paging_and_lookups),
        TEST(rules_have_policies_and_arms),
        TEST(triggers_and_notes_are_read),
        TEST(test_steps_are_read),
        TEST(edits_of_one_moment_are_one_step),
        TEST(edits_one_after_the_other_are_one_step),
        TEST(the_absence_of_something_is_expected),
        TEST(fleets_are_read),
        TEST(soft_keywords_are_names),
        TEST(escapes_are_decoded),
        TEST(imports_come_first_and_once),
        TEST(an_import_circle_is_reported_with_its_links),
        TEST(a_missing_import_is_reported_where_it_is_named),
        TEST(hostile_text_ends_within_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
