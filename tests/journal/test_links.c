/* tests engine/journal/links.c, creations.c and notes.c. */
#include "support.h"

static struct duet_journal_link by_id(struct fixture *fixture, int64_t id)
{
    struct duet_journal_link link = { 0 };
    assert_int_equal(
        duet_journal_link_by_id(fixture->journal, &fixture->acme, id, fixture->arena, &link),
        DUET_OK);
    return link;
}

static enum duet_status try_link(struct fixture *fixture, const struct duet_owner *tenant,
                                 const char *mapping, const char *left, const char *right)
{
    int64_t link = 0;
    struct duet_source siem = { tenant, "siem" };
    struct duet_link_end ends[2] = { { siem, left }, { fixture->soar, right } };
    return duet_journal_link(fixture->journal, tenant, mapping, &ends[0], &ends[1], 1, &link);
}

/* --- links -------------------------------------------------------------------------------------------- */

static void link_is_found_by_either_key(void **state)
{
    struct fixture *fixture = *state;
    int64_t id = link_keys(fixture, "L", "R");
    reopen(fixture);
    struct duet_journal_link link = { 0 };
    assert_int_equal(duet_journal_link_by_key(fixture->journal, &fixture->acme, "m", DUET_LEFT, "L",
                                              fixture->arena, &link),
                     DUET_OK);
    assert_int_equal(link.id, id);
    assert_string_equal(link.tenant, "acme");
    assert_string_equal(link.mapping, "m");
    assert_string_equal(link.keys[DUET_RIGHT], "R");
    assert_string_equal(link.state, "");
    assert_string_equal(link.shown, "");
    assert_int_equal(link.created, 5);
    assert_int_equal(link.buried, 0);
    assert_int_equal(duet_journal_link_by_key(fixture->journal, &fixture->acme, "m", DUET_RIGHT,
                                              "R", fixture->arena, &link),
                     DUET_OK);
    assert_int_equal(link.id, id);
    assert_int_equal(duet_journal_link_by_key(fixture->journal, &fixture->acme, "m", DUET_LEFT, "R",
                                              fixture->arena, &link),
                     DUET_NOT_FOUND);
    assert_int_equal(duet_journal_link_by_key(fixture->journal, &fixture->acme, "n", DUET_LEFT, "L",
                                              fixture->arena, &link),
                     DUET_NOT_FOUND);
    assert_int_equal(duet_journal_link_by_key(fixture->journal, &fixture->soc, "m", DUET_LEFT, "L",
                                              fixture->arena, &link),
                     DUET_NOT_FOUND);
}

static void linking_again_gives_the_same_link(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(link_keys(fixture, "L", "R"), link_keys(fixture, "L", "R"));
}

static void record_is_linked_once_in_a_mapping(void **state)
{
    struct fixture *fixture = *state;
    link_keys(fixture, "L", "R");
    assert_int_equal(try_link(fixture, &fixture->acme, "m", "L", "other"), DUET_CONFLICT);
    assert_non_null(
        strstr(duet_journal_message(fixture->journal), "'acme' has linked 'L' and 'R'"));
    assert_int_equal(try_link(fixture, &fixture->acme, "m", "other", "R"), DUET_CONFLICT);
    assert_int_equal(try_link(fixture, &fixture->acme, "n", "L", "other"), DUET_OK);
    link_keys(fixture, "L2", "R2");
    assert_int_equal(try_link(fixture, &fixture->acme, "m", "L", "R2"), DUET_CONFLICT);
}

static void record_of_a_hub_belongs_to_one_tenant(void **state)
{
    struct fixture *fixture = *state;
    struct duet_owner beta = { DUET_OWNER_TENANT, "beta", 0 };
    assert_int_equal(duet_journal_claim(fixture->journal, &beta), DUET_OK);
    link_keys(fixture, "L", "R");
    assert_int_equal(try_link(fixture, &beta, "m", "L", "R"), DUET_CONFLICT);
    assert_int_equal(try_link(fixture, &beta, "its own mapping", "L", "R"), DUET_CONFLICT);
    assert_int_equal(try_link(fixture, &beta, "m", "L", "R2"),
                     DUET_OK); /* the same key, in a source of its own */
}

