/*
 * qmail.c - the logs of qmail: qmail-send's, and that of the server before qmail-smtpd
 *
 *     new msg 93
 *     info msg 93: bytes 212 from <ann@example.org> qp 77 uid 7012
 *     starting delivery 5: msg 93 to remote bob@example.net
 *     delivery 5: success: 127.0.10.5_accepted_message./Remote_host_said:_250_ok/
 *     bounce msg 93 qp 81
 *     end msg 93
 *     status: local 0/10 remote 1/20
 *
 * A message has two names: its number, which is an inode's and comes back at once, and the process
 * that queued it (qp), which is what replies and parents say. A result names a delivery, not a
 * message, so the deliveries under way are remembered. They are counted from 1 in each run of
 * qmail-send.
 *
 * What strangers wrote (addresses, reports) holds no blank and no line end: qmail-send put `_` and
 * `/` in their place. So a blank ends it, and what stands behind is qmail-send's own.
 *
 * splogger hands a line of more than 799 bytes to syslog in pieces, which the reader joins:
 *
 *     qmail: 1795298579.934575 delivery 24: failure: the first 799 bytes
 *     qmail: 1795298579.934575+the rest
 */
#include "mailstory/reader.h"

#include "base/index.h"
#include "mailstory/stamp.h"
#include "readers/qmail_report.h"
#include "readers/qmail_smtpd.h"
#include "readers/scan.h"
#include "readers/verdict.h"

enum {
    DELIVERIES_MAX = 100000,  /* under way at once, in all logs of a source */
    DELIVERY_BYTES = 1 << 24, /* of their text */
    UNUSED_MAX = 1024,        /* kept for the next */
    TEXT_USUAL = 512,         /* what a kept one may hold */
    TEXT_STEP = 64,           /* by which it grows */
    LOGS_MAX = 4096,          /* hosts and tags of one source */
    PIECE = 799,              /* all of splogger's buffer */
    RECORD_MAX = 16384,       /* qmail-send logs 10000 bytes of a report at most */
};

/* Which program writes under a tag. */
typedef enum Writer {
    WRITER_ANY,     /* the text begins with the program's name, or it is qmail-send's */
    WRITER_SERVER,  /* tcpserver, whose name is the tag */
    WRITER_BLOCKER, /* rblsmtpd likewise */
} Writer;

/* What one host writes under one tag. */
typedef struct Log {
    MstSlice host, tag; /* owned */
    GList link;         /* in `by_age` */
    uint64_t number;    /* of the log; none comes again */
    uint64_t run;       /* of qmail-send; none comes again */
    int64_t delivery;   /* the last that began in this run */
    Writer writer;
    GString *record;   /* a line of which there may be more; NULL if there is none */
    int64_t record_us; /* its time, which all its pieces bear */
} Log;

/* A delivery under way. */
typedef struct Delivery {
    uint64_t run;
    int64_t number;
    MstPlace place; /* in `deliveries` */
    GList link;     /* in `by_age`, or in `unused`; likewise */
    bool is_local;
    size_t id_len;
    size_t len, room;
    char *text; /* the message's number, then the recipient */
} Delivery;

typedef struct QmailReader {
    MstReader base;
    GHashTable *logs;     /* of Log */
    GQueue by_log;        /* the oldest first */
    Log *last;            /* whose line came last; NULL */
    uint64_t numbers;     /* given to logs and runs so far */
    MstIndex *deliveries; /* by run and number */
    GQueue by_age;        /* the same, the oldest first */
    size_t bytes;         /* of their text */
    GQueue unused;
    MstQmailSmtpd *smtpd;
} QmailReader;

/* The line that is being read. */
typedef struct Entry {
    QmailReader *reader;
    Log *log;
    const MstLine *line;
    MstBatch *out;
} Entry;

static MstEvent *add(const Entry *entry, MstEventKind kind, MstSlice queue_id)
{
    MstEvent *event = mst_batch_add(entry->out, entry->line, MST_SYSTEM_QMAIL, kind);

    event->queue_id = queue_id;
    return event;
}

/* ---- deliveries under way */

static uint64_t hash_of_delivery(uint64_t run, int64_t number)
{
    return run * UINT64_C(0x9e3779b97f4a7c15) ^ (uint64_t)number;
}

