/*
 * postfix.c - what the Postfix daemons log
 *
 *     smtpd    connect from mx.example.net[192.0.2.1]
 *     smtpd    4jX5yF: client=mx.example.net[192.0.2.1], sasl_method=PLAIN, sasl_username=ann
 *     smtpd    NOQUEUE: reject: RCPT from mx.example.net[192.0.2.1]: 550 5.1.1 <x@example.org>: …;
 *                  from=<ann@example.net> to=<x@example.org> proto=ESMTP helo=<mx.example.net>
 *     cleanup  4jX5yF: message-id=<1@example.net>
 *     qmgr     4jX5yF: from=<ann@example.net>, size=4210, nrcpt=1 (queue active)
 *     smtp     4jX5yF: to=<bob@example.org>, relay=hub.example.org[192.0.2.2]:25, delay=0.3,
 *                  delays=0.1/0/0.1/0.1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 5kY6z)
 *     bounce   4jX5yF: sender non-delivery notification: 6mZ7b
 *     qmgr     4jX5yF: removed
 *
 * Which daemon wrote a line says how to read it; then the text's opening says which of its lines it
 * is. Nothing is quoted: addresses, Message-IDs, headers and replies stand in the line as strangers
 * sent them, and may look like any other part of it. What follows them is therefore looked for only
 * where it can stand, never anywhere. Only the HELO name is safe: smtpd replaces blanks and <>()\";@ in it.
 */
#include <glib.h>

#include "base/sixteen.h"
#include "mailstory/reader.h"
#include "readers/matcher.h"
#include "readers/scan.h"
#include "readers/verdict.h"

enum {
    ID_MIN = 6,
    ID_MAX = 24,
    LOGGER_LIMIT = 900, /* a text so long may have been cut: by Postfix at 2000 bytes, by an old
                           syslogd at 1024 with its envelope */
    TAIL_TRIES = 8,     /* how many places are tried for the tail of a decision */
};

typedef struct Daemon Daemon;

/* How the lines of one daemon are read. */
typedef struct Role {
    const Daemon *daemon; /* NULL: none of its tags has been seen */
    MstMatcher *queued;   /* -> Shape, of its lines with a queue ID */
    MstMatcher *plain;    /* -> Shape, of those without */
} Role;

typedef struct PostfixReader PostfixReader;

/* A line that is being read. */
typedef struct Entry {
    const MstLine *line;
    MstBatch *out;
    const PostfixReader *reader;
    const Role *role;  /* NULL: of a program that we do not know */
    MstSlice queue_id; /* unset: the line has none, or NOQUEUE */
    MstSlice body;     /* all behind the queue ID */
    MstScan rest;      /* all behind the opening that fitted */
} Entry;

/* A shape of line that is an event. A table of them ends with one whose `read` is NULL. */
typedef struct Shape {
    MstSlice opening;
    MstEventKind kind;
    bool (*read)(Entry *entry, MstEvent *event); /* false: it does not fit, so the line is broken */
} Shape;

/* One that tells nothing about a message. A table of them ends with one whose `kind` is NULL. */
typedef struct Noise {
    MstSlice opening;
    const char *kind;
} Noise;

/* Some tables, in the order in which their rows count; a NULL ends them. */
typedef const Shape *const *Shapes;
typedef const Noise *const *Noises;

struct Daemon {
    MstSlice name;
    Shapes queued;     /* lines with a queue ID; NULL: none */
    Shapes plain;      /* lines without; NULL: none */
    const char *noise; /* what its other lines without a queue ID are; NULL: nothing special */
    MstAction sent;    /* what its `status=sent` means; NONE: delivered */
    bool reasons;      /* any other text about a queue ID is why a try failed */
    bool common_name;  /* other programs have one of this name */
};

static const Daemon *daemon_named(MstSlice name);

static const MstSlice nothing = {NULL, 0};

/*
 * Short IDs are upper-case hexadecimal, long ones are letters of both cases and digits; logs whose
 * IDs were masked have others. A word of lower-case letters, capitalised or not, is none of them.
 */
static bool scan_long_id_word(MstScan *scan, MstSlice *word)
{
    const char *start = scan->at;
    const char *at = start;
    unsigned seen = 0; /* classes of characters */

    if (at < scan->end && g_ascii_isupper(*at))
        at++;
    for (; at < scan->end && g_ascii_isalnum(*at); at++)
        seen |= g_ascii_table[(guchar)*at];
    *word = mst_slice(start, at);
    if (word->len < ID_MIN || word->len > ID_MAX || !(seen & (G_ASCII_DIGIT | G_ASCII_UPPER)))
        return false;
    scan->at = at;
    return true;
}

/* The same. Most words end within sixteen bytes, which are looked at together. */
static inline bool scan_id_word(MstScan *scan, MstSlice *word)
{
    MstSixteen bytes, digits;
    size_t len;

    if (scan->end - scan->at < (ptrdiff_t)sizeof bytes)
        return scan_long_id_word(scan, word);
    bytes = mst_sixteen_at(scan->at);
    digits = mst_sixteen_between(bytes, '0', '9');
    len = mst_sixteen_first(~(digits | mst_sixteen_between(bytes | 0x20, 'a', 'z')));
    if (len == sizeof bytes)
        return scan_long_id_word(scan, word);
    if (len < ID_MIN || (mst_sixteen_first(digits) >= len &&
                         mst_sixteen_first_from(mst_sixteen_between(bytes, 'A', 'Z'), 1) >= len))
        return false;
    *word = (MstSlice){scan->at, len};
    scan->at += len;
    return true;
}

/* Some old snapshots put more hexadecimal digits behind a dot: `1E91B13CC91.AFF17`. */
static void scan_snapshot_part(MstScan *scan, MstSlice *id)
{
    const char *at = scan->at + 1;

    while (at < scan->end && g_ascii_isxdigit(*at) && !g_ascii_islower(*at))
        at++;
    *id = mst_slice(id->ptr, at);
    scan->at = at;
}

static inline bool scan_queue_id(MstScan *scan, MstSlice *id)
{
    if (!scan_id_word(scan, id))
        return false;
    if (scan->at < scan->end && *scan->at == '.')
        scan_snapshot_part(scan, id);
    return true;
}

static bool is_queue_id(MstSlice s)
{
    MstScan scan = mst_scan_over(s);
    MstSlice id;

    return scan_queue_id(&scan, &id) && mst_scan_is_done(&scan);
}

/* Past a quoted local part, if there is one and it ends: anything may stand in it. */
static void skip_quoted(MstScan *scan)
{
    MstScan rest = *scan;

    if (!mst_scan_text(&rest, MST_LIT("\"")))
        return;
    for (; !mst_scan_is_done(&rest); rest.at++) {
        if (*rest.at == '\\' && rest.at + 1 < rest.end) {
            rest.at++;
        } else if (*rest.at == '"') {
            rest.at++;
            *scan = rest;
            return;
        }
    }
}

/* Is it written as Postfix has written addresses since 3.5? Then nothing in it can be taken for
 * what follows it. */
static bool is_plain_address(MstSlice address)
{
    MstScan scan = mst_scan_over(address);

    skip_quoted(&scan);
    for (; !mst_scan_is_done(&scan); scan.at++) {
        if (*scan.at == '"' || *scan.at == '<' || *scan.at == '>' || *scan.at == ' ')
            return false;
    }
    return true;
}

static MstSlice without_brackets(MstSlice address)
{
    if (address.len < 2 || address.ptr[0] != '<' || address.ptr[address.len - 1] != '>')
        return address;
    return (MstSlice){address.ptr + 1, address.len - 2};
}

static MstSlice trimmed_right(MstSlice s)
{
    while (s.len > 0 && s.ptr[s.len - 1] == ' ')
        s.len--;
    return s;
}

static bool may_be_cut(const Entry *entry)
{
    return entry->line->text.len >= LOGGER_LIMIT;
}

/*
 * Pairs stand in the order of their table; each but the first may be missing. A value ends where
 * `, ` and a later key follow, so that a value may hold commas; an address moreover ends with `>`.
 * What looks like an earlier key is part of a value.
 */
