/* test_matching.c - sessions and dialogues are matched as if all were compared with all, each time */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "correlate/crossing.h"
#include "correlate/matching.h"

enum {
    STEPS = 4000,
    STEP_US = 4000,    /* of the log's clock, on average */
    DIALOGUES = STEPS, /* as many as can begin */
    UPDATE_EVERY = 50, /* steps */
    KEPT_US = 2000000, /* for so long a session stands in the comparison */
};

/* What a log is like. */
typedef struct Setting {
    const char *name;
    MstSystem system;
    int32_t resolution_us;
    guint late; /* steps by which a session's line may come too late, at most */
    guint open; /* dialogues at once, about */
} Setting;

/* A dialogue whose session is not logged yet. */
typedef struct Coming {
    uint64_t step;
    int64_t began_us, ended_us;
} Coming;

typedef struct Bench {
    MstMatching matching;
    GPtrArray *by_number;
    GRand *rand;
    const Setting *setting;
    MstHost host;
    MstLife life; /* of all sessions */
    MstDialogue *dialogues;
    int64_t *began_us;
    guint n_dialogues;
    GArray *open;   /* of guint: dialogues that have not ended */
    GArray *coming; /* of Coming */
    int64_t now_us;
    uint64_t place;
    uint64_t number;
} Bench;

static MstPoint point_at(const Bench *bench, int64_t us)
{
    int64_t low_us = us - us % bench->setting->resolution_us;

    return (MstPoint){low_us, low_us + bench->setting->resolution_us, bench->place};
}

static void begin_dialogue(Bench *bench)
{
    guint index = bench->n_dialogues++;
    MstDialogue *dialogue = &bench->dialogues[index];

    dialogue->host = &bench->host;
    dialogue->system = bench->setting->system;
    dialogue->first = dialogue->last = point_at(bench, bench->now_us);
    bench->began_us[index] = bench->now_us;
    mst_matching_begin(&bench->matching, dialogue);
    mst_matching_touch(&bench->matching, dialogue);
    g_array_append_val(bench->open, index);
}

/* One of those that are open has a line, often its last. */
static void go_on(Bench *bench)
{
    guint at = (guint)g_rand_int_range(bench->rand, 0, (gint)bench->open->len);
    guint index = g_array_index(bench->open, guint, at);
    MstDialogue *dialogue = &bench->dialogues[index];
    Coming coming = {0, bench->began_us[index], bench->now_us};

    dialogue->last = point_at(bench, bench->now_us);
    mst_matching_touch(&bench->matching, dialogue);
    if (g_rand_boolean(bench->rand))
        return;
    g_array_remove_index_fast(bench->open, at);
    coming.step = bench->place +
                  (uint64_t)g_rand_int_range(bench->rand, 1, (gint)bench->setting->late + 2);
    if (g_rand_int_range(bench->rand, 0, 20) > 0)
        g_array_append_val(bench->coming, coming);
}

static void add_session(Bench *bench, const Coming *coming)
{
    MstFilterSession *session = g_new0(MstFilterSession, 1);

    session->life = &bench->life;
    session->end = point_at(bench, bench->now_us);
    session->length_us = coming->ended_us - coming->began_us;
    session->pid = (uint64_t)g_rand_int_range(bench->rand, 1, 3);
    session->number = (uint64_t)coming->began_us / 1000 +
                      (uint64_t)g_rand_int_range(bench->rand, 0, 9);
    mst_matching_add_session(&bench->matching, session);
    mst_crossing_add(bench->by_number, session);
}

static void add_sessions(Bench *bench)
{
    for (guint i = bench->coming->len; i-- > 0;) {
        const Coming coming = g_array_index(bench->coming, Coming, i);

        if (coming.step > bench->place)
            continue;
        g_array_remove_index_fast(bench->coming, i);
        bench->place++;
        add_session(bench, &coming);
    }
}

/* ---- all with all */

typedef struct Pair {
    double cost;
    MstFilterSession *session;
    MstDialogue *dialogue;
} Pair;