static void free_delivery(Delivery *delivery)
{
    g_free(delivery->text);
    g_free(delivery);
}

static Delivery *new_delivery(QmailReader *self)
{
    GList *link = g_queue_pop_head_link(&self->unused);
    Delivery *delivery;

    if (link != NULL)
        return link->data;
    delivery = g_new0(Delivery, 1);
    delivery->link.data = delivery;
    return delivery;
}

static void drop_delivery(QmailReader *self, Delivery *delivery)
{
    self->bytes -= delivery->len;
    mst_index_remove(self->deliveries, &delivery->place);
    g_queue_unlink(&self->by_age, &delivery->link);
    if (self->unused.length < UNUSED_MAX && delivery->room <= TEXT_USUAL)
        g_queue_push_head_link(&self->unused, &delivery->link);
    else
        free_delivery(delivery);
}

static void set_text(Delivery *delivery, MstSlice queue_id, MstSlice recipient)
{
    delivery->id_len = queue_id.len;
    delivery->len = queue_id.len + recipient.len;
    if (delivery->room <= delivery->len) {
        delivery->room = (delivery->len / TEXT_STEP + 1) * TEXT_STEP;
        delivery->text = g_realloc(delivery->text, delivery->room);
    }
    memcpy(delivery->text, queue_id.ptr, queue_id.len);
    memcpy(delivery->text + queue_id.len, recipient.ptr, recipient.len);
}

static void begin_delivery(const Entry *entry, int64_t number, MstSlice queue_id,
                           MstSlice recipient, bool is_local)
{
    QmailReader *self = entry->reader;
    Delivery *delivery = new_delivery(self);

    delivery->run = entry->log->run;
    delivery->number = number;
    delivery->is_local = is_local;
    set_text(delivery, queue_id, recipient);
    mst_index_add(self->deliveries, &delivery->place, hash_of_delivery(delivery->run, number),
                  delivery);
    g_queue_push_tail_link(&self->by_age, &delivery->link);
    self->bytes += delivery->len;
    while (self->by_age.length > DELIVERIES_MAX || self->bytes > DELIVERY_BYTES)
        drop_delivery(self, self->by_age.head->data);
}

static Delivery *find_delivery(const Entry *entry, int64_t number)
{
    uint64_t run = entry->log->run;
    MstPlace *at = mst_index_find(entry->reader->deliveries, hash_of_delivery(run, number));

    for (; at != NULL; at = at->next) {
        Delivery *delivery = at->thing;

        if (delivery->number == number && delivery->run == run)
            return delivery;
    }
    return NULL;
}

/* Deliveries that are still under way have no result that could be told from the next run's. */
static void begin_run(const Entry *entry)
{
    entry->log->run = ++entry->reader->numbers;
    entry->log->delivery = 0;
}

/* ---- lines about a message */

/* What qmail-send wrote for a stranger: anything unsafe behind it is not of this line. Two lines that
 * were glued together give the first. */
static MstSlice safe_part(MstSlice text)
{
    size_t i = 0;

    if (text.len == 0 || memchr(text.ptr, ' ', text.len) == NULL)
        return text;
    while (text.ptr[i] > ' ' && text.ptr[i] < 0x7f)
        i++;
    return mst_slice_head(text, i);
}

/* `93`, all of the text. */
static MstVerdict read_number(const Entry *entry, MstScan rest, MstEventKind kind)
{
    MstSlice queue_id;

    if (!mst_scan_digits(&rest, &queue_id) || !mst_scan_is_done(&rest))
        return mst_verdict_broken("cut message line");
    add(entry, kind, queue_id);
    return mst_verdict_understood();
}

static MstVerdict read_new(const Entry *entry, MstScan rest)
{
    return read_number(entry, rest, MST_EVENT_ACCEPT);
}

static MstVerdict read_last(const Entry *entry, MstScan rest)
{
    return read_number(entry, rest, MST_EVENT_DONE);
}

/* The sender may hold `>` but no blank. */
static bool scan_sender(MstScan *scan, MstSlice *sender)
{
    return mst_scan_text(scan, MST_LIT("<")) && mst_scan_until(scan, ' ', sender) &&
           mst_slice_ends(*sender, MST_LIT(">"));
}

