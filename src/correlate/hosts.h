/* hosts.h - the hosts whose logs are read, and under which names others know them */
#ifndef MST_HOSTS_H
#define MST_HOSTS_H

#include "mailstory/hop.h"

/*
 * A log host is found by the name that its log writes. Relays and clients bear other names and
 * addresses: those said by hand count first, then those that exact links taught, then a name whose
 * first label is a log host's. A name that was taught for two hosts counts for none.
 */
typedef struct MstHosts MstHosts;

MstHosts *mst_hosts_new(void);
void mst_hosts_free(MstHosts *self);

/* `NAME=ALIAS,IP,…`; false if it has not this form. */
bool mst_hosts_state(MstHosts *self, const char *setting);

/* The host that logs under this name; made if it is new. An unset name is the host "". */
MstHost *mst_hosts_take(MstHosts *self, MstSlice name);

/* An exact link showed that this name or address (either may be NULL) is that host. */
void mst_hosts_teach(MstHosts *self, const char *name, const char *ip, MstHost *host);

/* What a name and address say about a host. */
typedef enum MstHostMatch {
    MST_HOST_OTHER = -1,  /* they are another log host's */
    MST_HOST_UNKNOWN = 0, /* they say nothing */
    MST_HOST_SAME = 1,    /* they are this host's */
} MstHostMatch;

/* `seen_by` is the host whose log names them: a loopback address means that one. */
MstHostMatch mst_hosts_match(const MstHosts *self, const char *name, const char *ip,
                             const MstHost *host, const MstHost *seen_by);

/* Do they belong to any log host? NULL if that is unknown. */
MstHost *mst_hosts_resolve(const MstHosts *self, const char *name, const char *ip,
                           const MstHost *seen_by);

#endif
