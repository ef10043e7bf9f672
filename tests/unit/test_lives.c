/* test_lives.c - which lines are one life of a queue ID, when it begins and why it ends */
#include "postfix_lines.h"
#include "teller.h"

#define ANN "ann@example.org"
#define BOB "bob@example.net"

/* sendmail's from= line, and the to= line of a local delivery. */
#define COLLECTED(at, id, message_id, sender, count)                                               \
    at " hub sm-mta: " id ": from=<" sender ">, size=400, class=0, nrcpts=" count ", msgid=<"      \
       message_id ">, proto=ESMTP, daemon=MTA, relay=desk.example.org [192.0.2.7]\n"
#define INTO_MAILBOX(at, id, to)                                                                   \
    at " hub sm-mta: " id ": to=<" to ">, delay=00:00:01, mailer=local, dsn=2.0.0, stat=Sent\n"

/* A line of another message, which only shows how late it is; its story comes last. */
#define CLOCK(at) at " mx1 smtpd: connect from " FAR "\n"

static const TellerCase cases[] = {
    /* --- one life */
    {"a message is one life, from its client to its end line",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@example.org", ANN, "1")
         SENT("10:00:01", "mx1", "A00001", BOB, FAR, "250 ok") REMOVED("10:00:01", "mx1", "A00001"),
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},
    {"a second Message-ID header before the message is queued begins no life",
     CLIENT("10:00:00", "mx1", "A00001", DESK) MESSAGE_ID("10:00:00", "mx1", "A00001", "1@x")
         MESSAGE_ID("10:00:00", "mx1", "A00001", "2@x")
             ACTIVE("10:00:00", "mx1", "A00001", ANN, "1") REMOVED("10:00:01", "mx1", "A00001"),
     "story unknown\n"
     " 1 mx1/A00001 line\n"
     "  unknown 1\n"},
    {"a resent-message-id of a queued message begins no life",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "1")
         "10:00:00 mx1 cleanup: A00001: resent-message-id=<2@x>\n" REMOVED("10:00:01", "mx1",
                                                                           "A00001"),
     "story unknown\n"
     " 1 mx1/A00001 line\n"
     "  unknown 1\n"},
    {"each retry says active again, with the same sender: one life, and attempts are counted",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "1")
         DEFERRED("10:00:01", "mx1", "A00001", BOB, FAR, "timeout")
             ACTIVE("10:30:00", "mx1", "A00001", ANN, "1")
                 DEFERRED("10:30:01", "mx1", "A00001", BOB, FAR, "timeout")
                     ACTIVE("11:30:00", "mx1", "A00001", ANN, "1")
                         SENT("11:30:01", "mx1", "A00001", BOB, FAR, "250 ok")
                             REMOVED("11:30:01", "mx1", "A00001"),
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1 x3\n"},
    {"the same ID on two hosts is two lives",
     COMES("10:00:00", "hub", "A00001", DESK, "1@x", ANN, "1")
         COMES("10:00:01", "mx1", "A00001", DESK, "2@x", ANN, "1")
             DELIVERED("10:00:01", "hub", "A00001", "carol@hub.example.test")
                 DELIVERED("10:00:01", "mx1", "A00001", "dave@mx1.example.test")
                     REMOVED("10:00:01", "hub", "A00001") REMOVED("10:00:02", "mx1", "A00001"),
     "story delivered\n"
     " 1 hub/A00001 line\n"
     " carol@hub.example.test delivered 1\n"
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " dave@mx1.example.test delivered 1\n"},
    {"the case of an ID's letters counts",
     COMES("10:00:00", "mx1", "4bCdF0Ab1z", DESK, "1@x", ANN, "1")
         REMOVED("10:00:01", "mx1", "4bCdF0aB1z") REMOVED("10:00:02", "mx1", "4bCdF0Ab1z"),
     "story unknown\n"
     " 1 mx1/4bCdF0Ab1z line\n"
     "  unknown 1\n"
     "loose 1\n"},

    /* --- it begins anew */
    {"an ID that comes back after its end line is another life",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "1")
         DELIVERED("10:00:00", "mx1", "A00001", BOB) REMOVED("10:00:00", "mx1", "A00001")
             COMES("10:00:01", "mx1", "A00001", DESK, "2@x", ANN, "1")
                 DELIVERED("10:00:01", "mx1", "A00001", "carol@example.net")
                     REMOVED("10:00:01", "mx1", "A00001"),
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " carol@example.net delivered 1\n"},
    {"a second client= ends the life before, which has no end line",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "1")
         DEFERRED("10:00:00", "mx1", "A00001", BOB, FAR, "timeout")
             COMES("10:00:10", "mx1", "A00001", DESK, "2@x", ANN, "1")
                 DELIVERED("10:00:11", "mx1", "A00001", "carol@example.net")
                     REMOVED("10:00:11", "mx1", "A00001"),
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " carol@example.net delivered 1\n"
     "story delayed\n"
     " 1 mx1/A00001 reused\n"
     " bob@example.net delayed 1\n"},
    {"uid= begins a life as client= does",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "1")
         "10:00:01 mx1 pickup: A00001: uid=0 from=<root>\n",
     "story unknown\n"
     " 1 mx1/A00001 log\n"
     "  unknown 1\n"
     " note: mx1/A00001: the log ends first\n"
     "story unknown\n"
     " 1 mx1/A00001 reused\n"
     "  unknown 1\n"},
    {"a client= within two seconds belongs to the message-id before it",
     MESSAGE_ID("10:00:00", "mx1", "A00001", "1@x") CLIENT("10:00:02", "mx1", "A00001", DESK)
         ACTIVE("10:00:02", "mx1", "A00001", ANN, "1") REMOVED("10:00:03", "mx1", "A00001"),
     "story unknown\n"
     " 1 mx1/A00001 line\n"
     "  unknown 1\n"},
    {"a client= three seconds later begins a life",
     MESSAGE_ID("10:00:00", "mx1", "A00001", "1@x") CLIENT("10:00:03", "mx1", "A00001", DESK)
         ACTIVE("10:00:04", "mx1", "A00001", ANN, "1") REMOVED("10:00:04", "mx1", "A00001"),
     "story unknown\n"
     " 1 mx1/A00001 reused\n"
     "  unknown 1\n"
     "story unknown\n"
     " 1 mx1/A00001 line\n"
     "  unknown 1\n"},
    {"a message-id begins a life if the one before is in the queue: internal mail has no client",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "1")
         MESSAGE_ID("10:00:05", "mx1", "A00001", "2@x")
             ACTIVE("10:00:05", "mx1", "A00001", "", "1")
                 DELIVERED("10:00:05", "mx1", "A00001", ANN) REMOVED("10:00:05", "mx1", "A00001"),
     "story unknown\n"
     " 1 mx1/A00001 reused\n"
     "  unknown 1\n"
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " ann@example.org delivered 1\n"},
    {"a message-id after a minute of silence is still of the dialogue",
     CLIENT("10:00:00", "mx1", "A00001", DESK) MESSAGE_ID("10:01:00", "mx1", "A00001", "1@x")
         ACTIVE("10:01:00", "mx1", "A00001", ANN, "1") REMOVED("10:01:01", "mx1", "A00001"),
     "story unknown\n"
     " 1 mx1/A00001 line\n"
     "  unknown 1\n"},
    {"a message-id after more than a minute of silence begins a life",
     CLIENT("10:00:00", "mx1", "A00001", DESK) MESSAGE_ID("10:01:01", "mx1", "A00001", "1@x")
         ACTIVE("10:01:01", "mx1", "A00001", ANN, "1") REMOVED("10:01:01", "mx1", "A00001"),
     "story unknown\n"
     " 1 mx1/A00001 reused\n"
     "  unknown 1\n"
     "story unknown\n"
     " 1 mx1/A00001 line\n"
     "  unknown 1\n"},
    {"a message-id two seconds after a refusal is the refused message's",
     CLIENT("10:00:00", "mx1", "A00001", DESK)
         "10:00:00 mx1 cleanup: A00001: milter-reject: END-OF-MESSAGE from " DESK
         ": 5.7.1 no; from=<ann@example.org> to=<bob@example.net> proto=ESMTP helo=<x>\n" MESSAGE_ID(
             "10:00:02", "mx1", "A00001", "1@x"),
     "story rejected\n"
     " 1 mx1/A00001 final\n"
     " bob@example.net rejected 1\n"},
    {"a message-id three seconds after a refusal begins a life",
     CLIENT("10:00:00", "mx1", "A00001", DESK)
         "10:00:00 mx1 cleanup: A00001: milter-reject: END-OF-MESSAGE from " DESK
         ": 5.7.1 no; from=<ann@example.org> to=<bob@example.net> proto=ESMTP helo=<x>\n" MESSAGE_ID(
             "10:00:03", "mx1", "A00001", "1@x") ACTIVE("10:00:04", "mx1", "A00001", "", "1")
             REMOVED("10:00:04", "mx1", "A00001"),
     "story rejected\n"
     " 1 mx1/A00001 reused\n"
     " bob@example.net rejected 1\n"
     "story unknown\n"
     " 1 mx1/A00001 line\n"
     "  unknown 1\n"},
    {"a queue line with another sender begins a life",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "1")
         ACTIVE("10:05:00", "mx1", "A00001", "carl@example.org", "1")
             DELIVERED("10:05:01", "mx1", "A00001", BOB) REMOVED("10:05:01", "mx1", "A00001"),
     "story unknown\n"
     " 1 mx1/A00001 reused\n"
     "  unknown 1\n"
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"},
    {"a second from= of sendmail begins a life",
     COLLECTED("10:00:00", "64BA00aa000001", "1@x", ANN, "1") COLLECTED(
         "10:00:01", "64BA00aa000001", "2@x", ANN, "1")
         INTO_MAILBOX("10:00:02", "64BA00aa000001", BOB),
     "story unknown\n"
     " 1 hub/64BA00aa000001 reused\n"
     "  unknown 1\n"
     "story delivered\n"
     " 1 hub/64BA00aa000001 final\n"
     " bob@example.net delivered 1\n"},

    /* --- late lines, and logs that begin in the middle */
    {"a delivery line two seconds after the end line is late",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "2")
         DELIVERED("10:00:01", "mx1", "A00001", BOB) REMOVED("10:00:01", "mx1", "A00001")
             DELIVERED("10:00:03", "mx1", "A00001", "carol@example.net"),
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"
     " carol@example.net delivered 1\n"},
    {"a delivery line three seconds after the end line is another life's",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "2")
         DELIVERED("10:00:01", "mx1", "A00001", BOB) REMOVED("10:00:01", "mx1", "A00001")
             DELIVERED("10:00:04", "mx1", "A00001", "carol@example.net"),
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"
     "story delivered\n"
     " 1 mx1/A00001 final\n"
     " carol@example.net delivered 1\n"},
    {"a second end line is late, not another life's",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "1")
         DELIVERED("10:00:01", "mx1", "A00001", BOB) REMOVED("10:00:01", "mx1", "A00001")
             REMOVED("10:00:02", "mx1", "A00001"),
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"},
    {"a log that begins behind the client= tells what it has",
     ACTIVE("10:00:00", "mx1", "A00001", ANN, "1")
         SENT("10:00:01", "mx1", "A00001", BOB, FAR, "250 ok") REMOVED("10:00:01", "mx1", "A00001"),
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},
    {"a log that begins with a delivery line",
     SENT("10:00:01", "mx1", "A00001", BOB, FAR, "250 ok") REMOVED("10:00:01", "mx1", "A00001"),
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},
    {"an end line alone is no story", REMOVED("10:00:01", "mx1", "A00001"), "loose 1\n"},
    {"a broken-off dialogue whose ID is unknown is no story",
     "10:00:01 mx1 smtpd: A00001: lost connection after DATA from " DESK "\n", "loose 1\n"},

    /* --- why it ends */
    {"sendmail at log level 10 says done",
     COLLECTED("10:00:00", "64BA00aa000001", "1@x", ANN, "1")
         INTO_MAILBOX("10:00:01", "64BA00aa000001", BOB)
         "10:00:01 hub sm-mta: 64BA00aa000001: done; delay=00:00:01, ntries=1\n",
     "story delivered\n"
     " 1 hub/64BA00aa000001 line\n"
     " bob@example.net delivered 1\n"},
    {"a minute after the last recipient was final, the life is over",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "1")
         DELIVERED("10:00:00", "mx1", "A00001", BOB) CLOCK("10:01:01")
             CLIENT("10:01:01", "mx1", "A00001", DESK),
     "story delivered\n"
     " 1 mx1/A00001 final\n"
     " bob@example.net delivered 1\n"
     "story unknown\n"
     " 1 mx1/A00001 log\n"
     "  unknown 1\n"
     " note: mx1/A00001: the log ends first\n"
     "loose 1\n"},
    {"within that minute, its ID's return ends it",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "1")
         DELIVERED("10:00:00", "mx1", "A00001", BOB) CLOCK("10:01:00")
             CLIENT("10:01:00", "mx1", "A00001", DESK),
     "story delivered\n"
     " 1 mx1/A00001 reused\n"
     " bob@example.net delivered 1\n"
     "story unknown\n"
     " 1 mx1/A00001 log\n"
     "  unknown 1\n"
     " note: mx1/A00001: the log ends first\n"
     "loose 1\n"},
    {"it is not over while a recipient that was counted has no outcome",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "2")
         DELIVERED("10:00:00", "mx1", "A00001", BOB) CLOCK("10:05:00"),
     "story delivered\n"
     " 1 mx1/A00001 log\n"
     " bob@example.net delivered 1\n"
     " note: mx1/A00001: the log ends first\n"
     "loose 1\n"},
    {"a life that ended by itself is opened again by a later line",
     COLLECTED("10:00:00", "64BA00aa000001", "1@x", ANN, "1") INTO_MAILBOX(
         "10:00:00", "64BA00aa000001", BOB) "10:05:00 hub sm-mta: NOQUEUE: connect from x.example.net [192.0.2.9]\n"
         INTO_MAILBOX("10:05:00", "64BA00aa000001", "carol@example.net")
         "10:05:00 hub sm-mta: 64BA00aa000001: done; delay=00:05:00, ntries=1\n",
     "story delivered\n"
     " 1 hub/64BA00aa000001 line\n"
     " bob@example.net delivered 1\n"
     " carol@example.net delivered 1\n"
     "loose 1\n"},
    {"a refused transaction is over a minute later",
     CLIENT("10:00:00", "mx1", "A00001", DESK)
         "10:00:00 mx1 cleanup: A00001: reject: header Subject: x from " DESK
         "; from=<ann@example.org> to=<bob@example.net> proto=ESMTP helo=<x>: 5.7.1 no\n" CLOCK(
             "10:01:01") CLIENT("10:01:01", "mx1", "A00001", DESK),
     "story rejected\n"
     " 1 mx1/A00001 final\n"
     " bob@example.net rejected 1\n"
     "story unknown\n"
     " 1 mx1/A00001 log\n"
     "  unknown 1\n"
     " note: mx1/A00001: the log ends first\n"
     "loose 1\n"},
    {"a message that is held is never over by itself",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "1")
         DEFERRED("10:00:00", "mx1", "A00001", BOB, FAR, "timeout")
             "10:00:01 mx1 postsuper: A00001: placed on hold\n" CLOCK("13:00:00"),
     "story delayed\n"
     " 1 mx1/A00001 log\n"
     " bob@example.net delayed 1\n"
     " note: mx1/A00001: the log ends first\n"
     "loose 1\n"},
    {"a retry after seven days is the same life",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "1")
         DEFERRED("10:00:00", "mx1", "A00001", BOB, FAR, "timeout") DISCONNECT(
             "10:00:00", "mx1", DESK) ACTIVE("18T10:00:00", "mx1", "A00001", ANN, "1")
             DELIVERED("18T10:00:00", "mx1", "A00001", BOB) REMOVED("18T10:00:00", "mx1", "A00001"),
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1 x2\n"
     "loose 1\n"},
    {"a life that is silent for longer is given up",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "1")
         DEFERRED("10:00:00", "mx1", "A00001", BOB, FAR, "timeout") DISCONNECT(
             "10:00:00", "mx1", DESK) DELIVERED("18T10:00:01", "mx1", "A00001", BOB),
     "story delayed\n"
     " 1 mx1/A00001 silence\n"
     " bob@example.net delayed 1\n"
     " note: mx1/A00001: silent until given up\n"
     "story delivered\n"
     " 1 mx1/A00001 final\n"
     " bob@example.net delivered 1\n"
     "loose 1\n"},
    {"it is given up too if its dialogue has no end",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "1")
         DEFERRED("10:00:00", "mx1", "A00001", BOB, FAR, "timeout") CLOCK("18T10:00:01"),
     "story delayed\n"
     " 1 mx1/A00001 silence\n"
     " bob@example.net delayed 1\n"
     " note: mx1/A00001: silent until given up\n"
     "loose 1\n"},
    {"the log ends first",
     COMES("10:00:00", "mx1", "A00001", DESK, "1@x", ANN, "1")
         DEFERRED("10:00:00", "mx1", "A00001", BOB, FAR, "timeout"),
     "story delayed\n"
     " 1 mx1/A00001 log\n"
     " bob@example.net delayed 1\n"
     " note: mx1/A00001: the log ends first\n"},
    {"a client that breaks off leaves a message of which nothing became",
     CLIENT("10:00:00", "mx1", "A00001", DESK)
         "10:00:01 mx1 smtpd: lost connection after DATA from " DESK "\n" DISCONNECT("10:00:01",
                                                                                     "mx1", DESK),
     "story unknown\n"
     " 1 mx1/A00001 final\n"
     "  unknown 1\n"
     " note: mx1/A00001: the client broke off\n"},
};

int main(void)
{
    return teller_run("lives", cases, sizeof cases / sizeof cases[0]);
}
