/* test_names.c - what names stand for that come again and again */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "base/apart.h"
#include "base/names.h"

/* What a test keeps of a name. */
typedef struct Value {
    guint number;
    char *owned;
} Value;

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
    MstNames *names = mst_names_new(sizeof(Value), NULL);
    Value *values[G_N_ELEMENTS(texts)];

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        assert_null(mst_names_find(names, mst_slice_of(texts[i])));
        values[i] = mst_names_add(names, mst_slice_of(texts[i]));
        assert_int_equal(values[i]->number, 0);
        assert_null(values[i]->owned);
    }
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
            assert_ptr_equal(mst_names_find(names, mst_slice_of(texts[i])), values[i]);
            assert_string_equal(mst_names_text(names, values[i]), texts[i]);
        }
    }
    assert_null(mst_names_find(names, MST_LIT("mx")));
    assert_int_equal(mst_names_count(names), G_N_ELEMENTS(texts));
    mst_names_free(names);
}

/* The table grows many times; the names differ in the middle only. */
static void test_many_names(void **state)
{
    enum { MANY = 5000 };
    MstNames *names = mst_names_new(sizeof(Value), NULL);

    (void)state;
    for (guint i = 1; i <= MANY; i++) {
        g_autofree char *text = g_strdup_printf("aaaaaaaaaa%u-bbbbbbbbbb", i);
        Value *value = mst_names_add(names, mst_slice_of(text));

        value->number = i;
    }
    for (guint i = 1; i <= MANY; i++) {
        g_autofree char *text = g_strdup_printf("aaaaaaaaaa%u-bbbbbbbbbb", i);
        const Value *value = mst_names_find(names, mst_slice_of(text));

        assert_int_equal(value->number, i);
        assert_string_equal(mst_names_text(names, value), text);
    }
    mst_names_free(names);
}

/* What two threads use never lies in one line of the cache. */
static void test_names_lie_apart(void **state)
{
    MstNames *names = mst_names_new(sizeof(Value), NULL);
    uintptr_t line = 0;

    (void)state;
    for (guint i = 0; i < 100; i++) {
        g_autofree char *text = g_strdup_printf("%u", i);
        const Value *value = mst_names_add(names, mst_slice_of(text));

        assert_int_not_equal((uintptr_t)value / MST_CACHE_LINE, line);
        line = (uintptr_t)(mst_names_text(names, value) + strlen(text)) / MST_CACHE_LINE;
    }
    mst_names_free(names);
}

static void test_unset_name_is_the_empty_one(void **state)
{
    MstNames *names = mst_names_new(sizeof(Value), NULL);
    const Value *value = mst_names_add(names, (MstSlice){0});

    (void)state;
    assert_ptr_equal(mst_names_find(names, MST_LIT("")), value);
    mst_names_free(names);
}

/* The name is a part of a longer text, and its buffer is used again. */
static void test_name_is_copied(void **state)
{
    char text[] = "mx1 mx2";
    MstNames *names = mst_names_new(sizeof(Value), NULL);
    const Value *value = mst_names_add(names, (MstSlice){text, 3});

    (void)state;
    assert_ptr_equal(mst_names_find(names, (MstSlice){text, 3}), value);
    memset(text, 'x', 3);
    assert_null(mst_names_find(names, (MstSlice){text, 3}));
    assert_ptr_equal(mst_names_find(names, MST_LIT("mx1")), value);
    mst_names_free(names);
}

/* A set of names. */
static void test_value_without_size_is_the_name(void **state)
{
    MstNames *names = mst_names_new(0, NULL);
    const char *kept = mst_names_add(names, MST_LIT("mx1"));

    (void)state;
    assert_string_equal(kept, "mx1");
    assert_ptr_equal(mst_names_find(names, MST_LIT("mx1")), kept);
    mst_names_free(names);
}

static void clear_value(gpointer data)
{
    Value *value = data;

    g_free(value->owned);
    value->owned = NULL;
}

/* What is owned twice, or by nobody, a sanitizer finds. */
static void test_a_cleared_table_is_empty(void **state)
{
    static const MstSlice texts[] = {MST_LIT_INIT("mx1"), MST_LIT_INIT("mx2")};
    MstNames *names = mst_names_new(sizeof(Value), clear_value);

    (void)state;
    for (int round = 0; round < 3; round++) {
        mst_names_clear(names);
        assert_int_equal(mst_names_count(names), 0);
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
            Value *value;

            assert_null(mst_names_find(names, texts[i]));
            value = mst_names_add(names, texts[i]);
            assert_null(value->owned);
            value->owned = g_strdup("owned");
        }
    }
    mst_names_free(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_what_was_added),
        cmocka_unit_test(test_many_names),
        cmocka_unit_test(test_names_lie_apart),
        cmocka_unit_test(test_unset_name_is_the_empty_one),
        cmocka_unit_test(test_name_is_copied),
        cmocka_unit_test(test_value_without_size_is_the_name),
        cmocka_unit_test(test_a_cleared_table_is_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
