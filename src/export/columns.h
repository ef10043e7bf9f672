/* columns.h - the tables: which columns they have, and where each takes its value from */
#ifndef MST_COLUMNS_H
#define MST_COLUMNS_H

#include "export/csv.h"
#include "mailstory/exporter.h"

typedef enum MstTable {
    MST_TABLE_STORIES,
    MST_TABLE_DELIVERIES,
    MST_TABLE_HOPS,
    MST_TABLE_EVENTS,
    MST_TABLE_LINES,
    MST_TABLE_SOURCES,
    MST_TABLES /* how many there are */
} MstTable;

/*
 * What a row is about. Columns that several tables have in common (`sender`, `host`, `first_time`)
 * take their value from the members at the top, which whoever writes the row fills in; the others
 * look at the story, outcome, hop, … that the row shows. All is borrowed, and what a table does not
 * need stays unset.
 */
typedef struct MstSubject {
    int64_t first_us, last_us;
    MstAction action;
    MstConfidence confidence;
    MstSystem system;
    const char *host;
    const char *queue_id;
    const char *message_id;
    const char *sender; /* NULL unknown, "" the null sender */
    const char *file;
    uint64_t line;
    const MstStory *story;     /* NULL for an event outside all stories */
    const MstOutcome *outcome; /* deliveries */
    const MstHop *hop;         /* hops, events; in stories the one that the message came in with */
    const MstEvidence *event;  /* events */
    const MstStrangeLine *strange; /* lines */
    const MstFileTally *tally;     /* sources */
    const char *sha256;            /* sources */
} MstSubject;

/* The table's file name without its `.csv`. */
const char *mst_table_name(MstTable table);

/* Adds the cells of a row; the caller ends it. */
void mst_table_add_names(MstTable table, MstCsvRows *rows);
void mst_table_add_values(MstTable table, MstCsvRows *rows, const MstSubject *of);

#endif
