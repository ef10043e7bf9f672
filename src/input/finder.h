/* finder.h - walks what is asked for, and looks at the first lines of each file */
#ifndef MST_FINDER_H
#define MST_FINDER_H

#include "mailstory/source.h"

/* One log file as found: where it lies, whose it seems to be. */
typedef struct MstFound {
    MstLogFile *file;
    char *folder;    /* the path up to the file's own name, with its '/'; "" if there is none */
    char *host;      /* NULL unknown */
    char *system;    /* said by hand; NULL */
    bool found_year; /* its first stamp has no year of its own */
    uint64_t head;   /* hash of its first bytes, inflated: a copy of another file has the same */
} MstFound;

/* Each file is found once, however often it is named or linked to. */
typedef struct MstFinder {
    const MstZones *zones;
    const char *system;  /* for what is found from now on; NULL */
    const char *host;    /* likewise; NULL: from the folders */
    GPtrArray *found;    /* of MstFound *; owned */
    GPtrArray *problems; /* of GError *; borrowed */
    GHashTable *seen;    /* `device:inode` of files */
} MstFinder;

void mst_finder_init(MstFinder *self, const MstZones *zones, GPtrArray *problems);
void mst_finder_clear(MstFinder *self);

/* A file, a directory or "-". */
void mst_finder_add(MstFinder *self, const char *path);

#endif
