/* A system: its settings, and its records put together field by field. */
#include "dsl/arena.h"
#include "dsl/check.h"
#include "dsl/names.h"
#include "dsl/propose.h"
#include "dsl/types.h"

/* --- collecting fields ------------------------------------------------------------------------ */

static bool is_notes(const struct duet_ast_field *field)
{
    return field->type->kind == DUET_AST_TYPE_NOTES;
}

/* False: there are too many, reported. */
static bool add_field(struct duet_checker *check, struct duet_m_record *record,
                      const struct duet_ast_field *ast, const struct duet_ast_form *form)
{
    const char *name =
        form ? duet_arena_format(check->arena, "form.%s", ast->name.text) : ast->name.text;
    for (uint32_t i = 0; i < record->count; i++) {
        if (!duet_names_same(record->fields[i].name, name))
            continue;
        struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_DEFINED_TWICE, ast->name.at,
                                                     "field '%s' is defined twice", name);
        duet_diag_note(diag, record->fields[i].ast->name.at, "first defined here");
        return true;
    }
    if (record->count == DUET_MAX_FIELDS) {
        duet_checker_report(check, DUET_DIAG_TOO_MANY, ast->name.at,
                            "a record has at most %u fields, '%s' is one more", DUET_MAX_FIELDS,
                            name);
        return false;
    }
    record->fields[record->count++] = (struct duet_m_field){
        .ast = ast, .name = name, .section = form ? form->section.text : NULL
    };
    return true;
}

static void add_notes(struct duet_checker *check, struct duet_m_record *record,
                      const struct duet_ast_field *ast)
{
    if (record->notes) {
        struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_DEFINED_TWICE, ast->name.at,
                                                     "a record has one kind of notes");
        duet_diag_note(diag, record->notes->name.at, "these are the first");
        return;
    }
    record->notes = ast;
}

static void collect_fields(struct duet_checker *check, struct duet_m_record *record)
{
    record->fields = duet_arena_alloc_array(check->arena, DUET_MAX_FIELDS, sizeof *record->fields);
    for (const struct duet_ast_field *field = record->ast->fields.first; field;
         field = field->next) {
        if (is_notes(field))
            add_notes(check, record, field);
        else if (!add_field(check, record, field, NULL))
            return;
    }
    for (const struct duet_ast_form *form = record->ast->forms.first; form; form = form->next) {
        for (const struct duet_ast_field *field = form->fields.first; field; field = field->next) {
            if (!add_field(check, record, field, form))
                return;
        }
    }
}

/* --- an enum's parent stands before it -------------------------------------------------------- */

/* `by classification` within a form means the form's own first. */
static struct duet_ast_path *parent_path(const struct duet_m_field *field)
{
    const struct duet_ast_type *type = field->ast->type;
    return type->kind == DUET_AST_TYPE_DEPENDENT ? type->by : NULL;
}

static const struct duet_m_field *find_parent(struct duet_checker *check,
                                              const struct duet_m_record *record,
                                              const struct duet_m_field *field)
{
    const struct duet_ast_path *path = parent_path(field);
    if (field->section) {
        const char *name = duet_arena_format(check->arena, "form.%s",
                                             duet_names_plain(check->arena, path->steps.first));
        for (uint32_t i = 0; i < record->count; i++) {
            if (duet_names_same(record->fields[i].name, name))
                return &record->fields[i];
        }
    }
    return duet_names_need_field(check, record, path->steps.first, path->at, path->text);
}

