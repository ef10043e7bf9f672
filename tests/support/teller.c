/* teller.c - what the correlator made of logs, as text that a test can compare */
#include "teller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "cli/merge.h"
#include "mailstory/correlator.h"
#include "shorthand.h"

/* ---- the logs on disk */

static void add_to_file(GHashTable *files, const char *name, const char *line)
{
    GString *text = g_hash_table_lookup(files, name);

    if (text == NULL) {
        text = g_string_new(NULL);
        g_hash_table_insert(files, g_strdup(name), text);
    }
    g_string_append(text, line);
}

static void free_text(gpointer text)
{
    g_string_free(text, TRUE);
}

static void write_files(GHashTable *files, const char *folder)
{
    GHashTableIter iter;
    gpointer name, text;

    g_hash_table_iter_init(&iter, files);
    while (g_hash_table_iter_next(&iter, &name, &text)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        assert_true(g_file_set_contents(path, ((GString *)text)->str, -1, NULL));
    }
}

static void write_logs(const char *log, const char *folder, TellerFiles how)
{
    g_autoptr(GHashTable) files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_text);
    g_auto(GStrv) lines = g_strsplit(log, "\n", -1);

    for (char **at = lines; *at != NULL; at++) {
        g_autofree char *host = NULL;
        g_autofree char *line = **at == '\0' ? NULL : shorthand_expand(*at, &host);
        g_autofree char *own = host == NULL ? NULL : g_strconcat(host, ".log", NULL);

        if (line != NULL && how == TELLER_CENTRAL)
            add_to_file(files, "central.log", line);
        if (line != NULL && how == TELLER_BY_HOST)
            add_to_file(files, own, line);
    }
    write_files(files, folder);
}

static void remove_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        g_unlink(path);
    }
    g_rmdir(folder);
}

/* ---- the stories as text */

typedef struct Teller {
    MstStorySink sink; /* first members */
    MstMergeSink merge;
    MstCorrelator *correlator;
    MstTeller *teller;
    GString *told;
    GHashTable *labels;    /* story ID as a note writes it -> HOST/ID of its first hop */
    guint events;          /* that the correlator was given */
    guint evidence, loose; /* that the sink was given */
} Teller;

/* Notes and `about` name stories by IDs, which may be told later: they are replaced at the end. */
static char *id_text(uint64_t id)
{
    return g_strdup_printf("%016" G_GINT64_MODIFIER "x", id);
}

static void tell_links(GString *out, const MstHop *hop)
{
    for (const MstLink *link = hop->into; link != NULL; link = link->next_into) {
        if (link->method == MST_LINK_NOTIFY)
            continue;
        g_string_append_printf(out, " <%u %s %s %s", link->from->number,
                               link->delivery == NULL ? "*" : link->delivery->recipient,
                               mst_link_method_name(link->method),
                               mst_confidence_name(link->confidence));
        if (link->candidates > 1)
            g_string_append_printf(out, " of %u", link->candidates);
        if (link->dt_us != 0)
            g_string_append_printf(out, " %+gs", (double)link->dt_us / 1e6);
    }
}

static void tell_hop(GString *out, const MstHop *hop)
{
    static const char *const ends[] = {
        [MST_END_OPEN] = "open",     [MST_END_LINE] = "line",       [MST_END_FINAL] = "final",
        [MST_END_REUSED] = "reused", [MST_END_SILENCE] = "silence", [MST_END_LOG] = "log",
    };

    g_string_append_printf(out, " %u %s/%s %s", hop->number, hop->host->name, hop->queue_id,
                           ends[hop->end]);
    tell_links(out, hop);
    g_string_append_c(out, '\n');
}

static void tell_outcome(GString *out, const MstOutcome *outcome)
{
    g_string_append_printf(out, " %s", outcome->recipient);
    if (!g_str_equal(outcome->recipient, outcome->original))
        g_string_append_printf(out, " (%s)", outcome->original);
    g_string_append_printf(out, " %s %u", mst_action_name(outcome->action), outcome->hop->number);
    if (outcome->confidence != MST_CONFIDENCE_EXACT)
        g_string_append_printf(out, " %s", mst_confidence_name(outcome->confidence));
    if (outcome->attempts > 1)
        g_string_append_printf(out, " x%u", outcome->attempts);
    g_string_append_c(out, '\n');
}

static void check_counts(const MstStory *story)
{
    assert_int_equal(story->recipients, story->delivered + story->failed + story->pending);
    assert_int_not_equal(story->outcomes->len, 0);
}

static void label(Teller *self, const MstStory *story)
{
    for (guint i = 0; i < story->n_hops; i++) {
        const MstHop *hop = story->hops[i];

        assert_int_equal(hop->number, i + 1);
        assert_int_not_equal(hop->end, MST_END_OPEN);
        if (hop->identity == story->id)
            g_hash_table_insert(self->labels, id_text(story->id),
                                g_strdup_printf("%s/%s", hop->host->name, hop->queue_id));
        for (const MstEvidence *at = mst_hop_extras(hop)->evidence; at != NULL; at = at->next)
            self->evidence++;
    }
}

static void tell_story(Teller *self, const MstStory *story)
{
    check_counts(story);
    label(self, story);
    g_string_append_printf(self->told, "story %s", mst_action_name(story->action));
    if (story->confidence != MST_CONFIDENCE_EXACT)
        g_string_append_printf(self->told, " %s", mst_confidence_name(story->confidence));
    g_string_append_c(self->told, '\n');
    for (guint i = 0; i < story->n_hops; i++)
        tell_hop(self->told, story->hops[i]);
    for (guint i = 0; i < story->outcomes->len; i++)
        tell_outcome(self->told, &g_array_index(story->outcomes, MstOutcome, i));
    if (story->related_to != 0) {
        g_autofree char *id = id_text(story->related_to);

        g_string_append_printf(self->told, " about %s\n", id);
    }
    if (story->notes[0] != '\0')
        g_string_append_printf(self->told, " note: %s\n", story->notes);
}

