/* linker.h - which hop continues which, over all hosts, and when a story is complete */
#ifndef MST_LINKER_H
#define MST_LINKER_H

#include "hosts.h"
#include "lives.h"
#include "mailstory/correlator.h"

/*
 * The hop builder tells it five things of each life: begun, opened (all is known that links need),
 * claim (an attempt names, or implies, a next hop), a link that one host's log states itself, and
 * closed. Openings and claims wait for each other for a window; what is then unmatched is tried by
 * weaker rules. A story is handed on when all its hops are closed and nothing in it waits.
 */
typedef struct MstLinker MstLinker;

/* `forget` is called for each life of a story before that is handed on. */
typedef struct MstLinkerSetup {
    MstHosts *hosts;
    MstLives *lives;    /* the hop builder's; the linker takes out those that are forgotten */
    MstArenaPool *pool; /* of all lives */
    MstStorySink *sink;
    int64_t window_us;
    void (*forget)(gpointer user, MstLife *life);
    gpointer user;
} MstLinkerSetup;

MstLinker *mst_linker_new(const MstLinkerSetup *setup);
void mst_linker_free(MstLinker *self); /* after mst_linker_finish */

/* Time goes on: waits run out, stories are released. Before anything that happens at `now_us`. */
void mst_linker_advance(MstLinker *self, int64_t now_us);

void mst_linker_begin(MstLinker *self, MstLife *life);
void mst_linker_open(MstLinker *self, MstLife *life);
void mst_linker_close(MstLinker *self, MstLife *life, int64_t ended_us);
void mst_linker_reopen(MstLinker *self, MstLife *life);

/* The event is a RESULT over a network for this delivery. */
void mst_linker_claim(MstLinker *self, MstLife *life, MstDelivery *delivery, const MstEvent *event);

/* One host's log says that `child` continues `parent` (`delivery` NULL: as a whole). */
void mst_linker_requeue(MstLinker *self, MstLife *parent, MstDelivery *delivery, MstLife *child);

/* The life is known by its `alias` from now on. */
void mst_linker_alias(MstLinker *self, MstLife *life);

/* One host's log says that the message whose alias this is continues `parent`, or (NOTIFICATION_ALIAS)
 * tells of it. Its own lines may come before or after. */
void mst_linker_tie_alias(MstLinker *self, MstLife *parent, MstDelivery *delivery,
                          const MstEvent *event);

/* `child` is a notification about `parent`: one host's log says so (candidates 0), or lets it be
 * inferred from among this many messages. */
void mst_linker_notify(MstLinker *self, MstLife *parent, MstLife *child, unsigned candidates);

/* A filter session covered the dialogue in which this message came: a copy of it becomes a hop of the
 * message's story. False if the message is in no story yet. */
bool mst_linker_cover(MstLinker *self, MstLife *message, const MstLife *session,
                      MstConfidence confidence, bool with_evidence);

/* The story of this hop is not handed on before that moment. */
void mst_linker_delay(MstLife *life, int64_t until_us);

/* Frees a life that the linker was not told of: a filter session, a refusal that names nobody. If it was
 * `told` in no story, its events belong to none. */
void mst_linker_drop(MstLinker *self, MstLife *life, bool told);

/*
 * Events of no message are gathered, so that not each of them is handed on alone. `gathering` gives the
 * life that another of this host and system can be added to; NULL: one is to be made,
 * and given to `gather`. One with a queue ID gathers no others. Good until anything else is told to the linker.
 */
MstLife *mst_linker_gathering(MstLinker *self, const MstHost *host, MstSystem system);
void mst_linker_gather(MstLinker *self, MstLife *life);

/* Nothing more comes; every life is closed. */
void mst_linker_finish(MstLinker *self);

#endif
