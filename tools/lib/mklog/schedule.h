/*
 * schedule.h - what will be done, by time
 *
 * A message's whole life is made at once, with lines hours ahead; the schedule puts the lines of all
 * lives in the order of time. What is due at the same moment is done in the order in which it came.
 */
#ifndef MKLOG_SCHEDULE_H
#define MKLOG_SCHEDULE_H

#include <stdint.h>

typedef struct Schedule Schedule;

/* Done when its time has come; owns the subject. */
typedef void (*ScheduleAction)(void *subject, int64_t time);

Schedule *schedule_new(void);
void schedule_free(Schedule *self);

/* Has `action` done with `subject` at this time, in microseconds since 1970. */
void schedule_at(Schedule *self, int64_t time, ScheduleAction action, void *subject);

/* Does all that is due until then, also what comes up meanwhile. */
void schedule_run(Schedule *self, int64_t until);

#endif
