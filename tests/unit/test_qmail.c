/* test_qmail.c - what the qmail reader makes of each shape of line */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "recorder.h"

/* Pieces of splogger's: 799 bytes, of which the first holds `delivery 24: failure: `. */
#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define SEVEN_HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
#define FULL SEVEN_HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN "012345678"
#define FULL_TEXT SEVEN_HUNDRED TEN TEN TEN TEN TEN TEN TEN "0123456"
#define FIRST "delivery 24: failure: " FULL_TEXT

/* What stands before results, to make their message known. */
#define REMOTE "starting delivery 5: msg 93 to remote bob@example.net\n"
#define LOCAL "starting delivery 5: msg 93 to local al@example.test\n"
#define STARTED_REMOTE "recipient id=93 to=bob@example.net detail=remote\n"
#define STARTED_LOCAL "recipient id=93 to=al@example.test detail=local\n"

/* The client of a dialogue that recordio shows. */
#define CLIENT "tcpserver: pid 28 from 192.0.2.9\n"
#define CONNECTED "connect pid=28 ip=192.0.2.9\n"
#define DIALOGUE "noise: smtp dialogue\n"
#define TWO DIALOGUE DIALOGUE
#define FOUR TWO TWO

/* The reader sees the lines of one case in order; the expected text is recorder.h's. */
typedef struct Case {
    const char *name;
    const char *log;
    const char *events;
    const char *tag; /* NULL: the log has none */
} Case;

