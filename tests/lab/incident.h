/* One incident on both sides: what a person does to it, and what is seen. */
#pragma once

#include "tests/lab/lab.h"

struct lab_incident {
    unsigned tenant;
    char name[64];   /* in Sentinel */
    char number[64]; /* in the SOAR; "" until lab_find_number() */
};

/* A new incident in the tenant's workspace, New and of severity High unless `properties` (stolen, may be NULL) says more. */
struct lab_incident lab_new_incident(struct lab *lab, unsigned tenant, json_t *properties);
/* The SOAR's incident that carries the name; false when there is none. Fails when there are several. */
bool lab_find_number(struct lab *lab, struct lab_incident *incident);

/* A person's edit: `set` (stolen) as in the simulator's README, null empties. */
void lab_edit_siem(struct lab *lab, const struct lab_incident *incident, json_t *set);
void lab_edit_soar(struct lab *lab, const struct lab_incident *incident, json_t *set);
/* Status (NULL leaves it) and verdict such as "TP.SA", "U", "-" for none (NULL leaves it), also an illegal pair. */
void lab_judge_siem(struct lab *lab, const struct lab_incident *incident, const char *status,
                    const char *verdict);
void lab_judge_soar(struct lab *lab, const struct lab_incident *incident, const char *status,
                    const char *verdict);
void lab_own_siem(struct lab *lab, const struct lab_incident *incident, const char *object_id);
void lab_note_siem(struct lab *lab, const struct lab_incident *incident, const char *text);
void lab_note_soar(struct lab *lab, const struct lab_incident *incident, const char *text);
void lab_signal_soar(struct lab *lab, const struct lab_incident *incident, const char *signal);
void lab_delete_siem(struct lab *lab, const struct lab_incident *incident);
void lab_delete_soar(struct lab *lab, const struct lab_incident *incident);
void lab_merge_siem(struct lab *lab, const struct lab_incident *incident);

/* The record, lent until the next request to that system; NULL when it isn't there. */
json_t *lab_siem_record(struct lab *lab, const struct lab_incident *incident);
json_t *lab_soar_record(struct lab *lab, const struct lab_incident *incident);
/* A member as text, lent likewise: "properties.severity", "Severity", "Sentinel Sync - Comment". */
const char *lab_siem_text(struct lab *lab, const struct lab_incident *incident, const char *path);
const char *lab_soar_text(struct lab *lab, const struct lab_incident *incident, const char *path);

/* Both sides' status and verdict: "Closed TP.SA ~ Closed TP.SA"; "gone" for a side without a record. In a static buffer. */
const char *lab_both(struct lab *lab, const struct lab_incident *incident);

/* Notes of a side that hold the text. */
unsigned lab_siem_notes(struct lab *lab, const struct lab_incident *incident, const char *text);
unsigned lab_soar_notes(struct lab *lab, const struct lab_incident *incident, const char *text);
