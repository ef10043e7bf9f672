/*
 * civil.c - dates and clocks as people write them, and the zones that turn them into UTC
 *
 * GLib walks a zone's whole history for each question, which is far too slow for each line. But a
 * zone changes its offset twice a year, so a day on which nothing changes is asked about once.
 */
#include "civil.h"

enum { DAY_S = 24 * 60 * 60 };

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool mst_civil_exists(int year, int month, int day)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
        return false;
    return year == 0 || month != 2 || day < 29 || is_leap(year);
}

/* Years are counted from March, so that a leap day is a year's last. */
int64_t mst_civil_seconds(const MstStamp *stamp, int year)
{
    static const int before[] = {306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275};
    const int64_t days_to_1970 = 719468;
    int64_t y = stamp->month < 3 ? year - 1 : year;
    int64_t days = 365 * y + y / 4 - y / 100 + y / 400 + before[stamp->month - 1] + stamp->day - 1;

    return (days - days_to_1970) * DAY_S + stamp->hour * 3600 + stamp->minute * 60 + stamp->second;
}

static int interval_at(GTimeZone *zone, int64_t utc_s)
{
    return g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, utc_s);
}

static int32_t offset_at(GTimeZone *zone, int64_t utc_s)
{
    return g_time_zone_get_offset(zone, interval_at(zone, utc_s));
}

/* On a day near a change: the offset of before, as long as it was still in force at that clock. */
static int32_t offset_near_change(int64_t civil_s, GTimeZone *zone)
{
    int32_t before = offset_at(zone, civil_s - 2 * DAY_S);
    int32_t after = offset_at(zone, civil_s + 2 * DAY_S);

    if (offset_at(zone, civil_s - before) == before)
        return before;
    return offset_at(zone, civil_s - after) == after ? after : before;
}

int32_t mst_civil_offset(MstCivilDay *known, int64_t civil_s, GTimeZone *zone)
{
    int64_t in_day = (civil_s % DAY_S + DAY_S) % DAY_S;
    int64_t start_s = civil_s - in_day;

    if (known->zone == zone && known->start_s == start_s)
        return known->offset_s;
    if (interval_at(zone, start_s - 2 * DAY_S) != interval_at(zone, start_s + 3 * DAY_S))
        return offset_near_change(civil_s, zone);
    *known = (MstCivilDay){zone, start_s, offset_at(zone, start_s)};
    return known->offset_s;
}
