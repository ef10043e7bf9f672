/* matching.h - which filter session covered which SMTP dialogue */
#ifndef MST_MATCHING_H
#define MST_MATCHING_H

#include "base/agenda.h"
#include "dialogue.h"

/*
 * Each session gets at most one dialogue and each dialogue one session, the cheapest pairs first. That
 * is the one matching in which no session and dialogue would both rather have each other than what
 * they have. So it need not be made anew for each line: only what is new, or cheaper or dearer than
 * before, is matched again, and whatever loses its match by that.
 *
 * Sessions and dialogues whose last lines stand near each other are compared first; those with a cheap
 * match there need no other comparison. So the work of a session does not grow with the number of
 * sessions and dialogues at the same time, unless the lines or the clocks fit badly.
 */
typedef struct MstMatching {
    MstAgenda by_first;       /* of MstDialogue, by front_us */
    int64_t front_us;         /* the latest of them so far */
    GArray *touches;          /* of Touch: the last lines of dialogues of late, by place */
    uint64_t touched;         /* since this place; 0 not yet */
    int64_t coarsest_us;      /* what a dialogue's first stamp may be too early, at most */
    bool unbounded;           /* there are dialogues that can fit far from their last line */
    GPtrArray *sessions;      /* of MstFilterSession *, by end */
    GPtrArray *named;         /* of those, the ones that name messages */
    GQueue poor;              /* the ones without a cheap match */
    GPtrArray *new_sessions;  /* and those for which a dialogue is to be looked for */
    GPtrArray *new_dialogues; /* dialogues for which a session is to be looked for */
} MstMatching;

void mst_matching_init(MstMatching *self);
void mst_matching_clear(MstMatching *self);

/* A dialogue begins with its first line. */
void mst_matching_begin(MstMatching *self, MstDialogue *dialogue);

/* The dialogue's last line is another one than before. Counts only once there are sessions: till then
 * it need not be told. */
void mst_matching_touch(MstMatching *self, MstDialogue *dialogue);

/* The dialogue is about to be freed. */
void mst_matching_drop_dialogue(MstMatching *self, MstDialogue *dialogue);

/* A session ended with its line. */
void mst_matching_add_session(MstMatching *self, MstFilterSession *session);

/* Makes the matching what it should be by now. */
void mst_matching_update(MstMatching *self);

/* Would another dialogue have done nearly as well as the session's match? */
bool mst_matching_is_rivalled(const MstMatching *self, MstFilterSession *session);

/* The first dialogue that another session has, and of which this could be the second: it threw a
 * message away. NULL if there is none. */
MstDialogue *mst_matching_find_second(const MstMatching *self, const MstFilterSession *session);

/* Whether a session has been given the dialogue is about to be changed, or has been. */
void mst_matching_change(MstMatching *self, MstDialogue *dialogue);

/* The session is about to be given away. The caller takes it out of `sessions`. */
void mst_matching_drop_session(MstMatching *self, MstFilterSession *session);

#endif
