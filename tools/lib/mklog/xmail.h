/* xmail.h - hosts with XMail, whose logs are tables with tabs */
#ifndef MKLOG_XMAIL_H
#define MKLOG_XMAIL_H

#include "world.h"

/* Both journals are daily ones. */
Host *xmail_new(World *world, const char *name, Journal *smtp, Journal *smail);

#endif
