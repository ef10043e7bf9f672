/* test_outcomes.c - what became of each recipient, and when a story is handed on */
#include "teller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "correlate/flight.h"

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

/* --- large stories, made by hand ----------------------------------------------------------------- */

enum { MANY = 100000 };

/* Told in the time that a sanitizer takes for work that grows as the story does; work that grows as
 * its square takes minutes. */
enum { MAX_SECONDS = 10 };

/* Hops of one story, each with its deliveries in one block. */
typedef struct Large {
    MstArenaPool pool;
    MstArena arena;
    MstHost host;
    MstTeller *teller;
    GPtrArray *hops;
    MstStory story;
} Large;

static void begin_large(Large *self)
{
    *self = (Large){.host = {.name = (char *)"mx1"}};
    self->arena.pool = &self->pool;
    self->teller = mst_teller_new();
    self->hops = g_ptr_array_new();
}

static void end_large(Large *self)
{
    g_ptr_array_unref(self->hops);
    mst_teller_free(self->teller);
    mst_arena_clear(&self->arena);
    mst_arena_pool_clear(&self->pool);
}

static MstHop *add_hop(Large *self)
{
    MstLife *life = mst_arena_alloc(&self->arena, sizeof *life);
    MstHop *hop = &life->hop;

    g_ptr_array_add(self->hops, life);
    self->story.hops = (MstHop **)self->hops->pdata;
    self->story.n_hops = self->hops->len;
    if (self->story.first == NULL)
        self->story.first = hop;
    hop->story = &self->story;
    hop->host = &self->host;
    hop->system = MST_SYSTEM_POSTFIX;
    hop->queue_id = "A00001";
    hop->number = self->hops->len;
    hop->first_us = hop->last_us = hop->number;
    return hop;
}

/* Recipients `r0@x` to `r99999@x`, as they were injected or in the order from the last to the first. */
static MstDelivery *add_recipients(Large *self, MstHop *hop, guint count, bool reversed)
{
    MstDelivery *deliveries = mst_arena_alloc(&self->arena, count * sizeof *deliveries);

    for (guint i = 0; i < count; i++) {
        char name[32];
        int len = g_snprintf(name, sizeof name, "r%u@x", reversed ? count - 1 - i : i);

        deliveries[i].recipient = mst_arena_copy(&self->arena, (MstSlice){name, (size_t)len});
        deliveries[i].action = MST_ACTION_RELAYED;
        deliveries[i].next = i + 1 < count ? &deliveries[i + 1] : NULL;
    }
    hop->deliveries = deliveries;
    hop->last_delivery = &deliveries[count - 1];
    hop->n_deliveries = count;
    return deliveries;
}

static MstLink *add_link(Large *self, MstHop *from, MstDelivery *delivery, MstHop *to)
{
    MstLink *link = mst_arena_alloc(&self->arena, sizeof *link);
    MstLink **list = delivery == NULL ? &from->links : &delivery->links;

    *link = (MstLink){.from = from, .to = to, .delivery = delivery, .method = MST_LINK_REPLY_ID};
    link->next_of_delivery = *list;
    *list = link;
    link->next_into = to->into;
    to->into = link;
    return link;
}

static const MstOutcome *outcome_at(const Large *self, guint i)
{
    return &g_array_index(self->story.outcomes, MstOutcome, i);
}

/* The rows are as many, and the i-th is of the i-th recipient, decided in the hop of that number;
 * `numbered` means the hops count on with the rows. */
static void assert_told(Large *self, guint rows, guint hop, bool numbered)
{
    clock_t before = clock();

    mst_teller_tell(self->teller, &self->story);
    assert_true((clock() - before) / CLOCKS_PER_SEC < MAX_SECONDS);
    assert_int_equal(self->story.recipients, rows);
    assert_int_equal(self->story.outcomes->len, rows);
    for (guint i = 0; i < rows; i++) {
        const MstOutcome *outcome = outcome_at(self, i);
        char name[32];

        g_snprintf(name, sizeof name, "r%u@x", i);
        assert_string_equal(outcome->recipient, name);
        assert_int_equal(outcome->hop->number, numbered ? hop + i : hop);
    }
}

static void large_hop(void **state)
{
    Large story;

    (void)state;
    begin_large(&story);
    add_recipients(&story, add_hop(&story), MANY, false);
    assert_told(&story, MANY, 1, false);
    end_large(&story);
}

/* The rows of the story before it leave nothing behind. */
static void used_again(void **state)
{
    const MstAttempt old = {.relay = "old"};
    Large before, story;
    MstTeller *own;

    (void)state;
    begin_large(&before);
    begin_large(&story);
    for (guint i = 0; i < 3; i++)
        add_recipients(&before, add_hop(&before), 3, false)->attempt = &old;
    before.story.first = before.story.hops[2];
    assert_told(&before, 3, 3, false);
    add_recipients(&story, add_hop(&story), 2, false)->action = MST_ACTION_NONE;
    own = story.teller;
    story.teller = before.teller;
    assert_told(&story, 2, 1, false);
    assert_null(outcome_at(&story, 0)->relay);
    story.teller = own;
    end_large(&story);
    end_large(&before);
}