static void record_of_a_hub_is_routed_to_its_link(void **state)
{
    struct fixture *fixture = *state;
    struct duet_journal_link *links = NULL;
    size_t count = 9;
    int64_t id = link_keys(fixture, "L", "R");
    assert_int_equal(duet_journal_links_of_record(fixture->journal, &fixture->soar, "none",
                                                  fixture->arena, &links, &count),
                     DUET_OK);
    assert_int_equal(count, 0);
    struct duet_source soar = { &(struct duet_owner){ DUET_OWNER_HUB, "soc", 0 }, "" };
    assert_int_equal(
        duet_journal_links_of_record(fixture->journal, &soar, "R", fixture->arena, &links, &count),
        DUET_OK);
    assert_int_equal(count, 1);
    assert_int_equal(links[0].id, id);
    assert_string_equal(links[0].tenant, "acme");
    assert_int_equal(links[0].found, DUET_RIGHT);
    assert_int_equal(duet_journal_links_of_record(fixture->journal, &fixture->siem, "L",
                                                  fixture->arena, &links, &count),
                     DUET_OK);
    assert_int_equal(count, 1);
    assert_int_equal(links[0].found, DUET_LEFT);
}

static void states_are_set_one_by_one(void **state)
{
    struct fixture *fixture = *state;
    int64_t id = link_keys(fixture, "L", "R");
    assert_int_equal(
        duet_journal_link_set(fixture->journal, &fixture->acme, id, "{\"base\":1}", NULL), DUET_OK);
    assert_int_equal(
        duet_journal_link_set(fixture->journal, &fixture->acme, id, NULL, "{\"held\":1}"), DUET_OK);
    assert_int_equal(duet_journal_link_gone(fixture->journal, &fixture->acme, id, DUET_RIGHT, true),
                     DUET_OK);
    reopen(fixture);
    struct duet_journal_link link = by_id(fixture, id);
    assert_string_equal(link.state, "{\"base\":1}");
    assert_string_equal(link.shown, "{\"held\":1}");
    assert_false(link.gone[DUET_LEFT]);
    assert_true(link.gone[DUET_RIGHT]);
    assert_int_equal(
        duet_journal_link_gone(fixture->journal, &fixture->acme, id, DUET_RIGHT, false), DUET_OK);
    assert_int_equal(duet_journal_link_gone(fixture->journal, &fixture->acme, id, DUET_LEFT, true),
                     DUET_OK);
    link = by_id(fixture, id);
    assert_true(link.gone[DUET_LEFT]);
    assert_false(link.gone[DUET_RIGHT]);
}

static void links_of_another_tenant_are_out_of_reach(void **state)
{
    struct fixture *fixture = *state;
    struct duet_owner beta = { DUET_OWNER_TENANT, "beta", 0 };
    struct duet_journal_link link;
    struct duet_journal_note note = { .link = link_keys(fixture, "L", "R"), .origin_note = "n" };
    assert_int_equal(duet_journal_claim(fixture->journal, &beta), DUET_OK);
    assert_int_equal(duet_journal_link_set(fixture->journal, &beta, note.link, "x", "x"),
                     DUET_NOT_FOUND);
    assert_int_equal(duet_journal_link_gone(fixture->journal, &beta, note.link, DUET_LEFT, true),
                     DUET_NOT_FOUND);
    assert_int_equal(duet_journal_bury(fixture->journal, &beta, note.link, 1, "x"), DUET_NOT_FOUND);
    assert_int_equal(duet_journal_unlink(fixture->journal, &beta, note.link), DUET_OK);
    assert_int_equal(duet_journal_put_note(fixture->journal, &beta, &note), DUET_NOT_FOUND);
    assert_int_equal(
        duet_journal_link_by_id(fixture->journal, &beta, note.link, fixture->arena, &link),
        DUET_NOT_FOUND);
    assert_string_equal(by_id(fixture, note.link).state, "");
}

static void links_come_in_pages(void **state)
{
    struct fixture *fixture = *state;
    char left[16], right[16];
    struct duet_journal_link *links = NULL;
    size_t count = 0, seen = 0;
    int64_t after = 0;
    for (int i = 0; i < 45; i++) {
        (void)snprintf(left, sizeof left, "L%d", i);
        (void)snprintf(right, sizeof right, "R%d", i);
        link_keys(fixture, left, right);
    }
    assert_int_equal(try_link(fixture, &fixture->acme, "n", "L0", "R0"), DUET_OK);
    do {
        assert_int_equal(duet_journal_links(fixture->journal, &fixture->acme, "m", after, 20,
                                            fixture->arena, &links, &count),
                         DUET_OK);
        for (size_t i = 0; i < count; i++, seen++) {
            (void)snprintf(left, sizeof left, "L%zu", seen);
            assert_string_equal(links[i].keys[DUET_LEFT], left);
            after = links[i].id;
        }
    } while (count == 20);
    assert_int_equal(seen, 45);
    assert_int_equal(duet_journal_links(fixture->journal, &fixture->acme, NULL, 0, 100,
                                        fixture->arena, &links, &count),
                     DUET_OK);
    assert_int_equal(count, 46);
}

