/* event.h - one fact in common words: the one value that all stages speak */
#ifndef MAILSTORY_EVENT_H
#define MAILSTORY_EVENT_H

#include <stdint.h>

#include "mailstory/slice.h"

/* The mail systems, in the order of docs/formats. */
typedef enum MstSystem {
    MST_SYSTEM_NONE,
    MST_SYSTEM_POSTFIX,
    MST_SYSTEM_SENDMAIL,
    MST_SYSTEM_QMAIL,
    MST_SYSTEM_XMAIL,
    MST_SYSTEM_MILTER_MANAGER,
} MstSystem;

/* What an event says. docs/events.md has an example line of each system for every kind. */
typedef enum MstEventKind {
    MST_EVENT_CONNECT,    /* a client's connection begins (no queue ID) */
    MST_EVENT_DISCONNECT, /* and ends in good order */
    MST_EVENT_ABORT,      /* the client vanished, or the dialogue was broken off */
    MST_EVENT_ACCEPT,     /* a life of a queue ID begins: by which client, which user */
    MST_EVENT_MESSAGE_ID, /* a Message-ID header; a message may have several, or none */
    MST_EVENT_SENDER,     /* the message is in the queue: its sender, size, number of recipients */
    MST_EVENT_RECIPIENT,  /* a recipient is named (added, removed, expanded), without an outcome */
    MST_EVENT_ATTEMPT,    /* a try that decided nothing: the next host was asked after it */
    MST_EVENT_RESULT,     /* the outcome of an attempt for one recipient */
    MST_EVENT_REQUEUE,    /* the message, or some of its recipients, go on under other_id */
    MST_EVENT_NOTIFY,     /* other_id is a notification about this message */
    MST_EVENT_REJECT,     /* refused in the SMTP dialogue: a recipient, or the whole message */
    MST_EVENT_DISCARD,    /* accepted, and thrown away by a rule or by hand */
    MST_EVENT_HOLD,       /* held or quarantined */
    MST_EVENT_RELEASE,    /* no longer held */
    MST_EVENT_EXPIRE,     /* too long in the queue: what was delayed has failed */
    MST_EVENT_FILTER,     /* a milter or a rule saw or changed the message */
    MST_EVENT_DONE,       /* the life of the queue ID ends */
    MST_EVENT_KINDS       /* how many there are */
} MstEventKind;

/* What became of a recipient: DESIGN's actions, in the words of RFC 3464 and RFC 3886 and some
 * more. */
typedef enum MstAction {
    MST_ACTION_NONE,        /* not said */
    MST_ACTION_DELIVERED,   /* into a mailbox, a program, a file of this host */
    MST_ACTION_RELAYED,     /* the next host took it */
    MST_ACTION_EXPANDED,    /* into other recipients */
    MST_ACTION_DELAYED,     /* still queued after temporary failures */
    MST_ACTION_FAILED,      /* permanently */
    MST_ACTION_REJECTED,    /* refused in the SMTP dialogue, never queued */
    MST_ACTION_DISCARDED,   /* thrown away by a rule or by hand */
    MST_ACTION_QUARANTINED, /* held */
    MST_ACTION_UNKNOWN,     /* the log ends first */
    MST_ACTION_MIXED,       /* of a story: its recipients differ */
    MST_ACTIONS             /* how many there are */
} MstAction;

/* How other_id stands to queue_id. */
typedef enum MstRelation {
    MST_RELATION_NONE,
    MST_RELATION_PARENT,       /* same host: this message came out of other_id */
    MST_RELATION_CHILD,        /* same host: this message goes on as other_id */
    MST_RELATION_NEXT,         /* the ID that the next host's reply named; its host is peer_* */
    MST_RELATION_NOTIFICATION, /* same host: other_id tells the sender or postmaster of it */
    /* qmail has two names for a message: its number, and the process that queued it. */
    MST_RELATION_ALIAS,       /* another name of this very message, by which replies and parents
                                 know it; ACCEPT without queue_id: the name of what was accepted */
    MST_RELATION_CHILD_ALIAS, /* same host: goes on as the message whose ALIAS is other_id */
    MST_RELATION_NOTIFICATION_ALIAS, /* same host: the message whose ALIAS is other_id tells of it */
    MST_RELATION_COVERS, /* this filter session saw message other_id of the MTA it serves */
} MstRelation;

/*
 * A flat, borrowed value: kinds share most fields, and unset costs nothing. All slices live as long
 * as the batch. Addresses are as logged, without angle brackets. An unset slice is "the line did not
 * say"; the null sender is a set slice of length 0.
 */
typedef struct MstEvent {
    MstEventKind kind;
    MstSystem system;
    MstAction action;     /* RESULT: DELIVERED, RELAYED, DELAYED, FAILED, DISCARDED, QUARANTINED, or
                              NONE for a probe; REJECT: REJECTED, or NONE for a warning only */
    MstRelation relation; /* of other_id */
    bool whole;      /* REJECT, DISCARD, HOLD: the message as a whole, not this recipient alone */
    int64_t time_us; /* UTC, microseconds since 1970; 0 if unknown */
    int32_t resolution_us; /* of time_us */
    uint32_t pid;          /* of the process that logged it; 0 if unknown */
    uint64_t line;         /* number of the line in the batch's file */
    MstSlice host;         /* that logged it */
    MstSlice process;      /* the syslog tag: `postfix/smtpd`, `sm-mta` */
    MstSlice queue_id;     /* unset: no message has one yet (NOQUEUE, connect) */
    MstSlice other_id;
    MstSlice message_id;         /* as logged, with its angle brackets if it has them */
    MstSlice sender;             /* envelope sender */
    MstSlice recipient;          /* envelope recipient */
    MstSlice original_recipient; /* before rewriting or expansion on this host */
    MstSlice peer_name; /* the client's (CONNECT … ACCEPT, REJECT) or next hop's (RESULT) host name;
                           a local agent's or transport's name if nothing was asked over a network */
    MstSlice peer_ip;   /* its address, without brackets or `IPv6:` */
    MstSlice user;      /* ACCEPT, SENDER: authenticated or local user */
    MstSlice status;    /* enhanced status code x.y.z */
    MstSlice detail;    /* the reply, reason or verdict, as logged */
    MstSlice
        spool_file;     /* RESULT, FILTER: the queue's file of this recipient's copy, where each has
                            its own (XMail); tells copies for one address apart */
    int64_t size;       /* bytes; -1 unknown */
    int32_t recipients; /* SENDER, ACCEPT: how many the queue file has; -1 unknown */
    int32_t reply_code; /* three digits; 0 unknown */
    int64_t delay_us;   /* RESULT: since the message came to this host; -1 unknown */
} MstEvent;

/* Names as the tables print them: `message-id`, `delivered`, `postfix`. Never NULL; `none` values
 * give "". */
const char *mst_event_kind_name(MstEventKind kind);
const char *mst_action_name(MstAction action);
const char *mst_system_name(MstSystem system);

/* What events.csv shows as detail: the text that says most about an event of this kind. */
MstSlice mst_event_detail(const MstEvent *event);

#endif
