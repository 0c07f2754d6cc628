#include <string.h>

#include "engine/record/record.h"
#include "engine/record/times.h"

static const char *item_text(const struct duet_tables *tables, uint32_t path, const json_t *item,
                             struct duet_arena *arena)
{
    const json_t *json = path == DUET_NONE ? NULL : duet_path_find(tables, path, item);
    if (json_is_string(json))
        return duet_arena_copy_text(arena, json_string_value(json), json_string_length(json));
    if (json_is_integer(json))
        return duet_arena_format(arena, "%lld", (long long)json_integer_value(json));
    return NULL;
}

/* False for an item that isn't a note: no text. */
static bool read_note(const struct duet_tables *tables, const struct duet_t_notes *format,
                      const json_t *item, struct duet_arena *arena, struct duet_note *note)
{
    note->text = item_text(tables, format->text, item, arena);
    note->id = item_text(tables, format->id, item, arena);
    note->author = item_text(tables, format->author, item, arena);
    const char *written = item_text(tables, format->written, item, arena);
    note->written = 0;
    if (written &&
        !duet_time_parse((enum duet_time_unit)format->time_unit,
                         duet_opt_str(tables, format->time_format), written, &note->written))
        note->written = 0;
    return note->text != NULL;
}

struct duet_note_list duet_notes_in_record(const struct duet_rules *rules, enum duet_side side,
                                           const struct duet_record *record,
                                           struct duet_arena *arena)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_notes *format = duet_notes_row(tables, duet_side_row(tables, side)->notes);
    struct duet_note_list list = { 0 };
    if (!format || !record->raw)
        return list;
    json_t *json = json_loadb(record->raw, record->length, 0, NULL);
    const json_t *items = json ? duet_path_find(tables, format->path, json) : NULL;
    list.known = json_is_array(items);
    size_t count = json_array_size(items);
    list.notes = duet_arena_alloc_array(arena, count + 1, sizeof *list.notes);
    for (size_t i = 0; i < count; i++)
        list.count +=
            read_note(tables, format, json_array_get(items, i), arena, &list.notes[list.count]);
    json_decref(json);
    return list;
}

struct duet_note_list duet_notes_from_items(const struct duet_rules *rules, enum duet_side side,
                                            const char *const *items, size_t count,
                                            struct duet_arena *arena)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_notes *format = duet_notes_row(tables, duet_side_row(tables, side)->notes);
    struct duet_note_list list = { .known = format != NULL };
    list.notes = duet_arena_alloc_array(arena, count + 1, sizeof *list.notes);
    for (size_t i = 0; format && i < count; i++) {
        json_t *item = json_loads(items[i], 0, NULL);
        list.count += item && read_note(tables, format, item, arena, &list.notes[list.count]);
        json_decref(item);
    }
    return list;
}
