/* sendmail.h - hosts with sendmail */
#ifndef MKLOG_SENDMAIL_H
#define MKLOG_SENDMAIL_H

#include "world.h"

Host *sendmail_new(World *world, const char *name, Journal *journal);

#endif
