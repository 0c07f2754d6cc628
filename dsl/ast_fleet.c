/* Tests, hubs, tenants, fleets, and a file's top statements. */
#include "dsl/ast_fleet.h"

#include "dsl/parse_state.h"

/* --- tests --------------------------------------------------------------------------------------------- */

struct duet_ast_test *duet_ast_test_new(struct duet_parse_state *state)
{
    return duet_ast_alloc(state, sizeof(struct duet_ast_test));
}

struct duet_ast_test *duet_ast_test_step(struct duet_ast_test *test,
                                         struct duet_ast_test_step *step)
{
    test->steps = duet_ast_test_step_list_append(test->steps, step);
    return test;
}

struct duet_ast_test_step *duet_ast_step_new(struct duet_parse_state *state)
{
    struct duet_ast_test_step *step = duet_ast_alloc(state, sizeof *step);
    step->name = duet_ast_no_name();
    step->text = duet_ast_no_name();
    return step;
}

static struct duet_ast_test_step *step_of(struct duet_parse_state *state, struct duet_span at,
                                          enum duet_ast_step_kind kind)
{
    struct duet_ast_test_step *step = duet_ast_step_new(state);
    step->at = at;
    step->kind = kind;
    return step;
}

struct duet_ast_test_step *duet_ast_step_assign(struct duet_ast_test_step *step,
                                                struct duet_ast_assign *assign)
{
    step->assigns = duet_ast_assign_list_append(step->assigns, assign);
    return step;
}

struct duet_ast_test_step *duet_ast_step_note(struct duet_parse_state *state,
                                              struct duet_ast_test_step *step,
                                              struct duet_ast_name text)
{
    step->notes = duet_ast_names(state, step->notes, text);
    return step;
}

struct duet_ast_test_step *duet_ast_step_keeps(struct duet_parse_state *state,
                                               struct duet_ast_test_step *step, struct duet_span at)
{
    if (!duet_ast_twice(state, step->keeps_omitted, step->keeps_at, at, "keeps omitted")) {
        step->keeps_omitted = true;
        step->keeps_at = at;
    }
    return step;
}

struct duet_ast_test_step *duet_ast_step_finish(struct duet_span at,
                                                struct duet_ast_test_step *step,
                                                enum duet_ast_step_kind kind,
                                                struct duet_ast_name side)
{
    step->at = at;
    step->kind = kind;
    step->name = side;
    return step;
}

struct duet_ast_test_step *duet_ast_step_and(struct duet_ast_test_step *first,
                                             struct duet_ast_test_step *edit)
{
    struct duet_ast_test_step *last = first;
    while (last->with)
        last = last->with;
    last->with = edit;
    first->at = duet_ast_span(first->at, edit->at);
    return first;
}

struct duet_ast_test_step *duet_ast_step_then(struct duet_ast_test_step *first,
                                              struct duet_ast_test_step *edit)
{
    edit->is_later = true;
    return duet_ast_step_and(first, edit);
}

static struct duet_ast_test_table *test_table_new(struct duet_parse_state *state,
                                                  struct duet_span at, struct duet_ast_name name,
                                                  struct duet_ast_table_row_list rows)
{
    struct duet_ast_test_table *table = duet_ast_alloc(state, sizeof *table);
    table->at = at;
    table->name = name;
    table->rows = rows;
    return table;
}

struct duet_ast_test_step *duet_ast_step_table(struct duet_parse_state *state, struct duet_span at,
                                               struct duet_ast_name name,
                                               struct duet_ast_table_row_list rows)
{
    struct duet_ast_test_step *step = step_of(state, at, DUET_AST_STEP_GIVEN_TABLE);
    step->table = test_table_new(state, at, name, rows);
    return step;
}

struct duet_ast_test_step *duet_ast_step_forall(struct duet_parse_state *state, struct duet_span at,
                                                struct duet_ast_name name, struct duet_ast_path *in,
                                                struct duet_ast_condition *when)
{
    struct duet_ast_test_step *step = step_of(state, at, DUET_AST_STEP_FORALL);
    step->name = name;
    step->in = in;
    step->when = when;
    return step;
}

struct duet_ast_test_step *duet_ast_step_signal(struct duet_parse_state *state, struct duet_span at,
                                                struct duet_ast_name side,
                                                struct duet_ast_name signal)
{
    struct duet_ast_test_step *step = step_of(state, at, DUET_AST_STEP_WHEN_SIGNAL);
    step->name = side;
    step->text = signal;
    return step;
}

struct duet_ast_test_step *duet_ast_step_writes(struct duet_parse_state *state, struct duet_span at,
                                                struct duet_ast_name side,
                                                struct duet_ast_integer writes)
{
    struct duet_ast_test_step *step = step_of(state, at, DUET_AST_STEP_EXPECT_WRITES);
    step->name = side;
    step->writes = writes;
    return step;
}

