/* test_envelope.c - what stands around the mail system's own text */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailstory/envelope.h"

/* Lines of one source, and what is read from each of them. A line break ends a line. */
static const struct Case {
    const char *name;
    const char *log;
    const char *expected; /* `TIME/RESOLUTION HOST TAG PID TEXT`; `-` unset; `?` no envelope */
    const char *zone;     /* NULL: UTC; else a setting of --timezone */
    const char *host;     /* the source's; NULL none */
    int year;             /* said; 0: from the file's time */
    const char *mtime;    /* NULL: 2026-11-22 */
} cases[] = {
    {.name = "a classic line",
     .log = "Apr  6 13:05:01 mx1 postfix/smtpd[20589]: connect from x",
     .expected = "2026-04-06T13:05:01.000000/1000000 mx1 postfix/smtpd 20589 connect from x\n"},
    {.name = "a submission daemon",
     .log = "May 01 10:00:00 mx1 postfix/submission/smtpd[1]: x",
     .expected = "2026-05-01T10:00:00.000000/1000000 mx1 postfix/submission/smtpd 1 x\n"},
    {.name = "an instance with dots in its name",
     .log = "Jul 15 10:00:00 mx1 postfix-192.0.2.7/smtpd[77]: lost connection",
     .expected =
         "2026-07-15T10:00:00.000000/1000000 mx1 postfix-192.0.2.7/smtpd 77 lost connection\n"},
    {.name = "sendmail, one digit of a day",
     .log = "Mar 7 02:09:33 hub sm-mta[79]: u31F: to=<a@b>",
     .expected = "2026-03-07T02:09:33.000000/1000000 hub sm-mta 79 u31F: to=<a@b>\n"},
    {.name = "no host",
     .log = "Mar  7 02:09:33 sendmail[23]: u31F: x",
     .expected = "2026-03-07T02:09:33.000000/1000000 - sendmail 23 u31F: x\n"},
    {.name = "no host, but the source has one",
     .log = "Mar  7 02:09:33 sendmail[23]: u31F: x",
     .expected = "2026-03-07T02:09:33.000000/1000000 hub sendmail 23 u31F: x\n",
     .host = "hub"},
    {.name = "a host in the line wins over the source's",
     .log = "Mar  7 02:09:33 mx1 sendmail[23]: x",
     .expected = "2026-03-07T02:09:33.000000/1000000 mx1 sendmail 23 x\n",
     .host = "hub"},
    {.name = "no pid",
     .log = "Jul 15 00:00:11 mail dovecot: pop3-login: x",
     .expected = "2026-07-15T00:00:11.000000/1000000 mail dovecot 0 pop3-login: x\n"},
    {.name = "a host that is an IPv6 address",
     .log = "Jul 15 00:00:11 2001:db8::1 postfix/smtpd[5]: x",
     .expected = "2026-07-15T00:00:11.000000/1000000 2001:db8::1 postfix/smtpd 5 x\n"},
    {.name = "syslog-ng's source in front of the host",
     .log = "Jul 15 00:00:11 src@mx1 sendmail[5]: x",
     .expected = "2026-07-15T00:00:11.000000/1000000 mx1 sendmail 5 x\n"},
    {.name = "RFC 3339",
     .log = "2023-03-14T06:37:49.773033+01:00 mx1 postfix/pipe[327544]: 4Pb: x",
     .expected = "2023-03-14T05:37:49.773033/1 mx1 postfix/pipe 327544 4Pb: x\n"},
    {.name = "ISO without a zone",
     .log = "2019-08-11 01:04:52 hub sendmail[8767]: x",
     .expected = "2019-08-11T01:04:52.000000/1000000 hub sendmail 8767 x\n"},
    {.name = "the year in front",
     .log = "2013 Jun 10 06:27:30.123 mx1 postfix/smtpd[5530]: x",
     .expected = "2013-06-10T06:27:30.123000/1000 mx1 postfix/smtpd 5530 x\n"},
    {.name = "a priority, RFC 3164, no host, Solaris' message id",
     .log = "<22>Jun 26 12:02:38 sendmail[23292]: [ID 801593 mail.info] l5Q: x",
     .expected = "2026-06-26T12:02:38.000000/1000000 - sendmail 23292 l5Q: x\n"},
    {.name = "Solaris",
     .log = "Dec 12 00:00:02 mx1 sendmail[20512]: [ID 801593 mail.info] kBC: from=root",
     .expected = "2025-12-12T00:00:02.000000/1000000 mx1 sendmail 20512 kBC: from=root\n"},
    {.name = "a bracket that is no message id stays",
     .log = "Jul 15 00:00:11 mx1 milter-manager[5]: [statistics] x",
     .expected = "2026-07-15T00:00:11.000000/1000000 mx1 milter-manager 5 [statistics] x\n"},
    {.name = "RFC 5424",
     .log = "<22>1 2022-03-28T13:58:27Z mx1 postfix/qmgr 182 - - 4Pb: removed",
     .expected = "2022-03-28T13:58:27.000000/1000000 mx1 postfix/qmgr 182 4Pb: removed\n"},
    {.name = "RFC 5424, the daemon cut off its name",
     .log = "<22>1 2022-03-28T13:58:27Z mx1 postfix 182 - -  4Pb: x",
     .expected = "2022-03-28T13:58:27.000000/1000000 mx1 postfix 182 4Pb: x\n"},
    {.name = "RFC 5424 with the older heading inside",
     .log = "<22>1 2022-03-28T13:58:27Z mx1 mail - - - postfix-inbound/cleanup[25993]: x",
     .expected = "2022-03-28T13:58:27.000000/1000000 mx1 postfix-inbound/cleanup 25993 x\n"},
    {.name = "RFC 5424: a text like a heading, but the process is known",
     .log = "<22>1 2022-03-28T13:58:27Z mx1 postfix/smtpd 7 - - sm-mta[1]: forged",
     .expected = "2022-03-28T13:58:27.000000/1000000 mx1 postfix/smtpd 7 sm-mta[1]: forged\n"},
    {.name = "RFC 5424 with structured data, brackets and quotes in it, and a byte order mark",
     .log =
         "<22>1 2022-03-28T13:58:27Z mx1 postfix/qmgr 182 ID1 [a@1 b=\"x\\\"]y\"][c] \xef\xbb\xbfz",
     .expected = "2022-03-28T13:58:27.000000/1000000 mx1 postfix/qmgr 182 z\n"},
    {.name = "RFC 5424 without a stamp and without a host",
     .log = "<22>1 - - postfix/qmgr 182 - - x",
     .expected = "-/0 hub postfix/qmgr 182 x\n",
     .host = "hub"},
    {.name = "RFC 5424 with a process that is too large a number",
     .log = "<22>1 2022-03-28T13:58:27Z mx1 postfix/qmgr 4294967297 - - x",
     .expected = "2022-03-28T13:58:27.000000/1000000 mx1 postfix/qmgr 0 x\n"},
    {.name = "RFC 5424 with a process that is no number",
     .log = "<22>1 2022-03-28T13:58:27Z mx1 postfix/qmgr 12b - - x",
     .expected = "2022-03-28T13:58:27.000000/1000000 mx1 postfix/qmgr 0 x\n"},
    {.name = "RFC 5424 with structured data that never ends",
     .log = "<22>1 2022-03-28T13:58:27Z mx1 a 1 - [b",
     .expected = "?\n"},
    {.name = "busybox' priority behind the host",
     .log = "Mar 22 07:45:01 mx1 mail.info postfix/qmgr[595]: x",
     .expected = "2026-03-22T07:45:01.000000/1000000 mx1 postfix/qmgr 595 x\n"},
    {.name = "FreeBSD's priority before the host",
     .log = "Mar 22 07:45:01 <mail.info> mx1 postfix/qmgr[595]: x",
     .expected = "2026-03-22T07:45:01.000000/1000000 mx1 postfix/qmgr 595 x\n"},
    {.name = "a priority and no host",
     .log = "Mar 22 07:45:01 mail.info postfix/qmgr[595]: x",
     .expected = "2026-03-22T07:45:01.000000/1000000 - postfix/qmgr 595 x\n"},
    {.name = "a host with a name like mail.example.test",
     .log = "Mar 22 07:45:01 mail.example.test postfix/qmgr[595]: x",
     .expected = "2026-03-22T07:45:01.000000/1000000 mail.example.test postfix/qmgr 595 x\n"},
    {.name = "a level and no host",
     .log = "2024-02-14T14:47:24.705153-08:00 INFO    postfix/smtpd[39551]: x",
     .expected = "2024-02-14T22:47:24.705153/1 - postfix/smtpd 39551 x\n"},
    {.name = "no colon",
     .log = "2021-02-19T14:32:14+01:00 mx1 postfix/cleanup[52106] E89: milter-hold: x",
     .expected =
         "2021-02-19T13:32:14.000000/1000000 mx1 postfix/cleanup 52106 E89: milter-hold: x\n"},
    {.name = "no blank",
     .log = "Jul 15 00:00:11 mx1 postfix/cleanup[13164]:0A84FD94C4: message-id=<>",
     .expected = "2026-07-15T00:00:11.000000/1000000 mx1 postfix/cleanup 13164 0A84FD94C4: "
                 "message-id=<>\n"},
    {.name = "several blanks in front of the text go, those behind it stay",
     .log = "Jul 15 00:00:11 mx1 postfix/qmgr[11862]:   3A45: x  ",
     .expected = "2026-07-15T00:00:11.000000/1000000 mx1 postfix/qmgr 11862 3A45: x  \n"},
    {.name = "metalog",
     .log = "Jun 25 10:25:09 [postfix/smtps/smtpd] 4F3BF1470DDC: x",
     .expected = "2026-06-25T10:25:09.000000/1000000 - postfix/smtps/smtpd 0 4F3BF1470DDC: x\n"},
    {.name = "a host, a repetition, no tag",
     .log = "Jun 25 10:25:09 mx1 last message repeated 2 times",
     .expected = "2026-06-25T10:25:09.000000/1000000 mx1 - 0 last message repeated 2 times\n"},
    {.name = "a repetition without a host",
     .log = "Dec 13 11:59:06 --- last message repeated 1 time ---",
     .expected = "2025-12-13T11:59:06.000000/1000000 - - 0 --- last message repeated 1 time ---\n"},
    {.name = "rsyslog's repetition stays as it is",
     .log = "Jul 15 00:00:11 mx1 postfix/smtpd[3898]: message repeated 2 times: [ warning: x]",
     .expected = "2026-07-15T00:00:11.000000/1000000 mx1 postfix/smtpd 3898 "
                 "message repeated 2 times: [ warning: x]\n"},
    {.name = "docker-compose, no stamp",
     .log = "smtp_1_3d8b20f9756e | postfix/smtp[121]: x",
     .expected = "-/0 - postfix/smtp 121 x\n"},
    {.name = "docker-compose, a classic line behind the bar",
     .log = "smtp-1    | Apr 10 23:18:39 a3426da50090 postfix/postscreen[640]: x",
     .expected = "2026-04-10T23:18:39.000000/1000000 a3426da50090 postfix/postscreen 640 x\n"},
    {.name = "docker-compose, another program's line",
     .log = "smtp-1  | 2019-04-03 19:16:29,234 INFO exited: x",
     .expected = "2019-04-03T19:16:29.234000/1000 - exited 0 x\n"},
    {.name = "a container's log in the host's: the inner envelope wins",
     .log = "Jul 15 13:15:02 srv smtp-app[4062297]: Jul 15 05:15:02 box postfix/qmgr[376]: x",
     .expected = "2026-07-15T05:15:02.000000/1000000 box postfix/qmgr 376 x\n"},
    {.name = "a container's log whose inner envelope names no program",
     .log = "Jul 15 13:15:02 srv smtp-app[7]: Jul 15 05:15:02 we began",
     .expected = "2026-07-15T13:15:02.000000/1000000 srv smtp-app 7 Jul 15 05:15:02 we began\n"},
    {.name = "splogger inside syslog: the finer stamp, the same heading",
     .log = "Jun  3 11:35:23 relay qmail: 928424123.963558 delivery 153: success: did_1+0+0/",
     .expected = "1999-06-03T15:35:23.963558/1 relay qmail 0 delivery 153: success: did_1+0+0/\n"},
    {.name = "a number that is no stamp of splogger's",
     .log = "Jun  3 11:35:23 mx1 app[5]: 928424123.963558 x",
     .expected = "2026-06-03T11:35:23.000000/1000000 mx1 app 5 928424123.963558 x\n"},
    {.name = "grep's file name",
     .log = "mail.log.0:Jun 28 13:23:00 mx1 sendmail[15824]: x",
     .expected = "2026-06-28T13:23:00.000000/1000000 mx1 sendmail 15824 x\n"},
    {.name = "grep's file name and line number",
     .log = "mx1/mail.log:17:Jun 28 13:23:00 mx1 sendmail[15824]: x",
     .expected = "2026-06-28T13:23:00.000000/1000000 mx1 sendmail 15824 x\n"},
    {.name = "a collector's prefix",
     .log = "- 1131566490 2005.11.09 mx1 Nov 9 12:01:30 src@mx1 sendmail[4306]: x",
     .expected = "2026-11-09T12:01:30.000000/1000000 mx1 sendmail 4306 x\n"},
    {.name = "Mac OS X 10.4",
     .log = "[Time 2006.12.24 17:15:01 UTC] [Facility mail] [Sender postfix/postqueue] [PID 265] "
            "[Message fatal: [x]]",
     .expected = "2006-12-24T17:15:01.000000/1000000 - postfix/postqueue 265 fatal: [x]\n"},
    {.name = "Mac OS X 10.4, cut off",
     .log = "[Time 2006.12.24 17:15:01 UTC] [Facility mail] [Sender postfix/postqueue] [PID 265] "
            "[Messa",
     .expected = "?\n"},
    {.name = "a tag and no stamp",
     .log = "postfix/bounce[21172]: 4Pb: x",
     .expected = "-/0 - postfix/bounce 21172 4Pb: x\n"},
    {.name = "TAI64N has no tag, even if the text looks like one",
     .log = "@400000000000000b00000000 status: local 0/10 remote 0/20",
     .expected = "1970-01-01T00:00:01.000000/1 relay - 0 status: local 0/10 remote 0/20\n",
     .host = "relay"},
    {.name = "TAI64N stamps of one second, of the next, and one of too many nanoseconds",
     .log = "@400000006b02151d1b73c754 x\n@400000006b02151d1b73cb3c x\n"
            "@400000006b02151d0dac2134 x\n@400000006b02151d0DAC2134 x\n"
            "@400000006b02151e00000000 x\n@400000006b02151e3b9aca00 x\n"
            "@400000006b02151e3b9ac9ff x",
     .expected = "2026-11-21T22:02:59.460572/1 - - 0 x\n2026-11-21T22:02:59.460573/1 - - 0 x\n"
                 "2026-11-21T22:02:59.229384/1 - - 0 x\n2026-11-21T22:02:59.229384/1 - - 0 x\n"
                 "2026-11-21T22:03:00.000000/1 - - 0 x\n?\n"
                 "2026-11-21T22:03:00.999999/1 - - 0 x\n"},
    {.name = "TAI64N stamps of one second, with letters that are no digits",
     .log = "@400000006b02151d1b73c754 x\n@400000006b02151d1b73c75g x\n"
            "@400000006b02151d1b73cb3c x\n@400000006b02151d1b73cb3: x",
     .expected = "2026-11-21T22:02:59.460572/1 - - 0 x\n?\n"
                 "2026-11-21T22:02:59.460573/1 - - 0 x\n?\n"},
    {.name = "tai64nlocal",
     .log = "2021-06-05 20:42:52.803287500 tcpserver: status: 1/40",
     .expected = "2021-06-05T20:42:52.803287/1 - - 0 tcpserver: status: 1/40\n"},
    {.name = "svlogd",
     .log = "2026-11-21_22:05:53.77665 new msg 5",
     .expected = "2026-11-21T22:05:53.776650/10 - - 0 new msg 5\n"},
    {.name = "splogger's stamp alone",
     .log = "1054189746.123136 new msg 161214",
     .expected = "2003-05-29T06:29:06.123136/1 - - 0 new msg 161214\n"},
    {.name = "splogger's stamps alone, of one second and of the next",
     .log = "1054189746.123136 x\n1054189746.123200 x\n1054189746.12320 x\n"
            "1054189746.12321 x\n1054189746.1232x x\n1054189747.000001 x",
     .expected = "2003-05-29T06:29:06.123136/1 - - 0 x\n2003-05-29T06:29:06.123200/1 - - 0 x\n"
                 "2003-05-29T06:29:06.123200/10 - - 0 x\n"
                 "2003-05-29T06:29:06.123210/10 - - 0 x\n?\n"
                 "2003-05-29T06:29:07.000001/1 - - 0 x\n"},
    {.name = "splogger's stamps in syslog's lines, of one second and of the next",
     .log = "Nov 21 22:05:28 mx1 qmail: 1795298728.000001 x\n"
            "Nov 21 22:05:28 mx1 qmail: 1795298728.999999 x\n"
            "Nov 21 22:05:28 mx1 qmail: x\n"
            "Nov 21 22:05:28 mx1 qmail: 1795298729.000002 x",
     .expected = "2026-11-21T22:05:28.000001/1 mx1 qmail 0 x\n"
                 "2026-11-21T22:05:28.999999/1 mx1 qmail 0 x\n"
                 "2026-11-21T22:05:28.000000/1000000 mx1 qmail 0 x\n"
                 "2026-11-21T22:05:29.000002/1 mx1 qmail 0 x\n"},
    {.name = "a tag with a pid behind TAI64N",
     .log = "@400000000000000b00000000 spamdyke[5]: DENIED x",
     .expected = "1970-01-01T00:00:01.000000/1 - spamdyke 5 DENIED x\n"},

    {.name = "an empty line", .log = "\n", .expected = "?\n"},
    {.name = "a stamp and nothing else",
     .log = "Nov 21 22:05:28",
     .expected = "2026-11-21T22:05:28.000000/1000000 - - 0 \n"},
    {.name = "a stamp, a host and nothing else",
     .log = "Nov 21 22:05:28 mx1",
     .expected = "2026-11-21T22:05:28.000000/1000000 mx1 - 0 \n"},
    {.name = "a tag and no text",
     .log = "Nov 21 22:05:28 mx1 postfix/smtpd[1]:",
     .expected = "2026-11-21T22:05:28.000000/1000000 mx1 postfix/smtpd 1 \n"},
    {.name = "a pid that is too large is none",
     .log = "Nov 21 22:05:28 mx1 a[99999999999999999999999]: x",
     .expected = "2026-11-21T22:05:28.000000/1000000 mx1 a 0 x\n"},
    {.name = "the largest pid",
     .log = "Nov 21 22:05:28 mx1 a[4294967295]: x",
     .expected = "2026-11-21T22:05:28.000000/1000000 mx1 a 4294967295 x\n"},
    {.name = "one more",
     .log = "Nov 21 22:05:28 mx1 a[4294967296]: x",
     .expected = "2026-11-21T22:05:28.000000/1000000 mx1 a 0 x\n"},
    {.name = "a bracket that is not closed is no tag",
     .log = "Nov 21 22:05:28 mx1 postfix/smtpd[123 x",
     .expected = "2026-11-21T22:05:28.000000/1000000 mx1 - 0 postfix/smtpd[123 x\n"},
    {.name = "a pid that is no number is no tag",
     .log = "Nov 21 22:05:28 mx1 a[12b]: x",
     .expected = "2026-11-21T22:05:28.000000/1000000 mx1 - 0 a[12b]: x\n"},
    {.name = "a bracket without a name is no tag",
     .log = "Nov 21 22:05:28 mx1 [123]: x",
     .expected = "2026-11-21T22:05:28.000000/1000000 mx1 - 0 [123]: x\n"},
    {.name = "a text without an envelope", .log = "4F3BF1470DDC: removed", .expected = "?\n"},
    {.name = "a word and a colon alone are no tag",
     .log = "statistics: max cache size 1 at Oct 26 18:13:50",
     .expected = "?\n"},
    {.name = "a forged heading inside a value changes nothing",
     .log =
         "Nov 21 22:05:28 mx1 postfix/smtpd[1]: NOQUEUE: helo=<Nov 21 22:05:28 hub sm-mta[2]: x>",
     .expected = "2026-11-21T22:05:28.000000/1000000 mx1 postfix/smtpd 1 "
                 "NOQUEUE: helo=<Nov 21 22:05:28 hub sm-mta[2]: x>\n"},

    {.name = "the seconds alone change",
     .log = "2026-11-21T22:05:58.999+01:00 mx1 a[1]: x\n2026-11-21T22:05:59.001+01:00 mx1 a[1]: y\n"
            "2026-11-21T22:05:59.004+01:00 mx1 a[1]: z\n2026-11-21T22:06:00.002+01:00 mx1 a[1]: w",
     .expected =
         "2026-11-21T21:05:58.999000/1000 mx1 a 1 x\n2026-11-21T21:05:59.001000/1000 mx1 a 1 y\n"
         "2026-11-21T21:05:59.004000/1000 mx1 a 1 z\n2026-11-21T21:06:00.002000/1000 mx1 a 1 w\n"},
    {.name = "the seconds alone change, and a comma stands before the fraction",
     .log = "2026-11-21T22:05:42,123+01:00 mx1 a[1]: x\n2026-11-21T22:05:43,123+01:00 mx1 a[1]: y\n"
            "2026-11-21T22:05:43,124+01:00 mx1 a[1]: z\n2026-11-21T22:05:44,124+01:00 mx1 a[1]: w",
     .expected =
         "2026-11-21T21:05:42.123000/1000 mx1 a 1 x\n2026-11-21T21:05:43.123000/1000 mx1 a 1 y\n"
         "2026-11-21T21:05:43.124000/1000 mx1 a 1 z\n2026-11-21T21:05:44.124000/1000 mx1 a 1 w\n"},
    {.name = "the zone alone changes",
     .log = "2026-11-21T22:05:58+01:00 mx1 a[1]: x\n2026-11-21T22:05:58+02:00 mx1 a[1]: y",
     .expected = "2026-11-21T21:05:58.000000/1000000 mx1 a 1 x\n"
                 "2026-11-21T20:05:58.000000/1000000 mx1 a 1 y\n"},
    {.name = "the digits of the fraction change in number",
     .log = "2026-11-21T22:05:58.10Z mx1 a[1]: x\n2026-11-21T22:05:58.1Z mx1 a[1]: y\n"
            "2026-11-21T22:05:58.100Z mx1 a[1]: z",
     .expected =
         "2026-11-21T22:05:58.100000/10000 mx1 a 1 x\n2026-11-21T22:05:58.100000/100000 mx1 a 1 y\n"
         "2026-11-21T22:05:58.100000/1000 mx1 a 1 z\n"},
    {.name = "each host has its zone",
     .log = "Nov 21 22:05:28 mx1 a[1]: x\nNov 21 22:05:28 hub a[1]: y\nNov 21 22:05:28 mx1 a[1]: z",
     .expected = "2026-11-21T22:05:28.000000/1000000 mx1 a 1 x\n"
                 "2026-11-21T13:05:28.000000/1000000 hub a 1 y\n"
                 "2026-11-21T22:05:28.000000/1000000 mx1 a 1 z\n",
     .zone = "hub=Asia/Tokyo"},
    {.name = "the double hour comes twice, and both are the first",
     .log = "Oct 25 02:59:59 mx1 a[1]: x\nOct 25 02:00:00 mx1 a[1]: y\nOct 25 03:00:00 mx1 a[1]: z",
     .expected = "2026-10-25T00:59:59.000000/1000000 mx1 a 1 x\n"
                 "2026-10-25T00:00:00.000000/1000000 mx1 a 1 y\n"
                 "2026-10-25T02:00:00.000000/1000000 mx1 a 1 z\n",
     .zone = "Europe/Berlin"},

    {.name = "New Year",
     .log = "Dec 31 23:59:59 mx1 a[1]: x\nJan  1 00:00:00 mx1 a[1]: y",
     .expected =
         "2025-12-31T23:59:59.000000/1000000 mx1 a 1 x\n2026-01-01T00:00:00.000000/1000000 mx1 a 1 "
         "y\n"},
    {.name = "New Year, the year said",
     .log = "Dec 31 23:59:59 mx1 a[1]: x\nJan  1 00:00:00 mx1 a[1]: y",
     .expected = "2019-12-31T23:59:59.000000/1000000 mx1 a 1 x\n2020-01-01T00:00:00.000000/1000000 "
                 "mx1 a 1 y\n",
     .year = 2019},
    {.name = "a late line of the old year, and the new one goes on",
     .log =
         "Dec 31 23:59:58 mx1 a[1]: x\nJan  1 00:00:00 mx1 a[1]: y\nDec 31 23:59:59 mx1 a[1]: z\n"
         "Jan  1 00:00:01 mx1 a[1]: w",
     .expected =
         "2025-12-31T23:59:58.000000/1000000 mx1 a 1 x\n2026-01-01T00:00:00.000000/1000000 mx1 a 1 "
         "y\n"
         "2025-12-31T23:59:59.000000/1000000 mx1 a 1 z\n2026-01-01T00:00:01.000000/1000000 mx1 a 1 "
         "w\n"},
    {.name = "a log that begins with the new year, and one late line",
     .log = "Jan  1 00:00:00 mx1 a[1]: y\nDec 31 23:59:59 mx1 a[1]: z\nJan  1 00:00:01 mx1 a[1]: w",
     .expected = "2026-01-01T00:00:00.000000/1000000 mx1 a 1 y\n2025-12-31T23:59:59.000000/1000000 "
                 "mx1 a 1 z\n"
                 "2026-01-01T00:00:01.000000/1000000 mx1 a 1 w\n"},
    {.name = "two New Years",
     .log =
         "Nov  1 00:00:00 mx1 a[1]: x\nFeb  1 00:00:00 mx1 a[1]: y\nJul  1 00:00:00 mx1 a[1]: z\n"
         "Dec  1 00:00:00 mx1 a[1]: w\nJan  2 00:00:00 mx1 a[1]: v",
     .expected = "2019-11-01T00:00:00.000000/1000000 mx1 a 1 x\n2020-02-01T00:00:00.000000/1000000 "
                 "mx1 a 1 y\n"
                 "2020-07-01T00:00:00.000000/1000000 mx1 a 1 z\n2020-12-01T00:00:00.000000/1000000 "
                 "mx1 a 1 w\n"
                 "2021-01-02T00:00:00.000000/1000000 mx1 a 1 v\n",
     .year = 2019},
    {.name = "a clock that starts at 1 January until it is set",
     .log = "Nov 11 10:00:00 mx1 a[1]: x\nJan  1 00:00:05 mx1 a[1]: y\nNov 11 10:05:00 mx1 a[1]: z",
     .expected = "2026-11-11T10:00:00.000000/1000000 mx1 a 1 x\n2027-01-01T00:00:05.000000/1000000 "
                 "mx1 a 1 y\n"
                 "2026-11-11T10:05:00.000000/1000000 mx1 a 1 z\n"},
    {.name = "a silence of more than half a year",
     .log = "Feb  1 00:00:00 mx1 a[1]: x\nSep  1 00:00:00 mx1 a[1]: y\nSep  2 00:00:00 mx1 a[1]: z",
     .expected = "2026-02-01T00:00:00.000000/1000000 mx1 a 1 x\n2026-09-01T00:00:00.000000/1000000 "
                 "mx1 a 1 y\n"
                 "2026-09-02T00:00:00.000000/1000000 mx1 a 1 z\n"},
    {.name = "a file of ten years ago",
     .log = "Mar  3 10:00:00 mx1 a[1]: x",
     .expected = "2016-03-03T10:00:00.000000/1000000 mx1 a 1 x\n",
     .mtime = "2016-03-04T00:00:00Z"},
    {.name = "a leap day, the year from the file",
     .log = "Feb 29 10:00:00 mx1 a[1]: x\nMar  1 00:00:00 mx1 a[1]: y",
     .expected =
         "2024-02-29T10:00:00.000000/1000000 mx1 a 1 x\n2024-03-01T00:00:00.000000/1000000 mx1 a 1 "
         "y\n"},
    {.name = "a leap day in a year that has none has no time",
     .log = "Feb 29 10:00:00 mx1 a[1]: x",
     .expected = "-/0 mx1 a 1 x\n",
     .year = 2026},
    {.name = "the host's zone counts for the year too: it is still 31 December there",
     .log = "Dec 31 18:00:00 mx1 a[1]: x",
     .expected = "2026-01-01T02:00:00.000000/1000000 mx1 a 1 x\n",
     .zone = "America/Los_Angeles",
     .mtime = "2026-01-01T02:00:01Z"},
};

