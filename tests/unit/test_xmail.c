/* test_xmail.c - what the XMail reader makes of each form of record */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "recorder.h"

/*
 * Records are written here as FIELD|FIELD|FIELD: quotes and tabs are put around and between the fields.
 * A line that begins with '!' is taken as it stands behind that.
 */
typedef struct Case {
    const char *name;
    const char *file; /* the log's; NULL: only the form of its records tells which it is */
    const char *log;
    const char *events; /* recorder.h's */
} Case;

#define SMTP "smtp-202611210000"
#define SMAIL "smail-202611210000"
#define LMAIL "lmail-202611210000"
#define FILTERS "filters-202611210000"
#define POP3 "pop3-202611210000"
#define PSYNC "psync-202611210000"
#define FINGER "finger-202611210000"
#define CTRL "ctrl-202611210000"
#define SLOG "store/slog/1795298643597.7f0872ffd6c0.491.3.store"
#define SPOOL "1795298643597.7f0872ffd6c0.491.3.store"
#define T "2026-11-21 22:04:03"

/* The fields of a dialogue before HELO, and a whole one but for recipient's domain to status. */
#define CLIENT "s.example.test|example.test|192.0.2.7|" T "|"
#define DIALOGUE CLIENT "mx.example.org|example.test|"

/* The fields of a smail record before sender and recipient. */
#define COPY "example.test|" SPOOL "|"

#define PEEK "![PeekTime] 1795298644 : Sat, 21 Nov 2026 22:04:04 -0000\n"
#define NOTE PEEK "!<<\n!ErrCode   = -77\n!ErrString = [RCPT TO:] not permitted\n"
#define THREE_MORE "continuation\ncontinuation\ncontinuation\n"
#define NOTE_BEGUN THREE_MORE "continuation\n"

