/* csv.h - rows of a table, cell by cell */
#ifndef MST_CSV_H
#define MST_CSV_H

#include <glib.h>
#include <stdint.h>

#include "mailstory/exporter.h"
#include "mailstory/slice.h"

/*
 * Every cell is quoted, numbers too: RFC 4180 has no types, and a reader that guesses them guesses
 * less where all cells look alike. Text that strangers wrote goes through three steps, in this order:
 *
 *   escape  a control character (C0, DEL, C1) and each byte that is no UTF-8 becomes `\xNN`, and so
 *           does the backslash of a literal `\x`: `\x5cx`
 *   guard   what a spreadsheet would run, or what begins with a `'`, gets a `'` in front
 *   quote   `"` is doubled
 *
 * A TAB or CR at the start is escaped before the guard looks at it, so it needs none. Each step can
 * be undone without knowing the text; docs/csv-columns.md says how.
 */
typedef struct MstCsvRows MstCsvRows;

/* Memory that rows lie in, one behind the other. */
typedef struct MstCsvBlock {
    char *bytes; /* from GLib; NULL none yet */
    size_t len, size;
} MstCsvBlock;

/* Copies the style; borrows its zone. A byte order mark stands before the first row. */
MstCsvRows *mst_csv_new(const MstCsvStyle *style);
void mst_csv_free(MstCsvRows *rows);

/* Each adds one cell. */
void mst_csv_add_empty(MstCsvRows *rows);
void mst_csv_add_text(MstCsvRows *rows, MstSlice text);      /* from a log: any bytes */
void mst_csv_add_string(MstCsvRows *rows, const char *text); /* likewise; NULL is empty */
void mst_csv_add_again(MstCsvRows *rows); /* the cell before, added by one of these four */
void mst_csv_add_name(MstCsvRows *rows, const char *text); /* likewise: see below */
void mst_csv_add_count(MstCsvRows *rows, uint64_t count);
void mst_csv_add_seconds(MstCsvRows *rows,
                         int64_t span_us);                /* `12`, `-0.25`: no zeros at the end */
void mst_csv_add_time(MstCsvRows *rows, int64_t time_us); /* 0, the unknown time, is empty */
void mst_csv_add_id(MstCsvRows *rows, uint64_t id);       /* 16 hexadecimal digits */

/* A name comes again and again. It must live, and stay the same, as long as the rows do: the cell is
 * remembered by where the text lies. */

/* An empty string to put the text of one cell together in; good until the next call. */
GString *mst_csv_scratch(MstCsvRows *rows);

/* Ends the row, which has a cell at least. */
void mst_csv_end_row(MstCsvRows *rows);

/* Where the ended rows lie. Its owner may set its length to 0, or put another block in its place. */
MstCsvBlock *mst_csv_block(MstCsvRows *rows);

#endif
