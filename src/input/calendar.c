/*
 * calendar.c - the years of one source's stamps
 *
 * The year turns when stamps step back by more than half a year. Two things look like that, or like
 * its opposite, and are not. A line of 31 December that is written behind the first of January
 * belongs to the old year, and the year does not turn back for the others. And a machine whose clock
 * starts at 1 January until the network has set it turns the year too early: the stamps behind go on
 * where those before had been, and the year goes back with them. A jump forward that is neither is a
 * log that was silent for long.
 */
#include "calendar.h"

static const int64_t month_s = INT64_C(31) * 24 * 60 * 60;
static const int64_t half_year_s = INT64_C(365) * 12 * 60 * 60;

void mst_calendar_init(MstCalendar *self, int said_year)
{
    *self = (MstCalendar){.said_year = said_year, .old_year_s = INT64_MIN};
}

static int turn(MstCalendar *self, const MstStamp *stamp)
{
    self->old_year_s = self->last_s;
    self->year++;
    self->last_s = mst_civil_seconds(stamp, self->year);
    return self->year;
}

static int go_forward_far(MstCalendar *self, const MstStamp *stamp)
{
    int64_t year_before_s = mst_civil_seconds(stamp, self->year - 1);

    if (year_before_s > self->last_s - month_s)
        return self->year - 1;
    if (self->old_year_s != INT64_MIN && ABS(year_before_s - self->old_year_s) < month_s) {
        self->old_year_s = INT64_MIN;
        self->year--;
        self->last_s = year_before_s;
        return self->year;
    }
    self->last_s = mst_civil_seconds(stamp, self->year);
    return self->year;
}

static int year_of(MstCalendar *self, const MstStamp *stamp, GTimeZone *zone)
{
    int64_t step_s;

    if (self->year == 0) {
        self->year = self->said_year != 0 ? self->said_year
                                          : mst_stamp_year_before(stamp, self->bound_us, zone);
        self->last_s = mst_civil_seconds(stamp, self->year);
        return self->year;
    }
    step_s = mst_civil_seconds(stamp, self->year) - self->last_s;
    if (step_s < -half_year_s)
        return turn(self, stamp);
    if (step_s > half_year_s)
        return go_forward_far(self, stamp);
    self->last_s += step_s;
    return self->year;
}

int64_t mst_calendar_read(MstCalendar *self, const MstStamp *stamp, GTimeZone *zone)
{
    int year = stamp->year != 0 ? stamp->year : year_of(self, stamp, zone);
    int64_t utc_s = mst_civil_seconds(stamp, year);

    if (!mst_civil_exists(year, stamp->month, stamp->day))
        return 0;
    utc_s -= stamp->has_zone ? stamp->offset_s : mst_civil_offset(&self->day, utc_s, zone);
    return utc_s * 1000000 + stamp->fraction_us;
}
