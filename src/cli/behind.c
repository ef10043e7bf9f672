/*
 * behind.c - stories that are told and written behind whoever joins them
 *
 * To write those that wait is a task of the crew. The joining thread helps when too many do.
 */
#include "behind.h"

#include <stdatomic.h>

#include "base/callfor.h"

/* In hops and deliveries, of which an ordinary story has one each. */
enum {
    HANDED_OVER = 512, /* at once: to wake a thread costs as much as some dozens */
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
    MstTeller *teller;
    MstCrew *crew; /* its lock is that of the rows below */
    MstTask task;  /* to write what waits */
    Row gathered;  /* not handed over yet */
    Row waiting;
    MstRemains written; /* what is left of those that were */
    atomic_bool apart;  /* some wait, or are being written */
    bool lent;          /* some were handed over, and have not come back */
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

static void write_story(const MstBehind *self, MstStory *story)
{
    if (!story->loose)
        mst_teller_tell(self->teller, story);
    mst_exporter_story(self->exporter, story);
}

/* ---- the task */

/* Stories were perhaps another thread's until now: the next but one is called for, and its first hop,
 * which it names, one story later. */
G_ALWAYS_INLINE static inline void call_for_later(const MstStory *story)
{
    const MstStory *next = story->next;

    if (next == NULL)
        return;
    mst_call_for(next->first, MST_ARENA_BLOCK);
    if (next->next != NULL)
        mst_call_for(next->next, sizeof *next);
}

static MstRemains take_written(MstBehind *self)
{
    MstRemains written = self->written;

    self->written = (MstRemains){0};
    return written;
}

/* Writes what waits, all at once. Whoever writes a story takes it apart, as it has it at hand. What is left of
 * those before stays where the joining thread can have it, or it would not get any while there is more. */
static bool write_waiting(gpointer user)
{
    MstBehind *self = user;
    MstStory *story = take_all(&self->waiting).first;
    MstRemains written = {0};

    mst_crew_unlock(self->crew);
    while (story != NULL) {
        MstStory *next = story->next;

        call_for_later(story);
        write_story(self, story);
        mst_story_take_apart(story, &written);
        story = next;
    }
    mst_crew_lock(self->crew);
    mst_remains_add(&self->written, &written);
    if (self->waiting.first == NULL)
        atomic_store_explicit(&self->apart, false, memory_order_release);
    return self->waiting.first != NULL;
}

/* Gives what is done with. Memory does not grow if no thread has the time to write. */
static MstRemains hand_over(MstBehind *self)
{
    Row row = take_all(&self->gathered);
    MstRemains written;

    mst_crew_lock(self->crew);
    while (self->waiting.weight >= MOST_WAITING)
        mst_crew_help(self->crew, &self->task);
    append(&self->waiting, &row);
    atomic_store_explicit(&self->apart, true, memory_order_release);
    self->lent = true;
    mst_crew_queue(self->crew, &self->task);
    written = take_written(self);
    mst_crew_unlock(self->crew);
    return written;
}

/* Likewise, when all have been written. */
static MstRemains take_back(MstBehind *self)
{
    MstRemains written;

    if (!self->lent)
        return (MstRemains){0};
    mst_crew_lock(self->crew);
    written = take_written(self);
    mst_crew_unlock(self->crew);
    self->lent = false;
    return written;
}

/* ---- the sink */

/* What the caller has at hand, it writes for less than another would; unless that one has nothing else
 * to do, or has those before it. A large story is in nobody's cache. */
static bool is_for_us(const MstBehind *self, size_t weight)
{
    if (mst_crew_is_alone(self->crew))
        return true;
    return weight < HANDED_OVER && self->gathered.first == NULL && !mst_crew_is_idle(self->crew) &&
           !atomic_load_explicit(&self->apart, memory_order_acquire);
}

static void on_take(MstStorySink *sink, MstStory *story, MstRemains *remains)
{
    MstBehind *self = (MstBehind *)sink;
    size_t weight = weight_of(story);

    story->next = NULL;
    if (is_for_us(self, weight)) {
        *remains = take_back(self);
        write_story(self, story);
        mst_story_take_apart(story, remains);
        return;
    }
    append(&self->gathered, &(Row){story, story, weight});
    *remains = self->gathered.weight < HANDED_OVER ? (MstRemains){0} : hand_over(self);
}

static void on_finish(MstStorySink *sink, MstRemains *remains)
{
    MstBehind *self = (MstBehind *)sink;
    Row gathered = take_all(&self->gathered);

    mst_crew_lock(self->crew);
    append(&self->waiting, &gathered);
    while (self->waiting.first != NULL)
        mst_crew_help(self->crew, &self->task);
    mst_crew_cancel(self->crew, &self->task);
    *remains = take_written(self);
    mst_crew_unlock(self->crew);
}

/* ---- the face */

MstBehind *mst_behind_new(MstExporter *exporter, MstCrew *crew)
{
    MstBehind *self = g_new0(MstBehind, 1);

    self->sink = (MstStorySink){on_take, on_finish};
    self->exporter = exporter;
    self->teller = mst_teller_new();
    self->crew = crew;
    self->task = (MstTask){.work = write_waiting, .user = self};
    return self;
}

void mst_behind_free(MstBehind *self)
{
    if (self == NULL)
        return;
    g_assert(self->gathered.first == NULL && self->written.first == NULL);
    mst_teller_free(self->teller);
    g_free(self);
}

MstStorySink *mst_behind_sink(MstBehind *self)
{
    return &self->sink;
}
