/* The http block of a system: templates, auth, operations, quotas, webhook. */
#include "dsl/arena.h"
#include "dsl/check.h"
#include "dsl/names.h"
#include "dsl/propose.h"

/* --- templates -------------------------------------------------------------------------------- */

static void check_text(struct duet_checker *check, const struct duet_m_place *place,
                       const struct duet_ast_text *text)
{
    struct duet_m_reference reference;
    for (const struct duet_ast_part *part = text ? text->parts.first : NULL; part;
         part = part->next) {
        if (part->path)
            duet_checker_reference(check, place, part->path, &reference);
    }
}

/* The parser bounds the depth (DUET_PARSE_NESTING_MAX). */
static void check_template(struct duet_checker *check, const struct duet_m_place *place,
                           const struct duet_ast_json *json)
{
    struct duet_m_reference reference;
    struct duet_m_place bare = *place;
    bare.bare = true;
    if (!json)
        return;
    if (json->kind == DUET_AST_JSON_REFERENCE)
        duet_checker_reference(check, &bare, json->path, &reference);
    if (json->kind == DUET_AST_JSON_DECIMAL)
        duet_checker_report(check, DUET_DIAG_BAD_OPERATION, json->at,
                            "a number with a fraction can't be sent, only whole ones");
    check_text(check, place, json->text);
    if (json->kind == DUET_AST_JSON_OBJECT)
        duet_checker_members_once(check, json);
    for (const struct duet_ast_json *child = json->children.first; child; child = child->next)
        check_template(check, place, child);
}

static void check_headers(struct duet_checker *check, const struct duet_m_place *place,
                          const struct duet_ast_header_list *headers)
{
    duet_checker_headers_once(check, headers);
    for (const struct duet_ast_header *header = headers->first; header; header = header->next)
        check_text(check, place, header->text);
}

static void check_outcomes(struct duet_checker *check, const struct duet_ast_outcome *outcome)
{
    const struct duet_scope scope = { .kind = DUET_SCOPE_ANSWER };
    for (; outcome; outcome = outcome->next)
        duet_checker_condition(check, &scope, outcome->condition);
}

/* --- auth ------------------------------------------------------------------------------------- */

#define ENTRIES_MAX 4

struct auth_form {
    const char *name;
    const char *entries[ENTRIES_MAX];
    unsigned required; /* the first so many */
};

static const struct auth_form *auth_form(enum duet_ast_auth_kind kind)
{
    static const struct auth_form oauth2 = { "oauth2",
                                             { "token", "client_id", "client_secret", "scope" },
                                             3 };
    static const struct auth_form header = { "header", { "name", "value" }, 2 };
    static const struct auth_form bearer = { "bearer", { "token" }, 1 };
    static const struct auth_form basic = { "basic", { "user", "password" }, 2 };
    static const struct auth_form jwt = { "jwt", { "header", "secret", "prefix" }, 2 };
    switch (kind) {
    case DUET_AST_AUTH_OAUTH2:
        return &oauth2;
    case DUET_AST_AUTH_HEADER:
        return &header;
    case DUET_AST_AUTH_BEARER:
        return &bearer;
    case DUET_AST_AUTH_BASIC:
        return &basic;
    case DUET_AST_AUTH_JWT:
        return &jwt;
    }
    return &header;
}

static bool has_entry(const struct duet_ast_auth *auth, const char *name)
{
    for (const struct duet_ast_auth_entry *entry = auth->entries.first; entry;
         entry = entry->next) {
        if (duet_names_same(entry->name.text, name))
            return true;
    }
    return false;
}

/* False: it was reported, and may be the one that is missing. */
static bool check_auth_entry(struct duet_checker *check, const struct auth_form *form,
                             const struct duet_ast_auth *auth,
                             const struct duet_ast_auth_entry *entry)
{
    struct duet_suggest suggest = duet_checker_suggest(check, entry->name.text);
    for (size_t i = 0; i < ENTRIES_MAX && form->entries[i]; i++) {
        if (duet_names_same(form->entries[i], entry->name.text))
            return true;
        if (!has_entry(auth, form->entries[i]))
            duet_suggest_offer(&suggest, form->entries[i]);
    }
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_AUTH_ENTRY, entry->name.at, "auth %s has no '%s'",
                            form->name, entry->name.text);
    duet_propose(check->arena, diag, entry->name.at, &suggest);
    return false;
}

