/* Systems, records, fields and types. */
#include "dsl/ast_system.h"

#include "dsl/parse_state.h"

struct duet_span duet_ast_span(struct duet_span first, struct duet_span last)
{
    return duet_span_join(first, last);
}

/* --- systems and records --------------------------------------------------------------------------- */

struct duet_ast_system *duet_ast_system_new(struct duet_parse_state *state)
{
    return duet_ast_alloc(state, sizeof(struct duet_ast_system));
}

/* More than one block of settings is as one. */
struct duet_ast_system *duet_ast_system_settings(struct duet_ast_system *system,
                                                 struct duet_ast_setting_list settings)
{
    if (settings.first == NULL)
        return system;
    if (system->settings.last == NULL) {
        system->settings = settings;
    } else {
        system->settings.last->next = settings.first;
        system->settings.last = settings.last;
        system->settings.count += settings.count;
    }
    return system;
}

struct duet_ast_system *duet_ast_system_record(struct duet_ast_system *system, struct duet_span at,
                                               struct duet_ast_name name,
                                               struct duet_ast_record *record)
{
    record->at = at;
    record->name = name;
    system->records = duet_ast_record_list_append(system->records, record);
    return system;
}

struct duet_ast_system *duet_ast_system_http(struct duet_parse_state *state,
                                             struct duet_ast_system *system, struct duet_span at,
                                             struct duet_ast_http *http)
{
    bool already = system->http != NULL;
    struct duet_span first = already ? system->http->at : DUET_SPAN_NONE;

    http->at = at;
    if (!duet_ast_twice(state, already, first, at, "http"))
        system->http = http;
    return system;
}

struct duet_ast_setting *duet_ast_setting_new(struct duet_parse_state *state, struct duet_span at,
                                              struct duet_ast_name name, struct duet_ast_type *type,
                                              struct duet_ast_value *default_value)
{
    struct duet_ast_setting *setting = duet_ast_alloc(state, sizeof *setting);
    setting->at = at;
    setting->name = name;
    setting->type = type;
    setting->default_value = default_value;
    return setting;
}

struct duet_ast_record *duet_ast_record_new(struct duet_parse_state *state)
{
    return duet_ast_alloc(state, sizeof(struct duet_ast_record));
}

struct duet_ast_record *duet_ast_record_field(struct duet_ast_record *record,
                                              struct duet_ast_field *field)
{
    record->fields = duet_ast_field_list_append(record->fields, field);
    return record;
}

struct duet_ast_record *duet_ast_record_form(struct duet_parse_state *state,
                                             struct duet_ast_record *record, struct duet_span at,
                                             struct duet_ast_name section,
                                             struct duet_ast_field_list fields)
{
    struct duet_ast_form *form = duet_ast_alloc(state, sizeof *form);
    form->at = at;
    form->section = section;
    form->fields = fields;
    record->forms = duet_ast_form_list_append(record->forms, form);
    return record;
}

struct duet_ast_record *duet_ast_record_predicate(struct duet_parse_state *state,
                                                  struct duet_ast_record *record,
                                                  struct duet_span at, struct duet_ast_name name,
                                                  struct duet_ast_condition *condition)
{
    struct duet_ast_predicate *predicate = duet_ast_alloc(state, sizeof *predicate);
    predicate->at = at;
    predicate->name = name;
    predicate->condition = condition;
    record->predicates = duet_ast_predicate_list_append(record->predicates, predicate);
    return record;
}

struct duet_ast_record *duet_ast_record_moves(struct duet_parse_state *state,
                                              struct duet_ast_record *record, struct duet_span at,
                                              struct duet_ast_name field,
                                              struct duet_ast_move_list moves)
{
    struct duet_ast_moves *block = duet_ast_alloc(state, sizeof *block);
    block->at = at;
    block->field = field;
    block->moves = moves;
    record->moves = duet_ast_moves_list_append(record->moves, block);
    return record;
}

struct duet_ast_move *duet_ast_move_new(struct duet_parse_state *state, struct duet_span at,
                                        struct duet_ast_name from,
                                        struct duet_ast_name_item_list to)
{
    struct duet_ast_move *move = duet_ast_alloc(state, sizeof *move);
    move->at = at;
    move->from = from;
    move->to = to;
    return move;
}

/* --- types ------------------------------------------------------------------------------------------- */

