/* names.c - what names stand for that come again and again */
#include "base/names.h"

#include <xxhash.h>

enum { RECENT = 256 }; /* names that are found at once; a power of two */

typedef struct Name {
    char *text;
    size_t len;
    gpointer value;
} Name;

struct MstNames {
    GHashTable *by_text; /* text -> Name * */
    Name *recent[RECENT];
};

static void free_name(gpointer data)
{
    Name *name = data;

    g_free(name->text);
    g_free(name);
}

/* Strangers choose names: GLib's own hash of text lets them choose equal ones. */
static guint hash_text(gconstpointer text)
{
    return (guint)XXH3_64bits(text, strlen(text));
}

MstNames *mst_names_new(void)
{
    MstNames *self = g_new0(MstNames, 1);

    self->by_text = g_hash_table_new_full(hash_text, g_str_equal, NULL, free_name);
    return self;
}

void mst_names_free(MstNames *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->by_text);
    g_free(self);
}

guint mst_names_count(const MstNames *self)
{
    return g_hash_table_size(self->by_text);
}

/* Its place among the recent ones: by its length and its first and last bytes, where hosts and tags
 * differ. */
static guint place_of(MstSlice text)
{
    guint64 head = 0, tail = 0;
    size_t n = MIN(text.len, sizeof head);

    if (n > 0) {
        memcpy(&head, text.ptr, n);
        memcpy(&tail, text.ptr + text.len - n, n);
    }
    head = (head ^ tail << 1 ^ text.len) * UINT64_C(0x9e3779b97f4a7c15);
    return (guint)(head >> 56) % RECENT;
}

static bool is_name(const Name *name, MstSlice text)
{
    return name != NULL && name->len == text.len &&
           (text.len == 0 || memcmp(name->text, text.ptr, text.len) == 0);
}

gpointer mst_names_find(MstNames *self, MstSlice text)
{
    Name **recent = &self->recent[place_of(text)];
    g_autofree char *key = NULL;
    Name *name;

    if (is_name(*recent, text))
        return (*recent)->value;
    key = g_strndup(text.ptr == NULL ? "" : text.ptr, text.len);
    name = g_hash_table_lookup(self->by_text, key);
    if (name == NULL)
        return NULL;
    *recent = name;
    return name->value;
}

static Name *add(MstNames *self, MstSlice text)
{
    Name *name = g_new0(Name, 1);

    g_assert(mst_names_find(self, text) == NULL);
    name->text = g_strndup(text.ptr == NULL ? "" : text.ptr, text.len);
    name->len = strlen(name->text);
    g_hash_table_insert(self->by_text, name->text, name);
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
