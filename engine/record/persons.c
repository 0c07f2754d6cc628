#include "engine/record/persons.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dsl/arena.h"

#define MAX_COLUMNS 64U

struct column {
    const char *header; /* as it stands in the first line */
    enum duet_side side;
    const char *key;
    bool used; /* a column of another system is allowed and ignored */
};

/* What a side can show a person by: sorted by text. */
struct entry {
    const char *text;
    uint32_t row;
    uint32_t line;
};

struct duet_persons {
    struct duet_arena *arena;
    struct column columns[MAX_COLUMNS];
    uint32_t column_count;
    const char **cells; /* rows x columns; NULL: empty */
    uint32_t rows;
    struct entry *entries[2];
    size_t entry_count[2];
};

/* --- reading CSV --------------------------------------------------------------------------------- */

struct csv {
    const char *at, *end;
    uint32_t line;
    struct duet_arena *arena;
};

static bool at_line_end(const struct csv *csv)
{
    return csv->at == csv->end || *csv->at == '\n' || *csv->at == '\r';
}

/* Behind the opening quote; false when the closing one is missing. */
static bool take_quoted(struct csv *csv, const char **cell_out)
{
    char *cell = duet_arena_alloc(csv->arena, (size_t)(csv->end - csv->at) + 1);
    size_t length = 0;
    while (csv->at < csv->end) {
        char character = *csv->at++;
        if (character == '\n')
            csv->line++;
        if (character != '"') {
            cell[length++] = character;
        } else if (csv->at < csv->end && *csv->at == '"') {
            cell[length++] = '"';
            csv->at++;
        } else {
            *cell_out = cell;
            return true;
        }
    }
    return false;
}

static const char *trimmed(struct duet_arena *arena, const char *start, size_t length)
{
    while (length && (*start == ' ' || *start == '\t')) {
        start++;
        length--;
    }
    while (length && (start[length - 1] == ' ' || start[length - 1] == '\t'))
        length--;
    return length ? duet_arena_copy_text(arena, start, length) : NULL;
}

static bool take_cell(struct csv *csv, const char **cell_out)
{
    if (csv->at < csv->end && *csv->at == '"') {
        const char *quoted = NULL;
        csv->at++;
        if (!take_quoted(csv, &quoted))
            return false;
        *cell_out = trimmed(csv->arena, quoted, strlen(quoted));
        return at_line_end(csv) || *csv->at == ',';
    }
    const char *start = csv->at;
    while (!at_line_end(csv) && *csv->at != ',')
        csv->at++;
    *cell_out = trimmed(csv->arena, start, (size_t)(csv->at - start));
    return true;
}

/* One line into `cells`; `count_out` 0 for an empty line. */
static bool take_line(struct csv *csv, const char *cells[MAX_COLUMNS], uint32_t *count_out)
{
    *count_out = 0;
    bool more = !at_line_end(csv);
    while (more) {
        if (*count_out == MAX_COLUMNS || !take_cell(csv, &cells[*count_out]))
            return false;
        (*count_out)++;
        more = csv->at < csv->end && *csv->at == ',';
        if (more)
            csv->at++;
    }
    if (csv->at < csv->end && *csv->at == '\r')
        csv->at++;
    if (csv->at < csv->end && *csv->at == '\n')
        csv->at++;
    csv->line++;
    return true;
}

/* --- columns --------------------------------------------------------------------------------------- */

static bool side_of(const struct duet_tables *tables, const char *name, size_t length,
                    enum duet_side *side_out)
{
    for (uint32_t side = 0; side < 2; side++) {
        const struct duet_t_side *row = duet_side_row(tables, side);
        const char *names[] = { duet_str(tables, row->name), duet_str(tables, row->system) };
        for (size_t i = 0; i < 2; i++) {
            if (strlen(names[i]) == length && strncasecmp(names[i], name, length) == 0) {
                *side_out = (enum duet_side)side;
                return true;
            }
        }
    }
    return false;
}

static bool read_column(const struct duet_tables *tables, const char *header, struct column *column)
{
    const char *dot = header ? strchr(header, '.') : NULL;
    if (!dot || dot == header || !dot[1])
        return false;
    column->header = header;
    column->key = dot + 1;
    column->used = side_of(tables, header, (size_t)(dot - header), &column->side);
    return true;
}

