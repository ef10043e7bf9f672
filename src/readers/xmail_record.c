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

#include "base/sixteen.h"
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

/* Does a field of the rest end before this tab, and another begin behind it? */
static inline bool divides(const MstScan *rest, const char *tab)
{
    return tab > rest->at && tab[-1] == '"' && tab + 1 < rest->end && tab[1] == '"';
}

/* Fields are short: sixteen bytes are looked at before memchr has begun. */
bool mst_xmail_take_first(MstScan *rest, MstSlice *field)
{
    const char *end = rest->end;
    const char *tab = mst_sixteen_find(rest->at, end, '\t', '\t');

    while (tab < end && !divides(rest, tab))
        tab = mst_sixteen_find(tab + 1, end, '\t', '\t');
    if (tab == end)
        return false;
    *field = mst_slice(rest->at, tab - 1);
    rest->at = tab + 2;
    return true;
}

bool mst_xmail_take_last(MstScan *rest, MstSlice *field)
{
    const char *tab = memrchr(rest->at, '\t', (size_t)(rest->end - rest->at));

    while (tab != NULL && !divides(rest, tab))
        tab = memrchr(rest->at, '\t', (size_t)(tab - rest->at));
    if (tab == NULL)
        return false;
    *field = mst_slice(tab + 2, rest->end);
    rest->end = tab - 1;
    return true;
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

/* The letter before the counter. */
static inline bool is_maker(char c)
{
    return c == 'S' || c == 'L' || c == 'P' || c == 'X';
}

bool mst_xmail_is_id(MstSlice s, uint64_t *counter)
{
    uint64_t sum = 0;

    if (s.len < 2 || s.len > 1 + COUNTER_DIGITS || !is_maker(s.ptr[0]) || s.ptr[1] == '0')
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
    int64_t ms;

    if (!mst_scan_number(&scan, &ms) || scan.at < name.ptr + 12 || scan.at > name.ptr + 14 ||
        !mst_scan_text(&scan, MST_LIT(".")))
        return false;
    *epoch_s = ms / 1000;
    return true;
}
