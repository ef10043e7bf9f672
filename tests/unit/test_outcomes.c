/* test_outcomes.c - what became of each recipient, and when a story is handed on */
#include "teller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const TellerCase cases[] = {
    /* --- one hop */
    {"taken by a stranger's host is relayed, by a local agent delivered",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 2\n"
     "10:00:01 mx1 sent A00001 bob@example.net far 250 ok\n"
     "10:00:01 mx1 delivered A00001 carol@mx1.example.test\n"
     "10:00:01 mx1 removed A00001\n",
     "story mixed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"
     " carol@mx1.example.test delivered 1\n"},
    {"a transport that discards",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 discard: A00001: to=<bob@example.net>, relay=none, delay=1, dsn=2.0.0, "
     "status=sent (example.net)\n"
     "10:00:01 mx1 removed A00001\n",
     "story discarded\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net discarded 1\n"},
    {"deleted from the queue by hand, after a failed attempt",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 2\n"
     "10:00:01 mx1 delivered A00001 carol@mx1.example.test\n"
     "10:00:01 mx1 unreached A00001 bob@example.net\n"
     "10:05:00 mx1 postsuper: A00001: removed\n",
     "story mixed\n"
     " 1 mx1/A00001 line\n"
     " carol@mx1.example.test delivered 1\n"
     " bob@example.net discarded 1\n"},
    {"a whole message discarded by a header check names its last recipient only",
     "10:00:00 mx1 client A00001 desk\n"
     "10:00:00 mx1 cleanup: A00001: discard: header Subject: x from desk.example.org[192.0.2.7]; "
     "from=<ann@example.org> to=<bob@example.net> proto=ESMTP helo=<x>: gone\n"
     "10:00:00 mx1 disconnect desk\n",
     "story discarded\n"
     " 1 mx1/A00001 final\n"
     " bob@example.net discarded 1\n"},
    {"held by a header check, released and delivered",
     "10:00:00 mx1 client A00001 desk\n"
     "10:00:00 mx1 message-id A00001 1@x\n"
     "10:00:00 mx1 cleanup: A00001: hold: header Subject: x from desk.example.org[192.0.2.7]; "
     "from=<ann@example.org> to=<bob@example.net> proto=ESMTP helo=<x>: wait\n"
     "10:00:00 mx1 disconnect desk\n"
     "12:00:00 mx1 postsuper: A00001: released from hold\n"
     "12:00:00 mx1 active A00001 ann@example.org 1\n"
     "12:00:01 mx1 delivered A00001 bob@example.net\n"
     "12:00:01 mx1 removed A00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"},
    {"the same address in other letters is the same recipient",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 unreached A00001 Bob@Example.NET\n"
     "10:10:01 mx1 sent A00001 bob@example.net far 250 ok\n"
     "10:10:01 mx1 removed A00001\n",
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " Bob@Example.NET relayed 1 x2\n"},

    /* --- aliases */
    {"an alias of one address is one row",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 aliased A00001 bob@mx1.example.test info@mx1.example.test\n"
     "10:00:01 mx1 removed A00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@mx1.example.test (info@mx1.example.test) delivered 1\n"},
    {"an alias of several is expanded",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 3\n"
     "10:00:01 mx1 aliased A00001 bob@mx1.example.test list@mx1.example.test\n"
     "10:00:01 mx1 delivered A00001 dave@mx1.example.test\n"
     "10:00:01 mx1 aliased A00001 carol@mx1.example.test list@mx1.example.test\n"
     "10:00:01 mx1 removed A00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " list@mx1.example.test expanded 1\n"
     " bob@mx1.example.test (list@mx1.example.test) delivered 1\n"
     " carol@mx1.example.test (list@mx1.example.test) delivered 1\n"
     " dave@mx1.example.test delivered 1\n"},
    {"an alias with a member elsewhere: forwarded, and delivered here",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 internal A00002 1@x ann@example.org 1\n"
     "10:00:01 mx1 forwarded A00001 list@mx1.example.test A00002\n"
     "10:00:01 mx1 aliased A00001 bob@mx1.example.test list@mx1.example.test\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 mx1 smtp: A00002: to=<carol@example.net>, orig_to=<list@mx1.example.test>, "
     "relay=mx.example.net[198.51.100.9]:25, delay=1, dsn=2.0.0, status=sent (250 ok)\n"
     "10:00:02 mx1 removed A00002\n",
     "story mixed\n"
     " 1 mx1/A00001 line\n"
     " 2 mx1/A00002 line <1 list@mx1.example.test requeue exact\n"
     " list@mx1.example.test expanded 1\n"
     " carol@example.net (list@mx1.example.test) relayed 2\n"
     " bob@mx1.example.test (list@mx1.example.test) delivered 1\n"},
    {"the next hop expands one of two recipients",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 2\n"
     "10:00:01 hub comes B00001 mx1 1@x ann@example.org 3\n"
     "10:00:02 mx1 queued-as A00001 bob@hub.example.test hub B00001\n"
     "10:00:02 mx1 queued-as A00001 list@hub.example.test hub B00001\n"
     "10:00:02 mx1 removed A00001\n"
     "10:00:02 hub aliased B00001 carol@hub.example.test list@hub.example.test\n"
     "10:00:02 hub delivered B00001 bob@hub.example.test\n"
     "10:00:02 hub aliased B00001 dave@hub.example.test list@hub.example.test\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@hub.example.test reply-id exact -1s <1 list@hub.example.test "
     "reply-id exact -1s\n"
     " bob@hub.example.test delivered 2\n"
     " list@hub.example.test expanded 1\n"
     " carol@hub.example.test (list@hub.example.test) delivered 2\n"
     " dave@hub.example.test (list@hub.example.test) delivered 2\n"},
    {"sendmail does not say what it expanded: the rest is of the one that is not named",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 2\n"
     "10:00:01 hub collected 64BA00aa000001 mx1 <1@x> ann@example.org 2\n"
     "10:00:02 mx1 sent A00001 bob@hub.example.test hub 250 2.0.0 64BA00aa000001 Message accepted "
     "for delivery\n"
     "10:00:02 mx1 sent A00001 list@hub.example.test hub 250 2.0.0 64BA00aa000001 Message accepted "
     "for delivery\n"
     "10:00:02 mx1 removed A00001\n"
     "10:00:02 hub mailed 64BA00aa000001 bob@hub.example.test\n"
     "10:00:02 hub mailed 64BA00aa000001 carol@hub.example.test\n"
     "10:00:02 hub mailed 64BA00aa000001 dave@hub.example.test\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/64BA00aa000001 final <1 bob@hub.example.test reply-id exact -1s <1 "
     "list@hub.example.test reply-id exact -1s\n"
     " bob@hub.example.test delivered 2\n"
     " list@hub.example.test expanded 1\n"
     " carol@hub.example.test (list@hub.example.test) delivered 2\n"
     " dave@hub.example.test (list@hub.example.test) delivered 2\n"},
    {"an alias that bounces for one member is mixed",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 2\n"
     "10:00:01 mx1 aliased A00001 bob@mx1.example.test list@mx1.example.test\n"
     "10:00:01 mx1 local: A00001: to=<gone@mx1.example.test>, orig_to=<list@mx1.example.test>, "
     "relay=local, delay=1, dsn=5.1.1, status=bounced (unknown user)\n"
     "10:00:01 mx1 removed A00001\n",
     "story mixed\n"
     " 1 mx1/A00001 line\n"
     " list@mx1.example.test expanded 1\n"
     " bob@mx1.example.test (list@mx1.example.test) delivered 1\n"
     " gone@mx1.example.test (list@mx1.example.test) failed 1\n"},

    /* --- several hops */
    {"the last hop decides: it has deferred",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub unreached B00001 bob@example.net\n",
     "story delayed\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 log <1 bob@example.net reply-id exact\n"
     " bob@example.net delayed 2\n"
     " note: hub/B00001: the log ends first\n"},
    {"the last hop has no outcome yet",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:01 mx1 removed A00001\n",
     "story unknown\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 log <1 bob@example.net reply-id exact\n"
     " bob@example.net unknown 2\n"
     " note: hub/B00001: the log ends first\n"},
    {"the last hop discards what it took",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub client B00001 mx1\n"
     "10:00:01 hub message-id B00001 1@x\n"
     "10:00:01 hub cleanup: B00001: discard: header Subject: x from "
     "mx1.example.test[127.0.10.1]; from=<ann@example.org> to=<bob@example.net> proto=ESMTP "
     "helo=<x>: gone\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:01 mx1 removed A00001\n",
     "story discarded\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 final <1 bob@example.net reply-id exact\n"
     " bob@example.net discarded 2\n"},
    {"what the next hop refused is told by the attempt before it",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 2\n"
     "10:00:01 hub refuse mx1 ann@example.org carol@example.net\n"
     "10:00:01 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:02 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:02 mx1 bounced A00001 carol@example.net hub 550 no\n"
     "10:00:02 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story mixed\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id exact -1s\n"
     " bob@example.net delivered 2\n"
     " carol@example.net failed 1\n"},
    {"a retry after the window leads to its own hop",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 unreached A00001 bob@example.net\n"
     "12:00:00 mx1 active A00001 ann@example.org 1\n"
     "12:00:01 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "12:00:02 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "12:00:02 mx1 removed A00001\n"
     "12:00:03 hub delivered B00001 bob@example.net\n"
     "12:00:03 hub removed B00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id exact -1s\n"
     " bob@example.net delivered 2\n"},

    /* --- the order of release */
    {"stories come as they are complete, not as they begin",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 unreached A00001 bob@example.net\n"
     "10:00:05 hub comes B00001 desk 3@x ann@example.org 1\n"
     "10:00:06 hub delivered B00001 dave@hub.example.test\n"
     "10:00:06 hub removed B00001\n"
     "10:00:10 mx1 comes A00002 desk 2@x ann@example.org 1\n"
     "10:00:11 mx1 delivered A00002 carol@mx1.example.test\n"
     "10:00:11 mx1 removed A00002\n"
     "11:00:00 mx1 delivered A00001 bob@example.net\n"
     "11:00:00 mx1 removed A00001\n",
     "story delivered\n"
     " 1 hub/B00001 line\n"
     " dave@hub.example.test delivered 1\n"
     "story delivered\n"
     " 1 mx1/A00002 line\n"
     " carol@mx1.example.test delivered 1\n"
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1 x2\n"},
    {"a local user's message has no hop before it and waits for none",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 mx1 delivered A00001 bob@mx1.example.test\n"
     "10:00:00 mx1 removed A00001\n"
     "10:01:00 mx1 pickup: A00002: uid=0 from=<root>\n"
     "10:01:00 mx1 internal A00002 2@x root 1\n"
     "10:01:00 mx1 delivered A00002 carol@mx1.example.test\n"
     "10:01:00 mx1 removed A00002\n",
     "story delivered\n"
     " 1 mx1/A00002 line\n"
     " carol@mx1.example.test delivered 1\n"
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@mx1.example.test delivered 1\n"},
};

/* --- long logs ---------------------------------------------------------------------------------- */

static guint count_lines(const char *text, const char *start)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint count = 0;

    for (char **line = lines; *line != NULL; line++)
        count += g_str_has_prefix(*line, start) ? 1U : 0U;
    return count;
}

