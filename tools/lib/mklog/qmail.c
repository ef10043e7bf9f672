/*
 * qmail.c - hosts with qmail
 *
 *     new msg 93
 *     info msg 93: bytes 4212 from <ann@example.com> qp 2077 uid 7791
 *     starting delivery 5: msg 93 to remote bob@example.net
 *     status: local 0/10 remote 1/20
 *     delivery 5: success: 198.18.0.9_accepted_message./Remote_host_said:_250_…/
 *     status: local 0/10 remote 0/20
 *     end msg 93
 *
 * Deliveries are numbered and counted when their turn comes.
 */
#include "qmail.h"

#include "delivery.h"
#include "pool.h"

#include <stdio.h>
#include <string.h>

enum { UID_SMTP = 7791, UID_QUEUE = 7796 };
enum { LOCAL, REMOTE };

typedef struct QmailHost {
    Host host;
    Pool *numbers; /* of messages: their inodes */
    unsigned qp;   /* the latest qmail-queue's process ID */
    bool splogger;
    uint64_t deliveries; /* started so far */
    unsigned running[2]; /* local, remote */
} QmailHost;

typedef struct Delivery {
    QmailHost *qmail;
    uint64_t number;
    uint32_t message;
    int channel;
    const char *recipient;
    char report[400];
} Delivery;

