/*
 * dialogues.c - SMTP dialogues, and the filter sessions that covered them
 *
 * The costs are in seconds' worth of doubt. They were found on real runs with known sessions: session
 * end less its length is 1 ms after the connect line (95 % within 19 ms), its end 1 ms after the
 * disconnect line. With stamps of whole seconds the order of lines is the finest clock there is.
 */
#include "dialogues.h"

#include <string.h>

static const int64_t hold_us = 2 * G_USEC_PER_SEC;
static const int64_t idle_us = INT64_C(300) * G_USEC_PER_SEC; /* sendmail logs no disconnect */

/* A point of a log: its stamp, how far that may be too early, and its place among the lines. */
typedef struct Point {
    int64_t low_us, high_us;
    uint64_t place;
} Point;

typedef struct MstDialogue {
    const MstHost *host;
    MstSystem system;
    uint32_t pid;
    Point first, last;
    bool ended;
    bool taken;       /* by a session */
    bool twice;       /* by two */
    GPtrArray *lives; /* of MstLife *: its messages, and what was refused, in memory */
    GList place;      /* in all; data is the dialogue */
} MstDialogue;

typedef struct Session {
    MstLife *life;
    Point end;
    int64_t length_us;
    uint64_t pid, number;
    MstDialogue *dialogue; /* it is given to; NULL none so far */
    double cost;
    bool discards; /* its last verdict */
    bool rivalled; /* another dialogue would have done nearly as well */
} Session;

typedef struct Pair {
    double cost;
    Session *session;
    MstDialogue *dialogue;
} Pair;

struct MstDialogues {
    MstLinker *linker;
    uint64_t lines;      /* so far: the place of the last */
    GHashTable *open;    /* set of MstDialogue by host and pid: the latest of each */
    GQueue all;          /* of MstDialogue, by first line */
    GPtrArray *sessions; /* of Session *, by end */
    bool any;            /* sessions so far */
};

static guint dialogue_hash(gconstpointer key)
{
    const MstDialogue *dialogue = key;

    return dialogue->pid * 31 + dialogue->host->index;
}

static gboolean dialogue_equal(gconstpointer a, gconstpointer b)
{
    const MstDialogue *left = a;
    const MstDialogue *right = b;

    return left->pid == right->pid && left->host == right->host;
}

MstDialogues *mst_dialogues_new(MstLinker *linker)
{
    MstDialogues *self = g_new0(MstDialogues, 1);

    self->linker = linker;
    self->open = g_hash_table_new(dialogue_hash, dialogue_equal);
    self->sessions = g_ptr_array_new();
    return self;
}

static void free_dialogue(MstDialogues *self, MstDialogue *dialogue)
{
    if (g_hash_table_lookup(self->open, dialogue) == dialogue)
        g_hash_table_remove(self->open, dialogue);
    for (guint i = 0; i < dialogue->lives->len; i++)
        ((MstLife *)g_ptr_array_index(dialogue->lives, i))->dialogue = NULL;
    g_queue_unlink(&self->all, &dialogue->place);
    g_ptr_array_unref(dialogue->lives);
    g_free(dialogue);
}

void mst_dialogues_free(MstDialogues *self)
{
    while (self->all.head != NULL)
        free_dialogue(self, self->all.head->data);
    g_hash_table_unref(self->open);
    g_ptr_array_unref(self->sessions);
    g_free(self);
}

static Point point_of(const MstDialogues *self, const MstEvent *event)
{
    return (Point){event->time_us, event->time_us + event->resolution_us, self->lines};
}

/* ---- dialogues */

static MstDialogue *begin(MstDialogues *self, const MstHost *host, const MstEvent *event)
{
    MstDialogue *dialogue = g_new0(MstDialogue, 1);

    dialogue->host = host;
    dialogue->system = event->system;
    dialogue->pid = event->pid;
    dialogue->first = dialogue->last = point_of(self, event);
    dialogue->lives = g_ptr_array_new();
    dialogue->place.data = dialogue;
    g_queue_push_tail_link(&self->all, &dialogue->place);
    g_hash_table_replace(self->open, dialogue, dialogue);
    return dialogue;
}

/* Is the event one of the process that talks to the client? Deliveries have processes of their own,
 * and what Postfix says between connect and disconnect bounds nothing. */
