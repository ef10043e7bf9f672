/* spread.h - work that several threads may share */
#ifndef MAILSTORY_SPREAD_H
#define MAILSTORY_SPREAD_H

#include <glib.h>

/* Work in parts, of which each is made by any thread and taken by the one that has it done. */
typedef struct MstSpreadWork {
    guint parts;
    /* A part is made in a place, of which no other thread knows at the time. */
    void (*make)(gpointer user, guint part, guint place);
    /* It is taken out of there: the parts in their order, one after the other. */
    void (*take)(gpointer user, guint part, guint place);
    gpointer user;
} MstSpreadWork;

/* Who has the threads. One piece of work at a time. */
typedef struct MstSpread MstSpread;
struct MstSpread {
    guint places;
    /* Returns when all parts have been taken. */
    void (*run)(MstSpread *self, const MstSpreadWork *work);
};

#endif
