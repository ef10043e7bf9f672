/* tap.c - where bytes come from: layers that read from each other, with a look ahead */
#include "tap.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "mailstory/error.h"

MstTap *mst_tap_new(const MstTapOps *ops, MstTap *below)
{
    MstTap *self = g_malloc0(ops->size);

    self->ops = ops;
    self->below = below;
    self->ahead = g_malloc(MST_TAP_AHEAD);
    return self;
}

void mst_tap_free(MstTap *self)
{
    if (self == NULL)
        return;
    if (self->ops->close != NULL)
        self->ops->close(self);
    mst_tap_free(self->below);
    g_clear_error(&self->broken);
    g_free(self->ahead);
    g_free(self);
}

/* Reads into the buffer, and keeps an end or a break for the next time. */
static size_t fetch(MstTap *self, char *buffer, size_t len)
{
    gssize n;

    if (self->ended || self->broken != NULL)
        return 0;
    n = self->ops->read(self, buffer, len, &self->broken);
    self->ended = n == 0;
    return n < 0 ? 0 : (size_t)n;
}

/* What a reader is told when nothing is ahead. */
static gssize report(const MstTap *self, GError **error)
{
    if (self->broken == NULL)
        return 0;
    if (error != NULL)
        *error = g_error_copy(self->broken);
    return -1;
}

gssize mst_tap_look(MstTap *self, size_t want, const char **at, GError **error)
{
    size_t n = 1;

    g_assert(want <= MST_TAP_AHEAD);
    if (self->end - self->start < want && self->start > 0) {
        memmove(self->ahead, self->ahead + self->start, self->end - self->start);
        self->end -= self->start;
        self->start = 0;
    }
    while (self->end - self->start < want && n > 0) {
        n = fetch(self, self->ahead + self->end, MST_TAP_AHEAD - self->end);
        self->end += n;
    }
    *at = self->ahead + self->start;
    return self->end > self->start ? (gssize)(self->end - self->start) : report(self, error);
}

void mst_tap_take(MstTap *self, size_t n)
{
    g_assert(n <= self->end - self->start);
    self->start += n;
    self->taken += (int64_t)n;
}

gssize mst_tap_read(MstTap *self, char *buffer, size_t len, GError **error)
{
    size_t n = MIN(len, self->end - self->start);

    if (n > 0) {
        memcpy(buffer, self->ahead + self->start, n);
        mst_tap_take(self, n);
        return (gssize)n;
    }
    n = fetch(self, buffer, len);
    self->taken += (int64_t)n;
    return n > 0 ? (gssize)n : report(self, error);
}

typedef struct File {
    MstTap tap;
    int fd;
} File;

static gssize file_read(MstTap *tap, char *buffer, size_t len, GError **error)
{
    const File *self = (const File *)tap;
    ssize_t n;

    do
        n = read(self->fd, buffer, len);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        g_set_error(error, MST_ERROR, MST_ERROR_READ, "cannot read: %s", g_strerror(errno));
    return n;
}

static void file_close(MstTap *tap)
{
    const File *self = (const File *)tap;

    if (self->fd != STDIN_FILENO)
        close(self->fd);
}

static const MstTapOps file_ops = {
    .format = "plain",
    .member_format = "tar+plain",
    .size = sizeof(File),
    .read = file_read,
    .close = file_close,
};

MstTap *mst_tap_new_file(int fd)
{
    MstTap *tap = mst_tap_new(&file_ops, NULL);

    ((File *)tap)->fd = fd;
    return tap;
}

MstTap *mst_tap_new_inflated(MstTap *below, GError **error)
{
    enum { MAGIC_MAX = 10 };
    const MstTapOps *filter = NULL;
    const char *head;
    gssize len = mst_tap_look(below, MAGIC_MAX, &head, error);

    if (len < 0) {
        mst_tap_free(below);
        return NULL;
    }
    if (mst_gzip_is(head, (size_t)len))
        return mst_gzip_new(below);
    return mst_filter_is(head, (size_t)len, &filter) ? mst_filter_new(filter, below) : below;
}
