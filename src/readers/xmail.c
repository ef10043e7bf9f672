/*
 * xmail.c - the logs of XMail
 *
 *     smtp     "SERVER" "DOMAIN" "192.0.2.7" "TIME" "HELO" "RCPT-DOMAIN" "ann@example.org"
 *                  "bob@example.test" "S2" "RCPT=OK" "USER" "0" "CLIENT"
 *     smail    "DOMAIN" "1795298643597.7f0872ffd6c0.491.3.store" "S2" "ann@example.org"
 *                  "bob@example.test" "LOCAL" "bob@example.test" "TIME" "REPLY"
 *     lmail    "DOMAIN" "FILE" "L3" "TIME"
 *     filters  "ann@example.org" "bob@example.test" "IP" "192.0.2.7" "TIME" "post-rcpt" "INFO" "0"
 *                  "3" "COMMAND"
 *     pop3     "SERVER" "DOMAIN" "192.0.2.7" "TIME" "bob" "PASSWORD" "LOGIN" "118" "138575"
 *     psync    "TIME" "DOMAIN" "bob" "REMOTE" "LOGIN" "OPTIONS" "SYNC=OK" "4" "1284" "0" "0"
 *     finger   "HOST" "DOMAIN" "192.0.2.7" "TIME" "QUERY"
 *     ctrl     "192.0.2.7" "admin" "PASSWORD" "TIME" "AUTH"
 *
 * TIME is 2026-11-21 22:04:03, local. Between the fields stands a tab. Nothing is escaped: HELO, USER,
 * REPLY, QUERY, PASSWORD and those beside it may hold quotes and tabs, so they are what is left over
 * when the other fields are taken from both ends. What is in a file is told by its name, smtp-202611210000;
 * only under another name by the form of each record. A reply of several lines makes a smail record
 * of several lines.
 *
 * Passwords leave this file by no way: before a pop3 or ctrl line is shown, they are cut out of it.
 */
#include <glib.h>

#include "mailstory/reader.h"
#include "readers/scan.h"
#include "readers/verdict.h"
#include "readers/xmail_clock.h"
#include "readers/xmail_record.h"
#include "readers/xmail_slog.h"

enum {
    KNOWN_IDS = 131072, /* told apart at once; a power of two */
    USER_TRIES = 64,    /* how many places are tried for the end of a status */
    REPLY_CUT = 254,    /* XMail cuts a reply about here */
    RECORD_MAX = 8192,  /* of a record of several lines */
    NAME_DIGITS = 12,   /* of the time in a log's name */
};

/* What was told of an ID so far. */
enum { TOLD_ACCEPT = 1, TOLD_SENDER = 2, TOLD_BITS = 2 };

typedef struct Log Log;

typedef struct XmailReader {
    MstReader base;
    MstXmailClock clock;
    MstXmailSlog slog;
    const char *file; /* of the last line; borrowed */
    const Log *named; /* which log that is by its name; NULL: by the form of its records */
    const Log *last;  /* which log the last record was of; NULL: none yet */
    uint64_t *told; /* by the ID's counter, modulo KNOWN_IDS: counter and TOLD_ flags; NULL: none */
    GString *begun; /* a smail record whose end is still to come; empty: none */
    size_t last_line;      /* where its last line begins */
    size_t breaks;         /* how many lines it has but one */
    uint64_t begun_number; /* of its first line */
} XmailReader;

/* The record that is being read. */
typedef struct Entry {
    XmailReader *reader;
    MstLine *line;
    MstBatch *out;
    MstSlice text;
    MstScan rest; /* between the outer quotes: what is not taken yet */
} Entry;

struct Log {
    MstSlice name;
    MstVerdict (*read)(Entry *entry);
};

static MstVerdict cut_record(void)
{
    return mst_verdict_broken("cut record");
}

static MstEvent *add(const Entry *entry, MstEventKind kind, MstSlice id)
{
    MstEvent *event = mst_batch_add(entry->out, entry->line, MST_SYSTEM_XMAIL, kind);

    if (id.len > 0)
        event->queue_id = id;
    return event;
}

static MstSlice or_unset(MstSlice s)
{
    return s.len > 0 ? s : (MstSlice){NULL, 0};
}

/* ---- time, IDs */

static void set_time(Entry *entry)
{
    entry->line->time_us = mst_xmail_clock_utc(&entry->reader->clock) * G_USEC_PER_SEC;
    entry->line->resolution_us = G_USEC_PER_SEC;
}

/* A stamp that stands here. */
static bool take_stamp(Entry *entry)
{
    MstXmailClock *clock = &entry->reader->clock;
    MstSlice stamp = {entry->rest.at, sizeof clock->text};

    if ((size_t)(entry->rest.end - entry->rest.at) < stamp.len ||
        !mst_xmail_clock_set(clock, stamp))
        return false;
    entry->rest.at += stamp.len;
    set_time(entry);
    return true;
}

/* The next field, a stamp, and past the `"\t"` behind it, if it is not the last. */
static bool take_time(Entry *entry)
{
    return take_stamp(entry) &&
           (mst_scan_is_done(&entry->rest) || mst_scan_text(&entry->rest, MST_LIT("\"\t\"")));
}

/*
 * Was this not told of the ID before? All IDs of a host come from one counter, so the last KNOWN_IDS
 * of them have a place each.
 */
