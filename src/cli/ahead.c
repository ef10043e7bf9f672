/*
 * ahead.c - feeds that are read ahead of whoever takes their batches
 *
 * A lane whose batches are not all full is a task of the crew: a piece of it is one batch. The caller,
 * when it finds no full batch, helps.
 */
#include "ahead.h"

enum {
    FEW_LANES = 8,
    DEEP = 4,    /* batches of a lane, if there are few */
    SHALLOW = 2, /* if there are many: one is taken, one is filled */
};

typedef struct Lane {
    MstAhead *ahead;
    MstFeed *feed;
    MstTask task; /* to fill an empty batch */
    bool begun;
    bool ended;      /* the feed has; full batches may be left */
    GQueue full;     /* of MstBatch, the oldest first */
    GQueue empty;    /* of MstBatch */
    MstBatch *taken; /* by the caller; NULL none */
} Lane;

/* The crew's lock is that of the lanes, but not of the feeds in them. */
struct MstAhead {
    MstCrew *crew;
    Lane *lanes;
    guint count;
    guint keep;
};

/* Small batches are still in a cache when they are taken; large ones spare another thread's waking. */
static size_t batch_room(const MstAhead *self)
{
    size_t share = 2 * (size_t)MST_BATCH_BYTES / MAX(self->count, 1);

    if (mst_crew_is_alone(self->crew))
        return MST_BATCH_BYTES_MIN;
    return CLAMP(share, MST_BATCH_BYTES_MIN, MST_BATCH_BYTES);
}

static void free_batch(gpointer batch)
{
    mst_batch_free(batch);
}

/* Fills one batch. */
static bool fill(gpointer user)
{
    Lane *lane = user;
    MstCrew *crew = lane->ahead->crew;
    MstBatch *batch = g_queue_pop_head(&lane->empty);
    bool more;

    mst_crew_unlock(crew);
    more = mst_feed_next(lane->feed, batch);
    mst_crew_lock(crew);
    lane->ended = !more;
    g_queue_push_tail(more ? &lane->full : &lane->empty, batch);
    if (!more)
        g_queue_clear_full(&lane->empty, free_batch);
    return lane->empty.length > 0;
}

MstAhead *mst_ahead_new(GPtrArray *feeds, MstCrew *crew, guint keep)
{
    MstAhead *self = g_new0(MstAhead, 1);

    self->crew = crew;
    self->count = feeds->len;
    self->lanes = g_new0(Lane, MAX(feeds->len, 1));
    for (guint i = 0; i < feeds->len; i++) {
        Lane *lane = &self->lanes[i];

        lane->ahead = self;
        lane->feed = g_ptr_array_index(feeds, i);
        lane->task = (MstTask){.work = fill, .user = lane};
    }
    self->keep = keep;
    return self;
}

static void clear_lane(Lane *lane)
{
    mst_crew_cancel(lane->ahead->crew, &lane->task);
    g_queue_clear_full(&lane->full, free_batch);
    g_queue_clear_full(&lane->empty, free_batch);
    mst_batch_free(lane->taken);
}

void mst_ahead_free(MstAhead *self)
{
    mst_crew_lock(self->crew);
    for (guint i = 0; i < self->count; i++)
        clear_lane(&self->lanes[i]);
    mst_crew_unlock(self->crew);
    g_free(self->lanes);
    g_free(self);
}

/* How many batches a lane has. */
static guint depth(const MstAhead *self)
{
    return mst_crew_is_alone(self->crew) ? 1 : self->count <= FEW_LANES ? DEEP : SHALLOW;
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

    mst_crew_lock(self->crew);
    if (!lane->begun)
        begin(self, lane);
    give_back(lane);
    while (g_queue_is_empty(&lane->full) && !lane->ended)
        mst_crew_help(self->crew, &lane->task);
    lane->taken = g_queue_pop_head(&lane->full);
    if (!lane->ended && lane->empty.length >= worth_waking(self))
        mst_crew_queue(self->crew, &lane->task);
    mst_crew_unlock(self->crew);
    return lane->taken;
}
