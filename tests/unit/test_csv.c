/* test_csv.c - cells and rows: what stands in them, and that it can be undone */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <csv.h>

#include "export/csv.h"

/* The text in a block of exactly its size, so that a sanitizer sees an over-read. */
static char *exact(MstSlice text)
{
    char *block = g_malloc(MAX(text.len, 1));

    if (text.len > 0)
        memcpy(block, text.ptr, text.len);
    return block;
}

/* Ends the row; gives it, and what stands before it, to be read before the next cell is added. */
static MstSlice take_rows(MstCsvRows *rows)
{
    MstCsvBlock *block = mst_csv_block(rows);
    MstSlice all;

    mst_csv_end_row(rows);
    all = (MstSlice){block->bytes, block->len};
    block->len = 0;
    return all;
}

static void assert_row(MstCsvRows *rows, const char *expected)
{
    MstSlice actual = take_rows(rows);
    g_autofree char *text = g_strndup(actual.ptr, actual.len);

    assert_string_equal(text, expected);
    assert_int_equal(actual.len, strlen(expected));
}

/* --- text ------------------------------------------------------------------------------------- */

static const struct TextCase {
    const char *name;
    MstSlice text;
    const char *cell;
    bool raw;
} text_cases[] = {
    {"plain text is quoted", MST_LIT_INIT("bob@example.net"), "\"bob@example.net\"", false},
    {"an unset slice is an empty cell", {NULL, 0}, "\"\"", false},
    {"an empty slice is an empty cell", MST_LIT_INIT(""), "\"\"", false},
    {"a quote is doubled", MST_LIT_INIT("said \"no\""), "\"said \"\"no\"\"\"", false},
    {"a delimiter inside a cell is only text", MST_LIT_INIT("a,b;c"), "\"a,b;c\"", false},
    {"UTF-8 stays", MST_LIT_INIT("J\xc3\xb6rg \xe2\x82\xac \xf0\x9f\x93\xa7"),
     "\"J\xc3\xb6rg \xe2\x82\xac \xf0\x9f\x93\xa7\"", false},

    {"an equals sign is guarded", MST_LIT_INIT("=1+1"), "\"'=1+1\"", false},
    {"a plus is guarded", MST_LIT_INIT("+1"), "\"'+1\"", false},
    {"a hyphen is guarded", MST_LIT_INIT("-1"), "\"'-1\"", false},
    {"an at sign is guarded", MST_LIT_INIT("@SUM(A1)"), "\"'@SUM(A1)\"", false},
    {"an equals sign later is not", MST_LIT_INIT("a=1"), "\"a=1\"", false},
    {"a full-width equals sign is guarded", MST_LIT_INIT("\xef\xbc\x9dSUM(A1)"),
     "\"'\xef\xbc\x9dSUM(A1)\"", false},
    {"a full-width plus is guarded", MST_LIT_INIT("\xef\xbc\x8b"), "\"'\xef\xbc\x8b\"", false},
    {"a full-width hyphen is guarded", MST_LIT_INIT("\xef\xbc\x8d"), "\"'\xef\xbc\x8d\"", false},
    {"a full-width at sign is guarded", MST_LIT_INIT("\xef\xbc\xa0"), "\"'\xef\xbc\xa0\"", false},
    {"another full-width sign is not", MST_LIT_INIT("\xef\xbc\x8a"), "\"\xef\xbc\x8a\"", false},
    {"a formula with a quote is guarded before it is quoted", MST_LIT_INIT("=\"a\""),
     "\"'=\"\"a\"\"\"", false},
    {"an apostrophe gets another", MST_LIT_INIT("'tis"), "\"''tis\"", false},
    {"an apostrophe later is only text", MST_LIT_INIT("it's"), "\"it's\"", false},
    {"a TAB at the start is escaped, so it needs no guard", MST_LIT_INIT("\t=1"), "\"\\x09=1\"",
     false},
    {"a CR at the start likewise", MST_LIT_INIT("\r=1"), "\"\\x0d=1\"", false},
    {"raw text is not guarded", MST_LIT_INIT("=1+1"), "\"=1+1\"", true},
    {"a raw apostrophe gets no other", MST_LIT_INIT("'tis"), "\"'tis\"", true},
    {"raw text is escaped all the same", MST_LIT_INIT("=\x1b[2J"), "\"=\\x1b[2J\"", true},

    {"a line feed is escaped", MST_LIT_INIT("a\nb"), "\"a\\x0ab\"", false},
    {"NUL is escaped", MST_LIT_INIT("a\0b"), "\"a\\x00b\"", false},
    {"DEL is escaped", MST_LIT_INIT("a\x7f"), "\"a\\x7f\"", false},
    {"C1 in UTF-8 is escaped byte by byte", MST_LIT_INIT("\xc2\x9b"), "\"\\xc2\\x9b\"", false},
    {"the last character of C1 is escaped", MST_LIT_INIT("\xc2\x9f"), "\"\\xc2\\x9f\"", false},
    {"the first character after C1 stays", MST_LIT_INIT("\xc2\xa0"), "\"\xc2\xa0\"", false},
    {"Latin-1 is escaped", MST_LIT_INIT("J\xf6rg"), "\"J\\xf6rg\"", false},
    {"a character that is cut off is escaped byte by byte", MST_LIT_INIT("a\xe2\x82"),
     "\"a\\xe2\\x82\"", false},
    {"an overlong slash is escaped", MST_LIT_INIT("\xc0\xaf"), "\"\\xc0\\xaf\"", false},
    {"a surrogate is escaped", MST_LIT_INIT("\xed\xa0\x80"), "\"\\xed\\xa0\\x80\"", false},
    {"text goes on behind a bad byte", MST_LIT_INIT("\xff\xc3\xb6"), "\"\\xff\xc3\xb6\"", false},
    {"a literal backslash-x is escaped", MST_LIT_INIT("\\x41"), "\"\\x5cx41\"", false},
    {"only the backslash at the x is", MST_LIT_INIT("\\\\x"), "\"\\\\x5cx\"", false},
    {"a backslash elsewhere stays", MST_LIT_INIT("C:\\temp\\"), "\"C:\\temp\\\"", false},
    {"a backslash before an escaped byte stays", MST_LIT_INIT("\\\x01"), "\"\\\\x01\"", false},
};

