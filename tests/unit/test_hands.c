/* test_hands.c - work in parts, done by a crew */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/hands.h"

enum {
    JOBS = 4,
    RUNS = 20,
    PARTS = 500,
};

/* What stands in each place, and which parts came out. */
typedef struct Work {
    guint places[JOBS + 1]; /* 1 more than the part's number; 0: empty */
    bool in_use[JOBS + 1];  /* two threads in one place would show here */
    guint taken;
} Work;

static void make(gpointer user, guint part, guint place)
{
    Work *self = user;

    assert_false(self->in_use[place]);
    self->in_use[place] = true;
    assert_int_equal(self->places[place], 0);
    if (part % 16 == 0)
        g_usleep(10);
    self->places[place] = part + 1;
    self->in_use[place] = false;
}

static void take(gpointer user, guint part, guint place)
{
    Work *self = user;

    assert_int_equal(part, self->taken);
    assert_int_equal(self->places[place], part + 1);
    self->places[place] = 0;
    self->taken++;
}

static void check_run(MstSpread *spread, guint parts)
{
    Work done = {.taken = 0};
    MstSpreadWork work = {parts, make, take, &done};

    spread->run(spread, &work);
    assert_int_equal(done.taken, parts);
}

/* Each part is made once and taken in its turn, however many threads there are and parts, also none. */
static void test_parts(void **state)
{
    (void)state;
    for (guint jobs = 1; jobs <= JOBS; jobs++) {
        MstCrew *crew = mst_crew_new(jobs);
        MstHands *hands = mst_hands_new(crew, jobs);
        MstSpread *spread = mst_hands_spread(hands);

        assert_int_equal(spread->places, jobs + 1);
        for (guint parts = 0; parts < RUNS; parts++)
            check_run(spread, parts);
        check_run(spread, PARTS);
        mst_hands_free(hands);
        mst_crew_free(crew);
    }
}

/* Somebody who has work done in parts, as a task of the crew. */
typedef struct Owner {
    MstCrew *crew;
    MstTask task;
    MstSpread *spread;
    guint runs;
} Owner;

static bool have_it_done(gpointer user)
{
    Owner *self = user;

    mst_crew_unlock(self->crew);
    check_run(self->spread, PARTS);
    mst_crew_lock(self->crew);
    return ++self->runs < RUNS;
}

/* Who waits for the task of which they are parts, does some; nobody waits for ever. */
static void test_within_a_task(void **state)
{
    (void)state;
    for (guint jobs = 2; jobs <= JOBS; jobs++) {
        MstCrew *crew = mst_crew_new(jobs);
        MstHands *hands = mst_hands_new(crew, jobs);
        Owner owner = {crew, {.work = have_it_done}, mst_hands_spread(hands), 0};

        owner.task.user = &owner;
        mst_crew_lock(crew);
        mst_crew_queue(crew, &owner.task);
        while (owner.runs < RUNS)
            mst_crew_help(crew, &owner.task);
        mst_crew_cancel(crew, &owner.task);
        mst_crew_unlock(crew);
        mst_hands_free(hands);
        mst_crew_free(crew);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_within_a_task),
    };

    return cmocka_run_group_tests_name("hands", tests, NULL, NULL);
}
