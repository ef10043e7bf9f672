/*
 * linker.c - which hop continues which, over all hosts, and when a story is complete
 *
 * Exact links are made as soon as both sides are known; both orders of their lines lead to the same
 * link. Weaker rules are tried when the window of an opening has run out, for then every claim that
 * could have named it has come.
 */
#include "linker.h"

#include "base/agenda.h"
#include "base/callfor.h"
#include "evidence.h"
#include "flight.h"
#include "recipients.h"

enum {
    MAX_TRIED = 64, /* candidates looked at for one opening or claim */
    MAX_ANCESTORS = 1000,
    MAX_LOOSE = 64, /* events that are handed on as one story */
};

static const int64_t grace_us = 120 * G_USEC_PER_SEC; /* claims outlive openings: clocks differ */
static const int64_t slack_us = 5 * G_USEC_PER_SEC;   /* of stamps, where only times speak */
static const int64_t refused_within_us = 120 * G_USEC_PER_SEC;

/* A claim or a tie that waits for its other side. In the arena of its hop. */
struct MstWait {
    uint64_t place; /* in the linker's agenda */
    int64_t at_us;  /* of the line it came from */
    MstLife *life;
    MstDelivery *delivery; /* NULL: a tie of the message as a whole */
    const char *name;      /* of a claim: the ID that it names; of a tie: the alias; NULL nothing */
    MstPlace by_name; /* in the index that it belongs in; a claim without a name by its recipient */
    MstRelation relation; /* of a tie: to the other hop */
    bool failed;          /* of a claim: the attempt did */
    bool anonymous;       /* of a claim: the message has no Message-ID, as far as was known */
};

struct MstLinker {
    MstLinkerSetup setup;
    int64_t now_us;
    MstAgenda openings;    /* of MstLife */
    MstAgenda claims;      /* of MstWait */
    GPtrArray *ready;      /* of MstFlight *, to be looked at for release */
    GTree *parked;         /* of MstFlight *: those whose time has not come, by parked_us */
    GArray *due;           /* of Due; between two releases it is empty */
    MstIndex *named;       /* claims by the queue ID or alias they name */
    MstIndex *aliases;     /* lives by alias, of all hosts */
    MstIndex *ties;        /* ties by the alias they name */
    MstIndex *message_ids; /* lives with an attempt that named no ID, by Message-ID */
    MstIndex *unnamed;     /* claims that name no ID, by recipient: of attempts that failed, and of
                              messages without a Message-ID */
    MstIndex *relayed;     /* the others, of claims that stand in the agenda before … */
    uint64_t relayed_to;   /* … this place */
    GPtrArray *deliveries; /* of MstDelivery *, while some are tried */
    MstStory *spare;       /* done with, to be used again; by `next` */
    MstLife *loose;        /* gathers events of no message until a story is handed on; NULL none */
    guint n_loose;         /* how many it has */
    guint anonymous;       /* claims of messages without a Message-ID */
};

/* A flight that can be released, and what its turn depends on. */
typedef struct Due {
    int64_t ready_us;
    uint64_t id; /* of its story */
    MstFlight *flight;
} Due;

/* What speaks for one candidate; the greater confidence is the weaker. */
typedef struct Choice {
    MstLife *life;
    MstDelivery *delivery;
    MstConfidence confidence;
    int64_t dt_us;
    unsigned candidates; /* as good in kind as this one */
} Choice;

static gint compare_parked(gconstpointer a, gconstpointer b)
{
    const MstFlight *left = a;
    const MstFlight *right = b;

    if (left->parked_us != right->parked_us)
        return left->parked_us < right->parked_us ? -1 : 1;
    return left < right ? -1 : left > right;
}

MstLinker *mst_linker_new(const MstLinkerSetup *setup)
{
    MstLinker *self = g_new0(MstLinker, 1);

    self->setup = *setup;
    self->ready = g_ptr_array_new();
    self->parked = g_tree_new(compare_parked);
    self->due = g_array_new(FALSE, FALSE, sizeof(Due));
    self->deliveries = g_ptr_array_new();
    self->named = mst_index_new(setup->lives->seed);
    self->aliases = mst_index_new(setup->lives->seed);
    self->ties = mst_index_new(setup->lives->seed);
    self->message_ids = mst_index_new(setup->lives->seed);
    self->unnamed = mst_index_new(setup->lives->seed);
    self->relayed = mst_index_new(setup->lives->seed);
    return self;
}

/* One that is not in use, as another thread may have left it: the next one is called for. A message in
 * memory has none: it would make it larger by a tenth. */
static MstStory *take_story(MstLinker *self)
{
    MstStory *story = self->spare;

    if (story == NULL)
        return g_new(MstStory, 1);
    self->spare = story->next;
    if (self->spare != NULL)
        mst_call_for(self->spare, sizeof *self->spare);
    return story;
}

void mst_linker_free(MstLinker *self)
{
    if (self == NULL)
        return;
    mst_agenda_clear(&self->openings);
    mst_agenda_clear(&self->claims);
    g_ptr_array_unref(self->ready);
    g_tree_unref(self->parked);
    g_array_unref(self->due);
    g_ptr_array_unref(self->deliveries);
    mst_index_free(self->named);
    mst_index_free(self->aliases);
    mst_index_free(self->ties);
    mst_index_free(self->message_ids);
    mst_index_free(self->unnamed);
    mst_index_free(self->relayed);
    while (self->spare != NULL)
        g_free(take_story(self));
    g_free(self);
}

/* ---- release */

static bool is_complete(const MstFlight *flight)
{
    return flight->open == 0 && flight->waits == 0 && flight->hops > 0;
}

static void list_if_complete(MstLinker *self, MstFlight *flight)
{
    if (is_complete(flight) && !flight->listed) {
        flight->listed = true;
        g_ptr_array_add(self->ready, flight);
    }
}

/* Something happened to the flight that its release must come after. */
static void mark_ready(MstFlight *flight, int64_t at_us)
{
    if (at_us > flight->ready_us)
        flight->ready_us = at_us;
}

static void unpark(MstLinker *self, MstFlight *flight)
{
    if (!flight->parked)
        return;
    g_tree_remove(self->parked, flight);
    flight->parked = flight->listed = false;
}

/* The caller lists the flight again if it is complete. What is left of the other, if that was listed,
 * is passed over. */
static MstFlight *join(MstLinker *self, MstFlight *a, MstFlight *b)
{
    if (a == b)
        return a;
    unpark(self, a);
    unpark(self, b);
    return mst_flight_merge(a, b);
}

/*
 * A notification names its parent by a story ID that is not known before the parent's own first hop
 * is: then its release waits for that.
 */