static void check_text(void **state)
{
    const struct TextCase *c = *state;
    MstCsvStyle style = {.delimiter = ',', .raw = c->raw};
    MstCsvRows *rows = mst_csv_new(&style);
    g_autofree char *expected = g_strconcat(c->cell, "\n", NULL);
    g_autofree char *block = exact(c->text);

    mst_csv_add_text(rows, mst_slice_is_set(c->text) ? (MstSlice){block, c->text.len} : c->text);
    assert_row(rows, expected);
    mst_csv_free(rows);
}

/* --- numbers and times ------------------------------------------------------------------------ */

static void add_count(MstCsvRows *rows, int64_t number)
{
    mst_csv_add_count(rows, (uint64_t)number);
}

static void add_id(MstCsvRows *rows, int64_t number)
{
    mst_csv_add_id(rows, (uint64_t)number);
}

static const struct NumberCase {
    const char *name;
    void (*add)(MstCsvRows *rows, int64_t number);
    int64_t number;
    const char *cell;
    const char *zone; /* NULL: UTC */
} number_cases[] = {
    {"no count", add_count, 0, "\"0\"", NULL},
    {"a count", add_count, 1234567890, "\"1234567890\"", NULL},
    {"a count of one digit", add_count, 9, "\"9\"", NULL},
    {"a count of two digits", add_count, 10, "\"10\"", NULL},
    {"a count of three digits", add_count, 907, "\"907\"", NULL},
    {"the least count of four digits", add_count, 1000, "\"1000\"", NULL},
    {"a count of four digits", add_count, 9999, "\"9999\"", NULL},
    {"a count of five digits", add_count, 10000, "\"10000\"", NULL},
    {"a count of eight digits", add_count, 99999999, "\"99999999\"", NULL},
    {"a count of nine digits", add_count, 100000000, "\"100000000\"", NULL},
    {"the greatest count", add_count, -1, "\"18446744073709551615\"", NULL},
    {"an ID of zeros", add_id, 0, "\"0000000000000000\"", NULL},
    {"an ID has 16 digits", add_id, 0xbeef, "\"000000000000beef\"", NULL},
    {"an ID with its high bit", add_id, -1, "\"ffffffffffffffff\"", NULL},

    {"whole seconds", mst_csv_add_seconds, 12000000, "\"12\"", NULL},
    {"no seconds", mst_csv_add_seconds, 0, "\"0\"", NULL},
    {"zeros at the end are dropped", mst_csv_add_seconds, 1230000, "\"1.23\"", NULL},
    {"zeros before are kept", mst_csv_add_seconds, 60000001, "\"60.000001\"", NULL},
    {"seconds below zero are not guarded", mst_csv_add_seconds, -500000, "\"-0.5\"", NULL},
    {"the longest span", mst_csv_add_seconds, INT64_MIN, "\"-9223372036854.775808\"", NULL},

    {"an unknown time is empty", mst_csv_add_time, 0, "\"\"", NULL},
    {"a time in whole seconds has no fraction", mst_csv_add_time, 1795298814000000,
     "\"2026-11-21T22:06:54Z\"", NULL},
    {"a fraction has six digits", mst_csv_add_time, 1795298814120000,
     "\"2026-11-21T22:06:54.120000Z\"", NULL},
    {"the last second of a leap day", mst_csv_add_time, 1709251199999999,
     "\"2024-02-29T23:59:59.999999Z\"", NULL},
    {"a moment before 1970", mst_csv_add_time, -1, "\"1969-12-31T23:59:59.999999Z\"", NULL},
    {"the last second that has a name", mst_csv_add_time, 253402300799000000,
     "\"9999-12-31T23:59:59Z\"", NULL},
    {"a time beyond all years is empty", mst_csv_add_time, INT64_MAX, "\"\"", NULL},
    {"a zone in winter", mst_csv_add_time, 1795298814000000, "\"2026-11-21T23:06:54+01:00\"",
     "Europe/Berlin"},
    {"a zone's other day", mst_csv_add_time, 1795298814500000,
     "\"2026-11-22T07:06:54.500000+09:00\"", "Asia/Tokyo"},
    {"a zone west of UTC, with minutes", mst_csv_add_time, 1795298814000000,
     "\"2026-11-21T18:36:54-03:30\"", "America/St_Johns"},
    {"a zone that is said to be UTC", mst_csv_add_time, 1795298814000000,
     "\"2026-11-21T22:06:54+00:00\"", "UTC"},
};

