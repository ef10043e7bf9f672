/* printable.c - text of strangers as it can be shown */
#include "base/printable.h"

/* How many bytes the character at the start takes; 0 if its first byte must be escaped. */
static size_t printable_length(const char *at, const char *end)
{
    unsigned char c = (unsigned char)*at;
    gunichar wide;

    if (c == '\\')
        return end - at > 1 && at[1] == 'x' ? 0 : 1;
    if (c < 0x80)
        return c >= 0x20 && c != 0x7f;
    wide = g_utf8_get_char_validated(at, end - at);
    if (wide == (gunichar)-1 || wide == (gunichar)-2 || wide < 0xa0)
        return 0;
    return (size_t)(g_utf8_next_char(at) - at);
}

static void escape_byte(GString *out, unsigned char byte)
{
    static const char hex_digits[] = "0123456789abcdef";
    const char escaped[] = {'\\', 'x', hex_digits[byte >> 4], hex_digits[byte & 15]};

    g_string_append_len(out, escaped, sizeof escaped);
}

void mst_printable_append(GString *out, MstSlice text)
{
    const char *end = text.ptr + text.len;
    const char *at = text.ptr;

    while (at < end) {
        const char *run = at;
        size_t len = printable_length(at, end);

        while (len > 0) {
            at += len;
            len = at < end ? printable_length(at, end) : 0;
        }
        g_string_append_len(out, run, at - run);
        if (at < end)
            escape_byte(out, (unsigned char)*at++);
    }
}