static enum duet_status read_header(struct duet_persons *persons, const struct duet_tables *tables,
                                    const char *name, struct csv *csv, struct duet_error *error)
{
    const char *cells[MAX_COLUMNS];
    uint32_t count = 0;
    bool used[2] = { false, false };
    if (!take_line(csv, cells, &count) || count == 0)
        return duet_fail(error, DUET_INVALID,
                         "%s: the first line must name the columns, such as '%s.id,%s.login'", name,
                         duet_str(tables, duet_side_row(tables, 0)->name),
                         duet_str(tables, duet_side_row(tables, 1)->name));
    for (uint32_t i = 0; i < count; i++) {
        if (!read_column(tables, cells[i], &persons->columns[i]))
            return duet_fail(error, DUET_INVALID,
                             "%s:1: column %u is '%s', expected SIDE.key such as '%s.login'", name,
                             i + 1, cells[i] ? cells[i] : "",
                             duet_str(tables, duet_side_row(tables, 1)->name));
        used[persons->columns[i].side] |= persons->columns[i].used;
    }
    persons->column_count = count;
    for (uint32_t side = 0; side < 2; side++) {
        if (!used[side])
            return duet_fail(error, DUET_INVALID,
                             "%s:1: no column for %s; expected one such as '%s.login'; found %s",
                             name, duet_str(tables, duet_side_row(tables, side)->name),
                             duet_str(tables, duet_side_row(tables, side)->name),
                             duet_persons_headers(persons, persons->arena));
    }
    return DUET_OK;
}

/* --- rows ------------------------------------------------------------------------------------------- */

static void add_entry(struct duet_persons *persons, enum duet_side side, const char *text,
                      uint32_t row, uint32_t line)
{
    struct entry *entry = &persons->entries[side][persons->entry_count[side]++];
    *entry = (struct entry){ .text = text, .row = row, .line = line };
}

static int by_text(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;
    int order = strcasecmp(left->text, right->text);
    if (order)
        return order;
    return left->row < right->row ? -1 : left->row > right->row;
}

/* Sorts each side's texts; two rows that share one are refused. */
static enum duet_status index_rows(struct duet_persons *persons, const char *name,
                                   struct duet_error *error)
{
    for (uint32_t side = 0; side < 2; side++) {
        struct entry *entries = persons->entries[side];
        size_t count = persons->entry_count[side];
        if (count)
            qsort(entries, count, sizeof *entries, by_text);
        for (size_t i = 1; i < count; i++) {
            if (strcasecmp(entries[i - 1].text, entries[i].text) == 0 &&
                entries[i - 1].row != entries[i].row)
                return duet_fail(
                    error, DUET_INVALID,
                    "%s: lines %u and %u both have '%s': each person must be alone with it", name,
                    entries[i - 1].line, entries[i].line, entries[i].text);
        }
    }
    return DUET_OK;
}

static enum duet_status read_rows(struct duet_persons *persons, const char *name, struct csv *csv,
                                  struct duet_error *error)
{
    uint32_t lines = 0;
    for (const char *c = csv->at; c < csv->end; c++)
        lines += *c == '\n';
    if (lines > DUET_PERSONS_MAX_ROWS)
        return duet_fail(error, DUET_INVALID, "%s: more than %u lines", name,
                         DUET_PERSONS_MAX_ROWS);
    size_t cells = ((size_t)lines + 1) * persons->column_count;
    persons->cells = duet_arena_alloc_array(persons->arena, cells + 1, sizeof *persons->cells);
    for (uint32_t side = 0; side < 2; side++)
        persons->entries[side] =
            duet_arena_alloc_array(persons->arena, cells + 1, sizeof *persons->entries[side]);
    while (csv->at < csv->end) {
        const char *line[MAX_COLUMNS];
        uint32_t count = 0;
        uint32_t number = csv->line;
        if (!take_line(csv, line, &count))
            return duet_fail(error, DUET_INVALID,
                             "%s:%u: a quoted cell isn't closed, or text stands behind it", name,
                             number);
        if (count == 0)
            continue;
        if (count != persons->column_count)
            return duet_fail(error, DUET_INVALID, "%s:%u: %u cells, expected %u", name, number,
                             count, persons->column_count);
        for (uint32_t i = 0; i < count; i++) {
            persons->cells[(size_t)persons->rows * persons->column_count + i] = line[i];
            if (line[i] && persons->columns[i].used)
                add_entry(persons, persons->columns[i].side, line[i], persons->rows, number);
        }
        persons->rows++;
    }
    return index_rows(persons, name, error);
}

static struct duet_persons *new_persons(void)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_persons *persons = duet_arena_alloc(arena, sizeof *persons);
    persons->arena = arena;
    return persons;
}

