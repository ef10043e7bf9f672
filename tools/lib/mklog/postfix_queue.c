/* postfix_queue.c - what Postfix logs of a message from the queue on */
#include "postfix_queue.h"

#include "delivery.h"

#include <stdio.h>
#include <string.h>

typedef struct Reason {
    const char *dsn;
    const char *text; /* `%1` is the host's name, `%2` its address, `%3` the recipient */
    bool no_relay;    /* nobody could be asked */
} Reason;

static const Reason deferrals[] = {
    {"4.4.1", "connect to %1[%2]:25: Connection timed out", true},
    {"4.4.1", "connect to %1[%2]:25: Connection refused", true},
    {"4.7.1",
     "host %1[%2] said: 451 4.7.1 <%3>: Recipient address rejected: Greylisted, please try again "
     "in 300 seconds (in reply to RCPT TO command)",
     false},
    {"4.2.2", "host %1[%2] said: 452 4.2.2 <%3>: Mailbox full (in reply to RCPT TO command)",
     false},
    {"4.4.2", "lost connection with %1[%2] while receiving the initial server greeting", false},
    {"4.4.3",
     "Host or domain name not found. Name service error for name=%1 type=A: Host not found, try "
     "again",
     true},
};
static const Reason failures[] = {
    {"5.1.1",
     "host %1[%2] said: 550 5.1.1 <%3>: Recipient address rejected: User unknown in relay "
     "recipient table (in reply to RCPT TO command)",
     false},
    {"5.7.1",
     "host %1[%2] said: 554 5.7.1 Message refused by content policy, status=sent is not what you "
     "get (in reply to end of DATA command)",
     false},
    {"5.2.1",
     "host %1[%2] said: 550-5.2.1 This mailbox is 550 5.2.1 disabled (in reply to RCPT "
     "TO command)",
     false},
    {"5.4.4",
     "Host or domain name not found. Name service error for name=%1 type=AAAA: Host not "
     "found",
     true},
};

unsigned postfix_pid(PostfixHost *self, unsigned service, unsigned processes)
{
    return 1000 + service * 500 + dice_below(&self->host.world->dice, processes) * 7;
}

static void print_digits(char *text, uint64_t number, unsigned base, int count)
{
    static const char digits[] = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";

    while (count-- > 0) {
        text[count] = digits[number % base];
        number /= base;
    }
}

/* Six digits of seconds, four of microseconds, `z`, the inode number. */
static void print_long_id(char *id, int64_t time, uint32_t inode)
{
    int count = 1;

    for (uint32_t rest = inode / 51; rest > 0; rest /= 51)
        count++;
    print_digits(id, (uint64_t)(time / SECOND), 52, 6);
    print_digits(id + 6, (uint64_t)(time % SECOND), 52, 4);
    id[10] = 'z';
    print_digits(id + 11, inode, 51, count);
    id[11 + count] = '\0';
}

/* Several hosts have coarse clocks, so that they come to use the same IDs. */
Hop postfix_hop(PostfixHost *self, int64_t time, const Mail *mail)
{
    const Wishes *wishes = self->host.world->wishes;
    Hop hop = delivery_hop(&self->host, time, mail);
    unsigned part = (unsigned)(time % SECOND);

    hop.number = pool_take(self->inodes, time);
    if (wishes->hosts > 1)
        part -= part % 20000;
    if (wishes->long_ids)
        print_long_id(hop.id, time, hop.number);
    else
        snprintf(hop.id, sizeof hop.id, "%05X%X", part, hop.number);
    return hop;
}

void postfix_forget(PostfixHost *self, const Hop *hop, int64_t time)
{
    pool_give(self->inodes, hop->number, time);
}

void postfix_begin(Hop *hop, int64_t time)
{
    const PostfixHost *self = (PostfixHost *)(void *)hop->host;

    journal_say(self->host.journal, time,
                "%s postfix/qmgr[%u]: %s: from=<%s>, size=%u, nrcpt=%u (queue active)",
                self->host.name, self->qmgr, hop->id, hop->mail.sender->text, hop->mail.size,
                hop->mail.count);
}

