#include "tests/support/sample_tables.h"

#include <string.h>

#include "tests/support/sample_parts.h"

static struct duet_t_pair pair_of(struct sample *s, const char *name, uint32_t left, uint32_t right)
{
    return (struct duet_t_pair){ .name = sample_str(s, name),
                                 .left = left,
                                 .right = right,
                                 .map = NONE,
                                 .table = NONE,
                                 .unknown_left = NONE,
                                 .unknown_right = NONE,
                                 .default_left = NONE,
                                 .default_right = NONE,
                                 .lossy = NONE,
                                 .file = sample_str(s, "sample.duet"),
                                 .line = 10 };
}

static void arm(struct sample *s, uint32_t left, uint32_t right, enum duet_direction direction)
{
    struct duet_t_arm row = { .left = left,
                              .right = right,
                              .direction = direction,
                              .lossy = NONE,
                              .file = sample_str(s, "sample.duet"),
                              .line = 11 };
    sample_add(s, DUET_SECTION_ARM, &row);
}

/* Two enums of the same names, `values` of them (at most 32). */
static uint32_t map_by_name(struct sample *s, uint32_t left, uint32_t right, uint32_t values)
{
    struct duet_t_map map = { .left = left,
                              .right = right,
                              .to_right = sample_count(s, DUET_SECTION_WORD),
                              .to_right_count = values,
                              .to_left_count = values,
                              .agree_count = values };
    for (uint32_t i = 0; i < values; i++)
        sample_words(s, 1, i);
    map.to_left = sample_count(s, DUET_SECTION_WORD);
    for (uint32_t i = 0; i < values; i++)
        sample_words(s, 1, i);
    map.agree = sample_count(s, DUET_SECTION_WORD);
    for (uint32_t i = 0; i < values; i++)
        sample_words(s, 1, 1U << i);
    return sample_add(s, DUET_SECTION_MAP, &map);
}

/* New <-> Open, Active <-> In Progress, Active <- On Hold, Closed <-> Closed */
static uint32_t status_map(struct sample *s)
{
    struct duet_t_map map = { .left = s->enums[0],
                              .right = s->enums[4],
                              .to_right_count = 3,
                              .to_left_count = 4,
                              .agree_count = 3 };
    map.to_right = sample_words(s, 3, 0U, 1U, 3U);
    map.to_left = sample_words(s, 4, 0U, 1U, 1U, 2U);
    map.agree = sample_words(s, 3, 1U, 6U, 8U);
    map.arms = sample_count(s, DUET_SECTION_ARM);
    arm(s, 0, 0, DUET_BOTH_WAYS);
    arm(s, 1, 1, DUET_BOTH_WAYS);
    arm(s, 1, 2, DUET_TO_LEFT);
    arm(s, 2, 3, DUET_BOTH_WAYS);
    map.arms_count = 4;
    return sample_add(s, DUET_SECTION_MAP, &map);
}

static void pairs(struct sample *s)
{
    struct duet_t_pair status = pair_of(s, "status", SAMPLE_LEFT_STATUS, SAMPLE_RIGHT_STATUS);
    status.relation = DUET_RELATION_ENUM;
    status.map = status_map(s);
    sample_add(s, DUET_SECTION_PAIR, &status);

    struct duet_t_pair verdict = pair_of(s, "verdict", SAMPLE_LEFT_VERDICT, SAMPLE_RIGHT_VERDICT);
    verdict.relation = DUET_RELATION_ENUM;
    verdict.map = map_by_name(s, s->enums[2], s->enums[6], 2);
    verdict.unknown = DUET_UNKNOWN_VALUE;
    verdict.unknown_left = 1;
    verdict.default_right = sample_value_leaf(s, 0, "True");
    sample_add(s, DUET_SECTION_PAIR, &verdict);

    struct duet_t_pair reason = pair_of(s, "reason", SAMPLE_LEFT_REASON, SAMPLE_RIGHT_REASON);
    reason.relation = DUET_RELATION_ENUM;
    reason.map = map_by_name(s, s->enums[3], s->enums[7], 3);
    sample_add(s, DUET_SECTION_PAIR, &reason);

    struct duet_t_pair severity =
        pair_of(s, "severity", SAMPLE_LEFT_SEVERITY, SAMPLE_RIGHT_SEVERITY);
    severity.relation = DUET_RELATION_ENUM;
    severity.map = map_by_name(s, s->enums[1], s->enums[5], 3);
    severity.lossy = sample_str(s, "a sample");
    sample_add(s, DUET_SECTION_PAIR, &severity);

    struct duet_t_pair title = pair_of(s, "title", SAMPLE_LEFT_TITLE, SAMPLE_RIGHT_TITLE);
    title.direction = DUET_TO_RIGHT;
    title.relation = DUET_RELATION_SAME;
    title.transforms = sample_count(s, DUET_SECTION_TRANSFORM);
    title.transforms_count = 2;
    sample_add(
        s, DUET_SECTION_TRANSFORM,
        &(struct duet_t_transform){ .kind = DUET_TRANSFORM_TRUNCATE, .number = 90, .text = NONE });
    sample_add(s, DUET_SECTION_TRANSFORM,
               &(struct duet_t_transform){ .kind = DUET_TRANSFORM_PREFIX,
                                           .text = sample_str(s, "SIEM: ") });
    sample_add(s, DUET_SECTION_PAIR, &title);

    struct duet_t_pair owner = pair_of(s, "owner", SAMPLE_LEFT_OWNER, SAMPLE_RIGHT_OWNER);
    owner.relation = DUET_RELATION_PERSON;
    owner.table = sample_str(s, "analysts");
    owner.unknown = DUET_UNKNOWN_KEEP;
    sample_add(s, DUET_SECTION_PAIR, &owner);
}

