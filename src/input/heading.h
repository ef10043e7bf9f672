/* heading.h - what stands between a stamp and the text: host, priority, tag and pid */
#ifndef MST_HEADING_H
#define MST_HEADING_H

#include <stdint.h>

#include "mailstory/slice.h"

/* How much a heading must show to be one. */
typedef enum MstHeadingForm {
    MST_HEADING_SYSLOG, /* behind a stamp that a syslog wrote: `host tag:`, `tag:`, `host` */
    MST_HEADING_TAGGED, /* behind any other, or none: only with `tag[pid]:` or `tag[pid] ` */
} MstHeadingForm;

/* Slices borrow from the line; unset is "not written". */
typedef struct MstHeading {
    MstSlice host;
    MstSlice tag;
    MstSlice text; /* all behind the heading, blanks in front skipped */
    uint32_t pid;  /* 0 if not written, or too large */
} MstHeading;

/* Reads `text`, whose first blanks do not count. False if it has no heading of this form: then only
 * heading->text is set, to all of it. */
bool mst_heading_read(MstSlice text, MstHeadingForm form, MstHeading *heading);

/*
 * Where the heading of a usual line ends, as far as lines have it in common: behind the first `[`, or
 * the colon of the first `: `. NULL if neither is near. Whether a heading ends there is for
 * mst_heading_read to say; if one does, nothing that stands behind has a say in it, but for
 * mst_heading_read_behind.
 */
const char *mst_heading_find_end(MstSlice text);

/* Reads what follows there, `pid]: TEXT` or ` TEXT`: sets pid and text. False if the bracket holds no
 * pid. */
bool mst_heading_read_behind(MstSlice text, const char *at, MstHeading *heading);

/* The pieces. */
static inline MstSlice mst_heading_skip_blanks(MstSlice text)
{
    while (text.len > 0 && (*text.ptr == ' ' || *text.ptr == '\t'))
        text = mst_slice_from(text, 1);
    return text;
}

/* All up to the next blank or the end; takes it, and the blanks behind it, from `text`. */
MstSlice mst_heading_take_word(MstSlice *text);

/* Decimal digits only, and below 2^32; else 0. */
uint32_t mst_heading_pid(MstSlice digits);

#endif
