#include "tests/mutants/in_vain.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/text.h"

json_t *in_vain_before(struct lab *lab, const struct lab_incident *incident)
{
    json_t *siem = json_deep_copy(lab_siem_record(lab, incident));
    json_t *soar = json_deep_copy(lab_soar_record(lab, incident));
    return json_pack("{s:o*, s:o*}", "siem", siem, "soar", soar);
}

/* --- the SOAR takes values --------------------------------------------------------------------------------- */

static const char *text_of(const json_t *value)
{
    return json_is_string(value) ? json_string_value(value) : "";
}

/* `shown`: where the record shows what is written as `name`, by this pattern. */
static unsigned same_values(const json_t *record, const json_t *values, const char *shown)
{
    unsigned same = 0;
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)(uintptr_t)values, name, value)
    {
        char *key = lab_format(shown, strcmp(name, "SeverityName") == 0 ? "Severity" : name);
        same += strcmp(name, "Owner") != 0 &&
                strcmp(text_of(json_object_get(record, key)), text_of(value)) == 0;
        free(key);
    }
    return same;
}

static unsigned same_rows(struct lab *lab, const json_t *record, const char *command,
                          const char *member, const char *shown)
{
    unsigned same = 0;
    long count = lab_count(&lab->soar, command);
    for (long i = 0; i < count; i++) {
        const json_t *request = lab_request(&lab->soar, command, (size_t)i + 1);
        const json_t *rows = lab_at(request, "body.CommandParams.Input");
        for (size_t r = 0; r < json_array_size(rows); r++)
            same += same_values(record, json_object_get(json_array_get(rows, r), member), shown);
    }
    return same;
}

/* --- Sentinel takes records -------------------------------------------------------------------------------- */

static bool is_same_record(const json_t *was, const json_t *written)
{
    static const char *const TEXTS[] = { "title",
                                         "status",
                                         "severity",
                                         "owner.objectId",
                                         "classification",
                                         "classificationReason",
                                         "classificationComment" };
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++)
        if (strcmp(lab_text_at(was, TEXTS[i]), lab_text_at(written, TEXTS[i])) != 0)
            return false;
    return true;
}

static unsigned same_puts(struct lab *lab, const json_t *record)
{
    unsigned same = 0;
    long count = lab_count(&lab->siem, "write incident");
    for (long i = 0; i < count; i++) {
        const json_t *request = lab_request(&lab->siem, "write incident", (size_t)i + 1);
        same += is_same_record(json_object_get(record, "properties"),
                               lab_at(request, "body.properties"));
    }
    return same;
}

unsigned in_vain_count(struct lab *lab, const json_t *before)
{
    const json_t *soar = json_object_get(before, "soar");
    return same_rows(lab, soar, "UpdateDynamicFieldsByNumberInBulk", "FieldValue",
                     "Sentinel Sync - %s") +
           same_rows(lab, soar, "SetIncidentFieldsInBulk", "Input", "%s") +
           same_puts(lab, json_object_get(before, "siem"));
}
