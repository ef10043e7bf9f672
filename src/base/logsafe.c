/* logsafe.c - text as qmail-send logs it (logsafe() of qmail-send.c) */
#include "base/logsafe.h"

static char escaped(char c)
{
    if (c == '\n')
        return '/';
    return (char)(c > ' ' && c < 0x7f && c != '%' ? c : '_');
}

void mst_logsafe_copy(char *to, MstSlice text)
{
    for (size_t i = 0; i < text.len; i++)
        to[i] = escaped(text.ptr[i]);
}

bool mst_logsafe_equal(MstSlice logged, MstSlice text)
{
    if (logged.len != text.len)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (logged.ptr[i] != escaped(text.ptr[i]))
            return false;
    }
    return true;
}

/*
 * Walks over an address as qmail-smtpd's addrparse does: a backslash quotes the next byte, and quotes
 * are dropped. The next byte that qmail keeps, and past it; NULL at the end.
 */
static const char *next_kept(const char *at, const char *end, char *kept)
{
    while (at < end && *at == '"')
        at++;
    if (at < end && *at == '\\')
        at++;
    if (at >= end)
        return NULL;
    *kept = escaped(*at);
    return at + 1;
}

bool mst_logsafe_equal_address(MstSlice logged, MstSlice address)
{
    const char *at = address.ptr;
    const char *end = address.ptr + address.len;
    size_t i = 0;
    char kept;

    for (at = next_kept(at, end, &kept); at != NULL; at = next_kept(at, end, &kept)) {
        if (i == logged.len || logged.ptr[i++] != kept)
            return false;
    }
    return i == logged.len;
}

size_t mst_logsafe_copy_address(char *to, MstSlice address)
{
    const char *at = address.ptr;
    const char *end = address.ptr + address.len;
    size_t len = 0;
    char kept;

    for (at = next_kept(at, end, &kept); at != NULL; at = next_kept(at, end, &kept))
        to[len++] = kept;
    return len;
}
