/* verdict.h - what a reader says of a line */
#ifndef MST_VERDICT_H
#define MST_VERDICT_H

#include "mailstory/batch.h"

/* It added at least one event. */
static inline MstVerdict mst_verdict_understood(void)
{
    return (MstVerdict){MST_FATE_EVENT, NULL};
}

/* Understood, and tells nothing about a message; `kind` is a literal. */
static inline MstVerdict mst_verdict_noise(const char *kind)
{
    return (MstVerdict){MST_FATE_NOISE, kind};
}

/* Of the mail system, but cut or in no known form; `why` is a literal. */
static inline MstVerdict mst_verdict_broken(const char *why)
{
    return (MstVerdict){MST_FATE_BROKEN, why};
}

#endif
