/* crossing.c - filter sessions that stand crosswise to their dialogues */
#include "crossing.h"

/* Sessions that follow each other, whose dialogues all began before those of the sessions behind them:
 * none of them is to be swapped with one outside. */
typedef struct Block {
    guint from, to;  /* in the array; `to` is not one of it */
    uint64_t latest; /* place at which one of its dialogues began */
} Block;

static int compare_numbers(const MstFilterSession *a, const MstFilterSession *b)
{
    if (a->pid != b->pid)
        return a->pid < b->pid ? -1 : 1;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return a->end.place < b->end.place ? -1 : a->end.place > b->end.place;
}

/* Where the session stands, or belongs. */
static guint find_place(const GPtrArray *by_number, const MstFilterSession *session)
{
    guint low = 0, high = by_number->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (compare_numbers(g_ptr_array_index(by_number, middle), session) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void mst_crossing_add(GPtrArray *by_number, MstFilterSession *session)
{
    g_ptr_array_insert(by_number, (gint)find_place(by_number, session), session);
}

void mst_crossing_remove(GPtrArray *by_number, MstFilterSession *session)
{
    g_ptr_array_remove_index(by_number, find_place(by_number, session));
}

static bool swap(MstFilterSession *a, MstFilterSession *b)
{
    const double tolerance = 0.02;
    MstDialogue *of_a = a->dialogue;
    double cost_a = mst_dialogue_cost(a, b->dialogue);
    double cost_b = mst_dialogue_cost(b, of_a);

    if (cost_a < 0 || cost_b < 0 || cost_a + cost_b > a->cost + b->cost + tolerance)
        return false;
    a->dialogue = b->dialogue;
    b->dialogue = of_a;
    a->cost = cost_a;
    b->cost = cost_b;
    return true;
}

static int compare_ends(gconstpointer a, gconstpointer b)
{
    const MstFilterSession *left = *(MstFilterSession *const *)a;
    const MstFilterSession *right = *(MstFilterSession *const *)b;

    return left->end.place < right->end.place ? -1 : left->end.place > right->end.place;
}

static bool swap_once(const GPtrArray *sessions)
{
    bool swapped = false;

    for (guint i = 0; i < sessions->len; i++) {
        MstFilterSession *a = g_ptr_array_index(sessions, i);

        for (guint j = 0; j < sessions->len; j++) {
            MstFilterSession *b = g_ptr_array_index(sessions, j);

            if (a->number < b->number && a->dialogue->first.place > b->dialogue->first.place)
                swapped |= swap(a, b);
        }
    }
    return swapped;
}

static void straighten(const GPtrArray *by_number, const Block *block, int64_t before_us)
{
    enum { ROUNDS = 4 };
    g_autoptr(GPtrArray) sessions = g_ptr_array_new();
    bool wanted = false;

    for (guint i = block->from; i < block->to; i++) {
        MstFilterSession *session = g_ptr_array_index(by_number, i);

        wanted |= session->end.low_us < before_us;
        if (session->dialogue != NULL)
            g_ptr_array_add(sessions, session);
    }
    if (!wanted || sessions->len < 2)
        return;
    g_ptr_array_sort(sessions, compare_ends);
    for (int round = 0; round < ROUNDS; round++) {
        if (!swap_once(sessions))
            return;
    }
}

/* Adds a session's dialogue to the blocks of its process: as a block of its own or, if it began before
 * dialogues of those with smaller numbers, to theirs. */
static void add_to_blocks(GArray *blocks, guint at, uint64_t place)
{
    Block block = {at, at + 1, place};

    while (blocks->len > 0 && g_array_index(blocks, Block, blocks->len - 1).latest > place) {
        const Block *before = &g_array_index(blocks, Block, blocks->len - 1);

        block.from = before->from;
        block.latest = MAX(block.latest, before->latest);
        g_array_set_size(blocks, blocks->len - 1);
    }
    g_array_append_val(blocks, block);
}

static void straighten_process(const GPtrArray *by_number, guint from, guint to, int64_t before_us)
{
    g_autoptr(GArray) blocks = g_array_new(FALSE, FALSE, sizeof(Block));

    for (guint i = from; i < to; i++) {
        const MstFilterSession *session = g_ptr_array_index(by_number, i);

        if (session->dialogue != NULL)
            add_to_blocks(blocks, i, session->dialogue->first.place);
    }
    for (guint i = 0; i < blocks->len; i++)
        straighten(by_number, &g_array_index(blocks, Block, i), before_us);
}

void mst_crossing_straighten(const GPtrArray *by_number, int64_t before_us)
{
    guint from = 0;
    uint64_t latest = 0;
    bool crosswise = false;

    for (guint i = 0; i < by_number->len; i++) {
        MstFilterSession *session = g_ptr_array_index(by_number, i);
        const MstFilterSession *first = g_ptr_array_index(by_number, from);

        if (session->pid != first->pid) {
            if (crosswise)
                straighten_process(by_number, from, i, before_us);
            from = i;
            latest = 0;
            crosswise = false;
        }
        session->dialogue = session->match;
        session->cost = session->match_cost;
        if (session->dialogue == NULL)
            continue;
        crosswise |= session->dialogue->first.place < latest;
        latest = session->dialogue->first.place;
    }
    if (crosswise)
        straighten_process(by_number, from, by_number->len, before_us);
}
