/* One field of a record: its values, what it follows, its attributes. */
#include <string.h>

#include "dsl/arena.h"
#include "dsl/check.h"
#include "dsl/names.h"
#include "dsl/propose.h"
#include "dsl/types.h"

#define ENUM_VALUES_MAX 4096U

/* --- values ----------------------------------------------------------------------------------- */

static const char *wire_of(struct duet_checker *check, const struct duet_ast_choice *choice,
                           bool *number_out)
{
    if (!choice->wire)
        return NULL;
    *number_out = choice->wire->kind == DUET_AST_VALUE_INTEGER;
    const char *word = duet_types_value_word(check->arena, choice->wire);
    if (!word)
        duet_checker_report(check, DUET_DIAG_BAD_TYPE, choice->wire->at,
                            "a system spells '%s' as a text or a whole number", choice->name.text);
    return word;
}

static bool spells_alike(const struct duet_m_value *a, const struct duet_m_value *b)
{
    const char *left = a->wire ? a->wire : a->name;
    const char *right = b->wire ? b->wire : b->name;
    return a->wire_number == b->wire_number && strcmp(left, right) == 0;
}

/* Two values that the system spells alike: nobody could tell which one was read. */
static void check_spelling(struct duet_checker *check, const struct duet_m_enum *values,
                           const struct duet_ast_choice *choice)
{
    const struct duet_m_value *value = &values->values[values->count];
    for (uint32_t i = 0; i < values->count; i++) {
        const struct duet_m_value *other = &values->values[i];
        if (!spells_alike(value, other))
            continue;
        duet_diag_note(duet_checker_report(check, DUET_DIAG_DEFINED_TWICE, choice->at,
                                           "'%s' is spelt like '%s', so that they can't be told "
                                           "apart",
                                           value->name, other->name),
                       other->at, "the other stands here");
        return;
    }
}

/* Adds a choice unless a value of that name is there; the index of the one or the other. */
static uint32_t add_choice(struct duet_checker *check, struct duet_m_enum *values,
                           struct duet_m_value *array, const struct duet_ast_choice *choice,
                           bool report_twice)
{
    uint32_t there = duet_word_index_add(values->by_name, choice->name.text, values->count);
    if (there != values->count) {
        if (report_twice) {
            struct duet_diag *diag =
                duet_checker_report(check, DUET_DIAG_DEFINED_TWICE, choice->name.at,
                                    "'%s' stands twice among the values", choice->name.text);
            duet_diag_note(diag, array[there].at, "first here");
        }
        return there;
    }
    struct duet_m_value *value = &array[values->count];
    *value = (struct duet_m_value){ .name = choice->name.text, .at = choice->name.at };
    value->wire = wire_of(check, choice, &value->wire_number);
    check_spelling(check, values, choice);
    return values->count++;
}

static bool too_many_values(struct duet_checker *check, struct duet_m_field *field, size_t count)
{
    if (count <= ENUM_VALUES_MAX)
        return false;
    duet_checker_report(check, DUET_DIAG_TOO_MANY, field->ast->type->at,
                        "'%s' has %zu values, at most %u are possible", field->name, count,
                        ENUM_VALUES_MAX);
    field->usable = false;
    return true;
}

static void check_plain_enum(struct duet_checker *check, struct duet_m_field *field)
{
    const struct duet_ast_type *type = field->ast->type;
    if (too_many_values(check, field, type->choices.count))
        return;
    struct duet_m_value *array =
        duet_arena_alloc_array(check->arena, type->choices.count + 1, sizeof *array);
    field->values = (struct duet_m_enum){ .values = array,
                                          .by_name = duet_word_index_new(check->arena),
                                          .ordered = type->ordered };
    for (const struct duet_ast_choice *choice = type->choices.first; choice; choice = choice->next)
        add_choice(check, &field->values, array, choice, true);
}