static void check_number(void **state)
{
    const struct NumberCase *c = *state;
    g_autoptr(GTimeZone) zone = c->zone == NULL ? NULL : g_time_zone_new_identifier(c->zone);
    MstCsvStyle style = {.delimiter = ',', .local = zone};
    MstCsvRows *rows = mst_csv_new(&style);
    g_autofree char *expected = g_strconcat(c->cell, "\n", NULL);

    if (c->zone != NULL && zone == NULL)
        skip();
    c->add(rows, c->number);
    assert_row(rows, expected);
    mst_csv_free(rows);
}

/* --- rows ------------------------------------------------------------------------------------- */

/* What is remembered of one time must not show in the next. */
static void check_times_in_turn(void **state)
{
    g_autoptr(GTimeZone) berlin = g_time_zone_new_identifier("Europe/Berlin");
    MstCsvStyle style = {.delimiter = ',', .local = berlin};
    MstCsvRows *rows = mst_csv_new(&style);

    (void)state;
    if (berlin == NULL)
        skip();
    mst_csv_add_time(rows, 1774745999000000); /* one second before summer time */
    mst_csv_add_time(rows, 1774746000000000);
    mst_csv_add_time(rows, INT64_MAX);
    mst_csv_add_time(rows, 1774745999000000);
    mst_csv_add_time(rows, 1774821600000000); /* midnight in Berlin */
    assert_row(rows, "\"2026-03-29T01:59:59+01:00\",\"2026-03-29T03:00:00+02:00\",\"\","
                     "\"2026-03-29T01:59:59+01:00\",\"2026-03-30T00:00:00+02:00\"\n");
    mst_csv_free(rows);
}

/* Monrovia's clocks stood 44 minutes and 30 seconds behind until 1972: its minutes begin within those
 * of UTC. */
