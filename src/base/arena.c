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
    LARGE_SLABS = 8,      /* the first ones, in which the messages of most logs have room */
    ALIGNMENT = 8,        /* no message has anything that needs more */
};

struct MstArenaBlock {
    MstArenaBlock *next;
    size_t used; /* of an ordinary one: so many bytes of its data */
    alignas(ALIGNMENT) char data[];
};

struct MstArenaSlab {
    MstArenaSlab *next;
    size_t used, count; /* blocks */
    alignas(MST_CACHE_LINE) char blocks[][MST_ARENA_BLOCK];
};

static const size_t ordinary = MST_ARENA_BLOCK - offsetof(MstArenaBlock, data);

/* Of so many bytes, in which as many blocks have room as can. */
static MstArenaSlab *new_slab(size_t size)
{
    MstArenaSlab *slab = mst_pages_new(size);

    mst_pages_ask_for(slab, size);
    *slab = (MstArenaSlab){.count = (size - sizeof *slab) / MST_ARENA_BLOCK};
    return slab;
}

MstArenaSlab *mst_arena_slab_new(void)
{
    return new_slab(sizeof(MstArenaSlab) + BLOCKS_OF_SLAB * MST_ARENA_BLOCK);
}

void mst_arena_slab_free(MstArenaSlab *slab)
{
    g_aligned_free(slab);
}

/* Large pages are for messages that are read and written all the time. Of a million in flight most only wait,
 * and the system would have to make room for each page. */
static MstArenaSlab *get_slab(const MstArenaPool *pool)
{
    MstArenaSlab *slab = NULL;

    if (pool->n_slabs < LARGE_SLABS)
        return new_slab(MST_LARGE_PAGE);
    if (pool->supply != NULL)
        slab = pool->supply->take(pool->supply);
    return slab != NULL ? slab : mst_arena_slab_new();
}

static MstArenaSlab *add_slab(MstArenaPool *pool)
{
    MstArenaSlab *slab = get_slab(pool);

    pool->n_slabs++;
    slab->next = pool->slabs;
    pool->slabs = slab;
    return slab;
}

/* A block that was never used. */
static MstArenaBlock *cut_block(MstArenaPool *pool)
{
    MstArenaSlab *slab = pool->slabs;

    if (slab == NULL || slab->used == slab->count)
        slab = add_slab(pool);
    return (MstArenaBlock *)slab->blocks[slab->used++];
}

/* One that was given back may have been another thread's: the next one is called for. */
static MstArenaBlock *take_block(MstArenaPool *pool)
{
    MstArenaBlock *block = pool->unused;

    if (block == NULL)
        return cut_block(pool);
    pool->unused = block->next;
    if (block->next != NULL)
        mst_call_for(block->next, MST_ARENA_BLOCK);
    return block;
}

/* Puts the row from `first` to `last`, which is not empty, in front of the others. */
static void put_in_front(MstArenaBlocks *blocks, MstArenaBlock *first, MstArenaBlock *last)
{
    last->next = blocks->first;
    if (blocks->first == NULL)
        blocks->last = last;
    blocks->first = first;
}

void mst_arena_blocks_add(MstArenaBlocks *blocks, MstArenaBlocks *more)
{
    if (more->first != NULL)
        put_in_front(blocks, more->first, more->last);
    blocks->arenas += more->arenas;
    *more = (MstArenaBlocks){0};
}

void mst_arena_pool_take_back(MstArenaPool *pool, MstArenaBlocks *blocks)
{
    if (blocks->first == NULL)
        return;
    blocks->last->next = pool->unused;
    pool->unused = blocks->first;
    pool->in_use -= blocks->arenas;
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
    pool->n_slabs = 0;
}

static MstArenaBlock *add_block(MstArena *arena)
{
    MstArenaBlock *block = take_block(arena->pool);

    block->used = 0;
    block->next = NULL;
    if (arena->last == NULL) {
        arena->first = block;
        arena->pool->in_use++;
    } else {
        arena->last->next = block;
    }
    arena->last = block;
    return block;
}

static char *take_odd(MstArena *arena, size_t size)
{
    MstArenaBlock *block = g_malloc(offsetof(MstArenaBlock, data) + size);

    block->next = arena->odd;
    arena->odd = block;
    return block->data;
}

/* Where in the block something that is so aligned can begin. */
static inline size_t next_start(const MstArenaBlock *block, size_t alignment)
{
    return (block->used + alignment - 1) & ~(alignment - 1);
}

static inline char *take(MstArena *arena, size_t size, size_t alignment)
{
    MstArenaBlock *block = arena->last;
    size_t start = block == NULL ? 0 : next_start(block, alignment);

    if (block == NULL || start > ordinary || size > ordinary - start) {
        if (size > ordinary)
            return take_odd(arena, size);
        block = add_block(arena);
        start = 0;
    }
    block->used = start + size;
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

/* Puts blocks behind the row that ends here. */
static void append(MstArenaBlock **end, MstArenaBlock *blocks)
{
    while (*end != NULL)
        end = &(*end)->next;
    *end = blocks;
}

/* Those of `from` go to the front: the block that is being filled stays the last. */
void mst_arena_merge(MstArena *arena, MstArena *from)
{
    g_assert(arena->pool == from->pool);
    append(&from->odd, arena->odd);
    arena->odd = from->odd;
    if (from->first != NULL) {
        from->last->next = arena->first;
        arena->first = from->first;
        if (arena->last == NULL)
            arena->last = from->last;
        else
            arena->pool->in_use--;
    }
    *from = (MstArena){.pool = from->pool};
}

static void free_odd(MstArena *arena)
{
    while (arena->odd != NULL) {
        MstArenaBlock *block = arena->odd;

        arena->odd = block->next;
        g_free(block);
    }
}

void mst_arena_take_apart(MstArena *arena, MstArenaBlocks *blocks)
{
    free_odd(arena);
    if (arena->first == NULL)
        return;
    put_in_front(blocks, arena->first, arena->last);
    blocks->arenas++;
    *arena = (MstArena){.pool = arena->pool};
}

void mst_arena_clear(MstArena *arena)
{
    MstArenaBlocks blocks = {0};

    mst_arena_take_apart(arena, &blocks);
    mst_arena_pool_take_back(arena->pool, &blocks);
}
