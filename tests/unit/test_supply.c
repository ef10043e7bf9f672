/* test_supply.c - memory that is ready before messages need it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/supply.h"

enum { SLABS = 200 };

/* Takes as a pool does, and tells how often a slab was ready. */
static guint take_all(MstArenaSupply *supply, MstArenaSlab *slabs[SLABS])
{
    guint ready = 0;

    for (guint i = 0; i < SLABS; i++) {
        slabs[i] = supply->take(supply);
        ready += slabs[i] != NULL;
    }
    return ready;
}

static int compare(gconstpointer a, gconstpointer b)
{
    const void *const *left = a, *const *right = b;

    return *left < *right ? -1 : *left > *right;
}

static void free_slabs(MstArenaSlab *slabs[SLABS])
{
    qsort(slabs, SLABS, sizeof *slabs, compare);
    for (guint i = 0; i < SLABS; i++) {
        assert_true(slabs[i] == NULL || i == 0 || slabs[i] != slabs[i - 1]);
        mst_arena_slab_free(slabs[i]);
    }
}

/* Whoever is alone gets nothing, and does not wait for it either. */
static void of_nobody(void **state)
{
    MstCrew *crew = mst_crew_new(1);
    MstSupply *supply = mst_supply_new(crew);
    MstArenaSlab *slabs[SLABS];

    (void)state;
    assert_int_equal(take_all(mst_supply_of_slabs(supply), slabs), 0);
    mst_supply_free(supply);
    mst_crew_free(crew);
}

/* The first is never there; after some time others are, each once. What is left is freed. */
static void of_another_thread(void **state)
{
    MstCrew *crew = mst_crew_new(3);
    MstSupply *supply = mst_supply_new(crew);
    MstArenaSupply *slabs_of = mst_supply_of_slabs(supply);
    MstArenaSlab *slabs[SLABS];
    MstArenaSlab *one;

    (void)state;
    assert_null(slabs_of->take(slabs_of));
    while ((one = slabs_of->take(slabs_of)) == NULL)
        g_usleep(100);
    mst_arena_slab_free(one);
    take_all(slabs_of, slabs);
    free_slabs(slabs);
    mst_supply_free(supply);
    mst_crew_free(crew);
}

/* A pool lives on what it is given, and on its own where it is given nothing. */
static void of_a_pool(void **state)
{
    enum { SIZE = MST_ARENA_BLOCK - 200, BLOCKS = 20000 };
    MstCrew *crew = mst_crew_new(2);
    MstSupply *supply = mst_supply_new(crew);
    MstArenaPool pool = {.supply = mst_supply_of_slabs(supply)};
    MstArena arena = {.pool = &pool};
    g_autofree unsigned char **blocks = g_new(unsigned char *, BLOCKS);

    (void)state;
    for (guint i = 0; i < BLOCKS; i++) {
        blocks[i] = mst_arena_alloc(&arena, SIZE);
        memset(blocks[i], (int)(i % 251), SIZE);
    }
    for (guint i = 0; i < BLOCKS; i++) {
        assert_int_equal(blocks[i][0], i % 251);
        assert_int_equal(blocks[i][SIZE - 1], i % 251);
    }
    mst_arena_clear(&arena);
    mst_arena_pool_clear(&pool);
    mst_supply_free(supply);
    mst_crew_free(crew);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_nobody),
        cmocka_unit_test(of_another_thread),
        cmocka_unit_test(of_a_pool),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
