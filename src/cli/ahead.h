/* ahead.h - feeds that are read ahead of whoever takes their batches */
#ifndef MST_AHEAD_H
#define MST_AHEAD_H

#include "crew.h"
#include "mailstory/mailstory.h"

/*
 * Each feed has a lane: a few batches that go round between the threads that fill them and the one
 * that takes them. A feed is in the hands of one thread at a time; its batches are taken in the order
 * in which it filled them, so that what is taken does not depend on the number of threads. A lane is
 * not begun, and takes no memory, before it is first asked for a batch.
 */
typedef struct MstAhead MstAhead;

/* `keep` is of MstKeep. Borrows the feeds and the crew. */
MstAhead *mst_ahead_new(GPtrArray *feeds, MstCrew *crew, guint keep);

/* Waits for threads that read; what they have read and nobody took is dropped. */
void mst_ahead_free(MstAhead *self);

/* The next batch of the feed with this index; NULL at its end. Good until the feed's next one. */
MstBatch *mst_ahead_next(MstAhead *self, guint feed);

#endif