static void only_links_with_something_to_show_are_shown(void **state)
{
    struct fixture *fixture = *state;
    struct duet_journal_link *links = NULL;
    size_t count = 0;
    link_keys(fixture, "L1", "R1");
    int64_t shown = link_keys(fixture, "L2", "R2");
    assert_int_equal(duet_journal_link_set(fixture->journal, &fixture->acme, shown, NULL, "{}"),
                     DUET_OK);
    assert_int_equal(duet_journal_links_shown(fixture->journal, &fixture->acme, 0, 9,
                                              fixture->arena, &links, &count),
                     DUET_OK);
    assert_int_equal(count, 1);
    assert_int_equal(links[0].id, shown);
    assert_int_equal(duet_journal_link_set(fixture->journal, &fixture->acme, shown, NULL, ""),
                     DUET_OK);
    assert_int_equal(duet_journal_links_shown(fixture->journal, &fixture->acme, 0, 9,
                                              fixture->arena, &links, &count),
                     DUET_OK);
    assert_int_equal(count, 0);
}

static void tombstone_keeps_its_keys_until_it_is_unlinked(void **state)
{
    struct fixture *fixture = *state;
    int64_t id = link_keys(fixture, "L", "R");
    assert_int_equal(duet_journal_bury(fixture->journal, &fixture->acme, id, 9, "deleted there"),
                     DUET_OK);
    assert_int_equal(duet_journal_bury(fixture->journal, &fixture->acme, id, 10, "again"), DUET_OK);
    reopen(fixture);
    assert_int_equal(by_id(fixture, id).buried, 9);
    assert_string_equal(by_id(fixture, id).epitaph, "deleted there");
    assert_int_equal(try_link(fixture, &fixture->acme, "m", "L", "R2"), DUET_CONFLICT);
    assert_int_equal(duet_journal_unlink(fixture->journal, &fixture->acme, id), DUET_OK);
    assert_int_equal(duet_journal_unlink(fixture->journal, &fixture->acme, id), DUET_OK);
    int64_t next = link_keys(fixture, "L", "R2");
    assert_true(next > id); /* an id that somebody may still hold never means another link */
}

/* --- creations ------------------------------------------------------------------------------------------- */

static void creation_goes_from_wanted_to_linked(void **state)
{
    struct fixture *fixture = *state;
    struct duet_creation creation = { .mapping = "m",
                                      .origin = DUET_LEFT,
                                      .origin_key = "L",
                                      .claim = "acme.L.sig",
                                      .operation = "op1",
                                      .state = DUET_CREATION_WANTED,
                                      .when = 1 };
    struct duet_creation found, *creations = NULL;
    size_t count = 0;
    assert_int_equal(duet_journal_create(fixture->journal, &fixture->acme, &creation), DUET_OK);
    assert_int_equal(duet_journal_creations(fixture->journal, &fixture->acme, 0, 9, fixture->arena,
                                            &creations, &count),
                     DUET_OK);
    assert_int_equal(count, 1);
    creation.state = DUET_CREATION_SENT;
    creation.when = 2;
    assert_int_equal(duet_journal_create(fixture->journal, &fixture->acme, &creation), DUET_OK);
    reopen(fixture);
    assert_int_equal(duet_journal_creation(fixture->journal, &fixture->acme, "m", DUET_LEFT, "L",
                                           fixture->arena, &found),
                     DUET_OK);
    assert_int_equal(found.id, creations[0].id);
    assert_int_equal(found.state, DUET_CREATION_SENT);
    assert_string_equal(found.claim, "acme.L.sig");
    assert_string_equal(found.operation, "op1");
    assert_null(found.target_key);
    assert_int_equal(found.when, 2);
    assert_int_equal(duet_journal_creation(fixture->journal, &fixture->acme, "m", DUET_RIGHT, "L",
                                           fixture->arena, &found),
                     DUET_NOT_FOUND);
    creation.state = DUET_CREATION_CREATED;
    creation.target_key = "R";
    assert_int_equal(duet_journal_create(fixture->journal, &fixture->acme, &creation), DUET_OK);
    assert_int_equal(duet_journal_creation(fixture->journal, &fixture->acme, "m", DUET_LEFT, "L",
                                           fixture->arena, &found),
                     DUET_OK);
    assert_string_equal(found.target_key, "R");
    assert_int_equal(
        duet_journal_creation_end(fixture->journal, &fixture->acme, "m", DUET_LEFT, "L"), DUET_OK);
    assert_int_equal(
        duet_journal_creation_end(fixture->journal, &fixture->acme, "m", DUET_LEFT, "L"), DUET_OK);
    assert_int_equal(duet_journal_creation(fixture->journal, &fixture->acme, "m", DUET_LEFT, "L",
                                           fixture->arena, &found),
                     DUET_NOT_FOUND);
}

