/* evidence.h - do two hops' own words allow that one handed the message to the other? */
#ifndef MST_EVIDENCE_H
#define MST_EVIDENCE_H

#include "base/index.h"
#include "hosts.h"

/* -1: they contradict each other; 0: one of them says nothing; 1: they agree. */
int mst_evidence_message_id(const MstHop *a, const MstHop *b);
int mst_evidence_sender(const MstHop *a, const MstHop *b);

/* Does b's log name a's recipient? */
bool mst_evidence_has_recipient(const MstHop *a, const char *recipient, const MstHop *b);

/* Is b's client the host of a, and a's relay the host of b? The sum of both, -1 if either is another
 * log host. */
int mst_evidence_hosts(const MstHosts *hosts, const MstHop *a, const MstDelivery *delivery,
                       const MstHop *b);

/* Equal addresses: domain and local part without regard to ASCII case. */
bool mst_evidence_same_address(const char *a, const char *b);

/* The hash under which Message-IDs that mst_evidence_message_id takes for equal are found together in
 * this index. */
uint64_t mst_evidence_message_id_hash(const MstIndex *index, const char *id);

/* Is this a Message-ID that can tell messages apart? `<>` is none. */
bool mst_evidence_is_message_id(const char *id);

#endif
