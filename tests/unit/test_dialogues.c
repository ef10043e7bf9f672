/* test_dialogues.c - to which message a refusal belongs that bears no queue ID */
#include "teller.h"

/* What smtpd writes behind the client, for a decision of an access table. */
#define ABOUT_BOB                                                                                  \
    ": <bob@example.net>: Recipient address triggers it; from=<ann@example.org> "                  \
    "to=<bob@example.net> proto=ESMTP helo=<x>\n"
#define DESK "desk.example.org[192.0.2.7]"

static const TellerCase cases[] = {
    /* --- refused for good */
    {"refusals with one sender are one story",
     "10:00:00 mx1 refuse desk ann@example.org bob@example.net\n"
     "10:00:01 mx1 refuse desk ann@example.org carol@example.net\n"
     "10:00:02 mx1 disconnect desk\n",
     "story rejected\n"
     " 1 mx1/NOQUEUE line\n"
     " bob@example.net rejected 1\n"
     " carol@example.net rejected 1\n"
     "loose 1\n"},
    {"a recipient that is refused twice has one row",
     "10:00:00 mx1 refuse desk ann@example.org bob@example.net\n"
     "10:00:01 mx1 refuse desk ann@example.org bob@example.net\n",
     "story rejected\n"
     " 1 mx1/NOQUEUE line\n"
     " bob@example.net rejected 1\n"},
    {"refusals with two senders are two stories",
     "10:00:00 mx1 refuse desk ann@example.org bob@example.net\n"
     "10:00:05 mx1 refuse desk carl@example.org carol@example.net\n"
     "10:00:06 mx1 disconnect desk\n",
     "story rejected\n"
     " 1 mx1/NOQUEUE line\n"
     " bob@example.net rejected 1\n"
     "story rejected\n"
     " 1 mx1/NOQUEUE line\n"
     " carol@example.net rejected 1\n"
     "loose 1\n"},
    {"a refused sender without a recipient is a story with an empty recipient",
     "10:00:00 mx1 smtpd: NOQUEUE: reject: MAIL from " DESK ": 552 5.3.4 Message size exceeds "
     "fixed limit; from=<ann@example.org> proto=ESMTP helo=<x>\n",
     "story rejected\n"
     " 1 mx1/NOQUEUE line\n"
     "  rejected 1\n"},
    {"a refusal that names nobody is no story",
     "10:00:00 mx1 smtpd: NOQUEUE: reject: CONNECT from " DESK ": 554 5.7.1 <" DESK
     ">: Client host rejected: no; proto=SMTP\n",
     "loose 1\n"},
    {"a warning that refuses nothing is no story",
     "10:00:00 mx1 smtpd: NOQUEUE: reject_warning: RCPT from " DESK ": 550 5.1.1" ABOUT_BOB,
     "loose 1\n"},
    {"one process of postscreen serves many clients",
     "10:00:00 mx1 postscreen[5]: NOQUEUE: reject: RCPT from [192.0.2.7]:4321: 550 5.7.1 Service "
     "unavailable; from=<ann@example.org>, to=<bob@example.net>, proto=ESMTP, helo=<x>\n"
     "10:00:00 mx1 postscreen[5]: NOQUEUE: reject: RCPT from [198.51.100.9]:4321: 550 5.7.1 "
     "Service "
     "unavailable; from=<ann@example.org>, to=<bob@example.net>, proto=ESMTP, helo=<x>\n",
     "story rejected\n"
     " 1 mx1/NOQUEUE line\n"
     " bob@example.net rejected 1\n"
     "story rejected\n"
     " 1 mx1/NOQUEUE line\n"
     " bob@example.net rejected 1\n"},

    /* --- then accepted */
    {"a refusal belongs to the message that follows with the same sender",
     "10:00:00 mx1 refuse desk ann@example.org nosuch@example.net\n"
     "10:00:01 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:02 mx1 delivered A00001 bob@example.net\n"
     "10:00:02 mx1 removed A00001\n",
     "story mixed\n"
     " 1 mx1/A00001 line\n"
     " nosuch@example.net rejected 1\n"
     " bob@example.net delivered 1\n"},
    {"a refusal belongs to the message though its sender is written in other letters",
     "10:00:00 mx1 refuse desk Ann@Example.ORG nosuch@example.net\n"
     "10:00:01 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:02 mx1 delivered A00001 bob@example.net\n"
     "10:00:02 mx1 removed A00001\n",
     "story mixed\n"
     " 1 mx1/A00001 line\n"
     " nosuch@example.net rejected 1\n"
     " bob@example.net delivered 1\n"},
    {"a recipient that is refused and then taken was taken",
     "10:00:00 mx1 refuse desk ann@example.org bob@example.net\n"
     "10:00:01 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:02 mx1 delivered A00001 bob@example.net\n"
     "10:00:02 mx1 removed A00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"},
    {"a refusal with another sender is a story of its own",
     "10:00:00 mx1 refuse desk carl@example.org nosuch@example.net\n"
     "10:00:01 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "11:00:00 mx1 active A00001 ann@example.org 1\n"
     "11:00:01 mx1 delivered A00001 bob@example.net\n"
     "11:00:01 mx1 removed A00001\n",
     "story rejected\n"
     " 1 mx1/NOQUEUE line\n"
     " nosuch@example.net rejected 1\n"
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"},
    {"the end of a dialogue parts a refusal from the next message",
     "10:00:00 mx1 refuse desk ann@example.org nosuch@example.net\n"
     "10:00:01 mx1 disconnect desk\n"
     "10:00:05 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:06 mx1 delivered A00001 bob@example.net\n"
     "10:00:06 mx1 removed A00001\n",
     "story rejected\n"
     " 1 mx1/NOQUEUE line\n"
     " nosuch@example.net rejected 1\n"
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"
     "loose 1\n"},
    {"so does a new connection, where the end is not logged",
     "10:00:00 mx1 refuse desk ann@example.org nosuch@example.net\n"
     "10:00:01 mx1 connect desk\n"
     "10:00:05 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:06 mx1 delivered A00001 bob@example.net\n"
     "10:00:06 mx1 removed A00001\n",
     "story rejected\n"
     " 1 mx1/NOQUEUE line\n"
     " nosuch@example.net rejected 1\n"
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"
     "loose 1\n"},
    {"another process is another dialogue",
     "10:00:00 mx1 refuse desk ann@example.org nosuch@example.net\n"
     "10:00:01 mx1 client[2] A00001 desk\n"
     "10:00:01 mx1 active A00001 ann@example.org 1\n"
     "10:00:02 mx1 delivered A00001 bob@example.net\n"
     "10:00:02 mx1 removed A00001\n"
     "10:00:05 mx1 disconnect desk\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"
     "story rejected\n"
     " 1 mx1/NOQUEUE line\n"
     " nosuch@example.net rejected 1\n"
     "loose 1\n"},
    {"a refusal behind a message belongs to the next one",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:01 mx1 refuse desk ann@example.org nosuch@example.net\n"
     "10:00:02 mx1 comes A00002 desk 2@x ann@example.org 1\n"
     "10:00:03 mx1 delivered A00001 bob@example.net\n"
     "10:00:03 mx1 removed A00001\n"
     "10:00:03 mx1 delivered A00002 carol@example.net\n"
     "10:00:03 mx1 removed A00002\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"
     "story mixed\n"
     " 1 mx1/A00002 line\n"
     " nosuch@example.net rejected 1\n"
     " carol@example.net delivered 1\n"},
    {"a recipient that is refused under the queue ID is its message's",
     "10:00:00 mx1 client A00001 desk\n"
     "10:00:00 mx1 smtpd: A00001: reject: RCPT from " DESK ": 550 5.1.1 <nosuch@example.net>: no; "
     "from=<ann@example.org> to=<nosuch@example.net> proto=ESMTP helo=<x>\n"
     "10:00:00 mx1 message-id A00001 1@x\n"
     "10:00:00 mx1 active A00001 ann@example.org 1\n"
     "10:00:01 mx1 delivered A00001 bob@example.net\n"
     "10:00:01 mx1 removed A00001\n",
     "story mixed\n"
     " 1 mx1/A00001 line\n"
     " nosuch@example.net rejected 1\n"
     " bob@example.net delivered 1\n"},
    {"a dialogue may be silent for an hour",
     "10:00:00 mx1 refuse desk ann@example.org nosuch@example.net\n"
     "11:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "11:00:01 mx1 delivered A00001 bob@example.net\n"
     "11:00:01 mx1 removed A00001\n",
     "story mixed\n"
     " 1 mx1/A00001 line\n"
     " nosuch@example.net rejected 1\n"
     " bob@example.net delivered 1\n"},
    {"and is over after that",
     "10:00:00 mx1 refuse desk ann@example.org nosuch@example.net\n"
     "11:00:01 mx1 client A00001 desk\n"
     "11:00:02 mx1 active A00001 ann@example.org 1\n"
     "11:00:03 mx1 delivered A00001 bob@example.net\n"
     "11:00:03 mx1 removed A00001\n",
     "story rejected\n"
     " 1 mx1/NOQUEUE line\n"
     " nosuch@example.net rejected 1\n"
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"},

    /* --- other verdicts */
    {"a discard at RCPT is of the message that follows",
     "10:00:00 mx1 smtpd: NOQUEUE: discard: RCPT from " DESK ABOUT_BOB
     "10:00:00 mx1 client A00001 desk\n"
     "10:00:00 mx1 message-id A00001 1@x\n"
     "10:00:01 mx1 disconnect desk\n",
     "story discarded\n"
     " 1 mx1/A00001 final\n"
     " bob@example.net discarded 1\n"},
    {"a hold at RCPT is of the message that follows",
     "10:00:00 mx1 smtpd: NOQUEUE: hold: RCPT from " DESK ABOUT_BOB
     "10:00:00 mx1 client A00001 desk\n"
     "10:00:00 mx1 message-id A00001 1@x\n"
     "10:00:01 mx1 disconnect desk\n",
     "story quarantined\n"
     " 1 mx1/A00001 log\n"
     " bob@example.net quarantined 1\n"
     " note: mx1/A00001: the log ends first\n"},
    {"what is held and then released is delivered",
     "10:00:00 mx1 smtpd: NOQUEUE: hold: RCPT from " DESK ABOUT_BOB
     "10:00:00 mx1 client A00001 desk\n"
     "10:00:00 mx1 message-id A00001 1@x\n"
     "10:00:01 mx1 disconnect desk\n"
     "12:00:00 mx1 postsuper: A00001: released from hold\n"
     "12:00:01 mx1 active A00001 ann@example.org 1\n"
     "12:00:02 mx1 delivered A00001 bob@example.net\n"
     "12:00:02 mx1 removed A00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"},
    {"a warning belongs to the message that follows",
     "10:00:00 mx1 smtpd: NOQUEUE: reject_warning: RCPT from " DESK ": 550 5.1.1" ABOUT_BOB
     "10:00:01 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:02 mx1 delivered A00001 bob@example.net\n"
     "10:00:02 mx1 removed A00001\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"},

    /* --- sendmail gives an ID to what it refuses */
    {"sendmail refuses the only recipient",
     "10:00:00 hub sm-mta: 64BA00aa000001: <nosuch@hub.example.test>... User unknown\n"
     "10:00:00 hub collected 64BA00aa000001 desk 1@x ann@example.org 0\n",
     "story rejected\n"
     " 1 hub/64BA00aa000001 final\n"
     " nosuch@hub.example.test rejected 1\n"},
    {"sendmail refuses one recipient and takes another",
     "10:00:00 hub sm-mta: 64BA00aa000001: <nosuch@hub.example.test>... User unknown\n"
     "10:00:00 hub collected 64BA00aa000001 desk 1@x ann@example.org 1\n"
     "10:00:01 hub mailed 64BA00aa000001 bob@hub.example.test\n",
     "story mixed\n"
     " 1 hub/64BA00aa000001 final\n"
     " nosuch@hub.example.test rejected 1\n"
     " bob@hub.example.test delivered 1\n"},
    {"sendmail discards what it took",
     "10:00:00 hub sm-mta: 64BA00aa000001: ruleset=check_rcpt, arg1=<bob@hub.example.test>, "
     "relay=desk.example.org [192.0.2.7], discard\n"
     "10:00:00 hub collected 64BA00aa000001 desk 1@x ann@example.org 1\n"
     "10:00:00 hub sm-mta: 64BA00aa000001: discarded\n",
     "story discarded\n"
     " 1 hub/64BA00aa000001 final\n"
     " bob@hub.example.test discarded 1\n"},
    {"sendmail keeps what it quarantined",
     "10:00:00 hub collected 64BA00aa000001 desk 1@x ann@example.org 1\n"
     "10:00:00 hub sm-mta: 64BA00aa000001: milter=filter, quarantine=suspicious\n",
     "story quarantined\n"
     " 1 hub/64BA00aa000001 log\n"
     "  quarantined 1\n"
     " note: hub/64BA00aa000001: the log ends first\n"},
    {"and delivers it once it is released",
     "10:00:00 hub collected 64BA00aa000001 desk 1@x ann@example.org 1\n"
     "10:00:00 hub sm-mta: 64BA00aa000001: milter=filter, quarantine=suspicious\n"
     "12:00:00 hub sm-mta: 64BA00aa000001: unquarantine\n"
     "12:00:01 hub mailed 64BA00aa000001 bob@hub.example.test\n",
     "story delivered\n"
     " 1 hub/64BA00aa000001 final\n"
     " bob@hub.example.test delivered 1\n"},

    /* --- sessions of milter-manager */
    {"a session that ends long after a message that it names was handed on",
     "10:00:00 mx1 comes A00001 desk 1@x ann@example.org 1\n"
     "10:00:00 mx1 milter-manager[7]: [1] [manager][receive][define-macro] <{\"i\" => "
     "\"A00001\"}>\n"
     "10:00:01 mx1 delivered A00001 bob@example.net\n"
     "10:00:01 mx1 removed A00001\n"
     "10:20:00 mx1 connect desk\n"
     "10:40:00 mx1 connect desk\n"
     "10:50:00 mx1 milter-manager[7]: [statistics] "
     "[session][end][end-of-message][pass][3000.1](1)\n",
     "story delivered\n"
     " 1 mx1/A00001 line\n"
     " bob@example.net delivered 1\n"
     "loose 4\n"},
};

int main(void)
{
    return teller_run("dialogues", cases, sizeof cases / sizeof cases[0]);
}
