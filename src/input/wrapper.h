/* wrapper.h - what collectors and people put in front of a whole log line */
#ifndef MST_WRAPPER_H
#define MST_WRAPPER_H

#include "heading.h"

/* Takes one wrapper off the front. False if there is none that we know. */
bool mst_wrapper_take(MstSlice *text);

/*
 * The log of Mac OS X 10.4: `[Time 2006.12.24 17:15:01 UTC] [Facility mail] [Sender postfix/smtpd]
 * [PID 265] [Message TEXT]`. Sets heading and `*time_us`; false if it is none.
 */
bool mst_wrapper_read_asl(MstSlice text, MstHeading *heading, int64_t *time_us);

#endif
