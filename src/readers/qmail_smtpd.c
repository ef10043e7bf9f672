/*
 * qmail_smtpd.c - the connections of qmail-smtpd: tcpserver's log, and recordio's
 *
 *     tcpserver: pid 28 from 127.0.20.2
 *     tcpserver: ok 28 relay.example.test:127.0.10.3:25 client.example.org:127.0.20.2::52219
 *     28 < RCPT TO:<bob@example.net>
 *     28 > 250 ok 1795298579 qp 29
 *     tcpserver: end 28 status 0
 *
 * The process that tcpserver starts becomes qmail-smtpd, so its ID names the session. qmail-smtpd
 * itself logs nothing; where recordio stands before it, the dialogue is there too, and the server's
 * last reply names the message. Clients may send several commands before the first reply, so those
 * that wait for theirs are remembered in order. What a client says between DATA and the final dot is
 * the message, whatever it looks like. recordio ends a line with a blank, and cuts a long one into
 * pieces of which all but the last end in `+`.
 */
#include "readers/qmail_smtpd.h"

#include "readers/verdict.h"

enum {
    SESSIONS_MAX = 4096,
    IP_SIZE = 64,
    NAME_SIZE = 128,    /* tcpserver cuts a name at 100 bytes */
    COMMAND_MAX = 1024, /* or a reply; qmail-smtpd takes addresses of 900 bytes */
    WAITING_MAX = 8192, /* bytes of commands that wait for replies */
};

/* The commands that matter here. */
typedef enum Command {
    COMMAND_OTHER = 'o',
    COMMAND_MAIL = 'm',
    COMMAND_RCPT = 'r',
    COMMAND_DATA = 'd',
    COMMAND_DOT = '.', /* the end of the message */
} Command;

/* What recordio shows of a session. */
typedef struct Dialogue {
    GString *waiting;   /* commands without reply: a letter, the address, a line end each */
    GString *piece;     /* the start of a command whose end is still to come */
    GString *reply;     /* the start of a reply likewise */
    GString *sender;    /* that was accepted */
    GString *recipient; /* that was accepted last */
    bool has_sender;
    int32_t recipients; /* that were accepted */
    bool greeted;       /* the server has said something */
    bool in_message;    /* what the client says is the message */
    bool said_message;  /* and it said some of it before the server asked for it */
    bool client_cut;    /* the client's next piece goes on with the same line */
    bool is_lost;       /* replies cannot be told to belong to commands any more */
} Dialogue;

typedef struct SessionKey {
    uint64_t log;
    uint32_t pid;
} SessionKey;

typedef struct Session {
    SessionKey key; /* first: the table's key is the session */
    GList link;     /* in `by_age` */
    char ip[IP_SIZE];
    char name[NAME_SIZE];
    Dialogue *dialogue; /* NULL if recordio shows none */
} Session;

struct MstQmailSmtpd {
    GHashTable *sessions; /* of Session */
    GQueue by_age;        /* the oldest first */
};

static MstVerdict unknown(void)
{
    return (MstVerdict){MST_FATE_BROKEN, "unknown line about a connection"};
}

/* ---- sessions */

static guint hash_of_key(gconstpointer data)
{
    const SessionKey *key = data;

    return (guint)key->log * 2654435761U ^ key->pid;
}

static gboolean keys_equal(gconstpointer a, gconstpointer b)
{
    const SessionKey *one = a;
    const SessionKey *other = b;

    return one->log == other->log && one->pid == other->pid;
}

static void free_dialogue(Dialogue *dialogue)
{
    if (dialogue == NULL)
        return;
    g_string_free(dialogue->waiting, TRUE);
    g_string_free(dialogue->piece, TRUE);
    g_string_free(dialogue->reply, TRUE);
    g_string_free(dialogue->sender, TRUE);
    g_string_free(dialogue->recipient, TRUE);
    g_free(dialogue);
}

static void free_session(gpointer data)
{
    Session *session = data;

    free_dialogue(session->dialogue);
    g_free(session);
}

MstQmailSmtpd *mst_qmail_smtpd_new(void)
{
    MstQmailSmtpd *self = g_new0(MstQmailSmtpd, 1);

    self->sessions = g_hash_table_new_full(hash_of_key, keys_equal, free_session, NULL);
    g_queue_init(&self->by_age);
    return self;
}

void mst_qmail_smtpd_free(MstQmailSmtpd *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->sessions);
    g_free(self);
}

