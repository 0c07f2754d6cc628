/* One field rule: do the two sides go together, through which transforms, in which direction. */
#include "dsl/arena.h"
#include "dsl/check.h"
#include "dsl/names.h"
#include "dsl/propose.h"
#include "dsl/types.h"

/* --- transforms ------------------------------------------------------------------------------- */

enum argument { ARGUMENT_NONE, ARGUMENT_NUMBER, ARGUMENT_TEXT };

static const struct transform_form {
    const char *name;
    enum duet_transform_kind kind;
    enum argument argument;
    bool inverse;
} transform_forms[] = {
    { "truncate", DUET_TRANSFORM_TRUNCATE, ARGUMENT_NUMBER, false },
    { "trim", DUET_TRANSFORM_TRIM, ARGUMENT_NONE, false },
    { "lower", DUET_TRANSFORM_LOWER, ARGUMENT_NONE, false },
    { "upper", DUET_TRANSFORM_UPPER, ARGUMENT_NONE, false },
    { "prefix", DUET_TRANSFORM_PREFIX, ARGUMENT_TEXT, true },
};
#define TRANSFORM_FORMS (sizeof transform_forms / sizeof transform_forms[0])

static const struct transform_form *need_transform(struct duet_checker *check,
                                                   const struct duet_ast_transform *transform)
{
    struct duet_suggest suggest = duet_checker_suggest(check, transform->name.text);
    for (size_t i = 0; i < TRANSFORM_FORMS; i++) {
        if (duet_names_same(transform_forms[i].name, transform->name.text))
            return &transform_forms[i];
        duet_suggest_offer(&suggest, transform_forms[i].name);
    }
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_UNKNOWN_TRANSFORM, transform->name.at,
                            "there is no transform '%s'", transform->name.text);
    if (!duet_propose(check->arena, diag, transform->name.at, &suggest))
        duet_diag_help(diag, "there are truncate, trim, lower, upper and prefix");
    return NULL;
}

static bool take_argument(struct duet_checker *check, const struct transform_form *form,
                          const struct duet_ast_transform *transform, struct duet_m_transform *out)
{
    const struct duet_ast_value *value = transform->arguments.first;
    bool one = transform->arguments.count == 1;
    switch (form->argument) {
    case ARGUMENT_NONE:
        if (!value)
            return true;
        break;
    case ARGUMENT_NUMBER:
        if (one && value->kind == DUET_AST_VALUE_INTEGER && value->integer > 0 &&
            value->integer <= INT32_MAX) {
            out->number = (uint32_t)value->integer;
            return true;
        }
        break;
    case ARGUMENT_TEXT:
        if (one && value->kind == DUET_AST_VALUE_TEXT) {
            out->text = value->text;
            return true;
        }
        break;
    }
    static const char *const expected[] = { "nothing", "one number above 0", "one quoted text" };
    duet_checker_report(check, DUET_DIAG_UNKNOWN_TRANSFORM, transform->at, "'%s' takes %s",
                        form->name, expected[form->argument]);
    return false;
}

/* False when one of them was reported: nobody knows what comes out. */
static bool check_transforms(struct duet_checker *check, struct duet_m_pair *pair)
{
    bool sound = true;
    const struct duet_ast_transform_list *list = &pair->ast->attributes.transforms;
    pair->transforms =
        duet_arena_alloc_array(check->arena, list->count + 1, sizeof *pair->transforms);
    for (const struct duet_ast_transform *transform = list->first; transform;
         transform = transform->next) {
        const struct transform_form *form = need_transform(check, transform);
        struct duet_m_transform *out = &pair->transforms[pair->transform_count];
        if (!form || !take_argument(check, form, transform, out)) {
            sound = false;
            continue;
        }
        out->kind = form->kind;
        pair->transform_count++;
        if (!form->inverse && pair->direction != DUET_TO_RIGHT) {
            struct duet_diag *diag =
                duet_checker_report(check, DUET_DIAG_NO_INVERSE, transform->at,
                                    "'%s' can't be undone, so that it has no way back", form->name);
            duet_diag_help(diag, "make the rule one-way: `%s -> %s`", pair->ast->left->text,
                           pair->ast->right->text);
            pair->one_way_meant = true;
        }
    }
    if (list->first && pair->relation != DUET_RELATION_CONVERT &&
        pair->fields[DUET_LEFT]->type != DUET_TYPE_TEXT)
        duet_checker_report(check, DUET_DIAG_TYPE_MISMATCH, list->first->at,
                            "transforms are for texts, and '%s' is %s", pair->ast->left->text,
                            duet_types_field_name(pair->fields[DUET_LEFT]));
    return sound;
}

