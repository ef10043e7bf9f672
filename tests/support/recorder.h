/* recorder.h - what a reader made of lines, as text that a test can compare */
#ifndef TESTS_RECORDER_H
#define TESTS_RECORDER_H

#include "mailstory/reader.h"

/*
 * Has the reader read each line of `log` as a line of this tag, in order, and writes one line for
 * each event:
 *
 *     KIND id=… RELATION=… spool=… msgid=… from=… orig_to=… to=… ACTION peer=… ip=… user=… size=… nrcpt=…
 *     code=… status=… delay=… detail=…
 *
 * Only what is set is written; `delay` is in seconds; RELATION is `parent`, `child`, `next` or
 * `notification`, else `other`. A line that became no event gives `noise: KIND`, `broken: WHY`,
 * `continuation` or `foreign`. A '\n' ends each. The caller frees the text.
 *
 * Each line is handed over in a block of exactly its size, so that a sanitizer sees any over-read.
 */
char *recorder_read(MstReader *reader, const char *tag, const char *log);

/* The same for lines without tags, of a file of this name. */
char *recorder_read_file(MstReader *reader, const char *file, const char *log);

/* One event, without the line end. */
void recorder_write(GString *out, const MstEvent *event);

#endif
