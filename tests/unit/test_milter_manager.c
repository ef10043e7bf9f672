/* test_milter_manager.c - what the milter-manager reader makes of each shape of line */
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

/* By syslog, from process 71. */
static const Case syslog_cases[] = {
    /* the end of a session */
    {"a session that passed is done",
     "[statistics] [session][end][end-of-message][pass][0.109978](1)",
     "done id=71/1 delay=0.109978 detail=end-of-message pass\n"},
    {"an accepted session passed too", "[statistics] [session][end][connect][accept][5.10718](6)",
     "done id=71/6 delay=5.10718 detail=connect accept\n"},
    {"a rejected session is rejected",
     "[statistics] [session][end][envelope-recipient][reject][0.2](11)",
     "done id=71/11 rejected delay=0.2 detail=envelope-recipient reject\n"},
    {"a temporary failure is a rejection of this attempt",
     "[statistics] [session][end][helo][temporary-failure][0.2](11)",
     "done id=71/11 rejected delay=0.2 detail=helo temporary-failure\n"},
    {"a discarded session is discarded",
     "[statistics] [session][end][end-of-header][discard][0.2](11)",
     "done id=71/11 discarded delay=0.2 detail=end-of-header discard\n"},
    {"an aborted session has no action", "[statistics] [session][end][data][abort][0.2](11)",
     "done id=71/11 delay=0.2 detail=data abort\n"},
    {"a stopped session has no action", "[statistics] [session][end][connect][stop][0.2](11)",
     "done id=71/11 delay=0.2 detail=connect stop\n"},
    {"a session that never negotiated ends at its start",
     "[statistics] [session][end][start][pass][0.001](11)",
     "done id=71/11 delay=0.001 detail=start pass\n"},
    {"before 2009 a session's end had a duration only", "[statistics] [session][end][5.1](11)",
     "done id=71/11 delay=5.1\n"},
    {"the disconnected session has no other end", "[statistics] [session][disconnected][2.5](40)",
     "abort id=71/40 detail=disconnected\ndone id=71/40 delay=2.5 detail=disconnected\n"},
    {"in 2009 a session told its start", "[statistics] [session][start](115830)",
     "accept id=71/115830\n"},
    {"the greatest number of a session",
     "[statistics] [session][end][connect][pass][0](4294967295)",
     "done id=71/4294967295 delay=0 detail=connect pass\n"},
    {"a number of more than 32 bits is broken",
     "[statistics] [session][end][connect][pass][0](4294967296)", "broken: cut line\n"},

    /* durations */
    {"a duration of 0", "[statistics] [session][end][connect][pass][0](1)",
     "done id=71/1 delay=0 detail=connect pass\n"},
    {"a negative exponent", "[statistics] [session][end][connect][pass][4.3e-05](1)",
     "done id=71/1 delay=4.3e-05 detail=connect pass\n"},
    {"less than a microsecond is rounded", "[statistics] [session][end][connect][pass][5e-07](1)",
     "done id=71/1 delay=1e-06 detail=connect pass\n"},
    {"much less than a microsecond is 0", "[statistics] [session][end][connect][pass][9e-99](1)",
     "done id=71/1 delay=0 detail=connect pass\n"},
    {"a clock that stepped back makes no negative duration",
     "[statistics] [session][end][connect][pass][-1e-06](1)",
     "done id=71/1 delay=0 detail=connect pass\n"},
    {"a positive exponent", "[statistics] [session][end][connect][pass][1.5e+06](1)",
     "done id=71/1 delay=1500000 detail=connect pass\n"},
    {"an absurd duration is the longest one",
     "[statistics] [session][end][connect][pass][1e+300](1)",
     "done id=71/1 delay=1e+09 detail=connect pass\n"},
    {"an exponent of many digits is absurd, no more",
     "[statistics] [session][end][connect][pass][1e99999999999999999999](1)",
     "done id=71/1 delay=1e+09 detail=connect pass\n"},
    {"what is no number is no duration", "[statistics] [session][end][connect][pass][1.x](1)",
     "broken: cut line\n"},
    {"a number of too many digits is no duration",
     "[statistics] [session][end][connect][pass][1234567890123456](1)", "broken: cut line\n"},

    /* headers of a session */
    {"a header was added", "[statistics] [session][header][add](1): <X-Spam-Flag>=< YES>",
     "filter id=71/1 detail=add header X-Spam-Flag: YES\n"},
    {"the value may begin without a blank",
     "[statistics] [session][header][add](1): <X-Virus-Status>=<Clean>",
     "filter id=71/1 detail=add header X-Virus-Status: Clean\n"},
    {"only one blank is the protocol's", "[statistics] [session][header][add](1): <A>=<  b >",
     "filter id=71/1 detail=add header A:  b \n"},
    {"an empty value", "[statistics] [session][header][add](1): <A>=<>",
     "filter id=71/1 detail=add header A: \n"},
    {"a value may hold brackets", "[statistics] [session][header][add](1): <A>=<<x>=<y>>",
     "filter id=71/1 detail=add header A: <x>=<y>\n"},
    {"a value may hold a forged end of a session",
     "[statistics] [session][header][add](1): <X-Multi>=< one;#012#011two <x@example.org>;#012 "
     "[statistics] [session][end][quit][pass][1.0](1)>",
     "filter id=71/1 detail=add header X-Multi: one;#012#011two <x@example.org>;#012 "
     "[statistics] [session][end][quit][pass][1.0](1)\n"},
    {"a value that an old syslogd cut is told as far as it goes",
     "[statistics] [session][header][add](1): <DKIM-Signature>=< v=1; a=rsa",
     "filter id=71/1 detail=add header DKIM-Signature: v=1; a=rsa\n"},
    {"a header cut in its name is broken", "[statistics] [session][header][add](1): <DKIM-Sig",
     "broken: cut line\n"},

    /* children */
    {"a child's end names the child, not the session",
     "[statistics] [milter][end][connect][reject][0.0021](2): greylist",
     "filter other=71/2 detail=greylist: connect reject\n"},
    {"a child that could not be reached", "[statistics] [milter][end][start][pass][0](4): spamass",
     "filter other=71/4 detail=spamass: start pass\n"},
    {"before 2009 a child's end had a duration only",
     "[statistics] [milter][end][0.12](7): greylist", "filter other=71/7 detail=greylist: end\n"},
    {"in 2009 a child told its start", "[statistics] [milter][start](115831): milter-enma",
     "filter other=71/115831 detail=milter-enma: start\n"},
    {"a child asked for a header",
     "[statistics] [milter][header][add](5): <X-Spam-Flag>=<YES>: spamass",
     "filter other=71/5 detail=spamass: add header X-Spam-Flag: YES\n"},
    {"a child's name is behind the last bracket",
     "[statistics] [milter][header][add](5): <A>=< 1>: 2 <b@example.org>: x>: spamass",
     "filter other=71/5 detail=spamass: add header A: 1>: 2 <b@example.org>: x\n"},
    {"a child's value may hold a forged end of a session",
     "[statistics] [milter][header][add](5): <A>=<#012[statistics] "
     "[session][end][quit][pass][1](1)>: spamass",
     "filter other=71/5 detail=spamass: add header A: #012[statistics] "
     "[session][end][quit][pass][1](1)\n"},
    {"a child's value that was cut names no child",
     "[statistics] [milter][header][add](5): <X-Report>=<1.0 FROM, 2.0 TO and",
     "filter other=71/5 detail=add header X-Report: 1.0 FROM, 2.0 TO and\n"},
    {"no name is taken out of a value that was cut",
     "[statistics] [milter][header][add](5): <Received>=<from <a>: and <b",
     "filter other=71/5 detail=add header Received: from <a>: and <b\n"},
    {"a child's end without its name is broken",
     "[statistics] [milter][end][connect][reject][0.0021](2)", "broken: cut line\n"},

    /* which session a child belongs to */
    {"an error tells whose child it is, and the child's end is known from then on",
     "[1] [children][error][connection] [3] Failed to connect to inet:10039@[192.0.2.1]: dead\n"
     "[statistics] [milter][end][start][pass][0](3): dead\n"
     "[statistics] [milter][end][start][pass][0](4): other\n",
     "filter id=71/1 other=71/3 detail=[children][error][connection] [3] Failed to connect to "
     "inet:10039@[192.0.2.1]: dead\n"
     "filter id=71/1 other=71/3 detail=dead: start pass\n"
     "filter other=71/4 detail=other: start pass\n"},
    {"a debug line tells it as well",
     "[6] [children][milter][start] [9] opendkim\n"
     "[statistics] [milter][header][add](9): <A>=< b>: opendkim\n",
     "noise: debug\nfilter id=71/6 other=71/9 detail=opendkim: add header A: b\n"},
    {"a number that was taken again belongs to the later session",
     "[6] [children][milter][start] [9] opendkim\n"
     "[8] [children][milter][start] [9] opendkim\n"
     "[statistics] [milter][end][data][accept][1](9): opendkim\n",
     "noise: debug\nnoise: debug\nfilter id=71/8 other=71/9 detail=opendkim: data accept\n"},
    {"a child's number in the text of an error is none",
     "[6] [children][error][alive] text [9] opendkim\n"
     "[statistics] [milter][end][data][accept][1](9): opendkim\n",
     "filter id=71/6 detail=[children][error][alive] text [9] opendkim\n"
     "filter other=71/9 detail=opendkim: data accept\n"},

    /* quarantine */
    {"a quarantine holds the message", "[statistics] [reply][end-of-message][quarantine](14)",
     "hold id=71/14 whole detail=end-of-message quarantine\n"},
    {"another reply with a session is an opinion", "[statistics] [reply][data][reject](14)",
     "filter id=71/14 detail=data reject\n"},
    {"a reply without a session cannot be told of any",
     "[statistics] [reply][end-of-message][quarantine]", "noise: reply without a session\n"},
    {"nor can an old abort", "[statistics] [abort][envelope-from]",
     "noise: reply without a session\n"},

    /* noise of the statistics */
    {"finished sessions are counted", "[statistics] [sessions][finished] 79(+1) 1",
     "noise: session count\n"},
    {"memory is reported",
     "[statistics] [maintain][memory] (28048KB) total:6979 Proc:44 GLib::Object:18",
     "noise: memory\n"},

    /* broken lines */
    {"a statistics line that we do not know", "[statistics] [session][wonder](1)",
     "broken: unknown statistics line\n"},
    {"a line cut in its level", "[statis", "broken: cut line\n"},
    {"a line cut behind its level", "[statistics] ", "broken: cut line\n"},
    {"a line cut in its tags", "[statistics] [session][e", "broken: cut line\n"},
    {"a line cut in its duration", "[statistics] [session][end][connect][pass][0.10",
     "broken: cut line\n"},
    {"a line cut before its session", "[statistics] [session][end][connect][pass][0.1](",
     "broken: cut line\n"},
    {"a line cut in its session", "[statistics] [session][end][connect][pass][0.1](1",
     "broken: cut line\n"},
    {"text behind the session is not ours", "[statistics] [session][end][connect][pass][0.1](1) x",
     "broken: cut line\n"},
    {"a line cut in the number in front", "[12", "broken: cut line\n"},
    {"a line cut behind it", "[12] ", "broken: cut line\n"},
    {"a bracket alone", "[", "broken: cut line\n"},

    /* errors and warnings */
    {"an error of a session with a child",
     "[2] [children][error][end-of-message][accept] [7] Decode error: unexpected reply: !: kidb",
     "filter id=71/2 other=71/7 detail=[children][error][end-of-message][accept] [7] Decode error: "
     "unexpected reply: !: kidb\n"},
    {"a timeout of a child", "[2] [children][timeout][reading][header][accept] [7] opendkim",
     "filter id=71/2 other=71/7 detail=[children][timeout][reading][header][accept] [7] "
     "opendkim\n"},
    {"a child that answered too late",
     "[2] [children][error][invalid-state][discard][helo] [7] kida",
     "filter id=71/2 other=71/7 detail=[children][error][invalid-state][discard][helo] [7] kida\n"},
    {"an error of a session", "[2] [leader][error][add-header] no header",
     "filter id=71/2 detail=[leader][error][add-header] no header\n"},
    {"an error on the mail server's side", "[2] [client][error][write] Broken pipe",
     "filter id=71/2 detail=[client][error][write] Broken pipe\n"},
    {"an error of a child of an unknown session",
     "[7] [server][error][write] [kidb] Failed to write to milter",
     "filter other=71/7 detail=[server][error][write] [kidb] Failed to write to milter\n"},
    {"an error of a child of a known session",
     "[2] [children][timeout][reading][data][accept] [7] kidb\n"
     "[7] [server][error] [kidb] previous command has been processing: header -> header",
     "filter id=71/2 other=71/7 detail=[children][timeout][reading][data][accept] [7] kidb\n"
     "filter id=71/2 other=71/7 detail=[server][error] [kidb] previous command has been "
     "processing: header -> header\n"},
    {"an error of a module of both sides may be a child's", "[7] [decoder][decode][error] <1> (5)",
     "filter other=71/7 detail=[decoder][decode][error] <1> (5)\n"},
    {"a warning without a word for it", "[7] [server][reply][quitted][header][continue] [kidb]",
     "filter other=71/7 detail=[server][reply][quitted][header][continue] [kidb]\n"},
    {"an error in the text of a line is none", "[7] [server][send][header] [kidb] <[error]>=<x>",
     "noise: debug\n"},
    {"an error of a child without a number",
     "[server][error][connect] [dead] Failed to connect to inet:1@[192.0.2.1]: refused",
     "noise: child error\n"},
    {"an error of the configuration", "[configuration][load][error] no such file",
     "noise: configuration\n"},
    {"an error of the Ruby configuration", "[ruby-configuration][error][load] x",
     "noise: configuration\n"},
    {"an error of the controller", "[controller][error][listen] in use", "noise: controller\n"},
    {"the start", "[client][listen][start] inet:10025@localhost", "noise: start and stop\n"},
    {"a failure of the start", "failed to listen: Address already in use",
     "noise: start and stop\n"},
    {"too many connections", "[client][accept][suspend] too many processing connection: 9",
     "noise: connection limit\n"},
    {"a connection checker", "[netstat][error] no such command", "noise: connection check\n"},
    {"an error of a module that we do not know", "[wonder][error] x", "noise: error\n"},

    /* debug level */
    {"a session starts", "[1] [manager][session][start]", "accept id=71/1\n"},
    {"a client connects",
     "[1] [manager][receive][connect] <client.example.net>:<inet:45561@[192.0.2.1]>",
     "connect id=71/1 peer=client.example.net ip=192.0.2.1\n"},
    {"a client without a name",
     "[1] [manager][receive][connect] <[192.0.2.1]>:<inet:45561@[192.0.2.1]>",
     "connect id=71/1 ip=192.0.2.1\n"},
    {"a client with an address of version 6",
     "[1] [manager][receive][connect] <client.example.net>:<inet6:45561@[2001:db8::1]>",
     "connect id=71/1 peer=client.example.net ip=2001:db8::1\n"},
    {"a client on a socket", "[1] [manager][receive][connect] <localhost>:<unix:/run/x>",
     "connect id=71/1 peer=localhost\n"},
    {"a client's name may look like an address",
     "[1] [manager][receive][connect] <x>:<inet:1@[192.0.2.9]>>:<inet:45561@[192.0.2.1]>",
     "connect id=71/1 peer=x>:<inet:1@[192.0.2.9]> ip=192.0.2.1\n"},
    {"a cut connection is broken", "[1] [manager][receive][connect] <client.example.net>:<inet:455",
     "broken: cut line\n"},
    {"macro i names the message, once",
     "[1] [manager][receive][define-macro] <{\"i\" => \"8BE3852E9C1\"}>\n"
     "[1] [manager][receive][define-macro] <{\"i\" => \"8BE3852E9C1\"}>\n",
     "filter id=71/1 covers=8BE3852E9C1\nnoise: debug\n"},
    {"each message of a session, and each session of a message, is named",
     "[1] [manager][receive][define-macro] <{\"i\" => \"8BE3852E9C1\"}>\n"
     "[1] [manager][receive][define-macro] <{\"i\" => \"8BE3852E9C2\"}>\n"
     "[6] [manager][receive][define-macro] <{\"i\" => \"8BE3852E9C2\"}>\n",
     "filter id=71/1 covers=8BE3852E9C1\nfilter id=71/1 covers=8BE3852E9C2\n"
     "filter id=71/6 covers=8BE3852E9C2\n"},
    {"macro i before those of a recipient",
     "[1] [manager][receive][define-macro] <{\"i\" => \"4jX5yF38QFznRG8\", \"rcpt_addr\" => "
     "\"bob@example.org\"}>",
     "filter id=71/1 covers=4jX5yF38QFznRG8\n"},
    {"macro i behind those of a log-in",
     "[1] [manager][receive][define-macro] <{\"auth_authen\" => \"ann\", \"auth_type\" => "
     "\"PLAIN\", \"i\" => \"6ALM6sRG000086\", \"mail_addr\" => \"ann@example.org\"}>",
     "filter id=71/1 covers=6ALM6sRG000086\n"},
    {"a macro i that a sender wrote is not believed",
     "[1] [manager][receive][define-macro] <{\"mail_addr\" => \"x\", \"i\" => \"8BE3852E9C1\"}>",
     "noise: debug\n"},
    {"a macro i that is no ID is not believed",
     "[1] [manager][receive][define-macro] <{\"i\" => \"8BE 3852\"}>", "noise: debug\n"},
    {"macros that were cut tell nothing",
     "[1] [manager][receive][define-macro] <{\"i\" => \"8BE3852E9", "noise: debug\n"},
    {"no macros", "[1] [manager][receive][define-macro] <{}>", "noise: debug\n"},
    {"other debug lines are noise",
     "[1] [manager][receive][helo] <client.example.net>\n"
     "[1] [manager][receive][envelope-from] <<ann@example.net>>\n"
     "[1] [client][reply][end-of-message][continue]\n"
     "[1] [manager][finish][quit][continue][0.187683]\n"
     "[7] [server][receive][add-header] [kida] <A>=<b>\n"
     "[writer][flush]\n",
     "noise: debug\nnoise: debug\nnoise: debug\nnoise: debug\nnoise: debug\nnoise: debug\n"},
    {"a number before text", "[1] text", "noise: debug\n"},

    /* untagged lines */
    {"an exception and its backtrace",
     "NameError: undefined local variable:\n"
     "/usr/lib/ruby/vendor_ruby/milter/manager.rb:12:in `load'\n"
     "    define_milter('x')\n"
     "            ^^^^\n",
     "noise: exception\nnoise: exception\nnoise: exception\nnoise: exception\n"},
    {"GLib's own warning", "[GLib-GObject] invalid cast", "noise: exception\n"},
    {"a session's end without its level is not believed",
     "[session][end][end-of-message][pass][0.1](1)", "noise: debug\n"},
    {"nor behind a blank", " [statistics] [session][end][end-of-message][pass][0.1](1)",
     "noise: exception\n"},
};