static char *tell(GString *log)
{
    char *told = teller_tell(log->str, &(TellerOptions){0});

    g_string_free(log, TRUE);
    return told;
}

static void many_recipients(void **state)
{
    GString *log = g_string_new("10:00:00 mx1 comes A00001 desk 1@x ann@example.org 2000\n"
                                "10:00:01 hub comes B00001 mx1 1@x ann@example.org 2000\n");
    g_autofree char *told = NULL;

    (void)state;
    for (guint i = 0; i < 2000; i++)
        g_string_append_printf(log, "10:00:02 mx1 queued-as A00001 r%u@example.net hub B00001\n",
                               i);
    for (guint i = 2000; i-- > 0;)
        g_string_append_printf(log, "10:00:03 hub delivered B00001 r%u@example.net\n", i);
    g_string_append(log, "10:00:03 mx1 removed A00001\n10:00:03 hub removed B00001\n");
    told = tell(log);
    assert_int_equal(count_lines(told, "story "), 1);
    assert_int_equal(count_lines(told, "story delivered"), 1);
    assert_int_equal(count_lines(told, " r"), 2000);
    assert_non_null(strstr(told, "\n r0@example.net delivered 2\n r1@example.net delivered 2\n"));
}

/* Two hosts that forward to each other for ever: links become no more than can be followed. */
static void endless_forwarding(void **state)
{
    enum { TIMES = 1500 };
    GString *log = g_string_new(NULL);
    g_autofree char *told = NULL;

    (void)state;
    for (guint i = 0; i < TIMES; i++) {
        guint second = 36000 + i;
        g_autofree char *at = g_strdup_printf("%02u:%02u:%02u", second / 3600, second / 60 % 60,
                                              second % 60);
        const char *host = i % 2 == 0 ? "mx1" : "hub";
        const char *other = i % 2 == 0 ? "hub" : "mx1";

        g_string_append_printf(log, "%s %s comes A%05u %s 1@x ann@example.org 1\n", at, host, i,
                               other);
        g_string_append_printf(log, "%s %s queued-as A%05u bob@example.net %s A%05u\n", at, host, i,
                               other, i + 1);
        g_string_append_printf(log, "%s %s removed A%05u\n", at, host, i);
    }
    told = tell(log);
    assert_int_equal(count_lines(told, "story "), 2);
    assert_int_equal(count_lines(told, " bob@example.net relayed "), 2);
    assert_non_null(strstr(told, " 1000 "));
}

