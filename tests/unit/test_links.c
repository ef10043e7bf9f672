/* test_links.c - which hop continues which, and how sure that is */
#include "teller.h"

/* A load balancer before the hub, and the address that mx1 is seen from: names that tell nothing. */
#define VIP "vip.example.net[203.0.113.1]"
#define NAT "nat.example.net[203.0.113.6]"

/* A Message-ID of 118 bytes, and what sendmail leaves of it with its brackets. */
#define TENS "0123456789"
#define LONG_ID TENS TENS TENS TENS TENS TENS TENS TENS TENS TENS TENS "@example"
#define CUT_ID "<" TENS TENS TENS TENS TENS TENS TENS TENS TENS "012345678"

/* mx1 sends message 1 to the hub, which is seen from NAT, as the VIP: an exact link, that teaches. */
#define LESSON                                                                                     \
    "09:00:00 mx1 comes A00099 desk 99@x ann@example.org 1\n"                                      \
    "09:00:01 hub comes B00099 " NAT " 99@x ann@example.org 1\n"                                   \
    "09:00:01 mx1 queued-as A00099 bob@example.net " VIP " B00099\n"                               \
    "09:00:01 mx1 removed A00099\n"                                                                \
    "09:00:01 hub delivered B00099 bob@example.net\n"                                              \
    "09:00:01 hub removed B00099\n"
#define LESSON_TOLD                                                                                \
    "story delivered\n"                                                                            \
    " 1 mx1/A00099 line\n"                                                                         \
    " 2 hub/B00099 line <1 bob@example.net reply-id exact\n"                                       \
    " bob@example.net delivered 2\n"

