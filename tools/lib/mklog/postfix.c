/*
 * postfix.c - Postfix's dialogues with its clients
 *
 *     postfix/smtpd[1007]: connect from out3.cedar5.example[198.18.4.7]
 *     postfix/smtpd[1007]: 3F2A11A0004: client=out3.cedar5.example[198.18.4.7]
 *     postfix/cleanup[4500]: 3F2A11A0004: message-id=<1@cedar5.example>
 *     postfix/smtpd[1007]: disconnect from out3.cedar5.example[198.18.4.7] ehlo=1 … commands=5
 */
#include "postfix.h"

#include "delivery.h"
#include "postfix_queue.h"

#include <stdio.h>

/* One connection, and what was said on it. */
typedef struct Dialogue {
    PostfixHost *postfix;
    const Client *client;
    unsigned smtpd; /* process ID */
    int64_t now;
    bool is_lost; /* the client went without a word */
    unsigned ehlo, starttls, auth, mail, rcpt, rcpt_all, data, data_all;
    MilterSession milter;
    char session[32]; /* milter-manager's name of it */
} Dialogue;

static Journal *journal_of(const Dialogue *self)
{
    return self->postfix->host.journal;
}

static const char *host_of(const Dialogue *self)
{
    return self->postfix->host.name;
}

static Dice *dice_of(const Dialogue *self)
{
    return &self->postfix->host.world->dice;
}

static void start_tls(Dialogue *self)
{
    self->now += 20 * MILLISECOND;
    self->starttls = 1;
    self->ehlo++;
    journal_say(journal_of(self), self->now,
                "%s postfix/smtpd[%u]: Anonymous TLS connection established from %s[%s]: TLSv1.3 "
                "with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 "
                "server-signature RSA-PSS (2048 bits) server-digest SHA256",
                host_of(self), self->smtpd, self->client->name, self->client->ip);
}

static Dialogue begin(Host *host, const Client *client, int64_t time)
{
    PostfixHost *postfix = (PostfixHost *)(void *)host;
    Dialogue self = {.postfix = postfix,
                     .client = client,
                     .smtpd = pool_take(postfix->smtpd, time),
                     .now = time,
                     .ehlo = 1};

    if (client->name[0] == 'u' && dice_in_thousand(dice_of(&self), 100))
        journal_say(host->journal, time,
                    "%s postfix/smtpd[%u]: warning: hostname dyn.example does not resolve to "
                    "address %s: Name or service not known",
                    host->name, self.smtpd, client->ip);
    journal_say(host->journal, time, "%s postfix/smtpd[%u]: connect from %s[%s]", host->name,
                self.smtpd, client->name, client->ip);
    if (postfix->milter != NULL)
        self.milter = milter_connect(postfix->milter, time + MILLISECOND, self.session,
                                     sizeof self.session);
    if (dice_in_thousand(dice_of(&self), 600))
        start_tls(&self);
    self.now += 10 * MILLISECOND + dice_wait(dice_of(&self), SECOND / 2);
    return self;
}

/* ` rcpt=1`, ` rcpt=1/2`, or nothing where the command was not given. */
static int print_count(char *text, size_t size, const char *verb, unsigned good, unsigned all)
{
    if (all == 0)
        return 0;
    if (good == all)
        return snprintf(text, size, " %s=%u", verb, all);
    return snprintf(text, size, " %s=%u/%u", verb, good, all);
}

static void print_counts(const Dialogue *self, char text[160])
{
    const unsigned quit = self->is_lost ? 0 : 1;
    const unsigned good = self->ehlo + self->starttls + self->mail + self->rcpt + self->data + quit;
    const unsigned all = self->ehlo + self->starttls + self->auth + self->mail + self->rcpt_all +
                         self->data_all + quit;
    size_t len = 0;

    len += (size_t)print_count(text + len, 160 - len, "ehlo", self->ehlo, self->ehlo);
    len += (size_t)print_count(text + len, 160 - len, "starttls", self->starttls, self->starttls);
    len += (size_t)print_count(text + len, 160 - len, "auth", 0, self->auth);
    len += (size_t)print_count(text + len, 160 - len, "mail", self->mail, self->mail);
    len += (size_t)print_count(text + len, 160 - len, "rcpt", self->rcpt, self->rcpt_all);
    len += (size_t)print_count(text + len, 160 - len, "data", self->data, self->data_all);
    len += (size_t)print_count(text + len, 160 - len, "quit", quit, quit);
    if (all == 0)
        g_strlcpy(text + len, " commands=0/0", 160 - len);
    else
        print_count(text + len, 160 - len, "commands", good, all);
}

