/* archive_input.h - a tap as libarchive's input */
#ifndef MST_ARCHIVE_INPUT_H
#define MST_ARCHIVE_INPUT_H

#include <archive.h>

#include "tap.h"

/* What libarchive reads from. Its blocks are lent from the tap until it asks for the next. */
typedef struct MstArchiveInput {
    MstTap *tap; /* borrowed */
    size_t lent;
    GError *broken; /* of the tap; says more than what libarchive makes of it */
} MstArchiveInput;

/* Lets `archive` read from `input`, which stays where it is. False if libarchive refuses. */
bool mst_archive_input_open(MstArchiveInput *input, struct archive *archive);

/* Gives the error of the tap, if it had one, else libarchive's own. Always -1. */
gssize mst_archive_input_fail(MstArchiveInput *input, struct archive *archive, GError **error);

/* When libarchive sees the end: 0, or -1 and an error if it has left bytes unused. */
gssize mst_archive_input_finish(MstArchiveInput *input, struct archive *archive, GError **error);

/* The same where padding is usual: reads to the end, so that a break below is found. */
gssize mst_archive_input_drain(MstArchiveInput *input, GError **error);

#endif
