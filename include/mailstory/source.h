/* source.h - all rotated files of one log, in the order of time */
#ifndef MAILSTORY_SOURCE_H
#define MAILSTORY_SOURCE_H

#include "mailstory/stamp.h"
#include "mailstory/stream.h"

/* One logical log. */
typedef struct MstSource {
    char *name;       /* its files' common name, to show and to sort by: `mx1/mail.log` */
    char *host;       /* said by hand, or of the nearest folder that is named like a host; NULL if
                         unknown; for lines that name none */
    char *system;     /* reader said by hand (--read); NULL: chosen for each line */
    GPtrArray *files; /* of MstLogFile *, oldest first by first stamp, then by name */
} MstSource;

void mst_source_free(MstSource *source);

/* What the person asked to be read. */
typedef struct MstSourceQuery {
    char **paths;   /* files, directories, "-"; NULL-terminated; may be NULL */
    char **by_hand; /* `SYSTEM[@HOST]=PATH`; NULL-terminated; may be NULL */
    const MstZones *zones;
} MstSourceQuery;

/*
 * Finds the logs: walks directories (no hidden files, no links to directories), lists tar archives,
 * looks at each file's first lines, and groups rotated files (`mail.log`, `mail.log.1`,
 * `mail.log.2.gz`, `mail.log-20260301.xz`) of one folder into one source. The sources come in an
 * order that does not depend on the order of the paths: by host, then by the time of the first
 * stamp, then by name. A file named twice is read once.
 *
 * What cannot be opened is added to `problems` (of GError *), and the rest is found all the same.
 * NULL and MST_ERROR_USAGE if the query itself is wrong. The caller owns the array of MstSource *.
 */
GPtrArray *mst_sources_find(const MstSourceQuery *query, GPtrArray *problems, GError **error);

#endif
