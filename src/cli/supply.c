/* supply.c - memory that is ready before messages need it */
#include "supply.h"

enum {
    MOST = 4, /* slabs that are ready */
    FEW = 2,  /* so few are left when somebody is asked for more */
};

struct MstSupply {
    MstArenaSupply supply; /* first, so that the supply is this */
    MstCrew *crew;         /* its lock is that of the slabs */
    MstTask task;          /* to make one */
    MstArenaSlab *slabs[MOST];
    guint count; /* of them */
};

static bool make_one(gpointer user)
{
    MstSupply *self = user;
    MstArenaSlab *slab;

    mst_crew_unlock(self->crew);
    slab = mst_arena_slab_new();
    mst_crew_lock(self->crew);
    self->slabs[self->count++] = slab;
    return self->count < MOST;
}

static MstArenaSlab *on_take(MstArenaSupply *supply)
{
    MstSupply *self = (MstSupply *)supply;
    MstArenaSlab *slab;

    mst_crew_lock(self->crew);
    slab = self->count == 0 ? NULL : self->slabs[--self->count];
    if (self->count <= FEW)
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
