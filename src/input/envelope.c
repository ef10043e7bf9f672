/*
 * envelope.c - what stands around the mail system's own text
 *
 *     Nov 21 22:05:28 mx1 postfix/smtpd[182]: TEXT
 *     2026-11-21T22:05:28.128411+00:00 mx1 postfix/smtpd[182]: TEXT
 *     <22>Nov 21 22:05:28 mx1 postfix/smtpd[182]: TEXT
 *     <22>1 2026-11-21T22:05:28Z mx1 postfix/smtpd 182 - - TEXT
 *     @400000006b02151e04773dec TEXT
 *     Nov 21 22:05:28 mx1 app[7]: Nov 21 21:05:28 mx1 postfix/smtpd[182]: TEXT
 *
 * A stamp first, then a heading (heading.c). Multilog's stamps and their like belong to a log of one
 * program, whose text may begin with any word and a colon: there only `tag[pid]` is a tag. A
 * container's log inside the host's has two envelopes; the inner one tells who really wrote the
 * line, and when.
 *
 * Most lines repeat the stamp of the line before, or differ from it in the seconds or their fraction
 * only, so it is compared before it is read. And most repeat the heading of some line before, up to
 * the pid: what it says is read once, and then looked up.
 */
#include "envelope.h"

#include <glib.h>

#include "base/ends.h"
#include "base/names.h"
#include "calendar.h"
#include "heading.h"
#include "rfc5424.h"
#include "wrapper.h"

enum {
    STAMP_MAX = 40,       /* longer ones, with absurd fractions, are read anew each time */
    MAX_HOSTS = 65536,    /* told apart in one file */
    MAX_TAGS = 4096,      /* known at once */
    MAX_HEADINGS = 16384, /* likewise */
    TAG_MAX = 256,        /* a longer one is not known */
    RECENT_BITS = 12,     /* of the number of headings that are found without the table */
    TAI_SECONDS = 17,     /* bytes of a TAI64N stamp that count seconds */
    TAI_NANOSECONDS = 8,  /* and those behind */
};

/* A heading up to where mst_heading_find_end says. */
typedef struct KnownHeading {
    MstSlice text;
    MstHeadingForm form;
    bool has_host;
    size_t host_at, host_len; /* in the heading */
    size_t tag_at, tag_len;
    MstLogHost *host;
    MstLogTag *tag;
} KnownHeading;

/* The last stamp in one place of lines. */
typedef struct LastStamp {
    char text[STAMP_MAX];
    size_t len;          /* 0: none that can be compared with */
    size_t second_at;    /* where the seconds of its clock stand; 0: it has no clock */
    size_t fraction_at;  /* where the fraction of the seconds that it counts stands; 0: nowhere */
    MstStamp stamp;      /* the same, read */
    MstHeadingForm form; /* of a heading behind it, at the start of a line */
    GTimeZone *zone;     /* that `us` was found for; NULL: not found yet */
    int64_t us;
} LastStamp;

struct MstEnvelope {
    const MstZones *zones;
    MstSlice host;        /* for lines that name none */
    MstLogHost *own_host; /* what is known of it; NULL: not asked for in this file */
    MstCalendar calendar;
    LastStamp outer;    /* at the start of lines */
    LastStamp inner;    /* at the start of texts that have an envelope of their own */
    MstNames *hosts;    /* name -> MstLogHost, of the file */
    MstNames *tags;     /* tag -> MstLogTag */
    MstNames *headings; /* text -> KnownHeading, of the file */
    const KnownHeading *recent[1 << RECENT_BITS]; /* the last one found of each slot */
};

MstEnvelope *mst_envelope_new(const MstZones *zones, MstSlice host)
{
    MstEnvelope *self = g_new0(MstEnvelope, 1);

    self->zones = zones;
    self->host = host;
    self->hosts = mst_names_new(sizeof(MstLogHost), NULL);
    self->tags = mst_names_new(sizeof(MstLogTag), NULL);
    self->headings = mst_names_new(sizeof(KnownHeading), NULL);
    mst_calendar_init(&self->calendar, zones->year);
    return self;
}

void mst_envelope_free(MstEnvelope *self)
{
    if (self == NULL)
        return;
    mst_names_free(self->headings);
    mst_names_free(self->tags);
    mst_names_free(self->hosts);
    g_free(self);
}

