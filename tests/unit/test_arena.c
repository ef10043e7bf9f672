/* test_arena.c - memory that is given back all at once */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "mailstory/arena.h"

/* Is all of it zero? Then it is filled, so that what overlaps shows. */
static void use(unsigned char *bytes, size_t size, unsigned char mark)
{
    for (size_t i = 0; i < size; i++)
        assert_int_equal(bytes[i], 0);
    memset(bytes, mark, size);
}

static void check_marks(const unsigned char *bytes, size_t size, unsigned char mark)
{
    for (size_t i = 0; i < size; i++)
        assert_int_equal(bytes[i], mark);
}

/* Sizes around those of a block; each is aligned, zeroed and apart from the others. */
static void odd_sizes(void **state)
{
    static const size_t sizes[] = {1,    7,    8,   15,  16,  17,  33,   100,   900,     996,
                                   1000, 1001, 879, 880, 881, 896, 4096, 65536, 1 << 20, 3};
    MstArenaPool pool = {0};
    MstArena arena = {.pool = &pool};
    unsigned char *got[3 * G_N_ELEMENTS(sizes)];

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(got); i++) {
        got[i] = mst_arena_alloc(&arena, sizes[i % G_N_ELEMENTS(sizes)]);
        assert_int_equal((uintptr_t)got[i] % alignof(int64_t), 0);
        use(got[i], sizes[i % G_N_ELEMENTS(sizes)], (unsigned char)(i + 1));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(got); i++)
        check_marks(got[i], sizes[i % G_N_ELEMENTS(sizes)], (unsigned char)(i + 1));
    mst_arena_clear(&arena);
    mst_arena_pool_clear(&pool);
}

static void text_between_structs(void **state)
{
    MstArenaPool pool = {0};
    MstArena arena = {.pool = &pool};

    (void)state;
    for (size_t len = 0; len < 300; len++) {
        g_autofree char *text = g_strnfill(len, 'x');
        const char *copy = mst_arena_copy(&arena, (MstSlice){text, len});
        int64_t *number = mst_arena_alloc(&arena, sizeof *number);

        assert_int_equal((uintptr_t)number % alignof(int64_t), 0);
        assert_int_equal(*number, 0);
        *number = -1;
        assert_string_equal(copy, text);
    }
    mst_arena_clear(&arena);
    mst_arena_pool_clear(&pool);
}

static void copies(void **state)
{
    MstArenaPool pool = {0};
    MstArena arena = {.pool = &pool};
    const char *copy;

    (void)state;
    assert_null(mst_arena_copy(&arena, (MstSlice){NULL, 0}));
    assert_int_equal(pool.in_use, 0);
    copy = mst_arena_copy(&arena, MST_LIT(""));
    assert_non_null(copy);
    assert_string_equal(copy, "");
    copy = mst_arena_copy(&arena, (MstSlice){"sender", 4});
    assert_string_equal(copy, "send");
    mst_arena_clear(&arena);
    mst_arena_pool_clear(&pool);
}

static void a_block_is_used_again_and_zeroed(void **state)
{
    MstArenaPool pool = {0};
    MstArena arena = {.pool = &pool};
    void *first = mst_arena_alloc(&arena, 100);

    (void)state;
    memset(first, 0xff, 100);
    mst_arena_clear(&arena);
    assert_int_equal(pool.in_use, 0);
    assert_ptr_equal(mst_arena_alloc(&arena, 100), first);
    use(first, 100, 1);
    assert_null(pool.unused);
    mst_arena_clear(&arena);
    mst_arena_clear(&arena); /* an empty one */
    mst_arena_pool_clear(&pool);
}

/* A supply that always has one, and counts how many it gave away. */
typedef struct Supply {
    MstArenaSupply supply; /* first, so that the supply is this */
    guint given;
} Supply;

static MstArenaSlab *give(MstArenaSupply *supply)
{
    ((Supply *)supply)->given++;
    return mst_arena_slab_new();
}