static void unit(struct sample *s, const char *name, uint32_t pair, uint32_t pairs_count,
                 enum duet_policy policy, uint32_t component)
{
    struct duet_t_unit row = { .name = sample_str(s, name),
                               .group = pairs_count > 1,
                               .pairs = pair,
                               .pairs_count = pairs_count,
                               .policy = policy,
                               .policy_side = DUET_CHOOSE_RIGHT,
                               .frozen_by_merge = component == 0,
                               .component_left = component,
                               .component_right = component,
                               .file = sample_str(s, "sample.duet"),
                               .line = 12 };
    sample_add(s, DUET_SECTION_UNIT, &row);
}

static void trigger(struct sample *s, enum duet_side side, enum duet_event event,
                    enum duet_verb verb, uint32_t units, uint32_t when)
{
    struct duet_t_trigger row = { .side = side,
                                  .event = event,
                                  .signal = NONE,
                                  .verb = verb,
                                  .units_lo = units,
                                  .when = when,
                                  .file = sample_str(s, "sample.duet"),
                                  .line = 20 };
    if (event == DUET_EVENT_SIGNAL)
        row.signal = sample_str(s, "resync");
    row.notes = verb != DUET_CLEAR;
    sample_add(s, DUET_SECTION_TRIGGER, &row);
}

static void triggers(struct sample *s)
{
    uint32_t both = 1U << SAMPLE_UNIT_STATUS | 1U << SAMPLE_UNIT_VERDICT;
    uint32_t open = sample_value_leaf(s, 0, "Open");
    uint32_t not_open =
        sample_join(s, DUET_EXPR_NE, sample_field_leaf(s, SAMPLE_RIGHT_STATUS), open);
    open = sample_value_leaf(s, 0, "Open");
    uint32_t was_open =
        sample_join(s, DUET_EXPR_WAS, sample_field_leaf(s, SAMPLE_RIGHT_STATUS), open);
    uint32_t is_false =
        sample_join(s, DUET_EXPR_NOT, sample_field_leaf(s, SAMPLE_RIGHT_OPEN), NONE);
    uint32_t either =
        sample_join(s, DUET_EXPR_OR, sample_in(s, SAMPLE_LEFT_SEVERITY, "Low", "Medium"), is_false);
    uint32_t present =
        sample_join(s, DUET_EXPR_PRESENT, sample_field_leaf(s, SAMPLE_LEFT_OWNER), NONE);
    trigger(s, DUET_RIGHT, DUET_EVENT_CLOSE, DUET_SEND, both, NONE);
    trigger(s, DUET_RIGHT, DUET_EVENT_REOPEN, DUET_CLEAR, 1U << SAMPLE_UNIT_VERDICT, was_open);
    trigger(s, DUET_RIGHT, DUET_EVENT_MOVE, DUET_SEND, 1U << SAMPLE_UNIT_STATUS, not_open);
    trigger(s, DUET_RIGHT, DUET_EVENT_SIGNAL, DUET_FETCH, (1U << SAMPLE_UNITS) - 1, NONE);
    trigger(s, DUET_LEFT, DUET_EVENT_CHANGE, DUET_SEND, (1U << SAMPLE_UNITS) - 1,
            sample_join(s, DUET_EXPR_AND, either, present));
}

