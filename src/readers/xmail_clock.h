/* xmail_clock.h - local time without a zone, and the spool's clock that tells the zone */
#ifndef MST_XMAIL_CLOCK_H
#define MST_XMAIL_CLOCK_H

#include "input/civil.h"

/* One log's clock. All zero but for the zone is one that has learned nothing. */
typedef struct MstXmailClock {
    GTimeZone *zone;      /* what the person says; borrowed; NULL: UTC */
    char text[19];        /* the last stamp as written */
    int64_t civil_s;      /* the same, as if it were UTC */
    MstCivilDay day;      /* of `zone` */
    bool knows;           /* offset_s was learned */
    int32_t offset_s;     /* east of UTC */
    int32_t rival_s;      /* a greater offset that newer records agree on */
    int64_t rival_from_s; /* the spool's clock when they began to; 0: there is none */
} MstXmailClock;

/* Reads a stamp that mst_xmail_is_stamp knows, or knew when it was the last one. False if it is
 * none. */
bool mst_xmail_clock_set(MstXmailClock *self, MstSlice stamp);

/* What was done at the last stamp had been queued at `spool_s`, UTC. */
void mst_xmail_clock_learn(MstXmailClock *self, int64_t spool_s);

/* The last stamp in UTC seconds. */
int64_t mst_xmail_clock_utc(MstXmailClock *self);

#endif
