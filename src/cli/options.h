/* options.h - what the command line asks for */
#ifndef MST_OPTIONS_H
#define MST_OPTIONS_H

#include "mailstory/mailstory.h"

typedef enum MstCommand {
    MST_COMMAND_TABLES,  /* the deliveries to stdout, or all tables with -o */
    MST_COMMAND_FORMATS, /* what can be read */
    MST_COMMAND_VERSION,
} MstCommand;

/* Owned by main for the run. */
typedef struct MstOptions {
    MstCommand command;
    char **paths;   /* NULL-terminated, at least one with TABLES */
    char **by_hand; /* --read; NULL none */
    char *folder;   /* -o; NULL: the deliveries to stdout */
    MstZones *zones;
    MstCorrelatorOptions correlator;
    MstCsvStyle style;
    guint jobs; /* threads */
    bool checksum;
    bool strict;
} MstOptions;

/* False and MST_ERROR_USAGE if the command line is wrong; --help prints and exits. */
bool mst_options_parse(MstOptions *options, int argc, char **argv, GError **error);
void mst_options_clear(MstOptions *options);

#endif
