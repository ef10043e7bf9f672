/* log_name.h - what the names of files and folders tell */
#ifndef MST_LOG_NAME_H
#define MST_LOG_NAME_H

#include <stdbool.h>
#include <stdint.h>

/* The name that all rotated files of a log share: `mail.log` of `mail.log.2.gz`. Caller frees. */
char *mst_log_name_common(const char *name);

/* How old the rotation says a file is, among files of one log: the greater the older. */
int64_t mst_log_name_age(const char *name);

/* Hidden files and editors' backups: no log, whatever is in them. */
bool mst_log_name_is_skipped(const char *name);

/* Is a folder of this name one host's, rather than one that only says "logs"? */
bool mst_log_name_is_host(const char *folder);

#endif
