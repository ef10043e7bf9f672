/* session.c - SMTP dialogues of which something is still to be told */
#include "session.h"

#include <xxhash.h>

static guint session_hash(gconstpointer key)
{
    const MstSession *session = key;

    return (guint)session->client_hash ^ session->pid * 2654435761U ^ session->host->index;
}

static gboolean session_equal(gconstpointer a, gconstpointer b)
{
    const MstSession *left = a;
    const MstSession *right = b;

    return left->host == right->host && left->pid == right->pid &&
           left->client_hash == right->client_hash;
}

void mst_sessions_init(MstSessions *self)
{
    self->by_key = g_hash_table_new(session_hash, session_equal);
    g_queue_init(&self->by_age);
}

void mst_sessions_clear(MstSessions *self)
{
    g_assert(self->by_age.length == 0);
    g_hash_table_unref(self->by_key);
}

static MstSession key_of(const MstHost *host, const MstEvent *event)
{
    return (MstSession){
        .host = host,
        .pid = event->pid,
        .client_hash = XXH3_64bits(event->peer_ip.ptr, event->peer_ip.len),
    };
}

MstSession *mst_sessions_find(MstSessions *self, const MstHost *host, const MstEvent *event)
{
    MstSession key = key_of(host, event);

    return g_hash_table_lookup(self->by_key, &key);
}

MstSession *mst_sessions_take(MstSessions *self, const MstHost *host, const MstEvent *event,
                              int64_t now_us)
{
    MstSession *session = mst_sessions_find(self, host, event);

    if (session == NULL) {
        session = g_new0(MstSession, 1);
        *session = key_of(host, event);
        session->place.data = session;
        g_hash_table_add(self->by_key, session);
    } else {
        g_queue_unlink(&self->by_age, &session->place);
    }
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
    g_hash_table_remove(self->by_key, session);
    g_queue_unlink(&self->by_age, &session->place);
    g_free(session);
}
