/*
 * hostile.h - Postfix logs that somebody made to slow a reader down
 */
#ifndef MKLOG_HOSTILE_H
#define MKLOG_HOSTILE_H

#include "world.h"

typedef enum Malice {
    MALICE_ONE_ID,     /* one queue ID for all lives, one behind the other */
    MALICE_SESSION,    /* one connection hands all messages in */
    MALICE_OPEN,       /* no life ends */
    MALICE_RECIPIENTS, /* 100,000 recipients each */
    MALICE_FLOOD,      /* IDs that have the same sum in the hash function h * 33 + c */
    MALICE_LOOK_ALIKE, /* IDs with the same first and last characters */
} Malice;

Host *hostile_new(World *world, const char *name, Journal *journal, Malice malice);

#endif
