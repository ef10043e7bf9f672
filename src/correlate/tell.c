/*
 * tell.c - what became of each recipient: the rows of deliveries.csv
 *
 * From the first hop on, each delivery is followed along its links to the hops that hold its copy;
 * where no link leads on, the last attempt is the outcome. A hop's recipients belong to the
 * delivery that led there: all of them if one delivery did, else those of the same address.
 *
 * What is needed on the way lies in the teller's arena. Each hop is visited once, and an address is
 * looked up rather than searched, so that the work grows as the recipients, links and rows do.
 */
#include "base/callfor.h"
#include "life.h"
#include "mailstory/story.h"

typedef struct Group Group;

/* A delivery of a hop, or of a hop that continues it as a whole. */
typedef struct Copy {
    GList place; /* among the copies of a hop; data is the copy */
    const MstHop *hop;
    const MstDelivery *delivery;
    Group *group;
    struct Copy *next_alike;  /* of the group */
    MstConfidence confidence; /* of the links so far */
} Copy;

/* Copies of one address. */
struct Group {
    const char *address;
    Copy *first, *last;
    Group *next;      /* in the order in which the addresses came */
    Group *next_same; /* whose address has the same hash */
    bool named;       /* a delivery that led here has this address */
};

/* Copies by an address: a few are compared one after the other, of many the hash is taken. */
typedef struct Groups {
    MstArena *arena;
    GHashFunc hash;
    GEqualFunc equal;
    Group **by_hash;
    guint mask; /* of hashes; 0: they are not needed */
    Group *first, *last;
} Groups;

/* A hop that a link leads to, or that a row is about. */
typedef struct Visit {
    const char *path; /* to this hop; NULL until a row needs it */
    bool collected;
    GQueue copies;           /* of Copy; their confidence is that from this hop on */
    Groups groups;           /* the same by original recipient, if several links led here */
    const MstDelivery *rest; /* that led here, and names none of the copies; NULL none */
} Visit;

struct MstTeller {
    MstArenaPool pool;
    MstArena arena;   /* of the story that is told, or was last */
    GArray *outcomes; /* its rows */
    const MstStory *story;
    Visit *visits;  /* of each hop, by its number */
    guint depth;    /* of the recursion; bounds a chain of forwards */
    GString *notes; /* "" none */
};

enum {
    MAX_DEPTH = 200,
    FEW = 16, /* addresses that are compared sooner than hashed */
};

static MstConfidence weaker(MstConfidence a, MstConfidence b)
{
    return a > b ? a : b;
}

static const char *original_of(const MstDelivery *delivery)
{
    return delivery->original != NULL ? delivery->original : delivery->recipient;
}

static Visit *visit_of(MstTeller *self, const MstHop *hop)
{
    return &self->visits[hop->number - 1];
}

/* ---- copies of the same address */

static guchar lower(char byte)
{
    return (guchar)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte);
}

static guint address_hash(gconstpointer key)
{
    guint hash = 5381;

    for (const char *at = key; *at != '\0'; at++)
        hash = hash * 33U + lower(*at);
    return hash;
}

static gboolean address_equal(gconstpointer a, gconstpointer b)
{
    const char *left = a;
    const char *right = b;

    for (; *left != '\0'; left++, right++) {
        if (*left != *right && lower(*left) != lower(*right))
            return FALSE;
    }
    return *right == '\0';
}

/* For so many copies. */
static Groups make_groups(MstArena *arena, guint count, GHashFunc hash, GEqualFunc equal)
{
    Groups groups = {.arena = arena, .hash = hash, .equal = equal};

    while (count > FEW && groups.mask < count)
        groups.mask = groups.mask * 2 + 1;
    groups.by_hash = mst_arena_alloc(arena, (groups.mask + (size_t)1) * sizeof(Group *));
    return groups;
}

static Group **start_of(const Groups *self, const char *address)
{
    return &self->by_hash[self->mask == 0 ? 0 : self->hash(address) & self->mask];
}

static Group *find_group(const Groups *self, const char *address)
{
    Group *group = *start_of(self, address);

    while (group != NULL && !self->equal(group->address, address))
        group = group->next_same;
    return group;
}

static Group *add_group(Groups *self, const char *address)
{
    Group **start = start_of(self, address);
    Group *group = mst_arena_alloc(self->arena, sizeof *group);

    group->address = address;
    group->next_same = *start;
    *start = group;
    if (self->last == NULL)
        self->first = group;
    else
        self->last->next = group;
    self->last = group;
    return group;
}

