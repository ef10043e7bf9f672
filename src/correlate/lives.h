/* lives.h - the lives in memory, by queue ID */
#ifndef MST_LIVES_H
#define MST_LIVES_H

#include "life.h"

/*
 * One look-up finds an ID on all hosts. Each host has one place under it, that of its latest life;
 * those before it, which still wait for others, are found through that one (MstLife.earlier).
 */
typedef MstIndex MstLives;

/* The latest life of this host's ID; NULL if none is in memory. */
MstLife *mst_lives_find(const MstLives *self, const MstHost *host, MstSlice queue_id);

/* A life begins; `before` is what mst_lives_find found. */
void mst_lives_add(MstLives *self, MstLife *life, MstLife *before);

/* Forgets a life that was added; one that was not, or was removed before, is let be. */
void mst_lives_remove(MstLives *self, MstLife *life);

#endif