static int64_t parent_known_us(const MstLinker *self, const MstLife *first)
{
    const MstAbout *about = mst_life_extras(first)->about;
    const MstLife *root;

    if (about == NULL)
        return 0;
    root = mst_flight_first(about->parent->flight);
    return root->opening == 0 ? 0 : mst_agenda_due_us(&self->openings, root->opening);
}

/* What a notification's row says of a parent that is about to be freed, or may change. */
static void freeze_parent(MstLife *child)
{
    MstAbout *about = child->extras->about;
    MstHop *shadow = mst_arena_alloc(&child->hop.arena, sizeof *shadow);
    MstStory *story = mst_arena_alloc(&child->hop.arena, sizeof *story);
    MstLife *parent;

    g_assert(about != NULL);
    parent = about->parent;
    mst_flight_number(parent->flight);
    story->id = mst_flight_first(parent->flight)->hop.identity;
    shadow->story = story;
    shadow->number = parent->hop.number;
    shadow->host = parent->hop.host;
    child->hop.into->from = shadow;
    parent->extras->notifications = g_list_remove_link(parent->extras->notifications,
                                                       &about->place);
    child->extras->about = NULL;
}

static void forget_life(MstLinker *self, MstLife *life)
{
    while (mst_life_extras(life)->notifications != NULL)
        freeze_parent(life->extras->notifications->data);
    mst_lives_remove(self->setup.lives, life);
    if (life->unnamed != NULL) {
        mst_index_remove(self->message_ids, &life->unnamed->by_message_id);
        mst_index_remove(self->message_ids, &life->unnamed->by_both);
    }
    if (life->by_alias != NULL)
        mst_index_remove(self->aliases, life->by_alias);
    self->setup.forget(self->setup.user, life);
}

/* What is left of stories that are done with is used again. */
static void take_back(MstLinker *self, MstRemains *remains)
{
    mst_arena_pool_take_back(self->setup.pool, &remains->blocks);
    if (remains->first == NULL)
        return;
    remains->last->next = self->spare;
    self->spare = remains->first;
}

static void hand_on(MstLinker *self, MstStory *story);

/* A life alone that belongs to no story. */
static void hand_on_loose(MstLinker *self, MstLife *life)
{
    MstStory *story;

    if (mst_hop_extras(&life->hop)->evidence == NULL) {
        mst_life_free(life);
        return;
    }
    mst_flight_begin(life);
    story = take_story(self);
    mst_flight_release(life->flight, story);
    story->loose = true;
    hand_on(self, story);
}

static void hand_on_gathered(MstLinker *self)
{
    if (self->loose != NULL)
        hand_on_loose(self, g_steal_pointer(&self->loose));
}

/* What was gathered before goes first. */
static void hand_on(MstLinker *self, MstStory *story)
{
    MstRemains remains;

    hand_on_gathered(self);
    self->setup.sink->take(self->setup.sink, story, &remains);
    take_back(self, &remains);
}

/* A dialogue that used up an ID and handed nothing in is no story. */
static bool is_loose(const MstFlight *flight)
{
    return flight->hops == 1 && !mst_life_is_message(flight->first_joined);
}

static void release(MstLinker *self, MstFlight *flight)
{
    MstStory *story = take_story(self);

    for (MstLife *life = flight->first_joined; life != NULL; life = life->next_joined) {
        if (mst_life_extras(life)->about != NULL)
            freeze_parent(life);
    }
    mst_flight_release(flight, story);
    story->loose = is_loose(flight);
    for (MstLife *life = flight->first_joined; life != NULL; life = life->next_joined)
        forget_life(self, life);
    hand_on(self, story);
}

static int compare_due(gconstpointer a, gconstpointer b)
{
    const Due *left = a;
    const Due *right = b;

    if (left->ready_us != right->ready_us)
        return left->ready_us < right->ready_us ? -1 : 1;
    return left->id < right->id ? -1 : left->id > right->id;
}

static void park(MstLinker *self, MstFlight *flight)
{
    flight->parked = true;
    flight->parked_us = flight->ready_us;
    g_tree_insert(self->parked, flight, flight);
}

/* Lists those whose time has come among the others. */
static void list_parked(MstLinker *self)
{
    GTreeNode *node;

    while ((node = g_tree_node_first(self->parked)) != NULL) {
        MstFlight *flight = g_tree_node_key(node);

        if (flight->parked_us >= self->now_us)
            return;
        unpark(self, flight);
        list_if_complete(self, flight);
    }
}

/* False if it is to be looked at again in the next moment. */
static bool take_ready(MstLinker *self, MstFlight *flight)
{
    const MstLife *first;

    flight->listed = is_complete(flight);
    if (!flight->listed)
        return true;
    first = mst_flight_first(flight);
    mark_ready(flight, parent_known_us(self, first));
    if (flight->ready_us < self->now_us)
        g_array_append_vals(self->due, &(Due){flight->ready_us, first->hop.identity, flight}, 1);
    else if (flight->ready_us > self->now_us)
        park(self, flight);
    return flight->ready_us != self->now_us;
}

/* Of very many flights the first are in no cache's reach any more when the last was listed. They are called
 * for so many before their turn, and their places in indexes, which they name, a little later. */
enum { NEXT_BUT = 4, NEXT = 2 };

/* Takes from those that are ready what can be handed on now. */
static void collect_due(MstLinker *self)
{
    guint kept = 0;

    for (guint i = 0; i < self->ready->len; i++) {
        MstFlight *flight = g_ptr_array_index(self->ready, i);

        if (i + NEXT_BUT < self->ready->len)
            mst_call_for(g_ptr_array_index(self->ready, i + NEXT_BUT), sizeof *flight);
        if (!take_ready(self, flight))
            self->ready->pdata[kept++] = flight;
    }
    g_ptr_array_set_size(self->ready, (gint)kept);
}

/* Where the message stands among those with a Message-ID, if it does. */
G_ALWAYS_INLINE static inline void call_for_message_id(const MstLinker *self, const MstLife *life)
{
    if (life->unnamed == NULL)
        return;
    mst_index_call_for(self->message_ids, life->unnamed->by_message_id.hash);
    mst_index_call_for(self->message_ids, life->unnamed->by_both.hash);
}

G_ALWAYS_INLINE static inline void call_for_due(const MstLinker *self, guint i)
{
    const GArray *due = self->due;

    if (i + NEXT_BUT < due->len)
        mst_call_for(mst_flight_memory(g_array_index(due, Due, i + NEXT_BUT).flight),
                     MST_ARENA_BLOCK);
    if (i + NEXT < due->len) {
        const MstLife *life = g_array_index(due, Due, i + NEXT).flight->first_joined;

        mst_index_call_for(self->setup.lives, life->by_id.hash);
        call_for_message_id(self, life);
    }
}