static const Case cases[] = {
    /* the message */
    {"a new message", "new msg 5507694", "accept id=5507694\n"},
    {"its sender, size, user and second name",
     "info msg 5507694: bytes 786 from <ann@example.org> qp 29 uid 7012",
     "sender id=5507694 alias=29 from=ann@example.org user=7012 size=786\n"},
    {"the null sender is an empty sender", "info msg 93: bytes 212 from <> qp 77 uid 7015",
     "sender id=93 alias=77 from= user=7015 size=212\n"},
    {"the sender of a double bounce stays as logged",
     "info msg 93: bytes 212 from <#@[]> qp 77 uid 7015",
     "sender id=93 alias=77 from=#@[] user=7015 size=212\n"},
    {"a sender that each recipient changes stays as logged",
     "info msg 93: bytes 212 from <list-owner-@lists.example.test-@[]> qp 77 uid 0",
     "sender id=93 alias=77 from=list-owner-@lists.example.test-@[] user=0 size=212\n"},
    {"a sender may hold brackets", "info msg 93: bytes 1 from <a>b@example.org> qp 7 uid 8",
     "sender id=93 alias=7 from=a>b@example.org user=8 size=1\n"},
    {"a sender may look like the end of the line",
     "info msg 93: bytes 1 from <>_qp_1_uid_0_x@example.org> qp 140 uid 7012",
     "sender id=93 alias=140 from=>_qp_1_uid_0_x@example.org user=7012 size=1\n"},
    {"the end of a message", "end msg 93", "done id=93\n"},
    {"a bounce is known by its second name", "bounce msg 93 qp 81",
     "notify id=93 notification_alias=81\n"},
    {"a triple bounce is thrown away", "triple bounce: discarding bounce/93",
     "filter id=93 detail=triple bounce: discarding bounce/93\n"},
    {"some patches throw the double bounce away", "double bounce: discarding bounce/93",
     "filter id=93 detail=double bounce: discarding bounce/93\n"},
    {"a new message without number", "new msg ", "broken: cut message line\n"},
    {"a new message with something behind it", "new msg 93 queue1", "broken: cut message line\n"},
    {"an info line without its end", "info msg 93: bytes 212 from <ann@exam",
     "broken: cut message line\n"},
    {"an info line without its user", "info msg 93: bytes 212 from <> qp 77 uid ",
     "broken: cut message line\n"},
    {"an info line with a blank in the sender",
     "info msg 93: bytes 1 from <a> qp 1 uid 2 b@example.org> qp 7 uid 8",
     "broken: cut message line\n"},
    {"a size beyond all numbers", "info msg 93: bytes 99999999999999999999 from <> qp 7 uid 8",
     "broken: cut message line\n"},
    {"a bounce without its name", "bounce msg 93 qp ", "broken: cut message line\n"},

    /* deliveries */
    {"a delivery begins", REMOTE, STARTED_REMOTE},
    {"a local delivery begins", LOCAL, STARTED_LOCAL},
    {"a recipient without local part", "starting delivery 1: msg 93 to local @example.test",
     "recipient id=93 to=@example.test detail=local\n"},
    {"a delivery to nobody", "starting delivery 1: msg 93 to local ",
     "broken: cut delivery line\n"},
    {"a delivery of no known channel", "starting delivery 1: msg 93 to uucp a@example.test",
     "broken: cut delivery line\n"},
    {"a local success", LOCAL "delivery 5: success: did_1+0+0/",
     STARTED_LOCAL "result id=93 to=al@example.test delivered detail=did_1+0+0/\n"},
    {"a success without text: the address had no local part", LOCAL "delivery 5: success: ",
     STARTED_LOCAL "result id=93 to=al@example.test delivered detail=\n"},
    {"the same where the logger dropped the blank", LOCAL "delivery 5: success:",
     STARTED_LOCAL "result id=93 to=al@example.test delivered detail=\n"},
    {"a forward goes on as another message", LOCAL "delivery 5: success: did_0+1+0/qp_74/",
     STARTED_LOCAL "result id=93 child_alias=74 to=al@example.test relayed "
                   "detail=did_0+1+0/qp_74/\n"},
    {"forward prints it before", LOCAL "delivery 5: success: forward:_qp_74/did_0+0+1/",
     STARTED_LOCAL "result id=93 child_alias=74 to=al@example.test relayed "
                   "detail=forward:_qp_74/did_0+0+1/\n"},
    {"condredirect too, after what another program printed",
     LOCAL "delivery 5: success: hello/condredirect:_qp_74/did_0+0+2/",
     STARTED_LOCAL "result id=93 child_alias=74 to=al@example.test relayed "
                   "detail=hello/condredirect:_qp_74/did_0+0+2/\n"},
    {"a program that prints a forward has made none",
     LOCAL "delivery 5: success: did_0+1+0/qp_1/delivery_5:_success:_x/did_0+0+1/",
     STARTED_LOCAL "result id=93 to=al@example.test delivered "
                   "detail=did_0+1+0/qp_1/delivery_5:_success:_x/did_0+0+1/\n"},
    {"a forward without forwards is none", LOCAL "delivery 5: success: did_1+0+1/qp_74/",
     STARTED_LOCAL "result id=93 to=al@example.test delivered detail=did_1+0+1/qp_74/\n"},
    {"forward's line is a program's, so there must be one",
     LOCAL "delivery 5: success: forward:_qp_74/did_1+0+0/",
     STARTED_LOCAL "result id=93 to=al@example.test delivered detail=forward:_qp_74/did_1+0+0/\n"},
    {"forward's line begins a line", LOCAL "delivery 5: success: not_forward:_qp_74/did_0+0+1/",
     STARTED_LOCAL
     "result id=93 to=al@example.test delivered detail=not_forward:_qp_74/did_0+0+1/\n"},
    {"forward's line stands just before",
     LOCAL "delivery 5: success: forward:_qp_74/bye/did_0+0+1/",
     STARTED_LOCAL
     "result id=93 to=al@example.test delivered detail=forward:_qp_74/bye/did_0+0+1/\n"},
    {"a local failure has its status at the end",
     LOCAL "delivery 5: failure: Sorry,_no_mailbox_here_by_that_name._(#5.1.1)/",
     STARTED_LOCAL "result id=93 to=al@example.test failed status=5.1.1 "
                   "detail=Sorry,_no_mailbox_here_by_that_name._(#5.1.1)/\n"},
    {"a status in the middle is anyone's", LOCAL "delivery 5: failure: (#5.1.1)_is_it/",
     STARTED_LOCAL "result id=93 to=al@example.test failed detail=(#5.1.1)_is_it/\n"},
    {"a local deferral", LOCAL "delivery 5: deferral: Uh-oh:_home_directory_is_writable._(#4.7.0)/",
     STARTED_LOCAL "result id=93 to=al@example.test delayed status=4.7.0 "
                   "detail=Uh-oh:_home_directory_is_writable._(#4.7.0)/\n"},
    {"what a local program prints names no host",
     LOCAL "delivery 5: failure: 192.0.2.7_accepted_message./Remote_host_said:_250_ok_1_qp_2/",
     STARTED_LOCAL "result id=93 to=al@example.test failed "
                   "detail=192.0.2.7_accepted_message./Remote_host_said:_250_ok_1_qp_2/\n"},
    {"a mangled report", LOCAL "delivery 5: report mangled, will defer",
     STARTED_LOCAL "result id=93 to=al@example.test delayed detail=report mangled, will defer\n"},
    {"too long in the queue",
     LOCAL "delivery 5: failure: Uh-oh._(#4.3.0)/I'm_not_going_to_try_again;_this_message_has_been_"
           "in_the_queue_too_long./",
     STARTED_LOCAL "expire id=93 to=al@example.test detail=I'm_not_going_to_try_again;_this_"
                   "message_has_been_in_the_queue_too_long./\n"
                   "result id=93 to=al@example.test failed status=4.3.0 detail=Uh-oh._(#4.3.0)/"
                   "I'm_not_going_to_try_again;_this_message_has_been_in_the_queue_too_long./\n"},
    {"a deferral that says so is none of qmail-send's",
     LOCAL "delivery 5: deferral: I'm_not_going_to_try_again;_this_message_has_been_in_the_queue_"
           "too_long./",
     STARTED_LOCAL "result id=93 to=al@example.test delayed detail=I'm_not_going_to_try_again;_"
                   "this_message_has_been_in_the_queue_too_long./\n"},
    {"a delivery that goes on (qmail-ldap) keeps its name",
     LOCAL "delivery 5: log: delivered_to_/home/al/\ndelivery 5: success: did_1+0+0/",
     STARTED_LOCAL "attempt id=93 to=al@example.test detail=delivered_to_/home/al/\n"
                   "result id=93 to=al@example.test delivered detail=did_1+0+0/\n"},
    {"a result without a word", LOCAL "delivery 5: ", STARTED_LOCAL "broken: cut delivery line\n"},
    {"a result with half a word", LOCAL "delivery 5: succ",
     STARTED_LOCAL "broken: cut delivery line\n"},
    {"two lines glued together give the first",
     REMOTE
     "delivery 5: success: 192.0.2.7_accepted_message./Remote_host_said:_250_2.0.0_"
     "p2F1sViP003966_Message_accepted_for_delivery/\342\221\2442016-03-15 10:54:07.728283500 "
     "status: local 0/80 remote 0/80",
     STARTED_REMOTE "result id=93 next=p2F1sViP003966 to=bob@example.net relayed ip=192.0.2.7 "
                    "code=250 status=2.0.0 detail=192.0.2.7_accepted_message./Remote_host_said:_"
                    "250_2.0.0_p2F1sViP003966_Message_accepted_for_delivery/\n"},

    /* what the next host said */
    {"Postfix's ID",
     REMOTE "delivery 5: success: 192.0.2.7_accepted_message./Remote_host_said:_250_2.0.0_Ok:_"
            "queued_as_4ZkpQ23cDxzK/",
     STARTED_REMOTE
     "result id=93 next=4ZkpQ23cDxzK to=bob@example.net relayed ip=192.0.2.7 code=250 "
     "status=2.0.0 "
     "detail=192.0.2.7_accepted_message./Remote_host_said:_250_2.0.0_Ok:_queued_as_4ZkpQ23cDxzK/"
     "\n"},
    {"qmail's reply names time and process",
     REMOTE "delivery 5: success: 192.0.2.7_accepted_message./Remote_host_said:_250_ok_1795298579_"
            "qp_29/",
     STARTED_REMOTE
     "result id=93 next=1795298579 qp 29 to=bob@example.net relayed ip=192.0.2.7 code=250 "
     "detail=192.0.2.7_accepted_message./Remote_host_said:_250_ok_1795298579_qp_29/\n"},
    {"XMail's ID",
     REMOTE "delivery 5: success: 192.0.2.7_accepted_message./Remote_host_said:_250_OK_<S12AB>/",
     STARTED_REMOTE "result id=93 next=S12AB to=bob@example.net relayed ip=192.0.2.7 code=250 "
                    "detail=192.0.2.7_accepted_message./Remote_host_said:_250_OK_<S12AB>/\n"},
    {"Exim's ID",
     REMOTE "delivery 5: success: 192.0.2.7_accepted_message./Remote_host_said:_250_OK_id="
            "1QzXyZ-000Vsb-Ab/",
     STARTED_REMOTE
     "result id=93 next=1QzXyZ-000Vsb-Ab to=bob@example.net relayed ip=192.0.2.7 code=250 "
     "detail=192.0.2.7_accepted_message./Remote_host_said:_250_OK_id=1QzXyZ-000Vsb-Ab/\n"},
    {"of several lines the last counts",
     REMOTE "delivery 5: success: 192.0.2.7_accepted_message./Remote_host_said:_250-queued_as_"
            "1234567/250_2.6.0_Ok:_queued_as_39AF153/",
     STARTED_REMOTE
     "result id=93 next=39AF153 to=bob@example.net relayed ip=192.0.2.7 code=250 status=2.6.0 "
     "detail=192.0.2.7_accepted_message./Remote_host_said:_250-queued_as_1234567/250_2.6.0_Ok:_"
     "queued_as_39AF153/\n"},
    {"a reply of nothing but a code",
     REMOTE "delivery 5: success: 192.0.2.7_accepted_message./Remote_host_said:_250/",
     STARTED_REMOTE "result id=93 to=bob@example.net relayed ip=192.0.2.7 code=250 "
                    "detail=192.0.2.7_accepted_message./Remote_host_said:_250/\n"},
    {"a reply may hold slashes and strange characters",
     REMOTE "delivery 5: success: 192.0.2.7_accepted_message./Remote_host_said:_250_ok_dirdel____"
            "weird_<A1B33>_/slashes/__under_/",
     STARTED_REMOTE
     "result id=93 to=bob@example.net relayed ip=192.0.2.7 code=250 "
     "detail=192.0.2.7_accepted_message./Remote_host_said:_250_ok_dirdel____weird_<A1B33>_/slashes/"
     "__under_/\n"},
    {"a reply that was cut may hold half an ID",
     REMOTE "delivery 5: success: 192.0.2.7_accepted_message./Remote_host_said:_250_ok_1795298579_"
            "qp_2",
     STARTED_REMOTE
     "result id=93 to=bob@example.net relayed ip=192.0.2.7 code=250 "
     "detail=192.0.2.7_accepted_message./Remote_host_said:_250_ok_1795298579_qp_2\n"},
    {"a refused recipient",
     REMOTE "delivery 5: failure: 192.0.2.7_does_not_like_recipient./Remote_host_said:_550_5.1.1_"
            "<bob@example.net>:_unknown/Giving_up_on_192.0.2.7./",
     STARTED_REMOTE
     "result id=93 to=bob@example.net failed ip=192.0.2.7 code=550 status=5.1.1 "
     "detail=192.0.2.7_does_not_like_recipient./Remote_host_said:_550_5.1.1_<bob@example.net>:_"
     "unknown/Giving_up_on_192.0.2.7./\n"},
    {"a refusal names no next host's ID",
     REMOTE "delivery 5: failure: 192.0.2.7_failed_after_I_sent_the_message./Remote_host_said:_554_"
            "5.6.0_spam;_queued_as_39AF153/",
     STARTED_REMOTE
     "result id=93 to=bob@example.net failed ip=192.0.2.7 code=554 status=5.6.0 "
     "detail=192.0.2.7_failed_after_I_sent_the_message./Remote_host_said:_554_5.6.0_spam;_queued_as"
     "_39AF153/\n"},
    {"a refused greeting is always a deferral",
     REMOTE "delivery 5: deferral: Connected_to_192.0.2.7_but_greeting_failed./Remote_host_said:_"
            "554_no/",
     STARTED_REMOTE
     "result id=93 to=bob@example.net delayed ip=192.0.2.7 code=554 "
     "detail=Connected_to_192.0.2.7_but_greeting_failed./Remote_host_said:_554_no/\n"},
    {"a connection that died, after the message was sent",
     REMOTE "delivery 5: deferral: Connected_to_192.0.2.7_but_connection_died._Possible_duplicate!_"
            "(#4.4.2)/",
     STARTED_REMOTE
     "result id=93 to=bob@example.net delayed ip=192.0.2.7 status=4.4.2 "
     "detail=Connected_to_192.0.2.7_but_connection_died._Possible_duplicate!_(#4.4.2)/\n"},
    {"no host was asked",
     REMOTE "delivery 5: deferral: Sorry,_I_wasn't_able_to_establish_an_SMTP_connection._(#4.4.1)/",
     STARTED_REMOTE "result id=93 to=bob@example.net delayed status=4.4.1 "
                    "detail=Sorry,_I_wasn't_able_to_establish_an_SMTP_connection._(#4.4.1)/\n"},
    {"too long in the queue, and nobody answers",
     REMOTE "delivery 5: failure: Connected_to_192.0.2.7_but_connection_died._(#4.4.2)/I'm_not_"
            "going_to_try_again;_this_message_has_been_in_the_queue_too_long./",
     STARTED_REMOTE
     "expire id=93 to=bob@example.net detail=I'm_not_going_to_try_again;_this_message_has_been_in_"
     "the_queue_too_long./\n"
     "result id=93 to=bob@example.net failed ip=192.0.2.7 status=4.4.2 "
     "detail=Connected_to_192.0.2.7_but_connection_died._(#4.4.2)/I'm_not_going_to_try_again;_this_"
     "message_has_been_in_the_queue_too_long./\n"},
    {"a reply that names another host and another reply",
     REMOTE "delivery 5: success: 192.0.2.7_accepted_message./Remote_host_said:_250_2.0.0_ok/192.0."
            "2.8_accepted_message./Remote_host_said:_250_Ok:_queued_as_39AF153_/",
     STARTED_REMOTE
     "result id=93 to=bob@example.net relayed ip=192.0.2.7 code=250 status=2.0.0 "
     "detail=192.0.2.7_accepted_message./Remote_host_said:_250_2.0.0_ok/192.0.2.8_accepted_message."
     "/Remote_host_said:_250_Ok:_queued_as_39AF153_/\n"},
    {"an IPv6 host",
     REMOTE "delivery 5: success: 2001:db8::7_accepted_message./Remote_host_said:_250_ok_1_qp_2/",
     STARTED_REMOTE "result id=93 next=1 qp 2 to=bob@example.net relayed ip=2001:db8::7 code=250 "
                    "detail=2001:db8::7_accepted_message./Remote_host_said:_250_ok_1_qp_2/\n"},
    {"a patch that names the recipient",
     REMOTE "delivery 5: success: (bob@example.net)_192.0.2.7_accepted_message./Remote_host_said:_"
            "250_ok_1_qp_2/",
     STARTED_REMOTE
     "result id=93 next=1 qp 2 to=bob@example.net relayed ip=192.0.2.7 code=250 "
     "detail=(bob@example.net)_192.0.2.7_accepted_message./Remote_host_said:_250_ok_1_qp_2/\n"},
    {"a patch that names both addresses",
     REMOTE "delivery 5: success: <From:ann@example.org_To:bob@example.net>_192.0.2.7_accepted_"
            "message./Remote_host_said:_250_ok_1_qp_2/",
     STARTED_REMOTE
     "result id=93 next=1 qp 2 to=bob@example.net relayed ip=192.0.2.7 code=250 "
     "detail=<From:ann@example.org_To:bob@example.net>_192.0.2.7_accepted_message./Remote_host_said"
     ":_250_ok_1_qp_2/\n"},
    {"a patch that tells of TLS behind the reply",
     REMOTE "delivery 5: success: 192.0.2.7_accepted_message./Remote_host_said:_250_ok_1_qp_2/"
            "STARTTLS_proto=TLSv1.2;_cipher=X;/",
     STARTED_REMOTE
     "result id=93 next=1 qp 2 to=bob@example.net relayed ip=192.0.2.7 code=250 "
     "detail=192.0.2.7_accepted_message./Remote_host_said:_250_ok_1_qp_2/STARTTLS_proto=TLSv1.2;_"
     "cipher=X;/\n"},
    {"a patch that tells of TLS before the host",
     REMOTE "delivery 5: deferral: TLS_connected_to_192.0.2.7_but_connection_died._(#4.4.2)/",
     STARTED_REMOTE "result id=93 to=bob@example.net delayed ip=192.0.2.7 status=4.4.2 "
                    "detail=TLS_connected_to_192.0.2.7_but_connection_died._(#4.4.2)/\n"},

    /* deliveries and runs */
    {"results come in any order",
     "starting delivery 1: msg 93 to local a@example.test\n"
     "starting delivery 2: msg 94 to local b@example.test\n"
     "delivery 2: success: did_1+0+0/\n"
     "delivery 1: deferral: later/",
     "recipient id=93 to=a@example.test detail=local\n"
     "recipient id=94 to=b@example.test detail=local\n"
     "result id=94 to=b@example.test delivered detail=did_1+0+0/\n"
     "result id=93 to=a@example.test delayed detail=later/\n"},
    {"a delivery has one result",
     LOCAL "delivery 5: success: did_1+0+0/\ndelivery 5: success: did_1+0+0/",
     STARTED_LOCAL "result id=93 to=al@example.test delivered detail=did_1+0+0/\n"
                   "result delivered detail=did_1+0+0/\n"},
    {"a result whose beginning was not seen belongs to no known message",
     "delivery 7: success: 192.0.2.7_accepted_message./Remote_host_said:_250_ok_1_qp_2/",
     "result next=1 qp 2 relayed ip=192.0.2.7 code=250 "
     "detail=192.0.2.7_accepted_message./Remote_host_said:_250_ok_1_qp_2/\n"},
    {"the same of a local one", "delivery 7: success: did_0+1+0/qp_74/",
     "result child_alias=74 relayed detail=did_0+1+0/qp_74/\n"},
    {"the next run counts from 1 again",
     LOCAL "status: exiting\nstatus: local 0/10 remote 0/20\ndelivery 5: success: did_1+0+0/",
     STARTED_LOCAL "noise: status\nnoise: status\nresult delivered detail=did_1+0+0/\n"},
    {"a number that steps back is the next run's, after a crash",
     "starting delivery 4: msg 90 to local a@example.test\n" LOCAL
     "starting delivery 1: msg 94 to local b@example.test\n"
     "delivery 4: success: did_1+0+0/\ndelivery 1: success: did_1+0+0/",
     "recipient id=90 to=a@example.test detail=local\n" STARTED_LOCAL
     "recipient id=94 to=b@example.test detail=local\n"
     "result delivered detail=did_1+0+0/\n"
     "result id=94 to=b@example.test delivered detail=did_1+0+0/\n"},
    {"a number that comes again is the next run's too",
     "starting delivery 1: msg 90 to local a@example.test\n"
     "starting delivery 2: msg 91 to local a@example.test\n"
     "starting delivery 2: msg 92 to local b@example.test\n"
     "delivery 1: success: did_1+0+0/\ndelivery 2: success: did_1+0+0/",
     "recipient id=90 to=a@example.test detail=local\n"
     "recipient id=91 to=a@example.test detail=local\n"
     "recipient id=92 to=b@example.test detail=local\n"
     "result delivered detail=did_1+0+0/\n"
     "result id=92 to=b@example.test delivered detail=did_1+0+0/\n"},
    {"a run that is about to end has not ended",
     LOCAL "status: local 1/10 remote 0/20 exitasap\ndelivery 5: success: did_1+0+0/",
     STARTED_LOCAL "noise: status\n"
                   "result id=93 to=al@example.test delivered detail=did_1+0+0/\n"},

    /* warnings and alerts */
    {"a warning that names a message's file",
     "warning: trouble marking remote/12/93; message will be delivered twice!",
     "attempt id=93 detail=warning: trouble marking remote/12/93; message will be delivered "
     "twice!\n"},
    {"a file that is not split", "warning: unable to stat todo/93; will try again later",
     "attempt id=93 detail=warning: unable to stat todo/93; will try again later\n"},
    {"qmail-clean's", "warning: qmail-clean unable to clean up mess/12/93",
     "attempt id=93 detail=warning: qmail-clean unable to clean up mess/12/93\n"},
    {"a warning about nothing in particular", "warning: trouble in select", "noise: warning\n"},
    {"a warning about another file", "warning: unable to open lock/trigger", "noise: warning\n"},
    {"an alert", "alert: oh no! lost qmail-clean connection! dying...", "noise: alert\n"},
    {"a status", "status: local 1/10 remote 0/20", "noise: status\n"},
    {"a status with a patch's addition", "status: qmail-todo stop processing asap",
     "noise: status\n"},
    {"another program in the same log", "simscan:[28]:CLEAN (0/0):0.1s:hi:192.0.2.9:a:b",
     "foreign\n"},
    {"an unknown line", "hello world", "broken: unknown line\n"},

    /* splogger */
    {"a stamp of splogger's is not text", "1795298579.934575 new msg 93", "accept id=93\n",
     "qmail"},
    {"a line in two pieces", "1795298579.934575 " FIRST "\n1795298579.934575+_the_end._(#5.1.1)/",
     "continuation\nresult failed status=5.1.1 detail=" FULL_TEXT "_the_end._(#5.1.1)/\n", "qmail"},
    {"a line in three pieces",
     "1795298579.934575 " FIRST "\n1795298579.934575+" FULL "\n1795298579.934575+/",
     "continuation\ncontinuation\nresult failed detail=" FULL_TEXT FULL "/\n", "qmail"},
    {"a line that fills its piece is read with the next",
     "1795298579.934575 " FIRST "\n1795298579.934576 status: local 0/10 remote 0/20",
     "continuation\nresult failed detail=" FULL_TEXT "\n", "qmail"},
    {"the same before a line of its own",
     "1795298579.934575 " FIRST "\n1795298579.934576 new msg 93",
     "continuation\nresult failed detail=" FULL_TEXT "\naccept id=93\n", "qmail"},
    {"a piece without a beginning", "1795298579.934575+_the_end/",
     "broken: a continuation without its beginning\n", "qmail"},
    {"a piece of another line", "1795298579.934575 " FIRST "\n1795298579.934576+_the_end/",
     "continuation\nbroken: a continuation without its beginning\n", "qmail"},
    {"a line that is longer was not written by splogger", "1795298579.934575 " FIRST "x",
     "result failed detail=" FULL_TEXT "x\n", "qmail"},
    {"a short line has no pieces", "1795298579.934575 new msg 93\n1795298579.934575+4",
     "accept id=93\nbroken: a continuation without its beginning\n", "qmail"},

    /* connections */
    {"a connection",
     "tcpserver: status: 1/40\ntcpserver: pid 28 from 192.0.2.9\n"
     "tcpserver: ok 28 relay.example.test:127.0.10.3:25 client.example.org:192.0.2.9::52219\n"
     "tcpserver: end 28 status 0\ntcpserver: status: 0/40",
     "noise: status\nconnect pid=28 ip=192.0.2.9\nnoise: connection allowed\n"
     "disconnect pid=28 peer=client.example.org ip=192.0.2.9 detail=status 0\nnoise: status\n"},
    {"a client without a name",
     CLIENT "tcpserver: ok 28 relay.example.test:127.0.10.3:25 :192.0.2.9:ann:52219\n"
            "tcpserver: end 28 status 256",
     CONNECTED "noise: connection allowed\ndisconnect pid=28 ip=192.0.2.9 detail=status 256\n"},
    {"a client that is not let in",
     CLIENT "tcpserver: deny 28 relay.example.test:127.0.10.3:25 :192.0.2.9::35557\n"
            "tcpserver: end 28 status 25600",
     CONNECTED "abort pid=28 ip=192.0.2.9 detail=deny\n"
               "disconnect pid=28 ip=192.0.2.9 detail=status 25600\n"},
    {"an IPv6 client whose beginning was not seen",
     "tcpserver: ok 28 relay.example.test:2001:db8::3:25 c.example.org:2001:db8::9::52219\n"
     "tcpserver: end 28 status 0",
     "noise: connection allowed\n"
     "disconnect pid=28 peer=c.example.org ip=2001:db8::9 detail=status 0\n"},
    {"an end of a connection that was not seen", "tcpserver: end 28 status 0",
     "disconnect pid=28 detail=status 0\n"},
    {"a session ends once", CLIENT "tcpserver: end 28 status 0\ntcpserver: end 28 status 0",
     CONNECTED "disconnect pid=28 ip=192.0.2.9 detail=status 0\n"
               "disconnect pid=28 detail=status 0\n"},
    {"a process ID that comes again is another client",
     CLIENT "tcpserver: pid 28 from 192.0.2.10\ntcpserver: end 28 status 0",
     CONNECTED "connect pid=28 ip=192.0.2.10\ndisconnect pid=28 ip=192.0.2.10 detail=status 0\n"},
    {"a server under its own tag", "pid 28 from 192.0.2.9\nend 28 status 0\nstatus: 0/40",
     CONNECTED "disconnect pid=28 ip=192.0.2.9 detail=status 0\nnoise: status\n", "tcpserver"},
    {"ipsvd's words",
     "tcpsvd: info: pid 28 from 192.0.2.9\ntcpsvd: info: start 28 r:127.0.10.3 ::c:192.0.2.9:5\n"
     "tcpsvd: info: end 28 exit 0",
     CONNECTED "noise: connection allowed\ndisconnect pid=28 ip=192.0.2.9 detail=exit 0\n"},
    {"a warning of the server's", "tcpserver: warning: dropping connection, unable to fork",
     "noise: warning\n"},
    {"a fatal error of the server's", "tcpserver: fatal: unable to bind", "noise: alert\n"},
    {"a client from nowhere", "tcpserver: pid 28 from ",
     "broken: unknown line about a connection\n"},
    {"a process ID beyond all", "tcpserver: pid 4294967296 from 192.0.2.9",
     "broken: unknown line about a connection\n"},
    {"a blocked client", CLIENT "rblsmtpd: 192.0.2.9 pid 28: 451 http://rbl.example.org/?192.0.2.9",
     CONNECTED "reject pid=28 rejected ip=192.0.2.9 code=451 "
               "detail=451 http://rbl.example.org/?192.0.2.9\n"},
    {"a blocked client under rblsmtpd's own tag", "192.0.2.9 pid 28: 553 no",
     "reject pid=28 rejected ip=192.0.2.9 code=553 detail=553 no\n", "rblsmtpd"},

    /* dialogues */
    {"the server's last reply names the message",
     CLIENT "28 > 220 relay.example.test ESMTP\r \n28 < MAIL FROM:<ann@example.org>\r \n"
            "28 > 250 ok\r \n28 < RCPT TO:<bob@example.net>\r \n28 > 250 ok\r \n28 < DATA\r \n"
            "28 > 354 go ahead\r \n28 < Subject: hi\r \n28 < .\r \n28 > 250 ok 1795298579 qp 29\r ",
     CONNECTED FOUR FOUR DIALOGUE
     "accept pid=28 alias=29 from=ann@example.org ip=192.0.2.9 nrcpt=1 "
     "detail=250 ok 1795298579 qp 29\n"},
    {"it does so where the dialogue's beginning is missing", "28 > 250 ok 1795298579 qp 29 ",
     "accept pid=28 alias=29 detail=250 ok 1795298579 qp 29\n"},
    {"a refused recipient of the dialogue",
     CLIENT "28 < MAIL FROM:<ann@example.org> SIZE=9\r \n28 > 250 ok\r \n"
            "28 < RCPT TO:<bob@example.com>\r \n28 > 553 sorry, not here (#5.7.1)\r ",
     CONNECTED TWO DIALOGUE
     "reject pid=28 from=ann@example.org to=bob@example.com rejected ip=192.0.2.9 code=553 "
     "status=5.7.1 detail=553 sorry, not here (#5.7.1)\n"},
    {"a refused sender", "28 < mail from: ann@example.org\r \n28 > 553 5.1.8 no\r ",
     DIALOGUE
     "reject pid=28 from=ann@example.org rejected code=553 status=5.1.8 detail=553 5.1.8 no\n"},
    {"a quoted bracket does not end an address",
     "28 < MAIL FROM:<\"a>\\\"b\"@example.org>\r \n28 > 451 no\r ",
     DIALOGUE "reject pid=28 from=\"a>\\\"b\"@example.org rejected code=451 detail=451 no\n"},
    {"commands sent at once are answered in order",
     "28 < MAIL FROM:<>\r \n28 < RCPT TO:<a@example.com>\r \n28 < RCPT TO:<b@example.net>\r \n"
     "28 < DATA\r \n28 > 250 ok\r \n28 > 553 no\r \n28 > 250 ok\r \n28 > 354 go ahead\r \n"
     "28 < .\r \n28 < QUIT\r \n28 > 250 ok 1 qp 2\r \n28 > 221 bye\r ",
     FOUR DIALOGUE "reject pid=28 from= to=a@example.com rejected code=553 detail=553 no\n" FOUR
                   "accept pid=28 alias=2 from= nrcpt=1 detail=250 ok 1 qp 2\n" DIALOGUE},
    {"a client in a hurry does not wait for the greeting",
     "28 < MAIL FROM:<a@example.org>\r \n28 > 220-relay\r \n28 > 220 ESMTP\r \n28 > 553 no\r ",
     DIALOGUE TWO "reject pid=28 from=a@example.org rejected code=553 detail=553 no\n"},
    {"a message that is refused at its end",
     "28 < MAIL FROM:<ann@example.org>\r \n28 > 250 ok\r \n28 < RCPT TO:<bob@example.net>\r \n"
     "28 > 250 ok\r \n28 < DATA\r \n28 > 354 go ahead\r \n28 < .\r \n"
     "28 > 554 mail server permanently rejected message (#5.3.0)\r ",
     FOUR TWO DIALOGUE
     "reject pid=28 from=ann@example.org to=bob@example.net rejected whole nrcpt=1 code=554 "
     "status=5.3.0 detail=554 mail server permanently rejected message (#5.3.0)\n"},
    {"of several recipients none can be named",
     "28 < MAIL FROM:<ann@example.org>\r \n28 > 250 ok\r \n28 < RCPT TO:<a@example.net>\r \n"
     "28 > 250 ok\r \n28 < RCPT TO:<b@example.net>\r \n28 > 250 ok\r \n28 < DATA\r \n"
     "28 > 451 qqt failure (#4.3.0)\r ",
     FOUR TWO DIALOGUE
     "reject pid=28 from=ann@example.org rejected whole nrcpt=2 code=451 status=4.3.0 "
     "detail=451 qqt failure (#4.3.0)\n"},
    {"what the message says is no command",
     "28 < DATA\r \n28 > 354 go ahead\r \n28 < RCPT TO:<forged@example.com>\r \n28 < .\r \n"
     "28 > 553 no\r ",
     FOUR DIALOGUE},
    {"a client that does not wait for the server's word",
     "28 < MAIL FROM:<a@example.org>\r \n28 < RCPT TO:<b@example.net>\r \n28 < DATA\r \n"
     "28 < RCPT TO:<forged@example.com>\r \n28 > 250 ok\r \n28 > 553 no\r \n28 > 503 RCPT first\r "
     "\n"
     "28 < MAIL FROM:<c@example.org>\r \n28 > 553 no\r ",
     FOUR DIALOGUE
     "reject pid=28 from=a@example.org to=b@example.net rejected code=553 detail=553 no\n" TWO
         DIALOGUE},
    {"a dot behind a cut ends nothing",
     "28 < MAIL FROM:<a@example.org>\r \n28 > 250 ok\r \n28 < DATA\r \n28 > 354 go ahead\r \n"
     "28 < long+\n28 < .\r \n28 < RCPT TO:<forged@example.com>\r \n28 < .\r \n28 > 554 no\r \n"
     "28 > 553 no\r ",
     FOUR FOUR TWO},
    {"a command in two pieces", "28 < RCPT TO:<bob@exam+\n28 < ple.com>\r \n28 > 553 no\r ",
     TWO "reject pid=28 to=bob@example.com rejected code=553 detail=553 no\n"},
    {"the second piece of a reply is no reply",
     "28 < MAIL FROM:<>\r \n28 > 250 ok+\n28 > 553 no\r ", DIALOGUE TWO},
    {"a reply in two pieces may have its ID in both", "28 > 250 ok 1795298579 qp 2+\n28 > 9\r ",
     DIALOGUE "accept pid=28 alias=29 detail=250 ok 1795298579 qp 29\n"},
    {"a refusal in two pieces", "28 < MAIL FROM:<>\r \n28 > 553 no (#5.7+\n28 > .1)\r ",
     TWO "reject pid=28 from= rejected code=553 status=5.7.1 detail=553 no (#5.7.1)\n"},
    {"a reply of several lines is one",
     "28 < EHLO c\r \n28 < MAIL FROM:<a@example.org>\r \n"
     "28 > 250-relay\r \n28 > 250 PIPELINING\r \n28 > 553 no\r ",
     FOUR "reject pid=28 from=a@example.org rejected code=553 detail=553 no\n"},
    {"dialogues of several clients do not mix",
     "28 < MAIL FROM:<a@example.org>\r \n29 < MAIL FROM:<b@example.org>\r \n29 > 553 no\r \n"
     "28 > 451 no\r ",
     TWO "reject pid=29 from=b@example.org rejected code=553 detail=553 no\n"
         "reject pid=28 from=a@example.org rejected code=451 detail=451 no\n"},
    {"a dialogue ends with the server's side",
     "28 < MAIL FROM:<a@example.org>\r \n28 > [EOF]\n28 > 553 no\r ", DIALOGUE TWO},
    {"splogger writes the line end's first half as a mark",
     "28 < MAIL FROM:<a@example.org>? \n28 > 250 ok 1 qp 2? ",
     DIALOGUE "accept pid=28 alias=2 detail=250 ok 1 qp 2\n", "smtpd"},
    {"a number that begins no dialogue", "28 29", "broken: unknown line about a connection\n"},
};

