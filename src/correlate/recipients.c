/*
 * recipients.c - the deliveries of a life, by their recipient
 *
 * Most messages have few: their list is searched. Where there are many, each address has its own list
 * (MstDelivery.next_copy), and those are found by hash.
 */
#include "recipients.h"

enum { FEW = 12 };

static bool has_many(const MstLife *life)
{
    return mst_life_extras(life)->by_recipient != NULL;
}

/* The deliveries for one address, where there are many. In the arena of the life. */
typedef struct Address {
    MstPlace place; /* of the first of them */
    MstDelivery *last;
} Address;

static MstDelivery *first_of(const Address *address)
{
    return address->place.thing;
}

static bool is_for(const MstDelivery *delivery, MstSlice address)
{
    return mst_slice_equal_ascii_case(mst_slice_of(delivery->recipient), address);
}

/* An address that was looked up. */
typedef struct Found {
    uint64_t hash;
    Address *address; /* NULL: it has no delivery */
} Found;

static Found look_up(const MstLife *life, MstSlice address)
{
    const MstIndex *index = life->extras->by_recipient;
    Found found = {.hash = mst_index_hash_address(index, address)};
    MstPlace *at = mst_index_find(index, found.hash);

    for (; at != NULL && found.address == NULL; at = at->next) {
        if (is_for(at->thing, address))
            found.address = (Address *)at;
    }
    return found;
}

static void index_one(MstLife *life, MstDelivery *delivery, Found found)
{
    Address *address = found.address;

    g_ptr_array_add(life->extras->in_order, delivery);
    life->alike = life->alike || address != NULL || delivery->original != NULL;
    if (address != NULL) {
        address->last->next_copy = delivery;
        address->last = delivery;
        return;
    }
    address = mst_arena_alloc(&life->hop.arena, sizeof *address);
    address->last = delivery;
    mst_index_add(life->extras->by_recipient, &address->place, found.hash, delivery);
}

static void index_all(MstLife *life)
{
    mst_life_add_extras(life)->by_recipient = mst_index_new(mst_index_seed());
    life->extras->in_order = g_ptr_array_new();
    for (MstDelivery *d = life->hop.deliveries; d != NULL; d = d->next)
        index_one(life, d, look_up(life, mst_slice_of(d->recipient)));
}

/* From this delivery of the list on. */
static MstDelivery *search(MstDelivery *from, MstSlice address)
{
    while (from != NULL && !is_for(from, address))
        from = from->next;
    return from;
}

MstDelivery *mst_recipients_first(const MstLife *life, MstSlice address)
{
    const Address *found;

    if (!has_many(life))
        return search(life->hop.deliveries, address);
    found = look_up(life, address).address;
    return found == NULL ? NULL : first_of(found);
}

MstDelivery *mst_recipients_next(const MstLife *life, const MstDelivery *delivery)
{
    if (has_many(life))
        return delivery->next_copy;
    return search(delivery->next, mst_slice_of(delivery->recipient));
}

/* At the end of the list. */
static MstDelivery *append(MstLife *life, MstSlice recipient, MstSlice original)
{
    MstHop *hop = &life->hop;
    MstDelivery *delivery = mst_arena_alloc(&hop->arena, sizeof *delivery);

    delivery->recipient = mst_slice_is_set(recipient) ? mst_arena_copy(&hop->arena, recipient) : "";
    delivery->original = mst_arena_copy(&hop->arena, original);
    if (hop->last_delivery == NULL)
        hop->deliveries = delivery;
    else
        hop->last_delivery->next = delivery;
    hop->last_delivery = delivery;
    hop->n_deliveries++;
    life->n_open++;
    return delivery;
}

MstDelivery *mst_recipients_add(MstLife *life, MstSlice recipient, MstSlice original)
{
    MstDelivery *delivery = append(life, recipient, original);

    if (has_many(life))
        index_one(life, delivery, look_up(life, recipient));
    else if (life->hop.n_deliveries > FEW)
        index_all(life);
    return delivery;
}

bool mst_recipients_has_original(const MstDelivery *delivery, MstSlice original)
{
    if (!mst_slice_is_set(original) || delivery->original == NULL)
        return !mst_slice_is_set(original) && delivery->original == NULL;
    return mst_slice_equal_ascii_case(mst_slice_of(delivery->original), original);
}

/* From this delivery of an address on. */
static MstDelivery *search_original(const MstLife *life, MstDelivery *from, MstSlice original)
{
    while (from != NULL && !mst_recipients_has_original(from, original))
        from = mst_recipients_next(life, from);
    return from;
}

MstDelivery *mst_recipients_take(MstLife *life, MstSlice recipient, MstSlice original)
{
    MstDelivery *delivery;
    Found found;

    if (!has_many(life)) {
        delivery = search_original(life, search(life->hop.deliveries, recipient), original);
        return delivery != NULL ? delivery : mst_recipients_add(life, recipient, original);
    }
    found = look_up(life, recipient);
    delivery = found.address == NULL ? NULL
                                     : search_original(life, first_of(found.address), original);
    if (delivery != NULL)
        return delivery;
    delivery = append(life, recipient, original);
    index_one(life, delivery, found);
    return delivery;
}