/* --- notes --------------------------------------------------------------------------------------------------- */

static struct duet_journal_note note_of(int64_t link, const char *origin_note, int part,
                                        enum duet_note_state note_state)
{
    return (struct duet_journal_note){ .link = link,
                                       .origin = DUET_LEFT,
                                       .origin_note = origin_note,
                                       .part = part,
                                       .state = note_state,
                                       .when = 1 };
}

static void put(struct fixture *fixture, const struct duet_journal_note *note)
{
    assert_int_equal(duet_journal_put_note(fixture->journal, &fixture->acme, note), DUET_OK);
}

static size_t count_notes(struct fixture *fixture, int64_t link, enum duet_side origin,
                          enum duet_note_state note_state)
{
    size_t count = 99;
    assert_int_equal(duet_journal_count_notes(fixture->journal, &fixture->acme, link, origin,
                                              note_state, &count),
                     DUET_OK);
    return count;
}

static void note_is_found_both_ways(void **state)
{
    struct fixture *fixture = *state;
    int64_t link = link_keys(fixture, "L", "R");
    struct duet_journal_note note = note_of(link, "n1", 0, DUET_NOTE_INTENDED);
    note.text = "part one";
    note.mark = "[duet:abc]";
    put(fixture, &note);
    struct duet_journal_note second = note_of(link, "n1", 1, DUET_NOTE_INTENDED);
    put(fixture, &second);
    note.state = DUET_NOTE_CONFIRMED;
    note.target_note = "t1";
    note.when = 7;
    put(fixture, &note);
    reopen(fixture);

    struct duet_journal_note *parts = NULL, found;
    size_t count = 0;
    assert_int_equal(duet_journal_note_parts(fixture->journal, &fixture->acme, link, DUET_LEFT,
                                             "n1", fixture->arena, &parts, &count),
                     DUET_OK);
    assert_int_equal(count, 2);
    assert_string_equal(parts[0].target_note, "t1");
    assert_string_equal(parts[0].text, "part one");
    assert_int_equal(parts[0].when, 7);
    assert_int_equal(parts[1].part, 1);
    assert_int_equal(duet_journal_note_by_target(fixture->journal, &fixture->acme, link, DUET_LEFT,
                                                 "t1", fixture->arena, &found),
                     DUET_OK);
    assert_string_equal(found.origin_note, "n1");
    assert_int_equal(duet_journal_note_by_mark(fixture->journal, &fixture->acme, link, DUET_LEFT,
                                               "[duet:abc]", fixture->arena, &found),
                     DUET_OK);
    assert_int_equal(found.part, 0);
    assert_int_equal(duet_journal_note_by_target(fixture->journal, &fixture->acme, link, DUET_RIGHT,
                                                 "t1", fixture->arena, &found),
                     DUET_NOT_FOUND);
}

static void frozen_text_and_confirmation_stay(void **state)
{
    struct fixture *fixture = *state;
    int64_t link = link_keys(fixture, "L", "R");
    struct duet_journal_note note = note_of(link, "n1", 0, DUET_NOTE_SENT), *parts = NULL;
    size_t count = 0;
    note.text = "frozen";
    put(fixture, &note);
    note.text = "edited since";
    note.target_note = "t1";
    note.state = DUET_NOTE_CONFIRMED;
    put(fixture, &note);
    note.state = DUET_NOTE_UNCERTAIN;
    note.target_note = NULL;
    put(fixture, &note);
    assert_int_equal(duet_journal_note_parts(fixture->journal, &fixture->acme, link, DUET_LEFT,
                                             "n1", fixture->arena, &parts, &count),
                     DUET_OK);
    assert_int_equal(count, 1);
    assert_string_equal(parts[0].text, "frozen");
    assert_string_equal(parts[0].target_note, "t1");
    assert_int_equal(parts[0].state, DUET_NOTE_CONFIRMED);
}