static const char *or_dash(MstSlice s, char **copy)
{
    *copy = mst_slice_is_set(s) ? g_strndup(s.ptr, s.len) : g_strdup("-");
    return *copy;
}

static void record(GString *got, bool read, const MstLine *line)
{
    g_autofree char *host = NULL, *tag = NULL, *text = NULL;

    if (!read) {
        assert_false(mst_slice_is_set(line->host) || mst_slice_is_set(line->tag));
        assert_true(line->text.ptr == line->whole.ptr && line->text.len == line->whole.len);
        assert_true(line->pid == 0 && line->time_us == 0 && line->resolution_us == 0);
        g_string_append(got, "?\n");
        return;
    }
    if (line->time_us == 0) {
        g_string_append_c(got, '-');
    } else {
        g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(line->time_us / 1000000);
        g_autofree char *seconds = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");

        g_string_append_printf(got, "%s.%06d", seconds, (int)(line->time_us % 1000000));
    }
    g_string_append_printf(got, "/%d %s %s %u %s\n", (int)line->resolution_us,
                           or_dash(line->host, &host), or_dash(line->tag, &tag), line->pid,
                           or_dash(line->text, &text));
}

static MstZones *zones_of_case(const struct Case *row)
{
    MstZones *zones = mst_zones_new();

    zones->year = row->year;
    assert_true(mst_zones_add(zones, "UTC", NULL));
    if (row->zone != NULL)
        assert_true(mst_zones_add(zones, row->zone, NULL));
    return zones;
}

