#include "tests/sim/sentinel/rules.h"

#include <string.h>

#include "tests/sim/instant.h"
#include "tests/sim/text.h"

static const char *const WRITABLE[] = { "title",
                                        "description",
                                        "severity",
                                        "status",
                                        "classification",
                                        "classificationReason",
                                        "classificationComment",
                                        "owner",
                                        "labels",
                                        "firstActivityTimeUtc",
                                        "lastActivityTimeUtc" };
static const char *const VERDICT[] = { "classification", "classificationReason",
                                       "classificationComment" };
static const char *const OWNER[] = { "objectId", "email", "assignedTo", "userPrincipalName",
                                     "ownerType" };

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *const SEVERITIES[] = { "High", "Medium", "Low", "Informational", NULL };
static const char *const STATUSES[] = { "New", "Active", "Closed", NULL };
static const char *const CLASSIFICATIONS[] = { "Undetermined", "TruePositive", "BenignPositive",
                                               "FalsePositive", NULL };
static const char *const REASONS[] = { "SuspiciousActivity", "SuspiciousButExpected",
                                       "IncorrectAlertLogic", "InaccurateData", NULL };

/* The five ways to close that the portal offers. */
static const char *const LEGAL[][2] = { { "TruePositive", "SuspiciousActivity" },
                                        { "BenignPositive", "SuspiciousButExpected" },
                                        { "FalsePositive", "IncorrectAlertLogic" },
                                        { "FalsePositive", "InaccurateData" } };

bool sentinel_can_write(const char *property)
{
    for (size_t i = 0; i < COUNT(WRITABLE); i++)
        if (sim_same(WRITABLE[i], property))
            return true;
    return false;
}

/* An owner as the server keeps it: all members, those of a known person filled in; NULL: nobody. */
static json_t *kept_owner(const struct sim_state *state, const json_t *sent)
{
    json_t *owner = json_object();
    bool somebody = false;
    const struct sentinel_user *user = sentinel_user_find(state, sim_member_text(sent, "objectId"));
    for (size_t i = 0; i < COUNT(OWNER); i++) {
        const char *value = sim_member_text(sent, OWNER[i]);
        json_object_set_new(owner, OWNER[i], value ? json_string(value) : json_null());
        somebody = somebody || (value && i + 1 < COUNT(OWNER));
    }
    if (user) {
        json_object_set_new(owner, "objectId", json_string(user->object_id));
        json_object_set_new(owner, "email", json_string(user->login));
        json_object_set_new(owner, "userPrincipalName", json_string(user->login));
        json_object_set_new(owner, "assignedTo", json_string(user->name));
    }
    if (somebody && json_is_null(json_object_get(owner, "ownerType")))
        json_object_set_new(owner, "ownerType", json_string("Unknown"));
    if (somebody)
        return owner;
    json_decref(owner);
    return NULL;
}

static bool was_auto_assigned(const json_t *labels, const char *name)
{
    for (size_t i = 0; i < json_array_size(labels); i++) {
        const json_t *label = json_array_get(labels, i);
        if (sim_same(sim_member_text(label, "labelName"), name) &&
            sim_same(sim_member_text(label, "labelType"), "AutoAssigned"))
            return true;
    }
    return false;
}

static json_t *kept_labels(const struct sim_state *state, const json_t *before, const json_t *sent)
{
    json_t *labels = json_array();
    for (size_t i = 0; i < json_array_size(sent); i++) {
        const char *name = sim_member_text(json_array_get(sent, i), "labelName");
        if (!name)
            continue;
        bool keep = sentinel_is(state, SENTINEL_LABEL_TYPES, "kept") &&
                    was_auto_assigned(json_object_get(before, "labels"), name);
        json_array_append_new(labels, json_pack("{s:s, s:s}", "labelName", name, "labelType",
                                                keep ? "AutoAssigned" : "User"));
    }
    return labels;
}

static json_t *kept_value(const struct sim_state *state, const json_t *before, const char *name,
                          json_t *value)
{
    if (sim_same(name, "owner"))
        return kept_owner(state, value);
    if (sim_same(name, "labels"))
        return kept_labels(state, before, value);
    return json_is_null(value) ? NULL : json_incref(value);
}

static void drop_verdict(json_t *properties)
{
    for (size_t i = 0; i < COUNT(VERDICT); i++)
        json_object_del(properties, VERDICT[i]);
}

static bool is_closed(const json_t *properties)
{
    return sim_same(sim_member_text(properties, "status"), "Closed");
}