static void end(Dialogue *self)
{
    char counts[160];

    print_counts(self, counts);
    journal_say(journal_of(self), self->now, "%s postfix/smtpd[%u]: disconnect from %s[%s]%s",
                host_of(self), self->smtpd, self->client->name, self->client->ip, counts);
    if (self->postfix->milter != NULL)
        milter_disconnect(self->postfix->milter, &self->milter,
                          self->now + MILLISECOND + dice_wait(dice_of(self), 8 * MILLISECOND));
    pool_give(self->postfix->smtpd, self->smtpd, self->now + 50 * MILLISECOND);
}

/* A recipient is refused; `id` is NOQUEUE if none before was taken. */
static void refuse(Dialogue *self, const Hop *hop, const Address *recipient)
{
    static const struct {
        const char *reply; /* in front of the recipient */
        const char *why;   /* behind it */
        const char *dsn;
    } reasons[] = {
        {"550 5.1.1", "Recipient address rejected: User unknown in local recipient table", "5.1.1"},
        {"554 5.7.1", "Relay access denied", "5.7.1"},
        {"450 4.7.1", "Recipient address rejected: Greylisted, see http://example.test/?a=1;b=2",
         "4.7.1"},
        {"554 5.7.1", "Sender address rejected: listed; status=sent (no)", "5.7.1"},
    };
    const uint32_t reason = dice_below(dice_of(self), G_N_ELEMENTS(reasons));

    self->rcpt_all++;
    journal_say(journal_of(self), self->now,
                "%s postfix/smtpd[%u]: %s: reject: RCPT from %s[%s]: %s <%s>: %s; from=<%s> "
                "to=<%s> proto=ESMTP helo=<%s>",
                host_of(self), self->smtpd, hop->id, self->client->name, self->client->ip,
                reasons[reason].reply, recipient->text, reasons[reason].why, hop->mail.sender->text,
                recipient->text, self->client->name);
    delivery_refuse(hop, recipient, reasons[reason].dsn);
    self->now += 20 * MILLISECOND;
}

/* milter-manager refuses it. */
static void refuse_by_milter(Dialogue *self, const Hop *hop)
{
    self->rcpt_all++;
    milter_refuse(self->postfix->milter, &self->milter, self->now - 2 * MILLISECOND);
    journal_say(journal_of(self), self->now,
                "%s postfix/smtpd[%u]: NOQUEUE: milter-reject: RCPT from %s[%s]: 550 5.7.1 "
                "Command rejected; from=<%s> to=<%s> proto=ESMTP helo=<%s>",
                host_of(self), self->smtpd, self->client->name, self->client->ip,
                hop->mail.sender->text, hop->mail.recipients[0]->text, self->client->name);
    delivery_refuse(hop, hop->mail.recipients[0], "5.7.1");
    self->now += 20 * MILLISECOND;
}

/* Every recipient is refused, so there is no queue ID. */
static void refuse_all(Dialogue *self, const Mail *mail)
{
    Hop hop = delivery_hop(&self->postfix->host, self->now, mail);

    g_strlcpy(hop.id, "NOQUEUE", sizeof hop.id);
    g_strlcpy(hop.mail.session, self->session, sizeof hop.mail.session);
    self->mail++;
    if (self->postfix->milter != NULL && dice_in_thousand(dice_of(self), 500)) {
        refuse_by_milter(self, &hop);
        return;
    }
    refuse(self, &hop, mail->recipients[0]);
    if (mail->count > 1 && dice_in_thousand(dice_of(self), 200))
        refuse(self, &hop, mail->recipients[1]);
}

