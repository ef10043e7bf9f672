/*
 * csv.c - one row of a table, cell by cell
 *
 * Most cells are plain: printable ASCII without a quote or a backslash. They need no step but the
 * guard, so they are copied; only the others take the way through libcsv.
 */
#include "export/csv.h"

#include <csv.h>
#include <glib.h>

#include "export/rfc3339.h"

struct MstCsvRow {
    MstCsvStyle style;
    MstRfc3339 times;
    char *bytes;
    size_t len, size;
    GString *escaped; /* the text of one cell, before it is quoted */
};

/* Around a cell: the delimiter, two quotes, a guard. */
enum { FRAME = 4 };

/* Times a byte: eight of them. */
#define EACH_BYTE UINT64_C(0x0101010101010101)

static const char hex_digits[] = "0123456789abcdef";

MstCsvRow *mst_csv_row_new(const MstCsvStyle *style)
{
    MstCsvRow *row = g_new0(MstCsvRow, 1);

    row->style = *style;
    mst_rfc3339_init(&row->times, style->local);
    row->size = 4096;
    row->bytes = g_malloc(row->size);
    row->escaped = g_string_new(NULL);
    return row;
}

void mst_csv_row_free(MstCsvRow *row)
{
    if (row == NULL)
        return;
    g_free(row->bytes);
    g_string_free(row->escaped, TRUE);
    g_free(row);
}

static void reserve(MstCsvRow *row, size_t more)
{
    if (row->size - row->len >= more)
        return;
    row->size = MAX(row->size * 2, row->len + more);
    row->bytes = g_realloc(row->bytes, row->size);
}

static void put(MstCsvRow *row, char byte)
{
    row->bytes[row->len++] = byte;
}

static void put_all(MstCsvRow *row, const char *bytes, size_t len)
{
    memcpy(row->bytes + row->len, bytes, len);
    row->len += len;
}

/* Makes room for a cell of so many bytes inside its quotes. */
static void begin_cell(MstCsvRow *row, size_t len)
{
    reserve(row, len + FRAME);
    if (row->len > 0)
        put(row, row->style.delimiter);
}

static void open_cell(MstCsvRow *row, size_t len)
{
    begin_cell(row, len);
    put(row, '"');
}

static void close_cell(MstCsvRow *row)
{
    put(row, '"');
}

/* Not zero if one of the eight bytes is zero: only from a zero does the subtraction set a high bit
 * that was not there. */
static uint64_t zero_byte(uint64_t eight)
{
    return (eight - EACH_BYTE) & ~eight & EACH_BYTE * 0x80;
}

/* Not zero if one of the eight bytes is no printable ASCII, a quote or a backslash. */
static uint64_t strange_byte(uint64_t eight)
{
    uint64_t control = (eight - EACH_BYTE * 0x20) & ~eight;
    uint64_t del = eight + EACH_BYTE;

    return ((eight | control | del) & EACH_BYTE * 0x80) | zero_byte(eight ^ EACH_BYTE * '"') |
           zero_byte(eight ^ EACH_BYTE * '\\');
}

/* Every byte of every cell passes here: one at a time it took half of the time of a row. */
static bool is_plain(MstSlice text)
{
    uint64_t last = EACH_BYTE * ' ';
    uint64_t strange = 0;
    size_t i;

    for (i = 0; text.len - i >= sizeof last; i += sizeof last) {
        uint64_t eight;

        memcpy(&eight, text.ptr + i, sizeof eight);
        strange |= strange_byte(eight);
    }
    memcpy(&last, text.ptr + i, text.len - i);
    return (strange | strange_byte(last)) == 0;
}

/* Spreadsheets of East Asian locales take the full-width forms for the narrow ones. */
static bool is_formula(MstSlice text)
{
    static const MstSlice wide[] = {
        MST_LIT_INIT("\uff1d"),
        MST_LIT_INIT("\uff0b"),
        MST_LIT_INIT("\uff0d"),
        MST_LIT_INIT("\uff20"),
    };

    if (text.ptr[0] != wide[0].ptr[0])
        return text.ptr[0] == '=' || text.ptr[0] == '+' || text.ptr[0] == '-' || text.ptr[0] == '@';
    for (size_t i = 0; i < G_N_ELEMENTS(wide); i++) {
        if (mst_slice_starts(text, wide[i]))
            return true;
    }
    return false;
}

/* The text is not empty. Escaping does not change the answer: what it replaces at the start, a
 * backslash follows, and that is no formula. */
static bool is_guarded(const MstCsvRow *row, MstSlice text)
{
    return !row->style.raw && (text.ptr[0] == '\'' || is_formula(text));
}