struct duet_ast_test_step *duet_ast_step_hold(struct duet_parse_state *state, struct duet_span at,
                                              struct duet_ast_name sentence)
{
    struct duet_ast_test_step *step = step_of(state, at, DUET_AST_STEP_EXPECT_HOLD);
    step->text = sentence;
    return step;
}

struct duet_ast_test_step *duet_ast_step_fields(struct duet_parse_state *state, struct duet_span at,
                                                enum duet_ast_step_kind kind,
                                                struct duet_ast_name_item_list fields)
{
    struct duet_ast_test_step *step = step_of(state, at, kind);
    step->fields = fields;
    return step;
}

struct duet_ast_test_step *duet_ast_step_no(struct duet_parse_state *state, struct duet_span at,
                                            enum duet_ast_step_kind kind)
{
    struct duet_ast_test_step *step = step_of(state, at, kind);
    step->no = true;
    return step;
}

struct duet_ast_table_row *duet_ast_table_row_new(struct duet_parse_state *state,
                                                  struct duet_span at, struct duet_ast_name name,
                                                  struct duet_ast_assign_list cells)
{
    struct duet_ast_table_row *row = duet_ast_alloc(state, sizeof *row);
    row->at = at;
    row->name = name;
    row->cells = cells;
    return row;
}

/* --- hubs, tenants, fleets ----------------------------------------------------------------------------- */

static void set_every(struct duet_parse_state *state, struct duet_ast_duration *every,
                      struct duet_span at, int64_t milliseconds)
{
    if (!duet_ast_twice(state, every->given, every->at, at, "every"))
        *every = duet_ast_duration(at, milliseconds);
}

struct duet_ast_hub *duet_ast_hub_new(struct duet_parse_state *state)
{
    return duet_ast_alloc(state, sizeof(struct duet_ast_hub));
}

struct duet_ast_hub *duet_ast_hub_setting(struct duet_ast_hub *hub, struct duet_ast_assign *assign)
{
    hub->settings = duet_ast_assign_list_append(hub->settings, assign);
    return hub;
}

struct duet_ast_hub *duet_ast_hub_every(struct duet_parse_state *state, struct duet_ast_hub *hub,
                                        struct duet_span at, int64_t milliseconds)
{
    set_every(state, &hub->every, at, milliseconds);
    return hub;
}

struct duet_ast_fleet *duet_ast_fleet_new(struct duet_parse_state *state)
{
    return duet_ast_alloc(state, sizeof(struct duet_ast_fleet));
}

struct duet_ast_fleet *duet_ast_fleet_setting(struct duet_ast_fleet *fleet,
                                              struct duet_ast_assign *assign)
{
    fleet->settings = duet_ast_assign_list_append(fleet->settings, assign);
    return fleet;
}

struct duet_ast_fleet *duet_ast_fleet_every(struct duet_parse_state *state,
                                            struct duet_ast_fleet *fleet, struct duet_span at,
                                            int64_t milliseconds)
{
    set_every(state, &fleet->every, at, milliseconds);
    return fleet;
}

struct duet_ast_tenant *duet_ast_tenant_new(struct duet_parse_state *state)
{
    return duet_ast_alloc(state, sizeof(struct duet_ast_tenant));
}

struct duet_ast_tenant *duet_ast_tenant_side_add(struct duet_ast_tenant *tenant,
                                                 struct duet_ast_tenant_side *side)
{
    tenant->sides = duet_ast_tenant_side_list_append(tenant->sides, side);
    return tenant;
}

struct duet_ast_tenant_side *duet_ast_tenant_side_new(struct duet_parse_state *state,
                                                      struct duet_span at,
                                                      struct duet_ast_name name,
                                                      struct duet_ast_name shared,
                                                      struct duet_ast_assign_list settings)
{
    struct duet_ast_tenant_side *side = duet_ast_alloc(state, sizeof *side);
    side->at = at;
    side->name = name;
    side->shared = shared;
    side->settings = settings;
    return side;
}

struct duet_ast_tenant *duet_ast_tenant_table(struct duet_parse_state *state,
                                              struct duet_ast_tenant *tenant, struct duet_span at,
                                              struct duet_ast_name name, struct duet_ast_name file)
{
    struct duet_ast_tenant_table *table = duet_ast_alloc(state, sizeof *table);
    table->at = at;
    table->name = name;
    table->file = file;
    tenant->tables = duet_ast_tenant_table_list_append(tenant->tables, table);
    return tenant;
}

struct duet_ast_tenant *duet_ast_tenant_every(struct duet_parse_state *state,
                                              struct duet_ast_tenant *tenant, struct duet_span at,
                                              int64_t milliseconds)
{
    set_every(state, &tenant->every, at, milliseconds);
    return tenant;
}

struct duet_ast_tenant *duet_ast_tenant_override(struct duet_ast_tenant *tenant,
                                                 struct duet_ast_override *override)
{
    tenant->overrides = duet_ast_override_list_append(tenant->overrides, override);
    return tenant;
}

