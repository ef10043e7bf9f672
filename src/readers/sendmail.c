/*
 * sendmail.c - the log of sendmail 8
 *
 *     Q: from=<ann@example.org>, size=402, class=0, nrcpts=1, msgid=<1@example.org>, proto=ESMTP,
 *        daemon=MTA, relay=mx1.example.test [127.0.10.1]
 *     Q: to=<bob@example.net>,<eve@example.net>, delay=00:00:01, xdelay=00:00:01, mailer=esmtp,
 *        pri=60402, relay=mx.example.net. [192.0.2.7], dsn=2.0.0, stat=Sent (Ok: queued as 39AF1)
 *     Q: Q2: DSN: User unknown
 *     Q: <nosuch@example.test>... User unknown
 *     Q: ruleset=check_rcpt, arg1=<bob@example.net>, relay=[192.0.2.9], reject=550 5.7.1 …
 *     Q[1]: the first part of a long line ...
 *
 * Q is a queue ID such as 6ALM6sRG000086; it is `NOQUEUE` or missing where there is no message.
 * Nothing is quoted: an address, a Message-ID or a reply may hold `, stat=Sent`. So each line is read
 * from the side on which strangers wrote nothing, and values that they wrote are what is left over.
 * Unprintable bytes are escaped (`\303`, `\t`), the backslash is doubled, and bytes from 0x80 to 0x9f
 * have a 0xff before them. Long lines come as numbered parts, which the reader keeps until the last.
 */
#include "mailstory/reader.h"

#include "base/sixteen.h"
#include "readers/matcher.h"
#include "readers/scan.h"
#include "readers/verdict.h"

enum {
    ID_MIN = 12, /* time and sequence in seven or eight characters, then the process ID */
    ID_MAX = 16,
    SENDER_CUT = 200,    /* sendmail cuts from= here, whatever is open (envelope.c, logsender) */
    RELAY_CUT = 40,      /* and shortens a relay to this */
    DAYS_MAX = 36500,    /* a delay of a century is none */
    RECORDS_MAX = 64,    /* long lines of which the end is still to come */
    RECORD_BYTES = 65536 /* in all of them */
};

/* A long line whose last part has not come yet. */
typedef struct Record {
    char *host; /* NULL if unset */
    uint32_t pid;
    char *queue_id;
    GString *text; /* all parts so far, without the queue ID */
    int64_t parts;
} Record;

typedef struct SendmailReader {
    MstReader base;
    MstMatcher *rows;        /* -> Row, of a line's text */
    MstMatcher *milter_rows; /* -> Row, of what stands behind `Milter: ` */
    MstMatcher *peer_rows;   /* -> Row, of what stands behind a client */
    GQueue records;          /* of Record *, the oldest first */
    size_t bytes;            /* of text in all records */
} SendmailReader;

/* The line that is being read. */
typedef struct Entry {
    const SendmailReader *reader;
    const MstLine *line;
    MstBatch *out;
    MstSlice queue_id; /* unset if there is none */
    MstSlice text;     /* what stands behind it */
} Entry;

static MstVerdict unknown(const Entry *entry)
{
    return mst_verdict_broken(mst_slice_is_set(entry->queue_id) ? "unknown line about a queue ID"
                                                                : "unknown line");
}

static MstEvent *add(const Entry *entry, MstEventKind kind)
{
    MstEvent *event = mst_batch_add(entry->out, entry->line, MST_SYSTEM_SENDMAIL, kind);

    event->queue_id = entry->queue_id;
    if (kind == MST_EVENT_REJECT)
        event->action = MST_ACTION_REJECTED;
    return event;
}

/* What a text that begins so is: read by a function, of a kind of noise, or an event that needs
 * nothing but the text. */
typedef struct Row {
    MstSlice opening;
    MstVerdict (*read)(const Entry *entry, MstScan rest);
    const char *noise;
    MstEventKind event;
} Row;

static MstMatcher *matcher_of(const Row *table, size_t n)
{
    MstMatcher *matcher = mst_matcher_new();

    for (size_t i = 0; i < n; i++)
        mst_matcher_add(matcher, table[i].opening, &table[i]);
    mst_matcher_finish(matcher);
    return matcher;
}

/* `rest` begins with the row's opening. */
static MstVerdict read_row(const Entry *entry, const Row *row, MstScan rest)
{
    rest.at += row->opening.len;
    if (row->read != NULL)
        return row->read(entry, rest);
    if (row->noise != NULL)
        return mst_verdict_noise(row->noise);
    if (!mst_slice_is_set(entry->queue_id))
        return unknown(entry);
    add(entry, row->event)->detail = entry->text;
    return mst_verdict_understood();
}

/* Hour, two letters that count, process ID: before 8.10. */
static bool scan_old_id(MstScan *scan, MstSlice *id)
{
    MstScan rest = *scan;
    MstSlice digits;

    for (size_t i = 0; i < 3; i++, rest.at++) {
        if (rest.at == rest.end || !g_ascii_isupper(*rest.at))
            return false;
    }
    if (!mst_scan_digits(&rest, &digits) || digits.len < 5 || digits.len > 6)
        return false;
    *id = mst_slice(scan->at, rest.at);
    *scan = rest;
    return true;
}

/*
 * Year, month, day, hour, minute, second, one or two digits of a sequence, all of base 60; then the
 * process ID with five to eight digits. How many bytes of the first sixteen are of such an ID. A digit
 * may stand anywhere in it.
 */
static inline size_t count_id_bytes(MstSixteen bytes)
{
    const MstSixteen last = {'x', 'B', 'V', 'N', 'x', 'x', 'x', 'x'};
    MstSixteen digits = mst_sixteen_between(bytes, '0', '9');
    MstSixteen letters = mst_sixteen_between(bytes | 0x20, 'a', 'z') & (MstSixteen)(bytes <= last);

    return mst_sixteen_first(~(digits | letters));
}

static bool scan_queue_id(MstScan *scan, MstSlice *id)
{
    char padded[sizeof(MstSixteen)] = {'\0'};
    size_t left = (size_t)(scan->end - scan->at);
    size_t len;

    if (left >= sizeof padded) {
        len = count_id_bytes(mst_sixteen_at(scan->at));
    } else {
        memcpy(padded, scan->at, left);
        len = count_id_bytes(mst_sixteen_at(padded));
    }
    *id = (MstSlice){scan->at, len};
    if (len < ID_MIN || (len == ID_MIN && !g_ascii_isdigit(id->ptr[7])) ||
        (len == ID_MAX && left > len && g_ascii_isdigit(id->ptr[len])))
        return scan_old_id(scan, id);
    scan->at += len;
    return true;
}

static bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

