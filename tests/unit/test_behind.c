/* test_behind.c - stories that are told and written behind whoever joins them */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <sys/resource.h>
#include <signal.h>

#include "cli/behind.h"
#include "correlate/life.h"

enum {
    STORIES = 20000, /* many times what may wait */
    LARGE = 5000,    /* recipients: more than may wait */
    ODD = 4096,      /* bytes that fit into no ordinary block */
};

/* Stories of one hop each, with some memory; every tenth is loose. */
typedef struct World {
    MstArenaPool pool;
    MstHost host;
    MstEvidence connect;
    MstHopExtras extras; /* with that */
    MstLife *lives;
    MstDelivery *deliveries, *many;
    MstHop **hops;
    MstStory *stories;
    bool *back;            /* whether the story came back */
    guint away, most_away; /* stories that did not, so far */
} World;

static void make_story(World *w, guint i)
{
    MstStory *story = &w->stories[i];
    MstHop *hop = &w->lives[i].hop;

    *hop = (MstHop){.host = &w->host,
                    .system = MST_SYSTEM_POSTFIX,
                    .queue_id = "4ZkVqL3tXn",
                    .size = -1,
                    .recipients = -1,
                    .number = 1,
                    .end = MST_END_LINE,
                    .arena.pool = &w->pool};
    (void)mst_arena_alloc(&hop->arena, 1);
    if (i % 100 == 0)
        (void)mst_arena_alloc(&hop->arena, ODD);
    story->id = i + 1;
    story->first = hop;
    w->hops[i] = hop;
    story->hops = &w->hops[i];
    story->n_hops = 1;
    hop->story = story;
    story->loose = i % 10 == 9;
    if (story->loose) {
        w->extras.evidence = &w->connect;
        hop->extras = &w->extras;
        return;
    }
    w->deliveries[i] = (MstDelivery){.recipient = "bob@example.test", .action = MST_ACTION_RELAYED};
    hop->deliveries = hop->last_delivery = &w->deliveries[i];
    hop->n_deliveries = 1;
}

/* The first story has very many recipients. */
static void make_large(World *w)
{
    MstHop *hop = &w->lives[0].hop;

    for (guint i = 0; i < LARGE; i++)
        w->many[i] = (MstDelivery){.recipient = "carol@example.test",
                                   .action = MST_ACTION_FAILED,
                                   .next = i + 1 < LARGE ? &w->many[i + 1] : NULL};
    hop->deliveries = w->many;
    hop->last_delivery = &w->many[LARGE - 1];
    hop->n_deliveries = LARGE;
}

static void make_world(World *w)
{
    *w = (World){.host = {.name = (char *)"mx1"},
                 .connect = {.kind = MST_EVENT_CONNECT, .process = "postfix/smtpd", .file = "log"},
                 .lives = g_new0(MstLife, STORIES),
                 .deliveries = g_new0(MstDelivery, STORIES),
                 .many = g_new0(MstDelivery, LARGE),
                 .hops = g_new0(MstHop *, STORIES),
                 .stories = g_new0(MstStory, STORIES),
                 .back = g_new0(bool, STORIES)};
    for (guint i = 0; i < STORIES; i++)
        make_story(w, i);
    make_large(w);
}

static void clear_world(World *w)
{
    mst_arena_pool_clear(&w->pool);
    g_free(w->lives);
    g_free(w->hops);
    g_free(w->deliveries);
    g_free(w->many);
    g_free(w->stories);
    g_free(w->back);
}

/* Each comes back once. What came back is the caller's: it does with it what it likes. */
static void count_back(World *w, MstRemains *remains)
{
    MstStory *story = remains->first;

    mst_arena_pool_take_back(&w->pool, &remains->blocks);
    while (story != NULL) {
        MstStory *next = story->next;
        size_t i = (size_t)(story - w->stories);

        assert_false(w->back[i]);
        assert_true((next == NULL) == (story == remains->last));
        w->back[i] = true;
        w->away--;
        story->next = story;
        story->id = 0;
        w->lives[i].hop.queue_id = NULL;
        story = next;
    }
}

