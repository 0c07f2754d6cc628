/* Recorded records from a folder: FOLDER/TENANT/SIDE.jsonl or SIDE.json, or FOLDER/SIDE.* without tenants. Both sides are set down,
 * then each left record is met with the right one that is linked by the same value. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/cli/records_file.h"
#include "engine/cli/replay.h"
#include "engine/cli/replay_spool.h"
#include "engine/world/memory.h"

struct folder {
    struct duet_replay_run *run;
    const char *path;
    struct duet_spool *spool[2];
    char *file[2];       /* the sides' files; NULL: there is none */
    enum duet_side side; /* being read */
    bool is_full;        /* a spool can't be written */
};

/* --- reading a side ---------------------------------------------------------------------------------------- */

static const char *place_text(const char *file, size_t number, bool is_line,
                              struct duet_arena *arena)
{
    return duet_arena_format(arena, is_line ? "%s:%zu" : "%s: record %zu", file, number);
}

static const char *link_of(const struct duet_rules *rules, enum duet_side side,
                           const struct duet_record *record, struct duet_arena *arena)
{
    const struct duet_t_mapping *mapping = duet_mapping(rules->tables);
    uint32_t field = side == DUET_LEFT ? mapping->link_left : mapping->link_right;
    const struct duet_value *value = &record->values[duet_field_number(rules->tables, side, field)];
    if (duet_value_missing(value) || !duet_value_known(value))
        return NULL;
    if (value->text)
        return *value->text ? value->text : NULL;
    return duet_arena_format(arena, "%lld", (long long)value->number);
}

static void set_down(void *data, size_t number, bool is_line, const char *text, size_t length)
{
    struct folder *folder = data;
    struct duet_replay_run *run = folder->run;
    struct duet_arena *arena = duet_arena_new();
    struct duet_record record;
    struct duet_error error = { "" };
    const struct duet_spooled place = { .number = number, .is_line = is_line };
    if (duet_record_read(run->versions.new, folder->side, text, length, arena, &record, &error) ==
        DUET_OK) {
        const char *link = link_of(run->versions.new, folder->side, &record, arena);
        if (!duet_spool_add(folder->spool[folder->side], &place, link, text, length))
            folder->is_full = true;
    } else {
        (void)duet_complain(run->arguments, DUET_EXIT_FINE, "%s: %s",
                            place_text(folder->file[folder->side], number, is_line, arena),
                            error.text);
        duet_tally_bad(run->tally);
    }
    duet_arena_free(arena);
}

/* The file of a side in a folder; allocated, NULL: there is none. */
static char *file_of(const char *folder, const char *side)
{
    static const char *const endings[] = { "jsonl", "json" };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t room = strlen(folder) + strlen(side) + 16;
        char *path = duet_new(room);
        struct stat seen;
        (void)snprintf(path, room, "%s/%s.%s", folder, side, endings[i]);
        if (stat(path, &seen) == 0)
            return path;
        free(path);
    }
    return NULL;
}

static bool read_side(struct folder *folder, enum duet_side side)
{
    struct duet_replay_run *run = folder->run;
    const struct duet_tables *tables = run->versions.new->tables;
    struct duet_error error = { "" };
    folder->side = side;
    folder->spool[side] = duet_spool_new();
    folder->file[side] = file_of(folder->path, duet_str(tables, duet_side_row(tables, side)->name));
    if (!folder->spool[side]) {
        run->status = duet_complain(run->arguments, DUET_EXIT_WORLD,
                                    "can't make a temporary file: %s", strerror(errno));
        return false;
    }
    if (folder->file[side] && duet_records_of_file(folder->file[side], tables, side, set_down,
                                                   folder, &error) != DUET_OK) {
        run->status = duet_complain(run->arguments, DUET_EXIT_WORLD, "%s", error.text);
        return false;
    }
    if (folder->is_full) {
        run->status = duet_complain(run->arguments, DUET_EXIT_WORLD,
                                    "can't write a temporary file: %s", strerror(errno));
        return false;
    }
    duet_spool_sort(folder->spool[side]);
    size_t doubles = duet_spool_doubles(folder->spool[side]);
    if (doubles > 0)
        (void)duet_complain(run->arguments, DUET_EXIT_FINE,
                            "%s: %zu record%s gave way to a later one with the same link",
                            folder->file[side], doubles, doubles == 1 ? "" : "s");
    return true;
}

/* --- meeting ------------------------------------------------------------------------------------------------- */

static bool is_lost(struct folder *folder, const char *text)
{
    if (!text)
        folder->run->status = duet_complain(folder->run->arguments, DUET_EXIT_WORLD,
                                            "can't read a temporary file: %s", strerror(errno));
    return !text;
}

