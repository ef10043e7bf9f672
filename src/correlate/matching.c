/* matching.c - which filter session covered which SMTP dialogue */
#include "matching.h"

#include "base/search.h"

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
static const double cheap = 1;
enum { near_lines = 100 };

/* How far a session's start may be from the dialogue's: with Postfix, with sendmail, and for the
 * second session of a dialogue, where any cost will do. */
static const int64_t postfix_reach_us = 400000, sendmail_reach_us = 1300000,
                     second_reach_us = 3100000;

/* How far a stamp may be behind those of the lines before it. A dialogue that begins with one that is further
 * behind is compared only with the sessions whose lines stand near its own. */
static const int64_t disorder_us = INT64_C(5) * G_USEC_PER_SEC;

void mst_matching_init(MstMatching *self)
{
    *self = (MstMatching){0};
    g_queue_init(&self->poor);
    self->touches = g_array_new(FALSE, FALSE, sizeof(Touch));
    self->sessions = g_ptr_array_new();
    self->named = g_ptr_array_new();
    self->new_sessions = g_ptr_array_new();
    self->new_dialogues = g_ptr_array_new();
}

void mst_matching_clear(MstMatching *self)
{
    g_assert(mst_agenda_first(&self->by_first) == NULL);
    mst_agenda_clear(&self->by_first);
    g_array_unref(self->touches);
    g_ptr_array_unref(self->sessions);
    g_ptr_array_unref(self->named);
    g_ptr_array_unref(self->new_sessions);
    g_ptr_array_unref(self->new_dialogues);
}

/* ---- dialogues and sessions come and go */

void mst_matching_begin(MstMatching *self, MstDialogue *dialogue)
{
    self->front_us = MAX(self->front_us, dialogue->first.low_us);
    self->coarsest_us = MAX(self->coarsest_us, dialogue->first.high_us - dialogue->first.low_us);
    self->unbounded |= dialogue->system != MST_SYSTEM_POSTFIX;
    dialogue->front_us = self->front_us;
    dialogue->by_first = mst_agenda_add(&self->by_first, self->front_us, dialogue);
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
    mst_agenda_remove(&self->by_first, dialogue->by_first);
    /* The oldest places are forgotten, if nothing stands there any more. */
    (void)mst_agenda_first(&self->by_first);
}

void mst_matching_add_session(MstMatching *self, MstFilterSession *session)
{
    if (self->touched == 0)
        self->touched = session->end.place;
    g_ptr_array_add(self->sessions, session);
    g_ptr_array_add(self->new_sessions, session);
    if (mst_life_extras(session->life)->covered != NULL)
        g_ptr_array_add(self->named, session);
    set_poor(self, session);
}

void mst_matching_drop_session(MstMatching *self, MstFilterSession *session)
{
    if (session->match != NULL)
        part(self, session);
    g_ptr_array_remove_fast(self->new_sessions, session);
    if (mst_life_extras(session->life)->covered != NULL)
        g_ptr_array_remove(self->named, session);
    if (session->poor.data != NULL)
        g_queue_unlink(&self->poor, &session->poor);
}

/* ---- those that can belong together */

static bool touches_before(gconstpointer touches, guint i, gconstpointer place)
{
    return g_array_index((const GArray *)touches, Touch, i).place < *(const uint64_t *)place;
}

/* The first touch at or behind this place. */
static guint find_touch(const MstMatching *self, uint64_t place)
{
    return mst_search(self->touches, self->touches->len, touches_before, &place);
}

/* Are all dialogues that would be cheap for this session near its line, and known to be? */
static bool is_bounded(const MstMatching *self, const MstFilterSession *session)
{
    return !self->unbounded && session->end.place >= self->touched + near_lines;
}

/* A walk over the dialogues whose last line stands near the session's. */
typedef struct NearWalk {
    const Touch *at, *end;
    uint64_t last; /* place */
} NearWalk;

static NearWalk walk_near(const MstMatching *self, const MstFilterSession *session)
{
    const Touch *touches = (const Touch *)self->touches->data;
    uint64_t place = session->end.place;

    return (NearWalk){touches + find_touch(self, place - near_lines), touches + self->touches->len,
                      place + near_lines};
}

