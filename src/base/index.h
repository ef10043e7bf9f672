/* index.h - things in memory, found by a hash, the newest first */
#ifndef MST_INDEX_H
#define MST_INDEX_H

#include <glib.h>
#include <stdint.h>

#include "mailstory/slice.h"

typedef struct MstPlace MstPlace;

/* A thing's place in an index: it stands inside the thing, so that adding and removing allocate
 * nothing. All zero is no place. */
struct MstPlace {
    MstPlace *next; /* the next older one with the same hash */
    MstPlace *previous;
    gpointer thing; /* NULL: it is in no index */
    uint64_t hash;
};

/* The newest of all places with one hash. */
typedef struct MstIndexSlot {
    uint64_t hash;
    MstPlace *newest; /* NULL: the slot is free */
} MstIndexSlot;

/*
 * A hash table with open addressing: each event asks several of them, and where GHashTable reads
 * memory in four places (a hash, a key, a value, the thing), this one does in two. Several things may
 * have one hash: whoever looks compares what the hash was made of.
 */
typedef struct MstIndex {
    MstIndexSlot *slots;
    guint bits;    /* there are 2^bits slots */
    guint used;    /* of which so many are not free */
    uint64_t seed; /* of the hashes: without it strangers cannot choose texts with equal ones */
} MstIndex;

/* Indexes with one seed hash alike. */
MstIndex *mst_index_new(uint64_t seed);
void mst_index_free(MstIndex *self);

/* A seed that differs from run to run. */
uint64_t mst_index_seed(void);

void mst_index_add(MstIndex *self, MstPlace *place, uint64_t hash, gpointer thing);

/* Takes a place out, if it is in. It keeps its hash. */
void mst_index_remove(MstIndex *self, MstPlace *place);

/* A hash of text; of an address without regard to ASCII case, to quotes, and to what qmail-send
 * escapes in it. */
uint64_t mst_index_hash(const MstIndex *self, MstSlice text);
uint64_t mst_index_hash_address(const MstIndex *self, MstSlice address);

/* Where a hash would stand if it met no other. */
static inline guint mst_index_slot(const MstIndex *self, uint64_t hash)
{
    return (guint)(hash * UINT64_C(0x9e3779b97f4a7c15) >> (64 - self->bits));
}

/* What is kept of this hash will be asked for soon. */
static inline void mst_index_call_for(const MstIndex *self, uint64_t hash)
{
    __builtin_prefetch(&self->slots[mst_index_slot(self, hash)]);
}

/* The slot of this hash, or the free one that it would get. */
static inline MstIndexSlot *mst_index_slot_of(const MstIndex *self, uint64_t hash)
{
    guint mask = (1U << self->bits) - 1;
    guint i = mst_index_slot(self, hash);

    while (self->slots[i].newest != NULL && self->slots[i].hash != hash)
        i = (i + 1) & mask;
    return &self->slots[i];
}

/* The newest place, NULL if there is none; ->next is the next older. */
static inline MstPlace *mst_index_find(const MstIndex *self, uint64_t hash)
{
    return mst_index_slot_of(self, hash)->newest;
}

#endif