static bool is_of_dialogue(const MstEvent *event)
{
    bool bounds = event->kind == MST_EVENT_CONNECT || event->kind == MST_EVENT_DISCONNECT ||
                  event->kind == MST_EVENT_ACCEPT || event->kind == MST_EVENT_REJECT ||
                  event->kind == MST_EVENT_DISCARD;

    if (event->pid == 0)
        return false;
    if (event->system == MST_SYSTEM_POSTFIX)
        return bounds;
    return event->system == MST_SYSTEM_SENDMAIL &&
           (bounds || event->kind == MST_EVENT_HOLD || event->kind == MST_EVENT_FILTER ||
            event->kind == MST_EVENT_ABORT);
}

static MstDialogue *dialogue_of(MstDialogues *self, const MstHost *host, const MstEvent *event)
{
    MstDialogue *dialogue = g_hash_table_lookup(self->open,
                                                &(MstDialogue){.host = host, .pid = event->pid});

    if (dialogue != NULL && (dialogue->ended || dialogue->system != event->system))
        dialogue = NULL;
    if (event->system == MST_SYSTEM_POSTFIX)
        return event->kind == MST_EVENT_CONNECT ? begin(self, host, event) : dialogue;
    if (dialogue != NULL && event->time_us - dialogue->last.low_us > idle_us)
        dialogue = NULL;
    return dialogue == NULL ? begin(self, host, event) : dialogue;
}

static void join(MstDialogue *dialogue, MstLife *life)
{
    if (life == NULL || life->dialogue != NULL)
        return;
    life->dialogue = dialogue;
    g_ptr_array_add(dialogue->lives, life);
}

/* What is told too soon gets no session: one that ends with the dialogue is given away later. */
static void delay(const MstDialogues *self, const MstDialogue *dialogue)
{
    for (guint i = 0; self->any && i < dialogue->lives->len; i++)
        mst_linker_delay(g_ptr_array_index(dialogue->lives, i),
                         dialogue->last.high_us + 2 * hold_us);
}

void mst_dialogues_see(MstDialogues *self, const MstHost *host, const MstEvent *event,
                       MstLife *life)
{
    MstDialogue *dialogue;

    self->lines++;
    if (!is_of_dialogue(event))
        return;
    dialogue = dialogue_of(self, host, event);
    if (dialogue == NULL)
        return;
    dialogue->last = point_of(self, event);
    join(dialogue, life);
    if (event->kind == MST_EVENT_DISCONNECT) {
        dialogue->ended = true;
        delay(self, dialogue);
    }
}

void mst_dialogues_forget(MstDialogues *self, MstLife *life)
{
    MstDialogue *dialogue = life->dialogue;

    if (dialogue != NULL)
        g_ptr_array_remove_fast(dialogue->lives, life);
    life->dialogue = NULL;
    for (guint i = 0; i < self->sessions->len; i++) {
        const Session *session = g_ptr_array_index(self->sessions, i);

        if (session->life->covered != NULL)
            g_ptr_array_remove_fast(session->life->covered, life);
    }
}

/* ---- which session covered which dialogue */

static double seconds(int64_t us)
{
    return (double)us / G_USEC_PER_SEC;
}

/* Of the session's start against the connect; negative: impossible. */
static double cost_of_start(const Session *session, const MstDialogue *dialogue)
{
    const double early = 0.03, late = 0.06;
    int64_t low_us = session->end.low_us - session->length_us;
    int64_t high_us = session->end.high_us - session->length_us;
    bool after = low_us > dialogue->first.high_us;
    double gap = after ? seconds(low_us - dialogue->first.high_us)
                       : MAX(0.0, seconds(dialogue->first.low_us - high_us));
    double over = MAX(0.0, gap - (after ? late : early));

    if (dialogue->system == MST_SYSTEM_POSTFIX)
        return over > 1.5 ? -1 : 20 * over + MIN(gap, 0.1);
    return over > 3 ? -1 : 5 * over;
}

/* Of the session's end against the disconnect: it may end before it, if its filters are done. */
static double cost_of_end(const Session *session, const MstDialogue *dialogue)
{
    double late = MAX(0.0, seconds(session->end.low_us - dialogue->last.high_us));
    double early = MAX(0.0, seconds(dialogue->last.low_us - session->end.high_us));
    double lines = session->end.place > dialogue->last.place
                       ? (double)(session->end.place - dialogue->last.place)
                       : (double)(dialogue->last.place - session->end.place) + 5;

    if (dialogue->system ==
        MST_SYSTEM_SENDMAIL) /* logs no end, and nothing while the client rests */
        return late > seconds(idle_us) ? -1 : MIN(2.0, 0.1 * late) + MIN(3.0, 6 * early);
    if (late > 2)
        return -1;
    return 20 * MAX(0.0, late - 0.05) + MIN(late, 0.1) + MIN(3.0, 6 * early) +
           MIN(1.0, 0.01 * lines);
}

