/* apart.h - memory that shares no line of the cache with anything else */
#ifndef MST_APART_H
#define MST_APART_H

#include <glib.h>
#include <stddef.h>

/* Bytes of a line of the cache; on some machines they are others. */
enum { MST_CACHE_LINE = 64 };

/*
 * Zeroed memory for what one thread uses all the time: what others write beside it would be taken away from
 * it each time. g_aligned_free frees it.
 */
static inline gpointer mst_apart_new0(size_t size)
{
    size_t lines = (size + MST_CACHE_LINE - 1) / MST_CACHE_LINE;

    return g_aligned_alloc0(lines, MST_CACHE_LINE, MST_CACHE_LINE);
}

#endif
