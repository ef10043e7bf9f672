/*
 * xmail_slog.c - what XMail notes of the tries of one queued copy
 *
 *     [PeekTime] 1795298644 : Sat, 21 Nov 2026 22:04:04 -0000
 *     <<
 *     ErrCode   = -77
 *     ErrString = [RCPT TO:] not permitted by remote SMTP server
 *     ErrInfo   = 450 4.2.0 <a@b>: Recipient address rejected: Greylisted
 *     SMAIL SMTP-Send FWD = "127.0.10.42" SMTP = "store.example.test" From = "s@c" To = "a@b" Failed !
 *     SMTP-Error = "450 4.2.0 <a@b>: Recipient address rejected: Greylisted"
 *     SMTP-Server = "127.0.10.42"
 *     >>
 *
 * One PeekTime for each try, one note in << and >> for each host that was tried. A note that asked
 * nobody says why in words: `Unknown user "x" in domain "d"`. Replies may have several lines, of
 * which each begins with its code, so that none can be taken for a key.
 */
#include "readers/xmail_slog.h"

#include "readers/scan.h"
#include "readers/xmail_record.h"

enum { PART_BYTES = 4096 }; /* of each part of a note */

void mst_xmail_slog_clear(MstXmailSlog *self)
{
    GString *parts[] = {self->reply,  self->reason,    self->other,
                        self->sender, self->recipient, self->server};

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (parts[i] != NULL)
            g_string_free(parts[i], TRUE);
    }
    *self = (MstXmailSlog){0};
}

static GString *emptied(GString *part)
{
    return part == NULL ? g_string_sized_new(128) : g_string_truncate(part, 0);
}

static void begin_note(MstXmailSlog *self)
{
    self->part = MST_XMAIL_PART_WORDS;
    self->asked = self->nameless = false;
    self->reply = emptied(self->reply);
    self->reason = emptied(self->reason);
    self->other = emptied(self->other);
    self->sender = emptied(self->sender);
    self->recipient = emptied(self->recipient);
    self->server = emptied(self->server);
}

void mst_xmail_slog_reset(MstXmailSlog *self)
{
    self->part = MST_XMAIL_PART_NONE;
    self->time_us = 0;
}

/* Lines of one part are joined by a blank. */
static void append(GString *part, MstSlice text)
{
    if (part->len > 0)
        g_string_append_c(part, ' ');
    if (part->len < PART_BYTES)
        g_string_append_len(part, text.ptr, (gssize)MIN(text.len, PART_BYTES - part->len));
}

static MstSlice without_quote(MstSlice s)
{
    return mst_slice_ends(s, MST_LIT("\"")) ? mst_slice_head(s, s.len - 1) : s;
}

/* `FWD = "H" SMTP = "D" From = "S" To = "R" Failed !`: addresses hold no quotes. */
static void read_try(MstXmailSlog *self, MstSlice text)
{
    const MstSlice from = MST_LIT("\" From = \"");
    const MstSlice to = MST_LIT("\" To = \"");
    const char *recipient = mst_slice_find_last(text, to);
    const char *sender = mst_slice_find_last(text, from);
    const char *end = mst_slice_find_last(text, MST_LIT("\""));

    if (sender == NULL || recipient == NULL || sender + from.len > recipient ||
        end < recipient + to.len)
        return;
    self->asked = true;
    self->nameless = mst_slice_find(mst_slice(text.ptr, sender), MST_LIT("-Send EDNS = ")) != NULL;
    append(self->sender, mst_slice(sender + from.len, recipient));
    append(self->recipient, mst_slice(recipient + to.len, end));
}

/* `Unknown user "x" in domain "d"` */
static void read_unknown_user(MstXmailSlog *self, MstSlice text)
{
    MstScan scan = mst_scan_over(text);
    MstSlice user, domain;

    if (!mst_scan_text(&scan, MST_LIT("Unknown user \"")) ||
        !mst_scan_until_text(&scan, MST_LIT("\" in domain \""), &user) ||
        !mst_scan_until(&scan, '"', &domain) || !mst_scan_is_done(&scan))
        return;
    append(self->recipient, user);
    g_string_append_c(self->recipient, '@');
    g_string_append_len(self->recipient, domain.ptr, (gssize)MIN(domain.len, PART_BYTES));
}

static MstSlice kept(MstBatch *out, const GString *part)
{
    return mst_batch_keep(out, (MstSlice){part->str, part->len});
}

/* The file's own name, if it is a spool file's: without `.gz` and its like. */
static MstSlice spool_file_of(const MstBatch *out)
{
    static const MstSlice endings[] = {MST_LIT_INIT(".gz"), MST_LIT_INIT(".bz2"),
                                       MST_LIT_INIT(".xz"), MST_LIT_INIT(".zst")};
    MstSlice name = mst_slice_of(out->file);
    const char *slash = name.len > 0 ? memrchr(name.ptr, '/', name.len) : NULL;
    int64_t epoch_s;

    if (slash != NULL)
        name = mst_slice(slash + 1, name.ptr + name.len);
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        if (mst_slice_ends(name, endings[i])) {
            name.len -= endings[i].len;
            break;
        }
    }
    return mst_xmail_spool_time(name, &epoch_s) ? name : (MstSlice){NULL, 0};
}

static void set_reply(const MstXmailSlog *self, MstEvent *event, MstBatch *out)
{
    MstScan scan;

    if (self->reply->len > 0)
        event->detail = without_quote(kept(out, self->reply));
    else
        event->detail = kept(out, self->other->len > 0 ? self->other : self->reason);
    scan = mst_scan_over(event->detail);
    if (self->asked && mst_scan_reply_code(&scan, &event->reply_code))
        (void)mst_scan_status(&scan, &event->status);
}

