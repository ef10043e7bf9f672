/* logsafe.h - text as qmail-send logs it, to compare other logs' text with */
#ifndef MST_LOGSAFE_H
#define MST_LOGSAFE_H

#include "mailstory/slice.h"

/*
 * qmail-send writes strangers' text (addresses, reports, replies) so that a line stays one line: a
 * line end becomes `/`; any other control byte, a blank, `%`, DEL and every byte above it become
 * `_`. One byte in, one byte out, and no way back: `_` and `/` stand for themselves too. So the
 * other side is escaped likewise, and then compared.
 */

/* Writes text, escaped, to `to`, which has room for text.len bytes. */
void mst_logsafe_copy(char *to, MstSlice text);

/* Is `logged` what qmail-send would log for `text`? */
bool mst_logsafe_equal(MstSlice logged, MstSlice text);

/*
 * The same for an address that another system logged as it stood in SMTP: qmail drops the quotes and
 * backslashes of its local part first (`"john doe"@example.org` is logged as `john_doe@example.org`).
 */
bool mst_logsafe_equal_address(MstSlice logged, MstSlice address);

/* Writes such an address as qmail-send would log it; `to` has room for address.len bytes. Gives how
 * many were written. */
size_t mst_logsafe_copy_address(char *to, MstSlice address);

#endif
