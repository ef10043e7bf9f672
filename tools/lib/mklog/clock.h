/* clock.h - microseconds since 1970 and dates, in UTC */
#ifndef MKLOG_CLOCK_H
#define MKLOG_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum { SECOND = 1000000, MILLISECOND = 1000 };

typedef struct Clock {
    unsigned year;
    unsigned month; /* 1 is January */
    unsigned day;
    unsigned hour, minute, second, microsecond;
    int64_t seconds; /* since 1970 */
} Clock;

/* What a clock shows at this time, which is not before 1970. */
Clock clock_at(int64_t time);

/* `2026-03-01` into the time at which that day begins; false if it is no date. */
bool clock_parse_date(const char *text, int64_t *time);

#endif
