/*
 * xmail_clock.c - local time without a zone
 *
 * A smail record says when a copy was queued (UTC, in its spool file's name) and when it was done
 * (local time). The difference is the zone's offset and the time in the queue, which is most often
 * none and never negative. So a smaller difference is always nearer to the truth. A greater one may
 * be a delay, or summer time: it is believed if the person's zone says the same, or if all records
 * of half an hour do.
 */
#include "readers/xmail_clock.h"

enum {
    QUARTER_S = 15 * 60, /* all zones' offsets are multiples of it */
    EAST_MOST_S = 14 * 60 * 60,
    WEST_MOST_S = 12 * 60 * 60,
    BELIEVED_S = 30 * 60,
};

bool mst_xmail_clock_set(MstXmailClock *self, MstSlice stamp)
{
    MstStamp read;

    if (stamp.len != sizeof self->text)
        return false;
    if (memcmp(stamp.ptr, self->text, sizeof self->text) == 0)
        return true;
    if (mst_stamp_scan(stamp, &read) != sizeof self->text || read.has_zone)
        return false;
    memcpy(self->text, stamp.ptr, sizeof self->text);
    self->civil_s = mst_civil_seconds(&read, read.year);
    return true;
}

/* What the person's zone says of the last stamp. */
static int32_t said_offset(MstXmailClock *self)
{
    return self->zone == NULL ? 0 : mst_civil_offset(&self->day, self->civil_s, self->zone);
}

static void adopt(MstXmailClock *self, int32_t offset_s)
{
    self->knows = true;
    self->offset_s = offset_s;
    self->rival_from_s = 0;
}

static void weigh(MstXmailClock *self, int32_t offset_s, int64_t spool_s)
{
    if (self->rival_from_s == 0 || self->rival_s != offset_s) {
        self->rival_s = offset_s;
        self->rival_from_s = spool_s;
    } else if (spool_s - self->rival_from_s >= BELIEVED_S) {
        adopt(self, offset_s);
    }
}

void mst_xmail_clock_learn(MstXmailClock *self, int64_t spool_s)
{
    int64_t ahead_s = self->civil_s - spool_s;
    int32_t offset_s;

    if (ahead_s < -WEST_MOST_S - QUARTER_S / 2 || ahead_s > EAST_MOST_S + QUARTER_S / 2)
        return;
    /* To the nearest quarter; the days added keep the division's operand positive. */
    offset_s = (int32_t)((ahead_s + 96 * QUARTER_S + QUARTER_S / 2) / QUARTER_S - 96) * QUARTER_S;
    if (!self->knows || offset_s < self->offset_s || offset_s == said_offset(self))
        adopt(self, offset_s);
    else if (offset_s > self->offset_s)
        weigh(self, offset_s, spool_s);
    else
        self->rival_from_s = 0;
}

int64_t mst_xmail_clock_utc(MstXmailClock *self)
{
    return self->civil_s - (self->knows ? self->offset_s : said_offset(self));
}
