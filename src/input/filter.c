/*
 * filter.c - bzip2, xz and zstd files, inflated by libarchive
 *
 * libarchive takes what it does not know behind a compressed stream for the end of the file, so the
 * bytes that it used are compared with those that are there.
 */
#include <archive_entry.h>
#include <string.h>

#include "archive_input.h"
#include "mailstory/error.h"

typedef struct Filter {
    MstTap tap;
    struct archive *archive;
    MstArchiveInput input;
    bool opened;
} Filter;

/* The raw format is one entry that holds all; an empty one has no entry at all. */
static int open_raw(Filter *self)
{
    struct archive_entry *entry;

    self->opened = true;
    self->input.tap = self->tap.below;
    archive_read_support_filter_bzip2(self->archive);
    archive_read_support_filter_xz(self->archive);
    archive_read_support_filter_zstd(self->archive);
    archive_read_support_format_raw(self->archive);
    archive_read_support_format_empty(self->archive);
    if (!mst_archive_input_open(&self->input, self->archive))
        return ARCHIVE_FATAL;
    return archive_read_next_header(self->archive, &entry);
}

static gssize filter_read(MstTap *tap, char *buffer, size_t len, GError **error)
{
    Filter *self = (Filter *)tap;
    int status = self->opened ? ARCHIVE_OK : open_raw(self);
    gssize n;

    if (status != ARCHIVE_OK && status != ARCHIVE_EOF)
        return mst_archive_input_fail(&self->input, self->archive, error);
    n = status == ARCHIVE_EOF ? 0 : archive_read_data(self->archive, buffer, len);
    if (n < 0)
        return mst_archive_input_fail(&self->input, self->archive, error);
    return n > 0 ? n : mst_archive_input_finish(&self->input, self->archive, error);
}

static void filter_close(MstTap *tap)
{
    Filter *self = (Filter *)tap;

    archive_read_free(self->archive);
    g_clear_error(&self->input.broken);
}

static const MstTapOps bzip2_ops = {
    .format = "bzip2",
    .member_format = "tar+bzip2",
    .size = sizeof(Filter),
    .read = filter_read,
    .close = filter_close,
};

static const MstTapOps xz_ops = {
    .format = "xz",
    .member_format = "tar+xz",
    .size = sizeof(Filter),
    .read = filter_read,
    .close = filter_close,
};

static const MstTapOps zstd_ops = {
    .format = "zstd",
    .member_format = "tar+zstd",
    .size = sizeof(Filter),
    .read = filter_read,
    .close = filter_close,
};

static bool begins(const char *head, size_t len, const void *magic, size_t magic_len)
{
    return len >= magic_len && memcmp(head, magic, magic_len) == 0;
}

bool mst_filter_is(const char *head, size_t len, const MstTapOps **ops)
{
    /* bzip2's `BZh9` is followed by the mark of a block, or of the end. */
    static const char block[] = {0x31, 0x41, 0x59, 0x26, 0x53, 0x59};
    static const unsigned char end[] = {0x17, 0x72, 0x45, 0x38, 0x50, 0x90};
    static const unsigned char xz[] = {0xfd, '7', 'z', 'X', 'Z', 0};
    static const unsigned char zstd[] = {0x28, 0xb5, 0x2f, 0xfd};

    if (begins(head, len, xz, sizeof xz))
        *ops = &xz_ops;
    else if (begins(head, len, zstd, sizeof zstd))
        *ops = &zstd_ops;
    else if (begins(head, len, "BZh", 3) && len > 4 &&
             (begins(head + 4, len - 4, block, sizeof block) ||
              begins(head + 4, len - 4, end, sizeof end)))
        *ops = &bzip2_ops;
    else
        return false;
    return true;
}

MstTap *mst_filter_new(const MstTapOps *ops, MstTap *below)
{
    MstTap *tap = mst_tap_new(ops, below);

    ((Filter *)tap)->archive = archive_read_new();
    if (((Filter *)tap)->archive == NULL)
        g_error("libarchive has no memory");
    return tap;
}