/* The log that milter-manager writes itself: lines have no tag. */
static const Case own_cases[] = {
    {"the default items are the time, and statistics have no level",
     "[2026-11-21T22:08:48.651744Z]: [session][end][end-of-message][reject][0.143436](1)",
     "done id=0/1 rejected delay=0.143436 detail=end-of-message reject\n"},
    {"a time without a fraction", "[2026-11-21T22:08:48Z]: [session][header][add](1): <A>=< b>",
     "filter id=0/1 detail=add header A: b\n"},
    {"level, domain, time, name and process ID",
     "[statistics][milter-manager][2026-11-21T22:08:39.162195Z] [milter-manager][20130]: "
     "[session][end][connect][pass][1](6)",
     "done id=20130/6 delay=1 detail=connect pass\n"},
    {"the first lines have no name",
     "[info][milter-client][2026-11-21T22:08:39.162195Z] [(null)][20130]: [client][workers][run] "
     "<3>",
     "noise: start and stop\n"},
    {"a place in the source instead of the colon",
     "[debug][milter-manager][2026-11-21T22:08:39.162195Z] [milter-manager][20130] "
     "../src/milter/manager/x.c:2104: start_child(): [6] [children][milter][start] [9] opendkim\n"
     "[statistics][milter-manager][2026-11-21T22:08:39.162195Z] [milter-manager][20130] "
     "../src/milter/manager/x.c:31: on_end(): [milter][end][data][accept][1](9): opendkim\n",
     "noise: debug\nfilter id=20130/6 other=20130/9 detail=opendkim: data accept\n"},
    {"a process ID without a name",
     "[2026-11-21T22:08:48.651744Z] [20130]: [session][end][connect][pass][1](6)",
     "done id=20130/6 delay=1 detail=connect pass\n"},
    {"a name without a process ID",
     "[2026-11-21T22:08:48.651744Z] [milter-manager]: [session][end][connect][pass][1](6)",
     "done id=0/6 delay=1 detail=connect pass\n"},
    {"name and process ID alone", "[milter-manager][20130]: [session][end][connect][pass][1](6)",
     "done id=20130/6 delay=1 detail=connect pass\n"},
    {"level alone", "[statistics]: [session][end][connect][pass][1](6)",
     "done id=0/6 delay=1 detail=connect pass\n"},
    {"time and place",
     "[2026-11-21T22:08:48.651744Z] x.c:12: on_end(): [session][end][connect][pass][1](6)",
     "done id=0/6 delay=1 detail=connect pass\n"},
    {"the place alone", "x.c:12: on_end(): [session][end][connect][pass][1](6)",
     "done id=0/6 delay=1 detail=connect pass\n"},
    {"no items at all",
     "[session][end][connect][pass][1](6)\n[6] [leader][error] x\n[sessions][finished] 1(+1) 0\n",
     "done id=0/6 delay=1 detail=connect pass\nfilter id=0/6 detail=[leader][error] x\n"
     "noise: session count\n"},
    {"colours around the message",
     "[2026-11-21T22:08:48.651744Z]: "
     "\033[01;34m\033[01;47m[session][end][connect][pass][1](6)\033[00m\n",
     "done id=0/6 delay=1 detail=connect pass\n"},
    {"a value of several lines",
     "[2026-11-21T22:08:48.651744Z]: [session][header][add](1): <X-Spam-Status>=< Yes, score=15\n"
     "\ttests=BAYES_99\n"
     "\tversion=3>\n"
     "[2026-11-21T22:08:49.651744Z]: [session][end][connect][pass][1](1)\n",
     "filter id=0/1 detail=add header X-Spam-Status: Yes, score=15\n"
     "continuation\ncontinuation\ndone id=0/1 delay=1 detail=connect pass\n"},
    {"a message without items is a continuation where others have them",
     "[2026-11-21T22:08:48.651744Z]: [session][header][add](1): <A>=< b\n"
     "[session][end][connect][pass][1](2)\n"
     "[statistics] [session][end][connect][pass][1](3)>\n",
     "filter id=0/1 detail=add header A: b\ncontinuation\ncontinuation\n"},
    {"a continuation without its beginning", "\ttests=BAYES_99",
     "broken: a continuation without its beginning\n"},
    {"an exception", "[2026-11-21T22:08:48.651744Z]: NameError: undefined:\n/usr/x.rb:1:in `a'\n",
     "noise: exception\ncontinuation\n"},
    {"without a process ID a number may be any process's child",
     "[2026-11-21T22:08:48.651744Z]: [6] [children][milter][start] [9] opendkim\n"
     "[2026-11-21T22:08:48.651744Z]: [milter][end][data][accept][1](9): opendkim\n",
     "noise: debug\nfilter other=0/9 detail=opendkim: data accept\n"},
    {"the settings may change from a restart on",
     "[session][end][connect][pass][1](1)\n"
     "[2026-11-21T22:08:48.651744Z]: [session][end][connect][pass][1](2)\n"
     "[info][2026-11-21T22:08:48.651744Z] [7]: [session][end][connect][pass][1](3)\n",
     "done id=0/1 delay=1 detail=connect pass\ndone id=0/2 delay=1 detail=connect pass\n"
     "done id=7/3 delay=1 detail=connect pass\n"},
    {"a module's name alone", "[milter-manager]: [session][end][connect][pass][1](6)",
     "done id=0/6 delay=1 detail=connect pass\n"},
    {"a module that we do not know",
     "[debug][wonder][2026-11-21T22:08:48Z]: [session][end][connect][pass][1](6)",
     "done id=0/6 delay=1 detail=connect pass\n"},
    {"a cut session", "[2026-11-21T22:08:48.651744Z]: [session][end][conn", "broken: cut line\n"},
    {"an impossible time is no beginning",
     "[2026-11-21T22:08:48.651744Z]: [1] [client][x]\n[2026-13-21T22:08:48Z]: [x]\n",
     "noise: debug\ncontinuation\n"},
};

