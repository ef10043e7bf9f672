/* feed.h - one source, turned into batches of events */
#ifndef MAILSTORY_FEED_H
#define MAILSTORY_FEED_H

#include "mailstory/batch.h"
#include "mailstory/source.h"

/* What one file held of one host: a row of sources.csv. */
typedef struct MstFileTally {
    const MstLogFile *file;
    const char *format;        /* as mst_stream_format says */
    const char *host;          /* "" for lines that name none; owned by the feed */
    guint systems;             /* 1 << MstSystem of each that was seen */
    uint64_t fates[MST_FATES]; /* lines */
    uint64_t events;
    int64_t first_us, last_us; /* 0: no stamp */
    int64_t longest_gap_us;    /* between two lines that follow each other */
    const char *note;          /* why it was not read to its end; NULL if it was */
    uint64_t dropped_lines;    /* by mst_feed_drop_record, and not yet taken from `fates` */
    uint64_t dropped_events;   /* nor from `events` */
} MstFileTally;

/*
 * Reads one source: opens its files in turn, splits lines, takes their envelopes off and has each
 * read by its reader. It depends on nothing but its source, so each feed may run in a thread of its
 * own, ahead of whoever takes the batches: what it shares with others (the source, the zones, the
 * tables of the readers) is only read, and what it writes (its readers' state, what it knows of
 * hosts and tags, its tallies) is its own.
 */
typedef struct MstFeed MstFeed;

/*
 * Borrows source and zones. `seed` is that of the records' hashes: the same for all feeds of a run, and
 * known to nobody who writes logs, or two lines could be made to look like copies. NULL and MST_ERROR_USAGE
 * if the source names an unknown system.
 */
MstFeed *mst_feed_new(const MstSource *source, const MstZones *zones, uint64_t seed,
                      GError **error);
void mst_feed_free(MstFeed *self);

/*
 * Clears the batch and fills it with the next lines of one file; false at the end of the source.
 * Events come in the order of the lines, also where stamps step back. A file that breaks ends at the
 * break; see mst_feed_problems.
 */
bool mst_feed_next(MstFeed *self, MstBatch *batch);

/*
 * A record of one of the feed's batches turned out to be a copy of another file's line: it is
 * counted as a duplicate, and its events not at all. Whoever takes the batches may call it while the
 * feed reads on in its own thread: it writes what the feed does not touch before its end.
 */
void mst_feed_drop_record(const MstRecord *record);

/* What went wrong so far: GError *, owned by the feed. */
const GPtrArray *mst_feed_problems(const MstFeed *self);

/* How many physical lines were read so far. */
uint64_t mst_feed_lines(const MstFeed *self);

/* MstFileTally *, file by file, then by host, without what was dropped. Asked when the feed has ended
 * and no record of it is dropped any more. Owned by the feed. */
const GPtrArray *mst_feed_tallies(MstFeed *self);

#endif