/* The byte that was meant here, and past it. */
static const char *take_byte(const char *at, const char *end, unsigned char *byte)
{
    static const char letters[] = {'\\', 't', 'n', 'r'};
    static const unsigned char meant[] = {'\\', '\t', '\n', '\r'};
    const char *letter;

    *byte = (unsigned char)*at;
    if (*at != '\\' || end - at < 2)
        return at + 1;
    if (end - at >= 4 && at[1] <= '3' && is_octal(at[1]) && is_octal(at[2]) && is_octal(at[3])) {
        *byte = (unsigned char)((at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0'));
        return at + 4;
    }
    letter = memchr(letters, at[1], sizeof letters);
    if (letter == NULL)
        return at + 1;
    *byte = meant[letter - letters];
    return at + 2;
}

/* The text as it was before sendmail escaped it. 0xff is sendmail's own mark, and a NUL would cut
 * what a story keeps. */
static MstSlice unescaped(MstBatch *out, MstSlice s)
{
    const char *at = s.ptr;
    char *start, *to;

    if (s.len == 0 || memchr(s.ptr, '\\', s.len) == NULL)
        return s;
    start = to = g_string_chunk_insert_len(out->kept, s.ptr, (gssize)s.len);
    while (at < s.ptr + s.len) {
        const char *next;
        unsigned char byte;

        next = take_byte(at, s.ptr + s.len, &byte);
        if (byte != 0xff || next == at + 1)
            *to++ = (char)(byte == '\0' ? '?' : byte);
        at = next;
    }
    return mst_slice(start, to);
}

/* What a backslash in an address begins: an escaped byte or, where the byte is itself a backslash,
 * that and the byte which it quotes. */
static const char *skip_escape(const char *at, const char *end)
{
    unsigned char byte;

    at = take_byte(at, end, &byte);
    return byte == '\\' && at < end ? take_byte(at, end, &byte) : at;
}

/*
 * `<address>`, or one without brackets up to a comma. What is quoted ends neither. False if a quote
 * or bracket stays open.
 */
static bool scan_quoted_address(MstScan *scan, MstSlice *address)
{
    static const bool is_special[256] = {['"'] = true, ['\\'] = true, ['>'] = true, [','] = true};
    bool angled = scan->at < scan->end && *scan->at == '<';
    char stop = angled ? '>' : ',';
    bool quoted = false;
    const char *at = scan->at;

    while (at < scan->end) {
        bool special = is_special[(unsigned char)*at];

        if (special && *at == stop && !quoted)
            break;
        if (special && *at == '"')
            quoted = !quoted;
        at = special && *at == '\\' ? skip_escape(at, scan->end) : at + 1;
    }
    if (quoted || (angled && at == scan->end))
        return false;
    at += angled ? 1 : 0;
    *address = mst_slice(scan->at, at);
    scan->at = at;
    return true;
}

/* Where the first of the bytes stands that quote or end what stands in brackets; NULL if it is not
 * found at once. */
static inline const char *find_closing(const char *at, const char *end)
{
    for (; end - at >= (ptrdiff_t)sizeof(MstSixteen); at += sizeof(MstSixteen)) {
        MstSixteen bytes = mst_sixteen_at(at);
        size_t first = mst_sixteen_first(
            (MstSixteen)((bytes == '>') | (bytes == '"') | (bytes == '\\')));

        if (first < sizeof bytes)
            return at + first;
    }
    return NULL;
}

/* Most addresses are `<…>` without anything quoted. */
static bool scan_address(MstScan *scan, MstSlice *address)
{
    bool angled = scan->at < scan->end && *scan->at == '<';
    const char *close = angled ? find_closing(scan->at, scan->end) : NULL;

    if (close == NULL || *close != '>')
        return scan_quoted_address(scan, address);
    *address = mst_slice(scan->at, close + 1);
    scan->at = close + 1;
    return true;
}

/* Without its brackets; a cut one lacks the second. */
static MstSlice without_angles(MstSlice address)
{
    if (!mst_slice_starts(address, MST_LIT("<")))
        return address;
    address = mst_slice_from(address, 1);
    return mst_slice_ends(address, MST_LIT(">")) ? mst_slice_head(address, address.len - 1)
                                                 : address;
}

static MstSlice plain_address(MstBatch *out, MstSlice address)
{
    return unescaped(out, without_angles(address));
}

/* A key with what stands before it, and where its value goes in a struct of slices. */
typedef struct Field {
    MstSlice opening;
    size_t offset;
} Field;

/* Up to the next comma, which ends all values that no stranger wrote. */
static MstSlice scan_value(MstScan *scan)
{
    MstSlice value = mst_slice(scan->at, mst_sixteen_find(scan->at, scan->end, ',', ','));

    scan->at += value.len;
    return value;
}

/* Most fields differ in the letter behind `, `: a cheap no. */
static inline bool take_key(MstScan *scan, MstSlice opening)
{
    if ((size_t)(scan->end - scan->at) < opening.len || scan->at[2] != opening.ptr[2] ||
        !mst_slice_same_bytes(scan->at, opening.ptr, opening.len))
        return false;
    scan->at += opening.len;
    return true;
}

/* Takes the fields that stand here, in the order of the table; any may be missing. */
static void scan_fields(MstScan *scan, const Field *fields, size_t n, void *record)
{
    for (size_t i = 0; i < n; i++) {
        if (take_key(scan, fields[i].opening))
            G_STRUCT_MEMBER(MstSlice, record, fields[i].offset) = scan_value(scan);
    }
}

/* The same from the end of the text, the table's last field first. */
static void strip_fields(MstScan *scan, const Field *fields, size_t n, void *record)
{
    const char *comma = memrchr(scan->at, ',', (size_t)(scan->end - scan->at));

    for (size_t i = n; i-- > 0 && comma != NULL;) {
        MstScan last = {comma, scan->end};

        if (!take_key(&last, fields[i].opening))
            continue;
        G_STRUCT_MEMBER(MstSlice, record, fields[i].offset) = mst_scan_rest(&last);
        scan->end = comma;
        comma = memrchr(scan->at, ',', (size_t)(scan->end - scan->at));
    }
}

static bool stands_here(const MstScan *scan, MstSlice text)
{
    return mst_slice_starts(mst_scan_rest(scan), text);
}

static int64_t number_or(MstSlice digits, int64_t otherwise)
{
    MstScan scan = mst_scan_over(digits);
    int64_t number;

    return mst_scan_number(&scan, &number) && mst_scan_is_done(&scan) ? number : otherwise;
}

typedef struct Arrival {
    MstSlice from, size, nrcpts, msgid, relay;
    MstSlice unused;
} Arrival;

static const Field arrival_head[] = {
    {MST_LIT_INIT(", size="), offsetof(Arrival, size)},
    {MST_LIT_INIT(", class="), offsetof(Arrival, unused)},
    {MST_LIT_INIT(", pri="), offsetof(Arrival, unused)}, /* before 8.12 */
    {MST_LIT_INIT(", nrcpts="), offsetof(Arrival, nrcpts)},
};

static const Field arrival_tail[] = {
    {MST_LIT_INIT(", bodytype="), offsetof(Arrival, unused)},
    {MST_LIT_INIT(", proto="), offsetof(Arrival, unused)},
    {MST_LIT_INIT(", daemon="), offsetof(Arrival, unused)},
    {MST_LIT_INIT(", tls_verify="), offsetof(Arrival, unused)},
    {MST_LIT_INIT(", auth="), offsetof(Arrival, unused)},
    {MST_LIT_INIT(", relay="), offsetof(Arrival, relay)},
};

static const char *skip_bytes(const char *at, const char *end, size_t n)
{
    unsigned char byte;

    while (n-- > 0 && at < end)
        at = take_byte(at, end, &byte);
    return at;
}

/* The sender, which a hard cut may have left with an open quote. */
static bool scan_sender(MstScan *scan, MstSlice *sender)
{
    const MstSlice next = MST_LIT(", size=");
    MstScan rest = *scan;

    if (!scan_address(&rest, sender) || !stands_here(&rest, next)) {
        rest.at = skip_bytes(scan->at, scan->end, SENDER_CUT);
        if (!stands_here(&rest, next))
            return false;
        *sender = mst_slice(scan->at, rest.at);
    }
    *scan = rest;
    return true;
}

/* Keys from the left as far as they are sendmail's own, then from the right; the Message-ID is what
 * is left between them. */
static bool scan_arrival(MstScan *scan, Arrival *arrival)
{
    if (!scan_sender(scan, &arrival->from))
        return false;
    scan_fields(scan, arrival_head, G_N_ELEMENTS(arrival_head), arrival);
    strip_fields(scan, arrival_tail, G_N_ELEMENTS(arrival_tail), arrival);
    if (mst_scan_text(scan, MST_LIT(", msgid=")))
        arrival->msgid = mst_scan_rest(scan);
    return mst_slice_is_set(arrival->nrcpts) && mst_slice_is_set(arrival->relay);
}

/* `host [address]`, `[address]`; `user@localhost` from the command line; `[RESPONSE]` for mail that
 * sendmail wrote itself. */
static void set_client(MstEvent *event, MstSlice relay)
{
    const char *at;

    if (!mst_slice_is_set(relay) || relay.len == 0 ||
        mst_slice_equal(relay, MST_LIT("[RESPONSE]")) ||
        mst_slice_equal(relay, MST_LIT("localhost")))
        return;
    if (memchr(relay.ptr, '[', relay.len) != NULL) {
        mst_scan_sendmail_peer(relay, &event->peer_name, &event->peer_ip);
        return;
    }
    at = memrchr(relay.ptr, '@', relay.len);
    if (at != NULL)
        event->user = mst_slice(relay.ptr, at);
    else if (memchr(relay.ptr, '.', relay.len) != NULL)
        event->peer_name = relay;
    else
        event->user = relay;
}

static MstVerdict read_from(const Entry *entry, MstScan rest)
{
    Arrival arrival = {0};
    MstSlice sender;
    MstEvent *event;
    int64_t nrcpts;

    if (!mst_slice_is_set(entry->queue_id) || !scan_arrival(&rest, &arrival))
        return mst_verdict_broken("cut sender line");
    sender = plain_address(entry->out, arrival.from);
    event = add(entry, MST_EVENT_ACCEPT);
    event->sender = sender;
    set_client(event, arrival.relay);
    if (mst_slice_is_set(arrival.msgid)) {
        event = add(entry, MST_EVENT_MESSAGE_ID);
        event->message_id = unescaped(entry->out, arrival.msgid);
    }
    event = add(entry, MST_EVENT_SENDER);
    event->sender = sender;
    event->size = number_or(arrival.size, -1);
    nrcpts = number_or(arrival.nrcpts, -1);
    event->recipients = (int32_t)MIN(nrcpts, INT32_MAX);
    return mst_verdict_understood();
}

/* How a mailer carries mail; a custom one does not say by its name. */
typedef enum Way {
    WAY_UNKNOWN,
    WAY_LOCAL,
    WAY_NETWORK,
} Way;

/* What mailers' names begin with: `smtp` is `smtp8` too, `cyrus` is `cyrusv2`. */
static const struct {
    MstSlice opening;
    Way way;
} mailers[] = {
    {MST_LIT_INIT("esmtp"), WAY_NETWORK},   {MST_LIT_INIT("local"), WAY_LOCAL},
    {MST_LIT_INIT("relay"), WAY_NETWORK},   {MST_LIT_INIT("smtp"), WAY_NETWORK},
    {MST_LIT_INIT("dsmtp"), WAY_NETWORK},   {MST_LIT_INIT("uucp"), WAY_NETWORK},
    {MST_LIT_INIT("prog"), WAY_LOCAL},      {MST_LIT_INIT("*file*"), WAY_LOCAL},
    {MST_LIT_INIT("*include*"), WAY_LOCAL}, {MST_LIT_INIT("procmail"), WAY_LOCAL},
    {MST_LIT_INIT("cyrus"), WAY_LOCAL},     {MST_LIT_INIT("lmtp"), WAY_LOCAL},
    {MST_LIT_INIT("dovecot"), WAY_LOCAL},   {MST_LIT_INIT("lda"), WAY_LOCAL},
    {MST_LIT_INIT("maildrop"), WAY_LOCAL},
};

static Way way_of(MstSlice mailer)
{
    for (size_t i = 0; i < G_N_ELEMENTS(mailers); i++) {
        if (mst_scan_begins(mailer, mailers[i].opening))
            return mailers[i].way;
    }
    return WAY_UNKNOWN;
}

typedef struct Delivery {
    MstSlice first;   /* recipient, with its brackets */
    MstSlice more;    /* `,<b>,<c>`: those behind it */
    MstSlice ctladdr; /* the alias, or the user whose rights are used */
    MstSlice delay, mailer, relay, dsn, quarantine, reply, stat;
    MstSlice unused;
    Way way;
} Delivery;

static const Field delivery_head[] = {
    {MST_LIT_INIT(", delay="), offsetof(Delivery, delay)},
    {MST_LIT_INIT(", xdelay="), offsetof(Delivery, unused)},
    {MST_LIT_INIT(", mailer="), offsetof(Delivery, mailer)},
    {MST_LIT_INIT(", pri="), offsetof(Delivery, unused)},
    {MST_LIT_INIT(", ntries="), offsetof(Delivery, unused)},
};

static const Field delivery_tail[] = {
    {MST_LIT_INIT(", dsn="), offsetof(Delivery, dsn)},
    {MST_LIT_INIT(", tls_verify="), offsetof(Delivery, unused)},
};

/* The comma of a list has no blank behind it; the comma behind the list has one. */
static bool scan_list_comma(MstScan *scan)
{
    if (scan->end - scan->at < 2 || scan->at[0] != ',' || scan->at[1] == ' ')
        return false;
    scan->at++;
    return true;
}

/* A list that is too long for one line goes on in the next: `<a>,<b>, [more], delay=…`. */
static bool scan_list(MstScan *scan, Delivery *delivery)
{
    const char *behind;
    MstSlice address;

    if (!scan_address(scan, &delivery->first) || delivery->first.len == 0)
        return false;
    behind = scan->at;
    while (scan_list_comma(scan)) {
        if (!scan_address(scan, &address) || address.len == 0)
            return false;
    }
    delivery->more = mst_slice(behind, scan->at);
    mst_scan_text(scan, MST_LIT(", [more]"));
    return stands_here(scan, MST_LIT(", delay=")) || stands_here(scan, MST_LIT(", ctladdr="));
}

/* `, ctladdr=<alias> (8/0)`: the numbers are user and group. */
static bool scan_controller(MstScan *scan, MstSlice *ctladdr)
{
    const char *numbers;

    if (!mst_scan_text(scan, MST_LIT(", ctladdr=")))
        return true;
    if (!scan_address(scan, ctladdr))
        return false;
    numbers = mst_slice_find_last(*ctladdr, MST_LIT(" ("));
    if (numbers != NULL && !mst_slice_starts(*ctladdr, MST_LIT("<")))
        ctladdr->len = (size_t)(numbers - ctladdr->ptr);
    if (mst_scan_text(scan, MST_LIT(" (")))
        scan_value(scan);
    return stands_here(scan, MST_LIT(", delay="));
}

/*
 * The relay of a local mailer is the detail of the address (`user+detail`), so strangers wrote it; but
 * it is short, and they write nothing between it and dsn=. So the last dsn= that a short relay allows
 * is the real one.
 */
static void scan_relay(MstScan *scan, Delivery *delivery)
{
    const MstSlice next = MST_LIT(", dsn=");
    const char *limit, *dsn;

    if (!mst_scan_text(scan, MST_LIT(", relay=")))
        return;
    if (delivery->way == WAY_LOCAL) {
        limit = skip_bytes(scan->at, scan->end, RELAY_CUT + next.len);
        dsn = mst_slice_find_last(mst_slice(scan->at, limit), next);
        if (dsn != NULL) {
            delivery->relay = mst_slice(scan->at, dsn);
            scan->at = dsn;
            return;
        }
    }
    delivery->relay = scan_value(scan);
}

/*
 * Behind reply= both values hold the next host's words. A deferral repeats the reply (`R, stat=
 * Deferred: R`), which settles it; else stat= has words of sendmail's own, so its last one is meant.
 */
static bool scan_reply(MstScan *scan, Delivery *delivery)
{
    const MstSlice deferred = MST_LIT(", stat=Deferred: ");
    const MstSlice stat = MST_LIT(", stat=");
    MstSlice rest = mst_scan_rest(scan);
    size_t half = rest.len > deferred.len ? (rest.len - deferred.len) / 2 : 0;
    const char *found = rest.ptr + half;

    if (half == 0 || rest.len != 2 * half + deferred.len ||
        !mst_slice_starts(mst_slice_from(rest, half), deferred) ||
        memcmp(rest.ptr, found + deferred.len, half) != 0)
        found = mst_slice_find_last(rest, stat);
    if (found == NULL)
        return false;
    delivery->reply = mst_slice(rest.ptr, found);
    delivery->stat = mst_slice(found + stat.len, scan->end);
    return true;
}

/* `, reply=…, stat=…`, `, quarantine=…, stat=…` or `, stat=…`: up to the end of the line. */
static bool scan_outcome(MstScan *scan, Delivery *delivery)
{
    const MstSlice stat = MST_LIT(", stat=");
    MstSlice rest;
    const char *found;

    if (mst_scan_text(scan, stat)) {
        delivery->stat = mst_scan_rest(scan);
        return true;
    }
    if (mst_scan_text(scan, MST_LIT(", reply=")))
        return scan_reply(scan, delivery);
    if (!mst_scan_text(scan, MST_LIT(", quarantine=")))
        return false;
    rest = mst_scan_rest(scan);
    found = mst_slice_find_last(rest, stat);
    if (found == NULL)
        return false;
    delivery->quarantine = mst_slice(rest.ptr, found);
    delivery->stat = mst_slice(found + stat.len, scan->end);
    return true;
}

/* Is this a whole stat=, as far as one can tell? It ends the line, so a cut line lacks its end. */
static bool is_whole(MstSlice stat)
{
    static const MstSlice words[] = {
        MST_LIT_INIT("Sent"),        MST_LIT_INIT("Deferred"),  MST_LIT_INIT("queued"),
        MST_LIT_INIT("quarantined"), MST_LIT_INIT("discarded"), MST_LIT_INIT("RSET"),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (stat.len < words[i].len && mst_slice_starts(words[i], stat))
            return false;
    }
    return !mst_slice_starts(stat, words[0]) || stat.len == words[0].len ||
           (mst_slice_starts(stat, MST_LIT("Sent (")) && mst_slice_ends(stat, MST_LIT(")")));
}

static bool scan_delivery(MstScan *scan, Delivery *delivery)
{
    MstScan dsn;

    if (!scan_list(scan, delivery) || !scan_controller(scan, &delivery->ctladdr))
        return false;
    scan_fields(scan, delivery_head, G_N_ELEMENTS(delivery_head), delivery);
    delivery->way = way_of(delivery->mailer);
    scan_relay(scan, delivery);
    scan_fields(scan, delivery_tail, G_N_ELEMENTS(delivery_tail), delivery);
    dsn = mst_scan_over(delivery->dsn);
    if (!mst_scan_status(&dsn, &delivery->dsn))
        delivery->dsn = (MstSlice){NULL, 0};
    return scan_outcome(scan, delivery) && is_whole(delivery->stat);
}

/* The first digit that dsn= has, or would have if it were there. */
static char class_of(const Delivery *delivery)
{
    if (mst_slice_equal(delivery->stat, MST_LIT("queued")))
        return '4';
    if (mst_slice_is_set(delivery->dsn))
        return delivery->dsn.ptr[0];
    if (mst_slice_starts(delivery->stat, MST_LIT("Sent")))
        return '2';
    return mst_slice_starts(delivery->stat, MST_LIT("Deferred")) ? '4' : '5';
}

/* A line with neither mailer nor dsn tells how the SMTP dialogue ended for this recipient. */
static MstEventKind kind_of(const Delivery *delivery)
{
    if (mst_slice_equal(delivery->stat, MST_LIT("quarantined")))
        return MST_EVENT_HOLD;
    if (mst_slice_is_set(delivery->mailer) || mst_slice_is_set(delivery->dsn) ||
        class_of(delivery) != '5')
        return MST_EVENT_RESULT;
    if (mst_slice_equal(delivery->stat, MST_LIT("discarded")))
        return MST_EVENT_DISCARD;
    return mst_slice_equal(delivery->stat, MST_LIT("RSET")) ? MST_EVENT_ABORT : MST_EVENT_REJECT;
}

/* Two digits, or -1. */
static int two_digits(const char *at)
{
    return g_ascii_isdigit(at[0]) && g_ascii_isdigit(at[1]) ? (at[0] - '0') * 10 + at[1] - '0' : -1;
}

/* `[D+]HH:MM:SS` as microseconds; -1 if it is not, or of a clock that stepped back. */
static int64_t delay_us(MstSlice delay)
{
    MstSlice days = delay.len > 8 ? mst_slice_head(delay, delay.len - 8) : (MstSlice){NULL, 0};
    const char *clock = delay.ptr + days.len;
    int64_t day = 0;
    int hour, minute, second;

    if (delay.len < 8 || clock[2] != ':' || clock[5] != ':')
        return -1;
    hour = two_digits(clock);
    minute = two_digits(clock + 3);
    second = two_digits(clock + 6);
    if (hour < 0 || hour > 23 || minute < 0 || second < 0)
        return -1;
    if (days.len > 0) {
        if (!mst_slice_ends(days, MST_LIT("+")))
            return -1;
        day = number_or(mst_slice_head(days, days.len - 1), -1);
    }
    if (day < 0 || day > DAYS_MAX)
        return -1;
    return (((day * 24 + hour) * 60 + minute) * 60 + second) * 1000000;
}

/* Whom the attempt asked: the next host, else the local agent. */
static void set_agent(MstEvent *event, const Delivery *delivery)
{
    Way way = delivery->way;

    if (way != WAY_LOCAL && mst_slice_is_set(delivery->relay))
        mst_scan_sendmail_peer(delivery->relay, &event->peer_name, &event->peer_ip);
    if (way == WAY_UNKNOWN)
        way = mst_slice_is_set(event->peer_ip) ? WAY_NETWORK : WAY_LOCAL;
    if (way == WAY_LOCAL && mst_slice_is_set(delivery->mailer))
        event->peer_name = delivery->mailer;
    switch (class_of(delivery)) {
    case '2':
        event->action = way == WAY_LOCAL ? MST_ACTION_DELIVERED : MST_ACTION_RELAYED;
        return;
    case '4':
        event->action = MST_ACTION_DELAYED;
        return;
    default:
        event->action = MST_ACTION_FAILED;
    }
}

/* The reply, which sendmail before 8.16 gives only behind `Deferred: `. */
static void set_reply(MstEvent *event, const Delivery *delivery)
{
    bool replied = mst_slice_is_set(delivery->reply);
    MstScan scan = mst_scan_over(replied ? delivery->reply : delivery->stat);

    event->detail = mst_scan_rest(&scan);
    if (replied || mst_scan_text(&scan, MST_LIT("Deferred: ")))
        mst_scan_reply_code(&scan, &event->reply_code);
}

/* `Sent (TEXT)`: the next host's answer to the message, without code and status. */
static void set_next_id(MstEvent *event, MstSlice stat)
{
    const MstSlice open = MST_LIT("Sent (");
    MstSlice reply;

    if (!mst_slice_starts(stat, open) || !mst_slice_ends(stat, MST_LIT(")")))
        return;
    reply = mst_slice_from(mst_slice_head(stat, stat.len - 1), open.len);
    if (mst_scan_reply_id(reply, &event->other_id))
        event->relation = MST_RELATION_NEXT;
}

static void describe_result(MstEvent *event, const Delivery *delivery)
{
    set_agent(event, delivery);
    set_reply(event, delivery);
    event->status = delivery->dsn;
    event->delay_us = delay_us(delivery->delay);
    if (event->action == MST_ACTION_RELAYED)
        set_next_id(event, delivery->stat);
}

/* All that the line says of each of its recipients. */
static MstEvent *add_outcome(const Entry *entry, const Delivery *delivery)
{
    MstEvent *event = add(entry, kind_of(delivery));

    if (event->kind == MST_EVENT_RESULT)
        describe_result(event, delivery);
    else if (mst_slice_is_set(delivery->quarantine))
        event->detail = delivery->quarantine;
    else
        event->detail = delivery->stat;
    return event;
}

/* An address without brackets came out of an alias, which has brackets; without them, ctladdr is a
 * local user. */
static void set_recipient(MstEvent *event, MstSlice address, const Entry *entry, MstSlice ctladdr)
{
    event->recipient = plain_address(entry->out, address);
    if (mst_slice_starts(ctladdr, MST_LIT("<")) && !mst_slice_starts(address, MST_LIT("<")))
        event->original_recipient = plain_address(entry->out, ctladdr);
    else
        event->original_recipient = (MstSlice){NULL, 0};
}

static void reverse(GArray *events, guint first)
{
    for (guint last = events->len; last-- > first + 1; first++) {
        MstEvent event = g_array_index(events, MstEvent, first);

        g_array_index(events, MstEvent, first) = g_array_index(events, MstEvent, last);
        g_array_index(events, MstEvent, last) = event;
    }
}

static MstVerdict read_to(const Entry *entry, MstScan rest)
{
    GArray *events = entry->out->events;
    guint first = events->len;
    Delivery delivery = {0};
    MstScan more;
    MstSlice address;

    if (!mst_slice_is_set(entry->queue_id) || !scan_delivery(&rest, &delivery))
        return mst_verdict_broken("cut delivery line");
    set_recipient(add_outcome(entry, &delivery), delivery.first, entry, delivery.ctladdr);
    more = mst_scan_over(delivery.more);
    while (scan_list_comma(&more) && scan_address(&more, &address)) {
        MstEvent *event = add(entry, MST_EVENT_RESULT);

        *event = g_array_index(events, MstEvent, first);
        set_recipient(event, address, entry, delivery.ctladdr);
    }
    reverse(events, first); /* sendmail logs them from the last to the first */
    return mst_verdict_understood();
}

/* Whom a rule or a milter decided about; what is unset was not said. */
typedef struct Subject {
    MstSlice sender, recipient;
    MstSlice peer_name, peer_ip;
} Subject;

static const struct {
    MstSlice text; /* all of it, unless it ends in `=` */
    MstEventKind kind;
} decisions[] = {
    {MST_LIT_INIT("reject="), MST_EVENT_REJECT},   {MST_LIT_INIT("reject"), MST_EVENT_REJECT},
    {MST_LIT_INIT("discard"), MST_EVENT_DISCARD},  {MST_LIT_INIT("tempfail"), MST_EVENT_REJECT},
    {MST_LIT_INIT("quarantine="), MST_EVENT_HOLD},
};

static bool find_decision(MstSlice text, MstEventKind *kind, MstSlice *detail)
{
    for (size_t i = 0; i < G_N_ELEMENTS(decisions); i++) {
        MstSlice word = decisions[i].text;
        bool open = word.ptr[word.len - 1] == '=';

        if (!(open ? mst_slice_starts(text, word) : mst_slice_equal(text, word)))
            continue;
        *kind = decisions[i].kind;
        *detail = open ? mst_slice_from(text, word.len) : text;
        return true;
    }
    return false;
}

static MstVerdict add_decision(const Entry *entry, MstSlice text, const Subject *subject)
{
    MstEventKind kind;
    MstSlice detail;
    MstEvent *event;
    MstScan scan;

    if (!find_decision(text, &kind, &detail))
        return unknown(entry);
    event = add(entry, kind);
    event->sender = subject->sender;
    event->recipient = subject->recipient;
    event->peer_name = subject->peer_name;
    event->peer_ip = subject->peer_ip;
    event->detail = detail;
    scan = mst_scan_over(detail);
    if (kind == MST_EVENT_REJECT && mst_scan_reply_code(&scan, &event->reply_code))
        mst_scan_status(&scan, &event->status);
    return mst_verdict_understood();
}

/* The same where the decision follows a text that a stranger wrote. */
static MstVerdict add_decision_after(const Entry *entry, MstScan rest, const Subject *subject)
{
    MstSlice before, detail;
    MstEventKind kind;

    while (mst_scan_until_text(&rest, MST_LIT(", "), &before)) {
        if (find_decision(mst_scan_rest(&rest), &kind, &detail))
            return add_decision(entry, mst_scan_rest(&rest), subject);
    }
    return unknown(entry);
}

/* Rules that are asked about something else than a message that comes in: about the next host, or a
 * command. What they refuse, other lines tell. */
static const struct {
    MstSlice name;
    const char *noise;
} other_rulesets[] = {
    {MST_LIT_INIT("check_compat"), "outgoing connection"},
    {MST_LIT_INIT("check_etrn"), "VRFY, EXPN or ETRN"},
    {MST_LIT_INIT("check_expn"), "VRFY, EXPN or ETRN"},
    {MST_LIT_INIT("check_vrfy"), "VRFY, EXPN or ETRN"},
    {MST_LIT_INIT("tls_clt_features"), "TLS"},
    {MST_LIT_INIT("tls_rcpt"), "TLS"},
    {MST_LIT_INIT("tls_server"), "TLS"},
    {MST_LIT_INIT("try_tls"), "TLS"},
    {MST_LIT_INIT("trust_auth"), "authentication"},
};

/* Does what follows a first argument stand here? */
static bool argument_ends(const MstScan *scan)
{
    return stands_here(scan, MST_LIT(", relay=")) || stands_here(scan, MST_LIT(", arg2=")) ||
           stands_here(scan, MST_LIT(", reject="));
}

/* `, arg1=<address>`, or any text that a stranger wrote, as a header's: then the last relay= ends it,
 * because what follows is from the administrator. */
static bool scan_argument(MstScan *scan, MstSlice *argument)
{
    MstScan rest = *scan;
    const char *relay;

    if (!mst_scan_text(&rest, MST_LIT(", arg1=")))
        return true;
    *scan = rest;
    if (stands_here(&rest, MST_LIT("<")) && scan_address(&rest, argument) && argument_ends(&rest)) {
        *scan = rest;
        return true;
    }
    relay = mst_slice_find_last(mst_scan_rest(scan), MST_LIT(", relay="));
    if (relay == NULL)
        return false;
    *argument = mst_slice(scan->at, relay);
    scan->at = relay;
    return true;
}

static MstVerdict read_ruleset(const Entry *entry, MstScan rest)
{
    MstSlice name = scan_value(&rest);
    MstSlice argument = {NULL, 0};
    Subject subject = {0};

    for (size_t i = 0; i < G_N_ELEMENTS(other_rulesets); i++) {
        if (mst_slice_equal(name, other_rulesets[i].name))
            return mst_verdict_noise(other_rulesets[i].noise);
    }
    if (!scan_argument(&rest, &argument))
        return unknown(entry);
    if (mst_scan_text(&rest, MST_LIT(", arg2=")))
        scan_value(&rest);
    if (mst_scan_text(&rest, MST_LIT(", relay=")))
        mst_scan_sendmail_peer(scan_value(&rest), &subject.peer_name, &subject.peer_ip);
    if (!mst_scan_text(&rest, MST_LIT(", ")))
        return unknown(entry);
    if (mst_slice_equal(name, MST_LIT("check_rcpt")))
        subject.recipient = plain_address(entry->out, argument);
    if (mst_slice_equal(name, MST_LIT("check_mail")))
        subject.sender = plain_address(entry->out, argument);
    return add_decision(entry, mst_scan_rest(&rest), &subject);
}

/* `<recipient>... TEXT` */
static MstVerdict read_refused_recipient(const Entry *entry, MstScan rest)
{
    MstSlice recipient;
    MstEvent *event;

    rest = mst_scan_over(entry->text);
    if (!scan_address(&rest, &recipient) || !mst_scan_text(&rest, MST_LIT("... ")))
        return unknown(entry);
    event = add(entry, MST_EVENT_REJECT);
    event->recipient = plain_address(entry->out, recipient);
    event->detail = mst_scan_rest(&rest);
    return mst_verdict_understood();
}

/* `SMTP MAIL command (<sender>) from PEER tempfailed (due to previous checks)`; what stands in the
 * brackets is all that the client sent. */
static MstVerdict read_refused_sender(const Entry *entry, MstScan rest)
{
    const MstSlice from = MST_LIT(") from ");
    const char *found = mst_slice_find_last(mst_scan_rest(&rest), from);
    MstSlice sender, peer;
    MstEvent *event;

    if (found == NULL || !scan_address(&rest, &sender) || rest.at > found)
        return unknown(entry);
    rest.at = found + from.len;
    if (!mst_scan_until_text(&rest, MST_LIT(" tempfailed"), &peer))
        return unknown(entry);
    event = add(entry, MST_EVENT_REJECT);
    event->sender = plain_address(entry->out, sender);
    event->detail = mst_slice(peer.ptr + peer.len + 1, rest.end);
    mst_scan_sendmail_peer(peer, &event->peer_name, &event->peer_ip);
    return mst_verdict_understood();
}

/* `Milter: to=<recipient>, reject=…` */
static MstVerdict read_milter_rcpt(const Entry *entry, MstScan rest)
{
    Subject subject = {0};

    if (!scan_address(&rest, &subject.recipient) || !mst_scan_text(&rest, MST_LIT(", ")))
        return unknown(entry);
    subject.recipient = plain_address(entry->out, subject.recipient);
    return add_decision(entry, mst_scan_rest(&rest), &subject);
}

/* `Milter: from=<sender>, discard` */
static MstVerdict read_milter_mail(const Entry *entry, MstScan rest)
{
    Subject subject = {0};

    if (!scan_address(&rest, &subject.sender) || !mst_scan_text(&rest, MST_LIT(", ")))
        return unknown(entry);
    subject.sender = plain_address(entry->out, subject.sender);
    return add_decision(entry, mst_scan_rest(&rest), &subject);
}

/* `Milter: connect: host=H, addr=A, reject=…` */
static MstVerdict read_milter_connect(const Entry *entry, MstScan rest)
{
    static const Field fields[] = {
        {MST_LIT_INIT("host="), offsetof(Subject, peer_name)},
        {MST_LIT_INIT(", addr="), offsetof(Subject, peer_ip)},
    };
    Subject subject = {0};

    scan_fields(&rest, fields, G_N_ELEMENTS(fields), &subject);
    return add_decision_after(entry, rest, &subject);
}

/* `Milter: data, reject=…`, `Milter: cmd=data, reject=…`, `Milter: helo=H, reject=…` */
static MstVerdict read_milter_stage(const Entry *entry, MstScan rest)
{
    const Subject nobody = {0};

    return add_decision_after(entry, rest, &nobody);
}

/* What stands behind `Milter: `. */
static const Row milter_rows[] = {
    {MST_LIT_INIT("data"), read_milter_stage, NULL, 0},
    {MST_LIT_INIT("cmd="), read_milter_stage, NULL, 0},
    {MST_LIT_INIT("helo="), read_milter_stage, NULL, 0},
    {MST_LIT_INIT("header"), read_milter_stage, NULL, 0},
    {MST_LIT_INIT("eoh"), read_milter_stage, NULL, 0},
    {MST_LIT_INIT("body"), read_milter_stage, NULL, 0},
    {MST_LIT_INIT("to="), read_milter_rcpt, NULL, 0},
    {MST_LIT_INIT("from="), read_milter_mail, NULL, 0},
    {MST_LIT_INIT("connect: "), read_milter_connect, NULL, 0},
    {MST_LIT_INIT("connect to filters"), NULL, "milter", 0},
    {MST_LIT_INIT("no active filter"), NULL, "milter", 0},
    {MST_LIT_INIT("reject, "), NULL, "milter", 0},
    {MST_LIT_INIT("discard, "), NULL, "milter", 0},
    {MST_LIT_INIT("tempfail, "), NULL, "milter", 0},
    {MST_LIT_INIT("sender"), NULL, "milter", 0},
    {MST_LIT_INIT("rcpts"), NULL, "milter", 0},
};

static MstVerdict read_milter_verdict(const Entry *entry, MstScan rest)
{
    const Row *row = mst_matcher_find(entry->reader->milter_rows, mst_scan_rest(&rest));

    return row == NULL ? unknown(entry) : read_row(entry, row, rest);
}

/* `milter=NAME, action=header, continue`: what the milter answered. What came of it, the `Milter:`
 * line tells. */
static MstVerdict read_milter_answer(const Entry *entry, MstScan rest)
{
    static const MstSlice passed[] = {
        MST_LIT_INIT("continue"),
        MST_LIT_INIT("accepted"),
        MST_LIT_INIT("accept"),
        MST_LIT_INIT("skip"),
    };
    const Subject nobody = {0};
    MstEventKind kind;
    MstSlice detail;

    scan_value(&rest);
    if (mst_scan_text(&rest, MST_LIT(", action=")))
        scan_value(&rest);
    if (!mst_scan_text(&rest, MST_LIT(", ")))
        return unknown(entry);
    for (size_t i = 0; i < G_N_ELEMENTS(passed); i++) {
        if (mst_slice_equal(mst_scan_rest(&rest), passed[i]))
            return mst_verdict_noise("milter");
    }
    if (!find_decision(mst_scan_rest(&rest), &kind, &detail))
        return unknown(entry);
    if (kind == MST_EVENT_HOLD)
        return add_decision(entry, mst_scan_rest(&rest), &nobody);
    add(entry, MST_EVENT_FILTER)->detail = entry->text;
    return mst_verdict_understood();
}

/* A milter's change of the recipients: `add: rcpt: <r>`, `delete: rcpt <r>, naddrs=1`. */
static MstVerdict add_change(const Entry *entry, MstScan rest, MstEventKind kind)
{
    MstSlice address;
    MstEvent *event;

    if (!scan_address(&rest, &address))
        return unknown(entry);
    event = add(entry, kind);
    event->recipient = plain_address(entry->out, address);
    event->detail = kind == MST_EVENT_RECIPIENT ? MST_LIT("added by milter") : entry->text;
    return mst_verdict_understood();
}

/* `Milter (NAME) insert (0): header: …`, before 8.14 `Milter insert (0): header: …` */
static MstVerdict read_milter_change(const Entry *entry, MstScan rest)
{
    static const MstSlice changes[] = {
        MST_LIT_INIT("add: header"),    MST_LIT_INIT("insert ("),
        MST_LIT_INIT("change: header"), MST_LIT_INIT("delete: header"),
        MST_LIT_INIT("chgfrom: "),      MST_LIT_INIT("message: body replaced"),
    };

    if (mst_scan_text(&rest, MST_LIT("add: rcpt: ")))
        return add_change(entry, rest, MST_EVENT_RECIPIENT);
    if (mst_scan_text(&rest, MST_LIT("delete: rcpt ")))
        return add_change(entry, rest, MST_EVENT_FILTER);
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        if (!stands_here(&rest, changes[i]))
            continue;
        add(entry, MST_EVENT_FILTER)->detail = entry->text;
        return mst_verdict_understood();
    }
    return stands_here(&rest, MST_LIT("accept: ")) ? mst_verdict_noise("milter") : unknown(entry);
}

/* `Milter (NAME): init success to negotiate`, `Milter (NAME): error connecting to filter: …`, or a
 * change with the milter's name. */
static MstVerdict read_milter_named(const Entry *entry, MstScan rest)
{
    static const MstSlice fine[] = {
        MST_LIT_INIT("init success"),
        MST_LIT_INIT("abort filter"),
        MST_LIT_INIT("quit filter"),
        MST_LIT_INIT("time "),
    };
    MstSlice name;

    if (!mst_scan_until(&rest, ')', &name))
        return unknown(entry);
    if (mst_scan_text(&rest, MST_LIT(" ")))
        return read_milter_change(entry, rest);
    if (!mst_scan_text(&rest, MST_LIT(": ")))
        return unknown(entry);
    for (size_t i = 0; i < G_N_ELEMENTS(fine); i++) {
        if (stands_here(&rest, fine[i]))
            return mst_verdict_noise("milter");
    }
    return mst_verdict_noise("milter error");
}

/* `Q2: DSN: REASON` and its like, and `Q2: clone: owner=O`. The verb `sender notify` announces both
 * delays and the end; only the reason tells them apart. */
static MstVerdict read_second_id(const Entry *entry, MstSlice other_id, MstScan rest)
{
    static const MstSlice notices[] = {
        MST_LIT_INIT("DSN: "),
        MST_LIT_INIT("return to sender: "),
        MST_LIT_INIT("sender notify: "),
        MST_LIT_INIT("postmaster notify: "),
    };
    MstSlice detail = mst_scan_rest(&rest);
    bool is_clone = stands_here(&rest, MST_LIT("clone: "));
    bool is_notice = false;
    MstEvent *event;

    for (size_t i = 0; i < G_N_ELEMENTS(notices) && !is_notice; i++)
        is_notice = mst_scan_text(&rest, notices[i]);
    if (!is_clone && !is_notice)
        return unknown(entry);
    if (is_notice && stands_here(&rest, MST_LIT("Cannot send message")))
        add(entry, MST_EVENT_EXPIRE)->detail = mst_scan_rest(&rest);
    event = add(entry, is_clone ? MST_EVENT_REQUEUE : MST_EVENT_NOTIFY);
    event->relation = is_clone ? MST_RELATION_CHILD : MST_RELATION_NOTIFICATION;
    event->other_id = other_id;
    event->detail = detail;
    return mst_verdict_understood();
}

/* `split: maxrcpts=10, rcpts=25, count=2, ids=Q2, Q3` */
static MstVerdict read_split(const Entry *entry, MstScan rest)
{
    guint before = entry->out->events->len;
    MstSlice counts, id;

    if (!mst_scan_until_text(&rest, MST_LIT(", id"), &counts))
        return unknown(entry);
    mst_scan_text(&rest, MST_LIT("s"));
    if (!mst_scan_text(&rest, MST_LIT("=")))
        return unknown(entry);
    while (scan_queue_id(&rest, &id)) {
        MstEvent *event = add(entry, MST_EVENT_REQUEUE);

        event->relation = MST_RELATION_CHILD;
        event->other_id = id;
        event->detail = entry->text;
        if (!mst_scan_text(&rest, MST_LIT(", ")) && !mst_scan_text(&rest, MST_LIT(",")))
            break;
    }
    return entry->out->events->len > before ? mst_verdict_understood() : unknown(entry);
}

/* One recipient of what an alias stands for; past the comma behind it. */
static bool scan_member(MstScan *scan, MstSlice *member)
{
    while (mst_scan_text(scan, MST_LIT(" ")))
        continue;
    if (mst_scan_is_done(scan) || !scan_address(scan, member))
        return false;
    mst_scan_text(scan, MST_LIT(","));
    return member->len > 0;
}

/* `alias A => B, C`, `forward A => B`. A long list has `...` in its middle, so that two members are
 * cut there. */
static MstVerdict read_alias(const Entry *entry, MstScan rest)
{
    guint before = entry->out->events->len;
    MstSlice alias, member;

    if (!mst_scan_until_text(&rest, MST_LIT(" => "), &alias))
        return unknown(entry);
    alias = plain_address(entry->out, alias);
    while (scan_member(&rest, &member)) {
        MstEvent *event;

        if (mst_slice_find(member, MST_LIT("...")) != NULL)
            continue;
        event = add(entry, MST_EVENT_RECIPIENT);
        event->recipient = plain_address(entry->out, member);
        event->original_recipient = alias;
    }
    return entry->out->events->len > before ? mst_verdict_understood() : unknown(entry);
}

static MstVerdict add_abort(const Entry *entry, MstSlice peer)
{
    MstEvent *event = add(entry, MST_EVENT_ABORT);

    event->detail = entry->text;
    mst_scan_sendmail_peer(peer, &event->peer_name, &event->peer_ip);
    return mst_verdict_understood();
}

/* `lost input channel from PEER to DAEMON after COMMAND` */
static MstVerdict read_lost_input(const Entry *entry, MstScan rest)
{
    MstSlice peer = mst_scan_rest(&rest);

    mst_scan_until_text(&rest, MST_LIT(" to "), &peer);
    return add_abort(entry, peer);
}

/* `timeout waiting for input from PEER during server cmd read`; `client …` is about the next host, of
 * which a to= line tells. */
static MstVerdict read_timeout(const Entry *entry, MstScan rest)
{
    MstSlice peer;

    if (!mst_scan_until_text(&rest, MST_LIT(" during "), &peer))
        return unknown(entry);
    return stands_here(&rest, MST_LIT("client ")) ? mst_verdict_noise("outgoing connection")
                                                  : add_abort(entry, peer);
}

/* `collect: premature EOM: …`, `collect: relay=PEER, from=<sender>, info=…` */
static MstVerdict read_collect(const Entry *entry, MstScan rest)
{
    MstSlice peer = {NULL, 0};
    MstSlice sender = {NULL, 0};
    MstEvent *event;

    if (mst_scan_text(&rest, MST_LIT("relay="))) {
        peer = scan_value(&rest);
        if (mst_scan_text(&rest, MST_LIT(", from=")) && scan_address(&rest, &sender))
            sender = plain_address(entry->out, sender);
    }
    event = add(entry, MST_EVENT_ABORT);
    event->detail = entry->text;
    event->sender = sender;
    mst_scan_sendmail_peer(peer, &event->peer_name, &event->peer_ip);
    return mst_verdict_understood();
}

static MstVerdict read_connect(const Entry *entry, MstScan rest)
{
    MstEvent *event;

    if (mst_scan_is_done(&rest))
        return unknown(entry);
    event = add(entry, MST_EVENT_CONNECT);
    mst_scan_sendmail_peer(mst_scan_rest(&rest), &event->peer_name, &event->peer_ip);
    return mst_verdict_understood();
}

static MstVerdict read_quarantine(const Entry *entry, MstScan rest)
{
    if (!mst_slice_is_set(entry->queue_id))
        return unknown(entry);
    add(entry, MST_EVENT_HOLD)->detail = mst_scan_rest(&rest);
    return mst_verdict_understood();
}

/* `/etc/mail/aliases: 19 aliases, longest 57 bytes, 478 bytes total` */
static MstVerdict read_alias_file(const Entry *entry, MstScan rest)
{
    MstSlice path, count;

    if (mst_scan_until_text(&rest, MST_LIT(": "), &path) && mst_scan_digits(&rest, &count) &&
        stands_here(&rest, MST_LIT(" aliases")))
        return mst_verdict_noise("alias database");
    return unknown(entry);
}

/* A longer opening stands before a shorter one. */
static const Row rows[] = {
    {MST_LIT_INIT("to="), read_to, NULL, 0},
    {MST_LIT_INIT("from="), read_from, NULL, 0},
    {MST_LIT_INIT("<-- "), NULL, "SMTP dialogue", 0},
    {MST_LIT_INIT("<"), read_refused_recipient, NULL, 0},
    {MST_LIT_INIT("STARTTLS"), NULL, "TLS", 0},
    {MST_LIT_INIT("milter="), read_milter_answer, NULL, 0},
    {MST_LIT_INIT("Milter: "), read_milter_verdict, NULL, 0},
    {MST_LIT_INIT("Milter ("), read_milter_named, NULL, 0},
    {MST_LIT_INIT("Milter "), read_milter_change, NULL, 0},
    {MST_LIT_INIT("done; "), NULL, NULL, MST_EVENT_DONE},
    {MST_LIT_INIT("discarded"), NULL, NULL, MST_EVENT_DISCARD},
    {MST_LIT_INIT("quarantine="), read_quarantine, NULL, 0},
    {MST_LIT_INIT("unquarantine"), NULL, NULL, MST_EVENT_RELEASE},
    {MST_LIT_INIT("message size ("), NULL, NULL, MST_EVENT_REJECT},
    {MST_LIT_INIT("ruleset="), read_ruleset, NULL, 0},
    {MST_LIT_INIT("lost input channel from "), read_lost_input, NULL, 0},
    {MST_LIT_INIT("timeout waiting for input from "), read_timeout, NULL, 0},
    {MST_LIT_INIT("collect: "), read_collect, NULL, 0},
    {MST_LIT_INIT("connect from "), read_connect, NULL, 0},
    {MST_LIT_INIT("alias database "), NULL, "alias database", 0},
    {MST_LIT_INIT("alias "), read_alias, NULL, 0},
    {MST_LIT_INIT("forward "), read_alias, NULL, 0},
    {MST_LIT_INIT("split: "), read_split, NULL, 0},
    {MST_LIT_INIT("SMTP MAIL command ("), read_refused_sender, NULL, 0},
    {MST_LIT_INIT("SMTP outgoing connect"), NULL, "outgoing connection", 0},
    {MST_LIT_INIT("SMTP "), NULL, "SMTP dialogue", 0},
    {MST_LIT_INIT("makeconnection"), NULL, "outgoing connection", 0},
    {MST_LIT_INIT("--- "), NULL, "SMTP dialogue", 0},
    {MST_LIT_INIT("tls_"), NULL, "TLS", 0},
    {MST_LIT_INIT("TLS"), NULL, "TLS", 0},
    {MST_LIT_INIT("AUTH failure"), NULL, "authentication failure", 0},
    {MST_LIT_INIT("AUTH"), NULL, "authentication", 0},
    {MST_LIT_INIT("rejecting server "), NULL, "traffic before the greeting", 0},
    {MST_LIT_INIT("rejecting commands"), NULL, "traffic before the greeting", 0},
    {MST_LIT_INIT("unauthorized PIPELINING"), NULL, "attack", 0},
    {MST_LIT_INIT("SYSERR"), NULL, "system error", 0},
    {MST_LIT_INIT("Losing "), NULL, "system error", 0},
    {MST_LIT_INIT("savemail panic"), NULL, "system error", 0},
    {MST_LIT_INIT("Authentication-Warning: "), NULL, "warning", 0},
    {MST_LIT_INIT("WARNING: "), NULL, "warning", 0},
    {MST_LIT_INIT("Warning: "), NULL, "warning", 0},
    {MST_LIT_INIT("warning: "), NULL, "warning", 0},
    {MST_LIT_INIT("File descriptors missing"), NULL, "warning", 0},
    {MST_LIT_INIT("starting daemon "), NULL, "daemon", 0},
    {MST_LIT_INIT("restarting "), NULL, "daemon", 0},
    {MST_LIT_INIT("stopping daemon"), NULL, "daemon", 0},
    {MST_LIT_INIT("rejecting connections"), NULL, "daemon", 0},
    {MST_LIT_INIT("deferring connections"), NULL, "daemon", 0},
    {MST_LIT_INIT("delaying connections"), NULL, "daemon", 0},
    {MST_LIT_INIT("accepting connections"), NULL, "daemon", 0},
    {MST_LIT_INIT("daemon "), NULL, "daemon", 0},
    {MST_LIT_INIT("My unqualified host name"), NULL, "daemon", 0},
    {MST_LIT_INIT("unable to qualify"), NULL, "daemon", 0},
    {MST_LIT_INIT("runqueue"), NULL, "queue run", 0},
    {MST_LIT_INIT("grew WorkList"), NULL, "queue run", 0},
    {MST_LIT_INIT("assigned id"), NULL, "queue run", 0},
    {MST_LIT_INIT("locked"), NULL, "queue run", 0},
    {MST_LIT_INIT("low on space"), NULL, "daemon", 0},
    {MST_LIT_INIT("gethostbyaddr"), NULL, "name service", 0},
    {MST_LIT_INIT("/"), read_alias_file, NULL, 0},
};

/* Lines that begin with the client: `PEER did not issue …`, `PEER: VRFY alice`. */
static const Row peer_rows[] = {
    {MST_LIT_INIT("did not issue MAIL/EXPN/VRFY/ETRN"), NULL, NULL, MST_EVENT_ABORT},
    {MST_LIT_INIT("Possible SMTP RCPT flood"), NULL, "attack", 0},
    {MST_LIT_INIT("possible SMTP attack"), NULL, "attack", 0},
    {MST_LIT_INIT("SMTP violation"), NULL, "attack", 0},
    {MST_LIT_INIT("probable open proxy"), NULL, "attack", 0},
    {MST_LIT_INIT("VRFY "), NULL, "VRFY, EXPN or ETRN", 0},
    {MST_LIT_INIT("EXPN "), NULL, "VRFY, EXPN or ETRN", 0},
    {MST_LIT_INIT("ETRN "), NULL, "VRFY, EXPN or ETRN", 0},
};

/* `host [address] (may be forged)`, `[address]`, `user@localhost`, then `: ` or ` `. */
static bool scan_peer(MstScan *scan, MstSlice *peer)
{
    MstScan rest = *scan;
    MstSlice address;

    while (rest.at < rest.end && *rest.at != ' ' && *rest.at != '[' &&
           !stands_here(&rest, MST_LIT(": ")))
        rest.at++;
    if (mst_scan_text(&rest, MST_LIT("[")) || mst_scan_text(&rest, MST_LIT(" ["))) {
        if (!mst_scan_until(&rest, ']', &address))
            return false;
        mst_scan_text(&rest, MST_LIT(" (may be forged)"));
    }
    *peer = mst_slice(scan->at, rest.at);
    if (!mst_scan_text(&rest, MST_LIT(": ")) && !mst_scan_text(&rest, MST_LIT(" ")))
        return false;
    *scan = rest;
    return true;
}

static MstVerdict read_peer_line(const Entry *entry)
{
    MstScan rest = mst_scan_over(entry->text);
    const Row *row = NULL;
    MstSlice peer;

    if (scan_peer(&rest, &peer))
        row = mst_matcher_find(entry->reader->peer_rows, mst_scan_rest(&rest));
    if (row == NULL)
        return unknown(entry);
    return row->noise != NULL ? mst_verdict_noise(row->noise) : add_abort(entry, peer);
}

static MstVerdict read_entry(const Entry *entry)
{
    const Row *row = mst_matcher_find(entry->reader->rows, entry->text);
    MstScan rest = mst_scan_over(entry->text);
    MstSlice other_id;

    if (row != NULL)
        return read_row(entry, row, rest);
    if (mst_slice_is_set(entry->queue_id) && scan_queue_id(&rest, &other_id) &&
        mst_scan_text(&rest, MST_LIT(": ")))
        return read_second_id(entry, other_id, rest);
    return read_peer_line(entry);
}

static void free_record(gpointer data)
{
    Record *record = data;

    g_free(record->host);
    g_free(record->queue_id);
    g_string_free(record->text, TRUE);
    g_free(record);
}

static GList *find_record(SendmailReader *self, const Entry *entry)
{
    for (GList *at = self->records.head; at != NULL; at = at->next) {
        const Record *record = at->data;

        if (record->pid == entry->line->pid &&
            mst_slice_equal(mst_slice_of(record->queue_id), entry->queue_id) &&
            mst_slice_equal(mst_slice_of(record->host), entry->line->host))
            return at;
    }
    return NULL;
}

static void drop_record(SendmailReader *self, GList *at)
{
    Record *record;

    if (at == NULL)
        return;
    record = at->data;
    self->bytes -= record->text->len;
    free_record(record);
    g_queue_delete_link(&self->records, at);
}

static void begin_record(SendmailReader *self, const Entry *entry)
{
    MstSlice host = entry->line->host;
    Record *record = g_new0(Record, 1);

    record->host = g_strndup(host.ptr, host.len);
    record->pid = entry->line->pid;
    record->queue_id = g_strndup(entry->queue_id.ptr, entry->queue_id.len);
    record->text = g_string_new(NULL);
    g_queue_push_tail(&self->records, record);
}

static void append_part(SendmailReader *self, Record *record, MstSlice part)
{
    g_string_append_len(record->text, part.ptr, (gssize)part.len);
    record->parts++;
    self->bytes += part.len;
}

/* `Q[n]: text ...`; the last part lacks the dots. */
static MstVerdict read_part(SendmailReader *self, Entry *entry, int64_t number)
{
    const MstSlice dots = MST_LIT(" ...");
    bool is_last = !mst_slice_ends(entry->text, dots);
    GList *at = find_record(self, entry);
    Record *record;

    if (number == 1) {
        drop_record(self, at);
        begin_record(self, entry);
        at = self->records.tail;
    }
    if (at == NULL || ((const Record *)at->data)->parts + 1 != number) {
        drop_record(self, at);
        return mst_verdict_broken("a continuation without its beginning");
    }
    record = at->data;
    if (!is_last) {
        append_part(self, record, mst_slice_head(entry->text, entry->text.len - dots.len));
        while (self->bytes > RECORD_BYTES || self->records.length > RECORDS_MAX)
            drop_record(self, self->records.head);
        return (MstVerdict){MST_FATE_CONTINUATION, NULL};
    }
    append_part(self, record, entry->text);
    entry->text = mst_batch_keep(entry->out, (MstSlice){record->text->str, record->text->len});
    drop_record(self, at);
    return read_entry(entry);
}

static void sendmail_open(MstReader *reader)
{
    SendmailReader *self = (SendmailReader *)reader;

    self->rows = matcher_of(rows, G_N_ELEMENTS(rows));
    self->milter_rows = matcher_of(milter_rows, G_N_ELEMENTS(milter_rows));
    self->peer_rows = matcher_of(peer_rows, G_N_ELEMENTS(peer_rows));
    g_queue_init(&self->records);
}

static void sendmail_close(MstReader *reader)
{
    SendmailReader *self = (SendmailReader *)reader;

    g_queue_clear_full(&self->records, free_record);
    mst_matcher_free(self->peer_rows);
    mst_matcher_free(self->milter_rows);
    mst_matcher_free(self->rows);
}

static MstVerdict sendmail_read(MstReader *reader, MstLine *line, MstBatch *out)
{
    SendmailReader *self = (SendmailReader *)reader;
    Entry entry = {.reader = self, .line = line, .out = out};
    MstScan rest = mst_scan_over(line->text);
    bool has_id = scan_queue_id(&rest, &entry.queue_id);
    int64_t number;

    if (has_id && mst_scan_text(&rest, MST_LIT("[")) && mst_scan_number(&rest, &number) &&
        mst_scan_text(&rest, MST_LIT("]: "))) {
        entry.text = mst_scan_rest(&rest);
        return read_part(self, &entry, number);
    }
    if (!has_id || !mst_scan_text(&rest, MST_LIT(": "))) {
        entry.queue_id = (MstSlice){NULL, 0};
        rest = mst_scan_over(line->text);
        mst_scan_text(&rest, MST_LIT("NOQUEUE: "));
    }
    entry.text = mst_scan_rest(&rest);
    return read_entry(&entry);
}

/* `sendmail`, `sendmail-in`, `sm-mta`, `sm-msp-queue`; not `sendmailstat`. */
static bool is_sendmail_tag(MstSlice tag)
{
    const MstSlice name = MST_LIT("sendmail");

    if (mst_slice_starts(tag, MST_LIT("sm-")))
        return true;
    return mst_slice_starts(tag, name) &&
           (tag.len == name.len || !g_ascii_isalnum(tag.ptr[name.len]));
}

/* The tag is free text (sendmail -L). Milters log queue IDs too, and Postfix's from= and to= lines
 * are much alike, so those lines must be whole. */
static bool sendmail_owns(MstSlice tag, MstSlice text)
{
    static const MstSlice openings[] = {
        MST_LIT_INIT("ruleset="), MST_LIT_INIT("Milter"),        MST_LIT_INIT("milter="),
        MST_LIT_INIT("done; "),   MST_LIT_INIT("lost input ch"),
    };
    MstScan rest = mst_scan_over(text);
    Arrival arrival = {0};
    Delivery delivery = {0};
    MstSlice id;

    if (is_sendmail_tag(tag))
        return true;
    if (!scan_queue_id(&rest, &id) || !mst_scan_text(&rest, MST_LIT(": ")))
        return false;
    if (mst_scan_text(&rest, MST_LIT("from=")))
        return scan_arrival(&rest, &arrival);
    if (mst_scan_text(&rest, MST_LIT("to=")))
        return scan_delivery(&rest, &delivery);
    for (size_t i = 0; i < G_N_ELEMENTS(openings); i++) {
        if (stands_here(&rest, openings[i]))
            return true;
    }
    return false;
}

const MstReaderOps mst_reader_sendmail = {
    .system = MST_SYSTEM_SENDMAIL,
    .summary = "sendmail's log, under whatever tag",
    .example = "Nov 21 22:06:55 hub sm-mta[89]: 6ALM6sRG000086: to=<carol@example.test>, "
               "delay=00:00:00, xdelay=00:00:00, mailer=local, pri=30631, dsn=2.0.0, stat=Sent",
    .size = sizeof(SendmailReader),
    .open = sendmail_open,
    .close = sendmail_close,
    .owns = sendmail_owns,
    .read = sendmail_read,
};
