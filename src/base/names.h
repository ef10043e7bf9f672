/* names.h - what is known of names that come again and again: hosts, tags */
#ifndef MST_NAMES_H
#define MST_NAMES_H

#include <glib.h>

#include "mailstory/slice.h"

/*
 * A table from names to values, which stand in the table itself. A log has few hosts and tags, but one of
 * each in every line, and in a central log they alternate: a look-up takes no memory and no copy of the
 * name, and costs the same for one name as for hundreds. No name shares a line of the cache with anything
 * else, so that whoever reads its value does not wait for another thread that writes beside it.
 */
typedef struct MstNames MstNames;

/* A value has `size` bytes. `clear` sees to what one owns, when it is forgotten; NULL: nothing. */
MstNames *mst_names_new(size_t size, GDestroyNotify clear);
void mst_names_free(MstNames *self);

/* Forgets all names. */
void mst_names_clear(MstNames *self);

/* The value of a name, NULL if it has none. The unset slice is the empty name. */
gpointer mst_names_find(const MstNames *self, MstSlice text);

/* Gives a name that has none a value, all zero. It lives as long as the table, or until it is cleared. */
gpointer mst_names_add(MstNames *self, MstSlice text);

/* The name that has this value; it lives as long. Of values without size it is the value. */
const char *mst_names_text(const MstNames *self, gconstpointer value);

/* How many have a value. */
guint mst_names_count(const MstNames *self);

#endif
