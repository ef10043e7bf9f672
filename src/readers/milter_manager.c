/*
 * milter_manager.c - what milter-manager logs
 *
 *     [statistics] [session][end][end-of-message][pass][0.109978](1)
 *     [statistics] [session][header][add](1): <X-Spam-Flag>=< YES>
 *     [statistics] [milter][end][connect][reject][0.0021](2): greylist
 *     [statistics] [milter][header][add](3): <X-Spam-Flag>=<YES>: spamass
 *     [statistics] [reply][end-of-message][quarantine](1)
 *     [statistics] [sessions][finished] 79(+1) 1
 *     [1] [children][error][connection] [3] Failed to connect to …: spamass
 *     [3] [server][error][write] [spamass] Failed to write to milter: …
 *     [1] [manager][receive][connect] <client.example.net>:<inet:45561@[192.0.2.1]>
 *     [1] [manager][receive][define-macro] <{"i" => "8BE3852E9C1"}>
 *
 * A session is one connection of the mail server; it, and each connection to a child milter, takes
 * the next number of its process. So the hop of a session is named `process ID/session`. Only debug
 * and error lines tell which session a child belongs to, and the reader remembers that. Only debug
 * lines name the mail server's message.
 *
 * Tags are milter-manager's own words. What stands behind them is a stranger's or a child's: header
 * values, client names, texts of errors. Such a value may hold a whole forged line, so every shape
 * is read from the start of the text; a child's name is what follows the last `>: `.
 *
 * Without syslog it writes a log of its own, where `[statistics] ` is missing:
 *
 *     [2026-11-21T22:08:48.651744Z]: [session][end][end-of-message][reject][0.143436](1)
 *     [statistics][milter-manager][2026-11-21T22:08:39.162195Z] [milter-manager][20130]: …
 *     [debug][milter-manager][2026-11-21T22:08:39Z] [milter-manager][20130] x.c:21: start(): …
 *
 * Values with line ends go on in the next line of that file.
 */
#include <glib.h>
#include <xxhash.h>

#include "mailstory/reader.h"
#include "mailstory/stamp.h"
#include "readers/scan.h"
#include "readers/verdict.h"

enum {
    CHILDREN = 4096,        /* whose session is remembered; a power of two */
    COVERS = 1024,          /* sessions whose last message is remembered; a power of two */
    NAME_MAX_LEN = 64,      /* of a child or a queue ID */
    SMALL = 512,            /* bytes of a detail that is put together without an allocation */
    MANTISSA_DIGITS = 15,   /* of a number of seconds; %g prints six */
    LONGEST_S = 1000000000, /* a session that took longer has a broken clock */
};

/* Process IDs come back; a session is over by then. */
static const int64_t remembered_us = INT64_C(3600) * 1000000;

/* A child's connection, and the session that it serves. */
typedef struct Child {
    uint64_t key; /* of host, process and number; 0: unused */
    uint32_t session;
    int64_t time_us;
} Child;

/* What the settings put in front of the own log's messages. */
typedef enum Item {
    ITEM_LEVEL = 1 << 0,
    ITEM_TIME = 1 << 1,
    ITEM_NAME = 1 << 2, /* of the module or the program, where it is one that we know */
    ITEM_PID = 1 << 3,
    ITEM_PLACE = 1 << 4, /* alone */
} Item;

/* The last message that a session was seen to cover. */
typedef struct Cover {
    uint64_t session; /* key of host, process and number */
    uint64_t message; /* hash of its queue ID */
} Cover;

typedef struct MilterReader {
    MstReader base;
    Child *children; /* NULL until there is one, as below */
    Cover *covers;
    unsigned items; /* of Item: in front of the own log's last record */
    bool in_record; /* there was one */
} MilterReader;

/* A line that is being read. */
typedef struct Entry {
    MilterReader *reader;
    const MstLine *line;
    MstBatch *out;
    MstSlice text;   /* behind the level or the number in front */
    MstScan rest;    /* behind the opening that fitted */
    uint32_t number; /* in front of the text: of a session or a child */
} Entry;

/* A shape of line. A table of them ends with one whose opening is unset. */
typedef struct Shape {
    MstSlice opening;
    bool (*read)(Entry *entry); /* false: it does not fit, so the line is broken; NULL: noise */
    const char *kind;           /* of noise, also where `read` finds nothing to tell */
} Shape;

static const MstSlice nothing = {NULL, 0};

/* ---- words */

/* `[word]`. Words are short: a loop is done before memchr has begun. */
static bool scan_tag(MstScan *scan, MstSlice *tag)
{
    const char *at = scan->at;
    const char *end = scan->end;

    if (at == end || *at != '[')
        return false;
    while (at < end && *at != ']')
        at++;
    if (at == end)
        return false;
    *tag = mst_slice(scan->at + 1, at);
    scan->at = at + 1;
    return true;
}

