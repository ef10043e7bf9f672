/* pool.c - small numbers that are used again as soon as they are free */
#include "pool.h"

#include <glib.h>

struct Pool {
    GArray *free_at; /* of int64_t, by number: from when on it is free */
    uint32_t first;
};

Pool *pool_new(uint32_t first)
{
    Pool *self = g_new0(Pool, 1);

    self->free_at = g_array_new(FALSE, FALSE, sizeof(int64_t));
    self->first = first;
    return self;
}

void pool_free(Pool *self)
{
    g_array_unref(self->free_at);
    g_free(self);
}

uint32_t pool_take(Pool *self, int64_t time)
{
    const int64_t taken = INT64_MAX;
    guint place = 0;

    while (place < self->free_at->len && g_array_index(self->free_at, int64_t, place) > time)
        place++;
    if (place == self->free_at->len)
        g_array_append_val(self->free_at, taken);
    else
        g_array_index(self->free_at, int64_t, place) = taken;
    return self->first + place;
}

void pool_give(Pool *self, uint32_t number, int64_t time)
{
    g_array_index(self->free_at, int64_t, number - self->first) = time;
}
