#include "engine/lsp/propose.h"

#include <string.h>

#include "engine/lsp/keywords.h"

/* --- where it is ----------------------------------------------------------------------------------------- */

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static bool is_in(const char *word, const char *const *words)
{
    while (*words && !is(word, *words))
        words++;
    return *words != NULL;
}

static const struct duet_symbol *find(const struct duet_proposals *to,
                                      const struct duet_symbol *parent, enum duet_symbol_kind kind,
                                      const char *name)
{
    return duet_index_find(to->view->index, parent, kind, name);
}

static const char *within(const struct duet_proposals *to, const char *first, size_t n)
{
    return duet_context_within(to->context, first, n);
}

/* The mapping that is written, tested or run where the place is; NULL: none. */
static const struct duet_symbol *mapping_here(const struct duet_proposals *to)
{
    const char *name = within(to, "mapping", 1);
    if (*name)
        return find(to, NULL, DUET_SYMBOL_MAPPING, name);
    if (is(duet_context_word(to->context, 0), "mapping"))
        return find(to, NULL, DUET_SYMBOL_MAPPING, duet_context_word(to->context, 1));
    name = within(to, "tenant", 3);
    if (*name)
        return find(to, NULL, DUET_SYMBOL_MAPPING, name);
    if (!*within(to, "test", 0))
        return NULL;
    if (is(within(to, "test", 2), "of"))
        return find(to, NULL, DUET_SYMBOL_MAPPING, within(to, "test", 3));
    const struct duet_ast_test unsaid = { .at = { .file = duet_view_file(to->view) } };
    return duet_index_mapping_of(to->view->index, &unsaid);
}

static const struct duet_symbol *system_here(const struct duet_proposals *to)
{
    return find(to, NULL, DUET_SYMBOL_SYSTEM, within(to, "system", 1));
}

/* The record that is defined here, or that a request is about: `write ticket ...`. */
static const struct duet_symbol *record_here(const struct duet_proposals *to)
{
    const struct duet_symbol *system = system_here(to);
    if (!system)
        return NULL;
    const struct duet_symbol *record =
        find(to, system, DUET_SYMBOL_RECORD, within(to, "record", 1));
    for (size_t block = 0; !record && block < to->context->depth; block++)
        record = find(to, system, DUET_SYMBOL_RECORD, duet_context_head(to->context, block, 1));
    return record ? record
                  : find(to, system, DUET_SYMBOL_RECORD, duet_context_word(to->context, 1));
}

static const struct duet_symbol *record_of_side(const struct duet_proposals *to, const char *side)
{
    const struct duet_symbol *mapping = mapping_here(to);
    return mapping
               ? duet_index_record_of(to->view->index, find(to, mapping, DUET_SYMBOL_SIDE, side))
               : NULL;
}

/* given, when, expect SIDE { ... }: the record; NULL: elsewhere. */
static const struct duet_symbol *record_tested(const struct duet_proposals *to)
{
    static const char *const steps[] = { "given", "when", "expect", "and", "then", NULL };
    const char *first = duet_context_head(to->context, 0, 0);
    if (!*within(to, "test", 0) || !is_in(first, steps))
        return NULL;
    /* `when siem { ... } and soar {`: the second begins behind the first block. */
    return record_of_side(to, duet_context_head(to->context, 0, 1));
}

/* --- what is proposed ------------------------------------------------------------------------------------ */

static void propose(struct duet_proposals *to, const struct duet_symbol *parent,
                    enum duet_symbol_kind kind)
{
    const struct duet_symbol *symbol =
        parent ? parent->children : duet_index_symbols(to->view->index);
    for (; symbol; symbol = symbol->next) {
        if (symbol->kind == kind && symbol->name[0])
            to->add(to, symbol, NULL);
    }
}

enum forms { FORMS_SHORT, FORMS_LONG };

