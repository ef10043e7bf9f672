/*
 * fuzz_envelope.c - any bytes, to the envelope
 *
 * Each line is handed over in a block of exactly its size, so that a sanitizer sees any read past its
 * end; every slice of the result lies in the line and is read to its last byte. The envelope lives for the whole input,
 * as it does for a source, so that what it remembers of earlier lines is tried too.
 */
#include <stdint.h>

#include "mailstory/envelope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile unsigned char last_byte;

static const MstSlice source_host = MST_LIT_INIT("mx1");

static void check(MstSlice s, MstSlice whole)
{
    g_assert(s.ptr == source_host.ptr || !mst_slice_is_set(s) ||
             (s.ptr >= whole.ptr && s.ptr + s.len <= whole.ptr + whole.len));
    for (size_t i = 0; i < s.len; i++)
        last_byte = (unsigned char)s.ptr[i];
}

static void read_line(MstEnvelope *envelope, const char *text, size_t len)
{
    g_autofree char *block = len == 0 ? g_malloc(1) : g_memdup2(text, len);
    MstLine line = {.whole = {block, len}, .number = 7};
    bool known = mst_envelope_read(envelope, &line);

    g_assert(line.number == 7 && line.whole.ptr == block && line.whole.len == len);
    g_assert(known || (line.text.ptr == block && line.text.len == len));
    g_assert((line.time_us == 0) == (line.resolution_us == 0));
    check(line.text, line.whole);
    check(line.host, line.whole);
    check(line.tag, line.whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    MstZones *zones = mst_zones_new();
    MstEnvelope *envelope = mst_envelope_new(zones, source_host);
    const char *at = (const char *)data;
    const char *end = at + size;

    mst_envelope_begin_file(envelope, G_GINT64_CONSTANT(1772323200000000));
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        read_line(envelope, at, (size_t)((stop == NULL ? end : stop) - at));
        at = stop == NULL ? end : stop + 1;
    }
    mst_envelope_free(envelope);
    mst_zones_free(zones);
    return 0;
}
