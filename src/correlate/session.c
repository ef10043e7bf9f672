/* session.c - SMTP dialogues of which something is still to be told */
#include "session.h"

void mst_sessions_init(MstSessions *self, uint64_t seed)
{
    self->by_key = mst_index_new(seed);
    g_queue_init(&self->by_age);
    g_queue_init(&self->spare);
}

void mst_sessions_clear(MstSessions *self)
{
    GList *spare;

    g_assert(self->by_age.length == 0);
    while ((spare = g_queue_pop_head_link(&self->spare)) != NULL)
        g_free(spare->data);
    mst_index_free(self->by_key);
}

/* What a dialogue is known by. */
typedef struct Key {
    const MstHost *host;
    uint32_t pid;
    uint64_t client_hash;
} Key;

static Key key_of(const MstSessions *self, const MstHost *host, const MstEvent *event)
{
    return (Key){host, event->pid, mst_index_hash(self->by_key, event->peer_ip)};
}

static uint64_t hash_of(const Key *key)
{
    return key->client_hash ^ ((uint64_t)key->host->index << 32 | key->pid);
}

static MstSession *find(const MstSessions *self, const Key *key)
{
    MstPlace *at = mst_index_find(self->by_key, hash_of(key));

    for (; at != NULL; at = at->next) {
        MstSession *session = at->thing;

        if (session->host == key->host && session->pid == key->pid &&
            session->client_hash == key->client_hash)
            return session;
    }
    return NULL;
}

MstSession *mst_sessions_find(MstSessions *self, const MstHost *host, const MstEvent *event)
{
    Key key = key_of(self, host, event);

    return find(self, &key);
}

static MstSession *begin(MstSessions *self, const Key *key)
{
    GList *spare = g_queue_pop_head_link(&self->spare);
    MstSession *session = spare == NULL ? g_new(MstSession, 1) : spare->data;

    *session = (MstSession){
        .host = key->host, .pid = key->pid, .client_hash = key->client_hash, .place.data = session};
    mst_index_add(self->by_key, &session->by_key, hash_of(key), session);
    return session;
}

MstSession *mst_sessions_take(MstSessions *self, const MstHost *host, const MstEvent *event,
                              int64_t now_us)
{
    Key key = key_of(self, host, event);
    MstSession *session = find(self, &key);

    if (session == NULL)
        session = begin(self, &key);
    else
        g_queue_unlink(&self->by_age, &session->place);
    session->touched_us = now_us;
    g_queue_push_tail_link(&self->by_age, &session->place);
    return session;
}

MstSession *mst_sessions_oldest(const MstSessions *self, int64_t before_us)
{
    MstSession *session = self->by_age.head == NULL ? NULL : self->by_age.head->data;

    return session != NULL && session->touched_us < before_us ? session : NULL;
}

void mst_sessions_drop(MstSessions *self, MstSession *session)
{
    mst_index_remove(self->by_key, &session->by_key);
    g_queue_unlink(&self->by_age, &session->place);
    g_queue_push_head_link(&self->spare, &session->place);
}
