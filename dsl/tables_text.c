/* A row is "  INDEX NAME: column value, column value"; what is empty (none, 0, no rows) is left out. What a reference points
 * at is written in place of its number, cut short where it is long: the rows themselves follow in their sections anyway. */
#include "dsl/tables_text.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "dsl/tables_names.h"

#define MOST_ITEMS 256U /* written for one reference */

struct dump {
    const struct duet_tables *tables;
    FILE *out;
    uint32_t items; /* that the reference being written may still have */
};

static void write_quoted(const char *text, FILE *out)
{
    fputc('"', out);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < ' ' || c == 0x7f)
            fprintf(out, "\\u%04x", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

/* A word as it is, anything else in quotes. */
static void write_name(const char *text, FILE *out)
{
    const char *at = text;
    while (isalnum((unsigned char)*at) || (*at && strchr("_.-", *at)))
        at++;
    if (*text != '\0' && *at == '\0')
        fputs(text, out);
    else
        write_quoted(text, out);
}

static void write_str(const struct dump *dump, uint32_t text)
{
    write_name(text == DUET_NONE ? "-" : duet_str(dump->tables, text), dump->out);
}

/* True while there is room for one more; says once that there is more. */
static bool one_more(struct dump *dump)
{
    if (dump->items == 0)
        return false;
    dump->items--;
    if (dump->items == 0)
        fputs("...", dump->out);
    return dump->items > 0;
}

static void write_field(const struct dump *dump, uint32_t field)
{
    const struct duet_t_side *right = duet_side_row(dump->tables, DUET_RIGHT);
    bool is_right = field >= right->fields && field - right->fields < right->fields_count;
    write_str(dump, duet_side_row(dump->tables, is_right ? DUET_RIGHT : DUET_LEFT)->name);
    fputc('.', dump->out);
    write_str(dump, duet_field_row(dump->tables, field)->name);
}

static void write_path(const struct dump *dump, uint32_t row)
{
    const struct duet_t_path *path = duet_path_row(dump->tables, row);
    for (uint32_t i = 0; i < path->steps_count; i++) {
        const struct duet_t_step *step = duet_step_row(dump->tables, path->steps + i);
        if (i > 0)
            fputc('.', dump->out);
        write_str(dump, step->name);
        fputs(step->each ? "[]" : "", dump->out);
    }
    if (path->steps_count == 0)
        fputs("(whole)", dump->out);
}

static void write_int(uint32_t lo, uint32_t hi, FILE *out)
{
    fprintf(out, "%" PRId64, (int64_t)duet_mask(lo, hi));
}

/* --- templates ----------------------------------------------------------------------------------------- */

static void write_piece(const struct dump *dump, const struct duet_t_piece *piece)
{
    if (piece->ref == DUET_REF_LITERAL) {
        write_str(dump, piece->text);
        return;
    }
    const char *name = duet_tables_ref_name((enum duet_ref)piece->ref);
    fputc('{', dump->out);
    if (piece->ref == DUET_REF_FOUND)
        fputs("found.", dump->out);
    if (name)
        fputs(name, dump->out);
    else if (piece->ref == DUET_REF_FIELD && piece->field != DUET_NONE)
        write_field(dump, piece->field);
    else
        write_str(dump, piece->text);
    fputc('}', dump->out);
}

static void write_pieces(struct dump *dump, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count && one_more(dump); i++) {
        if (i > 0)
            fputc(' ', dump->out);
        write_piece(dump, duet_piece_row(dump->tables, first + i));
    }
}

static void write_json(struct dump *dump, uint32_t row);

static void write_children(struct dump *dump, const struct duet_t_json *json)
{
    for (uint32_t i = 0; i < json->children_count && one_more(dump); i++) {
        const struct duet_t_json *child = duet_json_row(dump->tables, json->children + i);
        fputs(i > 0 ? ", " : "", dump->out);
        if (child->key != DUET_NONE) {
            write_str(dump, child->key);
            fputs(": ", dump->out);
        }
        write_json(dump, json->children + i);
    }
}

/* The loader bounds the depth. */
static void write_json(struct dump *dump, uint32_t row)
{
    const struct duet_t_json *json = duet_json_row(dump->tables, row);
    switch ((enum duet_json_kind)json->kind) {
    case DUET_JSON_OBJECT:
    case DUET_JSON_ARRAY:
        fputc(json->kind == DUET_JSON_OBJECT ? '{' : '[', dump->out);
        write_children(dump, json);
        fputc(json->kind == DUET_JSON_OBJECT ? '}' : ']', dump->out);
        break;
    case DUET_JSON_STRING:
        fputc('(', dump->out);
        write_pieces(dump, json->pieces, json->pieces_count);
        fputc(')', dump->out);
        break;
    case DUET_JSON_VALUE:
        write_pieces(dump, json->pieces, json->pieces_count);
        break;
    case DUET_JSON_NUMBER:
        write_int(json->number_lo, json->number_hi, dump->out);
        break;
    case DUET_JSON_TRUE:
    case DUET_JSON_FALSE:
    case DUET_JSON_NULL:
    case DUET_JSON_KINDS:
        fputs(duet_tables_code_name(DUET_SECTION_JSON, "kind", json->kind), dump->out);
        break;
    }
}

