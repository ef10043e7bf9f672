/* index.c - things in memory, found by a hash */
#include "base/index.h"

#define XXH_INLINE_ALL /* what is hashed is short: the call would cost as much as the hash */
#include <xxhash.h>

#include "base/pages.h"
#include "base/sixteen.h"

enum {
    BITS = 64,         /* of a hash */
    LEAST_BITS = 5,    /* of it, that tell the chunks apart */
    FULL = 5,          /* hashes a chunk, of all together, with which the table grows */
    SPARSE = 8,        /* chunks a hash, with which it shrinks to a fourth */
    MOST_PASSED = 255, /* which are not counted down any more */
    AHEAD = 4,         /* chunks whose places are called for before they move */
};

static size_t count_chunks(const MstIndex *self)
{
    return (size_t)1 << (BITS - self->shift);
}

/* All are free. All are written, as they are read first: the system would give pages of nothing for that. */
static MstIndexChunk *new_chunks(size_t count)
{
    size_t size = count * sizeof(MstIndexChunk);

    return memset(mst_pages_new(size), 0, size);
}

MstIndex *mst_index_new(uint64_t seed)
{
    MstIndex *self = g_new0(MstIndex, 1);

    self->seed = seed;
    self->shift = BITS - LEAST_BITS;
    self->chunks = new_chunks(count_chunks(self));
    return self;
}

void mst_index_free(MstIndex *self)
{
    g_aligned_free(self->chunks);
    g_free(self);
}

uint64_t mst_index_seed(void)
{
    return (uint64_t)g_random_int() << 32 | g_random_int();
}

static MstIndexChunk *next_chunk(const MstIndex *self, const MstIndexChunk *chunk)
{
    return &self->chunks[(size_t)(chunk + 1 - self->chunks) & (count_chunks(self) - 1)];
}

/* The newest of a hash that has no place yet. There is room: the table grows in time. */
static void put(MstIndex *self, MstPlace *place)
{
    uint64_t spread = mst_index_spread(place->hash);
    MstIndexChunk *chunk = mst_index_home(self, spread);
    uint64_t free;
    guint i;

    while ((free = mst_index_marked(chunk, 0)) == 0) {
        if (chunk->passed < MOST_PASSED)
            chunk->passed++;
        chunk = next_chunk(self, chunk);
    }
    i = (guint)__builtin_ctzll(free) / 8;
    chunk->marks[i] = mst_index_mark(spread);
    chunk->newest[i] = place;
}

/* The only place of its hash. */
static void take_out(MstIndex *self, const MstPlace *place)
{
    uint64_t spread = mst_index_spread(place->hash);
    MstIndexChunk *chunk = mst_index_home(self, spread);
    MstPlace **slot;

    while ((slot = mst_index_slot_in(chunk, place->hash, mst_index_mark(spread))) == NULL) {
        if (chunk->passed < MOST_PASSED)
            chunk->passed--;
        chunk = next_chunk(self, chunk);
    }
    chunk->marks[slot - chunk->newest] = 0;
    *slot = NULL;
}

static void move(const MstIndexChunk *from, MstIndex *to)
{
    for (guint i = 0; i < MST_INDEX_WIDTH; i++) {
        if (from->newest[i] != NULL)
            put(to, from->newest[i]);
    }
}

static void call_for_places(const MstIndexChunk *chunk)
{
    for (guint i = 0; i < MST_INDEX_WIDTH; i++)
        __builtin_prefetch(chunk->newest[i]);
}

static void resize(MstIndex *self, guint shift)
{
    MstIndex other = {.shift = shift};
    size_t count = count_chunks(self);

    other.chunks = new_chunks(count_chunks(&other));
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            call_for_places(&self->chunks[i + AHEAD]);
        move(&self->chunks[i], &other);
    }
    g_aligned_free(self->chunks);
    self->chunks = other.chunks;
    self->shift = shift;
}