static void check_case(void **state)
{
    const Case *c = *state;
    MstReader *reader = mst_reader_new(&mst_reader_qmail);
    g_autofree char *events = recorder_read(reader, c->tag == NULL ? "" : c->tag, c->log);

    assert_string_equal(events, c->events);
    mst_reader_free(reader);
}

/* One host's deliveries and clients are not another's, nor one tag's another's. */
static void check_logs(void **state)
{
    MstReader *reader = mst_reader_new(&mst_reader_qmail);
    g_autofree char *first = recorder_read(reader, "qmail", LOCAL);
    g_autofree char *other = recorder_read(reader, "qmail-out", "delivery 5: success: did_1+0+0/");
    g_autofree char *again = recorder_read(reader, "qmail", "delivery 5: success: did_1+0+0/");

    (void)state;
    assert_string_equal(first, STARTED_LOCAL);
    assert_string_equal(other, "result delivered detail=did_1+0+0/\n");
    assert_string_equal(again, "result id=93 to=al@example.test delivered detail=did_1+0+0/\n");
    mst_reader_free(reader);
}

/* Has the reader read many lines without tags, quickly: nobody wants to see what becomes of them. */
static void read_many(MstReader *reader, const GString *log)
{
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_EVENTS);
    const char *end = log->str + log->len;

    for (const char *at = log->str; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        MstLine line = {.whole = mst_slice(at, stop), .text = mst_slice(at, stop), .number = 1};

        mst_batch_clear(batch);
        (void)mst_reader_read(reader, &line, batch);
        at = stop + 1;
    }
    mst_batch_free(batch);
}

