/* test_slots.c - structs that are found by a hash which each keeps */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/slots.h"

typedef struct Thing {
    MstSlot slot;
    guint number;
} Thing;

static void test_finds_what_is_in(void **state)
{
    enum { MANY = 1000 };
    Thing *things = g_new0(Thing, MANY);
    MstSlots slots;

    (void)state;
    mst_slots_init(&slots);
    for (guint i = 0; i < MANY; i++)
        mst_slots_add(&slots, &things[i].slot, &things[i], i * 64);
    assert_int_equal(slots.count, MANY);
    for (guint i = 0; i < MANY; i += 2)
        mst_slots_remove(&slots, &things[i].slot);
    assert_int_equal(slots.count, MANY / 2);
    for (guint i = 0; i < MANY; i++) {
        const MstSlot *found = mst_slots_first(&slots, i * 64);

        if (i % 2 == 0)
            assert_null(found);
        else
            assert_ptr_equal(found->data, &things[i]);
    }
    mst_slots_clear(&slots);
    g_free(things);
}

/* Some before the table grows and some after it. */
static void test_the_last_of_equal_hashes_comes_first(void **state)
{
    enum { MANY = 300, EQUAL = 3 };
    Thing *things = g_new0(Thing, MANY);
    MstSlots slots;

    (void)state;
    mst_slots_init(&slots);
    for (guint i = 0; i < MANY; i++) {
        things[i].number = i;
        mst_slots_add(&slots, &things[i].slot, &things[i], i % (MANY / EQUAL));
    }
    for (guint hash = 0; hash < MANY / EQUAL; hash++) {
        const MstSlot *at = mst_slots_first(&slots, hash);

        for (guint round = EQUAL; round-- > 0; at = mst_slots_next(at))
            assert_int_equal(((const Thing *)at->data)->number, hash + round * (MANY / EQUAL));
        assert_null(at);
    }
    mst_slots_clear(&slots);
    g_free(things);
}

static void test_what_is_not_in_can_be_removed(void **state)
{
    Thing thing = {0};
    MstSlots slots;

    (void)state;
    mst_slots_init(&slots);
    mst_slots_add(&slots, &thing.slot, &thing, 7);
    mst_slots_remove(&slots, &thing.slot);
    mst_slots_remove(&slots, &thing.slot);
    assert_int_equal(slots.count, 0);
    assert_null(mst_slots_first(&slots, 7));
    mst_slots_clear(&slots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_what_is_in),
        cmocka_unit_test(test_the_last_of_equal_hashes_comes_first),
        cmocka_unit_test(test_what_is_not_in_can_be_removed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
