/* notices.c - which message a notice of XMail tells of */
#include "notices.h"

#include <string.h>

#include "evidence.h"
#include "base/index.h"

static const int64_t same_moment_ms = 5;

/* One sender may have any number of messages in memory. */
enum {
    MAX_OPEN = 256,  /* messages looked at, of which a recipient has no outcome */
    MAX_SEEN = 4096, /* of any, the latest */
};

/* A notice that was seen; kept for as long as its message is in memory. */
typedef struct Notice {
    MstLife *life;
    uint64_t number; /* of its ID */
    int64_t clock_ms;
    char *thread;
    char *recipient;
    MstLife *about; /* the message it tells of; NULL unknown, or not in memory any more */
    MstDelivery *delivery;
    unsigned candidates; /* how many messages it could tell of */
} Notice;

struct MstNotices {
    MstLinker *linker;
    MstIndex *senders;   /* lives by their sender */
    GHashTable *notices; /* set of Notice by host and number */
};

static guint notice_hash(gconstpointer key)
{
    const Notice *notice = key;

    return (guint)notice->number * 31 + notice->life->hop.host->index;
}

static gboolean notice_equal(gconstpointer a, gconstpointer b)
{
    const Notice *left = a;
    const Notice *right = b;

    return left->number == right->number && left->life->hop.host == right->life->hop.host;
}

static void free_notice(gpointer data)
{
    Notice *notice = data;

    g_free(notice->thread);
    g_free(notice->recipient);
    g_free(notice);
}

MstNotices *mst_notices_new(MstLinker *linker)
{
    MstNotices *self = g_new0(MstNotices, 1);

    self->linker = linker;
    self->senders = mst_index_new(mst_index_seed());
    self->notices = g_hash_table_new_full(notice_hash, notice_equal, free_notice, NULL);
    return self;
}

void mst_notices_free(MstNotices *self)
{
    mst_index_free(self->senders);
    g_hash_table_unref(self->notices);
    g_free(self);
}

static bool is_notice(const MstLife *life)
{
    return life->hop.queue_id[0] == 'X';
}

static uint64_t number_of(const MstLife *life)
{
    return g_ascii_strtoull(life->hop.queue_id + 1, NULL, 16);
}

static Notice *find(const MstNotices *self, MstLife *life, uint64_t number)
{
    return g_hash_table_lookup(self->notices, &(Notice){.life = life, .number = number});
}

void mst_notices_forget(MstNotices *self, MstLife *life)
{
    if (life->by_sender != NULL)
        mst_index_remove(self->senders, life->by_sender);
    if (life->hop.system == MST_SYSTEM_XMAIL && is_notice(life))
        g_hash_table_remove(self->notices, &(Notice){.life = life, .number = number_of(life)});
}

static void index_sender(MstNotices *self, MstLife *life)
{
    if (life->by_sender != NULL || life->hop.sender == NULL || life->hop.sender[0] == '\0')
        return;
    life->by_sender = mst_arena_alloc(&life->hop.arena, sizeof *life->by_sender);
    mst_index_add(self->senders, life->by_sender,
                  mst_index_hash_address(self->senders, mst_slice_of(life->hop.sender)), life);
}

/* Has all of the message an outcome? Most that are still in memory have. */
static bool is_done(const MstLife *life)
{
    return life->n_open == 0;
}

/* The first recipient without an outcome: one that is known to be delayed goes first. */
static MstDelivery *open_delivery(const MstLife *life)
{
    MstDelivery *found = NULL;

    for (MstDelivery *d = life->hop.deliveries; d != NULL; d = d->next) {
        if (d->action == MST_ACTION_DELAYED)
            return d;
        if (d->action == MST_ACTION_NONE && found == NULL)
            found = d;
    }
    return found;
}

/* The latest message before the notice that its recipient sent and that is not done with. */
static void find_message(MstNotices *self, Notice *notice)
{
    MstPlace *at = mst_index_find(
        self->senders, mst_index_hash_address(self->senders, mst_slice_of(notice->recipient)));
    guint seen = 0;

    for (; at != NULL && seen < MAX_SEEN && notice->candidates < MAX_OPEN; at = at->next, seen++) {
        MstLife *life = at->thing;
        MstDelivery *delivery = is_done(life) ? NULL : open_delivery(life);

        if (delivery == NULL || life->hop.host != notice->life->hop.host ||
            number_of(life) >= notice->number ||
            !mst_evidence_same_address(life->hop.sender, notice->recipient))
            continue;
        notice->candidates++;
        if (notice->about != NULL)
            continue;
        notice->delivery = delivery;
        notice->about = life;
    }
}

