/* test_index.c - things in memory, found by a hash */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/index.h"

enum { MANY = 20000 };

static const uint64_t seed = 7;

static void test_newest_first(void **state)
{
    MstIndex *index = mst_index_new(seed);
    MstPlace places[3] = {0};
    int things[3];

    (void)state;
    assert_null(mst_index_find(index, 5));
    for (int i = 0; i < 3; i++)
        mst_index_add(index, &places[i], 5, &things[i]);
    assert_ptr_equal(mst_index_find(index, 5), &places[2]);
    assert_ptr_equal(places[2].next, &places[1]);
    assert_ptr_equal(places[1].next, &places[0]);
    assert_null(places[0].next);
    assert_ptr_equal(places[1].thing, &things[1]);
    assert_null(mst_index_find(index, 6));
    mst_index_free(index);
}

/* Takes out the first, the last or one between of three. */
static void test_remove(void **state)
{
    (void)state;
    for (int gone = 0; gone < 3; gone++) {
        MstIndex *index = mst_index_new(seed);
        MstPlace places[3] = {0};
        const MstPlace *at;

        for (int i = 0; i < 3; i++)
            mst_index_add(index, &places[i], 5, places);
        mst_index_remove(index, &places[gone]);
        assert_null(places[gone].thing);
        assert_int_equal(places[gone].hash, 5);
        at = mst_index_find(index, 5);
        for (int i = 2; i >= 0; i--) {
            if (i == gone)
                continue;
            assert_ptr_equal(at, &places[i]);
            at = at->next;
        }
        assert_null(at);
        mst_index_free(index);
    }
}

/* `step` makes hashes that meet each other's slots, or do not. */
static void check_many(uint64_t count, uint64_t step)
{
    MstIndex *index = mst_index_new(seed);
    MstPlace *places = g_new0(MstPlace, count);

    for (uint64_t i = 0; i < count; i++)
        mst_index_add(index, &places[i], i * step, &places[i]);
    for (uint64_t i = 0; i < count; i++)
        assert_ptr_equal(mst_index_find(index, i * step), &places[i]);
    for (uint64_t i = 0; i < count; i += 2)
        mst_index_remove(index, &places[i]);
    for (uint64_t i = 0; i < count; i++)
        assert_ptr_equal(mst_index_find(index, i * step), i % 2 == 0 ? NULL : &places[i]);
    for (uint64_t i = 1; i < count; i += 2)
        mst_index_remove(index, &places[i]);
    assert_int_equal(index->used, 0);
    assert_true(index->shift > 64 - 12); /* the memory goes when the things do */
    mst_index_free(index);
    g_free(places);
}

static void test_grows_and_shrinks(void **state)
{
    (void)state;
    check_many(MANY, 1);
    check_many(MANY, UINT64_C(0x9e3779b97f4a7c15));
    check_many(MANY, UINT64_C(1) << 40);
}

/* All begin to be looked for at one place, and so many pass it that they are not counted any more. */
static void test_one_home(void **state)
{
    const uint64_t step = UINT64_C(0xf1de83e19937733d);

    (void)state;
    assert_int_equal(mst_index_spread(step), 1);
    check_many(MANY / 5, step);
}

/* Without the seed nobody can tell which texts will meet. */
static void test_hash_depends_on_seed(void **state)
{
    MstIndex *a = mst_index_new(1);
    MstIndex *b = mst_index_new(2);
    MstIndex *like_a = mst_index_new(1);

    (void)state;
    assert_int_equal(mst_index_hash(a, MST_LIT("4Zk3Xq")),
                     mst_index_hash(like_a, MST_LIT("4Zk3Xq")));
    assert_int_not_equal(mst_index_hash(a, MST_LIT("4Zk3Xq")),
                         mst_index_hash(b, MST_LIT("4Zk3Xq")));
    assert_int_not_equal(mst_index_hash(a, MST_LIT("4Zk3Xq")),
                         mst_index_hash(a, MST_LIT("4Zk3Xr")));
    mst_index_free(a);
    mst_index_free(b);
    mst_index_free(like_a);
}

static const struct Addresses {
    const char *name;
    const char *a, *b;
    bool same;
} addresses[] = {
    {"case", "Ann@Example.ORG", "ann@example.org", true},
    {"quotes", "\"ann.b\"@example.org", "ann.b@example.org", true},
    {"what qmail-send escapes", "a b%c@example.org", "a_b_c@example.org", true},
    {"of sixteen bytes and more", "ANN.WITH.A.NAME@EXAMPLE.ORG", "ann.with.a.name@example.org",
     true},
    {"quotes behind sixteen bytes", "ann.with.a.longer.\"name\"@x.org",
     "ann.with.a.longer.name@x.org", true},
    {"quotes that move what is behind", "\"a\"@an.example.with.a.name.org",
     "a@an.example.with.a.name.org", true},
    {"bytes beside the letters", "[`{@x", "[`{@X", true},
    {"bytes beside the letters are none", "[@x", "{@x", false},
    {"the last of seventeen bytes", "abcdefghijklmnopq", "abcdefghijklmnopr", false},
    {"what is no ASCII", "\xc3\xa9@x", "__@x", true},
    {"another name", "ann@example.org", "anne@example.org", false},
    {"another domain", "ann@example.org", "ann@example.net", false},
    {"nothing", "", "", true},
};

static void test_addresses(void **state)
{
    MstIndex *index = mst_index_new(seed);

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++) {
        const struct Addresses *row = &addresses[i];
        uint64_t a = mst_index_hash_address(index, mst_slice_of(row->a));
        uint64_t b = mst_index_hash_address(index, mst_slice_of(row->b));

        if ((a == b) != row->same)
            fail_msg("%s", row->name);
    }
    mst_index_free(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_newest_first),         cmocka_unit_test(test_remove),
        cmocka_unit_test(test_grows_and_shrinks),    cmocka_unit_test(test_one_home),
        cmocka_unit_test(test_hash_depends_on_seed), cmocka_unit_test(test_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
