/*
 * exporter.c - stories into tables
 *
 * A table has its own name only once it is whole: until then it is `.stories.csv.XXXXXX` in the same
 * folder, so that nobody takes half a table for all of it, and the table of an earlier run stays
 * until there is a better one. A full disk may show as late as when the file is closed; so all
 * tables are closed before the first gets its name.
 */
#include "mailstory/exporter.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdatomic.h>
#include <unistd.h>

#include "export/columns.h"
#include "mailstory/error.h"

/* Written when there are so many: with fewer, the kernel's part of a call shows. */
enum { FULL_BYTES = 256 * 1024 };

/* Rows of one story that one thread makes, and with how many they are shared out. */
enum { PART_ROWS = 1024, MANY_ROWS = 4 * PART_ROWS };

typedef struct Table {
    MstCsvRows *rows; /* that are not written yet; NULL: the table is not written, or no longer */
    int fd;
    char *path;      /* the name it will have; NULL for the standard output */
    char *temporary; /* the name it has until then */
} Table;

/* An event of a story, before they are put in order. */
typedef struct Moment {
    const MstHop *hop;
    const MstEvidence *event;
} Moment;

/* Rows of a table that are of one story. */
typedef struct Series {
    MstTable table;
    guint count;
    /* What the row is about, in place of what the one before it was. */
    void (*set)(const MstExporter *self, guint row, MstSubject *of);
    MstSubject of; /* the story */
} Series;

/* What a thread writes to while others read stands last. */
struct MstExporter {
    atomic_int reason; /* errno of the first failure; 0 none */
    MstTable failed;   /* the table that it happened to */
    MstCsvStyle style;
    Table tables[MST_TABLES];
    GArray *moments;   /* of Moment; of one story at a time */
    MstSpread *spread; /* borrowed; NULL: all rows are made where they are written */
    GPtrArray *parts;  /* of MstCsvRows, for each of its places, once there was a large story */
};

static void fail(MstExporter *self, MstTable table, int reason)
{
    int none = 0;

    if (atomic_compare_exchange_strong(&self->reason, &none, reason != 0 ? reason : EIO))
        self->failed = table;
}

/* Writes rows of a table that there are so far. */
static void write_rows(MstExporter *self, MstTable which, MstCsvRows *rows)
{
    MstCsvBlock *block = mst_csv_block(rows);
    size_t done = 0;

    while (done < block->len && !mst_exporter_failed(self)) {
        ssize_t written = write(self->tables[which].fd, block->bytes + done, block->len - done);

        if (written >= 0)
            done += (size_t)written;
        else if (errno != EINTR)
            fail(self, which, errno);
    }
    block->len = 0;
}

static void flush(MstExporter *self, MstTable which)
{
    write_rows(self, which, self->tables[which].rows);
}

static bool is_wanted(const MstExporter *self, MstTable table)
{
    return self->tables[table].rows != NULL;
}

static void add_row(MstCsvRows *rows, MstTable table, const MstSubject *of)
{
    mst_table_add_values(table, rows, of);
    mst_csv_end_row(rows);
}

/* A row that is wanted. */
static void write_row(MstExporter *self, MstTable table, const MstSubject *of)
{
    MstCsvRows *rows = self->tables[table].rows;

    add_row(rows, table, of);
    if (mst_csv_block(rows)->len >= FULL_BYTES)
        flush(self, table);
}

/* The hop's own part of a row. */
static void set_hop(MstSubject *of, const MstHop *hop)
{
    of->hop = hop;
    of->host = hop->host->name;
    of->system = hop->system;
    of->queue_id = hop->queue_id;
}

