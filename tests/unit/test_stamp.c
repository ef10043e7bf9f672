/* test_stamp.c - time stamps of logs into UTC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailstory/error.h"
#include "mailstory/stamp.h"

static GTimeZone *zone_named(const char *name)
{
    GTimeZone *zone = g_time_zone_new_identifier(name);

    assert_non_null(zone);
    return zone;
}

/* `2026-11-21T22:05:28.000000Z` */
static char *utc_text(int64_t us)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(us / 1000000);
    g_autofree char *seconds = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");

    return g_strdup_printf("%s.%06dZ", seconds, (int)(us % 1000000));
}

/* A stamp at the start of a text; `zone` and the year 2026 are for stamps that name none. */
static const struct Scan {
    const char *name;
    const char *text;
    const char *zone;
    const char *expected; /* length, UTC, resolution in microseconds; "none" */
} scans[] = {
    {"a classic stamp", "Nov 21 22:05:28 mx1", "UTC", "15 2026-11-21T22:05:28.000000Z 1000000"},
    {"its day padded with a blank", "Apr  6 13:05:01 mx1", "UTC",
     "15 2026-04-06T13:05:01.000000Z 1000000"},
    {"its day padded with a zero", "May 01 10:00:00 mx1", "UTC",
     "15 2026-05-01T10:00:00.000000Z 1000000"},
    {"its day not padded", "Mar 7 02:09:33 mx1", "UTC", "14 2026-03-07T02:09:33.000000Z 1000000"},
    {"milliseconds behind a classic stamp", "Nov 21 22:05:28.123 mx1", "UTC",
     "19 2026-11-21T22:05:28.123000Z 1000"},
    {"a year in front", "2013 Jun 10 06:27:30.123 mx1", "UTC",
     "24 2013-06-10T06:27:30.123000Z 1000"},
    {"RFC 3339 east of UTC", "2023-03-14T06:37:49.773033+01:00 mx1", "UTC",
     "32 2023-03-14T05:37:49.773033Z 1"},
    {"RFC 3339 west of UTC", "2024-02-14T14:47:24.705153-08:00 x", "UTC",
     "32 2024-02-14T22:47:24.705153Z 1"},
    {"RFC 3339 without a fraction, Z", "2022-03-28T13:58:27Z mx1", "Europe/Berlin",
     "20 2022-03-28T13:58:27.000000Z 1000000"},
    {"an offset without a colon", "2026-11-21T22:05:27+0530", "UTC",
     "24 2026-11-21T16:35:27.000000Z 1000000"},
    {"an offset of hours", "2026-11-21T22:05:27+05 x", "UTC",
     "22 2026-11-21T17:05:27.000000Z 1000000"},
    {"ISO with a blank, in the zone of the host", "2019-08-11 01:04:52 mx1", "Europe/Berlin",
     "19 2019-08-10T23:04:52.000000Z 1000000"},
    {"ISO with a comma before the milliseconds", "2019-04-03 19:16:29,234 INFO", "UTC",
     "23 2019-04-03T19:16:29.234000Z 1000"},
    {"tai64nlocal: nine digits", "2021-06-05 20:42:52.803287500 new msg 9", "UTC",
     "29 2021-06-05T20:42:52.803287Z 1"},
    {"svlogd: an underscore, always UTC", "2026-11-21_22:05:53.77665 x", "Europe/Berlin",
     "25 2026-11-21T22:05:53.776650Z 10"},
    /* 2^62 + 10 is the start of 1970. */
    {"TAI64N at the start of 1970", "@400000000000000a00000000 x", "UTC",
     "25 1970-01-01T00:00:00.000000Z 1"},
    {"TAI64N drops nanoseconds below one microsecond", "@400000000000000b000003e7 x", "UTC",
     "25 1970-01-01T00:00:01.000000Z 1"},
    {"TAI64N keeps microseconds", "@400000000000000b000007d0 x", "UTC",
     "25 1970-01-01T00:00:01.000002Z 1"},
    {"splogger's seconds and microseconds", "1054189746.123136 new msg 1", "UTC",
     "17 2003-05-29T06:29:06.123136Z 1"},
    {"a leap second", "2016-12-31T23:59:60Z x", "UTC", "20 2017-01-01T00:00:00.000000Z 1000000"},
    {"a leap day in a leap year", "2024-02-29T00:00:00Z", "UTC",
     "20 2024-02-29T00:00:00.000000Z 1000000"},
    {"a leap day in another year", "2023-02-29T00:00:00Z", "UTC", "none"},
    {"1900 had no leap day, and no logs", "1900-02-29T00:00:00Z", "UTC", "none"},
    {"the day 31 of a short month", "Apr 31 00:00:00 mx1", "UTC", "none"},
    {"the day 0", "Apr  0 00:00:00 mx1", "UTC", "none"},
    {"the month 13", "2026-13-01T00:00:00Z", "UTC", "none"},
    {"the hour 24", "Apr  6 24:00:00 mx1", "UTC", "none"},
    {"a month in another language", "Okt 21 22:05:28 mx1", "UTC", "none"},
    {"a cut stamp", "Nov 21 22:05:2", "UTC", "none"},
    {"a stamp with a letter behind it", "Nov 21 22:05:28x", "UTC", "none"},
    {"a cut TAI64N stamp", "@400000006b02151e04773de new msg 93", "UTC", "none"},
    {"a TAI64N stamp with too many nanoseconds", "@400000006b02151eff773dec new", "UTC", "none"},
    {"a TAI64N stamp beyond all years", "@7fffffffffffffff04773dec new", "UTC", "none"},
    {"a TAI64N stamp before 1970", "@3fffffffffffffff04773dec new", "UTC", "none"},
    {"a number is no epoch stamp", "1054189746 new msg 1", "UTC", "none"},
    {"nothing", "", "UTC", "none"},
    {"the winter's offset", "Jan 15 12:00:00 x", "America/New_York",
     "15 2026-01-15T17:00:00.000000Z 1000000"},
    {"the summer's offset", "Jul 15 12:00:00 x", "America/New_York",
     "15 2026-07-15T16:00:00.000000Z 1000000"},
    /* Berlin, 25 October 2026: 03:00 CEST becomes 02:00 CET. */
    {"before the double hour", "Oct 25 01:59:59 x", "Europe/Berlin",
     "15 2026-10-24T23:59:59.000000Z 1000000"},
    {"the double hour is the first of both", "Oct 25 02:30:00 x", "Europe/Berlin",
     "15 2026-10-25T00:30:00.000000Z 1000000"},
    {"after the double hour", "Oct 25 03:00:00 x", "Europe/Berlin",
     "15 2026-10-25T02:00:00.000000Z 1000000"},
    /* Berlin, 29 March 2026: 02:00 CET becomes 03:00 CEST. */
    {"the hour that is left out is counted on", "Mar 29 02:30:00 x", "Europe/Berlin",
     "15 2026-03-29T01:30:00.000000Z 1000000"},
    {"after the hour that is left out", "Mar 29 03:00:00 x", "Europe/Berlin",
     "15 2026-03-29T01:00:00.000000Z 1000000"},
    {"a fixed zone", "Jul 15 12:00:00 x", "+05:30", "15 2026-07-15T06:30:00.000000Z 1000000"},
};