/* Fields of a record; those of forms as `form` and then theirs, or with it. */
static void propose_fields(struct duet_proposals *to, const struct duet_symbol *record,
                           enum forms forms)
{
    bool has_form = false;
    for (const struct duet_symbol *field = record ? record->children : NULL; field;
         field = field->next) {
        if (field->kind != DUET_SYMBOL_FIELD)
            continue;
        if (!field->in_form || forms == FORMS_LONG)
            to->add(to, field, field->in_form ? "form." : NULL);
        else if (!has_form)
            to->add_word(to, "form", "the fields of forms");
        has_form = has_form || field->in_form;
    }
}

static void propose_form(struct duet_proposals *to, const struct duet_symbol *record)
{
    for (const struct duet_symbol *field = record ? record->children : NULL; field;
         field = field->next) {
        if (field->kind == DUET_SYMBOL_FIELD && field->in_form)
            to->add(to, field, NULL);
    }
}

static void propose_none(struct duet_proposals *to)
{
    to->add_word(to, "none", duet_keyword_help("none"));
}

/* Choices of an enum; of a person the rows of tables. */
static void propose_values(struct duet_proposals *to, const struct duet_symbol *field)
{
    const struct duet_symbol *values = duet_index_enum_of(to->view->index, field);
    if (!values)
        return;
    propose(to, values, DUET_SYMBOL_CHOICE);
    propose_none(to);
    if (!field->of.field->type || field->of.field->type->kind != DUET_AST_TYPE_PERSON)
        return;
    for (const struct duet_symbol *table = duet_index_symbols(to->view->index); table;
         table = table->next) {
        if (table->kind == DUET_SYMBOL_TESTTABLE)
            propose(to, table, DUET_SYMBOL_ROW);
    }
}

static void propose_units(struct duet_proposals *to)
{
    const struct duet_symbol *mapping = mapping_here(to);
    if (!mapping)
        return;
    propose(to, mapping, DUET_SYMBOL_RULE);
    propose(to, mapping, DUET_SYMBOL_GROUP);
    to->add_word(to, "notes", duet_keyword_help("notes"));
}

static void propose_sides(struct duet_proposals *to)
{
    const struct duet_symbol *mapping = mapping_here(to);
    if (mapping)
        propose(to, mapping, DUET_SYMBOL_SIDE);
}

/* --- paths ----------------------------------------------------------------------------------------------- */

/* Behind "a." or "a.b.": the names of the path so far. */
struct path {
    const char *first, *second;
};

static struct path path_before(const struct duet_context *context)
{
    const char *last = duet_context_before(context, 1);
    if (is(duet_context_before(context, 2), "."))
        return (struct path){ duet_context_before(context, 3), last };
    return (struct path){ last, NULL };
}

static void propose_keys(struct duet_proposals *to, const struct duet_symbol *record)
{
    for (const struct duet_symbol *field = record ? record->children : NULL; field;
         field = field->next) {
        if (field->kind == DUET_SYMBOL_FIELD)
            propose(to, field, DUET_SYMBOL_KEY);
    }
}

static void propose_of_side(struct duet_proposals *to, const struct duet_symbol *record,
                            bool in_condition)
{
    propose_fields(to, record, FORMS_SHORT);
    if (in_condition)
        propose(to, record, DUET_SYMBOL_PREDICATE);
}

static void propose_in_path(struct duet_proposals *to)
{
    const struct duet_context *context = to->context;
    struct path path = path_before(context);
    const struct duet_symbol *record = record_of_side(to, path.first);
    const struct duet_symbol *system = system_here(to);
    bool in_table = *within(to, "test", 0) && (is(duet_context_head(context, 1, 1), "table") ||
                                               is(duet_context_head(context, 0, 1), "table"));
    if (path.second)
        propose_form(to, is(path.second, "form") ? record : NULL);
    else if (record && in_table)
        propose_keys(to, record);
    else if (record)
        propose_of_side(to, record, duet_context_has(context, "when"));
    else if (is(path.first, "form"))
        propose_form(to, system ? record_here(to) : record_tested(to));
    else if (is(duet_context_word(context, 0), "mapping"))
        propose(to, find(to, NULL, DUET_SYMBOL_SYSTEM, path.first), DUET_SYMBOL_RECORD);
    else if (system && find(to, system, DUET_SYMBOL_RECORD, path.first))
        propose_fields(to, find(to, system, DUET_SYMBOL_RECORD, path.first), FORMS_SHORT);
}