static void add_to_group(Groups *self, const char *address, Copy *copy)
{
    Group *group = find_group(self, address);

    if (group == NULL)
        group = add_group(self, address);
    copy->group = group;
    copy->next_alike = NULL;
    if (group->last == NULL)
        group->first = copy;
    else
        group->last->next_alike = copy;
    group->last = copy;
}

/* By original recipient, unless all are known to be of one. */
static Groups group_by_original(MstArena *arena, const GQueue *copies, const char *only)
{
    Groups groups = make_groups(arena, copies->length, address_hash, address_equal);

    for (const GList *at = copies->head; at != NULL; at = at->next) {
        Copy *copy = at->data;

        add_to_group(&groups, only != NULL ? only : original_of(copy->delivery), copy);
    }
    return groups;
}

static Groups group_by_recipient(MstArena *arena, const GQueue *copies)
{
    Groups groups = make_groups(arena, copies->length, g_str_hash, g_str_equal);

    for (const GList *at = copies->head; at != NULL; at = at->next) {
        Copy *copy = at->data;

        add_to_group(&groups, copy->delivery->recipient, copy);
    }
    return groups;
}

/* ---- the copies of a hop */

/* Moves the copies of this recipient from `later`, those of hops that continue its hop as a whole.
 * What was relayed may have gone to a filter that handed it back. */
static bool take_continued(const MstDelivery *delivery, const Groups *groups, GQueue *later,
                           GQueue *copies)
{
    bool may_be = delivery->action == MST_ACTION_NONE || delivery->action == MST_ACTION_DELAYED ||
                  delivery->action == MST_ACTION_RELAYED;
    Group *group = may_be ? find_group(groups, delivery->recipient) : NULL;

    if (group == NULL || group->first == NULL)
        return false;
    for (Copy *copy = group->first; copy != NULL; copy = copy->next_alike) {
        g_queue_unlink(later, &copy->place);
        g_queue_push_tail_link(copies, &copy->place);
    }
    group->first = NULL;
    return true;
}

static void add_copy(MstTeller *self, const MstHop *hop, const MstDelivery *delivery,
                     MstConfidence confidence, GQueue *copies)
{
    Copy *copy = mst_arena_alloc(&self->arena, sizeof *copy);

    copy->place.data = copy;
    copy->hop = hop;
    copy->delivery = delivery;
    copy->confidence = confidence;
    g_queue_push_tail_link(copies, &copy->place);
}

/* Copies of `hop`, and of the hops that continue it as a whole, in the order in which `hop` names
 * their recipients. */
static void collect(MstTeller *self, const MstHop *hop, MstConfidence confidence, guint depth,
                    GQueue *copies)
{
    GQueue later = G_QUEUE_INIT;
    Groups groups;
    GList *left;

    for (const MstLink *link = hop->links; link != NULL && depth < MAX_DEPTH;
         link = link->next_of_delivery)
        collect(self, link->to, weaker(confidence, link->confidence), depth + 1, &later);
    if (later.length > 0)
        groups = group_by_recipient(&self->arena, &later);
    for (const MstDelivery *d = hop->deliveries; d != NULL; d = d->next) {
        if (later.length == 0 || !take_continued(d, &groups, &later, copies))
            add_copy(self, hop, d, confidence, copies);
    }
    while ((left = g_queue_pop_head_link(&later)) != NULL)
        g_queue_push_tail_link(copies, left);
}

/* ---- rows */

/* A hop of a path. */
typedef struct Step {
    MstSlice host, system, queue_id;
} Step;

static Step step_of(const MstHop *hop)
{
    return (Step){mst_slice_of(hop->host->name), mst_slice_of(mst_system_name(hop->system)),
                  mst_slice_of(hop->queue_id)};
}

static char *put(char *at, MstSlice text)
{
    memcpy(at, text.ptr, text.len);
    return at + text.len;
}

static char *put_step(char *at, const Step *step)
{
    at = put(at, step->host);
    *at++ = '/';
    at = put(at, step->system);
    *at++ = '/';
    return put(at, step->queue_id);
}