static void drop(MstQmailSmtpd *self, Session *session)
{
    if (session == NULL)
        return;
    g_queue_unlink(&self->by_age, &session->link);
    g_hash_table_remove(self->sessions, session);
}

static Session *find(const MstQmailSmtpd *self, const MstQmailSmtpdLine *line, uint32_t pid)
{
    const SessionKey key = {line->log, pid};

    return g_hash_table_lookup(self->sessions, &key);
}

static Session *begin(MstQmailSmtpd *self, const MstQmailSmtpdLine *line, uint32_t pid)
{
    Session *session = g_new0(Session, 1);

    session->key = (SessionKey){line->log, pid};
    session->link.data = session;
    g_hash_table_add(self->sessions, session);
    g_queue_push_tail_link(&self->by_age, &session->link);
    if (self->by_age.length > SESSIONS_MAX)
        drop(self, self->by_age.head->data);
    return session;
}

static Session *find_or_begin(MstQmailSmtpd *self, const MstQmailSmtpdLine *line, uint32_t pid)
{
    Session *session = find(self, line, pid);

    return session != NULL ? session : begin(self, line, pid);
}

/* What is too long is not remembered. */
static void remember(char *to, size_t size, MstSlice text)
{
    if (text.len >= size)
        return;
    memcpy(to, text.ptr, text.len);
    to[text.len] = '\0';
}

static bool scan_pid(MstScan *scan, uint32_t *pid)
{
    MstScan rest = *scan;
    int64_t number;

    if (!mst_scan_number(&rest, &number) || number == 0 || number > UINT32_MAX)
        return false;
    *pid = (uint32_t)number;
    *scan = rest;
    return true;
}

static MstSlice kept_if_any(MstBatch *out, const char *text)
{
    return *text == '\0' ? (MstSlice){NULL, 0} : mst_batch_keep(out, mst_slice_of(text));
}

/* `session` may be NULL: its beginning was not seen. */
static MstEvent *add(const MstQmailSmtpdLine *line, MstEventKind kind, uint32_t pid,
                     const Session *session)
{
    MstEvent *event = mst_batch_add(line->out, line->line, MST_SYSTEM_QMAIL, kind);

    event->pid = pid;
    if (session != NULL) {
        event->peer_ip = kept_if_any(line->out, session->ip);
        event->peer_name = kept_if_any(line->out, session->name);
    }
    return event;
}

/* ---- tcpserver */

/* `pid P from IP`: a process ID that comes again is another session. */
static MstVerdict read_pid(MstQmailSmtpd *self, const MstQmailSmtpdLine *line, MstScan rest)
{
    Session *session;
    uint32_t pid;

    if (!scan_pid(&rest, &pid) || !mst_scan_text(&rest, MST_LIT(" from ")) ||
        mst_scan_is_done(&rest))
        return unknown();
    drop(self, find(self, line, pid));
    session = begin(self, line, pid);
    remember(session->ip, sizeof session->ip, mst_scan_rest(&rest));
    add(line, MST_EVENT_CONNECT, pid, NULL)->peer_ip = mst_scan_rest(&rest);
    return mst_verdict_understood();
}

/* Takes all behind the last colon, and the colon. */
static bool take_field(MstSlice *text)
{
    const char *colon = text->len == 0 ? NULL : memrchr(text->ptr, ':', text->len);

    if (colon == NULL)
        return false;
    text->len = (size_t)(colon - text->ptr);
    return true;
}

/* `RHOST:RIP:RINFO:RPORT`, of which RINFO is what the client's host said of itself: an address with
 * colons stands between the first colon and the last but one. */
static bool read_remote(MstSlice remote, Session *session)
{
    MstScan scan;
    MstSlice name, ip;

    if (!take_field(&remote) || !take_field(&remote))
        return false;
    scan = mst_scan_over(remote);
    if (!mst_scan_until(&scan, ':', &name))
        return false;
    ip = mst_scan_rest(&scan);
    if (mst_slice_starts(ip, MST_LIT("[")) && mst_slice_ends(ip, MST_LIT("]")))
        ip = (MstSlice){ip.ptr + 1, ip.len - 2};
    remember(session->name, sizeof session->name, name);
    if (session->ip[0] == '\0')
        remember(session->ip, sizeof session->ip, ip);
    return true;
}