static const char *place_of(const struct folder *folder, enum duet_side side,
                            const struct duet_spooled *record, struct duet_arena *arena)
{
    return place_text(folder->file[side], record->number, record->is_line, arena);
}

static bool replay_alone(struct folder *folder, enum duet_side side,
                         const struct duet_spooled *record, struct duet_arena *arena)
{
    const char *text = duet_spool_text(folder->spool[side], record, arena);
    if (is_lost(folder, text))
        return false;
    duet_replay_alone(folder->run, side, text, record->length,
                      place_of(folder, side, record, arena));
    return true;
}

static bool replay_both(struct folder *folder, struct duet_spooled *left,
                        struct duet_spooled *right, struct duet_arena *arena)
{
    const char *texts[2] = { duet_spool_text(folder->spool[DUET_LEFT], left, arena),
                             duet_spool_text(folder->spool[DUET_RIGHT], right, arena) };
    if (is_lost(folder, texts[DUET_LEFT] ? texts[DUET_RIGHT] : NULL))
        return false;
    const struct duet_recorded recorded = { .raw = { texts[0], texts[1] },
                                            .length = { left->length, right->length },
                                            .read_at = { INT64_MAX, INT64_MAX } };
    right->is_met = true;
    duet_replay_pair(folder->run, &recorded,
                     duet_arena_format(arena, "%s and %s", place_of(folder, DUET_LEFT, left, arena),
                                       place_of(folder, DUET_RIGHT, right, arena)));
    return true;
}

static bool meet(struct folder *folder)
{
    struct duet_spooled *record = NULL;
    bool is_good = true;
    for (size_t i = 0; is_good && (record = duet_spool_at(folder->spool[DUET_LEFT], i)); i++) {
        struct duet_arena *arena = duet_arena_new();
        struct duet_spooled *partner = duet_spool_find(folder->spool[DUET_RIGHT], record);
        is_good = partner ? replay_both(folder, record, partner, arena)
                          : replay_alone(folder, DUET_LEFT, record, arena);
        duet_arena_free(arena);
    }
    for (size_t i = 0; is_good && (record = duet_spool_at(folder->spool[DUET_RIGHT], i)); i++) {
        struct duet_arena *arena = duet_arena_new();
        is_good = record->is_met || replay_alone(folder, DUET_RIGHT, record, arena);
        duet_arena_free(arena);
    }
    return is_good;
}

/* --- folders -------------------------------------------------------------------------------------------------- */

/* Whether it had a file of either side. */
static bool replay_tenant(struct duet_replay_run *run, const char *path, const char *tenant)
{
    struct folder folder = { .run = run, .path = path };
    bool is_any = false;
    if (!duet_replay_tenant(run, tenant))
        return true;
    if (read_side(&folder, DUET_LEFT) && read_side(&folder, DUET_RIGHT) && meet(&folder))
        is_any = folder.file[DUET_LEFT] || folder.file[DUET_RIGHT];
    for (size_t side = 0; side < 2; side++) {
        duet_spool_free(folder.spool[side]);
        free(folder.file[side]);
    }
    return is_any || run->status != DUET_EXIT_FINE;
}

static bool is_asked_for(const struct duet_replay_run *run, const char *tenant)
{
    const char *only = duet_option_text(run->arguments, "tenant", NULL);
    return !only || strcmp(only, tenant) == 0;
}

static int is_tenant(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool is_folder(const char *path)
{
    struct stat seen;
    return stat(path, &seen) == 0 && S_ISDIR(seen.st_mode);
}

void duet_replay_folder(struct duet_replay_run *run, const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_tenant, alphasort);
    size_t taken = 0;
    bool has_tenants = false;
    if (count < 0) {
        run->status = duet_complain(run->arguments, DUET_EXIT_WORLD, "can't read '%s': %s", folder,
                                    strerror(errno));
        return;
    }
    for (int i = 0; i < count; i++) {
        size_t room = strlen(folder) + strlen(entries[i]->d_name) + 2;
        char *path = duet_new(room);
        (void)snprintf(path, room, "%s/%s", folder, entries[i]->d_name);
        if (run->status == DUET_EXIT_FINE && is_folder(path)) {
            has_tenants = true;
            taken += is_asked_for(run, entries[i]->d_name) &&
                     replay_tenant(run, path, entries[i]->d_name);
        }
        free(path);
        free(entries[i]);
    }
    free((void *)entries);
    if (!has_tenants && run->status == DUET_EXIT_FINE)
        taken += replay_tenant(run, folder, "");
    if (taken == 0 && run->status == DUET_EXIT_FINE)
        run->status = duet_complain(run->arguments, DUET_EXIT_USAGE,
                                    "no records in '%s': expected TENANT/SIDE.jsonl, SIDE as the "
                                    "mapping calls its sides",
                                    folder);
}
