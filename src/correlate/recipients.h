/* recipients.h - the deliveries of a life, by their recipient */
#ifndef MST_RECIPIENTS_H
#define MST_RECIPIENTS_H

#include "life.h"

/* The oldest delivery for this address, without regard to ASCII case; NULL if there is none. */
MstDelivery *mst_recipients_first(const MstLife *life, MstSlice address);

/* The next younger one for the same address. */
MstDelivery *mst_recipients_next(const MstLife *life, const MstDelivery *delivery);

/* Adds a delivery. An unset recipient is "" then. */
MstDelivery *mst_recipients_add(MstLife *life, MstSlice recipient, MstSlice original);

/* The oldest one for this address and original; added if there is none. */
MstDelivery *mst_recipients_take(MstLife *life, MstSlice recipient, MstSlice original);

/* Is this the delivery's original recipient? Both may be unset. */
bool mst_recipients_has_original(const MstDelivery *delivery, MstSlice original);

#endif
