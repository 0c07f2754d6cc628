/* What the words in templates stand for, and which operations do what. */
#include <ctype.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/check.h"
#include "dsl/names.h"
#include "dsl/propose.h"

/* --- operations ------------------------------------------------------------------------------- */

enum duet_op_kind duet_checker_op_kind(const struct duet_ast_system *system,
                                       enum duet_ast_verb verb, const char *noun)
{
    bool record = duet_names_record(system, noun) != NULL;
    bool notes = duet_names_same(noun, "notes") || duet_names_same(noun, "note");
    switch (verb) {
    case DUET_AST_VERB_CHANGED:
        return record ? DUET_OP_CHANGED : DUET_OP_ANY;
    case DUET_AST_VERB_READ:
        return record ? DUET_OP_READ : DUET_OP_ANY;
    case DUET_AST_VERB_WRITE:
        return record ? DUET_OP_WRITE : DUET_OP_ANY;
    case DUET_AST_VERB_CREATE:
        return record ? DUET_OP_CREATE : DUET_OP_ANY;
    case DUET_AST_VERB_FIND:
        return record ? DUET_OP_FIND : DUET_OP_ANY;
    case DUET_AST_VERB_LIST:
        return notes ? DUET_OP_LIST_NOTES : DUET_OP_ANY;
    case DUET_AST_VERB_ADD:
        return notes ? DUET_OP_ADD_NOTE : DUET_OP_ANY;
    case DUET_AST_VERB_ANY:
        break;
    }
    return DUET_OP_ANY;
}

bool duet_checker_op_is_of(const struct duet_m_record *record,
                           const struct duet_ast_operation *operation)
{
    enum duet_op_kind kind =
        duet_checker_op_kind(record->system, operation->verb, operation->noun.text);
    if (kind == DUET_OP_LIST_NOTES || kind == DUET_OP_ADD_NOTE)
        return record->notes != NULL;
    return kind != DUET_OP_ANY && duet_names_same(operation->noun.text, record->ast->name.text);
}

bool duet_checker_has_op(const struct duet_m_record *record, enum duet_op_kind kind)
{
    const struct duet_ast_http *http = record->system->http;
    for (const struct duet_ast_operation *op = http ? http->operations.first : NULL; op;
         op = op->next) {
        if (duet_checker_op_is_of(record, op) &&
            duet_checker_op_kind(record->system, op->verb, op->noun.text) == kind)
            return true;
    }
    return false;
}

/* The fields whose values a template asks for by name. */
static uint64_t template_fields(const struct duet_m_record *record,
                                const struct duet_ast_json *json)
{
    uint64_t fields = 0;
    if (!json)
        return 0;
    if (json->kind == DUET_AST_JSON_REFERENCE) {
        const struct duet_ast_step *first = json->path->steps.first;
        const struct duet_m_field *field = duet_names_same(first->name.text, record->ast->name.text)
                                               ? duet_names_field(record, first->next)
                                               : NULL;
        return field && field != record->claim ? duet_bit(field->number) : 0;
    }
    for (const struct duet_ast_json *child = json->children.first; child; child = child->next)
        fields |= template_fields(record, child);
    return fields;
}

static bool carries_by_name(const struct duet_ast_call *call, const struct duet_m_field *field)
{
    for (const struct duet_ast_name_item *item = call->carries.first; item; item = item->next) {
        if (duet_names_same(item->name.text, "form")
                ? field->section != NULL
                : duet_names_same(item->name.text, field->name))
            return true;
    }
    return false;
}

/* Fields that the system itself keeps. */
static bool has_meaning(const struct duet_m_record *record, const struct duet_m_field *field)
{
    return field == record->key || field == record->version || field == record->modified ||
           field == record->note_count;
}

uint64_t duet_checker_carries(const struct duet_m_record *record, enum duet_op_kind kind,
                              const struct duet_ast_call *call)
{
    if (kind == DUET_OP_CREATE)
        return template_fields(record, call->body ? call->body->json : NULL);
    uint64_t carried = 0;
    for (uint32_t i = 0; kind == DUET_OP_WRITE && i < record->count; i++) {
        const struct duet_m_field *field = &record->fields[i];
        bool meant =
            call->carries.count ? carries_by_name(call, field) : !has_meaning(record, field);
        if (meant && !field->read_only)
            carried |= duet_bit(i);
    }
    return carried;
}

uint64_t duet_checker_carried(const struct duet_m_record *record, enum duet_op_kind kind)
{
    const struct duet_ast_http *http = record->system->http;
    uint64_t carried = 0;
    for (const struct duet_ast_operation *op = http ? http->operations.first : NULL; op;
         op = op->next) {
        if (!duet_checker_op_is_of(record, op) ||
            duet_checker_op_kind(record->system, op->verb, op->noun.text) != kind)
            continue;
        for (const struct duet_ast_call *call = op->calls.first; call; call = call->next)
            carried |= duet_checker_carries(record, kind, call);
    }
    return carried;
}

