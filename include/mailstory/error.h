/* error.h - what can end a run */
#ifndef MAILSTORY_ERROR_H
#define MAILSTORY_ERROR_H

#include <glib.h>

/*
 * Only a failed run is a GError. A strange line is data (MstVerdict, in reader.h), a bug is an
 * assertion. Messages name the thing, begin in lower case and bear no full stop.
 */
typedef enum MstErrorCode {
    MST_ERROR_USAGE, /* wrong options or arguments: exit status 2 */
    MST_ERROR_READ,  /* a log that could not be read, or not to its end: exit status 1 */
    MST_ERROR_WRITE, /* output that could not be written: exit status 1 */
    MST_ERROR_PIPE,  /* the reader of our output went away (| head): the end, without a word */
} MstErrorCode;

#define MST_ERROR mst_error_quark()
GQuark mst_error_quark(void);

#endif
