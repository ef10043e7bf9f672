/* shorthand.c - logs that a test can show at a glance */
#include "shorthand.h"

#include <glib.h>
#include <stdbool.h>

/* `$n` is the n-th word after the verb, the last one all that is left; `%n` is a host in sendmail's
 * form. */
static const struct {
    const char *verb;
    int words;
    const char *lines;
} verbs[] = {
    {"connect", 1, "smtpd: connect from $1"},
    {"disconnect", 1, "smtpd: disconnect from $1 ehlo=1 quit=1 commands=2"},
    /* client, sender, recipient */
    {"refuse", 3,
     "smtpd: NOQUEUE: reject: RCPT from $1: 550 5.1.1 <$3>: Recipient address rejected: no; "
     "from=<$2> to=<$3> proto=ESMTP helo=<x>"},
    {"milter-refuse", 4,
     "cleanup: $1: milter-reject: END-OF-MESSAGE from $2: 5.7.1 no; from=<$3> to=<$4> proto=ESMTP "
     "helo=<x>"},
    /* ID, client, Message-ID, sender, count of recipients */
    {"client", 2, "smtpd: $1: client=$2"},
    {"message-id", 2, "cleanup: $1: message-id=<$2>"},
    {"active", 3, "qmgr: $1: from=<$2>, size=400, nrcpt=$3 (queue active)"},
    {"comes", 5,
     "smtpd: $1: client=$2\n"
     "cleanup: $1: message-id=<$3>\n"
     "qmgr: $1: from=<$4>, size=400, nrcpt=$5 (queue active)"},
    {"nameless", 4,
     "smtpd: $1: client=$2\n"
     "cleanup: $1: message-id=<>\n"
     "qmgr: $1: from=<$3>, size=400, nrcpt=$4 (queue active)"},
    {"internal", 4,
     "cleanup: $1: message-id=<$2>\n"
     "qmgr: $1: from=<$3>, size=400, nrcpt=$4 (queue active)"},
    /* ID, recipient, relay, reply */
    {"sent", 4, "smtp: $1: to=<$2>, relay=$3:25, delay=1, dsn=2.0.0, status=sent ($4)"},
    {"queued-as", 4,
     "smtp: $1: to=<$2>, relay=$3:25, delay=1, dsn=2.0.0, status=sent "
     "(250 2.0.0 Ok: queued as $4)"},
    {"deferred", 4, "smtp: $1: to=<$2>, relay=$3:25, delay=1, dsn=4.0.0, status=deferred ($4)"},
    {"bounced", 4, "smtp: $1: to=<$2>, relay=$3:25, delay=1, dsn=5.0.0, status=bounced ($4)"},
    {"unreached", 2,
     "smtp: $1: to=<$2>, relay=none, delay=1, dsn=4.4.1, status=deferred (connect: refused)"},
    /* ID, recipient, recipient before */
    {"delivered", 2,
     "local: $1: to=<$2>, relay=local, delay=1, dsn=2.0.0, status=sent (delivered to mailbox)"},
    {"aliased", 3,
     "local: $1: to=<$2>, orig_to=<$3>, relay=local, delay=1, dsn=2.0.0, status=sent "
     "(delivered to mailbox)"},
    {"forwarded", 3,
     "local: $1: to=<$2>, relay=local, delay=1, dsn=2.0.0, status=sent (forwarded as $3)"},
    {"removed", 1, "qmgr: $1: removed"},

    /* sendmail's: ID, client, Message-ID, sender, count; ID, recipient, relay, reply */
    {"collected", 5,
     "sm-mta: $1: from=<$4>, size=400, class=0, nrcpts=$5, msgid=$3, proto=ESMTP, daemon=MTA, "
     "relay=%2"},
    {"mailed", 2, "sm-mta: $1: to=<$2>, delay=00:00:01, mailer=local, pri=1, dsn=2.0.0, stat=Sent"},
    {"passed", 4,
     "sm-mta: $1: to=<$2>, delay=00:00:01, mailer=esmtp, pri=1, relay=%3, dsn=2.0.0, "
     "stat=Sent ($4)"},
};

static const struct {
    const char *word, *name, *ip;
} peers[] = {
    {"desk", "desk.example.org", "192.0.2.7"}, {"far", "mx.example.net", "198.51.100.9"},
    {"mx1", "mx1.example.test", "127.0.10.1"}, {"hub", "hub.example.test", "127.0.10.2"},
    {"out", "out.example.test", "127.0.10.5"},
};

static void append_word(GString *out, const char *word, const char *blank)
{
    for (size_t i = 0; i < G_N_ELEMENTS(peers); i++) {
        if (g_str_equal(word, peers[i].word)) {
            g_string_append_printf(out, "%s%s[%s]", peers[i].name, blank, peers[i].ip);
            return;
        }
    }
    g_string_append(out, g_str_equal(word, "<>") ? "" : word);
}

static char *fill_in(const char *lines, char **words)
{
    GString *out = g_string_new(NULL);

    for (const char *at = lines; *at != '\0'; at++) {
        if (*at == '$' || *at == '%') {
            append_word(out, words[at[1] - '1'], *at == '$' ? "" : " ");
            at++;
        } else {
            g_string_append_c(out, *at);
        }
    }
    return g_string_free(out, FALSE);
}

/* The lines behind the host, and the process ID that stands behind a verb. */
static char *unfold(const char *text, char **pid)
{
    g_auto(GStrv) parts = g_strsplit(text, " ", 2);
    size_t len = strcspn(parts[0], "[");

    *pid = g_strdup(parts[0][len] == '\0' ? "[1]" : parts[0] + len);
    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
        g_auto(GStrv) words = NULL;

        if (strlen(verbs[i].verb) != len || strncmp(parts[0], verbs[i].verb, len) != 0)
            continue;
        words = g_strsplit(parts[1], " ", verbs[i].words);
        g_assert((int)g_strv_length(words) == verbs[i].words);
        return fill_in(verbs[i].lines, words);
    }
    return g_strdup(text);
}

static bool is_daemon(const char *tag)
{
    return strchr(tag, '/') == NULL && !g_str_has_prefix(tag, "sm-") &&
           !g_str_has_prefix(tag, "sendmail") && !g_str_has_prefix(tag, "milter-manager");
}

/* `start` is the stamp and the host. */
static void append_line(GString *out, char **start, const char *pid, const char *text)
{
    const char *stamp = start[0];
    bool has_day = stamp[2] != ':';
    g_auto(GStrv) parts = g_strsplit(text, ": ", 2);

    g_assert(g_strv_length(parts) == 2);
    g_string_append_printf(out, "2026-05-%.2sT%sZ %s %s%s%s: %s\n", has_day ? stamp : "11",
                           has_day ? stamp + 3 : stamp, start[1],
                           is_daemon(parts[0]) ? "postfix/" : "", parts[0],
                           strchr(parts[0], '[') == NULL ? pid : "", parts[1]);
}

char *shorthand_expand(const char *line, char **host)
{
    g_auto(GStrv) parts = g_strsplit(line, " ", 3);
    g_autofree char *pid = NULL;
    g_autofree char *text = unfold(parts[2], &pid);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GString *out = g_string_new(NULL);

    for (char **at = lines; *at != NULL; at++)
        append_line(out, parts, pid, *at);
    *host = g_strdup(parts[1]);
    return g_string_free(out, FALSE);
}
