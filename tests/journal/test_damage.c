/* Files that are no journal, or no longer one; a disk that is full; a store that is held by somebody else. */
#include <sqlite3.h>

#include "engine/journal/store.h"
#include "support.h"

/* --- refusing ------------------------------------------------------------------------------------------ */

static void write_file(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static size_t read_file(const char *path, char *bytes, size_t room)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, room, file);
    assert_int_equal(fclose(file), 0);
    return length;
}

static void change_file(const char *path, const char *sql)
{
    sqlite3 *handle = NULL;
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

static void expect_refused(const char *path, const char *reason)
{
    struct duet_journal *journal = NULL;
    struct duet_error error = { "" };
    assert_int_equal(duet_journal_open(path, &journal, &error), DUET_INVALID);
    assert_null(journal);
    if (strstr(error.text, reason) == NULL)
        fail_msg("expected '%s' in '%s'", reason, error.text);
    assert_int_equal(duet_journal_open_existing(path, &journal, &error), DUET_INVALID);
}

/* Ends the fixture's own use of the file, so that a test can do to it what it likes. */
static void let_go(struct fixture *fixture)
{
    duet_journal_close(fixture->journal);
    fixture->journal = NULL;
}

static void text_file_is_refused_and_left_as_it_is(void **state)
{
    struct fixture *fixture = *state;
    static const char text[] =
        "this is somebody's diary, long enough to have a header of a database in it: "
        "0123456789012345678901234567890123456789012345678901234567890123456789";
    char after[sizeof text + 10];
    let_go(fixture);
    write_file(fixture->path, text, sizeof text);
    expect_refused(fixture->path, "is not a journal of duet");
    assert_int_equal(read_file(fixture->path, after, sizeof after), sizeof text);
    assert_memory_equal(after, text, sizeof text);
}

static void database_of_another_program_is_refused_and_left_as_it_is(void **state)
{
    struct fixture *fixture = *state;
    char before[20000], after[20000];
    let_go(fixture);
    (void)unlink(fixture->path);
    change_file(fixture->path, "CREATE TABLE diary (day TEXT)");
    size_t length = read_file(fixture->path, before, sizeof before);
    expect_refused(fixture->path, "belongs to another program");
    assert_int_equal(read_file(fixture->path, after, sizeof after), length);
    assert_memory_equal(after, before, length);
}

static void newer_schema_is_refused(void **state)
{
    struct fixture *fixture = *state;
    let_go(fixture);
    change_file(fixture->path, "PRAGMA user_version = 99");
    expect_refused(fixture->path, "was made by a newer duet: it has schema 99, expected 1 at most");
}

static void missing_table_is_refused(void **state)
{
    struct fixture *fixture = *state;
    let_go(fixture);
    change_file(fixture->path, "DROP TABLE hint");
    expect_refused(fixture->path, "is damaged: expected 12 tables, found 11");
}

static void row_without_its_owner_is_refused(void **state)
{
    struct fixture *fixture = *state;
    let_go(fixture);
    change_file(fixture->path, "PRAGMA foreign_keys = OFF; DELETE FROM owner;"
                               " INSERT INTO source (owner, side) VALUES (77, 'x')");
    expect_refused(fixture->path, "a row belongs to one that isn't there");
}

static void empty_file_becomes_a_journal_but_not_by_looking(void **state)
{
    struct fixture *fixture = *state;
    struct duet_journal *journal = NULL;
    struct duet_error error = { "" };
    let_go(fixture);
    write_file(fixture->path, "", 0);
    assert_int_equal(duet_journal_open_existing(fixture->path, &journal, &error), DUET_INVALID);
    assert_non_null(strstr(error.text, "is empty"));
    fixture->journal = open_journal(fixture);
}

/* Every page overwritten in turn: opening refuses, or what is read is right, or the read fails; nothing crashes. */
static void damaged_page_is_refused_or_told(void **state)
{
    struct fixture *fixture = *state;
    static char whole[1 << 20], broken[1 << 20];
    for (int i = 0; i < 40; i++) {
        char key[16];
        (void)snprintf(key, sizeof key, "key %d", i);
        receive(fixture, &fixture->siem,
                row_of(key, "{\"a\": \"some content that takes a little room\"}", "v", i));
    }
    let_go(fixture);
    size_t length = read_file(fixture->path, whole, sizeof whole);
    assert_in_range(length, 4096 * 4, sizeof whole - 1);
    for (size_t page = 0; page < length / 4096; page++) {
        memcpy(broken, whole, length);
        memset(broken + page * 4096 + (page == 0 ? 100 : 0), 0xa5, page == 0 ? 3996 : 4096);
        write_file(fixture->path, broken, length);
        struct duet_journal *journal = NULL;
        struct duet_error error = { "" };
        enum duet_status status = duet_journal_open(fixture->path, &journal, &error);
        assert_int_not_equal(status, DUET_OK);
        assert_true(strlen(error.text) > 0);
    }
    for (size_t cut = 2; cut + 4096 < length; cut += 1021) { /* one byte is as good as none */
        write_file(fixture->path, whole, cut);
        struct duet_journal *journal = NULL;
        struct duet_error error = { "" };
        if (duet_journal_open(fixture->path, &journal, &error) == DUET_OK)
            fail_msg("opened though cut after %zu of %zu bytes", cut, length);
    }
    write_file(fixture->path, whole, length);
    fixture->journal = open_journal(fixture);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 40);
}

