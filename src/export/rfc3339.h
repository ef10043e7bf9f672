/* rfc3339.h - UTC microseconds as people and programs read them: 2026-11-21T22:06:54.123456Z */
#ifndef MST_RFC3339_H
#define MST_RFC3339_H

#include <glib.h>
#include <stdint.h>

/* No time takes more bytes: with a fraction and an offset it is as long as the one above + 5. */
enum { MST_RFC3339_MAX = 32 };

/* Prints times in one zone. Most times of a log share their minute with the one before, so all of it
 * that is the same is remembered. Zones change their offset between two minutes (St. John's did so at
 * 00:01), not always between two hours; GLib finds the offset by searching. */
typedef struct MstRfc3339 {
    GTimeZone *zone;   /* NULL: UTC */
    int64_t day;       /* since 1970, in the zone, that the text is of */
    int64_t minute_us; /* when the minute began that the texts are of, UTC */
    char text[17];     /* 2026-11-21T22:06: and not terminated */
    char offset[6];    /* Z or +03:30 and not terminated */
    size_t offset_len;
} MstRfc3339;

/* Borrows the zone. */
void mst_rfc3339_init(MstRfc3339 *self, GTimeZone *zone);

/*
 * Writes a time to `out`, which has room for MST_RFC3339_MAX bytes; no NUL. The fraction is left out
 * where it is zero, else it has six digits. Gives the length, 0 for a year outside 1 to 9999.
 */
size_t mst_rfc3339_write(MstRfc3339 *self, int64_t time_us, char *out);

#endif
