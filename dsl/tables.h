/* Rule tables: the compiler's product, one immutable block of bytes that engine, checker and tests execute.
 *
 * Position-independent (indexes and offsets, no pointers), so a block may be written to a file, mapped and shared. Everything in
 * it is a 32-bit word in the machine's byte order (little-endian; another order is refused by the magic number):
 *
 *     magic, version, size in bytes, checksum (FNV-1a, 32 bits, over everything behind it), strings' offset and size,
 *     then for each section: offset, rows; then the sections' rows; then the strings.
 *
 * duet_tables_open() looks at everything before anything is used: offsets, counts, kinds, references, and what the columns promise
 * each other (matrix sizes, which operands an operation has). After it succeeded, every accessor here is safe for every index
 * that the tables themselves contain. Rows and strings live as long as the bytes do. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsl/status.h"
#include "dsl/tables.def"

#define DUET_TABLES_VERSION 1U
#define DUET_NONE 0xffffffffU
#define DUET_TABLES_MAX_BYTES (64U << 20)
#define DUET_MAX_FIELDS                                                                            \
    64U /* a side's fields, a mapping's units and triggers: sets of them are 64-bit masks */
#define DUET_MAX_EXPR_DEPTH                                                                        \
    64U /* conditions and JSON templates: deeper is refused by compiler and loader */
#define DUET_MAX_PREDICATES 256U /* of a record */
#define DUET_MAX_VALUES 4096U    /* of an enum */
#define DUET_MAX_STEPS 64U       /* of a path */
#define DUET_MAX_BATCH 10000U    /* records in one request */
#define DUET_MAX_PAGE 1000000U   /* rows a page */
#define DUET_MIN_NOTE_LENGTH 64U /* a part of a note must have room for its mark and some text */

enum duet_section {
#define X(upper, lower) DUET_SECTION_##upper,
    DUET_SECTIONS(X)
#undef X
        DUET_SECTION_COUNT
};

#define DUET_WORD_STR(name) uint32_t name;
#define DUET_WORD_REF(name, section) uint32_t name;
#define DUET_WORD_RANGE(name, section)                                                             \
    uint32_t name;                                                                                 \
    uint32_t name##_count;
#define DUET_WORD_CODE(name, limit) uint32_t name;
#define DUET_WORD_MASK(name)                                                                       \
    uint32_t name##_lo;                                                                            \
    uint32_t name##_hi;

/* struct duet_t_side, struct duet_t_field, ... one for each section of tables.def. */
#define X(upper, lower)                                                                            \
    struct duet_t_##lower {                                                                        \
        DUET_COLUMNS_##upper(DUET_WORD_STR, DUET_WORD_STR, DUET_WORD_REF, DUET_WORD_REF,           \
                             DUET_WORD_RANGE, DUET_WORD_CODE, DUET_WORD_STR, DUET_WORD_MASK)       \
    };
DUET_SECTIONS(X)
#undef X

enum duet_side { DUET_LEFT, DUET_RIGHT };

static inline enum duet_side duet_other(enum duet_side side)
{
    return side == DUET_LEFT ? DUET_RIGHT : DUET_LEFT;
}

/* A decision that may also be nobody's: `first contact`, the fallback of a policy. */
enum duet_choice { DUET_CHOOSE_LEFT, DUET_CHOOSE_RIGHT, DUET_CHOOSE_NONE, DUET_CHOICES };

enum duet_setting_type {
    DUET_SETTING_TEXT,
    DUET_SETTING_URL,
    DUET_SETTING_SECRET,
    DUET_SETTING_NUMBER,
    DUET_SETTING_TYPES
};

enum duet_type {
    DUET_TYPE_TEXT,
    DUET_TYPE_ENUM,
    DUET_TYPE_INTEGER,
    DUET_TYPE_NUMBER, /* with a fraction */
    DUET_TYPE_BOOLEAN,
    DUET_TYPE_TIME,
    DUET_TYPE_PERSON,
    DUET_TYPE_LIST, /* of text */
    DUET_TYPES
};

