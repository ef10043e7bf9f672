/* index.c - things in memory, found by a hash, the newest first */
#include "index.h"

#include <string.h>
#include <xxhash.h>

/* The table holds the first node of each chain. */
MstIndex *mst_index_new(void)
{
    return g_hash_table_new(g_direct_hash, g_direct_equal);
}

void mst_index_free(MstIndex *self)
{
    g_hash_table_unref(self);
}

void mst_index_add(MstIndex *self, uint64_t hash, GList *place)
{
    GList *first = g_hash_table_lookup(self, GSIZE_TO_POINTER(hash));

    place->prev = NULL;
    place->next = first;
    if (first != NULL)
        first->prev = place;
    g_hash_table_insert(self, GSIZE_TO_POINTER(hash), place);
}

void mst_index_remove(MstIndex *self, uint64_t hash, GList *place)
{
    if (place->next != NULL)
        place->next->prev = place->prev;
    if (place->prev != NULL)
        place->prev->next = place->next;
    else if (place->next != NULL)
        g_hash_table_insert(self, GSIZE_TO_POINTER(hash), place->next);
    else
        g_hash_table_remove(self, GSIZE_TO_POINTER(hash));
    place->prev = place->next = NULL;
}

const GList *mst_index_find(MstIndex *self, uint64_t hash)
{
    return g_hash_table_lookup(self, GSIZE_TO_POINTER(hash));
}

uint64_t mst_index_hash(const char *text)
{
    return XXH3_64bits(text, strlen(text));
}

uint64_t mst_index_hash_address(const char *address)
{
    char lower[320]; /* RFC 5321's longest address; what goes beyond tells no more apart */
    size_t len = 0;

    for (; *address != '\0' && len < sizeof lower; address++) {
        if (*address == '"' || *address == '\\')
            continue;
        lower[len++] = g_ascii_isgraph(*address) && *address != '%' ? g_ascii_tolower(*address)
                                                                    : '_';
    }
    return XXH3_64bits(lower, len);
}
