/*
 * delivery.h - what becomes of a message that a host has taken
 *
 * Decides each recipient's fate, attempt by attempt, hands over to the next host, has the host's
 * system tell it in its log, and writes the truth.
 */
#ifndef MKLOG_DELIVERY_H
#define MKLOG_DELIVERY_H

#include "world.h"

/* Begins a life. The system fills in the ID. */
Hop delivery_hop(Host *host, int64_t time, const Mail *mail);

/* All attempts, the first at this time, and the end of the life. */
void delivery_run(Hop *hop, int64_t time);

/* The truth of a recipient that was refused when the message came in. */
void delivery_refuse(const Hop *hop, const Address *recipient, const char *dsn);

#endif
