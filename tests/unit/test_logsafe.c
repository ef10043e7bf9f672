/* test_logsafe.c - text as qmail-send logs it */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <glib.h>

#include "base/logsafe.h"

static const struct Case {
    const char *name;
    const char *text;
    const char *as_text;    /* as qmail-send logs it */
    const char *as_address; /* the same where it stood in SMTP */
} cases[] = {
    {"plain text stays", "ann@example.org", "ann@example.org", "ann@example.org"},
    {"a blank and a tab", "ok 1 qp\t2", "ok_1_qp_2", "ok_1_qp_2"},
    {"a line end is a slash", "250-a\r\n250 b", "250-a_/250_b", "250-a_/250_b"},
    {"UTF-8 is two marks a letter", "caf\303\251", "caf__", "caf__"},
    {"a percent sign and DEL", "a%b\177", "a_b_", "a_b_"},
    {"what a report uses stays", "_/<>:,()", "_/<>:,()", "_/<>:,()"},
    {"quotes are dropped from addresses", "\"john doe\"@example.org", "\"john_doe\"@example.org",
     "john_doe@example.org"},
    {"a quoted quote is kept", "\"a\\\"b\"@example.org", "\"a\\\"b\"@example.org",
     "a\"b@example.org"},
    {"a quoted backslash is kept once", "a\\\\b@example.org", "a\\\\b@example.org",
     "a\\b@example.org"},
    {"a backslash at the end quotes nothing", "a\\", "a\\", "a"},
    {"quotes around nothing", "\"\"@example.org", "\"\"@example.org", "@example.org"},
    {"the null sender", "", "", ""},
};

/* Blocks of exactly the size, so that a sanitizer sees over-reads and over-writes. */
static void check_case(void **state)
{
    const struct Case *c = *state;
    size_t len = strlen(c->text);
    g_autofree char *text = g_malloc(MAX(len, 1));
    g_autofree char *to = g_malloc(MAX(len, 1));
    MstSlice slice = {text, len};
    MstSlice logged = mst_slice_of(c->as_text);
    MstSlice address = mst_slice_of(c->as_address);
    size_t n;

    memcpy(text, c->text, len);
    mst_logsafe_copy(to, slice);
    assert_true(mst_slice_equal((MstSlice){to, len}, logged));
    assert_true(mst_logsafe_equal(logged, slice));
    assert_false(mst_logsafe_equal(MST_LIT("another"), slice));
    n = mst_logsafe_copy_address(to, slice);
    assert_true(mst_slice_equal((MstSlice){to, n}, address));
    assert_true(mst_logsafe_equal_address(address, slice));
    assert_false(mst_logsafe_equal_address(MST_LIT("another"), slice));
    if (address.len > 0)
        assert_false(mst_logsafe_equal_address(mst_slice_head(address, address.len - 1), slice));
}

int main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(cases)];

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check_case, NULL, NULL, (void *)&cases[i]};
    return cmocka_run_group_tests_name("logsafe", tests, NULL, NULL);
}