/* Moves fields behind what they follow; those that follow each other in a circle come last, reported. */
static void order_fields(struct duet_checker *check, struct duet_m_record *record)
{
    const struct duet_m_field *parents[DUET_MAX_FIELDS] = { NULL };
    struct duet_m_field *ordered =
        duet_arena_alloc_array(check->arena, DUET_MAX_FIELDS, sizeof *ordered);
    struct duet_m_field *placed[DUET_MAX_FIELDS] = { NULL };
    uint32_t count = 0;

    for (uint32_t i = 0; i < record->count; i++) {
        if (parent_path(&record->fields[i]))
            parents[i] = find_parent(check, record, &record->fields[i]);
    }
    for (bool moved = true; moved;) {
        moved = false;
        for (uint32_t i = 0; i < record->count; i++) {
            struct duet_m_field *parent = parents[i] ? placed[parents[i] - record->fields] : NULL;
            if (placed[i] || (parents[i] && !parent))
                continue;
            placed[i] = &ordered[count];
            ordered[count] = record->fields[i];
            ordered[count].parent = parent;
            ordered[count].number = count;
            count++;
            moved = true;
        }
    }
    for (uint32_t i = 0; i < record->count; i++) {
        if (placed[i])
            continue;
        duet_checker_report(check, DUET_DIAG_BAD_PARENT, record->fields[i].ast->type->at,
                            "'%s' follows itself in a circle", record->fields[i].name);
        ordered[count] = record->fields[i];
        ordered[count].number = count;
        count++;
    }
    record->fields = ordered;
}

/* --- fields with a meaning -------------------------------------------------------------------- */

static const struct duet_m_field *meaning(struct duet_checker *check, struct duet_m_record *record,
                                          const char *name, enum duet_type type,
                                          enum duet_type also, const char *expected)
{
    for (uint32_t i = 0; i < record->count; i++) {
        struct duet_m_field *field = &record->fields[i];
        if (!duet_names_same(field->name, name))
            continue;
        if (field->usable && field->type != type && field->type != also)
            duet_checker_report(check, DUET_DIAG_BAD_TYPE, field->ast->type->at,
                                "'%s' is %s, expected %s", name, duet_types_field_name(field),
                                expected);
        return field;
    }
    return NULL;
}

static void find_meanings(struct duet_checker *check, struct duet_m_record *record)
{
    record->key =
        meaning(check, record, "key", DUET_TYPE_TEXT, DUET_TYPE_INTEGER, "a text or an integer");
    record->version = meaning(check, record, "version", DUET_TYPE_TEXT, DUET_TYPE_INTEGER,
                              "a text or an integer");
    record->modified = meaning(check, record, "modified", DUET_TYPE_TIME, DUET_TYPE_TIME, "a time");
    record->note_count =
        meaning(check, record, "note_count", DUET_TYPE_INTEGER, DUET_TYPE_INTEGER, "an integer");
    record->claim = meaning(check, record, "claim", DUET_TYPE_TEXT, DUET_TYPE_TEXT, "a text");
    if (!record->key && !duet_checker_record_lacks(check, record->ast, "key"))
        duet_diag_help(duet_checker_report(check, DUET_DIAG_KEY_MISSING, record->ast->name.at,
                                           "record '%s' has no key", record->ast->name.text),
                       "add a field `key : text at ...;` that no two records share");
}

/* --- predicates, moves, notes ----------------------------------------------------------------- */

static struct duet_scope own_scope(const struct duet_m_record *record)
{
    struct duet_scope scope = { .kind = DUET_SCOPE_RECORD, .side = record->side };
    scope.records[record->side] = record;
    return scope;
}

/* Each sees those before it, so that none can go round in a circle. */
static void check_predicates(struct duet_checker *check, struct duet_m_record *record)
{
    const struct duet_scope scope = own_scope(record);
    record->predicates = duet_arena_alloc_array(check->arena, record->ast->predicates.count + 1,
                                                sizeof *record->predicates);
    for (const struct duet_ast_predicate *ast = record->ast->predicates.first; ast;
         ast = ast->next) {
        if (record->predicate_count == DUET_MAX_PREDICATES) {
            duet_checker_report(check, DUET_DIAG_TOO_MANY, ast->name.at,
                                "a record has at most %u predicates, '%s' is one more",
                                DUET_MAX_PREDICATES, ast->name.text);
            return;
        }
        for (uint32_t i = 0; i < record->predicate_count; i++) {
            if (duet_names_same(record->predicates[i].name, ast->name.text))
                duet_diag_note(duet_checker_report(check, DUET_DIAG_DEFINED_TWICE, ast->name.at,
                                                   "'%s' is defined twice", ast->name.text),
                               record->predicates[i].at, "first defined here");
        }
        struct duet_m_predicate *predicate = &record->predicates[record->predicate_count];
        *predicate = (struct duet_m_predicate){ .name = ast->name.text, .at = ast->name.at };
        predicate->when = duet_checker_condition(check, &scope, ast->condition);
        record->predicate_count++;
        if (duet_names_same(predicate->name, "closed"))
            record->closed = predicate;
        if (duet_names_same(predicate->name, "merged"))
            record->merged = predicate;
    }
}

