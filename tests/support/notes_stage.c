#include "tests/support/notes_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/world/memory.h"

#define SECOND INT64_C(10000000)
#define FIRST_SECOND 1772366400 /* 2026-03-01T12:00:00Z */

static const char *const hosts[] = { "https://desk.test", "https://board.test" };
static const char *const keys[] = { "k1", "b1" };

/* --- the servers ------------------------------------------------------------------------------------------------- */

static struct notes_stored *store(struct notes_stage *stage, enum duet_side side, const char *id,
                                  const char *text, const char *author)
{
    struct notes_server *server = &stage->servers[side];
    struct notes_stored *note = NULL;
    for (size_t i = 0; i < server->count; i++) {
        if (id && server->notes[i].id && strcmp(server->notes[i].id, id) == 0)
            note = &server->notes[i];
    }
    if (note) {
        free(note->text);
    } else {
        assert_true(server->count < NOTES_STAGE_MOST);
        note = &server->notes[server->count++];
        *note = (struct notes_stored){ .id = duet_text_new(id),
                                       .author = duet_text_new(author),
                                       .written = stage->second++ };
    }
    note->text = duet_text_new(text);
    char *comment = server->strips_marks ? strstr(note->text, "<!--") : NULL;
    if (comment)
        *comment = '\0';
    return note;
}

static void shout(char *text)
{
    for (; *text; text++)
        *text = (char)(*text >= 'a' && *text <= 'z' ? *text - 'a' + 'A' : *text);
}

/* Left: RFC 3339 with a fraction; right: to the second. */
static json_t *time_json(enum duet_side side, int64_t second)
{
    char text[40];
    int64_t of_day = second % 86400;
    (void)snprintf(text, sizeof text,
                   side == DUET_LEFT ? "2026-03-01T%02d:%02d:%02d.5Z" : "2026-03-01 %02d:%02d:%02d",
                   (int)(of_day / 3600), (int)(of_day / 60 % 60), (int)(of_day % 60));
    return json_string(text);
}

