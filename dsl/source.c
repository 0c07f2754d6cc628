/* Texts of a set by number; where lines begin is found when somebody first asks. */
#include "dsl/source.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "dsl/arena.h"
#include "dsl/tables.h"
#include "dsl/word_index.h"

#define READ_BYTES (64u * 1024u)

struct source {
    const char *path;
    char *text; /* allocated apart: files can be large */
    size_t length;
    uint32_t *line_starts;
    uint32_t line_count; /* 0: not found yet */
};

struct duet_sources {
    struct duet_arena *arena;
    struct source **files;
    struct duet_word_index *by_path;
    uint32_t count;
    uint32_t room;
    size_t total;
    duet_source_lookup lookup; /* NULL: none */
    const void *lookup_context;
};

struct duet_sources *duet_sources_new(void)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_sources *sources = duet_arena_alloc(arena, sizeof *sources);
    sources->arena = arena;
    sources->by_path = duet_word_index_new(arena);
    return sources;
}

void duet_sources_free(struct duet_sources *sources)
{
    if (sources != NULL)
        duet_arena_free(sources->arena);
}

static bool find(const struct duet_sources *sources, const char *path, uint32_t *file_out)
{
    uint32_t file = duet_word_index_find(sources->by_path, path);
    if (file == DUET_NONE)
        return false;
    *file_out = file;
    return true;
}

static void make_room(struct duet_sources *sources)
{
    if (sources->count < sources->room)
        return;
    uint32_t room = sources->room == 0 ? 16 : sources->room * 2;
    struct source **files = duet_arena_alloc_array(sources->arena, room, sizeof(struct source *));
    for (uint32_t i = 0; i < sources->count; i++)
        files[i] = sources->files[i];
    sources->files = files;
    sources->room = room;
}

/* The text is the arena's already. */
static uint32_t add(struct duet_sources *sources, const char *path, char *text, size_t length)
{
    make_room(sources);
    struct source *source = duet_arena_alloc(sources->arena, sizeof *source);
    source->path = duet_arena_copy_text(sources->arena, path, strlen(path));
    source->text = text;
    source->length = length;
    sources->files[sources->count] = source;
    (void)duet_word_index_add(sources->by_path, source->path, sources->count);
    sources->total += length;
    return sources->count++;
}

static bool fits(const struct duet_sources *sources, size_t length)
{
    return length <= DUET_SOURCE_BYTES_MAX && sources->count < DUET_SOURCE_FILES_MAX &&
           length <= DUET_SOURCE_TOTAL_MAX - sources->total;
}

enum duet_status duet_sources_add_text(struct duet_sources *sources, const char *path,
                                       const char *text, size_t length, uint32_t *file_out)
{
    if (find(sources, path, file_out))
        return DUET_OK;
    if (!fits(sources, length))
        return DUET_INVALID;
    *file_out = add(sources, path, duet_arena_copy_text(sources->arena, text, length), length);
    return DUET_OK;
}

/* Reads in pieces: the size that a file claims (0 for a pipe) is never believed. */
static enum duet_status read_stream(struct duet_sources *sources, FILE *stream, char **text_out,
                                    size_t *length_out)
{
    char *text = NULL;
    size_t length = 0;
    size_t room = 0;
    enum duet_status status = DUET_OK;

    for (;;) {
        if (room - length < READ_BYTES) {
            room = room == 0 ? READ_BYTES * 2 : room * 2;
            char *larger = realloc(text, room);
            if (larger == NULL) {
                status = DUET_INVALID;
                goto done;
            }
            text = larger;
        }
        size_t got = fread(text + length, 1, READ_BYTES, stream);
        length += got;
        if (!fits(sources, length)) {
            status = DUET_INVALID;
            goto done;
        }
        if (got < READ_BYTES)
            break;
    }
    if (ferror(stream)) {
        status = DUET_FAILED;
        goto done;
    }
    *text_out = duet_arena_copy_text(sources->arena, text, length);
    *length_out = length;

done:
    free(text);
    return status;
}

void duet_sources_look_first(struct duet_sources *sources, duet_source_lookup lookup,
                             const void *context)
{
    sources->lookup = lookup;
    sources->lookup_context = context;
}

enum duet_status duet_sources_read(struct duet_sources *sources, const char *path,
                                   uint32_t *file_out)
{
    struct stat about;
    const char *given = NULL;
    char *text = NULL;
    size_t length = 0;

    if (find(sources, path, file_out))
        return DUET_OK;
    if (sources->lookup && sources->lookup(sources->lookup_context, path, &given, &length))
        return duet_sources_add_text(sources, path, given, length, file_out);
    FILE *stream = fopen(path, "rb");
    if (stream == NULL)
        return errno == ENOENT || errno == ENOTDIR ? DUET_NOT_FOUND : DUET_FAILED;

    enum duet_status status = DUET_FAILED;
    if (fstat(fileno(stream), &about) == 0 && S_ISDIR(about.st_mode))
        errno = EISDIR;
    else
        status = read_stream(sources, stream, &text, &length);
    int read_errno = errno;
    fclose(stream);
    errno = read_errno;
    if (status == DUET_OK)
        *file_out = add(sources, path, text, length);
    return status;
}