/* `P LHOST:LIP:LPORT RHOST:RIP:RINFO:RPORT` */
static Session *read_ends(MstQmailSmtpd *self, const MstQmailSmtpdLine *line, MstScan rest)
{
    Session *session;
    MstSlice local;
    uint32_t pid;

    if (!scan_pid(&rest, &pid) || !mst_scan_text(&rest, MST_LIT(" ")) ||
        !mst_scan_until(&rest, ' ', &local))
        return NULL;
    session = find_or_begin(self, line, pid);
    return read_remote(mst_scan_rest(&rest), session) ? session : NULL;
}

static MstVerdict read_allowed(MstQmailSmtpd *self, const MstQmailSmtpdLine *line, MstScan rest)
{
    return read_ends(self, line, rest) == NULL ? unknown()
                                               : mst_verdict_noise("connection allowed");
}

static MstVerdict read_denied(MstQmailSmtpd *self, const MstQmailSmtpdLine *line, MstScan rest)
{
    const Session *session = read_ends(self, line, rest);

    if (session == NULL)
        return unknown();
    add(line, MST_EVENT_ABORT, session->key.pid, session)->detail = MST_LIT("deny");
    return mst_verdict_understood();
}

/* `P status W`; ipsvd: `P exit W`. */
static MstVerdict read_end(MstQmailSmtpd *self, const MstQmailSmtpdLine *line, MstScan rest)
{
    MstScan status;
    MstSlice digits;
    uint32_t pid;

    if (!scan_pid(&rest, &pid) || !mst_scan_text(&rest, MST_LIT(" ")))
        return unknown();
    status = rest;
    if ((!mst_scan_text(&status, MST_LIT("status ")) &&
         !mst_scan_text(&status, MST_LIT("exit "))) ||
        !mst_scan_digits(&status, &digits) || !mst_scan_is_done(&status))
        return unknown();
    add(line, MST_EVENT_DISCONNECT, pid, find(self, line, pid))->detail = mst_scan_rest(&rest);
    drop(self, find(self, line, pid));
    return mst_verdict_understood();
}

static const struct {
    MstSlice opening;
    MstVerdict (*read)(MstQmailSmtpd *self, const MstQmailSmtpdLine *line, MstScan rest);
    const char *noise;
} rows[] = {
    {MST_LIT_INIT("status"), NULL, "status"},
    {MST_LIT_INIT("pid "), read_pid, NULL},
    {MST_LIT_INIT("ok "), read_allowed, NULL},
    {MST_LIT_INIT("end "), read_end, NULL},
    {MST_LIT_INIT("deny "), read_denied, NULL},
    {MST_LIT_INIT("start "), NULL, "connection allowed"}, /* ipsvd */
    {MST_LIT_INIT("warning: "), NULL, "warning"},
    {MST_LIT_INIT("fatal: "), NULL, "alert"},
};

MstVerdict mst_qmail_smtpd_read_server(MstQmailSmtpd *self, const MstQmailSmtpdLine *line,
                                       MstScan rest)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (!mst_scan_text(&rest, rows[i].opening))
            continue;
        return rows[i].noise != NULL ? mst_verdict_noise(rows[i].noise)
                                     : rows[i].read(self, line, rest);
    }
    return unknown();
}

/* rblsmtpd refuses whatever the client asks for; that is all that is logged of the session. */
MstVerdict mst_qmail_smtpd_read_blocked(MstQmailSmtpd *self, const MstQmailSmtpdLine *line,
                                        MstScan rest)
{
    MstEvent *event;
    MstSlice ip;
    uint32_t pid;

    if (!mst_scan_until(&rest, ' ', &ip) || ip.len == 0 || !mst_scan_text(&rest, MST_LIT("pid ")) ||
        !scan_pid(&rest, &pid) || !mst_scan_text(&rest, MST_LIT(": ")))
        return unknown();
    event = add(line, MST_EVENT_REJECT, pid, find(self, line, pid));
    event->action = MST_ACTION_REJECTED;
    event->peer_ip = ip;
    event->detail = mst_scan_rest(&rest);
    mst_scan_reply_code(&rest, &event->reply_code);
    return mst_verdict_understood();
}

/* ---- recordio: the client */

static Dialogue *new_dialogue(void)
{
    Dialogue *dialogue = g_new0(Dialogue, 1);

    dialogue->waiting = g_string_new(NULL);
    dialogue->piece = g_string_new(NULL);
    dialogue->reply = g_string_new(NULL);
    dialogue->sender = g_string_new(NULL);
    dialogue->recipient = g_string_new(NULL);
    return dialogue;
}

