/* sixteen.h - sixteen bytes at once, which GCC and clang compile for any machine */
#ifndef MST_SIXTEEN_H
#define MST_SIXTEEN_H

#include <glib.h>
#include <string.h>

typedef unsigned char MstSixteen __attribute__((vector_size(16)));

static inline MstSixteen mst_sixteen_at(const char *at)
{
    MstSixteen bytes;

    memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

/* All bits of each byte from `low` to `high`, none of the others. */
static inline MstSixteen mst_sixteen_between(MstSixteen bytes, unsigned char low,
                                             unsigned char high)
{
    return (MstSixteen)(bytes - low <= (unsigned char)(high - low));
}

/* Where the first byte stands that is not zero; 16 if all are. */
static inline size_t mst_sixteen_first(MstSixteen bytes)
{
    typedef guint64 Halves __attribute__((vector_size(16)));
    Halves halves = (Halves)bytes;

    if (halves[0] != 0)
        return (size_t)__builtin_ctzll(GUINT64_FROM_LE(halves[0])) / 8;
    return halves[1] == 0 ? 16 : 8 + (size_t)__builtin_ctzll(GUINT64_FROM_LE(halves[1])) / 8;
}

#endif
