/* index.h - things in memory, found by a hash, the newest first */
#ifndef MST_INDEX_H
#define MST_INDEX_H

#include <glib.h>
#include <stdint.h>
#include <string.h>

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

enum { MST_INDEX_WIDTH = 7 };

/* Some of the places whose hashes lead here: the newest of all with one hash stands for them. One line of
 * the cache tells whether a hash is among them. */
typedef struct MstIndexChunk {
    unsigned char marks[MST_INDEX_WIDTH]; /* a byte of each one's hash, never 0; 0: it is free */
    unsigned char passed; /* hashes that found no room and stand further on; 255: so many or more */
    MstPlace *newest[MST_INDEX_WIDTH];
} MstIndexChunk;

/*
 * A hash table with open addressing: each event asks several of them, and where GHashTable reads
 * memory in four places (a hash, a key, a value, the thing), this one does in two, and in one if there is
 * nothing to find. Several things may have one hash: whoever looks compares what the hash was made of.
 */
typedef struct MstIndex {
    MstIndexChunk *chunks;
    guint shift;   /* there are 2^(64 - shift) chunks */
    guint used;    /* so many hashes have a place */
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

/* Also the upper bits, which say where a hash stands, depend on all of it. */
static inline uint64_t mst_index_spread(uint64_t hash)
{
    return hash * UINT64_C(0x9e3779b97f4a7c15);
}

/* Where a hash is looked for first, and by which mark. */
static inline MstIndexChunk *mst_index_home(const MstIndex *self, uint64_t spread)
{
    return &self->chunks[spread >> self->shift];
}

static inline unsigned char mst_index_mark(uint64_t spread)
{
    return (unsigned char)(spread >> 32 | 0x80);
}

/* What is kept of this hash will be asked for soon. */
static inline void mst_index_call_for(const MstIndex *self, uint64_t hash)
{
    __builtin_prefetch(mst_index_home(self, mst_index_spread(hash)));
}

/* Which marks of a chunk are this one: the highest bit of each such byte, the first in the lowest. One
 * that only looks like it may be among them, but behind one that is it, and never a free one. */
static inline uint64_t mst_index_marked(const MstIndexChunk *chunk, unsigned char mark)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t marks;

    memcpy(&marks, chunk, sizeof marks);
    marks = GUINT64_FROM_LE(marks) ^ each * mark;
    return (marks - each) & ~marks & (each * 0x80 >> 8);
}

/* Where in a chunk the newest place of a hash stands; NULL if it is not there. */
static inline MstPlace **mst_index_slot_in(MstIndexChunk *chunk, uint64_t hash, unsigned char mark)
{
    uint64_t marked = mst_index_marked(chunk, mark);

    for (; marked != 0; marked &= marked - 1) {
        MstPlace **slot = &chunk->newest[__builtin_ctzll(marked) / 8];

        if ((*slot)->hash == hash)
            return slot;
    }
    return NULL;
}

/* The same behind a chunk that some hashes passed. */
MstPlace **mst_index_slot_behind(const MstIndex *self, const MstIndexChunk *chunk, uint64_t hash);

/* In all chunks. */
static inline MstPlace **mst_index_slot(const MstIndex *self, uint64_t hash)
{
    uint64_t spread = mst_index_spread(hash);
    MstIndexChunk *chunk = mst_index_home(self, spread);
    MstPlace **slot = mst_index_slot_in(chunk, hash, mst_index_mark(spread));

    return slot != NULL || chunk->passed == 0 ? slot : mst_index_slot_behind(self, chunk, hash);
}

/* The newest place, NULL if there is none; ->next is the next older. */
static inline MstPlace *mst_index_find(const MstIndex *self, uint64_t hash)
{
    MstPlace **slot = mst_index_slot(self, hash);

    return slot == NULL ? NULL : *slot;
}

#endif
