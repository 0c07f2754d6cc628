/* Arms of an enum pair: both directions, total, nothing twice; and the members of a group together. */
#include <string.h>

#include "dsl/arena.h"
#include "dsl/check.h"
#include "dsl/names.h"
#include "dsl/propose.h"
#include "dsl/types.h"

#define SHOWN_MAX 6U /* values or pairs named in one message */

/* NULL: too large, reported. */
static struct duet_m_map *new_map(struct duet_checker *check, uint32_t left, uint32_t right,
                                  struct duet_ast_name name)
{
    uint32_t *agree = duet_checker_value_pairs(check, left, right, name);
    if (!agree)
        return NULL;
    struct duet_m_map *map = duet_arena_alloc(check->arena, sizeof *map);
    map->to_right = duet_arena_alloc_array(check->arena, left + 1, sizeof *map->to_right);
    map->to_left = duet_arena_alloc_array(check->arena, right + 1, sizeof *map->to_left);
    map->right_arm = duet_arena_alloc_array(check->arena, left + 1, sizeof(void *));
    map->left_arm = duet_arena_alloc_array(check->arena, right + 1, sizeof(void *));
    map->agree = agree;
    memset(map->to_right, 0xff, (left + 1) * sizeof *map->to_right);
    memset(map->to_left, 0xff, (right + 1) * sizeof *map->to_left);
    return map;
}

static void match_names(struct duet_m_map *map, const struct duet_m_enum *left,
                        const struct duet_m_enum *right)
{
    for (uint32_t a = 0; a < left->count; a++) {
        uint32_t b = duet_names_value(right, left->values[a].name);
        if (b == DUET_NONE)
            continue;
        map->to_right[a] = b;
        map->to_left[b] = a;
        duet_m_set(map->agree, right->count, a, b);
    }
}

/* --- arms ------------------------------------------------------------------------------------- */

static uint32_t arm_value(struct duet_checker *check, const struct duet_m_field *field,
                          const struct duet_ast_value *value)
{
    if (value->kind == DUET_AST_VALUE_NONE) {
        duet_diag_help(duet_checker_report(check, DUET_DIAG_UNKNOWN_VALUE, value->at,
                                           "missing agrees only with missing"),
                       "say what stands for a missing value with `default VALUE`");
        return DUET_NONE;
    }
    const char *word = duet_types_value_word(check->arena, value);
    if (word)
        return duet_names_need_value(check, field, word, value->at);
    duet_checker_report(check, DUET_DIAG_UNKNOWN_VALUE, value->at,
                        "a value of '%s' is expected here", field->name);
    return DUET_NONE;
}

static void direct(struct duet_checker *check, uint32_t *to, const struct duet_ast_arm **by,
                   uint32_t target, const struct duet_ast_arm *arm,
                   const struct duet_ast_value *from)
{
    if (*to != DUET_NONE) {
        struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_ARM_TWICE, from->at,
                                                     "'%s' has two counterparts in this direction",
                                                     duet_types_value_word(check->arena, from));
        duet_diag_note(diag, (*by)->at, "the first is here");
        duet_diag_help(diag, "let one of the two go the other way only");
        return;
    }
    *to = target;
    *by = arm;
}

static void take_arm(struct duet_checker *check, struct duet_m_pair *pair, struct duet_m_map *map,
                     const struct duet_ast_arm *arm)
{
    uint32_t a = arm_value(check, pair->fields[DUET_LEFT], arm->left);
    uint32_t b = arm_value(check, pair->fields[DUET_RIGHT], arm->right);
    if (a == DUET_NONE || b == DUET_NONE) {
        pair->usable = false;
        return;
    }
    if (arm->direction != DUET_AST_LEFT)
        direct(check, &map->to_right[a], &map->right_arm[a], b, arm, arm->left);
    if (arm->direction != DUET_AST_RIGHT)
        direct(check, &map->to_left[b], &map->left_arm[b], a, arm, arm->right);
    duet_m_set(map->agree, pair->fields[DUET_RIGHT]->values.count, a, b);
}

void duet_checker_arm_values(struct duet_checker *check, const struct duet_m_pair *pair)
{
    for (const struct duet_ast_arm *arm = pair->ast->arms.first; arm; arm = arm->next) {
        for (int side = 0; side < 2; side++) {
            const struct duet_m_field *field = pair->fields[side];
            if (field && field->usable && field->values.count > 0)
                arm_value(check, field, side == DUET_LEFT ? arm->left : arm->right);
        }
    }
}

/* --- totality --------------------------------------------------------------------------------- */

static bool lacks_arm(const struct duet_checker *check, const struct duet_m_pair *pair,
                      const struct duet_m_enum *values, const uint32_t *to, uint32_t value)
{
    return to[value] == DUET_NONE &&
           !duet_checker_damaged(check, pair->ast->at, values->values[value].name) &&
           !duet_checker_damaged(check, pair->ast->at, "default");
}

static const char *missing_values(struct duet_checker *check, const struct duet_m_pair *pair,
                                  const struct duet_m_enum *values, const uint32_t *to,
                                  uint32_t *count_out)
{
    const char *list = "";
    *count_out = 0;
    for (uint32_t i = 0; i < values->count; i++) {
        if (!lacks_arm(check, pair, values, to, i))
            continue;
        if (*count_out < SHOWN_MAX)
            list = duet_arena_format(check->arena, "%s%s'%s'", list, *list ? ", " : "",
                                     values->values[i].name);
        ++*count_out;
    }
    return *count_out > SHOWN_MAX
               ? duet_arena_format(check->arena, "%s and %u more", list, *count_out - SHOWN_MAX)
               : list;
}

