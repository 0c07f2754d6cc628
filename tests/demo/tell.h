/* Lines of the story on standard output; coloured on a terminal. */
#pragma once

enum tell_tone { TELL_PLAIN, TELL_TITLE, TELL_GOOD, TELL_BAD, TELL_FAINT };

/* The text in a tone, then plain again. No line end. */
__attribute__((format(printf, 2, 3))) void tell(enum tell_tone tone, const char *format, ...);