struct duet_ast_type *duet_ast_type_new(struct duet_parse_state *state, struct duet_span at,
                                        enum duet_ast_type_kind kind)
{
    struct duet_ast_type *type = duet_ast_alloc(state, sizeof *type);
    type->at = at;
    type->kind = kind;
    return type;
}

struct duet_ast_type *duet_ast_type_number(struct duet_parse_state *state, struct duet_span at,
                                           enum duet_ast_type_kind kind, bool as_text)
{
    struct duet_ast_type *type = duet_ast_type_new(state, at, kind);
    type->as_text = as_text;
    return type;
}

struct duet_ast_type *duet_ast_type_time(struct duet_parse_state *state, struct duet_span at,
                                         enum duet_ast_time_form form, const char *format)
{
    struct duet_ast_type *type = duet_ast_type_new(state, at, DUET_AST_TYPE_TIME);
    type->time_form = form;
    type->time_format = format;
    return type;
}

struct duet_ast_type *duet_ast_type_enum(struct duet_parse_state *state, struct duet_span at,
                                         bool ordered, struct duet_ast_choice_list choices)
{
    struct duet_ast_type *type = duet_ast_type_new(state, at, DUET_AST_TYPE_ENUM);
    type->ordered = ordered;
    type->choices = choices;
    return type;
}

struct duet_ast_type *duet_ast_type_list(struct duet_parse_state *state, struct duet_span at,
                                         struct duet_ast_type *element)
{
    struct duet_ast_type *type = duet_ast_type_new(state, at, DUET_AST_TYPE_LIST);
    type->element = element;
    return type;
}

struct duet_ast_type *duet_ast_type_person(struct duet_parse_state *state, struct duet_span at,
                                           struct duet_ast_person_key_list persons)
{
    struct duet_ast_type *type = duet_ast_type_new(state, at, DUET_AST_TYPE_PERSON);
    type->persons = persons;
    return type;
}

struct duet_ast_choice *duet_ast_choice_new(struct duet_parse_state *state, struct duet_span at,
                                            struct duet_ast_name name, struct duet_ast_value *wire)
{
    struct duet_ast_choice *choice = duet_ast_alloc(state, sizeof *choice);
    choice->at = at;
    choice->name = name;
    choice->wire = wire;
    return choice;
}

struct duet_ast_person_key *duet_ast_person_key_new(struct duet_parse_state *state,
                                                    struct duet_span at, struct duet_ast_name key,
                                                    struct duet_ast_path *path)
{
    struct duet_ast_person_key *person_key = duet_ast_alloc(state, sizeof *person_key);
    person_key->at = at;
    person_key->key = key;
    person_key->path = path;
    return person_key;
}

struct duet_ast_dependent_row *duet_ast_dependent_row_new(struct duet_parse_state *state,
                                                          struct duet_span at,
                                                          struct duet_ast_name value,
                                                          struct duet_ast_choice_list choices)
{
    struct duet_ast_dependent_row *row = duet_ast_alloc(state, sizeof *row);
    row->at = at;
    row->value = value;
    row->choices = choices;
    row->none_at = DUET_SPAN_NONE;
    if (choices.count == 1 && duet_ast_name_is(choices.first->name, "none")) {
        row->none_at = choices.first->at;
        row->choices = (struct duet_ast_choice_list){ 0 };
    }
    return row;
}

/* --- fields ------------------------------------------------------------------------------------------ */

struct duet_ast_field *duet_ast_field_new(struct duet_parse_state *state)
{
    struct duet_ast_field *field = duet_ast_alloc(state, sizeof *field);
    field->required_at = DUET_SPAN_NONE;
    field->read_only_at = DUET_SPAN_NONE;
    field->write_whole_at = DUET_SPAN_NONE;
    return field;
}

static bool is_set(struct duet_span at)
{
    return at.file != DUET_SOURCE_NONE;
}

/* A path that may stand once. */
static void set_path(struct duet_parse_state *state, struct duet_ast_path **member,
                     struct duet_ast_path *path, const char *what)
{
    struct duet_span first = *member == NULL ? DUET_SPAN_NONE : (*member)->at;
    if (!duet_ast_twice(state, *member != NULL, first, path->at, what))
        *member = path;
}

static void set_value(struct duet_parse_state *state, struct duet_ast_value **member,
                      struct duet_ast_value *value, const char *what)
{
    struct duet_span first = *member == NULL ? DUET_SPAN_NONE : (*member)->at;
    if (!duet_ast_twice(state, *member != NULL, first, value->at, what))
        *member = value;
}

