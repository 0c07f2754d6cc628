#include "engine/prove/file_proof.h"

#include <stdio.h>
#include <stdlib.h>

#include "dsl/arena.h"
#include "engine/prove/findings.h"
#include "engine/prove/proved.h"

/* Rules to be proved, and what people call them. */
struct subject {
    const struct duet_tables *tables;
    const char *mapping;
    const char *tenant; /* NULL: as the mapping stands; else the first tenant with this overlay */
};

struct subjects {
    struct subject *list;
    size_t count;
};

static void add(struct subjects *subjects, const struct subject *subject)
{
    for (size_t i = 0; i < subjects->count; i++) {
        if (subjects->list[i].tables == subject->tables)
            return;
    }
    if (subject->tables)
        subjects->list[subjects->count++] = *subject;
}

static struct subjects subjects_of(const struct duet_compilation *compilation,
                                   struct duet_arena *arena)
{
    const struct duet_fleet_config *fleet = duet_compilation_fleet(compilation);
    size_t mappings = duet_compilation_mappings(compilation);
    size_t tenants = fleet ? fleet->tenant_count : 0;
    struct subjects subjects = { .list = duet_arena_alloc_array(arena, mappings + tenants + 1,
                                                                sizeof *subjects.list) };
    for (size_t i = 0; i < mappings; i++) {
        if (duet_compilation_mapping_is_own(compilation, i))
            add(&subjects,
                &(struct subject){ .tables = duet_compilation_tables(compilation, i),
                                   .mapping = duet_compilation_mapping_name(compilation, i) });
    }
    for (size_t i = 0; i < tenants; i++) {
        const struct duet_fleet_tenant *tenant = &fleet->tenants[i];
        bool is_plain = tenant->tables == duet_compilation_tables(compilation, tenant->mapping);
        add(&subjects, &(struct subject){
                           .tables = tenant->tables,
                           .mapping = duet_compilation_mapping_name(compilation, tenant->mapping),
                           .tenant = is_plain ? NULL : tenant->name });
    }
    return subjects;
}

/* Which laws hold of a part, and in how many states; what it breaks stands among the findings. */
static void write_part(const struct duet_proof_part *part, FILE *out)
{
    fprintf(out, "  %-20s %10u states ", part->name, part->triples);
    const char *separator = " ";
    bool is_proved = !part->refused && !part->is_unaffordable;
    for (uint32_t law = 0; law < DUET_LAWS && is_proved; law++) {
        if (part->broken[law])
            continue;
        fprintf(out, "%s%s", separator, duet_law_name((enum duet_law)law));
        separator = ", ";
    }
    fputs(is_proved ? "\n" : " not proved\n", out);
}

static void prove(const struct duet_compilation *compilation, const struct subject *subject,
                  struct duet_proved *proved, struct duet_arena *arena, struct duet_diags *diags,
                  FILE *out)
{
    const struct duet_proof *proof = duet_prove(subject->tables, proved, arena);
    const char *name = subject->tenant ? duet_arena_format(arena, "%s with the overrides of %s",
                                                           subject->mapping, subject->tenant)
                                       : subject->mapping;
    duet_proof_report(proof, name, duet_compilation_sources(compilation), diags);
    fprintf(out, "proof of %s: %llu states, %llu run\n", name, (unsigned long long)proof->triples,
            (unsigned long long)proof->run);
    for (size_t p = 0; p < proof->count; p++)
        write_part(&proof->parts[p], out);
}

char *duet_file_proof(const struct duet_compilation *compilation, struct duet_diags *diags)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return NULL;
    struct duet_arena *arena = duet_arena_new();
    const struct subjects subjects =
        duet_diags_errors(diags) == 0 ? subjects_of(compilation, arena) : (struct subjects){ 0 };
    struct duet_proved *proved = duet_proved_new(arena);
    for (size_t i = 0; i < subjects.count; i++)
        prove(compilation, &subjects.list[i], proved, arena, diags, out);
    duet_arena_free(arena);
    fclose(out);
    return text;
}
