/* Text from files and records as other programs' formats can hold it: well-formed UTF-8 without control characters. */
#pragma once

#include <stddef.h>

/* Bytes of the character at `text`, which ends with NUL; 0: nothing that XML, YAML or a terminal may be given (broken UTF-8, a control
 * character, whatever ends a line, a tab, U+FFFE, U+FFFF), one byte of it, or the text's end. */
size_t duet_clean_length(const char *text);