/* The number of a session or child, between these two bytes. */
static bool scan_number(MstScan *scan, char open, char close, uint32_t *number)
{
    const char *at = scan->at;
    const char *end = scan->end;
    uint64_t sum = 0;

    if (at == end || *at++ != open || at == end || *at == close)
        return false;
    for (; at < end && *at >= '0' && *at <= '9' && sum <= UINT32_MAX; at++)
        sum = sum * 10 + (uint64_t)(*at - '0');
    if (at == end || *at != close || sum > UINT32_MAX)
        return false;
    *number = (uint32_t)sum;
    scan->at = at + 1;
    return true;
}

/* `-06` of `1e-06`; what is absurdly large stays so. */
static bool scan_exponent(MstScan *scan, int *exponent)
{
    bool negative = mst_scan_text(scan, MST_LIT("-"));
    MstSlice digits;
    int sum = 0;

    if (!negative)
        (void)mst_scan_text(scan, MST_LIT("+"));
    if (!mst_scan_digits(scan, &digits))
        return false;
    for (size_t i = 0; i < digits.len && sum < 1000; i++)
        sum = sum * 10 + (digits.ptr[i] - '0');
    *exponent = negative ? -sum : sum;
    return true;
}

/* `0.109978` is 109978 and a power of -6. */
static bool scan_mantissa(MstScan *scan, int64_t *mantissa, int *power)
{
    MstSlice whole, fraction = {NULL, 0};
    int64_t sum = 0;

    if (!mst_scan_digits(scan, &whole) ||
        (mst_scan_text(scan, MST_LIT(".")) && !mst_scan_digits(scan, &fraction)) ||
        whole.len + fraction.len > MANTISSA_DIGITS)
        return false;
    for (size_t i = 0; i < whole.len; i++)
        sum = sum * 10 + (whole.ptr[i] - '0');
    for (size_t i = 0; i < fraction.len; i++)
        sum = sum * 10 + (fraction.ptr[i] - '0');
    *mantissa = sum;
    *power = -(int)fraction.len;
    return true;
}

/* mantissa * 10^power, and not more than the longest session. */
static int64_t scaled(int64_t mantissa, int power)
{
    const int64_t limit = LONGEST_S * INT64_C(1000000);

    for (; power > 0 && mantissa > 0 && mantissa < limit; power--)
        mantissa *= 10;
    for (; power < -1 && mantissa > 0; power++)
        mantissa /= 10;
    if (power == -1)
        mantissa = (mantissa + 5) / 10;
    return MIN(mantissa, limit);
}

/* Seconds as C's %g prints them: `0.109978`, `5`, `1e-06`. A clock that stepped back makes them
 * negative, which is 0 here. */
static bool read_elapsed(MstSlice text, int64_t *elapsed_us)
{
    MstScan scan = mst_scan_over(text);
    bool negative = mst_scan_text(&scan, MST_LIT("-"));
    int power, exponent = 0;
    int64_t mantissa;

    if (!scan_mantissa(&scan, &mantissa, &power) ||
        (mst_scan_text(&scan, MST_LIT("e")) && !scan_exponent(&scan, &exponent)) ||
        !mst_scan_is_done(&scan))
        return false;
    *elapsed_us = negative ? 0 : scaled(mantissa, power + exponent + 6);
    return true;
}

/* ---- sessions and children */

