#include "tests/sim/sentinel/filter.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/instant.h"
#include "tests/sim/text.h"

enum node_kind { NODE_AND, NODE_OR, NODE_NOT, NODE_COMPARE, NODE_CONTAINS, NODE_STARTS, NODE_ENDS };

enum relation { RELATION_EQ, RELATION_NE, RELATION_GT, RELATION_GE, RELATION_LT, RELATION_LE };

struct sentinel_filter {
    enum node_kind kind;
    enum relation relation;
    struct sentinel_filter *left;
    struct sentinel_filter *right;
    char *path;
    json_t *literal;
};

struct parser {
    const char *text;
    const char *at;
    char *problem;
    int depth;
};

static const char *const PATHS[] = { "name",
                                     "properties/title",
                                     "properties/description",
                                     "properties/severity",
                                     "properties/status",
                                     "properties/classification",
                                     "properties/classificationReason",
                                     "properties/classificationComment",
                                     "properties/createdTimeUtc",
                                     "properties/lastModifiedTimeUtc",
                                     "properties/firstActivityTimeUtc",
                                     "properties/lastActivityTimeUtc",
                                     "properties/incidentNumber",
                                     "properties/incidentUrl",
                                     "properties/providerName",
                                     "properties/providerIncidentId",
                                     "properties/owner/objectId",
                                     "properties/owner/email",
                                     "properties/owner/assignedTo",
                                     "properties/owner/userPrincipalName",
                                     "properties/additionalData/alertsCount",
                                     "properties/additionalData/bookmarksCount",
                                     "properties/additionalData/commentsCount",
                                     "properties/message",
                                     "properties/author/name",
                                     "properties/author/email",
                                     NULL };

bool sentinel_path_is_known(const char *path)
{
    for (size_t i = 0; PATHS[i]; i++)
        if (sim_same(PATHS[i], path))
            return true;
    return false;
}

void sentinel_filter_free(struct sentinel_filter *filter)
{
    if (!filter)
        return;
    sentinel_filter_free(filter->left);
    sentinel_filter_free(filter->right);
    free(filter->path);
    json_decref(filter->literal);
    free(filter);
}

static struct sentinel_filter *node(enum node_kind kind, struct sentinel_filter *left,
                                    struct sentinel_filter *right)
{
    struct sentinel_filter *filter = sim_alloc(sizeof(*filter));
    filter->kind = kind;
    filter->left = left;
    filter->right = right;
    return filter;
}

static void *fail(struct parser *parser, const char *expected)
{
    if (!parser->problem)
        parser->problem = sim_format("Invalid filter clause: expected %s at position %zu in '%s'.",
                                     expected, (size_t)(parser->at - parser->text), parser->text);
    return NULL;
}

static void skip_blanks(struct parser *parser)
{
    while (*parser->at == ' ' || *parser->at == '\t')
        parser->at++;
}

static bool is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '/' || c == '-' || c == ':' || c == '.' ||
           c == '+';
}

static size_t word_length(const struct parser *parser)
{
    size_t length = 0;
    while (is_word_char(parser->at[length]))
        length++;
    return length;
}

static bool take_word(struct parser *parser, const char *word)
{
    skip_blanks(parser);
    size_t length = strlen(word);
    if (word_length(parser) != length || strncmp(parser->at, word, length) != 0)
        return false;
    parser->at += length;
    return true;
}

static bool take_char(struct parser *parser, char c)
{
    skip_blanks(parser);
    if (*parser->at != c)
        return false;
    parser->at++;
    return true;
}

static char *read_path(struct parser *parser)
{
    skip_blanks(parser);
    size_t length = word_length(parser);
    char *path = sim_copy_part(parser->at, length);
    if (!sentinel_path_is_known(path)) {
        free(path);
        return fail(parser, "a property like properties/status");
    }
    parser->at += length;
    return path;
}

/* 'It''s' : a quote inside is written twice. */
static json_t *read_text(struct parser *parser)
{
    struct sim_text text = { 0 };
    sim_text_add(&text, "");
    parser->at++;
    for (;; parser->at++) {
        if (*parser->at == '\0') {
            sim_text_finish(&text);
            return fail(parser, "a closing quote");
        }
        if (*parser->at == '\'' && parser->at[1] != '\'')
            break;
        if (*parser->at == '\'')
            parser->at++;
        sim_text_add_part(&text, parser->at, 1);
    }
    parser->at++;
    json_t *literal = json_string(text.bytes);
    sim_text_finish(&text);
    return literal ? literal : fail(parser, "valid UTF-8");
}