static const Case cases[] = {
    /* smtp: what is taken */
    {"the first recipient begins a life", SMTP,
     DIALOGUE "ann@example.org|bob@example.test|S2|RCPT=OK||0|",
     "accept id=S2 from=ann@example.org ip=192.0.2.7\n"
     "recipient id=S2 from=ann@example.org to=bob@example.test\n"},
    {"the second recipient does not", SMTP,
     DIALOGUE "ann@example.org|bob@example.test|S2|RCPT=OK||0|\n" DIALOGUE
              "ann@example.org|eve@example.test|S2|RCPT=OK||0|",
     "accept id=S2 from=ann@example.org ip=192.0.2.7\n"
     "recipient id=S2 from=ann@example.org to=bob@example.test\n"
     "recipient id=S2 from=ann@example.org to=eve@example.test\n"},
    {"the end of a dialogue is a sender; its recipient is only the last", SMTP,
     DIALOGUE "ann@example.org|bob@example.test|S2|RCPT=OK||0|\n" DIALOGUE
              "ann@example.org|bob@example.test|S2|RECV=OK||269|",
     "accept id=S2 from=ann@example.org ip=192.0.2.7\n"
     "recipient id=S2 from=ann@example.org to=bob@example.test\n"
     "sender id=S2 from=ann@example.org size=269\n"},
    {"a log that begins within a dialogue still tells its client", SMTP,
     DIALOGUE "ann@example.org|bob@example.test|S2|RECV=OK||269|",
     "accept id=S2 from=ann@example.org ip=192.0.2.7\n"
     "sender id=S2 from=ann@example.org size=269\n"},
    {"the null sender is an empty sender", SMTP, DIALOGUE "|bob@example.test|S2|RECV=OK||9|",
     "accept id=S2 from= ip=192.0.2.7\nsender id=S2 from= size=9\n"},
    {"the user and the client's name are known where they are there", SMTP,
     DIALOGUE "ann@example.org|bob@example.test|S2|RCPT=OK|ann|0|mx.example.org",
     "accept id=S2 from=ann@example.org peer=mx.example.org ip=192.0.2.7 user=ann\n"
     "recipient id=S2 from=ann@example.org to=bob@example.test\n"},
    {"before 1.12 there is no name of the client", SMTP,
     DIALOGUE "ann@example.org|bob@example.test|S2|RECV=OK||269",
     "accept id=S2 from=ann@example.org ip=192.0.2.7\n"
     "sender id=S2 from=ann@example.org size=269\n"},
    {"dialogues of two messages are interleaved", SMTP,
     DIALOGUE "a@example.org|b@example.test|S2|RCPT=OK||0|\n" DIALOGUE
              "c@example.org|d@example.test|S3|RCPT=OK||0|\n" DIALOGUE
              "a@example.org|e@example.test|S2|RCPT=OK||0|",
     "accept id=S2 from=a@example.org ip=192.0.2.7\n"
     "recipient id=S2 from=a@example.org to=b@example.test\n"
     "accept id=S3 from=c@example.org ip=192.0.2.7\n"
     "recipient id=S3 from=c@example.org to=d@example.test\n"
     "recipient id=S2 from=a@example.org to=e@example.test\n"},
    {"an IPv6 client has a bare address", SMTP,
     "s|example.test|2001:db8::7|" T "|mx|example.test|a@example.org|b@example.test|S2|RECV=OK||1|",
     "accept id=S2 from=a@example.org ip=2001:db8::7\nsender id=S2 from=a@example.org size=1\n"},
    {"a source-routed recipient is logged as its first hop", SMTP,
     DIALOGUE "a@example.org|@relay.example.test|S2|RCPT=ESYNTAX||0|",
     "reject id=S2 from=a@example.org to=@relay.example.test rejected ip=192.0.2.7 "
     "detail=RCPT=ESYNTAX\n"},

    /* smtp: what is refused */
    {"a refused recipient has the ID that was spent on the transaction", SMTP,
     DIALOGUE "ann@example.org|no@example.test|S2|RCPT=EAVAIL||0|",
     "reject id=S2 from=ann@example.org to=no@example.test rejected ip=192.0.2.7 "
     "detail=RCPT=EAVAIL\n"},
    {"a refusal begins no life", SMTP,
     DIALOGUE "a@example.org|no@example.test|S2|RCPT=ERELAY||0|\n" DIALOGUE
              "a@example.org|b@example.test|S2|RCPT=OK||0|",
     "reject id=S2 from=a@example.org to=no@example.test rejected ip=192.0.2.7 "
     "detail=RCPT=ERELAY\n"
     "accept id=S2 from=a@example.org ip=192.0.2.7\n"
     "recipient id=S2 from=a@example.org to=b@example.test\n"},
    {"a refused recipient that nobody names is not the whole message", SMTP,
     DIALOGUE "a@example.org||S2|RCPT=ENBR||0|",
     "reject id=S2 from=a@example.org to= rejected ip=192.0.2.7 detail=RCPT=ENBR\n"},
    {"a refused recipient tells the user", SMTP,
     DIALOGUE "a@example.org|b@example.test|S2|RCPT=EFULL|ann|0|mx.example.org",
     "reject id=S2 from=a@example.org to=b@example.test rejected peer=mx.example.org ip=192.0.2.7 "
     "user=ann detail=RCPT=EFULL\n"},
    {"a disabled mailbox", SMTP, DIALOGUE "a@example.org|b@example.test|S2|RCPT=EDSBL||0|",
     "reject id=S2 from=a@example.org to=b@example.test rejected ip=192.0.2.7 detail=RCPT=EDSBL\n"},
    {"a closed list", SMTP, DIALOGUE "a@example.org|l@example.test|S2|RCPT=EACCESS||0|",
     "reject id=S2 from=a@example.org to=l@example.test rejected ip=192.0.2.7 "
     "detail=RCPT=EACCESS\n"},
    {"a filter refuses one recipient", SMTP,
     DIALOGUE "a@example.org|b@example.test|S2|RCPT=EFILTER||0|",
     "reject id=S2 from=a@example.org to=b@example.test rejected ip=192.0.2.7 "
     "detail=RCPT=EFILTER\n"},
    {"a filter refuses the message before its data", SMTP,
     DIALOGUE "a@example.org|b@example.test|S2|PREDATA=EFILTER||0|",
     "reject id=S2 from=a@example.org to=b@example.test rejected whole ip=192.0.2.7 "
     "detail=PREDATA=EFILTER\n"},
    {"a filter refuses the message after its data", SMTP,
     DIALOGUE "a@example.org|b@example.test|S2|POSTDATA=EFILTER||0|",
     "reject id=S2 from=a@example.org to=b@example.test rejected whole ip=192.0.2.7 "
     "detail=POSTDATA=EFILTER\n"},
    {"before the two were parted", SMTP,
     DIALOGUE "a@example.org|b@example.test|S2|DATA=EFILTER||0|",
     "reject id=S2 from=a@example.org to=b@example.test rejected whole ip=192.0.2.7 "
     "detail=DATA=EFILTER\n"},
    {"an announced size is too big", SMTP, DIALOGUE "a@example.org|||SIZE=EBIG||99999999|",
     "reject from=a@example.org rejected whole ip=192.0.2.7 size=99999999 detail=SIZE=EBIG\n"},
    {"a sender who spams", SMTP, DIALOGUE "a@spam.example.org|||SNDR=ESPAM||0|",
     "reject from=a@spam.example.org rejected whole ip=192.0.2.7 detail=SNDR=ESPAM\n"},
    {"the null sender is refused", SMTP, DIALOGUE "|||SNDR=EEMPTY||0|",
     "reject from= rejected whole ip=192.0.2.7 detail=SNDR=EEMPTY\n"},
    {"an address that is refused at connect has no sender", SMTP,
     "||192.0.2.7|" T "||||||SNDRIP=EIPBAN||0|",
     "reject rejected whole ip=192.0.2.7 detail=SNDRIP=EIPBAN\n"},
    {"an address that is refused at MAIL has one", SMTP,
     CLIENT "mx||a@example.org|||SNDRIP=EIPSPAM||0|",
     "reject from=a@example.org rejected whole ip=192.0.2.7 detail=SNDRIP=EIPSPAM\n"},
    {"an address that is refused at MAIL by the null sender", SMTP,
     CLIENT "mx|||||SNDRIP=ERDNS||0|",
     "reject from= rejected whole ip=192.0.2.7 detail=SNDRIP=ERDNS\n"},
    {"the name of a DNS list is in the status, with a blank", SMTP,
     CLIENT "mx||a@example.org|||SNDRIP=EIPMAP (list.example.net.)||0|",
     "reject from=a@example.org rejected whole ip=192.0.2.7 detail=SNDRIP=EIPMAP "
     "(list.example.net.)\n"},
    {"a failed login is noise", SMTP, CLIENT "mx|||||AUTH=EFAIL:TYPE=PLAIN||0|",
     "noise: authentication failure\n"},
    {"a refused VRFY is noise", SMTP, CLIENT "mx|||||VRFY=EACCESS||0|", "noise: refused command\n"},
    {"a refused ETRN is noise", SMTP, CLIENT "mx|||||ETRN=EACCESS||0|", "noise: refused command\n"},
    {"a failed STARTTLS is noise", SMTP, CLIENT "mx|||||SMTP=ESSL||0|", "noise: tls\n"},
    {"a client with too many errors is noise", SMTP, CLIENT "mx|||||SMTP=EERRS||0|",
     "noise: too many errors\n"},

    /* smtp: what strangers write */
    {"HELO with a quote", SMTP,
     CLIENT "a\"b|example.test|a@example.org|b@example.test|S2|RECV=OK||1|",
     "accept id=S2 from=a@example.org ip=192.0.2.7\nsender id=S2 from=a@example.org size=1\n"},
    {"HELO with the end of a field", SMTP,
     CLIENT "a\"\t\"b|example.test|a@example.org|b@example.test|S2|RECV=OK||1|",
     "accept id=S2 from=a@example.org ip=192.0.2.7\nsender id=S2 from=a@example.org size=1\n"},
    {"HELO that is made of quotes and tabs", SMTP,
     CLIENT "\"\t\"\t\"\"\t|example.test|a@example.org|b@example.test|S2|RECV=OK||1|",
     "accept id=S2 from=a@example.org ip=192.0.2.7\nsender id=S2 from=a@example.org size=1\n"},
    {"HELO with a forged transaction", SMTP,
     CLIENT "x|d|boss@example.test|eve@example.test|S9|RECV=OK|root|example.test|"
            "a@example.org|no@example.test|S2|RCPT=EAVAIL||0|",
     "reject id=S2 from=a@example.org to=no@example.test rejected ip=192.0.2.7 "
     "detail=RCPT=EAVAIL\n"},
    {"HELO with control bytes", SMTP,
     CLIENT "\033[31m\001|example.test|a@example.org|b@example.test|S2|RECV=OK||1|",
     "accept id=S2 from=a@example.org ip=192.0.2.7\nsender id=S2 from=a@example.org size=1\n"},
    {"a user with quotes and tabs", SMTP,
     DIALOGUE "a@example.org|b@example.test|S2|RECV=OK|u\"\t\"v\t\"|1|",
     "accept id=S2 from=a@example.org ip=192.0.2.7 user=u\"\t\"v\t\"\n"
     "sender id=S2 from=a@example.org size=1\n"},
    {"a user that begins with the end of a field", SMTP,
     DIALOGUE "a@example.org|b@example.test|S2|RECV=OK|\t\"x|1|",
     "accept id=S2 from=a@example.org ip=192.0.2.7 user=\t\"x\n"
     "sender id=S2 from=a@example.org size=1\n"},

    /* smtp: what is no record */
    {"a cut record is broken", SMTP,
     "!\"s\"\t\"d\"\t\"192.0.2.7\"\t\"" T "\"\t\"mx\"\t\"example.test\"\t\"a@exam",
     "broken: cut record\n"},
    {"a record without a time is broken", SMTP, "s|d|192.0.2.7|2026-11-31 22:04:03|mx",
     "broken: cut record\n"},
    {"an unknown status is broken", SMTP, DIALOGUE "a@example.org|b@example.test|S2|RCPT?||0|",
     "broken: unknown record\n"},
    {"an ID of another form is broken", SMTP,
     DIALOGUE "a@example.org|b@example.test|s2|RCPT=OK||0|", "broken: unknown record\n"},
    {"a taken recipient without an ID is broken", SMTP,
     DIALOGUE "a@example.org|b@example.test||RCPT=OK||0|", "broken: no message ID\n"},
    {"a line without quotes is broken", SMTP, "!hello", "broken: not a record\n"},
    {"a size that is no number is broken", SMTP,
     DIALOGUE "a@example.org|b@example.test|S2|RECV=OK||many|", "broken: unknown record\n"},

    /* smail: local */
    {"a local delivery names the mailbox after aliases", SMAIL,
     COPY "S2|ann@example.org|Info@example.test|LOCAL|bob@example.test|" T "|",
     "result id=S2 spool=" SPOOL " from=ann@example.org to=Info@example.test delivered peer=local "
     "delay=0 detail=bob@example.test\n"},
    {"before 1.25 a record has no reply", SMAIL,
     COPY "S2|ann@example.org|bob@example.test|LOCAL|bob@example.test|" T,
     "result id=S2 spool=" SPOOL " from=ann@example.org to=bob@example.test delivered peer=local "
     "delay=0 detail=bob@example.test\n"},
    {"before 1.27 a spool file's name has no process", SMAIL,
     "example.test|1795298643597.12345.3.store|S2||b@example.test|LOCAL|b@example.test|" T "|",
     "result id=S2 spool=1795298643597.12345.3.store from= to=b@example.test delivered peer=local "
     "delay=0 detail=b@example.test\n"},
    {"what waited tells for how long", SMAIL,
     COPY "S2||b@example.test|LOCAL|b@example.test|2026-11-21 22:04:09|",
     "result id=S2 spool=" SPOOL " from= to=b@example.test delivered peer=local delay=6 "
     "detail=b@example.test\n"},
    {"a spool file of an unknown form tells no delay", SMAIL,
     "example.test|x|S2||b@example.test|LOCAL|b@example.test|" T "|",
     "result id=S2 spool=x from= to=b@example.test delivered peer=local detail=b@example.test\n"},
    {"a program takes it", SMAIL, COPY "S2|a@example.org|b@example.test|EXTRN|/bin/x|" T "|",
     "result id=S2 spool=" SPOOL " from=a@example.org to=b@example.test delivered peer=external "
     "delay=0 detail=/bin/x\n"},
    {"a filter of the mailbox tells no verdict", SMAIL,
     COPY "S2|a@example.org|b@example.test|FILTER|/bin/f|" T "|",
     "filter id=S2 spool=" SPOOL " from=a@example.org to=b@example.test detail=/bin/f\n"},

    /* smail: senders */
    {"a fetched message has its sender from its first copy", SMAIL,
     COPY "P5|a@example.org|b@example.test|LOCAL|b@example.test|" T "|\n" COPY
          "P5|a@example.org|c@example.test|LOCAL|c@example.test|" T "|",
     "sender id=P5 from=a@example.org\n"
     "result id=P5 spool=" SPOOL " from=a@example.org to=b@example.test delivered peer=local "
     "delay=0 detail=b@example.test\n"
     "result id=P5 spool=" SPOOL " from=a@example.org to=c@example.test delivered peer=local "
     "delay=0 detail=c@example.test\n"},
    {"so has a notice", SMAIL, COPY "X6||ann@example.test|LOCAL|ann@example.test|" T "|",
     "sender id=X6 from=\n"
     "result id=X6 spool=" SPOOL " from= to=ann@example.test delivered peer=local delay=0 "
     "detail=ann@example.test\n"},

    /* smail: the next host */
    {"Postfix names its ID", SMAIL,
     COPY "S2|a@example.org|u@example.net|FWD|192.0.2.41|" T "|2.0.0 Ok: queued as 4E4BFCFE98B",
     "result id=S2 next=4E4BFCFE98B spool=" SPOOL " from=a@example.org to=u@example.net relayed "
     "ip=192.0.2.41 status=2.0.0 delay=0 detail=2.0.0 Ok: queued as 4E4BFCFE98B\n"},
    {"sendmail names its ID", SMAIL,
     COPY "S2|a@example.org|u@example.net|FWD|hub.example.net|" T
          "|2.0.0 6ALMe2fh000087 Message accepted for delivery",
     "result id=S2 next=6ALMe2fh000087 spool=" SPOOL " from=a@example.org to=u@example.net relayed "
     "peer=hub.example.net status=2.0.0 delay=0 "
     "detail=2.0.0 6ALMe2fh000087 Message accepted for delivery\n"},
    {"qmail names its time and process", SMAIL,
     COPY "S2|a@example.org|u@example.net|SMTP|mx.example.net.|" T "|ok 1795298647 qp 47166",
     "result id=S2 next=1795298647 qp 47166 spool=" SPOOL " from=a@example.org to=u@example.net "
     "relayed peer=mx.example.net delay=0 detail=ok 1795298647 qp 47166\n"},
    {"XMail names its ID", SMAIL, COPY "S2|a@example.org|u@example.net|RLYS|192.0.2.44|" T "|S12AB",
     "result id=S2 next=S12AB spool=" SPOOL " from=a@example.org to=u@example.net relayed "
     "ip=192.0.2.44 delay=0 detail=S12AB\n"},
    {"what is left of Exchange's reply is no ID", SMAIL,
     COPY "S2|a@example.org|u@example.net|FWD|192.0.2.45|" T "|1@example.org",
     "result id=S2 spool=" SPOOL " from=a@example.org to=u@example.net relayed ip=192.0.2.45 "
     "delay=0 detail=1@example.org\n"},
    {"without a reply the operation is the detail", SMAIL,
     COPY "S2|a@example.org|u@example.net|FWD|192.0.2.45|" T "|",
     "result id=S2 spool=" SPOOL " from=a@example.org to=u@example.net relayed ip=192.0.2.45 "
     "delay=0 detail=FWD\n"},
    {"a host with a port", SMAIL,
     COPY "S2|a@example.org|u@example.net|FWD|hub.example.net:2525|" T "|",
     "result id=S2 spool=" SPOOL
     " from=a@example.org to=u@example.net relayed peer=hub.example.net "
     "delay=0 detail=FWD\n"},
    {"an address with a port", SMAIL,
     COPY "S2|a@example.org|u@example.net|FWD|192.0.2.45:2525|" T "|",
     "result id=S2 spool=" SPOOL " from=a@example.org to=u@example.net relayed ip=192.0.2.45 "
     "delay=0 detail=FWD\n"},
    {"an IPv6 address", SMAIL, COPY "S2|a@example.org|u@example.net|FWD|2001:db8::25|" T "|",
     "result id=S2 spool=" SPOOL " from=a@example.org to=u@example.net relayed ip=2001:db8::25 "
     "delay=0 detail=FWD\n"},
    {"an address in brackets", SMAIL,
     COPY "S2|a@example.org|u@example.net|SMTP|[192.0.2.45]|" T "|",
     "result id=S2 spool=" SPOOL " from=a@example.org to=u@example.net relayed ip=192.0.2.45 "
     "delay=0 detail=SMTP\n"},
    {"a gateway's recipient is the whole path", SMAIL,
     COPY "S2|a@example.org|@mx.example.net:u@gw.example.net|SMTP|mx.example.net|" T "|",
     "result id=S2 spool=" SPOOL " from=a@example.org to=@mx.example.net:u@gw.example.net relayed "
     "peer=mx.example.net delay=0 detail=SMTP\n"},

    /* smail: replies as they come */
    {"a reply with quotes", SMAIL,
     COPY "S2|a@example.org|u@example.net|FWD|192.0.2.45|" T "|2.0.0 \"quoted\" id \"72E\" ok",
     "result id=S2 spool=" SPOOL " from=a@example.org to=u@example.net relayed ip=192.0.2.45 "
     "status=2.0.0 delay=0 detail=2.0.0 \"quoted\" id \"72E\" ok\n"},
    {"a reply with a tab", SMAIL,
     COPY "S2|a@example.org|u@example.net|FWD|192.0.2.45|" T "|2.0.0 tab\there",
     "result id=S2 spool=" SPOOL " from=a@example.org to=u@example.net relayed ip=192.0.2.45 "
     "status=2.0.0 delay=0 detail=2.0.0 tab\there\n"},
    {"a reply with forged fields", SMAIL,
     COPY "S2|a@example.org|u@example.net|FWD|192.0.2.45|" T "|ok|LOCAL|boss@example.test|" T "|x",
     "result id=S2 spool=" SPOOL " from=a@example.org to=u@example.net relayed ip=192.0.2.45 "
     "delay=0 detail=ok\"\t\"LOCAL\"\t\"boss@example.test\"\t\"" T "\"\t\"x\n"},
    {"a reply of two lines is one record", SMAIL,
     "!\"example.test\"\t\"" SPOOL "\"\t\"S2\"\t\"a@example.org\"\t\"u@example.net\"\t\"FWD\"\t"
     "\"192.0.2.45\"\t\"" T "\"\t\"-2.0.0 first of two\r\n!250 2.0.0 Ok: queued as 349673747D5\"",
     "continuation\n"
     "result id=S2 next=349673747D5 spool=" SPOOL " from=a@example.org to=u@example.net relayed "
     "ip=192.0.2.45 code=250 status=2.0.0 delay=0 "
     "detail=-2.0.0 first of two 250 2.0.0 Ok: queued as 349673747D5\n"},
    {"a middle line that ends with a quote does not end the record", SMAIL,
     "!\"example.test\"\t\"" SPOOL "\"\t\"S2\"\t\"\"\t\"u@example.net\"\t\"FWD\"\t\"192.0.2.45\"\t"
     "\"" T "\"\t\"-one\n!250-see \"two\"\n!250 three\"",
     "continuation\ncontinuation\n"
     "result id=S2 spool=" SPOOL " from= to=u@example.net relayed ip=192.0.2.45 code=250 delay=0 "
     "detail=-one 250-see \"two\" 250 three\n"},
    {"a first line that ends with a quote is told, and the rest is noise", SMAIL,
     COPY "S2||u@example.net|FWD|192.0.2.45|" T "|-see \"one\"\n!250 two\"",
     "result id=S2 spool=" SPOOL " from= to=u@example.net relayed ip=192.0.2.45 delay=0 "
     "detail=-see \"one\"\nnoise: rest of a reply\n"},
    {"a record whose end is missing is told by the next one", SMAIL,
     "!\"example.test\"\t\"" SPOOL "\"\t\"S2\"\t\"\"\t\"u@example.net\"\t\"FWD\"\t\"192.0.2.45\"\t"
     "\"" T "\"\t\"-one\n" COPY "S3||b@example.test|LOCAL|b@example.test|" T "|",
     "continuation\n"
     "result id=S2 spool=" SPOOL " from= to=u@example.net relayed ip=192.0.2.45 delay=0 "
     "detail=-one\n"
     "result id=S3 spool=" SPOOL " from= to=b@example.test delivered peer=local delay=0 "
     "detail=b@example.test\n"},
    {"bytes of UTF-8 and control bytes stay in a reply", SMAIL,
     COPY "S2||u@example.net|FWD|192.0.2.45|" T "|R\303\251 \033[31m",
     "result id=S2 spool=" SPOOL " from= to=u@example.net relayed ip=192.0.2.45 delay=0 "
     "detail=R\303\251 \033[31m\n"},

    /* smail: redirections */
    {"a redirection expands a recipient and names the new one", SMAIL,
     COPY "S2|a@example.org|erin@example.test|REDIR|erin@example.net|" T "|",
     "result id=S2 spool=" SPOOL " from=a@example.org to=erin@example.test expanded delay=0 "
     "detail=erin@example.net\n"
     "recipient id=S2 from=a@example.org orig_to=erin@example.test to=erin@example.net\n"},
    {"so does one with a local sender", SMAIL,
     COPY "S2|a@example.org|f@example.test|LREDIR|f@example.net|" T "|",
     "result id=S2 spool=" SPOOL " from=a@example.org to=f@example.test expanded delay=0 "
     "detail=f@example.net\n"
     "recipient id=S2 from=a@example.org orig_to=f@example.test to=f@example.net\n"},
    {"a redirection to a domain keeps the local part", SMAIL,
     COPY "S2|a@example.org|erin@example.test|REDIR|example.net|" T "|",
     "result id=S2 spool=" SPOOL " from=a@example.org to=erin@example.test expanded delay=0 "
     "detail=example.net\n"
     "recipient id=S2 from=a@example.org orig_to=erin@example.test to=erin@example.net\n"},

    /* smail: what is no record */
    {"an unknown operation is broken", SMAIL, COPY "S2||b@example.test|EATEN|x|" T "|",
     "broken: unknown record\n"},
    {"a copy without an ID is broken", SMAIL, COPY "||b@example.test|LOCAL|b@example.test|" T "|",
     "broken: no message ID\n"},
    {"a record that is cut before its time is broken", SMAIL,
     "!\"example.test\"\t\"" SPOOL "\"\t\"S2\"\t\"\"\t\"b@example.test\"\t\"LO",
     "broken: cut record\n"},
    {"a parameter may hold the end of a field", SMAIL,
     COPY "S2||b@example.test|EXTRN|/bin/a\"\t\"b|" T "|",
     "result id=S2 spool=" SPOOL " from= to=b@example.test delivered peer=external delay=0 "
     "detail=/bin/a\"\t\"b\n"},

    /* lmail */
    {"a file of the local spool begins a life", LMAIL, "example.test|1795298668000.2320.vm|L158|" T,
     "accept id=L158 user=local detail=1795298668000.2320.vm\n"},
    {"its name may be anything", LMAIL, "example.test|a\"\t\"b|L158|" T,
     "accept id=L158 user=local detail=a\"\t\"b\n"},
    {"a file without an ID is broken", LMAIL, "example.test|f|158|" T, "broken: no message ID\n"},

    /* filters */
    {"a filter that lets pass is noise", FILTERS,
     "a@example.org|b@example.test|192.0.2.1|192.0.2.7|" T "|post-rcpt||0|0|/bin/f;b;",
     "noise: filter run\n"},
    {"a filter that refuses names sender and recipient", FILTERS,
     "a@example.org|b@example.test|192.0.2.1|192.0.2.7|" T "|post-rcpt||0|3|/bin/f;b;",
     "filter from=a@example.org to=b@example.test ip=192.0.2.7 "
     "detail=post-rcpt: exit code 3: /bin/f;b;\n"},
    {"several recipients are none", FILTERS,
     "a@example.org|*|192.0.2.1|192.0.2.7|" T "|post-data||0|19|/bin/f;",
     "filter from=a@example.org ip=192.0.2.7 detail=post-data: exit code 19: /bin/f;\n"},
    {"a filter of the queue refuses by other codes", FILTERS,
     "a@example.org|b@example.test|192.0.2.1|192.0.2.7|" T "|in||0|4|/bin/f;",
     "filter from=a@example.org to=b@example.test ip=192.0.2.7 detail=in: exit code 4: /bin/f;\n"},
    {"a filter of the queue that changed the message is noise", FILTERS,
     "a@example.org|b@example.test|192.0.2.1|192.0.2.7|" T "|out||0|7|/bin/f;",
     "noise: filter run\n"},
    {"a command may hold fields", FILTERS,
     "a@example.org|b@example.test|192.0.2.1|192.0.2.7|" T "|in|i\"\t\"j|0|6|/bin/f;x|0|0|y",
     "filter from=a@example.org to=b@example.test ip=192.0.2.7 "
     "detail=in: exit code 6: /bin/f;x\"\t\"0\"\t\"0\"\t\"y\n"},

    /* the others */
    {"a fetched mailbox is noise", PSYNC,
     T "|example.test|judy|pop.example.net|judy|CLR|SYNC=OK|4|1284|0|0", "noise: mailbox fetch\n"},
    {"a failed fetch is noise", PSYNC,
     T "|example.test|judy|pop.example.net|judy|CLR|SYNC=EFAIL|0|0|0|0",
     "noise: mailbox fetch failure\n"},
    {"an unknown mailbox is a failed fetch", PSYNC,
     T "|?a.test,b.test|x\"\t\"y|pop.example.net|judy|CLR|SYNC=ENOUSER|0|0|0|0",
     "noise: mailbox fetch failure\n"},
    {"a cut fetch is broken", PSYNC, T "|example.test|judy|pop.example.net",
     "broken: cut record\n"},
    {"a login is noise", POP3, CLIENT "bob||LOGIN|118|138575", "noise: pop3 login\n"},
    {"a failed login is noise too", POP3, CLIENT "bob||ELOGIN", "noise: pop3 login failure\n"},
    {"before 1.25 a login has no outcome", POP3, CLIENT "bob|secret", "noise: pop3 login\n"},
    {"finger is noise", FINGER, CLIENT "any\"\t\"thing", "noise: finger\n"},
    {"a control connection is noise", CTRL, "192.0.2.7|admin|secret|" T "|AUTH",
     "noise: control connection\n"},
    {"a record in a log of another name is none of its", POP3,
     COPY "S2||b@example.test|LOCAL|b@example.test|" T "|", "broken: cut record\n"},
    {"a forged dialogue in a user's name stays a login", POP3,
     CLIENT "h|d|a@example.org|b@example.test|S9|RECV=OK||269|x|ELOGIN",
     "noise: pop3 login failure\n"},
    {"a forged dialogue in a query stays a query", FINGER,
     CLIENT "h|d|a@example.org|b@example.test|S9|RECV=OK||269|", "noise: finger\n"},

    /* by their form alone */
    {"a dialogue is known by its form", NULL,
     DIALOGUE "a@example.org|b@example.test|S2|RECV=OK||1|",
     "accept id=S2 from=a@example.org ip=192.0.2.7\nsender id=S2 from=a@example.org size=1\n"},
    {"all logs in one file", NULL,
     COPY "L3|a@example.test|b@example.test|LOCAL|b@example.test|" T "|\n"
          "example.test|f|L3|" T "\n" CLIENT "bob||ELOGIN\n" CLIENT "who\n" CLIENT "bob|pw\n"
          "192.0.2.7|admin|pw|" T "|REQ\n"
          "a@example.org|b@example.test|192.0.2.1|192.0.2.7|" T "|in||0|0|/bin/f\n" T
          "|example.test|judy|pop.example.net|judy|CLR|SYNC=OK|4|1284|0|0",
     "sender id=L3 from=a@example.test\n"
     "result id=L3 spool=" SPOOL " from=a@example.test to=b@example.test delivered peer=local "
     "delay=0 detail=b@example.test\n"
     "accept id=L3 user=local detail=f\n"
     "noise: pop3 login failure\nnoise: finger\nnoise: pop3 login\nnoise: control connection\n"
     "noise: filter run\nnoise: mailbox fetch\n"},
    {"a record of no known form is broken", NULL, "a|b|c", "broken: unknown record\n"},
    {"a line without quotes may be anyone's", NULL, "!Nov 21 22:04:03 mx1 postfix/qmgr[1]: x",
     "foreign\n"},
    {"a file under another name", "smtp-all", COPY "S2||b@example.test|LOCAL|b@example.test|" T "|",
     "result id=S2 spool=" SPOOL " from= to=b@example.test delivered peer=local delay=0 "
     "detail=b@example.test\n"},
    {"a compressed file keeps its name", "x/" SMTP ".gz", CLIENT "mx|||||SMTP=ESSL||0|",
     "noise: tls\n"},

    /* slog */
    {"a temporary failure is a delay", SLOG,
     NOTE "!ErrInfo   = 450 4.2.0 <b@example.net>: Greylisted\n"
          "!SMAIL SMTP-Send FWD = \"192.0.2.42\" SMTP = \"example.test\" From = \"a@example.org\" "
          "To = \"b@example.net\" Failed !\n"
          "!SMTP-Error = \"450 4.2.0 <b@example.net>: Greylisted\"\n"
          "!SMTP-Server = \"192.0.2.42\"\n!>>",
     NOTE_BEGUN NOTE_BEGUN "result spool=" SPOOL
                           " from=a@example.org to=b@example.net delayed ip=192.0.2.42 code=450 "
                           "status=4.2.0 detail=450 4.2.0 <b@example.net>: Greylisted\n"},
    {"a permanent failure is one, whatever the reply's lines hold", SLOG,
     NOTE "!ErrInfo   = 550-5.7.1 blocked\r\n!550 5.7.1 end\n"
          "!SMAIL SMTP-Send MX = \"mx.example.net.\" SMTP = \"example.test\" From = \"\" "
          "To = \"b@example.net\" Failed !\n"
          "!SMTP-Error = \"550-5.7.1 blocked\r\n!550-5.7.1 see \"http://x/?a\"\r\n"
          "!550 5.7.1 end\"\n!SMTP-Server = \"mx.example.net.\"\n!>>",
     NOTE_BEGUN NOTE_BEGUN THREE_MORE
     "result spool=" SPOOL " from= to=b@example.net failed peer=mx.example.net code=550 "
     "status=5.7.1 detail=550-5.7.1 blocked 550-5.7.1 see \"http://x/?a\" 550 5.7.1 end\n"},
    {"no answer at all is a delay", SLOG,
     NOTE
     "!SMAIL SMTP-Send FWD = \"192.0.2.47\" SMTP = \"d\" From = \"k@d\" To = \"b@example.net\" "
     "Failed !\n!SMTP-Error = \"417 Temporary delivery error\"\n"
     "!SMTP-Server = \"192.0.2.47\"\n!>>",
     NOTE_BEGUN THREE_MORE "result spool=" SPOOL
                           " from=k@d to=b@example.net delayed ip=192.0.2.47 code=417 "
                           "detail=417 Temporary delivery error\n"},
    {"a name server that fails is a delay, and asks nobody", SLOG,
     NOTE "!SMAIL SMTP-Send EDNS = \"sf.example.net\" SMTP = \"d\" From = \"k@d\" "
          "To = \"b@sf.example.net\" Failed !\n!SMTP-Error = \"Remote DNS server failed\"\n"
          "!SMTP-Server = \"sf.example.net\"\n!>>",
     NOTE_BEGUN THREE_MORE "result spool=" SPOOL " from=k@d to=b@sf.example.net delayed "
                           "detail=Remote DNS server failed\n"},
    {"an unknown user is a failure", SLOG,
     NOTE "!Unknown user \"x\" in domain \"example.test\"\n!>>",
     NOTE_BEGUN "continuation\nresult spool=" SPOOL " to=x@example.test failed "
                "detail=Unknown user \"x\" in domain \"example.test\"\n"},
    {"an unknown domain is a failure of whom it does not say", SLOG,
     NOTE "!Recipient domain \"no.example\" does not exist (or it has a misconfigured DNS)\n!>>",
     NOTE_BEGUN "continuation\nresult spool=" SPOOL " failed detail=Recipient domain "
                "\"no.example\" does not exist (or it has a misconfigured DNS)\n"},
    {"each host that was tried has its note", SLOG,
     NOTE "!SMAIL SMTP-Send MX = \"a.\" SMTP = \"d\" From = \"\" To = \"b@x\" Failed !\n"
          "!SMTP-Error = \"417 no\"\n!SMTP-Server = \"a.\"\n!>>\n!<<\n"
          "!SMAIL SMTP-Send MX = \"b.\" SMTP = \"d\" From = \"\" To = \"b@x\" Failed !\n"
          "!SMTP-Error = \"550 no\"\n!SMTP-Server = \"b.\"\n!>>",
     NOTE_BEGUN THREE_MORE
     "result spool=" SPOOL " from= to=b@x delayed peer=a code=417 detail=417 no\n" NOTE_BEGUN
     "result spool=" SPOOL " from= to=b@x failed peer=b code=550 detail=550 no\n"},
    {"a try without a note tells nothing", SLOG, PEEK PEEK, "continuation\ncontinuation\n"},
    {"a note under another name names no spool file", "notes.txt",
     NOTE "!Unknown user \"x\" in domain \"example.test\"\n!>>",
     NOTE_BEGUN "continuation\nresult to=x@example.test failed "
                "detail=Unknown user \"x\" in domain \"example.test\"\n"},
    {"a compressed note names it", SLOG ".xz",
     NOTE "!Unknown user \"x\" in domain \"example.test\"\n!>>",
     NOTE_BEGUN "continuation\nresult spool=" SPOOL " to=x@example.test failed "
                "detail=Unknown user \"x\" in domain \"example.test\"\n"},
    {"a note before any try is none", SLOG, "!<<\n!ErrCode   = -77\n!>>",
     "foreign\nforeign\nforeign\n"},
};