static void on_take(MstStorySink *sink, MstStory *story, MstRemains *remains)
{
    Teller *self = (Teller *)sink;

    if (story->loose) {
        for (const MstEvidence *at = mst_hop_extras(story->first)->evidence; at != NULL;
             at = at->next)
            self->loose++;
    } else {
        mst_teller_tell(self->teller, story);
        tell_story(self, story);
    }
    *remains = (MstRemains){0};
    mst_story_take_apart(story, remains);
}

static void on_finish(MstStorySink *sink, MstRemains *remains)
{
    (void)sink;
    *remains = (MstRemains){0};
}

static void replace_ids(Teller *self)
{
    GHashTableIter iter;
    gpointer id, name;

    if (strstr(self->told->str, " about ") == NULL && strstr(self->told->str, " note: ") == NULL)
        return;
    g_hash_table_iter_init(&iter, self->labels);
    while (g_hash_table_iter_next(&iter, &id, &name))
        g_string_replace(self->told, id, name, 0);
}

/* ---- the pipeline */

static bool on_event(MstMergeSink *sink, const MstEvent *event, int64_t now_us, const char *file)
{
    Teller *self = (Teller *)((char *)sink - offsetof(Teller, merge));

    self->events++;
    mst_correlator_event(self->correlator, event, now_us, file);
    return true;
}

static void on_strange(MstMergeSink *sink, const MstStrangeLine *line, const char *file)
{
    (void)sink, (void)line, (void)file;
}

static void free_feed(gpointer feed)
{
    mst_feed_free(feed);
}

/* What lies in the folder, through the feeds. */
static void read_folder(Teller *self, char *folder)
{
    MstZones *zones = mst_zones_new();
    MstCrew *crew = mst_crew_new(2);
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
    g_autoptr(GPtrArray) feeds = g_ptr_array_new_with_free_func(free_feed);
    g_autoptr(GPtrArray) sources = mst_sources_find(
        &(MstSourceQuery){.paths = (char *[]){folder, NULL}, .zones = zones}, problems, NULL);

    assert_int_equal(problems->len, 0);
    for (guint i = 0; i < sources->len; i++)
        g_ptr_array_add(feeds, mst_feed_new(g_ptr_array_index(sources, i), zones, 0, NULL));
    mst_merge(sources, feeds, &(MstMergeSetup){.crew = crew}, &self->merge);
    mst_crew_free(crew);
    mst_zones_free(zones);
}

static void correlate(Teller *self, char *folder, const TellerOptions *options)
{
    const MstCorrelatorOptions correlator = {
        .window_us = (options->window_s == 0 ? 900 : options->window_s) * G_USEC_PER_SEC,
        .max_queue_us = INT64_C(7) * 86400 * G_USEC_PER_SEC,
        .keep_events = !options->without_events,
        .host_names = (char *[]){(char *)options->host, NULL},
    };

    self->correlator = mst_correlator_new(&correlator, &self->sink, NULL);
    assert_non_null(self->correlator);
    read_folder(self, folder);
    mst_correlator_finish(self->correlator);
    mst_correlator_free(self->correlator);
}

char *teller_tell(const char *log, const TellerOptions *options)
{
    g_autofree char *folder = g_dir_make_tmp("mailstory-XXXXXX", NULL);
    Teller self = {
        .sink = {on_take, on_finish},
        .merge = {on_event, on_strange},
        .teller = mst_teller_new(),
        .told = g_string_new(NULL),
        .labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
    };

    assert_non_null(folder);
    write_logs(log, folder, options->files);
    correlate(&self, folder, options);
    remove_folder(folder);
    replace_ids(&self);
    g_hash_table_unref(self.labels);
    mst_teller_free(self.teller);
    if (!options->without_events)
        assert_int_equal(self.evidence + self.loose, self.events);
    if (self.loose > 0)
        g_string_append_printf(self.told, "loose %u\n", self.loose);
    return g_string_free(self.told, FALSE);
}

/* ---- a table of cases */

static void check_stories(const TellerCase *row, TellerFiles files, const char *told)
{
    TellerOptions options = {.files = files, .window_s = row->window_s, .host = row->host};
    g_autofree char *actual = teller_tell(row->log, &options);

    assert_string_equal(actual, told);
}

static void check_without_events(const TellerCase *row)
{
    TellerOptions options = {.without_events = true, .window_s = row->window_s, .host = row->host};
    const char *loose = strstr(row->told, "loose ");
    g_autofree char *actual = teller_tell(row->log, &options);
    g_autofree char *told = g_strndup(row->told, loose == NULL ? strlen(row->told)
                                                               : (size_t)(loose - row->told));

    assert_string_equal(actual, told);
}

static void check_case(void **state)
{
    const TellerCase *row = *state;

    check_stories(row, TELLER_CENTRAL, row->told);
    check_stories(row, TELLER_BY_HOST, row->told);
    check_without_events(row);
}

int teller_run(const char *group, const TellerCase *cases, size_t count)
{
    g_autofree struct CMUnitTest *tests = g_new0(struct CMUnitTest, count);

    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check_case, NULL, NULL, (void *)&cases[i]};
    return _cmocka_run_group_tests(group, tests, count, NULL, NULL);
}
