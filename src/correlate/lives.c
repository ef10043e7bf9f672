/*
 * lives.c - the lives in memory, by queue ID
 *
 * The index holds the hash of the ID, and that hash mixed with the host. Of the host that was seen first
 * the two are the same, so that the log of one host costs one place for each life. Of many hosts with the
 * same IDs, none has to be looked for among the others.
 */
#include "lives.h"

static uint64_t mix(const MstHost *host)
{
    return host->index * UINT64_C(0xd6e8feb86659fd93);
}

uint64_t mst_lives_hash(const MstLife *life)
{
    return life->by_id.hash ^ mix(life->hop.host);
}

MstLife *mst_lives_find(const MstLives *self, const MstHost *host, MstSlice queue_id)
{
    MstPlace *at = mst_index_find(self, mst_index_hash(self, queue_id) ^ mix(host));

    for (; at != NULL; at = at->next) {
        MstLife *life = at->thing;

        if (life->hop.host == host && life->id_len == queue_id.len &&
            mst_slice_same_bytes(life->hop.queue_id, queue_id.ptr, queue_id.len))
            return life->succeeded ? NULL : life;
    }
    return NULL;
}

/* By the hash of host and ID. */
static void put(MstLives *self, MstLife *life, uint64_t hash)
{
    mst_index_add(self, &life->by_id, hash, life);
    if (life->hop.host->index == 0)
        return;
    if (life->by_id_alone == NULL)
        life->by_id_alone = mst_arena_alloc(&life->hop.arena, sizeof *life->by_id_alone);
    mst_index_add(self, life->by_id_alone, mst_lives_hash(life), life);
}

static void take_out(MstLives *self, MstLife *life)
{
    mst_index_remove(self, &life->by_id);
    if (life->by_id_alone != NULL)
        mst_index_remove(self, life->by_id_alone);
}

void mst_lives_add(MstLives *self, MstLife *life, MstLife *before)
{
    MstSlice queue_id = {life->hop.queue_id, life->id_len};
    uint64_t hash;

    if (before != NULL) {
        hash = before->by_id.hash;
        take_out(self, before);
        before->succeeded = true;
        mst_life_add_extras(before)->later = life;
        mst_life_add_extras(life)->earlier = before;
    } else {
        hash = mst_index_hash(self, queue_id) ^ mix(life->hop.host);
    }
    put(self, life, hash);
}

void mst_lives_remove(MstLives *self, MstLife *life)
{
    MstLife *earlier = mst_life_extras(life)->earlier;
    MstLife *later = mst_life_extras(life)->later;

    if (earlier != NULL)
        earlier->extras->later = later;
    if (later != NULL) {
        later->extras->earlier = earlier;
    } else if (life->by_id.thing != NULL) {
        take_out(self, life);
        if (earlier != NULL)
            put(self, earlier, life->by_id.hash);
    }
    if (life->extras != NULL)
        life->extras->earlier = life->extras->later = NULL;
}
