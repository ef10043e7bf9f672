/* flight.h - a story while hops may still join it */
#ifndef MST_FLIGHT_H
#define MST_FLIGHT_H

#include "life.h"
#include "mailstory/story.h"

/* What MstHop.story points at until the story is handed on. */
typedef struct MstFlight {
    MstStory story;   /* first member; hops in the order of joining */
    guint open;       /* hops that are not closed */
    guint waits;      /* openings and claims that wait for their other side */
    int64_t ready_us; /* the latest closing, link or end of a wait */
    bool listed;      /* among those that the linker looks at for release */
} MstFlight;

MstFlight *mst_flight_new(MstLife *life);
void mst_flight_free(MstFlight *flight);

static inline MstFlight *mst_flight_of(const MstLife *life)
{
    return (MstFlight *)life->hop.story;
}

/* Makes one of both; gives the one that is left. */
MstFlight *mst_flight_merge(MstFlight *a, MstFlight *b);

/* The hop that the message came in with. */
MstLife *mst_flight_first(const MstFlight *flight);

/* Orders and numbers the hops as DESIGN's order of rows wants it. */
void mst_flight_number(MstFlight *flight);

/* Fills the story from its hops, which are numbered. Text is put into `arena`. */
void mst_flight_tell(MstFlight *flight, MstArena *arena);

#endif
