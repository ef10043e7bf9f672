/*
 * ahead.c - feeds that are read ahead of whoever takes their batches
 *
 * A lane whose batches are not all full is queued for the pool of threads, once; a thread fills one
 * batch and queues the lane again. The caller, when it finds no full batch, fills one itself unless
 * a thread is at it: so nobody waits while there is work, and one thread alone does it all.
 */
#include "ahead.h"

enum {
    FEW_LANES = 8,
    DEEP = 4,    /* batches of a lane, if there are few */
    SHALLOW = 2, /* if there are many: one is taken, one is filled */
};

/* Who has the feed. */
typedef enum Holder {
    HELD_BY_NOBODY,
    HELD_BY_QUEUE, /* nobody yet, but it stands in the pool's queue */
    HELD_BY_THREAD,
} Holder;

typedef struct Lane {
    MstFeed *feed;
    Holder holder;
    bool begun;
    bool ended;      /* the feed has; full batches may be left */
    GQueue full;     /* of MstBatch, the oldest first */
    GQueue empty;    /* of MstBatch */
    MstBatch *taken; /* by the caller; NULL none */
} Lane;

struct MstAhead {
    Lane *lanes;
    guint count;
    guint keep;
    GThreadPool *pool; /* of Lane; NULL: the caller works alone */
    GMutex mutex;      /* of all that follows, and of the lanes, but not of the feeds in them */
    GCond filled;
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

static void queue(MstAhead *self, Lane *lane)
{
    if (self->pool == NULL || self->stopped || lane->holder != HELD_BY_NOBODY || lane->ended ||
        g_queue_is_empty(&lane->empty))
        return;
    lane->holder = HELD_BY_QUEUE;
    g_thread_pool_push(self->pool, lane, NULL);
}

/* Fills one batch. The mutex is held, but not while the feed reads. */
static void fill(MstAhead *self, Lane *lane)
{
    MstBatch *batch = g_queue_pop_head(&lane->empty);
    bool more;

    lane->holder = HELD_BY_THREAD;
    g_mutex_unlock(&self->mutex);
    more = mst_feed_next(lane->feed, batch);
    g_mutex_lock(&self->mutex);
    lane->holder = HELD_BY_NOBODY;
    lane->ended = !more;
    g_queue_push_tail(more ? &lane->full : &lane->empty, batch);
    if (!more)
        g_queue_clear_full(&lane->empty, free_batch);
    g_cond_broadcast(&self->filled);
}

/* What a thread of the pool does with a lane from its queue. The caller may have been quicker. */
static void work(gpointer data, gpointer user)
{
    MstAhead *self = user;
    Lane *lane = data;

    g_mutex_lock(&self->mutex);
    if (lane->holder == HELD_BY_QUEUE) {
        lane->holder = HELD_BY_NOBODY;
        if (!self->stopped && !lane->ended && !g_queue_is_empty(&lane->empty))
            fill(self, lane);
        queue(self, lane);
    }
    g_mutex_unlock(&self->mutex);
}

MstAhead *mst_ahead_new(GPtrArray *feeds, guint jobs, guint keep)
{
    MstAhead *self = g_new0(MstAhead, 1);

    self->count = feeds->len;
    self->lanes = g_new0(Lane, MAX(feeds->len, 1));
    for (guint i = 0; i < feeds->len; i++)
        self->lanes[i].feed = g_ptr_array_index(feeds, i);
    self->keep = keep;
    g_mutex_init(&self->mutex);
    g_cond_init(&self->filled);
    if (jobs > 1)
        self->pool = g_thread_pool_new(work, self, (gint)jobs - 1, FALSE, NULL);
    return self;
}

void mst_ahead_free(MstAhead *self)
{
    if (self->pool != NULL) {
        g_mutex_lock(&self->mutex);
        self->stopped = true;
        g_mutex_unlock(&self->mutex);
        g_thread_pool_free(self->pool, TRUE, TRUE);
    }
    for (guint i = 0; i < self->count; i++) {
        g_queue_clear_full(&self->lanes[i].full, free_batch);
        g_queue_clear_full(&self->lanes[i].empty, free_batch);
        mst_batch_free(self->lanes[i].taken);
    }
    g_mutex_clear(&self->mutex);
    g_cond_clear(&self->filled);
    g_free(self->lanes);
    g_free(self);
}

static void begin(const MstAhead *self, Lane *lane)
{
    int count = self->pool == NULL ? 1 : self->count <= FEW_LANES ? DEEP : SHALLOW;

    for (int i = 0; i < count; i++)
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

    g_mutex_lock(&self->mutex);
    if (!lane->begun)
        begin(self, lane);
    give_back(lane);
    while (g_queue_is_empty(&lane->full) && !lane->ended) {
        if (lane->holder == HELD_BY_THREAD)
            g_cond_wait(&self->filled, &self->mutex);
        else
            fill(self, lane);
    }
    lane->taken = g_queue_pop_head(&lane->full);
    queue(self, lane);
    g_mutex_unlock(&self->mutex);
    return lane->taken;
}