/* --- conditions ------------------------------------------------------------------------------------------ */

/* The field that the path which ends `back` tokens before the place names. */
static const struct duet_symbol *field_before(const struct duet_proposals *to, size_t back)
{
    const struct duet_context *context = to->context;
    const char *last = duet_context_before(context, back);
    bool has_form = is(duet_context_before(context, back + 1), ".") &&
                    is(duet_context_before(context, back + 2), "form");
    size_t at = has_form ? back + 2 : back;
    bool has_side = is(duet_context_before(context, at + 1), ".");
    const struct duet_symbol *record =
        has_side ? record_of_side(to, duet_context_before(context, at + 2)) : record_here(to);
    if (!record && !has_side)
        record = record_tested(to);
    for (const struct duet_symbol *field = record ? record->children : NULL; field;
         field = field->next) {
        if (field->kind == DUET_SYMBOL_FIELD && field->in_form == has_form && is(field->name, last))
            return field;
    }
    return NULL;
}

static const char *const comparisons[] = { "==", "!=",  "<",        "<=", ">",
                                           ">=", "was", "contains", "=",  NULL };

/* How many tokens before the place the compared path ends: `status ==`, `status in (New,`. 0: nothing is compared. */
static size_t compared(const struct duet_context *context)
{
    if (is_in(duet_context_before(context, 0), comparisons))
        return 1;
    if (context->depth == 0 || context->blocks[context->depth - 1].sign != '(')
        return 0;
    for (size_t back = 0; back < context->count; back++) {
        if (!is(duet_context_before(context, back), "("))
            continue;
        bool is_list = is(duet_context_before(context, back + 1), "in");
        bool is_not = is_list && is(duet_context_before(context, back + 2), "not");
        return is_list ? back + (is_not ? 3 : 2) : 0;
    }
    return 0;
}

static void propose_condition(struct duet_proposals *to)
{
    const struct duet_symbol *record = record_here(to);
    if (record) {
        propose_fields(to, record, FORMS_LONG);
        propose(to, record, DUET_SYMBOL_PREDICATE);
    } else {
        propose_sides(to);
    }
}

/* --- statements ------------------------------------------------------------------------------------------ */

static const struct duet_symbol *rule_here(const struct duet_proposals *to)
{
    const struct duet_symbol *mapping = mapping_here(to);
    const char *first = duet_context_head(to->context, 0, 0);
    if (!mapping || (!is(first, "field") && !is(first, "override")))
        return NULL;
    const char *name = duet_context_head(to->context, 0, 1);
    const struct duet_symbol *rule = find(to, mapping, DUET_SYMBOL_RULE, name);
    for (const struct duet_symbol *group = mapping->children; group && !rule; group = group->next) {
        if (group->kind == DUET_SYMBOL_GROUP)
            rule = find(to, group, DUET_SYMBOL_RULE, name);
    }
    return rule;
}

static bool is_arrow(const char *text)
{
    return is(text, "<->") || is(text, "->") || is(text, "<-");
}

/* Within the braces of a rule: the left side's values, then the right's. */
static bool propose_arm(struct duet_proposals *to)
{
    const struct duet_symbol *rule = rule_here(to);
    bool is_right = is_arrow(duet_context_before(to->context, 0));
    if (!rule || (duet_context_length(to->context) > 0 && !is_right))
        return false;
    propose_values(to, duet_index_mapped(to->view->index, rule, is_right ? 1 : 0));
    return true;
}