enum duet_field_flag {
    DUET_FIELD_REQUIRED = 1,
    DUET_FIELD_READ_ONLY = 2,
    DUET_FIELD_AS_TEXT = 4, /* a number that stands as text in the record */
    DUET_FIELD_SCALAR = 8, /* a person that is one string in the record, not an object of members */
    DUET_FIELD_WHOLE = 16  /* a list that is written as a whole */
};

/* What is written when a field is emptied, and which raw value counts as missing besides an absent member and null. DEFAULT: left out of
 * a whole record; elsewhere "" for text, enums and persons and null for the rest; and "" reads as missing. ABSENT or NULL: that is
 * written, and "" is a text of its own. TEXT: `empty_text` is written and reads as missing, as does "". */
enum duet_empty {
    DUET_EMPTY_DEFAULT,
    DUET_EMPTY_TEXT,
    DUET_EMPTY_NULL,
    DUET_EMPTY_ABSENT,
    DUET_EMPTIES
};

enum duet_time_unit {
    DUET_TIME_RFC3339,
    DUET_TIME_FORMAT,
    DUET_TIME_SECONDS,
    DUET_TIME_MILLISECONDS,
    DUET_TIME_UNITS
};

enum duet_rule_kind {
    DUET_RULE_REQUIRED,  /* `field` must be there (while `when` holds, if given) */
    DUET_RULE_DEPENDENT, /* `field` must be legal for the value of what it depends on */
    DUET_RULE_MAX,       /* text no longer than `max` UTF-16 units */
    DUET_RULE_MOVES,     /* value before -> value after must be a legal move */
    DUET_RULES
};

/* How an expression row is read: see DUET_OPERATIONS in tables.def. `left`, `right`, `list` are rows of EXPR. */
enum duet_op {
#define X(upper, spelling, shape) DUET_EXPR_##upper,
    DUET_OPERATIONS(X)
#undef X
        DUET_OPS
};

enum duet_shape {
    DUET_SHAPE_JOIN,
    DUET_SHAPE_NEGATE,
    DUET_SHAPE_COMPARE,
    DUET_SHAPE_LIST,
    DUET_SHAPE_ASK,
    DUET_SHAPE_CHANGE,
    DUET_SHAPE_WAS,
    DUET_SHAPE_PREDICATE,
    DUET_SHAPE_FIELD,
    DUET_SHAPE_PATH,
    DUET_SHAPE_CONSTANT
};

struct duet_operation {
    const char *spelling;
    enum duet_shape shape;
};

/* Of an operation's number, which must be less than DUET_OPS. */
const struct duet_operation *duet_operation(uint32_t op);

/* What a path in a condition on an answer starts from. */
enum duet_root {
    DUET_ROOT_RECORD,
    DUET_ROOT_STATUS,
    DUET_ROOT_BODY,
    DUET_ROOT_ROW,
    DUET_ROOT_HEADER,
    DUET_ROOTS
};

enum duet_json_kind {
    DUET_JSON_OBJECT,
    DUET_JSON_ARRAY,
    DUET_JSON_STRING,
    DUET_JSON_NUMBER,
    DUET_JSON_TRUE,
    DUET_JSON_FALSE,
    DUET_JSON_NULL,
    DUET_JSON_VALUE,
    DUET_JSON_KINDS
};

enum duet_ref {
    DUET_REF_LITERAL,
    DUET_REF_SETTING, /* `{arm}`, `user` */
    DUET_REF_SINCE,   /* the cursor minus the overlap, in the `modified` field's own format */
    DUET_REF_KEY,     /* the record's key */
    DUET_REF_VERSION, /* the version last seen */
    DUET_REF_FIELD,   /* `incident.title`: the value to be written */
    DUET_REF_CLAIM, /* `incident.claim`: the signed, tenant-qualified mark of the other side's record */
    DUET_REF_FIELDS,    /* an object: what this request carries, by write name */
    DUET_REF_SECTION,   /* the form section's title */
    DUET_REF_BATCH,     /* a list: one item a record */
    DUET_REF_BODY,      /* in an envelope: the request's own body */
    DUET_REF_NOTE_TEXT, /* with duet's mark where the system gives no ids */
    DUET_REF_NOTE_HTML,
    DUET_REF_NOTE_UUID, /* derived, the same for every try */
    DUET_REF_PAGE,      /* page number, row offset or cursor of the page asked for */
    DUET_REF_SIZE,      /* rows a page */
    DUET_REF_CHANGED, /* an object: what this request carries, at the places that it has in a record */
    DUET_REF_FOUND, /* in `lookup ... then`: `found.id`, path in `text` */
    DUET_REFS
};