static void lose(Dialogue *dialogue)
{
    dialogue->is_lost = true;
    g_string_truncate(dialogue->waiting, 0);
    g_string_truncate(dialogue->piece, 0);
}

static void await(Dialogue *dialogue, Command command, MstSlice address)
{
    if (dialogue->waiting->len + address.len > WAITING_MAX) {
        lose(dialogue);
        return;
    }
    g_string_append_c(dialogue->waiting, (char)command);
    g_string_append_len(dialogue->waiting, address.ptr, (gssize)address.len);
    g_string_append_c(dialogue->waiting, '\n');
}

static bool scan_word(MstScan *scan, MstSlice word)
{
    if ((size_t)(scan->end - scan->at) < word.len ||
        !mst_slice_equal_ascii_case(mst_slice(scan->at, scan->at + word.len), word))
        return false;
    scan->at += word.len;
    return true;
}

/* `<address>`, what is quoted ends it not; or without brackets, up to a blank. */
static MstSlice scan_path(MstScan scan)
{
    const char *start;
    char stop = ' ';
    bool quoted = false;

    while (mst_scan_text(&scan, MST_LIT(" ")))
        continue;
    if (mst_scan_text(&scan, MST_LIT("<")))
        stop = '>';
    for (start = scan.at; scan.at < scan.end && (quoted || *scan.at != stop); scan.at++) {
        if (*scan.at == '"')
            quoted = !quoted;
        else if (*scan.at == '\\' && scan.end - scan.at > 1)
            scan.at++;
    }
    return mst_slice(start, scan.at);
}

static void read_command(Dialogue *dialogue, MstSlice text)
{
    MstScan scan = mst_scan_over(text);

    if (scan_word(&scan, MST_LIT("MAIL FROM:"))) {
        await(dialogue, COMMAND_MAIL, scan_path(scan));
    } else if (scan_word(&scan, MST_LIT("RCPT TO:"))) {
        await(dialogue, COMMAND_RCPT, scan_path(scan));
    } else if (scan_word(&scan, MST_LIT("DATA")) && mst_scan_is_done(&scan)) {
        await(dialogue, COMMAND_DATA, MST_LIT(""));
        dialogue->in_message = true;
        dialogue->said_message = false;
    } else {
        await(dialogue, COMMAND_OTHER, MST_LIT(""));
    }
}

/* All of a line, or its last piece. */
static void read_client_line(Dialogue *dialogue, MstSlice text)
{
    GString *piece = dialogue->piece;

    if (piece->len > 0) {
        g_string_append_len(piece, text.ptr, (gssize)text.len);
        read_command(dialogue, (MstSlice){piece->str, piece->len});
        g_string_truncate(piece, 0);
    } else {
        read_command(dialogue, text);
    }
}

static void read_client(Dialogue *dialogue, MstSlice text, bool is_cut)
{
    bool goes_on = dialogue->client_cut;

    dialogue->client_cut = is_cut;
    if (dialogue->is_lost)
        return;
    if (dialogue->in_message) {
        dialogue->said_message = true;
        if (!goes_on && !is_cut && mst_slice_equal(text, MST_LIT("."))) {
            dialogue->in_message = false;
            await(dialogue, COMMAND_DOT, MST_LIT(""));
        }
    } else if (dialogue->piece->len + text.len > COMMAND_MAX) {
        lose(dialogue);
    } else if (is_cut) {
        g_string_append_len(dialogue->piece, text.ptr, (gssize)text.len);
    } else {
        read_client_line(dialogue, text);
    }
}

/* ---- recordio: the server */

static MstEvent *add_refusal(const MstQmailSmtpdLine *line, const Session *session, MstSlice reply)
{
    const Dialogue *dialogue = session->dialogue;
    MstEvent *event = add(line, MST_EVENT_REJECT, session->key.pid, session);

    event->action = MST_ACTION_REJECTED;
    event->detail = reply;
    if (dialogue->has_sender)
        event->sender = mst_batch_keep(line->out,
                                       (MstSlice){dialogue->sender->str, dialogue->sender->len});
    return event;
}