/* The lines that every message begins with. */
static void open_mail(Dialogue *self, const Hop *hop)
{
    const bool is_ours = hop->mail.sender->domain != NULL &&
                         hop->mail.sender->domain->place != PLACE_AWAY &&
                         self->client != &self->postfix->host.self;
    char login[160] = "";

    if (is_ours && dice_in_thousand(dice_of(self), 500))
        snprintf(login, sizeof login, ", sasl_method=PLAIN, sasl_username=%s",
                 hop->mail.sender->text);
    journal_say(journal_of(self), hop->arrival, "%s postfix/smtpd[%u]: %s: client=%s[%s]%s",
                host_of(self), self->smtpd, hop->id, self->client->name, self->client->ip, login);
    self->now = hop->arrival + 10 * MILLISECOND + dice_wait(dice_of(self), SECOND / 5);
    journal_say(journal_of(self), self->now, "%s postfix/cleanup[%u]: %s: message-id=<%s>",
                host_of(self), postfix_pid(self->postfix, 7, 30), hop->id, hop->mail.message_id);
    if (is_ours && dice_in_thousand(dice_of(self), 500))
        journal_say(journal_of(self), self->now + MILLISECOND,
                    "%s opendkim[644]: %s: DKIM-Signature field added (s=mail, d=%s)",
                    host_of(self), hop->id, hop->mail.sender->domain->name);
}

/* A content filter refuses a message when all of it was read. Its recipient is the only one. */
static void refuse_at_end(Dialogue *self, const Hop *hop)
{
    self->now += 30 * MILLISECOND;
    self->data_all++;
    journal_say(journal_of(self), self->now,
                "%s postfix/cleanup[%u]: %s: reject: header Subject: You have won from %s[%s]; "
                "from=<%s> to=<%s> proto=ESMTP helo=<%s>: 5.7.1 not here",
                host_of(self), postfix_pid(self->postfix, 7, 30), hop->id, self->client->name,
                self->client->ip, hop->mail.sender->text, hop->mail.recipients[0]->text,
                self->client->name);
    delivery_refuse(hop, hop->mail.recipients[0], "5.7.1");
    postfix_forget(self->postfix, hop, self->now + 20 * MILLISECOND);
    self->now += 30 * MILLISECOND;
}

static void take(Dialogue *self, const Mail *mail, Receipt *receipt)
{
    World *world = self->postfix->host.world;
    Hop hop = postfix_hop(self->postfix, self->now, mail);

    g_strlcpy(hop.mail.session, self->session, sizeof hop.mail.session);
    self->mail++;
    self->rcpt += mail->count;
    self->rcpt_all += mail->count;
    open_mail(self, &hop);
    if (self->postfix->milter != NULL)
        milter_pass(self->postfix->milter, &self->milter, self->now + 2 * MILLISECOND);
    self->data++;
    self->data_all++;
    self->now += 10 * MILLISECOND + dice_wait(dice_of(self), SECOND / 4);
    receipt->time = self->now;
    receipt->life = hop.life;
    g_strlcpy(receipt->id, hop.id, sizeof receipt->id);
    snprintf(receipt->reply, sizeof receipt->reply, "2.0.0 Ok%s%s",
             world->wishes->silent ? "" : ": queued as ", world->wishes->silent ? "" : hop.id);
    delivery_run(&hop, self->now + MILLISECOND);
    self->now += 10 * MILLISECOND + dice_wait(dice_of(self), 2 * SECOND);
}

static void accept(Host *host, int64_t time, const Mail *mail, Receipt *receipt)
{
    Dialogue dialogue = begin(host, mail->client, time);

    take(&dialogue, mail, receipt);
    end(&dialogue);
}

/* A stranger's message is taken, or one of its recipients is not, or all of it is refused. */
static void take_from_stranger(Dialogue *self)
{
    Receipt receipt;
    Mail mail;
    Hop hop;

    world_mail(self->postfix->host.world, self->client, &mail);
    if (mail.count == 1 && dice_in_thousand(dice_of(self), 15)) {
        hop = postfix_hop(self->postfix, self->now, &mail);
        self->mail++;
        self->rcpt++;
        self->rcpt_all++;
        open_mail(self, &hop);
        refuse_at_end(self, &hop);
        return;
    }
    take(self, &mail, &receipt);
}

