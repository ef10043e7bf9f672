/*
 * sendmail.c - hosts with sendmail
 *
 *     sm-mta[2101]: 5AKAK0d4002101: from=<ann@example.com>, size=4000, class=0, nrcpts=1, …
 *     sm-mta[2102]: 5AKAK0d4002101: to=<bob@example.net>, delay=00:00:01, …, stat=Sent (…)
 *
 * At the usual log level nothing tells the end of a life.
 */
#include "sendmail.h"

#include "delivery.h"

#include <stdio.h>
#include <string.h>

typedef struct SendmailHost {
    Host host;
    unsigned pid; /* the latest process's */
    uint32_t sequence;
} SendmailHost;

static unsigned next_pid(SendmailHost *self)
{
    self->pid += 1 + dice_below(&self->host.world->dice, 3);
    if (self->pid > 32767)
        self->pid = 400;
    return self->pid;
}

/* Year, month, day, hour, minute, second, two of a sequence; the process ID. */
static Hop new_hop(SendmailHost *self, int64_t time, unsigned pid, const Mail *mail)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx";
    const Clock clock = clock_at(time);
    const uint32_t sequence = self->sequence++ % 3600;
    Hop hop = delivery_hop(&self->host, time, mail);

    snprintf(hop.id, sizeof hop.id, "%c%c%c%c%c%c%c%c%06u", digits[(clock.year - 1900) % 60],
             digits[clock.month - 1], digits[clock.day], digits[clock.hour], digits[clock.minute],
             digits[clock.second], digits[sequence / 60], digits[sequence % 60], pid);
    return hop;
}

static void print_relay(char *text, size_t size, const Client *client)
{
    if (g_str_equal(client->name, "unknown"))
        snprintf(text, size, "[%s]", client->ip);
    else
        snprintf(text, size, "%s [%s]", client->name, client->ip);
}

