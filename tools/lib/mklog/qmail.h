/* qmail.h - hosts with qmail, whose log multilog or splogger writes */
#ifndef MKLOG_QMAIL_H
#define MKLOG_QMAIL_H

#include "world.h"

/* With `splogger` the journal is a syslog, else multilog's own. */
Host *qmail_new(World *world, const char *name, Journal *journal, bool splogger);

#endif
