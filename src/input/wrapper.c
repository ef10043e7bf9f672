/*
 * wrapper.c - what collectors and people put in front of a whole log line
 *
 *     smtp_1 | postfix/smtp[121]: TEXT                     docker-compose logs
 *     mail.log.1:Nov 21 22:05:28 mx1 postfix/smtpd[182]: TEXT       grep
 *     - 1131566490 2005.11.09 mx1 Nov 9 12:01:30 src@mx1 sendmail[4306]: TEXT
 *
 * None of them has a word inside that a mail system's text could begin with.
 */
#include "wrapper.h"

#include <glib.h>

#include "mailstory/stamp.h"

/* The service's name is padded so that all bars stand below each other. */
static bool take_compose(MstSlice *text)
{
    MstSlice rest = *text;

    if (mst_heading_take_word(&rest).len == 0 || rest.len < 2 || *rest.ptr != '|' ||
        rest.ptr[1] != ' ')
        return false;
    *text = mst_heading_skip_blanks(mst_slice_from(rest, 1));
    return true;
}

/* A file name, perhaps a line number, and at once a stamp. */
static bool take_grep(MstSlice *text)
{
    MstSlice rest = *text;
    MstSlice word = mst_heading_take_word(&rest);
    const char *end = text->ptr + text->len;
    const char *colon = word.ptr;
    MstStamp stamp;

    for (int colons = 0; colons < 2; colons++) {
        const char *from = colons == 0 ? word.ptr : colon + 1;

        colon = memchr(from, ':', (size_t)(word.ptr + word.len - from));
        if (colon == NULL || colon == word.ptr)
            return false;
        if (mst_stamp_scan(mst_slice(colon + 1, end), &stamp) > 0) {
            *text = mst_slice(colon + 1, end);
            return true;
        }
    }
    return false;
}

static bool is_number(MstSlice word, size_t len)
{
    for (size_t i = 0; i < word.len; i++) {
        if (!g_ascii_isdigit(word.ptr[i]))
            return false;
    }
    return word.len == len;
}

/* `- EPOCH DATE HOST`: an alert mark, a time that the classic stamp behind it repeats, the host. */
static bool take_collector(MstSlice *text)
{
    MstSlice rest = *text;

    if (!mst_slice_equal(mst_heading_take_word(&rest), MST_LIT("-")) ||
        !is_number(mst_heading_take_word(&rest), 10) || mst_heading_take_word(&rest).len != 10 ||
        mst_heading_take_word(&rest).len == 0)
        return false;
    *text = rest;
    return true;
}

bool mst_wrapper_take(MstSlice *text)
{
    return text->len > 0 && (take_compose(text) || take_grep(text) || take_collector(text));
}

/* `[KEY VALUE] `: the value of this key, if it comes next. */
static bool take_field(MstSlice *text, MstSlice opening, MstSlice *value)
{
    const char *close;

    if (!mst_slice_starts(*text, opening))
        return false;
    *value = mst_slice_from(*text, opening.len);
    close = value->len == 0 ? NULL : memchr(value->ptr, ']', value->len);
    if (close == NULL)
        return false;
    *text = mst_heading_skip_blanks(mst_slice(close + 1, text->ptr + text->len));
    *value = mst_slice(value->ptr, close);
    return true;
}

/* `2006.12.24 17:15:01 UTC`: read as the ISO form that it nearly is. */
static bool read_asl_time(MstSlice value, int64_t *time_us)
{
    char iso[sizeof "2006-12-24 17:15:01" - 1];
    MstStamp stamp;

    if (value.len != sizeof iso + 4 || !mst_slice_ends(value, MST_LIT(" UTC")))
        return false;
    memcpy(iso, value.ptr, sizeof iso);
    iso[4] = iso[7] = '-';
    if (mst_stamp_scan((MstSlice){iso, sizeof iso}, &stamp) != sizeof iso)
        return false;
    stamp.has_zone = true;
    *time_us = mst_stamp_us(&stamp, stamp.year, NULL);
    return true;
}

bool mst_wrapper_read_asl(MstSlice text, MstHeading *heading, int64_t *time_us)
{
    static const MstSlice opening = MST_LIT_INIT("[Message ");
    MstSlice rest = text;
    MstSlice time, facility, pid;
    int64_t us;

    *heading = (MstHeading){0};
    if (!take_field(&rest, MST_LIT("[Time "), &time) || !read_asl_time(time, &us) ||
        !take_field(&rest, MST_LIT("[Facility "), &facility) ||
        !take_field(&rest, MST_LIT("[Sender "), &heading->tag) ||
        !take_field(&rest, MST_LIT("[PID "), &pid) || !mst_slice_starts(rest, opening) ||
        rest.ptr[rest.len - 1] != ']')
        return false;
    *time_us = us;
    heading->pid = mst_heading_pid(pid);
    heading->text = (MstSlice){rest.ptr + opening.len, rest.len - opening.len - 1};
    return true;
}