static void check_case(void **state)
{
    const struct Case *row = *state;
    MstZones *zones = zones_of_case(row);
    MstEnvelope *envelope = mst_envelope_new(zones, mst_slice_of(row->host));
    g_autoptr(GDateTime) mtime = g_date_time_new_from_iso8601(
        row->mtime == NULL ? "2026-11-22T00:00:00Z" : row->mtime, NULL);
    g_autoptr(GString) got = g_string_new(NULL);
    size_t len = strlen(row->log);
    g_auto(GStrv) lines = g_strsplit(row->log, "\n", -1);

    mst_envelope_begin_file(envelope, g_date_time_to_unix(mtime) * 1000000);
    for (char **text = lines; *text != NULL; text++) {
        /* A block of its own size, so that a sanitizer sees any read behind the line. */
        size_t n = strlen(*text);
        g_autofree char *block = g_memdup2(*text, n == 0 ? 1 : n);
        MstLine line = {.whole = {block, n}, .number = 7};
        bool read;

        if (n == 0 && text != lines && len > 1)
            continue;
        read = mst_envelope_read(envelope, &line);
        assert_int_equal(line.number, 7);
        record(got, read, &line);
        if (len == 1)
            break;
    }
    mst_envelope_free(envelope);
    mst_zones_free(zones);
    assert_string_equal(got->str, row->expected);
}

