/* arena.h - memory that is given back all at once */
#ifndef MAILSTORY_ARENA_H
#define MAILSTORY_ARENA_H

#include <stddef.h>

#include "mailstory/slice.h"

/* Bytes of a block of ordinary size, with its head: what an arena holds first lies side by side so far. A
 * message that is not delivered yet fits into one; most others take one or two. */
enum { MST_ARENA_BLOCK = 896 };

typedef struct MstArenaBlock MstArenaBlock;
typedef struct MstArenaSlab MstArenaSlab;

/*
 * Who has slabs ready before a pool needs them. Memory that nobody had before is dear, as the system must
 * find and clear it; another thread may have the time.
 */
typedef struct MstArenaSupply MstArenaSupply;
struct MstArenaSupply {
    /* Gives a slab away; NULL: none is ready. The pool's thread asks. */
    MstArenaSlab *(*take)(MstArenaSupply *self);
};

/* What blocks are cut from: 512 KiB, for which a pool asks when it has more than a few MiB of its own. Any
 * thread may make one. */
MstArenaSlab *mst_arena_slab_new(void);
void mst_arena_slab_free(MstArenaSlab *slab);

/*
 * Where arenas take their blocks from and give them back to. One pool serves many arenas of one
 * thread; it keeps freed blocks for the next arena, so that a message's life costs no malloc, and gives
 * none back to the system before it is cleared. All zero is an empty pool.
 */
typedef struct MstArenaPool {
    MstArenaBlock *unused;
    MstArenaSlab *slabs;    /* that blocks are cut from, the latest first */
    size_t n_slabs;         /* how many */
    size_t in_use;          /* arenas that have blocks; odd ones do not count */
    MstArenaSupply *supply; /* borrowed; NULL: the pool makes all slabs itself */
} MstArenaPool;

/* Blocks of arenas that are no more, which their pool has not taken back yet. All zero is none. */
typedef struct MstArenaBlocks {
    MstArenaBlock *first, *last;
    size_t arenas; /* that they were of */
} MstArenaBlocks;

/* Adds `more` to the others; none are left in it. Constant time. */
void mst_arena_blocks_add(MstArenaBlocks *blocks, MstArenaBlocks *more);

/* Takes blocks back into use; none are left in the row. They came from this pool. Constant time. */
void mst_arena_pool_take_back(MstArenaPool *pool, MstArenaBlocks *blocks);

/* Frees all blocks. Every arena of the pool must have been cleared before. */
void mst_arena_pool_clear(MstArenaPool *pool);

/*
 * The memory of one story. Nothing inside has an owner of its own; nothing inside is freed alone.
 * All zero but for the pool is an empty arena.
 */
typedef struct MstArena {
    MstArenaPool *pool;
    MstArenaBlock *first;
    MstArenaBlock *last; /* the block that is being filled */
    MstArenaBlock *odd;  /* what fits into none has one of its own */
} MstArena;

/* Zeroed memory, aligned as pointers and numbers of 64 bits are. Never NULL. */
void *mst_arena_alloc(MstArena *arena, size_t size);

/* A copy of s with a NUL behind it; NULL for the unset slice. */
const char *mst_arena_copy(MstArena *arena, MstSlice s);

/* Moves all that `from` owns into `arena`; pointers stay good. `from` is empty afterwards. Both
 * have the same pool. Takes constant time, but for odd blocks. */
void mst_arena_merge(MstArena *arena, MstArena *from);

/* Gives everything back to the pool. */
void mst_arena_clear(MstArena *arena);

/* The same in two steps: adds its blocks to a row, which any thread may do that has the arena, as the pool
 * has no part in it. Takes constant time, however many there are, but for odd ones. */
void mst_arena_take_apart(MstArena *arena, MstArenaBlocks *blocks);

#endif
