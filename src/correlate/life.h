/* life.h - a hop while it is being built: what each event adds to it */
#ifndef MST_LIFE_H
#define MST_LIFE_H

#include "base/index.h"
#include "mailstory/hop.h"

typedef struct MstLife MstLife;
typedef struct MstSession MstSession;
typedef struct MstWait MstWait;
typedef struct MstDialogue MstDialogue;

/* A story while hops may still join it. Each life has one in itself; of those that were found to
 * belong together, one life's serves all (flight.h). */
typedef struct MstFlight {
    MstLife *first_joined, *last_joined; /* by next_joined; NULL: its hops are another's now */
    guint hops;                          /* how many */
    guint open;                          /* of these, how many are not closed */
    guint waits;                         /* openings and claims that wait for their other side */
    bool listed;                         /* among those that the linker looks at for release */
    bool numbered;                       /* its hops are in order */
    bool parked;                         /* set apart until its time comes, under … */
    int64_t parked_us;                   /* … this one */
    int64_t ready_us;                    /* the latest closing, link or end of a wait */
} MstFlight;

/* A notification's message, while that is in memory. In the arena of the notification. */
typedef struct MstAbout {
    MstLife *parent;
    GList place; /* among the parent's notifications; data is the child */
} MstAbout;

/* What few lives have, so that those in flight need no room for it. All zero is nothing. */
typedef struct MstLifeExtras {
    MstIndex *by_recipient; /* of the deliveries, once there are many; else NULL */
    GPtrArray *in_order;    /* the same, of MstDelivery *, as they stand in the hop; else NULL */
    const char *hint;       /* the last recipient, as a rule's line names it; NULL none */
    MstLife *refused;       /* recipients refused earlier in this dialogue; theirs or another's */
    GPtrArray *covered; /* of a filter session: of MstLife *, messages that it names; NULL none */
    MstLife *earlier, *later; /* those with its host and ID that are in memory */
    MstAbout *about;      /* of a notification; NULL: its message is not in memory, or it is none */
    GArray *notified_by;  /* of uint64_t: story IDs of its notifications; NULL none */
    GList *notifications; /* of MstLife *: those in memory */
} MstLifeExtras;

/* A message with a Message-ID, and attempts that named no ID. */
typedef struct MstUnnamed {
    MstPlace by_message_id, by_both; /* the latter with the sender too */
    int64_t last_us;                 /* of the last such attempt */
} MstUnnamed;

/*
 * A hop and what only its builder and the linker need to know. Allocated in the hop's own arena, of
 * which it should leave half a block to the texts of an ordinary message.
 */
struct MstLife {
    MstHop hop;

    const MstAttempt *last_attempt; /* that was logged, of any recipient; NULL none */
    guint n_open;       /* of the deliveries, how many have no final outcome so far … */
    guint n_refused;    /* … and how many were refused */
    guint id_len;       /* of the queue ID */
    bool alike : 1;     /* of many deliveries: two may be of one original recipient */
    bool aborted : 1;   /* the client vanished, or the dialogue was broken off */
    bool over : 1;      /* the dialogue it was accepted in has ended */
    bool opened : 1;    /* the linker was told that all is known which links need */
    bool refusal : 1;   /* a transaction that never got a queue ID */
    bool succeeded : 1; /* the ID has begun a later life, which may be forgotten by now */
    uint32_t pid;       /* of a refusal: the process that refused */
    guint ordinal;      /* among lives of this ID that began at the same stamp */

    /* the hop builder's */
    GList place;         /* in one of its queues by age; data is the life */
    GQueue *queue;       /* the one it stands in; NULL once the life has ended */
    MstSession *session; /* the SMTP dialogue it is being accepted in; NULL if over */
    int64_t touched_us;  /* where the sources stood when its last line came */

    GList
        in_dialogue; /* among the messages of that which it was handed in by, which is the data; NULL none,
                          or not known any more */

    /* the linker's */
    MstFlight *flight; /* it belongs to: its own, or another's; NULL: a filter session's own life */
    MstFlight own_flight; /* until it was joined to another */
    MstLife *next_joined; /* in the same flight */
    MstPlace by_id;       /* among the lives of its host by queue ID, if it is the latest */
    uint64_t opening; /* its place in the linker's agenda, while it waits for a parent; else 0 */
    /* What not all lives have, in their arenas; else NULL. */
    MstPlace *by_id_alone; /* as by_id, among the lives of all hosts; not of the first host */
    MstPlace *by_alias;    /* once it has an alias */
    MstPlace *by_sender;   /* of XMail: once the sender is known */
    MstUnnamed *unnamed;   /* with a Message-ID, once an attempt named no ID */
    MstLifeExtras *extras;
};

/* The dialogue that the life was handed in by; NULL none, or not known any more. */
static inline MstDialogue *mst_life_dialogue(const MstLife *life)
{
    return life->in_dialogue.data;
}

/* The life that stands at this place among those of a dialogue. */
static inline MstLife *mst_life_in_dialogue(const GList *place)
{
    return (MstLife *)((char *)place - offsetof(MstLife, in_dialogue));
}

/* What the life has, or nothing. Never NULL. */
static inline const MstLifeExtras *mst_life_extras(const MstLife *life)
{
    static const MstLifeExtras none = {0};

    return life->extras == NULL ? &none : life->extras;
}

/* To add something to. */
MstLifeExtras *mst_life_add_extras(MstLife *life);

/* The delivery for this recipient; made if there is none. `original` may be NULL. */
MstDelivery *mst_life_delivery(MstLife *self, MstSlice recipient, MstSlice original);

/* Has the delivery no final outcome so far? */
bool mst_life_is_open(const MstDelivery *delivery);

/* Gives the delivery another action than the last attempt's. */
void mst_life_set_action(MstLife *self, MstDelivery *delivery, MstAction action);

/* Adds what the event says. It must be one of this hop's. Gives the delivery that a RESULT, REJECT
 * or RECIPIENT is about, else NULL. */
MstDelivery *mst_life_add(MstLife *self, const MstEvent *event);

/* No more lines come. A message of which no line told a recipient's outcome has at least the one that
 * a rule's line named. */
void mst_life_end(MstLife *self);

/* Keeps the event as the hop's evidence; `process` and `file` live as long as the run. */
void mst_hop_keep(MstHop *self, const MstEvent *event, const char *process, const char *file);

/* Moves the refused recipients and the evidence of `refused` here; it is empty afterwards. */
void mst_life_absorb(MstLife *self, MstLife *refused);

/* Is nothing more to be expected, though no line said so? */
bool mst_life_is_final(const MstLife *self);

/* Does anything tell of a message here, rather than of an empty dialogue? */
bool mst_life_is_message(const MstLife *self);

/* Was the whole transaction refused? */
bool mst_life_is_refused(const MstLife *self);

/* A copy of a filter session, which may be a hop of several stories; its evidence is copied only
 * `with_evidence`. */
MstLife *mst_life_copy_session(const MstLife *session, bool with_evidence);

/* Frees the life and all that its arena holds. */
void mst_life_free(MstLife *self);

/* The same, but for the blocks of its arena, which are added to a row. */
void mst_life_take_apart(MstLife *self, MstArenaBlocks *blocks);

#endif