static void check_required(struct duet_checker *check, struct duet_m_record *record)
{
    const struct duet_scope scope = own_scope(record);
    for (uint32_t i = 0; i < record->count; i++)
        record->fields[i].required_when =
            duet_checker_condition(check, &scope, record->fields[i].ast->required_when);
}

static void check_moves(struct duet_checker *check, struct duet_m_record *record,
                        const struct duet_ast_moves *moves)
{
    const struct duet_ast_step step = { .name = moves->field };
    const struct duet_m_field *found =
        duet_names_need_field(check, record, &step, moves->field.at, moves->field.text);
    if (!found || !found->usable)
        return;
    struct duet_m_field *field = &record->fields[found->number];
    if (field->type != DUET_TYPE_ENUM || field->moves) {
        duet_checker_report(check, DUET_DIAG_BAD_TYPE, moves->field.at,
                            field->moves ? "the moves of '%s' stand twice"
                                         : "'%s' isn't an enum, so that it has no moves",
                            field->name);
        return;
    }
    uint32_t columns = field->values.count;
    field->moves = duet_checker_value_pairs(check, columns, columns, moves->field);
    if (!field->moves)
        return;
    for (uint32_t value = 0; value < columns; value++)
        duet_m_set(field->moves, columns, value, value);
    for (const struct duet_ast_move *move = moves->moves.first; move; move = move->next) {
        uint32_t from = duet_names_need_value(check, field, move->from.text, move->from.at);
        duet_checker_names_once(check, &move->to);
        for (const struct duet_ast_name_item *item = move->to.first; item; item = item->next) {
            uint32_t to = duet_names_need_value(check, field, item->name.text, item->name.at);
            if (from != DUET_NONE && to != DUET_NONE)
                duet_m_set(field->moves, columns, from, to);
        }
    }
}

static void check_form(struct duet_checker *check, const struct duet_ast_form *form)
{
    if (form->fields.first || duet_checker_damaged(check, form->at, NULL))
        return;
    struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_UNUSED, form->section.at,
                                                 "form '%s' has no fields", form->section.text);
    duet_propose_removal(diag, DUET_FIX_SAFE, check->sources, form->at);
}

static void check_note_field(struct duet_checker *check, const struct duet_ast_field *field)
{
    const char *name = field->name.text;
    enum duet_ast_type_kind kind = field->type->kind;
    bool text = kind == DUET_AST_TYPE_TEXT || kind == DUET_AST_TYPE_HTML;
    if (duet_names_same(name, "text") || duet_names_same(name, "author") ||
        duet_names_same(name, "id") || duet_names_same(name, "written")) {
        bool time = duet_names_same(name, "written");
        bool number = duet_names_same(name, "id") && kind == DUET_AST_TYPE_INTEGER;
        if (time ? kind != DUET_AST_TYPE_TIME : !text && !number)
            duet_checker_report(check, DUET_DIAG_BAD_TYPE, field->type->at, "a note's '%s' is %s",
                                name, time ? "a time" : "a text");
        duet_checker_time(check, field->type);
    } else {
        duet_diag_help(duet_checker_report(check, DUET_DIAG_NOTES_INCOMPLETE, field->name.at,
                                           "a note has no '%s'", name),
                       "a note has id, text, author and written");
    }
    if (!field->place)
        duet_diag_help(duet_checker_report(check, DUET_DIAG_PLACE_MISSING, field->name.at,
                                           "'%s' doesn't say where it stands", name),
                       "add `at %s`", name);
}