static bool is_news(XmailReader *self, uint64_t counter, uint64_t flag)
{
    uint64_t *place;

    if (self->told == NULL)
        self->told = g_new0(uint64_t, KNOWN_IDS);
    place = &self->told[counter % KNOWN_IDS];
    if (*place >> TOLD_BITS != counter)
        *place = counter << TOLD_BITS;
    if ((*place & flag) != 0)
        return false;
    *place |= flag;
    return true;
}

/* ---- smtp */

typedef struct Dialogue {
    MstSlice server, client_ip, sender, recipient, id, status, user, client;
    int64_t size;
    uint64_t counter; /* of the ID */
} Dialogue;

/* What a status that begins so means. */
typedef struct Status {
    MstSlice opening;
    MstVerdict (*read)(Entry *entry, const Dialogue *dialogue);
    const char *noise; /* where `read` is NULL */
} Status;

static void add_accept(Entry *entry, const Dialogue *dialogue)
{
    MstEvent *event;

    if (!is_news(entry->reader, dialogue->counter, TOLD_ACCEPT))
        return;
    event = add(entry, MST_EVENT_ACCEPT, dialogue->id);
    event->sender = dialogue->sender;
    event->peer_ip = or_unset(dialogue->client_ip);
    event->peer_name = or_unset(dialogue->client);
    event->user = or_unset(dialogue->user);
}

static MstVerdict read_recipient(Entry *entry, const Dialogue *dialogue)
{
    MstEvent *event;

    if (dialogue->id.len == 0)
        return mst_verdict_broken("no message ID");
    add_accept(entry, dialogue);
    event = add(entry, MST_EVENT_RECIPIENT, dialogue->id);
    event->sender = dialogue->sender;
    event->recipient = dialogue->recipient;
    return mst_verdict_understood();
}

/* Its recipient is merely the last of the dialogue. */
static MstVerdict read_received(Entry *entry, const Dialogue *dialogue)
{
    MstEvent *event;

    if (dialogue->id.len == 0)
        return mst_verdict_broken("no message ID");
    add_accept(entry, dialogue);
    (void)is_news(entry->reader, dialogue->counter, TOLD_SENDER);
    event = add(entry, MST_EVENT_SENDER, dialogue->id);
    event->sender = dialogue->sender;
    event->size = dialogue->size;
    return mst_verdict_understood();
}

static MstEvent *add_reject(Entry *entry, const Dialogue *dialogue)
{
    MstEvent *event = add(entry, MST_EVENT_REJECT, dialogue->id);

    event->action = MST_ACTION_REJECTED;
    event->sender = dialogue->sender;
    event->peer_ip = or_unset(dialogue->client_ip);
    event->peer_name = or_unset(dialogue->client);
    event->user = or_unset(dialogue->user);
    event->detail = dialogue->status;
    return event;
}

/* The recipient is empty if it could not be read: then it is one that nobody names, and the others
 * are not concerned. */
static MstVerdict read_refused_recipient(Entry *entry, const Dialogue *dialogue)
{
    add_reject(entry, dialogue)->recipient = dialogue->recipient;
    return mst_verdict_understood();
}

static MstVerdict read_refused_message(Entry *entry, const Dialogue *dialogue)
{
    MstEvent *event = add_reject(entry, dialogue);

    event->whole = true;
    event->recipient = or_unset(dialogue->recipient);
    return mst_verdict_understood();
}

/* SIZE= in MAIL FROM: what the client said. */
static MstVerdict read_refused_size(Entry *entry, const Dialogue *dialogue)
{
    MstEvent *event = add_reject(entry, dialogue);

    event->whole = true;
    event->size = dialogue->size;
    return mst_verdict_understood();
}

/* At connect, when nobody has said anything, not even the server's own names are there. */
static MstVerdict read_refused_sender(Entry *entry, const Dialogue *dialogue)
{
    MstEvent *event = add_reject(entry, dialogue);

    event->whole = true;
    if (dialogue->server.len == 0 && dialogue->sender.len == 0)
        event->sender = (MstSlice){NULL, 0};
    return mst_verdict_understood();
}

static const Status statuses[] = {
    {MST_LIT_INIT("RCPT=OK"), read_recipient, NULL},
    {MST_LIT_INIT("RECV=OK"), read_received, NULL},
    {MST_LIT_INIT("RCPT=E"), read_refused_recipient, NULL},
    {MST_LIT_INIT("SNDRIP=E"), read_refused_sender, NULL},
    {MST_LIT_INIT("SNDR=E"), read_refused_sender, NULL},
    {MST_LIT_INIT("SIZE=E"), read_refused_size, NULL},
    {MST_LIT_INIT("PREDATA=E"), read_refused_message, NULL},
    {MST_LIT_INIT("POSTDATA=E"), read_refused_message, NULL},
    {MST_LIT_INIT("DATA=E"), read_refused_message, NULL},
    {MST_LIT_INIT("UNKNOWN=E"), read_refused_message, NULL},
    {MST_LIT_INIT("AUTH=E"), NULL, "authentication failure"},
    {MST_LIT_INIT("VRFY=E"), NULL, "refused command"},
    {MST_LIT_INIT("ETRN=E"), NULL, "refused command"},
    {MST_LIT_INIT("SMTP=ESSL"), NULL, "tls"},
    {MST_LIT_INIT("SMTP=EERRS"), NULL, "too many errors"},
};

