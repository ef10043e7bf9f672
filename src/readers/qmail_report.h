/* qmail_report.h - what qmail's delivery programs said, as qmail-send logs it */
#ifndef MST_QMAIL_REPORT_H
#define MST_QMAIL_REPORT_H

#include "mailstory/batch.h"

/* What qmail-remote's report tells; unset is "it did not say". */
typedef struct MstQmailReport {
    MstSlice ip;        /* of the host that was asked */
    int32_t reply_code; /* of what that host said; 0 unknown */
    MstSlice status;    /* of its reply, else qmail-remote's own */
    MstSlice next_id;   /* that its reply gives to the message */
} MstQmailReport;

/*
 * Reads qmail-remote's report. `recipient` is whom the delivery was for, if known: some patches begin
 * the report with it. Text that must be unescaped is kept in the batch.
 */
MstQmailReport mst_qmail_report_remote(MstSlice text, MstSlice recipient, MstBatch *out);

/* The enhanced status code that qmail's own words end in: ` (#4.4.1)`. */
bool mst_qmail_report_status(MstSlice report, MstSlice *status);

/* Does it end in `did F+W+P`, as all of qmail-local's reports of success do? */
bool mst_qmail_report_did(MstSlice report);

/* Of such a report: the process that queued the message which goes on from here, and whether a copy
 * was kept here too. */
bool mst_qmail_report_child(MstSlice report, MstSlice *qp, bool *keeps);

/* Takes qmail-send's own words off the report of a last attempt: too long in the queue. */
bool mst_qmail_report_take_expiry(MstSlice *report);

#endif
