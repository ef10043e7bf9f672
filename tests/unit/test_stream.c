/*
 * test_stream.c - the bytes of one log file, inflated
 *
 * Every file is made here, by the libraries that write such files, and then damaged.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "mailstory/error.h"
#include "mailstory/stream.h"

/* What is read back: a text that does not compress to nothing, and takes several buffers. */
static GByteArray *make_text(guint len)
{
    GByteArray *text = g_byte_array_new();
    guint32 noise = 1;

    while (text->len < len) {
        g_autofree char *line = g_strdup_printf("line %u %08x\n", text->len, noise);

        g_byte_array_append(text, (const guint8 *)line, (guint)strlen(line));
        noise = noise * 1664525u + 1013904223u;
    }
    return text;
}

/* One gzip member, appended to `out`. */
static void add_gzip(GByteArray *out, const GByteArray *text)
{
    const int gzip = MAX_WBITS + 16;
    z_stream stream = {0};
    guint start = out->len;
    uLong room;

    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, gzip, 8, Z_DEFAULT_STRATEGY), Z_OK);
    room = deflateBound(&stream, text->len);
    g_byte_array_set_size(out, start + (guint)room);
    stream.next_in = text->data;
    stream.avail_in = text->len;
    stream.next_out = out->data + start;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    g_byte_array_set_size(out, start + (guint)stream.total_out);
    deflateEnd(&stream);
}

static la_ssize_t on_write(struct archive *archive, void *data, const void *bytes, size_t len)
{
    (void)archive;
    g_byte_array_append(data, bytes, (guint)len);
    return (la_ssize_t)len;
}

/* libarchive's filter (NULL none) and format by name; `name` is the member's. Appended to `out`. */
static void add_archive(GByteArray *out, const char *filter, const char *format, const char *name,
                        const GByteArray *text)
{
    struct archive *archive = archive_write_new();
    struct archive_entry *entry = archive_entry_new();

    if (filter != NULL)
        assert_int_equal(archive_write_add_filter_by_name(archive, filter), ARCHIVE_OK);
    assert_int_equal(archive_write_set_format_by_name(archive, format), ARCHIVE_OK);
    archive_write_set_bytes_in_last_block(archive, 1);
    assert_int_equal(archive_write_open(archive, out, NULL, on_write, NULL), ARCHIVE_OK);
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, text->len);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    assert_int_equal(archive_write_data(archive, text->data, text->len), text->len);
    archive_entry_free(entry);
    assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
    archive_write_free(archive);
}

typedef enum Packing {
    PLAIN,
    GZIP,
    GZIP_TWICE, /* two members */
    BZIP2,
    XZ,
    ZSTD,
    TAR,
    TAR_OF_GZIP,
    GZIP_OF_TAR,
    XZ_OF_TAR,
} Packing;

typedef enum Damage {
    NONE,
    CUT,        /* the last third is missing */
    CUT_SHORT,  /* only the first 5 bytes are there */
    FLIPPED,    /* a bit in the middle */
    CHECKSUM,   /* a bit of gzip's CRC */
    GARBAGE,    /* `garbage` behind the end */
    GARBAGE_1F, /* the same, and its first byte is gzip's */
    ZEROS,      /* 1000 zeros behind the end */
} Damage;

