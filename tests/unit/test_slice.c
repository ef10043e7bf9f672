/* test_slice.c - text that somebody else owns */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "mailstory/slice.h"

#define UNSET                                                                                      \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

/* In a block of exactly its size, so that a sanitizer sees any over-read. */
static MstSlice exact(MstSlice s)
{
    char *block = g_malloc(MAX(s.len, 1));

    if (s.len > 0)
        memcpy(block, s.ptr, s.len);
    return (MstSlice){block, s.len};
}

/* --- find ------------------------------------------------------------------------------------- */

enum { NOT_FOUND = -1 };

static const struct FindCase {
    const char *name;
    MstSlice text, needle;
    int first, last; /* offsets */
} find_cases[] = {
    {"once", MST_LIT_INIT("queued as 4A"), MST_LIT_INIT(" as "), 6, 6},
    {"twice", MST_LIT_INIT("a as b as c"), MST_LIT_INIT(" as "), 1, 6},
    {"occurrences overlap", MST_LIT_INIT("aaaa"), MST_LIT_INIT("aa"), 0, 2},
    {"the whole text", MST_LIT_INIT("abc"), MST_LIT_INIT("abc"), 0, 0},
    {"at the end", MST_LIT_INIT("xxabc"), MST_LIT_INIT("abc"), 2, 2},
    {"cut off at the end", MST_LIT_INIT("xxab"), MST_LIT_INIT("abc"), NOT_FOUND, NOT_FOUND},
    {"the first byte occurs more often than the needle", MST_LIT_INIT("aab a"), MST_LIT_INIT("ab"),
     1, 1},
    {"the byte behind its start begins it too", MST_LIT_INIT("aabx"), MST_LIT_INIT("aab"), 0, 0},
    {"a needle that is longer than the text", MST_LIT_INIT("a"), MST_LIT_INIT("ab"), NOT_FOUND,
     NOT_FOUND},
    {"not there", MST_LIT_INIT("abc"), MST_LIT_INIT("d"), NOT_FOUND, NOT_FOUND},
    {"in an empty text", MST_LIT_INIT(""), MST_LIT_INIT("a"), NOT_FOUND, NOT_FOUND},
    {"in the unset slice", UNSET, MST_LIT_INIT("a"), NOT_FOUND, NOT_FOUND},
    {"an empty needle", MST_LIT_INIT("abc"), MST_LIT_INIT(""), 0, 3},
    {"an empty needle in an empty text", MST_LIT_INIT(""), MST_LIT_INIT(""), 0, 0},
    {"bytes that are no text", MST_LIT_INIT("\0\xff\0\xff"), MST_LIT_INIT("\0\xff"), 0, 2},
};

static int offset(MstSlice text, const char *found)
{
    return found == NULL ? NOT_FOUND : (int)(found - text.ptr);
}

static void check_find(void **state)
{
    const struct FindCase *row = *state;
    MstSlice text = row->text.ptr == NULL ? row->text : exact(row->text);

    assert_int_equal(offset(text, mst_slice_find(text, row->needle)), row->first);
    assert_int_equal(offset(text, mst_slice_find_last(text, row->needle)), row->last);
    g_free((char *)text.ptr);
}

/* --- two slices ------------------------------------------------------------------------------- */

static const struct PairCase {
    const char *name;
    MstSlice a, b;
    bool equal, equal_ascii_case, starts, ends; /* a with b */
} pair_cases[] = {
    {"the same", MST_LIT_INIT("abc"), MST_LIT_INIT("abc"), true, true, true, true},
    {"in other letters", MST_LIT_INIT("aBc"), MST_LIT_INIT("Abc"), false, true, false, false},
    {"one begins the other", MST_LIT_INIT("abc"), MST_LIT_INIT("ab"), false, false, true, false},
    {"one ends the other", MST_LIT_INIT("abc"), MST_LIT_INIT("bc"), false, false, false, true},
    {"one is longer", MST_LIT_INIT("ab"), MST_LIT_INIT("abc"), false, false, false, false},
    {"all begin and end with nothing", MST_LIT_INIT("abc"), MST_LIT_INIT(""), false, false, true,
     true},
    {"two that are empty", MST_LIT_INIT(""), MST_LIT_INIT(""), true, true, true, true},
    {"a NUL is a byte like others", MST_LIT_INIT("a\0b"), MST_LIT_INIT("a\0c"), false, false, false,
     false},
    {"letters beyond ASCII have no case", MST_LIT_INIT("\xc3\xa4"), MST_LIT_INIT("\xc3\x84"), false,
     false, false, false},
};

