/* matching.c - which filter session covered which SMTP dialogue */
#include "matching.h"

/* A line of a dialogue; its last one, as long as no other came. */
typedef struct Touch {
    uint64_t place;
    MstDialogue *dialogue;
} Touch;

typedef struct Pair {
    double cost;
    MstFilterSession *session;
    MstDialogue *dialogue; /* or session: NULL none */
} Pair;

static const double cost_limit = 6; /* those that are dearer do not belong together */

/* Each line between the last one of a Postfix dialogue and the session's costs a hundredth. So pairs
 * that cost less than `cheap` have fewer than `near_lines` between them. */
static const double cheap = 0.5;
enum { near_lines = 50 };

/* How far a session's start may be from the dialogue's: with Postfix, with sendmail, and for the
 * second session of a dialogue, where any cost will do. */
static const int64_t postfix_reach_us = 400000, sendmail_reach_us = 1300000,
                     second_reach_us = 3100000;

void mst_matching_init(MstMatching *self)
{
    *self = (MstMatching){0};
    g_queue_init(&self->by_first);
    g_queue_init(&self->poor);
    self->touches = g_array_new(FALSE, FALSE, sizeof(Touch));
    self->sessions = g_ptr_array_new();
    self->named = g_ptr_array_new();
    self->new_sessions = g_ptr_array_new();
    self->new_dialogues = g_ptr_array_new();
    self->candidates = g_ptr_array_new();
}

void mst_matching_clear(MstMatching *self)
{
    g_assert(self->by_first.length == 0);
    g_array_unref(self->touches);
    g_ptr_array_unref(self->sessions);
    g_ptr_array_unref(self->named);
    g_ptr_array_unref(self->new_sessions);
    g_ptr_array_unref(self->new_dialogues);
    g_ptr_array_unref(self->candidates);
}

/* ---- dialogues and sessions come and go */

void mst_matching_begin(MstMatching *self, MstDialogue *dialogue)
{
    const MstDialogue *before = self->by_first.tail == NULL ? NULL : self->by_first.tail->data;

    dialogue->front_us = dialogue->first.low_us;
    if (before != NULL && before->front_us > dialogue->front_us)
        dialogue->front_us = before->front_us;
    self->coarsest_us = MAX(self->coarsest_us, dialogue->first.high_us - dialogue->first.low_us);
    self->unbounded |= dialogue->system != MST_SYSTEM_POSTFIX;
    dialogue->by_first.data = dialogue;
    g_queue_push_tail_link(&self->by_first, &dialogue->by_first);
}

static void list_dialogue(MstMatching *self, MstDialogue *dialogue)
{
    if (dialogue->listed)
        return;
    dialogue->listed = true;
    g_ptr_array_add(self->new_dialogues, dialogue);
}

/* Touches that no session stands near to any more; half of them at once, so that few are moved. */
static void forget_touches(MstMatching *self)
{
    enum { FEW = 1024 };
    const Touch *touches = (const Touch *)self->touches->data;
    guint half = self->touches->len / 2;
    const MstFilterSession *oldest = self->sessions->len == 0
                                         ? NULL
                                         : g_ptr_array_index(self->sessions, 0);
    uint64_t end;

    if (half < FEW)
        return;
    end = oldest == NULL ? touches[self->touches->len - 1].place : oldest->end.place;
    if (touches[half].place + near_lines >= end)
        return;
    self->touched = touches[half].place;
    g_array_remove_range(self->touches, 0, half);
}

void mst_matching_touch(MstMatching *self, MstDialogue *dialogue)
{
    Touch touch = {dialogue->last.place, dialogue};

    if (self->touched == 0)
        self->touched = touch.place;
    if (self->sessions->len > 0)
        list_dialogue(self, dialogue);
    if ((self->touches->len & (self->touches->len - 1)) == 0)
        forget_touches(self);
    g_array_append_val(self->touches, touch);
}

static void set_poor(MstMatching *self, MstFilterSession *session)
{
    bool poor = !session->named && (session->match == NULL || session->match_cost >= cheap);

    if (poor == (session->poor.data != NULL))
        return;
    if (poor)
        g_queue_push_tail_link(&self->poor, &session->poor);
    else
        g_queue_unlink(&self->poor, &session->poor);
    session->poor.data = poor ? session : NULL;
}

/* Either will have to look for another. */
static void part(MstMatching *self, MstFilterSession *session)
{
    MstDialogue *dialogue = session->match;

    session->match = NULL;
    session->named = false;
    dialogue->match = NULL;
    set_poor(self, session);
    g_ptr_array_add(self->new_sessions, session);
    list_dialogue(self, dialogue);
}

void mst_matching_change(MstMatching *self, MstDialogue *dialogue)
{
    if (dialogue->match != NULL)
        part(self, dialogue->match);
    else
        list_dialogue(self, dialogue);
}

void mst_matching_drop_dialogue(MstMatching *self, MstDialogue *dialogue)
{
    if (dialogue->match != NULL)
        part(self, dialogue->match);
    if (dialogue->listed)
        g_ptr_array_remove_fast(self->new_dialogues, dialogue);
    g_queue_unlink(&self->by_first, &dialogue->by_first);
}

