/* ends.h - a place among recent names, by how they begin and end */
#ifndef MST_ENDS_H
#define MST_ENDS_H

#include <stdint.h>
#include <string.h>

#include "mailstory/slice.h"

/* From 0 up to 2^bits. Asked for each line, so it does not look at the whole name: that would cost as
 * much as to look the name up. */
static inline size_t mst_place_by_ends(MstSlice name, unsigned bits)
{
    uint64_t start = 0, end = 0;

    if (name.len >= sizeof start) {
        memcpy(&start, name.ptr, sizeof start);
        memcpy(&end, name.ptr + name.len - sizeof end, sizeof end);
    } else if (name.len >= sizeof start / 2) {
        memcpy(&start, name.ptr, sizeof start / 2);
        memcpy(&end, name.ptr + name.len - sizeof end / 2, sizeof end / 2);
    } else if (name.len > 0) {
        start = (uint64_t)(unsigned char)name.ptr[0] << 8 | (unsigned char)name.ptr[name.len / 2];
        end = (unsigned char)name.ptr[name.len - 1];
    }
    return (start ^ end * 31) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - bits);
}

#endif
