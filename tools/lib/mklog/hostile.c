/* hostile.c - Postfix logs that somebody made to slow a reader down */
#include "hostile.h"

#include "delivery.h"

#include <stdio.h>

enum { RECIPIENTS = 100000, RECIPIENTS_AT_ONCE = 50 };
/* So many flooding lives are open at any time. */
enum { OPEN_LIVES = 50000 };

typedef struct HostileHost {
    Host host;
    Malice malice;
    uint64_t lives;
    int64_t free_at;      /* from when on the one ID may be used again */
    const Client *client; /* that all come from; NULL: none has come yet */
} HostileHost;

/* `Bx`, `CW` and `D6` have the same sum: 33 * 66 + 120 is 33 * 67 + 87 and 33 * 68 + 54. Eleven of
 * them make 177,147 IDs; then they come again. */
static void print_flood_id(char *id, uint64_t number)
{
    static const char pairs[3][3] = {"Bx", "CW", "D6"};
    enum { PAIRS = 11, PAIRS_OF_TIME = 5 };

    for (int i = 0; i < PAIRS; i++, number /= 3) {
        *id++ = pairs[number % 3][0];
        *id++ = pairs[number % 3][1];
        if (i + 1 == PAIRS_OF_TIME)
            *id++ = 'z';
    }
    *id = '\0';
}

/* Only the six digits in the middle differ. */
static void print_look_alike_id(char *id, uint64_t number)
{
    static const char digits[] = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxy";
    char middle[7] = "";

    for (int i = 5; i >= 0; i--, number /= 51)
        middle[i] = digits[number % 51];
    snprintf(id, MAX_ID, "4jX5yF%.4sz%.2sGz8QznRG8T", middle, middle + 4);
}

static void set_id(const HostileHost *self, Hop *hop)
{
    switch (self->malice) {
    case MALICE_ONE_ID:
        g_strlcpy(hop->id, "1E240E2C4A7", sizeof hop->id);
        break;
    case MALICE_FLOOD:
        print_flood_id(hop->id, self->lives);
        break;
    case MALICE_LOOK_ALIKE:
        print_look_alike_id(hop->id, self->lives);
        break;
    case MALICE_SESSION:
    case MALICE_OPEN:
    case MALICE_RECIPIENTS:
        snprintf(hop->id, sizeof hop->id, "%05X%X", (unsigned)(hop->arrival % SECOND),
                 0x2000000 + (unsigned)self->lives);
        break;
    }
}

static void begin_life(HostileHost *self, Hop *hop, unsigned recipients)
{
    const Host *host = &self->host;
    const Client *client = hop->mail.client;

    set_id(self, hop);
    journal_say(host->journal, hop->arrival, "%s postfix/smtpd[1007]: %s: client=%s[%s]",
                host->name, hop->id, client->name, client->ip);
    journal_say(host->journal, hop->arrival + MILLISECOND,
                "%s postfix/cleanup[4507]: %s: message-id=<%s>", host->name, hop->id,
                hop->mail.message_id);
    journal_say(host->journal, hop->arrival + 2 * MILLISECOND,
                "%s postfix/qmgr[612]: %s: from=<%s>, size=%u, nrcpt=%u (queue active)", host->name,
                hop->id, hop->mail.sender->text, hop->mail.size, recipients);
}

static void send(const Hop *hop, int64_t time, const Address *recipient, unsigned attempts)
{
    const Outcome outcome = {recipient, "sent", "2.0.0", attempts, "", 0};
    const Client *mx = &recipient->domain->mx;

    journal_say(hop->host->journal, time,
                "%s postfix/smtp[3014]: %s: to=<%s>, relay=%s[%s]:25, delay=0.1, "
                "delays=0/0/0.05/0.05, dsn=2.0.0, status=sent (250 2.0.0 Ok)",
                hop->host->name, hop->id, recipient->text, mx->name, mx->ip);
    truth_tell(hop->host->world->truth, hop, &outcome);
}

