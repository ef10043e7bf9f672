/* behind.h - stories that are told and written behind whoever joins them */
#ifndef MST_BEHIND_H
#define MST_BEHIND_H

#include "crew.h"
#include "mailstory/exporter.h"

/* Takes the correlator's stories, tells them, and gives them to the exporter, in their order. */
typedef struct MstBehind MstBehind;

/* Borrows both. With a crew of one at once, else by whoever has the time; the tables are the same. */
MstBehind *mst_behind_new(MstExporter *exporter, MstCrew *crew);

/* After the sink was told to finish, or before it took its first story. */
void mst_behind_free(MstBehind *self);

/* What the correlator hands its stories to. It lives as long as this. */
MstStorySink *mst_behind_sink(MstBehind *self);

#endif
