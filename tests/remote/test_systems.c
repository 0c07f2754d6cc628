/* Tests of engine/remote with systems unlike the shipped ones: other credentials, paging, partial writes, lookups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "tests/support/remote_stage.h"

#define SECOND INT64_C(10000000)

/* Two systems; the parts in capitals are the tests'. */
#define DESK(auth, calls)                                                                          \
    "edition 2026;\n"                                                                              \
    "system desk {\n"                                                                              \
    "  settings { site : url; token : secret; user : text; password : secret; key : secret; size " \
    ": number = \"7\"; }\n"                                                                        \
    "  record ticket {\n"                                                                          \
    "    key : integer at id; version : text at etag; modified : time milliseconds at updated;\n"  \
    "    title : text at fields.title; status : enum (Open, Waiting, Closed) at "                  \
    "fields.status.name;\n"                                                                        \
    "    level : integer as text at fields.level;\n"                                               \
    "    closed when status == Closed;\n"                                                          \
    "    notes : notes at notes { id : text at id; text : text at text; }\n"                       \
    "  }\n"                                                                                        \
    "  http { base \"{site}/api\"; " auth " failed text from problem; " calls " }\n"               \
    "}\n"

#define OTHER                                                                                      \
    "system other {\n"                                                                             \
    "  settings { home : url; }\n"                                                                 \
    "  record thing { key : text at key; title : text at title; status : enum (Open, Waiting, "    \
    "Closed) at status;\n"                                                                         \
    "    level : integer at level; closed when status == Closed; }\n"                              \
    "  http { base \"{home}\";\n"                                                                  \
    "    changed thing GET \"/\" { items rows; }\n"                                                \
    "    write thing PUT \"/{key}\" { body changed; } }\n"                                         \
    "}\n"                                                                                          \
    "mapping both between desk.ticket as left and other.thing as right {\n"                        \
    "  link left.key <-> right.key;\n"                                                             \
    "  first contact left;\n"                                                                      \
    "  field title left.title <-> right.title conflict left;\n"                                    \
    "  field status left.status <-> right.status conflict left;\n"                                 \
    "  field level left.level <-> right.level conflict left;\n"                                    \
    "  on left change send all;\n"                                                                 \
    "  on right change send all;\n"                                                                \
    "}\n"

#define CHANGED                                                                                    \
    "changed ticket GET \"/tickets\" { query { since: since, size: size } items rows; } "
#define WRITE "write ticket PATCH \"/tickets/{key}\" { body changed; }"

static const struct duet_setting_value settings[] = {
    { "site", "https://desk.test/" },
    { "token", "tok"
               "en-1" },
    { "user", "me" },
    { "password", "pass:word" },
    { "key", "sign-key" },
};

struct fixture {
    struct stage stage;
    struct duet_endpoint *desk;
    const struct fake_answer *answers;
    size_t count, next;
};

static void play(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    struct fixture *f = data;
    (void)request;
    assert_true(f->next < f->count);
    *answer = f->answers[f->next++];
    if (answer->status == 0)
        answer->status = 200;
}

static void open_desk(struct fixture *f, const char *text, const struct fake_answer *answers,
                      size_t count)
{
    memset(f, 0, sizeof *f);
    stage_open_text(&f->stage, text, play, f);
    f->answers = answers;
    f->count = count;
    f->desk = stage_endpoint(&f->stage, DUET_LEFT, "acme", settings, 5);
}

static void close_desk(struct fixture *f)
{
    assert_int_equal(f->next, f->count);
    duet_endpoint_free(f->desk);
    stage_close(&f->stage);
}

static const struct stage_told *changed(struct fixture *f)
{
    duet_remote_changed(f->desk, INT64_C(1772366400) * SECOND, stage_on_page, stage_on_done,
                        &f->stage);
    duet_loop_run(f->stage.loop);
    return stage_told_of(&f->stage, 0);
}

/* --- credentials --------------------------------------------------------------------------------------------------------------- */

