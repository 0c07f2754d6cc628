/* Mappings, their rules, notes and triggers. */
#include "dsl/ast_mapping.h"

#include "dsl/parse_state.h"

struct duet_ast_name_item_list duet_ast_names(struct duet_parse_state *state,
                                              struct duet_ast_name_item_list list,
                                              struct duet_ast_name name)
{
    return duet_ast_name_item_list_append(list, duet_ast_name_item_new(state, name));
}

struct duet_ast_side duet_ast_side(struct duet_span at, struct duet_ast_name system,
                                   struct duet_ast_name record, struct duet_ast_name name)
{
    return (struct duet_ast_side){ at, system, record, name };
}

/* --- mappings ------------------------------------------------------------------------------------------ */

struct duet_ast_mapping *duet_ast_mapping_new(struct duet_parse_state *state)
{
    return duet_ast_alloc(state, sizeof(struct duet_ast_mapping));
}

struct duet_ast_mapping *duet_ast_mapping_link(struct duet_parse_state *state,
                                               struct duet_ast_mapping *mapping,
                                               struct duet_span at, struct duet_ast_path *left,
                                               enum duet_ast_direction direction,
                                               struct duet_span arrow_at,
                                               struct duet_ast_path *right)
{
    struct duet_ast_link *link = duet_ast_alloc(state, sizeof *link);
    link->at = at;
    link->left = left;
    link->direction = direction;
    link->arrow_at = arrow_at;
    link->right = right;
    mapping->links = duet_ast_link_list_append(mapping->links, link);
    return mapping;
}

struct duet_ast_mapping *duet_ast_mapping_first_contact(struct duet_parse_state *state,
                                                        struct duet_ast_mapping *mapping,
                                                        struct duet_ast_first_contact *contact)
{
    bool already = mapping->first_contact != NULL;
    struct duet_span first = already ? mapping->first_contact->at : DUET_SPAN_NONE;
    if (!duet_ast_twice(state, already, first, contact->at, "first contact"))
        mapping->first_contact = contact;
    return mapping;
}

struct duet_ast_mapping *duet_ast_mapping_create(struct duet_ast_mapping *mapping,
                                                 struct duet_ast_create *create)
{
    mapping->creates = duet_ast_create_list_append(mapping->creates, create);
    return mapping;
}

struct duet_ast_mapping *duet_ast_mapping_rule(struct duet_ast_mapping *mapping,
                                               struct duet_ast_rule *rule)
{
    mapping->rules = duet_ast_rule_list_append(mapping->rules, rule);
    return mapping;
}

struct duet_ast_mapping *duet_ast_mapping_group(struct duet_parse_state *state,
                                                struct duet_ast_mapping *mapping,
                                                struct duet_span at, struct duet_ast_name name,
                                                const struct duet_ast_rule_attributes *attributes,
                                                struct duet_ast_rule_list rules)
{
    struct duet_ast_group *group = duet_ast_alloc(state, sizeof *group);
    group->at = at;
    group->name = name;
    group->attributes = *attributes;
    group->rules = rules;
    mapping->groups = duet_ast_group_list_append(mapping->groups, group);
    return mapping;
}

struct duet_ast_mapping *duet_ast_mapping_notes(struct duet_ast_mapping *mapping,
                                                struct duet_span at, struct duet_ast_path *left,
                                                enum duet_ast_direction direction,
                                                struct duet_ast_path *right,
                                                struct duet_ast_notes *notes)
{
    notes->at = at;
    notes->left = left;
    notes->direction = direction;
    notes->right = right;
    mapping->notes = duet_ast_notes_list_append(mapping->notes, notes);
    return mapping;
}

struct duet_ast_mapping *duet_ast_mapping_trigger(struct duet_ast_mapping *mapping,
                                                  struct duet_ast_trigger *trigger)
{
    mapping->triggers = duet_ast_trigger_list_append(mapping->triggers, trigger);
    return mapping;
}

struct duet_ast_mapping *duet_ast_mapping_overlap(struct duet_parse_state *state,
                                                  struct duet_ast_mapping *mapping,
                                                  struct duet_span at, int64_t milliseconds)
{
    if (!duet_ast_twice(state, mapping->overlap.given, mapping->overlap.at, at, "overlap"))
        mapping->overlap = duet_ast_duration(at, milliseconds);
    return mapping;
}

struct duet_ast_mapping *duet_ast_mapping_skew(struct duet_parse_state *state,
                                               struct duet_ast_mapping *mapping,
                                               struct duet_span at, int64_t milliseconds)
{
    if (!duet_ast_twice(state, mapping->skew.given, mapping->skew.at, at, "skew"))
        mapping->skew = duet_ast_duration(at, milliseconds);
    return mapping;
}