static void check_notes(struct duet_checker *check, const struct duet_ast_field *notes)
{
    bool text = false;
    for (const struct duet_ast_field *field = notes->fields.first; field; field = field->next) {
        check_note_field(check, field);
        text = text || duet_names_same(field->name.text, "text");
    }
    if (!text && !duet_checker_damaged(check, notes->at, "text"))
        duet_diag_help(duet_checker_report(check, DUET_DIAG_NOTES_INCOMPLETE, notes->name.at,
                                           "'%s' doesn't say where a note's text stands",
                                           notes->name.text),
                       "add `text : text at ...;`");
    if (!notes->place)
        duet_diag_help(duet_checker_report(check, DUET_DIAG_PLACE_MISSING, notes->name.at,
                                           "'%s' doesn't say where it stands", notes->name.text),
                       "add `at %s`", notes->name.text);
}

struct duet_m_record *duet_checker_record(struct duet_checker *check,
                                          const struct duet_ast_system *system,
                                          const struct duet_ast_record *ast, enum duet_side side,
                                          struct duet_m_record *other, const char *other_name)
{
    struct duet_m_record *record = duet_arena_alloc(check->arena, sizeof *record);
    size_t errors = check->errors;
    record->system = system;
    record->ast = ast;
    record->side = side;
    collect_fields(check, record);
    order_fields(check, record);
    for (uint32_t i = 0; i < record->count; i++)
        duet_checker_field(check, record, &record->fields[i], other, other_name);
    find_meanings(check, record);
    check_predicates(check, record);
    check_required(check, record);
    for (const struct duet_ast_moves *moves = ast->moves.first; moves; moves = moves->next)
        check_moves(check, record, moves);
    for (const struct duet_ast_form *form = ast->forms.first; form; form = form->next)
        check_form(check, form);
    if (record->notes)
        check_notes(check, record->notes);
    record->usable = check->errors == errors;
    return record;
}

/* --- settings --------------------------------------------------------------------------------- */

static bool is_setting_type(enum duet_ast_type_kind kind)
{
    return kind == DUET_AST_TYPE_TEXT || kind == DUET_AST_TYPE_URL ||
           kind == DUET_AST_TYPE_SECRET || kind == DUET_AST_TYPE_INTEGER ||
           kind == DUET_AST_TYPE_NUMBER || kind == DUET_AST_TYPE_BOOLEAN ||
           kind == DUET_AST_TYPE_DURATION;
}

static void check_setting(struct duet_checker *check, const struct duet_ast_system *system,
                          const struct duet_ast_setting *setting)
{
    const struct duet_ast_setting *first = duet_names_setting(system, setting->name.text);
    if (first != setting)
        duet_diag_note(duet_checker_report(check, DUET_DIAG_DEFINED_TWICE, setting->name.at,
                                           "setting '%s' is defined twice", setting->name.text),
                       first->name.at, "first defined here");
    if (!is_setting_type(setting->type->kind))
        duet_diag_help(duet_checker_report(check, DUET_DIAG_BAD_TYPE, setting->type->at,
                                           "setting '%s' has a type that no setting can have",
                                           setting->name.text),
                       "a setting is a text, url, secret, integer, number, boolean or duration");
}

/* Whether the index-th of a system's parts is one too many, reported. */
static bool is_beyond(struct duet_checker *check, size_t index, const char *what,
                      struct duet_ast_name name)
{
    if (index < DUET_MAX_PARTS)
        return false;
    duet_checker_report(check, DUET_DIAG_TOO_MANY, name.at,
                        "a system has at most %u %s, '%s' is one more", DUET_MAX_PARTS, what,
                        name.text);
    return true;
}

void duet_checker_system(struct duet_checker *check, const struct duet_ast_system *system)
{
    size_t settings = 0;
    size_t records = 0;
    for (const struct duet_ast_setting *setting = system->settings.first; setting;
         setting = setting->next) {
        if (is_beyond(check, settings++, "settings", setting->name))
            break;
        check_setting(check, system, setting);
    }
    for (const struct duet_ast_record *ast = system->records.first; ast; ast = ast->next) {
        if (is_beyond(check, records++, "records", ast->name))
            return;
        if (duet_names_record(system, ast->name.text) != ast)
            duet_checker_report(check, DUET_DIAG_DEFINED_TWICE, ast->name.at,
                                "record '%s' is defined twice", ast->name.text);
        struct duet_m_record *record =
            duet_checker_record(check, system, ast, DUET_LEFT, NULL, NULL);
        if (system->http)
            duet_checker_http(check, record);
    }
}
