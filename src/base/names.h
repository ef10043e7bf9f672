/* names.h - what names stand for that come again and again: hosts, tags */
#ifndef MST_NAMES_H
#define MST_NAMES_H

#include <glib.h>

#include "mailstory/slice.h"

/*
 * A table from names to whatever its owner means by them. A log has few hosts and tags, but one of
 * each in every line, and in a central log they alternate: a look-up takes no memory and no copy of
 * the name, and costs the same for one name as for hundreds.
 */
typedef struct MstNames MstNames;

MstNames *mst_names_new(void);

/* Both free each value with `free_value`, unless that is NULL; clear only forgets all names. */
void mst_names_free(MstNames *self, GDestroyNotify free_value);
void mst_names_clear(MstNames *self, GDestroyNotify free_value);

/* The value of a name, NULL if it has none. The unset slice is the empty name. */
gpointer mst_names_find(const MstNames *self, MstSlice text);

/* Gives a name that has none a value, which is not NULL. Gives a copy of the name that lives as long
 * as the table, or until it is cleared. */
const char *mst_names_add(MstNames *self, MstSlice text, gpointer value);

/* Makes the kept copy of a name itself its value, and gives it. */
const char *mst_names_keep(MstNames *self, MstSlice text);

/* How many have a value. */
guint mst_names_count(const MstNames *self);

#endif
