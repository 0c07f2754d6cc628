/* Every call of SQLite's file layer failing in turn, and the power going at each of them with unsynced writes dropped or reordered.
 *
 * A layer of our own lies over the system's and counts writes, syncs and truncations of the journal and its log. At the chosen call
 * it fails once, or everything fails from then on (the power is gone). Then a random part of what was written since each file's last
 * sync is undone, as a disk may have done. What was acknowledged must be there, whole, and the work must go on. */
#include <fcntl.h>

#include <sqlite3.h>

#include "support.h"

#define MAX_WRITES 4096
#define STEPS 6

enum fault { FAULT_NONE, FAULT_ERROR, FAULT_FULL, FAULT_POWER };

struct pending {
    char path[128];
    sqlite3_int64 offset;
    int length;
    unsigned char *before; /* what a write replaced; beyond the end: zeros */
    unsigned char *after;
};

struct fault_file {
    sqlite3_file base;
    char path[128];
    bool counted;
    sqlite3_file *real;
};

static sqlite3_vfs *real_vfs;
static sqlite3_vfs fault_vfs;
static enum fault fault_kind;
static int fault_at, calls_seen;
static bool power_gone;
static struct pending pending[MAX_WRITES];
static size_t pending_count;

static int answer(void)
{
    if (power_gone)
        return SQLITE_IOERR;
    if (++calls_seen != fault_at || fault_kind == FAULT_NONE)
        return SQLITE_OK;
    power_gone = fault_kind == FAULT_POWER;
    return fault_kind == FAULT_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct fault_file *)file)->real;
}

static void forget_pending(const char *path)
{
    size_t kept = 0;
    for (size_t i = 0; i < pending_count; i++) {
        if (path == NULL || strcmp(pending[i].path, path) == 0) {
            free(pending[i].before);
            free(pending[i].after);
        } else {
            pending[kept++] = pending[i];
        }
    }
    pending_count = kept;
}

static void remember_write(struct fault_file *file, const void *bytes, int length,
                           sqlite3_int64 offset)
{
    assert_true(pending_count < MAX_WRITES);
    struct pending *entry = &pending[pending_count++];
    *entry = (struct pending){ .offset = offset, .length = length };
    memcpy(entry->path, file->path, sizeof entry->path);
    entry->before = calloc(1, (size_t)length);
    entry->after = calloc(1, (size_t)length);
    assert_true(entry->before && entry->after);
    memcpy(entry->after, bytes, (size_t)length);
    (void)file->real->pMethods->xRead(file->real, entry->before, length, offset);
}

static int fault_close(sqlite3_file *file)
{
    int code = real_of(file)->pMethods->xClose(real_of(file));
    free(real_of(file));
    return code;
}

static int fault_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset)
{
    return power_gone ? SQLITE_IOERR_READ
                      : real_of(file)->pMethods->xRead(real_of(file), bytes, length, offset);
}

static int fault_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    struct fault_file *own = (struct fault_file *)file;
    int code = own->counted ? answer() : SQLITE_OK;
    if (code != SQLITE_OK)
        return code;
    if (own->counted && fault_kind == FAULT_POWER)
        remember_write(own, bytes, length, offset);
    return own->real->pMethods->xWrite(own->real, bytes, length, offset);
}

static int fault_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int code = ((struct fault_file *)file)->counted ? answer() : SQLITE_OK;
    return code == SQLITE_OK ? real_of(file)->pMethods->xTruncate(real_of(file), size) : code;
}

static int fault_sync(sqlite3_file *file, int flags)
{
    struct fault_file *own = (struct fault_file *)file;
    int code = own->counted ? answer() : SQLITE_OK;
    if (code != SQLITE_OK)
        return code;
    forget_pending(
        own->path); /* on the disk now; that the machine really syncs is not what is tested */
    (void)flags;
    return SQLITE_OK;
}

