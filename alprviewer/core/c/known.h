/* Texts whose codes are known. */

#pragma once

#include "rows.h"

static inline uint64_t hash_of(byte what, const byte *bytes, uint32_t length)
{
    const uint64_t mix = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t hash = ((uint64_t)length << 8 | what) * mix, rest = 0;
    for (; length >= 8; bytes += 8, length -= 8) {
        hash = (hash ^ load(bytes)) * mix;
        hash ^= hash >> 32;
    }
    memcpy(&rest, bytes, length);
    hash = (hash ^ rest) * mix;
    return hash ^ hash >> 32;
}

/* The place of a text in the table, or the free one where it belongs: there is always one. */
static inline uint32_t place_of(
    const known_texts *known, uint64_t hash, byte what, const byte *bytes, uint32_t length)
{
    uint32_t place = (uint32_t)hash & (known->room - 1);
    for (; known->codes[place]; place = (place + 1) & (known->room - 1)) {
        const byte *kept = known->bytes + known->starts[place];
        if (known->hashes[place] == hash && known->lengths[place] == length && kept[0] == what &&
            memcmp(kept + 1, bytes, length) == 0)
            break;
    }
    return place;
}

/* The code of a text; CODE_ABSENT where it is not known. */
static inline uint32_t code_of(const known_texts *known, byte what, const byte *bytes, uint32_t length)
{
    return known->codes[place_of(known, hash_of(what, bytes, length), what, bytes, length)];
}