static json_t *bare_literal(const char *word)
{
    int64_t ticks = 0;
    char *end = NULL;
    if (sim_same(word, "true") || sim_same(word, "false"))
        return json_boolean(*word == 't');
    if (sim_same(word, "null"))
        return json_null();
    if (sim_instant_parse(word, &ticks))
        return json_string(word);
    long long number = strtoll(word, &end, 10);
    return *word && *end == '\0' ? json_integer(number) : NULL;
}

static json_t *read_literal(struct parser *parser)
{
    skip_blanks(parser);
    if (*parser->at == '\'')
        return read_text(parser);
    size_t length = word_length(parser);
    char *word = sim_copy_part(parser->at, length);
    json_t *literal = bare_literal(word);
    free(word);
    if (!literal)
        return fail(parser, "'text', a time, a number, true, false or null");
    parser->at += length;
    return literal;
}

static bool read_relation(struct parser *parser, enum relation *relation_out)
{
    static const char *const NAMES[] = { "eq", "ne", "gt", "ge", "lt", "le" };
    for (int i = 0; i < 6; i++) {
        if (take_word(parser, NAMES[i])) {
            *relation_out = (enum relation)i;
            return true;
        }
    }
    fail(parser, "eq, ne, gt, ge, lt or le");
    return false;
}

static struct sentinel_filter *read_comparison(struct parser *parser)
{
    struct sentinel_filter *filter = node(NODE_COMPARE, NULL, NULL);
    filter->path = read_path(parser);
    if (filter->path && read_relation(parser, &filter->relation))
        filter->literal = read_literal(parser);
    if (filter->literal)
        return filter;
    sentinel_filter_free(filter);
    return NULL;
}

static struct sentinel_filter *read_function(struct parser *parser, enum node_kind kind)
{
    struct sentinel_filter *filter = node(kind, NULL, NULL);
    if (!take_char(parser, '('))
        fail(parser, "'('");
    else
        filter->path = read_path(parser);
    if (filter->path && !take_char(parser, ','))
        fail(parser, "','");
    else if (filter->path)
        filter->literal = read_literal(parser);
    if (json_string_value(filter->literal) && take_char(parser, ')'))
        return filter;
    sentinel_filter_free(filter);
    return fail(parser, "(property, 'text')");
}

static struct sentinel_filter *read_or(struct parser *parser);

static struct sentinel_filter *read_group(struct parser *parser)
{
    struct sentinel_filter *inner = read_or(parser);
    if (inner && take_char(parser, ')'))
        return inner;
    sentinel_filter_free(inner);
    return fail(parser, "')'");
}

static struct sentinel_filter *read_not(struct parser *parser)
{
    if (++parser->depth > SENTINEL_FILTER_DEPTH_MAX)
        return fail(parser, "fewer levels");
    struct sentinel_filter *filter = NULL;
    if (take_word(parser, "not")) {
        struct sentinel_filter *inner = read_not(parser);
        filter = inner ? node(NODE_NOT, inner, NULL) : NULL;
    } else if (take_char(parser, '(')) {
        filter = read_group(parser);
    } else if (take_word(parser, "contains")) {
        filter = read_function(parser, NODE_CONTAINS);
    } else if (take_word(parser, "startswith")) {
        filter = read_function(parser, NODE_STARTS);
    } else if (take_word(parser, "endswith")) {
        filter = read_function(parser, NODE_ENDS);
    } else {
        filter = read_comparison(parser);
    }
    parser->depth--;
    return filter;
}

static struct sentinel_filter *read_chain(struct parser *parser, const char *word,
                                          enum node_kind kind,
                                          struct sentinel_filter *(*part)(struct parser *))
{
    struct sentinel_filter *left = part(parser);
    while (left && take_word(parser, word)) {
        struct sentinel_filter *right = part(parser);
        if (!right) {
            sentinel_filter_free(left);
            return NULL;
        }
        left = node(kind, left, right);
    }
    return left;
}

