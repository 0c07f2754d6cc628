/* A form in words, for people: titles, labels, and its rules as sentences. Every text is clean (engine/graph/text.h) and the arena's. */
#pragma once

#include "dsl/arena.h"
#include "engine/form/form.h"

/* "Close screen" or "desk.ticket"; "What may be chosen in desk, some system, so that soc takes it too". */
const char *duet_form_title(const struct duet_form *form, struct duet_arena *arena);
const char *duet_form_about(const struct duet_form *form, struct duet_arena *arena);

/* "Close reason" of form.close_reason. */
const char *duet_form_label(const struct duet_form_field *field, struct duet_arena *arena);

/* "TruePositive, FalsePositive" of the choices that are there. */
const char *duet_form_list(const struct duet_form *form, const struct duet_form_field *field,
                           const bool *has, struct duet_arena *arena);

/* Whether these are all that the field offers, but for "none": it is required. */
bool duet_form_asks_only(const struct duet_form_field *field, const bool *has);

/* Is told each way through the rules' trees: "Status Closed, Classification FalsePositive", and what then may stand in `field`. */
typedef void duet_form_way(void *data, const char *when, const struct duet_form_field *field,
                           const bool *has);
void duet_form_ways(const struct duet_form *form, struct duet_arena *arena, duet_form_way *tell,
                    void *data);
