/*
 * fuzz_reader.c - a reader under any input
 *
 * Built once for each reader: MST_FUZZ_READER is its MstReaderOps. A line of the input has an
 * envelope, as those of logs do, and perhaps no tag in it; or else it is a tag, a blank and a text,
 * where an empty tag is none. Each line stands in a block of exactly its size, and every byte of every
 * slice of every event is read, so that a sanitizer sees each byte that does not belong to the line.
 */
#include <glib.h>

#include "mailstory/envelope.h"
#include "mailstory/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void touch(MstSlice s)
{
    static volatile char last_byte;

    g_assert(s.ptr != NULL || s.len == 0);
    for (size_t i = 0; i < s.len; i++)
        last_byte = s.ptr[i];
    (void)last_byte;
}

static void touch_event(const MstEvent *event)
{
    const MstSlice slices[] = {
        event->host,
        event->process,
        event->queue_id,
        event->other_id,
        event->message_id,
        event->sender,
        event->recipient,
        event->original_recipient,
        event->peer_name,
        event->peer_ip,
        event->user,
        event->status,
        event->detail,
        event->spool_file,
        mst_event_detail(event),
    };

    g_assert(*mst_event_kind_name(event->kind) != '\0');
    g_assert(mst_action_name(event->action) != NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(slices); i++)
        touch(slices[i]);
}

static void touch_batch(const MstBatch *batch, MstVerdict verdict)
{
    g_assert((verdict.fate == MST_FATE_EVENT) == (batch->events->len > 0));
    g_assert((verdict.fate == MST_FATE_EVENT || verdict.fate == MST_FATE_CONTINUATION ||
              verdict.fate == MST_FATE_FOREIGN) == (verdict.why == NULL));
    for (guint i = 0; i < batch->events->len; i++)
        touch_event(&g_array_index(batch->events, MstEvent, i));
}

/* What the input is read with. */
typedef struct Bench {
    MstReader *reader;
    MstEnvelope *envelope;
    MstBatch *batch;
    GPtrArray *blocks; /* they stay, as a batch's bytes do: a reader may still point into them */
} Bench;

static void split_tag(MstLine *line)
{
    MstSlice whole = line->whole;
    const char *blank = whole.len > 0 ? memchr(whole.ptr, ' ', whole.len) : NULL;

    if (blank == NULL)
        return;
    line->tag = mst_slice(whole.ptr, blank);
    line->text = mst_slice(blank + 1, whole.ptr + whole.len);
}

static void read_line(const Bench *bench, MstSlice whole)
{
    const MstReaderOps *ops = bench->reader->ops;
    char *block = whole.len > 0 ? g_memdup2(whole.ptr, whole.len) : g_malloc(1);
    MstLine line = {.whole = {block, whole.len}, .number = 1};
    MstLine own = {.whole = line.whole, .text = line.whole, .number = 1};

    g_ptr_array_add(bench->blocks, block);
    if (!mst_envelope_read(bench->envelope, &line))
        split_tag(&line);
    (void)ops->owns(line.tag, line.text);
    line.tag_meaning = mst_reader_know_tag(bench->reader, line.tag);
    if (ops->recognises != NULL)
        (void)ops->recognises(line.whole);
    mst_batch_clear(bench->batch);
    touch_batch(bench->batch, mst_reader_read(bench->reader, &line, bench->batch));
    if (!ops->own_envelope)
        return;
    mst_batch_clear(bench->batch);
    touch_batch(bench->batch, mst_reader_read(bench->reader, &own, bench->batch));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    MstZones *zones = mst_zones_new();
    Bench bench = {
        .reader = mst_reader_new(&MST_FUZZ_READER),
        .envelope = mst_envelope_new(zones, MST_LIT("mx1")),
        .batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_EVENTS),
        .blocks = g_ptr_array_new_with_free_func(g_free),
    };
    const char *at = (const char *)data;
    const char *end = at + size;

    mst_envelope_begin_file(bench.envelope, G_GINT64_CONSTANT(1772323200000000));
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        if (stop == NULL)
            stop = end;
        read_line(&bench, mst_slice(at, stop));
        at = stop < end ? stop + 1 : end;
    }
    g_ptr_array_unref(bench.blocks);
    mst_batch_free(bench.batch);
    mst_envelope_free(bench.envelope);
    mst_reader_free(bench.reader);
    mst_zones_free(zones);
    return 0;
}