uint32_t duet_sources_count(const struct duet_sources *sources)
{
    return sources->count;
}

static struct source *source_at(const struct duet_sources *sources, uint32_t file)
{
    assert(file < sources->count);
    return sources->files[file];
}

const char *duet_source_path(const struct duet_sources *sources, uint32_t file)
{
    return source_at(sources, file)->path;
}

const char *duet_source_text(const struct duet_sources *sources, uint32_t file)
{
    return source_at(sources, file)->text;
}

size_t duet_source_length(const struct duet_sources *sources, uint32_t file)
{
    return source_at(sources, file)->length;
}

static void find_lines(const struct duet_sources *sources, struct source *source)
{
    uint32_t count = 1;
    for (size_t i = 0; i < source->length; i++)
        count += source->text[i] == '\n';

    source->line_starts = duet_arena_alloc_array(sources->arena, count, sizeof(uint32_t));
    uint32_t line = 1;
    for (uint32_t i = 0; i < source->length; i++) {
        if (source->text[i] == '\n')
            source->line_starts[line++] = i + 1;
    }
    source->line_count = count;
}

static struct source *with_lines(const struct duet_sources *sources, uint32_t file)
{
    struct source *source = source_at(sources, file);
    if (source->line_count == 0)
        find_lines(sources, source);
    return source;
}

/* Index of the last line that starts at or before the offset. */
static uint32_t line_of(const struct source *source, uint32_t offset)
{
    uint32_t low = 0;
    uint32_t high = source->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

struct duet_position duet_source_position(const struct duet_sources *sources, uint32_t file,
                                          uint32_t offset)
{
    const struct source *source = with_lines(sources, file);
    if (offset > source->length)
        offset = (uint32_t)source->length;

    uint32_t line = line_of(source, offset);
    struct duet_position position = { line + 1, 1 };
    for (uint32_t i = source->line_starts[line]; i < offset; i++) {
        /* Bytes 10xxxxxx continue a character. */
        if (((unsigned char)source->text[i] & 0xc0u) != 0x80u)
            position.column++;
    }
    return position;
}

struct duet_line duet_source_line(const struct duet_sources *sources, uint32_t file, uint32_t line)
{
    const struct source *source = with_lines(sources, file);
    if (line == 0 || line > source->line_count)
        return (struct duet_line){ "", 0, (uint32_t)source->length };

    uint32_t start = source->line_starts[line - 1];
    size_t end = line < source->line_count ? source->line_starts[line] - 1 : source->length;
    if (end > start && source->text[end - 1] == '\r')
        end--;
    return (struct duet_line){ source->text + start, end - start, start };
}

/* Appends the steps of path to the length bytes in buffer, taking "." and ".." out. */
static bool append_steps(const char *path, char *buffer, size_t size, size_t *length)
{
    while (*path != '\0') {
        size_t step = strcspn(path, "/");
        if (step == 2 && path[0] == '.' && path[1] == '.' && *length > 0 &&
            !(*length == 1 && buffer[0] == '/')) {
            size_t cut = *length;
            while (cut > 0 && buffer[cut - 1] != '/')
                cut--;
            bool climbs = *length - cut == 2 && buffer[cut] == '.' && buffer[cut + 1] == '.';
            if (!climbs) {
                *length = cut > 1 ? cut - 1 : cut;
                path += step + (path[step] == '/');
                continue;
            }
        }
        bool skip =
            step == 0 || (step == 1 && path[0] == '.') ||
            (step == 2 && path[0] == '.' && path[1] == '.' && *length == 1 && buffer[0] == '/');
        if (!skip) {
            bool slash = *length > 0 && buffer[*length - 1] != '/';
            if (step + slash + 1 > size - *length)
                return false;
            if (slash)
                buffer[(*length)++] = '/';
            memcpy(buffer + *length, path, step);
            *length += step;
        }
        path += step + (path[step] == '/');
    }
    return true;
}

bool duet_source_resolve(const char *from, const char *relative, char *buffer, size_t size)
{
    size_t length = 0;
    if (size < 2)
        return false;
    const char *slash = strrchr(from, '/');
    if (relative[0] == '/') {
        buffer[length++] = '/';
    } else if (slash != NULL) {
        char folder[4096];
        size_t folder_length = (size_t)(slash - from);
        if (folder_length >= sizeof folder)
            return false;
        memcpy(folder, from, folder_length);
        folder[folder_length] = '\0';
        if (from[0] == '/')
            buffer[length++] = '/';
        if (!append_steps(folder, buffer, size, &length))
            return false;
    }
    if (!append_steps(relative, buffer, size, &length))
        return false;
    buffer[length] = '\0';
    return true;
}

struct duet_span duet_span_join(struct duet_span a, struct duet_span b)
{
    if (a.file == DUET_SOURCE_NONE)
        return b;
    if (b.file != a.file || b.end < a.start)
        return a;
    return (struct duet_span){ a.file, a.start, b.end };
}
