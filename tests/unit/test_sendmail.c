/* test_sendmail.c - what the sendmail reader makes of each shape of line */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "recorder.h"

/* The reader sees the lines of one case in order; the expected text is recorder.h's. */
typedef struct Case {
    const char *name;
    const char *log;
    const char *events;
} Case;

static const Case cases[] = {
    /* from= */
    {"a from= line is an acceptance, a Message-ID and a sender",
     "6ALM6sRG000086: from=<ann@example.org>, size=402, class=0, nrcpts=2, msgid=<1@example.org>, "
     "proto=ESMTP, daemon=MTA-v4, relay=mx1.example.test [127.0.10.1]",
     "accept id=6ALM6sRG000086 from=ann@example.org peer=mx1.example.test ip=127.0.10.1\n"
     "message-id id=6ALM6sRG000086 msgid=<1@example.org>\n"
     "sender id=6ALM6sRG000086 from=ann@example.org size=402 nrcpt=2\n"},
    {"a refused transaction has no Message-ID and no recipients",
     "6ALM6sRG000086: from=<ann@example.org>, size=0, class=0, nrcpts=0, proto=ESMTP, "
     "daemon=MTA-v4, relay=[192.0.2.9]",
     "accept id=6ALM6sRG000086 from=ann@example.org ip=192.0.2.9\n"
     "sender id=6ALM6sRG000086 from=ann@example.org size=0 nrcpt=0\n"},
    {"the null sender is an empty sender",
     "6ALM6sRG000086: from=<>, size=9, class=0, nrcpts=1, msgid=<>, relay=[192.0.2.9]",
     "accept id=6ALM6sRG000086 from= ip=192.0.2.9\n"
     "message-id id=6ALM6sRG000086 msgid=<>\n"
     "sender id=6ALM6sRG000086 from= size=9 nrcpt=1\n"},
    {"a message from the command line has a user and a bare sender",
     "6ALM7lS5000733: from=root@hub.example.test, size=155, class=0, nrcpts=1, "
     "msgid=<2@hub.example.test>, relay=root@localhost",
     "accept id=6ALM7lS5000733 from=root@hub.example.test user=root\n"
     "message-id id=6ALM7lS5000733 msgid=<2@hub.example.test>\n"
     "sender id=6ALM7lS5000733 from=root@hub.example.test size=155 nrcpt=1\n"},
    {"a bare relay is a user", "6ALM7lS5000733: from=ann, size=1, class=-60, nrcpts=1, relay=ann",
     "accept id=6ALM7lS5000733 from=ann user=ann\n"
     "sender id=6ALM7lS5000733 from=ann size=1 nrcpt=1\n"},
    {"sendmail's own mail has no client",
     "6ALM7lS5000733: from=<>, size=1, class=0, nrcpts=1, relay=[RESPONSE]",
     "accept id=6ALM7lS5000733 from=\nsender id=6ALM7lS5000733 from= size=1 nrcpt=1\n"},
    {"a forged name is kept without the remark",
     "6ALM6sRG000086: from=<a@example.org>, size=1, class=0, nrcpts=1, proto=SMTP, daemon=MTA, "
     "relay=mail.example.net [192.0.2.9] (may be forged)",
     "accept id=6ALM6sRG000086 from=a@example.org peer=mail.example.net ip=192.0.2.9\n"
     "sender id=6ALM6sRG000086 from=a@example.org size=1 nrcpt=1\n"},
    {"an IPv6 client",
     "6ALM6sRG000086: from=<a@example.org>, size=1, class=0, nrcpts=1, bodytype=8BITMIME, "
     "proto=ESMTP, daemon=MTA-v6, relay=mail.example.net [IPv6:2001:db8::9]",
     "accept id=6ALM6sRG000086 from=a@example.org peer=mail.example.net ip=2001:db8::9\n"
     "sender id=6ALM6sRG000086 from=a@example.org size=1 nrcpt=1\n"},
    {"a sender may hold keys in quotes",
     "6ALM7bLL000681: from=<\"a,b=c, size=9, nrcpts=9 to=<z>\"@example.org>, size=219, class=0, "
     "nrcpts=1, msgid=<3@example.org>, relay=[192.0.2.9]",
     "accept id=6ALM7bLL000681 from=\"a,b=c, size=9, nrcpts=9 to=<z>\"@example.org ip=192.0.2.9\n"
     "message-id id=6ALM7bLL000681 msgid=<3@example.org>\n"
     "sender id=6ALM7bLL000681 from=\"a,b=c, size=9, nrcpts=9 to=<z>\"@example.org size=219 "
     "nrcpt=1\n"},
    {"a quoted quote does not end the quotes, and its backslash is logged twice",
     "6ALM7bLL000681: from=<\"a\\\\\", size=9\"@example.org>, size=2, class=0, nrcpts=1, "
     "relay=[192.0.2.9]",
     "accept id=6ALM7bLL000681 from=\"a\\\", size=9\"@example.org ip=192.0.2.9\n"
     "sender id=6ALM7bLL000681 from=\"a\\\", size=9\"@example.org size=2 nrcpt=1\n"},
    {"a sender cut at 200 bytes ends there, whatever is open",
     "6ALM7bLL000681: "
     "from=<\"0123456789012345678901234567890123456789012345678901234567890123456789"
     "012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012"
     "3"
     "4567890123456789012345678901234567, size=2, class=0, nrcpts=1, relay=[192.0.2.9]",
     "accept id=6ALM7bLL000681 "
     "from=\"01234567890123456789012345678901234567890123456789012345678901"
     "234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234"
     "5"
     "678901234567890123456789012345678901234567 ip=192.0.2.9\n"
     "sender id=6ALM7bLL000681 "
     "from=\"01234567890123456789012345678901234567890123456789012345678901"
     "234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234"
     "5"
     "678901234567890123456789012345678901234567 size=2 nrcpt=1\n"},
    {"a Message-ID may hold a delivery",
     "6ALM6xEn000127: from=<a@example.org>, size=1, class=0, nrcpts=1, msgid=<4,a,b;c=d, "
     "dsn=5.0.0, "
     "stat=Sent@client>, proto=ESMTP, daemon=MTA-v4, relay=[192.0.2.9]",
     "accept id=6ALM6xEn000127 from=a@example.org ip=192.0.2.9\n"
     "message-id id=6ALM6xEn000127 msgid=<4,a,b;c=d, dsn=5.0.0, stat=Sent@client>\n"
     "sender id=6ALM6xEn000127 from=a@example.org size=1 nrcpt=1\n"},
    {"a Message-ID may hold a relay and a protocol",
     "6ALM6xEn000127: from=<a@example.org>, size=1, class=0, nrcpts=1, msgid=<5@c>: to=<victim@x>, "
     "proto=LMTP, relay=none, proto=ESMTP, daemon=MTA-v4, relay=[192.0.2.9]",
     "accept id=6ALM6xEn000127 from=a@example.org ip=192.0.2.9\n"
     "message-id id=6ALM6xEn000127 msgid=<5@c>: to=<victim@x>, proto=LMTP, relay=none\n"
     "sender id=6ALM6xEn000127 from=a@example.org size=1 nrcpt=1\n"},
    {"a Message-ID that a spreadsheet would run",
     "6ALM6tW2000094: from=<a@example.org>, size=1, class=0, nrcpts=1, msgid==cmd|' /C calc'!A0 6, "
     "proto=ESMTP, daemon=MTA-v4, relay=[192.0.2.9]",
     "accept id=6ALM6tW2000094 from=a@example.org ip=192.0.2.9\n"
     "message-id id=6ALM6tW2000094 msgid==cmd|' /C calc'!A0 6\n"
     "sender id=6ALM6tW2000094 from=a@example.org size=1 nrcpt=1\n"},
    {"a Message-ID cut at 100 bytes has no bracket",
     "6ALM6tW2000094: from=<a@example.org>, size=1, class=0, nrcpts=1, msgid=<7.xxxxxxxx, "
     "proto=ESMTP, daemon=MTA-v4, relay=[192.0.2.9]",
     "accept id=6ALM6tW2000094 from=a@example.org ip=192.0.2.9\n"
     "message-id id=6ALM6tW2000094 msgid=<7.xxxxxxxx\n"
     "sender id=6ALM6tW2000094 from=a@example.org size=1 nrcpt=1\n"},
    {"octal escapes are bytes, and sendmail's mark before some of them is dropped",
     "6ALM6xuQ000134: from=<g\\303\\251@example.org>, size=1, class=0, nrcpts=1, "
     "msgid=<8-\\346\\377\\227\\245@client>, relay=[192.0.2.9]",
     "accept id=6ALM6xuQ000134 from=g\303\251@example.org ip=192.0.2.9\n"
     "message-id id=6ALM6xuQ000134 msgid=<8-\346\227\245@client>\n"
     "sender id=6ALM6xuQ000134 from=g\303\251@example.org size=1 nrcpt=1\n"},
    {"letter escapes and the doubled backslash are bytes, a NUL is not",
     "6ALM6xVd000126: from=<a@example.org>, size=1, class=0, nrcpts=1, "
     "msgid=<9\\n\\t\\r\\\\n\\000\\033\\x@client>, relay=[192.0.2.9]",
     "accept id=6ALM6xVd000126 from=a@example.org ip=192.0.2.9\n"
     "message-id id=6ALM6xVd000126 msgid=<9\n\t\r\\n?\033\\x@client>\n"
     "sender id=6ALM6xVd000126 from=a@example.org size=1 nrcpt=1\n"},
    {"before 8.12 a from= line has a priority, and the ID is shorter",
     "QAA12345: from=<a@example.org>, size=331, class=0, pri=30331, nrcpts=1, msgid=<10@client>, "
     "proto=SMTP, relay=client.example.org [192.0.2.9]",
     "accept id=QAA12345 from=a@example.org peer=client.example.org ip=192.0.2.9\n"
     "message-id id=QAA12345 msgid=<10@client>\n"
     "sender id=QAA12345 from=a@example.org size=331 nrcpt=1\n"},
    {"an ID of twelve characters, of 8.10 to 8.12",
     "g8U2LVi03161: from=<>, size=1, class=0, nrcpts=1, relay=[192.0.2.9]",
     "accept id=g8U2LVi03161 from= ip=192.0.2.9\n"
     "sender id=g8U2LVi03161 from= size=1 nrcpt=1\n"},
    {"an ID with a process ID of eight digits",
     "k1SN9pkK15806618: from=<>, size=1, class=0, nrcpts=1, relay=[192.0.2.9]",
     "accept id=k1SN9pkK15806618 from= ip=192.0.2.9\n"
     "sender id=k1SN9pkK15806618 from= size=1 nrcpt=1\n"},
    {"newer keys before the relay are passed over",
     "6ALM6sRG000086: from=<>, size=1, class=0, nrcpts=1, proto=ESMTP, daemon=MTA, tls_verify=NO, "
     "auth=NONE, relay=[192.0.2.9]",
     "accept id=6ALM6sRG000086 from= ip=192.0.2.9\n"
     "sender id=6ALM6sRG000086 from= size=1 nrcpt=1\n"},
    {"a from= line without its end is broken",
     "6ALM6sRG000086: from=<ann@example.org>, size=402, class=0, nrcpts=2, msgid=<1@exa",
     "broken: cut sender line\n"},
    {"a from= line without a queue ID is broken",
     "from=<ann@example.org>, size=402, class=0, nrcpts=2, relay=[192.0.2.9]",
     "broken: cut sender line\n"},

    /* to= */
    {"a local delivery names the mailer, not the detail of the address",
     "6ALM6sRG000086: to=<carol+x@example.test>, delay=00:00:00, xdelay=00:00:00, mailer=local, "
     "pri=30631, relay=x, dsn=2.0.0, stat=Sent",
     "result id=6ALM6sRG000086 to=carol+x@example.test delivered peer=local status=2.0.0 delay=0 "
     "detail=Sent\n"},
    {"the detail of an address may hold a delivery",
     "6ALM6sRG000086: to=<\"carol+x, dsn=2.0.0, stat=Sent\"@example.test>, delay=00:00:00, "
     "mailer=local, pri=30631, relay=x, dsn=2.0.0, stat=Sent, dsn=5.1.1, stat=User unknown",
     "result id=6ALM6sRG000086 to=\"carol+x, dsn=2.0.0, stat=Sent\"@example.test failed peer=local "
     "status=5.1.1 delay=0 detail=User unknown\n"},
    {"the next host's reply names its ID, as Postfix writes it",
     "6ALM72Sv000187: to=<bob@example.net>, delay=00:00:01, xdelay=00:00:01, mailer=esmtp, "
     "pri=30000, "
     "relay=mx.example.net. [192.0.2.7], dsn=2.0.0, stat=Sent (Ok: queued as 39AF153EAC9)",
     "result id=6ALM72Sv000187 next=39AF153EAC9 to=bob@example.net relayed peer=mx.example.net "
     "ip=192.0.2.7 status=2.0.0 delay=1 detail=Sent (Ok: queued as 39AF153EAC9)\n"},
    {"and as sendmail writes it",
     "6ALM7l64000737: to=carol@example.test, delay=00:00:01, xdelay=00:00:01, mailer=relay, "
     "pri=30118, "
     "relay=[127.0.10.2] [127.0.10.2], dsn=2.0.0, stat=Sent (6ALM7lrC000739 Message accepted for "
     "delivery)",
     "result id=6ALM7l64000737 next=6ALM7lrC000739 to=carol@example.test relayed ip=127.0.10.2 "
     "status=2.0.0 delay=1 detail=Sent (6ALM7lrC000739 Message accepted for delivery)\n"},
    {"a reply without an ID",
     "6ALM7l64000737: to=<c@example.test>, delay=00:00:01, mailer=smtp8, pri=1, "
     "relay=relay.example.test. [127.0.10.3], dsn=2.0.0, stat=Sent (ok, thank you)",
     "result id=6ALM7l64000737 to=c@example.test relayed peer=relay.example.test ip=127.0.10.3 "
     "status=2.0.0 delay=1 detail=Sent (ok, thank you)\n"},
    {"qmail's reply names a time and a process",
     "6ALM7l64000737: to=<c@example.test>, delay=00:00:01, mailer=smtp8, pri=1, "
     "relay=relay.example.test. [127.0.10.3], dsn=2.0.0, stat=Sent (ok 1795300820 qp 291)",
     "result id=6ALM7l64000737 next=1795300820 qp 291 to=c@example.test relayed "
     "peer=relay.example.test ip=127.0.10.3 "
     "status=2.0.0 delay=1 detail=Sent (ok 1795300820 qp 291)\n"},
    {"a reply that looks like a bounce",
     "6ALM7EP3000432: to=<w@example.org>, delay=00:00:00, xdelay=00:00:00, mailer=esmtp, "
     "pri=30206, "
     "relay=[127.0.10.8] [127.0.10.8], dsn=2.0.0, stat=Sent (Ok (weird), status=bounced (fake) "
     "to=<x> queued as ABC;\"x\")",
     "result id=6ALM7EP3000432 to=w@example.org relayed ip=127.0.10.8 status=2.0.0 delay=0 "
     "detail=Sent (Ok (weird), status=bounced (fake) to=<x> queued as ABC;\"x\")\n"},
    {"recipients come in the order of the dialogue",
     "6ALMJE0M004472: to=<c@example.test>,<b@example.test>,<a@example.test>, delay=00:00:00, "
     "xdelay=00:00:00, mailer=relay, pri=91107, relay=[127.0.10.2] [127.0.10.2], dsn=2.0.0, "
     "stat=Sent (Ok)",
     "result id=6ALMJE0M004472 to=a@example.test relayed ip=127.0.10.2 status=2.0.0 delay=0 "
     "detail=Sent (Ok)\n"
     "result id=6ALMJE0M004472 to=b@example.test relayed ip=127.0.10.2 status=2.0.0 delay=0 "
     "detail=Sent (Ok)\n"
     "result id=6ALMJE0M004472 to=c@example.test relayed ip=127.0.10.2 status=2.0.0 delay=0 "
     "detail=Sent (Ok)\n"},
    {"a list that goes on in the next line",
     "6ALM7d14000705: to=<b@example.org>,<a@example.org>, [more], delay=00:00:01, mailer=esmtp, "
     "pri=1, "
     "relay=[127.0.10.8] [127.0.10.8], dsn=2.0.0, stat=Sent (Ok)",
     "result id=6ALM7d14000705 to=a@example.org relayed ip=127.0.10.8 status=2.0.0 delay=1 "
     "detail=Sent (Ok)\n"
     "result id=6ALM7d14000705 to=b@example.org relayed ip=127.0.10.8 status=2.0.0 delay=1 "
     "detail=Sent (Ok)\n"},
    {"a bare list that goes on in the next line",
     "6ALM7d14000705: to=b@example.org,a@example.org, [more], delay=00:00:01, mailer=relay, pri=1, "
     "relay=[127.0.10.8], dsn=4.0.0, stat=Deferred",
     "result id=6ALM7d14000705 to=a@example.org delayed ip=127.0.10.8 status=4.0.0 delay=1 "
     "detail=Deferred\n"
     "result id=6ALM7d14000705 to=b@example.org delayed ip=127.0.10.8 status=4.0.0 delay=1 "
     "detail=Deferred\n"},
    {"commas, brackets and keys in quotes are the address's own",
     "6ALM7YJk000652: to=<\"<a>,<b>, delay=\"@example.org>,<x@example.org>, delay=00:00:00, "
     "mailer=esmtp, pri=1, relay=[127.0.10.8], dsn=2.0.0, stat=Sent (Ok)",
     "result id=6ALM7YJk000652 to=x@example.org relayed ip=127.0.10.8 status=2.0.0 delay=0 "
     "detail=Sent (Ok)\n"
     "result id=6ALM7YJk000652 to=\"<a>,<b>, delay=\"@example.org relayed ip=127.0.10.8 "
     "status=2.0.0 delay=0 detail=Sent (Ok)\n"},
    {"a source route is one address",
     "6ALM7YJk000652: to=<@a.example.org,@b.example.org:c@example.org>, delay=00:00:00, "
     "mailer=esmtp, "
     "pri=1, relay=[127.0.10.8], dsn=2.0.0, stat=Sent (Ok)",
     "result id=6ALM7YJk000652 to=@a.example.org,@b.example.org:c@example.org relayed "
     "ip=127.0.10.8 "
     "status=2.0.0 delay=0 detail=Sent (Ok)\n"},
    {"a recipient is unescaped",
     "6ALM7bhi000691: to=<\\303\\274ser@example.org>, delay=00:00:00, mailer=esmtp, pri=1, "
     "relay=[127.0.10.8], dsn=2.0.0, stat=Sent (Ok)",
     "result id=6ALM7bhi000691 to=\303\274ser@example.org relayed ip=127.0.10.8 status=2.0.0 "
     "delay=0 "
     "detail=Sent (Ok)\n"},
    {"an alias's program has the alias as its original recipient",
     "6ALM7H7e000467: to=\"|/bin/cat, -\", ctladdr=<al-pipe@example.test> (8/0), delay=00:00:00, "
     "xdelay=00:00:00, mailer=prog, pri=30425, dsn=2.0.0, stat=Sent",
     "result id=6ALM7H7e000467 orig_to=al-pipe@example.test to=\"|/bin/cat, -\" delivered "
     "peer=prog "
     "status=2.0.0 delay=0 detail=Sent\n"},
    {"an alias's file that cannot be written",
     "6ALM7Hvo000465: to=/var/mail/f, ctladdr=<al-file@example.test> (8/0), delay=00:00:00, "
     "xdelay=00:00:00, mailer=*file*, pri=30425, dsn=5.0.0, stat=Can't create output",
     "result id=6ALM7Hvo000465 orig_to=al-file@example.test to=/var/mail/f failed peer=*file* "
     "status=5.0.0 delay=0 detail=Can't create output\n"},
    {"a bare controlling user is no alias",
     "6ALM7GTk000459: to=alice, ctladdr=bob (1001/1001), delay=00:00:00, xdelay=00:00:00, "
     "mailer=local, pri=120432, dsn=2.0.0, stat=Sent",
     "result id=6ALM7GTk000459 to=alice delivered peer=local status=2.0.0 delay=0 detail=Sent\n"},
    {"a recipient in brackets is its own original, whoever controls it",
     "6ALM7C04000409: to=<x@example.org>, ctladdr=<bob@example.test> (1001/1001), delay=00:00:00, "
     "mailer=esmtp, pri=1, relay=[127.0.10.8], dsn=2.0.0, stat=Sent (Ok)",
     "result id=6ALM7C04000409 to=x@example.org relayed ip=127.0.10.8 status=2.0.0 delay=0 "
     "detail=Sent (Ok)\n"},
    {"an alias's name may hold a delivery",
     "6ALM7C04000409: to=carl, ctladdr=<\"bob, delay=00:00:00, stat=Sent\"@example.test>, "
     "delay=00:00:00, mailer=local, pri=1, dsn=5.1.1, stat=User unknown",
     "result id=6ALM7C04000409 orig_to=\"bob, delay=00:00:00, stat=Sent\"@example.test to=carl "
     "failed "
     "peer=local status=5.1.1 delay=0 detail=User unknown\n"},
    {"a deferral repeats the reply",
     "6ALM7A0d000393: to=<x@example.org>, delay=00:00:01, xdelay=00:00:01, mailer=esmtp, "
     "pri=30204, "
     "relay=[127.0.10.8] [127.0.10.8], dsn=4.7.1, reply=451 4.7.1 Greylisted, wait, "
     "stat=Deferred: 451 4.7.1 Greylisted, wait",
     "result id=6ALM7A0d000393 to=x@example.org delayed ip=127.0.10.8 code=451 status=4.7.1 "
     "delay=1 "
     "detail=451 4.7.1 Greylisted, wait\n"},
    {"a deferral whose reply holds a stat=",
     "6ALM7A0d000393: to=<x@example.org>, delay=00:00:01, xdelay=00:00:01, mailer=esmtp, "
     "pri=30204, "
     "relay=[127.0.10.8] [127.0.10.8], dsn=4.7.1, reply=451 no, stat=Sent, "
     "stat=Deferred: 451 no, stat=Sent",
     "result id=6ALM7A0d000393 to=x@example.org delayed ip=127.0.10.8 code=451 status=4.7.1 "
     "delay=1 "
     "detail=451 no, stat=Sent\n"},
    {"before 8.16 the reply is only in the deferral",
     "u31FFPtp032300: to=<d@example.com>, delay=00:00:15, xdelay=00:00:15, mailer=esmtp, "
     "pri=34527, "
     "relay=[192.0.2.34] [192.0.2.34], dsn=4.3.5, stat=Deferred: 451 4.3.5 Server configuration "
     "problem",
     "result id=u31FFPtp032300 to=d@example.com delayed ip=192.0.2.34 code=451 status=4.3.5 "
     "delay=15 "
     "detail=Deferred: 451 4.3.5 Server configuration problem\n"},
    {"a host that cannot be reached",
     "6ALM7EAa000435: to=<erin@example.org>, delay=00:02:35, xdelay=00:00:00, mailer=esmtp, "
     "pri=750199, "
     "relay=dead.example.org., dsn=4.0.0, stat=Deferred: Connection refused by dead.example.org.",
     "result id=6ALM7EAa000435 to=erin@example.org delayed peer=dead.example.org status=4.0.0 "
     "delay=155 detail=Deferred: Connection refused by dead.example.org.\n"},
    {"a delay of days",
     "6ALM7EAa000435: to=<e@example.org>, delay=1+02:03:04, xdelay=00:00:00, mailer=esmtp, pri=1, "
     "relay=dead.example.org., dsn=4.0.0, stat=Deferred",
     "result id=6ALM7EAa000435 to=e@example.org delayed peer=dead.example.org status=4.0.0 "
     "delay=93784 detail=Deferred\n"},
    {"a delay that is none",
     "6ALM7EAa000435: to=<e@example.org>, delay=-1:0-1:00, mailer=esmtp, pri=1, dsn=4.0.0, "
     "stat=Deferred",
     "result id=6ALM7EAa000435 to=e@example.org delayed status=4.0.0 detail=Deferred\n"},
    {"a remote refusal has the reply, not sendmail's summary",
     "6ALM79jR000377: to=<no@example.test>, delay=00:00:00, xdelay=00:00:00, mailer=esmtp, "
     "pri=30209, "
     "relay=[127.0.10.1] [127.0.10.1], dsn=5.1.1, reply=550 5.1.1 <no@example.test>: User unknown, "
     "\"quoted\", (paren), stat=User unknown",
     "result id=6ALM79jR000377 to=no@example.test failed ip=127.0.10.1 code=550 status=5.1.1 "
     "delay=0 "
     "detail=550 5.1.1 <no@example.test>: User unknown, \"quoted\", (paren)\n"},
    {"a refusal that claims to be sent",
     "6ALM79jR000377: to=<no@example.test>, delay=00:00:00, mailer=esmtp, pri=30209, "
     "relay=[127.0.10.1] [127.0.10.1], dsn=5.1.1, reply=550 x, dsn=2.0.0, stat=Sent (y), "
     "stat=User unknown",
     "result id=6ALM79jR000377 to=no@example.test failed ip=127.0.10.1 code=550 status=5.1.1 "
     "delay=0 "
     "detail=550 x, dsn=2.0.0, stat=Sent (y)\n"},
    {"a local refusal without a relay",
     "6ALM7GTk000456: to=nobody-here, ctladdr=<al-list@example.test> (8/0), delay=00:00:00, "
     "mailer=local, pri=120204, dsn=5.1.1, reply=550 5.1.1 User unknown, stat=User unknown",
     "result id=6ALM7GTk000456 orig_to=al-list@example.test to=nobody-here failed peer=local "
     "code=550 status=5.1.1 delay=0 detail=550 5.1.1 User unknown\n"},
    {"a message that is only queued",
     "6ALM7GTk000456: to=<b@example.net>, delay=00:00:00, mailer=esmtp, pri=30000, stat=queued",
     "result id=6ALM7GTk000456 to=b@example.net delayed delay=0 detail=queued\n"},
    {"without dsn= stat tells: sent",
     "QAA12345: to=<b@example.net>, delay=00:00:01, xdelay=00:00:01, mailer=esmtp, "
     "relay=mx.example.net. [192.0.2.7], stat=Sent (QAA23456 Message accepted for delivery)",
     "result id=QAA12345 next=QAA23456 to=b@example.net relayed peer=mx.example.net ip=192.0.2.7 "
     "delay=1 detail=Sent (QAA23456 Message accepted for delivery)\n"},
    {"without dsn= stat tells: failed",
     "QAA12345: to=<b@example.net>, delay=00:00:01, mailer=local, stat=User unknown",
     "result id=QAA12345 to=b@example.net failed peer=local delay=1 detail=User unknown\n"},
    {"a mailer of no known name that asked a host",
     "6ALM7GTk000456: to=<b@example.net>, delay=00:00:00, mailer=spamfilter, pri=1, "
     "relay=scan.example.test [127.0.10.9], dsn=2.0.0, stat=Sent (Ok: queued as 39AF153EAC9)",
     "result id=6ALM7GTk000456 next=39AF153EAC9 to=b@example.net relayed peer=scan.example.test "
     "ip=127.0.10.9 status=2.0.0 delay=0 detail=Sent (Ok: queued as 39AF153EAC9)\n"},
    {"a mailer of no known name that asked none",
     "6ALM7GTk000456: to=<b@example.net>, delay=00:00:00, mailer=archive, pri=1, relay=b, "
     "dsn=2.0.0, "
     "stat=Sent",
     "result id=6ALM7GTk000456 to=b@example.net delivered peer=archive status=2.0.0 delay=0 "
     "detail=Sent\n"},
    {"a mailbox server on a socket is a delivery",
     "6ALM7GTk000456: to=<b@example.net>, delay=00:00:00, mailer=cyrusv2, pri=1, relay=localhost, "
     "dsn=2.0.0, stat=Sent (Ok)",
     "result id=6ALM7GTk000456 to=b@example.net delivered peer=cyrusv2 status=2.0.0 delay=0 "
     "detail=Sent (Ok)\n"},
    {"a newer key before stat= is passed over",
     "6ALM7GTk000456: to=<b@example.net>, delay=00:00:00, mailer=esmtp, pri=1, ntries=2, "
     "relay=[192.0.2.7], dsn=2.0.0, tls_verify=OK, stat=Sent (Ok)",
     "result id=6ALM7GTk000456 to=b@example.net relayed ip=192.0.2.7 status=2.0.0 delay=0 "
     "detail=Sent (Ok)\n"},
    {"a quarantined recipient is held",
     "6ALMJQsb004985: to=<u@example.test>, delay=00:00:00, mailer=relay, pri=31138, "
     "quarantine=held, stat=Sent by x, stat=quarantined",
     "hold id=6ALMJQsb004985 to=u@example.test detail=held, stat=Sent by x\n"},
    {"a message refused at DATA is rejected for each recipient",
     "6ALM7KsD000508: to=<b@example.test>,<a@example.test>, delay=00:00:00, pri=60228, "
     "stat=milter says no to content",
     "reject id=6ALM7KsD000508 to=a@example.test rejected detail=milter says no to content\n"
     "reject id=6ALM7KsD000508 to=b@example.test rejected detail=milter says no to content\n"},
    {"a message that is too big",
     "6ALM7cG2000696: to=<a@example.test>, delay=00:00:00, pri=314198, stat=Message exceeds "
     "maximum "
     "fixed size (200000)",
     "reject id=6ALM7cG2000696 to=a@example.test rejected "
     "detail=Message exceeds maximum fixed size (200000)\n"},
    {"a discarded recipient",
     "6ALMJNfm004806: to=<u@example.test>, delay=00:00:00, pri=31142, stat=discarded",
     "discard id=6ALMJNfm004806 to=u@example.test detail=discarded\n"},
    {"a transaction that was taken back",
     "6ALMJKLB004678: to=<u@example.test>, delay=00:00:00, pri=0, stat=RSET",
     "abort id=6ALMJKLB004678 to=u@example.test detail=RSET\n"},
    {"a delivery line without stat= is broken",
     "6ALM6sRG000086: to=<a@example.test>, delay=00:00:00, xdelay=00:00:00, mailer=local, "
     "dsn=2.0.0",
     "broken: cut delivery line\n"},
    {"a delivery line with an open quote is broken",
     "6ALM6sRG000086: to=<\"a@example.test>, delay=00:00:00, mailer=local, dsn=2.0.0, stat=Sent",
     "broken: cut delivery line\n"},
    {"a delivery line without recipients is broken",
     "6ALM6sRG000086: to=, delay=00:00:00, mailer=local, dsn=2.0.0, stat=Sent",
     "broken: cut delivery line\n"},
    {"a delivery line whose reply is cut is broken",
     "6ALM6sRG000086: to=<a@example.test>, delay=00:00:00, mailer=esmtp, relay=[192.0.2.7], "
     "dsn=2.0.0, stat=Sent (Ok: queued as 39AF1",
     "broken: cut delivery line\n"},

    /* other queue IDs */
    {"a bounce is a notification", "6ALM79jR000377: 6ALM79jR000381: DSN: User unknown",
     "notify id=6ALM79jR000377 notification=6ALM79jR000381 detail=DSN: User unknown\n"},
    {"a bounce of a bounce", "6ALM7AXf000388: 6ALM7AXg000388: return to sender: User unknown",
     "notify id=6ALM7AXf000388 notification=6ALM7AXg000388 "
     "detail=return to sender: User unknown\n"},
    {"a copy to the postmaster", "6ALM7FUx000444: 6ALM7FUx000447: postmaster notify: User unknown",
     "notify id=6ALM7FUx000444 notification=6ALM7FUx000447 "
     "detail=postmaster notify: User unknown\n"},
    {"a warning is no end",
     "6ALM7Amh000397: 6ALM7lTn000732: sender notify: Warning: could not send message for past 4 "
     "hours",
     "notify id=6ALM7Amh000397 notification=6ALM7lTn000732 "
     "detail=sender notify: Warning: could not send message for past 4 hours\n"},
    {"the same verb tells that a message is given up",
     "6ALM7Amh000397: 6ALM7lTn000732: sender notify: Cannot send message for 5 days",
     "expire id=6ALM7Amh000397 detail=Cannot send message for 5 days\n"
     "notify id=6ALM7Amh000397 notification=6ALM7lTn000732 "
     "detail=sender notify: Cannot send message for 5 days\n"},
    {"the copy for an alias's owner goes on under its own ID",
     "6ALM7GTk000456: 6ALM7GTk000459: clone: owner=bob",
     "requeue id=6ALM7GTk000456 child=6ALM7GTk000459 detail=clone: owner=bob\n"},
    {"a message that is split by its number of recipients",
     "6ALM7GTk000456: split: maxrcpts=10, rcpts=25, count=2, ids=6ALM7GTl000456, 6ALM7GTm000456",
     "requeue id=6ALM7GTk000456 child=6ALM7GTl000456 detail=split: maxrcpts=10, rcpts=25, count=2, "
     "ids=6ALM7GTl000456, 6ALM7GTm000456\n"
     "requeue id=6ALM7GTk000456 child=6ALM7GTm000456 detail=split: maxrcpts=10, rcpts=25, count=2, "
     "ids=6ALM7GTl000456, 6ALM7GTm000456\n"},
    {"a second ID with an unknown verb is broken", "6ALM7GTk000456: 6ALM7GTk000459: vanished",
     "broken: unknown line about a queue ID\n"},

    /* refusals */
    {"a refused recipient", "6ALM6tVu000094: <nosuch@example.test>... User unknown",
     "reject id=6ALM6tVu000094 to=nosuch@example.test rejected detail=User unknown\n"},
    {"a refused recipient in quotes", "6ALM6tVu000094: <\"a>... b\"@example.test>... User unknown",
     "reject id=6ALM6tVu000094 to=\"a>... b\"@example.test rejected detail=User unknown\n"},
    {"a recipient refused by a rule",
     "6ALM7F4B000448: ruleset=check_rcpt, arg1=<alice@example.test>, relay=client.example.com "
     "[192.0.2.7], reject=550 5.7.1 <alice@example.test>... Relaying denied",
     "reject id=6ALM7F4B000448 to=alice@example.test rejected peer=client.example.com ip=192.0.2.7 "
     "code=550 status=5.7.1 detail=550 5.7.1 <alice@example.test>... Relaying denied\n"},
    {"a recipient that claims another relay and verdict",
     "6ALM7F4B000448: ruleset=check_rcpt, arg1=<\"x, relay=y, discard\"@example.test>, "
     "relay=[192.0.2.7], reject=550 5.7.1 <\"x, relay=y, discard\"@example.test>... no",
     "reject id=6ALM7F4B000448 to=\"x, relay=y, discard\"@example.test rejected ip=192.0.2.7 "
     "code=550 "
     "status=5.7.1 detail=550 5.7.1 <\"x, relay=y, discard\"@example.test>... no\n"},
    {"a sender refused by a rule",
     "h6RB44tg006641: ruleset=check_mail, arg1=<a@example.com>, relay=[192.0.2.7], reject=451 "
     "4.1.8 "
     "Domain of sender address a@example.com does not resolve",
     "reject id=h6RB44tg006641 from=a@example.com rejected ip=192.0.2.7 code=451 status=4.1.8 "
     "detail=451 4.1.8 Domain of sender address a@example.com does not resolve\n"},
    {"a client refused before it has an ID",
     "NOQUEUE: ruleset=check_relay, arg1=[192.0.2.7], arg2=192.0.2.7, relay=[192.0.2.7], "
     "reject=554 5.7.1 Rejected",
     "reject rejected ip=192.0.2.7 code=554 status=5.7.1 detail=554 5.7.1 Rejected\n"},
    {"the same without NOQUEUE",
     "ruleset=check_relay, arg1=a.example.net, arg2=192.0.2.7, relay=a.example.net [192.0.2.7], "
     "reject=550 5.7.1 Mail refused",
     "reject rejected peer=a.example.net ip=192.0.2.7 code=550 status=5.7.1 "
     "detail=550 5.7.1 Mail refused\n"},
    {"a header refused by a rule, which claims another relay",
     "6ALM7Pvm000543: ruleset=CheckHeader, arg1= x, relay=y, discard, relay=[192.0.2.7], "
     "reject=553 5.7.1 header check says no",
     "reject id=6ALM7Pvm000543 rejected ip=192.0.2.7 code=553 status=5.7.1 "
     "detail=553 5.7.1 header check says no\n"},
    {"a header that has the message discarded",
     "6ALM7P8x000544: ruleset=CheckHeader, arg1= x, relay=[192.0.2.7], discard",
     "discard id=6ALM7P8x000544 ip=192.0.2.7 detail=discard\n"},
    {"a recipient that has the message held",
     "6ALM7P1N000546: ruleset=check_rcpt, arg1=<r@example.test>, relay=[192.0.2.7], "
     "quarantine=by access",
     "hold id=6ALM7P1N000546 to=r@example.test ip=192.0.2.7 detail=by access\n"},
    {"a rule about the next host refuses nothing here",
     "6ALM7P1N000546: ruleset=tls_server, arg1=SOFTWARE, relay=mx.example.net, reject=403 4.7.0 "
     "TLS "
     "handshake failed.",
     "noise: TLS\n"},
    {"a rule's line without its end is broken",
     "k1SN9pkK15806618: ruleset=check_mail, arg1=<a@example.com>,",
     "broken: unknown line about a queue ID\n"},
    {"a message over the limit", "6ALM7cG2000696: message size (284198) exceeds maximum (200000)",
     "reject id=6ALM7cG2000696 rejected detail=message size (284198) exceeds maximum (200000)\n"},
    {"a sender put off because of what was before",
     "6ALMJY9v005675: SMTP MAIL command (<a@example.org> SIZE=10) from client.example.org "
     "[192.0.2.1] "
     "tempfailed (due to previous checks)",
     "reject id=6ALMJY9v005675 from=a@example.org rejected peer=client.example.org ip=192.0.2.1 "
     "detail=tempfailed (due to previous checks)\n"},
    {"a message thrown away", "6ALM7J7l000495: discarded",
     "discard id=6ALM7J7l000495 detail=discarded\n"},

    /* milters */
    {"a milter refuses the content",
     "6ALM7KsD000508: Milter: data, reject=550 5.7.1 milter says no",
     "reject id=6ALM7KsD000508 rejected code=550 status=5.7.1 detail=550 5.7.1 milter says no\n"},
    {"a milter refuses the command",
     "6ALMJKLB004678: Milter: cmd=data, reject=550 5.7.1 Command rejected",
     "reject id=6ALMJKLB004678 rejected code=550 status=5.7.1 detail=550 5.7.1 Command rejected\n"},
    {"a milter refuses a recipient",
     "6ALMJJth004661: Milter: to=<u@example.test>, reject=451 4.3.2 Please try again later",
     "reject id=6ALMJJth004661 to=u@example.test rejected code=451 status=4.3.2 "
     "detail=451 4.3.2 Please try again later\n"},
    {"a milter refuses a sender",
     "6ALM7KmA000505: Milter: from=<s@example.org>, reject=550 5.7.1 no",
     "reject id=6ALM7KmA000505 from=s@example.org rejected code=550 status=5.7.1 "
     "detail=550 5.7.1 no\n"},
    {"a milter discards at the sender", "6ALM7Kii000507: Milter: from=<s@example.org>, discard",
     "discard id=6ALM7Kii000507 from=s@example.org detail=discard\n"},
    {"a milter discards the content", "6ALM7L4o000511: Milter: data, discard",
     "discard id=6ALM7L4o000511 detail=discard\n"},
    {"a milter refuses a name, without a code",
     "6ALM7PBa000540: Milter: helo=bad.x, discard, reject=Command rejected",
     "reject id=6ALM7PBa000540 rejected detail=Command rejected\n"},
    {"a milter refuses a client",
     "6ALM7PBa000540: Milter: connect: host=client.example.org, addr=192.0.2.1, reject=550 5.7.1 "
     "no",
     "reject id=6ALM7PBa000540 rejected peer=client.example.org ip=192.0.2.1 code=550 status=5.7.1 "
     "detail=550 5.7.1 no\n"},
    {"a milter is out of order", "6ALM7PBa000540: Milter: data, tempfail",
     "reject id=6ALM7PBa000540 rejected detail=tempfail\n"},
    {"a milter has the message held", "6ALM7MCm000514: milter=lab, quarantine=a reason",
     "hold id=6ALM7MCm000514 detail=a reason\n"},
    {"a milter's refusal is told twice, so this is only what it said",
     "6ALMJJth004661: milter=mm, action=rcpt, reject=550 5.7.1 no",
     "filter id=6ALMJJth004661 detail=milter=mm, action=rcpt, reject=550 5.7.1 no\n"},
    {"a milter that says no more than no", "6ALMJMkN004756: milter=mm, reject",
     "filter id=6ALMJMkN004756 detail=milter=mm, reject\n"},
    {"a milter that has nothing against it", "6ALMJDVs004443: milter=mm, action=header, continue",
     "noise: milter\n"},
    {"a milter adds a header that looks like a delivery",
     "6ALM7MeA000517: Milter (lab) add: header: X-Seen: to=<x>, stat=Sent",
     "filter id=6ALM7MeA000517 detail=Milter (lab) add: header: X-Seen: to=<x>, stat=Sent\n"},
    {"a milter inserts a header, before 8.14",
     "6ALM7MeA000517: Milter insert (1): header: X-Seen: x",
     "filter id=6ALM7MeA000517 detail=Milter insert (1): header: X-Seen: x\n"},
    {"a milter changes the sender", "6ALM7OfS000532: Milter (lab) chgfrom: <new@example.org>",
     "filter id=6ALM7OfS000532 detail=Milter (lab) chgfrom: <new@example.org>\n"},
    {"a milter replaces the body", "6ALM7OB8000536: Milter (lab) message: body replaced",
     "filter id=6ALM7OB8000536 detail=Milter (lab) message: body replaced\n"},
    {"a milter adds a recipient", "6ALM7N2p000523: Milter (lab) add: rcpt: <archive@example.test>",
     "recipient id=6ALM7N2p000523 to=archive@example.test detail=added by milter\n"},
    {"a milter removes a recipient",
     "6ALM7Ntw000527: Milter (lab) delete: rcpt <bob@example.test>, naddrs=0",
     "filter id=6ALM7Ntw000527 to=bob@example.test "
     "detail=Milter (lab) delete: rcpt <bob@example.test>, naddrs=0\n"},
    {"milters at work are noise",
     "6ALMJDVs004443: Milter accept: message\n"
     "6ALMJDVs004443: Milter (mm): init success to negotiate\n"
     "6ALMJDVs004443: Milter: connect to filters\n"
     "6ALMJDVs004443: Milter: reject, data",
     "noise: milter\nnoise: milter\nnoise: milter\nnoise: milter\n"},
    {"milters that fail are noise of their own kind",
     "6ALMJDVs004443: Milter (mm): error connecting to filter: Connection refused\n"
     "6ALMJDVs004443: Milter (mm): to error state",
     "noise: milter error\nnoise: milter error\n"},
    {"a message is let go", "6ALM7MCm000514: unquarantine",
     "release id=6ALM7MCm000514 detail=unquarantine\n"},
    {"a message is held by hand", "6ALM7MCm000514: quarantine=by hand",
     "hold id=6ALM7MCm000514 detail=by hand\n"},

    /* broken dialogues, aliases, ends */
    {"a client that vanished in the message",
     "6ALM7hEB000724: collect: premature EOM: unexpected close",
     "abort id=6ALM7hEB000724 detail=collect: premature EOM: unexpected close\n"},
    {"the same, with client and sender",
     "6ALM7hEB000724: collect: relay=client.example.com, from=<a@example.com>, info=unexpected "
     "close",
     "abort id=6ALM7hEB000724 from=a@example.com peer=client.example.com detail=collect: "
     "relay=client.example.com, from=<a@example.com>, info=unexpected close\n"},
    {"a client that vanished between commands",
     "6ALM7gow000722: lost input channel from client.example.com [192.0.2.7] to MTA-v4 after mail",
     "abort id=6ALM7gow000722 peer=client.example.com ip=192.0.2.7 detail=lost input channel from "
     "client.example.com [192.0.2.7] to MTA-v4 after mail\n"},
    {"a client that wanted nothing",
     "6ALM7gE8000720: client.example.com [192.0.2.7] (may be forged) did not issue "
     "MAIL/EXPN/VRFY/ETRN during connection to MTA-v4",
     "abort id=6ALM7gE8000720 peer=client.example.com ip=192.0.2.7 detail=client.example.com "
     "[192.0.2.7] (may be forged) did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA-v4\n"},
    {"a client without a name that wanted nothing",
     "6ALM7gE8000720: [192.0.2.7] did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA",
     "abort id=6ALM7gE8000720 ip=192.0.2.7 detail=[192.0.2.7] did not issue MAIL/EXPN/VRFY/ETRN "
     "during connection to MTA\n"},
    {"a client that fell silent",
     "n2HBoYaC006978: timeout waiting for input from client.example.com during server cmd read",
     "abort id=n2HBoYaC006978 peer=client.example.com detail=timeout waiting for input from "
     "client.example.com during server cmd read\n"},
    {"a next host that fell silent is no end of the message",
     "n2HBoYaC006978: timeout waiting for input from mx.example.net. during client DATA status",
     "noise: outgoing connection\n"},
    {"an alias names its members",
     "6ALM7GTk000456: alias <al-list@example.test> => bob, \"|/bin/cat x, y\",carol@example.net",
     "recipient id=6ALM7GTk000456 orig_to=al-list@example.test to=bob\n"
     "recipient id=6ALM7GTk000456 orig_to=al-list@example.test to=\"|/bin/cat x, y\"\n"
     "recipient id=6ALM7GTk000456 orig_to=al-list@example.test to=carol@example.net\n"},
    {"a forward names its target", "6ALM7GTk000456: forward bob => <bob@example.net>",
     "recipient id=6ALM7GTk000456 orig_to=bob to=bob@example.net\n"},
    {"the end of a queue ID", "u31FFPtp032300: done; delay=00:00:00, ntries=2",
     "done id=u31FFPtp032300 detail=done; delay=00:00:00, ntries=2\n"},
    {"a connection, at high log levels", "NOQUEUE: connect from client.example.org [192.0.2.1]",
     "connect peer=client.example.org ip=192.0.2.1\n"},

    /* noise */
    {"encryption", "STARTTLS=client, relay=[127.0.10.1], version=TLSv1.3, verify=FAIL",
     "noise: TLS\n"},
    {"authentication",
     "AUTH=server, relay=client.example.com [192.0.2.7], authid=u, mech=CRAM-MD5, bits=0\n"
     "AUTH warning: no mechanisms\n"
     "6ALM7QaN000558: AUTH failure (PLAIN): generic failure (-1), user=u, relay=[192.0.2.7]",
     "noise: authentication\nnoise: authentication\nnoise: authentication failure\n"},
    {"what clients do besides mail",
     "6ALM7lTm000731: client.example.com [192.0.2.7]: VRFY alice\n"
     "6ALM7hDf000727: client.example.com [192.0.2.7]: probable open proxy: command=GET / HTTP/1.0\n"
     "6ALM7i4O000730: client.example.com [192.0.2.7]: Possible SMTP RCPT flood, throttling.\n"
     "s1GNXHYB005133: [192.0.2.230]: possible SMTP attack: command=AUTH, count=5\n"
     "6ALM7i5u000728: rejecting server EHLO from [192.0.2.7] due to traffic before response",
     "noise: VRFY, EXPN or ETRN\nnoise: attack\nnoise: attack\nnoise: attack\n"
     "noise: traffic before the greeting\n"},
    {"the dialogue, at high log levels",
     "6ALMJDVs004443: <-- MAIL FROM:<a@example.org>\n"
     "6ALMJDVs004443: --- 250 2.1.0 Sender ok\n"
     "6ALMJDVs004443: SMTP outgoing connect on localhost\n"
     "6ALMJDVs004443: makeconnection (dead [127.0.10.9].25 (2)) failed: refused",
     "noise: SMTP dialogue\nnoise: SMTP dialogue\nnoise: outgoing connection\n"
     "noise: outgoing connection\n"},
    {"the daemon's own lines",
     "starting daemon (8.17.1.9): SMTP+queueing@00:00:20\n"
     "alias database /etc/mail/aliases rebuilt by root\n"
     "/etc/mail/aliases: 19 aliases, longest 57 bytes, 478 bytes total\n"
     "runqueue: Flushing queue from /var/spool/mqueue (pri 30000)\n"
     "6ALMJDVs004443: SYSERR(root): Too many hops 27 (25 max)\n"
     "6ALMJDVs004443: Authentication-Warning: hub: bob set sender to x using -f",
     "noise: daemon\nnoise: alias database\nnoise: alias database\nnoise: queue run\n"
     "noise: system error\nnoise: warning\n"},

    /* what is none of these */
    {"an unknown text about a queue ID", "6ALMJDVs004443: something new happened",
     "broken: unknown line about a queue ID\n"},
    {"an unknown text about nothing", "something new happened", "broken: unknown line\n"},
    {"a queue ID and nothing else", "6ALMJDVs004443: ", "broken: unknown line about a queue ID\n"},
    {"half a queue ID", "6ALMJDVs0", "broken: unknown line\n"},
    {"events that need a queue ID and have none",
     "discarded\ndone; delay=00:00:00, ntries=1\nquarantine=x\n"
     "to=<a@example.test>, delay=00:00:00, mailer=local, dsn=2.0.0, stat=Sent",
     "broken: unknown line\nbroken: unknown line\nbroken: unknown line\n"
     "broken: cut delivery line\n"},

    /* long lines */
    {"a long line comes in parts",
     "6ALM7d14000705[1]: to=<a@example.org>, delay=00:00:01, mailer=esmtp, ...\n"
     "6ALM7d14000705[2]:  pri=1, relay=[192.0.2.7], ...\n"
     "6ALM7d14000705[3]:  dsn=2.0.0, stat=Sent (Ok)",
     "continuation\ncontinuation\n"
     "result id=6ALM7d14000705 to=a@example.org relayed ip=192.0.2.7 status=2.0.0 delay=1 "
     "detail=Sent (Ok)\n"},
    {"parts of two lines may be mixed",
     "6ALM7d14000705[1]: disc ...\n"
     "6ALM7d15000705[1]: done; del ...\n"
     "6ALM7d14000705[2]: arded\n"
     "6ALM7d15000705[2]: ay=00:00:00, ntries=1",
     "continuation\ncontinuation\n"
     "discard id=6ALM7d14000705 detail=discarded\n"
     "done id=6ALM7d15000705 detail=done; delay=00:00:00, ntries=1\n"},
    {"a part without the one before it is broken",
     "6ALM7d14000705[2]: arded\n"
     "6ALM7d14000705[1]: disc ...\n"
     "6ALM7d14000705[3]: arded\n"
     "6ALM7d14000705[2]: arded",
     "broken: a continuation without its beginning\ncontinuation\n"
     "broken: a continuation without its beginning\n"
     "broken: a continuation without its beginning\n"},
    {"a new beginning forgets the old one",
     "6ALM7d14000705[1]: disc ...\n"
     "6ALM7d14000705[1]: do ...\n"
     "6ALM7d14000705[2]: ne; x",
     "continuation\ncontinuation\ndone id=6ALM7d14000705 detail=done; x\n"},
};