json_t *sentinel_merge(const struct sim_state *state, const json_t *before, const json_t *sent)
{
    json_t *after = before ? json_deep_copy(before) : json_object();
    bool reset = sentinel_is(state, SENTINEL_OMITTED_FIELDS, "reset");
    for (size_t i = 0; i < COUNT(WRITABLE); i++) {
        json_t *value = json_object_get(sent, WRITABLE[i]);
        if (!value && !reset)
            continue;
        json_t *kept = value ? kept_value(state, before, WRITABLE[i], value) : NULL;
        if (kept)
            json_object_set_new(after, WRITABLE[i], kept);
        else
            json_object_del(after, WRITABLE[i]);
    }
    bool reopened = is_closed(before) && !is_closed(after);
    if ((reopened && sentinel_is(state, SENTINEL_REOPEN_DROPS_VERDICT, "on")) ||
        (!is_closed(after) && sentinel_is(state, SENTINEL_OPEN_VERDICT, "drop")))
        drop_verdict(after);
    return after;
}

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (sim_same(*words, word))
            return true;
    return false;
}

/* A value that stands in the incident already may be written back, even when it's unknown here. */
static char *check_enum(const json_t *before, const json_t *after, const char *name,
                        const char *const *words)
{
    const json_t *value = json_object_get(after, name);
    const char *word = json_string_value(value);
    if (!value || (word && is_one_of(word, words)))
        return NULL;
    if (word && sim_same(word, sim_member_text(before, name)))
        return NULL;
    return sim_format("'%s' isn't a valid value of %s.", word ? word : "(no text)", name);
}

static bool is_legal_pair(const char *classification, const char *reason)
{
    for (size_t i = 0; i < COUNT(LEGAL); i++)
        if (sim_same(LEGAL[i][0], classification) && sim_same(LEGAL[i][1], reason))
            return true;
    return false;
}

static char *check_verdict(const struct sim_state *state, const json_t *after)
{
    const char *classification = sim_member_text(after, "classification");
    const char *reason = sim_member_text(after, "classificationReason");
    if (!is_closed(after) && classification && sentinel_is(state, SENTINEL_OPEN_VERDICT, "refuse"))
        return sim_copy("classification can only be set when status is 'Closed'.");
    if (!classification && reason)
        return sim_copy("classificationReason must have classification.");
    if (!classification)
        return is_closed(after) ? sim_copy("status 'Closed' must have classification.") : NULL;
    if (sim_same(classification, "Undetermined"))
        return reason ? sim_copy("classification 'Undetermined' must not have "
                                 "classificationReason.")
                      : NULL;
    if (!reason)
        return is_closed(after) ? sim_format("classification '%s' must have classificationReason.",
                                             classification)
                                : NULL;
    if (is_one_of(classification, CLASSIFICATIONS) && !is_legal_pair(classification, reason))
        return sim_format("classificationReason '%s' isn't valid for classification '%s'.", reason,
                          classification);
    return NULL;
}

static char *check_shapes(const json_t *after)
{
    static const char *const TEXTS[] = { "title", "description", "classificationComment" };
    static const char *const TIMES[] = { "firstActivityTimeUtc", "lastActivityTimeUtc" };
    for (size_t i = 0; i < COUNT(TEXTS); i++) {
        const json_t *value = json_object_get(after, TEXTS[i]);
        if (value && !json_is_string(value))
            return sim_format("%s must be a string.", TEXTS[i]);
    }
    for (size_t i = 0; i < COUNT(TIMES); i++) {
        const json_t *value = json_object_get(after, TIMES[i]);
        int64_t ticks = 0;
        if (value &&
            !(json_is_string(value) && sim_instant_parse(json_string_value(value), &ticks)))
            return sim_format("%s must be a date-time.", TIMES[i]);
    }
    return NULL;
}

char *sentinel_check(const struct sim_state *state, const json_t *before, const json_t *after)
{
    static const char *const REQUIRED[] = { "title", "severity", "status" };
    for (size_t i = 0; i < COUNT(REQUIRED); i++)
        if (!json_object_get(after, REQUIRED[i]))
            return sim_format("'%s' is required.", REQUIRED[i]);
    char *problem = check_shapes(after);
    if (!problem)
        problem = check_enum(before, after, "severity", SEVERITIES);
    if (!problem)
        problem = check_enum(before, after, "status", STATUSES);
    if (!problem)
        problem = check_enum(before, after, "classification", CLASSIFICATIONS);
    if (!problem)
        problem = check_enum(before, after, "classificationReason", REASONS);
    return problem ? problem : check_verdict(state, after);
}
