/* hands.h - work in parts, done by a crew */
#ifndef MST_HANDS_H
#define MST_HANDS_H

#include "crew.h"
#include "mailstory/spread.h"

/* Each part is a task of the crew. Who has the work done, does parts of it as well. */
typedef struct MstHands MstHands;

/* Borrows the crew, which outlives it. */
MstHands *mst_hands_new(MstCrew *crew, guint jobs);
void mst_hands_free(MstHands *self);

/* It as whoever has work knows it. */
MstSpread *mst_hands_spread(MstHands *self);

#endif
