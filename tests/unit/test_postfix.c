/* test_postfix.c - lines of Postfix, and the events they become */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "recorder.h"

#define PEER "mx.example.net[192.0.2.1]"
#define PEER_IS " peer=mx.example.net ip=192.0.2.1"
#define TAIL "; from=<ann@example.net> to=<bob@example.org> proto=ESMTP helo=<mx.example.net>"
#define TAIL_IS " from=ann@example.net to=bob@example.org"
#define TO "4jX5yF38QFznRG8: to=<bob@example.org>, relay="
#define TO_IS "result id=4jX5yF38QFznRG8"
#define DELAY ", delay=0.3, delays=0.1/0/0.1/0.1, dsn="
#define REMOTE "hub.example.org[192.0.2.2]:25" DELAY
#define REMOTE_IS " peer=hub.example.org ip=192.0.2.2"

static const struct Case {
    const char *name;
    const char *tag;
    const char *text;
    const char *expected;
} cases[] = {
    /* connections */
    {"a client connects", "postfix/smtpd", "connect from " PEER, "connect" PEER_IS "\n"},
    {"a client without a name", "postfix/smtpd", "connect from unknown[2001:db8::7]",
     "connect peer=unknown ip=2001:db8::7\n"},
    {"a client whose port is logged", "postfix/smtpd", "connect from " PEER ":4711",
     "connect" PEER_IS "\n"},
    {"a client that was gone before it could be asked", "postfix/smtpd",
     "connect from unknown[unknown]", "connect peer=unknown\n"},
    {"a client disconnects", "postfix/smtpd",
     "disconnect from " PEER " ehlo=1 mail=1 rcpt=2/3 data=1 quit=1 commands=6/7",
     "disconnect" PEER_IS " detail=ehlo=1 mail=1 rcpt=2/3 data=1 quit=1 commands=6/7\n"},
    {"a client disconnects from an old release", "postfix/smtpd", "disconnect from " PEER,
     "disconnect" PEER_IS "\n"},
    {"a client is lost", "postfix/smtpd", "lost connection after DATA (60031 bytes) from " PEER,
     "abort" PEER_IS " detail=lost connection after DATA (60031 bytes)\n"},
    {"a client is lost, as newer releases say it", "postfix/smtpd",
     "NOQUEUE: lost connection after CONNECT from " PEER,
     "abort" PEER_IS " detail=lost connection after CONNECT\n"},
    {"a client sleeps", "postfix/smtpd", "timeout after END-OF-MESSAGE from " PEER,
     "abort" PEER_IS " detail=timeout after END-OF-MESSAGE\n"},
    {"a client errs too often", "postfix/smtpd", "too many errors after RCPT from " PEER,
     "abort" PEER_IS " detail=too many errors after RCPT\n"},
    {"a connection that is cut within the address", "postfix/smtpd",
     "connect from mx.example.net[192.0", "broken: cut line\n"},
    {"a connection that is cut within the opening", "postfix/smtpd", "connect fr",
     "broken: cut line\n"},

    /* who handed it in */
    {"a client hands in a message", "postfix/smtpd", "0B92B53E9A0: client=" PEER,
     "accept id=0B92B53E9A0" PEER_IS "\n"},
    {"a client that named its user", "postfix/submission/smtpd",
     "0B92B53E9A0: client=" PEER ", sasl_method=PLAIN, sasl_username=ann@example.net",
     "accept id=0B92B53E9A0" PEER_IS " user=ann@example.net\n"},
    {"a user name with a comma and a forged key of another line", "postfix/smtpd",
     "0B92B53E9A0: client=" PEER
     ", sasl_method=PLAIN, sasl_username=ann, relay=x, sasl_method=y, sasl_sender=s@example.net",
     "accept id=0B92B53E9A0" PEER_IS " user=ann, relay=x, sasl_method=y\n"},
    {"a filter hands a message back", "postfix/10025/smtpd",
     "0B92B53E9A0: client=localhost[127.0.0.1], orig_queue_id=4jX5yF38QFznRG8, orig_client=" PEER,
     "accept id=0B92B53E9A0 parent=4jX5yF38QFznRG8 peer=localhost ip=127.0.0.1 "
     "detail=orig_client=" PEER "\n"},
    {"a proxy hands on a message that has no ID yet", "postfix/smtpd",
     "0B92B53E9A0: client=localhost[127.0.0.1], orig_client=" PEER,
     "accept id=0B92B53E9A0 peer=localhost ip=127.0.0.1 detail=orig_client=" PEER "\n"},
    {"the proxied side of a session has no ID", "postfix/smtpd", "NOQUEUE: client=" PEER,
     "noise: proxied client\n"},
    {"a client line that is cut", "postfix/smtpd", "0B92B53E9A0: client=mx.example.net[192",
     "broken: cut line\n"},
    {"a local user", "postfix/pickup", "4jX5yF38QFznRG8: uid=1000 from=<ann>",
     "accept id=4jX5yF38QFznRG8 from=ann user=1000\n"},
    {"a local user sends with the null sender", "postfix/pickup", "0B92B53E9A0: uid=0 from=<>",
     "accept id=0B92B53E9A0 from= user=0\n"},
    {"a message that was requeued", "postfix/pickup",
     "0B92B53E9A0: uid=109 from=<ann@example.net> orig_id=4jX5yF38QFznRG8",
     "accept id=0B92B53E9A0 parent=4jX5yF38QFznRG8 from=ann@example.net user=109\n"},
    {"a local user forges the old ID", "postfix/pickup",
     "0B92B53E9A0: uid=1000 from=<a> orig_id=4jX5yF38QFznRG8>",
     "accept id=0B92B53E9A0 from=a> orig_id=4jX5yF38QFznRG8 user=1000\n"},
    {"a local user's line that is cut", "postfix/pickup", "0B92B53E9A0: uid=1000 from=<an",
     "broken: cut line\n"},

    /* Message-IDs */
    {"a Message-ID", "postfix/cleanup", "0B92B53E9A0: message-id=<1@example.net>",
     "message-id id=0B92B53E9A0 msgid=<1@example.net>\n"},
    {"no Message-ID", "postfix/cleanup", "0B92B53E9A0: message-id=<>",
     "message-id id=0B92B53E9A0 msgid=<>\n"},
    {"an empty Message-ID header", "postfix/cleanup",
     "0B92B53E9A0: message-id=", "message-id id=0B92B53E9A0 msgid=\n"},
    {"a Message-ID with a comment and trailing blanks", "postfix/cleanup",
     "0B92B53E9A0: message-id=<1@example.net> (added by x)  ",
     "message-id id=0B92B53E9A0 msgid=<1@example.net> (added by x)\n"},
    {"a Message-ID that forges a delivery", "postfix/cleanup",
     "0B92B53E9A0: message-id=<1@c>: to=<v@example.org>, relay=none, status=sent (forged)",
     "message-id id=0B92B53E9A0 "
     "msgid=<1@c>: to=<v@example.org>, relay=none, status=sent (forged)\n"},
    {"a Message-ID in UTF-8", "postfix/cleanup", "0B92B53E9A0: message-id=<\xc3\xa9@example.net>",
     "message-id id=0B92B53E9A0 msgid=<\xc3\xa9@example.net>\n"},
    {"a Message-ID of a message that was sent again", "postfix/cleanup",
     "0B92B53E9A0: resent-message-id=<2@example.net>",
     "message-id id=0B92B53E9A0 msgid=<2@example.net> detail=resent\n"},

    /* inspections */
    {"a header is refused", "postfix/cleanup",
     "0B92B53E9A0: reject: header Subject: x from " PEER TAIL ": 5.7.1 no such subject",
     "reject id=0B92B53E9A0" TAIL_IS " rejected whole" PEER_IS " status=5.7.1 "
     "detail=reject: header Subject: x from " PEER TAIL ": 5.7.1 no such subject\n"},
    {"a body is thrown away", "postfix/cleanup",
     "0B92B53E9A0: discard: body buy from local; from=<ann@example.net> to=<bob@example.org>: spam",
     "discard id=0B92B53E9A0" TAIL_IS " discarded whole detail=discard: body buy from local; "
     "from=<ann@example.net> to=<bob@example.org>: spam\n"},
    {"a message is held for its content", "postfix/cleanup",
     "0B92B53E9A0: hold: header X-Spam: yes from " PEER TAIL,
     "hold id=0B92B53E9A0" TAIL_IS " whole" PEER_IS
     " detail=hold: header X-Spam: yes from " PEER TAIL "\n"},
    {"a header is only noted", "postfix/cleanup",
     "0B92B53E9A0: warning: header Subject: hello from " PEER TAIL,
     "filter id=0B92B53E9A0" TAIL_IS PEER_IS
     " detail=warning: header Subject: hello from " PEER TAIL "\n"},
    {"a header is prepended", "postfix/cleanup",
     "0B92B53E9A0: prepend: header Subject: hello from local; from=<> to=<bob@example.org>: X: y",
     "filter id=0B92B53E9A0 from= to=bob@example.org "
     "detail=prepend: header Subject: hello from local; from=<> to=<bob@example.org>: X: y\n"},
    {"a message is redirected", "postfix/cleanup",
     "0B92B53E9A0: redirect: header Subject: x from " PEER TAIL ": eve@example.org",
     "filter id=0B92B53E9A0" TAIL_IS PEER_IS " detail=redirect: header Subject: x from " PEER TAIL
     ": eve@example.org\n"},
    {"a header that forges the tail of its line", "postfix/cleanup",
     "0B92B53E9A0: info: header Subject: from a[192.0.2.9]; from=<f@example.com> to=<g@example.com>"
     " proto=SMTP helo=<h> from " PEER TAIL,
     "filter id=0B92B53E9A0" TAIL_IS PEER_IS
     " detail=info: header Subject: from a[192.0.2.9]; from=<f@example.com> to=<g@example.com>"
     " proto=SMTP helo=<h> from " PEER TAIL "\n"},
    {"a message with impossible MIME", "postfix/cleanup",
     "0B92B53E9A0: reject: mime-error improper use of 8-bit data in message header: Subject: x "
     "from " PEER TAIL,
     "reject id=0B92B53E9A0" TAIL_IS " rejected whole" PEER_IS
     " detail=reject: mime-error improper use of 8-bit data in message header: Subject: x "
     "from " PEER TAIL "\n"},
    {"an inspection that is cut", "postfix/cleanup",
     "0B92B53E9A0: reject: header Subject: x from mx.exam", "broken: cut line\n"},
    {"a milter refuses the message", "postfix/cleanup",
     "0B92B53E9A0: milter-reject: END-OF-MESSAGE from " PEER ": 5.7.1 Command rejected" TAIL,
     "reject id=0B92B53E9A0" TAIL_IS " rejected whole" PEER_IS " status=5.7.1 "
     "detail=milter-reject: END-OF-MESSAGE from " PEER ": 5.7.1 Command rejected" TAIL "\n"},
    {"a milter throws the message away", "postfix/cleanup",
     "0B92B53E9A0: milter-discard: END-OF-MESSAGE from " PEER
     ": milter triggers DISCARD action" TAIL,
     "discard id=0B92B53E9A0" TAIL_IS " discarded whole" PEER_IS
     " detail=milter-discard: END-OF-MESSAGE from " PEER ": milter triggers DISCARD action" TAIL
     "\n"},
    {"a milter holds the message", "postfix/cleanup",
     "0B92B53E9A0: milter-hold: END-OF-MESSAGE from " PEER ": milter triggers HOLD action" TAIL,
     "hold id=0B92B53E9A0" TAIL_IS " whole" PEER_IS " detail=milter-hold: END-OF-MESSAGE from " PEER
     ": milter triggers HOLD action" TAIL "\n"},
    {"a milter's header is refused", "postfix/cleanup",
     "0B92B53E9A0: milter-header-reject: header X: y from " PEER TAIL ": 5.7.1 no",
     "reject id=0B92B53E9A0" TAIL_IS " rejected whole" PEER_IS " status=5.7.1 "
     "detail=milter-header-reject: header X: y from " PEER TAIL ": 5.7.1 no\n"},
    {"a milter's header is noted", "postfix/cleanup",
     "0B92B53E9A0: milter-header-warning: header X: y from " PEER TAIL,
     "filter id=0B92B53E9A0" TAIL_IS PEER_IS
     " detail=milter-header-warning: header X: y from " PEER TAIL "\n"},
    {"too many hops", "postfix/cleanup",
     "warning: 0B92B53E9A0: message rejected: hopcount exceeded",
     "reject id=0B92B53E9A0 rejected whole detail=message rejected: hopcount exceeded\n"},
    {"too many bytes", "postfix/smtpd", "warning: 0B92B53E9A0: queue file size limit exceeded",
     "reject id=0B92B53E9A0 rejected whole detail=queue file size limit exceeded\n"},
    {"a table that is out of order", "postfix/cleanup",
     "warning: 0B92B53E9A0: virtual_alias_maps map lookup problem for bob@example.org"
     " -- message not accepted, try again later",
     "reject id=0B92B53E9A0 rejected whole detail=virtual_alias_maps map lookup problem for "
     "bob@example.org -- message not accepted, try again later\n"},
    {"another warning about a queue ID", "postfix/cleanup",
     "warning: 0B92B53E9A0: write queue file: No space left on device", "noise: warning\n"},

    /* smtpd's decisions */
    {"a recipient is refused", "postfix/smtpd",
     "NOQUEUE: reject: RCPT from " PEER
     ": 550 5.1.1 <bob@example.org>: Recipient address rejected: "
     "User unknown" TAIL,
     "reject" TAIL_IS " rejected" PEER_IS " code=550 status=5.1.1 detail=550 5.1.1 "
     "<bob@example.org>: Recipient address rejected: User unknown\n"},
    {"a second recipient is refused", "postfix/smtpd",
     "0B92B53E9A0: reject: RCPT from " PEER ": 450 4.2.0 <bob@example.org>: Greylisted" TAIL
     " sasl_username=<ann>",
     "reject id=0B92B53E9A0" TAIL_IS " rejected" PEER_IS
     " code=450 status=4.2.0 detail=450 4.2.0 <bob@example.org>: Greylisted\n"},
    {"a client is refused when it connects", "postfix/smtpd",
     "NOQUEUE: reject: CONNECT from " PEER ": 554 5.7.1 <" PEER
     ">: Client host rejected; proto=SMTP",
     "reject rejected whole" PEER_IS " code=554 status=5.7.1 detail=554 5.7.1 <" PEER
     ">: Client host rejected\n"},
    {"a name is refused", "postfix/smtpd",
     "NOQUEUE: reject: EHLO from " PEER
     ": 504 5.5.2 <x>: Helo command rejected; proto=SMTP helo=<x>",
     "reject rejected whole" PEER_IS " code=504 status=5.5.2 "
     "detail=504 5.5.2 <x>: Helo command rejected\n"},
    {"a sender is refused", "postfix/smtpd",
     "NOQUEUE: reject: MAIL from " PEER ": 552 5.3.4 Message size exceeds fixed limit; "
     "from=<ann@example.net> proto=ESMTP helo=<mx.example.net>",
     "reject from=ann@example.net rejected whole" PEER_IS
     " code=552 status=5.3.4 detail=552 5.3.4 Message size exceeds fixed limit\n"},
    {"the null sender's recipient is refused", "postfix/smtpd",
     "NOQUEUE: reject: RCPT from " PEER ": 554 5.7.1 no; from=<> to=<bob@example.org> proto=SMTP "
     "helo=<x>",
     "reject from= to=bob@example.org rejected" PEER_IS " code=554 status=5.7.1 "
     "detail=554 5.7.1 no\n"},
    {"a question is refused", "postfix/smtpd",
     "NOQUEUE: reject: VRFY from " PEER ": 550 5.1.1 <bob>: User unknown; to=<bob> proto=SMTP "
     "helo=<x>",
     "reject to=bob rejected whole" PEER_IS " code=550 status=5.1.1 detail=550 5.1.1 <bob>: "
     "User unknown\n"},
    {"a reply with a semicolon and an address of a page", "postfix/smtpd",
     "NOQUEUE: reject: RCPT from " PEER ": 554 5.7.1 Service unavailable; Client host [192.0.2.1] "
     "blocked; from=<x>; see https://bl.example.com/?a=b;c=d" TAIL,
     "reject" TAIL_IS " rejected" PEER_IS " code=554 status=5.7.1 detail=554 5.7.1 Service "
     "unavailable; Client host [192.0.2.1] blocked; from=<x>; see "
     "https://bl.example.com/?a=b;c=d\n"},
    {"a reply without an enhanced status", "postfix/smtpd",
     "reject: RCPT from " PEER ": 554 <bob@example.org>: Relay access denied; "
     "from=<ann@example.net> to=<bob@example.org>",
     "reject" TAIL_IS " rejected" PEER_IS
     " code=554 detail=554 <bob@example.org>: Relay access denied\n"},
    {"a quoted recipient that forges the tail", "postfix/smtpd",
     "NOQUEUE: reject: RCPT from " PEER ": 554 5.7.1 <x>: no; from=<ann@example.net> "
     "to=<\"; from=<f@example.com> to=<g@example.com\"@example.org> proto=ESMTP helo=<x>",
     "reject from=ann@example.net to=\"; from=<f@example.com> to=<g@example.com\"@example.org"
     " rejected" PEER_IS " code=554 status=5.7.1 detail=554 5.7.1 <x>: no\n"},
    {"a quoted recipient that forges the tail of an inspection", "postfix/smtpd",
     "NOQUEUE: reject: RCPT from " PEER ": 554 5.7.1 <x>: no; from=<ann@example.net> "
     "to=<\"; from=<f@example.com> to=<g@example.com>: z\"@example.org> proto=ESMTP helo=<x>",
     "reject from=ann@example.net to=\"; from=<f@example.com> to=<g@example.com>: z\"@example.org"
     " rejected" PEER_IS " code=554 status=5.7.1 detail=554 5.7.1 <x>: no\n"},
    {"a quoted sender that forges the tail", "postfix/smtpd",
     "NOQUEUE: reject: RCPT from " PEER ": 554 5.7.1 <x>: no; from=<\"; from=<f@example.com\"@c> "
     "to=<bob@example.org> proto=ESMTP helo=<x>",
     "reject from=\"; from=<f@example.com\"@c to=bob@example.org"
     " rejected" PEER_IS " code=554 status=5.7.1 detail=554 5.7.1 <x>: no\n"},
    {"addresses that an old release did not quote", "postfix/smtpd",
     "NOQUEUE: reject: RCPT from " PEER ": 554 5.7.1 <x>: no; from=<ann lee@example.net> "
     "to=<bob smith@example.org> proto=ESMTP helo=<x>",
     "reject from=ann lee@example.net to=bob smith@example.org rejected" PEER_IS
     " code=554 status=5.7.1 detail=554 5.7.1 <x>: no\n"},
    {"a refusal that is cut", "postfix/smtpd",
     "NOQUEUE: reject: RCPT from " PEER ": 550 5.1.1 <bob@exam", "broken: cut line\n"},
    {"a milter refuses a recipient", "postfix/smtpd",
     "NOQUEUE: milter-reject: RCPT from " PEER ": 451 4.7.1 Service unavailable" TAIL,
     "reject" TAIL_IS " rejected" PEER_IS
     " code=451 status=4.7.1 detail=451 4.7.1 Service unavailable\n"},
    {"a refusal that is only tried out", "postfix/smtpd",
     "NOQUEUE: reject_warning: RCPT from " PEER ": 550 5.1.1 <bob@example.org>: no" TAIL,
     "filter" TAIL_IS PEER_IS " code=550 status=5.1.1 "
     "detail=reject_warning: RCPT from " PEER ": 550 5.1.1 <bob@example.org>: no" TAIL "\n"},
    {"a recipient has the message thrown away", "postfix/smtpd",
     "NOQUEUE: discard: RCPT from " PEER ": <bob@example.org>: triggers DISCARD action" TAIL,
     "discard" TAIL_IS " discarded whole" PEER_IS " detail=discard: RCPT from " PEER
     ": <bob@example.org>: triggers DISCARD action" TAIL "\n"},
    {"a recipient has the message held", "postfix/smtpd",
     "NOQUEUE: hold: RCPT from " PEER ": <bob@example.org>: Recipient address held" TAIL,
     "hold" TAIL_IS " whole" PEER_IS " detail=hold: RCPT from " PEER
     ": <bob@example.org>: Recipient address held" TAIL "\n"},
    {"a recipient has the message filtered", "postfix/smtpd",
     "NOQUEUE: filter: RCPT from " PEER ": <bob@example.org>: triggers FILTER scan:" TAIL,
     "filter" TAIL_IS PEER_IS " detail=filter: RCPT from " PEER
     ": <bob@example.org>: triggers FILTER scan:" TAIL "\n"},
    {"a proxy took the message", "postfix/smtpd",
     "proxy-accept: END-OF-MESSAGE: 250 2.0.0 Ok: queued as 4jX5yF38QFznRG8" TAIL,
     "filter id=4jX5yF38QFznRG8" TAIL_IS " code=250 status=2.0.0 "
     "detail=proxy-accept: END-OF-MESSAGE: 250 2.0.0 Ok: queued as 4jX5yF38QFznRG8" TAIL "\n"},
    {"a proxy refused the message", "postfix/smtpd",
     "proxy-reject: END-OF-MESSAGE: 554 5.7.0 Reject, spam" TAIL,
     "reject" TAIL_IS " rejected code=554 status=5.7.0 detail=554 5.7.0 Reject, spam\n"},
    {"an unknown line without a queue file", "postfix/smtpd", "NOQUEUE: wonders from " PEER,
     "broken: unknown line about a queue ID\n"},

    /* postscreen */
    {"postscreen refuses a recipient", "postfix/postscreen",
     "NOQUEUE: reject: RCPT from [192.0.2.1]:4711: 550 5.7.1 Service unavailable; "
     "from=<ann@example.net>, to=<bob@example.org>, proto=ESMTP, helo=<mx.example.net>",
     "reject" TAIL_IS " rejected ip=192.0.2.1 code=550 status=5.7.1 "
     "detail=550 5.7.1 Service unavailable\n"},
    {"postscreen is full", "postfix/postscreen",
     "NOQUEUE: reject: CONNECT from [192.0.2.1]:4711: all server ports busy",
     "reject rejected whole ip=192.0.2.1 "
     "detail=reject: CONNECT from [192.0.2.1]:4711: all server ports busy\n"},
    {"postscreen's own steps", "postfix/postscreen",
     "CONNECT from [192.0.2.1]:4711 to [192.0.2.2]:25\nPASS NEW [192.0.2.1]:4711\n"
     "PREGREET 14 after 0.1 from [192.0.2.1]:4711: EHLO x\\r\\n",
     "noise: postscreen\nnoise: postscreen\nnoise: postscreen\n"},

    /* qmgr */
    {"a message is in the queue", "postfix/qmgr",
     "0B92B53E9A0: from=<ann@example.net>, size=4210, nrcpt=2 (queue active)",
     "sender id=0B92B53E9A0 from=ann@example.net size=4210 nrcpt=2\n"},
    {"a message of the null sender", "postfix/qmgr",
     "4jX5yF38QFznRG8: from=<>, size=1, nrcpt=1 (queue active)",
     "sender id=4jX5yF38QFznRG8 from= size=1 nrcpt=1\n"},
    {"a sender that forges the rest of its line", "postfix/qmgr",
     "0B92B53E9A0: from=<\"x>, size=1, nrcpt=9 (queue active)\"@example.net>, size=4210, nrcpt=1 "
     "(queue active)",
     "sender id=0B92B53E9A0 from=\"x>, size=1, nrcpt=9 (queue active)\"@example.net size=4210 "
     "nrcpt=1\n"},
    {"a sender with a comma", "postfix/qmgr",
     "0B92B53E9A0: from=<ann,lee@example.net>, size=4210, nrcpt=1 (queue active)",
     "sender id=0B92B53E9A0 from=ann,lee@example.net size=4210 nrcpt=1\n"},
    {"a message is too old", "postfix/qmgr",
     "0B92B53E9A0: from=<ann@example.net>, status=expired, returned to sender",
     "expire id=0B92B53E9A0 from=ann@example.net detail=expired, returned to sender\n"},
    {"a message is made too old", "postfix/qmgr",
     "0B92B53E9A0: from=<ann@example.net>, status=force-expired, returned to sender",
     "expire id=0B92B53E9A0 from=ann@example.net detail=force-expired, returned to sender\n"},
    {"a message leaves the queue", "postfix/qmgr", "0B92B53E9A0: removed", "done id=0B92B53E9A0\n"},
    {"an older queue manager", "postfix/nqmgr", "0B92B53E9A0: removed", "done id=0B92B53E9A0\n"},
    {"an agent is still at work", "postfix/qmgr", "0B92B53E9A0: skipped, still being delivered",
     "attempt id=0B92B53E9A0 detail=skipped, still being delivered\n"},
    {"a sender line that is cut", "postfix/qmgr",
     "0B92B53E9A0: from=<ann@example.net>, size=4210, nrcpt=2 (queue", "broken: cut line\n"},
    {"an end that is cut", "postfix/qmgr", "0B92B53E9A0: remov", "broken: cut line\n"},
    {"an unknown line about a queue ID", "postfix/qmgr", "0B92B53E9A0: wonders",
     "broken: unknown line about a queue ID\n"},
    {"IDs of letters of both cases", "postfix/qmgr", "abcdEfgh: removed\nABcdef: removed",
     "done id=abcdEfgh\ndone id=ABcdef\n"},
    {"IDs near sixteen characters", "postfix/qmgr",
     "4jX5yF38QFznRG8: removed\n4jX5yF38QFznRG89: removed\n4jX5yF38QFznRG890: removed",
     "done id=4jX5yF38QFznRG8\ndone id=4jX5yF38QFznRG89\ndone id=4jX5yF38QFznRG890\n"},
    {"the longest ID, and one too long", "postfix/qmgr",
     "ABCDEFGHIJKLMNOPQRSTUVWX: removed\nABCDEFGHIJKLMNOPQRSTUVWXY: removed",
     "done id=ABCDEFGHIJKLMNOPQRSTUVWX\nnoise: other\n"},
    {"the shortest ID, and one too short", "postfix/qmgr",
     "5yF38Q: removed now\n5yF38Q: removed\n5yF38: removed now",
     "broken: cut line\ndone id=5yF38Q\nnoise: other\n"},
    {"long words of lower-case letters are no IDs", "postfix/qmgr",
     "Characteristical: removed\nincomprehensible: removed\nresponsibilities7: removed",
     "noise: other\nnoise: other\ndone id=responsibilities7\n"},
    {"an ID of an old snapshot", "postfix/qmgr", "1E91B13CC91.AFF17: removed",
     "done id=1E91B13CC91.AFF17\n"},

    /* deliveries */
    {"the next host took it", "postfix/smtp",
     TO REMOTE "2.0.0, status=sent (250 2.0.0 Ok: queued as 6mZ7bF38QFznRG8)",
     TO_IS " next=6mZ7bF38QFznRG8 to=bob@example.org relayed" REMOTE_IS
           " code=250 status=2.0.0 delay=0.3 detail=250 2.0.0 Ok: queued as 6mZ7bF38QFznRG8\n"},
    {"sendmail took it", "postfix/relay/smtp",
     TO REMOTE "2.0.0, status=sent (250 2.0.0 6ALM4gXh000086 Message accepted for delivery)",
     TO_IS " next=6ALM4gXh000086 to=bob@example.org relayed" REMOTE_IS " code=250 status=2.0.0 "
           "delay=0.3 detail=250 2.0.0 6ALM4gXh000086 Message accepted for delivery\n"},
    {"Exim took it", "postfix/smtp", TO REMOTE "2.0.0, status=sent (250 OK id=1tEabc-0001Xy-2Z)",
     TO_IS " next=1tEabc-0001Xy-2Z to=bob@example.org relayed" REMOTE_IS
           " code=250 status=2.0.0 delay=0.3 detail=250 OK id=1tEabc-0001Xy-2Z\n"},
    {"a reply of several lines", "postfix/smtp",
     TO REMOTE "2.0.0, status=sent (250-2.0.0 welcome 250 2.0.0 6ALM4gXh000086 Message accepted "
               "for delivery)",
     TO_IS
     " next=6ALM4gXh000086 to=bob@example.org relayed" REMOTE_IS " code=250 status=2.0.0 "
     "delay=0.3 detail=250-2.0.0 welcome 250 2.0.0 6ALM4gXh000086 Message accepted for delivery\n"},
    {"a reply that forges the rest of its line", "postfix/smtp",
     TO REMOTE "2.0.0, status=sent (250 ok), status=bounced (fake) to=<forged@example.com>)",
     TO_IS " to=bob@example.org relayed" REMOTE_IS " code=250 status=2.0.0 delay=0.3 "
           "detail=250 ok), status=bounced (fake) to=<forged@example.com>\n"},
    {"a connection that was used before, and an address that was rewritten", "postfix/smtp",
     "0B92B53E9A0: to=<bob@example.org>, orig_to=<robert@example.org>, "
     "relay=hub.example.org[192.0.2.2]:25, conn_use=3" DELAY "2.0.0, status=sent (250 ok)",
     "result id=0B92B53E9A0 orig_to=robert@example.org to=bob@example.org relayed" REMOTE_IS
     " code=250 status=2.0.0 delay=0.3 detail=250 ok\n"},
    {"a filter took it by LMTP", "postfix/lmtp",
     TO "127.0.0.1[127.0.0.1]:10024" DELAY
        "2.0.0, status=sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as "
        "0B92B53E9A0)",
     TO_IS
     " next=0B92B53E9A0 to=bob@example.org delivered peer=127.0.0.1 ip=127.0.0.1 code=250 "
     "status=2.0.0 delay=0.3 detail=250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: "
     "queued as 0B92B53E9A0\n"},
    {"a mail store took it through a UNIX socket", "postfix/lmtp",
     TO "mail.example.org[private/dovecot-lmtp]" DELAY "2.0.0, status=sent (250 2.0.0 Saved)",
     TO_IS " to=bob@example.org delivered peer=mail.example.org code=250 status=2.0.0 delay=0.3 "
           "detail=250 2.0.0 Saved\n"},
    {"what was asked of TLS, as newer releases say it", "postfix/smtp",
     "0B92B53E9A0: to=<bob@example.org>, relay=hub.example.org[192.0.2.2]:25, delay=0.3, "
     "delays=0.1/0/0.1/0.1, tls=dane/(requiretls), dsn=2.0.0, status=sent (250 ok)",
     "result id=0B92B53E9A0 to=bob@example.org relayed" REMOTE_IS
     " code=250 status=2.0.0 delay=0.3 detail=250 ok\n"},
    {"the next host does not know its part", "postfix/smtp",
     TO REMOTE "5.5.0, status=bounced (Protocol error: host " PEER " said: 354 go on (in reply to "
               "MAIL FROM command))",
     TO_IS " to=bob@example.org failed" REMOTE_IS
           " code=354 status=5.5.0 delay=0.3 detail=Protocol error: host " PEER
           " said: 354 go on (in reply to MAIL FROM command)\n"},
    {"a mailbox took it", "postfix/local",
     TO "local" DELAY "2.0.0, status=sent (delivered to mailbox)",
     TO_IS " to=bob@example.org delivered peer=local status=2.0.0 delay=0.3 "
           "detail=delivered to mailbox\n"},
    {"an alias forwards it", "postfix/local",
     TO "local" DELAY "2.0.0, status=sent (forwarded as 0B92B53E9A0)",
     TO_IS " child=0B92B53E9A0 to=bob@example.org relayed peer=local status=2.0.0 delay=0.3 "
           "detail=forwarded as 0B92B53E9A0\n"},
    {"an alias throws it away", "postfix/local", TO "local" DELAY "2.0.0, status=sent (discarded)",
     TO_IS " to=bob@example.org discarded peer=local status=2.0.0 delay=0.3 detail=discarded\n"},
    {"a next host's reply is no forwarding", "postfix/smtp",
     TO REMOTE "2.0.0, status=sent (forwarded as 0B92B53E9A0)",
     TO_IS " to=bob@example.org relayed" REMOTE_IS
           " status=2.0.0 delay=0.3 detail=forwarded as 0B92B53E9A0\n"},
    {"a virtual mailbox took it", "postfix/virtual",
     TO "virtual" DELAY "2.0.0, status=sent (delivered to maildir)",
     TO_IS " to=bob@example.org delivered peer=virtual status=2.0.0 delay=0.3 "
           "detail=delivered to maildir\n"},
    {"a program took it", "postfix/pipe",
     TO "spamfilter" DELAY
        "2.0.0, status=sent (delivered via spamfilter service (queued as 0B92B53E9A0))",
     TO_IS " to=bob@example.org delivered peer=spamfilter status=2.0.0 delay=0.3 "
           "detail=delivered via spamfilter service (queued as 0B92B53E9A0)\n"},
    {"a transport throws it away", "postfix/discard",
     TO "none" DELAY "2.0.0, status=sent (discard.example.org)",
     TO_IS " to=bob@example.org discarded status=2.0.0 delay=0.3 detail=discard.example.org\n"},
    {"the next host refused it", "postfix/smtp",
     TO REMOTE "5.1.1, status=bounced (host " PEER
               " said: 550 5.1.1 <bob@example.org>: unknown (in reply to "
               "RCPT TO command))",
     TO_IS " to=bob@example.org failed" REMOTE_IS
           " code=550 status=5.1.1 delay=0.3 detail=host " PEER
           " said: 550 5.1.1 <bob@example.org>: unknown (in reply to RCPT TO command)\n"},
    {"the next host is busy", "postfix/smtp",
     TO REMOTE "4.2.2, status=deferred (host " PEER
               " said: 452-4.2.2 full 452 4.2.2 try later (in reply to "
               "end of DATA command))",
     TO_IS " to=bob@example.org delayed" REMOTE_IS
           " code=452 status=4.2.2 delay=0.3 detail=host " PEER
           " said: 452-4.2.2 full 452 4.2.2 try later (in reply to end of DATA command)\n"},
    {"nobody answers", "postfix/smtp",
     TO "none" DELAY "4.4.1, status=deferred (connect to " PEER ":25: Connection refused)",
     TO_IS " to=bob@example.org delayed status=4.4.1 delay=0.3 detail=connect to " PEER
           ":25: Connection refused\n"},
    {"a destination is left alone for a while", "postfix/error",
     TO "none" DELAY "4.3.0, status=deferred (delivery temporarily suspended: host " PEER
        " refused to talk to me: 421 4.3.0 busy)",
     TO_IS " to=bob@example.org delayed code=421 status=4.3.0 delay=0.3 detail=delivery "
           "temporarily suspended: host " PEER " refused to talk to me: 421 4.3.0 busy\n"},
    {"a refusal that is softened", "postfix/smtp",
     TO REMOTE "4.1.1, status=SOFTBOUNCE (host " PEER " said: 550 5.1.1 no)",
     TO_IS " to=bob@example.org delayed" REMOTE_IS
           " code=550 status=4.1.1 delay=0.3 detail=host " PEER " said: 550 5.1.1 no\n"},
    {"a recipient that would do", "postfix/local",
     TO "local" DELAY "2.0.0, status=deliverable (delivers to mailbox)",
     TO_IS " to=bob@example.org peer=local status=2.0.0 delay=0.3 detail=delivers to mailbox\n"},
    {"a recipient that would not do", "postfix/local",
     TO "local" DELAY "5.1.1, status=undeliverable (unknown user: \"bob\")",
     TO_IS " to=bob@example.org failed peer=local status=5.1.1 delay=0.3 "
           "detail=unknown user: \"bob\"\n"},
    {"the queue manager gives up a transport", "postfix/qmgr",
     TO "none" DELAY "4.3.0, status=deferred (mail transport unavailable)",
     TO_IS
     " to=bob@example.org delayed status=4.3.0 delay=0.3 detail=mail transport unavailable\n"},
    {"a bounce before queueing", "postfix/cleanup",
     TO "none" DELAY "5.4.6, status=bounced (virtual alias loop)",
     TO_IS " to=bob@example.org failed status=5.4.6 delay=0.3 detail=virtual alias loop\n"},
    {"a delivery of an old release", "postfix/local",
     "0B92B53E9A0: to=<bob@example.org>, relay=local, delay=71, status=sent (\"|/bin/cat\")",
     "result id=0B92B53E9A0 to=bob@example.org delivered peer=local delay=71 "
     "detail=\"|/bin/cat\"\n"},
    {"a recipient without brackets", "postfix/local",
     "0B92B53E9A0: to=bob, orig_to=postmaster, relay=local, delay=1, status=sent (mailbox)",
     "result id=0B92B53E9A0 orig_to=postmaster to=bob delivered peer=local delay=1 "
     "detail=mailbox\n"},
    {"a quoted recipient that forges the rest of its line", "postfix/smtp",
     "0B92B53E9A0: to=<\"a>, relay=none, status=sent (x)\\\" >, relay=\"@example.org>, "
     "relay=" REMOTE "5.0.0, status=bounced (no)",
     "result id=0B92B53E9A0 to=\"a>, relay=none, status=sent (x)\\\" >, relay=\"@example.org "
     "failed" REMOTE_IS " status=5.0.0 delay=0.3 detail=no\n"},
    {"a quoted recipient with an at sign and an angle", "postfix/smtp",
     "0B92B53E9A0: to=<\"<a@b>\"@example.org>, relay=" REMOTE "2.0.0, status=sent (250 ok)",
     "result id=0B92B53E9A0 to=\"<a@b>\"@example.org relayed" REMOTE_IS
     " code=250 status=2.0.0 delay=0.3 detail=250 ok\n"},
    {"a recipient with a comma that was not quoted", "postfix/smtp",
     "0B92B53E9A0: to=<bob, relay=x@example.org>, relay=" REMOTE "2.0.0, status=sent (250 ok)",
     "result id=0B92B53E9A0 to=bob, relay=x@example.org relayed" REMOTE_IS
     " code=250 status=2.0.0 delay=0.3 detail=250 ok\n"},
    {"a recipient in UTF-8", "postfix/smtp",
     "0B92B53E9A0: to=<\xe6\x97\xa5@example.org>, relay=" REMOTE "2.0.0, status=sent (250 ok)",
     "result id=0B92B53E9A0 to=\xe6\x97\xa5@example.org relayed" REMOTE_IS
     " code=250 status=2.0.0 delay=0.3 detail=250 ok\n"},
    {"a delivery of many days", "postfix/smtp",
     "0B92B53E9A0: to=<bob@example.org>, relay=none, delay=432000, delays=431999/0/1/0, dsn=4.4.1, "
     "status=deferred (late)",
     "result id=0B92B53E9A0 to=bob@example.org delayed status=4.4.1 delay=432000 detail=late\n"},
    {"a delay that no clock can show", "postfix/smtp",
     "0B92B53E9A0: to=<bob@example.org>, relay=none, delay=99999999999999, status=sent (x)",
     "broken: cut delivery line\n"},
    {"an outcome that nobody knows", "postfix/smtp",
     "0B92B53E9A0: to=<bob@example.org>, relay=none, delay=1, status=vanished (x)",
     "broken: cut delivery line\n"},

    /* tries that decided nothing */
    {"the first host of two refused it", "postfix/smtp",
     "0B92B53E9A0: host " PEER " said: 450 4.7.1 later (in reply to RCPT TO command)",
     "attempt id=0B92B53E9A0" PEER_IS " detail=host " PEER
     " said: 450 4.7.1 later (in reply to RCPT TO command)\n"},
    {"the first host of two was lost", "postfix/smtp",
     "0B92B53E9A0: lost connection with " PEER " while sending RCPT TO",
     "attempt id=0B92B53E9A0" PEER_IS " detail=lost connection with " PEER
     " while sending RCPT TO\n"},
    {"the first host of two fell asleep", "postfix/smtp",
     "0B92B53E9A0: conversation with " PEER " timed out while sending end of data",
     "attempt id=0B92B53E9A0" PEER_IS " detail=conversation with " PEER
     " timed out while sending end of data\n"},
    {"a firewall is humoured", "postfix/smtp",
     "0B92B53E9A0: enabling PIX workarounds: disable_esmtp delay_dotcrlf for " PEER ":25",
     "attempt id=0B92B53E9A0" PEER_IS
     " detail=enabling PIX workarounds: disable_esmtp delay_dotcrlf for " PEER ":25\n"},
    {"a line is too long", "postfix/smtp",
     "0B92B53E9A0: breaking line > 998 bytes with <CR><LF>SPACE",
     "attempt id=0B92B53E9A0 detail=breaking line > 998 bytes with <CR><LF>SPACE\n"},
    {"a recipient is passed on", "postfix/smtp",
     "0B92B53E9A0: passing <bob@example.org> to transport=local",
     "attempt id=0B92B53E9A0 detail=passing <bob@example.org> to transport=local\n"},
    {"any other reason why a host would not do", "postfix/smtp",
     "0B92B53E9A0: Cannot start TLS: handshake failure",
     "attempt id=0B92B53E9A0 detail=Cannot start TLS: handshake failure\n"},
    {"a connection fails", "postfix/smtp", "connect to " PEER ":25: Connection refused",
     "noise: connection attempt\n"},

    /* notifications and the queue tools */
    {"the sender is told of a failure", "postfix/bounce",
     "0B92B53E9A0: sender non-delivery notification: 4jX5yF38QFznRG8",
     "notify id=0B92B53E9A0 notification=4jX5yF38QFznRG8 detail=sender non-delivery "
     "notification\n"},
    {"the sender is told of a delay", "postfix/bounce",
     "0B92B53E9A0: sender delay notification: 4jX5yF38QFznRG8",
     "notify id=0B92B53E9A0 notification=4jX5yF38QFznRG8 detail=sender delay notification\n"},
    {"the sender is told of a success", "postfix/bounce",
     "0B92B53E9A0: sender delivery status notification: 4jX5yF38QFznRG8",
     "notify id=0B92B53E9A0 notification=4jX5yF38QFznRG8 detail=sender delivery status "
     "notification\n"},
    {"the postmaster is told of a failure", "postfix/bounce",
     "0B92B53E9A0: postmaster non-delivery notification: 4jX5yF38QFznRG8",
     "notify id=0B92B53E9A0 notification=4jX5yF38QFznRG8 detail=postmaster non-delivery "
     "notification\n"},
    {"nobody is left to be told", "postfix/bounce",
     "0B92B53E9A0: undeliverable postmaster notification discarded",
     "noise: notification discarded\n"},
    {"a notification that is cut", "postfix/bounce",
     "0B92B53E9A0: sender non-delivery notification: 4j", "broken: cut line\n"},
    {"a message is deleted by hand", "postfix/postsuper", "0B92B53E9A0: removed",
     "discard id=0B92B53E9A0 discarded detail=deleted from the queue by hand\n"
     "done id=0B92B53E9A0\n"},
    {"a message is requeued by hand", "postfix/postsuper", "0B92B53E9A0: requeued",
     "requeue id=0B92B53E9A0 detail=requeued\n"},
    {"a message is held by hand", "postfix/postsuper", "0B92B53E9A0: placed on hold",
     "hold id=0B92B53E9A0 detail=placed on hold\n"},
    {"a message is released by hand", "postfix/postsuper", "0B92B53E9A0: released from hold",
     "release id=0B92B53E9A0 detail=released from hold\n"},
    {"a message is expired by hand", "postfix/postsuper", "0B92B53E9A0: expired",
     "filter id=0B92B53E9A0 detail=expired\n"},
    {"the sum of what a tool did", "postfix/postsuper", "Requeued: 23 messages",
     "noise: queue tool\n"},

    /* noise */
    {"statistics", "postfix/anvil", "statistics: max connection rate 1/60s for (smtp:192.0.2.1)",
     "noise: statistics\n"},
    {"statistics of another daemon", "postfix/smtpd", "statistics: x", "noise: statistics\n"},
    {"an encrypted connection", "postfix/smtpd",
     "Anonymous TLS connection established from " PEER ": TLSv1.3 with cipher x", "noise: tls\n"},
    {"a certificate's name", "postfix/smtp", PEER ":25: subject_CN=mx.example.net", "noise: tls\n"},
    {"a wrong password", "postfix/smtpd",
     "warning: " PEER ": SASL LOGIN authentication failed: x, sasl_username=ann",
     "noise: authentication failure\n"},
    {"a wrong password, as the library says it", "postfix/smtpd",
     "warning: SASL authentication failure: Password verification failed",
     "noise: authentication failure\n"},
    {"another warning", "postfix/smtpd",
     "warning: hostname mx.example.net does not resolve to address 192.0.2.1", "noise: warning\n"},
    {"a fatal error", "postfix/master", "fatal: bind 0.0.0.0 port 25: Address already in use",
     "noise: error\n"},
    {"a web browser", "postfix/smtpd", "warning: non-SMTP command from " PEER ": GET / HTTP/1.0",
     "noise: protocol error\n"},
    {"an impatient client", "postfix/smtpd",
     "improper command pipelining after HELO from " PEER ": MAIL FROM:<x>\\r\\n",
     "noise: protocol error\n"},
    {"a start", "postfix/master", "daemon started -- version 3.7.11, configuration /etc/postfix",
     "noise: start and stop\n"},
    {"a stop", "postfix/postfix-script", "stopping the Postfix mail system",
     "noise: start and stop\n"},
    {"a program under Postfix's name", "postfix/policyd",
     "0B92B53E9A0: to=<x>, relay=y, status=sent (z)", "noise: other\n"},
    {"a word is no queue ID", "postfix/smtpd", "Wondering: removed\nsurprise: removed",
     "noise: other\nnoise: other\n"},
    {"an ID that is cut", "postfix/smtpd", "0B92B53E9A0:", "broken: cut line\n"},
    {"an instance of its own", "postfix-out/qmgr", "0B92B53E9A0: removed", "done id=0B92B53E9A0\n"},

    /* tags that lost their daemon, as RFC 5424 records have them */
    {"no daemon: a client", "postfix", " connect from " PEER, "connect" PEER_IS "\n"},
    {"no daemon: accepted", "postfix", " 0B92B53E9A0: client=" PEER,
     "accept id=0B92B53E9A0" PEER_IS "\n"},
    {"no daemon: a Message-ID", "postfix", " 0B92B53E9A0: message-id=<1@example.net>",
     "message-id id=0B92B53E9A0 msgid=<1@example.net>\n"},
    {"no daemon: in the queue", "postfix",
     " 0B92B53E9A0: from=<ann@example.net>, size=4210, nrcpt=2 (queue active)",
     "sender id=0B92B53E9A0 from=ann@example.net size=4210 nrcpt=2\n"},
    {"no daemon: a next host has an address", "postfix",
     TO REMOTE "2.0.0, status=sent (250 2.0.0 Ok: queued as 6mZ7bF38QFznRG8)",
     TO_IS " next=6mZ7bF38QFznRG8 to=bob@example.org relayed" REMOTE_IS
           " code=250 status=2.0.0 delay=0.3 detail=250 2.0.0 Ok: queued as 6mZ7bF38QFznRG8\n"},
    {"no daemon: a local alias", "postfix",
     TO "local" DELAY "2.0.0, status=sent (forwarded as 0B92B53E9A0)",
     TO_IS " child=0B92B53E9A0 to=bob@example.org relayed peer=local status=2.0.0 delay=0.3 "
           "detail=forwarded as 0B92B53E9A0\n"},
    {"no daemon: a transport's name", "postfix",
     TO "spamfilter" DELAY "2.0.0, status=sent (delivered via spamfilter service)",
     TO_IS " to=bob@example.org delivered peer=spamfilter status=2.0.0 delay=0.3 "
           "detail=delivered via spamfilter service\n"},
    {"no daemon: the end", "postfix", " 0B92B53E9A0: removed", "done id=0B92B53E9A0\n"},
    {"no daemon: a refusal", "postfix",
     " NOQUEUE: reject: RCPT from " PEER ": 550 5.1.1 <bob@example.org>: no" TAIL,
     "reject" TAIL_IS " rejected" PEER_IS
     " code=550 status=5.1.1 detail=550 5.1.1 <bob@example.org>: no\n"},
    {"no daemon: an inspection", "postfix",
     " 0B92B53E9A0: hold: header X-Spam: yes from " PEER TAIL,
     "hold id=0B92B53E9A0" TAIL_IS " whole" PEER_IS
     " detail=hold: header X-Spam: yes from " PEER TAIL "\n"},
    {"no daemon: a notification", "postfix",
     " 0B92B53E9A0: sender delay notification: 4jX5yF38QFznRG8",
     "notify id=0B92B53E9A0 notification=4jX5yF38QFznRG8 detail=sender delay notification\n"},
    {"no daemon: requeued", "postfix", " 0B92B53E9A0: requeued",
     "requeue id=0B92B53E9A0 detail=requeued\n"},
};

