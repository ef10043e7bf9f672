/*
 * milter.h - milter-manager's sessions: one for each connection to the mail server
 *
 *     [statistics] [session][end][end-of-message][pass][0.109978](6)
 *
 * Three children stand behind it: one refuses, one signs, one adds a header.
 */
#ifndef MKLOG_MILTER_H
#define MKLOG_MILTER_H

#include "world.h"

typedef struct Milter Milter;

typedef struct MilterSession {
    uint32_t number;
    int64_t start;
    const char *state; /* the last one reached */
    const char *status;
} MilterSession;

Milter *milter_new(Host *host);
void milter_free(Milter *self);

/* A connection begins. Writes the session's name, process ID and number. */
MilterSession milter_connect(Milter *self, int64_t time, char *name, size_t size);

/* A child refuses a recipient. */
void milter_refuse(Milter *self, MilterSession *session, int64_t time);

/* A message passes: a child adds a header. */
void milter_pass(Milter *self, MilterSession *session, int64_t time);

/* The connection ends. */
void milter_disconnect(Milter *self, const MilterSession *session, int64_t time);

#endif