/* What stands for FIELD|FIELD. The caller frees it. */
static char *record_of(const char *line)
{
    g_auto(GStrv) fields = NULL;
    g_autofree char *joined = NULL;

    if (*line == '!' || *line == '\0')
        return g_strdup(*line == '!' ? line + 1 : line);
    fields = g_strsplit(line, "|", -1);
    joined = g_strjoinv("\"\t\"", fields);
    return g_strdup_printf("\"%s\"", joined);
}

/* The lines as the reader gets them, without CR. The caller frees them. */
static char *log_text(const char *log)
{
    g_auto(GStrv) lines = g_strsplit(log, "\n", -1);

    for (char **line = lines; *line != NULL; line++) {
        char *record = record_of(*line);

        if (g_str_has_suffix(record, "\r"))
            record[strlen(record) - 1] = '\0';
        g_free(*line);
        *line = record;
    }
    return g_strjoinv("\n", lines);
}

static void check_case(void **state)
{
    const Case *c = *state;
    MstReader *reader = mst_reader_new(&mst_reader_xmail);
    g_autofree char *log = log_text(c->log);
    g_autofree char *events = recorder_read_file(reader, c->file, log);

    assert_string_equal(events, c->events);
    mst_reader_free(reader);
}

/* The line, cut anywhere, each time in a block of its own size. What the reader says is not asked. */
static void read_cut(MstReader *reader, MstBatch *batch, const char *text)
{
    for (size_t len = strlen(text); len > 0; len--) {
        g_autofree char *block = g_memdup2(text, len);
        MstLine line = {.whole = {block, len}, .text = {block, len}, .number = 1};
        MstVerdict verdict;

        (void)mst_reader_xmail.recognises(line.whole);
        mst_batch_clear(batch);
        verdict = mst_reader_read(reader, &line, batch);
        assert_true((verdict.fate == MST_FATE_EVENT) == (batch->events->len > 0));
    }
}