/* Hands on what is complete and lies before `now_us`, in the order of the moments of completion. */
static void release_ready(MstLinker *self)
{
    list_parked(self);
    collect_due(self);
    if (self->due->len > 1)
        g_array_sort(self->due, compare_due);
    for (guint i = 0; i < self->due->len; i++) {
        call_for_due(self, i);
        release(self, g_array_index(self->due, Due, i).flight);
    }
    g_array_set_size(self->due, 0);
}

/* ---- waits */

static MstWait *add_wait(MstLinker *self, MstLife *life, MstDelivery *delivery, int64_t due_us)
{
    MstWait *wait = mst_arena_alloc(&life->hop.arena, sizeof *wait);

    wait->place = mst_agenda_add(&self->claims, due_us, wait);
    wait->life = life;
    wait->delivery = delivery;
    life->flight->waits++;
    return wait;
}

/* Which index it stands in until its other side is found. */
static MstIndex *index_of(const MstLinker *self, const MstWait *wait)
{
    if (wait->relation != MST_RELATION_NONE)
        return self->ties;
    if (wait->name != NULL)
        return self->named;
    return wait->failed || wait->anonymous ? self->unnamed : self->relayed;
}

static void index_wait(MstLinker *self, MstWait *wait, uint64_t hash)
{
    mst_index_add(index_of(self, wait), &wait->by_name, hash, wait);
}

static uint64_t hash_of_recipient(const MstLinker *self, const char *recipient)
{
    return mst_index_hash_address(self->unnamed, mst_slice_of(recipient));
}

/*
 * A message was taken, and it has a Message-ID: only those that have none ask for such claims. Few logs
 * have any, and many have very many claims, so they are put into their index when one asks.
 */
static void index_relayed(MstLinker *self)
{
    enum { AHEAD = 8 };
    uint64_t place = MAX(self->relayed_to, self->claims.first);

    for (; place < self->claims.next; place++) {
        MstWait *wait = mst_agenda_at(&self->claims, place);
        const MstWait *later = mst_agenda_at(&self->claims, place + AHEAD);

        if (later != NULL)
            mst_call_for(later, sizeof *later);
        if (wait != NULL && index_of(self, wait) == self->relayed)
            index_wait(self, wait, hash_of_recipient(self, wait->delivery->recipient));
    }
    self->relayed_to = place;
}

static bool is_indexed(const MstWait *wait)
{
    return wait->by_name.thing != NULL;
}

/* One to one: it is no other hop's. */
static void use_up(MstLinker *self, MstWait *wait)
{
    if (!is_indexed(wait))
        return;
    self->anonymous -= wait->anonymous;
    mst_index_remove(index_of(self, wait), &wait->by_name);
}

/* One wait less; its other side was found at `at_us`, or its time ran out. */
static void waits_no_more(MstLinker *self, MstFlight *flight, int64_t at_us)
{
    flight->waits--;
    mark_ready(flight, at_us);
    list_if_complete(self, flight);
}

static void end_wait(MstLinker *self, MstWait *wait, int64_t at_us)
{
    mst_agenda_remove(&self->claims, wait->place);
    use_up(self, wait);
    waits_no_more(self, wait->life->flight, at_us);
}

static bool is_opening(const MstLife *life)
{
    return life->opening != 0;
}

static void begin_opening(MstLinker *self, MstLife *life)
{
    life->opening = mst_agenda_add(&self->openings, self->now_us + self->setup.window_us, life);
    life->flight->waits++;
}

static void end_opening(MstLinker *self, MstLife *life, int64_t at_us)
{
    mst_agenda_remove(&self->openings, life->opening);
    life->opening = 0;
    waits_no_more(self, life->flight, at_us);
}

/* ---- links */

static bool is_ancestor(const MstHop *hop, const MstHop *of)
{
    for (guint depth = 0; of != NULL && depth < MAX_ANCESTORS; depth++) {
        if (of == hop)
            return true;
        of = of->into == NULL ? NULL : of->into->from;
    }
    return of != NULL; /* endless forwarding: no more links */
}

/* At the end of a delivery's row, or of that of a hop as a whole. */
static void append_link(MstLink **row, MstLink *link)
{
    MstLink *first = *row;

    if (first == NULL) {
        *row = link->before = link;
        return;
    }
    link->before = first->before;
    first->before->next_of_delivery = link;
    first->before = link;
}

static void take_out_link(MstLink **row, MstLink *link)
{
    MstLink *next = link->next_of_delivery;

    if (link == *row)
        *row = next;
    else
        link->before->next_of_delivery = next;
    if (next != NULL)
        next->before = link->before;
    else if (*row != NULL)
        (*row)->before = link->before;
    link->next_of_delivery = NULL;
}

/* What was said of the message as a whole is said of this delivery. */
static void move_link(MstLink *link, MstDelivery *delivery)
{
    take_out_link(&link->from->links, link);
    link->delivery = delivery;
    append_link(&delivery->links, link);
}

/* The link of this delivery into this hop. It stands in two rows, of which either may be very long: they
 * are gone through together, as far as the shorter goes. */
static MstLink *link_between(const MstDelivery *delivery, const MstHop *to)
{
    MstLink *from = delivery->links;
    MstLink *into = to->into;

    for (; from != NULL && into != NULL; from = from->next_of_delivery, into = into->next_into) {
        if (from->to == to)
            return from;
        if (into->delivery == delivery)
            return into;
    }
    return NULL;
}

/*
 * The link that says this already. What one line said of the message as a whole, another may say of
 * the delivery: then the one link says the better. All links into a hop come from one other, so that
 * of the message as a whole, which is made only if there is none before, is the first.
 */
static MstLink *existing_link(const MstHop *from, MstDelivery *delivery, const MstHop *to)
{
    MstLink *first = to->into;
    MstLink *link;

    if (first == NULL || first->from != from)
        return NULL;
    if (delivery == NULL || first->delivery == delivery)
        return first;
    link = link_between(delivery, to);
    if (link != NULL)
        return link;
    if (first->delivery != NULL || first->method != MST_LINK_REQUEUE)
        return NULL;
    move_link(first, delivery);
    return first;
}

static MstLink *add_link(MstLife *from, MstDelivery *delivery, MstLife *to, MstLinkMethod method)
{
    MstLink *link = mst_arena_alloc(&to->hop.arena, sizeof *link);

    link->from = &from->hop;
    link->to = &to->hop;
    link->delivery = delivery;
    link->method = method;
    link->candidates = 1;
    if (to->hop.last_into == NULL)
        to->hop.into = link;
    else
        to->hop.last_into->next_into = link;
    to->hop.last_into = link;
    return link;
}

