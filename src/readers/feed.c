/* feed.c - one source, turned into batches of events */
#include "mailstory/feed.h"

#define XXH_INLINE_ALL /* hosts and tags are short: the call would cost as much as the hash */
#include <xxhash.h>

#include "base/apart.h"
#include "mailstory/envelope.h"
#include "mailstory/reader.h"
#include "scan.h"

enum {
    SAMPLE = 256,       /* of a line that is too long to be read */
    MAX_REPEATS = 1000, /* of one line that a logger says it has dropped */
    LOOK_LINES = 20,    /* that tell whose log without envelopes a file is */
};

struct MstFeed {
    const MstSource *source;
    uint64_t seed; /* of the records' hashes */
    MstEnvelope *envelope;
    GPtrArray *readers; /* of MstReader *, one a system */
    MstReader *forced;  /* said by hand; NULL: by tag */
    MstReader *tagless; /* of the lines of `file` that have no tag; NULL: by text */
    bool looked;        /* at the first lines of `file`, to find that one */
    guint next_file;    /* index into the source's files */
    const MstLogFile *file;
    MstLogHost *own_host; /* that lines of `file` without an envelope are of; NULL: none so far */
    MstStream *stream;    /* of `file`; NULL between files */
    char *carry;          /* the start of a line whose end is in the next batch */
    size_t carry_len;
    bool skipping;       /* the rest of a line that was too long */
    uint64_t number;     /* of the last line of `file` */
    uint64_t lines;      /* of all files so far */
    GPtrArray *problems; /* of GError * */
    GPtrArray *tallies;  /* of MstFileTally * */
    MstFileTally *tally; /* of the last line of `file` */
};

static void free_tally(gpointer data)
{
    MstFileTally *tally = data;

    g_free((char *)tally->host);
    g_free((char *)tally->note);
    g_aligned_free(tally);
}

static void free_reader(gpointer data)
{
    mst_reader_free(data);
}

MstFeed *mst_feed_new(const MstSource *source, const MstZones *zones, uint64_t seed, GError **error)
{
    const MstReaderOps *forced = NULL;
    MstReader *reader;
    MstFeed *self;

    if (source->system != NULL) {
        forced = mst_reader_find(source->system, error);
        if (forced == NULL)
            return NULL;
    }
    self = g_new0(MstFeed, 1);
    self->source = source;
    self->seed = seed;
    self->envelope = mst_envelope_new(zones, mst_slice_of(source->host));
    self->readers = g_ptr_array_new_with_free_func(free_reader);
    for (size_t i = 0; mst_readers[i] != NULL; i++) {
        g_ptr_array_add(self->readers, mst_reader_new(mst_readers[i]));
        reader = g_ptr_array_index(self->readers, i);
        reader->zone = mst_zones_of(zones, mst_slice_of(source->host));
        if (mst_readers[i] == forced)
            self->forced = reader;
    }
    self->carry = g_malloc(MST_LINE_MAX + 1);
    self->problems = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
    self->tallies = g_ptr_array_new_with_free_func(free_tally);
    return self;
}

void mst_feed_free(MstFeed *self)
{
    if (self == NULL)
        return;
    mst_envelope_free(self->envelope);
    mst_stream_free(self->stream);
    g_ptr_array_unref(self->readers);
    g_ptr_array_unref(self->problems);
    g_ptr_array_unref(self->tallies);
    g_free(self->carry);
    g_free(self);
}

const GPtrArray *mst_feed_problems(const MstFeed *self)
{
    return self->problems;
}

uint64_t mst_feed_lines(const MstFeed *self)
{
    return self->lines;
}

/* ---- the account */

static MstFileTally *new_tally(MstFeed *self, const char *host)
{
    MstFileTally *tally = mst_apart_new0(sizeof *tally);

    tally->file = self->file;
    tally->format = mst_stream_format(self->stream);
    tally->host = g_strdup(host);
    g_ptr_array_add(self->tallies, tally);
    return tally;
}

static MstFileTally *tally_of(MstFeed *self, const MstLine *line)
{
    MstLogHost *host = line->known_host;

    if (host == NULL)
        host = mst_envelope_host(self->envelope, line->host);
    if (host->tally == NULL)
        host->tally = new_tally(self, host->name);
    return host->tally;
}

/* Most lines have the time of the line before, which says nothing new. */
static void tally_time(MstFileTally *tally, int64_t time_us)
{
    if (time_us == tally->last_us || time_us == 0)
        return;
    if (tally->first_us == 0) {
        tally->first_us = tally->last_us = time_us;
        return;
    }
    tally->longest_gap_us = MAX(tally->longest_gap_us, time_us - tally->last_us);
    tally->first_us = MIN(tally->first_us, time_us);
    tally->last_us = MAX(tally->last_us, time_us);
}