enum duet_auth_kind {
    DUET_AUTH_OAUTH2,
    DUET_AUTH_HEADER,
    DUET_AUTH_BEARER,
    DUET_AUTH_BASIC,
    DUET_AUTH_JWT,
    DUET_AUTHS
};

enum duet_op_kind {
    DUET_OP_ANY, /* in quotas only */
    DUET_OP_CHANGED,
    DUET_OP_READ,
    DUET_OP_FIND,
    DUET_OP_CREATE,
    DUET_OP_WRITE,
    DUET_OP_LIST_NOTES,
    DUET_OP_ADD_NOTE,
    DUET_OP_LOOKUP,
    DUET_OP_KINDS
};

enum duet_body_kind {
    DUET_BODY_NONE,
    DUET_BODY_JSON,    /* the template */
    DUET_BODY_WHOLE,   /* the record as read, owned paths patched; only the members in `whole` */
    DUET_BODY_CHANGED, /* only what changed, at its paths, below `under` where given */
    DUET_BODIES
};

/* What an answer means for the one who asked. OK needs a condition only where 2xx is not enough. */
enum duet_answer {
    DUET_ANSWER_OK,
    DUET_ANSWER_STALE,
    DUET_ANSWER_GONE,
    DUET_ANSWER_THROTTLED,
    DUET_ANSWER_REFUSED,   /* understood and turned down: asking again changes nothing */
    DUET_ANSWER_TRANSIENT, /* try again later */
    DUET_ANSWER_DENIED,    /* credentials */
    DUET_ANSWERS
};

enum duet_page_kind {
    DUET_PAGE_LINK,
    DUET_PAGE_HEADER_LINK,
    DUET_PAGE_INDEX,
    DUET_PAGE_OFFSET,
    DUET_PAGE_CURSOR,
    DUET_PAGES
};
enum duet_page_place { DUET_PAGE_IN_QUERY, DUET_PAGE_IN_BODY, DUET_PAGE_PLACES };

enum duet_direction { DUET_BOTH_WAYS, DUET_TO_RIGHT, DUET_TO_LEFT, DUET_DIRECTIONS };

enum duet_relation {
    DUET_RELATION_SAME,    /* texts, numbers, times, lists: equal after the transforms */
    DUET_RELATION_ENUM,    /* by `map` */
    DUET_RELATION_PERSON,  /* by the tenant's table */
    DUET_RELATION_CONVERT, /* between types, through text */
    DUET_RELATIONS
};

enum duet_unknown { DUET_UNKNOWN_QUARANTINE, DUET_UNKNOWN_KEEP, DUET_UNKNOWN_VALUE, DUET_UNKNOWNS };

enum duet_policy {
    DUET_POLICY_NONE, /* one-way */
    DUET_POLICY_SIDE, /* `policy_side` */
    DUET_POLICY_HIGHEST,
    DUET_POLICY_LOWEST,
    DUET_POLICY_HOLD,
    DUET_POLICY_NEWEST, /* else `policy_side` */
    DUET_POLICIES
};

enum duet_event {
    DUET_EVENT_CLOSE,
    DUET_EVENT_REOPEN,
    DUET_EVENT_MOVE,
    DUET_EVENT_CHANGE,
    DUET_EVENT_SIGNAL,
    DUET_EVENTS
};
enum duet_verb { DUET_SEND, DUET_FETCH, DUET_CLEAR, DUET_VERBS };