static void check_scan(void **state)
{
    const struct Scan *scan = *state;
    g_autofree char *copy = g_memdup2(scan->text, strlen(scan->text) + 1);
    GTimeZone *zone = zone_named(scan->zone);
    g_autofree char *got = NULL;
    MstStamp stamp;
    size_t len = mst_stamp_scan(mst_slice_of(copy), &stamp);

    if (len == 0) {
        got = g_strdup("none");
    } else {
        int year = stamp.year == 0 ? 2026 : stamp.year;
        g_autofree char *utc = utc_text(mst_stamp_us(&stamp, year, zone));

        got = g_strdup_printf("%zu %s %d", len, utc, (int)stamp.resolution_us);
    }
    g_time_zone_unref(zone);
    assert_string_equal(got, scan->expected);
}

/* The year of a stamp without one, when the file was last written at `before` (UTC). */
static const struct Year {
    const char *name;
    const char *text;
    const char *before;
    int year;
} years[] = {
    {"the year of the file", "Nov 21 22:05:28", "2026-11-22T00:00:00Z", 2026},
    {"the year before, if it would be in the future", "Nov 23 22:05:28", "2026-11-22T00:00:00Z",
     2025},
    {"a day of grace", "Nov 22 23:00:00", "2026-11-22T00:00:00Z", 2026},
    {"December, in a file of January", "Dec 31 23:59:59", "2027-01-02T00:00:00Z", 2026},
    {"January, in a file of 31 December that is a little behind", "Jan  1 00:10:00",
     "2026-12-31T23:50:00Z", 2027},
    {"a file of ten years ago", "Mar  3 10:00:00", "2016-03-04T00:00:00Z", 2016},
    {"the latest leap day", "Feb 29 10:00:00", "2027-06-01T00:00:00Z", 2024},
    {"a leap day that is not yet there", "Feb 29 10:00:00", "2024-02-20T00:00:00Z", 2020},
    {"2100 has no leap day", "Feb 29 10:00:00", "2101-06-01T00:00:00Z", 2096},
};