static gint compare_pairs(gconstpointer a, gconstpointer b)
{
    const Pair *left = a;
    const Pair *right = b;

    if (left->cost != right->cost)
        return left->cost < right->cost ? -1 : 1;
    if (left->session != right->session)
        return left->session->end.place < right->session->end.place ? -1 : 1;
    return left->dialogue->first.place < right->dialogue->first.place ? -1 : 1;
}

static GArray *list_pairs(const Bench *bench)
{
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(Pair));

    for (guint i = 0; i < bench->matching.sessions->len; i++) {
        MstFilterSession *session = g_ptr_array_index(bench->matching.sessions, i);

        for (guint j = 0; j < bench->n_dialogues; j++) {
            MstDialogue *dialogue = &bench->dialogues[j];
            Pair pair = {mst_dialogue_cost(session, dialogue), session, dialogue};

            if (!dialogue->taken && pair.cost >= 0 && pair.cost < 6)
                g_array_append_val(pairs, pair);
        }
    }
    g_array_sort(pairs, compare_pairs);
    return pairs;
}

static void check_matching(Bench *bench)
{
    g_autoptr(GHashTable) given = g_hash_table_new(NULL, NULL); /* either to the other */
    g_autoptr(GHashTable) rivalled = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) pairs = list_pairs(bench);

    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = &g_array_index(pairs, Pair, i);
        bool has = g_hash_table_contains(given, pair->session);

        if (!has && !g_hash_table_contains(given, pair->dialogue)) {
            g_hash_table_insert(given, pair->session, pair->dialogue);
            g_hash_table_insert(given, pair->dialogue, pair->session);
            assert_ptr_equal(pair->session->match, pair->dialogue);
            assert_true(pair->session->match_cost == pair->cost);
        } else if (has && pair->cost - pair->session->match_cost < 0.2) {
            g_hash_table_add(rivalled, pair->session);
        }
    }
    for (guint i = 0; i < bench->matching.sessions->len; i++) {
        MstFilterSession *session = g_ptr_array_index(bench->matching.sessions, i);

        assert_ptr_equal(session->match, g_hash_table_lookup(given, session));
        assert_int_equal(mst_matching_is_rivalled(&bench->matching, session),
                         g_hash_table_contains(rivalled, session));
    }
}

/* What a session holds while all are swapped with all. */
typedef struct Holding {
    MstFilterSession *session;
    MstDialogue *dialogue;
    double cost;
} Holding;

static bool swap(Holding *a, Holding *b)
{
    MstDialogue *of_a = a->dialogue;
    double cost_a = mst_dialogue_cost(a->session, b->dialogue);
    double cost_b = mst_dialogue_cost(b->session, of_a);

    if (cost_a < 0 || cost_b < 0 || cost_a + cost_b > a->cost + b->cost + 0.02)
        return false;
    *a = (Holding){a->session, b->dialogue, cost_a};
    *b = (Holding){b->session, of_a, cost_b};
    return true;
}

static bool swap_all(Holding *holdings, guint n)
{
    bool swapped = false;

    for (guint i = 0; i < n; i++) {
        for (guint j = 0; j < n; j++) {
            Holding *a = &holdings[i], *b = &holdings[j];

            if (a->dialogue != NULL && b->dialogue != NULL && a->session->pid == b->session->pid &&
                a->session->number < b->session->number &&
                a->dialogue->first.place > b->dialogue->first.place)
                swapped |= swap(a, b);
        }
    }
    return swapped;
}

/* Only sessions that are to be given away need be right. Gives how many were swapped. */
static guint check_swaps(Bench *bench, int64_t before_us)
{
    const GPtrArray *sessions = bench->matching.sessions;
    g_autofree Holding *holdings = g_new0(Holding, sessions->len);
    guint swapped = 0;

    for (guint i = 0; i < sessions->len; i++) {
        MstFilterSession *session = g_ptr_array_index(sessions, i);

        holdings[i] = (Holding){session, session->match, session->match_cost};
    }
    for (int round = 0; round < 4 && swap_all(holdings, sessions->len); round++)
        continue;
    mst_crossing_straighten(bench->by_number, before_us);
    for (guint i = 0; i < sessions->len; i++) {
        if (holdings[i].session->end.low_us >= before_us)
            continue;
        assert_ptr_equal(holdings[i].session->dialogue, holdings[i].dialogue);
        swapped += holdings[i].dialogue != holdings[i].session->match;
    }
    return swapped;
}