static void check_case(void **state)
{
    const Case *c = *state;
    MstReader *reader = mst_reader_new(&mst_reader_sendmail);
    g_autofree char *events = recorder_read(reader, "sm-mta", c->log);

    mst_reader_free(reader);
    assert_string_equal(events, c->events);
}

/* What the reader makes of a line alone. */
static char *read_alone(const char *line)
{
    MstReader *reader = mst_reader_new(&mst_reader_sendmail);
    char *events = recorder_read(reader, "sm-mta", line);

    mst_reader_free(reader);
    return events;
}

/* A line that ends anywhere before `whole` tells nothing. */
static void assert_nothing_before(const char *line, const char *whole)
{
    const char *end = strstr(line, whole);

    assert_non_null(end);
    end += strlen(whole);
    for (const char *cut = line + 1; *cut != '\0'; cut++) {
        g_autofree char *half = g_strndup(line, (gsize)(cut - line));
        g_autofree char *events = read_alone(half);

        if (cut < end && !g_str_has_prefix(events, "broken: ")) {
            print_error("%s\ngives %s\n", half, events);
            fail();
        }
    }
}

static void check_cut_lines(void **state)
{
    (void)state;
    assert_nothing_before(
        "6ALM72Sv000187: to=<bob@example.net>,<eve@example.net>, ctladdr=<al@example.test> (8/0), "
        "delay=00:00:01, xdelay=00:00:01, mailer=esmtp, pri=30000, relay=mx.example.net. "
        "[192.0.2.7], "
        "dsn=2.0.0, stat=Sent (Ok: queued as 39AF153EAC9)",
        "stat=Sent");
    assert_nothing_before(
        "6ALM79jR000377: to=<no@example.test>, delay=00:00:00, xdelay=00:00:00, mailer=esmtp, "
        "pri=30209, relay=[127.0.10.1] [127.0.10.1], dsn=4.1.1, reply=450 4.1.1 <no@example.test>: "
        "not yet, stat=Deferred: 450 4.1.1 <no@example.test>: not yet",
        "stat=Deferred");
    assert_nothing_before(
        "6ALM6sRG000086: from=<\"a, b\"@example.org>, size=402, class=0, nrcpts=2, "
        "msgid=<1\\303\\251@example.org>, proto=ESMTP, daemon=MTA-v4, relay=mx1.example.test "
        "[127.0.10.1]",
        ", relay=");
}