static void check_minutes_of_their_own(void **state)
{
    g_autoptr(GTimeZone) monrovia = g_time_zone_new_identifier("Africa/Monrovia");
    MstCsvStyle style = {.delimiter = ',', .local = monrovia};
    MstCsvRows *rows = mst_csv_new(&style);

    (void)state;
    if (monrovia == NULL)
        skip();
    mst_csv_add_time(rows, INT64_C(13046400000000)); /* 1970-06-01T00:00:00Z */
    mst_csv_add_time(rows, INT64_C(13046429000000));
    mst_csv_add_time(rows, INT64_C(13046430000000));
    mst_csv_add_time(rows, INT64_C(13046459000000));
    mst_csv_add_time(rows, INT64_C(13046400000000));
    assert_row(rows, "\"1970-05-31T23:15:30-00:44\",\"1970-05-31T23:15:59-00:44\","
                     "\"1970-05-31T23:16:00-00:44\",\"1970-05-31T23:16:29-00:44\","
                     "\"1970-05-31T23:15:30-00:44\"\n");
    mst_csv_free(rows);
}

static void check_ids_in_turn(void **state)
{
    MstCsvStyle style = {.delimiter = ','};
    MstCsvRows *rows = mst_csv_new(&style);

    (void)state;
    mst_csv_add_id(rows, UINT64_MAX);
    mst_csv_add_id(rows, 1);
    mst_csv_add_id(rows, 1);
    mst_csv_add_id(rows, 0);
    assert_row(rows, "\"ffffffffffffffff\",\"0000000000000001\",\"0000000000000001\","
                     "\"0000000000000000\"\n");
    mst_csv_free(rows);
}

static void check_strings(void **state)
{
    MstCsvStyle style = {.delimiter = ','};
    MstCsvRows *rows = mst_csv_new(&style);
    GString *scratch;

    (void)state;
    mst_csv_add_string(rows, NULL);
    mst_csv_add_string(rows, "");
    mst_csv_add_string(rows, "=1");
    g_string_append(mst_csv_scratch(rows), "left over");
    scratch = mst_csv_scratch(rows);
    mst_csv_add_text(rows, (MstSlice){scratch->str, scratch->len});
    assert_row(rows, "\"\",\"\",\"'=1\",\"\"\n");
    mst_csv_free(rows);
}

/* A name is guarded, escaped and quoted as any text is, and the second time is as the first. */
/* The cell before once more: plain text, text that is escaped and guarded, none, and text for which the
 * block has to grow a second time. */
static void check_again(void **state)
{
    MstCsvStyle style = {.delimiter = ';'};
    MstCsvRows *rows = mst_csv_new(&style);
    g_autofree char *great = g_strnfill(100000, 'x');
    g_autofree char *expected = g_strdup_printf("\"1\";\"%s\";\"%s\";\"2\"\n", great, great);

    (void)state;
    mst_csv_add_text(rows, mst_slice_of("bob@example.net"));
    mst_csv_add_again(rows);
    mst_csv_add_string(rows, "=\"\n");
    mst_csv_add_again(rows);
    mst_csv_add_again(rows);
    mst_csv_add_string(rows, NULL);
    mst_csv_add_again(rows);
    mst_csv_add_string(rows, "");
    mst_csv_add_again(rows);
    assert_row(rows, "\"bob@example.net\";\"bob@example.net\";\"'=\"\"\\x0a\";\"'=\"\"\\x0a\";"
                     "\"'=\"\"\\x0a\";\"\";\"\";\"\";\"\"\n");
    mst_csv_add_count(rows, 1);
    mst_csv_add_string(rows, great);
    mst_csv_add_again(rows);
    mst_csv_add_count(rows, 2);
    assert_row(rows, expected);
    mst_csv_free(rows);
}

static void check_names(void **state)
{
    static const char long_name[] = "a name that is longer than what is remembered of a name";
    MstCsvStyle style = {.delimiter = ','};
    MstCsvRows *rows = mst_csv_new(&style);

    (void)state;
    for (int i = 0; i < 3; i++) {
        mst_csv_add_name(rows, "postfix");
        mst_csv_add_name(rows, "");
        mst_csv_add_name(rows, NULL);
        mst_csv_add_name(rows, "=a \"b\"\n");
        mst_csv_add_name(rows, long_name);
        assert_row(rows, "\"postfix\",\"\",\"\",\"'=a \"\"b\"\"\\x0a\",\"a name that is longer "
                         "than what is remembered of a name\"\n");
    }
    mst_csv_free(rows);
}

