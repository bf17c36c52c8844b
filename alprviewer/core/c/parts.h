/* The parts of a frame: plates, corners, boxes, crops. */

#pragma once

#include "rows.h"

/* --- plates --- */

/* Up to eight ASCII characters as one word, the first in the lowest byte; OPEN for any other text. */
static inline uint64_t word_of(const text *given)
{
    if (given->length > 8 || !given->ascii)
        return OPEN;
    uint64_t word = 0;
    for (int64_t k = 0; k < given->length; k++)
        word |= (uint64_t)given->start[k] << (8 * k);
    return word;
}

static inline int take_plate(cursor *c, text *found, uint64_t *word)
{
    if (LIKELY(c->end - c->at > 9 && *c->at == '"')) {
        const byte *start = c->at + 1;
        uint64_t eight = load(start), quotes = zeros(eight ^ EACH('"'));
        if (LIKELY(quotes || start[8] == '"')) {
            int length = quotes ? __builtin_ctzll(quotes) >> 3 : 8;
            uint64_t kept = length == 8 ? ~UINT64_C(0) : (UINT64_C(1) << 8 * length) - 1;
            uint64_t filled = (eight & kept) | (EACH(' ') & ~kept);
            uint64_t control = (filled - EACH(' ')) & ~filled & EACH(0x80);
            if (LIKELY(!(control | zeros(filled ^ EACH('\\')) | (filled & EACH(0x80))))) {
                *word = eight & kept;
                *found = (text){start, length, 1};
                c->at = start + length + 1;
                return 1;
            }
        }
    }
    if (!take_text(c, MAX_TEXT, found))
        return 0;
    *word = word_of(found);
    return 1;
}

/* --- corners and boxes --- */

static const name CORNER[] = {NAME("x"), NAME("y")};
static const name BOX[] = {NAME("x"), NAME("y"), NAME("width"), NAME("height")};

/* An object of whole numbers, all of them there. */
static inline int take_numbers(cursor *c, const name *names, int count, int16_t *values)
{
    int next = 0, more;
    uint32_t seen = 0;
    if (!take(c, '{'))
        return 0;
    do {
        int64_t number;
        int k = take_name(c, names, count, &next, &seen);
        if (k < 0 || !take_integer(c, k < 2 ? -MAX_COORDINATE : 0, MAX_COORDINATE, &number))
            return 0;
        values[k] = (int16_t)number;
        more = follows(c, '}');
    } while (more > 0);
    return more == 0 && seen == (UINT32_C(1) << count) - 1;
}

static inline int take_corners(cursor *c, int16_t *values)
{
    if (!take(c, '['))
        return 0;
    for (int corner = 0; corner < 4; corner++) {
        if (!take_numbers(c, CORNER, 2, values + 2 * corner) || follows(c, ']') != (corner < 3))
            return 0;
    }
    return 1;
}

/* --- crops --- */

typedef byte block __attribute__((vector_size(16)));

static inline block not_base64(const byte *at)
{
    block given;
    memcpy(&given, at, 16);
    block letters = (given | 0x20) - 'a', signs = given - '/'; /* the digits follow the slash */
    return (block)((letters > 25) & (signs > 10) & (given != '+'));
}

/* The first byte that is not of the base64 alphabet. */
static const byte *behind_base64(const byte *at, const byte *end)
{
    while (end - at >= 64) {
        block others = not_base64(at) | not_base64(at + 16) | not_base64(at + 32) | not_base64(at + 48);
        uint64_t halves[2];
        memcpy(halves, &others, 16);
        if (halves[0] | halves[1])
            break;
        at += 64;
    }
    while (at < end && ((byte)((*at | 0x20) - 'a') < 26 || (byte)(*at - '/') < 11 || *at == '+'))
        at++;
    return at;
}

/* Canonical base64 of a JPEG picture: core.crops.is_plain_base64. */
static inline int take_crop(cursor *c, uint32_t *length)
{
    if (!take(c, '"'))
        return 0;
    const byte *start = c->at, *at = behind_base64(start, c->end);
    for (int padding = 0; padding < 2 && at < c->end && *at == '='; padding++)
        at++;
    if (at == c->end)
        return at_end(c);
    int64_t found = at - start;
    if (*at != '"' || found < 4 || found % 4 || found > MAX_CROP_TEXT || memcmp(start, "/9j/", 4) != 0)
        return 0;
    *length = (uint32_t)found;
    c->at = at + 1;
    return 1;
}