/* Makes the link, and one story of both. */
static MstLink *connect(MstLinker *self, MstLife *from, MstDelivery *delivery, MstLife *to,
                        MstLinkMethod method)
{
    MstLink *link = existing_link(&from->hop, delivery, &to->hop);
    MstFlight *flight;

    if (link != NULL)
        return link;
    link = add_link(from, delivery, to, method);
    append_link(delivery == NULL ? &from->hop.links : &delivery->links, link);
    flight = join(self, from->flight, to->flight);
    flight->numbered = false;
    mark_ready(flight, self->now_us);
    if (is_opening(to))
        end_opening(self, to, self->now_us);
    list_if_complete(self, flight);
    return link;
}

/* An exact link shows under which names the two hosts know each other. */
static void teach_hosts(MstLinker *self, const MstLink *link)
{
    const MstHop *from = link->from;
    const MstHop *to = link->to;
    const MstAttempt *attempt;

    if (from->host == to->host || link->confidence != MST_CONFIDENCE_EXACT)
        return;
    attempt = mst_delivery_attempt(link->delivery);
    mst_hosts_teach(self->setup.hosts, to->client_name, to->client_ip, from->host);
    mst_hosts_teach(self->setup.hosts, attempt->relay, attempt->relay_ip, to->host);
}

static void connect_choice(MstLinker *self, const Choice *choice, MstLife *to, MstLinkMethod method,
                           int64_t at_us)
{
    MstLink *link = connect(self, choice->life, choice->delivery, to, method);

    link->confidence = choice->candidates > 1 ? MST_CONFIDENCE_AMBIGUOUS : choice->confidence;
    link->candidates = choice->candidates;
    link->dt_us = to->hop.first_us - at_us;
    teach_hosts(self, link);
}

/* Keeps the better of two candidates: the surer, then the nearer in time, then the later one to be
 * looked at, which is the older: first come, first served. */
static void prefer(Choice *best, const Choice *other)
{
    bool first = best->life == NULL;

    if (first || other->confidence < best->confidence) {
        *best = *other;
        best->candidates = 1;
        return;
    }
    if (other->confidence > best->confidence)
        return;
    best->candidates++;
    if (ABS(other->dt_us) <= ABS(best->dt_us)) {
        unsigned candidates = best->candidates;

        *best = *other;
        best->candidates = candidates;
    }
}

/* ---- reply-id: the next host's reply named its ID */

/*
 * The ID alone does not do: IDs come back, two hosts may have the same, and a stranger's reply may
 * name what it likes. The Message-ID must agree; where one side does not know it, something else
 * must. False if the two can not belong together.
 */
static bool judge_reply_id(MstLinker *self, const MstLife *a, const MstDelivery *delivery,
                           const MstLife *b, MstConfidence *confidence)
{
    int message_id = mst_evidence_message_id(&a->hop, &b->hop);
    int sender = mst_evidence_sender(&a->hop, &b->hop);
    int hosts = mst_evidence_hosts(self->setup.hosts, &a->hop, delivery, &b->hop);
    int64_t window_us = self->setup.window_us;

    if (b->hop.first_us < a->hop.first_us - window_us ||
        b->hop.first_us > delivery->last_us + window_us || is_ancestor(&b->hop, &a->hop))
        return false;
    *confidence = MST_CONFIDENCE_EXACT;
    if (message_id > 0)
        return true;
    if (hosts < 0 || sender < 0)
        return false;
    if (message_id < 0 || (hosts == 0 && (sender == 0 || a->hop.sender[0] == '\0')))
        *confidence = MST_CONFIDENCE_STRONG;
    return message_id == 0 || hosts > 0;
}

/*
 * What a reply calls the message: the queue ID, or of qmail's `ok T qp P` its clock and the pid by
 * which its log knows the message. Pids come back, so the clock and the sender must fit (qmail-send
 * logs a message when it gets round to it).
 */
typedef struct Name {
    const char *id;
    const char *pid; /* NULL: it is a queue ID */
    int64_t time_us;
} Name;

static Name name_of(const char *next_id)
{
    Name name = {.id = next_id};
    const char *blank = strchr(next_id, ' ');
    guint64 seconds;
    char *end;

    if (blank == NULL || !g_str_has_prefix(blank, " qp "))
        return name;
    seconds = g_ascii_strtoull(next_id, &end, 10);
    if (end != blank || end == next_id || seconds > G_MAXINT32 * UINT64_C(8))
        return name;
    name.time_us = (int64_t)seconds * G_USEC_PER_SEC;
    name.pid = blank + 4;
    return name;
}

/* What a claim and the hop it names are both indexed under. */
static uint64_t hash_of_name(const MstLinker *self, const Name *name)
{
    return mst_index_hash(self->named, mst_slice_of(name->pid != NULL ? name->pid : name->id));
}

static bool is_named(const MstHop *hop, const Name *name)
{
    const int64_t early_us = 2 * G_USEC_PER_SEC;
    const int64_t late_us = INT64_C(3600) * G_USEC_PER_SEC;

    if (g_str_equal(hop->queue_id, name->id))
        return true;
    return hop->alias != NULL && name->pid != NULL && g_str_equal(hop->alias, name->pid) &&
           hop->first_us >= name->time_us - early_us && hop->first_us <= name->time_us + late_us;
}

/* How far a hop is from what a claim says of it: by the next host's own clock, if it told that. */
static int64_t distance(const MstHop *hop, const Name *name, int64_t claimed_us)
{
    return hop->first_us - (name->pid != NULL ? name->time_us : claimed_us);
}

/* Has the linker been told all that it needs to judge this life by? */
static bool can_be_judged(const MstLife *life)
{
    return life->opened && !life->refusal;
}

static MstLinkMethod reply_method(const MstLife *a, const MstLife *b)
{
    return a->hop.host == b->hop.host ? MST_LINK_REQUEUE : MST_LINK_REPLY_ID;
}

/* Prefers the hop, if it fits what the claim says. */
static void try_named(MstLinker *self, MstLife *life, MstDelivery *delivery, const Name *name,
                      MstLife *next, Choice *best)
{
    Choice choice = {.life = next, .dt_us = distance(&next->hop, name, delivery->last_us)};

    if (next != life && can_be_judged(next) && is_named(&next->hop, name) &&
        (next->hop.into == NULL || next->hop.into->from == &life->hop) &&
        judge_reply_id(self, life, delivery, next, &choice.confidence))
        prefer(best, &choice);
}