static void check_cut_records(void **state)
{
    MstReader *reader = mst_reader_new(&mst_reader_xmail);
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_EVENTS);

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *log = log_text(cases[i].log);
        g_auto(GStrv) lines = g_strsplit(log, "\n", -1);

        for (char **line = lines; *line != NULL; line++)
            read_cut(reader, batch, *line);
    }
    mst_batch_free(batch);
    mst_reader_free(reader);
}

/* ---- what may be shown */

typedef struct Shown {
    const char *name;
    const char *file;
    const char *line;
    const char *shown;
} Shown;

static const Shown shown[] = {
    {"the password of a login is hidden", POP3, CLIENT "bob|secret|LOGIN|1|2",
     CLIENT "bob|(hidden)|LOGIN|1|2"},
    {"the password of a failed login is hidden", POP3, CLIENT "bob|secret|ELOGIN",
     CLIENT "bob|(hidden)|ELOGIN"},
    {"the password of an old login is hidden", POP3, CLIENT "bob|secret", CLIENT "bob|(hidden)"},
    {"what is not logged need not be hidden", POP3, CLIENT "bob||ELOGIN", CLIENT "bob||ELOGIN"},
    {"where the user ends is not sure", POP3, CLIENT "b|b|secret|ELOGIN", CLIENT "(hidden)|ELOGIN"},
    {"a tab in a password hides the user too", POP3, CLIENT "bob|sec\tret|ELOGIN",
     CLIENT "(hidden)|ELOGIN"},
    {"a login without a password's field", POP3, CLIENT "secret", CLIENT "(hidden)"},
    {"a cut login is hidden", POP3, "!\"s\"\t\"d\"\t\"192.0.2.7\"\t\"" T "\"\t\"bob\"\t\"sec",
     "!(hidden)"},
    {"a login that is no record is hidden", POP3, "!secret", "!(hidden)"},
    {"the control password is hidden", CTRL, "192.0.2.7|admin|secret|" T "|REQ",
     "192.0.2.7|admin|(hidden)|" T "|REQ"},
    {"so is its hash", CTRL, "192.0.2.7|admin|#f8662e8fb2157442fd7ad3f4ed521b7b|" T "|AUTH",
     "192.0.2.7|admin|(hidden)|" T "|AUTH"},
    {"a control password that looks like a time", CTRL, "192.0.2.7|admin|" T "|REQ|" T "|FAIL",
     "192.0.2.7|(hidden)|" T "|FAIL"},
    {"a cut control line is hidden", CTRL, "!\"192.0.2.7\"\t\"admin\"\t\"sec", "!(hidden)"},
    {"by its form a login is hidden too", NULL, CLIENT "bob|secret|ELOGIN",
     CLIENT "bob|(hidden)|ELOGIN"},
    {"by its form an old login is hidden too", NULL, CLIENT "bob|secret", CLIENT "bob|(hidden)"},
    {"by its form a control line is hidden too", NULL, "192.0.2.7|admin|secret|" T "|REQ",
     "192.0.2.7|admin|(hidden)|" T "|REQ"},
    {"what is of no known form is hidden", NULL, "192.0.2.7|admin|secret", "!(hidden)"},
    {"a broken record of another log is shown", SMTP, "a|b|c", "a|b|c"},
    {"a dialogue is shown", SMTP, DIALOGUE "a@example.org|b@example.test|S2|RECV=OK||1|",
     DIALOGUE "a@example.org|b@example.test|S2|RECV=OK||1|"},
};

