/* What the tests of the journal share: a journal in a folder of its own, an owner with a claim, short ways to say a row. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/journal/journal.h"

struct fixture {
    char folder[64];
    char path[96];
    struct duet_journal *journal;
    struct duet_arena *arena;
    struct duet_owner acme; /* a tenant, claimed */
    struct duet_owner soc;  /* a hub, claimed */
    struct duet_source siem;
    struct duet_source soar; /* the hub's */
};

static inline struct duet_journal *open_journal(const struct fixture *fixture)
{
    struct duet_journal *journal = NULL;
    struct duet_error error = { "" };
    if (duet_journal_open(fixture->path, &journal, &error) != DUET_OK)
        fail_msg("%s", error.text);
    return journal;
}

static inline int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    strcpy(fixture->folder, "/tmp/duet-journal-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    (void)snprintf(fixture->path, sizeof fixture->path, "%s/journal", fixture->folder);
    fixture->arena = duet_arena_new();
    fixture->journal = open_journal(fixture);
    fixture->acme = (struct duet_owner){ DUET_OWNER_TENANT, "acme", 0 };
    fixture->soc = (struct duet_owner){ DUET_OWNER_HUB, "soc", 0 };
    assert_int_equal(duet_journal_claim(fixture->journal, &fixture->acme), DUET_OK);
    assert_int_equal(duet_journal_claim(fixture->journal, &fixture->soc), DUET_OK);
    fixture->siem = (struct duet_source){ &fixture->acme, "siem" };
    fixture->soar = (struct duet_source){ &fixture->soc, "" };
    *state = fixture;
    return 0;
}

static inline int teardown(void **state)
{
    struct fixture *fixture = *state;
    char name[160];
    duet_journal_close(fixture->journal);
    duet_arena_free(fixture->arena);
    static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        (void)snprintf(name, sizeof name, "%s%s", fixture->path, endings[i]);
        (void)unlink(name);
    }
    (void)rmdir(fixture->folder);
    free(fixture);
    return 0;
}

/* As a restart does: closed, opened again, nothing claimed anew. */
static inline void reopen(struct fixture *fixture)
{
    duet_journal_close(fixture->journal);
    fixture->journal = open_journal(fixture);
}

static inline struct duet_row row_of(const char *key, const char *raw, const char *version,
                                     int64_t read_began)
{
    uint64_t hash = 14695981039346656037U;
    for (const char *at = raw; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 1099511628211U;
    return (struct duet_row){ key, raw, strlen(raw), version, hash, read_began };
}

static inline struct duet_received receive(struct fixture *fixture,
                                           const struct duet_source *source, struct duet_row row)
{
    struct duet_received received = { 0 };
    assert_int_equal(duet_journal_receive(fixture->journal, source, &row, 1, &received), DUET_OK);
    return received;
}

static inline size_t count_fresh(struct fixture *fixture, const struct duet_source *source)
{
    struct duet_inbox_row *rows = NULL;
    size_t count = 0;
    assert_int_equal(
        duet_journal_fresh(fixture->journal, source, 0, 1000, fixture->arena, &rows, &count),
        DUET_OK);
    return count;
}

static inline struct duet_inbox_row snapshot(struct fixture *fixture,
                                             const struct duet_source *source, const char *key)
{
    struct duet_inbox_row row = { 0 };
    assert_int_equal(duet_journal_snapshot(fixture->journal, source, key, fixture->arena, &row),
                     DUET_OK);
    return row;
}

/* Links a record of acme's siem with one of the hub. */
static inline int64_t link_keys(struct fixture *fixture, const char *left, const char *right)
{
    int64_t link = 0;
    struct duet_link_end ends[2] = { { fixture->siem, left }, { fixture->soar, right } };
    assert_int_equal(
        duet_journal_link(fixture->journal, &fixture->acme, "m", &ends[0], &ends[1], 5, &link),
        DUET_OK);
    return link;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
