#include "engine/prove/domain_growing.h"

#include <string.h>

#include "engine/record/times.h"

#define PERSONS 2U
#define A_DAY (INT64_C(86400) * DUET_TICKS_PER_SECOND)
#define FIRST_TIME (INT64_C(20454) * A_DAY) /* 2026-01-01 */
#define SPREADING_ROUNDS                                                                           \
    4U /* side to side and back, twice: transforms without inverse come to rest */

uint32_t duet_domain_find(const struct duet_domain *domain, const struct duet_value *value)
{
    for (uint32_t i = 0; i < domain->count; i++) {
        if (duet_value_equal(&domain->values[i], value))
            return i;
    }
    return DUET_NONE;
}

void duet_growing_add(struct duet_growing *growing, enum duet_side side, uint32_t number,
                      const struct duet_value *value)
{
    struct duet_domain *domain = &growing->domains.side[side][number];
    const struct duet_t_field *field =
        duet_field_row(growing->tables, duet_side_row(growing->tables, side)->fields + number);
    const struct duet_value shown = duet_value_shown(growing->tables, field, value);
    if (duet_domain_find(domain, &shown) != DUET_NONE)
        return;
    if (domain->count == DUET_DOMAIN_MAX) {
        growing->domains.too_many = duet_str(growing->tables, field->name);
        return;
    }
    struct duet_value *values =
        duet_arena_alloc_array(growing->arena, domain->count + 1U, sizeof *values);
    if (domain->count)
        memcpy(values, domain->values, domain->count * sizeof *values);
    values[domain->count++] = shown;
    domain->values = values;
}

/* --- persons --------------------------------------------------------------------------------------------------- */

struct duet_persons *duet_domain_persons(const struct duet_tables *tables)
{
    return duet_persons_new_abstract(tables, PERSONS);
}

struct duet_rules duet_domain_rules(const struct duet_tables *tables,
                                    const struct duet_persons *persons, struct duet_arena *arena)
{
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    struct duet_person_table *named =
        duet_arena_alloc_array(arena, mapping->pairs_count + 1U, sizeof *named);
    size_t count = 0;
    for (uint32_t p = mapping->pairs; p < mapping->pairs + mapping->pairs_count; p++) {
        const char *name = duet_opt_str(tables, duet_pair_row(tables, p)->table);
        if (name)
            named[count++] = (struct duet_person_table){ .name = name, .persons = persons };
    }
    return (
        struct duet_rules){ .tables = tables, .person_tables = named, .person_table_count = count };
}

/* --- by type ------------------------------------------------------------------------------------------------ */

static void add_numbers(struct duet_growing *growing, enum duet_side side, uint32_t number,
                        enum duet_value_kind kind, int64_t first, int64_t step)
{
    for (int64_t i = 0; i < 2; i++)
        duet_growing_add(growing, side, number,
                         &(struct duet_value){ .kind = kind, .number = first + i * step });
}

static void add_enum(struct duet_growing *growing, enum duet_side side, uint32_t number,
                     const struct duet_t_field *field)
{
    const struct duet_t_enum *values = duet_enum_row(growing->tables, field->values);
    for (uint32_t v = 0; values && v < values->values_count; v++) {
        const char *text =
            duet_str(growing->tables, duet_value_row(growing->tables, values->values + v)->name);
        duet_growing_add(
            growing, side, number,
            &(struct duet_value){ .kind = DUET_VALUE_ENUM, .number = v, .text = text });
    }
}

static void add_persons(struct duet_growing *growing, enum duet_side side, uint32_t number)
{
    for (uint32_t row = 0; row < PERSONS; row++)
        duet_growing_add(
            growing, side, number,
            &(struct duet_value){ .kind = DUET_VALUE_PERSON,
                                  .number = row,
                                  .text = duet_arena_format(growing->arena, "p%u", row) });
}

static void add_texts(struct duet_growing *growing, enum duet_side side, uint32_t number,
                      enum duet_value_kind kind, const char *first, const char *second)
{
    duet_growing_add(growing, side, number, &(struct duet_value){ .kind = kind, .text = first });
    duet_growing_add(growing, side, number, &(struct duet_value){ .kind = kind, .text = second });
}

static void add_lists(struct duet_growing *growing, enum duet_side side, uint32_t number)
{
    static const char *const one[] = { "a" };
    static const char *const other[] = { "b" };
    duet_growing_add(growing, side, number,
                     &(struct duet_value){ .kind = DUET_VALUE_LIST, .items = one, .count = 1 });
    duet_growing_add(growing, side, number,
                     &(struct duet_value){ .kind = DUET_VALUE_LIST, .items = other, .count = 1 });
}

/* Of what is only compared in conditions, missing stands for all that no condition names. */
static bool is_enumerated(const struct duet_growing *growing, enum duet_side side, uint32_t number,
                          const struct duet_t_field *field)
{
    return (growing->mapped[side] & duet_bit(number)) || field->type == DUET_TYPE_ENUM ||
           field->type == DUET_TYPE_BOOLEAN;
}