/* Rows of the parent's values; all values together are the field's own. */
static void check_rows(struct duet_checker *check, struct duet_m_field *field)
{
    const struct duet_ast_type *type = field->ast->type;
    const struct duet_m_enum *parent = &field->parent->values;
    size_t most = 0;
    for (const struct duet_ast_dependent_row *row = type->rows.first; row; row = row->next)
        most += row->choices.count;
    if (too_many_values(check, field, most))
        return;
    for (const struct duet_ast_dependent_row *row = type->rows.first; row; row = row->next)
        duet_checker_choices_once(check, &row->choices);
    struct duet_m_value *array = duet_arena_alloc_array(check->arena, most + 1, sizeof *array);
    const struct duet_ast_dependent_row **rows =
        duet_arena_alloc_array(check->arena, parent->count + 1, sizeof *rows);
    field->values =
        (struct duet_m_enum){ .values = array, .by_name = duet_word_index_new(check->arena) };
    for (const struct duet_ast_dependent_row *row = type->rows.first; row; row = row->next) {
        for (const struct duet_ast_choice *choice = row->choices.first; choice;
             choice = choice->next)
            add_choice(check, &field->values, array, choice, false);
    }
    field->legal =
        duet_checker_value_pairs(check, parent->count, field->values.count, field->ast->name);
    field->usable = field->legal != NULL;
    if (!field->usable)
        return;
    for (const struct duet_ast_dependent_row *row = type->rows.first; row; row = row->next) {
        uint32_t line = duet_names_need_value(check, field->parent, row->value.text, row->value.at);
        if (line == DUET_NONE)
            continue;
        if (rows[line]) {
            struct duet_diag *diag =
                duet_checker_report(check, DUET_DIAG_DEFINED_TWICE, row->value.at,
                                    "'%s' has two rows", row->value.text);
            duet_diag_note(diag, rows[line]->value.at, "the first is here");
            continue;
        }
        rows[line] = row;
        for (const struct duet_ast_choice *choice = row->choices.first; choice;
             choice = choice->next)
            duet_m_set(field->legal, field->values.count, line,
                       duet_names_value(&field->values, choice->name.text));
    }
    for (uint32_t line = 0; line < parent->count; line++) {
        if (rows[line] || duet_checker_damaged(check, field->ast->at, parent->values[line].name))
            continue;
        struct duet_diag *diag =
            duet_checker_report(check, DUET_DIAG_ROW_MISSING, field->ast->name.at,
                                "'%s' doesn't say what it may be while '%s' is '%s'", field->name,
                                field->parent->name, parent->values[line].name);
        duet_diag_help(diag, "add a row: `%s : none;` where it must be missing",
                       duet_propose_name(check->arena, parent->values[line].name));
    }
}

/* --- what an enum follows --------------------------------------------------------------------- */

/* Rows taken from the other side's field: its parent's values and ours go together by name. */
static void check_like(struct duet_checker *check, struct duet_m_field *field,
                       const struct duet_m_record *other, const char *other_name)
{
    const struct duet_ast_path *like = field->ast->type->like;
    const struct duet_ast_step *steps = like->steps.first;
    field->usable = false;
    if (!other)
        return; /* known within a mapping only */
    if (!duet_names_same(steps->name.text, other_name)) {
        struct duet_diag *diag =
            duet_checker_report(check, DUET_DIAG_UNKNOWN_SIDE, steps->name.at,
                                "'%s' isn't the other side of the mapping", steps->name.text);
        duet_diag_help(diag, "did you mean '%s'?", other_name);
        duet_diag_fix(diag, DUET_FIX_MAYBE, steps->name.at, "%s", other_name);
        return;
    }
    const struct duet_m_field *model =
        duet_names_need_field(check, other, steps->next, like->at, like->text);
    if (!model || !model->usable || !field->parent->usable)
        return;
    if (!model->legal) {
        struct duet_diag *diag = duet_checker_report(
            check, DUET_DIAG_BAD_PARENT, like->at,
            "'%s' follows no other field, so that there are no rows to take", like->text);
        duet_diag_note(diag, model->ast->type->at, "its type stands here");
        return;
    }
    field->values = model->values;
    uint32_t columns = model->values.count;
    field->legal =
        duet_checker_value_pairs(check, field->parent->values.count, columns, field->ast->name);
    field->usable = field->legal != NULL;
    if (!field->usable)
        return;
    for (uint32_t line = 0; line < field->parent->values.count; line++) {
        const char *name = field->parent->values.values[line].name;
        uint32_t from = duet_names_value(&model->parent->values, name);
        if (from == DUET_NONE) {
            duet_checker_report(check, DUET_DIAG_ROW_MISSING, like->at,
                                "'%s' has no row for '%s', which '%s' may be", like->text, name,
                                field->parent->name);
            continue;
        }
        memcpy(field->legal + (size_t)line * duet_m_words(columns),
               model->legal + (size_t)from * duet_m_words(columns),
               duet_m_words(columns) * sizeof *field->legal);
    }
}

static void check_dependent(struct duet_checker *check, struct duet_m_field *field,
                            const struct duet_m_record *other, const char *other_name)
{
    if (!field->parent || !field->parent->usable) {
        field->usable = false;
        return;
    }
    if (field->parent->type != DUET_TYPE_ENUM) {
        struct duet_diag *diag =
            duet_checker_report(check, DUET_DIAG_BAD_PARENT, field->ast->type->by->at,
                                "'%s' follows '%s', which is %s, expected an enum", field->name,
                                field->parent->name, duet_types_field_name(field->parent));
        duet_diag_note(diag, field->parent->ast->type->at, "its type stands here");
        field->usable = false;
        return;
    }
    if (field->ast->type->like)
        check_like(check, field, other, other_name);
    else
        check_rows(check, field);
}

/* --- attributes ------------------------------------------------------------------------------- */

static void misplaced(struct duet_checker *check, const struct duet_m_field *field,
                      struct duet_span at, const char *attribute, const char *wanted)
{
    duet_checker_report(check, DUET_DIAG_BAD_ATTRIBUTE, at, "'%s' is for %s, and '%s' is %s",
                        attribute, wanted, field->name, duet_types_field_name(field));
}

