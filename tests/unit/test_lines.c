/* test_lines.c - how a feed cuts files into lines, and what it counts */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "mailstory/feed.h"
#include "recorder.h"

/* What a feed gave. */
typedef struct Reading {
    GString *events;  /* `NUMBER HOST EVENT` each */
    GString *strange; /* `NUMBER FATE WHY: LINE` each */
    MstFeed *feed;
    size_t most_bytes; /* that one batch held */
} Reading;

static const char *const fates[MST_FATES] = {"event",   "continuation", "noise",
                                             "foreign", "broken",       "duplicate"};

/* --- files ------------------------------------------------------------------------------------ */

typedef struct Folder {
    char *path;
    MstSource source;
    MstZones *zones;
} Folder;

static Folder *new_folder(void)
{
    Folder *folder = g_new0(Folder, 1);

    folder->path = g_dir_make_tmp("mailstory-XXXXXX", NULL);
    folder->source.name = (char *)"log";
    folder->source.files = g_ptr_array_new_with_free_func((GDestroyNotify)mst_log_file_free);
    folder->zones = mst_zones_new();
    assert_non_null(folder->path);
    return folder;
}

static void add_file(Folder *folder, const char *bytes, size_t len)
{
    MstLogFile *file = g_new0(MstLogFile, 1);

    file->name = g_strdup_printf("log.%u", folder->source.files->len);
    file->path = g_build_filename(folder->path, file->name, NULL);
    assert_true(g_file_set_contents(file->path, bytes, (gssize)len, NULL));
    g_ptr_array_add(folder->source.files, file);
}

static void free_folder(Folder *folder)
{
    for (guint i = 0; i < folder->source.files->len; i++)
        g_unlink(((MstLogFile *)g_ptr_array_index(folder->source.files, i))->path);
    g_rmdir(folder->path);
    g_free(folder->path);
    g_ptr_array_unref(folder->source.files);
    mst_zones_free(folder->zones);
    g_free(folder);
}

/* --- readings --------------------------------------------------------------------------------- */

static void write_batch(Reading *reading, const MstBatch *batch)
{
    for (guint i = 0; i < batch->events->len; i++) {
        const MstEvent *event = &g_array_index(batch->events, MstEvent, i);

        g_string_append_printf(reading->events, "%" G_GUINT64_FORMAT " %.*s ", event->line,
                               (int)event->host.len, event->host.ptr);
        recorder_write(reading->events, event);
        g_string_append_c(reading->events, '\n');
    }
    for (guint i = 0; i < batch->strange->len; i++) {
        const MstStrangeLine *line = &g_array_index(batch->strange, MstStrangeLine, i);

        g_string_append_printf(reading->strange, "%" G_GUINT64_FORMAT " %s %s: %.*s\n",
                               line->number, fates[line->verdict.fate],
                               line->verdict.why == NULL ? "-" : line->verdict.why,
                               (int)line->whole.len, line->whole.ptr);
    }
}

/* In batches of this many bytes. */
static Reading read_all_by(Folder *folder, size_t room)
{
    Reading reading = {.events = g_string_new(NULL), .strange = g_string_new(NULL)};
    MstBatch *batch = mst_batch_new(room, MST_KEEP_STRANGE);

    reading.feed = mst_feed_new(&folder->source, folder->zones, 0, NULL);
    while (mst_feed_next(reading.feed, batch)) {
        assert_in_range(batch->len, 0, room);
        write_batch(&reading, batch);
        reading.most_bytes = MAX(reading.most_bytes, batch->len);
    }
    assert_false(mst_feed_next(reading.feed, batch)); /* the end is the end */
    mst_batch_free(batch);
    return reading;
}

static Reading read_all(Folder *folder)
{
    return read_all_by(folder, MST_BATCH_BYTES);
}

static void end_reading(Reading *reading)
{
    g_string_free(reading->events, TRUE);
    g_string_free(reading->strange, TRUE);
    mst_feed_free(reading->feed);
}

static uint64_t count_of(const Reading *reading, MstFate fate)
{
    const GPtrArray *tallies = mst_feed_tallies(reading->feed);
    uint64_t sum = 0;

    for (guint i = 0; i < tallies->len; i++)
        sum += ((const MstFileTally *)g_ptr_array_index(tallies, i))->fates[fate];
    return sum;
}

