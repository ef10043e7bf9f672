/*
 * xmail_record.c - XMail's records
 *
 *     "store.example.test"\t"1795298643597.7f0872ffd6c0.491.3.store"\t"S2"\t…
 *
 * A field may hold quotes and tabs, so that `"\t"` may stand inside one. Fields are therefore taken
 * from both ends, up to the ones that strangers can write into.
 */
#include "readers/xmail_record.h"

#include <glib.h>

#include "mailstory/stamp.h"

enum {
    STAMP_LEN = 19,
    COUNTER_DIGITS = 15, /* as many as 64 bits hold, and one less for flags */
};

bool mst_xmail_open_record(MstSlice line, MstScan *rest)
{
    if (line.len < 2 || line.ptr[0] != '"' || line.ptr[line.len - 1] != '"')
        return false;
    *rest = (MstScan){line.ptr + 1, line.ptr + line.len - 1};
    return true;
}

bool mst_xmail_take_first(MstScan *rest, MstSlice *field)
{
    const char *at = rest->at;
    const char *tab;

    while ((tab = memchr(at, '\t', (size_t)(rest->end - at))) != NULL) {
        if (tab > rest->at && tab[-1] == '"' && tab + 1 < rest->end && tab[1] == '"') {
            *field = mst_slice(rest->at, tab - 1);
            rest->at = tab + 2;
            return true;
        }
        at = tab + 1;
    }
    return false;
}

bool mst_xmail_take_last(MstScan *rest, MstSlice *field)
{
    const char *end = rest->end;
    const char *tab;

    while ((tab = memrchr(rest->at, '\t', (size_t)(end - rest->at))) != NULL) {
        if (tab > rest->at && tab[-1] == '"' && tab + 1 < rest->end && tab[1] == '"') {
            *field = mst_slice(tab + 2, rest->end);
            rest->end = tab - 1;
            return true;
        }
        end = tab;
    }
    return false;
}

bool mst_xmail_is_stamp(MstSlice s)
{
    MstStamp stamp;

    return s.len == STAMP_LEN && s.ptr[4] == '-' && s.ptr[10] == ' ' &&
           mst_stamp_scan(s, &stamp) == STAMP_LEN && !stamp.has_zone;
}

bool mst_xmail_take_stamp(MstScan *rest, MstSlice *field)
{
    MstSlice stamp = {rest->at, STAMP_LEN};
    MstScan behind = *rest;

    if (rest->end - rest->at < STAMP_LEN || !mst_xmail_is_stamp(stamp))
        return false;
    behind.at += STAMP_LEN;
    if (!mst_scan_is_done(&behind) && !mst_scan_text(&behind, MST_LIT("\"\t\"")))
        return false;
    *field = stamp;
    *rest = behind;
    return true;
}

bool mst_xmail_is_id(MstSlice s, uint64_t *counter)
{
    uint64_t sum = 0;

    if (s.len < 2 || s.len > 1 + COUNTER_DIGITS || memchr("SLPX", s.ptr[0], 4) == NULL ||
        s.ptr[1] == '0')
        return false;
    for (size_t i = 1; i < s.len; i++) {
        if (g_ascii_isdigit(s.ptr[i]))
            sum = sum << 4 | (uint64_t)(s.ptr[i] - '0');
        else if (s.ptr[i] >= 'A' && s.ptr[i] <= 'F')
            sum = sum << 4 | (uint64_t)(s.ptr[i] - 'A' + 10);
        else
            return false;
    }
    *counter = sum;
    return true;
}

bool mst_xmail_is_address(MstSlice s)
{
    size_t dots = 0, colons = 0;

    for (size_t i = 0; i < s.len; i++) {
        dots += s.ptr[i] == '.';
        colons += s.ptr[i] == ':';
        if (!g_ascii_isxdigit(s.ptr[i]) && s.ptr[i] != '.' && s.ptr[i] != ':')
            return false;
    }
    return colons >= 2 || (colons == 0 && dots == 3 && g_ascii_isdigit(s.ptr[s.len - 1]));
}

bool mst_xmail_is_number(MstSlice s, int64_t *number)
{
    MstScan scan = mst_scan_over(s);

    return mst_scan_number(&scan, number) && mst_scan_is_done(&scan);
}

bool mst_xmail_spool_time(MstSlice name, int64_t *epoch_s)
{
    MstScan scan = mst_scan_over(name);
    MstSlice digits;
    int64_t ms;

    if (name.len == 0 || !mst_scan_until(&scan, '.', &digits) || digits.len < 12 ||
        digits.len > 14 || !mst_xmail_is_number(digits, &ms))
        return false;
    *epoch_s = ms / 1000;
    return true;
}
