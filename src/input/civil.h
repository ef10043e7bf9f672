/* civil.h - dates and clocks as people write them, and the zones that turn them into UTC */
#ifndef MST_CIVIL_H
#define MST_CIVIL_H

#include <stdbool.h>

#include "mailstory/stamp.h"

/* Is there such a day in the Gregorian calendar? Year 0 stands for any year. */
bool mst_civil_exists(int year, int month, int day);

/* Seconds from 1970 to the stamp's date and clock in this year, as if it were UTC. */
int64_t mst_civil_seconds(const MstStamp *stamp, int year);

/* The zone and day that were asked for last; all zero knows nothing. Borrows the zone. */
typedef struct MstCivilDay {
    GTimeZone *zone;
    int64_t start_s; /* civil seconds at which the day begins */
    int32_t offset_s;
} MstCivilDay;

/* How far east of UTC the zone's clocks were when they showed `civil_s`. Of a repeated hour the
 * first is meant; a skipped one is counted on from before. */
int32_t mst_civil_offset(MstCivilDay *known, int64_t civil_s, GTimeZone *zone);

#endif