void mst_matching_add_session(MstMatching *self, MstFilterSession *session)
{
    if (self->touched == 0)
        self->touched = session->end.place;
    g_ptr_array_add(self->sessions, session);
    g_ptr_array_add(self->new_sessions, session);
    if (session->life->covered != NULL)
        g_ptr_array_add(self->named, session);
    set_poor(self, session);
}

void mst_matching_drop_session(MstMatching *self, MstFilterSession *session)
{
    if (session->match != NULL)
        part(self, session);
    g_ptr_array_remove_fast(self->new_sessions, session);
    if (session->life->covered != NULL)
        g_ptr_array_remove(self->named, session);
    if (session->poor.data != NULL)
        g_queue_unlink(&self->poor, &session->poor);
}

/* ---- those that can belong together */

/* The first touch at or behind this place. */
static guint find_touch(const MstMatching *self, uint64_t place)
{
    guint low = 0, high = self->touches->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (g_array_index(self->touches, Touch, middle).place < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first session that ended at or behind this place. */
static guint find_session(const MstMatching *self, uint64_t place)
{
    guint low = 0, high = self->sessions->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        const MstFilterSession *session = g_ptr_array_index(self->sessions, middle);

        if (session->end.place < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Are all dialogues that would be cheap for this session near its line, and known to be? */
static bool is_bounded(const MstMatching *self, const MstFilterSession *session)
{
    return !self->unbounded && session->end.place >= self->touched + near_lines;
}

/* Dialogues whose last line stands near the session's. */
static void list_near(MstMatching *self, const MstFilterSession *session)
{
    uint64_t end = session->end.place + near_lines;

    g_ptr_array_set_size(self->candidates, 0);
    for (guint i = find_touch(self, session->end.place - near_lines); i < self->touches->len; i++) {
        const Touch *touch = &g_array_index(self->touches, Touch, i);

        if (touch->place > end)
            return;
        if (touch->dialogue->last.place == touch->place)
            g_ptr_array_add(self->candidates, touch->dialogue);
    }
}

/* Dialogues whose first line is near the session's start in time. */
static void list_begun(MstMatching *self, const MstFilterSession *session, int64_t reach_us)
{
    int64_t low_us = session->end.low_us - session->length_us - reach_us - self->coarsest_us;
    int64_t high_us = session->end.high_us - session->length_us + reach_us;

    g_ptr_array_set_size(self->candidates, 0);
    for (GList *at = self->by_first.tail; at != NULL; at = at->prev) {
        MstDialogue *dialogue = at->data;

        if (dialogue->front_us < low_us)
            return;
        if (dialogue->first.low_us <= high_us && dialogue->first.place <= session->end.place)
            g_ptr_array_add(self->candidates, dialogue);
    }
}

static void list_matchable(MstMatching *self, const MstFilterSession *session)
{
    list_begun(self, session, self->unbounded ? sendmail_reach_us : postfix_reach_us);
}

const GPtrArray *mst_matching_find_begun(MstMatching *self, const MstFilterSession *session)
{
    list_begun(self, session, second_reach_us);
    return self->candidates;
}

/* ---- matching */

static Pair pair_of(MstFilterSession *session, MstDialogue *dialogue)
{
    return (Pair){mst_dialogue_cost(session, dialogue), session, dialogue};
}

static bool is_possible(const Pair *pair)
{
    return pair->cost >= 0 && pair->cost < cost_limit;
}

/* Which of two pairs is made first? No two are alike. */
static bool goes_first(const Pair *pair, const Pair *other)
{
    if (pair->cost != other->cost)
        return pair->cost < other->cost;
    if (pair->session != other->session)
        return pair->session->end.place < other->session->end.place;
    return pair->dialogue->first.place < other->dialogue->first.place;
}

static bool is_free(const MstDialogue *dialogue)
{
    return !dialogue->taken && (dialogue->match == NULL || !dialogue->match->named);
}

/* Would the dialogue rather have this session than its own? */
static bool suits_dialogue(const Pair *pair)
{
    MstFilterSession *session = pair->dialogue->match;

    return session == NULL ||
           goes_first(pair, &(Pair){session->match_cost, session, pair->dialogue});
}

/* Would the session rather have this dialogue than its own? */
static bool suits_session(const Pair *pair)
{
    const MstFilterSession *session = pair->session;

    if (session->named)
        return false;
    return session->match == NULL ||
           goes_first(pair, &(Pair){session->match_cost, pair->session, session->match});
}

/* The cheapest of the candidates that would rather have this session. */
static Pair choose_dialogue(const MstMatching *self, MstFilterSession *session)
{
    Pair best = {G_MAXDOUBLE, session, NULL};

    for (guint i = 0; i < self->candidates->len; i++) {
        Pair pair = pair_of(session, g_ptr_array_index(self->candidates, i));

        if (is_possible(&pair) && pair.cost <= best.cost && is_free(pair.dialogue) &&
            suits_dialogue(&pair) && (best.dialogue == NULL || goes_first(&pair, &best)))
            best = pair;
    }
    return best;
}

static void join(MstMatching *self, const Pair *pair)
{
    if (pair->session->match != NULL)
        part(self, pair->session);
    if (pair->dialogue->match != NULL)
        part(self, pair->dialogue->match);
    pair->session->match = pair->dialogue;
    pair->session->match_cost = pair->cost;
    pair->dialogue->match = pair->session;
    set_poor(self, pair->session);
}

static void match_session(MstMatching *self, MstFilterSession *session)
{
    Pair best = {G_MAXDOUBLE, session, NULL};

    if (is_bounded(self, session)) {
        list_near(self, session);
        best = choose_dialogue(self, session);
    }
    if (best.cost >= cheap) {
        list_matchable(self, session);
        best = choose_dialogue(self, session);
    }
    if (best.dialogue != NULL)
        join(self, &best);
}

static void consider(Pair *best, MstFilterSession *session)
{
    Pair pair = pair_of(session, best->dialogue);

    if (is_possible(&pair) && pair.cost <= best->cost && suits_session(&pair) &&
        (best->session == NULL || goes_first(&pair, best)))
        *best = pair;
}

/* It may have been matched since it was listed, but not with the session that would suit it best.
 * Sessions that are neither near nor poor have a cheaper match than this one could be. */
static void match_dialogue(MstMatching *self, MstDialogue *dialogue)
{
    MstFilterSession *own = dialogue->match;
    Pair best = {own == NULL ? G_MAXDOUBLE : own->match_cost, own, dialogue};
    bool near_only = dialogue->system == MST_SYSTEM_POSTFIX;
    uint64_t place = dialogue->last.place;
    guint from = near_only ? find_session(self, place - MIN(place, near_lines)) : 0;

    for (guint i = from; i < self->sessions->len; i++) {
        MstFilterSession *session = g_ptr_array_index(self->sessions, i);

        if (near_only && session->end.place > place + near_lines)
            break;
        consider(&best, session);
    }
    for (GList *at = self->poor.head; near_only && at != NULL; at = at->next)
        consider(&best, at->data);
    if (best.session != own)
        join(self, &best);
}

/* ---- sessions that name their messages */

/* The dialogue of a message that the session names. */
static MstDialogue *find_named(const MstFilterSession *session)
{
    const GPtrArray *covered = session->life->covered;

    for (guint i = 0; i < covered->len; i++) {
        MstDialogue *dialogue = ((const MstLife *)g_ptr_array_index(covered, i))->dialogue;

        if (dialogue != NULL && is_free(dialogue))
            return dialogue;
    }
    return NULL;
}

/* They need no comparison, and go before all others; the earliest first. Messages may have been given
 * to a dialogue, or been freed, since the last time. */
static void match_named(MstMatching *self)
{
    for (guint i = 0; i < self->named->len; i++) {
        MstFilterSession *session = g_ptr_array_index(self->named, i);

        if (session->named)
            part(self, session);
    }
    for (guint i = 0; i < self->named->len; i++) {
        MstFilterSession *session = g_ptr_array_index(self->named, i);
        MstDialogue *dialogue = find_named(session);

        if (dialogue == NULL)
            continue;
        join(self, &(Pair){0, session, dialogue});
        session->named = true;
    }
}

/* What was compared with a dialogue's last line may not hold for its new one. */
static void part_listed(MstMatching *self)
{
    for (guint i = 0; i < self->new_dialogues->len; i++) {
        const MstDialogue *dialogue = g_ptr_array_index(self->new_dialogues, i);

        if (dialogue->match != NULL && !dialogue->match->named)
            part(self, dialogue->match);
    }
}

static gpointer take_last(GPtrArray *array)
{
    return g_ptr_array_steal_index_fast(array, array->len - 1);
}

void mst_matching_update(MstMatching *self)
{
    part_listed(self);
    match_named(self);
    while (self->new_sessions->len + self->new_dialogues->len > 0) {
        if (self->new_sessions->len > 0) {
            MstFilterSession *session = take_last(self->new_sessions);

            if (session->match == NULL)
                match_session(self, session);
        } else {
            MstDialogue *dialogue = take_last(self->new_dialogues);

            dialogue->listed = false;
            if (is_free(dialogue))
                match_dialogue(self, dialogue);
        }
    }
}

bool mst_matching_is_rivalled(MstMatching *self, const MstFilterSession *session)
{
    const double close = 0.2;
    Pair own = {session->match_cost, (MstFilterSession *)session, session->match};

    if (session->match == NULL)
        return false;
    if (is_bounded(self, session) && own.cost + close <= cheap)
        list_near(self, session);
    else
        list_matchable(self, session);
    for (guint i = 0; i < self->candidates->len; i++) {
        Pair pair = pair_of(own.session, g_ptr_array_index(self->candidates, i));

        if (is_possible(&pair) && is_free(pair.dialogue) && pair.dialogue != own.dialogue &&
            pair.cost - own.cost < close && (session->named || goes_first(&own, &pair)))
            return true;
    }
    return false;
}
