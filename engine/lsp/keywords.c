#include "engine/lsp/keywords.h"

#include <string.h>

static const struct {
    const char *word;
    const char *help;
} keywords[] = {
#define X(word, help) { word, help },
#include "engine/lsp/keywords.def"
#undef X
};

static const size_t count = sizeof keywords / sizeof keywords[0];

const char *duet_keyword_help(const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(keywords[i].word, word) == 0)
            return keywords[i].help;
    }
    return NULL;
}

const char *duet_keyword_at(size_t index)
{
    return index < count ? keywords[index].word : NULL;
}
