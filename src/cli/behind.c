/*
 * behind.c - stories that are told and written behind whoever joins them
 *
 * Stories go to the thread and come back by many at once: to wake a thread costs as much as some dozens
 * of them. pthreads, not GLib's locks, as ThreadSanitizer knows them.
 */
#include "behind.h"

#include <pthread.h>

#include "base/callfor.h"

/* In hops and deliveries, of which an ordinary story has one each. */
enum {
    HANDED_OVER = 512, /* at once */
    MOST_WAITING = 4 * HANDED_OVER,
};

/* Stories by `next`, the oldest first. */
typedef struct Row {
    MstStory *first, *last;
    size_t weight;
} Row;

struct MstBehind {
    MstStorySink sink; /* first, so that the sink is this */
    MstExporter *exporter;
    MstTeller *teller; /* NULL: the thread has one of its own, in memory of its own */
    Row gathered;      /* not handed over yet */
    bool apart;        /* a thread tells and writes; what follows is for it */
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t given, taken;
    Row waiting, written;
    bool closed; /* no more stories come */
};

static void append(Row *row, const Row *more)
{
    if (more->first == NULL)
        return;
    if (row->first == NULL)
        row->first = more->first;
    else
        row->last->next = more->first;
    row->last = more->last;
    row->weight += more->weight;
}

static Row take_all(Row *row)
{
    Row all = *row;

    *row = (Row){0};
    return all;
}

static size_t weight_of(const MstStory *story)
{
    size_t weight = story->n_hops;

    for (guint i = 0; i < story->n_hops; i++)
        weight += story->hops[i]->n_deliveries;
    return weight;
}

static void write_story(MstTeller *teller, MstExporter *exporter, MstStory *story)
{
    if (!story->loose)
        mst_teller_tell(teller, story);
    mst_exporter_story(exporter, story);
}

/* ---- the thread */

/* What waits, all at once; nothing if there will be no more. */
static Row next_row(MstBehind *self)
{
    Row row;

    pthread_mutex_lock(&self->lock);
    while (self->waiting.first == NULL && !self->closed)
        pthread_cond_wait(&self->given, &self->lock);
    row = take_all(&self->waiting);
    pthread_cond_signal(&self->taken);
    pthread_mutex_unlock(&self->lock);
    return row;
}

static void put_back(MstBehind *self, const Row *row)
{
    pthread_mutex_lock(&self->lock);
    append(&self->written, row);
    pthread_mutex_unlock(&self->lock);
}

/* Stories were the other thread's until now: the next but one is called for, and its first hop, which it
 * names, one story later. */
G_ALWAYS_INLINE static inline void call_for_later(const MstStory *story)
{
    const MstStory *next = story->next;

    if (next == NULL)
        return;
    mst_call_for(next->first, MST_MESSAGE_REACH);
    if (next->next != NULL)
        mst_call_for(next->next, sizeof *next);
}

static void *write_rows(void *user)
{
    MstBehind *self = user;
    MstExporter *exporter = self->exporter;
    MstTeller *teller = mst_teller_new();
    Row row;

    while ((row = next_row(self)).first != NULL) {
        for (MstStory *story = row.first; story != NULL; story = story->next) {
            call_for_later(story);
            write_story(teller, exporter, story);
        }
        put_back(self, &row);
    }
    mst_teller_free(teller);
    return NULL;
}

/* Gives what is done with. Waits for room, so that memory does not grow if the thread is the slower. */
static MstStory *hand_over(MstBehind *self)
{
    Row row = take_all(&self->gathered);
    Row written;

    pthread_mutex_lock(&self->lock);
    while (self->waiting.weight >= MOST_WAITING)
        pthread_cond_wait(&self->taken, &self->lock);
    append(&self->waiting, &row);
    pthread_cond_signal(&self->given);
    written = take_all(&self->written);
    pthread_mutex_unlock(&self->lock);
    return written.first;
}

/* ---- the sink */

static MstStory *on_take(MstStorySink *sink, MstStory *story)
{
    MstBehind *self = (MstBehind *)sink;

    story->next = NULL;
    if (!self->apart) {
        write_story(self->teller, self->exporter, story);
        return story;
    }
    append(&self->gathered, &(Row){story, story, weight_of(story)});
    return self->gathered.weight < HANDED_OVER ? NULL : hand_over(self);
}

static MstStory *on_finish(MstStorySink *sink)
{
    MstBehind *self = (MstBehind *)sink;

    if (!self->apart)
        return NULL;
    pthread_mutex_lock(&self->lock);
    append(&self->waiting, &self->gathered);
    self->closed = true;
    pthread_cond_signal(&self->given);
    pthread_mutex_unlock(&self->lock);
    pthread_join(self->thread, NULL);
    self->gathered = (Row){0};
    self->apart = false;
    return take_all(&self->written).first;
}

/* ---- the face */

/* Where no thread is to be had, stories are written here: slower, but none is lost. */
MstBehind *mst_behind_new(MstExporter *exporter, guint jobs)
{
    MstBehind *self = g_new0(MstBehind, 1);

    self->sink = (MstStorySink){on_take, on_finish};
    self->exporter = exporter;
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->given, NULL);
    pthread_cond_init(&self->taken, NULL);
    self->apart = jobs > 1 && pthread_create(&self->thread, NULL, write_rows, self) == 0;
    if (!self->apart)
        self->teller = mst_teller_new();
    return self;
}

void mst_behind_free(MstBehind *self)
{
    if (self == NULL)
        return;
    g_assert(self->gathered.first == NULL);
    (void)on_finish(&self->sink);
    pthread_cond_destroy(&self->taken);
    pthread_cond_destroy(&self->given);
    pthread_mutex_destroy(&self->lock);
    mst_teller_free(self->teller);
    g_free(self);
}

MstStorySink *mst_behind_sink(MstBehind *self)
{
    return &self->sink;
}