/* `93: bytes 212 from <ann@example.org> qp 77 uid 7012` */
static MstVerdict read_info(const Entry *entry, MstScan rest)
{
    MstSlice queue_id, sender, qp, uid;
    MstEvent *event;
    int64_t size;

    if (!mst_scan_digits(&rest, &queue_id) || !mst_scan_text(&rest, MST_LIT(": bytes ")) ||
        !mst_scan_number(&rest, &size) || !mst_scan_text(&rest, MST_LIT(" from ")) ||
        !scan_sender(&rest, &sender) || !mst_scan_text(&rest, MST_LIT("qp ")) ||
        !mst_scan_digits(&rest, &qp) || !mst_scan_text(&rest, MST_LIT(" uid ")) ||
        !mst_scan_digits(&rest, &uid) || !mst_scan_is_done(&rest))
        return mst_verdict_broken("cut message line");
    event = add(entry, MST_EVENT_SENDER, queue_id);
    event->sender = mst_slice_head(sender, sender.len - 1);
    event->size = size;
    event->user = uid;
    event->other_id = qp;
    event->relation = MST_RELATION_ALIAS;
    return mst_verdict_understood();
}

/* `93 qp 81` */
static MstVerdict read_bounce(const Entry *entry, MstScan rest)
{
    MstSlice queue_id, qp;
    MstEvent *event;

    if (!mst_scan_digits(&rest, &queue_id) || !mst_scan_text(&rest, MST_LIT(" qp ")) ||
        !mst_scan_digits(&rest, &qp) || !mst_scan_is_done(&rest))
        return mst_verdict_broken("cut message line");
    event = add(entry, MST_EVENT_NOTIFY, queue_id);
    event->other_id = qp;
    event->relation = MST_RELATION_NOTIFICATION_ALIAS;
    return mst_verdict_understood();
}

/* `bounce/93`: the message has been told to nobody. */
static MstVerdict read_discarded(const Entry *entry, MstScan rest)
{
    MstSlice queue_id;

    if (!mst_scan_digits(&rest, &queue_id) || !mst_scan_is_done(&rest))
        return mst_verdict_broken("cut message line");
    add(entry, MST_EVENT_FILTER, queue_id)->detail = entry->line->text;
    return mst_verdict_understood();
}

/* ---- lines about a delivery */

static bool scan_channel(MstScan *scan, bool *is_local)
{
    *is_local = mst_scan_text(scan, MST_LIT("local "));
    return *is_local || mst_scan_text(scan, MST_LIT("remote "));
}

/* `5: msg 93 to remote bob@example.net` */
static MstVerdict read_start(const Entry *entry, MstScan rest)
{
    MstSlice queue_id, recipient;
    MstEvent *event;
    int64_t number;
    bool is_local;

    if (!mst_scan_number(&rest, &number) || !mst_scan_text(&rest, MST_LIT(": msg ")) ||
        !mst_scan_digits(&rest, &queue_id) || !mst_scan_text(&rest, MST_LIT(" to ")) ||
        !scan_channel(&rest, &is_local))
        return mst_verdict_broken("cut delivery line");
    recipient = safe_part(mst_scan_rest(&rest));
    if (recipient.len == 0)
        return mst_verdict_broken("cut delivery line");
    if (number <= entry->log->delivery)
        begin_run(entry);
    entry->log->delivery = number;
    begin_delivery(entry, number, queue_id, recipient, is_local);
    event = add(entry, MST_EVENT_RECIPIENT, queue_id);
    event->recipient = recipient;
    event->detail = is_local ? MST_LIT("local") : MST_LIT("remote");
    return mst_verdict_understood();
}

/* How qmail-send judged an attempt. */
typedef enum Outcome {
    OUTCOME_SUCCESS,
    OUTCOME_FAILURE,
    OUTCOME_DEFERRAL,
    OUTCOME_NONE, /* the report goes on (qmail-ldap) */
} Outcome;

static const struct {
    MstSlice word;
    Outcome outcome;
} outcomes[] = {
    {MST_LIT_INIT("success:"), OUTCOME_SUCCESS},
    {MST_LIT_INIT("failure:"), OUTCOME_FAILURE},
    {MST_LIT_INIT("deferral:"), OUTCOME_DEFERRAL},
    {MST_LIT_INIT("log:"), OUTCOME_NONE},
};

