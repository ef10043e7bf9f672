/* exporter.h - stories into tables */
#ifndef MAILSTORY_EXPORTER_H
#define MAILSTORY_EXPORTER_H

#include "mailstory/feed.h"
#include "mailstory/story.h"

/* How cells are written. docs/csv-columns.md is the contract. */
typedef struct MstCsvStyle {
    char delimiter;   /* ',' */
    bool crlf;        /* CR LF at the end of a row */
    bool bom;         /* a byte order mark at the start of a table */
    bool raw;         /* formulas are not neutralised */
    GTimeZone *local; /* zone to print times in; NULL: UTC */
} MstCsvStyle;

/* Who writes rows to the files, once there are many of them. */
typedef enum MstWriter {
    MST_WRITER_HERE,  /* the thread that hands stories in */
    MST_WRITER_APART, /* a thread of its own, so that the kernel's part of the work goes on beside */
} MstWriter;

/*
 * Writes the deliveries table to a stream, or all tables into a folder. Sinks are sticky: after the
 * first failure nothing more is written, and mst_exporter_finish reports it. Whoever writes, one thread
 * alone calls these functions, and the bytes are the same.
 */
typedef struct MstExporter MstExporter;

/* The style is copied; its zone must outlive the exporter. */

/* The deliveries table alone, to the standard output. */
MstExporter *mst_exporter_new_stdout(const MstCsvStyle *style, MstWriter writer);

/*
 * All tables into a folder, which is made if it is not there. Each is written under a temporary name
 * in that folder and gets its own when it is complete. NULL and MST_ERROR_WRITE.
 */
MstExporter *mst_exporter_new_folder(const char *folder, const MstCsvStyle *style, MstWriter writer,
                                     GError **error);

/* Removes what is not finished. */
void mst_exporter_free(MstExporter *self);

/* Where the correlator hands its stories to. */
MstStorySink *mst_exporter_sink(MstExporter *self);

/* lines.csv: a line that became no event. The name of its file lives as long as the exporter. Nothing
 * without a folder. */
void mst_exporter_line(MstExporter *self, const char *file, const MstStrangeLine *line);

/* sources.csv: `sha256` may be NULL. Nothing without a folder. */
void mst_exporter_source(MstExporter *self, const MstFileTally *tally, const char *sha256);

/* Flushes; gives the tables their names. False and MST_ERROR_WRITE, or MST_ERROR_PIPE if the reader
 * went away. */
bool mst_exporter_finish(MstExporter *self, GError **error);

/* Has writing failed already? Then reading on is of no use. What a thread of its own writes may fail
 * later than it was handed in. */
bool mst_exporter_failed(const MstExporter *self);

#endif
