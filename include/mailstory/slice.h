/* slice.h - text that somebody else owns */
#ifndef MAILSTORY_SLICE_H
#define MAILSTORY_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A piece of text inside a buffer that somebody else owns. It is not terminated by NUL and may hold
 * any byte. A NULL pointer means "the line did not say"; a set pointer with len 0 means "it said
 * nothing", as the null sender does.
 */
typedef struct MstSlice {
    const char *ptr;
    size_t len;
} MstSlice;

/* A slice of a string literal: for static tables, and as a value. */
#define MST_LIT_INIT(literal)                                                                      \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }
#define MST_LIT(literal) ((MstSlice)MST_LIT_INIT(literal))

/* The text between two pointers into one buffer; end is not before start. */
static inline MstSlice mst_slice(const char *start, const char *end)
{
    return (MstSlice){start, (size_t)(end - start)};
}

/* A slice of a C string; NULL gives the unset slice. */
static inline MstSlice mst_slice_of(const char *text)
{
    return (MstSlice){text, text == NULL ? 0 : strlen(text)};
}

static inline bool mst_slice_is_set(MstSlice s)
{
    return s.ptr != NULL;
}

static inline bool mst_slice_equal(MstSlice a, MstSlice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Are these the same bytes? For short texts of any length, where a call of memcmp would cost more
 * than the comparison: the steps are as long as can be, and the last one ends where the texts do. */
static inline bool mst_slice_same_bytes(const char *a, const char *b, size_t len)
{
    uint64_t left = 0, right = 0;
    uint32_t ends[4];

    if (len < sizeof ends[0]) {
        while (len > 0 && a[len - 1] == b[len - 1])
            len--;
        return len == 0;
    }
    if (len < sizeof left) {
        memcpy(&ends[0], a, sizeof ends[0]);
        memcpy(&ends[1], b, sizeof ends[0]);
        memcpy(&ends[2], a + len - sizeof ends[0], sizeof ends[0]);
        memcpy(&ends[3], b + len - sizeof ends[0], sizeof ends[0]);
        return ends[0] == ends[1] && ends[2] == ends[3];
    }
    for (size_t i = 0; i < len - sizeof left && left == right; i += sizeof left) {
        memcpy(&left, a + i, sizeof left);
        memcpy(&right, b + i, sizeof right);
    }
    if (left != right)
        return false;
    memcpy(&left, a + len - sizeof left, sizeof left);
    memcpy(&right, b + len - sizeof right, sizeof right);
    return left == right;
}

static inline bool mst_slice_starts(MstSlice s, MstSlice prefix)
{
    return s.len >= prefix.len && memcmp(s.ptr, prefix.ptr, prefix.len) == 0;
}

static inline bool mst_slice_ends(MstSlice s, MstSlice suffix)
{
    return s.len >= suffix.len && memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0;
}

/* What is left of s after its first n bytes; n is at most s.len. */
static inline MstSlice mst_slice_from(MstSlice s, size_t n)
{
    return (MstSlice){s.ptr + n, s.len - n};
}

/* The first n bytes of s; n is at most s.len. */
static inline MstSlice mst_slice_head(MstSlice s, size_t n)
{
    return (MstSlice){s.ptr, n};
}

/* Equal but for the case of ASCII letters: for domains and host names. */
bool mst_slice_equal_ascii_case(MstSlice a, MstSlice b);

/* Where needle first begins in s, or NULL. An empty needle begins at the start. */
const char *mst_slice_find(MstSlice s, MstSlice needle);

/* Where needle last begins in s, or NULL. */
const char *mst_slice_find_last(MstSlice s, MstSlice needle);

#endif
