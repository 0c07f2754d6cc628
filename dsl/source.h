/* Source texts: what stands in the files that were read, and which line a byte belongs to.
 *
 * A file is known by its number in the set it was added to. Texts may also be given from memory
 * (an editor's unsaved buffer, a test); a text given under a path stands in for the file there.
 * The set owns all texts and paths; both live until duet_sources_free(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsl/status.h"

#define DUET_SOURCE_BYTES_MAX (16u * 1024u * 1024u)  /* one file */
#define DUET_SOURCE_TOTAL_MAX (256u * 1024u * 1024u) /* all files of a set */
#define DUET_SOURCE_FILES_MAX 8192u
#define DUET_SOURCE_NONE UINT32_MAX

/* A piece of a file: bytes start to end (not included). */
struct duet_span {
    uint32_t file; /* number of the file, DUET_SOURCE_NONE: no place in any file */
    uint32_t start;
    uint32_t end;
};

#define DUET_SPAN_NONE ((struct duet_span){ DUET_SOURCE_NONE, 0, 0 })

/* Both start at 1; a column counts characters (code points), not bytes. */
struct duet_position {
    uint32_t line;
    uint32_t column;
};

/* A line without its line end: points into the text. */
struct duet_line {
    const char *text;
    size_t length;
    uint32_t start; /* offset of its first byte */
};

struct duet_sources;

struct duet_sources *duet_sources_new(void);
void duet_sources_free(struct duet_sources *sources); /* NULL is fine */

/* Takes a copy of a text under a path. A path that is there already gets the new text only when
 * nothing was read from it before: the number of the earlier text is given back otherwise.
 * DUET_INVALID: too large, too many. */
enum duet_status duet_sources_add_text(struct duet_sources *sources, const char *path,
                                       const char *text, size_t length, uint32_t *file_out);

/* Reads a file, or gives the number of the text that is there already under that path.
 * DUET_NOT_FOUND: no such file. DUET_FAILED: can't be read, a folder. DUET_INVALID: too large, too many.
 * On failure errno says more for the first two. */
enum duet_status duet_sources_read(struct duet_sources *sources, const char *path,
                                   uint32_t *file_out);

/* A text that stands in for the file at a path, borrowed for the call; false: there is none. */
typedef bool (*duet_source_lookup)(const void *context, const char *path, const char **text_out,
                                   size_t *length_out);
/* Asked by duet_sources_read() before the disk. */
void duet_sources_look_first(struct duet_sources *sources, duet_source_lookup lookup,
                             const void *context);

uint32_t duet_sources_count(const struct duet_sources *sources);
const char *duet_source_path(const struct duet_sources *sources, uint32_t file);
const char *duet_source_text(const struct duet_sources *sources, uint32_t file); /* NUL behind it */
size_t duet_source_length(const struct duet_sources *sources, uint32_t file);

/* An offset past the end counts as the end. */
struct duet_position duet_source_position(const struct duet_sources *sources, uint32_t file,
                                          uint32_t offset);
struct duet_line duet_source_line(const struct duet_sources *sources, uint32_t file, uint32_t line);

/* The path that `relative` means when written in the file `from`: joined to its folder, with "." and
 * ".." taken out. Into buffer, which has size bytes; false when it doesn't fit. */
bool duet_source_resolve(const char *from, const char *relative, char *buffer, size_t size);

/* From the start of a to the end of b; either may be DUET_SPAN_NONE. */
struct duet_span duet_span_join(struct duet_span a, struct duet_span b);
