#include "tests/hostile/kinds.h"

#define PART(text)                                                                                 \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }
#define HOSTILE(name, head, fill, count, middle, piece, close, tail, finding)                      \
    { name,        PART(head),  PART(fill), count,  PART(middle),                                  \
      PART(piece), PART(close), PART(tail), finding },

static const struct hostile_kind kinds[] = {
#include "tests/hostile/kinds.def"
};

size_t hostile_kind_count(void)
{
    return sizeof kinds / sizeof kinds[0];
}

const struct hostile_kind *hostile_kind_at(size_t index)
{
    return &kinds[index];
}

/* What was written, in bytes. */
static size_t put(struct hostile_part part, size_t number, FILE *out)
{
    size_t written = 0;
    for (size_t i = 0; i < part.length; i++) {
        char c = part.text[i];
        if (c == '$' || c == '@') {
            written += (size_t)fprintf(out, "%zu", c == '$' ? number : number - (number > 0));
        } else {
            fputc(c, out);
            written++;
        }
    }
    return written;
}

void hostile_kind_write(const struct hostile_kind *kind, size_t size, FILE *out)
{
    size_t written = put(kind->head, 0, out);
    for (size_t i = 0; i < kind->fill_count && written < size / 2; i++)
        written += put(kind->fill, i, out);
    written += put(kind->middle, 0, out);

    size_t count = 0;
    while (written + count * kind->close.length < size)
        written += put(kind->piece, count++, out);
    for (size_t i = 0; i < count; i++)
        put(kind->close, count - 1 - i, out);
    put(kind->tail, 0, out);
}
