/* run.c - the main job: logs in, tables out */
#include "run.h"

#include <stdio.h>

#include "account.h"
#include "base/index.h"
#include "behind.h"
#include "complain.h"
#include "hands.h"
#include "merge.h"
#include "supply.h"

/* What merged events and strange lines go to. */
typedef struct Outlet {
    MstMergeSink sink; /* first member */
    MstCorrelator *correlator;
    MstExporter *exporter;
} Outlet;

static bool on_event(MstMergeSink *sink, const MstEvent *event, int64_t now_us, const char *file)
{
    Outlet *self = (Outlet *)sink;

    mst_correlator_event(self->correlator, event, now_us, file);
    return !mst_exporter_failed(self->exporter);
}

static void on_strange(MstMergeSink *sink, const MstStrangeLine *line, const char *file)
{
    Outlet *self = (Outlet *)sink;

    mst_exporter_line(self->exporter, file, line);
}

static void free_feed(gpointer feed)
{
    mst_feed_free(feed);
}

static GPtrArray *open_feeds(const GPtrArray *sources, const MstZones *zones, GError **error)
{
    GPtrArray *feeds = g_ptr_array_new_with_free_func(free_feed);
    uint64_t seed = mst_index_seed();

    for (guint i = 0; i < sources->len; i++) {
        MstFeed *feed = mst_feed_new(g_ptr_array_index(sources, i), zones, seed, error);

        if (feed == NULL) {
            g_ptr_array_unref(feeds);
            return NULL;
        }
        g_ptr_array_add(feeds, feed);
    }
    return feeds;
}

/* SHA-256 of a file as it lies on disk; NULL if it cannot be read again. */
static char *checksum_of(const char *path)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guchar buffer[65536];
    FILE *file = fopen(path, "rb");
    size_t got;

    if (file == NULL)
        return NULL;
    while ((got = fread(buffer, 1, sizeof buffer, file)) > 0)
        g_checksum_update(checksum, buffer, (gssize)got);
    fclose(file);
    return g_strdup(g_checksum_get_string(checksum));
}

static void export_sources(const MstOptions *options, const GPtrArray *feeds, MstExporter *exporter,
                           MstAccount *account)
{
    const MstLogFile *last = NULL;
    g_autofree char *checksum = NULL;

    for (guint i = 0; i < feeds->len; i++) {
        const GPtrArray *tallies = mst_feed_tallies(g_ptr_array_index(feeds, i));

        account->lines += mst_feed_lines(g_ptr_array_index(feeds, i));
        for (guint j = 0; j < tallies->len; j++) {
            const MstFileTally *tally = g_ptr_array_index(tallies, j);

            if (tally->file != last) {
                account->files++;
                g_clear_pointer(&checksum, g_free);
                if (options->checksum)
                    checksum = checksum_of(tally->file->path);
            }
            last = tally->file;
            mst_account_add(account, tally);
            mst_exporter_source(exporter, tally, checksum);
        }
    }
}

static guint print_problems(const GPtrArray *problems)
{
    for (guint i = 0; i < problems->len; i++) {
        const GError *problem = g_ptr_array_index(problems, i);

        mst_complain(problem->message);
    }
    return problems->len;
}

/* The pipeline: feeds → merge → correlator → stories written behind it. */
static bool run_pipeline(const MstOptions *options, GPtrArray *sources, GPtrArray *feeds,
                         MstAccount *account, GError **error)
{
    MstMergeSetup setup = {.keep_strange = options->folder != NULL};
    Outlet outlet = {.sink = {on_event, on_strange}};
    MstBehind *behind;
    MstSupply *supply;
    MstHands *hands;
    bool done;

    outlet.exporter = options->folder == NULL
                          ? mst_exporter_new_stdout(&options->style)
                          : mst_exporter_new_folder(options->folder, &options->style, error);
    if (outlet.exporter == NULL)
        return false;
    setup.crew = mst_crew_new(options->jobs);
    behind = mst_behind_new(outlet.exporter, setup.crew);
    supply = mst_supply_new(setup.crew);
    hands = mst_hands_new(setup.crew, options->jobs);
    if (!mst_crew_is_alone(setup.crew))
        mst_exporter_set_spread(outlet.exporter, mst_hands_spread(hands));
    outlet.correlator = mst_correlator_new(&options->correlator, mst_behind_sink(behind), error);
    done = outlet.correlator != NULL;
    if (done) {
        mst_correlator_set_supply(outlet.correlator, mst_supply_of_slabs(supply));
        mst_merge(sources, feeds, &setup, &outlet.sink);
        mst_correlator_finish(outlet.correlator);
        export_sources(options, feeds, outlet.exporter, account);
        done = mst_exporter_finish(outlet.exporter, error);
    }
    mst_correlator_free(outlet.correlator);
    mst_supply_free(supply);
    mst_behind_free(behind);
    mst_hands_free(hands);
    mst_crew_free(setup.crew);
    mst_exporter_free(outlet.exporter);
    return done;
}

bool mst_run_tables(const MstOptions *options, int *ret_status, GError **error)
{
    MstSourceQuery query = {options->paths, options->by_hand, options->zones};
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
    g_autoptr(GPtrArray) sources = mst_sources_find(&query, problems, error);
    g_autoptr(GPtrArray) feeds = NULL;
    MstAccount account = {0};
    guint failures;

    if (sources == NULL)
        return false;
    feeds = open_feeds(sources, options->zones, error);
    if (feeds == NULL || !run_pipeline(options, sources, feeds, &account, error))
        return false;
    failures = print_problems(problems);
    for (guint i = 0; i < feeds->len; i++)
        failures += print_problems(mst_feed_problems(g_ptr_array_index(feeds, i)));
    mst_account_print(&account);
    if (account.events == 0)
        mst_complain("no line of a known mail system; see `mailstory formats`");
    if (options->strict && account.fates[MST_FATE_BROKEN] > 0) {
        mst_complain("there are broken lines (--strict); lines.csv lists them");
        failures++;
    }
    *ret_status = failures > 0 ? 1 : 0;
    return true;
}

void mst_run_formats(void)
{
    for (size_t i = 0; mst_readers[i] != NULL; i++)
        printf("%-10s %s\n    %s\n", mst_system_name(mst_readers[i]->system),
               mst_readers[i]->summary, mst_readers[i]->example);
}