static char *put_number(char *end, uint32_t number)
{
    do {
        *--end = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return end;
}

/* `1284/6`: the name of a session or a child of the line's process. */
static MstSlice name_of(const Entry *entry, uint32_t number)
{
    char text[24];
    char *end = text + sizeof text;
    char *at = put_number(end, number);

    *--at = '/';
    at = put_number(at, entry->line->pid);
    return mst_batch_keep(entry->out, mst_slice(at, end));
}

/* Of a session or child, among all hosts and processes of the log. Never 0. */
static uint64_t key_of(const MstLine *line, uint32_t number)
{
    uint64_t seed = (uint64_t)line->pid << 32 | number;

    return XXH3_64bits_withSeed(line->host.ptr, line->host.len, seed) | 1;
}

/* Without a process ID (0) a number may be that of any process, so nothing is known. */
static void learn_child(Entry *entry, uint32_t child, uint32_t session)
{
    MilterReader *self = entry->reader;
    uint64_t key = key_of(entry->line, child);

    if (entry->line->pid == 0)
        return;
    if (self->children == NULL)
        self->children = g_new0(Child, CHILDREN);
    self->children[key / 2 % CHILDREN] = (Child){key, session, entry->line->time_us};
}

static bool find_session(const Entry *entry, uint32_t child, uint32_t *session)
{
    const MilterReader *self = entry->reader;
    const Child *known;
    uint64_t key;

    if (self->children == NULL)
        return false;
    key = key_of(entry->line, child);
    known = &self->children[key / 2 % CHILDREN];
    if (known->key != key || ABS(entry->line->time_us - known->time_us) > remembered_us)
        return false;
    *session = known->session;
    return true;
}

/* Is this the first line that says so? A session covers its messages one after the other. */
static bool learn_cover(Entry *entry, MstSlice message)
{
    MilterReader *self = entry->reader;
    Cover cover = {key_of(entry->line, entry->number), XXH3_64bits(message.ptr, message.len)};
    Cover *place;

    if (self->covers == NULL)
        self->covers = g_new0(Cover, COVERS);
    place = &self->covers[cover.session / 2 % COVERS];
    if (place->session == cover.session && place->message == cover.message)
        return false;
    *place = cover;
    return true;
}

/* ---- events */

static MstEvent *add(const Entry *entry, MstEventKind kind)
{
    return mst_batch_add(entry->out, entry->line, MST_SYSTEM_MILTER_MANAGER, kind);
}

static MstEvent *add_of_session(const Entry *entry, MstEventKind kind, uint32_t session)
{
    MstEvent *event = add(entry, kind);

    event->queue_id = name_of(entry, session);
    return event;
}

/* The session is told only if it is known for sure. */
static MstEvent *add_of_child(const Entry *entry, uint32_t child)
{
    MstEvent *event = add(entry, MST_EVENT_FILTER);
    uint32_t session;

    event->other_id = name_of(entry, child);
    if (find_session(entry, child, &session))
        event->queue_id = name_of(entry, session);
    return event;
}

/* Parts of a detail, put together; the unset slice ends them. */
static MstSlice joined(const Entry *entry, const MstSlice *parts)
{
    char small[SMALL];
    g_autofree char *large = NULL;
    char *text = small;
    size_t len = 0;

    for (const MstSlice *part = parts; mst_slice_is_set(*part); part++)
        len += part->len;
    if (len > sizeof small) {
        large = g_malloc(len);
        text = large;
    }
    len = 0;
    for (const MstSlice *part = parts; mst_slice_is_set(*part); part++) {
        memcpy(text + len, part->ptr, part->len);
        len += part->len;
    }
    return mst_batch_keep(entry->out, (MstSlice){text, len});
}

/* ---- statistics */

static MstAction action_of(MstSlice status)
{
    static const struct {
        MstSlice status;
        MstAction action;
    } actions[] = {
        {MST_LIT_INIT("reject"), MST_ACTION_REJECTED},
        {MST_LIT_INIT("temporary-failure"), MST_ACTION_REJECTED},
        {MST_LIT_INIT("discard"), MST_ACTION_DISCARDED},
        {MST_LIT_INIT("quarantine"), MST_ACTION_QUARANTINED},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(actions); i++) {
        if (mst_slice_equal(actions[i].status, status))
            return actions[i].action;
    }
    return MST_ACTION_NONE;
}

/* `[STATE][STATUS][ELAPSED](number)`; before 2009 only `[ELAPSED](number)`. */
typedef struct Ending {
    MstSlice state, status; /* unset: not logged */
    int64_t elapsed_us;
    uint32_t number;
} Ending;

static bool scan_ending(MstScan *scan, Ending *ending)
{
    MstSlice tag;

    *ending = (Ending){nothing, nothing, 0, 0};
    if (!scan_tag(scan, &tag))
        return false;
    if (!read_elapsed(tag, &ending->elapsed_us)) {
        ending->state = tag;
        if (!scan_tag(scan, &ending->status) || !scan_tag(scan, &tag) ||
            !read_elapsed(tag, &ending->elapsed_us))
            return false;
    }
    return scan_number(scan, '(', ')', &ending->number);
}

/* `(number): NAME` at the end of a line about a child. */
static bool scan_child(MstScan *scan, uint32_t *number, MstSlice *name)
{
    if (!scan_number(scan, '(', ')', number) || !mst_scan_text(scan, MST_LIT(": ")))
        return false;
    *name = mst_scan_rest(scan);
    return true;
}

static bool read_session_start(Entry *entry)
{
    uint32_t session;

    if (!scan_number(&entry->rest, '(', ')', &session) || !mst_scan_is_done(&entry->rest))
        return false;
    add_of_session(entry, MST_EVENT_ACCEPT, session);
    return true;
}

static bool read_session_end(Entry *entry)
{
    Ending ending;
    MstEvent *event;

    if (!scan_ending(&entry->rest, &ending) || !mst_scan_is_done(&entry->rest))
        return false;
    event = add_of_session(entry, MST_EVENT_DONE, ending.number);
    event->delay_us = ending.elapsed_us;
    if (mst_slice_is_set(ending.state)) {
        const MstSlice detail[] = {ending.state, MST_LIT_INIT(" "), ending.status, {NULL, 0}};

        event->detail = joined(entry, detail);
        event->action = action_of(ending.status);
    }
    return true;
}

static bool read_session_disconnected(Entry *entry)
{
    MstSlice elapsed;
    int64_t elapsed_us;
    uint32_t session;
    MstEvent *event;

    if (!scan_tag(&entry->rest, &elapsed) || !read_elapsed(elapsed, &elapsed_us) ||
        !scan_number(&entry->rest, '(', ')', &session) || !mst_scan_is_done(&entry->rest))
        return false;
    add_of_session(entry, MST_EVENT_ABORT, session)->detail = MST_LIT("disconnected");
    event = add_of_session(entry, MST_EVENT_DONE, session);
    event->delay_us = elapsed_us;
    event->detail = MST_LIT("disconnected");
    return true;
}

static bool read_child_start(Entry *entry)
{
    MstSlice name;
    uint32_t child;

    if (!scan_child(&entry->rest, &child, &name))
        return false;
    add_of_child(entry, child)->detail = joined(
        entry, (const MstSlice[]){name, MST_LIT_INIT(": start"), {NULL, 0}});
    return true;
}

static bool read_child_end(Entry *entry)
{
    MstSlice blank = MST_LIT(" ");
    Ending ending;
    MstSlice name;

    if (!scan_ending(&entry->rest, &ending) || !mst_scan_text(&entry->rest, MST_LIT(": ")))
        return false;
    name = mst_scan_rest(&entry->rest);
    if (!mst_slice_is_set(ending.state)) {
        ending.state = MST_LIT("end");
        blank = nothing;
    }
    add_of_child(entry, ending.number)->detail = joined(
        entry,
        (const MstSlice[]){name, MST_LIT_INIT(": "), ending.state, blank, ending.status, nothing});
    return true;
}

/* `: <NAME>=<VALUE`. The value goes to the end: what ends it is taken off by the caller, as old
 * syslogds cut long lines, and a file's line ends where the value has its first line end. */
static bool scan_header(MstScan *scan, MstSlice *name, MstSlice *value)
{
    MstScan rest = *scan;
    MstSlice before;
    const char *start;

    if (!mst_scan_text(&rest, MST_LIT(": <")))
        return false;
    start = rest.at;
    while (mst_scan_until(&rest, '>', &before)) {
        if (!mst_scan_text(&rest, MST_LIT("=<")))
            continue;
        *name = mst_slice(start, before.ptr + before.len);
        *value = mst_scan_rest(&rest);
        return true;
    }
    return false;
}

/* The protocol keeps the blank behind the colon of a header. */
static MstSlice without_blank(MstSlice value)
{
    return mst_slice_starts(value, MST_LIT(" ")) ? mst_slice_from(value, 1) : value;
}

static bool read_session_header(Entry *entry)
{
    MstSlice name, value;
    uint32_t session;

    if (!scan_number(&entry->rest, '(', ')', &session) || !scan_header(&entry->rest, &name, &value))
        return false;
    if (mst_slice_ends(value, MST_LIT(">")))
        value.len--;
    add_of_session(entry, MST_EVENT_FILTER, session)->detail = joined(
        entry, (const MstSlice[]){MST_LIT_INIT("add header "), name, MST_LIT_INIT(": "),
                                  without_blank(value), nothing});
    return true;
}

/* Takes `>: NAME` off the end of a value; the unset slice if the line was cut before it. */
static MstSlice take_child_name(MstSlice *value)
{
    const MstSlice stop = MST_LIT(">: ");
    const char *found = mst_slice_find_last(*value, stop);
    MstSlice name;

    if (found == NULL)
        return nothing;
    name = mst_slice(found + stop.len, value->ptr + value->len);
    if (name.len == 0 || name.len > NAME_MAX_LEN || memchr(name.ptr, '<', name.len) != NULL)
        return nothing;
    *value = mst_slice(value->ptr, found);
    return name;
}

static bool read_child_header(Entry *entry)
{
    MstSlice opening = MST_LIT("add header ");
    MstSlice name, value, child_name;
    uint32_t child;

    if (!scan_number(&entry->rest, '(', ')', &child) || !scan_header(&entry->rest, &name, &value))
        return false;
    child_name = take_child_name(&value);
    if (mst_slice_is_set(child_name))
        opening = MST_LIT(": add header ");
    else
        child_name = MST_LIT("");
    add_of_child(entry, child)->detail = joined(
        entry, (const MstSlice[]){child_name, opening, name, MST_LIT_INIT(": "),
                                  without_blank(value), nothing});
    return true;
}

/* `[reply][STATE][STATUS](session)`. Today only quarantine is logged; until 2009 no session was. */
static bool read_reply(Entry *entry)
{
    MstSlice state, status;
    uint32_t session;
    MstEvent *event;

    if (!scan_tag(&entry->rest, &state) || !scan_tag(&entry->rest, &status))
        return false;
    if (mst_scan_is_done(&entry->rest))
        return true;
    if (!scan_number(&entry->rest, '(', ')', &session) || !mst_scan_is_done(&entry->rest))
        return false;
    if (mst_slice_equal(status, MST_LIT("quarantine"))) {
        event = add_of_session(entry, MST_EVENT_HOLD, session);
        event->whole = true;
    } else {
        event = add_of_session(entry, MST_EVENT_FILTER, session);
    }
    event->detail = joined(entry, (const MstSlice[]){state, MST_LIT_INIT(" "), status, nothing});
    return true;
}

static const Shape statistics_shapes[] = {
    {MST_LIT_INIT("[session][end]"), read_session_end, NULL},
    {MST_LIT_INIT("[session][header][add]"), read_session_header, NULL},
    {MST_LIT_INIT("[milter][header][add]"), read_child_header, NULL},
    {MST_LIT_INIT("[sessions][finished] "), NULL, "session count"},
    {MST_LIT_INIT("[milter][end]"), read_child_end, NULL},
    {MST_LIT_INIT("[session][start]"), read_session_start, NULL},
    {MST_LIT_INIT("[milter][start]"), read_child_start, NULL},
    {MST_LIT_INIT("[session][disconnected]"), read_session_disconnected, NULL},
    {MST_LIT_INIT("[reply]"), read_reply, "reply without a session"},
    {MST_LIT_INIT("[abort]["), NULL, "reply without a session"},
    {MST_LIT_INIT("[stop]["), NULL, "reply without a session"},
    {MST_LIT_INIT("[maintain][memory] "), NULL, "memory"},
    {{NULL, 0}, NULL, NULL},
};

static const Shape *shape_of(const Shape *table, MstSlice text)
{
    for (; mst_slice_is_set(table->opening); table++) {
        if (mst_slice_starts(text, table->opening))
            return table;
    }
    return NULL;
}

static MstVerdict read_shape(Entry *entry, const Shape *shape)
{
    guint before = entry->out->events->len;

    if (shape->read == NULL)
        return mst_verdict_noise(shape->kind);
    entry->rest = mst_scan_over(mst_slice_from(entry->text, shape->opening.len));
    if (!shape->read(entry))
        return mst_verdict_broken("cut line");
    if (entry->out->events->len == before)
        return mst_verdict_noise(shape->kind);
    return (MstVerdict){MST_FATE_EVENT, NULL};
}

static MstVerdict read_statistics(Entry *entry)
{
    const Shape *shape = shape_of(statistics_shapes, entry->text);

    if (shape != NULL)
        return read_shape(entry, shape);
    for (shape = statistics_shapes; mst_slice_is_set(shape->opening); shape++) {
        if (mst_slice_starts(shape->opening, entry->text))
            return mst_verdict_broken("cut line");
    }
    return mst_verdict_broken("unknown statistics line");
}

/* ---- lines with a number in front: trouble, and at debug level everything */

/* `NAME>:<inet:45561@[192.0.2.1]>`, `NAME>:<unix:/path>`; the name is a stranger's. */
static bool read_connect(Entry *entry)
{
    const MstSlice between = MST_LIT(">:<");
    MstSlice text = mst_scan_rest(&entry->rest);
    const char *found = mst_slice_find_last(text, between);
    MstSlice name, address;
    MstScan spec;
    MstEvent *event;

    if (found == NULL || !mst_slice_ends(text, MST_LIT(">")))
        return false;
    name = mst_slice(text.ptr, found);
    spec = mst_scan_over(mst_slice(found + between.len, text.ptr + text.len - 1));
    event = add_of_session(entry, MST_EVENT_CONNECT, entry->number);
    if (name.len > 0 && *name.ptr != '[')
        event->peer_name = name;
    if (mst_scan_text(&spec, MST_LIT("inet")) && mst_scan_until(&spec, '[', &address) &&
        mst_scan_until(&spec, ']', &address))
        event->peer_ip = address;
    return true;
}

static bool is_queue_id(MstSlice s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!g_ascii_isalnum(s.ptr[i]) && s.ptr[i] != '.' && s.ptr[i] != '-')
            return false;
    }
    return s.len > 0 && s.len <= NAME_MAX_LEN;
}