/* Two digits that count: `0`, `0.05`, `7.1`, `102`. Returns the text's end. */
static char *print_delay(char *text, size_t size, const char *before, int64_t delay)
{
    const unsigned hundredths = (unsigned)(delay / (10 * MILLISECOND));
    int len;

    if (hundredths >= 1000 || hundredths % 100 == 0)
        len = snprintf(text, size, "%s%u", before, hundredths / 100);
    else if (hundredths >= 100 || hundredths % 10 == 0)
        len = snprintf(text, size, "%s%u.%u", before, hundredths / 100, hundredths / 10 % 10);
    else
        len = snprintf(text, size, "%s0.%02u", before, hundredths);
    return text + len;
}

static void print_delays(char text[96], const Hop *hop, const Attempt *attempt)
{
    const int64_t took = attempt->end - attempt->start;
    char *end = text + 96;
    char *at;

    at = print_delay(text, 96, "delay=", attempt->end - hop->arrival);
    at = print_delay(at, (size_t)(end - at), ", delays=", attempt->start - hop->arrival);
    at = print_delay(at, (size_t)(end - at), "/", MILLISECOND);
    at = print_delay(at, (size_t)(end - at), "/", took / 3);
    print_delay(at, (size_t)(end - at), "/", took - took / 3);
}

/* A reason with the names in it. */
static void print_reason(char *text, size_t size, const char *reason, const Client *to,
                         const char *recipient)
{
    const char *const words[] = {to->name, to->ip, recipient};
    size_t len = 0;

    for (; *reason != '\0' && len + 1 < size; reason++) {
        if (*reason == '%') {
            reason++;
            len += g_strlcpy(text + len, words[*reason - '1'], size - len);
        } else {
            text[len++] = *reason;
        }
    }
    text[MIN(len, size - 1)] = '\0';
}

/* `service` is the daemon's number among them all, as its process IDs go by it. */
static void tell_one(Hop *hop, const Attempt *attempt, const Address *recipient,
                     const char *service, const char *relay, const char *status)
{
    PostfixHost *self = (PostfixHost *)(void *)hop->host;
    char delays[96];

    print_delays(delays, hop, attempt);
    journal_say(self->host.journal, attempt->end,
                "%s postfix/%s[%u]: %s: to=<%s>, relay=%s, %s, dsn=%s, status=%s", self->host.name,
                service, postfix_pid(self, (unsigned)strlen(service), 30), hop->id, recipient->text,
                relay, delays, attempt->dsn, status);
}

static void tell_here(Hop *hop, const Attempt *attempt)
{
    const Address *recipient = attempt->recipients[0];
    const char *at = strchr(recipient->text, '@');
    char status[256];
    char relay[96];

    if (attempt->fate == FATE_FAILED) {
        snprintf(status, sizeof status, "bounced (unknown user: \"%.*s\")",
                 (int)(at - recipient->text), recipient->text);
        tell_one(hop, attempt, recipient, "local", "local", status);
    } else if (attempt->variant % 8 == 0) {
        tell_one(hop, attempt, recipient, "virtual", "virtual", "sent (delivered to maildir)");
    } else {
        snprintf(relay, sizeof relay, "%s[private/lmtp]", hop->host->self.name);
        snprintf(status, sizeof status, "sent (250 2.0.0 <%s> %08x Saved)", recipient->text,
                 attempt->variant);
        tell_one(hop, attempt, recipient, "lmtp", relay, status);
    }
}