static double cost_of(const Session *session, const MstDialogue *dialogue)
{
    double start, end;

    if (dialogue->taken || dialogue->host != session->life->hop.host ||
        dialogue->first.place > session->end.place)
        return -1;
    start = cost_of_start(session, dialogue);
    end = start < 0 ? -1 : cost_of_end(session, dialogue);
    return end < 0 ? -1 : start + end;
}

static int compare_pairs(gconstpointer a, gconstpointer b)
{
    const Pair *left = a;
    const Pair *right = b;

    if (left->cost != right->cost)
        return left->cost < right->cost ? -1 : 1;
    if (left->session->end.place != right->session->end.place)
        return left->session->end.place < right->session->end.place ? -1 : 1;
    return left->dialogue->first.place < right->dialogue->first.place ? -1 : 1;
}

/* All pairs that are possible, the cheapest first. */
static GArray *list_pairs(const MstDialogues *self)
{
    const double limit = 6;
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(Pair));

    for (guint i = 0; i < self->sessions->len; i++) {
        Session *session = g_ptr_array_index(self->sessions, i);

        for (GList *at = self->all.head; at != NULL; at = at->next) {
            Pair pair = {cost_of(session, at->data), session, at->data};

            if (pair.cost >= 0 && pair.cost < limit)
                g_array_append_val(pairs, pair);
        }
    }
    g_array_sort(pairs, compare_pairs);
    return pairs;
}

static void match(const MstDialogues *self)
{
    const double close = 0.2;
    g_autoptr(GArray) pairs = list_pairs(self);

    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = &g_array_index(pairs, Pair, i);

        if (pair->session->dialogue == NULL && !pair->dialogue->taken) {
            pair->session->dialogue = pair->dialogue;
            pair->session->cost = pair->cost;
            pair->dialogue->taken = true;
        } else if (pair->session->dialogue != NULL && pair->cost - pair->session->cost < close) {
            pair->session->rivalled = true;
        }
    }
}

static bool has_discard(const MstDialogue *dialogue)
{
    for (guint i = 0; i < dialogue->lives->len; i++) {
        const MstLife *life = g_ptr_array_index(dialogue->lives, i);

        if (life->hop.verdict == MST_ACTION_DISCARDED)
            return true;
    }
    return false;
}

/* When a filter discards a message before its end, smtpd gives its filters up and cleanup opens a
 * session of its own for the same message: then a dialogue has two. */
static void match_second(const MstDialogues *self)
{
    for (guint i = 0; i < self->sessions->len; i++) {
        Session *session = g_ptr_array_index(self->sessions, i);

        for (GList *at = self->all.head; at != NULL && session->dialogue == NULL; at = at->next) {
            MstDialogue *dialogue = at->data;

            if (!session->discards || !dialogue->taken || dialogue->twice || !has_discard(dialogue))
                continue;
            dialogue->taken = false;
            if (cost_of(session, dialogue) >= 0) {
                session->dialogue = dialogue;
                session->rivalled = dialogue->twice = true;
            }
            dialogue->taken = true;
        }
    }
}

static bool swap(Session *a, Session *b)
{
    const double tolerance = 0.02;
    MstDialogue *of_a = a->dialogue;
    MstDialogue *of_b = b->dialogue;
    double cost_a, cost_b;

    of_a->taken = of_b->taken = false;
    cost_a = cost_of(a, of_b);
    cost_b = cost_of(b, of_a);
    of_a->taken = of_b->taken = true;
    if (cost_a < 0 || cost_b < 0 || cost_a + cost_b > a->cost + b->cost + tolerance)
        return false;
    a->dialogue = of_b;
    b->dialogue = of_a;
    a->cost = cost_a;
    b->cost = cost_b;
    return true;
}

/* Numbers rise with connects: two sessions of one process that stand crosswise are swapped, if that
 * costs no more. */
static void straighten(const MstDialogues *self)
{
    enum { ROUNDS = 4 };
    bool swapped = true;

    for (int round = 0; round < ROUNDS && swapped; round++) {
        swapped = false;
        for (guint i = 0; i < self->sessions->len; i++) {
            Session *a = g_ptr_array_index(self->sessions, i);

            for (guint j = 0; j < self->sessions->len; j++) {
                Session *b = g_ptr_array_index(self->sessions, j);

                if (a->dialogue == NULL || b->dialogue == NULL || a->pid != b->pid ||
                    a->number >= b->number || a->dialogue->first.place <= b->dialogue->first.place)
                    continue;
                swapped |= swap(a, b);
            }
        }
    }
}

