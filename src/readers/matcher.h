/* matcher.h - which row of a table a text belongs to, by its opening */
#ifndef MST_MATCHER_H
#define MST_MATCHER_H

#include <glib.h>

#include "mailstory/slice.h"

/*
 * Readers are tables: each row has an opening, the text that its lines begin with. A matcher finds
 * the row of a line by what the line has at the few places where the openings differ, and then
 * compares the one opening that is left. A row costs nothing to the lines of other rows, however many
 * there are, so that a new shape of line is a new row and no more.
 *
 * A reader makes its matchers when it is opened, adds the rows of its const tables in their order,
 * and frees the matchers when it is closed:
 *
 *     self->plain = mst_matcher_new();
 *     for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++)
 *         mst_matcher_add(self->plain, shapes[i].opening, &shapes[i]);
 *     mst_matcher_finish(self->plain);
 *     …
 *     const Shape *shape = mst_matcher_find(self->plain, line->text);
 *
 * Of several rows whose openings fit (`milter-header-reject: ` and `milter-header-`), the one that
 * was added first is found. Where the daemon, or whatever the tag says, decides which rows there are,
 * the reader has a matcher for each, and finds it by MstReaderOps.know_tag.
 */
typedef struct MstMatcher MstMatcher;

MstMatcher *mst_matcher_new(void);
void mst_matcher_free(MstMatcher *self);

/* Adds a row, which is not NULL, and is all that a look-up gives. `opening` is not empty and outlives
 * the matcher. */
void mst_matcher_add(MstMatcher *self, MstSlice opening, gconstpointer row);

/* All rows are added. To be called once, before the first look-up. */
void mst_matcher_finish(MstMatcher *self);

/* The first row that was added of those whose openings `text` begins with; NULL if there is none. */
gconstpointer mst_matcher_find(const MstMatcher *self, MstSlice text);

#endif
