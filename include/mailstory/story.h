/* story.h - the connected hops of one message, and what became of each recipient */
#ifndef MAILSTORY_STORY_H
#define MAILSTORY_STORY_H

#include "mailstory/hop.h"

/* One row of deliveries.csv: a final recipient. All text lives as long as the story, or until the teller
 * tells another. */
typedef struct MstOutcome {
    const char *recipient;
    const char *original; /* as injected; the same text where nothing rewrote it; "" unknown */
    MstAction action;
    const char *status; /* NULL unknown, here and below */
    int reply_code;     /* 0 unknown */
    const char *reply;
    int64_t first_us;  /* when the story's first host took the message */
    int64_t final_us;  /* of the last line that decided */
    unsigned attempts; /* of the hop that decided; 0 if it made none */
    const MstHop *hop; /* that decided */
    const char *relay, *relay_ip;
    const char *path;         /* `mx1/postfix/4Zk… > hub/sendmail/p2F…` */
    MstConfidence confidence; /* of the weakest link on the path */
} MstOutcome;

/*
 * A released story. Nothing is added to it any more, and whoever has it may work on it in a thread of
 * its own; but it and its hops are the correlator's memory, and go back to it, taken apart. That fills it
 * up to `loose`; the rest mst_teller_tell does.
 */
struct MstStory {
    MstStory *next; /* where stories stand in a row; else NULL */
    uint64_t id;
    int64_t released_us; /* rows are in this order, then by id */
    MstHop **hops;       /* by first_us, then cause, host, system, ID */
    MstHop *only_hop;    /* where they stand if it is one */
    guint n_hops;
    const MstHop *first; /* that the message came in with; clocks differ, so not always hops[0] */
    bool loose;          /* its only hop tells of no message: it has evidence, and is not told */

    int64_t first_us, last_us;
    const GArray *outcomes; /* of MstOutcome, in the order of the recipients as injected */
    MstAction action;       /* common to all recipients, else MIXED */
    /* Rows, `expanded` not counted: all; delivered or relayed; failed, rejected or discarded;
     * delayed, quarantined or unknown. */
    guint recipients, delivered, failed, pending;
    uint64_t related_to;      /* the story that this one is a notification about; 0 none */
    MstConfidence confidence; /* of its weakest link */
    const char *notes;        /* "" none */
};

/* What is left of stories that are done with, for the correlator to use again. All zero is nothing. */
typedef struct MstRemains {
    MstStory *first, *last; /* of them, by `next` */
    MstArenaBlocks blocks;  /* of their hops */
} MstRemains;

/* Frees what the story's hops hold, and adds what is left of it. Whoever has the story may do it, in a
 * thread of its own. */
void mst_story_take_apart(MstStory *story, MstRemains *remains);

/* Adds `more` to the others; there is nothing left in it. Constant time. */
void mst_remains_add(MstRemains *remains, MstRemains *more);

/* What the correlator hands stories to. Both functions set `remains`, which may hold what they like, to
 * what is left of stories. */
typedef struct MstStorySink MstStorySink;
struct MstStorySink {
    /* Takes this one; what comes back may be of it, or of others that were taken before. */
    void (*take)(MstStorySink *self, MstStory *story, MstRemains *remains);
    /* No more stories come: gives back all that were taken. */
    void (*finish)(MstStorySink *self, MstRemains *remains);
};

/* Works out what became of each recipient, and what the hops say together. */
typedef struct MstTeller MstTeller;

MstTeller *mst_teller_new(void);
void mst_teller_free(MstTeller *self);

/* Fills the rest of the story. What it puts there is good until the next call. */
void mst_teller_tell(MstTeller *self, MstStory *story);

#endif