static void say(QmailHost *self, int64_t time, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void say(QmailHost *self, int64_t time, const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (self->splogger)
        journal_say(self->host.journal, time, "%s qmail: %llu.%06u %s", self->host.name,
                    (unsigned long long)(time / SECOND), (unsigned)(time % SECOND), text);
    else
        journal_say(self->host.journal, time, "%s", text);
}

static void say_status(QmailHost *self, int64_t time)
{
    say(self, time, "status: local %u/10 remote %u/20", self->running[LOCAL],
        self->running[REMOTE]);
}

static void start_delivery(void *subject, int64_t time)
{
    Delivery *delivery = subject;
    QmailHost *self = delivery->qmail;

    delivery->number = ++self->deliveries;
    self->running[delivery->channel]++;
    say(self, time, "starting delivery %llu: msg %u to %s %s", (unsigned long long)delivery->number,
        delivery->message, delivery->channel == LOCAL ? "local" : "remote", delivery->recipient);
    say_status(self, time);
}

static void end_delivery(void *subject, int64_t time)
{
    Delivery *delivery = subject;
    QmailHost *self = delivery->qmail;

    self->running[delivery->channel]--;
    say(self, time, "delivery %llu: %s", (unsigned long long)delivery->number, delivery->report);
    say_status(self, time);
    g_free(delivery);
}

static unsigned next_qp(QmailHost *self)
{
    self->qp += 1 + dice_below(&self->host.world->dice, 4);
    if (self->qp > 32767)
        self->qp = 700;
    return self->qp;
}

/* What qmail-remote says of a host: its address, never its name. */
static void print_remote(char *text, size_t size, const Attempt *attempt)
{
    const char *ip = attempt->to->ip;

    if (attempt->fate == FATE_NEXT || attempt->fate == FATE_AWAY)
        snprintf(text, size, "success: %s_accepted_message./Remote_host_said:_250_%s/", ip,
                 attempt->reply);
    else if (attempt->fate == FATE_FAILED)
        snprintf(text, size,
                 "failure: %s_does_not_like_recipient./Remote_host_said:_550_5.1.1_User_unknown/"
                 "Giving_up_on_%s./",
                 ip, ip);
    else if (attempt->variant % 3 == 0)
        snprintf(text, size,
                 "deferral: Sorry,_I_wasn't_able_to_establish_an_SMTP_connection._"
                 "(#4.4.1)/");
    else if (attempt->variant % 3 == 1)
        snprintf(text, size,
                 "deferral: Connected_to_%s_but_greeting_failed./Remote_host_said:_"
                 "421_too_busy/",
                 ip);
    else
        snprintf(text, size,
                 "deferral: %s_does_not_like_recipient./Remote_host_said:_450_4.7.1_Greylisted/"
                 "Giving_up_on_%s./",
                 ip, ip);
    g_strdelimit(strstr(text, ": ") + 2, " ", '_');
}

static void tell(Hop *hop, Attempt *attempt)
{
    QmailHost *self = (QmailHost *)(void *)hop->host;
    Delivery *delivery = g_new0(Delivery, 1);
    Schedule *schedule = self->host.world->schedule;

    *delivery = (Delivery){.qmail = self,
                           .message = hop->number,
                           .channel = attempt->to == NULL ? LOCAL : REMOTE,
                           .recipient = attempt->recipients[0]->text};
    if (attempt->to != NULL)
        print_remote(delivery->report, sizeof delivery->report, attempt);
    else if (attempt->fate == FATE_FAILED)
        g_strlcpy(delivery->report, "failure: Sorry,_no_mailbox_here_by_that_name._(#5.1.1)/",
                  sizeof delivery->report);
    else
        g_strlcpy(delivery->report, "success: did_1+0+0/", sizeof delivery->report);
    schedule_at(schedule, attempt->start, start_delivery, delivery);
    schedule_at(schedule, attempt->end, end_delivery, delivery);
}

/* The n-th retry comes 400 n² seconds after the message. */
static int64_t wait_for_retry(unsigned attempts)
{
    return (int64_t)400 * SECOND * (2 * attempts - 1);
}

static void begin_life(Hop *hop, unsigned qp, unsigned uid)
{
    QmailHost *self = (QmailHost *)(void *)hop->host;

    hop->number = pool_take(self->numbers, hop->arrival);
    snprintf(hop->id, sizeof hop->id, "%u", hop->number);
    say(self, hop->arrival, "new msg %u", hop->number);
    say(self, hop->arrival, "info msg %u: bytes %u from <%s> qp %u uid %u", hop->number,
        hop->mail.size, hop->mail.sender->text, qp, uid);
}

static Hop notify(Hop *hop, int64_t time)
{
    QmailHost *self = (QmailHost *)(void *)hop->host;
    const unsigned qp = next_qp(self);
    Mail mail = {.sender = &self->host.world->names->nobody,
                 .recipients = {hop->mail.sender},
                 .count = 1,
                 .size = hop->mail.size + 600};
    Hop notice = delivery_hop(&self->host, time + 30 * MILLISECOND, &mail);

    say(self, time + 18 * MILLISECOND, "bounce msg %u qp %u", hop->number, qp);
    begin_life(&notice, qp, UID_QUEUE);
    delivery_run(&notice, notice.arrival + MILLISECOND);
    return notice;
}

static void end_life(Hop *hop, int64_t time)
{
    QmailHost *self = (QmailHost *)(void *)hop->host;

    say(self, time, "end msg %u", hop->number);
    pool_give(self->numbers, hop->number, time + MILLISECOND);
}

static void accept(Host *host, int64_t time, const Mail *mail, Receipt *receipt)
{
    QmailHost *self = (QmailHost *)(void *)host;
    const unsigned qp = next_qp(self);
    Hop hop;

    receipt->time = time + 20 * MILLISECOND + dice_wait(&host->world->dice, SECOND / 2);
    hop = delivery_hop(host, receipt->time + dice_below(&host->world->dice, 20 * MILLISECOND),
                       mail);
    begin_life(&hop, qp, UID_SMTP);
    receipt->life = hop.life;
    g_strlcpy(receipt->id, hop.id, sizeof receipt->id);
    snprintf(receipt->reply, sizeof receipt->reply, "ok %llu qp %u",
             (unsigned long long)(receipt->time / SECOND), qp);
    if (host->world->wishes->silent)
        g_strlcpy(receipt->reply, "ok", sizeof receipt->reply);
    delivery_run(&hop, hop.arrival + MILLISECOND);
}

static void session(Host *host, int64_t time)
{
    Receipt receipt;
    Mail mail;

    world_mail(host->world, names_client(host->world->names, &host->world->dice), &mail);
    accept(host, time, &mail, &receipt);
}

static void qmail_free(Host *host)
{
    pool_free(((QmailHost *)(void *)host)->numbers);
}

static const System qmail = {
    .name = "qmail",
    .one_by_one = true,
    .session = session,
    .accept = accept,
    .tell = tell,
    .wait = wait_for_retry,
    .notify = notify,
    .end = end_life,
    .free = qmail_free,
};

Host *qmail_new(World *world, const char *name, Journal *journal, bool splogger)
{
    QmailHost *self = g_new0(QmailHost, 1);

    world_add_host(world, &self->host, &qmail, name, journal);
    self->numbers = pool_new(262144 + dice_below(&world->dice, 1000));
    self->qp = 700;
    self->splogger = splogger;
    return &self->host;
}
