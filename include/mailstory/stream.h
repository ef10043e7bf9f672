/* stream.h - the bytes of one log file, inflated */
#ifndef MAILSTORY_STREAM_H
#define MAILSTORY_STREAM_H

#include <glib.h>
#include <stdint.h>

/* One log as found on disk: a file, a member of a tar archive, or the standard input. */
typedef struct MstLogFile {
    char *name;       /* to show: `mx1/mail.log.2.gz`, `evidence.tar.gz/mx1/mail.log`, `-` */
    char *path;       /* of the file to open; "-" is the standard input */
    char *member;     /* name inside the tar archive at `path`; NULL if it is none */
    int64_t mtime_us; /* of the file or member; of the standard input: now */
    int64_t bytes;    /* on disk; -1 if unknown */
    int64_t first_us; /* its first time stamp; INT64_MAX if it has none */
} MstLogFile;

void mst_log_file_free(MstLogFile *file);

/*
 * Reads one file from its start to its end: plain, gzip (several members too), bzip2, xz, zstd,
 * recognised by content. Not seekable. The standard input is read once: what mst_stream_open for it
 * gives is the one stream of the process.
 */
typedef struct MstStream MstStream;

/* NULL and MST_ERROR_READ if it cannot be opened. */
MstStream *mst_stream_open(const MstLogFile *file, GError **error);
void mst_stream_free(MstStream *self);

/*
 * Up to `len` bytes into `buffer`; 0 at the end, -1 and MST_ERROR_READ at a break. Every byte before
 * a break has been given out by then (of bzip2, xz and zstd up to 64 KiB less: libarchive keeps them
 * back); the message names the file, the offset in it, and what is
 * wrong (`mx1/mail.log.1.gz: damaged at byte 52133: incorrect data check`). Trailing bytes that
 * belong to no compressed member are a break too.
 */
gssize mst_stream_read(MstStream *self, char *buffer, size_t len, GError **error);

/* `plain`, `gzip`, `bzip2`, `xz`, `zstd`, with `tar+` before it for a member of an archive. */
const char *mst_stream_format(const MstStream *self);

#endif
