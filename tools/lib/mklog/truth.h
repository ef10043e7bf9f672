/*
 * truth.h - what really happened: a row for each life of a message on a host and each recipient
 *
 * As CSV, with the columns host, qid, arrival, message_id, sender, client, recipient, status, dsn,
 * attempts, link_qid, session, system, life, link_life. The status is `sent`, `relayed` (link_qid is
 * the ID on the next host), `bounced` (link_qid is the notification's), `deferred` (the log ends
 * first) or `rejected`. The session is milter-manager's, as process ID and number. Queue IDs come
 * back, numbers of lives do not: link_life is that of link_qid.
 */
#ifndef MKLOG_TRUTH_H
#define MKLOG_TRUTH_H

#include "names.h"

#include <glib.h>

/* The life of one message under one ID on one host. */
typedef struct Hop Hop;

typedef struct Outcome {
    const Address *recipient;
    const char *status;
    const char *dsn;
    unsigned attempts;
    const char *link; /* the ID of the next life, or of the notification */
    uint64_t link_life;
} Outcome;

typedef struct Truth Truth;

/* Begins a table. A path of NULL is no table: what is told to it is forgotten. NULL if it fails. */
Truth *truth_new(const char *path, GError **error);
void truth_tell(Truth *self, const Hop *hop, const Outcome *outcome);

/* Ends the table; false if it could not be written. */
bool truth_free(Truth *self, GError **error);

#endif
