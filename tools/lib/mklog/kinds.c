/* kinds.c - the kinds of logs that can be made */
#include "kinds.h"

#include "postfix.h"
#include "qmail.h"
#include "sendmail.h"
#include "xmail.h"

#include <stdio.h>
#include <string.h>

/* The log of a host: its own in its folder, or the one of all. */
static Journal *open_log(World *world, const char *host, const char *file, GError **error)
{
    const Wishes *wishes = world->wishes;
    g_autofree char *path = NULL;

    if (!wishes->folders && world->journals->len > 0)
        return world->journals->pdata[0];
    path = wishes->folders ? g_build_filename(wishes->path, host, file, NULL)
                           : g_strdup(wishes->path);
    return world_open(world, path, wishes->stamp, error);
}

/* The host that strangers come to so much more often than to others. */
static void let_in(World *world, Host *host, unsigned weight)
{
    for (unsigned i = 0; i < weight; i++)
        g_ptr_array_add(world->hosts, host);
}

static Host *add_postfix(World *world, const char *name, bool milter, GError **error)
{
    Journal *journal = open_log(world, name, "mail.log", error);

    return journal == NULL ? NULL : postfix_new(world, name, journal, milter);
}

/* mx1, mx2, … and out, which takes what they relay. */
static bool build_postfix(World *world, const Kind *kind, GError **error)
{
    const bool milter = g_str_equal(kind->name, "milter");
    Host *out = NULL;

    if (world->wishes->relay > 0) {
        out = add_postfix(world, "out", false, error);
        if (out == NULL)
            return false;
    }
    for (unsigned i = 1; i <= world->wishes->hosts; i++) {
        g_autofree char *name = g_strdup_printf("mx%u", i);
        Host *host = add_postfix(world, name, milter, error);

        if (host == NULL)
            return false;
        host->routes[PLACE_AWAY] = out;
        let_in(world, host, 1);
    }
    return true;
}

static Host *add_sendmail(World *world, const char *name, GError **error)
{
    Journal *journal = open_log(world, name, "maillog", error);

    return journal == NULL ? NULL : sendmail_new(world, name, journal);
}

static bool build_sendmail(World *world, const Kind *kind, GError **error)
{
    Host *hub = add_sendmail(world, "hub", error);

    (void)kind;
    if (hub == NULL)
        return false;
    let_in(world, hub, 1);
    if (world->wishes->relay > 0)
        hub->routes[PLACE_AWAY] = add_sendmail(world, "out", error);
    return world->wishes->relay == 0 || hub->routes[PLACE_AWAY] != NULL;
}

static bool build_qmail(World *world, const Kind *kind, GError **error)
{
    const bool splogger = g_str_equal(kind->name, "qmail-splogger");
    const Wishes *wishes = world->wishes;
    g_autofree char *path = wishes->folders ? g_build_filename(wishes->path, "relay",
                                                               "qmail-send/current", NULL)
                                            : g_strdup(wishes->path);
    Journal *journal = world_open(world, path, splogger ? wishes->stamp : JOURNAL_TAI64N, error);

    if (journal == NULL)
        return false;
    let_in(world, qmail_new(world, "relay", journal, splogger), 1);
    return true;
}

/* The logs of a host with XMail in this folder. */
static Host *add_xmail(World *world, const char *name, const char *folder, GError **error)
{
    g_autofree char *smtp_path = g_build_filename(folder, "smtp-", NULL);
    g_autofree char *smail_path = g_build_filename(folder, "smail-", NULL);
    Journal *smtp = world_open(world, smtp_path, JOURNAL_DAILY, error);
    Journal *smail = smtp == NULL ? NULL : world_open(world, smail_path, JOURNAL_DAILY, error);

    return smail == NULL ? NULL : xmail_new(world, name, smtp, smail);
}

static bool build_xmail(World *world, const Kind *kind, GError **error)
{
    g_autofree char *folder = g_build_filename(world->wishes->path,
                                               world->wishes->folders ? "office" : "", NULL);
    Host *office = add_xmail(world, "office", folder, error);

    (void)kind;
    if (office != NULL)
        let_in(world, office, 1);
    return office != NULL;
}