static void check_case(void **state)
{
    const struct Case *c = *state;
    MstReader *reader = mst_reader_new(&mst_reader_postfix);
    g_autofree char *actual = recorder_read(reader, c->tag, c->text);

    assert_string_equal(actual, c->expected);
    mst_reader_free(reader);
}

/* Whose a tag is, of a line with this text. */
static const struct Owner {
    const char *name;
    const char *tag;
    const char *text;
    bool ours;
} owners[] = {
    {"tag: the ordinary one", "postfix/smtpd", "connect from " PEER, true},
    {"tag: a service with its own name", "postfix/submission/smtpd", "connect from " PEER, true},
    {"tag: without a daemon", "postfix", "connect from " PEER, true},
    {"tag: an instance", "postfix-out/qmgr", "0B92B53E9A0: removed", true},
    {"tag: an instance without a daemon", "postfix_out", "0B92B53E9A0: removed", true},
    {"tag: a program under Postfix's name", "postfix/policyd", "x", true},
    {"tag: another name for Postfix", "amavisd/smtpd", "connect from " PEER, true},
    {"tag: an agent under another name", "mailout/pipe", TO "x" DELAY "2.0.0, status=sent (x)",
     true},
    {"tag: another program's error log", "web/error", "client denied", false},
    {"tag: another program's worker", "mailout/worker", "0B92B53E9A0: removed", false},
    {"tag: sendmail", "sm-mta", "6ALM4gXh000086: from=<ann@example.net>, size=1", false},
    {"tag: a name that only begins like ours", "postfixer", "connect from " PEER, false},
    {"tag: none", "", "connect from " PEER, false},
};

