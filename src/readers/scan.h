/* scan.h - the words that readers are written in: try one thing, advance or stay */
#ifndef MST_SCAN_H
#define MST_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "mailstory/slice.h"

/* What is left of a text. A copy of it is a point to come back to. */
typedef struct MstScan {
    const char *at;
    const char *end;
} MstScan;

/* The unset slice gives an empty scan. */
static inline MstScan mst_scan_over(MstSlice s)
{
    return (MstScan){s.ptr, s.ptr == NULL ? NULL : s.ptr + s.len};
}

static inline MstSlice mst_scan_rest(const MstScan *scan)
{
    return mst_slice(scan->at, scan->end);
}

static inline bool mst_scan_is_done(const MstScan *scan)
{
    return scan->at == scan->end;
}

/* Does the text begin with this opening, which is not empty? Most openings of a table fail at their
 * first byte, so that one is looked at before the others. */
static inline bool mst_scan_begins(MstSlice text, MstSlice opening)
{
    return text.len >= opening.len && *text.ptr == *opening.ptr &&
           mst_slice_same_bytes(text.ptr, opening.ptr, opening.len);
}

/* Each gives true and advances, or false and stays; outputs are set only with true. */

/* This very text. */
static inline bool mst_scan_text(MstScan *scan, MstSlice text)
{
    size_t left = (size_t)(scan->end - scan->at); /* 0 if `at` is NULL, and `text` is longer */

    if (left < text.len || memcmp(scan->at, text.ptr, text.len) != 0) /* NOLINT: see above */
        return false;
    scan->at += text.len;
    return true;
}

/* All before the next `stop`, and past it. May be empty. */
static inline bool mst_scan_until(MstScan *scan, char stop, MstSlice *before)
{
    const char *found = memchr(scan->at, stop, (size_t)(scan->end - scan->at));

    if (found == NULL)
        return false;
    *before = mst_slice(scan->at, found);
    scan->at = found + 1;
    return true;
}

/* All before the next occurrence of `stop`, and past it. */
bool mst_scan_until_text(MstScan *scan, MstSlice stop, MstSlice *before);

/* One or more decimal digits. */
bool mst_scan_digits(MstScan *scan, MstSlice *digits);

/* The same as a number; false if it does not fit. */
bool mst_scan_number(MstScan *scan, int64_t *number);

/* `host[address]`, `[address]`, `host[address]:port`, `unknown[address]`: Postfix's form. The port
 * is dropped; `IPv6:` before an address too. What stands in the brackets but is no address
 * (`unknown[unknown]`, a socket's path) leaves `ip` unset. */
bool mst_scan_postfix_peer(MstScan *scan, MstSlice *name, MstSlice *ip);

/* `host [address]`, `host. [address]`, `[address]`, `[address] [address]`, `host`: sendmail's form,
 * all of the text; ` (may be forged)` is dropped, a trailing dot of the name and `user@` before it
 * too. `[RESPONSE]` is no address, so it is a name. */
bool mst_scan_sendmail_peer(MstSlice text, MstSlice *name, MstSlice *ip);

/* `x.y.z`: an enhanced status code (RFC 3463) at the start. */
bool mst_scan_status(MstScan *scan, MstSlice *status);

/* Three digits and a blank or hyphen, or nothing more: an SMTP reply code at the start. */
bool mst_scan_reply_code(MstScan *scan, int32_t *code);

/* Has s, all of it, the form of a sendmail queue ID: `6ALM4gXh000086`, before 8.10 `QAA12345`? */
bool mst_scan_is_sendmail_id(MstSlice s);

/*
 * The ID that the next host's reply gives to the message, wherever the reply came from:
 * `queued as X`, `X Message accepted for delivery`, `OK id=X`, `OK <X>`; of qmail's `ok T qp P` it
 * is `T qp P`. Anchored at the reply's end or start, as those systems print it. `reply` is the last
 * line of the reply, without code and status.
 */
bool mst_scan_reply_id(MstSlice reply, MstSlice *id);

#endif