enum {
    MANY = 24000, /* more than have room in the slabs that a pool makes for itself */
    FEW = 18000,  /* which have */
    SIZE = MST_ARENA_BLOCK - 200
};

/* One block each. None stands in another, and each begins where a line of the cache does. */
static void fill(MstArenaPool *pool, MstArena *arenas, unsigned char **got)
{
    const Supply *supply = (const Supply *)pool->supply;
    guint before = supply == NULL ? 0 : supply->given;

    for (int i = 0; i < MANY; i++) {
        arenas[i] = (MstArena){.pool = pool};
        got[i] = mst_arena_alloc(&arenas[i], SIZE);
        assert_int_equal((uintptr_t)arenas[i].first % 64, 0);
        use(got[i], SIZE, (unsigned char)i);
        assert_true(i >= FEW || supply == NULL || supply->given == before);
    }
    assert_null(pool->unused);
    assert_int_equal(pool->in_use, MANY);
}

static void many_blocks_of(MstArenaSupply *supply)
{
    MstArenaPool pool = {.supply = supply};
    g_autofree MstArena *arenas = g_new(MstArena, MANY);
    g_autofree unsigned char **got = g_new(unsigned char *, MANY);
    const MstArenaSlab *slab = NULL;

    for (int round = 0; round < 2; round++) {
        fill(&pool, arenas, got);
        assert_true(round == 0 || pool.slabs == slab); /* no further one was needed */
        slab = pool.slabs;
        for (int i = 0; i < MANY; i++) {
            check_marks(got[i], SIZE, (unsigned char)i);
            mst_arena_clear(&arenas[i]);
        }
        assert_int_equal(pool.in_use, 0);
    }
    mst_arena_pool_clear(&pool);
}

/* More than several slabs have; the later slabs are others' work, where there is somebody. */
static void many_blocks(void **state)
{
    Supply supply = {.supply.take = give};

    (void)state;
    many_blocks_of(NULL);
    many_blocks_of(&supply.supply);
    assert_in_range(supply.given, 1, 10);
}

static void the_pool_counts_what_is_in_use(void **state)
{
    MstArenaPool pool = {0};
    MstArena small = {.pool = &pool};
    MstArena large = {.pool = &pool};

    (void)state;
    mst_arena_alloc(&small, 1);
    assert_int_equal(pool.in_use, 1);
    for (int i = 0; i < 10; i++)
        mst_arena_alloc(&small, MST_ARENA_BLOCK / 2);
    assert_int_equal(pool.in_use, 1);
    mst_arena_alloc(&large, 1);
    assert_int_equal(pool.in_use, 2);
    mst_arena_alloc(&large, 10000);
    mst_arena_clear(&large);
    assert_null(large.odd); /* it went back to the system */
    assert_int_equal(pool.in_use, 1);
    mst_arena_clear(&small);
    assert_int_equal(pool.in_use, 0);
    mst_arena_pool_clear(&pool);
    assert_null(pool.unused);
    assert_null(pool.slabs);
}

/* A large one must not put an end to the block that is being filled. */
static void a_large_one_wastes_no_block(void **state)
{
    MstArenaPool pool = {0};
    MstArena arena = {.pool = &pool};
    const MstArenaBlock *filled;

    (void)state;
    mst_arena_alloc(&arena, 1);
    filled = arena.last;
    mst_arena_alloc(&arena, 5000);
    mst_arena_alloc(&arena, 1);
    assert_ptr_equal(arena.last, filled);
    mst_arena_clear(&arena);
    mst_arena_pool_clear(&pool);
}

