/* rfc3339.c - UTC microseconds as people and programs read them */
#include "export/rfc3339.h"

#include <stdbool.h>
#include <string.h>

enum { SECOND_US = 1000000, MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

/* Rounds down, for times before 1970 too. */
static int64_t whole(int64_t amount, int64_t unit)
{
    return amount / unit - (amount % unit < 0);
}

void mst_rfc3339_init(MstRfc3339 *self, GTimeZone *zone)
{
    *self = (MstRfc3339){
        .zone = zone, .offset_of = INT64_MIN, .day = INT64_MIN, .minute_s = INT64_MAX};
    memcpy(self->text, "YYYY-MM-DDTHH:MM:", sizeof self->text);
}

/* Zones change their offset at a whole minute (St. John's did so at 00:01), not always at a whole
 * hour. */
static int64_t offset_at(MstRfc3339 *self, int64_t second)
{
    int64_t minute = whole(second, MINUTE_S);

    if (self->zone != NULL && minute != self->offset_of) {
        int interval = g_time_zone_find_interval(self->zone, G_TIME_TYPE_UNIVERSAL, second);

        self->offset_of = minute;
        self->offset_s = g_time_zone_get_offset(self->zone, interval);
    }
    return self->offset_s;
}

/* The last `count` decimal digits of a number. */
static char *put_digits(char *out, unsigned number, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)('0' + number % 10);
        number /= 10;
    }
    return out + count;
}

static bool put_date(char *out, int64_t day)
{
    g_autoptr(GDateTime) midnight = g_date_time_new_from_unix_utc(day * DAY_S);
    int year, month, day_of_month;

    if (midnight == NULL)
        return false;
    g_date_time_get_ymd(midnight, &year, &month, &day_of_month);
    out = put_digits(out, (unsigned)year, 4);
    *out++ = '-';
    out = put_digits(out, (unsigned)month, 2);
    *out++ = '-';
    put_digits(out, (unsigned)day_of_month, 2);
    return true;
}

/* Fills the text for a second of the zone. */
static bool find_minute(MstRfc3339 *self, int64_t second)
{
    int64_t day = whole(second, DAY_S);
    unsigned minute = (unsigned)(second - day * DAY_S) / MINUTE_S;

    if (day != self->day && !put_date(self->text, day))
        return false;
    put_digits(self->text + 11, minute / (HOUR_S / MINUTE_S), 2);
    put_digits(self->text + 14, minute % (HOUR_S / MINUTE_S), 2);
    self->day = day;
    self->minute_s = day * DAY_S + (int64_t)minute * MINUTE_S;
    return true;
}

static char *put_zone(char *out, bool utc, int64_t offset_s)
{
    unsigned minutes = (unsigned)((offset_s < 0 ? -offset_s : offset_s) / MINUTE_S);

    if (utc) {
        *out++ = 'Z';
        return out;
    }
    *out++ = offset_s < 0 ? '-' : '+';
    out = put_digits(out, minutes / 60, 2);
    *out++ = ':';
    return put_digits(out, minutes % 60, 2);
}

size_t mst_rfc3339_write(MstRfc3339 *self, int64_t time_us, char *out)
{
    int64_t second = whole(time_us, SECOND_US);
    unsigned fraction = (unsigned)(time_us - second * SECOND_US);
    int64_t offset_s = offset_at(self, second);
    int64_t shown = second + offset_s;
    char *at = out;

    if ((shown < self->minute_s || shown - self->minute_s >= MINUTE_S) && !find_minute(self, shown))
        return 0;
    memcpy(at, self->text, sizeof self->text);
    at = put_digits(at + sizeof self->text, (unsigned)(shown - self->minute_s), 2);
    if (fraction != 0) {
        *at++ = '.';
        at = put_digits(at, fraction, 6);
    }
    at = put_zone(at, self->zone == NULL, offset_s);
    return (size_t)(at - out);
}
