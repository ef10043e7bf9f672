/* archive_input.c - a tap as libarchive's input */
#include "archive_input.h"

#include <errno.h>

#include "mailstory/error.h"

static la_ssize_t on_read(struct archive *archive, void *data, const void **block)
{
    MstArchiveInput *self = data;
    const char *at;
    gssize have;

    mst_tap_take(self->tap, self->lent);
    self->lent = 0;
    have = mst_tap_look(self->tap, 1, &at, self->broken == NULL ? &self->broken : NULL);
    if (have < 0) {
        archive_set_error(archive, EIO, "input is broken");
        return ARCHIVE_FATAL;
    }
    self->lent = (size_t)have;
    *block = at;
    return have;
}

bool mst_archive_input_open(MstArchiveInput *input, struct archive *archive)
{
    return archive_read_open(archive, input, NULL, on_read, NULL) == ARCHIVE_OK;
}

gssize mst_archive_input_fail(MstArchiveInput *input, struct archive *archive, GError **error)
{
    const char *why = archive_error_string(archive);

    if (input->broken != NULL) {
        g_propagate_error(error, g_steal_pointer(&input->broken));
        return -1;
    }
    g_set_error(error, MST_ERROR, MST_ERROR_READ, "damaged at byte %" G_GINT64_FORMAT ": %s",
                (int64_t)archive_filter_bytes(archive, -1), why == NULL ? "unknown form" : why);
    return -1;
}

gssize mst_archive_input_finish(MstArchiveInput *input, struct archive *archive, GError **error)
{
    int64_t used = archive_filter_bytes(archive, -1);
    bool all_used = used == input->tap->taken + (int64_t)input->lent;
    const char *at;
    gssize have;

    mst_tap_take(input->tap, input->lent);
    input->lent = 0;
    have = mst_tap_look(input->tap, 1, &at, error);
    if (have < 0 || (have == 0 && all_used))
        return have;
    g_set_error(error, MST_ERROR, MST_ERROR_READ,
                "damaged at byte %" G_GINT64_FORMAT ": trailing bytes", used);
    return -1;
}

gssize mst_archive_input_drain(MstArchiveInput *input, GError **error)
{
    const char *at;
    gssize have;

    mst_tap_take(input->tap, input->lent);
    input->lent = 0;
    while ((have = mst_tap_look(input->tap, 1, &at, error)) > 0)
        mst_tap_take(input->tap, (size_t)have);
    return have;
}
