/*
 * stamp.c - time stamps of logs into UTC
 *
 *     Nov 21 22:05:28           RFC 3164; the day padded with a blank, a zero, or not at all
 *     2013 Jun 10 06:27:30.123  the same with its year in front
 *     2026-11-21T22:05:27.797478+00:00   RFC 3339, ISO 8601
 *     2026-11-21 23:15:42.242056500      tai64nlocal, tailocal; many home-made formats
 *     2026-11-21_22:05:53.77665          svlogd -tt, which is UTC
 *     @400000006b02151e04773dec          TAI64N
 *     1054189746.123136                  splogger
 *
 * Any of the first four may have a fraction, behind a point or a comma.
 */
#include "mailstory/stamp.h"

#include <time.h>

#include "civil.h"

enum { SECOND_US = 1000000 };

/* What a stamp may name at most: the end of the year 9999. */
static const int64_t last_second = 253402300799;

/* The digit's value, or -1. */
static inline int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : -1;
}

/* A number of exactly two digits, or -1. */
static inline int two_digits(const char *at)
{
    int tens = digit(at[0]);
    int ones = digit(at[1]);

    return tens < 0 || ones < 0 ? -1 : 10 * tens + ones;
}

/* Four digits that may be the year of a log. */
static bool scan_year(const char *at, MstStamp *stamp)
{
    int century = two_digits(at);
    int year = two_digits(at + 2);

    stamp->year = 100 * century + year;
    return century >= 19 && year >= 0 && stamp->year >= 1970;
}

/* The scanners below return where they ended, or NULL if their part of a stamp is not there. */

static const char *scan_fraction(const char *at, const char *end, MstStamp *stamp)
{
    static const int32_t units[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    int32_t value = 0;
    int digits = 0;

    stamp->resolution_us = SECOND_US;
    if (end - at < 2 || (*at != '.' && *at != ',') || digit(at[1]) < 0)
        return at;
    for (at++; at < end && digits < 6 && digit(*at) >= 0; at++, digits++)
        value = 10 * value + digit(*at);
    while (at < end && digit(*at) >= 0)
        at++;
    stamp->fraction_us = value * units[digits];
    stamp->resolution_us = units[digits];
    return at;
}

/* A leap second is second 60. */
static const char *scan_clock(const char *at, const char *end, MstStamp *stamp)
{
    if (end - at < 8 || at[2] != ':' || at[5] != ':')
        return NULL;
    stamp->hour = two_digits(at);
    stamp->minute = two_digits(at + 3);
    stamp->second = two_digits(at + 6);
    if (stamp->hour < 0 || stamp->hour > 23 || stamp->minute < 0 || stamp->minute > 59 ||
        stamp->second < 0 || stamp->second > 60)
        return NULL;
    return scan_fraction(at + 8, end, stamp);
}

static const char *scan_month(const char *at, const char *end, MstStamp *stamp)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    if (end - at < 4 || at[3] != ' ')
        return NULL;
    for (int month = 1; month <= 12; month++) {
        if (memcmp(at, names + 3 * (month - 1), 3) == 0) {
            stamp->month = month;
            return at + 4;
        }
    }
    return NULL;
}

static const char *scan_day(const char *at, const char *end, MstStamp *stamp)
{
    if (at < end && *at == ' ')
        at++;
    if (end - at < 2 || digit(*at) < 0)
        return NULL;
    stamp->day = digit(*at++);
    if (digit(*at) >= 0)
        stamp->day = 10 * stamp->day + digit(*at++);
    return at < end && *at == ' ' ? at + 1 : NULL;
}

static const char *scan_month_first(const char *at, const char *end, MstStamp *stamp)
{
    at = scan_month(at, end, stamp);
    if (at != NULL)
        at = scan_day(at, end, stamp);
    return at == NULL ? NULL : scan_clock(at, end, stamp);
}

/* `Z`, `+hh:mm`, `+hhmm`, `+hh`; whatever else follows is none. */
static const char *scan_zone(const char *at, const char *end, MstStamp *stamp)
{
    const char *minutes;
    int hour, minute = 0;

    if (at < end && *at == 'Z') {
        stamp->has_zone = true;
        return at + 1;
    }
    if (end - at < 3 || (*at != '+' && *at != '-'))
        return at;
    hour = two_digits(at + 1);
    minutes = end - at >= 6 && at[3] == ':' ? at + 4 : at + 3;
    if (end - minutes >= 2 && two_digits(minutes) >= 0)
        minute = two_digits(minutes);
    else
        minutes = at + 1;
    if (hour < 0 || hour > 23 || minute > 59)
        return at;
    stamp->offset_s = (*at == '-' ? -1 : 1) * (hour * 3600 + minute * 60);
    stamp->has_zone = true;
    return minutes + 2;
}

