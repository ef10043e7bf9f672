/* envelope.h - what stands around the mail system's own text */
#ifndef MAILSTORY_ENVELOPE_H
#define MAILSTORY_ENVELOPE_H

#include "mailstory/line.h"
#include "mailstory/stamp.h"

/*
 * Takes the envelopes off the lines of one source, in file order. It remembers the last stamp (most
 * lines repeat it), the year (it turns when stamps step back by more than half a year;
 * docs/formats/envelopes.md), the file's hosts, the tags, which of them stand together, and nothing
 * else. One source, one envelope, one thread.
 */
typedef struct MstEnvelope MstEnvelope;

/* `zones` outlives it. `host` is for lines that name none, and may be unset; borrowed. */
MstEnvelope *mst_envelope_new(const MstZones *zones, MstSlice host);
void mst_envelope_free(MstEnvelope *self);

/* A new file of the source begins, and what was known of hosts is forgotten. `mtime_us` bounds the
 * year of its first stamp, if the source has had no stamp so far and no year was said. */
void mst_envelope_begin_file(MstEnvelope *self, int64_t mtime_us);

/*
 * Fills `line` from `line->whole`: time, host, tag, pid, text, and what is known of host and tag.
 * `line->number` is left alone. False if the line has no envelope that we know; then all but `whole`
 * is unset and `text` is all of it.
 */
bool mst_envelope_read(MstEnvelope *self, MstLine *line);

/*
 * What is known of a host; of a new one, its name and zone. Never NULL; good until the next file
 * begins. Hosts beyond the first 65536 of a file count as one without a name.
 */
MstLogHost *mst_envelope_host(MstEnvelope *self, MstSlice name);

#endif