/* What a story knows of its message is what the first hop knows that knows it. */
static MstSubject subject_of_story(const MstStory *story)
{
    MstSubject of = {.story = story,
                     .hop = story->first,
                     .first_us = story->first_us,
                     .last_us = story->last_us,
                     .action = story->action,
                     .confidence = story->confidence};

    for (guint i = 0; i < story->n_hops; i++) {
        const MstHop *hop = story->hops[i];

        if (of.message_id == NULL)
            of.message_id = hop->message_id;
        if (of.sender == NULL)
            of.sender = hop->sender;
    }
    return of;
}

/* ---- rows of one story */

/* What a part of a series is made of, by whatever thread. */
typedef struct Making {
    MstExporter *self;
    const Series *series;
} Making;

static void make_part(gpointer user, guint part, guint place)
{
    const Making *making = user;
    const Series *series = making->series;
    MstCsvRows *rows = g_ptr_array_index(making->self->parts, place);
    guint end = MIN((part + 1) * PART_ROWS, series->count);
    MstSubject of = series->of;

    for (guint row = part * PART_ROWS; row < end; row++) {
        series->set(making->self, row, &of);
        add_row(rows, series->table, &of);
    }
}

static void take_part(gpointer user, guint part, guint place)
{
    const Making *making = user;

    (void)part;
    write_rows(making->self, making->series->table, g_ptr_array_index(making->self->parts, place));
}

static void add_places(MstExporter *self)
{
    MstCsvStyle style = self->style;

    style.bom = false; /* which the table has already */
    while (self->parts->len < self->spread->places)
        g_ptr_array_add(self->parts, mst_csv_new(&style));
}

static void write_in_parts(MstExporter *self, const Series *series)
{
    Making making = {self, series};
    MstSpreadWork work = {.parts = (series->count + PART_ROWS - 1) / PART_ROWS,
                          .make = make_part,
                          .take = take_part,
                          .user = &making};

    add_places(self);
    flush(self, series->table);
    self->spread->run(self->spread, &work);
}

static void write_series(MstExporter *self, Series *series)
{
    if (self->spread != NULL && series->count >= MANY_ROWS) {
        write_in_parts(self, series);
        return;
    }
    for (guint row = 0; row < series->count; row++) {
        series->set(self, row, &series->of);
        write_row(self, series->table, &series->of);
    }
}

/* A row keeps of the story what it does not know better. */
static void set_outcome(const MstExporter *self, guint row, MstSubject *of)
{
    const MstOutcome *outcome = &g_array_index(of->story->outcomes, MstOutcome, row);

    (void)self;
    set_hop(of, outcome->hop);
    of->outcome = outcome;
    of->first_us = outcome->first_us;
    of->last_us = outcome->final_us;
    of->action = outcome->action;
    of->confidence = outcome->confidence;
}

static void write_deliveries(MstExporter *self, const MstSubject *story)
{
    Series series = {MST_TABLE_DELIVERIES, story->story->outcomes->len, set_outcome, *story};

    write_series(self, &series);
}

static void write_hops(MstExporter *self, const MstStory *story)
{
    for (guint i = 0; i < story->n_hops; i++) {
        const MstHop *hop = story->hops[i];
        MstSubject of = {.story = story,
                         .first_us = hop->first_us,
                         .last_us = hop->last_us,
                         .message_id = hop->message_id,
                         .sender = hop->sender};

        set_hop(&of, hop);
        write_row(self, MST_TABLE_HOPS, &of);
    }
}

static void set_event(MstSubject *of, const MstEvidence *event)
{
    of->event = event;
    of->queue_id = event->queue_id;
    of->first_us = event->time_us;
    of->action = event->action;
    of->file = event->file;
    of->line = event->line;
}

static void set_moment(const MstExporter *self, guint row, MstSubject *of)
{
    const Moment *moment = &g_array_index(self->moments, Moment, row);

    set_hop(of, moment->hop);
    set_event(of, moment->event);
}

static int compare_moments(gconstpointer a, gconstpointer b)
{
    const Moment *one = a, *other = b;

    if (one->event->time_us != other->event->time_us)
        return one->event->time_us < other->event->time_us ? -1 : 1;
    return (one->hop->number > other->hop->number) - (one->hop->number < other->hop->number);
}

