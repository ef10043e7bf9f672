/* kinds.h - the kinds of logs that can be made */
#ifndef MKLOG_KINDS_H
#define MKLOG_KINDS_H

#include "hostile.h"
#include "world.h"

typedef struct Kind {
    const char *name;
    const char *summary; /* one line for --help */
    /* Adds the hosts; false if a file cannot be written. */
    bool (*build)(World *world, const struct Kind *kind, GError **error);
    unsigned relay;  /* what --relay is by default */
    bool has_folder; /* the output is always a folder */
    Malice malice;   /* of hostile ones */
} Kind;

extern const Kind kinds[];
extern const size_t n_kinds;

/* NULL if there is none of that name. */
const Kind *kind_find(const char *name);

#endif
