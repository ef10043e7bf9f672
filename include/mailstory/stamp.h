/* stamp.h - time stamps of logs into UTC */
#ifndef MAILSTORY_STAMP_H
#define MAILSTORY_STAMP_H

#include <glib.h>
#include <stdint.h>

#include "mailstory/slice.h"

/* daemontools counts the ten seconds of 1970 for all time. */
enum { MST_TAI_DAEMONTOOLS = 10 };

/*
 * What the person says about stamps that do not tell their year or zone. Owned by the run; read
 * only once the first log is opened, so threads may share it.
 */
typedef struct MstZones {
    GTimeZone *zone;     /* of stamps without one; never NULL */
    GHashTable *by_host; /* char *host (lower case) -> GTimeZone *; for `--timezone HOST=ZONE` */
    int tai_offset_s;    /* what TAI64N stamps are ahead of UTC: 10 in daemontools, 37 in s6-log */
    int year;            /* of a source's first stamp without a year; 0: from the file's mtime */
} MstZones;

MstZones *mst_zones_new(void); /* the machine's zone */
void mst_zones_free(MstZones *zones);

/* `[HOST=]ZONE`; ZONE is an identifier of the tz database, `UTC`, or `+hh:mm`. MST_ERROR_USAGE. */
bool mst_zones_add(MstZones *zones, const char *setting, GError **error);

/* The zone for stamps of this host that name none. */
GTimeZone *mst_zones_of(const MstZones *zones, MstSlice host);

/* A stamp as written, before year and zone are known. */
typedef struct MstStamp {
    int year; /* 0: not written */
    int month, day, hour, minute, second;
    int32_t fraction_us;   /* 0 to 999999; finer digits are dropped */
    int32_t resolution_us; /* of the written form: 1000000 without a fraction, down to 1 */
    int32_t offset_s;      /* of the written zone, east of UTC; only if has_zone */
    bool has_zone;
} MstStamp;

/* Reads a stamp at the start of `text`, in any form of docs/formats/envelopes.md. Gives how many
 * bytes it takes, 0 if there is none. Impossible dates are none. */
size_t mst_stamp_scan(MstSlice text, MstStamp *stamp);

/* UTC microseconds of a stamp whose year is known; `zone` serves a stamp without one. In the hour
 * that a zone's clocks repeat, the first of both is meant. */
int64_t mst_stamp_us(const MstStamp *stamp, int year, GTimeZone *zone);

/* The latest year in which a stamp without one is not later than `before_us`, with a day of grace.
 */
int mst_stamp_year_before(const MstStamp *stamp, int64_t before_us, GTimeZone *zone);

#endif
