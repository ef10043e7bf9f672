/*
 * ahead.c - feeds that are read ahead of whoever takes their batches
 *
 * A lane whose batches are not all full stands in the queue of work, once; a thread fills one batch and
 * queues the lane again. The caller, when it finds no full batch, fills one itself unless a thread is at
 * it: so nobody waits while there is work, and one thread alone does it all. pthreads, not GLib's locks,
 * as ThreadSanitizer knows them.
 */
#include "ahead.h"

#include <pthread.h>

enum {
    FEW_LANES = 8,
    DEEP = 4,    /* batches of a lane, if there are few */
    SHALLOW = 2, /* if there are many: one is taken, one is filled */
};

typedef struct Lane {
    MstFeed *feed;
    bool begun;
    bool held;       /* by a thread that fills a batch, or by the caller that does */
    bool ended;      /* the feed has; full batches may be left */
    GQueue full;     /* of MstBatch, the oldest first */
    GQueue empty;    /* of MstBatch */
    GList place;     /* in the queue of work; data is the lane while it stands there */
    MstBatch *taken; /* by the caller; NULL none */
} Lane;

struct MstAhead {
    Lane *lanes;
    guint count;
    guint keep;
    pthread_t *threads;
    guint n_threads;      /* beside the caller's */
    pthread_mutex_t lock; /* of all that follows, and of the lanes, but not of the feeds in them */
    pthread_cond_t queued, filled;
    GQueue work; /* of Lane: those with an empty batch, that nobody fills */
    bool stopped;
};

static size_t batch_room(const MstAhead *self)
{
    return self->count <= FEW_LANES ? MST_BATCH_BYTES : MST_BATCH_BYTES_MIN;
}

static void free_batch(gpointer batch)
{
    mst_batch_free(batch);
}

/* Queues the lane if so many batches of it are empty, or more. */
static void queue(MstAhead *self, Lane *lane, guint least)
{
    if (self->n_threads == 0 || lane->held || lane->ended || lane->place.data != NULL ||
        lane->empty.length < least)
        return;
    lane->place.data = lane;
    g_queue_push_tail_link(&self->work, &lane->place);
    pthread_cond_signal(&self->queued);
}

static void unqueue(MstAhead *self, Lane *lane)
{
    if (lane->place.data != NULL)
        g_queue_unlink(&self->work, &lane->place);
    lane->place.data = NULL;
}

/* Fills one batch. The lock is held, but not while the feed reads. */
static void fill(MstAhead *self, Lane *lane)
{
    MstBatch *batch = g_queue_pop_head(&lane->empty);
    bool more;

    lane->held = true;
    pthread_mutex_unlock(&self->lock);
    more = mst_feed_next(lane->feed, batch);
    pthread_mutex_lock(&self->lock);
    lane->held = false;
    lane->ended = !more;
    g_queue_push_tail(more ? &lane->full : &lane->empty, batch);
    if (!more)
        g_queue_clear_full(&lane->empty, free_batch);
    pthread_cond_signal(&self->filled);
}

static void *work(void *user)
{
    MstAhead *self = user;

    pthread_mutex_lock(&self->lock);
    while (!self->stopped) {
        Lane *lane = g_queue_peek_head(&self->work);

        if (lane == NULL) {
            pthread_cond_wait(&self->queued, &self->lock);
            continue;
        }
        unqueue(self, lane);
        fill(self, lane);
        queue(self, lane, 1);
    }
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

/* As many as there can be; none will do. */
static void start_threads(MstAhead *self, guint count)
{
    self->threads = g_new(pthread_t, MAX(count, 1));
    pthread_mutex_lock(&self->lock);
    while (self->n_threads < count &&
           pthread_create(&self->threads[self->n_threads], NULL, work, self) == 0)
        self->n_threads++;
    pthread_mutex_unlock(&self->lock);
}

static void stop_threads(MstAhead *self)
{
    pthread_mutex_lock(&self->lock);
    self->stopped = true;
    pthread_cond_broadcast(&self->queued);
    pthread_mutex_unlock(&self->lock);
    for (guint i = 0; i < self->n_threads; i++)
        pthread_join(self->threads[i], NULL);
    g_free(self->threads);
}

MstAhead *mst_ahead_new(GPtrArray *feeds, guint jobs, guint keep)
{
    MstAhead *self = g_new0(MstAhead, 1);

    self->count = feeds->len;
    self->lanes = g_new0(Lane, MAX(feeds->len, 1));
    for (guint i = 0; i < feeds->len; i++)
        self->lanes[i].feed = g_ptr_array_index(feeds, i);
    self->keep = keep;
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->queued, NULL);
    pthread_cond_init(&self->filled, NULL);
    start_threads(self, MIN(jobs - 1, feeds->len));
    return self;
}

void mst_ahead_free(MstAhead *self)
{
    stop_threads(self);
    for (guint i = 0; i < self->count; i++) {
        g_queue_clear_full(&self->lanes[i].full, free_batch);
        g_queue_clear_full(&self->lanes[i].empty, free_batch);
        mst_batch_free(self->lanes[i].taken);
    }
    pthread_mutex_destroy(&self->lock);
    pthread_cond_destroy(&self->queued);
    pthread_cond_destroy(&self->filled);
    g_free(self->lanes);
    g_free(self);
}

/* How many batches a lane has. */
static guint depth(const MstAhead *self)
{
    return self->n_threads == 0 ? 1 : self->count <= FEW_LANES ? DEEP : SHALLOW;
}

/* How many batches must be empty before a thread is woken to fill them: to sleep and wake costs as much
 * as to read some hundred lines, so a thread that is ahead sleeps until there is more to do. */
static guint worth_waking(const MstAhead *self)
{
    return MAX(depth(self) / 2, 1);
}

static void begin(const MstAhead *self, Lane *lane)
{
    for (guint i = 0; i < depth(self); i++)
        g_queue_push_tail(&lane->empty, mst_batch_new(batch_room(self), self->keep));
    lane->begun = true;
}

/* The batch that was taken before can be filled again. */
static void give_back(Lane *lane)
{
    if (lane->taken == NULL)
        return;
    if (lane->ended)
        mst_batch_free(lane->taken);
    else
        g_queue_push_tail(&lane->empty, lane->taken);
    lane->taken = NULL;
}

MstBatch *mst_ahead_next(MstAhead *self, guint feed)
{
    Lane *lane = &self->lanes[feed];

    pthread_mutex_lock(&self->lock);
    if (!lane->begun)
        begin(self, lane);
    give_back(lane);
    while (g_queue_is_empty(&lane->full) && !lane->ended) {
        if (lane->held) {
            pthread_cond_wait(&self->filled, &self->lock);
        } else {
            unqueue(self, lane);
            fill(self, lane);
        }
    }
    lane->taken = g_queue_pop_head(&lane->full);
    queue(self, lane, worth_waking(self));
    pthread_mutex_unlock(&self->lock);
    return lane->taken;
}
