/* run.h - the main job: logs in, tables out */
#ifndef MST_RUN_H
#define MST_RUN_H

#include "options.h"

/* Prints the account and what could not be read on standard error. Gives the exit status: 0, or 1 if
 * something could not be read. False and an error if the run failed as a whole. */
bool mst_run_tables(const MstOptions *options, int *ret_status, GError **error);

/* What can be read, with an example line each. */
void mst_run_formats(void);

#endif