/* --- words ------------------------------------------------------------------------------------ */

static const struct word {
    const char *name;
    enum duet_ref ref;
} words[] = {
    { "since", DUET_REF_SINCE },         { "key", DUET_REF_KEY },
    { "version", DUET_REF_VERSION },     { "fields", DUET_REF_FIELDS },
    { "changed", DUET_REF_CHANGED },     { "section", DUET_REF_SECTION },
    { "batch", DUET_REF_BATCH },         { "body", DUET_REF_BODY },
    { "note.text", DUET_REF_NOTE_TEXT }, { "note.html", DUET_REF_NOTE_HTML },
    { "note.uuid", DUET_REF_NOTE_UUID }, { "page", DUET_REF_PAGE },
    { "offset", DUET_REF_PAGE },         { "cursor", DUET_REF_PAGE },
    { "size", DUET_REF_SIZE },
};

bool duet_checker_in_sections(const struct duet_m_record *record, uint64_t fields)
{
    for (uint32_t i = 0; i < record->count; i++) {
        if ((fields & duet_bit(i)) && !record->fields[i].section)
            return false;
    }
    return fields != 0;
}

/* Whether a word means something where it stands. */
static bool word_fits(const struct duet_m_place *place, enum duet_ref ref)
{
    const struct duet_ast_call *call = place->call;
    switch (ref) {
    case DUET_REF_SINCE:
        return place->kind == DUET_OP_CHANGED && place->record->modified;
    case DUET_REF_KEY:
        return call && place->kind != DUET_OP_CHANGED && place->kind != DUET_OP_FIND &&
               place->kind != DUET_OP_CREATE;
    case DUET_REF_VERSION:
        return call && place->kind == DUET_OP_WRITE && place->record->version;
    case DUET_REF_FIELDS:
    case DUET_REF_CHANGED:
        return call && (place->kind == DUET_OP_WRITE || place->kind == DUET_OP_CREATE);
    case DUET_REF_SECTION:
        return call && place->kind == DUET_OP_WRITE &&
               duet_checker_in_sections(place->record,
                                        duet_checker_carries(place->record, DUET_OP_WRITE, call));
    case DUET_REF_BATCH:
        return call && call->batch && !place->item;
    case DUET_REF_BODY:
        return place->envelope;
    case DUET_REF_NOTE_TEXT:
    case DUET_REF_NOTE_HTML:
    case DUET_REF_NOTE_UUID:
        return place->kind == DUET_OP_ADD_NOTE;
    case DUET_REF_PAGE:
    case DUET_REF_SIZE:
        return call && call->paging;
    case DUET_REF_LITERAL:
    case DUET_REF_SETTING:
    case DUET_REF_FIELD:
    case DUET_REF_CLAIM:
    case DUET_REF_FOUND:
    case DUET_REFS:
        break;
    }
    return false;
}

static bool find_word(const struct duet_m_place *place, const char *name,
                      struct duet_m_reference *out)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (duet_names_same(words[i].name, name) && word_fits(place, words[i].ref)) {
            *out = (struct duet_m_reference){ .ref = words[i].ref };
            return true;
        }
    }
    /* `etag`: a version by the name that the system gives it. */
    const struct duet_m_field *version = place->record ? place->record->version : NULL;
    if (!version || !version->ast->place || !word_fits(place, DUET_REF_VERSION) ||
        !duet_names_same(version->ast->place->steps.last->name.text, name))
        return false;
    *out = (struct duet_m_reference){ .ref = DUET_REF_VERSION };
    return true;
}

static bool find_setting(struct duet_checker *check, const struct duet_m_place *place,
                         const struct duet_ast_path *path, struct duet_m_reference *out)
{
    const struct duet_ast_setting *setting = duet_names_setting(place->record->system, path->text);
    if (!setting)
        return false;
    *out = (struct duet_m_reference){ .ref = DUET_REF_SETTING, .text = setting->name.text };
    if (setting->type->kind == DUET_AST_TYPE_SECRET && !place->auth) {
        struct duet_diag *diag =
            duet_checker_report(check, DUET_DIAG_SECRET_OUTSIDE_AUTH, path->at,
                                "the secret '%s' stands outside of auth", path->text);
        duet_diag_note(diag, setting->type->at, "it is a secret here");
    }
    return true;
}

/* Is the request about a record whose fields it may send? */
static bool is_about_record(const struct duet_m_place *place)
{
    return place->kind == DUET_OP_WRITE || place->kind == DUET_OP_CREATE ||
           place->kind == DUET_OP_FIND || place->kind == DUET_OP_LOOKUP ||
           place->kind == DUET_OP_ADD_NOTE;
}

