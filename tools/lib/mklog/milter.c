/* milter.c - milter-manager's sessions */
#include "milter.h"

#include <stdio.h>

enum { CHILDREN = 3 };

struct Milter {
    Host *host;
    unsigned pid;
    uint32_t numbers; /* used so far, by sessions and children */
    unsigned running, finished;
};

Milter *milter_new(Host *host)
{
    Milter *self = g_new0(Milter, 1);

    self->host = host;
    self->pid = 700 + dice_below(&host->world->dice, 200);
    return self;
}

void milter_free(Milter *self)
{
    g_free(self);
}

/* As C's %g prints seconds: six significant digits, no zeros behind them. */
static void print_elapsed(char *text, size_t size, int64_t elapsed)
{
    const unsigned whole = (unsigned)(elapsed / SECOND);
    unsigned part = (unsigned)(elapsed % SECOND);
    int len = snprintf(text, size, "%u.%06u", whole, part);
    int digits = 6;

    for (unsigned rest = whole; rest > 0; rest /= 10)
        digits--;
    len -= 6 - digits;
    while (text[len - 1] == '0')
        len--;
    if (text[len - 1] == '.')
        len--;
    text[len] = '\0';
}

static void count_start(void *subject, int64_t time)
{
    Milter *self = subject;

    (void)time;
    self->running++;
}

static void count_end(void *subject, int64_t time)
{
    Milter *self = subject;

    self->running--;
    self->finished++;
    journal_say(self->host->journal, time,
                "%s milter-manager[%u]: [statistics] [sessions][finished] %u(+1) %u",
                self->host->name, self->pid, self->finished, self->running);
}

MilterSession milter_connect(Milter *self, int64_t time, char *name, size_t size)
{
    MilterSession session = {self->numbers + 1, time, "end-of-message", "pass"};

    self->numbers += 1 + CHILDREN;
    schedule_at(self->host->world->schedule, time, count_start, self);
    snprintf(name, size, "%u/%u", self->pid, session.number);
    return session;
}

void milter_refuse(Milter *self, MilterSession *session, int64_t time)
{
    char elapsed[32];

    session->state = "envelope-recipient";
    session->status = "reject";
    print_elapsed(elapsed, sizeof elapsed, dice_below(&self->host->world->dice, 20000));
    journal_say(self->host->journal, time,
                "%s milter-manager[%u]: [statistics] [milter][end][envelope-recipient][reject][%s]"
                "(%u): milter-greylist",
                self->host->name, self->pid, elapsed, session->number + 1);
}

void milter_pass(Milter *self, MilterSession *session, int64_t time)
{
    const uint32_t score = dice_below(&self->host->world->dice, 50);

    journal_say(self->host->journal, time,
                "%s milter-manager[%u]: [statistics] [milter][header][add](%u): "
                "<X-Spam-Status>=< No, score=%u.%u required=5.0>: spamass-milter",
                self->host->name, self->pid, session->number + CHILDREN, score / 10, score % 10);
    journal_say(self->host->journal, time + 2 * MILLISECOND,
                "%s milter-manager[%u]: [statistics] [session][header][add](%u): "
                "<X-Spam-Status>=< No, score=%u.%u required=5.0>",
                self->host->name, self->pid, session->number, score / 10, score % 10);
}

void milter_disconnect(Milter *self, const MilterSession *session, int64_t time)
{
    char elapsed[32];

    print_elapsed(elapsed, sizeof elapsed, time - session->start);
    journal_say(self->host->journal, time,
                "%s milter-manager[%u]: [statistics] [session][end][%s][%s][%s](%u)",
                self->host->name, self->pid, session->state, session->status, elapsed,
                session->number);
    schedule_at(self->host->world->schedule, time + MILLISECOND / 2, count_end, self);
}
