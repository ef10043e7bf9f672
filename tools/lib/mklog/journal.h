/*
 * journal.h - one log as it is written: its lines in the order of time, each behind its stamp
 *
 *     Nov 20 10:20:00 TEXT                              JOURNAL_BSD
 *     2026-11-20T10:20:00.123456+00:00 TEXT             JOURNAL_RFC3339
 *     @400000006b02151e075bca8c TEXT                    JOURNAL_TAI64N
 *     TEXT                                              JOURNAL_DAILY: a file for each day
 */
#ifndef MKLOG_JOURNAL_H
#define MKLOG_JOURNAL_H

#include "schedule.h"

#include <glib.h>
#include <stdbool.h>

typedef enum JournalForm {
    JOURNAL_BSD,
    JOURNAL_RFC3339,
    JOURNAL_TAI64N,
    JOURNAL_DAILY,
} JournalForm;

typedef struct Journal Journal;

/*
 * Opens a log. A path of NULL is the standard output; a daily log's path goes on with the date. The
 * folder is made if it is not there. `bytes` grows by each line that is said. NULL if it fails.
 */
Journal *journal_new(Schedule *schedule, const char *path, JournalForm form, uint64_t *bytes,
                     GError **error);

/* Says a line, without its end, at this time. */
void journal_say(Journal *self, int64_t time, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Closes the log; false if a line could not be written. */
bool journal_free(Journal *self, GError **error);

#endif