static bool scan_outcome(MstScan *scan, Outcome *outcome, MstSlice *report)
{
    *report = mst_scan_rest(scan);
    *outcome = OUTCOME_DEFERRAL;
    if (mst_slice_equal(*report, MST_LIT("report mangled, will defer")))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(outcomes); i++) {
        if (!mst_scan_text(scan, outcomes[i].word))
            continue;
        mst_scan_text(scan, MST_LIT(" ")); /* some loggers drop it where nothing follows */
        *outcome = outcomes[i].outcome;
        *report = safe_part(mst_scan_rest(scan));
        return true;
    }
    return false;
}

/* What is known of a result: `delivery` is NULL if its start was not seen. */
typedef struct Result {
    Outcome outcome;
    bool is_local;
    MstSlice queue_id, recipient, report;
} Result;

static void recall(const Entry *entry, const Delivery *delivery, Result *result)
{
    MstSlice text;

    if (delivery == NULL) {
        result->is_local = mst_qmail_report_did(result->report);
        return;
    }
    text = mst_batch_keep(entry->out, (MstSlice){delivery->text, delivery->len});
    result->is_local = delivery->is_local;
    result->queue_id = mst_slice_head(text, delivery->id_len);
    result->recipient = mst_slice_from(text, delivery->id_len);
}

static MstAction action_of(const Result *result)
{
    switch (result->outcome) {
    case OUTCOME_SUCCESS:
        return result->is_local ? MST_ACTION_DELIVERED : MST_ACTION_RELAYED;
    case OUTCOME_FAILURE:
        return MST_ACTION_FAILED;
    case OUTCOME_DEFERRAL:
        return MST_ACTION_DELAYED;
    case OUTCOME_NONE:
        break;
    }
    return MST_ACTION_NONE;
}

static void describe_local(MstEvent *event, const Result *result, MstSlice report)
{
    bool keeps;

    if (result->outcome != OUTCOME_SUCCESS) {
        mst_qmail_report_status(report, &event->status);
    } else if (mst_qmail_report_child(report, &event->other_id, &keeps)) {
        event->relation = MST_RELATION_CHILD_ALIAS;
        event->action = keeps ? MST_ACTION_DELIVERED : MST_ACTION_RELAYED;
    }
}

static void describe_remote(MstEvent *event, const Result *result, MstSlice report, MstBatch *out)
{
    MstQmailReport told = mst_qmail_report_remote(report, result->recipient, out);

    event->peer_ip = told.ip;
    event->reply_code = told.reply_code;
    event->status = told.status;
    if (result->outcome == OUTCOME_SUCCESS && mst_slice_is_set(told.next_id)) {
        event->other_id = told.next_id;
        event->relation = MST_RELATION_NEXT;
    }
}

static void add_result(const Entry *entry, const Result *result)
{
    MstSlice report = result->report;
    MstEvent *event;

    if (result->outcome == OUTCOME_FAILURE && mst_qmail_report_take_expiry(&report)) {
        event = add(entry, MST_EVENT_EXPIRE, result->queue_id);
        event->recipient = result->recipient;
        event->detail = mst_slice_from(result->report, report.len);
    }
    event = add(entry, result->outcome == OUTCOME_NONE ? MST_EVENT_ATTEMPT : MST_EVENT_RESULT,
                result->queue_id);
    event->recipient = result->recipient;
    event->action = action_of(result);
    event->detail = result->report;
    if (result->is_local)
        describe_local(event, result, report);
    else
        describe_remote(event, result, report, entry->out);
}

/* `5: success: TEXT` */
static MstVerdict read_result(const Entry *entry, MstScan rest)
{
    Result result = {0};
    Delivery *delivery;
    int64_t number;

    if (!mst_scan_number(&rest, &number) || !mst_scan_text(&rest, MST_LIT(": ")) ||
        !scan_outcome(&rest, &result.outcome, &result.report))
        return mst_verdict_broken("cut delivery line");
    delivery = find_delivery(entry, number);
    recall(entry, delivery, &result);
    add_result(entry, &result);
    if (delivery != NULL && result.outcome != OUTCOME_NONE)
        drop_delivery(entry->reader, delivery);
    return mst_verdict_understood();
}