static void check(const char *tag, const Case *c)
{
    MstReader *reader = mst_reader_new(&mst_reader_milter_manager);
    g_autofree char *events = recorder_read(reader, tag, c->log);

    mst_reader_free(reader);
    assert_string_equal(events, c->events);
}

static void check_syslog(void **state)
{
    check("milter-manager[71]", *state);
}

static void check_own(void **state)
{
    check(NULL, *state);
}

/* What the items of the own log say about an event. */
static void check_items(void **state)
{
    const MstSlice whole = MST_LIT(
        "[statistics][milter-manager][2026-11-21T22:08:39.000007Z] [milter-manager][20130]: "
        "[session][end][connect][pass][1](6)");
    MstLine line = {.whole = whole, .text = whole, .host = MST_LIT_INIT("mx1"), .number = 3};
    MstReader *reader = mst_reader_new(&mst_reader_milter_manager);
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_EVENTS);
    const MstEvent *event;

    (void)state;
    mst_reader_read(reader, &line, batch);
    assert_int_equal(batch->events->len, 1);
    event = &g_array_index(batch->events, MstEvent, 0);
    assert_int_equal(event->time_us, INT64_C(1795298919000007));
    assert_int_equal(event->resolution_us, 1);
    assert_int_equal(event->pid, 20130);
    assert_int_equal(event->line, 3);
    assert_true(mst_slice_equal(event->process, MST_LIT("milter-manager")));
    assert_true(mst_slice_equal(event->host, MST_LIT("mx1")));
    assert_int_equal(line.time_us, event->time_us);
    assert_int_equal(line.pid, event->pid);
    mst_batch_free(batch);
    mst_reader_free(reader);
}

