/* What a system's requests name: settings, records, their fields, lookups. */
#include "dsl/index_inside.h"
#include "dsl/names.h"

/* Where a template stands. */
struct place {
    const struct duet_symbol *system;
    const struct duet_symbol *record; /* of the operation; NULL: none */
    const struct duet_ast_lookup *lookup;
};

/* site; incident.title; found.id. In a text only the exact place of a name can be told from a place that is the text's own. */
static void use_reference(struct duet_index *index, const struct place *place,
                          const struct duet_ast_path *path, enum duet_use_kind kind)
{
    const struct duet_ast_step *first = path->steps.first;
    if (!first || !first->name.text)
        return;
    if (!first->next) {
        duet_index_use(index,
                       duet_index_find(index, place->system, DUET_SYMBOL_SETTING, first->name.text),
                       first->name.at, kind);
        return;
    }
    if (place->lookup && duet_names_same(first->name.text, place->lookup->name.text)) {
        duet_index_use(index,
                       duet_index_find(index, place->system, DUET_SYMBOL_LOOKUP, first->name.text),
                       first->name.at, kind);
        return;
    }
    if (!place->record || !duet_names_same(first->name.text, place->record->name))
        return;
    duet_index_use(index, place->record, first->name.at, kind);
    (void)duet_index_use_field(index, place->record, first->next, kind);
}

static void use_text(struct duet_index *index, const struct place *place,
                     const struct duet_ast_text *text)
{
    for (const struct duet_ast_part *part = text ? text->parts.first : NULL; part;
         part = part->next) {
        if (part->path)
            use_reference(index, place, part->path, DUET_USE_IN_TEXT);
    }
}

/* The parser bounds the depth. */
static void use_json(struct duet_index *index, const struct place *place,
                     const struct duet_ast_json *json)
{
    if (!json)
        return;
    for (const struct duet_ast_json *child = json->children.first; child; child = child->next)
        use_json(index, place, child);
    use_text(index, place, json->text);
    if (json->path)
        use_reference(index, place, json->path, DUET_USE_NAMES);
}

static void use_headers(struct duet_index *index, const struct place *place,
                        const struct duet_ast_header *header)
{
    for (; header; header = header->next)
        use_text(index, place, header->text);
}

static void use_auth(struct duet_index *index, const struct place *place,
                     const struct duet_ast_auth *auth)
{
    if (!auth)
        return;
    for (const struct duet_ast_auth_entry *entry = auth->entries.first; entry; entry = entry->next)
        use_text(index, place, entry->text);
    use_json(index, place, auth->claims);
}

static void use_call(struct duet_index *index, const struct place *outer,
                     const struct duet_ast_call *call)
{
    const struct duet_index_scope own = { .record = outer->record };
    const struct duet_index_scope row = { .record = outer->record,
                                          .noun = outer->record ? outer->record->name : "" };
    struct place place = *outer;
    if (call->lookup && call->lookup->call)
        use_call(index, outer, call->lookup->call);
    place.lookup = call->lookup;
    use_text(index, &place, call->url);
    for (const struct duet_ast_name_item *item = call->carries.first; item; item = item->next) {
        const struct duet_ast_step step = { .name = item->name };
        (void)duet_index_use_field(index, place.record, &step, DUET_USE_NAMES);
    }
    duet_index_use_condition(index, &own, call->when);
    use_json(index, &place, call->query);
    use_headers(index, &place, call->headers.first);
    if (call->body)
        use_json(index, &place, call->body->json);
    if (call->batch)
        use_json(index, &place, call->batch->element);
    for (const struct duet_ast_return *ret = call->returns.first; ret; ret = ret->next) {
        const struct duet_ast_step step = { .name = ret->name };
        (void)duet_index_use_field(index, place.record, &step, DUET_USE_NAMES);
    }
    if (call->result)
        duet_index_use_condition(index, &row, call->result->ok_when);
    duet_index_use_condition(index, &row, call->match);
    use_auth(index, &place, call->auth);
}

/* The record that an operation is about; notes are of the only one that has some. */
static const struct duet_symbol *noun_of(const struct duet_index *index,
                                         const struct duet_symbol *system,
                                         const struct duet_ast_operation *operation)
{
    if (operation->verb != DUET_AST_VERB_LIST && operation->verb != DUET_AST_VERB_ADD)
        return duet_index_find(index, system, DUET_SYMBOL_RECORD, operation->noun.text);
    for (const struct duet_symbol *record = system->children; record; record = record->next) {
        for (const struct duet_symbol *field = record->children; field; field = field->next) {
            if (record->kind == DUET_SYMBOL_RECORD && field->kind == DUET_SYMBOL_FIELD &&
                field->of.field->type && field->of.field->type->kind == DUET_AST_TYPE_NOTES)
                return record;
        }
    }
    return NULL;
}

static void use_operation(struct duet_index *index, const struct duet_symbol *system,
                          const struct duet_ast_operation *operation)
{
    const struct place place = { .system = system, .record = noun_of(index, system, operation) };
    if (place.record && duet_names_same(place.record->name, operation->noun.text))
        duet_index_use(index, place.record, operation->noun.at, DUET_USE_NAMES);
    for (const struct duet_ast_call *call = operation->calls.first; call; call = call->next)
        use_call(index, &place, call);
}

static void use_setting(struct duet_index *index, const struct duet_symbol *system,
                        const char *name, struct duet_span at)
{
    duet_index_use(index, duet_index_find(index, system, DUET_SYMBOL_SETTING, name), at,
                   DUET_USE_NAMES);
}

void duet_index_use_http(struct duet_index *index, const struct duet_symbol *system)
{
    const struct duet_ast_http *http = system->of.system->http;
    const struct place place = { .system = system };
    use_text(index, &place, http->base);
    use_json(index, &place, http->query);
    use_headers(index, &place, http->headers.first);
    use_auth(index, &place, http->auth);
    use_json(index, &place, http->envelope);
    for (const struct duet_ast_operation *operation = http->operations.first; operation;
         operation = operation->next)
        use_operation(index, system, operation);
    for (const struct duet_ast_quota *quota = http->quotas.first; quota; quota = quota->next) {
        use_setting(index, system, quota->by.text, quota->by.at);
        duet_index_use(index, duet_index_find(index, system, DUET_SYMBOL_RECORD, quota->noun.text),
                       quota->noun.at, DUET_USE_NAMES);
    }
    for (const struct duet_ast_assign *entry = http->webhook ? http->webhook->entries.first : NULL;
         entry; entry = entry->next) {
        if (entry->value && duet_names_same(entry->path->text, "secret"))
            use_setting(index, system, duet_ast_value_word(entry->value), entry->value->at);
    }
}