static int fault_size(sqlite3_file *file, sqlite3_int64 *size_out)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), size_out);
}

static int fault_lock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int fault_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int fault_check_lock(sqlite3_file *file, int *held_out)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), held_out);
}

static int fault_control(sqlite3_file *file, int operation, void *argument)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
}

static int fault_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int fault_device(sqlite3_file *file)
{
    (void)file;
    return 0; /* promises nothing */
}

static int fault_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory_out)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, memory_out);
}

static int fault_map_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void fault_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int fault_unmap(sqlite3_file *file, int remove_it)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove_it);
}

static const sqlite3_io_methods fault_methods = {
    2,
    fault_close,
    fault_read,
    fault_write,
    fault_truncate,
    fault_sync,
    fault_size,
    fault_lock,
    fault_unlock,
    fault_check_lock,
    fault_control,
    fault_sector,
    fault_device,
    fault_map,
    fault_map_lock,
    fault_barrier,
    fault_unmap,
    NULL,
    NULL,
};

static int fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                      int *flags_out)
{
    struct fault_file *own = (struct fault_file *)file;
    (void)vfs;
    *own = (struct fault_file){ .counted = (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0 };
    if (power_gone)
        return SQLITE_CANTOPEN;
    own->real = calloc(1, (size_t)real_vfs->szOsFile);
    assert_non_null(own->real);
    (void)snprintf(own->path, sizeof own->path, "%s", name ? name : "");
    int code = real_vfs->xOpen(real_vfs, name, own->real, flags, flags_out);
    if (code == SQLITE_OK)
        own->base.pMethods = &fault_methods;
    else
        free(own->real);
    return code;
}

static int fault_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    return power_gone ? SQLITE_IOERR_DELETE : real_vfs->xDelete(real_vfs, name, sync);
}

static int install(void **state)
{
    (void)state;
    real_vfs = sqlite3_vfs_find(NULL);
    fault_vfs = *real_vfs;
    fault_vfs.zName = "faults";
    fault_vfs.szOsFile = sizeof(struct fault_file);
    fault_vfs.xOpen = fault_open;
    fault_vfs.xDelete = fault_delete;
    return sqlite3_vfs_register(&fault_vfs, 1);
}

static int uninstall(void **state)
{
    (void)state;
    forget_pending(NULL);
    (void)sqlite3_vfs_register(real_vfs, 1);
    return sqlite3_vfs_unregister(&fault_vfs);
}

static void arm(enum fault kind, int at)
{
    fault_kind = kind;
    fault_at = at;
    calls_seen = 0;
    power_gone = false;
    forget_pending(NULL);
}

/* What the disk made of the writes that nobody had synced: each stays or not, as the seed says. */
static void lose_unsynced(unsigned seed)
{
    for (size_t i = pending_count; i-- > 0;) {
        int fd = open(pending[i].path, O_RDWR);
        if (fd < 0)
            continue;
        (void)!pwrite(fd, pending[i].before, (size_t)pending[i].length, pending[i].offset);
        (void)close(fd);
    }
    for (size_t i = 0; i < pending_count; i++) {
        seed = seed * 1103515245U + 12345U;
        int fd = (seed >> 16) % 2 ? open(pending[i].path, O_RDWR) : -1;
        if (fd < 0)
            continue;
        (void)!pwrite(fd, pending[i].after, (size_t)pending[i].length, pending[i].offset);
        (void)close(fd);
    }
}

/* --- the work that is disturbed -------------------------------------------------------------------------- */

static enum duet_status work_step(struct duet_journal *journal, const struct duet_owner *owner,
                                  int number)
{
    char text[32], large[3000];
    (void)snprintf(text, sizeof text, "%d", number);
    memset(large, 'a' + number, sizeof large - 1);
    large[sizeof large - 1] = '\0';
    struct duet_source source = { owner, "siem" };
    struct duet_row row = row_of(text, large, NULL, number);
    struct duet_cursor cursor = { text, number, 0 };
    enum duet_status status = duet_journal_begin(journal);
    if (status != DUET_OK)
        return status;
    (void)duet_journal_receive(journal, &source, &row, 1, NULL);
    (void)duet_journal_set_cursor(journal, &source, &cursor);
    return duet_journal_commit(journal);
}