/* Every line has one fate. */
static void check_account(const Reading *reading)
{
    uint64_t sum = 0;

    for (guint fate = 0; fate < MST_FATES; fate++)
        sum += count_of(reading, (MstFate)fate);
    assert_int_equal(sum, mst_feed_lines(reading->feed));
}

/* --- small files ------------------------------------------------------------------------------ */

#define STAMP "2026-05-11T10:00:00Z mx1 "
#define REMOVED STAMP "postfix/qmgr[1]: A00001: removed"
#define DONE " mx1 done pid=1 id=A00001\n"

static const struct Case {
    const char *name;
    MstSlice log;
    const char *events;
    const char *strange;
} cases[] = {
    {"lines end with LF", MST_LIT_INIT(REMOVED "\n" REMOVED "\n"), "1" DONE "2" DONE, ""},
    {"or with CR LF", MST_LIT_INIT(REMOVED "\r\n" REMOVED "\r\n"), "1" DONE "2" DONE, ""},
    {"the last one needs no end", MST_LIT_INIT(REMOVED "\n" REMOVED), "1" DONE "2" DONE, ""},
    {"nor its LF behind a CR", MST_LIT_INIT(REMOVED "\r"), "1" DONE, ""},
    {"one CR is the end, more are text", MST_LIT_INIT(STAMP "cron: x\r\r\n"), "",
     "1 foreign -: " STAMP "cron: x\r\n"},
    {"a CR inside a line ends nothing", MST_LIT_INIT(STAMP "cron: a\rb\n"), "",
     "1 foreign -: " STAMP "cron: a\rb\n"},
    {"an empty file has no line", MST_LIT_INIT(""), "", ""},
    {"an empty line is a line", MST_LIT_INIT("\n\r\n" REMOVED "\n"), "3" DONE,
     "1 noise empty line: \n2 noise empty line: \n"},
    {"a NUL is shown as ?", MST_LIT_INIT(STAMP "cron: a\0\0b\n"), "",
     "1 foreign -: " STAMP "cron: a??b\n"},
    {"NULs do not hide the lines around them", MST_LIT_INIT("\0\n" REMOVED "\n\0"), "2" DONE,
     "1 broken no time stamp: ?\n3 broken no time stamp: ?\n"},
    {"what is no line of a log", MST_LIT_INIT("hello\n"), "", "1 broken no time stamp: hello\n"},
    {"bytes that are no UTF-8 stay", MST_LIT_INIT(STAMP "cron: \xff\xfe\n"), "",
     "1 foreign -: " STAMP "cron: \xff\xfe\n"},
    {"rsyslog's count of repeats is so many events of one line",
     MST_LIT_INIT(STAMP "postfix/qmgr[1]: message repeated 3 times: [ A00001: removed]\n"),
     "1" DONE "1" DONE "1" DONE, ""},
    {"without the blank behind the bracket too",
     MST_LIT_INIT(STAMP "postfix/qmgr[1]: message repeated 2 times: [A00001: removed]\n"),
     "1" DONE "1" DONE, ""},
    {"a foreign line that is repeated",
     MST_LIT_INIT(STAMP "cron: message repeated 2 times: [ x]\n"), "",
     "1 foreign -: " STAMP "cron: message repeated 2 times: [ x]\n"},
    {"a thousand are believed, but no more",
     MST_LIT_INIT(STAMP "postfix/qmgr[1]: message repeated 1001 times: [ A00001: removed]\n"), "",
     "1 broken too many repeats: " STAMP
     "postfix/qmgr[1]: message repeated 1001 times: [ A00001: removed]\n"},
    {"none is no count",
     MST_LIT_INIT(STAMP "postfix/qmgr[1]: message repeated 0 times: [ A00001: removed]\n"), "",
     "1 broken too many repeats: " STAMP
     "postfix/qmgr[1]: message repeated 0 times: [ A00001: removed]\n"},
    {"syslogd's count tells of no line that can be known",
     MST_LIT_INIT(REMOVED "\n" STAMP "last message repeated 3 times\n"), "1" DONE,
     "2 noise repeat count: " STAMP "last message repeated 3 times\n"},
};

