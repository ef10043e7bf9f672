/*
 * gzip.c - gzip files, inflated by zlib
 *
 * zlib itself, because a log is often read while it is cut off or damaged: everything before the
 * break is wanted, and where the break is. A file may have several members (`cat a.gz b.gz`); tapes
 * and block devices leave zeros behind the last.
 */
#include <string.h>
#include <zlib.h>

#include "mailstory/error.h"
#include "tap.h"

typedef struct Gzip {
    MstTap tap;
    z_stream inflater;
    int64_t member_start;
    bool between;      /* at the start of a member, or at the end */
    const char *wrong; /* what inflate() said when it had just given some bytes; NULL nothing */
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
    inflateReset(&self->inflater);
    return 1;
}

static gssize explain(Gzip *self, GError **error)
{
    if (self->inflater.total_out == 0 && self->member_start > 0)
        return damaged(self->member_start, "trailing bytes that are not gzip", error);
    return damaged(self->tap.below->taken, self->wrong, error);
}

/* Inflates what lies ready below. False at a break in the file below or at its end. */
static bool inflate_some(Gzip *self, gssize *result, GError **error)
{
    MstTap *below = self->tap.below;
    const char *at;
    gssize have = mst_tap_look(below, 1, &at, error);
    int status;

    if (have <= 0) {
        *result = have < 0 ? -1 : damaged(below->taken, "ends too early", error);
        return false;
    }
    self->inflater.next_in = (Bytef *)at;
    self->inflater.avail_in = (uInt)have;
    status = inflate(&self->inflater, Z_NO_FLUSH);
    mst_tap_take(below, (size_t)have - self->inflater.avail_in);
    if (status == Z_STREAM_END)
        self->between = true;
    else if (status != Z_OK && status != Z_BUF_ERROR)
        self->wrong = self->inflater.msg != NULL ? self->inflater.msg : zError(status);
    return true;
}

static gssize gzip_read(MstTap *tap, char *buffer, size_t len, GError **error)
{
    const size_t most = 1u << 30;
    Gzip *self = (Gzip *)tap;
    uInt room = (uInt)MIN(len, most);
    gssize result;

    self->inflater.next_out = (Bytef *)buffer;
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

static void gzip_close(MstTap *tap)
{
    inflateEnd(&((Gzip *)tap)->inflater);
}

static const MstTapOps gzip_ops = {
    .format = "gzip",
    .member_format = "tar+gzip",
    .size = sizeof(Gzip),
    .read = gzip_read,
    .close = gzip_close,
};

MstTap *mst_gzip_new(MstTap *below)
{
    const int gzip_only = MAX_WBITS + 16;
    MstTap *tap = mst_tap_new(&gzip_ops, below);

    /* It fails only for want of memory, which ends the program everywhere else too. */
    if (inflateInit2(&((Gzip *)tap)->inflater, gzip_only) != Z_OK)
        g_error("zlib has no memory");
    return tap;
}