typedef struct Key {
    MstSlice name; /* with its `=` */
    bool (*set)(const Entry *entry, MstSlice value, MstEvent *event);
    bool address;
} Key;

/* The key that `text` begins with: `first`, or one later in the table. NULL if there is none. */
static const Key *key_of(MstSlice text, const Key *first)
{
    for (const Key *key = first; mst_slice_is_set(key->name); key++) {
        if (mst_scan_begins(text, key->name))
            return key;
    }
    return NULL;
}

/* Behind the opening bracket and the quoted local part of an address, if it has them. */
static const char *skip_to_domain(const MstScan *scan)
{
    MstScan rest = *scan;

    if (mst_scan_text(&rest, MST_LIT("<")))
        skip_quoted(&rest);
    return rest.at;
}

/* Reads the value of `key`, and gives the key that follows it; NULL behind the last value. */
static const Key *scan_value(MstScan *scan, const Key *key, MstSlice *value)
{
    const char *start = scan->at;
    const char *end = scan->end;
    const char *at = key->address ? skip_to_domain(scan) : start;
    bool bracketed = key->address && start < end && *start == '<';
    const char *comma;

    if (!mst_slice_is_set(key[1].name))
        at = end; /* nothing can follow the last one */
    while ((comma = memchr(at, ',', (size_t)(end - at))) != NULL) {
        const Key *next = NULL;

        at = comma + 1;
        if (at < end && *at == ' ' && (!bracketed || comma[-1] == '>'))
            next = key_of(mst_slice(at + 1, end), key + 1);
        if (next != NULL) {
            *value = mst_slice(start, comma);
            scan->at = at + 1 + next->name.len;
            return next;
        }
    }
    *value = mst_slice(start, end);
    scan->at = end;
    return NULL;
}

/* `rest` is behind the name of the table's first key. */
static bool read_pairs(Entry *entry, const Key *keys, MstEvent *event)
{
    const Key *key = keys;

    while (key != NULL) {
        MstSlice value;
        const Key *next = scan_value(&entry->rest, key, &value);

        if (!key->set(entry, value, event))
            return false;
        key = next;
    }
    return true;
}

static bool pass_over(const Entry *entry, MstSlice value, MstEvent *event)
{
    (void)entry;
    (void)value;
    (void)event;
    return true;
}

static bool set_sender(const Entry *entry, MstSlice value, MstEvent *event)
{
    (void)entry;
    event->sender = without_brackets(value);
    return true;
}

static bool read_connect(Entry *entry, MstEvent *event)
{
    return mst_scan_postfix_peer(&entry->rest, &event->peer_name, &event->peer_ip) &&
           mst_scan_is_done(&entry->rest);
}

/* Newer releases count the commands behind the peer. */
static bool read_disconnect(Entry *entry, MstEvent *event)
{
    if (!mst_scan_postfix_peer(&entry->rest, &event->peer_name, &event->peer_ip))
        return false;
    if (mst_scan_text(&entry->rest, MST_LIT(" ")))
        event->detail = mst_scan_rest(&entry->rest);
    return mst_slice_is_set(event->detail) || mst_scan_is_done(&entry->rest);
}

/* `lost connection after DATA (60031 bytes) from P` */
static bool read_abort(Entry *entry, MstEvent *event)
{
    const MstSlice from = MST_LIT(" from ");
    const char *found = mst_slice_find_last(entry->body, from);

    if (found == NULL)
        return false;
    event->detail = mst_slice(entry->body.ptr, found);
    entry->rest.at = found + from.len;
    return read_connect(entry, event);
}

static bool set_client(const Entry *entry, MstSlice value, MstEvent *event)
{
    MstScan scan = mst_scan_over(value);

    (void)entry;
    return mst_scan_postfix_peer(&scan, &event->peer_name, &event->peer_ip) &&
           mst_scan_is_done(&scan);
}

static bool set_user(const Entry *entry, MstSlice value, MstEvent *event)
{
    (void)entry;
    event->user = value;
    return true;
}

/* What an after-queue filter passed on of the life before it. */
static bool set_parent(const Entry *entry, MstSlice value, MstEvent *event)
{
    (void)entry;
    event->other_id = value;
    event->relation = MST_RELATION_PARENT;
    return value.len > 0;
}

/* Who gave it to the filter. There is no field for a second client. */
static bool set_original_client(const Entry *entry, MstSlice value, MstEvent *event)
{
    const MstSlice name = MST_LIT("orig_client=");

    (void)entry;
    event->detail = mst_slice(value.ptr - name.len, value.ptr + value.len);
    return true;
}

static bool read_client(Entry *entry, MstEvent *event)
{
    static const Key keys[] = {
        {MST_LIT_INIT("client="), set_client, false},
        {MST_LIT_INIT("sasl_method="), pass_over, false},
        {MST_LIT_INIT("sasl_username="), set_user, false},
        {MST_LIT_INIT("sasl_sender="), pass_over, false},
        {MST_LIT_INIT("orig_queue_id="), set_parent, false},
        {MST_LIT_INIT("orig_client="), set_original_client, false},
        {{NULL, 0}, NULL, false},
    };

    return read_pairs(entry, keys, event);
}

/* `uid=1000 from=<ann> orig_id=4jX5yF`: the user chooses the sender, so the end is read first. */
static bool read_pickup(Entry *entry, MstEvent *event)
{
    const MstSlice orig_id = MST_LIT("> orig_id=");
    MstSlice sender;
    const char *found;

    if (!mst_scan_digits(&entry->rest, &event->user) ||
        !mst_scan_text(&entry->rest, MST_LIT(" from=<")))
        return false;
    sender = mst_scan_rest(&entry->rest);
    if (mst_slice_ends(sender, MST_LIT(">"))) {
        event->sender = mst_slice_head(sender, sender.len - 1);
        return true;
    }
    found = mst_slice_find_last(sender, orig_id);
    if (found == NULL)
        return false;
    event->sender = mst_slice(sender.ptr, found);
    event->other_id = mst_slice(found + orig_id.len, entry->rest.end);
    event->relation = MST_RELATION_PARENT;
    return is_queue_id(event->other_id);
}

/* The header's body as it came: with comments, without brackets, empty. */
static bool read_message_id(Entry *entry, MstEvent *event)
{
    event->message_id = trimmed_right(mst_scan_rest(&entry->rest));
    return true;
}

static bool read_resent_message_id(Entry *entry, MstEvent *event)
{
    event->detail = MST_LIT("resent");
    return read_message_id(entry, event);
}

/* `from=<S> to=<R> proto=P helo=<H> sasl_username=<U>`, each only if known. */
typedef struct Tail {
    MstSlice sender, recipient;
    MstSlice text; /* of an inspection: behind `: ` */
} Tail;

/* postscreen puts commas where the others put blanks. */
static bool scan_separator(MstScan *scan)
{
    return mst_scan_text(scan, MST_LIT(", ")) || mst_scan_text(scan, MST_LIT(" "));
}

static bool tail_goes_on(MstScan scan)
{
    if (mst_scan_is_done(&scan) || mst_scan_text(&scan, MST_LIT(": ")))
        return true;
    return scan_separator(&scan) &&
           (mst_scan_text(&scan, MST_LIT("to=<")) || mst_scan_text(&scan, MST_LIT("proto=")) ||
            mst_scan_text(&scan, MST_LIT("helo=<")) ||
            mst_scan_text(&scan, MST_LIT("sasl_username=<")));
}

/* `KEY<address>`, where the rest of a tail, or its end, follows. */
static bool scan_tail_address(MstScan *scan, MstSlice key, MstSlice *address)
{
    MstScan rest = *scan;
    const char *start;
    MstSlice before;

    if (!mst_scan_text(&rest, key) || !mst_scan_text(&rest, MST_LIT("<")))
        return false;
    start = rest.at;
    skip_quoted(&rest);
    while (mst_scan_until(&rest, '>', &before)) {
        if (tail_goes_on(rest)) {
            *address = mst_slice(start, rest.at - 1);
            *scan = rest;
            return true;
        }
    }
    return false;
}

