#include "engine/graph/svg.h"

#include "engine/graph/escape.h"

/* Plain values, twice, instead of CSS variables: many programs that place pictures in slides know no others. */
static const char style[] =
    ".duet-graph text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',"
    "'DejaVu Sans',sans-serif;fill:#1f2933}\n"
    ".duet-graph .code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans "
    "Mono',monospace}\n"
    ".duet-graph .paper{fill:#fff}\n"
    ".duet-graph .title text{font-weight:600}\n"
    ".duet-graph .heading text,.duet-graph .name text{font-weight:600}\n"
    ".duet-graph .note,.duet-graph .about text,.duet-graph .remark text,.duet-graph .when text,"
    ".duet-graph .spare text{fill:#5f6c79}\n"
    ".duet-graph .head.left rect{fill:#2f5f93}\n"
    ".duet-graph .head.right rect{fill:#25705f}\n"
    ".duet-graph .head text,.duet-graph .about text{fill:#fff}\n"
    ".duet-graph .head .text{font-weight:600}\n"
    ".duet-graph .field .text,.duet-graph .event text{font-weight:600}\n"
    ".duet-graph .field.left rect{fill:#eff5fb;stroke:#b9cde1}\n"
    ".duet-graph .field.right rect{fill:#edf7f4;stroke:#b3d6cb}\n"
    ".duet-graph .value rect{fill:#fff}\n"
    ".duet-graph .value.left rect{stroke:#b9cde1}\n"
    ".duet-graph .value.right rect{stroke:#b3d6cb}\n"
    ".duet-graph .group rect{fill:#f7f8fa;stroke:#c5cdd5}\n"
    ".duet-graph .panel rect{fill:#f7f8fa;stroke:#dde2e7}\n"
    ".duet-graph .spare rect{fill:none;stroke:#d5dbe1;stroke-dasharray:2 3}\n"
    ".duet-graph .line{fill:none;stroke:#44515e;stroke-width:1.75}\n"
    ".duet-graph .tip{fill:#44515e}\n"
    ".duet-graph .arm .line{stroke:#7a8793;stroke-width:1.25}\n"
    ".duet-graph .arm .tip{fill:#7a8793}\n"
    ".duet-graph .link .line{stroke-width:3;stroke:#aab4be}\n"
    ".duet-graph .link .tip{fill:#aab4be}\n"
    ".duet-graph .dashed .line{stroke-dasharray:5 4}\n"
    "@media (prefers-color-scheme:dark){\n"
    ".duet-graph text{fill:#e3e8ed}\n"
    ".duet-graph .paper{fill:#12171d}\n"
    ".duet-graph .note,.duet-graph .about text,.duet-graph .remark text,.duet-graph .when text,"
    ".duet-graph .spare text{fill:#9aa7b4}\n"
    ".duet-graph .head.left rect{fill:#2d5c8f}\n"
    ".duet-graph .head.right rect{fill:#236c5c}\n"
    ".duet-graph .head text,.duet-graph .about text{fill:#fff}\n"
    ".duet-graph .field.left rect{fill:#18242f;stroke:#35506b}\n"
    ".duet-graph .field.right rect{fill:#172824;stroke:#2f5a4e}\n"
    ".duet-graph .value rect{fill:#12171d}\n"
    ".duet-graph .value.left rect{stroke:#35506b}\n"
    ".duet-graph .value.right rect{stroke:#2f5a4e}\n"
    ".duet-graph .group rect{fill:#171d24;stroke:#3b4753}\n"
    ".duet-graph .panel rect{fill:#171d24;stroke:#2b353f}\n"
    ".duet-graph .spare rect{stroke:#34404b}\n"
    ".duet-graph .line{stroke:#b4bfca}\n"
    ".duet-graph .tip{fill:#b4bfca}\n"
    ".duet-graph .arm .line{stroke:#8592a0}\n"
    ".duet-graph .arm .tip{fill:#8592a0}\n"
    ".duet-graph .link .line{stroke:#566371}\n"
    ".duet-graph .link .tip{fill:#566371}\n"
    "}\n";

static void write_title(const char *text, FILE *out)
{
    if (!text)
        return;
    fputs("<title>", out);
    duet_graph_escape(text, out);
    fputs("</title>", out);
}

static void write_text(const char *class, bool is_code, int x, int baseline, int size,
                       enum duet_mark_align align, const char *text, FILE *out)
{
    static const char *const anchors[] = { "", " text-anchor=\"middle\"", " text-anchor=\"end\"" };
    if (!text)
        return;
    fprintf(out, "<text class=\"%s%s\" x=\"%d\" y=\"%d\" font-size=\"%d\"%s>", class,
            is_code ? " code" : "", x, baseline, size, anchors[align]);
    duet_graph_escape(text, out);
    fputs("</text>", out);
}

