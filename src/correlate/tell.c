/*
 * tell.c - what became of each recipient: the rows of deliveries.csv
 *
 * From the first hop on, each delivery is followed along its links to the hops that hold its copy;
 * where no link leads on, the last attempt is the outcome. A hop's recipients belong to the
 * delivery that led there: all of them if one delivery did, else those of the same address.
 */
#include "evidence.h"
#include "flight.h"

/* A delivery of a hop, or of a hop that continues it as a whole. */
typedef struct Copy {
    const MstHop *hop;
    const MstDelivery *delivery;
    MstConfidence confidence; /* of the links so far */
} Copy;

typedef struct Teller {
    MstStory *story;
    MstArena *arena;
    const MstHop *first;    /* of the story */
    const MstHop *path_end; /* the hop that `path` leads to: rows come hop by hop */
    const char *path;
    guint depth;           /* of the recursion; bounds a chain of forwards */
    GHashTable *crossings; /* MstHop * -> Crossing *; NULL none yet */
} Teller;

enum { MAX_DEPTH = 200 };

static MstConfidence weaker(MstConfidence a, MstConfidence b)
{
    return a > b ? a : b;
}

static const char *original_of(const MstDelivery *delivery)
{
    return delivery->original != NULL ? delivery->original : delivery->recipient;
}

/* Moves the copies of this recipient from `later`, those of hops that continue its hop as a whole.
 * What was relayed may have gone to a filter that handed it back. */
static bool take_continued(const MstDelivery *delivery, GArray *later, GArray *copies)
{
    bool may_be = delivery->action == MST_ACTION_NONE || delivery->action == MST_ACTION_DELAYED ||
                  delivery->action == MST_ACTION_RELAYED;
    bool taken = false;

    for (guint i = 0; later != NULL && i < later->len && may_be; i++) {
        Copy *copy = &g_array_index(later, Copy, i);

        if (copy->delivery == NULL || !g_str_equal(copy->delivery->recipient, delivery->recipient))
            continue;
        g_array_append_vals(copies, copy, 1);
        copy->delivery = NULL;
        taken = true;
    }
    return taken;
}

/* Copies of `hop`, and of the hops that continue it as a whole, in the order in which `hop` names
 * their recipients. */
static void collect(const MstHop *hop, MstConfidence confidence, guint depth, GArray *copies)
{
    g_autoptr(GArray) later = NULL;

    if (hop->links != NULL)
        later = g_array_new(FALSE, FALSE, sizeof(Copy));
    for (const MstLink *link = hop->links; link != NULL && depth < MAX_DEPTH;
         link = link->next_of_delivery)
        collect(link->to, weaker(confidence, link->confidence), depth + 1, later);
    for (const MstDelivery *d = hop->deliveries; d != NULL; d = d->next) {
        if (!take_continued(d, later, copies))
            g_array_append_vals(copies, &(Copy){hop, d, confidence}, 1);
    }
    for (guint i = 0; later != NULL && i < later->len; i++) {
        if (g_array_index(later, Copy, i).delivery != NULL)
            g_array_append_vals(copies, &g_array_index(later, Copy, i), 1);
    }
}

/* `mx1/postfix/4Zk > hub/sendmail/p2F`, up to this hop. */
static const char *path_to(Teller *self, const MstHop *hop)
{
    g_autoptr(GString) path = NULL;
    const MstHop *chain[MAX_DEPTH];
    guint len = 0;

    if (hop == self->path_end)
        return self->path;
    path = g_string_sized_new(128);
    self->path_end = hop;
    for (; hop != NULL && len < MAX_DEPTH; len++) {
        chain[len] = hop;
        hop = hop->into == NULL || hop->into->method == MST_LINK_NOTIFY ? NULL : hop->into->from;
    }
    while (len-- > 0) {
        g_string_append(path, chain[len]->host->name);
        g_string_append_c(path, '/');
        g_string_append(path, mst_system_name(chain[len]->system));
        g_string_append_c(path, '/');
        g_string_append(path, chain[len]->queue_id);
        if (len > 0)
            g_string_append(path, " > ");
    }
    self->path = mst_arena_copy(self->arena, (MstSlice){path->str, path->len});
    return self->path;
}

