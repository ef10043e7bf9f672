/* life.h - a hop while it is being built: what each event adds to it */
#ifndef MST_LIFE_H
#define MST_LIFE_H

#include "mailstory/hop.h"

typedef struct MstLife MstLife;
typedef struct MstSession MstSession;
typedef struct MstWait MstWait;
typedef struct MstDialogue MstDialogue;

/* What lives are found by. */
typedef struct MstLifeKey {
    const MstHost *host;
    MstSlice queue_id;
    guint hash;
} MstLifeKey;

/* A hop and what only its builder and the linker need to know. Allocated in the hop's own arena. */
struct MstLife {
    MstHop hop;
    MstLifeKey key;

    GHashTable *by_recipient;  /* set of the deliveries, once there are many; else NULL */
    guint counts[MST_ACTIONS]; /* of deliveries, by their action */
    const char *hint;          /* the last recipient, as a rule's line names it; NULL none */
    bool aborted;              /* the client vanished, or the dialogue was broken off */
    bool over;                 /* the dialogue it was accepted in has ended */

    /* the hop builder's */
    GList place;         /* in one of its queues by age; data is the life */
    GQueue *queue;       /* the one it stands in; NULL once the life has ended */
    MstSession *session; /* the SMTP dialogue it is being accepted in; NULL if over */
    MstLife *refused;    /* recipients refused earlier in this dialogue; theirs or another's */
    int64_t touched_us;  /* where the sources stood when its last line came */
    guint ordinal;       /* among lives of this ID that began at the same stamp */
    bool opened;         /* the linker was told that all is known which links need */
    bool refusal;        /* a transaction that never got a queue ID */
    uint32_t pid;        /* of a refusal: the process that refused */

    MstDialogue *dialogue; /* that it was handed in by; NULL none, or not known any more */
    GPtrArray *covered; /* of a filter session: of MstLife *, messages that it names; NULL none */

    /* the linker's */
    GList by_id; /* in an index; data is the life */
    uint64_t id_hash;
    GList by_message_id; /* likewise, once an attempt named no ID */
    uint64_t message_id_hash;
    GList by_sender; /* of XMail: in an index, once the sender is known */
    uint64_t sender_hash;
    GList by_alias; /* in an index, once it has one */
    uint64_t alias_hash;
    bool has_unnamed;      /* it stands in that index */
    int64_t unnamed_us;    /* of the last attempt that named no ID */
    MstWait *opening;      /* its wait for a parent; NULL if it waits no more, or never did */
    MstLife *about;        /* a notification's message, while that is in memory */
    GArray *notified_by;   /* of uint64_t: story IDs of its notifications; NULL none */
    GSList *notifications; /* of MstLife *: those in memory */
};

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

/* Keeps the event as evidence; `process` and `file` live as long as the run. */
void mst_life_keep(MstLife *self, const MstEvent *event, const char *process, const char *file);

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

#endif
