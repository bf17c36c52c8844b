/* Reading JSON strictly, token by token, without building anything.
 *
 * Each take_... passes what it takes and returns 1, or returns 0: then the place counts for nothing any more,
 * and ``cut`` says whether it was only the text that ended. Every byte is read behind a comparison with the end.
 */

#pragma once

#include <stdint.h>
#include <string.h>

#if !defined(__GNUC__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "needs GCC or clang and a little-endian machine"
#endif

#define EXPORT __attribute__((visibility("default")))
#define LIKELY(condition) __builtin_expect(!!(condition), 1)

typedef uint8_t byte;

/* --- a place in the text --- */

typedef struct {
    const byte *at, *end;
    int cut; /* the text ended where more was expected */
} cursor;

static inline int at_end(cursor *c)
{
    c->cut = 1;
    return 0;
}

/* The next byte that is no white space, which is passed; -1 at the end. */
static inline int peek(cursor *c)
{
    while (c->at < c->end) {
        byte next = *c->at;
        if (LIKELY(next > ' '))
            return next;
        if (next != ' ' && next != '\n' && next != '\r' && next != '\t')
            return next;
        c->at++;
    }
    at_end(c);
    return -1;
}

static inline int take(cursor *c, byte wanted)
{
    if (peek(c) != wanted)
        return 0;
    c->at++;
    return 1;
}

/* After an element or a member: 1 where another one follows, 0 where list or object ended, -1 else. */
static inline int follows(cursor *c, byte closing)
{
    int next = peek(c);
    if (next != ',' && next != closing)
        return -1;
    c->at++;
    return next == ',';
}

static inline uint64_t load(const byte *at)
{
    uint64_t word;
    memcpy(&word, at, 8);
    return word;
}

#define EACH(value) (UINT64_C(0x0101010101010101) * (value))

/* The highest bit of the first byte that is zero, perhaps those of others behind it; 0 where none is. */
static inline uint64_t zeros(uint64_t word)
{
    return (word - EACH(1)) & ~word & EACH(0x80);
}

/* --- texts --- */

typedef struct {
    const byte *start;
    int64_t length;
    int ascii;
} text;

/* Whether bytes are UTF-8 (RFC 3629). */
static inline int is_utf8(const byte *at, const byte *end)
{
    while (at < end) {
        byte lead = *at++;
        int more;
        byte low = 0x80, high = 0xBF;
        if (lead < 0x80)
            continue;
        if (lead >= 0xC2 && lead <= 0xDF)
            more = 1;
        else if (lead >= 0xE0 && lead <= 0xEF) {
            more = 2;
            if (lead == 0xE0)
                low = 0xA0;
            else if (lead == 0xED)
                high = 0x9F;
        } else if (lead >= 0xF0 && lead <= 0xF4) {
            more = 3;
            if (lead == 0xF0)
                low = 0x90;
            else if (lead == 0xF4)
                high = 0x8F;
        } else
            return 0;
        while (more--) {
            if (at == end || *at < low || *at > high)
                return 0;
            at++;
            low = 0x80, high = 0xBF;
        }
    }
    return 1;
}

/* A text without escapes, of at most so many bytes. */
static inline int take_text(cursor *c, int64_t longest, text *found)
{
    if (!take(c, '"'))
        return 0;
    const byte *at = c->at;
    byte seen = 0;
    while (at < c->end && *at != '"') {
        if (*at < ' ' || *at == '\\')
            return 0;
        seen |= *at++;
    }
    if (at == c->end)
        return at_end(c);
    found->start = c->at;
    found->length = at - c->at;
    found->ascii = seen < 0x80;
    c->at = at + 1;
    return found->length <= longest && (found->ascii || is_utf8(found->start, at));
}

/* --- numbers --- */

/* A whole number (JSON: no plus, no leading zero) of at most 18 digits. */
static inline int take_integer(cursor *c, int64_t low, int64_t high, int64_t *number)
{
    if (peek(c) < 0)
        return 0;
    const byte *at = c->at;
    int negative = *at == '-';
    at += negative;
    const byte *first = at;
    uint64_t value = 0;
    for (; at < c->end && (byte)(*at - '0') < 10; at++)
        value = value * 10 + (*at - '0');
    if (at == c->end)
        return at_end(c);
    if (at == first || at - first > 18 || (*first == '0' && at - first > 1))
        return 0;
    c->at = at;
    *number = negative ? -(int64_t)value : (int64_t)value;
    return *number >= low && *number <= high;
}

