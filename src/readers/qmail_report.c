/*
 * qmail_report.c - what qmail's delivery programs said, as qmail-send logs it
 *
 *     H_accepted_message./Remote_host_said:_250_2.0.0_Ok:_queued_as_39AF1/
 *     H_does_not_like_recipient./Remote_host_said:_550_5.1.1_no_such_user/Giving_up_on_H./
 *     Connected_to_H_but_connection_died._(#4.4.2)/
 *     Sorry,_I_couldn't_find_any_host_by_that_name._(#4.1.2)/
 *     did_0+1+0/qp_74/
 *     forward:_qp_74/did_0+0+1/
 *
 * H is an address. A `/` was a line end or a `/`; a `_` may have been anything that is not printable.
 * What the next host said stands behind qmail-remote's own words, which hold no `/`. What a local
 * program printed stands before qmail-local's, which end the report: so the one is read from the
 * left, the other from the right.
 */
#include "readers/qmail_report.h"

#include "base/sixteen.h"
#include "readers/scan.h"

/* Patches write the recipient first, `(R)_`, or both addresses, `<From:S_To:R>_`. */
static void skip_addresses(MstScan *scan, MstSlice recipient)
{
    MstScan rest = *scan;
    MstSlice sender;

    if (!mst_slice_is_set(recipient))
        return;
    if (mst_scan_text(&rest, MST_LIT("("))) {
        if (mst_scan_text(&rest, recipient) && mst_scan_text(&rest, MST_LIT(")_")))
            *scan = rest;
        return;
    }
    if (!mst_scan_text(&rest, MST_LIT("<From:")))
        return;
    while (mst_scan_until_text(&rest, MST_LIT("_To:"), &sender)) {
        if (mst_scan_text(&rest, recipient) && mst_scan_text(&rest, MST_LIT(">_"))) {
            *scan = rest;
            return;
        }
    }
}

/* `127.0.10.5_`, `2001:db8::5_`, perhaps in brackets. */
static bool scan_address(MstScan *scan, MstSlice *ip)
{
    MstScan rest = *scan;
    bool bracketed = mst_scan_text(&rest, MST_LIT("["));
    const char *start = rest.at;
    bool divided = false;
    MstSlice address;

    for (; rest.at < rest.end; rest.at++) {
        bool divides = *rest.at == '.' || *rest.at == ':';

        if (!divides && !g_ascii_isdigit(*rest.at) && !g_ascii_isxdigit(*rest.at))
            break;
        divided |= divides;
    }
    address = mst_slice(start, rest.at);
    if (!divided || (bracketed && !mst_scan_text(&rest, MST_LIT("]"))) ||
        !mst_scan_text(&rest, MST_LIT("_")))
        return false;
    *ip = address;
    *scan = rest;
    return true;
}

static bool scan_host(MstScan *scan, MstSlice *ip)
{
    if (!mst_scan_text(scan, MST_LIT("Connected_to_")))
        mst_scan_text(scan, MST_LIT("TLS_connected_to_"));
    return scan_address(scan, ip);
}

/*
 * Cuts off what qmail-remote adds to a reply: that it gives up on the host, or, patched, how the
 * connection was encrypted.
 */
static MstSlice without_addition(MstSlice reply)
{
    const MstSlice giving_up = MST_LIT("/Giving_up_on_");
    const MstSlice tls = MST_LIT("/STARTTLS_proto=");
    const char *found = NULL;

    if (mst_slice_ends(reply, MST_LIT("./")))
        found = mst_slice_find_last(reply, giving_up);
    else if (mst_slice_ends(reply, MST_LIT(";/")))
        found = mst_slice_find_last(reply, tls);
    return found == NULL ? reply : mst_slice(reply.ptr, found + 1);
}

/* Of a reply of several lines, `250-first/250-second/250_last`, the last. */
static MstSlice last_line(MstSlice reply)
{
    char opening[] = "/nnn_";
    const char *found;

    if (reply.len < 4 || reply.ptr[3] != '-')
        return reply;
    memcpy(opening + 1, reply.ptr, 3);
    found = mst_slice_find_last(reply, mst_slice_of(opening));
    return found == NULL ? reply : mst_slice(found + 1, reply.ptr + reply.len);
}

/* A copy in which a `_` is a blank again. IDs, codes and the words around them hold no `_`. There is
 * one every few bytes, so that a search for the next would cost more than a look at them all. */
static MstSlice with_blanks(MstSlice text, MstBatch *out)
{
    char *copy = g_string_chunk_insert_len(out->kept, text.ptr, (gssize)text.len);
    char *end = copy + text.len;
    char *at = copy;

    for (; end - at >= (ptrdiff_t)sizeof(MstSixteen); at += sizeof(MstSixteen)) {
        MstSixteen bytes = mst_sixteen_at(at);

        bytes ^= (MstSixteen)(bytes == '_') & ('_' ^ ' ');
        memcpy(at, &bytes, sizeof bytes);
    }
    for (; at < end; at++)
        *at = (char)(*at == '_' ? ' ' : *at);
    return (MstSlice){copy, text.len};
}

