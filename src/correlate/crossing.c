/* crossing.c - filter sessions that stand crosswise to their dialogues */
#include "crossing.h"

#include "base/search.h"

static int compare_numbers(const MstFilterSession *a, const MstFilterSession *b)
{
    if (a->pid != b->pid)
        return a->pid < b->pid ? -1 : 1;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return a->end.place < b->end.place ? -1 : a->end.place > b->end.place;
}

static bool has_less(gconstpointer by_number, guint i, gconstpointer session)
{
    return compare_numbers(g_ptr_array_index((const GPtrArray *)by_number, i), session) < 0;
}

/* Where the session stands, or belongs. */
static guint find_place(const GPtrArray *by_number, const MstFilterSession *session)
{
    return mst_search(by_number, by_number->len, has_less, session);
}

void mst_crossing_add(GPtrArray *by_number, MstFilterSession *session)
{
    g_ptr_array_insert(by_number, (gint)find_place(by_number, session), session);
}

void mst_crossing_remove(GPtrArray *by_number, MstFilterSession *session)
{
    g_ptr_array_remove_index(by_number, find_place(by_number, session));
}

/* ---- the order in which their dialogues began */

/* Behind that of any session whose dialogue is known. */
static uint64_t first_place(const MstFilterSession *session)
{
    return session->dialogue == NULL ? G_MAXUINT64 : session->dialogue->first.place;
}

/* Notes for each session when the first of its dialogue and those behind it began. */
static void note_earliest(const GPtrArray *by_number, guint from, guint to)
{
    uint64_t earliest = G_MAXUINT64;

    for (guint i = to; i-- > from;) {
        MstFilterSession *session = g_ptr_array_index(by_number, i);

        session->earliest = earliest = MIN(earliest, first_place(session));
    }
}

/* ---- swaps */

static const double tolerance = 0.02;
static const double dear = 0.8; /* few sessions cost so much */

/* A session, and what it costs or has cost. */
typedef struct Dear {
    double cost;
    MstFilterSession *session;
} Dear;

/* Sessions of one process that may stand crosswise with each other. */
typedef struct Part {
    GPtrArray *by_end;  /* of MstFilterSession * */
    GPtrArray *by_last; /* of MstDialogue *: theirs, by last line */
    GArray *dears;      /* of Dear: those that cost much, the dearest first */
    bool unbounded;     /* some dialogues can fit far from their last line */
} Part;

static int compare_ends(gconstpointer a, gconstpointer b)
{
    const MstFilterSession *left = *(MstFilterSession *const *)a;
    const MstFilterSession *right = *(MstFilterSession *const *)b;

    return left->end.place < right->end.place ? -1 : left->end.place > right->end.place;
}

static int compare_lasts(gconstpointer a, gconstpointer b)
{
    const MstDialogue *left = *(MstDialogue *const *)a;
    const MstDialogue *right = *(MstDialogue *const *)b;

    return left->last.place < right->last.place ? -1 : left->last.place > right->last.place;
}

static void note_cost(Part *part, MstFilterSession *session)
{
    Dear entry = {session->cost, session};
    guint i = part->dears->len;

    if (session->cost < dear)
        return;
    while (i > 0 && g_array_index(part->dears, Dear, i - 1).cost < session->cost)
        i--;
    g_array_insert_val(part->dears, i, entry);
}

static Part part_of(const GPtrArray *by_number, guint from, guint to)
{
    Part part = {g_ptr_array_sized_new(to - from), g_ptr_array_sized_new(to - from),
                 g_array_new(FALSE, FALSE, sizeof(Dear)), false};

    for (guint i = from; i < to; i++) {
        MstFilterSession *session = g_ptr_array_index(by_number, i);

        if (session->dialogue == NULL)
            continue;
        session->dialogue->holder = session;
        part.unbounded |= session->dialogue->system != MST_SYSTEM_POSTFIX;
        g_ptr_array_add(part.by_end, session);
        g_ptr_array_add(part.by_last, session->dialogue);
        note_cost(&part, session);
    }
    g_ptr_array_sort(part.by_end, compare_ends);
    g_ptr_array_sort(part.by_last, compare_lasts);
    return part;
}

static void clear_part(Part *part)
{
    g_ptr_array_unref(part->by_end);
    g_ptr_array_unref(part->by_last);
    g_array_unref(part->dears);
}

static bool swap(Part *part, MstFilterSession *a, MstFilterSession *b)
{
    MstDialogue *of_a = a->dialogue;
    double cost_a = mst_dialogue_cost(a, b->dialogue);
    double cost_b = mst_dialogue_cost(b, of_a);

    if (cost_a < 0 || cost_b < 0 || cost_a + cost_b > a->cost + b->cost + tolerance)
        return false;
    a->dialogue = b->dialogue;
    b->dialogue = of_a;
    a->dialogue->holder = a;
    b->dialogue->holder = b;
    a->cost = cost_a;
    b->cost = cost_b;
    note_cost(part, a);
    note_cost(part, b);
    return true;
}

/* Most swaps would cost too much by the lines between alone. */
static bool may_swap(const MstFilterSession *a, const MstFilterSession *b)
{
    return mst_dialogue_least_cost(a, b->dialogue) + mst_dialogue_least_cost(b, a->dialogue) <=
           a->cost + b->cost + tolerance;
}

