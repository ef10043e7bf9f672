/* hops.h - the hop builder: which life of which ID an event belongs to */
#ifndef MST_HOPS_H
#define MST_HOPS_H

#include "linker.h"

/*
 * It owns re-use of IDs and the end of a life, and the SMTP dialogues that refusals without an ID
 * belong to. Lives are kept by host and ID; the same ID on two hosts never meets.
 */
typedef struct MstHops MstHops;

MstHops *mst_hops_new(const MstCorrelatorOptions *options, MstHosts *hosts, MstStorySink *sink);
void mst_hops_free(MstHops *self);

/* As mst_correlator_set_supply. */
void mst_hops_set_supply(MstHops *self, MstArenaSupply *supply);

/* As mst_correlator_event. */
void mst_hops_add(MstHops *self, const MstEvent *event, int64_t now_us, const char *file);

void mst_hops_finish(MstHops *self);

#endif