/* Hands all stories on. */
static void run(MstExporter *exporter, guint jobs)
{
    MstCrew *crew = mst_crew_new(jobs);
    MstBehind *behind = mst_behind_new(exporter, crew);
    MstStorySink *sink = mst_behind_sink(behind);
    MstRemains remains;
    World w;

    make_world(&w);
    for (guint i = 0; i < STORIES; i++) {
        w.away++;
        w.most_away = MAX(w.most_away, w.away);
        sink->take(sink, &w.stories[i], &remains);
        count_back(&w, &remains);
    }
    sink->finish(sink, &remains);
    count_back(&w, &remains);
    for (guint i = 0; i < STORIES; i++)
        assert_true(w.back[i]);
    assert_int_equal(w.pool.in_use, 0);
    assert_in_range(w.most_away, 1, STORIES / 2); /* they come back while others are written */
    mst_behind_free(behind);
    mst_crew_free(crew);
    clear_world(&w);
}

static const MstCsvStyle plain = {.delimiter = ','};

/* The tables that `jobs` threads write. */
static void write_tables(guint jobs, const char *const *names, char **tables, guint count)
{
    g_autofree char *folder = g_dir_make_tmp("test_behind.XXXXXX", NULL);
    g_autofree char *command = g_strconcat("rm -r ", folder, NULL);
    MstExporter *exporter = mst_exporter_new_folder(folder, &plain, NULL);

    assert_non_null(exporter);
    run(exporter, jobs);
    assert_true(mst_exporter_finish(exporter, NULL));
    mst_exporter_free(exporter);
    for (guint i = 0; i < count; i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);

        assert_true(g_file_get_contents(path, &tables[i], NULL, NULL));
    }
    assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
}

static guint count_rows(const char *table)
{
    guint rows = 0;

    for (const char *at = strchr(table, '\n'); at != NULL && at[1] != '\0';
         at = strchr(at + 1, '\n'))
        rows++;
    return rows;
}

static void test_same_tables(void **state)
{
    static const char *const names[] = {"stories.csv", "deliveries.csv", "hops.csv", "events.csv"};
    /* The large story's recipients have one address: then that has a row too. */
    static const guint rows[] = {STORIES * 9 / 10, STORIES * 9 / 10 + LARGE, STORIES * 9 / 10,
                                 STORIES / 10};
    char *here[G_N_ELEMENTS(names)], *apart[G_N_ELEMENTS(names)];

    (void)state;
    write_tables(1, names, here, G_N_ELEMENTS(names));
    write_tables(2, names, apart, G_N_ELEMENTS(names));
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        assert_int_equal(count_rows(here[i]), rows[i]);
        assert_string_equal(apart[i], here[i]);
        g_free(here[i]);
        g_free(apart[i]);
    }
}

/* A limit on the size of files stands for a full disk: all stories come back nevertheless. */
static void test_full_disk(void **state)
{
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    for (guint jobs = 1; jobs <= 2; jobs++) {
        g_autofree char *folder = g_dir_make_tmp("test_behind.XXXXXX", NULL);
        MstExporter *exporter = mst_exporter_new_folder(folder, &plain, NULL);
        g_autoptr(GError) error = NULL;
        struct rlimit before, tight;

        assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
        tight = (struct rlimit){.rlim_cur = 300, .rlim_max = before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
        run(exporter, jobs);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_true(mst_exporter_failed(exporter));
        assert_false(mst_exporter_finish(exporter, &error));
        assert_non_null(error);
        mst_exporter_free(exporter);
        assert_int_equal(g_rmdir(folder), 0);
    }
}

/* The run ends before its first story. */
static void test_nothing(void **state)
{
    (void)state;
    for (guint jobs = 1; jobs <= 2; jobs++) {
        MstCrew *crew = mst_crew_new(jobs);
        MstBehind *behind = mst_behind_new(NULL, crew);
        MstStorySink *sink = mst_behind_sink(behind);
        MstRemains remains;

        sink->finish(sink, &remains);
        assert_null(remains.first);
        assert_null(remains.blocks.first);
        mst_behind_free(behind);
        mst_behind_free(mst_behind_new(NULL, crew));
        mst_crew_free(crew);
    }
    mst_behind_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_tables),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_nothing),
    };

    return cmocka_run_group_tests_name("behind", tests, NULL, NULL);
}