/* --- conditions ---------------------------------------------------------------------------------------- */

static void write_leaf(const struct dump *dump, const struct duet_t_expr *expr)
{
    enum duet_op op = (enum duet_op)expr->op;
    if (op == DUET_EXPR_FIELD) {
        write_field(dump, expr->field);
    } else if (op == DUET_EXPR_PATH) {
        fputs(duet_tables_code_name(DUET_SECTION_EXPR, "root", expr->root), dump->out);
        if (expr->path != DUET_NONE) {
            fputc(':', dump->out);
            write_path(dump, expr->path);
        }
    } else if (op == DUET_EXPR_TEXT) {
        write_quoted(duet_str(dump->tables, expr->text), dump->out);
    } else if (op == DUET_EXPR_VALUE) {
        write_str(dump, expr->text);
    } else if (op == DUET_EXPR_NUMBER) {
        write_int(expr->number_lo, expr->number_hi, dump->out);
    } else if (op == DUET_EXPR_CLOSED || op == DUET_EXPR_MERGED) {
        write_str(dump, duet_side_row(dump->tables, expr->side)->name);
        fprintf(dump->out, ".%s", duet_tables_op_name(op));
    } else {
        fputs(duet_tables_op_name(op), dump->out);
    }
}

/* The loader bounds the depth. */
static void write_expr(struct dump *dump, uint32_t row)
{
    const struct duet_t_expr *expr = duet_expr_row(dump->tables, row);
    enum duet_op op = (enum duet_op)expr->op;
    if (!one_more(dump))
        return;
    if (expr->left == DUET_NONE) {
        write_leaf(dump, expr);
        return;
    }
    if (op == DUET_EXPR_NOT)
        fputs("not ", dump->out);
    bool is_joined = duet_operation(expr->op)->shape == DUET_SHAPE_JOIN;
    fputs(is_joined ? "(" : "", dump->out);
    write_expr(dump, expr->left);
    if (op != DUET_EXPR_NOT)
        fprintf(dump->out, " %s", duet_tables_op_name(op));
    if (expr->right != DUET_NONE) {
        fputc(' ', dump->out);
        write_expr(dump, expr->right);
    }
    fputs(is_joined ? ")" : "", dump->out);
    fputs(op == DUET_EXPR_IN ? " (" : "", dump->out);
    for (uint32_t i = 0; i < expr->list_count && dump->items > 0; i++) {
        fputs(i > 0 ? ", " : "", dump->out);
        write_expr(dump, expr->list + i);
    }
    fputs(op == DUET_EXPR_IN ? ")" : "", dump->out);
}

void duet_tables_write_condition(const struct duet_tables *tables, uint32_t row, FILE *out)
{
    struct dump dump = { .tables = tables, .out = out, .items = MOST_ITEMS };
    write_expr(&dump, row);
}

/* --- matrices and masks ---------------------------------------------------------------------------------- */

static const char *value_name(const struct dump *dump, uint32_t values, uint32_t number)
{
    const struct duet_t_enum *row = duet_enum_row(dump->tables, values);
    return duet_str(dump->tables, duet_value_row(dump->tables, row->values + number)->name);
}

/* "New: Open; Active: "In Progress", "On Hold"": a line's value and those whose bits are set. */
static void write_matrix(struct dump *dump, uint32_t words, uint32_t lines, uint32_t columns)
{
    uint32_t line_count = duet_enum_row(dump->tables, lines)->values_count;
    uint32_t column_count = duet_enum_row(dump->tables, columns)->values_count;
    for (uint32_t line = 0; line < line_count && one_more(dump); line++) {
        bool is_first = true;
        fputs(line > 0 ? "; " : "", dump->out);
        write_name(value_name(dump, lines, line), dump->out);
        for (uint32_t column = 0; column < column_count && dump->items > 0; column++) {
            if (!duet_matrix_bit(dump->tables, words, column_count, line, column) ||
                !one_more(dump))
                continue;
            fputs(is_first ? ": " : ", ", dump->out);
            write_name(value_name(dump, columns, column), dump->out);
            is_first = false;
        }
    }
}