static void header_of(const char *auth, const char *name, char *value, size_t size)
{
    const struct fake_answer answers[] = { { .body = "{\"rows\":[]}" } };
    struct fixture f;
    open_desk(&f, auth, answers, 1);
    assert_int_equal(changed(&f)->outcome, DUET_REMOTE_OK);
    const char *found = fake_header(&f.stage.net.requests[0], name);
    snprintf(value, size, "%s", found ? found : "");
    assert_string_equal(f.stage.net.requests[0].url,
                        "https://desk.test/api/tickets?since=1772366400000&size=7");
    close_desk(&f);
}

static void bearer_and_basic_and_header(void **state)
{
    (void)state;
    char value[512];
    header_of(DESK("auth bearer { token = \"{token}\"; }", CHANGED WRITE) OTHER, "Authorization",
              value, sizeof value);
    assert_string_equal(value, "Bearer token-1");
    header_of(DESK("auth basic { user = \"{user}\"; password = \"{password}\"; }", CHANGED WRITE)
                  OTHER,
              "Authorization", value, sizeof value);
    assert_string_equal(value, "Basic bWU6cGFzczp3b3Jk"); /* me:pass:word */
    header_of(DESK("auth header { name = \"X-Key\"; value = \"k {key}\"; }", CHANGED WRITE) OTHER,
              "x-key", value, sizeof value);
    assert_string_equal(value, "k sign-key");
}