/* Is this the first one behind `place` that stands crosswise and may be swapped with `a`? */
static void consider(MstFilterSession **found, const MstFilterSession *a, MstFilterSession *b,
                     uint64_t place)
{
    if (a->number < b->number && first_place(b) < first_place(a) && b->end.place > place &&
        (*found == NULL || b->end.place < (*found)->end.place) && may_swap(a, b))
        *found = b;
}

static bool lasts_before(gconstpointer by_last, guint i, gconstpointer place)
{
    const MstDialogue *dialogue = g_ptr_array_index((const GPtrArray *)by_last, i);

    return dialogue->last.place < *(const uint64_t *)place;
}

static guint find_last(const GPtrArray *by_last, uint64_t place)
{
    return mst_search(by_last, by_last->len, lasts_before, &place);
}

/* What two lines have between them costs up to one, for a hundred lines. So if two sessions together
 * cost less than two, one of them must be nearer than that to the other's dialogue. */
static bool may_be_far(const MstFilterSession *a, double cost)
{
    return a->cost + cost + tolerance >= 2;
}

/* The first session behind `place` that may be swapped with `a`, where all that may be far are dear. */
static MstFilterSession *find_crosswise(const Part *part, const MstFilterSession *a, uint64_t place)
{
    enum { FAR = 100 };
    uint64_t end = a->end.place, last = a->dialogue->last.place;
    MstFilterSession *found = NULL;

    for (guint i = find_last(part->by_last, end - MIN(end, FAR)); i < part->by_last->len; i++) {
        const MstDialogue *dialogue = g_ptr_array_index(part->by_last, i);

        if (dialogue->last.place > end + FAR)
            break;
        consider(&found, a, dialogue->holder, place);
    }
    for (guint i = mst_filter_sessions_find(part->by_end, last - MIN(last, FAR));
         i < part->by_end->len; i++) {
        MstFilterSession *b = g_ptr_array_index(part->by_end, i);

        if (b->end.place > last + FAR)
            break;
        consider(&found, a, b, place);
    }
    for (guint i = 0; i < part->dears->len; i++) {
        const Dear *entry = &g_array_index(part->dears, Dear, i);

        if (!may_be_far(a, entry->cost))
            break;
        consider(&found, a, entry->session, place);
    }
    return found;
}

static MstFilterSession *find_any(const Part *part, const MstFilterSession *a, uint64_t place)
{
    MstFilterSession *found = NULL;

    for (guint i = mst_filter_sessions_find(part->by_end, place);
         i < part->by_end->len && found == NULL; i++)
        consider(&found, a, g_ptr_array_index(part->by_end, i), place);
    return found;
}

/* Tries `a` with all others, in the order in which they ended. */
static bool swap_one(Part *part, MstFilterSession *a)
{
    bool swapped = false;
    uint64_t place = 0;

    for (;;) {
        MstFilterSession *b = part->unbounded || may_be_far(a, dear)
                                  ? find_any(part, a, place)
                                  : find_crosswise(part, a, place);

        if (b == NULL)
            return swapped;
        swapped |= swap(part, a, b);
        place = b->end.place;
    }
}

static void straighten(const GPtrArray *by_number, guint from, guint to)
{
    enum { ROUNDS = 4 };
    Part part = part_of(by_number, from, to);
    bool swapped = true;

    for (int round = 0; round < ROUNDS && swapped; round++) {
        swapped = false;
        for (guint i = 0; i < part.by_end->len; i++)
            swapped |= swap_one(&part, g_ptr_array_index(part.by_end, i));
    }
    clear_part(&part);
}

/* ---- which sessions can stand crosswise at all */

/* The sessions of a process fall into parts: all dialogues of one part began before those of the next.
 * None is swapped with one of another part, so only those parts count in which a session is wanted. */
static void straighten_process(const GPtrArray *by_number, guint from, guint to, int64_t before_us)
{
    uint64_t latest = 0;
    bool wanted = false;
    guint part = from;

    note_earliest(by_number, from, to);
    for (guint i = from; i < to; i++) {
        const MstFilterSession *session = g_ptr_array_index(by_number, i);

        if (latest < session->earliest) {
            if (wanted && i - part > 1)
                straighten(by_number, part, i);
            part = i;
            wanted = false;
        }
        wanted |= session->end.low_us < before_us;
        if (session->dialogue != NULL)
            latest = MAX(latest, session->dialogue->first.place);
    }
    if (wanted && to - part > 1)
        straighten(by_number, part, to);
}

/* Gives the sessions of one process what they match; the next process begins at what is given back. */
static guint give_matches(const GPtrArray *by_number, guint from, bool *crosswise)
{
    uint64_t pid = ((const MstFilterSession *)g_ptr_array_index(by_number, from))->pid;
    uint64_t latest = 0;
    guint i;

    *crosswise = false;
    for (i = from; i < by_number->len; i++) {
        MstFilterSession *session = g_ptr_array_index(by_number, i);

        if (session->pid != pid)
            break;
        session->dialogue = session->match;
        session->cost = session->match_cost;
        if (session->dialogue == NULL)
            continue;
        *crosswise |= session->dialogue->first.place < latest;
        latest = session->dialogue->first.place;
    }
    return i;
}

void mst_crossing_straighten(const GPtrArray *by_number, int64_t before_us)
{
    guint from = 0;

    while (from < by_number->len) {
        bool crosswise;
        guint to = give_matches(by_number, from, &crosswise);

        if (crosswise)
            straighten_process(by_number, from, to, before_us);
        from = to;
    }
}