/* All others are tried: of those that many passed, none says that nothing stands behind it. */
MstPlace **mst_index_slot_behind(const MstIndex *self, const MstIndexChunk *chunk, uint64_t hash)
{
    unsigned char mark = mst_index_mark(mst_index_spread(hash));
    MstIndexChunk *next = next_chunk(self, chunk);
    MstPlace **slot = NULL;

    for (; next != chunk && slot == NULL; next = next_chunk(self, next)) {
        slot = mst_index_slot_in(next, hash, mark);
        if (slot == NULL && next->passed == 0)
            return NULL;
    }
    return slot;
}

void mst_index_add(MstIndex *self, MstPlace *place, uint64_t hash, gpointer thing)
{
    MstPlace **slot = mst_index_slot(self, hash);

    *place = (MstPlace){.thing = thing, .hash = hash};
    if (slot != NULL) {
        place->next = *slot;
        place->next->previous = place;
        *slot = place;
        return;
    }
    if (self->used >= FULL * count_chunks(self))
        resize(self, self->shift - 1);
    self->used++;
    put(self, place);
}

static void remove_newest(MstIndex *self, const MstPlace *place)
{
    if (place->next != NULL) {
        *mst_index_slot(self, place->hash) = place->next;
        return;
    }
    take_out(self, place);
    self->used--;
    if (self->used < count_chunks(self) / SPARSE && self->shift + 1 < BITS - LEAST_BITS)
        resize(self, self->shift + 2);
}

void mst_index_remove(MstIndex *self, MstPlace *place)
{
    if (place->thing == NULL)
        return;
    if (place->next != NULL)
        place->next->previous = place->previous;
    if (place->previous != NULL)
        place->previous->next = place->next;
    else
        remove_newest(self, place);
    place->next = place->previous = NULL;
    place->thing = NULL;
}

uint64_t mst_index_hash(const MstIndex *self, MstSlice text)
{
    return XXH3_64bits_withSeed(text.ptr, text.len, self->seed);
}

/* Sixteen bytes of an address as they are compared, but for those that are left out. */
static MstSixteen fold(MstSixteen bytes)
{
    MstSixteen upper = mst_sixteen_between(bytes, 'A', 'Z');
    MstSixteen plain = mst_sixteen_between(bytes, '!', '~') & (MstSixteen)(bytes != '%');

    return (plain & (bytes + (upper & ('a' - 'A')))) | (~plain & '_');
}

/* All bits of each byte that is not left out. */
static MstSixteen kept(MstSixteen bytes)
{
    return (MstSixteen)((bytes != '"') & (bytes != '\\'));
}

static MstSixteen fold_sixteen(char *to, const char *from)
{
    MstSixteen bytes = mst_sixteen_at(from);
    MstSixteen folded = fold(bytes);

    memcpy(to, &folded, sizeof folded);
    return kept(bytes);
}

/* Sixteen bytes at most; gives how many were not left out, as all are of most. There is room for sixteen. */
static size_t fold_some(char *to, MstSlice bytes)
{
    char padded[sizeof(MstSixteen)] = {0}, folded[sizeof padded];
    MstSixteen good;
    size_t len = 0;

    memcpy(padded, bytes.ptr, bytes.len);
    good = fold_sixteen(folded, padded);
    if (mst_sixteen_all(good)) {
        memcpy(to, folded, sizeof folded);
        return bytes.len;
    }
    for (size_t i = 0; i < bytes.len; i++) {
        to[len] = folded[i];
        len += good[i] != 0;
    }
    return len;
}

uint64_t mst_index_hash_address(const MstIndex *self, MstSlice address)
{
    enum { ENOUGH = 320 }; /* RFC 5321's longest address; what goes beyond tells no more apart */
    const size_t step = sizeof(MstSixteen);
    char text[ENOUGH + sizeof(MstSixteen)];
    size_t len = 0;

    if (address.len >= step && address.len <= ENOUGH &&
        mst_sixteen_each(text, address, fold_sixteen))
        return XXH3_64bits_withSeed(text, address.len, self->seed);
    for (size_t i = 0; i < address.len && len < ENOUGH; i += step)
        len += fold_some(text + len,
                         mst_slice_head(mst_slice_from(address, i), MIN(address.len - i, step)));
    return XXH3_64bits_withSeed(text, MIN(len, ENOUGH), self->seed);
}
