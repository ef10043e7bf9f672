/* dialogue.h - an SMTP dialogue, a filter session, and how badly they fit each other */
#ifndef MST_DIALOGUE_H
#define MST_DIALOGUE_H

#include "base/index.h"
#include "life.h"

typedef struct MstFilterSession MstFilterSession;

/* A point of a log: its stamp, how far that may be too early, and its place among the lines. */
typedef struct MstPoint {
    int64_t low_us, high_us;
    uint64_t place; /* from 1 */
} MstPoint;

/* One connection of a client to a mail system. */
struct MstDialogue {
    const MstHost *host;
    MstSystem system;
    uint32_t pid;
    MstPoint first, last;
    int64_t front_us; /* the latest first stamp of this dialogue and all before it */
    int64_t aged_us;  /* its last stamp, when it was put among those of its age */
    bool ended;
    bool taken;   /* by a session that has been given away */
    bool twice;   /* by two */
    bool listed;  /* among those for which a session is to be looked for */
    GQueue lives; /* of MstLife.in_dialogue: its messages, and what was refused, in memory */
    MstFilterSession *match;  /* the one that would get it now; NULL none */
    MstFilterSession *holder; /* while sessions are swapped: the one that has it */
    MstPlace by_process;      /* among those that have not ended */
    uint64_t by_first;        /* its place among all, by front_us */
    GList by_age;             /* of those that grow old alike; data is the dialogue */
};

/* One connection of a mail system to milter-manager, which has ended. */
struct MstFilterSession {
    MstLife *life;
    MstPoint end;
    int64_t length_us;
    uint64_t pid, number;
    bool discards;         /* its last verdict */
    bool named;            /* its match holds a message that it names */
    MstDialogue *match;    /* the one that it would get now; NULL none */
    double match_cost;     /* 0 if named */
    GList poor;            /* of those that may like a dialogue far off; data is the session */
    MstDialogue *dialogue; /* while sessions are given away: the one it is given to; NULL none */
    double cost;           /* of that */
    uint64_t earliest;     /* place at which the first dialogue of it and those behind it began */
    bool rivalled;         /* another dialogue would have done nearly as well */
};

/* The first of these sessions, in the order of their ends, that ended at or behind this place. */
guint mst_filter_sessions_find(const GPtrArray *by_end, uint64_t place);

/* In seconds' worth of doubt; negative: the session can not have covered the dialogue. */
double mst_dialogue_cost(const MstFilterSession *session, const MstDialogue *dialogue);

/* Of that, what the lines between the session's end and the dialogue's cost: at most one. */
static inline double mst_dialogue_cost_of_lines(const MstFilterSession *session,
                                                const MstDialogue *dialogue)
{
    uint64_t lines = session->end.place > dialogue->last.place
                         ? session->end.place - dialogue->last.place
                         : dialogue->last.place - session->end.place + 5;

    return MIN(1.0, 0.01 * (double)lines);
}

/* What it costs at least, at the first glance: sendmail's lines say nothing of the end. */
static inline double mst_dialogue_least_cost(const MstFilterSession *session,
                                             const MstDialogue *dialogue)
{
    return dialogue->system == MST_SYSTEM_SENDMAIL ? 0
                                                   : mst_dialogue_cost_of_lines(session, dialogue);
}

/* Sendmail logs no end of a dialogue: silence of this length is one. */
extern const int64_t mst_dialogue_idle_us;

#endif