struct duet_ast_field *duet_ast_field_at(struct duet_parse_state *state,
                                         struct duet_ast_field *field, struct duet_ast_path *path)
{
    set_path(state, &field->place, path, "at");
    return field;
}

struct duet_ast_field *duet_ast_field_write_as(struct duet_parse_state *state,
                                               struct duet_ast_field *field,
                                               struct duet_ast_path *path)
{
    set_path(state, &field->write_as, path, "write as");
    return field;
}

struct duet_ast_field *duet_ast_field_write_whole(struct duet_parse_state *state,
                                                  struct duet_ast_field *field, struct duet_span at)
{
    if (!duet_ast_twice(state, is_set(field->write_whole_at), field->write_whole_at, at,
                        "write whole"))
        field->write_whole_at = at;
    return field;
}

struct duet_ast_field *duet_ast_field_required(struct duet_parse_state *state,
                                               struct duet_ast_field *field, struct duet_span at,
                                               struct duet_ast_condition *when)
{
    if (duet_ast_twice(state, is_set(field->required_at), field->required_at, at, "required"))
        return field;
    field->required_at = at;
    field->required_when = when;
    return field;
}

struct duet_ast_field *duet_ast_field_read_only(struct duet_parse_state *state,
                                                struct duet_ast_field *field, struct duet_span at)
{
    if (!duet_ast_twice(state, is_set(field->read_only_at), field->read_only_at, at, "read only"))
        field->read_only_at = at;
    return field;
}

struct duet_ast_field *duet_ast_field_max(struct duet_parse_state *state,
                                          struct duet_ast_field *field, struct duet_span at,
                                          int64_t max)
{
    if (!duet_ast_twice(state, field->max.given, field->max.at, at, "max"))
        field->max = duet_ast_integer(at, max);
    return field;
}

struct duet_ast_field *duet_ast_field_empty(struct duet_parse_state *state,
                                            struct duet_ast_field *field,
                                            struct duet_ast_value *value)
{
    set_value(state, &field->empty, value, "empty");
    return field;
}

struct duet_ast_field *duet_ast_field_default(struct duet_parse_state *state,
                                              struct duet_ast_field *field,
                                              struct duet_ast_value *value)
{
    set_value(state, &field->default_value, value, "default");
    return field;
}

struct duet_ast_field *duet_ast_field_lossy(struct duet_parse_state *state,
                                            struct duet_ast_field *field,
                                            struct duet_ast_name reason)
{
    if (!duet_ast_twice(state, field->lossy.text != NULL, field->lossy.at, reason.at, "lossy"))
        field->lossy = reason;
    return field;
}

struct duet_ast_field *duet_ast_field_finish(struct duet_span at, struct duet_ast_name name,
                                             struct duet_ast_type *type,
                                             struct duet_ast_field *attributes)
{
    attributes->at = at;
    attributes->name = name;
    attributes->type = type;
    return attributes;
}

struct duet_ast_field *duet_ast_field_like(struct duet_parse_state *state, struct duet_span at,
                                           struct duet_ast_name name, struct duet_span type_at,
                                           struct duet_ast_path *by, struct duet_ast_path *like,
                                           struct duet_ast_field *attributes)
{
    struct duet_ast_type *type =
        duet_ast_type_new(state, duet_span_join(type_at, like->at), DUET_AST_TYPE_DEPENDENT);
    type->by = by;
    type->like = like;
    return duet_ast_field_finish(at, name, type, attributes);
}

struct duet_ast_field *duet_ast_field_dependent(struct duet_parse_state *state, struct duet_span at,
                                                struct duet_ast_name name, struct duet_span type_at,
                                                struct duet_ast_path *by,
                                                struct duet_ast_dependent_row_list rows,
                                                struct duet_ast_field *attributes)
{
    struct duet_ast_type *type =
        duet_ast_type_new(state, duet_span_join(type_at, by->at), DUET_AST_TYPE_DEPENDENT);
    type->by = by;
    type->rows = rows;
    return duet_ast_field_finish(at, name, type, attributes);
}

struct duet_ast_field *duet_ast_field_notes(struct duet_parse_state *state, struct duet_span at,
                                            struct duet_ast_name name, struct duet_span type_at,
                                            struct duet_ast_field_list fields,
                                            struct duet_ast_field *attributes)
{
    attributes->fields = fields;
    return duet_ast_field_finish(at, name, duet_ast_type_new(state, type_at, DUET_AST_TYPE_NOTES),
                                 attributes);
}
