/* clock.c - microseconds since 1970 and dates, in UTC */
#include "clock.h"

#include <glib.h>
#include <stdio.h>

enum { DAY = 86400 };

/* Counts years from 1 March, so that the leap day is a year's last one. 719468 days lie between
 * 1 March of the year 0 and 1970, 146097 days are four centuries. */
static void set_date(Clock *clock, int64_t days)
{
    const unsigned day = (unsigned)(days + 719468);
    const unsigned of_era = day % 146097;
    const unsigned year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const unsigned of_year = of_era - (365 * year + year / 4 - year / 100);
    const unsigned month = (5 * of_year + 2) / 153;

    clock->day = of_year - (153 * month + 2) / 5 + 1;
    clock->month = month < 10 ? month + 3 : month - 9;
    clock->year = year + day / 146097 * 400 + (clock->month <= 2 ? 1 : 0);
}

Clock clock_at(int64_t time)
{
    Clock clock = {.seconds = time / SECOND, .microsecond = (unsigned)(time % SECOND)};
    const unsigned of_day = (unsigned)(clock.seconds % DAY);

    clock.hour = of_day / 3600;
    clock.minute = of_day / 60 % 60;
    clock.second = of_day % 60;
    set_date(&clock, clock.seconds / DAY);
    return clock;
}

bool clock_parse_date(const char *text, int64_t *time)
{
    unsigned year, month, day;
    char rest;
    Clock clock;

    if (sscanf(text, "%4u-%2u-%2u%c", &year, &month, &day, &rest) != 3 || year < 1970)
        return false;
    for (int64_t days = (year - 1970) * (int64_t)365; days < (year - 1969) * (int64_t)366; days++) {
        clock = clock_at(days * DAY * SECOND);
        *time = days * DAY * SECOND;
        if (clock.year == year && clock.month == month && clock.day == day)
            return true;
    }
    return false;
}