/* What became of a recipient of which no attempt tells. */
static MstAction state_of(const MstHop *hop)
{
    if (hop->verdict != MST_ACTION_NONE)
        return hop->verdict;
    if (hop->hold == MST_HOLD_HELD)
        return MST_ACTION_QUARANTINED;
    return MST_ACTION_UNKNOWN;
}

static MstOutcome *add_outcome(Teller *self, const MstHop *hop, const char *recipient,
                               const char *original, MstConfidence confidence)
{
    MstOutcome outcome = {
        .recipient = recipient,
        .original = original,
        .action = state_of(hop),
        .status = hop->verdict_status,
        .reply_code = hop->verdict_code,
        .reply = hop->verdict_reply,
        .first_us = self->first->first_us,
        .final_us = hop->last_us,
        .hop = hop,
        .path = path_to(self, hop),
        .confidence = confidence,
    };

    g_array_append_val(self->story->outcomes, outcome);
    return &g_array_index(self->story->outcomes, MstOutcome, self->story->outcomes->len - 1);
}

/* Where no link leads on. */
static void tell_last(Teller *self, const Copy *copy, const char *original)
{
    const MstDelivery *delivery = copy->delivery;
    MstOutcome *outcome = add_outcome(self, copy->hop, delivery->recipient, original,
                                      copy->confidence);
    bool undecided = delivery->action == MST_ACTION_NONE ||
                     (delivery->action == MST_ACTION_DELAYED &&
                      copy->hop->verdict == MST_ACTION_DISCARDED);

    outcome->attempts = delivery->attempts;
    if (undecided)
        return;
    if (delivery->action != copy->hop->verdict || delivery->status != NULL) {
        outcome->status = delivery->status;
        outcome->reply_code = delivery->reply_code;
        outcome->reply = delivery->reply;
    }
    outcome->action = delivery->action;
    outcome->final_us = delivery->last_us;
    outcome->relay = delivery->relay;
    outcome->relay_ip = delivery->relay_ip;
}

/* ---- hops into which several deliveries led */

static guint address_hash(gconstpointer key)
{
    guint hash = 5381;

    for (const char *at = key; *at != '\0'; at++)
        hash = hash * 33U + (guint)(guchar)g_ascii_tolower(*at);
    return hash;
}

static gboolean address_equal(gconstpointer a, gconstpointer b)
{
    return g_ascii_strcasecmp(a, b) == 0;
}

/* The copies of each original recipient, in the order in which the log names them; `groups` is
 * filled with them by that recipient. */
static GPtrArray *group_copies(GArray *copies, const char *only, GHashTable *groups)
{
    GPtrArray *order = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

    for (guint i = 0; i < copies->len; i++) {
        Copy *copy = &g_array_index(copies, Copy, i);
        gpointer original = (gpointer)(only != NULL ? only : original_of(copy->delivery));
        GPtrArray *group = g_hash_table_lookup(groups, original);

        if (group == NULL) {
            group = g_ptr_array_new();
            g_hash_table_insert(groups, original, group);
            g_ptr_array_add(order, group);
        }
        g_ptr_array_add(group, copy);
    }
    return order;
}

/* Which copies in a hop belong to which of the deliveries that led there. */
typedef struct Crossing {
    GArray *copies;          /* of Copy; their confidence is that from this hop on */
    GHashTable *by_address;  /* address -> GPtrArray of Copy *, in `groups` */
    GPtrArray *groups;       /* the same in order */
    GPtrArray *unnamed;      /* of Copy *: those whose address is no delivery's */
    const MstDelivery *rest; /* to whom these belong: the first that names no copy; NULL none */
} Crossing;

