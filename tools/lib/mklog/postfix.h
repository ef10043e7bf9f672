/* postfix.h - hosts with Postfix, and with milter-manager in front */
#ifndef MKLOG_POSTFIX_H
#define MKLOG_POSTFIX_H

#include "world.h"

/* A host with Postfix. With `milter`, milter-manager is in front of it. */
Host *postfix_new(World *world, const char *name, Journal *journal, bool milter);

#endif
