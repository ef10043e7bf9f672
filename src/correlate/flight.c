/* flight.c - a story while hops may still join it */
#include "flight.h"

MstFlight *mst_flight_new(MstLife *life)
{
    MstFlight *flight = g_new0(MstFlight, 1);

    flight->story.hops = g_ptr_array_new();
    g_ptr_array_add(flight->story.hops, life);
    life->hop.story = &flight->story;
    flight->open = 1;
    return flight;
}

void mst_flight_free(MstFlight *flight)
{
    g_ptr_array_unref(flight->story.hops);
    if (flight->story.outcomes != NULL)
        g_array_unref(flight->story.outcomes);
    g_free(flight);
}

MstFlight *mst_flight_merge(MstFlight *a, MstFlight *b)
{
    MstFlight *into = a->story.hops->len >= b->story.hops->len ? a : b;
    MstFlight *from = into == a ? b : a;

    if (into == from)
        return into;
    for (guint i = 0; i < from->story.hops->len; i++) {
        MstLife *life = g_ptr_array_index(from->story.hops, i);

        life->hop.story = &into->story;
        g_ptr_array_add(into->story.hops, life);
    }
    into->open += from->open;
    into->waits += from->waits;
    into->ready_us = MAX(into->ready_us, from->ready_us);
    g_ptr_array_set_size(from->story.hops, 0);
    return into;
}

/* How many hand-overs lie before a hop. Links form no cycle; the bound is for endless forwarding. */
static guint depth_of(const MstHop *hop)
{
    guint depth = 0;

    while (hop->into != NULL && hop->into->method != MST_LINK_NOTIFY && depth < 1000) {
        hop = hop->into->from;
        depth++;
    }
    return depth;
}

static int compare_hops(gconstpointer a, gconstpointer b)
{
    const MstHop *left = *(const MstHop *const *)a;
    const MstHop *right = *(const MstHop *const *)b;
    int order;

    if (left->first_us != right->first_us)
        return left->first_us < right->first_us ? -1 : 1;
    if (depth_of(left) != depth_of(right))
        return depth_of(left) < depth_of(right) ? -1 : 1;
    order = strcmp(left->host->name, right->host->name);
    if (order == 0)
        order = (int)left->system - (int)right->system;
    if (order == 0)
        order = strcmp(left->queue_id, right->queue_id);
    if (order == 0)
        order = left->identity < right->identity ? -1 : 1;
    return order;
}

void mst_flight_number(MstFlight *flight)
{
    if (flight->story.hops->len > 1)
        g_ptr_array_sort(flight->story.hops, compare_hops);
    for (guint i = 0; i < flight->story.hops->len; i++) {
        MstHop *hop = g_ptr_array_index(flight->story.hops, i);

        hop->number = i + 1;
    }
}

static bool is_first(const MstHop *hop)
{
    return hop->into == NULL || hop->into->method == MST_LINK_NOTIFY;
}

MstLife *mst_flight_first(const MstFlight *flight)
{
    gpointer first = NULL;

    for (guint i = 0; i < flight->story.hops->len; i++) {
        gpointer hop = g_ptr_array_index(flight->story.hops, i);

        if (is_first(hop) && (first == NULL || compare_hops(&hop, &first) < 0))
            first = hop;
    }
    g_assert(first != NULL);
    return first;
}