/* Is `needle` in any text of the events? */
static bool events_hold(const MstBatch *batch, const char *needle)
{
    GString *text = g_string_new(NULL);
    bool found;

    for (guint i = 0; i < batch->events->len; i++)
        recorder_write(text, &g_array_index(batch->events, MstEvent, i));
    found = strstr(text->str, needle) != NULL;
    g_string_free(text, TRUE);
    return found;
}

static void check_shown(void **state)
{
    const Shown *c = *state;
    MstReader *reader = mst_reader_new(&mst_reader_xmail);
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_EVENTS);
    g_autofree char *text = log_text(c->line);
    g_autofree char *expected = log_text(c->shown);
    MstLine line = {.whole = mst_slice_of(text), .text = mst_slice_of(text), .number = 1};
    g_autofree char *whole = NULL;

    batch->file = c->file;
    (void)mst_reader_read(reader, &line, batch);
    whole = g_strndup(line.whole.ptr, line.whole.len);
    assert_string_equal(whole, expected);
    assert_true(line.text.ptr == line.whole.ptr);
    assert_false(events_hold(batch, "secret"));
    mst_batch_free(batch);
    mst_reader_free(reader);
}

/* ---- time */

/* 2026-11-21 22:04:03 UTC is 1795298643; RECORD's stamp and spool file's clock are given. */
typedef struct Timed {
    const char *name;
    const char *zone;
    const char *log;   /* SPOOL-SECONDS STAMP, or - STAMP for a dialogue */
    const char *times; /* of the events, in seconds behind 1795298643 */
} Timed;