static const Status *status_of(MstSlice text)
{
    for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
        if (mst_scan_begins(text, statuses[i].opening))
            return &statuses[i];
    }
    return NULL;
}

/* From the right, behind HELO: domain of the recipient, sender, recipient, ID, status. */
static const Status *take_transaction(MstScan rest, Dialogue *dialogue)
{
    MstSlice domain;
    const Status *status;

    dialogue->counter = 0;
    if (!mst_xmail_take_last(&rest, &dialogue->status))
        return NULL;
    status = status_of(dialogue->status);
    if (status == NULL || memchr(dialogue->status.ptr, '"', dialogue->status.len) != NULL ||
        !mst_xmail_take_last(&rest, &dialogue->id) ||
        (dialogue->id.len > 0 && !mst_xmail_is_id(dialogue->id, &dialogue->counter)))
        return NULL;
    if (!mst_xmail_take_last(&rest, &dialogue->recipient) ||
        !mst_xmail_take_last(&rest, &dialogue->sender) || !mst_xmail_take_last(&rest, &domain))
        return NULL;
    return status;
}

/* The name is the last field since 1.12. */
static bool take_size(MstScan *rest, Dialogue *dialogue)
{
    MstSlice last;

    if (!mst_xmail_take_last(rest, &last))
        return false;
    if (mst_xmail_is_number(last, &dialogue->size))
        return true;
    dialogue->client = last;
    return mst_xmail_take_last(rest, &last) && mst_xmail_is_number(last, &dialogue->size);
}

/*
 * Behind the time. The HELO word is anyone's, the user's name only that of one who knows a password;
 * so the rightmost place that fits is taken for the status, and what lies before it for HELO.
 */
static const Status *take_dialogue(MstScan rest, Dialogue *dialogue)
{
    MstScan user;
    MstSlice shorter;

    if (!take_size(&rest, dialogue))
        return NULL;
    user = rest;
    for (int i = 0; i < USER_TRIES && mst_xmail_take_last(&user, &shorter); i++) {
        const Status *status = take_transaction(user, dialogue);

        dialogue->user = mst_slice(shorter.ptr, rest.end);
        if (status != NULL)
            return status;
        user.end++; /* its quote may belong to the tab before it as well */
    }
    return NULL;
}

/* `"SERVER" "DOMAIN" "IP" "TIME"`: smtp, pop3 and finger begin with them. */
static bool take_client(Entry *entry, MstSlice *server, MstSlice *client_ip)
{
    MstSlice domain;

    return mst_xmail_open_record(entry->text, &entry->rest) &&
           mst_xmail_take_first(&entry->rest, server) &&
           mst_xmail_take_first(&entry->rest, &domain) &&
           mst_xmail_take_first(&entry->rest, client_ip) && take_time(entry);
}

static MstVerdict read_smtp(Entry *entry)
{
    Dialogue dialogue = {.size = -1};
    const Status *status;

    if (!take_client(entry, &dialogue.server, &dialogue.client_ip))
        return cut_record();
    status = take_dialogue(entry->rest, &dialogue);
    if (status == NULL)
        return mst_verdict_broken("unknown record");
    return status->read != NULL ? status->read(entry, &dialogue) : mst_verdict_noise(status->noise);
}

/* ---- smail */

typedef struct Copy {
    MstSlice spool_file, id, sender, recipient, operation, parameter;
    bool has_reply; /* since 1.25 */
    MstSlice reply;
    MstSlice reply_line; /* its last line */
    int64_t delay_us;
} Copy;

static MstEvent *add_result(Entry *entry, const Copy *copy, MstAction action)
{
    MstEvent *event = add(entry, MST_EVENT_RESULT, copy->id);

    event->action = action;
    event->spool_file = copy->spool_file;
    event->sender = copy->sender;
    event->recipient = copy->recipient;
    event->delay_us = copy->delay_us;
    return event;
}

static void tell_local(Entry *entry, const Copy *copy)
{
    MstEvent *event = add_result(entry, copy, MST_ACTION_DELIVERED);

    event->peer_name = MST_LIT("local");
    event->detail = copy->parameter;
}

static void tell_external(Entry *entry, const Copy *copy)
{
    MstEvent *event = add_result(entry, copy, MST_ACTION_DELIVERED);

    event->peer_name = MST_LIT("external");
    event->detail = copy->parameter;
}

/* Any verdict, or none. */
static void tell_filter(Entry *entry, const Copy *copy)
{
    MstEvent *event = add(entry, MST_EVENT_FILTER, copy->id);

    event->spool_file = copy->spool_file;
    event->sender = copy->sender;
    event->recipient = copy->recipient;
    event->detail = copy->parameter;
}

