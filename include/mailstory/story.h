/* story.h - the connected hops of one message, and what became of each recipient */
#ifndef MAILSTORY_STORY_H
#define MAILSTORY_STORY_H

#include "mailstory/hop.h"

/* One row of deliveries.csv: a final recipient. All text lives as long as the story. */
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

/* A released story. Everything in it is freed when the sink returns. */
struct MstStory {
    uint64_t id;
    int64_t first_us, last_us;
    int64_t released_us; /* rows are in this order, then by id */
    GPtrArray *hops;     /* of MstHop *, by first_us, then cause, host, system, ID */
    GArray *outcomes;    /* of MstOutcome, in the order of the recipients as injected */
    MstAction action;    /* common to all recipients, else MIXED */
    /* Rows, `expanded` not counted: all; delivered or relayed; failed, rejected or discarded;
     * delayed, quarantined or unknown. */
    guint recipients, delivered, failed, pending;
    uint64_t related_to;      /* the story that this one is a notification about; 0 none */
    MstConfidence confidence; /* of its weakest link */
    const char *notes;        /* "" none */
};

/* What the linker hands on. */
typedef struct MstStorySink MstStorySink;
struct MstStorySink {
    void (*story)(MstStorySink *self, const MstStory *story);
    /* An event that belongs to no story; only if events are kept. */
    void (*loose_event)(MstStorySink *self, const MstHost *host, MstSystem system,
                        const MstEvidence *event);
};

#endif
