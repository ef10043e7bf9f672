/* test_batch.c - bytes, and the events read from them */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailstory/batch.h"

static const MstLine line = {
    .whole = MST_LIT_INIT("the line"),
    .text = MST_LIT_INIT("the text"),
    .host = MST_LIT_INIT("mx1"),
    .tag = MST_LIT_INIT("postfix/smtpd"),
    .time_us = INT64_C(1795298400000123),
    .resolution_us = 1,
    .pid = 77,
    .number = 12,
};

static void an_event_has_its_lines_envelope_and_nothing_else(void **state)
{
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_EVENTS);
    const MstEvent *event = mst_batch_add(batch, &line, MST_SYSTEM_POSTFIX, MST_EVENT_RESULT);

    (void)state;
    assert_int_equal(event->kind, MST_EVENT_RESULT);
    assert_int_equal(event->system, MST_SYSTEM_POSTFIX);
    assert_true(event->time_us == line.time_us);
    assert_int_equal(event->resolution_us, 1);
    assert_int_equal(event->pid, 77);
    assert_int_equal(event->line, 12);
    assert_true(mst_slice_equal(event->host, line.host));
    assert_true(mst_slice_equal(event->process, line.tag));
    assert_false(mst_slice_is_set(event->queue_id) || mst_slice_is_set(event->sender) ||
                 mst_slice_is_set(event->recipient) || mst_slice_is_set(event->detail));
    assert_int_equal(event->size, -1);
    assert_int_equal(event->recipients, -1);
    assert_int_equal(event->delay_us, -1);
    assert_int_equal(event->reply_code, 0);
    assert_int_equal(event->action, MST_ACTION_NONE);
    assert_int_equal(event->relation, MST_RELATION_NONE);
    mst_batch_free(batch);
}

/* Also behind one that was taken back, and when the array has grown. */
static void an_event_holds_nothing_of_one_before(void **state)
{
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_EVENTS);

    (void)state;
    for (guint i = 0; i < 5000; i++) {
        MstEvent *event = mst_batch_add(batch, &line, MST_SYSTEM_POSTFIX, MST_EVENT_RESULT);

        assert_false(mst_slice_is_set(event->sender));
        assert_false(event->whole);
        event->sender = MST_LIT("ann@example.org");
        event->whole = true;
        if (i % 2 == 0)
            mst_batch_drop_last(batch);
    }
    assert_int_equal(batch->events->len, 2500);
    mst_batch_free(batch);
}

static void events_stay_when_the_array_grows(void **state)
{
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES_MIN, MST_KEEP_EVENTS);

    (void)state;
    for (guint i = 0; i < 5000; i++)
        mst_batch_add(batch, &line, MST_SYSTEM_POSTFIX, MST_EVENT_DONE)->size = i;
    assert_int_equal(batch->events->len, 5000);
    for (guint i = 0; i < 5000; i++)
        assert_int_equal(g_array_index(batch->events, MstEvent, i).size, i);
    mst_batch_free(batch);
}

static void a_cleared_batch_is_empty(void **state)
{
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_STRANGE | MST_KEEP_RECORDS);
    MstStrangeLine strange = {.number = 1};
    MstRecord record = {.number = 2};

    (void)state;
    mst_batch_add(batch, &line, MST_SYSTEM_POSTFIX, MST_EVENT_DONE);
    g_array_append_val(batch->strange, strange);
    g_array_append_val(batch->records, record);
    batch->len = 10;
    batch->file = "mail.log";
    mst_batch_clear(batch);
    assert_int_equal(batch->len, 0);
    assert_null(batch->file);
    assert_int_equal(batch->events->len, 0);
    assert_int_equal(batch->strange->len, 0);
    assert_int_equal(batch->records->len, 0);
    assert_int_equal(batch->keep, MST_KEEP_STRANGE | MST_KEEP_RECORDS);
    mst_batch_free(batch);
}

static void kept_text_is_the_batchs_own(void **state)
{
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_EVENTS);
    char bytes[] = "ann\0bob";
    MstSlice kept = mst_batch_keep(batch, (MstSlice){bytes, 7});
    MstSlice empty = mst_batch_keep(batch, MST_LIT(""));

    (void)state;
    for (guint i = 0; i < 5000; i++)
        mst_batch_keep(batch, MST_LIT("more text, so that what was kept is not the last"));
    memset(bytes, 'x', sizeof bytes);
    assert_true(mst_slice_equal(kept, MST_LIT("ann\0bob")));
    assert_true(mst_slice_is_set(empty));
    assert_int_equal(empty.len, 0);
    assert_false(mst_slice_is_set(mst_batch_keep(batch, (MstSlice){NULL, 0})));
    mst_batch_free(batch);
}

static void no_batch_can_be_freed(void **state)
{
    (void)state;
    mst_batch_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_has_its_lines_envelope_and_nothing_else),
        cmocka_unit_test(an_event_holds_nothing_of_one_before),
        cmocka_unit_test(events_stay_when_the_array_grows),
        cmocka_unit_test(a_cleared_batch_is_empty),
        cmocka_unit_test(kept_text_is_the_batchs_own),
        cmocka_unit_test(no_batch_can_be_freed),
    };

    return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
