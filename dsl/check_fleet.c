/* Hubs and tenants: settings against their systems, sides against their hubs, tables against the mapping. */
#include <limits.h>
#include <string.h>
#include <strings.h>

#include "dsl/arena.h"
#include "dsl/check.h"
#include "dsl/fleet_config.h"
#include "dsl/names.h"
#include "dsl/propose.h"
#include "dsl/types.h"

const struct duet_fleet_setting *duet_fleet_setting(const struct duet_fleet_settings *settings,
                                                    const char *name)
{
    for (size_t i = 0; i < settings->count; i++) {
        if (strcmp(settings->list[i].name, name) == 0)
            return &settings->list[i];
    }
    return NULL;
}

static const char *resolved(struct duet_checker *check, const char *path, struct duet_span at)
{
    char buffer[PATH_MAX];
    const char *from = duet_source_path(check->sources, at.file);
    if (!duet_source_resolve(from, path, buffer, sizeof buffer)) {
        duet_checker_report(check, DUET_DIAG_SETTING_KIND, at, "the path '%s' is too long", path);
        return path;
    }
    return duet_arena_copy_text(check->arena, buffer, strlen(buffer));
}

/* --- one setting ------------------------------------------------------------------------------ */

/* What a value is, whatever it is for. False for lists, null and the like. */
static bool take_value(struct duet_checker *check, const struct duet_ast_value *value,
                       struct duet_fleet_setting *out)
{
    switch (value->kind) {
    case DUET_AST_VALUE_TEXT:
        out->kind = DUET_SETTING_IS_TEXT;
        out->text = value->text;
        return true;
    case DUET_AST_VALUE_PATH:
        out->kind = DUET_SETTING_IS_TEXT;
        out->text = duet_names_plain(check->arena, value->path->steps.first);
        return true;
    case DUET_AST_VALUE_ENV:
        out->kind = DUET_SETTING_IS_ENV;
        out->text = value->text;
        return true;
    case DUET_AST_VALUE_FILE:
        out->kind = DUET_SETTING_IS_FILE;
        out->text = resolved(check, value->text, value->at);
        return true;
    case DUET_AST_VALUE_INTEGER:
    case DUET_AST_VALUE_DURATION:
        out->kind = DUET_SETTING_IS_NUMBER;
        out->text = duet_arena_format(check->arena, "%lld", (long long)value->integer);
        return true;
    case DUET_AST_VALUE_DECIMAL:
        out->kind = DUET_SETTING_IS_TEXT;
        out->text = value->text;
        return true;
    case DUET_AST_VALUE_TRUE:
    case DUET_AST_VALUE_FALSE:
        out->kind = DUET_SETTING_IS_TEXT;
        out->text = value->kind == DUET_AST_VALUE_TRUE ? "true" : "false";
        return true;
    case DUET_AST_VALUE_NULL:
    case DUET_AST_VALUE_NONE:
    case DUET_AST_VALUE_ABSENT:
    case DUET_AST_VALUE_LIST:
        break;
    }
    duet_checker_report(check, DUET_DIAG_SETTING_KIND, value->at,
                        "a setting is a text, a number, `env NAME` or `file \"path\"`");
    return false;
}

static const char *expected_of(enum duet_ast_type_kind kind)
{
    switch (kind) {
    case DUET_AST_TYPE_URL:
        return "a url that begins with http:// or https://";
    case DUET_AST_TYPE_INTEGER:
        return "a whole number";
    case DUET_AST_TYPE_NUMBER:
        return "a number";
    case DUET_AST_TYPE_BOOLEAN:
        return "true or false";
    case DUET_AST_TYPE_DURATION:
        return "a duration such as 30s";
    case DUET_AST_TYPE_SECRET:
    case DUET_AST_TYPE_TEXT:
    case DUET_AST_TYPE_HTML:
    case DUET_AST_TYPE_TIME:
    case DUET_AST_TYPE_ENUM:
    case DUET_AST_TYPE_DEPENDENT:
    case DUET_AST_TYPE_PERSON:
    case DUET_AST_TYPE_LIST:
    case DUET_AST_TYPE_NOTES:
        break;
    }
    return "a quoted text";
}

static bool is_url(const char *text)
{
    return strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
}

