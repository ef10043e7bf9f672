/*
 * postfix_queue.h - what Postfix logs of a message from the queue on
 *
 *     postfix/qmgr[612]: 3F2A11A0004: from=<ann@example.com>, size=4000, nrcpt=1 (queue active)
 *     postfix/smtp[904]: 3F2A11A0004: to=<bob@example.net>, relay=…, dsn=2.0.0, status=sent (…)
 *     postfix/qmgr[612]: 3F2A11A0004: removed
 */
#ifndef MKLOG_POSTFIX_QUEUE_H
#define MKLOG_POSTFIX_QUEUE_H

#include "milter.h"
#include "pool.h"
#include "world.h"

typedef struct PostfixHost {
    Host host;
    Pool *inodes;
    Pool *smtpd; /* process IDs: each serves one client at a time */
    unsigned qmgr;
    Milter *milter; /* NULL: there is none */
} PostfixHost;

/* A process ID of a service that has so many processes. */
unsigned postfix_pid(PostfixHost *self, unsigned service, unsigned processes);

/* Begins a life at this time, under a new ID. */
Hop postfix_hop(PostfixHost *self, int64_t time, const Mail *mail);

/* Ends a life of which the log says no more. */
void postfix_forget(PostfixHost *self, const Hop *hop, int64_t time);

/* What a system says of an attempt, its wait, and of the life's end (world.h). */
void postfix_begin(Hop *hop, int64_t time);
void postfix_tell(Hop *hop, Attempt *attempt);
int64_t postfix_wait(unsigned attempts);
Hop postfix_notify(Hop *hop, int64_t time);
void postfix_end(Hop *hop, int64_t time);

#endif