/* ---- the run of a log */

static void drop_session(Bench *bench, guint index)
{
    MstFilterSession *session = g_ptr_array_steal_index(bench->matching.sessions, index);
    MstDialogue *dialogue = session->dialogue;

    mst_crossing_remove(bench->by_number, session);
    mst_matching_drop_session(&bench->matching, session);
    if (dialogue != NULL) {
        dialogue->taken = true;
        mst_matching_change(&bench->matching, dialogue);
    }
    g_free(session);
}

static guint settle(Bench *bench, int64_t before_us)
{
    guint swapped;

    mst_matching_update(&bench->matching);
    check_matching(bench);
    swapped = check_swaps(bench, before_us);
    for (guint i = bench->matching.sessions->len; i-- > 0;) {
        const MstFilterSession *session = g_ptr_array_index(bench->matching.sessions, i);

        if (session->end.low_us < before_us)
            drop_session(bench, i);
    }
    return swapped;
}

static void step(Bench *bench)
{
    bench->now_us += g_rand_int_range(bench->rand, 0, 2 * STEP_US);
    bench->place++;
    if (bench->open->len == 0 ||
        g_rand_int_range(bench->rand, 0, (gint)(2 * bench->setting->open)) >=
            (gint)bench->open->len)
        begin_dialogue(bench);
    else
        go_on(bench);
    add_sessions(bench);
}

static Bench *new_bench(const Setting *setting)
{
    Bench *bench = g_new0(Bench, 1);

    mst_matching_init(&bench->matching);
    bench->by_number = g_ptr_array_new();
    bench->rand = g_rand_new_with_seed(1);
    bench->setting = setting;
    bench->life.hop.host = &bench->host;
    bench->dialogues = g_new0(MstDialogue, DIALOGUES);
    bench->began_us = g_new0(int64_t, DIALOGUES);
    bench->open = g_array_new(FALSE, FALSE, sizeof(guint));
    bench->coming = g_array_new(FALSE, FALSE, sizeof(Coming));
    bench->now_us = G_USEC_PER_SEC;
    return bench;
}

static void free_bench(Bench *bench)
{
    for (guint i = 0; i < bench->n_dialogues; i++)
        mst_matching_drop_dialogue(&bench->matching, &bench->dialogues[i]);
    mst_matching_clear(&bench->matching);
    g_ptr_array_unref(bench->by_number);
    g_rand_free(bench->rand);
    g_array_unref(bench->open);
    g_array_unref(bench->coming);
    g_free(bench->dialogues);
    g_free(bench->began_us);
    g_free(bench);
}

static void test_setting(void **state)
{
    Bench *bench = new_bench(*state);
    guint swapped = 0;

    for (guint i = 1; i <= STEPS; i++) {
        step(bench);
        if (i % UPDATE_EVERY == 0)
            swapped += settle(bench, bench->now_us - KEPT_US);
    }
    swapped += settle(bench, G_MAXINT64);
    assert_true(swapped > 0);
    free_bench(bench);
}

int main(void)
{
    static const Setting settings[] = {
        {"Postfix, microseconds", MST_SYSTEM_POSTFIX, 1, 10, 8},
        {"Postfix, microseconds, late lines", MST_SYSTEM_POSTFIX, 1, 150, 30},
        {"Postfix, seconds", MST_SYSTEM_POSTFIX, 1000000, 10, 8},
        {"Postfix, seconds, many at once", MST_SYSTEM_POSTFIX, 1000000, 20, 200},
        {"Postfix, seconds, late lines", MST_SYSTEM_POSTFIX, 1000000, 300, 60},
        {"sendmail, seconds", MST_SYSTEM_SENDMAIL, 1000000, 10, 20},
    };
    struct CMUnitTest tests[G_N_ELEMENTS(settings)];

    for (size_t i = 0; i < G_N_ELEMENTS(settings); i++)
        tests[i] = (struct CMUnitTest){settings[i].name, test_setting, NULL, NULL,
                                       (void *)&settings[i]};
    return _cmocka_run_group_tests("matching", tests, G_N_ELEMENTS(tests), NULL, NULL);
}
