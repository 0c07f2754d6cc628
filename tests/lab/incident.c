#include "tests/lab/incident.h"

#include <stdio.h>
#include <string.h>

#include "tests/lab/text.h"

struct word {
    const char *code;
    const char *name;
};

static const struct word CLASSIFICATIONS[] = { { "TP", "TruePositive" },
                                               { "BP", "BenignPositive" },
                                               { "FP", "FalsePositive" },
                                               { "U", "Undetermined" } };
static const struct word REASONS[] = { { "SA", "SuspiciousActivity" },
                                       { "SBE", "SuspiciousButExpected" },
                                       { "IAL", "IncorrectAlertLogic" },
                                       { "ID", "InaccurateData" } };

enum { WORDS = 4, VERDICT_SIZE = 64 };

static json_t *name_of(const struct word *words, const char *code, size_t length)
{
    for (size_t i = 0; i < WORDS && length > 0; i++)
        if (strlen(words[i].code) == length && strncmp(words[i].code, code, length) == 0)
            return json_string(words[i].name);
    return json_null();
}

static const char *code_of(const struct word *words, const char *name)
{
    for (size_t i = 0; i < WORDS; i++)
        if (strcmp(words[i].name, name) == 0)
            return words[i].code;
    return name;
}

static void write_verdict(char *out, const char *classification, const char *reason)
{
    const char *first = code_of(CLASSIFICATIONS, classification);
    const char *second = code_of(REASONS, reason);
    if (!*first && !*second)
        snprintf(out, VERDICT_SIZE, "-");
    else
        snprintf(out, VERDICT_SIZE, "%s%s%s", first, *second ? "." : "", second);
}

/* "TP.SA" as two members of `set`. */
static void add_verdict(json_t *set, const char *verdict, const char *classification,
                        const char *reason)
{
    size_t length = strcspn(verdict, ".");
    const char *rest = verdict[length] == '.' ? verdict + length + 1 : "";
    json_object_set_new(set, classification, name_of(CLASSIFICATIONS, verdict, length));
    json_object_set_new(set, reason, name_of(REASONS, rest, strlen(rest)));
}

/* --- deeds ---------------------------------------------------------------------------------------- */

static json_t *on_siem(const struct lab_incident *incident)
{
    return json_pack("{s:s, s:s}", "workspace", lab_workspace(incident->tenant), "name",
                     incident->name);
}

static json_t *on_soar(const struct lab_incident *incident)
{
    if (!*incident->number)
        lab_fail("the incident '%s' has no number in the SOAR yet", incident->name);
    return json_pack("{s:s, s:s}", "number", incident->number, "author", "Cyd Fox");
}

struct lab_incident lab_new_incident(struct lab *lab, unsigned tenant, json_t *properties)
{
    struct lab_incident incident = { .tenant = tenant };
    json_t *all = json_pack("{s:s, s:s, s:s}", "title", "An odd sign-in", "severity", "High",
                            "status", "New");
    json_object_update(all, properties);
    json_decref(properties);
    const json_t *answer =
        lab_do(&lab->siem, "POST", "/_sim/create",
               json_pack("{s:s, s:o}", "workspace", lab_workspace(tenant), "properties", all));
    snprintf(incident.name, sizeof(incident.name), "%s", lab_text_at(answer, "name"));
    return incident;
}

bool lab_find_number(struct lab *lab, struct lab_incident *incident)
{
    const json_t *rows =
        json_object_get(lab_do(&lab->soar, "GET", "/_sim/records", NULL), "incidents");
    incident->number[0] = '\0';
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (strcmp(lab_text_at(row, "Custom Field.CustomSentinelIncidentId"), incident->name) != 0)
            continue;
        if (*incident->number)
            lab_fail("two incidents of the SOAR carry '%s': %s and %s", incident->name,
                     incident->number, lab_text_at(row, "IR Number"));
        snprintf(incident->number, sizeof(incident->number), "%s", lab_text_at(row, "IR Number"));
    }
    return *incident->number != '\0';
}

void lab_edit_siem(struct lab *lab, const struct lab_incident *incident, json_t *set)
{
    json_t *body = on_siem(incident);
    json_object_set_new(body, "set", set);
    lab_do(&lab->siem, "POST", "/_sim/edit", body);
}

void lab_edit_soar(struct lab *lab, const struct lab_incident *incident, json_t *set)
{
    json_t *body = on_soar(incident);
    json_object_set_new(body, "set", set);
    lab_do(&lab->soar, "POST", "/_sim/edit", body);
}

void lab_judge_siem(struct lab *lab, const struct lab_incident *incident, const char *status,
                    const char *verdict)
{
    json_t *set = json_object();
    if (status)
        json_object_set_new(set, "status", json_string(status));
    if (verdict)
        add_verdict(set, verdict, "classification", "classificationReason");
    lab_edit_siem(lab, incident, set);
}

