/* lives.h - the lives in memory, by queue ID */
#ifndef MST_LIVES_H
#define MST_LIVES_H

#include "life.h"

/*
 * Lives are found by host and ID, which is what each event asks for, and by the ID alone, which is what
 * another host's reply names. Each host has one place under an ID, that of its latest life; those before it,
 * which still wait for others, are found through that one (MstLife.earlier).
 */
typedef MstIndex MstLives;

/* The latest life of this host's ID; NULL if none is in memory. */
MstLife *mst_lives_find(const MstLives *self, const MstHost *host, MstSlice queue_id);

/* A life begins; `before` is what mst_lives_find found. */
void mst_lives_add(MstLives *self, MstLife *life, MstLife *before);

/* Under which mst_index_find gives the lives of all hosts that may have this life's ID. */
uint64_t mst_lives_hash(const MstLife *life);

/* Forgets a life that was added; one that was not, or was removed before, is let be. */
void mst_lives_remove(MstLives *self, MstLife *life);

#endif
