#include "engine/graph/dot.h"

#include "engine/graph/escape.h"
#include "engine/graph/words.h"

struct dot {
    struct duet_graph_words words;
    FILE *out;
};

/* --- nodes ------------------------------------------------------------------------------------------------- */

/* Whether a pair maps the field's values one by one: then they are ports. */
static bool has_arms(const struct duet_tables *tables, uint32_t field)
{
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    for (uint32_t i = 0; i < mapping->pairs_count; i++) {
        const struct duet_t_pair *pair = duet_pair_row(tables, mapping->pairs + i);
        if ((pair->left == field || pair->right == field) && pair->map != DUET_NONE)
            return true;
    }
    return false;
}

static void write_values(const struct dot *dot, uint32_t field)
{
    const struct duet_tables *tables = dot->words.tables;
    const struct duet_t_enum *values = duet_enum_row(tables, duet_field_row(tables, field)->values);
    for (uint32_t i = 0; values && i < values->values_count; i++) {
        const struct duet_t_value *value = duet_value_row(tables, values->values + i);
        fprintf(dot->out, "<tr><td port=\"v%u\" colspan=\"2\" align=\"left\">", (unsigned)i);
        duet_graph_escape(duet_graph_string(&dot->words, value->name), dot->out);
        fputs("</td></tr>", dot->out);
    }
}

static void write_field(const struct dot *dot, uint32_t field)
{
    const struct duet_tables *tables = dot->words.tables;
    bool is_left = duet_field_side(tables, field) == DUET_LEFT;
    fprintf(dot->out,
            "    f%u [label=<<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" "
            "cellpadding=\"5\" color=\"%s\" bgcolor=\"%s\"><tr><td port=\"f\" align=\"left\" "
            "sides=\"LTB\"><b>",
            (unsigned)field, is_left ? "#b9cde1" : "#b3d6cb", is_left ? "#eff5fb" : "#edf7f4");
    duet_graph_escape(duet_graph_string(&dot->words, duet_field_row(tables, field)->name),
                      dot->out);
    fputs("</b></td><td port=\"t\" align=\"right\" sides=\"RTB\"><font color=\"#5f6c79\">",
          dot->out);
    duet_graph_escape(duet_graph_type(&dot->words, field), dot->out);
    fputs("</font></td></tr>", dot->out);
    if (has_arms(tables, field))
        write_values(dot, field);
    fputs("</table>>];\n", dot->out);
}

static void write_list(const struct dot *dot, enum duet_side side)
{
    const struct duet_t_mapping *mapping = duet_mapping(dot->words.tables);
    fprintf(dot->out, "    t%u [shape=note, color=\"#c5cdd5\", label=<on ", (unsigned)side);
    duet_graph_escape(duet_graph_side(&dot->words, side), dot->out);
    fputs("<br align=\"left\"/>", dot->out);
    for (uint32_t i = 0; i < mapping->triggers_count; i++) {
        uint32_t row = mapping->triggers + i;
        const struct duet_t_trigger *trigger = duet_trigger_row(dot->words.tables, row);
        if (trigger->side != (uint32_t)side)
            continue;
        fputs("<b>", dot->out);
        duet_graph_escape(duet_graph_event(&dot->words, row), dot->out);
        fputs("</b> ", dot->out);
        duet_graph_escape(duet_graph_action(&dot->words, row), dot->out);
        fputs(" ", dot->out);
        duet_graph_escape(duet_graph_condition(&dot->words, trigger->when), dot->out);
        fputs("<br align=\"left\"/>", dot->out);
    }
    fputs(">];\n", dot->out);
}

static void write_side(const struct dot *dot, enum duet_side side)
{
    const struct duet_tables *tables = dot->words.tables;
    const struct duet_t_side *row = duet_side_row(tables, (uint32_t)side);
    fprintf(dot->out, "  subgraph cluster_%s {\n    color=\"#c5cdd5\";\n    label=",
            side == DUET_LEFT ? "left" : "right");
    duet_graph_quote(duet_arena_format(dot->words.arena, "%s: %s",
                                       duet_graph_side(&dot->words, side),
                                       duet_graph_string(&dot->words, row->title)),
                     dot->out);
    fputs(";\n", dot->out);
    for (uint32_t i = 0; i < row->fields_count; i++) {
        if (duet_graph_is_mapped(tables, row->fields + i))
            write_field(dot, row->fields + i);
    }
    if (duet_mapping(tables)->notes != DUET_NONE)
        fprintf(dot->out, "    n%u [shape=box, color=\"#c5cdd5\", label=\"notes\"];\n",
                (unsigned)side);
    write_list(dot, side);
    fputs("  }\n", dot->out);
}