/* incident.title, incident.claim; found.id behind `lookup found ... then`. */
static bool find_member(struct duet_checker *check, const struct duet_m_place *place,
                        const struct duet_ast_path *path, struct duet_m_reference *out)
{
    const struct duet_ast_step *first = path->steps.first;
    const struct duet_ast_lookup *lookup = place->call ? place->call->lookup : NULL;
    if (lookup && first->next && duet_names_same(first->name.text, lookup->name.text)) {
        *out = (struct duet_m_reference){ .ref = DUET_REF_FOUND,
                                          .text = duet_names_plain(check->arena, first->next) };
        return true;
    }
    if (!is_about_record(place) || !first->next ||
        !duet_names_same(first->name.text, place->record->ast->name.text))
        return false;
    if (!first->next->next && duet_names_same(first->next->name.text, "claim")) {
        *out = (struct duet_m_reference){ .ref = DUET_REF_CLAIM };
        return true;
    }
    *out = (struct duet_m_reference){ .ref = DUET_REF_FIELD };
    out->field = duet_names_need_field(check, place->record, first->next, path->at, path->text);
    return true;
}

/* LIKE, Description: a bare word in JSON that begins with a capital and is near to nothing known is a text,
 * as the names and operators of systems often are. */
static bool is_plain_text(const struct duet_m_place *place, const struct duet_ast_path *path,
                          const struct duet_suggest *suggest)
{
    return place->bare && !path->steps.first->next && isupper((unsigned char)path->text[0]) &&
           !duet_suggest_best(suggest);
}

static struct duet_suggest near_words(const struct duet_m_place *place,
                                      const struct duet_ast_path *path)
{
    struct duet_suggest suggest = duet_suggest_start(path->text);
    for (const struct duet_ast_setting *setting = place->record->system->settings.first; setting;
         setting = setting->next)
        duet_suggest_offer(&suggest, setting->name.text);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (word_fits(place, words[i].ref))
            duet_suggest_offer(&suggest, words[i].name);
    }
    return suggest;
}

/* The record's key by the name that the system gives it, or a field by its name alone. False: neither may be sent here. */
static bool propose_field(struct duet_checker *check, const struct duet_m_place *place,
                          const struct duet_ast_path *path, struct duet_diag *diag)
{
    const struct duet_m_record *record = place->record;
    const struct duet_ast_path *key = record && record->key ? record->key->ast->place : NULL;
    if (key && word_fits(place, DUET_REF_KEY) &&
        duet_names_same(key->steps.last->name.text, path->text)) {
        duet_diag_help(diag, "write `key`: what a record is known by has that name here");
        duet_diag_fix(diag, DUET_FIX_MAYBE, path->at, "key");
        return true;
    }
    const struct duet_m_field *field =
        record && is_about_record(place) ? duet_names_field(record, path->steps.first) : NULL;
    if (!field || field == record->key)
        return false;
    const char *name = duet_arena_format(
        check->arena, "%s.%s", duet_propose_name(check->arena, record->ast->name.text), path->text);
    duet_diag_help(diag, "write `%s`: a field is named with its record", name);
    duet_diag_fix(diag, DUET_FIX_MAYBE, path->at, "%s", name);
    return true;
}

static void list_known(struct duet_checker *check, const struct duet_m_place *place,
                       struct duet_diag *diag)
{
    const char *list = "";
    for (const struct duet_ast_setting *setting = place->record->system->settings.first; setting;
         setting = setting->next) {
        if (setting->type->kind != DUET_AST_TYPE_SECRET || place->auth)
            list = duet_arena_format(check->arena, "%s%s'%s'", list, *list ? ", " : "",
                                     setting->name.text);
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (word_fits(place, words[i].ref))
            list =
                duet_arena_format(check->arena, "%s%s'%s'", list, *list ? ", " : "", words[i].name);
    }
    if (*list)
        duet_diag_help(diag, "known here: %s", list);
}

bool duet_checker_reference(struct duet_checker *check, const struct duet_m_place *place,
                            const struct duet_ast_path *path, struct duet_m_reference *out)
{
    *out = (struct duet_m_reference){ .ref = DUET_REF_LITERAL, .text = "" };
    if (find_word(place, path->text, out) || find_setting(check, place, path, out))
        return true;
    if (find_member(check, place, path, out))
        return out->ref != DUET_REF_FIELD || out->field;
    struct duet_suggest suggest = near_words(place, path);
    if (is_plain_text(place, path, &suggest)) {
        out->text = path->text;
        return true;
    }
    bool lost_time = duet_names_same(path->text, "since") &&
                     duet_checker_record_lacks(check, place->record->ast, "modified");
    if (lost_time || duet_checker_system_lacks(check, place->record->system, path->text))
        return false;
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_UNKNOWN_REFERENCE, path->at,
                            "'%s' is neither a setting nor anything else known here", path->text);
    if (propose_field(check, place, path, diag))
        return false;
    if (duet_propose_behind(check->arena, diag, duet_names_place(path->steps.first), "", &suggest))
        return false;
    if (place->bare)
        duet_diag_help(diag, "a text that is sent as it stands is quoted: \"%s\"", path->text);
    else
        list_known(check, place, diag);
    return false;
}
