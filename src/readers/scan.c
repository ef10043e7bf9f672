/*
 * scan.c - the words that readers are written in
 *
 * IDs in replies, as the systems print them behind code and status:
 *
 *     Ok: queued as 4Zk3Xq0rJqz9rxV                            Postfix, and filters that pass it on
 *     6ALM4gXh000086 Message accepted for delivery             sendmail
 *     OK id=1tEabc-0001Xy-2Z                                   Exim
 *     ok 1795298579 qp 29                                      qmail; qmail-ldap adds ` by HOST`
 *     OK <S12AB>                                               XMail
 */
#include "readers/scan.h"

#include <glib.h>

#include "base/digits.h"
#include "base/sixteen.h"

bool mst_scan_until_text(MstScan *scan, MstSlice stop, MstSlice *before)
{
    const char *found = mst_slice_find(mst_scan_rest(scan), stop);

    if (found == NULL)
        return false;
    *before = mst_slice(scan->at, found);
    scan->at = found + stop.len;
    return true;
}

bool mst_scan_digits(MstScan *scan, MstSlice *digits)
{
    uint64_t unused;
    const char *at = mst_digits_scan_eight(scan->at, scan->end, &unused);

    while (at < scan->end && g_ascii_isdigit(*at))
        at++;
    if (at == scan->at)
        return false;
    *digits = mst_slice(scan->at, at);
    scan->at = at;
    return true;
}

