/*
 * crew.c - the threads of a run, and the work that any of them may do
 *
 * pthreads, not GLib's locks, as ThreadSanitizer knows them.
 */
#include "crew.h"

#include <pthread.h>
#include <stdatomic.h>

struct MstCrew {
    pthread_t *threads;
    guint n_threads;      /* beside the caller's */
    pthread_mutex_t lock; /* of all that follows, and of the tasks */
    pthread_cond_t queued, done;
    GQueue tasks; /* of MstTask: whoever has nothing to do takes the first */
    bool stopped;
    atomic_uint idle; /* threads that wait for a task */
};

/* Something is to be done, for a thread that has nothing to do, or one that waits for another. */
static void wake(MstCrew *self)
{
    pthread_cond_signal(&self->queued);
    pthread_cond_broadcast(&self->done);
}

/* Takes it out of the queue, if it is there. */
static void unqueue(MstCrew *self, MstTask *task)
{
    if (task->place.data != NULL)
        g_queue_unlink(&self->tasks, &task->place);
    task->place.data = NULL;
}

/* False if it is in the queue, or nobody would take it out. */
static bool put(MstCrew *self, MstTask *task)
{
    if (self->n_threads == 0 || task->held || task->cancelled || task->place.data != NULL)
        return false;
    task->place.data = task;
    g_queue_push_tail_link(&self->tasks, &task->place);
    return true;
}

void mst_crew_queue(MstCrew *self, MstTask *task)
{
    if (put(self, task))
        wake(self);
}

void mst_crew_cancel(MstCrew *self, MstTask *task)
{
    unqueue(self, task);
    task->cancelled = true;
    while (task->held)
        pthread_cond_wait(&self->done, &self->lock);
    task->cancelled = false;
}

/* NULL if nothing is to be done. */
static MstTask *next_task(const MstCrew *self)
{
    return self->tasks.head == NULL ? NULL : self->tasks.head->data;
}

/* Is there another piece to do? Who takes one of several tasks wakes a thread for the rest. */
static bool do_piece(MstCrew *self, MstTask *task)
{
    bool more;

    unqueue(self, task);
    if (next_task(self) != NULL)
        wake(self);
    task->held = true;
    more = task->work(task->user);
    task->held = false;
    pthread_cond_broadcast(&self->done);
    return more;
}

/* What a thread puts back, it takes itself if nothing else is to be done: to be woken costs as much as to
 * read some hundred lines. */
static void *work(void *user)
{
    MstCrew *self = user;

    pthread_mutex_lock(&self->lock);
    while (!self->stopped) {
        MstTask *task = next_task(self);

        if (task == NULL) {
            self->idle++;
            pthread_cond_wait(&self->queued, &self->lock);
            self->idle--;
            continue;
        }
        if (do_piece(self, task))
            (void)put(self, task);
    }
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

void mst_crew_help(MstCrew *self, MstTask *task)
{
    if (task->held)
        task = next_task(self);
    if (task == NULL)
        pthread_cond_wait(&self->done, &self->lock);
    else if (do_piece(self, task))
        mst_crew_queue(self, task);
}

MstCrew *mst_crew_new(guint jobs)
{
    MstCrew *self = g_new0(MstCrew, 1);

    self->threads = g_new(pthread_t, jobs);
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->queued, NULL);
    pthread_cond_init(&self->done, NULL);
    pthread_mutex_lock(&self->lock);
    while (self->n_threads + 1 < jobs &&
           pthread_create(&self->threads[self->n_threads], NULL, work, self) == 0)
        self->n_threads++;
    pthread_mutex_unlock(&self->lock);
    return self;
}

void mst_crew_free(MstCrew *self)
{
    if (self == NULL)
        return;
    pthread_mutex_lock(&self->lock);
    self->stopped = true;
    pthread_cond_broadcast(&self->queued);
    pthread_mutex_unlock(&self->lock);
    for (guint i = 0; i < self->n_threads; i++)
        pthread_join(self->threads[i], NULL);
    pthread_mutex_destroy(&self->lock);
    pthread_cond_destroy(&self->queued);
    pthread_cond_destroy(&self->done);
    g_free(self->threads);
    g_free(self);
}

bool mst_crew_is_idle(const MstCrew *self)
{
    return atomic_load_explicit(&self->idle, memory_order_relaxed) > 0;
}

bool mst_crew_is_alone(const MstCrew *self)
{
    return self->n_threads == 0;
}

void mst_crew_lock(MstCrew *self)
{
    pthread_mutex_lock(&self->lock);
}

void mst_crew_unlock(MstCrew *self)
{
    pthread_mutex_unlock(&self->lock);
}
