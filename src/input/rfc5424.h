/* rfc5424.h - the heading of a line in the newer syslog form */
#ifndef MST_RFC5424_H
#define MST_RFC5424_H

#include "heading.h"

/*
 * Reads what follows the stamp: `HOST APP-NAME PROCID MSGID STRUCTURED-DATA MSG`. False if that is
 * not there.
 */
bool mst_rfc5424_read(MstSlice text, MstHeading *heading);

#endif