/* Parts are kept for 64 lines; the oldest are given up. */
static void check_many_parts(void **state)
{
    MstReader *reader = mst_reader_new(&mst_reader_sendmail);
    GString *log = g_string_new(NULL);
    g_autofree char *events = NULL;
    g_auto(GStrv) lines = NULL;

    (void)state;
    for (int i = 0; i < 65; i++)
        g_string_append_printf(log, "6ALM7d14%06d[1]: disc ...\n", i);
    g_string_append(log, "6ALM7d14000000[2]: arded\n6ALM7d14000001[2]: arded\n");
    events = recorder_read(reader, "sm-mta", log->str);
    lines = g_strsplit(events, "\n", -1);
    assert_string_equal(lines[64], "continuation");
    assert_string_equal(lines[65], "broken: a continuation without its beginning");
    assert_string_equal(lines[66], "discard id=6ALM7d14000001 detail=discarded");
    g_string_free(log, TRUE);
    mst_reader_free(reader);
}

/* Parts are kept up to 64 KiB in all. */
static void check_long_parts(void **state)
{
    MstReader *reader = mst_reader_new(&mst_reader_sendmail);
    g_autofree char *part = g_strnfill(40000, 'x');
    g_autofree char *log = g_strdup_printf("6ALM7d14000001[1]: %s ...\n6ALM7d14000002[1]: %s ...\n"
                                           "6ALM7d14000001[2]: y\n6ALM7d14000002[2]: y\n",
                                           part, part);
    g_autofree char *events = recorder_read(reader, "sm-mta", log);

    (void)state;
    assert_string_equal(events, "continuation\ncontinuation\n"
                                "broken: a continuation without its beginning\n"
                                "broken: unknown line about a queue ID\n");
    mst_reader_free(reader);
}

