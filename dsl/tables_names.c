#include "dsl/tables_names.h"

#include <string.h>

static const char *const side_names[] = { "left", "right" };
static const char *const choice_names[DUET_CHOICES] = { "left", "right", "none" };
static const char *const setting_names[DUET_SETTING_TYPES] = { "text", "url", "secret", "number" };
static const char *const type_names[DUET_TYPES] = { "text",    "enum", "integer", "number",
                                                    "boolean", "time", "person",  "list" };
static const char *const empty_names[DUET_EMPTIES] = { "default", "text", "null", "absent" };
static const char *const time_names[DUET_TIME_UNITS] = { "rfc3339", "format", "seconds",
                                                         "milliseconds" };
static const char *const rule_names[DUET_RULES] = { "required", "dependent", "max", "moves" };
static const char *const op_names[DUET_OPS] = {
#define X(upper, spelling, shape) spelling,
    DUET_OPERATIONS(X)
#undef X
};
static const char *const root_names[DUET_ROOTS] = { "record", "status", "body", "row", "header" };
static const char *const json_names[DUET_JSON_KINDS] = { "object", "array", "string", "number",
                                                         "true",   "false", "null",   "value" };
static const char *const ref_names[DUET_REFS] = { "literal",   "setting",   "since", "key",
                                                  "version",   "field",     "claim", "fields",
                                                  "section",   "batch",     "body",  "note.text",
                                                  "note.html", "note.uuid", "page",  "size",
                                                  "changed",   "found" };
static const char *const auth_names[DUET_AUTHS] = { "oauth2", "header", "bearer", "basic", "jwt" };
static const char *const op_kind_names[DUET_OP_KINDS] = { "any",        "changed",  "read",
                                                          "find",       "create",   "write",
                                                          "list notes", "add note", "lookup" };
static const char *const body_names[DUET_BODIES] = { "none", "json", "whole", "changed" };
static const char *const answer_names[DUET_ANSWERS] = { "ok",        "stale",   "gone",
                                                        "throttled", "refused", "transient",
                                                        "denied" };
static const char *const page_names[DUET_PAGES] = { "link", "header link", "index", "offset",
                                                    "cursor" };
static const char *const place_names[DUET_PAGE_PLACES] = { "query", "body" };
static const char *const direction_names[DUET_DIRECTIONS] = { "<->", "->", "<-" };
static const char *const relation_names[DUET_RELATIONS] = { "same", "enum", "person", "convert" };
static const char *const unknown_names[DUET_UNKNOWNS] = { "quarantine", "keep", "value" };
static const char *const policy_names[DUET_POLICIES] = { "none",   "side", "highest",
                                                         "lowest", "hold", "newest" };
static const char *const event_names[DUET_EVENTS] = { "close", "reopen", "move", "change",
                                                      "signal" };
static const char *const verb_names[DUET_VERBS] = { "send", "fetch", "clear" };
static const char *const transform_names[DUET_TRANSFORMS] = { "truncate", "trim", "lower", "upper",
                                                              "prefix" };

#define NAMES(section, column, names)                                                              \
    {                                                                                              \
        DUET_SECTION_##section, column, names, sizeof(names) / sizeof *(names)                     \
    }

static const struct code {
    enum duet_section section;
    const char *column;
    const char *const *names;
    size_t count;
} codes[] = {
    NAMES(SETTING, "type", setting_names),
    NAMES(FIELD, "type", type_names),
    NAMES(FIELD, "empty", empty_names),
    NAMES(FIELD, "time_unit", time_names),
    NAMES(RULE, "kind", rule_names),
    NAMES(EXPR, "op", op_names),
    NAMES(EXPR, "side", side_names),
    NAMES(EXPR, "root", root_names),
    NAMES(JSON, "kind", json_names),
    NAMES(PIECE, "ref", ref_names),
    NAMES(AUTH, "kind", auth_names),
    NAMES(QUOTA, "what", op_kind_names),
    NAMES(CLASS, "answer", answer_names),
    NAMES(OP, "kind", op_kind_names),
    NAMES(OP, "body_kind", body_names),
    NAMES(PAGE, "kind", page_names),
    NAMES(PAGE, "where", place_names),
    NAMES(NOTES, "time_unit", time_names),
    NAMES(MAPPING, "first_contact", choice_names),
    NAMES(CREATE, "target", side_names),
    NAMES(UNIT, "policy", policy_names),
    NAMES(UNIT, "policy_side", choice_names),
    NAMES(PAIR, "direction", direction_names),
    NAMES(PAIR, "relation", relation_names),
    NAMES(PAIR, "unknown", unknown_names),
    NAMES(ARM, "direction", direction_names),
    NAMES(TRANSFORM, "kind", transform_names),
    NAMES(TRIGGER, "side", side_names),
    NAMES(TRIGGER, "event", event_names),
    NAMES(TRIGGER, "verb", verb_names),
    NAMES(NOTE_PAIR, "direction", direction_names),
};

const char *duet_tables_code_name(enum duet_section section, const char *column, uint32_t code)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (codes[i].section == section && strcmp(codes[i].column, column) == 0)
            return code < codes[i].count ? codes[i].names[code] : NULL;
    }
    return NULL;
}

const char *duet_tables_op_name(enum duet_op op)
{
    return op < DUET_OPS ? op_names[op] : NULL;
}

const struct duet_operation *duet_operation(uint32_t op)
{
    static const struct duet_operation operations[DUET_OPS] = {
#define X(upper, text, form) { .spelling = (text), .shape = DUET_SHAPE_##form },
        DUET_OPERATIONS(X)
#undef X
    };
    return &operations[op];
}

const char *duet_tables_ref_name(enum duet_ref ref)
{
    bool has_own = ref == DUET_REF_LITERAL || ref == DUET_REF_SETTING || ref == DUET_REF_FIELD ||
                   ref == DUET_REF_FOUND;
    return has_own || ref >= DUET_REFS ? NULL : ref_names[ref];
}

const char *duet_tables_flag_name(uint32_t flag)
{
    switch (flag) {
    case DUET_FIELD_REQUIRED:
        return "required";
    case DUET_FIELD_READ_ONLY:
        return "read only";
    case DUET_FIELD_AS_TEXT:
        return "as text";
    case DUET_FIELD_SCALAR:
        return "scalar";
    case DUET_FIELD_WHOLE:
        return "whole";
    default: /* a number, not an enum: any bit may come */
        return NULL;
    }
}
