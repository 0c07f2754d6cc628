/* What a replay counted: a line that sums it up, then tenant by tenant each field with its rules and the first few records. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engine/cli/replay.h"
#include "engine/cli/store.h"
#include "engine/cli/tell.h"

static const char *const kind_names[DUET_ALTERED_KINDS] = {
    [DUET_ALTERED_WRITE] = "write",
    [DUET_ALTERED_OUTCOME] = "outcome",
    [DUET_ALTERED_VALUE] = "value",
};

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

/* --- text ------------------------------------------------------------------------------------------------ */

static void tell_sum(FILE *out, const struct duet_tally_sum *sum)
{
    if (sum->altered == 0)
        fprintf(out, "nothing altered: %" PRIu64 " record%s of %zu tenant%s", sum->records,
                plural(sum->records), sum->tenants, plural(sum->tenants));
    else
        fprintf(out, "%zu field%s in %zu of %zu tenant%s, %" PRIu64 " of %" PRIu64 " record%s",
                sum->fields, plural(sum->fields), sum->tenants_altered, sum->tenants,
                plural(sum->tenants), sum->altered, sum->records, plural(sum->records));
    if (sum->under_way > 0)
        fprintf(out, "; %" PRIu64 " under way", sum->under_way);
    if (sum->unread > 0)
        fprintf(out, "; %" PRIu64 " not yet read on both sides", sum->unread);
    if (sum->bad > 0)
        fprintf(out, "; %" PRIu64 " can't be read", sum->bad);
    fputc('\n', out);
}

static void tell_places(FILE *out, const struct duet_tally_row *row)
{
    if (row->new.file)
        fprintf(out, "  (%s:%" PRIu32, row->new.file, row->new.line);
    else if (row->old.file)
        fprintf(out, "  (no rule any more");
    else
        return;
    if (row->old.file)
        fprintf(out, ", before %s:%" PRIu32, row->old.file, row->old.line);
    fputc(')', out);
}

/* "siem-1 ~ 17: is High; writes Low, before nothing": `before` only where there is an old version. */
static void tell_example(FILE *out, const struct duet_tally_row *row,
                         const struct duet_tally_example *example, bool has_old)
{
    static const char *const verbs[DUET_ALTERED_KINDS] = {
        [DUET_ALTERED_WRITE] = "; writes ",
        [DUET_ALTERED_OUTCOME] = "",
        [DUET_ALTERED_VALUE] = " becomes ",
    };
    const char *left = example->keys[DUET_LEFT] ? example->keys[DUET_LEFT] : "";
    const char *right = example->keys[DUET_RIGHT] ? example->keys[DUET_RIGHT] : "";
    const char *becomes = example->becomes ? example->becomes : "nothing";
    const char *was = example->was ? example->was : "nothing";
    duet_tell(out, 4, "%s%s%s: %s%s%s%s%s%s", left, *left && *right ? " ~ " : "", right,
              row->kind == DUET_ALTERED_WRITE ? "is " : "", example->stands ? example->stands : "",
              verbs[row->kind], becomes, has_old ? ", before " : "", has_old ? was : "");
}

static void tell_tenant(FILE *out, const struct duet_tally_tenant *tenant, bool has_old)
{
    if (!tenant->rows)
        return;
    fputc('\n', out);
    if (*tenant->name)
        fprintf(out, "%s: %" PRIu64 " of %" PRIu64 " record%s\n", tenant->name, tenant->altered,
                tenant->records, plural(tenant->records));
    for (const struct duet_tally_row *row = tenant->rows; row; row = row->next) {
        fprintf(out, "  %s, %" PRIu64 " record%s", row->field, row->records, plural(row->records));
        tell_places(out, row);
        fputc('\n', out);
        for (const struct duet_tally_example *example = row->examples; example;
             example = example->next)
            tell_example(out, row, example, has_old);
        if (row->example_count > 0 && row->records > row->example_count)
            fprintf(out, "    and %" PRIu64 " more\n", row->records - row->example_count);
    }
}

/* --- JSON -------------------------------------------------------------------------------------------------- */

static json_t *count_json(uint64_t count)
{
    return json_integer((json_int_t)count);
}

static json_t *place_json(const struct duet_replay_place *place)
{
    return place->file
               ? json_pack("{s:s, s:I}", "file", place->file, "line", (json_int_t)place->line)
               : json_null();
}

static json_t *row_json(const struct duet_tally_row *row)
{
    json_t *examples = json_array();
    for (const struct duet_tally_example *example = row->examples; example; example = example->next)
        (void)json_array_append_new(
            examples, json_pack("{s:s?, s:s?, s:s?, s:s?, s:s?}", "left", example->keys[DUET_LEFT],
                                "right", example->keys[DUET_RIGHT], "stands", example->stands,
                                "was", example->was, "becomes", example->becomes));
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "field", row->field, "kind",
                     kind_names[row->kind], "records", count_json(row->records), "old",
                     place_json(&row->old), "new", place_json(&row->new), "examples", examples);
}

static json_t *tenant_json(const struct duet_tally_tenant *tenant)
{
    json_t *rows = json_array();
    for (const struct duet_tally_row *row = tenant->rows; row; row = row->next)
        (void)json_array_append_new(rows, row_json(row));
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "tenant", tenant->name, "records",
                     count_json(tenant->records), "altered", count_json(tenant->altered),
                     "unreadable", count_json(tenant->bad), "unread", count_json(tenant->unread),
                     "under_way", count_json(tenant->under_way), "fields", rows);
}

static void tell_json(FILE *out, const struct duet_tally *tally, const struct duet_tally_sum *sum)
{
    json_t *tenants = json_array();
    for (const struct duet_tally_tenant *tenant = duet_tally_tenants(tally); tenant;
         tenant = tenant->next)
        (void)json_array_append_new(tenants, tenant_json(tenant));
    json_t *json = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "fields",
                             count_json(sum->fields), "tenants", count_json(sum->tenants),
                             "tenants_altered", count_json(sum->tenants_altered), "records",
                             count_json(sum->records), "altered", count_json(sum->altered),
                             "unreadable", count_json(sum->bad), "unread", count_json(sum->unread),
                             "under_way", count_json(sum->under_way), "by_tenant", tenants);
    duet_tell_json(out, json);
    json_decref(json);
}

void duet_replay_tell(const struct duet_replay_run *run)
{
    FILE *out = duet_arguments_io(run->arguments)->out;
    const struct duet_tally_sum sum = duet_tally_sum(run->tally);
    if (duet_wants_json(run->arguments)) {
        tell_json(out, run->tally, &sum);
        return;
    }
    tell_sum(out, &sum);
    for (const struct duet_tally_tenant *tenant = duet_tally_tenants(run->tally); tenant;
         tenant = tenant->next)
        tell_tenant(out, tenant, run->version[0].compilation != NULL);
}