/* --- types ------------------------------------------------------------------------------------ */

static void check_relation(struct duet_checker *check, struct duet_m_pair *pair)
{
    const struct duet_m_field *left = pair->fields[DUET_LEFT];
    const struct duet_m_field *right = pair->fields[DUET_RIGHT];
    bool to_left = pair->direction == DUET_TO_LEFT;
    enum duet_types_fit fit =
        duet_types_relation(to_left ? right : left, to_left ? left : right, &pair->relation);
    if (fit == DUET_FITS || (fit == DUET_FITS_ONE_WAY && pair->direction != DUET_BOTH_WAYS))
        return;
    pair->usable = false;
    struct duet_diag *diag = duet_checker_report(
        check, DUET_DIAG_TYPE_MISMATCH, pair->ast->name.at, "'%s' is %s and '%s' is %s",
        pair->ast->left->text, duet_types_field_name(left), pair->ast->right->text,
        duet_types_field_name(right));
    duet_diag_note(diag, left->ast->type->at, "the left side's type");
    duet_diag_note(diag, right->ast->type->at, "the right side's type");
    pair->one_way_meant = fit == DUET_FITS_ONE_WAY;
    if (fit == DUET_FITS_ONE_WAY)
        duet_diag_help(diag, "make the rule one-way: `%s -> %s`", pair->ast->left->text,
                       pair->ast->right->text);
}

/* What is read only, or the key, can't be written. */
static void check_writable(struct duet_checker *check, const struct duet_m_mapping *mapping,
                           struct duet_m_pair *pair, enum duet_side target)
{
    const struct duet_m_field *field = pair->fields[target];
    const struct duet_ast_path *path = target == DUET_LEFT ? pair->ast->left : pair->ast->right;
    bool key = field == mapping->records[target]->key;
    if (!duet_m_goes_to(pair->direction, target) || (!field->read_only && !key))
        return;
    struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_READ_ONLY_TARGET, path->at,
                                                 "'%s' can't be written", path->text);
    duet_diag_note(diag, field->read_only ? field->ast->read_only_at : field->ast->name.at,
                   field->read_only ? "it is read only" : "it is the record's key");
    if (pair->direction != DUET_BOTH_WAYS)
        return;
    pair->one_way_meant = true;
    duet_diag_help(diag, "make the rule one-way: `%s %s %s`", pair->ast->left->text,
                   target == DUET_LEFT ? "->" : "<-", pair->ast->right->text);
}

static void check_table(struct duet_checker *check, struct duet_m_pair *pair)
{
    struct duet_ast_name via = pair->ast->attributes.via;
    pair->table = via.text;
    if (pair->relation == DUET_RELATION_PERSON && !via.text) {
        struct duet_diag *diag =
            duet_checker_report(check, DUET_DIAG_TABLE_MISSING, pair->ast->name.at,
                                "'%s' maps persons without a table", pair->ast->name.text);
        duet_diag_help(diag, "add `via TABLE`; each tenant then says which file it is");
        pair->usable = false;
    }
    if (via.text && pair->relation != DUET_RELATION_PERSON)
        duet_checker_report(check, DUET_DIAG_BAD_ATTRIBUTE, via.at,
                            "a table is for persons, and '%s' is %s", pair->ast->left->text,
                            duet_types_field_name(pair->fields[DUET_LEFT]));
}

/* --- unknown, default ------------------------------------------------------------------------- */

static void check_unknown(struct duet_checker *check, struct duet_m_pair *pair)
{
    const struct duet_ast_rule_attributes *attributes = &pair->ast->attributes;
    pair->unknown_value[DUET_LEFT] = DUET_NONE;
    pair->unknown_value[DUET_RIGHT] = DUET_NONE;
    switch (attributes->unknown) {
    case DUET_AST_UNKNOWN_UNSAID:
    case DUET_AST_UNKNOWN_QUARANTINE:
        pair->unknown = DUET_UNKNOWN_QUARANTINE;
        return;
    case DUET_AST_UNKNOWN_KEEP:
        pair->unknown = DUET_UNKNOWN_KEEP;
        return;
    case DUET_AST_UNKNOWN_VALUE:
        break;
    }
    pair->unknown = DUET_UNKNOWN_VALUE;
    const char *word = duet_types_value_word(check->arena, attributes->unknown_value);
    bool found = false;
    for (int side = 0; side < 2; side++) {
        pair->unknown_value[side] = duet_names_value(&pair->fields[side]->values, word);
        found = found || pair->unknown_value[side] != DUET_NONE;
    }
    if (!found && pair->relation == DUET_RELATION_ENUM)
        duet_names_need_value(check, pair->fields[DUET_LEFT], word ? word : "",
                              attributes->unknown_value->at);
    else if (!found)
        duet_checker_report(check, DUET_DIAG_BAD_ATTRIBUTE, attributes->unknown_at,
                            "'%s' is no enum: an unknown value can be kept or quarantined",
                            pair->ast->name.text);
}