static void set_server(const MstXmailSlog *self, MstEvent *event, MstBatch *out)
{
    MstSlice server;

    if (self->nameless || self->server->len == 0)
        return;
    server = kept(out, self->server);
    if (mst_xmail_is_address(server))
        event->peer_ip = server;
    else
        event->peer_name = mst_slice_ends(server, MST_LIT("."))
                               ? mst_slice_head(server, server.len - 1)
                               : server;
}

/* A note without a code is tried again if a server or its name was asked for (XMail's own
 * temporary errors); what it decides by its own tables is final. */
static MstAction action_of(const MstXmailSlog *self, const MstEvent *event)
{
    if (event->reply_code >= 500)
        return MST_ACTION_FAILED;
    return self->asked ? MST_ACTION_DELAYED : MST_ACTION_FAILED;
}

static MstVerdict end_note(MstXmailSlog *self, MstLine *line, MstBatch *out)
{
    MstEvent *event = mst_batch_add(out, line, MST_SYSTEM_XMAIL, MST_EVENT_RESULT);

    self->part = MST_XMAIL_PART_NONE;
    event->spool_file = spool_file_of(out);
    if (self->asked)
        event->sender = kept(out, self->sender);
    if (self->recipient->len > 0)
        event->recipient = kept(out, self->recipient);
    set_reply(self, event, out);
    set_server(self, event, out);
    event->action = action_of(self, event);
    /* All notes end alike: two of one second in two files are no copies of each other. */
    line->text = mst_slice_is_set(event->spool_file) ? event->spool_file : event->detail;
    return (MstVerdict){MST_FATE_EVENT, NULL};
}

static void read_reason(MstXmailSlog *self, MstSlice text)
{
    append(self->reason, text);
}

/* The quote at its end is taken off when the end is known. */
static void read_reply(MstXmailSlog *self, MstSlice text)
{
    append(self->reply, text);
}

static void read_server(MstXmailSlog *self, MstSlice text)
{
    append(self->server, without_quote(text));
}

typedef struct Key {
    MstSlice opening;
    void (*read)(MstXmailSlog *self, MstSlice value); /* NULL: it is not needed */
    MstXmailPart part;                                /* what the lines behind it belong to */
} Key;

static const Key keys[] = {
    {MST_LIT_INIT("ErrCode   = "), NULL, MST_XMAIL_PART_WORDS},
    {MST_LIT_INIT("ErrString = "), read_reason, MST_XMAIL_PART_WORDS},
    {MST_LIT_INIT("ErrInfo   = "), NULL, MST_XMAIL_PART_INFO},
    {MST_LIT_INIT("SMAIL "), read_try, MST_XMAIL_PART_WORDS},
    {MST_LIT_INIT("SMTP-Error = \""), read_reply, MST_XMAIL_PART_REPLY},
    {MST_LIT_INIT("SMTP-Server = \""), read_server, MST_XMAIL_PART_WORDS},
};

static const Key *key_of(MstSlice line)
{
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (mst_slice_starts(line, keys[i].opening))
            return &keys[i];
    }
    return NULL;
}

static void read_key(MstXmailSlog *self, const Key *key, MstSlice line)
{
    self->part = key->part;
    if (key->read != NULL)
        key->read(self, mst_slice_from(line, key->opening.len));
}

/* A line inside a note that has no key. */
static void read_more(MstXmailSlog *self, MstSlice line)
{
    int32_t code;
    MstScan scan = mst_scan_over(line);

    if (self->part == MST_XMAIL_PART_REPLY) {
        append(self->reply, line);
    } else if (self->part != MST_XMAIL_PART_INFO || !mst_scan_reply_code(&scan, &code)) {
        append(self->other, line);
        read_unknown_user(self, line);
    }
}

/* `1795298644 : Sat, …` */
static bool read_time(MstXmailSlog *self, MstSlice text)
{
    MstScan scan = mst_scan_over(text);
    const int64_t year_9999_s = INT64_C(253402300799);
    int64_t epoch_s;

    if (!mst_scan_text(&scan, MST_LIT("[PeekTime] ")) || !mst_scan_number(&scan, &epoch_s) ||
        !mst_scan_text(&scan, MST_LIT(" : ")) || epoch_s > year_9999_s)
        return false;
    mst_xmail_slog_reset(self);
    self->time_us = epoch_s * G_USEC_PER_SEC;
    return true;
}

bool mst_xmail_slog_recognises(MstSlice line)
{
    MstXmailSlog unused = {0};

    return read_time(&unused, line) || key_of(line) != NULL;
}

MstVerdict mst_xmail_slog_read(MstXmailSlog *self, MstLine *line, MstBatch *out)
{
    const MstVerdict more = {MST_FATE_CONTINUATION, NULL};
    const Key *key = key_of(line->text);
    bool is_time = read_time(self, line->text);

    line->tag = MST_LIT("slog");
    line->time_us = self->time_us;
    line->resolution_us = self->time_us == 0 ? 0 : G_USEC_PER_SEC;
    if (is_time)
        return more;
    if (self->part == MST_XMAIL_PART_NONE) {
        if (self->time_us == 0 || !mst_slice_equal(line->text, MST_LIT("<<")))
            return (MstVerdict){MST_FATE_FOREIGN, NULL};
        begin_note(self);
        return more;
    }
    if (mst_slice_equal(line->text, MST_LIT(">>")))
        return end_note(self, line, out);
    if (key != NULL)
        read_key(self, key, line->text);
    else
        read_more(self, line->text);
    return more;
}
