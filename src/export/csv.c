/*
 * csv.c - rows of a table, cell by cell
 *
 * Most cells are plain: printable ASCII without a quote or a backslash. They need no step but the
 * guard, so they are copied, and looked at on the way; only the others go through libcsv.
 */
#include "export/csv.h"

#include <csv.h>

#include "base/printable.h"
#include "base/sixteen.h"
#include "export/rfc3339.h"

enum { NAMES = 256 };

/* A cell that is ready, up to the quote of the next one. */
typedef struct Name {
    const char *text; /* NULL none */
    size_t len;       /* of the cell */
    char cell[48];    /* a longer one is not remembered */
} Name;

struct MstCsvRows {
    char *at;        /* where the next cell's text goes, behind its quote; NULL: no row has begun */
    char *limit;     /* SMALL bytes before the block ends; NULL likewise */
    char *text;      /* where the cell begins that was added last, of those of text or nothing */
    char between[4]; /* two cells: a quote, the delimiter, a quote */
    MstCsvBlock block;
    MstCsvStyle style;
    MstRfc3339 times;
    uint64_t id; /* the last one */
    char id_digits[16];
    GString *escaped; /* the text of one cell, before it is quoted */
    GString *scratch;
    Name names[NAMES]; /* by a hash of where the text lies; the last one of each hash */
};

/* No name, number or time takes more bytes than a small cell has, and the ends of a row fit in too. */
enum { SMALL = 64, FIRST_BLOCK = 4096 };

MstCsvRows *mst_csv_new(const MstCsvStyle *style)
{
    static const char byte_order_mark[] = {'\xef', '\xbb', '\xbf'};
    MstCsvRows *rows = g_new0(MstCsvRows, 1);

    rows->style = *style;
    memcpy(rows->between, (char[]){'"', style->delimiter, '"', '\0'}, sizeof rows->between);
    memset(rows->id_digits, '0', sizeof rows->id_digits);
    mst_rfc3339_init(&rows->times, style->local);
    rows->escaped = g_string_new(NULL);
    rows->scratch = g_string_new(NULL);
    if (style->bom) {
        rows->block = (MstCsvBlock){g_malloc(FIRST_BLOCK), sizeof byte_order_mark, FIRST_BLOCK};
        memcpy(rows->block.bytes, byte_order_mark, sizeof byte_order_mark);
    }
    return rows;
}

void mst_csv_free(MstCsvRows *rows)
{
    if (rows == NULL)
        return;
    g_free(rows->block.bytes);
    g_string_free(rows->escaped, TRUE);
    g_string_free(rows->scratch, TRUE);
    g_free(rows);
}

MstCsvBlock *mst_csv_block(MstCsvRows *rows)
{
    return &rows->block;
}

GString *mst_csv_scratch(MstCsvRows *rows)
{
    g_string_truncate(rows->scratch, 0);
    return rows->scratch;
}

/*
 * Every cell ends with the quote that opens the next one, so that what stands between two is one store.
 * Room is asked for as rarely: small cells only compare with the limit.
 */

/* Room for so many bytes before the limit. Begins the row if none has begun. */
static G_GNUC_NO_INLINE void make_room(MstCsvRows *rows, size_t len)
{
    MstCsvBlock *block = &rows->block;
    bool begins = rows->at == NULL;
    size_t used = begins ? block->len : (size_t)(rows->at - block->bytes);
    size_t text = begins ? used : (size_t)(rows->text - block->bytes);
    size_t wanted = used + len + 2 + SMALL;

    if (block->size < wanted) {
        block->size = MAX(MAX(block->size * 2, wanted), FIRST_BLOCK);
        block->bytes = g_realloc(block->bytes, block->size);
    }
    rows->at = block->bytes + used;
    rows->text = block->bytes + text;
    rows->limit = block->bytes + block->size - SMALL;
    if (begins)
        *rows->at++ = '"';
}

/* Where a cell of at most SMALL bytes begins, with what is behind it. */
static char *begin_small(MstCsvRows *rows)
{
    if (rows->at >= rows->limit)
        make_room(rows, 0);
    return rows->at;
}

static bool has_room(const MstCsvRows *rows, size_t len)
{
    return (ptrdiff_t)len < rows->limit - rows->at;
}

static void end_cell(MstCsvRows *rows, char *at)
{
    memcpy(at, rows->between, sizeof rows->between);
    rows->at = at + 3;
}

void mst_csv_end_row(MstCsvRows *rows)
{
    char *at = rows->at - 2; /* the last cell's delimiter, and the quote of none */

    if (rows->style.crlf)
        *at++ = '\r';
    *at++ = '\n';
    rows->block.len = (size_t)(at - rows->block.bytes);
    rows->at = rows->limit = NULL;
}

