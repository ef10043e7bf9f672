/* session.h - SMTP dialogues of which something is still to be told */
#ifndef MST_SESSION_H
#define MST_SESSION_H

#include "life.h"

/*
 * A dialogue is known by its host, the server process and the client: Postfix logs `connect`,
 * refusals and `disconnect` under one pid, but postscreen serves all clients under one.
 */
struct MstSession {
    const MstHost *host;
    uint32_t pid;
    uint64_t client_hash; /* of its address */
    MstPlace by_key;      /* in the table's index */
    GList place;          /* in the table's queue by age; data is the session */
    int64_t touched_us;
    MstLife *life;    /* the message that is being accepted; NULL none */
    MstLife *refused; /* refusals of this dialogue that bear no queue ID; NULL none */
    guint refusals;   /* how many transactions were refused so far */
};

/* All that are open. */
typedef struct MstSessions {
    MstIndex *by_key;
    GQueue by_age;
    GQueue spare; /* of MstSession, to be used again */
} MstSessions;

/* `seed` is that of their index. */
void mst_sessions_init(MstSessions *self, uint64_t seed);
void mst_sessions_clear(MstSessions *self);

/* The dialogue that an event belongs to; NULL if it is not known. */
MstSession *mst_sessions_find(MstSessions *self, const MstHost *host, const MstEvent *event);

/* The same, made if it is not known; it is touched. */
MstSession *mst_sessions_take(MstSessions *self, const MstHost *host, const MstEvent *event,
                              int64_t now_us);

/* The oldest that was not touched since `before_us`, or NULL. */
MstSession *mst_sessions_oldest(const MstSessions *self, int64_t before_us);

/* Forgets it. Its life and refusals must have been seen to. */
void mst_sessions_drop(MstSessions *self, MstSession *session);

#endif
