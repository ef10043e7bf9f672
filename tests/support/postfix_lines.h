/* postfix_lines.h - lines that most messages have, for logs in the form that teller.h reads */
#ifndef TESTS_POSTFIX_LINES_H
#define TESTS_POSTFIX_LINES_H

/* A client of nobody's, the log hosts mx1, hub and out as others see them, and the world. */
#define DESK "desk.example.org[192.0.2.7]"
#define MX1 "mx1.example.test[127.0.10.1]"
#define HUB "hub.example.test[127.0.10.2]"
#define OUT "out.example.test[127.0.10.5]"
#define FAR "mx.example.net[198.51.100.9]"

#define CLIENT(at, host, id, client) at " " host " smtpd: " id ": client=" client "\n"
#define MESSAGE_ID(at, host, id, value) at " " host " cleanup: " id ": message-id=<" value ">\n"
#define ACTIVE(at, host, id, sender, count)                                                        \
    at " " host " qmgr: " id ": from=<" sender ">, size=400, nrcpt=" count " (queue active)\n"
#define REMOVED(at, host, id) at " " host " qmgr: " id ": removed\n"

/* All that stands before a message's first attempt. */
#define COMES(at, host, id, client, message_id, sender, count)                                     \
    CLIENT(at, host, id, client)                                                                   \
    MESSAGE_ID(at, host, id, message_id)                                                           \
    ACTIVE(at, host, id, sender, count)

/* `to` may hold an `orig_to=`: "bob@example.net>, orig_to=<list@example.org". */
#define TO(at, host, daemon, id, to, relay, status)                                                \
    at " " host " " daemon ": " id ": to=<" to ">, relay=" relay ", delay=1, dsn=" status "\n"
#define SENT(at, host, id, to, relay, reply)                                                       \
    TO(at, host, "smtp", id, to, relay ":25", "2.0.0, status=sent (" reply ")")
#define DEFERRED(at, host, id, to, relay, reason)                                                  \
    TO(at, host, "smtp", id, to, relay ":25", "4.0.0, status=deferred (" reason ")")
#define BOUNCED(at, host, id, to, relay, reason)                                                   \
    TO(at, host, "smtp", id, to, relay ":25", "5.0.0, status=bounced (" reason ")")
#define DELIVERED(at, host, id, to)                                                                \
    TO(at, host, "local", id, to, "local", "2.0.0, status=sent (delivered to mailbox)")
#define QUEUED_AS(id) "250 2.0.0 Ok: queued as " id

#define REFUSED(at, host, client, sender, to)                                                      \
    at " " host " smtpd: NOQUEUE: reject: RCPT from " client                                       \
       ": 550 5.1.1 <" to ">: Recipient address rejected: no; from=<" sender "> to=<" to           \
       "> proto=ESMTP helo=<x>\n"
#define DISCONNECT(at, host, client)                                                               \
    at " " host " smtpd: disconnect from " client " ehlo=1 quit=1 commands=2\n"

#endif