/* As many deliveries as are remembered; the one before them is forgotten. */
static void check_many_deliveries(void **state)
{
    MstReader *reader = mst_reader_new(&mst_reader_qmail);
    GString *log = g_string_new(NULL);
    g_autofree char *events = NULL;

    (void)state;
    for (int i = 1; i <= 100001; i++)
        g_string_append_printf(log, "starting delivery %d: msg %d to local a@example.test\n", i, i);
    read_many(reader, log);
    events = recorder_read(reader, "", "delivery 1: deferral: x/\ndelivery 2: deferral: x/");
    assert_string_equal(events, "result delayed detail=x/\n"
                                "result id=2 to=a@example.test delayed detail=x/\n");
    g_string_free(log, TRUE);
    mst_reader_free(reader);
}

/* Their text is bounded too: 17 MiB of recipients. */
static void check_long_recipients(void **state)
{
    MstReader *reader = mst_reader_new(&mst_reader_qmail);
    g_autofree char *address = g_strnfill(60000, 'x');
    GString *log = g_string_new(NULL);
    g_autofree char *events = NULL;

    (void)state;
    for (int i = 1; i <= 300; i++)
        g_string_append_printf(log, "starting delivery %d: msg %d to local %s\n", i, i, address);
    g_string_append(log, "starting delivery 301: msg 301 to local a@example.test\n");
    read_many(reader, log);
    events = recorder_read(reader, "", "delivery 1: deferral: x/\ndelivery 301: deferral: x/");
    assert_string_equal(events, "result delayed detail=x/\n"
                                "result id=301 to=a@example.test delayed detail=x/\n");
    g_string_free(log, TRUE);
    mst_reader_free(reader);
}