static void check_empty(struct duet_checker *check, const struct duet_m_field *field,
                        const struct duet_ast_value *value)
{
    if (value->kind == DUET_AST_VALUE_LIST) {
        duet_checker_values_once(check, &value->values);
        for (const struct duet_ast_value *item = value->values.first; item; item = item->next)
            check_empty(check, field, item);
        return;
    }
    bool word = duet_types_value_word(check->arena, value) != NULL;
    if (!word && value->kind != DUET_AST_VALUE_NULL && value->kind != DUET_AST_VALUE_ABSENT)
        duet_checker_report(check, DUET_DIAG_BAD_ATTRIBUTE, value->at,
                            "a system spells nothing as a text, null or absent");
}

/* An enum's value that is spelt like nothing would be read as nothing. */
static void check_spelt_empty(struct duet_checker *check, const struct duet_m_field *field,
                              const char *word, struct duet_span at)
{
    for (uint32_t i = 0; word && i < field->values.count; i++) {
        const struct duet_m_value *value = &field->values.values[i];
        if (strcmp(value->wire ? value->wire : value->name, word) != 0)
            continue;
        struct duet_diag *diag = duet_checker_report(
            check, DUET_DIAG_DEFINED_TWICE, at,
            "'%s' is spelt like nothing, so that it is never read", value->name);
        duet_diag_note(diag, value->at, "the value stands here");
        duet_diag_help(diag,
                       "leave the value out and use `none`, or say how else nothing is spelt: "
                       "`empty null`");
    }
}

static void check_spellings_of_nothing(struct duet_checker *check, const struct duet_m_field *field)
{
    const struct duet_ast_value *empty = field->ast->empty;
    if (!empty)
        check_spelt_empty(check, field, "", field->ast->type->at);
    else if (empty->kind != DUET_AST_VALUE_LIST)
        check_spelt_empty(check, field, duet_types_value_word(check->arena, empty), empty->at);
    else
        for (const struct duet_ast_value *one = empty->values.first; one; one = one->next)
            check_spelt_empty(check, field, duet_types_value_word(check->arena, one), one->at);
}

static void check_attributes(struct duet_checker *check, struct duet_m_field *field)
{
    const struct duet_ast_field *ast = field->ast;
    if (!ast->place)
        duet_diag_help(duet_checker_report(check, DUET_DIAG_PLACE_MISSING, ast->name.at,
                                           "'%s' doesn't say where it stands", field->name),
                       "add `at %s`", ast->name.text);
    if (ast->max.given && field->type != DUET_TYPE_TEXT)
        misplaced(check, field, ast->max.at, "max", "texts");
    if (ast->max.given && (ast->max.value < 1 || ast->max.value > INT32_MAX))
        duet_checker_report(check, DUET_DIAG_TOO_MANY, ast->max.at,
                            "a length of at least 1 and at most %d is expected", INT32_MAX);
    if (ast->write_whole_at.file != DUET_SOURCE_NONE && field->type != DUET_TYPE_LIST)
        misplaced(check, field, ast->write_whole_at, "write whole", "lists");
    if (field->read_only && ast->write_as)
        duet_checker_report(check, DUET_DIAG_BAD_ATTRIBUTE, ast->write_as->at,
                            "'%s' is read only, so that it is never written as '%s'", field->name,
                            ast->write_as->text);
    if (ast->empty)
        check_empty(check, field, ast->empty);
    check_spellings_of_nothing(check, field);
    if (ast->default_value && field->usable)
        duet_checker_constant(check, field, ast->default_value);
}

void duet_checker_field(struct duet_checker *check, struct duet_m_record *record,
                        struct duet_m_field *field, struct duet_m_record *other,
                        const char *other_name)
{
    const struct duet_ast_type *type = field->ast->type;
    (void)record;
    field->usable = true;
    field->html = type->kind == DUET_AST_TYPE_HTML;
    field->read_only = field->ast->read_only_at.file != DUET_SOURCE_NONE;
    field->required =
        field->ast->required_at.file != DUET_SOURCE_NONE && !field->ast->required_when;
    if (!duet_types_of_field(type, &field->type)) {
        struct duet_diag *diag =
            duet_checker_report(check, DUET_DIAG_BAD_TYPE, type->at,
                                "'%s' has a type that no field can have", field->name);
        if (type->kind == DUET_AST_TYPE_SECRET)
            duet_diag_help(diag, "secrets are settings");
        field->usable = false;
        return;
    }
    if (type->kind == DUET_AST_TYPE_ENUM)
        check_plain_enum(check, field);
    if (type->kind == DUET_AST_TYPE_DEPENDENT)
        check_dependent(check, field, other, other_name);
    duet_checker_keys_once(check, &type->persons);
    duet_checker_time(check, type);
    check_attributes(check, field);
}
