#include "engine/fleet/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum duet_status from_environment(const struct duet_fleet_setting *setting,
                                         const char **text_out, struct duet_error *error)
{
    const char *text = getenv(setting->text);
    if (!text)
        return duet_fail(error, DUET_INVALID, "setting '%s': the environment variable %s isn't set",
                         setting->name, setting->text);
    *text_out = text;
    return DUET_OK;
}

/* The file's bytes without one line break at the end. */
static enum duet_status take_bytes(const struct duet_fleet_setting *setting, FILE *file,
                                   struct duet_arena *arena, const char **text_out,
                                   struct duet_error *error)
{
    char *text = duet_arena_alloc(arena, DUET_SETTING_MAX_BYTES + 2U);
    size_t length = fread(text, 1, DUET_SETTING_MAX_BYTES + 1U, file);
    if (ferror(file))
        return duet_fail(error, DUET_INVALID, "setting '%s': can't read '%s': %s", setting->name,
                         setting->text, strerror(errno));
    if (length > DUET_SETTING_MAX_BYTES || memchr(text, '\0', length))
        return duet_fail(error, DUET_INVALID, "setting '%s': '%s' is too long or no text",
                         setting->name, setting->text);
    if (length > 0 && text[length - 1] == '\n')
        text[--length] = '\0';
    if (length > 0 && text[length - 1] == '\r')
        text[--length] = '\0';
    *text_out = text;
    return DUET_OK;
}

static enum duet_status from_file(const struct duet_fleet_setting *setting,
                                  struct duet_arena *arena, const char **text_out,
                                  struct duet_error *error)
{
    FILE *file = fopen(setting->text, "rb");
    if (!file)
        return duet_fail(error, DUET_INVALID, "setting '%s': can't open '%s': %s", setting->name,
                         setting->text, strerror(errno));
    enum duet_status status = take_bytes(setting, file, arena, text_out, error);
    fclose(file);
    return status;
}

static enum duet_status read_one(const struct duet_fleet_setting *setting, struct duet_arena *arena,
                                 const char **text_out, struct duet_error *error)
{
    switch (setting->kind) {
    case DUET_SETTING_IS_TEXT:
    case DUET_SETTING_IS_NUMBER:
        *text_out = setting->text;
        return DUET_OK;
    case DUET_SETTING_IS_ENV:
        return from_environment(setting, text_out, error);
    case DUET_SETTING_IS_FILE:
        return from_file(setting, arena, text_out, error);
    }
    return DUET_INVALID;
}

enum duet_status duet_settings_read(const struct duet_fleet_settings *settings,
                                    struct duet_arena *arena,
                                    struct duet_setting_value **values_out,
                                    struct duet_error *error)
{
    struct duet_setting_value *values =
        duet_arena_alloc_array(arena, settings->count + 1, sizeof *values);
    for (size_t i = 0; i < settings->count; i++) {
        values[i].name = settings->list[i].name;
        enum duet_status status = read_one(&settings->list[i], arena, &values[i].text, error);
        if (status != DUET_OK)
            return status;
    }
    *values_out = values;
    return DUET_OK;
}
