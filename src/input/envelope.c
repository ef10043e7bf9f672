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
 * Most lines repeat the stamp of the line before, or differ from it in the seconds only, so it is
 * compared before it is read. And most repeat the heading of some line before, up to the pid: what
 * it says is read once, and then looked up.
 */
#include "envelope.h"

#include <glib.h>

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
    RECENT_BITS = 8,      /* of the number of headings that are found without the table */
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

struct MstEnvelope {
    const MstZones *zones;
    MstSlice host; /* for lines that name none */
    MstCalendar calendar;
    char stamp_text[STAMP_MAX]; /* of the last line */
    size_t stamp_len;           /* 0: none that can be compared with */
    size_t second_at;           /* where its seconds stand; 0: it has none of its own */
    MstStamp stamp;             /* the same, read */
    MstHeadingForm form;        /* of headings behind it */
    GTimeZone *stamp_zone;      /* that stamp_us was found for; NULL: not found yet */
    int64_t stamp_us;
    MstNames *hosts;                              /* name -> MstLogHost *, of the file */
    MstNames *tags;                               /* tag -> MstLogTag * */
    MstNames *headings;                           /* text -> KnownHeading *, of the file */
    const KnownHeading *recent[1 << RECENT_BITS]; /* the last one found of each slot */
};

MstEnvelope *mst_envelope_new(const MstZones *zones, MstSlice host)
{
    MstEnvelope *self = g_new0(MstEnvelope, 1);

    self->zones = zones;
    self->host = host;
    self->hosts = mst_names_new();
    self->tags = mst_names_new();
    self->headings = mst_names_new();
    mst_calendar_init(&self->calendar, zones->year);
    return self;
}

void mst_envelope_free(MstEnvelope *self)
{
    if (self == NULL)
        return;
    mst_names_free(self->headings, g_free);
    mst_names_free(self->tags, g_free);
    mst_names_free(self->hosts, g_free);
    g_free(self);
}

static void forget_headings(MstEnvelope *self)
{
    mst_names_clear(self->headings, g_free);
    memset(self->recent, 0, sizeof self->recent);
}

void mst_envelope_begin_file(MstEnvelope *self, int64_t mtime_us)
{
    self->calendar.bound_us = mtime_us;
    forget_headings(self);
    mst_names_clear(self->hosts, g_free);
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
    host = g_new0(MstLogHost, 1);
    host->name = mst_names_add(self->hosts, name, host);
    host->zone = mst_zones_of(self->zones, name);
    return host;
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
        mst_names_clear(self->tags, g_free);
    }
    tag = g_new0(MstLogTag, 1);
    mst_names_add(self->tags, name, tag);
    return tag;
}

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
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
static size_t take_new_stamp(MstEnvelope *self, MstSlice text)
{
    size_t len = mst_stamp_scan(text, &self->stamp);

    self->stamp_zone = NULL;
    self->stamp_len = 0;
    if (len == 0 || (len < text.len && text.ptr[len] != ' '))
        return 0;
    self->form = form_behind(&self->stamp, text);
    if (len <= sizeof self->stamp_text) {
        memcpy(self->stamp_text, text.ptr, len);
        self->stamp_len = len;
        self->second_at = find_seconds(mst_slice_head(text, len));
    }
    return len;
}

/*
 * A stamp of the same minute, written like the one before: `text` is as long as that, and at most
 * its seconds and their fraction differ. False if it is anything else.
 */
static bool take_same_minute(MstEnvelope *self, MstSlice text)
{
    const char *before = self->stamp_text;
    size_t i = self->second_at;
    int32_t second, fraction_us = 0, unit = 100000;

    if (i == 0 || memcmp(text.ptr, before, i) != 0 || !is_digit(text.ptr[i]) ||
        !is_digit(text.ptr[i + 1]))
        return false;
    second = 10 * (text.ptr[i] - '0') + text.ptr[i + 1] - '0';
    i += 2;
    if (i < text.len && text.ptr[i] == '.' && before[i] == '.') {
        for (i++; i < text.len && is_digit(text.ptr[i]) && is_digit(before[i]); i++) {
            fraction_us += unit * (text.ptr[i] - '0');
            unit /= 10;
        }
    }
    if (second > 59 || memcmp(text.ptr + i, before + i, text.len - i) != 0)
        return false;
    if (self->stamp_us != 0)
        self->stamp_us += INT64_C(1000000) * (second - self->stamp.second) + fraction_us -
                          self->stamp.fraction_us;
    self->stamp.second = second;
    self->stamp.fraction_us = fraction_us;
    memcpy(self->stamp_text, text.ptr, text.len);
    return true;
}