/* A refusal at the end is of all recipients that were accepted; one alone can be named. */
static MstEvent *refuse_message(const MstQmailSmtpdLine *line, const Session *session,
                                MstSlice reply)
{
    const Dialogue *dialogue = session->dialogue;
    MstEvent *event = add_refusal(line, session, reply);

    event->whole = true;
    event->recipients = dialogue->recipients;
    if (dialogue->recipients == 1)
        event->recipient = mst_batch_keep(
            line->out, (MstSlice){dialogue->recipient->str, dialogue->recipient->len});
    return event;
}

static void assign(GString *to, MstSlice text)
{
    g_string_truncate(to, 0);
    g_string_append_len(to, text.ptr, (gssize)text.len);
}

static void accept_address(Dialogue *dialogue, Command command, MstSlice address)
{
    if (command == COMMAND_MAIL) {
        assign(dialogue->sender, address);
        dialogue->has_sender = true;
        dialogue->recipients = 0;
    } else if (command == COMMAND_RCPT) {
        assign(dialogue->recipient, address);
        dialogue->recipients++;
    }
}

/* Of the address that a refused command gave. */
static MstEvent *refuse_address(const MstQmailSmtpdLine *line, const Session *session,
                                Command command, MstSlice address, MstSlice reply)
{
    MstEvent *event = add_refusal(line, session, reply);

    address = mst_batch_keep(line->out, address);
    if (command == COMMAND_MAIL)
        event->sender = address;
    else
        event->recipient = address;
    return event;
}

/* The server did not want the message. What the client had already sent of it are commands now. */
static void leave_message(Dialogue *dialogue)
{
    if (dialogue->said_message)
        lose(dialogue);
    dialogue->in_message = false;
}

static MstEvent *answer(const MstQmailSmtpdLine *line, Session *session, MstScan command,
                        int32_t code, MstSlice reply)
{
    Dialogue *dialogue = session->dialogue;
    Command kind = (Command)*command.at++;
    bool is_refused = code >= 400;
    MstEvent *event = NULL;

    if (kind == COMMAND_DATA && is_refused)
        leave_message(dialogue);
    if (!is_refused)
        accept_address(dialogue, kind, mst_scan_rest(&command));
    else if (kind == COMMAND_MAIL || kind == COMMAND_RCPT)
        event = refuse_address(line, session, kind, mst_scan_rest(&command), reply);
    else if ((kind == COMMAND_DATA || kind == COMMAND_DOT) && dialogue->recipients > 0)
        event = refuse_message(line, session, reply);
    return event;
}

/* qmail ends a reply with its status in brackets: `553 sorry, … (#5.7.1)`; what stands in for it may
 * begin with one, as others do. */
static void set_reply(MstEvent *event, MstSlice reply)
{
    MstScan scan = mst_scan_over(reply);
    const char *open;

    mst_scan_reply_code(&scan, &event->reply_code);
    if (mst_scan_status(&scan, &event->status) || !mst_slice_ends(reply, MST_LIT(")")))
        return;
    open = mst_slice_find_last(reply, MST_LIT("(#"));
    if (open == NULL)
        return;
    scan = (MstScan){open + 2, reply.ptr + reply.len};
    mst_scan_status(&scan, &event->status);
}

/* The first of the commands that wait is answered. */
static MstVerdict read_reply(const MstQmailSmtpdLine *line, Session *session, int32_t code,
                             MstSlice reply)
{
    GString *waiting = session->dialogue->waiting;
    g_autofree char *first = NULL;
    MstEvent *event;
    size_t len;

    if (waiting->len == 0)
        return mst_verdict_noise("smtp dialogue");
    len = (size_t)((char *)memchr(waiting->str, '\n', waiting->len) - waiting->str);
    first = g_memdup2(waiting->str, len);
    g_string_erase(waiting, 0, (gssize)len + 1);
    event = answer(line, session, (MstScan){first, first + len}, code, reply);
    if (event == NULL)
        return mst_verdict_noise("smtp dialogue");
    set_reply(event, reply);
    return mst_verdict_understood();
}

/* `ok T qp Q`: the only line that ties a session to its message, and only a server writes it. */
static bool scan_queued(MstScan scan, MstSlice *qp)
{
    MstSlice pair;

    if (!mst_scan_reply_id(mst_scan_rest(&scan), &pair))
        return false;
    scan = mst_scan_over(pair);
    return mst_scan_digits(&scan, qp) && mst_scan_text(&scan, MST_LIT(" qp ")) &&
           mst_scan_digits(&scan, qp);
}

