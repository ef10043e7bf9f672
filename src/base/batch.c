/* batch.c - what one stage hands to the next at once */
#include "mailstory/batch.h"

#include "base/callfor.h"

enum { FIRST_EVENTS = 32 }; /* for which a batch has room from the start */

MstBatch *mst_batch_new(size_t room, guint keep)
{
    MstBatch *batch = g_new0(MstBatch, 1);

    g_assert(room >= MST_BATCH_BYTES_MIN);
    batch->bytes = g_malloc(room);
    batch->room = room;
    batch->events = g_array_sized_new(FALSE, FALSE, sizeof(MstEvent), FIRST_EVENTS);
    batch->event_room = FIRST_EVENTS;
    batch->strange = g_array_new(FALSE, FALSE, sizeof(MstStrangeLine));
    batch->records = g_array_new(FALSE, FALSE, sizeof(MstRecord));
    batch->keep = keep;
    batch->kept = g_string_chunk_new(4096);
    return batch;
}

void mst_batch_free(MstBatch *batch)
{
    if (batch == NULL)
        return;
    g_free(batch->bytes);
    g_array_free(batch->events, TRUE);
    g_array_free(batch->strange, TRUE);
    g_array_free(batch->records, TRUE);
    g_string_chunk_free(batch->kept);
    g_free(batch);
}

void mst_batch_clear(MstBatch *batch)
{
    batch->len = 0;
    batch->file = NULL;
    batch->events->len = 0;
    g_array_set_size(batch->strange, 0);
    g_array_set_size(batch->records, 0);
    g_string_chunk_clear(batch->kept);
}

/* Doubles the room for events, so that GLib is not asked about it for each of them. */
static G_GNUC_NO_INLINE void grow(MstBatch *batch)
{
    guint len = batch->events->len;

    batch->event_room *= 2;
    g_array_set_size(batch->events, batch->event_room);
    batch->events->len = len;
}

/* All from the queue ID on; mst_batch_add sets what stands before it. In pieces that the compiler
 * clears by plain stores; for the whole it takes an instruction that is slow to begin. */
static inline void clear_facts(MstEvent *event)
{
    enum { PIECE = 64, SIZE = sizeof *event - offsetof(MstEvent, queue_id) };
    char *bytes = (char *)event + offsetof(MstEvent, queue_id);

    for (size_t i = 0; i + PIECE <= SIZE; i += PIECE)
        memset(bytes + i, 0, PIECE);
    memset(bytes + SIZE / PIECE * PIECE, 0, SIZE % PIECE);
}

MstEvent *mst_batch_add(MstBatch *batch, const MstLine *line, MstSystem system, MstEventKind kind)
{
    MstEvent *event;

    if (batch->events->len == batch->event_room)
        grow(batch);
    event = &g_array_index(batch->events, MstEvent, batch->events->len++);
    mst_call_for(event + 2, sizeof *event); /* another thread read what stands there */
    event->kind = kind;
    event->system = system;
    event->action = MST_ACTION_NONE;
    event->relation = MST_RELATION_NONE;
    event->whole = false;
    event->time_us = line->time_us;
    event->resolution_us = line->resolution_us;
    event->pid = line->pid;
    event->line = line->number;
    event->host = line->host;
    event->process = line->tag;
    clear_facts(event);
    event->size = event->recipients = -1;
    event->delay_us = -1;
    return event;
}

void mst_batch_drop_last(MstBatch *batch)
{
    g_assert(batch->events->len > 0);
    batch->events->len--;
}

MstSlice mst_batch_keep(MstBatch *batch, MstSlice text)
{
    if (!mst_slice_is_set(text))
        return text;
    return (MstSlice){g_string_chunk_insert_len(batch->kept, text.ptr, (gssize)text.len), text.len};
}