void mst_csv_add_empty(MstCsvRows *rows)
{
    rows->text = begin_small(rows);
    end_cell(rows, rows->text);
}

/* ---- plain text */

/* All bits of each byte that is printable ASCII, and no quote or backslash; none of the others. */
static MstSixteen plain_bytes(MstSixteen bytes)
{
    return mst_sixteen_between(bytes, ' ', '~') &
           ~((MstSixteen)(bytes == '"') | (MstSixteen)(bytes == '\\'));
}

static MstSixteen copy_sixteen(char *out, const char *text)
{
    MstSixteen bytes = mst_sixteen_at(text);

    memcpy(out, &bytes, sizeof bytes);
    return plain_bytes(bytes);
}

/* From 8 to 16 bytes, in two steps that may overlap. */
static bool copy_short(char *out, MstSlice text)
{
    uint64_t start, end;
    size_t last = text.len - sizeof end;

    memcpy(&start, text.ptr, sizeof start);
    memcpy(&end, text.ptr + last, sizeof end);
    memcpy(out, &start, sizeof start);
    memcpy(out + last, &end, sizeof end);
    return mst_sixteen_all(plain_bytes(mst_sixteen_of(start, end)));
}

/* From 4 to 8, likewise. */
static bool copy_shorter(char *out, MstSlice text)
{
    uint32_t start, end;
    size_t last = text.len - sizeof end;
    uint64_t both;

    memcpy(&start, text.ptr, sizeof start);
    memcpy(&end, text.ptr + last, sizeof end);
    memcpy(out, &start, sizeof start);
    memcpy(out + last, &end, sizeof end);
    both = (uint64_t)start << 32 | end;
    return mst_sixteen_all(plain_bytes(mst_sixteen_of(both, both)));
}

static bool copy_shortest(char *out, MstSlice text)
{
    bool plain = true;

    for (size_t i = 0; i < text.len; i++) {
        char byte = out[i] = text.ptr[i];

        plain = plain && byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\';
    }
    return plain;
}

/* False, and nonsense in `out`, if the text is not plain. Every byte of every cell passes here. */
static inline bool copy_plain(char *out, MstSlice text)
{
    if (text.len >= sizeof(MstSixteen))
        return mst_sixteen_each(out, text, copy_sixteen);
    if (text.len >= sizeof(uint64_t))
        return copy_short(out, text);
    if (text.len >= sizeof(uint32_t))
        return copy_shorter(out, text);
    return copy_shortest(out, text);
}

/* ---- other text */

/* Spreadsheets of East Asian locales take the full-width forms for the narrow ones. */
static bool is_wide_formula(MstSlice text)
{
    static const MstSlice wide[] = {
        MST_LIT_INIT("\uff1d"),
        MST_LIT_INIT("\uff0b"),
        MST_LIT_INIT("\uff0d"),
        MST_LIT_INIT("\uff20"),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(wide); i++) {
        if (mst_slice_starts(text, wide[i]))
            return true;
    }
    return false;
}

/* Is this, at the start, what a spreadsheet would run, or our own guard? */
static bool needs_guard(char first)
{
    return first == '=' || first == '+' || first == '-' || first == '@' || first == '\'';
}

/* Escaping does not change the answer: what it replaces at the start, a backslash follows, and that
 * is no formula. */
static bool is_guarded(const MstCsvRows *rows, MstSlice text)
{
    return !rows->style.raw && text.len > 0 && (needs_guard(text.ptr[0]) || is_wide_formula(text));
}

static G_GNUC_NO_INLINE void add_strange(MstCsvRows *rows, MstSlice text)
{
    GString *escaped = rows->escaped;
    size_t most;
    char *at;

    g_string_truncate(escaped, 0);
    if (is_guarded(rows, text))
        g_string_append_c(escaped, '\'');
    mst_printable_append(escaped, text);
    most = 2 * escaped->len; /* if every byte were a quote */
    if (!has_room(rows, most))
        make_room(rows, most);
    rows->text = rows->at;
    at = rows->at - 1;
    end_cell(rows, at + csv_write2(at, most + 2, escaped->str, escaped->len, CSV_QUOTE) - 1);
}

/* Nearly all text is written as it is copied. The long way makes room, too. */
void mst_csv_add_text(MstCsvRows *rows, MstSlice text)
{
    char *at = rows->at;

    if (has_room(rows, text.len) && !(text.len > 0 && needs_guard(text.ptr[0])) &&
        copy_plain(at, text)) {
        rows->text = at;
        end_cell(rows, at + text.len);
    } else {
        add_strange(rows, text);
    }
}