/* `reader` is whose line it was found to be; NULL: nobody's. */
static void count(MstFeed *self, const MstLine *line, const MstReader *reader, MstVerdict verdict,
                  MstBatch *out)
{
    self->tally = tally_of(self, line);
    self->tally->fates[verdict.fate]++;
    if (reader != NULL)
        self->tally->systems |= 1U << reader->ops->system;
    tally_time(self->tally, line->time_us);
    if ((out->keep & MST_KEEP_STRANGE) != 0 && verdict.fate != MST_FATE_EVENT &&
        verdict.fate != MST_FATE_CONTINUATION) {
        MstStrangeLine strange = {line->number, verdict, line->tag, line->whole, out->events->len};

        g_array_append_val(out->strange, strange);
    }
}

void mst_feed_drop_record(const MstRecord *record)
{
    record->tally->dropped_lines++;
    record->tally->dropped_events += record->n_events;
}

static void settle(MstFileTally *tally)
{
    tally->fates[MST_FATE_EVENT] -= tally->dropped_lines;
    tally->fates[MST_FATE_DUPLICATE] += tally->dropped_lines;
    tally->events -= tally->dropped_events;
    tally->dropped_lines = tally->dropped_events = 0;
}

const GPtrArray *mst_feed_tallies(MstFeed *self)
{
    for (guint i = 0; i < self->tallies->len; i++)
        settle(g_ptr_array_index(self->tallies, i));
    return self->tallies;
}

/* Names are few, so the hash of each is taken once, and kept in `known`; NULL: there is no place for it. */
static uint64_t hash_of_name(MstSlice name, uint64_t *known)
{
    uint64_t hash = known == NULL ? 0 : *known;

    if (hash == 0)
        hash = XXH3_64bits(name.ptr, name.len);
    if (known != NULL)
        *known = hash;
    return hash;
}

/* The same line in another file has the same hash, also where its stamp is finer. */
static uint64_t hash_of(const MstFeed *self, const MstLine *line)
{
    MstLogHost *host = line->known_host;
    bool is_told_apart = host != NULL && host->name[0] != '\0';
    uint64_t names = hash_of_name(line->host, is_told_apart ? &host->hash : NULL) +
                     3 * hash_of_name(line->tag,
                                      line->known_tag == NULL ? NULL : &line->known_tag->hash);
    uint64_t second = (uint64_t)(line->time_us / G_USEC_PER_SEC);

    return XXH3_64bits_withSeed(line->text.ptr, line->text.len,
                                self->seed ^ names ^ (second << 32 ^ line->pid));
}

static void keep_record(const MstFeed *self, const MstLine *line, guint first_event, MstBatch *out)
{
    MstRecord record = {
        .first_event = first_event,
        .n_events = out->events->len - first_event,
        .number = line->number,
        .hash = hash_of(self, line),
        .tag = line->tag,
        .whole = line->whole,
        .tally = self->tally,
    };

    g_array_append_val(out->records, record);
}

/* ---- one line */

static MstReader *find_owner(const MstFeed *self, MstSlice tag, MstSlice text)
{
    for (guint i = 0; i < self->readers->len; i++) {
        MstReader *reader = g_ptr_array_index(self->readers, i);

        if (reader->ops->owns(tag, text))
            return reader;
    }
    return NULL;
}

/* NULL: the line is foreign. Of a line without a tag the text may say whose it is. */
static MstReader *find_reader(const MstFeed *self, const MstLine *line)
{
    if (self->forced != NULL)
        return self->forced;
    if (line->tag.len == 0 && self->tagless != NULL)
        return self->tagless;
    return find_owner(self, line->tag, line->text);
}

/* Tags are few, so each is asked about once; again only if a log had too many, or if it is too
 * long. */
static MstReader *reader_of(const MstFeed *self, MstLine *line)
{
    MstLogTag found = {0};
    MstLogTag *tag = line->known_tag != NULL ? line->known_tag : &found;

    if (!tag->asked) {
        tag->asked = true;
        tag->reader = find_reader(self, line);
        if (tag->reader != NULL)
            tag->meaning = mst_reader_know_tag(tag->reader, line->tag);
    }
    line->tag_meaning = tag->meaning;
    return tag->reader;
}