static const struct Case {
    const char *name;
    Packing packing;
    Damage damage;
    guint len;
    /* Format, how much of the text comes out, how it ends; `@` is the offset of the damage. Only
     * what is written here is compared of libarchive's own messages, and libarchive keeps back up to
     * 64 KiB before a break. */
    const char *expected;
} cases[] = {
    {"a plain file", PLAIN, NONE, 300000, "plain all end"},
    {"an empty file", PLAIN, NONE, 0, "plain all end"},
    {"a file of three bytes", PLAIN, CUT_SHORT, 3, "plain all end"},
    {"gzip", GZIP, NONE, 300000, "gzip all end"},
    {"gzip of nothing", GZIP, NONE, 0, "gzip all end"},
    {"gzip of two members", GZIP_TWICE, NONE, 300000, "gzip all end"},
    {"gzip with zeros behind it", GZIP, ZEROS, 300000, "gzip all end"},
    {"gzip that is cut off", GZIP, CUT, 300000, "gzip some damaged at byte @: ends too early"},
    {"gzip that is cut off in its header", GZIP, CUT_SHORT, 300000,
     "gzip none damaged at byte @: ends too early"},
    {"gzip with a wrong checksum: all is given out first", GZIP, CHECKSUM, 300000,
     "gzip all damaged at byte @: incorrect data check"},
    {"gzip with a wrong checksum, short", GZIP, CHECKSUM, 20,
     "gzip all damaged at byte @: incorrect data check"},
    {"gzip with garbage behind it: all is given out first", GZIP, GARBAGE, 300000,
     "gzip all damaged at byte @: trailing bytes that are not gzip"},
    {"gzip with a wrong checksum in its second member", GZIP_TWICE, CHECKSUM, 300000,
     "gzip all damaged at byte @: incorrect data check"},
    {"gzip with garbage behind it that begins like gzip", GZIP, GARBAGE_1F, 300000,
     "gzip all damaged at byte @: trailing bytes that are not gzip"},
    {"gzip of two members with garbage behind them", GZIP_TWICE, GARBAGE, 300000,
     "gzip all damaged at byte @: trailing bytes that are not gzip"},
    {"bzip2", BZIP2, NONE, 300000, "bzip2 all end"},
    {"bzip2 of nothing", BZIP2, NONE, 0, "bzip2 all end"},
    {"bzip2 that is cut off", BZIP2, CUT, 2000000, "bzip2 some damaged at byte"},
    {"bzip2 with a wrong bit", BZIP2, FLIPPED, 2000000, "bzip2 some damaged at byte"},
    {"bzip2 with garbage behind it", BZIP2, GARBAGE, 300000,
     "bzip2 all damaged at byte @: trailing bytes"},
    {"xz", XZ, NONE, 300000, "xz all end"},
    {"xz of nothing", XZ, NONE, 0, "xz all end"},
    {"xz that is cut off", XZ, CUT, 2000000, "xz some damaged at byte"},
    {"xz with a wrong bit", XZ, FLIPPED, 2000000, "xz some damaged at byte"},
    {"xz with garbage behind it", XZ, GARBAGE, 300000, "xz some damaged at byte"},
    {"zstd", ZSTD, NONE, 300000, "zstd all end"},
    {"zstd of nothing", ZSTD, NONE, 0, "zstd all end"},
    {"zstd that is cut off", ZSTD, CUT, 2000000, "zstd some damaged at byte"},
    {"zstd with a wrong bit", ZSTD, FLIPPED, 2000000, "zstd some damaged at byte"},
    {"zstd with garbage behind it", ZSTD, GARBAGE, 300000, "zstd some damaged at byte"},
    {"a member of a tar archive", TAR, NONE, 300000, "tar+plain all end"},
    {"an empty member", TAR, NONE, 0, "tar+plain all end"},
    {"a compressed member of a tar archive", TAR_OF_GZIP, NONE, 300000, "tar+gzip all end"},
    {"a member of a compressed tar archive", GZIP_OF_TAR, NONE, 300000, "tar+plain all end"},
    {"a member of a tar archive in xz", XZ_OF_TAR, NONE, 300000, "tar+plain all end"},
    {"a tar archive that is cut off", TAR, CUT, 300000, "tar+plain some damaged at byte"},
    {"a compressed tar archive that is cut off", GZIP_OF_TAR, CUT, 300000,
     "tar+plain some damaged at byte @: ends too early"},
};

static const char garbage[] = "this is no compressed stream\n";

static void pack(const struct Case *row, const GByteArray *text, GByteArray *out)
{
    g_autoptr(GByteArray) inner = g_byte_array_new();

    switch (row->packing) {
    case PLAIN:
        g_byte_array_append(out, text->data, text->len);
        break;
    case GZIP_TWICE:
        add_gzip(out, text);
        add_gzip(out, text);
        break;
    case GZIP:
        add_gzip(out, text);
        break;
    case BZIP2:
        add_archive(out, "bzip2", "raw", "log", text);
        break;
    case XZ:
        add_archive(out, "xz", "raw", "log", text);
        break;
    case ZSTD:
        add_archive(out, "zstd", "raw", "log", text);
        break;
    case TAR:
        add_archive(out, NULL, "ustar", "log", text);
        break;
    case TAR_OF_GZIP:
        add_gzip(inner, text);
        add_archive(out, NULL, "ustar", "log", inner);
        break;
    case GZIP_OF_TAR:
        add_archive(inner, NULL, "ustar", "log", text);
        add_gzip(out, inner);
        break;
    case XZ_OF_TAR:
        add_archive(out, "xz", "ustar", "log", text);
        break;
    }
}

