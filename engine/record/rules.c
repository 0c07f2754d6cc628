#include "engine/record/rules.h"

#include <string.h>

static const struct duet_persons *table_by_name(const struct duet_rules *rules, const char *name)
{
    for (size_t i = 0; i < rules->person_table_count; i++) {
        if (strcmp(rules->person_tables[i].name, name) == 0)
            return rules->person_tables[i].persons;
    }
    return NULL;
}

const struct duet_persons *duet_rules_persons(const struct duet_rules *rules, uint32_t field)
{
    const struct duet_t_mapping *mapping = duet_mapping(rules->tables);
    for (uint32_t i = 0; i < mapping->pairs_count; i++) {
        const struct duet_t_pair *pair = duet_pair_row(rules->tables, mapping->pairs + i);
        if ((pair->left == field || pair->right == field) && pair->table != DUET_NONE)
            return table_by_name(rules, duet_str(rules->tables, pair->table));
    }
    return NULL;
}
