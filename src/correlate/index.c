/* index.c - things in memory, found by a hash, the newest first */
#include "index.h"

#include <string.h>
#include <xxhash.h>

static void free_queue(gpointer queue)
{
    g_free(queue); /* its links are not its own */
}

MstIndex *mst_index_new(void)
{
    return g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, free_queue);
}

void mst_index_free(MstIndex *self)
{
    g_hash_table_unref(self);
}

void mst_index_add(MstIndex *self, uint64_t hash, GList *place)
{
    GQueue *queue = g_hash_table_lookup(self, GSIZE_TO_POINTER(hash));

    if (queue == NULL) {
        queue = g_new0(GQueue, 1);
        g_hash_table_insert(self, GSIZE_TO_POINTER(hash), queue);
    }
    g_queue_push_head_link(queue, place);
}

void mst_index_remove(MstIndex *self, uint64_t hash, GList *place)
{
    GQueue *queue = g_hash_table_lookup(self, GSIZE_TO_POINTER(hash));

    g_assert(queue != NULL);
    g_queue_unlink(queue, place);
    if (queue->length == 0)
        g_hash_table_remove(self, GSIZE_TO_POINTER(hash));
}

const GList *mst_index_find(MstIndex *self, uint64_t hash)
{
    const GQueue *queue = g_hash_table_lookup(self, GSIZE_TO_POINTER(hash));

    return queue == NULL ? NULL : queue->head;
}

uint64_t mst_index_hash(const char *text)
{
    return XXH3_64bits(text, strlen(text));
}

uint64_t mst_index_hash_address(const char *address)
{
    char lower[320]; /* RFC 5321's longest address; what goes beyond tells no more apart */
    size_t len = 0;

    for (; address[len] != '\0' && len < sizeof lower; len++)
        lower[len] = g_ascii_tolower(address[len]);
    return XXH3_64bits(lower, len);
}