struct duet_ast_first_contact *duet_ast_first_contact_new(struct duet_parse_state *state,
                                                          struct duet_span at,
                                                          struct duet_ast_name side)
{
    struct duet_ast_first_contact *contact = duet_ast_alloc(state, sizeof *contact);
    contact->at = at;
    contact->hold = duet_ast_name_is(side, "hold");
    contact->side = contact->hold ? duet_ast_no_name() : side;
    return contact;
}

struct duet_ast_create *duet_ast_create_new(struct duet_parse_state *state, struct duet_span at,
                                            struct duet_ast_name side, struct duet_ast_name from,
                                            struct duet_ast_condition *when)
{
    struct duet_ast_create *create = duet_ast_alloc(state, sizeof *create);
    create->at = at;
    create->side = side;
    create->from = from;
    create->when = when;
    return create;
}

/* --- rules --------------------------------------------------------------------------------------------- */

struct duet_ast_rule *duet_ast_rule_new(struct duet_parse_state *state, struct duet_span at,
                                        struct duet_ast_name name, struct duet_ast_path *left,
                                        enum duet_ast_direction direction,
                                        struct duet_ast_path *right,
                                        const struct duet_ast_rule_attributes *attributes)
{
    struct duet_ast_rule *rule = duet_ast_alloc(state, sizeof *rule);
    rule->at = at;
    rule->name = name;
    rule->left = left;
    rule->direction = direction;
    rule->right = right;
    rule->attributes = *attributes;
    return rule;
}

struct duet_ast_rule *duet_ast_rule_arms(struct duet_ast_rule *rule, struct duet_ast_arm_list arms)
{
    rule->has_arms = true;
    rule->arms = arms;
    return rule;
}

struct duet_ast_rule_attributes *duet_ast_rule_attributes_new(struct duet_parse_state *state)
{
    return duet_ast_alloc(state, sizeof(struct duet_ast_rule_attributes));
}

struct duet_ast_rule_attributes *
duet_ast_rule_transform(struct duet_parse_state *state, struct duet_ast_rule_attributes *attributes,
                        struct duet_span at, struct duet_ast_name name,
                        struct duet_ast_value_list arguments)
{
    struct duet_ast_transform *transform = duet_ast_alloc(state, sizeof *transform);
    transform->at = at;
    transform->name = name;
    transform->arguments = arguments;
    attributes->transforms = duet_ast_transform_list_append(attributes->transforms, transform);
    return attributes;
}

struct duet_ast_rule_attributes *duet_ast_rule_via(struct duet_parse_state *state,
                                                   struct duet_ast_rule_attributes *attributes,
                                                   struct duet_ast_name table)
{
    if (!duet_ast_twice(state, attributes->via.text != NULL, attributes->via.at, table.at, "via"))
        attributes->via = table;
    return attributes;
}

static bool value_is(const struct duet_ast_value *value, const char *word)
{
    return value->kind == DUET_AST_VALUE_PATH && value->path->steps.count == 1 &&
           duet_ast_name_is(value->path->steps.first->name, word);
}

struct duet_ast_rule_attributes *duet_ast_rule_unknown(struct duet_parse_state *state,
                                                       struct duet_ast_rule_attributes *attributes,
                                                       struct duet_ast_value *value)
{
    if (duet_ast_twice(state, attributes->unknown != DUET_AST_UNKNOWN_UNSAID,
                       attributes->unknown_at, value->at, "unknown"))
        return attributes;
    attributes->unknown_at = value->at;
    if (value_is(value, "keep")) {
        attributes->unknown = DUET_AST_UNKNOWN_KEEP;
    } else if (value_is(value, "quarantine")) {
        attributes->unknown = DUET_AST_UNKNOWN_QUARANTINE;
    } else {
        attributes->unknown = DUET_AST_UNKNOWN_VALUE;
        attributes->unknown_value = value;
    }
    return attributes;
}

struct duet_ast_rule_attributes *duet_ast_rule_default(struct duet_parse_state *state,
                                                       struct duet_ast_rule_attributes *attributes,
                                                       struct duet_ast_value *value)
{
    bool already = attributes->default_value != NULL;
    struct duet_span first = already ? attributes->default_value->at : DUET_SPAN_NONE;
    if (!duet_ast_twice(state, already, first, value->at, "default"))
        attributes->default_value = value;
    return attributes;
}

