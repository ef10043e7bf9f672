/* pages.h - memory that nobody had before */
#ifndef MST_PAGES_H
#define MST_PAGES_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#include "base/apart.h"

enum { MST_LARGE_PAGE = 2 << 20 }; /* bytes; elsewhere they may be others */

/*
 * Memory for a table or a slab that may be very large, which begins where a line of the cache does; g_aligned_free
 * frees it. With large pages, where the system has some, the processor need not look up where each small one
 * lies, and the system need not find so many; but it may have to make room for them first.
 */
static inline void *mst_pages_new(size_t size)
{
    bool large = size >= MST_LARGE_PAGE;
    void *start = g_aligned_alloc(1, size, large ? MST_LARGE_PAGE : MST_CACHE_LINE);

#ifdef MADV_HUGEPAGE
    if (large)
        (void)madvise(start, size, MADV_HUGEPAGE);
#endif
    return start;
}

/*
 * Asks the system for all whole pages of some fresh memory at once, which costs less than to fault for each
 * when it is needed. What stands there stays. If the system cannot do that, they come one by one.
 */
static inline void mst_pages_ask_for(void *start, size_t size)
{
#ifdef MADV_POPULATE_WRITE
    enum { PAGE = 4096 }; /* or more: then it says no */
    size_t skipped = (size_t)(-(uintptr_t)start % PAGE);

    if (size >= skipped + PAGE)
        (void)madvise((char *)start + skipped, (size - skipped) / PAGE * PAGE, MADV_POPULATE_WRITE);
#else
    (void)start;
    (void)size;
#endif
}

#endif