/* `127.0.10.4`, `[127.0.10.4]`, `127.0.10.4:25`, `mx.example.net.`, `mx.example.net:25` */
static void set_peer(MstEvent *event, MstSlice host)
{
    const char *colon = host.len > 0 ? memrchr(host.ptr, ':', host.len) : NULL;
    MstSlice port;
    int64_t unused;

    if (mst_xmail_is_address(host)) {
        event->peer_ip = host;
        return;
    }
    port = colon == NULL ? (MstSlice){NULL, 0} : mst_slice(colon + 1, host.ptr + host.len);
    if (port.len > 0 && mst_xmail_is_number(port, &unused))
        host = mst_slice(host.ptr, colon);
    if (host.len > 2 && *host.ptr == '[' && host.ptr[host.len - 1] == ']')
        host = (MstSlice){host.ptr + 1, host.len - 2};
    if (mst_slice_ends(host, MST_LIT(".")))
        host.len--;
    if (mst_xmail_is_address(host))
        event->peer_ip = host;
    else
        event->peer_name = or_unset(host);
}

/* `ok 1795298647 qp 47166`: qmail's time and process */
static bool scan_qmail_id(MstScan scan, MstSlice *id)
{
    const char *start;
    MstSlice digits;

    if (!mst_scan_text(&scan, MST_LIT("ok ")))
        return false;
    start = scan.at;
    if (!mst_scan_digits(&scan, &digits) || !mst_scan_text(&scan, MST_LIT(" qp ")) ||
        !mst_scan_digits(&scan, &digits) || !mst_scan_is_done(&scan))
        return false;
    *id = mst_slice(start, scan.end);
    return true;
}

/* The reply lost its code, and of one with angle brackets only what stands in them is left. */
static void set_reply(MstEvent *event, const Copy *copy)
{
    MstScan scan = mst_scan_over(copy->reply_line);
    uint64_t counter;
    MstSlice id;
    int32_t code;

    event->detail = or_unset(copy->reply);
    if (mst_scan_reply_code(&scan, &code)) /* of the last of several lines */
        event->reply_code = code;
    if (mst_scan_status(&scan, &event->status))
        (void)mst_scan_text(&scan, MST_LIT(" "));
    id = mst_scan_rest(&scan);
    if (scan_qmail_id(scan, &event->other_id) || mst_scan_reply_id(id, &event->other_id)) {
        event->relation = MST_RELATION_NEXT;
    } else if (mst_xmail_is_id(id, &counter)) {
        event->other_id = id;
        event->relation = MST_RELATION_NEXT;
    }
}

static void tell_relayed(Entry *entry, const Copy *copy)
{
    MstEvent *event = add_result(entry, copy, MST_ACTION_RELAYED);

    set_peer(event, copy->parameter);
    set_reply(event, copy);
    if (!mst_slice_is_set(event->detail))
        event->detail = copy->operation;
}

/* An address, or the domain at which the local part stays the same. */
static MstSlice target_of(const Copy *copy, MstBatch *out)
{
    MstSlice target = copy->parameter;
    const char *at = copy->recipient.len > 0
                         ? memrchr(copy->recipient.ptr, '@', copy->recipient.len)
                         : NULL;
    g_autofree char *joined = NULL;

    if (at == NULL || target.len == 0 || memchr(target.ptr, '@', target.len) != NULL)
        return target;
    joined = g_strdup_printf("%.*s@%.*s", (int)(at - copy->recipient.ptr), copy->recipient.ptr,
                             (int)target.len, target.ptr);
    return mst_batch_keep(out, mst_slice_of(joined));
}

static void tell_redirected(Entry *entry, const Copy *copy)
{
    MstEvent *event = add_result(entry, copy, MST_ACTION_EXPANDED);

    event->detail = copy->parameter;
    event = add(entry, MST_EVENT_RECIPIENT, copy->id);
    event->sender = copy->sender;
    event->recipient = target_of(copy, entry->out);
    event->original_recipient = copy->recipient;
}

static const struct {
    MstSlice name;
    void (*tell)(Entry *entry, const Copy *copy);
} operations[] = {
    {MST_LIT_INIT("LOCAL"), tell_local},      {MST_LIT_INIT("SMTP"), tell_relayed},
    {MST_LIT_INIT("FWD"), tell_relayed},      {MST_LIT_INIT("RLYS"), tell_relayed},
    {MST_LIT_INIT("REDIR"), tell_redirected}, {MST_LIT_INIT("LREDIR"), tell_redirected},
    {MST_LIT_INIT("EXTRN"), tell_external},   {MST_LIT_INIT("FILTER"), tell_filter},
};

/* The parameter ends where a time follows it. Before 1.25 that is the last field. */
static bool take_parameter(Entry *entry, Copy *copy)
{
    const char *start = entry->rest.at;
    MstSlice part;

    while (mst_xmail_take_first(&entry->rest, &part)) {
        MstScan rest = entry->rest;

        copy->parameter = mst_slice(start, part.ptr + part.len);
        if (take_stamp(entry)) {
            copy->has_reply = mst_scan_text(&entry->rest, MST_LIT("\"\t\""));
            if (copy->has_reply || mst_slice_equal(mst_scan_rest(&entry->rest), MST_LIT("\"")))
                return true;
        }
        entry->rest = rest;
    }
    return false;
}