/* Gives the offset at which the damage must be found, where that is sure. */
static guint damage(Damage kind, GByteArray *bytes)
{
    guint at = bytes->len;

    switch (kind) {
    case NONE:
        break;
    case CUT:
        at = bytes->len * 2 / 3;
        g_byte_array_set_size(bytes, at);
        break;
    case CUT_SHORT:
        at = MIN(bytes->len, 5);
        g_byte_array_set_size(bytes, at);
        break;
    case FLIPPED:
        at = bytes->len / 2;
        bytes->data[at] ^= 0x10;
        break;
    case CHECKSUM:
        bytes->data[bytes->len - 8] ^= 1; /* looked at together with the length behind it */
        break;
    case GARBAGE:
        g_byte_array_append(bytes, (const guint8 *)garbage, sizeof garbage - 1);
        break;
    case GARBAGE_1F:
        g_byte_array_append(bytes, (const guint8 *)garbage, sizeof garbage - 1);
        bytes->data[at] = 0x1f;
        break;
    case ZEROS:
        g_byte_array_set_size(bytes, at + 1000);
        memset(bytes->data + at, 0, 1000);
        break;
    }
    return at;
}

/* All that comes out of the stream, in reads of odd sizes; the error, if it ends with one. */
static GByteArray *drain(MstStream *stream, GError **error)
{
    GByteArray *got = g_byte_array_new();
    char buffer[70001];
    size_t len = 1;
    gssize n;

    while ((n = mst_stream_read(stream, buffer, len, error)) > 0) {
        g_byte_array_append(got, (const guint8 *)buffer, (guint)n);
        len = len * 7 % sizeof buffer + 1;
    }
    assert_int_equal(mst_stream_read(stream, buffer, len, NULL), n);
    return got;
}

/* How much of `text`, which may stand there `times`, is in `got`. What comes out between a wrong bit
 * and the checksum that finds it may be anything. */
static const char *how_much(const GByteArray *got, const GByteArray *text, const struct Case *row)
{
    guint whole = text->len * (row->packing == GZIP_TWICE ? 2 : 1);

    assert_true(got->len <= whole);
    for (guint i = 0; i < got->len && row->damage != FLIPPED; i++)
        assert_int_equal(got->data[i], text->data[i % text->len]);
    return got->len == whole ? "all" : got->len == 0 ? "none" : "some";
}

static char *with_offset(const char *expected, guint at)
{
    g_auto(GStrv) parts = g_strsplit(expected, "@", 2);
    g_autofree char *number = g_strdup_printf("%u", at);

    return g_strjoinv(number, parts);
}

static void check_file(const struct Case *row, const char *path)
{
    g_autoptr(GByteArray) text = make_text(row->len);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    MstLogFile file = {.name = (char *)"mx1/mail.log", .path = (char *)path};
    g_autoptr(GByteArray) got = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *outcome = NULL, *expected = NULL;
    MstStream *stream;

    pack(row, text, bytes);
    expected = with_offset(row->expected, damage(row->damage, bytes));
    assert_true(g_file_set_contents(path, (const char *)bytes->data, bytes->len, NULL));
    if (row->packing >= TAR)
        file.member = (char *)"log";
    if (row->packing == PLAIN)
        g_byte_array_set_size(text, bytes->len);
    stream = mst_stream_open(&file, &error);
    assert_null(error);
    got = drain(stream, &error);
    if (error != NULL) {
        assert_true(g_error_matches(error, MST_ERROR, MST_ERROR_READ));
        assert_true(g_str_has_prefix(error->message, "mx1/mail.log: "));
    }
    outcome = g_strdup_printf("%s %s %s", mst_stream_format(stream), how_much(got, text, row),
                              error == NULL ? "end" : strchr(error->message, ' ') + 1);
    mst_stream_free(stream);
    if (strstr(row->expected, "byte") != NULL && strchr(row->expected, '@') == NULL)
        outcome[MIN(strlen(outcome), strlen(expected))] = '\0';
    assert_string_equal(outcome, expected);
}

