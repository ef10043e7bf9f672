/* flight.c - a story while hops may still join it */
#include "flight.h"

void mst_flight_begin(MstLife *life)
{
    MstFlight *flight = &life->own_flight;

    *flight = (MstFlight){.first_joined = life, .last_joined = life, .hops = 1, .open = 1};
    life->flight = flight;
}

MstFlight *mst_flight_merge(MstFlight *a, MstFlight *b)
{
    MstFlight *into = a->hops >= b->hops ? a : b;
    MstFlight *from = into == a ? b : a;

    if (into == from)
        return into;
    for (MstLife *life = from->first_joined; life != NULL; life = life->next_joined)
        life->flight = into;
    into->last_joined->next_joined = from->first_joined;
    into->last_joined = from->last_joined;
    into->hops += from->hops;
    into->open += from->open;
    into->waits += from->waits;
    into->ready_us = MAX(into->ready_us, from->ready_us);
    into->numbered = false;
    *from = (MstFlight){0};
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

/* Links its lives in another order; a few thousand hops are sorted as an array. */
static void sort(MstFlight *flight)
{
    g_autoptr(GPtrArray) lives = g_ptr_array_sized_new(flight->hops);
    MstLife **next = &flight->first_joined;

    for (MstLife *life = flight->first_joined; life != NULL; life = life->next_joined)
        g_ptr_array_add(lives, life);
    g_ptr_array_sort(lives, compare_hops);
    for (guint i = 0; i < lives->len; i++) {
        *next = flight->last_joined = g_ptr_array_index(lives, i);
        next = &flight->last_joined->next_joined;
    }
    *next = NULL;
}

void mst_flight_number(MstFlight *flight)
{
    guint number = 0;

    if (flight->numbered)
        return;
    if (flight->hops > 1)
        sort(flight);
    for (MstLife *life = flight->first_joined; life != NULL; life = life->next_joined)
        life->hop.number = ++number;
    flight->numbered = true;
}

static bool is_first(const MstHop *hop)
{
    return hop->into == NULL || hop->into->method == MST_LINK_NOTIFY;
}

MstLife *mst_flight_first(const MstFlight *flight)
{
    MstLife *first = NULL;

    if (flight->hops == 1)
        return flight->first_joined;
    for (MstLife *life = flight->first_joined; life != NULL; life = life->next_joined) {
        if (is_first(&life->hop) && (first == NULL || compare_hops(&life, &first) < 0))
            first = life;
    }
    g_assert(first != NULL);
    return first;
}

void mst_flight_release(MstFlight *flight, MstStory *story)
{
    MstArena *arena = &flight->first_joined->hop.arena;
    MstHop **next = &story->only_hop;

    mst_flight_number(flight);
    *story = (MstStory){.first = &mst_flight_first(flight)->hop,
                        .released_us = flight->ready_us,
                        .n_hops = flight->hops};
    story->id = story->first->identity;
    if (flight->hops > 1)
        next = mst_arena_alloc(arena, flight->hops * sizeof(gpointer));
    story->hops = next;
    for (MstLife *life = flight->first_joined; life != NULL; life = life->next_joined) {
        life->hop.story = story;
        *next++ = &life->hop;
    }
}
