/* supply.c - memory that is ready before messages need it */
#include "supply.h"

enum { MOST = 16 }; /* slabs that are ready */

struct MstSupply {
    MstArenaSupply supply; /* first, so that the supply is this */
    MstCrew *crew;         /* its lock is that of the slabs */
    MstTask task;          /* to make one */
    MstArenaSlab *slabs[MOST];
    guint count; /* of them */
    guint taken; /* so far, or asked for in vain */
};

/* How many should be ready: of a small log none is made for nothing. */
static guint wanted(const MstSupply *self)
{
    return MIN(self->taken, MOST);
}

static bool make_one(gpointer user)
{
    MstSupply *self = user;
    MstArenaSlab *slab;

    mst_crew_unlock(self->crew);
    slab = mst_arena_slab_new();
    mst_crew_lock(self->crew);
    self->slabs[self->count++] = slab;
    return self->count < wanted(self);
}

static MstArenaSlab *on_take(MstArenaSupply *supply)
{
    MstSupply *self = (MstSupply *)supply;
    MstArenaSlab *slab;

    mst_crew_lock(self->crew);
    slab = self->count == 0 ? NULL : self->slabs[--self->count];
    self->taken++;
    if (self->count <= wanted(self) * 3 / 4)
        mst_crew_queue(self->crew, &self->task);
    mst_crew_unlock(self->crew);
    return slab;
}

MstSupply *mst_supply_new(MstCrew *crew)
{
    MstSupply *self = g_new0(MstSupply, 1);

    self->supply.take = on_take;
    self->crew = crew;
    self->task = (MstTask){.work = make_one, .user = self};
    return self;
}

void mst_supply_free(MstSupply *self)
{
    if (self == NULL)
        return;
    mst_crew_lock(self->crew);
    mst_crew_cancel(self->crew, &self->task);
    mst_crew_unlock(self->crew);
    while (self->count > 0)
        mst_arena_slab_free(self->slabs[--self->count]);
    g_free(self);
}

MstArenaSupply *mst_supply_of_slabs(MstSupply *self)
{
    return &self->supply;
}
