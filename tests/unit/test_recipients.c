/* test_recipients.c - the deliveries of a life, by their recipient */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "correlate/recipients.h"

enum { MANY = 500 };

static const MstSlice unset = {NULL, 0};

typedef struct World {
    MstArenaPool pool;
    MstLife life;
} World;

static void begin(World *w)
{
    *w = (World){.life = {.hop = {.system = MST_SYSTEM_POSTFIX}}};
    w->life.hop.arena.pool = &w->pool;
}

static void end(World *w)
{
    mst_life_free(&w->life);
    mst_arena_pool_clear(&w->pool);
}

static MstDelivery *take(World *w, const char *user, guint i, const char *original)
{
    g_autofree char *address = g_strdup_printf("%s%u@example.test", user, i);

    return mst_recipients_take(&w->life, mst_slice_of(address), mst_slice_of(original));
}

/* An address is found again however it is written, whether there are few or many. */
static void test_taken_once(void **state)
{
    MstDelivery *taken[MANY];
    World w;

    (void)state;
    begin(&w);
    for (guint i = 0; i < MANY; i++) {
        taken[i] = take(&w, "user", i, NULL);
        assert_int_equal(w.life.hop.n_deliveries, i + 1);
        assert_ptr_equal(take(&w, "USER", i / 2, NULL), taken[i / 2]);
        assert_int_equal(w.life.hop.n_deliveries, i + 1);
    }
    assert_int_equal(w.life.n_open, MANY);
    assert_false(w.life.alike);
    for (guint i = 0; i < MANY; i++)
        assert_null(mst_recipients_next(&w.life, taken[i]));
    end(&w);
}

/* The same address from two originals is two deliveries, which stand one after the other. */
static void test_by_original(void **state)
{
    World w;

    (void)state;
    begin(&w);
    for (guint i = 0; i < MANY; i++) {
        MstDelivery *plain = take(&w, "user", i, NULL);
        MstDelivery *of_list = take(&w, "user", i, "list@example.test");
        g_autofree char *address = g_strdup_printf("user%u@example.test", i);

        assert_ptr_not_equal(plain, of_list);
        assert_ptr_equal(take(&w, "user", i, "LIST@example.test"), of_list);
        assert_ptr_equal(take(&w, "user", i, NULL), plain);
        assert_ptr_equal(mst_recipients_first(&w.life, mst_slice_of(address)), plain);
        assert_ptr_equal(mst_recipients_next(&w.life, plain), of_list);
        assert_null(mst_recipients_next(&w.life, of_list));
        assert_int_equal(w.life.hop.n_deliveries, 2 * (i + 1));
    }
    assert_true(w.life.alike);
    end(&w);
}

/* Copies for one address, which only mst_recipients_add makes, are alike. */
static void test_copies(void **state)
{
    const MstSlice address = MST_LIT("ann@example.test");
    const MstDelivery *copy;
    World w;

    (void)state;
    begin(&w);
    for (guint i = 0; i < MANY; i++)
        mst_recipients_add(&w.life, address, unset);
    copy = mst_recipients_first(&w.life, address);
    for (guint i = 1; i < MANY; i++)
        copy = mst_recipients_next(&w.life, copy);
    assert_ptr_equal(copy, w.life.hop.last_delivery);
    assert_null(mst_recipients_next(&w.life, copy));
    assert_true(w.life.alike);
    end(&w);
}

/* No line names the recipient. */
static void test_unset(void **state)
{
    World w;

    (void)state;
    begin(&w);
    assert_string_equal(mst_recipients_take(&w.life, unset, unset)->recipient, "");
    assert_ptr_equal(mst_recipients_take(&w.life, unset, unset), w.life.hop.deliveries);
    assert_null(mst_recipients_first(&w.life, MST_LIT("ann@example.test")));
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken_once),
        cmocka_unit_test(test_by_original),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_unset),
    };

    return cmocka_run_group_tests_name("recipients", tests, NULL, NULL);
}