static void free_crossing(gpointer data)
{
    Crossing *crossing = data;

    g_ptr_array_unref(crossing->unnamed);
    g_hash_table_unref(crossing->by_address);
    g_ptr_array_unref(crossing->groups);
    g_array_unref(crossing->copies);
    g_free(crossing);
}

/* A delivery that names no copy was expanded on the way. */
static const MstDelivery *find_rest(const MstHop *to, GHashTable *by_address)
{
    for (const MstLink *link = to->into; link != NULL; link = link->next_into) {
        if (link->delivery == NULL)
            return NULL;
        if (!g_hash_table_contains(by_address, link->delivery->recipient))
            return link->delivery;
    }
    return NULL;
}

static GPtrArray *find_unnamed(const MstHop *to, const GArray *copies)
{
    g_autoptr(GHashTable) named = g_hash_table_new(address_hash, address_equal);
    GPtrArray *unnamed = g_ptr_array_new();

    for (const MstLink *link = to->into; link != NULL; link = link->next_into) {
        if (link->delivery != NULL)
            g_hash_table_add(named, (gpointer)link->delivery->recipient);
    }
    for (guint i = 0; i < copies->len; i++) {
        Copy *copy = &g_array_index(copies, Copy, i);

        if (!g_hash_table_contains(named, original_of(copy->delivery)))
            g_ptr_array_add(unnamed, copy);
    }
    return unnamed;
}

static Crossing *crossing_of(Teller *self, MstHop *to)
{
    Crossing *crossing;

    if (self->crossings == NULL)
        self->crossings = g_hash_table_new_full(NULL, NULL, NULL, free_crossing);
    crossing = g_hash_table_lookup(self->crossings, to);
    if (crossing != NULL)
        return crossing;
    crossing = g_new0(Crossing, 1);
    crossing->copies = g_array_new(FALSE, FALSE, sizeof(Copy));
    collect(to, MST_CONFIDENCE_EXACT, self->depth, crossing->copies);
    crossing->by_address = g_hash_table_new(address_hash, address_equal);
    crossing->groups = group_copies(crossing->copies, NULL, crossing->by_address);
    crossing->unnamed = find_unnamed(to, crossing->copies);
    crossing->rest = find_rest(to, crossing->by_address);
    g_hash_table_insert(self->crossings, to, crossing);
    return crossing;
}

/* ---- along the links */

static void tell_copy(Teller *self, const Copy *copy, const char *original);

/* A copy in the next hop; gives how many were told. What that host refused, the attempt of this one
 * tells. */
static guint tell_next(Teller *self, const Copy *next, MstConfidence confidence,
                       const char *original)
{
    Copy copy = *next;

    if (next->delivery->action == MST_ACTION_REJECTED)
        return 0;
    copy.confidence = weaker(next->confidence, confidence);
    tell_copy(self, &copy, original);
    return 1;
}

/* Those copies in the hop at the link's end that are this delivery's; gives how many were told. */
static guint tell_share(Teller *self, const Crossing *crossing, const MstDelivery *delivery,
                        MstConfidence confidence, const char *original)
{
    const GPtrArray *share = delivery == crossing->rest
                                 ? crossing->unnamed
                                 : g_hash_table_lookup(crossing->by_address, delivery->recipient);
    guint told = 0;

    for (guint i = 0; share != NULL && i < share->len; i++)
        told += tell_next(self, g_ptr_array_index(share, i), confidence, original);
    return told;
}

/* All copies in the hop at the link's end, which nothing else led to. */
static guint tell_all(Teller *self, const GArray *copies, MstConfidence confidence,
                      const char *original)
{
    guint told = 0;

    for (guint i = 0; i < copies->len; i++)
        told += tell_next(self, &g_array_index(copies, Copy, i), confidence, original);
    return told;
}