/* How many bytes the character at the start takes; 0 if its first byte must be escaped. */
static size_t printable_length(const char *at, const char *end)
{
    unsigned char c = (unsigned char)*at;
    gunichar wide;

    if (c == '\\')
        return end - at > 1 && at[1] == 'x' ? 0 : 1;
    if (c < 0x80)
        return c >= 0x20 && c != 0x7f;
    wide = g_utf8_get_char_validated(at, end - at);
    if (wide == (gunichar)-1 || wide == (gunichar)-2 || wide < 0xa0)
        return 0;
    return (size_t)(g_utf8_next_char(at) - at);
}

static void escape_byte(GString *out, unsigned char byte)
{
    const char escaped[] = {'\\', 'x', hex_digits[byte >> 4], hex_digits[byte & 15]};

    g_string_append_len(out, escaped, sizeof escaped);
}

static void escape(GString *out, MstSlice text)
{
    const char *end = text.ptr + text.len;
    const char *at = text.ptr;

    while (at < end) {
        const char *run = at;
        size_t len = printable_length(at, end);

        while (len > 0) {
            at += len;
            len = at < end ? printable_length(at, end) : 0;
        }
        g_string_append_len(out, run, at - run);
        if (at < end)
            escape_byte(out, (unsigned char)*at++);
    }
}

static void add_strange(MstCsvRow *row, MstSlice text)
{
    GString *escaped = row->escaped;

    g_string_truncate(escaped, 0);
    if (is_guarded(row, text))
        g_string_append_c(escaped, '\'');
    escape(escaped, text);
    begin_cell(row, 2 * escaped->len); /* if every byte were a quote */
    row->len += csv_write2(row->bytes + row->len, row->size - row->len, escaped->str, escaped->len,
                           CSV_QUOTE);
}

void mst_csv_add_empty(MstCsvRow *row)
{
    open_cell(row, 0);
    close_cell(row);
}

void mst_csv_add_text(MstCsvRow *row, MstSlice text)
{
    if (text.len == 0) {
        mst_csv_add_empty(row);
        return;
    }
    if (!is_plain(text)) {
        add_strange(row, text);
        return;
    }
    open_cell(row, text.len);
    if (is_guarded(row, text))
        put(row, '\'');
    put_all(row, text.ptr, text.len);
    close_cell(row);
}

void mst_csv_add_word(MstCsvRow *row, const char *word)
{
    size_t len = strlen(word);

    open_cell(row, len);
    put_all(row, word, len);
    close_cell(row);
}

/* 20 digits hold every 64-bit number. */
static void put_number(MstCsvRow *row, uint64_t number)
{
    char digits[20];
    size_t start = sizeof digits;

    do {
        digits[--start] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    put_all(row, digits + start, sizeof digits - start);
}

void mst_csv_add_count(MstCsvRow *row, uint64_t count)
{
    open_cell(row, 20);
    put_number(row, count);
    close_cell(row);
}

/* `.25` for 250000 millionths; nothing for 0. */
static void put_fraction(MstCsvRow *row, unsigned millionths)
{
    if (millionths == 0)
        return;
    put(row, '.');
    for (unsigned unit = 100000; millionths > 0; unit /= 10) {
        put(row, (char)('0' + millionths / unit));
        millionths %= unit;
    }
}

void mst_csv_add_seconds(MstCsvRow *row, int64_t span_us)
{
    uint64_t amount = span_us < 0 ? 0 - (uint64_t)span_us : (uint64_t)span_us;

    open_cell(row, 28);
    if (span_us < 0)
        put(row, '-');
    put_number(row, amount / 1000000);
    put_fraction(row, (unsigned)(amount % 1000000));
    close_cell(row);
}

void mst_csv_add_time(MstCsvRow *row, int64_t time_us)
{
    open_cell(row, MST_RFC3339_MAX);
    if (time_us != 0)
        row->len += mst_rfc3339_write(&row->times, time_us, row->bytes + row->len);
    close_cell(row);
}

void mst_csv_add_id(MstCsvRow *row, uint64_t id)
{
    open_cell(row, 16);
    for (int shift = 60; shift >= 0; shift -= 4)
        put(row, hex_digits[id >> shift & 15]);
    close_cell(row);
}

MstSlice mst_csv_end_row(MstCsvRow *row)
{
    size_t len;

    reserve(row, 2);
    if (row->style.crlf)
        put(row, '\r');
    put(row, '\n');
    len = row->len;
    row->len = 0;
    return (MstSlice){row->bytes, len};
}
