/* envelope.h - what only the finder of sources asks an envelope */
#ifndef MST_ENVELOPE_H
#define MST_ENVELOPE_H

#include "mailstory/envelope.h"

/* Was there a stamp so far whose year had to be found? */
bool mst_envelope_found_year(const MstEnvelope *self);

#endif