static void tell_link(Teller *self, const MstLink *link, const Copy *copy, const char *original)
{
    MstConfidence confidence = weaker(copy->confidence, link->confidence);
    g_autoptr(GArray) own = NULL;
    const GArray *copies;
    guint told;

    if (link->to->into->next_into == NULL) {
        copies = own = g_array_new(FALSE, FALSE, sizeof(Copy));
        collect(link->to, MST_CONFIDENCE_EXACT, self->depth, own);
        told = tell_all(self, copies, confidence, original);
    } else {
        const Crossing *crossing = crossing_of(self, link->to);

        copies = crossing->copies;
        told = tell_share(self, crossing, copy->delivery, confidence, original);
    }
    if (told == 0 && copies->len > 0)
        tell_last(self, copy, original);
    else if (told == 0)
        add_outcome(self, link->to, copy->delivery->recipient, original, confidence);
}

static void tell_copy(Teller *self, const Copy *copy, const char *original)
{
    bool led_on = false;

    self->depth++;
    for (const MstLink *link = copy->delivery->links; link != NULL && self->depth < MAX_DEPTH;
         link = link->next_of_delivery) {
        if (link->method == MST_LINK_REFUSAL)
            continue;
        tell_link(self, link, copy, original);
        led_on = true;
    }
    /* A local delivery may keep a copy and send another on. */
    if (!led_on || copy->delivery->action == MST_ACTION_DELIVERED)
        tell_last(self, copy, original);
    self->depth--;
}

/* The rows from `start` on are of one original recipient: several of them make it an expansion. */
static void tell_expansion(Teller *self, guint start, const Copy *copy, const char *original)
{
    GArray *outcomes = self->story->outcomes;
    MstOutcome row;

    if (outcomes->len - start < 2 || original[0] == '\0')
        return;
    row = (MstOutcome){
        .recipient = original,
        .original = original,
        .action = MST_ACTION_EXPANDED,
        .first_us = g_array_index(outcomes, MstOutcome, start).first_us,
        .final_us = copy->delivery->first_us,
        .hop = copy->hop,
        .path = path_to(self, copy->hop),
        .confidence = copy->confidence,
    };
    g_array_insert_val(outcomes, start, row);
}

/* sendmail counts recipients before it expands them: if it counted one, all copies are of that one,
 * which some line may name. */
static const char *only_original(const MstHop *first, const GArray *copies)
{
    if (first->system != MST_SYSTEM_SENDMAIL || first->recipients != 1)
        return NULL;
    for (guint i = 0; i < copies->len; i++) {
        const MstDelivery *delivery = g_array_index(copies, Copy, i).delivery;

        if (delivery->original != NULL)
            return delivery->original;
    }
    return NULL;
}

static void tell_group(Teller *self, const GPtrArray *group, const char *only)
{
    guint start = self->story->outcomes->len;
    const Copy *leader = g_ptr_array_index(group, 0);
    const char *original = only != NULL ? only : original_of(leader->delivery);

    for (guint i = 0; i < group->len; i++) {
        const Copy *copy = g_ptr_array_index(group, i);

        if (copy->delivery->action != MST_ACTION_EXPANDED || group->len == 1)
            tell_copy(self, copy, original);
    }
    tell_expansion(self, start, leader, original);
}

static void tell_one(Teller *self, const Copy *copy, const char *only)
{
    guint start = self->story->outcomes->len;
    const char *original = only != NULL ? only : original_of(copy->delivery);

    tell_copy(self, copy, original);
    tell_expansion(self, start, copy, original);
}

static void tell_recipients(Teller *self)
{
    g_autoptr(GArray) copies = g_array_new(FALSE, FALSE, sizeof(Copy));
    g_autoptr(GPtrArray) groups = NULL;
    g_autoptr(GHashTable) by_address = NULL;
    const char *only;

    collect(self->first, MST_CONFIDENCE_EXACT, 0, copies);
    if (copies->len == 0)
        add_outcome(self, self->first, "", "", MST_CONFIDENCE_EXACT);
    only = only_original(self->first, copies);
    if (copies->len == 1) { /* most messages have one recipient */
        tell_one(self, &g_array_index(copies, Copy, 0), only);
        return;
    }
    by_address = g_hash_table_new(address_hash, address_equal);
    groups = group_copies(copies, only, by_address);
    for (guint i = 0; i < groups->len; i++)
        tell_group(self, g_ptr_array_index(groups, i), only);
}

