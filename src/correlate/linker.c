/*
 * linker.c - which hop continues which, over all hosts, and when a story is complete
 *
 * Exact links are made as soon as both sides are known; both orders of their lines lead to the same
 * link. Weaker rules are tried when the window of an opening has run out, for then every claim that
 * could have named it has come.
 */
#include "linker.h"

#include "evidence.h"
#include "flight.h"
#include "index.h"

enum {
    MAX_TRIED = 256, /* candidates looked at for one opening or claim */
    MAX_ANCESTORS = 1000,
};

static const int64_t grace_us = 120 * G_USEC_PER_SEC; /* claims outlive openings: clocks differ */
static const int64_t slack_us = 5 * G_USEC_PER_SEC;   /* of stamps, where only times speak */
static const int64_t refused_within_us = 120 * G_USEC_PER_SEC;

/* An opening or a claim that waits for its other side. In the arena of its hop. */
struct MstWait {
    GList place; /* in the linker's queue, by due_us; data is the wait */
    int64_t due_us;
    int64_t at_us; /* of the line it came from */
    MstLife *life;
    MstDelivery *delivery; /* of a claim; NULL: an opening, or a tie of the message as a whole */
    const char *next_id;   /* of a claim: what it names; NULL nothing */
    MstIndex *index;       /* that it stands in; NULL none */
    GList by_hash;         /* its place there */
    uint64_t hash;
    bool failed;          /* of a claim: the attempt did */
    const char *alias;    /* of a tie: what the other hop is known by */
    MstRelation relation; /* of a tie: to that hop */
};

struct MstLinker {
    MstLinkerSetup setup;
    int64_t now_us;
    GQueue openings, claims; /* of MstWait, by due_us */
    GPtrArray *ready;        /* of MstFlight *, to be looked at for release */
    MstIndex *ids;           /* lives by queue ID, of all hosts */
    MstIndex *named;         /* claims by the queue ID or alias they name */
    MstIndex *aliases;       /* lives by alias, of all hosts */
    MstIndex *ties;          /* ties by the alias they name */
    MstIndex *message_ids;   /* lives with an attempt that named no ID, by Message-ID */
    MstIndex *unnamed;       /* claims that name no ID, by recipient */
};

/* What speaks for one candidate; the greater confidence is the weaker. */
typedef struct Choice {
    MstLife *life;
    MstDelivery *delivery;
    MstConfidence confidence;
    int64_t dt_us;
    unsigned candidates; /* as good in kind as this one */
} Choice;

MstLinker *mst_linker_new(const MstLinkerSetup *setup)
{
    MstLinker *self = g_new0(MstLinker, 1);

    self->setup = *setup;
    self->ready = g_ptr_array_new();
    self->ids = mst_index_new();
    self->named = mst_index_new();
    self->aliases = mst_index_new();
    self->ties = mst_index_new();
    self->message_ids = mst_index_new();
    self->unnamed = mst_index_new();
    return self;
}

void mst_linker_free(MstLinker *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->ready);
    mst_index_free(self->ids);
    mst_index_free(self->named);
    mst_index_free(self->aliases);
    mst_index_free(self->ties);
    mst_index_free(self->message_ids);
    mst_index_free(self->unnamed);
    g_free(self);
}

/* ---- release */