/* Eight digits at the end of a TAI64N stamp, lower case; false if they are none. */
static bool scan_nanoseconds(const char *at, int32_t *nanoseconds)
{
    uint32_t value = 0;

    for (int i = 0; i < 8; i++) {
        char c = at[i];

        if (is_digit(c))
            value = value << 4 | (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (uint32_t)(c - 'a' + 10);
        else
            return false;
    }
    *nanoseconds = (int32_t)value;
    return value <= 999999999;
}

/* A TAI64N stamp of the same second as the one before. `text` is as long as that. */
static bool take_same_second(MstEnvelope *self, MstSlice text)
{
    const size_t second_len = 17;
    int32_t nanoseconds;

    if (text.ptr[0] != '@' || text.len != second_len + 8 ||
        memcmp(text.ptr, self->stamp_text, second_len) != 0 ||
        !scan_nanoseconds(text.ptr + second_len, &nanoseconds))
        return false;
    if (self->stamp_us != 0)
        self->stamp_us += nanoseconds / 1000 - self->stamp.fraction_us;
    self->stamp.fraction_us = nanoseconds / 1000;
    memcpy(self->stamp_text, text.ptr, text.len);
    return true;
}

static bool has_length_of_last(const MstEnvelope *self, MstSlice text)
{
    return self->stamp_len > 0 && text.len > self->stamp_len && text.ptr[self->stamp_len] == ' ';
}

static G_GNUC_NO_INLINE size_t take_other_stamp(MstEnvelope *self, MstSlice text)
{
    MstSlice stamp = mst_slice_head(text, self->stamp_len);

    if (has_length_of_last(self, text) &&
        (take_same_minute(self, stamp) || take_same_second(self, stamp)))
        return self->stamp_len;
    return take_new_stamp(self, text);
}

/* How long the stamp at the start of text is, 0 if there is none; it is then self->stamp. */
static inline size_t take_stamp(MstEnvelope *self, MstSlice text)
{
    if (has_length_of_last(self, text) &&
        mst_slice_same_bytes(text.ptr, self->stamp_text, self->stamp_len))
        return self->stamp_len;
    return take_other_stamp(self, text);
}

/* Is it worth to look for a stamp here? Asked for each line, so it looks at two bytes. */
static bool may_be_stamp(MstSlice text)
{
    return text.len > 15 &&
           (text.ptr[3] == ' ' || text.ptr[4] == '-' || text.ptr[9] == '.' || text.ptr[10] == '.');
}

static void fill(MstEnvelope *self, const MstHeading *heading, MstLine *line)
{
    line->host = mst_slice_is_set(heading->host) ? heading->host : self->host;
    line->known_host = mst_envelope_host(self, line->host);
    line->tag = heading->tag;
    line->known_tag = tag_of(self, line->tag);
    line->pid = heading->pid;
    line->text = heading->text;
}

static G_GNUC_NO_INLINE void find_time(MstEnvelope *self, GTimeZone *zone)
{
    self->stamp_us = mst_calendar_read(&self->calendar, &self->stamp, zone);
    if (self->stamp_us != 0 && self->stamp_len > 0 && self->stamp_text[0] == '@')
        self->stamp_us -= (self->zones->tai_offset_s - MST_TAI_DAEMONTOOLS) *
                          (int64_t)G_USEC_PER_SEC;
    self->stamp_zone = zone;
}

static inline void set_time(MstEnvelope *self, MstLine *line)
{
    GTimeZone *zone = zone_of(self, line);

    if (self->stamp_zone != zone)
        find_time(self, zone);
    line->time_us = self->stamp_us;
    line->resolution_us = self->stamp_us == 0 ? 0 : self->stamp.resolution_us;
}

/*
 * A second envelope where the text of the first begins. splogger's, which has no pid in front, is a
 * finer stamp only; any other must be whole, or it is left in the text.
 */
static bool read_inner(MstEnvelope *self, MstLine *line)
{
    MstSlice text = line->text;
    MstHeading inner;
    MstStamp stamp;
    size_t len = mst_stamp_scan(text, &stamp);
    bool is_epoch;

    if (len == 0 || len == text.len || text.ptr[len] != ' ')
        return false;
    is_epoch = text.ptr[3] != ' ' && text.ptr[4] != '-' && text.ptr[4] != ' ';
    if (is_epoch && line->pid == 0) {
        line->text = mst_heading_skip_blanks(mst_slice_from(text, len));
    } else {
        if (is_epoch || !mst_heading_read(mst_slice_from(text, len), MST_HEADING_TAGGED, &inner))
            return false;
        fill(self, &inner, line);
    }
    line->time_us = mst_calendar_read(&self->calendar, &stamp, zone_of(self, line));
    line->resolution_us = line->time_us == 0 ? 0 : stamp.resolution_us;
    return true;
}

/* Most headings have a slot of their own by where host and tag differ: the host's start, the tag's
 * end. */
static inline size_t slot_of(MstSlice text)
{
    uint64_t start, end;

    memcpy(&start, text.ptr, sizeof start);
    memcpy(&end, text.ptr + text.len - sizeof end, sizeof end);
    return (start ^ end * 31) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - RECENT_BITS);
}