static void check_owner(void **state)
{
    const struct Owner *c = *state;

    assert_int_equal(mst_reader_postfix.owns(mst_slice_of(c->tag), mst_slice_of(c->text)), c->ours);
}

/* Lines that are cut anywhere: half a delivery is never an outcome. */
static const struct Whole {
    const char *name;
    const char *tag;
    const char *text;
    const char
        *kind; /* of the event of the whole line; none of its parts may be one, but `early` */
    const char *early;
} wholes[] = {
    {"cut anywhere: a delivery", "postfix/smtp",
     TO REMOTE "5.1.1, status=bounced (host " PEER " said: 550 5.1.1 unknown)", "result ", NULL},
    {"cut anywhere: a message in the queue", "postfix/qmgr",
     "0B92B53E9A0: from=<ann@example.net>, size=4210, nrcpt=2 (queue active)", "sender ", NULL},
    {"cut anywhere: a refusal", "postfix/smtpd",
     "NOQUEUE: reject: RCPT from " PEER ": 550 5.1.1 <bob@example.org>: unknown" TAIL, "reject ",
     "; from=<ann@example.net>"},
};

static void check_whole(void **state)
{
    const struct Whole *c = *state;
    MstReader *reader = mst_reader_new(&mst_reader_postfix);
    size_t len = strlen(c->text);

    for (size_t cut = 1; cut <= len; cut++) {
        g_autofree char *part = g_strndup(c->text, cut);
        g_autofree char *actual = recorder_read(reader, c->tag, part);
        bool said_enough = cut == len || (c->early != NULL && strstr(part, c->early) != NULL);

        if (!said_enough || !g_str_has_prefix(actual, c->kind))
            assert_true(g_str_has_prefix(actual, "broken: ") ||
                        g_str_has_prefix(actual, "noise: "));
        if (cut == len)
            assert_true(g_str_has_prefix(actual, c->kind));
    }
    mst_reader_free(reader);
}