void mst_csv_add_string(MstCsvRows *rows, const char *text)
{
    if (text == NULL)
        mst_csv_add_empty(rows);
    else
        mst_csv_add_text(rows, mst_slice_of(text));
}

void mst_csv_add_again(MstCsvRows *rows)
{
    size_t len = (size_t)(rows->at - rows->text);
    char *at;

    if (!has_room(rows, len))
        make_room(rows, len);
    at = rows->at;
    memcpy(at, rows->text, len);
    rows->text = at;
    rows->at = at + len;
}

static G_GNUC_NO_INLINE void learn_name(MstCsvRows *rows, Name *name, const char *text)
{
    mst_csv_add_string(rows, text);
    name->len = (size_t)(rows->at - rows->text);
    name->text = name->len <= sizeof name->cell ? text : NULL;
    if (name->text != NULL)
        memcpy(name->cell, rows->text, name->len);
}

/* All bytes that a name may have are copied: to copy so many as it has takes longer. */
void mst_csv_add_name(MstCsvRows *rows, const char *text)
{
    Name *name = &rows->names[(guint32)(GPOINTER_TO_SIZE(text) * 2654435761U) >> 24];

    if (text == NULL) {
        mst_csv_add_empty(rows);
    } else if (name->text != text) {
        learn_name(rows, name, text);
    } else {
        memcpy(begin_small(rows), name->cell, sizeof name->cell);
        rows->at += name->len;
    }
}

/* ---- numbers and times */

static unsigned count_digits(uint64_t number)
{
    unsigned count = 1;

    for (; number >= 10000; number /= 10000)
        count += 4;
    return count + (number >= 10) + (number >= 100) + (number >= 1000);
}

/* Up to three digits, as most counts and reply codes have. */
static char *put_few(char *at, unsigned number)
{
    if (number >= 100)
        *at++ = (char)('0' + number / 100);
    if (number >= 10)
        *at++ = (char)('0' + number / 10 % 10);
    *at++ = (char)('0' + number % 10);
    return at;
}

static char *put_number(char *at, uint64_t number)
{
    char *end;

    if (number < 1000)
        return put_few(at, (unsigned)number);
    end = at + count_digits(number);
    for (at = end; number >= 10; number /= 10)
        *--at = (char)('0' + number % 10);
    *--at = (char)('0' + number);
    return end;
}

void mst_csv_add_count(MstCsvRows *rows, uint64_t count)
{
    end_cell(rows, put_number(begin_small(rows), count));
}

/* `.25` for 250000 millionths; nothing for 0. */
static char *put_fraction(char *at, unsigned millionths)
{
    if (millionths == 0)
        return at;
    *at++ = '.';
    for (unsigned unit = 100000; millionths > 0; unit /= 10) {
        *at++ = (char)('0' + millionths / unit);
        millionths %= unit;
    }
    return at;
}

void mst_csv_add_seconds(MstCsvRows *rows, int64_t span_us)
{
    uint64_t amount = span_us < 0 ? 0 - (uint64_t)span_us : (uint64_t)span_us;
    char *at = begin_small(rows);

    if (span_us < 0)
        *at++ = '-';
    at = put_number(at, amount / 1000000);
    at = put_fraction(at, (unsigned)(amount % 1000000));
    end_cell(rows, at);
}

void mst_csv_add_time(MstCsvRows *rows, int64_t time_us)
{
    char *at = begin_small(rows);

    if (time_us != 0)
        at += mst_rfc3339_write(&rows->times, time_us, at);
    end_cell(rows, at);
}

/* The eight digits, the first in the highest byte. */
static uint64_t hex_of(uint32_t number)
{
    const uint64_t each = UINT64_C(0x0101010101010101); /* times a byte: eight of them */
    uint64_t digits = number;
    uint64_t letters;

    digits = (digits << 16 | digits) & UINT64_C(0x0000ffff0000ffff);
    digits = (digits << 8 | digits) & UINT64_C(0x00ff00ff00ff00ff);
    digits = (digits << 4 | digits) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    letters = (digits + each * 6) >> 4 & each; /* 1 from 10 on */
    return digits + each * '0' + letters * ('a' - '0' - 10);
}

/* The rows of a story follow each other, so the digits of one ID are kept. */
void mst_csv_add_id(MstCsvRows *rows, uint64_t id)
{
    char *at = begin_small(rows);

    if (id != rows->id) {
        uint64_t halves[] = {GUINT64_TO_BE(hex_of((uint32_t)(id >> 32))),
                             GUINT64_TO_BE(hex_of((uint32_t)id))};

        rows->id = id;
        memcpy(rows->id_digits, halves, sizeof halves);
    }
    memcpy(at, rows->id_digits, sizeof rows->id_digits);
    end_cell(rows, at + sizeof rows->id_digits);
}