/* Past ` KEY…` if it is there; the value ends at a blank, a comma or a colon. */
static void skip_tail_word(MstScan *scan, MstSlice key)
{
    MstScan rest = *scan;

    if (!scan_separator(&rest) || !mst_scan_text(&rest, key))
        return;
    while (!mst_scan_is_done(&rest) && memchr(" ,:", *rest.at, 3) == NULL)
        rest.at++;
    *scan = rest;
}

static void skip_tail_address(MstScan *scan, MstSlice key)
{
    MstScan rest = *scan;
    MstSlice passed;

    if (scan_separator(&rest) && scan_tail_address(&rest, key, &passed))
        *scan = rest;
}

/* A tail that begins here. At its end the line ends, or `behind` follows, unless that is unset. */
static bool scan_tail(MstScan scan, MstSlice behind, Tail *tail)
{
    MstScan rest;

    *tail = (Tail){{NULL, 0}, {NULL, 0}, {NULL, 0}};
    if (!mst_scan_text(&scan, MST_LIT(";")))
        return false;
    rest = scan;
    if (scan_separator(&rest) && scan_tail_address(&rest, MST_LIT("from="), &tail->sender))
        scan = rest;
    rest = scan;
    if (scan_separator(&rest) && scan_tail_address(&rest, MST_LIT("to="), &tail->recipient))
        scan = rest;
    skip_tail_word(&scan, MST_LIT("proto="));
    skip_tail_address(&scan, MST_LIT("helo="));
    skip_tail_address(&scan, MST_LIT("sasl_username="));
    if (mst_slice_is_set(behind) && mst_scan_text(&scan, behind)) {
        tail->text = mst_scan_rest(&scan);
        return true;
    }
    return mst_scan_is_done(&scan);
}

/* Where in `text` the last tail begins that begins with `opening`; NULL if there is none. */
static const char *find_tail(MstSlice text, MstSlice opening, MstSlice behind, Tail *tail)
{
    const char *doubtful = NULL;
    MstSlice before = text;

    for (int tries = 0; tries < TAIL_TRIES; tries++) {
        const char *at = mst_slice_find_last(before, opening);
        Tail found;

        if (at == NULL)
            break;
        before = mst_slice(text.ptr, at);
        if (!scan_tail((MstScan){at, text.ptr + text.len}, behind, &found))
            continue;
        if (is_plain_address(found.sender) && is_plain_address(found.recipient)) {
            *tail = found;
            return at;
        }
        if (doubtful == NULL) {
            doubtful = at;
            *tail = found;
        }
    }
    return doubtful;
}

/*
 * Cuts the tail off `text`. It is looked for from the right, since all that stands before it is a
 * stranger's. A quoted address in it may look like a tail too, but a tail that begins inside of one
 * has no plain addresses: such a place counts only if there is no better one, since logs before
 * Postfix 3.5 have all addresses unquoted.
 */
static bool cut_tail(MstSlice *text, MstSlice behind, Tail *tail)
{
    static const MstSlice openings[] = {
        MST_LIT_INIT("; from=<"), MST_LIT_INIT("; to=<"), /* VRFY */
        MST_LIT_INIT("; proto="),                         /* before MAIL */
    };
    const char *at = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(openings) && at == NULL; i++)
        at = find_tail(*text, openings[i], behind, tail);
    if (at == NULL) {
        *tail = (Tail){{NULL, 0}, {NULL, 0}, {NULL, 0}};
        return false;
    }
    *text = mst_slice(text->ptr, at);
    return true;
}

/* `CODE x.y.z` at the start of a reply, each only if it is there. */
static void read_reply(MstSlice reply, MstEvent *event)
{
    MstScan scan = mst_scan_over(reply);

    (void)mst_scan_reply_code(&scan, &event->reply_code);
    (void)mst_scan_status(&scan, &event->status);
}

/* Does the kind say what becomes of a message? Access rules that discard or hold a recipient do so
 * with the whole message (Postfix access(5)). */
static bool decides(MstEventKind kind)
{
    return kind == MST_EVENT_REJECT || kind == MST_EVENT_DISCARD || kind == MST_EVENT_HOLD;
}

/* `RCPT from P: 550 5.1.1 <R>: TEXT; TAIL`: what was decided in the SMTP dialogue. */
static bool read_dialogue(Entry *entry, MstEvent *event)
{
    MstScan *rest = &entry->rest;
    MstSlice stage, text;
    Tail tail;

    if (!mst_scan_until(rest, ' ', &stage) || !mst_scan_text(rest, MST_LIT("from ")) ||
        !mst_scan_postfix_peer(rest, &event->peer_name, &event->peer_ip) ||
        !mst_scan_text(rest, MST_LIT(": ")))
        return false;
    text = mst_scan_rest(rest);
    /* postscreen turns clients away without a tail. */
    if (!cut_tail(&text, nothing, &tail) && !may_be_cut(entry) &&
        !mst_slice_equal(stage, MST_LIT("CONNECT")))
        return false;
    event->whole = decides(event->kind) &&
                   (event->kind != MST_EVENT_REJECT || !mst_slice_equal(stage, MST_LIT("RCPT")));
    event->sender = tail.sender;
    event->recipient = tail.recipient;
    read_reply(text, event);
    if (event->kind == MST_EVENT_REJECT && event->reply_code != 0)
        event->detail = text;
    return true;
}

/* Headers and bodies that cleanup looked at; what it does then is the first word of the line. */
static bool is_inspection(MstScan scan)
{
    return mst_scan_text(&scan, MST_LIT("header ")) || mst_scan_text(&scan, MST_LIT("body ")) ||
           mst_scan_text(&scan, MST_LIT("content ")) ||
           mst_scan_text(&scan, MST_LIT("mime-error "));
}

/* `header TEXT from ORIGIN; TAIL: WHY`: TEXT is the stranger's own. ORIGIN is a peer or `local`. */
static bool read_inspection(Entry *entry, MstEvent *event)
{
    const MstSlice from = MST_LIT(" from ");
    MstSlice text = mst_scan_rest(&entry->rest);
    Tail tail;
    const char *origin;

    if (!cut_tail(&text, MST_LIT(": "), &tail))
        return may_be_cut(entry);
    event->whole = decides(event->kind);
    event->sender = tail.sender;
    event->recipient = tail.recipient;
    if (mst_slice_is_set(tail.text))
        read_reply(tail.text, event);
    origin = mst_slice_find_last(text, from);
    if (origin != NULL) {
        MstScan peer = {origin + from.len, text.ptr + text.len};

        (void)mst_scan_postfix_peer(&peer, &event->peer_name, &event->peer_ip);
    }
    return true;
}

static MstAction action_of(MstEventKind kind)
{
    if (kind == MST_EVENT_REJECT)
        return MST_ACTION_REJECTED;
    return kind == MST_EVENT_DISCARD ? MST_ACTION_DISCARDED : MST_ACTION_NONE;
}

/* With a refusal's reply, detail is the reply; else all of the line, so that it names the rule's
 * action and the stage. */
static bool read_decision(Entry *entry, MstEvent *event)
{
    event->action = action_of(event->kind);
    event->detail = entry->body;
    return is_inspection(entry->rest) ? read_inspection(entry, event) : read_dialogue(entry, event);
}

/* `milter-header-ACTION: …`, where the action is none of those that decide. */
static bool read_rule(Entry *entry, MstEvent *event)
{
    MstSlice action;

    return mst_scan_until_text(&entry->rest, MST_LIT(": "), &action) && read_decision(entry, event);
}

/* `warning: Q: message rejected: hopcount exceeded` */
static bool read_refusal(Entry *entry, MstEvent *event)
{
    event->action = MST_ACTION_REJECTED;
    event->whole = true;
    event->detail = entry->body;
    return true;
}