static bool is_complete(const MstFlight *flight)
{
    return flight->open == 0 && flight->waits == 0;
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

static MstFlight *join(MstLinker *self, MstFlight *a, MstFlight *b)
{
    MstFlight *into = mst_flight_merge(a, b);
    MstFlight *from = into == a ? b : a;

    if (from == into)
        return into;
    if (from->listed)
        g_ptr_array_remove_fast(self->ready, from);
    mst_flight_free(from);
    return into;
}

/*
 * A notification names its parent by a story ID that is not known before the parent's own first hop
 * is: then its release waits for that.
 */
static int64_t parent_known_us(const MstLife *first)
{
    const MstLife *root;

    if (first->about == NULL)
        return 0;
    root = mst_flight_first(mst_flight_of(first->about));
    return root->opening == NULL ? 0 : root->opening->due_us;
}

/* What a notification's row says of a parent that is about to be freed, or may change. */
static void freeze_parent(MstLife *child)
{
    MstLife *parent = child->about;
    MstHop *shadow = mst_arena_alloc(&child->hop.arena, sizeof *shadow);
    MstStory *story = mst_arena_alloc(&child->hop.arena, sizeof *story);
    MstFlight *flight = mst_flight_of(parent);

    mst_flight_number(flight);
    story->id = mst_flight_first(flight)->hop.identity;
    shadow->story = story;
    shadow->number = parent->hop.number;
    shadow->host = parent->hop.host;
    child->hop.into->from = shadow;
    child->about = NULL;
    parent->notifications = g_slist_remove(parent->notifications, child);
}

static void forget_life(MstLinker *self, MstLife *life)
{
    while (life->notifications != NULL)
        freeze_parent(life->notifications->data);
    mst_index_remove(self->ids, life->id_hash, &life->by_id);
    if (life->has_unnamed)
        mst_index_remove(self->message_ids, life->message_id_hash, &life->by_message_id);
    if (life->by_alias.data != NULL)
        mst_index_remove(self->aliases, life->alias_hash, &life->by_alias);
    self->setup.forget(self->setup.user, life);
}

/* A dialogue that used up an ID and handed nothing in is no story. */
static void hand_on_loose(MstLinker *self, const MstLife *life)
{
    for (const MstEvidence *at = life->hop.evidence; at != NULL; at = at->next)
        self->setup.sink->loose_event(self->setup.sink, life->hop.host, life->hop.system, at);
}

static void release(MstLinker *self, MstFlight *flight)
{
    MstArena arena = {.pool = mst_flight_first(flight)->hop.arena.pool};
    GPtrArray *hops = flight->story.hops;

    for (guint i = 0; i < hops->len; i++) {
        MstLife *life = g_ptr_array_index(hops, i);

        if (life->about != NULL)
            freeze_parent(life);
    }
    mst_flight_number(flight);
    if (hops->len > 1 || mst_life_is_message(g_ptr_array_index(hops, 0))) {
        mst_flight_tell(flight, &arena);
        self->setup.sink->story(self->setup.sink, &flight->story);
    } else {
        hand_on_loose(self, g_ptr_array_index(hops, 0));
    }
    for (guint i = 0; i < hops->len; i++)
        forget_life(self, g_ptr_array_index(hops, i));
    for (guint i = 0; i < hops->len; i++)
        mst_life_free(g_ptr_array_index(hops, i));
    mst_flight_free(flight);
    mst_arena_clear(&arena);
}

static int compare_ready(gconstpointer a, gconstpointer b)
{
    const MstFlight *left = *(const MstFlight *const *)a;
    const MstFlight *right = *(const MstFlight *const *)b;
    uint64_t left_id, right_id;

    if (left->ready_us != right->ready_us)
        return left->ready_us < right->ready_us ? -1 : 1;
    left_id = mst_flight_first(left)->hop.identity;
    right_id = mst_flight_first(right)->hop.identity;
    return left_id < right_id ? -1 : left_id > right_id;
}

/* Hands on what is complete and lies before `now_us`, in the order of the moments of completion. */
static void release_ready(MstLinker *self)
{
    g_autoptr(GPtrArray) due = g_ptr_array_new();
    guint kept = 0;

    for (guint i = 0; i < self->ready->len; i++) {
        MstFlight *flight = g_ptr_array_index(self->ready, i);

        flight->listed = is_complete(flight);
        if (!flight->listed)
            continue;
        mark_ready(flight, parent_known_us(mst_flight_first(flight)));
        if (flight->ready_us < self->now_us)
            g_ptr_array_add(due, flight);
        else
            self->ready->pdata[kept++] = flight;
    }
    g_ptr_array_set_size(self->ready, (gint)kept);
    g_ptr_array_sort(due, compare_ready);
    for (guint i = 0; i < due->len; i++)
        release(self, g_ptr_array_index(due, i));
}

/* ---- waits */

static MstWait *add_wait(GQueue *queue, MstLife *life, MstDelivery *delivery, int64_t due_us)
{
    MstWait *wait = mst_arena_alloc(&life->hop.arena, sizeof *wait);

    wait->place.data = wait->by_hash.data = wait;
    wait->life = life;
    wait->delivery = delivery;
    wait->due_us = due_us;
    g_queue_push_tail_link(queue, &wait->place);
    mst_flight_of(life)->waits++;
    return wait;
}

static void index_wait(MstWait *wait, MstIndex *index, uint64_t hash)
{
    wait->index = index;
    wait->hash = hash;
    mst_index_add(index, hash, &wait->by_hash);
}

/* It waits no longer: its other side was found at `at_us`, or its time ran out. */
static void end_wait(MstLinker *self, MstWait *wait, int64_t at_us)
{
    MstFlight *flight = mst_flight_of(wait->life);

    g_queue_unlink(wait->life->opening == wait ? &self->openings : &self->claims, &wait->place);
    if (wait->index != NULL)
        mst_index_remove(wait->index, wait->hash, &wait->by_hash);
    if (wait->life->opening == wait)
        wait->life->opening = NULL;
    flight->waits--;
    mark_ready(flight, at_us);
    list_if_complete(self, flight);
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

static void append_link(MstLink **list, MstLink *link)
{
    while (*list != NULL)
        list = &(*list)->next_of_delivery;
    *list = link;
}

static void remove_link(MstLink **list, const MstLink *link)
{
    while (*list != link)
        list = &(*list)->next_of_delivery;
    *list = link->next_of_delivery;
}

/*
 * The link that says this already. What one line said of the message as a whole, another may say of
 * the delivery: then the one link says the better.
 */
static MstLink *existing_link(MstHop *from, MstDelivery *delivery, const MstHop *to)
{
    for (MstLink *link = to->into; link != NULL; link = link->next_into) {
        if (link->from != from)
            continue;
        if (link->delivery == delivery || delivery == NULL)
            return link;
        if (link->delivery == NULL && link->method == MST_LINK_REQUEUE) {
            remove_link(&from->links, link);
            link->next_of_delivery = NULL;
            link->delivery = delivery;
            append_link(&delivery->links, link);
            return link;
        }
    }
    return NULL;
}

static MstLink *add_link(MstLife *from, MstDelivery *delivery, MstLife *to, MstLinkMethod method)
{
    MstLink *link = mst_arena_alloc(&to->hop.arena, sizeof *link);
    MstLink **end = &to->hop.into;

    link->from = &from->hop;
    link->to = &to->hop;
    link->delivery = delivery;
    link->method = method;
    link->candidates = 1;
    while (*end != NULL)
        end = &(*end)->next_into;
    *end = link;
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
    flight = join(self, mst_flight_of(from), mst_flight_of(to));
    mark_ready(flight, self->now_us);
    if (to->opening != NULL)
        end_wait(self, to->opening, self->now_us);
    list_if_complete(self, flight);
    return link;
}

/* An exact link shows under which names the two hosts know each other. */
static void teach_hosts(MstLinker *self, const MstLink *link)
{
    const MstHop *from = link->from;
    const MstHop *to = link->to;

    if (from->host == to->host || link->confidence != MST_CONFIDENCE_EXACT)
        return;
    mst_hosts_teach(self->setup.hosts, to->client_name, to->client_ip, from->host);
    mst_hosts_teach(self->setup.hosts, link->delivery->relay, link->delivery->relay_ip, to->host);
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
 * qmail answers `ok T qp P`: its clock, and the pid by which its log knows the message. Pids come back,
 * so the clock and the sender must fit (qmail-send logs a message when it gets round to it).
 */
static bool parse_qp(const char *next_id, int64_t *time_us, const char **pid)
{
    char *end;
    guint64 seconds = g_ascii_strtoull(next_id, &end, 10);

    if (end == next_id || seconds > G_MAXINT32 * UINT64_C(8) || !g_str_has_prefix(end, " qp "))
        return false;
    *time_us = (int64_t)seconds * G_USEC_PER_SEC;
    *pid = end + 4;
    return true;
}

/* What a claim and the hop it names are both indexed under. */
static uint64_t hash_of_next_id(const char *next_id)
{
    const char *pid;
    int64_t time_us;

    return mst_index_hash(parse_qp(next_id, &time_us, &pid) ? pid : next_id);
}

static bool is_named(const MstHop *hop, const char *next_id)
{
    const int64_t early_us = 2 * G_USEC_PER_SEC;
    const int64_t late_us = INT64_C(3600) * G_USEC_PER_SEC;
    const char *pid;
    int64_t time_us;

    if (g_str_equal(hop->queue_id, next_id))
        return true;
    return hop->alias != NULL && parse_qp(next_id, &time_us, &pid) &&
           g_str_equal(hop->alias, pid) && hop->first_us >= time_us - early_us &&
           hop->first_us <= time_us + late_us;
}

/* How far a hop is from what a claim says of it: by the next host's own clock, if it told that. */
static int64_t distance(const MstHop *hop, const char *next_id, int64_t claimed_us)
{
    const char *pid;
    int64_t time_us;

    return hop->first_us - (parse_qp(next_id, &time_us, &pid) ? time_us : claimed_us);
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

/* The hop that a claim's next ID means; life is NULL if none fits. */
static Choice find_named(MstLinker *self, MstLife *life, MstDelivery *delivery)
{
    Choice best = {0};
    guint tried = 0;
    uint64_t hash = hash_of_next_id(delivery->next_id);
    bool by_alias = strchr(delivery->next_id, ' ') != NULL;
    const GList *at = mst_index_find(by_alias ? self->aliases : self->ids, hash);

    for (; at != NULL && tried < MAX_TRIED; at = at->next, tried++) {
        MstLife *next = at->data;
        Choice choice = {.life = next,
                         .dt_us = distance(&next->hop, delivery->next_id, delivery->last_us)};

        if (next == life || !can_be_judged(next) || !is_named(&next->hop, delivery->next_id) ||
            (next->hop.into != NULL && next->hop.into->from != &life->hop) ||
            !judge_reply_id(self, life, delivery, next, &choice.confidence))
            continue;
        prefer(&best, &choice);
    }
    return best;
}

/* The claims that wait for this life: the best is its parent, with all that it claims of it. */
static void answer_claims(MstLinker *self, MstLife *life, uint64_t hash)
{
    Choice best = {0};
    guint tried = 0;
    const GList *next;

    for (const GList *at = mst_index_find(self->named, hash); at != NULL && tried < MAX_TRIED;
         at = at->next, tried++) {
        MstWait *claim = at->data;
        Choice choice = {.life = claim->life,
                         .delivery = claim->delivery,
                         .dt_us = distance(&life->hop, claim->next_id, claim->at_us)};

        if (claim->life == life || (best.life == claim->life && best.candidates > 0) ||
            !is_named(&life->hop, claim->next_id) ||
            (life->hop.into != NULL && life->hop.into->from != &claim->life->hop) ||
            !judge_reply_id(self, claim->life, claim->delivery, life, &choice.confidence))
            continue;
        prefer(&best, &choice);
    }
    if (best.life == NULL)
        return;
    for (const GList *at = mst_index_find(self->named, hash); at != NULL; at = next) {
        MstWait *claim = at->data;

        next = at->next;
        if (claim->life != best.life || !is_named(&life->hop, claim->next_id))
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
    return delivery->attempts == 1 && (delivery->next_id != NULL || delivery->links != NULL);
}

/* Could this delivery have led to the life, through an attempt that named no ID? */
static bool judge_message_id(MstLinker *self, const MstLife *a, const MstDelivery *delivery,
                             const MstLife *b, MstConfidence *confidence)
{
    int hosts = mst_evidence_hosts(self->setup.hosts, &a->hop, delivery, &b->hop);

    if (delivery->attempts == 0 || (delivery->local && delivery->relay_ip == NULL) ||
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
    return MIN(delivery->last_us, life->unnamed_us);
}

static Choice find_by_message_id(MstLinker *self, MstLife *life)
{
    Choice best = {0};
    guint tried = 0;
    const GList *at = mst_index_find(self->message_ids,
                                     mst_evidence_message_id_hash(life->hop.message_id));

    for (; at != NULL && tried < MAX_TRIED; at = at->next, tried++) {
        MstLife *before = at->data;

        if (before == life || mst_evidence_message_id(&before->hop, &life->hop) <= 0 ||
            life->hop.first_us < before->hop.first_us - slack_us ||
            life->hop.first_us > before->unnamed_us + slack_us ||
            is_ancestor(&life->hop, &before->hop))
            continue;
        for (MstDelivery *d = before->hop.deliveries; d != NULL; d = d->next) {
            Choice choice = {.life = before,
                             .delivery = d,
                             .dt_us = life->hop.first_us - unnamed_attempt_us(before, d)};

            if (!judge_message_id(self, before, d, life, &choice.confidence))
                continue;
            if (best.life == before && best.confidence == choice.confidence)
                continue; /* another recipient of the same hop is no rival */
            prefer(&best, &choice);
        }
    }
    return best;
}

/* Recipients of one transaction have one relay, one reply and one time. */
static bool is_same_attempt(const MstDelivery *a, const MstDelivery *b)
{
    return a->last_us == b->last_us && a->action == b->action &&
           g_strcmp0(a->relay, b->relay) == 0 && g_strcmp0(a->relay_ip, b->relay_ip) == 0 &&
           g_strcmp0(a->reply, b->reply) == 0;
}

static void link_by_message_id(MstLinker *self, MstLife *life)
{
    Choice best;

    if (!mst_evidence_is_message_id(life->hop.message_id))
        return;
    best = find_by_message_id(self, life);
    if (best.life == NULL)
        return;
    for (MstDelivery *d = best.life->hop.deliveries; d != NULL; d = d->next) {
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

/* One to one: the claim is no other hop's. */
static void use_up(MstWait *claim)
{
    mst_index_remove(claim->index, claim->hash, &claim->by_hash);
    claim->index = NULL;
}

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
        const GList *at = mst_index_find(self->unnamed, mst_index_hash_address(d->recipient));

        for (; at != NULL && tried < MAX_TRIED; at = at->next, tried++) {
            MstWait *claim = at->data;
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
    if (best.life == NULL)
        return;
    connect_choice(self, &best, life, MST_LINK_REFUSAL, claimed->at_us);
    use_up(claimed);
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

/* A guess: it is made only if no other attempt could have been meant. */
static void link_by_envelope(MstLinker *self, MstLife *life)
{
    const MstDelivery *recipient = life->hop.deliveries;
    MstWait *found = NULL;
    guint tried = 0;
    const GList *at;

    if (recipient == NULL)
        return;
    at = mst_index_find(self->unnamed,
                        mst_index_hash_address(recipient->original != NULL ? recipient->original
                                                                           : recipient->recipient));
    for (; at != NULL && tried < MAX_TRIED; at = at->next, tried++) {
        MstWait *claim = at->data;

        if (!judge_envelope(self, claim, life) || is_ancestor(&life->hop, &claim->life->hop))
            continue;
        if (found != NULL && found->delivery != claim->delivery)
            return;
        found = claim;
    }
    if (found == NULL)
        return;
    connect_choice(self,
                   &(Choice){.life = found->life,
                             .delivery = found->delivery,
                             .confidence = MST_CONFIDENCE_INFERRED,
                             .candidates = 1},
                   life, MST_LINK_ENVELOPE, found->at_us);
    use_up(found);
}

/* ---- what the hop builder tells */

void mst_linker_begin(MstLinker *self, MstLife *life)
{
    life->by_id.data = life->by_message_id.data = life;
    life->id_hash = mst_index_hash(life->hop.queue_id);
    mst_index_add(self->ids, life->id_hash, &life->by_id);
    mst_flight_new(life);
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
        answer_claims(self, life, life->id_hash);
    if (life->hop.alias != NULL)
        answer_claims(self, life, life->alias_hash);
    if (life->hop.into == NULL && can_have_parent(life)) {
        life->opening = add_wait(&self->openings, life, NULL, self->now_us + self->setup.window_us);
        life->opening->at_us = life->hop.first_us;
    }
}

void mst_linker_close(MstLinker *self, MstLife *life, int64_t ended_us)
{
    MstFlight *flight;

    mst_linker_open(self, life);
    flight = mst_flight_of(life);
    flight->open--;
    mark_ready(flight, ended_us);
    list_if_complete(self, flight);
}

void mst_linker_reopen(MstLinker *self, MstLife *life)
{
    (void)self;
    mst_flight_of(life)->open++;
}

void mst_linker_claim(MstLinker *self, MstLife *life, MstDelivery *delivery, const MstEvent *event)
{
    MstWait *wait;

    if (delivery->next_id != NULL) {
        Choice best = find_named(self, life, delivery);

        if (best.life != NULL) {
            MstLife *next = best.life;

            best.life = life;
            best.delivery = delivery;
            connect_choice(self, &best, next, reply_method(life, next), event->time_us);
            return;
        }
    }
    wait = add_wait(&self->claims, life, delivery, self->now_us + self->setup.window_us + grace_us);
    wait->at_us = event->time_us;
    wait->next_id = delivery->next_id;
    if (delivery->next_id != NULL) {
        index_wait(wait, self->named, hash_of_next_id(delivery->next_id));
        return;
    }
    life->unnamed_us = MAX(life->unnamed_us, event->time_us);
    wait->failed = event->action != MST_ACTION_RELAYED;
    index_wait(wait, self->unnamed, mst_index_hash_address(delivery->recipient));
    if (!life->has_unnamed && mst_evidence_is_message_id(life->hop.message_id)) {
        life->has_unnamed = true;
        life->message_id_hash = mst_evidence_message_id_hash(life->hop.message_id);
        mst_index_add(self->message_ids, life->message_id_hash, &life->by_message_id);
    }
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
           g_strcmp0(hop->alias, tie->alias) == 0 && hop->first_us >= tie->at_us - slack_us &&
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
    MstWait *tie = add_wait(&self->claims, parent, delivery, self->now_us + self->setup.window_us);
    MstLife *best = NULL;
    const GList *at;

    tie->at_us = event->time_us;
    tie->relation = event->relation;
    tie->alias = mst_arena_copy(&parent->hop.arena, event->other_id);
    for (at = mst_index_find(self->aliases, mst_index_hash(tie->alias)); at != NULL;
         at = at->next) {
        MstLife *life = at->data;

        if (judge_tie(tie, life) && (best == NULL || ABS(life->hop.first_us - tie->at_us) <
                                                         ABS(best->hop.first_us - tie->at_us)))
            best = life;
    }
    if (best == NULL) {
        index_wait(tie, self->ties, mst_index_hash(tie->alias));
        return;
    }
    tie_to(self, tie, best);
    end_wait(self, tie, self->now_us);
}

void mst_linker_alias(MstLinker *self, MstLife *life)
{
    MstWait *best = NULL;
    const GList *at;

    if (life->by_alias.data != NULL)
        return;
    life->by_alias.data = life;
    life->alias_hash = mst_index_hash(life->hop.alias);
    mst_index_add(self->aliases, life->alias_hash, &life->by_alias);
    for (at = mst_index_find(self->ties, life->alias_hash); at != NULL; at = at->next) {
        MstWait *tie = at->data;

        if (judge_tie(tie, life) && (best == NULL || tie->at_us > best->at_us))
            best = tie;
    }
    if (best == NULL)
        return;
    tie_to(self, best, life);
    end_wait(self, best, self->now_us);
}

void mst_linker_notify(MstLinker *self, MstLife *parent, MstLife *child, unsigned candidates)
{
    MstLink *link;

    if (child->hop.into != NULL || mst_flight_of(parent) == mst_flight_of(child))
        return;
    link = add_link(parent, NULL, child, MST_LINK_NOTIFY);
    if (candidates > 0) {
        link->confidence = candidates > 1 ? MST_CONFIDENCE_AMBIGUOUS : MST_CONFIDENCE_INFERRED;
        link->candidates = candidates;
    }
    link->dt_us = child->hop.first_us - parent->hop.last_us;
    child->about = parent;
    parent->notifications = g_slist_prepend(parent->notifications, child);
    if (parent->notified_by == NULL)
        parent->notified_by = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    g_array_append_val(parent->notified_by, child->hop.identity);
    if (child->opening != NULL)
        end_wait(self, child->opening, self->now_us);
}

bool mst_linker_cover(MstLinker *self, MstLife *message, const MstLife *session,
                      MstConfidence confidence, bool with_evidence)
{
    MstLife *copy;
    MstLink *link;
    MstFlight *flight;

    if (message->hop.story == NULL)
        return false;
    copy = mst_life_copy_session(session, with_evidence);
    mst_linker_begin(self, copy);
    copy->opened = true;
    link = add_link(message, NULL, copy, MST_LINK_SESSION);
    link->confidence = confidence;
    link->dt_us = copy->hop.first_us - message->hop.first_us;
    flight = join(self, mst_flight_of(message), mst_flight_of(copy));
    flight->open--;
    mark_ready(flight, self->now_us);
    list_if_complete(self, flight);
    return true;
}

void mst_linker_delay(MstLife *life, int64_t until_us)
{
    if (life->hop.story != NULL)
        mark_ready(mst_flight_of(life), until_us);
}

void mst_linker_drop_session(MstLinker *self, MstLife *session, bool told)
{
    if (!told)
        hand_on_loose(self, session);
    self->setup.forget(self->setup.user, session);
    mst_life_free(session);
}

/* ---- time */

static void expire_opening(MstLinker *self, MstWait *wait)
{
    MstLife *life = wait->life;

    if (mst_life_is_refused(life))
        link_refusal(self, life);
    else
        link_by_message_id(self, life);
    if (life->hop.into == NULL && !life->refusal)
        link_by_envelope(self, life);
    if (life->opening == wait)
        end_wait(self, wait, wait->due_us);
}

/* All that runs out before `until_us`, openings before claims of the same moment. */
static void expire_waits(MstLinker *self, int64_t until_us)
{
    MstWait *opening = g_queue_peek_head(&self->openings);
    MstWait *claim = g_queue_peek_head(&self->claims);

    while ((opening != NULL && opening->due_us < until_us) ||
           (claim != NULL && claim->due_us < until_us)) {
        if (opening != NULL && (claim == NULL || opening->due_us <= claim->due_us))
            expire_opening(self, opening);
        else
            end_wait(self, claim, claim->due_us);
        opening = g_queue_peek_head(&self->openings);
        claim = g_queue_peek_head(&self->claims);
    }
}

void mst_linker_advance(MstLinker *self, int64_t now_us)
{
    if (now_us <= self->now_us)
        return;
    self->now_us = now_us;
    expire_waits(self, now_us);
    if (self->ready->len > 0)
        release_ready(self);
}

void mst_linker_finish(MstLinker *self)
{
    expire_waits(self, G_MAXINT64);
    self->now_us = G_MAXINT64;
    while (self->ready->len > 0)
        release_ready(self);
}