/* `"KEY" => "VALUE"`, and what stands behind it. Nothing in a value is escaped. */
static bool scan_macro(MstScan *scan, MstSlice *key, MstSlice *value)
{
    return mst_scan_text(scan, MST_LIT("\"")) && mst_scan_until(scan, '"', key) &&
           mst_scan_text(scan, MST_LIT(" => \"")) && mst_scan_until(scan, '"', value) &&
           (mst_scan_text(scan, MST_LIT(", ")) || mst_scan_text(scan, MST_LIT("}>")));
}

/*
 * `"auth_type" => "PLAIN", "i" => "8BE3852E9C1", …}>`. Macro i names the mail server's message. It
 * comes first, or behind those of a client that has logged in. Behind others it is not believed: a
 * sender or a client's name may hold all of this.
 */
static bool read_macros(Entry *entry)
{
    MstSlice key, value;

    while (scan_macro(&entry->rest, &key, &value)) {
        if (mst_slice_equal(key, MST_LIT("i"))) {
            if (is_queue_id(value) && learn_cover(entry, value)) {
                MstEvent *event = add_of_session(entry, MST_EVENT_FILTER, entry->number);

                event->other_id = value;
                event->relation = MST_RELATION_COVERS;
            }
            return true;
        }
        if (!mst_slice_starts(key, MST_LIT("auth_")))
            return true;
    }
    return true;
}