static void check_case(void **state)
{
    const struct Case *row = *state;
    Folder *folder = new_folder();
    Reading reading;

    add_file(folder, row->log.ptr, row->log.len);
    reading = read_all(folder);
    assert_string_equal(reading.events->str, row->events);
    assert_string_equal(reading.strange->str, row->strange);
    check_account(&reading);
    end_reading(&reading);
    free_folder(folder);
}

/* --- the seam between two batches ------------------------------------------------------------- */

/* A line of noise of this length, with its line end. */
static void append_filler(GString *log, size_t len)
{
    static const char start[] = STAMP "cron: ";

    g_assert(len > sizeof start);
    g_string_append(log, start);
    for (size_t i = sizeof start; i < len; i++)
        g_string_append_c(log, 'x');
    g_string_append_c(log, '\n');
}

static void check_seams(size_t room)
{
    static const char lines[] = REMOVED "\r\n" STAMP "postfix/qmgr[1]: A00002: removed\n\n" REMOVED
                                        "\n";

    for (size_t at = 0; at <= sizeof lines; at++) {
        Folder *folder = new_folder();
        g_autoptr(GString) log = g_string_new(NULL);
        Reading reading;

        for (int i = 0; i < 3; i++)
            append_filler(log, MST_LINE_MAX);
        append_filler(log, MST_LINE_MAX - at);
        g_string_append(log, lines);
        add_file(folder, log->str, log->len);
        reading = read_all_by(folder, room);
        assert_string_equal(reading.events->str, "5" DONE "6 mx1 done pid=1 id=A00002\n8" DONE);
        assert_int_equal(mst_feed_lines(reading.feed), 8);
        assert_int_equal(count_of(&reading, MST_FATE_FOREIGN), 4);
        check_account(&reading);
        end_reading(&reading);
        free_folder(folder);
    }
}

/* The seam falls on every byte of three lines, one by one: always the same events. */
static void every_seam_gives_the_same_events(void **state)
{
    (void)state;
    check_seams(4 * MST_LINE_MAX);
    check_seams(MST_BATCH_BYTES_MIN);
}

/* --- long lines ------------------------------------------------------------------------------- */

static void the_longest_line_is_read_and_a_longer_one_is_broken(void **state)
{
    static const struct {
        size_t len;
        MstFate fate;
    } lengths[] = {
        {MST_LINE_MAX - 1, MST_FATE_FOREIGN},   {MST_LINE_MAX, MST_FATE_FOREIGN},
        {MST_LINE_MAX + 1, MST_FATE_BROKEN},    {MST_LINE_MAX + 2, MST_FATE_BROKEN},
        {MST_BATCH_BYTES, MST_FATE_BROKEN},     {MST_BATCH_BYTES + 1, MST_FATE_BROKEN},
        {2 * MST_BATCH_BYTES, MST_FATE_BROKEN},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        Folder *folder = new_folder();
        g_autoptr(GString) log = g_string_new(REMOVED "\n");
        Reading reading;

        append_filler(log, lengths[i].len + 1);
        g_string_append(log, REMOVED "\n");
        add_file(folder, log->str, log->len);
        reading = read_all(folder);
        assert_string_equal(reading.events->str, "1" DONE "3" DONE);
        assert_int_equal(count_of(&reading, lengths[i].fate), 1);
        assert_int_equal(mst_feed_lines(reading.feed), 3);
        check_account(&reading);
        end_reading(&reading);
        free_folder(folder);
    }
}

/* The batch ends right behind the last byte of such a line, or between the two that end it. */
static void check_longest_line_at_seam(size_t len, bool returns)
{
    const size_t room = 4 * MST_LINE_MAX;
    Folder *folder = new_folder();
    g_autoptr(GString) log = g_string_new(NULL);
    Reading reading;

    append_filler(log, MST_LINE_MAX);
    append_filler(log, MST_LINE_MAX);
    append_filler(log, room - log->len - len - returns);
    append_filler(log, len + 1);
    if (returns)
        g_string_insert_c(log, (gssize)log->len - 1, '\r');
    assert_int_equal(log->len, room + 1);
    g_string_append(log, REMOVED "\n");
    add_file(folder, log->str, log->len);
    reading = read_all_by(folder, room);
    assert_string_equal(reading.events->str, "5" DONE);
    assert_int_equal(count_of(&reading, MST_FATE_BROKEN), len > MST_LINE_MAX);
    check_account(&reading);
    end_reading(&reading);
    free_folder(folder);
}