static bool fits(enum duet_ast_type_kind kind, const struct duet_ast_value *value)
{
    if (value->kind == DUET_AST_VALUE_ENV || value->kind == DUET_AST_VALUE_FILE)
        return true;
    bool text = value->kind == DUET_AST_VALUE_TEXT || value->kind == DUET_AST_VALUE_PATH;
    switch (kind) {
    case DUET_AST_TYPE_URL:
        return value->kind == DUET_AST_VALUE_TEXT && is_url(value->text);
    case DUET_AST_TYPE_INTEGER:
        return value->kind == DUET_AST_VALUE_INTEGER;
    case DUET_AST_TYPE_NUMBER:
        return value->kind == DUET_AST_VALUE_INTEGER || value->kind == DUET_AST_VALUE_DECIMAL;
    case DUET_AST_TYPE_BOOLEAN:
        return value->kind == DUET_AST_VALUE_TRUE || value->kind == DUET_AST_VALUE_FALSE;
    case DUET_AST_TYPE_DURATION:
        return value->kind == DUET_AST_VALUE_DURATION;
    case DUET_AST_TYPE_SECRET:
    case DUET_AST_TYPE_TEXT:
    case DUET_AST_TYPE_HTML:
    case DUET_AST_TYPE_TIME:
    case DUET_AST_TYPE_ENUM:
    case DUET_AST_TYPE_DEPENDENT:
    case DUET_AST_TYPE_PERSON:
    case DUET_AST_TYPE_LIST:
    case DUET_AST_TYPE_NOTES:
        break;
    }
    return text;
}

static void check_kind(struct duet_checker *check, const struct duet_ast_setting *setting,
                       const struct duet_ast_value *value)
{
    if (!fits(setting->type->kind, value)) {
        struct duet_diag *diag =
            duet_checker_report(check, DUET_DIAG_SETTING_KIND, value->at, "setting '%s' is %s",
                                setting->name.text, expected_of(setting->type->kind));
        duet_diag_note(diag, setting->type->at, "its type stands here");
        return;
    }
    bool written = value->kind == DUET_AST_VALUE_TEXT && value->text[0] != '\0';
    if (setting->type->kind == DUET_AST_TYPE_SECRET && written)
        duet_diag_help(duet_checker_report(check, DUET_DIAG_SECRET_IN_FILE, value->at,
                                           "the secret '%s' stands in the file",
                                           setting->name.text),
                       "write `env NAME` or `file \"path\"`");
}

static const struct duet_ast_setting *need_setting(struct duet_checker *check,
                                                   const struct duet_ast_system *system,
                                                   const struct duet_ast_path *path)
{
    const struct duet_ast_setting *found =
        duet_names_setting(system, duet_names_plain(check->arena, path->steps.first));
    if (found ||
        duet_checker_system_lacks(check, system, duet_names_plain(check->arena, path->steps.first)))
        return found;
    struct duet_suggest suggest = duet_checker_suggest(check, path->text);
    for (const struct duet_ast_setting *setting = system->settings.first; setting;
         setting = setting->next)
        duet_suggest_offer(&suggest, setting->name.text);
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_UNKNOWN_SETTING, path->at,
                            "system '%s' has no setting '%s'", system->name.text, path->text);
    duet_propose(check->arena, diag, path->at, &suggest);
    return NULL;
}

/* --- all settings of a place ------------------------------------------------------------------ */

/* `system` NULL: any name and kind is taken (the settings of `fleet`). unknown_out: a name wasn't there. */
static struct duet_fleet_settings take_settings(struct duet_checker *check,
                                                const struct duet_ast_system *system,
                                                const struct duet_ast_assign_list *assigns,
                                                bool *unknown_out)
{
    struct duet_fleet_setting *list =
        duet_arena_alloc_array(check->arena, assigns->count + 1, sizeof *list);
    struct duet_fleet_settings settings = { .list = list };
    struct duet_word_index *taken = duet_word_index_new(check->arena);
    *unknown_out = false;
    for (const struct duet_ast_assign *assign = assigns->first; assign; assign = assign->next) {
        const struct duet_ast_setting *setting =
            system ? need_setting(check, system, assign->path) : NULL;
        struct duet_fleet_setting *out = &list[settings.count];
        if (system && !setting) {
            *unknown_out = true;
            continue;
        }
        if (duet_word_index_find(taken, assign->path->text) != DUET_NONE)
            duet_propose_removal(duet_checker_report(check, DUET_DIAG_DEFINED_TWICE,
                                                     assign->path->at, "setting '%s' stands twice",
                                                     assign->path->text),
                                 DUET_FIX_MAYBE, check->sources, assign->at);
        out->name = duet_names_plain(check->arena, assign->path->steps.first);
        if (!take_value(check, assign->value, out))
            continue;
        if (setting)
            check_kind(check, setting, assign->value);
        (void)duet_word_index_add(taken, out->name, 0);
        settings.count++;
    }
    return settings;
}

static struct duet_word_index *assigned(const struct duet_checker *check,
                                        const struct duet_ast_assign_list *assigns)
{
    struct duet_word_index *names = duet_word_index_new(check->arena);
    for (const struct duet_ast_assign *assign = assigns->first; assign; assign = assign->next) {
        if (!assign->path->steps.first->next)
            (void)duet_word_index_add(names, assign->path->steps.first->name.text, 0);
    }
    return names;
}