/* The year of the second file goes on from the first, whatever its own time says. */
static void check_second_file(void **state)
{
    MstZones *zones = mst_zones_new();
    MstEnvelope *envelope = mst_envelope_new(zones, (MstSlice){0});
    MstLine first = {.whole = MST_LIT("Dec 30 10:00:00 mx1 a[1]: x")};
    MstLine second = {.whole = MST_LIT("Jan  2 10:00:00 mx1 a[1]: x")};

    (void)state;
    assert_true(mst_zones_add(zones, "UTC", NULL));
    mst_envelope_begin_file(envelope, INT64_C(1483228800) * 1000000); /* 2017-01-01 */
    assert_true(mst_envelope_read(envelope, &first));
    mst_envelope_begin_file(envelope, INT64_C(1795305600) * 1000000); /* 2026-11-22 */
    assert_true(mst_envelope_read(envelope, &second));
    mst_envelope_free(envelope);
    mst_zones_free(zones);
    assert_int_equal(first.time_us, INT64_C(1483092000) * 1000000);
    assert_int_equal(second.time_us, INT64_C(1483351200) * 1000000);
}

/* What one envelope makes of a line: after others, or as its first. Years depend on what came before,
 * so the time is left out. */
static char *heading_of(MstEnvelope *envelope, const char *text, size_t len)
{
    g_autofree char *block = g_memdup2(text, len == 0 ? 1 : len);
    g_autoptr(GString) got = g_string_new(NULL);
    MstLine line = {.whole = {block, len}};
    bool read = mst_envelope_read(envelope, &line);

    if (read)
        line.time_us = line.resolution_us = 0;
    record(got, read, &line);
    if (line.known_host != NULL)
        g_string_append_printf(got, "host %s\n", line.known_host->name);
    return g_strdup(got->str);
}

