/* world.c - hosts that hand messages over to each other, and the mail that comes to them */
#include "world.h"

#include <inttypes.h>
#include <stdio.h>

/* Lines may lie so far behind the session that makes them. */
enum { LATE = 2 * SECOND };

World *world_new(const Wishes *wishes, GError **error)
{
    Truth *truth = truth_new(wishes->truth, error);
    World *self;

    if (truth == NULL)
        return NULL;
    self = g_new0(World, 1);
    self->wishes = wishes;
    self->dice = dice_new(wishes->seed);
    self->names = names_new(&self->dice, wishes->one_client);
    self->schedule = schedule_new();
    self->truth = truth;
    self->journals = g_ptr_array_new();
    self->all_hosts = g_ptr_array_new();
    self->hosts = g_ptr_array_new();
    return self;
}

static void free_host(Host *host)
{
    host->system->free(host);
    g_free(host->name);
    g_free(host->self.name);
    g_free(host->self.ip);
    g_free(host);
}

bool world_free(World *self, GError **error)
{
    bool done = true;

    for (guint i = 0; i < self->journals->len; i++)
        done = journal_free(self->journals->pdata[i], done ? error : NULL) && done;
    done = truth_free(self->truth, done ? error : NULL) && done;
    for (guint i = 0; i < self->all_hosts->len; i++)
        free_host(self->all_hosts->pdata[i]);
    g_ptr_array_unref(self->journals);
    g_ptr_array_unref(self->all_hosts);
    g_ptr_array_unref(self->hosts);
    schedule_free(self->schedule);
    names_free(self->names);
    g_free(self);
    return done;
}

Journal *world_open(World *self, const char *path, JournalForm form, GError **error)
{
    Journal *journal = journal_new(self->schedule, path, form, &self->bytes, error);

    if (journal != NULL)
        g_ptr_array_add(self->journals, journal);
    return journal;
}

void world_add_host(World *self, Host *host, const System *system, const char *name,
                    Journal *journal)
{
    const guint number = self->all_hosts->len + 1;

    host->world = self;
    host->system = system;
    host->journal = journal;
    host->name = g_strdup(name);
    host->self.name = g_strdup_printf("%s.example.test", name);
    host->self.ip = g_strdup_printf("10.20.%u.%u", number / 250, number % 250 + 1);
    g_ptr_array_add(self->all_hosts, host);
}

void world_run(World *self)
{
    const int64_t pause = 3 * (int64_t)SECOND / self->wishes->rate;
    int64_t now = self->wishes->start + SECOND;

    while (self->bytes < self->wishes->bytes) {
        const int64_t part = dice_below(&self->dice, 1024);
        Host *host = self->hosts->pdata[dice_below(&self->dice, self->hosts->len)];

        now += pause * part / 1024 * part / 1024;
        host->system->session(host, now);
        schedule_run(self->schedule, now - LATE);
    }
    schedule_run(self->schedule, INT64_MAX);
}

static unsigned how_many_recipients(Dice *dice)
{
    const uint32_t die = dice_below(dice, 100);

    return die < 72 ? 1 : die < 86 ? 2 : die < 93 ? 3 : die < 97 ? 4 : 5;
}

static bool has_recipient(const Mail *mail, const Address *address)
{
    for (unsigned i = 0; i < mail->count; i++) {
        if (g_str_equal(mail->recipients[i]->text, address->text))
            return true;
    }
    return false;
}

static const Address *some_recipient(World *self, bool ours)
{
    if (ours && dice_in_thousand(&self->dice, 700))
        return names_stranger(self->names, &self->dice);
    return names_staff(self->names, &self->dice);
}

void world_mail(World *self, const Client *client, Mail *mail)
{
    const bool ours = dice_in_thousand(&self->dice, 600);
    const unsigned count = how_many_recipients(&self->dice);

    *mail = (Mail){.client = client};
    mail->sender = ours ? names_staff(self->names, &self->dice)
                        : names_stranger(self->names, &self->dice);
    while (mail->count < count) {
        const Address *recipient = some_recipient(self, ours);

        if (!has_recipient(mail, recipient))
            mail->recipients[mail->count++] = recipient;
    }
    mail->size = 700 + (unsigned)dice_wait(&self->dice, 60000);
    self->messages++;
    if (self->wishes->one_message_id)
        snprintf(mail->message_id, sizeof mail->message_id, "always.the.same@example.test");
    else
        snprintf(mail->message_id, sizeof mail->message_id, "%" PRIx64 ".%012" PRIx64 "@%s",
                 self->messages, dice_bits(&self->dice) >> 16, mail->sender->domain->name);
}
