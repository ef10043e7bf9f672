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

/* The last `count` decimal digits of a number. */
static char *put_digits(char *out, unsigned number, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)('0' + number % 10);
        number /= 10;
    }
    return out + count;
}

static char *put_two(char *out, unsigned number)
{
    out[0] = (char)('0' + number / 10);
    out[1] = (char)('0' + number % 10);
    return out + 2;
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
    out = put_two(out, (unsigned)month);
    *out++ = '-';
    put_two(out, (unsigned)day_of_month);
    return true;
}

/* Seconds east of UTC. */
static int64_t offset_at(GTimeZone *zone, int64_t second)
{
    if (zone == NULL)
        return 0;
    return g_time_zone_get_offset(zone,
                                  g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, second));
}

static size_t put_offset(char *out, bool utc, int64_t offset_s)
{
    unsigned minutes = (unsigned)((offset_s < 0 ? -offset_s : offset_s) / MINUTE_S);

    if (utc) {
        out[0] = 'Z';
        return 1;
    }
    out[0] = offset_s < 0 ? '-' : '+';
    put_two(out + 1, minutes / 60);
    out[3] = ':';
    put_two(out + 4, minutes % 60);
    return 6;
}

/* Fills the texts for the minute that this time is in. */
static G_GNUC_NO_INLINE bool find_minute(MstRfc3339 *self, int64_t time_us)
{
    int64_t second = whole(time_us, SECOND_US);
    int64_t offset_s = offset_at(self->zone, second);
    int64_t day = whole(second + offset_s, DAY_S);
    unsigned minute = (unsigned)(second + offset_s - day * DAY_S) / MINUTE_S;

    if (day != self->day && !put_date(self->text, day))
        return false;
    put_two(self->text + 11, minute / (HOUR_S / MINUTE_S));
    put_two(self->text + 14, minute % (HOUR_S / MINUTE_S));
    self->offset_len = put_offset(self->offset, self->zone == NULL, offset_s);
    self->day = day;
    self->minute_us = (day * DAY_S + (int64_t)minute * MINUTE_S - offset_s) * SECOND_US;
    return true;
}

void mst_rfc3339_init(MstRfc3339 *self, GTimeZone *zone)
{
    *self = (MstRfc3339){.zone = zone, .day = INT64_MIN};
    memcpy(self->text, "YYYY-MM-DDTHH:MM:", sizeof self->text);
    find_minute(self, 0);
}

/* The offset takes as many bytes as it may have, of which the fewer count. */
size_t mst_rfc3339_write(MstRfc3339 *self, int64_t time_us, char *out)
{
    uint64_t minute_us = (uint64_t)MINUTE_S * SECOND_US;
    char *at = out;
    unsigned fraction, past_us;

    if ((uint64_t)time_us - (uint64_t)self->minute_us >= minute_us && !find_minute(self, time_us))
        return 0;
    past_us = (unsigned)(time_us - self->minute_us);
    fraction = past_us % SECOND_US;
    memcpy(at, self->text, sizeof self->text);
    at = put_two(at + sizeof self->text, past_us / SECOND_US);
    if (fraction != 0) {
        *at++ = '.';
        at = put_digits(at, fraction, 6);
    }
    memcpy(at, self->offset, sizeof self->offset);
    return (size_t)(at - out) + self->offset_len;
}
