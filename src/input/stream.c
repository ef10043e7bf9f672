/* stream.c - the bytes of one log file, inflated */
#include "mailstory/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "mailstory/error.h"
#include "tap.h"
#include "tar.h"

struct MstStream {
    char *name;
    MstTar *tar; /* that `top` reads from; NULL if it does not */
    MstTap *top;
};

void mst_log_file_free(MstLogFile *file)
{
    if (file == NULL)
        return;
    g_free(file->name);
    g_free(file->path);
    g_free(file->member);
    g_free(file);
}

/* Opens the archive at its member. */
static bool find_member(MstStream *self, MstTap *archive, const char *name, GError **error)
{
    MstTarMember member;
    gssize found;

    self->tar = mst_tar_new(archive, error);
    if (self->tar == NULL)
        return false;
    while ((found = mst_tar_next(self->tar, &member, error)) > 0) {
        if (strcmp(member.name, name) == 0) {
            self->top = mst_tap_new_inflated(mst_tar_open(self->tar), error);
            return self->top != NULL;
        }
    }
    if (found == 0)
        g_set_error(error, MST_ERROR, MST_ERROR_READ, "no longer in the archive");
    return false;
}

static bool open_layers(MstStream *self, const MstLogFile *file, GError **error)
{
    bool is_stdin = strcmp(file->path, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : open(file->path, O_RDONLY | O_CLOEXEC);
    const char *head;
    gssize len;

    if (fd < 0) {
        g_set_error(error, MST_ERROR, MST_ERROR_READ, "cannot open: %s", g_strerror(errno));
        return false;
    }
    self->top = mst_tap_new_inflated(mst_tap_new_file(fd), error);
    if (self->top == NULL)
        return false;
    if (file->member != NULL)
        return find_member(self, g_steal_pointer(&self->top), file->member, error);
    len = mst_tap_look(self->top, MST_TAR_HEADER, &head, NULL);
    if (len > 0 && mst_tar_is(head, (size_t)len)) {
        g_set_error(error, MST_ERROR, MST_ERROR_READ, "a tar archive can be read only from a file");
        return false;
    }
    return true;
}

MstStream *mst_stream_open(const MstLogFile *file, GError **error)
{
    MstStream *self = g_new0(MstStream, 1);

    self->name = g_strdup(file->name);
    if (open_layers(self, file, error))
        return self;
    g_prefix_error(error, "%s: ", file->name);
    mst_stream_free(self);
    return NULL;
}

void mst_stream_free(MstStream *self)
{
    if (self == NULL)
        return;
    mst_tap_free(self->top);
    mst_tar_free(self->tar);
    g_free(self->name);
    g_free(self);
}

gssize mst_stream_read(MstStream *self, char *buffer, size_t len, GError **error)
{
    gssize n = mst_tap_read(self->top, buffer, len, error);

    if (n < 0)
        g_prefix_error(error, "%s: ", self->name);
    return n;
}

const char *mst_stream_format(const MstStream *self)
{
    return self->tar == NULL ? self->top->ops->format : self->top->ops->member_format;
}
