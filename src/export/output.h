/* output.h - full blocks of rows into open files, here or in a thread of its own */
#ifndef MST_OUTPUT_H
#define MST_OUTPUT_H

#include "export/columns.h"

/*
 * The first failure ends all writing and is kept, with the table it happened to. Where a thread of
 * its own writes, a block is handed to it by taking one that it is done with in exchange, so that
 * there are never more than a few.
 */
typedef struct MstOutput MstOutput;

MstOutput *mst_output_new(MstWriter writer);

/* Writes what waits, unless that has failed, and frees. */
void mst_output_free(MstOutput *self);

/* Writes all bytes of the block, in the order of the calls. The block is empty afterwards, and may lie
 * in other memory. */
void mst_output_write(MstOutput *self, MstTable table, int fd, MstCsvBlock *block);

/* Waits until all is written. Nothing may be written after that. */
void mst_output_finish(MstOutput *self);

/* Something else failed than writing; `reason` is an errno. Not while blocks wait to be written. */
void mst_output_fail(MstOutput *self, MstTable table, int reason);

/* The errno of the first failure; 0 none. May be asked at any time. */
int mst_output_reason(const MstOutput *self);

/* The table that failed. Only when all is written, and something has failed. */
MstTable mst_output_failed(const MstOutput *self);

#endif