/* The hop that a claim's name means; life is NULL if none fits. */
static Choice find_named(MstLinker *self, MstLife *life, MstDelivery *delivery, const Name *name,
                         uint64_t hash)
{
    const MstIndex *index = name->pid != NULL ? self->aliases : self->setup.lives;
    Choice best = {0};
    guint tried = 0;

    for (MstPlace *at = mst_index_find(index, hash); at != NULL; at = at->next) {
        for (MstLife *next = at->thing; next != NULL;
             next = name->pid == NULL ? mst_life_extras(next)->earlier : NULL) {
            if (tried++ >= MAX_TRIED)
                return best;
            try_named(self, life, delivery, name, next, &best);
        }
    }
    return best;
}

/* Is the claim one that this life may answer? */
static bool may_answer(MstLinker *self, const MstWait *claim, const Name *name, const MstLife *life,
                       MstConfidence *confidence)
{
    return claim->life != life && is_named(&life->hop, name) &&
           (life->hop.into == NULL || life->hop.into->from == &claim->life->hop) &&
           judge_reply_id(self, claim->life, claim->delivery, life, confidence);
}

static Choice find_claim(MstLinker *self, const MstLife *life, uint64_t hash)
{
    Choice best = {0};
    guint tried = 0;

    for (MstPlace *at = mst_index_find(self->named, hash); at != NULL && tried < MAX_TRIED;
         at = at->next, tried++) {
        MstWait *claim = at->thing;
        Name name = name_of(claim->name);
        Choice choice = {.life = claim->life,
                         .delivery = claim->delivery,
                         .dt_us = distance(&life->hop, &name, claim->at_us)};

        if ((best.life != claim->life || best.candidates == 0) &&
            may_answer(self, claim, &name, life, &choice.confidence))
            prefer(&best, &choice);
    }
    return best;
}

/* The claims that wait for this life: the best is its parent, with all that it claims of it. Those of other
 * messages are not gone through without end. */
static void answer_claims(MstLinker *self, MstLife *life, uint64_t hash)
{
    Choice best = find_claim(self, life, hash);
    MstPlace *next;
    guint others = 0;

    if (best.life == NULL)
        return;
    for (MstPlace *at = mst_index_find(self->named, hash); at != NULL && others < MAX_TRIED;
         at = next) {
        MstWait *claim = at->thing;
        Name name = name_of(claim->name);

        next = at->next;
        others += claim->life != best.life;
        if (claim->life != best.life || !is_named(&life->hop, &name))
            continue;
        best.delivery = claim->delivery;
        connect_choice(self, &best, life, reply_method(best.life, life), claim->at_us);
        end_wait(self, claim, self->now_us);
    }
}

/* ---- message-id: nothing named the hop, but its Message-ID and its client do */

/* Did the only attempt of this delivery lead to another hop already, by a weaker rule or a surer one? */
static bool is_spent(const MstDelivery *delivery)
{
    return delivery->attempts == 1 &&
           (mst_delivery_attempt(delivery)->next_id != NULL || delivery->links != NULL);
}

/* Could this delivery have led to the life, through an attempt that named no ID? */
static bool judge_message_id(MstLinker *self, const MstLife *a, const MstDelivery *delivery,
                             const MstLife *b, MstConfidence *confidence)
{
    int hosts = mst_evidence_hosts(self->setup.hosts, &a->hop, delivery, &b->hop);

    if (delivery->attempts == 0 ||
        (delivery->local && mst_delivery_attempt(delivery)->relay_ip == NULL) ||
        is_spent(delivery) || hosts < 0 || mst_evidence_sender(&a->hop, &b->hop) < 0)
        return false;
    /* The same message twice, rather than handed over to oneself; or from a client that is not known
     * to be the other host, though it is known what that host's names are. */
    if (hosts == 0 &&
        (a->hop.host == b->hop.host || (b->hop.client_ip != NULL && a->hop.host->names > 0)))
        return false;
    *confidence = hosts > 0 ? MST_CONFIDENCE_STRONG : MST_CONFIDENCE_INFERRED;
    return true;
}

/* When an attempt for this delivery named no ID: the last one, unless a retry named one since. */
static int64_t unnamed_attempt_us(const MstLife *life, const MstDelivery *delivery)
{
    return MIN(delivery->last_us, life->unnamed->last_us);
}

/*
 * Copies of one message for many people bear one Message-ID, and often a sender each. So a message is
 * found by both; one whose sender is not known may be any of them, and finds all by the Message-ID.
 */
static uint64_t hash_with_sender(const MstLinker *self, uint64_t message_id_hash,
                                 const char *sender)
{
    if (sender == NULL)
        return message_id_hash + 1;
    return message_id_hash ^ mst_index_hash_address(self->message_ids, mst_slice_of(sender));
}

/* Deliveries of `before` that may have led to `life`: all; of very many, those for its recipients. */
static const GPtrArray *list_deliveries(MstLinker *self, const MstLife *before, const MstLife *life)
{
    GPtrArray *list = self->deliveries;
    guint tried = 0;

    g_ptr_array_set_size(list, 0);
    if (before->hop.n_deliveries <= MAX_TRIED) {
        for (MstDelivery *d = before->hop.deliveries; d != NULL; d = d->next)
            g_ptr_array_add(list, d);
        return list;
    }
    for (const MstDelivery *to = life->hop.deliveries; to != NULL && tried < MAX_TRIED;
         to = to->next, tried++) {
        MstDelivery *d = mst_recipients_first(before, mst_slice_of(to->recipient));

        for (; d != NULL && list->len < MAX_TRIED; d = mst_recipients_next(before, d))
            g_ptr_array_add(list, d);
    }
    return list;
}

/* Prefers those deliveries of `before` that can have led to the life. */
static void try_deliveries(MstLinker *self, MstLife *before, const MstLife *life, Choice *best)
{
    const GPtrArray *list;

    if (before == life || mst_evidence_message_id(&before->hop, &life->hop) <= 0 ||
        life->hop.first_us < before->hop.first_us - slack_us ||
        life->hop.first_us > before->unnamed->last_us + slack_us ||
        is_ancestor(&life->hop, &before->hop))
        return;
    list = list_deliveries(self, before, life);
    for (guint i = 0; i < list->len; i++) {
        MstDelivery *d = g_ptr_array_index(list, i);
        Choice choice = {.life = before,
                         .delivery = d,
                         .dt_us = life->hop.first_us - unnamed_attempt_us(before, d)};

        if (!judge_message_id(self, before, d, life, &choice.confidence))
            continue;
        if (best->life == before && best->confidence == choice.confidence)
            continue; /* another recipient of the same hop is no rival */
        prefer(best, &choice);
    }
}

static void try_messages(MstLinker *self, const MstPlace *at, const MstLife *life, Choice *best)
{
    for (guint tried = 0; at != NULL && tried < MAX_TRIED; at = at->next, tried++)
        try_deliveries(self, at->thing, life, best);
}

