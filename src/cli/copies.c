/*
 * copies.c - lines that were given twice, in two sources
 *
 * As long as one source alone has lines of a host and of a kind, they are only written down in a row. When
 * a second source has one, those of the last seconds are put into tables, and so are all that follow. Copies
 * say the same, so they are of one kind: what XMail's two logs say of one message is not.
 */
#include "copies.h"

#include "base/index.h"
#include "base/names.h"
#include "mailstory/arena.h"
#include "mailstory/feed.h"

enum { MAX_HOSTS = 65536 }; /* those beyond count as one */

/* How long a line is remembered: stamps of two files differ by a second at most. */
static const int64_t remembered_us = INT64_C(10) * G_USEC_PER_SEC;

/* How often one source held a line. */
typedef struct Count Count;
struct Count {
    guint source;
    guint count;
    Count *next;
};

/* All copies of a line. */
typedef struct Seen {
    MstPlace place;
    guint most; /* that one source held */
    MstCopy first;
    Count *counts;
} Seen;

/* The lines of some seconds. */
typedef struct Period {
    MstIndex *lines; /* of Seen */
    MstArena arena;  /* they lie in */
} Period;

/* A line of which no copy is looked for so far. */
typedef struct Note {
    uint64_t hash;
    int64_t at_us;
    MstCopy where;
} Note;

/* Lines of one host and kind, which one source alone has, or several. */
typedef struct Row {
    guint source; /* that had the first */
    bool shared;
    Note *notes; /* a ring of the last ones; NULL: none so far, or shared */
    guint room;  /* in it; a power of two */
    guint first; /* the oldest of them, counted on and on … */
    guint end;   /* … as is the one behind the youngest */
} Row;

typedef struct Host {
    Row rows[MST_EVENT_KINDS]; /* by the kind of a line's first event */
} Host;

/* The host of the line that a source had last. */
typedef struct Last {
    const MstFileTally *tally; /* of that host, in that file */
    Host *host;
} Last;

struct MstCopies {
    MstNames *hosts; /* name -> Host */
    Last *last;      /* by source */
    MstArenaPool pool;
    Period recent, older; /* `recent` becomes `older` in its time */
    int64_t turned_us;
};

static void clear_host(gpointer data)
{
    Host *host = data;

    for (guint i = 0; i < G_N_ELEMENTS(host->rows); i++)
        g_free(host->rows[i].notes);
}

static void begin_period(MstCopies *self, Period *period)
{
    period->lines = mst_index_new(mst_index_seed());
    period->arena = (MstArena){.pool = &self->pool};
}

static void end_period(Period *period)
{
    mst_index_free(period->lines);
    mst_arena_clear(&period->arena);
}

MstCopies *mst_copies_new(guint sources)
{
    MstCopies *self = g_new0(MstCopies, 1);

    self->last = g_new0(Last, sources);
    self->hosts = mst_names_new(sizeof(Host), clear_host);
    begin_period(self, &self->recent);
    begin_period(self, &self->older);
    return self;
}

void mst_copies_free(MstCopies *self)
{
    if (self == NULL)
        return;
    end_period(&self->recent);
    end_period(&self->older);
    mst_arena_pool_clear(&self->pool);
    mst_names_free(self->hosts);
    g_free(self->last);
    g_free(self);
}

static void turn(MstCopies *self, int64_t now_us)
{
    if (now_us < self->turned_us + remembered_us)
        return;
    self->turned_us = now_us;
    end_period(&self->older);
    self->older = self->recent;
    begin_period(self, &self->recent);
}

/* ---- a host that several sources have lines of */

static Seen *find_in(const Period *period, uint64_t hash)
{
    MstPlace *place = mst_index_find(period->lines, hash);

    return place == NULL ? NULL : place->thing;
}

static guint count_up(Period *period, Seen *seen, guint source)
{
    Count *count = seen->counts;

    while (count != NULL && count->source != source)
        count = count->next;
    if (count == NULL) {
        count = mst_arena_alloc(&period->arena, sizeof *count);
        *count = (Count){source, 0, seen->counts};
        seen->counts = count;
    }
    return ++count->count;
}

static const MstCopy *look_up(MstCopies *self, uint64_t hash, const MstCopy *where)
{
    Period *period = &self->recent;
    Seen *seen = find_in(period, hash);

    if (seen == NULL) {
        seen = find_in(&self->older, hash);
        if (seen != NULL)
            period = &self->older;
    }
    if (seen == NULL) {
        seen = mst_arena_alloc(&period->arena, sizeof *seen);
        seen->first = *where;
        mst_index_add(period->lines, &seen->place, hash, seen);
    }
    if (count_up(period, seen, where->source) <= seen->most)
        return &seen->first;
    seen->most++;
    return NULL;
}

/* ---- lines that one source has */

static Host *host_named(MstCopies *self, MstSlice name)
{
    Host *host = mst_names_find(self->hosts, name);

    if (host != NULL)
        return host;
    if (mst_names_count(self->hosts) >= MAX_HOSTS && name.len > 0)
        return host_named(self, MST_LIT(""));
    return mst_names_add(self->hosts, name);
}

static Row *row_of(MstCopies *self, const MstRecord *record, const MstEvent *event, guint source)
{
    enum { ROOM = 64 };
    Last *last = &self->last[source];
    Row *row;

    if (last->tally != record->tally)
        *last = (Last){record->tally, host_named(self, event->host)};
    row = &last->host->rows[event->kind];
    if (row->notes == NULL && !row->shared)
        *row = (Row){.source = source, .notes = g_new(Note, ROOM), .room = ROOM};
    return row;
}

static Note *note_at(const Row *row, guint i)
{
    return &row->notes[i & (row->room - 1)];
}

static void double_room(Row *row)
{
    Row old = *row;

    row->room *= 2;
    row->notes = g_new(Note, row->room);
    for (guint i = old.first; i != old.end; i++)
        *note_at(row, i) = *note_at(&old, i);
    g_free(old.notes);
}

/* Writes the line down; what is too old by now is forgotten. */
static void note(Row *row, uint64_t hash, int64_t now_us, const MstCopy *where)
{
    while (row->first != row->end && note_at(row, row->first)->at_us < now_us - remembered_us)
        row->first++;
    if (row->end - row->first == row->room)
        double_room(row);
    *note_at(row, row->end++) = (Note){hash, now_us, *where};
}

static void share(MstCopies *self, Row *row)
{
    for (guint i = row->first; i != row->end; i++)
        look_up(self, note_at(row, i)->hash, &note_at(row, i)->where);
    g_clear_pointer(&row->notes, g_free);
    row->shared = true;
}

const MstCopy *mst_copies_find(MstCopies *self, const MstRecord *record, const MstEvent *event,
                               const MstCopy *where, int64_t now_us)
{
    Row *row = row_of(self, record, event, where->source);

    turn(self, now_us);
    if (!row->shared && row->source == where->source) {
        note(row, record->hash, now_us, where);
        return NULL;
    }
    if (!row->shared)
        share(self, row);
    return look_up(self, record->hash, where);
}