/* All but the reply: `rest` is that and the quote behind it. */
static bool take_copy(Entry *entry, Copy *copy)
{
    MstSlice domain;

    if (entry->text.len < 2 || *entry->text.ptr != '"')
        return false;
    entry->rest = mst_scan_over(mst_slice_from(entry->text, 1));
    if (!mst_xmail_take_first(&entry->rest, &domain) ||
        !mst_xmail_take_first(&entry->rest, &copy->spool_file) ||
        !mst_xmail_take_first(&entry->rest, &copy->id) ||
        !mst_xmail_take_first(&entry->rest, &copy->sender) ||
        !mst_xmail_take_first(&entry->rest, &copy->recipient) ||
        !mst_xmail_take_first(&entry->rest, &copy->operation))
        return false;
    return take_parameter(entry, copy);
}

/* Learns the zone, so it comes before anything is told of the time. */
static void read_spool_time(Entry *entry, Copy *copy)
{
    MstXmailClock *clock = &entry->reader->clock;
    int64_t spool_s;

    copy->delay_us = -1;
    if (!mst_xmail_spool_time(copy->spool_file, &spool_s))
        return;
    mst_xmail_clock_learn(clock, spool_s);
    set_time(entry);
    copy->delay_us = MAX(mst_xmail_clock_utc(clock) - spool_s, 0) * G_USEC_PER_SEC;
}

/* A message that came by SMTP has its sender from there; copies may bear the sender of a list. */
static void tell_sender(Entry *entry, const Copy *copy, uint64_t counter)
{
    if (*copy->id.ptr != 'S' && is_news(entry->reader, counter, TOLD_SENDER))
        add(entry, MST_EVENT_SENDER, copy->id)->sender = copy->sender;
}

/* `rest` is at the reply. */
static MstVerdict tell_copy(Entry *entry, Copy *copy)
{
    uint64_t counter;

    if (!mst_xmail_is_id(copy->id, &counter))
        return mst_verdict_broken("no message ID");
    for (size_t i = 0; i < G_N_ELEMENTS(operations); i++) {
        if (mst_slice_equal(operations[i].name, copy->operation)) {
            read_spool_time(entry, copy);
            tell_sender(entry, copy, counter);
            operations[i].tell(entry, copy);
            return mst_verdict_understood();
        }
    }
    return mst_verdict_broken("unknown record");
}

static void forget_begun(XmailReader *self)
{
    g_string_truncate(self->begun, 0);
    self->last_line = self->breaks = 0;
}

/* `last_line` is where the last line of the record begins, if it has several. */
static void set_copy_reply(Copy *copy, const Entry *entry, size_t last_line)
{
    MstSlice reply = mst_scan_rest(&entry->rest);

    if (!copy->has_reply)
        return;
    if (mst_slice_ends(reply, MST_LIT("\"")))
        reply.len--;
    copy->reply = copy->reply_line = reply;
    if (last_line > 0)
        copy->reply_line = mst_slice(entry->text.ptr + last_line, reply.ptr + reply.len);
}

/* A record of one line, or the first line of several. */
static MstVerdict read_smail(Entry *entry)
{
    XmailReader *self = entry->reader;
    Copy copy = {.delay_us = -1};

    if (!take_copy(entry, &copy))
        return cut_record();
    if (copy.has_reply && !mst_slice_ends(mst_scan_rest(&entry->rest), MST_LIT("\""))) {
        if (entry->text.len > RECORD_MAX)
            return cut_record();
        g_string_append_len(self->begun, entry->text.ptr, (gssize)entry->text.len);
        self->begun_number = entry->line->number;
        return (MstVerdict){MST_FATE_CONTINUATION, NULL};
    }
    set_copy_reply(&copy, entry, 0);
    return tell_copy(entry, &copy);
}

/* What was begun is told now, by the line that shows or makes its end. */
static MstVerdict tell_begun(Entry *entry)
{
    XmailReader *self = entry->reader;
    size_t last_line = self->last_line;
    Copy copy = {.delay_us = -1};

    entry->text = mst_batch_keep(entry->out, (MstSlice){self->begun->str, self->begun->len});
    entry->line->text = entry->text;
    forget_begun(self);
    if (!take_copy(entry, &copy))
        return cut_record();
    set_copy_reply(&copy, entry, last_line);
    return tell_copy(entry, &copy);
}

/*
 * Is `last` the end of the reply? The last line is known by the blank behind its code; only a reply
 * that XMail has cut may end in another.
 */
static bool ends_reply(const XmailReader *self, MstSlice last)
{
    if (!mst_slice_ends(last, MST_LIT("\"")))
        return false;
    return last.len < 4 || last.ptr[3] != '-' || self->begun->len + self->breaks > REPLY_CUT;
}

/* Each line of a reply begins with its code. */
static bool continues_reply(MstSlice line)
{
    MstScan scan = mst_scan_over(line);
    int32_t code;

    return mst_scan_reply_code(&scan, &code);
}

static MstVerdict read_continuation(Entry *entry)
{
    XmailReader *self = entry->reader;
    MstSlice more = entry->line->whole;

    if (self->begun->len + more.len > RECORD_MAX) {
        forget_begun(self);
        return mst_verdict_broken("record without an end");
    }
    g_string_append_c(self->begun, ' ');
    self->last_line = self->begun->len;
    self->breaks++;
    g_string_append_len(self->begun, more.ptr, (gssize)more.len);
    return ends_reply(self, more) ? tell_begun(entry) : (MstVerdict){MST_FATE_CONTINUATION, NULL};
}

/* ---- the other logs */

