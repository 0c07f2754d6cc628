#include "engine/cli/waiting.h"

#include <string.h>

#include "engine/cli/tell.h"

bool duet_is_conflict(const json_t *thing)
{
    const char *what = duet_tell_member(thing, "what");
    return strcmp(what, "conflict") == 0 || strcmp(what, "parked") == 0;
}

bool duet_needs_person(const json_t *thing)
{
    static const char *const patient[] = { "pending", "waiting",  "frozen",
                                           "kept",    "creating", "signal" };
    for (size_t i = 0; i < sizeof patient / sizeof patient[0]; i++) {
        if (strcmp(duet_tell_member(thing, "what"), patient[i]) == 0)
            return false;
    }
    return true;
}

static void tell_values(FILE *out, const json_t *thing)
{
    const json_t *values = json_object_get(thing, "values");
    if (!values)
        return;
    duet_tell(out, 4, "left:  %s", duet_tell_member(values, "left"));
    duet_tell(out, 4, "right: %s", duet_tell_member(values, "right"));
}

/* "acme  held: verdict in soar" */
static const char *head_of(const json_t *thing, struct duet_arena *arena)
{
    const char *hub = json_string_value(json_object_get(thing, "hub"));
    const char *name = json_string_value(json_object_get(thing, "name"));
    const char *side = json_string_value(json_object_get(thing, "side"));
    return duet_arena_format(arena, "%s%s  %s%s%s%s%s", hub ? "hub " : "",
                             hub ? hub : duet_tell_member(thing, "tenant"),
                             duet_tell_member(thing, "what"), name ? ": " : "", name ? name : "",
                             side ? " in " : "", side ? side : "");
}

static const char *keys_of(const json_t *thing, struct duet_arena *arena)
{
    const json_t *keys = json_object_get(thing, "keys");
    if (!keys)
        return duet_tell_member(thing, "key");
    return duet_arena_format(arena, "%s <-> %s", duet_tell_member(keys, "left"),
                             duet_tell_member(keys, "right"));
}

void duet_waiting_tell_short(FILE *out, const json_t *thing)
{
    struct duet_arena *arena = duet_arena_new();
    const char *sentence = json_string_value(json_object_get(thing, "sentence"));
    duet_tell(out, 0, "%s  %s%s%s", head_of(thing, arena), keys_of(thing, arena),
              sentence ? "  " : "", sentence ? sentence : "");
    duet_arena_free(arena);
}

void duet_waiting_tell(FILE *out, const json_t *thing)
{
    char second[DUET_TELL_SECOND];
    struct duet_arena *arena = duet_arena_new();
    duet_tell(out, 0, "%s", head_of(thing, arena));
    duet_tell(out, 4, json_object_get(thing, "keys") ? "records: %s" : "record: %s",
              keys_of(thing, arena));
    duet_arena_free(arena);
    if (json_object_get(thing, "sentence"))
        duet_tell(out, 4, "%s", duet_tell_member(thing, "sentence"));
    tell_values(out, thing);
    if (json_object_get(thing, "file"))
        duet_tell(out, 4, "rule: %s:%" JSON_INTEGER_FORMAT, duet_tell_member(thing, "file"),
                  json_integer_value(json_object_get(thing, "line")));
    if (json_object_get(thing, "since"))
        duet_tell(out, 4, "since: %s", duet_tell_second(thing, "since", second));
}
