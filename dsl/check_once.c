/* What may stand once in a list, object or block. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/check.h"
#include "dsl/propose.h"

/* --- one that stands again -------------------------------------------------------------------- */

static void twice(struct duet_checker *check, struct duet_span first, struct duet_span again,
                  struct duet_span removed, const char *name)
{
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_WRITTEN_TWICE, again, "'%s' is written twice", name);
    duet_diag_note(diag, first, "first written here");
    duet_propose_once(diag, check->sources, first, again, removed);
}

void duet_checker_twice(struct duet_checker *check, struct duet_span first, struct duet_span again,
                        const char *name)
{
    twice(check, first, again, again, name);
}

/* --- a list ----------------------------------------------------------------------------------- */

struct entry {
    const char *key;  /* what makes two the same */
    const char *name; /* what a finding calls it */
    struct duet_span at;
    struct duet_span removed; /* with what parts it from the one before */
};

struct entries {
    struct entry *list;
    size_t count;
};

static struct entries entries_new(struct duet_checker *check, size_t most)
{
    return (struct entries){ duet_arena_alloc_array(check->arena, most + 1, sizeof(struct entry)),
                             0 };
}

static void add(struct entries *entries, const char *name, struct duet_span at)
{
    entries->list[entries->count++] =
        (struct entry){ .key = name, .name = name, .at = at, .removed = at };
}

/* The same in a list whose parts stand behind a comma. */
static void add_behind_comma(struct entries *entries, const char *name, struct duet_span at)
{
    add(entries, name, at);
    if (entries->count > 1)
        entries->list[entries->count - 1].removed.start = entries->list[entries->count - 2].at.end;
}

static int by_key(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;
    int order = strcmp(left->key, right->key);
    if (order != 0)
        return order;
    return left->at.start < right->at.start ? -1 : left->at.start > right->at.start;
}

static void report_repeated(struct duet_checker *check, struct entries entries)
{
    if (entries.count < 2)
        return;
    qsort(entries.list, entries.count, sizeof *entries.list, by_key);
    const struct entry *first = &entries.list[0];
    for (size_t i = 1; i < entries.count && !duet_diags_full(check->diags); i++) {
        const struct entry *entry = &entries.list[i];
        if (strcmp(first->key, entry->key) == 0)
            twice(check, first->at, entry->at, entry->removed, entry->name);
        else
            first = entry;
    }
}

/* --- the lists there are ---------------------------------------------------------------------- */

void duet_checker_assigned_once(struct duet_checker *check,
                                const struct duet_ast_assign_list *assigns)
{
    struct entries entries = entries_new(check, assigns->count);
    for (const struct duet_ast_assign *assign = assigns->first; assign; assign = assign->next)
        add(&entries, assign->path->text, assign->at);
    report_repeated(check, entries);
}

void duet_checker_names_once(struct duet_checker *check,
                             const struct duet_ast_name_item_list *names)
{
    struct entries entries = entries_new(check, names->count);
    for (const struct duet_ast_name_item *item = names->first; item; item = item->next)
        add_behind_comma(&entries, item->name.text, item->name.at);
    report_repeated(check, entries);
}

void duet_checker_paths_once(struct duet_checker *check, const struct duet_ast_path_list *paths)
{
    struct entries entries = entries_new(check, paths->count);
    for (const struct duet_ast_path *path = paths->first; path; path = path->next)
        add_behind_comma(&entries, path->text, path->at);
    report_repeated(check, entries);
}

void duet_checker_values_once(struct duet_checker *check, const struct duet_ast_value_list *values)
{
    struct entries entries = entries_new(check, values->count);
    for (const struct duet_ast_value *value = values->first; value; value = value->next) {
        const char *source = duet_source_text(check->sources, value->at.file);
        const char *written = duet_arena_copy_text(check->arena, source + value->at.start,
                                                   value->at.end - value->at.start);
        add_behind_comma(&entries, written, value->at);
        if (value->text)
            entries.list[entries.count - 1].key = value->text;
    }
    report_repeated(check, entries);
}

void duet_checker_choices_once(struct duet_checker *check,
                               const struct duet_ast_choice_list *choices)
{
    struct entries entries = entries_new(check, choices->count);
    for (const struct duet_ast_choice *choice = choices->first; choice; choice = choice->next)
        add_behind_comma(&entries, choice->name.text, choice->at);
    report_repeated(check, entries);
}

void duet_checker_keys_once(struct duet_checker *check, const struct duet_ast_person_key_list *keys)
{
    struct entries entries = entries_new(check, keys->count);
    for (const struct duet_ast_person_key *key = keys->first; key; key = key->next)
        add_behind_comma(&entries, key->key.text, key->at);
    report_repeated(check, entries);
}

void duet_checker_members_once(struct duet_checker *check, const struct duet_ast_json *object)
{
    struct entries entries = entries_new(check, object->children.count);
    for (const struct duet_ast_json *member = object->children.first; member; member = member->next)
        add_behind_comma(&entries, member->key.text, duet_span_join(member->key.at, member->at));
    report_repeated(check, entries);
}

static const char *lower(struct duet_checker *check, const char *name)
{
    char *text = duet_arena_copy_text(check->arena, name, strlen(name));
    for (char *c = text; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return text;
}

void duet_checker_headers_once(struct duet_checker *check,
                               const struct duet_ast_header_list *headers)
{
    struct entries entries = entries_new(check, headers->count);
    for (const struct duet_ast_header *header = headers->first; header; header = header->next) {
        add(&entries, header->name.text, header->at);
        entries.list[entries.count - 1].key = lower(check, header->name.text);
    }
    report_repeated(check, entries);
}

void duet_checker_returns_once(struct duet_checker *check,
                               const struct duet_ast_return_list *returns)
{
    struct entries entries = entries_new(check, returns->count);
    for (const struct duet_ast_return *item = returns->first; item; item = item->next)
        add(&entries, item->name.text, item->at);
    report_repeated(check, entries);
}

void duet_checker_rows_once(struct duet_checker *check, const struct duet_ast_table_row_list *rows)
{
    struct entries entries = entries_new(check, rows->count);
    for (const struct duet_ast_table_row *row = rows->first; row; row = row->next) {
        add(&entries, row->name.text, row->at);
        duet_checker_assigned_once(check, &row->cells);
    }
    report_repeated(check, entries);
}

void duet_checker_imports_once(struct duet_checker *check, const struct duet_ast_file *file)
{
    struct entries entries = entries_new(check, file->items.count);
    for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
        if (item->kind != DUET_AST_ITEM_IMPORT || !item->import.file)
            continue;
        add(&entries, item->import.path.text, item->at);
        entries.list[entries.count - 1].key = item->import.file->path;
    }
    report_repeated(check, entries);
}

void duet_checker_tests_once(struct duet_checker *check, const struct duet_ast_file *file)
{
    struct entries entries = entries_new(check, file->items.count);
    for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
        if (item->kind == DUET_AST_ITEM_TEST)
            add(&entries, item->test->name.text, item->test->at);
    }
    report_repeated(check, entries);
}