static void forget_headings(MstEnvelope *self)
{
    mst_names_clear(self->headings);
    memset(self->recent, 0, sizeof self->recent);
}

void mst_envelope_begin_file(MstEnvelope *self, int64_t mtime_us)
{
    self->calendar.bound_us = mtime_us;
    forget_headings(self);
    mst_names_clear(self->hosts);
    self->own_host = NULL;
}

bool mst_envelope_found_year(const MstEnvelope *self)
{
    return self->calendar.year != 0;
}

MstLogHost *mst_envelope_host(MstEnvelope *self, MstSlice name)
{
    MstLogHost *host = mst_names_find(self->hosts, name);

    if (host != NULL)
        return host;
    if (mst_names_count(self->hosts) >= MAX_HOSTS && name.len > 0)
        return mst_envelope_host(self, MST_LIT(""));
    host = mst_names_add(self->hosts, name);
    host->name = mst_names_text(self->hosts, host);
    host->zone = mst_zones_of(self->zones, name);
    return host;
}

static inline MstLogHost *own_host(MstEnvelope *self)
{
    if (self->own_host == NULL)
        self->own_host = mst_envelope_host(self, self->host);
    return self->own_host;
}

/* Also of a host that is not told apart from others. */
static inline GTimeZone *zone_of(const MstEnvelope *self, const MstLine *line)
{
    if (line->known_host->name[0] == '\0' && line->host.len > 0)
        return mst_zones_of(self->zones, line->host);
    return line->known_host->zone;
}

/* NULL: no tag, or one too long. */
static MstLogTag *tag_of(MstEnvelope *self, MstSlice name)
{
    MstLogTag *tag;

    if (name.len == 0 || name.len > TAG_MAX)
        return NULL;
    tag = mst_names_find(self->tags, name);
    if (tag != NULL)
        return tag;
    if (mst_names_count(self->tags) >= MAX_TAGS) {
        forget_headings(self);
        mst_names_clear(self->tags);
    }
    return mst_names_add(self->tags, name);
}

/* Where the seconds stand in a stamp with a clock: behind its second colon. Else 0. */
static size_t find_seconds(MstSlice stamp)
{
    const char *end = stamp.ptr + stamp.len;
    const char *minute = memchr(stamp.ptr, ':', stamp.len);
    const char *second = minute == NULL ? NULL
                                        : memchr(minute + 1, ':', (size_t)(end - minute - 1));

    return second == NULL ? 0 : (size_t)(second + 1 - stamp.ptr);
}

/* Where the fraction stands in a stamp that counts seconds. Else 0. */
static size_t find_fraction(MstSlice stamp)
{
    const char *point;

    if (stamp.ptr[0] == '@')
        return TAI_SECONDS;
    point = memchr(stamp.ptr, '.', stamp.len);
    return point == NULL ? 0 : (size_t)(point + 1 - stamp.ptr);
}

/* Stamps of tools that serve one program, which write no host and no tag behind them. */
static MstHeadingForm form_behind(const MstStamp *stamp, MstSlice text)
{
    bool iso = text.ptr[4] == '-' && text.ptr[10] != '_';
    bool classic = text.ptr[3] == ' ' || text.ptr[4] == ' ';

    if (classic || (iso && (stamp->has_zone || stamp->resolution_us >= 1000)))
        return MST_HEADING_SYSLOG;
    return MST_HEADING_TAGGED;
}

/* How long the stamp is; it is read whatever was there before. */
static size_t take_new_stamp(LastStamp *last, MstSlice text)
{
    size_t len = mst_stamp_scan(text, &last->stamp);

    last->zone = NULL;
    last->len = 0;
    if (len == 0 || (len < text.len && text.ptr[len] != ' '))
        return 0;
    last->form = form_behind(&last->stamp, text);
    if (len <= sizeof last->text) {
        memcpy(last->text, text.ptr, len);
        last->len = len;
        last->second_at = find_seconds(mst_slice_head(text, len));
        last->fraction_at = last->second_at > 0 ? 0 : find_fraction(mst_slice_head(text, len));
    }
    return len;
}

/* The digits from `i` on, as many as stood there before, as a fraction; finer ones than microseconds
 * are dropped. Where they end. */
static inline size_t take_fraction(LastStamp *last, MstSlice text, size_t i, int32_t *fraction_us)
{
    size_t finest = i + 6;
    int32_t value = 0;

    for (; i < text.len && g_ascii_isdigit(text.ptr[i]) && g_ascii_isdigit(last->text[i]); i++) {
        if (i < finest)
            value = 10 * value + text.ptr[i] - '0';
        last->text[i] = text.ptr[i];
    }
    *fraction_us = value * last->stamp.resolution_us;
    return i;
}