/* `00:10:24`, `1+02:03:04` */
static void print_delay(char *text, size_t size, int64_t delay)
{
    const unsigned seconds = (unsigned)(delay / SECOND);
    const unsigned days = seconds / 86400;

    if (days > 0)
        snprintf(text, size, "%u+%02u:%02u:%02u", days, seconds / 3600 % 24, seconds / 60 % 60,
                 seconds % 60);
    else
        snprintf(text, size, "%02u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

/* All recipients in one cell, the last one first. */
static void print_recipients(char *text, size_t size, const Attempt *attempt)
{
    size_t len = 0;

    for (unsigned i = attempt->count; i > 0; i--)
        len += (size_t)snprintf(text + len, size - len, "%s<%s>", len > 0 ? "," : "",
                                attempt->recipients[i - 1]->text);
}

static void begin_attempt(Hop *hop, int64_t time)
{
    (void)time;
    hop->number = next_pid((SendmailHost *)(void *)hop->host);
}

/* What stands behind `pri=…, `. */
static void print_result(char *text, size_t size, const Attempt *attempt)
{
    static const char *const deferrals[] = {"Connection timed out with", "Connection refused by",
                                            "Connection reset by"};
    const Client *to = attempt->to;
    const char *reply = attempt->reply;

    if (to == NULL && attempt->fate == FATE_FAILED)
        snprintf(text, size, "dsn=5.1.1, stat=User unknown");
    else if (to == NULL)
        snprintf(text, size, "dsn=2.0.0, stat=Sent");
    else if (attempt->fate == FATE_FAILED)
        snprintf(text, size,
                 "relay=%s. [%s], dsn=5.1.1, reply=550 5.1.1 <%s>: Recipient address rejected, "
                 "stat=User unknown",
                 to->name, to->ip, attempt->recipients[0]->text);
    else if (attempt->fate == FATE_DEFERRED || attempt->fate == FATE_STUCK)
        snprintf(text, size, "relay=%s. [%s], dsn=4.0.0, stat=Deferred: %s %s.", to->name, to->ip,
                 deferrals[attempt->variant % G_N_ELEMENTS(deferrals)], to->name);
    else
        snprintf(text, size, "relay=%s. [%s], dsn=2.0.0, stat=Sent (%s)", to->name, to->ip,
                 g_str_has_prefix(reply, "2.0.0 ") ? reply + 6 : reply);
}

static const char *dsn_of(const Attempt *attempt)
{
    switch (attempt->fate) {
    case FATE_FAILED:
        return "5.1.1";
    case FATE_DEFERRED:
    case FATE_STUCK:
        return "4.0.0";
    case FATE_HERE:
    case FATE_NEXT:
    case FATE_AWAY:
        break;
    }
    return "2.0.0";
}

static void tell(Hop *hop, Attempt *attempt)
{
    const Host *host = hop->host;
    char recipients[512], result[512], delay[32], xdelay[32];

    g_strlcpy(attempt->dsn, dsn_of(attempt), sizeof attempt->dsn);
    print_recipients(recipients, sizeof recipients, attempt);
    print_result(result, sizeof result, attempt);
    print_delay(delay, sizeof delay, attempt->end - hop->arrival);
    print_delay(xdelay, sizeof xdelay, attempt->end - attempt->start);
    if (attempt->to != NULL && g_str_equal(attempt->dsn, "2.0.0") && attempt->variant % 2 == 0)
        journal_say(host->journal, attempt->start + (attempt->end - attempt->start) / 3,
                    "%s sm-mta[%u]: STARTTLS=client, relay=%s., version=TLSv1.3, verify=FAIL, "
                    "cipher=TLS_AES_256_GCM_SHA384, bits=256/256",
                    host->name, hop->number, attempt->to->name);
    journal_say(host->journal, attempt->end,
                "%s sm-mta[%u]: %s: to=%s, delay=%s, xdelay=%s, mailer=%s, pri=%u, %s", host->name,
                hop->number, hop->id, recipients, delay, xdelay,
                attempt->to == NULL ? "local" : "esmtp",
                30000 * hop->mail.count + hop->mail.size + 90000 * (attempt->number - 1), result);
}

static int64_t wait_for_queue_run(unsigned attempts)
{
    (void)attempts;
    return (int64_t)900 * SECOND;
}

static Hop notify(Hop *hop, int64_t time)
{
    SendmailHost *self = (SendmailHost *)(void *)hop->host;
    const Clock clock = clock_at(time);
    Mail mail = {.sender = &self->host.world->names->nobody,
                 .recipients = {hop->mail.sender},
                 .count = 1,
                 .size = hop->mail.size + 1024};
    Hop notice = new_hop(self, time, hop->number, &mail);

    snprintf(notice.mail.message_id, sizeof notice.mail.message_id, "%04u%02u%02u%02u%02u.%s@%s",
             clock.year, clock.month, clock.day, clock.hour, clock.minute, notice.id,
             self->host.self.name);
    journal_say(self->host.journal, time, "%s sm-mta[%u]: %s: %s: DSN: User unknown",
                self->host.name, hop->number, hop->id, notice.id);
    delivery_run(&notice, time + MILLISECOND);
    return notice;
}

static void end_life(Hop *hop, int64_t time)
{
    (void)hop;
    (void)time;
}

/* The line of a sender, with the message-ID if the message was read. */
static void tell_sender(const Hop *hop, int64_t time, unsigned pid, unsigned size, unsigned count)
{
    char message_id[128] = "";
    char relay[160];

    print_relay(relay, sizeof relay, hop->mail.client);
    if (count > 0)
        snprintf(message_id, sizeof message_id, "msgid=<%s>, ", hop->mail.message_id);
    journal_say(hop->host->journal, time,
                "%s sm-mta[%u]: %s: from=<%s>, size=%u, class=0, nrcpts=%u, %sproto=ESMTP, "
                "daemon=MTA-v4, relay=%s",
                hop->host->name, pid, hop->id, hop->mail.sender->text, size, count, message_id,
                relay);
}

/* Returns the time at which the client has its answer. */
static int64_t take(Hop *hop, int64_t time, unsigned pid)
{
    Host *host = hop->host;

    time += 10 * MILLISECOND + dice_wait(&host->world->dice, SECOND / 2);
    tell_sender(hop, time, pid, hop->mail.size, hop->mail.count);
    if (dice_in_thousand(&host->world->dice, 200))
        journal_say(host->journal, time + MILLISECOND,
                    "%s sm-mta[%u]: %s: Milter insert (1): header: DKIM-Signature:  v=1; "
                    "a=rsa-sha256; c=relaxed/simple; s=mail",
                    host->name, pid, hop->id);
    delivery_run(hop, time + 3 * MILLISECOND);
    return time + 2 * MILLISECOND;
}

static void start_tls(Host *host, int64_t time, unsigned pid, const Client *client)
{
    char relay[160];

    if (dice_in_thousand(&host->world->dice, 500))
        return;
    print_relay(relay, sizeof relay, client);
    journal_say(host->journal, time,
                "%s sm-mta[%u]: STARTTLS=server, relay=%s, version=TLSv1.3, verify=NO, "
                "cipher=TLS_AES_256_GCM_SHA384, bits=256/256",
                host->name, pid, relay);
}

static void accept(Host *host, int64_t time, const Mail *mail, Receipt *receipt)
{
    SendmailHost *self = (SendmailHost *)(void *)host;
    const unsigned pid = next_pid(self);
    Hop hop = new_hop(self, time, pid, mail);

    start_tls(host, time, pid, mail->client);
    receipt->life = hop.life;
    g_strlcpy(receipt->id, hop.id, sizeof receipt->id);
    if (host->world->wishes->silent)
        g_strlcpy(receipt->reply, "2.0.0 Ok", sizeof receipt->reply);
    else
        snprintf(receipt->reply, sizeof receipt->reply, "2.0.0 %s Message accepted for delivery",
                 hop.id);
    receipt->time = take(&hop, time, pid);
}

static void refuse(const Hop *hop, int64_t time, unsigned pid, const Address *recipient)
{
    const Host *host = hop->host;
    char relay[160];

    print_relay(relay, sizeof relay, hop->mail.client);
    if (dice_in_thousand(&host->world->dice, 500)) {
        journal_say(host->journal, time, "%s sm-mta[%u]: %s: <%s>... User unknown", host->name, pid,
                    hop->id, recipient->text);
        delivery_refuse(hop, recipient, "");
        return;
    }
    journal_say(host->journal, time,
                "%s sm-mta[%u]: %s: ruleset=check_rcpt, arg1=<%s>, relay=%s, reject=550 5.7.1 "
                "<%s>... Relaying denied",
                host->name, pid, hop->id, recipient->text, relay, recipient->text);
    delivery_refuse(hop, recipient, "5.7.1");
}

static void come_to_nothing(const Hop *hop, int64_t time, unsigned pid)
{
    char relay[160];

    print_relay(relay, sizeof relay, hop->mail.client);
    journal_say(hop->host->journal, time,
                "%s sm-mta[%u]: %s: %s did not issue MAIL/EXPN/VRFY/ETRN during connection to "
                "MTA-v4",
                hop->host->name, pid, hop->id, relay);
}

static void session(Host *host, int64_t time)
{
    SendmailHost *self = (SendmailHost *)(void *)host;
    Dice *dice = &host->world->dice;
    const Client *client = names_client(host->world->names, dice);
    const uint32_t die = dice_below(dice, 1000);
    const unsigned pid = next_pid(self);
    Mail mail;
    Hop hop;

    world_mail(host->world, client, &mail);
    hop = new_hop(self, time, pid, &mail);
    if (die < 50) {
        come_to_nothing(&hop, time, pid);
        return;
    }
    start_tls(host, time, pid, client);
    if (die < 150) {
        refuse(&hop, time + 100 * MILLISECOND, pid, mail.recipients[0]);
        tell_sender(&hop, time + 300 * MILLISECOND, pid, 0, 0);
        return;
    }
    if (die < 180 && mail.count > 1)
        refuse(&hop, time + MILLISECOND, pid, hop.mail.recipients[--hop.mail.count]);
    take(&hop, time, pid);
}

static void sendmail_free(Host *host)
{
    (void)host;
}

static const System sendmail = {
    .name = "sendmail",
    .session = session,
    .accept = accept,
    .begin = begin_attempt,
    .tell = tell,
    .wait = wait_for_queue_run,
    .notify = notify,
    .end = end_life,
    .free = sendmail_free,
};

Host *sendmail_new(World *world, const char *name, Journal *journal)
{
    SendmailHost *self = g_new0(SendmailHost, 1);

    world_add_host(world, &self->host, &sendmail, name, journal);
    self->pid = 400;
    return &self->host;
}