/* A misspelt setting may be the one that is missing: it is reported once, as misspelt. */
static void check_missing(struct duet_checker *check, const struct duet_ast_system *system,
                          const struct duet_ast_assign_list *assigns, struct duet_span at,
                          struct duet_span whole)
{
    const struct duet_word_index *names = assigned(check, assigns);
    for (const struct duet_ast_setting *setting = system->settings.first; setting;
         setting = setting->next) {
        if (setting->default_value ||
            duet_word_index_find(names, setting->name.text) != DUET_NONE ||
            duet_checker_damaged(check, whole, setting->name.text))
            continue;
        struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_SETTING_MISSING, at,
                                                     "setting '%s' of system '%s' has no value",
                                                     setting->name.text, system->name.text);
        duet_diag_note(diag, setting->name.at, "defined here");
        duet_diag_help(diag, "add `%s = %s;`", setting->name.text,
                       setting->type->kind == DUET_AST_TYPE_SECRET ? "env NAME" : "...");
    }
}

static uint32_t milliseconds(struct duet_checker *check, struct duet_ast_duration every)
{
    if (!every.given)
        return 0;
    if (every.milliseconds < 1 || every.milliseconds > UINT32_MAX) {
        duet_checker_report(check, DUET_DIAG_TOO_MANY, every.at,
                            "from 1ms to 49 days are possible here");
        return 0;
    }
    return (uint32_t)every.milliseconds;
}

/* --- hubs ------------------------------------------------------------------------------------- */

void duet_checker_hub(struct duet_checker *check, const struct duet_ast_hub *hub,
                      struct duet_fleet_hub *out)
{
    const struct duet_ast_system *system = duet_names_need_system(check, hub->system);
    bool unknown = false;
    out->name = hub->name.text;
    out->system = hub->system.text;
    out->every_ms = milliseconds(check, hub->every);
    out->file = duet_source_path(check->sources, hub->at.file);
    out->line = duet_source_position(check->sources, hub->at.file, hub->at.start).line;
    if (!system)
        return;
    out->settings = take_settings(check, system, &hub->settings, &unknown);
    if (!unknown)
        check_missing(check, system, &hub->settings, hub->name.at, hub->at);
}

/* --- tenants ---------------------------------------------------------------------------------- */

static void take_side(struct duet_checker *check, const struct duet_ast_tenant_side *ast,
                      const struct duet_ast_system *system, const struct duet_fleet_config *fleet,
                      struct duet_fleet_side *out)
{
    bool unknown = false;
    out->settings = take_settings(check, system, &ast->settings, &unknown);
    if (!ast->shared.text) {
        if (!unknown)
            check_missing(check, system, &ast->settings, ast->name.at, ast->at);
        return;
    }
    const struct duet_ast_hub *hub = duet_names_need_hub(check, ast->shared);
    out->hub = hub ? duet_word_index_find(fleet->hubs_by_name, hub->name.text) : DUET_NONE;
    if (!hub || duet_names_same(hub->system.text, system->name.text) || !hub->system.text)
        return;
    struct duet_diag *diag = duet_checker_report(
        check, DUET_DIAG_BAD_TENANT, ast->shared.at, "hub '%s' runs '%s', and side '%s' is '%s'",
        hub->name.text, hub->system.text, ast->name.text, system->name.text);
    duet_diag_note(diag, hub->system.at, "it says so here");
}

static void take_sides(struct duet_checker *check, const struct duet_ast_tenant *tenant,
                       const struct duet_m_mapping *model, const struct duet_fleet_config *fleet,
                       struct duet_fleet_tenant *out)
{
    const struct duet_ast_tenant_side *said[2] = { NULL, NULL };
    bool lost = false;
    for (const struct duet_ast_tenant_side *side = tenant->sides.first; side; side = side->next) {
        int found = duet_names_need_side(check, model->side_names, side->name.text, side->name.at);
        if (found < 0) {
            lost = true;
            continue;
        }
        if (said[found]) {
            duet_diag_note(duet_checker_report(check, DUET_DIAG_BAD_TENANT, side->name.at,
                                               "side '%s' stands twice", side->name.text),
                           said[found]->name.at, "first here");
            continue;
        }
        said[found] = side;
        if (model->records[found])
            take_side(check, side, model->records[found]->system, fleet, &out->sides[found]);
    }
    for (int side = 0; side < 2 && !lost; side++) {
        if (said[side] || duet_checker_damaged(check, tenant->at, model->side_names[side]))
            continue;
        struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_BAD_TENANT, tenant->name.at,
                                                     "tenant '%s' says nothing about side '%s'",
                                                     tenant->name.text, model->side_names[side]);
        duet_diag_help(diag, "add `side %s { ... }` or `side %s shared HUB;`",
                       model->side_names[side], model->side_names[side]);
    }
}

