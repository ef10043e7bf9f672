/* test_event.c - the names of kinds, actions and systems, and what an event shows */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "mailstory/error.h"
#include "mailstory/hop.h"
#include "mailstory/reader.h"

/* Adds a name to those of its kind: it must be new, and of lower-case letters and hyphens. */
static void check_name(GHashTable *names, const char *name)
{
    assert_non_null(name);
    assert_int_not_equal(strlen(name), 0);
    assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
    assert_true(g_hash_table_add(names, (gpointer)name));
}

static void every_kind_has_a_name(void **state)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

    (void)state;
    for (guint kind = 0; kind < MST_EVENT_KINDS; kind++)
        check_name(names, mst_event_kind_name((MstEventKind)kind));
    assert_string_equal(mst_event_kind_name(MST_EVENT_CONNECT), "connect");
    assert_string_equal(mst_event_kind_name(MST_EVENT_MESSAGE_ID), "message-id");
    assert_string_equal(mst_event_kind_name(MST_EVENT_DONE), "done");
}

static void every_action_has_a_name(void **state)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

    (void)state;
    assert_string_equal(mst_action_name(MST_ACTION_NONE), "");
    for (guint action = 1; action < MST_ACTIONS; action++)
        check_name(names, mst_action_name((MstAction)action));
    assert_string_equal(mst_action_name(MST_ACTION_DELIVERED), "delivered");
    assert_string_equal(mst_action_name(MST_ACTION_MIXED), "mixed");
}

/* `--read` takes the same names. */
static void every_system_has_a_name_by_which_its_reader_is_found(void **state)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

    (void)state;
    assert_string_equal(mst_system_name(MST_SYSTEM_NONE), "");
    for (size_t i = 0; mst_readers[i] != NULL; i++) {
        const char *name = mst_system_name(mst_readers[i]->system);

        check_name(names, name);
        assert_ptr_equal(mst_reader_find(name, NULL), mst_readers[i]);
    }
    assert_int_not_equal(g_hash_table_size(names), 0);
}

static void an_unknown_system_is_wrong_usage(void **state)
{
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_null(mst_reader_find("exim", &error));
    assert_true(g_error_matches(error, MST_ERROR, MST_ERROR_USAGE));
    assert_non_null(strstr(error->message, "exim"));
    assert_null(mst_reader_find("", NULL));
    assert_null(mst_reader_find("Postfix", NULL));
}

static void every_link_method_and_confidence_has_a_name(void **state)
{
    g_autoptr(GHashTable) methods = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) confidences = g_hash_table_new(g_str_hash, g_str_equal);

    (void)state;
    for (guint method = MST_LINK_REPLY_ID; method <= MST_LINK_REFUSAL; method++)
        check_name(methods, mst_link_method_name((MstLinkMethod)method));
    for (guint sure = MST_CONFIDENCE_EXACT; sure <= MST_CONFIDENCE_AMBIGUOUS; sure++)
        check_name(confidences, mst_confidence_name((MstConfidence)sure));
}

/* --- what events.csv shows as detail ---------------------------------------------------------- */

#define TEXT(field, text) .field = MST_LIT_INIT(text)

static const struct Case {
    const char *name;
    MstEvent event;
    const char *detail; /* NULL: none */
} cases[] = {
    {"a connection shows the client's name",
     {.kind = MST_EVENT_CONNECT, TEXT(peer_name, "desk"), TEXT(peer_ip, "192.0.2.7")},
     "desk"},
    {"or its address", {.kind = MST_EVENT_CONNECT, TEXT(peer_ip, "192.0.2.7")}, "192.0.2.7"},
    {"or nothing", {.kind = MST_EVENT_CONNECT}, NULL},
    {"an accepted message shows what was said besides, before the client",
     {.kind = MST_EVENT_ACCEPT, TEXT(detail, "orig_client=x"), TEXT(peer_name, "desk")},
     "orig_client=x"},
    {"a Message-ID shows itself",
     {.kind = MST_EVENT_MESSAGE_ID, TEXT(message_id, "<1@x>"), TEXT(detail, "resent")},
     "<1@x>"},
    {"a queued message shows its sender",
     {.kind = MST_EVENT_SENDER, TEXT(sender, "ann@example.org")},
     "ann@example.org"},
    {"the null sender is shown as nothing, which is not unset",
     {.kind = MST_EVENT_SENDER, TEXT(sender, "")},
     ""},
    {"a requeued message shows its other ID",
     {.kind = MST_EVENT_REQUEUE, TEXT(other_id, "A00002"), TEXT(detail, "clone: owner=o")},
     "A00002"},
    {"or what was said, if it names none",
     {.kind = MST_EVENT_REQUEUE, TEXT(detail, "requeued")},
     "requeued"},
    {"a notification shows its ID",
     {.kind = MST_EVENT_NOTIFY, TEXT(other_id, "A00002"), TEXT(detail, "sender delay")},
     "A00002"},
    {"a result shows the reply",
     {.kind = MST_EVENT_RESULT, TEXT(detail, "250 ok"), TEXT(peer_name, "hub")},
     "250 ok"},
    {"a refusal shows the reply", {.kind = MST_EVENT_REJECT, TEXT(detail, "550 no")}, "550 no"},
    {"an end shows what was said", {.kind = MST_EVENT_DONE, TEXT(detail, "ntries=1")}, "ntries=1"},
};

static void check_detail(void **state)
{
    const struct Case *row = *state;
    MstSlice detail = mst_event_detail(&row->event);

    assert_int_equal(mst_slice_is_set(detail), row->detail != NULL);
    assert_true(mst_slice_equal(detail, mst_slice_of(row->detail)));
}

/* None may be forgotten: one without a detail ends the program. */
static void every_kind_has_a_detail(void **state)
{
    (void)state;
    for (guint kind = 0; kind < MST_EVENT_KINDS; kind++) {
        MstEvent event = {.kind = (MstEventKind)kind,
                          .detail = MST_LIT("x"),
                          .message_id = MST_LIT("x"),
                          .sender = MST_LIT("x")};

        assert_true(mst_slice_equal(mst_event_detail(&event), MST_LIT("x")));
    }
}

int main(void)
{
    struct CMUnitTest details[G_N_ELEMENTS(cases)];
    const struct CMUnitTest names[] = {
        cmocka_unit_test(every_kind_has_a_name),
        cmocka_unit_test(every_action_has_a_name),
        cmocka_unit_test(every_system_has_a_name_by_which_its_reader_is_found),
        cmocka_unit_test(an_unknown_system_is_wrong_usage),
        cmocka_unit_test(every_link_method_and_confidence_has_a_name),
        cmocka_unit_test(every_kind_has_a_detail),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        details[i] = (struct CMUnitTest){cases[i].name, check_detail, NULL, NULL,
                                         (void *)&cases[i]};
    return cmocka_run_group_tests_name("names", names, NULL, NULL) +
           cmocka_run_group_tests_name("details", details, NULL, NULL);
}