/* ---- other lines */

static MstVerdict read_status(const Entry *entry, MstScan rest)
{
    if (mst_slice_equal(mst_scan_rest(&rest), MST_LIT("exiting")))
        begin_run(entry);
    return mst_verdict_noise("status");
}

/* `todo/93`, `info/12/93`: the last part is the message's number. */
static bool scan_queue_file(MstScan *scan, MstSlice *queue_id)
{
    static const MstSlice folders[] = {
        MST_LIT_INIT("todo/"),   MST_LIT_INIT("intd/"), MST_LIT_INIT("bounce/"),
        MST_LIT_INIT("mess/"),   MST_LIT_INIT("info/"), MST_LIT_INIT("local/"),
        MST_LIT_INIT("remote/"),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
        if (!mst_scan_text(scan, folders[i]))
            continue;
        return mst_scan_digits(scan, queue_id) &&
               (!mst_scan_text(scan, MST_LIT("/")) || mst_scan_digits(scan, queue_id));
    }
    return false;
}

/* qmail-send's words before a file's name: all that it may warn of. */
static MstVerdict read_warning(const Entry *entry, MstScan rest)
{
    static const MstSlice openings[] = {
        MST_LIT_INIT("qmail-clean unable to clean up "),
        MST_LIT_INIT("unable to stat "),
        MST_LIT_INIT("unable to utime "),
        MST_LIT_INIT("unable to unlink "),
        MST_LIT_INIT("unable to open "),
        MST_LIT_INIT("unable to create "),
        MST_LIT_INIT("trouble opening "),
        MST_LIT_INIT("trouble reading "),
        MST_LIT_INIT("trouble writing to "),
        MST_LIT_INIT("trouble fsyncing "),
        MST_LIT_INIT("trouble marking "),
        MST_LIT_INIT("unknown record type in "),
    };
    MstSlice queue_id;

    for (size_t i = 0; i < G_N_ELEMENTS(openings); i++) {
        if (!mst_scan_text(&rest, openings[i]))
            continue;
        if (!scan_queue_file(&rest, &queue_id))
            break;
        add(entry, MST_EVENT_ATTEMPT, queue_id)->detail = entry->line->text;
        return mst_verdict_understood();
    }
    return mst_verdict_noise("warning");
}

static MstQmailSmtpdLine smtpd_line(const Entry *entry)
{
    return (MstQmailSmtpdLine){entry->line, entry->log->number, entry->out};
}

static MstVerdict read_server(const Entry *entry, MstScan rest)
{
    MstQmailSmtpdLine line = smtpd_line(entry);

    return mst_qmail_smtpd_read_server(entry->reader->smtpd, &line, rest);
}

static MstVerdict read_blocked(const Entry *entry, MstScan rest)
{
    MstQmailSmtpdLine line = smtpd_line(entry);

    return mst_qmail_smtpd_read_blocked(entry->reader->smtpd, &line, rest);
}

/* recordio's. */
static MstVerdict read_dialogue(const Entry *entry, MstScan rest)
{
    MstQmailSmtpdLine line = smtpd_line(entry);

    return mst_qmail_smtpd_read_record(entry->reader->smtpd, &line, rest);
}

/* In the order of their number in a log. What is foreign are patches, filters and other servers that
 * write into the same log. */
