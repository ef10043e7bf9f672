/* shorthand.h - logs that a test can show at a glance */
#ifndef TESTS_SHORTHAND_H
#define TESTS_SHORTHAND_H

/*
 * The whole lines of one short line, each with a '\n'; `host` is set to the host that logs them. The
 * caller frees both.
 *
 *     [DDT]hh:mm:ss HOST TAG[PID]: TEXT       a day of May 2026, the 11th if none is given
 *     [DDT]hh:mm:ss HOST VERB[PID] WORDS      what shorthand.c has for this verb
 *
 * A tag that is a bare word, other than sendmail's and milter-manager's, is one of Postfix's daemons.
 * `[PID]` may be left out. The words `desk`, `far`, `mx1`, `hub` and `out` after a verb are hosts: a
 * client and a server of strangers, and three log hosts as others see them.
 */
char *shorthand_expand(const char *line, char **host);

#endif