enum duet_status duet_persons_parse(const struct duet_tables *tables, const char *name,
                                    const char *text, size_t length,
                                    struct duet_persons **persons_out, struct duet_error *error)
{
    if (length > DUET_PERSONS_MAX_BYTES)
        return duet_fail(error, DUET_INVALID, "%s: larger than %u bytes", name,
                         DUET_PERSONS_MAX_BYTES);
    if (memchr(text, '\0', length))
        return duet_fail(error, DUET_INVALID, "%s: holds a NUL byte, expected text", name);
    struct duet_persons *persons = new_persons();
    struct csv csv = { .at = text, .end = text + length, .line = 1, .arena = persons->arena };
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        csv.at += 3;
    enum duet_status status = read_header(persons, tables, name, &csv, error);
    if (status == DUET_OK)
        status = read_rows(persons, name, &csv, error);
    if (status != DUET_OK) {
        duet_persons_free(persons);
        return status;
    }
    *persons_out = persons;
    return DUET_OK;
}

void duet_persons_free(struct duet_persons *persons)
{
    if (persons)
        duet_arena_free(persons->arena);
}

/* --- an abstract table -------------------------------------------------------------------------------- */

static void add_abstract_columns(struct duet_persons *persons, const struct duet_tables *tables,
                                 enum duet_side side)
{
    const struct duet_t_side *row = duet_side_row(tables, side);
    for (uint32_t f = 0; f < row->fields_count; f++) {
        const struct duet_t_field *field = duet_field_row(tables, row->fields + f);
        for (uint32_t k = 0; k < field->keys_count && persons->column_count < MAX_COLUMNS; k++) {
            const char *key = duet_str(tables, duet_person_key_row(tables, field->keys + k)->key);
            persons->columns[persons->column_count++] =
                (struct column){ .side = side, .key = key, .used = true };
        }
    }
}

struct duet_persons *duet_persons_new_abstract(const struct duet_tables *tables, uint32_t rows)
{
    struct duet_persons *persons = new_persons();
    add_abstract_columns(persons, tables, DUET_LEFT);
    add_abstract_columns(persons, tables, DUET_RIGHT);
    size_t cells = (size_t)rows * persons->column_count;
    persons->cells = duet_arena_alloc_array(persons->arena, cells + 1, sizeof *persons->cells);
    for (uint32_t side = 0; side < 2; side++)
        persons->entries[side] =
            duet_arena_alloc_array(persons->arena, cells + 1, sizeof *persons->entries[side]);
    for (uint32_t row = 0; row < rows; row++) {
        const char *text = duet_arena_format(persons->arena, "p%u", row);
        for (uint32_t i = 0; i < persons->column_count; i++) {
            persons->cells[(size_t)row * persons->column_count + i] = text;
            add_entry(persons, persons->columns[i].side, text, row, row + 1);
        }
    }
    persons->rows = rows;
    enum duet_status status = index_rows(persons, "abstract", NULL);
    (void)status; /* p0, p1, ... differ */
    return persons;
}

/* --- asking ---------------------------------------------------------------------------------------------- */

uint32_t duet_persons_rows(const struct duet_persons *persons)
{
    return persons->rows;
}

uint32_t duet_persons_find(const struct duet_persons *persons, enum duet_side side,
                           const char *text)
{
    size_t low = 0;
    size_t high = persons->entry_count[side];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcasecmp(persons->entries[side][middle].text, text);
        if (order == 0)
            return persons->entries[side][middle].row;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return DUET_NONE;
}

const char *duet_persons_header(const struct duet_persons *persons, uint32_t index)
{
    return index < persons->column_count ? persons->columns[index].header : NULL;
}

bool duet_persons_header_is(const struct duet_persons *persons, uint32_t index, enum duet_side side)
{
    return index < persons->column_count && persons->columns[index].used &&
           persons->columns[index].side == side;
}

const char *duet_persons_headers(const struct duet_persons *persons, struct duet_arena *arena)
{
    const char *text = "";
    for (uint32_t i = 0; i < persons->column_count; i++)
        text =
            duet_arena_format(arena, "%s%s'%s'", text, i ? ", " : "", persons->columns[i].header);
    return text;
}

/* The column's number, or DUET_NONE. */
static uint32_t column_of(const struct duet_persons *persons, enum duet_side side, const char *key)
{
    for (uint32_t i = 0; i < persons->column_count; i++) {
        const struct column *column = &persons->columns[i];
        if (column->used && column->side == side && strcmp(column->key, key) == 0)
            return i;
    }
    return DUET_NONE;
}

bool duet_persons_has(const struct duet_persons *persons, enum duet_side side, const char *key)
{
    return column_of(persons, side, key) != DUET_NONE;
}

const char *duet_persons_cell(const struct duet_persons *persons, uint32_t row, enum duet_side side,
                              const char *key)
{
    uint32_t column = row < persons->rows ? column_of(persons, side, key) : DUET_NONE;
    return column == DUET_NONE ? NULL
                               : persons->cells[(size_t)row * persons->column_count + column];
}
