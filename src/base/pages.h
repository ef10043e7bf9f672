/* pages.h - memory that nobody had before */
#ifndef MST_PAGES_H
#define MST_PAGES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

enum { MST_LARGE_PAGE = 2 << 20 }; /* bytes, and where one begins; elsewhere they may be others */

/* For memory that is read all over: with large pages, where the system has some, the processor need not
 * look up where each small one lies. To be said before it is touched. */
static inline void mst_pages_prefer_large(void *start, size_t size)
{
#ifdef MADV_HUGEPAGE
    (void)madvise(start, size, MADV_HUGEPAGE);
#else
    (void)start;
    (void)size;
#endif
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