static void one_target_note_is_of_one_origin_note(void **state)
{
    struct fixture *fixture = *state;
    int64_t link = link_keys(fixture, "L", "R");
    struct duet_journal_note first = note_of(link, "n1", 0, DUET_NOTE_CONFIRMED);
    struct duet_journal_note other = note_of(link, "n2", 0, DUET_NOTE_CONFIRMED);
    first.target_note = other.target_note = "t1";
    put(fixture, &first);
    assert_int_equal(duet_journal_put_note(fixture->journal, &fixture->acme, &other),
                     DUET_CONFLICT);
    assert_string_equal(duet_journal_message(fixture->journal),
                        "note 'n2' can't be 't1': that one belongs to another note");
    other.origin = DUET_RIGHT;
    put(fixture, &other);
}

static void notes_are_counted_by_origin_and_state(void **state)
{
    struct fixture *fixture = *state;
    int64_t link = link_keys(fixture, "L", "R"), other = link_keys(fixture, "L2", "R2");
    struct duet_journal_note notes[] = { note_of(link, "a", 0, DUET_NOTE_CONFIRMED),
                                         note_of(link, "b", 0, DUET_NOTE_CONFIRMED),
                                         note_of(link, "c", 0, DUET_NOTE_UNCERTAIN),
                                         note_of(other, "a", 0, DUET_NOTE_FOREIGN) };
    for (size_t i = 0; i < 4; i++)
        put(fixture, &notes[i]);
    assert_int_equal(count_notes(fixture, link, DUET_LEFT, DUET_NOTE_CONFIRMED), 2);
    assert_int_equal(count_notes(fixture, link, DUET_LEFT, DUET_NOTE_UNCERTAIN), 1);
    assert_int_equal(count_notes(fixture, link, DUET_RIGHT, DUET_NOTE_CONFIRMED), 0);
    assert_int_equal(count_notes(fixture, other, DUET_LEFT, DUET_NOTE_FOREIGN), 1);
    struct duet_journal_note *page = NULL;
    size_t count = 0;
    assert_int_equal(duet_journal_notes(fixture->journal, &fixture->acme, link, 0, 2,
                                        fixture->arena, &page, &count),
                     DUET_OK);
    assert_int_equal(count, 2);
    assert_int_equal(duet_journal_notes(fixture->journal, &fixture->acme, link, page[1].id, 2,
                                        fixture->arena, &page, &count),
                     DUET_OK);
    assert_int_equal(count, 1);
    assert_string_equal(page[0].origin_note, "c");
}

static void notes_go_with_their_link(void **state)
{
    struct fixture *fixture = *state;
    int64_t link = link_keys(fixture, "L", "R");
    struct duet_journal_note note = note_of(link, "n", 0, DUET_NOTE_CONFIRMED);
    put(fixture, &note);
    assert_int_equal(duet_journal_unlink(fixture->journal, &fixture->acme, link), DUET_OK);
    assert_int_equal(count_notes(fixture, link, DUET_LEFT, DUET_NOTE_CONFIRMED), 0);
    assert_int_equal(duet_journal_put_note(fixture->journal, &fixture->acme, &note),
                     DUET_NOT_FOUND);
    assert_int_equal(duet_journal_verify(fixture->journal), DUET_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(link_is_found_by_either_key),
        TEST(linking_again_gives_the_same_link),
        TEST(record_is_linked_once_in_a_mapping),
        TEST(record_of_a_hub_belongs_to_one_tenant),
        TEST(record_of_a_hub_is_routed_to_its_link),
        TEST(states_are_set_one_by_one),
        TEST(links_of_another_tenant_are_out_of_reach),
        TEST(links_come_in_pages),
        TEST(only_links_with_something_to_show_are_shown),
        TEST(tombstone_keeps_its_keys_until_it_is_unlinked),
        TEST(creation_goes_from_wanted_to_linked),
        TEST(note_is_found_both_ways),
        TEST(frozen_text_and_confirmation_stay),
        TEST(one_target_note_is_of_one_origin_note),
        TEST(notes_are_counted_by_origin_and_state),
        TEST(notes_go_with_their_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
