/* Words and a number for each, such as where it stands in an array: found at the same cost, however many there are. */
#pragma once

#include <stdint.h>

struct duet_arena;
struct duet_word_index;

/* Empty, in the arena. */
struct duet_word_index *duet_word_index_new(struct duet_arena *arena);

/* The number that the word was added with first: `number` when it is new. The word is borrowed; NULL is never there and
 * gives `number`. */
uint32_t duet_word_index_add(struct duet_word_index *index, const char *word, uint32_t number);

/* DUET_NONE: not there. Index and word may be NULL. */
uint32_t duet_word_index_find(const struct duet_word_index *index, const char *word);