static const uint64_t TENS[20] = {
    UINT64_C(1), UINT64_C(10), UINT64_C(100), UINT64_C(1000), UINT64_C(10000), UINT64_C(100000),
    UINT64_C(1000000), UINT64_C(10000000), UINT64_C(100000000), UINT64_C(1000000000), UINT64_C(10000000000),
    UINT64_C(100000000000), UINT64_C(1000000000000), UINT64_C(10000000000000), UINT64_C(100000000000000),
    UINT64_C(1000000000000000), UINT64_C(10000000000000000), UINT64_C(100000000000000000),
    UINT64_C(1000000000000000000), UINT64_C(10000000000000000000)};

/* The double next to digits / 10^decimals, ties to even; at most 19 digits and decimals. */
static inline double quotient(uint64_t digits, int decimals)
{
    if (digits < UINT64_C(1) << 53)
        return (double)digits / (double)TENS[decimals]; /* both are exact (10^19 has 45 bits but its zeros) */
    unsigned __int128 whole = (unsigned __int128)digits << 64;
    unsigned __int128 result = whole / TENS[decimals];
    int is_inexact = whole % TENS[decimals] != 0;
    uint64_t high = (uint64_t)(result >> 64);
    int top = high ? 127 - __builtin_clzll(high) : 63 - __builtin_clzll((uint64_t)result);
    int dropped = top - 52; /* more than 0: the result is 2^53 at least */
    uint64_t kept = (uint64_t)(result >> dropped);
    unsigned __int128 rest = result - ((unsigned __int128)kept << dropped);
    unsigned __int128 half = (unsigned __int128)1 << (dropped - 1);
    kept += rest > half || (rest == half && (is_inexact || (kept & 1)));
    uint64_t bits = (uint64_t)(1023 + dropped - 64) << 52;
    double scale;
    memcpy(&scale, &bits, 8);
    return (double)kept * scale;
}

/* A number from 0 to high, without an exponent, of at most 19 digits. */
static inline int take_real(cursor *c, double high, double *number)
{
    if (peek(c) < 0)
        return 0;
    const byte *first = c->at, *at = first;
    uint64_t digits = 0;
    for (; at < c->end && (byte)(*at - '0') < 10; at++)
        digits = digits * 10 + (*at - '0');
    int64_t whole = at - first, decimals = 0;
    if (at < c->end && *at == '.') {
        const byte *point = at++;
        for (; at < c->end && (byte)(*at - '0') < 10; at++)
            digits = digits * 10 + (*at - '0');
        decimals = at - point - 1;
        if (decimals == 0 && at < c->end)
            return 0;
    }
    if (at == c->end)
        return at_end(c);
    if (whole == 0 || (*first == '0' && whole > 1) || whole + decimals > 19)
        return 0;
    c->at = at;
    *number = quotient(digits, (int)decimals);
    return *number <= high;
}

static inline int take_flag(cursor *c, int8_t *flag)
{
    int64_t value;
    if (!take_integer(c, 0, 1, &value))
        return 0;
    *flag = (int8_t)value;
    return 1;
}

static inline int take_word(cursor *c, const char *word, int length)
{
    for (int k = 0; k < length; k++) {
        if (c->at == c->end)
            return at_end(c);
        if (*c->at++ != (byte)word[k])
            return 0;
    }
    return 1;
}

static inline int take_truth(cursor *c)
{
    int next = peek(c);
    return next == 't' ? take_word(c, "true", 4) : next == 'f' ? take_word(c, "false", 5) : 0;
}

/* --- members --- */

typedef struct {
    const char *bytes;
    int length;
} name;
#define NAME(text) {text, sizeof(text) - 1}
enum { LONGEST_NAME = 20 };

/* The number of the member that begins here, its name and the colon passed; -1 for another one, or one that
 * came before. Names are tried from the one that is expected next: agents write them in the same order. */
static inline int take_name(cursor *c, const name *names, int count, int *next, uint32_t *seen)
{
    if (!take(c, '"'))
        return -1;
    int64_t left = c->end - c->at;
    for (int tried = 0, k = *next; tried < count; tried++, k++) {
        if (k == count)
            k = 0;
        int length = names[k].length;
        if (left > length && c->at[length] == '"' && memcmp(c->at, names[k].bytes, (size_t)length) == 0) {
            if (*seen >> k & 1)
                return -1;
            *seen |= UINT32_C(1) << k;
            *next = k + 1 == count ? 0 : k + 1;
            c->at += length + 1;
            return take(c, ':') ? k : -1;
        }
    }
    if (left <= LONGEST_NAME && memchr(c->at, '"', (size_t)left) == NULL)
        at_end(c);
    return -1;
}
