/* Codes of very many short texts: the hash table of core/texts.py. */

#include "json.h"

enum { FAR = 16, NEAR = 8 }; /* so many words ahead, memory is asked for */

static inline uint64_t slot_of(uint64_t word, int32_t bits)
{
    return word * UINT64_C(0x9E3779B97F4A7C15) >> (64 - bits);
}

/* The codes of words in the table of core/texts.py: codes by hash, words by code. New ones are appended, for
 * which there must be room. Returns how many words there are then. */
EXPORT int64_t alpr_code_words(
    uint64_t *words, int64_t count, uint32_t *slots, int32_t bits, const uint64_t *wanted, int64_t length,
    uint32_t *codes)
{
    const uint64_t mask = (UINT64_C(1) << bits) - 1;
    for (int64_t k = 0; k < length; k++) {
        if (k + FAR < length)
            __builtin_prefetch(&slots[slot_of(wanted[k + FAR], bits)]);
        if (k + NEAR < length)
            __builtin_prefetch(&words[slots[slot_of(wanted[k + NEAR], bits)]]);
        uint64_t word = wanted[k], slot = slot_of(word, bits);
        uint32_t code;
        while ((code = slots[slot]) && words[code] != word)
            slot = (slot + 1) & mask;
        if (!code) {
            code = slots[slot] = (uint32_t)count;
            words[count++] = word;
        }
        codes[k] = code;
    }
    return count;
}

/* Put codes of words that are not in the table into it. */
EXPORT void alpr_place_codes(
    const uint64_t *words, uint32_t *slots, int32_t bits, const uint32_t *codes, int64_t length)
{
    const uint64_t mask = (UINT64_C(1) << bits) - 1;
    for (int64_t k = 0; k < length; k++) {
        if (k + FAR < length)
            __builtin_prefetch(&slots[slot_of(words[codes[k + FAR]], bits)], 1);
        uint64_t slot = slot_of(words[codes[k]], bits);
        while (slots[slot])
            slot = (slot + 1) & mask;
        slots[slot] = codes[k];
    }
}
