/* correlator.h - events of all sources in, stories out */
#ifndef MAILSTORY_CORRELATOR_H
#define MAILSTORY_CORRELATOR_H

#include "mailstory/batch.h"
#include "mailstory/story.h"

typedef struct MstCorrelatorOptions {
    int64_t window_us;    /* how long an opening or a claim waits for its other side */
    int64_t max_queue_us; /* a life that is silent for so long is over */
    bool keep_events;     /* stories carry their evidence, and loose events are handed on */
    char **host_names;    /* `NAME=ALIAS,IP,…`; NULL-terminated; may be NULL */
} MstCorrelatorOptions;

/*
 * The hop builder and the linker. Events of one host must come in the order of its log, those of
 * several hosts by time as well as clocks allow; it is the caller who merges sources. Stories are
 * handed on as soon as nothing can be added to them, so memory grows with what is in flight, not
 * with the logs.
 */
typedef struct MstCorrelator MstCorrelator;

/* Borrows options and sink. NULL and MST_ERROR_USAGE if a host setting cannot be read. */
MstCorrelator *mst_correlator_new(const MstCorrelatorOptions *options, MstStorySink *sink,
                                  GError **error);
void mst_correlator_free(MstCorrelator *self);

/* Memory for messages comes from there, as far as it is ready; borrowed. To be said before the first
 * event, or not at all. */
void mst_correlator_set_supply(MstCorrelator *self, MstArenaSupply *supply);

/* `now_us` is where the merged sources stand: it never steps back. `file` lives as long as the run. */
void mst_correlator_event(MstCorrelator *self, const MstEvent *event, int64_t now_us,
                          const char *file);

/* The logs end: every life ends, every story is handed on. */
void mst_correlator_finish(MstCorrelator *self);

#endif
