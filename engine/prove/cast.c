#include "engine/prove/cast.h"

#include <stdlib.h>
#include <string.h>

#define MAX_COLUMNS 64U

/* One table while it is put together: which columns any row has, and the rows. */
struct table {
    const char *name;
    const char *columns[MAX_COLUMNS];
    uint32_t column_count;
    const struct duet_ast_table_row **rows;
    uint32_t row_count;
    uint32_t room;
};

static const char *cell_text(const struct duet_ast_value *value, struct duet_arena *arena)
{
    if (value->kind == DUET_AST_VALUE_INTEGER)
        return duet_arena_format(arena, "%lld", (long long)value->integer);
    const char *word = duet_ast_value_word(value);
    return word ? word : "";
}

static void add_columns(struct table *table, const struct duet_ast_table_row *row)
{
    for (const struct duet_ast_assign *cell = row->cells.first; cell; cell = cell->next) {
        uint32_t i = 0;
        while (i < table->column_count && strcmp(table->columns[i], cell->path->text) != 0)
            i++;
        if (i == table->column_count && i < MAX_COLUMNS)
            table->columns[table->column_count++] = cell->path->text;
    }
}

static void add_row(struct table *table, const struct duet_ast_table_row *row,
                    struct duet_arena *arena)
{
    for (uint32_t i = 0; i < table->row_count; i++) {
        if (strcmp(table->rows[i]->name.text, row->name.text) == 0)
            return;
    }
    if (table->row_count == table->room) {
        uint32_t room = table->room ? table->room * 2 : 8;
        const struct duet_ast_table_row **rows = duet_arena_alloc_array(arena, room, sizeof *rows);
        for (uint32_t i = 0; i < table->row_count; i++)
            rows[i] = table->rows[i];
        table->rows = rows;
        table->room = room;
    }
    table->rows[table->row_count++] = row;
    add_columns(table, row);
}

static void add_rows(struct table *table, const struct duet_ast_test_table *given,
                     struct duet_arena *arena)
{
    if (strcmp(given->name.text, table->name) != 0)
        return;
    for (const struct duet_ast_table_row *row = given->rows.first; row; row = row->next)
        add_row(table, row, arena);
}

static void collect(struct table *table, const struct duet_ast_program *program,
                    const struct duet_ast_test *test, struct duet_arena *arena)
{
    for (const struct duet_ast_test_step *step = test->steps.first; step; step = step->next) {
        if (step->kind == DUET_AST_STEP_GIVEN_TABLE)
            add_rows(table, step->table, arena);
    }
    for (const struct duet_ast_file *file = program->files.first; file; file = file->next) {
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
            if (item->kind == DUET_AST_ITEM_TEST_TABLE)
                add_rows(table, item->test_table, arena);
        }
    }
}

/* A cell in quotes, with those within it doubled. */
static void write_cell(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void write_csv(const struct table *table, struct duet_arena *arena, FILE *out)
{
    for (uint32_t c = 0; c < table->column_count; c++)
        fprintf(out, "%s%s", c ? "," : "", table->columns[c]);
    fputs("\n", out);
    for (uint32_t r = 0; r < table->row_count; r++) {
        for (uint32_t c = 0; c < table->column_count; c++) {
            if (c)
                fputc(',', out);
            for (const struct duet_ast_assign *cell = table->rows[r]->cells.first; cell;
                 cell = cell->next) {
                if (strcmp(cell->path->text, table->columns[c]) == 0 && cell->value)
                    write_cell(out, cell_text(cell->value, arena));
            }
        }
        fputs("\n", out);
    }
}

static enum duet_status parse_table(const struct duet_tables *tables, const struct table *table,
                                    struct duet_arena *arena, struct duet_persons **persons_out,
                                    struct duet_error *error)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return duet_fail(error, DUET_FAILED, "out of memory");
    write_csv(table, arena, out);
    fclose(out);
    enum duet_status status =
        duet_persons_parse(tables, table->name, text, length, persons_out, error);
    free(text);
    return status;
}

static bool known_table(const struct duet_person_table *there, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(there[i].name, name) == 0)
            return true;
    }
    return false;
}

static void name_rows(struct duet_cast *cast, const struct table *table, struct duet_arena *arena)
{
    for (uint32_t r = 0; r < table->row_count; r++) {
        struct duet_cast_row *row = duet_arena_alloc(arena, sizeof *row);
        row->name = table->rows[r]->name.text;
        row->table = table->name;
        row->row = r;
        row->next = cast->rows;
        cast->rows = row;
    }
}

enum duet_status duet_cast_init(struct duet_cast *cast, const struct duet_tables *tables,
                                const struct duet_ast_program *program,
                                const struct duet_ast_test *test, struct duet_arena *arena,
                                struct duet_error *error)
{
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    struct duet_person_table *persons =
        duet_arena_alloc_array(arena, mapping->pairs_count + 1U, sizeof *persons);
    *cast = (struct duet_cast){ .rules = { .tables = tables, .person_tables = persons } };
    cast->persons = duet_arena_alloc_array(arena, mapping->pairs_count + 1U, sizeof *cast->persons);
    for (uint32_t p = 0; p < mapping->pairs_count; p++) {
        struct table table = { .name = duet_opt_str(
                                   tables, duet_pair_row(tables, mapping->pairs + p)->table) };
        if (!table.name || known_table(persons, cast->rules.person_table_count, table.name))
            continue;
        collect(&table, program, test, arena);
        if (!table.row_count)
            continue;
        struct duet_persons *made = NULL;
        enum duet_status status = parse_table(tables, &table, arena, &made, error);
        if (status != DUET_OK)
            return status;
        cast->persons[cast->rules.person_table_count] = made;
        persons[cast->rules.person_table_count++] =
            (struct duet_person_table){ .name = table.name, .persons = made };
        name_rows(cast, &table, arena);
    }
    return DUET_OK;
}

void duet_cast_finish(struct duet_cast *cast)
{
    for (size_t i = 0; i < cast->rules.person_table_count; i++)
        duet_persons_free(cast->persons[i]);
    cast->rules.person_table_count = 0;
}