/* ---- what has been found */

static void give(MstDialogues *self, const Session *session)
{
    const MstDialogue *dialogue = session->dialogue;
    const GPtrArray *named = session->life->covered;
    MstConfidence confidence = session->rivalled ? MST_CONFIDENCE_INFERRED : MST_CONFIDENCE_STRONG;
    guint given = 0;

    for (guint i = 0; named != NULL && i < named->len; i++)
        given += mst_linker_cover(self->linker, g_ptr_array_index(named, i), session->life,
                                  MST_CONFIDENCE_EXACT, given == 0);
    for (guint i = 0; dialogue != NULL && i < dialogue->lives->len; i++) {
        MstLife *life = g_ptr_array_index(dialogue->lives, i);

        if (named == NULL || !g_ptr_array_find((GPtrArray *)named, life, NULL))
            given += mst_linker_cover(self->linker, life, session->life, confidence, given == 0);
    }
    mst_linker_drop_session(self->linker, session->life, given > 0);
}

/* Sessions that name their messages need no comparison. */
static void take_named(const MstDialogues *self)
{
    for (guint i = 0; i < self->sessions->len; i++) {
        Session *session = g_ptr_array_index(self->sessions, i);
        const GPtrArray *named = session->life->covered;

        for (guint j = 0; named != NULL && j < named->len && session->dialogue == NULL; j++) {
            MstDialogue *dialogue = ((MstLife *)g_ptr_array_index(named, j))->dialogue;

            if (dialogue == NULL || dialogue->taken)
                continue;
            session->dialogue = dialogue;
            dialogue->taken = true;
        }
    }
}

/* Takes out those that ended before; the younger ones only stood in the comparison. */
static GPtrArray *take_settled(MstDialogues *self, int64_t before_us)
{
    GPtrArray *settled = g_ptr_array_new_with_free_func(g_free);
    guint kept = 0;

    for (guint i = 0; i < self->sessions->len; i++) {
        Session *session = g_ptr_array_index(self->sessions, i);

        if (session->end.low_us < before_us) {
            g_ptr_array_add(settled, session);
            continue;
        }
        if (session->dialogue != NULL)
            session->dialogue->taken = session->dialogue->twice = false;
        session->dialogue = NULL;
        session->rivalled = false;
        self->sessions->pdata[kept++] = session;
    }
    g_ptr_array_set_size(self->sessions, (gint)kept);
    return settled;
}

static void settle(MstDialogues *self, int64_t before_us)
{
    g_autoptr(GPtrArray) settled = NULL;

    take_named(self);
    match(self);
    straighten(self);
    match_second(self);
    settled = take_settled(self, before_us);
    for (guint i = 0; i < settled->len; i++)
        give(self, g_ptr_array_index(settled, i));
}

/* Those that began later can not be over for long enough. */
static void drop_old(MstDialogues *self, int64_t before_us)
{
    GList *next;

    for (GList *at = self->all.head; at != NULL; at = next) {
        MstDialogue *dialogue = at->data;
        int64_t patience_us = dialogue->ended                           ? 0
                              : dialogue->system == MST_SYSTEM_SENDMAIL ? idle_us
                                                                        : 12 * idle_us;

        if (dialogue->first.low_us >= before_us)
            return;
        next = at->next;
        if (dialogue->last.low_us < before_us - patience_us)
            free_dialogue(self, dialogue);
    }
}

void mst_dialogues_take(MstDialogues *self, MstLife *life, const MstEvent *event)
{
    Session *session = g_new0(Session, 1);
    const char *slash = strchr(life->hop.queue_id, '/');

    self->lines++;
    self->any = true;
    session->life = life;
    session->end = point_of(self, event);
    session->length_us = MAX(event->delay_us, 0);
    session->discards = event->action == MST_ACTION_DISCARDED;
    session->pid = g_ascii_strtoull(life->hop.queue_id, NULL, 10);
    session->number = slash == NULL ? 0 : g_ascii_strtoull(slash + 1, NULL, 10);
    life->hop.first_us = session->end.low_us - session->length_us;
    g_ptr_array_add(self->sessions, session);
}

void mst_dialogues_advance(MstDialogues *self, int64_t now_us)
{
    const Session *oldest = self->sessions->len == 0 ? NULL : g_ptr_array_index(self->sessions, 0);

    if (oldest != NULL && oldest->end.low_us < now_us - hold_us)
        settle(self, now_us - hold_us);
    drop_old(self, now_us - 3 * hold_us);
}

void mst_dialogues_finish(MstDialogues *self)
{
    settle(self, G_MAXINT64);
}