static void write_targets(struct dump *dump, uint32_t words, uint32_t from, uint32_t to)
{
    uint32_t count = duet_enum_row(dump->tables, from)->values_count;
    for (uint32_t i = 0; i < count && one_more(dump); i++) {
        uint32_t target = duet_word_row(dump->tables, words + i)->bits;
        fputs(i > 0 ? "; " : "", dump->out);
        write_name(value_name(dump, from, i), dump->out);
        fputs(": ", dump->out);
        write_name(target == DUET_NONE ? "-" : value_name(dump, to, target), dump->out);
    }
}

static void write_words(struct dump *dump, enum duet_section section, uint32_t row,
                        const struct duet_column *column, uint32_t first)
{
    if (section == DUET_SECTION_MAP) {
        const struct duet_t_map *map = duet_map_row(dump->tables, row);
        if (strcmp(column->name, "agree") == 0)
            write_matrix(dump, first, map->left, map->right);
        else if (strcmp(column->name, "to_right") == 0)
            write_targets(dump, first, map->left, map->right);
        else
            write_targets(dump, first, map->right, map->left);
    } else if (section == DUET_SECTION_FIELD) {
        const struct duet_t_field *field = duet_field_row(dump->tables, row);
        bool is_legal = strcmp(column->name, "legal") == 0;
        write_matrix(dump, first,
                     is_legal ? duet_field_row(dump->tables, field->depends)->values
                              : field->values,
                     field->values);
    }
}

static bool belongs_to_right(const struct duet_tables *tables, enum duet_section section,
                             uint32_t row)
{
    const struct duet_t_side *right = duet_side_row(tables, DUET_RIGHT);
    return section == DUET_SECTION_OP
               ? row >= right->ops && row - right->ops < right->ops_count
               : row >= right->rules && row - right->rules < right->rules_count;
}

static void write_mask(const struct dump *dump, enum duet_section section, uint32_t row,
                       uint32_t lo, uint32_t hi)
{
    if (section == DUET_SECTION_EXPR || section == DUET_SECTION_JSON) {
        write_int(lo, hi, dump->out);
        return;
    }
    enum duet_side side = belongs_to_right(dump->tables, section, row) ? DUET_RIGHT : DUET_LEFT;
    bool is_first = true;
    for (uint32_t i = 0; i < DUET_MAX_FIELDS; i++) {
        if ((duet_mask(lo, hi) & duet_bit(i)) == 0)
            continue;
        fputs(is_first ? "" : " ", dump->out);
        if (section == DUET_SECTION_TRIGGER)
            write_str(dump, duet_unit_row(dump->tables, i)->name);
        else
            write_str(
                dump,
                duet_field_row(dump->tables, duet_side_row(dump->tables, side)->fields + i)->name);
        is_first = false;
    }
}

/* --- references ------------------------------------------------------------------------------------------ */

/* The column that names a row: its first, where that is a string. */
static uint32_t name_of(const struct duet_tables *tables, enum duet_section section, uint32_t row)
{
    const struct duet_section_format *format = duet_section_format(section);
    bool has_name = format->columns[0].kind == DUET_COL_STR && section != DUET_SECTION_STEP;
    return has_name ? tables->sections[section].rows[(size_t)row * format->words] : DUET_NONE;
}

static void write_reference(struct dump *dump, enum duet_section section, uint32_t row)
{
    uint32_t name = name_of(dump->tables, section, row);
    if (section == DUET_SECTION_FIELD)
        write_field(dump, row);
    else if (section == DUET_SECTION_PATH)
        write_path(dump, row);
    else if (section == DUET_SECTION_EXPR)
        write_expr(dump, row);
    else if (section == DUET_SECTION_JSON)
        write_json(dump, row);
    else if (name != DUET_NONE)
        write_str(dump, name);
    else
        fprintf(dump->out, "%s#%u", duet_section_format(section)->name, (unsigned)row);
}

static void write_range(struct dump *dump, enum duet_section section, uint32_t row,
                        const struct duet_column *column, uint32_t first, uint32_t count)
{
    enum duet_section target = (enum duet_section)column->argument;
    fputc('(', dump->out);
    if (target == DUET_SECTION_WORD)
        write_words(dump, section, row, column, first);
    else if (target == DUET_SECTION_PIECE)
        write_pieces(dump, first, count);
    else if (target == DUET_SECTION_JSON || name_of(dump->tables, target, first) == DUET_NONE)
        fprintf(dump->out, count == 1 ? "%s#%u" : "%s#%u..%u", duet_section_format(target)->name,
                (unsigned)first, (unsigned)(first + count - 1));
    else {
        for (uint32_t i = 0; i < count && one_more(dump); i++) {
            fputs(i > 0 ? " " : "", dump->out);
            write_reference(dump, target, first + i);
        }
    }
    fputc(')', dump->out);
}

