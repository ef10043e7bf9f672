/*
 * heading.c - what stands between a stamp and the text: host, priority, tag and pid
 *
 *     mx1 postfix/smtpd[182]: TEXT
 *     postfix/smtpd[182]: TEXT              the host is left out
 *     mx1 postfix/smtpd[182] TEXT           the colon is left out
 *     mx1 postfix/smtpd[182]:TEXT           the blank is left out
 *     mx1 mail.info postfix/smtpd[182]: TEXT        busybox
 *     <mail.info> mx1 postfix/smtpd[182]: TEXT      FreeBSD, syslogd -v
 *     INFO    postfix/smtpd[182]: TEXT              a level, no host
 *     [postfix/smtpd] TEXT                          metalog
 *     mx1 sendmail[182]: [ID 801593 mail.info] TEXT Solaris
 *     mx1 last message repeated 2 times             no tag
 *
 * A word is a tag by its form alone: it ends in `[digits]` or in a colon. A host does not.
 */
#include "heading.h"

#include <glib.h>

#include "base/digits.h"
#include "base/sixteen.h"

enum { HEADING_MAX = 128 }; /* how far the end of a usual one is looked for */

typedef struct Tag {
    MstSlice name;
    uint32_t pid; /* 0 if not written, or too large */
    bool has_pid;
    MstSlice behind;
} Tag;

/* Words are short: a loop is done before memchr has begun. */
MstSlice mst_heading_take_word(MstSlice *text)
{
    const char *end = text->ptr + text->len;
    const char *at = text->ptr;
    MstSlice word;

    while (at < end && *at != ' ')
        at++;
    word = mst_slice(text->ptr, at);
    *text = mst_heading_skip_blanks(mst_slice(at, end));
    return word;
}

/* The digits at `at` as a number; some number beyond UINT32_MAX if it is that large. */
static inline const char *scan_pid_digits(const char *at, const char *end, uint64_t *pid)
{
    const char *start = at;

    at = mst_digits_scan_eight(at, end, pid);
    if (at > start && at < start + 8) /* as most */
        return at;
    for (; at < end && g_ascii_isdigit(*at); at++)
        *pid = 10 * *pid + (uint64_t)(*at - '0');
    if (at - start > 18)
        *pid = UINT64_MAX;
    return at;
}

uint32_t mst_heading_pid(MstSlice digits)
{
    uint64_t pid;

    if (digits.len == 0 ||
        scan_pid_digits(digits.ptr, digits.ptr + digits.len, &pid) != digits.ptr + digits.len)
        return 0;
    return pid > UINT32_MAX ? 0 : (uint32_t)pid;
}

static bool ends_word(const char *at, const char *end)
{
    return at == end || *at == ' ';
}

/* Past `digits]`, with a colon, a blank or the end behind it; NULL if they are not there. */
static inline const char *scan_pid(const char *digits, const char *end, uint32_t *pid)
{
    uint64_t number;
    const char *at = scan_pid_digits(digits, end, &number);

    if (at == digits || at == end || *at != ']')
        return NULL;
    at++;
    if (at < end && *at == ':')
        at++;
    else if (!ends_word(at, end))
        return NULL;
    *pid = number <= UINT32_MAX ? (uint32_t)number : 0;
    return at;
}

/* Where the name at the start of `text` ends: at a bracket, a colon, a blank or the end. */
static const char *find_name_end(MstSlice text)
{
    static const bool ends_name[256] = {['['] = true, [':'] = true, [' '] = true};
    const char *end = text.ptr + text.len;
    const char *at = text.ptr;

    while (at < end && !ends_name[(unsigned char)*at])
        at++;
    return at;
}

/* `at` is where the name ends. */
static bool scan_tag(MstSlice text, const char *at, Tag *tag)
{
    const char *end = text.ptr + text.len;

    if (at == text.ptr || at == end || *at == ' ')
        return false;
    *tag = (Tag){.name = mst_slice(text.ptr, at), .has_pid = *at == '['};
    at++;
    if (!tag->has_pid && !ends_word(at, end))
        return false;
    if (tag->has_pid)
        at = scan_pid(at, end, &tag->pid);
    tag->behind = (MstSlice){at, at == NULL ? 0 : (size_t)(end - at)};
    return at != NULL;
}

/* metalog's `[postfix/smtpd] `; a bracket that holds an address is none. */
static bool scan_bracketed_tag(MstSlice text, Tag *tag)
{
    MstSlice rest = text;
    MstSlice word;

    if (text.len < 3 || text.ptr[0] != '[')
        return false;
    word = mst_heading_take_word(&rest);
    if (word.len < 3 || word.ptr[word.len - 1] != ']' || !g_ascii_isalpha(word.ptr[1]) ||
        memchr(word.ptr, ':', word.len) != NULL)
        return false;
    *tag = (Tag){.name = {word.ptr + 1, word.len - 2}, .behind = rest};
    return true;
}

/* Past `[ID 801593 mail.info] ` in front of the text, if it is there. */
static MstSlice skip_message_id(MstSlice text)
{
    const char *close;

    if (!mst_slice_starts(text, MST_LIT("[ID ")))
        return text;
    close = memchr(text.ptr, ']', MIN(text.len, 64));
    if (close == NULL)
        return text;
    return mst_heading_skip_blanks(mst_slice(close + 1, text.ptr + text.len));
}

/* The text, of which `at` to `end` is all that stands behind a tag. Most are one blank away. */
static inline MstSlice text_behind(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at < end && *at == '[' ? skip_message_id(mst_slice(at, end)) : mst_slice(at, end);
}

