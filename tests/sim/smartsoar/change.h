/* One accepted save of an incident: fields are set and checked here, whoever sets them; at the end
 * Date Modified moves once and the triggers fire. */
#pragma once

#include "tests/sim/smartsoar/state.h"

enum smartsoar_writer { SMARTSOAR_BY_API, SMARTSOAR_BY_PERSON };

/* Collects changes to copies; nothing is stored until smartsoar_change_save(). */
struct smartsoar_change {
    struct sim_state *state;
    struct smartsoar_incident *incident;
    enum smartsoar_writer writer;
    const char *user; /* who closes, who writes notes */
    bool force;       /* no rule is checked */
    bool only_note;
    bool creating; /* no trigger: a creation is no change */
    json_t *fields;
    json_t *form;
    json_t *custom;
    json_t *notes;
};

void smartsoar_change_begin(struct smartsoar_change *change, struct sim_state *state,
                            struct smartsoar_incident *incident, enum smartsoar_writer writer,
                            const char *user);
/* Each returns NULL or a message that the caller frees. Names are those of rows ("Severity"), of
 * writes ("SeverityName") or of custom fields; null and "" empty a field. */
char *smartsoar_change_field(struct smartsoar_change *change, const char *name,
                             const json_t *value);
char *smartsoar_change_form(struct smartsoar_change *change, const char *section, const char *name,
                            const json_t *value);
void smartsoar_change_note(struct smartsoar_change *change, const char *html);
/* NULL when a close is allowed now. */
char *smartsoar_change_check_close(const struct smartsoar_change *change, bool bypass_tasks,
                                   bool bypass_fields);
/* Checks the whole (the form's dependent values) and stores it; NULL or a message. */
char *smartsoar_change_save(struct smartsoar_change *change);
/* Frees what was not saved; also after saving. */
void smartsoar_change_finish(struct smartsoar_change *change);

/* Posts a trigger, as the switches say. `data` is stolen. */
void smartsoar_fire(struct sim_state *state, const struct smartsoar_incident *incident,
                    const char *trigger, json_t *data);
/* "Custom" in front, blanks and special characters gone. The caller frees. */
char *smartsoar_custom_name(const char *name);