static bool accepts(const struct duet_checker *check, const struct duet_m_field *field,
                    const struct duet_ast_value *value)
{
    struct duet_checker quiet = duet_checker_quietly(check);
    return duet_checker_constant(&quiet, field, value) != NULL;
}

static void check_default(struct duet_checker *check, struct duet_m_pair *pair)
{
    const struct duet_ast_value *value = pair->ast->attributes.default_value;
    for (int side = 0; side < 2; side++) {
        const struct duet_m_field *field = pair->fields[side];
        const struct duet_ast_value *own = value ? value : field->ast->default_value;
        if (own && duet_m_goes_to(pair->direction, (enum duet_side)side) && field->usable &&
            accepts(check, field, own))
            pair->defaults[side] = duet_checker_constant(check, field, own);
    }
    enum duet_side target = pair->direction == DUET_TO_LEFT ? DUET_LEFT : DUET_RIGHT;
    if (value && !pair->defaults[DUET_LEFT] && !pair->defaults[DUET_RIGHT] &&
        pair->fields[target]->usable)
        duet_checker_constant(check, pair->fields[target], value);
}

/* --- lengths, required ------------------------------------------------------------------------ */

/* UTF-16 units, as `max` counts. */
static int64_t units_of(const char *text)
{
    int64_t units = 0;
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        units += (byte & 0xc0U) == 0x80U ? 0 : byte >= 0xf0U ? 2 : 1;
    }
    return units;
}

static int64_t longest_after(const struct duet_m_transform *transform, int64_t most)
{
    int64_t units = 0;
    switch (transform->kind) {
    case DUET_TRANSFORM_TRUNCATE:
        return transform->number < most ? transform->number : most;
    case DUET_TRANSFORM_PREFIX:
        units = transform->text ? units_of(transform->text) : 0;
        return most > INT64_MAX - units ? INT64_MAX : most + units;
    case DUET_TRANSFORM_TRIM:
    case DUET_TRANSFORM_LOWER:
    case DUET_TRANSFORM_UPPER:
    case DUET_TRANSFORMS:
        break;
    }
    return most;
}

static int64_t longest(const struct duet_m_pair *pair, const struct duet_m_field *from)
{
    int64_t most = from->ast->max.given ? from->ast->max.value : INT64_MAX;
    if (from->type == DUET_TYPE_INTEGER || from->type == DUET_TYPE_BOOLEAN)
        most = 20;
    if (from->type == DUET_TYPE_TIME)
        most = 40;
    for (uint32_t i = 0; from == pair->fields[DUET_LEFT] && i < pair->transform_count; i++)
        most = longest_after(&pair->transforms[i], most);
    return most;
}

static void check_length(struct duet_checker *check, const struct duet_m_pair *pair,
                         enum duet_side target)
{
    const struct duet_m_field *to = pair->fields[target];
    const struct duet_m_field *from = pair->fields[duet_other(target)];
    if (!duet_m_goes_to(pair->direction, target) || to->type != DUET_TYPE_TEXT ||
        !to->ast->max.given || longest(pair, from) <= to->ast->max.value)
        return;
    bool two_way = pair->direction == DUET_BOTH_WAYS;
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_TOO_LONG, pair->ast->name.at,
                            "'%s' may be longer than the %lld characters that '%s' takes",
                            from->name, (long long)to->ast->max.value, to->name);
    duet_diag_note(diag, to->ast->max.at, "the limit stands here");
    if (two_way)
        duet_diag_help(diag,
                       "give '%s' the same `max`, or make the rule one-way with `| truncate %lld`",
                       from->name, (long long)to->ast->max.value);
    else
        duet_diag_help(diag, "add `| truncate %lld`", (long long)to->ast->max.value);
}

static void check_optional(struct duet_checker *check, const struct duet_m_pair *pair,
                           enum duet_side target)
{
    const struct duet_m_field *to = pair->fields[target];
    const struct duet_m_field *from = pair->fields[duet_other(target)];
    if (!duet_m_goes_to(pair->direction, target) || !to->required || from->required ||
        pair->defaults[target])
        return;
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_OPTIONAL_INTO_REQUIRED, pair->ast->name.at,
                            "'%s' may be missing, and '%s' is required", from->name, to->name);
    duet_diag_note(diag, to->ast->required_at, "required here");
    duet_diag_help(diag, "add `default VALUE`, or `required` where it is never missing");
}

