/* names.c - what is known of names that come again and again */
#include "base/names.h"

#include "base/apart.h"
#include "base/index.h"

typedef struct Name {
    MstPlace place;
    size_t len;
    char value[]; /* and the text behind it, with a NUL */
} Name;

struct MstNames {
    MstIndex *by_text;
    GPtrArray *all; /* of Name * */
    size_t size;    /* of a value */
    GDestroyNotify clear;
};

MstNames *mst_names_new(size_t size, GDestroyNotify clear)
{
    MstNames *self = g_new0(MstNames, 1);

    self->by_text = mst_index_new(mst_index_seed());
    self->all = g_ptr_array_new_with_free_func(g_aligned_free);
    self->size = size;
    self->clear = clear;
    return self;
}

void mst_names_free(MstNames *self)
{
    if (self == NULL)
        return;
    mst_names_clear(self);
    mst_index_free(self->by_text);
    g_ptr_array_unref(self->all);
    g_free(self);
}

void mst_names_clear(MstNames *self)
{
    for (guint i = 0; i < self->all->len; i++) {
        Name *name = g_ptr_array_index(self->all, i);

        mst_index_remove(self->by_text, &name->place);
        if (self->clear != NULL)
            self->clear(name->value);
    }
    g_ptr_array_set_size(self->all, 0);
}

guint mst_names_count(const MstNames *self)
{
    return self->all->len;
}

const char *mst_names_text(const MstNames *self, gconstpointer value)
{
    return (const char *)value + self->size;
}

gpointer mst_names_find(const MstNames *self, MstSlice text)
{
    MstPlace *at = mst_index_find(self->by_text, mst_index_hash(self->by_text, text));

    for (; at != NULL; at = at->next) {
        Name *name = at->thing;

        if (mst_slice_equal((MstSlice){mst_names_text(self, name->value), name->len}, text))
            return name->value;
    }
    return NULL;
}

gpointer mst_names_add(MstNames *self, MstSlice text)
{
    Name *name = mst_apart_new0(sizeof *name + self->size + text.len + 1);

    g_assert(mst_names_find(self, text) == NULL);
    name->len = text.len;
    if (text.len > 0)
        memcpy(name->value + self->size, text.ptr, text.len);
    mst_index_add(self->by_text, &name->place, mst_index_hash(self->by_text, text), name);
    g_ptr_array_add(self->all, name);
    return name->value;
}