static struct duet_ast_override *override_new(struct duet_parse_state *state, struct duet_span at,
                                              enum duet_ast_override_kind kind)
{
    struct duet_ast_override *override = duet_ast_alloc(state, sizeof *override);
    override->at = at;
    override->kind = kind;
    return override;
}

struct duet_ast_override *duet_ast_override_rule(struct duet_parse_state *state,
                                                 struct duet_span at, struct duet_ast_name name,
                                                 const struct duet_ast_rule_attributes *attributes,
                                                 struct duet_ast_arm_list arms)
{
    struct duet_ast_override *override = override_new(state, at, DUET_AST_OVERRIDE_RULE);
    override->name = name;
    override->attributes = *attributes;
    override->arms = arms;
    return override;
}

struct duet_ast_override *duet_ast_override_trigger(struct duet_parse_state *state,
                                                    struct duet_span at,
                                                    struct duet_ast_trigger *trigger)
{
    struct duet_ast_override *override = override_new(state, at, DUET_AST_OVERRIDE_TRIGGER);
    override->trigger = trigger;
    return override;
}

struct duet_ast_override *duet_ast_override_create(struct duet_parse_state *state,
                                                   struct duet_span at,
                                                   struct duet_ast_create *create)
{
    struct duet_ast_override *override = override_new(state, at, DUET_AST_OVERRIDE_CREATE);
    override->create = create;
    return override;
}

struct duet_ast_override *duet_ast_override_first_contact(struct duet_parse_state *state,
                                                          struct duet_span at,
                                                          struct duet_ast_first_contact *contact)
{
    struct duet_ast_override *override = override_new(state, at, DUET_AST_OVERRIDE_FIRST_CONTACT);
    override->first_contact = contact;
    return override;
}

/* --- a file's statements --------------------------------------------------------------------------------- */

static struct duet_ast_item *add_item(struct duet_parse_state *state, struct duet_span at,
                                      enum duet_ast_item_kind kind)
{
    struct duet_ast_item *item = duet_ast_alloc(state, sizeof *item);
    item->at = at;
    item->kind = kind;
    state->file->items = duet_ast_item_list_append(state->file->items, item);
    return item;
}

void duet_ast_file_edition(struct duet_parse_state *state, struct duet_span at,
                           struct duet_span number_at, int64_t number)
{
    add_item(state, at, DUET_AST_ITEM_EDITION)->edition = duet_ast_integer(number_at, number);
}

void duet_ast_file_import(struct duet_parse_state *state, struct duet_span at,
                          struct duet_ast_name path)
{
    add_item(state, at, DUET_AST_ITEM_IMPORT)->import.path = path;
}

void duet_ast_file_system(struct duet_parse_state *state, struct duet_span at,
                          struct duet_ast_name name, struct duet_ast_name title,
                          struct duet_ast_system *system)
{
    system->at = at;
    system->name = name;
    system->title = title;
    add_item(state, at, DUET_AST_ITEM_SYSTEM)->system = system;
}

void duet_ast_file_mapping(struct duet_parse_state *state, struct duet_span at,
                           struct duet_ast_name name, struct duet_ast_side left,
                           struct duet_ast_side right, struct duet_ast_mapping *mapping)
{
    mapping->at = at;
    mapping->name = name;
    mapping->left = left;
    mapping->right = right;
    add_item(state, at, DUET_AST_ITEM_MAPPING)->mapping = mapping;
}

void duet_ast_file_test(struct duet_parse_state *state, struct duet_span at,
                        struct duet_ast_name name, struct duet_ast_name mapping,
                        struct duet_ast_test *test)
{
    test->at = at;
    test->name = name;
    test->mapping = mapping;
    add_item(state, at, DUET_AST_ITEM_TEST)->test = test;
}

void duet_ast_file_test_table(struct duet_parse_state *state, struct duet_span at,
                              struct duet_ast_name name, struct duet_ast_table_row_list rows)
{
    add_item(state, at, DUET_AST_ITEM_TEST_TABLE)->test_table =
        test_table_new(state, at, name, rows);
}

void duet_ast_file_hub(struct duet_parse_state *state, struct duet_span at,
                       struct duet_ast_name name, struct duet_ast_name system,
                       struct duet_ast_hub *hub)
{
    hub->at = at;
    hub->name = name;
    hub->system = system;
    add_item(state, at, DUET_AST_ITEM_HUB)->hub = hub;
}

void duet_ast_file_tenant(struct duet_parse_state *state, struct duet_span at,
                          struct duet_ast_name name, struct duet_ast_name mapping,
                          struct duet_ast_tenant *tenant)
{
    tenant->at = at;
    tenant->name = name;
    tenant->mapping = mapping;
    add_item(state, at, DUET_AST_ITEM_TENANT)->tenant = tenant;
}

void duet_ast_file_fleet(struct duet_parse_state *state, struct duet_span at,
                         struct duet_ast_fleet *fleet)
{
    fleet->at = at;
    add_item(state, at, DUET_AST_ITEM_FLEET)->fleet = fleet;
}
