#include "dsl/types.h"

#include <inttypes.h>

#include "dsl/arena.h"

bool duet_types_of_field(const struct duet_ast_type *type, enum duet_type *type_out)
{
    switch (type->kind) {
    case DUET_AST_TYPE_TEXT:
    case DUET_AST_TYPE_HTML:
    case DUET_AST_TYPE_URL:
        *type_out = DUET_TYPE_TEXT;
        return true;
    case DUET_AST_TYPE_INTEGER:
        *type_out = DUET_TYPE_INTEGER;
        return true;
    case DUET_AST_TYPE_NUMBER:
        *type_out = DUET_TYPE_NUMBER;
        return true;
    case DUET_AST_TYPE_BOOLEAN:
        *type_out = DUET_TYPE_BOOLEAN;
        return true;
    case DUET_AST_TYPE_TIME:
        *type_out = DUET_TYPE_TIME;
        return true;
    case DUET_AST_TYPE_ENUM:
    case DUET_AST_TYPE_DEPENDENT:
        *type_out = DUET_TYPE_ENUM;
        return true;
    case DUET_AST_TYPE_PERSON:
        *type_out = DUET_TYPE_PERSON;
        return true;
    case DUET_AST_TYPE_LIST:
        *type_out = DUET_TYPE_LIST;
        return type->element && (type->element->kind == DUET_AST_TYPE_TEXT ||
                                 type->element->kind == DUET_AST_TYPE_URL);
    case DUET_AST_TYPE_SECRET:
    case DUET_AST_TYPE_DURATION:
    case DUET_AST_TYPE_NOTES:
        break;
    }
    return false;
}

const char *duet_types_name(enum duet_type type)
{
    switch (type) {
    case DUET_TYPE_TEXT:
        return "a text";
    case DUET_TYPE_ENUM:
        return "an enum";
    case DUET_TYPE_INTEGER:
        return "an integer";
    case DUET_TYPE_NUMBER:
        return "a number";
    case DUET_TYPE_BOOLEAN:
        return "a boolean";
    case DUET_TYPE_TIME:
        return "a time";
    case DUET_TYPE_PERSON:
        return "a person";
    case DUET_TYPE_LIST:
        return "a list of texts";
    case DUET_TYPES:
        break;
    }
    return "";
}

const char *duet_types_field_name(const struct duet_m_field *field)
{
    if (field->html)
        return "an html text";
    return field->type == DUET_TYPE_ENUM && field->values.ordered ? "an ordered enum"
                                                                  : duet_types_name(field->type);
}

enum duet_types_fit duet_types_relation(const struct duet_m_field *from,
                                        const struct duet_m_field *to,
                                        enum duet_relation *relation_out)
{
    *relation_out = DUET_RELATION_SAME;
    if (from->type == to->type) {
        if (from->type == DUET_TYPE_ENUM)
            *relation_out = DUET_RELATION_ENUM;
        if (from->type == DUET_TYPE_PERSON)
            *relation_out = DUET_RELATION_PERSON;
        return from->html == to->html ? DUET_FITS : DUET_FITS_NEVER;
    }
    *relation_out = DUET_RELATION_CONVERT;
    if (from->type == DUET_TYPE_INTEGER && to->type == DUET_TYPE_NUMBER)
        return DUET_FITS_ONE_WAY;
    return to->type == DUET_TYPE_TEXT && !to->html && from->type != DUET_TYPE_LIST
               ? DUET_FITS_ONE_WAY
               : DUET_FITS_NEVER;
}

const char *duet_types_value_word(struct duet_arena *arena, const struct duet_ast_value *value)
{
    if (value && value->kind == DUET_AST_VALUE_INTEGER)
        return duet_arena_format(arena, "%" PRId64, value->integer);
    return value ? duet_ast_value_word(value) : NULL;
}