static bool read_numbered_start(Entry *entry)
{
    if (mst_scan_is_done(&entry->rest))
        add_of_session(entry, MST_EVENT_ACCEPT, entry->number);
    return true;
}

static const Shape manager_shapes[] = {
    {MST_LIT_INIT("[manager][receive][define-macro] <{"), read_macros, "debug"},
    {MST_LIT_INIT("[manager][receive][connect] <"), read_connect, NULL},
    {MST_LIT_INIT("[manager][session][start]"), read_numbered_start, "debug"},
    {{NULL, 0}, NULL, NULL},
};

/* A word of errors and warnings? But for statistics, no line tells its level. */
static bool is_trouble(MstSlice tag)
{
    switch (tag.len) {
    case 4:
        return memcmp(tag.ptr, "fail", 4) == 0;
    case 5:
        return memcmp(tag.ptr, "error", 5) == 0;
    case 7:
        return memcmp(tag.ptr, "timeout", 7) == 0 || memcmp(tag.ptr, "warning", 7) == 0 ||
               memcmp(tag.ptr, "quitted", 7) == 0;
    case 8:
        return memcmp(tag.ptr, "remained", 8) == 0;
    default:
        return false;
    }
}

/* Past the tags at the start. Does one of them tell of trouble? */
static bool scan_trouble(MstScan *scan)
{
    bool trouble = false;
    MstSlice tag;

    while (scan_tag(scan, &tag))
        trouble |= is_trouble(tag);
    return trouble;
}

