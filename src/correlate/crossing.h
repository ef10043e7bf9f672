/* crossing.h - filter sessions that stand crosswise to their dialogues */
#ifndef MST_CROSSING_H
#define MST_CROSSING_H

#include "dialogue.h"

/*
 * Numbers of sessions rise with connects: two sessions of one process that stand crosswise are swapped
 * if that costs no more. The sessions stand in an array by process and number.
 */
void mst_crossing_add(GPtrArray *by_number, MstFilterSession *session);
void mst_crossing_remove(GPtrArray *by_number, MstFilterSession *session);

/* Gives all sessions the dialogues that they match, and swaps where that concerns a session which ended
 * before. */
void mst_crossing_straighten(const GPtrArray *by_number, int64_t before_us);

#endif
