/* One command that was let in: its parameters, and the ways to answer it. */
#pragma once

#include "tests/sim/exchange.h"
#include "tests/sim/smartsoar/change.h"
#include "tests/sim/smartsoar/state.h"

struct smartsoar_call {
    struct sim_state *state;
    json_t *params; /* CommandParams */
    const char *user;
    const char *site;
    struct sim_reply *reply;
};

/* error "" and returnData in the style of the switch; the members of `extra` (stolen, may be NULL)
 * beside them. */
void smartsoar_succeed(const struct smartsoar_call *call, json_t *extra);
/* error "" and returnData {"Status":"Successful","Data":data}; `data` is stolen. */
void smartsoar_return(const struct smartsoar_call *call, json_t *data);
/* A row for each record: contextData, with returnData telling of those that failed. Stolen. */
void smartsoar_return_rows(const struct smartsoar_call *call, json_t *rows, json_t *errors);
/* 200 with `error`; the message is freed. */
void smartsoar_fail(const struct smartsoar_call *call, char *stolen_message);

/* A required text or member, else NULL with the failure answered. */
const char *smartsoar_need_text(const struct smartsoar_call *call, const char *name);
json_t *smartsoar_need(const struct smartsoar_call *call, const char *name);
/* The incident of this number in the caller's site, else NULL. */
struct smartsoar_incident *smartsoar_call_incident(const struct smartsoar_call *call,
                                                   const char *number);
char *smartsoar_no_incident(void);

struct smartsoar_command {
    const char *name;
    void (*run)(const struct smartsoar_call *call);
};

void smartsoar_get_incidents(const struct smartsoar_call *call);
void smartsoar_get_incidents_new(const struct smartsoar_call *call);
void smartsoar_get_static_field(const struct smartsoar_call *call);
void smartsoar_search_incident(const struct smartsoar_call *call);
void smartsoar_get_events(const struct smartsoar_call *call);
void smartsoar_create(const struct smartsoar_call *call);
void smartsoar_set_field(const struct smartsoar_call *call);
void smartsoar_set_fields(const struct smartsoar_call *call);
void smartsoar_set_fields_in_bulk(const struct smartsoar_call *call);
void smartsoar_close_in_bulk(const struct smartsoar_call *call);
void smartsoar_owner_in_bulk(const struct smartsoar_call *call);
void smartsoar_site_in_bulk(const struct smartsoar_call *call);
void smartsoar_set_html(const struct smartsoar_call *call);
void smartsoar_add_tags(const struct smartsoar_call *call);
void smartsoar_form(const struct smartsoar_call *call);
void smartsoar_form_in_bulk(const struct smartsoar_call *call);
void smartsoar_external_action(const struct smartsoar_call *call);
void smartsoar_playbook_only(const struct smartsoar_call *call);