/* A bare word is a text without places. Only names of the protocol are written so: a bare `token` is nearly always meant
 * as the setting. */
static void check_bare_entry(struct duet_checker *check, const struct duet_m_place *place,
                             const struct duet_ast_auth_entry *entry)
{
    const char *const protocol[] = { "name", "header", "prefix" };
    const struct duet_ast_system *system = place->record->system;
    const char *word = entry->text->written;
    for (size_t i = 0; i < sizeof protocol / sizeof protocol[0]; i++) {
        if (duet_names_same(protocol[i], entry->name.text))
            return;
    }
    bool is_setting = duet_names_setting(system, word) != NULL;
    struct duet_suggest suggest = duet_checker_suggest(check, word);
    for (const struct duet_ast_setting *setting = system->settings.first; setting;
         setting = setting->next)
        duet_suggest_offer(&suggest, setting->name.text);
    const char *best = is_setting ? word : duet_suggest_best(&suggest);
    struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_AUTH_ENTRY, entry->text->at,
                                                 "'%s' would be sent as it stands%s", word,
                                                 is_setting ? ", not the setting's value" : "");
    if (best)
        duet_diag_help(diag, "write \"{%s}\"", best);
    if (best)
        duet_diag_fix(diag, is_setting ? DUET_FIX_SAFE : DUET_FIX_MAYBE, entry->text->at,
                      "\"{%s}\"", best);
    else
        duet_diag_help(diag, "write \"%s\" if that is meant; a setting's value is \"{name}\"",
                       word);
}

static void check_entry_once(struct duet_checker *check, const struct duet_ast_auth *auth,
                             const char *name)
{
    const struct duet_ast_auth_entry *first = NULL;
    for (const struct duet_ast_auth_entry *entry = auth->entries.first; entry;
         entry = entry->next) {
        if (!duet_names_same(entry->name.text, name))
            continue;
        if (first)
            duet_checker_twice(check, first->at, entry->at, name);
        else
            first = entry;
    }
}

static void check_auth(struct duet_checker *check, struct duet_m_place place,
                       const struct duet_ast_auth *auth)
{
    if (!auth)
        return;
    const struct auth_form *form = auth_form(auth->kind);
    bool known = true;
    place.auth = true;
    for (const struct duet_ast_auth_entry *entry = auth->entries.first; entry;
         entry = entry->next) {
        known = check_auth_entry(check, form, auth, entry) && known;
        check_text(check, &place, entry->text);
        if (entry->bare)
            check_bare_entry(check, &place, entry);
    }
    for (unsigned i = 0; i < ENTRIES_MAX && form->entries[i]; i++)
        check_entry_once(check, auth, form->entries[i]);
    check_template(check, &place, auth->claims);
    for (unsigned i = 0; i < form->required && known; i++) {
        if (!has_entry(auth, form->entries[i]) &&
            !duet_checker_damaged(check, auth->at, form->entries[i]))
            duet_checker_report(check, DUET_DIAG_AUTH_ENTRY, auth->at, "auth %s lacks '%s'",
                                form->name, form->entries[i]);
    }
}

/* --- calls ------------------------------------------------------------------------------------ */

static void check_carries(struct duet_checker *check, const struct duet_m_place *place)
{
    for (const struct duet_ast_name_item *item = place->call->carries.first; item;
         item = item->next) {
        if (duet_names_same(item->name.text, "form") && place->record->ast->forms.first)
            continue;
        const struct duet_ast_step step = { .name = item->name };
        duet_names_need_field(check, place->record, &step, item->name.at, item->name.text);
    }
    duet_checker_names_once(check, &place->call->carries);
    if (place->call->carries.first && place->kind != DUET_OP_WRITE)
        duet_checker_report(check, DUET_DIAG_BAD_OPERATION, place->call->carries.first->name.at,
                            "only a write carries fields");
}

/* What stands in the body of a request that writes nothing over a record. */
static const char *body_help(struct duet_checker *check, const struct duet_m_place *place)
{
    if (place->kind != DUET_OP_CREATE)
        return "name what is sent: `body { NAME: VALUE }`";
    return duet_arena_format(check->arena,
                             "name each field that is sent: `body { NAME: %s.FIELD }`",
                             duet_propose_name(check->arena, place->record->ast->name.text));
}