static void check_case(void **state)
{
    g_autofree char *folder = g_dir_make_tmp("mst-stream-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "file", NULL);

    assert_non_null(folder);
    check_file(*state, path);
    assert_int_equal(g_remove(path), 0);
    assert_int_equal(g_rmdir(folder), 0);
}

/* What cannot be opened at all. */
static const struct Refusal {
    const char *name;
    const char *path;
    const char *member;
    const char *expected;
} refusals[] = {
    {"a file that is not there", "/nonexistent/mail.log", NULL,
     "mail.log: cannot open: No such file or directory"},
    {"a directory", "/", NULL, "mail.log: cannot read: Is a directory"},
};

static void check_refusal(void **state)
{
    const struct Refusal *row = *state;
    MstLogFile file = {
        .name = (char *)"mail.log", .path = (char *)row->path, .member = (char *)row->member};
    g_autoptr(GError) error = NULL;

    assert_null(mst_stream_open(&file, &error));
    assert_true(g_error_matches(error, MST_ERROR, MST_ERROR_READ));
    assert_string_equal(error->message, row->expected);
}

/* A wrong bit somewhere in gzip: it is never silent, and what came before is right. */
static void check_every_bit(void **state)
{
    g_autofree char *folder = g_dir_make_tmp("mst-stream-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "file", NULL);
    g_autoptr(GByteArray) text = make_text(2000);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    MstLogFile file = {.name = path, .path = path};

    (void)state;
    add_gzip(bytes, text);
    /* The header's first three bytes make it gzip; the other seven have nothing to check. */
    for (guint at = 10; at < bytes->len; at++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GByteArray) got = NULL;
        MstStream *stream;

        bytes->data[at] ^= 4;
        assert_true(g_file_set_contents(path, (const char *)bytes->data, bytes->len, NULL));
        stream = mst_stream_open(&file, &error);
        assert_non_null(stream);
        got = drain(stream, &error);
        /* A bit that fills up the last byte of the compressed data has no meaning. */
        assert_true(error != NULL ||
                    (got->len == text->len && memcmp(got->data, text->data, got->len) == 0));
        mst_stream_free(stream);
        bytes->data[at] ^= 4;
    }
    g_remove(path);
    g_rmdir(folder);
}

/* The standard input, here a pipe: the bytes that were looked at are not lost. */
static void check_standard_input(void **state)
{
    MstLogFile file = {.name = (char *)"-", .path = (char *)"-"};
    g_autoptr(GByteArray) got = NULL;
    g_autoptr(GError) error = NULL;
    int kept = dup(STDIN_FILENO);
    MstStream *stream;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "one\ntwo\n", 8), 8);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    stream = mst_stream_open(&file, &error);
    assert_null(error);
    got = drain(stream, &error);
    mst_stream_free(stream);
    dup2(kept, STDIN_FILENO);
    close(kept);
    assert_null(error);
    assert_int_equal(got->len, 8);
    assert_memory_equal(got->data, "one\ntwo\n", 8);
}

/* A tar archive and a member that it does not have; the archive itself, as if it were a log. */
static void check_archive(void **state)
{
    g_autofree char *folder = g_dir_make_tmp("mst-stream-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "file", NULL);
    g_autoptr(GByteArray) text = make_text(2000);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(GError) missing = NULL, whole = NULL;
    MstLogFile file = {.name = (char *)"a.tar/x", .path = path, .member = (char *)"x"};
    MstLogFile archive = {.name = (char *)"a.tar", .path = path};

    (void)state;
    add_archive(bytes, NULL, "ustar", "log", text);
    assert_true(g_file_set_contents(path, (const char *)bytes->data, bytes->len, NULL));
    assert_null(mst_stream_open(&file, &missing));
    assert_null(mst_stream_open(&archive, &whole));
    g_remove(path);
    g_rmdir(folder);
    assert_string_equal(missing->message, "a.tar/x: no longer in the archive");
    assert_string_equal(whole->message, "a.tar: a tar archive can be read only from a file");
}

int main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(cases) + G_N_ELEMENTS(refusals) + 3];
    size_t n = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        tests[n++] = (struct CMUnitTest){cases[i].name, check_case, NULL, NULL, (void *)&cases[i]};
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++)
        tests[n++] = (struct CMUnitTest){refusals[i].name, check_refusal, NULL, NULL,
                                         (void *)&refusals[i]};
    tests[n++] = (struct CMUnitTest){"no wrong bit of gzip goes unseen", check_every_bit, NULL,
                                     NULL, NULL};
    tests[n++] = (struct CMUnitTest){"the standard input", check_standard_input, NULL, NULL, NULL};
    tests[n++] = (struct CMUnitTest){"a tar archive that lacks what is asked for", check_archive,
                                     NULL, NULL, NULL};
    return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
