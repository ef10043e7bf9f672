/* xmail_slog.h - what XMail notes of the tries of one queued copy */
#ifndef MST_XMAIL_SLOG_H
#define MST_XMAIL_SLOG_H

#include "mailstory/batch.h"

/* The part of a note that a line without a key belongs to. */
typedef enum MstXmailPart {
    MST_XMAIL_PART_NONE,  /* outside of a note */
    MST_XMAIL_PART_WORDS, /* what XMail itself says */
    MST_XMAIL_PART_INFO,
    MST_XMAIL_PART_REPLY,
} MstXmailPart;

/* The note that is being read. All zero is none. */
typedef struct MstXmailSlog {
    int64_t time_us; /* of the try */
    MstXmailPart part;
    bool asked;    /* a server was asked, or its name looked for */
    bool nameless; /* no server was found to ask */
    GString *reply, *reason, *other, *sender, *recipient, *server; /* NULL until they are needed */
} MstXmailSlog;

void mst_xmail_slog_clear(MstXmailSlog *self);

/* Forgets an unfinished note. */
void mst_xmail_slog_reset(MstXmailSlog *self);

/* Is it a line by which such a file can be told from other logs? */
bool mst_xmail_slog_recognises(MstSlice line);

/* FOREIGN if the line is none of such a file. The spool file is the batch's file. */
MstVerdict mst_xmail_slog_read(MstXmailSlog *self, MstLine *line, MstBatch *out);

#endif
