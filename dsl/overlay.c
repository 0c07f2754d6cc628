#include "dsl/overlay.h"

#include <ctype.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/names.h"
#include "dsl/propose.h"
#include "dsl/types.h"

/* --- copies ----------------------------------------------------------------------------------- */

static void *copy_of(const struct duet_checker *check, const void *node, size_t size)
{
    void *copy = duet_arena_alloc(check->arena, size);
    memcpy(copy, node, size);
    return copy;
}

/* A list of copies: the nodes may be changed, what they point to is shared. */
#define COPY_LIST(type, list)                                                                      \
    do {                                                                                           \
        struct duet_ast_##type **link = &(list).first;                                             \
        (list).last = NULL;                                                                        \
        for (; *link; link = &(*link)->next) {                                                     \
            *link = copy_of(check, *link, sizeof **link);                                          \
            (list).last = *link;                                                                   \
        }                                                                                          \
    } while (0)

static void copy_rules(const struct duet_checker *check, struct duet_ast_rule_list *rules)
{
    COPY_LIST(rule, *rules);
    for (struct duet_ast_rule *rule = rules->first; rule; rule = rule->next)
        COPY_LIST(arm, rule->arms);
}

static struct duet_ast_mapping *copy_mapping(const struct duet_checker *check,
                                             const struct duet_ast_mapping *mapping)
{
    struct duet_ast_mapping *copy = copy_of(check, mapping, sizeof *mapping);
    copy_rules(check, &copy->rules);
    COPY_LIST(group, copy->groups);
    for (struct duet_ast_group *group = copy->groups.first; group; group = group->next)
        copy_rules(check, &group->rules);
    COPY_LIST(trigger, copy->triggers);
    COPY_LIST(create, copy->creates);
    return copy;
}

/* --- arms ------------------------------------------------------------------------------------- */

/* What the new arms speak of: values on the left that go right, and on the right that go left. */
struct spoken {
    struct duet_word_index *going[2]; /* by the side they come from */
};

static struct spoken spoken_of(const struct duet_checker *check,
                               const struct duet_ast_arm_list *arms)
{
    struct spoken spoken = { { duet_word_index_new(check->arena),
                               duet_word_index_new(check->arena) } };
    for (const struct duet_ast_arm *arm = arms->first; arm; arm = arm->next) {
        if (arm->direction != DUET_AST_LEFT)
            (void)duet_word_index_add(spoken.going[DUET_LEFT],
                                      duet_types_value_word(check->arena, arm->left), 0);
        if (arm->direction != DUET_AST_RIGHT)
            (void)duet_word_index_add(spoken.going[DUET_RIGHT],
                                      duet_types_value_word(check->arena, arm->right), 0);
    }
    return spoken;
}

static bool is_spoken_of(const struct duet_checker *check, const struct spoken *spoken,
                         enum duet_side from, const struct duet_ast_value *value)
{
    return duet_word_index_find(spoken->going[from], duet_types_value_word(check->arena, value)) !=
           DUET_NONE;
}

/* Takes the directions out of the arm in which the new ones say something else about its values; false: none is left. */
static bool keeps_a_way(const struct duet_checker *check, const struct spoken *spoken,
                        struct duet_ast_arm *arm)
{
    bool right =
        arm->direction != DUET_AST_LEFT && !is_spoken_of(check, spoken, DUET_LEFT, arm->left);
    bool left =
        arm->direction != DUET_AST_RIGHT && !is_spoken_of(check, spoken, DUET_RIGHT, arm->right);
    if (!right || !left)
        arm->direction = right ? DUET_AST_RIGHT : DUET_AST_LEFT;
    return right || left;
}

static void make_room(const struct duet_checker *check, struct duet_ast_rule *rule,
                      const struct duet_ast_arm_list *by)
{
    const struct spoken spoken = spoken_of(check, by);
    struct duet_ast_arm **link = &rule->arms.first;
    rule->arms.last = NULL;
    while (*link) {
        if (keeps_a_way(check, &spoken, *link)) {
            rule->arms.last = *link;
            link = &(*link)->next;
        } else {
            *link = (*link)->next;
            rule->arms.count--;
        }
    }
}

static void append_arm(const struct duet_checker *check, struct duet_ast_rule *rule,
                       const struct duet_ast_arm *arm)
{
    struct duet_ast_arm *copy = copy_of(check, arm, sizeof *arm);
    copy->next = NULL;
    if (rule->arms.last)
        rule->arms.last->next = copy;
    else
        rule->arms.first = copy;
    rule->arms.last = copy;
    rule->arms.count++;
}

