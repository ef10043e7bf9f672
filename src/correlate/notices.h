/* notices.h - which message a notice of XMail tells of */
#ifndef MST_NOTICES_H
#define MST_NOTICES_H

#include "linker.h"

/*
 * XMail logs successes only, and no line says what a notice is about. But a notice goes to the sender
 * of a message of which some recipient has no outcome yet; its ID is the greater; and its spool file
 * is named for the moment. A failure is told twice, to the sender and to the administrator, in two
 * messages whose IDs follow each other, made by one thread at one moment; a delay is told once.
 */
typedef struct MstNotices MstNotices;

MstNotices *mst_notices_new(MstLinker *linker);
void mst_notices_free(MstNotices *self);

/* A RESULT or SENDER was added to this life of XMail. */
void mst_notices_see(MstNotices *self, MstLife *life, const MstEvent *event);

/* A note of a failed try, which names no ID, was added to a life of its own: gives the message whose
 * copy it is about; NULL if none fits. */
MstLife *mst_notices_find_tried(MstNotices *self, const MstLife *note);

/* The life has ended: by now the lines of other log files of the same moment have come too. */
void mst_notices_end(MstNotices *self, MstLife *life);

/* The life is about to be freed. */
void mst_notices_forget(MstNotices *self, MstLife *life);

#endif
