/* xmail_record.h - XMail's records: quoted fields, joined by tabs, with nothing escaped */
#ifndef MST_XMAIL_RECORD_H
#define MST_XMAIL_RECORD_H

#include "readers/scan.h"

/* A scan over a record stands between its outer quotes. Each gives true and advances, or false and
 * stays. */

/* Puts the scan between the outer quotes of a whole record. */
bool mst_xmail_open_record(MstSlice line, MstScan *rest);

/* The first field, and past the `"\t"` behind it. */
bool mst_xmail_take_first(MstScan *rest, MstSlice *field);

/* The last field; the scan ends before the `"\t"` in front of it. */
bool mst_xmail_take_last(MstScan *rest, MstSlice *field);

/* The first field, which must be a time stamp; nothing may follow it. */
bool mst_xmail_take_stamp(MstScan *rest, MstSlice *field);

/* `YYYY-MM-DD HH:MM:SS`, all of it. */
bool mst_xmail_is_stamp(MstSlice s);

/* `S12AB`: who made it, and a counter in upper-case hexadecimal that all of them share. */
bool mst_xmail_is_id(MstSlice s, uint64_t *counter);

/* A numeric address, IPv4 or IPv6. */
bool mst_xmail_is_address(MstSlice s);

/* Digits and nothing else. */
bool mst_xmail_is_number(MstSlice s, int64_t *number);

/* A spool file's name begins with the time at which it was made: seconds since 1970, UTC. */
bool mst_xmail_spool_time(MstSlice name, int64_t *epoch_s);

#endif
