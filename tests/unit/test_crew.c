/* test_crew.c - the threads of a run, and the work that any of them may do */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/crew.h"

enum {
    TASKS = 5,
    PIECES = 2000,
};

/* A task that counts its pieces. */
typedef struct Counter {
    MstCrew *crew;
    MstTask task;
    guint done;
    guint most;   /* it has no more pieces than this */
    bool at_work; /* not locked: two threads at one task would show here */
    GString *log; /* gets the name of whoever does a piece; NULL none */
    char name;
} Counter;

static bool count(gpointer user)
{
    Counter *self = user;

    if (self->log != NULL)
        g_string_append_c(self->log, self->name);
    mst_crew_unlock(self->crew);
    assert_false(self->at_work);
    self->at_work = true;
    if (self->done % 64 == 0)
        g_usleep(10);
    self->at_work = false;
    mst_crew_lock(self->crew);
    self->done++;
    return self->done < self->most;
}

static Counter counter(MstCrew *crew, guint most)
{
    return (Counter){.crew = crew, .most = most, .task = {.work = count}};
}

/* All pieces are done, each once, whoever does them. */
static void test_all_is_done(void **state)
{
    (void)state;
    for (guint jobs = 1; jobs <= 4; jobs++) {
        MstCrew *crew = mst_crew_new(jobs);
        Counter counters[TASKS];

        assert_int_equal(mst_crew_is_alone(crew), jobs == 1);
        mst_crew_lock(crew);
        for (guint i = 0; i < TASKS; i++) {
            counters[i] = counter(crew, PIECES);
            counters[i].task.user = &counters[i];
            mst_crew_queue(crew, &counters[i].task);
            mst_crew_queue(crew, &counters[i].task); /* it stands there already */
        }
        for (guint i = 0; i < TASKS; i++) {
            while (counters[i].done < PIECES)
                mst_crew_help(crew, &counters[i].task);
        }
        for (guint i = 0; i < TASKS; i++) {
            mst_crew_cancel(crew, &counters[i].task);
            assert_int_equal(counters[i].done, PIECES);
        }
        mst_crew_unlock(crew);
        mst_crew_free(crew);
    }
}

/* A task that goes on stands behind those that came meanwhile. The one thread beside ours cannot begin
 * before we unlock. */
static void test_turns(void **state)
{
    MstCrew *crew = mst_crew_new(2);
    Counter first = counter(crew, 2), second = counter(crew, 2);
    g_autoptr(GString) log = g_string_new(NULL);

    (void)state;
    first.task.user = &first;
    second.task.user = &second;
    first.log = second.log = log;
    first.name = '1';
    second.name = '2';
    mst_crew_lock(crew);
    mst_crew_queue(crew, &first.task);
    mst_crew_queue(crew, &second.task);
    while (second.done < second.most) {
        mst_crew_unlock(crew);
        g_usleep(100);
        mst_crew_lock(crew);
    }
    mst_crew_unlock(crew);
    mst_crew_free(crew);
    assert_string_equal(log->str, "1212");
}

/* Who needs a task that another thread is at does something else meanwhile: the one thread beside ours
 * is kept busy until we have. */
typedef struct Stubborn {
    Counter *other;
    MstTask task;
    bool begun, done;
} Stubborn;

static bool wait_for_other(gpointer user)
{
    Stubborn *self = user;
    MstCrew *crew = self->other->crew;

    self->begun = true;
    while (self->other->done == 0) {
        mst_crew_unlock(crew);
        g_usleep(100);
        mst_crew_lock(crew);
    }
    self->done = true;
    return false;
}

static void test_help_does_what_is_queued(void **state)
{
    MstCrew *crew = mst_crew_new(2);
    Counter other = counter(crew, 1);
    Stubborn stubborn = {&other, {.work = wait_for_other, .user = &stubborn}};

    (void)state;
    other.task.user = &other;
    mst_crew_lock(crew);
    mst_crew_queue(crew, &stubborn.task);
    while (!stubborn.begun) {
        mst_crew_unlock(crew);
        g_usleep(100);
        mst_crew_lock(crew);
    }
    mst_crew_queue(crew, &other.task);
    while (!stubborn.done)
        mst_crew_help(crew, &stubborn.task);
    assert_int_equal(other.done, 1);
    mst_crew_unlock(crew);
    mst_crew_free(crew);
}

/* Alone, nobody is idle; else somebody is until there is work, and again when it is done. */
static void test_idle(void **state)
{
    MstCrew *alone = mst_crew_new(1), *crew = mst_crew_new(2);
    Counter busy = counter(crew, G_MAXUINT);

    (void)state;
    busy.task.user = &busy;
    assert_false(mst_crew_is_idle(alone));
    while (!mst_crew_is_idle(crew))
        g_usleep(100);
    mst_crew_lock(crew);
    mst_crew_queue(crew, &busy.task);
    mst_crew_unlock(crew);
    while (mst_crew_is_idle(crew))
        g_usleep(100);
    mst_crew_lock(crew);
    mst_crew_cancel(crew, &busy.task);
    mst_crew_unlock(crew);
    while (!mst_crew_is_idle(crew))
        g_usleep(100);
    mst_crew_free(alone);
    mst_crew_free(crew);
}

/* A task that was cancelled is done no more, though it has more pieces. */
static void test_cancel(void **state)
{
    MstCrew *crew = mst_crew_new(3);
    Counter endless = counter(crew, G_MAXUINT);
    guint done;

    (void)state;
    endless.task.user = &endless;
    mst_crew_lock(crew);
    mst_crew_queue(crew, &endless.task);
    while (endless.done < 10)
        mst_crew_help(crew, &endless.task);
    mst_crew_cancel(crew, &endless.task);
    done = endless.done;
    mst_crew_unlock(crew);
    g_usleep(2000);
    assert_int_equal(endless.done, done);
    mst_crew_free(crew);
    mst_crew_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_is_done),
        cmocka_unit_test(test_turns),
        cmocka_unit_test(test_help_does_what_is_queued),
        cmocka_unit_test(test_idle),
        cmocka_unit_test(test_cancel),
    };

    return cmocka_run_group_tests_name("crew", tests, NULL, NULL);
}