static bool is_ordered(const GArray *moments)
{
    for (guint i = 1; i < moments->len; i++) {
        if (compare_moments(&g_array_index(moments, Moment, i - 1),
                            &g_array_index(moments, Moment, i)) > 0)
            return false;
    }
    return true;
}

/* The sort is stable, so that events of one hop and time stay as its log has them. Most stories have
 * one hop, whose log is in order. */
static void write_events(MstExporter *self, const MstStory *story)
{
    Series series = {.table = MST_TABLE_EVENTS, .set = set_moment, .of = {.story = story}};

    g_array_set_size(self->moments, 0);
    for (guint i = 0; i < story->n_hops; i++) {
        const MstHop *hop = story->hops[i];
        const MstEvidence *event = mst_hop_extras(hop)->evidence;

        for (; event != NULL; event = event->next)
            g_array_append_val(self->moments, ((Moment){hop, event}));
    }
    if (!is_ordered(self->moments))
        g_array_sort(self->moments, compare_moments);
    series.count = self->moments->len;
    write_series(self, &series);
}

static void write_loose(MstExporter *self, const MstHop *hop)
{
    MstSubject of = {.host = hop->host->name, .system = hop->system};

    for (const MstEvidence *event = mst_hop_extras(hop)->evidence; event != NULL;
         event = event->next) {
        set_event(&of, event);
        write_row(self, MST_TABLE_EVENTS, &of);
    }
}

static void write_story(MstExporter *self, const MstStory *story)
{
    MstSubject of = subject_of_story(story);

    if (is_wanted(self, MST_TABLE_STORIES))
        write_row(self, MST_TABLE_STORIES, &of);
    if (is_wanted(self, MST_TABLE_DELIVERIES))
        write_deliveries(self, &of);
    if (is_wanted(self, MST_TABLE_HOPS))
        write_hops(self, story);
    if (is_wanted(self, MST_TABLE_EVENTS))
        write_events(self, story);
}

void mst_exporter_story(MstExporter *self, const MstStory *story)
{
    if (mst_exporter_failed(self))
        return;
    if (!story->loose)
        write_story(self, story);
    else if (is_wanted(self, MST_TABLE_EVENTS))
        write_loose(self, story->first);
}

void mst_exporter_line(MstExporter *self, const char *file, const MstStrangeLine *line)
{
    MstSubject of = {.file = file, .line = line->number, .strange = line};

    if (is_wanted(self, MST_TABLE_LINES) && !mst_exporter_failed(self))
        write_row(self, MST_TABLE_LINES, &of);
}

void mst_exporter_source(MstExporter *self, const MstFileTally *tally, const char *sha256)
{
    MstSubject of = {.tally = tally,
                     .file = tally->file->name,
                     .host = tally->host,
                     .first_us = tally->first_us,
                     .last_us = tally->last_us,
                     .sha256 = sha256};

    if (is_wanted(self, MST_TABLE_SOURCES) && !mst_exporter_failed(self))
        write_row(self, MST_TABLE_SOURCES, &of);
}

static void free_rows(gpointer rows)
{
    mst_csv_free(rows);
}

static MstExporter *exporter_new(const MstCsvStyle *style)
{
    MstExporter *self = g_new0(MstExporter, 1);

    self->style = *style;
    atomic_init(&self->reason, 0);
    self->moments = g_array_new(FALSE, FALSE, sizeof(Moment));
    self->parts = g_ptr_array_new_with_free_func(free_rows);
    return self;
}

void mst_exporter_set_spread(MstExporter *self, MstSpread *spread)
{
    self->spread = spread;
}

/* Begins a table in an open file, which it owns from now on. */
static void begin(MstExporter *self, MstTable which, int fd)
{
    Table *table = &self->tables[which];

    if (fd < 0) {
        fail(self, which, errno);
        return;
    }
    table->fd = fd;
    table->rows = mst_csv_new(&self->style);
    mst_table_add_names(which, table->rows);
    mst_csv_end_row(table->rows);
}

