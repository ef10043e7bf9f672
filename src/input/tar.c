/* tar.c - the members of a tar archive, one after the other, by libarchive */
#include "tar.h"

#include <archive_entry.h>

#include "archive_input.h"

struct MstTar {
    MstTap *below;
    struct archive *archive;
    MstArchiveInput input;
};

/* The sum of the header's bytes is written in it, in octal; its own field counts as blanks. */
bool mst_tar_is(const char *head, size_t len)
{
    enum { FIELD = 148, FIELD_LEN = 8 };
    unsigned sum = 0, written = 0;
    int digits = 0;

    if (len < MST_TAR_HEADER || head[0] == '\0')
        return false;
    for (int i = 0; i < MST_TAR_HEADER; i++)
        sum += i >= FIELD && i < FIELD + FIELD_LEN ? ' ' : (unsigned char)head[i];
    for (int i = FIELD; i < FIELD + FIELD_LEN; i++) {
        if (head[i] == ' ' && digits == 0)
            continue;
        if (head[i] < '0' || head[i] > '7')
            break;
        written = 8 * written + (unsigned)(head[i] - '0');
        digits++;
    }
    return digits > 0 && written == sum;
}

MstTar *mst_tar_new(MstTap *below, GError **error)
{
    MstTar *self = g_new0(MstTar, 1);

    self->below = below;
    self->input.tap = below;
    self->archive = archive_read_new();
    if (self->archive == NULL)
        g_error("libarchive has no memory");
    archive_read_support_format_tar(self->archive);
    if (mst_archive_input_open(&self->input, self->archive))
        return self;
    mst_archive_input_fail(&self->input, self->archive, error);
    mst_tar_free(self);
    return NULL;
}

void mst_tar_free(MstTar *self)
{
    if (self == NULL)
        return;
    archive_read_free(self->archive);
    g_clear_error(&self->input.broken);
    mst_tap_free(self->below);
    g_free(self);
}

/* A time from an archive is any number. */
static int64_t microseconds(int64_t seconds)
{
    const int64_t last = INT64_C(253402300799);

    return CLAMP(seconds, 0, last) * 1000000;
}

/* The second where the locale cannot write the first. */
static const char *name_of(struct archive_entry *entry)
{
    const char *name = archive_entry_pathname(entry);

    return name != NULL ? name : archive_entry_pathname_utf8(entry);
}

gssize mst_tar_next(MstTar *self, MstTarMember *member, GError **error)
{
    struct archive_entry *entry;
    int status;

    while ((status = archive_read_next_header(self->archive, &entry)) == ARCHIVE_OK ||
           status == ARCHIVE_WARN) {
        member->name = name_of(entry);
        if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != NULL ||
            member->name == NULL)
            continue;
        member->mtime_us = microseconds(archive_entry_mtime(entry));
        member->bytes = archive_entry_size(entry);
        return 1;
    }
    if (status == ARCHIVE_EOF)
        return mst_archive_input_drain(&self->input, error);
    return mst_archive_input_fail(&self->input, self->archive, error);
}

typedef struct Member {
    MstTap tap;
    MstTar *tar;
} Member;

static gssize member_read(MstTap *tap, char *buffer, size_t len, GError **error)
{
    MstTar *tar = ((Member *)tap)->tar;
    gssize n = archive_read_data(tar->archive, buffer, len);

    return n < 0 ? mst_archive_input_fail(&tar->input, tar->archive, error) : n;
}

static const MstTapOps member_ops = {
    .format = "plain",
    .member_format = "tar+plain",
    .size = sizeof(Member),
    .read = member_read,
};

MstTap *mst_tar_open(MstTar *self)
{
    MstTap *tap = mst_tap_new(&member_ops, NULL);

    ((Member *)tap)->tar = self;
    return tap;
}