static void write_number(const struct dump *dump, enum duet_section section,
                         const struct duet_column *column, uint32_t number)
{
    bool is_set_of_bits = section == DUET_SECTION_FIELD && strcmp(column->name, "flags") == 0;
    if (section == DUET_SECTION_WORD)
        fprintf(dump->out, "0x%08x", (unsigned)number);
    else if (!is_set_of_bits)
        fprintf(dump->out, "%u", (unsigned)number);
    const char *between = "";
    for (uint32_t flag = 1; is_set_of_bits && flag != 0 && flag <= number; flag <<= 1) {
        const char *name = (number & flag) != 0 ? duet_tables_flag_name(flag) : NULL;
        if (name)
            fprintf(dump->out, "%s%s", between, name);
        between = name ? ", " : between;
    }
}

/* --- rows -------------------------------------------------------------------------------------------------- */

/* The columns `side` and `root` say nothing about most operations. */
static bool op_uses(const uint32_t *expr, const char *column)
{
    uint32_t op = expr[0];
    if (strcmp(column, "side") == 0)
        return op == DUET_EXPR_FIELD || op == DUET_EXPR_CLOSED || op == DUET_EXPR_MERGED;
    return strcmp(column, "root") != 0 || op == DUET_EXPR_PATH;
}

static bool is_empty(enum duet_section section, const struct duet_column *column,
                     const uint32_t *words)
{
    uint32_t value = words[column->word];
    switch (column->kind) {
    case DUET_COL_OPT_STR:
    case DUET_COL_OPT:
        return value == DUET_NONE;
    case DUET_COL_RANGE:
        return words[column->word + 1] == 0;
    case DUET_COL_NUM:
        return value == DUET_NONE || (value == 0 && section != DUET_SECTION_WORD);
    case DUET_COL_MASK:
        return value == 0 && words[column->word + 1] == 0;
    case DUET_COL_CODE:
        return section == DUET_SECTION_EXPR && !op_uses(words, column->name);
    case DUET_COL_STR:
    case DUET_COL_REF:
        break;
    }
    return false;
}

static void write_column(struct dump *dump, enum duet_section section, uint32_t row,
                         const struct duet_column *column, const uint32_t *words)
{
    uint32_t value = words[column->word];
    const char *code = NULL;
    dump->items = MOST_ITEMS;
    switch (column->kind) {
    case DUET_COL_STR:
    case DUET_COL_OPT_STR:
        write_str(dump, value);
        break;
    case DUET_COL_REF:
    case DUET_COL_OPT:
        write_reference(dump, (enum duet_section)column->argument, value);
        break;
    case DUET_COL_RANGE:
        write_range(dump, section, row, column, value, words[column->word + 1]);
        break;
    case DUET_COL_CODE:
        code = duet_tables_code_name(section, column->name, value);
        fputs(code ? code : "?", dump->out);
        break;
    case DUET_COL_NUM:
        write_number(dump, section, column, value);
        break;
    case DUET_COL_MASK:
        write_mask(dump, section, row, value, words[column->word + 1]);
        break;
    }
}

static void write_row(struct dump *dump, enum duet_section section, uint32_t row)
{
    const struct duet_section_format *format = duet_section_format(section);
    const uint32_t *words = dump->tables->sections[section].rows + (size_t)row * format->words;
    uint32_t name = name_of(dump->tables, section, row);
    fprintf(dump->out, "  %u", (unsigned)row);
    if (name != DUET_NONE || section == DUET_SECTION_PATH) {
        fputc(' ', dump->out);
        write_reference(dump, section, row);
    }
    for (size_t i = name != DUET_NONE; i < format->column_count; i++) {
        if (is_empty(section, &format->columns[i], words))
            continue;
        fprintf(dump->out, "  %s ", format->columns[i].name);
        write_column(dump, section, row, &format->columns[i], words);
    }
    fputc('\n', dump->out);
}

void duet_tables_dump(const struct duet_tables *tables, FILE *out)
{
    struct dump dump = { .tables = tables, .out = out };
    fprintf(out, "rule tables %u, %zu bytes\n", DUET_TABLES_VERSION, tables->size);
    for (unsigned i = 0; i < DUET_SECTION_COUNT; i++) {
        enum duet_section section = (enum duet_section)i;
        if (tables->sections[i].count != 0)
            fprintf(out, "\n%s: %u\n", duet_section_format(section)->name,
                    (unsigned)tables->sections[i].count);
        for (uint32_t row = 0; row < tables->sections[i].count; row++)
            write_row(&dump, section, row);
    }
}
