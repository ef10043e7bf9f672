/* qmail_smtpd.h - the connections of qmail-smtpd: tcpserver's log, and recordio's */
#ifndef MST_QMAIL_SMTPD_H
#define MST_QMAIL_SMTPD_H

#include "mailstory/batch.h"
#include "readers/scan.h"

/* The sessions that are open in the logs of one source. */
typedef struct MstQmailSmtpd MstQmailSmtpd;

MstQmailSmtpd *mst_qmail_smtpd_new(void);
void mst_qmail_smtpd_free(MstQmailSmtpd *self);

/* A line of one of these logs: process IDs are of one host, so each log has a number of its own. */
typedef struct MstQmailSmtpdLine {
    const MstLine *line;
    uint64_t log;
    MstBatch *out;
} MstQmailSmtpdLine;

/* Behind `tcpserver: `: `pid P from IP` and its like. */
MstVerdict mst_qmail_smtpd_read_server(MstQmailSmtpd *self, const MstQmailSmtpdLine *line,
                                       MstScan rest);

/* Behind `rblsmtpd: `: `IP pid P: 451 TEXT`. */
MstVerdict mst_qmail_smtpd_read_blocked(MstQmailSmtpd *self, const MstQmailSmtpdLine *line,
                                        MstScan rest);

/* recordio's `P < TEXT`, which the client said, or `P > TEXT`, which the server said. */
MstVerdict mst_qmail_smtpd_read_record(MstQmailSmtpd *self, const MstQmailSmtpdLine *line,
                                       MstScan rest);

#endif