static bool is_twin(const Notice *a, const Notice *b)
{
    return ABS(a->clock_ms - b->clock_ms) <= same_moment_ms && g_str_equal(a->thread, b->thread);
}

static void tell(MstNotices *self, const Notice *notice, MstAction action)
{
    if (mst_life_is_open(notice->delivery)) {
        mst_life_set_action(notice->about, notice->delivery, action);
        notice->delivery->last_us = notice->clock_ms * 1000;
    }
    if (notice->life->hop.into == NULL)
        mst_linker_notify(self->linker, notice->about, notice->life, notice->candidates);
}

/* The one to the sender, and the administrator's copy if there is one. */
static void settle(MstNotices *self, Notice *notice, Notice *copy)
{
    bool has_copy = copy != NULL && is_twin(notice, copy);

    if (notice->about == NULL)
        find_message(self, notice);
    if (notice->about == NULL)
        return;
    tell(self, notice, has_copy ? MST_ACTION_FAILED : MST_ACTION_DELAYED);
    if (has_copy) {
        copy->about = notice->about;
        copy->delivery = notice->delivery;
        copy->candidates = notice->candidates;
        tell(self, copy, MST_ACTION_FAILED);
    }
}

/* `1795300807941.7f3b2ffff6c0.1102.35.store`: milliseconds, thread, process, counter, host. */
static bool parse_spool_file(MstSlice name, Notice *notice)
{
    const char *end = name.ptr + name.len;
    const char *thread = name.len == 0 ? NULL : memchr(name.ptr, '.', name.len);
    const char *behind;

    if (thread == NULL)
        return false;
    thread++;
    behind = memchr(thread, '.', (size_t)(end - thread));
    if (behind == NULL)
        return false;
    notice->clock_ms = g_ascii_strtoll(name.ptr, NULL, 10);
    notice->thread = g_strndup(thread, (size_t)(behind - thread));
    return true;
}

static void see_notice(MstNotices *self, MstLife *life, const MstEvent *event)
{
    Notice *notice;

    if (event->kind != MST_EVENT_RESULT || find(self, life, number_of(life)) != NULL)
        return;
    notice = g_new0(Notice, 1);
    notice->life = life;
    notice->number = number_of(life);
    notice->recipient = g_strndup(event->recipient.ptr, event->recipient.len);
    if (!parse_spool_file(event->spool_file, notice)) {
        free_notice(notice);
        return;
    }
    g_hash_table_add(self->notices, notice);
}

static bool has_open_copy(const MstLife *life, const MstDelivery *of)
{
    for (const MstDelivery *d = life->hop.deliveries; d != NULL; d = d->next) {
        if (mst_life_is_open(d) && mst_evidence_same_address(d->recipient, of->recipient))
            return true;
    }
    return false;
}

/* The queue's file is named for the moment in which the copy was queued: the nearest message to it. */
MstLife *mst_notices_find_tried(MstNotices *self, const MstLife *note)
{
    const int64_t early_us = 2 * G_USEC_PER_SEC;
    const MstDelivery *tried = note->hop.deliveries;
    MstLife *found = NULL;
    guint open = 0, seen = 0;
    int64_t queued_us;
    MstPlace *at;

    if (tried == NULL || tried->spool_file == NULL || note->hop.sender == NULL)
        return NULL;
    queued_us = g_ascii_strtoll(tried->spool_file, NULL, 10) * 1000;
    at = mst_index_find(self->senders,
                        mst_index_hash_address(self->senders, mst_slice_of(note->hop.sender)));
    for (; at != NULL && seen < MAX_SEEN && open < MAX_OPEN; at = at->next, seen++) {
        MstLife *life = at->thing;

        open += !is_done(life);
        if (is_done(life) || life->hop.host != note->hop.host || !has_open_copy(life, tried) ||
            !mst_evidence_same_address(life->hop.sender, note->hop.sender) ||
            queued_us < life->hop.first_us - early_us)
            continue;
        if (found == NULL || life->hop.first_us > found->hop.first_us)
            found = life;
    }
    return found;
}

void mst_notices_end(MstNotices *self, MstLife *life)
{
    Notice *notice = is_notice(life) ? find(self, life, number_of(life)) : NULL;
    Notice *before = notice == NULL ? NULL : find(self, life, notice->number - 1);

    if (notice == NULL)
        return;
    if (before != NULL && is_twin(before, notice))
        settle(self, before, notice);
    else
        settle(self, notice, find(self, life, notice->number + 1));
}

void mst_notices_see(MstNotices *self, MstLife *life, const MstEvent *event)
{
    if (is_notice(life))
        see_notice(self, life, event);
    else
        index_sender(self, life);
}