static void large_expansion(void **state)
{
    MstDelivery *members;
    Large story;

    (void)state;
    begin_large(&story);
    members = add_recipients(&story, add_hop(&story), MANY, false);
    for (guint i = 0; i < MANY; i++)
        members[i].original = i % 2 == 0 ? "list@x" : "LIST@x";
    mst_teller_tell(story.teller, &story.story);
    assert_int_equal(story.story.recipients, MANY);
    assert_int_equal(story.story.outcomes->len, MANY + 1);
    assert_int_equal(outcome_at(&story, 0)->action, MST_ACTION_EXPANDED);
    assert_string_equal(outcome_at(&story, MANY)->recipient, members[MANY - 1].recipient);
    end_large(&story);
}

/* One hop hands each recipient to the same other hop. */
static void many_links(void **state)
{
    MstDelivery *deliveries;
    MstHop *first, *second;
    Large story;

    (void)state;
    begin_large(&story);
    first = add_hop(&story);
    second = add_hop(&story);
    deliveries = add_recipients(&story, first, MANY, false);
    add_recipients(&story, second, MANY, true);
    for (guint i = 0; i < MANY; i++)
        add_link(&story, first, &deliveries[i], second);
    assert_told(&story, MANY, 2, false);
    end_large(&story);
}

/* One hop goes on in as many hops as it has recipients: each of its own, or as a `whole`. */
static void check_hops(bool whole)
{
    MstDelivery *deliveries;
    MstHop *first;
    Large story;

    begin_large(&story);
    first = add_hop(&story);
    deliveries = add_recipients(&story, first, MANY, false);
    for (guint i = 0; i < MANY; i++) {
        MstHop *own = add_hop(&story);

        add_recipients(&story, own, 1, false)->recipient = deliveries[i].recipient;
        add_link(&story, first, whole ? NULL : &deliveries[i], own);
    }
    assert_told(&story, MANY, 2, true);
    end_large(&story);
}

static void many_hops(void **state)
{
    (void)state;
    check_hops(false);
}

static void many_continuations(void **state)
{
    (void)state;
    check_hops(true);
}

/* Two ways that take turns, each as long as can be followed: each way is written once. */
static void long_ways(void **state)
{
    enum { LENGTH = 150, ROWS = MANY / 10 };
    MstDelivery *deliveries;
    MstHop *first, *ends[2];
    Large story;

    (void)state;
    begin_large(&story);
    first = add_hop(&story);
    deliveries = add_recipients(&story, first, ROWS, false);
    for (guint way = 0; way < 2; way++) {
        MstHop *at = add_hop(&story);

        for (guint i = way; i < ROWS; i += 2)
            add_link(&story, first, &deliveries[i], at);
        for (guint i = 1; i < LENGTH; i++) {
            MstHop *next = add_hop(&story);

            add_link(&story, at, NULL, next);
            at = next;
        }
        add_recipients(&story, at, ROWS, true);
        ends[way] = at;
    }
    mst_teller_tell(story.teller, &story.story);
    assert_int_equal(story.story.outcomes->len, ROWS);
    for (guint i = 0; i < ROWS; i++) {
        assert_ptr_equal(outcome_at(&story, i)->hop, ends[i % 2]);
        assert_ptr_equal(outcome_at(&story, i)->path, outcome_at(&story, i % 2)->path);
    }
    end_large(&story);
}

/* A chain of forwards is followed for so long and no longer. */
static void long_chain(void **state)
{
    Large story;
    MstHop *at;

    (void)state;
    begin_large(&story);
    at = add_hop(&story);
    for (guint i = 1; i < 1000; i++) {
        MstHop *next = add_hop(&story);

        add_link(&story, at, add_recipients(&story, at, 1, false), next);
        at = next;
    }
    add_recipients(&story, at, 1, false);
    assert_told(&story, 1, 200, false);
    end_large(&story);
}

int main(void)
{
    const struct CMUnitTest long_logs[] = {
        cmocka_unit_test(many_recipients),
        cmocka_unit_test(endless_forwarding),
        cmocka_unit_test(many_messages),
    };

    const struct CMUnitTest large_stories[] = {
        cmocka_unit_test(used_again),      cmocka_unit_test(large_hop),
        cmocka_unit_test(large_expansion), cmocka_unit_test(many_links),
        cmocka_unit_test(many_hops),       cmocka_unit_test(many_continuations),
        cmocka_unit_test(long_ways),       cmocka_unit_test(long_chain),
    };

    return teller_run("outcomes", cases, sizeof cases / sizeof cases[0]) +
           cmocka_run_group_tests_name("long logs", long_logs, NULL, NULL) +
           cmocka_run_group_tests_name("large stories", large_stories, NULL, NULL);
}