/* rsyslog's `message repeated 3 times: [ TEXT]`; the text of one of them, and how many. */
static int64_t unfold_repeats(MstSlice *text)
{
    const MstSlice opening = MST_LIT("message repeated ");
    MstScan scan;
    int64_t times;

    if (!mst_scan_begins(*text, opening)) /* asked for each line */
        return 1;
    scan = mst_scan_over(mst_slice_from(*text, opening.len));
    if (!mst_scan_number(&scan, &times) || !mst_scan_text(&scan, MST_LIT(" times: [")) ||
        scan.at == scan.end || scan.end[-1] != ']')
        return 1;
    scan.end--;
    mst_scan_text(&scan, MST_LIT(" "));
    *text = mst_scan_rest(&scan);
    return times;
}

static MstVerdict read_text(MstReader *reader, MstLine *line, MstBatch *out)
{
    int64_t times = unfold_repeats(&line->text);
    MstVerdict verdict = {MST_FATE_BROKEN, "too many repeats"};

    if (times < 1 || times > MAX_REPEATS)
        return verdict;
    for (int64_t i = 0; i < times; i++)
        verdict = mst_reader_read(reader, line, out);
    return verdict;
}

static bool says_repeated(MstSlice text)
{
    return mst_slice_starts(text, MST_LIT("last message repeated ")) ||
           mst_slice_starts(text, MST_LIT("--- last message repeated "));
}

/* Where a line's text ends of which all up to `end` is there: a CR in front of its LF is none of it. */
static const char *end_of_text(const char *at, const char *end)
{
    return end > at && end[-1] == '\r' ? end - 1 : end;
}

/* How many of the first lines of a file a reader recognises. */
static guint count_recognised(const MstReaderOps *ops, MstSlice text)
{
    const char *end = text.ptr + text.len;
    guint shown = 0, recognised = 0;

    for (const char *at = text.ptr; at < end && shown < LOOK_LINES;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = end_of_text(at, stop == NULL ? end : stop);

        if (line_end > at) {
            shown++;
            recognised += ops->recognises(mst_slice(at, line_end)) ? 1U : 0U;
        }
        at = stop == NULL ? end : stop + 1;
    }
    return recognised;
}

/* Whose log without tags the file is: the reader's that recognises most of its first lines. */
static MstReader *find_tagless(const MstFeed *self, MstSlice text)
{
    MstReader *found = self->forced;
    guint most = 0;

    for (guint i = 0; self->forced == NULL && i < self->readers->len; i++) {
        MstReader *reader = g_ptr_array_index(self->readers, i);
        guint recognised = reader->ops->recognises == NULL ? 0
                                                           : count_recognised(reader->ops, text);

        if (recognised > most) {
            most = recognised;
            found = reader;
        }
    }
    return found;
}

static bool has_own_envelope(const MstFeed *self)
{
    return self->tagless != NULL && self->tagless->ops->own_envelope;
}

/* A line without a usual envelope; its time is then that of its events. FOREIGN: it has one. Like the
 * next function it says whose line it is. */
static MstVerdict read_own(MstFeed *self, MstLine *line, MstBatch *out, MstReader **reader)
{
    guint before = out->events->len;
    MstVerdict verdict;

    line->text = line->whole;
    line->host = mst_slice_of(self->source->host);
    if (self->own_host == NULL)
        self->own_host = mst_envelope_host(self->envelope, line->host);
    line->known_host = self->own_host;
    verdict = mst_reader_read(self->tagless, line, out);
    if (verdict.fate != MST_FATE_FOREIGN)
        *reader = self->tagless;
    g_assert((verdict.fate == MST_FATE_EVENT) == (out->events->len > before));
    return verdict;
}

static MstVerdict read_enveloped(MstFeed *self, MstLine *line, MstBatch *out, MstReader **reader)
{
    if (!mst_envelope_read(self->envelope, line)) {
        /* A record behind other logs in one file; unread, its passwords would be shown. */
        MstReader *tagless = find_tagless(self, line->whole);

        if (tagless == NULL || !tagless->ops->own_envelope)
            return (MstVerdict){MST_FATE_BROKEN, "no time stamp"};
        self->tagless = tagless;
        return read_own(self, line, out, reader);
    }
    if (!mst_slice_is_set(line->tag) && says_repeated(line->text))
        return (MstVerdict){MST_FATE_NOISE, "repeat count"};
    *reader = reader_of(self, line);
    return *reader == NULL ? (MstVerdict){MST_FATE_FOREIGN, NULL} : read_text(*reader, line, out);
}