static const char *scan_iso(const char *at, const char *end, MstStamp *stamp)
{
    char between;

    if (end - at < 19 || at[4] != '-' || at[7] != '-' || !scan_year(at, stamp))
        return NULL;
    stamp->month = two_digits(at + 5);
    stamp->day = two_digits(at + 8);
    between = at[10];
    if (between != 'T' && between != ' ' && between != '_')
        return NULL;
    at = scan_clock(at + 11, end, stamp);
    if (at == NULL)
        return NULL;
    if (between == '_') {
        stamp->has_zone = true;
        return at;
    }
    return scan_zone(at, end, stamp);
}

static const char *scan_year_first(const char *at, const char *end, MstStamp *stamp)
{
    if (end - at < 5 || at[4] != ' ' || !scan_year(at, stamp))
        return NULL;
    return scan_month_first(at + 5, end, stamp);
}

static bool set_utc(MstStamp *stamp, int64_t utc_s)
{
    time_t seconds = (time_t)utc_s;
    struct tm tm;

    if (utc_s < 0 || utc_s > last_second || gmtime_r(&seconds, &tm) == NULL)
        return false;
    stamp->year = tm.tm_year + 1900;
    stamp->month = tm.tm_mon + 1;
    stamp->day = tm.tm_mday;
    stamp->hour = tm.tm_hour;
    stamp->minute = tm.tm_min;
    stamp->second = tm.tm_sec;
    stamp->has_zone = true;
    return true;
}

/* Nine or ten digits with a fraction. Without one it may be any number. */
static const char *scan_epoch(const char *at, const char *end, MstStamp *stamp)
{
    int64_t seconds = 0;
    int digits = 0;

    for (; at < end && digit(*at) >= 0 && digits < 11; at++, digits++)
        seconds = 10 * seconds + digit(*at);
    if (digits < 9 || digits > 10 || end - at < 2 || *at != '.' || digit(at[1]) < 0)
        return NULL;
    return set_utc(stamp, seconds) ? scan_fraction(at, end, stamp) : NULL;
}

/* Hexadecimal digits, as many as asked for. */
static bool scan_hex(const char *at, const char *end, int digits, uint64_t *value)
{
    *value = 0;
    if (end - at < digits)
        return false;
    for (int i = 0; i < digits; i++) {
        if (!g_ascii_isxdigit(at[i]))
            return false;
        *value = *value << 4 | (uint64_t)g_ascii_xdigit_value(at[i]);
    }
    return true;
}

/* TAI64N counts from 2^62, and daemontools takes the ten seconds of 1970 for all time. */
static const char *scan_tai(const char *at, const char *end, MstStamp *stamp)
{
    const uint64_t epoch = (UINT64_C(1) << 62) + 10;
    uint64_t seconds, nanoseconds;

    if (!scan_hex(at + 1, end, 16, &seconds) || !scan_hex(at + 17, end, 8, &nanoseconds) ||
        seconds < epoch || seconds - epoch > (uint64_t)last_second || nanoseconds > 999999999)
        return NULL;
    if (!set_utc(stamp, (int64_t)(seconds - epoch)))
        return NULL;
    stamp->fraction_us = (int32_t)(nanoseconds / 1000);
    stamp->resolution_us = 1;
    return at + 25;
}

static const char *scan_any(const char *at, const char *end, MstStamp *stamp)
{
    if (*at == '@')
        return scan_tai(at, end, stamp);
    if (digit(*at) < 0)
        return scan_month_first(at, end, stamp);
    if (end - at > 4 && at[4] == '-')
        return scan_iso(at, end, stamp);
    if (end - at > 4 && at[4] == ' ')
        return scan_year_first(at, end, stamp);
    return scan_epoch(at, end, stamp);
}

size_t mst_stamp_scan(MstSlice text, MstStamp *stamp)
{
    const char *end = text.ptr + text.len;
    const char *at;

    *stamp = (MstStamp){0};
    if (text.len == 0)
        return 0;
    at = scan_any(text.ptr, end, stamp);
    if (at == NULL || (at < end && g_ascii_isalnum(*at)))
        return 0;
    if (!mst_civil_exists(stamp->year, stamp->month, stamp->day))
        return 0;
    return (size_t)(at - text.ptr);
}

int64_t mst_stamp_us(const MstStamp *stamp, int year, GTimeZone *zone)
{
    MstCivilDay day = {0};
    int64_t civil_s = mst_civil_seconds(stamp, year);
    int32_t offset_s = stamp->has_zone ? stamp->offset_s : mst_civil_offset(&day, civil_s, zone);

    return (civil_s - offset_s) * SECOND_US + stamp->fraction_us;
}

int mst_stamp_year_before(const MstStamp *stamp, int64_t before_us, GTimeZone *zone)
{
    const int64_t grace_us = INT64_C(24) * 60 * 60 * SECOND_US;
    time_t before_s = (time_t)(before_us / SECOND_US);
    struct tm tm;
    int year;

    gmtime_r(&before_s, &tm);
    year = tm.tm_year + 1901;
    while (!mst_civil_exists(year, stamp->month, stamp->day) ||
           mst_stamp_us(stamp, year, zone) - grace_us > before_us)
        year--;
    return year;
}