static const Timed timed[] = {
    {"without a spool file the person's zone counts", "+01:00", "- 2026-11-21 23:04:03", "0 0"},
    {"no zone at all is UTC", NULL, "- " T, "0 0"},
    {"the spool's clock tells the zone", "UTC", "1795298643 2026-11-21 23:04:03", "0"},
    {"a zone west of Greenwich", "UTC", "1795298643 2026-11-21 17:04:05", "2"},
    {"a zone of three quarters", "UTC", "1795298643 2026-11-22 03:49:03", "0"},
    {"what was learned serves lines that do not tell it", "UTC",
     "1795298643 2026-11-21 23:04:03\n- 2026-11-21 23:04:04", "0 1 1"},
    {"a delay is not taken for a zone again", "UTC",
     "1795298643 2026-11-21 22:04:03\n1795298643 2026-11-21 23:04:03", "0 3600"},
    {"a first delay is taken for one until a record knows better", "UTC",
     "1795298643 2026-11-21 22:19:03\n1795298653 2026-11-21 22:04:13", "0 10"},
    {"the person's zone confirms what the spool's clock says", "+01:00",
     "1795298643 2026-11-21 22:04:03\n1795298653 2026-11-21 23:04:13", "0 10"},
    {"summer time begins where half an hour of records say so", "UTC",
     "1795298643 2026-11-21 22:04:03\n1795298653 2026-11-21 23:04:13\n"
     "1795300453 2026-11-21 23:34:13\n1795300454 2026-11-21 23:34:14",
     "0 3610 1810 1811"},
    {"summer time ends at once", "UTC",
     "1795298643 2026-11-21 23:04:03\n1795298653 2026-11-21 22:04:13", "0 10"},
    {"a spool's clock that is days off tells no zone", "UTC", "1794298643 " T, "0"},
};

