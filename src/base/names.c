/* names.c - what names stand for that come again and again */
#include "base/names.h"

#include "base/index.h"

typedef struct Name {
    MstPlace place;
    char *text;
    size_t len;
    gpointer value;
} Name;

struct MstNames {
    MstIndex *by_text;
    GPtrArray *all; /* of Name * */
};

static void free_name(gpointer data)
{
    Name *name = data;

    g_free(name->text);
    g_free(name);
}

MstNames *mst_names_new(void)
{
    MstNames *self = g_new0(MstNames, 1);

    self->by_text = mst_index_new(mst_index_seed());
    self->all = g_ptr_array_new_with_free_func(free_name);
    return self;
}

void mst_names_free(MstNames *self, GDestroyNotify free_value)
{
    if (self == NULL)
        return;
    mst_names_clear(self, free_value);
    mst_index_free(self->by_text);
    g_ptr_array_unref(self->all);
    g_free(self);
}

void mst_names_clear(MstNames *self, GDestroyNotify free_value)
{
    for (guint i = 0; i < self->all->len; i++) {
        Name *name = g_ptr_array_index(self->all, i);

        mst_index_remove(self->by_text, &name->place);
        if (free_value != NULL)
            free_value(name->value);
    }
    g_ptr_array_set_size(self->all, 0);
}

guint mst_names_count(const MstNames *self)
{
    return self->all->len;
}

gpointer mst_names_find(const MstNames *self, MstSlice text)
{
    MstPlace *at = mst_index_find(self->by_text, mst_index_hash(self->by_text, text));

    for (; at != NULL; at = at->next) {
        const Name *name = at->thing;

        if (mst_slice_equal((MstSlice){name->text, name->len}, text))
            return name->value;
    }
    return NULL;
}

static Name *add(MstNames *self, MstSlice text)
{
    Name *name = g_new0(Name, 1);

    g_assert(mst_names_find(self, text) == NULL);
    name->text = g_malloc(text.len + 1);
    name->len = text.len;
    if (text.len > 0)
        memcpy(name->text, text.ptr, text.len);
    name->text[text.len] = '\0';
    mst_index_add(self->by_text, &name->place, mst_index_hash(self->by_text, text), name);
    g_ptr_array_add(self->all, name);
    return name;
}

const char *mst_names_add(MstNames *self, MstSlice text, gpointer value)
{
    Name *name = add(self, text);

    g_assert(value != NULL);
    name->value = value;
    return name->text;
}

const char *mst_names_keep(MstNames *self, MstSlice text)
{
    Name *name = add(self, text);

    name->value = name->text;
    return name->text;
}
