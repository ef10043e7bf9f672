/* tap.h - where bytes come from: layers that read from each other, with a look ahead */
#ifndef MST_TAP_H
#define MST_TAP_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct MstTap MstTap;

typedef struct MstTapOps {
    const char *format;        /* as mst_stream_format says */
    const char *member_format; /* the same inside a tar archive */
    size_t size;               /* of the layer's own struct, whose first member is MstTap */
    /* Up to len bytes; 0 at the end, -1 and MST_ERROR_READ at a break. Not called again after
     * either. */
    gssize (*read)(MstTap *self, char *buffer, size_t len, GError **error);
    void (*close)(MstTap *self); /* optional */
} MstTapOps;

/* How far a tap can look ahead at most. */
enum { MST_TAP_AHEAD = 65536 };

/* The first member of every layer. */
struct MstTap {
    const MstTapOps *ops;
    MstTap *below; /* that the layer reads from, and owns; NULL for the lowest */
    char *ahead;   /* MST_TAP_AHEAD bytes */
    size_t start;  /* of what was read and not yet taken */
    size_t end;
    int64_t taken; /* bytes taken so far */
    bool ended;
    GError *broken; /* comes after what is ahead */
};

MstTap *mst_tap_new(const MstTapOps *ops, MstTap *below);
void mst_tap_free(MstTap *self); /* and those below it */

/*
 * Sets `at` to what comes next, and gives how many bytes that are: at least `want`, unless the end
 * or a break comes before. 0 at the end; -1 at a break.
 */
gssize mst_tap_look(MstTap *self, size_t want, const char **at, GError **error);

/* Takes bytes that were looked at. */
void mst_tap_take(MstTap *self, size_t n);

/* Takes up to len bytes into the buffer; 0 at the end; -1 at a break, again and again. */
gssize mst_tap_read(MstTap *self, char *buffer, size_t len, GError **error);

/* A file as it is, read with read(2). Closes `fd` unless it is the standard input. */
MstTap *mst_tap_new_file(int fd);

/* What `below` holds, inflated if it is compressed; owns `below`. NULL if its first bytes cannot be
 * read. */
MstTap *mst_tap_new_inflated(MstTap *below, GError **error);

/* The layers that inflate. Each is asked once, with the first bytes, whether it is the one. */
bool mst_gzip_is(const char *head, size_t len);
MstTap *mst_gzip_new(MstTap *below);
bool mst_filter_is(const char *head, size_t len, const MstTapOps **ops);
MstTap *mst_filter_new(const MstTapOps *ops, MstTap *below);

#endif
