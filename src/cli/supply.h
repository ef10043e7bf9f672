/* supply.h - memory that is ready before messages need it */
#ifndef MST_SUPPLY_H
#define MST_SUPPLY_H

#include "crew.h"
#include "mailstory/arena.h"

/* A supply of slabs: to make some is a task of the crew. Where nobody else has the time, it has none. */
typedef struct MstSupply MstSupply;

/* Borrows the crew, which outlives it. */
MstSupply *mst_supply_new(MstCrew *crew);

/* Frees what was not taken. */
void mst_supply_free(MstSupply *self);

/* It as whoever needs memory knows it: one thread, that of the crew's owner. */
MstArenaSupply *mst_supply_of_slabs(MstSupply *self);

#endif