static void count(MstStory *story)
{
    for (guint i = 0; i < story->outcomes->len; i++) {
        MstAction action = g_array_index(story->outcomes, MstOutcome, i).action;

        if (action == MST_ACTION_EXPANDED)
            continue;
        story->action = story->recipients == 0    ? action
                        : story->action == action ? action
                                                  : MST_ACTION_MIXED;
        story->recipients++;
        story->delivered += action == MST_ACTION_DELIVERED || action == MST_ACTION_RELAYED;
        story->failed += action == MST_ACTION_FAILED || action == MST_ACTION_REJECTED ||
                         action == MST_ACTION_DISCARDED;
        story->pending += action == MST_ACTION_DELAYED || action == MST_ACTION_QUARANTINED ||
                          action == MST_ACTION_UNKNOWN;
    }
}

static void note_ends(const MstLife *life, GString *notes)
{
    const MstHop *hop = &life->hop;

    if (hop->end == MST_END_LOG && !mst_life_is_final(life))
        g_string_append_printf(notes, "%s/%s: the log ends first; ", hop->host->name,
                               hop->queue_id);
    if (hop->end == MST_END_SILENCE)
        g_string_append_printf(notes, "%s/%s: silent until given up; ", hop->host->name,
                               hop->queue_id);
    if (life->aborted && !hop->queued)
        g_string_append_printf(notes, "%s/%s: the client broke off; ", hop->host->name,
                               hop->queue_id);
}

static void note_notifications(const MstLife *life, GString *notes)
{
    for (guint i = 0; life->notified_by != NULL && i < life->notified_by->len; i++)
        g_string_append_printf(notes, "notification %016" G_GINT64_MODIFIER "x; ",
                               g_array_index(life->notified_by, uint64_t, i));
}

static const char *notes_of(const MstStory *told, MstArena *arena)
{
    g_autoptr(GString) notes = g_string_new(NULL);

    for (guint i = 0; i < told->hops->len; i++) {
        const MstLife *life = g_ptr_array_index(told->hops, i);

        note_ends(life, notes);
        note_notifications(life, notes);
    }
    if (notes->len > 0)
        g_string_truncate(notes, notes->len - 2);
    return mst_arena_copy(arena, (MstSlice){notes->str, notes->len});
}

/* What the hops say together. */
static void sum_up(MstStory *story)
{
    for (guint i = 0; i < story->hops->len; i++) {
        const MstHop *hop = g_ptr_array_index(story->hops, i);

        if (hop->system == MST_SYSTEM_MILTER_MANAGER)
            continue; /* what a filter saw is beside the way */
        story->first_us = story->first_us == 0 ? hop->first_us
                                               : MIN(story->first_us, hop->first_us);
        story->last_us = MAX(story->last_us, hop->last_us);
        for (const MstLink *link = hop->into; link != NULL; link = link->next_into)
            story->confidence = weaker(story->confidence, link->confidence);
    }
}

void mst_flight_tell(const MstFlight *flight, MstStory *story, MstArena *arena)
{
    Teller teller = {.story = story, .arena = arena, .first = &mst_flight_first(flight)->hop};

    *story = (MstStory){.id = teller.first->identity,
                        .released_us = flight->ready_us,
                        .hops = story->hops,
                        .outcomes = story->outcomes};
    g_array_set_size(story->outcomes, 0);
    if (teller.first->into != NULL)
        story->related_to = teller.first->into->from->story->id;
    sum_up(story);
    tell_recipients(&teller);
    g_clear_pointer(&teller.crossings, g_hash_table_unref);
    count(story);
    story->notes = notes_of(story, arena);
}