/* More than can be remembered at a time. */
static void check_many_names(void **state)
{
    enum { MANY = 2000 };
    MstCsvStyle style = {.delimiter = ','};
    MstCsvRows *rows = mst_csv_new(&style);
    static char names[MANY][8];

    (void)state;
    for (int i = 0; i < MANY; i++)
        g_snprintf(names[i], sizeof names[i], "n%d", i);
    for (int i = 0; i < 3 * MANY; i++) {
        g_autofree char *expected = g_strdup_printf("\"n%d\"\n", i * 7 % MANY);

        mst_csv_add_name(rows, names[i * 7 % MANY]);
        assert_row(rows, expected);
    }
    mst_csv_free(rows);
}

static void check_block(void **state)
{
    MstCsvStyle style = {.delimiter = ',', .bom = true};
    MstCsvRows *rows = mst_csv_new(&style);
    MstCsvBlock other = {0};

    (void)state;
    mst_csv_add_count(rows, 1);
    mst_csv_end_row(rows);
    mst_csv_add_count(rows, 2);
    assert_row(rows, "\xef\xbb\xbf\"1\"\n\"2\"\n");
    g_free(mst_csv_block(rows)->bytes);
    *mst_csv_block(rows) = other;
    mst_csv_add_count(rows, 3);
    assert_row(rows, "\"3\"\n");
    mst_csv_free(rows);
}

static void check_row_after_row(void **state)
{
    MstCsvStyle style = {.delimiter = ';', .crlf = true};
    MstCsvRows *rows = mst_csv_new(&style);

    (void)state;
    mst_csv_add_name(rows, "exact");
    mst_csv_add_empty(rows);
    mst_csv_add_text(rows, MST_LIT("a;b"));
    assert_row(rows, "\"exact\";\"\";\"a;b\"\r\n");
    mst_csv_add_count(rows, 7);
    assert_row(rows, "\"7\"\r\n");
    mst_csv_free(rows);
}

/* --- and back again --------------------------------------------------------------------------- */

static void on_cell(void *bytes, size_t len, void *cell)
{
    g_string_append_len(cell, bytes, (gssize)len);
}

static bool is_escape(const char *at, const char *end)
{
    return end - at >= 4 && at[0] == '\\' && at[1] == 'x' && g_ascii_isxdigit(at[2]) &&
           g_ascii_isxdigit(at[3]);
}

/* What docs/csv-columns.md says, from a row of one cell to its text. */
static GString *undo(MstSlice row, bool raw)
{
    struct csv_parser parser;
    g_autoptr(GString) cell = g_string_new(NULL);
    GString *text = g_string_new(NULL);
    const char *at, *end;

    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    assert_int_equal(csv_parse(&parser, row.ptr, row.len, on_cell, NULL, cell), row.len);
    assert_int_equal(csv_fini(&parser, on_cell, NULL, cell), 0);
    csv_free(&parser);
    at = cell->str;
    end = at + cell->len;
    if (!raw && at < end && *at == '\'')
        at++;
    while (at < end) {
        if (is_escape(at, end)) {
            g_string_append_c(
                text, (char)(g_ascii_xdigit_value(at[2]) * 16 + g_ascii_xdigit_value(at[3])));
            at += 4;
        } else {
            g_string_append_c(text, *at++);
        }
    }
    return text;
}

/* The cell is harmless, and what it was made of comes back. */
static void assert_round_trip(MstCsvRows *rows, MstSlice text, bool raw)
{
    MstSlice bytes;
    g_autoptr(GString) back = NULL;
    g_autofree char *block = exact(text);

    mst_csv_add_text(rows, (MstSlice){block, text.len});
    bytes = take_rows(rows);
    assert_true(g_utf8_validate(bytes.ptr, (gssize)bytes.len, NULL));
    for (size_t i = 0; i + 1 < bytes.len; i++)
        assert_false(g_ascii_iscntrl(bytes.ptr[i]));
    assert_true(raw || strchr("=+-@", bytes.ptr[1]) == NULL);
    back = undo(bytes, raw);
    assert_int_equal(back->len, text.len);
    assert_memory_equal(back->str, text.ptr, text.len);
}