static void the_longest_line_across_a_seam(void **state)
{
    (void)state;
    for (size_t len = MST_LINE_MAX - 1; len <= MST_LINE_MAX + 1; len++) {
        check_longest_line_at_seam(len, false);
        check_longest_line_at_seam(len, true);
    }
}

/* Of a line that is shown in lines.csv, only the beginning. */
static void a_broken_long_line_is_shown_in_part(void **state)
{
    Folder *folder = new_folder();
    g_autoptr(GString) log = g_string_new(NULL);
    Reading reading;

    (void)state;
    append_filler(log, MST_LINE_MAX + 100);
    add_file(folder, log->str, log->len);
    reading = read_all(folder);
    assert_true(g_str_has_prefix(reading.strange->str, "1 broken longer than 64 KiB: " STAMP));
    assert_in_range(reading.strange->len, 100, 1000);
    end_reading(&reading);
    free_folder(folder);
}

static void a_hundred_megabytes_without_an_end_are_one_broken_line(void **state)
{
    enum { PIECE = 1 << 20, PIECES = 100 };
    Folder *folder = new_folder();
    g_autofree char *piece = g_strnfill(PIECE, 'x');
    const MstLogFile *file;
    Reading reading;
    FILE *out;

    (void)state;
    add_file(folder, "", 0);
    file = g_ptr_array_index(folder->source.files, 0);
    out = fopen(file->path, "wb");
    for (int i = 0; i < PIECES; i++)
        assert_int_equal(fwrite(piece, 1, PIECE, out), PIECE);
    fputs("\n" REMOVED "\n", out);
    fclose(out);
    reading = read_all(folder);
    assert_string_equal(reading.events->str, "2" DONE);
    assert_int_equal(count_of(&reading, MST_FATE_BROKEN), 1);
    assert_int_equal(mst_feed_lines(reading.feed), 2);
    assert_in_range(reading.most_bytes, 1, MST_BATCH_BYTES);
    end_reading(&reading);
    free_folder(folder);
}

/* --- several files, hosts and tags ------------------------------------------------------------ */

static void a_line_does_not_go_on_in_the_next_file(void **state)
{
    Folder *folder = new_folder();
    Reading reading;

    (void)state;
    add_file(folder, REMOVED, strlen(REMOVED));
    add_file(folder, "\n" REMOVED "\n", strlen(REMOVED) + 2);
    reading = read_all(folder);
    assert_string_equal(reading.events->str, "1" DONE "2" DONE);
    assert_int_equal(mst_feed_lines(reading.feed), 3);
    assert_int_equal(mst_feed_tallies(reading.feed)->len,
                     3); /* "" of the empty line, and mx1 twice */
    check_account(&reading);
    end_reading(&reading);
    free_folder(folder);
}

static void nor_does_one_that_is_skipped(void **state)
{
    Folder *folder = new_folder();
    g_autofree char *batch = g_strnfill(MST_BATCH_BYTES, 'x');
    Reading reading;

    (void)state;
    add_file(folder, batch, MST_BATCH_BYTES);
    add_file(folder, REMOVED "\n", strlen(REMOVED) + 1);
    reading = read_all(folder);
    assert_string_equal(reading.events->str, "1" DONE);
    assert_int_equal(count_of(&reading, MST_FATE_BROKEN), 1);
    check_account(&reading);
    end_reading(&reading);
    free_folder(folder);
}

static void a_file_that_vanished_is_a_problem_and_the_others_are_read(void **state)
{
    Folder *folder = new_folder();
    const MstLogFile *gone;
    const GError *problem;
    Reading reading;

    (void)state;
    for (int i = 0; i < 3; i++)
        add_file(folder, REMOVED "\n", strlen(REMOVED) + 1);
    gone = g_ptr_array_index(folder->source.files, 1);
    g_unlink(gone->path);
    reading = read_all(folder);
    assert_string_equal(reading.events->str, "1" DONE "1" DONE);
    assert_int_equal(mst_feed_problems(reading.feed)->len, 1);
    problem = g_ptr_array_index(mst_feed_problems(reading.feed), 0);
    assert_non_null(strstr(problem->message, "log.1"));
    check_account(&reading);
    end_reading(&reading);
    free_folder(folder);
}