/* Connections that come to nothing. */
static void come_to_nothing(Dialogue *self)
{
    static const char *const stages[] = {"CONNECT", "EHLO", "AUTH", "STARTTLS", "UNKNOWN"};
    const char *stage = stages[dice_below(dice_of(self), G_N_ELEMENTS(stages))];

    self->is_lost = true;
    if (g_str_equal(stage, "CONNECT") && self->starttls == 0)
        self->ehlo = 0;
    if (g_str_equal(stage, "AUTH")) {
        self->auth = 1;
        journal_say(journal_of(self), self->now,
                    "%s postfix/smtpd[%u]: warning: %s[%s]: SASL LOGIN authentication failed: "
                    "UGFzc3dvcmQ6, sasl_username=info",
                    host_of(self), self->smtpd, self->client->name, self->client->ip);
        self->now += 100 * MILLISECOND;
    }
    journal_say(journal_of(self), self->now,
                "%s postfix/smtpd[%u]: lost connection after %s from %s[%s]", host_of(self),
                self->smtpd, stage, self->client->name, self->client->ip);
    self->milter.state = "helo";
    self->milter.status = "abort";
}

static void screen(Host *host, const Client *client, int64_t time)
{
    const unsigned port = 1024 + dice_below(&host->world->dice, 60000);

    journal_say(host->journal, time, "%s postfix/postscreen[633]: CONNECT from [%s]:%u to [%s]:25",
                host->name, client->ip, port, host->self.ip);
    journal_say(host->journal, time + 2 * MILLISECOND,
                "%s postfix/postscreen[633]: PREGREET 11 after 0.04 from [%s]:%u: EHLO User\\r\\n",
                host->name, client->ip, port);
    journal_say(host->journal, time + 9 * MILLISECOND,
                "%s postfix/postscreen[633]: DISCONNECT [%s]:%u", host->name, client->ip, port);
}

static void count_clients(Host *host, const Client *client, int64_t time)
{
    journal_say(host->journal, time,
                "%s postfix/anvil[655]: statistics: max connection rate %u/60s for (smtp:%s) at "
                "Nov 20 10:20:00",
                host->name, 1 + dice_below(&host->world->dice, 9), client->ip);
}

static void talk(Host *host, const Client *client, int64_t time, uint32_t die)
{
    Dialogue dialogue = begin(host, client, time);
    Mail mail;

    if (die < 140) {
        come_to_nothing(&dialogue);
    } else if (die < 300) {
        world_mail(host->world, client, &mail);
        refuse_all(&dialogue, &mail);
    } else {
        take_from_stranger(&dialogue);
        for (; die >= 930 && dialogue.data == dialogue.data_all; die -= 35)
            take_from_stranger(&dialogue);
    }
    end(&dialogue);
}

static void session(Host *host, int64_t time)
{
    const Client *client = names_client(host->world->names, &host->world->dice);
    const uint32_t die = dice_below(&host->world->dice, 1000);

    if (die < 15)
        screen(host, client, time);
    else if (die < 20)
        count_clients(host, client, time);
    else
        talk(host, client, time, die);
}

static void postfix_free(Host *host)
{
    PostfixHost *self = (PostfixHost *)(void *)host;

    pool_free(self->inodes);
    pool_free(self->smtpd);
    g_clear_pointer(&self->milter, milter_free);
}

static const System postfix = {
    .name = "postfix",
    .session = session,
    .accept = accept,
    .begin = postfix_begin,
    .tell = postfix_tell,
    .wait = postfix_wait,
    .notify = postfix_notify,
    .end = postfix_end,
    .free = postfix_free,
};

Host *postfix_new(World *world, const char *name, Journal *journal, bool milter)
{
    PostfixHost *self = g_new0(PostfixHost, 1);

    world_add_host(world, &self->host, &postfix, name, journal);
    self->inodes = pool_new(0x1A0000);
    self->smtpd = pool_new(20000);
    self->qmgr = 600 + dice_below(&world->dice, 50);
    if (milter)
        self->milter = milter_new(&self->host);
    return &self->host;
}