static void check_body(struct duet_checker *check, const struct duet_m_place *place)
{
    const struct duet_ast_body *body = place->call->body;
    if (!body)
        return;
    check_template(check, place, body->json);
    duet_checker_names_once(check, &body->members);
    if (body->kind == DUET_AST_BODY_WHOLE && place->kind != DUET_OP_WRITE)
        duet_diag_help(duet_checker_report(check, DUET_DIAG_BAD_OPERATION, body->at,
                                           "only a write sends the whole record"),
                       "%s", body_help(check, place));
    if (body->kind == DUET_AST_BODY_CHANGED && place->kind != DUET_OP_WRITE)
        duet_diag_help(duet_checker_report(check, DUET_DIAG_BAD_OPERATION, body->at,
                                           "only a write sends what changed"),
                       "%s", body_help(check, place));
}

static void check_batch(struct duet_checker *check, const struct duet_m_place *place)
{
    const struct duet_ast_batch *batch = place->call->batch;
    struct duet_m_place item = *place;
    item.item = true;
    if (!batch)
        return;
    check_template(check, &item, batch->element);
    if (batch->most.value < 1 || batch->most.value > DUET_MAX_BATCH)
        duet_checker_report(check, DUET_DIAG_TOO_MANY, batch->most.at,
                            "a batch has 1 to %u records", DUET_MAX_BATCH);
}

static void check_paging(struct duet_checker *check, const struct duet_ast_call *call)
{
    const struct duet_ast_paging *paging = call->paging;
    if (!paging)
        return;
    bool named = paging->kind == DUET_AST_PAGING_PAGE || paging->kind == DUET_AST_PAGING_OFFSET ||
                 paging->kind == DUET_AST_PAGING_CURSOR;
    if (named && !paging->parameter.text)
        duet_diag_help(duet_checker_report(check, DUET_DIAG_BAD_OPERATION, paging->at,
                                           "the parameter that counts has no name"),
                       "name what the system calls it, such as `page number from 1`");
    if (paging->size.given && (paging->size.value < 1 || paging->size.value > DUET_MAX_PAGE))
        duet_checker_report(check, DUET_DIAG_TOO_MANY, paging->size.at, "a page has 1 to %u rows",
                            DUET_MAX_PAGE);
    if (!call->items)
        duet_diag_help(duet_checker_report(check, DUET_DIAG_BAD_OPERATION, paging->at,
                                           "pages of what? nothing says where the rows are"),
                       "add `items PATH;`");
}

static void check_returns(struct duet_checker *check, const struct duet_m_place *place)
{
    duet_checker_returns_once(check, &place->call->returns);
    for (const struct duet_ast_return *ret = place->call->returns.first; ret; ret = ret->next) {
        const struct duet_ast_step step = { .name = ret->name };
        duet_names_need_field(check, place->record, &step, ret->name.at, ret->name.text);
    }
}

static void check_call(struct duet_checker *check, const struct duet_m_record *record,
                       enum duet_op_kind kind, const struct duet_ast_call *call)
{
    struct duet_m_place place = { .record = record, .call = call, .kind = kind };
    struct duet_scope row = { .kind = DUET_SCOPE_ROW,
                              .side = record->side,
                              .noun = record->ast->name.text };
    struct duet_scope own = { .kind = DUET_SCOPE_RECORD, .side = record->side };
    row.records[record->side] = record;
    own.records[record->side] = record;

    if (call->lookup)
        check_call(check, record, DUET_OP_LOOKUP, call->lookup->call);
    check_text(check, &place, call->url);
    check_carries(check, &place);
    duet_checker_condition(check, &own, call->when);
    check_template(check, &place, call->query);
    check_headers(check, &place, &call->headers);
    check_body(check, &place);
    check_batch(check, &place);
    check_paging(check, call);
    check_returns(check, &place);
    if (call->result)
        duet_checker_condition(check, &row, call->result->ok_when);
    duet_checker_condition(check, &row, call->match);
    check_outcomes(check, call->outcomes.first);
    duet_checker_paths_once(check, &call->failed_text);
    check_auth(check, place, call->auth);
}

/* --- operations, quotas, webhook -------------------------------------------------------------- */

static const char *verb_name(enum duet_ast_verb verb)
{
    static const char *const names[] = { "",       "changed", "read", "write",
                                         "create", "find",    "list", "add" };
    return names[verb];
}