/* Nothing but quotes: each takes two bytes, in a row that is far too small for it at first. */
static void check_longest_cell(void **state)
{
    enum { QUOTES = 300000 };
    MstCsvStyle style = {.delimiter = ','};
    MstCsvRows *rows = mst_csv_new(&style);
    g_autofree char *quotes = g_strnfill(QUOTES, '"');

    (void)state;
    assert_round_trip(rows, (MstSlice){quotes, QUOTES}, false);
    mst_csv_free(rows);
}

/* Each byte in each place of a text that is otherwise plain. */
static void check_every_byte_comes_back(void **state)
{
    enum { LONGEST = 34 }; /* two steps of sixteen, and more */
    bool raw = *(const bool *)*state;
    MstCsvStyle style = {.delimiter = ',', .raw = raw};
    MstCsvRows *rows = mst_csv_new(&style);

    for (int byte = 0; byte < 256; byte++) {
        for (size_t len = 1; len <= LONGEST; len++) {
            for (size_t i = 0; i < len; i++) {
                char text[LONGEST];

                memset(text, 'a', sizeof text);
                text[i] = (char)byte;
                assert_round_trip(rows, (MstSlice){text, len}, raw);
            }
        }
    }
    mst_csv_free(rows);
}

/* Every text of up to four of the bytes that the steps look at. */
static void check_every_mix_comes_back(void **state)
{
    static const char bytes[] = "\\x5c'=\"\n,\xef\xbc\x9d\xc2";
    enum { KINDS = sizeof bytes - 1, LONGEST = 4 };
    bool raw = *(const bool *)*state;
    MstCsvStyle style = {.delimiter = ',', .raw = raw};
    MstCsvRows *rows = mst_csv_new(&style);
    int count = KINDS;

    for (size_t len = 1; len <= LONGEST; len++, count *= KINDS) {
        for (int mix = 0; mix < count; mix++) {
            char text[LONGEST];
            int rest = mix;

            for (size_t i = 0; i < len; i++, rest /= KINDS)
                text[i] = bytes[rest % KINDS];
            assert_round_trip(rows, (MstSlice){text, len}, raw);
        }
    }
    mst_csv_free(rows);
}

int main(void)
{
    static const bool guarded = false, raw = true; /* of MstCsvStyle.raw */
    const struct CMUnitTest others[] = {
        {"times that take turns", check_times_in_turn, NULL, NULL, NULL},
        {"a zone whose minutes are not those of UTC", check_minutes_of_their_own, NULL, NULL, NULL},
        {"IDs that take turns", check_ids_in_turn, NULL, NULL, NULL},
        {"strings", check_strings, NULL, NULL, NULL},
        {"the same cell again", check_again, NULL, NULL, NULL},
        {"names, again and again", check_names, NULL, NULL, NULL},
        {"more names than are remembered", check_many_names, NULL, NULL, NULL},
        {"rows stand one behind the other until their block is taken", check_block, NULL, NULL,
         NULL},
        {"a row begins afresh after the one before", check_row_after_row, NULL, NULL, NULL},
        {"the longest cell", check_longest_cell, NULL, NULL, NULL},
        {"every byte comes back", check_every_byte_comes_back, NULL, NULL, (void *)&guarded},
        {"every byte comes back, raw", check_every_byte_comes_back, NULL, NULL, (void *)&raw},
        {"every mix comes back", check_every_mix_comes_back, NULL, NULL, (void *)&guarded},
        {"every mix comes back, raw", check_every_mix_comes_back, NULL, NULL, (void *)&raw},
    };
    struct CMUnitTest texts[G_N_ELEMENTS(text_cases)];
    struct CMUnitTest numbers[G_N_ELEMENTS(number_cases)];

    for (size_t i = 0; i < G_N_ELEMENTS(text_cases); i++)
        texts[i] = (struct CMUnitTest){text_cases[i].name, check_text, NULL, NULL,
                                       (void *)&text_cases[i]};
    for (size_t i = 0; i < G_N_ELEMENTS(number_cases); i++)
        numbers[i] = (struct CMUnitTest){number_cases[i].name, check_number, NULL, NULL,
                                         (void *)&number_cases[i]};
    return cmocka_run_group_tests_name("text", texts, NULL, NULL) +
           cmocka_run_group_tests_name("numbers and times", numbers, NULL, NULL) +
           cmocka_run_group_tests_name("rows", others, NULL, NULL);
}