/*
 * `END-OF-MESSAGE: 250 2.0.0 Ok: queued as Q; TAIL`: what a before-queue filter replied. The ID is
 * that of the life behind the filter.
 */
static bool read_proxy_reply(Entry *entry, MstEvent *event)
{
    MstSlice stage, text;
    MstScan reply;
    Tail tail;

    if (!mst_scan_until_text(&entry->rest, MST_LIT(": "), &stage))
        return false;
    text = mst_scan_rest(&entry->rest);
    if (!cut_tail(&text, nothing, &tail))
        return false;
    event->sender = tail.sender;
    event->recipient = tail.recipient;
    event->action = action_of(event->kind);
    event->detail = event->kind == MST_EVENT_REJECT ? text : entry->body;
    reply = mst_scan_over(text);
    (void)mst_scan_reply_code(&reply, &event->reply_code);
    (void)mst_scan_status(&reply, &event->status);
    (void)mst_scan_text(&reply, MST_LIT(" "));
    if (event->kind == MST_EVENT_FILTER)
        (void)mst_scan_reply_id(mst_scan_rest(&reply), &event->queue_id);
    return true;
}

static bool set_size(const Entry *entry, MstSlice value, MstEvent *event)
{
    MstScan scan = mst_scan_over(value);

    (void)entry;
    return mst_scan_number(&scan, &event->size);
}

static bool set_recipients(const Entry *entry, MstSlice value, MstEvent *event)
{
    MstScan scan = mst_scan_over(value);
    int64_t number;

    (void)entry;
    if (!mst_scan_number(&scan, &number) || number > INT32_MAX)
        return false;
    event->recipients = (int32_t)number;
    return true;
}

static bool set_expired(const Entry *entry, MstSlice value, MstEvent *event)
{
    (void)entry;
    event->kind = MST_EVENT_EXPIRE;
    event->detail = value;
    return mst_slice_ends(value, MST_LIT("expired, returned to sender"));
}

static bool read_sender(Entry *entry, MstEvent *event)
{
    static const Key keys[] = {
        {MST_LIT_INIT("from="), set_sender, true},
        {MST_LIT_INIT("size="), set_size, false},
        {MST_LIT_INIT("nrcpt="), set_recipients, false},
        {MST_LIT_INIT("status="), set_expired, false},
        {{NULL, 0}, NULL, false},
    };

    return read_pairs(entry, keys, event) &&
           (event->kind == MST_EVENT_EXPIRE ||
            mst_slice_ends(entry->body, MST_LIT(" (queue active)")));
}

/* `removed`, and nothing more. */
static bool read_end(Entry *entry, MstEvent *event)
{
    (void)event;
    return mst_scan_is_done(&entry->rest);
}

static bool set_recipient(const Entry *entry, MstSlice value, MstEvent *event)
{
    (void)entry;
    event->recipient = without_brackets(value);
    return true;
}

static bool set_original(const Entry *entry, MstSlice value, MstEvent *event)
{
    (void)entry;
    event->original_recipient = without_brackets(value);
    return true;
}

/* A next host, or the name of an agent or transport; `none` if nobody was asked. */
static bool set_relay(const Entry *entry, MstSlice value, MstEvent *event)
{
    MstScan scan = mst_scan_over(value);

    (void)entry;
    if (mst_slice_equal(value, MST_LIT("none")))
        return true;
    if (!mst_scan_postfix_peer(&scan, &event->peer_name, &event->peer_ip))
        event->peer_name = value;
    return value.len > 0;
}

/* Seconds, with a fraction of up to six digits, since 2.3. */
static bool set_delay(const Entry *entry, MstSlice value, MstEvent *event)
{
    MstScan scan = mst_scan_over(value);
    int64_t seconds;
    int64_t unit_us = G_USEC_PER_SEC;

    (void)entry;
    if (!mst_scan_number(&scan, &seconds) || seconds > INT64_MAX / G_USEC_PER_SEC - 1)
        return false;
    event->delay_us = seconds * G_USEC_PER_SEC;
    if (!mst_scan_text(&scan, MST_LIT(".")))
        return true;
    for (; !mst_scan_is_done(&scan) && g_ascii_isdigit(*scan.at); scan.at++) {
        unit_us /= 10;
        event->delay_us += (*scan.at - '0') * unit_us;
    }
    return true;
}

static bool set_status(const Entry *entry, MstSlice value, MstEvent *event)
{
    MstScan scan = mst_scan_over(value);

    (void)entry;
    return mst_scan_status(&scan, &event->status);
}

/* The agent that wrote the line; where the tag does not say, the relay does. */
static const Daemon *agent_of(const Entry *entry, const MstEvent *event)
{
    const Daemon *agent;

    if (entry->role->daemon->name.len > 0)
        return entry->role->daemon;
    if (mst_slice_is_set(event->peer_ip))
        return daemon_named(MST_LIT("smtp"));
    if (!mst_slice_is_set(event->peer_name))
        return daemon_named(MST_LIT("discard"));
    agent = daemon_named(event->peer_name);
    return agent != NULL ? agent : daemon_named(MST_LIT("pipe"));
}

/* local(8) also forwards, and throws away for an empty alias. */
static void read_local_reason(MstScan reason, MstEvent *event)
{
    MstSlice text = mst_scan_rest(&reason);

    if (mst_slice_equal(text, MST_LIT("discarded"))) {
        event->action = MST_ACTION_DISCARDED;
    } else if (mst_scan_text(&reason, MST_LIT("forwarded as ")) &&
               is_queue_id(mst_scan_rest(&reason))) {
        event->action = MST_ACTION_RELAYED;
        event->other_id = mst_scan_rest(&reason);
        event->relation = MST_RELATION_CHILD;
    }
}

/* The lines of a reply are joined by blanks, so its last line is behind the last ` CODE `. */
static MstSlice last_line(MstSlice reply)
{
    char code[5] = " 250 ";
    const char *found;

    if (reply.len < 4 || reply.ptr[3] != '-')
        return reply;
    memcpy(code + 1, reply.ptr, 3);
    found = mst_slice_find_last(reply, (MstSlice){code, sizeof code});
    return found == NULL ? reply : mst_slice(found + 1, reply.ptr + reply.len);
}

/* The next host's reply to the message's end may name its own ID. */
static void read_next_id(MstSlice reply, MstEvent *event)
{
    MstScan scan = mst_scan_over(last_line(reply));
    int32_t code;
    MstSlice status;

    if (!mst_scan_reply_code(&scan, &code))
        return;
    if (mst_scan_status(&scan, &status))
        (void)mst_scan_text(&scan, MST_LIT(" "));
    if (mst_scan_reply_id(mst_scan_rest(&scan), &event->other_id))
        event->relation = MST_RELATION_NEXT;
}

static void read_sent(const Entry *entry, MstEvent *event)
{
    const Daemon *agent = agent_of(entry, event);

    event->action = agent->sent != MST_ACTION_NONE ? agent->sent : MST_ACTION_DELIVERED;
    if (mst_slice_equal(agent->name, MST_LIT("local")))
        read_local_reason(mst_scan_over(event->detail), event);
    else if (mst_slice_equal(agent->name, MST_LIT("smtp")) ||
             mst_slice_equal(agent->name, MST_LIT("lmtp")))
        read_next_id(event->detail, event);
}

/* `host P said: 550 …`, also behind the words of the error agent: the code of a refusal. */
static void read_reason_code(MstSlice reason, MstEvent *event)
{
    MstScan scan = mst_scan_over(reason);
    MstSlice name, ip;

    (void)mst_scan_text(&scan, MST_LIT("delivery temporarily suspended: "));
    (void)mst_scan_text(&scan, MST_LIT("Protocol error: "));
    if (mst_scan_text(&scan, MST_LIT("host "))) {
        if (!mst_scan_postfix_peer(&scan, &name, &ip) ||
            !(mst_scan_text(&scan, MST_LIT(" said: ")) ||
              mst_scan_text(&scan, MST_LIT(" refused to talk to me: "))))
            return;
    }
    (void)mst_scan_reply_code(&scan, &event->reply_code);
}