/* Eighteen digits always fit. */
bool mst_scan_number(MstScan *scan, int64_t *number)
{
    const uint64_t most = INT64_MAX;
    uint64_t sum;
    const char *at = mst_digits_scan_eight(scan->at, scan->end, &sum);

    for (; at < scan->end && g_ascii_isdigit(*at); at++) {
        uint64_t digit = (uint64_t)(*at - '0');

        if (at - scan->at >= 18 && sum > (most - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    if (at == scan->at)
        return false;
    *number = (int64_t)sum;
    scan->at = at;
    return true;
}

/* All bits of the characters of an address. The slash is none, but stands in paths that are taken
 * for one all the same. */
static inline MstSixteen in_address(MstSixteen bytes)
{
    return mst_sixteen_between(bytes, '.', ':') | mst_sixteen_between(bytes | 0x20, 'a', 'f');
}

/* Where the characters of an address end, which begin at `at`. `start` is where the text begins
 * that they are a part of: near its end it is looked at together with what stands before it. */
static inline const char *skip_address(const char *start, const char *at, const char *end)
{
    const ptrdiff_t step = sizeof(MstSixteen);

    for (; end - at >= step; at += step) {
        size_t passed = mst_sixteen_first(~in_address(mst_sixteen_at(at)));

        if (passed < sizeof(MstSixteen))
            return at + passed;
    }
    if (at < end && end - start >= step) {
        MstSixteen others = ~in_address(mst_sixteen_at(end - step));

        return end - step + mst_sixteen_first_from(others, (size_t)(step - (end - at)));
    }
    while (at < end && (g_ascii_isxdigit(*at) || (*at >= '.' && *at <= ':')))
        at++;
    return at;
}

/* Is the text between the brackets of a peer an address, with or without a scope (`fe80::1%eth0`)? `at`
 * is where its characters end. Paths begin with a slash, or have a letter that no address has. */
static inline bool is_address(const char *start, const char *at, const char *end)
{
    return at > start && *start != '/' && (at == end || *at == '%');
}

static MstSlice without_family(MstSlice address)
{
    const MstSlice family = MST_LIT("IPv6:");

    return mst_slice_starts(address, family) ? mst_slice_from(address, family.len) : address;
}

static MstSlice or_unset(MstSlice s)
{
    return s.len > 0 ? s : (MstSlice){NULL, 0};
}

/* Host names hold no blank, so that a bracket behind one is not the peer's. */
static bool scan_host(MstScan *scan, MstSlice *host)
{
    const char *found = mst_sixteen_find(scan->at, scan->end, '[', ' ');

    if (found == scan->end || *found == ' ')
        return false;
    *host = mst_slice(scan->at, found);
    scan->at = found + 1;
    return true;
}

/* `address]`, or what else stands in brackets: then `ip` is unset. The text begins at `text`. */
static inline bool scan_bracketed(MstScan *scan, const char *text, MstSlice *ip)
{
    const char *start = without_family(mst_scan_rest(scan)).ptr;
    MstScan rest = {skip_address(text, start, scan->end), scan->end};
    const char *at = rest.at;
    MstSlice passed;

    if (!mst_scan_text(&rest, MST_LIT("]")) && !mst_scan_until(&rest, ']', &passed))
        return false;
    *ip = is_address(start, at, rest.at - 1) ? mst_slice(start, rest.at - 1) : (MstSlice){NULL, 0};
    *scan = rest;
    return true;
}

bool mst_scan_postfix_peer(MstScan *scan, MstSlice *name, MstSlice *ip)
{
    MstScan rest = *scan;
    MstSlice host, inside, digits;
    MstScan port;

    if (!scan_host(&rest, &host) || !scan_bracketed(&rest, scan->at, &inside))
        return false;
    port = rest;
    if (mst_scan_text(&port, MST_LIT(":")) && mst_scan_digits(&port, &digits))
        rest = port;
    *name = or_unset(host);
    *ip = inside;
    *scan = rest;
    return true;
}

/* ` (may be forged)` and its like. */
static MstSlice without_comment(MstSlice text)
{
    const char *open;

    if (!mst_slice_ends(text, MST_LIT(")")))
        return text;
    open = mst_slice_find_last(text, MST_LIT(" ("));
    return open == NULL ? text : mst_slice(text.ptr, open);
}

/* A name as sendmail writes it before the bracketed address. */
static MstSlice plain_name(MstSlice name)
{
    const char *at;

    while (name.len > 0 && name.ptr[name.len - 1] == ' ')
        name.len--;
    if (mst_slice_ends(name, MST_LIT(".")))
        name.len--;
    at = memrchr(name.ptr, '@', name.len);
    if (at != NULL)
        name = mst_slice_from(name, (size_t)(at + 1 - name.ptr));
    return or_unset(name);
}

/* `text` is a part of one that begins at `start`. */
static bool bracketed_address(const char *start, MstSlice text, MstSlice *ip)
{
    if (text.len < 3 || text.ptr[0] != '[' || text.ptr[text.len - 1] != ']')
        return false;
    text = without_family((MstSlice){text.ptr + 1, text.len - 2});
    if (!is_address(text.ptr, skip_address(start, text.ptr, text.ptr + text.len),
                    text.ptr + text.len))
        return false;
    *ip = text;
    return true;
}

bool mst_scan_sendmail_peer(MstSlice text, MstSlice *name, MstSlice *ip)
{
    MstSlice peer = without_comment(text);
    const char *bracket;
    MstSlice address;

    if (peer.len == 0)
        return false;
    *name = *ip = (MstSlice){NULL, 0};
    bracket = memrchr(peer.ptr, '[', peer.len);
    if (bracket != NULL && bracketed_address(peer.ptr, mst_slice(bracket, peer.ptr + peer.len), ip))
        peer = mst_slice(peer.ptr, bracket);
    peer = plain_name(peer);
    if (!bracketed_address(peer.ptr, peer, &address))
        *name = peer;
    return true;
}

/* Behind `.` and up to three digits; NULL if they are not there. */
static inline const char *skip_dotted(const char *at, const char *end)
{
    const char *start = at + 1;

    if (at == end || *at != '.')
        return NULL;
    for (at = start; at < end && g_ascii_isdigit(*at); at++)
        continue;
    return at > start && at - start <= 3 ? at : NULL;
}

bool mst_scan_status(MstScan *scan, MstSlice *status)
{
    const char *end = scan->end;
    const char *at = scan->at;

    if (at == end || (*at != '2' && *at != '4' && *at != '5'))
        return false;
    at = skip_dotted(at + 1, end);
    if (at != NULL)
        at = skip_dotted(at, end);
    if (at == NULL || skip_dotted(at, end) != NULL)
        return false; /* four numbers are an address */
    *status = mst_slice(scan->at, at);
    scan->at = at;
    return true;
}

bool mst_scan_reply_code(MstScan *scan, int32_t *code)
{
    const char *at = scan->at;
    size_t len = (size_t)(scan->end - at);

    if (len < 3 || at[0] < '2' || at[0] > '5' || !g_ascii_isdigit(at[1]) || !g_ascii_isdigit(at[2]))
        return false;
    if (len > 3 && at[3] != ' ' && at[3] != '-')
        return false;
    *code = (at[0] - '0') * 100 + (at[1] - '0') * 10 + (at[2] - '0');
    scan->at += MIN(len, 4);
    return true;
}

/* What any system's ID looks like in a reply. Nearly all that are asked about are some, so that none is
 * left early: digits and letters in turn are what a processor cannot foresee. */
static bool is_id(MstSlice s)
{
    bool found = s.len >= 6 && s.len <= 64;

    for (size_t i = 0; i < MIN(s.len, 64); i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        found &= ((unsigned char)(c - '0') < 10) | ((unsigned char)((c | 0x20) - 'a') < 26) |
                 (c == '.') | (c == '-');
    }
    return found;
}

static bool all_digits(MstSlice s)
{
    MstScan scan = mst_scan_over(s);
    MstSlice digits;

    return mst_scan_digits(&scan, &digits) && mst_scan_is_done(&scan);
}

/* Hour letter, two letters, process ID: sendmail 8.9 and older. */
static bool is_old_sendmail_id(MstSlice s)
{
    return s.len == 8 && g_ascii_isupper(s.ptr[0]) && g_ascii_isupper(s.ptr[1]) &&
           g_ascii_isupper(s.ptr[2]) && all_digits(mst_slice_from(s, 3));
}

/* Year, month, day, hour, minute, second, two of a sequence (until 2002: one); the process ID. */
bool mst_scan_is_sendmail_id(MstSlice s)
{
    static const char last[8] = {'x', 'B', 'V', 'N', 'x', 'x', 'x', 'x'};

    if (is_old_sendmail_id(s))
        return true;
    if (s.len < 12 || s.len > 16)
        return false;
    for (size_t i = 0; i < 8; i++) {
        if (!g_ascii_isalnum(s.ptr[i]) || s.ptr[i] > last[i])
            return false;
    }
    return all_digits(mst_slice_from(s, 8));
}

static bool queued_as(MstSlice reply, MstSlice *id)
{
    const MstSlice words = MST_LIT("queued as ");
    const char *blank = reply.len > 0 ? memrchr(reply.ptr, ' ', reply.len) : NULL;
    MstSlice before;

    if (blank == NULL)
        return false;
    before = mst_slice(reply.ptr, blank + 1);
    if (!mst_slice_ends(before, words))
        return false;
    if (before.len > words.len && before.ptr[before.len - words.len - 1] != ' ')
        return false;
    *id = mst_slice(blank + 1, reply.ptr + reply.len);
    return is_id(*id);
}

/* The time of the reply and the process ID of qmail-queue together: either alone comes back. */
static bool qmail_pair(MstSlice reply, MstSlice *id)
{
    MstScan scan = mst_scan_over(reply);
    MstSlice digits;

    if (!mst_scan_text(&scan, MST_LIT("ok ")) || !mst_scan_digits(&scan, &digits) ||
        !mst_scan_text(&scan, MST_LIT(" qp ")))
        return false;
    *id = digits;
    if (!mst_scan_digits(&scan, &digits))
        return false;
    *id = mst_slice(id->ptr, scan.at);
    return mst_scan_is_done(&scan) || mst_scan_text(&scan, MST_LIT(" by "));
}

/* `S` and a number in upper-case hexadecimal. */
static bool xmail_id(MstSlice reply, MstSlice *id)
{
    const MstSlice open = MST_LIT("OK <S");

    if (!mst_slice_starts(reply, open) || !mst_slice_ends(reply, MST_LIT(">")) ||
        reply.len < open.len + 2 || reply.len > open.len + 1 + 16)
        return false;
    for (size_t i = open.len; i < reply.len - 1; i++) {
        if (!g_ascii_isxdigit(reply.ptr[i]) || g_ascii_islower(reply.ptr[i]))
            return false;
    }
    *id = mst_slice(reply.ptr + open.len - 1, reply.ptr + reply.len - 1);
    return true;
}

bool mst_scan_reply_id(MstSlice reply, MstSlice *id)
{
    const MstSlice accepted = MST_LIT(" Message accepted for delivery");
    const MstSlice exim = MST_LIT("OK id=");
    MstSlice found;

    if (queued_as(reply, &found) || qmail_pair(reply, &found) || xmail_id(reply, &found)) {
        *id = found;
        return true;
    }
    if (mst_slice_ends(reply, accepted)) {
        found = mst_slice_head(reply, reply.len - accepted.len);
        if (!mst_scan_is_sendmail_id(found))
            return false;
        *id = found;
        return true;
    }
    if (!mst_slice_starts(reply, exim) || !is_id(mst_slice_from(reply, exim.len)))
        return false;
    *id = mst_slice_from(reply, exim.len);
    return true;
}
