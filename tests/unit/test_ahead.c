/* test_ahead.c - feeds that are read ahead of whoever takes their batches */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "cli/ahead.h"

enum {
    LINES = 20000, /* several batches */
    MAX_FEEDS = 12,
};

/* Logs in a folder, each with its own host. */
typedef struct Logs {
    char *folder;
    MstZones *zones;
    GPtrArray *sources, *feeds;
} Logs;

static void write_log(const char *folder, guint which)
{
    g_autofree char *path = g_strdup_printf("%s/%02u.log", folder, which);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < LINES; i++)
        g_string_append_printf(text, "2026-05-11T10:00:00Z mx%u postfix/qmgr[1]: A%05X: removed\n",
                               which, i);
    assert_true(g_file_set_contents(path, text->str, (gssize)text->len, NULL));
}

static void free_feed(gpointer feed)
{
    mst_feed_free(feed);
}

static Logs write_logs(guint count)
{
    Logs logs = {.folder = g_dir_make_tmp("test_ahead.XXXXXX", NULL), .zones = mst_zones_new()};
    MstSourceQuery query = {.paths = (char *[]){logs.folder, NULL}, .zones = logs.zones};
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);

    for (guint i = 0; i < count; i++)
        write_log(logs.folder, i);
    logs.sources = mst_sources_find(&query, problems, NULL);
    assert_int_equal(logs.sources->len, count);
    logs.feeds = g_ptr_array_new_with_free_func(free_feed);
    for (guint i = 0; i < count; i++)
        g_ptr_array_add(logs.feeds,
                        mst_feed_new(g_ptr_array_index(logs.sources, i), logs.zones, 0, NULL));
    return logs;
}

static void remove_logs(Logs *logs)
{
    for (guint i = 0; i < logs->sources->len; i++) {
        g_autofree char *path = g_strdup_printf("%s/%02u.log", logs->folder, i);

        g_unlink(path);
    }
    g_rmdir(logs->folder);
    g_free(logs->folder);
    g_ptr_array_unref(logs->feeds);
    g_ptr_array_unref(logs->sources);
    mst_zones_free(logs->zones);
}

/* Every event of the batch is that of the next line. */
static uint64_t check_batch(const MstBatch *batch, uint64_t line)
{
    for (guint i = 0; i < batch->events->len; i++)
        assert_int_equal(g_array_index(batch->events, MstEvent, i).line, ++line);
    return line;
}

/* Takes the feeds' batches in turn, to the end of each. */
static void check_feeds(guint count, guint jobs)
{
    Logs logs = write_logs(count);
    MstCrew *crew = mst_crew_new(jobs);
    MstAhead *ahead = mst_ahead_new(logs.feeds, crew, MST_KEEP_EVENTS);
    uint64_t lines[MAX_FEEDS] = {0};
    guint open = count;

    while (open > 0) {
        open = 0;
        for (guint i = 0; i < count; i++) {
            MstBatch *batch = mst_ahead_next(ahead, i);

            if (batch == NULL)
                continue;
            lines[i] = check_batch(batch, lines[i]);
            open++;
        }
    }
    for (guint i = 0; i < count; i++)
        assert_int_equal(lines[i], LINES);
    mst_ahead_free(ahead);
    mst_crew_free(crew);
    remove_logs(&logs);
}

static void test_batches_come_in_order(void **state)
{
    static const guint jobs[] = {1, 2, 3, 8};
    static const guint counts[] = {1, 3, MAX_FEEDS};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(jobs); i++) {
        for (size_t j = 0; j < G_N_ELEMENTS(counts); j++)
            check_feeds(counts[j], jobs[i]);
    }
}

/* What was read and not taken is dropped, while threads are at work. */
static void test_can_be_left_early(void **state)
{
    MstCrew *crew = mst_crew_new(4);

    (void)state;
    for (guint taken = 0; taken < 3; taken++) {
        Logs logs = write_logs(3);
        MstAhead *ahead = mst_ahead_new(logs.feeds, crew, MST_KEEP_EVENTS);

        for (guint i = 0; i < taken; i++)
            assert_non_null(mst_ahead_next(ahead, i));
        mst_ahead_free(ahead);
        remove_logs(&logs);
    }
    mst_crew_free(crew);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batches_come_in_order),
        cmocka_unit_test(test_can_be_left_early),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