/* Under which it is, or would be, among those with a Message-ID. */
static uint64_t message_id_hash(const MstLinker *self, const MstLife *life)
{
    return life->unnamed != NULL
               ? life->unnamed->by_message_id.hash
               : mst_evidence_message_id_hash(self->message_ids, life->hop.message_id);
}

static Choice find_by_message_id(MstLinker *self, const MstLife *life)
{
    const MstIndex *messages = self->message_ids;
    uint64_t hash = message_id_hash(self, life);
    const MstPlace *all = mst_index_find(messages, hash);
    const char *sender = life->hop.sender;
    Choice best = {0};

    if (all == NULL) /* as of most messages */
        return best;
    if (sender == NULL) {
        try_messages(self, all, life, &best);
    } else {
        try_messages(self, mst_index_find(messages, hash_with_sender(self, hash, sender)), life,
                     &best);
        try_messages(self, mst_index_find(messages, hash_with_sender(self, hash, NULL)), life,
                     &best);
    }
    return best;
}

/* Recipients of one transaction have one relay, one reply and one time. */
static bool is_same_attempt(const MstDelivery *a, const MstDelivery *b)
{
    const MstAttempt *left = mst_delivery_attempt(a);
    const MstAttempt *right = mst_delivery_attempt(b);

    return a->last_us == b->last_us && a->action == b->action &&
           g_strcmp0(left->relay, right->relay) == 0 &&
           g_strcmp0(left->relay_ip, right->relay_ip) == 0 &&
           g_strcmp0(left->reply, right->reply) == 0;
}

static void link_by_message_id(MstLinker *self, MstLife *life)
{
    const GPtrArray *list;
    Choice best;

    if (self->message_ids->used == 0 || !mst_evidence_is_message_id(life->hop.message_id))
        return;
    best = find_by_message_id(self, life);
    if (best.life == NULL)
        return;
    list = list_deliveries(self, best.life, life);
    for (guint i = 0; i < list->len; i++) {
        MstDelivery *d = g_ptr_array_index(list, i);
        Choice choice = best;

        choice.delivery = d;
        if (d == best.delivery || is_same_attempt(d, best.delivery))
            connect_choice(self, &choice, life,
                           best.confidence == MST_CONFIDENCE_STRONG ? MST_LINK_MESSAGE_ID
                                                                    : MST_LINK_MESSAGE_ID_ONLY,
                           unnamed_attempt_us(best.life, d));
    }
}

/* ---- refusal: the far side of an attempt that failed */

static bool judge_refusal(MstLinker *self, const MstWait *claim, const MstLife *life,
                          MstConfidence *confidence)
{
    const MstHop *a = &claim->life->hop;
    int hosts = mst_evidence_hosts(self->setup.hosts, a, claim->delivery, &life->hop);

    if (!claim->failed || claim->life == life || hosts < 0 ||
        mst_evidence_sender(a, &life->hop) < 0 || mst_evidence_message_id(a, &life->hop) < 0 ||
        (a->host == life->hop.host && hosts == 0) ||
        ABS(claim->at_us - life->hop.first_us) > refused_within_us)
        return false;
    *confidence = hosts > 0 ? MST_CONFIDENCE_STRONG : MST_CONFIDENCE_INFERRED;
    return true;
}

static void link_refusal(MstLinker *self, MstLife *life)
{
    Choice best = {0};
    MstWait *claimed = NULL;

    for (MstDelivery *d = life->hop.deliveries; d != NULL && best.life == NULL; d = d->next) {
        guint tried = 0;
        MstPlace *at = mst_index_find(self->unnamed, hash_of_recipient(self, d->recipient));

        for (; at != NULL && tried < MAX_TRIED; at = at->next, tried++) {
            MstWait *claim = at->thing;
            Choice choice = {.life = claim->life,
                             .delivery = claim->delivery,
                             .dt_us = life->hop.first_us - claim->at_us};

            if (!mst_evidence_has_recipient(&claim->life->hop, claim->delivery->recipient,
                                            &life->hop) ||
                !judge_refusal(self, claim, life, &choice.confidence))
                continue;
            prefer(&best, &choice);
            if (best.delivery == claim->delivery && best.dt_us == choice.dt_us)
                claimed = claim;
        }
    }
    if (claimed == NULL)
        return;
    connect_choice(self, &best, life, MST_LINK_REFUSAL, claimed->at_us);
    use_up(self, claimed);
}

/* ---- envelope: neither log has a Message-ID, but all else fits */

static bool judge_envelope(MstLinker *self, const MstWait *claim, const MstLife *life)
{
    const MstHop *a = &claim->life->hop;
    const MstHop *b = &life->hop;
    const int64_t attempt_us = INT64_C(600) * G_USEC_PER_SEC; /* no SMTP transaction is longer */

    return a->host != b->host && mst_evidence_sender(a, b) > 0 &&
           mst_evidence_message_id(a, b) == 0 &&
           mst_evidence_hosts(self->setup.hosts, a, claim->delivery, b) > 0 &&
           mst_evidence_has_recipient(a, claim->delivery->recipient, b) &&
           b->first_us <= claim->at_us + slack_us &&
           b->first_us >= (claim->delivery->begun_us != 0 ? claim->delivery->begun_us - slack_us
                                                          : claim->at_us - attempt_us);
}

/* Finds the claim of the only attempt that could have been meant; false if there are several. */
static bool find_envelope(MstLinker *self, const MstPlace *at, const MstLife *life, MstWait **found)
{
    for (guint tried = 0; at != NULL && tried < MAX_TRIED; at = at->next, tried++) {
        MstWait *claim = at->thing;

        if (!judge_envelope(self, claim, life) || is_ancestor(&life->hop, &claim->life->hop))
            continue;
        if (*found != NULL && (*found)->delivery != claim->delivery)
            return false;
        *found = claim;
    }
    return true;
}

/* A guess: it is made only if no other attempt could have been meant. Where both messages have a
 * Message-ID, there is nothing to guess. */
static void link_by_envelope(MstLinker *self, MstLife *life)
{
    bool has_message_id = mst_evidence_is_message_id(life->hop.message_id);
    const MstDelivery *to = life->hop.deliveries;
    MstWait *found = NULL;
    uint64_t hash;

    if (to == NULL || (self->anonymous == 0 && has_message_id))
        return;
    if (!has_message_id)
        index_relayed(self);
    if (self->unnamed->used + self->relayed->used == 0)
        return;
    hash = hash_of_recipient(self, to->original != NULL ? to->original : to->recipient);
    if (!find_envelope(self, mst_index_find(self->unnamed, hash), life, &found))
        return;
    if (!has_message_id && !find_envelope(self, mst_index_find(self->relayed, hash), life, &found))
        return;
    if (found == NULL)
        return;
    connect_choice(self,
                   &(Choice){.life = found->life,
                             .delivery = found->delivery,
                             .confidence = MST_CONFIDENCE_INFERRED,
                             .candidates = 1},
                   life, MST_LINK_ENVELOPE, found->at_us);
    use_up(self, found);
}

