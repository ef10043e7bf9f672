/* sixteen.h - sixteen bytes at once, which GCC and clang compile for any machine */
#ifndef MST_SIXTEEN_H
#define MST_SIXTEEN_H

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "mailstory/slice.h"

typedef unsigned char MstSixteen __attribute__((vector_size(16)));
typedef guint64 MstSixteenHalves __attribute__((vector_size(16)));

static inline MstSixteen mst_sixteen_at(const char *at)
{
    MstSixteen bytes;

    memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

/* The eight bytes of each. */
static inline MstSixteen mst_sixteen_of(guint64 first, guint64 second)
{
    return (MstSixteen)(MstSixteenHalves){first, second};
}

/* All bits of each byte from `low` to `high`, none of the others. */
static inline MstSixteen mst_sixteen_between(MstSixteen bytes, unsigned char low,
                                             unsigned char high)
{
    return (MstSixteen)(bytes - low <= (unsigned char)(high - low));
}

/* Are all bits of all bytes set? */
static inline bool mst_sixteen_all(MstSixteen bytes)
{
    MstSixteenHalves halves = (MstSixteenHalves)bytes;

    return (halves[0] & halves[1]) == G_MAXUINT64;
}

/* What is done with sixteen bytes on their way; all bits of each that may be taken so. */
typedef MstSixteen MstSixteenStep(char *to, const char *from);

/*
 * Sixteen bytes of text and more, the last step going back so far that it ends where they do. False, and
 * nonsense in `to`, if one may not be taken so. Always inlined, as the step is to be.
 */
G_ALWAYS_INLINE static inline bool mst_sixteen_each(char *to, MstSlice text, MstSixteenStep *step)
{
    size_t last = text.len - sizeof(MstSixteen);
    MstSixteen good = step(to + last, text.ptr + last);

    for (size_t i = 0; i < last; i += sizeof good)
        good &= step(to + i, text.ptr + i);
    return mst_sixteen_all(good);
}

/* Where the first byte stands that is not zero; 16 if all are. */
static inline size_t mst_sixteen_first(MstSixteen bytes)
{
    MstSixteenHalves halves = (MstSixteenHalves)bytes;

    if (halves[0] != 0)
        return (unsigned)__builtin_ctzll(GUINT64_FROM_LE(halves[0])) / 8;
    return halves[1] == 0 ? 16 : 8 + (unsigned)__builtin_ctzll(GUINT64_FROM_LE(halves[1])) / 8;
}

/* The same without the first `n` bytes, fewer than sixteen. */
static inline size_t mst_sixteen_first_from(MstSixteen bytes, size_t n)
{
    const MstSixteen places = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

    return mst_sixteen_first(bytes & (MstSixteen)(places >= (unsigned char)n));
}

/* Where `a` or `b` first stands; `end` if neither does. */
static inline const char *mst_sixteen_find(const char *at, const char *end, char a, char b)
{
    for (; end - at >= (ptrdiff_t)sizeof(MstSixteen); at += sizeof(MstSixteen)) {
        MstSixteen bytes = mst_sixteen_at(at);
        MstSixteen found = (MstSixteen)((bytes == (unsigned char)a) | (bytes == (unsigned char)b));
        size_t first = mst_sixteen_first(found);

        if (first < sizeof bytes)
            return at + first;
    }
    while (at < end && *at != a && *at != b)
        at++;
    return at;
}

#endif
