/* tar.h - the members of a tar archive, one after the other */
#ifndef MST_TAR_H
#define MST_TAR_H

#include "tap.h"

typedef struct MstTar MstTar;

/* Does a tar archive begin here? Its first header has a checksum. */
bool mst_tar_is(const char *head, size_t len);

/* How many bytes mst_tar_is wants to see. */
enum { MST_TAR_HEADER = 512 };

/* Owns `below`. NULL if it cannot be read. */
MstTar *mst_tar_new(MstTap *below, GError **error);
void mst_tar_free(MstTar *self);

/* A regular file in the archive. */
typedef struct MstTarMember {
    const char *name; /* good until the next member */
    int64_t mtime_us;
    int64_t bytes;
} MstTarMember;

/* The next regular file: 1, or 0 at the end, or -1 and an error at a break. */
gssize mst_tar_next(MstTar *self, MstTarMember *member, GError **error);

/* The bytes of the member that came last. Must be freed before the next one, and before `self`. */
MstTap *mst_tar_open(MstTar *self);

#endif