static const TellerCase by_reply[] = {
    {"the reply names the next hop's ID",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub sent B00001 bob@example.net far 250 ok\n"
     "10:00:02 hub removed B00001\n",
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id exact\n"
     " bob@example.net relayed 2\n"},
    {"the reply names an ID that four hosts have",
     "10:00:00 edge comes C00001 desk 2@x eve@example.org 1\n"
     "10:00:00 edge delivered C00001 carol@example.net\n"
     "10:00:00 edge removed C00001\n"
     "10:00:01 mx1 comes C00001 desk 1@x ann@example.org 1\n"
     "10:00:02 hub comes C00001 mx1 1@x ann@example.org 1\n"
     "10:00:03 out comes C00001 desk 3@x fay@example.org 1\n"
     "10:00:03 out delivered C00001 dave@example.net\n"
     "10:00:03 out removed C00001\n"
     "10:00:04 mx1 queued-as C00001 bob@example.net hub C00001\n"
     "10:00:04 mx1 removed C00001\n"
     "10:00:05 hub delivered C00001 bob@example.net\n"
     "10:00:05 hub removed C00001\n",
     "story delivered\n"
     " 1 edge/C00001 line\n"
     " carol@example.net delivered 1\n"
     "story delivered\n"
     " 1 mx1/C00001 line\n"
     " 2 hub/C00001 line <1 bob@example.net reply-id exact -2s\n"
     " bob@example.net delivered 2\n"
     "story delivered\n"
     " 1 out/C00001 line\n"
     " dave@example.net delivered 1\n"},
    {"the reply comes before the next hop's lines: clocks differ",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:09 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:10 hub sent B00001 bob@example.net far 250 ok\n"
     "10:00:10 hub removed B00001\n",
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id exact +8s\n"
     " bob@example.net relayed 2\n"},
    {"the next hop begins before this one, by its own clock",
     "10:00:00 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:00 hub delivered B00001 bob@example.net\n"
     "10:00:00 hub removed B00001\n"
     "10:00:30 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:31 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:31 mx1 removed A00001\n",
     "story delivered\n"
     " 1 hub/B00001 line <2 bob@example.net reply-id exact -31s\n"
     " 2 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"},
    {"three hosts and two mail systems",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub collected 64BA00aa000001 mx1 <1@x> ann@example.org 1\n"
     "10:00:01 mx1 sent A00001 bob@example.net hub 250 2.0.0 64BA00aa000001 Message accepted for "
     "delivery\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 out comes C00001 hub 1@x ann@example.org 1\n"
     "10:00:02 hub passed 64BA00aa000001 bob@example.net out Ok: queued as C00001\n"
     "10:00:03 out delivered C00001 bob@example.net\n"
     "10:00:03 out removed C00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/64BA00aa000001 final <1 bob@example.net reply-id exact\n"
     " 3 out/C00001 line <2 bob@example.net reply-id exact\n"
     " bob@example.net delivered 3\n"},
    {"recipients of one transaction lead to one hop",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 2\n"
     "10:00:01 hub comes B00001 mx1 1@x ann@example.org 2\n"
     "10:00:02 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:02 mx1 queued-as A00001 carol@example.net hub B00001\n"
     "10:00:02 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 carol@example.net\n"
     "10:00:02 hub sent B00001 bob@example.net far 250 ok\n"
     "10:00:02 hub removed B00001\n",
     "story mixed\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id exact -1s <1 carol@example.net reply-id exact "
     "-1s\n"
     " bob@example.net relayed 2\n"
     " carol@example.net delivered 2\n"},
    {"the two replies of one transaction wait together",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 2\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:01 mx1 queued-as A00001 carol@example.net hub B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub comes B00001 mx1 1@x ann@example.org 2\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub delivered B00001 carol@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 carol@example.net reply-id exact +1s <1 bob@example.net reply-id exact "
     "+1s\n"
     " bob@example.net delivered 2\n"
     " carol@example.net delivered 2\n"},
    {"two lives of the next host's ID within the window go to their own parents",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n"
     "10:00:10 mx1 comes A00002 desk 2@x ann@example.org 1\n"
     "10:00:11 hub comes B00001 mx1 2@x ann@example.org 1\n"
     "10:00:12 hub delivered B00001 carol@example.net\n"
     "10:00:12 hub removed B00001\n"
     "10:00:13 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:13 mx1 removed A00001\n"
     "10:00:14 mx1 queued-as A00002 carol@example.net hub B00001\n"
     "10:00:14 mx1 removed A00002\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id exact -12s\n"
     " bob@example.net delivered 2\n"
     "story delivered\n"
     " 1 mx1/A00002 line\n"
     " 2 hub/B00001 line <1 carol@example.net reply-id exact -3s\n"
     " carol@example.net delivered 2\n"},
    {"a hop has one parent, the first that names it",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 mx1 comes A00002 desk 1@x ann@example.org 1\n"
     "10:00:01 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 mx1 queued-as A00002 bob@example.net hub B00001\n"
     "10:00:02 mx1 removed A00002\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id exact\n"
     " bob@example.net delivered 2\n"
     "story relayed\n"
     " 1 mx1/A00002 line\n"
     " bob@example.net relayed 1\n"},
    {"a reply that names the hop's own ancestor makes no circle",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:02 hub queued-as B00001 bob@example.net mx1 A00001\n"
     "10:00:02 hub removed B00001\n"
     "10:00:02 mx1 removed A00001\n",
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id exact\n"
     " bob@example.net relayed 2\n"},
    {"a reply that names the sender's own ID leads nowhere",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net far A00001\n"
     "10:00:01 mx1 removed A00001\n",
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},

    /* --- the window */
    {"the next hop may begin a window after the reply",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:01:01 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:01:02 hub delivered B00001 bob@example.net\n"
     "10:01:02 hub removed B00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id exact +60s\n"
     " bob@example.net delivered 2\n",
     60},
    {"and no later",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:01:02 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:01:03 hub delivered B00001 bob@example.net\n"
     "10:01:03 hub removed B00001\n",
     "story delivered\n"
     " 1 hub/B00001 line\n"
     " bob@example.net delivered 1\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n",
     60},
    {"it may begin a window before this hop did",
     "09:59:00 hub client B00001 mx1\n"
     "09:59:00 hub message-id B00001 1@x\n"
     "09:59:30 hub active B00001 ann@example.org 1\n"
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 hub/B00001 line <2 bob@example.net reply-id exact -61s\n"
     " 2 mx1/A00001 line\n"
     " bob@example.net delivered 1\n",
     60},
    {"and no earlier",
     "09:58:59 hub client B00001 mx1\n"
     "09:58:59 hub message-id B00001 1@x\n"
     "09:59:30 hub active B00001 ann@example.org 1\n"
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 hub/B00001 line\n"
     " bob@example.net delivered 1\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n",
     60},

    /* --- what must agree beside the ID */
    {"Message-IDs that differ, between hosts that know each other, are strong",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub comes B00001 mx1 2@x ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered strong\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id strong\n"
     " bob@example.net delivered 2 strong\n"},
    {"Message-IDs that differ, where no name tells the hosts, are no link",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub comes B00001 " NAT " 2@x ann@example.org 1\n"
     "10:00:02 mx1 queued-as A00001 bob@example.net " VIP " B00001\n"
     "10:00:02 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 hub/B00001 line\n"
     " bob@example.net delivered 1\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},
    {"one of several Message-IDs may agree",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub client B00001 " NAT "\n"
     "10:00:01 hub message-id B00001 2@x\n"
     "10:00:01 hub message-id B00001 1@x\n"
     "10:00:01 hub active B00001 ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net " VIP " B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id exact\n"
     " bob@example.net delivered 2\n"},
    {"without a Message-ID, the client's name makes it exact",
     "10:00:00 mx1 comes A00001 desk 1@x <> 1\n"
     "10:00:01 hub client B00001 mx1\n"
     "10:00:01 hub active B00001 <> 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net " VIP " B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id exact\n"
     " bob@example.net delivered 2\n"},
    {"without a Message-ID, the sender makes it exact",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub client B00001 " NAT "\n"
     "10:00:01 hub active B00001 Ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net " VIP " B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id exact\n"
     " bob@example.net delivered 2\n"},
    {"without a Message-ID, the null sender proves little: strong",
     "10:00:00 mx1 comes A00001 desk 1@x <> 1\n"
     "10:00:01 hub client B00001 " NAT "\n"
     "10:00:01 hub active B00001 <> 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net " VIP " B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered strong\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id strong\n"
     " bob@example.net delivered 2 strong\n"},
    {"a stranger's reply names an ID of ours, and the sender contradicts",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub client B00001 desk\n"
     "10:00:01 hub active B00001 carl@example.org 1\n"
     "10:00:02 mx1 queued-as A00001 bob@example.net far B00001\n"
     "10:00:02 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 carol@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 hub/B00001 line\n"
     " carol@example.net delivered 1\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},
    {"a stranger's reply names an ID of ours, and the Message-ID contradicts",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub comes B00001 desk 2@x ann@example.org 1\n"
     "10:00:02 mx1 queued-as A00001 bob@example.net far B00001\n"
     "10:00:02 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 carol@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 hub/B00001 line\n"
     " carol@example.net delivered 1\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},
    {"a client that is another log host contradicts",
     "09:59:00 out connect far\n"
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub client B00001 out\n"
     "10:00:01 hub active B00001 ann@example.org 1\n"
     "10:00:02 mx1 queued-as A00001 bob@example.net " VIP " B00001\n"
     "10:00:02 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 hub/B00001 line\n"
     " bob@example.net delivered 1\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"
     "loose 1\n"},
    {"a relay that is another log host contradicts",
     "09:59:00 out connect far\n"
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub client B00001 " NAT "\n"
     "10:00:01 hub active B00001 ann@example.org 1\n"
     "10:00:02 mx1 queued-as A00001 bob@example.net out B00001\n"
     "10:00:02 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 hub/B00001 line\n"
     " bob@example.net delivered 1\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"
     "loose 1\n"},
    {"a loopback relay is the host itself, though another host has that ID too",
     "10:00:00 mx1 client A00001 desk\n"
     "10:00:00 mx1 active A00001 ann@example.org 1\n"
     "10:00:01 mx1 client A00002 localhost[127.0.0.1]\n"
     "10:00:01 mx1 active A00002 ann@example.org 1\n"
     "10:00:01 hub client A00002 " NAT "\n"
     "10:00:02 hub active A00002 ann@example.org 1\n"
     "10:00:02 mx1 queued-as A00001 bob@example.net 127.0.0.1[127.0.0.1] A00002\n"
     "10:00:02 mx1 removed A00001\n"
     "10:00:02 mx1 delivered A00002 bob@example.net\n"
     "10:00:02 mx1 removed A00002\n"
     "10:00:02 hub delivered A00002 carol@example.net\n"
     "10:00:02 hub removed A00002\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " 2 mx1/A00002 line <1 bob@example.net requeue exact -1s\n"
     " bob@example.net delivered 2\n"
     "story delivered\n"
     " 1 hub/A00002 line\n"
     " carol@example.net delivered 1\n"},
    {"two hosts have the ID and fit equally well: ambiguous, the nearer in time",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:03 out comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:04 mx1 queued-as A00001 bob@example.net " VIP " B00001\n"
     "10:00:04 mx1 removed A00001\n"
     "10:00:05 hub delivered B00001 bob@example.net\n"
     "10:00:05 hub removed B00001\n"
     "10:00:05 out delivered B00001 bob@example.net\n"
     "10:00:05 out removed B00001\n",
     "story delivered ambiguous\n"
     " 1 mx1/A00001 line\n"
     " 2 out/B00001 line <1 bob@example.net reply-id ambiguous of 2 -1s\n"
     " bob@example.net delivered 2 ambiguous\n"
     "story delivered\n"
     " 1 hub/B00001 line\n"
     " bob@example.net delivered 1\n"},
    {"two claims wait for one hop and fit equally well: ambiguous too",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 mx1 comes A00002 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net hub B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:03 mx1 queued-as A00002 bob@example.net hub B00001\n"
     "10:00:03 mx1 removed A00002\n"
     "10:00:04 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:05 hub delivered B00001 bob@example.net\n"
     "10:00:05 hub removed B00001\n",
     "story delivered ambiguous\n"
     " 1 mx1/A00002 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id ambiguous of 2 +1s\n"
     " bob@example.net delivered 2 ambiguous\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},

    /* --- names of hosts */
    {"--host says that a relay's name is the hub's",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub comes B00001 " NAT " 2@x ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net " VIP " B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered strong\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id strong\n"
     " bob@example.net delivered 2 strong\n",
     0, "hub=other.example.net,VIP.Example.net"},
    {"--host says that a client's address is mx1's",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub comes B00001 " NAT " 2@x ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net " VIP " B00001\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered strong\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net reply-id strong\n"
     " bob@example.net delivered 2 strong\n",
     0, "mx1=203.0.113.6"},
    {"--host says that the client is another host",
     "10:00:00 mx1 client A00001 desk\n"
     "10:00:00 mx1 active A00001 ann@example.org 1\n"
     "10:00:01 hub comes B00001 " NAT " 2@x ann@example.org 1\n"
     "10:00:02 mx1 queued-as A00001 bob@example.net " VIP " B00001\n"
     "10:00:02 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 hub/B00001 line\n"
     " bob@example.net delivered 1\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n",
     0, "out=203.0.113.6"},
    {"an exact link teaches under which names two hosts know each other",
     LESSON "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
            "10:00:01 hub comes B00001 " NAT " 2@x ann@example.org 1\n"
            "10:00:01 mx1 queued-as A00001 bob@example.net " VIP " B00001\n"
            "10:00:01 mx1 removed A00001\n"
            "10:00:02 hub delivered B00001 bob@example.net\n"
            "10:00:02 hub removed B00001\n",
     LESSON_TOLD "story delivered strong\n"
                 " 1 mx1/A00001 line\n"
                 " 2 hub/B00001 line <1 bob@example.net reply-id strong\n"
                 " bob@example.net delivered 2 strong\n"},
    {"a name that was taught for two hosts counts for none",
     LESSON "09:30:00 out comes C00098 desk 98@x ann@example.org 1\n"
            "09:30:01 hub comes B00098 " NAT " 98@x ann@example.org 1\n"
            "09:30:01 out queued-as C00098 bob@example.net " VIP " B00098\n"
            "09:30:01 out removed C00098\n"
            "09:30:01 hub delivered B00098 bob@example.net\n"
            "09:30:01 hub removed B00098\n"
            "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
            "10:00:01 hub comes B00001 " NAT " 2@x ann@example.org 1\n"
            "10:00:02 mx1 queued-as A00001 bob@example.net new.example.net[203.0.113.9] B00001\n"
            "10:00:02 mx1 removed A00001\n"
            "10:00:02 hub delivered B00001 bob@example.net\n"
            "10:00:02 hub removed B00001\n",
     LESSON_TOLD "story delivered\n"
                 " 1 out/C00098 line\n"
                 " 2 hub/B00098 line <1 bob@example.net reply-id exact\n"
                 " bob@example.net delivered 2\n"
                 "story delivered\n"
                 " 1 hub/B00001 line\n"
                 " bob@example.net delivered 1\n"
                 "story relayed\n"
                 " 1 mx1/A00001 line\n"
                 " bob@example.net relayed 1\n"},
};

static const TellerCase on_one_host[] = {
    {"an after-queue filter hands the message back",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 comes A00002 localhost[127.0.0.1] 1@x ann@example.org 1\n"
     "10:00:02 mx1 queued-as A00001 bob@example.net 127.0.0.1[127.0.0.1] A00002\n"
     "10:00:02 mx1 removed A00001\n"
     "10:00:02 mx1 delivered A00002 bob@example.net\n"
     "10:00:02 mx1 removed A00002\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " 2 mx1/A00002 line <1 bob@example.net requeue exact -1s\n"
     " bob@example.net delivered 2\n"},
    {"orig_queue_id and the reply say the same: one link",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 smtpd: A00002: client=localhost[127.0.0.1], orig_queue_id=A00001, "
     "orig_client=desk.example.org[192.0.2.7]\n"
     "10:00:01 mx1 internal A00002 1@x ann@example.org 1\n"
     "10:00:02 mx1 queued-as A00001 bob@example.net 127.0.0.1[127.0.0.1] A00002\n"
     "10:00:02 mx1 removed A00001\n"
     "10:00:02 mx1 delivered A00002 bob@example.net\n"
     "10:00:02 mx1 removed A00002\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " 2 mx1/A00002 line <1 bob@example.net requeue exact -1s\n"
     " bob@example.net delivered 2\n"},
    {"orig_queue_id alone ties two hops, where the filter's reply names no ID",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 smtpd: A00002: client=localhost[127.0.0.1], orig_queue_id=A00001, "
     "orig_client=desk.example.org[192.0.2.7]\n"
     "10:00:01 mx1 internal A00002 2@x ann@example.org 1\n"
     "10:00:02 mx1 sent A00001 bob@example.net 127.0.0.1[127.0.0.1] 250 ok\n"
     "10:00:02 mx1 removed A00001\n"
     "10:00:02 mx1 delivered A00002 bob@example.net\n"
     "10:00:02 mx1 removed A00002\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " 2 mx1/A00002 line <1 * requeue exact +1s\n"
     " bob@example.net delivered 2\n"},
    {"local forwards under another ID, whose lines come before",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 internal A00002 1@x ann@example.org 1\n"
     "10:00:01 mx1 forwarded A00001 bob@mx1.example.test A00002\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 mx1 sent A00002 bob@example.net far 250 ok\n"
     "10:00:02 mx1 removed A00002\n",
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " 2 mx1/A00002 line <1 bob@mx1.example.test requeue exact\n"
     " bob@example.net (bob@mx1.example.test) relayed 2\n"},
    {"or after",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 forwarded A00001 bob@mx1.example.test A00002\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 mx1 internal A00002 1@x ann@example.org 1\n"
     "10:00:02 mx1 sent A00002 bob@example.net far 250 ok\n"
     "10:00:02 mx1 removed A00002\n",
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " 2 mx1/A00002 line <1 bob@mx1.example.test requeue exact\n"
     " bob@example.net (bob@mx1.example.test) relayed 2\n"},
    {"postsuper -r: what was delivered stays, what was deferred goes on",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 2\n"
     "10:00:01 mx1 delivered A00001 bob@mx1.example.test\n"
     "10:00:01 mx1 deferred A00001 carol@example.net far timeout\n"
     "10:10:00 mx1 postsuper: A00001: requeued\n"
     "10:10:01 mx1 pickup: A00002: uid=0 from=<ann@example.org> orig_id=A00001\n"
     "10:10:01 mx1 internal A00002 1@x ann@example.org 1\n"
     "10:10:02 mx1 sent A00002 carol@example.net far 250 ok\n"
     "10:10:02 mx1 removed A00002\n",
     "story mixed\n"
     " 1 mx1/A00001 line\n"
     " 2 mx1/A00002 line <1 * requeue exact +1s\n"
     " bob@mx1.example.test delivered 1\n"
     " carol@example.net relayed 2\n"},
    {"sendmail's submission queue hands over to its daemon",
     "10:00:00 hub sendmail: 64BA00aa000001: from=ann, size=400, class=0, nrcpts=1, msgid=<1@x>, "
     "relay=ann@localhost\n"
     "10:00:00 hub collected 64BA00aa000002 hub <1@x> ann@hub.example.test 1\n"
     "10:00:01 hub sendmail: 64BA00aa000001: to=bob, delay=00:00:01, mailer=relay, pri=1, "
     "relay=[127.0.0.1] [127.0.0.1], dsn=2.0.0, stat=Sent (64BA00aa000002 Message accepted for "
     "delivery)\n"
     "10:00:01 hub mailed 64BA00aa000002 bob@hub.example.test\n",
     "story delivered\n"
     " 1 hub/64BA00aa000001 final\n"
     " 2 hub/64BA00aa000002 final <1 bob requeue exact -1s\n"
     " bob@hub.example.test (bob) delivered 2\n"},
    {"sendmail clones a list with an owner",
     "10:00:00 hub collected 64BA00aa000001 desk <1@x> ann@example.org 1\n"
     "10:00:00 hub sm-mta: 64BA00aa000001: 64BA00aa000002: clone: owner=owner-list\n"
     "10:00:01 hub mailed 64BA00aa000002 bob@hub.example.test\n",
     "story delivered\n"
     " 1 hub/64BA00aa000001 final\n"
     " 2 hub/64BA00aa000002 final <1 * requeue exact\n"
     " bob@hub.example.test delivered 2\n"},
    {"sendmail splits a message in two",
     "10:00:00 hub collected 64BA00aa000001 desk <1@x> ann@example.org 2\n"
     "10:00:00 hub sm-mta: 64BA00aa000001: split: maxrcpts=1, rcpts=2, count=2, "
     "ids=64BA00aa000002, 64BA00aa000003\n"
     "10:00:01 hub mailed 64BA00aa000002 bob@hub.example.test\n"
     "10:00:01 hub mailed 64BA00aa000003 carol@hub.example.test\n",
     "story delivered\n"
     " 1 hub/64BA00aa000001 final\n"
     " 2 hub/64BA00aa000002 final <1 * requeue exact\n"
     " 3 hub/64BA00aa000003 final <1 * requeue exact\n"
     " bob@hub.example.test delivered 2\n"
     " carol@hub.example.test delivered 3\n"},
};

static const TellerCase notifications[] = {
    {"a bounce is a story about its message",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 bounced A00001 bob@example.net far 550 no\n"
     "10:00:01 mx1 internal A00002 2@x <> 1\n"
     "10:00:01 mx1 bounce: A00001: sender non-delivery notification: A00002\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 mx1 sent A00002 ann@example.org desk 250 ok\n"
     "10:00:02 mx1 removed A00002\n",
     "story failed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net failed 1\n"
     " note: notification mx1/A00002\n"
     "story relayed\n"
     " 1 mx1/A00002 line\n"
     " ann@example.org relayed 1\n"
     " about mx1/A00001\n"},
    {"a notification is followed to other hosts",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 bounced A00001 bob@example.net far 550 no\n"
     "10:00:01 mx1 bounce: A00001: sender non-delivery notification: A00002\n"
     "10:00:01 mx1 internal A00002 2@x <> 1\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub comes B00001 mx1 2@x <> 1\n"
     "10:00:02 mx1 queued-as A00002 ann@example.org hub B00001\n"
     "10:00:02 mx1 removed A00002\n"
     "10:00:03 hub delivered B00001 ann@example.org\n"
     "10:00:03 hub removed B00001\n",
     "story delivered\n"
     " 1 mx1/A00002 line\n"
     " 2 hub/B00001 line <1 ann@example.org reply-id exact\n"
     " ann@example.org delivered 2\n"
     " about mx1/A00001\n"
     "story failed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net failed 1\n"
     " note: notification mx1/A00002\n"},
    {"a notification of a notification",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 bounced A00001 bob@example.net far 550 no\n"
     "10:00:01 mx1 internal A00002 2@x <> 1\n"
     "10:00:01 mx1 bounce: A00001: sender non-delivery notification: A00002\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 mx1 bounced A00002 ann@example.org desk 550 no\n"
     "10:00:02 mx1 internal A00003 3@x double-bounce@mx1.example.test 1\n"
     "10:00:02 mx1 bounce: A00002: postmaster non-delivery notification: A00003\n"
     "10:00:02 mx1 removed A00002\n"
     "10:30:00 mx1 delivered A00003 postmaster@mx1.example.test\n"
     "10:30:00 mx1 removed A00003\n",
     "story failed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net failed 1\n"
     " note: notification mx1/A00002\n"
     "story failed\n"
     " 1 mx1/A00002 line\n"
     " ann@example.org failed 1\n"
     " about mx1/A00001\n"
     " note: notification mx1/A00003\n"
     "story delivered\n"
     " 1 mx1/A00003 line\n"
     " postmaster@mx1.example.test delivered 1\n"
     " about mx1/A00002\n"},
    {"a warning is told long before its message, which then arrives",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 unreached A00001 bob@example.net\n"
     "14:00:01 mx1 unreached A00001 bob@example.net\n"
     "14:00:01 mx1 internal A00002 2@x <> 1\n"
     "14:00:01 mx1 bounce: A00001: sender delay notification: A00002\n"
     "14:00:02 mx1 delivered A00002 ann@mx1.example.test\n"
     "14:00:02 mx1 removed A00002\n"
     "20:00:01 mx1 sent A00001 bob@example.net far 250 ok\n"
     "20:00:01 mx1 removed A00001\n",
     "story delivered\n"
     " 1 mx1/A00002 line\n"
     " ann@mx1.example.test delivered 1\n"
     " about mx1/A00001\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1 x3\n"
     " note: notification mx1/A00002\n"},
    {"a notification waits until its message's first hop is certain",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 unreached A00001 bob@example.net\n"
     "10:00:01 mx1 internal A00002 2@x <> 1\n"
     "10:00:01 mx1 bounce: A00001: sender delay notification: A00002\n"
     "10:00:02 mx1 delivered A00002 ann@mx1.example.test\n"
     "10:00:02 mx1 removed A00002\n"
     "10:05:00 out comes C00001 desk 1@x ann@example.org 1\n"
     "10:05:01 out queued-as C00001 bob@example.net mx1 A00001\n"
     "10:05:01 out removed C00001\n"
     "20:00:01 mx1 delivered A00001 bob@example.net\n"
     "20:00:01 mx1 removed A00001\n",
     "story delivered\n"
     " 1 mx1/A00002 line\n"
     " ann@mx1.example.test delivered 1\n"
     " about out/C00001\n"
     "story delivered\n"
     " 1 mx1/A00001 line <2 bob@example.net reply-id exact -301s\n"
     " 2 out/C00001 line\n"
     " bob@example.net delivered 1 x2\n"
     " note: notification mx1/A00002\n"},
    {"what expires has failed, and is notified",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 unreached A00001 bob@example.net\n"
     "16T10:00:01 mx1 unreached A00001 bob@example.net\n"
     "16T10:00:01 mx1 qmgr: A00001: from=<ann@example.org>, status=expired, returned to sender\n"
     "16T10:00:01 mx1 internal A00002 2@x <> 1\n"
     "16T10:00:01 mx1 bounce: A00001: sender non-delivery notification: A00002\n"
     "16T10:00:01 mx1 removed A00001\n"
     "16T10:30:02 mx1 delivered A00002 ann@mx1.example.test\n"
     "16T10:30:02 mx1 removed A00002\n",
     "story failed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net failed 1 x2\n"
     " note: notification mx1/A00002\n"
     "story delivered\n"
     " 1 mx1/A00002 line\n"
     " ann@mx1.example.test delivered 1\n"
     " about mx1/A00001\n"},
    {"sendmail's DSN, and the return of that",
     "10:00:00 hub collected 64BA00aa000001 desk <1@x> ann@example.org 1\n"
     "10:00:01 hub sm-mta: 64BA00aa000001: to=<bob@example.net>, delay=00:00:01, mailer=esmtp, "
     "pri=1, relay=mx.example.net. [198.51.100.9], dsn=5.1.1, stat=User unknown\n"
     "10:00:01 hub sm-mta: 64BA00aa000001: 64BA00aa000002: DSN: User unknown\n"
     "10:00:02 hub sm-mta: 64BA00aa000002: to=<ann@example.org>, delay=00:00:01, mailer=esmtp, "
     "pri=1, relay=mx.example.net. [198.51.100.9], dsn=5.1.1, stat=User unknown\n"
     "10:00:02 hub sm-mta: 64BA00aa000002: 64BA00aa000003: return to sender: User unknown\n"
     "10:30:02 hub mailed 64BA00aa000003 postmaster\n",
     "story failed\n"
     " 1 hub/64BA00aa000001 final\n"
     " bob@example.net failed 1\n"
     " note: notification hub/64BA00aa000002\n"
     "story failed\n"
     " 1 hub/64BA00aa000002 final\n"
     " ann@example.org failed 1\n"
     " about hub/64BA00aa000001\n"
     " note: notification hub/64BA00aa000003\n"
     "story delivered\n"
     " 1 hub/64BA00aa000003 final\n"
     " postmaster delivered 1\n"
     " about hub/64BA00aa000002\n"},
    {"sendmail gives up after days",
     "10:00:00 hub collected 64BA00aa000001 desk <1@x> ann@example.org 1\n"
     "10:00:01 hub sm-mta: 64BA00aa000001: to=<bob@example.net>, delay=00:00:01, mailer=esmtp, "
     "pri=1, relay=mx.example.net., dsn=4.0.0, stat=Deferred: Connection refused\n"
     "16T10:00:01 hub sm-mta: 64BA00aa000001: 64BA00aa000002: sender notify: Cannot send message "
     "for 5 days\n"
     "16T10:30:01 hub mailed 64BA00aa000002 ann@example.org\n",
     "story failed\n"
     " 1 hub/64BA00aa000001 final\n"
     " bob@example.net failed 1\n"
     " note: notification hub/64BA00aa000002\n"
     "story delivered\n"
     " 1 hub/64BA00aa000002 final\n"
     " ann@example.org delivered 1\n"
     " about hub/64BA00aa000001\n"},
};

static const TellerCase by_message_id[] = {
    {"a connection is lost after the message was taken: both copies are in the story",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n"
     "10:00:03 mx1 deferred A00001 bob@example.net hub lost connection with hub while sending end "
     "of data\n"
     "10:10:00 hub comes B00002 mx1 1@x ann@example.org 1\n"
     "10:10:00 mx1 queued-as A00001 bob@example.net hub B00002\n"
     "10:10:00 mx1 removed A00001\n"
     "10:10:01 hub delivered B00002 bob@example.net\n"
     "10:10:01 hub removed B00002\n",
     "story delivered strong\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net message-id strong -2s\n"
     " 3 hub/B00002 line <1 bob@example.net reply-id exact\n"
     " bob@example.net expanded 1\n"
     " bob@example.net delivered 3\n"
     " bob@example.net delivered 2 strong\n"},
    {"a reply without an ID, from a host that is known",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:01 mx1 sent A00001 bob@example.net hub 250 thank you\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered strong\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net message-id strong\n"
     " bob@example.net delivered 2 strong\n"},
    {"a reply without an ID, and nothing tells the hosts: inferred",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub comes B00001 " NAT " 1@x ann@example.org 1\n"
     "10:00:01 mx1 sent A00001 bob@example.net " VIP " 250 thank you\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered inferred\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net message-id-only inferred\n"
     " bob@example.net delivered 2 inferred\n"},
    {"but not if mx1 is known under names that the client does not bear",
     LESSON "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
            "10:00:01 hub comes B00001 new.example.net[203.0.113.9] 1@x ann@example.org 1\n"
            "10:00:01 mx1 sent A00001 bob@example.net far 250 thank you\n"
            "10:00:01 mx1 removed A00001\n"
            "10:00:02 hub delivered B00001 bob@example.net\n"
            "10:00:02 hub removed B00001\n",
     LESSON_TOLD "story delivered\n"
                 " 1 hub/B00001 line\n"
                 " bob@example.net delivered 1\n"
                 "story relayed\n"
                 " 1 mx1/A00001 line\n"
                 " bob@example.net relayed 1\n"},
    {"the same message twice on one host stays two stories",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 sent A00001 bob@example.net far 250 thank you\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:01 mx1 comes A00002 desk 1@x ann@example.org 1\n"
     "10:00:02 mx1 delivered A00002 carol@example.net\n"
     "10:00:02 mx1 removed A00002\n",
     "story delivered\n"
     " 1 mx1/A00002 line\n"
     " carol@example.net delivered 1\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},
    {"one Message-ID alone joins nothing",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 delivered A00001 bob@example.net\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:02 hub delivered B00001 carol@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"
     "story delivered\n"
     " 1 hub/B00001 line\n"
     " carol@example.net delivered 1\n"},
    {"the hop may begin five seconds after the attempt",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 sent A00001 bob@example.net hub 250 thank you\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:06 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:06 hub delivered B00001 bob@example.net\n"
     "10:00:06 hub removed B00001\n",
     "story delivered strong\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net message-id strong +5s\n"
     " bob@example.net delivered 2 strong\n"},
    {"and no later",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 sent A00001 bob@example.net hub 250 thank you\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:07 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:07 hub delivered B00001 bob@example.net\n"
     "10:00:07 hub removed B00001\n",
     "story delivered\n"
     " 1 hub/B00001 line\n"
     " bob@example.net delivered 1\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},
    {"it may begin five seconds before the other hop did",
     "10:00:00 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:00 hub delivered B00001 bob@example.net\n"
     "10:00:00 hub removed B00001\n"
     "10:00:05 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:06 mx1 sent A00001 bob@example.net hub 250 thank you\n"
     "10:00:06 mx1 removed A00001\n",
     "story delivered strong\n"
     " 1 hub/B00001 line <2 bob@example.net message-id strong -6s\n"
     " 2 mx1/A00001 line\n"
     " bob@example.net delivered 1 strong\n"},
    {"and no earlier",
     "10:00:00 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:00 hub delivered B00001 bob@example.net\n"
     "10:00:00 hub removed B00001\n"
     "10:00:06 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:07 mx1 sent A00001 bob@example.net hub 250 thank you\n"
     "10:00:07 mx1 removed A00001\n",
     "story delivered\n"
     " 1 hub/B00001 line\n"
     " bob@example.net delivered 1\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},
    {"another sender contradicts",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 sent A00001 bob@example.net hub 250 thank you\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub comes B00001 mx1 1@x carl@example.org 1\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 hub/B00001 line\n"
     " bob@example.net delivered 1\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},
    {"an attempt that named an ID is closed to this rule",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 queued-as A00001 bob@example.net hub B00007\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n",
     "story delivered\n"
     " 1 hub/B00001 line\n"
     " bob@example.net delivered 1\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},
    {"one attempt leads to one hop",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 sent A00001 bob@example.net hub 250 thank you\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:02 hub delivered B00001 bob@example.net\n"
     "10:00:02 hub removed B00001\n"
     "10:00:03 hub comes B00002 mx1 1@x ann@example.org 1\n"
     "10:00:03 hub delivered B00002 bob@example.net\n"
     "10:00:03 hub removed B00002\n",
     "story delivered\n"
     " 1 hub/B00002 line\n"
     " bob@example.net delivered 1\n"
     "story delivered strong\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 line <1 bob@example.net message-id strong +1s\n"
     " bob@example.net delivered 2 strong\n"},
    {"two attempts of two hops fit: ambiguous, the nearer in time",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 mx1 comes A00002 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 sent A00001 bob@example.net hub 250 thank you\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:03 mx1 sent A00002 bob@example.net hub 250 thank you\n"
     "10:00:03 mx1 removed A00002\n"
     "10:00:03 hub comes B00001 mx1 1@x ann@example.org 1\n"
     "10:00:03 hub delivered B00001 bob@example.net\n"
     "10:00:03 hub removed B00001\n",
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"
     "story delivered ambiguous\n"
     " 1 mx1/A00002 line\n"
     " 2 hub/B00001 line <1 bob@example.net message-id ambiguous of 2\n"
     " bob@example.net delivered 2 ambiguous\n"},
    {"sendmail cuts a Message-ID at 100 bytes, and it is the same all the same",
     "10:00:00 mx1 comes A00001 desk " LONG_ID " ann@example.org 1\n"
     "10:00:01 mx1 sent A00001 bob@example.net hub 250 thank you\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:01 hub collected 64BA00aa000001 mx1 " CUT_ID " ann@example.org 1\n"
     "10:00:02 hub mailed 64BA00aa000001 bob@example.net\n",
     "story delivered strong\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/64BA00aa000001 final <1 bob@example.net message-id strong\n"
     " bob@example.net delivered 2 strong\n"},
    {"a shorter one that only begins alike is another",
     "10:00:00 mx1 comes A00001 desk 12@x ann@example.org 1\n"
     "10:00:01 mx1 sent A00001 bob@example.net hub 250 thank you\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:01 hub collected 64BA00aa000001 mx1 <12 ann@example.org 1\n"
     "10:00:02 hub mailed 64BA00aa000001 bob@example.net\n",
     "story delivered\n"
     " 1 hub/64BA00aa000001 final\n"
     " bob@example.net delivered 1\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},
};

static const TellerCase refusals[] = {
    {"the far side of a bounce is no story of its own",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub refuse mx1 ann@example.org bob@example.net\n"
     "10:00:01 mx1 bounced A00001 bob@example.net hub 550 no\n"
     "10:00:01 mx1 removed A00001\n",
     "story failed strong\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/NOQUEUE line <1 bob@example.net refusal strong\n"
     " bob@example.net failed 1\n"},
    {"what nothing tells the hosts of is inferred",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub refuse " NAT " ann@example.org bob@example.net\n"
     "10:00:01 mx1 bounced A00001 bob@example.net " VIP " 550 no\n"
     "10:00:01 mx1 removed A00001\n",
     "story failed inferred\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/NOQUEUE line <1 bob@example.net refusal inferred\n"
     " bob@example.net failed 1\n"},
    {"a refusal at the end of the message, which has an ID",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub client B00001 mx1\n"
     "10:00:01 hub message-id B00001 1@x\n"
     "10:00:01 hub milter-refuse B00001 mx1 ann@example.org bob@example.net\n"
     "10:00:01 mx1 bounced A00001 bob@example.net hub 550 no\n"
     "10:00:01 mx1 removed A00001\n",
     "story failed strong\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/B00001 final <1 bob@example.net refusal strong\n"
     " bob@example.net failed 1\n"},
    {"sendmail's refusal",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub sm-mta: 64BA00aa000001: <bob@example.net>... User unknown\n"
     "10:00:01 hub collected 64BA00aa000001 mx1 <1@x> ann@example.org 0\n"
     "10:00:01 mx1 bounced A00001 bob@example.net hub 550 no\n"
     "10:00:01 mx1 removed A00001\n",
     "story failed strong\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/64BA00aa000001 final <1 bob@example.net refusal strong\n"
     " bob@example.net failed 1\n"},
    {"two attempts and two refusals go together one to one",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub refuse mx1 ann@example.org bob@example.net\n"
     "10:00:01 mx1 deferred A00001 bob@example.net hub 450 later\n"
     "10:00:02 hub disconnect mx1\n"
     "10:05:01 hub refuse mx1 ann@example.org bob@example.net\n"
     "10:05:01 mx1 bounced A00001 bob@example.net hub 550 no\n"
     "10:05:01 mx1 removed A00001\n",
     "story failed strong\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/NOQUEUE line <1 bob@example.net refusal strong\n"
     " 3 hub/NOQUEUE line <1 bob@example.net refusal strong\n"
     " bob@example.net failed 1 x2\n"
     "loose 1\n"},
    {"a second refusal of one attempt is a story of its own",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub refuse mx1 ann@example.org bob@example.net\n"
     "10:00:01 mx1 bounced A00001 bob@example.net hub 550 no\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 hub disconnect mx1\n"
     "10:00:30 hub refuse mx1 ann@example.org bob@example.net\n",
     "story rejected\n"
     " 1 hub/NOQUEUE line\n"
     " bob@example.net rejected 1\n"
     "story failed strong\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/NOQUEUE line <1 bob@example.net refusal strong\n"
     " bob@example.net failed 1\n"
     "loose 1\n"},
    {"a stranger who is refused has nothing to do with it",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub refuse desk carl@example.org bob@example.net\n"
     "10:00:01 mx1 deferred A00001 bob@example.net hub 450 later\n"
     "10:30:01 mx1 sent A00001 bob@example.net far 250 ok\n"
     "10:30:01 mx1 removed A00001\n",
     "story rejected\n"
     " 1 hub/NOQUEUE line\n"
     " bob@example.net rejected 1\n"
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1 x2\n"},
    {"a refused transaction of another Message-ID has nothing to do with it",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub client B00001 mx1\n"
     "10:00:01 hub message-id B00001 2@x\n"
     "10:00:01 hub milter-refuse B00001 mx1 ann@example.org bob@example.net\n"
     "10:00:01 mx1 bounced A00001 bob@example.net hub 550 no\n"
     "10:00:01 mx1 removed A00001\n",
     "story rejected\n"
     " 1 hub/B00001 final\n"
     " bob@example.net rejected 1\n"
     "story failed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net failed 1\n"},
    {"attempt and refusal may lie two minutes apart",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 bounced A00001 bob@example.net hub 550 no\n"
     "10:00:01 mx1 removed A00001\n"
     "10:02:01 hub refuse mx1 ann@example.org bob@example.net\n",
     "story failed strong\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/NOQUEUE line <1 bob@example.net refusal strong +120s\n"
     " bob@example.net failed 1\n"},
    {"and no more",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 bounced A00001 bob@example.net hub 550 no\n"
     "10:00:01 mx1 removed A00001\n"
     "10:02:02 hub refuse mx1 ann@example.org bob@example.net\n",
     "story failed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net failed 1\n"
     "story rejected\n"
     " 1 hub/NOQUEUE line\n"
     " bob@example.net rejected 1\n"},
    {"the refusal may come first, by two minutes",
     "09:59:59 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 hub refuse mx1 ann@example.org bob@example.net\n"
     "10:02:00 mx1 bounced A00001 bob@example.net hub 550 no\n"
     "10:02:00 mx1 removed A00001\n",
     "story failed strong\n"
     " 1 mx1/A00001 line\n"
     " 2 hub/NOQUEUE line <1 bob@example.net refusal strong -120s\n"
     " bob@example.net failed 1\n"},
    {"and no more either",
     "09:59:59 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 hub refuse mx1 ann@example.org bob@example.net\n"
     "10:00:01 hub disconnect mx1\n"
     "10:02:01 mx1 bounced A00001 bob@example.net hub 550 no\n"
     "10:02:01 mx1 removed A00001\n",
     "story rejected\n"
     " 1 hub/NOQUEUE line\n"
     " bob@example.net rejected 1\n"
     "story failed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net failed 1\n"
     "loose 1\n"},
};

/* mx1 sends to the hub, which names no ID; what follows are parts of that. */
#define MX1_NAMES "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
#define MX1_NAMELESS "10:00:00 mx1 nameless A00001 desk ann@example.org 1\n"
#define MX1_SENT                                                                                   \
    "10:00:01 mx1 sent A00001 bob@example.net hub 250 thank you\n"                                 \
    "10:00:01 mx1 removed A00001\n"
#define HUB_NAMELESS "10:00:01 hub nameless B00001 mx1 ann@example.org 1\n"
#define HUB_DELIVERED                                                                              \
    "10:00:02 hub delivered B00001 bob@example.net\n"                                              \
    "10:00:02 hub removed B00001\n"
#define JOINED                                                                                     \
    "story delivered inferred\n"                                                                   \
    " 1 mx1/A00001 line\n"                                                                         \
    " 2 hub/B00001 line <1 bob@example.net envelope inferred\n"                                    \
    " bob@example.net delivered 2 inferred\n"
#define HUB_ALONE                                                                                  \
    "story delivered\n"                                                                            \
    " 1 hub/B00001 line\n"                                                                         \
    " bob@example.net delivered 1\n"
#define MX1_ALONE                                                                                  \
    "story relayed\n"                                                                              \
    " 1 mx1/A00001 line\n"                                                                         \
    " bob@example.net relayed 1\n"

static const TellerCase by_envelope[] = {
    {"neither has a Message-ID", MX1_NAMELESS HUB_NAMELESS MX1_SENT HUB_DELIVERED, JOINED},
    {"the next host knows none", MX1_NAMES HUB_NAMELESS MX1_SENT HUB_DELIVERED, JOINED},
    {"only the next host knows one",
     MX1_NAMELESS "10:00:01 hub comes B00001 mx1 1@x ann@example.org 1\n" MX1_SENT HUB_DELIVERED,
     JOINED},
    {"each knows another",
     MX1_NAMES "10:00:01 hub comes B00001 mx1 2@x ann@example.org 1\n" MX1_SENT HUB_DELIVERED,
     HUB_ALONE MX1_ALONE},
    {"another recipient",
     MX1_NAMES HUB_NAMELESS "10:00:01 mx1 sent A00001 carol@example.net hub 250 thank you\n"
                            "10:00:01 mx1 removed A00001\n" HUB_DELIVERED,
     HUB_ALONE "story relayed\n"
               " 1 mx1/A00001 line\n"
               " carol@example.net relayed 1\n"},
    {"two attempts, with Message-IDs, could be meant",
     MX1_NAMES "10:00:00 mx1 comes A00002 desk 2@x ann@example.org 1\n" HUB_NAMELESS MX1_SENT
               "10:00:01 mx1 sent A00002 bob@example.net hub 250 thank you\n"
               "10:00:01 mx1 removed A00002\n" HUB_DELIVERED,
     HUB_ALONE "story relayed\n"
               " 1 mx1/A00002 line\n"
               " bob@example.net relayed 1\n" MX1_ALONE},
    {"two attempts, one of them with a Message-ID",
     MX1_NAMES "10:00:00 mx1 nameless A00002 desk ann@example.org 1\n" HUB_NAMELESS MX1_SENT
               "10:00:01 mx1 sent A00002 bob@example.net hub 250 thank you\n"
               "10:00:01 mx1 removed A00002\n" HUB_DELIVERED,
     HUB_ALONE "story relayed\n"
               " 1 mx1/A00002 line\n"
               " bob@example.net relayed 1\n" MX1_ALONE},
    {"one attempt after the other",
     MX1_NAMES HUB_NAMELESS MX1_SENT HUB_DELIVERED
     "10:30:00 mx1 comes A00002 desk 2@x ann@example.org 1\n"
     "10:30:01 hub nameless B00002 mx1 ann@example.org 1\n"
     "10:30:01 mx1 sent A00002 bob@example.net hub 250 thank you\n"
     "10:30:01 mx1 removed A00002\n"
     "10:30:02 hub delivered B00002 bob@example.net\n"
     "10:30:02 hub removed B00002\n",
     JOINED "story delivered inferred\n"
            " 1 mx1/A00002 line\n"
            " 2 hub/B00002 line <1 bob@example.net envelope inferred\n"
            " bob@example.net delivered 2 inferred\n"},
    {"an attempt is the hop before one message only",
     MX1_NAMES HUB_NAMELESS
     "10:00:02 hub nameless B00002 mx1 ann@example.org 1\n" MX1_SENT HUB_DELIVERED
     "10:00:02 hub delivered B00002 bob@example.net\n"
     "10:00:02 hub removed B00002\n",
     "story delivered\n"
     " 1 hub/B00002 line\n"
     " bob@example.net delivered 1\n" JOINED},
};

int main(void)
{
    return teller_run("reply-id", by_reply, sizeof by_reply / sizeof by_reply[0]) +
           teller_run("requeue", on_one_host, sizeof on_one_host / sizeof on_one_host[0]) +
           teller_run("notify", notifications, sizeof notifications / sizeof notifications[0]) +
           teller_run("message-id", by_message_id, sizeof by_message_id / sizeof by_message_id[0]) +
           teller_run("envelope", by_envelope, sizeof by_envelope / sizeof by_envelope[0]) +
           teller_run("refusal", refusals, sizeof refusals / sizeof refusals[0]);
}