/* ---- what the hop builder tells */

void mst_linker_begin(MstLinker *self, MstLife *life)
{
    if (!life->refusal) /* which claims name it is asked when it is opened */
        mst_index_call_for(self->named, mst_lives_hash(life));
    mst_flight_begin(life);
}

/* A message that somebody on this host made has no hop before it. */
static bool can_have_parent(const MstLife *life)
{
    return life->hop.accepted_us == 0 || life->hop.client_name != NULL ||
           life->hop.client_ip != NULL || life->hop.system == MST_SYSTEM_QMAIL;
}

void mst_linker_open(MstLinker *self, MstLife *life)
{
    if (life->opened)
        return;
    life->opened = true;
    if (!life->refusal)
        answer_claims(self, life, mst_lives_hash(life));
    if (life->by_alias != NULL)
        answer_claims(self, life, life->by_alias->hash);
    if (life->hop.into == NULL && can_have_parent(life))
        begin_opening(self, life);
}

void mst_linker_close(MstLinker *self, MstLife *life, int64_t ended_us)
{
    mst_linker_open(self, life);
    life->flight->open--;
    mark_ready(life->flight, ended_us);
    list_if_complete(self, life->flight);
}

void mst_linker_reopen(MstLinker *self, MstLife *life)
{
    (void)self;
    life->flight->open++;
}

static void index_by_message_id(MstLinker *self, MstLife *life)
{
    MstUnnamed *unnamed = mst_arena_alloc(&life->hop.arena, sizeof *unnamed);
    uint64_t hash = message_id_hash(self, life);

    life->unnamed = unnamed;
    mst_index_add(self->message_ids, &unnamed->by_message_id, hash, life);
    mst_index_add(self->message_ids, &unnamed->by_both,
                  hash_with_sender(self, hash, life->hop.sender), life);
}

/* The attempt named no ID: other things must tell which hop it led to. */
static void claim_unnamed(MstLinker *self, MstWait *wait, const MstEvent *event)
{
    MstLife *life = wait->life;

    wait->failed = event->action != MST_ACTION_RELAYED;
    wait->anonymous = !mst_evidence_is_message_id(life->hop.message_id);
    self->anonymous += wait->anonymous;
    if (index_of(self, wait) == self->unnamed)
        index_wait(self, wait, hash_of_recipient(self, wait->delivery->recipient));
    if (wait->anonymous)
        return;
    if (life->unnamed == NULL)
        index_by_message_id(self, life);
    life->unnamed->last_us = MAX(life->unnamed->last_us, event->time_us);
}

static MstWait *add_claim(MstLinker *self, MstLife *life, MstDelivery *delivery,
                          const MstEvent *event)
{
    MstWait *wait = add_wait(self, life, delivery, self->now_us + self->setup.window_us + grace_us);

    wait->at_us = event->time_us;
    return wait;
}

/* Is the hop that the attempt named in memory? Then the two are linked, else the claim waits for it. */
static void claim_named(MstLinker *self, MstLife *life, MstDelivery *delivery,
                        const MstEvent *event)
{
    Name name = name_of(delivery->attempt->next_id);
    uint64_t hash = hash_of_name(self, &name);
    Choice best = find_named(self, life, delivery, &name, hash);
    MstLife *next = best.life;
    MstWait *wait;

    if (next != NULL) {
        best.life = life;
        best.delivery = delivery;
        connect_choice(self, &best, next, reply_method(life, next), event->time_us);
        return;
    }
    wait = add_claim(self, life, delivery, event);
    wait->name = delivery->attempt->next_id;
    index_wait(self, wait, hash);
}

void mst_linker_claim(MstLinker *self, MstLife *life, MstDelivery *delivery, const MstEvent *event)
{
    if (mst_delivery_attempt(delivery)->next_id != NULL)
        claim_named(self, life, delivery, event);
    else
        claim_unnamed(self, add_claim(self, life, delivery, event), event);
}

void mst_linker_requeue(MstLinker *self, MstLife *parent, MstDelivery *delivery, MstLife *child)
{
    MstLink *link;

    if (is_ancestor(&child->hop, &parent->hop) ||
        (child->hop.into != NULL && child->hop.into->from != &parent->hop))
        return;
    link = connect(self, parent, delivery, child, MST_LINK_REQUEUE);
    link->dt_us = child->hop.first_us - parent->hop.last_us;
}

/* Could this be the message that a tie names? A pid comes back; the nearest in time is meant. */
static bool judge_tie(const MstWait *tie, const MstLife *life)
{
    const MstHop *hop = &life->hop;
    bool from_nobody = hop->sender != NULL &&
                       (hop->sender[0] == '\0' || g_str_equal(hop->sender, "#@[]"));

    return tie->life != life && hop->host == tie->life->hop.host && hop->into == NULL &&
           g_strcmp0(hop->alias, tie->name) == 0 && hop->first_us >= tie->at_us - slack_us &&
           (tie->relation != MST_RELATION_NOTIFICATION_ALIAS || from_nobody) &&
           !is_ancestor(hop, &tie->life->hop);
}

static void tie_to(MstLinker *self, const MstWait *tie, MstLife *life)
{
    if (tie->relation == MST_RELATION_NOTIFICATION_ALIAS)
        mst_linker_notify(self, tie->life, life, 0);
    else
        mst_linker_requeue(self, tie->life, tie->delivery, life);
}

void mst_linker_tie_alias(MstLinker *self, MstLife *parent, MstDelivery *delivery,
                          const MstEvent *event)
{
    MstWait *tie = add_wait(self, parent, delivery, self->now_us + self->setup.window_us);
    MstLife *best = NULL;
    uint64_t hash = mst_index_hash(self->aliases, event->other_id);
    guint tried = 0;

    tie->at_us = event->time_us;
    tie->relation = event->relation;
    tie->name = mst_arena_copy(&parent->hop.arena, event->other_id);
    for (MstPlace *at = mst_index_find(self->aliases, hash); at != NULL && tried < MAX_TRIED;
         at = at->next, tried++) {
        MstLife *life = at->thing;

        if (judge_tie(tie, life) && (best == NULL || ABS(life->hop.first_us - tie->at_us) <
                                                         ABS(best->hop.first_us - tie->at_us)))
            best = life;
    }
    if (best == NULL) {
        index_wait(self, tie, hash);
        return;
    }
    tie_to(self, tie, best);
    end_wait(self, tie, self->now_us);
}