/* Does a session's number stand in front of the lines of this module? Else it is a child's, or,
 * where the module serves both sides, perhaps a child's. */
static bool is_of_session(MstSlice text)
{
    static const MstSlice modules[] = {
        MST_LIT_INIT("[children]"),
        MST_LIT_INIT("[client]"),
        MST_LIT_INIT("[leader]"),
        MST_LIT_INIT("[manager]"),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(modules); i++) {
        if (mst_slice_starts(text, modules[i]))
            return true;
    }
    return false;
}

/* `[1] [children][error][connection] [3] TEXT: NAME`, `[3] [server][error][write] [NAME] TEXT`. */
static MstVerdict read_numbered(Entry *entry)
{
    MstScan rest = mst_scan_over(entry->text);
    bool trouble = scan_trouble(&rest);
    uint32_t child = 0;
    bool of_child = mst_slice_starts(entry->text, MST_LIT("[children]")) &&
                    mst_scan_text(&rest, MST_LIT(" ")) && scan_number(&rest, '[', ']', &child);
    MstEvent *event;

    if (of_child)
        learn_child(entry, child, entry->number);
    if (!trouble)
        return mst_verdict_noise("debug");
    if (is_of_session(entry->text)) {
        event = add_of_session(entry, MST_EVENT_FILTER, entry->number);
        if (of_child)
            event->other_id = name_of(entry, child);
    } else {
        event = add_of_child(entry, entry->number);
    }
    event->detail = entry->text;
    return (MstVerdict){MST_FATE_EVENT, NULL};
}

/* ---- lines of no session */

static const Shape plain_shapes[] = {
    {MST_LIT_INIT("[server][error]"), NULL, "child error"},
    {MST_LIT_INIT("[children][error]"), NULL, "child error"},
    {MST_LIT_INIT("[configuration]"), NULL, "configuration"},
    {MST_LIT_INIT("[ruby-configuration]"), NULL, "configuration"},
    {MST_LIT_INIT("[controller]"), NULL, "controller"},
    {MST_LIT_INIT("[egg]"), NULL, "configuration"},
    {MST_LIT_INIT("[manager][reload]"), NULL, "configuration"},
    {MST_LIT_INIT("[manager][configuration]"), NULL, "configuration"},
    {MST_LIT_INIT("[client][accept]"), NULL, "connection limit"},
    {MST_LIT_INIT("[client]"), NULL, "start and stop"},
    {MST_LIT_INIT("[launcher]"), NULL, "start and stop"},
    {MST_LIT_INIT("[process-launcher]"), NULL, "start and stop"},
    {MST_LIT_INIT("[logger]"), NULL, "start and stop"},
    {MST_LIT_INIT("[syslog-logger]"), NULL, "start and stop"},
    {MST_LIT_INIT("failed to "), NULL, "start and stop"},
    {MST_LIT_INIT("[netstat]"), NULL, "connection check"},
    {MST_LIT_INIT("[breaker]"), NULL, "connection check"},
    {MST_LIT_INIT("[GLib"), NULL, "exception"},
    {MST_LIT_INIT("[SEGV]"), NULL, "exception"},
    {MST_LIT_INIT("[ABRT]"), NULL, "exception"},
    {{NULL, 0}, NULL, NULL},
};

/* What has no tags are exceptions of the Ruby inside, with their backtraces. */
static MstVerdict read_plain(const Entry *entry)
{
    MstScan rest = mst_scan_over(entry->text);
    const Shape *shape = shape_of(plain_shapes, entry->text);

    if (shape != NULL)
        return mst_verdict_noise(shape->kind);
    if (entry->text.len == 0 || *entry->text.ptr != '[')
        return mst_verdict_noise("exception");
    return mst_verdict_noise(scan_trouble(&rest) ? "error" : "debug");
}