/* What parts an arm from the one behind it: a line break where it begins its line, or a blank. */
static const char *parting(struct duet_checker *check, const struct duet_ast_arm *arm)
{
    const char *text = duet_source_text(check->sources, arm->at.file);
    uint32_t line = arm->at.start;
    while (line > 0 && text[line - 1] == ' ')
        line--;
    return line > 0 && text[line - 1] == '\n'
               ? duet_arena_format(check->arena, "\n%.*s", (int)(arm->at.start - line), text + line)
               : " ";
}

/* Values of one name that neither side has an arm for are probably the same, as they are where there are no arms at
 * all. NULL: some other value lacks an arm. */
static const char *arms_of_one_name(struct duet_checker *check, const struct duet_m_pair *pair,
                                    const char *part)
{
    static const char *const arrows[] = {
        [DUET_AST_BOTH] = "<->", [DUET_AST_RIGHT] = "->", [DUET_AST_LEFT] = "<-"
    };
    const struct duet_m_enum *left = &pair->fields[DUET_LEFT]->values;
    const struct duet_m_enum *right = &pair->fields[DUET_RIGHT]->values;
    const char *arms = "";
    for (uint32_t i = 0; i < left->count; i++) {
        uint32_t same = duet_names_value(right, left->values[i].name);
        if (pair->map->to_right[i] != DUET_NONE)
            continue;
        if (same == DUET_NONE || pair->map->to_left[same] != DUET_NONE)
            return NULL;
        const char *name = duet_propose_name(check->arena, left->values[i].name);
        arms = duet_arena_format(check->arena, "%s%s%s %s %s;", arms, part, name,
                                 arrows[pair->ast->direction], name);
    }
    for (uint32_t i = 0; i < right->count; i++) {
        if (pair->map->to_left[i] == DUET_NONE &&
            duet_names_value(left, right->values[i].name) == DUET_NONE)
            return NULL;
    }
    return *arms ? arms : NULL;
}

/* Whether they are the same is the author's to say. */
static bool propose_arms(struct duet_checker *check, const struct duet_m_pair *pair,
                         struct duet_diag *diag)
{
    const struct duet_ast_arm *last = pair->ast->arms.last;
    const char *arms = last ? arms_of_one_name(check, pair, parting(check, last)) : NULL;
    if (!arms)
        return false;
    duet_diag_help(diag,
                   "if they are the same, add `%s`, otherwise an arm of your own or "
                   "`default VALUE`",
                   arms_of_one_name(check, pair, " ") + 1);
    duet_diag_fix(diag, DUET_FIX_MAYBE,
                  (struct duet_span){ last->at.file, last->at.end, last->at.end }, "%s", arms);
    return true;
}

static void check_total(struct duet_checker *check, const struct duet_m_mapping *mapping,
                        struct duet_m_pair *pair, enum duet_side target)
{
    const struct duet_m_field *from = pair->fields[duet_other(target)];
    const uint32_t *counterparts = target == DUET_RIGHT ? pair->map->to_right : pair->map->to_left;
    if (!duet_m_goes_to(pair->direction, target) || pair->defaults[target])
        return;
    uint32_t count = 0;
    const char *list = missing_values(check, pair, &from->values, counterparts, &count);
    if (count == 0)
        return;
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_NOT_TOTAL, pair->ast->name.at,
                            "'%s' doesn't say what %s of '%s' %s for '%s'", pair->ast->name.text,
                            list, mapping->side_names[duet_other(target)],
                            count == 1 ? "is" : "are", mapping->side_names[target]);
    duet_diag_note(diag, from->ast->type->at, "the values stand here");
    const char *arrow = target == DUET_RIGHT ? "->" : "<-";
    bool to_right = target == DUET_RIGHT;
    bool proposed = propose_arms(check, pair, diag);
    for (uint32_t i = 0; i < from->values.count && !proposed; i++) {
        if (!lacks_arm(check, pair, &from->values, counterparts, i))
            continue;
        const char *name = duet_propose_name(check->arena, from->values.values[i].name);
        duet_diag_help(diag, "add an arm, such as `%s %s %s;`, or `default VALUE`",
                       to_right ? name : "VALUE", arrow, to_right ? "VALUE" : name);
        break;
    }
    pair->usable = false;
}

struct duet_m_map *duet_checker_map(struct duet_checker *check,
                                    const struct duet_m_mapping *mapping, struct duet_m_pair *pair)
{
    const struct duet_m_enum *left = &pair->fields[DUET_LEFT]->values;
    const struct duet_m_enum *right = &pair->fields[DUET_RIGHT]->values;
    if (!pair->fields[DUET_LEFT]->usable || !pair->fields[DUET_RIGHT]->usable) {
        pair->usable = false;
        return NULL;
    }
    pair->map = new_map(check, left->count, right->count, pair->ast->name);
    if (!pair->map) {
        pair->usable = false;
        return NULL;
    }
    if (pair->ast->has_arms) {
        for (const struct duet_ast_arm *arm = pair->ast->arms.first; arm; arm = arm->next)
            take_arm(check, pair, pair->map, arm);
    } else {
        match_names(pair->map, left, right);
    }
    if (pair->usable) {
        check_total(check, mapping, pair, DUET_RIGHT);
        check_total(check, mapping, pair, DUET_LEFT);
    }
    return pair->map;
}
