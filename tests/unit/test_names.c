/* test_names.c - what names stand for that come again and again */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "base/names.h"

static void test_finds_what_was_added(void **state)
{
    static const char *const texts[] = {"",
                                        "a",
                                        "ab",
                                        "postfix/smtpd",
                                        "postfix/smtp",
                                        "mx1",
                                        "mx1.example.test",
                                        "mx2.example.test"};
    MstNames *names = mst_names_new();

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        assert_null(mst_names_find(names, mst_slice_of(texts[i])));
        mst_names_add(names, mst_slice_of(texts[i]), (gpointer)&texts[i]);
    }
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
            assert_ptr_equal(mst_names_find(names, mst_slice_of(texts[i])), &texts[i]);
    }
    assert_null(mst_names_find(names, MST_LIT("mx")));
    assert_int_equal(mst_names_count(names), G_N_ELEMENTS(texts));
    mst_names_free(names, NULL);
}

/* The table grows many times; the names differ in the middle only. */
static void test_many_names(void **state)
{
    enum { MANY = 5000 };
    MstNames *names = mst_names_new();

    (void)state;
    for (guint i = 1; i <= MANY; i++) {
        g_autofree char *text = g_strdup_printf("aaaaaaaaaa%u-bbbbbbbbbb", i);
        const char *kept = mst_names_add(names, mst_slice_of(text), GUINT_TO_POINTER(i));

        assert_string_equal(kept, text);
        assert_ptr_not_equal(kept, text);
    }
    for (guint i = 1; i <= MANY; i++) {
        g_autofree char *text = g_strdup_printf("aaaaaaaaaa%u-bbbbbbbbbb", i);

        assert_int_equal(GPOINTER_TO_UINT(mst_names_find(names, mst_slice_of(text))), i);
    }
    mst_names_free(names, NULL);
}

static void test_unset_name_is_the_empty_one(void **state)
{
    MstNames *names = mst_names_new();

    (void)state;
    mst_names_add(names, (MstSlice){0}, names);
    assert_ptr_equal(mst_names_find(names, MST_LIT("")), names);
    mst_names_free(names, NULL);
}

/* The name is a part of a longer text, and its buffer is used again. */
static void test_name_is_copied(void **state)
{
    char text[] = "mx1 mx2";
    MstNames *names = mst_names_new();

    (void)state;
    mst_names_add(names, (MstSlice){text, 3}, text);
    assert_ptr_equal(mst_names_find(names, (MstSlice){text, 3}), text);
    memset(text, 'x', 3);
    assert_null(mst_names_find(names, (MstSlice){text, 3}));
    assert_ptr_equal(mst_names_find(names, MST_LIT("mx1")), text);
    mst_names_free(names, NULL);
}

static void count_freed(gpointer value)
{
    (*(guint *)value)++;
}

static void test_a_cleared_table_is_empty(void **state)
{
    guint freed = 0;
    MstNames *names = mst_names_new();

    (void)state;
    for (int round = 0; round < 2; round++) {
        mst_names_add(names, MST_LIT("mx1"), &freed);
        mst_names_add(names, MST_LIT("mx2"), &freed);
        mst_names_clear(names, round == 0 ? count_freed : NULL);
        assert_int_equal(mst_names_count(names), 0);
        assert_null(mst_names_find(names, MST_LIT("mx1")));
    }
    assert_int_equal(freed, 2);
    mst_names_add(names, MST_LIT("mx3"), &freed);
    mst_names_free(names, count_freed);
    assert_int_equal(freed, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_what_was_added),        cmocka_unit_test(test_many_names),
        cmocka_unit_test(test_unset_name_is_the_empty_one), cmocka_unit_test(test_name_is_copied),
        cmocka_unit_test(test_a_cleared_table_is_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