static json_t *notes_json(const struct notes_stage *stage, enum duet_side side)
{
    const struct notes_server *server = &stage->servers[side];
    json_t *rows = json_array();
    for (size_t i = 0; i < server->count; i++) {
        const struct notes_stored *note =
            &server->notes[server->is_newest_first ? server->count - 1 - i : i];
        json_t *row = json_pack("{s:s, s:s}", "text", note->text, "author", note->author);
        char id[64];
        (void)snprintf(id, sizeof id, "%s", note->id ? note->id : "");
        if (server->shouts)
            shout(id);
        if (note->id)
            json_object_set_new(row, "id", json_string(id));
        json_object_set_new(row, "at", time_json(side, note->written));
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *record_json(const struct notes_stage *stage, enum duet_side side)
{
    const struct notes_server *server = &stage->servers[side];
    json_t *record = json_pack("{s:s, s:s, s:s}", "id", keys[side], "title", "t", "state", "Open");
    int64_t modified = server->count > 0 ? server->notes[server->count - 1].written : FIRST_SECOND;
    json_object_set_new(record, "changed", time_json(DUET_LEFT, modified));
    json_object_set_new(record, "count", json_integer((json_int_t)server->count));
    if (!server->is_hidden)
        json_object_set_new(record, "notes", notes_json(stage, side));
    return record;
}

static void answer_json(struct notes_stage *stage, struct fake_answer *answer, json_t *json)
{
    char *text = json_dumps(json, 0);
    json_decref(json);
    answer->body = duet_arena_copy_text(stage->stage.arena, text, strlen(text));
    free(text);
}

/* False: the fault is all there is to it. */
static bool suffer(enum notes_fault *fault, struct fake_answer *answer)
{
    enum notes_fault now = *fault;
    *fault = NOTES_FINE;
    switch (now) {
    case NOTES_FINE:
        return true;
    case NOTES_LOST_AFTER:
        answer->failure = DUET_NET_LOST;
        return true;
    case NOTES_LOST_BEFORE:
    case NOTES_LOST_LATE:
        answer->failure = DUET_NET_LOST;
        return false;
    case NOTES_REFUSED:
        answer->status = 400;
        answer->body = "{\"error\":{\"message\":\"no such words\"}}";
        return false;
    case NOTES_THROTTLED:
        answer->status = 429;
        answer->headers = "Retry-After: 7\n";
        return false;
    case NOTES_GONE:
        answer->status = 404;
        return false;
    }
    return true;
}

static void serve(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    struct notes_stage *stage = data;
    enum duet_side side =
        strncmp(request->url, hosts[0], strlen(hosts[0])) == 0 ? DUET_LEFT : DUET_RIGHT;
    struct notes_server *server = &stage->servers[side];
    const char *notes = strstr(request->url, "/notes");
    assert_non_null(notes);
    if (strcmp(request->method, "GET") == 0) {
        server->lists++;
        if (suffer(&server->next_list, answer))
            answer_json(stage, answer, json_pack("{s:o}", "rows", notes_json(stage, side)));
        return;
    }
    server->adds++;
    bool is_late = server->next_add == NOTES_LOST_LATE;
    if (!suffer(&server->next_add, answer) && !is_late)
        return;
    json_t *body = json_loads(request->body, 0, NULL);
    const char *html = json_string_value(json_object_get(body, "html"));
    const struct duet_tables *tables = stage->stage.rules.tables;
    bool is_html = duet_notes_row(tables, duet_side_row(tables, side)->notes)->html != 0;
    const char *text = is_html ? html : json_string_value(json_object_get(body, "text"));
    if (is_late)
        server->late = duet_text_new(text);
    else
        (void)store(stage, side,
                    strcmp(request->method, "PUT") == 0 ? notes + strlen("/notes/") : NULL, text,
                    "duet");
    json_decref(body);
    if (!answer->body)
        answer->body = "{}";
}

/* --- the engine ---------------------------------------------------------------------------------------------------- */

static int64_t stamp(void *data)
{
    struct notes_stage *stage = data;
    return ++stage->stamps;
}

static void done(void *data, const struct duet_notes_outcome *outcome)
{
    struct notes_stage *stage = data;
    assert_false(stage->is_done);
    stage->is_done = true;
    stage->outcome = *outcome;
    stage->shown[0] = '\0';
    for (size_t i = 0; i < outcome->shown_count; i++) {
        size_t used = strlen(stage->shown);
        (void)snprintf(
            stage->shown + used, sizeof stage->shown - used, "%s/%s: %s\n", outcome->shown[i].what,
            outcome->shown[i].side == DUET_LEFT ? "left" : "right", outcome->shown[i].sentence);
    }
}

static void open_endpoints(struct notes_stage *stage)
{
    for (int side = 0; side < 2; side++) {
        const struct duet_setting_value setting = { "site", hosts[side] };
        stage->endpoints[side] =
            stage_endpoint(&stage->stage, (enum duet_side)side, "acme", &setting, 1);
    }
    stage->started = stamp(stage);
}

static void close_endpoints(struct notes_stage *stage)
{
    for (int side = 0; side < 2; side++) {
        duet_endpoint_free(stage->endpoints[side]);
        stage->endpoints[side] = NULL;
    }
}

static void make_link(struct notes_stage *stage)
{
    struct duet_link_end ends[2];
    struct duet_source sources[2] = { { &stage->owner, "left" }, { &stage->owner, "right" } };
    for (int side = 0; side < 2; side++)
        ends[side] = (struct duet_link_end){ sources[side], keys[side] };
    stage->link_created = stamp(stage);
    assert_int_equal(duet_journal_link(stage->journal, &stage->owner, "both", &ends[0], &ends[1],
                                       stage->link_created, &stage->link),
                     DUET_OK);
}

void notes_open(struct notes_stage *stage, const char *text)
{
    struct duet_error error = { "" };
    memset(stage, 0, sizeof *stage);
    stage_open_text(&stage->stage, text, serve, stage);
    memset(stage->key.bytes, 7, sizeof stage->key.bytes);
    stage->owner = (struct duet_owner){ DUET_OWNER_TENANT, "acme", 0 };
    stage->second = FIRST_SECOND;
    stage->released[0] = stage->released[1] = true;
    if (duet_journal_open(":memory:", &stage->journal, &error) != DUET_OK)
        fail_msg("%s", error.text);
    assert_int_equal(duet_journal_claim(stage->journal, &stage->owner), DUET_OK);
    open_endpoints(stage);
    notes_read(stage);
    make_link(stage);
}

void notes_close(struct notes_stage *stage)
{
    close_endpoints(stage);
    duet_notes_free(stage->job);
    duet_journal_close(stage->journal);
    for (int side = 0; side < 2; side++) {
        free(stage->servers[side].late);
        for (size_t i = 0; i < stage->servers[side].count; i++) {
            free(stage->servers[side].notes[i].id);
            free(stage->servers[side].notes[i].text);
            free(stage->servers[side].notes[i].author);
        }
    }
    stage_close(&stage->stage);
}

struct notes_stored *notes_write(struct notes_stage *stage, enum duet_side side, const char *text)
{
    char id[32];
    (void)snprintf(id, sizeof id, "p%zu", stage->servers[side].count);
    return store(stage, side, id, text, "ann");
}

void notes_read(struct notes_stage *stage)
{
    for (int side = 0; side < 2; side++) {
        stage->read_at[side] = stamp(stage);
        json_t *json = record_json(stage, (enum duet_side)side);
        char *text = json_dumps(json, 0);
        json_decref(json);
        stage->records[side] = stage_record(&stage->stage, (enum duet_side)side, text);
        free(text);
    }
}

static struct duet_notes_options options_of(struct notes_stage *stage)
{
    struct duet_notes_options options = {
        .journal = stage->journal,
        .tenant = &stage->owner,
        .link = stage->link,
        .link_created = stage->link_created,
        .mapping = "both",
        .key = &stage->key,
        .rules = &stage->stage.rules,
        .started = stage->started,
        .loop = stage->stage.loop,
        .log = stage->stage.log,
        .stamp = stamp,
        .stamp_data = stage,
        .done = done,
        .data = stage,
    };
    for (int side = 0; side < 2; side++) {
        options.endpoints[side] = stage->endpoints[side];
        options.keys[side] = keys[side];
        options.records[side] = &stage->records[side];
        options.read_at[side] = stage->read_at[side];
        options.released[side] = stage->released[side];
    }
    return options;
}

bool notes_start(struct notes_stage *stage)
{
    struct duet_notes_options options = options_of(stage);
    stage->is_done = false;
    if (!duet_notes_due(&options))
        return false;
    stage->job = duet_notes_sync(&options);
    assert_false(stage->is_done);
    return true;
}

static void end(struct notes_stage *stage)
{
    duet_notes_free(stage->job);
    stage->job = NULL;
}

bool notes_sync(struct notes_stage *stage)
{
    if (!notes_start(stage))
        return false;
    duet_loop_run(stage->stage.loop);
    assert_true(stage->is_done);
    notes_end(stage);
    return true;
}

void notes_settle(struct notes_stage *stage)
{
    for (int round = 0; round < 10; round++) {
        notes_read(stage);
        bool is_over =
            !notes_sync(stage) ||
            (!stage->outcome.again && stage->outcome.sent[0] == 0 && stage->outcome.sent[1] == 0);
        if (is_over)
            return;
    }
    fail_msg("not settled after ten rounds");
}

bool notes_turn(struct notes_stage *stage)
{
    return !stage->is_done && duet_loop_turn(stage->stage.loop, true);
}

void notes_end(struct notes_stage *stage)
{
    if (!stage->is_done)
        close_endpoints(stage);
    end(stage);
    if (!stage->is_done)
        open_endpoints(stage);
}

void notes_crash(struct notes_stage *stage, size_t turns)
{
    notes_read(stage);
    if (notes_start(stage)) {
        for (size_t i = 0; i < turns && notes_turn(stage); i++)
            continue;
    }
    stage->is_done = false; /* dies in any case */
    notes_end(stage);
}

void notes_land(struct notes_stage *stage, enum duet_side side)
{
    struct notes_server *server = &stage->servers[side];
    if (server->late)
        (void)store(stage, side, NULL, server->late, "duet");
    free(server->late);
    server->late = NULL;
}

size_t notes_with(const struct notes_stage *stage, enum duet_side side, const char *text)
{
    const struct notes_server *server = &stage->servers[side];
    size_t count = 0;
    for (size_t i = 0; i < server->count; i++)
        count += strstr(server->notes[i].text, text) != NULL;
    return count;
}

void notes_reset(struct notes_stage *stage)
{
    for (int side = 0; side < 2; side++)
        stage->servers[side].adds = stage->servers[side].lists = 0;
}

/* --- one stage a test ------------------------------------------------------------------------------------- */

const char *const notes_boards[NOTES_BOARDS] = { HTML_BOARD, TEXT_BOARD, LISTED_BOARD };

struct notes_stage *notes_stage_new(const char *text)
{
    struct notes_stage *stage = calloc(1, sizeof *stage);
    notes_open(stage, text);
    notes_settle(stage); /* the link is looked at for the first time */
    return stage;
}

void notes_stage_free(struct notes_stage *stage)
{
    notes_close(stage);
    free(stage);
}

void notes_expect_once(const struct notes_stage *stage, const char *text)
{
    assert_int_equal(notes_with(stage, DUET_LEFT, text), 1);
    assert_int_equal(notes_with(stage, DUET_RIGHT, text), 1);
}

void notes_expect_total(const struct notes_stage *stage, size_t count)
{
    assert_int_equal(stage->servers[DUET_LEFT].count, count);
    assert_int_equal(stage->servers[DUET_RIGHT].count, count);
}
