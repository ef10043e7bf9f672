/* csv.h - one row of a table, cell by cell */
#ifndef MST_CSV_H
#define MST_CSV_H

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
typedef struct MstCsvRow MstCsvRow;

/* Copies the style; borrows its zone. */
MstCsvRow *mst_csv_row_new(const MstCsvStyle *style);
void mst_csv_row_free(MstCsvRow *row);

/* Each adds one cell. */
void mst_csv_add_empty(MstCsvRow *row);
void mst_csv_add_text(MstCsvRow *row, MstSlice text);    /* from a log: any bytes */
void mst_csv_add_word(MstCsvRow *row, const char *word); /* ours: copied as it is */
void mst_csv_add_count(MstCsvRow *row, uint64_t count);
void mst_csv_add_seconds(MstCsvRow *row, int64_t span_us); /* `12`, `-0.25`: no zeros at the end */
void mst_csv_add_time(MstCsvRow *row, int64_t time_us);    /* 0, the unknown time, is empty */
void mst_csv_add_id(MstCsvRow *row, uint64_t id);          /* 16 hexadecimal digits */

/* Ends the row. What it gives is the row with its line end, good until the next cell is added. */
MstSlice mst_csv_end_row(MstCsvRow *row);

#endif