/* What is told must not depend on how many stories are in flight beside it. */
static void many_messages(void **state)
{
    GString *log = g_string_new(NULL);
    g_autofree char *told = NULL;

    (void)state;
    for (guint i = 0; i < 3000; i++) {
        g_string_append_printf(log, "10:00:00 mx1 comes A%05u desk %u@x ann@example.org 1\n", i, i);
        g_string_append_printf(log, "10:00:00 hub comes A%05u mx1 %u@x ann@example.org 1\n", i, i);
    }
    for (guint i = 0; i < 3000; i++) {
        g_string_append_printf(log, "10:00:01 mx1 queued-as A%05u bob@example.net hub A%05u\n", i,
                               i);
        g_string_append_printf(log, "10:00:02 hub delivered A%05u bob@example.net\n", i);
    }
    told = tell(log);
    assert_int_equal(count_lines(told, "story delivered"), 3000);
    assert_int_equal(count_lines(told, " 2 hub/A"), 3000);
    assert_int_equal(count_lines(told, " 3 "), 0);
}

int main(void)
{
    const struct CMUnitTest long_logs[] = {
        cmocka_unit_test(many_recipients),
        cmocka_unit_test(endless_forwarding),
        cmocka_unit_test(many_messages),
    };

    return teller_run("outcomes", cases, sizeof cases / sizeof cases[0]) +
           cmocka_run_group_tests_name("long logs", long_logs, NULL, NULL);
}