static char *timed_record(const char *line)
{
    const char *blank = strchr(line, ' ');
    g_autofree char *spool = g_strndup(line, (size_t)(blank - line));
    g_autofree char *record =
        *line == '-'
            ? g_strdup_printf("s|d|192.0.2.7|%s|mx|d|a@example.org|b@example.test|S2|RECV=OK||1|",
                              blank + 1)
            : g_strdup_printf("d|%s000.7f.1.1.store|S2||b@example.test|LOCAL|b@example.test|%s|",
                              spool, blank + 1);

    return record_of(record);
}

static void check_timed(void **state)
{
    const Timed *c = *state;
    MstReader *reader = mst_reader_new(&mst_reader_xmail);
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_EVENTS);
    g_auto(GStrv) lines = g_strsplit(c->log, "\n", -1);
    GTimeZone *zone = c->zone == NULL ? NULL : g_time_zone_new_identifier(c->zone);
    GString *times = g_string_new(NULL);

    reader->zone = zone;
    for (char **at = lines; *at != NULL; at++) {
        g_autofree char *text = timed_record(*at);
        MstLine line = {.whole = mst_slice_of(text), .text = mst_slice_of(text), .number = 1};

        mst_batch_clear(batch);
        (void)mst_reader_read(reader, &line, batch);
        for (guint i = 0; i < batch->events->len; i++) {
            const MstEvent *event = &g_array_index(batch->events, MstEvent, i);

            assert_int_equal(event->resolution_us, 1000000);
            assert_true(event->time_us == line.time_us);
            g_string_append_printf(times, "%s%" G_GINT64_FORMAT, times->len > 0 ? " " : "",
                                   event->time_us / 1000000 - 1795298643);
        }
    }
    assert_string_equal(times->str, c->times);
    g_string_free(times, TRUE);
    g_clear_pointer(&zone, g_time_zone_unref);
    mst_batch_free(batch);
    mst_reader_free(reader);
}