static void check_against_fresh(MstEnvelope *envelope, const MstZones *zones, const char *text,
                                size_t len)
{
    MstEnvelope *fresh = mst_envelope_new(zones, MST_LIT("relay"));
    g_autofree char *expected = heading_of(fresh, text, len);
    g_autofree char *got = heading_of(envelope, text, len);

    assert_string_equal(got, expected);
    mst_envelope_free(fresh);
}

/* Each line of all cases, cut at each byte, and with each byte replaced by some that mean something in
 * a heading: what the envelope knows of lines before it makes no difference. */
static void check_known_headings(void **state)
{
    static const char replaced[] = "[]: <>@./7x";
    MstZones *zones = mst_zones_new();
    MstEnvelope *envelope = mst_envelope_new(zones, MST_LIT("relay"));

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) lines = g_strsplit(cases[i].log, "\n", -1);

        for (char **line = lines; *line != NULL; line++) {
            size_t len = strlen(*line);

            check_against_fresh(envelope, zones, *line, len);
            for (size_t at = 0; at < MIN(len, 80); at++) {
                char byte = (*line)[at];

                check_against_fresh(envelope, zones, *line, at);
                for (const char *other = replaced; *other != '\0'; other++) {
                    (*line)[at] = *other;
                    check_against_fresh(envelope, zones, *line, len);
                }
                (*line)[at] = byte;
            }
        }
    }
    mst_envelope_free(envelope);
    mst_zones_free(zones);
}

