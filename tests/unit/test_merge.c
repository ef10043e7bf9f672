/* test_merge.c - several logs as one stream, and lines that two of them hold */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "cli/merge.h"

#define AT(second, id) "2026-05-11T10:00:" second "Z mx1 postfix/qmgr[1]: " id ": removed\n"
#define QUEUED(second, id)                                                                         \
    "2026-05-11T10:00:" second "Z mx1 postfix/qmgr[1]: " id ": from=<a@x.test>, size=1, nrcpt=1 "  \
    "(queue active)\n"
#define OF_HUB(second, id) "2026-05-11T10:00:" second "Z hub postfix/qmgr[1]: " id ": removed\n"
#define OF_RELAY(second, id) "2026-05-11T10:00:" second "Z relay postfix/qmgr[1]: " id ": removed\n"
#define FOREIGN(second) "2026-05-11T10:00:" second "Z mx1 cron: x\n"

enum { MAX_LOGS = 3, MAX_JOBS = 4 };

static const struct Case {
    const char *name;
    const char *logs[MAX_LOGS]; /* a.log, b.log, c.log */
    const char *merged;         /* `SECOND FILE:LINE`, or `FATE FILE:LINE [of FILE:LINE]` */
} cases[] = {
    {"by time",
     {AT("01", "A00001") AT("04", "A00004"), AT("02", "A00002") AT("03", "A00003")},
     "1 a.log:1\n2 b.log:1\n3 b.log:2\n4 a.log:2\n"},
    {"of equal stamps those of the earlier source, all of them",
     {AT("01", "A00001") AT("01", "A00002"), OF_HUB("01", "A00001") OF_HUB("01", "A00002")},
     "1 a.log:1\n1 a.log:2\n1 b.log:1\n1 b.log:2\n"},
    {"the order of a log holds where its stamps step back, and time does not",
     {AT("05", "A00001") AT("02", "A00002") AT("06", "A00003"), AT("03", "A00004")},
     "3 b.log:1\n5 a.log:1\n5 a.log:2\n6 a.log:3\n"},
    {"a log without events is no obstacle",
     {FOREIGN("01") FOREIGN("09"), AT("02", "A00001"), ""},
     "foreign a.log:1\nforeign a.log:2\n2 b.log:1\n"},
    {"a copy of a log is passed over",
     {AT("01", "A00001") AT("02", "A00002"), AT("01", "A00001") AT("02", "A00002")},
     "1 a.log:1\nduplicate b.log:1 of a.log:1\n2 a.log:2\nduplicate b.log:2 of a.log:2\n"},
    {"also if all of it is of one second",
     {AT("01", "A00001") AT("01", "A00002"), AT("01", "A00001") AT("01", "A00002")},
     "1 a.log:1\n1 a.log:2\nduplicate b.log:1 of a.log:1\nduplicate b.log:2 of a.log:2\n"},
    {"two copies are passed over",
     {AT("01", "A00001") AT("02", "A00002"), AT("01", "A00001") AT("02", "A00002"),
      AT("01", "A00001") AT("02", "A00002")},
     "1 a.log:1\nduplicate b.log:1 of a.log:1\nduplicate c.log:1 of a.log:1\n"
     "2 a.log:2\nduplicate b.log:2 of a.log:2\nduplicate c.log:2 of a.log:2\n"},
    {"what one log holds twice was logged twice",
     {AT("01", "A00001") AT("01", "A00001") AT("02", "A00002"), AT("02", "A00003")},
     "1 a.log:1\n1 a.log:2\n2 a.log:3\n2 b.log:1\n"},
    {"the second of a pair is the copy of the second",
     {AT("01", "A00001") AT("01", "A00001") AT("02", "A00002"),
      AT("01", "A00001") AT("01", "A00001") AT("02", "A00003")},
     "1 a.log:1\n1 a.log:2\nduplicate b.log:1 of a.log:1\nduplicate b.log:2 of a.log:1\n"
     "2 a.log:3\n2 b.log:3\n"},
    {"of three in one log and one in another, three were logged",
     {AT("01", "A00001") AT("02", "A00002"),
      AT("01", "A00001") AT("01", "A00001") AT("01", "A00001") AT("02", "A00003")},
     "1 a.log:1\nduplicate b.log:1 of a.log:1\n1 b.log:2\n1 b.log:3\n2 a.log:2\n2 b.log:4\n"},
    {"a finer stamp of the same second is the same line",
     {AT("01", "A00001") AT("02", "A00002"),
      "2026-05-11T10:00:01.500000Z mx1 postfix/qmgr[1]: A00001: removed\n" AT("03", "A00003")},
     "1 a.log:1\nduplicate b.log:1 of a.log:1\n2 a.log:2\n3 b.log:2\n"},
    {"another host's line is no copy",
     {AT("01", "A00001") AT("02", "A00002"), OF_HUB("01", "A00001") OF_HUB("02", "A00002")},
     "1 a.log:1\n1 b.log:1\n2 a.log:2\n2 b.log:2\n"},
    {"another second's line is no copy",
     {AT("01", "A00001") AT("03", "A00003"), AT("02", "A00001") AT("04", "A00003")},
     "1 a.log:1\n2 b.log:1\n3 a.log:2\n4 b.log:2\n"},
    {"a log that goes on in the second where another ends may repeat its last line",
     {AT("01", "A00001") AT("02", "A00002"), AT("02", "A00002") AT("03", "A00003")},
     "1 a.log:1\n2 a.log:2\n2 b.log:1\n3 b.log:2\n"},
    {"another log with lines of the host begins late: what came before it is known",
     {AT("01", "A00001") AT("02", "A00002") OF_HUB("03", "A00003") AT("04", "A00004"),
      OF_HUB("01", "A00001") AT("02", "A00002") AT("03", "A00003")},
     "1 a.log:1\n1 b.log:1\n2 a.log:2\nduplicate b.log:2 of a.log:2\n3 a.log:3\n3 b.log:3\n"
     "4 a.log:4\n"},
    {"lines of several kinds, of which the other log has one first",
     {AT("01", "A00001") QUEUED("01", "A00002") AT("03", "A00004"),
      QUEUED("01", "A00002") AT("02", "A00003") AT("03", "A00004")},
     "1 a.log:1\n1 a.log:2\nduplicate b.log:1 of a.log:2\n2 b.log:2\n3 a.log:3\n"
     "duplicate b.log:3 of a.log:3\n"},
    {"a pair before the other log begins is a pair",
     {AT("01", "A00001") AT("01", "A00001") AT("03", "A00002"),
      OF_HUB("01", "A00001") AT("01", "A00001") AT("01", "A00001") AT("01", "A00001")},
     "1 a.log:1\n1 a.log:2\n1 b.log:1\nduplicate b.log:2 of a.log:1\n"
     "duplicate b.log:3 of a.log:1\n1 b.log:4\n3 a.log:3\n"},
    {"of three logs the earliest goes on, whichever it is",
     {AT("01", "A00001") AT("05", "A00002"), OF_HUB("02", "A00003") OF_HUB("04", "A00004"),
      OF_RELAY("03", "A00005") OF_RELAY("03", "A00006") OF_RELAY("06", "A00007")},
     "1 a.log:1\n2 b.log:1\n3 c.log:1\n3 c.log:2\n4 b.log:2\n5 a.log:2\n6 c.log:3\n"},
    {"one log alone is not searched for copies",
     {AT("01", "A00001") AT("01", "A00001")},
     "1 a.log:1\n1 a.log:2\n"},
};

