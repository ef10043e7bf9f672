/* readers.c - the mail systems that can be read */
#include "mailstory/reader.h"

#include "mailstory/error.h"

/* In the order in which they are asked whether a tag is theirs. */
const MstReaderOps *const mst_readers[] = {
    &mst_reader_postfix, &mst_reader_sendmail,       &mst_reader_qmail,
    &mst_reader_xmail,   &mst_reader_milter_manager, NULL,
};

MstReader *mst_reader_new(const MstReaderOps *ops)
{
    MstReader *self = g_malloc0(ops->size);

    g_assert(ops->size >= sizeof(MstReader));
    self->ops = ops;
    if (ops->open != NULL)
        ops->open(self);
    return self;
}

void mst_reader_free(MstReader *self)
{
    if (self == NULL)
        return;
    if (self->ops->close != NULL)
        self->ops->close(self);
    g_free(self);
}

gconstpointer mst_reader_know_tag(MstReader *self, MstSlice tag)
{
    return self->ops->know_tag == NULL ? NULL : self->ops->know_tag(self, tag);
}

MstVerdict mst_reader_read(MstReader *self, MstLine *line, MstBatch *out)
{
    return self->ops->read(self, line, out);
}

const MstReaderOps *mst_reader_find(const char *system, GError **error)
{
    for (size_t i = 0; mst_readers[i] != NULL; i++) {
        if (strcmp(mst_system_name(mst_readers[i]->system), system) == 0)
            return mst_readers[i];
    }
    g_set_error(error, MST_ERROR, MST_ERROR_USAGE, "unknown mail system '%s'", system);
    return NULL;
}
