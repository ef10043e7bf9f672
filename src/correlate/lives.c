/* lives.c - the lives in memory, by queue ID */
#include "lives.h"

MstLife *mst_lives_find(const MstLives *self, const MstHost *host, MstSlice queue_id)
{
    MstPlace *at = mst_index_find(self, mst_index_hash(self, queue_id));

    for (; at != NULL; at = at->next) {
        MstLife *life = at->thing;

        if (life->hop.host == host && life->id_len == queue_id.len &&
            mst_slice_same_bytes(life->hop.queue_id, queue_id.ptr, queue_id.len))
            return life->succeeded ? NULL : life;
    }
    return NULL;
}

void mst_lives_add(MstLives *self, MstLife *life, MstLife *before)
{
    uint64_t hash;

    if (before != NULL) {
        hash = before->by_id.hash;
        mst_index_remove(self, &before->by_id);
        before->succeeded = true;
        before->later = life;
        life->earlier = before;
    } else {
        hash = mst_index_hash(self, (MstSlice){life->hop.queue_id, life->id_len});
    }
    mst_index_add(self, &life->by_id, hash, life);
}

void mst_lives_remove(MstLives *self, MstLife *life)
{
    MstLife *earlier = life->earlier;

    if (earlier != NULL)
        earlier->later = life->later;
    if (life->later != NULL) {
        life->later->earlier = earlier;
    } else if (life->by_id.thing != NULL) {
        mst_index_remove(self, &life->by_id);
        if (earlier != NULL)
            mst_index_add(self, &earlier->by_id, life->by_id.hash, earlier);
    }
    life->earlier = life->later = NULL;
}