/* Equal names written out, so that one of them can be replaced. */
static void write_out_names(struct duet_checker *check, const struct duet_ast_mapping *mapping,
                            struct duet_ast_rule *rule)
{
    struct duet_checker quiet = duet_checker_quietly(check);
    const struct duet_m_mapping *model = duet_checker_mapping(&quiet, mapping);
    for (uint32_t u = 0; u < model->unit_count; u++) {
        for (uint32_t p = 0; p < model->units[u].pair_count; p++) {
            const struct duet_m_pair *pair = &model->units[u].pairs[p];
            if (pair->ast != rule || !pair->map)
                continue;
            for (uint32_t a = 0; a < pair->fields[0]->values.count; a++) {
                if (pair->map->to_right[a] == DUET_NONE)
                    continue;
                struct duet_ast_value *value = duet_arena_alloc(check->arena, sizeof *value);
                *value = (struct duet_ast_value){ .kind = DUET_AST_VALUE_TEXT,
                                                  .at = rule->at,
                                                  .text = pair->fields[0]->values.values[a].name };
                const struct duet_ast_arm arm = {
                    .at = rule->at, .left = value, .right = value, .direction = DUET_AST_BOTH
                };
                append_arm(check, rule, &arm);
            }
        }
    }
    rule->has_arms = true;
}

static void override_arms(struct duet_checker *check, const struct duet_ast_mapping *mapping,
                          struct duet_ast_rule *rule, const struct duet_ast_arm_list *arms)
{
    if (arms->first && !rule->has_arms)
        write_out_names(check, mapping, rule);
    make_room(check, rule, arms);
    for (const struct duet_ast_arm *arm = arms->first; arm; arm = arm->next)
        append_arm(check, rule, arm);
}

/* --- attributes ------------------------------------------------------------------------------- */

static void override_attributes(struct duet_ast_rule_attributes *base,
                                const struct duet_ast_rule_attributes *by)
{
    if (by->transforms.first)
        base->transforms = by->transforms;
    if (by->via.text)
        base->via = by->via;
    if (by->unknown != DUET_AST_UNKNOWN_UNSAID) {
        base->unknown = by->unknown;
        base->unknown_at = by->unknown_at;
        base->unknown_value = by->unknown_value;
    }
    if (by->default_value)
        base->default_value = by->default_value;
    if (by->conflict != DUET_AST_CONFLICT_UNSAID) {
        base->conflict = by->conflict;
        base->conflict_at = by->conflict_at;
        base->conflict_side = by->conflict_side;
    }
    if (by->lossy.text)
        base->lossy = by->lossy;
}

static struct duet_ast_rule *find_rule(struct duet_ast_rule_list *rules, const char *name)
{
    for (struct duet_ast_rule *rule = rules->first; rule; rule = rule->next) {
        if (duet_names_same(rule->name.text, name))
            return rule;
    }
    return NULL;
}

static void offer_names(struct duet_suggest *suggest, const struct duet_ast_mapping *mapping)
{
    for (const struct duet_ast_rule *rule = mapping->rules.first; rule; rule = rule->next)
        duet_suggest_offer(suggest, rule->name.text);
    for (const struct duet_ast_group *group = mapping->groups.first; group; group = group->next) {
        duet_suggest_offer(suggest, group->name.text);
        for (const struct duet_ast_rule *rule = group->rules.first; rule; rule = rule->next)
            duet_suggest_offer(suggest, rule->name.text);
    }
}

static void override_rule(struct duet_checker *check, struct duet_ast_mapping *mapping,
                          const struct duet_ast_override *override)
{
    const char *name = override->name.text;
    struct duet_ast_rule *rule = find_rule(&mapping->rules, name);
    for (struct duet_ast_group *group = mapping->groups.first; group && !rule;
         group = group->next) {
        if (duet_names_same(group->name.text, name)) {
            override_attributes(&group->attributes, &override->attributes);
            if (override->arms.first)
                duet_checker_report(check, DUET_DIAG_OVERRIDE_NOTHING, override->name.at,
                                    "'%s' is a group and has no arms: override one of its fields",
                                    name);
            return;
        }
        rule = find_rule(&group->rules, name);
    }
    if (rule) {
        override_attributes(&rule->attributes, &override->attributes);
        override_arms(check, mapping, rule, &override->arms);
        return;
    }
    if (duet_checker_mapping_lacks(check, mapping, name))
        return;
    struct duet_suggest suggest = duet_checker_suggest(check, name);
    offer_names(&suggest, mapping);
    struct duet_diag *diag = duet_checker_report(
        check, DUET_DIAG_OVERRIDE_NOTHING, override->name.at,
        "mapping '%s' has no field or group '%s' to override", mapping->name.text, name);
    duet_propose(check->arena, diag, override->name.at, &suggest);
}

/* --- triggers, creation, first contact -------------------------------------------------------- */