static void write_box(const struct duet_mark *mark, FILE *out)
{
    const struct duet_mark_style *drawn = duet_mark_style(mark->role);
    int line = mark->first_line > 0 ? mark->first_line : mark->height;
    int inside = mark->height < 30 ? 8 : 12;
    fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>", mark->x, mark->y,
            mark->width, mark->height, inside / 2);
    write_text("text", drawn->is_code, mark->x + 12, mark->y + line / 2 + drawn->size * 7 / 20,
               drawn->size, DUET_ALIGN_START, mark->text, out);
    write_text("note", false, mark->x + mark->width - 12, mark->y + line / 2 + drawn->size * 7 / 20,
               drawn->note_size, DUET_ALIGN_END, mark->note, out);
}

/* A triangle whose point is at (x, y); `way` is 1 when it points right and -1 when left. */
static void write_tip(int x, int y, int way, int length, FILE *out)
{
    fprintf(out, "<path class=\"tip\" d=\"M%d %dl%d %dv%dz\"/>", x, y, -way * length, -length / 2,
            length / 2 * 2);
}

/* No edit goes over it: it has no heads. */
static void write_link(const struct duet_mark *mark, FILE *out)
{
    int end = mark->x + mark->width;
    fprintf(out,
            "<path class=\"line\" d=\"M%d %dH%d\"/><circle class=\"tip\" cx=\"%d\" cy=\"%d\" "
            "r=\"5\"/><circle class=\"tip\" cx=\"%d\" cy=\"%d\" r=\"5\"/>",
            mark->x + 5, mark->y, end - 5, mark->x + 5, mark->y, end - 5, mark->y);
}

static void write_line(const struct duet_mark *mark, FILE *out)
{
    if (mark->role == DUET_MARK_LINK) {
        write_link(mark, out);
        return;
    }
    bool is_small = mark->role == DUET_MARK_ARM || mark->role == DUET_MARK_KEY;
    int tip = is_small ? 8 : 10;
    bool to_right = mark->direction != DUET_TO_LEFT;
    bool to_left = mark->direction != DUET_TO_RIGHT;
    int from = mark->x + (to_left ? tip - 1 : 0);
    int to = mark->x + mark->width - (to_right ? tip - 1 : 0);
    int end = mark->y + mark->height;
    int bend = mark->x + mark->width / 2;
    fprintf(out, "<path class=\"line\" d=\"M%d %d", from, mark->y);
    if (mark->height == 0)
        fprintf(out, "H%d\"/>", to);
    else
        fprintf(out, "C%d %d %d %d %d %d\"/>", bend, mark->y, bend, end, to, end);
    if (to_left)
        write_tip(mark->x, mark->y, -1, tip, out);
    if (to_right)
        write_tip(mark->x + mark->width, end, 1, tip, out);
}

static void write_plain_text(const struct duet_mark *mark, FILE *out)
{
    const struct duet_mark_style *drawn = duet_mark_style(mark->role);
    int x = mark->align == DUET_ALIGN_START    ? mark->x
            : mark->align == DUET_ALIGN_MIDDLE ? mark->x + mark->width / 2
                                               : mark->x + mark->width;
    write_text("text", drawn->is_code, x, mark->y + drawn->size, drawn->size, mark->align,
               mark->text, out);
}

static void write_mark(const struct duet_mark *mark, FILE *out)
{
    const struct duet_mark_style *drawn = duet_mark_style(mark->role);
    fprintf(out, "<g class=\"%s", drawn->name);
    if (drawn->kind == DUET_MARK_BOX)
        fputs(mark->side == DUET_LEFT ? " left" : " right", out);
    fputs(mark->dashed ? " dashed\">" : "\">", out);
    write_title(mark->full, out);
    switch (drawn->kind) {
    case DUET_MARK_BOX:
        write_box(mark, out);
        break;
    case DUET_MARK_TEXT:
        write_plain_text(mark, out);
        break;
    case DUET_MARK_LINE:
        write_line(mark, out);
        break;
    }
    fputs("</g>\n", out);
}

void duet_graph_write_svg(const struct duet_picture *picture, FILE *out)
{
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"duet-graph\" width=\"%d\" "
            "height=\"%d\" viewBox=\"0 0 %d %d\" role=\"graphics-document\" "
            "aria-labelledby=\"duet-graph-title duet-graph-desc\">\n<title "
            "id=\"duet-graph-title\">",
            picture->width, picture->height, picture->width, picture->height);
    duet_graph_escape(picture->name, out);
    fputs("</title>\n<desc id=\"duet-graph-desc\">", out);
    duet_graph_escape(picture->about, out);
    fprintf(out,
            "</desc>\n<style>\n%s</style>\n<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n",
            style, picture->width, picture->height);
    for (size_t i = 0; i < picture->count; i++)
        write_mark(&picture->marks[i], out);
    fputs("</svg>\n", out);
}
