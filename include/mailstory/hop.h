/* hop.h - the life of one message under one queue ID on one host */
#ifndef MAILSTORY_HOP_H
#define MAILSTORY_HOP_H

#include <glib.h>

#include "mailstory/arena.h"
#include "mailstory/event.h"

typedef struct MstHop MstHop;
typedef struct MstDelivery MstDelivery;
typedef struct MstLink MstLink;
typedef struct MstEvidence MstEvidence;
typedef struct MstStory MstStory;

/* How a link was found: docs/correlation.md has a section for each. */
typedef enum MstLinkMethod {
    MST_LINK_REPLY_ID,   /* the next host's reply named its ID */
    MST_LINK_REQUEUE,    /* one host says which ID continues */
    MST_LINK_NOTIFY,     /* the child is a notification about the parent: another story */
    MST_LINK_MESSAGE_ID, /* same Message-ID, accepted from the parent's host after its attempt */
    MST_LINK_MESSAGE_ID_ONLY, /* same Message-ID and fitting times, nothing more */
    MST_LINK_ENVELOPE, /* no Message-ID, but sender, recipient, hosts and time fit one attempt */
    MST_LINK_SESSION,  /* the child is a filter session that covered the parent's SMTP dialogue */
    MST_LINK_REFUSAL,  /* the child is the far side of an attempt that failed */
} MstLinkMethod;

/* From sure to doubtful, so that the greater is the weaker. */
typedef enum MstConfidence {
    MST_CONFIDENCE_EXACT,
    MST_CONFIDENCE_STRONG,
    MST_CONFIDENCE_INFERRED,
    MST_CONFIDENCE_AMBIGUOUS,
} MstConfidence;

/* Why a life ended. */
typedef enum MstEnd {
    MST_END_OPEN,    /* it has not */
    MST_END_LINE,    /* its end line */
    MST_END_FINAL,   /* every recipient was final and nothing came for a minute */
    MST_END_REUSED,  /* the ID began a new life */
    MST_END_SILENCE, /* nothing came for --max-queue-time */
    MST_END_LOG,     /* the logs end */
} MstEnd;

/* What a rule or an operator did to the message as a whole. */
typedef enum MstHold {
    MST_HOLD_NONE,
    MST_HOLD_HELD,
    MST_HOLD_RELEASED,
} MstHold;

/* Hand-over of a message, or of one recipient's copy, from one hop to another. */
struct MstLink {
    MstHop *from; /* of NOTIFY perhaps a stand-in: its story's ID, number and host, nothing more */
    MstHop *to;
    MstDelivery *delivery; /* of `from`; NULL: the message as a whole goes on */
    MstLinkMethod method;
    MstConfidence confidence;
    unsigned candidates; /* how many could have been meant; 1 is certain */
    int64_t dt_us;       /* from the parent's line to the child's acceptance, on their clocks */
    MstLink *next_of_delivery; /* of the same delivery, or of the same hop where delivery is NULL */
    MstLink *before;           /* in that row; before the first stands the last */
    MstLink *next_into;        /* into the same `to` */
};

/* What was logged of an attempt to deliver. Texts are NULL where they are not known. */
typedef struct MstAttempt {
    const char *status; /* enhanced status code */
    const char *reply;
    const char *relay; /* host, agent or transport */
    const char *relay_ip;
    const char *next_id; /* ID that the reply named */
    int reply_code;
} MstAttempt;

/* One recipient of a hop, its attempts merged. All text lives in the hop's arena. */
struct MstDelivery {
    const char *recipient; /* as logged, without angle brackets; "" if no line names it */
    const char *original;  /* before this host rewrote or expanded it; NULL: the same */
    unsigned attempts;
    MstAction action : 8;      /* after the last attempt; NONE: named, but nothing came of it */
    bool local;                /* the last attempt asked nobody over a network */
    bool named;                /* a line named it before, or apart from, its outcome */
    bool trying;               /* an attempt has begun and has no outcome yet (qmail) … */
    int64_t begun_us;          /* … at this time */
    const char *spool_file;    /* of this copy, where each has its own (XMail); NULL */
    const MstAttempt *attempt; /* the last; recipients of one transaction share it; NULL none */
    int64_t first_us;          /* of the first line that names it */
    int64_t last_us;           /* of its last attempt */
    MstLink *links;            /* to the hops that hold this copy, oldest first */
    MstDelivery *next;
    MstDelivery *next_copy; /* for the same address; only where there are many deliveries */
};

/* An event as the story keeps it. */
struct MstEvidence {
    MstEvidence *next;
    int64_t time_us;
    int32_t resolution_us;
    MstEventKind kind;
    MstAction action;
    uint32_t pid;
    const char *process; /* interned for the run */
    const char *queue_id;
    const char *recipient; /* NULL if it names none */
    const char *detail;
    const char *file; /* of the run */
    uint64_t line;
};

/* Known log hosts live as long as the run. */
typedef struct MstHost {
    char *name; /* as its log writes it */
    guint index;
    guint names; /* under which other hosts were found to know it */
} MstHost;

/* What few hops have, so that those in flight need no room for it. All zero is nothing. */
typedef struct MstHopExtras {
    const char *user;
    const char *filter;       /* what filters and rules said of it; NULL nothing */
    GSList *more_message_ids; /* of const char *; freed with the hop */
    const char *verdict_status;
    const char *verdict_reply;
    int verdict_code;
    MstEvidence *evidence, *last_evidence; /* only if events are kept */
} MstHopExtras;

struct MstHop {
    MstStory *story; /* set when the story is released */
    MstHost *host;
    MstSystem system;
    int32_t resolution_us;
    const char *alias; /* qmail: pid of qmail-queue, by which others know the message; NULL none */
    const char *queue_id; /* as its system writes it; `NOQUEUE` for a refusal that never had one */
    uint64_t identity;    /* XXH3-64 of host, system, ID, first stamp and ordinal of the life: the
                             story ID if this is its story's first hop */
    int64_t first_us, last_us;
    int64_t accepted_us; /* of the line that says who handed it in; 0 if none did */
    const char *client_name, *client_ip;
    const char *sender;     /* NULL unknown, "" the null sender */
    const char *message_id; /* the first; NULL unknown */
    int64_t size;           /* -1 unknown */
    int32_t recipients;     /* as the queue file counts them; -1 unknown */
    bool queued;            /* the whole message was accepted */
    MstHold hold : 8;
    MstAction verdict : 8; /* REJECTED or DISCARDED as a whole; NONE */
    MstEnd end : 8;
    MstHopExtras *extras; /* in the arena; NULL: none */
    MstDelivery *deliveries, *last_delivery;
    guint n_deliveries;
    guint number;              /* in its story, from 1; set when the story is released */
    MstLink *links;            /* of the message as a whole, oldest first */
    MstLink *into, *last_into; /* the ways in; NULL for a story's first hop */
    MstArena arena;            /* that the hop itself lies in, with all that it has */
};

/* What was logged of the last attempt, or nothing. Never NULL. */
static inline const MstAttempt *mst_delivery_attempt(const MstDelivery *delivery)
{
    static const MstAttempt none = {0};

    return delivery->attempt == NULL ? &none : delivery->attempt;
}

/* What the hop has, or nothing. Never NULL. */
static inline const MstHopExtras *mst_hop_extras(const MstHop *hop)
{
    static const MstHopExtras none = {0};

    return hop->extras == NULL ? &none : hop->extras;
}

/* To add something to. */
MstHopExtras *mst_hop_add_extras(MstHop *hop);

const char *mst_link_method_name(MstLinkMethod method);
const char *mst_confidence_name(MstConfidence confidence);

#endif