/* Settings that a hub or a tenant's side gives. */
static bool propose_settings(struct duet_proposals *to)
{
    const char *first = duet_context_head(to->context, 0, 0);
    const struct duet_symbol *system = NULL;
    if (duet_context_length(to->context) > 0)
        return false;
    if (is(first, "hub"))
        system = find(to, NULL, DUET_SYMBOL_SYSTEM, duet_context_head(to->context, 0, 3));
    if (is(first, "side")) {
        const struct duet_symbol *record = record_of_side(to, duet_context_head(to->context, 0, 1));
        system = record ? record->parent : NULL;
    }
    if (system)
        propose(to, system, DUET_SYMBOL_SETTING);
    return system != NULL;
}

/* given siem { | }: fields; behind their names values. */
static bool propose_tested(struct duet_proposals *to)
{
    const struct duet_symbol *record = record_tested(to);
    if (!record || duet_context_length(to->context) > 0)
        return false;
    propose_fields(to, record, FORMS_LONG);
    return true;
}

/* The braces of `enum by FIELD`: a row for each value of that field. */
static bool propose_rows(struct duet_proposals *to)
{
    const struct duet_symbol *record = record_here(to);
    const char *name = duet_context_head(to->context, 0, 0);
    if (!record || duet_context_length(to->context) > 0)
        return false;
    for (const struct duet_symbol *field = record->children; field; field = field->next) {
        const struct duet_symbol *parent = field->kind == DUET_SYMBOL_FIELD && is(field->name, name)
                                               ? duet_index_parent_of(field)
                                               : NULL;
        if (!parent)
            continue;
        propose(to, duet_index_enum_of(to->view->index, parent), DUET_SYMBOL_CHOICE);
        return true;
    }
    return false;
}

static bool propose_moves(struct duet_proposals *to)
{
    const struct duet_symbol *record = record_here(to);
    if (!record || !is(duet_context_head(to->context, 0, 0), "moves"))
        return false;
    propose_values(to, find(to, record, DUET_SYMBOL_FIELD, duet_context_head(to->context, 0, 1)));
    return true;
}

/* { name: | } or "{name}" in what is sent. */
static bool propose_sent(struct duet_proposals *to)
{
    const struct duet_symbol *system = system_here(to);
    const char *before = duet_context_before(to->context, 0);
    if (!system || !*within(to, "http", 0) || (!is(before, ":") && !to->context->in_braces) ||
        to->context->in_quotes != to->context->in_braces)
        return false;
    propose(to, system, DUET_SYMBOL_SETTING);
    propose(to, system, DUET_SYMBOL_RECORD);
    return true;
}

static bool in_list_of(const struct duet_context *context, const char *const *words)
{
    for (size_t i = context->count; i-- > context->statement;) {
        const char *text = duet_context_before(context, context->count - 1 - i);
        if (is_in(text, words))
            return is(duet_context_before(context, 0), text) ||
                   is(duet_context_before(context, 0), ",");
    }
    return false;
}

static void propose_transforms(struct duet_proposals *to)
{
    to->add_word(to, "truncate", "cuts a text to so many characters: truncate 100");
    to->add_word(to, "trim", "takes white space off both ends");
    to->add_word(to, "lower", "small letters");
    to->add_word(to, "upper", "capital letters");
    to->add_word(to, "prefix",
                 "puts a text before it, and takes it off on the way back: prefix \"x\"");
}

/* Whether a side is named behind the word `before`. */
static bool side_follows(struct duet_proposals *to, const char *before)
{
    static const char *const sides[] = { "on",   "conflict", "else",   "contact", "create",
                                         "from", "given",    "expect", "writes",  "side",
                                         "link", "notes",    NULL };
    const struct duet_context *context = to->context;
    size_t length = duet_context_length(context);
    bool begins_step =
        length == 1 && (is(before, "when") || is(before, "and") || is(before, "then"));
    if (begins_step && *within(to, "test", 0))
        return true;
    if (is(duet_context_word(context, 0), "field") && length == 2)
        return true;
    return is_in(before, sides) || is_arrow(before);
}

