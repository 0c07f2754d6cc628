#include "tests/torture/people.h"

#include <stdio.h>
#include <string.h>

#include "tests/sim/text.h"

#define ANN "aaaaaaaa-0000-4000-8000-00000000000a"
#define BOB "bbbbbbbb-0000-4000-8000-00000000000b"
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define PICK(list, event) ((list)[(event)->which % COUNT(list)])

struct verdict {
    const char *classification, *reason, *comment; /* NULL: none */
};

static const struct verdict VERDICTS[] = {
    { "TruePositive", "SuspiciousActivity", "seen" },
    { "BenignPositive", "SuspiciousButExpected", NULL },
    { "FalsePositive", "IncorrectAlertLogic", "the rule" },
    { "FalsePositive", "InaccurateData", NULL },
    { "Undetermined", NULL, "no idea" },
};

/* Also what a form lets through and the SIEM refuses. */
static const struct verdict FORMS[] = {
    { "TruePositive", "SuspiciousActivity", "seen there" },
    { "BenignPositive", "SuspiciousButExpected", NULL },
    { "FalsePositive", "IncorrectAlertLogic", "that rule" },
    { "FalsePositive", "InaccurateData", NULL },
    { "Undetermined", NULL, "none" },
    { "BenignPositive", NULL, NULL },
    { NULL, NULL, NULL },
};

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

void people_begin(struct world *world, struct pair pairs[SCHEDULE_PAIRS])
{
    static const char *const SEVERITIES[SCHEDULE_PAIRS] = { "High", "Low", "Medium", "High" };
    for (unsigned p = 0; p < SCHEDULE_PAIRS; p++) {
        pairs[p] = (struct pair){ .tenant = p % WORLD_TENANTS };
        (void)snprintf(pairs[p].name, sizeof pairs[p].name, "cafe0000-0000-4000-8000-00000000000%u",
                       p);
        char *title = sim_format("%s case %u", world_tenant(pairs[p].tenant), p);
        (void)world_person(world, SIEM, "create",
                           json_pack("{s:s, s:s, s:{s:s, s:s, s:s}}", "workspace",
                                     world_workspace(pairs[p].tenant), "name", pairs[p].name,
                                     "properties", "title", title, "severity", SEVERITIES[p],
                                     "status", "New"));
        free(title);
    }
}

void people_note_text(const struct pair *pair, unsigned number, char *out, size_t size)
{
    (void)snprintf(out, size, "%s note %u of %s.", world_tenant(pair->tenant), number, pair->name);
}

static json_t *on_siem(const struct pair *pair)
{
    return json_pack("{s:s, s:s}", "workspace", world_workspace(pair->tenant), "name", pair->name);
}

static json_t *on_soar(const struct pair *pair)
{
    return json_pack("{s:s, s:s}", "number", pair->number, "author", "Cyd Fox");
}

static json_t *siem_set(const struct event *event)
{
    static const char *const SEVERITIES[] = { "High", "Medium", "Low", "Informational" };
    static const char *const OPEN[] = { "New", "Active" };
    static const char *const OWNERS[] = { ANN, BOB, NULL };
    const struct verdict *verdict = &PICK(VERDICTS, event);
    switch (event->unit % 5) {
    case 0:
        return json_pack("{s:s}", "severity", PICK(SEVERITIES, event));
    case 1:
        return json_pack("{s:s}", "status", PICK(OPEN, event));
    case 2:
        return json_pack("{s:{s:o, s:n, s:n, s:n}}", "owner", "objectId",
                         text_or_null(PICK(OWNERS, event)), "email", "assignedTo",
                         "userPrincipalName");
    default:
        return json_pack("{s:s, s:o, s:o, s:o}", "status", "Closed", "classification",
                         text_or_null(verdict->classification), "classificationReason",
                         text_or_null(verdict->reason), "classificationComment",
                         text_or_null(verdict->comment));
    }
}

static json_t *soar_set(const struct event *event)
{
    static const char *const SEVERITIES[] = { "Critical", "High", "Medium", "Low" };
    static const char *const STATUSES[] = { "Open", "In Progress", "On Hold", "Closed" };
    static const char *const OWNERS[] = { "Ann Lee", "Bob Ray", "System", "Cyd Fox" };
    const struct verdict *verdict = &PICK(FORMS, event);
    switch (event->unit % 5) {
    case 0:
        return json_pack("{s:s}", "Severity", PICK(SEVERITIES, event));
    case 1:
    case 3:
        return json_pack("{s:s}", "Status", PICK(STATUSES, event));
    case 2:
        return json_pack("{s:s}", "Owner", PICK(OWNERS, event));
    default:
        return json_pack("{s:o, s:o, s:o}", "form.Classification",
                         text_or_null(verdict->classification), "form.Reason",
                         text_or_null(verdict->reason), "form.Comment",
                         text_or_null(verdict->comment));
    }
}

static bool edit(struct world *world, const struct pair *pair, const struct event *event)
{
    json_t *body = event->side == SIEM ? on_siem(pair) : on_soar(pair);
    json_object_set_new(body, "set", event->side == SIEM ? siem_set(event) : soar_set(event));
    return world_person(world, event->side, "edit", body);
}

static bool note(struct world *world, struct pair *pair, const struct event *event)
{
    char text[VIEW_SIZE];
    json_t *body = event->side == SIEM ? on_siem(pair) : on_soar(pair);
    people_note_text(pair, pair->notes + 1, text, sizeof text);
    json_object_set_new(body, "text", json_string(text));
    if (!world_person(world, event->side, "note", body))
        return false;
    pair->notes++;
    return true;
}

static bool without_more(struct world *world, const struct pair *pair, int side, const char *verb)
{
    return world_person(world, side, verb, side == SIEM ? on_siem(pair) : on_soar(pair));
}

bool people_do(struct world *world, struct pair pairs[SCHEDULE_PAIRS], const struct event *event)
{
    struct pair *pair = &pairs[event->pair];
    if (event->side == SOAR && !*pair->number)
        return false;
    if (event->kind == EVENT_EDIT)
        return edit(world, pair, event);
    if (event->kind == EVENT_NOTE)
        return note(world, pair, event);
    if (event->kind == EVENT_DELETE)
        return without_more(world, pair, event->side, "delete");
    if (event->kind == EVENT_MERGE)
        return without_more(world, pair, SIEM, "merge");
    for (unsigned copy = 0; *pair->number && copy < event->which % 3; copy++)
        world_signal(world, pair->number, "resync");
    return event->kind == EVENT_SIGNAL && *pair->number;
}