static bool set_action(const Entry *entry, MstSlice word, MstEvent *event)
{
    static const struct {
        MstSlice word;
        MstAction action;
    } words[] = {
        {MST_LIT_INIT("sent"), MST_ACTION_DELIVERED},
        {MST_LIT_INIT("deferred"), MST_ACTION_DELAYED},
        {MST_LIT_INIT("bounced"), MST_ACTION_FAILED},
        {MST_LIT_INIT("expired"), MST_ACTION_FAILED},
        {MST_LIT_INIT("SOFTBOUNCE"), MST_ACTION_DELAYED},
        {MST_LIT_INIT("deliverable"), MST_ACTION_NONE},
        {MST_LIT_INIT("undeliverable"), MST_ACTION_FAILED},
        {MST_LIT_INIT("undeliverable-but-not-cached"), MST_ACTION_FAILED},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (mst_slice_equal(word, words[i].word)) {
            event->action = words[i].action;
            if (i == 0)
                read_sent(entry, event);
            return true;
        }
    }
    return false;
}

/* `sent (REASON)`. REASON may hold brackets of its own, so that only the line's end ends it. */
static bool set_outcome(const Entry *entry, MstSlice value, MstEvent *event)
{
    MstScan scan = mst_scan_over(trimmed_right(value));
    MstSlice word, reason;

    if (!mst_scan_until(&scan, ' ', &word) || !mst_scan_text(&scan, MST_LIT("(")))
        return false;
    reason = mst_scan_rest(&scan);
    if (mst_slice_ends(reason, MST_LIT(")")))
        reason.len--;
    else if (!may_be_cut(entry))
        return false;
    event->detail = reason;
    read_reason_code(reason, event);
    return set_action(entry, word, event);
}

/* The last pair is the outcome: without it the line has been cut. */
static bool read_delivery(Entry *entry, MstEvent *event)
{
    static const Key keys[] = {
        {MST_LIT_INIT("to="), set_recipient, true},
        {MST_LIT_INIT("orig_to="), set_original, true},
        {MST_LIT_INIT("relay="), set_relay, false},
        {MST_LIT_INIT("conn_use="), pass_over, false},
        {MST_LIT_INIT("delay="), set_delay, false},
        {MST_LIT_INIT("delays="), pass_over, false},
        {MST_LIT_INIT("tls="), pass_over, false}, /* since 3.11 */
        {MST_LIT_INIT("dsn="), set_status, false},
        {MST_LIT_INIT("status="), set_outcome, false},
        {{NULL, 0}, NULL, false},
    };

    return read_pairs(entry, keys, event) && mst_slice_is_set(event->detail);
}

/* The peer stands behind the opening, or nowhere. */
static bool read_attempt(Entry *entry, MstEvent *event)
{
    event->detail = entry->body;
    (void)mst_scan_postfix_peer(&entry->rest, &event->peer_name, &event->peer_ip);
    return true;
}

/* `enabling PIX workarounds: disable_esmtp delay_dotcrlf for P` */
static bool read_workaround(Entry *entry, MstEvent *event)
{
    const MstSlice words = MST_LIT(" for ");
    const char *found = mst_slice_find_last(entry->body, words);

    if (found == NULL)
        return false;
    entry->rest.at = found + words.len;
    return read_attempt(entry, event);
}

/* `sender non-delivery notification: Q2`, `postmaster delay notification: Q2`, … */
static bool read_notification(Entry *entry, MstEvent *event)
{
    const MstSlice words = MST_LIT(" notification: ");
    const char *found = mst_slice_find(entry->body, words);

    if (found == NULL)
        return false;
    event->detail = mst_slice(entry->body.ptr, found + words.len - 2);
    event->other_id = mst_slice(found + words.len, entry->rest.end);
    event->relation = MST_RELATION_NOTIFICATION;
    return is_queue_id(event->other_id);
}

static bool read_tool(Entry *entry, MstEvent *event)
{
    event->detail = entry->body;
    return mst_scan_is_done(&entry->rest);
}

static bool read_deletion(Entry *entry, MstEvent *event)
{
    if (!mst_scan_is_done(&entry->rest))
        return false;
    event->action = MST_ACTION_DISCARDED;
    event->detail = MST_LIT("deleted from the queue by hand");
    event = mst_batch_add(entry->out, entry->line, MST_SYSTEM_POSTFIX, MST_EVENT_DONE);
    event->queue_id = entry->queue_id;
    return true;
}

static const Shape delivery_shapes[] = {
    {MST_LIT_INIT("to="), MST_EVENT_RESULT, read_delivery},
    {{NULL, 0}, MST_EVENT_KINDS, NULL},
};

static const Shape client_shapes[] = {
    {MST_LIT_INIT("client="), MST_EVENT_ACCEPT, read_client},
    {{NULL, 0}, MST_EVENT_KINDS, NULL},
};

static const Shape pickup_shapes[] = {
    {MST_LIT_INIT("uid="), MST_EVENT_ACCEPT, read_pickup},
    {{NULL, 0}, MST_EVENT_KINDS, NULL},
};

static const Shape cleanup_shapes[] = {
    {MST_LIT_INIT("message-id="), MST_EVENT_MESSAGE_ID, read_message_id},
    {MST_LIT_INIT("resent-message-id="), MST_EVENT_MESSAGE_ID, read_resent_message_id},
    {{NULL, 0}, MST_EVENT_KINDS, NULL},
};

static const Shape qmgr_shapes[] = {
    {MST_LIT_INIT("from="), MST_EVENT_SENDER, read_sender},
    {MST_LIT_INIT("removed"), MST_EVENT_DONE, read_end},
    {MST_LIT_INIT("skipped, still being delivered"), MST_EVENT_ATTEMPT, read_attempt},
    {{NULL, 0}, MST_EVENT_KINDS, NULL},
};

static const Shape decision_shapes[] = {
    {MST_LIT_INIT("reject: "), MST_EVENT_REJECT, read_decision},
    {MST_LIT_INIT("milter-reject: "), MST_EVENT_REJECT, read_decision},
    {MST_LIT_INIT("milter-header-reject: "), MST_EVENT_REJECT, read_decision},
    {MST_LIT_INIT("discard: "), MST_EVENT_DISCARD, read_decision},
    {MST_LIT_INIT("milter-discard: "), MST_EVENT_DISCARD, read_decision},
    {MST_LIT_INIT("milter-header-discard: "), MST_EVENT_DISCARD, read_decision},
    {MST_LIT_INIT("hold: "), MST_EVENT_HOLD, read_decision},
    {MST_LIT_INIT("milter-hold: "), MST_EVENT_HOLD, read_decision},
    {MST_LIT_INIT("milter-header-hold: "), MST_EVENT_HOLD, read_decision},
    {MST_LIT_INIT("reject_warning: "), MST_EVENT_FILTER, read_decision},
    {MST_LIT_INIT("filter: "), MST_EVENT_FILTER, read_decision},
    {MST_LIT_INIT("redirect: "), MST_EVENT_FILTER, read_decision},
    {MST_LIT_INIT("bcc: "), MST_EVENT_FILTER, read_decision},
    {MST_LIT_INIT("prepend: "), MST_EVENT_FILTER, read_decision},
    {MST_LIT_INIT("replace: "), MST_EVENT_FILTER, read_decision},
    {MST_LIT_INIT("warning: "), MST_EVENT_FILTER, read_decision},
    {MST_LIT_INIT("warn: "), MST_EVENT_FILTER, read_decision},
    {MST_LIT_INIT("info: "), MST_EVENT_FILTER, read_decision},
    {MST_LIT_INIT("delay: "), MST_EVENT_FILTER, read_decision},
    {MST_LIT_INIT("strip: "), MST_EVENT_FILTER, read_decision},
    {MST_LIT_INIT("ignore: "), MST_EVENT_FILTER, read_decision},
    {MST_LIT_INIT("hangup: "), MST_EVENT_FILTER, read_decision},
    {MST_LIT_INIT("permit: "), MST_EVENT_FILTER, read_decision},
    {MST_LIT_INIT("milter-header-"), MST_EVENT_FILTER, read_rule},
    {{NULL, 0}, MST_EVENT_KINDS, NULL},
};