/* Behind a word that says what comes. */
static bool propose_behind(struct duet_proposals *to)
{
    static const char *const units[] = { "send", "fetch", "clear", "pending", NULL };
    static const char *const conditions[] = { "when", "and", "or", "not", NULL };
    const struct duet_context *context = to->context;
    const char *before = duet_context_before(context, 0);
    const char *first = duet_context_word(context, 0);
    bool in_header = is(first, "mapping");
    if (in_header && (is(before, "between") || is(before, "and")))
        propose(to, NULL, DUET_SYMBOL_SYSTEM);
    else if (is(before, "runs"))
        propose(to, NULL, is(first, "hub") ? DUET_SYMBOL_SYSTEM : DUET_SYMBOL_MAPPING);
    else if (is(before, "of") && is(first, "test"))
        propose(to, NULL, DUET_SYMBOL_MAPPING);
    else if (is(before, "shared"))
        propose(to, NULL, DUET_SYMBOL_HUB);
    else if (is(before, "via") || is(before, "table"))
        propose(to, mapping_here(to), mapping_here(to) ? DUET_SYMBOL_TABLE : DUET_SYMBOL_FILE);
    else if (is(before, "|"))
        propose_transforms(to);
    else if (in_list_of(context, units) || is(before, "override"))
        propose_units(to);
    else if (side_follows(to, before))
        propose_sides(to);
    else if (is_in(before, conditions))
        propose_condition(to);
    else if (is(before, "by") || is(before, "carries") || is(before, "moves"))
        propose_fields(to, record_here(to), FORMS_LONG);
    else
        return false;
    return true;
}

void duet_propose_names(struct duet_proposals *to)
{
    size_t back = compared(to->context);
    if (is(duet_context_before(to->context, 0), "."))
        propose_in_path(to);
    else if (back > 0)
        propose_values(to, field_before(to, back));
    else if (!propose_arm(to) && !propose_tested(to) && !propose_settings(to) &&
             !propose_moves(to) && !propose_rows(to) && !propose_sent(to))
        (void)propose_behind(to);
}

/* --- keywords -------------------------------------------------------------------------------------------- */

/* Where a name fits every keyword does, as a name; these are the places where some are meant as what they are. */
static const struct {
    const char *before; /* the token before; NULL: a statement begins */
    const char *block;  /* what opened the block; NULL: any */
    const char *words[6];
} meant[] = {
    { NULL, "record", { "form", "moves" } },
    { NULL, "given", { "note", "keeps" } },
    { NULL, "when", { "note" } },
    { NULL, "expect", { "note" } },
    { "conflict", NULL, { "highest", "lowest", "newest", "hold" } },
    { "contact", NULL, { "hold" } },
    { "unknown", NULL, { "keep", "quarantine" } },
    { "send", NULL, { "all", "notes" } },
    { "fetch", NULL, { "all", "notes" } },
    { "=", NULL, { "none", "env", "file" } },
    { "expect", NULL, { "writes", "hold", "no", "pending", "conflict", "nothing" } },
    { "given", NULL, { "table" } },
};

static bool is_meant(const struct duet_context *context, size_t place)
{
    bool begins = duet_context_length(context) == 0;
    const char *block = meant[place].block;
    if (block && !is(duet_context_head(context, 0, 0), block))
        return false;
    return meant[place].before ? is(duet_context_before(context, 0), meant[place].before) : begins;
}

void duet_propose_keywords(struct duet_proposals *to, const struct duet_keywords *fitting)
{
    for (size_t i = 0; !fitting->name_fits && i < fitting->count; i++)
        to->add_word(to, fitting->words[i], duet_keyword_help(fitting->words[i]));
    for (size_t i = 0; fitting->name_fits && i < sizeof meant / sizeof meant[0]; i++) {
        for (size_t w = 0; is_meant(to->context, i) && w < 6 && meant[i].words[w]; w++)
            to->add_word(to, meant[i].words[w], duet_keyword_help(meant[i].words[w]));
    }
}