static bool take_tag(MstSlice text, MstHeadingForm form, MstHeading *heading)
{
    Tag tag;

    if (!scan_tag(text, find_name_end(text), &tag) &&
        (form == MST_HEADING_TAGGED || !scan_bracketed_tag(text, &tag)))
        return false;
    if (form == MST_HEADING_TAGGED && !tag.has_pid)
        return false;
    heading->tag = tag.name;
    heading->pid = tag.pid;
    heading->text = text_behind(tag.behind.ptr, tag.behind.ptr + tag.behind.len);
    return true;
}

const char *mst_heading_find_end(MstSlice text)
{
    const char *end = text.ptr + text.len;
    const char *stop = text.ptr + MIN(text.len, HEADING_MAX);
    const char *at = text.ptr;

    while ((at = mst_sixteen_find(at, stop, '[', ':')) < stop) {
        at++;
        if (at[-1] == '[' || ends_word(at, end))
            return at;
    }
    return NULL;
}

bool mst_heading_read_behind(MstSlice text, const char *at, MstHeading *heading)
{
    const char *end = text.ptr + text.len;

    heading->pid = 0;
    if (at[-1] == '[')
        at = scan_pid(at, end, &heading->pid);
    if (at == NULL)
        return false;
    heading->text = text_behind(at, end);
    return true;
}

static bool is_one_of(MstSlice word, const MstSlice *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (mst_slice_equal(word, words[i]))
            return true;
    }
    return false;
}

/* `mail.info`, `<mail.info>` */
static bool is_priority(MstSlice word)
{
    static const MstSlice levels[] = {
        MST_LIT_INIT("emerg"), MST_LIT_INIT("panic"),   MST_LIT_INIT("alert"),
        MST_LIT_INIT("crit"),  MST_LIT_INIT("err"),     MST_LIT_INIT("error"),
        MST_LIT_INIT("warn"),  MST_LIT_INIT("warning"), MST_LIT_INIT("notice"),
        MST_LIT_INIT("info"),  MST_LIT_INIT("debug"),
    };
    const char *point;

    if (word.len > 2 && word.ptr[0] == '<' && word.ptr[word.len - 1] == '>')
        word = (MstSlice){word.ptr + 1, word.len - 2};
    point = word.len == 0 ? NULL : memchr(word.ptr, '.', word.len);
    return point != NULL && point > word.ptr &&
           is_one_of(mst_slice(point + 1, word.ptr + word.len), levels, G_N_ELEMENTS(levels));
}

static bool is_level(MstSlice word)
{
    static const MstSlice levels[] = {
        MST_LIT_INIT("EMERG"),   MST_LIT_INIT("ALERT"),  MST_LIT_INIT("CRIT"),
        MST_LIT_INIT("ERR"),     MST_LIT_INIT("ERROR"),  MST_LIT_INIT("WARN"),
        MST_LIT_INIT("WARNING"), MST_LIT_INIT("NOTICE"), MST_LIT_INIT("INFO"),
        MST_LIT_INIT("DEBUG"),
    };

    return word.len > 0 && g_ascii_isupper(*word.ptr) &&
           is_one_of(word, levels, G_N_ELEMENTS(levels));
}

/* Names and addresses; `src@mx1`, `s_net@mx1` name the sender's source in front (syslog-ng). */
static bool set_host(MstSlice word, MstHeading *heading)
{
    const char *at;

    if (word.len == 0 || (!g_ascii_isalnum(word.ptr[0]) && word.ptr[0] != ':' &&
                          word.ptr[0] != '_' && (signed char)word.ptr[0] >= 0))
        return false;
    at = memrchr(word.ptr, '@', word.len);
    heading->host = at == NULL ? word : mst_slice(at + 1, word.ptr + word.len);
    return heading->host.len > 0;
}

/* `mail.info tag:`, `<mail.info> host tag:`, `host mail.info tag:`, or no tag at all. */
static bool read_untagged(MstSlice word, MstSlice rest, MstHeadingForm form, MstHeading *heading)
{
    MstSlice behind = rest;
    bool is_first = is_priority(word);

    if (is_first) {
        word = mst_heading_take_word(&rest);
        behind = rest;
    }
    if ((is_first || is_priority(mst_heading_take_word(&behind))) &&
        take_tag(behind, form, heading)) {
        set_host(word, heading);
        return true;
    }
    if (form == MST_HEADING_TAGGED)
        return false;
    if (set_host(word, heading))
        heading->text = rest;
    return true;
}

/* Is the first word, which ends at `at`, none that ends a heading? Most are hosts. */
static bool is_plain_word(MstSlice text, const char *at)
{
    return at > text.ptr && at < text.ptr + text.len && *at == ' ';
}

bool mst_heading_read(MstSlice text, MstHeadingForm form, MstHeading *heading)
{
    MstSlice rest = mst_heading_skip_blanks(text);
    const char *at = find_name_end(rest);
    MstSlice word;

    *heading = (MstHeading){.text = rest};
    if (rest.len == 0)
        return form == MST_HEADING_SYSLOG;
    if (is_plain_word(rest, at)) {
        word = mst_slice(rest.ptr, at);
        rest = mst_heading_skip_blanks(mst_slice(at, rest.ptr + rest.len));
    } else if (take_tag(rest, form, heading)) {
        return true;
    } else {
        word = mst_heading_take_word(&rest);
    }
    if (!take_tag(rest, form, heading))
        return read_untagged(word, rest, form, heading);
    if (!is_level(word) && !is_priority(word))
        set_host(word, heading);
    return true;
}
