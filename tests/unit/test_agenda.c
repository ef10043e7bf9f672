/* test_agenda.c - things that fall due one after the other */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/agenda.h"

enum { MANY = 20000 };

static void test_empty(void **state)
{
    MstAgenda agenda = {0};

    (void)state;
    assert_null(mst_agenda_first(&agenda));
    assert_null(mst_agenda_look_ahead(&agenda, 0));
    mst_agenda_clear(&agenda);
}

/* Things come out as they went in; those taken out before do not. */
static void test_order(void **state)
{
    MstAgenda agenda = {0};
    int *things = g_new(int, MANY);
    uint64_t *places = g_new(uint64_t, MANY);

    (void)state;
    for (int i = 0; i < MANY; i++) {
        places[i] = mst_agenda_add(&agenda, i, &things[i]);
        assert_int_not_equal(places[i], 0);
    }
    for (int i = 0; i < MANY; i += 3)
        mst_agenda_remove(&agenda, places[i]);
    for (int i = 0; i < MANY; i++) {
        const MstDue *due = mst_agenda_first(&agenda);

        if (i % 3 == 0)
            continue;
        assert_ptr_equal(due->thing, &things[i]);
        assert_int_equal(due->due_us, i);
        mst_agenda_remove(&agenda, places[i]);
    }
    assert_null(mst_agenda_first(&agenda));
    mst_agenda_clear(&agenda);
    g_free(places);
    g_free(things);
}

/* The ring goes round, and grows while it does, wherever its first thing stands. */
static void test_round(void **state)
{
    (void)state;
    for (uint64_t waiting = 1; waiting < 200; waiting++) {
        MstAgenda agenda = {0};
        uint64_t last = 0;
        char thing;

        for (uint64_t i = 0; i < 1000; i++) {
            uint64_t place = mst_agenda_add(&agenda, (int64_t)i, &thing);

            assert_true(place > last);
            last = place;
            if (i < waiting)
                continue;
            assert_int_equal(mst_agenda_first(&agenda)->due_us, i - waiting);
            mst_agenda_remove(&agenda, place - waiting);
        }
        assert_true(agenda.mask < 256);
        mst_agenda_clear(&agenda);
    }
}

static void test_look_ahead(void **state)
{
    MstAgenda agenda = {0};
    int things[4];
    uint64_t places[4];

    (void)state;
    for (int i = 0; i < 4; i++)
        places[i] = mst_agenda_add(&agenda, 0, &things[i]);
    assert_ptr_equal(mst_agenda_look_ahead(&agenda, 0), &things[0]);
    assert_ptr_equal(mst_agenda_look_ahead(&agenda, 3), &things[3]);
    assert_null(mst_agenda_look_ahead(&agenda, 4));
    assert_ptr_equal(mst_agenda_at(&agenda, places[1]), &things[1]);
    assert_null(mst_agenda_at(&agenda, places[3] + 1));
    mst_agenda_remove(&agenda, places[2]);
    assert_null(mst_agenda_look_ahead(&agenda, 2));
    assert_null(mst_agenda_at(&agenda, places[2]));
    mst_agenda_remove(&agenda, places[0]);
    assert_ptr_equal(mst_agenda_first(&agenda)->thing, &things[1]);
    assert_ptr_equal(mst_agenda_look_ahead(&agenda, 0), &things[1]);
    mst_agenda_clear(&agenda);
}

/* Wherever the ring begins, what was taken out is passed over, and equal ones are found at the first. */
static void test_search(void **state)
{
    (void)state;
    for (int gone = 0; gone < 90; gone++) {
        MstAgenda agenda = {0};
        uint64_t places[100];
        char thing;

        assert_int_equal(mst_agenda_search(&agenda, 7), agenda.next);
        for (int i = 0; i < 100; i++)
            places[i] = mst_agenda_add(&agenda, i / 3, &thing);
        for (int i = 0; i < gone; i++)
            mst_agenda_remove(&agenda, places[i]);
        mst_agenda_remove(&agenda, places[95]);
        assert_non_null(mst_agenda_first(&agenda));
        for (int due = -1; due < 40; due++) {
            int first = CLAMP(3 * due, gone, 100);
            uint64_t found = mst_agenda_search(&agenda, due);

            assert_int_equal(found, first == 100 ? agenda.next : places[first]);
        }
        mst_agenda_clear(&agenda);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),  cmocka_unit_test(test_order),
        cmocka_unit_test(test_round),  cmocka_unit_test(test_look_ahead),
        cmocka_unit_test(test_search),
    };

    return cmocka_run_group_tests_name("agenda", tests, NULL, NULL);
}
