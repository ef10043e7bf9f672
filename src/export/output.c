/*
 * output.c - full blocks of rows into open files, here or in a thread of its own
 *
 * The queue is a ring. Its slots own the blocks that wait, and those that are written: to put a full
 * block in is to take an empty one out. pthreads, not GLib's locks, as ThreadSanitizer knows them.
 */
#include "export/output.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { SLOTS = 32 };

/* A block and where it goes. */
typedef struct Parcel {
    MstTable table;
    int fd;
    MstCsvBlock block;
} Parcel;

struct MstOutput {
    atomic_int reason; /* errno of the first failure; 0 none */
    MstTable failed;   /* only if reason is set */

    bool apart; /* a thread writes; what follows is for it */
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    Parcel slots[SLOTS];
    guint first, waiting; /* the slots that are full */
    bool closed;          /* no more parcels come */
};

void mst_output_fail(MstOutput *self, MstTable table, int reason)
{
    if (mst_output_reason(self) != 0)
        return;
    self->failed = table;
    atomic_store(&self->reason, reason != 0 ? reason : EIO);
}

int mst_output_reason(const MstOutput *self)
{
    return atomic_load(&self->reason);
}

MstTable mst_output_failed(const MstOutput *self)
{
    return self->failed;
}

static void write_out(MstOutput *self, MstTable table, int fd, MstCsvBlock *block)
{
    size_t done = 0;

    while (done < block->len && mst_output_reason(self) == 0) {
        ssize_t written = write(fd, block->bytes + done, block->len - done);

        if (written >= 0)
            done += (size_t)written;
        else if (errno != EINTR)
            mst_output_fail(self, table, errno);
    }
    block->len = 0;
}

/* ---- the thread */

/* The parcel that has waited longest; NULL if there will be no more. It stays in its slot. */
static Parcel *next_parcel(MstOutput *self)
{
    Parcel *parcel;

    pthread_mutex_lock(&self->lock);
    while (self->waiting == 0 && !self->closed)
        pthread_cond_wait(&self->changed, &self->lock);
    parcel = self->waiting == 0 ? NULL : &self->slots[self->first];
    pthread_mutex_unlock(&self->lock);
    return parcel;
}

static void free_slot(MstOutput *self)
{
    pthread_mutex_lock(&self->lock);
    self->first = (self->first + 1) % SLOTS;
    self->waiting--;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->lock);
}

static void *write_parcels(void *output)
{
    MstOutput *self = output;
    Parcel *parcel;

    while ((parcel = next_parcel(self)) != NULL) {
        write_out(self, parcel->table, parcel->fd, &parcel->block);
        free_slot(self);
    }
    return NULL;
}

/* Waits for a free slot. Only one side waits at a time: the ring is not both empty and full. */
static void hand_over(MstOutput *self, MstTable table, int fd, MstCsvBlock *block)
{
    Parcel *slot;
    MstCsvBlock empty;

    pthread_mutex_lock(&self->lock);
    while (self->waiting == SLOTS)
        pthread_cond_wait(&self->changed, &self->lock);
    slot = &self->slots[(self->first + self->waiting) % SLOTS];
    empty = slot->block;
    *slot = (Parcel){table, fd, *block};
    self->waiting++;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->lock);
    *block = empty;
}

/* ---- the face */

/* Where no thread is to be had, rows are written here: slower, but none is lost. */
MstOutput *mst_output_new(MstWriter writer)
{
    MstOutput *self = g_new0(MstOutput, 1);

    atomic_init(&self->reason, 0);
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->changed, NULL);
    self->apart = writer == MST_WRITER_APART &&
                  pthread_create(&self->thread, NULL, write_parcels, self) == 0;
    return self;
}

void mst_output_free(MstOutput *self)
{
    if (self == NULL)
        return;
    mst_output_finish(self);
    for (guint i = 0; i < SLOTS; i++)
        g_free(self->slots[i].block.bytes);
    pthread_cond_destroy(&self->changed);
    pthread_mutex_destroy(&self->lock);
    g_free(self);
}

void mst_output_write(MstOutput *self, MstTable table, int fd, MstCsvBlock *block)
{
    if (self->apart)
        hand_over(self, table, fd, block);
    else
        write_out(self, table, fd, block);
}

void mst_output_finish(MstOutput *self)
{
    if (!self->apart)
        return;
    pthread_mutex_lock(&self->lock);
    self->closed = true;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->lock);
    pthread_join(self->thread, NULL);
    self->apart = false;
}
