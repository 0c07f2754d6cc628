/* A copy of the shipped mappings with a mistake in it. */
#pragma once

struct mutant_edit {
    const char *file; /* below mappings/ */
    const char *from; /* stands there once; NULL: nothing is changed */
    const char *to;
};

/* A new folder with what mappings/ has, and the edits made (ended by a row without file); to be freed. A text that isn't found fails
 * by lab_fail(). */
char *mutant_copy(const struct mutant_edit *edits);
/* Takes the folder away and frees its name; NULL is fine. */
void mutant_remove(char *folder);