/* Without a queue ID, or behind NOQUEUE. */
static const Shape proxy_shapes[] = {
    {MST_LIT_INIT("proxy-accept: "), MST_EVENT_FILTER, read_proxy_reply},
    {MST_LIT_INIT("proxy-reject: "), MST_EVENT_REJECT, read_proxy_reply},
    {{NULL, 0}, MST_EVENT_KINDS, NULL},
};

/* Without a queue ID, but NOQUEUE or the ID of the transaction stands before some in some releases. */
static const Shape connection_shapes[] = {
    {MST_LIT_INIT("connect from "), MST_EVENT_CONNECT, read_connect},
    {MST_LIT_INIT("disconnect from "), MST_EVENT_DISCONNECT, read_disconnect},
    {MST_LIT_INIT("lost connection after "), MST_EVENT_ABORT, read_abort},
    {MST_LIT_INIT("timeout after "), MST_EVENT_ABORT, read_abort},
    {MST_LIT_INIT("too many errors after "), MST_EVENT_ABORT, read_abort},
    {{NULL, 0}, MST_EVENT_KINDS, NULL},
};

static const Shape attempt_shapes[] = {
    {MST_LIT_INIT("host "), MST_EVENT_ATTEMPT, read_attempt},
    {MST_LIT_INIT("lost connection with "), MST_EVENT_ATTEMPT, read_attempt},
    {MST_LIT_INIT("conversation with "), MST_EVENT_ATTEMPT, read_attempt},
    {MST_LIT_INIT("enabling PIX "), MST_EVENT_ATTEMPT, read_workaround},
    {MST_LIT_INIT("breaking line "), MST_EVENT_ATTEMPT, read_attempt},
    {MST_LIT_INIT("passing <"), MST_EVENT_ATTEMPT, read_attempt},
    {{NULL, 0}, MST_EVENT_KINDS, NULL},
};

static const Shape bounce_shapes[] = {
    {MST_LIT_INIT("sender "), MST_EVENT_NOTIFY, read_notification},
    {MST_LIT_INIT("postmaster "), MST_EVENT_NOTIFY, read_notification},
    {{NULL, 0}, MST_EVENT_KINDS, NULL},
};

static const Shape deletion_shapes[] = {
    {MST_LIT_INIT("removed"), MST_EVENT_DISCARD, read_deletion},
    {{NULL, 0}, MST_EVENT_KINDS, NULL},
};

static const Shape tool_shapes[] = {
    {MST_LIT_INIT("requeued"), MST_EVENT_REQUEUE, read_tool},
    {MST_LIT_INIT("placed on hold"), MST_EVENT_HOLD, read_tool},
    {MST_LIT_INIT("released from hold"), MST_EVENT_RELEASE, read_tool},
    {MST_LIT_INIT("expired"), MST_EVENT_FILTER, read_tool},
    {{NULL, 0}, MST_EVENT_KINDS, NULL},
};

/* Behind a severity and a queue ID. */
static const Shape severe_shapes[] = {
    {MST_LIT_INIT("message rejected: "), MST_EVENT_REJECT, read_refusal},
    {MST_LIT_INIT("queue file size limit exceeded"), MST_EVENT_REJECT, read_refusal},
    {{NULL, 0}, MST_EVENT_KINDS, NULL},
};

/* With a queue ID, or NOQUEUE. */
static const Noise queued_noise[] = {
    {MST_LIT_INIT("undeliverable postmaster notification discarded"), "notification discarded"},
    {MST_LIT_INIT("replacing "), "command rewritten"},
    {{NULL, 0}, NULL},
};

static const Noise noqueue_noise[] = {
    {MST_LIT_INIT("client="), "proxied client"},
    {MST_LIT_INIT("abort: TLS "), "tls"},
    {{NULL, 0}, NULL},
};

/* Without a queue ID, of any daemon. */
static const Noise plain_noise[] = {
    {MST_LIT_INIT("connect to "), "connection attempt"},
    {MST_LIT_INIT("statistics: "), "statistics"},
    {MST_LIT_INIT("Anonymous TLS "), "tls"},
    {MST_LIT_INIT("Untrusted TLS "), "tls"},
    {MST_LIT_INIT("Trusted TLS "), "tls"},
    {MST_LIT_INIT("Verified TLS "), "tls"},
    {MST_LIT_INIT("setting up TLS "), "tls"},
    {MST_LIT_INIT("initializing the "), "tls"},
    {MST_LIT_INIT("SSL_"), "tls"},
    {MST_LIT_INIT("TLS "), "tls"},
    {MST_LIT_INIT("certificate "), "tls"},
    {MST_LIT_INIT("improper command pipelining "), "protocol error"},
    {MST_LIT_INIT("using backwards-compatible "), "start and stop"},
    {MST_LIT_INIT("daemon started "), "start and stop"},
    {MST_LIT_INIT("reload "), "start and stop"},
    {MST_LIT_INIT("terminating on signal "), "start and stop"},
    {MST_LIT_INIT("table "), "start and stop"},
    {MST_LIT_INIT("> "), "debug"},
    {MST_LIT_INIT("< "), "debug"},
    {{NULL, 0}, NULL},
};

/* Behind `warning: ` or a graver word, without a queue ID. */
static const Noise severe_noise[] = {
    {MST_LIT_INIT("SASL authentication failure: "), "authentication failure"},
    {MST_LIT_INIT("non-SMTP command from "), "protocol error"},
    {MST_LIT_INIT("Illegal address syntax from "), "protocol error"},
    {MST_LIT_INIT("TLS library problem"), "tls"},
    {{NULL, 0}, NULL},
};

/* Words that may stand before all else. */
static const Noise severities[] = {
    {MST_LIT_INIT("warning: "), "warning"},
    {MST_LIT_INIT("error: "), "error"},
    {MST_LIT_INIT("fatal: "), "error"},
    {MST_LIT_INIT("panic: "), "error"},
    {{NULL, 0}, NULL},
};

static const Shape *const noqueue_shapes[] = {decision_shapes, proxy_shapes, connection_shapes,
                                              NULL};
static const Shape *const severe_queued[] = {severe_shapes, NULL};
static const Noise *const queued_noises[] = {queued_noise, NULL};
static const Noise *const noqueue_noises[] = {noqueue_noise, queued_noise, NULL};
static const Noise *const plain_noises[] = {plain_noise, NULL};
static const Noise *const severe_noises[] = {severe_noise, NULL};
static const Noise *const severity_words[] = {severities, NULL};
static const Shape *const smtpd_queued[] = {client_shapes, decision_shapes, connection_shapes,
                                            NULL};
static const Shape *const smtpd_plain[] = {connection_shapes, proxy_shapes, decision_shapes, NULL};
static const Shape *const cleanup_queued[] = {cleanup_shapes, decision_shapes, delivery_shapes,
                                              NULL};
static const Shape *const pickup_queued[] = {pickup_shapes, NULL};
static const Shape *const qmgr_queued[] = {qmgr_shapes, delivery_shapes, NULL};
static const Shape *const agent_queued[] = {delivery_shapes, NULL};
static const Shape *const smtp_queued[] = {delivery_shapes, attempt_shapes, NULL};
static const Shape *const bounce_queued[] = {bounce_shapes, delivery_shapes, NULL};
static const Shape *const postsuper_queued[] = {deletion_shapes, tool_shapes, NULL};
static const Shape *const any_queued[] = {
    client_shapes,   cleanup_shapes, qmgr_shapes,    delivery_shapes, pickup_shapes,
    decision_shapes, bounce_shapes,  attempt_shapes, tool_shapes,     NULL};

/* Of logs that keep only what stands before the `/` of the tag: `postfix`. Its name is empty. */
static const Daemon any_daemon = {
    .name = MST_LIT_INIT(""), .queued = any_queued, .plain = smtpd_plain};