static void tell_sent(Hop *hop, const Attempt *attempt)
{
    PostfixHost *self = (PostfixHost *)(void *)hop->host;
    char relay[192];
    char status[192];

    snprintf(relay, sizeof relay, "%s[%s]:25", attempt->to->name, attempt->to->ip);
    snprintf(status, sizeof status, "sent (250 %s)", attempt->reply);
    if (attempt->variant % 8 < 5)
        journal_say(self->host.journal, attempt->start + (attempt->end - attempt->start) / 3,
                    "%s postfix/smtp[%u]: Trusted TLS connection established to %s: TLSv1.3 with "
                    "cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 "
                    "server-signature RSA-PSS (2048 bits) server-digest SHA256",
                    self->host.name, postfix_pid(self, 4, 30), relay);
    for (unsigned i = 0; i < attempt->count; i++)
        tell_one(hop, attempt, attempt->recipients[i], "smtp", relay, status);
}

static void tell_trouble(Hop *hop, Attempt *attempt, const char *word, const Reason *reason)
{
    const Address *recipient = attempt->recipients[0];
    char relay[192] = "none";
    char text[512];
    char status[600];

    g_strlcpy(attempt->dsn, reason->dsn, sizeof attempt->dsn);
    if (!reason->no_relay)
        snprintf(relay, sizeof relay, "%s[%s]:25", attempt->to->name, attempt->to->ip);
    print_reason(text, sizeof text, reason->text, attempt->to, recipient->text);
    snprintf(status, sizeof status, "%s (%s)", word, text);
    tell_one(hop, attempt, recipient, "smtp", relay, status);
}

void postfix_tell(Hop *hop, Attempt *attempt)
{
    const uint32_t variant = attempt->variant;

    g_strlcpy(attempt->dsn, attempt->fate == FATE_FAILED ? "5.1.1" : "2.0.0", sizeof attempt->dsn);
    if (attempt->to == NULL)
        tell_here(hop, attempt);
    else if (attempt->fate == FATE_FAILED)
        tell_trouble(hop, attempt, "bounced", &failures[variant % G_N_ELEMENTS(failures)]);
    else if (attempt->fate == FATE_DEFERRED || attempt->fate == FATE_STUCK)
        tell_trouble(hop, attempt, "deferred", &deferrals[variant % G_N_ELEMENTS(deferrals)]);
    else
        tell_sent(hop, attempt);
}

int64_t postfix_wait(unsigned attempts)
{
    return (int64_t)300 * SECOND << (attempts - 1);
}

/* `20251120102000.3F2A11A0004@mx1.example.test` */
static void print_message_id(Mail *mail, const Hop *hop)
{
    const Clock clock = clock_at(hop->arrival);

    snprintf(mail->message_id, sizeof mail->message_id, "%04u%02u%02u%02u%02u%02u.%s@%s",
             clock.year, clock.month, clock.day, clock.hour, clock.minute, clock.second, hop->id,
             hop->host->self.name);
}

Hop postfix_notify(Hop *hop, int64_t time)
{
    PostfixHost *self = (PostfixHost *)(void *)hop->host;
    Mail mail = {.sender = &self->host.world->names->nobody,
                 .recipients = {hop->mail.sender},
                 .count = 1,
                 .size = hop->mail.size + 2200};
    Hop notice = postfix_hop(self, time, &mail);

    print_message_id(&notice.mail, &notice);
    journal_say(self->host.journal, time, "%s postfix/cleanup[%u]: %s: message-id=<%s>",
                self->host.name, postfix_pid(self, 7, 30), notice.id, notice.mail.message_id);
    journal_say(self->host.journal, time + 2 * MILLISECOND,
                "%s postfix/bounce[%u]: %s: sender non-delivery notification: %s", self->host.name,
                postfix_pid(self, 6, 5), hop->id, notice.id);
    delivery_run(&notice, time + 3 * MILLISECOND);
    return notice;
}

void postfix_end(Hop *hop, int64_t time)
{
    PostfixHost *self = (PostfixHost *)(void *)hop->host;

    journal_say(self->host.journal, time, "%s postfix/qmgr[%u]: %s: removed", self->host.name,
                self->qmgr, hop->id);
    postfix_forget(self, hop, time + MILLISECOND);
}