static struct sentinel_filter *read_and(struct parser *parser)
{
    return read_chain(parser, "and", NODE_AND, read_not);
}

static struct sentinel_filter *read_or(struct parser *parser)
{
    return read_chain(parser, "or", NODE_OR, read_and);
}

struct sentinel_filter *sentinel_filter_parse(const char *text, char **problem_out)
{
    struct parser parser = { .text = text, .at = text };
    struct sentinel_filter *filter = read_or(&parser);
    skip_blanks(&parser);
    if (filter && *parser.at != '\0') {
        fail(&parser, "'and', 'or' or the end");
        sentinel_filter_free(filter);
        filter = NULL;
    }
    *problem_out = parser.problem;
    /* cppcheck-suppress returnDanglingLifetime; no node points to the parser */
    return filter;
}

json_t *sentinel_path_value(const json_t *record, const char *path)
{
    json_t *value = NULL;
    const json_t *at = record;
    for (const char *part = path; part && *part;) {
        size_t length = strcspn(part, "/");
        char *name = sim_copy_part(part, length);
        value = json_object_get(at, name);
        at = value;
        free(name);
        part += length;
        if (*part == '/')
            part++;
    }
    return json_is_null(value) ? NULL : value;
}

int sentinel_value_compare(const json_t *a, const json_t *b)
{
    int64_t a_ticks = 0;
    int64_t b_ticks = 0;
    if (!a || !b)
        return (a ? 1 : 0) - (b ? 1 : 0);
    if (json_is_number(a) && json_is_number(b)) {
        double difference = json_number_value(a) - json_number_value(b);
        return (difference > 0) - (difference < 0);
    }
    if (!json_is_string(a) || !json_is_string(b))
        return 0;
    if (sim_instant_parse(json_string_value(a), &a_ticks) &&
        sim_instant_parse(json_string_value(b), &b_ticks))
        return (a_ticks > b_ticks) - (a_ticks < b_ticks);
    return strcmp(json_string_value(a), json_string_value(b));
}

static bool compare(const struct sentinel_filter *filter, const json_t *value)
{
    bool known = value && json_is_string(value) == json_is_string(filter->literal);
    if (json_is_null(filter->literal))
        return filter->relation == RELATION_EQ ? !value
                                               : filter->relation == RELATION_NE && value != NULL;
    int order = known ? sentinel_value_compare(value, filter->literal) : 0;
    switch (filter->relation) {
    case RELATION_EQ:
        return known && order == 0;
    case RELATION_NE:
        return !known || order != 0;
    case RELATION_GT:
        return known && order > 0;
    case RELATION_GE:
        return known && order >= 0;
    case RELATION_LT:
        return known && order < 0;
    case RELATION_LE:
        return known && order <= 0;
    }
    return false;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static bool hits_bug(const struct sentinel_filter *filter)
{
    return sim_same(filter->path, "properties/classification") && filter->relation == RELATION_EQ &&
           sim_same(json_string_value(filter->literal), "Undetermined");
}

bool sentinel_filter_matches(const struct sentinel_filter *filter, const json_t *record,
                             bool undetermined_bug)
{
    const char *text =
        filter->path ? json_string_value(sentinel_path_value(record, filter->path)) : NULL;
    const char *part = json_string_value(filter->literal);
    switch (filter->kind) {
    case NODE_AND:
        return sentinel_filter_matches(filter->left, record, undetermined_bug) &&
               sentinel_filter_matches(filter->right, record, undetermined_bug);
    case NODE_OR:
        return sentinel_filter_matches(filter->left, record, undetermined_bug) ||
               sentinel_filter_matches(filter->right, record, undetermined_bug);
    case NODE_NOT:
        return !sentinel_filter_matches(filter->left, record, undetermined_bug);
    case NODE_COMPARE:
        if (undetermined_bug && hits_bug(filter))
            return false;
        return compare(filter, sentinel_path_value(record, filter->path));
    case NODE_CONTAINS:
        return text && strstr(text, part) != NULL;
    case NODE_STARTS:
        return text && sim_starts_with(text, part);
    case NODE_ENDS:
        return text && ends_with(text, part);
    }
    return false;
}
