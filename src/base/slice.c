/* slice.c - text that somebody else owns */
#include "mailstory/slice.h"

#include <glib.h>

bool mst_slice_equal_ascii_case(MstSlice a, MstSlice b)
{
    return a.len == b.len && (a.len == 0 || g_ascii_strncasecmp(a.ptr, b.ptr, a.len) == 0);
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