static bool same_names(const struct duet_ast_name_item_list *a,
                       const struct duet_ast_name_item_list *b)
{
    const struct duet_ast_name_item *left = a->first;
    const struct duet_ast_name_item *right = b->first;
    for (; left && right; left = left->next, right = right->next) {
        if (!duet_names_same(left->name.text, right->name.text))
            return false;
    }
    return !left && !right;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || duet_names_same(a, b);
}

static bool same_statement(const struct duet_ast_trigger *a, const struct duet_ast_trigger *b)
{
    return duet_names_same(a->side.text, b->side.text) && a->event == b->event &&
           a->action == b->action && a->all == b->all &&
           same_text(a->signal.text, b->signal.text) && same_names(&a->targets, &b->targets);
}

static void override_trigger(struct duet_checker *check, struct duet_ast_mapping *mapping,
                             const struct duet_ast_override *override)
{
    for (struct duet_ast_trigger *trigger = mapping->triggers.first; trigger;
         trigger = trigger->next) {
        if (same_statement(trigger, override->trigger)) {
            trigger->when = override->trigger->when;
            return;
        }
    }
    if (!duet_checker_mapping_lacks(check, mapping, "on"))
        duet_diag_help(duet_checker_report(check, DUET_DIAG_OVERRIDE_NOTHING, override->trigger->at,
                                           "mapping '%s' has no such trigger to override",
                                           mapping->name.text),
                       "side, event, verb and targets must be written as in the mapping");
}

static void override_create(struct duet_checker *check, struct duet_ast_mapping *mapping,
                            const struct duet_ast_override *override)
{
    for (struct duet_ast_create *create = mapping->creates.first; create; create = create->next) {
        if (duet_names_same(create->side.text, override->create->side.text)) {
            create->when = override->create->when;
            return;
        }
    }
    if (!duet_checker_mapping_lacks(check, mapping, "create"))
        duet_checker_report(check, DUET_DIAG_OVERRIDE_NOTHING, override->create->side.at,
                            "mapping '%s' doesn't create '%s'", mapping->name.text,
                            override->create->side.text);
}

const struct duet_ast_mapping *duet_overlay_apply(struct duet_checker *check,
                                                  const struct duet_ast_mapping *mapping,
                                                  const struct duet_ast_tenant *tenant)
{
    if (!tenant->overrides.first)
        return mapping;
    struct duet_ast_mapping *copy = copy_mapping(check, mapping);
    unsigned count = 0;
    for (const struct duet_ast_override *override = tenant->overrides.first; override;
         override = override->next) {
        if (count++ == DUET_MAX_OVERRIDES) {
            duet_checker_report(check, DUET_DIAG_TOO_MANY, override->at,
                                "a tenant has at most %u overrides", DUET_MAX_OVERRIDES);
            break;
        }
        switch (override->kind) {
        case DUET_AST_OVERRIDE_RULE:
            override_rule(check, copy, override);
            break;
        case DUET_AST_OVERRIDE_TRIGGER:
            override_trigger(check, copy, override);
            break;
        case DUET_AST_OVERRIDE_CREATE:
            override_create(check, copy, override);
            break;
        case DUET_AST_OVERRIDE_FIRST_CONTACT:
            copy->first_contact = override->first_contact;
            break;
        }
    }
    return copy;
}

/* --- equal overlays --------------------------------------------------------------------------- */

/* Outside of quoted texts white space and comments say nothing. */
static size_t squeeze(const char *text, size_t length, char *out)
{
    size_t count = 0;
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (quoted && c == '\\' && i + 1 < length) {
            out[count++] = c;
            out[count++] = text[++i];
            continue;
        }
        if (c == '"')
            quoted = !quoted;
        if (!quoted && c == '#') {
            while (i + 1 < length && text[i + 1] != '\n')
                i++;
            c = ' ';
        }
        bool space = !quoted && isspace((unsigned char)c);
        if (!space)
            out[count++] = c;
        else if (count && out[count - 1] != ' ')
            out[count++] = ' ';
    }
    return count;
}

const char *duet_overlay_key(const struct duet_checker *check, const struct duet_ast_tenant *tenant)
{
    size_t most = 1;
    for (const struct duet_ast_override *override = tenant->overrides.first; override;
         override = override->next)
        most += override->at.end - override->at.start + 1;
    char *key = duet_arena_alloc(check->arena, most);
    size_t length = 0;
    for (const struct duet_ast_override *override = tenant->overrides.first; override;
         override = override->next) {
        const char *text = duet_source_text(check->sources, override->at.file) + override->at.start;
        length += squeeze(text, override->at.end - override->at.start, key + length);
        key[length++] = '\n';
    }
    return key;
}