/* A reply that was cut lacks its line end; then its last word may be half an ID. */
static void read_reply(MstSlice reply, MstBatch *out, MstQmailReport *report)
{
    MstScan scan;
    bool whole;

    reply = without_addition(reply);
    whole = mst_slice_ends(reply, MST_LIT("/"));
    if (whole)
        reply.len--;
    scan = mst_scan_over(with_blanks(last_line(reply), out));
    if (!mst_scan_reply_code(&scan, &report->reply_code))
        return;
    if (mst_scan_status(&scan, &report->status))
        mst_scan_text(&scan, MST_LIT(" "));
    if (whole && report->reply_code / 100 == 2)
        mst_scan_reply_id(mst_scan_rest(&scan), &report->next_id);
}

MstQmailReport mst_qmail_report_remote(MstSlice text, MstSlice recipient, MstBatch *out)
{
    MstQmailReport report = {0};
    MstScan scan = mst_scan_over(text);
    MstSlice words;

    skip_addresses(&scan, recipient);
    if (scan_host(&scan, &report.ip) && mst_scan_until(&scan, '/', &words) &&
        mst_scan_text(&scan, MST_LIT("Remote_host_said:_")))
        read_reply(mst_scan_rest(&scan), out, &report);
    else
        mst_qmail_report_status(text, &report.status);
    return report;
}

bool mst_qmail_report_status(MstSlice report, MstSlice *status)
{
    const MstSlice close = MST_LIT(")/");
    const char *open;
    MstScan scan;

    if (!mst_slice_ends(report, close))
        return false;
    report.len -= close.len;
    open = memrchr(report.ptr, '(', report.len);
    if (open == NULL)
        return false;
    scan = (MstScan){open, report.ptr + report.len};
    return mst_scan_text(&scan, MST_LIT("(#")) && mst_scan_status(&scan, status) &&
           mst_scan_is_done(&scan);
}

/* Takes a number off the end. */
static bool take_number(MstSlice *text, MstSlice *number)
{
    const char *end = text->ptr + text->len;
    size_t n = 0;

    while (n < text->len && g_ascii_isdigit(end[-1 - (ptrdiff_t)n]))
        n++;
    *number = (MstSlice){end - n, n};
    text->len -= n;
    return n > 0;
}

static bool take_text(MstSlice *text, MstSlice ending)
{
    if (!mst_slice_ends(*text, ending))
        return false;
    text->len -= ending.len;
    return true;
}

/* qmail-local's own words, and what stands before them. */
typedef struct Deed {
    MstSlice before;
    MstSlice files, forwards, programs; /* how many of each; "0" is none */
    MstSlice qp;                        /* of the forwards' message; unset if there is none */
} Deed;

static bool is_none(MstSlice count)
{
    return mst_slice_equal(count, MST_LIT("0"));
}

/* `did_F+W+P/`, all of the rest's end. */
static bool take_counts(MstSlice *text, Deed *deed)
{
    return take_text(text, MST_LIT("/")) && take_number(text, &deed->programs) &&
           take_text(text, MST_LIT("+")) && take_number(text, &deed->forwards) &&
           take_text(text, MST_LIT("+")) && take_number(text, &deed->files) &&
           take_text(text, MST_LIT("did_"));
}

static bool read_deed(MstSlice report, Deed *deed)
{
    MstSlice text = report;

    *deed = (Deed){0};
    if (!take_text(&text, MST_LIT("/")) || !take_number(&text, &deed->qp) ||
        !take_text(&text, MST_LIT("/qp_"))) {
        deed->qp = (MstSlice){NULL, 0};
        text = report;
    } else {
        text.len++; /* the counts' own line end */
    }
    if (!take_counts(&text, deed))
        return false;
    deed->before = text;
    return true;
}

bool mst_qmail_report_did(MstSlice report)
{
    Deed deed;

    return read_deed(report, &deed);
}

/* `forward` and `condredirect` are programs of qmail's own, which print a line just before. */
static bool printed_child(const Deed *deed, MstSlice *qp)
{
    static const MstSlice openings[] = {
        MST_LIT_INIT("forward:_qp_"),
        MST_LIT_INIT("condredirect:_qp_"),
    };
    MstSlice text = deed->before;
    MstSlice number;

    if (is_none(deed->programs) || !take_text(&text, MST_LIT("/")) || !take_number(&text, &number))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(openings); i++) {
        if (!take_text(&text, openings[i]))
            continue;
        if (text.len > 0 && !mst_slice_ends(text, MST_LIT("/")))
            return false;
        *qp = number;
        return true;
    }
    return false;
}

bool mst_qmail_report_child(MstSlice report, MstSlice *qp, bool *keeps)
{
    Deed deed;

    if (!read_deed(report, &deed))
        return false;
    *keeps = !is_none(deed.files);
    if (!mst_slice_is_set(deed.qp)) /* then the program that forwards is the one counted */
        return printed_child(&deed, qp);
    if (is_none(deed.forwards))
        return false;
    *keeps |= !is_none(deed.programs);
    *qp = deed.qp;
    return true;
}

bool mst_qmail_report_take_expiry(MstSlice *report)
{
    return take_text(report, MST_LIT("I'm_not_going_to_try_again;_this_message_has_been_in_the_"
                                     "queue_too_long./"));
}
