/* dialogues.h - SMTP dialogues, and the filter sessions that covered them */
#ifndef MST_DIALOGUES_H
#define MST_DIALOGUES_H

#include "linker.h"

/*
 * A session of milter-manager is one connection of the mail system to it, and that is one SMTP
 * dialogue. At the usual log level nothing names a message or a client; but a session begins when
 * the dialogue does (its end less its length), ends when it does, and the numbers of sessions rise
 * with the connects. Sessions that end within two seconds of each other are given to dialogues
 * together, the cheapest pairs first, each session to at most one and each dialogue to one.
 */
typedef struct MstDialogues MstDialogues;

MstDialogues *mst_dialogues_new(MstLinker *linker);
void mst_dialogues_free(MstDialogues *self);

/* An event of a mail system. `life` is the message it belongs to, NULL if it has none. */
void mst_dialogues_see(MstDialogues *self, const MstHost *host, const MstEvent *event,
                       MstLife *life);

/* The session's lines name this message: it need not be compared. */
void mst_dialogues_name(MstDialogues *self, MstLife *session, MstLife *message);

/* A session has ended with this event; it is taken over, and freed when it has been given away. */
void mst_dialogues_take(MstDialogues *self, MstLife *life, const MstEvent *event);

/* The sessions that ended long enough before are given to their dialogues. */
void mst_dialogues_advance(MstDialogues *self, int64_t now_us);

/* The life is about to be freed. */
void mst_dialogues_forget(MstDialogues *self, MstLife *life);

/* Nothing more comes. */
void mst_dialogues_finish(MstDialogues *self);

#endif