/* Sessions without an end, and a client that never waits: both are given up. */
static void check_many_sessions(void **state)
{
    MstReader *reader = mst_reader_new(&mst_reader_qmail);
    g_autofree char *longish = g_strnfill(900, 'x');
    GString *log = g_string_new(NULL);
    g_autofree char *events = NULL;

    (void)state;
    for (int i = 1; i <= 4097; i++)
        g_string_append_printf(log, "tcpserver: pid %d from 192.0.2.9\n", i);
    for (int i = 0; i < 10; i++)
        g_string_append_printf(log, "4097 < RCPT TO:<%s>\r \n", longish);
    read_many(reader, log);
    events = recorder_read(reader, "",
                           "tcpserver: end 1 status 0\n4097 > 553 no\r \n"
                           "tcpserver: end 4097 status 0");
    assert_string_equal(events, "disconnect pid=1 detail=status 0\n" DIALOGUE
                                "disconnect pid=4097 ip=192.0.2.9 detail=status 0\n");
    g_string_free(log, TRUE);
    mst_reader_free(reader);
}

/* splogger's stamp is the event's time, to the microsecond; a piece has that of the first. */
static void check_stamps(void **state)
{
    MstReader *reader = mst_reader_new(&mst_reader_qmail);
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_EVENTS);
    const char *texts[] = {"1795298579.934575 new msg 93", "1795298579.934575 " FIRST,
                           "1795298579.934575+/"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        MstLine line = {.whole = mst_slice_of(texts[i]),
                        .text = mst_slice_of(texts[i]),
                        .tag = MST_LIT("qmail"),
                        .time_us = 1795298580000000,
                        .resolution_us = 1000000,
                        .number = i + 1};

        (void)mst_reader_read(reader, &line, batch);
    }
    assert_int_equal(batch->events->len, 2);
    for (guint i = 0; i < batch->events->len; i++) {
        const MstEvent *event = &g_array_index(batch->events, MstEvent, i);

        assert_int_equal(event->time_us, 1795298579934575);
        assert_int_equal(event->resolution_us, 1);
    }
    mst_batch_free(batch);
    mst_reader_free(reader);
}