static void check_year(void **state)
{
    const struct Year *year = *state;
    g_autoptr(GDateTime) before = g_date_time_new_from_iso8601(year->before, NULL);
    GTimeZone *zone = zone_named("UTC");
    MstStamp stamp;
    int got;

    assert_int_not_equal(mst_stamp_scan(mst_slice_of(year->text), &stamp), 0);
    got = mst_stamp_year_before(&stamp, g_date_time_to_unix(before) * 1000000, zone);
    g_time_zone_unref(zone);
    assert_int_equal(got, year->year);
}

/* `--timezone` settings, and the offset that they give a host in January, in hours. */
static const struct Zone {
    const char *name;
    const char *first, *second; /* the settings, in order; NULL none */
    const char *host;
    const char *expected; /* hours, or the message */
} zones[] = {
    {"one zone for all", "America/New_York", NULL, "mx1", "-5"},
    {"a zone of one host", "UTC", "mx1=Asia/Tokyo", "mx1", "9"},
    {"hosts are compared without case", "UTC", "MX1=Asia/Tokyo", "mx1", "9"},
    {"another host has the common zone", "UTC", "mx1=Asia/Tokyo", "mx2", "0"},
    {"a line without a host has the common zone", "+02:00", "mx1=Asia/Tokyo", "", "2"},
    {"the last setting counts", "mx1=Asia/Tokyo", "mx1=+01:00", "mx1", "1"},
    {"an unknown zone", "Mars/Olympus", NULL, "", "unknown time zone 'Mars/Olympus'"},
    {"an empty zone", "mx1=", NULL, "", "unknown time zone 'mx1='"},
    {"an empty host", "=UTC", NULL, "", "unknown time zone '=UTC'"},
};

static void check_zone(void **state)
{
    const struct Zone *row = *state;
    MstZones *all = mst_zones_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *got = NULL;

    if (mst_zones_add(all, row->first, &error) &&
        (row->second == NULL || mst_zones_add(all, row->second, &error))) {
        GTimeZone *zone = mst_zones_of(all, mst_slice_of(row->host));
        int at = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, 1768478400);

        got = g_strdup_printf("%d", g_time_zone_get_offset(zone, at) / 3600);
    } else {
        assert_true(g_error_matches(error, MST_ERROR, MST_ERROR_USAGE));
        got = g_strdup(error->message);
    }
    mst_zones_free(all);
    assert_string_equal(got, row->expected);
}

int main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(scans) + G_N_ELEMENTS(years) + G_N_ELEMENTS(zones)];
    size_t n = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(scans); i++)
        tests[n++] = (struct CMUnitTest){scans[i].name, check_scan, NULL, NULL, (void *)&scans[i]};
    for (size_t i = 0; i < G_N_ELEMENTS(years); i++)
        tests[n++] = (struct CMUnitTest){years[i].name, check_year, NULL, NULL, (void *)&years[i]};
    for (size_t i = 0; i < G_N_ELEMENTS(zones); i++)
        tests[n++] = (struct CMUnitTest){zones[i].name, check_zone, NULL, NULL, (void *)&zones[i]};
    return cmocka_run_group_tests_name("stamp", tests, NULL, NULL);
}
