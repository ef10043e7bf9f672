/*
 * fuzz_reader.c - a reader under any input
 *
 * Built once for each reader: MST_FUZZ_READER is its MstReaderOps. A line of the input is a tag, a
 * blank and a text. Each text stands in a block of exactly its size, and every byte of every slice
 * of every event is read, so that a sanitizer sees each byte that does not belong to the line.
 */
#include <glib.h>

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
        event->host,       event->process,          event->queue_id,  event->other_id,
        event->message_id, event->sender,           event->recipient, event->original_recipient,
        event->peer_name,  event->peer_ip,          event->user,      event->status,
        event->detail,     mst_event_detail(event),
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

/* The block stays until the input ends, as a batch's bytes do: a reader may still point into it. */
static void read_line(MstReader *reader, MstBatch *batch, MstSlice whole, GPtrArray *blocks)
{
    const char *blank = whole.len > 0 ? memchr(whole.ptr, ' ', whole.len) : NULL;
    MstSlice tag = blank != NULL ? mst_slice(whole.ptr, blank) : MST_LIT("");
    MstSlice text = blank != NULL ? mst_slice_from(whole, tag.len + 1) : whole;
    char *block = text.len > 0 ? g_memdup2(text.ptr, text.len) : g_malloc(1);
    MstLine line = {.whole = {block, text.len}, .text = {block, text.len}, .tag = tag, .number = 1};

    g_ptr_array_add(blocks, block);
    (void)reader->ops->owns(tag, line.text);
    mst_batch_clear(batch);
    touch_batch(batch, mst_reader_read(reader, &line, batch));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    MstReader *reader = mst_reader_new(&MST_FUZZ_READER);
    MstBatch *batch = mst_batch_new(false);
    g_autoptr(GPtrArray) blocks = g_ptr_array_new_with_free_func(g_free);
    const char *at = (const char *)data;
    const char *end = at + size;

    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        if (stop == NULL)
            stop = end;
        read_line(reader, batch, mst_slice(at, stop), blocks);
        at = stop < end ? stop + 1 : end;
    }
    mst_batch_free(batch);
    mst_reader_free(reader);
    return 0;
}