static const struct {
    const char *tag;
    const char *text;
    bool owned;
} tags[] = {
    {"sendmail", "", true},
    {"sm-mta", "", true},
    {"sm-msp-queue", "", true},
    {"sm-mta-queue", "", true},
    {"sm-que", "", true},
    {"sendmail-in", "", true},
    {"sendmailstat", "6ALM6sRG000086: something", false},
    {"postfix/smtp", "4Zk3Xq0rJqz9rxV: to=<a@example.test>, relay=none, status=sent (x)", false},
    {"postfix/qmgr", "0B92B5300123: from=<a@example.test>, size=1, nrcpt=1 (queue active)", false},
    {"opendkim", "6ALMJDVs004443: client1.example.org [192.0.2.1] not internal", false},
    {"mailer", "6ALM6sRG000086: to=<a@example.test>, delay=00:00:00, mailer=local, stat=Sent",
     true},
    {"mailer", "6ALM6sRG000086: from=<a@example.org>, size=1, class=0, nrcpts=1, relay=x", true},
    {"mailer", "6ALM6sRG000086: ruleset=check_rcpt, arg1=<a@example.test>, reject=550 no", true},
    {"mailer", "6ALM6sRG000086: Milter: data, discard", true},
    {"mailer", "ruleset=check_rcpt", false},
    {"", "", false},
};

static void check_tags(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
        bool owned = mst_reader_sendmail.owns(mst_slice_of(tags[i].tag),
                                              mst_slice_of(tags[i].text));

        if (owned != tags[i].owned)
            fail_msg("%s: %s", tags[i].tag, tags[i].text);
    }
}

int main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(cases) + 4];
    size_t n = G_N_ELEMENTS(cases);

    for (size_t i = 0; i < n; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check_case, NULL, NULL, (void *)&cases[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_cut_lines);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_many_parts);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_long_parts);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_tags);
    return cmocka_run_group_tests_name("sendmail", tests, NULL, NULL);
}
