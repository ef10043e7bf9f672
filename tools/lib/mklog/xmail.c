/*
 * xmail.c - hosts with XMail
 *
 * smtp: server, domain, client's address, time, HELO, recipient's domain, sender, recipient, message
 * ID, status, user, size, client's name. smail: domain, spool file, message ID, sender, recipient,
 * operation, its parameter, time, reply. It tells successes only.
 */
#include "xmail.h"

#include "delivery.h"

#include <stdio.h>
#include <string.h>

typedef struct XmailHost {
    Host host; /* its journal is smtp's */
    Journal *smail;
    uint32_t messages; /* IDs given so far */
    uint32_t spool_files;
} XmailHost;

static void print_time(char text[32], int64_t time)
{
    const Clock clock = clock_at(time);

    snprintf(text, 32, "%04u-%02u-%02u %02u:%02u:%02u", clock.year, clock.month, clock.day,
             clock.hour, clock.minute, clock.second);
}

/* A line of smtp. The recipient may be NULL: before there is one. */
static void say_smtp(const Hop *hop, int64_t time, const Address *recipient, const char *status,
                     unsigned size)
{
    const Host *host = hop->host;
    const char *server = host->self.name;
    const bool is_taken = g_str_has_suffix(status, "=OK");
    char stamp[32];

    print_time(stamp, time);
    journal_say(host->journal, time,
                "\"%s\"\t\"%s\"\t\"%s\"\t\"%s\"\t\"%s\"\t\"%s\"\t\"%s\"\t\"%s\"\t\"%s\"\t\"%s\"\t"
                "\"\"\t\"%u\"\t\"\"",
                server, server, hop->mail.client->ip, stamp, hop->mail.client->name,
                is_taken ? recipient->domain->name : "",
                recipient == NULL ? "" : hop->mail.sender->text,
                recipient == NULL ? "" : recipient->text, hop->id, status, size);
}

/* Only what stands in angle brackets, if anything does. */
static void print_reply(char *text, size_t size, const char *reply)
{
    const char *open = strchr(reply, '<');
    const char *close = open == NULL ? NULL : strchr(open, '>');

    if (close == NULL)
        g_strlcpy(text, reply, size);
    else
        snprintf(text, size, "%.*s", (int)(close - open - 1), open + 1);
}

static void tell(Hop *hop, Attempt *attempt)
{
    XmailHost *self = (XmailHost *)(void *)hop->host;
    const char *recipient = attempt->recipients[0]->text;
    char stamp[32], parameter[160], reply[128] = "";
    const char *operation = "LOCAL";

    if (attempt->fate == FATE_DEFERRED)
        return;
    print_time(stamp, attempt->end);
    g_strlcpy(parameter, recipient, sizeof parameter);
    if (attempt->to != NULL) {
        operation = attempt->variant % 4 == 0 ? "FWD" : "SMTP";
        snprintf(parameter, sizeof parameter, "%s%s", attempt->to->name,
                 attempt->variant % 4 == 0 ? "" : ".");
        print_reply(reply, sizeof reply, attempt->reply);
    }
    journal_say(self->smail, attempt->end,
                "\"%s\"\t\"%llu.7f3b26ffd6c0.1102.%x.%s\"\t\"%s\"\t\"%s\"\t\"%s\"\t\"%s\"\t"
                "\"%s\"\t\"%s\"\t\"%s\"",
                self->host.self.name,
                (unsigned long long)((hop->arrival + 2 * MILLISECOND) / MILLISECOND),
                ++self->spool_files, self->host.name, hop->id, hop->mail.sender->text, recipient,
                operation, parameter, stamp, reply);
}

static Hop new_hop(XmailHost *self, int64_t time, const Mail *mail)
{
    Hop hop = delivery_hop(&self->host, time, mail);

    snprintf(hop.id, sizeof hop.id, "S%X", ++self->messages);
    return hop;
}

static void accept(Host *host, int64_t time, const Mail *mail, Receipt *receipt)
{
    Hop hop = new_hop((XmailHost *)(void *)host, time, mail);

    for (unsigned i = 0; i < mail->count; i++) {
        say_smtp(&hop, time, mail->recipients[i], "RCPT=OK", 0);
        time += 10 * MILLISECOND;
    }
    time += 10 * MILLISECOND + dice_wait(&host->world->dice, SECOND / 2);
    say_smtp(&hop, time, mail->recipients[mail->count - 1], "RECV=OK", mail->size);
    hop.arrival = time;
    receipt->time = time;
    receipt->life = hop.life;
    g_strlcpy(receipt->id, hop.id, sizeof receipt->id);
    if (host->world->wishes->silent)
        g_strlcpy(receipt->reply, "OK", sizeof receipt->reply);
    else
        snprintf(receipt->reply, sizeof receipt->reply, "OK <%s>", hop.id);
    delivery_run(&hop, time + 5 * MILLISECOND);
}

static void refuse(Host *host, int64_t time, const Mail *mail)
{
    static const char *const statuses[] = {"RCPT=EAVAIL", "RCPT=ERELAY", "RCPT=EFULL"};
    const char *status = statuses[dice_below(&host->world->dice, G_N_ELEMENTS(statuses))];
    Hop hop = new_hop((XmailHost *)(void *)host, time, mail);

    say_smtp(&hop, time, mail->recipients[0], status, 0);
    delivery_refuse(&hop, mail->recipients[0], "");
}

static void session(Host *host, int64_t time)
{
    Dice *dice = &host->world->dice;
    const uint32_t die = dice_below(dice, 100);
    Receipt receipt;
    Mail mail;
    Hop hop;

    world_mail(host->world, names_client(host->world->names, dice), &mail);
    if (die < 3) {
        hop = delivery_hop(host, time, &mail);
        say_smtp(&hop, time, NULL, "AUTH=EFAIL:TYPE=LOGIN", 0);
    } else if (die < 10) {
        refuse(host, time, &mail);
    } else {
        accept(host, time, &mail, &receipt);
    }
}

/* The first retry after eight minutes, each later one a sixteenth later. */
static int64_t wait_for_retry(unsigned attempts)
{
    return (int64_t)480 * SECOND + (int64_t)30 * SECOND * (attempts - 1);
}

static void end_life(Hop *hop, int64_t time)
{
    (void)hop;
    (void)time;
}

static void xmail_free(Host *host)
{
    (void)host;
}

static const System xmail = {
    .name = "xmail",
    .one_by_one = true,
    .never_fails = true,
    .session = session,
    .accept = accept,
    .tell = tell,
    .wait = wait_for_retry,
    .end = end_life,
    .free = xmail_free,
};

Host *xmail_new(World *world, const char *name, Journal *smtp, Journal *smail)
{
    XmailHost *self = g_new0(XmailHost, 1);

    world_add_host(world, &self->host, &xmail, name, smtp);
    self->smail = smail;
    return &self->host;
}
