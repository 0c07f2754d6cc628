/* Parts come before what they are part of, and rows of one range one behind the other: a list's items
 * are built down to their leaves first, then all their own rows at once. */
#include "dsl/lower_parts.h"

#include <string.h>

#include "dsl/arena.h"
#include "dsl/names.h"

uint32_t duet_lower_str(struct duet_lower *lower, const char *text)
{
    return duet_build_str(lower->builder, text);
}

uint32_t duet_lower_field(const struct duet_lower *lower, enum duet_side side,
                          const struct duet_m_field *field)
{
    return field ? lower->first_field[side] + field->number : DUET_NONE;
}

uint32_t duet_lower_file(struct duet_lower *lower, struct duet_span at)
{
    return duet_lower_str(lower, duet_source_path(lower->check->sources, at.file));
}

uint32_t duet_lower_line(const struct duet_lower *lower, struct duet_span at)
{
    return duet_source_position(lower->check->sources, at.file, at.start).line;
}

struct duet_lower_range duet_lower_words(struct duet_lower *lower, const uint32_t *words,
                                         uint32_t count)
{
    struct duet_lower_range range = { duet_build_count(lower->builder, DUET_SECTION_WORD), count };
    for (uint32_t i = 0; i < count; i++) {
        struct duet_t_word word = { .bits = words[i] };
        duet_build_row(lower->builder, DUET_SECTION_WORD, &word);
    }
    return range;
}

/* --- paths ------------------------------------------------------------------------------------ */

uint32_t duet_lower_steps(struct duet_lower *lower, const struct duet_ast_step *steps)
{
    struct duet_t_path path = { .steps = duet_build_count(lower->builder, DUET_SECTION_STEP) };
    for (const struct duet_ast_step *step = steps; step; step = step->next) {
        if (step->each)
            continue;
        struct duet_t_step row = { .name = duet_lower_str(lower, step->name.text),
                                   .each = step->next && step->next->each };
        duet_build_row(lower->builder, DUET_SECTION_STEP, &row);
        path.steps_count++;
    }
    return duet_build_row(lower->builder, DUET_SECTION_PATH, &path);
}

uint32_t duet_lower_path(struct duet_lower *lower, const struct duet_ast_path *path)
{
    return path ? duet_lower_steps(lower, path->steps.first) : DUET_NONE;
}

uint32_t duet_lower_value_path(struct duet_lower *lower, const struct duet_ast_value *value)
{
    if (value && value->kind == DUET_AST_VALUE_PATH)
        return duet_lower_path(lower, value->path);
    const char *word = value ? duet_ast_value_word(value) : NULL;
    if (!word)
        return DUET_NONE;
    const struct duet_ast_step step = { .name = { .text = word, .at = value->at } };
    return duet_lower_steps(lower, &step);
}

struct duet_lower_range duet_lower_paths(struct duet_lower *lower,
                                         const struct duet_ast_path_list *paths)
{
    struct duet_lower_range range = { duet_build_count(lower->builder, DUET_SECTION_PATH), 0 };
    for (const struct duet_ast_path *path = paths->first; path; path = path->next) {
        duet_lower_path(lower, path);
        range.count++;
    }
    return range;
}

/* --- conditions ------------------------------------------------------------------------------- */

static struct duet_t_expr plain_expr(struct duet_lower *lower, const struct duet_m_expr *expr)
{
    return (struct duet_t_expr){
        .op = (uint32_t)expr->op,
        .left = DUET_NONE,
        .right = DUET_NONE,
        .field = duet_lower_field(lower, expr->side, expr->field),
        .side = (uint32_t)expr->side,
        .root = (uint32_t)expr->root,
        .path = expr->op == DUET_EXPR_PATH && expr->steps ? duet_lower_steps(lower, expr->steps)
                                                          : DUET_NONE,
        .text = duet_lower_str(lower, expr->text),
        .number_lo = (uint32_t)((uint64_t)expr->number & 0xffffffffU),
        .number_hi = (uint32_t)((uint64_t)expr->number >> 32),
    };
}

/* The check bounds the depth (DUET_MAX_EXPR_DEPTH). */
uint32_t duet_lower_expr(struct duet_lower *lower, const struct duet_m_expr *expr)
{
    if (!expr)
        return DUET_NONE;
    struct duet_t_expr row = plain_expr(lower, expr);
    row.left = duet_lower_expr(lower, expr->left);
    row.right = duet_lower_expr(lower, expr->right);
    row.list = expr->list_count ? duet_build_count(lower->builder, DUET_SECTION_EXPR) : 0;
    row.list_count = expr->list_count;
    for (uint32_t i = 0; i < expr->list_count; i++) {
        struct duet_t_expr item = plain_expr(lower, &expr->list[i]);
        duet_build_row(lower->builder, DUET_SECTION_EXPR, &item);
    }
    return duet_build_row(lower->builder, DUET_SECTION_EXPR, &row);
}

