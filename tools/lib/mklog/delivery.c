/* delivery.c - what becomes of a message that a host has taken */
#include "delivery.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* In thousandths. */
enum {
    DEFERRED_AT_FIRST = 55,
    DEFERRED_AGAIN = 350,
    DEFERRED_BETWEEN_US = 10,
    FAILED_AWAY = 22,
    FAILED_HERE = 15,
    STUCK = 4,
};
enum { MAX_ATTEMPTS = 6 };

/* What is still to be done for a message. */
typedef struct Work {
    Hop *hop;
    const Address *left[MAX_RECIPIENTS];
    unsigned n_left;
    Outcome failed[MAX_RECIPIENTS];
    unsigned n_failed;
    int64_t end;   /* of the last attempt so far */
    bool is_stuck; /* at least one recipient is */
} Work;

Hop delivery_hop(Host *host, int64_t time, const Mail *mail)
{
    Hop hop = {.host = host, .arrival = time, .mail = *mail, .life = ++host->world->lives};

    return hop;
}

void delivery_refuse(const Hop *hop, const Address *recipient, const char *dsn)
{
    const Outcome outcome = {recipient, "rejected", dsn, 0, "", 0};

    truth_tell(hop->host->world->truth, hop, &outcome);
}

/* Who takes mail for this recipient: NULL is this host itself, or strangers. */
static Host *next_host(const Hop *hop, const Address *recipient)
{
    World *world = hop->host->world;
    const Place place = recipient->domain->place;

    if (place == PLACE_AWAY && !dice_in_thousand(&world->dice, world->wishes->relay * 10))
        return NULL;
    return hop->host->routes[place];
}

/* Notifications never fail: nobody would hear of it. */
static Fate fate_of(const Hop *hop, const Address *recipient, unsigned attempt, const Host *next)
{
    Dice *dice = &hop->host->world->dice;
    const bool may_fail = hop->mail.sender->domain != NULL && !hop->host->system->never_fails;
    const bool is_here = next == NULL && recipient->domain->place != PLACE_AWAY;
    uint32_t deferred = attempt == 1 ? DEFERRED_AT_FIRST : DEFERRED_AGAIN;

    if (is_here)
        return may_fail && dice_in_thousand(dice, FAILED_HERE) ? FATE_FAILED : FATE_HERE;
    if (attempt == MAX_ATTEMPTS && next == NULL && may_fail)
        return FATE_FAILED;
    if (next != NULL)
        deferred = DEFERRED_BETWEEN_US;
    if (attempt < MAX_ATTEMPTS && dice_in_thousand(dice, deferred))
        return may_fail && dice_in_thousand(dice, STUCK) ? FATE_STUCK : FATE_DEFERRED;
    if (next != NULL)
        return FATE_NEXT;
    return may_fail && dice_in_thousand(dice, FAILED_AWAY) ? FATE_FAILED : FATE_AWAY;
}

/* Has the next host take the message, for this attempt's recipients. */
static void hand_over(const Hop *hop, Attempt *attempt, Host *next)
{
    Dice *dice = &hop->host->world->dice;
    Mail mail = hop->mail;
    Receipt receipt;

    memcpy(mail.recipients, attempt->recipients, sizeof mail.recipients);
    mail.count = attempt->count;
    mail.client = &hop->host->self;
    mail.session[0] = '\0';
    mail.size += 380 + dice_below(dice, 40);
    next->system->accept(next, attempt->start + dice_wait(dice, SECOND / 5), &mail, &receipt);
    g_strlcpy(attempt->reply, receipt.reply, sizeof attempt->reply);
    g_strlcpy(attempt->next_id, receipt.id, sizeof attempt->next_id);
    attempt->next_life = receipt.life;
    attempt->end = receipt.time + MILLISECOND + dice_below(dice, 9 * MILLISECOND);
}

static void set_end(const Hop *hop, Attempt *attempt, Host *next)
{
    World *world = hop->host->world;
    Dice *dice = &world->dice;

    attempt->variant = (uint32_t)dice_bits(dice);
    if (attempt->fate == FATE_NEXT) {
        hand_over(hop, attempt, next);
        return;
    }
    if (attempt->fate == FATE_AWAY && world->wishes->silent)
        g_strlcpy(attempt->reply, "2.0.0 Ok", sizeof attempt->reply);
    else if (attempt->fate == FATE_AWAY)
        snprintf(attempt->reply, sizeof attempt->reply, "2.0.0 Ok: queued as %011" PRIX64,
                 dice_bits(dice) >> 20);
    attempt->end = attempt->start + 20 * MILLISECOND +
                   dice_wait(dice, attempt->to == NULL ? SECOND / 2 : 4 * SECOND);
}

