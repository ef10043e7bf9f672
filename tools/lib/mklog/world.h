/*
 * world.h - hosts that hand messages over to each other, and the mail that comes to them
 *
 * Each host runs one mail system. A system knows how its log tells what happens; what happens is
 * decided for all of them alike (delivery.h).
 */
#ifndef MKLOG_WORLD_H
#define MKLOG_WORLD_H

#include "clock.h"
#include "journal.h"
#include "names.h"
#include "schedule.h"
#include "truth.h"

enum { MAX_RECIPIENTS = 6, MAX_ID = 64, PLACES = PLACE_AWAY + 1 };

typedef struct World World;
typedef struct Host Host;
typedef struct System System;

/* A message as it is sent to a host. */
typedef struct Mail {
    const Address *sender;
    const Address *recipients[MAX_RECIPIENTS];
    unsigned count; /* of recipients */
    unsigned size;
    char message_id[96];  /* without angle brackets */
    const Client *client; /* whom it comes from; NULL for a notification that is made here */
    char session[32];     /* milter-manager's, if it was there */
} Mail;

struct Hop {
    Host *host;
    char id[MAX_ID];
    int64_t arrival;
    Mail mail;
    uint32_t number; /* the inode behind the ID, or a process ID */
    uint64_t life;   /* counts all lives of all hosts, from 1 */
};

/* What a host answers when it has taken a message. */
typedef struct Receipt {
    char id[MAX_ID]; /* as its own log names the message */
    char reply[128]; /* without the 250 in front */
    uint64_t life;
    int64_t time;
} Receipt;

typedef enum Fate {
    FATE_HERE,     /* delivered on this host */
    FATE_NEXT,     /* taken by the next host, whose log there is */
    FATE_AWAY,     /* taken by a stranger's host */
    FATE_DEFERRED, /* not yet */
    FATE_STUCK,    /* not yet, and the log says no more of it */
    FATE_FAILED,
} Fate;

/* One attempt at recipients who share its result. */
typedef struct Attempt {
    unsigned number; /* 1 is the first */
    int64_t start, end;
    Fate fate;
    const Address *recipients[MAX_RECIPIENTS];
    unsigned count;
    const Client *to;     /* the host that was asked; NULL for FATE_HERE and local failures */
    char reply[128];      /* FATE_NEXT and FATE_AWAY: without the 250 in front */
    char next_id[MAX_ID]; /* FATE_NEXT: the message's ID there, and its life */
    uint64_t next_life;
    uint32_t variant; /* which of several reasons */
    char dsn[8];      /* the system sets it */
} Attempt;

struct System {
    const char *name;
    bool one_by_one;  /* a transaction for each recipient */
    bool never_fails; /* because its log would not say so */

    /* A stranger's session with this host. */
    void (*session)(Host *host, int64_t time);
    /* Takes a message from another of our hosts. */
    void (*accept)(Host *host, int64_t time, const Mail *mail, Receipt *receipt);
    /* The lines that begin an attempt at all who are left; may be NULL. */
    void (*begin)(Hop *hop, int64_t time);
    /* The lines that tell one attempt's result. */
    void (*tell)(Hop *hop, Attempt *attempt);
    /* How long it waits after that many attempts. */
    int64_t (*wait)(unsigned attempts);
    /* The notification of a failure, and the lines that name it. NULL if none ever fails. */
    Hop (*notify)(Hop *hop, int64_t time);
    /* The lines that end the life. */
    void (*end)(Hop *hop, int64_t time);
    void (*free)(Host *host);
};

/* The first member of each system's own struct. */
struct Host {
    World *world;
    const System *system;
    char *name;
    Client self;          /* as others see it */
    Journal *journal;     /* may be another host's too */
    Host *routes[PLACES]; /* who takes mail to a place; NULL is this host, or the strangers */
};

/* What the user wants. */
typedef struct Wishes {
    uint64_t seed;
    uint64_t bytes; /* how much log to write */
    unsigned rate;  /* sessions a second */
    unsigned hosts; /* that take mail from strangers */
    unsigned relay; /* percent of the mail to strangers that goes through another host */
    bool folders;   /* a log for each host, in a folder that is named as the host */
    bool long_ids;
    bool silent; /* strangers and our hosts answer no ID */
    bool one_client;
    bool one_message_id;
    JournalForm stamp;
    int64_t start;
    char *path; /* a file or a folder; NULL is the standard output */
    char *truth;
} Wishes;

struct World {
    const Wishes *wishes;
    Dice dice;
    Names *names;
    Schedule *schedule;
    Truth *truth;
    GPtrArray *journals;  /* of Journal */
    GPtrArray *all_hosts; /* of Host, owned */
    GPtrArray *hosts;     /* of Host: those that strangers come to, as often as they stand here */
    uint64_t bytes;       /* of all lines so far */
    uint64_t messages;    /* so far */
    uint64_t lives;
};

/* An empty world; NULL if a file cannot be written. */
World *world_new(const Wishes *wishes, GError **error);

/* Ends what is still to be written; false if something could not be. */
bool world_free(World *self, GError **error);

/* Opens a log. NULL if it fails. */
Journal *world_open(World *self, const char *path, JournalForm form, GError **error);

/* What all systems' hosts have in common. Takes the host over. */
void world_add_host(World *self, Host *host, const System *system, const char *name,
                    Journal *journal);

/* Sessions of strangers until the logs are as long as wanted. */
void world_run(World *self);

/* Makes up a message of a stranger to us, or of ours to anybody. */
void world_mail(World *self, const Client *client, Mail *mail);

#endif