static void check_note_time(void **state)
{
    MstReader *reader = mst_reader_new(&mst_reader_xmail);
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_EVENTS);
    g_autofree char *log = log_text(NOTE "!Unknown user \"x\" in domain \"d\"\n!>>");
    g_auto(GStrv) lines = g_strsplit(log, "\n", -1);
    const MstEvent *event;

    (void)state;
    batch->file = SLOG;
    for (char **at = lines; *at != NULL; at++) {
        MstLine line = {.whole = mst_slice_of(*at), .text = mst_slice_of(*at), .number = 1};

        (void)mst_reader_read(reader, &line, batch);
    }
    assert_int_equal(batch->events->len, 1);
    event = &g_array_index(batch->events, MstEvent, 0);
    assert_true(event->time_us == INT64_C(1795298644000000));
    mst_batch_free(batch);
    mst_reader_free(reader);
}

/* ---- whose log it is */

static const struct {
    const char *line;
    bool recognised;
} looks[] = {
    {DIALOGUE "a@example.org|b@example.test|S2|RCPT=OK||0|", true},
    {"||192.0.2.7|" T "||||||SNDRIP=EIPBAN||0|", true},
    {COPY "S2||b@example.test|LOCAL|b@example.test|" T "|", true},
    {COPY "S2||b@example.test|LOCAL|b@example.test|" T, true},
    {"!\"d\"\t\"" SPOOL "\"\t\"S2\"\t\"\"\t\"u@d\"\t\"FWD\"\t\"h\"\t\"" T "\"\t\"-one", true},
    {"example.test|f|L3|" T, true},
    {CLIENT "bob||LOGIN|1|2", true},
    {CLIENT "bob|pw", true},
    {CLIENT "who", true},
    {"192.0.2.7|admin|pw|" T "|REQ", true},
    {"a@example.org|b@example.test|192.0.2.1|192.0.2.7|" T "|in||0|0|/bin/f", true},
    {T "|d|judy|pop.example.net|judy|CLR|SYNC=OK|4|1284|0|0", true},
    {"![PeekTime] 1795298644 : Sat, 21 Nov 2026 22:04:04 -0000", true},
    {"!ErrCode   = -77", true},
    {"![PeekTime] later", false},
    {"a|b|c", false},
    {"a|b|c|2026-02-30 00:00:00|x", false},
    {"!\"", false},
    {"!", false},
    {"!2026-11-21 22:04:03 mx1 postfix/qmgr[1]: x", false},
    {"!250 two\"", false},
};

static void check_looks(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(looks); i++) {
        g_autofree char *line = record_of(looks[i].line);

        if (mst_reader_xmail.recognises(mst_slice_of(line)) != looks[i].recognised)
            fail_msg("%s", line);
    }
}

/* A reply that never ends is given up, and what follows is read again. */
static void check_endless_record(void **state)
{
    MstReader *reader = mst_reader_new(&mst_reader_xmail);
    g_autofree char *line = g_strnfill(4000, 'x');
    g_autofree char *log = g_strconcat(
        "\"d\"\t\"" SPOOL "\"\t\"S2\"\t\"\"\t\"u@d\"\t\"FWD\"\t\"h\"\t\"" T "\"\t\"-one\n250-",
        line, "\n250-", line, "\n250-", line, "\n\"d\"\t\"f\"\t\"L3\"\t\"" T "\"\n", NULL);
    g_autofree char *events = recorder_read(reader, NULL, log);

    (void)state;
    assert_string_equal(events, "continuation\ncontinuation\ncontinuation\n"
                                "broken: record without an end\n"
                                "accept id=L3 user=local detail=f\n");
    mst_reader_free(reader);
}

/* A life that begins again long after others is told again: what is remembered is bounded. */
static void check_many_ids(void **state)
{
    MstReader *reader = mst_reader_new(&mst_reader_xmail);
    g_autofree char *first = log_text(DIALOGUE "|b@example.test|S2|RECV=OK||1|");
    g_autofree char *far = log_text(DIALOGUE "|b@example.test|S20002|RECV=OK||1|");
    g_autofree char *log = g_strjoin("\n", first, first, far, first, NULL);
    g_autofree char *events = recorder_read_file(reader, SMTP, log);

    (void)state;
    assert_string_equal(events, "accept id=S2 from= ip=192.0.2.7\nsender id=S2 from= size=1\n"
                                "sender id=S2 from= size=1\n"
                                "accept id=S20002 from= ip=192.0.2.7\n"
                                "sender id=S20002 from= size=1\n"
                                "accept id=S2 from= ip=192.0.2.7\nsender id=S2 from= size=1\n");
    mst_reader_free(reader);
}

int main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(cases) + G_N_ELEMENTS(shown) + G_N_ELEMENTS(timed) + 5];
    size_t n = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        tests[n++] = (struct CMUnitTest){cases[i].name, check_case, NULL, NULL, (void *)&cases[i]};
    for (size_t i = 0; i < G_N_ELEMENTS(shown); i++)
        tests[n++] = (struct CMUnitTest){shown[i].name, check_shown, NULL, NULL, (void *)&shown[i]};
    for (size_t i = 0; i < G_N_ELEMENTS(timed); i++)
        tests[n++] = (struct CMUnitTest){timed[i].name, check_timed, NULL, NULL, (void *)&timed[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_cut_records);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_note_time);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_looks);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_endless_record);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_many_ids);
    return cmocka_run_group_tests_name("xmail", tests, NULL, NULL);
}