/* The sums of each host of each file, as sources.csv shows them. */
static void each_host_of_a_file_has_its_own_tally(void **state)
{
    static const char log[] = "2026-05-11T10:00:00Z mx1 postfix/qmgr[1]: A00001: removed\n"
                              "2026-05-11T10:00:02Z hub sm-mta[1]: starting daemon (8.17)\n"
                              "2026-05-11T10:00:09Z mx1 cron: x\n"
                              "2026-05-11T10:00:03Z hub cron: x\n"
                              "2026-05-11T10:00:10Z mx1 postfix/qmgr[1]: A00002: removed\n";
    Folder *folder = new_folder();
    const MstFileTally *mx1, *hub;
    Reading reading;

    (void)state;
    add_file(folder, log, strlen(log));
    reading = read_all(folder);
    assert_int_equal(mst_feed_tallies(reading.feed)->len, 2);
    mx1 = g_ptr_array_index(mst_feed_tallies(reading.feed), 0);
    hub = g_ptr_array_index(mst_feed_tallies(reading.feed), 1);
    assert_string_equal(mx1->host, "mx1");
    assert_int_equal(mx1->fates[MST_FATE_EVENT], 2);
    assert_int_equal(mx1->fates[MST_FATE_FOREIGN], 1);
    assert_int_equal(mx1->events, 2);
    assert_int_equal(mx1->systems, 1 << MST_SYSTEM_POSTFIX);
    assert_int_equal((mx1->last_us - mx1->first_us) / G_USEC_PER_SEC, 10);
    assert_int_equal(mx1->longest_gap_us / G_USEC_PER_SEC, 9);
    assert_string_equal(mx1->format, "plain");
    assert_null(mx1->note);
    assert_string_equal(hub->host, "hub");
    assert_int_equal(hub->fates[MST_FATE_NOISE], 1);
    assert_int_equal(hub->systems, 1 << MST_SYSTEM_SENDMAIL);
    assert_int_equal(hub->longest_gap_us / G_USEC_PER_SEC, 1);
    end_reading(&reading);
    free_folder(folder);
}

/* More tags than a feed remembers, by turns, those of two owners equally long: each line goes to its
 * own reader. */
static void many_tags_by_turns(void **state)
{
    enum { TAGS = 300, TURNS = 3 };
    Folder *folder = new_folder();
    g_autoptr(GString) log = g_string_new(NULL);
    Reading reading;

    (void)state;
    for (int i = 0; i < TAGS * TURNS; i++) {
        g_string_append_printf(log, STAMP "postfix-%d/qmgr[1]: A00001: removed\n", i % TAGS);
        g_string_append_printf(log, STAMP "sm-%03d[1]: 64BA00aa000001: done; delay=0, ntries=1\n",
                               i % TAGS);
        g_string_append_printf(log, STAMP "cr-%03d[1]: A00001: removed\n", i % TAGS);
    }
    add_file(folder, log->str, log->len);
    reading = read_all(folder);
    assert_int_equal(count_of(&reading, MST_FATE_EVENT), 2 * TAGS * TURNS);
    assert_int_equal(count_of(&reading, MST_FATE_FOREIGN), TAGS * TURNS);
    check_account(&reading);
    end_reading(&reading);
    free_folder(folder);
}

/* A tag too long to be remembered, and one that only begins like another. */
static void long_tags(void **state)
{
    Folder *folder = new_folder();
    g_autofree char *long_name = g_strnfill(6000, 'p');
    g_autofree char *log = g_strdup_printf(STAMP "%s/smtpd[1]: connect from a[192.0.2.1]\n" STAMP
                                                 "%s/smtpd[1]: connect from b[192.0.2.2]\n" STAMP
                                                 "%s: connect from c[192.0.2.3]\n",
                                           long_name, long_name, long_name);
    Reading reading;

    (void)state;
    add_file(folder, log, strlen(log));
    reading = read_all(folder);
    assert_int_equal(count_of(&reading, MST_FATE_EVENT), 2);
    assert_int_equal(count_of(&reading, MST_FATE_FOREIGN), 1);
    end_reading(&reading);
    free_folder(folder);
}

