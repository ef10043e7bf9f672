/* copies.c - lines that were given twice, in two sources */
#include "copies.h"

/* How long a line is remembered: stamps of two files differ by a second at most. */
static const int64_t remembered_us = INT64_C(10) * G_USEC_PER_SEC;

/* How often one source held a line. */
typedef struct Count {
    guint source;
    guint count;
} Count;

/* All copies of a line. */
typedef struct Seen {
    uint64_t hash;
    guint most; /* that one source held */
    MstCopy first;
    GArray *counts; /* of Count */
} Seen;

struct MstCopies {
    GHashTable *recent, *older; /* sets of Seen by hash; `recent` becomes `older` in its time */
    int64_t turned_us;
};

static void free_seen(gpointer data)
{
    Seen *seen = data;

    g_array_unref(seen->counts);
    g_free(seen);
}

static GHashTable *new_table(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_seen);
}

MstCopies *mst_copies_new(void)
{
    MstCopies *self = g_new0(MstCopies, 1);

    self->recent = new_table();
    self->older = new_table();
    return self;
}

void mst_copies_free(MstCopies *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->recent);
    g_hash_table_unref(self->older);
    g_free(self);
}

static void turn(MstCopies *self, int64_t now_us)
{
    if (now_us < self->turned_us + remembered_us)
        return;
    self->turned_us = now_us;
    g_hash_table_unref(self->older);
    self->older = self->recent;
    self->recent = new_table();
}

static guint count_up(Seen *seen, guint source)
{
    for (guint i = 0; i < seen->counts->len; i++) {
        Count *count = &g_array_index(seen->counts, Count, i);

        if (count->source == source)
            return ++count->count;
    }
    g_array_append_vals(seen->counts, &(Count){source, 1}, 1);
    return 1;
}

static Seen *remember(MstCopies *self, const MstRecord *record, guint source, const char *file)
{
    Seen *seen = g_new0(Seen, 1);

    seen->hash = record->hash;
    seen->first = (MstCopy){source, file, record->number};
    seen->counts = g_array_new(FALSE, FALSE, sizeof(Count));
    g_hash_table_add(self->recent, seen);
    return seen;
}

const MstCopy *mst_copies_find(MstCopies *self, const MstRecord *record, guint source,
                               const char *file, int64_t now_us)
{
    Seen *seen;

    turn(self, now_us);
    seen = g_hash_table_lookup(self->recent, &record->hash);
    if (seen == NULL)
        seen = g_hash_table_lookup(self->older, &record->hash);
    if (seen == NULL)
        seen = remember(self, record, source, file);
    if (count_up(seen, source) <= seen->most)
        return &seen->first;
    seen->most++;
    return NULL;
}
