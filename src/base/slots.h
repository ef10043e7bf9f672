/* slots.h - a table of structs by a hash that each keeps, with its links inside them */
#ifndef MST_SLOTS_H
#define MST_SLOTS_H

#include <glib.h>

/*
 * For what comes and goes with every few lines, where a GHashTable's calls and memory cost more than
 * the work. The owner embeds a link in its struct, works out the hash, and compares keys itself:
 *
 *     for (at = mst_slots_first(&table, hash); at != NULL; at = mst_slots_next(at))
 *         if (is_wanted(at->data)) …
 *
 * Of structs with equal hashes, the one that was added last comes first.
 */
typedef struct MstSlot {
    struct MstSlot *next;
    gpointer data;
    guint hash;
} MstSlot;

typedef struct MstSlots {
    MstSlot **heads;
    guint mask;
    guint count; /* how many are in it */
} MstSlots;

void mst_slots_init(MstSlots *self);

/* The structs are their owner's. */
void mst_slots_clear(MstSlots *self);

/* `slot` is a part of `data`, or lives as long. */
void mst_slots_add(MstSlots *self, MstSlot *slot, gpointer data, guint hash);

/* Takes it out, if it is in. */
void mst_slots_remove(MstSlots *self, const MstSlot *slot);

/* The next with the same hash, or NULL. */
static inline MstSlot *mst_slots_next(const MstSlot *slot)
{
    MstSlot *at = slot->next;

    while (at != NULL && at->hash != slot->hash)
        at = at->next;
    return at;
}

/* The first with this hash, or NULL. */
static inline MstSlot *mst_slots_first(const MstSlots *self, guint hash)
{
    MstSlot *at = self->heads[hash & self->mask];

    while (at != NULL && at->hash != hash)
        at = at->next;
    return at;
}

#endif