static void damage_done_while_open_is_told(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(duet_journal_verify(fixture->journal), DUET_OK);
    assert_int_equal(
        duet_db_script(fixture->journal->db,
                       "PRAGMA foreign_keys = OFF; DELETE FROM owner WHERE name = 'soc';"
                       " INSERT INTO source (owner, side) VALUES (77, 'x')"),
        DUET_OK);
    assert_int_equal(duet_journal_verify(fixture->journal), DUET_INVALID);
    assert_non_null(strstr(duet_journal_message(fixture->journal), "is damaged"));
}

/* --- the ledger and foreign keys are held by the store itself ---------------------------------------------- */

static void ledger_rows_can_not_be_changed_or_deleted(void **state)
{
    struct fixture *fixture = *state;
    struct duet_ledger_row entry = { .kind = DUET_LEDGER_REMARK };
    assert_int_equal(duet_journal_log(fixture->journal, &fixture->acme, &entry), DUET_OK);
    assert_int_equal(duet_db_script(fixture->journal->db, "UPDATE ledger SET line = 1"),
                     DUET_CONFLICT);
    assert_int_equal(duet_db_script(fixture->journal->db, "DELETE FROM ledger"), DUET_CONFLICT);
    assert_non_null(strstr(duet_db_message(fixture->journal->db), "the ledger only grows"));
    assert_int_equal(duet_db_script(fixture->journal->db, "DELETE FROM owner"), DUET_CONFLICT);
}

static void commits_are_synced_and_logged_ahead(void **state)
{
    struct fixture *fixture = *state;
    int64_t number = 0;
    assert_int_equal(duet_db_number(fixture->journal->db, "PRAGMA synchronous", &number), DUET_OK);
    assert_int_equal(number, 2);
    assert_int_equal(duet_db_number(fixture->journal->db, "PRAGMA foreign_keys", &number), DUET_OK);
    assert_int_equal(number, 1);
    assert_int_equal(duet_db_number(fixture->journal->db,
                                    "SELECT journal_mode = 'wal' FROM pragma_journal_mode",
                                    &number),
                     DUET_OK);
    assert_int_equal(number, 1);
}

/* --- no room ------------------------------------------------------------------------------------------------- */

static void set_room(struct fixture *fixture, int64_t pages_left)
{
    int64_t pages = 0;
    char sql[64];
    assert_int_equal(duet_db_number(fixture->journal->db, "PRAGMA page_count", &pages), DUET_OK);
    (void)snprintf(sql, sizeof sql, "PRAGMA max_page_count = %lld",
                   (long long)pages + (long long)pages_left);
    assert_int_equal(duet_db_script(fixture->journal->db, sql), DUET_OK);
}

static void full_disk_fails_the_commit_and_room_heals_it(void **state)
{
    struct fixture *fixture = *state;
    static char large[200000];
    memset(large, 'x', sizeof large - 1);
    struct duet_row row = { "large", large, sizeof large - 1, NULL, 1, 1 };
    receive(fixture, &fixture->siem, row_of("small", "1", NULL, 1));
    set_room(fixture, 3);
    assert_int_equal(duet_journal_receive(fixture->journal, &fixture->siem, &row, 1, NULL),
                     DUET_FAILED);
    assert_non_null(strstr(duet_journal_message(fixture->journal), "full"));
    assert_int_equal(duet_journal_begin(fixture->journal), DUET_OK);
    assert_int_equal(duet_journal_remember(fixture->journal, &fixture->acme, "a", "b"), DUET_OK);
    assert_int_equal(duet_journal_receive(fixture->journal, &fixture->siem, &row, 1, NULL),
                     DUET_FAILED);
    assert_int_equal(duet_journal_remember(fixture->journal, &fixture->acme, "c", "d"),
                     DUET_FAILED);
    assert_int_equal(duet_journal_commit(fixture->journal), DUET_FAILED);
    const char *text = NULL;
    assert_int_equal(
        duet_journal_recall(fixture->journal, &fixture->acme, "a", fixture->arena, &text),
        DUET_NOT_FOUND);
    assert_int_equal(
        duet_journal_recall(fixture->journal, &fixture->acme, "c", fixture->arena, &text),
        DUET_NOT_FOUND);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 1);
    set_room(fixture, 1000);
    assert_int_equal(duet_journal_receive(fixture->journal, &fixture->siem, &row, 1, NULL),
                     DUET_OK);
    reopen(fixture);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 2);
}

/* --- held by somebody else --------------------------------------------------------------------------------------- */

static void held_store_is_busy(void **state)
{
    struct fixture *fixture = *state;
    struct duet_db *other = NULL;
    struct duet_error error;
    assert_int_equal(duet_db_open(fixture->path, 0, &other, &error), DUET_OK);
    assert_int_equal(duet_journal_begin(fixture->journal), DUET_OK);
    assert_int_equal(duet_db_begin(other), DUET_BUSY);
    assert_int_equal(duet_journal_commit(fixture->journal), DUET_OK);
    assert_int_equal(duet_db_begin(other), DUET_OK);
    assert_int_equal(duet_db_commit(other), DUET_OK);
    duet_db_close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(text_file_is_refused_and_left_as_it_is),
        TEST(database_of_another_program_is_refused_and_left_as_it_is),
        TEST(newer_schema_is_refused),
        TEST(missing_table_is_refused),
        TEST(row_without_its_owner_is_refused),
        TEST(empty_file_becomes_a_journal_but_not_by_looking),
        TEST(damaged_page_is_refused_or_told),
        TEST(damage_done_while_open_is_told),
        TEST(ledger_rows_can_not_be_changed_or_deleted),
        TEST(commits_are_synced_and_logged_ahead),
        TEST(full_disk_fails_the_commit_and_room_heals_it),
        TEST(held_store_is_busy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