/* `mx1/postfix/4Zk > hub/sendmail/p2F`, up to this hop. */
static const char *path_to(MstTeller *self, const MstHop *hop)
{
    const MstSlice between = MST_LIT(" > ");
    Visit *visit = visit_of(self, hop);
    Step chain[MAX_DEPTH];
    guint len = 0;
    size_t size = 0;
    char *at;

    if (visit->path != NULL)
        return visit->path;
    for (; hop != NULL && len < MAX_DEPTH; len++) {
        Step step = chain[len] = step_of(hop);

        size += step.host.len + step.system.len + step.queue_id.len + strlen("//") + between.len;
        hop = hop->into == NULL || hop->into->method == MST_LINK_NOTIFY ? NULL : hop->into->from;
    }
    visit->path = at = mst_arena_alloc(&self->arena, size);
    while (len-- > 0) {
        at = put_step(at, &chain[len]);
        if (len > 0)
            at = put(at, between);
    }
    return visit->path;
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

/* A row of which no attempt is known. */
static void set_outcome(MstTeller *self, MstOutcome *outcome, const MstHop *hop,
                        const char *recipient, const char *original, MstConfidence confidence)
{
    const MstHopExtras *extras = mst_hop_extras(hop);

    *outcome = (MstOutcome){
        .recipient = recipient,
        .original = original,
        .action = state_of(hop),
        .status = extras->verdict_status,
        .reply_code = extras->verdict_code,
        .reply = extras->verdict_reply,
        .first_us = self->story->first->first_us,
        .final_us = hop->last_us,
        .hop = hop,
        .path = path_to(self, hop),
        .confidence = confidence,
    };
}

static MstOutcome *add_outcome(MstTeller *self, const MstHop *hop, const char *recipient,
                               const char *original, MstConfidence confidence)
{
    GArray *outcomes = self->outcomes;
    MstOutcome *outcome;

    g_array_set_size(outcomes, outcomes->len + 1);
    outcome = &g_array_index(outcomes, MstOutcome, outcomes->len - 1);
    set_outcome(self, outcome, hop, recipient, original, confidence);
    return outcome;
}

/* What the last attempt decided, unless the verdict on the message stands. */
static void set_attempt(MstOutcome *outcome, const MstDelivery *delivery)
{
    MstAction verdict = outcome->hop->verdict;
    const MstAttempt *attempt = mst_delivery_attempt(delivery);

    outcome->attempts = delivery->attempts;
    if (delivery->action == MST_ACTION_NONE ||
        (delivery->action == MST_ACTION_DELAYED && verdict == MST_ACTION_DISCARDED))
        return;
    if (delivery->action != verdict || attempt->status != NULL) {
        outcome->status = attempt->status;
        outcome->reply_code = attempt->reply_code;
        outcome->reply = attempt->reply;
    }
    outcome->action = delivery->action;
    outcome->final_us = delivery->last_us;
    outcome->relay = attempt->relay;
    outcome->relay_ip = attempt->relay_ip;
}

/* Where no link leads on. */
static void tell_last(MstTeller *self, const Copy *copy, const char *original)
{
    set_attempt(add_outcome(self, copy->hop, copy->delivery->recipient, original, copy->confidence),
                copy->delivery);
}

/* ---- hops that links lead to */

/*
 * Which copies belong to which of the deliveries that led here: those of the same address; and to
 * the first delivery that names no copy, as it was expanded on the way, those of which no delivery
 * has the address.
 */
static void share_out(Visit *visit, const MstLink *into)
{
    bool settled = false; /* whose the rest is */

    for (const MstLink *link = into; link != NULL; link = link->next_into) {
        Group *group = link->delivery == NULL
                           ? NULL
                           : find_group(&visit->groups, link->delivery->recipient);

        if (group != NULL) {
            group->named = true;
        } else if (!settled) {
            visit->rest = link->delivery;
            settled = true;
        }
    }
}

static const Visit *visit(MstTeller *self, const MstHop *to)
{
    Visit *visit = visit_of(self, to);

    if (visit->collected)
        return visit;
    visit->collected = true;
    collect(self, to, MST_CONFIDENCE_EXACT, self->depth, &visit->copies);
    if (to->into->next_into != NULL) {
        visit->groups = group_by_original(&self->arena, &visit->copies, NULL);
        share_out(visit, to->into);
    }
    return visit;
}

/* ---- along the links */

static void tell_copy(MstTeller *self, const Copy *copy, const char *original);

/* A copy in the next hop; gives how many were told. What that host refused, the attempt of this one
 * tells. */
static guint tell_next(MstTeller *self, const Copy *next, MstConfidence confidence,
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
static guint tell_share(MstTeller *self, const Visit *visit, const MstDelivery *delivery,
                        MstConfidence confidence, const char *original)
{
    const Group *group = find_group(&visit->groups, delivery->recipient);
    guint told = 0;

    for (const Copy *copy = group == NULL ? NULL : group->first; copy != NULL;
         copy = copy->next_alike)
        told += tell_next(self, copy, confidence, original);
    return told;
}

static guint tell_rest(MstTeller *self, const Visit *visit, MstConfidence confidence,
                       const char *original)
{
    guint told = 0;

    for (const GList *at = visit->copies.head; at != NULL; at = at->next) {
        const Copy *copy = at->data;

        if (!copy->group->named)
            told += tell_next(self, copy, confidence, original);
    }
    return told;
}

/* All copies in the hop at the link's end, which nothing else led to. */
static guint tell_all(MstTeller *self, const Visit *visit, MstConfidence confidence,
                      const char *original)
{
    guint told = 0;

    for (const GList *at = visit->copies.head; at != NULL; at = at->next)
        told += tell_next(self, at->data, confidence, original);
    return told;
}

static void tell_link(MstTeller *self, const MstLink *link, const Copy *copy, const char *original)
{
    MstConfidence confidence = weaker(copy->confidence, link->confidence);
    const Visit *next = visit(self, link->to);
    guint told;

    if (link->to->into->next_into == NULL)
        told = tell_all(self, next, confidence, original);
    else if (copy->delivery == next->rest)
        told = tell_rest(self, next, confidence, original);
    else
        told = tell_share(self, next, copy->delivery, confidence, original);
    if (told == 0 && next->copies.length > 0)
        tell_last(self, copy, original);
    else if (told == 0)
        add_outcome(self, link->to, copy->delivery->recipient, original, confidence);
}

static void tell_copy(MstTeller *self, const Copy *copy, const char *original)
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
static void tell_expansion(MstTeller *self, guint start, const Copy *copy, const char *original)
{
    GArray *outcomes = self->outcomes;
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
static const char *only_original(const MstHop *first, const GQueue *copies)
{
    if (first->system != MST_SYSTEM_SENDMAIL || first->recipients != 1)
        return NULL;
    for (const GList *at = copies->head; at != NULL; at = at->next) {
        const Copy *copy = at->data;

        if (copy->delivery->original != NULL)
            return copy->delivery->original;
    }
    return NULL;
}

static void tell_one(MstTeller *self, const Copy *copy, const char *original)
{
    guint start = self->outcomes->len;

    tell_copy(self, copy, original);
    tell_expansion(self, start, copy, original);
}

static void tell_group(MstTeller *self, const Group *group)
{
    guint start = self->outcomes->len;

    for (const Copy *copy = group->first; copy != NULL; copy = copy->next_alike) {
        if (copy->delivery->action != MST_ACTION_EXPANDED || group->first == group->last)
            tell_copy(self, copy, group->address);
    }
    tell_expansion(self, start, group->first, group->address);
}

static void tell_recipients(MstTeller *self)
{
    GQueue copies = G_QUEUE_INIT;
    Groups groups;
    const char *only;

    g_array_set_size(self->outcomes, 0);
    collect(self, self->story->first, MST_CONFIDENCE_EXACT, 0, &copies);
    only = only_original(self->story->first, &copies);
    if (copies.length == 0) {
        add_outcome(self, self->story->first, "", "", MST_CONFIDENCE_EXACT);
    } else if (copies.length == 1) { /* most messages have one recipient */
        const Copy *copy = copies.head->data;

        tell_one(self, copy, only != NULL ? only : original_of(copy->delivery));
    } else {
        groups = group_by_original(&self->arena, &copies, only);
        for (const Group *group = groups.first; group != NULL; group = group->next)
            tell_group(self, group);
    }
}

/* ---- a message that no link leads away from, as most are */

/* Of many, which were added one by one: may two of them be of one original recipient? XMail's learn
 * theirs later. */
static bool many_may_be_alike(const MstHop *hop)
{
    const MstLife *life = (const MstLife *)hop;

    return mst_life_extras(life)->by_recipient == NULL || life->alike ||
           hop->system == MST_SYSTEM_XMAIL;
}

/* Are two of these deliveries of one original recipient, or may be? */
static bool may_be_expanded(const MstHop *hop)
{
    if (hop->system == MST_SYSTEM_SENDMAIL && hop->recipients == 1)
        return hop->n_deliveries > 1;
    if (hop->n_deliveries > FEW)
        return many_may_be_alike(hop);
    for (const MstDelivery *d = hop->deliveries; d != NULL; d = d->next) {
        for (const MstDelivery *other = d->next; other != NULL; other = other->next) {
            if (address_equal(original_of(d), original_of(other)))
                return true;
        }
    }
    return false;
}

/* Is each delivery a row of its own? */
static bool is_simple(const MstStory *story, const MstHop *hop)
{
    return story->n_hops == 1 && hop->n_deliveries > 0 && !may_be_expanded(hop);
}

/* Of very many deliveries each is in no cache's reach, nor is what it was said to be, which lies behind it. */
G_ALWAYS_INLINE static inline void call_for_delivery(const GPtrArray *in_order, guint i)
{
    enum { AHEAD = 6, RECORD = 320 };

    if (in_order != NULL && i + AHEAD < in_order->len)
        mst_call_for(g_ptr_array_index(in_order, i + AHEAD), RECORD);
}

/* The same rows as by the long way, but nothing is collected, grouped or followed. */
static void tell_simple(MstTeller *self, const MstHop *hop)
{
    const GPtrArray *in_order = mst_life_extras((const MstLife *)hop)->in_order;
    GArray *outcomes = self->outcomes;
    MstOutcome *outcome;
    guint i = 0;

    g_array_set_size(outcomes, hop->n_deliveries);
    outcome = &g_array_index(outcomes, MstOutcome, 0);
    for (const MstDelivery *d = hop->deliveries; d != NULL; d = d->next, outcome++) {
        call_for_delivery(in_order, i++);
        set_outcome(self, outcome, hop, d->recipient, original_of(d), MST_CONFIDENCE_EXACT);
        set_attempt(outcome, d);
    }
}

/* ---- the story */

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

static void note_end(MstTeller *self, const MstHop *hop, const char *end)
{
    const char *const parts[] = {hop->host->name, "/", hop->queue_id, ": ", end, "; "};

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        g_string_append(self->notes, parts[i]);
}

static void note_ends(MstTeller *self, const MstLife *life)
{
    const MstHop *hop = &life->hop;

    if (hop->end == MST_END_LOG && !mst_life_is_final(life))
        note_end(self, hop, "the log ends first");
    if (hop->end == MST_END_SILENCE)
        note_end(self, hop, "silent until given up");
    if (life->aborted && !hop->queued)
        note_end(self, hop, "the client broke off");
}

static void note_notifications(MstTeller *self, const MstLife *life)
{
    const GArray *by = mst_life_extras(life)->notified_by;

    for (guint i = 0; by != NULL && i < by->len; i++)
        g_string_append_printf(self->notes, "notification %016" G_GINT64_MODIFIER "x; ",
                               g_array_index(by, uint64_t, i));
}

/* What a reader of the row should know. Of most messages it is nothing. */
static const char *notes_of(MstTeller *self)
{
    g_string_truncate(self->notes, 0);
    for (guint i = 0; i < self->story->n_hops; i++) {
        const MstLife *life = (const MstLife *)self->story->hops[i];

        note_ends(self, life);
        note_notifications(self, life);
    }
    if (self->notes->len > 0)
        g_string_truncate(self->notes, self->notes->len - strlen("; "));
    return self->notes->str;
}

/* What the hops say together. */
static void sum_up(MstStory *story)
{
    for (guint i = 0; i < story->n_hops; i++) {
        const MstHop *hop = story->hops[i];

        if (hop->system == MST_SYSTEM_MILTER_MANAGER)
            continue; /* what a filter saw is beside the way */
        story->first_us = story->first_us == 0 ? hop->first_us
                                               : MIN(story->first_us, hop->first_us);
        story->last_us = MAX(story->last_us, hop->last_us);
        for (const MstLink *link = hop->into; link != NULL; link = link->next_into)
            story->confidence = weaker(story->confidence, link->confidence);
    }
}

void mst_teller_tell(MstTeller *self, MstStory *story)
{
    const MstHop *first = story->first;
    guint hops = story->n_hops;
    Visit only = {.path = NULL}; /* where there is one hop */

    mst_arena_clear(&self->arena);
    self->story = story;
    self->visits = hops == 1 ? &only : mst_arena_alloc(&self->arena, hops * sizeof(Visit));
    if (first->into != NULL)
        story->related_to = first->into->from->story->id;
    sum_up(story);
    if (is_simple(story, first))
        tell_simple(self, first);
    else
        tell_recipients(self);
    story->outcomes = self->outcomes;
    count(story);
    story->notes = notes_of(self);
}

MstTeller *mst_teller_new(void)
{
    MstTeller *self = g_new0(MstTeller, 1);

    self->arena.pool = &self->pool;
    self->outcomes = g_array_new(FALSE, FALSE, sizeof(MstOutcome));
    self->notes = g_string_new(NULL);
    return self;
}

void mst_teller_free(MstTeller *self)
{
    if (self == NULL)
        return;
    mst_arena_clear(&self->arena);
    mst_arena_pool_clear(&self->pool);
    g_array_unref(self->outcomes);
    g_string_free(self->notes, TRUE);
    g_free(self);
}