/* The number of the last step that was acknowledged; `first` is the first to do. */
static int work(const char *path, int first)
{
    struct duet_journal *journal = NULL;
    struct duet_owner owner = { DUET_OWNER_TENANT, "acme", 0 };
    struct duet_error error = { "" };
    int last = first - 1;
    if (duet_journal_open(path, &journal, &error) != DUET_OK) {
        assert_true(strlen(error.text) > 0);
        return last;
    }
    if (duet_journal_claim(journal, &owner) == DUET_OK)
        while (last < first + STEPS - 1 && work_step(journal, &owner, last + 1) == DUET_OK)
            last++;
    if (last < first + STEPS - 1)
        assert_true(strlen(duet_journal_message(journal)) > 0);
    duet_journal_close(journal);
    return last;
}

static void expect_whole(struct fixture *fixture, int acknowledged)
{
    struct duet_cursor cursor;
    fixture->journal = open_journal(fixture);
    assert_int_equal(duet_journal_verify(fixture->journal), DUET_OK);
    assert_int_equal(duet_journal_cursor(fixture->journal, &fixture->siem, fixture->arena, &cursor),
                     DUET_OK);
    int written = cursor.cursor ? (int)strtol(cursor.cursor, NULL, 10) : 0;
    assert_in_range(written, acknowledged,
                    acknowledged + 1); /* a commit that failed may still have got through */
    assert_int_equal(count_fresh(fixture, &fixture->siem), written);
    duet_journal_close(fixture->journal);
    fixture->journal = NULL;
}

static void remove_files(const struct fixture *fixture)
{
    char name[160];
    static const char *const endings[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(name, sizeof name, "%s%s", fixture->path, endings[i]);
        (void)unlink(name);
    }
}

/* One fault at each call in turn, until a run ends without having met it. */
static void fault_at_each_call(struct fixture *fixture, enum fault kind, unsigned seed)
{
    char shared[160];
    (void)snprintf(shared, sizeof shared, "%s-shm", fixture->path);
    duet_journal_close(fixture->journal);
    fixture->journal = NULL;
    bool met = true;
    for (int at = 1; met; at++) {
        remove_files(fixture);
        arm(FAULT_NONE, 0);
        assert_int_equal(work(fixture->path, 1), STEPS);
        arm(kind, at);
        int acknowledged = work(fixture->path, STEPS + 1);
        met = calls_seen >= at;
        if (kind == FAULT_POWER && power_gone) {
            lose_unsynced(seed + (unsigned)at);
            (void)unlink(shared); /* memory, gone with the power */
        }
        arm(FAULT_NONE, 0);
        expect_whole(fixture, acknowledged);
        assert_true(work(fixture->path, acknowledged + 1) == acknowledged + STEPS);
    }
    assert_true(calls_seen > 0);
    fixture->journal = open_journal(fixture);
}

static void failing_call_loses_nothing(void **state)
{
    fault_at_each_call(*state, FAULT_ERROR, 0);
}

static void disk_full_at_any_call_loses_nothing(void **state)
{
    fault_at_each_call(*state, FAULT_FULL, 0);
}

static void power_cut_at_any_call_loses_nothing_acknowledged(void **state)
{
    for (unsigned seed = 1; seed <= 2; seed++)
        fault_at_each_call(*state, FAULT_POWER, seed * 7919U);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(failing_call_loses_nothing),
        TEST(disk_full_at_any_call_loses_nothing),
        TEST(power_cut_at_any_call_loses_nothing_acknowledged),
    };
    return cmocka_run_group_tests(tests, install, uninstall);
}