void duet_growing_add_by_type(struct duet_growing *growing, enum duet_side side, uint32_t number)
{
    const struct duet_t_field *field =
        duet_field_row(growing->tables, duet_side_row(growing->tables, side)->fields + number);
    duet_growing_add(growing, side, number, &(struct duet_value){ 0 });
    if (!is_enumerated(growing, side, number, field))
        return;
    switch ((enum duet_type)field->type) {
    case DUET_TYPE_TEXT:
        add_texts(growing, side, number, DUET_VALUE_TEXT, "a", "b");
        break;
    case DUET_TYPE_ENUM:
        add_enum(growing, side, number, field);
        break;
    case DUET_TYPE_INTEGER:
        add_numbers(growing, side, number, DUET_VALUE_INTEGER, 1, 1);
        break;
    case DUET_TYPE_NUMBER:
        add_texts(growing, side, number, DUET_VALUE_NUMBER, "1.5", "2.5");
        break;
    case DUET_TYPE_BOOLEAN:
        add_numbers(growing, side, number, DUET_VALUE_BOOLEAN, 0, 1);
        break;
    case DUET_TYPE_TIME:
        add_numbers(growing, side, number, DUET_VALUE_TIME, FIRST_TIME, A_DAY);
        add_numbers(growing, side, number, DUET_VALUE_TIME, FIRST_TIME + 1, A_DAY);
        break;
    case DUET_TYPE_PERSON:
        add_persons(growing, side, number);
        break;
    case DUET_TYPE_LIST:
        add_lists(growing, side, number);
        break;
    case DUET_TYPES:
        break;
    }
}

/* --- from the rules ------------------------------------------------------------------------------------------ */

static void add_unknown(struct duet_growing *growing, const struct duet_t_pair *pair)
{
    static const struct duet_value stranger = { .kind = DUET_VALUE_UNKNOWN, .text = "somebody" };
    for (uint32_t side = 0; side < 2 && pair->unknown != DUET_UNKNOWN_QUARANTINE; side++)
        duet_growing_add(growing, (enum duet_side)side,
                         duet_field_number(growing->tables, (enum duet_side)side,
                                           duet_pair_field(pair, (enum duet_side)side)),
                         &stranger);
}

/* A text longer than the other side takes, and its like that differs only behind the cut. */
static void add_long_texts(struct duet_growing *growing, const struct duet_t_pair *pair,
                           enum duet_side side)
{
    const struct duet_t_field *field = duet_field_row(growing->tables, duet_pair_field(pair, side));
    uint32_t longest = 0;
    for (uint32_t i = 0; i < pair->transforms_count; i++) {
        const struct duet_t_transform *transform =
            duet_transform_row(growing->tables, pair->transforms + i);
        if (transform->kind == DUET_TRANSFORM_TRUNCATE && transform->number > longest)
            longest = transform->number;
    }
    if (!longest || field->type != DUET_TYPE_TEXT)
        return;
    uint32_t number = duet_field_number(growing->tables, side, duet_pair_field(pair, side));
    for (unsigned i = 0; i < 2; i++) {
        char *text = duet_arena_alloc(growing->arena, longest + 2U);
        memset(text, 'x', longest);
        text[longest] = "yz"[i];
        duet_growing_add(growing, side, number,
                         &(struct duet_value){ .kind = DUET_VALUE_TEXT, .text = text });
    }
}

/* What a value becomes on the other side can stand there. */
static void spread(struct duet_growing *growing, const struct duet_t_pair *pair)
{
    for (uint32_t side = 0; side < 2; side++) {
        enum duet_side from = (enum duet_side)side;
        enum duet_side to = duet_other(from);
        uint32_t number = duet_field_number(growing->tables, from, duet_pair_field(pair, from));
        struct duet_domain domain = growing->domains.side[from][number];
        for (uint32_t v = 0; v < domain.count; v++) {
            struct duet_value made;
            if (duet_pair_convert(growing->rules, pair, from, &domain.values[v], growing->arena,
                                  &made) == DUET_CONVERTED)
                duet_growing_add(growing, to,
                                 duet_field_number(growing->tables, to, duet_pair_field(pair, to)),
                                 &made);
        }
    }
}

static bool is_in(const struct duet_growing *growing, const struct duet_t_pair *pair)
{
    return growing->domains
               .side[DUET_LEFT][duet_field_number(growing->tables, DUET_LEFT, pair->left)]
               .count != 0;
}

static void add_from_pairs(struct duet_growing *growing)
{
    const struct duet_t_mapping *mapping = duet_mapping(growing->tables);
    for (uint32_t p = mapping->pairs; p < mapping->pairs + mapping->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(growing->tables, p);
        if (!is_in(growing, pair))
            continue;
        add_unknown(growing, pair);
        add_long_texts(growing, pair, DUET_LEFT);
        add_long_texts(growing, pair, DUET_RIGHT);
    }
    for (uint32_t round = 0; round < SPREADING_ROUNDS; round++) {
        for (uint32_t p = mapping->pairs; p < mapping->pairs + mapping->pairs_count; p++) {
            if (is_in(growing, duet_pair_row(growing->tables, p)))
                spread(growing, duet_pair_row(growing->tables, p));
        }
    }
}

static void note_mapped(struct duet_growing *growing)
{
    const struct duet_t_mapping *mapping = duet_mapping(growing->tables);
    for (uint32_t p = mapping->pairs; p < mapping->pairs + mapping->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(growing->tables, p);
        for (uint32_t side = 0; side < 2; side++)
            growing->mapped[side] |=
                duet_bit(duet_field_number(growing->tables, (enum duet_side)side,
                                           duet_pair_field(pair, (enum duet_side)side)));
    }
}

struct duet_domains duet_domains_of(const struct duet_rules *rules, const uint64_t fields[2],
                                    struct duet_arena *arena)
{
    struct duet_growing growing = { .rules = rules, .tables = rules->tables, .arena = arena };
    note_mapped(&growing);
    for (uint32_t side = 0; side < 2; side++) {
        uint32_t count = duet_side_row(rules->tables, side)->fields_count;
        growing.domains.side[side] =
            duet_arena_alloc_array(arena, count + 1U, sizeof *growing.domains.side[side]);
        for (uint32_t f = 0; f < count; f++) {
            if (fields[side] & duet_bit(f))
                duet_growing_add_by_type(&growing, (enum duet_side)side, f);
        }
    }
    duet_growing_add_named(&growing);
    add_from_pairs(&growing);
    return growing.domains;
}
