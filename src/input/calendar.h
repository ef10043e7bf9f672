/* calendar.h - the years of one source's stamps */
#ifndef MST_CALENDAR_H
#define MST_CALENDAR_H

#include "civil.h"

/* Turns the stamps of one source, in file order, into UTC. */
typedef struct MstCalendar {
    int said_year;      /* of the first stamp without a year; 0: from bound_us */
    int64_t bound_us;   /* that stamp is not later than this */
    int year;           /* of the last stamp without one; 0: there was none so far */
    int64_t last_s;     /* that stamp, in civil seconds */
    int64_t old_year_s; /* the last stamp before the year turned; INT64_MIN: it has not */
    MstCivilDay day;
} MstCalendar;

void mst_calendar_init(MstCalendar *self, int said_year);

/* UTC microseconds; 0 for a leap day in a year that has none. */
int64_t mst_calendar_read(MstCalendar *self, const MstStamp *stamp, GTimeZone *zone);

#endif
