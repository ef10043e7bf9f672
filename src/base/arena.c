/*
 * arena.c - memory that is given back all at once
 *
 * Blocks come in one ordinary size, cut from slabs, which the pool keeps for re-use; and in odd sizes for
 * what does not fit, which go back to the system. Ordinary ones begin where a line of the cache does.
 */
#include "mailstory/arena.h"

#include <glib.h>
#include <stdalign.h>
#include <stddef.h>

#include "base/callfor.h"
#include "base/pages.h"

enum {
    BLOCKS_OF_SLAB = 584, /* 512 KiB less what malloc adds */
    ALIGNMENT = 8,        /* no message has anything that needs more */
};

struct MstArenaBlock {
    MstArenaBlock *next;
    uint32_t size; /* of data */
    uint32_t used;
    alignas(ALIGNMENT) char data[];
};

struct MstArenaSlab {
    alignas(MST_CACHE_LINE) char blocks[BLOCKS_OF_SLAB][MST_ARENA_BLOCK];
    MstArenaSlab *next;
    size_t used; /* blocks */
};

static const size_t ordinary = MST_ARENA_BLOCK - offsetof(MstArenaBlock, data);

MstArenaSlab *mst_arena_slab_new(void)
{
    MstArenaSlab *slab = g_aligned_alloc(1, sizeof *slab, alignof(MstArenaSlab));

    mst_pages_ask_for(slab, sizeof *slab);
    slab->used = 0;
    return slab;
}

void mst_arena_slab_free(MstArenaSlab *slab)
{
    g_aligned_free(slab);
}

static MstArenaSlab *add_slab(MstArenaPool *pool)
{
    MstArenaSlab *slab = pool->supply == NULL ? NULL : pool->supply->take(pool->supply);

    if (slab == NULL)
        slab = mst_arena_slab_new();
    slab->next = pool->slabs;
    pool->slabs = slab;
    return slab;
}

/* A block that was never used. */
static MstArenaBlock *cut_block(MstArenaPool *pool)
{
    MstArenaSlab *slab = pool->slabs;

    if (slab == NULL || slab->used == BLOCKS_OF_SLAB)
        slab = add_slab(pool);
    return (MstArenaBlock *)slab->blocks[slab->used++];
}

/* One that was given back may have been another thread's: the next one is called for. */
static MstArenaBlock *take_ordinary(MstArenaPool *pool)
{
    MstArenaBlock *block = pool->unused;

    if (block == NULL)
        return cut_block(pool);
    pool->unused = block->next;
    pool->kept--;
    if (block->next != NULL)
        mst_call_for(block->next, MST_ARENA_BLOCK);
    return block;
}

static MstArenaBlock *take_block(MstArenaPool *pool, size_t size)
{
    MstArenaBlock *block;

    g_assert(size <= UINT32_MAX);
    block = size <= ordinary ? take_ordinary(pool) : g_malloc(offsetof(MstArenaBlock, data) + size);
    block->size = (uint32_t)MAX(size, ordinary);
    block->used = 0;
    pool->in_use += block->size;
    return block;
}

static void give_block(MstArenaBlocks *blocks, MstArenaBlock *block)
{
    blocks->bytes += block->size;
    if (block->size != ordinary) {
        g_free(block);
        return;
    }
    if (blocks->first == NULL)
        blocks->last = block;
    block->next = blocks->first;
    blocks->first = block;
    blocks->count++;
}

void mst_arena_pool_take_back(MstArenaPool *pool, MstArenaBlocks *blocks)
{
    pool->in_use -= blocks->bytes;
    pool->kept += blocks->count;
    if (blocks->first != NULL) {
        blocks->last->next = pool->unused;
        pool->unused = blocks->first;
    }
    *blocks = (MstArenaBlocks){0};
}

void mst_arena_pool_clear(MstArenaPool *pool)
{
    g_assert(pool->in_use == 0);
    while (pool->slabs != NULL) {
        MstArenaSlab *slab = pool->slabs;

        pool->slabs = slab->next;
        mst_arena_slab_free(slab);
    }
    pool->unused = NULL;
    pool->kept = 0;
}

/* The first block is the one that is being filled, so an odd one goes behind it. */
static MstArenaBlock *add_block(MstArena *arena, size_t size)
{
    MstArenaBlock *block = take_block(arena->pool, size);

    if (arena->first != NULL && block->size != ordinary) {
        block->next = arena->first->next;
        arena->first->next = block;
    } else {
        block->next = arena->first;
        arena->first = block;
    }
    if (arena->last == NULL || block->next == NULL)
        arena->last = block;
    return block;
}

/* Where in the block something that is so aligned can begin. */
static inline size_t next_start(const MstArenaBlock *block, size_t alignment)
{
    return (block->used + alignment - 1) & ~(alignment - 1);
}

static inline char *take(MstArena *arena, size_t size, size_t alignment)
{
    MstArenaBlock *block = arena->first;
    size_t start = block == NULL ? 0 : next_start(block, alignment);

    if (block == NULL || start > block->size || size > block->size - start) {
        block = add_block(arena, size);
        start = 0;
    }
    block->used = (uint32_t)(start + size);
    return block->data + start;
}

void *mst_arena_alloc(MstArena *arena, size_t size)
{
    return memset(take(arena, size, ALIGNMENT), 0, size);
}

const char *mst_arena_copy(MstArena *arena, MstSlice s)
{
    char *copy;

    if (!mst_slice_is_set(s))
        return NULL;
    copy = take(arena, s.len + 1, 1);
    memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return copy;
}

void mst_arena_merge(MstArena *arena, MstArena *from)
{
    g_assert(arena->pool == from->pool);
    if (from->first == NULL)
        return;
    if (arena->first == NULL) {
        arena->first = from->first;
    } else {
        arena->last->next = from->first;
    }
    arena->last = from->last;
    from->first = from->last = NULL;
}

void mst_arena_take_apart(MstArena *arena, MstArenaBlocks *blocks)
{
    while (arena->first != NULL) {
        MstArenaBlock *block = arena->first;

        arena->first = block->next;
        give_block(blocks, block);
    }
    arena->last = NULL;
}

void mst_arena_clear(MstArena *arena)
{
    MstArenaBlocks blocks = {0};

    mst_arena_take_apart(arena, &blocks);
    mst_arena_pool_take_back(arena->pool, &blocks);
}