/* Forced: people get to enter what the API's rules would refuse, such as a pair outside the list. */
void lab_judge_soar(struct lab *lab, const struct lab_incident *incident, const char *status,
                    const char *verdict)
{
    json_t *set = json_object();
    json_t *body = on_soar(incident);
    if (verdict)
        add_verdict(set, verdict, "form.Classification", "form.Reason");
    if (status)
        json_object_set_new(set, "Status", json_string(status));
    json_object_set_new(body, "set", set);
    json_object_set_new(body, "force", json_true());
    lab_do(&lab->soar, "POST", "/_sim/edit", body);
}

void lab_own_siem(struct lab *lab, const struct lab_incident *incident, const char *object_id)
{
    json_t *owner = object_id ? json_pack("{s:s}", "objectId", object_id) : json_null();
    lab_edit_siem(lab, incident, json_pack("{s:o}", "owner", owner));
}

void lab_note_siem(struct lab *lab, const struct lab_incident *incident, const char *text)
{
    json_t *body = on_siem(incident);
    json_object_set_new(body, "text", json_string(text));
    json_object_set_new(body, "author", json_string("ann@acme.example"));
    lab_do(&lab->siem, "POST", "/_sim/note", body);
}

void lab_note_soar(struct lab *lab, const struct lab_incident *incident, const char *text)
{
    json_t *body = on_soar(incident);
    json_object_set_new(body, "text", json_string(text));
    lab_do(&lab->soar, "POST", "/_sim/note", body);
}

void lab_signal_soar(struct lab *lab, const struct lab_incident *incident, const char *signal)
{
    json_t *body = on_soar(incident);
    json_object_set_new(body, "signal", json_pack("{s:s}", "signal", signal));
    lab_do(&lab->soar, "POST", "/_sim/signal", body);
}

void lab_delete_siem(struct lab *lab, const struct lab_incident *incident)
{
    lab_do(&lab->siem, "POST", "/_sim/delete", on_siem(incident));
}

void lab_delete_soar(struct lab *lab, const struct lab_incident *incident)
{
    lab_do(&lab->soar, "POST", "/_sim/delete", on_soar(incident));
}

void lab_merge_siem(struct lab *lab, const struct lab_incident *incident)
{
    lab_do(&lab->siem, "POST", "/_sim/merge", on_siem(incident));
}

/* --- views ---------------------------------------------------------------------------------------- */

static json_t *find(const json_t *list, const char *member, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(lab_text_at(json_array_get(list, i), member), text) == 0)
            return json_array_get(list, i);
    return NULL;
}

json_t *lab_siem_record(struct lab *lab, const struct lab_incident *incident)
{
    const json_t *all =
        json_object_get(lab_do(&lab->siem, "GET", "/_sim/records", NULL), "workspaces");
    return find(json_object_get(all, lab_workspace(incident->tenant)), "name", incident->name);
}

json_t *lab_soar_record(struct lab *lab, const struct lab_incident *incident)
{
    const json_t *all =
        json_object_get(lab_do(&lab->soar, "GET", "/_sim/records", NULL), "incidents");
    return *incident->number ? find(all, "IR Number", incident->number) : NULL;
}

const char *lab_siem_text(struct lab *lab, const struct lab_incident *incident, const char *path)
{
    return lab_text_at(lab_siem_record(lab, incident), path);
}

const char *lab_soar_text(struct lab *lab, const struct lab_incident *incident, const char *path)
{
    return lab_text_at(lab_soar_record(lab, incident), path);
}

const char *lab_both(struct lab *lab, const struct lab_incident *incident)
{
    static char text[512];
    char left[VERDICT_SIZE] = "";
    char right[VERDICT_SIZE] = "";
    const json_t *siem = lab_siem_record(lab, incident);
    const json_t *soar = lab_soar_record(lab, incident);
    if (siem)
        write_verdict(left, lab_text_at(siem, "properties.classification"),
                      lab_text_at(siem, "properties.classificationReason"));
    if (soar)
        write_verdict(right, lab_text_at(soar, "Sentinel Sync - Classification"),
                      lab_text_at(soar, "Sentinel Sync - Reason"));
    snprintf(text, sizeof(text), "%s %s ~ %s %s",
             siem ? lab_text_at(siem, "properties.status") : "gone", left,
             soar ? lab_text_at(soar, "Status") : "gone", right);
    return text;
}

static unsigned count_notes(const json_t *notes, const char *member, const char *text)
{
    unsigned count = 0;
    for (size_t i = 0; i < json_array_size(notes); i++)
        count += strstr(lab_text_at(json_array_get(notes, i), member), text) != NULL;
    return count;
}

unsigned lab_siem_notes(struct lab *lab, const struct lab_incident *incident, const char *text)
{
    return count_notes(json_object_get(lab_siem_record(lab, incident), "comments"),
                       "properties.message", text);
}

unsigned lab_soar_notes(struct lab *lab, const struct lab_incident *incident, const char *text)
{
    return count_notes(json_object_get(lab_soar_record(lab, incident), "Notes"), "Text", text);
}
