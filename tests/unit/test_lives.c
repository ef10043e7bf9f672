/* test_lives.c - which lines are one life of a queue ID, when it begins and why it ends */
#include "teller.h"

static const TellerCase cases[] = {
    /* --- one life */
    {"a message is one life, from its client to its end line",
     "10:00:00 mx1 comes A00001 desk 1@example.org ann@example.org 1\n"
     "10:00:01 mx1 sent A00001 bob@example.net far 250 ok\n"
     "10:00:01 mx1 removed A00001\n",
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},
    {"a second Message-ID header before the message is queued begins no life",
     "10:00:00 mx1 client A00001 desk\n"
     "10:00:00 mx1 message-id A00001 1@x\n"
     "10:00:00 mx1 message-id A00001 2@x\n"
     "10:00:00 mx1 active A00001 ann@example.org 1\n"
     "10:00:01 mx1 removed A00001\n",
     "story unknown\n"
     " 1 mx1/A00001 line\n"
     "  unknown 1\n"},
    {"a resent-message-id of a queued message begins no life",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 mx1 cleanup: A00001: resent-message-id=<2@x>\n"
     "10:00:01 mx1 removed A00001\n",
     "story unknown\n"
     " 1 mx1/A00001 line\n"
     "  unknown 1\n"},
    {"each retry says active again, with the same sender: one life, and attempts are counted",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 deferred A00001 bob@example.net far timeout\n"
     "10:30:00 mx1 active A00001 ann@example.org 1\n"
     "10:30:01 mx1 deferred A00001 bob@example.net far timeout\n"
     "11:30:00 mx1 active A00001 ann@example.org 1\n"
     "11:30:01 mx1 sent A00001 bob@example.net far 250 ok\n"
     "11:30:01 mx1 removed A00001\n",
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1 x3\n"},
    {"the same ID on two hosts is two lives",
     "10:00:00 hub comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 comes A00001 desk 2@x ann@example.org 1\n"
     "10:00:01 hub delivered A00001 carol@hub.example.test\n"
     "10:00:01 mx1 delivered A00001 dave@mx1.example.test\n"
     "10:00:01 hub removed A00001\n"
     "10:00:02 mx1 removed A00001\n",
     "story delivered\n"
     " 1 hub/A00001 line\n"
     " carol@hub.example.test delivered 1\n"
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " dave@mx1.example.test delivered 1\n"},
    {"the case of an ID's letters counts",
     "10:00:00 mx1 comes 4bCdF0Ab1z desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 removed 4bCdF0aB1z\n"
     "10:00:02 mx1 removed 4bCdF0Ab1z\n",
     "story unknown\n"
     " 1 mx1/4bCdF0Ab1z line\n"
     "  unknown 1\n"
     "loose 1\n"},

    /* --- it begins anew */
    {"an ID that comes back after its end line is another life",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 mx1 delivered A00001 bob@example.net\n"
     "10:00:00 mx1 removed A00001\n"
     "10:00:01 mx1 comes A00001 desk 2@x ann@example.org 1\n"
     "10:00:01 mx1 delivered A00001 carol@example.net\n"
     "10:00:01 mx1 removed A00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " carol@example.net delivered 1\n"},
    {"a second client= ends the life before, which has no end line",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 mx1 deferred A00001 bob@example.net far timeout\n"
     "10:00:10 mx1 comes A00001 desk 2@x ann@example.org 1\n"
     "10:00:11 mx1 delivered A00001 carol@example.net\n"
     "10:00:11 mx1 removed A00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " carol@example.net delivered 1\n"
     "story delayed\n"
     " 1 mx1/A00001 reused\n"
     " bob@example.net delayed 1\n"},
    {"uid= begins a life as client= does",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 pickup: A00001: uid=0 from=<root>\n",
     "story unknown\n"
     " 1 mx1/A00001 log\n"
     "  unknown 1\n"
     " note: mx1/A00001: the log ends first\n"
     "story unknown\n"
     " 1 mx1/A00001 reused\n"
     "  unknown 1\n"},
    {"a client= within two seconds belongs to the message-id before it",
     "10:00:00 mx1 message-id A00001 1@x\n"
     "10:00:02 mx1 client A00001 desk\n"
     "10:00:02 mx1 active A00001 ann@example.org 1\n"
     "10:00:03 mx1 removed A00001\n",
     "story unknown\n"
     " 1 mx1/A00001 line\n"
     "  unknown 1\n"},
    {"a client= three seconds later begins a life",
     "10:00:00 mx1 message-id A00001 1@x\n"
     "10:00:03 mx1 client A00001 desk\n"
     "10:00:04 mx1 active A00001 ann@example.org 1\n"
     "10:00:04 mx1 removed A00001\n",
     "story unknown\n"
     " 1 mx1/A00001 reused\n"
     "  unknown 1\n"
     "story unknown\n"
     " 1 mx1/A00001 line\n"
     "  unknown 1\n"},
    {"a message-id begins a life if the one before is in the queue: internal mail has no client",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:05 mx1 message-id A00001 2@x\n"
     "10:00:05 mx1 active A00001 <> 1\n"
     "10:00:05 mx1 delivered A00001 ann@example.org\n"
     "10:00:05 mx1 removed A00001\n",
     "story unknown\n"
     " 1 mx1/A00001 reused\n"
     "  unknown 1\n"
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " ann@example.org delivered 1\n"},
    {"a message-id after a minute of silence is still of the dialogue",
     "10:00:00 mx1 client A00001 desk\n"
     "10:01:00 mx1 message-id A00001 1@x\n"
     "10:01:00 mx1 active A00001 ann@example.org 1\n"
     "10:01:01 mx1 removed A00001\n",
     "story unknown\n"
     " 1 mx1/A00001 line\n"
     "  unknown 1\n"},
    {"a message-id after more than a minute of silence begins a life",
     "10:00:00 mx1 client A00001 desk\n"
     "10:01:01 mx1 message-id A00001 1@x\n"
     "10:01:01 mx1 active A00001 ann@example.org 1\n"
     "10:01:01 mx1 removed A00001\n",
     "story unknown\n"
     " 1 mx1/A00001 reused\n"
     "  unknown 1\n"
     "story unknown\n"
     " 1 mx1/A00001 line\n"
     "  unknown 1\n"},
    {"a message-id two seconds after a refusal is the refused message's",
     "10:00:00 mx1 client A00001 desk\n"
     "10:00:00 mx1 milter-refuse A00001 desk ann@example.org bob@example.net\n"
     "10:00:02 mx1 message-id A00001 1@x\n",
     "story rejected\n"
     " 1 mx1/A00001 final\n"
     " bob@example.net rejected 1\n"},
    {"a message-id three seconds after a refusal begins a life",
     "10:00:00 mx1 client A00001 desk\n"
     "10:00:00 mx1 milter-refuse A00001 desk ann@example.org bob@example.net\n"
     "10:00:03 mx1 message-id A00001 1@x\n"
     "10:00:04 mx1 active A00001 <> 1\n"
     "10:00:04 mx1 removed A00001\n",
     "story rejected\n"
     " 1 mx1/A00001 reused\n"
     " bob@example.net rejected 1\n"
     "story unknown\n"
     " 1 mx1/A00001 line\n"
     "  unknown 1\n"},
    {"a queue line with another sender begins a life",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:05:00 mx1 active A00001 carl@example.org 1\n"
     "10:05:01 mx1 delivered A00001 bob@example.net\n"
     "10:05:01 mx1 removed A00001\n",
     "story unknown\n"
     " 1 mx1/A00001 reused\n"
     "  unknown 1\n"
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"},
    {"a second from= of sendmail begins a life",
     "10:00:00 hub collected 64BA00aa000001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub collected 64BA00aa000001 desk 2@x ann@example.org 1\n"
     "10:00:02 hub mailed 64BA00aa000001 bob@example.net\n",
     "story unknown\n"
     " 1 hub/64BA00aa000001 reused\n"
     "  unknown 1\n"
     "story delivered\n"
     " 1 hub/64BA00aa000001 final\n"
     " bob@example.net delivered 1\n"},

    /* --- late lines, and logs that begin in the middle */
    {"a delivery line two seconds after the end line is late",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 2\n"
     "10:00:01 mx1 delivered A00001 bob@example.net\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:03 mx1 delivered A00001 carol@example.net\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"
     " carol@example.net delivered 1\n"},
    {"a delivery line three seconds after the end line is another life's",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 2\n"
     "10:00:01 mx1 delivered A00001 bob@example.net\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:04 mx1 delivered A00001 carol@example.net\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"
     "story delivered\n"
     " 1 mx1/A00001 final\n"
     " carol@example.net delivered 1\n"},
    {"a second end line is late, not another life's",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 delivered A00001 bob@example.net\n"
     "10:00:01 mx1 removed A00001\n"
     "10:00:02 mx1 removed A00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"},
    {"a log that begins behind the client= tells what it has",
     "10:00:00 mx1 active A00001 ann@example.org 1\n"
     "10:00:01 mx1 sent A00001 bob@example.net far 250 ok\n"
     "10:00:01 mx1 removed A00001\n",
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},
    {"a log that begins with a delivery line",
     "10:00:01 mx1 sent A00001 bob@example.net far 250 ok\n"
     "10:00:01 mx1 removed A00001\n",
     "story relayed\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net relayed 1\n"},
    {"an end line alone is no story", "10:00:01 mx1 removed A00001\n", "loose 1\n"},
    {"a broken-off dialogue whose ID is unknown is no story",
     "10:00:01 mx1 smtpd: A00001: lost connection after DATA from desk.example.org[192.0.2.7]\n",
     "loose 1\n"},

    /* --- why it ends */
    {"sendmail at log level 10 says done",
     "10:00:00 hub collected 64BA00aa000001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub mailed 64BA00aa000001 bob@example.net\n"
     "10:00:01 hub sm-mta: 64BA00aa000001: done; delay=00:00:01, ntries=1\n",
     "story delivered\n"
     " 1 hub/64BA00aa000001 line\n"
     " bob@example.net delivered 1\n"},
    {"a minute after the last recipient was final, the life is over",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 mx1 delivered A00001 bob@example.net\n"
     "10:01:01 mx1 connect far\n"
     "10:01:01 mx1 client A00001 desk\n",
     "story delivered\n"
     " 1 mx1/A00001 final\n"
     " bob@example.net delivered 1\n"
     "story unknown\n"
     " 1 mx1/A00001 log\n"
     "  unknown 1\n"
     " note: mx1/A00001: the log ends first\n"
     "loose 1\n"},
    {"within that minute, its ID's return ends it",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 mx1 delivered A00001 bob@example.net\n"
     "10:01:00 mx1 connect far\n"
     "10:01:00 mx1 client A00001 desk\n",
     "story delivered\n"
     " 1 mx1/A00001 reused\n"
     " bob@example.net delivered 1\n"
     "story unknown\n"
     " 1 mx1/A00001 log\n"
     "  unknown 1\n"
     " note: mx1/A00001: the log ends first\n"
     "loose 1\n"},
    {"it is not over while a recipient that was counted has no outcome",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 2\n"
     "10:00:00 mx1 delivered A00001 bob@example.net\n"
     "10:05:00 mx1 connect far\n",
     "story delivered\n"
     " 1 mx1/A00001 log\n"
     " bob@example.net delivered 1\n"
     " note: mx1/A00001: the log ends first\n"
     "loose 1\n"},
    {"a life that ended by itself is opened again by a later line",
     "10:00:00 hub collected 64BA00aa000001 desk 1@x ann@example.org 1\n"
     "10:00:00 hub mailed 64BA00aa000001 bob@example.net\n"
     "10:05:00 hub sm-mta: NOQUEUE: connect from x.example.net [192.0.2.9]\n"
     "10:05:00 hub mailed 64BA00aa000001 carol@example.net\n"
     "10:05:00 hub sm-mta: "
     "64BA00aa000001: done; "
     "delay=00:05:00, ntries=1\n",
     "story delivered\n"
     " 1 hub/64BA00aa000001 line\n"
     " bob@example.net delivered 1\n"
     " carol@example.net delivered 1\n"
     "loose 1\n"},
    {"a refused transaction is over a minute later",
     "10:00:00 mx1 client A00001 desk\n"
     "10:00:00 mx1 cleanup: A00001: reject: header Subject: x from desk.example.org[192.0.2.7]; "
     "from=<ann@example.org> to=<bob@example.net> proto=ESMTP helo=<x>: 5.7.1 "
     "no\n"
     "10:01:01 mx1 connect far\n"
     "10:01:01 mx1 client A00001 desk\n",
     "story rejected\n"
     " 1 mx1/A00001 final\n"
     " bob@example.net rejected 1\n"
     "story unknown\n"
     " 1 mx1/A00001 log\n"
     "  unknown 1\n"
     " note: mx1/A00001: the log ends first\n"
     "loose 1\n"},
    {"a message that is held is never over by itself",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 mx1 deferred A00001 bob@example.net far timeout\n"
     "10:00:01 mx1 postsuper: A00001: placed on hold\n"
     "13:00:00 mx1 connect far\n",
     "story delayed\n"
     " 1 mx1/A00001 log\n"
     " bob@example.net delayed 1\n"
     " note: mx1/A00001: the log ends first\n"
     "loose 1\n"},
    {"a retry after seven days is the same life",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 mx1 deferred A00001 bob@example.net far timeout\n"
     "10:00:00 mx1 disconnect desk\n"
     "18T10:00:00 mx1 active A00001 ann@example.org 1\n"
     "18T10:00:00 mx1 delivered A00001 bob@example.net\n"
     "18T10:00:00 mx1 removed A00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1 x2\n"
     "loose 1\n"},
    {"a life that is silent for longer is given up",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 mx1 deferred A00001 bob@example.net far timeout\n"
     "10:00:00 mx1 disconnect desk\n"
     "18T10:00:01 mx1 delivered A00001 bob@example.net\n",
     "story delayed\n"
     " 1 mx1/A00001 silence\n"
     " bob@example.net delayed 1\n"
     " note: mx1/A00001: silent until given up\n"
     "story delivered\n"
     " 1 mx1/A00001 final\n"
     " bob@example.net delivered 1\n"
     "loose 1\n"},
    {"it is given up too if its dialogue has no end",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 mx1 deferred A00001 bob@example.net far timeout\n"
     "18T10:00:01 mx1 connect far\n",
     "story delayed\n"
     " 1 mx1/A00001 silence\n"
     " bob@example.net delayed 1\n"
     " note: mx1/A00001: silent until given up\n"
     "loose 1\n"},
    {"the log ends first",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 mx1 deferred A00001 bob@example.net far timeout\n",
     "story delayed\n"
     " 1 mx1/A00001 log\n"
     " bob@example.net delayed 1\n"
     " note: mx1/A00001: the log ends first\n"},
    {"a client that breaks off leaves a message of which nothing became",
     "10:00:00 mx1 client A00001 desk\n"
     "10:00:01 mx1 smtpd: lost connection after DATA from desk.example.org[192.0.2.7]\n"
     "10:00:01 mx1 disconnect desk\n",
     "story unknown\n"
     " 1 mx1/A00001 final\n"
     "  unknown 1\n"
     " note: mx1/A00001: the client broke off\n"},
};

int main(void)
{
    return teller_run("lives", cases, sizeof cases / sizeof cases[0]);
}