static const Daemon daemons[] = {
    {.name = MST_LIT_INIT("smtpd"), .queued = smtpd_queued, .plain = smtpd_plain},
    {.name = MST_LIT_INIT("qmgr"), .queued = qmgr_queued},
    {.name = MST_LIT_INIT("cleanup"), .queued = cleanup_queued},
    {.name = MST_LIT_INIT("smtp"),
     .queued = smtp_queued,
     .sent = MST_ACTION_RELAYED,
     .reasons = true},
    {.name = MST_LIT_INIT("local"), .queued = agent_queued, .common_name = true},
    {.name = MST_LIT_INIT("lmtp"), .queued = smtp_queued, .reasons = true},
    {.name = MST_LIT_INIT("virtual"), .queued = agent_queued, .common_name = true},
    {.name = MST_LIT_INIT("pipe"), .queued = agent_queued, .common_name = true},
    {.name = MST_LIT_INIT("postscreen"), .noise = "postscreen"},
    {.name = MST_LIT_INIT("anvil"), .noise = "statistics"},
    {.name = MST_LIT_INIT("scache"), .noise = "statistics"},
    {.name = MST_LIT_INIT("bounce"), .queued = bounce_queued, .common_name = true},
    {.name = MST_LIT_INIT("error"), .queued = agent_queued, .common_name = true},
    {.name = MST_LIT_INIT("pickup"), .queued = pickup_queued},
    {.name = MST_LIT_INIT("retry"), .queued = agent_queued, .common_name = true},
    {.name = MST_LIT_INIT("discard"),
     .queued = agent_queued,
     .sent = MST_ACTION_DISCARDED,
     .common_name = true},
    {.name = MST_LIT_INIT("defer"), .queued = bounce_queued, .common_name = true},
    {.name = MST_LIT_INIT("trace"), .queued = bounce_queued, .common_name = true},
    {.name = MST_LIT_INIT("oqmgr"), .queued = qmgr_queued},
    {.name = MST_LIT_INIT("nqmgr"), .queued = qmgr_queued},
    {.name = MST_LIT_INIT("qmqpd"), .queued = smtpd_queued, .plain = smtpd_plain},
    {.name = MST_LIT_INIT("verify"),
     .queued = agent_queued,
     .noise = "address verification",
     .common_name = true},
    {.name = MST_LIT_INIT("postsuper"), .queued = postsuper_queued, .noise = "queue tool"},
    {.name = MST_LIT_INIT("postqueue"), .noise = "queue tool"},
    {.name = MST_LIT_INIT("postdrop"), .noise = "queue tool"},
    {.name = MST_LIT_INIT("postcat"), .noise = "queue tool"},
    {.name = MST_LIT_INIT("showq"), .noise = "queue tool"},
    {.name = MST_LIT_INIT("flush"), .noise = "queue tool", .common_name = true},
    {.name = MST_LIT_INIT("sendmail"), .noise = "queue tool", .common_name = true},
    {.name = MST_LIT_INIT("tlsmgr"), .noise = "tls"},
    {.name = MST_LIT_INIT("tlsproxy"), .noise = "tls"},
    {.name = MST_LIT_INIT("dnsblog"), .noise = "postscreen"},
    {.name = MST_LIT_INIT("trivial-rewrite")},
    {.name = MST_LIT_INIT("proxymap")},
    {.name = MST_LIT_INIT("spawn"), .common_name = true},
    {.name = MST_LIT_INIT("postalias"), .noise = "table tool"},
    {.name = MST_LIT_INIT("postmap"), .noise = "table tool"},
    {.name = MST_LIT_INIT("master"), .noise = "start and stop", .common_name = true},
    {.name = MST_LIT_INIT("postfix-script"), .noise = "start and stop"},
    {.name = MST_LIT_INIT("script"), .noise = "start and stop", .common_name = true},
    {.name = MST_LIT_INIT("postlog"), .noise = "start and stop"},
    {.name = MST_LIT_INIT("postlogd"), .noise = "start and stop"},
    {.name = MST_LIT_INIT("postmulti"), .noise = "start and stop"},
};

static const Daemon *daemon_named(MstSlice name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(daemons); i++) {
        if (mst_slice_equal(daemons[i].name, name))
            return &daemons[i];
    }
    return NULL;
}

/* The tag's last component: `smtp` of `postfix/relay/smtp`. NULL if it has none. */
static const char *last_slash(MstSlice tag)
{
    return tag.len > 0 ? memrchr(tag.ptr, '/', tag.len) : NULL;
}

/* NULL: a program that we do not know, such as a policy server under Postfix's name. */
static const Daemon *daemon_of(MstSlice tag)
{
    const char *slash = last_slash(tag);

    if (slash == NULL)
        return &any_daemon;
    return daemon_named(mst_slice(slash + 1, tag.ptr + tag.len));
}

/* `postfix`, and instances of it: `postfix-out`, `postfix/…`. */
static bool is_our_name(MstSlice tag)
{
    const MstSlice name = MST_LIT("postfix");

    return mst_slice_starts(tag, name) &&
           (tag.len == name.len || memchr("/-_", tag.ptr[name.len], 3) != NULL);
}

struct PostfixReader {
    MstReader base;
    Role any;                                                              /* for any_daemon */
    Role roles[G_N_ELEMENTS(daemons)];                                     /* as `daemons` */
    MstMatcher *noqueue, *severe_queued;                                   /* -> Shape */
    MstMatcher *queued_noise, *noqueue_noise, *plain_noise, *severe_noise; /* -> Noise */
    MstMatcher *severities;                                                /* -> Noise */
};

static MstMatcher *shapes_matcher(Shapes tables)
{
    MstMatcher *matcher = mst_matcher_new();

    for (; tables != NULL && *tables != NULL; tables++) {
        for (const Shape *shape = *tables; shape->read != NULL; shape++)
            mst_matcher_add(matcher, shape->opening, shape);
    }
    mst_matcher_finish(matcher);
    return matcher;
}

static MstMatcher *noises_matcher(Noises tables)
{
    MstMatcher *matcher = mst_matcher_new();

    for (; *tables != NULL; tables++) {
        for (const Noise *noise = *tables; noise->kind != NULL; noise++)
            mst_matcher_add(matcher, noise->opening, noise);
    }
    mst_matcher_finish(matcher);
    return matcher;
}

static void postfix_open(MstReader *base)
{
    PostfixReader *self = (PostfixReader *)base;

    self->noqueue = shapes_matcher(noqueue_shapes);
    self->severe_queued = shapes_matcher(severe_queued);
    self->queued_noise = noises_matcher(queued_noises);
    self->noqueue_noise = noises_matcher(noqueue_noises);
    self->plain_noise = noises_matcher(plain_noises);
    self->severe_noise = noises_matcher(severe_noises);
    self->severities = noises_matcher(severity_words);
}

static void free_role(Role *role)
{
    mst_matcher_free(role->queued);
    mst_matcher_free(role->plain);
}

static void postfix_close(MstReader *base)
{
    PostfixReader *self = (PostfixReader *)base;

    free_role(&self->any);
    for (size_t i = 0; i < G_N_ELEMENTS(self->roles); i++)
        free_role(&self->roles[i]);
    mst_matcher_free(self->noqueue);
    mst_matcher_free(self->severe_queued);
    mst_matcher_free(self->queued_noise);
    mst_matcher_free(self->noqueue_noise);
    mst_matcher_free(self->plain_noise);
    mst_matcher_free(self->severe_noise);
    mst_matcher_free(self->severities);
}

/* The role of the daemon that the tag names. Most logs have a few daemons, so each role is made when
 * it is needed. */
static gconstpointer postfix_know_tag(MstReader *base, MstSlice tag)
{
    PostfixReader *self = (PostfixReader *)base;
    const Daemon *daemon = daemon_of(tag);
    Role *role;

    if (daemon == NULL)
        return NULL;
    role = daemon == &any_daemon ? &self->any : &self->roles[daemon - daemons];
    if (role->daemon == NULL) {
        role->daemon = daemon;
        role->queued = shapes_matcher(daemon->queued);
        role->plain = shapes_matcher(daemon->plain);
    }
    return role;
}