/*
 * A stamp of the same minute, written like the one before: `text` is as long as that, and at most
 * its seconds and their fraction differ. If it is anything else, false, and the one before is lost.
 */
static bool take_same_minute(LastStamp *last, MstSlice text)
{
    size_t i = last->second_at;
    int32_t second, fraction_us = last->stamp.fraction_us;

    if (!mst_slice_same_bytes(text.ptr, last->text, i) || !g_ascii_isdigit(text.ptr[i]) ||
        !g_ascii_isdigit(text.ptr[i + 1]))
        return false;
    second = 10 * (text.ptr[i] - '0') + text.ptr[i + 1] - '0';
    memcpy(last->text + i, text.ptr + i, 2);
    i += 2;
    if (i < text.len && text.ptr[i] == '.' && last->text[i] == '.')
        i = take_fraction(last, text, i + 1, &fraction_us);
    if (second > 59 || !mst_slice_same_bytes(text.ptr + i, last->text + i, text.len - i))
        return false;
    if (last->us != 0)
        last->us += INT64_C(1000000) * (second - last->stamp.second) + fraction_us -
                    last->stamp.fraction_us;
    last->stamp.second = second;
    last->stamp.fraction_us = fraction_us;
    return true;
}

/*
 * Eight digits at the end of a TAI64N stamp, lower case; false if they are none. All at once: each
 * byte as if it were a digit, which is then written again to see whether it was one. Then pairs and
 * fours of them are put together.
 */
static bool scan_nanoseconds(const char *at, int32_t *nanoseconds)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t text, value, letters;

    memcpy(&text, at, sizeof text);
    text = GUINT64_FROM_LE(text);
    value = (text & each * 0xf) + (text >> 6 & each) * 9;
    letters = (value + each * (0x80 - 10)) >> 7 & each;
    if (text != value + each * '0' + letters * ('a' - '0' - 10) || (value & each * 0x10) != 0)
        return false;
    value = (value << 4 | value >> 8) & UINT64_C(0x00ff00ff00ff00ff);
    value = (value << 8 | value >> 16) & UINT64_C(0x0000ffff0000ffff);
    value = (value << 16 | value >> 32) & UINT32_MAX;
    *nanoseconds = (int32_t)value;
    return value <= 999999999;
}

/* A stamp that counts seconds, and as many as the one before: at most their fraction differs. If it is
 * anything else, false, and the one before is lost. */
static bool take_same_second(LastStamp *last, MstSlice text)
{
    size_t i = last->fraction_at;
    int32_t fraction_us;

    if (i == 0 || !mst_slice_same_bytes(text.ptr, last->text, i))
        return false;
    if (text.ptr[0] == '@') {
        if (!scan_nanoseconds(text.ptr + i, &fraction_us))
            return false;
        memcpy(last->text + i, text.ptr + i, TAI_NANOSECONDS);
        fraction_us /= 1000;
    } else if (take_fraction(last, text, i, &fraction_us) < text.len) {
        return false;
    }
    if (last->us != 0)
        last->us += fraction_us - last->stamp.fraction_us;
    last->stamp.fraction_us = fraction_us;
    return true;
}

static inline bool has_length_of_last(const LastStamp *last, MstSlice text)
{
    return last->len > 0 && text.len > last->len && text.ptr[last->len] == ' ';
}

static G_GNUC_NO_INLINE size_t take_other_stamp(LastStamp *last, MstSlice text)
{
    MstSlice stamp = mst_slice_head(text, last->len);

    if (has_length_of_last(last, text) &&
        (last->second_at > 0 ? take_same_minute(last, stamp) : take_same_second(last, stamp)))
        return last->len;
    return take_new_stamp(last, text);
}

/* How long the stamp at the start of text is, 0 if there is none; it is then the last one. */
static inline size_t take_stamp(LastStamp *last, MstSlice text)
{
    if (has_length_of_last(last, text) && mst_slice_same_bytes(text.ptr, last->text, last->len))
        return last->len;
    return take_other_stamp(last, text);
}