/* A descriptor of our own for the standard output: it can be closed while the program lives on. */
MstExporter *mst_exporter_new_stdout(const MstCsvStyle *style)
{
    MstExporter *self = exporter_new(style);

    begin(self, MST_TABLE_DELIVERIES, dup(STDOUT_FILENO));
    return self;
}

static void begin_file(MstExporter *self, MstTable which, const char *folder)
{
    Table *table = &self->tables[which];
    g_autofree char *name = g_strconcat(mst_table_name(which), ".csv", NULL);
    g_autofree char *hidden = g_strconcat(".", name, ".XXXXXX", NULL);
    g_autofree char *temporary = g_build_filename(folder, hidden, NULL);
    int fd;

    table->path = g_build_filename(folder, name, NULL);
    fd = g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, 0666);
    if (fd >= 0)
        table->temporary = g_steal_pointer(&temporary);
    begin(self, which, fd);
}

static bool report(const MstExporter *self, GError **error)
{
    int reason = atomic_load(&self->reason);
    const char *path;

    if (reason == 0)
        return true;
    path = self->tables[self->failed].path;
    g_set_error(error, MST_ERROR, reason == EPIPE ? MST_ERROR_PIPE : MST_ERROR_WRITE,
                "cannot write %s: %s", path != NULL ? path : "to the standard output",
                g_strerror(reason));
    return false;
}

MstExporter *mst_exporter_new_folder(const char *folder, const MstCsvStyle *style, GError **error)
{
    MstExporter *self;

    if (g_mkdir_with_parents(folder, 0777) != 0) {
        g_set_error(error, MST_ERROR, MST_ERROR_WRITE, "cannot make the folder %s: %s", folder,
                    g_strerror(errno));
        return NULL;
    }
    self = exporter_new(style);
    for (int table = 0; table < MST_TABLES && !mst_exporter_failed(self); table++)
        begin_file(self, (MstTable)table, folder);
    if (!report(self, error)) {
        mst_exporter_free(self);
        return NULL;
    }
    return self;
}

void mst_exporter_free(MstExporter *self)
{
    if (self == NULL)
        return;
    for (int i = 0; i < MST_TABLES; i++) {
        Table *table = &self->tables[i];

        if (table->rows != NULL)
            close(table->fd);
        if (table->temporary != NULL)
            g_unlink(table->temporary);
        mst_csv_free(table->rows);
        g_free(table->path);
        g_free(table->temporary);
    }
    g_array_free(self->moments, TRUE);
    g_ptr_array_unref(self->parts);
    g_free(self);
}

static void close_table(MstExporter *self, MstTable which)
{
    Table *table = &self->tables[which];

    if (table->rows == NULL)
        return;
    if (close(table->fd) != 0)
        fail(self, which, errno);
    g_clear_pointer(&table->rows, mst_csv_free);
}

static void name_table(MstExporter *self, MstTable which)
{
    Table *table = &self->tables[which];

    if (table->temporary == NULL || mst_exporter_failed(self))
        return;
    if (g_rename(table->temporary, table->path) != 0)
        fail(self, which, errno);
    else
        g_clear_pointer(&table->temporary, g_free);
}

bool mst_exporter_finish(MstExporter *self, GError **error)
{
    for (int i = 0; i < MST_TABLES; i++) {
        if (self->tables[i].rows != NULL)
            flush(self, (MstTable)i);
    }
    for (int i = 0; i < MST_TABLES; i++)
        close_table(self, (MstTable)i);
    for (int i = 0; i < MST_TABLES; i++)
        name_table(self, (MstTable)i);
    return report(self, error);
}

bool mst_exporter_failed(const MstExporter *self)
{
    return atomic_load(&self->reason) != 0;
}