/* --- edges ------------------------------------------------------------------------------------------------- */

static const char *ends(uint32_t direction)
{
    return direction == DUET_BOTH_WAYS ? "both" : direction == DUET_TO_RIGHT ? "forward" : "back";
}

static void write_arms(const struct dot *dot, const struct duet_t_pair *pair)
{
    const struct duet_t_map *map = duet_map_row(dot->words.tables, pair->map);
    for (uint32_t i = 0; map && i < map->arms_count; i++) {
        const struct duet_t_arm *arm = duet_arm_row(dot->words.tables, map->arms + i);
        bool is_whole = arm->direction == DUET_BOTH_WAYS && arm->lossy == DUET_NONE;
        fprintf(dot->out, "  f%u:v%u:e -> f%u:v%u:w [dir=%s, style=%s, color=\"#7a8793\"",
                (unsigned)pair->left, (unsigned)arm->left, (unsigned)pair->right,
                (unsigned)arm->right, ends(arm->direction), is_whole ? "solid" : "dashed");
        fputs(", tooltip=", dot->out);
        duet_graph_quote(duet_graph_arm(&dot->words, map->arms + i, map), dot->out);
        fputs("];\n", dot->out);
    }
}

static void write_pair(const struct dot *dot, uint32_t pair, uint32_t unit)
{
    const struct duet_t_pair *row = duet_pair_row(dot->words.tables, pair);
    const struct duet_t_unit *of = duet_unit_row(dot->words.tables, unit);
    const char *policy = duet_graph_policy(&dot->words, unit);
    const char *name = duet_graph_string(&dot->words, of->group ? of->name : row->name);
    fprintf(dot->out,
            "  f%u:t:e -> f%u:f:w [dir=%s, penwidth=1.75, style=%s, label=", (unsigned)row->left,
            (unsigned)row->right, ends(row->direction),
            row->lossy == DUET_NONE ? "solid" : "dashed");
    duet_graph_quote(
        duet_arena_format(dot->words.arena, "%s%s%s", name, *policy ? ", " : "", policy), dot->out);
    fputs(", tooltip=", dot->out);
    duet_graph_quote(duet_graph_pair(&dot->words, pair, unit), dot->out);
    fputs("];\n", dot->out);
    write_arms(dot, row);
}

static void write_edges(const struct dot *dot)
{
    const struct duet_t_mapping *mapping = duet_mapping(dot->words.tables);
    fprintf(dot->out,
            "  f%u:t:e -> f%u:f:w [dir=both, penwidth=4, color=\"#c5cdd5\", arrowhead=none, "
            "arrowtail=none, label=\"link\"];\n",
            (unsigned)mapping->link_left, (unsigned)mapping->link_right);
    for (uint32_t i = 0; i < mapping->units_count; i++) {
        const struct duet_t_unit *unit = duet_unit_row(dot->words.tables, mapping->units + i);
        for (uint32_t p = 0; p < unit->pairs_count; p++)
            write_pair(dot, unit->pairs + p, mapping->units + i);
    }
    const struct duet_t_note_pair *notes = duet_note_pair_row(dot->words.tables, mapping->notes);
    if (notes)
        fprintf(dot->out, "  n0:e -> n1:w [dir=%s, penwidth=1.75];\n", ends(notes->direction));
}

void duet_graph_write_dot(const struct duet_tables *tables, struct duet_arena *arena, FILE *out)
{
    struct dot dot = { .words = { .tables = tables, .arena = arena }, .out = out };
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    const char *name = duet_graph_string(&dot.words, mapping->name);
    const char *facts = duet_arena_format(arena, "%s\nfirst contact: %s", name,
                                          duet_graph_first_contact(&dot.words));
    for (uint32_t i = 0; i < mapping->creates_count; i++)
        facts = duet_arena_format(arena, "%s\ncreate: %s", facts,
                                  duet_graph_create(&dot.words, mapping->creates + i));
    fputs("digraph ", out);
    duet_graph_quote(name, out);
    fputs(" {\n  rankdir=LR;\n  ranksep=3;\n  labelloc=t;\n  fontname=\"sans-serif\";\n"
          "  node [shape=plain, fontname=\"sans-serif\", fontsize=11];\n"
          "  edge [fontname=\"sans-serif\", fontsize=10, color=\"#44515e\"];\n  label=",
          out);
    duet_graph_quote(facts, out);
    fputs(";\n", out);
    write_side(&dot, DUET_LEFT);
    write_side(&dot, DUET_RIGHT);
    write_edges(&dot);
    fputs("}\n", out);
}