static MstDialogue *next_near(NearWalk *walk)
{
    for (; walk->at < walk->end && walk->at->place <= walk->last; walk->at++) {
        if (walk->at->dialogue->last.place == walk->at->place)
            return (walk->at++)->dialogue;
    }
    return NULL;
}

/* A walk back over the dialogues whose first line is near the session's start in time. */
typedef struct BegunWalk {
    const MstAgenda *by_first;
    uint64_t at; /* the place behind the next one */
    const MstHost *host;
    int64_t low_us, high_us;
    uint64_t last; /* place */
} BegunWalk;

static BegunWalk walk_begun(const MstMatching *self, const MstFilterSession *session,
                            int64_t reach_us)
{
    int64_t high_us = session->end.high_us - session->length_us + reach_us;

    return (BegunWalk){&self->by_first,
                       mst_agenda_search(&self->by_first, high_us + disorder_us),
                       session->life->hop.host,
                       session->end.low_us - session->length_us - reach_us - self->coarsest_us,
                       high_us,
                       session->end.place};
}

static BegunWalk walk_matchable(const MstMatching *self, const MstFilterSession *session)
{
    return walk_begun(self, session, self->unbounded ? sendmail_reach_us : postfix_reach_us);
}

static MstDialogue *next_begun(BegunWalk *walk)
{
    while (walk->at > walk->by_first->first) {
        MstDialogue *dialogue = mst_agenda_at(walk->by_first, --walk->at);

        if (mst_agenda_due_us(walk->by_first, walk->at) < walk->low_us)
            return NULL;
        if (dialogue != NULL && dialogue->host == walk->host &&
            dialogue->first.low_us <= walk->high_us && dialogue->first.place <= walk->last)
            return dialogue;
    }
    return NULL;
}

/* ---- matching */

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

/* Takes the pair instead of the best so far, if that is what both would rather have. Nothing is worked
 * out where even the least that it can cost would be too much. */
