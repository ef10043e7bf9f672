/* digits.h - decimal digits, eight bytes at once */
#ifndef MST_DIGITS_H
#define MST_DIGITS_H

#include <glib.h>
#include <stdint.h>
#include <string.h>

/*
 * The digits at `at`, or the first eight of them, as a number. Where they end; `at` also if there are
 * no eight bytes up to `end`. So those behind are to be looked at one by one. Zeros are put before
 * the digits until they are eight, and then pairs, fours and all eight of them are added up.
 */
static inline const char *mst_digits_scan_eight(const char *at, const char *end, uint64_t *number)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    const uint64_t pairs = UINT64_C(0x000000ff000000ff);
    uint64_t digits, others;
    unsigned bits;

    *number = 0;
    if (end - at < (ptrdiff_t)sizeof digits)
        return at;
    memcpy(&digits, at, sizeof digits);
    digits = GUINT64_FROM_LE(digits) ^ each * '0';
    others = ((digits + each * (0x80 - 10)) | digits) & each * 0x80;
    bits = others == 0 ? 64 : (unsigned)__builtin_ctzll(others) & ~7U;
    if (bits == 0)
        return at;
    digits <<= 64 - bits;
    digits = digits * 10 + (digits >> 8);
    *number = ((digits & pairs) * (100 + (UINT64_C(1000000) << 32)) +
               (digits >> 16 & pairs) * (1 + (UINT64_C(10000) << 32))) >>
              32;
    return at + bits / 8;
}

#endif