static const struct {
    MstSlice opening;
    MstVerdict (*read)(const Entry *entry, MstScan rest);
    MstVerdict verdict; /* if nothing is read */
} rows[] = {
    {MST_LIT_INIT("status: "), read_status, {0}},
    {MST_LIT_INIT("delivery "), read_result, {0}},
    {MST_LIT_INIT("starting delivery "), read_start, {0}},
    {MST_LIT_INIT("new msg "), read_new, {0}},
    {MST_LIT_INIT("info msg "), read_info, {0}},
    {MST_LIT_INIT("end msg "), read_last, {0}},
    {MST_LIT_INIT("bounce msg "), read_bounce, {0}},
    {MST_LIT_INIT("triple bounce: discarding bounce/"), read_discarded, {0}},
    {MST_LIT_INIT("double bounce: discarding bounce/"), read_discarded, {0}},
    {MST_LIT_INIT("warning: "), read_warning, {0}},
    {MST_LIT_INIT("alert: "), NULL, {MST_FATE_NOISE, "alert"}},
    {MST_LIT_INIT("tcpserver: "), read_server, {0}},
    {MST_LIT_INIT("sslserver: "), read_server, {0}},
    {MST_LIT_INIT("tcpsvd: info: "), read_server, {0}},
    {MST_LIT_INIT("rblsmtpd: "), read_blocked, {0}},
    {MST_LIT_INIT("qmail-smtpd"), NULL, {MST_FATE_FOREIGN, NULL}},
    {MST_LIT_INIT("qlogenvelope: "), NULL, {MST_FATE_FOREIGN, NULL}},
    {MST_LIT_INIT("qlogreceived: "), NULL, {MST_FATE_FOREIGN, NULL}},
    {MST_LIT_INIT("simscan:"), NULL, {MST_FATE_FOREIGN, NULL}},
    {MST_LIT_INIT("spamdyke["), NULL, {MST_FATE_FOREIGN, NULL}},
    {MST_LIT_INIT("CHKUSER "), NULL, {MST_FATE_FOREIGN, NULL}},
};

static MstVerdict read_any(const Entry *entry)
{
    MstScan rest = mst_scan_over(entry->line->text);
    MstSlice text = entry->line->text;

    if (text.len > 0 && g_ascii_isdigit(*text.ptr))
        return read_dialogue(entry, rest);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (!mst_scan_begins(text, rows[i].opening))
            continue;
        rest.at += rows[i].opening.len;
        return rows[i].read != NULL ? rows[i].read(entry, rest) : rows[i].verdict;
    }
    return mst_verdict_broken("unknown line");
}

static MstVerdict read_text(const Entry *entry)
{
    MstScan rest = mst_scan_over(entry->line->text);

    switch (entry->log->writer) {
    case WRITER_SERVER:
        return read_server(entry, rest);
    case WRITER_BLOCKER:
        return read_blocked(entry, rest);
    case WRITER_ANY:
        break;
    }
    return read_any(entry);
}

/* ---- logs */

static guint hash_of_slice(MstSlice s, guint hash)
{
    for (size_t i = 0; i < s.len; i++)
        hash = hash * 31 + (unsigned char)s.ptr[i];
    return hash;
}

static guint hash_of_log(gconstpointer data)
{
    const Log *log = data;

    return hash_of_slice(log->tag, hash_of_slice(log->host, 1));
}

static inline bool same_name(MstSlice a, MstSlice b)
{
    return a.len == b.len && mst_slice_same_bytes(a.ptr, b.ptr, a.len);
}

static inline bool is_of(const Log *log, MstSlice host, MstSlice tag)
{
    return same_name(log->host, host) && same_name(log->tag, tag);
}

static gboolean same_log(gconstpointer a, gconstpointer b)
{
    const Log *one = a;
    const Log *other = b;

    return is_of(one, other->host, other->tag);
}

static void free_record(Log *log)
{
    if (log->record != NULL)
        g_string_free(log->record, TRUE);
    log->record = NULL;
}

static void free_log(gpointer data)
{
    Log *log = data;

    free_record(log);
    g_free((char *)log->host.ptr);
    g_free((char *)log->tag.ptr);
    g_free(log);
}

static MstSlice copy_of(MstSlice s)
{
    return (MstSlice){g_strndup(s.ptr, s.len), s.len};
}

static bool is_server(MstSlice tag)
{
    return mst_slice_equal(tag, MST_LIT("tcpserver")) || mst_slice_equal(tag, MST_LIT("sslserver"));
}

static bool is_blocker(MstSlice tag)
{
    return mst_slice_equal(tag, MST_LIT("rblsmtpd"));
}

static Writer writer_of(MstSlice tag)
{
    if (is_server(tag))
        return WRITER_SERVER;
    return is_blocker(tag) ? WRITER_BLOCKER : WRITER_ANY;
}

static void drop_oldest_log(QmailReader *self)
{
    Log *log = g_queue_pop_head_link(&self->by_log)->data;

    g_hash_table_remove(self->logs, log);
}