static bool conflict_stands(struct duet_parse_state *state,
                            const struct duet_ast_rule_attributes *attributes, struct duet_span at)
{
    return duet_ast_twice(state, attributes->conflict != DUET_AST_CONFLICT_UNSAID,
                          attributes->conflict_at, at, "conflict");
}

struct duet_ast_rule_attributes *duet_ast_rule_conflict(struct duet_parse_state *state,
                                                        struct duet_ast_rule_attributes *attributes,
                                                        struct duet_span at,
                                                        struct duet_ast_name policy)
{
    if (conflict_stands(state, attributes, at))
        return attributes;
    attributes->conflict_at = at;
    if (duet_ast_name_is(policy, "highest")) {
        attributes->conflict = DUET_AST_CONFLICT_HIGHEST;
    } else if (duet_ast_name_is(policy, "lowest")) {
        attributes->conflict = DUET_AST_CONFLICT_LOWEST;
    } else if (duet_ast_name_is(policy, "hold")) {
        attributes->conflict = DUET_AST_CONFLICT_HOLD;
    } else {
        attributes->conflict = DUET_AST_CONFLICT_SIDE;
        attributes->conflict_side = policy;
    }
    return attributes;
}

struct duet_ast_rule_attributes *duet_ast_rule_newest(struct duet_parse_state *state,
                                                      struct duet_ast_rule_attributes *attributes,
                                                      struct duet_span at,
                                                      struct duet_ast_name side)
{
    if (conflict_stands(state, attributes, at))
        return attributes;
    attributes->conflict_at = at;
    attributes->conflict = DUET_AST_CONFLICT_NEWEST;
    attributes->conflict_side = side;
    return attributes;
}

struct duet_ast_rule_attributes *duet_ast_rule_lossy(struct duet_parse_state *state,
                                                     struct duet_ast_rule_attributes *attributes,
                                                     struct duet_ast_name reason)
{
    bool already = attributes->lossy.text != NULL;
    if (!duet_ast_twice(state, already, attributes->lossy.at, reason.at, "lossy"))
        attributes->lossy = reason;
    return attributes;
}

struct duet_ast_arm *duet_ast_arm_new(struct duet_parse_state *state, struct duet_span at,
                                      struct duet_ast_value *left,
                                      enum duet_ast_direction direction,
                                      struct duet_ast_value *right, struct duet_ast_name lossy)
{
    struct duet_ast_arm *arm = duet_ast_alloc(state, sizeof *arm);
    arm->at = at;
    arm->left = left;
    arm->direction = direction;
    arm->right = right;
    arm->lossy = lossy;
    return arm;
}

/* --- notes and triggers -------------------------------------------------------------------------------- */

struct duet_ast_notes *duet_ast_notes_new(struct duet_parse_state *state)
{
    return duet_ast_alloc(state, sizeof(struct duet_ast_notes));
}

struct duet_ast_notes *duet_ast_notes_edits(struct duet_parse_state *state,
                                            struct duet_ast_notes *notes, struct duet_span at,
                                            enum duet_ast_edits edits)
{
    if (!duet_ast_twice(state, notes->edits != DUET_AST_EDITS_UNSAID, at, at, "edits"))
        notes->edits = edits;
    return notes;
}

struct duet_ast_notes *duet_ast_notes_since(struct duet_parse_state *state,
                                            struct duet_ast_notes *notes, struct duet_span at,
                                            enum duet_ast_since since)
{
    if (!duet_ast_twice(state, notes->since != DUET_AST_SINCE_UNSAID, at, at, "from"))
        notes->since = since;
    return notes;
}

struct duet_ast_trigger *duet_ast_trigger_new(struct duet_parse_state *state, struct duet_span at,
                                              enum duet_ast_event event,
                                              struct duet_ast_name signal)
{
    struct duet_ast_trigger *trigger = duet_ast_alloc(state, sizeof *trigger);
    trigger->event = event;
    trigger->event_at = at;
    trigger->signal = signal;
    return trigger;
}

struct duet_ast_trigger *
duet_ast_trigger_finish(struct duet_span at, struct duet_ast_trigger *trigger,
                        struct duet_ast_name side, enum duet_ast_action action,
                        struct duet_ast_name_item_list targets, struct duet_ast_condition *when)
{
    trigger->at = at;
    trigger->side = side;
    trigger->action = action;
    trigger->all = targets.count == 1 && duet_ast_name_is(targets.first->name, "all");
    if (!trigger->all)
        trigger->targets = targets;
    trigger->when = when;
    return trigger;
}