static uint64_t hash_by(Folder *folder, uint64_t seed)
{
    MstFeed *feed = mst_feed_new(&folder->source, folder->zones, seed, NULL);
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_RECORDS);
    uint64_t hash;

    assert_true(mst_feed_next(feed, batch));
    assert_int_equal(batch->records->len, 1);
    hash = g_array_index(batch->records, MstRecord, 0).hash;
    mst_batch_free(batch);
    mst_feed_free(feed);
    return hash;
}

static void hashes_of_records_depend_on_the_seed(void **state)
{
    Folder *folder = new_folder();

    (void)state;
    add_file(folder, REMOVED "\n", strlen(REMOVED) + 1);
    assert_true(hash_by(folder, 1) == hash_by(folder, 1));
    assert_true(hash_by(folder, 1) != hash_by(folder, 2));
    free_folder(folder);
}

/* Of the file that it stood in, also when the feed has gone on to the next. */
static void a_dropped_record_is_a_duplicate(void **state)
{
    Folder *folder = new_folder();
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_RECORDS);
    MstBatch *later = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_RECORDS);
    const MstRecord *record;
    MstFeed *feed;

    (void)state;
    add_file(folder, REMOVED "\n" REMOVED "\n", 2 * strlen(REMOVED) + 2);
    add_file(folder, REMOVED "\n" REMOVED "\n", 2 * strlen(REMOVED) + 2);
    feed = mst_feed_new(&folder->source, folder->zones, 0, NULL);
    assert_true(mst_feed_next(feed, batch));
    assert_true(mst_feed_next(feed, later));
    assert_int_equal(batch->records->len, 2);
    record = &g_array_index(batch->records, MstRecord, 1);
    assert_int_equal(record->first_event, 1);
    assert_int_equal(record->n_events, 1);
    assert_int_equal(record->number, 2);
    assert_true(record->hash == g_array_index(batch->records, MstRecord, 0).hash);
    mst_feed_drop_record(record);
    assert_false(mst_feed_next(feed, later));
    for (int asked = 0; asked < 2; asked++) {
        const MstFileTally *tally = g_ptr_array_index(mst_feed_tallies(feed), 0);

        assert_int_equal(tally->fates[MST_FATE_EVENT], 1);
        assert_int_equal(tally->fates[MST_FATE_DUPLICATE], 1);
        assert_int_equal(tally->events, 1);
        tally = g_ptr_array_index(mst_feed_tallies(feed), 1);
        assert_int_equal(tally->fates[MST_FATE_EVENT], 2);
        assert_int_equal(tally->fates[MST_FATE_DUPLICATE], 0);
        assert_int_equal(tally->events, 2);
    }
    mst_feed_free(feed);
    mst_batch_free(batch);
    mst_batch_free(later);
    free_folder(folder);
}

int main(void)
{
    struct CMUnitTest small[G_N_ELEMENTS(cases)];
    const struct CMUnitTest large[] = {
        cmocka_unit_test(every_seam_gives_the_same_events),
        cmocka_unit_test(the_longest_line_is_read_and_a_longer_one_is_broken),
        cmocka_unit_test(the_longest_line_across_a_seam),
        cmocka_unit_test(a_broken_long_line_is_shown_in_part),
        cmocka_unit_test(a_hundred_megabytes_without_an_end_are_one_broken_line),
        cmocka_unit_test(a_line_does_not_go_on_in_the_next_file),
        cmocka_unit_test(nor_does_one_that_is_skipped),
        cmocka_unit_test(a_file_that_vanished_is_a_problem_and_the_others_are_read),
        cmocka_unit_test(each_host_of_a_file_has_its_own_tally),
        cmocka_unit_test(many_tags_by_turns),
        cmocka_unit_test(long_tags),
        cmocka_unit_test(hashes_of_records_depend_on_the_seed),
        cmocka_unit_test(a_dropped_record_is_a_duplicate),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        small[i] = (struct CMUnitTest){cases[i].name, check_case, NULL, NULL, (void *)&cases[i]};
    return cmocka_run_group_tests_name("small files", small, NULL, NULL) +
           cmocka_run_group_tests_name("large files", large, NULL, NULL);
}