void mst_linker_alias(MstLinker *self, MstLife *life)
{
    MstWait *best = NULL;
    guint tried = 0;

    if (life->by_alias != NULL)
        return;
    life->by_alias = mst_arena_alloc(&life->hop.arena, sizeof *life->by_alias);
    mst_index_add(self->aliases, life->by_alias,
                  mst_index_hash(self->aliases, mst_slice_of(life->hop.alias)), life);
    for (MstPlace *at = mst_index_find(self->ties, life->by_alias->hash);
         at != NULL && tried < MAX_TRIED; at = at->next, tried++) {
        MstWait *tie = at->thing;

        if (judge_tie(tie, life) && (best == NULL || tie->at_us > best->at_us))
            best = tie;
    }
    if (best == NULL)
        return;
    tie_to(self, best, life);
    end_wait(self, best, self->now_us);
}

static void add_notification(MstLife *parent, MstLife *child)
{
    MstAbout *about = mst_arena_alloc(&child->hop.arena, sizeof *about);
    MstLifeExtras *extras = mst_life_add_extras(parent);

    about->parent = parent;
    about->place.data = child;
    mst_life_add_extras(child)->about = about;
    extras->notifications = g_list_concat(&about->place, extras->notifications);
    if (extras->notified_by == NULL)
        extras->notified_by = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    g_array_append_val(extras->notified_by, child->hop.identity);
}

void mst_linker_notify(MstLinker *self, MstLife *parent, MstLife *child, unsigned candidates)
{
    MstLink *link;

    if (child->hop.into != NULL || parent->flight == child->flight)
        return;
    link = add_link(parent, NULL, child, MST_LINK_NOTIFY);
    if (candidates > 0) {
        link->confidence = candidates > 1 ? MST_CONFIDENCE_AMBIGUOUS : MST_CONFIDENCE_INFERRED;
        link->candidates = candidates;
    }
    link->dt_us = child->hop.first_us - parent->hop.last_us;
    add_notification(parent, child);
    if (is_opening(child))
        end_opening(self, child, self->now_us);
}

bool mst_linker_cover(MstLinker *self, MstLife *message, const MstLife *session,
                      MstConfidence confidence, bool with_evidence)
{
    MstLife *copy;
    MstLink *link;
    MstFlight *flight;

    if (message->flight == NULL)
        return false;
    copy = mst_life_copy_session(session, with_evidence);
    mst_linker_begin(self, copy);
    copy->opened = true;
    link = add_link(message, NULL, copy, MST_LINK_SESSION);
    link->confidence = confidence;
    link->dt_us = copy->hop.first_us - message->hop.first_us;
    flight = join(self, message->flight, copy->flight);
    flight->open--;
    mark_ready(flight, self->now_us);
    list_if_complete(self, flight);
    return true;
}

void mst_linker_delay(MstLife *life, int64_t until_us)
{
    if (life->flight != NULL)
        mark_ready(life->flight, until_us);
}

void mst_linker_drop(MstLinker *self, MstLife *life, bool told)
{
    self->setup.forget(self->setup.user, life);
    if (told)
        mst_life_free(life);
    else
        hand_on_loose(self, life);
}

MstLife *mst_linker_gathering(MstLinker *self, const MstHost *host, MstSystem system)
{
    MstLife *life = self->loose;

    if (life == NULL || life->hop.host != host || life->hop.system != system ||
        life->hop.queue_id != NULL || self->n_loose >= MAX_LOOSE)
        return NULL;
    self->n_loose++;
    return life;
}

void mst_linker_gather(MstLinker *self, MstLife *life)
{
    hand_on_gathered(self);
    self->loose = life;
    self->n_loose = 1;
}

/* ---- time */

static void expire_opening(MstLinker *self, MstLife *life)
{
    if (mst_life_is_refused(life))
        link_refusal(self, life);
    else
        link_by_message_id(self, life);
    if (life->hop.into == NULL && !life->refusal)
        link_by_envelope(self, life);
    if (is_opening(life))
        end_opening(self, life, mst_agenda_due_us(&self->openings, life->opening));
}

/*
 * What waits was in no cache's reach for a quarter of an hour. So what runs out a little later is called
 * for before it is needed: first the wait, then the life and the texts behind it, then its places in
 * indexes.
 */
enum { SOON = 3, LATER = 6, LATEST = 9 };

G_ALWAYS_INLINE static inline void call_for_openings(const MstLinker *self)
{
    const MstLife *soon = mst_agenda_look_ahead(&self->openings, SOON);
    const MstLife *later = mst_agenda_look_ahead(&self->openings, LATER);

    if (soon != NULL)
        call_for_message_id(self, soon);
    if (later != NULL)
        mst_call_for(later, MST_ARENA_BLOCK);
}

G_ALWAYS_INLINE static inline void call_for_claims(const MstLinker *self)
{
    const MstWait *soon = mst_agenda_look_ahead(&self->claims, SOON);
    const MstWait *later = mst_agenda_look_ahead(&self->claims, LATER);
    const MstWait *latest = mst_agenda_look_ahead(&self->claims, LATEST);

    if (soon != NULL && is_indexed(soon))
        mst_index_call_for(index_of(self, soon), soon->by_name.hash);
    if (soon != NULL)
        mst_index_call_for(self->setup.lives, soon->life->by_id.hash);
    if (later != NULL)
        mst_call_for(later->life, MST_ARENA_BLOCK);
    if (latest != NULL)
        mst_call_for(latest, sizeof *latest);
}

/* All that runs out before `until_us`, openings before claims of the same moment. */
static void expire_waits(MstLinker *self, int64_t until_us)
{
    for (;;) {
        const MstDue *opening = mst_agenda_first(&self->openings);
        const MstDue *claim = mst_agenda_first(&self->claims);
        bool opening_first = opening != NULL && (claim == NULL || opening->due_us <= claim->due_us);

        if (opening_first && opening->due_us < until_us) {
            call_for_openings(self);
            expire_opening(self, opening->thing);
        } else if (!opening_first && claim != NULL && claim->due_us < until_us) {
            call_for_claims(self);
            end_wait(self, claim->thing, claim->due_us);
        } else {
            return;
        }
    }
}

void mst_linker_advance(MstLinker *self, int64_t now_us)
{
    if (now_us <= self->now_us)
        return;
    self->now_us = now_us;
    expire_waits(self, now_us);
    release_ready(self);
}

void mst_linker_finish(MstLinker *self)
{
    MstRemains remains;

    expire_waits(self, G_MAXINT64);
    self->now_us = G_MAXINT64;
    while (self->ready->len > 0 || g_tree_nnodes(self->parked) > 0)
        release_ready(self);
    hand_on_gathered(self);
    self->setup.sink->finish(self->setup.sink, &remains);
    take_back(self, &remains);
}
