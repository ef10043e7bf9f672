/* teller.h - what the correlator made of logs, as text that a test can compare */
#ifndef TESTS_TELLER_H
#define TESTS_TELLER_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* How the logs of a case lie in their folder. */
typedef enum TellerFiles {
    TELLER_CENTRAL, /* all lines in one file */
    TELLER_BY_HOST, /* one file a host */
} TellerFiles;

typedef struct TellerOptions {
    TellerFiles files;
    bool without_events; /* the correlator keeps no evidence */
    int window_s;        /* 0: 15 minutes */
    const char *host;    /* one `NAME=ALIAS,IP,…`; NULL none */
} TellerOptions;

/*
 * Writes the log into a temporary folder, reads it as the program does, and tells its stories in the
 * order in which they were handed on. shorthand.h says what a line of the log is.
 *
 *     story ACTION [CONFIDENCE]
 *      N HOST/ID END [<N RECIPIENT METHOD CONFIDENCE [of CANDIDATES] [DT]]…
 *      RECIPIENT [(ORIGINAL)] ACTION N [CONFIDENCE] [xATTEMPTS]
 *      about HOST/ID
 *      note: TEXT
 *     loose EVENTS
 *
 * N is a hop's number in its story, `*` stands for the message as a whole, and HOST/ID names a story
 * by its first hop. A confidence is left out where it is exact, except a link's. The caller frees the
 * text. That no event gets lost or is told twice is asserted.
 */
char *teller_tell(const char *log, const TellerOptions *options);

/* A row of a test's table. */
typedef struct TellerCase {
    const char *name; /* a sentence */
    const char *log;
    const char *told;
    int window_s;
    const char *host;
} TellerCase;

/* Each case is a test: the log must tell the same from one central file, from a file a host,
 * and without evidence. Gives the number of failures, as cmocka does. */
int teller_run(const char *group, const TellerCase *cases, size_t count);

#endif