/* Children of one number, of two hosts and two processes, and of another day. */
static void check_processes(void **state)
{
    static const struct {
        MstSlice host;
        uint32_t pid;
        int64_t time_us;
        bool known;
    } ends[] = {
        {MST_LIT_INIT("mx1"), 71, INT64_C(1795298919000000), true},
        {MST_LIT_INIT("mx2"), 71, INT64_C(1795298919000000), false},
        {MST_LIT_INIT("mx1"), 72, INT64_C(1795298919000000), false},
        {MST_LIT_INIT("mx1"), 71, INT64_C(1795398919000000), false},
    };
    const MstSlice start = MST_LIT("[6] [children][milter][start] [9] opendkim");
    const MstSlice end = MST_LIT("[statistics] [milter][end][data][accept][1](9): opendkim");
    MstLine line = {.whole = start, .text = start, .tag = MST_LIT_INIT("milter-manager")};
    MstReader *reader = mst_reader_new(&mst_reader_milter_manager);
    MstBatch *batch = mst_batch_new(MST_BATCH_BYTES, MST_KEEP_EVENTS);

    (void)state;
    line.host = ends[0].host;
    line.pid = ends[0].pid;
    line.time_us = ends[0].time_us;
    mst_reader_read(reader, &line, batch);
    line.whole = line.text = end;
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        const MstEvent *event;

        line.host = ends[i].host;
        line.pid = ends[i].pid;
        line.time_us = ends[i].time_us;
        mst_reader_read(reader, &line, batch);
        event = &g_array_index(batch->events, MstEvent, i);
        assert_int_equal(mst_slice_is_set(event->queue_id), ends[i].known);
    }
    mst_batch_free(batch);
    mst_reader_free(reader);
}