static void check_noun(struct duet_checker *check, const struct duet_ast_system *system,
                       enum duet_ast_verb verb, struct duet_ast_name noun)
{
    if (verb == DUET_AST_VERB_ANY || duet_checker_system_lacks(check, system, noun.text) ||
        duet_checker_op_kind(system, verb, noun.text) != DUET_OP_ANY)
        return;
    struct duet_suggest suggest = duet_checker_suggest(check, noun.text);
    bool notes = verb == DUET_AST_VERB_LIST || verb == DUET_AST_VERB_ADD;
    for (const struct duet_ast_record *record = system->records.first; record && !notes;
         record = record->next)
        duet_suggest_offer(&suggest, record->name.text);
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_BAD_OPERATION, noun.at, "'%s %s' is no operation",
                            verb_name(verb), noun.text);
    if (notes)
        duet_diag_help(diag, "write `list notes` or `add note`");
    else
        duet_propose_behind(check->arena, diag, noun.at,
                            duet_arena_format(check->arena, "%s ", verb_name(verb)), &suggest);
}

static void check_operation(struct duet_checker *check, const struct duet_m_record *record,
                            const struct duet_ast_operation *operation)
{
    enum duet_op_kind kind =
        duet_checker_op_kind(record->system, operation->verb, operation->noun.text);
    for (const struct duet_ast_operation *first = record->system->http->operations.first;
         first != operation; first = first->next) {
        if (first->verb != operation->verb ||
            !duet_names_same(first->noun.text, operation->noun.text))
            continue;
        duet_diag_note(duet_checker_report(check, DUET_DIAG_BAD_OPERATION, operation->noun.at,
                                           "'%s %s' stands twice", verb_name(operation->verb),
                                           operation->noun.text),
                       first->noun.at, "first here");
        break;
    }
    if (operation->in_order && kind != DUET_OP_WRITE)
        duet_checker_report(check, DUET_DIAG_BAD_OPERATION, operation->noun.at,
                            "only a write has several requests in order");
    for (const struct duet_ast_call *call = operation->calls.first; call; call = call->next)
        check_call(check, record, kind, call);
}

static void need_setting(struct duet_checker *check, const struct duet_ast_system *system,
                         struct duet_ast_name name)
{
    if (!name.text || duet_names_setting(system, name.text) ||
        duet_checker_system_lacks(check, system, name.text))
        return;
    struct duet_suggest suggest = duet_checker_suggest(check, name.text);
    for (const struct duet_ast_setting *setting = system->settings.first; setting;
         setting = setting->next)
        duet_suggest_offer(&suggest, setting->name.text);
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_UNKNOWN_SETTING, name.at,
                            "system '%s' has no setting '%s'", system->name.text, name.text);
    duet_propose(check->arena, diag, name.at, &suggest);
}

/* A quota counts the requests of an operation that is there. */
static void check_counted(struct duet_checker *check, const struct duet_ast_system *system,
                          const struct duet_ast_quota *quota)
{
    enum duet_op_kind kind = duet_checker_op_kind(system, quota->verb, quota->noun.text);
    const struct duet_ast_operation *operation = system->http->operations.first;
    while (operation && duet_checker_op_kind(system, operation->verb, operation->noun.text) != kind)
        operation = operation->next;
    if (operation || kind == DUET_OP_ANY ||
        duet_checker_http_lacks(check, system->http, verb_name(quota->verb)))
        return;
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_UNUSED, quota->at,
                            "there is no `%s %s`, so that this quota counts nothing",
                            verb_name(quota->verb), quota->noun.text);
    duet_propose_removal(diag, DUET_FIX_MAYBE, check->sources, quota->at);
}

static void check_quota(struct duet_checker *check, const struct duet_ast_system *system,
                        const struct duet_ast_quota *quota)
{
    check_noun(check, system, quota->verb, quota->noun);
    check_counted(check, system, quota);
    need_setting(check, system, quota->by);
    if (quota->amount.value < 1 || quota->amount.value > UINT32_MAX ||
        quota->per.milliseconds < 1 || quota->per.milliseconds > UINT32_MAX)
        duet_checker_report(
            check, DUET_DIAG_TOO_MANY, quota->at,
            "a quota of at least 1 per at least 1ms, and at most 49 days, is expected");
}

