/* index.h - things in memory, found by a hash, the newest first */
#ifndef MST_INDEX_H
#define MST_INDEX_H

#include <glib.h>
#include <stdint.h>

/*
 * Several things may have one hash: whoever looks compares what the hash was made of. Places are
 * GList nodes inside the things, so that adding and removing take constant time.
 */
typedef GHashTable MstIndex;

MstIndex *mst_index_new(void);
void mst_index_free(MstIndex *self);

void mst_index_add(MstIndex *self, uint64_t hash, GList *place);

/* It must be there under this hash. */
void mst_index_remove(MstIndex *self, uint64_t hash, GList *place);

/* The newest place, NULL if there is none; ->next is the next older. */
const GList *mst_index_find(MstIndex *self, uint64_t hash);

/* A hash of text; of an address without regard to ASCII case, to quotes, and to what qmail-send
 * escapes in it. */
uint64_t mst_index_hash(const char *text);
uint64_t mst_index_hash_address(const char *address);

#endif