static void check_pair(void **state)
{
    const struct PairCase *row = *state;
    MstSlice a = exact(row->a);
    MstSlice b = exact(row->b);

    assert_int_equal(mst_slice_equal(a, b), row->equal);
    assert_int_equal(mst_slice_equal(b, a), row->equal);
    assert_int_equal(mst_slice_equal_ascii_case(a, b), row->equal_ascii_case);
    assert_int_equal(mst_slice_starts(a, b), row->starts);
    assert_int_equal(mst_slice_ends(a, b), row->ends);
    g_free((char *)a.ptr);
    g_free((char *)b.ptr);
}

/* --- making them ------------------------------------------------------------------------------ */

static void nothing_said_is_not_nothing(void **state)
{
    MstSlice unset = mst_slice_of(NULL);
    MstSlice empty = mst_slice_of("");

    (void)state;
    assert_false(mst_slice_is_set(unset));
    assert_true(mst_slice_is_set(empty));
    assert_int_equal(unset.len, 0);
    assert_int_equal(empty.len, 0);
    assert_true(mst_slice_equal(unset, empty));
    assert_true(mst_slice_equal_ascii_case(unset, empty));
}

static void parts(void **state)
{
    MstSlice text = MST_LIT("sender");

    (void)state;
    assert_true(mst_slice_equal(mst_slice_head(text, 4), MST_LIT("send")));
    assert_true(mst_slice_equal(mst_slice_head(text, 0), MST_LIT("")));
    assert_true(mst_slice_equal(mst_slice_from(text, 4), MST_LIT("er")));
    assert_true(mst_slice_equal(mst_slice_from(text, 6), MST_LIT("")));
    assert_true(mst_slice_equal(mst_slice(text.ptr + 1, text.ptr + 3), MST_LIT("en")));
}

/* Of each length, and with each byte in turn another. */
static void same_bytes(void **state)
{
    const char text[] = "0123456789abcdefghijklmnopq";

    (void)state;
    for (size_t len = 0; len < sizeof text; len++) {
        g_autofree char *one = g_memdup2(text, len + 1); /* exact, for a sanitizer */
        g_autofree char *other = g_memdup2(text, len + 1);

        assert_true(mst_slice_same_bytes(one, other, len));
        for (size_t at = 0; at <= len; at++) {
            other[at] ^= 1;
            assert_int_equal(mst_slice_same_bytes(one, other, len), at == len);
            other[at] ^= 1;
        }
    }
}

int main(void)
{
    struct CMUnitTest find[G_N_ELEMENTS(find_cases)];
    struct CMUnitTest pairs[G_N_ELEMENTS(pair_cases)];
    const struct CMUnitTest making[] = {
        cmocka_unit_test(nothing_said_is_not_nothing),
        cmocka_unit_test(parts),
        cmocka_unit_test(same_bytes),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(find); i++)
        find[i] = (struct CMUnitTest){find_cases[i].name, check_find, NULL, NULL,
                                      (void *)&find_cases[i]};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        pairs[i] = (struct CMUnitTest){pair_cases[i].name, check_pair, NULL, NULL,
                                       (void *)&pair_cases[i]};
    return cmocka_run_group_tests_name("find", find, NULL, NULL) +
           cmocka_run_group_tests_name("two slices", pairs, NULL, NULL) +
           cmocka_run_group_tests_name("making them", making, NULL, NULL);
}
