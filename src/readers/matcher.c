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
    const Row *row;        /* the longest opening that all of this node's openings begin with */
    size_t at;             /* which byte tells its branches apart; beyond all texts: it has none */
    guint low;             /* the smallest byte that has one */
    guint count;           /* of bytes from there to the greatest */
    struct Node *branches; /* of these bytes; one without branches stands for no opening too */
} Node;

struct MstMatcher {
    GArray *rows; /* of Row, then sorted by opening */
    Node root;
    bool finished;
};

MstMatcher *mst_matcher_new(void)
{
    MstMatcher *self = g_new0(MstMatcher, 1);

    self->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    return self;
}

static void clear_node(Node *node)
{
    for (guint i = 0; i < node->count; i++)
        clear_node(&node->branches[i]);
    g_free(node->branches);
}

void mst_matcher_free(MstMatcher *self)
{
    if (self == NULL)
        return;
    g_array_free(self->rows, TRUE);
    clear_node(&self->root);
    g_free(self);
}

void mst_matcher_add(MstMatcher *self, MstSlice opening, gconstpointer row)
{
    Row added = {.opening = opening, .row = row, .order = self->rows->len};

    g_assert(opening.len > 0 && row != NULL && !self->finished);
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

static Node new_node(MstMatcher *self, guint from, guint to, const Row *row);

/* Gives the node branches for the rows from `from` to before `to`, which differ at its byte. */
static void add_branches(MstMatcher *self, Node *node, guint from, guint to)
{
    node->low = byte_of(self, from, node->at);
    node->count = byte_of(self, to - 1, node->at) - node->low + 1;
    node->branches = g_new(Node, node->count);
    for (guint i = 0; i < node->count; i++) {
        guint end = from;

        while (end < to && byte_of(self, end, node->at) == node->low + i)
            end++;
        node->branches[i] = new_node(self, from, end, node->row);
        from = end;
    }
}

/* The node of the rows from `from` to before `to`, all of which begin with `row`'s opening. */
static Node new_node(MstMatcher *self, guint from, guint to, const Row *row)
{
    Node node = {.row = row, .at = G_MAXSIZE};
    size_t at;

    if (from == to)
        return node;
    at = common_length(row_at(self, from)->opening, row_at(self, to - 1)->opening);
    for (; from < to && row_at(self, from)->opening.len == at; from++) {
        row_at(self, from)->shorter = node.row;
        node.row = row_at(self, from);
    }
    if (from < to) {
        node.at = at;
        add_branches(self, &node, from, to);
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
    self->root = new_node(self, 0, self->rows->len, NULL);
    self->finished = true;
    for (guint i = 0; i < self->rows->len; i++)
        row_at(self, i)->first = first_of(row_at(self, i));
}

gconstpointer mst_matcher_find(const MstMatcher *self, MstSlice text)
{
    const Node *node = &self->root;

    while (node->at < text.len) {
        guint byte = (unsigned char)text.ptr[node->at] - node->low;

        if (byte >= node->count)
            break;
        node = &node->branches[byte];
    }
    for (const Row *row = node->row; row != NULL; row = row->shorter) {
        if (mst_scan_begins(text, row->opening))
            return row->first->row;
    }
    return NULL;
}
