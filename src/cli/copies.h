/* copies.h - lines that were given twice, in two sources */
#ifndef MST_COPIES_H
#define MST_COPIES_H

#include "mailstory/batch.h"

/*
 * Two sources may hold the same lines: a file and its copy, a host's own log and the central one.
 * The n-th copy of a line in one source is the n-th in the other; a line that one source holds twice
 * was logged twice. Sources are merged by time, so copies come within the same second. Lines of a host
 * and a kind that one source alone holds cost next to nothing.
 */
typedef struct MstCopies MstCopies;

MstCopies *mst_copies_new(guint sources);
void mst_copies_free(MstCopies *self);

/* Where a copy of a line stands. */
typedef struct MstCopy {
    guint source;
    const char *file;
    uint64_t number;
} MstCopy;

/*
 * Was the record that stands at `where`, whose first event this is, already seen in another source? Then
 * the answer is where, good until the next call; else NULL, and it is remembered. The file's name lives
 * as long as the run.
 */
const MstCopy *mst_copies_find(MstCopies *self, const MstRecord *record, const MstEvent *event,
                               const MstCopy *where, int64_t now_us);

#endif
