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

/* The pieces. */
MstSlice mst_heading_skip_blanks(MstSlice text);

/* All up to the next blank or the end; takes it, and the blanks behind it, from `text`. */
MstSlice mst_heading_take_word(MstSlice *text);

/* Decimal digits only, and below 2^32; else 0. */
uint32_t mst_heading_pid(MstSlice digits);

#endif
