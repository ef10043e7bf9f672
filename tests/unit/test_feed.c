/* test_feed.c - which reader reads a line: by its tag, or by what the file is */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <glib/gstdio.h>
#include <unistd.h>

#include "mailstory/feed.h"
#include "recorder.h"

#define NOISE_20                                                                                   \
    "Nov 21 22:00:00 mx1 cron: x\nNov 21 22:00:00 mx1 cron: x\nNov 21 22:00:00 mx1 cron: x\n"      \
    "Nov 21 22:00:00 mx1 cron: x\nNov 21 22:00:00 mx1 cron: x\nNov 21 22:00:00 mx1 cron: x\n"      \
    "Nov 21 22:00:00 mx1 cron: x\nNov 21 22:00:00 mx1 cron: x\nNov 21 22:00:00 mx1 cron: x\n"      \
    "Nov 21 22:00:00 mx1 cron: x\nNov 21 22:00:00 mx1 cron: x\nNov 21 22:00:00 mx1 cron: x\n"      \
    "Nov 21 22:00:00 mx1 cron: x\nNov 21 22:00:00 mx1 cron: x\nNov 21 22:00:00 mx1 cron: x\n"      \
    "Nov 21 22:00:00 mx1 cron: x\nNov 21 22:00:00 mx1 cron: x\nNov 21 22:00:00 mx1 cron: x\n"      \
    "Nov 21 22:00:00 mx1 cron: x\nNov 21 22:00:00 mx1 cron: x\n"

static const struct Case {
    const char *name;
    const char *log;
    const char
        *expected; /* `SECONDS.MICROSECONDS HOST SYSTEM EVENT`, then the fates that are not 0 */
    const char *system; /* said by hand; NULL */
} cases[] = {
    {"multilog's lines are qmail's",
     "@400000006b02151d1b73c754 new msg 93\n@400000006b02151d1b73cb3c end msg 93\n",
     "1795298579.460572 relay qmail accept id=93\n1795298579.460573 relay qmail done id=93\n"
     "event 2\n"},
    {"tai64nlocal's too", "2026-11-21 22:02:59.460572500 new msg 93\n",
     "1795298579.460572 relay qmail accept id=93\nevent 1\n"},
    {"svlogd's too", "2026-11-21_22:02:59.46057 new msg 93\n",
     "1795298579.460570 relay qmail accept id=93\nevent 1\n"},
    {"a stamp of seconds and a fraction", "1795298579.460572 new msg 93\n",
     "1795298579.460572 relay qmail accept id=93\nevent 1\n"},
    {"what such a file holds besides is judged by qmail's reader",
     "\r\n@400000006b02151d1b73c754 new msg 93\r\n@400000006b02151d1b73c754 hello\n",
     "1795298579.460572 relay qmail accept id=93\nevent 1\nnoise 1\nbroken 1\n"},
    {"splogger's stamp counts, and syslog's host",
     "Nov 21 22:03:01 out qmail: 1795298579.460572 new msg 93\n",
     "1795298579.460572 out qmail accept id=93\nevent 1\n"},
    {"splogger with a process ID", "Nov 21 22:03:01 out qmail[7]: 1795298579.460572 new msg 93\n",
     "1795298579.460572 out qmail accept pid=7 id=93\nevent 1\n"},
    {"another tag than splogger's own", "Nov 21 22:03:01 out qsend: 1795298579.460572 new msg 93\n",
     "1795298579.460572 out qmail accept id=93\nevent 1\n"},
    {"a syslog is none of qmail's, whatever stands in it",
     "Nov 21 22:02:59 mx1 postfix/qmgr[5]: 4jX5yF38QFznRG8: removed\n"
     "Nov 21 22:02:59 mx1 hello: new message\n"
     "Nov 21 22:02:59 mx1 new msg 93x\n",
     "1795298579.000000 mx1 postfix done pid=5 id=4jX5yF38QFznRG8\n"
     "event 1\nforeign 2\n"},
    {"a line without a tag, far from the start, is known by its text",
     NOISE_20 "Nov 21 22:02:59 mx1 new msg 93\n",
     "1795298579.000000 mx1 qmail accept id=93\nevent 1\nforeign 20\n"},
    {"tagged lines in multilog's file are their own",
     "@400000006b02151d1b73c754 new msg 93\n"
     "@400000006b02151d1b73c754 spamdyke[5]: DENIED x\n",
     "1795298579.460572 relay qmail accept id=93\nevent 1\nforeign 1\n"},
    {"said by hand, all lines are qmail's", "2026-11-21T22:02:59Z relay: hello\n", "broken 1\n",
     .system = "qmail"},
};

static void write_fates(GString *out, const GPtrArray *tallies)
{
    static const char *const names[MST_FATES] = {"event",   "continuation", "noise",
                                                 "foreign", "broken",       "duplicate"};
    uint64_t sums[MST_FATES] = {0};

    for (guint i = 0; i < tallies->len; i++) {
        const MstFileTally *tally = g_ptr_array_index(tallies, i);

        for (guint fate = 0; fate < MST_FATES; fate++)
            sums[fate] += tally->fates[fate];
    }
    for (guint fate = 0; fate < MST_FATES; fate++) {
        if (sums[fate] > 0)
            g_string_append_printf(out, "%s %" G_GUINT64_FORMAT "\n", names[fate], sums[fate]);
    }
}

static void write_events(GString *out, const MstBatch *batch)
{
    for (guint i = 0; i < batch->events->len; i++) {
        const MstEvent *event = &g_array_index(batch->events, MstEvent, i);

        g_string_append_printf(out, "%" G_GINT64_FORMAT ".%06d %.*s %s ",
                               event->time_us / G_USEC_PER_SEC,
                               (int)(event->time_us % G_USEC_PER_SEC), (int)event->host.len,
                               event->host.ptr, mst_system_name(event->system));
        recorder_write(out, event);
        g_string_append_c(out, '\n');
    }
}

static char *read_file(const char *path, const char *system)
{
    MstLogFile file = {.name = (char *)path, .path = (char *)path, .mtime_us = 1795392000000000};
    g_autoptr(GPtrArray) files = g_ptr_array_new();
    MstSource source = {
        .name = (char *)path, .host = (char *)"relay", .system = (char *)system, .files = files};
    MstZones *zones = mst_zones_new();
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_EVENTS);
    GString *out = g_string_new(NULL);
    MstFeed *feed;

    g_ptr_array_add(files, &file);
    assert_true(mst_zones_add(zones, "UTC", NULL));
    feed = mst_feed_new(&source, zones, 0, NULL);
    while (mst_feed_next(feed, batch))
        write_events(out, batch);
    write_fates(out, mst_feed_tallies(feed));
    mst_feed_free(feed);
    mst_batch_free(batch);
    mst_zones_free(zones);
    return g_string_free(out, FALSE);
}

static void check_case(void **state)
{
    const struct Case *c = *state;
    g_autofree char *path = NULL;
    g_autofree char *actual = NULL;
    int fd = g_file_open_tmp("feed-XXXXXX", &path, NULL);

    assert_true(fd >= 0);
    close(fd);
    assert_true(g_file_set_contents(path, c->log, -1, NULL));
    actual = read_file(path, c->system);
    g_unlink(path);
    assert_string_equal(actual, c->expected);
}

int main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(cases)];

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check_case, NULL, NULL, (void *)&cases[i]};
    return cmocka_run_group_tests_name("feed", tests, NULL, NULL);
}