static Log *new_log(QmailReader *self, const MstLine *line)
{
    Log *log = g_new0(Log, 1);

    if (self->by_log.length >= LOGS_MAX)
        drop_oldest_log(self);
    log->host = copy_of(line->host);
    log->tag = copy_of(line->tag);
    log->link.data = log;
    log->number = ++self->numbers;
    log->run = ++self->numbers;
    log->writer = writer_of(line->tag);
    g_hash_table_add(self->logs, log);
    g_queue_push_tail_link(&self->by_log, &log->link);
    return log;
}

static G_GNUC_NO_INLINE Log *find_log(QmailReader *self, const MstLine *line)
{
    const Log wanted = {.host = line->host, .tag = line->tag};
    Log *log = g_hash_table_lookup(self->logs, &wanted);

    return log != NULL ? log : new_log(self, line);
}

static inline Log *log_of(QmailReader *self, const MstLine *line)
{
    if (self->last == NULL || !is_of(self->last, line->host, line->tag))
        self->last = find_log(self, line);
    return self->last;
}

/* ---- splogger */

/* Where a syslog tag has a process ID, splogger's stamp is left in the text. The byte behind it tells
 * a line's first piece from those that follow. */
static bool scan_stamp(MstSlice text, int64_t *time_us, size_t *len)
{
    MstStamp stamp;

    if (text.len < 17 || (text.ptr[9] != '.' && text.ptr[10] != '.') || !g_ascii_isdigit(*text.ptr))
        return false;
    *len = mst_stamp_scan(text, &stamp);
    if (*len == 0 || *len == text.len || (text.ptr[*len] != ' ' && text.ptr[*len] != '+'))
        return false;
    *time_us = mst_stamp_us(&stamp, stamp.year, NULL);
    return true;
}

/* Reads the record that is held back, as a line of its own time. */
static MstVerdict read_record(const Entry *entry)
{
    Log *log = entry->log;
    MstLine line = *entry->line;
    Entry whole = *entry;

    line.text = mst_batch_keep(entry->out, (MstSlice){log->record->str, log->record->len});
    line.time_us = log->record_us;
    line.resolution_us = 1;
    free_record(log);
    whole.line = &line;
    return read_text(&whole);
}

/* `STAMP+rest`; all pieces but the last are full. */
static MstVerdict read_piece(const Entry *entry, MstSlice piece, int64_t time_us)
{
    Log *log = entry->log;

    if (log->record == NULL || log->record_us != time_us ||
        log->record->len + piece.len > RECORD_MAX) {
        free_record(log);
        return mst_verdict_broken("a continuation without its beginning");
    }
    g_string_append_len(log->record, piece.ptr, (gssize)piece.len);
    if (piece.len >= PIECE)
        return (MstVerdict){MST_FATE_CONTINUATION, NULL};
    return read_record(entry);
}

static MstVerdict read_first_piece(const Entry *entry)
{
    Log *log = entry->log;

    if (entry->line->text.len != PIECE || entry->line->resolution_us != 1)
        return read_text(entry);
    log->record = g_string_new_len(entry->line->text.ptr, PIECE);
    log->record_us = entry->line->time_us;
    return (MstVerdict){MST_FATE_CONTINUATION, NULL};
}

static MstVerdict read_whole_line(const Entry *entry)
{
    guint before = entry->out->events->len;
    MstVerdict verdict;

    /* A line that filled the last piece to its end was whole after all. */
    if (entry->log->record != NULL)
        (void)read_record(entry);
    verdict = read_first_piece(entry);
    return entry->out->events->len > before ? mst_verdict_understood() : verdict;
}

/* A line under a tag, as syslog has it. */
static MstVerdict read_tagged(const Entry *entry)
{
    MstSlice text = entry->line->text;
    int64_t time_us;
    Entry stamped;
    MstLine line;
    size_t len;

    if (!scan_stamp(text, &time_us, &len))
        return read_whole_line(entry);
    line = *entry->line;
    line.time_us = time_us;
    line.resolution_us = 1;
    line.text = mst_slice_from(text, len + 1);
    stamped = *entry;
    stamped.line = &line;
    return text.ptr[len] == '+' ? read_piece(&stamped, line.text, time_us)
                                : read_whole_line(&stamped);
}

static MstVerdict qmail_read(MstReader *reader, MstLine *line, MstBatch *out)
{
    QmailReader *self = (QmailReader *)reader;
    const Entry entry = {self, log_of(self, line), line, out};

    return line->tag.len == 0 ? read_text(&entry) : read_tagged(&entry);
}

