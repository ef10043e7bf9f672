/* slice.c - text that somebody else owns */
#include "mailstory/slice.h"

#include <glib.h>

/* g_ascii_strncasecmp would end at a NUL. */
bool mst_slice_equal_ascii_case(MstSlice a, MstSlice b)
{
    if (a.len != b.len)
        return false;
    if (mst_slice_equal(a, b)) /* as most that are asked about are */
        return true;
    for (size_t i = 0; i < a.len; i++) {
        if (g_ascii_tolower(a.ptr[i]) != g_ascii_tolower(b.ptr[i]))
            return false;
    }
    return true;
}

const char *mst_slice_find(MstSlice s, MstSlice needle)
{
    if (needle.len == 0)
        return s.ptr;
    if (s.len < needle.len)
        return NULL;
    return memmem(s.ptr, s.len, needle.ptr, needle.len);
}

const char *mst_slice_find_last(MstSlice s, MstSlice needle)
{
    size_t len = s.len;

    if (needle.len == 0)
        return s.ptr == NULL ? NULL : s.ptr + s.len;
    while (len >= needle.len) {
        const char *last = memrchr(s.ptr, needle.ptr[0], len - needle.len + 1);

        if (last == NULL)
            return NULL;
        if (memcmp(last, needle.ptr, needle.len) == 0)
            return last;
        len = (size_t)(last - s.ptr) + needle.len - 1;
    }
    return NULL;
}