static void add_acceptance(const MstQmailSmtpdLine *line, const Session *session, MstSlice qp,
                           MstSlice reply)
{
    const Dialogue *dialogue = session->dialogue;
    MstEvent *event = add(line, MST_EVENT_ACCEPT, session->key.pid, session);

    event->other_id = qp;
    event->relation = MST_RELATION_ALIAS;
    event->detail = reply;
    if (dialogue->has_sender) {
        event->sender = mst_batch_keep(line->out,
                                       (MstSlice){dialogue->sender->str, dialogue->sender->len});
        event->recipients = dialogue->recipients;
    }
}

/* It answers no command, though clients in a hurry have sent one before it. */
static bool is_greeting(Dialogue *dialogue, int32_t code)
{
    bool is_first = !dialogue->greeted;

    dialogue->greeted = true;
    return is_first && code == 220;
}

/* A whole line. */
static MstVerdict read_server_line(const MstQmailSmtpdLine *line, Session *session, MstSlice text)
{
    MstScan scan = mst_scan_over(text);
    MstSlice qp;
    int32_t code;

    if (!mst_scan_reply_code(&scan, &code) || (text.len > 3 && text.ptr[3] == '-') ||
        is_greeting(session->dialogue, code))
        return mst_verdict_noise("smtp dialogue");
    if (code != 250 || !scan_queued(scan, &qp))
        return read_reply(line, session, code, text);
    add_acceptance(line, session, qp, text);
    (void)read_reply(line, session, code, text); /* takes the final dot off what waits */
    return mst_verdict_understood();
}

/* A short reply is cut too, where a buffer ends in it. Of a long one the end is not needed. */
static MstVerdict read_server(const MstQmailSmtpdLine *line, Session *session, MstSlice text,
                              bool is_cut)
{
    GString *reply = session->dialogue->reply;

    if (!is_cut && reply->len == 0)
        return read_server_line(line, session, text);
    if (reply->len + text.len <= COMMAND_MAX)
        g_string_append_len(reply, text.ptr, (gssize)text.len);
    if (is_cut)
        return mst_verdict_noise("smtp dialogue");
    text = mst_batch_keep(line->out, (MstSlice){reply->str, reply->len});
    g_string_truncate(reply, 0);
    return read_server_line(line, session, text);
}

/* `[EOF]`: where the server's side ends, the dialogue does, and the process ID may come again. */
static MstVerdict read_eof(Session *session, bool by_client)
{
    if (session != NULL && !by_client)
        g_clear_pointer(&session->dialogue, free_dialogue);
    return mst_verdict_noise("smtp dialogue");
}

/* The carriage return, as it came or as a logger wrote it, and recordio's blank. */
static MstSlice without_line_end(MstSlice text)
{
    static const MstSlice returns[] = {
        MST_LIT_INIT("\r"), MST_LIT_INIT("?"), /* splogger */
        MST_LIT_INIT("#015"),                  /* rsyslog */
    };
    bool whole = mst_slice_ends(text, MST_LIT(" "));

    if (whole)
        text.len--;
    for (size_t i = 0; i < G_N_ELEMENTS(returns); i++) {
        if (mst_slice_ends(text, returns[i]) && (whole || i != 1)) {
            text.len -= returns[i].len;
            break;
        }
    }
    return text;
}

MstVerdict mst_qmail_smtpd_read_record(MstQmailSmtpd *self, const MstQmailSmtpdLine *line,
                                       MstScan rest)
{
    bool by_client, is_cut;
    Session *session;
    MstSlice text;
    uint32_t pid;

    if (!scan_pid(&rest, &pid))
        return unknown();
    by_client = mst_scan_text(&rest, MST_LIT(" < "));
    if (!by_client && !mst_scan_text(&rest, MST_LIT(" > ")))
        return unknown();
    text = mst_scan_rest(&rest);
    if (mst_slice_equal(text, MST_LIT("[EOF]")))
        return read_eof(find(self, line, pid), by_client);
    is_cut = mst_slice_ends(text, MST_LIT("+"));
    text = is_cut ? mst_slice_head(text, text.len - 1) : without_line_end(text);
    session = find_or_begin(self, line, pid);
    if (session->dialogue == NULL)
        session->dialogue = new_dialogue();
    if (!by_client)
        return read_server(line, session, text, is_cut);
    read_client(session->dialogue, text, is_cut);
    return mst_verdict_noise("smtp dialogue");
}
