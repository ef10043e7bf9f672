/* batch.h - what one stage hands to the next at once: bytes, and the events read from them */
#ifndef MAILSTORY_BATCH_H
#define MAILSTORY_BATCH_H

#include <glib.h>

#include "mailstory/event.h"
#include "mailstory/line.h"

/* How many bytes of text a batch may hold. */
enum {
    MST_BATCH_BYTES = 8 * MST_LINE_MAX,     /* at most: for few sources, read by another thread */
    MST_BATCH_BYTES_MIN = 2 * MST_LINE_MAX, /* what a line that is carried over needs */
};

/* The one fate of a physical line. */
typedef enum MstFate {
    MST_FATE_EVENT,        /* understood; events were added */
    MST_FATE_CONTINUATION, /* a part of a record whose last part is still to come */
    MST_FATE_NOISE,        /* understood, of a named kind that tells nothing about a message */
    MST_FATE_FOREIGN,      /* another program's */
    MST_FATE_BROKEN,    /* a mail system's, but not in a form we know; or no line of text at all */
    MST_FATE_DUPLICATE, /* already read from another file */
    MST_FATES           /* how many there are */
} MstFate;

/* What became of a line: the fate, and of noise its kind, of a broken line why. */
typedef struct MstVerdict {
    MstFate fate;
    const char *why; /* of NOISE the kind, of BROKEN the reason: static text; of DUPLICATE where the
                        first copy stands, good for the call; else NULL: of FOREIGN the tag says it */
} MstVerdict;

/* A line that became no event: what lines.csv shows. Borrows from the batch. */
typedef struct MstStrangeLine {
    uint64_t number;
    MstVerdict verdict;
    MstSlice tag;
    MstSlice whole;
    guint next_event; /* index in the batch of the first event behind it */
} MstStrangeLine;

/* A line that became events, for whoever has to tell copies of one line from each other. */
typedef struct MstRecord {
    guint first_event, n_events; /* in the batch */
    uint64_t number;
    uint64_t hash; /* of host, tag, pid, text and the second of its stamp, by the feed's seed */
    MstSlice tag;
    MstSlice whole;
    struct MstFileTally *tally; /* that counted it; for mst_feed_drop_record */
} MstRecord;

/* What a batch holds beside events. */
typedef enum MstKeep {
    MST_KEEP_EVENTS = 0,
    MST_KEEP_STRANGE = 1 << 0, /* lines without events */
    MST_KEEP_RECORDS = 1 << 1, /* lines with events */
} MstKeep;

/*
 * A batch owns the bytes of some lines of one file and the events read from them. A feed fills it,
 * the correlator takes it, then it is filled again; nothing in it outlives that. It is what a thread
 * that parses ahead hands over.
 */
typedef struct MstBatch {
    char *bytes;        /* as many as `room` */
    size_t room;        /* as said to mst_batch_new */
    size_t len;         /* how many hold whole lines */
    const char *file;   /* of all lines; lives as long as the run */
    GArray *events;     /* of MstEvent, in the order of the file */
    guint event_room;   /* how many events the array can hold before it must grow */
    GArray *strange;    /* of MstStrangeLine; empty unless kept */
    GArray *records;    /* of MstRecord; empty unless kept */
    guint keep;         /* of MstKeep */
    GStringChunk *kept; /* text that stands in no single line: joined records, unescaped values */
} MstBatch;

/* `room` is how many bytes of text it may hold, MST_BATCH_BYTES_MIN at least. The events take about
 * twice that, but only once there are so many. `keep` is of MstKeep. */
MstBatch *mst_batch_new(size_t room, guint keep);
void mst_batch_free(MstBatch *batch);
void mst_batch_clear(MstBatch *batch); /* forgets all; keeps the memory */

/*
 * Adds an event of this kind with all that the line's envelope says; the reader fills in the rest.
 * The pointer is good until the next call.
 */
MstEvent *mst_batch_add(MstBatch *batch, const MstLine *line, MstSystem system, MstEventKind kind);

/* Takes back the event that was added last. */
void mst_batch_drop_last(MstBatch *batch);

/* Copies text into the batch. */
MstSlice mst_batch_keep(MstBatch *batch, MstSlice text);

#endif