/* Is it worth to look for a stamp here? Asked for each line, so it looks at two bytes. */
static bool may_be_stamp(MstSlice text)
{
    return text.len > 15 &&
           (text.ptr[3] == ' ' || text.ptr[4] == '-' || text.ptr[9] == '.' || text.ptr[10] == '.');
}

static void fill(MstEnvelope *self, const MstHeading *heading, MstLine *line)
{
    bool names_host = mst_slice_is_set(heading->host);

    line->host = names_host ? heading->host : self->host;
    line->known_host = names_host ? mst_envelope_host(self, line->host) : own_host(self);
    line->tag = heading->tag;
    line->known_tag = tag_of(self, line->tag);
    line->pid = heading->pid;
    line->text = heading->text;
}

static G_GNUC_NO_INLINE void find_time(MstEnvelope *self, LastStamp *last, GTimeZone *zone)
{
    last->us = mst_calendar_read(&self->calendar, &last->stamp, zone);
    if (last->us != 0 && last->len > 0 && last->text[0] == '@')
        last->us -= (self->zones->tai_offset_s - MST_TAI_DAEMONTOOLS) * (int64_t)G_USEC_PER_SEC;
    last->zone = zone;
}

static inline void set_time(MstEnvelope *self, LastStamp *last, MstLine *line)
{
    GTimeZone *zone = zone_of(self, line);

    if (last->zone != zone)
        find_time(self, last, zone);
    line->time_us = last->us;
    line->resolution_us = last->us == 0 ? 0 : last->stamp.resolution_us;
}

/*
 * A second envelope where the text of the first begins. splogger's, which has no pid in front, is a
 * finer stamp only; any other must be whole, or it is left in the text.
 */
static bool read_inner(MstEnvelope *self, MstLine *line)
{
    MstSlice text = line->text;
    size_t len = take_stamp(&self->inner, text);
    MstHeading inner;
    bool is_epoch;

    if (len == 0 || len == text.len)
        return false;
    is_epoch = text.ptr[3] != ' ' && text.ptr[4] != '-' && text.ptr[4] != ' ';
    if (is_epoch && line->pid == 0) {
        line->text = mst_heading_skip_blanks(mst_slice_from(text, len));
    } else {
        if (is_epoch || !mst_heading_read(mst_slice_from(text, len), MST_HEADING_TAGGED, &inner))
            return false;
        fill(self, &inner, line);
    }
    set_time(self, &self->inner, line);
    return true;
}

/* NULL: not seen so far. Most headings have a place of their own by where host and tag differ: the
 * host's start, the tag's end. */
static inline const KnownHeading *find_heading(MstEnvelope *self, MstSlice text)
{
    const KnownHeading **recent = &self->recent[mst_place_by_ends(text, RECENT_BITS)];

    if (*recent == NULL || (*recent)->text.len != text.len ||
        !mst_slice_same_bytes((*recent)->text.ptr, text.ptr, text.len))
        *recent = mst_names_find(self->headings, text);
    return *recent;
}

static inline bool read_known(MstEnvelope *self, MstSlice text, const char *end, MstLine *line)
{
    const KnownHeading *known = find_heading(self, mst_slice(text.ptr, end));
    MstHeading behind;

    if (known == NULL || known->form != self->outer.form ||
        !mst_heading_read_behind(text, end, &behind))
        return false;
    line->host = known->has_host ? (MstSlice){text.ptr + known->host_at, known->host_len}
                                 : self->host;
    line->tag = (MstSlice){text.ptr + known->tag_at, known->tag_len};
    line->known_host = known->host;
    line->known_tag = known->tag;
    line->pid = behind.pid;
    line->text = behind.text;
    return true;
}

/* The heading of `text` up to `end`, as it was read into `line`. One that ends elsewhere would not be
 * found again. */
static void remember(MstEnvelope *self, MstSlice text, const char *end, const MstHeading *heading,
                     const MstLine *line)
{
    MstSlice key = mst_slice(text.ptr, end);
    KnownHeading *known;

    if (line->known_tag == NULL || heading->tag.ptr + heading->tag.len != end - 1 ||
        mst_names_find(self->headings, key) != NULL)
        return;
    if (mst_names_count(self->headings) >= MAX_HEADINGS)
        forget_headings(self);
    known = mst_names_add(self->headings, key);
    known->form = self->outer.form;
    known->has_host = mst_slice_is_set(heading->host);
    if (known->has_host) {
        known->host_at = (size_t)(heading->host.ptr - text.ptr);
        known->host_len = heading->host.len;
    }
    known->tag_at = (size_t)(heading->tag.ptr - text.ptr);
    known->tag_len = heading->tag.len;
    known->host = line->known_host;
    known->tag = line->known_tag;
    known->text = (MstSlice){mst_names_text(self->headings, known), key.len};
}