static const char *const webhook_entries[] = {
    "key", "event", "signal", "data", "header", "secret"
};

static void check_webhook_entry(struct duet_checker *check, const struct duet_ast_system *system,
                                const struct duet_ast_assign *entry)
{
    const size_t count = sizeof webhook_entries / sizeof webhook_entries[0];
    const char *name = entry->path->text;
    for (size_t i = 0; i < count; i++) {
        if (!duet_names_same(webhook_entries[i], name))
            continue;
        const char *word = duet_ast_value_word(entry->value);
        const struct duet_ast_setting *secret =
            duet_names_same(name, "secret") && word ? duet_names_setting(system, word) : NULL;
        if (duet_names_same(name, "secret") &&
            (!secret || secret->type->kind != DUET_AST_TYPE_SECRET))
            duet_checker_report(check, DUET_DIAG_AUTH_ENTRY, entry->value->at,
                                "a webhook's secret is a setting of type secret");
        else if (!word && entry->value->kind != DUET_AST_VALUE_PATH)
            duet_checker_report(check, DUET_DIAG_AUTH_ENTRY, entry->value->at,
                                "'%s' wants a path or a name", name);
        return;
    }
    struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_AUTH_ENTRY, entry->path->at,
                                                 "a webhook has no '%s'", name);
    struct duet_suggest suggest = duet_suggest_all(name, webhook_entries, count);
    duet_propose(check->arena, diag, entry->path->at, &suggest);
}

static void check_webhook(struct duet_checker *check, const struct duet_ast_system *system,
                          const struct duet_ast_webhook *webhook)
{
    bool key = false;
    duet_checker_assigned_once(check, &webhook->entries);
    for (const struct duet_ast_assign *entry = webhook->entries.first; entry; entry = entry->next) {
        check_webhook_entry(check, system, entry);
        key = key || duet_names_same(entry->path->text, "key");
    }
    if (!key && !duet_checker_damaged(check, webhook->at, "key"))
        duet_diag_help(duet_checker_report(check, DUET_DIAG_AUTH_ENTRY, webhook->at,
                                           "a webhook must say where the record's key stands"),
                       "add `key = PATH;`");
}

/* Whether an operation of this verb is of nothing that there is: it may be the one that is missing. */
static bool has_misnamed(const struct duet_ast_system *system, enum duet_ast_verb verb)
{
    for (const struct duet_ast_operation *operation = system->http->operations.first; operation;
         operation = operation->next) {
        if (operation->verb == verb &&
            duet_checker_op_kind(system, verb, operation->noun.text) == DUET_OP_ANY)
            return true;
    }
    return false;
}

void duet_checker_http(struct duet_checker *check, struct duet_m_record *record)
{
    const struct duet_ast_http *http = record->system->http;
    const struct duet_m_place place = { .record = record };
    struct duet_m_place envelope = place;
    envelope.envelope = true;

    check_text(check, &place, http->base);
    check_template(check, &place, http->query);
    check_headers(check, &place, &http->headers);
    check_template(check, &envelope, http->envelope);
    check_auth(check, place, http->auth);
    check_outcomes(check, http->outcomes.first);
    duet_checker_paths_once(check, &http->failed_text);
    if (!http->base && !duet_checker_http_lacks(check, http, "base"))
        duet_diag_help(duet_checker_report(check, DUET_DIAG_BAD_OPERATION, http->at,
                                           "nothing says where '%s' is", record->system->name.text),
                       "add `base \"https://...\";`");
    for (const struct duet_ast_operation *operation = http->operations.first; operation;
         operation = operation->next) {
        check_noun(check, record->system, operation->verb, operation->noun);
        if (duet_checker_op_is_of(record, operation))
            check_operation(check, record, operation);
    }
    for (const struct duet_ast_quota *quota = http->quotas.first; quota; quota = quota->next)
        check_quota(check, record->system, quota);
    if (http->webhook)
        check_webhook(check, record->system, http->webhook);
    if (!duet_checker_has_op(record, DUET_OP_CHANGED) &&
        !has_misnamed(record->system, DUET_AST_VERB_CHANGED) &&
        !duet_checker_http_lacks(check, http, "changed"))
        duet_checker_report(check, DUET_DIAG_OPERATION_MISSING, record->ast->name.at,
                            "nothing says how to ask for '%s' records that changed",
                            record->ast->name.text);
}