static void consider(Pair *best, MstFilterSession *session, MstDialogue *dialogue, double least)
{
    Pair pair = {least, session, dialogue};

    if (least > best->cost || !is_free(dialogue) || !suits_dialogue(&pair) || !suits_session(&pair))
        return;
    pair.cost = mst_dialogue_cost(session, dialogue);
    if (is_possible(&pair) && suits_dialogue(&pair) && suits_session(&pair) &&
        (best->session == NULL || best->dialogue == NULL || goes_first(&pair, best)))
        *best = pair;
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

/* Has it a session that suits it better than any could which is not near? */
static bool is_content(const MstDialogue *dialogue)
{
    return dialogue->match != NULL && dialogue->match->match_cost < cheap;
}

static void match_session(MstMatching *self, MstFilterSession *session)
{
    bool bounded = is_bounded(self, session);
    Pair best = {G_MAXDOUBLE, session, NULL};
    MstDialogue *dialogue;

    if (bounded) {
        NearWalk near = walk_near(self, session);

        while ((dialogue = next_near(&near)) != NULL)
            consider(&best, session, dialogue, mst_dialogue_least_cost(session, dialogue));
    }
    if (!bounded || best.cost >= cheap) {
        BegunWalk begun = walk_matchable(self, session);

        while ((dialogue = next_begun(&begun)) != NULL) {
            if (!bounded)
                consider(&best, session, dialogue, mst_dialogue_least_cost(session, dialogue));
            else if (!is_content(dialogue))
                consider(&best, session, dialogue, cheap);
        }
    }
    if (best.dialogue != NULL)
        join(self, &best);
}

/* It may have been matched since it was listed, but not with the session that would suit it best.
 * Sessions that are neither near nor poor have a cheaper match than this one could be. */
static void match_dialogue(MstMatching *self, MstDialogue *dialogue)
{
    MstFilterSession *own = dialogue->match;
    Pair best = {own == NULL ? G_MAXDOUBLE : own->match_cost, own, dialogue};
    bool near_only = dialogue->system == MST_SYSTEM_POSTFIX;
    uint64_t place = dialogue->last.place;
    guint from = near_only
                     ? mst_filter_sessions_find(self->sessions, place - MIN(place, near_lines))
                     : 0;

    for (guint i = from; i < self->sessions->len; i++) {
        MstFilterSession *session = g_ptr_array_index(self->sessions, i);

        if (near_only && session->end.place > place + near_lines)
            break;
        consider(&best, session, dialogue, mst_dialogue_least_cost(session, dialogue));
    }
    for (GList *at = self->poor.head; near_only && at != NULL; at = at->next)
        consider(&best, at->data, dialogue, cheap);
    if (best.session != own)
        join(self, &best);
}

/* ---- sessions that name their messages */

/* The dialogue of a message that the session names. */
static MstDialogue *find_named(const MstFilterSession *session)
{
    const GPtrArray *covered = session->life->extras->covered;

    for (guint i = 0; i < covered->len; i++) {
        MstDialogue *dialogue = mst_life_dialogue(g_ptr_array_index(covered, i));

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

/* The earliest goes first: of what costs the same it would get what it likes in any case. */
void mst_matching_update(MstMatching *self)
{
    guint sessions = 0, dialogues = 0;

    part_listed(self);
    match_named(self);
    while (sessions < self->new_sessions->len || dialogues < self->new_dialogues->len) {
        if (sessions < self->new_sessions->len) {
            MstFilterSession *session = g_ptr_array_index(self->new_sessions, sessions++);

            if (session->match == NULL)
                match_session(self, session);
        } else {
            MstDialogue *dialogue = g_ptr_array_index(self->new_dialogues, dialogues++);

            dialogue->listed = false;
            if (is_free(dialogue))
                match_dialogue(self, dialogue);
        }
    }
    g_ptr_array_set_size(self->new_sessions, 0);
    g_ptr_array_set_size(self->new_dialogues, 0);
}

static const double rival_margin = 0.2;

/* Is this a pair that goes behind the session's own match, but not far? */
static bool is_rival(const Pair *own, MstDialogue *dialogue)
{
    Pair pair = {0, own->session, dialogue};

    if (!is_free(dialogue) || dialogue == own->dialogue)
        return false;
    pair.cost = mst_dialogue_cost(own->session, dialogue);
    return is_possible(&pair) && pair.cost - own->cost < rival_margin &&
           (own->session->named || goes_first(own, &pair));
}

bool mst_matching_is_rivalled(const MstMatching *self, MstFilterSession *session)
{
    Pair own = {session->match_cost, session, session->match};
    NearWalk near;
    BegunWalk begun;
    MstDialogue *dialogue;

    if (session->match == NULL)
        return false;
    if (is_bounded(self, session)) {
        near = walk_near(self, session);
        while ((dialogue = next_near(&near)) != NULL) {
            if (is_rival(&own, dialogue))
                return true;
        }
        if (own.cost + rival_margin < cheap)
            return false;
    }
    begun = walk_matchable(self, session);
    while ((dialogue = next_begun(&begun)) != NULL) {
        if (is_rival(&own, dialogue))
            return true;
    }
    return false;
}

static bool has_discard(const MstDialogue *dialogue)
{
    for (const GList *at = dialogue->lives.head; at != NULL; at = at->next) {
        if (mst_life_in_dialogue(at)->hop.verdict == MST_ACTION_DISCARDED)
            return true;
    }
    return false;
}

MstDialogue *mst_matching_find_second(const MstMatching *self, const MstFilterSession *session)
{
    BegunWalk begun = walk_begun(self, session, second_reach_us);
    MstDialogue *found = NULL;
    MstDialogue *dialogue;

    while ((dialogue = next_begun(&begun)) != NULL) {
        bool given = dialogue->taken || dialogue->match != NULL;

        if (given && !dialogue->twice && has_discard(dialogue) &&
            mst_dialogue_cost(session, dialogue) >= 0)
            found = dialogue;
    }
    return found;
}