/* NULL: not seen so far. */
static inline const KnownHeading *find_heading(MstEnvelope *self, MstSlice text)
{
    const KnownHeading **recent;

    if (text.len < sizeof(uint64_t))
        return mst_names_find(self->headings, text);
    recent = &self->recent[slot_of(text)];
    if (*recent == NULL || (*recent)->text.len != text.len ||
        !mst_slice_same_bytes((*recent)->text.ptr, text.ptr, text.len))
        *recent = mst_names_find(self->headings, text);
    return *recent;
}

static inline bool read_known(MstEnvelope *self, MstSlice text, const char *end, MstLine *line)
{
    const KnownHeading *known = find_heading(self, mst_slice(text.ptr, end));
    MstHeading behind;

    if (known == NULL || known->form != self->form || !mst_heading_read_behind(text, end, &behind))
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
    known = g_new0(KnownHeading, 1);
    known->form = self->form;
    known->has_host = mst_slice_is_set(heading->host);
    if (known->has_host) {
        known->host_at = (size_t)(heading->host.ptr - text.ptr);
        known->host_len = heading->host.len;
    }
    known->tag_at = (size_t)(heading->tag.ptr - text.ptr);
    known->tag_len = heading->tag.len;
    known->host = line->known_host;
    known->tag = line->known_tag;
    known->text = (MstSlice){mst_names_add(self->headings, key, known), key.len};
}

/* `end` as mst_heading_find_end says. */
static G_GNUC_NO_INLINE void read_new(MstEnvelope *self, MstSlice text, const char *end,
                                      MstLine *line)
{
    MstHeading heading;

    (void)mst_heading_read(text, self->form, &heading);
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

/* Behind a stamp of `len` bytes. */
static inline void read_stamped(MstEnvelope *self, MstSlice text, size_t len, MstLine *line)
{
    read_heading(self, mst_slice_from(text, len), line);
    if (!mst_slice_is_set(line->tag) || !may_be_stamp(line->text) || !read_inner(self, line))
        set_time(self, line);
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
    len = take_stamp(self, text);
    stamped = len > 0;
    if (!stamped && !mst_slice_starts(text, MST_LIT("- ")))
        return false;
    if (!mst_rfc5424_read(mst_slice_from(text, stamped ? len : 1), &heading))
        return false;
    fill(self, &heading, line);
    if (stamped)
        set_time(self, line);
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
        size_t len = take_stamp(self, behind);

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