/* `[12` and `[12] `, and no more. */
static bool is_cut_number(MstSlice text)
{
    MstScan rest = mst_scan_over(text);
    MstSlice digits;

    if (!mst_scan_text(&rest, MST_LIT("[")))
        return false;
    (void)mst_scan_digits(&rest, &digits);
    return mst_slice_starts(MST_LIT("] ["), mst_scan_rest(&rest));
}

/* Behind the level, where there was one. */
static MstVerdict read_unmarked(Entry *entry)
{
    MstScan rest = mst_scan_over(entry->text);
    const Shape *shape = NULL;

    if (!scan_number(&rest, '[', ']', &entry->number) || !mst_scan_text(&rest, MST_LIT(" ")))
        return is_cut_number(entry->text) ? mst_verdict_broken("cut line") : read_plain(entry);
    entry->text = mst_scan_rest(&rest);
    if (entry->text.len == 0)
        return mst_verdict_broken("cut line");
    if (mst_slice_starts(entry->text, MST_LIT("[manager][")))
        shape = shape_of(manager_shapes, entry->text);
    return shape != NULL ? read_shape(entry, shape) : read_numbered(entry);
}

static MstVerdict read_syslog(Entry *entry)
{
    const MstSlice level = MST_LIT("[statistics] ");

    if (mst_slice_starts(entry->text, level)) {
        entry->text = mst_slice_from(entry->text, level.len);
        return read_statistics(entry);
    }
    if (entry->text.len > 0 && mst_slice_starts(level, entry->text))
        return mst_verdict_broken("cut line");
    return read_unmarked(entry);
}

/* ---- its own log */

/* `[word]`, where it is one of these. */
static bool scan_one_of(MstScan *scan, const MstSlice *words, size_t n)
{
    MstScan rest = *scan;
    MstSlice tag;

    if (!scan_tag(&rest, &tag))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (mst_slice_equal(words[i], tag)) {
            *scan = rest;
            return true;
        }
    }
    return false;
}

static bool scan_level(MstScan *scan)
{
    static const MstSlice levels[] = {
        MST_LIT_INIT("statistics"), MST_LIT_INIT("debug"),   MST_LIT_INIT("trace"),
        MST_LIT_INIT("info"),       MST_LIT_INIT("message"), MST_LIT_INIT("warning"),
        MST_LIT_INIT("error"),      MST_LIT_INIT("profile"), MST_LIT_INIT("critical"),
    };

    return scan_one_of(scan, levels, G_N_ELEMENTS(levels));
}

/* Of a module of its own, or of the program. */
static bool is_own_name(MstSlice name)
{
    return mst_slice_starts(name, MST_LIT("milter-")) ||
           mst_slice_equal(name, MST_LIT("glib-log")) || mst_slice_equal(name, MST_LIT("(null)"));
}

/* `[2026-11-21T22:08:48.651744Z]`; GLib leaves out a fraction of 0, but always measures it. */
static bool scan_time(MstScan *scan, MstLine *line)
{
    MstScan rest = *scan;
    MstStamp stamp;
    size_t len;

    if (!mst_scan_text(&rest, MST_LIT("[")))
        return false;
    len = mst_stamp_scan(mst_scan_rest(&rest), &stamp);
    if (len == 0 || stamp.year == 0 || !stamp.has_zone)
        return false;
    rest.at += len;
    if (!mst_scan_text(&rest, MST_LIT("]")))
        return false;
    line->time_us = mst_stamp_us(&stamp, stamp.year, NULL);
    line->resolution_us = 1;
    *scan = rest;
    return true;
}

/* `[milter-manager][20130]`, or one of both. In the very first lines the name is `(null)`. */
static bool scan_program(MstScan *scan, MstLine *line, unsigned *items)
{
    MstSlice name = nothing;
    uint32_t pid = 0;
    bool has_pid = scan_number(scan, '[', ']', &pid);

    if (!has_pid) {
        if (!scan_tag(scan, &name))
            return false;
        has_pid = scan_number(scan, '[', ']', &pid);
    }
    if (mst_slice_is_set(name) && !mst_slice_equal(name, MST_LIT("(null)")))
        line->tag = name;
    line->pid = pid;
    *items |= (has_pid ? ITEM_PID : 0U) | (is_own_name(name) ? ITEM_NAME : 0U);
    return true;
}

/* `../src/milter/core/x.c:2104: start(): `; `: ` alone where the place is unknown or not logged. */
static bool scan_place(MstScan *scan, bool behind_items)
{
    MstScan rest = *scan;
    MstSlice word;

    if (behind_items && mst_scan_text(scan, MST_LIT(": ")))
        return true;
    if (behind_items && !mst_scan_text(&rest, MST_LIT(" ")))
        return false;
    if (!mst_scan_until(&rest, ':', &word) || memchr(word.ptr, ' ', word.len) != NULL ||
        !mst_scan_digits(&rest, &word) || !mst_scan_text(&rest, MST_LIT(": ")))
        return false;
    *scan = rest;
    if (mst_scan_until(&rest, '(', &word) && memchr(word.ptr, ' ', word.len) == NULL &&
        mst_scan_text(&rest, MST_LIT("): ")))
        *scan = rest;
    return behind_items || scan->at == rest.at;
}

