/* index.c - things in memory, found by a hash */
#include "base/index.h"

#include <stdalign.h>
#include <stddef.h>
#include <string.h>

#define XXH_INLINE_ALL /* what is hashed is short: the call would cost as much as the hash */
#include <xxhash.h>

#include "base/pages.h"
#include "base/sixteen.h"

enum { LEAST_BITS = 8 };

/* Free ones. All are written, as they are read first: the system would give pages of nothing for that. */
static MstIndexSlot *new_slots(guint bits)
{
    size_t size = sizeof(MstIndexSlot) << bits;
    bool large = size >= MST_LARGE_PAGE;
    MstIndexSlot *slots = g_aligned_alloc(1, size, large ? MST_LARGE_PAGE : alignof(max_align_t));

    if (large)
        mst_pages_prefer_large(slots, size);
    return memset(slots, 0, size);
}

MstIndex *mst_index_new(uint64_t seed)
{
    MstIndex *self = g_new0(MstIndex, 1);

    self->seed = seed;
    self->bits = LEAST_BITS;
    self->slots = new_slots(self->bits);
    return self;
}

void mst_index_free(MstIndex *self)
{
    g_aligned_free(self->slots);
    g_free(self);
}

uint64_t mst_index_seed(void)
{
    return (uint64_t)g_random_int() << 32 | g_random_int();
}

static void resize(MstIndex *self, guint bits)
{
    MstIndex larger = {.bits = bits, .slots = new_slots(bits)};

    for (guint i = 0; i < 1U << self->bits; i++) {
        if (self->slots[i].newest != NULL)
            *mst_index_slot_of(&larger, self->slots[i].hash) = self->slots[i];
    }
    g_aligned_free(self->slots);
    self->slots = larger.slots;
    self->bits = bits;
}

/* Closes the gap: what met others on its way to a slot behind it moves forward. */
static void free_slot(MstIndex *self, MstIndexSlot *slot)
{
    guint mask = (1U << self->bits) - 1;
    guint gap = (guint)(slot - self->slots);

    for (guint i = (gap + 1) & mask; self->slots[i].newest != NULL; i = (i + 1) & mask) {
        guint home = mst_index_slot(self, self->slots[i].hash);

        if (((i - home) & mask) >= ((i - gap) & mask)) {
            self->slots[gap] = self->slots[i];
            gap = i;
        }
    }
    self->slots[gap].newest = NULL;
    self->used--;
}

void mst_index_add(MstIndex *self, MstPlace *place, uint64_t hash, gpointer thing)
{
    MstIndexSlot *slot;

    if (self->used >= 1U << (self->bits - 1))
        resize(self, self->bits + 1);
    slot = mst_index_slot_of(self, hash);
    *place = (MstPlace){.next = slot->newest, .thing = thing, .hash = hash};
    if (slot->newest != NULL)
        slot->newest->previous = place;
    else
        self->used++;
    *slot = (MstIndexSlot){hash, place};
}

void mst_index_remove(MstIndex *self, MstPlace *place)
{
    if (place->thing == NULL)
        return;
    if (place->next != NULL)
        place->next->previous = place->previous;
    if (place->previous != NULL) {
        place->previous->next = place->next;
    } else {
        MstIndexSlot *slot = mst_index_slot_of(self, place->hash);

        g_assert(slot->newest == place);
        slot->newest = place->next;
        if (slot->newest == NULL)
            free_slot(self, slot);
    }
    place->next = place->previous = NULL;
    place->thing = NULL;
    if (self->bits > LEAST_BITS && self->used < 1U << (self->bits - 4))
        resize(self, self->bits - 1);
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

static MstSixteen left_out(MstSixteen bytes)
{
    return (MstSixteen)((bytes == '"') | (bytes == '\\'));
}

/* Folds so many bytes, sixteen at most; gives how many were not left out. There is room for sixteen. */
static size_t fold_some(char *to, const char *from, size_t len)
{
    char padded[sizeof(MstSixteen)] = {0};
    MstSixteen bytes, folded, out;
    size_t kept = 0;

    if (len < sizeof padded)
        from = memcpy(padded, from, len);
    bytes = mst_sixteen_at(from);
    folded = fold(bytes);
    out = left_out(bytes);
    if (mst_sixteen_first(out) == sizeof out) {
        memcpy(to, &folded, sizeof folded);
        return len;
    }
    for (size_t i = 0; i < len; i++) {
        to[kept] = (char)folded[i];
        kept += out[i] == 0;
    }
    return kept;
}

uint64_t mst_index_hash_address(const MstIndex *self, MstSlice address)
{
    enum { ENOUGH = 320 }; /* RFC 5321's longest address; what goes beyond tells no more apart */
    char text[ENOUGH + sizeof(MstSixteen)];
    size_t len = 0;

    for (size_t i = 0; i < address.len && len < ENOUGH; i += sizeof(MstSixteen))
        len += fold_some(text + len, address.ptr + i, MIN(address.len - i, sizeof(MstSixteen)));
    return XXH3_64bits_withSeed(text, MIN(len, ENOUGH), self->seed);
}
