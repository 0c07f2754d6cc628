/* What is written where: nothing twice, everything required, everything carried. */
#include <string.h>

#include "dsl/check.h"
#include "dsl/names.h"

/* Each field rule that writes a field of the side, in the units' order. */
static const struct duet_m_pair *next_writer(const struct duet_m_mapping *mapping,
                                             enum duet_side side, uint32_t *unit, uint32_t *pair)
{
    for (; *unit < mapping->unit_count; ++*unit, *pair = 0) {
        while (*pair < mapping->units[*unit].pair_count) {
            const struct duet_m_pair *found = &mapping->units[*unit].pairs[(*pair)++];
            if (found->fields[side] && duet_m_goes_to(found->direction, side))
                return found;
        }
    }
    return NULL;
}

/* --- twice ------------------------------------------------------------------------------------ */

static const struct duet_ast_path *place_of(const struct duet_m_pair *pair, enum duet_side side)
{
    return side == DUET_LEFT ? pair->ast->left : pair->ast->right;
}

static void written_twice(struct duet_checker *check, const struct duet_m_pair *a,
                          const struct duet_m_pair *b, enum duet_side side)
{
    struct duet_span at = place_of(a, side)->at;
    struct duet_span again = place_of(b, side)->at;
    if (at.file == again.file && at.start > again.start) {
        struct duet_span swap = at;
        at = again;
        again = swap;
    }
    struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_DUPLICATE_FIELD, again,
                                                 "'%s' is written twice", place_of(b, side)->text);
    duet_diag_note(diag, at, "first written here");
}

/* Where a field stands in what is written. */
static const struct duet_ast_path *written_as(const struct duet_m_field *field)
{
    return field->ast->write_as ? field->ast->write_as : field->ast->place;
}

static bool share_a_place(const struct duet_m_field *a, const struct duet_m_field *b)
{
    const struct duet_ast_path *left = written_as(a);
    const struct duet_ast_path *right = written_as(b);
    return a != b && left && right && a->section == b->section && /* names are interned */
           strcmp(left->text, right->text) == 0;
}

/* Whether one request writes both fields. */
static bool share_a_call(const struct duet_m_record *record, const struct duet_m_field *a,
                         const struct duet_m_field *b)
{
    const struct duet_ast_http *http = record->system->http;
    uint64_t both = duet_bit(a->number) | duet_bit(b->number);
    for (const struct duet_ast_operation *op = http ? http->operations.first : NULL; op;
         op = op->next) {
        for (const struct duet_ast_call *call = op->calls.first; call; call = call->next) {
            enum duet_op_kind kind = duet_checker_op_kind(record->system, op->verb, op->noun.text);
            if (kind == DUET_OP_WRITE && duet_checker_op_is_of(record, op) &&
                (duet_checker_carries(record, kind, call) & both) == both)
                return true;
        }
    }
    return false;
}

static void check_places(struct duet_checker *check, const struct duet_m_mapping *mapping,
                         enum duet_side side, const struct duet_m_pair *const *writers)
{
    const struct duet_m_record *record = mapping->records[side];
    for (uint32_t i = 0; i < record->count; i++) {
        for (uint32_t j = 0; writers[i] && j < i; j++) {
            const struct duet_m_field *first = &record->fields[j];
            const struct duet_m_field *again = &record->fields[i];
            if (!writers[j] || !share_a_place(first, again) || !share_a_call(record, first, again))
                continue;
            struct duet_diag *diag = duet_checker_report(
                check, DUET_DIAG_DUPLICATE_FIELD, place_of(writers[i], side)->at,
                "'%s' and '%s' are both written to '%s'", first->name, again->name,
                written_as(again)->text);
            duet_diag_note(diag, written_as(first)->at, "the place of '%s'", first->name);
            duet_diag_note(diag, written_as(again)->at, "the place of '%s'", again->name);
        }
    }
}

/* The field that holds the other side's key is the link's. */
static void check_link_alone(struct duet_checker *check, const struct duet_m_mapping *mapping,
                             enum duet_side side, const struct duet_m_pair *pair)
{
    const struct duet_ast_link *link = mapping->ast->links.first;
    if (!pair || pair->fields[side] == mapping->records[side]->key)
        return;
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_DUPLICATE_FIELD, place_of(pair, side)->at,
                            "'%s' is written by the link already", place_of(pair, side)->text);
    duet_diag_note(diag, (side == DUET_LEFT ? link->left : link->right)->at,
                   "it holds the other side's key");
}

static void check_writers(struct duet_checker *check, const struct duet_m_mapping *mapping,
                          enum duet_side side)
{
    const struct duet_m_pair *writers[DUET_MAX_FIELDS] = { NULL };
    uint32_t unit = 0;
    uint32_t index = 0;
    for (const struct duet_m_pair *pair; (pair = next_writer(mapping, side, &unit, &index));) {
        const struct duet_m_field *field = pair->fields[side];
        if (writers[field->number])
            written_twice(check, writers[field->number], pair, side);
        writers[field->number] = pair;
    }
    check_places(check, mapping, side, writers);
    if (mapping->link[side])
        check_link_alone(check, mapping, side, writers[mapping->link[side]->number]);
}

/* --- carried ---------------------------------------------------------------------------------- */

