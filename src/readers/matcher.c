/*
 * matcher.c - which row of a table a text belongs to, by its opening
 *
 * A tree over the sorted openings. A node stands for all openings with one beginning, and branches at
 * the first byte in which they differ. Only those bytes of a text are looked at on the way down; at
 * its end one opening is left, or that and those that it begins with, and is compared as a whole.
 */
#include "readers/matcher.h"

#include "readers/scan.h"

/* A row of the reader's table. */
typedef struct Row {
    MstSlice opening;
    gconstpointer row;
    guint order;               /* in which it was added */
    const struct Row *shorter; /* the longest other opening that this one begins with */
    const struct Row *first;   /* of this one and the shorter ones */
} Row;

typedef struct Node {
    const Row *row;         /* the longest opening that all of this node's openings begin with */
    size_t at;              /* which byte tells its branches apart */
    guint low;              /* the smallest byte that has one */
    guint count;            /* of bytes from there to the greatest; 0: no branches */
    struct Node **branches; /* of these bytes; NULL: none */
} Node;

struct MstMatcher {
    GArray *rows; /* of Row, then sorted by opening */
    Node *root;   /* NULL: not finished */
};

MstMatcher *mst_matcher_new(void)
{
    MstMatcher *self = g_new0(MstMatcher, 1);

    self->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    return self;
}

static void free_node(Node *node)
{
    if (node == NULL)
        return;
    for (guint i = 0; i < node->count; i++)
        free_node(node->branches[i]);
    g_free(node->branches);
    g_free(node);
}

void mst_matcher_free(MstMatcher *self)
{
    if (self == NULL)
        return;
    g_array_free(self->rows, TRUE);
    free_node(self->root);
    g_free(self);
}

void mst_matcher_add(MstMatcher *self, MstSlice opening, gconstpointer row)
{
    Row added = {.opening = opening, .row = row, .order = self->rows->len};

    g_assert(opening.len > 0 && row != NULL && self->root == NULL);
    g_array_append_val(self->rows, added);
}

/* By opening, a shorter one before those that begin with it; equal ones by order. */
static gint compare_rows(gconstpointer a, gconstpointer b)
{
    const Row *left = a, *right = b;
    size_t len = MIN(left->opening.len, right->opening.len);
    int order = memcmp(left->opening.ptr, right->opening.ptr, len);

    if (order != 0)
        return order;
    if (left->opening.len != right->opening.len)
        return left->opening.len < right->opening.len ? -1 : 1;
    return left->order < right->order ? -1 : 1;
}

static Row *row_at(const MstMatcher *self, guint i)
{
    return &g_array_index(self->rows, Row, i);
}

static guint byte_of(const MstMatcher *self, guint row, size_t at)
{
    return (unsigned char)row_at(self, row)->opening.ptr[at];
}

/* How many bytes two openings have in common. */
static size_t common_length(MstSlice a, MstSlice b)
{
    size_t len = 0;

    while (len < a.len && len < b.len && a.ptr[len] == b.ptr[len])
        len++;
    return len;
}

/* The node of the rows from `from` to before `to`, all of which begin with `row`'s opening. */
static Node *new_node(MstMatcher *self, guint from, guint to, const Row *row)
{
    Node *node = g_new0(Node, 1);

    node->at = common_length(row_at(self, from)->opening, row_at(self, to - 1)->opening);
    for (; from < to && row_at(self, from)->opening.len == node->at; from++) {
        row_at(self, from)->shorter = row;
        row = row_at(self, from);
    }
    node->row = row;
    if (from < to) {
        node->low = byte_of(self, from, node->at);
        node->count = byte_of(self, to - 1, node->at) - node->low + 1;
        node->branches = g_new0(Node *, node->count);
    }
    while (from < to) {
        guint byte = byte_of(self, from, node->at);
        guint end = from + 1;

        while (end < to && byte_of(self, end, node->at) == byte)
            end++;
        node->branches[byte - node->low] = new_node(self, from, end, row);
        from = end;
    }
    return node;
}

/* The first of the rows with this opening and with shorter ones. */
static const Row *first_of(const Row *row)
{
    const Row *first = row;

    for (; row != NULL; row = row->shorter) {
        if (row->order < first->order)
            first = row;
    }
    return first;
}

void mst_matcher_finish(MstMatcher *self)
{
    g_array_sort(self->rows, compare_rows);
    self->root = self->rows->len > 0 ? new_node(self, 0, self->rows->len, NULL) : g_new0(Node, 1);
    for (guint i = 0; i < self->rows->len; i++)
        row_at(self, i)->first = first_of(row_at(self, i));
}

gconstpointer mst_matcher_find(const MstMatcher *self, MstSlice text)
{
    const Node *node = self->root;

    while (node->at < text.len) {
        guint byte = (unsigned char)text.ptr[node->at] - node->low;

        if (byte >= node->count || node->branches[byte] == NULL)
            break;
        node = node->branches[byte];
    }
    for (const Row *row = node->row; row != NULL; row = row->shorter) {
        if (mst_scan_begins(text, row->opening))
            return row->first->row;
    }
    return NULL;
}
