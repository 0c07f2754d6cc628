#include "engine/cli/history.h"

#include "engine/cli/tell.h"
#include "engine/record/times.h"

json_t *duet_history_json(const struct duet_ledger_row *row)
{
    char when[DUET_TIME_TEXT_MAX] = "";
    if (!duet_time_print(DUET_TIME_RFC3339, NULL, row->when, when))
        when[0] = '\0';
    json_t *object = json_object();
    duet_tell_set(object, "time", when);
    duet_tell_set(object, "tenant", row->tenant);
    duet_tell_set(object, "what", duet_ledger_name(row->kind));
    duet_tell_set(object, "left", row->keys[DUET_LEFT]);
    duet_tell_set(object, "right", row->keys[DUET_RIGHT]);
    duet_tell_set(object, "field", row->field);
    duet_tell_set(object, "from", row->from);
    duet_tell_set(object, "to", row->to);
    duet_tell_set(object, "lost", row->lost);
    duet_tell_set(object, "cause", row->cause);
    duet_tell_set(object, "file", row->file);
    if (row->file)
        json_object_set_new(object, "line", json_integer((json_int_t)row->line));
    return object;
}

void duet_history_tell(FILE *out, const json_t *row)
{
    char second[DUET_TELL_SECOND];
    duet_tell(out, 0, "%s  %s  %s  %s: %s -> %s", duet_tell_second(row, "time", second),
              duet_tell_member(row, "tenant"), duet_tell_member(row, "what"),
              duet_tell_member(row, "field"), duet_tell_member(row, "from"),
              duet_tell_member(row, "to"));
    duet_tell(out, 4, "records: %s <-> %s", duet_tell_member(row, "left"),
              duet_tell_member(row, "right"));
    if (json_object_get(row, "lost"))
        duet_tell(out, 4, "lost: %s", duet_tell_member(row, "lost"));
    if (json_object_get(row, "cause"))
        duet_tell(out, 4, "cause: %s", duet_tell_member(row, "cause"));
    if (json_object_get(row, "file"))
        duet_tell(out, 4, "rule: %s:%" JSON_INTEGER_FORMAT, duet_tell_member(row, "file"),
                  json_integer_value(json_object_get(row, "line")));
}
