/* line.h - one record of a log, its envelope taken off */
#ifndef MAILSTORY_LINE_H
#define MAILSTORY_LINE_H

#include <stdint.h>

#include "mailstory/slice.h"

/* A line longer than this is broken, whatever it says: 64 KiB is eight times what any syslogd lets
 * through. */
enum { MST_LINE_MAX = 65536 };

/* What is known of a host that lines of the file name. */
typedef struct MstLogHost {
    const char *name;           /* "" for lines that name none */
    struct _GTimeZone *zone;    /* NOLINT(bugprone-reserved-identifier): so GLib calls it */
    struct MstFileTally *tally; /* the feed's; NULL: it has counted no line of this host */
    uint64_t hash;              /* the feed's, of the name; 0: not taken */
} MstLogHost;

/* What is known of a tag. */
typedef struct MstLogTag {
    struct MstReader *reader; /* that reads its lines; NULL: foreign */
    const void *meaning;      /* what that reader knows of it */
    bool asked;               /* have the readers been asked? */
    uint64_t hash;            /* the feed's, of the tag; 0: not taken */
} MstLogTag;

/* All slices borrow from the batch's bytes. */
typedef struct MstLine {
    MstSlice whole;  /* the physical line, without its line end; NULs already replaced by '?' */
    MstSlice text;   /* what the mail system wrote: the line behind its envelope */
    MstSlice host;   /* as logged, else the source's host; unset if neither says */
    MstSlice tag;    /* `postfix/submission/smtpd`, `sm-mta`; unset where the form has none */
    int64_t time_us; /* UTC, microseconds since 1970; 0 if unknown */
    int32_t resolution_us;   /* 1000000 for a stamp in whole seconds; 0 if the time is unknown */
    uint32_t pid;            /* 0 if not logged */
    uint64_t number;         /* 1-based, in its file */
    MstLogHost *known_host;  /* what is known of `host`; NULL: it was not looked up */
    MstLogTag *known_tag;    /* likewise of `tag`; also NULL where it is too long to be known */
    const void *tag_meaning; /* what the line's reader knows of `tag`: MstReaderOps.know_tag */
} MstLine;

/* A line of which no more is known. Its members are set one by one: to clear them all at once the
 * compiler takes an instruction that is slow to begin, and what it stores in halves it copies whole, for
 * which a processor waits. */
static inline void mst_line_begin(MstLine *line, MstSlice whole, uint64_t number)
{
    line->whole = whole;
    line->text.ptr = line->host.ptr = line->tag.ptr = NULL;
    line->text.len = line->host.len = line->tag.len = 0;
    line->time_us = 0;
    line->resolution_us = 0;
    line->pid = 0;
    line->number = number;
    line->known_host = NULL;
    line->known_tag = NULL;
    line->tag_meaning = NULL;
}

#endif
