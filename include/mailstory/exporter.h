/* exporter.h - stories into tables */
#ifndef MAILSTORY_EXPORTER_H
#define MAILSTORY_EXPORTER_H

#include "mailstory/feed.h"
#include "mailstory/spread.h"
#include "mailstory/story.h"

/* How cells are written. docs/csv-columns.md is the contract. */
typedef struct MstCsvStyle {
    char delimiter;   /* ',' */
    bool crlf;        /* CR LF at the end of a row */
    bool bom;         /* a byte order mark at the start of a table */
    bool raw;         /* formulas are not neutralised */
    GTimeZone *local; /* zone to print times in; NULL: UTC */
} MstCsvStyle;

/*
 * Writes the deliveries table to a stream, or all tables into a folder. Sinks are sticky: after the
 * first failure nothing more is written, and mst_exporter_finish reports it. One thread may hand in
 * stories, or several in turn, while another hands in lines; all else is for a thread alone.
 */
typedef struct MstExporter MstExporter;

/* The style is copied; its zone must outlive the exporter. */

/* The deliveries table alone, to the standard output. */
MstExporter *mst_exporter_new_stdout(const MstCsvStyle *style);

/*
 * All tables into a folder, which is made if it is not there. Each is written under a temporary name
 * in that folder and gets its own when it is complete. NULL and MST_ERROR_WRITE.
 */
MstExporter *mst_exporter_new_folder(const char *folder, const MstCsvStyle *style, GError **error);

/* Removes what is not finished. */
void mst_exporter_free(MstExporter *self);

/* Rows of large stories are made by several threads from now on. The spread outlives the stories. */
void mst_exporter_set_spread(MstExporter *self, MstSpread *spread);

/* A story that is told; or, if it is loose, its evidence alone. */
void mst_exporter_story(MstExporter *self, const MstStory *story);

/* lines.csv: a line that became no event. The name of its file lives as long as the exporter. Nothing
 * without a folder. */
void mst_exporter_line(MstExporter *self, const char *file, const MstStrangeLine *line);

/* sources.csv: `sha256` may be NULL. Nothing without a folder. */
void mst_exporter_source(MstExporter *self, const MstFileTally *tally, const char *sha256);

/* Flushes; gives the tables their names. False and MST_ERROR_WRITE, or MST_ERROR_PIPE if the reader
 * went away. */
bool mst_exporter_finish(MstExporter *self, GError **error);

/* Has writing failed already? Then reading on is of no use. May be asked by any thread. */
bool mst_exporter_failed(const MstExporter *self);

#endif