static void merged(void **state)
{
    MstArenaPool pool = {0};
    MstArena a = {.pool = &pool};
    MstArena b = {.pool = &pool};
    MstArena none = {.pool = &pool};
    const char *of_a = mst_arena_copy(&a, MST_LIT("ann"));
    const char *of_b;
    unsigned char *odd_of_a;

    (void)state;
    for (int i = 0; i < 100; i++)
        of_b = mst_arena_copy(&b, MST_LIT("a text that fills some blocks when it comes often"));
    odd_of_a = mst_arena_alloc(&a, 5000);
    use(odd_of_a, 5000, 1);
    for (int i = 0; i < 3; i++)
        use(mst_arena_alloc(&b, 5000), 5000, 2);
    mst_arena_merge(&a, &none);
    assert_int_equal(pool.in_use, 2);
    mst_arena_merge(&a, &b);
    assert_null(b.first);
    assert_null(b.last);
    assert_null(b.odd);
    mst_arena_clear(&b);
    assert_int_equal(pool.in_use, 1);
    check_marks(odd_of_a, 5000, 1);
    assert_string_equal(of_a, "ann");
    assert_string_equal(of_b, "a text that fills some blocks when it comes often");
    mst_arena_merge(&none, &a);
    assert_string_equal(of_a, "ann");
    assert_string_equal(mst_arena_copy(&none, MST_LIT("bob")), "bob");
    mst_arena_copy(&a, MST_LIT("an arena that was emptied can be filled"));
    mst_arena_merge(&none, &a);
    mst_arena_clear(&none);
    assert_int_equal(pool.in_use, 0);
    mst_arena_pool_clear(&pool);
}

/* Blocks of several arenas in one row, put together of two; until the pool takes them back, it knows nothing of it. */
static void taken_apart(void **state)
{
    enum { ARENAS = 3, BLOCKS = 9 }; /* of four times 200 bytes */
    MstArenaPool pool = {0};
    MstArenaBlocks blocks = {0}, more = {0};
    MstArena arenas[ARENAS], again = {.pool = &pool};

    (void)state;
    for (int i = 0; i < ARENAS; i++) {
        arenas[i] = (MstArena){.pool = &pool};
        for (int j = 0; j < 10; j++)
            mst_arena_alloc(&arenas[i], 200);
        mst_arena_alloc(&arenas[i], 10000);
    }
    for (int i = 0; i < ARENAS; i++) {
        mst_arena_take_apart(&arenas[i], i == 0 ? &blocks : &more);
        assert_null(arenas[i].first);
        assert_null(arenas[i].odd);
    }
    mst_arena_blocks_add(&blocks, &more);
    mst_arena_blocks_add(&blocks, &more); /* none */
    assert_null(more.first);
    assert_int_equal(pool.in_use, ARENAS);
    assert_null(pool.unused);
    mst_arena_pool_take_back(&pool, &blocks);
    assert_null(blocks.first);
    assert_int_equal(pool.in_use, 0);
    mst_arena_pool_take_back(&pool, &blocks); /* none */
    for (int i = 0; i < BLOCKS; i++) {
        assert_non_null(pool.unused);
        use(mst_arena_alloc(&again, 800), 800, (unsigned char)i);
    }
    assert_null(pool.unused);
    mst_arena_clear(&again);
    mst_arena_pool_clear(&pool);
}

/* The pool of a long run must not grow with the number of stories. */
static void many_lives_need_few_blocks(void **state)
{
    MstArenaPool pool = {0};
    const MstArenaSlab *slab = NULL;

    (void)state;
    for (int i = 0; i < 10000; i++) {
        MstArena arena = {.pool = &pool};

        for (int j = 0; j < 20; j++)
            mst_arena_alloc(&arena, 100);
        mst_arena_clear(&arena);
        assert_true(i == 0 || pool.slabs == slab);
        slab = pool.slabs;
    }
    mst_arena_pool_clear(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odd_sizes),
        cmocka_unit_test(text_between_structs),
        cmocka_unit_test(copies),
        cmocka_unit_test(a_block_is_used_again_and_zeroed),
        cmocka_unit_test(many_blocks),
        cmocka_unit_test(the_pool_counts_what_is_in_use),
        cmocka_unit_test(a_large_one_wastes_no_block),
        cmocka_unit_test(merged),
        cmocka_unit_test(taken_apart),
        cmocka_unit_test(many_lives_need_few_blocks),
    };

    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