/* Writes down what comes. */
typedef struct Recorder {
    MstMergeSink sink; /* first member */
    GString *text;
    guint left; /* events until it has had enough */
} Recorder;

static bool on_event(MstMergeSink *sink, const MstEvent *event, int64_t now_us, const char *file)
{
    Recorder *self = (Recorder *)sink;
    g_autofree char *name = g_path_get_basename(file);

    g_string_append_printf(self->text, "%d %s:%d\n", (int)(now_us / G_USEC_PER_SEC % 60), name,
                           (int)event->line);
    return --self->left > 0;
}

static void on_strange(MstMergeSink *sink, const MstStrangeLine *line, const char *file)
{
    Recorder *self = (Recorder *)sink;
    g_autofree char *name = g_path_get_basename(file);

    if (line->verdict.fate == MST_FATE_DUPLICATE) {
        g_autofree char *first = g_path_get_basename(line->verdict.why);

        g_string_append_printf(self->text, "duplicate %s:%d of %s\n", name, (int)line->number,
                               first);
    } else {
        g_string_append_printf(self->text, "foreign %s:%d\n", name, (int)line->number);
    }
}

static void free_feed(gpointer feed)
{
    mst_feed_free(feed);
}

static void merge_folder(char *folder, guint jobs, Recorder *recorder)
{
    MstMergeSetup setup = {.crew = mst_crew_new(jobs), .keep_strange = true};
    MstZones *zones = mst_zones_new();
    MstSourceQuery query = {.paths = (char *[]){folder, NULL}, .zones = zones};
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
    g_autoptr(GPtrArray) feeds = g_ptr_array_new_with_free_func(free_feed);
    g_autoptr(GPtrArray) sources = mst_sources_find(&query, problems, NULL);

    assert_int_equal(problems->len, 0);
    for (guint i = 0; i < sources->len; i++)
        g_ptr_array_add(feeds, mst_feed_new(g_ptr_array_index(sources, i), zones, 0, NULL));
    mst_merge(sources, feeds, &setup, &recorder->sink);
    mst_crew_free(setup.crew);
    mst_zones_free(zones);
}