/* --- the whole rule --------------------------------------------------------------------------- */

static enum duet_direction direction_of(enum duet_ast_direction direction)
{
    switch (direction) {
    case DUET_AST_BOTH:
        return DUET_BOTH_WAYS;
    case DUET_AST_RIGHT:
        return DUET_TO_RIGHT;
    case DUET_AST_LEFT:
        return DUET_TO_LEFT;
    }
    return DUET_BOTH_WAYS;
}

static void check_group_attributes(struct duet_checker *check, const struct duet_m_pair *pair,
                                   const struct duet_ast_rule_attributes *group)
{
    if (!group || pair->ast->attributes.conflict == DUET_AST_CONFLICT_UNSAID)
        return;
    struct duet_diag *diag = duet_checker_report(
        check, DUET_DIAG_CONFLICT_IN_GROUP, pair->ast->attributes.conflict_at,
        "'%s' is part of a group, which has one policy for all", pair->ast->name.text);
    if (group->conflict_at.file != DUET_SOURCE_NONE && group->conflict != DUET_AST_CONFLICT_UNSAID)
        duet_diag_note(diag, group->conflict_at, "the group's policy");
    duet_diag_help(diag, "leave it out here");
}

/* `floor.a <-> desk.b` where desk is the left side: one mistake, not two. */
static bool is_turned_round(struct duet_checker *check, const struct duet_m_mapping *mapping,
                            const struct duet_ast_rule *rule)
{
    const char *left = rule->left->steps.first->name.text;
    const char *right = rule->right->steps.first->name.text;
    if (duet_names_side(mapping->side_names, left) != DUET_RIGHT ||
        duet_names_side(mapping->side_names, right) != DUET_LEFT)
        return false;
    static const char *const turned[] = { "<->", "<-", "->" };
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_UNKNOWN_SIDE, rule->left->at,
                            "'%s' stands on the left, and '%s' is the left side of the mapping",
                            rule->left->text, mapping->side_names[DUET_LEFT]);
    duet_diag_help(diag, "turn it round: `%s %s %s`", rule->right->text, turned[rule->direction],
                   rule->left->text);
    duet_diag_fix(diag, DUET_FIX_MAYBE, duet_span_join(rule->left->at, rule->right->at), "%s %s %s",
                  rule->right->text, turned[rule->direction], rule->left->text);
    return true;
}

void duet_checker_pair(struct duet_checker *check, const struct duet_m_mapping *mapping,
                       struct duet_m_pair *pair, const struct duet_ast_rule_attributes *group)
{
    pair->direction = direction_of(pair->ast->direction);
    check_group_attributes(check, pair, group);
    if (is_turned_round(check, mapping, pair->ast))
        return;
    pair->fields[DUET_LEFT] =
        duet_names_need_side_field(check, mapping, DUET_LEFT, pair->ast->left);
    pair->fields[DUET_RIGHT] =
        duet_names_need_side_field(check, mapping, DUET_RIGHT, pair->ast->right);
    pair->usable = pair->fields[DUET_LEFT] && pair->fields[DUET_RIGHT] &&
                   pair->fields[DUET_LEFT]->usable && pair->fields[DUET_RIGHT]->usable;
    if (!pair->usable) {
        duet_checker_arm_values(check, pair);
        return;
    }
    check_relation(check, pair);
    if (!pair->usable)
        return;
    check_writable(check, mapping, pair, DUET_LEFT);
    check_writable(check, mapping, pair, DUET_RIGHT);
    bool known = check_transforms(check, pair);
    check_table(check, pair);
    check_unknown(check, pair);
    check_default(check, pair);
    if (pair->relation == DUET_RELATION_ENUM)
        duet_checker_map(check, mapping, pair);
    else if (pair->ast->has_arms)
        duet_checker_report(check, DUET_DIAG_TYPE_MISMATCH, pair->ast->name.at,
                            "'%s' has arms, which are for enums, and is %s", pair->ast->name.text,
                            duet_types_field_name(pair->fields[DUET_LEFT]));
    for (int side = 0; side < 2; side++) {
        if (known && !pair->one_way_meant)
            check_length(check, pair, (enum duet_side)side);
        if (!pair->one_way_meant)
            check_optional(check, pair, (enum duet_side)side);
    }
}