/* --- texts with places, templates ------------------------------------------------------------- */

static struct duet_t_piece piece_of(struct duet_lower *lower, const struct duet_m_place *place,
                                    const struct duet_ast_path *path)
{
    struct duet_m_reference reference = { .ref = DUET_REF_LITERAL, .text = "" };
    duet_checker_reference(lower->check, place, path, &reference);
    return (struct duet_t_piece){
        .ref = (uint32_t)reference.ref,
        .text = duet_lower_str(lower, reference.text),
        .field = duet_lower_field(lower, place->record->side, reference.field),
    };
}

struct duet_lower_range duet_lower_text(struct duet_lower *lower, const struct duet_m_place *place,
                                        const struct duet_ast_text *text)
{
    struct duet_lower_range range = { duet_build_count(lower->builder, DUET_SECTION_PIECE), 0 };
    for (const struct duet_ast_part *part = text ? text->parts.first : NULL; part;
         part = part->next) {
        struct duet_t_piece piece = { .ref = DUET_REF_LITERAL, .field = DUET_NONE };
        if (part->path)
            piece = piece_of(lower, place, part->path);
        else
            piece.text = duet_lower_str(lower, part->literal);
        duet_build_row(lower->builder, DUET_SECTION_PIECE, &piece);
        range.count++;
    }
    return range;
}

static uint32_t json_kind(enum duet_ast_json_kind kind)
{
    switch (kind) {
    case DUET_AST_JSON_OBJECT:
        return DUET_JSON_OBJECT;
    case DUET_AST_JSON_ARRAY:
        return DUET_JSON_ARRAY;
    case DUET_AST_JSON_TEXT:
        return DUET_JSON_STRING;
    case DUET_AST_JSON_INTEGER:
    case DUET_AST_JSON_DECIMAL:
        return DUET_JSON_NUMBER;
    case DUET_AST_JSON_TRUE:
        return DUET_JSON_TRUE;
    case DUET_AST_JSON_FALSE:
        return DUET_JSON_FALSE;
    case DUET_AST_JSON_NULL:
        return DUET_JSON_NULL;
    case DUET_AST_JSON_REFERENCE:
        return DUET_JSON_VALUE;
    }
    return DUET_JSON_NULL;
}

/* The row of a template, its children built already. The parser bounds the depth. */
static struct duet_t_json json_row(struct duet_lower *lower, const struct duet_m_place *place,
                                   const struct duet_ast_json *json)
{
    struct duet_t_json row = { .kind = json_kind(json->kind),
                               .key = duet_lower_str(lower, json->key.text) };
    int64_t number = json->integer;
    if (json->kind == DUET_AST_JSON_TEXT) {
        struct duet_lower_range pieces = duet_lower_text(lower, place, json->text);
        row.pieces = pieces.first;
        row.pieces_count = pieces.count;
    }
    if (json->kind == DUET_AST_JSON_REFERENCE) {
        struct duet_m_place bare = *place;
        bare.bare = true;
        struct duet_t_piece piece = piece_of(lower, &bare, json->path);
        if (piece.ref == DUET_REF_LITERAL)
            row.kind = DUET_JSON_STRING;
        row.pieces = duet_build_row(lower->builder, DUET_SECTION_PIECE, &piece);
        row.pieces_count = 1;
    }
    row.number_lo = (uint32_t)((uint64_t)number & 0xffffffffU);
    row.number_hi = (uint32_t)((uint64_t)number >> 32);

    struct duet_t_json *children =
        duet_arena_alloc_array(lower->check->arena, json->children.count + 1, sizeof *children);
    for (const struct duet_ast_json *child = json->children.first; child; child = child->next)
        children[row.children_count++] = json_row(lower, place, child);
    row.children = row.children_count ? duet_build_count(lower->builder, DUET_SECTION_JSON) : 0;
    for (uint32_t i = 0; i < row.children_count; i++)
        duet_build_row(lower->builder, DUET_SECTION_JSON, &children[i]);
    return row;
}

uint32_t duet_lower_json(struct duet_lower *lower, const struct duet_m_place *place,
                         const struct duet_ast_json *json)
{
    if (!json)
        return DUET_NONE;
    struct duet_t_json row = json_row(lower, place, json);
    row.key = DUET_NONE;
    return duet_build_row(lower->builder, DUET_SECTION_JSON, &row);
}
