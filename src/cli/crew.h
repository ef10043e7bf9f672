/* crew.h - the threads of a run, and the work that any of them may do */
#ifndef MST_CREW_H
#define MST_CREW_H

#include <glib.h>
#include <stdbool.h>

/*
 * As many threads as there are jobs, the caller's among them, do what can be done now: with two
 * processors and two threads none of them waits for a processor, and none is idle while there is work.
 * A task is in the hands of one thread at a time.
 */
typedef struct MstCrew MstCrew;

/* Work that comes again and again. Its owner sets `work` and `user`; the rest is the crew's. */
typedef struct MstTask {
    /* Does a piece of it, called and left with the crew locked; unlocks it while that takes time. Is
     * there another piece to do now? */
    bool (*work)(gpointer user);
    gpointer user;
    bool held;      /* a thread is at it */
    bool cancelled; /* the piece that is being done is the last */
    GList place;    /* in the crew's queue; data is the task while it stands there */
} MstTask;

/* `jobs` is how many threads may work, the caller's among them: with 1 there is no other. If so many
 * are not to be had, fewer do the same. */
MstCrew *mst_crew_new(guint jobs);

/* Waits for the threads. Nothing is done that is still queued. */
void mst_crew_free(MstCrew *self);

/* Is there no other thread than the caller's? */
bool mst_crew_is_alone(const MstCrew *self);

/* Has a thread nothing to do? That may have changed when it is said; the lock is not needed. */
bool mst_crew_is_idle(const MstCrew *self);

/* What tasks share with each other and with the caller is touched by whoever holds this lock. */
void mst_crew_lock(MstCrew *self);
void mst_crew_unlock(MstCrew *self);

/* Has somebody do a piece of the task, unless it is queued or being done. Locked. */
void mst_crew_queue(MstCrew *self, MstTask *task);

/* Waits until no thread is at the task, and takes it out of the queue. Locked. */
void mst_crew_cancel(MstCrew *self, MstTask *task);

/* For a caller that needs what the task does: does a piece of it; if a thread is at it, does something
 * else that is queued, or waits until something is done or queued. Locked. */
void mst_crew_help(MstCrew *self, MstTask *task);

#endif