static const char *noise_of(const MstMatcher *matcher, MstSlice text)
{
    const Noise *noise = mst_matcher_find(matcher, text);

    return noise != NULL ? noise->kind : NULL;
}

/* Is the text the start of an opening, and no more? */
static bool is_cut_opening(Shapes tables, MstSlice text)
{
    for (; tables != NULL && *tables != NULL; tables++) {
        for (const Shape *shape = *tables; shape->read != NULL; shape++) {
            if (mst_slice_starts(shape->opening, text))
                return true;
        }
    }
    return false;
}

static MstVerdict read_shape(Entry *entry, const Shape *shape)
{
    MstEvent *event = mst_batch_add(entry->out, entry->line, MST_SYSTEM_POSTFIX, shape->kind);

    event->queue_id = entry->queue_id;
    entry->rest = mst_scan_over(mst_slice_from(entry->body, shape->opening.len));
    if (shape->read(entry, event))
        return (MstVerdict){MST_FATE_EVENT, NULL};
    mst_batch_drop_last(entry->out);
    return mst_verdict_broken(shape->kind == MST_EVENT_RESULT ? "cut delivery line" : "cut line");
}

static MstVerdict read_queued(Entry *entry)
{
    static const Shape reason = {MST_LIT_INIT(""), MST_EVENT_ATTEMPT, read_attempt};
    const Daemon *daemon = entry->role->daemon;
    const Shape *shape = mst_matcher_find(entry->role->queued, entry->body);
    const char *kind;

    if (shape != NULL)
        return read_shape(entry, shape);
    kind = noise_of(entry->reader->queued_noise, entry->body);
    if (kind != NULL)
        return mst_verdict_noise(kind);
    if (is_cut_opening(daemon->queued, entry->body))
        return mst_verdict_broken("cut line");
    if (daemon->reasons)
        return read_shape(entry, &reason);
    return mst_verdict_broken("unknown line about a queue ID");
}

static MstVerdict read_noqueue(Entry *entry)
{
    const Shape *shape = mst_matcher_find(entry->reader->noqueue, entry->body);
    const char *kind;

    if (shape != NULL)
        return read_shape(entry, shape);
    kind = noise_of(entry->reader->noqueue_noise, entry->body);
    return kind != NULL ? mst_verdict_noise(kind)
                        : mst_verdict_broken("unknown line about a queue ID");
}

/* `P: SASL LOGIN authentication failed: …` among warnings, `P: subject_CN=…` among the rest. */
static bool is_about_peer(MstSlice text, MstSlice words)
{
    MstScan scan = mst_scan_over(text);
    MstSlice name, ip;

    return mst_scan_postfix_peer(&scan, &name, &ip) && mst_scan_text(&scan, words);
}

/* A text that ends before it says anything. */
static bool is_cut_text(const Entry *entry, Shapes shapes)
{
    MstScan scan = mst_scan_over(entry->body);
    MstSlice id;

    if (is_cut_opening(shapes, entry->body) || mst_slice_starts(MST_LIT("NOQUEUE: "), entry->body))
        return true;
    if (!scan_queue_id(&scan, &id))
        return false;
    (void)mst_scan_text(&scan, MST_LIT(":"));
    return mst_scan_is_done(&scan);
}

static MstVerdict read_plain(Entry *entry)
{
    const Daemon *daemon = entry->role->daemon;
    const Shape *shape = mst_matcher_find(entry->role->plain, entry->body);
    const char *kind;

    if (shape != NULL)
        return read_shape(entry, shape);
    kind = noise_of(entry->reader->plain_noise, entry->body);
    if (kind == NULL)
        kind = daemon->noise;
    if (kind == NULL && is_about_peer(entry->body, MST_LIT(": ")))
        kind = "tls";
    if (kind == NULL && is_cut_text(entry, daemon->plain))
        return mst_verdict_broken("cut line");
    return mst_verdict_noise(kind != NULL ? kind : "other");
}

/* Warnings tell something about a message only if they name its queue ID. */
static MstVerdict read_severe(Entry *entry, const char *severity)
{
    const Shape *shape = NULL;
    const char *kind;

    if (mst_slice_is_set(entry->queue_id)) {
        static const Shape refusal = {MST_LIT_INIT(""), MST_EVENT_REJECT, read_refusal};

        shape = mst_matcher_find(entry->reader->severe_queued, entry->body);
        if (shape == NULL &&
            mst_slice_ends(entry->body, MST_LIT("message not accepted, try again later")))
            shape = &refusal;
    }
    if (shape != NULL)
        return read_shape(entry, shape);
    kind = noise_of(entry->reader->severe_noise, entry->body);
    if (kind == NULL && is_about_peer(entry->body, MST_LIT(": SASL ")))
        kind = "authentication failure";
    return mst_verdict_noise(kind != NULL ? kind : severity);
}

static const char *scan_severity(const PostfixReader *self, MstScan *scan)
{
    const Noise *word = NULL;

    if (!mst_scan_is_done(scan) && g_ascii_islower(*scan->at)) /* most lines begin with an ID */
        word = mst_matcher_find(self->severities, mst_scan_rest(scan));
    if (word == NULL)
        return NULL;
    scan->at += word->opening.len;
    return word->kind;
}

/* `Q: `; the text stays where it is without one. */
static inline bool scan_queue_id_prefix(MstScan *scan, MstSlice *id)
{
    MstScan rest = *scan;
    MstSlice found;

    if (!scan_queue_id(&rest, &found) || !mst_scan_text(&rest, MST_LIT(": ")))
        return false;
    *id = found;
    *scan = rest;
    return true;
}

static MstVerdict postfix_read(MstReader *base, MstLine *line, MstBatch *out)
{
    const PostfixReader *self = (const PostfixReader *)base;
    Entry entry = {.line = line, .out = out, .reader = self, .role = line->tag_meaning};
    MstScan scan = mst_scan_over(line->text);
    const char *severity;
    bool no_queue;

    while (mst_scan_text(&scan, MST_LIT(" ")))
        continue; /* a second blank before the text, as RFC 5424's header ends with one */
    severity = scan_severity(self, &scan);
    no_queue = mst_scan_text(&scan, MST_LIT("NOQUEUE: "));
    if (!no_queue)
        (void)scan_queue_id_prefix(&scan, &entry.queue_id);
    entry.body = mst_scan_rest(&scan);
    if (severity != NULL)
        return read_severe(&entry, severity);
    if (entry.role == NULL)
        return mst_verdict_noise("other");
    if (no_queue)
        return read_noqueue(&entry);
    return mst_slice_is_set(entry.queue_id) ? read_queued(&entry) : read_plain(&entry);
}

/* Other programs end their tags with `/smtpd` too, and have called instances of Postfix so; where
 * the name says too little, the text must be about a queue ID. */
static bool postfix_owns(MstSlice tag, MstSlice text)
{
    const char *slash = last_slash(tag);
    MstScan scan = mst_scan_over(text);
    const Daemon *daemon;
    MstSlice id;

    if (is_our_name(tag))
        return true;
    if (slash == NULL)
        return false;
    daemon = daemon_of(tag);
    if (daemon == NULL)
        return false;
    return !daemon->common_name || scan_queue_id_prefix(&scan, &id);
}

const MstReaderOps mst_reader_postfix = {
    .system = MST_SYSTEM_POSTFIX,
    .summary = "Postfix 2 and 3, any instance, by syslog or postlogd",
    .example = "Nov 21 10:00:00 mx1 postfix/qmgr[182]: 4jX5yF38QFznRG8: "
               "from=<ann@example.net>, size=4210, nrcpt=1 (queue active)",
    .size = sizeof(PostfixReader),
    .open = postfix_open,
    .close = postfix_close,
    .owns = postfix_owns,
    .know_tag = postfix_know_tag,
    .read = postfix_read,
};
