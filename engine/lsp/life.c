/* What the editor says of itself at the start, and what the server says that it can. */
#include <string.h>

#include "dsl/arena.h"
#include "engine/lsp/inside.h"
#include "engine/lsp/semantic.h"
#include "engine/lsp/uri.h"

json_t *duet_lsp_text(const char *text)
{
    json_t *value = json_string(text);
    if (value)
        return value;
    struct duet_arena *arena = duet_arena_new();
    char *plain = duet_arena_copy_text(arena, text, strlen(text));
    for (char *c = plain; *c; c++)
        *c = (unsigned char)*c < 0x80 ? *c : '?';
    value = json_string(plain);
    duet_arena_free(arena);
    return value;
}

const char *duet_lsp_member(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* --- what the editor can --------------------------------------------------------------------------------- */

/* A member far down: names from the outside in, NULL at the end. */
static const json_t *deep(const json_t *object, const char *const *names)
{
    while (object && *names)
        object = json_object_get(object, *names++);
    return object;
}

static bool is_true(const json_t *object, const char *const *names)
{
    return json_is_true(deep(object, names));
}

static bool has_text(const json_t *array, const char *text)
{
    size_t index = 0;
    const json_t *item = NULL;
    json_array_foreach(array, index, item)
    {
        if (json_is_string(item) && strcmp(json_string_value(item), text) == 0)
            return true;
    }
    return false;
}

static void read_capabilities(struct duet_lsp *lsp, const json_t *can)
{
    static const char *const encodings[] = { "general", "positionEncodings", NULL };
    static const char *const markdown[] = { "textDocument", "hover", "contentFormat", NULL };
    static const char *const watching[] = { "workspace", "didChangeWatchedFiles",
                                            "dynamicRegistration", NULL };
    static const char *const changes[] = { "workspace", "workspaceEdit", "documentChanges", NULL };
    lsp->encoding = has_text(deep(can, encodings), "utf-8") ? DUET_UTF8 : DUET_UTF16;
    lsp->has_markdown = has_text(deep(can, markdown), "markdown");
    lsp->has_watching = is_true(can, watching);
    lsp->has_change_order = is_true(can, changes);
}

static void add_folder(struct duet_lsp *lsp, const char *uri)
{
    struct duet_arena *arena = duet_arena_new();
    if (uri && strncmp(uri, "file://", 7) == 0)
        json_array_append_new(lsp->folders, duet_lsp_text(duet_uri_path(arena, uri)));
    duet_arena_free(arena);
}

static void add_folders(struct duet_lsp *lsp, const json_t *folders)
{
    size_t index = 0;
    const json_t *folder = NULL;
    json_array_foreach(folders, index, folder)
    {
        add_folder(lsp, duet_lsp_member(folder, "uri"));
    }
}

static void remove_folder(struct duet_lsp *lsp, const char *uri)
{
    struct duet_arena *arena = duet_arena_new();
    const char *path = uri ? duet_uri_path(arena, uri) : "";
    for (size_t i = json_array_size(lsp->folders); i-- > 0;) {
        if (strcmp(json_string_value(json_array_get(lsp->folders, i)), path) == 0)
            json_array_remove(lsp->folders, i);
    }
    duet_arena_free(arena);
}

void duet_lsp_did_change_folders(struct duet_lsp *lsp, const json_t *params)
{
    const json_t *event = json_object_get(params, "event");
    size_t index = 0;
    const json_t *folder = NULL;
    json_array_foreach(json_object_get(event, "removed"), index, folder)
    {
        remove_folder(lsp, duet_lsp_member(folder, "uri"));
    }
    add_folders(lsp, json_object_get(event, "added"));
    duet_lsp_texts_changed(lsp);
}

/* --- what the server can --------------------------------------------------------------------------------- */

static json_t *capabilities(const struct duet_lsp *lsp)
{
    return json_pack("{s:s, s:{s:b, s:i, s:b}, s:b, s:b, s:b, s:b, s:{s:b}, s:{s:[s, s, s, s]}, "
                     "s:b, s:b, s:b, s:b,"
                     " s:{s:[s]}, s:{s:o, s:b}, s:{s:{s:b, s:b}}}",
                     "positionEncoding", lsp->encoding == DUET_UTF8 ? "utf-8" : "utf-16",
                     "textDocumentSync", "openClose", 1, "change", 2, "save", 1, "hoverProvider", 1,
                     "definitionProvider", 1, "referencesProvider", 1, "documentHighlightProvider",
                     1, "renameProvider", "prepareProvider", 1, "completionProvider",
                     "triggerCharacters", ".", " ", "\"", "{", "documentSymbolProvider", 1,
                     "workspaceSymbolProvider", 1, "foldingRangeProvider", 1,
                     "documentFormattingProvider", 1, "codeActionProvider", "codeActionKinds",
                     "quickfix", "semanticTokensProvider", "legend", duet_semantic_legend(), "full",
                     1, "workspace", "workspaceFolders", "supported", 1, "changeNotifications", 1);
}

json_t *duet_lsp_initialize(struct duet_lsp *lsp, const json_t *params)
{
    const char *pages = duet_lsp_member(json_object_get(params, "initializationOptions"), "pages");
    const json_t *folders = json_object_get(params, "workspaceFolders");
    read_capabilities(lsp, json_object_get(params, "capabilities"));
    if (pages)
        lsp->pages = duet_arena_copy_text(lsp->arena, pages, strlen(pages));
    add_folders(lsp, folders);
    if (!json_is_array(folders))
        add_folder(lsp, duet_lsp_member(params, "rootUri"));
    return json_pack("{s:o, s:{s:s, s:s}}", "capabilities", capabilities(lsp), "serverInfo", "name",
                     "duet", "version", lsp->version);
}

/* Files that change on disk while they aren't open. */
void duet_lsp_initialized(struct duet_lsp *lsp)
{
    if (!lsp->has_watching)
        return;
    duet_lsp_request(lsp, "client/registerCapability",
                     json_pack("{s:[{s:s, s:s, s:{s:[{s:s}]}}]}", "registrations", "id", "files",
                               "method", "workspace/didChangeWatchedFiles", "registerOptions",
                               "watchers", "globPattern", "**/*.duet"));
}
