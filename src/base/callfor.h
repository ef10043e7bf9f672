/* callfor.h - memory that is needed soon */
#ifndef MST_CALLFOR_H
#define MST_CALLFOR_H

#include "base/apart.h"

/*
 * Calls for memory that was in no cache's reach for long, so that it is there when it is needed. Always
 * inlined, as whatever does nothing else must be: GCC takes such a function for one without effect, and
 * leaves its calls out.
 */
G_ALWAYS_INLINE static inline void mst_call_for(const void *start, size_t size)
{
    for (size_t at = 0; at < size; at += MST_CACHE_LINE)
        __builtin_prefetch((const char *)start + at);
}

#endif