static void check_tags(void **state)
{
    const MstReaderOps *ops = &mst_reader_milter_manager;
    const MstSlice text = MST_LIT("[statistics] [session][end][connect][pass][1](6)");

    (void)state;
    assert_true(ops->owns(MST_LIT("milter-manager"), text));
    assert_false(ops->owns(MST_LIT("milter-test-client"), text));
    assert_false(ops->owns(MST_LIT("milter-manager2"), text));
    assert_false(ops->owns(MST_LIT("milter"), text));
    assert_false(ops->owns((MstSlice){NULL, 0}, text));
}

static void check_recognised(void **state)
{
    static const struct {
        MstSlice whole;
        bool own;
    } lines[] = {
        {MST_LIT_INIT("[2026-11-21T22:08:48.651744Z]: [session][end][connect][pass][1](6)"), true},
        {MST_LIT_INIT("[error][milter-core][2026-11-21T22:08:48Z] [(null)][7]: text"), true},
        {MST_LIT_INIT("[milter][end][connect][pass][1](6): greylist"), true},
        {MST_LIT_INIT("[6] [manager][session][start]"), true},
        {MST_LIT_INIT("[milter-client]: [client][workers][run] <3>"), true},
        {MST_LIT_INIT("[wonder]: text"), false},
        {MST_LIT_INIT("\ttests=BAYES_99"), false},
        {MST_LIT_INIT(""), false},
        {MST_LIT_INIT("["), false},
        {MST_LIT_INIT("[2026-11-21T22:08:48.651744Z]"), false},
        {MST_LIT_INIT("[session] opened"), false},
        {MST_LIT_INIT("[1] text"), false},
        {MST_LIT_INIT("@400000006b02151e04773dec new msg 93"), false},
        {MST_LIT_INIT("[Time 2026.11.21 17:15:01 UTC] [Facility mail] [Sender x] [PID 2]"), false},
        {MST_LIT_INIT("Nov 21 22:05:28 mx1 milter-manager[7]: [statistics] "
                      "[session][end][connect][pass][1](6)"),
         false},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
        assert_int_equal(mst_reader_milter_manager.recognises(lines[i].whole), lines[i].own);
}

/* A line may end anywhere: no start of a line may say more than the line. */
static void check_cut_lines(void **state)
{
    static const char *const lines[] = {
        "[statistics] [session][end][end-of-message][pass][0.109978](1",
        "[statistics] [session][disconnected][2.5](4",
        "[statistics] [reply][end-of-message][quarantine](1",
        "[1] [manager][receive][connect] <client.example.net>:<inet:45561@[192.0.2.1]",
        "[1] [manager][receive][define-macro] <{\"i\" => \"8BE3852E9C1\"",
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        for (size_t len = 1; len <= strlen(lines[i]); len++) {
            g_autofree char *line = g_strndup(lines[i], len);
            MstReader *reader = mst_reader_new(&mst_reader_milter_manager);
            g_autofree char *events = recorder_read(reader, "milter-manager[71]", line);

            mst_reader_free(reader);
            assert_true(g_str_has_prefix(events, "broken: ") ||
                        g_str_has_prefix(events, "noise: "));
        }
    }
}

int main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(syslog_cases) + G_N_ELEMENTS(own_cases) + 5];
    size_t n = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(syslog_cases); i++)
        tests[n++] = (struct CMUnitTest){syslog_cases[i].name, check_syslog, NULL, NULL,
                                         (void *)&syslog_cases[i]};
    for (size_t i = 0; i < G_N_ELEMENTS(own_cases); i++)
        tests[n++] = (struct CMUnitTest){own_cases[i].name, check_own, NULL, NULL,
                                         (void *)&own_cases[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_items);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_processes);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_tags);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_recognised);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(check_cut_lines);
    return cmocka_run_group_tests_name("milter-manager", tests, NULL, NULL);
}