/* Written when the file is taken from spool/local, whatever is in it. */
static MstVerdict read_lmail(Entry *entry)
{
    MstSlice domain, stamp, id;
    uint64_t counter;
    MstEvent *event;

    if (!mst_xmail_open_record(entry->text, &entry->rest) ||
        !mst_xmail_take_first(&entry->rest, &domain) ||
        !mst_xmail_take_last(&entry->rest, &stamp) ||
        !mst_xmail_clock_set(&entry->reader->clock, stamp))
        return cut_record();
    set_time(entry);
    if (!mst_xmail_take_last(&entry->rest, &id) || !mst_xmail_is_id(id, &counter))
        return mst_verdict_broken("no message ID");
    (void)is_news(entry->reader, counter, TOLD_ACCEPT);
    event = add(entry, MST_EVENT_ACCEPT, id);
    event->user = MST_LIT("local");
    event->detail = mst_scan_rest(&entry->rest);
    return mst_verdict_understood();
}

typedef struct Filtering {
    MstSlice sender, recipient, client_ip, stage, info, result, exit_code;
} Filtering;

/* The information and the command may hold anything; between them stand two numbers. */
static bool take_filtering(Entry *entry, Filtering *filtering)
{
    MstSlice local_ip;
    int64_t number;

    if (!mst_xmail_open_record(entry->text, &entry->rest) ||
        !mst_xmail_take_first(&entry->rest, &filtering->sender) ||
        !mst_xmail_take_first(&entry->rest, &filtering->recipient) ||
        !mst_xmail_take_first(&entry->rest, &local_ip) ||
        !mst_xmail_take_first(&entry->rest, &filtering->client_ip) || !take_time(entry) ||
        !mst_xmail_take_first(&entry->rest, &filtering->stage))
        return false;
    while (mst_xmail_take_first(&entry->rest, &filtering->info)) {
        MstScan rest = entry->rest;

        if (mst_xmail_take_first(&rest, &filtering->result) &&
            mst_xmail_is_number(filtering->result, &number) &&
            mst_xmail_take_first(&rest, &filtering->exit_code) &&
            mst_xmail_is_number(filtering->exit_code, &number)) {
            entry->rest = rest;
            return true;
        }
    }
    return false;
}

/* In dialogues 3 refuses; in the queue 4, 5 and 6 do. 16 is added to run no other filter. */
static bool refuses(const Filtering *filtering)
{
    bool queued = mst_slice_equal(filtering->stage, MST_LIT("in")) ||
                  mst_slice_equal(filtering->stage, MST_LIT("out"));
    int64_t code = 0;

    (void)mst_xmail_is_number(filtering->exit_code, &code);
    code &= 15;
    return queued ? code >= 4 && code <= 6 : code == 3;
}

/* No line names the message, so only what refused it is told. */
static MstVerdict read_filters(Entry *entry)
{
    Filtering filtering = {0};
    g_autofree char *text = NULL;
    MstSlice command;
    MstEvent *event;

    if (!take_filtering(entry, &filtering))
        return cut_record();
    if (!refuses(&filtering))
        return mst_verdict_noise("filter run");
    command = mst_scan_rest(&entry->rest);
    text = g_strdup_printf("%.*s: exit code %.*s: %.*s", (int)filtering.stage.len,
                           filtering.stage.ptr, (int)filtering.exit_code.len,
                           filtering.exit_code.ptr, (int)command.len, command.ptr);
    event = add(entry, MST_EVENT_FILTER, (MstSlice){NULL, 0});
    event->sender = filtering.sender;
    if (!mst_slice_equal(filtering.recipient, MST_LIT("*")))
        event->recipient = filtering.recipient;
    event->peer_ip = or_unset(filtering.client_ip);
    event->detail = mst_batch_keep(entry->out, mst_slice_of(text));
    return mst_verdict_understood();
}

static MstVerdict read_psync(Entry *entry)
{
    MstSlice numbers[4], status;
    int64_t unused;

    if (!mst_xmail_open_record(entry->text, &entry->rest) || !take_time(entry))
        return cut_record();
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        if (!mst_xmail_take_last(&entry->rest, &numbers[i]) ||
            !mst_xmail_is_number(numbers[i], &unused))
            return cut_record();
    }
    if (!mst_xmail_take_last(&entry->rest, &status) || !mst_slice_starts(status, MST_LIT("SYNC=")))
        return cut_record();
    return mst_verdict_noise(mst_slice_equal(status, MST_LIT("SYNC=OK")) ? "mailbox fetch"
                                                                         : "mailbox fetch failure");
}

static MstVerdict read_finger(Entry *entry)
{
    MstSlice host, client_ip;

    return take_client(entry, &host, &client_ip) ? mst_verdict_noise("finger") : cut_record();
}

/* ---- logs with passwords */

static const MstSlice hidden = MST_LIT_INIT("(hidden)");

/* Puts what may be shown of the line in its place: all but `secret`, which is a part of it. */
static void hide(Entry *entry, MstSlice secret)
{
    MstSlice whole = entry->line->whole;
    g_autofree char *shown = NULL;
    size_t before = (size_t)(secret.ptr - whole.ptr);
    size_t behind = whole.len - before - secret.len;

    if (secret.len == 0)
        return;
    shown = g_malloc(before + hidden.len + behind);
    memcpy(shown, whole.ptr, before);
    memcpy(shown + before, hidden.ptr, hidden.len);
    memcpy(shown + before + hidden.len, secret.ptr + secret.len, behind);
    whole = mst_batch_keep(entry->out, (MstSlice){shown, before + hidden.len + behind});
    entry->line->whole = entry->line->text = whole;
}