static void defer(const Hop *hop, int64_t time, const Address *recipient)
{
    const Client *mx = &recipient->domain->mx;

    journal_say(hop->host->journal, time,
                "%s postfix/smtp[3014]: %s: to=<%s>, relay=none, delay=0.1, delays=0/0/0.1/0, "
                "dsn=4.4.1, status=deferred (connect to %s[%s]:25: Connection timed out)",
                hop->host->name, hop->id, recipient->text, mx->name, mx->ip);
}

static void end_life(const Hop *hop, int64_t time)
{
    journal_say(hop->host->journal, time, "%s postfix/qmgr[612]: %s: removed", hop->host->name,
                hop->id);
}

static void live_quickly(HostileHost *self, Hop *hop)
{
    begin_life(self, hop, 1);
    send(hop, hop->arrival + 3 * MILLISECOND, hop->mail.recipients[0], 1);
    end_life(hop, hop->arrival + 4 * MILLISECOND);
    self->free_at = hop->arrival + 5 * MILLISECOND;
}

static void live_in_one_session(HostileHost *self, Hop *hop)
{
    if (self->client == NULL) {
        self->client = hop->mail.client;
        journal_say(hop->host->journal, hop->arrival, "%s postfix/smtpd[1007]: connect from %s[%s]",
                    hop->host->name, self->client->name, self->client->ip);
    }
    hop->mail.client = self->client;
    live_quickly(self, hop);
}

static void live_for_ever(HostileHost *self, Hop *hop)
{
    const Outcome outcome = {hop->mail.recipients[0], "deferred", "4.4.1", 1, "", 0};

    begin_life(self, hop, 1);
    defer(hop, hop->arrival + 3 * MILLISECOND, hop->mail.recipients[0]);
    truth_tell(self->host.world->truth, hop, &outcome);
}

/* Deferred, and sent only when many others have come. */
static void live_long(HostileHost *self, Hop *hop)
{
    const int64_t hold = (int64_t)OPEN_LIVES * SECOND / self->host.world->wishes->rate;

    begin_life(self, hop, 1);
    defer(hop, hop->arrival + 3 * MILLISECOND, hop->mail.recipients[0]);
    send(hop, hop->arrival + hold, hop->mail.recipients[0], 2);
    end_life(hop, hop->arrival + hold + MILLISECOND);
}

/* As many recipients as wanted, or as the log has room for. */
static void live_for_many(HostileHost *self, Hop *hop)
{
    World *world = self->host.world;
    const unsigned count = (unsigned)CLAMP(world->wishes->bytes / 600, 10, RECIPIENTS);
    int64_t time = hop->arrival + 3 * MILLISECOND;
    Address recipient = {.domain = hop->mail.recipients[0]->domain};
    char text[64];

    recipient.text = text;
    begin_life(self, hop, count);
    for (unsigned i = 0; i < count; i++) {
        snprintf(text, sizeof text, "member%u@%s", i, recipient.domain->name);
        send(hop, time, &recipient, 1);
        time += i % RECIPIENTS_AT_ONCE == 0 ? 20 * MILLISECOND : 10;
    }
    end_life(hop, time);
}

static void session(Host *host, int64_t time)
{
    static void (*const lives[])(HostileHost * self, Hop * hop) = {
        [MALICE_ONE_ID] = live_quickly, [MALICE_SESSION] = live_in_one_session,
        [MALICE_OPEN] = live_for_ever,  [MALICE_RECIPIENTS] = live_for_many,
        [MALICE_FLOOD] = live_long,     [MALICE_LOOK_ALIKE] = live_long,
    };
    HostileHost *self = (HostileHost *)(void *)host;
    Mail mail;
    Hop hop;

    world_mail(host->world, names_client(host->world->names, &host->world->dice), &mail);
    hop = delivery_hop(host, MAX(time, self->free_at), &mail);
    lives[self->malice](self, &hop);
    self->lives++;
}

static void hostile_free(Host *host)
{
    (void)host;
}

static const System hostile = {
    .name = "postfix",
    .session = session,
    .free = hostile_free,
};

Host *hostile_new(World *world, const char *name, Journal *journal, Malice malice)
{
    HostileHost *self = g_new0(HostileHost, 1);

    world_add_host(world, &self->host, &hostile, name, journal);
    self->malice = malice;
    return &self->host;
}