/* The inner hosts: hub sends on to each of the others, they send back what is not theirs. */
static bool add_inner_hosts(World *world, Host **hub, GError **error)
{
    g_autofree char *qmail_path = g_build_filename(world->wishes->path, "relay", "qmail-send",
                                                   "current", NULL);
    g_autofree char *xmail_path = g_build_filename(world->wishes->path, "office", NULL);
    Journal *qmail_log;
    Host *others[3];

    *hub = add_sendmail(world, "hub", error);
    others[0] = *hub == NULL ? NULL : add_postfix(world, "store", false, error);
    others[1] = others[0] == NULL ? NULL : add_xmail(world, "office", xmail_path, error);
    qmail_log = others[1] == NULL ? NULL : world_open(world, qmail_path, JOURNAL_TAI64N, error);
    if (qmail_log == NULL)
        return false;
    others[2] = qmail_new(world, "relay", qmail_log, false);
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        for (int place = 0; place < PLACES; place++)
            others[i]->routes[place] = *hub;
        let_in(world, others[i], 1);
    }
    others[2]->routes[PLACE_AWAY] = NULL;
    (*hub)->routes[PLACE_STORE] = others[0];
    (*hub)->routes[PLACE_OFFICE] = others[1];
    (*hub)->routes[PLACE_RELAY] = (*hub)->routes[PLACE_AWAY] = others[2];
    others[0]->routes[PLACE_STORE] = NULL;
    others[1]->routes[PLACE_OFFICE] = NULL;
    others[2]->routes[PLACE_RELAY] = NULL;
    return true;
}

/* mx1 … send all of ours to the hub; the first of them has milter-manager. */
static bool build_chain(World *world, const Kind *kind, GError **error)
{
    Host *hub;

    (void)kind;
    if (!add_inner_hosts(world, &hub, error))
        return false;
    let_in(world, hub, 1);
    for (unsigned i = 1; i <= world->wishes->hosts; i++) {
        g_autofree char *name = g_strdup_printf("mx%u", i);
        Host *host = add_postfix(world, name, i == 1, error);

        if (host == NULL)
            return false;
        for (int place = 0; place < PLACES; place++)
            host->routes[place] = hub;
        let_in(world, host, 6);
    }
    return true;
}

static bool build_hostile(World *world, const Kind *kind, GError **error)
{
    Journal *journal = open_log(world, "mx1", "mail.log", error);

    if (journal == NULL)
        return false;
    let_in(world, hostile_new(world, "mx1", journal, kind->malice), 1);
    return true;
}

const Kind kinds[] = {
    {.name = "postfix", .summary = "Postfix", .build = build_postfix},
    {.name = "sendmail", .summary = "sendmail", .build = build_sendmail},
    {.name = "qmail", .summary = "qmail, as multilog writes it", .build = build_qmail},
    {.name = "qmail-splogger", .summary = "qmail, as splogger writes it", .build = build_qmail},
    {.name = "xmail",
     .summary = "XMail: a folder of tab files",
     .build = build_xmail,
     .has_folder = true},
    {.name = "milter", .summary = "Postfix with milter-manager", .build = build_postfix},
    {.name = "chain",
     .summary = "all five, which hand over to each other: a folder for each host",
     .build = build_chain,
     .relay = 50,
     .has_folder = true},
    {.name = "one-id",
     .summary = "Postfix: every message has the same queue ID, one after the other",
     .build = build_hostile,
     .malice = MALICE_ONE_ID},
    {.name = "one-message-id",
     .summary = "Postfix: every message has the same Message-ID",
     .build = build_postfix},
    {.name = "one-client",
     .summary = "Postfix: all sessions are one client's",
     .build = build_postfix},
    {.name = "one-session",
     .summary = "Postfix: all messages come in one connection",
     .build = build_hostile,
     .malice = MALICE_SESSION},
    {.name = "open",
     .summary = "Postfix: no message comes to an end",
     .build = build_hostile,
     .malice = MALICE_OPEN},
    {.name = "recipients",
     .summary = "Postfix: 100,000 recipients a message, or as many as there is room for",
     .build = build_hostile,
     .malice = MALICE_RECIPIENTS},
    {.name = "flood",
     .summary = "Postfix: all queue IDs have the same sum in the hash function h * 33 + c",
     .build = build_hostile,
     .malice = MALICE_FLOOD},
    {.name = "look-alike",
     .summary = "Postfix: all queue IDs begin and end alike",
     .build = build_hostile,
     .malice = MALICE_LOOK_ALIKE},
};
const size_t n_kinds = G_N_ELEMENTS(kinds);

const Kind *kind_find(const char *name)
{
    for (size_t i = 0; i < n_kinds; i++) {
        if (g_str_equal(kinds[i].name, name))
            return &kinds[i];
    }
    return NULL;
}