static void mapping(struct sample *s)
{
    struct duet_t_mapping row = { .name = sample_str(s, "sample"),
                                  .link_left = SAMPLE_LEFT_KEY,
                                  .link_right = SAMPLE_RIGHT_CLAIM,
                                  .first_contact = DUET_CHOOSE_LEFT,
                                  .units_count = SAMPLE_UNITS,
                                  .pairs_count = 6,
                                  .triggers_count = 5,
                                  .creates_count = 1,
                                  .skew_ms = 5000,
                                  .file = sample_str(s, "sample.duet"),
                                  .line = 9 };
    pairs(s);
    unit(s, "status", 0, 1, DUET_POLICY_NEWEST, 0);
    unit(s, "verdict", 1, 2, DUET_POLICY_SIDE, 0);
    unit(s, "severity", 3, 1, DUET_POLICY_HIGHEST, 1);
    unit(s, "title", 4, 1, DUET_POLICY_NONE, 2);
    unit(s, "owner", 5, 1, DUET_POLICY_HOLD, 3);
    struct duet_t_note_pair notes = { .direction = DUET_BOTH_WAYS,
                                      .append_edits = 1,
                                      .file = sample_str(s, "sample.duet"),
                                      .line = 30 };
    row.notes = sample_add(s, DUET_SECTION_NOTE_PAIR, &notes);
    triggers(s);
    struct duet_t_create create = { .target = DUET_RIGHT,
                                    .file = sample_str(s, "sample.duet"),
                                    .line = 31 };
    uint32_t medium = sample_value_leaf(s, 1, "Medium");
    create.when = sample_join(s, DUET_EXPR_GE, sample_field_leaf(s, SAMPLE_LEFT_SEVERITY), medium);
    sample_add(s, DUET_SECTION_CREATE, &create);
    sample_add(s, DUET_SECTION_MAPPING, &row);
}

struct duet_tables_builder *sample_tables_builder(void)
{
    struct sample s = { .builder = duet_tables_builder_new() };
    s.enums[0] = sample_enumeration(&s, "siem.status", "New|Active|Closed", false);
    s.enums[1] = sample_enumeration(&s, "siem.severity", "Low|Medium|High", true);
    s.enums[2] = sample_enumeration(&s, "siem.verdict", "True|False", false);
    s.enums[3] = sample_enumeration(&s, "siem.reason", "Suspicious|Logic|Data", false);
    s.enums[4] = sample_enumeration(&s, "soar.status", "Open|In Progress|On Hold|Closed", false);
    s.enums[5] = sample_enumeration(&s, "soar.severity", "Low=1|Medium=2|High=3", true);
    s.enums[6] = sample_enumeration(&s, "soar.verdict", "True|False", false);
    s.enums[7] = sample_enumeration(&s, "soar.reason", "Suspicious|Logic|Data", false);
    s.words[0] = sample_words(&s, 2, 1U, 6U);
    s.words[1] = sample_words(&s, 2, 1U, 6U);
    s.words[2] = sample_words(&s, 4, 15U, 14U, 14U, 9U);
    sample_left_fields(&s);
    sample_right_fields(&s);
    sample_left_side(&s);
    sample_right_side(&s);
    mapping(&s);
    return s.builder;
}

unsigned char *sample_tables_bytes(size_t *size_out)
{
    struct duet_tables_builder *builder = sample_tables_builder();
    unsigned char *bytes = duet_build_finish(builder, size_out);
    duet_tables_builder_free(builder);
    return bytes;
}

uint32_t *sample_tables_column(struct duet_tables_builder *builder, enum duet_section section,
                               uint32_t number, const char *column)
{
    const struct duet_section_format *format = duet_section_format(section);
    uint32_t *row = duet_build_at(builder, section, number);
    for (size_t i = 0; i < format->column_count; i++) {
        if (strcmp(format->columns[i].name, column) == 0)
            return row + format->columns[i].word;
        /* The second words of ranges and masks. */
        if (strncmp(column, format->columns[i].name, strlen(format->columns[i].name)) == 0 &&
            (strcmp(column + strlen(format->columns[i].name), "_count") == 0 ||
             strcmp(column + strlen(format->columns[i].name), "_hi") == 0))
            return row + format->columns[i].word + 1;
    }
    return NULL;
}