static void a_signed_token_verifies(void **state)
{
    (void)state;
    char value[512];
    char message[512];
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    char text[EVP_MAX_MD_SIZE * 2];
    header_of(DESK("auth jwt { header = \"X-Jwt\"; secret = \"{key}\"; claims { Username: user, "
                   "Site: \"SOC\" } }",
                   CHANGED WRITE) OTHER,
              "X-Jwt", value, sizeof value);
    char *signature = strrchr(value, '.');
    assert_non_null(signature);
    snprintf(message, sizeof message, "%.*s", (int)(signature - value), value);
    /* {"alg":"HS256","typ":"JWT"} . {"Username":"me","Site":"SOC"} */
    assert_string_equal(
        message, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJVc2VybmFtZSI6Im1lIiwiU2l0ZSI6IlNPQyJ9");
    HMAC(EVP_sha256(), "sign-key", 8, (const unsigned char *)message, strlen(message), mac,
         &length);
    EVP_EncodeBlock((unsigned char *)text, mac, (int)length);
    for (char *c = text; *c; c++)
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
    text[strcspn(text, "=")] = '\0';
    assert_string_equal(signature + 1, text);
}

/* --- paging --------------------------------------------------------------------------------------------------------------------- */

static void a_link_header_is_followed(void **state)
{
    (void)state;
    const struct fake_answer answers[] = {
        { .headers = "Link: <https://desk.test/api/tickets?p=0>; rel=\"prev\", "
                     "<https://desk.test/api/tickets?p=2>; rel=\"next\"\n",
          .body = "{\"rows\":[1]}" },
        { .headers = "Link: <https://desk.test/api/tickets?p=1>; rel=\"prev\"\n",
          .body = "{\"rows\":[2]}" },
    };
    struct fixture f;
    open_desk(&f,
              DESK("", "changed ticket GET \"/tickets\" { items rows; next header Link; } " WRITE)
                  OTHER,
              answers, 2);
    assert_int_equal(changed(&f)->outcome, DUET_REMOTE_OK);
    assert_string_equal(f.stage.net.requests[1].url, "https://desk.test/api/tickets?p=2");
    assert_int_equal(f.stage.row_count, 2);
    close_desk(&f);
}

static void a_cursor_is_sent_until_there_is_none(void **state)
{
    (void)state;
    const struct fake_answer answers[] = { { .body =
                                                 "{\"rows\":[1],\"more\":{\"token\":\"a b&c\"}}" },
                                           { .body = "{\"rows\":[2],\"more\":{\"token\":17}}" },
                                           { .body = "{\"rows\":[3],\"more\":null}" } };
    struct fixture f;
    open_desk(&f,
              DESK("", "changed ticket GET \"/tickets\" { items rows; cursor after from more.token "
                       "size limit 50 in query; } " WRITE) OTHER,
              answers, 3);
    assert_int_equal(changed(&f)->outcome, DUET_REMOTE_OK);
    assert_string_equal(f.stage.net.requests[0].url, "https://desk.test/api/tickets?limit=50");
    assert_string_equal(f.stage.net.requests[1].url,
                        "https://desk.test/api/tickets?after=a%20b%26c&limit=50");
    assert_string_equal(f.stage.net.requests[2].url,
                        "https://desk.test/api/tickets?after=17&limit=50");
    assert_int_equal(f.stage.row_count, 3);
    close_desk(&f);
}

static void an_offset_counts_rows_and_a_short_page_ends(void **state)
{
    (void)state;
    const struct fake_answer answers[] = { { .body = "{\"rows\":[1,2]}" },
                                           { .body = "{\"rows\":[3]}" },
                                           { .body = "{\"rows\":[1,2]}" },
                                           { .body = "{\"rows\":[3]}" } };
    struct fixture f;
    open_desk(&f,
              DESK("", "changed ticket GET \"/tickets\" { items rows; offset skip from 0 size take "
                       "2 in query; } " WRITE) OTHER,
              answers, 4);
    assert_int_equal(changed(&f)->outcome, DUET_REMOTE_OK);
    assert_string_equal(f.stage.net.requests[1].url, "https://desk.test/api/tickets?skip=2&take=2");
    assert_int_equal(f.stage.row_count, 3);
    close_desk(&f);
}

static void the_answer_itself_may_be_the_list(void **state)
{
    (void)state;
    const struct fake_answer answers[] = { { .body = " [ {\"id\":1}, {\"id\":2} ] " } };
    struct fixture f;
    open_desk(&f, DESK("", "changed ticket GET \"/tickets\" { items []; } " WRITE) OTHER, answers,
              1);
    assert_int_equal(changed(&f)->outcome, DUET_REMOTE_OK);
    assert_int_equal(f.stage.row_count, 2);
    assert_string_equal(f.stage.rows[1], "{\"id\":2}");
    close_desk(&f);
}

/* --- writes --------------------------------------------------------------------------------------------------------------------- */

#define TICKET(title, status, level)                                                               \
    "{\"id\":5,\"etag\":\"v1\",\"updated\":1,\"fields\":{\"title\":\"" title                       \
    "\",\"status\":{\"name\":\"" status "\"},\"level\":\"" level "\"}}"

static void write_ticket(struct fixture *f, const char *before, const char *after,
                         const char *first, const char *second)
{
    struct duet_record old = stage_record(&f->stage, DUET_LEFT, before);
    struct duet_record new = stage_record(&f->stage, DUET_LEFT, after);
    struct duet_remote_write write = {
        .key = old.key, .version = old.version, .before = &old, .values = new.values
    };
    write.mask = duet_bit(stage_field(&f->stage, DUET_LEFT, first));
    write.mask |= second ? duet_bit(stage_field(&f->stage, DUET_LEFT, second)) : 0;
    duet_remote_write(f->desk, &write, 1, stage_on_written, &f->stage);
    duet_loop_run(f->stage.loop);
}

#define PATCH_READ                                                                                 \
    CHANGED "read ticket GET \"/tickets/{key}\"; write ticket PATCH \"/tickets/{key}\" {"          \
            " header \"If-Match\" = \"{version}\"; body changed; verify by reading; }"

static void a_partial_write_sends_what_changed_and_is_read_back(void **state)
{
    (void)state;
    const struct fake_answer answers[] = { { .body = "[]" },
                                           { .body = TICKET("new", "Open", "3") } };
    struct fixture f;
    open_desk(&f, DESK("", PATCH_READ) OTHER, answers, 2);
    write_ticket(&f, TICKET("old", "Open", "2"), TICKET("new", "Open", "3"), "title", "level");
    assert_string_equal(f.stage.net.requests[0].url, "https://desk.test/api/tickets/5");
    assert_string_equal(fake_header(&f.stage.net.requests[0], "If-Match"), "v1");
    json_t *body = json_loads(f.stage.net.requests[0].body, 0, NULL);
    json_t *fields = json_object_get(body, "fields");
    assert_int_equal(json_object_size(fields), 2);
    assert_string_equal(json_string_value(json_object_get(fields, "title")), "new");
    assert_string_equal(json_string_value(json_object_get(fields, "level")), "3");
    json_decref(body);
    assert_int_equal(f.stage.told[0].outcome, DUET_REMOTE_OK);
    assert_string_equal(f.stage.told[0].record, TICKET("new", "Open", "3"));
    close_desk(&f);
}

#define PATCH_WRAPPED                                                                              \
    CHANGED "write ticket PATCH \"/tickets/{key}\" { body changed { data: { kind: \"ticket\","     \
            " attributes: changed }, flat: fields } }"

/* `changed` is what changes at the places that it has in a record; `fields` the same by name alone. */
static void changes_in_a_template_stand_at_their_places(void **state)
{
    (void)state;
    const struct fake_answer answers[] = { { .body = "{}" } };
    struct fixture f;
    open_desk(&f, DESK("", PATCH_WRAPPED) OTHER, answers, 1);
    write_ticket(&f, TICKET("old", "Open", "2"), TICKET("new", "Waiting", "2"), "title", "status");
    json_t *body = json_loads(f.stage.net.requests[0].body, 0, NULL);
    json_t *expected = json_pack("{s:{s:s, s:{s:{s:s, s:{s:s}}}}, s:{s:s, s:s}}", "data", "kind",
                                 "ticket", "attributes", "fields", "title", "new", "status", "name",
                                 "Waiting", "flat", "title", "new", "name", "Waiting");
    assert_true(json_equal(body, expected));
    json_decref(expected);
    json_decref(body);
    close_desk(&f);
}

static void a_200_that_refused_is_seen_by_reading(void **state)
{
    (void)state;
    const struct fake_answer answers[] = { { .body = "[\"Ticket 5: that is no valid level\"]" },
                                           { .body = TICKET("new", "Open", "2") } };
    struct fixture f;
    open_desk(&f, DESK("", PATCH_READ) OTHER, answers, 2);
    write_ticket(&f, TICKET("old", "Open", "2"), TICKET("new", "Open", "3"), "title", "level");
    assert_int_equal(f.stage.told[0].outcome, DUET_REMOTE_REFUSED);
    assert_non_null(strstr(f.stage.told[0].text, "'level'"));
    close_desk(&f);
}

#define MOVES                                                                                      \
    CHANGED "write ticket in order { lookup step GET \"/tickets/{key}/steps\" { items steps; "     \
            "match to.name == ticket.status; }"                                                    \
            " then POST \"/tickets/{key}/steps\" carries status when status changed { body { id: " \
            "step.id } }"                                                                          \
            " PATCH \"/tickets/{key}\" carries title, level otherwise { body changed under "       \
            "ticket; } }"

static void a_lookup_picks_the_step_that_leads_there(void **state)
{
    (void)state;
    const struct fake_answer answers[] = {
        { .body = "{\"steps\":[{\"id\":\"11\",\"to\":{\"name\":\"Waiting\"}},{\"id\":\"31\",\"to\":"
                  "{\"name\":\"Closed\"}}]}" },
        { .status = 204 },
        { .status = 204 },
    };
    struct fixture f;
    open_desk(&f, DESK("", MOVES) OTHER, answers, 3);
    write_ticket(&f, TICKET("old", "Open", "2"), TICKET("new", "Closed", "2"), "status", "title");
    assert_string_equal(f.stage.net.requests[0].url, "https://desk.test/api/tickets/5/steps");
    assert_string_equal(f.stage.net.requests[1].body, "{\"id\":\"31\"}");
    assert_string_equal(f.stage.net.requests[2].body,
                        "{\"ticket\":{\"fields\":{\"title\":\"new\"}}}");
    assert_int_equal(f.stage.told[0].outcome, DUET_REMOTE_OK);
    close_desk(&f);
}

static void a_lookup_that_finds_nothing_is_a_refusal(void **state)
{
    (void)state;
    const struct fake_answer answers[] = {
        { .body = "{\"steps\":[{\"id\":\"11\",\"to\":{\"name\":\"Waiting\"}}]}" }
    };
    struct fixture f;
    open_desk(&f, DESK("", MOVES) OTHER, answers, 1);
    write_ticket(&f, TICKET("old", "Open", "2"), TICKET("new", "Closed", "2"), "status", "title");
    assert_int_equal(f.stage.told[0].outcome, DUET_REMOTE_REFUSED);
    assert_int_equal(f.stage.told[0].written, 0);
    close_desk(&f);
}

/* --- settings ------------------------------------------------------------------------------------------------------------------- */

static void settings_that_cannot_be_right_are_refused(void **state)
{
    static const struct {
        const char *site, *token, *words;
    } cases[] = {
        { NULL, "t", "'site'" },
        { "desk.test", "t", "expected https://" },
        { "https://me@desk.test", "t", "without a user name" },
        { "https://desk.test/?x=1", "t", "a query" },
        { "https://desk.test/a/../b", "t", "'..'" },
        { "https://desk.test", "line\nend", "'token'" },
        { "https://desk.test", NULL, "'token'" },
    };
    (void)state;
    struct stage stage;
    stage_open_text(&stage, DESK("auth bearer { token = \"{token}\"; }", CHANGED WRITE) OTHER, play,
                    NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct duet_setting_value given[5] = { { "user", "u" },
                                               { "password", "pass" },
                                               { "key", "kkkk" } };
        size_t count = 3;
        if (cases[i].site)
            given[count++] = (struct duet_setting_value){ "site", cases[i].site };
        if (cases[i].token)
            given[count++] = (struct duet_setting_value){ "token", cases[i].token };
        const struct duet_endpoint_options options = {
            .rules = &stage.rules,
            .side = DUET_LEFT,
            .name = "acme",
            .settings = given,
            .setting_count = count,
            .clock = &stage.clock.clock,
            .random = &stage.random.random,
            .loop = stage.loop,
            .net = &stage.net.net,
            .log = stage.log,
            .quotas = stage.quotas,
        };
        struct duet_endpoint *endpoint = NULL;
        struct duet_error error = { "" };
        assert_int_equal(duet_endpoint_new(&options, &endpoint, &error), DUET_INVALID);
        if (!strstr(error.text, cases[i].words))
            fail_msg("case %zu: %s", i, error.text);
    }
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bearer_and_basic_and_header),
        cmocka_unit_test(a_signed_token_verifies),
        cmocka_unit_test(a_link_header_is_followed),
        cmocka_unit_test(a_cursor_is_sent_until_there_is_none),
        cmocka_unit_test(an_offset_counts_rows_and_a_short_page_ends),
        cmocka_unit_test(the_answer_itself_may_be_the_list),
        cmocka_unit_test(a_partial_write_sends_what_changed_and_is_read_back),
        cmocka_unit_test(changes_in_a_template_stand_at_their_places),
        cmocka_unit_test(a_200_that_refused_is_seen_by_reading),
        cmocka_unit_test(a_lookup_picks_the_step_that_leads_there),
        cmocka_unit_test(a_lookup_that_finds_nothing_is_a_refusal),
        cmocka_unit_test(settings_that_cannot_be_right_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
