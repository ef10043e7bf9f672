/* merge.h - several sources' events, as one stream in the order of time */
#ifndef MST_MERGE_H
#define MST_MERGE_H

#include "crew.h"
#include "mailstory/mailstory.h"

/* Where the merged events and the lines without events go. */
typedef struct MstMergeSink MstMergeSink;
struct MstMergeSink {
    /* `now_us` is where the merged sources stand; it never steps back. False: enough. */
    bool (*event)(MstMergeSink *self, const MstEvent *event, int64_t now_us, const char *file);
    void (*strange)(MstMergeSink *self, const MstStrangeLine *line, const char *file);
};

typedef struct MstMergeSetup {
    MstCrew *crew;     /* that reads; the caller alone merges */
    bool keep_strange; /* lines without events are handed on too */
} MstMergeSetup;

/*
 * Reads all feeds to their ends. Within a source the order of its files holds, whatever its stamps
 * say; between sources the earlier stamp goes first, and of equal ones the earlier source. A feed is
 * not opened before its first stamp's time has come. The sink is called by the caller's thread alone,
 * and what it is told does not depend on the crew.
 */
void mst_merge(GPtrArray *sources, GPtrArray *feeds, const MstMergeSetup *setup,
               MstMergeSink *sink);

#endif