/* A pid of each length, first in a new heading and then in a known one, with little behind it. */
static void check_pid_lengths(void **state)
{
    static const char digits[] = "12345678901234567890123";
    MstZones *zones = mst_zones_new();
    MstEnvelope *envelope = mst_envelope_new(zones, (MstSlice){0});

    (void)state;
    for (int len = 1; len < (int)sizeof digits; len++) {
        for (int behind = 0; behind < 8; behind++) {
            g_autofree char *text = g_strdup_printf("Apr  6 13:05:01 mx1 postfix/smtpd[%.*s]:%.*s",
                                                    len, digits, behind, " removed");
            g_autofree char *number = g_strndup(digits, (gsize)len);
            guint64 pid = len > 10 ? 0 : g_ascii_strtoull(number, NULL, 10);
            g_autofree char *block = g_memdup2(text, strlen(text));
            MstLine line = {.whole = {block, strlen(text)}};

            assert_true(mst_envelope_read(envelope, &line));
            assert_true(mst_slice_equal(line.tag, MST_LIT("postfix/smtpd")));
            assert_int_equal(line.pid, pid);
            assert_int_equal(line.text.len, MAX(behind - 1, 0));
        }
    }
    mst_envelope_free(envelope);
    mst_zones_free(zones);
}

int main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(cases) + 3];
    size_t n = 0;

    for (; n < G_N_ELEMENTS(cases); n++)
        tests[n] = (struct CMUnitTest){cases[n].name, check_case, NULL, NULL, (void *)&cases[n]};
    tests[n++] = (struct CMUnitTest){"the year goes on from file to file", check_second_file, NULL,
                                     NULL, NULL};
    tests[n++] = (struct CMUnitTest){"pids of all lengths", check_pid_lengths, NULL, NULL, NULL};
    tests[n] = (struct CMUnitTest){"a heading that is known is read as a new one",
                                   check_known_headings, NULL, NULL, NULL};
    return cmocka_run_group_tests_name("envelope", tests, NULL, NULL);
}