/* `end` as mst_heading_find_end says. */
static G_GNUC_NO_INLINE void read_new(MstEnvelope *self, MstSlice text, const char *end,
                                      MstLine *line)
{
    MstHeading heading;

    (void)mst_heading_read(text, self->outer.form, &heading);
    fill(self, &heading, line);
    if (end != NULL)
        remember(self, text, end, &heading, line);
}

static inline void read_heading(MstEnvelope *self, MstSlice text, MstLine *line)
{
    const char *end = mst_heading_find_end(text);

    if (end == NULL || !read_known(self, text, end, line))
        read_new(self, text, end, line);
}

/* Behind a stamp of a tool that serves one program a heading has a bracket, and few lines have one:
 * most are all text. */
static G_GNUC_NO_INLINE bool read_bare(MstEnvelope *self, MstSlice text, MstLine *line)
{
    if (text.len == 0 || memchr(text.ptr, '[', text.len) != NULL)
        return false;
    line->text = mst_heading_skip_blanks(text);
    line->host = self->host;
    line->known_host = own_host(self);
    return true;
}

/* Behind a stamp of `len` bytes. */
static inline void read_stamped(MstEnvelope *self, MstSlice text, size_t len, MstLine *line)
{
    MstSlice behind = mst_slice_from(text, len);

    if (self->outer.form != MST_HEADING_TAGGED || !read_bare(self, behind, line))
        read_heading(self, behind, line);
    if (!mst_slice_is_set(line->tag) || !may_be_stamp(line->text) || !read_inner(self, line))
        set_time(self, &self->outer, line);
}

static bool read_tagged(MstEnvelope *self, MstSlice text, MstLine *line)
{
    MstHeading heading;

    if (!mst_heading_read(text, MST_HEADING_TAGGED, &heading) || mst_slice_is_set(heading.host))
        return false;
    fill(self, &heading, line);
    return true;
}

/* `1 STAMP HOST …`, where the stamp may be `-`. */
static bool read_rfc5424(MstEnvelope *self, MstSlice text, MstLine *line)
{
    MstHeading heading;
    bool stamped;
    size_t len;

    if (!mst_slice_starts(text, MST_LIT("1 ")))
        return false;
    text = mst_slice_from(text, 2);
    len = take_stamp(&self->outer, text);
    stamped = len > 0;
    if (!stamped && !mst_slice_starts(text, MST_LIT("- ")))
        return false;
    if (!mst_rfc5424_read(mst_slice_from(text, stamped ? len : 1), &heading))
        return false;
    fill(self, &heading, line);
    if (stamped)
        set_time(self, &self->outer, line);
    return true;
}

/* Past `<22>`, if it is there. */
static MstSlice skip_priority(MstSlice text)
{
    size_t i = 1;

    if (text.len < 3 || text.ptr[0] != '<')
        return text;
    while (i < text.len && i < 4 && g_ascii_isdigit(text.ptr[i]))
        i++;
    if (i == 1 || i == text.len || text.ptr[i] != '>')
        return text;
    return mst_slice_from(text, i + 1);
}

static bool read_unstamped(MstEnvelope *self, MstSlice text, MstLine *line)
{
    MstHeading heading;

    mst_line_begin(line, line->whole, line->number);
    line->text = line->whole;
    if (read_rfc5424(self, text, line) || read_tagged(self, text, line))
        return true;
    if (!mst_wrapper_read_asl(text, &heading, &line->time_us))
        return false;
    fill(self, &heading, line);
    line->resolution_us = line->time_us == 0 ? 0 : 1000000;
    return true;
}

bool mst_envelope_read(MstEnvelope *self, MstLine *line)
{
    MstSlice text = line->whole;
    bool unwrapped = false;

    do {
        MstSlice behind = skip_priority(text);
        size_t len = take_stamp(&self->outer, behind);

        if (len > 0) {
            read_stamped(self, behind, len, line);
            return true;
        }
        if (read_unstamped(self, behind, line))
            return true;
        unwrapped = !unwrapped && mst_wrapper_take(&text);
    } while (unwrapped);
    return false;
}
