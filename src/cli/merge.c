/* merge.c - several sources' events, as one stream in the order of time */
#include "merge.h"

#include "ahead.h"
#include "copies.h"

/* A source that is being read. */
typedef struct Input {
    guint index;        /* of the source */
    MstBatch *batch;    /* NULL: not begun, or at its end */
    guint next;         /* index of the batch's next event */
    guint next_record;  /* of the batch's next record, if records are kept */
    guint next_strange; /* of the batch's next line without events, if these are kept */
    int64_t first_us;   /* of its first event */
    int64_t time_us;    /* where it stands: of the next event, never stepping back */
    bool ended;
} Input;

typedef struct Merge {
    MstAhead *ahead;
    Input *inputs;
    Input **open; /* those that have not ended, as a heap: the one that goes next is the first */
    guint count;  /* of them */
    guint keep;   /* of MstKeep */
    MstCopies *copies; /* NULL if there is one source */
    bool stopped;
    int64_t now_us;
    MstMergeSink *sink;
} Merge;

/* The lines without events that stand before the next event. */
static void hand_on_strange(Merge *self, Input *input)
{
    const MstBatch *batch = input->batch;

    for (; input->next_strange < batch->strange->len; input->next_strange++) {
        const MstStrangeLine *line = &g_array_index(batch->strange, MstStrangeLine,
                                                    input->next_strange);

        if (line->next_event > input->next)
            return;
        self->sink->strange(self->sink, line, batch->file);
    }
}

static const MstEvent *next_event(const Input *input)
{
    return &g_array_index(input->batch->events, MstEvent, input->next);
}

/* The next batch that has events, through as many as it takes. */
static void take_batch(Merge *self, Input *input)
{
    do {
        input->batch = mst_ahead_next(self->ahead, input->index);
        if (input->batch == NULL) {
            input->ended = true;
            return;
        }
        input->next = input->next_record = input->next_strange = 0;
        hand_on_strange(self, input);
    } while (input->batch->events->len == 0);
}

/* Makes the input's next event ready. */
static inline void look_at_next(Merge *self, Input *input)
{
    if (input->batch == NULL || input->next >= input->batch->events->len)
        take_batch(self, input);
    if (input->ended)
        return;
    input->time_us = MAX(input->time_us, next_event(input)->time_us);
    if (input->first_us == 0)
        input->first_us = input->time_us;
}

/* One log goes on where another ends, within a second: a line that both hold was logged twice. */
static bool follows(const Input *input, const Input *other)
{
    int64_t second = input->first_us / G_USEC_PER_SEC;

    return other->ended && other->first_us / G_USEC_PER_SEC < second &&
           other->time_us / G_USEC_PER_SEC == second && input->time_us / G_USEC_PER_SEC == second;
}

static void hand_on_copy(Merge *self, const Input *input, const MstRecord *record,
                         const MstCopy *copy)
{
    g_autofree char *where = g_strdup_printf("%s:%" G_GUINT64_FORMAT, copy->file, copy->number);
    MstStrangeLine line = {.number = record->number,
                           .verdict = {MST_FATE_DUPLICATE, where},
                           .tag = record->tag,
                           .whole = record->whole};

    self->sink->strange(self->sink, &line, input->batch->file);
}

/* If the next event is the first of a line that another source has shown already, the line is
 * passed over. */
static bool pass_over_copy(Merge *self, Input *input)
{
    const MstBatch *batch = input->batch;
    const MstRecord *record;
    const MstCopy *copy;
    MstCopy where;

    if (self->copies == NULL || input->next_record >= batch->records->len)
        return false;
    record = &g_array_index(batch->records, MstRecord, input->next_record);
    if (record->first_event != input->next)
        return false;
    input->next_record++;
    where = (MstCopy){input->index, batch->file, record->number};
    copy = mst_copies_find(self->copies, record, next_event(input), &where, self->now_us);
    if (copy == NULL || follows(input, &self->inputs[copy->source]))
        return false;
    mst_feed_drop_record(record);
    if ((self->keep & MST_KEEP_STRANGE) != 0)
        hand_on_copy(self, input, record, copy);
    input->next += record->n_events;
    return true;
}

/* Of equal times, the source that stands before the other goes first. */
static bool goes_before(const Input *a, const Input *b)
{
    return a->time_us < b->time_us || (a->time_us == b->time_us && a->index < b->index);
}

/* Puts the input at `at` where it belongs among those below it. */
static void sift_down(Merge *self, guint at)
{
    Input *input = self->open[at];

    for (guint below = 2 * at + 1; below < self->count; below = 2 * at + 1) {
        if (below + 1 < self->count && goes_before(self->open[below + 1], self->open[below]))
            below++;
        if (!goes_before(self->open[below], input))
            break;
        self->open[at] = self->open[below];
        at = below;
    }
    self->open[at] = input;
}

/* The time of the input that goes second: up to it the first may go on alone. */
static int64_t second_us(const Merge *self)
{
    int64_t time_us = G_MAXINT64;

    for (guint i = 1; i < MIN(self->count, 3); i++)
        time_us = MIN(time_us, self->open[i]->time_us);
    return time_us;
}

/* The first input has moved on, or has ended. */
static void settle_first(Merge *self)
{
    if (self->open[0]->ended)
        self->open[0] = self->open[--self->count];
    if (self->count > 0)
        sift_down(self, 0);
}

/* A run of events of one input; those of the same moment stay together. */
static void run_on(Merge *self, Input *input, int64_t until_us)
{
    int64_t moment_us = input->time_us;

    while (!input->ended && !self->stopped &&
           (input->time_us == moment_us || input->time_us < until_us)) {
        self->now_us = MAX(self->now_us, input->time_us);
        if (!pass_over_copy(self, input)) {
            if (!self->sink->event(self->sink, next_event(input), self->now_us, input->batch->file))
                self->stopped = true;
            input->next++;
        }
        if (input->next_strange < input->batch->strange->len)
            hand_on_strange(self, input);
        look_at_next(self, input);
    }
}

static void open_inputs(Merge *self, const GPtrArray *sources)
{
    self->count = sources->len;
    self->inputs = g_new0(Input, MAX(sources->len, 1));
    self->open = g_new0(Input *, MAX(sources->len, 1));
    for (guint i = 0; i < sources->len; i++) {
        const MstSource *source = g_ptr_array_index(sources, i);
        const MstLogFile *file = g_ptr_array_index(source->files, 0);
        Input *input = &self->inputs[i];

        input->index = i;
        input->time_us = file->first_us == INT64_MAX ? 0 : file->first_us;
        self->open[i] = input;
    }
    for (guint i = self->count / 2; i-- > 0;)
        sift_down(self, i);
}

void mst_merge(GPtrArray *sources, GPtrArray *feeds, const MstMergeSetup *setup, MstMergeSink *sink)
{
    Merge merge = {.sink = sink};

    open_inputs(&merge, sources);
    if (feeds->len > 1)
        merge.copies = mst_copies_new(feeds->len);
    merge.keep = (setup->keep_strange ? MST_KEEP_STRANGE : 0U) |
                 (merge.copies != NULL ? MST_KEEP_RECORDS : 0U);
    merge.ahead = mst_ahead_new(feeds, setup->crew, merge.keep);
    while (!merge.stopped && merge.count > 0) {
        Input *input = merge.open[0];

        if (input->batch == NULL)
            look_at_next(&merge, input);
        else
            run_on(&merge, input, second_us(&merge));
        settle_first(&merge);
    }
    mst_ahead_free(merge.ahead);
    mst_copies_free(merge.copies);
    g_free(merge.open);
    g_free(merge.inputs);
}
