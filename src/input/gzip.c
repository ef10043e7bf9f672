/*
 * gzip.c - gzip files, inflated by ISA-L
 *
 * By ISA-L itself, because a log is often read while it is cut off or damaged: everything before the
 * break is wanted, and where the break is. It takes about half the time that zlib does. A file may have
 * several members (`cat a.gz b.gz`); tapes and block devices leave zeros behind the last.
 */
#include <isa-l.h>
#include <string.h>

#include "mailstory/error.h"
#include "tap.h"

typedef struct Gzip {
    MstTap tap;
    struct inflate_state inflater;
    int64_t member_start;
    bool between;      /* at the start of a member, or at the end */
    const char *wrong; /* what was found wrong when some bytes had just come out; NULL nothing */
} Gzip;

bool mst_gzip_is(const char *head, size_t len)
{
    return len >= 3 && memcmp(head, "\x1f\x8b\x08", 3) == 0;
}

static gssize damaged(int64_t at, const char *why, GError **error)
{
    g_set_error(error, MST_ERROR, MST_ERROR_READ, "damaged at byte %" G_GINT64_FORMAT ": %s", at,
                why);
    return -1;
}

/* Behind a member: 1 if another one begins, 0 at the end, -1 if something else stands there. */
static gssize begin_member(Gzip *self, GError **error)
{
    MstTap *below = self->tap.below;
    const char *at;
    gssize have = mst_tap_look(below, 1, &at, error);

    while (have > 0 && *at == '\0') {
        mst_tap_take(below, 1);
        have = mst_tap_look(below, 1, &at, error);
    }
    if (have <= 0)
        return have;
    if (*at != '\x1f')
        return damaged(below->taken, "trailing bytes that are not gzip", error);
    self->member_start = below->taken;
    self->between = false;
    isal_inflate_reset(&self->inflater);
    self->inflater.crc_flag = ISAL_GZIP;
    return 1;
}

static gssize explain(Gzip *self, GError **error)
{
    if (self->inflater.total_out == 0 && self->member_start > 0)
        return damaged(self->member_start, "trailing bytes that are not gzip", error);
    return damaged(self->tap.below->taken, self->wrong, error);
}

/* NULL: nothing is. */
static const char *what_is_wrong(int status)
{
    if (status == ISAL_INCORRECT_CHECKSUM)
        return "incorrect data check";
    return status < ISAL_DECOMP_OK ? "invalid data" : NULL;
}

/* Inflates what lies ready below. False at a break in the file below or at its end. */
static bool inflate_some(Gzip *self, gssize *result, GError **error)
{
    MstTap *below = self->tap.below;
    const char *at;
    gssize have = mst_tap_look(below, 1, &at, error);

    if (have <= 0) {
        *result = have < 0 ? -1 : damaged(below->taken, "ends too early", error);
        return false;
    }
    self->inflater.next_in = (uint8_t *)at;
    self->inflater.avail_in = (uint32_t)have;
    self->wrong = what_is_wrong(isal_inflate(&self->inflater));
    mst_tap_take(below, (size_t)have - self->inflater.avail_in);
    self->between = self->wrong == NULL && self->inflater.block_state == ISAL_BLOCK_FINISH;
    return true;
}

static gssize gzip_read(MstTap *tap, char *buffer, size_t len, GError **error)
{
    const size_t most = 1u << 30;
    Gzip *self = (Gzip *)tap;
    uint32_t room = (uint32_t)MIN(len, most);
    gssize result;

    self->inflater.next_out = (uint8_t *)buffer;
    self->inflater.avail_out = room;
    while (self->inflater.avail_out == room) {
        if (self->wrong != NULL)
            return explain(self, error);
        if (self->between) {
            result = begin_member(self, error);
            if (result <= 0)
                return result;
        }
        if (!inflate_some(self, &result, error))
            return result;
    }
    return (gssize)(room - self->inflater.avail_out);
}

static const MstTapOps gzip_ops = {
    .format = "gzip",
    .member_format = "tar+gzip",
    .size = sizeof(Gzip),
    .read = gzip_read,
};

MstTap *mst_gzip_new(MstTap *below)
{
    MstTap *tap = mst_tap_new(&gzip_ops, below);
    Gzip *self = (Gzip *)tap;

    isal_inflate_init(&self->inflater);
    self->inflater.crc_flag = ISAL_GZIP;
    return tap;
}
