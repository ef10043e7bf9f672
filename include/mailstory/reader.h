/* reader.h - what knows one mail system's text */
#ifndef MAILSTORY_READER_H
#define MAILSTORY_READER_H

#include <glib.h>

#include "mailstory/batch.h"

typedef struct MstReader MstReader;

/*
 * A reader is one const struct in one file. It turns a line's text into events, borrowed slices,
 * without allocating; it has state only where the format forces it.
 */
typedef struct MstReaderOps {
    MstSystem system;
    const char *summary;           /* one line, for `mailstory formats` */
    const char *example;           /* a typical line, with its envelope, for `mailstory formats` */
    size_t size;                   /* of the reader's own struct, whose first member is MstReader */
    void (*open)(MstReader *self); /* optional */
    void (*close)(MstReader *self); /* optional */
    /* Is a line with this tag this system's? Called once for each new tag of a source: `text` is
     * the first line's, for tags that say too little. */
    bool (*owns)(MstSlice tag, MstSlice text);
    /* Optional: what the reader wants to know of a tag, such as which daemon wrote the line and how to
     * read it. Asked once for each new tag of a source; `line->tag_meaning` is what it gave. */
    gconstpointer (*know_tag)(MstReader *self, MstSlice tag);
    /* Optional: is this line, whole with its stamp, of this system's own log without tags? Asked of a
     * file's first lines; the reader that says yes most often reads the file's tagless lines. */
    bool (*recognises)(MstSlice whole);
    /* The lines of such a file are not cut by the envelope: `text` is all of the line, the host is the
     * source's, and the reader sets the line's time. FOREIGN then says that the line may have a usual
     * envelope after all. */
    bool own_envelope;
    /* What `line->whole` holds afterwards is what may be shown: a reader replaces it where the log has
     * passwords. What `text` holds tells lines of one second from each other: a reader replaces it
     * where a record has several lines. */
    MstVerdict (*read)(MstReader *self, MstLine *line, MstBatch *out);
} MstReaderOps;

/* The first member of every reader. There is one of each system for each source. */
struct MstReader {
    const MstReaderOps *ops;
    GTimeZone *zone; /* of stamps that the reader itself reads; borrowed; NULL: UTC */
};

extern const MstReaderOps mst_reader_postfix;
extern const MstReaderOps mst_reader_sendmail;
extern const MstReaderOps mst_reader_qmail;
extern const MstReaderOps mst_reader_xmail;
extern const MstReaderOps mst_reader_milter_manager;

/* All of them; NULL ends the list. */
extern const MstReaderOps *const mst_readers[];

MstReader *mst_reader_new(const MstReaderOps *ops);
void mst_reader_free(MstReader *self);

/* What the reader knows of a tag: the line's tag_meaning. Good as long as the reader; may be NULL. */
gconstpointer mst_reader_know_tag(MstReader *self, MstSlice tag);

/* Adds the line's events to `out` and says what became of it. A line that is not EVENT has added
 * none. */
MstVerdict mst_reader_read(MstReader *self, MstLine *line, MstBatch *out);

/* The reader of a system by its name, or NULL and MST_ERROR_USAGE. */
const MstReaderOps *mst_reader_find(const char *system, GError **error);

#endif