/* `[level][domain][time] [name][pid]`, or some of these. */
static unsigned scan_items(MstScan *scan, MstLine *line)
{
    unsigned items = scan_level(scan) ? ITEM_LEVEL : 0U;
    bool has_time = scan_time(scan, line);
    MstScan rest;
    MstSlice domain;

    if (!has_time && scan_tag(scan, &domain)) {
        items |= is_own_name(domain) ? ITEM_NAME : 0U;
        has_time = scan_time(scan, line);
    }
    items |= has_time ? ITEM_TIME : 0U;
    rest = *scan;
    if (mst_scan_text(&rest, MST_LIT(" ")) && scan_program(&rest, line, &items))
        *scan = rest;
    return items;
}

/* Takes off what the log's settings put in front of a message; what is left is the line's text.
 * Gives the items (of Item), 0 if there are none that can be told from a message. */
static unsigned take_items(MstLine *line)
{
    MstScan scan = mst_scan_over(line->whole);
    MstLine found = *line;
    unsigned items = scan_items(&scan, &found);

    if (items == 0 || !scan_place(&scan, true)) {
        found = *line;
        items = 0;
        scan = mst_scan_over(line->whole);
        if (scan_program(&scan, &found, &items)) {
            if (!scan_place(&scan, true))
                return 0;
        } else {
            items = scan_place(&scan, false) ? ITEM_PLACE : 0U;
        }
    }
    if (items == 0)
        return 0;
    found.text = mst_scan_rest(&scan);
    *line = found;
    return items;
}

/* A message without any items: the log may be set to that. */
static bool is_bare(MstSlice text)
{
    MstScan scan = mst_scan_over(text);
    MstSlice tag;
    uint32_t number;

    if (mst_slice_starts(text, MST_LIT("[session")) || mst_slice_starts(text, MST_LIT("[milter][")))
        return shape_of(statistics_shapes, text) != NULL;
    return scan_number(&scan, '[', ']', &number) && mst_scan_text(&scan, MST_LIT(" ")) &&
           scan_tag(&scan, &tag);
}

/* On a terminal the message is coloured. */
static MstSlice without_colours(MstSlice text)
{
    const MstSlice reset = MST_LIT("\033[00m");
    MstScan scan = mst_scan_over(text);

    while (mst_scan_text(&scan, MST_LIT("\033["))) {
        while (!mst_scan_is_done(&scan) && (g_ascii_isdigit(*scan.at) || *scan.at == ';'))
            scan.at++;
        (void)mst_scan_text(&scan, MST_LIT("m"));
    }
    text = mst_scan_rest(&scan);
    return mst_slice_ends(text, reset) ? mst_slice_head(text, text.len - reset.len) : text;
}

/* Is this line the first of a record? What has a time is, else it must look like those before. */
static bool begins_record(const MilterReader *self, unsigned items, MstSlice whole)
{
    if ((items & ITEM_TIME) != 0)
        return true;
    if (self->in_record && items != self->items)
        return false;
    return items != 0 || is_bare(whole);
}

static MstVerdict read_own(Entry *entry, MstLine *line)
{
    MilterReader *self = entry->reader;
    MstLine found = *line;
    unsigned items = take_items(&found);

    if (!begins_record(self, items, line->whole)) {
        if (self->in_record)
            return (MstVerdict){MST_FATE_CONTINUATION, NULL};
        return mst_verdict_broken("a continuation without its beginning");
    }
    self->items = items;
    self->in_record = true;
    *line = found;
    entry->text = without_colours(line->text);
    if (shape_of(statistics_shapes, entry->text) != NULL)
        return read_statistics(entry);
    return read_unmarked(entry);
}

static bool milter_recognises(MstSlice whole)
{
    MstLine line = {.whole = whole};

    return take_items(&line) != 0 || is_bare(whole);
}

static MstVerdict milter_read(MstReader *reader, MstLine *line, MstBatch *out)
{
    Entry entry = {.reader = (MilterReader *)reader, .line = line, .out = out, .text = line->text};

    if (!mst_slice_is_set(line->tag) && line->text.ptr == line->whole.ptr)
        return read_own(&entry, line);
    return read_syslog(&entry);
}

static bool milter_owns(MstSlice tag, MstSlice text)
{
    (void)text;
    return mst_slice_equal(tag, MST_LIT("milter-manager"));
}

static void milter_close(MstReader *reader)
{
    MilterReader *self = (MilterReader *)reader;

    g_free(self->children);
    g_free(self->covers);
}

const MstReaderOps mst_reader_milter_manager = {
    .system = MST_SYSTEM_MILTER_MANAGER,
    .summary = "milter-manager, by syslog or its own log, at any level",
    .example = "Nov 21 10:00:00 mx1 milter-manager[5941]: "
               "[statistics] [session][end][end-of-message][pass][0.109978](1)",
    .size = sizeof(MilterReader),
    .close = milter_close,
    .owns = milter_owns,
    .read = milter_read,
    .recognises = milter_recognises,
    .own_envelope = true,
};