static const struct {
    const char *tag;
    const char *text;
    bool owned;
} tags[] = {
    {"qmail", "", true},
    {"qmail-send", "anything", true},
    {"tcpserver", "", true},
    {"rblsmtpd", "", true},
    {"send1", "new msg 93", true},
    {"send1", "status: local 0/10 remote 0/20", true},
    {"smtpd", "tcpserver: status: 0/40", true},
    {"smtpd", "28 > 250 ok", false},
    {"qmail-pop3d", "something", false},
    {"qmail-remote-handlers", "from=a@example.org", false},
    {"postfix/smtpd", "connect from client.example.org[192.0.2.9]", false},
    {"", "end msg 93", true},
    {"", "end msg 93x", false},
    {"", "", false},
};

static void check_tags(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
        bool owned = mst_reader_qmail.owns(mst_slice_of(tags[i].tag), mst_slice_of(tags[i].text));

        if (owned != tags[i].owned)
            fail_msg("%s: %s", tags[i].tag, tags[i].text);
    }
}

static const struct {
    const char *line;
    bool recognised;
} lines[] = {
    {"@400000006b02151d1b73c754 new msg 5507694", true},
    {"@400000006b02151d0dac2134 tcpserver: status: 0/40", true},
    {"@400000006b02151d0dac2134 28 < EHLO c\r ", true},
    {"2026-11-21 23:02:59.460572500 end msg 93", true},
    {"2026-11-21 22:06:14.589368206  status: local 0/10 remote 0/20", true},
    {"2026-11-21_22:05:53.77665 new msg 93", true},
    {"2026-11-21T22:05:53.78128 delivery 5: success: did_1+0+0/", true},
    {"1054189746.123136 bounce msg 93 qp 81", true},
    {"@400000006b02151d1b73c754 hello", false},
    {"@400000006b02151d1b73c754", false},
    {"new msg 93", false},
    {"Nov 21 22:02:59 new msg 93", false},
    {"Nov 21 22:02:59 relay qmail: 1795298579.459665 new msg 93", false},
    {"2026-11-21T22:05:28.128411+00:00 mx1 qmail: new msg 93", false},
    {"2026-11-21 22:05:28,123 new msg 93", false},
    {"", false},
};

static void check_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        if (mst_reader_qmail.recognises(mst_slice_of(lines[i].line)) != lines[i].recognised)
            fail_msg("%s", lines[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(check_logs),
        cmocka_unit_test(check_many_deliveries),
        cmocka_unit_test(check_long_recipients),
        cmocka_unit_test(check_many_sessions),
        cmocka_unit_test(check_stamps),
        cmocka_unit_test(check_tags),
        cmocka_unit_test(check_lines),
    };
    struct CMUnitTest tests[G_N_ELEMENTS(cases) + G_N_ELEMENTS(others)];

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check_case, NULL, NULL, (void *)&cases[i]};
    memcpy(tests + G_N_ELEMENTS(cases), others, sizeof others);
    return cmocka_run_group_tests_name("qmail", tests, NULL, NULL);
}
