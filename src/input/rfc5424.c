/*
 * rfc5424.c - the heading of a line in the newer syslog form
 *
 *     <22>1 2026-11-21T22:06:54.193986+00:00 mx1 postfix/smtpd 182 - - TEXT
 *     <22>1 2026-11-21T22:06:54Z mx1 mail - - - postfix/cleanup[182]: TEXT
 *
 * `-` is "not known". In the second form a relay kept the older heading inside the message; it is
 * believed only where the newer one names no process.
 */
#include "rfc5424.h"

static MstSlice take_value(MstSlice *text)
{
    MstSlice word = mst_heading_take_word(text);

    return mst_slice_equal(word, MST_LIT("-")) ? (MstSlice){0} : word;
}

/* Past one `[id name="value" …]`; a quoted value may hold brackets and escapes. NULL if it is cut. */
static const char *skip_element(const char *at, const char *end)
{
    bool quoted = false;

    for (at++; at < end; at++) {
        if (*at == '\\' && quoted && at + 1 < end)
            at++;
        else if (*at == '"')
            quoted = !quoted;
        else if (*at == ']' && !quoted)
            return at + 1;
    }
    return NULL;
}

static bool skip_structured_data(MstSlice *text)
{
    const char *end = text->ptr + text->len;
    const char *at = text->ptr;

    if (text->len > 0 && *at == '-') {
        *text = mst_slice(at + 1, end);
        return true;
    }
    while (at != NULL && at < end && *at == '[')
        at = skip_element(at, end);
    if (at == NULL || at == text->ptr)
        return false;
    *text = mst_slice(at, end);
    return true;
}

bool mst_rfc5424_read(MstSlice text, MstHeading *heading)
{
    static const MstSlice mark = MST_LIT_INIT("\xef\xbb\xbf");
    MstSlice rest = mst_heading_skip_blanks(text);
    MstHeading inner;
    MstSlice process;

    *heading = (MstHeading){.text = text};
    heading->host = take_value(&rest);
    heading->tag = take_value(&rest);
    process = take_value(&rest);
    (void)mst_heading_take_word(&rest);
    if (!skip_structured_data(&rest))
        return false;
    heading->pid = mst_heading_pid(process);
    heading->text = mst_heading_skip_blanks(rest);
    if (mst_slice_starts(heading->text, mark))
        heading->text = mst_slice_from(heading->text, mark.len);
    if (!mst_slice_is_set(process) && mst_heading_read(heading->text, MST_HEADING_TAGGED, &inner) &&
        !mst_slice_is_set(inner.host)) {
        inner.host = heading->host;
        *heading = inner;
    }
    return true;
}