static void read_line(MstFeed *self, MstSlice whole, MstBatch *out)
{
    MstVerdict verdict = {MST_FATE_FOREIGN, NULL};
    guint before = out->events->len;
    MstReader *reader = NULL;
    MstLine line;

    mst_line_begin(&line, whole, ++self->number);
    self->lines++;
    if (whole.len == 0) {
        verdict = (MstVerdict){MST_FATE_NOISE, "empty line"};
    } else if (whole.len > MST_LINE_MAX) {
        /* Of a log that may hold passwords nothing is shown unread. */
        line.whole = mst_slice_head(whole, has_own_envelope(self) ? 0 : SAMPLE);
        verdict = (MstVerdict){MST_FATE_BROKEN, "longer than 64 KiB"};
    } else {
        if (has_own_envelope(self))
            verdict = read_own(self, &line, out, &reader);
        if (verdict.fate == MST_FATE_FOREIGN)
            verdict = read_enveloped(self, &line, out, &reader);
    }
    count(self, &line, reader, verdict, out);
    if ((out->keep & MST_KEEP_RECORDS) != 0 && out->events->len > before)
        keep_record(self, &line, before, out);
    self->tally->events += out->events->len - before;
}

/* ---- lines of a file */

static bool open_next(MstFeed *self)
{
    while (self->stream == NULL && self->next_file < self->source->files->len) {
        GError *error = NULL;

        self->file = g_ptr_array_index(self->source->files, self->next_file++);
        self->stream = mst_stream_open(self->file, &error);
        if (self->stream == NULL)
            g_ptr_array_add(self->problems, error);
    }
    if (self->stream == NULL)
        return false;
    mst_envelope_begin_file(self->envelope, self->file->mtime_us);
    self->own_host = NULL;
    self->tally = NULL;
    self->number = 0;
    self->carry_len = 0;
    self->skipping = false;
    self->looked = false;
    return true;
}

static void close_file(MstFeed *self, GError *error)
{
    if (self->tally == NULL)
        self->tally = new_tally(self, self->source->host == NULL ? "" : self->source->host);
    if (error != NULL) {
        self->tally->note = g_strdup(error->message);
        g_ptr_array_add(self->problems, error);
    }
    g_clear_pointer(&self->stream, mst_stream_free);
}

/* Fills the batch behind what it carries over; false at the end of the file, or at a break. */
static bool fill(MstFeed *self, MstBatch *batch, GError **error)
{
    gssize got = 1;

    memcpy(batch->bytes, self->carry, self->carry_len);
    batch->len = self->carry_len;
    self->carry_len = 0;
    while (got > 0 && batch->len < batch->room) {
        got = mst_stream_read(self->stream, batch->bytes + batch->len, batch->room - batch->len,
                              error);
        if (got > 0)
            batch->len += (size_t)got;
    }
    return got > 0;
}

/* NULs are replaced once, here at the border: what comes after may use C strings. */
static void replace_nuls(char *bytes, size_t len)
{
    char *end = bytes + len;

    for (char *at = memchr(bytes, '\0', len); at != NULL; at = memchr(at, '\0', (size_t)(end - at)))
        *at = '?';
}

/* The line ended, or grew too long to be carried over: what comes up to its end is skipped. */
static void carry_over(MstFeed *self, MstBatch *batch, const char *rest, size_t len)
{
    if (self->skipping)
        return;
    if (end_of_text(rest, rest + len) - rest > MST_LINE_MAX) {
        read_line(self, (MstSlice){rest, len}, batch);
        self->skipping = true;
        return;
    }
    memcpy(self->carry, rest, len);
    self->carry_len = len;
}

static void split(MstFeed *self, MstBatch *batch, bool is_last)
{
    const char *at = batch->bytes;
    const char *end = batch->bytes + batch->len;

    for (;;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        if (stop == NULL && (at == end || !is_last)) {
            carry_over(self, batch, at, (size_t)(end - at));
            return;
        }
        if (!self->skipping)
            read_line(self, mst_slice(at, end_of_text(at, stop != NULL ? stop : end)), batch);
        self->skipping = false;
        if (stop == NULL)
            return;
        at = stop + 1;
    }
}

bool mst_feed_next(MstFeed *self, MstBatch *batch)
{
    GError *error = NULL;
    bool more;

    mst_batch_clear(batch);
    if (self->stream == NULL && !open_next(self))
        return false;
    batch->file = self->file->name;
    more = fill(self, batch, &error);
    replace_nuls(batch->bytes, batch->len);
    if (!self->looked)
        self->tagless = find_tagless(self, (MstSlice){batch->bytes, batch->len});
    self->looked = true;
    split(self, batch, !more);
    if (!more)
        close_file(self, error);
    return true;
}
