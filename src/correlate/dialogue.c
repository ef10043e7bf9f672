/*
 * dialogue.c - how badly an SMTP dialogue and a filter session fit each other
 *
 * The costs are in seconds' worth of doubt. They were found on real runs with known sessions: session
 * end less its length is 1 ms after the connect line (95 % within 19 ms), its end 1 ms after the
 * disconnect line. With stamps of whole seconds the order of lines is the finest clock there is.
 */
#include "dialogue.h"

#include "base/search.h"

const int64_t mst_dialogue_idle_us = INT64_C(300) * G_USEC_PER_SEC;

static double seconds(int64_t us)
{
    return (double)us / G_USEC_PER_SEC;
}

/* Of the session's start against the connect; negative: impossible. */
static double cost_of_start(const MstFilterSession *session, const MstDialogue *dialogue)
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
static double cost_of_end(const MstFilterSession *session, const MstDialogue *dialogue)
{
    double late = MAX(0.0, seconds(session->end.low_us - dialogue->last.high_us));
    double early = MAX(0.0, seconds(dialogue->last.low_us - session->end.high_us));

    if (dialogue->system ==
        MST_SYSTEM_SENDMAIL) /* logs no end, and nothing while the client rests */
        return late > seconds(mst_dialogue_idle_us) ? -1
                                                    : MIN(2.0, 0.1 * late) + MIN(3.0, 6 * early);
    if (late > 2)
        return -1;
    return 20 * MAX(0.0, late - 0.05) + MIN(late, 0.1) + MIN(3.0, 6 * early) +
           mst_dialogue_cost_of_lines(session, dialogue);
}

double mst_dialogue_cost(const MstFilterSession *session, const MstDialogue *dialogue)
{
    double start, end;

    if (dialogue->host != session->life->hop.host || dialogue->first.place > session->end.place)
        return -1;
    start = cost_of_start(session, dialogue);
    end = start < 0 ? -1 : cost_of_end(session, dialogue);
    return end < 0 ? -1 : start + end;
}

static bool ends_before(gconstpointer by_end, guint i, gconstpointer place)
{
    const MstFilterSession *session = g_ptr_array_index((const GPtrArray *)by_end, i);

    return session->end.place < *(const uint64_t *)place;
}

guint mst_filter_sessions_find(const GPtrArray *by_end, uint64_t place)
{
    return mst_search(by_end, by_end->len, ends_before, &place);
}