/* Tells the truth of what is settled, and keeps the rest for later. */
static void settle(Work *work, const Attempt *attempt)
{
    Truth *truth = work->hop->host->world->truth;

    for (unsigned i = 0; i < attempt->count; i++) {
        Outcome outcome = {attempt->recipients[i], "sent", attempt->dsn, attempt->number, "", 0};

        if (attempt->fate == FATE_DEFERRED) {
            work->left[work->n_left++] = outcome.recipient;
            continue;
        }
        if (attempt->fate == FATE_FAILED) {
            outcome.status = "bounced";
            outcome.dsn = "";
            work->failed[work->n_failed++] = outcome;
            continue;
        }
        if (attempt->fate == FATE_STUCK)
            outcome.status = "deferred";
        if (attempt->fate == FATE_NEXT) {
            outcome.status = "relayed";
            outcome.link = attempt->next_id;
            outcome.link_life = attempt->next_life;
        }
        truth_tell(truth, work->hop, &outcome);
    }
    work->is_stuck = work->is_stuck || attempt->fate == FATE_STUCK;
}

/* Those of the others who go to the same next host go along. */
static void take_along(const Hop *hop, Attempt *attempt, const Host *next, Host **nexts,
                       const Address **others, unsigned count)
{
    if (attempt->fate != FATE_NEXT || hop->host->system->one_by_one)
        return;
    for (unsigned i = 0; i < count; i++) {
        if (others[i] == NULL || nexts[i] != next)
            continue;
        attempt->recipients[attempt->count++] = others[i];
        others[i] = NULL;
    }
}

static void try_all(Work *work, unsigned number, int64_t time)
{
    Hop *hop = work->hop;
    const Address *all[MAX_RECIPIENTS];
    Host *nexts[MAX_RECIPIENTS];
    const unsigned count = work->n_left;

    memcpy(all, work->left, sizeof all);
    work->n_left = 0;
    for (unsigned i = 0; i < count; i++)
        nexts[i] = next_host(hop, all[i]);
    for (unsigned i = 0; i < count; i++) {
        Attempt attempt = {.number = number, .start = time + i * 300, .count = 1};

        if (all[i] == NULL)
            continue;
        attempt.recipients[0] = all[i];
        attempt.fate = fate_of(hop, all[i], number, nexts[i]);
        if (nexts[i] != NULL)
            attempt.to = &nexts[i]->self;
        else if (all[i]->domain->place == PLACE_AWAY)
            attempt.to = &all[i]->domain->mx;
        take_along(hop, &attempt, nexts[i], nexts + i + 1, all + i + 1, count - i - 1);
        set_end(hop, &attempt, nexts[i]);
        hop->host->system->tell(hop, &attempt);
        settle(work, &attempt);
        work->end = MAX(work->end, attempt.end);
    }
}

static void finish(Work *work)
{
    const System *system = work->hop->host->system;
    Hop notice = {0};

    if (work->n_failed > 0)
        notice = system->notify(work->hop, work->end + MILLISECOND);
    for (unsigned i = 0; i < work->n_failed; i++) {
        work->failed[i].link = notice.id;
        work->failed[i].link_life = notice.life;
        truth_tell(work->hop->host->world->truth, work->hop, &work->failed[i]);
    }
    system->end(work->hop, work->end + 20 * MILLISECOND);
}

void delivery_run(Hop *hop, int64_t time)
{
    const System *system = hop->host->system;
    Dice *dice = &hop->host->world->dice;
    Work work = {.hop = hop, .n_left = hop->mail.count, .end = time};

    memcpy(work.left, hop->mail.recipients, sizeof work.left);
    for (unsigned number = 1; work.n_left > 0; number++) {
        if (system->begin != NULL)
            system->begin(hop, time);
        try_all(&work, number, time + MILLISECOND);
        time += system->wait(number) + dice_below(dice, 60 * SECOND);
    }
    if (!work.is_stuck) {
        finish(&work);
        return;
    }
    for (unsigned i = 0; i < work.n_failed; i++)
        truth_tell(hop->host->world->truth, hop, &work.failed[i]);
}
