/* flight.h - a story while hops may still join it */
#ifndef MST_FLIGHT_H
#define MST_FLIGHT_H

#include "life.h"
#include "mailstory/story.h"

/* A life alone: its own flight begins, open. */
void mst_flight_begin(MstLife *life);

/* Makes one of both; gives the one that is left. The other must not be parked. */
MstFlight *mst_flight_merge(MstFlight *a, MstFlight *b);

/* Where the memory of the life begins that the flight is a part of. */
static inline const void *mst_flight_memory(const MstFlight *flight)
{
    return (const char *)flight - offsetof(MstLife, own_flight);
}

/* The hop that the message came in with. */
MstLife *mst_flight_first(const MstFlight *flight);

/* Orders and numbers the hops as DESIGN's order of rows wants it. */
void mst_flight_number(MstFlight *flight);

/* Makes this story of it, up to where it is told. Its hops must outlive it. */
void mst_flight_release(MstFlight *flight, MstStory *story);

#endif
