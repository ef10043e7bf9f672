/* schedule.c - what will be done, by time: a binary heap */
#include "schedule.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Due {
    int64_t time;
    uint64_t order; /* of what is due at the same time */
    ScheduleAction action;
    void *subject;
} Due;

struct Schedule {
    GArray *heap; /* of Due: none is due before the one at half its place */
    uint64_t count;
};

Schedule *schedule_new(void)
{
    Schedule *self = g_new0(Schedule, 1);

    self->heap = g_array_new(FALSE, FALSE, sizeof(Due));
    return self;
}

void schedule_free(Schedule *self)
{
    g_array_unref(self->heap);
    g_free(self);
}

static bool is_before(const Due *a, const Due *b)
{
    return a->time != b->time ? a->time < b->time : a->order < b->order;
}

void schedule_at(Schedule *self, int64_t time, ScheduleAction action, void *subject)
{
    const Due due = {time, self->count++, action, subject};
    guint place = self->heap->len;
    Due *heap;

    g_array_append_val(self->heap, due);
    heap = (Due *)(void *)self->heap->data;
    for (; place > 0 && is_before(&due, &heap[(place - 1) / 2]); place = (place - 1) / 2)
        heap[place] = heap[(place - 1) / 2];
    heap[place] = due;
}

/* Takes the first one out; the last one sinks to its place from the top. */
static Due take_first(Schedule *self)
{
    Due *heap = (Due *)(void *)self->heap->data;
    const Due first = heap[0];
    const Due last = heap[self->heap->len - 1];
    const guint count = self->heap->len - 1;
    guint place = 0;

    for (guint child = 1; child < count; child = 2 * place + 1) {
        if (child + 1 < count && is_before(&heap[child + 1], &heap[child]))
            child++;
        if (!is_before(&heap[child], &last))
            break;
        heap[place] = heap[child];
        place = child;
    }
    heap[place] = last;
    g_array_set_size(self->heap, count);
    return first;
}

void schedule_run(Schedule *self, int64_t until)
{
    while (self->heap->len > 0 && g_array_index(self->heap, Due, 0).time <= until) {
        const Due due = take_first(self);

        due.action(due.subject, due.time);
    }
}