/* `pair` is a user and a password. If it is not sure where the one ends, both are hidden. */
static void hide_password(Entry *entry, MstScan pair)
{
    MstScan password = pair;
    MstSlice user;

    if (mst_xmail_take_first(&password, &user) &&
        memchr(password.at, '\t', (size_t)(password.end - password.at)) == NULL)
        pair = password;
    hide(entry, mst_scan_rest(&pair));
}

/* `"ELOGIN"`, or `"LOGIN" "MESSAGES" "BYTES"`; before 1.25 nothing. */
static const char *take_login(MstScan *rest)
{
    MstScan scan = *rest;
    MstSlice word, messages;
    int64_t number;

    if (!mst_xmail_take_last(&scan, &word))
        return "pop3 login";
    if (mst_slice_equal(word, MST_LIT("ELOGIN"))) {
        *rest = scan;
        return "pop3 login failure";
    }
    if (mst_xmail_is_number(word, &number) && mst_xmail_take_last(&scan, &messages) &&
        mst_xmail_is_number(messages, &number) && mst_xmail_take_last(&scan, &word) &&
        mst_slice_equal(word, MST_LIT("LOGIN")))
        *rest = scan;
    return "pop3 login";
}

static MstVerdict read_pop3(Entry *entry)
{
    MstSlice server, client_ip;
    const char *kind;

    if (!take_client(entry, &server, &client_ip)) {
        hide(entry, entry->line->whole);
        return cut_record();
    }
    kind = take_login(&entry->rest);
    hide_password(entry, entry->rest);
    return mst_verdict_noise(kind);
}

/* The address at the start and `"TIME" "REQ"` at the end; `rest` is what stands between. */
static bool take_control(MstSlice line, MstScan *rest, MstSlice *stamp)
{
    static const MstSlice words[] = {MST_LIT_INIT("REQ"), MST_LIT_INIT("AUTH"),
                                     MST_LIT_INIT("FAIL")};
    MstSlice client_ip, word;

    if (!mst_xmail_open_record(line, rest) || !mst_xmail_take_first(rest, &client_ip) ||
        !mst_xmail_is_address(client_ip) || !mst_xmail_take_last(rest, &word) ||
        !mst_xmail_take_last(rest, stamp) || !mst_xmail_is_stamp(*stamp))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (mst_slice_equal(word, words[i]))
            return true;
    }
    return false;
}

static MstVerdict read_ctrl(Entry *entry)
{
    MstSlice stamp;

    if (!take_control(entry->text, &entry->rest, &stamp) ||
        !mst_xmail_clock_set(&entry->reader->clock, stamp)) {
        hide(entry, entry->line->whole);
        return cut_record();
    }
    set_time(entry);
    hide_password(entry, entry->rest);
    return mst_verdict_noise("control connection");
}

/* ---- which log a record is of */

static const Log smtp_log = {MST_LIT_INIT("smtp"), read_smtp};
static const Log smail_log = {MST_LIT_INIT("smail"), read_smail};
static const Log lmail_log = {MST_LIT_INIT("lmail"), read_lmail};
static const Log filters_log = {MST_LIT_INIT("filters"), read_filters};
static const Log pop3_log = {MST_LIT_INIT("pop3"), read_pop3};
static const Log psync_log = {MST_LIT_INIT("psync"), read_psync};
static const Log finger_log = {MST_LIT_INIT("finger"), read_finger};
static const Log ctrl_log = {MST_LIT_INIT("ctrl"), read_ctrl};

static const Log *const logs[] = {&smtp_log, &smail_log, &lmail_log,  &filters_log,
                                  &pop3_log, &psync_log, &finger_log, &ctrl_log};

/* `smtp-202611210000`, perhaps with more behind it. */
static const Log *log_named(MstSlice name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(logs); i++) {
        MstScan scan = mst_scan_over(name);
        MstSlice digits;

        if (mst_scan_text(&scan, logs[i]->name) && mst_scan_text(&scan, MST_LIT("-")) &&
            mst_scan_digits(&scan, &digits) && digits.len == NAME_DIGITS)
            return logs[i];
    }
    return NULL;
}

/* How many fields stand before the first that is a time; SIZE_MAX if there is none. `rest` stands
 * behind that one. */
static size_t find_time(MstScan *rest)
{
    enum { FIELDS_MAX = 8 };
    MstSlice field;

    for (size_t i = 0; i < FIELDS_MAX; i++) {
        if (mst_xmail_take_stamp(rest, &field))
            return i;
        if (!mst_xmail_take_first(rest, &field))
            break;
    }
    return SIZE_MAX;
}

static bool is_lmail(MstSlice line)
{
    MstScan rest;
    MstSlice stamp, id;
    uint64_t counter;

    return mst_xmail_open_record(line, &rest) && mst_xmail_take_last(&rest, &stamp) &&
           mst_xmail_is_stamp(stamp) && mst_xmail_take_last(&rest, &id) &&
           mst_xmail_is_id(id, &counter);
}

