/* test_matcher.c - which row of a table a text belongs to, by its opening */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "readers/matcher.h"

/* Openings that begin with each other, in an order that matters, and one that stands there twice. */
static const MstSlice openings[] = {
    MST_LIT_INIT("reject: "),
    MST_LIT_INIT("milter-header-reject: "),
    MST_LIT_INIT("milter-header-"),
    MST_LIT_INIT("milter-header-hold: "), /* never found: the one before is shorter */
    MST_LIT_INIT("milter-reject: "),
    MST_LIT_INIT("reject_warning: "),
    MST_LIT_INIT("to="),
    MST_LIT_INIT("> "),
    MST_LIT_INIT("t"),
    MST_LIT_INIT("reject: "),
    MST_LIT_INIT("\xff\x01"),
};

/* What the matcher should find: it tries the rows in turn. */
static gconstpointer expected_row(MstSlice text)
{
    for (size_t i = 0; i < G_N_ELEMENTS(openings); i++) {
        if (mst_slice_starts(text, openings[i]))
            return &openings[i];
    }
    return NULL;
}

static MstMatcher *new_matcher(void)
{
    MstMatcher *matcher = mst_matcher_new();

    for (size_t i = 0; i < G_N_ELEMENTS(openings); i++)
        mst_matcher_add(matcher, openings[i], &openings[i]);
    return matcher;
}

/* Each opening, whole, cut at each byte, with one byte changed, and with more behind it. */
static void finds_the_first_row_that_fits(void **state)
{
    MstMatcher *matcher = new_matcher();

    (void)state;
    mst_matcher_finish(matcher);
    for (size_t i = 0; i < G_N_ELEMENTS(openings); i++) {
        for (size_t len = 0; len <= openings[i].len; len++) {
            g_autofree char *bytes = g_memdup2(openings[i].ptr, len + 1);
            MstSlice text = {bytes, len};

            assert_ptr_equal(mst_matcher_find(matcher, text), expected_row(text));
            for (int byte = 0; byte < 256; byte++) {
                bytes[len] = (char)byte;
                text.len = len + 1;
                assert_ptr_equal(mst_matcher_find(matcher, text), expected_row(text));
            }
        }
    }
    mst_matcher_free(matcher);
}

static void no_row_fits_nothing(void **state)
{
    MstMatcher *matcher = mst_matcher_new();

    (void)state;
    mst_matcher_finish(matcher);
    assert_null(mst_matcher_find(matcher, MST_LIT("")));
    assert_null(mst_matcher_find(matcher, MST_LIT("reject: ")));
    mst_matcher_free(matcher);
    mst_matcher_free(NULL);
}

static void one_row_is_compared_to_its_end(void **state)
{
    MstMatcher *matcher = mst_matcher_new();

    (void)state;
    mst_matcher_add(matcher, openings[0], &openings[0]);
    mst_matcher_finish(matcher);
    assert_ptr_equal(mst_matcher_find(matcher, MST_LIT("reject: x")), &openings[0]);
    assert_null(mst_matcher_find(matcher, MST_LIT("reject; x")));
    assert_null(mst_matcher_find(matcher, MST_LIT("reject:")));
    mst_matcher_free(matcher);
}

/*
 * Three hundred rows more, many with the same first bytes as the others. Their openings lie in memory
 * that cannot be read once the matcher is made: a look-up of another row's line does not compare
 * them, or the test would end here.
 */
static void rows_of_other_lines_are_not_looked_at(void **state)
{
    enum { MORE = 300, EACH = 32 };
    size_t size = (size_t)sysconf(_SC_PAGESIZE) * 4;
    char *more = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MstMatcher *matcher = new_matcher();

    (void)state;
    assert_true(more != MAP_FAILED && size >= (size_t)MORE * EACH);
    for (int i = 0; i < MORE; i++) {
        static const char *const starts[] = {"reject: ", "milter-header-x", "to=x", "zz", "milter"};
        char *opening = more + (size_t)i * EACH;

        g_snprintf(opening, EACH, "%s%d: ", starts[(size_t)i % G_N_ELEMENTS(starts)], i);
        mst_matcher_add(matcher, mst_slice_of(opening), opening);
    }
    mst_matcher_finish(matcher);
    assert_ptr_equal(mst_matcher_find(matcher, MST_LIT("zz3: ")), more + (size_t)3 * EACH);
    assert_int_equal(mprotect(more, size, PROT_NONE), 0);
    for (size_t i = 0; i < G_N_ELEMENTS(openings); i++) {
        g_autofree char *line = g_strdup_printf("%.*s<ann@example.org>", (int)openings[i].len,
                                                openings[i].ptr);
        MstSlice text = mst_slice_of(line);

        assert_ptr_equal(mst_matcher_find(matcher, text), expected_row(text));
    }
    assert_null(mst_matcher_find(matcher, MST_LIT("warning: reject: 1: ")));
    mst_matcher_free(matcher);
    munmap(more, size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_first_row_that_fits),
        cmocka_unit_test(no_row_fits_nothing),
        cmocka_unit_test(one_row_is_compared_to_its_end),
        cmocka_unit_test(rows_of_other_lines_are_not_looked_at),
    };

    return cmocka_run_group_tests_name("matcher", tests, NULL, NULL);
}