static bool uses_table(const struct duet_m_mapping *model, const char *name,
                       struct duet_suggest *suggest)
{
    for (uint32_t u = 0; u < model->unit_count; u++) {
        for (uint32_t p = 0; p < model->units[u].pair_count; p++) {
            const char *table = model->units[u].pairs[p].ast->attributes.via.text;
            if (duet_names_same(table, name))
                return true;
            if (suggest && table)
                duet_suggest_offer(suggest, table);
        }
    }
    return false;
}

static void take_tables(struct duet_checker *check, const struct duet_ast_tenant *tenant,
                        const struct duet_m_mapping *model, struct duet_fleet_tenant *out)
{
    struct duet_fleet_table *tables =
        duet_arena_alloc_array(check->arena, tenant->tables.count + 1, sizeof *tables);
    struct duet_word_index *names = duet_word_index_new(check->arena);
    out->person_tables = tables;
    for (const struct duet_ast_tenant_table *table = tenant->tables.first; table;
         table = table->next) {
        struct duet_suggest suggest = duet_checker_suggest(check, table->name.text);
        uint32_t number = (uint32_t)out->person_table_count;
        if (duet_word_index_add(names, table->name.text, number) != number)
            duet_checker_report(check, DUET_DIAG_DEFINED_TWICE, table->name.at,
                                "table '%s' stands twice", table->name.text);
        if (!uses_table(model, table->name.text, &suggest) &&
            !duet_checker_mapping_lacks(check, model->ast, table->name.text)) {
            struct duet_diag *diag = duet_checker_report(
                check, DUET_DIAG_UNKNOWN_TABLE, table->name.at, "mapping '%s' uses no table '%s'",
                model->ast->name.text, table->name.text);
            duet_propose(check->arena, diag, table->name.at, &suggest);
        }
        tables[out->person_table_count++] =
            (struct duet_fleet_table){ table->name.text,
                                       resolved(check, table->file.text, table->file.at) };
    }
}

static bool has_table(const struct duet_fleet_tenant *tenant, const char *name)
{
    for (size_t i = 0; i < tenant->person_table_count; i++) {
        if (duet_names_same(tenant->person_tables[i].name, name))
            return true;
    }
    return false;
}

/* A table that is given but used by nothing may be the misspelt one. */
static void check_tables(struct duet_checker *check, const struct duet_ast_tenant *tenant,
                         const struct duet_m_mapping *model, const struct duet_fleet_tenant *out)
{
    for (size_t i = 0; i < out->person_table_count; i++) {
        if (!uses_table(model, out->person_tables[i].name, NULL))
            return;
    }
    for (uint32_t u = 0; u < model->unit_count; u++) {
        for (uint32_t p = 0; p < model->units[u].pair_count; p++) {
            const char *table = model->units[u].pairs[p].table;
            if (!table || has_table(out, table) || duet_checker_damaged(check, tenant->at, table))
                continue;
            struct duet_diag *diag = duet_checker_report(
                check, DUET_DIAG_TABLE_FILE_MISSING, tenant->name.at,
                "tenant '%s' gives no file for table '%s'", tenant->name.text, table);
            duet_diag_note(diag, model->units[u].pairs[p].ast->attributes.via.at, "used here");
            duet_diag_help(diag, "add `table %s from \"%s.csv\";`", table, table);
        }
    }
}

void duet_checker_tenant(struct duet_checker *check, const struct duet_ast_tenant *tenant,
                         const struct duet_m_mapping *model, struct duet_fleet_config *fleet,
                         struct duet_fleet_tenant *out)
{
    out->name = tenant->name.text;
    out->sides[DUET_LEFT].hub = DUET_NONE;
    out->sides[DUET_RIGHT].hub = DUET_NONE;
    out->every_ms = milliseconds(check, tenant->every);
    out->file = duet_source_path(check->sources, tenant->at.file);
    out->line = duet_source_position(check->sources, tenant->at.file, tenant->at.start).line;
    take_sides(check, tenant, model, fleet, out);
    take_tables(check, tenant, model, out);
    check_tables(check, tenant, model, out);
}

void duet_checker_fleet(struct duet_checker *check, const struct duet_ast_fleet *fleet,
                        struct duet_fleet_config *out)
{
    bool unknown = false;
    out->settings = take_settings(check, NULL, &fleet->settings, &unknown);
    out->every_ms = milliseconds(check, fleet->every);
}
