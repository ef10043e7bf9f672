/* slots.c - a table of structs by a hash that each keeps, with its links inside them */
#include "base/slots.h"

enum { FEW = 64 }; /* a power of two */

void mst_slots_init(MstSlots *self)
{
    *self = (MstSlots){g_new0(MstSlot *, FEW), FEW - 1, 0};
}

void mst_slots_clear(MstSlots *self)
{
    g_free(self->heads);
    *self = (MstSlots){NULL, 0, 0};
}

static void put(const MstSlots *self, MstSlot *slot)
{
    MstSlot **head = &self->heads[slot->hash & self->mask];

    slot->next = *head;
    *head = slot;
}

/* Twice as many heads. What has equal hashes keeps its order: each chain is turned over twice. */
static void grow(MstSlots *self)
{
    MstSlots old = *self;

    self->mask = 2 * old.mask + 1;
    self->heads = g_new0(MstSlot *, (gsize)self->mask + 1);
    for (guint i = 0; i <= old.mask; i++) {
        MstSlot *turned = NULL;

        for (MstSlot *at = old.heads[i], *next; at != NULL; at = next) {
            next = at->next;
            at->next = turned;
            turned = at;
        }
        for (MstSlot *at = turned, *next; at != NULL; at = next) {
            next = at->next;
            put(self, at);
        }
    }
    g_free(old.heads);
}

void mst_slots_add(MstSlots *self, MstSlot *slot, gpointer data, guint hash)
{
    if (self->count > self->mask)
        grow(self);
    *slot = (MstSlot){NULL, data, hash};
    put(self, slot);
    self->count++;
}

void mst_slots_remove(MstSlots *self, const MstSlot *slot)
{
    MstSlot **at = &self->heads[slot->hash & self->mask];

    while (*at != NULL && *at != slot)
        at = &(*at)->next;
    if (*at == NULL)
        return;
    *at = slot->next;
    self->count--;
}