static void check_carried(struct duet_checker *check, const struct duet_m_mapping *mapping,
                          enum duet_side side)
{
    const struct duet_m_record *record = mapping->records[side];
    if (!record->system->http || duet_checker_damaged(check, record->system->http->at, NULL))
        return;
    uint64_t carried = duet_checker_carried(record, DUET_OP_WRITE);
    uint32_t unit = 0;
    uint32_t index = 0;
    for (const struct duet_m_pair *pair; (pair = next_writer(mapping, side, &unit, &index));) {
        const struct duet_m_field *field = pair->fields[side];
        if ((carried & duet_bit(field->number)) || field->read_only || field == record->key)
            continue;
        struct duet_diag *diag = duet_checker_report(
            check, DUET_DIAG_NOT_CARRIED, place_of(pair, side)->at, "no write of '%s' carries '%s'",
            record->system->name.text, field->name);
        duet_diag_note(diag, record->system->http->at, "its requests are described here");
        duet_diag_help(diag, "add '%s' to what a request of `write %s` carries", field->name,
                       record->ast->name.text);
    }
}

/* --- creation, notes -------------------------------------------------------------------------- */

static bool is_written(const struct duet_m_mapping *mapping, enum duet_side side,
                       const struct duet_m_field *field)
{
    uint32_t unit = 0;
    uint32_t index = 0;
    for (const struct duet_m_pair *pair; (pair = next_writer(mapping, side, &unit, &index));) {
        if (pair->fields[side] == field)
            return true;
    }
    return field == mapping->link[side];
}

/* The field that holds the other side's key: the engine writes it right after creating. */
static void check_link_carried(struct duet_checker *check, const struct duet_m_mapping *mapping,
                               enum duet_side side)
{
    const struct duet_m_record *record = mapping->records[side];
    const struct duet_m_field *field = mapping->link[side];
    if (!field || field == record->key)
        return;
    uint64_t carried =
        duet_checker_carried(record, DUET_OP_WRITE) | duet_checker_carried(record, DUET_OP_CREATE);
    if (carried & duet_bit(field->number))
        return;
    const struct duet_ast_link *link = mapping->ast->links.first;
    struct duet_diag *diag = duet_checker_report(
        check, DUET_DIAG_NOT_CARRIED, (side == DUET_LEFT ? link->left : link->right)->at,
        "no write of '%s' carries '%s', which links what is created", record->system->name.text,
        field->name);
    duet_diag_note(diag, record->system->http->at, "its requests are described here");
}

/* A rule whose target isn't known may be the one that writes a field. */
static bool has_lost_rule(const struct duet_m_mapping *mapping, enum duet_side side)
{
    for (uint32_t i = 0; i < mapping->unit_count; i++) {
        for (uint32_t p = 0; p < mapping->units[i].pair_count; p++) {
            if (!mapping->units[i].pairs[p].fields[side])
                return true;
        }
    }
    return false;
}

static void check_create(struct duet_checker *check, const struct duet_m_mapping *mapping,
                         const struct duet_m_create *create)
{
    const struct duet_m_record *record = mapping->records[create->target];
    for (uint32_t i = 0; i < record->count; i++) {
        const struct duet_m_field *field = &record->fields[i];
        if (!field->required || field->read_only || field == record->key ||
            is_written(mapping, create->target, field) || has_lost_rule(mapping, create->target) ||
            duet_checker_damaged(check, mapping->ast->at, field->name))
            continue;
        struct duet_diag *diag = duet_checker_report(
            check, DUET_DIAG_REQUIRED_UNMAPPED, create->ast->side.at,
            "'%s' is created without '%s', which is required", create->ast->side.text, field->name);
        duet_diag_note(diag, field->ast->required_at, "required here");
        duet_diag_help(diag, "map it: `field %s ... %s %s.%s;`", field->ast->name.text,
                       create->target == DUET_RIGHT ? "->" : "<-",
                       mapping->side_names[create->target], field->name);
    }
    if (!record->system->http || duet_checker_http_lacks(check, record->system->http, "create"))
        return;
    check_link_carried(check, mapping, create->target);
    if (!duet_checker_has_op(record, DUET_OP_CREATE)) {
        struct duet_diag *diag =
            duet_checker_report(check, DUET_DIAG_OPERATION_MISSING, create->ast->side.at,
                                "system '%s' doesn't say how '%s' is created",
                                record->system->name.text, record->ast->name.text);
        duet_diag_help(diag, "add `create %s ...` to its http block", record->ast->name.text);
    }
}

static void check_notes(struct duet_checker *check, const struct duet_m_mapping *mapping,
                        enum duet_side target)
{
    const struct duet_m_record *record = mapping->records[target];
    bool comes = mapping->notes->direction == DUET_AST_BOTH ||
                 (mapping->notes->direction == DUET_AST_RIGHT) == (target == DUET_RIGHT);
    if (!comes || !record->system->http ||
        duet_checker_http_lacks(check, record->system->http, "add") ||
        duet_checker_has_op(record, DUET_OP_ADD_NOTE))
        return;
    struct duet_diag *diag = duet_checker_report(
        check, DUET_DIAG_OPERATION_MISSING,
        target == DUET_LEFT ? mapping->notes->left->at : mapping->notes->right->at,
        "system '%s' doesn't say how to add a note", record->system->name.text);
    duet_diag_help(diag, "add `add note ...` to its http block");
}

static bool notes_are_there(const struct duet_m_mapping *mapping)
{
    return mapping->notes && mapping->records[0]->notes && mapping->records[1]->notes;
}

void duet_checker_targets(struct duet_checker *check, const struct duet_m_mapping *mapping)
{
    if (!mapping->records[0] || !mapping->records[1])
        return;
    for (int side = 0; side < 2; side++) {
        check_writers(check, mapping, (enum duet_side)side);
        check_carried(check, mapping, (enum duet_side)side);
        if (notes_are_there(mapping))
            check_notes(check, mapping, (enum duet_side)side);
    }
    for (uint32_t i = 0; i < mapping->create_count; i++)
        check_create(check, mapping, &mapping->creates[i]);
}