static void qmail_open(MstReader *reader)
{
    QmailReader *self = (QmailReader *)reader;

    self->logs = g_hash_table_new_full(hash_of_log, same_log, free_log, NULL);
    self->deliveries = mst_index_new(mst_index_seed());
    g_queue_init(&self->by_log);
    g_queue_init(&self->by_age);
    g_queue_init(&self->unused);
    self->smtpd = mst_qmail_smtpd_new();
}

/* The links of these queues are parts of what they hold. */
static void free_deliveries(GQueue *queue)
{
    for (GList *link = g_queue_pop_head_link(queue); link != NULL;
         link = g_queue_pop_head_link(queue))
        free_delivery(link->data);
}

static void qmail_close(MstReader *reader)
{
    QmailReader *self = (QmailReader *)reader;

    g_hash_table_unref(self->logs);
    mst_index_free(self->deliveries);
    free_deliveries(&self->by_age);
    free_deliveries(&self->unused);
    mst_qmail_smtpd_free(self->smtpd);
}

/* ---- which lines are qmail's */

/* `#` stands for a number, `$` for the end of the line. */
static bool has_shape(MstSlice text, const char *shape)
{
    MstScan scan = mst_scan_over(text);
    MstSlice digits;

    for (; *shape != '\0'; shape++) {
        if (*shape == '#') {
            if (!mst_scan_digits(&scan, &digits))
                return false;
        } else if (*shape == '$') {
            return mst_scan_is_done(&scan);
        } else if (scan.at == scan.end || *scan.at++ != *shape) {
            return false;
        }
    }
    return true;
}

/* Lines that no other program writes. */
static bool is_qmail_text(MstSlice text)
{
    static const char *const shapes[] = {
        "status: local #/# remote #/#",
        "starting delivery #: msg # to local ",
        "starting delivery #: msg # to remote ",
        "delivery #: success:",
        "delivery #: failure:",
        "delivery #: deferral:",
        "new msg #$",
        "info msg #: bytes # from <",
        "end msg #$",
        "bounce msg # qp #$",
        "triple bounce: discarding bounce/#$",
        "tcpserver: status: #/#$",
        "tcpserver: pid # from ",
        "tcpserver: ok # ",
        "tcpserver: deny # ",
        "tcpserver: end # status #$",
        "sslserver: status: #/#$",
        "sslserver: pid # from ",
        "sslserver: ok # ",
        "sslserver: deny # ",
        "sslserver: end # status #$",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        if (has_shape(text, shapes[i]))
            return true;
    }
    return false;
}

static bool is_record(MstSlice text)
{
    return has_shape(text, "# < ") || has_shape(text, "# > ");
}

/* splogger's argument is the tag, so it may be any. */
static bool qmail_owns(MstSlice tag, MstSlice text)
{
    return mst_slice_equal(tag, MST_LIT("qmail")) || mst_slice_equal(tag, MST_LIT("qmail-send")) ||
           is_server(tag) || is_blocker(tag) || is_qmail_text(text);
}

/* Behind a stamp of multilog, tai64nlocal, svlogd or their like, which no syslog writes. */
static bool qmail_recognises(MstSlice whole)
{
    MstStamp stamp;
    size_t len = mst_stamp_scan(whole, &stamp);

    if (len == 0 || stamp.resolution_us >= 1000 ||
        (*whole.ptr != '@' && !g_ascii_isdigit(*whole.ptr)))
        return false;
    while (len < whole.len && whole.ptr[len] == ' ')
        len++;
    whole = mst_slice_from(whole, len);
    return is_qmail_text(whole) || is_record(whole);
}

const MstReaderOps mst_reader_qmail = {
    .system = MST_SYSTEM_QMAIL,
    .summary = "qmail-send's log, and tcpserver's and recordio's, by multilog or splogger",
    .example = "@400000006b02151d1c844cf4 delivery 3: success: "
               "192.0.2.5_accepted_message./Remote_host_said:_250_ok_1795298579_qp_29/",
    .size = sizeof(QmailReader),
    .open = qmail_open,
    .close = qmail_close,
    .owns = qmail_owns,
    .recognises = qmail_recognises,
    .read = qmail_read,
};