/* A reason that Postfix or a syslogd cut, at 2000 or 1024 bytes, has no bracket at its end. */
static void check_cut_reason(void **state)
{
    MstReader *reader = mst_reader_new(&mst_reader_postfix);
    g_autofree char *filling = g_strnfill(2000, 'x');
    g_autofree char *text = g_strdup_printf(
        "%s%s", TO REMOTE "5.0.0, status=bounced (host " PEER " said: 554 5.0.0 ", filling);
    g_autofree char *cut = g_strndup(text, 2000);
    g_autofree char *actual = recorder_read(reader, "postfix/smtp", cut);

    (void)state;
    assert_true(g_str_has_prefix(actual, TO_IS " to=bob@example.org failed" REMOTE_IS
                                               " code=554 status=5.0.0 delay=0.3 detail=host "));
    mst_reader_free(reader);
}

/* The longest line that there can be, of what costs most to look through. */
static void check_long_lines(void **state)
{
    static const char *const pieces[] = {"; from=<", "; from=<\"", ">, relay=", "\"", ", ",
                                         " from ",   "\\",         "> to=<",    ": ", "; proto="};
    static const char *const heads[] = {"NOQUEUE: reject: RCPT from " PEER ": 550 ",
                                        "0B92B53E9A0: info: header ", "0B92B53E9A0: to=<\"",
                                        "0B92B53E9A0: from=<",
                                        "0B92B53E9A0: client=" PEER ", sasl_username="};
    MstReader *reader = mst_reader_new(&mst_reader_postfix);

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(pieces) * G_N_ELEMENTS(heads); i++) {
        GString *text = g_string_new(heads[i % G_N_ELEMENTS(heads)]);
        g_autofree char *actual = NULL;

        while (text->len < MST_LINE_MAX)
            g_string_append(text, pieces[i / G_N_ELEMENTS(heads)]);
        actual = recorder_read(reader, "postfix", text->str);
        assert_true(strlen(actual) > 0);
        g_string_free(text, TRUE);
    }
    mst_reader_free(reader);
}

int main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(cases) + G_N_ELEMENTS(owners) + G_N_ELEMENTS(wholes) + 2];
    size_t n = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        tests[n++] = (struct CMUnitTest){cases[i].name, check_case, NULL, NULL, (void *)&cases[i]};
    for (size_t i = 0; i < G_N_ELEMENTS(owners); i++)
        tests[n++] = (struct CMUnitTest){owners[i].name, check_owner, NULL, NULL,
                                         (void *)&owners[i]};
    for (size_t i = 0; i < G_N_ELEMENTS(wholes); i++)
        tests[n++] = (struct CMUnitTest){wholes[i].name, check_whole, NULL, NULL,
                                         (void *)&wholes[i]};
    tests[n++] = (struct CMUnitTest){"a reason that was cut by a logger", check_cut_reason, NULL,
                                     NULL, NULL};
    tests[n++] = (struct CMUnitTest){"the longest lines", check_long_lines, NULL, NULL, NULL};
    return cmocka_run_group_tests_name("postfix", tests, NULL, NULL);
}
