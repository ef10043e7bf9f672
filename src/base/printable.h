/* printable.h - text of strangers as it can be shown */
#ifndef MST_PRINTABLE_H
#define MST_PRINTABLE_H

#include <glib.h>

#include "mailstory/slice.h"

/*
 * Appends the text as valid UTF-8 in which nothing acts on a terminal: control characters, DEL, U+0080 to
 * U+009F and bytes that are no UTF-8 become `\xHH`, byte by byte. So that what was replaced can be told from
 * what stood there, the backslash of a `\x` in the text becomes `\x5c`.
 */
void mst_printable_append(GString *out, MstSlice text);

#endif