static char *merge_logs(const char *const *logs, guint jobs, guint enough)
{
    g_autofree char *folder = g_dir_make_tmp("mailstory-XXXXXX", NULL);
    Recorder recorder = {{on_event, on_strange}, g_string_new(NULL), enough};
    char *paths[MAX_LOGS] = {NULL};

    assert_non_null(folder);
    for (guint i = 0; i < MAX_LOGS && logs[i] != NULL; i++) {
        paths[i] = g_strdup_printf("%s/%c.log", folder, 'a' + (int)i);
        assert_true(g_file_set_contents(paths[i], logs[i], -1, NULL));
    }
    merge_folder(folder, jobs, &recorder);
    for (guint i = 0; i < MAX_LOGS && paths[i] != NULL; i++) {
        g_unlink(paths[i]);
        g_free(paths[i]);
    }
    g_rmdir(folder);
    return g_string_free(recorder.text, FALSE);
}

static void check_case(void **state)
{
    const struct Case *row = *state;

    for (guint jobs = 1; jobs <= MAX_JOBS; jobs++) {
        g_autofree char *merged = merge_logs(row->logs, jobs, G_MAXUINT);

        assert_string_equal(merged, row->merged);
    }
}

static void it_stops_where_the_sink_has_enough(void **state)
{
    const char *const logs[MAX_LOGS] = {AT("01", "A00001") AT("03", "A00003"),
                                        AT("02", "A00002") AT("04", "A00004")};

    (void)state;
    for (guint jobs = 1; jobs <= MAX_JOBS; jobs++) {
        g_autofree char *merged = merge_logs(logs, jobs, 3);

        assert_string_equal(merged, "1 a.log:1\n2 b.log:1\n3 a.log:2\n");
    }
}

int main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(cases) + 1];

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check_case, NULL, NULL, (void *)&cases[i]};
    tests[G_N_ELEMENTS(cases)] = (struct CMUnitTest)cmocka_unit_test(
        it_stops_where_the_sink_has_enough);
    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