enum duet_transform_kind {
    DUET_TRANSFORM_TRUNCATE, /* to `number` UTF-16 units, never in the middle of a character; no inverse */
    DUET_TRANSFORM_TRIM,   /* white space at both ends; no inverse */
    DUET_TRANSFORM_LOWER,  /* ASCII; no inverse */
    DUET_TRANSFORM_UPPER,  /* ASCII; no inverse */
    DUET_TRANSFORM_PREFIX, /* `text` in front; inverse: taken off again */
    DUET_TRANSFORMS
};

struct duet_tables {
    const unsigned char
        *bytes; /* borrowed: 4-byte aligned, unchanged and alive as long as the tables are used */
    size_t size;
    const char *strings;
    uint32_t strings_size;
    struct {
        const uint32_t *rows;
        uint32_t count;
    } sections[DUET_SECTION_COUNT];
};

/* Validates in full. On DUET_INVALID `error` says what is wrong, and `tables_out` must not be used. */
enum duet_status duet_tables_open(const void *bytes, size_t size, struct duet_tables *tables_out,
                                  struct duet_error *error);

static inline const char *duet_str(const struct duet_tables *tables, uint32_t offset)
{
    return tables->strings + offset;
}

/* NULL for DUET_NONE. */
static inline const char *duet_opt_str(const struct duet_tables *tables, uint32_t offset)
{
    return offset == DUET_NONE ? NULL : tables->strings + offset;
}

/* duet_side_row(tables, i), duet_field_row(tables, i), ...: the row; NULL for DUET_NONE. */
#define X(upper, lower)                                                                            \
    static inline const struct duet_t_##lower *duet_##lower##_row(                                 \
        const struct duet_tables *tables, uint32_t i)                                              \
    {                                                                                              \
        if (i == DUET_NONE)                                                                        \
            return NULL;                                                                           \
        return (const struct duet_t_##lower *)(const void *)tables->sections[DUET_SECTION_##upper] \
                   .rows +                                                                         \
               i;                                                                                  \
    }
DUET_SECTIONS(X)
#undef X

static inline const struct duet_t_mapping *duet_mapping(const struct duet_tables *tables)
{
    return duet_mapping_row(tables, 0);
}

static inline uint64_t duet_mask(uint32_t lo, uint32_t hi)
{
    return ((uint64_t)hi << 32) | lo;
}

static inline uint64_t duet_bit(uint32_t i)
{
    return (uint64_t)1 << (i & 63U);
}

/* The number of a field within its side, as used in masks and value arrays. */
static inline uint32_t duet_field_number(const struct duet_tables *tables, enum duet_side side,
                                         uint32_t field)
{
    return field - duet_side_row(tables, side)->fields;
}

/* The side that a field belongs to. */
static inline enum duet_side duet_field_side(const struct duet_tables *tables, uint32_t field)
{
    const struct duet_t_side *right = duet_side_row(tables, DUET_RIGHT);
    bool is_right = field >= right->fields && field - right->fields < right->fields_count;
    return is_right ? DUET_RIGHT : DUET_LEFT;
}

/* The field of a pair on one side, as an index of FIELD. */
static inline uint32_t duet_pair_field(const struct duet_t_pair *pair, enum duet_side side)
{
    return side == DUET_LEFT ? pair->left : pair->right;
}

/* Bit `column` in line `line` of a bit matrix of `columns` columns that starts at WORD row `words`. */
bool duet_matrix_bit(const struct duet_tables *tables, uint32_t words, uint32_t columns,
                     uint32_t line, uint32_t column);

/* The rows and columns of the format, for the dump, the comparison and the validation. */
enum duet_column_kind {
    DUET_COL_STR,
    DUET_COL_OPT_STR,
    DUET_COL_REF,
    DUET_COL_OPT,
    DUET_COL_RANGE,
    DUET_COL_CODE,
    DUET_COL_NUM,
    DUET_COL_MASK
};

struct duet_column {
    const char *name;
    enum duet_column_kind kind;
    uint32_t argument; /* REF, OPT, RANGE: the section; CODE: the limit */
    uint32_t word;     /* position in the row, in words */
};

struct duet_section_format {
    const char *name;
    const struct duet_column *columns;
    size_t column_count;
    uint32_t words; /* of a row */
};

const struct duet_section_format *duet_section_format(enum duet_section section);
