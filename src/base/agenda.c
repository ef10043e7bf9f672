/* agenda.c - things that fall due one after the other */
#include "base/agenda.h"

#include "base/pages.h"
#include "base/search.h"

enum { LEAST = 64 };

void mst_agenda_clear(MstAgenda *self)
{
    g_aligned_free(self->ring);
    *self = (MstAgenda){0};
}

static bool is_full(const MstAgenda *self)
{
    return self->mask == 0 || self->next - self->first > self->mask;
}

/* Places stay what they are; where they lie in the ring does not. */
static void grow(MstAgenda *self)
{
    size_t size = self->mask == 0 ? LEAST : (self->mask + 1) * 2;
    MstDue *ring = mst_pages_new(size * sizeof *ring);

    for (uint64_t place = self->first; place != self->next; place++)
        ring[place & (size - 1)] = self->ring[place & self->mask];
    g_aligned_free(self->ring);
    self->ring = ring;
    self->mask = size - 1;
}

uint64_t mst_agenda_add(MstAgenda *self, int64_t due_us, gpointer thing)
{
    if (self->next == 0)
        self->first = self->next = 1;
    if (is_full(self))
        grow(self);
    self->ring[self->next & self->mask] = (MstDue){due_us, thing};
    return self->next++;
}

void mst_agenda_remove(MstAgenda *self, uint64_t place)
{
    g_assert(place >= self->first && place < self->next);
    self->ring[place & self->mask].thing = NULL;
}

const MstDue *mst_agenda_first(MstAgenda *self)
{
    while (self->first != self->next) {
        const MstDue *due = &self->ring[self->first & self->mask];

        if (due->thing != NULL)
            return due;
        self->first++;
    }
    return NULL;
}

static bool falls_due_before(gconstpointer agenda, guint i, gconstpointer due_us)
{
    const MstAgenda *self = agenda;

    return mst_agenda_due_us(self, self->first + i) < *(const int64_t *)due_us;
}

uint64_t mst_agenda_search(const MstAgenda *self, int64_t due_us)
{
    guint count = (guint)(self->next - self->first);

    return self->first + mst_search(self, count, falls_due_before, &due_us);
}