/* smtp, pop3 and finger begin alike; `rest` is behind the time. What fits none is taken for the one
 * that hides most. */
static const Log *log_of_client(MstScan rest)
{
    Dialogue dialogue = {.size = -1};
    MstScan before = rest;
    MstSlice field;

    (void)take_login(&rest);
    if (rest.end != before.end)
        return &pop3_log;
    if (take_dialogue(rest, &dialogue) != NULL)
        return &smtp_log;
    return mst_xmail_take_first(&rest, &field) ? &pop3_log : &finger_log;
}

/* By the form of one record; NULL if it has none that we know. */
static const Log *log_of(MstSlice line)
{
    MstScan rest;
    MstSlice stamp;

    if (line.len < 2 || *line.ptr != '"')
        return NULL;
    if (take_control(line, &rest, &stamp))
        return &ctrl_log;
    if (is_lmail(line))
        return &lmail_log;
    rest = mst_scan_over(mst_slice_from(line, 1));
    if (line.ptr[line.len - 1] == '"')
        rest.end--; /* a smail record may go on in the next line */
    switch (find_time(&rest)) {
    case 0:
        return &psync_log;
    case 3:
        return log_of_client(rest);
    case 4:
        return &filters_log;
    case 7:
        return &smail_log;
    }
    return NULL;
}

static bool xmail_recognises(MstSlice line)
{
    return log_of(line) != NULL || mst_xmail_slog_recognises(line);
}

/* ---- one line */

static void begin_file(XmailReader *self, const char *file)
{
    MstSlice name = mst_slice_of(file);
    const char *slash = name.len > 0 ? memrchr(name.ptr, '/', name.len) : NULL;

    if (slash != NULL)
        name = mst_slice(slash + 1, name.ptr + name.len);
    self->file = file;
    self->named = self->last = log_named(name);
    forget_begun(self);
    mst_xmail_slog_reset(&self->slog);
}

/* `line` begins with a quote. */
static MstVerdict read_record(Entry *entry)
{
    const Log *log = entry->reader->named;

    if (log == NULL)
        log = log_of(entry->line->whole);
    if (log == NULL) {
        hide(entry, entry->line->whole); /* who knows what is in it */
        return mst_verdict_broken("unknown record");
    }
    entry->reader->last = log;
    entry->text = entry->line->whole;
    entry->line->tag = log->name;
    return log->read(entry);
}

/* A record begins where one before it has not ended. Both are told. */
static MstVerdict read_after_begun(Entry *entry)
{
    MstLine first = {
        .host = entry->line->host, .tag = smail_log.name, .number = entry->reader->begun_number};
    Entry begun = {.reader = entry->reader, .line = &first, .out = entry->out};
    bool told = tell_begun(&begun).fate == MST_FATE_EVENT;
    MstVerdict verdict = read_record(entry);

    return told ? mst_verdict_understood() : verdict;
}

/* A line that begins with no quote. */
static MstVerdict read_other(Entry *entry)
{
    XmailReader *self = entry->reader;
    MstLine *line = entry->line;

    if (self->last == &smail_log && continues_reply(line->whole)) {
        line->tag = smail_log.name;
        return self->begun->len > 0 ? read_continuation(entry)
                                    : mst_verdict_noise("rest of a reply");
    }
    if (self->named == NULL)
        return mst_xmail_slog_read(&self->slog, line, entry->out);
    line->tag = self->named->name;
    if (self->named == &pop3_log || self->named == &ctrl_log)
        hide(entry, line->whole);
    return mst_verdict_broken("not a record");
}

static MstVerdict xmail_read(MstReader *reader, MstLine *line, MstBatch *out)
{
    XmailReader *self = (XmailReader *)reader;
    Entry entry = {.reader = self, .line = line, .out = out};

    self->clock.zone = reader->zone;
    if (self->file != out->file)
        begin_file(self, out->file);
    if (line->whole.len == 0 || *line->whole.ptr != '"')
        return read_other(&entry);
    return self->begun->len > 0 ? read_after_begun(&entry) : read_record(&entry);
}

static bool xmail_owns(MstSlice tag, MstSlice text)
{
    (void)tag;
    (void)text;
    return false;
}

static void xmail_open(MstReader *reader)
{
    ((XmailReader *)reader)->begun = g_string_new(NULL);
}

static void xmail_close(MstReader *reader)
{
    XmailReader *self = (XmailReader *)reader;

    g_string_free(self->begun, TRUE);
    g_free(self->told);
    mst_xmail_slog_clear(&self->slog);
}

const MstReaderOps mst_reader_xmail = {
    .system = MST_SYSTEM_XMAIL,
    .summary = "XMail's eight logs and its notes of failed tries (spool/*/*/slog)",
    .example = "\"example.test\"\t\"1795298643597.7f0872ffd6c0.491.3.store\"\t\"S2\"\t"
               "\"ann@example.net\"\t\"bob@example.test\"\t\"LOCAL\"\t\"bob@example.test\"\t"
               "\"2026-11-21 22:04:03\"\t\"\"",
    .size = sizeof(XmailReader),
    .open = xmail_open,
    .close = xmail_close,
    .owns = xmail_owns,
    .recognises = xmail_recognises,
    .own_envelope = true,
    .read = xmail_read,
};
