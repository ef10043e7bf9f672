/* agenda.h - things that fall due one after the other */
#ifndef MST_AGENDA_H
#define MST_AGENDA_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* When a thing falls due. */
typedef struct MstDue {
    int64_t due_us;
    gpointer thing; /* NULL: it was taken out */
} MstDue;

/*
 * A queue as a ring. What waits a long time is in no cache's reach when its turn comes: the ring, where
 * neighbours lie side by side, says in time what that will be, and nobody's neighbours are touched when
 * one is taken out. All zero is an empty agenda.
 */
typedef struct MstAgenda {
    MstDue *ring;
    size_t mask;          /* the ring has one more than this; 0: there is none yet */
    uint64_t first, next; /* places; those from `first` up to `next` are in the ring */
} MstAgenda;

void mst_agenda_clear(MstAgenda *self);

/* Puts a thing at the end. Gives its place, which is never 0. */
uint64_t mst_agenda_add(MstAgenda *self, int64_t due_us, gpointer thing);

/* Takes out the thing that has this place. */
void mst_agenda_remove(MstAgenda *self, uint64_t place);

/* The oldest that was not taken out; NULL if there is none. Good until the next call. */
const MstDue *mst_agenda_first(MstAgenda *self);

/* When the thing that has this place falls due. */
static inline int64_t mst_agenda_due_us(const MstAgenda *self, uint64_t place)
{
    return self->ring[place & self->mask].due_us;
}

/* The first place at which things fall due then or later: binary search, if each falls due no sooner than the
 * one before it. Things that were taken out stand there still. */
uint64_t mst_agenda_search(const MstAgenda *self, int64_t due_us);

/* The thing that has this place, at least that of the oldest; NULL if it was taken out, or there is none. */
static inline gpointer mst_agenda_at(const MstAgenda *self, uint64_t place)
{
    return place < self->next ? self->ring[place & self->mask].thing : NULL;
}

/* The thing so many places behind the oldest; NULL if there is none, or it was taken out. */
static inline gpointer mst_agenda_look_ahead(const MstAgenda *self, guint ahead)
{
    return mst_agenda_at(self, self->first + ahead);
}

#endif
