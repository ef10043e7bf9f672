/* search.h - places in what is sorted */
#ifndef MST_SEARCH_H
#define MST_SEARCH_H

#include <glib.h>
#include <stdbool.h>

/* Does item `i` stand before the place that is looked for? */
typedef bool (*MstStandsBefore)(gconstpointer items, guint i, gconstpointer wanted);

/* The first of so many sorted items that does not stand before what is wanted; `count` if all do. */
static inline guint mst_search(gconstpointer items, guint count, MstStandsBefore stands_before,
                               gconstpointer wanted)
{
    guint low = 0, high = count;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (stands_before(items, middle, wanted))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

#endif
